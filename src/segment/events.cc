// Reads the flips of the change log, forward and back.
#include "src/segment/events.h"

#include <algorithm>
#include <utility>

#include "relata/base/strings.h"
#include "src/kv/cursor.h"
#include "src/kv/environment.h"
#include "src/segment/log_walk.h"
#include "src/store/meta.h"

namespace relata::segment {

namespace {

StatusOr<kv::Tree> LogOf(const store::Reader& reader) {
  return reader.kv().environment()->FindTree(store::kLogTree);
}

Status CutOff(uint64_t after) {
  return absl::OutOfRangeError(
      StrCat("events after commit ", after,
             " are cut off from the change log; take the members as they are, and go on ", "from there"));
}

// Visits flips of a segment from the latest back, as far as there may be any later than `moment`.
template <typename F>
Status VisitFlipsAfter(const store::Reader& reader, uint32_t segment, Timestamp moment, const F& visit) {
  RELATA_ASSIGN_OR_RETURN(const kv::Tree log, LogOf(reader));
  bool reached = false;
  RELATA_RETURN_IF_ERROR(VisitSectionsBack(
      reader, log,
      [&](uint64_t, const store::RawCommit& head, const Section& section) -> StatusOr<bool> {
        // No commit tells of what is still to come.
        if (head.now <= moment) return false;
        if (std::count(section.resets.begin(), section.resets.end(), segment) > 0) {
          return absl::OutOfRangeError(
              StrCat("what the file had of the members was damaged, and is known from ", head.now.ToString(),
                     " on again; ask for a later moment"));
        }
        for (auto flip = section.flips.rbegin(); flip != section.flips.rend(); ++flip) {
          if (flip->segment == segment && flip->at > moment) visit(*flip);
        }
        return true;
      },
      &reached));
  if (reached) return absl::OkStatus();
  return absl::OutOfRangeError(
      StrCat("the change log does not reach back to ", moment.ToString(),
             "; ask for a later moment, or keep more of it (Options::log_retention)"));
}

}  // namespace

StatusOr<LogPosition> FirstTold(const store::Reader& reader) {
  RELATA_ASSIGN_OR_RETURN(const kv::Tree log, LogOf(reader));
  kv::Cursor at(reader.kv(), log);
  at.SeekFirst();
  RELATA_RETURN_IF_ERROR(at.status());
  const LogPosition now = reader.position();
  return LogPosition{now.epoch, at.Valid() ? kv::IdKey::Decode(at.key()) - 1 : now.sequence};
}

StatusOr<std::vector<ToldCommit>> ReadTold(const store::Reader& reader, LogPosition after, size_t limit,
                                           uint32_t segment) {
  const LogPosition now = reader.position();
  if (after.epoch != now.epoch) {
    return absl::FailedPreconditionError(
        StrCat("the position is of epoch ", after.epoch, " of the change log, which is in epoch ", now.epoch,
               ": the store was restored since. Take the members as they are, and go on from there"));
  }
  std::vector<ToldCommit> commits;
  if (after.sequence >= now.sequence) return commits;
  RELATA_ASSIGN_OR_RETURN(const LogPosition first, FirstTold(reader));
  if (after.sequence < first.sequence) return CutOff(after.sequence);
  RELATA_ASSIGN_OR_RETURN(const kv::Tree log, LogOf(reader));
  size_t found = 0;
  const Status status = VisitSections(
      reader, log, after.sequence, now.sequence,
      [&](uint64_t sequence, const store::RawCommit& head, Section section) -> Status {
        if (segment != 0) {
          std::erase_if(section.flips, [segment](const Flip& flip) { return flip.segment != segment; });
        }
        if (section.flips.empty()) return absl::OkStatus();
        found += section.flips.size();
        commits.push_back({.sequence = sequence,
                           .principal = std::string(head.principal),
                           .cause = std::string(head.cause),
                           .flips = std::move(section.flips)});
        return found < limit ? absl::OkStatus() : absl::CancelledError("enough");
      });
  if (!status.ok() && !absl::IsCancelled(status)) return status;
  return commits;
}

Status TakeBack(const store::Reader& reader, uint32_t segment, Timestamp moment, MemberSet* members) {
  return VisitFlipsAfter(reader, segment, moment,
                         [&](const Flip& flip) { members->Set(flip.record, !flip.entered); });
}

Status CountFlips(const store::Reader& reader, uint32_t segment, const std::vector<Timestamp>& bounds,
                  std::vector<int64_t>* changes) {
  if (bounds.empty()) return absl::OkStatus();
  const Timestamp before{bounds.front().micros - 1};
  return VisitFlipsAfter(reader, segment, before, [&](const Flip& flip) {
    const auto after = std::upper_bound(bounds.begin(), bounds.end(), flip.at);
    (*changes)[static_cast<size_t>(after - bounds.begin()) - 1] += flip.entered ? 1 : -1;
  });
}

}  // namespace relata::segment
