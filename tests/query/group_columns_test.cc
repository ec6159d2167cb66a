// Holds groups that were added up on columns against the same groups from rows, for each way in which a key
// is come by and a value is added up.
#include "src/column/columns.h"
#include "tests/query/shop.h"

namespace relata::query::test {
namespace {

class GroupColumnsTest : public ShopTest {
 protected:
  // Buyers, some of them with a mentor among the first, and what they bought.
  void FillBoth() {
    Fill(1'500);
    EXPECT_TRUE(Ok(store_->Update({}, [&](store::Transaction& tx) -> Status {
      for (size_t i = 100; i < buyers_.size(); ++i) {
        if (i % 3 == 0) continue;
        buyers_[i].mentor = buyers_[i * 7 % 100].id;
        RELATA_RETURN_IF_ERROR(store::test::Change(tx, buyers_[i]));
      }
      for (size_t i = 0; i < 4'000; ++i) {
        const Purchase purchase{
            .buyer = buyers_[i * 31 % buyers_.size()].id,
            .total = Money::Minor(static_cast<int64_t>(i * 37 % 9'000) - 500, Currency::Eur()),
            .bought_on = Date{20'000 + static_cast<int32_t>(i / 5)}};
        RELATA_RETURN_IF_ERROR(store::test::Insert(tx, purchase).status());
      }
      return absl::OkStatus();
    })));
  }

  // Asks both ways. `on_columns`: whether columns can answer it.
  void Same(const std::string& entity, const std::vector<const char*>& keys, const char* where,
            bool on_columns) {
    SCOPED_TRACE(StrCat(entity, " by ", keys.empty() ? "nothing" : keys[0], " where ", where));
    const store::Snapshot now = Now();
    GroupSpec spec{.entity = entity};
    if (*where != '\0') spec.where = E(where);
    for (const char* key : keys) spec.by.push_back(E(key));
    spec.aggregates.push_back({});
    const auto add = [&](const char* text, std::initializer_list<Aggregate> aggregates) {
      for (const Aggregate aggregate : aggregates) spec.aggregates.push_back({aggregate, E(text)});
    };
    if (entity == "buyer") {
      add("rating", {Aggregate::kCount, Aggregate::kSum, Aggregate::kAvg, Aggregate::kMin, Aggregate::kMax,
                     Aggregate::kCountDistinct});
      add("place.region", {Aggregate::kCount, Aggregate::kCountDistinct});
      add("credit * 2", {Aggregate::kSum, Aggregate::kAvg});
      add("1e0 * rating", {Aggregate::kSum, Aggregate::kMin, Aggregate::kMax, Aggregate::kAvg});
      add("rating * 4611686018427387904", {Aggregate::kSum});  // which overflows here and there
      add("since", {Aggregate::kMin, Aggregate::kMax});
    } else {
      add("total", {Aggregate::kSum, Aggregate::kAvg, Aggregate::kMin});
      add("buyer.rating", {Aggregate::kSum, Aggregate::kMax});
    }
    const StatusOr<Groups> fast = Group({.reader = &now, .snapshot = &now, .columns = &columns_}, spec);
    ASSERT_TRUE(Ok(fast));
    spec.strategies = Strategies::None();
    const StatusOr<Groups> slow = Group({.reader = &now, .snapshot = &now, .columns = &columns_}, spec);
    ASSERT_TRUE(Ok(slow));
    EXPECT_EQ(fast->plan.root.detail.starts_with("on columns"), on_columns) << fast->plan.ToString();
    EXPECT_EQ(fast->columns, slow->columns);
    EXPECT_EQ(fast->rows, slow->rows);
    EXPECT_FALSE(slow->rows.empty());
  }

  column::ColumnCache columns_;
};

TEST_F(GroupColumnsTest, AgreesWithRowsWhateverTheKey) {
  FillBoth();
  for (const char* where : {"", "credit > 500", "name like '%s%' and rating is not null"}) {
    Same("buyer", {}, where, true);
    Same("buyer", {"place.city"}, where, true);                     // codes
    Same("buyer", {"place.region", "active"}, where, true);         // with nulls
    Same("buyer", {"rating", "place.city", "since"}, where, true);  // an array by place
    Same("buyer", {"credit", "since", "name"}, where, true);        // a map
    Same("buyer", {"code"}, where, true);                           // texts that do not recur
    Same("buyer", {"tags"}, where, true);                           // sets
    Same("buyer", {"mentor"}, where, true);                         // references
    Same("buyer", {"mentor.place.city"}, where, true);              // what they name
    Same("buyer", {"mentor.mentor.rating", "active"}, where, true);
    Same("buyer", {"month(since)", "year(since)"}, where, true);  // once per value
    Same("buyer", {"fold(place.city)"}, where, true);
    Same("buyer", {"coalesce(place.region, 'none')"}, where, true);
    Same("buyer", {"rating + 1"}, where, true);  // by blocks
    Same("buyer", {"1e0 * rating"}, where, true);
    Same("buyer", {"id"}, where, true);
    Same("buyer", {"place.city = name"}, where, false);  // what only rows can tell
  }
  for (const char* where : {"", "buyer.place.city = 'Delft'"}) {
    Same("purchase", {"buyer.place.city"}, where, true);
    Same("purchase", {"buyer.mentor.name", "year(bought_on)"}, where, true);
    Same("purchase", {"buyer"}, where, true);
  }
}

TEST_F(GroupColumnsTest, OrdersAndLimitsAsRowsDo) {
  FillBoth();
  const store::Snapshot now = Now();
  GroupSpec spec{.entity = "buyer"};
  spec.by = {E("place.region"), E("rating")};
  spec.aggregates = {{}, {Aggregate::kSum, E("credit")}};
  spec.order = {{.column = 3, .descending = true}, {.column = 1, .nulls_first = true}};
  spec.having = {{.column = 2, .comparison = expr::Operator::kGreater, .value = Value(20)}};
  spec.limit = 17;
  const Groups fast = Group({.reader = &now, .snapshot = &now, .columns = &columns_}, spec).value();
  EXPECT_TRUE(fast.plan.Has(Step::kColumnScan));
  const Groups slow = Group({.reader = &now}, spec).value();
  EXPECT_FALSE(slow.plan.Has(Step::kColumnScan));
  EXPECT_EQ(fast.rows, slow.rows);
  EXPECT_EQ(fast.rows.size(), 17u);
}

TEST_F(GroupColumnsTest, LeavesFewRecordsToTheirIndex) {
  FillBoth();
  const store::Snapshot now = Now();
  GroupSpec spec{.entity = "buyer"};
  spec.where = E("code = 'c77'");
  spec.by = {E("place.city")};
  const Groups groups = Group({.reader = &now, .snapshot = &now, .columns = &columns_}, spec).value();
  EXPECT_EQ(groups.rows.size(), 1u);
  EXPECT_FALSE(groups.plan.Has(Step::kColumnScan)) << groups.plan.ToString();
}

TEST_F(GroupColumnsTest, StopsAtItsLimits) {
  FillBoth();
  const store::Snapshot now = Now();
  GroupSpec spec{.entity = "buyer"};
  spec.by = {E("code")};
  spec.aggregates = {{}};
  spec.limits.memory_bytes = 5'000;
  const Source source{.reader = &now, .snapshot = &now, .columns = &columns_};
  EXPECT_EQ(Group(source, spec).status().code(), absl::StatusCode::kResourceExhausted);
  spec.limits = {};
  spec.limits.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(Group(source, spec).status().code(), absl::StatusCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace relata::query::test
