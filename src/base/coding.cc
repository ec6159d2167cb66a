// Varints: seven bits a byte, least significant first. Fixed widths are inline in the header.
#include "src/base/coding.h"

#include <algorithm>

namespace relata {

void PutVarint64(std::string* out, uint64_t value) {
  char bytes[kMaxVarint64Bytes];
  size_t length = 0;
  while (value >= 0x80) {
    bytes[length++] = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  bytes[length++] = static_cast<char>(value);
  out->append(bytes, length);
}

bool GetVarint64(std::string_view* in, uint64_t* value) {
  // Most are of one byte.
  if (!in->empty() && static_cast<unsigned char>(in->front()) < 0x80) {
    *value = static_cast<unsigned char>(in->front());
    in->remove_prefix(1);
    return true;
  }
  uint64_t result = 0;
  const size_t limit = std::min(in->size(), kMaxVarint64Bytes);
  for (size_t i = 0; i < limit; ++i) {
    const uint64_t byte = static_cast<unsigned char>((*in)[i]);
    if (i == kMaxVarint64Bytes - 1 && byte > 1) return false;  // past 64 bits
    result |= (byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      if (byte == 0 && i > 0) return false;  // a longer form than needed
      *value = result;
      in->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

}  // namespace relata
