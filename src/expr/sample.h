// Defines which records a sample holds: `sample(10 percent, 'seed')`.
//
// A record's place in [0, 1) is Hash64(its id in eight bytes, little-endian; seed Hash64(the seed's text))
// without its last eleven bits, over 2^53. It is in the sample where its place is below the share. So it is
// the same on every machine and for ever, and a larger sample of the same seed holds a smaller one.
//
// Thread safety: functions of their arguments. Cost: a few nanoseconds; hash the seed once.
#ifndef RELATA_EXPR_SAMPLE_H_
#define RELATA_EXPR_SAMPLE_H_

#include <cstdint>
#include <string_view>

#include "relata/schema/ids.h"
#include "src/base/coding.h"
#include "src/base/hash.h"

namespace relata::expr {

inline bool InSample(uint64_t seed_hash, RecordId id, double share) {
  char bytes[sizeof(id)];
  StoreLE64(bytes, id);
  const uint64_t hash = Hash64(std::string_view(bytes, sizeof(bytes)), seed_hash);
  return static_cast<double>(hash >> 11) * 0x1p-53 < share;
}

inline bool InSample(std::string_view seed, RecordId id, double share) {
  return InSample(Hash64(seed), id, share);
}

}  // namespace relata::expr

#endif  // RELATA_EXPR_SAMPLE_H_
