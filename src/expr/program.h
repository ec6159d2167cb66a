// Defines Program, the compiled form of an expression: what the checker makes of a tree, and what every
// evaluator reads: rows (evaluate.h), columns (column/scan.h) and SQL (sql.h).
//
//   StatusOr<Program> program = Compile(tree, *schema.Get("relation").value(), {.schema = &schema});
//
// A program is a list of steps, arguments before what uses them, the result last. Names are slots by now,
// types are known, and what the operands of an operator differ in is settled by conversions of their own: so
// two sides of a comparison always have one representation, and no evaluator decides anything about types.
//
// How a value of each type is held (Datum):
//   kBool, kExact, kMoney, kDate, kTimestamp, kInterval, kEnum, kCurrency, kRecord: an integer in `bits`. An
//       exact number is value * 10^scale, an amount minor units, an interval microseconds (an interval with
//       months is only ever a constant beside a date), a length millimetres.
//   kDouble: IEEE bits. kPoint: as in rows. kText: UTF-8 in `bytes`. Sets and objects: `bytes` as in rows
//       (kLabelSet: a bit per label in `bits`).
//   An any-reference is held as rows hold it; kRecord with target 0.
//   Null: not present. What a row leaves out because it is the zero of a field that cannot be null, is
//   present here; a reference that is left out is null. A double that comes out infinite or is no number is
//   null.
//
// Thread safety: immutable; any number of evaluators may share one. Lifetime: keeps its schema alive.
#ifndef RELATA_EXPR_PROGRAM_H_
#define RELATA_EXPR_PROGRAM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/money.h"
#include "relata/base/time.h"
#include "relata/expr/tree.h"
#include "relata/schema/cell.h"
#include "relata/schema/entity.h"
#include "relata/schema/ids.h"
#include "src/store/schema_runtime.h"

namespace re2 {
class RE2;
}

