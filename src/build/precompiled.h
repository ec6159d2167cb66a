// The headers that nearly every source and test of ours begins with, for builds with RELATA_PRECOMPILE.
//
// No file may count on it: each includes what it uses, and builds without this option show it where one does not.
#ifndef RELATA_BUILD_PRECOMPILED_H_
#define RELATA_BUILD_PRECOMPILED_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "relata/base/status.h"
#include "relata/base/strings.h"
#include "relata/base/time.h"
#include "src/schema/catalogue.h"

#endif  // RELATA_BUILD_PRECOMPILED_H_
