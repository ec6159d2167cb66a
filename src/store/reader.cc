// Answers at one moment, from the trees of a snapshot or a transaction.
#include "src/store/reader.h"

#include <algorithm>
#include <optional>

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/base/text.h"
#include "src/record/row_cells.h"
#include "src/schema/conversion.h"

namespace relata::store {

namespace {

StatusOr<bool> SameText(const IndexPart& part, std::string_view a, std::string_view b) {
  switch (part.folding) {
    case Folding::kExact:
      return a == b;
    case Folding::kFolded:
      return Fold(a) == Fold(b);
    case Folding::kCollated: {
      RELATA_ASSIGN_OR_RETURN(const Collator* collator, Collator::ForLocale(part.locale));
      std::string key_a, key_b;
      collator->AppendSortKey(a, &key_a);
      collator->AppendSortKey(b, &key_b);
      return key_a == key_b;
    }
    case Folding::kWords:
      break;  // has no values
  }
  return false;
}

// True if the row has these values as far as the index tells values apart: two texts that fold alike are
// equal in a folded index. Asked only where a long text was cut from the key.
StatusOr<bool> HasValues(const TypeRuntime& type, const IndexRuntime& index, std::span<const Cell> values,
                         const RowView& row) {
  for (size_t i = 0; i < values.size(); ++i) {
    const IndexPart& part = index.index->parts[i];
    const Field& field = type.type->fields[part.field];
    const Cell cell = row.Get(part.field);
    if (field.type == ValueType::kTextSet) {
      std::vector<std::string> texts;
      if (!DecodeTextSet(cell.bytes, &texts)) {
        return absl::DataLossError(StrCat(type.type->name, ".", field.name, ": the stored set is damaged"));
      }
      bool any = false;
      for (const std::string& text : texts) {
        RELATA_ASSIGN_OR_RETURN(const bool same, SameText(part, text, values[i].bytes));
        any |= same;
      }
      if (!any) return false;
    } else if (field.type == ValueType::kText) {
      RELATA_ASSIGN_OR_RETURN(const bool same, SameText(part, cell.bytes, values[i].bytes));
      if (!same) return false;
    }
    // Values of other types are never cut: the key has shown them equal.
  }
  return true;
}

}  // namespace

Status Reader::Find(const TypeRuntime& type, RecordId id, RowView* row, bool* found) const {
  std::string_view bytes;
  *found = txn_->Find(type.rows, kv::IdKey(id), &bytes);
  if (!*found) return txn_->status();
  RELATA_ASSIGN_OR_RETURN(*row, RowView::Open(type.format, bytes, id, verify_));
  return absl::OkStatus();
}

StatusOr<RowView> Reader::Get(const TypeRuntime& type, RecordId id) const {
  RowView row;
  bool found = false;
  RELATA_RETURN_IF_ERROR(Find(type, id, &row, &found));
  if (!found) return absl::NotFoundError(StrCat("there is no ", type.type->name, " ", id));
  return row;
}

StatusOr<bool> Reader::Exists(const TypeRuntime& type, RecordId id) const {
  std::string_view bytes;
  const bool found = txn_->Find(type.rows, kv::IdKey(id), &bytes);
  if (!found) RELATA_RETURN_IF_ERROR(txn_->status());
  return found;
}

StatusOr<Record> Reader::GetRecord(const TypeRuntime& type, RecordId id) const {
  RELATA_ASSIGN_OR_RETURN(const RowView row, Get(type, id));
  return ToRecord(type, id, row);
}

StatusOr<Record> Reader::ToRecord(const TypeRuntime& type, RecordId id, const RowView& row) const {
  Record record(type.type->name, id);
  std::vector<Cell> cells(type.type->fields.size());
  record::ReadCells(row, cells);
  for (const Field& field : type.type->fields) {
    if (field.dropped) continue;
    const Currency currency = field.type == ValueType::kMoney ? row.CurrencyOf(field.id) : Currency();
    StatusOr<Value> value = schema::FromCell(*type.type, field, cells[field.id], currency);
    if (!value.ok()) return Annotate(value.status(), StrCat(type.type->name, " ", id));
    record.Set(field.name, *std::move(value));
  }
  return record;
}

StatusOr<RecordId> Reader::FindUnique(const TypeRuntime& type, const IndexRuntime& index,
                                      std::span<const Cell> values) const {
  if (!index.ready()) {
    return absl::FailedPreconditionError(StrCat("index ", Quoted(index.index->name), " of ", type.type->name,
                                                " is being built; try again later"));
  }
  std::optional<RecordId> id;
  const KeyRange range = index.coder.Equal(absl::MakeConstSpan(values.data(), values.size()));
  const bool whole = range.exact && values.size() == index.index->parts.size();
  if (whole && std::all_of(values.begin(), values.end(), [](const Cell& cell) { return cell.present; })) {
    RELATA_ASSIGN_OR_RETURN(id, index.tree.FindUnique(*txn_, range.low));
  } else {
    std::vector<RecordId> ids;
    RELATA_RETURN_IF_ERROR(FindEqual(type, index, values, 1, &ids));
    if (!ids.empty()) id = ids.front();
  }
  if (!id) return absl::NotFoundError(StrCat("no ", type.type->name, " has this ", index.index->name));
  return *id;
}

Status Reader::FindEqual(const TypeRuntime& type, const IndexRuntime& index, std::span<const Cell> values,
                         size_t limit, std::vector<RecordId>* ids) const {
  ids->clear();
  if (index.coder.words()) {
    return absl::FailedPreconditionError(StrCat("index ", Quoted(index.index->name), " of ", type.type->name,
                                                " is of words, which finds no values; search it"));
  }
  const KeyRange range = index.coder.Equal(absl::MakeConstSpan(values.data(), values.size()));
  if (range.exact && limit == SIZE_MAX) return index.tree.AppendIds(*txn_, range, ids);
  IndexCursor at(*txn_, index.tree, range);
  for (; at.Valid() && ids->size() < limit; at.Next()) {
    bool matches = true;
    if (!range.exact) {
      RELATA_ASSIGN_OR_RETURN(const RowView row, Get(type, at.id()));
      RELATA_ASSIGN_OR_RETURN(matches, HasValues(type, index, values, row));
    }
    if (matches) ids->push_back(at.id());
  }
  return at.status();
}

Status Reader::FindReferrers(const TypeRuntime& referrer, const Field& field, RecordRef target,
                             std::vector<RecordId>* ids) const {
  ids->clear();
  const uint64_t bits =
      field.type == ValueType::kAnyReference ? uint64_t{target.type} << 48 | target.id : target.id;
  const Cell value = Cell::OfBits(bits);
  const IndexRuntime* index = referrer.reference_index[field.id];
  if (index != nullptr && index->ready()) {
    RELATA_RETURN_IF_ERROR(FindEqual(referrer, *index, std::span(&value, 1), SIZE_MAX, ids));
    std::sort(ids->begin(), ids->end());
    return absl::OkStatus();
  }
  RowCursor at(*this, referrer);
  for (; at.Valid(); at.Next()) {
    const Cell cell = at.row().Get(field.id);
    if (!cell.present) continue;
    if (field.type == ValueType::kReferenceSet) {
      std::vector<RecordId> members;
      if (!DecodeReferenceSet(cell.bytes, &members)) continue;
      if (std::binary_search(members.begin(), members.end(), target.id)) ids->push_back(at.id());
    } else if (cell.bits == bits) {
      ids->push_back(at.id());
    }
  }
  return at.status();
}

StatusOr<uint64_t> Reader::CountRows(const TypeRuntime& type) const {
  RELATA_ASSIGN_OR_RETURN(const kv::TreeStats stats, txn_->StatTree(type.rows));
  return stats.entries;
}

RowCursor::RowCursor(const Reader& reader, const TypeRuntime& type, RecordId from)
    : type_(&type), verify_(reader.verifies()), cursor_(reader.kv(), type.rows) {
  cursor_.Seek(kv::IdKey(from));
  Load();
}

void RowCursor::Next() {
  cursor_.Next();
  Load();
}

void RowCursor::Load() {
  if (!cursor_.Valid()) {
    status_ = cursor_.status();
    return;
  }
  if (cursor_.key().size() != sizeof(RecordId)) {
    status_ = absl::DataLossError(StrCat(type_->type->name, ": a row has a key of ", cursor_.key().size(),
                                         " bytes where 8 are expected; restore a backup"));
    return;
  }
  id_ = kv::IdKey::Decode(cursor_.key());
  StatusOr<RowView> row = RowView::Open(type_->format, cursor_.value(), id_, verify_);
  status_ = row.status();
  if (row.ok()) row_ = *row;
}

}  // namespace relata::store
