// Defines the text operations that indexes and comparisons rest on: folding, which removes case and accents,
// the check for UTF-8, and sort keys of a language.
//
//   Fold("Ångström") == Fold("ANGSTROM")                          // "angstrom"
//   StatusOr<const Collator*> dutch = Collator::ForLocale("nl");
//   (*dutch)->AppendSortKey("IJsselstein", &key);
//
// Results follow the ICU library's data: what is stored must be rebuilt when IcuVersion() changes. Bytes that
// are not UTF-8 are read as U+FFFD, so every function is defined for every input.
//
// Thread safety: all of it may be used from any thread.
#ifndef RELATA_BASE_TEXT_H_
#define RELATA_BASE_TEXT_H_

#include <memory>
#include <string>
#include <string_view>

#include "relata/base/status.h"

namespace relata {

// The text without distinctions of case, accent and compatibility form: full case folding, NFKD, marks
// removed (ß becomes ss, ﬁ fi, Å a). Idempotent. O(n); ASCII costs a copy.
std::string Fold(std::string_view utf8);

// Appends Fold(utf8) to `out`. REQUIRES: utf8 is no view into `out`.
void FoldAppend(std::string_view utf8, std::string* out);

// True for well-formed UTF-8: shortest forms only, no surrogates, at most U+10FFFF.
bool IsValidUtf8(std::string_view text);

// As "72.1".
std::string_view IcuVersion();

// The order of a language's dictionaries.
class Collator {
 public:
  // The collator of a locale as nl, sv or de-AT-u-co-phonebk; one per name for the life of the process.
  // InvalidArgument for a name ICU does not know. The first use of a name costs some milliseconds.
  static StatusOr<const Collator*> ForLocale(std::string_view name);

  Collator(const Collator&) = delete;
  Collator& operator=(const Collator&) = delete;

  // Appends bytes that compare, by memcmp, as the texts do in the language. They hold no zero byte.
  // O(n); the keys are some 1.5 to 3 times as long as the text.
  void AppendSortKey(std::string_view utf8, std::string* key) const;

  // Negative, zero or positive, as the sort keys compare.
  int Compare(std::string_view a, std::string_view b) const;

 private:
  struct State;
  explicit Collator(std::unique_ptr<State> state);
  ~Collator();

  std::unique_ptr<State> state_;
};

}  // namespace relata

#endif  // RELATA_BASE_TEXT_H_
