// Kills a writer at random moments, again and again on the same store. Commit n of the writer is known
// beforehand, so after each kill the store must be exactly what the first m commits make, where m is the last
// that was acknowledged or the one after it.
#include <gtest/gtest.h>
#include <time.h>

#include <random>
#include <string>

#include "tests/kv/child.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

using kv::Child;
using kv::Wire;

constexpr int64_t kKept = 20;  // clients there are at once

Options CrashOptions() {
  Options options = SmallStore(StandingClock());
  options.map_size = 0;  // as a host has it
  options.durability = Durability::kFull;
  return options;
}

std::string CodeOf(int64_t n) { return StrCat("c", n); }
int64_t TasksOf(int64_t n) { return n % 4; }

// Commit n: the counting client's rating becomes n, client n comes with its tasks, client n - kKept goes with
// them. A reader that sees one of these sees all.
Status CommitOne(Transaction& tx, int64_t n) {
  const TypeRuntime& type = *tx.schema().Find("client");
  if (n == 1) {
    RELATA_RETURN_IF_ERROR(Insert(tx, Client{.code = "count", .rating = 1}).status());
  } else {
    RELATA_ASSIGN_OR_RETURN(Client count, Load(tx, Id<Client>(1)));
    count.rating = n;
    RELATA_RETURN_IF_ERROR(Change(tx, count));
  }
  Client client{.code = CodeOf(n), .name = std::string(static_cast<size_t>(n * 37 % 6000), 'n')};
  client.tags = {"crash", StrCat("t", n % 5)};
  RELATA_ASSIGN_OR_RETURN(const Id<Client> id, Insert(tx, client));
  for (int64_t i = 0; i < TasksOf(n); ++i) {
    RELATA_RETURN_IF_ERROR(Insert(tx, Task{.client = id, .due = Date{static_cast<int32_t>(n + i)}}).status());
  }
  if (n <= kKept) return absl::OkStatus();
  const std::string code = CodeOf(n - kKept);
  for (const IndexRuntime& index : type.indexes) {
    if (!index.index->unique) continue;
    const Cell cell = Cell::OfBytes(code);
    RELATA_ASSIGN_OR_RETURN(const RecordId old, tx.FindUnique(type, index, std::span(&cell, 1)));
    return tx.Delete(type, old);
  }
  return absl::InternalError("no unique index");
}

int64_t CountingClient(const Reader& reader) {
  const StatusOr<Client> count = Load(reader, Id<Client>(1));
  return count.ok() ? count->rating.value_or(0) : 0;
}

KV_ROLE(WriteUntilKilled) {
  StatusOr<std::shared_ptr<Store>> opened = Store::Open(path, CrashOptions());
  if (!opened.ok()) return 1;
  Store& store = **opened;
  if (!store.Register(Model()).ok()) return 2;
  int64_t n = CountingClient(*store.Read()) + 1;
  parent.Tell("ready");
  for (;; ++n) {
    if (!store.Update({}, [&](Transaction& tx) { return CommitOne(tx, n); }).ok()) return 3;
    parent.Tell(StrCat(n));
    // An index comes and goes meanwhile: kills meet its building too.
    if (n % 8 == 0) {
      const Status added = store.ChangeSchema(
          [](schema::Catalogue& c) { return c.AddIndex("task", {.name = "by_due", .parts = {"due"}}); });
      if (!added.ok() && !absl::IsAlreadyExists(added)) return 4;
    }
    if (n % 8 == 4) {
      const Status dropped =
          store.ChangeSchema([](schema::Catalogue& c) { return c.DropIndex("task", "by_due"); });
      if (!dropped.ok() && !absl::IsNotFound(dropped)) return 5;
    }
  }
}

TEST(CrashTest, AKilledWriterLeavesWholeCommitsAndAllItAcknowledged) {
  const Folder folder;
  std::mt19937 random(20260630);
  int64_t acknowledged = 0;
  int64_t stored = 0;
  int resumed = 0;
  const int kills = FullRun() ? 500 : 50;
  for (int kill = 0; kill < kills; ++kill) {
    {
      Child child("WriteUntilKilled", folder.File());
      auto hear = [&] {
        const std::string line = child.Hear();
        if (!line.empty() && line != "ready") acknowledged = std::stoll(line);
        return !line.empty();
      };
      // Sometimes while it opens, mostly somewhere among its commits; then at any microsecond.
      const uint32_t lines = random() % 8 == 0 ? 0 : 1 + random() % 24;
      for (uint32_t i = 0; i < lines; ++i)
        ASSERT_TRUE(hear()) << "the writer ended by itself: " << child.Wait();
      const timespec moment{0, static_cast<long>(random() % (lines == 0 ? 30'000'000 : 3'000'000))};
      nanosleep(&moment, nullptr);
      child.Kill();
      while (hear()) {
      }
    }
    StatusOr<std::shared_ptr<Store>> opened = Store::Open(folder.File(), CrashOptions());
    ASSERT_TRUE(Ok(opened)) << "kill " << kill;
    Store& store = **opened;
    if (store.schema()->Find("client") == nullptr) {
      ASSERT_EQ(acknowledged, 0);
      continue;  // killed before it had registered its types
    }
    ASSERT_EQ(Findings(&store), "") << "kill " << kill;
    const Snapshot now = store.Read().value();
    const int64_t before = stored;
    stored = CountingClient(now);
    ASSERT_GE(stored, acknowledged) << "kill " << kill;
    ASSERT_LE(stored, std::max(before, acknowledged) + 1) << "kill " << kill;
    resumed += stored > before;
    // Every commit up to `stored` in full, and nothing beyond.
    const int64_t first = std::max<int64_t>(1, stored - kKept + 1);
    uint64_t clients = stored > 0 ? 1 : 0, tasks = 0;
    for (int64_t n = first; n <= stored; ++n) {
      ++clients;
      tasks += static_cast<uint64_t>(TasksOf(n));
      const StatusOr<Client> client = Load(now, Id<Client>(static_cast<RecordId>(n) + 1));
      ASSERT_TRUE(Ok(client)) << n;
      ASSERT_EQ(client->code, CodeOf(n));
      ASSERT_EQ(client->name.size(), static_cast<size_t>(n * 37 % 6000));
    }
    ASSERT_EQ(Count<Client>(now), clients);
    ASSERT_EQ(Count<Task>(now), tasks);
  }
  EXPECT_GT(resumed, kills / 2);  // else the kills came too early to show anything
}

}  // namespace
}  // namespace relata::store::test
