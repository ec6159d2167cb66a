// Tests the column cache: whatever was written, by whom and when, each column says what the rows say.
#include "src/column/columns.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <thread>

#include "src/store/reader.h"
#include "tests/kv/child.h"
#include "tests/store/fixture.h"

namespace relata::column {
namespace {

using store::Snapshot;
using store::Store;
using store::Transaction;
using store::TypeRuntime;
using store::test::Client;
using store::test::Folder;
using store::test::Group;
using store::test::Ok;
using store::test::StoreTest;
using store::test::Task;

std::vector<FieldId> AllSlots(const TypeRuntime& type) {
  std::vector<FieldId> slots;
  for (const Field& field : type.type->fields) {
    if (ColumnCache::CanHold(field)) slots.push_back(field.id);
  }
  return slots;
}

// What differs between a table and the rows of the same snapshot; empty if nothing.
std::string Difference(const Table& table, const Snapshot& at, const TypeRuntime& type) {
  uint64_t records = 0;
  for (store::RowCursor row(at, type); row.Valid(); row.Next(), ++records) {
    const size_t chunk = ChunkOf(row.id());
    const size_t place = PlaceOf(row.id());
    if (chunk >= table.chunks() || table.presence[chunk] == nullptr || !table.presence[chunk]->Has(place)) {
      return StrCat("no presence of ", row.id());
    }
    for (const auto& column : table.columns) {
      if (column == nullptr) continue;
      Cell expected = row.row().Get(column->slot);
      const Field& field = type.type->fields[column->slot];
      if (!field.nullable && (!field.is_reference() || field.is_set())) expected.present = true;
      const auto& held = column->chunks[chunk];
      const Cell found = held == nullptr ? Cell::Absent() : held->Get(place);
      if (!(found == expected)) {
        return StrCat("record ", row.id(), " field ", type.type->fields[column->slot].name, ": present ",
                      found.present ? 1 : 0, " bits ", found.AsInt(), " bytes ", found.bytes);
      }
    }
  }
  if (records != table.records()) return StrCat(table.records(), " records where there are ", records);
  // What is gone holds nothing.
  for (const auto& column : table.columns) {
    if (column == nullptr) continue;
    if (column->chunks.size() != table.chunks()) return "a column has fewer chunks than the table";
    for (size_t chunk = 0; chunk < table.chunks(); ++chunk) {
      if (column->chunks[chunk] == nullptr) continue;
      Mask ghosts = column->chunks[chunk]->present();
      if (table.presence[chunk] != nullptr) ghosts -= *table.presence[chunk];
      if (ghosts.any()) return "a record that is gone has a value";
    }
  }
  return "";
}

class ColumnsTest : public StoreTest {
 protected:
  // Asks for all columns of a type at the snapshot, and compares.
  void ExpectTrue(ColumnCache* cache, const Snapshot& at, std::string_view name) {
    const TypeRuntime& type = *at.schema().Find(name);
    const auto table = cache->Get(at, type, AllSlots(type));
    ASSERT_TRUE(Ok(table));
    EXPECT_EQ(Difference(**table, at, type), "") << name;
  }
  void ExpectTrueNow(ColumnCache* cache) {
    const StatusOr<Snapshot> now = store_->Read();
    ASSERT_TRUE(Ok(now));
    for (const std::string_view name : {"client", "group", "task"}) ExpectTrue(cache, *now, name);
  }

