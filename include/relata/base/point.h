// Defines Point, a place on earth, and the distance between two.
//
//   Point utrecht = Point::FromDegrees(52.0907, 5.1214).value();
//   double metres = DistanceMetres(utrecht, Point::FromDegrees(52.3676, 4.9041).value());
//
// Coordinates are WGS 84 degrees in steps of 10^-7 (some 11 mm), so that equal places compare equal and take
// eight bytes. Thread safety: plain values.
#ifndef RELATA_BASE_POINT_H_
#define RELATA_BASE_POINT_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "relata/base/status.h"
#include "relata/export.h"

namespace relata {

struct RELATA_EXPORT Point {
  int32_t lat_e7 = 0;  // north of the equator, -90e7..90e7
  int32_t lon_e7 = 0;  // east of Greenwich, -180e7..180e7

  // Rounds to the nearest step. InvalidArgument outside -90..90 and -180..180, and for NaN.
  static StatusOr<Point> FromDegrees(double lat, double lon);

  // Reads what ToString prints: two numbers in degrees with a comma between, as "52.0907,5.1214".
  static StatusOr<Point> Parse(std::string_view text);
  std::string ToString() const;

  double lat() const { return lat_e7 / 1e7; }
  double lon() const { return lon_e7 / 1e7; }
  constexpr bool IsValid() const {
    return -900'000'000 <= lat_e7 && lat_e7 <= 900'000'000 && -1'800'000'000 <= lon_e7 &&
           lon_e7 <= 1'800'000'000;
  }

  // By latitude, then longitude: an order for keys, not of nearness.
  friend auto operator<=>(const Point&, const Point&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Point& point) {
    return H::combine(std::move(h), point.lat_e7, point.lon_e7);
  }
};

// The mean radius R1 = (2a + b) / 3 of the WGS 84 ellipsoid, in metres (H. Moritz, "Geodetic Reference System
// 1980", Journal of Geodesy 74, 2000).
inline constexpr double kEarthRadiusMetres = 6'371'008.8;

// The great-circle distance, by the haversine formula: well behaved for near and for opposite points. Against
// the ellipsoid it errs by at most some 0.6 %.
RELATA_EXPORT double DistanceMetres(const Point& a, const Point& b);

}  // namespace relata

#endif  // RELATA_BASE_POINT_H_
