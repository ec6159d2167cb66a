// Random values of fields.
#include <algorithm>

#include "tests/query/calendar.h"
#include "tests/query/generate.h"

namespace relata::twin {
namespace {

constexpr const char* kTexts[] = {
    "",         "a",        "A",        "Jansen", "jansen",  "Janssen",    "Bakkerij Jansen",
    "Café",     "cafe",     "Ångström", "Straße", "strasse", "Ĳsselstein", "100%",
    "a_b",      "a\\b",     "O Neil",   "naïve",  "東京",    "Utrecht",    "utrecht 2",
    "de Vries", "vries de", "'quoted'"};
constexpr const char* kWords[] = {"fair", "old", "vip", "été"};

}  // namespace

Value ValueMaker::AnyCurrency() const {
  constexpr const char* kCurrencies[] = {"EUR", "EUR", "USD", "JPY"};
  return Currency::Parse(random_.Of(kCurrencies)).value();
}

Value ValueMaker::Any(const FieldSpec& field, const TwinRow& row) const {
  switch (field.type) {
    case ValueType::kBool:
      return random_.Chance(50);
    case ValueType::kInt64: {
      constexpr int64_t kHuge[] = {INT64_MAX, INT64_MIN, INT64_MAX - 1, 0, -1, 4'000'000'000'000'000'000};
      return field.name.starts_with("huge") ? random_.Of(kHuge) : random_.Between(-3, 9);
    }
    case ValueType::kDouble:
      // Quarters: their sums are exact in any order.
      return static_cast<double>(random_.Between(-8, 40)) / 4;
    case ValueType::kMoney: {
      const Currency currency =
          field.currency.is_none() ? *row.at("currency").As<Currency>() : field.currency;
      return Money::Minor(random_.Between(-2, 12) * (random_.Chance(70) ? 125 : 1), currency);
    }
    case ValueType::kDate:
      return SomeDay();
    case ValueType::kTimestamp: {
      if (random_.Chance(40)) return Timestamp::Parse(random_.Of(kMoments)).value();
      const Timestamp day{SomeDay().days * int64_t{86'400'000'000}};
      const int64_t hours = random_.Between(0, 23);
      return Timestamp{day.micros + hours * 3'600'000'000 + random_.Between(0, 1)};
    }
    case ValueType::kDuration:
      return Duration{random_.Between(-2, 50) * 3'600'000'000};
    case ValueType::kDecimal:
      return Decimal{random_.Between(-5, 25) * (random_.Chance(50) ? 5 : 1), field.scale};
    case ValueType::kPoint:
      return Point{static_cast<int32_t>(random_.Between(515, 525) * 1'000'000),
                   static_cast<int32_t>(random_.Between(45, 55) * 1'000'000)};
    case ValueType::kCurrency:
      return random_.Chance(50) ? Currency::Eur() : Currency::Parse("USD").value();
    case ValueType::kEnum:
      return Value(random_.Of(field.labels));
    case ValueType::kLabelSet: {
      TextSet labels;
      for (const std::string& label : field.labels) {
        if (random_.Chance(40)) labels.push_back(label);
      }
      return Value(labels);
    }
    case ValueType::kText:
      return Value(random_.Of(kTexts));
    case ValueType::kTextSet: {
      TextSet words;
      for (const char* word : kWords) {
        if (random_.Chance(40)) words.emplace_back(word);
      }
      std::sort(words.begin(), words.end());
      return Value(words);
    }
    case ValueType::kReference: {
      const RecordId id = refer_(field, field.targets[0]);
      return id == 0 ? Value() : Value(Reference{id});
    }
    case ValueType::kAnyReference: {
      const std::string& target = random_.Of(field.targets);
      const RecordId id = refer_(field, target);
      return id == 0 ? Value() : Value(RecordRef{schema_.NumberOf(target), id});
    }
    case ValueType::kReferenceSet: {
      ReferenceSet ids;
      for (int i = 0; i < 3; ++i) {
        if (const RecordId id = refer_(field, field.targets[0]); id != 0 && random_.Chance(60))
          ids.push_back(id);
      }
      std::sort(ids.begin(), ids.end());
      ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
      return ids;
    }
    case ValueType::kObject:
      break;
  }
  return Value();
}

Date ValueMaker::SomeDay() const {
  constexpr const char* kDays[] = {"2024-02-29", "2000-02-29", "2026-02-28", "1999-12-31", "2026-01-01"};
  if (random_.Chance(25)) return Date::Parse(random_.Of(kDays)).value();
  // SQL has the time zone's offsets of the years 1900 to 2100: intervals added to these stay inside.
  if (random_.Chance(2)) return Date::Parse(random_.Chance(50) ? "1931-02-28" : "2068-12-31").value();
  return *PlusDays(today_, random_.Chance(70) ? random_.Between(-40, 20) : random_.Between(-900, 400));
}

}  // namespace relata::twin
