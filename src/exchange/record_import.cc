// This file finds, inserts and updates the records that rows speak of; record_groups.cc those made from
// several rows.
#include "src/exchange/record_import.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/base/hash.h"
#include "src/base/nearest.h"
#include "src/schema/conversion.h"

namespace relata::exchange {
namespace {

// References first, since a copy follows one; then the currency, since amounts are in it; other copies last.
int Turn(const Field& field, const ValueSpec& spec) {
  if (spec.kind == ValueSpec::Kind::kReference) return 0;
  if (field.type == ValueType::kCurrency) return 1;
  return spec.kind == ValueSpec::Kind::kCopy ? 3 : 2;
}

Status UnknownField(const RecordSpec& spec, const EntityType& type, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Field& field : type.fields) {
    if (!field.dropped && !field.generated) names.push_back(field.name);
  }
  return absl::InvalidArgumentError(
      StrCat(spec.place, ".fields: ", type.name, " has no field ", Quoted(name), DidYouMean(name, names)));
}

}  // namespace

bool IsRowProblem(const Status& status, const store::Transaction& tx) {
  if (!tx.kv().status().ok()) return false;
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

StatusOr<std::unique_ptr<RecordImport>> RecordImport::Bind(const RecordSpec& spec, size_t place,
                                                           KeySpace* space, Currency currency,
                                                           const BindContext& context) {
  auto record = std::make_unique<RecordImport>();
  record->spec_ = &spec;
  record->place_ = place;
  record->space_ = space;
  record->default_currency_ = currency;
  RELATA_ASSIGN_OR_RETURN(record->type_, context.schema->Get(spec.entity));
  RELATA_ASSIGN_OR_RETURN(record->key_, KeyReader::Bind(spec.key, *context.columns));
  for (const Condition& condition : spec.when) {
    RELATA_ASSIGN_OR_RETURN(ConditionReader reader, ConditionReader::Bind(condition, *context.columns));
    record->when_.push_back(reader);
  }
  if (spec.same_as) {
    const ValueSpec& same = spec.same_as->parts.front();
    RELATA_ASSIGN_OR_RETURN(record->same_key_, KeyReader::Bind(same.key, *context.columns));
    RELATA_ASSIGN_OR_RETURN(record->same_space_, context.space_of(same.target));
    if (record->same_space_->type != space->type) {
      return absl::InvalidArgumentError(StrCat(same.place, ": a ", space->entity, " cannot be the same as a ",
                                               record->same_space_->entity));
    }
  }
  RELATA_RETURN_IF_ERROR(record->BindFields(context));
  RELATA_RETURN_IF_ERROR(record->BindMatch());
  RELATA_RETURN_IF_ERROR(record->CheckNeeds());
  return record;
}

Status RecordImport::BindFields(const BindContext& context) {
  const EntityType& type = *type_->type;
  for (const auto& [name, value] : spec_->fields) {
    const Field* field = type.FindField(name);
    if (field == nullptr) return UnknownField(*spec_, type, name);
    if (field->generated) {
      return absl::InvalidArgumentError(
          StrCat(value.place, ": ", type.name, ".", name, " is kept by the store; leave it out"));
    }
    RELATA_ASSIGN_OR_RETURN(FieldReader reader, FieldReader::Bind(value, *type_, *field, context));
    BoundField bound{.reader = std::move(reader)};
    if (bound.aggregated()) {
      if (field->is_set() || field->is_reference()) {
        return absl::InvalidArgumentError(
            StrCat(value.place, ": a reference or set cannot be gathered from rows"));
      }
      bound.aggregate = aggregates_++;
    }
    fields_.push_back(std::move(bound));
  }
  std::stable_sort(fields_.begin(), fields_.end(), [](const BoundField& a, const BoundField& b) {
    return Turn(a.reader.field(), a.reader.spec()) < Turn(b.reader.field(), b.reader.spec());
  });

  const auto mapped = [&](const Field& field) {
    return std::any_of(fields_.begin(), fields_.end(),
                       [&](const BoundField& bound) { return bound.reader.slot() == field.id; });
  };
  currency_field_ = type_->format.currency_field();
  if (!spec_->inserts()) return absl::OkStatus();
  if (currency_field_ != nullptr && !mapped(*currency_field_)) {
    constants_.emplace_back(currency_field_->id, Cell::OfBits(default_currency_.packed()));
  }
  // The source that leads for a record is the one it came from.
  const Field* source = type.FindField("source");
  const EntityType* source_type = context.schema->catalogue().Find("source");
  if (source != nullptr && source->type == ValueType::kReference && source_type != nullptr &&
      source->targets.front() == source_type->id && !mapped(*source)) {
    constants_.emplace_back(source->id, Cell::OfBits(space_->source));
  }
  for (const Field& field : type.fields) {
    if (field.dropped || !field.options.default_value || mapped(field)) continue;
    std::string* bytes = default_bytes_.NewBytes();
    RELATA_ASSIGN_OR_RETURN(
        Cell cell, schema::ToCell(type, field, *field.options.default_value, default_currency_, bytes));
    defaults_.emplace_back(field.id, cell);
  }
  return absl::OkStatus();
}

Status RecordImport::BindMatch() {
  if (spec_->match.empty()) return absl::OkStatus();
  for (const store::IndexRuntime& index : type_->indexes) {
    const Index& declared = *index.index;
    const Field& field = type_->type->fields[declared.parts.front().field];
    if (declared.unique && declared.parts.size() == 1 && field.name == spec_->match) match_ = &index;
  }
  if (match_ != nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(StrCat(spec_->place, ".match: ", type_->type->name, ".", spec_->match,
                                           " has no unique index, so no record can be told by it"));
}

// What an insert cannot do without must be mapped.
Status RecordImport::CheckNeeds() const {
  if (!spec_->inserts()) return absl::OkStatus();
  for (const Field& field : type_->type->fields) {
    if (field.dropped || field.generated || field.id == kCreatedAt || field.id == kUpdatedAt) continue;
    const bool bare =
        !field.nullable && (field.type == ValueType::kDate || field.type == ValueType::kTimestamp ||
                            field.type == ValueType::kReference || field.type == ValueType::kAnyReference);
    if (!field.options.required && !bare) continue;
    const auto has = [&](const auto& list) {
      return std::any_of(list.begin(), list.end(),
                         [&](const auto& entry) { return entry.first == field.id; });
    };
    const bool mapped = std::any_of(fields_.begin(), fields_.end(),
                                    [&](const BoundField& bound) { return bound.reader.slot() == field.id; });
    if (mapped || has(constants_) || has(defaults_)) continue;
    return absl::InvalidArgumentError(StrCat(spec_->place, ".fields: ", type_->type->name, " needs its ",
                                             field.name, "; say which column feeds it"));
  }
  return absl::OkStatus();
}

bool RecordImport::ReadCode(const RowChunk::Row& row, std::string* code, RowProblem* problem) {
  for (const ConditionReader& condition : when_) {
    if (!condition.Holds(row)) return false;
  }
  return key_.Read(row, space_->prefix, code, nullptr, problem);
}

bool RecordImport::Prepare(const RowChunk::Row& row, ReadContext* context, std::vector<uint64_t>* positions) {
  (*positions)[place_] = 0;
  (*context->made)[place_] = 0;
  active_ = std::all_of(when_.begin(), when_.end(),
                        [&](const ConditionReader& condition) { return condition.Holds(row); });
  if (!active_) return true;
  later_.clear();
  changes_.clear();
  read_.clear();
  id_ = 0;
  first_ = true;
  repeated_ = false;
  unnamed_ = false;
  group_.reset();
  if (!key_.Read(row, space_->prefix, &code_, nullptr, context->problem)) return false;
  if (!FindRecord(row, context)) return false;
  (*positions)[place_] = 1 + (group_ ? groups_[*group_].rows : 0);
  return ReadFields(row, context);
}

// Sets what code_ stands for: a record that the store has, a group, or nothing yet.
bool RecordImport::FindRecord(const RowChunk::Row& row, ReadContext* context) {
  bool look = !fresh_;
  if (spec_->repeats == Repeats::kFirst) {
    if (const auto known = group_of_.find(ToAbsl(code_)); known != group_of_.end()) {
      group_ = known->second;
      first_ = false;
      id_ = groups_[*group_].id;
      return true;
    }
  } else {
    const uint64_t hash = Hash64(code_);
    const auto seen = seen_.find(hash);
    const uint64_t times = seen == seen_.end() ? 0 : seen->second;
    if (spec_->repeats == Repeats::kNumber) {
      // Counted even if the row is refused, so that mending it gives nobody else its number.
      seen_before_.emplace_back(hash, times);
      seen_[hash] = times + 1;
      StrAppend(&code_, std::string_view(&kCodeSeparator, 1), times + 1);
    } else if (times > 0) {
      look = true;
      repeated_ = true;
    }
  }
  if (look) {
    const StatusOr<RecordId> found = context->keys->Find(*context->tx, space_, code_);
    if (!found.ok()) {
      context->failure = found.status();
      return false;
    }
    id_ = *found;
  }
  if (id_ == 0) repeated_ = false;
  if (id_ == 0 && same_space_ != nullptr) return FindSame(row, context);
  if (id_ != 0 || !spec_->update_only) return true;
  context->problem->column = key_.column();
  context->problem->value = ShownCode(code_);
  context->problem->reason = StrCat("no ", space_->name, " is known by this key");
  return false;
}

bool RecordImport::FindSame(const RowChunk::Row& row, ReadContext* context) {
  std::string code;
  if (!same_key_.Read(row, same_space_->prefix, &code, nullptr, context->problem)) return false;
  const StatusOr<RecordId> found = context->keys->Find(*context->tx, same_space_, code);
  if (!found.ok()) {
    context->failure = found.status();
    return false;
  }
  id_ = *found;
  unnamed_ = true;
  if (id_ != 0) return true;
  context->problem->column = same_key_.column();
  context->problem->value = ShownCode(code);
  context->problem->reason = StrCat("no ", same_space_->name, " is known by this key");
  return false;
}

bool RecordImport::ReadFields(const RowChunk::Row& row, ReadContext* context) {
  const EntityType& type = *type_->type;
  cells_.Reset(type.fields.size());
  gathered_.assign(aggregates_, Cell::Absent());
  context->cells = &cells_;
  context->currency = default_currency_;
  context->writing = false;
  context->later = &later_;
  if (first_) {
    for (const auto& [slot, cell] : constants_) {
      cells_.cells[slot] = cell;
      read_.push_back(slot);
    }
  }
  for (BoundField& field : fields_) {
    if (!first_ && !field.aggregated()) continue;
    if (!ReadField(field, row, context)) return false;
  }
  return true;
}

bool RecordImport::ReadField(BoundField& field, const RowChunk::Row& row, ReadContext* context) {
  Cell cell;
  if (!field.reader.Read(row, context, &cell)) return false;
  const FieldId slot = field.reader.slot();
  if (!field.reader.late()) {
    const Status valid = schema::ValidateCell(*type_->type, field.reader.field(), cell);
    if (!valid.ok()) {
      return field.reader.Refuse(row, valid, context->problem);
    }
  }
  if (&field.reader.field() == currency_field_ && cell.present) {
    context->currency = Currency::FromPacked(static_cast<uint16_t>(cell.bits)).value_or(default_currency_);
  }
  if (field.aggregated()) {
    gathered_[field.aggregate] = cell;
    if (first_) cells_.cells[slot] = cell;
    return true;
  }
  cells_.cells[slot] = cell;
  if (!IsLater(slot)) read_.push_back(slot);
  return true;
}

bool RecordImport::IsLater(FieldId slot) const {
  return std::any_of(later_.begin(), later_.end(),
                     [&](const LaterReference& later) { return later.slot == slot; });
}

StatusOr<Outcome> RecordImport::Write(const RowChunk::Row& row, ReadContext* context) {
  if (!active_) return Outcome::kNone;
  Outcome outcome = Outcome::kNone;
  if (first_) {
    context->cells = &cells_;
    context->writing = true;
    for (BoundField& field : fields_) {
      if (!field.reader.late()) continue;
      if (!field.reader.Read(row, context, &cells_.cells[field.reader.slot()])) {
        if (!context->failure.ok()) return context->failure;
        return absl::InvalidArgumentError(context->problem->reason);
      }
    }
    if (id_ == 0 && match_ != nullptr) RELATA_RETURN_IF_ERROR(MatchExisting(context->tx));
    if (id_ == 0) {
      RELATA_ASSIGN_OR_RETURN(outcome, Insert(context));
    } else {
      RELATA_ASSIGN_OR_RETURN(outcome, UpdateOrLeave(context));
    }
    if (spec_->repeats == Repeats::kReject && !repeated_) {
      const uint64_t hash = Hash64(code_);
      uint64_t& times = seen_[hash];
      seen_before_.emplace_back(hash, times);
      ++times;
    }
  }
  if (spec_->repeats == Repeats::kFirst) {
    if (!group_) {
      group_ = groups_.size();
      group_of_.emplace(code_, *group_);
      new_groups_.push_back(code_);
      groups_.push_back({.id = id_,
                         .outcome = outcome,
                         .inserted_in = outcome == Outcome::kInserted ? chunk_ : 0,
                         .saved_in = chunk_,
                         .gathered = std::vector<Gathered>(aggregates_)});
    } else {
      Save(*group_);
    }
    RELATA_RETURN_IF_ERROR(Gather(&groups_[*group_]));
  }
  (*context->made)[place_] = id_;
  return outcome;
}

Status RecordImport::MatchExisting(store::Transaction* tx) {
  const Cell value = cells_.cells[match_->index->parts.front().field];
  if (!value.present) return absl::OkStatus();
  const StatusOr<RecordId> found = tx->FindUnique(*type_, *match_, std::span(&value, 1));
  if (absl::IsNotFound(found.status())) return absl::OkStatus();
  RELATA_RETURN_IF_ERROR(found.status());
  id_ = *found;
  unnamed_ = true;
  return absl::OkStatus();
}

StatusOr<Outcome> RecordImport::Insert(ReadContext* context) {
  for (const auto& [slot, cell] : defaults_) cells_.cells[slot] = cell;
  RELATA_ASSIGN_OR_RETURN(id_, context->tx->InsertCells(*type_, cells_.cells));
  RELATA_RETURN_IF_ERROR(context->keys->Insert(context->tx, space_, code_, id_, remember_));
  return Outcome::kInserted;
}

StatusOr<Outcome> RecordImport::UpdateOrLeave(ReadContext* context) {
  RELATA_ASSIGN_OR_RETURN(const RowView row, context->tx->Get(*type_, id_));
  for (const FieldId slot : read_) {
    if (row.Get(slot) == cells_.cells[slot]) continue;
    changes_.push_back({.slot = slot, .cell = cells_.cells[slot]});
  }
  if (repeated_ && !changes_.empty()) {
    return absl::AlreadyExistsError(StrCat("the key ", ShownCode(code_),
                                           " stands in an earlier row of this file, with another ",
                                           type_->type->fields[changes_.front().slot].name));
  }
  if (unnamed_) RELATA_RETURN_IF_ERROR(context->keys->Insert(context->tx, space_, code_, id_, remember_));
  if (changes_.empty()) return unnamed_ ? Outcome::kUpdated : Outcome::kUnchanged;
  RELATA_RETURN_IF_ERROR(context->tx->UpdateCells(*type_, id_, changes_));
  return Outcome::kUpdated;
}

}  // namespace relata::exchange
