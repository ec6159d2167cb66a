// Random worlds with random segments, steps taken in a store and in a twin, and the naive interpreter that
// knows after each who must be in which segment. See twin_lab.h for all that is compared.
//
// Random worlds split their records by most constructs; the others are then asked for by name, so that each,
// also below a `not`, has told members from others.
//
// A failure prints its seed and step; put it into regressions.txt. RELATA_FULL takes 100,000 steps instead of
// 2,000, RELATA_SEED=n begins at that seed, RELATA_TALLY prints what was asked.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>

#include "tests/segment/twin_lab.h"

namespace relata::twin {
namespace {

bool Full() { return std::getenv("RELATA_FULL") != nullptr; }
uint64_t FirstSeed() {
  const char* seed = std::getenv("RELATA_SEED");
  return seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10);
}

void Print(const char* what, const std::map<std::string, int>& counts) {
  std::printf("%s:", what);
  for (const auto& [name, count] : counts) std::printf(" %s %d,", name.c_str(), count);
  std::printf("\n");
}

// Whether the first segment of that world has it, and tells records apart.
bool BeginsWith(const Wanted& wanted, uint64_t seed) {
  SegmentWorld world = BeginWorld(seed, wanted);
  const Step first = MakeStep(world, seed, 1);
  world.now = first.now;
  return Has(first.definition.expression, wanted) && TellsApart(world, first.definition);
}

// Takes a few steps in worlds whose segments are made to have what no segment had yet: each construct, and
// each below a `not`.
void AskForTheRest(SegmentTally* tally) {
  for (const std::string& construct : SegmentConstructs()) {
    // Rare below a `not`, or before there are former values: the long form comes to them by chance alone.
    constexpr std::string_view kRare[] = {"was()", "changed()", "held()", "sample"};
    if (!Full() && std::find(std::begin(kRare), std::end(kRare), construct) != std::end(kRare)) continue;
    for (const bool negated : {false, true}) {
      const Wanted wanted{construct, negated};
      const auto& hits = negated ? tally->negated : tally->constructs;
      const auto hit = [&] { return hits.count(construct) > 0; };
      for (uint64_t seed = FirstSeed(); seed < FirstSeed() + 300 && !hit(); ++seed) {
        // What asks for other segments can but come after them.
        if (construct.find("segment") == std::string::npos && !BeginsWith(wanted, seed)) continue;
        SegmentLab lab(seed, tally, wanted);
        while (lab.steps() < 6 && lab.problem().empty()) lab.TakeStep();
        ASSERT_EQ(lab.problem(), "") << (negated ? "not " : "") << construct;
      }
      EXPECT_TRUE(hit()) << (negated ? "not " : "") << construct;
    }
  }
}

TEST(SegmentTwinTest, MembersAndEventsFollowEveryStep) {
  SegmentTally tally;
  const uint64_t labs = Full() ? 2'000 : 40, steps = 50;
  size_t taken = 0;
  int failures = 0;
  for (uint64_t seed = FirstSeed(); seed < FirstSeed() + labs && failures < 5; ++seed) {
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
  if (std::getenv("RELATA_TALLY") != nullptr) {
    Print("constructs", tally.constructs);
    Print("negated", tally.negated);
  }
  if (failures > 0) return;
  for (const auto& [kind, count] : tally.steps) EXPECT_GT(count, 0) << kind;
  EXPECT_EQ(tally.steps.size(), static_cast<size_t>(kStepKinds));
  for (const char* cause : {"write", "import", "time", "definition"})
    EXPECT_GT(tally.causes[cause], 0) << cause;
  AskForTheRest(&tally);
}

// What once differed: the seed, and the step after which it did.
TEST(SegmentTwinTest, Regressions) {
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
