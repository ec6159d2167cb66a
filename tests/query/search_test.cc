// Tests of text search: ids against a look at every row, ranks and slips against a plain reading of the
// rules.
#include "relata/query/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "src/base/text.h"
#include "src/base/words.h"
#include "src/kv/cursor.h"
#include "src/query/near_words.h"
#include "src/query/text_search.h"
#include "tests/store/fixture.h"

namespace relata::query {
namespace {

using store::Snapshot;
using store::Transaction;
using store::test::Client;
using store::test::Ok;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Characters = std::vector<std::string>;

Characters CharactersOf(const std::string& text) {
  Characters characters;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) characters.emplace_back();
    characters.back() += c;
  }
  return characters;
}

// The optimal string alignment distance, by its table.
size_t Distance(const Characters& a, const Characters& b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] =
          std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

// True if `word` is one slip away from what was typed.
bool IsSlip(const std::string& typed, const std::string& word) {
  const Characters from = CharactersOf(typed);
  const Characters to = CharactersOf(word);
  if (from.size() < 5 || Distance(from, to) != 1) return false;
  std::multiset<std::string> put_in(to.begin(), to.end());
  for (const std::string& c : from) {
    if (auto at = put_in.find(c); at != put_in.end()) put_in.erase(at);
  }
  return std::all_of(put_in.begin(), put_in.end(), [](const std::string& c) { return c < "\u2e80"; });
}

// As search.h says.
uint64_t LengthWorth(size_t words) {
  size_t n = words;
  if (n > 8) {
    for (n = 16; n < words && n < 1024; n *= 2) {
    }
  }
  return static_cast<uint64_t>(1000 / std::sqrt(static_cast<double>(n)));
}

class SearchTest : public store::test::StoreTest {
 protected:
  SearchTest() {
    for (const char* part : {"words(name)", "words(home.city)", "words(tags)"}) {
      EXPECT_TRUE(Ok(store_->ChangeSchema(
          [&](schema::Catalogue& c) { return c.AddIndex("client", {.parts = {part}}); }, nullptr)));
    }
  }

  RecordId Named(const std::string& name, const std::string& city = "") {
    Client client{.code = StrCat("n", next_++), .name = name};
    client.home.city = city;
    return Add(client).value;
  }

