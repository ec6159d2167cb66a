// Plants each kind of damage and sees check find it; then flips bytes of a whole file at random and shows
// that whoever reads it is told, or nothing they read has changed, and that no process ends of it.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include "src/base/coding.h"
#include "src/record/row.h"
#include "src/store/history.h"
#include "tests/kv/child.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

using kv::Child;
using kv::Wire;
using ::testing::HasSubstr;

class CheckTest : public StoreTest {
 protected:
  // A group with two clients, one task; names with history; a sequence.
  CheckTest() {
    const Id<Group> group = Add(Group{.name = "North"});
    Client anna{.code = "a", .name = "Anna"};
    anna.groups = {group};
    anna.tags = {"fair"};
    anna_ = Add(anna);
    bob_ = AddClient("b", "Bob");
    Add(Task{.client = anna_, .owner = group, .due = Date{20'000}});
    EXPECT_TRUE(Ok(Update([](Transaction& tx) { return tx.NextInSequence("invoice").status(); })));
    EXPECT_EQ(Findings(store_.get()), "");
    group_ = group;
  }

  const TypeRuntime& Type(const std::string& name) { return *store_->schema()->Find(name); }
  const IndexRuntime& IndexOn(const std::string& type, const std::string& field) {
    for (const IndexRuntime& index : Type(type).indexes) {
      if (Type(type).type->fields[index.index->parts.front().field].name == field) return index;
    }
    RELATA_CHECK(false);
  }
  // Changes trees behind the store's back.
  void Raw(const std::function<Status(kv::WriteTransaction&)>& change) {
    StatusOr<kv::WriteTransaction> txn = store_->environment()->BeginWrite();
    ASSERT_TRUE(Ok(txn));
    ASSERT_TRUE(Ok(change(*txn)));
    ASSERT_TRUE(Ok(txn->Commit()));
  }
  std::string RawRow(const std::string& type, RecordId id) {
    const kv::ReadTransaction txn = store_->environment()->BeginRead().value();
    return std::string(*txn.Get(Type(type).rows, kv::IdKey(id)).value());
  }
  // The finding of this kind that says `what`, among those there are.
  void ExpectFinding(FindingKind kind, const std::string& entity, RecordId record, const std::string& what) {
    const StatusOr<CheckReport> report = CheckStore(store_.get(), {});
    ASSERT_TRUE(Ok(report));
    EXPECT_FALSE(report->clean());
    bool found = false;
    for (const Finding& finding : report->findings) {
      found |= finding.kind == kind && finding.entity == entity && finding.record == record &&
               finding.what.find(what) != std::string::npos;
    }
    EXPECT_TRUE(found) << "among:\n" << Findings(store_.get());
  }

  Id<Group> group_;
  Id<Client> anna_, bob_;
};

TEST_F(CheckTest, CountsWhatItLookedAt) {
  const CheckReport report = CheckStore(store_.get(), {}).value();
  EXPECT_TRUE(report.clean());
  EXPECT_EQ(report.records, 4u);
  EXPECT_EQ(report.references, 3u);
  // The group: name, parent, peer, for an index holds nulls too. The clients: code, name, city and mentor; a
  // set only by its elements, Anna's tag and group. The task: client, owner, about.
  EXPECT_EQ(report.index_entries, 3u + 2 * 4u + 2u + 3u);
  EXPECT_EQ(report.log_entries, store_->Read()->position().sequence);
}

TEST_F(CheckTest, FindsAFlippedByteOfARow) {
  std::string row = RawRow("client", anna_.value);
  row[row.size() / 2] ^= 1;
  Raw([&](kv::WriteTransaction& txn) { return txn.Put(Type("client").rows, kv::IdKey(anna_.value), row); });
  ExpectFinding(FindingKind::kRow, "client", anna_.value, "checksum");
}

TEST_F(CheckTest, FindsARowUnderAnothersId) {
  const std::string row = RawRow("client", anna_.value);
  Raw([&](kv::WriteTransaction& txn) { return txn.Put(Type("client").rows, kv::IdKey(bob_.value), row); });
  ExpectFinding(FindingKind::kRow, "client", bob_.value, "checksum");
}

TEST_F(CheckTest, FindsAValueThatBreaksItsRule) {
  const TypeRuntime& type = Type("client");
  const Snapshot now = store_->Read().value();
  const RowView row = now.Get(type, anna_.value).value();
  std::vector<Cell> cells;
  for (const Field& field : type.type->fields) cells.push_back(row.Get(field.id));
  cells[type.type->FindField("code")->id] = Cell::OfBytes("far too long");
  std::string bytes;
  ASSERT_TRUE(Ok(record::EncodeRow(type.format, cells, anna_.value, &bytes)));
  Raw([&](kv::WriteTransaction& txn) { return txn.Put(type.rows, kv::IdKey(anna_.value), bytes); });
  ExpectFinding(FindingKind::kValue, "client", anna_.value, "client.code");
  ExpectFinding(FindingKind::kIndex, "client", anna_.value, "is not in index");
  ExpectFinding(FindingKind::kIndex, "client", anna_.value, "under a value that the record has not");
}

TEST_F(CheckTest, FindsAMissingIndexEntry) {
  const IndexRuntime& index = IndexOn("client", "name");
  std::string key;
  const Cell name = Cell::OfBytes("Bob");
  index.coder.EncodePrefix(absl::MakeConstSpan(&name, 1), &key);
  Raw([&](kv::WriteTransaction& txn) { return index.tree.Erase(&txn, key, bob_.value); });
  ExpectFinding(FindingKind::kIndex, "client", bob_.value, "is not in index");
}

TEST_F(CheckTest, FindsIndexEntriesWithoutTheirRecord) {
  const IndexRuntime& index = IndexOn("client", "name");
  std::string key;
  const Cell name = Cell::OfBytes("Bob");
  index.coder.EncodePrefix(absl::MakeConstSpan(&name, 1), &key);
  Raw([&](kv::WriteTransaction& txn) { return index.tree.Insert(&txn, key, 77); });
  ExpectFinding(FindingKind::kIndex, "client", 77, "there is no such record");
  Raw([&](kv::WriteTransaction& txn) { return index.tree.Insert(&txn, key, anna_.value); });
  ExpectFinding(FindingKind::kIndex, "client", anna_.value, "under a value that the record has not");
}

TEST_F(CheckTest, FindsAUniqueEntryOfAnotherRecord) {
  const IndexRuntime& index = IndexOn("client", "code");
  std::string key;
  const Cell code = Cell::OfBytes("a");
  index.coder.EncodePrefix(absl::MakeConstSpan(&code, 1), &key);
  Raw([&](kv::WriteTransaction& txn) -> Status {
    RELATA_RETURN_IF_ERROR(index.tree.Erase(&txn, key, anna_.value));
    return index.tree.Insert(&txn, key, bob_.value);
  });
  ExpectFinding(FindingKind::kIndex, "client", anna_.value, "is not in index");
  ExpectFinding(FindingKind::kIndex, "client", bob_.value, "under a value that the record has not");
}

TEST_F(CheckTest, FindsADanglingReference) {
  Raw([&](kv::WriteTransaction& txn) { return txn.Delete(Type("group").rows, kv::IdKey(group_.value)); });
  ExpectFinding(FindingKind::kReference, "client", anna_.value, "groups refers to group 1");
  ExpectFinding(FindingKind::kReference, "task", 1, "owner refers to group 1");
}

TEST_F(CheckTest, FindsCountersThatWouldGiveANumberTwice) {
  Raw([&](kv::WriteTransaction& txn) {
    return WriteCounter(&txn, store_->trees().meta, NextIdKey(Type("client").type->id), 2);
  });
  ExpectFinding(FindingKind::kCounter, "client", bob_.value, "which is taken");
  Raw([&](kv::WriteTransaction& txn) { return txn.Put(store_->trees().meta, SequenceKey("invoice"), "?"); });
  ExpectFinding(FindingKind::kCounter, "", 0, "damaged");
}

TEST_F(CheckTest, FindsDamageInTheChangeLog) {
  const kv::Tree log = store_->trees().log;
  const uint64_t last = store_->Read()->position().sequence;
  Raw([&](kv::WriteTransaction& txn) -> Status {
    std::string entry(*txn.Get(log, kv::IdKey(last - 1)).value());
    entry[entry.size() / 2] ^= 1;
    return txn.Put(log, kv::IdKey(last - 1), entry);
  });
  ExpectFinding(FindingKind::kLog, "", 0, StrCat("change log entry ", last - 1));
  Raw([&](kv::WriteTransaction& txn) { return txn.Delete(log, kv::IdKey(last - 2)); });
  ExpectFinding(FindingKind::kLog, "", 0, StrCat(last - 2, " are missing"));
  Raw([&](kv::WriteTransaction& txn) { return txn.Delete(log, kv::IdKey(last)); });
  ExpectFinding(FindingKind::kLog, "", 0, StrCat("ends at ", last - 1));
}

TEST_F(CheckTest, FindsDamageInTheHistory) {
  const kv::Tree history = store_->trees().history;
  Raw([&](kv::WriteTransaction& txn) -> Status {
    kv::Cursor at(txn, history);
    at.SeekFirst();
    const std::string key(at.key());
    std::string value(at.value());
    value[1] ^= 0x20;
    return txn.Put(history, key, value);
  });
  ExpectFinding(FindingKind::kHistory, "", 0, "cannot be read");
  const std::vector<const char*> keys = {"no key"};
  Raw([&](kv::WriteTransaction& txn) { return txn.Put(history, keys[0], "?"); });
  EXPECT_EQ(CheckStore(store_.get(), {})->total_findings, 2u);
}

TEST_F(CheckTest, FindsTreesThatNobodyOwns) {
  Raw([&](kv::WriteTransaction& txn) { return store_->environment()->OpenTree(&txn, "left over").status(); });
  ExpectFinding(FindingKind::kTree, "", 0, "left over");
}

TEST_F(CheckTest, KeepsABoundedNumberOfFindingsAndCountsAll) {
  Raw([&](kv::WriteTransaction& txn) -> Status {
    for (uint64_t i = 0; i < 50; ++i) {
      RELATA_RETURN_IF_ERROR(txn.Put(store_->trees().history, StrCat("no key ", i), "?"));
    }
    return absl::OkStatus();
  });
  const CheckReport report = CheckStore(store_.get(), {.max_findings = 10}).value();
  EXPECT_EQ(report.total_findings, 50u);
  EXPECT_EQ(report.findings.size(), 10u);
}

TEST_F(CheckTest, OpenRefusesADamagedStateOrCatalogue) {
  Raw([&](kv::WriteTransaction& txn) -> Status {
    std::string state(*txn.Get(store_->trees().meta, "state").value());
    state[20] ^= 1;
    return txn.Put(store_->trees().meta, "state", state);
  });
  EXPECT_TRUE(absl::IsDataLoss(store_->Read().status()));
  Raw([&](kv::WriteTransaction& txn) -> Status {
    std::string catalogue(*txn.Get(store_->trees().meta, "catalogue").value());
    catalogue[catalogue.size() / 2] ^= 1;
    return txn.Put(store_->trees().meta, "catalogue", catalogue);
  });
  store_.reset();
  EXPECT_TRUE(absl::IsDataLoss(Store::Open(folder_.File(), SmallStore(clock_)).status()));
}

// Exits with 0 when the file reads as it did before, with 1 when open or check reported something, and with 2
// when neither is so.
KV_ROLE(ReadDamagedFile) {
  const std::string expected = [&] {
    std::ostringstream text;
    text << std::ifstream(path + ".expected", std::ios::binary).rdbuf();
    return text.str();
  }();
  parent.Tell("ready");
  // One file after another, as the parent writes them.
  while (parent.Hear() == "read") {
    std::string verdict = "reported";
    const StatusOr<std::shared_ptr<Store>> opened = Store::Open(path, SmallStore(StandingClock()));
    if (opened.ok()) {
      const StatusOr<CheckReport> report = CheckStore(opened->get(), {});
      if (report.ok() && report->clean()) {
        const StatusOr<Snapshot> now = (*opened)->Read();
        verdict = now.ok() && Everything(*now) == expected ? "unchanged" : "wrong";
      }
    }
    parent.Tell(verdict);
  }
  return 0;
}

TEST_F(CheckTest, FlippedBytesAreReportedOrWithoutEffect) {
  // Enough records for trees with branches, texts on overflow pages, and a list of free pages.
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
      for (int i = 0; i < 150; ++i) {
        Client client{.code = StrCat(round, "x", i),
                      .name = std::string(static_cast<size_t>(i % 7 * 900), 'y')};
        client.tags = {StrCat("t", i % 9), StrCat("u", i)};
        RELATA_RETURN_IF_ERROR(Insert(tx, client).status());
      }
      return absl::OkStatus();
    })));
    ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
      for (RecordId id = 3; id < 100; ++id) {
        if (id % 3 == 0 && round == 1) RELATA_RETURN_IF_ERROR(Erase(tx, Id<Client>(id)));
      }
      return absl::OkStatus();
    })));
  }
  ASSERT_EQ(Findings(store_.get()), "");
  std::ofstream(folder_.File() + ".expected", std::ios::binary) << Everything(*store_->Read());
  store_.reset();
  std::ostringstream whole;
  whole << std::ifstream(folder_.File(), std::ios::binary).rdbuf();
  const std::string bytes = whole.str();

  std::mt19937 random(20261121);
  const int rounds = FullRun() ? 5'000 : 400;
  int reported = 0, unchanged = 0;
  Child child("ReadDamagedFile", folder_.File());
  ASSERT_EQ(child.Hear(), "ready");
  for (int round = 0; round < rounds; ++round) {
    std::string damaged = bytes;
    std::string where;
    // A byte or a few, half of them in what describes the pages rather than in what they hold.
    for (uint32_t i = 0; i < 1 + random() % 3; ++i) {
      size_t at = random() % damaged.size();
      if (random() % 2 == 0) at = at / 4096 * 4096 + random() % 64;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
      where += StrCat(" ", at);
    }
    std::ofstream(folder_.File(), std::ios::binary) << damaged;
    child.Tell("read");
    const std::string verdict = child.Hear();
    ASSERT_NE(verdict, "") << "the process ended of the bytes at" << where;
    ASSERT_NE(verdict, "wrong") << "nobody was told of the bytes at" << where;
    (verdict == "reported" ? reported : unchanged) += 1;
  }
  EXPECT_GT(reported, rounds / 4);
  EXPECT_GT(unchanged, 0);
}

}  // namespace
}  // namespace relata::store::test
