// Scans, filters and sorts.
#include "src/query/stream.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "src/store/index_tree.h"

namespace relata::query {

namespace {

class RowScan : public Stream {
 public:
  RowScan(const Prepared& query, RecordId after, Budget* budget, PlanNode* node)
      : rows_(*query.reader, *query.type, after + 1), budget_(budget), node_(node) {}

  StatusOr<bool> Next(Candidate* candidate) override {
    if (begun_ && rows_.Valid()) rows_.Next();
    begun_ = true;
    if (!rows_.Valid()) {
      RELATA_RETURN_IF_ERROR(rows_.status());
      return false;
    }
    ++budget_->work().rows_read;
    ++node_->actual_rows;
    *candidate = {.id = rows_.id(), .has_row = true, .row = rows_.row()};
    return true;
  }

 private:
  store::RowCursor rows_;
  Budget* budget_;
  PlanNode* node_;
  bool begun_ = false;
};

class IndexScan : public Stream {
 public:
  IndexScan(const Prepared& query, const Access& access, RecordId after, Budget* budget, PlanNode* node)
      : at_(query.reader->kv(), access.index->tree, access.range), budget_(budget), node_(node) {
    // One values key: the cursor's record is looked for among its ids.
    if (after != 0 && at_.Valid()) at_.SeekAfter(std::string(at_.values()), after);
  }

  StatusOr<bool> Next(Candidate* candidate) override {
    if (begun_ && at_.Valid()) at_.Next();
    begun_ = true;
    if (!at_.Valid()) {
      RELATA_RETURN_IF_ERROR(at_.status());
      return false;
    }
    ++budget_->work().index_entries;
    ++node_->actual_rows;
    *candidate = {.id = at_.id()};
    return true;
  }

 private:
  store::IndexCursor at_;
  Budget* budget_;
  PlanNode* node_;
  bool begun_ = false;
};

class IdScan : public Stream {
 public:
  IdScan(IdSet ids, RecordId after) : ids_(std::move(ids)), at_(ids_.begin()), end_(ids_.end()) {
    if (after != 0) at_.move(after + 1);
  }

  StatusOr<bool> Next(Candidate* candidate) override {
    if (at_ == end_) return false;
    *candidate = {.id = *at_};
    ++at_;
    return true;
  }

 private:
  IdSet ids_;
  IdSetIterator at_;
  IdSetIterator end_;
};

class ListScan : public Stream {
 public:
  ListScan(std::vector<RecordId> ids, RecordId after)
      : ids_(std::move(ids)),
        next_(static_cast<size_t>(std::upper_bound(ids_.begin(), ids_.end(), after) - ids_.begin())) {}

  StatusOr<bool> Next(Candidate* candidate) override {
    if (next_ == ids_.size()) return false;
    *candidate = {.id = ids_[next_++]};
    return true;
  }

 private:
  std::vector<RecordId> ids_;
  size_t next_;
};

class Filtered : public Stream {
 public:
  Filtered(std::unique_ptr<Stream> from, Matcher* matcher) : from_(std::move(from)), matcher_(matcher) {}

  StatusOr<bool> Next(Candidate* candidate) override {
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, from_->Next(candidate));
      if (!more) return false;
      RELATA_ASSIGN_OR_RETURN(const bool matches, matcher_->Matches(candidate));
      if (matches) return true;
    }
  }

 private:
  std::unique_ptr<Stream> from_;
  Matcher* matcher_;
};

class Sorted : public Stream {
 public:
  Sorted(std::unique_ptr<Stream> from, OrderKeys* order, std::string after, std::optional<uint64_t> keep,
         Budget* budget, PlanNode* node)
      : from_(std::move(from)),
        order_(order),
        after_(std::move(after)),
        keep_(keep),
        budget_(budget),
        node_(node) {}

  StatusOr<bool> Next(Candidate* candidate) override {
    if (from_ != nullptr) RELATA_RETURN_IF_ERROR(Sort());
    if (next_ == keys_.size()) return false;
    *candidate = {.id = OrderKeys::IdOf(keys_[next_++])};
    return true;
  }

 private:
  Status Sort() {
    const auto begin = std::chrono::steady_clock::now();
    const std::unique_ptr<Stream> from = std::move(from_);
    Candidate candidate;
    std::string key;
    while (true) {
      RELATA_ASSIGN_OR_RETURN(const bool more, from->Next(&candidate));
      if (!more) break;
      RELATA_RETURN_IF_ERROR(order_->Make(&candidate, &key));
      if (key > after_) RELATA_RETURN_IF_ERROR(Keep(key));
    }
    RELATA_RETURN_IF_ERROR(budget_->Look());
    std::sort(keys_.begin(), keys_.end());
    node_->actual_rows = keys_.size();
    node_->actual_micros = static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin)
            .count());
    return absl::OkStatus();
  }

  // Of as many as are kept, a heap has the worst on top.
  Status Keep(const std::string& key) {
    if (keep_ && keys_.size() == *keep_) {
      if (keys_.empty() || key >= keys_.front()) return absl::OkStatus();
      std::pop_heap(keys_.begin(), keys_.end());
      budget_->Release(SizeOf(keys_.back()));
      keys_.back() = key;
    } else {
      keys_.push_back(key);
    }
    if (keep_) std::push_heap(keys_.begin(), keys_.end());
    return budget_->Hold(SizeOf(key), "sort");
  }
  static uint64_t SizeOf(const std::string& key) { return sizeof(std::string) + key.size(); }

  std::unique_ptr<Stream> from_;  // until it was read
  OrderKeys* order_;
  std::string after_;
  std::optional<uint64_t> keep_;
  Budget* budget_;
  PlanNode* node_;
  std::vector<std::string> keys_;
  size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Stream> MakeRowScan(const Prepared& query, RecordId after, Budget* budget, PlanNode* node) {
  return std::make_unique<RowScan>(query, after, budget, node);
}
std::unique_ptr<Stream> MakeIndexScan(const Prepared& query, const Access& access, RecordId after,
                                      Budget* budget, PlanNode* node) {
  return std::make_unique<IndexScan>(query, access, after, budget, node);
}
std::unique_ptr<Stream> MakeIdScan(IdSet ids, RecordId after) {
  return std::make_unique<IdScan>(std::move(ids), after);
}
std::unique_ptr<Stream> MakeListScan(std::vector<RecordId> ids, RecordId after) {
  return std::make_unique<ListScan>(std::move(ids), after);
}
std::unique_ptr<Stream> MakeFiltered(std::unique_ptr<Stream> from, Matcher* matcher) {
  return std::make_unique<Filtered>(std::move(from), matcher);
}
std::unique_ptr<Stream> MakeSorted(std::unique_ptr<Stream> from, OrderKeys* keys, std::string after,
                                   std::optional<uint64_t> keep, Budget* budget, PlanNode* node) {
  return std::make_unique<Sorted>(std::move(from), keys, std::move(after), keep, budget, node);
}

}  // namespace relata::query
