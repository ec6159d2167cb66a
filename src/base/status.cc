// Adds to a failure where it happened.
#include "relata/base/status.h"

#include <string>

#include "absl/strings/cord.h"

namespace relata {

Status Annotate(const Status& status, std::string_view context) {
  if (status.ok()) return status;
  std::string message(context);
  message.append(": ").append(status.message().data(), status.message().size());
  Status annotated(status.code(), message);
  status.ForEachPayload(
      [&](absl::string_view type, const absl::Cord& payload) { annotated.SetPayload(type, payload); });
  return annotated;
}

}  // namespace relata