  std::string SomeText(size_t most) {
    static const std::vector<std::string> kWords = {
        "jansen", "janssen", "jans", "jan",    "jnasen", "jansne",  "bakker",  "bakkerij",  "baker",
        "de",     "van",     "b.v.", "Ørsted", "orsted", "øster",   "café",    "cafetaria", "café's",
        "1234",   "12345",   "東京", "janßen", "x",      "jansena", "ijansen", "jan京sen"};
    std::string text;
    for (size_t words = random_() % (most + 1); words > 0; --words) {
      text += kWords[random_() % kWords.size()] + " ";
    }
    return text;
  }
  void Fill(int clients) {
    ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
      for (int i = 0; i < clients; ++i) {
        Client client{.code = StrCat("c", next_++), .name = SomeText(random_() % 20 == 0 ? 40 : 4)};
        client.home.city = SomeText(2);
        while (random_() % 2 == 0) client.tags.insert(SomeText(2));
        RELATA_RETURN_IF_ERROR(Insert(tx, client).status());
      }
      return absl::OkStatus();
    })));
  }
  std::string SomeSearch() {
    std::string typed;
    for (size_t words = 1 + random_() % 3; words > 0; --words) {
      std::string word = Fold(SomeText(1));
      if (word.empty()) word = "jansen ";
      word.pop_back();
      if (random_() % 2 == 0)
        word = CharactersOf(word).front() + word.substr(CharactersOf(word).front().size(), random_() % 5);
      typed += word + (random_() % 4 == 0 ? "* " : " ");
    }
    if (random_() % 2 == 0) typed.pop_back();
    return typed;
  }

  static std::vector<std::string> TextsOf(const Client& client, const std::string& field) {
    if (field == "name") return {client.name};
    if (field == "home.city") return {client.home.city};
    return {client.tags.begin(), client.tags.end()};
  }

  // By looking at every record.
  std::vector<SearchHit> Ranked(const store::Reader& reader, const std::vector<SearchField>& fields,
                                const std::string& typed, const SearchOptions& options) {
    std::vector<SearchHit> hits;
    const std::vector<SearchWord> wanted = ParseSearch(typed);
    store::RowCursor at(reader, *reader.schema().Find("client"));
    for (; at.Valid() && !wanted.empty(); at.Next()) {
      const Client client = store::test::Load(reader, Id<Client>(at.id())).value();
      SearchHit hit{.id = at.id()};
      bool all = true;
      uint64_t most = 0;
      size_t most_field = 0;
      for (const SearchWord& word : wanted) {
        uint64_t best = 0;
        size_t best_field = 0;
        for (size_t f = 0; f < fields.size(); ++f) {
          std::vector<std::string> have;
          for (const std::string& text : TextsOf(client, fields[f].name)) {
            for (const std::string& one : Words(text)) have.push_back(one);
          }
          for (const std::string& one : have) {
            uint64_t worth = 0;
            if (one == word.text) {
              worth = 100;
            } else if (word.prefix && one.starts_with(word.text)) {
              worth = 70;
            } else if (options.typos && IsSlip(word.text, one)) {
              worth = 40;
            }
            const uint64_t share = worth * LengthWorth(have.size()) * fields[f].weight;
            if (share > best) {
              best = share;
              best_field = f;
            }
          }
        }
        all &= best > 0;
        hit.score += best;
        if (best > most || (best == most && best_field < most_field)) {
          most = best;
          most_field = best_field;
        }
      }
      hit.field = fields[most_field].name;
      if (all) hits.push_back(hit);
    }
    std::stable_sort(hits.begin(), hits.end(),
                     [](const SearchHit& a, const SearchHit& b) { return a.score > b.score; });
    hits.resize(std::min(hits.size(), options.limit));
    return hits;
  }

  std::vector<RecordId> IdsOf(const std::string& typed, bool typos = false) {
    const Snapshot now = store_->Read().value();
    const auto hits = Search(now, "client", {{"name"}}, typed, {.typos = typos});
    EXPECT_TRUE(Ok(hits));
    std::vector<RecordId> ids;
    for (const SearchHit& hit : *hits) ids.push_back(hit.id);
    return ids;
  }

  std::mt19937 random_{11};
  int next_ = 0;
};

std::string Shown(const std::vector<SearchHit>& hits) {
  std::string text;
  for (const SearchHit& hit : hits) text += StrCat(hit.id, " ", hit.score, " ", hit.field, "\n");
  return text;
}

TEST_F(SearchTest, PutsTheWordBeforeItsBeginningsAndShortBeforeLong) {
  const RecordId begins = Named("Jansens");
  const RecordId longer = Named("Bakkerij Jansen");
  const RecordId same = Named("JÄNSEN");
  const RecordId also = Named("Jansen");
  Named("Pietersen");
  EXPECT_THAT(IdsOf("jansen"), ElementsAre(same, also, longer, begins));
  EXPECT_THAT(IdsOf("jansen "), ElementsAre(same, also, longer));
  EXPECT_THAT(IdsOf("jansen bakk"), ElementsAre(longer));
  EXPECT_THAT(IdsOf("bakk jansen"), IsEmpty());
  EXPECT_THAT(IdsOf(""), IsEmpty());
  EXPECT_THAT(IdsOf(" .. "), IsEmpty());
}

TEST_F(SearchTest, ForgivesOneSlipWhereAsked) {
  const RecordId jansen = Named("Jansen");
  const RecordId short_one = Named("Smit");
  EXPECT_THAT(IdsOf("jansne"), IsEmpty());
  for (const char* slip : {"jnasen", "jansenn", "jasen", "jonsen", "ansen", "jansem", "ajansen", "Jänsèm"}) {
    EXPECT_THAT(IdsOf(StrCat(slip, " "), true), ElementsAre(jansen)) << slip;
  }
  EXPECT_THAT(IdsOf("jnasne", true), IsEmpty());  // two slips
  EXPECT_THAT(IdsOf("smti", true), IsEmpty());    // too short
  EXPECT_THAT(IdsOf("smit", true), ElementsAre(short_one));
}

