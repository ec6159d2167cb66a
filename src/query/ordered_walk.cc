// Walks an index in the order of the query.
#include "src/query/ordered_walk.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/store/index_tree.h"

namespace relata::query {

namespace {

using store::Direction;
using store::IndexCursor;
using store::KeyRange;

constexpr size_t kRun = 512;      // ids of one key that are turned round at once
constexpr size_t kHashBytes = 8;  // behind a text that was cut, in a unique index

class OrderedWalk : public Stream {
 public:
  OrderedWalk(const Prepared& query, const Walk& walk, Matcher* matcher, OrderKeys* keys, Budget* budget,
              PlanNode* node)
      : query_(query), walk_(walk), matcher_(matcher), keys_(keys), budget_(budget), node_(node) {}

  StatusOr<bool> Next(Candidate* candidate) override {
    if (!begun_) Begin();
    begun_ = true;
    while (true) {
      if (next_sorted_ < sorted_.size()) {
        *candidate = {.id = OrderKeys::IdOf(sorted_[next_sorted_++])};
        return true;
      }
      RELATA_ASSIGN_OR_RETURN(const bool more, NextEntry());
      if (!more) return false;
      if (next_sorted_ < sorted_.size()) continue;  // it began a group
      *candidate = {.id = entry_};
      RELATA_ASSIGN_OR_RETURN(const bool matches, matcher_->Matches(candidate));
      if (matches) return true;
    }
  }

 private:
  const store::IndexRuntime& index() const { return *walk_.index; }

  // Nulls that nothing else orders stand by id in either direction.
  bool Backward() const {
    const bool by_id =
        walk_.segments[segment_].nulls && walk_.prefix.size() + 1 == index().index->parts.size();
    return walk_.backward && !by_id;
  }

  void Open(KeyRange range) {
    range_ = std::move(range);
    walked_.emplace(query_.reader->kv(), index().tree, range_,
                    Backward() ? Direction::kBackward : Direction::kForward);
  }

  // Opens the first segment, or stands behind the cursor's place.
  void Begin() {
    if (!query_.after) return Open(walk_.segments.front().range);
    after_ = keys_->KeyOf(*query_.after);
    const std::vector<IndexPart>& parts = index().index->parts;
    std::vector<Cell> cells(parts.size(), Cell::Absent());
    for (size_t i = 0; i < parts.size(); ++i) {
      if (i < walk_.prefix.size()) cells[i] = walk_.prefix[i].view();
      for (size_t term = 0; i >= walk_.prefix.size() && term < query_.order.size(); ++term) {
        if (query_.order[term].column.slot == parts[i].field) cells[i] = query_.after->values[term].view();
      }
    }
    const bool null = !cells[walk_.prefix.size()].present;
    while (walk_.segments.size() > 1 && walk_.segments[segment_].nulls != null) ++segment_;
    KeyRange range = walk_.segments[segment_].range;

    const std::optional<std::string> group = GroupOf(walk_, cells);
    const RecordId id = query_.after->id;
    std::vector<std::string> keys;
    index().coder.Keys(
        [&](FieldId field) {
          for (size_t i = 0; i < parts.size(); ++i) {
            if (parts[i].field == field) return cells[i];
          }
          return Cell::Absent();
        },
        id, &keys);
    const std::string& key = keys.front();
    if (!Backward()) {
      if (group) {  // its group is sorted anew, and passed over as far as the cursor came
        range.low = std::max(range.low, *group);
        return Open(std::move(range));
      }
      Open(std::move(range));
      walked_->SeekAfter(key, id);
      return;
    }
    const std::string end = group ? store::KeyAfter(*group) : key;
    if (!range.high.empty() && key >= range.high) return Open(std::move(range));  // the window moved
    if (!group && key >= range.low) {
      // The rest of this key first, then what lies before it.
      forward_.emplace(query_.reader->kv(), index().tree, KeyRange{.low = key, .high = store::KeyAfter(key)});
      forward_->SeekAfter(key, id);
    }
    if (range.high.empty() || end < range.high) range.high = end;
    if (range.high <= range.low) range.low = range.high;
    Open(std::move(range));
  }

  // Sets entry_ to the next id in order, or fills sorted_ with the next group.
  StatusOr<bool> NextEntry() {
    while (true) {
      if (next_turned_ < turned_.size()) return Take(turned_[next_turned_++]);
      if (forward_) {
        if (forward_->Valid()) {
          const RecordId id = forward_->id();
          forward_->Next();
          return Take(id);
        }
        RELATA_RETURN_IF_ERROR(forward_->status());
        forward_.reset();
      }
      if (!walked_ || !walked_->Valid()) {
        if (walked_) RELATA_RETURN_IF_ERROR(walked_->status());
        if (segment_ + 1 == walk_.segments.size()) return false;
        ++segment_;
        Open(walk_.segments[segment_].range);
        continue;
      }
      if (walk_.grouped > 0 || !index().coder.Exact(walked_->values())) {
        RELATA_RETURN_IF_ERROR(SortGroup());
        if (!sorted_.empty()) return true;
        continue;
      }
      if (Backward()) {
        TurnRound();
        continue;
      }
      const RecordId id = walked_->id();
      walked_->Next();
      return Take(id);
    }
  }

