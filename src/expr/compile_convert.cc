// How two sides come to be held alike: the type that both can have, and the way there.
//
// What was written as a bare number, text or null takes the type of its neighbours; anything else keeps its
// own but for whole numbers beside decimals, dates beside timestamps and the like, where nothing is lost.
#include <utility>

#include "relata/base/strings.h"
#include "src/base/nearest.h"
#include "src/expr/compiler.h"

namespace relata::expr {

StatusOr<Type> Compiler::Join(const Type& a, const Type& b) const {
  if (a == b || b.base == Base::kNull) return a;
  if (a.base == Base::kNull) return b;
  const auto pair = [&](Base x, Base y) {
    return (a.base == x && b.base == y) || (a.base == y && b.base == x);
  };
  if (pair(Base::kExact, Base::kExact)) return a.scale > b.scale ? a : b;
  if (pair(Base::kExact, Base::kDouble) || pair(Base::kLength, Base::kDouble)) return Type{Base::kDouble};
  if (pair(Base::kExact, Base::kMoney)) return a.base == Base::kMoney ? a : b;
  if (pair(Base::kDate, Base::kTimestamp)) return Type{Base::kTimestamp};
  if (pair(Base::kEnum, Base::kEnum) && a.field->labels == b.field->labels) return a;
  if (pair(Base::kLabelSet, Base::kLabelSet) && a.field->labels == b.field->labels) return a;
  if (pair(Base::kRecord, Base::kRecord)) {
    if (a.target == b.target) return a;
    if (a.target == 0) return a;
    if (b.target == 0) return b;
  }
  if (pair(Base::kMoney, Base::kMoney) && a.currency != b.currency) {
    return Refuse(StrCat("unlike currencies: ", a.currency.code(), " and ", b.currency.code()));
  }
  std::string hint;
  if (pair(Base::kMoney, Base::kText)) hint = "; an amount is a bare number, or money 'EUR 12.50'";
  if (pair(Base::kMoney, Base::kDouble)) hint = "; an amount is exact: write it with decimals";
  if (pair(Base::kInterval, Base::kExact)) {
    hint = "; two dates are a whole number of days apart, two timestamps an interval";
  }
  return Refuse(StrCat("unlike types: ", Describe(a), " and ", Describe(b), hint));
}

// Whether a bare number or text may take this type.
Status Compiler::CheckFits(StepIndex constant, const Type& type) const {
  const Base base = type.base;
  bool fits = base == TypeOf(constant).base;
  if (Has(constant, Base::kText)) {
    fits = fits || base == Base::kEnum || base == Base::kDate || base == Base::kTimestamp ||
           base == Base::kCurrency;
  } else if (Has(constant, Base::kExact)) {
    fits = fits || base == Base::kMoney || base == Base::kDouble ||
           (base == Base::kRecord && type.target != 0 && TypeOf(constant).scale == 0);
  }
  // An exact number beside a double constant, and the other way about, is Join's to settle, as are messages.
  return fits ? absl::OkStatus() : Join(type, TypeOf(constant)).status();
}

bool Compiler::IsWritten(StepIndex x) const {
  if (!Has(x, Base::kText) && !Has(x, Base::kExact)) return false;
  const Step& made = step(x);
  if (made.op == Op::kConstant) return true;
  if (made.op != Op::kCase && made.op != Op::kCoalesce) return false;
  for (size_t i = 0; i < made.args.size(); ++i) {
    const bool condition = made.op == Op::kCase && i % 2 == 0 && i + 1 < made.args.size();
    if (!condition && !IsWritten(made.args[i])) return false;
  }
  return true;
}

StatusOr<Type> Compiler::Common(std::span<const StepIndex> steps) const {
  // What has a type of its own comes first, then what was only written.
  const auto written = [&](StepIndex x) { return IsWritten(x); };
  Type type;
  bool own = false;
  for (StepIndex x : steps) {
    if (written(x) || Has(x, Base::kNull)) continue;
    RELATA_ASSIGN_OR_RETURN(type, own ? Join(type, TypeOf(x)) : StatusOr<Type>(TypeOf(x)));
    own = true;
  }
  for (StepIndex x : steps) {
    if (!written(x)) continue;
    if (own) {
      RELATA_RETURN_IF_ERROR(CheckFits(x, type));
      const bool number = type.base == Base::kExact;
      if (number && TypeOf(x).scale > type.scale) type.scale = TypeOf(x).scale;
    } else {
      RELATA_ASSIGN_OR_RETURN(type, Join(type, TypeOf(x)));
    }
  }
  return type.base == Base::kNull ? Type{Base::kBool} : type;
}

StatusOr<Type> Compiler::Unify(std::vector<StepIndex>* steps) {
  RELATA_ASSIGN_OR_RETURN(const Type type, Common(*steps));
  for (StepIndex& x : *steps) {
    RELATA_ASSIGN_OR_RETURN(x, Convert(x, type));
  }
  return type;
}

StatusOr<StepIndex> Compiler::Convert(StepIndex from, const Type& to) {
  const Type type = TypeOf(from);
  const bool constant = IsConstant(from);
  if (type == to) return from;
  if (type.base == Base::kNull || (constant && !step(from).constant.present)) {
    return Constant(to, Datum::Absent());
  }
  if (!constant && IsWritten(from)) {
    // A choice among bare texts or numbers: each takes the type.
    Step choice = step(from);
    for (size_t i = 0; i < choice.args.size(); ++i) {
      const bool condition = choice.op == Op::kCase && i % 2 == 0 && i + 1 < choice.args.size();
      if (condition) continue;
      RELATA_ASSIGN_OR_RETURN(choice.args[i], Convert(choice.args[i], to));
    }
    choice.type = to;
    return Add(std::move(choice));
  }
  if (type.base == to.base && (type.base == Base::kEnum || type.base == Base::kLabelSet)) return from;
  if (constant && type.base == Base::kText) return ConvertText(step(from).constant.bytes, to);
  if (type.base == Base::kExact || type.base == Base::kMoney) return ConvertNumber(from, to);
  if (type.base == Base::kLength && to.base == Base::kDouble && constant) {
    return Constant(to, Datum::OfDouble(static_cast<double>(step(from).constant.AsInt()) / 1000));
  }
  if (type.base == Base::kDate && to.base == Base::kTimestamp) {
    if (!constant) return Make(Op::kStartOfDay, to, {from});
    RELATA_ASSIGN_OR_RETURN(const TimeZone zone, Zone());
    const Date date{static_cast<int32_t>(step(from).constant.AsInt())};
    return Constant(to, Datum::OfInt(zone.StartOfDay(date).micros));
  }
  if (type.base == Base::kTimestamp && to.base == Base::kDate) return Make(Op::kLocalDate, to, {from});
  if (type.base == Base::kRecord && to.base == Base::kRecord && to.target == 0) {
    if (!constant) return Make(Op::kAnyRecord, to, {from});
    return Constant(to, Datum::OfBits(uint64_t{type.target} << 48 | step(from).constant.bits));
  }
  return Refuse(StrCat("expected ", Describe(to), "; found ", Describe(type)));
}

StatusOr<StepIndex> Compiler::ConvertText(std::string_view text, const Type& to) {
  if (to.base == Base::kEnum) {
    if (const Label* label = to.field->FindLabel(text)) return Constant(to, Datum::OfInt(label->code));
    std::vector<std::string_view> names;
    std::string list;
    for (const Label& label : to.field->labels) {
      names.push_back(label.name);
      if (names.size() <= 20) StrAppend(&list, names.size() == 1 ? "" : ", ", label.name);
    }
    if (names.size() > 20) list.append(", …");
    const std::string meant = DidYouMean(text, names);
    return Refuse(StrCat("unknown label ", Quoted(text), " of ", to.field->name,
                         meant.empty() ? StrCat("; it has ", list) : meant));
  }
  if (to.base == Base::kDate) {
    const StatusOr<Date> date = Date::Parse(text);
    if (!date.ok()) return Refuse(ToStd(date.status().message()));
    return Constant(to, Datum::OfInt(date->days));
  }
  if (to.base == Base::kTimestamp) {
    RELATA_ASSIGN_OR_RETURN(const TimeZone zone, Zone());
    if (const StatusOr<Date> date = Date::Parse(text); date.ok()) {
      return Constant(to, Datum::OfInt(zone.StartOfDay(*date).micros));
    }
    const StatusOr<Timestamp> timestamp = Timestamp::Parse(text, zone);
    if (!timestamp.ok()) return Refuse(ToStd(timestamp.status().message()));
    return Constant(to, Datum::OfInt(timestamp->micros));
  }
  if (to.base == Base::kCurrency) {
    const StatusOr<Currency> currency = Currency::Parse(text);
    if (!currency.ok()) return Refuse(ToStd(currency.status().message()));
    return Constant(to, Datum::OfInt(currency->packed()));
  }
  return Refuse(StrCat("expected ", Describe(to), "; found text"));
}

StatusOr<StepIndex> Compiler::ConvertNumber(StepIndex from, const Type& to) {
  const Type type = TypeOf(from);
  const bool constant = IsConstant(from);
  const Decimal number{step(from).constant.AsInt(), type.scale};
  if (to.base == Base::kDouble) {
    if (!constant) return Make(Op::kToDouble, to, {from});
    return Constant(to, Datum::OfDouble(number.ToDouble()));
  }
  if (to.base == Base::kRecord && constant && type.base == Base::kExact && type.scale == 0) {
    if (number.units < 1 || number.units > static_cast<int64_t>(kMaxRecordId)) {
      return Refuse(StrCat("the id of a record is a whole number from 1; found ", number.units));
    }
    return Constant(to, Datum::OfInt(number.units));
  }
  if (to.base != Base::kExact && to.base != Base::kMoney) {
    return Refuse(StrCat("expected ", Describe(to), "; found ", Describe(type)));
  }
  if (!constant) return Make(Op::kRescale, to, {from});
  const StatusOr<Decimal> rescaled = number.Rescale(to.scale);
  if (!rescaled.ok()) return Refuse(StrCat("the number ", number, " is too large here"));
  if (*rescaled != number) {
    return Refuse(StrCat("the number ", number, " has more decimals than the ", static_cast<int>(to.scale),
                         " of ", Describe(to)));
  }
  return Constant(to, Datum::OfInt(rescaled->units));
}

StatusOr<TimeZone> Compiler::Zone() const {
  return TimeZone::Load(schema().catalogue().settings().time_zone);
}

StatusOr<StepIndex> Compiler::ToDate(StepIndex x, std::string_view what) {
  const Type date{Base::kDate};
  if (Has(x, Base::kDate)) return x;
  if (Has(x, Base::kTimestamp) || Has(x, Base::kNull) || (IsConstant(x) && Has(x, Base::kText))) {
    return Convert(x, date);
  }
  return Refuse(StrCat(what, " takes a date or timestamp; found ", Describe(x)));
}

StatusOr<StepIndex> Compiler::ToText(StepIndex x, std::string_view what) {
  if (Has(x, Base::kText)) return x;
  if (Has(x, Base::kNull)) return Convert(x, Type{Base::kText});
  return Refuse(StrCat(what, " takes text; found ", Describe(x)));
}

}  // namespace relata::expr
