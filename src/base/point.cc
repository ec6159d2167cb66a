// Points on earth: their text form, and distance by the haversine formula.
#include "relata/base/point.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "relata/base/strings.h"

namespace relata {
namespace {

double Radians(double degrees) { return degrees * (std::numbers::pi / 180); }

bool ReadDegrees(std::string_view text, double* degrees) {
  const std::from_chars_result end =
      std::from_chars(text.data(), text.data() + text.size(), *degrees, std::chars_format::fixed);
  return end.ec == std::errc() && end.ptr == text.data() + text.size();
}

}  // namespace

StatusOr<Point> Point::FromDegrees(double lat, double lon) {
  // Written so that NaN fails too.
  if (!(lat >= -90 && lat <= 90)) {
    return absl::InvalidArgumentError(StrCat("latitude ", lat, ": expected -90 to 90 degrees"));
  }
  if (!(lon >= -180 && lon <= 180)) {
    return absl::InvalidArgumentError(StrCat("longitude ", lon, ": expected -180 to 180 degrees"));
  }
  return Point{static_cast<int32_t>(std::llround(lat * 1e7)), static_cast<int32_t>(std::llround(lon * 1e7))};
}

StatusOr<Point> Point::Parse(std::string_view text) {
  const size_t comma = text.find(',');
  double lat = 0;
  double lon = 0;
  if (comma == std::string_view::npos || !ReadDegrees(text.substr(0, comma), &lat) ||
      !ReadDegrees(text.substr(comma + 1), &lon)) {
    return absl::InvalidArgumentError(
        StrCat("point ", Quoted(text), ": expected latitude and longitude in degrees, as 52.0907,5.1214"));
  }
  return FromDegrees(lat, lon);
}

std::string Point::ToString() const { return StrCat(lat(), ",", lon()); }

double DistanceMetres(const Point& a, const Point& b) {
  const double sin_lat = std::sin(Radians(b.lat() - a.lat()) / 2);
  const double sin_lon = std::sin(Radians(b.lon() - a.lon()) / 2);
  const double h =
      sin_lat * sin_lat + std::cos(Radians(a.lat())) * std::cos(Radians(b.lat())) * sin_lon * sin_lon;
  // Rounding may lift h a little above 1 for opposite points.
  return 2 * kEarthRadiusMetres * std::asin(std::sqrt(std::min(h, 1.0)));
}

}  // namespace relata
