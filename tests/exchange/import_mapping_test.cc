// Tests what a mapping may say, the message for each mistake in one, and the proposal of a mapping.
#include <gmock/gmock.h>

#include <utility>

#include "src/exchange/json_reader.h"
#include "tests/exchange/import_fixture.h"

namespace relata::exchange {
namespace {

using testing::HasSubstr;

// A mapping of one file "f.csv" that makes what `records` says.
std::string Mapping(std::string_view records) {
  return StrCat(
      R"({"mapping": 1, "sources": {"erp": {}}, "files": [{"file": "f.csv", "source": "erp", "records": )",
      records, "}]}");
}

std::string Complaint(std::string_view json) {
  return std::string(ImportMapping::Parse(json, "m.json").status().message());
}

TEST(ImportMapping, SaysWhereAMistakeStandsAndWhatWasMeant) {
  const std::pair<std::string, std::string> cases[] = {
      {"{", "m.json:1:2: no JSON"},
      {R"({"sources": {}, "files": []})", "m.json: mapping: 1 is expected"},
      {R"({"mapping": 1, "source": {}, "files": []})", "unknown key 'source'; did you mean 'sources'?"},
      {R"({"mapping": 1, "currency": "EURO", "sources": {}, "files": []})", "currency"},
      {R"({"mapping": 1, "sources": {"erp": {}}, "files": [{"file": "a", "source": "erb", "records": []}]})",
       "files[0].records: the list is empty"},
      {R"({"mapping": 1, "sources": {"erp": {}}, "files": [{"file": "a", "source": "erb",
          "records": [{"entity": "team", "key": "k"}]}]})",
       "files[0].source: unknown source 'erb'; did you mean 'erp'?"},
      {Mapping(R"([{"key": "k"}])"), "files[0].records[0]: the key 'entity' is missing"},
      {Mapping(R"([{"entity": "team"}])"), "files[0].records[0]: the key 'key' is missing"},
      {Mapping(R"([{"entity": "team", "key": "k", "repeats": "numbr"}])"),
       "records[0].repeats: unknown way 'numbr'; did you mean 'number'?"},
      {Mapping(R"([{"entity": "team", "key": "k", "fields": {"name": {"colum": "a"}}}])"),
       "fields.name: unknown key 'colum'; did you mean 'column'?"},
      {Mapping(R"([{"entity": "team", "key": "k", "fields": {"name": {"trim": true}}}])"),
       "fields.name: says not where the value comes from"},
      {Mapping(R"([{"entity": "team", "key": "k", "fields": {"name": {"column": "a", "constant": "b"}}}])"),
       "fields.name: says twice where the value comes from"},
      {Mapping(R"([{"entity": "team", "key": "k", "fields": {"name": {"column": "a", "date": "dd-mm"}}}])"),
       "fields.name.date: "},
      {Mapping(R"([{"entity": "team", "key": "k", "fields": {"name": {"column": "a", "number": "x"}}}])"),
       "fields.name.number: "},
      {Mapping(R"([{"entity": "team", "key": "k", "fields": {"lead": {"reference": "usr", "key": "b"}}},
                   {"entity": "user", "key": "u"}])"),
       "unknown record 'usr'; did you mean 'user'?"},
      {Mapping(R"([{"entity": "team", "key": "k", "fields": {"lead": {"reference": "user"}}},
                   {"entity": "user", "key": "u"}])"),
       "is not made by this row before this one"},
      {Mapping(R"([{"entity": "user", "key": ["u", "v"]},
                   {"entity": "team", "key": "k", "fields": {"lead": {"reference": "user", "key": "b"}}}])"),
       "the key of 'user' has 2 parts, this has 1"},
      {Mapping(R"([{"entity": "team", "key": "k"}, {"entity": "team", "key": "l"}])"),
       "the name 'team' is taken"},
      {Mapping(R"([{"entity": "team", "key": "k", "fields": {"name": {"column": "a", "lookup": "t"}}}])"),
       "unknown table 't'"},
      {Mapping(R"([{"entity": "team", "key": "k", "fields": {"name": {"template": "{a"}}}])"),
       "is not closed"},
      {Mapping(
           R"([{"entity": "team", "key": "k", "repeats": "number", "fields": {"name": {"first": "a"}}}])"),
       "need \"repeats\": \"first\""},
  };
  for (const auto& [json, expected] : cases) EXPECT_THAT(Complaint(json), HasSubstr(expected)) << json;
}

