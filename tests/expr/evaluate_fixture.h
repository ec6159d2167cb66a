// Defines what tests of the row evaluator share: a store with parties, their sales and the sales' items, and
// the value of an expression for one of its records, as text.
#ifndef RELATA_TESTS_EXPR_EVALUATE_FIXTURE_H_
#define RELATA_TESTS_EXPR_EVALUATE_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "src/expr/compile.h"
#include "src/expr/evaluate.h"
#include "src/store/store.h"
#include "tests/store/fixture.h"

namespace relata::expr::test {

// A value as people write it; double quotes around texts. Sets show their size.
inline std::string Show(const Type& type, const Datum& datum) {
  if (!datum.present) return "null";
  switch (type.base) {
    case Base::kBool:
      return datum.bits != 0 ? "true" : "false";
    case Base::kExact:
      return Decimal{datum.AsInt(), type.scale}.ToString();
    case Base::kDouble:
      return StrCat(datum.AsDouble());
    case Base::kMoney:
      return Money::Minor(datum.AsInt(), type.currency).ToString();
    case Base::kDate:
      return Date{static_cast<int32_t>(datum.AsInt())}.ToString();
    case Base::kTimestamp:
      return Timestamp{datum.AsInt()}.ToString();
    case Base::kInterval:
      return Duration{datum.AsInt()}.ToString();
    case Base::kEnum:
      return type.field->FindLabel(static_cast<uint16_t>(datum.bits))->name;
    case Base::kText:
      return StrCat("\"", datum.bytes, "\"");
    default:
      return StrCat("#", datum.bits);
  }
}

class EvaluateTest : public testing::Test {
 protected:
  using Fields = std::vector<std::pair<std::string, Value>>;

  // 2026-06-30T10:00:00Z, a Tuesday; noon in Amsterdam.
  EvaluateTest() {
    store_ = store::Store::Open(folder_.File(), store::test::SmallStore(clock_)).value();
    Add({.name = "party",
         .fields = {{.name = "name", .type = ValueType::kText},
                    {.name = "code", .type = ValueType::kText, .nullable = false},
                    {.name = "tier", .type = ValueType::kEnum, .labels = {"small", "large", "top"}},
                    {.name = "active", .type = ValueType::kBool},
                    {.name = "rating", .type = ValueType::kInt64},
                    {.name = "visits", .type = ValueType::kInt64, .nullable = false},
                    {.name = "factor", .type = ValueType::kDecimal, .scale = 3},
                    {.name = "rate", .type = ValueType::kDouble},
                    {.name = "credit", .type = ValueType::kMoney, .currency = Currency::Eur()},
                    {.name = "born", .type = ValueType::kDate},
                    {.name = "seen", .type = ValueType::kTimestamp},
                    {.name = "wait", .type = ValueType::kDuration},
                    {.name = "place", .type = ValueType::kPoint},
                    {.name = "tags", .type = ValueType::kTextSet},
                    {.name = "marks", .type = ValueType::kTextSet, .nullable = false},
                    {.name = "roles", .type = ValueType::kLabelSet, .labels = {"buyer", "seller", "partner"}},
                    {.name = "friends",
                     .type = ValueType::kReferenceSet,
                     .targets = {"party"},
                     .inverse = "admirers"},
                    {.name = "parent",
                     .type = ValueType::kReference,
                     .targets = {"party"},
                     .inverse = "children"}}});
    Add({.name = "sale",
         .fields =
             {{.name = "party", .type = ValueType::kReference, .targets = {"party"}, .inverse = "sales"},
              {.name = "sold_on", .type = ValueType::kDate},
              {.name = "total", .type = ValueType::kMoney, .currency = Currency::Eur()},
              {.name = "quantity", .type = ValueType::kInt64},
              {.name = "weight", .type = ValueType::kDouble},
              {.name = "remark", .type = ValueType::kText}},
         .moment = "sold_on"});
    Add({.name = "item",
         .fields = {{.name = "sale", .type = ValueType::kReference, .targets = {"sale"}, .inverse = "items"},
                    {.name = "price", .type = ValueType::kMoney, .currency = Currency::Eur()},
                    {.name = "what", .type = ValueType::kText}}});
    Add({.name = "remark",
         .fields = {{.name = "about",
                     .type = ValueType::kAnyReference,
                     .targets = {"party", "sale"},
                     .inverse = "remarks"},
                    {.name = "body", .type = ValueType::kText}}});
  }

