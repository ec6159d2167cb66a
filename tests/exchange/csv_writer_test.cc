// Checks CsvWriter and RejectsFile; above all that CsvReader reads back what was written, whatever it was.
#include "src/exchange/csv_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "src/exchange/csv_reader.h"
#include "src/exchange/rejects_file.h"

namespace relata::exchange {
namespace {

using testing::HasSubstr;
using Rows = std::vector<std::vector<std::string>>;

std::string Write(const Rows& rows, const CsvDialect& dialect = {}, std::string_view line_end = "\r\n") {
  CsvWriter writer(dialect, line_end);
  std::string text;
  for (const auto& row : rows) writer.Append(std::vector<std::string_view>(row.begin(), row.end()), &text);
  return text;
}

Rows ReadBack(const std::string& text, const CsvOptions& options) {
  auto reader = CsvReader::Open(ByteSource::FromString(text).value(), options).value();
  Rows rows;
  for (CsvRow row; reader->Next(&row).value();) {
    EXPECT_EQ(row.problem(), "");
    rows.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) rows.back().emplace_back(row[i]);
  }
  return rows;
}

TEST(CsvWriter, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(Write({{"id", "full name"}, {"1", "O'Brien; Jan"}}), "id,full name\r\n1,O'Brien; Jan\r\n");
  EXPECT_EQ(Write({{"a,b", "c\"d", "e\nf", "g\rh", " i", "j\t"}}),
            "\"a,b\",\"c\"\"d\",\"e\nf\",\"g\rh\",\" i\",\"j\t\"\r\n");
  EXPECT_EQ(Write({{"a,b", "c;d"}}, {.separator = ';'}, "\n"), "a,b;\"c;d\"\n");
  EXPECT_EQ(Write({{"it's", "\""}}, {.quote = '\''}), "'it''s',\"\r\n");
  EXPECT_EQ(Write({{"", ""}, {""}}), ",\r\n\"\"\r\n");
  EXPECT_EQ(Write({{"sep=,"}, {"sep=x"}}), "\"sep=,\"\r\nsep=x\r\n");
}

rc::Gen<std::string> NastyText() {
  // Every byte that means something to a reader, a NUL, and characters of each length, a byte order mark
  // among them.
  const auto piece =
      rc::gen::element<std::string>(",", ";", "\t", "|", "\"", "'", "\"\"", "\r", "\n", "\r\n", " ", "a",
                                    "sep=", std::string(1, '\0'), "é", "€", "\U0001F600", "\xEF\xBB\xBF");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string text;
                        for (const std::string& each : pieces) text += each;
                        return text;
                      });
}

rc::Gen<Rows> NastyRows() {
  return rc::gen::container<Rows>(
      rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(NastyText())));
}

RC_GTEST_PROP(CsvWriter, IsReadBackByEveryDialect, ()) {
  const Rows rows = *NastyRows();
  CsvDialect dialect;
  dialect.separator = *rc::gen::element(',', ';', '\t', '|', ' ');
  dialect.quote = *rc::gen::element('"', '\'');
  CsvOptions options;
  options.separator = dialect.separator;
  options.quote = dialect.quote;
  options.header = false;
  options.encoding = Encoding::kUtf8;
  options.all_by_libcsv = *rc::gen::arbitrary<bool>();
  if (dialect.separator == ' ') options.trim = false;
  RC_ASSERT(ReadBack(Write(rows, dialect, *rc::gen::element<std::string>("\r\n", "\n", "\r")), options) ==
            rows);
}

