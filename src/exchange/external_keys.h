// Defines ExternalKeys, by which an import finds the records it has made before: the crm::ExternalKey rows of
// a store, with a cache in front; and KeySpace, the keys of one kind of record from one source.
//
//   KeySpace customers{.source = erp, .type = relation_id, .entity = "relation"};
//   RELATA_ASSIGN_OR_RETURN(const RecordId id, keys.Find(tx, customers, "10001"));   // 0: none
//
// Thread safety: one thread at a time. Cost: a hash look-up, or two B-tree look-ups; memory for at most
// kMaxCached keys a space.
#ifndef RELATA_EXCHANGE_EXTERNAL_KEYS_H_
#define RELATA_EXCHANGE_EXTERNAL_KEYS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "src/store/transaction.h"

namespace relata::exchange {

// Between the parts of a composite code; no file has it in a code.
inline constexpr char kCodeSeparator = '\x1f';

// The code for people: parts with a slash between.
std::string ShownCode(std::string_view code);

struct KeySpace {
  std::string name;  // of the record in the mapping
  RecordId source = 0;
  EntityTypeId type = 0;
  std::string entity;
  std::string prefix;
  absl::flat_hash_map<std::string, RecordId> cache;
};

class ExternalKeys {
 public:
  static constexpr size_t kMaxCached = 1 << 20;

  // NotFound where the store has no entity external_key as crm declares it.
  static StatusOr<ExternalKeys> Bind(const store::SchemaRuntime& schema);

  // The record that the source knows by this code; 0 if there is none.
  StatusOr<RecordId> Find(const store::Reader& reader, KeySpace* space, std::string_view code);
  // Whether the source knows any record of this entity.
  StatusOr<bool> Any(const store::Reader& reader, const KeySpace& space) const;
  // Stores the key. `remember`: someone will ask for it.
  Status Insert(store::Transaction* tx, KeySpace* space, std::string_view code, RecordId record,
                bool remember);

 private:
  const store::TypeRuntime* type_ = nullptr;
  const store::IndexRuntime* index_ = nullptr;
  FieldId source_ = 0;
  FieldId entity_type_ = 0;
  FieldId code_ = 0;
  FieldId record_ = 0;
  std::vector<Cell> cells_;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_EXTERNAL_KEYS_H_
