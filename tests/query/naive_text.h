// Defines the text functions of the naive interpreter. Only folding is taken from base, since ICU decides it.
#ifndef RELATA_TESTS_QUERY_NAIVE_TEXT_H_
#define RELATA_TESTS_QUERY_NAIVE_TEXT_H_

#include <string>
#include <string_view>

namespace relata::twin {

// `%` stands for any characters, `_` for one, a backslash makes the next one ordinary. By code points.
bool Like(std::string_view text, std::string_view pattern);
// A regular expression (of those that ECMAScript and RE2 read alike) matches somewhere.
bool Matches(const std::string& text, const std::string& pattern);
// Every word of `query` is a word of the text or, where `query` ends with it or an asterisk follows, the
// beginning of one; all folded. REQUIRES: letters, digits and spaces in both.
bool Search(std::string_view text, std::string_view query);
// Jaro-Winkler similarity of the folded texts: with the prefix bonus of 0.1 for up to four characters.
double Similar(std::string_view a, std::string_view b);

}  // namespace relata::twin

#endif  // RELATA_TESTS_QUERY_NAIVE_TEXT_H_
