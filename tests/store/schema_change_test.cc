// Tests changes of the schema while a store holds rows: fields, indexes, drops, renames, other processes, and
// other versions of what keys depend on.
#include <gtest/gtest.h>

#include "src/base/text.h"
#include "tests/kv/child.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

using kv::Child;
using kv::Wire;
using ::testing::HasSubstr;

class SchemaChangeTest : public StoreTest {
 protected:
  template <class F>
  Status Alter(F change) {
    return store_->ChangeSchema([&](schema::Catalogue& c) { return change(c); });
  }
  Status AddIndex(IndexSpec spec) {
    return Alter([&](schema::Catalogue& c) { return c.AddIndex("client", spec); });
  }
  Record Get(RecordId id) {
    const Snapshot now = store_->Read().value();
    return now.GetRecord(*now.schema().Find("client"), id).value();
  }
  StatusOr<std::vector<RecordId>> Find(const std::string& index_name, const std::string& value) {
    const Snapshot now = store_->Read().value();
    const TypeRuntime& type = *now.schema().Find("client");
    const IndexRuntime* index = type.FindIndex(index_name);
    if (index == nullptr || !index->ready()) return absl::NotFoundError(index_name);
    std::vector<RecordId> ids;
    const Cell cell = Cell::OfBytes(value);
    RELATA_RETURN_IF_ERROR(now.FindEqual(type, *index, std::span(&cell, 1), SIZE_MAX, &ids));
    return ids;
  }
};

