// Tests of an index of words as it is kept: against the words of all records through inserts, changes,
// deletions, transactions that are given up, bulk loads, drops, and another ICU.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <random>
#include <set>

#include "src/base/text.h"
#include "src/base/words.h"
#include "src/store/bulk_load.h"
#include "src/store/word_key.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

using ::testing::HasSubstr;

using Postings = std::map<std::string, std::set<RecordId>>;

class WordIndexTest : public StoreTest {
 protected:
  WordIndexTest() {
    EXPECT_TRUE(Ok(AddIndex({.parts = {"words(name)"}})));
    EXPECT_TRUE(Ok(AddIndex({.parts = {"words(tags)"}})));
  }
  Status AddIndex(const IndexSpec& spec) {
    return store_->ChangeSchema([&](schema::Catalogue& c) { return c.AddIndex("client", spec); }, nullptr);
  }
  // The words that the index knows, each with its records.
  Postings Indexed(const std::string& index_name) {
    const Snapshot now = store_->Read().value();
    const IndexRuntime* index = now.schema().Find("client")->FindIndex(index_name);
    Postings postings;
    EXPECT_TRUE(index != nullptr && index->ready());
    if (index == nullptr) return postings;
    IndexCursor at(now.kv(), index->tree, KeyRange{});
    for (; at.Valid(); at.Next()) {
      WordKey key;
      EXPECT_TRUE(ReadWordKey(at.values(), &key));
      if (!key.prefix) postings[std::string(key.text)].insert(at.id());
    }
    EXPECT_TRUE(Ok(at.status()));
    return postings;
  }
  // The same from the rows, whatever the index has.
  Postings Expected(bool tags) {
    const Snapshot now = store_->Read().value();
    Postings postings;
    RowCursor at(now, *now.schema().Find("client"));
    for (; at.Valid(); at.Next()) {
      const Client client = Load(now, Id<Client>(at.id())).value();
      if (!tags) {
        for (const std::string& word : Words(client.name)) postings[word].insert(at.id());
      }
      for (const std::string& tag : client.tags) {
        if (!tags) break;
        for (const std::string& word : Words(tag)) postings[word].insert(at.id());
      }
    }
    return postings;
  }
  void ExpectSame() {
    EXPECT_EQ(Indexed("words(name)"), Expected(false));
    EXPECT_EQ(Indexed("words(tags)"), Expected(true));
    EXPECT_EQ(Findings(store_.get()), "");
  }

  std::string SomeText() {
    static const std::vector<std::string> kWords = {"Jan",  "jansen", "Bakkerij", "de",    "b.v.", "Ørsted",
                                                    "café", "東京",   "12.50",    "-",     "van",  "IJs",
                                                    "ß",    "B",      "x",        "ijssel"};
    std::string text;
    for (uint32_t words = random_() % 5; words > 0; --words) {
      text += kWords[random_() % kWords.size()] + (random_() % 4 == 0 ? "/" : " ");
    }
    if (random_() % 50 == 0) text += std::string(300, 'w');
    return text;
  }
  Client Some(int n) {
    Client client{.code = StrCat("c", n), .name = SomeText()};
    while (random_() % 3 == 0) client.tags.insert(SomeText());
    return client;
  }

  std::mt19937 random_{7};
};

TEST_F(WordIndexTest, FollowsEveryWrite) {
  std::vector<Id<Client>> ids;
  int n = 0;
  for (int round = 0; round < 60; ++round) {
    const bool give_up = random_() % 4 == 0;
    const std::vector<Id<Client>> before = ids;
    const Status done = Update([&](Transaction& tx) -> Status {
      for (int i = 0; i < 12; ++i) {
        if (ids.empty() || random_() % 3 != 0) {
          RELATA_ASSIGN_OR_RETURN(const Id<Client> id, Insert(tx, Some(n++)));
          ids.push_back(id);
        } else {
          const size_t which = random_() % ids.size();
          if (random_() % 2 == 0) {
            RELATA_RETURN_IF_ERROR(Erase(tx, ids[which]));
            ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(which));
          } else {
            Client client = Some(n++);
            client.id = ids[which];
            RELATA_RETURN_IF_ERROR(Change(tx, client));
          }
        }
      }
      return give_up ? absl::CancelledError("given up") : absl::OkStatus();
    });
    EXPECT_EQ(done.ok(), !give_up) << done;
    if (give_up) ids = before;
    if (round % 10 == 9) ExpectSame();
  }
  Reopen();
  ExpectSame();
}

