// Defines LifecycleName: a stage of the lifecycle as the model's labels spell it.
#ifndef RELATA_CLI_LIFECYCLE_NAME_H_
#define RELATA_CLI_LIFECYCLE_NAME_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "relata/crm/relation.h"

namespace relata::cli {

inline constexpr std::array<std::string_view, 5> kLifecycleNames = {"general", "suspect", "prospect",
                                                                    "inactive", "customer"};

inline std::string_view LifecycleName(crm::Lifecycle lifecycle) {
  return kLifecycleNames[static_cast<size_t>(lifecycle)];
}

}  // namespace relata::cli

#endif  // RELATA_CLI_LIFECYCLE_NAME_H_
