// This file changes a store's schema: the catalogue and its trees in one transaction, then the new indexes.
//
// An index begins in state kBuilding: readers and writers leave it alone. It is filled in one transaction
// that empties the tree, walks the rows, sorts, appends, and declares it ready: a process killed at any point
// leaves an index that the next open builds from the beginning.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/text.h"
#include "src/kv/error.h"
#include "src/record/row_cells.h"
#include "src/schema/conversion.h"
#include "src/schema/held.h"
#include "src/store/index_build.h"
#include "src/store/index_sorter.h"
#include "src/store/store.h"

namespace relata::store {

namespace {

std::string FolderOf(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? std::string(".") : folder.string();
}

bool UsesText(const Index& index) {
  for (const IndexPart& part : index.parts) {
    if (part.folding != Folding::kExact) return true;
  }
  return false;
}

// An index to be filled, and its entries.
struct Build {
  const IndexRuntime* index;
  IndexSorter sorter;
};

// Gives every sorter its entries, in one walk over the rows.
Status SortEntries(const Reader& reader, const TypeRuntime& type, const Store::Progress& progress,
                   std::vector<Build>* builds) {
  RELATA_ASSIGN_OR_RETURN(const uint64_t rows, reader.CountRows(type));
  std::vector<std::string> keys;
  std::vector<Cell> cells(type.type->fields.size());
  uint64_t done = 0;
  RowCursor at(reader, type);
  for (; at.Valid(); at.Next()) {
    record::ReadCells(at.row(), cells);
    for (Build& build : *builds) {
      build.index->coder.Keys([&](FieldId slot) { return cells[slot]; }, at.id(), &keys);
      for (const std::string& key : keys) RELATA_RETURN_IF_ERROR(build.sorter.Add(key, at.id()));
    }
    if (progress != nullptr && ++done % 10'000 == 0) progress(done, rows);
  }
  RELATA_RETURN_IF_ERROR(at.status());
  if (progress != nullptr) progress(rows, rows);
  for (Build& build : *builds) RELATA_RETURN_IF_ERROR(build.sorter.Finish());
  return absl::OkStatus();
}

}  // namespace

Status Store::Register(const std::vector<const EntityDeclaration*>& declarations, const Progress& progress) {
  // A store that holds it all already is not written to.
  if (schema::Holds(schema()->catalogue(), declarations)) return absl::OkStatus();
  {
    schema::Catalogue copy = schema()->catalogue();
    RELATA_ASSIGN_OR_RETURN(const schema::Changes changes, copy.Apply(declarations));
    if (!changes.any) return absl::OkStatus();
  }
  return ChangeSchema([&](schema::Catalogue& catalogue) { return catalogue.Apply(declarations); }, progress);
}

Status Store::ChangeSchema(SchemaChange change, const Progress& progress) {
  RELATA_RETURN_IF_ERROR(UpdateSchema("schema", [&](Transaction& tx) -> Status {
    schema::Catalogue catalogue = tx.schema().catalogue();
    RELATA_ASSIGN_OR_RETURN(const schema::Changes changes, change(catalogue));
    if (!changes.any) return absl::OkStatus();
    auto open_tree = [&](std::string_view name) { return environment_->OpenTree(tx.kv_write(), name); };
    for (const std::string& tree : changes.dropped_trees) {
      RELATA_ASSIGN_OR_RETURN(const kv::Tree dropped, open_tree(tree));
      RELATA_RETURN_IF_ERROR(tx.kv_write()->EmptyTree(dropped));
    }
    // Over no rows an index is ready at once.
    for (const schema::Changes::NewIndex& added : changes.new_indexes) {
      const EntityType* type = catalogue.Find(added.type);
      RELATA_ASSIGN_OR_RETURN(const kv::Tree rows, open_tree(type->tree));
      RELATA_ASSIGN_OR_RETURN(const kv::TreeStats stats, tx.kv().StatTree(rows));
      if (stats.entries != 0) continue;
      RELATA_RETURN_IF_ERROR(SetReady(&catalogue, added.type, added.index));
    }
    RELATA_ASSIGN_OR_RETURN(const std::shared_ptr<const SchemaRuntime> runtime,
                            SchemaRuntime::Make(catalogue, open_tree));
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

Status Store::SetBaseCurrency(Currency currency) {
  return Update({.cause = "schema"}, [&](Transaction& tx) -> Status {
    for (const TypeRuntime* type : tx.schema().types()) {
      RELATA_ASSIGN_OR_RETURN(const uint64_t rows, tx.CountRows(*type));
      if (rows == 0) continue;
      return absl::FailedPreconditionError(
          StrCat(path(), ": has records, with totals in ", tx.schema().catalogue().settings().base_currency,
                 "; give Options::exchange_rate, or make another store for ", currency));
    }
    schema::Catalogue catalogue = tx.schema().catalogue();
    catalogue.SetBaseCurrency(currency);
    return tx.WriteCatalogue(catalogue);
  });
}

Status Store::Defer(const std::vector<std::string>& types) {
  return UpdateSchema("index", [&](Transaction& tx) -> Status {
    schema::Catalogue catalogue = tx.schema().catalogue();
    bool any = false;
    for (const std::string& name : types) {
      RELATA_ASSIGN_OR_RETURN(const TypeRuntime* type, tx.schema().Get(name));
      for (const IndexRuntime& index : type->indexes) {
        if (index.index->unique || !index.ready()) continue;
        RELATA_RETURN_IF_ERROR(catalogue.SetIndexState(type->type->id, index.index->id, IndexState::kBuilding,
                                                       index.index->text_versions));
        any = true;
      }
    }
    return any ? tx.WriteCatalogue(catalogue) : absl::OkStatus();
  });
}

Status Store::BuildPending(const Progress& progress) {
  std::vector<EntityTypeId> pending;
  {
    RELATA_ASSIGN_OR_RETURN(const Snapshot snapshot, Read());
    for (const TypeRuntime* type : snapshot.schema().types()) {
      const bool any = std::any_of(type->indexes.begin(), type->indexes.end(),
                                   [](const IndexRuntime& index) { return !index.ready(); });
      if (any) pending.push_back(type->type->id);
    }
  }
  for (const EntityTypeId type : pending) RELATA_RETURN_IF_ERROR(BuildAll(type, progress));
  return absl::OkStatus();
}

Status Store::BuildAll(EntityTypeId type_id, const Progress& progress) {
  const IndexSorter::Options sorting{.folder = FolderOf(path())};
  std::string failed;  // the unique index that the rows cannot have
  BuildOptions::Duplicate duplicate;
  const Status status = UpdateSchema("index", [&](Transaction& tx) -> Status {
    const TypeRuntime* type = tx.schema().Find(type_id);
    if (type == nullptr) return absl::OkStatus();
    std::vector<Build> builds;
    for (const IndexRuntime& index : type->indexes) {
      if (!index.ready()) builds.push_back({.index = &index, .sorter = IndexSorter(sorting)});
    }
    RELATA_RETURN_IF_ERROR(SortEntries(tx, *type, progress, &builds));
    schema::Catalogue catalogue = tx.schema().catalogue();
    for (Build& build : builds) {
      RELATA_RETURN_IF_ERROR(tx.kv_write()->EmptyTree(build.index->tree.tree()));
      BuildOptions building;
      building.duplicate = &duplicate;
      failed = build.index->index->name;
      // One transaction for all of it: where the map is full, Update begins again.
      RELATA_RETURN_IF_ERROR(
          BuildIndex(build.index->tree, &build.sorter, building,
                     [&](BuildStep step, const BuildProgress&) -> StatusOr<kv::WriteTransaction*> {
                       if (step == BuildStep::kGrow) return tx.kv().status();
                       return tx.kv_write();
                     }));
      RELATA_RETURN_IF_ERROR(SetReady(&catalogue, type_id, build.index->index->id));
    }
    return tx.WriteCatalogue(catalogue);
  });
  if (!absl::IsAlreadyExists(status)) return status;
  const std::shared_ptr<const SchemaRuntime> runtime = schema();
  const std::string& type = runtime->Find(type_id)->type->name;
  RELATA_RETURN_IF_ERROR(
      ChangeSchema([&](schema::Catalogue& catalogue) { return catalogue.DropIndex(type, failed); }));
  return absl::AlreadyExistsError(
      StrCat("unique index ", Quoted(failed), " of ", type, ": records ", duplicate.first, " and ",
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
