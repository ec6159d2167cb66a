// Defines what the tests of this room share: a folder that goes away again, and a small store in it.
#ifndef RELATA_TESTS_KV_FIXTURE_H_
#define RELATA_TESTS_KV_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/kv/cursor.h"
#include "src/kv/environment.h"
#include "src/kv/error.h"
#include "tests/base/ok.h"

namespace relata::kv {

// The text of a status, for EXPECT_THAT(…, HasSubstr(…)).
inline std::string Text(const Status& status) { return status.ToString(); }

using relata::Ok;

inline OpenOptions SmallMap() {
  OpenOptions options;
  options.create = true;
  options.map_size = 16 << 20;
  return options;
}

class KvTest : public testing::Test {
 protected:
  KvTest() {
    std::string name = (std::filesystem::temp_directory_path() / "relata-kv-XXXXXX").string();
    RELATA_CHECK(mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ~KvTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name = "store.relata") const { return (folder_ / name).string(); }

  std::shared_ptr<Environment> Open(const OpenOptions& options = SmallMap()) const {
    auto environment = Environment::Open(Path(), options);
    EXPECT_TRUE(Ok(environment));
    return environment.ok() ? *environment : nullptr;
  }

  std::filesystem::path folder_;
};

// Commits one change; returns what failed first.
template <typename Change>
Status Update(Environment& environment, Change change) {
  RELATA_ASSIGN_OR_RETURN(WriteTransaction txn, environment.BeginWrite());
  RELATA_RETURN_IF_ERROR(change(txn));
  return txn.Commit();
}

// The tree of this name, made in a commit of its own if there is none.
inline Tree MakeTree(Environment& environment, std::string_view name) {
  Tree tree;
  EXPECT_TRUE(Ok(Update(environment, [&](WriteTransaction& txn) -> Status {
    RELATA_ASSIGN_OR_RETURN(tree, environment.OpenTree(&txn, name));
    return absl::OkStatus();
  })));
  return tree;
}

inline Status PutOne(Environment& environment, Tree tree, std::string_view key, std::string_view value) {
  return Update(environment, [&](WriteTransaction& txn) { return txn.Put(tree, key, value); });
}

// The value as text, or "(none)".
inline std::string ValueOf(const Transaction& txn, Tree tree, std::string_view key) {
  std::string_view value;
  const bool found = txn.Find(tree, key, &value);
  EXPECT_TRUE(Ok(txn.status()));
  return found ? std::string(value) : "(none)";
}

inline std::string ValueNow(Environment& environment, Tree tree, std::string_view key) {
  auto snapshot = environment.BeginRead();
  EXPECT_TRUE(Ok(snapshot));
  return snapshot.ok() ? ValueOf(*snapshot, tree, key) : "(no snapshot)";
}

}  // namespace relata::kv

#endif  // RELATA_TESTS_KV_FIXTURE_H_
