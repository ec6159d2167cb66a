// Tests how an explanation is told to people.
#include "relata/engine/segment_why.h"

#include <gtest/gtest.h>

namespace relata {
namespace {

Timestamp At(std::string_view text) { return Timestamp::Parse(text).value(); }

TEST(SegmentWhyTest, TellsPeople) {
  const TimeZone zone = TimeZone::Load("Europe/Amsterdam").value();
  Explanation why{.segment = "quiet", .record = 17};
  why.conditions = {{.depth = 0, .text = "and", .has_parts = true, .result = ConditionResult::kFalse},
                    {.depth = 1,
                     .text = "tier = 'top'",
                     .result = ConditionResult::kTrue,
                     .operands = {{"tier", Value("top")}}},
                    {.depth = 1, .text = "not", .has_parts = true, .result = ConditionResult::kUnknown},
                    {.depth = 2,
                     .text = "rating > height",
                     .result = ConditionResult::kUnknown,
                     .operands = {{"rating", Value()}, {"height", Value(3)}}}};
  const std::string parts =
      "  no       and\n"
      "  yes        tier = 'top'    [tier: top]\n"
      "  unknown    not\n"
      "  unknown      rating > height    [rating: nothing, height: 3]\n";
  EXPECT_EQ(Describe(why, zone), "17 is not in 'quiet'\n" + parts);
  why.horizon = At("2031-07-01T10:00:00Z");
  EXPECT_EQ(Describe(why, zone), "17 is not in 'quiet'\n" + parts +
                                     "stays out unless something is written, at least until 2031-07-01\n");
  why.until = At("2026-12-02T23:00:00Z");  // midnight in Amsterdam
  EXPECT_EQ(Describe(why, zone),
            "17 is not in 'quiet'\n" + parts + "will enter on 2026-12-03 unless something is written\n");
  why.member = true;
  why.until = At("2026-07-01T07:05:59Z");
  EXPECT_EQ(Describe(why, zone),
            "17 is in 'quiet'\n" + parts + "will leave on 2026-07-01 09:05 unless something is written\n");
}

}  // namespace
}  // namespace relata
