// Adds to a failure where it happened.
#include "relata/base/status.h"

#include <string>

namespace relata {

Status Annotate(const Status& status, std::string_view context) {
  if (status.ok()) return status;
  std::string message(context);
  message.append(": ").append(status.message().data(), status.message().size());
  return Status(status.code(), message);
}

}  // namespace relata
