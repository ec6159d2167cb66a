// Values into cells.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/base/nearest.h"
#include "src/schema/conversion.h"
#include "src/schema/refusal.h"

namespace relata::schema {
namespace {

using Bits = std::optional<int64_t>;  // none: the value does not fit

// The bits of what parsed, none of what did not.
template <class T>
Bits BitsOf(const StatusOr<T>& parsed) {
  if (!parsed.ok()) return std::nullopt;
  return MemberTraits<T>::ToBits(*parsed);
}

// The value itself, or what its text says.
template <class T>
Bits Simple(const Value& value) {
  if (const T* same = value.As<T>()) return MemberTraits<T>::ToBits(*same);
  if (const auto* text = value.As<std::string>()) return BitsOf(T::Parse(*text));
  return std::nullopt;
}

// Whole numbers and decimals; of texts those that `texts` admits.
std::optional<Decimal> AsDecimal(const Value& value, bool texts) {
  if (const auto* whole = value.As<int64_t>()) return Decimal::FromInteger(*whole);
  if (const auto* decimal = value.As<Decimal>()) return *decimal;
  const auto* text = value.As<std::string>();
  if (!texts || text == nullptr) return std::nullopt;
  const StatusOr<Decimal> parsed = Decimal::Parse(*text);
  if (!parsed.ok()) return std::nullopt;
  return *parsed;
}

// The units of the same number at another scale, if it has no more decimals than that.
Bits AtScale(const std::optional<Decimal>& number, uint8_t scale) {
  if (!number) return std::nullopt;
  const StatusOr<Decimal> rescaled = number->Rescale(scale);
  if (!rescaled.ok() || *rescaled != *number) return std::nullopt;
  return rescaled->units;
}

Bits Int64(const Value& value) {
  if (const auto* number = value.As<double>()) {
    const bool whole = std::trunc(*number) == *number && std::abs(*number) < 0x1p63;
    return whole ? Bits(static_cast<int64_t>(*number)) : std::nullopt;
  }
  return AtScale(AsDecimal(value, false), 0);
}

Bits Double(const Value& value) {
  if (const auto* number = value.As<double>()) return MemberTraits<double>::ToBits(*number);
  if (const auto* whole = value.As<int64_t>()) {
    constexpr int64_t kExact = int64_t{1} << 53;
    if (*whole < -kExact || *whole > kExact) return std::nullopt;
    return MemberTraits<double>::ToBits(static_cast<double>(*whole));
  }
  if (const auto* decimal = value.As<Decimal>()) return MemberTraits<double>::ToBits(decimal->ToDouble());
  return std::nullopt;
}

Bits Amount(const Value& value, Currency currency) {
  if (const auto* money = value.As<Money>())
    return money->currency == currency ? Bits(money->minor) : std::nullopt;
  if (const auto* text = value.As<std::string>()) {
    if (const StatusOr<Money> money = Money::Parse(*text); money.ok()) return Amount(Value(*money), currency);
  }
  const std::optional<Decimal> amount = AsDecimal(value, true);
  // Without a currency nobody can say how many minor units one is.
  if (currency.is_none() && amount != Decimal()) return std::nullopt;
  return AtScale(amount, static_cast<uint8_t>(currency.exponent()));
}

Bits LabelCode(const Field& field, const Value& value) {
  const auto* text = value.As<std::string>();
  const Label* label = text == nullptr ? nullptr : field.FindLabel(std::string_view(*text));
  return label == nullptr ? std::nullopt : Bits(label->code);
}

Bits LabelMask(const Field& field, const Value& value) {
  const auto* texts = value.As<TextSet>();
  if (texts == nullptr) return std::nullopt;
  uint64_t mask = 0;
  for (const std::string& text : *texts) {
    const Label* label = field.FindLabel(std::string_view(text));
    if (label == nullptr) return std::nullopt;
    mask |= uint64_t{1} << (label->code & 63);
  }
  return static_cast<int64_t>(mask);
}

bool IsRecord(RecordId id) { return id != 0 && id <= kMaxRecordId; }

bool IsTarget(const Field& field, EntityTypeId type) {
  return std::find(field.targets.begin(), field.targets.end(), type) != field.targets.end();
}

Bits ReferenceBits(const Field& field, const Value& value) {
  RecordId id = 0;
  if (const auto* reference = value.As<Reference>()) id = reference->id;
  if (const auto* number = value.As<int64_t>()) id = *number < 0 ? 0 : static_cast<RecordId>(*number);
  if (const auto* record = value.As<RecordRef>()) id = IsTarget(field, record->type) ? record->id : 0;
  return IsRecord(id) ? Bits(static_cast<int64_t>(id)) : std::nullopt;
}

Bits AnyReferenceBits(const Field& field, const Value& value) {
  const auto* record = value.As<RecordRef>();
  if (record == nullptr || !IsTarget(field, record->type) || !IsRecord(record->id)) return std::nullopt;
  return static_cast<int64_t>(uint64_t{record->type} << 48 | record->id);
}

Bits FixedBits(const Field& field, const Value& value, Currency record_currency) {
  switch (field.type) {
    case ValueType::kBool:
      return value.As<bool>() == nullptr ? std::nullopt : Bits(*value.As<bool>());
    case ValueType::kInt64:
      return Int64(value);
    case ValueType::kDouble:
      return Double(value);
    case ValueType::kMoney:
      return Amount(value, field.currency.is_none() ? record_currency : field.currency);
    case ValueType::kDate:
      return Simple<Date>(value);
    case ValueType::kTimestamp:
      return Simple<Timestamp>(value);
    case ValueType::kDuration:
      return Simple<Duration>(value);
    case ValueType::kDecimal:
      return AtScale(AsDecimal(value, true), field.scale);
    case ValueType::kPoint:
      return Simple<Point>(value);
    case ValueType::kCurrency:
      return Simple<Currency>(value);
    case ValueType::kEnum:
      return LabelCode(field, value);
    case ValueType::kLabelSet:
      return LabelMask(field, value);
    case ValueType::kReference:
      return ReferenceBits(field, value);
    case ValueType::kAnyReference:
      return AnyReferenceBits(field, value);
    default:
      return std::nullopt;
  }
}

template <class T>
std::vector<T> SortedOnce(std::vector<T> list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

std::optional<std::string_view> VariableBytes(const Field& field, const Value& value, std::string* scratch) {
  scratch->clear();
  if (field.type == ValueType::kText) {
    if (const auto* text = value.As<std::string>()) return *text;
  } else if (field.type == ValueType::kTextSet) {
    if (const auto* texts = value.As<TextSet>()) {
      EncodeTextSet(SortedOnce(*texts), scratch);
      return *scratch;
    }
  } else if (field.type == ValueType::kReferenceSet) {
    if (const auto* ids = value.As<ReferenceSet>()) {
      if (!std::all_of(ids->begin(), ids->end(), IsRecord)) return std::nullopt;
      EncodeReferenceSet(SortedOnce(*ids), scratch);
      return *scratch;
    }
  } else if (field.type == ValueType::kObject) {
    if (const auto* object = value.As<ObjectBytes>()) return object->bytes;
  }
  return std::nullopt;
}

std::string ExpectedAmount(const Field& field, Currency record_currency) {
  const Currency currency = field.currency.is_none() ? record_currency : field.currency;
  if (currency.is_none()) {
    return "is an amount in no known currency: set the record's field 'currency' first";
  }
  return StrCat("is no amount in ", currency.code(), " with at most ", currency.exponent(),
                " decimals: give one as ", Money::Minor(1250, currency).ToString(),
                "; an amount in another currency must be converted first");
}

std::string ExpectedLabel(const Field& field, const Value& value) {
  std::vector<std::string_view> names;
  for (const Label& label : field.labels) names.push_back(label.name);
  const auto* text = value.As<std::string>();
  const bool suggest = text != nullptr && !field.options.sensitive;
  return StrCat("is none of the labels ", LabelList(field), suggest ? DidYouMean(*text, names) : "");
}

// What is wrong with a value of another type or form, and what to give instead.
std::string Expected(const Field& field, const Value& value, Currency record_currency) {
  switch (field.type) {
    case ValueType::kBool:
      return "is no truth value: give true or false";
    case ValueType::kInt64:
      return "is no whole number that fits 64 bits: give one, or round it first";
    case ValueType::kDouble:
      return "is no number that a double holds: give a double";
    case ValueType::kMoney:
      return ExpectedAmount(field, record_currency);
    case ValueType::kDate:
      return "is no date: give one as 2026-01-31";
    case ValueType::kTimestamp:
      return "is no timestamp: give one as 2026-01-31T12:00:00Z";
    case ValueType::kDuration:
      return "is no duration: give one as P1DT2H30M";
    case ValueType::kDecimal:
      return StrCat("is no decimal number with at most ", field.scale,
                    " decimals: give one, or round it first");
    case ValueType::kPoint:
      return StrCat("is no point: give latitude and longitude in degrees, as ",
                    Point{520900000, 51200000}.ToString());
    case ValueType::kCurrency:
      return "is no currency: give a code of ISO 4217 as EUR";
    case ValueType::kEnum:
      return ExpectedLabel(field, value);
    case ValueType::kLabelSet:
      return StrCat("is no list of labels, of which there are ", LabelList(field));
    case ValueType::kReference:
      return "names no record of the type referred to: give its id, a whole number from 1";
    case ValueType::kAnyReference:
      return "names no record of a type that may be referred to: give its type and id";
    case ValueType::kText:
      return "is no text: give a string";
    case ValueType::kTextSet:
      return "is no list of texts: give one";
    case ValueType::kReferenceSet:
      return "is no list of ids of records: give one, of whole numbers from 1";
    case ValueType::kObject:
      return "is no archived object: write it through the struct that declares it";
  }
  return "has a type that this version does not know";
}

}  // namespace

StatusOr<Cell> ToCell(const EntityType& type, const Field& field, const Value& value,
                      Currency record_currency, std::string* scratch) {
  if (value.is_null()) {
    if (field.nullable) return Cell::Absent();
    return absl::InvalidArgumentError(StrCat(PathOf(type, field),
                                             ": null, but the field cannot be null; give a value of type ",
                                             ValueTypeName(field.type)));
  }
  Cell cell;
  if (field.is_variable()) {
    if (const auto bytes = VariableBytes(field, value, scratch)) cell = Cell::OfBytes(*bytes);
  } else if (const Bits bits = FixedBits(field, value, record_currency)) {
    cell = Cell::OfInt(*bits);
  }
  if (!cell.present) return Refuse(type, field, value.ToString(), Expected(field, value, record_currency));
  const bool zero = cell.bits == 0 && cell.bytes.empty();
  return zero && !field.nullable ? Cell::Absent() : cell;
}

}  // namespace relata::schema
