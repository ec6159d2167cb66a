// Names of value types, and values as people read them.
#include "relata/schema/value.h"

#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "relata/base/strings.h"

namespace relata {
namespace {

struct NamedType {
  ValueType type;
  std::string_view name;
};

constexpr std::array<NamedType, 18> kNames = {{
    {ValueType::kBool, "bool"},
    {ValueType::kInt64, "int64"},
    {ValueType::kDouble, "double"},
    {ValueType::kMoney, "money"},
    {ValueType::kDate, "date"},
    {ValueType::kTimestamp, "timestamp"},
    {ValueType::kDuration, "duration"},
    {ValueType::kDecimal, "decimal"},
    {ValueType::kPoint, "point"},
    {ValueType::kCurrency, "currency"},
    {ValueType::kEnum, "enum"},
    {ValueType::kLabelSet, "label set"},
    {ValueType::kReference, "reference"},
    {ValueType::kAnyReference, "any reference"},
    {ValueType::kText, "text"},
    {ValueType::kTextSet, "text set"},
    {ValueType::kReferenceSet, "reference set"},
    {ValueType::kObject, "object"},
}};

template <class List>
std::string Bracketed(const List& list) {
  std::string text = "[";
  for (const auto& element : list) {
    if (text.size() > 1) text += ", ";
    text += StrCat(element);
  }
  return text + "]";
}

}  // namespace

std::string_view ValueTypeName(ValueType type) {
  for (const NamedType& named : kNames) {
    if (named.type == type) return named.name;
  }
  return "unknown type";
}

bool ParseValueType(std::string_view name, ValueType* type) {
  for (const NamedType& named : kNames) {
    if (named.name != name) continue;
    *type = named.type;
    return true;
  }
  return false;
}

std::string Value::ToString() const {
  return std::visit(
      [](const auto& value) -> std::string {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return "null";
        } else if constexpr (std::is_same_v<T, TextSet> || std::is_same_v<T, ReferenceSet>) {
          return Bracketed(value);
        } else if constexpr (std::is_same_v<T, Reference>) {
          return StrCat("#", value.id);
        } else if constexpr (std::is_same_v<T, RecordRef>) {
          return StrCat("type ", value.type, " #", value.id);
        } else if constexpr (std::is_same_v<T, ObjectBytes>) {
          return StrCat("object of ", value.bytes.size(), " bytes");
        } else {
          return StrCat(value);
        }
      },
      variant_);
}

}  // namespace relata