TEST_F(SchemaChangeTest, OldRowsReadTheFrozenDefaultOfANewField) {
  const Id<Client> old = AddClient("a", "Anna");
  ASSERT_TRUE(Ok(Alter([](schema::Catalogue& c) {
    return c.AddField("client", {.name = "level",
                                 .type = ValueType::kEnum,
                                 .options = {.default_value = Value("silver")},
                                 .labels = {"gold", "silver"}});
  })));
  EXPECT_EQ(*Get(old.value).Find("level"), Value("silver"));
  ASSERT_TRUE(Ok(AddIndex({.name = "by_level", .parts = {"level"}})));
  EXPECT_EQ(Findings(store_.get()), "");
  Reopen();
  EXPECT_EQ(*Get(old.value).Find("level"), Value("silver"));
  ASSERT_TRUE(Ok(
      Update([&](Transaction& tx) { return tx.Update(Record("client", old.value).Set("level", "gold")); })));
  EXPECT_EQ(*Get(old.value).Find("level"), Value("gold"));
  EXPECT_EQ(Now(old).name, "Anna");
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(SchemaChangeTest, AnIndexOverRowsIsBuiltAndKept) {
  ASSERT_TRUE(Ok(Update([](Transaction& tx) -> Status {
    for (int i = 0; i < 1'000; ++i) {
      Client client{.code = StrCat("c", i)};
      client.home.street = StrCat("Straat ", i % 10);
      RELATA_RETURN_IF_ERROR(Insert(tx, client).status());
    }
    return absl::OkStatus();
  })));
  uint64_t told = 0;
  ASSERT_TRUE(Ok(store_->ChangeSchema(
      [](schema::Catalogue& c) {
        return c.AddIndex("client", {.name = "by_street", .parts = {"folded(home.street)"}});
      },
      [&](uint64_t done, uint64_t total) {
        EXPECT_EQ(total, 1'000u);
        told = done;
      })));
  EXPECT_EQ(told, 1'000u);
  EXPECT_EQ(Find("by_street", "STRAAT 3")->size(), 100u);
  AddClient("more");
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(SchemaChangeTest, AUniqueIndexOverDuplicatesIsRefusedAndLeavesNothing) {
  AddClient("a", "Same");
  const Id<Client> second = AddClient("b", "Same");
  const Status refused = AddIndex({.name = "one_name", .parts = {"name"}, .unique = true});
  EXPECT_TRUE(absl::IsAlreadyExists(refused)) << refused;
  EXPECT_THAT(Text(refused), HasSubstr("records 1 and 2"));
  EXPECT_EQ(store_->schema()->Find("client")->FindIndex("one_name"), nullptr);
  EXPECT_EQ(Findings(store_.get()), "");
  // Once one of them has changed, it can be.
  Client client = Now(second);
  client.name = "Other";
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Change(tx, client); })));
  ASSERT_TRUE(Ok(AddIndex({.name = "one_name", .parts = {"name"}, .unique = true})));
  EXPECT_TRUE(absl::IsAlreadyExists(
      Update([](Transaction& tx) { return Insert(tx, Client{.code = "c", .name = "Other"}).status(); })));
  Reopen();
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(SchemaChangeTest, DropsAndRenamesReachOpenSnapshotsOnlyWhenTheyEnd) {
  const Id<Client> anna = AddClient("a", "Anna");
  ASSERT_TRUE(Ok(AddIndex({.name = "by_street", .parts = {"home.street"}})));
  {
    const Snapshot before = store_->Read().value();
    ASSERT_TRUE(Ok(Alter([](schema::Catalogue& c) { return c.DropIndex("client", "by_street"); })));
    ASSERT_TRUE(Ok(Alter([](schema::Catalogue& c) { return c.RenameField("client", "rating", "stars"); })));
    EXPECT_NE(before.schema().Find("client")->FindIndex("by_street"), nullptr);
    EXPECT_EQ(before.CountRows(*before.schema().Find("client")).value(), 1u);
    EXPECT_NE(before.GetRecord(*before.schema().Find("client"), 1)->Find("rating"), nullptr);
  }
  EXPECT_FALSE(Find("by_street", "x").ok());
  EXPECT_NE(Get(anna.value).Find("stars"), nullptr);
  EXPECT_EQ(Get(anna.value).Find("rating"), nullptr);
  EXPECT_EQ(Findings(store_.get()), "");
  // The name of the dropped tree goes when nobody else has the store open.
  store_.reset();
  store_ = Store::Open(folder_.File(), SmallStore(clock_)).value();
  EXPECT_TRUE(store_->schema()->catalogue().dropped_trees().empty());
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(SchemaChangeTest, ADroppedEntityTakesItsRowsAlong) {
  const Id<Client> anna = AddClient("a");
  Add(Task{.client = anna, .due = Date{20'000}});
  EXPECT_FALSE(Alter([](schema::Catalogue& c) { return c.DropEntity("client"); }).ok());  // tasks refer to it
  ASSERT_TRUE(Ok(Alter([](schema::Catalogue& c) { return c.DropEntity("task"); })));
  EXPECT_EQ(Findings(store_.get()), "");
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) { return Erase(tx, anna); })));
  // A type of the same name is another one.
  ASSERT_TRUE(Ok(Alter(
      [](schema::Catalogue& c) { return c.AddEntity({.name = "task", .fields = {{.name = "what"}}}); })));
  ASSERT_TRUE(
      Ok(Update([](Transaction& tx) { return tx.Insert(Record("task").Set("what", "new")).status(); })));
  store_.reset();
  store_ = Store::Open(folder_.File(), SmallStore(clock_)).value();
  EXPECT_EQ(store_->Read()->CountRows(*store_->schema()->Find("task")).value(), 1u);
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(SchemaChangeTest, KeysOfAnotherIcuAreBuiltAnew) {
  AddClient("a", "Änna");
  // As if another version had written the folded keys: other keys, and its version beside them.
  ASSERT_TRUE(Ok(Alter([](schema::Catalogue& c) -> StatusOr<schema::Changes> {
    schema::Versions versions = c.versions();
    versions.icu = "1.0";
    c.set_versions(versions);
    for (const Index& index : c.Find("client")->indexes) {
      if (index.text_versions.empty()) continue;
      RELATA_RETURN_IF_ERROR(c.SetIndexState(c.Find("client")->id, index.id, IndexState::kReady, "1.0"));
    }
    return schema::Changes{.any = true};
  })));
  {
    StatusOr<kv::WriteTransaction> txn = store_->environment()->BeginWrite();
    for (const IndexRuntime& index : store_->schema()->Find("client")->indexes) {
      if (index.index->text_versions.empty()) continue;
      ASSERT_TRUE(Ok(txn->EmptyTree(index.tree.tree())));
    }
    ASSERT_TRUE(Ok(txn->Commit()));
  }
  EXPECT_NE(Findings(store_.get()), "");
  const Status refused = Update([](Transaction&) { return absl::OkStatus(); });
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(Text(refused), HasSubstr("ICU 1.0"));
  Reopen();
  EXPECT_EQ(store_->schema()->catalogue().versions().icu, IcuVersion());
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(SchemaChangeTest, AStoreOfANewerLevelIsForReadingOnly) {
  const Id<Client> anna = AddClient("a", "Anna");
  ASSERT_TRUE(Ok(Alter([](schema::Catalogue& c) -> StatusOr<schema::Changes> {
    schema::Versions versions = c.versions();
    versions.feature_level = 99;
    c.set_versions(versions);
    return schema::Changes{.any = true};
  })));
  store_.reset();
  const Status refused = Store::Open(folder_.File(), SmallStore(clock_)).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(Text(refused), HasSubstr("99"));
  Options options = SmallStore(clock_);
  options.create_if_missing = false;
  options.read_only = true;
  store_ = Store::Open(folder_.File(), options).value();
  EXPECT_EQ(Now(anna).name, "Anna");
  EXPECT_TRUE(absl::IsFailedPrecondition(Update([](Transaction&) { return absl::OkStatus(); })));
}

KV_ROLE(AddAFieldAndAnIndex) {
  const std::shared_ptr<Store> store = Store::Open(path, SmallStore(StandingClock())).value();
  const Status field = store->ChangeSchema([](schema::Catalogue& c) {
    return c.AddField("client", {.name = "level", .options = {.default_value = Value("new")}});
  });
  const Status index = store->ChangeSchema(
      [](schema::Catalogue& c) { return c.AddIndex("client", {.name = "by_level", .parts = {"level"}}); });
  const Status row = store->Update(
      {}, [](Transaction& tx) { return tx.Insert(Record("client").Set("code", "b")).status(); });
  return field.ok() && index.ok() && row.ok() ? 0 : 1;
}

TEST_F(SchemaChangeTest, WhatAnotherProcessChangedHoldsFromTheNextSnapshot) {
  const Id<Client> anna = AddClient("a", "Anna");
  const Snapshot before = store_->Read().value();
  Child child("AddAFieldAndAnIndex", folder_.File());
  ASSERT_EQ(child.Wait(), 0);
  EXPECT_EQ(before.GetRecord(*before.schema().Find("client"), 1)->Find("level"), nullptr);
  EXPECT_EQ(*Get(anna.value).Find("level"), Value("new"));
  EXPECT_EQ(Find("by_level", "new")->size(), 2u);
  // A writer of this process keeps the index that it did not make, through a struct without the field too.
  AddClient("c");
  EXPECT_EQ(Find("by_level", "new")->size(), 3u);
  EXPECT_EQ(CountNow<Client>(), 3u);
  EXPECT_EQ(Findings(store_.get()), "");
}

}  // namespace
}  // namespace relata::store::test
