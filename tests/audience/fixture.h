// Defines AudienceStoreTest, a fixture with a store of the CRM model, on 2026-06-30 at noon in Amsterdam.
#ifndef RELATA_TESTS_AUDIENCE_FIXTURE_H_
#define RELATA_TESTS_AUDIENCE_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <utility>

#include "relata/crm/model.h"
#include "relata/crm/relation_number.h"
#include "src/store/store.h"
#include "tests/store/fixture.h"

namespace relata::audience {

inline Timestamp At(std::string_view text) { return Timestamp::Parse(text).value(); }

class AudienceStoreTest : public testing::Test {
 protected:
  AudienceStoreTest() {
    auto clock = std::make_shared<ManualClock>(At("2026-06-30T10:00:00Z"));
    Options options = store::test::SmallStore(std::move(clock));
    options.max_trees = 512;
    store_ = store::Store::Open(folder_.File(), std::move(options)).value();
    store_->AddNumbering({.entity = "relation", .field = "number", .make = [](int64_t count) {
                            return crm::MakeRelationNumber(crm::kFirstRelationSequence + count - 1);
                          }});
    const Status made = store_->ChangeSchema(
        [](schema::Catalogue& catalogue) { return catalogue.Apply(crm::ModelDeclarations()); });
    EXPECT_TRUE(made.ok()) << made;
  }

  template <class T>
  Id<T> Add(const T& entity) {
    Id<T> id;
    const Status added = store_->Update({}, [&](store::Transaction& tx) -> Status {
      RELATA_ASSIGN_OR_RETURN(id, store::test::Insert(tx, entity));
      return absl::OkStatus();
    });
    EXPECT_TRUE(added.ok()) << added;
    return id;
  }

  store::test::Folder folder_;
  std::shared_ptr<store::Store> store_;
};

}  // namespace relata::audience

#endif  // RELATA_TESTS_AUDIENCE_FIXTURE_H_
