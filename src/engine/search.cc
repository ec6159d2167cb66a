// The search of the room below, for the reader that a host holds.
#include "relata/engine/search.h"

namespace relata {

StatusOr<std::vector<SearchHit>> Search(const Reader& reader, std::string_view entity, std::string_view typed,
                                        const SearchOptions& options) {
  return query::Search(reader.store_reader(), entity, {}, typed, options);
}

StatusOr<std::vector<SearchHit>> Search(const Reader& reader, std::string_view entity,
                                        const std::vector<SearchField>& fields, std::string_view typed,
                                        const SearchOptions& options) {
  return query::Search(reader.store_reader(), entity, fields, typed, options);
}

}  // namespace relata
