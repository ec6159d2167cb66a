// Tests that a check tells of segments whose members were damaged in the file, or are not those of their
// condition.
#include <functional>
#include <string>

#include "relata/engine/maintenance.h"
#include "src/base/coding.h"
#include "src/kv/cursor.h"
#include "src/kv/environment.h"
#include "src/segment/checkpoint.h"
#include "src/store/store.h"
#include "tests/engine/fixture.h"

namespace relata {
namespace {

using testing::HasSubstr;

constexpr int kCommits = 1'100;  // more than a checkpoint waits for

class SegmentCheckTest : public EngineTest {
 protected:
  SegmentCheckTest() {
    Define("all", "id is not null");
    Define("new", "acquisition.acquired_on >= today() - 7");
    Define("best", "top 1 by sum(orders.total)");
    for (int i = 0; i < kCommits; ++i) {
      EXPECT_TRUE(
          database_->Update([&](Transaction& tx) { return tx.Insert(crm::Relation{.name = "Smit"}); }).ok());
    }
  }

  CheckReport Check() { return CheckDatabase(*database_).value(); }
  // Changes the tree of members behind the segments' back. A store that is opened anew sees it.
  void Tamper(const std::function<Status(kv::WriteTransaction&, kv::Tree)>& change) {
    kv::Environment& environment = *database_->store()->environment();
    StatusOr<kv::WriteTransaction> txn = environment.BeginWrite();
    ASSERT_TRUE(txn.ok()) << txn.status();
    const Status changed = change(*txn, database_->store()->trees().segments);
    ASSERT_TRUE(changed.ok()) << changed;
    ASSERT_TRUE(txn->Commit().ok());
    txn = absl::CancelledError();
    Reopen();
  }
  // The key of a chunk of the first segment's members.
  std::string ChunkKey() {
    std::string key(12, '\0');
    StoreBE32(key.data(), 1);
    return key;
  }
};

TEST_F(SegmentCheckTest, WholeSegmentsAreCompared) {
  const CheckReport report = Check();
  EXPECT_TRUE(report.clean()) << report.findings.front().what;
  EXPECT_EQ(report.segments, 2u);  // the third is computed when read
}

TEST_F(SegmentCheckTest, DamagedMembersAreNamed) {
  Tamper([&](kv::WriteTransaction& txn, kv::Tree tree) -> Status {
    std::string_view value;
    if (!txn.Find(tree, ChunkKey(), &value)) return absl::NotFoundError("no checkpoint was written");
    std::string damaged(value);
    damaged[damaged.size() / 2] ^= 1;
    return txn.Put(tree, ChunkKey(), damaged);
  });
  const CheckReport report = Check();
  ASSERT_EQ(report.total_findings, 1u);
  EXPECT_EQ(report.findings[0].kind, FindingKind::kSegment);
  EXPECT_EQ(report.findings[0].entity, "relation");
  EXPECT_THAT(report.findings[0].what,
              HasSubstr("segment 'all': what the file keeps of its members is damaged"));
}

TEST_F(SegmentCheckTest, MembersThatWereLostAreMissed) {
  Tamper([&](kv::WriteTransaction& txn, kv::Tree tree) { return txn.Delete(tree, ChunkKey()); });
  const CheckReport report = Check();
  ASSERT_EQ(report.total_findings, 1u);
  EXPECT_EQ(report.findings[0].record, 1u);
  EXPECT_THAT(report.findings[0].what, HasSubstr("that meet its condition are not among its members"));
}

TEST_F(SegmentCheckTest, MembersThatDoNotBelongAreTold) {
  const RecordId stranger = kCommits + 5;
  Tamper([&](kv::WriteTransaction& txn, kv::Tree tree) -> Status {
    segment::SegmentState state;
    RELATA_RETURN_IF_ERROR(segment::ReadState(txn, tree, 2, &state));
    state.bits.Set(stranger, true);
    size_t bytes = 0;
    return segment::WriteChunk(&txn, tree, 2, state.bits, 0, &bytes);
  });
  const CheckReport report = Check();
  ASSERT_EQ(report.total_findings, 1u);
  EXPECT_EQ(report.findings[0].record, stranger);
  EXPECT_THAT(report.findings[0].what, HasSubstr("segment 'new': 1 of its members do not meet"));
}

}  // namespace
}  // namespace relata
