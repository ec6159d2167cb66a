// Defines how a call reports failure: absl::Status and StatusOr under house names, two macros that pass a
// failure on, and Annotate, which adds where it happened.
//
//   RELATA_ASSIGN_OR_RETURN(Row row, store.Get(id));
//   RELATA_RETURN_IF_ERROR(Check(row));
//
// A message names the entity, field and value, what was expected, and what to do. No exception leaves the
// library.
#ifndef RELATA_BASE_STATUS_H_
#define RELATA_BASE_STATUS_H_

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relata/export.h"

namespace relata {

using absl::Status;
using absl::StatusOr;

// The same code with "context: " before the message; OK stays OK.
RELATA_EXPORT Status Annotate(const Status& status, std::string_view context);

}  // namespace relata

#define RELATA_CONCAT_INNER_(a, b) a##b
#define RELATA_CONCAT_(a, b) RELATA_CONCAT_INNER_(a, b)

#define RELATA_RETURN_IF_ERROR(expr)                                    \
  do {                                                                  \
    if (::absl::Status relata_status_ = (expr); !relata_status_.ok()) { \
      return relata_status_;                                            \
    }                                                                   \
  } while (false)

#define RELATA_ASSIGN_OR_RETURN(lhs, expr) \
  RELATA_ASSIGN_OR_RETURN_(RELATA_CONCAT_(relata_or_, __LINE__), lhs, expr)
#define RELATA_ASSIGN_OR_RETURN_(tmp, lhs, expr) \
  auto tmp = (expr);                             \
  if (!tmp.ok()) return std::move(tmp).status(); \
  lhs = *std::move(tmp)

#endif  // RELATA_BASE_STATUS_H_
