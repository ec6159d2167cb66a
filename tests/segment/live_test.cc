// Live beside a twin that was told the same: at every commit, at old snapshots, in other processes, in the
// middle of checkpoints, and in shared commits of which some fail.
#include "src/segment/live.h"

#include <atomic>
#include <thread>

#include "src/kv/cursor.h"
#include "tests/segment/told_store.h"

namespace relata::segment::test {
namespace {

// Small, so that short runs meet all of it.
constexpr Live::Limits kSmall{.tail_commits = 12,
                              .tail_bytes = 8 << 10,
                              .tail_of_chunk = 40,
                              .piece_bytes = 300,
                              .undo_flips = 300,
                              .undo_commits = 10};

class LiveTest : public ToldStoreTest {
 protected:
  using ToldStoreTest::ToldStoreTest;

  // What `live` says of every segment, beside the twin of that commit.
  void ExpectTwin(Live* live, const store::Reader& reader) {
    const Twin& twin = teller_.At(reader.position().sequence);
    std::vector<uint32_t> pending;
    for (uint32_t segment = 1; segment <= kSegments; ++segment) {
      const StatusOr<SegmentState> state = live->At(reader, segment);
      ASSERT_TRUE(Ok(state));
      const auto told = twin.find(segment);
      const TwinState expected = told == twin.end() ? TwinState() : told->second;
      ASSERT_TRUE(ToTwin(*state) == expected)
          << "segment " << segment << " at " << reader.position().sequence << ": " << state->bits.size()
          << " members, not " << expected.members.size() << "; pending " << state->pending << ", not "
          << expected.pending;
      if (told != twin.end() && expected.pending != 0) pending.push_back(segment);
    }
    ExpectLook(live, reader, twin);
    const StatusOr<std::vector<uint32_t>> said = live->Pending(reader);
    ASSERT_TRUE(Ok(said));
    ASSERT_EQ(*said, pending) << "at " << reader.position().sequence;
  }

