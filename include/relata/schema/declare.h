// Defines RELATA_ENTITY, with which a host makes a described struct an entity type.
//
//   struct Machine {
//     relata::Id<Machine> id;
//     relata::Id<Relation> relation;
//     std::string serial;
//   };
//   BOOST_DESCRIBE_STRUCT(Machine, (), (id, relation, serial))
//   RELATA_ENTITY(Machine, "machine", unique<&Machine::serial>,
//                 inverse<&Machine::relation>("machines", OnDelete::kCascade))
//
// The struct needs a member `Id<T> id`, a default constructor and members with MemberTraits or described
// structs of such. Boost.Describe stops at 52 members: group addresses and the like in structs. The macro
// stands in the struct's own namespace, behind its description. Every reference is indexed by itself.
//
// What may follow the name, in any order:
//   unique<p, …>, ordered<p, …>     an index; a part p is &T::member, field<…>, or one of
//     desc<p>, nulls_last<p>, folded<p>, collated<p>         (collated: the language of the store)
//   words<p>                        an index of the words of a text or text set, for searches
//   moment<p>                       the date or timestamp that says when it happened
//   inverse<p>("orders", OnDelete)  the name of the collection on the other side, and what its deletion does
//   with<p>(FieldOptions{…})        required, default, length, range, pattern, sensitive, history, and so on
//   currency<p>("EUR")              a money field with one currency of its own
//   description("…")
#ifndef RELATA_SCHEMA_DECLARE_H_
#define RELATA_SCHEMA_DECLARE_H_

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <concepts>
#include <string_view>

#include "relata/schema/declaration.h"
#include "relata/schema/declare-inl.h"

namespace relata {

// A struct declared with RELATA_ENTITY.
template <class T>
concept Entity = requires(const T* none) {
  { RelataEntityDeclaration(none) } -> std::same_as<const EntityDeclaration&>;
};

template <class T>
const EntityDeclaration& DeclarationOf() {
  return RelataEntityDeclaration(static_cast<const T*>(nullptr));
}

}  // namespace relata

#define RELATA_ENTITY(Type, entity_name, ...)                                        \
  constexpr ::std::string_view RelataEntityName(const Type*) { return entity_name; } \
  inline const ::relata::EntityDeclaration& RelataEntityDeclaration(const Type*) {   \
    using namespace ::relata::declare; /* NOLINT */                                  \
    using ::relata::field, ::relata::FieldOptions, ::relata::OnDelete;               \
    static const ::relata::EntityDeclaration declaration =                           \
        ::relata::internal::Declare<Type>(entity_name __VA_OPT__(, ) __VA_ARGS__);   \
    return declaration;                                                              \
  }

#endif  // RELATA_SCHEMA_DECLARE_H_
