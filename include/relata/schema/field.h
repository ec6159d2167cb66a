// Defines Field, what the catalogue knows of one field of an entity type, and FieldOptions, what may be asked
// of it.
//
// A field keeps its slot (FieldId) for ever: renaming changes a name, dropping hides the slot, nothing reuses
// it.
#ifndef RELATA_SCHEMA_FIELD_H_
#define RELATA_SCHEMA_FIELD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/money.h"
#include "relata/schema/ids.h"
#include "relata/schema/value.h"

namespace relata {

// What happens to the referring record when the record it refers to is deleted.
enum class OnDelete : uint8_t {
  kRestrict = 0,  // the delete is refused
  kCascade = 1,   // the referring record is deleted too
  kClear = 2,     // the reference becomes null, or leaves the set
};

// One label of an enum or label set, with the code that rows hold.
struct Label {
  uint16_t code = 0;
  std::string name;
  friend bool operator==(const Label&, const Label&) = default;
};

struct FieldOptions {
  bool required = false;               // never null, and not empty text or an empty set
  bool sensitive = false;              // personal or secret: masked in logs and listings
  bool history = false;                // former values are kept for `was`, `changed` and `held`
  std::optional<Value> default_value;  // for an insert that gives none
  // Text: in code points. Neither length nor pattern looks at the empty text of a field that cannot be null,
  // which stands for none.
  std::optional<uint32_t> min_length;
  std::optional<uint32_t> max_length;
  std::optional<Value> min_value;  // numbers, money, dates: inclusive
  std::optional<Value> max_value;
  std::string pattern;  // text: an RE2 regular expression that must match the whole
  std::string description;
  friend bool operator==(const FieldOptions&, const FieldOptions&) = default;
};

struct Field {
  FieldId id = 0;
  std::string name;  // dotted where it comes from a nested struct: "visiting.city"
  ValueType type = ValueType::kText;
  bool nullable = true;
  FieldOptions options;

  uint8_t scale = 0;  // kDecimal: digits after the point, 0..18
  Currency currency;  // kMoney: the declared currency; none = that of the record
  std::optional<FieldId>
      base_amount;            // kMoney of the record's currency: the slot with the amount in base currency
  std::vector<Label> labels;  // kEnum, kLabelSet
  std::vector<EntityTypeId> targets;         // references
  OnDelete on_delete = OnDelete::kRestrict;  // references
  std::string inverse;  // references: the name of the collection on the target ("orders")

  bool generated = false;  // written by the engine only (base amounts, created_at, updated_at)
  bool dropped = false;
  uint16_t added_in = 1;    // the schema version that first has the slot
  uint16_t dropped_in = 0;  // the first that has not, 0 = still there
  // What rows older than added_in read: frozen when the field was added. Row encoding, see record/row.h.
  bool frozen_present = false;
  uint64_t frozen_bits = 0;
  std::string frozen_bytes;

  bool is_reference() const {
    return type == ValueType::kReference || type == ValueType::kAnyReference ||
           type == ValueType::kReferenceSet;
  }
  bool is_set() const {
    return type == ValueType::kLabelSet || type == ValueType::kTextSet || type == ValueType::kReferenceSet;
  }
  bool is_variable() const { return type >= ValueType::kText; }
  const Label* FindLabel(std::string_view name) const;
  const Label* FindLabel(uint16_t code) const;
};

inline const Label* Field::FindLabel(std::string_view label) const {
  for (const Label& l : labels) {
    if (l.name == label) return &l;
  }
  return nullptr;
}

inline const Label* Field::FindLabel(uint16_t code) const {
  for (const Label& l : labels) {
    if (l.code == code) return &l;
  }
  return nullptr;
}

}  // namespace relata

#endif  // RELATA_SCHEMA_FIELD_H_
