// Recognises what an index can answer.
#include "src/query/field_test.h"

#include <utility>

#include "relata/base/strings.h"
#include "src/base/text.h"
#include "src/expr/calendar.h"
#include "src/expr/op_traits.h"

namespace relata::query {

namespace {

using expr::Base;
using expr::Op;
using expr::StepIndex;
using Kind = FieldTest::Kind;

// A field of the record, bare or in what an index can look through.
struct Side {
  enum class Wrap : uint8_t { kNone, kFold, kLocalDate, kStartOfDay };
  FieldId slot = 0;
  Wrap wrap = Wrap::kNone;
};

std::optional<Side> SideOf(const Constants& constants, StepIndex index) {
  const expr::Program& program = constants.program();
  const expr::Step* step = &program.step(index);
  Side side;
  if (step->op == Op::kFold || step->op == Op::kLocalDate || step->op == Op::kStartOfDay) {
    side.wrap = step->op == Op::kFold        ? Side::Wrap::kFold
                : step->op == Op::kLocalDate ? Side::Wrap::kLocalDate
                                             : Side::Wrap::kStartOfDay;
    step = &program.step(step->args.front());
  }
  side.slot = step->slot;
  if (constants.through()) {
    if (step->op != Op::kFieldOf) return std::nullopt;
    step = &program.step(step->args.front());
    if (step->slot != *constants.through()) return std::nullopt;
  }
  if (step->op != Op::kField || step->scope != 0) return std::nullopt;
  return side;
}

bool HasOrder(Base base) {
  switch (base) {
    case Base::kBool:
    case Base::kExact:
    case Base::kDouble:
    case Base::kMoney:
    case Base::kText:
    case Base::kDate:
    case Base::kTimestamp:
    case Base::kInterval:
    case Base::kEnum:
      return true;
    default:
      return false;
  }
}

FieldTests One(FieldTest test) { return {.any = false, .tests = {std::move(test)}}; }

FieldTest Never(FieldId slot) {
  FieldTest test;
  test.slot = slot;
  return test;
}

// A field in one unit of time beside a constant in the other. Midnight lies within 26 hours of that of UTC in
// any zone, so a range wider by two days on either side misses nothing.
FieldTest AcrossDays(const Side& side, Op op, const OwnedDatum& value) {
  FieldTest test = Never(side.slot);
  test.kind = Kind::kRange;
  test.exact = false;
  const bool to_instants = side.wrap == Side::Wrap::kLocalDate;
  test.type.base = to_instants ? Base::kTimestamp : Base::kDate;
  const int64_t at = static_cast<int64_t>(value.bits);
  const auto bound = [&](int64_t days) {
    const int64_t moved = to_instants ? (at + days) * expr::kMicrosPerDay : at / expr::kMicrosPerDay + days;
    return FieldTest::Bound{.value = OwnedDatum(Cell::OfInt(moved)), .inclusive = true};
  };
  if (op != Op::kLess && op != Op::kLessEqual) test.lower = bound(-2);
  if (op != Op::kGreater && op != Op::kGreaterEqual) test.upper = bound(+3);
  return test;
}

StatusOr<std::optional<FieldTests>> Comparison(const expr::Step& step, Constants* constants) {
  StepIndex field = step.args[0];
  StepIndex constant = step.args[1];
  Op op = step.op;
  if (constants->IsConstant(field)) {
    std::swap(field, constant);
    op = expr::Mirrored(op);
  }
  const std::optional<Side> side = SideOf(*constants, field);
  if (!side || !constants->IsConstant(constant)) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(OwnedDatum value, constants->Compute(constant));
  if (!value.present) return One(Never(side->slot));
  if (side->wrap == Side::Wrap::kLocalDate || side->wrap == Side::Wrap::kStartOfDay) {
    return One(AcrossDays(*side, op, value));
  }
  FieldTest test = Never(side->slot);
  test.type = constants->program().step(constant).type;
  test.folded = side->wrap == Side::Wrap::kFold;
  if (op == Op::kEqual) {
    test.kind = Kind::kEqual;
    test.value = std::move(value);
    return One(std::move(test));
  }
  if (!HasOrder(test.type.base)) return std::nullopt;
  test.kind = Kind::kRange;
  FieldTest::Bound bound{.value = std::move(value),
                         .inclusive = op == Op::kLessEqual || op == Op::kGreaterEqual};
  (op == Op::kLess || op == Op::kLessEqual ? test.upper : test.lower) = std::move(bound);
  return One(std::move(test));
}

// What a pattern begins with before its first wildcard.
std::string PatternPrefix(std::string_view pattern) {
  std::string prefix;
  for (size_t i = 0; i < pattern.size() && pattern[i] != '%' && pattern[i] != '_'; ++i) {
    if (pattern[i] == '\\' && ++i == pattern.size()) break;
    prefix.push_back(pattern[i]);
  }
  return prefix;
}

StatusOr<std::optional<FieldTests>> Prefix(const expr::Step& step, Constants* constants) {
  const std::optional<Side> side = SideOf(*constants, step.args[0]);
  if (!side || !constants->IsConstant(step.args[1])) return std::nullopt;
  if (side->wrap != Side::Wrap::kNone && side->wrap != Side::Wrap::kFold) return std::nullopt;
  RELATA_ASSIGN_OR_RETURN(OwnedDatum value, constants->Compute(step.args[1]));
  FieldTest test = Never(side->slot);
  if (!value.present) return One(std::move(test));
  test.folded = side->wrap == Side::Wrap::kFold || step.op == Op::kILike;
  if (step.op == Op::kILike) value.bytes = Fold(value.bytes);
  if (step.op != Op::kStartsWith) {
    value.bytes = PatternPrefix(value.bytes);
    test.exact = false;
  }
  if (value.bytes.empty()) return std::nullopt;
  test.kind = Kind::kPrefix;
  test.type.base = Base::kText;
  test.value = std::move(value);
  return One(std::move(test));
}

// The constants from `first` on, as tests for equality; nulls are never equal.
StatusOr<std::optional<FieldTests>> Items(const expr::Step& step, size_t first, FieldTest like,
                                          Constants* constants) {
  FieldTests found{.any = true, .tests = {}};
  for (size_t i = first; i < step.args.size(); ++i) {
    if (!constants->IsConstant(step.args[i])) return std::nullopt;
    RELATA_ASSIGN_OR_RETURN(OwnedDatum value, constants->Compute(step.args[i]));
    if (!value.present) continue;
    FieldTest test = like;
    test.kind = Kind::kEqual;
    test.type = constants->program().step(step.args[i]).type;
    test.value = std::move(value);
    found.tests.push_back(std::move(test));
  }
  if (found.tests.empty()) return One(Never(like.slot));
  return found;
}

StatusOr<std::optional<FieldTests>> Has(const expr::Step& step, const EntityType& type,
                                        Constants* constants) {
  const std::optional<Side> side = SideOf(*constants, step.args[0]);
  if (!side || side->wrap != Side::Wrap::kNone || !type.fields[side->slot].is_set()) return std::nullopt;
  if (step.test == expr::SetTest::kNone) return std::nullopt;
  FieldTest like = Never(side->slot);
  like.element = true;
  like.exact = step.test == expr::SetTest::kAny;
  for (size_t i = 1; i < step.args.size(); ++i) {  // a null among them: left to the row
    if (!constants->IsConstant(step.args[i])) return std::nullopt;
    RELATA_ASSIGN_OR_RETURN(const OwnedDatum value, constants->Compute(step.args[i]));
    if (!value.present) return std::nullopt;
  }
  RELATA_ASSIGN_OR_RETURN(std::optional<FieldTests> found, Items(step, 1, like, constants));
  if (found) found->any = step.test == expr::SetTest::kAny;
  return found;
}

FieldTest BoolIs(FieldId slot, bool value) {
  FieldTest test = Never(slot);
  test.kind = Kind::kEqual;
  test.type.base = Base::kBool;
  test.value = OwnedDatum(Cell::OfBits(value ? 1 : 0));
  return test;
}

}  // namespace

bool Constants::IsConstant(StepIndex index) const {
  const expr::Step& step = program_.step(index);
  // What follows a reference could be one, but is no value of this query's making.
  if (expr::LooksAtRecords(step.op)) return false;
  for (const StepIndex arg : step.args) {
    if (!IsConstant(arg)) return false;
  }
  return true;
}

StatusOr<OwnedDatum> Constants::Compute(StepIndex index) {
  const expr::Step& step = program_.step(index);
  if (step.op == Op::kConstant) return OwnedDatum(step.constant);
  RELATA_ASSIGN_OR_RETURN(const expr::Datum datum, evaluator_->Evaluate(index, 0, RowView()));
  return OwnedDatum(datum);
}

StatusOr<std::optional<FieldTests>> Recognise(StepIndex conjunct, const EntityType& type,
                                              Constants* constants) {
  const expr::Program& program = constants->program();
  const expr::Step& step = program.step(conjunct);
  const auto bare = [&](StepIndex index) -> std::optional<FieldId> {
    const std::optional<Side> side = SideOf(*constants, index);
    return side && side->wrap == Side::Wrap::kNone ? std::optional(side->slot) : std::nullopt;
  };
  // Of a record that a reference names, what is said of null is true where there is none, too.
  const bool own = !constants->through();
  switch (step.op) {
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return Comparison(step, constants);
    case Op::kStartsWith:
    case Op::kLike:
    case Op::kILike:
      return Prefix(step, constants);
    case Op::kIn: {
      const std::optional<Side> side = SideOf(*constants, step.args[0]);
      if (!side || (side->wrap != Side::Wrap::kNone && side->wrap != Side::Wrap::kFold)) return std::nullopt;
      FieldTest like = Never(side->slot);
      like.folded = side->wrap == Side::Wrap::kFold;
      return Items(step, 1, std::move(like), constants);
    }
    case Op::kElementOf: {
      const std::optional<FieldId> slot = bare(step.args[1]);
      if (!slot || !type.fields[*slot].is_set() || !constants->IsConstant(step.args[0])) return std::nullopt;
      FieldTest test = Never(*slot);
      test.element = true;
      RELATA_ASSIGN_OR_RETURN(test.value, constants->Compute(step.args[0]));
      test.type = program.step(step.args[0]).type;
      test.kind = test.value.present ? Kind::kEqual : Kind::kNever;
      return One(std::move(test));
    }
    case Op::kHas:
      return Has(step, type, constants);
    case Op::kChildOf: {
      if (!own || !constants->IsConstant(step.args[0]) || program.step(step.args[0]).type.target == 0) {
        return std::nullopt;
      }
      FieldTest test = Never(step.slot);
      RELATA_ASSIGN_OR_RETURN(test.value, constants->Compute(step.args[0]));
      test.type = program.step(step.args[0]).type;
      test.kind = test.value.present ? Kind::kEqual : Kind::kNever;
      return One(std::move(test));
    }
    case Op::kField:
      if (!own || step.scope != 0) return std::nullopt;
      return One(BoolIs(step.slot, true));
    case Op::kIsTrue:
    case Op::kIsFalse:
      if (const std::optional<FieldId> slot = bare(step.args[0])) {
        return One(BoolIs(*slot, step.op == Op::kIsTrue));
      }
      return std::nullopt;
    case Op::kIsNull:
      if (!own) return std::nullopt;
      if (const std::optional<FieldId> slot = bare(step.args[0]); slot && !type.fields[*slot].is_set()) {
        FieldTest test = Never(*slot);
        if (type.fields[*slot].nullable) test.kind = Kind::kNull;
        return One(std::move(test));
      }
      return std::nullopt;
    case Op::kNot: {
      if (!own) return std::nullopt;
      const expr::Step& inner = program.step(step.args[0]);
      if (inner.op == Op::kField && inner.scope == 0) return One(BoolIs(inner.slot, false));
      if (inner.op != Op::kIsNull) return std::nullopt;
      const std::optional<FieldId> slot = bare(inner.args[0]);
      if (!slot || type.fields[*slot].is_set() || !type.fields[*slot].nullable) return std::nullopt;
      FieldTest test = Never(*slot);
      test.kind = Kind::kNotNull;
      return One(std::move(test));
    }
    default:
      return std::nullopt;
  }
}

Fit FitOf(const IndexPart& part, const Field& field, const FieldTest& test) {
  if (part.field != test.slot || field.is_set() != test.element) return {};
  if (part.folding == Folding::kWords) return {};  // an entry per word says nothing of the whole
  if (test.kind == Kind::kNull || test.kind == Kind::kNotNull) return {true, test.exact};
  const bool text = field.type == ValueType::kText || field.type == ValueType::kTextSet;
  if (!text) return {test.kind == Kind::kEqual || test.kind == Kind::kRange, test.exact};
  const auto folds_to_itself = [](const OwnedDatum& value) { return Fold(value.bytes) == value.bytes; };
  switch (part.folding) {
    case Folding::kExact:
      return {!test.folded, test.exact};
    case Folding::kFolded:
      if (test.kind == Kind::kRange) {
        const bool same = (!test.lower || folds_to_itself(test.lower->value)) &&
                          (!test.upper || folds_to_itself(test.upper->value));
        return {test.folded && same, test.exact};
      }
      return {true, test.exact && test.folded && folds_to_itself(test.value)};
    case Folding::kCollated:  // equal texts have equal sort keys
      return {test.kind == Kind::kEqual && !test.folded, false};
    default:
      return {};
  }
}

std::string Describe(const EntityType& type, const FieldTest& test) {
  const std::string& name = type.fields[test.slot].name;
  const std::string field = test.folded ? StrCat("fold(", name, ")") : name;
  const auto shown = [&](const OwnedDatum& datum) -> std::string {
    if (type.fields[test.slot].options.sensitive) return "…";
    const StatusOr<Value> value = ToValue(test.type, datum.view());
    if (!value.ok()) return "?";
    const auto* text = value->As<std::string>();
    return text != nullptr ? Quoted(*text) : value->ToString();
  };
  switch (test.kind) {
    case Kind::kNever:
      return StrCat(field, " compared with null");
    case Kind::kEqual:
      return test.element ? StrCat(shown(test.value), " in ", field)
                          : StrCat(field, " = ", shown(test.value));
    case Kind::kRange: {
      std::string text;
      if (test.lower)
        StrAppend(&text, field, test.lower->inclusive ? " >= " : " > ", shown(test.lower->value));
      if (test.lower && test.upper) StrAppend(&text, ", ");
      if (test.upper)
        StrAppend(&text, field, test.upper->inclusive ? " <= " : " < ", shown(test.upper->value));
      return text;
    }
    case Kind::kPrefix:
      return StrCat(field, " begins with ", shown(test.value));
    case Kind::kNull:
      return StrCat(field, " is null");
    case Kind::kNotNull:
      return StrCat(field, " is not null");
  }
  return field;
}

}  // namespace relata::query
