// Random worlds with random segments, steps taken in a store and in a twin, and the naive interpreter that
// knows after each who must be in which segment. See twin_lab.h for all that is compared.
//
// The steps are dealt to a few shards, tests of their own that may run beside each other. Random worlds split
// their records by most constructs; each shard asks for some of the others by name, so that every one, also
// below a `not`, has told members from others.
//
// A failure prints its seed and step; put it into regressions.txt. RELATA_FULL takes 100,000 steps instead of
// 2,000, RELATA_SEED=n begins at that seed, RELATA_TALLY prints what was asked.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/segment/twin_lab.h"

namespace relata::twin {
namespace {

constexpr uint64_t kShards = 4;

bool Full() { return std::getenv("RELATA_FULL") != nullptr; }

void Print(const char* what, const std::map<std::string, int>& counts) {
  std::printf("%s:", what);
  for (const auto& [name, count] : counts) std::printf(" %s %d,", name.c_str(), count);
  std::printf("\n");
}

bool IsHit(const SegmentTally& tally, const Wanted& wanted) {
  return (wanted.negated ? tally.negated : tally.constructs).count(wanted.construct) > 0;
}

// Whether the first segment of that world has it, and tells records apart.
bool BeginsWith(const Wanted& wanted, uint64_t seed) {
  SegmentWorld world = BeginWorld(seed, wanted);
  const Step first = MakeStep(world, seed, 1);
  world.now = first.now;
  return Has(first.definition.expression, wanted) && TellsApart(world, first.definition);
}

// Takes up to `steps` in a world whose segments are made to have what is wanted, until one of them, with it,
// has told members from others.
void AskFor(const Wanted& wanted, uint64_t seed, uint64_t steps, SegmentTally* tally) {
  SegmentLab lab(seed, tally, wanted);
  while (lab.steps() < steps && lab.problem().empty() && !IsHit(*tally, wanted)) lab.TakeStep();
  EXPECT_EQ(lab.problem(), "") << (wanted.negated ? "not " : "") << wanted.construct;
}

// Asks for what no segment had yet of a shard's constructs: each, and each below a `not`.
void AskForTheRest(uint64_t shard, SegmentTally* tally) {
  const std::vector<std::string>& constructs = SegmentConstructs();
  for (size_t i = shard; i < constructs.size(); i += kShards) {
    for (const bool negated : {false, true}) {
      const Wanted wanted{constructs[i], negated, true};
      const uint64_t first = FirstSeed();
      // Most worlds need not be made to see that they do not begin so. What asks for other segments, or what
      // has changed, can but come after those.
      const bool at_once =
          wanted.construct.find("segment") == std::string::npos && wanted.construct != "changed()";
      for (uint64_t seed = first; at_once && seed < first + 200 && !IsHit(*tally, wanted); ++seed) {
        if (BeginsWith(wanted, seed)) AskFor(wanted, seed, 6, tally);
      }
      for (uint64_t seed = first; seed < first + 50 && !IsHit(*tally, wanted); ++seed) {
        AskFor(wanted, seed, 24, tally);
      }
      EXPECT_TRUE(IsHit(*tally, wanted)) << (negated ? "not " : "") << wanted.construct;
    }
  }
}

// Whether every kind of step was taken, and every cause led to an event.
bool SawEveryKind(SegmentTally& tally) {
  for (const char* cause : {"write", "import", "time", "definition"}) {
    if (tally.causes[cause] == 0) return false;
  }
  return tally.steps.size() == static_cast<size_t>(kStepKinds);
}

class SegmentTwinTest : public testing::TestWithParam<uint64_t> {};

TEST_P(SegmentTwinTest, MembersAndEventsFollowEveryStep) {
  SegmentTally tally;
  const uint64_t labs = (Full() ? 2'000 : 40) / kShards, steps = 50;
  const uint64_t first = FirstSeed() + GetParam() * labs;
  size_t taken = 0;
  int failures = 0;
  // A few more worlds, where those did not come to everything that can happen.
  for (uint64_t seed = first; seed < first + labs + 20 && failures < 5; ++seed) {
    if (seed >= first + labs && SawEveryKind(tally)) break;
    SegmentLab lab(seed, &tally);
    while (lab.steps() < steps && lab.problem().empty()) lab.TakeStep();
    taken += lab.steps();
    if (lab.problem().empty()) continue;
    ++failures;
    ADD_FAILURE() << lab.problem();
  }
  std::printf(
      "%zu steps; segments compared %zu times, by older snapshots %zu rounds; %zu definitions refused; "
      "looked back %zu times, explained %zu times, with %zu ends foreseen\n",
      taken, tally.compared, tally.held, tally.refused, tally.earlier, tally.explained, tally.ends);
  Print("steps", tally.steps);
  Print("by the second process", tally.elsewhere);
  Print("events", tally.causes);
  if (failures > 0) return;
  EXPECT_TRUE(SawEveryKind(tally));
  AskForTheRest(GetParam(), &tally);
  if (std::getenv("RELATA_TALLY") != nullptr) {
    Print("constructs", tally.constructs);
    Print("negated", tally.negated);
  }
}
INSTANTIATE_TEST_SUITE_P(Shard, SegmentTwinTest, testing::Range(uint64_t{0}, kShards));

// What once differed: the seed, and the step after which it did.
TEST(SegmentTwinRegressionTest, WhatOnceDifferedDoesNot) {
  std::ifstream file(RELATA_SOURCE_DIR "/tests/segment/regressions.txt");
  ASSERT_TRUE(file.is_open());
  SegmentTally tally;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    uint64_t seed = 0, steps = 0;
    ASSERT_TRUE(words >> seed >> steps) << line;
    SegmentLab lab(seed, &tally);
    while (lab.steps() < steps && lab.problem().empty()) lab.TakeStep();
    EXPECT_EQ(lab.problem(), "") << line;
  }
}

}  // namespace
}  // namespace relata::twin