  // A commit of some random writes.
  void WriteAtRandom(std::mt19937* random) {
    const auto pick = [&](uint64_t below) {
      return std::uniform_int_distribution<uint64_t>(0, below - 1)(*random);
    };
    ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
      for (uint64_t i = pick(20) + 1; i > 0; --i) {
        if (clients_.empty() || pick(3) == 0) {
          Client client{.code = StrCat("c", ++code_), .name = StrCat("name ", pick(1000))};
          client.home.city = StrCat("city ", pick(5));
          if (pick(2) == 0) client.rating = static_cast<int64_t>(pick(300)) - 20;
          if (pick(2) == 0) client.tags = {StrCat("tag", pick(3)), "always"};
          RELATA_ASSIGN_OR_RETURN(const Id<Client> id, store::test::Insert(tx, client));
          clients_.push_back(id);
          Task task{.client = id, .due = Date{static_cast<int32_t>(pick(4000))}};
          if (pick(2) == 0) task.about = id;
          RELATA_RETURN_IF_ERROR(store::test::Insert(tx, task).status());
        } else if (pick(4) == 0) {
          const size_t at = pick(clients_.size());
          RELATA_RETURN_IF_ERROR(store::test::Erase(tx, clients_[at]));
          clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(at));
        } else {
          RELATA_ASSIGN_OR_RETURN(Client client, store::test::Load(tx, clients_[pick(clients_.size())]));
          client.rating = pick(5) == 0 ? std::optional<int64_t>()
                                       : static_cast<int64_t>(pick(uint64_t{1} << (pick(60) + 1)));
          if (pick(2) == 0) client.home.street = StrCat("street ", pick(1'000'000));
          if (pick(3) == 0) client.mentor = clients_[pick(clients_.size())];
          RELATA_RETURN_IF_ERROR(store::test::Change(tx, client));
        }
      }
      return absl::OkStatus();
    })));
  }

  std::vector<Id<Client>> clients_;
  int64_t code_ = 0;
};

TEST_F(ColumnsTest, AnEmptyTypeHasNoChunks) {
  ColumnCache cache;
  ExpectTrueNow(&cache);
  EXPECT_EQ(cache.figures().chunks_made, 0u);
}

TEST_F(ColumnsTest, FollowRandomWrites) {
  std::mt19937 random(1);
  ColumnCache cache;
  for (int round = 0; round < 60; ++round) {
    clock_->Advance(Duration{1'000'000});
    WriteAtRandom(&random);
    if (random() % 3 != 0) ExpectTrueNow(&cache);
  }
  ExpectTrueNow(&cache);
  // Nothing but the first build walked all rows, when there were few.
  EXPECT_LT(cache.figures().rows_walked, 200u);
  EXPECT_GT(cache.figures().rows_reread, 0u);
}

TEST_F(ColumnsTest, AChangeOfOneFieldMakesItsChunksAnewAndNoOthers) {
  const Id<Client> id = AddClient("a", "Jansen");
  ColumnCache cache;
  ExpectTrueNow(&cache);
  const uint64_t before = cache.figures().chunks_made;
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) {
    Client client = *store::test::Load(tx, id);
    client.rating = 7;
    return store::test::Change(tx, client);
  })));
  ExpectTrueNow(&cache);
  // The rating, and the moment of the change.
  EXPECT_EQ(cache.figures().chunks_made, before + 2);
  EXPECT_EQ(cache.figures().rows_reread, 1u);
}

TEST_F(ColumnsTest, ASnapshotFromBeforeTheLastChangeIsNotServed) {
  AddClient("a");
  const StatusOr<Snapshot> early = store_->Read();
  ASSERT_TRUE(Ok(early));
  ColumnCache cache;
  ExpectTrue(&cache, *early, "client");
  ExpectTrue(&cache, *early, "group");
  AddClient("b");
  ExpectTrueNow(&cache);
  const TypeRuntime& type = *early->schema().Find("client");
  EXPECT_TRUE(absl::IsUnavailable(cache.Get(*early, type, AllSlots(type)).status()));
  // Of another type nothing changed since, so its columns are true for both.
  ExpectTrue(&cache, *early, "group");
}

TEST_F(ColumnsTest, ATableStaysAsItWasWhileTheCacheGoesOn) {
  AddClient("a", "first");
  ColumnCache cache;
  const StatusOr<Snapshot> early = store_->Read();
  ASSERT_TRUE(Ok(early));
  const TypeRuntime& type = *early->schema().Find("client");
  const auto table = cache.Get(*early, type, AllSlots(type));
  ASSERT_TRUE(Ok(table));
  AddClient("b", "second");
  ExpectTrueNow(&cache);
  EXPECT_EQ(Difference(**table, *early, type), "");
}

