// Tests of the macros that pass a failure on, and of Annotate.
#include "relata/base/status.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/cord.h"

namespace relata {
namespace {

StatusOr<int> Positive(int value) {
  if (value > 0) return value;
  return absl::InvalidArgumentError("not positive");
}

Status Check(int value) {
  RELATA_RETURN_IF_ERROR(Positive(value).status());
  return absl::OkStatus();
}

StatusOr<int> Sum(int a, int b) {
  RELATA_ASSIGN_OR_RETURN(const int left, Positive(a));
  RELATA_ASSIGN_OR_RETURN(const int right, Positive(b));
  return left + right;
}

StatusOr<std::unique_ptr<int>> Owned(int value) {
  RELATA_ASSIGN_OR_RETURN(std::unique_ptr<int> owned, [&]() -> StatusOr<std::unique_ptr<int>> {
    RELATA_ASSIGN_OR_RETURN(const int checked, Positive(value));
    return std::make_unique<int>(checked);
  }());
  return owned;
}

TEST(StatusTest, MacrosPassFailuresOn) {
  EXPECT_TRUE(Check(1).ok());
  EXPECT_EQ(Check(0).message(), "not positive");
  EXPECT_EQ(Sum(1, 2).value(), 3);
  EXPECT_EQ(Sum(1, -2).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(**Owned(5), 5);
  EXPECT_FALSE(Owned(0).ok());
}

TEST(StatusTest, AnnotateSaysWhere) {
  const Status status = Annotate(absl::NotFoundError("no row"), "relation 12");
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "relation 12: no row");
  EXPECT_TRUE(Annotate(absl::OkStatus(), "relation 12").ok());

  Status marked = absl::ResourceExhaustedError("the map is full");
  marked.SetPayload("relata.test", absl::Cord("kept"));
  EXPECT_EQ(Annotate(marked, "relation 12").GetPayload("relata.test"), absl::Cord("kept"));
}

}  // namespace
}  // namespace relata
