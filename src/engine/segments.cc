// Passes what a host asks of segments on to the room that keeps them.
#include "relata/engine/segments.h"

#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "src/engine/schema_change.h"
#include "src/segment/define.h"
#include "src/segment/live.h"
#include "src/segment/member_set.h"
#include "src/segment/members.h"
#include "src/segment/upkeep.h"
#include "src/store/store.h"

namespace relata {

namespace {

// Every reader that a host holds was given a resolver.
segment::Resolver& ResolverOf(const Reader& reader) {
  return static_cast<segment::Resolver&>(*reader.store_reader().membership());
}

SegmentKind ToKind(segment::Kind kind) {
  switch (kind) {
    case segment::Kind::kStored:
      return SegmentKind::kStored;
    case segment::Kind::kWindowed:
      return SegmentKind::kWindowed;
    case segment::Kind::kDaily:
      return SegmentKind::kDaily;
    case segment::Kind::kComputed:
      return SegmentKind::kComputed;
  }
  return SegmentKind::kComputed;
}

// Without an ordered index on a date that is swept, every moment that passes would cost a walk over the rows.
Status AddIndexes(Database* database) {
  struct Wanted {
    std::string entity;
    std::string field;
  };
  std::vector<Wanted> wanted;
  {
    RELATA_ASSIGN_OR_RETURN(const store::Snapshot snapshot, database->store()->Read());
    RELATA_ASSIGN_OR_RETURN(const auto compiled, database->upkeep()->CompiledFor(snapshot));
    for (const segment::CompiledSegment& one : compiled->segments()) {
      for (const segment::Sweep& sweep : one.analysis->sweeps) {
        if (sweep.type == 0) continue;
        const store::TypeRuntime& type = *snapshot.schema().Find(sweep.type);
        if (segment::OrderedIndexOn(type, sweep.slot) != nullptr) continue;
        wanted.push_back({type.type->name, type.type->fields[sweep.slot].name});
      }
    }
  }
  for (const Wanted& one : wanted) {
    const Status added = database->AddIndex(one.entity, {.parts = {one.field}});
    if (!added.ok() && !absl::IsAlreadyExists(added)) return added;
  }
  return absl::OkStatus();
}

}  // namespace

Status DefineSegment(Database* database, std::string_view name, std::string_view entity,
                     std::string_view expression, std::string_view description,
                     const Database::Progress& progress) {
  const SegmentSpec spec{.name = std::string(name),
                         .entity = std::string(entity),
                         .expression = std::string(expression),
                         .description = std::string(description)};
  return DefineSegments(database, std::span(&spec, 1), progress);
}

Status DefineSegments(Database* database, std::span<const SegmentSpec> segments,
                      const Database::Progress& progress) {
  RELATA_RETURN_IF_ERROR(ChangeSchema(
      *database->store(), [&](schema::Catalogue& catalogue) { return catalogue.DefineSegments(segments); }));
  RELATA_RETURN_IF_ERROR(AddIndexes(database));
  return database->upkeep()->listeners().TellAfter(
      segment::Settle(database->upkeep(), database->columns(), progress));
}

Status DropSegment(Database* database, std::string_view name) {
  return ChangeSchema(*database->store(),
                      [&](schema::Catalogue& catalogue) { return catalogue.DropSegment(name); });
}

Status RenameSegment(Database* database, std::string_view name, std::string_view to) {
  return ChangeSchema(*database->store(),
                      [&](schema::Catalogue& catalogue) { return catalogue.RenameSegment(name, to); });
}

StatusOr<std::vector<Segment>> Segments(const Reader& reader) {
  const schema::Catalogue& catalogue = reader.store_reader().schema().catalogue();
  segment::Resolver& resolver = ResolverOf(reader);
  RELATA_ASSIGN_OR_RETURN(const auto compiled, resolver.compiled());
  std::vector<Segment> segments;
  for (const SegmentDefinition* definition : catalogue.segments()) {
    const segment::CompiledSegment* one = compiled->Find(definition->id);
    RELATA_ASSIGN_OR_RETURN(const bool ready, resolver.IsReady(definition->id));
    segments.push_back({.id = definition->id,
                        .name = definition->name,
                        .entity = catalogue.Find(definition->entity)->name,
                        .expression = definition->expression,
                        .description = definition->description,
                        .version = definition->version,
                        .kind = ToKind(one->kind),
                        .ready = ready});
  }
  std::sort(segments.begin(), segments.end(),
            [](const Segment& a, const Segment& b) { return a.name < b.name; });
  return segments;
}

Members::Members() : set_(std::make_shared<const segment::MemberSet>()) {}
Members::Members(std::shared_ptr<const segment::MemberSet> set) : set_(std::move(set)) {}
Members::Members(const Members&) = default;
Members::Members(Members&&) noexcept = default;
Members& Members::operator=(const Members&) = default;
Members& Members::operator=(Members&&) noexcept = default;
Members::~Members() = default;

uint64_t Members::size() const { return set_->size(); }
bool Members::Contains(RecordId id) const { return set_->Contains(id); }
void Members::ForEach(absl::FunctionRef<void(RecordId)> visit) const { set_->ForEach(visit); }

std::vector<RecordId> Members::ToVector(size_t limit, RecordId after) const {
  std::vector<RecordId> ids;
  set_->ForEach([&](RecordId id) {
    if (id > after && ids.size() < limit) ids.push_back(id);
  });
  return ids;
}

StatusOr<Members> MembersOf(const Reader& reader, std::string_view segment) {
  RELATA_ASSIGN_OR_RETURN(const SegmentDefinition* definition,
                          reader.store_reader().schema().catalogue().GetSegment(segment));
  RELATA_ASSIGN_OR_RETURN(segment::MemberSet members, ResolverOf(reader).MembersOf(definition->id));
  return Members(std::make_shared<const segment::MemberSet>(std::move(members)));
}

StatusOr<uint64_t> CountMembers(const Reader& reader, std::string_view segment) {
  RELATA_ASSIGN_OR_RETURN(const SegmentDefinition* definition,
                          reader.store_reader().schema().catalogue().GetSegment(segment));
  RELATA_ASSIGN_OR_RETURN(const segment::MemberSet members, ResolverOf(reader).MembersOf(definition->id));
  return members.size();
}

StatusOr<bool> IsMember(const Reader& reader, std::string_view segment, RecordId id) {
  RELATA_ASSIGN_OR_RETURN(const SegmentDefinition* definition,
                          reader.store_reader().schema().catalogue().GetSegment(segment));
  return ResolverOf(reader).Contains(definition->id, id);
}

}  // namespace relata
