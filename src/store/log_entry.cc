// Encodes one commit for the change log, and reads it back.
#include "src/store/log_entry.h"

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"

namespace relata::store {

namespace {

constexpr uint8_t kLogFormat = 1;

uint64_t ZigZag(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}
int64_t UnZigZag(uint64_t value) { return static_cast<int64_t>(value >> 1 ^ (~(value & 1) + 1)); }

void PutText(std::string* out, std::string_view text) {
  PutVarint64(out, text.size());
  out->append(text);
}

bool GetText(std::string_view* in, std::string_view* text) {
  uint64_t size = 0;
  if (!GetVarint64(in, &size) || size > in->size()) return false;
  *text = in->substr(0, size);
  in->remove_prefix(size);
  return true;
}

bool GetByte(std::string_view* in, uint8_t* byte) {
  if (in->empty()) return false;
  *byte = static_cast<uint8_t>(in->front());
  in->remove_prefix(1);
  return true;
}

bool ParseUpdate(std::string_view* in, const EntityType& type, RawChange* change) {
  uint64_t count = 0;
  if (!GetVarint64(in, &count) || count > type.fields.size()) return false;
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t slot = 0;
    uint8_t present = 0;
    if (!GetVarint64(in, &slot) || slot >= type.fields.size() || !GetByte(in, &present)) return false;
    FormerCell former{.slot = static_cast<FieldId>(slot), .cell = Cell::Absent()};
    if (present != 0 && type.fields[slot].is_variable()) {
      std::string_view bytes;
      if (!GetText(in, &bytes)) return false;
      former.cell = Cell::OfBytes(bytes);
    } else if (present != 0) {
      uint64_t bits = 0;
      if (!GetVarint64(in, &bits)) return false;
      former.cell = Cell::OfInt(UnZigZag(bits));
    }
    change->former.push_back(former);
  }
  return true;
}

bool ParseChanges(std::string_view in, const TypeLookup& type_of, std::vector<RawChange>* changes) {
  while (!in.empty()) {
    RawChange change;
    uint8_t kind = 0;
    uint64_t type_id = 0;
    if (!GetByte(&in, &kind) || !GetVarint64(&in, &type_id) || !GetVarint64(&in, &change.id)) return false;
    const EntityType* type = type_id > 0xffff ? nullptr : type_of(static_cast<EntityTypeId>(type_id));
    if (type == nullptr) return false;
    change.type = static_cast<EntityTypeId>(type_id);
    change.kind = static_cast<ChangeKind>(kind);
    switch (change.kind) {
      case ChangeKind::kInsert:
        break;
      case ChangeKind::kUpdate:
        if (!ParseUpdate(&in, *type, &change)) return false;
        break;
      case ChangeKind::kDelete:
        if (!GetText(&in, &change.former_row)) return false;
        break;
      default:
        return false;
    }
    changes->push_back(std::move(change));
  }
  return true;
}

}  // namespace

void LogWriter::Insert(EntityTypeId type, RecordId id) {
  changes_.push_back(static_cast<char>(ChangeKind::kInsert));
  PutVarint64(&changes_, type);
  PutVarint64(&changes_, id);
}

void LogWriter::Update(const EntityType& type, RecordId id, std::span<const FormerCell> former) {
  changes_.push_back(static_cast<char>(ChangeKind::kUpdate));
  PutVarint64(&changes_, type.id);
  PutVarint64(&changes_, id);
  PutVarint64(&changes_, former.size());
  for (const FormerCell& f : former) {
    PutVarint64(&changes_, f.slot);
    changes_.push_back(f.cell.present ? 1 : 0);
    if (!f.cell.present) continue;
    if (type.fields[f.slot].is_variable()) {
      PutText(&changes_, f.cell.bytes);
    } else {
      PutVarint64(&changes_, ZigZag(f.cell.AsInt()));
    }
  }
}

void LogWriter::Delete(EntityTypeId type, RecordId id, std::string_view former_row) {
  changes_.push_back(static_cast<char>(ChangeKind::kDelete));
  PutVarint64(&changes_, type);
  PutVarint64(&changes_, id);
  PutText(&changes_, former_row);
}

StatusOr<std::vector<RawChange>> LogWriter::Changes(const TypeLookup& type_of) const {
  std::vector<RawChange> changes;
  if (!ParseChanges(changes_, type_of, &changes)) {
    return absl::InternalError("the changes of this transaction cannot be read back");
  }
  return changes;
}

std::string LogWriter::Finish(uint64_t sequence, Timestamp now, std::string_view principal,
                              std::string_view cause, std::string_view segments) const {
  std::string entry;
  entry.reserve(changes_.size() + principal.size() + cause.size() + segments.size() + 40);
  entry.push_back(static_cast<char>(kLogFormat));
  PutVarint64(&entry, ZigZag(now.micros));
  PutText(&entry, principal);
  PutText(&entry, cause);
  PutVarint64(&entry, kChangesSection);
  PutText(&entry, changes_);
  if (!segments.empty()) {
    PutVarint64(&entry, kSegmentsSection);
    PutText(&entry, segments);
  }
  const uint32_t checksum = Checksum32(entry, sequence);
  entry.resize(entry.size() + 4);
  StoreLE32(entry.data() + entry.size() - 4, checksum);
  return entry;
}

namespace {

// Without `type_of` the changes are passed over.
StatusOr<RawCommit> Parse(std::string_view entry, uint64_t sequence, const TypeLookup* type_of) {
  auto damaged = [&](std::string_view what) {
    return absl::DataLossError(StrCat("change log entry ", sequence, ": ", what,
                                      "; run `relata check`, and restore a backup if it agrees"));
  };
  if (entry.size() < 5) return damaged("cut short");
  const std::string_view body = entry.substr(0, entry.size() - 4);
  if (LoadLE32(entry.data() + body.size()) != Checksum32(body, sequence))
    return damaged("the checksum does not match");
  if (static_cast<uint8_t>(body[0]) != kLogFormat) return damaged("unknown format");

  std::string_view in = body.substr(1);
  RawCommit commit;
  uint64_t now = 0;
  if (!GetVarint64(&in, &now) || !GetText(&in, &commit.principal) || !GetText(&in, &commit.cause)) {
    return damaged("its head cannot be read");
  }
  commit.now = Timestamp{UnZigZag(now)};
  while (!in.empty()) {
    uint64_t tag = 0;
    std::string_view section;
    if (!GetVarint64(&in, &tag) || !GetText(&in, &section)) return damaged("a section cannot be read");
    if (tag == kChangesSection && type_of != nullptr && !ParseChanges(section, *type_of, &commit.changes)) {
      return damaged("its changes cannot be read");
    }
    if (tag == kSegmentsSection) commit.segments = section;
  }
  return commit;
}

}  // namespace

StatusOr<RawCommit> ParseLogEntry(std::string_view entry, uint64_t sequence, const TypeLookup& type_of) {
  return Parse(entry, sequence, &type_of);
}

StatusOr<RawCommit> ParseLogHead(std::string_view entry, uint64_t sequence) {
  return Parse(entry, sequence, nullptr);
}

}  // namespace relata::store
