// The decoders' and encoders' rules one by one, and their agreement with themselves when the input comes in pieces.
#include <gtest/gtest.h>

#include <random>

#include "decode/decode.h"
#include "decode/encodings.h"
#include "text/text.h"

namespace fangzhi::decode {
namespace {

constexpr const char* kEncodings[] = {"UTF-8",     "GBK",     "gb18030", "Big5",        "EUC-TW",    "EUC-JP",     "Shift_JIS",      "ISO-2022-JP", "EUC-KR",
                                      "UTF-16LE",  "UTF-16BE", "HZ-GB-2312", "ISO-2022-CN", "KOI8-U", "windows-874", "x-user-defined", "IBM437",  "replacement"};

TEST(EucJp, Errors) {
  EXPECT_EQ(DecodeAs("\xC6\xFC\xCB<", "EUC-JP").text, "日\uFFFD<");
  EXPECT_EQ(DecodeAs("\x8E\x80""A", "EUC-JP").text, "\uFFFDA");    // not ASCII: goes with the lead
  EXPECT_EQ(DecodeAs("\x8E""A", "EUC-JP").text, "\uFFFDA");
  EXPECT_EQ(DecodeAs("\x8F\xA1""A", "EUC-JP").text, "\uFFFDA");
  EXPECT_EQ(DecodeAs("\x8F\xA1", "EUC-JP").text, "\uFFFD");
  EXPECT_EQ(DecodeAs("\x8F\xB0\xA1\x8E\xB1", "EUC-JP").text, "丂ｱ");
}

TEST(ShiftJis, ErrorsAndPrivateUse) {
  EXPECT_EQ(DecodeAs("\x93\xFA\x96{\xB1\x80", "Shift_JIS").text, "日本ｱ\u0080");
  EXPECT_EQ(DecodeAs("\x81<\xA0\xFD", "Shift_JIS").text, "\uFFFD<\uFFFD\uFFFD");
  EXPECT_EQ(DecodeAs("\xF0\x40\xF9\xFC", "Shift_JIS").text, "\uE000\uE757");
}

TEST(Iso2022Jp, StatesAndErrors) {
  EXPECT_EQ(DecodeAs("\x1B$BF|K\\\x1B(B.", "ISO-2022-JP").text, "日本.");
  EXPECT_EQ(DecodeAs("\x1B(J\\~\x1B(I1", "ISO-2022-JP").text, "¥\u203Eｱ");
  EXPECT_EQ(DecodeAs("\x1B$B\x1B(B", "ISO-2022-JP").text, "\uFFFD");  // two escapes with nothing between
  EXPECT_EQ(DecodeAs("\x1B$", "ISO-2022-JP").text, "\uFFFD$");
  EXPECT_EQ(DecodeAs("\x1B$BF", "ISO-2022-JP").text, "\uFFFD");
  EXPECT_EQ(DecodeAs("\x1B$BF\x1B(BA\x0E", "ISO-2022-JP").text, "\uFFFDA\uFFFD");
  EXPECT_EQ(EncodeAs("日本¥ｱ", "ISO-2022-JP"), "\x1B$BF|K\\\x1B(J\\\x1B$B%\"\x1B(B");
}

TEST(EucKr, Errors) {
  EXPECT_EQ(DecodeAs("\xC7\xD1\xB1\xDB", "EUC-KR").text, "한글");
  EXPECT_EQ(DecodeAs("\xC7\x41\x80\xFF\xC7", "EUC-KR").text, "\uFFFDA\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(DecodeAs("\x81\x41", "EUC-KR").text, "갂");  // code page 949
}

TEST(EucTw, PlanesAndErrors) {
  EXPECT_EQ(DecodeAs("\xC4\xE3\xC5\xC6", "EUC-TW").text, DecodeAs("\x8E\xA1\xC4\xE3\x8E\xA1\xC5\xC6", "EUC-TW").text);
  EXPECT_EQ(DecodeAs("\x8E\xA2\xA1\xA1", "EUC-TW").text, "乂");
  EXPECT_EQ(EncodeAs("乂", "EUC-TW"), "\x8E\xA2\xA1\xA1");
  EXPECT_EQ(DecodeAs("\x8E\xA2\xA1<\xC4<", "EUC-TW").text, "\uFFFD<\uFFFD<");
}

// Every pair that decodes to one character: the encoder gives bytes that decode to the same character.
TEST(Codecs, EveryPairSurvivesTheRoundTrip) {
  for (const char* name : {"GBK", "Big5-HKSCS", "EUC-TW", "EUC-JP", "Shift_JIS", "EUC-KR"}) {
    size_t characters = 0;
    for (int lead = 0x81; lead <= 0xFE; ++lead) {
      for (int trail = 0x40; trail <= 0xFE; ++trail) {
        const std::string pair{static_cast<char>(lead), static_cast<char>(trail)};
        const StrictResult decoded = DecodeAs(pair, name);
        if (decoded.errors != 0 || text::CountCodePoints(decoded.text) != 1) continue;
        ++characters;
        const auto again = EncodeAs(decoded.text, name);
        // Shift_JIS decodes a private use area that it does not encode.
        if (!again.has_value() && std::string_view(name) == "Shift_JIS" && decoded.text[0] == '\xEE') continue;
        if (!again.has_value()) {
          ADD_FAILURE() << name << " cannot encode " << decoded.text;
          continue;
        }
        EXPECT_EQ(DecodeAs(*again, name).text, decoded.text) << name;
      }
    }
    EXPECT_GT(characters, 5800u) << name;
  }
}

TEST(Codecs, PiecesGiveTheSameTextAsTheWhole) {
  std::mt19937 random(11);
  for (int round = 0; round < 400; ++round) {
    std::string bytes;
    const size_t length = random() % 60;
    static constexpr unsigned char kPool[] = {0x0A, 0x0E, 0x0F, 0x1B, '$', '(', ')', 'A', 'B', 'J', '0', '9', '~', '{', '}', 0x80,
                                              0x81, 0x8E, 0x8F, 0xA1, 0xA2, 0xC4, 0xD8, 0xDC, 0xE4, 0xED, 0xF0, 0xFE, 0xFF};
    for (size_t i = 0; i < length; ++i) {
      bytes.push_back(static_cast<char>(random() % 3 == 0 ? random() % 256 : kPool[random() % sizeof(kPool)]));
    }
    for (const char* name : kEncodings) {
      const StrictResult whole = DecodeAs(bytes, name);
      EXPECT_TRUE(text::IsValidUtf8(whole.text)) << name;
      const std::unique_ptr<Decoder> decoder = MakeDecoder(name);
      std::string text;
      size_t taken = 0;
      for (size_t have = 0; have < bytes.size();) {
        have = std::min(bytes.size(), have + 1 + random() % 5);
        taken += DecodePiece(*decoder, std::string_view(bytes).substr(taken, have - taken), have == bytes.size(), text);
        ASSERT_LE(have - taken, 3u) << name;
      }
      EXPECT_EQ(text, whole.text) << name;
      EXPECT_EQ(decoder->errors, whole.errors) << name;
    }
  }
}

TEST(Codecs, LongInputIsDecodedInSteps) {
  std::string bytes;
  std::string text;
  while (bytes.size() < 400000) {
    bytes += "\xD6\xD0\xFF<";
    text += "中\uFFFD<";
  }
  EXPECT_EQ(DecodeAs(bytes, "GBK").text, text);
}

}  // namespace
}  // namespace fangzhi::decode
