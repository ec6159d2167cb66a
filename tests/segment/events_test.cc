// Events read from the log beside those that were told, and members and sizes of earlier moments beside a
// twin that was there.
#include "src/segment/events.h"

#include <algorithm>

#include "tests/segment/told_store.h"

namespace relata::segment::test {
namespace {

class EventsTest : public ToldStoreTest {
 protected:
  EventsTest() {
    teller_.next = [this](const Twin& twin) -> StatusOr<Section> {
      // Some of it happened at the last moment, some since.
      Section section = random_() % 4 == 0 ? Section() : AnySection(twin);
      for (Flip& flip : section.flips) flip.at.micros -= late_;
      events_.push_back(section.flips);
      return section;
    };
  }

  // A commit a while later; what it tells was so `late` before.
  void CommitLater(int64_t late = 0) {
    clock_->Set(Timestamp{clock_->Now().micros + 3'600'000'000});
    late_ = late;
    ASSERT_TRUE(Ok(Commit()));
    moments_.push_back(clock_->Now());
  }

  std::vector<Flip> Read(const store::Reader& reader, uint64_t after, size_t limit, uint32_t segment) {
    std::vector<Flip> flips;
    for (LogPosition from{reader.position().epoch, after};;) {
      const StatusOr<std::vector<ToldCommit>> told = ReadTold(reader, from, limit, segment);
      EXPECT_TRUE(Ok(told));
      if (!told.ok() || told->empty()) return flips;
      for (const ToldCommit& commit : *told) {
        EXPECT_GT(commit.sequence, from.sequence);
        from.sequence = commit.sequence;
        EXPECT_FALSE(commit.flips.empty());
        flips.insert(flips.end(), commit.flips.begin(), commit.flips.end());
      }
    }
  }

  int64_t late_ = 0;
  std::vector<std::vector<Flip>> events_;  // by commit
  std::vector<Timestamp> moments_;
};

TEST_F(EventsTest, AreReadInOrderFromAnyPositionInPiecesOfAnySize) {
  const uint64_t first = store_->Read()->position().sequence;
  for (int i = 0; i < 60; ++i) CommitLater();
  const StatusOr<store::Snapshot> now = store_->Read();
  for (int round = 0; round < 40; ++round) {
    const uint64_t skipped = random_() % 60;
    const uint32_t segment = static_cast<uint32_t>(random_() % (kSegments + 1));
    std::vector<Flip> expected;
    for (size_t commit = skipped; commit < events_.size(); ++commit) {
      std::copy_if(events_[commit].begin(), events_[commit].end(), std::back_inserter(expected),
                   [&](const Flip& flip) { return segment == 0 || flip.segment == segment; });
    }
    EXPECT_EQ(Read(*now, first + skipped, random_() % 500, segment), expected);
  }
}

TEST_F(EventsTest, APositionThatIsCutOffOrOfAnotherEpochIsRefused) {
  Reopen(/*retention=*/4);
  teller_.next = nullptr;  // no section, so nothing but the retention keeps the log
  for (int i = 0; i < 20; ++i) CommitLater();
  StatusOr<store::Snapshot> now = store_->Read();
  const LogPosition first = *FirstTold(*now);
  EXPECT_EQ(first.sequence, now->position().sequence - 4);
  EXPECT_TRUE(Ok(ReadTold(*now, first, 10, 0)));
  EXPECT_TRUE(absl::IsOutOfRange(ReadTold(*now, {first.epoch, first.sequence - 1}, 10, 0).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(ReadTold(*now, {first.epoch + 1, 0}, 10, 0).status()));
  MemberSet members;
  EXPECT_TRUE(absl::IsOutOfRange(TakeBack(*now, 1, moments_.front(), &members)));
}

TEST_F(EventsTest, LeadBackToTheMembersAndSizesOfEarlierMoments) {
  Live live(store_.get());
  std::vector<Twin> after;  // by commit
  const uint64_t first = store_->Read()->position().sequence;
  for (int i = 0; i < 50; ++i) {
    CommitLater(i % 3 == 0 ? 1'800'000'000 : 0);
    after.push_back(teller_.At(first + static_cast<uint64_t>(i) + 1));
  }
  const StatusOr<store::Snapshot> now = store_->Read();
  for (uint32_t segment = 1; segment <= kSegments; ++segment) {
    const MemberSet last = live.At(*now, segment)->bits;
    const int64_t size = static_cast<int64_t>(last.size());
    for (size_t i = 0; i < after.size(); i += 7) {
      MemberSet members = last;
      ASSERT_TRUE(Ok(TakeBack(*now, segment, moments_[i], &members)));
      EXPECT_EQ(ToTwin({.bits = members}).members, after[i][segment].members) << "after commit " << i;
      // What is told late was so before: a quarter of an hour after the commit before it, it was not yet.
      if (i == 0) continue;
      ASSERT_TRUE(Ok(TakeBack(*now, segment, Timestamp{moments_[i - 1].micros + 900'000'000}, &members)));
      EXPECT_EQ(ToTwin({.bits = members}).members, after[i - 1][segment].members) << "before commit " << i;
      if (i % 3 != 0) continue;
      members = last;
      ASSERT_TRUE(Ok(TakeBack(*now, segment, Timestamp{moments_[i].micros - 900'000'000}, &members)));
      EXPECT_EQ(ToTwin({.bits = members}).members, after[i][segment].members) << "just before commit " << i;
    }
    // Sizes: what comes after a bound is not in it.
    std::vector<Timestamp> bounds;
    for (size_t i = 5; i < moments_.size(); i += 9) bounds.push_back(Timestamp{moments_[i].micros + 1});
    std::vector<int64_t> changes(bounds.size());
    ASSERT_TRUE(Ok(CountFlips(*now, segment, bounds, &changes)));
    int64_t at = size;
    for (size_t b = bounds.size(); b-- > 0;) {
      at -= changes[b];
      EXPECT_EQ(at, static_cast<int64_t>(after[5 + 9 * b][segment].members.size())) << "bound " << b;
    }
  }
}

}  // namespace
}  // namespace relata::segment::test