namespace relata::expr {

// A value while it is computed. Unlike in a row, absent always means null.
using Datum = Cell;

enum class Base : uint8_t {
  kNull,  // the literal null, before a conversion gave it the type of its neighbour
  kBool,
  kExact,  // integers (scale 0) and decimals
  kDouble,
  kMoney,
  kText,
  kDate,
  kTimestamp,
  kInterval,
  kLength,
  kPoint,
  kEnum,
  kCurrency,
  kRecord,
  kTextSet,
  kLabelSet,
  kRecordSet,
  kObject,
};

struct Type {
  Base base = Base::kNull;
  uint8_t scale = 0;        // kExact: digits after the point; kMoney: minor digits of the currency
  Currency currency = {};   // kMoney: never none
  EntityTypeId target = 0;  // kRecord, kRecordSet: the type of record; 0: one of several
  const Field* field =
      nullptr;  // kEnum, kLabelSet, kRecord of several types: the field whose labels or targets it has
  friend bool operator==(const Type&, const Type&) = default;
};
// "money in EUR", "date", "relation": for messages.
std::string NameOf(const Type& type);

enum class Op : uint8_t {
  // Leaves.
  kConstant,  // constant
  kNow,       // timestamp: the moment of evaluation
  kToday,     // date: the local one
  kField,     // slot of the record `scope` levels out
  kId,        // that record itself (kRecord)
  // Records.
  kFieldOf,  // x record: its slot `slot`; null where x is null or not of type `entity`
  // Conversions.
  kRescale,     // x exact or money to this type's scale; half to even where digits go
  kToDouble,    // x exact or money
  kStartOfDay,  // x date: the timestamp of local midnight
  kLocalDate,   // x timestamp: the local date
  kAnyRecord,   // x record of one type: as an any-reference holds it, its type in the upper 16 bits
  // Comparison, of two values held alike. Texts by code point.
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIsDistinct,  // two-valued
  kIn,          // x, then one or more
  kOrder,       // x, y exact or money of unlike scales: -1, 0 or 1 as x is below, equal to or above y
  // Logic, three-valued.
  kAnd,  // two or more
  kOr,
  kNot,
  kIsNull,  // of any type; two-valued, as the next three
  kIsTrue,
  kIsFalse,
  kCase,      // when, then, …, else (always there)
  kCoalesce,  // one or more
  // Arithmetic; null on overflow and on division by zero. Both sides at this type's scale or as said.
  kNegate,
  kAdd,
  kSubtract,
  kMultiply,  // exact * exact: the scales add up; money * exact: the result at money's scale, half to even
  kDivide,    // exact / exact both integers: truncated. money / exact: half to even. Else doubles.
  kRatio,     // money / money: double
  // Dates.
  kAddInterval,    // x date or timestamp: plus `interval` times `sign`
  kAddDays,        // x date, y integer
  kAddMicros,      // x timestamp, y interval without months
  kDaysBetween,    // x date - y date: integer
  kMicrosBetween,  // x timestamp - y timestamp: interval
  kYear,           // of a date, as the next; timestamps were made local dates
  kQuarter,
  kMonth,
  kWeek,  // ISO 8601
  kDay,
  kAge,              // whole years from x to today, towards zero; 29 February comes on 28 in a common year
  kPeriodStart,      // date: the first day of `period`
  kPeriodEnd,        // date: the first day after it
  kFiscalYearStart,  // date: of the fiscal year that x lies in; it begins in January
  kAnniversary,      // x, from, to dates: x moved by some n >= 1 years, clipped as kAge, lies in [from, to)
  // Text.
  kLike,   // x, pattern
  kILike,  // both folded as fold() does
  kStartsWith,
  kEndsWith,
  kContains,
  kMatches,  // x; `regex`, anywhere in it
  kFold,
  kSearch,   // x; words of `constant`: see query/text_search.h for what a word is
  kSimilar,  // x, y: Jaro-Winkler of the folded texts, double
  // Sets.
  // Three-valued: a null element is one that nobody knows; the empty set has not even that.
  kElementOf,  // x in set y
  kHas,        // set; `test`; one or more elements
  kIsEmpty,    // a set or text; null where that is
  // Places.
  kDistance,  // x, y points: metres, double
  kPoint,     // latitude, longitude in degrees (doubles); null where they are none
  // Related records: `related`. A null parent has none.
  kCount,  // where there is a value: of those whose value is not null
  kSum,    // 0 of nothing; null on overflow
  kAvg,    // at the scale of money; exact numbers give a double
  kMin,
  kMax,
  kFirst,  // by the moment of the related type, those without one before all others, then by id;
  kLast,   // nulls of the value are passed over
  kCountDistinct,
  kExists,  // two-valued; looks at no value
  // Hierarchy over the type's `parent`-like reference `slot` (the first that points at its own type), of the
  // record `scope` levels out. Null where x is null, else two-valued.
  kChildOf,       // x record: this one's parent is x
  kDescendantOf,  // at any depth
  kAncestorOf,
  // Over all records of the type of the record `scope` levels out: `rank`.
  kTop,         // two-valued; never where `by` is null; ties by ascending id
  kPercentile,  // double: the share of records with a value that are at or below; null where `by` is null
  kSample,      // `rank.share`, seed in constant: by hash of seed and id, see sample.h
  // Membership of the segment whose id is in constant, which holds records of type `entity`: of x, or without
  // x of the record `scope` levels out. Null where x is null, else two-valued; false of a record of another
  // type.
  kInSegment,
  // The values that `slot`, a field with history, of the record `scope` levels out has had up to the moment
  // of
  // evaluation, the present one among them; by when each began.
  kWas,      // x: one of them is x; null where x is null, else two-valued
  kChanged,  // from, to timestamps: in [from, to) one took the place of a different one; two-valued
  kHeld,     // x: interval since when it is x without a break; null where x is null or not the present value
};
inline constexpr size_t kOpCount = static_cast<size_t>(Op::kHeld) + 1;
std::string_view NameOf(Op op);

using StepIndex = uint32_t;
inline constexpr StepIndex kNone = UINT32_MAX;

// The collection that an aggregate looks at: records of `type` whose reference `reference` points at
// `parent`.
struct RelatedRecords {
  EntityTypeId type = 0;
  FieldId reference = 0;        // of `type`: a reference, an any-reference or a reference set
  StepIndex parent = kNone;     // a record, seen from outside; mostly kId of the innermost scope
  StepIndex value = kNone;      // seen from a related record: scope 0 is that record, 1 the one around
  StepIndex condition = kNone;  // the same
  FieldId moment = 0;           // kFirst, kLast
  bool has_moment = false;      // else by id alone
};

struct Rank {
  StepIndex by = kNone;        // seen from each record of the type
  std::vector<StepIndex> per;  // the same
  uint64_t count = 0;          // kTop
  double share = 0;            // kSample: 0..1
};

struct Step {
  Op op = Op::kConstant;
  Type type;
  uint8_t scope = 0;  // kField, kId, hierarchy, ranks, segments, history
  int8_t sign = 1;    // kAddInterval
  SetTest test = SetTest::kAny;
  // kField, kFieldOf, hierarchy, history: the type that has the slot; ranks, segments: the type of record.
  EntityTypeId entity = 0;
  FieldId slot = 0;
  uint32_t position = kNoPosition;  // in the text it came from
  std::vector<StepIndex> args;
  Datum constant;  // its bytes belong to the program
  Interval interval;
  Period period;
  std::shared_ptr<const RelatedRecords> related;
  std::shared_ptr<const Rank> rank;
  std::shared_ptr<const re2::RE2> regex;
};

// What a name in the tree was bound to, so that it can be printed with the names of a later schema.
struct BoundName {
  uint32_t position;  // of its path in the text; with `part`, which name of it
  uint32_t part;
  EntityTypeId type;
  FieldId field;  // its slot; of a collection: the reference it is the inverse of
  bool inverse;   // a collection
};

// A segment's name in the tree, for the same.
struct BoundSegment {
  uint32_t position;  // of the name in the text
  uint32_t segment;
};

class Program {
 public:
  Program() = default;

