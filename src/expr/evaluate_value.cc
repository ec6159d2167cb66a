// Steps that compute with values: conversions, arithmetic, the calendar, texts, sets and places. The rules
// themselves are in arithmetic.h, calendar.h, text_match.h and datum.h.
#include <re2/re2.h>

#include "relata/base/point.h"
#include "relata/schema/member.h"
#include "src/base/text.h"
#include "src/expr/arithmetic.h"
#include "src/expr/calendar.h"
#include "src/expr/datum.h"
#include "src/expr/row_state.h"
#include "src/expr/text_match.h"

namespace relata::expr {
namespace {

Date DateOf(const Datum& datum) { return Date{static_cast<int32_t>(datum.AsInt())}; }
Timestamp TimestampOf(const Datum& datum) { return Timestamp{datum.AsInt()}; }
Datum OfDate(Date date) { return Datum::OfInt(date.days); }
Datum OfDate(const std::optional<Date>& date) { return date ? OfDate(*date) : Datum::Absent(); }
Datum OfTimestamp(const std::optional<Timestamp>& at) {
  return at ? Datum::OfInt(at->micros) : Datum::Absent();
}
Datum OfDouble(double value) {
  double finite = 0;
  return Finite(value, &finite) ? Datum::OfDouble(finite) : Datum::Absent();
}
Point PointOf(const Datum& datum) {
  Point point;
  MemberTraits<Point>::FromBits(datum.AsInt(), &point);
  return point;
}

}  // namespace

const TimeZone& RowEvaluator::State::Zone() {
  if (!zone_) {
    StatusOr<TimeZone> zone = TimeZone::Load(schema_.catalogue().settings().time_zone);
    if (!zone.ok()) {
      static const TimeZone utc;
      Fail(zone.status());
      return utc;
    }
    zone_ = *zone;
  }
  return *zone_;
}

Date RowEvaluator::State::Today() {
  if (today_) return *today_;
  const Date today = Zone().LocalDate(now_);
  if (!status_.ok()) return today;
  if (today_ = today; last_today_ != today) {
    last_today_ = today;
    ++date_;
  }
  return today;
}

Datum RowEvaluator::State::Convert(const Step& step) {
  const Datum x = Arg(step, 0);
  if (!x.present) return Null();
  const Type& from = steps_[step.args[0]].type;
  int64_t result = 0;
  switch (step.op) {
    case Op::kRescale:
      return Rescale(x.AsInt(), from.scale, step.type.scale, &result) ? Datum::OfInt(result) : Null();
    case Op::kToDouble:
      return Datum::OfDouble(from.base == Base::kDouble ? x.AsDouble() : ToDouble(x.AsInt(), from.scale));
    case Op::kStartOfDay:
      return Datum::OfInt(Zone().StartOfDay(DateOf(x)).micros);
    case Op::kAnyRecord:
      return Datum::OfBits(uint64_t{from.target} << 48 | x.bits);
    default:  // kLocalDate
      return OfDate(Zone().LocalDate(TimestampOf(x)));
  }
}

Datum RowEvaluator::State::Arithmetic(const Step& step) {
  const Datum x = Arg(step, 0);
  if (!x.present) return Null();
  const Type& type = step.type;
  int64_t result = 0;
  if (step.op == Op::kNegate) {
    if (type.base == Base::kDouble) return Datum::OfDouble(-x.AsDouble());
    return Negate(x.AsInt(), &result) ? Datum::OfInt(result) : Null();
  }
  const Datum y = Arg(step, 1);
  if (!y.present) return Null();
  const Type& x_type = steps_[step.args[0]].type;
  const Type& y_type = steps_[step.args[1]].type;
  if (step.op == Op::kRatio) {
    if (y.bits == 0) return Null();
    return OfDouble(ToDouble(x.AsInt(), x_type.scale) / ToDouble(y.AsInt(), y_type.scale));
  }
  if (step.op == Op::kOrder) return Datum::OfInt(Order(x.AsInt(), x_type.scale, y.AsInt(), y_type.scale));
  const bool doubles = type.base == Base::kDouble;
  bool fits = false;
  switch (step.op) {
    case Op::kAdd:
      if (doubles) return OfDouble(x.AsDouble() + y.AsDouble());
      fits = Add(x.AsInt(), y.AsInt(), &result);
      break;
    case Op::kSubtract:
      if (doubles) return OfDouble(x.AsDouble() - y.AsDouble());
      fits = Subtract(x.AsInt(), y.AsInt(), &result);
      break;
    case Op::kMultiply:
      if (doubles) return OfDouble(x.AsDouble() * y.AsDouble());
      fits = MultiplyAtScale(x.AsInt(), y.AsInt(), x_type.scale + y_type.scale, type.scale, &result);
      break;
    default:  // kDivide
      if (doubles) return OfDouble(x.AsDouble() / y.AsDouble());
      fits = type.base == Base::kExact ? DivideTruncated(x.AsInt(), y.AsInt(), &result)
                                       : DivideHalfEvenAtScale(x.AsInt(), y.AsInt(), y_type.scale, &result);
      break;
  }
  return fits ? Datum::OfInt(result) : Null();
}

Datum RowEvaluator::State::Calendar(const Step& step) {
  if (step.op == Op::kNow) return Datum::OfInt(now_.micros);
  switch (step.op) {
    case Op::kToday:
      return OfDate(Today());
    case Op::kPeriodStart:
      return OfDate(PeriodStart(Today(), step.period));
    case Op::kPeriodEnd:
      return OfDate(PeriodEnd(Today(), step.period));
    default:
      break;
  }
  const Datum x = Arg(step, 0);
  if (!x.present) return Null();
  switch (step.op) {
    case Op::kAddInterval:
      return AddIntervalTo(step, x);
    case Op::kAge:
      return Datum::OfInt(Age(DateOf(x), Today()));
    case Op::kFiscalYearStart:
      return OfDate(FiscalYearStart(DateOf(x)));
    case Op::kYear:
    case Op::kQuarter:
    case Op::kMonth:
    case Op::kWeek:
    case Op::kDay:
      return PartOfDate(step.op, DateOf(x));
    default:
      break;
  }
  const Datum y = Arg(step, 1);
  if (!y.present) return Null();
  switch (step.op) {
    case Op::kAddDays: {
      const int64_t days = y.AsInt();
      if (step.sign >= 0) return OfDate(AddDays(DateOf(x), days));
      int64_t negated = 0;
      return Negate(days, &negated) ? OfDate(AddDays(DateOf(x), negated)) : Null();
    }
    case Op::kAddMicros: {
      int64_t micros = y.AsInt();
      if (step.sign < 0 && !Negate(micros, &micros)) return Null();
      return OfTimestamp(AddMicros(TimestampOf(x), micros));
    }
    case Op::kDaysBetween:
      return Datum::OfInt(DaysBetween(DateOf(y), DateOf(x)));
    case Op::kMicrosBetween: {
      int64_t micros = 0;
      return Subtract(x.AsInt(), y.AsInt(), &micros) ? Datum::OfInt(micros) : Null();
    }
    default: {  // kAnniversary
      const Datum to = Arg(step, 2);
      return to.present ? Bool(HasAnniversary(DateOf(x), DateOf(y), DateOf(to))) : Null();
    }
  }
}

Datum RowEvaluator::State::PartOfDate(Op op, Date date) const {
  switch (op) {
    case Op::kYear:
      return Datum::OfInt(date.year());
    case Op::kQuarter:
      return Datum::OfInt(date.quarter());
    case Op::kMonth:
      return Datum::OfInt(date.month());
    case Op::kWeek:
      return Datum::OfInt(date.IsoWeek().week);
    default:
      return Datum::OfInt(date.day());
  }
}

Datum RowEvaluator::State::AddIntervalTo(const Step& step, const Datum& x) {
  const bool of_date = BaseOf(step.args[0]) == Base::kDate;
  if (step.type.base == Base::kDate) return OfDate(AddInterval(DateOf(x), step.interval, step.sign));
  if (!of_date) return OfTimestamp(AddInterval(TimestampOf(x), step.interval, step.sign, Zone()));
  // A date and part of a day: the months on the calendar, the rest from local midnight.
  const std::optional<Date> moved = AddInterval(DateOf(x), {.months = step.interval.months}, step.sign);
  if (!moved) return Null();
  return OfTimestamp(
      AddInterval(Zone().StartOfDay(*moved), {.micros = step.interval.micros}, step.sign, Zone()));
}

std::string* RowEvaluator::State::NewText() {
  if (texts_used_ == texts_.size()) texts_.emplace_back();
  std::string* text = &texts_[texts_used_++];
  text->clear();
  return text;
}

Datum RowEvaluator::State::Folded(std::string_view text) {
  std::string* folded = NewText();
  FoldAppend(text, folded);
  return Datum::OfBytes(*folded);
}

Datum RowEvaluator::State::Text(const Step& step, Known* known) {
  const Datum x = Arg(step, 0);
  if (!x.present) return Null();
  if (step.op == Op::kFold) return Folded(x.bytes);
  if (step.op == Op::kSearch) return Bool(relata::Matches(known->search, x.bytes));
  if (step.op == Op::kMatches) {
    return Bool(re2::RE2::PartialMatch(re2::StringPiece(x.bytes.data(), x.bytes.size()), *step.regex));
  }
  const Datum y = Arg(step, 1);
  if (!y.present) return Null();
  return TextTest(step.op, x.bytes, y.bytes);
}

Datum RowEvaluator::State::TextTest(Op op, std::string_view x, std::string_view y) {
  switch (op) {
    case Op::kLike:
      return Bool(Like(x, y));
    case Op::kILike: {
      const Datum text = Folded(x);
      return Bool(Like(text.bytes, Folded(y).bytes));
    }
    case Op::kStartsWith:
      return Bool(x.starts_with(y));
    case Op::kEndsWith:
      return Bool(x.ends_with(y));
    case Op::kContains:
      return Bool(x.find(y) != std::string_view::npos);
    default: {  // kSimilar
      const Datum text = Folded(x);
      return Datum::OfDouble(JaroWinkler(text.bytes, Folded(y).bytes));
    }
  }
}

Datum RowEvaluator::State::Set(const Step& step) {
  const Datum x = Arg(step, 0);
  if (step.op == Op::kElementOf) {
    const Base base = BaseOf(step.args[1]);
    const Datum set = Arg(step, 1);
    if (!set.present) return Null();
    if (!x.present) return SetSize(base, set) == 0 ? Bool(false) : Null();
    return Bool(SetContains(base, set, x));
  }
  if (!x.present) return Null();
  const Base base = BaseOf(step.args[0]);
  if (step.op == Op::kHas) return Has(step, base, x);
  return Bool(base == Base::kLabelSet ? x.bits == 0 : x.bytes.empty());
}

Datum RowEvaluator::State::Has(const Step& step, Base base, const Datum& set) {
  const Base element_base = BaseOf(step.args[1]);
  bool any = false;
  bool missing = false;
  bool unknown = false;
  uint64_t distinct = 0;  // of the elements that the set has
  for (size_t i = 1; i < step.args.size(); ++i) {
    const Datum element = Arg(step, i);
    if (!element.present) {
      unknown = true;
      continue;
    }
    if (!SetContains(base, set, element)) {
      missing = true;
      continue;
    }
    any = true;
    bool repeated = false;
    for (size_t j = 1; j < i && !repeated; ++j) {
      const Datum earlier = Arg(step, j);
      repeated = earlier.present && Same(element_base, earlier, element);
    }
    if (!repeated) ++distinct;
  }
  if (unknown && SetSize(base, set) == 0) {
    unknown = false;
    missing = true;
  }
  switch (step.test) {
    case SetTest::kAny:
      return any ? Bool(true) : unknown ? Null() : Bool(false);
    case SetTest::kNone:
      return any ? Bool(false) : unknown ? Null() : Bool(true);
    case SetTest::kAll:
      return missing ? Bool(false) : unknown ? Null() : Bool(true);
    case SetTest::kExactly:
      return missing ? Bool(false) : unknown ? Null() : Bool(distinct == SetSize(base, set));
  }
  return Null();
}

Datum RowEvaluator::State::Place(const Step& step) {
  const Datum x = Arg(step, 0);
  const Datum y = Arg(step, 1);
  if (!x.present || !y.present) return Null();
  if (step.op == Op::kDistance) return OfDouble(DistanceMetres(PointOf(x), PointOf(y)));
  const StatusOr<Point> point = Point::FromDegrees(x.AsDouble(), y.AsDouble());
  return point.ok() ? Datum::OfInt(MemberTraits<Point>::ToBits(*point)) : Null();
}

}  // namespace relata::expr
