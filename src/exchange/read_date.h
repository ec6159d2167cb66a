// Defines DatePattern, how dates and times are written in a file.
//
//   RELATA_ASSIGN_OR_RETURN(const DatePattern dutch, DatePattern::Parse("d-m-yyyy"));
//   dutch.ReadDate("31-1-2026");                         // 2026-01-31
//   dutch.ReadDate("31-2-2026");                         // '31-2-2026' is not a date of the form d-m-yyyy
//
// A pattern is text with, in this order of precedence, these letters:
//   yyyy  a year in four digits            yy   in two: 69 to 99 mean 19.., 00 to 68 mean 20..
//   mmmm  the name of a month, or its abbreviation, in English or Dutch; case is ignored
//   mmm   the same                         mm   a month in two digits        m   in one or two
//   dd    a day in two digits              d    in one or two
//   HH    an hour of 24 in two digits      H    in one or two
//   hh    an hour of 12 in two digits      h    in one or two; with AM somewhere, for am or pm
//   MM    a minute, two digits             SS   a second, two digits; a fraction may follow: .5, ,500000
//   Z     an offset: Z, +01, +01:00, +0100
// Every other character stands for itself; a space for any number of them. "iso" stands for what ISO 8601 and
// databases write: 2026-01-31, 2026-01-31 12:00, 2026-01-31T12:00:00.5+01:00.
//
// Thread safety: a value that many threads may read. Cost: O(length); a message is made on failure only.
#ifndef RELATA_EXCHANGE_READ_DATE_H_
#define RELATA_EXCHANGE_READ_DATE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "relata/base/time.h"

namespace relata::exchange {

class DatePattern {
 public:
  // InvalidArgument for a pattern without day, month and year, or with one part twice.
  static StatusOr<DatePattern> Parse(std::string_view pattern);

  // The date, as it stands there: a time behind it, or an offset, changes nothing. Spaces around are ignored.
  StatusOr<Date> ReadDate(std::string_view text) const;

  // The instant. Without an offset the time is local in `zone`, without a time it is the start of the day
  // there.
  StatusOr<Timestamp> ReadTimestamp(std::string_view text, const TimeZone& zone) const;

  const std::string& pattern() const { return pattern_; }
  bool has_time() const { return has_time_; }

 private:
  enum class Part { kLiteral, kYear, kMonth, kMonthName, kDay, kHour, kMinute, kSecond, kHalf, kOffset };
  struct Piece {
    Part part = Part::kLiteral;
    char literal = 0;
    int least = 0;  // digits
    int most = 0;
  };
  struct Found;

  std::optional<Found> Match(std::string_view text) const;
  Status NotOfThisForm(std::string_view text) const;

  std::string pattern_;
  std::vector<Piece> pieces_;  // empty: iso
  bool has_time_ = false;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_READ_DATE_H_
