// Values for hosts, and keys that sort.
#include "src/query/datum.h"

#include <bit>

#include "relata/base/strings.h"
#include "src/base/coding.h"
#include "src/base/text.h"
#include "src/query/host_values.h"
#include "src/schema/conversion.h"

namespace relata::query {

namespace {

using expr::Base;

constexpr char kNullBefore = '\x00';
constexpr char kValue = '\x01';
constexpr char kNullBehind = '\x02';

// The field whose stored form is that of this type, so that one conversion serves rows and computed values.
Field FieldLike(const expr::Type& type) {
  Field field;
  field.name = "value";
  if (type.field != nullptr) {
    field.name = type.field->name;
    field.labels = type.field->labels;
  }
  field.scale = type.scale;
  field.currency = type.currency;
  switch (type.base) {
    case Base::kNull:
    case Base::kText:
      field.type = ValueType::kText;
      break;
    case Base::kBool:
      field.type = ValueType::kBool;
      break;
    case Base::kExact:
      field.type = type.scale == 0 ? ValueType::kInt64 : ValueType::kDecimal;
      break;
    case Base::kDouble:
      field.type = ValueType::kDouble;
      break;
    case Base::kMoney:
      field.type = ValueType::kMoney;
      break;
    case Base::kDate:
      field.type = ValueType::kDate;
      break;
    case Base::kTimestamp:
      field.type = ValueType::kTimestamp;
      break;
    case Base::kInterval:
      field.type = ValueType::kDuration;
      break;
    case Base::kLength:  // millimetres are metres with three decimals
      field.type = ValueType::kDecimal;
      field.scale = 3;
      break;
    case Base::kPoint:
      field.type = ValueType::kPoint;
      break;
    case Base::kEnum:
      field.type = ValueType::kEnum;
      break;
    case Base::kCurrency:
      field.type = ValueType::kCurrency;
      break;
    case Base::kRecord:
      field.type = type.target != 0 ? ValueType::kReference : ValueType::kAnyReference;
      break;
    case Base::kTextSet:
      field.type = ValueType::kTextSet;
      break;
    case Base::kLabelSet:
      field.type = ValueType::kLabelSet;
      break;
    case Base::kRecordSet:
      field.type = ValueType::kReferenceSet;
      break;
    case Base::kObject:
      field.type = ValueType::kObject;
      break;
  }
  return field;
}

void AppendEscaped(std::string_view text, std::string* key) {
  for (size_t zero = text.find('\0'); zero != std::string_view::npos; zero = text.find('\0')) {
    key->append(text.substr(0, zero + 1)).push_back('\xff');
    text.remove_prefix(zero + 1);
  }
  key->append(text).append(2, '\0');
}

uint64_t OrderedDouble(double value) {
  const auto bits = std::bit_cast<uint64_t>(value == 0 ? 0.0 : value);
  return (bits >> 63) != 0 ? ~bits : bits | uint64_t{1} << 63;
}

}  // namespace

bool HeldInBytes(Base base) {
  return base == Base::kText || base == Base::kTextSet || base == Base::kRecordSet || base == Base::kObject;
}

HostValues::HostValues(const expr::Type& type) : field_(FieldLike(type)) {}

StatusOr<Value> HostValues::Of(const expr::Datum& datum) const {
  if (!datum.present) return Value();
  static const EntityType computed = [] {
    EntityType entity;
    entity.name = "computed";
    return entity;
  }();
  return schema::FromCell(computed, field_, datum, field_.currency);
}

StatusOr<Value> ToValue(const expr::Type& type, const expr::Datum& datum) {
  return HostValues(type).Of(datum);
}

StatusOr<OrderCode> OrderCode::Make(const expr::Type& type, bool descending, std::optional<bool> nulls_first,
                                    std::string_view collation, std::string_view store_locale) {
  switch (type.base) {
    case Base::kTextSet:
    case Base::kLabelSet:
    case Base::kRecordSet:
    case Base::kPoint:
    case Base::kObject:
      return absl::InvalidArgumentError(
          StrCat("records cannot be ordered by ", NameOf(type), "; order by something computed from it"));
    default:
      break;
  }
  OrderCode code;
  code.descending_ = descending;
  code.nulls_first_ = nulls_first.value_or(descending);
  if (collation.empty()) return code;
  if (type.base != Base::kText) {
    return absl::InvalidArgumentError(
        StrCat("a collation orders texts, and this is ", NameOf(type), "; leave the collation out"));
  }
  if (collation == "fold") {
    code.text_ = Text::kFolded;
    return code;
  }
  code.text_ = Text::kCollated;
  code.locale_ = std::string(collation == "locale" ? store_locale : collation);
  RELATA_ASSIGN_OR_RETURN(code.collator_, Collator::ForLocale(code.locale_));
  return code;
}

void OrderCode::Append(const expr::Type& type, const expr::Datum& datum, std::string* key) const {
  if (!datum.present) {
    key->push_back(nulls_first_ ? kNullBefore : kNullBehind);
    return;
  }
  key->push_back(kValue);
  const size_t start = key->size();
  if (text_ == Text::kFolded) {
    AppendEscaped(Fold(datum.bytes), key);
  } else if (text_ == Text::kCollated) {
    collator_->AppendSortKey(datum.bytes, key);
    key->append(2, '\0');
  } else if (HeldInBytes(type.base)) {
    AppendEscaped(datum.bytes, key);
  } else if (type.base == Base::kDouble) {
    AppendBE64(key, OrderedDouble(datum.AsDouble()));
  } else {
    AppendBE64(key, datum.bits ^ uint64_t{1} << 63);
  }
  if (!descending_) return;
  for (size_t i = start; i < key->size(); ++i) (*key)[i] = static_cast<char>(~(*key)[i]);
}

}  // namespace relata::query
