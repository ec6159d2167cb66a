// Defines the answers as a host asks for them: of a Snapshot or a Transaction.
#ifndef RELATA_ENGINE_ANSWERS_H_
#define RELATA_ENGINE_ANSWERS_H_

#include "relata/answers/card.h"
#include "relata/answers/pyramid.h"
#include "relata/crm/relation.h"
#include "relata/engine/reader.h"
#include "relata/export.h"

namespace relata {

// See answers/card.h.
RELATA_EXPORT StatusOr<answers::RelationCard> RelationCardOf(const Reader& reader, Id<crm::Relation> relation,
                                                             const answers::CardOptions& options = {});
// See answers/pyramid.h.
RELATA_EXPORT StatusOr<answers::Pyramid> CustomerPyramid(const Reader& reader,
                                                         const answers::PyramidOptions& options);

}  // namespace relata

#endif  // RELATA_ENGINE_ANSWERS_H_
