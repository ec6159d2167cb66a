// This file reads the simple kinds of value.
#include "src/exchange/read_value.h"

#include <algorithm>

#include "relata/base/strings.h"
#include "src/base/digits.h"
#include "src/base/text.h"

namespace relata::exchange {
namespace {

// No-break space, narrow no-break space, figure space, zero-width space, byte order mark.
constexpr std::string_view kWideSpaces[] = {"\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x87", "\xE2\x80\x8B",
                                            "\xEF\xBB\xBF"};

constexpr std::string_view kYes[] = {"yes", "y", "true", "t", "on", "ja", "j", "waar", "x", "1"};
constexpr std::string_view kNo[] = {"no", "n", "false", "f", "off", "nee", "onwaar", "0"};

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
  };
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), same);
}

size_t DigitsIn(std::string_view text) {
  return static_cast<size_t>(std::find_if_not(text.begin(), text.end(), IsDigit) - text.begin());
}

// A mantissa of one digit, as 8.71234E+12; an id that merely has an E in it, as 1200E12, is none.
bool IsScientific(std::string_view text) {
  if (DigitsIn(text) != 1) return false;
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '.' || text[0] == ',')) text.remove_prefix(1 + DigitsIn(text.substr(1)));
  if (text.size() < 3 || (text[0] != 'E' && text[0] != 'e') || text[1] != '+') return false;
  return DigitsIn(text.substr(2)) == text.size() - 2;
}

}  // namespace

std::string_view Trim(std::string_view text) {
  for (;;) {
    const size_t before = text.size();
    while (!text.empty() && IsSpace(text.front())) text.remove_prefix(1);
    while (!text.empty() && IsSpace(text.back())) text.remove_suffix(1);
    // Every wide space starts with a byte above ASCII and ends with one.
    if (!text.empty() && (text.front() & 0x80 || text.back() & 0x80)) {
      for (std::string_view space : kWideSpaces) {
        if (text.substr(0, space.size()) == space) text.remove_prefix(space.size());
        if (text.size() >= space.size() && text.substr(text.size() - space.size()) == space) {
          text.remove_suffix(space.size());
        }
      }
    }
    if (text.size() == before) return text;
  }
}

std::string NewlinesFromEscapes(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (size_t from = 0;;) {
    const size_t at = text.find("\\n", from);
    std::string_view piece = text.substr(from, at - from);
    if (at == text.npos) return result.append(piece);
    if (piece.size() >= 2 && piece.substr(piece.size() - 2) == "\\r") piece.remove_suffix(2);
    result.append(piece).push_back('\n');
    from = at + 2;
  }
}

StatusOr<std::string_view> ReadId(std::string_view text) {
  const std::string_view id = Trim(text);
  if (IsScientific(id)) {
    return absl::InvalidArgumentError(
        StrCat(Quoted(id), " is an id that a spreadsheet has shortened; export the column as text"));
  }
  const size_t whole = DigitsIn(id);
  if (whole == 0 || whole + 1 >= id.size() || id[whole] != '.') return id;
  return id.find_first_not_of('0', whole + 1) == id.npos ? id.substr(0, whole) : id;
}

StatusOr<bool> ReadBool(std::string_view text) {
  const std::string_view word = Trim(text);
  const auto is = [&](std::string_view known) { return EqualsIgnoringCase(word, known); };
  if (std::any_of(std::begin(kYes), std::end(kYes), is)) return true;
  if (std::any_of(std::begin(kNo), std::end(kNo), is)) return false;
  return absl::InvalidArgumentError(
      StrCat(Quoted(text), " is neither yes nor no (yes, ja, true, 1, x; no, nee, false, 0)"));
}

StatusOr<ValueMap> ValueMap::Make(const std::vector<std::pair<std::string, std::string>>& labels,
                                  std::optional<std::string> otherwise) {
  ValueMap map;
  map.otherwise_ = std::move(otherwise);
  for (const auto& [label, value] : labels) {
    const auto [place, is_new] = map.values_.try_emplace(Fold(Trim(label)), value);
    if (!is_new && place->second != value) {
      return absl::InvalidArgumentError(StrCat("the label ", Quoted(label), " stands for both ",
                                               Quoted(place->second), " and ", Quoted(value),
                                               "; case and accents make no difference"));
    }
    if (is_new) StrAppend(&map.known_, map.known_.empty() ? "" : ", ", label);
  }
  return map;
}

StatusOr<std::string_view> ValueMap::Read(std::string_view label) const {
  const auto found = values_.find(Fold(Trim(label)));
  if (found != values_.end()) return std::string_view(found->second);
  if (otherwise_) return std::string_view(*otherwise_);
  return absl::InvalidArgumentError(StrCat(Quoted(label), " is not one of: ", known_));
}

}  // namespace relata::exchange
