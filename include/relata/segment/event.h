// Defines SegmentCause, why a record entered or left a segment.
//
// Thread safety: a plain value.
#ifndef RELATA_SEGMENT_EVENT_H_
#define RELATA_SEGMENT_EVENT_H_

#include <cstdint>
#include <string_view>

#include "relata/export.h"

namespace relata {

enum class SegmentCause : uint8_t {
  kWrite = 1,       // a commit changed a record
  kImport = 2,      // a bulk load, or a change that reached very many records: told later, net
  kTime = 3,        // a moment passed
  kDefinition = 4,  // the segment was defined, or defined anew
};

// "write", "import", "time" or "definition".
RELATA_EXPORT std::string_view SegmentCauseName(SegmentCause cause);

}  // namespace relata

#endif  // RELATA_SEGMENT_EVENT_H_
