// Patterns with one point of return, and Jaro-Winkler over code points.
#include "src/expr/text_match.h"

#include <algorithm>
#include <cstdint>

#include "absl/container/inlined_vector.h"

namespace relata::expr {
namespace {

// The bytes of the character that begins at `at`.
size_t CharacterAt(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const size_t length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  size_t end = at + 1;
  while (end < text.size() && end < at + length && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
    ++end;
  }
  return end - at;
}

// Bytes packed into a number: one per character, and no two alike.
using Characters = absl::InlinedVector<uint32_t, 64>;

Characters CharactersOf(std::string_view text) {
  Characters characters;
  for (size_t at = 0; at < text.size();) {
    const size_t length = CharacterAt(text, at);
    uint32_t character = 0;
    for (size_t i = 0; i < length; ++i) character = character << 8 | static_cast<unsigned char>(text[at + i]);
    characters.push_back(character);
    at += length;
  }
  return characters;
}

double Jaro(const Characters& a, const Characters& b) {
  const size_t longer = std::max(a.size(), b.size());
  const size_t window = longer / 2 == 0 ? 0 : longer / 2 - 1;
  absl::InlinedVector<bool, 64> taken(b.size(), false);
  Characters matched;  // of a, in its order
  for (size_t i = 0; i < a.size(); ++i) {
    const size_t end = std::min(b.size(), i + window + 1);
    for (size_t j = i > window ? i - window : 0; j < end; ++j) {
      if (taken[j] || a[i] != b[j]) continue;
      taken[j] = true;
      matched.push_back(a[i]);
      break;
    }
  }
  if (matched.empty()) return 0;
  size_t out_of_order = 0;
  for (size_t j = 0, k = 0; j < b.size(); ++j) {
    if (taken[j] && matched[k++] != b[j]) ++out_of_order;
  }
  const auto matches = static_cast<double>(matched.size());
  const auto transpositions = static_cast<double>(out_of_order / 2);
  return (matches / static_cast<double>(a.size()) + matches / static_cast<double>(b.size()) +
          (matches - transpositions) / matches) /
         3;
}

}  // namespace

bool Like(std::string_view text, std::string_view pattern) {
  constexpr size_t kNowhere = std::string_view::npos;
  size_t t = 0;
  size_t p = 0;
  // Behind the last `%`, and the text's character it was last tried at: earlier ones need no second look,
  // since the last one can stand for whatever an earlier one would.
  size_t after_percent = kNowhere;
  size_t retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      after_percent = ++p;
      retry = t;
      continue;
    }
    if (p < pattern.size() && pattern[p] == '_') {
      t += CharacterAt(text, t);
      ++p;
      continue;
    }
    const size_t literal = p + 1 < pattern.size() && pattern[p] == '\\' ? p + 1 : p;
    if (literal < pattern.size() && pattern[literal] == text[t]) {
      p = literal + 1;
      ++t;
      continue;
    }
    if (after_percent == kNowhere) return false;
    if (after_percent == pattern.size()) return true;
    p = after_percent;
    t = retry += CharacterAt(text, retry);
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

double JaroWinkler(std::string_view a, std::string_view b) {
  if (a == b) return 1;
  const Characters x = CharactersOf(a);
  const Characters y = CharactersOf(b);
  if (x.empty() || y.empty()) return 0;
  const double jaro = Jaro(x, y);
  size_t prefix = 0;
  const size_t limit = std::min<size_t>({4, x.size(), y.size()});
  while (prefix < limit && x[prefix] == y[prefix]) ++prefix;
  return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro);
}

}  // namespace relata::expr
