// Tests what a transaction does beyond what the model test shows: messages, references of each kind,
// hierarchies, amounts in other currencies, history, sequences, time, and growth of the map.
#include "src/store/transaction.h"

#include <gtest/gtest.h>

#include "src/store/history.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class TransactionTest : public StoreTest {
 protected:
  // Opens the store anew with other options.
  void OpenWith(const std::function<void(Options*)>& change) {
    store_.reset();
    Options options = SmallStore(clock_);
    change(&options);
    StatusOr<std::shared_ptr<Store>> opened = Store::Open(folder_.File("other.relata"), options);
    ASSERT_TRUE(Ok(opened));
    store_ = *std::move(opened);
    ASSERT_TRUE(Ok(store_->Register(Model())));
  }
};

TEST_F(TransactionTest, MessagesNameEntityFieldValueAndWhatToDo) {
  AddClient("taken");
  EXPECT_THAT(
      Text(Update([](Transaction& tx) { return Insert(tx, Client{.code = "taken"}).status(); })),
      AllOf(HasSubstr("client: code 'taken' is taken by client 1"), HasSubstr("Change that record")));
  EXPECT_THAT(
      Text(Update([](Transaction& tx) { return Insert(tx, Task{.client = Id<Client>(9)}).status(); })),
      AllOf(HasSubstr("task.client"), HasSubstr("there is no client 9"), HasSubstr("insert it first")));
  EXPECT_THAT(Text(Update([](Transaction& tx) {
                return tx.Insert(Record("client").Set("code", "x").Set("raiting", 1)).status();
              })),
              AllOf(HasSubstr("unknown field"), HasSubstr("rating")));
  EXPECT_THAT(Text(Update([](Transaction& tx) {
                return tx.Insert(Record("client").Set("code", "x").Set("created_at", Timestamp{})).status();
              })),
              HasSubstr("kept by the store"));
  EXPECT_EQ(CountNow<Client>(), 1u);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(TransactionTest, ARestrictedDeleteNamesWhoRefersAndChangesNothing) {
  const Id<Group> top = Add(Group{.name = "top"});
  const Id<Group> below = Add(Group{.name = "below", .parent = top});
  Client client{.code = "a"};
  client.groups = {top, below};
  const Id<Client> anna = Add(client);
  const Id<Task> task = Add(Task{.client = anna, .owner = below});
  const LogPosition before = store_->Read()->position();
  // The clients' sets would be cleared and `below` deleted before the task is met.
  const Status refused = Update([&](Transaction& tx) -> Status {
    const Status status = Erase(tx, top);
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_THAT(Text(status), HasSubstr("task 1 refers to it (owner)"));
    return absl::OkStatus();
  });
  EXPECT_TRUE(Ok(refused));
  EXPECT_EQ(store_->Read()->position(), before);
  EXPECT_EQ(Now(anna).groups.size(), 2u);
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Erase(tx, task); })));
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Erase(tx, top); })));
  EXPECT_EQ(CountNow<Group>(), 0u);
  EXPECT_TRUE(Now(anna).groups.empty());
}

TEST_F(TransactionTest, AHierarchyIsNoRing) {
  const Id<Group> a = Add(Group{.name = "a"});
  const Id<Group> b = Add(Group{.name = "b", .parent = a});
  const Id<Group> c = Add(Group{.name = "c", .parent = b});
  for (const Id<Group> above : {a, b, c}) {
    Group top = Now(a);
    top.parent = above;
    const Status refused = Update([&](Transaction& tx) { return Change(tx, top); });
    EXPECT_TRUE(absl::IsInvalidArgument(refused)) << refused;
    EXPECT_THAT(Text(refused), HasSubstr("ring"));
  }
}

TEST_F(TransactionTest, AmountsInOtherCurrenciesAreConvertedWhenTheyAreWritten) {
  std::string rate = "1.25";
  OpenWith([&](Options* options) {
    options->exchange_rate = [&](Currency, Currency, Date) { return Decimal::Parse(rate); };
  });
  const Currency pounds = Currency::Parse("GBP").value();
  const Id<Client> anna =
      Add(Client{.code = "a", .credit = Money::Minor(100'00, pounds), .currency = pounds});
  auto in_base = [&] {
    const Snapshot now = store_->Read().value();
    return *now.GetRecord(*now.schema().Find("client"), anna.value)->Find("credit_base");
  };
  EXPECT_EQ(in_base(), Value(Money::Eur(125)));
  // A later rate rewrites nothing, as long as the amount stays.
  rate = "2";
  Client client = Now(anna);
  client.name = "Anna";
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Change(tx, client); })));
  EXPECT_EQ(in_base(), Value(Money::Eur(125)));
  client.credit = Money::Minor(10'00, pounds);
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Change(tx, client); })));
  EXPECT_EQ(in_base(), Value(Money::Eur(20)));
  // An undo brings back what it was worth then.
  const uint64_t last = store_->Read()->position().sequence;
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return tx.Undo(last); })));
  EXPECT_EQ(in_base(), Value(Money::Eur(125)));
}

