// Opens the golden store of every format version there has been: each value must read as it was written.
//
// A new format version: raise store::kStoreFormat, build format_golden, run `format_golden tests/format N`,
// read the text it wrote beside the store line by line, commit both.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "src/store/meta.h"
#include "tests/format/content.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(RELATA_SOURCE_DIR) / "tests/format";

std::string TextOf(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class FormatTest : public testing::TestWithParam<uint32_t> {};

TEST_P(FormatTest, EveryValueReadsAsItWasWritten) {
  const Folder folder;
  fs::copy_file(kGolden / StrCat("store_", GetParam(), ".golden"), folder.File());
  fs::permissions(folder.File(), fs::perms::owner_read | fs::perms::owner_write);
  const StatusOr<std::string> told = TellAll(folder.File());
  ASSERT_TRUE(Ok(told));
  EXPECT_EQ(*told, TextOf(kGolden / StrCat("store_", GetParam(), ".txt")));
}

INSTANTIATE_TEST_SUITE_P(Versions, FormatTest, testing::Range(1u, kStoreFormat + 1));

// What is written today reads as the golden store of today's version: the code has not moved away from it.
TEST(FormatTest, TodaysStoreIsTodaysFormat) {
  const Folder folder;
  ASSERT_TRUE(Ok(WriteGolden(folder.File())));
  const StatusOr<std::string> told = TellAll(folder.File());
  ASSERT_TRUE(Ok(told));
  EXPECT_EQ(*told, TextOf(kGolden / StrCat("store_", kStoreFormat, ".txt")));
}

}  // namespace
}  // namespace relata::store::test
