// Tests of RELATA_CHECK: what holds passes, what does not ends the process.
#include "relata/base/check.h"

#include <gtest/gtest.h>

namespace relata {
namespace {

TEST(CheckTest, PassesWhatHolds) {
  int evaluations = 0;
  RELATA_CHECK(++evaluations == 1);
  EXPECT_EQ(evaluations, 1);
  if (evaluations == 1)
    RELATA_CHECK(true);
  else
    FAIL() << "the macro is one statement";
}

TEST(CheckTest, StopsOnWhatDoesNot) {
  EXPECT_DEATH(RELATA_CHECK(1 + 1 == 3), "check_test.cc:[0-9]+: check failed: 1 \\+ 1 == 3");
}

TEST(CheckTest, DcheckCostsNothingInReleases) {
  int evaluations = 0;
  RELATA_DCHECK(++evaluations > 0);
#ifdef NDEBUG
  EXPECT_EQ(evaluations, 0);
#else
  EXPECT_EQ(evaluations, 1);
#endif
}

}  // namespace
}  // namespace relata
