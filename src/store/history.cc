// Writes and reads the earlier values of fields declared with `history`.
#include "src/store/history.h"

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"
#include "src/kv/cursor.h"

namespace relata::store {

namespace {

constexpr size_t kPrefixSize = 12;
constexpr size_t kKeySize = 20;
constexpr size_t kChecksumSize = 4;
constexpr uint64_t kSignBit = uint64_t{1} << 63;

void WritePrefix(EntityTypeId type, RecordId id, FieldId slot, char* key) {
  StoreBE16(key, type);
  StoreBE64(key + 2, id);
  StoreBE16(key + 10, slot);
}

}  // namespace

Status PutHistory(kv::WriteTransaction* txn, kv::Tree tree, EntityTypeId type, RecordId id,
                  const Field& field, Timestamp from, const Cell& cell) {
  char key[kKeySize];
  WritePrefix(type, id, field.id, key);
  StoreBE64(key + kPrefixSize, static_cast<uint64_t>(from.micros) ^ kSignBit);
  std::string value(1, cell.present ? '\1' : '\0');
  if (cell.present && field.is_variable()) {
    value.append(cell.bytes);
  } else if (cell.present) {
    AppendLE64(&value, cell.bits);
  }
  AppendLE32(&value, Checksum32(value, Hash64(std::string_view(key, sizeof key))));
  return txn->Put(tree, std::string_view(key, sizeof key), value);
}

Status ReadHistory(const kv::Transaction& txn, kv::Tree tree, EntityTypeId type, RecordId id,
                   const Field& field, std::vector<HistoryEntry>* entries) {
  entries->clear();
  char prefix_bytes[kPrefixSize];
  WritePrefix(type, id, field.id, prefix_bytes);
  const std::string_view prefix(prefix_bytes, sizeof prefix_bytes);
  kv::Cursor at(txn, tree);
  for (at.Seek(prefix); at.Valid() && at.key().starts_with(prefix); at.Next()) {
    HistoryEntry entry;
    if (!ParseHistory(at.key(), at.value(), field, &entry)) {
      return absl::DataLossError(StrCat("the history of record ", id, ", field ", Quoted(field.name),
                                        " is damaged; run `relata check`, and restore a backup"));
    }
    entries->push_back(entry);
  }
  return at.status();
}

bool ParseHistory(std::string_view key, std::string_view value, const Field& field, HistoryEntry* entry) {
  if (key.size() != kKeySize || value.size() < 1 + kChecksumSize) return false;
  const std::string_view body = value.substr(0, value.size() - kChecksumSize);
  if (LoadLE32(value.data() + body.size()) != Checksum32(body, Hash64(key))) return false;
  const bool present = body[0] == '\1';
  if (present && !field.is_variable() && body.size() != 9) return false;
  entry->from = Timestamp{static_cast<int64_t>(LoadBE64(key.data() + kPrefixSize) ^ kSignBit)};
  entry->cell = !present              ? Cell::Absent()
                : field.is_variable() ? Cell::OfBytes(body.substr(1))
                                      : Cell::OfBits(LoadLE64(body.data() + 1));
  return true;
}

}  // namespace relata::store
