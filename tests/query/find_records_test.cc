// Holds what queries find against plain loops over the same records: conditions, orders, pages; and the same
// answers with every strategy switched off.
#include <algorithm>

#include "src/base/text.h"
#include "tests/query/shop.h"

namespace relata::query::test {
namespace {

struct Case {
  std::string where;
  std::function<bool(const Buyer&)> matches;
};

std::vector<Case> Cases() {
  const auto date = [](int32_t days) { return Date{days}; };
  return {
      {"", [](const Buyer&) { return true; }},
      {"place.city = 'Utrecht'", [](const Buyer& b) { return b.place.city == "Utrecht"; }},
      {"place.city = 'Utrecht' and rating >= 2",
       [](const Buyer& b) { return b.place.city == "Utrecht" && b.rating >= 2; }},
      {"rating between -1 and 2",
       [](const Buyer& b) { return b.rating && *b.rating >= -1 && *b.rating <= 2; }},
      {"rating > 5 and rating < 3", [](const Buyer&) { return false; }},
      {"rating is null", [](const Buyer& b) { return !b.rating; }},
      {"rating is not null and rating < 0", [](const Buyer& b) { return b.rating && *b.rating < 0; }},
      {"not (rating > 0)", [](const Buyer& b) { return b.rating && *b.rating <= 0; }},
      {"rating = null", [](const Buyer&) { return false; }},
      {"rating in (1, 3, null)", [](const Buyer& b) { return b.rating == 1 || b.rating == 3; }},
      {"'vip' in tags", [](const Buyer& b) { return b.tags.contains("vip"); }},
      {"tags has any ('vip', 'press')",
       [](const Buyer& b) { return b.tags.contains("vip") || b.tags.contains("press"); }},
      {"tags has all ('vip', 'press')",
       [](const Buyer& b) { return b.tags.contains("vip") && b.tags.contains("press"); }},
      {"tags has none ('vip')", [](const Buyer& b) { return !b.tags.contains("vip"); }},
      {"code = 'c17'", [](const Buyer& b) { return b.code == "c17"; }},
      {"code = 'c17' or code = 'c3'", [](const Buyer& b) { return b.code == "c17" || b.code == "c3"; }},
      {"place.city = 'Delft' or rating = 5",
       [](const Buyer& b) { return b.place.city == "Delft" || b.rating == 5; }},
      {"place.city = 'Delft' or notes = 'note 3'",
       [](const Buyer& b) { return b.place.city == "Delft" || b.notes == "note 3"; }},
      {"name starts_with 'Jan'", [](const Buyer& b) { return b.name.starts_with("Jan"); }},
      {"name like 'Jansen%'", [](const Buyer& b) { return b.name.starts_with("Jansen"); }},
      {"name ilike 'jan%'", [](const Buyer& b) { return Fold(b.name).starts_with("jan"); }},
      {"fold(name) = 'jansen'", [](const Buyer& b) { return Fold(b.name) == "jansen"; }},
      {"fold(name) = 'Jansen'", [](const Buyer&) { return false; }},
      {"name = 'Jansen'", [](const Buyer& b) { return b.name == "Jansen"; }},
      {"name > 'J'", [](const Buyer& b) { return b.name > "J"; }},
      {"since >= date '2025-01-01' and since < date '2025-06-01'",
       [&](const Buyer& b) {
         return b.since && *b.since >= date(20'089) && *b.since < Date::Parse("2025-06-01").value();
       }},
      {"since >= today() - 300",  // the clock stands at 2026-06-30
       [&](const Buyer& b) { return b.since && *b.since >= Date::Parse("2025-09-03").value(); }},
      {"since in last year and place.city = 'Gouda'",
       [&](const Buyer& b) {
         return b.since && *b.since >= date(20'089) && *b.since < date(20'454) && b.place.city == "Gouda";
       }},
      {"created_at >= now() - interval '1 day'", [](const Buyer&) { return true; }},
      {"count(purchases) = 0 and rating = 1", [](const Buyer& b) { return b.rating == 1; }},
      {"active", [](const Buyer& b) { return b.active; }},
      {"not active", [](const Buyer& b) { return !b.active; }},
      {"credit >= 800 and notes = 'note 4'",
       [](const Buyer& b) { return b.credit.minor >= 80'000 && b.notes == "note 4"; }},
      {"'vip' in tags and rating = 2 and place.city = 'Gouda'",
       [](const Buyer& b) { return b.tags.contains("vip") && b.rating == 2 && b.place.city == "Gouda"; }},
      {"place.region is null and since is not null",
       [](const Buyer& b) { return !b.place.region && b.since; }},
  };
}

std::vector<Strategies> SwitchedOff() {
  std::vector<Strategies> all(2);
  all[1] = Strategies::None();
  for (bool Strategies::*strategy :
       {&Strategies::index_range, &Strategies::index_and, &Strategies::index_or, &Strategies::ordered_walk,
        &Strategies::top_k, &Strategies::column_scan, &Strategies::text_index, &Strategies::segment_set,
        &Strategies::grouped_walk, &Strategies::semi_join}) {
    Strategies without;
    without.*strategy = false;
    all.push_back(without);
  }
  return all;
}

using FindRecords = ShopTest;

TEST_F(FindRecords, FindWhatALoopFinds) {
  Fill(400);
  for (const Case& c : Cases()) {
    for (const Strategies& strategies : SwitchedOff()) {
      QuerySpec spec = Ask(c.where);
      spec.strategies = strategies;
      const std::vector<RecordId> expected = Expect(c.matches);
      EXPECT_EQ(Ids(spec), expected) << c.where << "\n" << PlanOf(spec).ToString();
      const store::Snapshot now = Now();
      EXPECT_EQ(*Count({.reader = &now}, spec), expected.size()) << c.where;
      EXPECT_EQ(*Exists({.reader = &now}, spec), !expected.empty()) << c.where;
    }
  }
}

TEST_F(FindRecords, OrderAsALoopSorts) {
  Fill(300);
  const auto nulls_last = [](auto get, const Buyer& a, const Buyer& b) {
    const auto x = get(a), y = get(b);
    return x && (!y || *x < *y);
  };
  const auto descending = [](auto get, const Buyer& a, const Buyer& b) {  // nulls first
    const auto x = get(a), y = get(b);
    return y && (!x || *x > *y);
  };
  const auto rating = [](const Buyer& b) { return b.rating; };
  const auto since = [](const Buyer& b) { return b.since; };
  const auto region = [](const Buyer& b) { return b.place.region; };
  const Collator* dutch = *Collator::ForLocale("nl");
  const std::vector<std::pair<std::vector<std::string>, Order>> orders = {
      {{"name"}, [](const Buyer& a, const Buyer& b) { return a.name < b.name; }},
      {{"-name"}, [](const Buyer& a, const Buyer& b) { return a.name > b.name; }},
      {{"name fold"}, [](const Buyer& a, const Buyer& b) { return Fold(a.name) < Fold(b.name); }},
      {{"-name fold"}, [](const Buyer& a, const Buyer& b) { return Fold(a.name) > Fold(b.name); }},
      {{"name locale"}, [&](const Buyer& a, const Buyer& b) { return dutch->Compare(a.name, b.name) < 0; }},
      {{"-name nl"}, [&](const Buyer& a, const Buyer& b) { return dutch->Compare(a.name, b.name) > 0; }},
      {{"rating"}, [&](const Buyer& a, const Buyer& b) { return nulls_last(rating, a, b); }},
      {{"-rating"}, [&](const Buyer& a, const Buyer& b) { return descending(rating, a, b); }},
      {{"-since last"},
       [&](const Buyer& a, const Buyer& b) { return a.since && (!b.since || *a.since > *b.since); }},
      {{"since first"},
       [&](const Buyer& a, const Buyer& b) { return b.since && (!a.since || *a.since < *b.since); }},
      {{"since"}, [&](const Buyer& a, const Buyer& b) { return nulls_last(since, a, b); }},
      {{"-place.region"}, [&](const Buyer& a, const Buyer& b) { return descending(region, a, b); }},
      {{"code"}, [](const Buyer& a, const Buyer& b) { return a.code < b.code; }},
      {{"-code"}, [](const Buyer& a, const Buyer& b) { return a.code > b.code; }},
      {{"place.city", "-rating last"},
       [&](const Buyer& a, const Buyer& b) {
         if (a.place.city != b.place.city) return a.place.city < b.place.city;
         return a.rating && (!b.rating || *a.rating > *b.rating);
       }},
      {{"-place.city", "rating first"},
       [&](const Buyer& a, const Buyer& b) {
         if (a.place.city != b.place.city) return a.place.city > b.place.city;
         return b.rating && (!a.rating || *a.rating < *b.rating);
       }},
      {{"active", "-credit", "notes"},
       [](const Buyer& a, const Buyer& b) {
         if (a.active != b.active) return a.active < b.active;
         if (a.credit.minor != b.credit.minor) return a.credit.minor > b.credit.minor;
         return a.notes < b.notes;
       }},
      {{"rating * 2 + 1"}, [&](const Buyer& a, const Buyer& b) { return nulls_last(rating, a, b); }},
  };
  const std::vector<Case> cases = {Cases()[0], Cases()[1], Cases()[3], Cases()[10], Cases()[18]};
  for (const auto& [order, less] : orders) {
    for (const Case& c : cases) {
      const std::vector<RecordId> expected = Expect(c.matches, less);
      for (const Strategies& strategies : SwitchedOff()) {
        QuerySpec spec = Ask(c.where, order);
        spec.strategies = strategies;
        ASSERT_EQ(Ids(spec), expected) << c.where << " by " << order[0] << "\n" << PlanOf(spec).ToString();

        // In pages, through cursors.
        std::vector<RecordId> paged;
        spec.limit = 7;
        const store::Snapshot now = Now();
        while (paged.size() <= expected.size()) {
          Results page = Find({.reader = &now}, spec).value();
          size_t size = 0;
          for (; page.Next(); ++size) paged.push_back(page.id());
          ASSERT_TRUE(Ok(page.status()));
          if (size < 7) break;
          spec.after = page.NextCursor().value();
        }
        ASSERT_EQ(paged, expected) << c.where << " by " << order[0] << "\n" << PlanOf(spec).ToString();
      }
    }
  }
}

TEST_F(FindRecords, SeesItsOwnWritesInATransaction) {
  Fill(50);
  ASSERT_TRUE(Ok(store_->Update({}, [&](store::Transaction& tx) -> Status {
    RELATA_ASSIGN_OR_RETURN(const Id<Buyer> id,
                            store::test::Insert(tx, Buyer{.code = "new", .name = "Aaa", .place = {"Edam"}}));
    EXPECT_THAT(Ids({.reader = &tx}, Ask("place.city = 'Edam'")), testing::ElementsAre(id.value));
    EXPECT_EQ(Ids({.reader = &tx}, Ask("", {"code"}, 100)).size(), 51u);
    return absl::OkStatus();
  })));
}

TEST_F(FindRecords, SelectsValues) {
  Add({Buyer{.code = "a", .name = "Jansen", .place = {"Utrecht"}, .rating = 4, .credit = Money::Eur(12)}});
  const store::Snapshot now = Now();
  QuerySpec spec = Ask("");
  spec.select = {E("name"),         E("rating + :more"), E("credit"),
                 E("place.region"), E("credit > 10"),    E("since")};
  spec.parameters = {{"more", 3}};
  Results found = Find({.reader = &now}, spec).value();
  ASSERT_TRUE(found.Next());
  const std::vector<Value> values = found.Values().value();
  EXPECT_THAT(values, testing::ElementsAre(Value("Jansen"), Value(7), Value(Money::Eur(12)), Value(),
                                           Value(true), Value()));
  EXPECT_FALSE(found.Next());
}

TEST_F(FindRecords, RefusesWhatMakesNoSense) {
  const store::Snapshot now = Now();
  const Source source{.reader = &now};
  const auto message = [&](const QuerySpec& spec) { return store::test::Text(Find(source, spec).status()); };
  QuerySpec spec = Ask("citty = 'Utrecht'");
  EXPECT_THAT(message(spec), testing::HasSubstr("citty"));
  spec = Ask("name = :name");
  EXPECT_THAT(message(spec), testing::HasSubstr("name"));
  spec = Ask("");
  spec.parameters = {{"city", "Utrecht"}};
  EXPECT_THAT(message(spec), testing::HasSubstr(":city"));
  spec = Ask("");
  spec.entity = "bujer";
  EXPECT_EQ(Find(source, spec).status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(message(Ask("", {"tags"})), testing::HasSubstr("cannot be ordered"));
  EXPECT_THAT(message(Ask("", {"rating nl"})), testing::HasSubstr("collation"));
  EXPECT_THAT(message(Ask("", {"name xx-nowhere"})), testing::HasSubstr("xx-nowhere"));
}

}  // namespace
}  // namespace relata::query::test
