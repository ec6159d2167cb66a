// Defines how a condition search(field, '…') is answered from the index of the field's words: exactly the
// records that Matches (base/words.h) says yes to, so that the index is a strategy and never a meaning.
//
//   const std::vector<SearchWord> words = ParseSearch("bakkerij jans");
//   IdSet ids;
//   RELATA_ASSIGN_OR_RETURN(const bool indexed, FindIds(reader, type, field, words, &ids));
//   if (!indexed) …  // look at the rows
//
// Thread safety: as the reader.
#ifndef RELATA_QUERY_TEXT_SEARCH_H_
#define RELATA_QUERY_TEXT_SEARCH_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "relata/base/status.h"
#include "relata/schema/ids.h"
#include "src/base/words.h"
#include "src/query/id_set.h"
#include "src/store/reader.h"
#include "src/store/schema_runtime.h"

namespace relata::query {

// The index of the words of this field; nullptr if there is none, or it is being built.
const store::IndexRuntime* WordIndexOf(const store::TypeRuntime& type, FieldId field);

// Sets `ids` to the records whose field has all these words; none where no word is asked for. False, and
// `ids` untouched, if the field has no index of its words. O(entries of the words): some milliseconds for a
// million.
StatusOr<bool> FindIds(const store::Reader& reader, const store::TypeRuntime& type, FieldId field,
                       const std::vector<SearchWord>& words, IdSet* ids);

// About how many FindIds would find, as if the words were strewn over the records without regard to each
// other, and never more than the rarest has. Nothing if the field has no index of its words. Cost: at most
// some hundred blocks per word.
StatusOr<std::optional<uint64_t>> EstimateIds(const store::Reader& reader, const store::TypeRuntime& type,
                                              FieldId field, const std::vector<SearchWord>& words);

}  // namespace relata::query

#endif  // RELATA_QUERY_TEXT_SEARCH_H_
