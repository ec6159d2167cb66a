// Defines how integers lie in bytes: loads and stores of a stated byte order at any alignment, and varints.
//
//   std::string key;
//   AppendBE64(&key, id);                     // big-endian: keys sort as numbers
//   PutVarint64(&row, length);
//
// A load or store compiles to one instruction, with a byte swap where the order is not the machine's. Loads
// do not look at bounds: REQUIRES that many bytes. Varints are read from untrusted bytes and do.
#ifndef RELATA_BASE_CODING_H_
#define RELATA_BASE_CODING_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace relata {
namespace internal {

template <typename T>
constexpr T SwapBytes(T value) {
  if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
}

template <typename T, std::endian order>
T Load(const void* from) {
  static_assert(std::is_unsigned_v<T>);
  T value;
  std::memcpy(&value, from, sizeof(T));
  return order == std::endian::native ? value : SwapBytes(value);
}

template <typename T, std::endian order>
void Store(void* to, T value) {
  static_assert(std::is_unsigned_v<T>);
  if (order != std::endian::native) value = SwapBytes(value);
  std::memcpy(to, &value, sizeof(T));
}

}  // namespace internal

inline uint16_t LoadLE16(const void* from) { return internal::Load<uint16_t, std::endian::little>(from); }
inline uint32_t LoadLE32(const void* from) { return internal::Load<uint32_t, std::endian::little>(from); }
inline uint64_t LoadLE64(const void* from) { return internal::Load<uint64_t, std::endian::little>(from); }
inline uint16_t LoadBE16(const void* from) { return internal::Load<uint16_t, std::endian::big>(from); }
inline uint32_t LoadBE32(const void* from) { return internal::Load<uint32_t, std::endian::big>(from); }
inline uint64_t LoadBE64(const void* from) { return internal::Load<uint64_t, std::endian::big>(from); }

inline void StoreLE16(void* to, uint16_t value) { internal::Store<uint16_t, std::endian::little>(to, value); }
inline void StoreLE32(void* to, uint32_t value) { internal::Store<uint32_t, std::endian::little>(to, value); }
inline void StoreLE64(void* to, uint64_t value) { internal::Store<uint64_t, std::endian::little>(to, value); }
inline void StoreBE16(void* to, uint16_t value) { internal::Store<uint16_t, std::endian::big>(to, value); }
inline void StoreBE32(void* to, uint32_t value) { internal::Store<uint32_t, std::endian::big>(to, value); }
inline void StoreBE64(void* to, uint64_t value) { internal::Store<uint64_t, std::endian::big>(to, value); }

inline void AppendLE16(std::string* out, uint16_t value) {
  char bytes[sizeof(value)];
  StoreLE16(bytes, value);
  out->append(bytes, sizeof(bytes));
}
inline void AppendLE32(std::string* out, uint32_t value) {
  char bytes[sizeof(value)];
  StoreLE32(bytes, value);
  out->append(bytes, sizeof(bytes));
}
inline void AppendLE64(std::string* out, uint64_t value) {
  char bytes[sizeof(value)];
  StoreLE64(bytes, value);
  out->append(bytes, sizeof(bytes));
}
inline void AppendBE16(std::string* out, uint16_t value) {
  char bytes[sizeof(value)];
  StoreBE16(bytes, value);
  out->append(bytes, sizeof(bytes));
}
inline void AppendBE32(std::string* out, uint32_t value) {
  char bytes[sizeof(value)];
  StoreBE32(bytes, value);
  out->append(bytes, sizeof(bytes));
}
inline void AppendBE64(std::string* out, uint64_t value) {
  char bytes[sizeof(value)];
  StoreBE64(bytes, value);
  out->append(bytes, sizeof(bytes));
}

// A varint takes seven bits a byte, least significant first, the top bit set on all bytes but the last: 1
// byte below 128, 10 at most.
inline constexpr size_t kMaxVarint64Bytes = 10;

void PutVarint64(std::string* out, uint64_t value);

// Reads a varint from the front of `in` and drops it there. False where the bytes end too soon, the number
// does not fit, or it has more bytes than it needs (a number has one form); `in` and `value` are then as they
// were.
[[nodiscard]] bool GetVarint64(std::string_view* in, uint64_t* value);

// The number of bytes PutVarint64 appends.
constexpr size_t VarintLength(uint64_t value) {
  return static_cast<size_t>(std::bit_width(value | 1) + 6) / 7;
}

// Maps signed numbers of small size to small unsigned ones: 0, -1, 1, -2 become 0, 1, 2, 3.
constexpr uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
constexpr int64_t UnZigZag(uint64_t value) { return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1)); }

}  // namespace relata

#endif  // RELATA_BASE_CODING_H_
