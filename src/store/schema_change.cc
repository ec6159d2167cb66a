// This file changes a store's schema: the catalogue and its trees in one transaction, then the new indexes.
//
// An index begins in state kBuilding: readers and writers leave it alone. It is filled in one transaction
// that empties the tree, walks the rows, sorts, appends, and declares it ready: a process killed at any point
// leaves an index that the next open builds from the beginning.
#include <filesystem>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/text.h"
#include "src/kv/error.h"
#include "src/schema/conversion.h"
#include "src/store/index_build.h"
#include "src/store/index_sorter.h"
#include "src/store/store.h"

namespace relata::store {

namespace {

bool UsesText(const Index& index) {
  for (const IndexPart& part : index.parts) {
    if (part.folding != Folding::kExact) return true;
  }
  return false;
}

// Rows of the type as sorted index entries.
Status SortEntries(const Reader& reader, const TypeRuntime& type, const IndexRuntime& index,
                   const Store::Progress& progress, IndexSorter* sorter) {
  RELATA_ASSIGN_OR_RETURN(const uint64_t rows, reader.CountRows(type));
  std::vector<std::string> keys;
  uint64_t done = 0;
  RowCursor at(reader, type);
  for (; at.Valid(); at.Next()) {
    index.coder.Keys([&](FieldId slot) { return at.row().Get(slot); }, at.id(), &keys);
    for (const std::string& key : keys) RELATA_RETURN_IF_ERROR(sorter->Add(key, at.id()));
    if (progress != nullptr && ++done % 10'000 == 0) progress(done, rows);
  }
  RELATA_RETURN_IF_ERROR(at.status());
  if (progress != nullptr) progress(rows, rows);
  return sorter->Finish();
}

}  // namespace

Status Store::Register(const std::vector<const EntityDeclaration*>& declarations, const Progress& progress) {
  // A store that holds it all already is not written to.
  {
    schema::Catalogue copy = schema()->catalogue();
    RELATA_ASSIGN_OR_RETURN(const schema::Changes changes, copy.Apply(declarations));
    if (!changes.any) return absl::OkStatus();
  }
  return ChangeSchema([&](schema::Catalogue& catalogue) { return catalogue.Apply(declarations); }, progress);
}

Status Store::ChangeSchema(SchemaChange change, const Progress& progress) {
  RELATA_RETURN_IF_ERROR(Update({.cause = "schema"}, [&](Transaction& tx) -> Status {
    schema::Catalogue catalogue = tx.schema().catalogue();
    RELATA_ASSIGN_OR_RETURN(const schema::Changes changes, change(catalogue));
    if (!changes.any) return absl::OkStatus();
    for (const EntityType* type : catalogue.types()) {
      RELATA_RETURN_IF_ERROR(environment_->OpenTree(tx.kv_write(), type->tree).status());
      for (const Index& index : type->indexes) {
        if (index.state == IndexState::kDropped) continue;
        RELATA_RETURN_IF_ERROR(environment_->OpenTree(tx.kv_write(), index.tree).status());
      }
    }
    for (const std::string& tree : changes.dropped_trees) {
      RELATA_ASSIGN_OR_RETURN(const kv::Tree dropped, environment_->FindTree(tree));
      RELATA_RETURN_IF_ERROR(tx.kv_write()->EmptyTree(dropped));
    }
    // Over no rows an index is ready at once.
    for (const schema::Changes::NewIndex& added : changes.new_indexes) {
      const EntityType* type = catalogue.Find(added.type);
      RELATA_ASSIGN_OR_RETURN(const kv::Tree rows, environment_->FindTree(type->tree));
      RELATA_ASSIGN_OR_RETURN(const kv::TreeStats stats, tx.kv().StatTree(rows));
      if (stats.entries != 0) continue;
      RELATA_RETURN_IF_ERROR(SetReady(&catalogue, added.type, added.index));
    }
    RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const SchemaRuntime> runtime,
                            SchemaRuntime::Make(catalogue, *environment_));
    RELATA_RETURN_IF_ERROR(VerifyTightened(tx, *runtime, changes));
    return tx.WriteCatalogue(catalogue);
  }));
  return BuildPending(progress);
}

Status Store::SetReady(schema::Catalogue* catalogue, EntityTypeId type, IndexId index) {
  for (const Index& candidate : catalogue->Find(type)->indexes) {
    if (candidate.id != index) continue;
    return catalogue->SetIndexState(type, index, IndexState::kReady,
                                    UsesText(candidate) ? std::string(IcuVersion()) : std::string());
  }
  return absl::InternalError(StrCat("index ", index, " is not in the catalogue"));
}

Status Store::BuildPending(const Progress& progress) {
  for (;;) {
    RELATA_ASSIGN_OR_RETURN(const Snapshot snapshot, Read());
    const IndexRuntime* pending = nullptr;
    const TypeRuntime* of = nullptr;
    for (const TypeRuntime* type : snapshot.schema().types()) {
      for (const IndexRuntime& index : type->indexes) {
        if (index.index->state == IndexState::kBuilding && pending == nullptr) {
          pending = &index;
          of = type;
        }
      }
    }
    if (pending == nullptr) return absl::OkStatus();
    RELATA_RETURN_IF_ERROR(BuildOne(of->type->id, pending->index->id, progress));
  }
}

Status Store::BuildOne(EntityTypeId type_id, IndexId index_id, const Progress& progress) {
  IndexSorter::Options sorting;
  sorting.folder = std::filesystem::path(path()).parent_path().string();
  if (sorting.folder.empty()) sorting.folder = ".";
  BuildOptions::Duplicate duplicate;
  const Status status = Update({.cause = "index"}, [&](Transaction& tx) -> Status {
    const TypeRuntime* type = tx.schema().Find(type_id);
    if (type == nullptr) return absl::OkStatus();
    for (const IndexRuntime& index : type->indexes) {
      if (index.index->id != index_id || index.ready()) continue;
      IndexSorter sorter(sorting);
      RELATA_RETURN_IF_ERROR(SortEntries(tx, *type, index, progress, &sorter));
      RELATA_RETURN_IF_ERROR(tx.kv_write()->EmptyTree(index.tree.tree()));
      BuildOptions building;
      building.duplicate = &duplicate;
      // One transaction for all of it: where the map is full, Update begins again.
      RELATA_RETURN_IF_ERROR(
          BuildIndex(index.tree, &sorter, building,
                     [&](BuildStep step, const BuildProgress&) -> StatusOr<kv::WriteTransaction*> {
                       if (step == BuildStep::kGrow) return tx.kv().status();
                       return tx.kv_write();
                     }));
      schema::Catalogue catalogue = tx.schema().catalogue();
      RELATA_RETURN_IF_ERROR(SetReady(&catalogue, type_id, index_id));
      return tx.WriteCatalogue(catalogue);
    }
    return absl::OkStatus();
  });
  if (!absl::IsAlreadyExists(status)) return status;
  // The rows cannot have this unique index: it goes again.
  const std::shared_ptr<const SchemaRuntime> runtime = schema();
  const TypeRuntime* type = runtime->Find(type_id);
  std::string name;
  for (const IndexRuntime& index : type->indexes) {
    if (index.index->id == index_id) name = index.index->name;
  }
  RELATA_RETURN_IF_ERROR(ChangeSchema(
      [&](schema::Catalogue& catalogue) { return catalogue.DropIndex(type->type->name, name); }));
  return absl::AlreadyExistsError(
      StrCat("unique index ", Quoted(name), " of ", type->type->name, ": records ", duplicate.first, " and ",
             duplicate.second, " have the same value; change one of them, then add the index again"));
}

Status Store::VerifyTightened(const Reader& reader, const SchemaRuntime& runtime,
                              const schema::Changes& changes) {
  for (const schema::Changes::ToVerify& verify : changes.to_verify) {
    const TypeRuntime* type = runtime.Find(verify.type);
    const Field& field = type->type->fields[verify.field];
    RowCursor at(reader, *type);
    for (; at.Valid(); at.Next()) {
      const Status valid = schema::ValidateCell(*type->type, field, at.row().Get(field.id));
      if (!valid.ok()) {
        return absl::FailedPreconditionError(StrCat("record ", at.id(),
                                                    " would break the new rule: ", ToStd(valid.message()),
                                                    "; mend the records first, then tighten the field"));
      }
    }
    RELATA_RETURN_IF_ERROR(at.status());
  }
  return absl::OkStatus();
}

}  // namespace relata::store
