#include "decode/decode.h"

#include <gtest/gtest.h>

#include <random>

#include "text/text.h"

namespace fangzhi::decode {
namespace {

std::string Gbk(std::string_view utf8) { return *EncodeAs(utf8, "GBK"); }
std::string Big5(std::string_view utf8) { return *EncodeAs(utf8, "Big5"); }

constexpr std::string_view kNotice = "关于进一步做好防汛抗旱工作的通知。各县人民政府要落实责任，加强领导。";
constexpr std::string_view kTraditional = "關於進一步做好防汛抗旱工作的通知。各縣人民政府要落實責任，加強領導。";

TEST(Labels, AreTrimmedAndCaseless) {
  EXPECT_EQ(EncodingForLabel(" GB2312\n"), "GBK");
  EXPECT_EQ(EncodingForLabel("utf8"), "UTF-8");
  EXPECT_EQ(EncodingForLabel("iso-8859-1"), "windows-1252");
  EXPECT_EQ(EncodingForLabel("hz-gb-2312"), "replacement");
  EXPECT_EQ(EncodingForLabel("utf-88"), std::nullopt);
  EXPECT_EQ(EncodingForLabel(""), std::nullopt);
}

TEST(Gb18030, ErrorsKeepAscii) {
  EXPECT_EQ(DecodeAs("\xD6\xD0\xA1<p>", "GBK").text, "中\uFFFD<p>");
  EXPECT_EQ(DecodeAs("\xD6\xD0\xC4\n\xB9\xFA", "GBK").text, "中\uFFFD\n国");
  EXPECT_EQ(DecodeAs("\x81\x30\x3C", "GBK").text, "\uFFFD0<");
  EXPECT_EQ(DecodeAs("\xFF\x80", "GBK").text, "\uFFFD€");
  EXPECT_EQ(DecodeAs("\x90\x30\x81\x30", "gb18030").text, "\U00010000");
  EXPECT_EQ(DecodeAs("\xAF\xB7", "GBK").text, "\uE1EC");
  EXPECT_EQ(DecodeAs("\xD6\xD0\xA1", "GBK").errors, 1u);
}

TEST(Gb18030, RoundTrips) {
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 8; ++i) {
      char32_t c = random() % 0x110000;
      if ((c >= 0xD800 && c <= 0xDFFF) || c == 0xE5E5) c = U'中';
      text::AppendUtf8(text, c);
    }
    const auto bytes = EncodeAs(text, "gb18030");
    ASSERT_TRUE(bytes.has_value());
    const std::string back = DecodeAs(*bytes, "gb18030").text;
    // The 18 characters that moved out of the private use area come back where they are now.
    if (text.find("\xEE") == std::string::npos) {
      EXPECT_EQ(back, text);
    }
  }
  EXPECT_EQ(EncodeAs("\uE81E", "gb18030"), "\xFE\x59");  // an old code point still encodes
  EXPECT_EQ(EncodeAs("\U00010000", "GBK"), std::nullopt);
  EXPECT_EQ(EncodeAs("€", "GBK"), "\x80");
  EXPECT_EQ(EncodeAs("中😀", "GBK", [](char32_t) { return std::string("?"); }), "\xD6\xD0?");
}

TEST(Big5, ErrorsCompositesAndEncoding) {
  EXPECT_EQ(DecodeAs("\xA4\xA4\xA4<", "Big5").text, "中\uFFFD<");
  EXPECT_EQ(DecodeAs("\x88\x62", "Big5").text, "\u00CA\u0304");
  EXPECT_EQ(EncodeAs("十", "Big5"), "\xA4\x51");
  EXPECT_EQ(EncodeAs("═", "Big5"), "\xF9\xF9");
}

TEST(Others, SingleByteAndUtf16) {
  EXPECT_EQ(DecodeAs("\x80\x81\xE9", "windows-1252").text, "€\u0081é");
  EXPECT_EQ(DecodeAs("\xCF\xF0", "windows-1251").text, "Пр");
  EXPECT_EQ(EncodeAs("Пр", "windows-1251"), "\xCF\xF0");
  EXPECT_EQ(DecodeAs("\xD2", "windows-1253").text, "\uFFFD");
  EXPECT_EQ(DecodeAs(std::string_view("\x2D\x4E\x3D\xD8", 4), "UTF-16LE").text, "中\uFFFD");
  EXPECT_EQ(DecodeAs(std::string_view("\x4E\x2D\xD8\x3D\xDE\x00\x4E", 7), "UTF-16BE").text, "中😀\uFFFD");
  EXPECT_EQ(DecodeAs("\x93\xFA\x96{", "Shift_JIS").text, "日本");
  EXPECT_EQ(DecodeAs("\xC6\xFC\xCB<", "EUC-JP").text, "日\uFFFD<");
  EXPECT_EQ(DecodeAs("~{VP9z~}", "HZ-GB-2312").text, "中国");
}

TEST(Decode, ByteOrderMarkBeatsLabels) {
  const DecodedText decoded = Decode("\xEF\xBB\xBF<meta charset=gbk>中", {.content_type = "text/html;charset=gb2312"});
  EXPECT_EQ(decoded.text, "<meta charset=gbk>中");
  EXPECT_EQ(decoded.charset, "UTF-8");
  EXPECT_EQ(decoded.basis, "bom");
  EXPECT_EQ(decoded.declared, "GBK");
}

