// Defines ToldStore: a small store whose commits tell of segments what the test says, and a twin that
// remembers what was told after every commit.
#ifndef RELATA_TESTS_SEGMENT_TOLD_STORE_H_
#define RELATA_TESTS_SEGMENT_TOLD_STORE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/segment/live.h"
#include "tests/store/fixture.h"

namespace relata::segment::test {

using store::test::Ok;

struct TwinState {
  std::set<RecordId> members;
  Timestamp folded = Timestamp::Min();
  RecordId pending = 1;
  friend bool operator==(const TwinState&, const TwinState&) = default;
};
using Twin = std::map<uint32_t, TwinState>;  // what was told up to a commit

inline void Tell(const Section& section, Twin* twin) {
  for (const uint32_t segment : section.resets) (*twin)[segment] = TwinState();
  for (const Flip& flip : section.flips) {
    std::set<RecordId>& members = (*twin)[flip.segment].members;
    flip.entered ? (void)members.insert(flip.record) : (void)members.erase(flip.record);
  }
  for (const auto& folded : section.folds) (*twin)[folded.segment].folded = folded.at;
  for (const auto& pending : section.pendings) (*twin)[pending.segment].pending = pending.from;
}

inline TwinState ToTwin(const SegmentState& state) {
  TwinState twin{.folded = state.folded, .pending = state.pending};
  state.bits.ForEach([&](RecordId id) { twin.members.insert(id); });
  EXPECT_EQ(twin.members.size(), state.bits.size());
  return twin;
}

// Gives every commit the section that `next` makes of the twin before it.
class Teller : public store::CommitHook {
 public:
  class Session : public store::CommitHook::Session {
   public:
    explicit Session(Teller* teller) : teller_(teller) {}
    Status BeforeWrite(store::Transaction*, const store::TypeRuntime&, ChangeKind, RecordId,
                       std::span<const store::FormerCell>) override {
      return absl::OkStatus();
    }
    size_t Mark() const override { return 0; }
    void RollBackTo(size_t) override {}
    StatusOr<std::string> BeforeCommit(store::Transaction* tx) override { return teller_->BeforeCommit(tx); }

   private:
    Teller* teller_;
  };
  StatusOr<std::unique_ptr<store::CommitHook::Session>> Begin(store::Transaction*) override {
    return std::make_unique<Session>(this);
  }

  // What a commit sees, and what it tells. Only one writes at a time.
  std::function<Status(store::Transaction*, const Twin&)> look;
  std::function<StatusOr<Section>(const Twin&)> next;
  // By sequence. Those of commits that failed are written over by the ones that come in their place.
  std::map<uint64_t, Twin> twins;

 private:
  StatusOr<std::string> BeforeCommit(store::Transaction* tx) {
    const uint64_t sequence = tx->position().sequence;
    Twin twin = At(sequence);
    if (look) RELATA_RETURN_IF_ERROR(look(tx, twin));
    Section section;
    if (next) {
      RELATA_ASSIGN_OR_RETURN(section, next(twin));
    }
    Tell(section, &twin);
    twins[sequence + 1] = std::move(twin);
    return section.Encode();
  }

 public:
  const Twin& At(uint64_t sequence) { return twins[sequence]; }
};

class ToldStoreTest : public testing::Test {
 protected:
  static constexpr uint32_t kSegments = 6;

  explicit ToldStoreTest(uint64_t map_size = 256 << 20) : map_size_(map_size) { Reopen(); }
  ~ToldStoreTest() override { store_.reset(); }

  void Reopen(uint64_t retention = 0) {
    store_.reset();
    Options options = store::test::SmallStore(clock_);
    options.map_size = map_size_;
    options.log_retention = retention;
    StatusOr<std::shared_ptr<store::Store>> opened = store::Store::Open(folder_.File(), options);
    ASSERT_TRUE(Ok(opened));
    store_ = *std::move(opened);
    ASSERT_TRUE(Ok(store_->Register(store::test::Model())));
    for (uint32_t i = 1; i <= kSegments; ++i) {
      if (store_->schema()->catalogue().FindSegment(i) != nullptr) continue;
      ASSERT_TRUE(Ok(store_->ChangeSchema([&](schema::Catalogue& catalogue) {
        return catalogue.DefineSegment("client", StrCat("segment ", i), "true", "");
      })));
    }
    store_->SetCommitHook(&teller_);
  }

  Status Commit() {
    return store_->Update({}, [](store::Transaction& tx) {
      tx.Touch();
      return absl::OkStatus();
    });
  }

  // A section such as could be told: who is out enters, who is in leaves.
  Section AnySection(const Twin& twin) {
    Section section;
    Twin after = twin;
    for (uint64_t runs = random_() % 4; runs > 0; --runs) {
      const uint32_t segment = static_cast<uint32_t>(1 + random_() % kSegments);
      for (uint64_t count = random_() % 5 == 0 ? 400 : random_() % 6; count > 0; --count) {
        const RecordId record =
            random_() % 2 == 0 ? 1 + random_() % 400 : 65'400 * (1 + random_() % 4) + random_() % 90;
        std::set<RecordId>& members = after[segment].members;
        const bool entered = members.insert(record).second;
        if (!entered) members.erase(record);
        section.flips.push_back(
            {.segment = segment, .record = record, .at = clock_->Now(), .entered = entered});
      }
    }
    const uint32_t segment = static_cast<uint32_t>(1 + random_() % kSegments);
    if (random_() % 4 == 0) section.folds.push_back({.segment = segment, .at = clock_->Now()});
    if (random_() % 8 == 0) section.pendings.push_back({.segment = segment, .from = random_() % 3});
    return section;
  }

  const uint64_t map_size_;
  store::test::Folder folder_;
  std::shared_ptr<ManualClock> clock_ = store::test::StandingClock();
  Teller teller_;
  std::shared_ptr<store::Store> store_;
  std::mt19937_64 random_{11};
};

}  // namespace relata::segment::test

#endif  // RELATA_TESTS_SEGMENT_TOLD_STORE_H_
