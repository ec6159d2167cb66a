// The answers of the room below, for the reader that a host holds.
#include "relata/engine/answers.h"

#include "relata/query/results.h"

namespace relata {

StatusOr<answers::RelationCard> RelationCardOf(const Reader& reader, Id<crm::Relation> relation,
                                               const answers::CardOptions& options) {
  return answers::CardOf(reader.store_reader(), relation.value, options);
}

StatusOr<answers::Pyramid> CustomerPyramid(const Reader& reader, const answers::PyramidOptions& options) {
  return answers::CustomerPyramid(reader.source(), options);
}

}  // namespace relata
