// Cursors to text and back.
#include "src/query/cursor_text.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"

namespace relata::query {

namespace {

constexpr char kVersion = 1;
constexpr size_t kHeaderBytes = 1 + sizeof(uint64_t);
constexpr size_t kChecksumBytes = sizeof(uint32_t);

Status NoCursor(std::string_view text) {
  return absl::InvalidArgumentError(
      StrCat("the cursor ", Quoted(text), " is damaged; pass on NextCursor() as it was given"));
}

}  // namespace

std::string EncodeCursor(uint64_t fingerprint, const CursorPlace& place) {
  std::string bytes(1, kVersion);
  AppendLE64(&bytes, fingerprint);
  for (const OwnedDatum& value : place.values) {
    bytes.push_back(value.present ? '\1' : '\0');
    if (!value.present) continue;
    PutVarint64(&bytes, value.bits);
    PutVarint64(&bytes, value.bytes.size());
    bytes.append(value.bytes);
  }
  PutVarint64(&bytes, place.id);
  AppendLE32(&bytes, Checksum32(bytes, place.id));
  return absl::WebSafeBase64Escape(ToAbsl(bytes));
}

StatusOr<CursorPlace> DecodeCursor(std::string_view text, uint64_t fingerprint, size_t terms) {
  std::string decoded;
  if (!absl::WebSafeBase64Unescape(ToAbsl(text), &decoded)) return NoCursor(text);
  std::string_view bytes = decoded;
  if (bytes.size() < kHeaderBytes + kChecksumBytes) return NoCursor(text);
  if (bytes.front() != kVersion) {
    return absl::InvalidArgumentError(
        "the cursor was made by another version of the library; begin again without one");
  }
  const std::string_view summed = bytes.substr(0, bytes.size() - kChecksumBytes);
  const uint32_t checksum = LoadLE32(bytes.data() + summed.size());
  if (LoadLE64(bytes.data() + 1) != fingerprint) {
    return absl::InvalidArgumentError(
        "the cursor belongs to another query; entity, condition, parameters and order must be those of the "
        "query that gave it");
  }
  bytes = summed.substr(kHeaderBytes);
  CursorPlace place;
  for (size_t i = 0; i < terms; ++i) {
    if (bytes.empty()) return NoCursor(text);
    OwnedDatum value;
    value.present = bytes.front() != '\0';
    bytes.remove_prefix(1);
    if (value.present) {
      uint64_t size = 0;
      if (!GetVarint64(&bytes, &value.bits) || !GetVarint64(&bytes, &size) || size > bytes.size()) {
        return NoCursor(text);
      }
      value.bytes = std::string(bytes.substr(0, size));
      bytes.remove_prefix(size);
    }
    place.values.push_back(std::move(value));
  }
  if (!GetVarint64(&bytes, &place.id) || !bytes.empty() || place.id == 0 || place.id > kMaxRecordId ||
      checksum != Checksum32(summed, place.id)) {
    return NoCursor(text);
  }
  return place;
}

}  // namespace relata::query
