// Reads log entries one after another, each of which must be there.
#include "src/query/changed_records.h"

#include "src/kv/cursor.h"
#include "src/kv/environment.h"
#include "src/store/meta.h"

namespace relata::query {

namespace {

constexpr uint64_t kMostCommits = 1'000'000;

}  // namespace

StatusOr<bool> VisitChanges(const store::Reader& reader, LogPosition after,
                            absl::FunctionRef<void(const store::RawChange&)> visit) {
  const LogPosition now = reader.position();
  if (now.epoch != after.epoch || now.sequence - after.sequence > kMostCommits) return false;
  if (now == after) return true;
  RELATA_ASSIGN_OR_RETURN(const kv::Tree log, reader.kv().environment()->FindTree(store::kLogTree));
  const auto type_of = [&](EntityTypeId id) { return reader.schema().catalogue().Find(id); };
  uint64_t next = after.sequence + 1;
  kv::Cursor entry(reader.kv(), log);
  for (entry.Seek(kv::IdKey(next)); entry.Valid() && next <= now.sequence; entry.Next(), ++next) {
    if (entry.key().size() != sizeof(uint64_t) || kv::IdKey::Decode(entry.key()) != next) return false;
    RELATA_ASSIGN_OR_RETURN(const store::RawCommit commit,
                            store::ParseLogEntry(entry.value(), next, type_of));
    for (const store::RawChange& change : commit.changes) visit(change);
  }
  RELATA_RETURN_IF_ERROR(entry.status());
  return next > now.sequence;
}

}  // namespace relata::query
