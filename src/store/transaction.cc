// Checks each write in full, then applies it to rows, indexes, references, history and log.
#include "src/store/transaction.h"

#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/nearest.h"
#include "src/schema/conversion.h"
#include "src/schema/refusal.h"
#include "src/store/history.h"

namespace relata::store {

namespace {

Status UnknownField(const EntityType& type, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Field& field : type.fields) {
    if (!field.dropped) names.push_back(field.name);
  }
  return absl::InvalidArgumentError(
      StrCat("unknown field ", Quoted(name), " of ", type.name, DidYouMean(name, names)));
}

bool HasDefaults(const EntityType& type) {
  return std::any_of(type.fields.begin(), type.fields.end(),
                     [](const Field& field) { return field.options.default_value.has_value(); });
}

}  // namespace

Transaction::Transaction(kv::WriteTransaction txn, std::shared_ptr<const SchemaRuntime> schema,
                         const WriteContext& context, Timestamp now, State state, const WriteLabel& label)
    : Reader(std::move(schema), context.trees.history, now, state, context.options->verify_checksums),
      context_(context),
      principal_(label.principal),
      cause_(label.cause),
      bulk_(label.bulk) {
  committed_ = context.committed;
  txns_.push_back(std::make_unique<kv::WriteTransaction>(std::move(txn)));
  txn_ = txns_.back().get();
}

StatusOr<RecordId> Transaction::Insert(const Record& record) {
  RELATA_ASSIGN_OR_RETURN(const TypeRuntime* type, schema_->Get(record.type()));
  Write write{.type = type, .id = 0, .insert = true};
  write.cells.Reset(type->type->fields.size());
  RELATA_RETURN_IF_ERROR(SetNamed(record, &write));
  std::vector<bool> given(type->type->fields.size());
  for (const auto& [name, value] : record.fields()) given[type->type->FindField(name)->id] = true;
  RELATA_RETURN_IF_ERROR(SetDefaults(given, &write));
  RELATA_RETURN_IF_ERROR(Apply(&write));
  return write.id;
}

StatusOr<RecordId> Transaction::Insert(const EntityDeclaration& declaration, const void* object) {
  RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, schema_->Bind(declaration));
  const TypeRuntime* type = schema_->Find(binding->type());
  if (const RecordId id = binding->IdOf(object); id != 0) {
    return absl::InvalidArgumentError(
        StrCat(declaration.name, ".id: ", id,
               " is given, but an insert draws the id; leave it empty, or use Update"));
  }
  Write write{.type = type, .id = 0, .insert = true};
  write.cells.Reset(type->type->fields.size());
  RELATA_RETURN_IF_ERROR(binding->ToCells(object, *type->type, &write.cells));
  if (HasDefaults(*type->type)) {  // of fields that the struct does not know
    std::vector<bool> given(type->type->fields.size());
    for (const MemberDeclaration& member : declaration.members) given[binding->SlotAt(member.offset)] = true;
    RELATA_RETURN_IF_ERROR(SetDefaults(given, &write));
  }
  RELATA_RETURN_IF_ERROR(Apply(&write));
  return write.id;
}

Status Transaction::Update(const Record& record) {
  RELATA_ASSIGN_OR_RETURN(const TypeRuntime* type, schema_->Get(record.type()));
  Write write{.type = type, .id = record.id(), .insert = false};
  RELATA_RETURN_IF_ERROR(LoadOld(&write));
  RELATA_RETURN_IF_ERROR(SetNamed(record, &write));
  return Apply(&write);
}

Status Transaction::Update(const EntityDeclaration& declaration, const void* object) {
  RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, schema_->Bind(declaration));
  const TypeRuntime* type = schema_->Find(binding->type());
  Write write{.type = type, .id = binding->IdOf(object), .insert = false};
  RELATA_RETURN_IF_ERROR(LoadOld(&write));
  RELATA_RETURN_IF_ERROR(binding->ToCells(object, *type->type, &write.cells));
  return Apply(&write);
}

StatusOr<RecordId> Transaction::InsertCells(const TypeRuntime& type, std::span<const Cell> cells) {
  Write write{.type = &type, .id = 0, .insert = true};
  write.cells.cells.assign(cells.begin(), cells.end());
  RELATA_RETURN_IF_ERROR(Apply(&write));
  return write.id;
}