  const std::vector<Step>& steps() const { return steps_; }
  const Step& step(StepIndex index) const { return steps_[index]; }
  StepIndex root() const { return static_cast<StepIndex>(steps_.size() - 1); }
  const Type& type() const { return steps_.back().type; }
  const store::TypeRuntime& entity() const { return *entity_; }
  const store::SchemaRuntime& schema() const { return *schema_; }
  const Expr& tree() const { return tree_; }
  const std::vector<BoundName>& names() const { return names_; }
  const std::vector<BoundSegment>& segment_names() const { return segment_names_; }

  // What it depends on beside the record: found once, when compiled.
  bool uses_clock() const { return uses_clock_; }            // now() or today()
  bool uses_other_records() const { return uses_others_; }   // references followed, related records, ranks
  bool uses_population() const { return uses_population_; }  // top, percentile
  bool uses_history() const { return uses_history_; }        // was, changed, held
  // The segments it asks for membership, by ascending id: what it depends on through them is for them to say.
  const std::vector<uint32_t>& segments() const { return segments_; }

 private:
  friend class Compiler;

  std::shared_ptr<const store::SchemaRuntime> schema_;
  const store::TypeRuntime* entity_ = nullptr;
  Expr tree_;
  std::vector<Step> steps_;
  std::vector<BoundName> names_;
  std::vector<BoundSegment> segment_names_;
  std::vector<uint32_t> segments_;
  std::vector<std::shared_ptr<const std::string>> texts_;  // what constants point at
  bool uses_clock_ = false;
  bool uses_others_ = false;
  bool uses_population_ = false;
  bool uses_history_ = false;
};

}  // namespace relata::expr

#endif  // RELATA_EXPR_PROGRAM_H_