TEST_F(SearchTest, LooksForWordsInAnyOfTheFields) {
  const RecordId both = Named("Jansen", "Utrecht");
  const RecordId city = Named("Bakker", "Jansen");
  Named("Bakker", "Utrecht");
  const Snapshot now = store_->Read().value();
  const auto hits = Search(now, "client", {{"name", 3}, {"home.city"}}, "jansen utr", {});
  ASSERT_TRUE(Ok(hits));
  EXPECT_THAT(*hits, ElementsAre(SearchHit{both, 3 * 100'000 + 70'000, "name"}));
  const auto weighed = Search(now, "client", {{"name", 3}, {"home.city"}}, "jansen", {});
  EXPECT_THAT(*weighed, ElementsAre(SearchHit{both, 300'000, "name"}, SearchHit{city, 100'000, "home.city"}));
  EXPECT_EQ(Shown(*Search(now, "client", {}, "utrecht", {})), "1 100000 home.city\n3 100000 home.city\n");
}

TEST_F(SearchTest, SaysWhatIsWrong) {
  const Snapshot now = store_->Read().value();
  EXPECT_TRUE(absl::IsNotFound(Search(now, "clients", {}, "x").status()));
  EXPECT_TRUE(absl::IsNotFound(Search(now, "client", {{"nam"}}, "x").status()));
  const Status none = Search(now, "client", {{"code"}}, "x").status();
  EXPECT_TRUE(absl::IsFailedPrecondition(none));
  EXPECT_THAT(none.ToString(), HasSubstr("words(code)"));
  EXPECT_TRUE(absl::IsFailedPrecondition(Search(now, "group", {}, "x").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Search(now, "client", {{"name", 0}}, "x").status()));
  EXPECT_THAT(*Search(now, "client", {}, "x", {.limit = 0}), IsEmpty());
}

TEST_F(SearchTest, RanksAsItsRuleSays) {
  Fill(300);
  const std::vector<std::vector<SearchField>> some_fields = {
      {{"name"}}, {{"tags"}}, {{"name", 2}, {"home.city"}}, {{"name"}, {"home.city", 7}, {"tags", 2}}};
  size_t found = 0;
  for (int round = 0; round < 300; ++round) {
    const std::string typed = SomeSearch();
    const std::vector<SearchField>& fields = some_fields[random_() % some_fields.size()];
    const SearchOptions options{.limit = 1 + random_() % 30, .typos = random_() % 2 == 0};
    const Snapshot now = store_->Read().value();
    const auto hits = Search(now, "client", fields, typed, options);
    ASSERT_TRUE(Ok(hits));
    ASSERT_EQ(Shown(*hits), Shown(Ranked(now, fields, typed, options)))
        << typed << " in " << fields.size() << " fields, typos " << options.typos << ", limit "
        << options.limit;
    found += hits->size();
  }
  EXPECT_GT(found, 500u);
}

TEST_F(SearchTest, ManyWordsWithManyChoicesEndSoon) {
  std::string text, typed;
  for (int i = 0; i < 40; ++i) {
    const std::string word = StrCat("woord", std::string(1, static_cast<char>('a' + i % 20)),
                                    std::string(1, static_cast<char>('a' + i / 20)));
    text += word + " " + word + "s ";
    typed += word + "* ";
  }
  const RecordId id = Named(text);
  EXPECT_THAT(IdsOf(typed, true), ElementsAre(id));
  EXPECT_THAT(IdsOf(typed + "anders", true), IsEmpty());
  Named("anders");
  EXPECT_THAT(IdsOf(typed + "anders", true), IsEmpty());
}

TEST_F(SearchTest, SeesTheWritesOfItsTransaction) {
  Fill(100);
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    RELATA_ASSIGN_OR_RETURN(const Id<Client> id,
                            Insert(tx, Client{.code = "own", .name = "Eigenaardig Geval"}));
    RELATA_ASSIGN_OR_RETURN(auto hits, Search(tx, "client", {{"name"}}, "geval eigen"));
    EXPECT_EQ(hits.size(), 1u);
    RELATA_RETURN_IF_ERROR(Erase(tx, id));
    RELATA_ASSIGN_OR_RETURN(hits, Search(tx, "client", {{"name"}}, "geval eigen"));
    EXPECT_THAT(hits, IsEmpty());
    return absl::OkStatus();
  })));
}

