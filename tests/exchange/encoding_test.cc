// Checks TextDecoder: each encoding, how it is detected, what happens to bytes that do not fit, and that none
// of it depends on where the chunks happen to be cut.
#include "src/exchange/encoding.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/exchange/dripping.h"

namespace relata::exchange {
namespace {

struct Decoded {
  std::string text;
  Encoding encoding;
  std::deque<TextDecoder::BadByte> bad;
};

Decoded DecodeInSteps(const std::string& bytes, Encoding encoding, size_t step) {
  TextDecoder decoder(std::make_unique<Dripping>(bytes, step), encoding);
  Decoded result;
  while (decoder.Append(&result.text).value()) {
  }
  result.encoding = decoder.encoding();
  result.bad = decoder.bad_bytes();
  return result;
}

Decoded Decode(const std::string& bytes, Encoding encoding = Encoding::kDetect) {
  Decoded whole = DecodeInSteps(bytes, encoding, 1 << 20);
  for (size_t step : {1, 2, 3, 4, 5, 7}) {
    const Decoded pieces = DecodeInSteps(bytes, encoding, step);
    // A chunk decides the encoding, so only a forced or marked one is the same at every step.
    if (pieces.encoding != whole.encoding) continue;
    EXPECT_EQ(pieces.text, whole.text) << "in steps of " << step;
    EXPECT_EQ(pieces.bad.size(), whole.bad.size());
    for (size_t i = 0; i < std::min(pieces.bad.size(), whole.bad.size()); ++i) {
      EXPECT_EQ(pieces.bad[i].source_offset, whole.bad[i].source_offset) << "in steps of " << step;
      EXPECT_EQ(pieces.bad[i].text_offset, whole.bad[i].text_offset);
      EXPECT_EQ(pieces.bad[i].byte, whole.bad[i].byte);
    }
  }
  return whole;
}

std::string Utf16(const std::u16string& text, bool big_endian, bool mark) {
  std::string bytes;
  for (char16_t unit : (mark ? u"\uFEFF" : u"") + text) {
    const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
    bytes.push_back(big_endian ? high : low);
    bytes.push_back(big_endian ? low : high);
  }
  return bytes;
}

TEST(Encoding, DetectsByMark) {
  EXPECT_EQ(Decode("\xEF\xBB\xBFname").text, "name");
  EXPECT_EQ(Decode("\xEF\xBB\xBFname").encoding, Encoding::kUtf8);
  for (bool big_endian : {false, true}) {
    const Decoded decoded = Decode(Utf16(u"naïve \U0001F600 €\n", big_endian, true));
    EXPECT_EQ(decoded.text, "naïve \U0001F600 €\n");
    EXPECT_EQ(decoded.encoding, big_endian ? Encoding::kUtf16Be : Encoding::kUtf16Le);
    EXPECT_TRUE(decoded.bad.empty());
  }
}

TEST(Encoding, DetectsByContent) {
  EXPECT_EQ(Decode("plain").encoding, Encoding::kDetect);
  EXPECT_EQ(Decode("").text, "");
  EXPECT_EQ(Decode("Café Ångström €").encoding, Encoding::kUtf8);
  EXPECT_EQ(Decode("Café Ångström €").text, "Café Ångström €");
  const Decoded windows = Decode("Caf\xE9 \x80 12,50 \x93quoted\x94");
  EXPECT_EQ(windows.encoding, Encoding::kWindows1252);
  EXPECT_EQ(windows.text, "Café € 12,50 “quoted”");
  // A Latin-1 letter as the very last byte could have been the start of a longer character.
  EXPECT_EQ(Decode("caf\xE9").text, "café");
  EXPECT_EQ(Decode("caf\xE9").encoding, Encoding::kWindows1252);
}

TEST(Encoding, DetectsLateInAFile) {
  const std::string ascii(1000000, 'a');
  EXPECT_EQ(Decode(ascii + "\xE9t\xE9\n").text, ascii + "été\n");
  EXPECT_EQ(Decode(ascii + "été\n").text, ascii + "été\n");
}

TEST(Encoding, KeepsUtf8WithASingleBrokenCharacter) {
  const Decoded decoded = Decode("één, twee\xC3, dríe, viér");
  EXPECT_EQ(decoded.encoding, Encoding::kUtf8);
  EXPECT_EQ(decoded.text, "één, twee\xEF\xBF\xBD, dríe, viér");
  ASSERT_EQ(decoded.bad.size(), 1u);
  EXPECT_EQ(decoded.bad[0].source_offset, 11u);
  EXPECT_EQ(decoded.bad[0].text_offset, 11u);
  EXPECT_EQ(decoded.bad[0].byte, 0xC3);
}

TEST(Encoding, ReportsEveryKindOfMalformedUtf8) {
  // Stray continuation, overlong, surrogate, beyond U+10FFFF, impossible bytes, cut off at the end.
  for (const std::string bad :
       {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\xFE"}) {
    const Decoded decoded = Decode("ab" + bad + "cd", Encoding::kUtf8);
    ASSERT_FALSE(decoded.bad.empty());
    EXPECT_EQ(decoded.bad[0].source_offset, 2u);
    EXPECT_EQ(decoded.text.substr(0, 5), "ab\xEF\xBF\xBD");
    EXPECT_EQ(decoded.text.substr(decoded.text.size() - 2), "cd");
    EXPECT_EQ(Utf8Prefix(decoded.text), decoded.text.size());
  }
  EXPECT_EQ(Decode("ab\xF0\x9F\x98", Encoding::kUtf8).text, "ab\xEF\xBF\xBD");
}

TEST(Encoding, ReadsForcedEncodings) {
  EXPECT_EQ(Decode("\xA4 \xE9", Encoding::kLatin1).text, "¤ é");
  EXPECT_EQ(Decode("\xA4 \xE9", Encoding::kLatin9).text, "€ é");
  EXPECT_EQ(Decode("\x80 \xE9", Encoding::kWindows1252).text, "€ é");
  EXPECT_EQ(Decode(Utf16(u"é€", false, false), Encoding::kUtf16).text, "é€");
  EXPECT_EQ(Decode(Utf16(u"é€", false, true), Encoding::kUtf16).text, "é€");
  EXPECT_EQ(Decode(Utf16(u"é€", true, true), Encoding::kUtf16).text, "é€");
  EXPECT_EQ(Decode(Utf16(u"é€", true, false), Encoding::kUtf16Be).text, "é€");
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte.push_back(static_cast<char>(byte));
  for (Encoding single : {Encoding::kLatin1, Encoding::kLatin9, Encoding::kWindows1252}) {
    const Decoded decoded = Decode(every_byte, single);
    EXPECT_TRUE(decoded.bad.empty());
    EXPECT_EQ(Utf8Prefix(decoded.text), decoded.text.size());
  }
}

TEST(Encoding, ReportsLoneSurrogatesAndHalfUnits) {
  const Decoded lone = Decode(Utf16({u'a', 0xD83D, u'b'}, false, true));
  ASSERT_EQ(lone.bad.size(), 1u);
  EXPECT_EQ(lone.bad[0].source_offset, 4u);
  EXPECT_EQ(lone.text,
            "a\xEF\xBF\xBD"
            "b");
  const Decoded half = Decode(Utf16(u"ab", false, true) + "c");
  ASSERT_EQ(half.bad.size(), 1u);
  EXPECT_EQ(half.bad[0].source_offset, 6u);
  EXPECT_EQ(half.text, "ab\xEF\xBF\xBD");
}

TEST(Encoding, ReadsLongTextInEveryEncoding) {
  std::u16string wide;
  std::string narrow, utf8;
  for (int i = 0; i < 300000; ++i) {
    wide += u"é1";
    narrow +=
        "\xE9"
        "1";
    utf8 += "é1";
  }
  EXPECT_EQ(DecodeInSteps(Utf16(wide, true, true), Encoding::kDetect, 99999).text, utf8);
  EXPECT_EQ(DecodeInSteps(narrow, Encoding::kDetect, 99999).text, utf8);
  EXPECT_EQ(DecodeInSteps(utf8, Encoding::kDetect, 99999).text, utf8);
}

TEST(Encoding, UnderstandsNames) {
  EXPECT_EQ(ParseEncoding("UTF8").value(), Encoding::kUtf8);
  EXPECT_EQ(ParseEncoding("Latin-1").value(), Encoding::kLatin1);
  EXPECT_EQ(ParseEncoding("cp1252").value(), Encoding::kWindows1252);
  EXPECT_EQ(EncodingName(ParseEncoding("latin9").value()), "iso-8859-15");
  EXPECT_EQ(ParseEncoding("ebcdic").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(Encoding, ForgetsBadBytesThatWereDealtWith) {
  TextDecoder decoder(ByteSource::FromString("a\xFF"
                                             "b\xFF")
                          .value(),
                      Encoding::kUtf8);
  std::string text;
  while (decoder.Append(&text).value()) {
  }
  ASSERT_EQ(decoder.bad_bytes().size(), 2u);
  decoder.ForgetBadBytesBefore(2);
  ASSERT_EQ(decoder.bad_bytes().size(), 1u);
  EXPECT_EQ(decoder.bad_bytes()[0].source_offset, 3u);
}

}  // namespace
}  // namespace relata::exchange
