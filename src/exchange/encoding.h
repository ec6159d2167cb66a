// Defines Encoding and TextDecoder, which turns the bytes of a file into UTF-8 as they stream by.
//
//   TextDecoder decoder(std::move(source), Encoding::kDetect);
//   std::string text;
//   while (*decoder.Append(&text)) …
//   decoder.encoding();                      // kUtf8, kWindows1252, …
//
// Detection: a byte order mark decides. Without one the text counts as UTF-8 until the first bytes beyond
// ASCII; those, with the rest of their chunk, decide: UTF-8 where well-formed sequences outnumber the others,
// else Windows-1252, of which Latin-1 is the part that people mean. What came before was ASCII, the same in
// both, so nothing is read twice and a pipe works as well as a file.
//
// Bytes that the encoding does not know become U+FFFD and are remembered with their place, never dropped in
// silence.
//
// Thread safety: one thread at a time. Cost: UTF-8 is checked and copied once, at memory speed while it is
// ASCII; other encodings go through ICU. Memory is bounded by the chunk.
#ifndef RELATA_EXCHANGE_ENCODING_H_
#define RELATA_EXCHANGE_ENCODING_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relata/base/status.h"
#include "src/exchange/byte_source.h"

struct UConverter;

namespace relata::exchange {

enum class Encoding { kDetect, kUtf8, kWindows1252, kLatin1, kLatin9, kUtf16, kUtf16Le, kUtf16Be };

// "detect", "utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "utf-16" (by its byte order mark, else
// little-endian, as Windows writes it), "utf-16le" and "utf-16be"; case is ignored, and so are '-', '_' and '
// '. "cp1252", "latin1" and "latin9" are understood too.
StatusOr<Encoding> ParseEncoding(std::string_view name);
std::string_view EncodingName(Encoding encoding);

// The length of the longest well-formed UTF-8 text at the front of `text`.
size_t Utf8Prefix(std::string_view text);

class TextDecoder {
 public:
  // A byte that could not be read. `source_offset` counts in the unpacked file, `text_offset` in the UTF-8
  // made of it, where U+FFFD stands.
  struct BadByte {
    uint64_t source_offset = 0;
    uint64_t text_offset = 0;
    unsigned char byte = 0;
  };

  TextDecoder(std::unique_ptr<ByteSource> source, Encoding encoding);
  ~TextDecoder();
  TextDecoder(const TextDecoder&) = delete;
  TextDecoder& operator=(const TextDecoder&) = delete;

  // Appends the next piece of text; false when there was none left. May append nothing and still be true.
  StatusOr<bool> Append(std::string* text);

  // What the bytes are read as; kDetect while only ASCII has been seen.
  Encoding encoding() const { return encoding_; }
  const ByteSource& source() const { return *source_; }
  // In order of place. Whoever has dealt with the text before `text_offset` says so, which keeps the list
  // short.
  const std::deque<BadByte>& bad_bytes() const { return bad_bytes_; }
  void ForgetBadBytesBefore(uint64_t text_offset);

 private:
  struct CloseConverter {
    void operator()(UConverter* converter) const;
  };
  using Converter = std::unique_ptr<UConverter, CloseConverter>;

  StatusOr<std::string_view> NextChunk();
  void ReadByteOrderMark(std::string_view* chunk);
  void Decide(std::string_view chunk);
  size_t AppendUtf8(std::string_view bytes, std::string* text);
  Status AppendConverted(std::string_view bytes, std::string* text);
  void AppendUtf16(const char16_t* end, std::string* text);
  void AppendBad(unsigned char byte, uint64_t source_offset, std::string* text);

  std::unique_ptr<ByteSource> source_;
  Encoding encoding_;
  std::vector<char> chunk_;  // raw bytes; the first kept_ of them were left over from the chunk before
  size_t kept_ = 0;
  bool started_ = false;
  bool at_end_ = false;
  uint64_t source_offset_ = 0;  // of chunk_[0]
  uint64_t text_offset_ = 0;    // UTF-8 bytes appended so far
  Converter converter_;
  Converter utf8_;
  std::vector<char16_t> utf16_;
  std::deque<BadByte> bad_bytes_;
};

}  // namespace relata::exchange

#endif  // RELATA_EXCHANGE_ENCODING_H_
