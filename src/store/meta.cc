// Reads and writes the facts about a store that are not records.
#include "src/store/meta.h"

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"

namespace relata::store {

namespace {

constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kCatalogueKey = "catalogue";
constexpr std::string_view kVersionKey = "version";
constexpr std::string_view kStateKey = "state";
constexpr std::string_view kSegmentsKey = "segments";
constexpr std::string_view kMagic = "relata store";

Status Damaged(std::string_view key) {
  return absl::DataLossError(StrCat("the store's ", Quoted(key), " entry is damaged; restore a backup"));
}

}  // namespace

Status WriteFormat(kv::WriteTransaction* txn, kv::Tree meta) {
  std::string value(kMagic);
  value.resize(kMagic.size() + 4);
  StoreLE32(value.data() + kMagic.size(), kStoreFormat);
  return txn->Put(meta, kFormatKey, value);
}

Status CheckFormat(const kv::Transaction& txn, kv::Tree meta, std::string_view path) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string_view> value, txn.Get(meta, kFormatKey));
  if (!value || value->size() != kMagic.size() + 4 || !value->starts_with(kMagic)) {
    return absl::InvalidArgumentError(StrCat(
        path, ": an LMDB file, but not a Relata store; give the path of a store, or of a file that does not ",
        "exist yet"));
  }
  const uint32_t format = LoadLE32(value->data() + kMagic.size());
  if (format > kStoreFormat) {
    return absl::FailedPreconditionError(StrCat(path, ": written by a newer Relata (store format ", format,
                                                "; this one reads up to ", kStoreFormat,
                                                "); upgrade this program"));
  }
  return absl::OkStatus();
}

StatusOr<State> ReadState(const kv::Transaction& txn, kv::Tree meta) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string_view> value, txn.Get(meta, kStateKey));
  if (!value) return State{};
  if (value->size() != 28 || LoadLE32(value->data() + 24) != Checksum32(value->substr(0, 24), 0)) {
    return Damaged(kStateKey);
  }
  return State{.epoch = LoadLE64(value->data()),
               .sequence = LoadLE64(value->data() + 8),
               .last_now = Timestamp{static_cast<int64_t>(LoadLE64(value->data() + 16))}};
}

Status WriteState(kv::WriteTransaction* txn, kv::Tree meta, const State& state) {
  char bytes[28];
  StoreLE64(bytes, state.epoch);
  StoreLE64(bytes + 8, state.sequence);
  StoreLE64(bytes + 16, static_cast<uint64_t>(state.last_now.micros));
  StoreLE32(bytes + 24, Checksum32(std::string_view(bytes, 24), 0));
  return txn->Put(meta, kStateKey, std::string_view(bytes, sizeof bytes));
}

StatusOr<uint64_t> ReadCatalogueVersion(const kv::Transaction& txn, kv::Tree meta) {
  std::string_view value;
  if (!txn.Find(meta, kVersionKey, &value)) {
    RELATA_RETURN_IF_ERROR(txn.status());
    return 0;
  }
  if (value.size() != 8) return Damaged(kVersionKey);
  return LoadLE64(value.data());
}

StatusOr<std::string> ReadCatalogue(const kv::Transaction& txn, kv::Tree meta) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string_view> value, txn.Get(meta, kCatalogueKey));
  if (!value) return Damaged(kCatalogueKey);
  return std::string(*value);
}

Status WriteCatalogue(kv::WriteTransaction* txn, kv::Tree meta, uint64_t version, std::string_view bytes) {
  char buffer[8];
  StoreLE64(buffer, version);
  RELATA_RETURN_IF_ERROR(txn->Put(meta, kVersionKey, std::string_view(buffer, sizeof buffer)));
  return txn->Put(meta, kCatalogueKey, bytes);
}

StatusOr<uint64_t> ReadCounter(const kv::Transaction& txn, kv::Tree meta, std::string_view key) {
  RELATA_ASSIGN_OR_RETURN(const std::optional<std::string_view> value, txn.Get(meta, key));
  if (!value) return 1;
  if (value->size() != 12) return Damaged(key);
  const uint64_t next = LoadBE64(value->data());
  // The checksum is mixed with the key, so that one counter is not taken for another.
  if (LoadLE32(value->data() + 8) != Checksum32(key, next)) return Damaged(key);
  return next;
}

Status WriteCounter(kv::WriteTransaction* txn, kv::Tree meta, std::string_view key, uint64_t next) {
  char buffer[12];
  StoreBE64(buffer, next);
  StoreLE32(buffer + 8, Checksum32(key, next));
  return txn->Put(meta, key, std::string_view(buffer, sizeof buffer));
}

std::string NextIdKey(EntityTypeId type) {
  std::string key = "id";
  key.push_back(static_cast<char>(type >> 8));
  key.push_back(static_cast<char>(type));
  return key;
}

std::string SequenceKey(std::string_view name) { return StrCat("seq", name); }

StatusOr<std::optional<uint64_t>> ReadSegmentsCheckpoint(const kv::Transaction& txn, kv::Tree meta) {
  std::string_view value;
  if (!txn.Find(meta, kSegmentsKey, &value)) {
    RELATA_RETURN_IF_ERROR(txn.status());
    return std::nullopt;
  }
  if (value.size() != 12) return Damaged(kSegmentsKey);
  const uint64_t sequence = LoadLE64(value.data());
  if (LoadLE32(value.data() + 8) != Checksum32(kSegmentsKey, sequence)) return Damaged(kSegmentsKey);
  return sequence;
}

Status WriteSegmentsCheckpoint(kv::WriteTransaction* txn, kv::Tree meta, uint64_t sequence) {
  char buffer[12];
  StoreLE64(buffer, sequence);
  StoreLE32(buffer + 8, Checksum32(kSegmentsKey, sequence));
  return txn->Put(meta, kSegmentsKey, std::string_view(buffer, sizeof buffer));
}

}  // namespace relata::store
