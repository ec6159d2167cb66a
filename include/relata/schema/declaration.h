// Defines EntityDeclaration: what a C++ struct says about itself, as plain data. RELATA_ENTITY
// (declare.h) makes one per entity; the catalogue compares it with the store and applies what was added.
//
// Thread safety: immutable once made. Lifetime: of the program.
#ifndef RELATA_SCHEMA_DECLARATION_H_
#define RELATA_SCHEMA_DECLARATION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/export.h"
#include "relata/schema/cell.h"
#include "relata/schema/entity.h"
#include "relata/schema/field.h"

namespace relata {

// How compiled code reads and writes one member of a host's struct, given the member's address.
struct MemberAccess {
  Cell (*load)(const void* member, std::string* scratch);
  bool (*store)(const Cell& cell, void* member);
  void (*set_currency)(void* member, Currency currency);  // money only
  Currency (*currency)(const void* member);               // money only; none where the member is null
};

struct MemberDeclaration {
  std::string name;
  size_t offset = 0;
  ValueType type = ValueType::kText;
  bool nullable = false;
  uint8_t scale = 0;
  Currency currency;  // money with a declared currency
  std::vector<Label> labels;
  // Names of the types referred to, asked late: types may refer in a ring.
  std::vector<std::string_view (*)()> targets;
  std::string inverse;
  std::optional<OnDelete> on_delete;  // none: restrict; where the reference may be empty, clear
  FieldOptions options;
  MemberAccess access{};
};

struct IndexPartDeclaration {
  size_t offset = 0;
  bool descending = false;
  bool nulls_last = false;
  Folding folding = Folding::kExact;
  std::string locale;
};

struct IndexDeclaration {
  bool unique = false;
  std::vector<IndexPartDeclaration> parts;
};

struct RELATA_EXPORT EntityDeclaration {
  std::string name;
  std::string description;
  size_t size = 0;                         // of the struct
  size_t id_offset = 0;                    // of the member `id`
  std::vector<MemberDeclaration> members;  // without `id`; nested structs flattened, in order of declaration
  std::vector<IndexDeclaration> indexes;
  std::optional<size_t> moment;  // offset

  // The member at this offset; nullptr if none.
  const MemberDeclaration* At(size_t offset) const;
  MemberDeclaration* At(size_t offset);
};

}  // namespace relata

#endif  // RELATA_SCHEMA_DECLARATION_H_
