// Defines the hash that files depend on: XXH3, stable between machines, builds and versions (unlike
// absl::Hash).
//
// Not for adversaries: it finds accidents, not forgery.
#ifndef RELATA_BASE_HASH_H_
#define RELATA_BASE_HASH_H_

#include <cstdint>
#include <string_view>

namespace relata {

// XXH3, 64 bits, of the bytes and the seed.
uint64_t Hash64(std::string_view bytes, uint64_t seed = 0);

// A checksum of the bytes and of the id they are stored under, so that a whole row under a wrong key is found
// as surely as a flipped bit. The bytes are hashed first and the id mixed in afterwards.
uint32_t Checksum32(std::string_view bytes, uint64_t id);

}  // namespace relata

#endif  // RELATA_BASE_HASH_H_
