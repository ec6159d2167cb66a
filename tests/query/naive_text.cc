// Text, one code point at a time.
#include "tests/query/naive_text.h"

#include <algorithm>
#include <regex>
#include <vector>

#include "src/base/text.h"

namespace relata::twin {
namespace {

// The code points of well-formed UTF-8, each as its own bytes.
std::vector<std::string> CodePoints(std::string_view text) {
  std::vector<std::string> points;
  for (char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (!continues) points.emplace_back();
    points.back() += c;
  }
  return points;
}

bool LikeFrom(const std::vector<std::string>& text, size_t t, const std::vector<std::string>& pattern,
              size_t p) {
  if (p == pattern.size()) return t == text.size();
  if (pattern[p] == "%") {
    for (size_t skip = t; skip <= text.size(); ++skip) {
      if (LikeFrom(text, skip, pattern, p + 1)) return true;
    }
    return false;
  }
  if (t == text.size()) return false;
  if (pattern[p] == "_") return LikeFrom(text, t + 1, pattern, p + 1);
  if (pattern[p] == "\\" && p + 1 < pattern.size()) ++p;
  return text[t] == pattern[p] && LikeFrom(text, t + 1, pattern, p + 1);
}

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || std::isalnum(byte) != 0;
}

// The words of a folded text without apostrophes and full stops; a word that ends the text, or stands before
// an asterisk, with that asterisk.
std::vector<std::string> WordsOf(const std::string& folded, bool asked) {
  std::vector<std::string> words;
  for (size_t i = 0; i < folded.size(); ++i) {
    if (!IsWordByte(folded[i])) continue;
    if (i == 0 || !IsWordByte(folded[i - 1])) words.emplace_back();
    words.back() += folded[i];
    if (asked && (i + 1 == folded.size() || folded[i + 1] == '*')) words.back() += '*';
  }
  return words;
}

}  // namespace

bool Like(std::string_view text, std::string_view pattern) {
  return LikeFrom(CodePoints(text), 0, CodePoints(pattern), 0);
}

bool Matches(const std::string& text, const std::string& pattern) {
  return std::regex_search(text, std::regex(pattern));
}

bool Search(std::string_view text, std::string_view query) {
  const std::vector<std::string> words = WordsOf(Fold(text), false), asked = WordsOf(Fold(query), true);
  for (const std::string& ask : asked) {
    const bool prefix = ask.back() == '*';
    const bool found = std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return prefix ? word.compare(0, ask.size() - 1, ask, 0, ask.size() - 1) == 0 : word == ask;
    });
    if (!found) return false;
  }
  return !asked.empty();
}

double Similar(std::string_view left, std::string_view right) {
  const std::vector<std::string> a = CodePoints(Fold(left)), b = CodePoints(Fold(right));
  if (a == b) return 1;
  if (a.empty() || b.empty()) return 0;
  // Characters match where they are equal and not farther apart than half the longer text, less one.
  const size_t longer = std::max(a.size(), b.size());
  const size_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
  std::vector<bool> taken(b.size());
  std::vector<std::string> of_a, of_b;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = i > reach ? i - reach : 0; j < b.size() && j <= i + reach; ++j) {
      if (taken[j] || a[i] != b[j]) continue;
      taken[j] = true;
      of_a.push_back(a[i]);
      break;
    }
  }
  for (size_t j = 0; j < b.size(); ++j) {
    if (taken[j]) of_b.push_back(b[j]);
  }
  if (of_a.empty()) return 0;
  size_t out_of_order = 0;
  for (size_t i = 0; i < of_a.size(); ++i) out_of_order += of_a[i] != of_b[i] ? 1 : 0;
  const auto matches = static_cast<double>(of_a.size());
  const double jaro = (matches / static_cast<double>(a.size()) + matches / static_cast<double>(b.size()) +
                       (matches - static_cast<double>(out_of_order / 2)) / matches) /
                      3;
  size_t prefix = 0;
  while (prefix < 4 && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
  return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro);
}

}  // namespace relata::twin
