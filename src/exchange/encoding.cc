// This file finds out what encoding a file has and converts it: UTF-8 by a check and a copy, all else by ICU.
#include "src/exchange/encoding.h"

#include <unicode/ucnv.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace relata::exchange {
namespace {

constexpr size_t kChunk = 256 << 10;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct NamedEncoding {
  std::string_view name;
  Encoding encoding;
  const char* icu;
};

// The first name of an encoding is the one shown.
constexpr NamedEncoding kEncodings[] = {
    {"detect", Encoding::kDetect, nullptr},
    {"utf-8", Encoding::kUtf8, nullptr},
    {"windows-1252", Encoding::kWindows1252, "windows-1252"},
    {"cp1252", Encoding::kWindows1252, "windows-1252"},
    {"iso-8859-1", Encoding::kLatin1, "ISO-8859-1"},
    {"latin1", Encoding::kLatin1, "ISO-8859-1"},
    {"iso-8859-15", Encoding::kLatin9, "ISO-8859-15"},
    {"latin9", Encoding::kLatin9, "ISO-8859-15"},
    {"utf-16", Encoding::kUtf16, nullptr},
    {"utf-16le", Encoding::kUtf16Le, "UTF-16LE"},
    {"utf-16be", Encoding::kUtf16Be, "UTF-16BE"},
};

std::string Plain(std::string_view name) {
  std::string plain;
  for (char c : name) {
    if (c == '-' || c == '_' || c == ' ') continue;
    plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
  }
  return plain;
}

size_t AsciiPrefix(const char* text, size_t length) {
  size_t i = 0;
  for (; i + 32 <= length; i += 32) {
    uint64_t words[4];
    std::memcpy(words, text + i, sizeof words);
    if (((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080u) != 0) break;
  }
  while (i < length && static_cast<signed char>(text[i]) >= 0) ++i;
  return i;
}

// True when `tail` could still become a character if more bytes followed.
bool Unfinished(std::string_view tail) {
  if (tail.empty() || tail.size() > 3) return false;
  const auto lead = static_cast<uint8_t>(tail[0]);
  if (!U8_IS_LEAD(lead) || tail.size() > static_cast<size_t>(U8_COUNT_TRAIL_BYTES(lead))) return false;
  // ICU takes as many bytes as can belong together; less than all of them means that one already does not
  // fit.
  int32_t taken = 0;
  UChar32 character;
  U8_NEXT(tail.data(), taken, static_cast<int32_t>(tail.size()), character);
  return static_cast<size_t>(taken) == tail.size();
}

// How much of a chunk ends with a whole character, as far as ICU would lose count of places otherwise: UTF-16
// in half a unit or half a surrogate pair.
size_t WholeCharacters(std::string_view chunk, Encoding encoding) {
  if (encoding != Encoding::kUtf16Le && encoding != Encoding::kUtf16Be) return chunk.size();
  const size_t even = chunk.size() - chunk.size() % 2;
  if (even == 0) return 0;
  const auto high = static_cast<unsigned char>(chunk[even - (encoding == Encoding::kUtf16Le ? 1 : 2)]);
  return high >= 0xD8 && high < 0xDC ? even - 2 : even;
}

}  // namespace

StatusOr<Encoding> ParseEncoding(std::string_view name) {
  const std::string plain = Plain(name);
  for (const NamedEncoding& known : kEncodings) {
    if (Plain(known.name) == plain) return known.encoding;
  }
  return absl::InvalidArgumentError(std::string("'").append(name).append(
      "' is not an encoding this reader knows: detect, utf-8, windows-1252, iso-8859-1, iso-8859-15, utf-16, "
      "utf-16le, utf-16be"));
}

std::string_view EncodingName(Encoding encoding) {
  for (const NamedEncoding& known : kEncodings) {
    if (known.encoding == encoding) return known.name;
  }
  return "unknown";
}

size_t Utf8Prefix(std::string_view text) {
  size_t i = 0;
  for (;;) {
    i += AsciiPrefix(text.data() + i, text.size() - i);
    if (i == text.size()) return i;
    int32_t step = 0;
    UChar32 character;
    U8_NEXT(text.data() + i, step, static_cast<int32_t>(std::min<size_t>(4, text.size() - i)), character);
    if (character < 0) return i;
    i += static_cast<size_t>(step);
  }
}

void TextDecoder::CloseConverter::operator()(UConverter* converter) const { ucnv_close(converter); }

TextDecoder::TextDecoder(std::unique_ptr<ByteSource> source, Encoding encoding)
    : source_(std::move(source)), encoding_(encoding), chunk_(kChunk) {}
TextDecoder::~TextDecoder() = default;

StatusOr<bool> TextDecoder::Append(std::string* text) {
  if (at_end_) return false;
  RELATA_ASSIGN_OR_RETURN(std::string_view chunk, NextChunk());
  if (!std::exchange(started_, true)) ReadByteOrderMark(&chunk);
  if (encoding_ == Encoding::kDetect) Decide(chunk);
  size_t used = chunk.size();
  if (encoding_ == Encoding::kDetect || encoding_ == Encoding::kUtf8) {
    used = AppendUtf8(chunk, text);
  } else {
    if (!at_end_) used = WholeCharacters(chunk, encoding_);
    RELATA_RETURN_IF_ERROR(AppendConverted(chunk.substr(0, used), text));
  }
  // A character cut in two by the chunk waits for its other half.
  kept_ = chunk.size() - used;
  source_offset_ += static_cast<uint64_t>(chunk.data() - chunk_.data()) + used;
  std::memmove(chunk_.data(), chunk.data() + used, kept_);
  return true;
}

void TextDecoder::ForgetBadBytesBefore(uint64_t text_offset) {
  while (!bad_bytes_.empty() && bad_bytes_.front().text_offset < text_offset) bad_bytes_.pop_front();
}

// What was kept and the bytes after it; more than a byte order mark's worth unless the file ends. Sets
// at_end_ with the last bytes.
StatusOr<std::string_view> TextDecoder::NextChunk() {
  size_t length = kept_;
  while (length < kept_ + 4) {
    RELATA_ASSIGN_OR_RETURN(const size_t n, source_->Read(chunk_.data() + length, chunk_.size() - length));
    at_end_ = n == 0;
    if (at_end_) break;
    length += n;
  }
  return std::string_view(chunk_.data(), length);
}

// Settles kDetect and kUtf16 by the mark and takes it off the chunk; a mark that fits the encoding asked for
// goes too.
void TextDecoder::ReadByteOrderMark(std::string_view* chunk) {
  const auto starts = [&](std::string_view mark) { return chunk->substr(0, mark.size()) == mark; };
  const auto found = starts("\xEF\xBB\xBF") ? Encoding::kUtf8
                     : starts("\xFF\xFE")   ? Encoding::kUtf16Le
                     : starts("\xFE\xFF")   ? Encoding::kUtf16Be
                                            : Encoding::kDetect;
  if (encoding_ == Encoding::kUtf16) {
    encoding_ = found == Encoding::kUtf16Be ? Encoding::kUtf16Be : Encoding::kUtf16Le;
  } else if (encoding_ == Encoding::kDetect) {
    encoding_ = found;
  }
  if (found != Encoding::kDetect && found == encoding_)
    chunk->remove_prefix(found == Encoding::kUtf8 ? 3 : 2);
}

void TextDecoder::Decide(std::string_view chunk) {
  size_t well_formed = 0, malformed = 0, i = 0;
  for (;;) {
    i += AsciiPrefix(chunk.data() + i, chunk.size() - i);
    if (i == chunk.size() || (!at_end_ && Unfinished(chunk.substr(i)))) break;
    int32_t step = 0;
    UChar32 character;
    U8_NEXT(chunk.data() + i, step, static_cast<int32_t>(std::min<size_t>(4, chunk.size() - i)), character);
    ++(character < 0 ? malformed : well_formed);
    i += static_cast<size_t>(step);
  }
  if (well_formed + malformed == 0) return;
  encoding_ = well_formed > malformed ? Encoding::kUtf8 : Encoding::kWindows1252;
}

// Returns how many of `bytes` were taken: all but an unfinished character at the end of a chunk.
size_t TextDecoder::AppendUtf8(std::string_view bytes, std::string* text) {
  size_t taken = 0;
  for (;;) {
    const size_t good = Utf8Prefix(bytes.substr(taken));
    text->append(bytes, taken, good);
    text_offset_ += good;
    taken += good;
    if (taken == bytes.size() || (!at_end_ && Unfinished(bytes.substr(taken)))) return taken;
    const uint64_t offset = source_offset_ + static_cast<uint64_t>(bytes.data() - chunk_.data()) + taken;
    AppendBad(static_cast<unsigned char>(bytes[taken]), offset, text);
    int32_t step = 0;
    UChar32 character;
    U8_NEXT(bytes.data() + taken, step, static_cast<int32_t>(std::min<size_t>(4, bytes.size() - taken)),
            character);
    taken += static_cast<size_t>(step);
  }
}

Status TextDecoder::AppendConverted(std::string_view bytes, std::string* text) {
  UErrorCode error = U_ZERO_ERROR;
  if (converter_ == nullptr) {
    const auto* named = std::find_if(std::begin(kEncodings), std::end(kEncodings),
                                     [&](const NamedEncoding& known) { return known.encoding == encoding_; });
    converter_.reset(ucnv_open(named->icu, &error));
    utf8_.reset(ucnv_open("UTF-8", &error));
    ucnv_setToUCallBack(converter_.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    if (U_FAILURE(error)) {
      return absl::InternalError("ICU has no converter for " + std::string(named->name) + ": " +
                                 u_errorName(error));
    }
    utf16_.resize(kChunk + 16);
  }
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  for (;;) {
    error = U_ZERO_ERROR;
    char16_t* filled = utf16_.data();
    ucnv_toUnicode(converter_.get(), &filled, utf16_.data() + utf16_.size(), &from, end, nullptr, at_end_,
                   &error);
    AppendUtf16(filled, text);
    if (error == U_BUFFER_OVERFLOW_ERROR) continue;
    if (U_SUCCESS(error)) return absl::OkStatus();
    char bad[16] = {};
    int8_t length = sizeof bad;
    UErrorCode ignored = U_ZERO_ERROR;
    ucnv_getInvalidChars(converter_.get(), bad, &length, &ignored);
    const uint64_t offset =
        source_offset_ + static_cast<uint64_t>(from - chunk_.data()) - static_cast<uint64_t>(length);
    AppendBad(static_cast<unsigned char>(bad[0]), offset, text);
    if (from == end) return absl::OkStatus();
  }
}

void TextDecoder::AppendUtf16(const char16_t* end, std::string* text) {
  const char16_t* from = utf16_.data();
  const size_t old = text->size();
  text->resize(old + 3 * static_cast<size_t>(end - from) + 3);
  char* to = text->data() + old;
  UErrorCode error = U_ZERO_ERROR;
  // Well-formed UTF-16 of known length into enough room: nothing can fail.
  ucnv_fromUnicode(utf8_.get(), &to, text->data() + text->size(), &from, end, nullptr, false, &error);
  text->resize(static_cast<size_t>(to - text->data()));
  text_offset_ += text->size() - old;
}

void TextDecoder::AppendBad(unsigned char byte, uint64_t source_offset, std::string* text) {
  bad_bytes_.push_back({source_offset, text_offset_, byte});
  text->append(kReplacement);
  text_offset_ += kReplacement.size();
}

}  // namespace relata::exchange
