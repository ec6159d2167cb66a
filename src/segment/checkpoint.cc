// Reads and writes the tree of the segments' members.
#include "src/segment/checkpoint.h"

#include <string>
#include <string_view>

#include "relata/base/strings.h"
#include "relata/base/time.h"
#include "src/base/coding.h"
#include "src/base/hash.h"
#include "src/base/text.h"
#include "src/kv/cursor.h"

namespace relata::segment {

namespace {

constexpr std::string_view kRoundKey("\0", 1);
constexpr std::string_view kVersionsKey("\0\0", 2);
constexpr size_t kHeadKey = 4;
constexpr size_t kChunkKey = 12;
constexpr size_t kHeadBytes = 17;
constexpr size_t kRoundBytes = 24;

std::string KeyOf(uint32_t segment) {
  std::string key(kHeadKey, '\0');
  StoreBE32(key.data(), segment);
  return key;
}

std::string KeyOf(uint32_t segment, uint64_t chunk) {
  std::string key(kChunkKey, '\0');
  StoreBE32(key.data(), segment);
  StoreBE64(key.data() + kHeadKey, chunk);
  return key;
}

Status PutSealed(kv::WriteTransaction* txn, kv::Tree tree, std::string_view key, std::string value) {
  const uint32_t checksum = Checksum32(value, Hash64(key));
  value.resize(value.size() + 4);
  StoreLE32(value.data() + value.size() - 4, checksum);
  return txn->Put(tree, key, value);
}

// Takes the checksum off; false if it does not match.
bool Unseal(std::string_view key, std::string_view* value) {
  if (value->size() < 4) return false;
  const std::string_view body = value->substr(0, value->size() - 4);
  if (LoadLE32(value->data() + body.size()) != Checksum32(body, Hash64(key))) return false;
  *value = body;
  return true;
}

Status Damaged(uint32_t segment) {
  return absl::DataLossError(StrCat("the members of segment ", segment,
                                    " are damaged in the file; the next commit has them computed anew"));
}

// One entry of a segment.
bool Take(std::string_view key, std::string_view value, SegmentState* state) {
  if (!Unseal(key, &value)) return false;
  if (key.size() == kChunkKey) return state->bits.DecodeChunk(LoadBE64(key.data() + kHeadKey), value);
  if (key.size() != kHeadKey || value.size() != kHeadBytes) return false;
  state->folded.micros = static_cast<int64_t>(LoadLE64(value.data()));
  state->pending = LoadLE64(value.data() + 8);
  state->pending_cause = static_cast<Cause>(value[16]);
  return true;
}

}  // namespace

StatusOr<std::optional<CheckpointRound>> ReadRound(const kv::Transaction& txn, kv::Tree tree) {
  std::string_view value;
  if (!txn.Find(tree, kRoundKey, &value)) {
    RELATA_RETURN_IF_ERROR(txn.status());
    return std::nullopt;
  }
  // One that cannot be read is begun again.
  if (!Unseal(kRoundKey, &value) || value.size() != kRoundBytes) return std::nullopt;
  return CheckpointRound{.target = LoadLE64(value.data()),
                         .segment = LoadLE64(value.data() + 8),
                         .chunk = LoadLE64(value.data() + 16)};
}

Status WriteRound(kv::WriteTransaction* txn, kv::Tree tree, const CheckpointRound& round) {
  std::string value(kRoundBytes, '\0');
  StoreLE64(value.data(), round.target);
  StoreLE64(value.data() + 8, round.segment);
  StoreLE64(value.data() + 16, round.chunk);
  return PutSealed(txn, tree, kRoundKey, std::move(value));
}

Status EraseRound(kv::WriteTransaction* txn, kv::Tree tree) { return txn->Delete(tree, kRoundKey); }

Status ReadState(const kv::Transaction& txn, kv::Tree tree, uint32_t segment, SegmentState* state) {
  const std::string first = KeyOf(segment);
  kv::Cursor at(txn, tree);
  for (at.Seek(first); at.Valid() && at.key().starts_with(first); at.Next()) {
    if (!Take(at.key(), at.value(), state)) return Damaged(segment);
  }
  return at.status();
}

Status ReadStates(const kv::Transaction& txn, kv::Tree tree,
                  absl::FunctionRef<StatusOr<SegmentState*>(uint32_t segment)> state_of,
                  std::set<uint32_t>* damaged) {
  uint32_t segment = 0;
  SegmentState* state = nullptr;
  kv::Cursor at(txn, tree);
  for (at.Seek(KeyOf(1)); at.Valid(); at.Next()) {
    if (at.key().size() < kHeadKey) {
      return absl::DataLossError("the members of segments are damaged in the file; restore a backup");
    }
    if (state == nullptr || LoadBE32(at.key().data()) != segment) {
      segment = LoadBE32(at.key().data());
      RELATA_ASSIGN_OR_RETURN(state, state_of(segment));
    }
    if (!Take(at.key(), at.value(), state)) damaged->insert(segment);
  }
  return at.status();
}

Status WriteHead(kv::WriteTransaction* txn, kv::Tree tree, uint32_t segment, const SegmentState& state) {
  std::string value(kHeadBytes, '\0');
  StoreLE64(value.data(), static_cast<uint64_t>(state.folded.micros));
  StoreLE64(value.data() + 8, state.pending);
  value[16] = static_cast<char>(state.pending_cause);
  return PutSealed(txn, tree, KeyOf(segment), std::move(value));
}

Status WriteChunk(kv::WriteTransaction* txn, kv::Tree tree, uint32_t segment, const MemberSet& members,
                  uint64_t number, size_t* bytes) {
  const std::string key = KeyOf(segment, number);
  std::string value = members.EncodeChunk(number);
  *bytes += key.size() + value.size();
  return value.empty() ? txn->Delete(tree, key) : PutSealed(txn, tree, key, std::move(value));
}

Status EraseSegment(kv::WriteTransaction* txn, kv::Tree tree, uint32_t segment, size_t limit, bool* done) {
  const std::string first = KeyOf(segment);
  kv::Cursor at(*txn, tree);
  at.Seek(first);
  for (; limit > 0 && at.Valid() && at.key().starts_with(first); --limit) {
    RELATA_RETURN_IF_ERROR(at.DeleteCurrent());
  }
  *done = !at.Valid() || !at.key().starts_with(first);
  return at.status();
}

const std::string& OwnVersions() {
  static const auto* const versions = new std::string(StrCat(IcuVersion(), " ", TimeZone::DataVersion()));
  return *versions;
}

StatusOr<std::string> ReadVersions(const kv::Transaction& txn, kv::Tree tree) {
  std::string_view value;
  if (!txn.Find(tree, kVersionsKey, &value)) {
    RELATA_RETURN_IF_ERROR(txn.status());
    return std::string();
  }
  return Unseal(kVersionsKey, &value) ? std::string(value) : std::string("damaged");
}

Status WriteVersions(kv::WriteTransaction* txn, kv::Tree tree, std::string_view versions) {
  return PutSealed(txn, tree, kVersionsKey, std::string(versions));
}

}  // namespace relata::segment