  // The same of single records in all segments at once.
  void ExpectLook(Live* live, const store::Reader& reader, const Twin& twin) {
    std::set<RecordId> ids = {1};
    for (const auto& [segment, told] : twin) {
      if (!told.members.empty()) ids.insert(*told.members.begin());
    }
    for (const RecordId id : ids) {
      std::vector<Live::Kept> kept;
      for (uint32_t segment = 1; segment <= kSegments; ++segment) kept.push_back({.segment = segment});
      ASSERT_TRUE(live->Look(reader, id, kept).ok());
      for (const Live::Kept& one : kept) {
        const auto told = twin.find(one.segment);
        const TwinState expected = told == twin.end() ? TwinState() : told->second;
        ASSERT_EQ(one.member, expected.members.contains(id)) << id << " in segment " << one.segment;
        ASSERT_EQ(one.pending, expected.pending) << "segment " << one.segment;
      }
    }
  }
};

TEST_F(LiveTest, KnowsNothingOfWhatWasNeverTold) {
  Live live(store_.get());
  const StatusOr<store::Snapshot> now = store_->Read();
  const StatusOr<SegmentState> state = live.At(*now, 3);
  ASSERT_TRUE(Ok(state));
  EXPECT_EQ(state->pending, 1u);
  EXPECT_EQ(state->bits.size(), 0u);
  EXPECT_EQ(state->folded, Timestamp::Min());
}

TEST_F(LiveTest, BeginsNoRoundThatWritesFarMoreThanWasTold) {
  Live::Limits patient = kSmall;
  patient.tail_of_chunk = 1 << 20;
  std::vector<uint64_t> rounds;
  for (const Live::Limits& limits : {patient, kSmall}) {
    Live live(store_.get(), limits);
    teller_.next = [&](const Twin& twin) -> StatusOr<Section> { return AnySection(twin); };
    teller_.look = [&](store::Transaction* tx, const Twin&) { return live.MaybeCheckpoint(tx); };
    for (int commit = 0; commit < 100; ++commit) ASSERT_TRUE(Ok(Commit()));
    rounds.push_back(live.figures().checkpoints);
    ExpectTwin(&live, *store_->Read());
  }
  EXPECT_EQ(rounds[0], 0u);
  EXPECT_GT(rounds[1], 0u);
}

TEST_F(LiveTest, AgreesWithItsTwinThroughCheckpointsOldSnapshotsAndRestarts) {
  auto live = std::make_unique<Live>(store_.get(), kSmall);
  auto seldom = std::make_unique<Live>(store_.get(), kSmall);  // another process that looks now and then
  uint64_t checkpoints = 0, rebuilt = 0, loads = 0;
  teller_.next = [&](const Twin& twin) -> StatusOr<Section> {
    return random_() % 6 == 0 ? Section() : AnySection(twin);
  };
  teller_.look = [&](store::Transaction* tx, const Twin&) -> Status {
    ExpectTwin(live.get(), *tx);
    RELATA_RETURN_IF_ERROR((random_() % 4 == 0 ? *seldom : *live).MaybeCheckpoint(tx));
    // What was written in a commit that fails must not be counted on.
    return random_() % 9 == 0 ? absl::UnavailableError("fails") : absl::OkStatus();
  };
  std::vector<store::Snapshot> old;
  const int steps = store::test::FullRun() ? 20'000 : 600;
  for (int step = 0; step < steps && !HasFatalFailure(); ++step) {
    const Status status = Commit();
    ASSERT_TRUE(status.ok() || absl::IsUnavailable(status)) << status;
    switch (random_() % 12) {
      case 0:
        if (old.size() < 6) old.push_back(*store_->Read());
        break;
      case 1:
        if (!old.empty()) old.erase(old.begin() + static_cast<ptrdiff_t>(random_() % old.size()));
        break;
      case 2:
        for (const store::Snapshot& snapshot : old) ExpectTwin(live.get(), snapshot);
        break;
      case 3: {
        Live fresh(store_.get(), kSmall);
        ExpectTwin(&fresh, *store_->Read());
        if (!old.empty()) ExpectTwin(&fresh, old.front());
        if (!old.empty()) ExpectTwin(&fresh, old.back());
        rebuilt += fresh.figures().rebuilt;
        break;
      }
      case 4:
        if (random_() % 4 == 0) ExpectTwin(seldom.get(), *store_->Read());
        break;
      case 5:
        if (random_() % 8 != 0) break;
        checkpoints += live->figures().checkpoints + seldom->figures().checkpoints;
        loads += live->figures().loads + seldom->figures().loads;
        rebuilt += live->figures().rebuilt;
        old.clear();
        live.reset(), seldom.reset();
        Reopen(/*retention=*/random_() % 2 == 0 ? 0 : 5);
        live = std::make_unique<Live>(store_.get(), kSmall);
        seldom = std::make_unique<Live>(store_.get(), kSmall);
        break;
      default:
        ExpectTwin(live.get(), *store_->Read());
    }
  }
  EXPECT_GT(checkpoints, 10u);
  EXPECT_GT(rebuilt, 10u);
  EXPECT_GT(loads, 10u);
}

// Its map is small, and grows: then the commits of all that share one are done again.
class SharedCommitTest : public LiveTest {
 protected:
  SharedCommitTest() : LiveTest(2 << 20) {}
};

TEST_F(SharedCommitTest, ATransactionSeesTheCommitsItSharesItsOwnWith) {
  Live live(store_.get(), kSmall);
  std::atomic<int> shared = 0, failed = 0;
  teller_.next = [&](const Twin& twin) -> StatusOr<Section> { return AnySection(twin); };
  teller_.look = [&](store::Transaction* tx, const Twin&) -> Status {
    if (tx->position().sequence > tx->committed_sequence()) ++shared;
    ExpectTwin(&live, *tx);
    RELATA_RETURN_IF_ERROR(live.MaybeCheckpoint(tx));
    if (random_() % 5 != 0) return absl::OkStatus();
    ++failed;
    return absl::UnavailableError("fails");
  };
  std::vector<std::thread> writers;
  for (int w = 0; w < 6; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < 60; ++i) {
        const Status status = store_->Update({}, [&](store::Transaction& tx) -> Status {
          tx.Touch();
          return store::test::Insert(
                     tx, store::test::Client{.code = StrCat(w, "-", i), .name = std::string(3'000, 'x')})
              .status();
        });
        EXPECT_TRUE(status.ok() || absl::IsUnavailable(status)) << status;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_GT(failed, 0);
  if (shared == 0) GTEST_LOG_(INFO) << "no commit was shared on this machine";
  ExpectTwin(&live, *store_->Read());
  Live fresh(store_.get());
  ExpectTwin(&fresh, *store_->Read());
}

TEST_F(LiveTest, ForgetsADroppedSegmentInTheFileToo) {
  Live live(store_.get(), kSmall);
  teller_.look = [&](store::Transaction* tx, const Twin&) { return live.MaybeCheckpoint(tx); };
  teller_.next = [&](const Twin& twin) -> StatusOr<Section> { return AnySection(twin); };
  const auto entries = [&] {
    const StatusOr<store::Snapshot> now = store_->Read();
    std::map<uint32_t, int> of;
    kv::Cursor at(now->kv(), store_->trees().segments);
    for (at.SeekFirst(); at.Valid(); at.Next()) {
      if (at.key().size() >= 4) ++of[LoadBE32(at.key().data())];
    }
    return of;
  };
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Ok(Commit()));
  EXPECT_GT(entries()[2], 0);
  ASSERT_TRUE(Ok(
      store_->ChangeSchema([](schema::Catalogue& catalogue) { return catalogue.DropSegment("segment 2"); })));
  teller_.next = nullptr;
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(Ok(Commit()));
  EXPECT_EQ(entries()[2], 0);
  EXPECT_GT(entries()[3], 0);
}

TEST_F(LiveTest, ADamagedSegmentIsAsANewOneForEveryoneOnceACommitSaysSo) {
  auto elsewhere = std::make_unique<Live>(store_.get(), kSmall);  // knew it before
  teller_.look = [&](store::Transaction* tx, const Twin&) { return elsewhere->MaybeCheckpoint(tx); };
  teller_.next = [&](const Twin& twin) -> StatusOr<Section> { return AnySection(twin); };
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(Ok(Commit()));
  const StatusOr<store::Snapshot> whole = store_->Read();
  ExpectTwin(elsewhere.get(), *whole);
  teller_.look = nullptr, teller_.next = nullptr;
  uint32_t hit = 0;
  ASSERT_TRUE(Ok(store_->Update({}, [&](store::Transaction& tx) -> Status {
    std::string key, value;
    {
      kv::Cursor at(tx.kv(), tx.context().trees.segments);
      at.SeekLast();
      key = at.key(), value = at.value();
    }
    hit = LoadBE32(key.data());
    value[value.size() / 2] ^= 1;
    return tx.kv_write()->Put(tx.context().trees.segments, key, value);
  })));

  Live fresh(store_.get(), kSmall);
  const StatusOr<store::Snapshot> damaged = store_->Read();
  const StatusOr<SegmentState> state = fresh.At(*damaged, hit);
  ASSERT_TRUE(Ok(state));
  EXPECT_EQ(state->pending, 1u);
  EXPECT_TRUE(state->bits.empty());

  // The first commit says so, and some flips with it; those after it do not.
  int resets = 0;
  teller_.next = [&](const Twin& twin) -> StatusOr<Section> {
    Section section = AnySection(resets == 0 ? Twin() : twin);
    if (resets++ == 0) section.resets.push_back(hit);
    return section;
  };
  teller_.look = [&](store::Transaction* tx, const Twin&) -> Status {
    RELATA_ASSIGN_OR_RETURN(const Live::Doubts doubts, fresh.DoubtsOf(*tx));
    EXPECT_EQ(doubts.damaged, resets == 0 ? std::vector<uint32_t>{hit} : std::vector<uint32_t>());
    if (resets == 0) RELATA_RETURN_IF_ERROR(fresh.Erase(tx, hit));
    return fresh.MaybeCheckpoint(tx);
  };
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(Ok(Commit()));
    const StatusOr<store::Snapshot> now = store_->Read();
    ExpectTwin(&fresh, *now);
    ExpectTwin(elsewhere.get(), *now);
    if (i % 20 == 0) {
      Live later(store_.get(), kSmall);
      ExpectTwin(&later, *now);
    }
  }
  ExpectTwin(elsewhere.get(), *whole);
}

}  // namespace
}  // namespace relata::segment::test
