// Field tests on single places of columns.
#include "src/query/column_tests.h"

#include <algorithm>
#include <utility>

namespace relata::query {

namespace {

using Kind = FieldTest::Kind;

// Values that sort as the integers that rows hold.
bool IsInteger(ValueType type) {
  switch (type) {
    case ValueType::kBool:
    case ValueType::kInt64:
    case ValueType::kMoney:
    case ValueType::kDate:
    case ValueType::kTimestamp:
    case ValueType::kDuration:
    case ValueType::kDecimal:
    case ValueType::kCurrency:
    case ValueType::kEnum:
    case ValueType::kReference:
      return true;
    default:
      return false;
  }
}

// The one test that a conjunct is; nullptr if it is another thing, or several.
const FieldTest* OnlyTestOf(std::span<const Tested> tests, expr::StepIndex conjunct) {
  const FieldTest* only = nullptr;
  for (const Tested& tested : tests) {
    if (tested.conjunct != conjunct) continue;
    if (only != nullptr) return nullptr;
    only = &tested.test;
  }
  return only;
}

}  // namespace

std::optional<ColumnTests::Test> ColumnTests::TestOf(const EntityType& type, const FieldTest& test) {
  if (!test.exact || test.folded || test.element || !IsInteger(type.fields[test.slot].type)) {
    return std::nullopt;
  }
  Test made{.slot = test.slot, .null = test.kind == Kind::kNull};
  switch (test.kind) {
    case Kind::kEqual:
      made.low = made.high = test.value.view().AsInt();
      break;
    case Kind::kRange:
      if (test.lower) {
        made.low = test.lower->value.view().AsInt();
        if (!test.lower->inclusive && made.low == INT64_MAX) return std::nullopt;
        made.low += test.lower->inclusive ? 0 : 1;
      }
      if (test.upper) {
        made.high = test.upper->value.view().AsInt();
        if (!test.upper->inclusive && made.high == INT64_MIN) return std::nullopt;
        made.high -= test.upper->inclusive ? 0 : 1;
      }
      break;
    case Kind::kNull:
    case Kind::kNotNull:
      break;
    default:
      return std::nullopt;
  }
  return made;
}

ColumnTests ColumnTests::Make(const Prepared& query, std::span<const Tested> tests,
                              std::vector<expr::StepIndex>* residual) {
  ColumnTests made;
  if (!query.strategies.column_scan || query.snapshot == nullptr || query.columns == nullptr) return made;
  std::vector<expr::StepIndex> left;
  std::vector<FieldId> slots;
  for (const expr::StepIndex conjunct : *residual) {
    const FieldTest* only = OnlyTestOf(tests, conjunct);
    std::optional<Test> test;
    if (only != nullptr) test = TestOf(*query.type->type, *only);
    if (!test) {
      left.push_back(conjunct);
      continue;
    }
    slots.push_back(test->slot);
    made.tests_.push_back(*test);
  }
  if (!slots.empty()) made.table_ = query.columns->Peek(*query.snapshot, *query.type, slots);
  if (made.table_ == nullptr) return {};
  for (Test& test : made.tests_) test.column = &made.table_->column(test.slot);
  *residual = std::move(left);
  return made;
}

std::optional<bool> ColumnTests::Match(RecordId id) const {
  const size_t chunk = column::ChunkOf(id);
  const size_t at = column::PlaceOf(id);
  if (chunk >= table_->chunks() || table_->presence[chunk] == nullptr || !table_->presence[chunk]->Has(at)) {
    return std::nullopt;
  }
  return std::all_of(tests_.begin(), tests_.end(), [&](const Test& test) {
    const column::Chunk* values = test.column->chunks[chunk].get();
    const bool present = values != nullptr && values->present().Has(at);
    if (!present || test.null) return present != test.null;
    const int64_t value = values->Int(at);
    return test.low <= value && value <= test.high;
  });
}

}  // namespace relata::query
