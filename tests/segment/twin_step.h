// Defines Step, one thing that happens to a store with segments and to its twin world.
//
//   const Step step = MakeStep(world, seed, number);
//   StatusOr<Verdicts> verdicts = Take(step, &db, &world);
//
// A step follows from the seed, its number and the twin alone. So two processes that know the twin make the
// same step of the same number: one takes it in the store, the other follows in its twin only.
//
// Thread safety: plain values.
#ifndef RELATA_TESTS_SEGMENT_TWIN_STEP_H_
#define RELATA_TESTS_SEGMENT_TWIN_STEP_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relata/engine/database.h"
#include "tests/segment/twin_segments.h"
#include "tests/segment/twin_write.h"

namespace relata::twin {

inline constexpr int64_t kSecond = 1'000'000, kHour = 3'600 * kSecond, kDay = 24 * kHour;  // in microseconds

enum class StepKind : uint8_t {
  kWrite,     // a transaction
  kBulkLoad,  // several records at once
  kBusy,      // more commits than a checkpoint waits for
  kUndo,      // what the last commit did to rows is taken back
  kWait,      // only the clock moves
  kSetBack,   // the clock is set back
  kAdvance,   // what is due is folded in
  kReopen,
  kHold,      // a snapshot is kept, to be asked again later
  kDefine,    // a new segment
  kRedefine,  // a new expression of one
  kRename,
  kDrop,
};
inline constexpr int kStepKinds = 13;
std::string_view NameOf(StepKind kind);

// Part of a transaction.
struct Action {
  enum class Kind : uint8_t { kWrite, kSavepoint, kRelease, kRollBack };
  Kind kind = Kind::kWrite;
  size_t choice = 0;  // of kWrite: which write is made of the world as it stands then
};

struct Step {
  StepKind kind = StepKind::kWait;
  Timestamp clock;         // what the clock shows from here on
  Timestamp now;           // what that comes to: never before the last commit
  uint64_t seed = 0;       // of the writes
  bool elsewhere = false;  // in a second process
  bool probe = false;      // ask inside the transaction too
  bool abort = false;      // the transaction is given up at its end
  std::vector<Action> actions = {};
  std::string segment = {};  // of kDefine and the like
  std::string to = {};       // of kRename
  TwinSegment definition = {};
};

// A world, and what of its past a step may come back to.
struct SegmentWorld : World {
  Timestamp committed;                        // when the last commit was: `now` is never before it
  uint64_t changed = 0;                       // the last commit that changed rows
  std::shared_ptr<const TwinData> unchanged;  // the data before that; nullptr: it is not to be undone
  uint64_t definitions = 0;                   // asked for until now
  std::optional<Wanted> wanted;
};
// With `wanted`, all segments are to have that; without, constructs take turns.
SegmentWorld BeginWorld(uint64_t seed, std::optional<Wanted> wanted = std::nullopt);

Step MakeStep(const SegmentWorld& world, uint64_t seed, uint64_t number);

// How the store met the step: of each write in order 'y' or 'n', of a definition too. Then, if it committed,
// '*', and the number of the last commit that changed rows, if one did.
using Verdicts = std::string;

// Takes the step in the store and in the world. `probe` is called inside the transaction with the world as it
// stands there.
using Probe = std::function<void(const Reader& tx, const World& world)>;
StatusOr<Verdicts> Take(const Step& step, Database* db, SegmentWorld* world, const Probe& probe = nullptr);
// Follows in the world what was taken elsewhere.
void Follow(const Step& step, const Verdicts& verdicts, SegmentWorld* world);

}  // namespace relata::twin

#endif  // RELATA_TESTS_SEGMENT_TWIN_STEP_H_
