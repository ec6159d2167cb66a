// Defines what an index of words has as keys: which words a text field holds, and how short that field is.
//
//   WordKeys(cell, /*set=*/false, &keys);          // of "Jan Bos": bos 2, jan 2, and b…, bo…, j…, ja… 2
//   KeyRange range = EntriesOf("jansen");           // the entries of this word, shortest fields first
//
// Keys, where 01 is a byte that no word has:
//   word 01 length        a word of the field
//   01 prefix 01 length   the field has a word that begins so and goes on; for prefixes of 1 to 3 characters
// The prefixes spare a search that has hardly begun from looking at half of all words. The length is that of
// the field in words, in fifteen steps (LengthStep): it stands before the ids, so a word's entries come with
// the shortest fields first, as a ranked search wants them, and all words of one field have the same.
//
// A text set is one field with the words of all its texts. What is absent has no words.
//
// Thread safety: functions of their arguments. Cost: one key per word and prefix that differs. Of a million
// company names each had twelve, 18 bytes in the file, 6 microseconds in a bulk load, 28 where written one by
// one; without the prefixes it would be three.
#ifndef RELATA_STORE_WORD_KEY_H_
#define RELATA_STORE_WORD_KEY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relata/schema/cell.h"
#include "src/store/key_range.h"

namespace relata::store {

inline constexpr size_t kMaxPrefixCharacters = 3;
inline constexpr uint8_t kLengthSteps = 15;

// 1 to 8 for as many words; 9 to 15 for up to 16, 32, 64, 128, 256, 512 and more. REQUIRES: words > 0.
uint8_t LengthStep(size_t words);

// Sets `keys` to what a field puts in: sorted, each once.
void WordKeys(const Cell& cell, bool set, std::vector<std::string>* keys);

// The entries of a word; of the words that begin with `beginning`; and of a short prefix, those of the fields
// with a longer word. REQUIRES: not empty; a prefix of at most kMaxPrefixCharacters.
KeyRange EntriesOf(std::string_view word);
KeyRange EntriesBeginningWith(std::string_view beginning);
KeyRange EntriesOfPrefix(std::string_view prefix);

// Whether EntriesOfPrefix knows prefixes as long as this one.
bool IsShortPrefix(std::string_view prefix);

// A values key taken apart. The views are the key's.
struct WordKey {
  std::string_view text;
  bool prefix = false;
  uint8_t length_step = 0;
};

// False if no index of words has such a key.
[[nodiscard]] bool ReadWordKey(std::string_view values, WordKey* key);

}  // namespace relata::store

#endif  // RELATA_STORE_WORD_KEY_H_
