// Defines what the pyramid is made of: what each relation brought in a period, and at which stage those are
// that brought nothing. Rows tell it, or columns, which tell the same sooner.
//
// Thread safety: one thread, as the reader. Cost: on rows one walk over each type concerned, on columns one
// pass over each field.
#ifndef RELATA_ANSWERS_PYRAMID_PARTS_H_
#define RELATA_ANSWERS_PYRAMID_PARTS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "relata/answers/pyramid.h"
#include "relata/base/status.h"
#include "relata/query/results.h"
#include "src/base/wide.h"
#include "src/store/reader.h"

namespace relata::answers {

// What relations brought in one period.
struct Trade {
  std::vector<PyramidMember> active;  // by ascending id, not ranked
  uint64_t without_measure = 0;       // relations with orders that bring nothing
  uint64_t anonymous_orders = 0;
  int64_t anonymous = 0;
};

// One bit a relation, by id. What lies past the end is not set.
using Bits = std::vector<uint64_t>;
inline bool HasBit(const Bits& bits, RecordId id) {
  return id / 64 < bits.size() && (bits[id / 64] >> (id % 64) & 1) != 0;
}

// A bit for each member, given by ascending id.
Bits BitsOf(const std::vector<PyramidMember>& active);

// Relations by stage, in the order of crm::Lifecycle.
using StageCounts = std::array<uint64_t, 5>;

// OutOfRange where the sum does not fit 64 bits.
StatusOr<int64_t> ToMinor(Wide sum);

// Both periods at once.
Status TradeOnRows(const store::Reader& reader, PyramidMeasure measure, crm::Period period,
                   crm::Period before, Trade* now, Trade* then);
// The stages, on that day, of all relations but those in `active`.
StatusOr<StageCounts> CountStagesOnRows(const store::Reader& reader, Date on, const crm::LifecycleRule& rule,
                                        const Bits& active);

// Whether the source has columns.
bool HasColumns(const query::Source& source);
// The same on columns; Unavailable where rows must answer. REQUIRES: HasColumns(source).
StatusOr<std::vector<PyramidMember>> ActiveOnColumns(const query::Source& source, PyramidMeasure measure,
                                                     crm::Period period);
StatusOr<Trade> TradeOnColumns(const query::Source& source, PyramidMeasure measure, crm::Period period);
StatusOr<StageCounts> CountStagesOnColumns(const query::Source& source, Date on,
                                           const crm::LifecycleRule& rule, const Bits& active);

}  // namespace relata::answers

#endif  // RELATA_ANSWERS_PYRAMID_PARTS_H_
