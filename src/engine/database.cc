// Opens a database and passes its work on to the store room.
#include "relata/engine/database.h"

#include <string>
#include <utility>

#include "relata/crm/model.h"
#include "relata/crm/relation_number.h"
#include "relata/engine/segments.h"
#include "src/column/columns.h"
#include "src/crm/definitions.h"
#include "src/engine/schema_change.h"
#include "src/expr/definitions.h"
#include "src/schema/held.h"
#include "src/segment/define.h"
#include "src/segment/live.h"
#include "src/segment/members.h"
#include "src/segment/upkeep.h"
#include "src/store/store.h"

namespace relata {

Status ChangeSchema(store::Store& store, store::Store::SchemaChange change,
                    const store::Store::Progress& progress) {
  return store.ChangeSchema(
      [&](schema::Catalogue& catalogue) -> StatusOr<schema::Changes> {
        const schema::Catalogue before = catalogue;
        RELATA_ASSIGN_OR_RETURN(schema::Changes changes, change(catalogue));
        RELATA_RETURN_IF_ERROR(expr::CarryDefinitions(before, &catalogue));
        return changes;
      },
      progress);
}

Database::Database(std::shared_ptr<store::Store> store)
    : store_(std::move(store)),
      columns_(std::make_unique<column::ColumnCache>()),
      live_(std::make_unique<segment::Live>(store_.get())),
      upkeep_(std::make_unique<segment::Upkeep>(store_.get(), live_.get())) {
  store_->SetCommitHook(upkeep_.get());
}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() {
  if (store_ != nullptr) store_->SetCommitHook(nullptr);  // someone may hold the store
}

StatusOr<Database> Database::Open(std::string_view path, Options options) {
  RELATA_ASSIGN_OR_RETURN(std::shared_ptr<store::Store> store, store::Store::Open(path, std::move(options)));
  Database database(std::move(store));
  database.store_->AddNumbering({.entity = "relation", .field = "number", .make = [](int64_t count) {
                                   return crm::MakeRelationNumber(crm::kFirstRelationSequence + count - 1);
                                 }});
  if (!database.store_->options().read_only)
    RELATA_RETURN_IF_ERROR(database.Register(crm::ModelDeclarations()));
  return database;
}

StatusOr<Snapshot> Database::Read() const {
  RELATA_ASSIGN_OR_RETURN(store::Snapshot snapshot, store_->Read());
  return Snapshot(std::make_unique<store::Snapshot>(std::move(snapshot)), columns_.get(), upkeep_.get());
}

Status Database::UpdateWith(absl::FunctionRef<Status(Transaction&)> closure) {
  return upkeep_->listeners().TellAfter(store_->Update({}, [&](store::Transaction& inner) {
    segment::Resolver members(upkeep_.get(), &inner);
    const segment::UseMembership within(&inner, &members);
    Transaction transaction(&inner);
    return closure(transaction);
  }));
}

StatusOr<Transaction> Database::Begin() {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<store::Transaction> transaction, store_->Begin({}));
  return Transaction(std::move(transaction), upkeep_.get());
}

Status Database::Commit(Transaction transaction) {
  return upkeep_->listeners().TellAfter(store_->Commit(std::move(transaction.owned_)));
}

Status Database::Register(const std::vector<const EntityDeclaration*>& declarations) {
  if (schema::Holds(store_->schema()->catalogue(), declarations)) return absl::OkStatus();
  schema::Catalogue copy = store_->schema()->catalogue();
  RELATA_ASSIGN_OR_RETURN(const schema::Changes changes, copy.Apply(declarations));
  if (!changes.any) return absl::OkStatus();
  return ChangeSchema(*store_, [&](schema::Catalogue& c) { return c.Apply(declarations); });
}

Status Database::AddEntity(const EntitySpec& spec) {
  return ChangeSchema(*store_, [&](schema::Catalogue& c) { return c.AddEntity(spec); });
}
Status Database::AddField(std::string_view entity, const FieldSpec& spec) {
  return ChangeSchema(*store_, [&](schema::Catalogue& c) { return c.AddField(entity, spec); });
}
Status Database::AddIndex(std::string_view entity, const IndexSpec& spec, const Progress& progress) {
  return ChangeSchema(
      *store_, [&](schema::Catalogue& c) { return c.AddIndex(entity, spec); }, progress);
}
Status Database::AddLabel(std::string_view entity, std::string_view field, std::string_view label) {
  return ChangeSchema(*store_, [&](schema::Catalogue& c) { return c.AddLabel(entity, field, label); });
}
Status Database::RenameEntity(std::string_view entity, std::string_view to) {
  return ChangeSchema(*store_, [&](schema::Catalogue& c) { return c.RenameEntity(entity, to); });
}
Status Database::RenameField(std::string_view entity, std::string_view field, std::string_view to) {
  return ChangeSchema(*store_, [&](schema::Catalogue& c) { return c.RenameField(entity, field, to); });
}
Status Database::DropField(std::string_view entity, std::string_view field) {
  return ChangeSchema(*store_, [&](schema::Catalogue& c) {
    const EntityType* type = c.Find(entity);
    const bool derived = type != nullptr && c.FindDerived(type->id, field) != nullptr;
    return derived ? c.DropDerived(entity, field) : c.DropField(entity, field);
  });
}
Status Database::DefineField(std::string_view entity, std::string_view name, std::string_view expression,
                             std::string_view description) {
  return ChangeSchema(*store_, [&](schema::Catalogue& c) {
    return c.DefineDerived(entity, {.name = std::string(name),
                                    .expression = std::string(expression),
                                    .description = std::string(description)});
  });
}
Status Database::DropIndex(std::string_view entity, std::string_view index) {
  return ChangeSchema(*store_, [&](schema::Catalogue& c) { return c.DropIndex(entity, index); });
}
Status Database::DropEntity(std::string_view entity) {
  return ChangeSchema(*store_, [&](schema::Catalogue& c) { return c.DropEntity(entity); });
}

std::vector<EntityType> Database::Schema() const {
  const std::shared_ptr<const store::SchemaRuntime> runtime = store_->schema();
  std::vector<EntityType> types;
  for (const EntityType* type : runtime->catalogue().types()) types.push_back(*type);
  return types;
}

std::vector<DerivedField> Database::DerivedFields() const {
  const std::shared_ptr<const store::SchemaRuntime> runtime = store_->schema();
  std::vector<DerivedField> fields = runtime->catalogue().derived();
  for (const crm::Definition& model : crm::ModelDefinitions()) {
    const EntityType* type = runtime->catalogue().Find(model.entity);
    if (type == nullptr || type->FindField(model.name) != nullptr) continue;
    if (runtime->catalogue().FindDerived(type->id, model.name) != nullptr) continue;
    fields.push_back(
        {type->id, std::string(model.name), std::string(model.expression), std::string(model.description)});
  }
  return fields;
}

void Database::SetColumnMemory(uint64_t bytes) { columns_->SetBudget(bytes); }

Status Database::Advance(Timestamp now) {
  return upkeep_->listeners().TellAfter(segment::Advance(upkeep_.get(), columns_.get(), now));
}

Status Database::DefineSegment(std::string_view name, std::string_view expression,
                               std::string_view description) {
  return relata::DefineSegment(this, name, "relation", expression, description);
}

}  // namespace relata
