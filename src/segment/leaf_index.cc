// Holds leaves by the values at which they turn. A look-up gathers the leaves that may have turned, then asks
// each one.
#include "src/segment/leaf_index.h"

#include <algorithm>
#include <bit>

#include "absl/container/inlined_vector.h"
#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/expr/datum.h"

namespace relata::segment {
namespace {

using expr::Base;

using Found = absl::InlinedVector<LeafId, 32>;

}  // namespace

// The leaves on one field.
struct LeafIndex::Slot {
  struct End {
    Constant value;
    LeafId leaf;
  };

  Base base = Base::kNull;
  bool zero_if_absent = false;
  // Points and what lies outside of them, by each point.
  absl::flat_hash_map<uint64_t, std::vector<LeafId>> by_bits;
  absl::flat_hash_map<std::string, std::vector<LeafId>> by_bytes;
  std::vector<End> ends;        // of ranges, sorted
  std::vector<End> lows;        // of ranges with a low end, sorted by that
  std::vector<End> highs;       // of the others
  std::vector<LeafId> of_any;   // that turn with null, whatever the value; all but kPoints and kRange
  std::vector<LeafId> of_null;  // true of null
  std::vector<LeafId> wide;     // true of most values: to be asked one by one

  bool InBytes() const { return base == Base::kTextSet || base == Base::kText || base == Base::kObject; }

  expr::Datum DatumOf(const Constant& constant) const {
    return InBytes() ? expr::Datum::OfBytes(constant.bytes) : expr::Datum::OfBits(constant.bits);
  }
  int Order(const Constant& a, const Cell& b) const { return expr::Compare(base, DatumOf(a), b); }

  Cell Value(const Cell& cell) const {
    Cell value = cell;
    if (zero_if_absent) value.present = true;
    return value;
  }

