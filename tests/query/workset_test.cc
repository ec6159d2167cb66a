// Tests worksets and object caches: in step with the store through every kind of change, exact for conditions
// on other records and the clock, and whole for readers while others write and refresh.
#include "relata/query/workset.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "relata/base/clock.h"
#include "relata/engine/database.h"
#include "relata/query/object_cache.h"
#include "tests/store/fixture.h"

namespace relata {

// Something hung up at a client's.
struct Sign {
  Id<Sign> id;
  Id<store::test::Client> client;
  std::string text;
  Date until;
};
BOOST_DESCRIBE_STRUCT(Sign, (), (id, client, text, until))
RELATA_ENTITY(Sign, "sign", inverse<&Sign::client>("signs", OnDelete::kCascade))

namespace {

using store::test::Client;
using store::test::Folder;
using store::test::Home;

class WorksetTest : public testing::Test {
 protected:
  WorksetTest() {
    Options options = store::test::SmallStore(clock_);
    options.log_retention = 1'000;
    db_ = std::make_unique<Database>(Database::Open(folder_.File(), options).value());
    const Status registered = db_->Register<Client, store::test::Group, Sign>();
    EXPECT_TRUE(registered.ok()) << registered;
  }

  Id<Client> Add(const std::string& code, const std::string& city, std::optional<int64_t> rating = {}) {
    return db_
        ->Update([&](Transaction& tx) {
          return tx.Insert(Client{.code = code, .name = code, .home = {.city = city}, .rating = rating});
        })
        .value();
  }
  template <class F>
  void Change(Id<Client> id, F change) {
    ASSERT_TRUE(db_->Update([&](Transaction& tx) -> Status {
                     RELATA_ASSIGN_OR_RETURN(Client client, tx.Load(id));
                     change(&client);
                     return tx.Update(client);
                   })
                    .ok());
  }
  void Remove(Id<Client> id) {
    ASSERT_TRUE(db_->Update([&](Transaction& tx) { return tx.Delete(id); }).ok());
  }

