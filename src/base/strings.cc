// Quotes foreign text for a message: cut between characters, what cannot be printed escaped.
#include "relata/base/strings.h"

#include "src/base/text.h"

namespace relata {
namespace {

constexpr size_t kLongestQuote = 80;

bool ContinuesCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

void AppendEscaped(char c, std::string* out) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  if (c == '\n') {
    *out += "\\n";
  } else if (c == '\r') {
    *out += "\\r";
  } else if (c == '\t') {
    *out += "\\t";
  } else {
    const auto byte = static_cast<unsigned char>(c);
    *out += {'\\', 'x', kHexDigits[byte >> 4], kHexDigits[byte & 15]};
  }
}

}  // namespace

std::string Quoted(std::string_view text) {
  const bool cut = text.size() > kLongestQuote;
  if (cut) {
    size_t end = kLongestQuote;
    while (end > kLongestQuote - 4 && ContinuesCharacter(text[end])) --end;
    text = text.substr(0, end);
  }
  const bool is_utf8 = IsValidUtf8(text);
  std::string quoted = "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !is_utf8)) {
      AppendEscaped(c, &quoted);
    } else {
      quoted += c;
    }
  }
  quoted += cut ? "...'" : "'";
  return quoted;
}

}  // namespace relata