Status Transaction::Reinsert(const TypeRuntime& type, RecordId id, std::span<const Cell> cells) {
  RELATA_ASSIGN_OR_RETURN(const bool exists, Exists(type, id));
  if (exists) return absl::AlreadyExistsError(StrCat(type.type->name, " ", id, " is there again"));
  Write write{.type = &type, .id = id, .insert = true, .as_given = true};
  write.cells.Reset(type.type->fields.size());
  std::copy(cells.begin(), cells.end(), write.cells.cells.begin());
  return Apply(&write);
}

Status Transaction::UpdateCells(const TypeRuntime& type, RecordId id, std::span<const FormerCell> cells) {
  return SetCells(type, id, cells, /*as_given=*/false);
}

Status Transaction::RestoreCells(const TypeRuntime& type, RecordId id, std::span<const FormerCell> cells) {
  return SetCells(type, id, cells, /*as_given=*/true);
}

Status Transaction::SetCells(const TypeRuntime& type, RecordId id, std::span<const FormerCell> cells,
                             bool as_given) {
  Write write{.type = &type, .id = id, .insert = false, .as_given = as_given};
  RELATA_RETURN_IF_ERROR(LoadOld(&write));
  for (const FormerCell& former : cells) write.cells.cells[former.slot] = former.cell;
  return Apply(&write);
}

Status Transaction::LoadOld(Write* write) {
  const TypeRuntime& type = *write->type;
  RELATA_ASSIGN_OR_RETURN(const RowView stored, Get(type, write->id));
  // A put moves what was read: keep the row.
  write->old_row.assign(stored.bytes());
  RELATA_ASSIGN_OR_RETURN(const RowView row, RowView::Open(type.format, write->old_row, write->id, false));
  const std::vector<Field>& fields = type.type->fields;
  write->old_cells.assign(fields.size(), Cell::Absent());
  for (const Field& field : fields) {
    if (!field.dropped) write->old_cells[field.id] = row.Get(field.id);
  }
  write->cells.Reset(fields.size());
  write->cells.cells = write->old_cells;
  return absl::OkStatus();
}

Status Transaction::SetNamed(const Record& record, Write* write) {
  const EntityType& type = *write->type->type;
  // The currency first: amounts without one of their own are in it.
  const Field* currency = write->type->format.currency_field();
  if (currency != nullptr && record.Find(currency->name) != nullptr) {
    RELATA_RETURN_IF_ERROR(SetField(*currency, *record.Find(currency->name), write));
  }
  for (const auto& [name, value] : record.fields()) {
    const Field* field = type.FindField(name);
    if (field == nullptr) return UnknownField(type, name);
    if (field->generated) {
      return absl::InvalidArgumentError(
          StrCat(schema::PathOf(type, *field), ": is kept by the store and cannot be written; leave it out"));
    }
    if (field != currency) RELATA_RETURN_IF_ERROR(SetField(*field, value, write));
  }
  return absl::OkStatus();
}

Status Transaction::SetField(const Field& field, const Value& value, Write* write) {
  std::string scratch;
  RELATA_ASSIGN_OR_RETURN(Cell cell,
                          schema::ToCell(*write->type->type, field, value, CurrencyOf(*write), &scratch));
  if (!scratch.empty() && cell.bytes.data() == scratch.data()) {
    std::string* owned = write->cells.NewBytes();
    owned->swap(scratch);
    cell.bytes = *owned;
  }
  write->cells.cells[field.id] = cell;
  return absl::OkStatus();
}

Currency Transaction::CurrencyOf(const Write& write) const {
  const Field* field = write.type->format.currency_field();
  if (field != nullptr && write.cells.cells[field->id].present) {
    return Currency::FromPacked(static_cast<uint16_t>(write.cells.cells[field->id].bits))
        .value_or(Currency());
  }
  return schema_->catalogue().settings().base_currency;
}

Status Transaction::SetDefaults(const std::vector<bool>& given, Write* write) {
  for (const Field& field : write->type->type->fields) {
    if (given[field.id] || field.dropped || !field.options.default_value) continue;
    RELATA_RETURN_IF_ERROR(SetField(field, *field.options.default_value, write));
  }
  return absl::OkStatus();
}

