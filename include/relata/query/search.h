// Defines Search, which ranks the records whose texts have the words that somebody typed.
//
//   Search(reader, "person", {{"last_name", 2}, {"first_name"}}, "jan jans", {.limit = 10});
//
// What was typed is taken as words, without regard to case and accents. The last word is taken as a beginning
// while it may still be typed: "bakk jans" finds "Jansen's Bakk" and not "Bakkerij Jansen"; "bakk* jans"
// finds both; "jans " and "jans." end the word. A record is found if each of the words is in at least one of
// the fields, in any order.
//
// Rank: the score is the sum, over the words typed, of the best that word has in any of the fields:
//
//   weight of the field * worth of the match * worth of the length
//
//   match    100 for the word itself, 70 for a word that begins so, 40 for a word one slip away
//   length   1000 / sqrt(n), rounded down, in a field of n words; n above 8 counts as 16, 32, 64, 128, 256,
//            512, and above that as 1024
//
// Higher scores come first, then lower ids. So "Jansen" comes before "Bakkerij Jansen", and that before
// "Jansens". Nothing depends on how often a word occurs elsewhere: a record's score changes with itself
// alone.
//
// Slips (options.typos): a word of five or more characters also finds words with one character too many, too
// few, another one, or two neighbours exchanged; a character below U+2E80, since no ideograph is a slip of
// another one. A word still being typed finds beginnings as typed, and whole words with a slip.
//
// Cost: with one word, or one field, the best are met first and the search ends with them: tens of
// microseconds for ten of a million. A beginning of four and more characters looks up each word that begins
// so. Several words in several fields look at all records that match. Slips cost some hundred microseconds a
// word.
// Thread safety: as the reader.
#ifndef RELATA_QUERY_SEARCH_H_
#define RELATA_QUERY_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/export.h"
#include "relata/schema/ids.h"

namespace relata::store {
class Reader;
}

namespace relata::query {

struct SearchField {
  std::string name;
  uint32_t weight = 1;  // 1 to 1,000
};

struct SearchOptions {
  size_t limit = 10;
  bool typos = false;
};

struct SearchHit {
  RecordId id = 0;
  uint64_t score = 0;
  std::string field;  // where the word was that counts most
  friend bool operator==(const SearchHit&, const SearchHit&) = default;
};

// The best `limit` records. No fields: all that have an index of words, with weight 1. None are found where
// no word was typed. NotFound for an unknown entity or field, FailedPrecondition for a field without an index
// of words (declare it with words<…>, or AddIndex with the part "words(field)"), InvalidArgument for a
// weight.
RELATA_EXPORT StatusOr<std::vector<SearchHit>> Search(const store::Reader& reader, std::string_view entity,
                                                      std::vector<SearchField> fields, std::string_view typed,
                                                      const SearchOptions& options = {});

}  // namespace relata::query

#endif  // RELATA_QUERY_SEARCH_H_
