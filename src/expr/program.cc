// The names of operators and types, for messages and for people who read programs.
#include "src/expr/program.h"

#include <iterator>

#include "relata/base/strings.h"

namespace relata::expr {
namespace {

// In the order of Op.
constexpr std::string_view kOps[] = {"constant",
                                     "now",
                                     "today",
                                     "field",
                                     "id",
                                     "field_of",
                                     "rescale",
                                     "to_double",
                                     "start_of_day",
                                     "local_date",
                                     "any_record",
                                     "=",
                                     "<>",
                                     "<",
                                     "<=",
                                     ">",
                                     ">=",
                                     "is_distinct",
                                     "in",
                                     "order",
                                     "and",
                                     "or",
                                     "not",
                                     "is_null",
                                     "is_true",
                                     "is_false",
                                     "case",
                                     "coalesce",
                                     "negate",
                                     "+",
                                     "-",
                                     "*",
                                     "/",
                                     "ratio",
                                     "add_interval",
                                     "add_days",
                                     "add_micros",
                                     "days_between",
                                     "micros_between",
                                     "year",
                                     "quarter",
                                     "month",
                                     "week",
                                     "day",
                                     "age",
                                     "period_start",
                                     "period_end",
                                     "fiscal_year_start",
                                     "anniversary",
                                     "like",
                                     "ilike",
                                     "starts_with",
                                     "ends_with",
                                     "contains",
                                     "matches",
                                     "fold",
                                     "search",
                                     "similar",
                                     "element_of",
                                     "has",
                                     "is_empty",
                                     "distance",
                                     "point",
                                     "count",
                                     "sum",
                                     "avg",
                                     "min",
                                     "max",
                                     "first",
                                     "last",
                                     "count_distinct",
                                     "exists",
                                     "child_of",
                                     "descendant_of",
                                     "ancestor_of",
                                     "top",
                                     "percentile",
                                     "sample",
                                     "in_segment",
                                     "was",
                                     "changed",
                                     "held"};
static_assert(std::size(kOps) == kOpCount);

}  // namespace

std::string_view NameOf(Op op) { return kOps[static_cast<size_t>(op)]; }

std::string NameOf(const Type& type) {
  switch (type.base) {
    case Base::kNull:
      return "null";
    case Base::kBool:
      return "a condition";
    case Base::kExact:
      return type.scale == 0 ? "a whole number" : "a decimal number";
    case Base::kDouble:
      return "a number";
    case Base::kMoney:
      return StrCat("money in ", type.currency.code());
    case Base::kText:
      return "text";
    case Base::kDate:
      return "a date";
    case Base::kTimestamp:
      return "a timestamp";
    case Base::kInterval:
      return "an interval";
    case Base::kLength:
      return "a length";
    case Base::kPoint:
      return "a point";
    case Base::kEnum:
      return StrCat("a label of ", type.field->name);
    case Base::kCurrency:
      return "a currency";
    case Base::kRecord:
      return "a record";
    case Base::kTextSet:
      return "a set of texts";
    case Base::kLabelSet:
      return StrCat("a set of labels of ", type.field->name);
    case Base::kRecordSet:
      return "a set of records";
    case Base::kObject:
      return "an object";
  }
  return "a value";
}

}  // namespace relata::expr
