// Hashes and row checksums by XXH3. The checksum is part of the format: it never changes.
#include "src/base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace relata {

uint64_t Hash64(std::string_view bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

uint32_t Checksum32(std::string_view bytes, uint64_t id) {
  // The id is added and all of it stirred, by the finaliser of SplitMix64 (Steele, Lea and Flood, 2014), a
  // bijection: two ids that differ can agree on the 32 bits only as often as chance has it.
  uint64_t mixed = XXH3_64bits(bytes.data(), bytes.size()) + id * 0x9E3779B97F4A7C15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
  return static_cast<uint32_t>((mixed ^ (mixed >> 31)) >> 32);
}

}  // namespace relata
