// Tests what the change log tells, its consumers, its retention, and undo.
#include "src/store/change_log.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class ChangeLogTest : public StoreTest {
 protected:
  LogPosition Position() { return store_->Read()->position(); }
  std::vector<Commit> After(LogPosition position, size_t limit = 100) {
    const Snapshot now = store_->Read().value();
    StatusOr<std::vector<Commit>> commits = ReadCommits(now, position, limit);
    EXPECT_TRUE(Ok(commits));
    return commits.ok() ? *std::move(commits) : std::vector<Commit>();
  }
  Status Undo(uint64_t sequence) {
    return Update([&](Transaction& tx) { return tx.Undo(sequence); });
  }
  Consumer ConsumerNow(const std::string& name) { return ReadConsumer(*store_->Read(), name).value(); }
};

TEST_F(ChangeLogTest, TellsWhatEachCommitDid) {
  const LogPosition start = Position();
  const Id<Client> anna = AddClient("a", "Anna");
  ASSERT_TRUE(Ok(store_->Update({.principal = "jan", .cause = "correction"}, [&](Transaction& tx) -> Status {
    RELATA_ASSIGN_OR_RETURN(Client client, Load(tx, anna));
    client.name = "Anna Smit";
    client.rating = 5;
    client.credit = Money::Eur(100);
    return Change(tx, client);
  })));
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Erase(tx, anna); })));
  const std::vector<Commit> commits = After(start);
  ASSERT_EQ(commits.size(), 3u);
  EXPECT_EQ(commits[0].position.sequence, start.sequence + 1);
  EXPECT_EQ(commits[0].at, clock_->Now());
  ASSERT_EQ(commits[0].changes.size(), 1u);
  EXPECT_EQ(commits[0].changes[0].kind, ChangeKind::kInsert);
  EXPECT_EQ(commits[0].changes[0].type, "client");
  EXPECT_EQ(commits[0].changes[0].id, anna.value);
  EXPECT_THAT(commits[0].changes[0].former, IsEmpty());

  EXPECT_EQ(commits[1].principal, "jan");
  EXPECT_EQ(commits[1].cause, "correction");
  EXPECT_EQ(commits[1].changes[0].kind, ChangeKind::kUpdate);
  EXPECT_THAT(commits[1].changes[0].former,
              ElementsAre(Pair("name", Value("Anna")), Pair("rating", Value()),
                          Pair("credit", Value(Money::Eur(0))), Pair("credit_base", Value(Money::Eur(0)))));

  EXPECT_EQ(commits[2].changes[0].kind, ChangeKind::kDelete);
  EXPECT_THAT(commits[2].changes[0].former, testing::Contains(Pair("name", Value("Anna Smit"))));
  EXPECT_THAT(commits[2].changes[0].former, testing::Contains(Pair("credit", Value(Money::Eur(100)))));
  EXPECT_THAT(After(start, 1), testing::SizeIs(1));
  EXPECT_THAT(After(Position()), IsEmpty());
}

// Amounts in the currency of their record, which the same commit gives another, and then deletes.
TEST_F(ChangeLogTest, TellsAmountsInTheCurrencyThatTheRecordHadThen) {
  store_.reset();
  Options options = SmallStore(clock_);
  options.exchange_rate = [](Currency, Currency, Date) { return Decimal::Parse("2"); };
  store_ = Store::Open(folder_.File(), options).value();
  ASSERT_TRUE(Ok(store_->Register(Model())));
  const Currency pounds = Currency::Parse("GBP").value();
  Id<Client> anna;
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    RELATA_ASSIGN_OR_RETURN(anna, Insert(tx, Client{.code = "a", .credit = Money::Eur(1)}));
    return absl::OkStatus();
  })));
  const LogPosition start = Position();
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    RELATA_ASSIGN_OR_RETURN(Client client, Load(tx, anna));
    client.credit = Money::Eur(2);
    RELATA_RETURN_IF_ERROR(Change(tx, client));
    client.currency = pounds;
    client.credit = Money::Minor(300, pounds);
    RELATA_RETURN_IF_ERROR(Change(tx, client));
    client.credit = Money::Minor(400, pounds);
    RELATA_RETURN_IF_ERROR(Change(tx, client));
    return Erase(tx, anna);
  })));
  std::vector<Value> credits;
  for (const Commit& commit : After(start)) {
    for (const auto& change : commit.changes) {
      for (const auto& [name, value] : change.former) {
        if (name == "credit") credits.push_back(value);
      }
    }
  }
  EXPECT_THAT(credits, ElementsAre(Value(Money::Eur(1)), Value(Money::Eur(2)),
                                   Value(Money::Minor(300, pounds)), Value(Money::Minor(400, pounds))));
}

