// Defines SchemaRuntime: one version of a catalogue ready for use, each type with its row format, trees and
// index coders, and the C++ structs bound to it so far.
//
// Snapshots and transactions share the runtime of the catalogue version they see.
// Thread safety: immutable but for Bind, which locks. Lifetime: shared.
#ifndef RELATA_STORE_SCHEMA_RUNTIME_H_
#define RELATA_STORE_SCHEMA_RUNTIME_H_

#include <memory>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "relata/base/status.h"
#include "relata/record/struct_binding.h"
#include "src/kv/tree.h"
#include "src/record/row.h"
#include "src/schema/catalogue.h"
#include "src/store/index_key.h"
#include "src/store/index_tree.h"

namespace relata::store {

struct IndexRuntime {
  const Index* index = nullptr;  // in the catalogue below
  IndexKeyCoder coder;
  IndexTree tree;
  bool ready() const { return index->state == IndexState::kReady; }
};

struct TypeRuntime {
  explicit TypeRuntime(const EntityType& entity_type) : type(&entity_type), format(entity_type) {}

  const EntityType* type;  // in the catalogue below
  record::RowFormat format;
  kv::Tree rows;
  std::vector<IndexRuntime> indexes;
  // By slot: the index on just that reference, which every reference field has; nullptr elsewhere.
  std::vector<const IndexRuntime*> reference_index;
  bool has_history = false;

  const IndexRuntime* FindIndex(std::string_view name) const;
};

class SchemaRuntime {
 public:
  // `find_tree` gives the trees by name, those of the transaction that changes the schema included.
  using FindTree = absl::FunctionRef<StatusOr<kv::Tree>(std::string_view name)>;
  static StatusOr<std::shared_ptr<SchemaRuntime>> Make(schema::Catalogue catalogue, FindTree find_tree);

  const schema::Catalogue& catalogue() const { return catalogue_; }
  uint64_t version() const { return catalogue_.version(); }
  // nullptr if there is no such live type.
  const TypeRuntime* Find(EntityTypeId id) const;
  const TypeRuntime* Find(std::string_view name) const;
  // NotFound names the nearest type.
  StatusOr<const TypeRuntime*> Get(std::string_view name) const;
  const std::vector<const TypeRuntime*>& types() const { return live_; }
  // Reference fields that may point at a record of this type.
  const std::vector<schema::Catalogue::Referrer>& ReferrersOf(EntityTypeId type) const;

  // The struct's binding to this catalogue; made on first use. FailedPrecondition if it was never registered.
  StatusOr<const StructBinding*> Bind(const EntityDeclaration& declaration) const;

 private:
  schema::Catalogue catalogue_;
  std::vector<std::unique_ptr<TypeRuntime>> types_;  // by id
  std::vector<const TypeRuntime*> live_;
  std::vector<std::vector<schema::Catalogue::Referrer>> referrers_;  // by type id
  mutable absl::Mutex mutex_;
  mutable absl::flat_hash_map<const EntityDeclaration*, std::unique_ptr<StructBinding>> bindings_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace relata::store

#endif  // RELATA_STORE_SCHEMA_RUNTIME_H_
