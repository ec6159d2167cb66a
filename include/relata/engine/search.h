// Defines Search as a host asks it: of a Snapshot or a Transaction.
//
//   StatusOr<std::vector<SearchHit>> hits = Search(now, "relation", "bakk* jans", {.limit = 10});
//
// What is found, and how it is ranked, stands in query/search.h.
#ifndef RELATA_ENGINE_SEARCH_H_
#define RELATA_ENGINE_SEARCH_H_

#include <string_view>
#include <vector>

#include "relata/engine/reader.h"
#include "relata/export.h"
#include "relata/query/search.h"

namespace relata {

using query::SearchField;
using query::SearchHit;
using query::SearchOptions;

// In all fields of the entity that have an index of words.
RELATA_EXPORT StatusOr<std::vector<SearchHit>> Search(const Reader& reader, std::string_view entity,
                                                      std::string_view typed,
                                                      const SearchOptions& options = {});
// In these fields.
RELATA_EXPORT StatusOr<std::vector<SearchHit>> Search(const Reader& reader, std::string_view entity,
                                                      const std::vector<SearchField>& fields,
                                                      std::string_view typed,
                                                      const SearchOptions& options = {});

}  // namespace relata

#endif  // RELATA_ENGINE_SEARCH_H_
