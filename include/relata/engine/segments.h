// Defines live segments as a host sees them: named conditions whose members the store keeps, exact at every
// commit and at every moment.
//
//   db.DefineSegment("quiet top customers",
//                    "tier = 'top' and count(interactions where at >= today() - 60) = 0");
//   Snapshot now = db.Read().value();
//   StatusOr<Members> quiet = MembersOf(now, "quiet top customers");
//   quiet->size();
//   StatusOr<bool> one = IsMember(now, "quiet top customers", relation);
//
// A snapshot sees the members of its own moment: nothing has to run for a record to leave a window. A write
// and what follows from it in segments are one commit. Defining, or loading much at once, leaves a segment
// that is not ready for a while: its members are exact all the same, and cost a query to read. So it is where
// the file has damaged members, or ICU or the time-zone data are not those they were computed with: the next
// commit takes that up, later ones and Database::Advance make the segment ready again. What was damaged is
// told anew by its events, and asking for members of before is OutOfRange.
//
// Thread safety: functions of a reader as the reader; Members from any thread. Lifetime: Members live as long
// as they are held. Cost: of a segment that is ready, O(1) for its members and how many, a look-up for one.
#ifndef RELATA_ENGINE_SEGMENTS_H_
#define RELATA_ENGINE_SEGMENTS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "relata/base/status.h"
#include "relata/engine/database.h"
#include "relata/engine/reader.h"
#include "relata/export.h"
#include "relata/schema/ids.h"
#include "relata/schema/segment_definition.h"

namespace relata {

namespace segment {
class MemberSet;
}

enum class SegmentKind : uint8_t {
  kStored,    // writes alone change it
  kWindowed,  // so does time: dates that pass a window
  kDaily,     // every record is looked at when the date changes
  // Worked out when read, and kept for the commit: `top`, `percentile`, `held`, now() other than in
  // comparisons with dates, and what uses such a segment. Its events come with Advance.
  kComputed,
};

struct Segment {
  uint32_t id = 0;
  std::string name;
  std::string entity;
  std::string expression;
  std::string description;
  uint32_t version = 1;  // how often it was defined with another expression
  SegmentKind kind = SegmentKind::kStored;
  bool ready = false;  // its members are kept; never of a kComputed one
};

// Names a condition over records of an entity type, or takes the place of the one of this name. Builds the
// indexes on dates that its windows need, and its members: `progress` is told how far that is.
// InvalidArgument points at what is wrong in the expression.
RELATA_EXPORT Status DefineSegment(Database* database, std::string_view name, std::string_view entity,
                                   std::string_view expression, std::string_view description = "",
                                   const Database::Progress& progress = nullptr);
// The same of many at once: all or none.
RELATA_EXPORT Status DefineSegments(Database* database, std::span<const SegmentSpec> segments,
                                    const Database::Progress& progress = nullptr);
// FailedPrecondition while another segment uses it.
RELATA_EXPORT Status DropSegment(Database* database, std::string_view name);
RELATA_EXPORT Status RenameSegment(Database* database, std::string_view name, std::string_view to);
// By name.
RELATA_EXPORT StatusOr<std::vector<Segment>> Segments(const Reader& reader);

// The members of a segment at one moment.
class RELATA_EXPORT Members {
 public:
  Members();
  Members(const Members&);
  Members(Members&&) noexcept;
  Members& operator=(const Members&);
  Members& operator=(Members&&) noexcept;
  ~Members();

  uint64_t size() const;
  bool Contains(RecordId id) const;
  // Ascending.
  void ForEach(absl::FunctionRef<void(RecordId)> visit) const;
  // At most `limit` of those after `after`, ascending.
  std::vector<RecordId> ToVector(size_t limit = SIZE_MAX, RecordId after = 0) const;

  explicit Members(std::shared_ptr<const segment::MemberSet> set);  // for the library's own rooms
  const std::shared_ptr<const segment::MemberSet>& set() const { return set_; }  // the same

 private:
  std::shared_ptr<const segment::MemberSet> set_;
};

// NotFound names the nearest segment.
RELATA_EXPORT StatusOr<Members> MembersOf(const Reader& reader, std::string_view segment);
RELATA_EXPORT StatusOr<uint64_t> CountMembers(const Reader& reader, std::string_view segment);
RELATA_EXPORT StatusOr<bool> IsMember(const Reader& reader, std::string_view segment, RecordId id);

}  // namespace relata

#endif  // RELATA_ENGINE_SEGMENTS_H_
