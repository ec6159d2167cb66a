// Tests of how return codes become statuses.
#include "src/kv/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lmdb.h>

#include <cerrno>
#include <utility>

namespace relata::kv {
namespace {

using ::testing::HasSubstr;

TEST(ErrorStatus, NamesFileDeedAndRemedy) {
  const Status status = ErrorStatus(MDB_READERS_FULL, "crm.relata", "beginning a snapshot");
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(status.ToString(), HasSubstr("crm.relata: beginning a snapshot: every reader slot is taken"));
  EXPECT_THAT(status.ToString(), HasSubstr("max_readers"));
}

TEST(ErrorStatus, HasTheCodeThatSaysWhatKindOfFailureItIs) {
  const std::pair<int, absl::StatusCode> expected[] = {
      {0, absl::StatusCode::kOk},
      {MDB_MAP_FULL, absl::StatusCode::kAborted},
      {MDB_TXN_FULL, absl::StatusCode::kResourceExhausted},
      {MDB_DBS_FULL, absl::StatusCode::kResourceExhausted},
      {MDB_CORRUPTED, absl::StatusCode::kDataLoss},
      {MDB_PAGE_NOTFOUND, absl::StatusCode::kDataLoss},
      {MDB_PANIC, absl::StatusCode::kUnavailable},
      {MDB_INVALID, absl::StatusCode::kInvalidArgument},
      {ENOSPC, absl::StatusCode::kResourceExhausted},
      {EDQUOT, absl::StatusCode::kResourceExhausted},
      {EFBIG, absl::StatusCode::kResourceExhausted},
      {EIO, absl::StatusCode::kUnavailable},
      {EACCES, absl::StatusCode::kPermissionDenied},
      {ENOENT, absl::StatusCode::kNotFound},
      {EMFILE, absl::StatusCode::kResourceExhausted},
      {ENOTTY, absl::StatusCode::kInternal},  // one that no row explains
  };
  for (const auto& [code, status] : expected) EXPECT_EQ(ErrorStatus(code, "f", "d").code(), status) << code;
}

TEST(ErrorStatus, OnlyAFullMapAsksForGrowth) {
  EXPECT_TRUE(IsMapFull(ErrorStatus(MDB_MAP_FULL, "f", "d")));
  EXPECT_FALSE(IsMapFull(ErrorStatus(ENOSPC, "f", "d")));
  EXPECT_FALSE(IsMapFull(absl::OkStatus()));
}

}  // namespace
}  // namespace relata::kv
