// Defines SameMeaning: whether two programs, compiled against two versions of a schema, give every record the
// same answer. Names may differ, since a renamed field keeps its slot; a derived field that was defined anew
// shows in the steps.
//
// Thread safety: a function of its arguments. Cost: O(steps).
#ifndef RELATA_SEGMENT_SAME_MEANING_H_
#define RELATA_SEGMENT_SAME_MEANING_H_

#include "src/expr/program.h"

namespace relata::segment {

// May be wrong in saying no.
bool SameMeaning(const expr::Program& a, const expr::Program& b);

}  // namespace relata::segment

#endif  // RELATA_SEGMENT_SAME_MEANING_H_
