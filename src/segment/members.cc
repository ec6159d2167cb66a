// Resolves membership at one reader: from what is kept, from what is due, or by a query.
#include "src/segment/members.h"

#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "relata/expr/text.h"
#include "relata/query/spec.h"
#include "src/expr/evaluate.h"
#include "src/segment/course.h"
#include "src/segment/moments.h"
#include "src/segment/path.h"
#include "src/segment/upkeep.h"
#include "src/store/transaction.h"

namespace relata::segment {

namespace {

// Due records past which a query over all is no slower.
constexpr size_t kMaxOverlay = 50'000;

}  // namespace

bool ResolvedSets::Find(LogPosition position, uint32_t segment, uint32_t version, Timestamp now,
                        MemberSet* members) const {
  absl::MutexLock lock(&mutex_);
  const auto at = entries_.find(segment);
  if (at == entries_.end()) return false;
  const Entry& entry = at->second;
  if (entry.position != position || entry.version != version || now < entry.from || now >= entry.until) {
    return false;
  }
  *members = entry.members;
  return true;
}

void ResolvedSets::Keep(LogPosition position, uint32_t segment, uint32_t version, Timestamp from,
                        Timestamp until, MemberSet members) {
  absl::MutexLock lock(&mutex_);
  Entry& entry = entries_[segment];
  // A snapshot that is held longer must not take the place of a newer one's.
  if (position < entry.position) return;
  entry = {position, version, from, until, std::move(members)};
}

Resolver::Resolver(Upkeep* upkeep, store::Transaction* tx)
    : upkeep_(upkeep), source_{.reader = tx}, tx_(tx) {}

StatusOr<std::shared_ptr<const Compiled>> Resolver::compiled() {
  if (compiled_ == nullptr) {
    const std::string& zone = source_.reader->schema().catalogue().settings().time_zone;
    RELATA_RETURN_IF_ERROR(TimeZone::Load(zone).status());  // the store reads it late
    RELATA_ASSIGN_OR_RETURN(compiled_, upkeep_->CompiledFor(*source_.reader));
  }
  return compiled_;
}

bool Resolver::Writes() const { return tx_ != nullptr && tx_->changed(); }

StatusOr<Resolver::Known*> Resolver::Look(uint32_t id) {
  std::unique_ptr<Known>& slot = known_[id];
  if (slot == nullptr) slot = std::make_unique<Known>();
  Known& known = *slot;
  if (known.segment == nullptr) {
    RELATA_RETURN_IF_ERROR(compiled().status());
    known.segment = compiled_->Find(id);
    if (known.segment == nullptr) return absl::NotFoundError(StrCat("there is no segment ", id));
  }
  const CompiledSegment& segment = *known.segment;
  if (known.loaded || segment.kind == Kind::kComputed || Writes()) return &known;
  RELATA_ASSIGN_OR_RETURN(known.state, upkeep_->live().At(*source_.reader, id));
  known.loaded = true;
  known.exact = known.state.pending == 0;
  if (known.exact && segment.kind != Kind::kStored) {
    const Timestamp now = source_.reader->now();
    known.exact = known.state.folded >= now ||
                  (segment.dated && now < NextLocalDate(known.state.folded, upkeep_->store().time_zone()));
  }
  return &known;
}

StatusOr<bool> Resolver::Contains(uint32_t segment, RecordId id) {
  RELATA_ASSIGN_OR_RETURN(const Known* known, Look(segment));
  if (known->exact && !Writes()) return known->state.bits.Contains(id);
  if (known->segment->kind != Kind::kComputed) return Evaluate(*known->segment, id);
  RELATA_ASSIGN_OR_RETURN(const MemberSet members, MembersOf(segment));
  return members.Contains(id);
}

StatusOr<std::shared_ptr<const store::MemberIds>> Resolver::All(uint32_t segment) {
  RELATA_ASSIGN_OR_RETURN(const MemberSet members, MembersOf(segment));
  return members.Ids();
}

StatusOr<MemberSet> Resolver::MembersOf(uint32_t id) {
  RELATA_ASSIGN_OR_RETURN(const Known* known, Look(id));
  const CompiledSegment& segment = *known->segment;
  if (Writes()) return Query(segment);
  if (known->exact) return known->state.bits;
  const store::Reader& reader = *source_.reader;
  MemberSet members;
  ResolvedSets& sets = upkeep_->resolved();
  // What a transaction sees may be of commits that are not in the file yet, and never come there.
  const bool shared = tx_ == nullptr;
  if (shared && sets.Find(reader.position(), id, segment.version, reader.now(), &members)) return members;
  bool found = false;
  if (segment.kind != Kind::kComputed && known->state.pending == 0) {
    const SegmentState state = known->state;
    RELATA_ASSIGN_OR_RETURN(found, Overlay(segment, state, &members));
  }
  if (!found) {
    RELATA_ASSIGN_OR_RETURN(members, Query(segment));
  }
  if (!shared) return members;
  RELATA_ASSIGN_OR_RETURN(const Timestamp until, HoldsUntil(segment));
  sets.Keep(reader.position(), id, segment.version, reader.now(), until, members);
  return members;
}

StatusOr<bool> Resolver::IsReady(uint32_t segment) {
  RELATA_ASSIGN_OR_RETURN(const Known* known, Look(segment));
  return known->loaded && known->state.pending == 0;
}

StatusOr<bool> Resolver::Evaluate(const CompiledSegment& segment, RecordId id) {
  const store::Reader& reader = *source_.reader;
  RowView row;
  bool found = false;
  RELATA_RETURN_IF_ERROR(reader.Find(*reader.schema().Find(segment.entity), id, &row, &found));
  if (!found) return false;
  return expr::RowEvaluator(*segment.program, reader).Matches(id, row);
}

StatusOr<MemberSet> Resolver::Query(const CompiledSegment& segment) {
  const store::Reader& reader = *source_.reader;
  const SegmentDefinition* definition = reader.schema().catalogue().FindSegment(segment.id);
  query::QuerySpec spec;
  spec.entity = reader.schema().Find(segment.entity)->type->name;
  RELATA_ASSIGN_OR_RETURN(spec.where, expr::Parse(definition->expression, upkeep_->store().time_zone()));
  spec.where_text = definition->expression;
  RELATA_ASSIGN_OR_RETURN(query::Results found, query::Find(source_, spec));
  std::vector<RecordId> ids;
  while (found.Next()) ids.push_back(found.id());
  RELATA_RETURN_IF_ERROR(found.status());
  std::sort(ids.begin(), ids.end());
  return MemberSet::FromSorted(ids);
}

StatusOr<bool> Resolver::Overlay(const CompiledSegment& segment, const SegmentState& state,
                                 MemberSet* members) {
  const store::Reader& reader = *source_.reader;
  RELATA_ASSIGN_OR_RETURN(const DueRecords due, DueIn(reader, upkeep_->store().time_zone(), *segment.analysis,
                                                      state.folded, reader.now(), kMaxOverlay));
  if (due.too_many || !due.of_all.empty()) return false;
  std::vector<RecordId> ids;
  for (const Due& one : due.records) ids.push_back(one.id);
  // What time did to the segments it uses.
  for (const SegmentUse& use : segment.analysis->uses) {
    RELATA_ASSIGN_OR_RETURN(const Known* known, Look(use.segment));
    if (known->exact) continue;
    const MemberSet before = known->state.bits;
    const EntityTypeId type = known->segment->entity;
    RELATA_ASSIGN_OR_RETURN(const MemberSet after, MembersOf(use.segment));
    std::vector<RecordId> changed;
    after.AndNot(before).ForEach([&](RecordId id) { changed.push_back(id); });
    before.AndNot(after).ForEach([&](RecordId id) { changed.push_back(id); });
    if (changed.size() > kMaxOverlay) return false;
    for (const RecordId id : changed) {
      bool too_many = false;
      std::vector<RecordId> roots;
      RELATA_RETURN_IF_ERROR(RootsOf(reader, use.path, type, id, kMaxOverlay, &roots, &too_many));
      if (too_many || ids.size() > kMaxOverlay) return false;
      ids.insert(ids.end(), roots.begin(), roots.end());
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  *members = state.bits;
  const store::TypeRuntime& type = *reader.schema().Find(segment.entity);
  expr::RowEvaluator evaluator(*segment.program, reader);
  for (const RecordId id : ids) {
    RowView row;
    bool found = false;
    RELATA_RETURN_IF_ERROR(reader.Find(type, id, &row, &found));
    if (found) {
      RELATA_ASSIGN_OR_RETURN(found, evaluator.Matches(id, row));
    }
    if (found != members->Contains(id)) members->Toggle(id);
  }
  return true;
}

StatusOr<Timestamp> Resolver::HoldsUntil(const CompiledSegment& segment) {
  const Timestamp now = source_.reader->now();
  const Timestamp next{now.micros + 1};
  if (segment.kind == Kind::kComputed) return segment.uses_clock ? next : Timestamp::Max();
  if (segment.kind == Kind::kStored) return Timestamp::Max();
  if (segment.dated) return NextLocalDate(now, upkeep_->store().time_zone());
  Timestamp until = Timestamp::Max();
  RELATA_ASSIGN_OR_RETURN(until,
                          NextDue(*source_.reader, upkeep_->store().time_zone(), *segment.analysis, now));
  for (const uint32_t used : segment.program->segments()) {
    RELATA_ASSIGN_OR_RETURN(const Timestamp of_used, HoldsUntil(*compiled_->Find(used)));
    until = std::min(until, of_used);
  }
  return until;
}

}  // namespace relata::segment
