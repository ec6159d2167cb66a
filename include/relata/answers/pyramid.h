// Defines Pyramid, the customer pyramid (klantpiramide): the customers of a period ranked by what they
// brought, in classes, with those who bought nothing below, and who moved since the period before.
//
//   PyramidOptions options;
//   options.period = {Date::FromCivil(2026, 1, 1).value(), Date::FromCivil(2027, 1, 1).value()};
//   StatusOr<Pyramid> pyramid = CustomerPyramid(now, options);
//
// A relation's revenue is the sum of its orders' totals (excluding VAT, in the store's base currency) whose
// order date lies in the period, cancelled orders left out, returns (negative totals) included. Its margin is
// the same less the orders' cost. An active customer is a relation whose measure is above zero. Active
// customers are ranked by the measure, ties by record id. Of n, the first ceil(n x share) are in the first
// class, the first ceil(n x (share + next share)) in the first two, and so on: sizes are rounded up,
// cumulatively. The pyramid of 1 %, 4 %, 15 % and 80 % is that of Curry and Curry, "The Customer Marketing
// Method" (2000).
#ifndef RELATA_ANSWERS_PYRAMID_H_
#define RELATA_ANSWERS_PYRAMID_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "relata/base/money.h"
#include "relata/base/status.h"
#include "relata/crm/derived.h"
#include "relata/export.h"
#include "relata/schema/ids.h"

namespace relata {

namespace query {
struct Source;
}

namespace answers {

enum class PyramidMeasure : uint8_t { kRevenue, kMargin };

struct PyramidShare {
  std::string name;
  uint32_t basis_points = 0;  // of the active customers; 10,000 is all
};

struct PyramidOptions {
  crm::Period period;
  // What movement is measured against. Default: as many days, right before.
  std::optional<crm::Period> before;
  PyramidMeasure measure = PyramidMeasure::kRevenue;
  // From the top. They add up to 10,000.
  std::vector<PyramidShare> classes = {{"top", 100}, {"large", 400}, {"medium", 1500}, {"small", 8000}};
  crm::LifecycleRule lifecycle;
};

struct PyramidClass {
  std::string name;
  uint64_t customers = 0;
  Money total;       // of the measure
  double share = 0;  // of all active customers' total, 0..1
  Money smallest;    // the measure of its last customer: the class limit
};

struct PyramidMember {
  RecordId relation = 0;
  uint32_t class_index = 0;
  int64_t minor = 0;  // the measure, in minor units of the base currency
};

struct Pyramid {
  crm::Period period;
  crm::Period before;
  PyramidMeasure measure = PyramidMeasure::kRevenue;
  std::vector<PyramidClass> classes;
  uint64_t customers = 0;  // active ones
  Money total;             // of active customers
  // Relations with orders in the period whose measure is zero or less.
  uint64_t without_measure = 0;
  // Orders of the period that name no relation, and what they bring.
  uint64_t anonymous_orders = 0;
  Money anonymous_total;
  // Relations that are not active customers, by lifecycle on the period's last day, in the order of
  // crm::Lifecycle.
  std::array<uint64_t, 5> others = {};
  // moved[a][b]: customers of class a in the period before, now in class b; the last row and column are "not
  // active".
  std::vector<std::vector<uint64_t>> moved;
  std::vector<PyramidMember> members;  // ranked
};

// InvalidArgument for a period that ends before it begins, shares that do not add up, or more than 10,000
// classes; OutOfRange where a sum does not fit. O(orders + relations), plus what the lifecycle looks at: on
// columns where there are any.
RELATA_EXPORT StatusOr<Pyramid> CustomerPyramid(const query::Source& source, const PyramidOptions& options);

}  // namespace answers
}  // namespace relata

#endif  // RELATA_ANSWERS_PYRAMID_H_
