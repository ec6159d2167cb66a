// Defines Write, one write of one record, and what it does to a twin world: the rows it changes, those that a
// delete takes with it, and the former values of fields with history.
//
//   std::optional<Write> write = SomeWrite(world, &random);
//   Status status = Execute(*write, world.schema, tx);                   // to the store
//   Apply(*write, &world);                                             // to the twin
//
// Thread safety: plain values.
#ifndef RELATA_TESTS_SEGMENT_TWIN_WRITE_H_
#define RELATA_TESTS_SEGMENT_TWIN_WRITE_H_

#include <optional>
#include <string>

#include "relata/engine/transaction.h"
#include "relata/store/change.h"
#include "tests/query/generate.h"

namespace relata::twin {

struct Write {
  ChangeKind kind = ChangeKind::kInsert;
  std::string entity;
  RecordId id = 0;  // of an insert: the one it must get
  TwinRow row;      // of an insert, all fields; of an update, those that change
};

// Nothing where no row can be written, as one that must refer to a record when there is none.
std::optional<Write> SomeWrite(const World& world, Random* random);
std::optional<Write> SomeInsert(const World& world, const TwinEntity& entity, Random* random);

Record ToRecord(const Write& write, const TwinSchema& schema, const Reader& reader);
// What the store says to it. An insert under another id than expected is Internal.
Status Execute(const Write& write, const TwinSchema& schema, Transaction& tx);

// Does the same to the twin, at world.now.
void Apply(const Write& write, World* world);

// Makes its rows those of `former`, as an undo does: a record that was deleted comes back under its id.
void PutBack(const TwinData& former, World* world);

// Whether a delete must be refused, may be, or must not: what refers to the record decides, and where a
// referrer that forbids it would be deleted too, the order in which they are met.
enum class Refusal { kMust, kMay, kMustNot };
Refusal RefusalOf(const Write& write, const World& world);

std::string ToString(const Write& write);

}  // namespace relata::twin

#endif  // RELATA_TESTS_SEGMENT_TWIN_WRITE_H_
