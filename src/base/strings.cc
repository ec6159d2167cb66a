#include "relata/base/strings.h"

#include "absl/strings/escaping.h"

namespace relata {
namespace {

constexpr size_t kLongestQuote = 80;

bool ContinuesCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::string Quoted(std::string_view text) {
  const bool cut = text.size() > kLongestQuote;
  if (cut) {
    size_t end = kLongestQuote;
    while (end > kLongestQuote - 4 && ContinuesCharacter(text[end])) --end;
    text = text.substr(0, end);
  }
  std::string quoted = "'";
  // Only what cannot be printed is escaped: a name with an apostrophe or an accent stays as the user wrote
  // it.
  const bool plain = [&] {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || byte >= 0x7F) return false;
    }
    return true;
  }();
  quoted += plain ? std::string(text) : absl::Utf8SafeCEscape(ToAbsl(text));
  quoted += cut ? "...'" : "'";
  return quoted;
}

}  // namespace relata
