// Defines Why, which explains membership of a segment for one record, and Describe, which tells it to people.
//
//   StatusOr<Explanation> why = Why(now, "quiet top customers", id);
//   std::cout << Describe(*why, TimeZone::Load("Europe/Amsterdam").value());
//
// The same answers why a record is a member and why it is not.
#ifndef RELATA_ENGINE_SEGMENT_WHY_H_
#define RELATA_ENGINE_SEGMENT_WHY_H_

#include <string>
#include <string_view>

#include "relata/base/time.h"
#include "relata/engine/reader.h"
#include "relata/export.h"
#include "relata/segment/explanation.h"

namespace relata {

// Each part of the condition with its result and values, and when membership changes next if nothing is
// written. NotFound if there is no such segment or record. O(parts), and an evaluation per moment ahead.
RELATA_EXPORT StatusOr<Explanation> Why(const Reader& reader, std::string_view segment, RecordId id);

// In lines, with moments of that zone.
RELATA_EXPORT std::string Describe(const Explanation& why, const TimeZone& zone);

}  // namespace relata

#endif  // RELATA_ENGINE_SEGMENT_WHY_H_
