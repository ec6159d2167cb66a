// Defines how the room reports what LMDB and the system return: ErrorStatus, and IsMapFull, the one failure
// that a caller answers by trying again.
#ifndef RELATA_KV_ERROR_H_
#define RELATA_KV_ERROR_H_

#include <string_view>

#include "relata/base/status.h"

namespace relata::kv {

// True for the status of a write that found the map full. It is Aborted: nothing was kept, and after
// Environment::GrowMap the same work can succeed. Ask it of what Commit returned or of the transaction's own
// status(), which keeps the first failure: a status made anew from this one, as Annotate does, has lost the
// mark.
bool IsMapFull(const Status& status);

// The status for a return code of LMDB or an errno: "FILE: DOING: what happened; what to do". OK for 0.
Status ErrorStatus(int code, std::string_view file, std::string_view doing);

}  // namespace relata::kv

#endif  // RELATA_KV_ERROR_H_
