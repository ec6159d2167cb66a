// Defines NearWords, the words of an index that are one slip of the pen away from one that was typed.
//
// One slip: a character too many, too few, another one, or two neighbours exchanged (an optimal string
// alignment of one, after Damerau 1964). A character put in is one below U+2E80: instead of an ideograph
// another one is another word, and there are too many to try.
//
// Thread safety: as the transaction. Cost: three look-ups per character that some word of the index has where
// the typed word was left, so at most 3 * length * alphabet, a thousand for eight letters; some hundred
// microseconds.
#ifndef RELATA_QUERY_NEAR_WORDS_H_
#define RELATA_QUERY_NEAR_WORDS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "src/kv/cursor.h"

namespace relata::query {

// A shorter word has too many neighbours that are meant as they are.
inline constexpr size_t kMinTypoCharacters = 5;

// Sets `found` to those words, sorted, without `word` itself; none where it has less than kMinTypoCharacters.
// `cursor` walks an index of words and is moved. REQUIRES: a folded word.
Status NearWords(kv::Cursor* cursor, std::string_view word, std::vector<std::string>* found);

}  // namespace relata::query

#endif  // RELATA_QUERY_NEAR_WORDS_H_
