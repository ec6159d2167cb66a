// Defines OwnedDatum, a computed value that outlives the row it came from; ToValue, which hands it to a host;
// and OrderCode, which turns it into bytes that sort as the order asks.
//
//   code.Append(datum, &key);      // memcmp of two keys is the order of their records
//
// A key is the coded terms one after another. A term is a byte for null or value and, for a value, eight
// bytes for whole numbers and doubles (-0.0 as 0.0); the text (or its folded form, or its sort key) with 00
// as 00 ff, ended by 00 00. Descending inverts the value's bytes. Equal values and only those have equal
// codes, texts that are folded or collated aside, so the ascending code serves grouping as well.
//
// Thread safety: const calls from any thread.
#ifndef RELATA_QUERY_DATUM_H_
#define RELATA_QUERY_DATUM_H_

#include <string>
#include <string_view>

#include "relata/base/status.h"
#include "relata/query/spec.h"
#include "relata/schema/value.h"
#include "src/expr/program.h"

namespace relata {
class Collator;
}

namespace relata::query {

struct OwnedDatum {
  bool present = false;
  uint64_t bits = 0;
  std::string bytes;

  OwnedDatum() = default;
  explicit OwnedDatum(const expr::Datum& datum)
      : present(datum.present), bits(datum.bits), bytes(datum.bytes) {}
  expr::Datum view() const { return {present, bits, bytes}; }  // within this object's lifetime
};

// Lengths become metres, intervals durations, labels their names. DataLoss for bits that stand for nothing.
StatusOr<Value> ToValue(const expr::Type& type, const expr::Datum& datum);

class OrderCode {
 public:
  enum class Text : uint8_t { kExact, kFolded, kCollated };

  // Ascending by code point, nulls last.
  OrderCode() = default;
  // InvalidArgument for what has no order (sets, places, objects), a locale that is unknown, and a collation
  // of what is no text. `store_locale` is what the collation "locale" means.
  static StatusOr<OrderCode> Make(const expr::Type& type, bool descending, std::optional<bool> nulls_first,
                                  std::string_view collation, std::string_view store_locale);

  void Append(const expr::Type& type, const expr::Datum& datum, std::string* key) const;

  bool descending() const { return descending_; }
  bool nulls_first() const { return nulls_first_; }
  Text text() const { return text_; }
  const std::string& locale() const { return locale_; }  // kCollated
  bool uses_icu() const { return text_ != Text::kExact; }

 private:
  bool descending_ = false;
  bool nulls_first_ = false;
  Text text_ = Text::kExact;
  std::string locale_;
  const Collator* collator_ = nullptr;
};

// Whether values of this type are held in `bytes`.
bool HeldInBytes(expr::Base base);

}  // namespace relata::query

#endif  // RELATA_QUERY_DATUM_H_