  void Add(const Leaf& leaf, LeafId id);
  void Finish();
  // Leaves one of whose points the value is, or holds.
  void AddAtPoints(const Cell& value, Found* found) const;
  // Ranges that may hold the value.
  void AddAround(const Cell& value, Found* found) const;
  // Ranges with an end between the two.
  void AddBetween(const Cell& a, const Cell& b, Found* found) const;
};

void LeafIndex::Slot::Add(const Leaf& leaf, LeafId id) {
  base = leaf.base;
  zero_if_absent = leaf.zero_if_absent;
  const bool points = leaf.form == Leaf::Form::kPoints || leaf.form == Leaf::Form::kOutside;
  if (points) {
    for (const Constant& point : leaf.points) {
      if (InBytes()) {
        by_bytes[point.bytes].push_back(id);
      } else {
        by_bits[expr::KeyBits(base, expr::Datum::OfBits(point.bits))].push_back(id);
      }
    }
  }
  if (leaf.form == Leaf::Form::kRange) {
    if (leaf.has_low) ends.push_back({leaf.points.front(), id});
    if (leaf.has_high) ends.push_back({leaf.points.back(), id});
    (leaf.has_low ? lows : highs).push_back({leaf.has_low ? leaf.points.front() : leaf.points.back(), id});
  }
  if (leaf.form == Leaf::Form::kPresent || leaf.form == Leaf::Form::kOutside) of_any.push_back(id);
  if (leaf.negated) of_null.push_back(id);
  const bool narrow = leaf.form == Leaf::Form::kPoints || leaf.form == Leaf::Form::kRange;
  const bool few = (narrow && !leaf.negated) || (leaf.negated && leaf.form == Leaf::Form::kOutside);
  if (!few && !(leaf.form == Leaf::Form::kPresent && leaf.negated)) wide.push_back(id);
}

void LeafIndex::Slot::Finish() {
  const auto before = [&](const End& a, const End& b) { return Order(a.value, DatumOf(b.value)) < 0; };
  std::sort(ends.begin(), ends.end(), before);
  std::sort(lows.begin(), lows.end(), before);
  std::sort(highs.begin(), highs.end(), before);
}

void LeafIndex::Slot::AddAtPoints(const Cell& value, Found* found) const {
  const auto add = [&](const auto& map, const auto& key) {
    if (const auto at = map.find(key); at != map.end()) {
      found->insert(found->end(), at->second.begin(), at->second.end());
    }
  };
  if (by_bits.empty() && by_bytes.empty()) return;
  if (base == Base::kTextSet) {
    std::string_view rest = value.bytes;
    for (std::string_view text; expr::TakeElement(&rest, &text);) add(by_bytes, ToAbsl(text));
  } else if (base == Base::kLabelSet) {
    for (uint64_t rest = value.bits; rest != 0; rest &= rest - 1) {
      add(by_bits, static_cast<uint64_t>(std::countr_zero(rest)));
    }
  } else if (base == Base::kRecordSet) {
    for (size_t at = 0; at + sizeof(RecordId) <= value.bytes.size(); at += sizeof(RecordId)) {
      add(by_bits, LoadLE64(value.bytes.data() + at));
    }
  } else if (InBytes()) {
    add(by_bytes, ToAbsl(value.bytes));
  } else {
    add(by_bits, expr::KeyBits(base, value));
  }
}

void LeafIndex::Slot::AddAround(const Cell& value, Found* found) const {
  for (const End& end : lows) {
    if (Order(end.value, value) > 0) break;
    found->push_back(end.leaf);
  }
  const auto from = std::partition_point(highs.begin(), highs.end(),
                                         [&](const End& end) { return Order(end.value, value) < 0; });
  for (auto at = from; at != highs.end(); ++at) found->push_back(at->leaf);
}

void LeafIndex::Slot::AddBetween(const Cell& a, const Cell& b, Found* found) const {
  if (ends.empty()) return;
  const bool ascending = expr::Compare(base, a, b) <= 0;
  const Cell& low = ascending ? a : b;
  const Cell& high = ascending ? b : a;
  const auto from = std::partition_point(ends.begin(), ends.end(),
                                         [&](const End& end) { return Order(end.value, low) < 0; });
  for (auto at = from; at != ends.end() && Order(at->value, high) <= 0; ++at) found->push_back(at->leaf);
}

LeafIndex::LeafIndex() = default;
LeafIndex::LeafIndex(LeafIndex&&) noexcept = default;
LeafIndex& LeafIndex::operator=(LeafIndex&&) noexcept = default;
LeafIndex::~LeafIndex() = default;

LeafId LeafIndex::Add(const Leaf& leaf) {
  const auto [at, added] = ids_.try_emplace(leaf.Key(), static_cast<LeafId>(leaves_.size()));
  if (!added) return at->second;
  leaves_.push_back(leaf);
  std::unique_ptr<Slot>& slot = slots_[SlotKey(leaf.type, leaf.slot)];
  if (slot == nullptr) {
    slot = std::make_unique<Slot>();
    slots_of_[leaf.type].push_back(leaf.slot);
  }
  slot->Add(leaf, at->second);
  return at->second;
}

void LeafIndex::Finish() {
  for (auto& [key, slot] : slots_) slot->Finish();
}

void LeafIndex::Flipped(EntityTypeId type, FieldId slot_id, const Cell& before, const Cell& after,
                        absl::FunctionRef<void(LeafId)> on_leaf) const {
  const auto found_slot = slots_.find(SlotKey(type, slot_id));
  if (found_slot == slots_.end()) return;
  const Slot& slot = *found_slot->second;
  const Cell old_value = slot.Value(before);
  const Cell new_value = slot.Value(after);
  Found found;
  if (old_value.present) slot.AddAtPoints(old_value, &found);
  if (new_value.present) slot.AddAtPoints(new_value, &found);
  if (old_value.present && new_value.present) {
    slot.AddBetween(old_value, new_value, &found);
  } else if (old_value.present != new_value.present) {
    slot.AddAround(old_value.present ? old_value : new_value, &found);
    found.insert(found.end(), slot.of_any.begin(), slot.of_any.end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  for (const LeafId id : found) {
    if (leaves_[id].IsTrue(old_value) != leaves_[id].IsTrue(new_value)) on_leaf(id);
  }
}

void LeafIndex::True(EntityTypeId type, absl::FunctionRef<Cell(FieldId)> cells,
                     absl::FunctionRef<void(LeafId)> on_leaf) const {
  const auto slots = slots_of_.find(type);
  if (slots == slots_of_.end()) return;
  Found found;
  for (const FieldId slot_id : slots->second) {
    const Slot& slot = *slots_.find(SlotKey(type, slot_id))->second;
    const Cell value = slot.Value(cells(slot_id));
    if (!value.present) {
      for (const LeafId id : slot.of_null) on_leaf(id);
      continue;
    }
    found.clear();
    slot.AddAtPoints(value, &found);
    slot.AddAround(value, &found);
    found.insert(found.end(), slot.wide.begin(), slot.wide.end());
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    for (const LeafId id : found) {
      if (leaves_[id].IsTrue(value)) on_leaf(id);
    }
  }
}

}  // namespace relata::segment
