// Defines Ok, gtest's view of a status: OK, or a failure that shows it.
#ifndef RELATA_TESTS_BASE_OK_H_
#define RELATA_TESTS_BASE_OK_H_

#include <gtest/gtest.h>

#include "relata/base/status.h"

namespace relata {

inline testing::AssertionResult Ok(const Status& status) {
  return status.ok() ? testing::AssertionSuccess() : testing::AssertionFailure() << status;
}
template <typename T>
testing::AssertionResult Ok(const StatusOr<T>& value) {
  return Ok(value.status());
}

}  // namespace relata

#endif  // RELATA_TESTS_BASE_OK_H_
