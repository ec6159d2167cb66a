// The pieces that dates and times print and read alike: calendar date, fraction of a second.
#include "src/base/time_text.h"

#include <cstdlib>

#include "src/base/digits.h"

namespace relata {

void AppendDate(Date date, std::string* out) {
  const CivilDate civil = date.Civil();
  if (civil.year < 0) out->push_back('-');
  AppendDigits(static_cast<uint64_t>(std::abs(civil.year)), 4, out);
  out->push_back('-');
  AppendDigits(static_cast<uint64_t>(civil.month), 2, out);
  out->push_back('-');
  AppendDigits(static_cast<uint64_t>(civil.day), 2, out);
}

bool TakeDate(std::string_view* text, CivilDate* civil) {
  return TakeDigits(text, 4, &civil->year) && TakeChar(text, '-') && TakeDigits(text, 2, &civil->month) &&
         TakeChar(text, '-') && TakeDigits(text, 2, &civil->day);
}

void AppendFraction(int64_t micros, std::string* out) {
  if (micros == 0) return;
  out->push_back('.');
  AppendDigits(static_cast<uint64_t>(micros), 6, out);
  out->erase(out->find_last_not_of('0') + 1);
}

bool TakeFraction(std::string_view* text, int64_t* micros) {
  *micros = 0;
  if (!TakeChar(text, '.')) return true;
  int64_t nanos = 0;
  int digits = 0;
  for (int32_t digit = 0; digits < 9 && TakeDigits(text, 1, &digit); ++digits) nanos = nanos * 10 + digit;
  if (digits == 0) return false;
  for (; digits < 9; ++digits) nanos *= 10;
  const int64_t rest = nanos % 1000;
  *micros = nanos / 1000;
  if (rest > 500 || (rest == 500 && *micros % 2 != 0)) ++*micros;
  return true;
}

}  // namespace relata
