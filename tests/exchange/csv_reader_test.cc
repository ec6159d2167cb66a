// Checks CsvReader: the standard's rules, the dialects people have, places, limits, damage, and real files.
#include "src/exchange/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/exchange/dripping.h"

namespace relata::exchange {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Rows = std::vector<std::vector<std::string>>;

std::unique_ptr<CsvReader> Open(const std::string& text, const CsvOptions& options = {}) {
  auto reader = CsvReader::Open(ByteSource::FromString(text, "test.csv").value(), options);
  EXPECT_TRUE(reader.ok()) << reader.status();
  return *std::move(reader);
}

std::vector<std::string> Fields(const CsvRow& row) {
  std::vector<std::string> fields;
  for (size_t i = 0; i < row.size(); ++i) fields.emplace_back(row[i]);
  return fields;
}

Rows ReadAll(CsvReader& reader) {
  Rows rows;
  for (CsvRow row;;) {
    const auto more = reader.Next(&row);
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) return rows;
    EXPECT_EQ(row.number(), rows.size() + 1);
    rows.push_back(Fields(row));
  }
}

// Without a header, by both ways of splitting, which must agree.
Rows Read(const std::string& text, CsvOptions options = {}) {
  options.header = false;
  const Rows rows = ReadAll(*Open(text, options));
  options.all_by_libcsv = true;
  EXPECT_EQ(ReadAll(*Open(text, options)), rows) << text;
  return rows;
}

CsvOptions Separated(char separator) {
  CsvOptions options;
  options.separator = separator;
  return options;
}

