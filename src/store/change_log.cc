// Reads the change log as values, and keeps its consumers.
#include "src/store/change_log.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/hash.h"
#include "src/kv/cursor.h"
#include "src/kv/environment.h"
#include "src/schema/conversion.h"
#include "src/store/log_entry.h"

namespace relata::store {

namespace {

constexpr std::string_view kConsumerPrefix = "consumer";
constexpr size_t kMaxNameBytes = 200;
constexpr size_t kConsumerBytes = 28;
// A retention that was lowered takes effect over the commits that follow, none of which may become long.
constexpr int kCutAtOnce = 64;

std::string ConsumerKey(std::string_view name) { return StrCat(kConsumerPrefix, name); }

bool ParseConsumer(std::string_view key, std::string_view value, Consumer* consumer) {
  if (value.size() != kConsumerBytes) return false;
  if (LoadLE32(value.data() + 24) != Checksum32(value.substr(0, 24), Hash64(key))) return false;
  consumer->name = key.substr(kConsumerPrefix.size());
  consumer->position = {.epoch = LoadLE64(value.data()), .sequence = LoadLE64(value.data() + 8)};
  consumer->hold_back = LoadLE64(value.data() + 16);
  return true;
}

Status PutConsumer(kv::WriteTransaction* txn, kv::Tree meta, const Consumer& consumer) {
  const std::string key = ConsumerKey(consumer.name);
  char bytes[kConsumerBytes];
  StoreLE64(bytes, consumer.position.epoch);
  StoreLE64(bytes + 8, consumer.position.sequence);
  StoreLE64(bytes + 16, consumer.hold_back);
  StoreLE32(bytes + 24, Checksum32(std::string_view(bytes, 24), Hash64(key)));
  return txn->Put(meta, key, std::string_view(bytes, sizeof bytes));
}

// Consumers with this beginning of a name, without what depends on the log.
Status Scan(const kv::Transaction& txn, kv::Tree meta, std::vector<Consumer>* consumers) {
  kv::Cursor at(txn, meta);
  for (at.Seek(kConsumerPrefix); at.Valid() && at.key().starts_with(kConsumerPrefix); at.Next()) {
    Consumer consumer;
    if (!ParseConsumer(at.key(), at.value(), &consumer)) {
      return absl::DataLossError(StrCat("the position of consumer ",
                                        Quoted(at.key().substr(kConsumerPrefix.size())),
                                        " is damaged; drop the consumer and register it again"));
    }
    consumers->push_back(std::move(consumer));
  }
  return at.status();
}

// The sequence of the oldest entry; one past `last` if there is none.
StatusOr<uint64_t> OldestEntry(const kv::Transaction& txn, kv::Tree log, uint64_t last) {
  kv::Cursor at(txn, log);
  at.SeekFirst();
  RELATA_RETURN_IF_ERROR(at.status());
  return at.Valid() && at.key().size() == 8 ? kv::IdKey::Decode(at.key()) : last + 1;
}

StatusOr<kv::Tree> TreeOf(const Reader& reader, std::string_view name) {
  return reader.kv().environment()->FindTree(name);
}

// Reads entries one after another.
class Entries {
 public:
  Entries(const Reader& reader, kv::Tree log, uint64_t from)
      : schema_(&reader.schema().catalogue()), at_(reader.kv(), log) {
    at_.Seek(kv::IdKey(from));
  }
  bool Valid() const { return at_.Valid(); }
  void Next() { at_.Next(); }
  const Status& status() const { return at_.status(); }
  uint64_t sequence() const { return kv::IdKey::Decode(at_.key()); }
  StatusOr<RawCommit> Read() const {
    return ParseLogEntry(at_.value(), sequence(), [this](EntityTypeId id) { return schema_->Find(id); });
  }

