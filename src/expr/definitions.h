// Defines CarryDefinitions, which keeps the derived fields and segments of a catalogue true to what they
// meant while the catalogue changes.
//
//   schema::Catalogue before = catalogue;
//   RELATA_ASSIGN_OR_RETURN(schema::Changes changes, catalogue.RenameField("order", "total", "amount"));
//   RELATA_RETURN_IF_ERROR(CarryDefinitions(before, &catalogue));
//   // sum(orders.total) is now sum(orders.amount)
//
// Names in a definition were bound when it was defined. So a renamed field or segment is renamed in the texts
// that use it, one that a text uses cannot be dropped, and a new field whose name would come before the one a
// text meant is refused. Neither a derived field nor a segment can follow from itself.
//
// Thread safety: functions of their arguments. Cost: O(size of the catalogue and of all definitions); where
// only segments changed, O(size of the catalogue and of those and what they use).
#ifndef RELATA_EXPR_DEFINITIONS_H_
#define RELATA_EXPR_DEFINITIONS_H_

#include "relata/base/status.h"
#include "src/schema/catalogue.h"

namespace relata::expr {

// Rewrites the definitions of `after`, and checks all that the change can touch. InvalidArgument for a new or
// changed definition that makes no sense, FailedPrecondition where the change would break or bend one there
// was.
Status CarryDefinitions(const schema::Catalogue& before, schema::Catalogue* after);

// Whether all of them make sense; the first that does not is InvalidArgument.
Status CheckDefinitions(const schema::Catalogue& catalogue);

}  // namespace relata::expr

#endif  // RELATA_EXPR_DEFINITIONS_H_
