// What a commit hook is told, and where its bytes end up.
#include "src/store/commit_hook.h"

#include <map>

#include "src/kv/cursor.h"
#include "src/store/bulk_load.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

// Writes down what it is told, a line per call.
class Notes : public CommitHook {
 public:
  class Session : public CommitHook::Session {
   public:
    Session(Notes* notes, uint64_t committed) : notes_(notes), committed_(committed) {}
    Status BeforeWrite(Transaction* tx, const TypeRuntime& type, ChangeKind kind, RecordId id,
                       std::span<const FormerCell> former) override {
      std::string line = StrCat(kind == ChangeKind::kInsert   ? "insert "
                                : kind == ChangeKind::kUpdate ? "update "
                                                              : "delete ",
                                type.type->name, " ", id);
      for (const FormerCell& cell : former) StrAppend(&line, " ", type.type->fields[cell.slot].name);
      // Nothing is applied yet.
      if (id != 0) StrAppend(&line, *tx->Exists(type, id) ? "" : " (absent)");
      lines_.push_back(std::move(line));
      return notes_->refuse ? absl::FailedPreconditionError("not today") : absl::OkStatus();
    }
    size_t Mark() const override { return lines_.size(); }
    void RollBackTo(size_t mark) override { lines_.resize(mark); }
    StatusOr<std::string> BeforeCommit(Transaction* tx) override {
      const StatusOr<std::vector<RawChange>> changes = tx->LoggedChanges();
      RELATA_RETURN_IF_ERROR(changes.status());
      std::string all =
          StrCat(changes->size(), " changes since ", tx->position().sequence - committed_,
                 tx->bulk() ? ", bulk" : "", tx->written_catalogue() != nullptr ? ", schema" : "");
      for (const std::string& line : lines_) StrAppend(&all, "; ", line);
      notes_->last = all;
      return notes_->silent ? std::string() : all;
    }

   private:
    Notes* notes_;
    uint64_t committed_;
    std::vector<std::string> lines_;
  };
  StatusOr<std::unique_ptr<CommitHook::Session>> Begin(Transaction* tx) override {
    ++sessions;
    return std::make_unique<Session>(this, tx->committed_sequence());
  }

  bool refuse = false;
  bool silent = false;
  int sessions = 0;
  std::string last;
};

class CommitHookTest : public StoreTest {
 protected:
  CommitHookTest() { store_->SetCommitHook(&notes_); }
  ~CommitHookTest() override { store_.reset(); }

  // Section 2 of every entry of the log.
  std::map<uint64_t, std::string> Sections() {
    std::map<uint64_t, std::string> sections;
    const StatusOr<Snapshot> now = store_->Read();
    kv::Cursor at(now->kv(), store_->trees().log);
    for (at.SeekFirst(); at.Valid(); at.Next()) {
      const uint64_t sequence = kv::IdKey::Decode(at.key());
      const StatusOr<RawCommit> head = ParseLogHead(at.value(), sequence);
      EXPECT_TRUE(Ok(head));
      EXPECT_TRUE(head->changes.empty());
      if (!head->segments.empty()) sections[sequence] = std::string(head->segments);
    }
    return sections;
  }

  Notes notes_;
};

TEST_F(CommitHookTest, IsToldOfEachWriteBeforeItIsApplied) {
  const Id<Client> jan = AddClient("jan");
  EXPECT_EQ(notes_.last, "1 changes since 0; insert client 0");
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) {
    Client client = *Load(tx, jan);
    client.rating = 5;
    client.home.city = "Utrecht";
    return Change(tx, client);
  })));
  EXPECT_EQ(notes_.last, "1 changes since 0; update client 1 home.city rating");
  Add(Task{.client = jan});
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Erase(tx, jan); })));
  EXPECT_EQ(notes_.last, "2 changes since 0; delete client 1; delete task 1");
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(CommitHookTest, ForgetsWhatASavepointTakesBack) {
  const Id<Client> jan = AddClient("jan");
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    RELATA_RETURN_IF_ERROR(tx.BeginSavepoint());
    RELATA_RETURN_IF_ERROR(Erase(tx, jan));
    tx.RollBackToSavepoint();
    return Insert(tx, Client{.code = "piet"}).status();
  })));
  EXPECT_EQ(notes_.last, "1 changes since 0; insert client 0");
}

TEST_F(CommitHookTest, MayRefuseAWriteAndThenNothingHappened) {
  notes_.refuse = true;
  EXPECT_EQ(Update([&](Transaction& tx) { return Insert(tx, Client{.code = "jan"}).status(); }),
            absl::FailedPreconditionError("not today"));
  EXPECT_EQ(CountNow<Client>(), 0u);
}

TEST_F(CommitHookTest, ItsBytesAreInTheLogEntryOfTheCommit) {
  AddClient("jan");
  const uint64_t first = store_->Read()->position().sequence;
  notes_.silent = true;
  AddClient("piet");
  notes_.silent = false;
  ASSERT_TRUE(Ok(store_->Advance(Timestamp{clock_->Now().micros + 1'000'000})));
  EXPECT_THAT(Sections(), testing::ElementsAre(testing::Pair(first, "1 changes since 0; insert client 0"),
                                               testing::Pair(first + 2, "0 changes since 0")));
}

TEST_F(CommitHookTest, ATransactionThatWritesNothingHasNoSession) {
  ASSERT_TRUE(Ok(Update([&](Transaction&) { return absl::OkStatus(); })));
  EXPECT_EQ(notes_.sessions, 0);
  // One that asks for a log entry has.
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    tx.Touch();
    return tx.HookSession().status();
  })));
  EXPECT_EQ(notes_.sessions, 1);
  EXPECT_EQ(notes_.last, "0 changes since 0");
}

TEST_F(CommitHookTest, SeesTheNewCatalogueAndPiecesOfABulkLoad) {
  StatusOr<std::unique_ptr<BulkLoad>> load = BulkLoad::Begin(store_, {"client"}, {.chunk_rows = 2});
  ASSERT_TRUE(Ok(load));
  EXPECT_EQ(notes_.last, "0 changes since 0, schema");
  for (const char* code : {"a", "b", "c"}) {
    ASSERT_TRUE(Ok(Insert(*(*load)->transaction(), Client{.code = code})));
    ASSERT_TRUE(Ok((*load)->Inserted()));
  }
  EXPECT_EQ(notes_.last, "2 changes since 0, bulk");
  ASSERT_TRUE(Ok((*load)->Finish()));
}

TEST_F(CommitHookTest, TheLogIsKeptBackToTheCheckpoint) {
  store_.reset();
  Options options = SmallStore(clock_);
  options.log_retention = 3;
  store_ = *Store::Open(folder_.File(), options);
  notes_.silent = true;
  store_->SetCommitHook(&notes_);
  for (int i = 0; i < 10; ++i) AddClient(StrCat("a", i));
  const auto oldest = [&] {
    const StatusOr<Snapshot> now = store_->Read();
    kv::Cursor at(now->kv(), store_->trees().log);
    at.SeekFirst();
    return now->position().sequence - kv::IdKey::Decode(at.key());
  };
  EXPECT_EQ(oldest(), 2u);
  notes_.silent = false;
  for (int i = 0; i < 10; ++i) AddClient(StrCat("b", i));
  EXPECT_EQ(oldest(), 9u) << "the entry of the first section is needed until a checkpoint is past it";
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) {
    tx.Touch();
    return WriteSegmentsCheckpoint(tx.kv_write(), tx.context().trees.meta, tx.position().sequence - 5);
  })));
  EXPECT_EQ(oldest(), 5u);
}

}  // namespace
}  // namespace relata::store::test
