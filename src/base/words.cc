// Words: ASCII is parted here by the rules that ICU has for it, all else by ICU.
#include "src/base/words.h"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include <algorithm>
#include <memory>

#include "absl/container/inlined_vector.h"
#include "relata/base/check.h"
#include "src/base/text.h"

namespace relata {
namespace {

// ICU counts in 32 bits; what lies beyond is not searched.
constexpr size_t kLongestParted = size_t{1} << 28;

bool IsLetter(char c) { return 'a' <= c && c <= 'z'; }  // of a folded text
bool IsDigit(char c) { return '0' <= c && c <= '9'; }
bool IsWordCharacter(char c) { return IsLetter(c) || IsDigit(c); }

// True where `c` joins the two around it into one word.
bool Joins(char before, char c, char after) {
  const bool either = c == '.' || c == '\'';
  if (IsLetter(before) && IsLetter(after)) return either;
  return IsDigit(before) && IsDigit(after) && (either || c == ',' || c == ';');
}

// ICU has to part what is not ASCII; and underscores and colons, on which its versions differ.
bool NeedsIcu(std::string_view folded) {
  return std::any_of(folded.begin(), folded.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x80 || c == '_' || c == ':'; });
}

// Calls `visit` with the beginning and the end of each word.
template <class Visit>
void PartAscii(std::string_view text, Visit&& visit) {
  const size_t size = text.size();
  for (size_t at = 0; at < size;) {
    if (!IsWordCharacter(text[at])) {
      ++at;
      continue;
    }
    const size_t begin = at++;
    while (at < size) {
      if (IsWordCharacter(text[at])) {
        ++at;
      } else if (at + 1 < size && Joins(text[at - 1], text[at], text[at + 1])) {
        at += 2;
      } else {
        break;
      }
    }
    visit(begin, at);
  }
}

icu::BreakIterator& WordBreaks() {
  thread_local const std::unique_ptr<icu::BreakIterator> breaks = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> made(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), error));
    RELATA_CHECK(U_SUCCESS(error));  // the data is compiled into ICU
    return made;
  }();
  return *breaks;
}

template <class Visit>
void PartByIcu(std::string_view text, Visit&& visit) {
  icu::BreakIterator& breaks = WordBreaks();
  UErrorCode error = U_ZERO_ERROR;
  UText utf8 = UTEXT_INITIALIZER;
  utext_openUTF8(&utf8, text.data(), static_cast<int64_t>(text.size()), &error);
  breaks.setText(&utf8, error);
  RELATA_CHECK(U_SUCCESS(error));  // out of memory
  int32_t begin = breaks.first();
  for (int32_t end = breaks.next(); end != icu::BreakIterator::DONE; begin = end, end = breaks.next()) {
    if (breaks.getRuleStatus() < UBRK_WORD_NONE_LIMIT) continue;
    visit(static_cast<size_t>(begin), static_cast<size_t>(end));
  }
  utext_close(&utf8);
}

template <class Visit>
void PartWords(std::string_view folded, Visit&& visit) {
  folded = folded.substr(0, kLongestParted);
  if (NeedsIcu(folded)) {
    PartByIcu(folded, visit);
  } else {
    PartAscii(folded, visit);
  }
}

// As much of a word as counts.
std::string_view Cut(std::string_view word) {
  if (word.size() <= kMaxWordBytes) return word;
  size_t size = kMaxWordBytes;
  while (size > kMaxWordBytes - 4 && (static_cast<unsigned char>(word[size]) & 0xC0) == 0x80) --size;
  return word.substr(0, size);
}

}  // namespace

void VisitWords(std::string_view text, absl::FunctionRef<void(std::string_view)> visit) {
  const std::string folded = Fold(text);
  PartWords(folded, [&](size_t begin, size_t end) {
    visit(Cut(std::string_view(folded).substr(begin, end - begin)));
  });
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  VisitWords(text, [&](std::string_view word) { words.emplace_back(word); });
  return words;
}

std::vector<SearchWord> ParseSearch(std::string_view typed) {
  std::vector<SearchWord> search;
  const std::string folded = Fold(typed);
  PartWords(folded, [&](size_t begin, size_t end) {
    const std::string_view word = Cut(std::string_view(folded).substr(begin, end - begin));
    SearchWord wanted{std::string(word), end == folded.size() || folded[end] == '*'};
    if (std::find(search.begin(), search.end(), wanted) == search.end()) search.push_back(std::move(wanted));
  });
  return search;
}

bool Matches(const std::vector<SearchWord>& search, std::string_view text) {
  absl::InlinedVector<bool, 16> met(search.size(), false);
  size_t missing = search.size();
  VisitWords(text, [&](std::string_view word) {
    for (size_t i = 0; missing > 0 && i < search.size(); ++i) {
      if (met[i] || !word.starts_with(search[i].text)) continue;
      if (!search[i].prefix && word.size() != search[i].text.size()) continue;
      met[i] = true;
      --missing;
    }
  });
  return missing == 0 && !search.empty();
}

}  // namespace relata
