// Defines what makes the worlds of the segments' model test: a random world with fields that keep history and
// references that restrict, cascade or clear, and random definitions of segments in it.
//
//   World world = MakeSegmentWorld(seed);
//   world.schema.segments["s1"] = SomeSegment(world, &random);
//
// Thread safety: functions of their arguments.
#ifndef RELATA_TESTS_SEGMENT_TWIN_SEGMENTS_H_
#define RELATA_TESTS_SEGMENT_TWIN_SEGMENTS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/query/generate.h"

namespace relata::twin {

World MakeSegmentWorld(uint64_t seed);

// What segments may say, as CountConstructs counts it.
const std::vector<std::string>& SegmentConstructs();
// The constructs of a tree that stand below a `not`.
void CountNegated(const expr::Expr& expr, std::map<std::string, int>* counts);

// A construct that a segment should have, or have below a `not`.
struct Wanted {
  std::string construct;
  bool negated = false;
  bool asked = false;  // for its own sake: nothing else is made of the segment
};

bool Has(const expr::Expr& expr, const Wanted& wanted);
// Whether some records are in it and some are not, at world.now; not if it makes no sense.
bool TellsApart(const World& world, const TwinSegment& segment);

// Of any entity, or of this one. May use the segments that the world has. Half of them are made of anything
// the language has, mostly with the construct that is wanted, and so that some records are in it and some are
// not; the others of what looks at the clock. What is asked for is in each, if it makes sense there at all.
TwinSegment SomeSegment(const World& world, Random* random, const Wanted& wanted,
                        const std::string& entity = "");

// The world without the segments that use this one, themselves or through others, and without it: what a new
// definition of it may use.
World WithoutUsersOf(const World& world, const std::string& segment);
// Whether another segment's text names it.
bool IsUsed(const World& world, const std::string& segment);
// Gives a segment another name, in the texts of others too.
void RenameSegment(const std::string& from, const std::string& to, TwinSchema* schema);

// Who is in it, from scratch by the naive interpreter, at a moment. Aborts where the condition makes no
// sense.
std::set<RecordId> NaiveMembers(const World& world, const std::string& segment, Timestamp now);
// Whether one is; false where there is no such record.
bool NaiveMember(const World& world, const std::string& segment, RecordId id, Timestamp now);

}  // namespace relata::twin

#endif  // RELATA_TESTS_SEGMENT_TWIN_SEGMENTS_H_
