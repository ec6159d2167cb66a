// Defines ToldMembers, a membership that knows what a test tells it, and counts how it is asked.
//
//   ToldMembers members;
//   members.of[segment] = {1, 4, 9};
//   snapshot.set_membership(&members);
//
// Thread safety: none.
#ifndef RELATA_TESTS_STORE_TOLD_MEMBERS_H_
#define RELATA_TESTS_STORE_TOLD_MEMBERS_H_

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "src/store/membership.h"

namespace relata::store::test {

class ToldIds : public MemberIds {
 public:
  explicit ToldIds(std::set<RecordId> ids) : ids_(std::move(ids)) {}
  bool Contains(RecordId id) const override { return ids_.contains(id); }
  uint64_t size() const override { return ids_.size(); }
  void ForEach(absl::FunctionRef<void(RecordId)> visit) const override {
    for (const RecordId id : ids_) visit(id);
  }
  void CopyMask(RecordId first, std::span<uint64_t> words) const override {
    std::fill(words.begin(), words.end(), 0);
    for (auto at = ids_.lower_bound(first); at != ids_.end() && *at < first + 64 * words.size(); ++at) {
      words[(*at - first) / 64] |= uint64_t{1} << ((*at - first) % 64);
    }
  }

 private:
  std::set<RecordId> ids_;
};

class ToldMembers : public Membership {
 public:
  StatusOr<bool> Contains(uint32_t segment, RecordId id) override {
    ++asked_for_one;
    return of.at(segment).contains(id);
  }
  StatusOr<std::shared_ptr<const MemberIds>> All(uint32_t segment) override {
    ++asked_for_all;
    return std::make_shared<const ToldIds>(of.at(segment));
  }

  std::map<uint32_t, std::set<RecordId>> of;
  int asked_for_one = 0;
  int asked_for_all = 0;
};

}  // namespace relata::store::test

#endif  // RELATA_TESTS_STORE_TOLD_MEMBERS_H_