  Folder folder_;
  std::shared_ptr<ManualClock> clock_ = store::test::StandingClock();
  std::unique_ptr<Database> db_;
};

using Clients = Workset<Client, by<&Client::name>, by<&Client::home, &Home::city>, by<&Client::rating>>;

template <class View>
std::vector<std::string> Codes(const View& view) {
  std::vector<std::string> codes;
  for (const auto& client : view) codes.push_back(client->code);
  return codes;
}
using Codes_ = std::vector<std::string>;

TEST_F(WorksetTest, HoldsWhatMeetsTheConditionByEveryIndex) {
  const Id<Client> a = Add("a", "Utrecht", 5);
  Add("b", "Breda", 9);
  Add("c", "Utrecht", 1);
  Add("d", "Utrecht");
  StatusOr<Clients> clients = Clients::Open(*db_, "rating >= 2 or rating is null");
  ASSERT_TRUE(clients.ok()) << clients.status();
  const Clients::View view = clients->Read();
  EXPECT_EQ(Codes(view), (Codes_{"a", "b", "d"}));
  EXPECT_EQ(Codes(view.Equal<&Client::home, &Home::city>("Utrecht")), (Codes_{"a", "d"}));
  EXPECT_EQ(Codes(view.By<&Client::rating>()), (Codes_{"d", "a", "b"}));
  EXPECT_EQ(view.Find(a)->home.city, "Utrecht");
  EXPECT_EQ(view.Find(Id<Client>(3)), nullptr);
  EXPECT_EQ(view.position(), db_->Read()->position());
}

TEST_F(WorksetTest, FollowsInsertsUpdatesAndDeletesByTheLog) {
  const Id<Client> a = Add("a", "Utrecht", 5);
  const Id<Client> b = Add("b", "Utrecht", 1);
  StatusOr<Clients> clients = Clients::Open(*db_, "rating >= 2");
  ASSERT_TRUE(clients.ok()) << clients.status();
  const Clients::View before = clients->Read();
  Change(b, [](Client* client) { client->rating = 7; });
  const Id<Client> c = Add("c", "Breda", 3);
  Change(a, [](Client* client) { client->home.city = "Breda"; });
  ASSERT_TRUE(clients->Refresh().ok());
  EXPECT_EQ(Codes(clients->Read()), (Codes_{"a", "b", "c"}));
  EXPECT_EQ(Codes(clients->Read().Equal<&Client::home, &Home::city>("Breda")), (Codes_{"a", "c"}));
  Remove(c);
  Change(a, [](Client* client) { client->rating.reset(); });
  ASSERT_TRUE(clients->Refresh().ok());
  EXPECT_EQ(Codes(clients->Read()), (Codes_{"b"}));
  EXPECT_EQ(clients->figures().refills, 1u);
  EXPECT_EQ(clients->figures().changed, 5u);
  // The view that was held all the time shows what it showed.
  EXPECT_EQ(Codes(before), (Codes_{"a"}));
  EXPECT_EQ(before.Find(a)->home.city, "Utrecht");
}

TEST_F(WorksetTest, RefillsWhereTheLogWasCut) {
  Options options = store::test::SmallStore(clock_);
  options.log_retention = 3;
  db_.reset();
  db_ = std::make_unique<Database>(Database::Open(folder_.File(), options).value());
  ASSERT_TRUE((db_->Register<Client, store::test::Group, Sign>().ok()));
  StatusOr<Clients> clients = Clients::Open(*db_, "rating > 0");
  ASSERT_TRUE(clients.ok()) << clients.status();
  for (int i = 0; i < 200; ++i) Add("c" + std::to_string(i), "Utrecht", i);
  ASSERT_TRUE(clients->Refresh().ok());
  EXPECT_EQ(clients->figures().refills, 2u);
  EXPECT_EQ(clients->Read().size(), 199u);
}

TEST_F(WorksetTest, RefillsAfterARestoreBeganAnotherEpoch) {
  Add("a", "Utrecht", 1);
  StatusOr<Clients> clients = Clients::Open(*db_, expr::Expr());
  ASSERT_TRUE(clients.ok()) << clients.status();
  ASSERT_TRUE(db_->store()->BeginEpoch().ok());
  Add("b", "Utrecht", 1);
  ASSERT_TRUE(clients->Refresh().ok());
  EXPECT_EQ(clients->figures().refills, 2u);
  EXPECT_EQ(clients->Read().size(), 2u);
}

TEST_F(WorksetTest, ReadsTheSchemaAnew) {
  Add("a", "Utrecht", 1);
  StatusOr<Clients> clients = Clients::Open(*db_, "home.city = 'Utrecht'");
  ASSERT_TRUE(clients.ok()) << clients.status();
  ASSERT_TRUE(db_->AddField("client", {.name = "colour", .type = ValueType::kText}).ok());
  Add("b", "Utrecht", 1);
  ASSERT_TRUE(clients->Refresh().ok());
  EXPECT_EQ(Codes(clients->Read()), (Codes_{"a", "b"}));
}

TEST_F(WorksetTest, IsExactWhereOtherRecordsDecide) {
  const Id<Client> a = Add("a", "Utrecht", 1);
  const Id<Client> b = Add("b", "Utrecht", 2);
  const Id<Sign> sign = db_->Update([&](Transaction& tx) { return tx.Insert(Sign{.client = b}); }).value();
  StatusOr<Clients> signs = Clients::Open(*db_, "exists(signs where text = 'x')");
  ASSERT_TRUE(signs.ok()) << signs.status();
  EXPECT_TRUE(signs->Read().empty());
  ASSERT_TRUE(
      db_->Update([&](Transaction& tx) { return tx.Update(Sign{.id = sign, .client = b, .text = "x"}); })
          .ok());
  ASSERT_TRUE(signs->Refresh().ok());
  EXPECT_EQ(Codes(signs->Read()), (Codes_{"b"}));
  EXPECT_EQ(signs->figures().refills, 2u);
  // A change of the type itself alone needs no look at the others.
  Change(a, [](Client* client) { client->rating = 9; });
  ASSERT_TRUE(signs->Refresh().ok());
  EXPECT_EQ(signs->figures().refills, 2u);

  StatusOr<Clients> pupils = Clients::Open(*db_, "mentor.rating > 5");
  ASSERT_TRUE(pupils.ok()) << pupils.status();
  Change(b, [&](Client* client) { client->mentor = a; });
  ASSERT_TRUE(pupils->Refresh().ok());
  EXPECT_EQ(Codes(pupils->Read()), (Codes_{"b"}));
  Change(a, [](Client* client) { client->rating = 1; });
  ASSERT_TRUE(pupils->Refresh().ok());
  EXPECT_TRUE(pupils->Read().empty());
}

TEST_F(WorksetTest, IsExactAsTheClockMoves) {
  const Id<Client> a = Add("a", "Utrecht", 1);
  ASSERT_TRUE(db_->Update([&](Transaction& tx) {
                   return tx.Insert(Sign{.client = a, .until = Date::Parse("2026-07-02").value()}).status();
                 })
                  .ok());
  using Signs = Workset<Sign, by<&Sign::until>>;
  StatusOr<Signs> signs = Signs::Open(*db_, "until < today()");
  ASSERT_TRUE(signs.ok()) << signs.status();
  EXPECT_TRUE(signs->Read().empty());
  clock_->Set(Timestamp::Parse("2026-07-02T21:59:59Z").value());  // still the 2nd in Amsterdam
  ASSERT_TRUE(signs->Refresh().ok());
  EXPECT_TRUE(signs->Read().empty());
  clock_->Set(Timestamp::Parse("2026-07-02T22:00:00Z").value());
  ASSERT_TRUE(signs->Refresh().ok());
  EXPECT_EQ(signs->Read().size(), 1u);
}

TEST_F(WorksetTest, RefusesAConditionThatMakesNoSense) {
  EXPECT_TRUE(absl::IsInvalidArgument(Clients::Open(*db_, "ratting > 1").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Clients::Open(*db_, "rating >").status()));
}

TEST_F(WorksetTest, EqualsAModelThroughRandomChanges) {
  std::mt19937_64 random(20260630);
  std::map<uint64_t, int64_t> model;  // id -> rating
  StatusOr<Clients> clients = Clients::Open(*db_, "rating >= 50");
  ASSERT_TRUE(clients.ok()) << clients.status();
  std::vector<Clients::View> held;
  for (int step = 0; step < 300; ++step) {
    const auto rating = static_cast<int64_t>(random() % 100);
    if (model.empty() || random() % 3 == 0) {
      model[Add("r" + std::to_string(step), "x", rating).value] = rating;
    } else {
      auto at = model.begin();
      std::advance(at, random() % model.size());
      if (random() % 4 == 0) {
        Remove(Id<Client>(at->first));
        model.erase(at);
      } else {
        Change(Id<Client>(at->first), [&](Client* client) { client->rating = rating; });
        at->second = rating;
      }
    }
    if (random() % 3 != 0) continue;
    ASSERT_TRUE(clients->Refresh().ok());
    const Clients::View view = clients->Read();
    std::multiset<int64_t> expected;
    for (const auto& [id, value] : model) {
      ASSERT_EQ(view.Find(Id<Client>(id)) != nullptr, value >= 50);
      if (value >= 50) expected.insert(value);
    }
    ASSERT_EQ(view.size(), expected.size());
    auto next = expected.begin();
    for (const auto& client : view.By<&Client::rating>()) ASSERT_EQ(client->rating, *next++);
    // Some views stay out, so that both ways of refreshing are taken.
    if (random() % 4 == 0) held.push_back(view);
    if (held.size() > 3) held.erase(held.begin());
  }
  EXPECT_EQ(clients->figures().refills, 1u);
}

TEST_F(WorksetTest, IsReadWhileItRefreshes) {
  // Pairs of clients whose ratings always add up to 100: whoever reads sees one commit or another, never a
  // mix.
  constexpr size_t kPairs = 4;
  std::vector<Id<Client>> ids;
  for (size_t i = 0; i < 2 * kPairs; ++i) ids.push_back(Add("c" + std::to_string(i), "Utrecht", 50));
  StatusOr<Clients> clients = Clients::Open(*db_, "rating is not null");
  ASSERT_TRUE(clients.ok()) << clients.status();
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int64_t i = 0; i < 300; ++i) {
      const size_t pair = static_cast<size_t>(i) % kPairs;
      EXPECT_TRUE(db_->Update([&](Transaction& tx) -> Status {
                       RELATA_ASSIGN_OR_RETURN(Client first, tx.Load(ids[2 * pair]));
                       RELATA_ASSIGN_OR_RETURN(Client second, tx.Load(ids[2 * pair + 1]));
                       first.rating = i % 101;
                       second.rating = 100 - i % 101;
                       RELATA_RETURN_IF_ERROR(tx.Update(first));
                       return tx.Update(second);
                     })
                      .ok());
      EXPECT_TRUE(clients->Refresh().ok());
    }
    done = true;
  });
  std::thread refresher([&] {
    while (!done) EXPECT_TRUE(clients->Refresh().ok());
  });
  uint64_t sequence = 0;
  std::vector<Clients::View> held;  // so that copies come back late, and in any order
  std::mt19937_64 random(7);
  while (!done) {
    const Clients::View view = clients->Read();
    EXPECT_GE(view.position().sequence, sequence);
    sequence = view.position().sequence;
    for (size_t i = 0; i < kPairs; ++i) {
      EXPECT_EQ(*view.Find(ids[2 * i])->rating + *view.Find(ids[2 * i + 1])->rating, 100);
    }
    EXPECT_EQ(view.size(), 2 * kPairs);
    if (held.size() == 3) held.erase(held.begin() + static_cast<ptrdiff_t>(random() % 3));
    held.push_back(view);
  }
  writer.join();
  refresher.join();
  // No change was lost on the way.
  ASSERT_TRUE(clients->Refresh().ok());
  const Snapshot now = db_->Read().value();
  for (const Id<Client> id : ids) {
    EXPECT_EQ(clients->Read().Find(id)->rating, now.Load(id)->rating);
  }
}

