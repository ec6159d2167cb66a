// Defines the model's own derived fields, as expressions: what derived.h says in C++ of one relation, said so
// that it can be asked of all of them, in any condition.
//
//   lifecycle = 'customer' and tier in ('top', 'large') and open_amount > 5000
//
// They take the defaults of derived.h and pyramid.h: a period of twelve months, orders without known payments
// that count as paid, and classes of 1, 4, 15 and 80 percent. A host that has other rules defines the field
// anew (Database::DefineField). Where customers bring exactly the same, they share the higher tier; the
// pyramid tells them apart by id.
//
// Thread safety: constant. The texts speak of the model's fields by the names that the structs give them: in
// a store where one was renamed, what uses it is refused and says so.
#ifndef RELATA_CRM_DEFINITIONS_H_
#define RELATA_CRM_DEFINITIONS_H_

#include <span>
#include <string_view>

namespace relata::crm {

struct Definition {
  std::string_view entity;
  std::string_view name;
  std::string_view expression;
  std::string_view description;
};

// What one uses stands before it.
std::span<const Definition> ModelDefinitions();
// nullptr if there is none.
const Definition* FindDefinition(std::string_view entity, std::string_view name);

}  // namespace relata::crm

#endif  // RELATA_CRM_DEFINITIONS_H_
