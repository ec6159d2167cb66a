// The Damm check digit, and relation numbers read and written.
#include "relata/crm/relation_number.h"

#include <array>

#include "relata/base/check.h"
#include "relata/base/strings.h"

namespace relata::crm {
namespace {

// The totally anti-symmetric quasigroup of order 10 that Damm's thesis gives. Its diagonal is zero, so the
// check digit of a number with its check digit is 0.
constexpr std::array<std::array<uint8_t, 10>, 10> kQuasigroup = {{{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
                                                                  {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
                                                                  {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
                                                                  {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
                                                                  {6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
                                                                  {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
                                                                  {5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
                                                                  {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
                                                                  {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
                                                                  {2, 5, 8, 1, 4, 3, 6, 7, 9, 0}}};

Status Refuse(std::string_view text, std::string_view what) {
  return absl::InvalidArgumentError(
      StrCat("relation number '", text, "' ", what, "; expected digits as in 100000-", DammDigit(100'000)));
}

}  // namespace

int DammDigit(int64_t number) {
  RELATA_CHECK(number >= 0);
  std::array<uint8_t, 19> digits;  // of the greatest int64_t
  size_t count = 0;
  for (; number > 0; number /= 10) digits[count++] = static_cast<uint8_t>(number % 10);
  uint8_t interim = 0;
  while (count > 0) interim = kQuasigroup[interim][digits[--count]];
  return interim;
}

StatusOr<int64_t> MakeRelationNumber(int64_t sequence) {
  if (sequence < 1 || sequence > kLastRelationSequence) {
    return absl::OutOfRangeError(
        StrCat("relation number: sequence ", sequence, " is not between 1 and ", kLastRelationSequence));
  }
  return sequence * 10 + DammDigit(sequence);
}

bool IsRelationNumber(int64_t number) {
  return number >= 10 && number / 10 <= kLastRelationSequence && DammDigit(number) == 0;
}

std::string FormatRelationNumber(int64_t number) {
  return IsRelationNumber(number) ? StrCat(number / 10, "-", number % 10) : StrCat(number);
}

StatusOr<int64_t> ParseRelationNumber(std::string_view text) {
  int64_t number = 0;
  bool any = false;
  for (const char c : text) {
    if (c == ' ' || c == '-' || c == '.') continue;
    if (c < '0' || c > '9') return Refuse(text, "has something else than digits, hyphens, spaces and dots");
    number = number * 10 + (c - '0');
    any = true;
    if (number / 10 > kLastRelationSequence) return Refuse(text, "is too long");
  }
  if (!any) return Refuse(text, "has no digits");
  if (number < 10) return Refuse(text, "is too short");
  if (DammDigit(number) != 0) {
    return Refuse(text, "has a wrong check digit (the last): a digit is mistyped, or two are swapped");
  }
  return number;
}

}  // namespace relata::crm