TEST_F(ImportTest, SaysWhatDoesNotFitTheStore) {
  Write("f.csv", "k,a\n1,2\n");
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"([{"entity": "teem", "key": "k"}])", "did you mean 'team'?"},
      {R"([{"entity": "team", "key": "k", "fields": {"nam": "a"}}])",
       "team has no field 'nam'; did you mean 'name'?"},
      {R"([{"entity": "team", "key": "k", "fields": {"lead": "a"}}])", "team.lead is a reference field"},
      {R"([{"entity": "relation", "key": "k"}])", "relation needs its name; say which column feeds it"},
      {R"([{"entity": "team", "key": "k", "match": "name"}])", "team.name has no unique index"},
      {R"([{"entity": "team", "key": "k", "fields": {"name": {"column": "a", "split": ","}}}])",
       "only sets are split"},
      {R"([{"entity": "user", "key": "k", "fields": {"started_on": {"sum": "a"}}}])", "can be summed"},
  };
  for (const auto& [records, expected] : cases) {
    EXPECT_THAT(std::string(Run(Mapping(records)).status().message()), HasSubstr(std::string(expected)))
        << records;
  }
}

TEST_F(ImportTest, RefusesFilesThatReferToEachOtherInARing) {
  Write("a.csv", "k,b\n1,2\n");
  Write("b.csv", "k,a\n2,1\n");
  const Status refused = Run(R"({"mapping": 1, "sources": {"s": {}}, "files": [
    {"file": "a.csv", "source": "s", "records": [
      {"entity": "team", "key": "k", "fields": {"lead": {"reference": "user", "key": "b"}}}]},
    {"file": "b.csv", "source": "s", "records": [
      {"entity": "user", "key": "k", "fields": {"team": {"reference": "team", "key": "a"}}}]}]})")
                             .status();
  EXPECT_THAT(std::string(refused.message()), HasSubstr("in a ring: a.csv -> b.csv -> a.csv"));
}

TEST_F(ImportTest, ReadsEachKindOfValue) {
  Write("f.csv",
        "k;full;tags;lat;lon;limit;list;empty\n"
        "007;Jan van den Berg;a| b |a;52,0907;5,1214;42,4000015;x;NULL\n");
  const StatusOr<ImportReport> report = Run(Mapping(R"([
    {"entity": "relation", "key": "k", "fields": {
      "name": {"template": "{full}, {k}"}, "tags": {"column": "tags", "split": "|"},
      "location": {"latitude": {"column": "lat", "number": "1.234,56"}, "longitude": {"column": "lon", "number": "1.234,56"}},
      "credit_limit": {"column": "limit", "number": "1.234,56", "float_dirt": true},
      "credit_status": {"column": "list", "map": {"X": "blocked"}},
      "notes": {"column": "empty", "empty": "NULL", "default": "none yet"},
      "phone": {"column": "absent", "optional": true}}},
    {"entity": "person", "key": ["k", {"constant": "1"}], "fields": {
      "relations": {"reference": "relation"},
      "first_name": {"column": "full", "name_part": "first"},
      "particle": {"column": "full", "name_part": "particle"},
      "last_name": {"column": "full", "name_part": "last"}}}])"));
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->total(), (ImportCounts{.inserted = 1})) << Slurp("rejects.txt");
  EXPECT_EQ(Show("relation", 1, "name"), "Jan van den Berg, 007");
  EXPECT_EQ(db_->Read().value().Get("relation", 1)->Find("tags")->As<TextSet>()->size(), 2u);
  EXPECT_EQ(Show("relation", 1, "location"), Point::FromDegrees(52.0907, 5.1214)->ToString());
  EXPECT_EQ(Show("relation", 1, "credit_limit"), "EUR 42.40");
  EXPECT_EQ(Show("relation", 1, "credit_status"), "blocked");
  EXPECT_EQ(Show("relation", 1, "notes"), "none yet");
  EXPECT_EQ(Show("person", 1, "particle"), "van den");
  EXPECT_EQ(Show("external_key", 2, "code"),
            "007\x1f"
            "1");
}

TEST_F(ImportTest, ProposesAMappingThatImports) {
  const std::string customers = Write("klanten.csv",
                                      "klantnr;naam;plaats;sinds;kredietlimiet\n"
                                      "1;Jansen;Utrecht;31-01-2020;1.000,00\n"
                                      "2;De Vries;Zeist;13-02-2021;2.500,50\n");
  const std::string orders =
      Write("orders.csv", "order_id,customer_id,order_date,total\n10,1,2026-01-31,12.50\n");
  const StatusOr<std::string> guess = GuessMapping({customers, orders});
  ASSERT_TRUE(guess.ok()) << guess.status();
  const Json json = Json::parse(*guess);
  EXPECT_EQ(json["files"][0]["date"], "dd-mm-yyyy");
  EXPECT_EQ(json["files"][0]["number"], "1.234,56");
  EXPECT_EQ(json["files"][0]["csv"]["separator"], ";");
  EXPECT_EQ(json["files"][0]["records"][0]["key"], "klantnr");
  EXPECT_EQ(json["files"][1]["records"][0]["fields"]["relation"]["reference"], "relation");
  const StatusOr<ImportReport> report = Run(*guess, {.files = {customers, orders}});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->total(), (ImportCounts{.inserted = 3})) << Slurp("rejects.txt");
  EXPECT_EQ(Show("order", 1, "relation"), "#1");
  EXPECT_EQ(Show("relation", 2, "credit_limit"), "EUR 2500.50");
}

}  // namespace
}  // namespace relata::exchange