Status Transaction::Complete(Write* write) {
  const TypeRuntime& type = *write->type;
  std::vector<Cell>& cells = write->cells.cells;
  const Currency base = schema_->catalogue().settings().base_currency;
  Currency of_record;
  if (const Field* currency = type.format.currency_field(); currency != nullptr) {
    if (!cells[currency->id].present) cells[currency->id] = Cell::OfBits(base.packed());
    of_record = CurrencyOf(*write);
  }
  for (const Field& field : type.type->fields) {
    if (!field.base_amount || field.dropped) continue;
    const Cell& amount = cells[field.id];
    Cell& in_base = cells[*field.base_amount];
    if (!amount.present || of_record == base) {
      in_base = amount;
      continue;
    }
    // What was converted stays: a later rate rewrites nothing.
    const bool same_currency = !write->insert && cells[type.format.currency_field()->id] ==
                                                     write->old_cells[type.format.currency_field()->id];
    if (same_currency && amount == write->old_cells[field.id]) continue;
    RELATA_ASSIGN_OR_RETURN(in_base, ToBase(*write, field, Money::Minor(amount.AsInt(), of_record), base));
  }
  if (write->insert && !cells[kCreatedAt].present) cells[kCreatedAt] = Cell::OfInt(now_.micros);
  return absl::OkStatus();
}

StatusOr<Cell> Transaction::ToBase(const Write& write, const Field& field, Money amount, Currency base) {
  const EntityType& type = *write.type->type;
  auto where = [&] { return StrCat(schema::PathOf(type, field), ": ", amount); };
  RELATA_ASSIGN_OR_RETURN(const TimeZone zone, TimeZone::Load(schema_->catalogue().settings().time_zone));
  Date on = zone.LocalDate(now_);
  if (type.moment && write.cells.cells[*type.moment].present) {
    const int64_t moment = write.cells.cells[*type.moment].AsInt();
    on = type.fields[*type.moment].type == ValueType::kDate ? Date{static_cast<int32_t>(moment)}
                                                            : zone.LocalDate(Timestamp{moment});
  }
  if (!context_.options->exchange_rate) {
    return absl::FailedPreconditionError(StrCat(where(), " is not in the store's currency ", base,
                                                "; give Options::exchange_rate, or convert it first"));
  }
  StatusOr<Decimal> rate = context_.options->exchange_rate(amount.currency, base, on);
  if (!rate.ok()) {
    return Annotate(rate.status(), StrCat(where(), " on ", on, " has no exchange rate to ", base));
  }
  StatusOr<Money> converted = amount.Convert(*rate, base);
  if (!converted.ok()) return Annotate(converted.status(), where());
  return converted->minor == 0 && !field.nullable ? Cell::Absent() : Cell::OfInt(converted->minor);
}

Status Transaction::CheckFields(const Write& write) {
  const EntityType& type = *write.type->type;
  for (const Field& field : type.fields) {
    if (field.dropped || !Differs(write, field.id)) continue;
    RELATA_RETURN_IF_ERROR(schema::ValidateCell(type, field, write.cells.cells[field.id]));
  }
  return absl::OkStatus();
}

Status Transaction::DrawNumbers(Write* write) {
  for (const Numbering& numbering : *context_.numberings) {
    if (numbering.entity != write->type->type->name) continue;
    const Field* field = write->type->type->FindField(numbering.field);
    if (field == nullptr || write->cells.cells[field->id].present) continue;
    write->drawn.push_back(SequenceKey(StrCat(numbering.entity, ".", numbering.field)));
    RELATA_ASSIGN_OR_RETURN(const uint64_t count, NextCount(write->drawn.back()));
    RELATA_ASSIGN_OR_RETURN(const int64_t number, numbering.make(static_cast<int64_t>(count)));
    write->cells.cells[field->id] = Cell::OfInt(number);
  }
  return absl::OkStatus();
}

void Transaction::ReturnNumbers(const Write& write) {
  for (const std::string& key : write.drawn) {
    if (auto at = counters_.find(key); at != counters_.end()) --at->second;
  }
}

Status Transaction::Check(Write* write) {
  if (!write->as_given) {
    if (write->insert) RELATA_RETURN_IF_ERROR(DrawNumbers(write));
    RELATA_RETURN_IF_ERROR(Complete(write));
  }
  RELATA_RETURN_IF_ERROR(CheckFields(*write));
  RELATA_RETURN_IF_ERROR(CheckReferences(*write));
  return CheckUnique(*write);
}

