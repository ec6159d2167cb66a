// Defines Holds: whether a catalogue has all that structs declare, so that a program that opens its store
// again need not copy the catalogue to learn that nothing changed.
//
// Thread safety: a function of its arguments. Cost: one comparison per member; nothing is copied.
#ifndef RELATA_SCHEMA_HELD_H_
#define RELATA_SCHEMA_HELD_H_

#include <vector>

#include "relata/schema/declaration.h"
#include "src/schema/catalogue.h"

namespace relata::schema {

// True only where Catalogue::Apply would change and refuse nothing. False may mean anything: ask Apply.
bool Holds(const Catalogue& catalogue, const std::vector<const EntityDeclaration*>& declarations);

}  // namespace relata::schema

#endif  // RELATA_SCHEMA_HELD_H_
