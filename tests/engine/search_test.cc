// Tests search as a host asks it: over the model's own indexes, in a snapshot and in a transaction, and over
// a type of the host's that declares its words.
#include "relata/engine/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "relata/crm/crm.h"
#include "relata/engine/database.h"

namespace relata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Machine {
  Id<Machine> id;
  std::string label;
};
BOOST_DESCRIBE_STRUCT(Machine, (), (id, label))
RELATA_ENTITY(Machine, "machine", words<&Machine::label>)

class SearchTest : public testing::Test {
 protected:
  SearchTest() {
    folder_ = std::filesystem::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Options options;
    options.map_size = 64 << 20;
    options.durability = Durability::kUnsafe;
    db_.emplace(Database::Open((folder_ / "crm.relata").string(), options).value());
  }
  ~SearchTest() override {
    db_.reset();
    std::filesystem::remove_all(folder_);
  }
  template <class T>
  RecordId Add(const T& entity) {
    return db_->Update([&](Transaction& tx) { return tx.Insert(entity); }).value().value;
  }

  std::filesystem::path folder_;
  std::optional<Database> db_;
};

TEST_F(SearchTest, TheModelIsSearchedByItsNames) {
  const RecordId baker = Add(crm::Relation{.name = "Bakkerij Jansen", .trade_names = {"De Gouden Korst"}});
  const RecordId jan = Add(crm::Person{.first_name = "Jan", .last_name = "Jansen"});
  Add(crm::Person{.first_name = "Jan", .last_name = "Pietersen"});
  const Snapshot now = db_->Read().value();
  EXPECT_THAT(*Search(now, "relation", "gouden"), ElementsAre(SearchHit{baker, 100 * 577, "trade_names"}));
  EXPECT_THAT(*Search(now, "person", "jan jans"), ElementsAre(SearchHit{jan, 170'000, "first_name"}));
  EXPECT_THAT(*Search(now, "person", {{"last_name"}}, "jan pie"), IsEmpty());
  EXPECT_EQ(Search(now, "person", {{"last_name"}}, "jnasen ", {.typos = true})->size(), 1u);
}

TEST_F(SearchTest, ATransactionSeesWhatItWrote) {
  ASSERT_TRUE(db_->Update([&](Transaction& tx) -> Status {
                   RELATA_RETURN_IF_ERROR(tx.Insert(crm::Relation{.name = "Slagerij Smit"}).status());
                   EXPECT_EQ(Search(tx, "relation", "smit slag")->size(), 1u);
                   return absl::OkStatus();
                 })
                  .ok());
}

TEST_F(SearchTest, AHostDeclaresWordsOfItsOwn) {
  ASSERT_TRUE(db_->Register<Machine>().ok());
  const RecordId id = Add(Machine{.label = "Draaibank nr. 7"});
  EXPECT_THAT(*Search(db_->Read().value(), "machine", "draai 7 "), IsEmpty());
  EXPECT_THAT(*Search(db_->Read().value(), "machine", "7 draai"),
              ElementsAre(SearchHit{id, (100 + 70) * 577, "label"}));
}

}  // namespace
}  // namespace relata