TEST_F(TransactionTest, HistoryTellsWhatHeldFromWhen) {
  const Id<Client> anna = AddClient("a", "Anna");
  const Timestamp first = clock_->Now();
  clock_->Advance(Duration::Days(1));
  Client client = Now(anna);
  client.name = "Anna Smit";
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Change(tx, client); })));
  client.rating = 3;  // no change of the name
  clock_->Advance(Duration::Days(1));
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Change(tx, client); })));
  const Snapshot now = store_->Read().value();
  const EntityType& type = *now.schema().Find("client")->type;
  std::vector<HistoryEntry> entries;
  ASSERT_TRUE(
      Ok(ReadHistory(now.kv(), now.history_tree(), type.id, anna.value, *type.FindField("name"), &entries)));
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].from, first);
  EXPECT_EQ(entries[0].cell.bytes, "Anna");
  EXPECT_EQ(entries[1].from.micros, first.micros + Duration::Days(1).micros);
  EXPECT_EQ(entries[1].cell.bytes, "Anna Smit");
}

TEST_F(TransactionTest, SequencesHaveNoGapsAmongCommits) {
  auto next = [&](bool commit) {
    uint64_t number = 0;
    Update([&](Transaction& tx) -> Status {
      RELATA_ASSIGN_OR_RETURN(number, tx.NextInSequence("invoice"));
      return commit ? absl::OkStatus() : absl::CancelledError("");
    }).IgnoreError();
    return number;
  };
  EXPECT_EQ(next(true), 1u);
  EXPECT_EQ(next(false), 2u);
  EXPECT_EQ(next(true), 2u);
  Reopen();
  EXPECT_EQ(next(true), 3u);
}

TEST_F(TransactionTest, TimeDoesNotGoBack) {
  const Timestamp later = Timestamp::Parse("2027-01-01T00:00:00Z").value();
  ASSERT_TRUE(Ok(store_->Advance(later)));
  EXPECT_EQ(store_->Read()->now(), later);
  ASSERT_TRUE(Ok(store_->Advance(clock_->Now())));
  EXPECT_EQ(store_->Read()->now(), later);
  Reopen();
  EXPECT_EQ(store_->Read()->now(), later);
}

TEST_F(TransactionTest, TheMapGrowsUnderUpdatesAndExplicitTransactions) {
  OpenWith([](Options* options) { options->map_size = 1 << 20; });
  int runs = 0;
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) {
    ++runs;
    return Insert(tx, Client{.code = "a", .name = std::string(3 << 20, 'x')}).status();
  })));
  EXPECT_GT(runs, 1);
  EXPECT_EQ(CountNow<Client>(), 1u);
  // An explicit one cannot be run again by the store: it is told to.
  Status status;
  for (int tries = 0; tries < 10; ++tries) {
    std::unique_ptr<Transaction> tx = store_->Begin({}).value();
    status = Insert(*tx, Client{.code = "b", .name = std::string(20 << 20, 'x')}).status();
    if (status.ok()) status = store_->Commit(std::move(tx));
    if (status.ok()) break;
    EXPECT_TRUE(absl::IsAborted(status)) << status;
    if (tx != nullptr) {
      EXPECT_TRUE(absl::IsAborted(store_->Commit(std::move(tx))));
    }
  }
  EXPECT_TRUE(Ok(status));
  EXPECT_EQ(CountNow<Client>(), 2u);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(TransactionTest, AFullMapInsideACascadeIsDoneAgainToo) {
  OpenWith([](Options* options) { options->map_size = 1 << 20; });
  const Id<Client> anna = AddClient("a");
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    for (int i = 0; i < 4'000; ++i) RELATA_RETURN_IF_ERROR(Insert(tx, Task{.client = anna}).status());
    return absl::OkStatus();
  })));
  // The closure dresses the failure in its own words.
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    RELATA_RETURN_IF_ERROR(Insert(tx, Client{.code = "b", .name = std::string(700'000, 'x')}).status());
    return Annotate(Erase(tx, anna), "deleting everything");
  })));
  EXPECT_EQ(CountNow<Task>(), 0u);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(TransactionTest, AChainOfCascadesMayBeLong) {
  std::vector<Id<Group>> chain;
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    for (int i = 0; i < 3'000; ++i) {
      Group group{.name = "link"};
      if (!chain.empty()) group.peer = chain.back();
      RELATA_ASSIGN_OR_RETURN(const Id<Group> id, Insert(tx, group));
      chain.push_back(id);
    }
    return absl::OkStatus();
  })));
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Erase(tx, chain.front()); })));
  EXPECT_EQ(CountNow<Group>(), 0u);
  EXPECT_EQ(Findings(store_.get()), "");
}

}  // namespace
}  // namespace relata::store::test
