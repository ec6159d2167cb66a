// Defines Expr, a tree of the expression language, and Node, of which it is made.
//
//   Expr condition = Parse("tier in ('top', 'large') and visiting.city = :city").value();      // text.h
//   if (condition->kind == Kind::kAnd) …
//
// A tree says what was written and nothing about what it means: no name in it is bound, no type is known. The
// typed form (typed.h) builds the same trees. Two trees are equal where they say the same, wherever it stood.
//
// Thread safety: trees are immutable, and shared by their copies.
// Cost: a copy is O(1), a comparison O(nodes). Functions here and elsewhere descend as deep as a tree is;
// Parse makes none deeper than kMaxDepth.
#ifndef RELATA_EXPR_TREE_H_
#define RELATA_EXPR_TREE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "relata/base/decimal.h"
#include "relata/base/money.h"
#include "relata/base/point.h"
#include "relata/base/time.h"
#include "relata/export.h"

namespace relata::expr {

inline constexpr uint32_t kMaxDepth = 250;          // of nodes, one below another
inline constexpr uint32_t kMaxNesting = 100;        // of brackets, calls and prefixes in a text
inline constexpr size_t kMaxTextBytes = 64 * 1024;  // of a text, and so of its names and literals
inline constexpr uint32_t kNoPosition = UINT32_MAX;

// What a number or parameter may be counted in. Weeks, quarters and years are whole numbers of days and
// months.
enum class Unit : uint8_t {
  kNone,
  kMicrosecond,
  kMillisecond,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
  kMetre,
  kKilometre,
};

// A length of calendar time: months are those of the calendar, a day in `micros` is 24 hours.
struct Interval {
  int64_t months = 0;
  int64_t micros = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

struct Length {
  int64_t millimetres = 0;
  friend bool operator==(const Length&, const Length&) = default;
};

// std::monostate is null. A double is written with an exponent; other fractions are decimals.
using Literal = std::variant<std::monostate, bool, int64_t, Decimal, double, std::string, Date, Timestamp,
                             Interval, Money, Point, Length>;

// A value that the host binds: `:name`, or `:n days`.
struct Parameter {
  std::string name;
  Unit unit = Unit::kNone;
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

// Names joined by dots; `outer` counts the scopes it reaches out of.
struct Path {
  uint32_t outer = 0;
  std::vector<std::string> names;
  friend bool operator==(const Path&, const Path&) = default;
};

enum class Operator : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kDistinct,  // is distinct from
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kLike,
  kILike,
  kStartsWith,
  kEndsWith,
  kContains,
  kMatches,
  kIn,  // 'x' in tags; ordered_on in this month
};

// What `x is …` asks.
enum class Test : uint8_t { kNull, kTrue, kFalse, kUnknown, kEmpty };

// What `tags has …` asks.
enum class SetTest : uint8_t { kAny, kAll, kNone, kExactly };

// `last fiscal quarter`.
struct Period {
  int32_t offset = 0;  // -1 last, 0 this, 1 next
  bool fiscal = false;
  Unit unit = Unit::kMonth;  // week, month, quarter or year
  friend bool operator==(const Period&, const Period&) = default;
};

// What is written as name(…). The order is that of the table in words.cc.
enum class Function : uint8_t {
  kCount,
  kSum,
  kAvg,
  kMin,
  kMax,
  kFirst,
  kLast,
  kDistinct,  // how many different values
  kExists,
  kNone,
  kAny,
  kAll,
  kTrend,
  kFollowedBy,
  kFirstTime,
  kStopped,
  kRestarted,
  kWas,
  kChanged,
  kHeld,
  kChildOf,
  kDescendantOf,
  kAncestorOf,
  kScore,
  kConsent,
  kDistance,
  kPoint,
  kPercentile,
  kToday,
  kNow,
  kFiscalYearStart,
  kYear,
  kQuarter,
  kMonth,
  kWeek,
  kDay,
  kAnniversary,
  kAge,
  kFold,
  kSearch,
  kSimilar,
  kCoalesce,
  kRecord,  // record('relation', 17)
};

//                   detail     parts
enum class Kind : uint8_t {
  kLiteral,    // Literal
  kParameter,  // Parameter
  kPath,       // Path
  kRelated,    // Path       [condition]                 an argument alone: `orders.total where …`
  kWithin,     //            interval or period          an argument alone: `within 7 days`
  kPeriod,     // Period                                 beside `in` and `within` alone
  kNegate,     //            x
  kNot,        //            x
  kAnd,        //            two or more
  kOr,         //            two or more
  kIs,         // Test       x
  kBinary,     // Operator   left, right
  kBetween,    //            x, low, high
  kInList,     //            x, one or more
  kHas,        // SetTest    x, one or more
  kCase,       //            when, then, when, then, …, [else]
  kCall,       // Function   arguments
  kSegment,    //            name, [record]              in segment 'name'
  kTop,        //            count, by, per …
  kSample,     //            percent, seed
};

using Detail =
    std::variant<std::monostate, Literal, Parameter, Path, Operator, Test, SetTest, Period, Function>;

struct Node;

// A tree, or none where it was default-constructed.
class RELATA_EXPORT Expr {
 public:
  Expr() = default;
  // REQUIRES: parts and detail as the table above has them for this kind.
  Expr(Kind kind, Detail detail, std::vector<Expr> parts, uint32_t position = kNoPosition);

  explicit operator bool() const { return node_ != nullptr; }
  // REQUIRES: not none.
  const Node& operator*() const { return *node_; }
  const Node* operator->() const { return node_.get(); }

  RELATA_EXPORT friend bool operator==(const Expr& a, const Expr& b);

 private:
  std::shared_ptr<const Node> node_;
};

struct Node {
  Kind kind;
  Detail detail;
  std::vector<Expr> parts;
  uint32_t position;  // the byte at which it stood in its text: of an operator, of what begins with a word
  uint32_t depth;     // 1 for a leaf

  const Literal& literal() const { return std::get<Literal>(detail); }
  const Parameter& parameter() const { return std::get<Parameter>(detail); }
  const Path& path() const { return std::get<Path>(detail); }
  Operator op() const { return std::get<Operator>(detail); }
  Test test() const { return std::get<Test>(detail); }
  SetTest set_test() const { return std::get<SetTest>(detail); }
  const Period& period() const { return std::get<Period>(detail); }
  Function function() const { return std::get<Function>(detail); }
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_TREE_H_
