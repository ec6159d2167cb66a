// Defines the inner loop of reading a block of ids (id_block.h), compiled for each instruction set that the
// processor may have and chosen when first called (Highway's dynamic dispatch). All of them give the same
// ids.
//
// Thread safety: a function of its arguments. Cost: about a nanosecond an id where gaps take a byte,
// one and a half where they take two.
#ifndef RELATA_STORE_KERNELS_H_
#define RELATA_STORE_KERNELS_H_

#include <cstddef>

#include "relata/schema/ids.h"

namespace relata::store {

// How far the reading of a block has come.
struct BlockReading {
  const char* at;  // of the next gap
  RecordId last;   // the id before it
  RecordId* out;   // where the next id goes
};

// So many ids are written at a time, whether they are all of the block or not.
inline constexpr size_t kIdsAtOnce = 8;

// Reads gaps of one and two bytes until it meets a longer one, fewer than eight bytes are left before `end`,
// or `stop` is reached or passed. REQUIRES: room for kIdsAtOnce - 1 ids from `stop` on, which are
// overwritten. False if a gap is in a longer form than it needs.
[[nodiscard]] bool ReadShortGaps(const char* end, const RecordId* stop, BlockReading* reading);

}  // namespace relata::store

#endif  // RELATA_STORE_KERNELS_H_
