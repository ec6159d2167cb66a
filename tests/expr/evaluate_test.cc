// Tests the row evaluator on one record: logic in three values, numbers, dates, texts, sets and places, and
// each trap that the language settles. Related records are in evaluate_related_test.cc.
#include "src/expr/evaluate.h"

#include "tests/expr/evaluate_fixture.h"

namespace relata::expr::test {
namespace {

// Lines of an expression and the value it has to have.
using Table = std::vector<std::pair<std::string_view, std::string_view>>;

class EvaluateValueTest : public EvaluateTest {
 protected:
  void Check(RecordId id, const Table& table) {
    for (const auto& [text, expected] : table) EXPECT_EQ(Of(id, text), expected) << text;
  }
};

TEST_F(EvaluateValueTest, LogicHasThreeValues) {
  // Truth tables with `active` null, written out.
  const RecordId id = Party();
  Check(id, {{"true and true", "true"},
             {"true and false", "false"},
             {"true and active", "null"},
             {"false and active", "false"},
             {"active and false", "false"},
             {"active and active", "null"},
             {"true or active", "true"},
             {"active or true", "true"},
             {"false or active", "null"},
             {"active or active", "null"},
             {"not active", "null"},
             {"not true", "false"},
             {"active is null", "true"},
             {"active is not null", "false"},
             {"active is unknown", "true"},
             {"active is true", "false"},
             {"active is not true", "true"},
             {"active is false", "false"},
             {"active is not false", "true"}});
}

TEST_F(EvaluateValueTest, ComparisonWithNullIsNullOnBothSides) {
  const RecordId id = Party({{"rating", 3}});
  Check(id, {{"rating > factor", "null"},
             {"not (rating > factor)", "null"},
             {"(rating > factor) is not true", "true"},
             {"factor = factor", "null"},
             {"factor is distinct from factor", "false"},
             {"factor is distinct from 1", "true"},
             {"rating is distinct from 3", "false"},
             {"rating between 1 and 3", "true"},
             {"rating between 4 and factor", "false"},
             {"rating between 1 and factor", "null"},
             {"rating not between 1 and 2", "true"},
             {"rating in (1, 2, 3)", "true"},
             {"rating in (1, 2)", "false"},
             {"rating in (1, visits, factor)", "null"},
             {"rating in (3, factor)", "true"},
             {"rating not in (1, factor)", "null"},
             {"factor in (1, 2)", "null"},
             {"case when factor > 1 then 'more' else 'other' end", "\"other\""},
             {"case when factor > 1 then 1 end", "null"},
             {"coalesce(factor, rating, 9)", "3.000"}});
}

TEST_F(EvaluateValueTest, TheZeroThatARowLeavesOutIsAValue) {
  const RecordId id = Party();
  Check(id, {{"visits", "0"},
             {"visits = 0", "true"},
             {"visits is null", "false"},
             {"code = ''", "true"},
             {"code is empty", "true"},
             {"marks is empty", "true"},
             {"'x' in marks", "false"},
             {"rating", "null"},
             {"name is empty", "null"},
             {"tags is empty", "null"},
             {"'x' in tags", "null"},
             {"parent is null", "true"},
             {"id", "#1"}});
}

TEST_F(EvaluateValueTest, ArithmeticIsExactAndTotal) {
  const RecordId id = Party({{"rating", 7},
                             {"factor", Decimal::Parse("1.125").value()},
                             {"rate", 0.5},
                             {"credit", Money::Parse("EUR 10.05").value()}});
  Check(id, {{"rating + 1", "8"},
             {"-rating", "-7"},
             {"rating / 2", "3"},
             {"-rating / 2", "-3"},
             {"rating / 0", "null"},
             {"rating * factor", "7.875"},
             {"factor + 0.5", "1.625"},
             {"rating * 9223372036854775807", "null"},
             {"rating + 9223372036854775807", "null"},
             {"(rating + 9223372036854775807) is null", "true"},
             {"rate / 0", "null"},
             {"rate * 1e308 * 1e10", "null"},
             {"rate * 3", "1.5"},
             {"rate = 0.5", "true"},
             {"credit + 5", "EUR 15.05"},
             {"credit * 0.5", "EUR 5.02"},   // 5.025, half to even
             {"credit * 1.5", "EUR 15.08"},  // 15.075, half to even
             {"credit / 2", "EUR 5.02"},
             {"credit / 0", "null"},
             {"credit / credit", "1"},
             {"credit / (credit - credit)", "null"},
             {"credit > 10", "true"},
             {"credit = 10.05", "true"},
             {"credit > 10.051", "false"},
             {"credit >= money 'EUR 10.05'", "true"},
             {"rating = 7.0", "true"},
             {"factor > 1.1249", "true"},
             {"factor < 1.1251", "true"}});
}

TEST_F(EvaluateValueTest, NumbersOfUnlikeScalesAreComparedExactly) {
  const RecordId id = Party({{"rating", INT64_MAX},
                             {"visits", INT64_MIN},
                             {"factor", Decimal{INT64_MAX, 3}},
                             {"credit", Money::Minor(INT64_MAX, Currency::Eur())}});
  Check(id, {{"rating > factor", "true"},
             {"factor > rating", "false"},
             {"rating = factor", "false"},
             {"rating > credit", "true"},
             {"visits < credit", "true"},
             {"visits <> factor", "true"},
             {"credit > factor", "true"},
             {"rating in (factor, 3)", "false"},
             {"rating in (factor, 9223372036854775807)", "true"},
             {"rating is distinct from factor", "true"},
             {"factor between visits and rating", "true"},
             {"9223372036854775.807 = factor", "true"}});
  const RecordId alike = Party({{"rating", -7}, {"factor", Decimal{-7000, 3}}});
  Check(alike, {{"rating = factor", "true"},
                {"rating is distinct from factor", "false"},
                {"rating in (1, factor)", "true"},
                {"rating < factor", "false"},
                {"rating - 1 < factor and factor - 0.001 < rating", "true"}});
  Check(Party({{"rating", 1}}), {{"rating = factor", "null"},
                                 {"rating is distinct from factor", "true"},
                                 {"not (rating is distinct from factor)", "false"},
                                 {"rating in (2, factor)", "null"}});
  Check(Party(), {{"rating is distinct from factor", "false"}, {"rating < factor", "null"}});
}

TEST_F(EvaluateValueTest, DatesFollowTheStoresCalendar) {
  const RecordId id = Party({{"born", Day("2000-02-29")},
                             {"seen", At("2026-06-29T22:30:00Z")},  // the 30th in Amsterdam
                             {"wait", Duration::Hours(36)}});
  Check(id, {{"today()", "2026-06-30"},
             {"now()", "2026-06-30T10:00:00Z"},
             {"today() - 60", "2026-05-01"},
             {"today() - interval '4 months'", "2026-02-28"},
             {"date '2026-03-31' - interval '1 month'", "2026-02-28"},
             {"date '2026-02-28' + interval '1 month'", "2026-03-28"},
             {"date '2026-12-31' - date '2026-01-01'", "364"},
             {"date '9999-12-31' + 1", "null"},
             {"seen in this month", "true"},
             {"seen >= today()", "true"},
             {"seen >= date '2026-06-30'", "true"},
             {"seen < date '2026-07-01'", "true"},
             {"day(seen)", "30"},
             {"year(born)", "2000"},
             {"quarter(born)", "1"},
             {"month(born)", "2"},
             {"week(date '2027-01-01')", "53"},
             {"week(date '2026-12-28')", "53"},
             {"age(born)", "26"},
             {"anniversary(born, within 7 days)", "false"},
             {"anniversary(date '1990-07-06', within 7 days)", "true"},
             {"anniversary(date '1990-07-07', within 7 days)", "false"},
             {"anniversary(date '1990-06-30', within 7 days)", "true"},
             {"fiscal_year_start()", "2026-01-01"},
             {"fiscal_year_start(born)", "2000-01-01"},
             {"date '2026-06-29' in this week", "true"},
             {"date '2026-07-05' in this week", "true"},
             {"date '2026-07-06' in this week", "false"},
             {"date '2026-07-06' in next week", "true"},
             {"date '2026-04-01' in this quarter", "true"},
             {"date '2026-03-31' in last quarter", "true"},
             {"date '2026-07-01' in this quarter", "false"},
             {"now() - seen", "PT11H30M"},
             {"wait > interval '1 day'", "true"},
             {"now() - seen < wait", "true"},
             {"seen + wait", "2026-07-01T10:30:00Z"}});
}

TEST_F(EvaluateValueTest, DaysOfTheClocksChangeHave23And25Hours) {
  const RecordId id = Party();
  Check(id, {{"timestamp '2026-03-29T21:59:59Z' < date '2026-03-30'", "true"},
             {"timestamp '2026-03-29T22:00:00Z' < date '2026-03-30'", "false"},
             {"timestamp '2026-03-28T23:00:00Z' >= date '2026-03-29'", "true"},
             {"timestamp '2026-03-28T22:59:59Z' >= date '2026-03-29'", "false"},
             {"timestamp '2026-10-24T22:00:00Z' >= date '2026-10-25'", "true"},
             {"timestamp '2026-10-25T22:59:59Z' < date '2026-10-26'", "true"},
             {"timestamp '2026-10-25T23:00:00Z' < date '2026-10-26'", "false"}});
}

TEST_F(EvaluateValueTest, WindowsAreHalfOpenAndClippedToTheMonthsEnd) {
  const RecordId id = Party({{"born", Day("2027-02-28")}});
  // A month before the 28th, 29th, 30th and 31st of March is the same day.
  clock_->Set(At("2027-03-31T10:00:00Z"));
  Check(id, {{"today() - interval '1 month'", "2027-02-28"},
             {"born >= today() - interval '1 month' and born < today()", "true"},
             {"born > today() - interval '1 month'", "false"}});
  clock_->Set(At("2027-03-31T22:00:00Z"));  // midnight in Amsterdam
  Check(id, {{"today()", "2027-04-01"}, {"born >= today() - interval '1 month'", "false"}});
  clock_->Set(At("2027-04-30T10:00:00Z"));
  Check(id, {{"born >= today() - 61", "true"}, {"born >= today() - 60", "false"}});
}

TEST_F(EvaluateValueTest, TextsCompareByCodePointAndMatch) {
  const RecordId id = Party({{"name", "Bakkerij Jänsen"}, {"code", "Zz"}, {"tier", "top"}});
  Check(id, {{"name", "\"Bakkerij Jänsen\""},
             {"name = 'bakkerij jansen'", "false"},
             {"fold(name) = 'bakkerij jansen'", "true"},
             {"fold(name)", "\"bakkerij jansen\""},
             {"code < 'a'", "true"},
             {"name like 'Bakk%J_nsen'", "true"},
             {"name like 'bakk%'", "false"},
             {"name ilike 'BAKK%jansen'", "true"},
             {"name not like '%x%'", "true"},
             {"name starts_with 'Bakk'", "true"},
             {"name ends_with 'nsen'", "true"},
             {"name contains 'rij J'", "true"},
             {"name contains ''", "true"},
             {"name matches 'J.nsen$'", "true"},
             {"name matches '^J'", "false"},
             {"similar(name, 'BAKKERIJ JANSEN') = 1", "true"},
             {"similar(name, 'Bakkerij Janssen') >= 0.9", "true"},
             {"search(name, 'jans')", "true"},
             {"search(name, 'jans bakkerij')", "false"},
             {"search(name, 'bakkerij jans')", "true"},
             {"tier", "top"},
             {"tier in ('top', 'large')", "true"},
             {"tier <> 'small'", "true"}});
  Check(Party(), {{"name like '%'", "null"},
                  {"fold(name)", "null"},
                  {"search(name, 'x')", "null"},
                  {"similar(name, 'x') > 0", "null"}});
}

TEST_F(EvaluateValueTest, SetsFollowTheirTable) {
  const RecordId id =
      Party({{"tags", TextSet{"fair", "news", "vip"}}, {"roles", TextSet{"buyer", "partner"}}});
  Check(id, {{"'news' in tags", "true"},
             {"'x' in tags", "false"},
             {"name in tags", "null"},
             {"tags has any ('x', 'vip')", "true"},
             {"tags has any ('x', 'y')", "false"},
             {"tags has any ('x', name)", "null"},
             {"tags has any ('vip', name)", "true"},
             {"tags has all ('vip', 'fair')", "true"},
             {"tags has all ('vip', 'x')", "false"},
             {"tags has all ('vip', name)", "null"},
             {"tags has all ('x', name)", "false"},
             {"tags has none ('x', 'y')", "true"},
             {"tags has none ('x', 'vip')", "false"},
             {"tags has none ('x', name)", "null"},
             {"tags has exactly ('vip', 'news', 'fair')", "true"},
             {"tags has exactly ('vip', 'vip', 'news', 'fair')", "true"},
             {"tags has exactly ('vip', 'news')", "false"},
             {"tags has exactly ('vip', 'vip', 'vip')", "false"},
             {"tags is empty", "false"},
             {"'buyer' in roles", "true"},
             {"'seller' in roles", "false"},
             {"roles has exactly ('partner', 'buyer')", "true"},
             {"roles has all ('partner', 'seller')", "false"},
             {"marks has any ('x')", "false"},
             {"marks has any (name)", "false"},
             {"marks has none (name)", "true"},
             {"name in marks", "false"}});
}

TEST_F(EvaluateValueTest, PlacesLieApartAlongTheGreatCircle) {
  const RecordId id = Party({{"place", Point::FromDegrees(52.0907, 5.1214).value()}});
  Check(id, {{"distance(place, point(52.3676, 4.9041)) < 35 km", "true"},
             {"distance(place, point(52.3676, 4.9041)) < 34 km", "false"},
             {"distance(place, place) = 0 m", "true"}});
  Check(Party(), {{"distance(place, point(52.3676, 4.9041)) < 35 km", "null"}});
}

TEST_F(EvaluateValueTest, ATransactionSeesItsOwnWrites) {
  const RecordId id = Party({{"rating", 1}});
  EXPECT_TRUE(store_
                  ->Update({},
                           [&](store::Transaction& tx) -> Status {
                             Record record("party", id);
                             record.Set("rating", 5);
                             RELATA_RETURN_IF_ERROR(tx.Update(record));
                             EXPECT_EQ(Of(tx, "party", id, "rating"), "5");
                             return absl::OkStatus();
                           })
                  .ok());
}

TEST_F(EvaluateValueTest, PartsOfAConditionHaveValuesOfTheirOwn) {
  const RecordId id = Party({{"rating", 5}, {"name", "x"}});
  const store::Snapshot now = store_->Read().value();
  const store::TypeRuntime& type = *now.schema().Find("party");
  const Program program =
      Compile(Parse("rating > 3 and name = 'y'").value(), type, now.shared_schema()).value();
  RowEvaluator evaluator(program, now);
  const RowView row = now.Get(type, id).value();
  const Step& root = program.step(program.root());
  ASSERT_EQ(root.op, Op::kAnd);
  EXPECT_EQ(Show(Type{Base::kBool}, evaluator.Evaluate(root.args[0], id, row).value()), "true");
  EXPECT_EQ(Show(Type{Base::kBool}, evaluator.Evaluate(root.args[1], id, row).value()), "false");
  EXPECT_FALSE(evaluator.Matches(id, row).value());
}

}  // namespace
}  // namespace relata::expr::test
