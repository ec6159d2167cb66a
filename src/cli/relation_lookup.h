// Defines LookUpRelation: which relation someone means by a number, a code or a name.
#ifndef RELATA_CLI_RELATION_LOOKUP_H_
#define RELATA_CLI_RELATION_LOOKUP_H_

#include <string_view>

#include "relata/base/status.h"
#include "relata/crm/relation.h"
#include "relata/engine/reader.h"

namespace relata::cli {

// The relation with this relation number ("100000-7"), record id ("#17") or code in some source (a debtor
// number; the parts of a composite one joined by " / "); if there is none, that of this name, or whose name
// begins so, whatever its case and accents. NotFound where nobody is meant; FailedPrecondition where several
// may be, and names them. O(log n) per source and relation found.
StatusOr<Id<crm::Relation>> LookUpRelation(const Reader& reader, std::string_view text);

}  // namespace relata::cli

#endif  // RELATA_CLI_RELATION_LOOKUP_H_