  StatusOr<bool> Take(RecordId id) {
    ++budget_->work().index_entries;
    ++node_->actual_rows;
    entry_ = id;
    return true;
  }

  // Takes the ids of the key that is next backward.
  void TurnRound() {
    const std::string key(walked_->values());
    turned_.clear();
    next_turned_ = 0;
    for (; walked_->Valid() && walked_->values() == key && turned_.size() < kRun; walked_->Next()) {
      turned_.push_back(walked_->id());
    }
    if (!walked_->Valid() || walked_->values() != key) {
      std::reverse(turned_.begin(), turned_.end());
      return;
    }
    turned_.clear();
    forward_.emplace(query_.reader->kv(), index().tree, KeyRange{.low = key, .high = store::KeyAfter(key)});
    Open({.low = range_.low, .high = key});
  }

  // Reads the records that the index leaves unordered among each other, keeps the matches, and sorts them.
  Status SortGroup() {
    Candidate first{.id = walked_->id()};
    RELATA_RETURN_IF_ERROR(LoadRow(query_, &first, budget_));
    std::vector<Cell> cells;
    for (const IndexPart& part : index().index->parts) cells.push_back(first.row.Get(part.field));
    const std::optional<std::string> prefix = GroupOf(walk_, cells);
    if (!prefix)
      return absl::DataLossError("an index key was cut where its text is short; rebuild the index");
    KeyRange group{.low = std::max(*prefix, range_.low), .high = store::KeyAfter(*prefix)};
    if (!range_.high.empty() && (group.high.empty() || range_.high < group.high)) group.high = range_.high;

    for (const std::string& key : sorted_) budget_->Release(key.size());
    sorted_.clear();
    next_sorted_ = 0;
    IndexCursor at(query_.reader->kv(), index().tree, group);
    std::string key;
    for (; at.Valid(); at.Next()) {
      RELATA_RETURN_IF_ERROR(Take(at.id()).status());
      Candidate candidate{.id = at.id()};
      if (candidate.id == first.id) candidate = first;
      RELATA_ASSIGN_OR_RETURN(const bool matches, matcher_->Matches(&candidate));
      if (!matches) continue;
      RELATA_RETURN_IF_ERROR(keys_->Make(&candidate, &key));
      if (key <= after_) continue;
      RELATA_RETURN_IF_ERROR(budget_->Hold(key.size(), "sort of equal keys"));
      sorted_.push_back(key);
    }
    RELATA_RETURN_IF_ERROR(at.status());
    std::sort(sorted_.begin(), sorted_.end());
    if (Backward()) {
      Open({.low = range_.low, .high = group.low});
    } else if (group.high.empty()) {
      walked_.reset();  // nothing is left
    } else {
      Open({.low = group.high, .high = range_.high});
    }
    return absl::OkStatus();
  }

  const Prepared& query_;
  const Walk& walk_;
  Matcher* matcher_;
  OrderKeys* keys_;
  Budget* budget_;
  PlanNode* node_;

  bool begun_ = false;
  std::string after_;  // the key of the cursor's record
  size_t segment_ = 0;
  KeyRange range_;                      // what is left of the segment
  std::optional<IndexCursor> walked_;   // in it, in the walk's direction; none at its end
  std::optional<IndexCursor> forward_;  // ids of one key that comes before what walked_ stands on
  std::vector<RecordId> turned_;        // the same, a few
  size_t next_turned_ = 0;
  std::vector<std::string> sorted_;  // keys of matches of one group, before all of these
  size_t next_sorted_ = 0;
  RecordId entry_ = 0;
};

}  // namespace

std::optional<std::string> GroupOf(const Walk& walk, absl::Span<const Cell> cells) {
  const bool grouped = walk.grouped > 0;
  const size_t parts = grouped ? walk.prefix.size() + walk.grouped : cells.size();
  for (size_t i = 1; i <= parts; ++i) {
    std::string prefix;
    const bool whole = walk.index->coder.EncodePrefix(cells.subspan(0, i), &prefix);
    if (!whole && walk.index->index->unique) prefix.resize(prefix.size() - kHashBytes);
    if (!whole || (grouped && i == parts)) return prefix;
  }
  return std::nullopt;
}

std::unique_ptr<Stream> MakeOrderedWalk(const Prepared& query, const Walk& walk, Matcher* matcher,
                                        OrderKeys* keys, Budget* budget, PlanNode* node) {
  return std::make_unique<OrderedWalk>(query, walk, matcher, keys, budget, node);
}

}  // namespace relata::query
