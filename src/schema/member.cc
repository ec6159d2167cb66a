// The bytes of sets.
#include "relata/schema/member.h"

#include <string>
#include <string_view>
#include <vector>

#include "src/base/coding.h"

namespace relata {

void EncodeTextSet(const std::vector<std::string>& texts, std::string* bytes) {
  for (const std::string& text : texts) {
    PutVarint64(bytes, text.size());
    bytes->append(text);
  }
}

bool DecodeTextSet(std::string_view bytes, std::vector<std::string>* texts) {
  texts->clear();
  std::vector<std::string> found;
  while (!bytes.empty()) {
    uint64_t length = 0;
    if (!GetVarint64(&bytes, &length) || length > bytes.size()) return false;
    const std::string_view text = bytes.substr(0, length);
    if (!found.empty() && text <= found.back()) return false;
    found.emplace_back(text);
    bytes.remove_prefix(length);
  }
  *texts = std::move(found);
  return true;
}

void EncodeReferenceSet(const std::vector<RecordId>& ids, std::string* bytes) {
  for (RecordId id : ids) AppendLE64(bytes, id);
}

bool DecodeReferenceSet(std::string_view bytes, std::vector<RecordId>* ids) {
  ids->clear();
  if (bytes.size() % sizeof(RecordId) != 0) return false;
  std::vector<RecordId> found;
  found.reserve(bytes.size() / sizeof(RecordId));
  RecordId last = 0;
  for (size_t at = 0; at < bytes.size(); at += sizeof(RecordId)) {
    const RecordId id = LoadLE64(bytes.data() + at);
    if (id <= last || id > kMaxRecordId) return false;
    found.push_back(last = id);
  }
  *ids = std::move(found);
  return true;
}

}  // namespace relata
