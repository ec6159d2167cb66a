// Reports a failed RELATA_CHECK on standard error and aborts.
#include "relata/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace relata::internal {

void CheckFailed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::fflush(stderr);
  std::abort();
}

}  // namespace relata::internal