TEST_F(ChangeLogTest, APositionOfAnotherEpochIsRefused) {
  const LogPosition before = Position();
  ASSERT_TRUE(Ok(store_->BeginEpoch()));
  const Status status = ReadCommits(*store_->Read(), before, 10).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(Text(status), HasSubstr("restored"));
}

TEST_F(ChangeLogTest, ConsumersResumeWhereTheyWere) {
  ASSERT_TRUE(Ok(Update([](Transaction& tx) { return AddConsumer(&tx, "mail", 100); })));
  EXPECT_TRUE(absl::IsAlreadyExists(Update([](Transaction& tx) { return AddConsumer(&tx, "mail", 100); })));
  AddClient("a");
  AddClient("b");
  EXPECT_EQ(ConsumerNow("mail").unread, 2u);
  const std::vector<Commit> news = After(ConsumerNow("mail").position, 1);
  ASSERT_EQ(news.size(), 1u);
  const LogPosition before = Position();
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return MoveConsumer(&tx, "mail", news[0].position); })));
  EXPECT_EQ(Position(), before);  // an acknowledgement is no news itself
  Reopen();
  EXPECT_EQ(ConsumerNow("mail").position, news[0].position);
  EXPECT_EQ(ConsumerNow("mail").unread, 1u);
  EXPECT_FALSE(ConsumerNow("mail").lost);
  EXPECT_TRUE(absl::IsInvalidArgument(
      Update([&](Transaction& tx) { return MoveConsumer(&tx, "mail", {.epoch = 1, .sequence = 10'000}); })));
  ASSERT_TRUE(Ok(Update([](Transaction& tx) { return EraseConsumer(&tx, "mail"); })));
  EXPECT_TRUE(absl::IsNotFound(ReadConsumer(*store_->Read(), "mail").status()));
}

TEST_F(ChangeLogTest, RetentionCutsWhatNoConsumerHoldsBack) {
  store_.reset();
  Options options = SmallStore(clock_);
  options.log_retention = 5;
  store_ = Store::Open(folder_.File(), options).value();
  auto commit = [&, n = 0](int count) mutable {
    for (int i = 0; i < count; ++i) AddClient(StrCat("c", n++));
  };
  auto oldest = [&]() -> uint64_t {
    const uint64_t last = Position().sequence;
    for (uint64_t from = 0; from < last; ++from) {
      if (ReadCommits(*store_->Read(), {Position().epoch, from}, 1).ok()) return from + 1;
    }
    return last + 1;
  };
  commit(20);
  EXPECT_EQ(oldest(), Position().sequence - 4);
  EXPECT_TRUE(absl::IsOutOfRange(ReadCommits(*store_->Read(), {Position().epoch, 1}, 1).status()));
  // A consumer keeps what it has not read, up to its limit.
  ASSERT_TRUE(Ok(Update([](Transaction& tx) { return AddConsumer(&tx, "feed", 10); })));
  const uint64_t read = Position().sequence;
  commit(12);
  EXPECT_EQ(oldest(), read + 1);
  EXPECT_FALSE(ConsumerNow("feed").lost);
  commit(10);
  EXPECT_EQ(oldest(), Position().sequence - 14);
  EXPECT_TRUE(ConsumerNow("feed").lost);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(ChangeLogTest, UndoTakesBackAnInsertAnUpdateAndADelete) {
  const Id<Client> anna = AddClient("a", "Anna");
  const uint64_t inserted = Position().sequence;
  Client changed = Now(anna);
  changed.name = "Other";
  changed.tags = {"x"};
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Change(tx, changed); })));
  ASSERT_TRUE(Ok(Undo(Position().sequence)));
  EXPECT_EQ(Now(anna).name, "Anna");
  EXPECT_TRUE(Now(anna).tags.empty());
  const std::vector<Commit> last = After({Position().epoch, Position().sequence - 1});
  EXPECT_EQ(last[0].cause, StrCat("undo ", Position().sequence - 1));
  // The insert has been followed by changes: it cannot go any more.
  const Status late = Undo(inserted);
  EXPECT_TRUE(absl::IsFailedPrecondition(late)) << late;
  EXPECT_THAT(Text(late), HasSubstr("client 1"));

  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Erase(tx, anna); })));
  ASSERT_TRUE(Ok(Undo(Position().sequence)));
  EXPECT_EQ(Now(anna).name, "Anna");

  AddClient("b");
  ASSERT_TRUE(Ok(Undo(Position().sequence)));
  EXPECT_EQ(CountNow<Client>(), 1u);
  EXPECT_EQ(AddClient("c").value, 3u);  // ids are not used again
  EXPECT_TRUE(absl::IsOutOfRange(Undo(10'000)));
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(ChangeLogTest, UndoBringsBackWhatACascadeTook) {
  const Id<Group> north = Add(Group{.name = "North"});
  const Id<Group> south = Add(Group{.name = "South", .peer = north});
  Group ring = Now(north);
  ring.peer = south;
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Change(tx, ring); })));
  Client client{.code = "a"};
  client.groups = {north, south};
  const Id<Client> anna = Add(client);
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Erase(tx, north); })));
  EXPECT_EQ(CountNow<Group>(), 0u);
  EXPECT_TRUE(Now(anna).groups.empty());
  // An undo is itself taken back like any commit: the ring comes, goes and comes.
  for (int turn = 1; turn <= 3; ++turn) {
    ASSERT_TRUE(Ok(Undo(Position().sequence))) << turn;
    EXPECT_EQ(Findings(store_.get()), "");
    if (turn == 2) {
      EXPECT_EQ(CountNow<Group>(), 0u);
      EXPECT_TRUE(Now(anna).groups.empty());
      continue;
    }
    EXPECT_EQ(Now(north).peer, south);
    EXPECT_EQ(Now(south).peer, north);
    EXPECT_EQ(Now(anna).groups.size(), 2u);
  }
}