KV_ROLE(WriteTwoClients) {
  const auto store = Store::Open(path, store::test::SmallStore(store::test::StandingClock()));
  if (!store.ok() || !(*store)->Register(store::test::Model()).ok()) return 1;
  for (const char* code : {"b", "c"}) {
    const Status status = (*store)->Update({}, [&](Transaction& tx) {
      return store::test::Insert(tx, Client{.code = code, .name = "by another process"}).status();
    });
    if (!status.ok()) return 2;
  }
  return 0;
}

TEST_F(ColumnsTest, FollowWhatAnotherProcessWrites) {
  AddClient("a");
  ColumnCache cache;
  ExpectTrueNow(&cache);
  kv::Child child("WriteTwoClients", folder_.File());
  ASSERT_EQ(child.Wait(), 0);
  ExpectTrueNow(&cache);
  EXPECT_EQ(cache.figures().rows_walked, 1u);
  EXPECT_EQ(cache.figures().rows_reread, 2u);
}

TEST_F(ColumnsTest, FollowTheLogAndNotTheWriter) {
  AddClient("a");
  ColumnCache cache;
  ExpectTrueNow(&cache);
  ColumnCache other;
  ExpectTrueNow(&other);
  AddClient("b");
  AddClient("c");
  ExpectTrueNow(&cache);
  const uint64_t walked = other.figures().rows_walked;
  ExpectTrueNow(&other);
  EXPECT_EQ(other.figures().rows_walked, walked);
}

TEST_F(ColumnsTest, AreBuiltAnewWhereTheLogWasCut) {
  Options options = store::test::SmallStore(clock_);
  options.log_retention = 2;
  const auto store = Store::Open(folder_.File("cut.relata"), options);
  ASSERT_TRUE(Ok(store));
  ASSERT_TRUE(Ok((*store)->Register(store::test::Model())));
  const auto add = [&](const std::string& code) {
    ASSERT_TRUE(Ok((*store)->Update(
        {}, [&](Transaction& tx) { return store::test::Insert(tx, Client{.code = code}).status(); })));
  };
  add("a");
  ColumnCache cache;
  ExpectTrue(&cache, *(*store)->Read(), "client");
  EXPECT_EQ(cache.figures().rows_walked, 1u);
  add("b");
  ExpectTrue(&cache, *(*store)->Read(), "client");
  EXPECT_EQ(cache.figures().rows_walked, 1u);
  for (int i = 0; i < 10; ++i) add(StrCat("c", i));
  ExpectTrue(&cache, *(*store)->Read(), "client");
  EXPECT_EQ(cache.figures().rows_walked, 13u);
}

TEST_F(ColumnsTest, AreBuiltAnewInAnotherEpoch) {
  AddClient("a");
  ColumnCache cache;
  ExpectTrueNow(&cache);
  const StatusOr<Snapshot> early = store_->Read();
  ASSERT_TRUE(Ok(early));
  ASSERT_TRUE(Ok(store_->BeginEpoch()));
  ExpectTrueNow(&cache);
  EXPECT_EQ(cache.figures().rows_walked, 2u);
  const TypeRuntime& type = *early->schema().Find("client");
  EXPECT_TRUE(absl::IsUnavailable(cache.Get(*early, type, {}).status()));
}

TEST_F(ColumnsTest, AFieldAddedLaterReadsAsItsDefault) {
  AddClient("a");
  ColumnCache cache;
  ExpectTrueNow(&cache);
  ASSERT_TRUE(Ok(store_->ChangeSchema([](schema::Catalogue& catalogue) {
    return catalogue.AddField(
        "client",
        {.name = "shoe_size", .type = ValueType::kInt64, .options = {.default_value = int64_t{42}}});
  })));
  ExpectTrueNow(&cache);
  AddClient("b");
  ExpectTrueNow(&cache);
}

