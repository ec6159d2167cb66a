// Defines CursorPlace, where a page ended, and the opaque text it travels as.
//
// The text is base64url of: version, the fingerprint of the query, the values of the order terms, the id, and
// a checksum of all that. It holds values of records: who may not see them should not get it.
//
// Thread safety: functions of their arguments.
#ifndef RELATA_QUERY_CURSOR_TEXT_H_
#define RELATA_QUERY_CURSOR_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "src/query/datum.h"

namespace relata::query {

struct CursorPlace {
  std::vector<OwnedDatum> values;
  RecordId id = 0;
};

std::string EncodeCursor(uint64_t fingerprint, const CursorPlace& place);

// InvalidArgument for a text that is no cursor, or one of another query; or not of `terms` order terms.
StatusOr<CursorPlace> DecodeCursor(std::string_view text, uint64_t fingerprint, size_t terms);

}  // namespace relata::query

#endif  // RELATA_QUERY_CURSOR_TEXT_H_
