// Finds the comparisons of a date with the clock that time can be swept through.
//
// One side follows from the clock alone. The other is a date of some record, or one of several such dates
// (the greatest, the last, the first that is not null), moved by constant steps of the calendar. Whatever
// record it comes from, the comparison can only change at a moment at which the clock's side comes to, or
// leaves, that record's own date.
#include <algorithm>
#include <limits>
#include <utility>

#include "src/expr/calendar.h"
#include "src/expr/op_traits.h"
#include "src/segment/analyser.h"

namespace relata::segment {

using expr::Base;
using expr::Op;
using expr::Step;

namespace {

// A constant number or length of time.
std::optional<int64_t> NumberOf(const Step& step) {
  const bool number =
      (step.type.base == Base::kExact && step.type.scale == 0) || step.type.base == Base::kInterval;
  if (step.op != Op::kConstant || !number || !step.constant.present) return std::nullopt;
  return step.constant.AsInt();
}

template <class T>
std::vector<T> Before(T first, const std::vector<T>& rest) {
  std::vector<T> all = {std::move(first)};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

}  // namespace

bool Analyser::Swept(const Step& step) {
  if (!expr::IsComparison(step.op) && step.op != Op::kIn) return false;
  std::vector<Sweep> sweeps;
  std::vector<StepIndex> others;  // what else is looked at
  for (size_t i = 1; i < step.args.size(); ++i) {
    if (!Compared(step.op, step.args[0], step.args[i], &sweeps, &others)) return false;
  }
  for (Sweep& sweep : sweeps) {
    std::vector<Sweep>& all = analysis_.sweeps;
    if (std::find(all.begin(), all.end(), sweep) == all.end()) all.push_back(std::move(sweep));
  }
  for (const StepIndex other : others) Look(other);
  return true;
}

bool Analyser::Compared(Op op, StepIndex a, StepIndex b, std::vector<Sweep>* sweeps,
                        std::vector<StepIndex>* others) {
  const Step& x = steps_[a];
  if (x.op == Op::kDaysBetween || x.op == Op::kMicrosBetween || x.op == Op::kAge) {
    if (const std::optional<int64_t> number = NumberOf(steps_[b])) {
      return x.op == Op::kAge ? ComparedAge(op, a, *number, sweeps, others)
                              : ComparedApart(a, *number, sweeps, others);
    }
  }
  for (const auto& [clock, date] : {std::pair(a, b), std::pair(b, a)}) {
    const std::optional<Threshold> threshold = ClockOf(clock);
    if (!threshold) continue;
    if (!AddSweeps(date, {}, *threshold, sweeps)) return false;
    others->push_back(date);
    return true;
  }
  // Nothing of the clock on the surface: sides that have it inside are looked at on their own. So is one side
  // of a list of which others are compared with the clock.
  others->push_back(a);
  others->push_back(b);
  return true;
}

// x - y beside a number: the clock, moved by the number, beside the other.
bool Analyser::ComparedApart(StepIndex apart, int64_t number, std::vector<Sweep>* sweeps,
                             std::vector<StepIndex>* others) {
  const Step& step = steps_[apart];
  if (number == std::numeric_limits<int64_t>::min()) return false;
  for (const bool first : {true, false}) {
    std::optional<Threshold> threshold = ClockOf(step.args[first ? 0 : 1]);
    if (!threshold) continue;
    const StepIndex date = step.args[first ? 1 : 0];
    Shift by;
    by.plain = first ? -number : number;
    threshold->shifts.push_back(by);
    if (!AddSweeps(date, {}, *threshold, sweeps)) return false;
    others->push_back(date);
    return true;
  }
  others->push_back(apart);
  return true;
}

// An age changes on anniversaries: it is at least b years where the date moved on by b is not after today
// and, of a date ahead (b <= 0, age towards zero), where the date moved back by 1 - b is before today.
bool Analyser::ComparedAge(Op op, StepIndex age, int64_t years, std::vector<Sweep>* sweeps,
                           std::vector<StepIndex>* others) {
  const StepIndex date = steps_[age].args[0];
  constexpr int64_t kFar = 10'000;  // no age comes near
  std::vector<int64_t> bounds;      // ages at whose beginning the comparison may change
  if (op != Op::kGreater && op != Op::kLessEqual) bounds.push_back(years);
  if (op != Op::kGreaterEqual && op != Op::kLess) bounds.push_back(years < kFar ? years + 1 : years);
  for (const int64_t bound : bounds) {
    if (bound < -kFar || bound > kFar) continue;
    Shift shift;
    shift.kind = Shift::Kind::kDateInterval;
    shift.interval.months = 12 * (bound >= 1 ? bound : bound - 1);
    if (!AddSweeps(date, {shift}, Threshold(), sweeps)) return false;
  }
  others->push_back(date);
  return true;
}

bool Analyser::AddSweeps(StepIndex source, const std::vector<Shift>& behind, const Threshold& threshold,
                         std::vector<Sweep>* sweeps) {
  std::vector<Source> sources;
  if (!Sources(source, behind, &sources)) return false;
  for (const Source& one : sources) {
    Sweep sweep;
    sweep.type = one.type;
    sweep.slot = one.slot;
    sweep.timestamp = one.timestamp;
    sweep.constant = one.constant;
    sweep.shifts = one.shifts;
    sweep.threshold = threshold;
    sweep.guards = one.guards;
    if (one.type == 0) sweeps->push_back(sweep);
    for (const Path& path : one.paths) {
      sweep.path = path;
      sweeps->push_back(sweep);
    }
  }
  return true;
}

std::optional<Shift> Analyser::ShiftOf(const Step& step) const {
  Shift shift;
  shift.sign = step.sign;
  switch (step.op) {
    case Op::kStartOfDay:
      shift.kind = Shift::Kind::kStartOfDay;
      return shift;
    case Op::kLocalDate:
      shift.kind = Shift::Kind::kLocalDate;
      return shift;
    case Op::kFiscalYearStart:
      shift.kind = Shift::Kind::kYearStart;
      return shift;
    case Op::kAddInterval: {
      const bool of_date = steps_[step.args[0]].type.base == Base::kDate;
      shift.kind = step.type.base == Base::kDate ? Shift::Kind::kDateInterval
                   : of_date                     ? Shift::Kind::kDateToTimestamp
                                                 : Shift::Kind::kTimestampInterval;
      shift.interval = step.interval;
      return shift;
    }
    case Op::kAddDays:
    case Op::kAddMicros: {
      const std::optional<int64_t> number = NumberOf(steps_[step.args[1]]);
      if (!number) return std::nullopt;
      const bool days = step.op == Op::kAddDays;
      shift.kind = days ? Shift::Kind::kDateInterval : Shift::Kind::kTimestampInterval;
      if (__builtin_mul_overflow(*number, days ? expr::kMicrosPerDay : 1, &shift.interval.micros)) {
        return std::nullopt;
      }
      return shift;
    }
    default:
      return std::nullopt;
  }
}

std::optional<Threshold> Analyser::ClockOf(StepIndex index) const {
  const Step& step = steps_[index];
  Threshold threshold;
  Shift shift;
  switch (step.op) {
    case Op::kNow:
      threshold.clock = Threshold::Clock::kNow;
      return threshold;
    case Op::kToday:
      return threshold;
    case Op::kPeriodStart:
    case Op::kPeriodEnd:
      shift.kind = step.op == Op::kPeriodStart ? Shift::Kind::kPeriodStart : Shift::Kind::kPeriodEnd;
      shift.period = step.period;
      threshold.shifts.push_back(shift);
      return threshold;
    case Op::kFiscalYearStart:
      if (!step.args.empty()) break;
      shift.kind = Shift::Kind::kYearStart;
      threshold.shifts.push_back(shift);
      return threshold;
    default:
      break;
  }
  const std::optional<Shift> last = ShiftOf(step);
  if (!last) return std::nullopt;
  std::optional<Threshold> clock = ClockOf(step.args[0]);
  if (!clock) return std::nullopt;
  if (last->kind == Shift::Kind::kLocalDate && clock->clock == Threshold::Clock::kNow &&
      clock->shifts.empty()) {
    return Threshold{};  // today
  }
  clock->shifts.push_back(*last);
  return clock;
}

bool Analyser::Sources(StepIndex index, const std::vector<Shift>& behind, std::vector<Source>* sources) {
  const Step& step = steps_[index];
  const bool timestamp = step.type.base == Base::kTimestamp;
  if (!timestamp && step.type.base != Base::kDate) return false;
  Source source;
  source.timestamp = timestamp;
  source.shifts = behind;
  switch (step.op) {
    case Op::kConstant:
      source.constant = step.constant.AsInt();
      if (step.constant.present) sources->push_back(std::move(source));
      return true;
    case Op::kField: {
      const Scope& scope = ScopeAt(step);
      source.type = scope.type;
      source.slot = step.slot;
      source.paths = scope.paths;
      source.guards = scope.guards;
      sources->push_back(std::move(source));
      return true;
    }
    case Op::kFieldOf:
      source.type = step.entity;
      source.slot = step.slot;
      source.paths = PathsFrom(step.args[0], step.entity);
      sources->push_back(std::move(source));
      return true;
    case Op::kMin:
    case Op::kMax:
    case Op::kFirst:
    case Op::kLast: {
      EnterRelated(step);
      const bool known = Sources(step.related->value, behind, sources);
      scopes_.pop_back();
      return known;
    }
    case Op::kCoalesce:
      for (const StepIndex arg : step.args) {
        if (!Sources(arg, behind, sources)) return false;
      }
      return true;
    case Op::kCase:
      for (size_t i = 0; i < step.args.size(); ++i) {
        const bool value = i % 2 == 1 || i + 1 == step.args.size();
        if (value && !Sources(step.args[i], behind, sources)) return false;
      }
      return true;
    default: {
      const std::optional<Shift> shift = ShiftOf(step);
      if (!shift || step.args.empty()) return false;
      return Sources(step.args[0], Before(*shift, behind), sources);
    }
  }
}

}  // namespace relata::segment
