// Defines what the tests of this room share: a folder that goes away again, a small store in it with the test
// model, and short ways to write and read it.
#ifndef RELATA_TESTS_STORE_FIXTURE_H_
#define RELATA_TESTS_STORE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/store/check.h"
#include "src/store/store.h"
#include "tests/base/ok.h"
#include "tests/store/test_model.h"

namespace relata::store::test {

using relata::Ok;
inline std::string Text(const Status& status) { return status.ToString(); }

// What a reader is told of the store: every row by type and id with its fields, but for the one named
// `without`; or why it could not be read.
inline std::string Everything(const Reader& reader, std::string_view without = "") {
  std::string text;
  for (const TypeRuntime* type : reader.schema().types()) {
    RowCursor at(reader, *type);
    for (; at.Valid(); at.Next()) {
      const StatusOr<Record> record = reader.ToRecord(*type, at.id(), at.row());
      if (!record.ok()) return Text(record.status());
      text += StrCat(type->type->name, " ", at.id());
      for (const auto& [name, value] : record->fields()) {
        if (name != without) text += StrCat(" ", name, "=", value.ToString());
      }
      text += "\n";
    }
    if (!at.status().ok()) return Text(at.status());
  }
  return text;
}

// Whether the long runs are asked for.
inline bool FullRun() { return std::getenv("RELATA_FULL") != nullptr; }

// A folder of its own under the system's temporary one.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "relata-store-XXXXXX").string();
    RELATA_CHECK(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name = "store.relata") const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// Options for tests: a small map, a clock that stands still, no waiting for the disk (a test that needs the
// disk asks).
inline Options SmallStore(std::shared_ptr<Clock> clock) {
  Options options;
  options.map_size = 32 << 20;
  options.max_trees = 256;
  options.durability = Durability::kUnsafe;
  options.clock = std::move(clock);
  return options;
}

inline std::shared_ptr<ManualClock> StandingClock() {
  return std::make_shared<ManualClock>(Timestamp::Parse("2026-06-30T10:00:00Z").value());
}

template <Entity T>
StatusOr<Id<T>> Insert(Transaction& tx, const T& entity) {
  RELATA_ASSIGN_OR_RETURN(const RecordId id, tx.Insert(DeclarationOf<T>(), &entity));
  return Id<T>(id);
}
template <Entity T>
Status Change(Transaction& tx, const T& entity) {
  return tx.Update(DeclarationOf<T>(), &entity);
}
template <Entity T>
Status Erase(Transaction& tx, Id<T> id) {
  return tx.Delete(*tx.schema().Find(DeclarationOf<T>().name), id.value);
}
template <Entity T>
StatusOr<T> Load(const Reader& reader, Id<T> id) {
  RELATA_ASSIGN_OR_RETURN(const StructBinding* binding, reader.schema().Bind(DeclarationOf<T>()));
  RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(*reader.schema().Find(binding->type()), id.value));
  T entity{};
  RELATA_RETURN_IF_ERROR(binding->FromRow(row, id.value, &entity));
  return entity;
}
template <Entity T>
uint64_t Count(const Reader& reader) {
  return reader.CountRows(*reader.schema().Find(DeclarationOf<T>().name)).value();
}

// The findings of a check, one a line; empty for a store that is well.
inline std::string Findings(Store* store) {
  const StatusOr<CheckReport> report = CheckStore(store, {});
  if (!report.ok()) return Text(report.status());
  std::string text;
  for (const Finding& finding : report->findings) {
    text += StrCat(FindingKindName(finding.kind), " ", finding.entity, " ", finding.record, ": ",
                   finding.what, "\n");
  }
  return text;
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() { Reopen(); }

  void Reopen() {
    store_.reset();
    StatusOr<std::shared_ptr<Store>> opened = Store::Open(folder_.File(), SmallStore(clock_));
    ASSERT_TRUE(Ok(opened));
    store_ = *std::move(opened);
    ASSERT_TRUE(Ok(store_->Register(Model())));
  }

  template <Entity T>
  Id<T> Add(const T& entity) {
    Id<T> id;
    EXPECT_TRUE(Ok(store_->Update({}, [&](Transaction& tx) -> Status {
      RELATA_ASSIGN_OR_RETURN(id, Insert(tx, entity));
      return absl::OkStatus();
    })));
    return id;
  }
  Id<Client> AddClient(const std::string& code, const std::string& name = "") {
    return Add(Client{.code = code, .name = name});
  }
  template <Entity T>
  T Now(Id<T> id) {
    const StatusOr<Snapshot> now = store_->Read();
    EXPECT_TRUE(Ok(now));
    StatusOr<T> entity = Load(*now, id);
    EXPECT_TRUE(Ok(entity));
    return entity.ok() ? *std::move(entity) : T{};
  }
  template <Entity T>
  uint64_t CountNow() {
    return Count<T>(*store_->Read());
  }
  Status Update(Store::Closure closure) { return store_->Update({}, closure); }

  Folder folder_;
  std::shared_ptr<ManualClock> clock_ = StandingClock();
  std::shared_ptr<Store> store_;
};

}  // namespace relata::store::test

#endif  // RELATA_TESTS_STORE_FIXTURE_H_