TEST_F(WordIndexTest, IsBuiltOverRowsAndLoadedInBulk) {
  auto load = BulkLoad::Begin(store_, {"client"}, {.chunk_rows = 100});
  ASSERT_TRUE(Ok(load));
  for (int n = 0; n < 950; ++n) {
    const Client client = Some(n);
    ASSERT_TRUE(Ok((*load)->transaction()->Insert(DeclarationOf<Client>(), &client)));
    ASSERT_TRUE(Ok((*load)->Inserted()));
  }
  ASSERT_TRUE(Ok((*load)->Finish()));
  ExpectSame();
  ASSERT_TRUE(Ok(store_->ChangeSchema(
      [](schema::Catalogue& c) { return c.DropIndex("client", "words(name)"); }, nullptr)));
  EXPECT_EQ(store_->schema()->Find("client")->FindIndex("words(name)"), nullptr);
  AddClient("later", "Later Gekomen");
  ASSERT_TRUE(Ok(AddIndex({.parts = {"words(name)"}})));
  ExpectSame();
}

TEST_F(WordIndexTest, IsBuiltAnewForAnotherIcu) {
  AddClient("a", "Bakkerij Jansen");
  const EntityTypeId type = store_->schema()->Find("client")->type->id;
  const IndexId id = store_->schema()->Find("client")->FindIndex("words(name)")->index->id;
  EXPECT_EQ(store_->schema()->Find("client")->FindIndex("words(name)")->index->text_versions, IcuVersion());
  // As another ICU would have left it: its version, and words that this one does not part so.
  ASSERT_TRUE(Ok(store_->ChangeSchema(
      [&](schema::Catalogue& c) -> StatusOr<schema::Changes> {
        RELATA_RETURN_IF_ERROR(c.SetIndexState(type, id, IndexState::kReady, "1.0"));
        schema::Versions versions = c.versions();
        versions.icu = "1.0";
        c.set_versions(versions);
        schema::Changes changes;
        changes.any = true;
        return changes;
      },
      nullptr)));
  Reopen();
  EXPECT_EQ(store_->schema()->Find("client")->FindIndex("words(name)")->index->text_versions, IcuVersion());
  ExpectSame();
}

TEST_F(WordIndexTest, FindsNoValues) {
  AddClient("a", "Jansen");
  const Snapshot now = store_->Read().value();
  const TypeRuntime& type = *now.schema().Find("client");
  const Cell cell = Cell::OfBytes("Jansen");
  std::vector<RecordId> ids;
  const Status refused =
      now.FindEqual(type, *type.FindIndex("words(name)"), std::span(&cell, 1), SIZE_MAX, &ids);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_FALSE(type.FindIndex("words(name)")->coder.StartsWith({}, "jan").ok());
}

TEST_F(WordIndexTest, StandsAloneOnTexts) {
  for (const IndexSpec& spec :
       {IndexSpec{.parts = {"words(name)", "code"}}, IndexSpec{.parts = {"-words(name)"}},
        IndexSpec{.parts = {"words(name) nulls last"}},
        IndexSpec{.name = "u", .parts = {"words(code)"}, .unique = true}}) {
    const Status refused = AddIndex(spec);
    EXPECT_TRUE(absl::IsInvalidArgument(refused)) << refused;
    EXPECT_THAT(Text(refused), HasSubstr("words(")) << refused;
  }
  const Status number = AddIndex({.parts = {"words(rating)"}});
  EXPECT_THAT(Text(number), HasSubstr("only text")) << number;
  EXPECT_TRUE(absl::IsInvalidArgument(AddIndex({.parts = {"words(name, nl)"}})));
}

}  // namespace
}  // namespace relata::store::test
