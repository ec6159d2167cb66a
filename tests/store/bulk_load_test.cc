// Tests loads of many records: what they leave, also when they are killed in the middle.
#include "src/store/bulk_load.h"

#include <gtest/gtest.h>

#include "tests/kv/child.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

using kv::Child;
using kv::Wire;

constexpr uint64_t kChunk = 500;

Status LoadClients(const std::shared_ptr<Store>& store, uint64_t from, uint64_t count,
                   const std::function<void(uint64_t committed)>& told) {
  RELATA_ASSIGN_OR_RETURN(const std::unique_ptr<BulkLoad> load,
                          BulkLoad::Begin(store, {"client"}, {.chunk_rows = kChunk}));
  uint64_t committed = 0;
  for (uint64_t n = from; n < from + count; ++n) {
    Client client{.code = StrCat("c", n), .name = StrCat("Name ", n % 100)};
    client.home.city = n % 2 == 0 ? "Utrecht" : "Ede";
    client.tags = {StrCat("t", n % 7)};
    RELATA_RETURN_IF_ERROR(load->transaction()->Insert(DeclarationOf<Client>(), &client).status());
    RELATA_RETURN_IF_ERROR(load->Inserted());
    if (load->committed() != committed) told(committed = load->committed());
  }
  return load->Finish();
}

class BulkLoadTest : public StoreTest {
 protected:
  std::vector<RecordId> WithTag(const std::string& tag) {
    const Snapshot now = store_->Read().value();
    const TypeRuntime& type = *now.schema().Find("client");
    std::vector<RecordId> ids;
    for (const IndexRuntime& index : type.indexes) {
      if (type.type->fields[index.index->parts.front().field].name != "tags") continue;
      const Cell cell = Cell::OfBytes(tag);
      EXPECT_TRUE(Ok(now.FindEqual(type, index, std::span(&cell, 1), SIZE_MAX, &ids)));
    }
    return ids;
  }
};

TEST_F(BulkLoadTest, LoadsRowsAndBuildsIndexesBesideThoseThatAreThere) {
  Client first{.code = "first"};
  first.tags = {"t3"};
  Add(first);
  ASSERT_TRUE(Ok(LoadClients(store_, 0, 3'000, [](uint64_t) {})));
  EXPECT_EQ(CountNow<Client>(), 3'001u);
  EXPECT_EQ(WithTag("t3").size(), 1u + 429u);  // 3, 10, … 2999
  EXPECT_EQ(Findings(store_.get()), "");
  AddClient("last");  // writing goes on as before
  EXPECT_EQ(Findings(store_.get()), "");
}

TEST_F(BulkLoadTest, ARefusedRecordLeavesTheLoadAsItWas) {
  {
    const auto load = BulkLoad::Begin(store_, {"client"}, {.chunk_rows = 2}).value();
    Client client{.code = "same"};
    ASSERT_TRUE(Ok(load->transaction()->Insert(DeclarationOf<Client>(), &client)));
    ASSERT_TRUE(Ok(load->Inserted()));
    EXPECT_TRUE(
        absl::IsAlreadyExists(load->transaction()->Insert(DeclarationOf<Client>(), &client).status()));
    client.code = "other";
    ASSERT_TRUE(Ok(load->transaction()->Insert(DeclarationOf<Client>(), &client)));
    ASSERT_TRUE(Ok(load->Inserted()));
    EXPECT_EQ(load->committed(), 2u);
    client.code = "given up";
    ASSERT_TRUE(Ok(load->transaction()->Insert(DeclarationOf<Client>(), &client)));
  }
  // Given up without Finish: what was committed stays, and the indexes are whole.
  EXPECT_EQ(CountNow<Client>(), 2u);
  EXPECT_EQ(Findings(store_.get()), "");
  EXPECT_TRUE(store_->schema()->Find("client")->indexes.front().ready());
}

KV_ROLE(LoadUntilKilled) {
  const std::shared_ptr<Store> store = Store::Open(path, SmallStore(StandingClock())).value();
  const Status status =
      LoadClients(store, 0, 1'000'000, [&](uint64_t committed) { parent.Tell(StrCat(committed)); });
  return status.ok() ? 0 : 1;
}

TEST_F(BulkLoadTest, KilledInTheMiddleItLeavesABeginningWithWholeIndexes) {
  store_.reset();
  uint64_t told = 0;
  {
    Child child("LoadUntilKilled", folder_.File());
    for (int i = 0; i < 3; ++i) told = std::stoull(child.Hear());
    child.Kill();
  }
  Reopen();
  const uint64_t count = CountNow<Client>();
  EXPECT_GE(count, told);
  EXPECT_EQ(count % kChunk, 0u);
  EXPECT_EQ(Findings(store_.get()), "");
  for (const IndexRuntime& index : store_->schema()->Find("client")->indexes) EXPECT_TRUE(index.ready());
  // It goes on where it stopped.
  ASSERT_TRUE(Ok(LoadClients(store_, count, 700, [](uint64_t) {})));
  EXPECT_EQ(CountNow<Client>(), count + 700);
  EXPECT_EQ(Findings(store_.get()), "");
}

}  // namespace
}  // namespace relata::store::test