 private:
  const schema::Catalogue* schema_;
  kv::Cursor at_;
};

Currency ToCurrency(const Cell& cell) {
  return Currency::FromPacked(static_cast<uint16_t>(cell.bits)).value_or(Currency());
}

// The currency a record had when these changes, in order, came to it; none where they leave it alone.
StatusOr<std::optional<Currency>> CurrencyBefore(std::span<const RawChange> changes, const TypeRuntime& type,
                                                 RecordId id) {
  const FieldId slot = type.format.currency_field()->id;
  for (const RawChange& change : changes) {
    if (change.type != type.type->id || change.id != id) continue;
    if (change.kind == ChangeKind::kDelete) {
      RELATA_ASSIGN_OR_RETURN(const RowView row, RowView::Open(type.format, change.former_row, id, true));
      return ToCurrency(row.Get(slot));
    }
    for (const FormerCell& former : change.former) {
      if (former.slot == slot) return ToCurrency(former.cell);
    }
  }
  return std::nullopt;
}

// The currency a record had before a change that left the currency alone: from the first later change that
// did not, in the rest of its commit `sequence` or in a later one, else from the record.
StatusOr<Currency> CurrencyAfter(const Reader& reader, kv::Tree log, const TypeRuntime& type, RecordId id,
                                 std::span<const RawChange> rest, uint64_t sequence) {
  const Field* field = type.format.currency_field();
  if (field == nullptr) return Currency();
  RELATA_ASSIGN_OR_RETURN(std::optional<Currency> currency, CurrencyBefore(rest, type, id));
  Entries at(reader, log, sequence + 1);
  for (; !currency && at.Valid(); at.Next()) {
    RELATA_ASSIGN_OR_RETURN(const RawCommit commit, at.Read());
    RELATA_ASSIGN_OR_RETURN(currency, CurrencyBefore(commit.changes, type, id));
  }
  if (currency) return *currency;
  RELATA_RETURN_IF_ERROR(at.status());
  RELATA_ASSIGN_OR_RETURN(const RowView row, reader.Get(type, id));
  return ToCurrency(row.Get(field->id));
}

Status AddFormer(const EntityType& type, const Field& field, const Cell& cell, Currency currency,
                 Change* change) {
  RELATA_ASSIGN_OR_RETURN(Value value, schema::FromCell(type, field, cell, currency));
  change->former.emplace_back(field.name, std::move(value));
  return absl::OkStatus();
}

// What the fields of an update or delete were, by name. Dropped fields have none any more, nor has a dropped
// type. `rest` is what the commit did afterwards.
Status ToFormer(const Reader& reader, kv::Tree log, const RawChange& raw, std::span<const RawChange> rest,
                uint64_t sequence, Change* change) {
  const TypeRuntime* type = reader.schema().Find(raw.type);
  if (type == nullptr) return absl::OkStatus();
  if (raw.kind == ChangeKind::kDelete) {
    RELATA_ASSIGN_OR_RETURN(const RowView row, RowView::Open(type->format, raw.former_row, raw.id, true));
    for (const Field& field : type->type->fields) {
      const Cell cell = row.Get(field.id);
      if (field.dropped || !cell.present) continue;
      const Currency currency = field.type == ValueType::kMoney ? row.CurrencyOf(field.id) : Currency();
      RELATA_RETURN_IF_ERROR(AddFormer(*type->type, field, cell, currency, change));
    }
    return absl::OkStatus();
  }
  std::optional<Currency> of_record;
  for (const FormerCell& former : raw.former) {
    const Field* own = type->format.currency_field();
    if (own != nullptr && former.slot == own->id) of_record = ToCurrency(former.cell);
  }
  for (const FormerCell& former : raw.former) {
    const Field& field = type->type->fields[former.slot];
    if (field.dropped) continue;
    Currency currency;
    if (field.type == ValueType::kMoney && field.currency == Currency()) {
      if (!of_record) {
        RELATA_ASSIGN_OR_RETURN(of_record, CurrencyAfter(reader, log, *type, raw.id, rest, sequence));
      }
      currency = *of_record;
    }
    RELATA_RETURN_IF_ERROR(AddFormer(*type->type, field, former.cell, currency, change));
  }
  return absl::OkStatus();
}

Status UnknownConsumer(std::string_view name) {
  return absl::NotFoundError(
      StrCat("there is no consumer ", Quoted(name), " of the change log; register it"));
}

}  // namespace

StatusOr<std::vector<Commit>> ReadCommits(const Reader& reader, LogPosition after, size_t limit) {
  RELATA_ASSIGN_OR_RETURN(const kv::Tree log, TreeOf(reader, kLogTree));
  const LogPosition now = reader.position();
  if (after.epoch != now.epoch) {
    return absl::FailedPreconditionError(
        StrCat("the position is of epoch ", after.epoch, " of the change log, which is in epoch ", now.epoch,
               ": the store was restored since. Take the records as they are, and go on from there"));
  }
  std::vector<Commit> commits;
  if (after.sequence >= now.sequence) return commits;
  RELATA_ASSIGN_OR_RETURN(const uint64_t oldest, OldestEntry(reader.kv(), log, now.sequence));
  if (after.sequence + 1 < oldest) {
    return absl::OutOfRangeError(StrCat("the change log begins with commit ", oldest, "; those after ",
                                        after.sequence,
                                        " are cut off. Take the records as they are, and go on from there"));
  }
  Entries at(reader, log, after.sequence + 1);
  for (; at.Valid() && commits.size() < limit; at.Next()) {
    RELATA_ASSIGN_OR_RETURN(const RawCommit raw, at.Read());
    Commit commit{.position = {.epoch = now.epoch, .sequence = at.sequence()},
                  .at = raw.now,
                  .principal = std::string(raw.principal),
                  .cause = std::string(raw.cause),
                  .changes = {}};
    for (size_t i = 0; i < raw.changes.size(); ++i) {
      const RawChange& raw_change = raw.changes[i];
      const std::span<const RawChange> rest = std::span(raw.changes).subspan(i + 1);
      const EntityType* type = reader.schema().catalogue().Find(raw_change.type);
      Change change{.kind = raw_change.kind, .type = type->name, .id = raw_change.id, .former = {}};
      RELATA_RETURN_IF_ERROR(ToFormer(reader, log, raw_change, rest, at.sequence(), &change));
      commit.changes.push_back(std::move(change));
    }
    commits.push_back(std::move(commit));
  }
  RELATA_RETURN_IF_ERROR(at.status());
  return commits;
}

StatusOr<std::vector<Consumer>> ReadConsumers(const Reader& reader) {
  RELATA_ASSIGN_OR_RETURN(const kv::Tree meta, TreeOf(reader, kMetaTree));
  RELATA_ASSIGN_OR_RETURN(const kv::Tree log, TreeOf(reader, kLogTree));
  std::vector<Consumer> consumers;
  RELATA_RETURN_IF_ERROR(Scan(reader.kv(), meta, &consumers));
  const LogPosition now = reader.position();
  RELATA_ASSIGN_OR_RETURN(const uint64_t oldest, OldestEntry(reader.kv(), log, now.sequence));
  for (Consumer& consumer : consumers) {
    consumer.unread = now.sequence - std::min(now.sequence, consumer.position.sequence);
    consumer.lost = consumer.position.epoch != now.epoch || consumer.position.sequence + 1 < oldest;
  }
  return consumers;
}

StatusOr<Consumer> ReadConsumer(const Reader& reader, std::string_view name) {
  RELATA_ASSIGN_OR_RETURN(std::vector<Consumer> consumers, ReadConsumers(reader));
  for (Consumer& consumer : consumers) {
    if (consumer.name == name) return std::move(consumer);
  }
  return UnknownConsumer(name);
}

Status AddConsumer(Transaction* tx, std::string_view name, uint64_t hold_back) {
  if (name.empty() || name.size() > kMaxNameBytes) {
    return absl::InvalidArgumentError(
        StrCat("a consumer's name has 1 to ", kMaxNameBytes, " bytes, not ", name.size()));
  }
  const StatusOr<Consumer> there = ReadConsumer(*tx, name);
  if (there.ok()) return absl::AlreadyExistsError(StrCat("there is a consumer ", Quoted(name), " already"));
  if (!absl::IsNotFound(there.status())) return there.status();
  return PutConsumer(tx->kv_write(), tx->context().trees.meta,
                     {.name = std::string(name), .position = tx->position(), .hold_back = hold_back});
}

Status MoveConsumer(Transaction* tx, std::string_view name, LogPosition position) {
  RELATA_ASSIGN_OR_RETURN(Consumer consumer, ReadConsumer(*tx, name));
  const LogPosition now = tx->position();
  if (position.epoch != now.epoch || position.sequence > now.sequence) {
    return absl::InvalidArgumentError(StrCat("consumer ", Quoted(name), ": there is no commit ",
                                             position.sequence, " in epoch ", position.epoch,
                                             "; the last is ", now.sequence, " in epoch ", now.epoch));
  }
  consumer.position = position;
  return PutConsumer(tx->kv_write(), tx->context().trees.meta, consumer);
}

Status EraseConsumer(Transaction* tx, std::string_view name) {
  bool found = false;
  RELATA_RETURN_IF_ERROR(tx->kv_write()->Delete(tx->context().trees.meta, ConsumerKey(name), &found));
  return found ? absl::OkStatus() : UnknownConsumer(name);
}

Status CutLog(kv::WriteTransaction* txn, const CoreTrees& trees, const State& state, uint64_t retention) {
  if (state.sequence <= retention) return absl::OkStatus();
  uint64_t keep = state.sequence - retention + 1;  // the oldest to stay
  std::vector<Consumer> consumers;
  RELATA_RETURN_IF_ERROR(Scan(*txn, trees.meta, &consumers));
  for (const Consumer& consumer : consumers) {
    if (consumer.position.epoch != state.epoch) continue;
    const uint64_t limit = retention + std::min(consumer.hold_back, state.sequence - retention);
    keep = std::min(keep, std::max(consumer.position.sequence + 1, state.sequence - limit + 1));
  }
  RELATA_ASSIGN_OR_RETURN(const std::optional<uint64_t> checkpoint, ReadSegmentsCheckpoint(*txn, trees.meta));
  if (checkpoint) keep = std::min(keep, *checkpoint + 1);
  for (int cut = 0; cut < kCutAtOnce; ++cut) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t oldest, OldestEntry(*txn, trees.log, state.sequence));
    if (oldest >= keep) break;
    RELATA_RETURN_IF_ERROR(txn->Delete(trees.log, kv::IdKey(oldest)));
  }
  return absl::OkStatus();
}

}  // namespace relata::store
