// Files that are no whole store: each is refused with a status that tells which, and none is changed.
#include <gtest/gtest.h>
#include <lmdb.h>

#include <fstream>
#include <sstream>
#include <string>

#include "src/base/coding.h"
#include "src/kv/inspect.h"
#include "tests/kv/fixture.h"

namespace relata::kv {
namespace {

using ::testing::HasSubstr;

constexpr size_t kPage = 4096;
constexpr size_t kMetaBytes = 152;  // what a meta page uses

class DamageTest : public KvTest {
 protected:
  std::string Bytes() const {
    std::ostringstream bytes;
    bytes << std::ifstream(Path(), std::ios::binary).rdbuf();
    return bytes.str();
  }

  void Write(const std::string& bytes) const { std::ofstream(Path(), std::ios::binary) << bytes; }

  // A store with 200 rows in two commits, so that both meta pages are of use.
  std::string MakeStore() const {
    auto environment = Open();
    const Tree tree = MakeTree(*environment, "rows");
    EXPECT_TRUE(Ok(Update(*environment, [&](WriteTransaction& txn) -> Status {
      for (uint64_t id = 0; id < kRows; ++id) RELATA_RETURN_IF_ERROR(txn.Append(tree, IdKey(id), Row(id)));
      return absl::OkStatus();
    })));
    environment.reset();
    return Bytes();
  }

  static std::string Row(uint64_t id) { return StrCat("row ", id, " ", std::string(100, 'r')); }

  // Whether the store opens and has every row as it was written; a failure must be a status.
  static Status ReadAll(const std::string& path) {
    RELATA_ASSIGN_OR_RETURN(auto environment, Environment::Open(path, SmallMap()));
    RELATA_ASSIGN_OR_RETURN(const Tree tree, environment->FindTree("rows"));
    RELATA_ASSIGN_OR_RETURN(const ReadTransaction snapshot, environment->BeginRead());
    Cursor at(snapshot, tree);
    uint64_t count = 0;
    for (at.SeekFirst(); at.Valid(); at.Next(), ++count) {
      if (at.key() != std::string_view(IdKey(count)) || at.value() != Row(count)) {
        return absl::InternalError("a row was read wrong");
      }
    }
    RELATA_RETURN_IF_ERROR(at.status());
    return count == kRows ? absl::OkStatus() : absl::InternalError("rows are missing");
  }

  // Opens the file with these bytes: that must fail with this code and text, and leave the bytes alone.
  void ExpectRefused(const std::string& bytes, absl::StatusCode code, const std::string& text) const {
    Write(bytes);
    const Status status = Environment::Open(Path(), SmallMap()).status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_THAT(Text(status), HasSubstr(text));
    EXPECT_THAT(Text(status), HasSubstr(Path()));
    EXPECT_EQ(Bytes(), bytes);
    EXPECT_FALSE(std::filesystem::exists(Path() + "-lock"));
  }

  static constexpr uint64_t kRows = 200;
};

TEST_F(DamageTest, ForeignFilesAreRefusedAndLeftAlone) {
  constexpr auto kCode = absl::StatusCode::kInvalidArgument;
  ExpectRefused("customer;city\nJansen;Utrecht\n", kCode, "not a store");
  ExpectRefused("x", kCode, "not a store");
  ExpectRefused("SQLite format 3" + std::string(20000, '\0'), kCode, "not a store");
  ExpectRefused(std::string(1 << 20, 'x'), kCode, "not a store");
  ExpectRefused(std::string(1 << 20, '\0'), kCode, "not a store");
}

TEST_F(DamageTest, AnEmptyFileIsACutOne) {
  ExpectRefused("", absl::StatusCode::kDataLoss, "the file is empty");
}

TEST_F(DamageTest, AFileOfAnotherLmdbFormatIsRefused) {
  std::string bytes = MakeStore();
  std::filesystem::remove(Path() + "-lock");
  StoreLE32(&bytes[20], 2);
  StoreLE32(&bytes[kPage + 20], 2);
  ExpectRefused(bytes, absl::StatusCode::kInvalidArgument, "data format 2");
}

// Makes a file with LMDB as some other program might.
void MakeWithLmdb(const std::string& path, unsigned flags, const char* name) {
  MDB_env* env = nullptr;
  MDB_txn* txn = nullptr;
  MDB_dbi tree;
  MDB_val key{1, const_cast<char*>("k")}, value{1, const_cast<char*>("v")};
  ASSERT_EQ(mdb_env_create(&env), 0);
  ASSERT_EQ(mdb_env_set_maxdbs(env, 4), 0);
  ASSERT_EQ(mdb_env_open(env, path.c_str(), MDB_NOSUBDIR | MDB_NOLOCK, 0600), 0);
  ASSERT_EQ(mdb_txn_begin(env, nullptr, 0, &txn), 0);
  ASSERT_EQ(mdb_dbi_open(txn, name, flags | MDB_CREATE, &tree), 0);
  ASSERT_EQ(mdb_put(txn, tree, &key, &value, 0), 0);
  ASSERT_EQ(mdb_txn_commit(txn), 0);
  mdb_env_close(env);
}

TEST_F(DamageTest, OtherProgramsLmdbFilesAreRefusedAndLeftAlone) {
  const std::string plain = Path("plain"), duplicates = Path("duplicates"), main = Path("main");
  MakeWithLmdb(plain, 0, nullptr);                // records outside of trees
  MakeWithLmdb(duplicates, MDB_DUPSORT, "rows");  // a tree of another kind
  MakeWithLmdb(main, MDB_DUPSORT, nullptr);
  for (const std::string& path : {plain, duplicates, main}) {
    const auto bytes = [&path] {
      std::ostringstream text;
      text << std::ifstream(path, std::ios::binary).rdbuf();
      return text.str();
    };
    const std::string before = bytes();
    const Status status = Environment::Open(path, SmallMap()).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status) || absl::IsDataLoss(status)) << status;
    EXPECT_EQ(bytes(), before);
  }
}