TEST_F(SearchTest, CrossesManyBlocks) {
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    for (int i = 0; i < 3'000; ++i) {
      std::string name = "gewoon";
      if (i % 700 == 699) name += " zeldzaam";
      if (i % 2 == 0) name += " even";
      RELATA_RETURN_IF_ERROR(Insert(tx, Client{.code = StrCat("b", i), .name = name}).status());
    }
    return absl::OkStatus();
  })));
  EXPECT_THAT(IdsOf("gewoon zeld"), ElementsAre(700, 1400, 2100, 2800));
  EXPECT_THAT(IdsOf("even zeldzaam gew"), IsEmpty());
  EXPECT_EQ(IdsOf("gewoon e").size(), 10u);
}

TEST_F(SearchTest, FindsTheIdsThatTheRowsSay) {
  Fill(300);
  const Snapshot now = store_->Read().value();
  const store::TypeRuntime& type = *now.schema().Find("client");
  const FieldId name = type.type->FindField("name")->id;
  for (int round = 0; round < 200; ++round) {
    const std::string typed = round == 0 ? "" : SomeSearch();
    const std::vector<SearchWord> words = ParseSearch(typed);
    std::vector<RecordId> expected;
    for (store::RowCursor at(now, type); at.Valid(); at.Next()) {
      if (Matches(words, at.row().Get(name).bytes)) expected.push_back(at.id());
    }
    IdSet ids;
    const StatusOr<bool> indexed = FindIds(now, type, name, words, &ids);
    ASSERT_TRUE(Ok(indexed));
    EXPECT_TRUE(*indexed);
    std::vector<RecordId> found(ids.cardinality());
    ids.toUint64Array(found.data());
    ASSERT_EQ(found, expected) << typed;
    const auto estimate = EstimateIds(now, type, name, words);
    ASSERT_TRUE(Ok(estimate));
    if (words.size() == 1 && !words[0].prefix) {
      EXPECT_EQ(**estimate, expected.size()) << typed;
    }
    EXPECT_LE(**estimate, 300u);
  }
  IdSet untouched;
  EXPECT_FALSE(*FindIds(now, type, type.type->FindField("code")->id, ParseSearch("x"), &untouched));
  EXPECT_EQ(*EstimateIds(now, type, type.type->FindField("code")->id, ParseSearch("x")), std::nullopt);
}

TEST_F(SearchTest, NearWordsAreThoseOneSlipAway) {
  std::set<std::string> words;
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    static const std::vector<std::string> kCharacters = {"a", "b", "c", "ø", "ω", "京"};
    for (int i = 0; i < 3'000; ++i) {
      std::string word;
      for (uint32_t n = 3 + random_() % 4; n > 0; --n) word += kCharacters[random_() % kCharacters.size()];
      for (const std::string& part : Words(word)) words.insert(part);
      RELATA_RETURN_IF_ERROR(Insert(tx, Client{.code = StrCat("w", i), .name = word}).status());
    }
    return absl::OkStatus();
  })));
  const Snapshot now = store_->Read().value();
  const store::TypeRuntime& type = *now.schema().Find("client");
  const store::IndexRuntime& index = *WordIndexOf(type, type.type->FindField("name")->id);
  kv::Cursor cursor(now.kv(), index.tree.tree());
  size_t found = 0;
  for (const std::string& typed : words) {
    std::vector<std::string> near;
    ASSERT_TRUE(Ok(NearWords(&cursor, typed, &near)));
    std::vector<std::string> expected;
    for (const std::string& word : words) {
      if (IsSlip(typed, word)) expected.push_back(word);
    }
    ASSERT_EQ(near, expected) << typed;
    found += near.size();
    if (found > 2'000) break;
  }
  EXPECT_GT(found, 100u);
}

}  // namespace
}  // namespace relata::query
