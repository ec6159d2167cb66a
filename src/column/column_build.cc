// Builds columns by one walk over the rows, and makes chunks anew whose records the change log names.
#include "src/column/column_build.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "relata/base/strings.h"
#include "src/kv/cursor.h"
#include "src/kv/environment.h"
#include "src/record/slot_reader.h"
#include "src/store/log_entry.h"
#include "src/store/meta.h"
#include "src/store/reader.h"

namespace relata::column {

namespace {

using store::RowCursor;
using store::Snapshot;
using store::TypeRuntime;

// An id past this is damage, not a record: nobody wrote so many.
constexpr size_t kMostChunks = size_t{1} << 26;

// Reading more commits than this costs more than walking the rows.
constexpr uint64_t kMostCommits = 1'000'000;

// What a field of a record takes, about, to see whether a build could fit.
constexpr uint64_t kFixedBytes = 4;
constexpr uint64_t kVariableBytes = 8;

// What happened to the records of one chunk.
struct ChunkChanges {
  std::vector<RecordId> ids;
  bool any_slot = false;  // records came or went
  std::vector<FieldId> slots;
};
using Changes = std::map<size_t, ChunkChanges>;

// What changed in records of this type after commit `after`, and the last commit that changed any. False
// where the log does not reach back so far, or has too much to tell.
StatusOr<bool> ReadChanges(const Snapshot& at, const EntityType& type, uint64_t after, Changes* changes,
                           uint64_t* last) {
  const uint64_t now = at.position().sequence;
  if (now - after > kMostCommits) return false;
  RELATA_ASSIGN_OR_RETURN(const kv::Tree log, at.kv().environment()->FindTree(store::kLogTree));
  const auto type_of = [&](EntityTypeId id) { return at.schema().catalogue().Find(id); };
  kv::Cursor entry(at.kv(), log);
  uint64_t next = after + 1;
  for (entry.Seek(kv::IdKey(next)); entry.Valid() && next <= now; entry.Next(), ++next) {
    if (kv::IdKey::Decode(entry.key()) != next) return false;
    RELATA_ASSIGN_OR_RETURN(const store::RawCommit commit,
                            store::ParseLogEntry(entry.value(), next, type_of));
    for (const store::RawChange& change : commit.changes) {
      if (change.type != type.id) continue;
      *last = next;
      ChunkChanges& chunk = (*changes)[ChunkOf(change.id)];
      chunk.ids.push_back(change.id);
      if (change.kind != ChangeKind::kUpdate) chunk.any_slot = true;
      for (const store::FormerCell& former : change.former) chunk.slots.push_back(former.slot);
    }
  }
  RELATA_RETURN_IF_ERROR(entry.status());
  return next > now;
}

// Whether what is absent in a row is a value in columns: the zero of a field that cannot be null, but for a
// reference to nothing.
bool HoldsZeros(const Field& field) { return !field.nullable && (!field.is_reference() || field.is_set()); }

Cell ToColumn(const Field& field, Cell cell) {
  cell.present |= HoldsZeros(field);
  return cell;
}

std::shared_ptr<Column> NewColumn(const Field& field, size_t chunks) {
  auto column = std::make_shared<Column>();
  column->slot = field.id;
  column->type = field.type;
  column->nullable = field.nullable;
  column->chunks.resize(chunks);
  if (field.is_variable()) column->dictionary = std::make_shared<Dictionary>();
  if (field.type == ValueType::kReference) column->targets = std::make_shared<TargetSets>();
  return column;
}

void CountBytes(Column* column) {
  column->bytes = column->dictionary == nullptr ? 0 : column->dictionary->bytes();
  for (const auto& chunk : column->chunks) column->bytes += chunk == nullptr ? 0 : chunk->bytes();
}

// Makes the chunks anew whose records changed.
class CatchUp {
 public:
  CatchUp(const Snapshot& at, const TypeRuntime& type, Table* table, Work* work)
      : at_(at), type_(type), table_(table), work_(work), fresh_(table->columns.size()) {}

