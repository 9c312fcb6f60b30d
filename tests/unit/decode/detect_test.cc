// What an undeclared or wrongly declared document is in, and documents put together from parts in two encodings.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "decode/decode.h"
#include "decode/evidence.h"
#include "decode/likelihood.h"
#include "text/text.h"

namespace fangzhi::decode {
namespace {

std::string As(std::string_view utf8, std::string_view encoding) { return *EncodeAs(utf8, encoding); }

std::string Utf16(std::string_view utf8, bool big_endian) {
  std::string bytes;
  for (const char32_t c : text::ToUtf32(utf8)) {
    const char high = static_cast<char>(c >> 8), low = static_cast<char>(c & 0xFF);
    bytes.push_back(big_endian ? high : low);
    bytes.push_back(big_endian ? low : high);
  }
  return bytes;
}

class StringSource : public Source {
 public:
  explicit StringSource(std::string bytes) : bytes_(std::move(bytes)) {}
  size_t Read(char* to, size_t room) override {
    const size_t length = std::min(room, bytes_.size() - at_);
    std::memcpy(to, bytes_.data() + at_, length);
    at_ += length;
    return length;
  }
  void Rewind() override { at_ = 0; }

 private:
  std::string bytes_;
  size_t at_ = 0;
};

TEST(Detect, ShortTextsInManyLanguages) {
  struct Case {
    const char* encoding;
    const char* text;
  };
  for (const Case& c : {Case{"GBK", "防汛抗旱"}, {"GBK", "王建国 李秀英"}, {"GBK", "榆中县、皋兰县、永登县"}, {"GBK", "關於進一步做好工作的通知"}, {"UTF-8", "通知"}, {"Big5", "政府公報"},
                        {"Big5", "關於做好防汛工作的通知"}, {"EUC-TW", "關於做好防汛工作的通知"}, {"EUC-JP", "お知らせ"}, {"Shift_JIS", "お知らせ一覧"}, {"Shift_JIS", "平成二十年度の予算について"},
                        {"EUC-KR", "공지사항 안내"}, {"windows-1251", "Постановление правительства"}, {"KOI8-R", "Постановление правительства"}, {"IBM866", "Постановление правительства"},
                        {"ISO-8859-5", "Постановление правительства"}, {"windows-1253", "Ανακοίνωση της κυβέρνησης"}, {"windows-1254", "Başbakanlık basın açıklaması"},
                        {"windows-1255", "הודעה לעיתונות"}, {"windows-1256", "بيان صحفي من الوزارة"}, {"windows-1250", "Zarządzenie prezesa rady ministrów"},
                        {"windows-1250", "Nařízení vlády o krizových opatřeních"}, {"windows-1252", "Arrêté préfectoral du département"}, {"windows-1252", "Verfügung über die Gebühren"},
                        {"windows-1252", "Resolución del gobierno español"}, {"windows-874", "ประกาศของรัฐบาล"}}) {
    const DecodedText decoded = Decode(As(c.text, c.encoding));
    EXPECT_EQ(decoded.charset, c.encoding) << c.text;
    EXPECT_EQ(decoded.text, c.text);
    EXPECT_EQ(decoded.detected, c.encoding);
  }
  EXPECT_EQ(Decode(Utf16("防汛抗旱工作", false)).charset, "UTF-16LE");
  EXPECT_EQ(Decode(Utf16("第一条", false)).text, "第一条");  // no byte has an eighth bit
  EXPECT_EQ(Decode("Bush hid the facts").charset, "windows-1252");
  EXPECT_EQ(Decode("this app can break").charset, "windows-1252");
  EXPECT_EQ(Decode(Utf16("防汛抗旱工作", true)).charset, "UTF-16BE");
}

TEST(Detect, WordsInGbkThatAreWellFormedUtf8) {
  for (const char* word : {"系统", "一些", "抓住", "症状", "太原", "职位", "乾隆", "联通", "茅台"}) {
    EXPECT_EQ(Decode(As(word, "GBK")).text, word);
  }
  for (const char* word : {"café", "œuvre", "für", "мы", "ñ", "“", "Ελ", "中"}) EXPECT_EQ(Decode(word).text, word);
}

TEST(Detect, DamageDoesNotHideTheEncoding) {
  const std::string text = "各县人民政府要落实责任，加强领导，确保安全度汛。";
  for (const char* encoding : {"GBK", "UTF-8", "Big5"}) {
    const std::string_view name(encoding);
    const std::string bytes = name == "Big5" ? As("各縣人民政府要落實責任，加強領導，確保安全度汛。", encoding) : As(text, encoding);
    for (size_t at = 0; at < bytes.size(); ++at) {
      EXPECT_EQ(Decode(bytes.substr(0, at) + bytes.substr(at + 1)).charset, name) << at << " lost";
      EXPECT_EQ(Decode(bytes.substr(0, at) + "\xFF" + bytes.substr(at)).charset, name) << at << " extra";
    }
  }
}

TEST(Detect, PagesThatAreNearlyAllAscii) {
  const std::string script = "<script>" + std::string(30000, 'x') + "; if (a<b) { go('/list.html'); }</script>";
  DecodedText decoded = Decode("<html><head><title>" + As("县政府门户网站", "GBK") + "</title>" + script + "</head><body></body></html>");
  EXPECT_EQ(decoded.charset, "GBK");
  EXPECT_NE(decoded.text.find("县政府门户网站"), std::string::npos);
  EXPECT_EQ(Decode("<p>Copyright \xA9 2011 County News. All rights reserved.</p>").charset, "windows-1252");
  EXPECT_EQ(Decode("<p>Copyright \xC2\xA9 2011 County News. All rights reserved.</p>").charset, "UTF-8");
  EXPECT_EQ(Decode("<p>The \xA1\xB0Plan\xA1\xB1 of 2011</p>").charset, "GBK");
  EXPECT_EQ(Decode("<p>It\x92s the \x93Plan\x94 of 2011 \x96 2015</p>").charset, "windows-1252");
}

TEST(Detect, ALabelDecidesWhatTheBytesLeaveOpen) {
  // The same bytes are letters in three code pages.
  EXPECT_EQ(Decode("Kon\xE8", {.content_type = "text/html; charset=windows-1250"}).text, "Konč");
  EXPECT_EQ(Decode("<meta charset=windows-1252>Kon\xE8").text, "<meta charset=windows-1252>Konè");
  EXPECT_EQ(Decode("Kon\xE8", {.content_type = "text/html; charset=iso-8859-10"}).charset, "ISO-8859-10");
  // A server's ISO-8859-1 is worth little, the document's own label more.
  EXPECT_EQ(Decode("<meta charset=windows-1251>\xE8\xF1\xEA", {.content_type = "text/html; charset=iso-8859-1"}).charset, "windows-1251");
}

TEST(Detect, ConfidenceFollowsTheEvidence) {
  EXPECT_GT(Decode(As("关于进一步做好防汛抗旱工作的通知", "GBK")).confidence, 0.99);
  const double doubtful = Decode("\xE8\xF1").confidence;
  EXPECT_LT(doubtful, 0.9);
  EXPECT_GT(doubtful, 0);
}

TEST(Detect, WhatNothingReadsIsNotBelieved) {
  std::mt19937 random(2);
  std::string noise;
  while (noise.size() < 20000) noise.push_back(static_cast<char>(0x80 | random()));
  const DecodedText decoded = Decode(noise);
  EXPECT_EQ(decoded.charset, "GBK");
  EXPECT_EQ(decoded.basis, "default");
  EXPECT_LE(decoded.confidence, 0.2);
}

TEST(Detect, WhatAPageRepeatsProvesNoMoreEachTime) {
  std::string rows = "<h1>" + As("录用人员名单", "GBK") + "</h1>";
  for (int i = 0; i < 200; ++i) rows += "<tr><td>" + std::to_string(i) + "<td>" + As("男", "GBK");
  EXPECT_EQ(Decode(rows).charset, "GBK");
}

TEST(Segments, AreReportedByCharacter) {
  std::string body;
  for (int i = 0; i < 4; ++i) body += "<p>关于进一步做好防汛抗旱工作的通知</p>";
  const DecodedText decoded = Decode(body + "<div>" + As("版权所有：县人民政府", "GBK") + "</div><p>联系我们</p>");
  EXPECT_EQ(decoded.charset, "UTF-8");
  ASSERT_EQ(decoded.segments.size(), 1u);
  EXPECT_EQ(decoded.segments[0].charset, "GBK");
  const std::u32string text = text::ToUtf32(decoded.text);
  EXPECT_EQ(text::ToUtf8(text.substr(decoded.segments[0].begin, decoded.segments[0].end - decoded.segments[0].begin)), "版权所有：县人民政府");
  EXPECT_EQ(decoded.errors, 0u);
}

TEST(Segments, AWordInASentence) {
  std::string body;
  for (int i = 0; i < 4; ++i) body += "<p>关于进一步做好防汛抗旱工作的通知</p>";
  const DecodedText utf8 = Decode(body + "<p>编辑：" + As("王建国", "GBK").insert(0, " ") + " 来源：县政府</p>");
  EXPECT_NE(utf8.text.find("编辑： 王建国 来源：县政府"), std::string::npos) << utf8.text;
  EXPECT_EQ(utf8.segments.size(), 1u);

  std::string gbk;
  for (int i = 0; i < 4; ++i) gbk += As("<p>关于进一步做好防汛抗旱工作的通知</p>", "GBK");
  const DecodedText decoded = Decode(gbk + "<p>县人民政府办公室主办</p>");
  EXPECT_EQ(decoded.charset, "GBK");
  ASSERT_EQ(decoded.segments.size(), 1u);
  EXPECT_EQ(decoded.segments[0].charset, "UTF-8");
  EXPECT_NE(decoded.text.find("<p>县人民政府办公室主办</p>"), std::string::npos);
}

TEST(Segments, FourByteCharactersAreNotTornAtAsciiDigits) {
  std::string page;
  for (int i = 0; i < 30; ++i) page += As("<p>关于进一步做好㐀㐁㐂工作的通知</p>\n", "gb18030");
  page += "<div>县人民政府办公室主办</div>";  // so that parts are looked for
  const DecodedText decoded = Decode(page);
  EXPECT_EQ(decoded.charset, "gb18030");
  EXPECT_EQ(decoded.errors, 0u);
  EXPECT_NE(decoded.text.find("好㐀㐁㐂工作"), std::string::npos);
  EXPECT_NE(decoded.text.find("县人民政府办公室主办"), std::string::npos);
}

TEST(Stream, GivesWhatDecodeGives) {
  const std::string notice = "关于进一步做好防汛抗旱工作的通知。各县人民政府要落实责任，加强领导。\n";
  std::string chinese;
  while (chinese.size() < 900000) chinese += notice;
  const std::string gbk = As(chinese, "GBK");
  std::vector<std::string> documents = {"", "a", "plain", chinese, gbk, As(chinese, "gb18030") + As("㐀", "gb18030"), "\xEF\xBB\xBF" + chinese, chinese + "\xFF" + chinese,
                                        Utf16(chinese, false), "\xFE\xFF" + Utf16(chinese, true), gbk.substr(1), gbk.substr(0, gbk.size() - 2), std::string(300000, 'a') + notice,
                                        "~{VP9zUb8.~}\n" + std::string(600000, 'x') + "\n~{VP9z~}", gbk + "<p>县人民政府办公室主办</p>" + gbk};
  std::mt19937 random(9);
  for (int i = 0; i < 5; ++i) {
    std::string noise;
    while (noise.size() < 300000) noise.push_back(static_cast<char>(random()));
    documents.push_back(noise);
  }
  for (const std::string& document : documents) {
    const DecodedText whole = Decode(document);
    StringSource source(document);
    std::string text;
    const DecodedText streamed = DecodeStream(source, [&](std::string_view piece) {
      EXPECT_TRUE(text::IsValidUtf8(piece));
      text += piece;
    });
    EXPECT_TRUE(text == whole.text) << document.substr(0, 20) << " " << whole.charset << " " << text.size() << " " << whole.text.size();
    EXPECT_EQ(streamed.charset, whole.charset);
    EXPECT_EQ(streamed.errors, whole.errors);
    EXPECT_EQ(streamed.segments.size(), whole.segments.size());
  }
}

TEST(Stream, EvidenceDoesNotDependOnThePieces) {
  std::string document;
  for (int i = 0; i < 300; ++i) document += i % 7 == 0 ? As("县人民政府<b>", "GBK") : std::string("关于进一步做好工作\n");
  Evidence whole(true);
  whole.Add(document, true);
  Evidence pieces(true);
  for (size_t at = 0; at < document.size();) {
    const size_t length = std::min<size_t>(5, document.size() - at);
    at += pieces.Add(std::string_view(document).substr(at, length), at + length == document.size());
  }
  EXPECT_EQ(whole.longer(), pieces.longer());
  EXPECT_EQ(whole.bad(), pieces.bad());
  EXPECT_EQ(whole.size(), pieces.size());
  EXPECT_EQ(whole.utf8_part(), pieces.utf8_part());
}

// A document in memory is looked through as far as is asked for; where it stopped, it goes on as if it had not.
TEST(Stream, ASampleOfMemoryIsGatheredInPartsAndIsTheSame) {
  constexpr size_t kPiece = 5000;
  std::string document = "<script>var x = '" + As("脚本", "GBK") + "';</script><title>Words of a page</title>";
  for (char32_t i = 0; i < 2000; ++i) {
    std::string name;
    for (char32_t k = 1; k < 8; ++k) text::AppendUtf8(name, 0x4E00 + i * k * 7919 % 20000);  // no two are alike: what comes again is left out
    document += "<a href='" + std::to_string(i * 7919 % 1000) + ".html'>" + std::string(i % 9, 'a') + As(name, "GBK") + "</a>\n";
  }
  Evidence streamed(true);
  Evidence held(true, true);
  for (size_t at = 0; at < document.size(); at += kPiece) {
    const bool last = at + kPiece >= document.size();
    ASSERT_EQ(streamed.Add(std::string_view(document).substr(at, kPiece), last), held.Add(std::string_view(document).substr(at, kPiece), last));
  }
  const std::string sample = streamed.Sample();
  for (const size_t high : {size_t{1}, size_t{60}, size_t{1200}, size_t{1300}}) {
    const std::string beginning = held.SampleBeginning(high);
    EXPECT_EQ(beginning, sample.substr(0, beginning.size()));
    EXPECT_GE(std::count_if(beginning.begin(), beginning.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }), static_cast<std::ptrdiff_t>(high));
    EXPECT_LT(beginning.size(), sample.size() / 2);
    EXPECT_EQ(beginning.back(), '\n');
  }
  EXPECT_EQ(held.plain(), streamed.plain());
  EXPECT_FALSE(held.plain().empty());
  EXPECT_EQ(held.Sample(), sample);
}

}  // namespace
}  // namespace fangzhi::decode