TEST_F(ChangeLogTest, UndoBringsBackAMiddleOfAHierarchyButNoRing) {
  const Id<Group> top = Add(Group{.name = "top"});
  const Id<Group> middle = Add(Group{.name = "middle", .parent = top});
  const Id<Group> leaf = Add(Group{.name = "leaf", .parent = middle});
  const auto lift_out = [&](Transaction& tx) -> Status {
    Group lifted = Now(leaf);
    lifted.parent.reset();
    RELATA_RETURN_IF_ERROR(Change(tx, lifted));
    return Erase(tx, middle);
  };
  ASSERT_TRUE(Ok(Update(lift_out)));
  ASSERT_EQ(CountNow<Group>(), 2u);
  ASSERT_TRUE(Ok(Undo(Position().sequence)));
  EXPECT_EQ(Now(leaf).parent, middle);
  EXPECT_EQ(Now(middle).parent, top);

  ASSERT_TRUE(Ok(Update(lift_out)));
  const uint64_t lifted = Position().sequence;
  Group below = Now(top);
  below.parent = leaf;
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Change(tx, below); })));
  const Status ring = Undo(lifted);
  EXPECT_TRUE(absl::IsInvalidArgument(ring)) << ring;
  EXPECT_THAT(Text(ring), HasSubstr("a hierarchy cannot be a ring"));
  EXPECT_EQ(CountNow<Group>(), 2u);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(ChangeLogTest, UndoIsRefusedWhereSomethingStandsInTheWay) {
  const Id<Client> anna = AddClient("a");
  const uint64_t inserted = Position().sequence;
  Add(Task{.client = anna, .due = Date{20'000}});
  const Status referred = Undo(inserted);
  EXPECT_TRUE(absl::IsFailedPrecondition(referred)) << referred;
  EXPECT_THAT(Text(referred), HasSubstr("task 1 refers to client 1"));
  EXPECT_EQ(CountNow<Task>(), 1u);

  // A value that must be unique was taken meanwhile.
  const Id<Client> bob = AddClient("b");
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Erase(tx, bob); })));
  const uint64_t deleted = Position().sequence;
  AddClient("b");
  EXPECT_TRUE(absl::IsAlreadyExists(Undo(deleted)));

  // Other fields of the record may have changed.
  Client client = Now(anna);
  client.rating = 1;
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Change(tx, client); })));
  const uint64_t rated = Position().sequence;
  client.name = "Anna";
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Change(tx, client); })));
  ASSERT_TRUE(Ok(Undo(rated)));
  EXPECT_EQ(Now(anna).rating, std::nullopt);
  EXPECT_EQ(Now(anna).name, "Anna");
  EXPECT_EQ(Findings(store_.get()), "");
}

