// Tests that a store whose time zone cannot be read any more says so, and is still read.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/kv/child.h"
#include "tests/store/fixture.h"

namespace relata::store::test {
namespace {

using ::testing::HasSubstr;

constexpr char kZone[] = "Test/Zone";

std::string StoreIn(const std::string& folder) { return folder + "/zoned.relata"; }

// A process of its own: one that has loaded a zone keeps it.
KV_ROLE(MakeStoreInZone) {
  setenv("TZDIR", path.c_str(), /*overwrite=*/1);
  Options options = SmallStore(StandingClock());
  options.time_zone = kZone;
  const StatusOr<std::shared_ptr<Store>> store = Store::Open(StoreIn(path), options);
  if (!store.ok() || !(*store)->Register(Model()).ok()) return 1;
  const Status status =
      (*store)->Update({}, [](Transaction& tx) { return Insert(tx, Client{.code = "here"}).status(); });
  return status.ok() ? 0 : 1;
}

TEST(ZoneFileTest, ABrokenFileIsAnErrorOfWhatNeedsIt) {
  const std::filesystem::path zone("/usr/share/zoneinfo/Europe/Amsterdam");
  if (!std::filesystem::exists(zone)) GTEST_SKIP() << zone << " is not there: no zone to break";
  const Folder folder;
  const std::string zones = std::filesystem::path(folder.File()).parent_path().string();
  const std::string broken = zones + "/" + kZone;
  std::filesystem::create_directory(zones + "/Test");
  std::filesystem::copy_file(zone, broken);
  kv::Child child("MakeStoreInZone", zones);
  ASSERT_EQ(child.Wait(), 0);
  std::filesystem::resize_file(broken, 60);

  const char* const configured = std::getenv("TZDIR");
  const std::string before = configured == nullptr ? "" : configured;
  setenv("TZDIR", zones.c_str(), /*overwrite=*/1);
  const StatusOr<std::shared_ptr<Store>> store = Store::Open(StoreIn(zones), SmallStore(StandingClock()));
  ASSERT_TRUE(Ok(store));
  EXPECT_EQ((*store)->Read()->CountRows(*(*store)->schema()->Find("client")).value(), 1u);
  const Status written =
      (*store)->Update({}, [](Transaction& tx) { return Insert(tx, Client{.code = "more"}).status(); });
  EXPECT_TRUE(absl::IsNotFound(written));
  EXPECT_THAT(Text(written), HasSubstr("'Test/Zone'"));
  EXPECT_TRUE(absl::IsNotFound((*store)->Begin({}).status()));
  if (configured == nullptr) {
    unsetenv("TZDIR");
  } else {
    setenv("TZDIR", before.c_str(), /*overwrite=*/1);
  }
}

}  // namespace
}  // namespace relata::store::test
