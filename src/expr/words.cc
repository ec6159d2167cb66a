// The tables of words. Each is in the order of its enumeration, so that a look-up by value is an index.
#include "src/expr/words.h"

#include <algorithm>
#include <iterator>

#include "relata/base/check.h"

namespace relata::expr {
namespace {

constexpr FunctionWord kFunctions[] = {
    {Function::kCount, "count", "r"},
    {Function::kSum, "sum", "r"},
    {Function::kAvg, "avg", "r"},
    {Function::kMin, "min", "r"},
    {Function::kMax, "max", "r"},
    {Function::kFirst, "first", "r"},
    {Function::kLast, "last", "r"},
    {Function::kDistinct, "distinct", "r"},
    {Function::kExists, "exists", "r"},
    {Function::kNone, "none", "r"},
    {Function::kAny, "any", "r"},
    {Function::kAll, "all", "re"},
    {Function::kTrend, "trend", "ee"},
    {Function::kFollowedBy, "followed_by", "rrw"},
    {Function::kFirstTime, "first_time", "rw"},
    {Function::kStopped, "stopped", "re"},
    {Function::kRestarted, "restarted", "rew"},
    {Function::kWas, "was", "ee"},
    {Function::kChanged, "changed", "ew"},
    {Function::kHeld, "held", "ee"},
    {Function::kChildOf, "child_of", "e"},
    {Function::kDescendantOf, "descendant_of", "e"},
    {Function::kAncestorOf, "ancestor_of", "e"},
    {Function::kScore, "score", "e"},
    {Function::kConsent, "consent", "ee"},
    {Function::kDistance, "distance", "ee"},
    {Function::kPoint, "point", "ee"},
    {Function::kPercentile, "percentile", "e"},
    {Function::kToday, "today", ""},
    {Function::kNow, "now", ""},
    {Function::kFiscalYearStart, "fiscal_year_start", "e?"},
    {Function::kYear, "year", "e"},
    {Function::kQuarter, "quarter", "e"},
    {Function::kMonth, "month", "e"},
    {Function::kWeek, "week", "e"},
    {Function::kDay, "day", "e"},
    {Function::kAnniversary, "anniversary", "ew"},
    {Function::kAge, "age", "e"},
    {Function::kFold, "fold", "e"},
    {Function::kSearch, "search", "ee"},
    {Function::kSimilar, "similar", "ee"},
    {Function::kCoalesce, "coalesce", "e+"},
    {Function::kRecord, "record", "ee"},
};

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kDay = 86'400 * kSecond;

constexpr UnitWord kUnits[] = {
    {Unit::kNone, "", "", 0, 0, 0},
    {Unit::kMicrosecond, "microsecond", "microseconds", 0, 1, 0},
    {Unit::kMillisecond, "millisecond", "milliseconds", 0, 1'000, 0},
    {Unit::kSecond, "second", "seconds", 0, kSecond, 0},
    {Unit::kMinute, "minute", "minutes", 0, 60 * kSecond, 0},
    {Unit::kHour, "hour", "hours", 0, 3'600 * kSecond, 0},
    {Unit::kDay, "day", "days", 0, kDay, 0},
    {Unit::kWeek, "week", "weeks", 0, 7 * kDay, 0},
    {Unit::kMonth, "month", "months", 1, 0, 0},
    {Unit::kQuarter, "quarter", "quarters", 3, 0, 0},
    {Unit::kYear, "year", "years", 12, 0, 0},
    {Unit::kMetre, "m", "m", 0, 0, 1'000},
    {Unit::kKilometre, "km", "km", 0, 0, 1'000'000},
};

constexpr std::string_view kOperators[] = {
    "=", "<>", "<",    "<=",    ">",           ">=",        "is distinct from", "+",       "-",
    "*", "/",  "like", "ilike", "starts_with", "ends_with", "contains",         "matches", "in"};

constexpr std::string_view kReserved[] = {"and", "case", "false", "not", "null", "or", "true"};

}  // namespace

const FunctionWord& WordOf(Function function) {
  const FunctionWord& word = kFunctions[static_cast<size_t>(function)];
  RELATA_DCHECK(word.function == function);
  return word;
}

const FunctionWord* FindFunction(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                   [&](const FunctionWord& word) { return word.name == name; });
  return found == std::end(kFunctions) ? nullptr : found;
}

std::vector<std::string_view> FunctionNames() {
  std::vector<std::string_view> names;
  for (const FunctionWord& word : kFunctions) names.push_back(word.name);
  names.push_back("sample");  // written in its own way: the parser has it
  return names;
}

const UnitWord& WordOf(Unit unit) { return kUnits[static_cast<size_t>(unit)]; }

const UnitWord* FindUnit(std::string_view word) {
  if (word.empty()) return nullptr;
  const auto* found = std::find_if(std::begin(kUnits), std::end(kUnits), [&](const UnitWord& unit) {
    return unit.one == word || unit.many == word;
  });
  return found == std::end(kUnits) ? nullptr : found;
}

std::string_view WordOf(Operator op) { return kOperators[static_cast<size_t>(op)]; }

bool FindTextOperator(std::string_view word, Operator* op) {
  for (auto i = static_cast<size_t>(Operator::kLike); i <= static_cast<size_t>(Operator::kMatches); ++i) {
    *op = static_cast<Operator>(i);
    if (kOperators[i] == word) return true;
  }
  return false;
}

std::string_view WordOf(SetTest test) {
  constexpr std::string_view kWords[] = {"any", "all", "none", "exactly"};
  return kWords[static_cast<size_t>(test)];
}

std::string_view WordOf(Test test) {
  constexpr std::string_view kWords[] = {"null", "true", "false", "unknown", "empty"};
  return kWords[static_cast<size_t>(test)];
}

bool IsReserved(std::string_view word) {
  return std::find(std::begin(kReserved), std::end(kReserved), word) != std::end(kReserved);
}

bool IsPlainWord(std::string_view word) {
  if (word.empty() || (word[0] >= '0' && word[0] <= '9')) return false;
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace relata::expr
