// Follows the change log for a workset, and asks for all members where that is not enough.
#include "relata/query/workset_feed.h"

#include <algorithm>
#include <optional>

#include "relata/query/results.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "src/query/changed_records.h"
#include "src/store/store.h"

namespace relata::query {

class WorksetFeed::State {
 public:
  State(std::shared_ptr<store::Store> store, const EntityDeclaration& declaration, Loader load,
        expr::Expr condition)
      : store_(std::move(store)), declaration_(declaration), load_(load), condition_(std::move(condition)) {}

  StatusOr<WorksetChanges> Next() {
    RELATA_ASSIGN_OR_RETURN(const store::Snapshot now, store_->Read());
    RELATA_RETURN_IF_ERROR(Prepare(now));
    std::vector<RecordId> changed;
    RELATA_ASSIGN_OR_RETURN(const bool told, ReadChanged(now, &changed));
    WorksetChanges changes{.all = !told, .position = now.position()};
    RELATA_RETURN_IF_ERROR(told ? Look(now, changed, &changes) : Refill(now, &changes));
    valid_ = true;
    position_ = now.position();
    now_ = now.now();
    if (told) {
      figures_.changed += changed.size();
    } else {
      ++figures_.refills;
    }
    return changes;
  }
  Figures figures() const { return figures_; }

 private:
  // Binds the struct and the condition to the schema that the snapshot sees.
  Status Prepare(const store::Snapshot& now) {
    const std::shared_ptr<const store::SchemaRuntime>& schema = now.shared_schema();
    if (schema == schema_) return absl::OkStatus();
    valid_ = false;
    RELATA_ASSIGN_OR_RETURN(binding_, schema->Bind(declaration_));
    type_ = schema->Find(binding_->type());
    if (condition_) {
      RELATA_ASSIGN_OR_RETURN(program_, expr::CompileCondition(condition_, *type_, schema));
      if (!program_.segments().empty()) {
        return absl::InvalidArgumentError(
            "a workset's condition cannot ask for members of a segment, which come and go by themselves; ask "
            "MembersOf, and keep those");
      }
    }
    FindTypesLookedAt();
    schema_ = schema;
    return absl::OkStatus();
  }

  // The types of which another record may decide whether one is a member.
  void FindTypesLookedAt() {
    looked_at_.clear();
    any_change_ = false;
    if (!condition_) return;
    for (const expr::Step& step : program_.steps()) {
      if (step.op == expr::Op::kFieldOf) looked_at_.push_back(step.entity);
      if (step.related != nullptr) looked_at_.push_back(step.related->type);
    }
    any_change_ = program_.uses_population();
    for (const expr::Step& step : program_.steps()) {
      any_change_ |= step.op == expr::Op::kDescendantOf || step.op == expr::Op::kAncestorOf;
    }
  }

  // The records of this type that changed since the last time. False where all must be looked at.
  StatusOr<bool> ReadChanged(const store::Snapshot& now, std::vector<RecordId>* changed) {
    if (!valid_ || now.position() < position_) return false;
    if (condition_ && program_.uses_clock() && now.now() != now_) return false;
    if (now.position() == position_) return true;
    bool elsewhere = false;
    RELATA_ASSIGN_OR_RETURN(
        const bool told, VisitChanges(now, position_, [&](const store::RawChange& change) {
          if (change.type == type_->type->id) changed->push_back(change.id);
          elsewhere |=
              any_change_ || std::find(looked_at_.begin(), looked_at_.end(), change.type) != looked_at_.end();
        }));
    if (!told || elsewhere) return false;
    std::sort(changed->begin(), changed->end());
    changed->erase(std::unique(changed->begin(), changed->end()), changed->end());
    return true;
  }

  Status Look(const store::Snapshot& now, const std::vector<RecordId>& changed,
              WorksetChanges* changes) const {
    std::optional<expr::RowEvaluator> evaluator;
    if (condition_) evaluator.emplace(program_, now);
    changes->records.reserve(changed.size());
    for (const RecordId id : changed) {
      RowView row;
      bool found = false;
      RELATA_RETURN_IF_ERROR(now.Find(*type_, id, &row, &found));
      Loaded loaded;
      if (found) {
        RELATA_ASSIGN_OR_RETURN(loaded, LoadMember(id, row, &evaluator));
      }
      changes->records.emplace_back(id, std::move(loaded));
    }
    return absl::OkStatus();
  }

  // All members, found the way a query would.
  Status Refill(const store::Snapshot& now, WorksetChanges* changes) const {
    RELATA_ASSIGN_OR_RETURN(Results found,
                            Find({.reader = &now}, {.entity = type_->type->name, .where = condition_}));
    while (found.Next()) {
      RELATA_ASSIGN_OR_RETURN(const RowView row, found.row());
      RELATA_ASSIGN_OR_RETURN(Loaded loaded, load_(*binding_, row, found.id()));
      changes->records.emplace_back(found.id(), std::move(loaded));
    }
    return found.status();
  }

  // nullptr where it does not meet the condition.
  StatusOr<Loaded> LoadMember(RecordId id, const RowView& row,
                              std::optional<expr::RowEvaluator>* evaluator) const {
    if (evaluator->has_value()) {
      RELATA_ASSIGN_OR_RETURN(const bool matches, (*evaluator)->Matches(id, row));
      if (!matches) return Loaded();
    }
    return load_(*binding_, row, id);
  }

  std::shared_ptr<store::Store> store_;
  const EntityDeclaration& declaration_;
  Loader load_;
  expr::Expr condition_;

  std::shared_ptr<const store::SchemaRuntime> schema_;
  const store::TypeRuntime* type_ = nullptr;
  const StructBinding* binding_ = nullptr;
  expr::Program program_;
  std::vector<EntityTypeId> looked_at_;
  bool any_change_ = false;  // any record at all may decide

  bool valid_ = false;  // what was told is true at position_ and now_
  LogPosition position_;
  Timestamp now_;
  Figures figures_;
};

WorksetFeed::WorksetFeed(std::shared_ptr<store::Store> store, const EntityDeclaration& declaration,
                         Loader load, expr::Expr condition)
    : state_(std::make_unique<State>(std::move(store), declaration, load, std::move(condition))) {}
WorksetFeed::~WorksetFeed() = default;

StatusOr<WorksetChanges> WorksetFeed::Next() { return state_->Next(); }
WorksetFeed::Figures WorksetFeed::figures() const { return state_->figures(); }

}  // namespace relata::query
