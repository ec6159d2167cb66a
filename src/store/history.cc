// Writes and reads the earlier values of fields declared with `history`.
#include "src/store/history.h"

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/kv/cursor.h"

namespace relata::store {

namespace {

constexpr size_t kPrefixSize = 12;
constexpr size_t kKeySize = 20;
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
    const std::string_view value = at.value();
    const bool present = !value.empty() && value[0] == '\1';
    if (at.key().size() != kKeySize || value.empty() ||
        (present && !field.is_variable() && value.size() != 9)) {
      return absl::DataLossError(StrCat("the history of record ", id, ", field ", Quoted(field.name),
                                        " is damaged; run `relata check`, and restore a backup"));
    }
    HistoryEntry entry{.from = {static_cast<int64_t>(LoadBE64(at.key().data() + kPrefixSize) ^ kSignBit)},
                       .cell = {}};
    if (present) {
      entry.cell =
          field.is_variable() ? Cell::OfBytes(value.substr(1)) : Cell::OfBits(LoadLE64(value.data() + 1));
    }
    entries->push_back(entry);
  }
  return at.status();
}

}  // namespace relata::store
