// Counts, sums, averages, extremes.
#include "src/query/aggregation.h"

#include <utility>

#include "relata/base/strings.h"

namespace relata::query {

namespace {

using expr::Base;

bool IsWhole(Base base) {
  return base == Base::kExact || base == Base::kMoney || base == Base::kInterval || base == Base::kLength;
}

OwnedDatum OfWide(Wide value) {
  int64_t narrow = 0;
  return Narrow(value, &narrow) ? OwnedDatum(Cell::OfInt(narrow)) : OwnedDatum();
}

}  // namespace

StatusOr<expr::Type> Aggregation::TypeOf(Aggregate aggregate, const expr::Type& type) {
  switch (aggregate) {
    case Aggregate::kCount:
    case Aggregate::kCountDistinct:
      return expr::Type{.base = Base::kExact};
    case Aggregate::kSum:
      if (IsWhole(type.base) || type.base == Base::kDouble) return type;
      return absl::InvalidArgumentError(StrCat("a sum is of numbers, money or intervals, and this is ",
                                               NameOf(type), "; count it, or take min or max"));
    case Aggregate::kAvg:
      if (type.base == Base::kExact) return expr::Type{.base = Base::kDouble};
      if (IsWhole(type.base) || type.base == Base::kDouble) return type;
      return absl::InvalidArgumentError(StrCat("an average is of numbers, money or intervals, and this is ",
                                               NameOf(type), "; count it, or take min or max"));
    case Aggregate::kMin:
    case Aggregate::kMax:
      RELATA_RETURN_IF_ERROR(OrderCode::Make(type, false, std::nullopt, "", "").status());
      return type;
  }
  return absl::InvalidArgumentError("an unknown aggregate");
}

Status Aggregation::Add(Aggregate aggregate, const expr::Type& type, const expr::Datum& value,
                        Budget* budget) {
  if (!value.present) return absl::OkStatus();
  ++count_;
  switch (aggregate) {
    case Aggregate::kCount:
      return absl::OkStatus();
    case Aggregate::kSum:
    case Aggregate::kAvg:
      if (type.base == Base::kDouble) {
        double_sum_ += value.AsDouble();
      } else {
        sum_ += value.AsInt();
      }
      return absl::OkStatus();
    case Aggregate::kCountDistinct:
    case Aggregate::kMin:
    case Aggregate::kMax:
      break;
  }
  std::string key;
  OrderCode().Append(type, value, &key);
  if (aggregate == Aggregate::kCountDistinct) {
    if (distinct_ == nullptr) distinct_ = std::make_unique<absl::flat_hash_set<std::string>>();
    const size_t bytes = sizeof(std::string) + key.size();
    if (!distinct_->insert(std::move(key)).second) return absl::OkStatus();
    return budget->Hold(bytes, "distinct values");
  }
  if (!best_.present || (aggregate == Aggregate::kMin ? key < best_key_ : key > best_key_)) {
    best_ = OwnedDatum(value);
    best_key_ = std::move(key);
  }
  return absl::OkStatus();
}

OwnedDatum Aggregation::Total(Aggregate aggregate, const expr::Type& type, uint64_t count, Wide sum,
                              double double_sum) {
  if (aggregate == Aggregate::kSum) {
    return type.base == Base::kDouble ? OwnedDatum(Cell::OfDouble(double_sum)) : OfWide(sum);
  }
  if (aggregate != Aggregate::kAvg) return OwnedDatum(Cell::OfBits(count));
  if (count == 0) return OwnedDatum();
  const auto divisor = static_cast<double>(count);
  if (type.base == Base::kDouble) return OwnedDatum(Cell::OfDouble(double_sum / divisor));
  if (type.base != Base::kExact) return OfWide(DivideHalfEven(sum, static_cast<Wide>(count)));
  const auto scale = static_cast<double>(PowerOfTen(type.scale));
  return OwnedDatum(Cell::OfDouble(static_cast<double>(sum) / scale / divisor));
}

OwnedDatum Aggregation::Result(Aggregate aggregate, const expr::Type& type) const {
  if (aggregate == Aggregate::kMin || aggregate == Aggregate::kMax) return best_;
  const bool distinct = aggregate == Aggregate::kCountDistinct;
  const uint64_t different = distinct_ == nullptr ? 0 : distinct_->size();
  return Total(aggregate, type, distinct ? different : count_, sum_, double_sum_);
}

}  // namespace relata::query
