// The line, the column and the caret.
#include "src/expr/located.h"

#include <algorithm>

#include "relata/base/strings.h"

namespace relata::expr {
namespace {

constexpr size_t kAround = 60;  // characters shown on either side

bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

}  // namespace

std::string Located(std::string_view text, uint32_t position, std::string_view message) {
  const size_t at = std::min<size_t>(position, text.size());
  size_t begin = at;
  while (begin > 0 && text[begin - 1] != '\n') --begin;
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
  size_t end = std::min(text.find('\n', at), text.size());

  size_t column = 1;
  for (size_t i = begin; i < at; ++i) column += BeginsCharacter(text[i]) ? 1 : 0;

  size_t before = 0;
  for (size_t i = at; i > begin; --i) {
    if (BeginsCharacter(text[i - 1]) && ++before == kAround) begin = i - 1;
  }
  size_t after = 0;
  for (size_t i = at; i < end; ++i) {
    if (BeginsCharacter(text[i]) && ++after > kAround) end = i;
  }

  std::string shown;
  for (size_t i = begin; i < end; ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    shown += c < ' ' || c == 0x7F ? ' ' : text[i];
  }
  return StrCat("line ", line, ", column ", column, ": ", message, "\n  ", shown, "\n  ",
                std::string(std::min(before, kAround), ' '), "^");
}

}  // namespace relata::expr
