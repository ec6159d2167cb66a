// Defines ImportTest, a fixture for tests that import small files: a folder of its own, a store in it, and a
// clock that stands still.
#ifndef RELATA_TESTS_EXCHANGE_IMPORT_FIXTURE_H_
#define RELATA_TESTS_EXCHANGE_IMPORT_FIXTURE_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/clock.h"
#include "relata/base/strings.h"
#include "relata/engine/database.h"
#include "relata/exchange/import.h"

namespace relata::exchange {

inline Options WithClock() {
  Options options;
  options.clock = std::make_shared<ManualClock>(Timestamp::Parse("2026-06-30T12:00:00Z").value());
  return options;
}

// Every record of every type, one per line; two stores with the same dump hold the same.
inline std::string Dump(const Database& db) {
  std::string text;
  const Snapshot now = db.Read().value();
  for (const EntityType& type : db.Schema()) {
    const Status status = now.ForEach(type.name, [&](const Record& record) {
      StrAppend(&text, type.name, " ", record.id(), ":");
      for (const auto& [name, value] : record.fields()) StrAppend(&text, " ", name, "=", value.ToString());
      text.push_back('\n');
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
  }
  return text;
}

class ImportTest : public testing::Test {
 protected:
  ImportTest() {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    folder_ = StrCat(testing::TempDir(), "import_", test.test_suite_name(), "_", test.name(), "/");
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    Reopen("store.relata");
  }
  ~ImportTest() override {
    db_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Reopen(std::string_view name, Options options = WithClock()) {
    db_.reset();
    StatusOr<Database> db = Database::Open(folder_ + std::string(name), std::move(options));
    ASSERT_TRUE(db.ok()) << db.status();
    db_ = std::make_unique<Database>(*std::move(db));
  }
  std::string Write(std::string_view name, std::string_view text) const {
    const std::string path = folder_ + std::string(name);
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  std::string Slurp(std::string_view name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ + std::string(name), std::ios::binary).rdbuf();
    return text.str();
  }

  // Imports all files of the folder that the mapping knows.
  StatusOr<ImportReport> Run(std::string_view mapping, ImportOptions options = {}) const {
    RELATA_ASSIGN_OR_RETURN(const ImportMapping parsed, ImportMapping::Parse(mapping, "map.json"));
    if (options.files.empty()) options.files = {folder_};
    options.rejects = folder_ + "rejects.txt";
    return Import(*db_->store(), parsed, options);
  }

  // The field of the record, as text; "none" where there is no such record.
  std::string Show(std::string_view entity, RecordId id, std::string_view field) const {
    const StatusOr<Record> record = db_->Read().value().Get(entity, id);
    if (!record.ok()) return "none";
    const Value* value = record->Find(field);
    return value == nullptr ? "no such field" : value->ToString();
  }
  uint64_t Count(std::string_view entity) const { return db_->Read().value().Count(entity).value(); }

  std::string folder_;
  std::unique_ptr<Database> db_;
};

}  // namespace relata::exchange

#endif  // RELATA_TESTS_EXCHANGE_IMPORT_FIXTURE_H_
