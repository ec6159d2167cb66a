// Reads and writes archives: varints, bounded lengths, and the checked envelope around them.
#include "relata/schema/archive.h"

#include <cstring>

#include "relata/base/check.h"
#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"

namespace relata {
namespace {

constexpr size_t kMagicSize = 4;
constexpr size_t kHeaderSize = kMagicSize + sizeof(uint32_t) + 2 * sizeof(uint64_t);

}  // namespace

ArchiveWriter::ArchiveWriter() { PutUnsigned(uint32_t{this->get_library_version()}); }

void ArchiveWriter::PutUnsigned(uint64_t value) { PutVarint64(&bytes_, value); }
void ArchiveWriter::PutSigned(int64_t value) { PutVarint64(&bytes_, ZigZag(value)); }

void ArchiveWriter::save(const std::string& text) {
  PutUnsigned(text.size());
  bytes_ += text;
}

void ArchiveWriter::save_binary(const void* bytes, size_t count) {
  bytes_.append(static_cast<const char*>(bytes), count);
}

ArchiveReader::ArchiveReader(std::string_view bytes) : rest_(bytes) {
  const auto version = Integer<uint16_t>();
  if (version > boost::archive::BOOST_ARCHIVE_VERSION()) Fail();
  set_library_version(boost::serialization::library_version_type(version));
}

void ArchiveReader::Fail() {
  throw boost::archive::archive_exception(boost::archive::archive_exception::input_stream_error);
}

uint64_t ArchiveReader::TakeUnsigned() {
  uint64_t value = 0;
  if (!GetVarint64(&rest_, &value)) Fail();
  return value;
}

int64_t ArchiveReader::TakeSigned() { return UnZigZag(TakeUnsigned()); }

void ArchiveReader::load(std::string& text) {
  const uint64_t size = TakeUnsigned();
  if (size > rest_.size()) Fail();
  text.assign(rest_.substr(0, size));
  rest_.remove_prefix(size);
}

void ArchiveReader::load(boost::serialization::collection_size_type& size) {
  // An element takes a byte at least.
  const uint64_t count = TakeUnsigned();
  if (count > rest_.size()) Fail();
  size = boost::serialization::collection_size_type(count);
}

void ArchiveReader::load_override(boost::archive::class_name_type& name) {
  std::string text;
  load(text);
  if (text.size() >= BOOST_SERIALIZATION_MAX_KEY_SIZE) Fail();
  std::memcpy(name, text.c_str(), text.size() + 1);
}

void ArchiveReader::load_binary(void* bytes, size_t count) {
  if (count > rest_.size()) Fail();
  std::memcpy(bytes, rest_.data(), count);
  rest_.remove_prefix(count);
}

std::string SealArchive(std::string_view magic, uint32_t format, std::string_view body) {
  RELATA_CHECK(magic.size() == kMagicSize);
  std::string bytes(magic);
  AppendLE32(&bytes, format);
  AppendLE64(&bytes, body.size());
  AppendLE64(&bytes, Hash64(body, format));
  return bytes.append(body);
}

StatusOr<std::string_view> OpenArchive(std::string_view magic, uint32_t newest_format, std::string_view bytes,
                                       size_t max_size) {
  if (bytes.size() < kHeaderSize || bytes.substr(0, kMagicSize) != magic) {
    return absl::DataLossError(StrCat("does not begin with ", Quoted(magic)));
  }
  const uint32_t format = LoadLE32(bytes.data() + kMagicSize);
  const uint64_t size = LoadLE64(bytes.data() + kMagicSize + sizeof(uint32_t));
  const uint64_t checksum = LoadLE64(bytes.data() + kHeaderSize - sizeof(uint64_t));
  const std::string_view body = bytes.substr(kHeaderSize);
  if (size > max_size)
    return absl::DataLossError(StrCat("claims ", size, " bytes; at most ", max_size, " are possible"));
  if (size != body.size())
    return absl::DataLossError(StrCat("claims ", size, " bytes, but has ", body.size()));
  if (Hash64(body, format) != checksum) return absl::DataLossError("has a wrong checksum");
  if (format > newest_format) {
    return absl::FailedPreconditionError(StrCat("has format ", format,
                                                "; this version of the library reads formats up to ",
                                                newest_format, ", so use a newer one"));
  }
  if (format == 0) return absl::DataLossError("has format 0, which never was");
  return body;
}

}  // namespace relata