TEST_F(WorksetTest, FollowsNoSegments) {
  ASSERT_TRUE(db_->store()
                  ->ChangeSchema([](schema::Catalogue& catalogue) {
                    return catalogue.DefineSegment(DeclarationOf<Client>().name, "all", "true", "");
                  })
                  .ok());
  EXPECT_TRUE(absl::IsInvalidArgument(Clients::Open(*db_, "in segment 'all'").status()));
}

TEST_F(WorksetTest, ViewsOutliveIt) {
  Add("a", "Utrecht", 1);
  std::optional<Clients::View> view;
  {
    StatusOr<Clients> clients = Clients::Open(*db_, "rating = 1");
    ASSERT_TRUE(clients.ok());
    view = clients->Read();
  }
  EXPECT_EQ(Codes(*view), (Codes_{"a"}));
}

TEST_F(WorksetTest, ObjectCacheAnswersAsItsSnapshotHasIt) {
  const Id<Client> a = Add("a", "Utrecht", 1);
  const Id<Client> b = Add("b", "Utrecht", 2);
  ObjectCache<Client> cache(10);
  const Snapshot old = db_->Read().value();
  const auto first = cache.Get(old, a);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ((*first)->rating, 1);
  EXPECT_EQ(cache.Get(old, a).value(), *first);
  EXPECT_EQ(cache.figures().hits, 1u);
  ASSERT_TRUE(cache.Get(old, b).ok());

  Change(a, [](Client* client) { client->rating = 5; });
  const Snapshot later = db_->Read().value();
  EXPECT_EQ(cache.Get(later, a).value()->rating, 5);
  EXPECT_EQ(cache.figures().dropped, 1u);
  EXPECT_EQ(cache.Get(old, a).value()->rating, 1);    // read from its row
  EXPECT_EQ(cache.Get(later, a).value()->rating, 5);  // and not kept
  // What did not change serves both.
  EXPECT_EQ(cache.Get(old, b).value(), cache.Get(later, b).value());

  Remove(a);
  const Snapshot last = db_->Read().value();
  EXPECT_TRUE(absl::IsNotFound(cache.Get(last, a).status()));
  EXPECT_EQ(cache.Get(old, a).value()->rating, 1);
}

