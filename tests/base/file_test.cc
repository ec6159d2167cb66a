// Tests of whole-file reading and atomic replacement, a full disk and racing readers among them.
#include "src/base/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <thread>

namespace relata {
namespace {

using testing::HasSubstr;

// A directory of its own for each test.
class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "relata-file-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~FileTest() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return (directory_ / name).string(); }
  size_t FileCount() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(directory_),
                                             std::filesystem::directory_iterator()));
  }

  std::filesystem::path directory_;
};

TEST_F(FileTest, WritesAndReadsBack) {
  const std::string path = Path("a");
  const std::string bytes = std::string("zero \0 and more", 15) + std::string(200'000, 'x');
  ASSERT_TRUE(WriteFileAtomically(path, bytes).ok());
  EXPECT_EQ(ReadFile(path, bytes.size()).value(), bytes);
  ASSERT_TRUE(WriteFileAtomically(path, "").ok());
  EXPECT_EQ(ReadFile(path, 0).value(), "");
  EXPECT_EQ(FileCount(), 1u);
}

TEST_F(FileTest, RefusesMoreThanTheLimit) {
  const std::string path = Path("a");
  ASSERT_TRUE(WriteFileAtomically(path, std::string(100'001, 'x')).ok());
  const Status status = ReadFile(path, 100'000).status();
  EXPECT_TRUE(absl::IsResourceExhausted(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr(path));
  EXPECT_THAT(std::string(status.message()), HasSubstr("100000"));
}

TEST_F(FileTest, ErrorsNamePathAndReason) {
  const Status status = ReadFile(Path("none"), 10).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr(Path("none")));
  EXPECT_THAT(std::string(status.message()), HasSubstr("No such file or directory"));
  EXPECT_FALSE(ReadFile(directory_.string(), 10).ok());
  EXPECT_TRUE(absl::IsNotFound(WriteFileAtomically(Path("none/a"), "x")));
}

TEST_F(FileTest, KeepsTheModeOfTheFileItReplaces) {
  const std::string path = Path("a");
  ASSERT_TRUE(WriteFileAtomically(path, "old").ok());
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  ASSERT_TRUE(WriteFileAtomically(path, "new").ok());
  struct stat info;
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0640u);
}

TEST_F(FileTest, AFailedReplacementLeavesTheOldFileAlone) {
  // A directory in the way makes the rename fail, after all was written.
  ASSERT_TRUE(std::filesystem::create_directories(directory_ / "a" / "b"));
  EXPECT_FALSE(WriteFileAtomically(Path("a"), "x").ok());
  EXPECT_TRUE(std::filesystem::is_directory(directory_ / "a" / "b"));
  EXPECT_EQ(FileCount(), 1u);
}

TEST_F(FileTest, AFullDiskLeavesTheOldFileAlone) {
  const std::string path = Path("a");
  ASSERT_TRUE(WriteFileAtomically(path, "old").ok());
  struct rlimit before;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small = {4096, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status status = WriteFileAtomically(path, std::string(10'000, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr("write: File too large"));
  EXPECT_EQ(ReadFile(path, 10).value(), "old");
  EXPECT_EQ(FileCount(), 1u);
}

TEST_F(FileTest, ReadersMeetOneVersionOrTheOther) {
  const std::string path = Path("a");
  ASSERT_TRUE(WriteFileAtomically(path, std::string(50'000, 'a')).ok());
  std::thread writer([&] {
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(WriteFileAtomically(path, std::string(50'000, static_cast<char>('b' + i))).ok());
    }
  });
  for (int i = 0; i < 200; ++i) {
    const StatusOr<std::string> bytes = ReadFile(path, 100'000);
    const std::string found = bytes.value_or("unreadable");
    EXPECT_EQ(found, std::string(50'000, found.front()));
  }
  writer.join();
}

TEST_F(FileTest, DescriptorsCloseOnce) {
  int number = -1;
  {
    FileDescriptor first = FileDescriptor::Open(Path("a"), O_CREAT | O_RDWR).value();
    number = first.get();
    EXPECT_NE(::fcntl(number, F_GETFD) & FD_CLOEXEC, 0);
    FileDescriptor second(std::move(first));
    EXPECT_FALSE(first.is_open());  // NOLINT(bugprone-use-after-move): that it is empty is the point
    EXPECT_EQ(second.get(), number);
    FileDescriptor third = FileDescriptor::Open(Path("b"), O_CREAT | O_RDWR).value();
    const int replaced = third.get();
    third = std::move(second);
    EXPECT_EQ(::fcntl(replaced, F_GETFD), -1);
    EXPECT_TRUE(third.Close(Path("a")).ok());
    EXPECT_EQ(::fcntl(number, F_GETFD), -1);
    EXPECT_TRUE(third.Close(Path("a")).ok());
  }
  EXPECT_EQ(::fcntl(number, F_GETFD), -1);
}

TEST(ErrnoStatusTest, ChoosesTheCode) {
  EXPECT_TRUE(absl::IsResourceExhausted(ErrnoStatus(ENOSPC, "write", "a")));
  EXPECT_TRUE(absl::IsPermissionDenied(ErrnoStatus(EACCES, "open", "a")));
  EXPECT_EQ(ErrnoStatus(ENOENT, "open", "a").message(), "'a': open: No such file or directory");
}

}  // namespace
}  // namespace relata
