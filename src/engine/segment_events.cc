// Passes what a host asks of segment events on to the room that reads them, puts names to ids, and goes back
// to earlier moments.
#include "relata/engine/segment_events.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "relata/base/strings.h"
#include "src/engine/named_event.h"
#include "src/segment/compiled.h"
#include "src/segment/course.h"
#include "src/segment/events.h"
#include "src/segment/live.h"
#include "src/segment/members.h"
#include "src/segment/upkeep.h"
#include "src/store/reader.h"
#include "src/store/store.h"

namespace relata {

namespace {

// A segment as the commits up to this reader's have told of it.
struct Told {
  uint32_t id = 0;
  segment::SegmentState state;
  const TimeZone* zone = nullptr;
  Timestamp until;  // before this moment, time has changed nothing that was not told
};

StatusOr<Told> ToldOf(const Reader& reader, std::string_view name) {
  const store::Reader& inner = reader.store_reader();
  RELATA_ASSIGN_OR_RETURN(const SegmentDefinition* definition, inner.schema().catalogue().GetSegment(name));
  // Every reader that a host holds was given a resolver.
  auto& resolver = static_cast<segment::Resolver&>(*inner.membership());
  RELATA_ASSIGN_OR_RETURN(const auto compiled, resolver.compiled());
  const segment::CompiledSegment& segment = *compiled->Find(definition->id);
  Told told{.id = definition->id, .zone = &resolver.upkeep().store().time_zone(), .until = Timestamp::Max()};
  RELATA_ASSIGN_OR_RETURN(told.state, resolver.upkeep().live().At(inner, told.id));
  if (segment.kind == segment::Kind::kWindowed || segment.kind == segment::Kind::kDaily) {
    told.until = segment.dated ? segment::NextLocalDate(told.state.folded, *told.zone)
                               : Timestamp{told.state.folded.micros + 1};
  }
  return told;
}

Status NotToldYet(std::string_view name, Timestamp moment, const Told& told) {
  return absl::FailedPreconditionError(StrCat("segment ", Quoted(name), ": what time has changed up to ",
                                              moment.ToString(), " is told only up to ",
                                              told.state.folded.ToString(), "; call Advance first"));
}

}  // namespace

StatusOr<std::vector<SegmentEvent>> ReadSegmentEvents(const Reader& reader, LogPosition after, size_t limit,
                                                      std::string_view segment) {
  const store::Reader& inner = reader.store_reader();
  const schema::Catalogue& catalogue = inner.schema().catalogue();
  uint32_t id = 0;
  if (!segment.empty()) {
    RELATA_ASSIGN_OR_RETURN(const SegmentDefinition* definition, catalogue.GetSegment(segment));
    id = definition->id;
  }
  std::vector<SegmentEvent> events;
  do {
    RELATA_ASSIGN_OR_RETURN(std::vector<segment::ToldCommit> told,
                            segment::ReadTold(inner, after, limit - events.size(), id));
    if (told.empty()) break;
    for (const segment::ToldCommit& commit : told) {
      after.sequence = commit.sequence;
      for (const segment::Flip& flip : commit.flips) {
        std::optional<SegmentEvent> event = NamedEvent(catalogue, after, commit, flip);
        if (event) events.push_back(*std::move(event));
      }
    }
  } while (events.size() < limit);
  return events;
}

StatusOr<Members> MembersAt(const Reader& reader, std::string_view segment, Timestamp moment) {
  if (moment == reader.now()) return MembersOf(reader, segment);
  if (moment > reader.now()) {
    return absl::InvalidArgumentError(StrCat("segment ", Quoted(segment), ": ", moment.ToString(),
                                             " lies ahead; give a moment up to ", reader.now().ToString()));
  }
  RELATA_ASSIGN_OR_RETURN(Told told, ToldOf(reader, segment));
  if (moment >= told.until) return NotToldYet(segment, moment, told);
  RELATA_RETURN_IF_ERROR(segment::TakeBack(reader.store_reader(), told.id, moment, &told.state.bits));
  return Members(std::make_shared<const segment::MemberSet>(std::move(told.state.bits)));
}

StatusOr<std::vector<DaySize>> SizeHistory(const Reader& reader, std::string_view segment, Date from,
                                           Date to) {
  RELATA_ASSIGN_OR_RETURN(const Told told, ToldOf(reader, segment));
  const Date today = told.zone->LocalDate(reader.now());
  if (from > to || to > today) {
    return absl::InvalidArgumentError(StrCat("segment ", Quoted(segment), ": there are no days from ", from,
                                             " to ", to, "; today is ", today));
  }
  std::vector<Timestamp> ends;
  for (Date day = from; day <= to && day < today; ++day.days) {
    ends.push_back(told.zone->StartOfDay(Date{day.days + 1}));
  }
  if (!ends.empty() && ends.back() > told.until) {
    return NotToldYet(segment, Timestamp{ends.back().micros - 1}, told);
  }
  std::vector<int64_t> changes(ends.size());
  RELATA_RETURN_IF_ERROR(segment::CountFlips(reader.store_reader(), told.id, ends, &changes));
  std::vector<DaySize> sizes;
  if (to == today) {
    RELATA_ASSIGN_OR_RETURN(const uint64_t size, CountMembers(reader, segment));
    sizes.push_back({.day = today, .size = size});
  }
  int64_t size = static_cast<int64_t>(told.state.bits.size());
  for (size_t i = ends.size(); i-- > 0;) {
    size -= changes[i];
    sizes.push_back({.day = Date{from.days + static_cast<int32_t>(i)}, .size = static_cast<uint64_t>(size)});
  }
  std::reverse(sizes.begin(), sizes.end());
  return sizes;
}

StatusOr<LogPosition> FirstSegmentEvents(const Reader& reader) {
  return segment::FirstTold(reader.store_reader());
}

}  // namespace relata