TEST_F(ColumnsTest, ReachPastTheFirstChunk) {
  ASSERT_TRUE(Ok(Update([&](Transaction& tx) -> Status {
    for (size_t i = 0; i < kChunkRecords + 10; ++i) {
      Group group{.name = StrCat("group ", i)};
      RELATA_RETURN_IF_ERROR(store::test::Insert(tx, group).status());
    }
    return absl::OkStatus();
  })));
  ColumnCache cache;
  ExpectTrueNow(&cache);
  Add(Group{.name = "one more"});
  ExpectTrueNow(&cache);
  EXPECT_EQ(cache.figures().rows_reread, 1u);
  // Names that hardly recur lie as they are, the few of the last chunk as codes.
  const StatusOr<Snapshot> now = store_->Read();
  const TypeRuntime& type = *now->schema().Find("group");
  const FieldId name = type.type->FindField("name")->id;
  const auto table = cache.Get(*now, type, std::span(&name, 1));
  ASSERT_TRUE(Ok(table));
  EXPECT_EQ((*table)->column(name).chunks[0]->form(), Chunk::Form::kBytes);
  EXPECT_EQ((*table)->column(name).chunks[1]->form(), Chunk::Form::kCodes);
}

TEST_F(ColumnsTest, TheLeastUsedColumnsGoWhenTheBudgetIsSpent) {
  AddClient("a");
  ColumnCache cache(10'000);  // one chunk takes some kilobytes
  ExpectTrueNow(&cache);
  EXPECT_GT(cache.figures().columns_dropped, 0u);
  const StatusOr<Snapshot> now = store_->Read();
  const TypeRuntime& type = *now->schema().Find("client");
  const FieldId rating = type.type->FindField("rating")->id;
  const FieldId credit = type.type->FindField("credit")->id;
  ASSERT_TRUE(Ok(cache.Get(*now, type, std::span(&rating, 1))));
  EXPECT_TRUE(cache.Holds(type.type->id, std::span(&rating, 1)));
  ASSERT_TRUE(Ok(cache.Get(*now, type, std::span(&credit, 1))));
  EXPECT_TRUE(cache.Holds(type.type->id, std::span(&credit, 1)));
}

TEST_F(ColumnsTest, WhatCannotFitIsLeftToTheRows) {
  for (int i = 0; i < 10; ++i) AddClient(StrCat("c", i));
  ColumnCache cache(100);
  const StatusOr<Snapshot> now = store_->Read();
  const TypeRuntime& type = *now->schema().Find("client");
  EXPECT_TRUE(absl::IsUnavailable(cache.Get(*now, type, AllSlots(type)).status()));
}

TEST_F(ColumnsTest, ManyThreadsMayAskWhileOneWrites) {
  AddClient("a");
  ColumnCache cache;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      for (int i = 0; i < 40; ++i) {
        const StatusOr<Snapshot> now = store_->Read();
        ASSERT_TRUE(Ok(now));
        const TypeRuntime& type = *now->schema().Find("client");
        const auto table = cache.Get(*now, type, AllSlots(type));
        // Another thread may have gone on to a later commit already.
        if (absl::IsUnavailable(table.status())) continue;
        ASSERT_TRUE(Ok(table));
        EXPECT_EQ(Difference(**table, *now, type), "");
      }
    });
  }
  for (int i = 0; i < 100; ++i) AddClient(StrCat("t", i), StrCat("name ", i));
  for (std::thread& reader : readers) reader.join();
  ExpectTrueNow(&cache);
}

TEST(ChunkTest, NarrowsNumbersToTheirRange) {
  ChunkBuilder builder;
  const auto width_of = [&](std::vector<int64_t> values) {
    builder.Start(nullptr);
    for (size_t i = 0; i < values.size(); ++i) builder.Set(i * 3, Cell::OfInt(values[i]));
    const auto chunk = builder.Finish().value();
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(chunk->Int(i * 3), values[i]);
      int64_t read = 0;
      chunk->Ints(i * 3, 1, &read);
      EXPECT_EQ(read, values[i]);
    }
    return chunk->width();
  };
  EXPECT_EQ(width_of({5, 5}), 0);
  EXPECT_EQ(width_of({-100, 155}), 1);
  EXPECT_EQ(width_of({-100, 156}), 2);
  EXPECT_EQ(width_of({0, 65'536}), 4);
  EXPECT_EQ(width_of({0, int64_t{1} << 32}), 8);
  EXPECT_EQ(width_of({INT64_MIN, INT64_MAX}), 8);
}

}  // namespace
}  // namespace relata::column
