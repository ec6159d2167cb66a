// Tests what the planner chooses and how much of the store a query touches: rows read and index entries
// taken, never time.
#include <set>

#include "relata/query/find.h"
#include "src/column/columns.h"
#include "tests/query/shop.h"

namespace relata::query::test {
namespace {

using testing::HasSubstr;

using Plans = ShopTest;

TEST_F(Plans, ChoosesAnIndexWhereItPays) {
  Fill(3000);
  EXPECT_TRUE(PlanOf(Ask("code = 'c17'")).Has(Step::kUnique));
  EXPECT_TRUE(PlanOf(Ask("place.city = 'Delft' and rating = 3")).Has(Step::kIndexRange));
  EXPECT_THAT(PlanOf(Ask("place.city = 'Delft' and rating = 3")).ToString(), HasSubstr("place.city"));
  EXPECT_TRUE(PlanOf(Ask("rating is null and since between date '2025-01-01' and date '2025-01-03'"))
                  .Has(Step::kIndexRange));
  EXPECT_TRUE(
      PlanOf(Ask("code in ('c1', 'c2') or (rating = 5 and place.city = 'Gouda')")).Has(Step::kIndexOr));
  EXPECT_TRUE(PlanOf(Ask("rating = 5 and name starts_with 'Bak' and 'vip' in tags")).Has(Step::kIndexAnd));
  EXPECT_TRUE(PlanOf(Ask("notes = 'note 3'")).Has(Step::kRowScan));
  EXPECT_TRUE(PlanOf(Ask("rating = null")).Has(Step::kNothing));
}

TEST_F(Plans, WalksAnIndexInOrder) {
  Fill(3000);
  for (const char* order : {"name", "-name", "name fold", "-name locale", "rating", "-rating", "since first",
                            "code", "-code", "-place.region last"}) {
    const Plan plan = PlanOf(Ask("", {order}, 20), true);
    EXPECT_TRUE(plan.Has(Step::kOrderedWalk)) << order << "\n" << plan.ToString();
    EXPECT_FALSE(plan.Has(Step::kTopK));
    EXPECT_LE(plan.work.index_entries, 20u + 512u) << order;
    EXPECT_LE(plan.work.rows_read, 20u) << order;
  }
  EXPECT_TRUE(PlanOf(Ask("place.city = 'Delft'", {"-rating last"}, 20)).Has(Step::kOrderedWalk));
  EXPECT_TRUE(PlanOf(Ask("", {"place.city", "-rating last"}, 20)).Has(Step::kOrderedWalk));
  EXPECT_TRUE(PlanOf(Ask("", {"credit"}, 20)).Has(Step::kTopK));
  EXPECT_TRUE(PlanOf(Ask("", {"credit"})).Has(Step::kSort));
  EXPECT_FALSE(PlanOf(Ask("", {"place.city", "rating"}, 20)).Has(Step::kOrderedWalk));
  EXPECT_FALSE(PlanOf(Ask("", {"name sv"}, 20)).Has(Step::kOrderedWalk));
}

TEST_F(Plans, ScansColumnsWhereNoIndexHelps) {
  Fill(3000);
  column::ColumnCache cache;
  const auto matches = [](const Buyer& b) { return b.notes == "note 3" && b.credit.minor >= 30'000; };
  QuerySpec spec = Ask("notes = 'note 3' and credit >= 300");
  for (int round = 0; round < 2; ++round) {
    const store::Snapshot now = Now();
    const Source source{.reader = &now, .snapshot = &now, .columns = &cache};
    const Plan plan = Explain(source, spec, true).value();
    EXPECT_TRUE(plan.Has(Step::kColumnScan)) << plan.ToString();
    EXPECT_EQ(Ids(source, spec), Expect(matches));
    EXPECT_EQ(*Count(source, spec), Expect(matches).size());
    QuerySpec ordered = Ask("notes = 'note 3' and credit >= 300", {"-credit"}, 5);
    const std::vector<RecordId> first =
        Expect(matches, [](const Buyer& a, const Buyer& b) { return a.credit.minor > b.credit.minor; });
    EXPECT_EQ(Ids(source, ordered), std::vector<RecordId>(first.begin(), first.begin() + 5));
    GroupSpec totals{.entity = "buyer", .where = spec.where};
    totals.aggregates = {{.aggregate = Aggregate::kCount}};
    EXPECT_EQ(Group(source, totals)->rows[0][0], Value(static_cast<int64_t>(Expect(matches).size())));
    Add({Buyer{.code = StrCat("new", round), .credit = Money::Eur(400), .notes = "note 3"}});
  }
  // An older snapshot than the columns: rows answer.
  const store::Snapshot old = Now();
  const std::vector<RecordId> before = Expect(matches);
  Add({Buyer{.code = "later", .credit = Money::Eur(400), .notes = "note 3"}});
  const store::Snapshot now = Now();
  EXPECT_EQ(Ids({.reader = &now, .snapshot = &now, .columns = &cache}, spec), Expect(matches));
  const Source source{.reader = &old, .snapshot = &old, .columns = &cache};
  EXPECT_EQ(Ids(source, spec), before);
  EXPECT_EQ(*Count(source, spec), before.size());
  spec.strategies.column_scan = false;
  EXPECT_FALSE(Explain(source, spec)->Has(Step::kColumnScan));
}

// Columns that a scan left in memory spare a page its rows, until something is written.
TEST_F(Plans, AsksColumnsThatAreThere) {
  Fill(3000);
  column::ColumnCache cache;
  const auto all = [](const Buyer& b) { return b.rating && *b.rating >= 2 && b.credit.minor > 30'000; };
  const auto by_name = [](const Buyer& a, const Buyer& b) { return a.name < b.name; };
  QuerySpec page = Ask("rating >= 2 and credit > 300", {"name"}, 20);
  const auto expect_page = [&](bool with_columns) {
    const store::Snapshot now = Now();
    const Source source{.reader = &now, .snapshot = &now, .columns = &cache};
    std::vector<RecordId> ids = Expect(all, by_name);
    ids.resize(20);
    EXPECT_EQ(Ids(source, page), ids);
    const Plan plan = Explain(source, page, true).value();
    EXPECT_TRUE(plan.Has(Step::kOrderedWalk)) << plan.ToString();
    EXPECT_EQ(plan.work.rows_read == 0, with_columns) << plan.ToString();
  };
  expect_page(false);
  {
    const store::Snapshot now = Now();
    const std::vector<FieldId> slots = {now.schema().Find("buyer")->type->FindField("rating")->id,
                                        now.schema().Find("buyer")->type->FindField("credit")->id};
    EXPECT_TRUE(Ok(cache.Get(now, *now.schema().Find("buyer"), slots)));
  }
  expect_page(true);
  page.strategies.column_scan = false;
  expect_page(false);
  page.strategies.column_scan = true;
  Add({Buyer{.code = "new", .name = "Aa", .rating = 5, .credit = Money::Eur(400)}});
  expect_page(false);
}

// What columns find is listed at once where only ids are wanted: the same ids as one after another.
TEST_F(Plans, ListsIdsAsItFindsThem) {
  Fill(3000);
  column::ColumnCache cache;
  const store::Snapshot now = Now();
  const Source source{.reader = &now, .snapshot = &now, .columns = &cache};
  for (const char* where : {"notes = 'note 3' and credit >= 300", "notes = 'none'", "code = 'c17'"}) {
    for (const std::optional<uint64_t> limit : std::vector<std::optional<uint64_t>>{{}, 0, 1, 70, 9'000}) {
      QuerySpec spec = Ask(where, {}, limit);
      RecordQuery query(source, "buyer");
      query.Where(where);
      if (limit) query.Limit(*limit);
      EXPECT_EQ(query.Ids().value(), Ids(source, spec)) << where;
      if (Ids(source, spec).empty()) continue;
      Results found = Find(source, Ask(where, {}, 3)).value();
      while (found.Next()) continue;
      spec.after = found.NextCursor().value();
      query.After(spec.after);
      EXPECT_EQ(query.Ids().value(), Ids(source, spec)) << where;
    }
  }
}

// A page far down costs what the first one does.
TEST_F(Plans, DeepPagesTouchAsManyRowsAsTheFirst) {
  Fill(4000);
  for (const std::vector<std::string>& order :
       std::vector<std::vector<std::string>>{{"name"}, {"-name fold"}, {"-rating"}, {"code"}, {}}) {
    QuerySpec spec = Ask("credit >= 300", order, 25);  // three in four
    const store::Snapshot now = Now();
    uint64_t most = 0;
    for (int page = 0; page < 60; ++page) {
      Results found = Find({.reader = &now}, spec).value();
      while (found.Next()) continue;
      ASSERT_TRUE(Ok(found.status()));
      most = std::max(most, found.plan().work.rows_read);
      spec.after = found.NextCursor().value();
    }
    EXPECT_LE(most, 75u) << (order.empty() ? "id" : order[0]);
  }
}

TEST_F(Plans, CountsFromTheIndexAlone) {
  Fill(1000);
  const store::Snapshot now = Now();
  const Source source{.reader = &now};
  QuerySpec spec = Ask("rating = 2");
  const auto is_two = [](const Buyer& b) { return b.rating == 2; };
  EXPECT_EQ(*Count(source, spec), Expect(is_two).size());
  const Plan plan = PlanOf(spec, true);
  EXPECT_EQ(plan.work.rows_read, 0u) << plan.ToString();
}

TEST_F(Plans, PrintsWhatItDoes) {
  Fill(500);
  const Plan plan = PlanOf(Ask("place.city = 'Delft' and notes = 'note 1'", {"credit"}, 3), true);
  EXPECT_THAT(plan.ToString(), HasSubstr("limit: 3"));
  EXPECT_THAT(plan.ToString(), HasSubstr("top: 3 by credit"));
  EXPECT_THAT(plan.ToString(), HasSubstr("filter: 1 of the 2 conditions of"));
  EXPECT_THAT(plan.ToString(), HasSubstr("rows read:"));
  EXPECT_THAT(plan.ToJson(), HasSubstr("\"actual_rows\": 3"));
  EXPECT_EQ(plan.root.actual_rows, 3u);
}

TEST_F(Plans, KeepsItsPlaceUnderWrites) {
  Fill(300);
  QuerySpec spec = Ask("", {"name"}, 10);
  std::vector<RecordId> seen;
  std::set<RecordId> deleted;
  for (int page = 0; page < 40; ++page) {
    {
      const store::Snapshot now = Now();
      Results found = Find({.reader = &now}, spec).value();
      while (found.Next()) seen.push_back(found.id());
      ASSERT_TRUE(Ok(found.status()));
      spec.after = found.NextCursor().value();
    }
    // Between pages: one in front of everything, and the last record seen goes.
    ASSERT_TRUE(Ok(store_->Update({}, [&](store::Transaction& tx) -> Status {
      RELATA_RETURN_IF_ERROR(
          store::test::Insert(tx, Buyer{.code = StrCat("n", page), .name = "", .place = {"Edam"}}).status());
      if (seen.size() % 10 != 0 || !deleted.insert(seen.back()).second) return absl::OkStatus();
      return store::test::Erase(tx, Id<Buyer>(seen.back()));
    })));
  }
  // Each of the first ones once, and in order.
  std::vector<RecordId> expected = Expect([](const Buyer&) { return true; },
                                          [](const Buyer& a, const Buyer& b) { return a.name < b.name; });
  std::vector<RecordId> first;
  for (const RecordId id : seen) {
    if (id <= 300) first.push_back(id);
  }
  EXPECT_EQ(first, expected);
}

TEST_F(Plans, RefusesCursorsOfOtherQueries) {
  Fill(30);
  const store::Snapshot now = Now();
  const Source source{.reader = &now};
  QuerySpec spec = Ask("rating > 0", {"name"}, 2);
  Results found = Find(source, spec).value();
  EXPECT_EQ(*found.NextCursor(), "");
  while (found.Next()) continue;
  const std::string cursor = found.NextCursor().value();
  QuerySpec other = Ask("rating > 1", {"name"}, 2);
  other.after = cursor;
  EXPECT_EQ(Find(source, other).status().code(), absl::StatusCode::kInvalidArgument);
  other = Ask("rating > 0", {"-name"}, 2);
  other.after = cursor;
  EXPECT_THAT(store::test::Text(Find(source, other).status()), HasSubstr("another query"));
  for (size_t i = 0; i < cursor.size(); ++i) {  // no changed cursor is taken, nor does one harm
    other = spec;
    other.after = cursor;
    other.after[i] = other.after[i] == 'A' ? 'B' : 'A';
    if (Find(source, other).ok()) ADD_FAILURE() << "position " << i;
  }
  other.after = cursor.substr(0, cursor.size() / 2);
  EXPECT_EQ(Find(source, other).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(Plans, StopsAtItsLimits) {
  Fill(2000);
  const store::Snapshot now = Now();
  const Source source{.reader = &now};
  const auto outcome = [&](const QuerySpec& spec) {
    Results found = Find(source, spec).value();
    while (found.Next()) continue;
    return found.status();
  };
  QuerySpec spec = Ask("notes <> 'x'", {"credit"});
  spec.limits.memory_bytes = 10'000;
  EXPECT_EQ(outcome(spec).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(store::test::Text(outcome(spec)), HasSubstr("memory limit of 10000 bytes for the sort"));
  spec.limit = 10;  // ten of them fit
  EXPECT_TRUE(Ok(outcome(spec)));
  spec.strategies.top_k = false;
  EXPECT_EQ(outcome(spec).code(), absl::StatusCode::kResourceExhausted);

  spec = Ask("notes = 'x'");
  spec.limits.deadline = std::chrono::steady_clock::time_point();  // long past
  EXPECT_EQ(outcome(spec).code(), absl::StatusCode::kDeadlineExceeded);
  const auto cancellation = std::make_shared<Cancellation>();
  spec.limits = {.cancellation = cancellation};
  EXPECT_TRUE(Ok(outcome(spec)));
  cancellation->Cancel();
  EXPECT_EQ(outcome(spec).code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(Count(source, spec).status().code(), absl::StatusCode::kCancelled);

  // Cancelled on its way: it stops before the end.
  const auto later = std::make_shared<Cancellation>();
  spec = Ask("");
  spec.limits = {.cancellation = later};
  Results found = Find(source, spec).value();
  size_t seen = 0;
  for (; found.Next(); ++seen) {
    if (seen == 5) later->Cancel();
  }
  EXPECT_EQ(found.status().code(), absl::StatusCode::kCancelled);
  EXPECT_LT(seen, 2000u);
}

// Texts whose keys are cut are found and ordered by the whole text.
TEST_F(Plans, OrdersLongTexts) {
  const std::string stem(600, 'x');
  std::vector<Buyer> buyers;
  for (const char* end : {"c", "a", "", "b", "ab", "a", "zz", "\u00e9"}) {
    buyers.push_back({.code = StrCat("k", buyers.size()), .name = stem + end});
  }
  buyers.push_back({.code = "short", .name = "xx"});
  buyers.push_back({.code = "after", .name = "xy"});
  for (int i = 0; i < 40; ++i) {
    buyers.push_back({.code = StrCat("m", i), .name = stem + StrCat(i * 7 % 40)});
  }
  Add(buyers);
  const auto all = [](const Buyer&) { return true; };
  const std::vector<RecordId> up =
      Expect(all, [](const Buyer& a, const Buyer& b) { return a.name < b.name; });
  const std::vector<RecordId> down =
      Expect(all, [](const Buyer& a, const Buyer& b) { return a.name > b.name; });
  for (const auto& [order, expected] :
       std::vector<std::pair<std::string, std::vector<RecordId>>>{{"name", up}, {"-name", down}}) {
    for (uint64_t size : {1u, 3u, 100u}) {
      QuerySpec spec = Ask("", {order}, size);
      EXPECT_EQ(PlanOf(spec).Has(Step::kOrderedWalk), size < 100);
      std::vector<RecordId> paged;
      const store::Snapshot now = Now();
      for (bool more = true; more && paged.size() <= expected.size();) {
        Results found = Find({.reader = &now}, spec).value();
        more = false;
        for (; found.Next(); more = true) paged.push_back(found.id());
        spec.after = found.NextCursor().value();
      }
      EXPECT_EQ(paged, expected) << order << " in pages of " << size;
    }
  }
  EXPECT_EQ(Ids([&] {
              QuerySpec spec = Ask("name = :name");
              spec.parameters = {{"name", stem + "a"}};
              return spec;
            }()),
            Expect([&](const Buyer& b) { return b.name == stem + "a"; }));
}

}  // namespace
}  // namespace relata::query::test
