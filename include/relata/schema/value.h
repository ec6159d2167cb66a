// Defines ValueType, the types a field can have, and Value, one value of any of them, owned and
// self-describing.
//
// Value is the currency of everything dynamic: custom fields, imports, the command line, the bindings. Typed
// code works with C++ members instead and never meets it.
//
//   Value v = "Utrecht";                      // text
//   if (const Money* m = record.Get("total").As<Money>()) …
//
// An enum is given and read as its label (text), a set of labels as a list of texts.
// Thread safety: as any value type. Cost: copying a text or a set allocates.
#ifndef RELATA_SCHEMA_VALUE_H_
#define RELATA_SCHEMA_VALUE_H_

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "relata/base/decimal.h"
#include "relata/base/money.h"
#include "relata/base/point.h"
#include "relata/base/time.h"
#include "relata/export.h"
#include "relata/schema/ids.h"

namespace relata {

// The numbers are part of the file format: never change or reuse one.
enum class ValueType : uint8_t {
  kBool = 1,
  kInt64 = 2,
  kDouble = 3,
  kMoney = 4,          // int64 minor units; the currency is the field's or the record's
  kDate = 5,           // days since 1970-01-01
  kTimestamp = 6,      // microseconds since 1970-01-01T00:00Z
  kDuration = 7,       // microseconds
  kDecimal = 8,        // int64 units at the field's scale
  kPoint = 9,          // latitude and longitude in 1e-7 degrees
  kCurrency = 10,      // ISO 4217 code
  kEnum = 11,          // one of the field's labels
  kLabelSet = 12,      // any of the field's labels, of which there are at most 64
  kReference = 13,     // a record of the field's target type
  kAnyReference = 14,  // a record of one of the field's target types
  kText = 15,          // UTF-8
  kTextSet = 16,       // sorted, each text once
  kReferenceSet = 17,  // sorted, each record once
  kObject = 18,        // a host's struct, archived whole
};

// "int64", "reference set", … as messages, the schema listing and run-time declarations spell it.
RELATA_EXPORT std::string_view ValueTypeName(ValueType type);
// The type so named; false if there is none.
RELATA_EXPORT bool ParseValueType(std::string_view name, ValueType* type);

struct Reference {
  RecordId id = 0;
  friend constexpr auto operator<=>(const Reference&, const Reference&) = default;
};
// Bytes of a host's archived struct.
struct ObjectBytes {
  std::string bytes;
  friend bool operator==(const ObjectBytes&, const ObjectBytes&) = default;
};
using TextSet = std::vector<std::string>;
using ReferenceSet = std::vector<RecordId>;

class RELATA_EXPORT Value {
 public:
  using Variant =
      std::variant<std::monostate, bool, int64_t, double, Money, Date, Timestamp, Duration, Decimal, Point,
                   Currency, std::string, TextSet, Reference, ReferenceSet, RecordRef, ObjectBytes>;

  Value() = default;  // null
  template <std::same_as<bool> B>
  Value(B value) : variant_(value) {}
  template <std::integral I>
  requires(!std::same_as<I, bool>) Value(I value) : variant_(static_cast<int64_t>(value)) {}
  Value(double value) : variant_(value) {}
  Value(Money value) : variant_(value) {}
  Value(Date value) : variant_(value) {}
  Value(Timestamp value) : variant_(value) {}
  Value(Duration value) : variant_(value) {}
  Value(Decimal value) : variant_(value) {}
  Value(Point value) : variant_(value) {}
  Value(Currency value) : variant_(value) {}
  Value(std::string value) : variant_(std::move(value)) {}
  Value(std::string_view value) : variant_(std::string(value)) {}
  Value(const char* value) : variant_(std::string(value)) {}
  Value(TextSet value) : variant_(std::move(value)) {}
  Value(Reference value) : variant_(value) {}
  template <class T>
  Value(Id<T> value) : variant_(Reference{value.value}) {}
  Value(ReferenceSet value) : variant_(std::move(value)) {}
  Value(RecordRef value) : variant_(value) {}
  Value(ObjectBytes value) : variant_(std::move(value)) {}

  bool is_null() const { return variant_.index() == 0; }
  // The value if it is a T, else nullptr.
  template <class T>
  const T* As() const {
    return std::get_if<T>(&variant_);
  }
  const Variant& variant() const { return variant_; }
  // For people: dates in ISO 8601, money as "EUR 12.50", sets in brackets, null as "null".
  std::string ToString() const;
  friend bool operator==(const Value&, const Value&) = default;

 private:
  Variant variant_;
};

}  // namespace relata

#endif  // RELATA_SCHEMA_VALUE_H_