TEST_F(DamageTest, ACutFileIsRefused) {
  const std::string bytes = MakeStore();
  std::filesystem::remove(Path() + "-lock");
  ASSERT_GT(bytes.size(), 6 * kPage);
  for (const size_t size : {bytes.size() - kPage, bytes.size() - 1, bytes.size() / 2, 3 * kPage, 2 * kPage,
                            kPage + 1, kPage, kMetaBytes}) {
    ExpectRefused(bytes.substr(0, size), absl::StatusCode::kDataLoss, "cut off");
  }
  Write(bytes);
  EXPECT_TRUE(Ok(ReadAll(Path())));
}

TEST_F(DamageTest, AFlippedByteInAMetaPageIsNoticedOrHarmless) {
  const std::string bytes = MakeStore();
  std::fstream file(Path(), std::ios::binary | std::ios::in | std::ios::out);
  const auto set = [&file](size_t at, char value) {
    file.seekp(static_cast<std::streamoff>(at)).put(value).flush();
  };
  int noticed = 0;
  for (size_t page = 0; page < 2; ++page) {
    for (size_t byte = 0; byte < kMetaBytes; ++byte) {
      const size_t at = page * kPage + byte;
      for (const char flip : {'\x01', '\x80', '\xff'}) {
        set(at, static_cast<char>(bytes[at] ^ flip));
        const Status status = ReadAll(Path());
        EXPECT_TRUE(status.ok() || absl::IsDataLoss(status))
            << "page " << page << " byte " << byte << ": " << status;
        noticed += !status.ok();
        set(at, bytes[at]);
      }
    }
  }
  // In both pages the bytes of magic, format, address, page size, flags, depth, transaction and last page
  // decide, and in the newer one those of the roots. The rest is counts that nobody steers by, and reserved
  // space.
  EXPECT_GT(noticed, 3 * (2 * 40 + 16));
}

// A commit that gives back pages which it had just taken at the end of the file never writes them, so a whole
// file can be much shorter than its last page number says. The tree of free pages tells it from a cut one.
TEST_F(DamageTest, AFileWhoseLastPagesAreFreeIsWhole) {
  MakeStore();
  {
    auto environment = Open();
    const Tree tree = *environment->FindTree("rows");
    // Leaves free pages in the middle of the file, for what the next commit does write.
    for (int round = 0; round < 8; ++round) {
      for (uint64_t id = 0; id < kRows; id += 40)
        ASSERT_TRUE(Ok(PutOne(*environment, tree, IdKey(id), Row(id))));
    }
    ASSERT_TRUE(Ok(Update(*environment, [&](WriteTransaction& txn) -> Status {
      RELATA_RETURN_IF_ERROR(txn.Put(tree, "large", std::string(100 * kPage, 'l')));
      return txn.Delete(tree, "large");
    })));
    const auto stats = environment->GetStats();
    ASSERT_LT(stats->file_size + 90 * kPage, stats->used_size);
  }
  EXPECT_TRUE(Ok(ReadAll(Path())));
  const std::string bytes = Bytes();
  ASSERT_TRUE(Ok((*Environment::Open(Path(), SmallMap()))->Backup(Path("copy"), /*compact=*/false)));
  EXPECT_TRUE(Ok(ReadAll(Path("copy"))));
  std::filesystem::remove(Path() + "-lock");
  ExpectRefused(bytes.substr(0, bytes.size() - 8 * kPage), absl::StatusCode::kDataLoss, "cut off");
}

TEST_F(DamageTest, NetworkFileSystemsAreKnownByTheirNumber) {
  EXPECT_STREQ(NetworkFileSystem(0x6969), "NFS");
  EXPECT_STREQ(NetworkFileSystem(0xFF534D42), "SMB");
  EXPECT_STREQ(NetworkFileSystem(0x01021997), "9P");
  EXPECT_EQ(NetworkFileSystem(0xEF53), nullptr);      // ext4
  EXPECT_EQ(NetworkFileSystem(0x58465342), nullptr);  // XFS
  EXPECT_EQ(NetworkFileSystem(0x01021994), nullptr);  // tmpfs
  EXPECT_TRUE(Ok(CheckFileSystem(folder_.string())));
}

}  // namespace
}  // namespace relata::kv