// The fields of any text, well-formed or not, are the same by both ways of splitting, in the same places.
RC_GTEST_PROP(CsvReader, SplitsAsLibcsvDoes, ()) {
  const std::string text = *NastyText() + *NastyText() + *NastyText();
  CsvOptions options;
  options.separator = *rc::gen::element(',', ';', '\t', ' ');
  options.trim = *rc::gen::arbitrary<bool>();
  options.header = false;
  auto ours = CsvReader::Open(ByteSource::FromString(text).value(), options).value();
  options.all_by_libcsv = true;
  auto theirs = CsvReader::Open(ByteSource::FromString(text).value(), options).value();
  for (CsvRow a, b;;) {
    const bool more = ours->Next(&a).value();
    RC_ASSERT(more == theirs->Next(&b).value());
    if (!more) break;
    RC_ASSERT(a.size() == b.size());
    for (size_t i = 0; i < a.size(); ++i) RC_ASSERT(a[i] == b[i] && a.null(i) == b.null(i));
    RC_ASSERT(a.line() == b.line());
    RC_ASSERT(a.raw() == b.raw());
    RC_ASSERT(a.problem() == b.problem());
  }
}

class RejectsFileTest : public testing::Test {
 protected:
  RejectsFileTest() : path_(testing::TempDir() + "rejects_XXXXXX") { close(mkstemp(path_.data())); }
  ~RejectsFileTest() override { unlink(path_.c_str()); }

  std::string Contents() const {
    std::ostringstream all;
    all << std::ifstream(path_, std::ios::binary).rdbuf();
    return all.str();
  }
  bool Exists() const { return access(path_.c_str(), F_OK) == 0; }

  std::string path_;
};

TEST_F(RejectsFileTest, HoldsEachRejectWithItsRow) {
  auto rejects = RejectsFile::Open(path_).value();
  EXPECT_FALSE(Exists());  // not yet, and no stale one either
  ASSERT_TRUE(rejects->Flush().ok());
  EXPECT_FALSE(Exists());
  ASSERT_TRUE(rejects
                  ->Add({"orders.csv", 12, 14, "date", "31-02-2026",
                         "'31-02-2026' is not a date of the form dd-mm-yyyy", "7,31-02-2026,\"a\nb\""})
                  .ok());
  ASSERT_TRUE(rejects->Flush().ok());
  const std::string expected =
      "file,row,line,column,value,reason,raw\r\n"
      "orders.csv,12,14,date,31-02-2026,'31-02-2026' is not a date of the form dd-mm-yyyy,"
      "\"7,31-02-2026,\"\"a\nb\"\"\"\r\n";
  EXPECT_EQ(Contents(), expected);
  EXPECT_EQ(rejects->length(), expected.size());
  EXPECT_EQ(rejects->count(), 1u);
}

TEST_F(RejectsFileTest, GoesOnWhereAKilledImportLeftIt) {
  uint64_t at_commit = 0;
  {
    auto rejects = RejectsFile::Open(path_).value();
    ASSERT_TRUE(rejects->Add({.file = "a", .row = 1, .line = 2, .reason = "x"}).ok());
    ASSERT_TRUE(rejects->Flush().ok());
    at_commit = rejects->length();
    ASSERT_TRUE(rejects->Add({.file = "a", .row = 2, .line = 3, .reason = "never committed"}).ok());
    ASSERT_TRUE(rejects->Flush().ok());
  }
  auto rejects = RejectsFile::Open(path_, at_commit).value();
  ASSERT_TRUE(rejects->Add({.file = "a", .row = 3, .line = 4, .reason = "y"}).ok());
  ASSERT_TRUE(rejects->Flush().ok());
  EXPECT_EQ(Contents(), "file,row,line,column,value,reason,raw\r\na,1,2,,,x,\r\na,3,4,,,y,\r\n");
  EXPECT_EQ(RejectsFile::Open(path_, 1'000'000).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(RejectsFileTest, SaysThatItCannotWrite) {
  // A file where a folder should be, and a folder that is not there.
  EXPECT_EQ(RejectsFile::Open("/dev/null/rejects.csv").status().code(), absl::StatusCode::kUnavailable);
  auto rejects = RejectsFile::Open(path_ + ".d/rejects.csv").value();
  ASSERT_TRUE(rejects->Add({.file = "a", .row = 1, .line = 1, .reason = "x"}).ok());
  const Status status = rejects->Flush();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr(".d/rejects.csv: cannot be written"));
}

}  // namespace
}  // namespace relata::exchange