  Status Run(Changes changes) {
    if (changes.empty()) return absl::OkStatus();
    const size_t chunks = std::max(table_->chunks(), changes.rbegin()->first + 1);
    if (chunks > kMostChunks) return absl::DataLossError(StrCat(type_.type->name, ": ids are out of range"));
    table_->presence.resize(chunks);
    for (size_t slot = 0; slot < table_->columns.size(); ++slot) {
      if (table_->columns[slot] == nullptr) continue;
      auto column = std::make_shared<Column>(*table_->columns[slot]);
      column->chunks.resize(chunks);
      if (column->targets != nullptr) column->targets = std::make_shared<TargetSets>(*column->targets);
      fresh_[slot] = std::move(column);
    }
    for (auto& [chunk, change] : changes) {
      std::sort(change.ids.begin(), change.ids.end());
      change.ids.erase(std::unique(change.ids.begin(), change.ids.end()), change.ids.end());
      RELATA_RETURN_IF_ERROR(Remake(chunk, change));
    }
    for (size_t slot = 0; slot < fresh_.size(); ++slot) {
      if (fresh_[slot] == nullptr) continue;
      CountBytes(fresh_[slot].get());
      table_->columns[slot] = std::move(fresh_[slot]);
    }
    return absl::OkStatus();
  }

 private:
  Status Remake(size_t chunk, const ChunkChanges& change) {
    auto presence = table_->presence[chunk] == nullptr ? std::make_shared<Mask>()
                                                       : std::make_shared<Mask>(*table_->presence[chunk]);
    std::vector<RowView> rows(change.ids.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      bool found = false;
      RELATA_RETURN_IF_ERROR(at_.Find(type_, change.ids[i], &rows[i], &found));
      if (!found) rows[i] = RowView();
      found ? presence->Set(PlaceOf(change.ids[i])) : presence->Clear(PlaceOf(change.ids[i]));
    }
    work_->rows_reread += rows.size();
    for (const std::shared_ptr<Column>& column : fresh_) {
      if (column == nullptr || !Touches(change, column->slot)) continue;
      const Field& field = type_.type->fields[column->slot];
      ChunkBuilder builder(column->dictionary);
      builder.Start(column->chunks[chunk].get());
      for (size_t i = 0; i < rows.size(); ++i) {
        const bool there = rows[i].valid();
        builder.Set(PlaceOf(change.ids[i]),
                    there ? ToColumn(field, rows[i].Get(column->slot)) : Cell::Absent());
      }
      RELATA_ASSIGN_OR_RETURN(column->chunks[chunk], builder.Finish());
      if (column->targets != nullptr) column->targets->Forget(TargetSets::SpanOf(chunk));
      ++work_->chunks_made;
    }
    table_->presence[chunk] = presence->any() ? std::move(presence) : nullptr;
    return absl::OkStatus();
  }

  // The moment of the last change is not among the former values that the log keeps.
  static bool Touches(const ChunkChanges& change, FieldId slot) {
    return change.any_slot || slot == kUpdatedAt ||
           std::find(change.slots.begin(), change.slots.end(), slot) != change.slots.end();
  }

  const Snapshot& at_;
  const TypeRuntime& type_;
  Table* table_;
  Work* work_;
  std::vector<std::shared_ptr<Column>> fresh_;  // by slot
};

// Fills columns from all rows.
class Walk {
 public:
  Walk(const Snapshot& at, const TypeRuntime& type, std::span<const FieldId> slots, Table* table, Work* work)
      : at_(at), type_(type), slots_(slots), table_(table), work_(work) {
    for (const FieldId slot : slots) {
      const Field& field = type.type->fields[slot];
      columns_.push_back(NewColumn(field, table->chunks()));
      builders_.emplace_back(columns_.back()->dictionary);
      zeros_.push_back(HoldsZeros(field));
    }
  }

  Status Run() {
    size_t chunk = 0;
    auto presence = std::make_shared<Mask>();
    RowCursor row(at_, type_);
    record::SlotReader cells(type_.format, slots_);
    for (; row.Valid(); row.Next()) {
      if (ChunkOf(row.id()) != chunk) {
        RELATA_RETURN_IF_ERROR(Close(chunk, std::move(presence)));
        presence = std::make_shared<Mask>();
        chunk = ChunkOf(row.id());
        if (chunk >= kMostChunks) {
          return absl::DataLossError(StrCat(type_.type->name, ": id ", row.id(), " is out of range"));
        }
      }
      const size_t place = PlaceOf(row.id());
      presence->Set(place);
      const std::span<const Cell> read = cells.Read(row.row());
      for (size_t i = 0; i < builders_.size(); ++i) {
        Cell cell = read[i];
        cell.present |= zeros_[i] != 0;
        builders_[i].Set(place, cell);
      }
      ++work_->rows_walked;
    }
    RELATA_RETURN_IF_ERROR(row.status());
    RELATA_RETURN_IF_ERROR(Close(chunk, std::move(presence)));
    for (std::shared_ptr<Column>& column : columns_) {
      column->chunks.resize(table_->chunks());
      CountBytes(column.get());
      const FieldId slot = column->slot;
      table_->columns[slot] = std::move(column);
    }
    return absl::OkStatus();
  }

