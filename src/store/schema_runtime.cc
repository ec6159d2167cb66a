// Prepares one version of a catalogue for use: row formats, index coders, bound structs.
#include "src/store/schema_runtime.h"

#include <string>
#include <utility>

#include "relata/base/strings.h"

namespace relata::store {

const IndexRuntime* TypeRuntime::FindIndex(std::string_view name) const {
  for (const IndexRuntime& index : indexes) {
    if (index.index->name == name) return &index;
  }
  return nullptr;
}

StatusOr<std::shared_ptr<SchemaRuntime>> SchemaRuntime::Make(schema::Catalogue catalogue,
                                                             FindTree find_tree) {
  auto runtime = std::make_shared<SchemaRuntime>();
  runtime->catalogue_ = std::move(catalogue);
  EntityTypeId last = 0;
  for (const EntityType* type : runtime->catalogue_.types()) last = std::max(last, type->id);
  runtime->types_.resize(size_t{last} + 1);
  runtime->referrers_.resize(size_t{last} + 1);
  for (const EntityType* type : runtime->catalogue_.types()) {
    auto made = std::make_unique<TypeRuntime>(*type);
    RELATA_ASSIGN_OR_RETURN(made->rows, find_tree(type->tree));
    made->reference_index.assign(type->fields.size(), nullptr);
    made->indexes.reserve(type->indexes.size());  // pointers into it stay
    for (const Index& index : type->indexes) {
      if (index.state == IndexState::kDropped) continue;
      RELATA_ASSIGN_OR_RETURN(const kv::Tree tree, find_tree(index.tree));
      RELATA_ASSIGN_OR_RETURN(IndexKeyCoder coder, IndexKeyCoder::Make(*type, index));
      made->indexes.push_back(
          {.index = &index, .coder = std::move(coder), .tree = IndexTree(tree, index.unique)});
      const Field& first = type->fields[index.parts.front().field];
      if (index.parts.size() == 1 && first.is_reference() && !index.unique) {
        made->reference_index[first.id] = &made->indexes.back();
      }
    }
    for (const Field& field : type->fields) {
      if (field.dropped) continue;
      made->has_history |= field.options.history;
      for (const EntityTypeId target : field.targets) {
        if (target <= last) runtime->referrers_[target].push_back({type, &field});
      }
    }
    runtime->live_.push_back(made.get());
    runtime->types_[type->id] = std::move(made);
  }
  return runtime;
}

const TypeRuntime* SchemaRuntime::Find(EntityTypeId id) const {
  return id < types_.size() ? types_[id].get() : nullptr;
}

const TypeRuntime* SchemaRuntime::Find(std::string_view name) const {
  const EntityType* type = catalogue_.Find(name);
  return type == nullptr ? nullptr : Find(type->id);
}

StatusOr<const TypeRuntime*> SchemaRuntime::Get(std::string_view name) const {
  RELATA_ASSIGN_OR_RETURN(const EntityType* type, catalogue_.Get(name));
  return Find(type->id);
}

const std::vector<schema::Catalogue::Referrer>& SchemaRuntime::ReferrersOf(EntityTypeId type) const {
  return referrers_[type];
}

StatusOr<const StructBinding*> SchemaRuntime::Bind(const EntityDeclaration& declaration) const {
  absl::MutexLock lock(&mutex_);
  std::unique_ptr<StructBinding>& binding = bindings_[&declaration];
  if (binding == nullptr) {
    const EntityType* type = catalogue_.Find(declaration.name);
    if (type == nullptr) {
      return absl::FailedPreconditionError(StrCat("the store has no entity type ", Quoted(declaration.name),
                                                  "; register it with Database::Register"));
    }
    auto type_of = [this](std::string_view name) -> EntityTypeId {
      const EntityType* target = catalogue_.Find(name);
      return target == nullptr ? EntityTypeId{0} : target->id;
    };
    RELATA_ASSIGN_OR_RETURN(StructBinding made, StructBinding::Make(declaration, *type, type_of));
    binding = std::make_unique<StructBinding>(std::move(made));
  }
  return binding.get();
}

}  // namespace relata::store
