// Defines CheckStore, which walks everything in a store and reports what does not fit together.
#ifndef RELATA_SRC_STORE_CHECK_H_
#define RELATA_SRC_STORE_CHECK_H_

#include "relata/base/status.h"
#include "relata/store/check.h"
#include "src/store/store.h"

namespace relata::store {

// Within one snapshot, while reading and writing go on. A failure is only what keeps the walk itself from
// going on: a damaged page. O(everything); memory for the findings.
StatusOr<CheckReport> CheckStore(Store* store, const CheckOptions& options);

}  // namespace relata::store

#endif  // RELATA_SRC_STORE_CHECK_H_
