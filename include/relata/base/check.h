// Defines RELATA_CHECK, which stops the process on an error of programming that types cannot prevent, and
// RELATA_DCHECK, which does so in builds without NDEBUG only.
//
//   RELATA_CHECK(snapshot.sequence() <= last_sequence);
//
// What data, a file, a caller or the system can cause is a Status, never a check: a store that is damaged
// must not take its host down. A failed check prints file, line and condition on standard error and aborts.
#ifndef RELATA_BASE_CHECK_H_
#define RELATA_BASE_CHECK_H_

#include "relata/export.h"

namespace relata::internal {

[[noreturn]] RELATA_EXPORT void CheckFailed(const char* file, int line, const char* condition);

}  // namespace relata::internal

#define RELATA_CHECK(condition)                        \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::relata::internal::CheckFailed(__FILE__, __LINE__, #condition))

#ifdef NDEBUG
#define RELATA_DCHECK(condition) static_cast<void>(false && static_cast<bool>(condition))
#else
#define RELATA_DCHECK(condition) RELATA_CHECK(condition)
#endif

#endif  // RELATA_BASE_CHECK_H_