// Commits of random writes, each then undone at once: what was before is again, whatever cascaded or was
// cleared. So is what came of an undo that is undone.
TEST_F(ChangeLogTest, UndoingTheLastCommitGivesBackWhatWasBefore) {
  const bool holds = rc::check("undo gives back what was before", [] {
    const Folder folder;
    const std::shared_ptr<Store> store = Store::Open(folder.File(), SmallStore(StandingClock())).value();
    RC_ASSERT(store->Register(Model()).ok());
    const auto steps = *rc::gen::container<std::vector<std::vector<std::pair<uint8_t, uint8_t>>>>(
        rc::gen::container<std::vector<std::pair<uint8_t, uint8_t>>>(
            rc::gen::pair(rc::gen::inRange<uint8_t>(0, 6), rc::gen::inRange<uint8_t>(0, 64))));
    for (size_t step = 0; step < steps.size(); ++step) {
      const std::string before = Everything(*store->Read(), "updated_at");
      const uint64_t sequence = store->Read()->position().sequence;
      RC_ASSERT(store
                    ->Update({},
                             [&](Transaction& tx) -> Status {
                               for (const auto& [what, n] : steps[step]) {
                                 const RecordId id = 1 + n % 8, other = 1 + n / 8;
                                 Group group{.name = StrCat(n)};
                                 if (n % 3 == 0) group.peer = Id<Group>(other);
                                 Client client{.code = StrCat("c", n % 16), .rating = n};
                                 if (n % 2 == 0) client.groups = {Id<Group>(id)};
                                 if (n % 5 == 0) client.mentor = Id<Client>(other);
                                 // Refusals are welcome: they must leave no trace.
                                 switch (what) {
                                   case 0:
                                     Insert(tx, group).IgnoreError();
                                     break;
                                   case 1:
                                     group.id = Id<Group>(id);
                                     Change(tx, group).IgnoreError();
                                     break;
                                   case 2:
                                     Erase(tx, Id<Group>(id)).IgnoreError();
                                     break;
                                   case 3:
                                     Insert(tx, client).IgnoreError();
                                     break;
                                   case 4:
                                     client.id = Id<Client>(id);
                                     Change(tx, client).IgnoreError();
                                     break;
                                   default:
                                     Erase(tx, Id<Client>(id)).IgnoreError();
                                 }
                               }
                               return absl::OkStatus();
                             })
                    .ok());
      if (store->Read()->position().sequence == sequence || step % 2 == 0) continue;
      const std::string after = Everything(*store->Read(), "updated_at");
      for (uint64_t turn = 1; turn <= 3; ++turn) {
        const Status undone = store->Update({}, [&](Transaction& tx) { return tx.Undo(sequence + turn); });
        if (!undone.ok()) RC_FAIL(Text(undone));
        RC_ASSERT(Everything(*store->Read(), "updated_at") == (turn == 2 ? after : before));
        if (store->Read()->position().sequence == sequence + turn) break;  // it came to nothing
      }
    }
    RC_ASSERT(Findings(store.get()) == "");
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace relata::store::test