TEST_F(WorksetTest, ObjectCacheKeepsTheMostRecent) {
  std::vector<Id<Client>> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(Add("c" + std::to_string(i), "Utrecht", i));
  ObjectCache<Client> cache(3);
  const Snapshot now = db_->Read().value();
  for (int i : {0, 1, 2, 0, 3}) ASSERT_TRUE(cache.Get(now, ids[i]).ok());
  EXPECT_EQ(cache.figures().kept, 3u);
  const uint64_t hits = cache.figures().hits;
  ASSERT_TRUE(cache.Get(now, ids[0]).ok());
  EXPECT_EQ(cache.figures().hits, hits + 1);
  ASSERT_TRUE(cache.Get(now, ids[1]).ok());  // had gone
  EXPECT_EQ(cache.figures().hits, hits + 1);
}

TEST_F(WorksetTest, ObjectCacheIsRightBesideAWriter) {
  const Id<Client> a = Add("a", "Utrecht", 0);
  ObjectCache<Client> cache(10);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int64_t i = 1; i <= 300; ++i) Change(a, [&](Client* client) { client->rating = i; });
    done = true;
  });
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const Snapshot now = db_->Read().value();
        EXPECT_EQ(cache.Get(now, a).value()->rating, now.Load(a)->rating);
      }
    });
  }
  writer.join();
  for (std::thread& reader : readers) reader.join();
  const Snapshot now = db_->Read().value();
  EXPECT_EQ(cache.Get(now, a).value()->rating, 300);
}

}  // namespace
}  // namespace relata