TEST(CsvReader, ReadsRfc4180) {
  EXPECT_EQ(Read("a,b\r\n1,2\r\n"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(Read("a,b\r\n1,2"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(Read("\"a\",\"b \"\"c\"\"\"\n\"1,5\",\"two\r\nlines\"\n"),
            (Rows{{"a", "b \"c\""}, {"1,5", "two\r\nlines"}}));
  EXPECT_EQ(Read(" a , b\n,\n"), (Rows{{" a ", " b"}, {"", ""}}));
}

TEST(CsvReader, TakesEveryLineEnd) {
  const Rows expected = {{"a", "b"}, {"1", "x\ny"}, {"3", ""}};
  EXPECT_EQ(Read("a,b\n1,\"x\ny\"\n3,\n"), expected);
  EXPECT_EQ(Read("a,b\r\n1,\"x\ny\"\r\n3,\r\n"), expected);
  EXPECT_EQ(Read("a,b\r1,\"x\ny\"\r3,\r"), expected);
  EXPECT_EQ(Read("a,b\r1,\"x\ny\"\n3,"), expected);
  EXPECT_EQ(Read("a,b\r"), (Rows{{"a", "b"}}));
}

TEST(CsvReader, SkipsEmptyLinesAndEmptyFiles) {
  EXPECT_EQ(Read("\n\r\na,b\n\n\n1,2\n\r"), (Rows{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(Read(""), Rows{});
  EXPECT_EQ(Read("\n\n"), Rows{});
  EXPECT_EQ(Read("\"\"\n\"\""), (Rows{{""}, {""}}));
  EXPECT_THAT(Open("")->header(), IsEmpty());
  EXPECT_THAT(ReadAll(*Open("only,a,header\n")), IsEmpty());
}

TEST(CsvReader, FindsTheSeparator) {
  struct Case {
    std::string text;
    char separator;
  };
  const Case cases[] = {
      {"id,name\n1,Jan\n2,Piet\n", ','},
      {"id;price;name\n1;12,50;\"Jansen, Jan\"\n2;7,25;Piet\n", ';'},
      {"id\tname\n1\tJansen, Jan\n", '\t'},
      {"id|name|city\n1|a;b|c;d\n2|x|y\n", '|'},
      {"id;text\n1;\"a,b,c\nd,e,f\"\n2;\"g\"\n", ';'},
      {"1,5;2,5\n3,5;4,5\n", ';'},
      {"name\nJansen, Jan\nPieters\n", ','},
      {"one column\n", ','},
      {"a;b;c", ';'},
      {"a,b;c,d", ','},
      {"", ','},
      {"a,b,c\n1,2,3\n4,5\n6,7,8\n", ','},
  };
  for (const Case& c : cases) EXPECT_EQ(Open(c.text)->dialect().separator, c.separator) << c.text;
}

TEST(CsvReader, ObeysExcelsSeparatorLine) {
  auto reader = Open("sep=|\r\na;b|c\r\n1|2\r\n");
  EXPECT_THAT(reader->header(), ElementsAre("a;b", "c"));
  CsvRow row;
  ASSERT_TRUE(reader->Next(&row).value());
  EXPECT_EQ(row.line(), 3u);
  EXPECT_THAT(Fields(row), ElementsAre("1", "2"));
  EXPECT_THAT(Open("sep=;\na,b", Separated(','))->header(), ElementsAre("a", "b"));
  EXPECT_THAT(Open("sep=;")->header(), IsEmpty());
}

TEST(CsvReader, TakesSpacesAroundQuotedFieldsAway) {
  const Rows expected = {{"a", "b, c"}, {"1", "two"}};
  EXPECT_EQ(Read("\"a\", \"b, c\"\n1, two \n"), expected);
  EXPECT_EQ(Read("\"a\" , \"b, c\" \n1\t, two \n   \n"), expected);
  CsvOptions options;
  options.trim = true;
  EXPECT_EQ(Read(" a ,b, c d \n \n", options), (Rows{{"a", "b", "c d"}}));
  options.separator = '\t';
  EXPECT_EQ(Read("\t a\t\n\t\n", options), (Rows{{"", "a", ""}, {"", ""}}));
}

TEST(CsvReader, TakesStrayQuotesAsText) {
  EXPECT_EQ(Read("6\" nail,2\nx,\"8\" bolt\"\n"), (Rows{{"6\" nail", "2"}, {"x", "8\" bolt"}}));
  CsvOptions options;
  options.quote = 0;
  EXPECT_EQ(Read("\"a,b\"\n\"c", options), (Rows{{"\"a", "b\""}, {"\"c"}}));
  options.quote = '\'';
  EXPECT_EQ(Read("'a,b','it''s'\n", options), (Rows{{"a,b", "it's"}}));
}

TEST(CsvReader, KeepsNulBytes) {
  const std::string text("a\0b,\"c\0\"\n", 9);
  EXPECT_EQ(Read(text), (Rows{{std::string("a\0b", 3), std::string("c\0", 2)}}));
}

TEST(CsvReader, TellsNullFromEmpty) {
  for (const char* text : {"a,b,c,d\n,\"\"\n", "a,b,c,d\n,\"\""}) {
    auto reader = Open(text);
    CsvRow row;
    ASSERT_TRUE(reader->Next(&row).value());
    EXPECT_TRUE(row.null(0));
    EXPECT_FALSE(row.null(1));
    EXPECT_TRUE(row.null(2));
    EXPECT_TRUE(row.null(3));
    EXPECT_EQ(row[3], "");
    EXPECT_EQ(row.size(), 2u);
  }
  auto plain = Open("a,b,c\n1,,\n");
  CsvRow row;
  ASSERT_TRUE(plain->Next(&row).value());
  EXPECT_FALSE(row.null(0));
  EXPECT_TRUE(row.null(1));
}

TEST(CsvReader, ReportsSurplusColumns) {
  auto reader = Open("a,b\n1,2,\n1,2,3,,\n1,2,,4\n1\n");
  CsvRow row;
  for (size_t surplus : {0, 1, 2, 0}) {
    ASSERT_TRUE(reader->Next(&row).value());
    EXPECT_EQ(row.surplus(), surplus);
  }
  EXPECT_EQ(reader->width(), 2u);
}

TEST(CsvReader, KnowsPlaces) {
  auto reader = Open("\nid,note\r\n1,\"a\r\nb\rc\n\"\r\n\r\n2,x\n\"3\",\"\n\"\n4,y");
  EXPECT_THAT(reader->header(), ElementsAre("id", "note"));
  EXPECT_EQ(reader->Column("note"), 1u);
  EXPECT_EQ(reader->Column("Note"), std::nullopt);
  std::vector<std::pair<uint64_t, uint64_t>> places;
  std::vector<std::string> raw;
  for (CsvRow row; reader->Next(&row).value();) {
    places.push_back({row.number(), row.line()});
    raw.emplace_back(row.raw());
  }
  EXPECT_THAT(places, ElementsAre(std::pair(1, 3), std::pair(2, 8), std::pair(3, 9), std::pair(4, 11)));
  EXPECT_THAT(raw, ElementsAre("1,\"a\r\nb\rc\n\"", "2,x", "\"3\",\"\n\"", "4,y"));
  EXPECT_EQ(reader->progress().done, reader->progress().total);
}

TEST(CsvReader, ReadsEncodings) {
  EXPECT_THAT(Open("\xEF\xBB\xBFid,name\n1,x\n")->header(), ElementsAre("id", "name"));
  auto latin = Open("id;city\n1;'s-Gravenzande\n2;Curaçao\n");
  EXPECT_EQ(ReadAll(*latin)[1][1], "Curaçao");
  auto windows = Open(
      "id;city\n1;Cura\xE7"
      "ao \x80 5\n");
  EXPECT_EQ(ReadAll(*windows)[0][1], "Curaçao € 5");
  EXPECT_EQ(windows->encoding(), Encoding::kWindows1252);
  std::string utf16 = "\xFF\xFE";
  for (char c : std::string("a;b\r\n1;\xE9\r\n")) utf16 += {c, '\0'};
  EXPECT_EQ(ReadAll(*Open(utf16)), (Rows{{"1", "é"}}));
}

TEST(CsvReader, NamesBytesThatAreNotText) {
  CsvOptions options;
  options.encoding = Encoding::kUtf8;
  auto reader = Open("id,name\n1,ok\n2,\"b\xE9\"\n3,b\xE9 \xE8\n4,fine\n", options);
  std::vector<std::string> problems;
  for (CsvRow row; reader->Next(&row).value();) problems.emplace_back(row.problem());
  EXPECT_THAT(problems, ElementsAre("", "byte 17 of the file (0xe9) is not utf-8",
                                    "byte 23 of the file (0xe9) is not utf-8", ""));
  EXPECT_THAT(
      std::string(CsvReader::Open(ByteSource::FromString("i\xE9,b\n").value(), options).status().message()),
      HasSubstr("the header: byte 1 of the file"));
}

TEST(CsvReader, PointsAtQuotesThatGoWrong) {
  auto open_end = Open("id,note\n1,fine\n2,\"never closed\n3,x\n");
  CsvRow row;
  ASSERT_TRUE(open_end->Next(&row).value());
  EXPECT_EQ(row.problem(), "");
  ASSERT_TRUE(open_end->Next(&row).value());
  EXPECT_THAT(std::string(row.problem()), HasSubstr("never closed"));
  EXPECT_EQ(row.line(), 3u);
  EXPECT_EQ(row.raw(), "2,\"never closed\n3,x");
  EXPECT_FALSE(open_end->Next(&row).value());

  auto swallowed = Open("id,note\n1,\"a\" b\n2,\"c\"\n3,d\n");
  ASSERT_TRUE(swallowed->Next(&row).value());
  EXPECT_THAT(std::string(row.problem()), HasSubstr("not doubled"));
  EXPECT_EQ(row.raw(), "1,\"a\" b\n2,\"c\"");
  ASSERT_TRUE(swallowed->Next(&row).value());
  EXPECT_THAT(Fields(row), ElementsAre("3", "d"));
  EXPECT_EQ(row.line(), 4u);
}

TEST(CsvReader, StopsAtItsLimitsAndStaysStopped) {
  CsvOptions options;
  options.max_field_bytes = 10;
  options.max_row_bytes = 100;
  options.max_columns = 5;
  const std::string long_field(11, 'x'), long_row(101, 'y');
  for (bool quoted : {false, true}) {
    const std::string q = quoted ? "\"" : "";
    for (const auto& [bad, reason] : std::vector<std::pair<std::string, std::string>>{
             {q + long_field + q + ",1", "a field is longer than 10 bytes"},
             {q + long_row + q, "longer than 100 bytes"},
             {"1,2,3,4,5," + q + "6" + q, "more than 5 columns"}}) {
      auto reader = Open("a,b\n\"0123\n6789\",\"\"\n" + bad + "\n1,2\n", options);
      CsvRow row;
      ASSERT_TRUE(reader->Next(&row).value());
      for (int again = 0; again < 2; ++again) {
        const auto stopped = reader->Next(&row);
        EXPECT_EQ(stopped.status().code(), absl::StatusCode::kInvalidArgument);
        EXPECT_THAT(std::string(stopped.status().message()), HasSubstr("test.csv, row 2 (line 4)"));
        EXPECT_THAT(std::string(stopped.status().message()), HasSubstr(reason));
      }
    }
  }
  // A quote that never closes stops as well, long before the file's end is in memory.
  auto endless = Open("a,b\n1,\"" + std::string(5000000, '\n'), options);
  CsvRow row;
  EXPECT_THAT(std::string(endless->Next(&row).status().message()),
              HasSubstr("row 1 (line 2): it is longer than"));
}

TEST(CsvReader, RefusesImpossibleDialects) {
  for (char separator : {'\n', '"', '\xE9', '\0'}) {
    EXPECT_EQ(CsvReader::Open(ByteSource::FromString("a").value(), Separated(separator)).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

// Small pieces put every line end, quote and character across the seam of two chunks.
TEST(CsvReader, DoesNotDependOnHowTheBytesArrive) {
  std::string text = "id,name,note\r\n";
  for (int i = 0; i < 20000; ++i) {
    text += std::to_string(i) + ",\"Ren\xC3\xA9 \"\"x\"\"\",\"two\r\nlines\"\r\n" + std::to_string(i) +
            ",plain,\r\n";
  }
  const auto read = [&](size_t step) {
    auto reader = CsvReader::Open(std::make_unique<Dripping>(text, step), {}).value();
    return ReadAll(*reader);
  };
  const Rows whole = read(text.size());
  ASSERT_EQ(whole.size(), 40000u);
  EXPECT_THAT(whole[39998], ElementsAre("19999", "René \"x\"", "two\r\nlines"));
  for (size_t step : {1, 7, 1000, 65536}) EXPECT_EQ(read(step), whole) << step;
}

std::string Slurp(const std::filesystem::path& path) {
  std::ostringstream all;
  all << std::ifstream(path, std::ios::binary).rdbuf();
  return all.str();
}

// csv-spectrum: twelve awkward files, each with what they should read as. One of them, location_coordinates,
// is awkward by itself: its JSON is an object where the others are arrays, and has another telephone number
// than its CSV.
TEST(CsvReader, ReadsCsvSpectrum) {
  const std::filesystem::path folder = RELATA_SHARED_DATA "/csv";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".csv") continue;
    auto expected =
        nlohmann::json::parse(Slurp(std::filesystem::path(entry.path()).replace_extension(".json")));
    if (entry.path().stem() == "location_coordinates") {
      expected["Contact Phone Number"] = "2095257564";
      expected = nlohmann::json::array({expected});
    }
    for (bool all_by_libcsv : {false, true}) {
      CsvOptions options;
      options.all_by_libcsv = all_by_libcsv;
      auto reader = CsvReader::Open(ByteSource::OpenFile(entry.path()).value(), options).value();
      auto found = nlohmann::json::array();
      for (CsvRow row; reader->Next(&row).value();) {
        EXPECT_EQ(row.problem(), "");
        auto object = nlohmann::json::object();
        for (size_t i = 0; i < reader->width(); ++i) object[reader->header()[i]] = row[i];
        found.push_back(object);
      }
      EXPECT_EQ(found, expected) << entry.path();
    }
    ++files;
  }
  EXPECT_EQ(files, 12);
}

// The figures come from Python's csv module, which shares no code with libcsv:
//   python3 -c 'import csv,gzip;
//   r=list(csv.DictReader(gzip.open("online-retail-full.csv.gz","rt",encoding="utf-8",newline="")));
//     print(len(r), sum(int(x["Quantity"]) for x in r), sum(x["CustomerID"]=="" for x in r))'
//   541909 5176450 135080
TEST(CsvReader, ReadsOnlineRetail) {
  const std::string path = RELATA_SHARED_DATA "/online-retail/online-retail-full.csv.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  auto reader = CsvReader::Open(ByteSource::OpenFile(path).value(), {}).value();
  const size_t quantity = reader->Column("Quantity").value(), customer = reader->Column("CustomerID").value();
  int64_t rows = 0, sum = 0, without_customer = 0;
  for (CsvRow row; reader->Next(&row).value(); ++rows) {
    int64_t value = 0;
    const std::string_view text = row[quantity];
    ASSERT_EQ(std::from_chars(text.data(), text.data() + text.size(), value).ptr, text.data() + text.size());
    sum += value;
    without_customer += row.null(customer);
    ASSERT_EQ(row.problem(), "");
    ASSERT_EQ(row.size(), reader->width());
  }
  EXPECT_EQ(rows, 541909);
  EXPECT_EQ(sum, 5176450);
  EXPECT_EQ(without_customer, 135080);
}

}  // namespace
}  // namespace relata::exchange
