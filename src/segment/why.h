// Defines Explain, which takes a segment's condition apart for one record.
//
//   RELATA_ASSIGN_OR_RETURN(const Explanation why, Explain(reader, *catalogue.FindSegment("quiet"), 17));
//
// Thread safety: a function of its arguments; one thread, as the reader.
// Cost: each part is compiled and evaluated on the record; looking ahead costs an evaluation per moment at
// which the answer may change, or per day where the whole type is due each day.
#ifndef RELATA_SEGMENT_WHY_H_
#define RELATA_SEGMENT_WHY_H_

#include "relata/base/status.h"
#include "relata/schema/segment_definition.h"
#include "relata/segment/explanation.h"
#include "src/store/reader.h"

namespace relata::segment {

// Looks at most so far ahead.
inline constexpr int64_t kExplainedDays = 5 * 366;

// NotFound if there is no such record.
StatusOr<Explanation> Explain(const store::Reader& reader, const SegmentDefinition& definition, RecordId id);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_WHY_H_