Status Transaction::Apply(Write* write) {
  if (const Status refused = Check(write); !refused.ok()) {
    ReturnNumbers(*write);  // a refused write leaves no trace
    return refused;
  }
  const TypeRuntime& type = *write->type;
  std::vector<FormerCell> former;
  if (!write->insert) {
    for (const Field& field : type.type->fields) {
      if (field.dropped || field.id == kUpdatedAt || !Differs(*write, field.id)) continue;
      former.push_back({.slot = field.id, .cell = write->old_cells[field.id]});
    }
    if (former.empty()) return absl::OkStatus();
    write->cells.cells[kUpdatedAt] = Cell::OfInt(now_.micros);
  } else if (!write->cells.cells[kUpdatedAt].present) {
    write->cells.cells[kUpdatedAt] = write->cells.cells[kCreatedAt];
  }
  const ChangeKind kind = write->insert ? ChangeKind::kInsert : ChangeKind::kUpdate;
  if (const Status refused = TellHook(type, kind, write->id, former); !refused.ok()) {
    ReturnNumbers(*write);
    return refused;
  }
  // From here on only the file itself can fail, which ends the transaction.
  bool append = false;
  if (write->insert && write->id == 0) {
    RELATA_ASSIGN_OR_RETURN(write->id, NextId(type.type->id));
    append = true;
    if (write->id > kMaxRecordId) {
      return absl::ResourceExhaustedError(StrCat(type.type->name, ": all ", kMaxRecordId, " ids are used"));
    }
  }
  RELATA_RETURN_IF_ERROR(record::EncodeRow(type.format, write->cells.cells, write->id, &row_));
  const kv::IdKey key(write->id);
  RELATA_RETURN_IF_ERROR(append ? kv_write()->Append(type.rows, key, row_)
                                : kv_write()->Put(type.rows, key, row_));
  RELATA_RETURN_IF_ERROR(UpdateIndexes(*write));
  if (write->insert) {
    log_.Insert(type.type->id, write->id);
  } else {
    log_.Update(*type.type, write->id, former);
  }
  if (!type.has_history) return absl::OkStatus();
  for (const Field& field : type.type->fields) {
    if (!field.options.history || field.dropped || !Differs(*write, field.id)) continue;
    RELATA_RETURN_IF_ERROR(PutHistory(kv_write(), context_.trees.history, type.type->id, write->id, field,
                                      now_, write->cells.cells[field.id]));
  }
  return absl::OkStatus();
}

bool Transaction::Touches(const Write& write, const IndexRuntime& index) {
  return std::any_of(index.index->parts.begin(), index.index->parts.end(),
                     [&](const IndexPart& part) { return Differs(write, part.field); });
}

Status Transaction::UpdateIndexes(const Write& write) {
  for (const IndexRuntime& index : write.type->indexes) {
    if (!index.ready()) continue;  // it is built from the rows, later
    if (!Touches(write, index)) continue;
    index.coder.Keys([&](FieldId slot) { return write.cells.cells[slot]; }, write.id, &keys_);
    if (write.insert) {
      for (const std::string& key : keys_)
        RELATA_RETURN_IF_ERROR(index.tree.Insert(kv_write(), key, write.id));
      continue;
    }
    index.coder.Keys([&](FieldId slot) { return write.old_cells[slot]; }, write.id, &old_keys_);
    for (const std::string& key : old_keys_) {
      if (std::binary_search(keys_.begin(), keys_.end(), key)) continue;
      RELATA_RETURN_IF_ERROR(index.tree.Erase(kv_write(), key, write.id));
    }
    for (const std::string& key : keys_) {
      if (std::binary_search(old_keys_.begin(), old_keys_.end(), key)) continue;
      RELATA_RETURN_IF_ERROR(index.tree.Insert(kv_write(), key, write.id));
    }
  }
  return absl::OkStatus();
}

Status Transaction::CheckUnique(const Write& write) {
  const EntityType& type = *write.type->type;
  for (const IndexRuntime& index : write.type->indexes) {
    if (!index.index->unique || !index.ready() || !Touches(write, index)) continue;
    index.coder.Keys([&](FieldId slot) { return write.cells.cells[slot]; }, write.id, &keys_);
    for (const std::string& key : keys_) {
      RELATA_ASSIGN_OR_RETURN(const std::optional<RecordId> holder, index.tree.FindUnique(*txn_, key));
      if (!holder || *holder == write.id) continue;
      std::string what;
      for (const IndexPart& part : index.index->parts) {
        const Field& field = type.fields[part.field];
        RELATA_ASSIGN_OR_RETURN(
            const Value value,
            schema::FromCell(type, field, write.cells.cells[part.field], CurrencyOf(write)));
        StrAppend(&what, what.empty() ? "" : ", ", field.name, " ", schema::Shown(field, value.ToString()));
      }
      return absl::AlreadyExistsError(
          StrCat(type.name, ": ", what, " is taken by ", type.name, " ", *holder,
                 "; it must be unique. Change that record, or update it instead"));
    }
  }
  return absl::OkStatus();
}

}  // namespace relata::store
