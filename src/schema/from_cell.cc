// Cells into values.
#include <string>
#include <utility>

#include "relata/base/strings.h"
#include "relata/schema/member.h"
#include "src/schema/conversion.h"
#include "src/schema/refusal.h"

namespace relata::schema {
namespace {

StatusOr<Value> LabelOf(const EntityType& type, const Field& field, uint64_t code) {
  const Label* label = code > 0xffff ? nullptr : field.FindLabel(static_cast<uint16_t>(code));
  if (label == nullptr) return Damaged(type, field, StrCat("no label has the stored code ", code));
  return Value(label->name);
}

StatusOr<Value> LabelsOf(const EntityType& type, const Field& field, uint64_t mask) {
  TextSet names;
  for (const Label& label : field.labels) {
    const uint64_t bit = uint64_t{1} << (label.code & 63);
    if ((mask & bit) != 0) names.push_back(label.name);
    mask &= ~bit;
  }
  if (mask != 0) return Damaged(type, field, "the stored set has a label that no code stands for");
  return Value(std::move(names));
}

}  // namespace

StatusOr<Value> FromCell(const EntityType& type, const Field& field, const Cell& cell,
                         Currency record_currency) {
  if (!cell.present && field.nullable) return Value();
  const int64_t bits = cell.AsInt();
  switch (field.type) {
    case ValueType::kBool:
      return Value(bits != 0);
    case ValueType::kInt64:
      return Value(bits);
    case ValueType::kDouble:
      return Value(cell.AsDouble());
    case ValueType::kMoney:
      return Value(Money::Minor(bits, field.currency.is_none() ? record_currency : field.currency));
    case ValueType::kDate: {
      Date date;
      if (!MemberTraits<Date>::FromBits(bits, &date))
        return Damaged(type, field, "the stored date does not exist");
      return Value(date);
    }
    case ValueType::kTimestamp:
      return Value(Timestamp{bits});
    case ValueType::kDuration:
      return Value(Duration{bits});
    case ValueType::kDecimal:
      return Value(Decimal{bits, field.scale});
    case ValueType::kPoint:
      return Value(MemberTraits<Point>::Read(Cell::OfInt(bits)));
    case ValueType::kCurrency: {
      Currency currency;
      if (!MemberTraits<Currency>::FromBits(bits, &currency)) {
        return Damaged(type, field, "the stored code is no currency");
      }
      return Value(currency);
    }
    case ValueType::kEnum:
      return LabelOf(type, field, cell.bits);
    case ValueType::kLabelSet:
      return LabelsOf(type, field, cell.bits);
    case ValueType::kReference:
      return Value(Reference{cell.bits});
    case ValueType::kAnyReference:
      return Value(RecordRef{static_cast<EntityTypeId>(cell.bits >> 48), cell.bits & kMaxRecordId});
    case ValueType::kText:
      return Value(cell.bytes);
    case ValueType::kTextSet: {
      TextSet texts;
      if (!DecodeTextSet(cell.bytes, &texts))
        return Damaged(type, field, "the stored set of texts is damaged");
      return Value(std::move(texts));
    }
    case ValueType::kReferenceSet: {
      ReferenceSet ids;
      if (!DecodeReferenceSet(cell.bytes, &ids))
        return Damaged(type, field, "the stored set of ids is damaged");
      return Value(std::move(ids));
    }
    case ValueType::kObject:
      return Value(ObjectBytes{std::string(cell.bytes)});
  }
  return Damaged(type, field, "the field has a type that this version does not know");
}

}  // namespace relata::schema
