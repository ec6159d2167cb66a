// Tests of points and distances against published examples.
#include "relata/base/point.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace relata {
namespace {

Point P(double lat, double lon) { return Point::FromDegrees(lat, lon).value(); }

TEST(PointTest, RoundsToItsSteps) {
  EXPECT_EQ(P(52.0907, 5.1214), (Point{520'907'000, 51'214'000}));
  EXPECT_EQ(P(-0.00000004, 0.00000006), (Point{0, 1}));
  EXPECT_EQ(P(90, -180), (Point{900'000'000, -1'800'000'000}));
  EXPECT_DOUBLE_EQ(P(52.0907, 5.1214).lat(), 52.0907);
  EXPECT_DOUBLE_EQ(P(52.0907, 5.1214).lon(), 5.1214);
}

TEST(PointTest, RefusesWhatIsNotOnEarth) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, infinity, -infinity, 180.0000001, -180.0000001, 1e300}) {
    EXPECT_FALSE(Point::FromDegrees(0, bad).ok()) << bad;
    EXPECT_FALSE(Point::FromDegrees(bad, 0).ok()) << bad;
  }
  EXPECT_FALSE(Point::FromDegrees(90.0000001, 0).ok());
  EXPECT_FALSE((Point{900'000'001, 0}).IsValid());
  EXPECT_TRUE((Point{900'000'000, -1'800'000'000}).IsValid());
}

TEST(PointTest, TextRoundTrips) {
  EXPECT_EQ(P(52.0907, 5.1214).ToString(), "52.0907,5.1214");
  EXPECT_EQ(Point::Parse("-33.8688,151.2093").value(), P(-33.8688, 151.2093));
  for (const std::string_view text :
       {"", ",", "1", "1,", ",1", "1,2,3", "1;2", "1 ,2", "1, 2", "a,b", "91,0", "nan,0", "1e1,0"}) {
    EXPECT_FALSE(Point::Parse(text).ok()) << text;
  }
  EXPECT_TRUE(rc::check("a point survives its text", [] {
    const Point point{*rc::gen::inRange(-900'000'000, 900'000'001),
                      *rc::gen::inRange(-1'800'000'000, 1'800'000'001)};
    RC_ASSERT(Point::Parse(point.ToString()).value() == point);
  }));
}

// Nashville to Los Angeles, the example of many texts on the formula: 2887.2599506 km on a sphere of 6372.8
// km.
TEST(PointTest, DistanceAgreesWithAPublishedExample) {
  const double metres = DistanceMetres(P(36.12, -86.67), P(33.94, -118.40));
  EXPECT_NEAR(metres / kEarthRadiusMetres * 6372.8, 2887.2599506, 1e-6);
}

// Worked out elsewhere, with the spherical law of cosines in 50 digits.
TEST(PointTest, DistanceBetweenCities) {
  EXPECT_NEAR(DistanceMetres(P(52.0907, 5.1214), P(52.3676, 4.9041)), 34162.1055, 0.001);
  EXPECT_NEAR(DistanceMetres(P(52.3676, 4.9041), P(-33.8688, 151.2093)), 16642918.4497, 0.001);
}

TEST(PointTest, DistanceIsWellBehavedAtTheExtremes) {
  const double half_way_round = std::numbers::pi * kEarthRadiusMetres;
  EXPECT_EQ(DistanceMetres(P(52, 5), P(52, 5)), 0);
  EXPECT_NEAR(DistanceMetres(P(90, 0), P(-90, 0)), half_way_round, 1e-3);
  EXPECT_NEAR(DistanceMetres(P(12.3456789, 45), P(-12.3456789, -135)), half_way_round, 1);
  EXPECT_NEAR(DistanceMetres(P(0, 180), P(0, -180)), 0, 1e-6);
  EXPECT_NEAR(DistanceMetres(P(0, 0), P(0.0000001, 0)), 0.0111195, 1e-6);
  EXPECT_TRUE(rc::check("a distance is the same both ways, and never more than half way round", [&] {
    const auto point = [] {
      return Point{*rc::gen::inRange(-900'000'000, 900'000'001),
                   *rc::gen::inRange(-1'800'000'000, 1'800'000'001)};
    };
    const Point a = point();
    const Point b = point();
    const double metres = DistanceMetres(a, b);
    RC_ASSERT(metres == DistanceMetres(b, a));
    RC_ASSERT(metres >= 0 && metres <= half_way_round + 1e-6);
  }));
}

}  // namespace
}  // namespace relata
