// Defines what tests of this room share: a database of the CRM model in a folder of its own, which goes with
// it, and a clock that stands until the test moves it.
#ifndef RELATA_TESTS_ENGINE_FIXTURE_H_
#define RELATA_TESTS_ENGINE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/check.h"
#include "relata/relata.h"

namespace relata {

class EngineTest : public testing::Test {
 protected:
  explicit EngineTest(std::string_view now = "2026-01-15T10:00:00Z") {
    std::string name = (std::filesystem::temp_directory_path() / "relata-engine-XXXXXX").string();
    RELATA_CHECK(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    SetClock(now);
    Reopen();
  }
  ~EngineTest() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Over the same file and clock.
  std::unique_ptr<Database> Open() const {
    Options options;
    options.map_size = 256 << 20;
    options.durability = Durability::kUnsafe;
    options.clock = clock_;
    return std::make_unique<Database>(Database::Open(folder_ + "/crm.relata", options).value());
  }
  void Reopen() {
    database_.reset();
    database_ = Open();
  }
  void SetClock(std::string_view at) { clock_->Set(Timestamp::Parse(at).value()); }

  void Define(std::string_view name, std::string_view expression, std::string_view entity = "relation") {
    const Status status = DefineSegment(database_.get(), name, entity, expression);
    ASSERT_TRUE(status.ok()) << status;
  }
  std::vector<RecordId> MembersNow(std::string_view segment) const {
    const Snapshot now = database_->Read().value();
    const StatusOr<Members> members = MembersOf(now, segment);
    EXPECT_TRUE(members.ok()) << members.status();
    return members.ok() ? members->ToVector() : std::vector<RecordId>();
  }

  std::string folder_;
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
  std::unique_ptr<Database> database_;
};

}  // namespace relata

#endif  // RELATA_TESTS_ENGINE_FIXTURE_H_
