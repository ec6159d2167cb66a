// Defines Record, an entity without a C++ type: named values, for imports, scripts and custom fields.
//
//   Record r("relation");
//   r.Set("name", "Bakkerij Jansen").Set("visiting.city", "Utrecht").Set("loyalty_level", "gold");
//   auto id = tx.Insert(r);
//
// In an update only the named fields change. Lifetime: owns everything.
#ifndef RELATA_RECORD_RECORD_H_
#define RELATA_RECORD_RECORD_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relata/schema/ids.h"
#include "relata/schema/value.h"

namespace relata {

class Record {
 public:
  explicit Record(std::string_view type) : type_(type) {}
  Record(std::string_view type, RecordId id) : type_(type), id_(id) {}

  const std::string& type() const { return type_; }
  RecordId id() const { return id_; }
  void set_id(RecordId id) { id_ = id; }

  Record& Set(std::string_view field, Value value) {
    for (auto& [name, old] : fields_) {
      if (name == field) {
        old = std::move(value);
        return *this;
      }
    }
    fields_.emplace_back(field, std::move(value));
    return *this;
  }
  // The value of a field; nullptr where the record does not name it.
  const Value* Find(std::string_view field) const {
    for (const auto& [name, value] : fields_) {
      if (name == field) return &value;
    }
    return nullptr;
  }
  // In the order they were set, or that of the entity type.
  const std::vector<std::pair<std::string, Value>>& fields() const { return fields_; }

 private:
  std::string type_;
  RecordId id_ = 0;
  std::vector<std::pair<std::string, Value>> fields_;
};

}  // namespace relata

#endif  // RELATA_RECORD_RECORD_H_