 private:
  Status Close(size_t chunk, std::shared_ptr<const Mask> presence) {
    if (!presence->any()) return absl::OkStatus();
    if (table_->presence.size() <= chunk) table_->presence.resize(chunk + 1);
    table_->presence[chunk] = std::move(presence);
    for (size_t i = 0; i < columns_.size(); ++i) {
      columns_[i]->chunks.resize(std::max(columns_[i]->chunks.size(), chunk + 1));
      RELATA_ASSIGN_OR_RETURN(columns_[i]->chunks[chunk], builders_[i].Finish());
      builders_[i].Start(nullptr);
      ++work_->chunks_made;
    }
    return absl::OkStatus();
  }

  const Snapshot& at_;
  const TypeRuntime& type_;
  const std::span<const FieldId> slots_;
  Table* table_;
  Work* work_;
  std::vector<std::shared_ptr<Column>> columns_;
  std::vector<ChunkBuilder> builders_;
  std::vector<uint8_t> zeros_;  // whether what is absent is a zero
};

Status CheckFits(const Snapshot& at, const TypeRuntime& type, std::span<const FieldId> slots,
                 uint64_t budget) {
  uint64_t record = 0;
  for (const FieldId slot : slots) {
    record += type.type->fields[slot].is_variable() ? kVariableBytes : kFixedBytes;
  }
  RELATA_ASSIGN_OR_RETURN(const uint64_t records, at.CountRows(type));
  if (records * record <= budget) return absl::OkStatus();
  return absl::UnavailableError(StrCat(slots.size(), " columns of ", records, " records of ", type.type->name,
                                       " would not fit the ", budget,
                                       " bytes that columns may take; the rows answer"));
}

}  // namespace

bool SameMeaning(const Table& table, const EntityType& type) {
  for (const auto& column : table.columns) {
    if (column == nullptr) continue;
    if (column->slot >= type.fields.size()) return false;
    const Field& field = type.fields[column->slot];
    if (field.dropped || field.type != column->type || field.nullable != column->nullable) return false;
  }
  return true;
}

StatusOr<std::shared_ptr<const Table>> MakeTable(const Snapshot& at, const TypeRuntime& type,
                                                 const std::shared_ptr<const Table>& old,
                                                 std::span<const FieldId> slots, uint64_t budget,
                                                 Work* work) {
  RELATA_RETURN_IF_ERROR(CheckFits(at, type, slots, budget));
  const LogPosition position = at.position();
  auto table = std::make_shared<Table>();
  bool caught_up = false;
  if (old != nullptr) {
    *table = *old;
    Changes changes;
    caught_up = position.sequence <= old->to;
    if (!caught_up) {
      RELATA_ASSIGN_OR_RETURN(caught_up, ReadChanges(at, *type.type, old->to, &changes, &table->from));
    }
    if (caught_up) {
      table->to = std::max(old->to, position.sequence);
      table->columns.resize(type.type->fields.size());
      RELATA_RETURN_IF_ERROR(CatchUp(at, type, table.get(), work).Run(std::move(changes)));
    }
  }
  if (!caught_up) {
    *table = {.type = type.type->id,
              .epoch = position.epoch,
              .from = position.sequence,
              .to = position.sequence,
              .presence = {},
              .columns = {}};
    table->columns.resize(type.type->fields.size());
  }
  std::vector<FieldId> missing;
  for (const FieldId slot : slots) {
    if (!table->Holds(slot) && std::find(missing.begin(), missing.end(), slot) == missing.end()) {
      missing.push_back(slot);
    }
  }
  if (!caught_up || !missing.empty()) {
    RELATA_RETURN_IF_ERROR(Walk(at, type, missing, table.get(), work).Run());
  }
  return std::shared_ptr<const Table>(std::move(table));
}

}  // namespace relata::column
