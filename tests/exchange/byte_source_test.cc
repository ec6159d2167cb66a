// Checks ByteSource: plain, gzip in one and several members, and every way a gzip file can be broken.
#include "src/exchange/byte_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace relata::exchange {
namespace {

std::string Gzip(const std::string& text) {
  z_stream z = {};
  EXPECT_EQ(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&z, text.size()) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

// Text that does not pack into one input chunk.
std::string Noise(size_t size) {
  std::string text(size, '\0');
  uint64_t state = 1;
  for (char& c : text)
    c = static_cast<char>((state = state * 6364136223846793005u + 1442695040888963407u) >> 56);
  text[0] = 'x';
  return text;
}

StatusOr<std::string> ReadAll(StatusOr<std::unique_ptr<ByteSource>> source, size_t capacity = 1000) {
  if (!source.ok()) return source.status();
  std::string all, chunk(capacity, '\0');
  for (;;) {
    RELATA_ASSIGN_OR_RETURN(const size_t n, (*source)->Read(chunk.data(), chunk.size()));
    if (n == 0) break;
    all.append(chunk, 0, n);
  }
  const auto progress = (*source)->progress();
  EXPECT_EQ(progress.done, progress.total);
  RELATA_ASSIGN_OR_RETURN(const size_t after_end, (*source)->Read(chunk.data(), chunk.size()));
  EXPECT_EQ(after_end, 0u);
  return all;
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& bytes) : path_(testing::TempDir() + "byte_source_XXXXXX") {
    close(mkstemp(path_.data()));
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(ByteSource, ReadsStringsAndFilesAsTheyAre) {
  for (const std::string& text : {std::string(), std::string("a"), std::string("abc"), Noise(300000)}) {
    EXPECT_EQ(ReadAll(ByteSource::FromString(text)).value(), text);
    EXPECT_EQ(ReadAll(ByteSource::OpenFile(TemporaryFile(text).path())).value(), text);
  }
}

TEST(ByteSource, UnpacksGzip) {
  for (const std::string& text :
       {std::string(), std::string("a"), Noise(300000), std::string(3000000, 'a')}) {
    EXPECT_EQ(ReadAll(ByteSource::FromString(Gzip(text))).value(), text);
    EXPECT_EQ(ReadAll(ByteSource::OpenFile(TemporaryFile(Gzip(text)).path()), 1 << 20).value(), text);
  }
}

TEST(ByteSource, UnpacksMembersThatFollowEachOther) {
  const std::string noise = Noise(200000);
  const std::string packed = Gzip("one\n") + Gzip("") + Gzip(noise) + Gzip("three\n");
  EXPECT_EQ(ReadAll(ByteSource::FromString(packed)).value(), "one\n" + noise + "three\n");
  EXPECT_EQ(ReadAll(ByteSource::FromString(packed), 1).value(), "one\n" + noise + "three\n");
  EXPECT_EQ(ReadAll(ByteSource::FromString(Gzip("one") + std::string(70000, '\0'))).value(), "one");
}

TEST(ByteSource, ReportsACutOffGzipFileWhereverItIsCut) {
  const std::string packed = Gzip("a line of text\n") + Gzip("and another\n");
  const size_t first_member = Gzip("a line of text\n").size();
  for (size_t length = 2; length < packed.size(); ++length) {
    if (length == first_member) continue;
    const auto read = ReadAll(ByteSource::FromString(packed.substr(0, length), "x.gz"));
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss) << length;
    EXPECT_NE(std::string(read.status().message()).find("x.gz: the gzip file is cut off"), std::string::npos);
  }
}

TEST(ByteSource, ReportsDamageInsideGzip) {
  const std::string packed = Gzip(Noise(5000));
  for (size_t i : {size_t{2}, packed.size() / 2, packed.size() - 6, packed.size() - 1}) {
    std::string damaged = packed;
    damaged[i] ^= 0x41;
    EXPECT_EQ(ReadAll(ByteSource::FromString(damaged)).status().code(), absl::StatusCode::kDataLoss) << i;
  }
  EXPECT_EQ(ReadAll(ByteSource::FromString(Gzip("one") + "tail")).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(ByteSource, NamesTheFileItCannotOpen) {
  const auto missing = ByteSource::OpenFile("/nowhere/orders.csv");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(std::string(missing.status().message()).find("/nowhere/orders.csv"), std::string::npos);
  EXPECT_EQ(ByteSource::OpenFile(testing::TempDir()).status().code(), absl::StatusCode::kInvalidArgument);
  const auto spreadsheet = ByteSource::FromString("PK\x03\x04 and so on", "orders.xlsx");
  EXPECT_EQ(spreadsheet.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(spreadsheet.status().message()).find("save it as CSV"), std::string::npos);
}

TEST(ByteSource, ReadsAPipeWithoutKnowingItsSize) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "a,b\n", 4), 4);
  close(ends[1]);
  auto source = ByteSource::OpenFile("/dev/fd/" + std::to_string(ends[0])).value();
  close(ends[0]);
  char chunk[16];
  EXPECT_EQ(source->progress().total, 0u);
  EXPECT_EQ(source->Read(chunk, sizeof chunk).value(), 4u);
  EXPECT_EQ(source->Read(chunk, sizeof chunk).value(), 0u);
}

}  // namespace
}  // namespace relata::exchange
