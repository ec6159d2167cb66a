// Defines how texts are compared by pattern and by likeness: `like`, and Jaro-Winkler similarity.
//
//   Like("Bakkerij Jansen", "Bakk%Jans_n")            // true
//   JaroWinkler("martha", "marhta")                   // 0.9611…
//
// Characters are code points; bytes that are not UTF-8 count as one each. Texts come as they should be
// compared: `ilike` and `similar` fold both first (Fold in src/base/text.h).
//
// Thread safety: functions of their arguments. Cost: Like O(text * pattern) at worst, O(text) for patterns of
// one `%`. JaroWinkler O(a * b) at worst; short texts are compared without allocation.
#ifndef RELATA_EXPR_TEXT_MATCH_H_
#define RELATA_EXPR_TEXT_MATCH_H_

#include <string_view>

namespace relata::expr {

// `%` stands for any characters, `_` for one, and a character behind a backslash for itself; so does a
// backslash at the end.
bool Like(std::string_view text, std::string_view pattern);

// The likeness of two texts, 0 to 1: Jaro's, raised by a tenth of what lacks to 1 for each of the first
// characters they share, up to four, whatever Jaro's value (W. E. Winkler, "String Comparator Metrics and
// Enhanced Decision Rules in the Fellegi-Sunter Model of Record Linkage", Proceedings of the Section on
// Survey Research Methods, American Statistical Association, 1990). Characters match within half the longer
// length less one; transpositions are half the matches out of order, rounded down. Two empty texts are alike;
// an empty one and another are not at all.
double JaroWinkler(std::string_view a, std::string_view b);

}  // namespace relata::expr

#endif  // RELATA_EXPR_TEXT_MATCH_H_
