// Timestamp. How it looks in a time zone is in time_zone.cc.
#include "relata/base/strings.h"
#include "relata/base/time.h"
#include "src/base/digits.h"
#include "src/base/time_text.h"

namespace relata {
namespace {

// A date and time as written, not yet placed on the line of time.
struct WrittenTime {
  CivilDate civil;
  int32_t hour = 0;
  int32_t minute = 0;
  int32_t second = 0;
  int64_t micros = 0;  // up to a whole second, after rounding
  bool has_offset = false;
  int64_t offset_minutes = 0;
};

bool TakeOffset(std::string_view* text, WrittenTime* written) {
  if (text->empty()) return true;
  written->has_offset = true;
  if (TakeChar(text, 'Z')) return true;
  const bool west = text->front() == '-';
  if (!west && text->front() != '+') return false;
  text->remove_prefix(1);
  int32_t hours = 0;
  int32_t minutes = 0;
  if (!TakeDigits(text, 2, &hours)) return false;
  if (!text->empty()) {
    TakeChar(text, ':');
    if (!TakeDigits(text, 2, &minutes)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  written->offset_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
  return true;
}

StatusOr<WrittenTime> ReadTime(std::string_view text) {
  WrittenTime written;
  std::string_view rest = text;
  bool ok = TakeDate(&rest, &written.civil) && (TakeChar(&rest, 'T') || TakeChar(&rest, ' ')) &&
            TakeDigits(&rest, 2, &written.hour) && TakeChar(&rest, ':') &&
            TakeDigits(&rest, 2, &written.minute);
  if (ok && TakeChar(&rest, ':')) {
    ok = TakeDigits(&rest, 2, &written.second) && TakeFraction(&rest, &written.micros);
  }
  ok = ok && TakeOffset(&rest, &written) && rest.empty();
  if (!ok || written.hour > 23 || written.minute > 59 || written.second > 59) {
    return absl::InvalidArgumentError(StrCat(
        "timestamp ", Quoted(text), ": expected YYYY-MM-DDThh:mm:ss with an optional Z or offset (+hh:mm)"));
  }
  return written;
}

// The instant at which a clock that runs `written.offset_minutes` ahead of UTC shows `written`.
StatusOr<Timestamp> Place(const WrittenTime& written, std::string_view text) {
  const StatusOr<Date> date = Date::FromCivil(written.civil.year, written.civil.month, written.civil.day);
  if (!date.ok()) return Annotate(date.status(), StrCat("timestamp ", Quoted(text)));
  const Timestamp at{date->days * kMicrosPerDay + written.hour * kMicrosPerHour +
                     (written.minute - written.offset_minutes) * kMicrosPerMinute +
                     written.second * kMicrosPerSecond + written.micros};
  if (!at.IsValid()) {
    return absl::OutOfRangeError(
        StrCat("timestamp ", Quoted(text), ": lies outside the years 1 to 9999 in UTC"));
  }
  return at;
}

StatusOr<Timestamp> Fit(Timestamp from, bool overflow, int64_t micros) {
  const Timestamp at{micros};
  if (overflow || !at.IsValid()) {
    return absl::OutOfRangeError(StrCat("timestamp ", from, ": the result lies outside the years 1 to 9999"));
  }
  return at;
}

}  // namespace

StatusOr<Timestamp> Timestamp::FromUnixSeconds(int64_t seconds) {
  int64_t result = 0;
  if (__builtin_mul_overflow(seconds, kMicrosPerSecond, &result) || !Timestamp{result}.IsValid()) {
    return absl::OutOfRangeError(
        StrCat("timestamp of Unix second ", seconds, ": lies outside the years 1 to 9999"));
  }
  return Timestamp{result};
}

StatusOr<Timestamp> Timestamp::Parse(std::string_view text) {
  RELATA_ASSIGN_OR_RETURN(const WrittenTime written, ReadTime(text));
  return Place(written, text);
}

StatusOr<Timestamp> Timestamp::Parse(std::string_view text, const TimeZone& zone) {
  RELATA_ASSIGN_OR_RETURN(const WrittenTime written, ReadTime(text));
  RELATA_ASSIGN_OR_RETURN(const Timestamp as_utc, Place(written, text));
  if (written.has_offset) return as_utc;
  // A fraction that rounded up to a whole second has carried into as_utc.
  return zone.At(TimeZone().Local(as_utc));
}

std::string Timestamp::ToString() const {
  std::string text;
  AppendDate(UtcDate(), &text);
  const int64_t past = micros % kMicrosPerDay;
  const auto in_day = static_cast<uint64_t>(past < 0 ? past + kMicrosPerDay : past);
  text.push_back('T');
  AppendDigits(in_day / kMicrosPerHour, 2, &text);
  text.push_back(':');
  AppendDigits(in_day % kMicrosPerHour / kMicrosPerMinute, 2, &text);
  text.push_back(':');
  AppendDigits(in_day % kMicrosPerMinute / kMicrosPerSecond, 2, &text);
  AppendFraction(static_cast<int64_t>(in_day % kMicrosPerSecond), &text);
  text.push_back('Z');
  return text;
}

Date Timestamp::UtcDate() const { return Date{static_cast<int32_t>(FloorDiv(micros, kMicrosPerDay))}; }

StatusOr<Timestamp> Timestamp::Add(Duration duration) const {
  int64_t result = 0;
  const bool overflow = __builtin_add_overflow(micros, duration.micros, &result);
  return Fit(*this, overflow, result);
}

StatusOr<Timestamp> Timestamp::Sub(Duration duration) const {
  int64_t result = 0;
  const bool overflow = __builtin_sub_overflow(micros, duration.micros, &result);
  return Fit(*this, overflow, result);
}

}  // namespace relata
