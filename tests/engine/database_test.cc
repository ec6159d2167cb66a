// Tests the face that a host sees: open, write, read, refuse, reopen.
#include "relata/engine/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "relata/base/strings.h"
#include "relata/crm/crm.h"

namespace relata {
namespace {

using crm::Address;
using crm::Order;
using crm::Relation;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() {
    folder_ =
        testing::TempDir() + "/database_" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Reopen();
  }
  ~DatabaseTest() override {
    db_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Reopen() {
    db_.reset();
    Options options;
    options.map_size = 64 << 20;
    options.clock = clock_;
    StatusOr<Database> opened = Database::Open(folder_ + "/crm.relata", options);
    ASSERT_TRUE(opened.ok()) << opened.status();
    db_.emplace(*std::move(opened));
  }
  Id<Relation> Add(const Relation& relation) {
    StatusOr<Id<Relation>> id = db_->Update([&](Transaction& tx) { return tx.Insert(relation); });
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or(Id<Relation>());
  }

  std::string folder_;
  std::shared_ptr<ManualClock> clock_ =
      std::make_shared<ManualClock>(Timestamp::Parse("2026-06-30T10:00:00Z").value());
  std::optional<Database> db_;
};

TEST_F(DatabaseTest, GivesBackWhatWasStored) {
  Relation baker;
  baker.name = "Bakkerij Jansen";
  baker.visiting.city = "Utrecht";
  baker.tags = {"fair-2026", "regular"};
  baker.credit_limit = Money::Eur(10'000);
  const Id<Relation> id = Add(baker);
  Reopen();
  const Snapshot now = db_->Read().value();
  const View<Relation> view = now.Get(id).value();
  EXPECT_EQ(view.Get<&Relation::name>(), "Bakkerij Jansen");
  EXPECT_EQ((view[field<&Relation::visiting, &Address::city>]), "Utrecht");
  const Relation whole = view.Load().value();
  EXPECT_EQ(whole.id, id);
  EXPECT_EQ(whole.tags, baker.tags);
  EXPECT_EQ(whole.credit_limit, Money::Eur(10'000));
  EXPECT_EQ(whole.created_at, clock_->Now());
  EXPECT_EQ(now.Get("relation", id.value)->Find("visiting.city")->ToString(), "Utrecht");
}

TEST_F(DatabaseTest, DrawsRelationNumbersAndFindsByThem) {
  const Id<Relation> first = Add({.name = "Eerste"});
  const Id<Relation> second = Add({.name = "Tweede"});
  const Snapshot now = db_->Read().value();
  const int64_t a = now.Get(first)->Get<&Relation::number>();
  const int64_t b = now.Get(second)->Get<&Relation::number>();
  EXPECT_TRUE(crm::IsRelationNumber(a));
  EXPECT_TRUE(crm::IsRelationNumber(b));
  EXPECT_EQ(a / 10 + 1, b / 10);
  EXPECT_EQ(now.FindBy<&Relation::number>(b)->id(), second);
  EXPECT_TRUE(absl::IsNotFound(now.FindBy<&Relation::number>(17).status()));
}

TEST_F(DatabaseTest, ARefusedWriteLeavesNoTrace) {
  const Id<Relation> id = Add({.name = "Bakkerij Jansen"});
  const Status refused = db_->Update([&](Transaction& tx) -> Status {
    // A name is required; the transaction goes on afterwards.
    const StatusOr<Id<Relation>> nameless = tx.Insert(Relation{});
    EXPECT_TRUE(absl::IsInvalidArgument(nameless.status())) << nameless.status();
    EXPECT_THAT(std::string(nameless.status().message()), HasSubstr("relation.name"));
    const StatusOr<Id<Order>> orphan = tx.Insert(Order{.relation = Id<Relation>(99)});
    EXPECT_TRUE(absl::IsNotFound(orphan.status())) << orphan.status();
    return tx.Insert(Relation{.name = "Slagerij Smit"}).status();
  });
  EXPECT_TRUE(refused.ok()) << refused;
  const Snapshot now = db_->Read().value();
  EXPECT_EQ(now.Count<Relation>().value(), 2u);
  EXPECT_EQ(now.Count<Order>().value(), 0u);
  // The refused relation drew no number.
  EXPECT_EQ(now.Get(Id<Relation>(2))->Get<&Relation::number>() / 10,
            now.Get(id)->Get<&Relation::number>() / 10 + 1);
}

TEST_F(DatabaseTest, AFailureRollsBackAndAnExceptionReachesItsThrower) {
  const Status failed = db_->Update([&](Transaction& tx) -> Status {
    RELATA_RETURN_IF_ERROR(tx.Insert(Relation{.name = "Niemand"}).status());
    return absl::AbortedError("changed my mind");
  });
  EXPECT_EQ(failed.message(), "changed my mind");
  EXPECT_THROW((void)db_->Update([&](Transaction& tx) -> Status {
    (void)tx.Insert(Relation{.name = "Niemand"});
    throw std::runtime_error("host");
  }),
               std::runtime_error);
  EXPECT_EQ(db_->Read()->Count<Relation>().value(), 0u);
}

TEST_F(DatabaseTest, ASnapshotStaysAsItWas) {
  const Id<Relation> id = Add({.name = "Voor"});
  const Snapshot before = db_->Read().value();
  ASSERT_TRUE(db_->Update([&](Transaction& tx) -> Status {
                   RELATA_ASSIGN_OR_RETURN(Relation relation, tx.Load(id));
                   relation.name = "Na";
                   return tx.Update(relation);
                 })
                  .ok());
  EXPECT_EQ(before.Get(id)->Get<&Relation::name>(), "Voor");
  EXPECT_EQ(db_->Read()->Get(id)->Get<&Relation::name>(), "Na");
}

TEST_F(DatabaseTest, AmountsFollowTheRecordsCurrency) {
  const Id<Relation> id = Add({.name = "Londen"});
  const Currency pounds = Currency::Parse("GBP").value();
  const StatusOr<Id<Order>> refused = db_->Update([&](Transaction& tx) {
    return tx.Insert(Order{.relation = id, .total = Money::Minor(100, pounds), .currency = pounds});
  });
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("exchange_rate"));
  const StatusOr<Id<Order>> mixed = db_->Update([&](Transaction& tx) {
    return tx.Insert(Order{.relation = id, .total = Money::Minor(100, pounds), .currency = Currency::Eur()});
  });
  EXPECT_TRUE(absl::IsInvalidArgument(mixed.status())) << mixed.status();
}

TEST_F(DatabaseTest, SavepointsRollBackAlone) {
  ASSERT_TRUE(db_->Update([&](Transaction& tx) -> Status {
                   RELATA_RETURN_IF_ERROR(tx.Insert(Relation{.name = "Blijft"}).status());
                   {
                     RELATA_ASSIGN_OR_RETURN(Savepoint savepoint, tx.BeginSavepoint());
                     RELATA_RETURN_IF_ERROR(tx.Insert(Relation{.name = "Gaat"}).status());
                   }
                   RELATA_ASSIGN_OR_RETURN(Savepoint kept, tx.BeginSavepoint());
                   RELATA_RETURN_IF_ERROR(tx.Insert(Relation{.name = "Blijft ook"}).status());
                   return kept.Release();
                 })
                  .ok());
  const Snapshot now = db_->Read().value();
  std::vector<std::string> names;
  ASSERT_TRUE(now.ForEach<Relation>([&](const View<Relation>& relation) {
                   names.emplace_back(relation.Get<&Relation::name>());
                   return absl::OkStatus();
                 })
                  .ok());
  EXPECT_THAT(names, ElementsAre("Blijft", "Blijft ook"));
}

TEST_F(DatabaseTest, FieldsAddedAtRunTimeBelongToEveryRecord) {
  const Id<Relation> id = Add({.name = "Bakkerij Jansen"});
  ASSERT_TRUE(db_->AddField("relation", {.name = "loyalty",
                                         .type = ValueType::kEnum,
                                         .options = {.default_value = Value("silver")},
                                         .labels = {"gold", "silver"}})
                  .ok());
  EXPECT_EQ(db_->Read()->Get("relation", id.value)->Find("loyalty")->ToString(), "silver");
  ASSERT_TRUE(db_->Update([&](Transaction& tx) {
                   return tx.Update(Record("relation", id.value).Set("loyalty", "gold"));
                 })
                  .ok());
  // Writing through a struct that does not know the field keeps it.
  ASSERT_TRUE(db_->Update([&](Transaction& tx) -> Status {
                   RELATA_ASSIGN_OR_RETURN(Relation relation, tx.Load(id));
                   relation.name = "Bakkerij Jansen en Zonen";
                   return tx.Update(relation);
                 })
                  .ok());
  Reopen();
  EXPECT_EQ(db_->Read()->Get("relation", id.value)->Find("loyalty")->ToString(), "gold");
  const Status unknown = db_->Update(
      [&](Transaction& tx) { return tx.Update(Record("relation", id.value).Set("loyalty", "platinum")); });
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("platinum"));
}

TEST_F(DatabaseTest, ExplicitTransactionsCommitOrVanish) {
  {
    Transaction tx = db_->Begin().value();
    ASSERT_TRUE(tx.Insert(Relation{.name = "Vergeten"}).ok());
    // A second writer on this thread would wait for itself.
    EXPECT_TRUE(absl::IsFailedPrecondition(db_->Begin().status()));
  }
  Transaction tx = db_->Begin().value();
  ASSERT_TRUE(tx.Insert(Relation{.name = "Bewaard"}).ok());
  ASSERT_TRUE(db_->Commit(std::move(tx)).ok());
  EXPECT_EQ(db_->Read()->Count<Relation>().value(), 1u);
}

}  // namespace
}  // namespace relata
