// Folding and the check for UTF-8. Collation is in collator.cc.
#include "src/base/text.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "relata/base/check.h"
#include "src/base/coding.h"

namespace relata {
namespace {

constexpr uint64_t kHighBits = 0x8080808080808080u;

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// The length of the ASCII at the front of `text`.
size_t AsciiLength(std::string_view text) {
  size_t at = 0;
  while (at + 8 <= text.size() && (LoadLE64(text.data() + at) & kHighBits) == 0) at += 8;
  while (at < text.size() && IsAscii(text[at])) ++at;
  return at;
}

void AppendLowerAscii(std::string_view ascii, std::string* out) {
  const size_t start = out->size();
  out->append(ascii);
  for (char* c = out->data() + start; c != out->data() + out->size(); ++c) {
    if ('A' <= *c && *c <= 'Z') *c = static_cast<char>(*c + ('a' - 'A'));
  }
}

// What folding leaves out: accents and vowel points, which a reader may write or not, and characters without
// an appearance of their own. Marks that are part of the spelling stay: nukta, kana voicing and virama
// (combining classes 7 to 9) and the vowels and tones of South and South-East Asian scripts (84 to 132, or
// class 0).
bool IsDropped(UChar32 c) {
  const int32_t combining = u_getCombiningClass(c);
  if (combining == 1 || (combining >= 10 && combining <= 36) || combining >= 200) return true;
  return u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

const icu::Normalizer2& Decomposer() {
  static const icu::Normalizer2* decomposer = [] {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* instance = icu::Normalizer2::getNFKDInstance(error);
    RELATA_CHECK(U_SUCCESS(error));  // the data is compiled into ICU
    return instance;
  }();
  return *decomposer;
}

void AppendFoldedByIcu(std::string_view utf8, std::string* out) {
  const auto source =
      icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString decomposed = Decomposer().normalize(source, error);
  RELATA_CHECK(U_SUCCESS(error));  // out of memory
  icu::UnicodeString kept;
  for (int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
    const UChar32 c = decomposed.char32At(i);
    if (!IsDropped(c)) kept.append(c);
  }
  kept.foldCase(U_FOLD_CASE_DEFAULT);
  icu::StringByteSink<std::string> sink(out);
  kept.toUTF8(sink);
}

// The folded forms of the letters of Western and Central Europe, U+0080 to U+024F. None of them depends on
// its neighbours, so a name such as "Müller" needs no call of ICU.
class LatinFolds {
 public:
  static constexpr UChar32 kFirst = 0x80;
  static constexpr UChar32 kEnd = 0x250;

  static const LatinFolds& Get() {
    static const auto* folds = new LatinFolds();
    return *folds;
  }

  std::string_view Of(UChar32 c) const {
    const Entry& entry = entries_[static_cast<size_t>(c - kFirst)];
    return std::string_view(entry.bytes, entry.length);
  }

 private:
  struct Entry {
    uint8_t length = 0;
    char bytes[7] = {};
  };

  LatinFolds() {
    for (UChar32 c = kFirst; c < kEnd; ++c) {
      const char utf8[] = {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
      std::string folded;
      AppendFoldedByIcu(std::string_view(utf8, sizeof(utf8)), &folded);
      Entry& entry = entries_[static_cast<size_t>(c - kFirst)];
      RELATA_CHECK(folded.size() <= sizeof(entry.bytes));
      std::memcpy(entry.bytes, folded.data(), folded.size());
      entry.length = static_cast<uint8_t>(folded.size());
    }
  }

  std::array<Entry, kEnd - kFirst> entries_;
};

// Appends the folds of the two-byte letters at the front of `text` that LatinFolds knows; returns their
// length.
size_t AppendFoldedLatin(std::string_view text, std::string* out) {
  const LatinFolds& folds = LatinFolds::Get();
  size_t at = 0;
  while (at + 2 <= text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const auto trail = static_cast<unsigned char>(text[at + 1]);
    const UChar32 c = (lead & 0x1F) << 6 | (trail & 0x3F);
    if (lead < 0xC2 || lead > 0xDF || (trail & 0xC0) != 0x80 || c >= LatinFolds::kEnd) break;
    out->append(folds.Of(c));
    at += 2;
  }
  return at;
}

// The length of what goes to ICU at once: up to the next ASCII character, since no mark takes part in
// anything across one, and bounded because ICU counts in 32 bits.
size_t RunLength(std::string_view text) {
  constexpr size_t kLongestRun = size_t{1} << 26;
  const size_t limit = std::min(text.size(), kLongestRun);
  const size_t end =
      static_cast<size_t>(std::find_if(text.begin(), text.begin() + limit, IsAscii) - text.begin());
  if (end < kLongestRun || end == text.size()) return end;
  size_t boundary = end;
  while (boundary > end - 4 && (static_cast<unsigned char>(text[boundary]) & 0xC0) == 0x80) --boundary;
  return boundary;
}

}  // namespace

void FoldAppend(std::string_view utf8, std::string* out) {
  while (!utf8.empty()) {
    const size_t ascii = AsciiLength(utf8);
    AppendLowerAscii(utf8.substr(0, ascii), out);
    utf8.remove_prefix(ascii);
    utf8.remove_prefix(AppendFoldedLatin(utf8, out));
    if (utf8.empty() || IsAscii(utf8.front())) continue;
    const size_t run = RunLength(utf8);
    AppendFoldedByIcu(utf8.substr(0, run), out);
    utf8.remove_prefix(run);
  }
}

std::string Fold(std::string_view utf8) {
  std::string folded;
  folded.reserve(utf8.size());
  FoldAppend(utf8, &folded);
  return folded;
}

bool IsValidUtf8(std::string_view text) {
  while (true) {
    text.remove_prefix(AsciiLength(text));
    if (text.empty()) return true;
    // A character has at most four bytes; U8_NEXT counts in 32 bits.
    const auto available = static_cast<int32_t>(std::min<size_t>(text.size(), 4));
    int32_t length = 0;
    UChar32 c = 0;
    U8_NEXT(reinterpret_cast<const uint8_t*>(text.data()), length, available, c);
    if (c < 0) return false;
    text.remove_prefix(static_cast<size_t>(length));
  }
}

std::string_view IcuVersion() {
  // The library's that runs, which may be newer than the headers'.
  static const auto* text = [] {
    UVersionInfo version;
    u_getVersion(version);
    char digits[U_MAX_VERSION_STRING_LENGTH];
    u_versionToString(version, digits);
    return new std::string(digits);
  }();
  return *text;
}

}  // namespace relata