TEST(Decode, WrongLabelsLose) {
  const std::string notice(kNotice);
  DecodedText decoded = Decode("<meta charset=utf-8><p>" + Gbk(kNotice));
  EXPECT_EQ(decoded.charset, "GBK");
  EXPECT_EQ(decoded.declared, "UTF-8");
  EXPECT_EQ(decoded.text, "<meta charset=utf-8><p>" + notice);
  EXPECT_EQ(decoded.basis, "statistics");

  decoded = Decode("<meta charset=gb2312><p>" + notice, {.content_type = "text/html; charset=GBK"});
  EXPECT_EQ(decoded.charset, "UTF-8");
  EXPECT_EQ(decoded.basis, "validity");

  decoded = Decode("<meta charset=gb2312><p>" + Big5(kTraditional));
  EXPECT_EQ(decoded.charset, "Big5");
  decoded = Decode("<meta charset=big5><p>" + Gbk(kTraditional));
  EXPECT_EQ(decoded.charset, "GBK");
  decoded = Decode("<meta charset=iso-8859-1><p>" + Gbk(kNotice));
  EXPECT_EQ(decoded.charset, "GBK");
}

TEST(Decode, RightLabelsAreTheBasis) {
  EXPECT_EQ(Decode("<meta charset=gb2312>" + Gbk(kNotice)).basis, "meta");
  EXPECT_EQ(Decode(Gbk(kNotice), {.content_type = "text/html; charset=\"gbk\""}).basis, "transport");
  const DecodedText russian = Decode("\xCF\xF0\xE0\xE2\xE8\xF2\xE5\xEB\xFC\xF1\xF2\xE2\xEE", {.content_type = "text/html; charset=windows-1251"});
  EXPECT_EQ(russian.text, "Правительство");
}

TEST(Decode, AFewBadBytesDoNotUnmakeUtf8) {
  std::string page = "<p>" + std::string(kNotice) + "\xFF" + std::string(kNotice) + "</p>";
  const DecodedText decoded = Decode(page);
  EXPECT_EQ(decoded.charset, "UTF-8");
  EXPECT_EQ(decoded.errors, 1u);
}

TEST(Decode, MixedPagesAreDecodedByTextNode) {
  std::string body;
  for (int i = 0; i < 4; ++i) body += "<p>" + std::string(kNotice) + "</p>";
  DecodedText decoded = Decode("<meta charset=utf-8>" + body + "<div>" + Gbk("版权所有：县人民政府办公室") + "</div>");
  EXPECT_EQ(decoded.charset, "UTF-8");
  EXPECT_EQ(decoded.errors, 0u);
  EXPECT_NE(decoded.text.find("<div>版权所有：县人民政府办公室</div>"), std::string::npos);

  std::string gbk_body;
  for (int i = 0; i < 4; ++i) gbk_body += "<p>" + Gbk(kNotice) + "</p>";
  decoded = Decode("<meta charset=gbk>" + gbk_body + "<div>版权所有：县人民政府办公室</div>");
  EXPECT_EQ(decoded.charset, "GBK");
  EXPECT_NE(decoded.text.find("<div>版权所有：县人民政府办公室</div>"), std::string::npos);
}

TEST(Decode, MetaAfterTheFirstKilobyteAndInComments) {
  const std::string filler = "<script>" + std::string(5000, 'x') + "</script>";
  EXPECT_EQ(Decode("<head>" + filler + "<meta charset=\"big5\">").declared, "Big5");
  EXPECT_EQ(Decode("<!-- <meta charset=gbk> --><meta http-equiv=content-type content='text/html; charset=utf-16'>").declared, "UTF-8");
  EXPECT_EQ(Decode("<meta charset=nonsense>").declared, "nonsense");
  EXPECT_EQ(Decode("<body>plain").charset, "windows-1252");
}

TEST(Decode, AccentedLettersAreNotIdeographs) {
  EXPECT_EQ(Decode("Le pr\xE9" "fet de la r\xE9gion a pr\xE9sent\xE9 le programme.").charset, "windows-1252");
}

TEST(Decode, UnmarkedUtf16AndSevenBit) {
  std::string utf16;
  for (const char32_t c : text::ToUtf32(kNotice)) {
    utf16.push_back(static_cast<char>(c & 0xFF));
    utf16.push_back(static_cast<char>(c >> 8));
  }
  EXPECT_EQ(Decode(utf16).text, kNotice);
  EXPECT_EQ(Decode("title ~{VP9zUb8.~}").charset, "HZ-GB-2312");
  EXPECT_EQ(Decode("run ~{1..3} && echo ~}").charset, "windows-1252");
}

TEST(Decode, ResultIsAlwaysWellFormedAndTotal) {
  std::mt19937 random(5);
  for (int round = 0; round < 900; ++round) {
    std::string bytes;
    const size_t length = random() % 80;
    for (size_t i = 0; i < length; ++i) {
      bytes.push_back(static_cast<char>(round % 3 == 0 ? random() % 256 : round % 3 == 1 ? 0x80 + random() % 128 : random() % 2 * 0xA1 + random() % 90));
    }
    EXPECT_TRUE(text::IsValidUtf8(Decode(bytes).text));
    for (const char* name : {"gb18030", "Big5", "UTF-8", "UTF-16LE", "EUC-JP", "Shift_JIS", "EUC-KR", "ISO-2022-JP", "EUC-TW", "windows-874",
                             "HZ-GB-2312", "ISO-2022-CN"}) {
      EXPECT_TRUE(text::IsValidUtf8(DecodeAs(bytes, name).text)) << name;
    }
  }
}

}  // namespace
}  // namespace fangzhi::decode
