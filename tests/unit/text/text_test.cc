#include "text/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace fangzhi::text {
namespace {

using ::testing::ElementsAre;

TEST(Utf8, MaximalSubpartsCountAsOneReplacement) {
  // Unicode 15, table 3-8.
  EXPECT_EQ(ScrubUtf8("\xF1\x80\x80\xE1\x80\xC2 \x80x"), "\uFFFD\uFFFD\uFFFD \uFFFDx");
  // C0 and F5 never start a character, E0 80 is overlong, ED A0 is a surrogate: one for each byte.
  EXPECT_EQ(ScrubUtf8("\xC0\xAF"), "\uFFFD\uFFFD");
  EXPECT_EQ(ScrubUtf8("\xE0\x80\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(ScrubUtf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(ScrubUtf8("\xF5\x80"), "\uFFFD\uFFFD");
  EXPECT_EQ(ScrubUtf8("中\xE4\xB8<"), "中\uFFFD<");
}

TEST(Utf8, ValidityAgreesWithScrubbing) {
  std::mt19937 random(7);
  const std::string pieces[] = {"abcdefghij", "中", "é", "😀", "\xE4\xB8", "\x80", "\xF0\x9F", "\xED\xA0\x80", "\xE0\x80\x80", "，"};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 5; ++i) text += pieces[random() % (round % 2 == 0 ? 4 : std::size(pieces))];
    EXPECT_EQ(IsValidUtf8(text), ScrubUtf8(text) == text) << text;
    EXPECT_EQ(CountCodePoints(text), ToUtf32(text).size());
    EXPECT_EQ(ToUtf8(ToUtf32(text)), ScrubUtf8(text));
  }
}

TEST(Utf8, SurrogatesAndOutOfRangeAreNotWritten) {
  EXPECT_EQ(ToUtf8(std::u32string{0xD800, 0x110000, U'a'}), "\uFFFD\uFFFDa");
}

TEST(Utf8, PrefixCountsCodePoints) {
  EXPECT_EQ(PrefixCodePoints("中国a政府", 3), "中国a");
  EXPECT_EQ(PrefixCodePoints("中", 3), "中");
}

TEST(Classes, HanPunctuationKana) {
  EXPECT_TRUE(IsHan(U'〇'));
  EXPECT_TRUE(IsHan(U'𠂇'));
  EXPECT_FALSE(IsHan(U'か'));
  EXPECT_FALSE(IsCjkPunctuation(U'〇'));
  for (const char32_t c : std::u32string(U"，。《》“”‘’—…·〔〕（）：；？！、")) EXPECT_TRUE(IsCjkPunctuation(c));
  EXPECT_FALSE(IsCjkPunctuation(U'Ａ'));
  EXPECT_FALSE(IsCjkPunctuation(U'１'));
  EXPECT_TRUE(IsKana(U'ｱ'));
  EXPECT_TRUE(IsPrivateUse(0xE1EC));
}

TEST(Space, FormsForComparison) {
  EXPECT_EQ(CollapseSpace(" \u3000中\u00A0\u200B\n国 \uFEFF"), "中 国");
  EXPECT_EQ(RemoveSpace(" 中\u2003国\r\n"), "中国");
  EXPECT_EQ(Trim("\u3000 中 国\t"), "中 国");
  EXPECT_EQ(Trim("\u3000"), "");
  EXPECT_EQ(FoldWidth("２０２１　Ａ：。"), "2021 A:。");
}

TEST(ChineseNumber, DigitsAndPlaces) {
  EXPECT_EQ(ParseChineseNumber(U"二〇二一"), 2021);
  EXPECT_EQ(ParseChineseNumber(U"二○○九"), 2009);
  EXPECT_EQ(ParseChineseNumber(U"二ＯＯ九"), 2009);
  EXPECT_EQ(ParseChineseNumber(U"十一"), 11);
  EXPECT_EQ(ParseChineseNumber(U"二十九"), 29);
  EXPECT_EQ(ParseChineseNumber(U"三十"), 30);
  EXPECT_EQ(ParseChineseNumber(U"廿三"), 23);
  EXPECT_EQ(ParseChineseNumber(U"卅"), 30);
  EXPECT_EQ(ParseChineseNumber(U"一百零五"), 105);
  EXPECT_EQ(ParseChineseNumber(U"一万二千三百"), 12300);
  EXPECT_EQ(ParseChineseNumber(U"二三十"), std::nullopt);
  EXPECT_EQ(ParseChineseNumber(U"十十"), std::nullopt);
  EXPECT_EQ(ParseChineseNumber(U"百"), std::nullopt);
  EXPECT_EQ(ParseChineseNumber(U"年"), std::nullopt);
  EXPECT_EQ(ParseChineseNumber(U""), std::nullopt);
  EXPECT_EQ(ParseChineseNumber(U"九九九九九九九九九九"), std::nullopt);
}

std::string Render(const std::vector<DiffPart>& parts) {
  std::string out;
  for (const DiffPart& part : parts) {
    const char* mark = part.kind == DiffKind::kEqual ? "=" : part.kind == DiffKind::kDelete ? "-" : "+";
    out += mark + ("[" + part.text + "]");
  }
  return out;
}

void ExpectRebuilds(std::string_view a, std::string_view b) {
  std::string old_text;
  std::string new_text;
  for (const DiffPart& part : Diff(a, b)) {
    if (part.kind != DiffKind::kInsert) old_text += part.text;
    if (part.kind != DiffKind::kDelete) new_text += part.text;
  }
  EXPECT_EQ(old_text, a);
  EXPECT_EQ(new_text, b);
}

TEST(Diff, CharactersInsideAParagraph) {
  EXPECT_EQ(Render(Diff("", "")), "");
  EXPECT_EQ(Render(Diff("同", "同")), "=[同]");
  // A common piece between larger edits is chance; between smaller ones it is what stayed.
  EXPECT_EQ(Render(Diff("据统计，2020年全县", "预计到2021年底，全县")), "-[据统计，2020年]+[预计到2021年底，]=[全县]");
  EXPECT_EQ(Render(Diff("甲共有36家企业，乙", "丙共有36家企业，丁")), "-[甲]+[丙]=[共有36家企业，]-[乙]+[丁]");
  EXPECT_EQ(Render(Diff("截至目前有36家。", "截至目前有37家。")), "=[截至目前有3]-[6]+[7]=[家。]");
  EXPECT_EQ(Render(Diff("一\n二\n", "一\n新的一段\n二\n")), "=[一\n]+[新的一段\n]=[二\n]");
  EXPECT_EQ(Render(Diff("甲乙丙丁戊", "甲丙丁己戊")), "=[甲]-[乙]=[丙丁]+[己]=[戊]");
}

TEST(Diff, AnEditedParagraphIsFoundBesideALongNewOne) {
  std::string insertion;
  for (int i = 0; i < 3000; ++i) insertion += "新增内容" + std::to_string(i);
  const std::string a = "头\n为规范行政行为，根据有关规定，制定本办法，自发布之日起施行。\n尾\n";
  const std::string b = "头\n" + insertion + "\n为规范行政行为，根据有关法律规定，制定本办法，自发布之日起施行。\n尾\n";
  const auto parts = Diff(a, b);
  ExpectRebuilds(a, b);
  ASSERT_EQ(parts.size(), 5u);
  EXPECT_EQ(parts[3].text, "法律");
}

TEST(Diff, UnlikeTextsAreReplacedAsAWhole) {
  std::string a;
  std::string b;
  for (int i = 0; i < 4000; ++i) {
    AppendUtf8(a, static_cast<char32_t>(0x4E00 + i));
    AppendUtf8(b, static_cast<char32_t>(0x6E00 + i));
  }
  EXPECT_THAT(Diff(a, b), ::testing::SizeIs(2));
  ExpectRebuilds(a, b);
}

TEST(Diff, RandomTextsRebuild) {
  std::mt19937 random(11);
  const std::string alphabet[] = {"甲", "乙", "丙", "\n", "a"};
  for (int round = 0; round < 500; ++round) {
    std::string a;
    std::string b;
    const size_t length = random() % 60;
    for (size_t i = 0; i < length; ++i) {
      const std::string& letter = alphabet[random() % 5];
      if (random() % 8 != 0) a += letter;
      if (random() % 8 != 0) b += letter;
    }
    ExpectRebuilds(a, b);
  }
}

TEST(Diff, HostileTextsAreBounded) {
  std::string a;
  std::string b;
  for (int i = 0; i < 200000; ++i) {
    a += i % 3 == 0 ? "甲" : "乙";
    b += i % 5 == 0 ? "甲" : "乙";
    if (i % 50 == 0) a += '\n';
    if (i % 70 == 0) b += '\n';
  }
  ExpectRebuilds(a, b);
  ExpectRebuilds(std::string(100000, '\n'), std::string(90000, '\n') + "x");
}

}  // namespace
}  // namespace fangzhi::text
