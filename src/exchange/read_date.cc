// This file compiles date patterns into pieces and matches texts against them.
#include "src/exchange/read_date.h"

#include <algorithm>
#include <array>
#include <utility>

#include "relata/base/strings.h"
#include "src/base/digits.h"
#include "src/exchange/read_value.h"

namespace relata::exchange {
namespace {

constexpr int kPivot = 69;  // as POSIX has it

// The names of a month, longest first: a shorter one may be the beginning of a longer.
struct MonthNames {
  int32_t month;
  std::array<std::string_view, 4> names;
};
constexpr MonthNames kMonths[] = {
    {1, {"january", "januari", "jan"}},
    {2, {"february", "februari", "feb"}},
    {3, {"march", "maart", "mar", "mrt"}},
    {4, {"april", "apr"}},
    {5, {"may", "mei"}},
    {6, {"june", "juni", "jun"}},
    {7, {"july", "juli", "jul"}},
    {8, {"august", "augustus", "aug"}},
    {9, {"september", "sept", "sep"}},
    {10, {"october", "oktober", "oct", "okt"}},
    {11, {"november", "nov"}},
    {12, {"december", "dec"}},
};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool TakeMonthName(std::string_view* text, int32_t* month) {
  const auto end =
      static_cast<size_t>(std::find_if_not(text->begin(), text->end(), IsLetter) - text->begin());
  std::string word(text->substr(0, end));
  for (char& c : word) c = static_cast<char>(c | 0x20);
  for (const MonthNames& candidate : kMonths) {
    if (word.empty() ||
        std::find(candidate.names.begin(), candidate.names.end(), word) == candidate.names.end())
      continue;
    *month = candidate.month;
    text->remove_prefix(end);
    TakeChar(text, '.');  // jan.
    return true;
  }
  return false;
}

// Takes `least` to `most` digits, as many as there are.
bool TakeNumber(std::string_view* text, int least, int most, int32_t* value) {
  int count = 0;
  while (count < most && static_cast<size_t>(count) < text->size() &&
         IsDigit((*text)[static_cast<size_t>(count)]))
    ++count;
  return count >= least && TakeDigits(text, static_cast<size_t>(count), value);
}

// Takes ".5" or ",500" as microseconds, cut off after the sixth digit; nothing where there is no fraction.
bool TakeFraction(std::string_view* text, int32_t* micro) {
  *micro = 0;
  if (text->size() < 2 || ((*text)[0] != '.' && (*text)[0] != ',') || !IsDigit((*text)[1])) return true;
  text->remove_prefix(1);
  int32_t unit = 100'000;
  int digits = 0;
  for (; !text->empty() && IsDigit(text->front()); text->remove_prefix(1), ++digits) {
    *micro += unit * (text->front() - '0');
    unit /= 10;
  }
  return digits <= 9;
}

bool TakeHalf(std::string_view* text, bool* afternoon) {
  if (text->size() < 2 || ((*text)[1] | 0x20) != 'm') return false;
  const int first = (*text)[0] | 0x20;
  if (first != 'a' && first != 'p') return false;
  *afternoon = first == 'p';
  text->remove_prefix(2);
  return true;
}

bool TakeOffset(std::string_view* text, int32_t* seconds) {
  *seconds = 0;
  if (TakeChar(text, 'Z') || TakeChar(text, 'z')) return true;
  const bool west = TakeChar(text, '-');
  if (!west && !TakeChar(text, '+')) return false;
  int32_t hours = 0, minutes = 0;
  if (!TakeDigits(text, 2, &hours)) return false;
  const bool colon = TakeChar(text, ':');
  if (!TakeDigits(text, 2, &minutes) && colon) return false;
  if (hours > 18 || minutes > 59) return false;
  *seconds = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
  return true;
}

void SkipSpaces(std::string_view* text) {
  while (TakeChar(text, ' ')) {
  }
}

}  // namespace

struct DatePattern::Found {
  Date date;
  LocalTime time;
  std::optional<int32_t> offset;  // seconds east of UTC
};

StatusOr<DatePattern> DatePattern::Parse(std::string_view pattern) {
  struct Symbol {
    std::string_view letters;
    Piece piece;
  };
  static constexpr Symbol kSymbols[] = {
      {"yyyy", {Part::kYear, 0, 4, 4}},      {"yy", {Part::kYear, 0, 2, 2}},
      {"mmmm", {Part::kMonthName, 0, 0, 0}}, {"mmm", {Part::kMonthName, 0, 0, 0}},
      {"mm", {Part::kMonth, 0, 2, 2}},       {"m", {Part::kMonth, 0, 1, 2}},
      {"dd", {Part::kDay, 0, 2, 2}},         {"d", {Part::kDay, 0, 1, 2}},
      {"HH", {Part::kHour, 0, 2, 2}},        {"H", {Part::kHour, 0, 1, 2}},
      {"hh", {Part::kHour, 12, 2, 2}},       {"h", {Part::kHour, 12, 1, 2}},
      {"MM", {Part::kMinute, 0, 2, 2}},      {"SS", {Part::kSecond, 0, 2, 2}},
      {"AM", {Part::kHalf, 0, 0, 0}},        {"Z", {Part::kOffset, 0, 0, 0}},
  };
  DatePattern result;
  result.pattern_ = std::string(pattern);
  if (pattern == "iso") {
    result.has_time_ = true;
    return result;
  }
  const auto refuse = [&](std::string_view reason) {
    return absl::InvalidArgumentError(StrCat(Quoted(result.pattern_), " is not a date pattern: ", reason,
                                             "; write it like yyyy-mm-dd, d-m-yyyy or yyyy-mm-dd HH:MM:SS"));
  };
  bool seen[static_cast<size_t>(Part::kOffset) + 1] = {};
  bool twelve = false;
  while (!pattern.empty()) {
    const auto* symbol = std::find_if(std::begin(kSymbols), std::end(kSymbols), [&](const Symbol& candidate) {
      return pattern.substr(0, candidate.letters.size()) == candidate.letters;
    });
    if (symbol == std::end(kSymbols)) {
      if (IsLetter(pattern.front()) && pattern.front() != 'T') {
        return refuse(StrCat(Quoted(pattern.substr(0, 1)), " stands for nothing"));
      }
      result.pieces_.push_back({Part::kLiteral, pattern.front(), 0, 0});
      pattern.remove_prefix(1);
      continue;
    }
    // The name and the number of a month are one part.
    const Part part = symbol->piece.part == Part::kMonthName ? Part::kMonth : symbol->piece.part;
    if (std::exchange(seen[static_cast<size_t>(part)], true)) {
      return refuse(StrCat(Quoted(symbol->letters), " is there more than once"));
    }
    twelve |= symbol->piece.literal == 12;
    result.pieces_.push_back(symbol->piece);
    pattern.remove_prefix(symbol->letters.size());
  }
  const auto has = [&](Part part) { return seen[static_cast<size_t>(part)]; };
  if (!has(Part::kYear) || !has(Part::kMonth) || !has(Part::kDay))
    return refuse("day, month and year are needed");
  if (twelve != has(Part::kHalf)) return refuse("hh and AM belong together");
  result.has_time_ = has(Part::kHour);
  if (!result.has_time_ && (has(Part::kMinute) || has(Part::kSecond) || has(Part::kOffset))) {
    return refuse("a time needs an hour");
  }
  return result;
}

std::optional<DatePattern::Found> DatePattern::Match(std::string_view text) const {
  Found found;
  int32_t year = 0, month = 0, day = 0, offset = 0;
  bool afternoon = false, twelve = false, matches = true;
  text = Trim(text);
  for (const Piece& piece : pieces_) {
    switch (piece.part) {
      case Part::kLiteral:
        matches = TakeChar(&text, piece.literal);
        if (piece.literal == ' ') SkipSpaces(&text);
        break;
      case Part::kYear:
        matches = TakeNumber(&text, piece.least, piece.most, &year);
        if (piece.most == 2) year += year < kPivot ? 2000 : 1900;
        break;
      case Part::kMonth:
        matches = TakeNumber(&text, piece.least, piece.most, &month);
        break;
      case Part::kMonthName:
        matches = TakeMonthName(&text, &month);
        break;
      case Part::kDay:
        matches = TakeNumber(&text, piece.least, piece.most, &day);
        break;
      case Part::kHour:
        matches = TakeNumber(&text, piece.least, piece.most, &found.time.hour);
        break;
      case Part::kMinute:
        matches = TakeNumber(&text, piece.least, piece.most, &found.time.minute);
        break;
      case Part::kSecond:
        matches = TakeNumber(&text, piece.least, piece.most, &found.time.second) &&
                  TakeFraction(&text, &found.time.micro);
        break;
      case Part::kHalf:
        twelve = true;
        matches = TakeHalf(&text, &afternoon);
        break;
      case Part::kOffset:
        matches = TakeOffset(&text, &offset);
        found.offset = offset;
        break;
    }
    if (!matches) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  if (twelve) {
    if (found.time.hour < 1 || found.time.hour > 12) return std::nullopt;
    found.time.hour = found.time.hour % 12 + (afternoon ? 12 : 0);
  }
  if (found.time.hour > 23 || found.time.minute > 59 || found.time.second > 59) return std::nullopt;
  const StatusOr<Date> date = Date::FromCivil(year, month, day);
  if (!date.ok()) return std::nullopt;
  found.date = found.time.date = *date;
  return found;
}

Status DatePattern::NotOfThisForm(std::string_view text) const {
  const std::string_view form =
      pieces_.empty() ? "yyyy-mm-dd or yyyy-mm-dd HH:MM:SS" : std::string_view(pattern_);
  return absl::InvalidArgumentError(
      StrCat(Quoted(text), " is not a ", has_time_ ? "time" : "date", " of the form ", form));
}

StatusOr<Date> DatePattern::ReadDate(std::string_view text) const {
  if (pieces_.empty()) {
    // The first ten characters are the date; the rest must still make sense.
    const std::string_view trimmed = Trim(text);
    const StatusOr<Date> date = Date::Parse(trimmed.substr(0, 10));
    const bool whole = trimmed.size() <= 10 || Timestamp::Parse(trimmed).ok();
    return date.ok() && whole ? date : NotOfThisForm(text);
  }
  const std::optional<Found> found = Match(text);
  if (!found) return NotOfThisForm(text);
  return found->date;
}

StatusOr<Timestamp> DatePattern::ReadTimestamp(std::string_view text, const TimeZone& zone) const {
  if (pieces_.empty()) {
    const std::string_view trimmed = Trim(text);
    if (const StatusOr<Date> date = Date::Parse(trimmed); date.ok()) return zone.StartOfDay(*date);
    const StatusOr<Timestamp> timestamp = Timestamp::Parse(trimmed, zone);
    return timestamp.ok() ? timestamp : NotOfThisForm(text);
  }
  const std::optional<Found> found = Match(text);
  if (!found) return NotOfThisForm(text);
  if (!has_time_) return zone.StartOfDay(found->date);
  if (!found->offset) return zone.At(found->time);
  RELATA_ASSIGN_OR_RETURN(const Timestamp utc, TimeZone().At(found->time));
  return utc.Sub(Duration::Seconds(*found->offset));
}

}  // namespace relata::exchange
