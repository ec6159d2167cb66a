// Defines ParseOrder, which reads the order of records as people write it.
//
//   ParseOrder("visiting.city, credit_limit desc nulls last, name collate nl")
//
// A term is an expression, then what there is to say of it, in this order: `collate fold`, `collate locale`
// or `collate` and a locale; `asc` or `desc`; `nulls first` or `nulls last`. The words stand in lower case or
// upper.
//
// Thread safety: a function of its argument.
#ifndef RELATA_QUERY_ORDER_TEXT_H_
#define RELATA_QUERY_ORDER_TEXT_H_

#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/export.h"
#include "relata/query/spec.h"

namespace relata::query {

// InvalidArgument for what is no order. An empty text is none.
RELATA_EXPORT StatusOr<std::vector<OrderTerm>> ParseOrder(std::string_view text);

// The pieces between commas that stand outside brackets and quotes, without blanks around them.
RELATA_EXPORT std::vector<std::string_view> SplitAtCommas(std::string_view text);

}  // namespace relata::query

#endif  // RELATA_QUERY_ORDER_TEXT_H_
