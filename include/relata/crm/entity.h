// Defines how the model's entities are declared: named in their header, instantiated in one .cc file each
// area.
//
//   RELATA_CRM_ENTITY(Order, "order");                                           // order's header
//   RELATA_CRM_DECLARATION(Order, moment<&Order::ordered_on>, …)                  // src/crm, with
//   schema/declare.h
//
// RELATA_ENTITY (schema/declare.h) does both at once, which is right for a host's few types. The model has
// thirty-one; instantiating them takes minutes of compile time that every file including them would pay.
// What may follow the name is the same.
#ifndef RELATA_CRM_ENTITY_H_
#define RELATA_CRM_ENTITY_H_

#include <string_view>

#include "relata/export.h"
#include "relata/schema/declaration.h"

#define RELATA_CRM_ENTITY(Type, entity_name)                                         \
  constexpr ::std::string_view RelataEntityName(const Type*) { return entity_name; } \
  RELATA_EXPORT const ::relata::EntityDeclaration& RelataEntityDeclaration(const Type*)

#define RELATA_CRM_DECLARATION(Type, ...)                                        \
  const ::relata::EntityDeclaration& RelataEntityDeclaration(const Type* none) { \
    using namespace ::relata::declare; /* NOLINT */                              \
    using ::relata::field, ::relata::FieldOptions, ::relata::OnDelete;           \
    static const ::relata::EntityDeclaration declaration =                       \
        ::relata::internal::Declare<Type>(RelataEntityName(none), __VA_ARGS__);  \
    return declaration;                                                          \
  }

#endif  // RELATA_CRM_ENTITY_H_
