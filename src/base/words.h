// Defines what a word of a text is, and when a text has the words that a search asks for.
//
//   Words("Bakkerij 't Hoekje B.V.")                           // bakkerij, t, hoekje, b.v
//   Matches(ParseSearch("hoek bakk"), "Bakkerij 't Hoekje")    // false: "hoek" is whole, "bakk" still typed
//   Matches(ParseSearch("bakkerij hoek"), "Bakkerij 't Hoekje")  // true
//
// A word is what Unicode's word boundaries (UAX 29, ICU's root locale) leave between two of them in the
// folded text (text.h), where it has a letter, digit, kana or ideograph; so case, accents and compatibility
// forms make no difference. Hyphens, slashes and spaces part words; an apostrophe or full stop inside
// letters, and a comma or full stop inside digits, does not: o'neill, b.v, 12.50. Texts without spaces,
// Chinese and Thai, are parted by ICU's dictionaries. Of a long word the first 64 bytes count, in whole
// characters.
//
// This rule alone says what a search finds. Indexes follow it, so they too must be rebuilt when IcuVersion()
// changes.
//
// Thread safety: all of it may be used from any thread; each keeps an ICU iterator of its own.
// Cost: O(n); some 10 ns per word in ASCII and Western letters, microseconds per text where ICU is asked.
#ifndef RELATA_BASE_WORDS_H_
#define RELATA_BASE_WORDS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"

namespace relata {

inline constexpr size_t kMaxWordBytes = 64;

// Calls `visit` with each word of the text, folded, in order, as often as it stands there. The view lives
// until `visit` returns.
void VisitWords(std::string_view text, absl::FunctionRef<void(std::string_view word)> visit);

std::vector<std::string> Words(std::string_view text);

// One word that is asked for.
struct SearchWord {
  std::string text;     // folded and cut, as the words of a text
  bool prefix = false;  // words that begin so match too
  friend bool operator==(const SearchWord&, const SearchWord&) = default;
};

// What somebody typed, as words, each once. A word is a prefix if a * follows it directly, or if the text
// ends with it, for then it may still be typed: "bakk jans" asks for the word bakk and for words with jans at
// the beginning; "bakk jans " and "bakk jans." for the word jans itself.
std::vector<SearchWord> ParseSearch(std::string_view typed);

// Whether every word asked for is among the words of the text, in any order. Where no word is asked for,
// nothing matches.
bool Matches(const std::vector<SearchWord>& search, std::string_view text);

}  // namespace relata

#endif  // RELATA_BASE_WORDS_H_
