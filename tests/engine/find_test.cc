// Tests the typed face of queries through a database: conditions in C++ and as text, orders, pages, walking
// in a for loop, types known by name, and what a transaction sees of itself.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/fixture.h"

namespace relata {
namespace {

using crm::Address;
using crm::Relation;
using testing::ElementsAre;
using testing::HasSubstr;

class FindTest : public EngineTest {
 protected:
  FindTest() {
    EXPECT_TRUE(database_
                    ->Update([](Transaction& tx) -> Status {
                      for (const auto& [relation, city] :
                           std::vector<std::pair<const char*, const char*>>{{"Zandt", "Utrecht"},
                                                                            {"Bakker", "Utrecht"},
                                                                            {"Jansen", "Delft"},
                                                                            {"Appel", "Utrecht"}}) {
                        RELATA_RETURN_IF_ERROR(
                            tx.Insert(Relation{.name = relation, .visiting = {.city = city}}).status());
                      }
                      return absl::OkStatus();
                    })
                    .ok());
  }
};

TEST_F(FindTest, WalksWhatItFinds) {
  const Snapshot now = database_->Read().value();
  std::vector<std::string> names;
  for (const Relation& r : now.Find<Relation>()
                               .Where(field<&Relation::visiting, &Address::city> == "Utrecht")
                               .OrderBy<&Relation::name>()
                               .Limit(2)) {
    names.push_back(r.name);
  }
  EXPECT_THAT(names, ElementsAre("Appel", "Bakker"));
  names.clear();
  for (const Relation& r : now.Find<Relation>().OrderBy<&Relation::name>().Desc()) names.push_back(r.name);
  EXPECT_THAT(names, ElementsAre("Zandt", "Jansen", "Bakker", "Appel"));
  for (const Relation& r : now.Find<Relation>().Where("name = 'Nobody'")) ADD_FAILURE() << r.name;
}

TEST_F(FindTest, TakesTextAsWell) {
  const Snapshot now = database_->Read().value();
  Query<Relation> query = now.Find<Relation>().Where("visiting.city = :city", {{"city", "Utrecht"}});
  EXPECT_EQ(*query.Count(), 3u);
  EXPECT_TRUE(*query.Exists());
  query.Where(field<&Relation::name> != "Bakker").OrderBy("name desc");
  EXPECT_THAT(*query.Ids(), ElementsAre(Id<Relation>(1), Id<Relation>(4)));
  EXPECT_EQ(query.Load()->front().name, "Zandt");

  Found<Relation> first = query.Limit(1).Run().value();
  ASSERT_TRUE(first.Next());
  EXPECT_EQ(first.view().Get<&Relation::name>(), "Zandt");
  EXPECT_FALSE(first.Next());
  Found<Relation> second = query.After(*first.NextCursor()).Run().value();
  ASSERT_TRUE(second.Next());
  EXPECT_EQ(second.id(), Id<Relation>(4));

  Found<Relation> values =
      now.Find<Relation>().Where("name = 'Jansen'").Select("name").Select("visiting.city").Run().value();
  ASSERT_TRUE(values.Next());
  EXPECT_THAT(*values.Values(), ElementsAre(Value("Jansen"), Value("Delft")));
}

TEST_F(FindTest, TellsWhatIsWrongWhenItRuns) {
  const Snapshot now = database_->Read().value();
  const auto message = [](const auto& query) { return std::string(query.Count().status().ToString()); };
  EXPECT_THAT(message(now.Find<Relation>().Where("visiting.citty = 'Utrecht'")), HasSubstr("citty"));
  EXPECT_THAT(message(now.Find<Relation>().Where("name = ")), HasSubstr("line 1"));
  EXPECT_THAT(message(now.Find<Relation>().Where("name = :a", {{"a", "x"}}).Where("name = :a", {{"a", "y"}})),
              HasSubstr("two values"));
  EXPECT_THAT(message(now.Find<Relation>().Desc()), HasSubstr("OrderBy"));
  EXPECT_THAT(message(now.Find("relatoin")), HasSubstr("relation"));
  EXPECT_DEATH(
      {
        for (const Relation& r : now.Find<Relation>().Where("nmae = 'x'")) std::puts(r.name.c_str());
      },
      "nmae");
}

TEST_F(FindTest, FindsRecordsOfTypesKnownByName) {
  const Snapshot now = database_->Read().value();
  const std::vector<Record> records =
      now.Find("relation").Where("visiting.city = 'Delft'").OrderBy("name").Load().value();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(*records.front().Find("name"), Value("Jansen"));
}

TEST_F(FindTest, IsPutTogetherOnceAndAskedOfManySnapshots) {
  std::optional<Snapshot> now = database_->Read().value();
  Query<Relation> typed = now->Find<Relation>().Where("visiting.city = :city").OrderBy("name").Limit(1);
  RecordQuery by_name = now->Find("relation").Where("visiting.city = :city").OrderBy("name");
  now.reset();
  const auto add = [&](std::string_view name, std::string_view city) {
    ASSERT_TRUE(database_
                    ->Update([&](Transaction& tx) {
                      return tx.Insert(
                          Relation{.name = std::string(name), .visiting = {.city = std::string(city)}});
                    })
                    .ok());
  };
  add("Zwart", "Breda");
  add("Aalbers", "Breda");
  now.emplace(database_->Read().value());
  EXPECT_EQ(typed.In(*now).Rebind({{"city", "Breda"}}).Load()->front().name, "Aalbers");
  EXPECT_EQ(*by_name.In(*now).Rebind({{"city", "Breda"}}).Count(), 2u);
  EXPECT_EQ(*by_name.Rebind({{"city", "nowhere"}}).Count(), 0u);

  // A page begun at one snapshot goes on at a later one.
  Found<Relation> page = typed.Run().value();
  ASSERT_TRUE(page.Next());
  const std::string cursor = page.NextCursor().value();
  add("Bakker", "Breda");
  now.emplace(database_->Read().value());
  EXPECT_EQ(typed.In(*now).After(cursor).Load()->front().name, "Bakker");

  // The schema is that of the reader: a new index is used, a name that is gone is told.
  ASSERT_TRUE(database_->AddField("relation", {.name = "shelf", .type = ValueType::kText}).ok());
  now.emplace(database_->Read().value());
  RecordQuery shelf = now->Find("relation").Where("shelf = :shelf", {{"shelf", "a"}});
  EXPECT_EQ(*shelf.Count(), 0u);
  ASSERT_TRUE(database_->AddIndex("relation", {.parts = {"shelf"}}).ok());
  now.emplace(database_->Read().value());
  EXPECT_TRUE(shelf.In(*now).Explain()->Has(query::Step::kIndexRange));
  EXPECT_EQ(*typed.In(*now).Rebind({{"city", "Delft"}}).Count(), 1u);
  ASSERT_TRUE(database_->RenameField("relation", "shelf", "rack").ok());
  now.emplace(database_->Read().value());
  EXPECT_THAT(std::string(shelf.In(*now).Count().status().message()), testing::HasSubstr("shelf"));
}

TEST_F(FindTest, SeesItsOwnWrites) {
  EXPECT_TRUE(database_
                  ->Update([](Transaction& tx) -> Status {
                    RELATA_RETURN_IF_ERROR(
                        tx.Insert(Relation{.name = "Nieuw", .visiting = {.city = "Delft"}}).status());
                    EXPECT_EQ(*tx.Find<Relation>().Where("visiting.city = 'Delft'").Count(), 2u);
                    return absl::OkStatus();
                  })
                  .ok());
}

}  // namespace
}  // namespace relata
