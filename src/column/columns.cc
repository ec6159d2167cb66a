// Decides what the cache can serve, and keeps it within its budget.
#include "src/column/columns.h"

#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "src/column/column_build.h"

namespace relata::column {

namespace {

enum class Age { kTrue, kBehind, kTooNew, kOther };

// How a table stands to what a snapshot sees.
Age Compare(const Table* table, const store::Snapshot& at, const store::TypeRuntime& type) {
  if (table == nullptr) return Age::kOther;
  const LogPosition position = at.position();
  if (table->epoch != position.epoch) {
    return table->epoch > position.epoch ? Age::kTooNew : Age::kOther;
  }
  if (position.sequence < table->from) return Age::kTooNew;
  if (!SameMeaning(*table, *type.type)) return position.sequence <= table->to ? Age::kTooNew : Age::kOther;
  return position.sequence <= table->to ? Age::kTrue : Age::kBehind;
}

bool HoldsAll(const Table& table, std::span<const FieldId> slots) {
  return std::all_of(slots.begin(), slots.end(), [&](FieldId slot) { return table.Holds(slot); });
}

}  // namespace

uint64_t Table::records() const {
  uint64_t records = 0;
  for (const auto& mask : presence) records += mask == nullptr ? 0 : mask->count();
  return records;
}

size_t Table::bytes() const {
  size_t bytes = 0;
  for (const auto& mask : presence) bytes += mask == nullptr ? 0 : sizeof(Mask);
  for (const auto& column : columns) bytes += column == nullptr ? 0 : column->all_bytes();
  return bytes;
}

bool ColumnCache::CanHold(const Field& field) { return !field.dropped && field.type != ValueType::kObject; }

StatusOr<std::shared_ptr<const Table>> ColumnCache::Get(const store::Snapshot& at,
                                                        const store::TypeRuntime& type,
                                                        std::span<const FieldId> slots) {
  for (const FieldId slot : slots) {
    if (slot >= type.type->fields.size() || !CanHold(type.type->fields[slot])) {
      return absl::UnavailableError(StrCat(type.type->name, ": slot ", slot, " cannot be a column"));
    }
  }
  Entry* entry = nullptr;
  {
    const absl::MutexLock lock(&mutex_);
    std::unique_ptr<Entry>& place = entries_[type.type->id];
    if (place == nullptr) place = std::make_unique<Entry>();
    entry = place.get();
    if (Serve(entry, at, type, slots)) return entry->table;
  }

  const absl::MutexLock building(&entry->building);
  std::shared_ptr<const Table> old;
  uint64_t budget = 0;
  {
    const absl::MutexLock lock(&mutex_);
    if (Serve(entry, at, type, slots)) return entry->table;
    old = entry->table;
    budget = budget_;
  }
  const Age age = Compare(old.get(), at, type);
  if (age == Age::kTooNew) {
    return absl::UnavailableError(StrCat("the columns of ", type.type->name, " have taken in commit ",
                                         old->from, "; a snapshot of commit ", at.position().sequence,
                                         " reads rows"));
  }
  Work work;
  StatusOr<std::shared_ptr<const Table>> made =
      MakeTable(at, type, age == Age::kOther ? nullptr : old, slots, budget, &work);
  const absl::MutexLock lock(&mutex_);
  figures_.rows_walked += work.rows_walked;
  figures_.rows_reread += work.rows_reread;
  figures_.chunks_made += work.chunks_made;
  if (!made.ok()) return made;
  entry->table = *made;
  Touch(entry, slots);
  Shrink(entry, slots);
  return made;
}

std::shared_ptr<const Table> ColumnCache::Peek(const store::Snapshot& at, const store::TypeRuntime& type,
                                               std::span<const FieldId> slots) {
  const absl::MutexLock lock(&mutex_);
  const auto entry = entries_.find(type.type->id);
  if (entry == entries_.end() || !Serve(entry->second.get(), at, type, slots)) return nullptr;
  return entry->second->table;
}

bool ColumnCache::Serve(Entry* entry, const store::Snapshot& at, const store::TypeRuntime& type,
                        std::span<const FieldId> slots) {
  if (Compare(entry->table.get(), at, type) != Age::kTrue || !HoldsAll(*entry->table, slots)) return false;
  ++figures_.served;
  Touch(entry, slots);
  return true;
}

void ColumnCache::Touch(Entry* entry, std::span<const FieldId> slots) {
  entry->used.resize(std::max(entry->used.size(), entry->table->columns.size()));
  ++clock_;
  for (const FieldId slot : slots) entry->used[slot] = clock_;
}

// Drops the columns that were not asked for the longest time, never those just asked for.
void ColumnCache::Shrink(const Entry* kept, std::span<const FieldId> slots) {
  uint64_t bytes = 0;
  for (const auto& [type, entry] : entries_) bytes += entry->table == nullptr ? 0 : entry->table->bytes();
  while (bytes > budget_) {
    Entry* oldest = nullptr;
    FieldId column = 0;
    for (const auto& [type, entry] : entries_) {
      if (entry->table == nullptr) continue;
      for (FieldId slot = 0; slot < entry->table->columns.size(); ++slot) {
        if (!entry->table->Holds(slot)) continue;
        if (entry.get() == kept && std::find(slots.begin(), slots.end(), slot) != slots.end()) continue;
        if (oldest != nullptr && oldest->used[column] <= entry->used[slot]) continue;
        oldest = entry.get();
        column = slot;
      }
    }
    if (oldest == nullptr) return;
    auto rest = std::make_shared<Table>(*oldest->table);
    bytes -= std::min(bytes, uint64_t{rest->columns[column]->all_bytes()});  // it may have grown meanwhile
    rest->columns[column] = nullptr;
    oldest->table = std::move(rest);
    ++figures_.columns_dropped;
  }
}

bool ColumnCache::Holds(EntityTypeId type, std::span<const FieldId> slots) const {
  const absl::MutexLock lock(&mutex_);
  const auto entry = entries_.find(type);
  return entry != entries_.end() && entry->second->table != nullptr && HoldsAll(*entry->second->table, slots);
}

void ColumnCache::SetBudget(uint64_t bytes) {
  const absl::MutexLock lock(&mutex_);
  budget_ = bytes;
  Shrink(nullptr, {});
}

void ColumnCache::Clear() {
  const absl::MutexLock lock(&mutex_);
  for (const auto& [type, entry] : entries_) entry->table = nullptr;
}

ColumnCache::Figures ColumnCache::figures() const {
  const absl::MutexLock lock(&mutex_);
  Figures figures = figures_;
  for (const auto& [type, entry] : entries_) {
    if (entry->table == nullptr) continue;
    figures.bytes += entry->table->bytes();
    for (const auto& column : entry->table->columns) figures.columns += column == nullptr ? 0 : 1;
  }
  return figures;
}

}  // namespace relata::column