  void Add(const EntitySpec& spec) {
    const Status status =
        store_->ChangeSchema([&](schema::Catalogue& catalogue) { return catalogue.AddEntity(spec); });
    ASSERT_TRUE(status.ok()) << status;
  }

  RecordId Insert(std::string_view type, const Fields& fields) {
    RecordId id = 0;
    const Status status = store_->Update({}, [&](store::Transaction& tx) -> Status {
      Record record(type);
      for (const auto& [name, value] : fields) record.Set(name, value);
      RELATA_ASSIGN_OR_RETURN(id, tx.Insert(record));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return id;
  }
  EntityTypeId TypeId(std::string_view type) { return store_->schema()->Find(type)->type->id; }
  RecordId Party(const Fields& fields = {}) { return Insert("party", fields); }
  RecordId Sale(RecordId party, Fields fields = {}) {
    fields.emplace_back("party", Value(Reference{party}));
    return Insert("sale", fields);
  }

  // The value of an expression for a record, or the message of what is wrong.
  std::string Of(std::string_view type, RecordId id, std::string_view text) {
    const store::Snapshot now = store_->Read().value();
    return Of(now, type, id, text);
  }
  static std::string Of(const store::Reader& now, std::string_view type, RecordId id, std::string_view text) {
    const StatusOr<Expr> tree = Parse(text);
    if (!tree.ok()) return tree.status().ToString();
    const store::TypeRuntime& entity = *now.schema().Find(type);
    const StatusOr<Program> program = Compile(*tree, entity, now.shared_schema(), text);
    if (!program.ok()) return program.status().ToString();
    RowEvaluator evaluator(*program, now);
    const RowView row = now.Get(entity, id).value();
    const StatusOr<Datum> value = evaluator.Evaluate(id, row);
    if (!value.ok()) return value.status().ToString();
    std::string shown = Show(program->type(), *value);
    if (program->type().base == Base::kBool) {
      EXPECT_EQ(evaluator.Matches(id, row).value(), shown == "true") << text;
    }
    // A second time, with everything that is remembered.
    EXPECT_EQ(Show(program->type(), evaluator.Evaluate(id, row).value()), shown) << text;
    return shown;
  }
  std::string Of(RecordId party, std::string_view text) { return Of("party", party, text); }

  // The ids of all records for which the condition is true.
  std::vector<RecordId> Where(std::string_view type, std::string_view text) {
    const store::Snapshot now = store_->Read().value();
    const store::TypeRuntime& entity = *now.schema().Find(type);
    const StatusOr<Program> program =
        CompileCondition(Parse(text).value(), entity, now.shared_schema(), text);
    EXPECT_TRUE(program.ok()) << program.status();
    std::vector<RecordId> ids;
    if (!program.ok()) return ids;
    RowEvaluator evaluator(*program, now);
    for (store::RowCursor at(now, entity); at.Valid(); at.Next()) {
      const StatusOr<bool> matches = evaluator.Matches(at.id(), at.row());
      EXPECT_TRUE(matches.ok()) << matches.status();
      if (matches.value_or(false)) ids.push_back(at.id());
    }
    return ids;
  }

  store::test::Folder folder_;
  std::shared_ptr<ManualClock> clock_ = store::test::StandingClock();
  std::shared_ptr<store::Store> store_;
};

inline Date Day(std::string_view text) { return Date::Parse(text).value(); }
inline Timestamp At(std::string_view text) { return Timestamp::Parse(text).value(); }

}  // namespace relata::expr::test

#endif  // RELATA_TESTS_EXPR_EVALUATE_FIXTURE_H_
