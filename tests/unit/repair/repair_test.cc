#include "repair/repair.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>

#include "decode/decode.h"
#include "repair/readings.h"
#include "text/text.h"
#include "support/cpu_time.h"

namespace fangzhi::repair {
namespace {

constexpr std::string_view kNotice = "关于进一步做好全县防汛抗旱工作的通知，各乡镇人民政府要落实责任。";

std::string Misread(std::string_view utf8, std::string_view written_in, std::string_view read_as) {
  return decode::DecodeAs(*decode::EncodeAs(utf8, written_in), read_as).text;
}

TEST(CodePages, EveryFamilyIsTakenBack) {
  const struct {
    const char *written_in, *read_as, *family;
  } cases[] = {{"GBK", "ISO-8859-1", "gbk_as_latin1"},     {"GBK", "windows-1252", "gbk_as_latin1"},
               {"UTF-8", "ISO-8859-1", "utf8_as_latin1"},  {"UTF-8", "windows-1252", "utf8_as_cp1252"},
               {"GBK", "windows-1250", "gbk_as_cp1250"},   {"GBK", "windows-1251", "gbk_as_cp1251"},
               {"GBK", "KOI8-R", "gbk_as_koi8r"},          {"GBK", "IBM437", "gbk_as_cp437"}};
  for (const auto& one : cases) {
    const std::string garbled = Misread(kNotice, one.written_in, one.read_as);
    const RepairedText repaired = Repair("<p>" + garbled + "</p>");
    EXPECT_EQ(repaired.text, "<p>" + std::string(kNotice) + "</p>") << one.family;
    ASSERT_EQ(repaired.steps.size(), 1u) << one.family;
    EXPECT_EQ(repaired.steps[0].family, one.family);
    EXPECT_TRUE(repaired.steps[0].lossless);
    EXPECT_EQ(repaired.steps[0].begin, 3u);
    EXPECT_EQ(repaired.steps[0].end, 3 + text::CountCodePoints(garbled));
  }
}

TEST(CodePages, TwiceDamaged) {
  const std::string once = Misread(kNotice, "UTF-8", "windows-1252");
  const RepairedText repaired = Repair(Misread(once, "UTF-8", "windows-1252"));
  EXPECT_EQ(repaired.text, kNotice);
  EXPECT_EQ(repaired.steps.at(0).family, "double_utf8_cp1252");
}

TEST(CodePages, OnlyTheGarbledPartIsTouched) {
  const std::string part = Misread(kNotice, "GBK", "windows-1252");
  const std::string page = "<title>" + std::string(kNotice) + "</title><p>前面的文字没有问题。" + part + "</p><p>Café Zoë à l’été</p>";
  EXPECT_EQ(Repair(page).text,
            "<title>" + std::string(kNotice) + "</title><p>前面的文字没有问题。" + std::string(kNotice) + "</p><p>Café Zoë à l’été</p>");
}

TEST(CodePages, ForeignTextStays) {
  for (const char* text : {"Les députés européens ont été reçus à l’hôtel « Élysée », où les décisions prévues ont été évoquées.",
                           "Über die Größe der Straßen: ÄÖÜ äöü ß, für Müller & Söhne", "Правительство утвердило новый порядок.",
                           "すべての人間は、生れながらにして自由である。", "半角ｶﾀｶﾅのﾃｽﾄです。", "모든 인간은 태어날 때부터 자유롭다.",
                           "℃ ± × ÷ § ¶ © ® ™ € £ ¥ ¼ ½ ¾", "┌──┐│　│└──┘", "龘靐齉齾，爩鱻麤龗。"}) {
    EXPECT_EQ(Repair(text).text, text);
  }
}

// Two characters shown by a single-byte code page are no text of any language, and bytes are not UTF-8 by chance.
TEST(CodePages, TwoCharactersAreEnoughWhereNothingElseIsMeant) {
  const struct {
    const char *text, *written_in, *read_as;
  } cases[] = {{"桃江", "GBK", "ISO-8859-1"}, {"短评", "GBK", "windows-1250"}, {"外媒", "GBK", "IBM437"}, {"国务", "UTF-8", "GBK"}, {"保障", "UTF-8", "windows-1251"}, {"屆次", "Big5", "windows-1252"}};
  for (const auto& one : cases) {
    EXPECT_EQ(Repair(Misread(one.text, one.written_in, one.read_as)).text, one.text);
  }
  for (const char* text : {"├──└──┘", "╔══╗", "СФМТ", "жанр", "áá Láá", "цель"}) EXPECT_FALSE(Repair(text).changed) << text;
}

// Words that say a syllable twice are as likely as not when bytes are read otherwise.
TEST(CodePages, RepeatedSyllablesStay) {
  for (const char* text : {"쿡쿡댄", "뒤숭숭", "뛰뛰빵빵", "말랑말랑", "恂恂", "營營默默", "銘銘皿", "満満"}) EXPECT_FALSE(Repair(text).changed) << text;
}

// A page was garbled as a whole: what its longer lines prove holds for the words of its navigation.
TEST(Pages, ShortLinesFollowWhatOthersProve) {
  const struct {
    const char *written_in, *read_as;
  } families[] = {{"GBK", "ISO-8859-1"}, {"GBK", "KOI8-R"}, {"GBK", "EUC-KR"}, {"GBK", "Big5"}, {"UTF-8", "ISO-8859-1"}, {"UTF-8", "windows-1251"}};
  for (const auto& family : families) {
    std::string page, garbled;
    for (const char* line : {"关于进一步做好全县防汛抗旱工作的通知", "网站首页", "政务公开", "各乡镇人民政府要落实责任", "日", "易信", "县城", "微博"}) {
      const auto bytes = decode::EncodeAs(line, family.written_in);
      const decode::StrictResult shown = decode::DecodeAs(*bytes, family.read_as);
      if (shown.errors != 0 || decode::EncodeAs(shown.text, family.read_as) != bytes) continue;
      page += "<li>" + std::string(line) + "</li>\n";
      garbled += "<li>" + shown.text + "</li>\n";
    }
    const RepairedText repaired = Repair(garbled);
    EXPECT_EQ(repaired.text, page) << family.written_in << " as " << family.read_as;
    for (const Step& step : repaired.steps) EXPECT_TRUE(step.lossless);
  }
}

// That a line was looked at before, on a page that proved nothing, decides nothing on the next one.
TEST(Pages, LinesSeenBeforeFollowToo) {
  const std::string short_line = Misread("易信", "GBK", "ISO-8859-1"), proof = Misread(kNotice, "GBK", "ISO-8859-1");
  for (int i = 0; i < 3; ++i) {
    const RepairedText alone = Repair("<p>下一篇：</p><p>一 " + short_line + "</p>");
    EXPECT_TRUE(alone.damage.empty());
    const RepairedText together = Repair("<p>下一篇：</p><p>" + proof + "</p>\n<p>" + short_line + "</p>\n<p>" + proof + "</p>");
    EXPECT_EQ(together.text, "<p>下一篇：</p><p>" + std::string(kNotice) + "</p>\n<p>易信</p>\n<p>" + std::string(kNotice) + "</p>");
  }
}

TEST(Pages, ReferencesFollowToo) {
  EXPECT_EQ(Repair("&#229;&#133;&#179;&#228;&#186;&#142;&#229;&#141;&#176;&#229;&#143;&#145;<br>&#230;&#137;&#182;&#232;&#180;&#171;&#229;&#138;&#158;&#230;&#179;&#149;<br>"
                   "300&#231;&#167;&#146; &copy; &nbsp;&nbsp;").text,
            "关于印发<br>扶贫办法<br>300秒 &copy; &nbsp;&nbsp;");
  // Alone one character says nothing.
  EXPECT_FALSE(Repair("300&#231;&#167;&#146;").changed);
}

// An include in another encoding is a part of its page: the lines around it stay, and so do words that look garbled and stand far from each other.
TEST(Pages, SoundLinesStay) {
  std::string page;
  const std::string garbled = Misread(kNotice, "GBK", "EUC-KR");
  for (int i = 0; i < 20; ++i) page += "<td>文化</td><td>規則から逸脱した行為</td><td>逸脱</td><td>三宅</td><td>이름</td><td>家</td>\n";
  const RepairedText repaired = Repair(page + garbled + "\n" + garbled + "\n" + page);
  EXPECT_EQ(repaired.text, page + std::string(kNotice) + "\n" + std::string(kNotice) + "\n" + page);
}

// Bytes that are UTF-8 are nothing else, whatever another encoding makes of them.
TEST(CodePages, Utf8IsNotTakenForAnythingElse) {
  for (const char* text : {"フォーカス", "顶", "台北フォーカス"}) {
    const std::string garbled = Misread(Misread(text, "UTF-8", "ISO-8859-1"), "UTF-8", "ISO-8859-1");
    const std::string once = Misread(text, "UTF-8", "ISO-8859-1");
    EXPECT_TRUE(Repair(garbled).text == garbled || Repair(garbled).text == text) << text;
    EXPECT_TRUE(Repair(once).text == once || Repair(once).text == text) << text;
  }
}

TEST(Losses, ReachAsFarAsWhatWasReadFromThem) {
  // The pairs before the lone byte at the end of a run are out of step, restored or not.
  const std::string line = "县人民政府办公室印发细\uFFFD8号文件";
  const RepairedText repaired = Repair(line);
  ASSERT_FALSE(repaired.damage.empty());
  EXPECT_EQ(repaired.damage[0].begin, 10u);
  // Private-use characters among ideographs are pairs out of step; alone they are a font's signs.
  const RepairedText pairs = Repair("积极与企业\uE1A0\uE31E晗感卸\uE1EE旒轨迹");
  EXPECT_TRUE(pairs.changed || !pairs.damage.empty());
  EXPECT_TRUE(Repair("\uE60C 返回首页 \uE616").damage.empty());
  // What is left of a line that is gone was made by chance.
  const RepairedText gone = Repair("(һ)\uFFFD\uFFFDɽ\uFFFD\uFFFDʯ\uFFFDɿ\uFFFD");
  ASSERT_EQ(gone.damage.size(), 1u);
  EXPECT_EQ(gone.damage[0].begin, 1u);
}

TEST(SevenBit, WhatItsEscapesSayIsCertain) {
  EXPECT_EQ(Repair("\x1b$)A\x0e;(_B\x0f").text, "花呗");
  EXPECT_EQ(Repair("~{A,N,A<~}").text, "连维良");
  EXPECT_FALSE(Repair("for i in ~{1..3~} ~{ab~}").changed);
}

TEST(Losses, LettersBesideThemWereMadeByChance) {
  const RepairedText repaired = Repair("(\uFFFD\uFFFD)δ");
  ASSERT_EQ(repaired.damage.size(), 1u);
  EXPECT_EQ(repaired.damage[0].end, 5u);
}

TEST(Losses, NamesAreRestoredWhereTheBytesAreUtf8) {
  const RepairedText repaired = Repair("鎶氫粰婀栧張鐜�\"楸兼磩\"濂�");
  EXPECT_EQ(repaired.text.rfind("抚仙湖又", 0), 0u) << repaired.text;
  EXPECT_FALSE(repaired.damage.empty());
}

TEST(Losses, TooLittleToRestoreIsListed) {
  for (const char* text : {"姝ゆ??", "娓稿??", "鍥藉??", "浜\uFFFD娌\uFFFD", "ç¬¬å", "è¿å"}) {
    const RepairedText repaired = Repair(text);
    EXPECT_TRUE(repaired.changed || !repaired.damage.empty()) << text;
  }
  for (const char* text : {"Les délais ont été épuisés (tentés\u00a0: 3)", "az egér az ablak fölé ér és a „mouse”", "真的吗??"}) EXPECT_TRUE(Repair(text).damage.empty()) << text;
}

TEST(LostBytes, WhereTheDamageBeginsIsListedWhenItIsNotKnown) {
  // 规模 lost a byte: 鼓 is shown, and stands in no reading that is far better than the others.
  const RepairedText repaired = Repair("国家发改委核准的企业债券鼓Ｔ龀さ煤芸臁＞莘⒏奈\uE1EC⒉嫉氖\uE427菹允荆");
  bool listed = false;
  for (const Damage& damage : repaired.damage) listed = listed || (damage.begin <= 12 && damage.end >= 13);
  EXPECT_TRUE(listed || repaired.text.find("规模增长") != std::string::npos) << repaired.text;
}

TEST(CodePages, WordsOfAPageInAnotherLanguageStay) {
  for (const char* text :
       {"Les\n<b>règles</b> étaient très légères et très générales, été après été.", "способ\nВторой способ установки описан ниже.",
        "<a title=\"パッケージ管理\">ケース</a>のビルド方法について説明します。", "도구 옵션\n도구의 옵션을 설정하는 대화상자입니다.",
        "国際化 (I18N): ソフトが複数のロケール (地域) を扱えるようにします。"}) {
    EXPECT_EQ(Repair(text).text, text);
  }
}

// Names and rare words read no better than chance; what is shown is then no text of any language.
TEST(CodePages, NamesAreTakenBack) {
  for (const char* text : {"胡锡进：", "特朗普造访＂", "崔天凯发", "印度＂致命婚礼＂"}) {
    for (const char* read_as : {"ISO-8859-1", "IBM437", "KOI8-R"}) {
      const std::string garbled = Misread(text, "GBK", read_as);
      ASSERT_EQ(decode::EncodeAs(garbled, read_as), decode::EncodeAs(text, "GBK")) << read_as;
      EXPECT_EQ(Repair(garbled).text, text) << read_as;
    }
  }
  EXPECT_EQ(Repair(Misread("印度总理莫迪", "GBK", "EUC-KR")).text, "印度总理莫迪");
  EXPECT_EQ(Repair(Misread("特朗普前往参", "GBK", "EUC-JP")).text, "特朗普前往参");
}

// A character between ASCII marks is too short to be found alone; its line shows what happened to it.
TEST(CodePages, ASingleCharacterBesideARepair) {
  EXPECT_EQ(Repair("(" + Misread("三", "GBK", "EUC-KR") + ")" + Misread("下列两条等", "GBK", "EUC-KR")).text, "(三)下列两条等");
  EXPECT_EQ(Repair("两国领导人商定：(" + Misread("一", "GBK", "Big5-HKSCS") + ")" + Misread("总体思路。", "GBK", "Big5-HKSCS")).text,
            "两国领导人商定：(一)总体思路。");
}

TEST(CodePages, WhatReadsLikeMisreadBytesStays) {
  for (const char* text : {"ﾃﾞｰﾀﾍﾞｰｽ", "ｴﾝﾄﾘﾃﾞｰﾀとﾈｯﾄﾜｰｸ", "РРРР\\-ММ\\-ДД ГГ:ХХ:СС", "ВІДСОТОК", "埃崩", "타이 워싱턴 부베 섬", "¿¿?? días ¿¿"}) {
    EXPECT_EQ(Repair(text).text, text);
  }
}

TEST(References, BytesAsReferences) {
  std::string references;
  const std::string bytes = decode::EncodeAs(kNotice, "GBK").value();
  for (const char c : bytes) {
    references += "&#" + std::to_string(static_cast<unsigned char>(c)) + ";";
  }
  EXPECT_EQ(Repair("<b>" + references + "</b>").text, "<b>" + std::string(kNotice) + "</b>");
  EXPECT_EQ(Repair("&eacute;t&eacute; &agrave; l&eacute;gal &egrave;").text, "&eacute;t&eacute; &agrave; l&eacute;gal &egrave;");
}

TEST(References, EscapedTwice) {
  EXPECT_EQ(Repair("&amp;#20844;&amp;#31034;&amp;#21517;&amp;#21333;").text, "公示名单");
}

TEST(SevenBit, EscapesSayWhatTheyAre) {
  EXPECT_EQ(Repair("前言 ~{VP9zU~8.~} end").text, "前言 中国政府 end");
  EXPECT_EQ(Repair("\x1B$)A\x0EVP9zU~8.\x0F 2020").text, "中国政府 2020");
  EXPECT_EQ(Repair("$)AVP9zU~8.9$WwJR5DM(V*!#").text, "中国政府工作室的通知。");
  for (const char* text : {"for (~{a}~) x", "[$)A]", "~{~}", "price $)ABC", "\x0E\x0F", "~{VP9z#"}) EXPECT_EQ(Repair(text).text, text);
}

TEST(SevenBit, LostHighBits) {
  std::string stripped = *decode::EncodeAs("关于印发工作方案的通知。各乡镇人民政府要落实责任。", "GBK");
  for (char& c : stripped) c = static_cast<char>(c & 0x7F);
  EXPECT_EQ(Repair(stripped).text, "关于印发工作方案的通知。各乡镇人民政府要落实责任。");
  for (const char* text : {"QmFzZTY0IGlzIG5vdCBDaGluZXNlIHRleHQ=", "A9F3-77BC-00D1-45EF-9A0B", "$2b$12$KIXQ4/8vUuMZ7OQ9nGpH5uJ0",
                           "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW", "CREATE_TABLE(ID#INT,NAME#TEXT,PRIMARY_KEY(ID))"}) {
    EXPECT_EQ(Repair(text).text, text);
  }
}

TEST(SevenBit, LostHighBitsBesideMarkup) {
  // 集 is "</" and 、经 holds "\">": neither is markup.
  const std::string text = "工资集体协商、经贸和劳务领域合作的问题。";
  std::string stripped = *decode::EncodeAs(text, "GBK");
  for (char& c : stripped) c = static_cast<char>(c & 0x7F);
  EXPECT_EQ(Repair("<td class=\"a\">" + stripped + "</td>").text, "<td class=\"a\">" + text + "</td>");
}

// Pages are passed over in pieces: what begins anywhere in one, or ends with the text, is found.
TEST(SevenBit, LostHighBitsAnywhere) {
  const std::string text = "关于印发工作方案的通知。各乡镇人民政府要落实责任。";
  std::string stripped = *decode::EncodeAs(text, "GBK");
  for (char& c : stripped) c = static_cast<char>(c & 0x7F);
  for (size_t before = 0; before < 40; ++before) {
    for (const size_t behind : {0, 1, 7, 40}) {
      const std::string left(before, ' '), right(behind, ' ');
      EXPECT_EQ(Repair(left + stripped + right).text, left + text + right) << before << ' ' << behind;
    }
  }
}

TEST(SevenBit, NoiseStays) {
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    const std::string_view letters = round % 2 == 0 ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" : "";
    std::string text;
    for (int i = 0; i < 60; ++i) text.push_back(letters.empty() ? static_cast<char>(0x21 + random() % 94) : letters[random() % letters.size()]);
    EXPECT_EQ(Repair(text).text, text);
  }
  EXPECT_EQ(Repair("\\0\\0\\0\\0\\0\\0\\0\\0").text, "\\0\\0\\0\\0\\0\\0\\0\\0");
}

// What a reader shows of UTF-8 that it takes for GBK: "?" for each byte that begins no pair of its own.
std::string Utf8AsGbkWithQuestionMarks(std::string_view utf8) {
  std::string out;
  for (size_t at = 0; at < utf8.size();) {
    const decode::StrictResult pair = decode::DecodeAs(utf8.substr(at, 2), "GBK");
    size_t used = 0;
    const char32_t c = text::DecodeUtf8(pair.text, used);
    if (static_cast<unsigned char>(utf8[at]) < 0x80) {
      out.push_back(utf8[at++]);
    } else if (pair.errors == 0 && used == pair.text.size() && !text::IsPrivateUse(c) && at + 1 < utf8.size()) {
      out += pair.text;
      at += 2;
    } else {
      out.push_back('?');
      ++at;
    }
  }
  return out;
}

TEST(LostBytes, Utf8AsGbkWithQuestionMarks) {
  const RepairedText repaired = Repair("<td>" + Utf8AsGbkWithQuestionMarks("各县（市、区）人民政府要加强组织领导，确保完成任务。") + "</td>");
  EXPECT_EQ(repaired.text, "<td>各县（市、区）人民政府要加强组织领导，确保完成任务。</td>");
  bool conjecture = false;
  for (const Step& step : repaired.steps) conjecture = conjecture || !step.lossless;
  EXPECT_TRUE(conjecture);
}

TEST(LostBytes, DroppedByWindows1252) {
  std::string shown;
  for (const char c : std::string("各单位应当认真贯彻执行本条例，并加强监督管理。")) {
    const std::string one = decode::DecodeAs({&c, 1}, "windows-1252").text;
    size_t at = 0;
    const char32_t character = text::DecodeUtf8(one, at);
    if (character >= 0x80 && character < 0xA0) continue;  // converters drop these
    shown += one;
  }
  EXPECT_EQ(Repair(shown).text, "各单位应当认真贯彻执行本条例，并加强监督管理。");
}

TEST(LostBytes, APairOutOfStep) {
  std::string bytes = *decode::EncodeAs("第三条县级以上人民政府应当将所需经费列入本级预算，并加强监督管理。", "GBK");
  bytes.erase(24, 1);
  const RepairedText repaired = Repair(decode::DecodeAs(bytes, "GBK").text);
  EXPECT_NE(repaired.text.find("所需经费列入本级预算，并加强监督管理。"), std::string::npos) << repaired.text;
  ASSERT_FALSE(repaired.steps.empty());
  EXPECT_EQ(repaired.steps[0].family, "gbk_byte_lost");
  EXPECT_FALSE(repaired.steps[0].lossless);
}

TEST(LostBytes, AStretchInsideALine) {
  const std::string garbled = Misread("进一步做好防汛抗旱", "UTF-8", "GBK");
  EXPECT_EQ(Repair("县政府要求" + garbled).text.substr(0, 15), "县政府要求");
  EXPECT_EQ(Repair("典型的样子是“浣犲ソ”，它其实是“你好”。").text, "典型的样子是“浣犲ソ”，它其实是“你好”。");
}

TEST(Strays, MarksOfTwoBytes) {
  EXPECT_EQ(Repair("气温25掳，误差卤2，尺寸120脳80，面积3km虏").text, "气温25°，误差±2，尺寸120×80，面积3km²");
  EXPECT_EQ(Repair("聽聽各县人民政府，市政府各部门：").text, "\u00A0\u00A0各县人民政府，市政府各部门：");
  EXPECT_EQ(Repair("联合国秘书长安东尼奥路古特雷斯出席会议").text, "联合国秘书长安东尼奥·古特雷斯出席会议");
  for (const char* text : {"路漫漫其修远兮，掳、卤、脳在此均为原文。", "聽聽音樂，看看書", "卤2个鸡蛋就够了", "乌鲁木齐路阿勒泰街口", "住在斯大林路卡拉街3号", "山东鲁能"}) {
    EXPECT_EQ(Repair(text).text, text);
  }
}

TEST(Glosses, AtRandom) {
  EXPECT_EQ(Repair("中央政治局召开会议，讨论工作报告。中央政治局(jú)会议(yì)讨(tǎo)论报告(gào)，会议(yì)指出，工(gōng)作报告要求全体干部认真学习。").text,
            "中央政治局召开会议，讨论工作报告。中央政治局会议讨论报告，会议指出，工作报告要求全体干部认真学习。");
  // A reader for children glosses what is new, a textbook everything.
  for (const char* text : {"小猫(māo)和小狗(gǒu)去钓(diào)鱼(yú)，小猫看见蜻(qīng)蜓(tíng)飞来了。", "你(nǐ)好(hǎo)，我(wǒ)是(shì)学(xué)生(shēng)，你(nǐ)是(shì)谁(shuí)"}) {
    EXPECT_EQ(Repair(text).text, text);
  }
}

TEST(Glosses, ASentenceWithoutAnyOther) {
  // 學校或者: a byte was lost before "；", nothing else shows what the page is.
  std::string bytes = *decode::EncodeAs("不再作爲校車使用的，學校或者校車服務提供者應當將校車標牌交回公安機關。", "GBK");
  const size_t at = decode::EncodeAs("不再作爲校車使用的，學", "GBK")->size();
  std::string shown = decode::DecodeAs(bytes.substr(0, at), "GBK").text + "?" + decode::DecodeAs(bytes.substr(at + 1), "GBK").text;
  const RepairedText repaired = Repair(shown);
  EXPECT_NE(repaired.text.find("或者校車服務提供者應當將校車標牌交回公安機關。"), std::string::npos) << shown << "\n" << repaired.text;
  EXPECT_EQ(Repair("你怎么看?，他问；真的吗?！").text, "你怎么看?，他问；真的吗?！");
}

TEST(SevenBit, ManyEscapesAreNoWork) {
  std::string open, shift, run;
  for (int i = 0; i < 200000; ++i) {
    open += "~{";
    shift += '\x0E';
    run += "0:9W#,";
  }
  const auto start = std::chrono::steady_clock::now();
  for (const std::string& text : {open, shift, run}) Repair(text);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(Losses, AreListed) {
  const RepairedText lost = Repair("县人民\uFFFD\uFFFD办公室");
  EXPECT_FALSE(lost.changed);
  ASSERT_EQ(lost.damage.size(), 1u);
  EXPECT_EQ(lost.damage[0].begin, 3u);
  EXPECT_EQ(lost.damage[0].end, 5u);
  EXPECT_EQ(Repair("正文锟斤拷锟斤拷锟斤拷结束").damage.size(), 1u);
  EXPECT_TRUE(Repair("所谓“锟斤拷”是一种乱码。").damage.empty());
}

// A page of the glossed kind, written for this test.
constexpr std::string_view kGlossed =
    "近日,我縣農(nóng)業(yè)農(nóng)村局組織開展農(nóng)產(chǎn)品質(zhì)量監(jiān)測(cè),"
    "發(fā)現(xiàn)問題立即整改。全縣農(nóng)業(yè)產(chǎn)業(yè)發(fā)展態(tài)勢(shì)良好,經(jīng)濟運行平穩(wěn)。";
constexpr std::string_view kWithoutGlosses =
    "近日,我縣農業農村局組織開展農產品質量監測,發現問題立即整改。全縣農業產業發展態勢良好,經濟運行平穩。";

TEST(Glosses, AreTakenOutAndTheTextStaysTraditional) {
  const RepairedText repaired = Repair(std::string(kGlossed));
  EXPECT_EQ(repaired.text, kWithoutGlosses);
  ASSERT_FALSE(repaired.steps.empty());
  EXPECT_EQ(repaired.steps[0].before, "(nóng)");
}

// The search over GBK text finds 華 (C8 41) in the second byte of 比 (B1 C8) and the letter behind it.
TEST(Glosses, BehindALetterThatMadeTheirCharacterGo) {
  EXPECT_EQ(Repair(std::string(kGlossed) + "\n農(nóng)業(yè)比A(huà)14成本更高。").text, std::string(kWithoutGlosses) + "\n農業比A14成本更高。");
  EXPECT_EQ(Repair(std::string(kGlossed) + "\n農(nóng)業(yè)分A(jiǎ)14類。").text, std::string(kWithoutGlosses) + "\n農業分A(jiǎ)14類。");
}

TEST(Glosses, OfDictionariesAndNamesStay) {
  for (const char* text :
       {"漢(hàn)字的讀音。", "《詞典》:農(nóng),種莊稼;發(fā),送出;產(chǎn),生育。", "六安(lù'ān)市、涡(guō)阳县、尉(yù)迟恭",
        "妈妈(māma)、爸爸(bàba)", "你(nǐ)好(hǎo)，我(wǒ)是(shì)学(xué)生(shēng)。"}) {
    EXPECT_EQ(Repair(text).text, text);
  }
}

TEST(Glosses, ARunOutOfStepIsRestored) {
  // 當地 in GBK holds the bytes of 數 across its two characters: the gloss went in between, and took its "(" with it.
  const std::string glossed(kGlossed);
  const std::string plain(kWithoutGlosses);
  RepairedText repaired = Repair(glossed + "\n雇用當?shù)剞r(nóng)戶,數(shù)據(jù)及時上報。");
  EXPECT_EQ(repaired.text, plain + "\n雇用當地農戶,數據及時上報。");
  // 規模化種植: a byte was lost before a full-width mark, and the page kept the private-use character that the rest became.
  repaired = Repair(glossed + "\n實現(xiàn)農(nóng)業(yè)規(guī)?;\uE1ECN植、標(biāo)準(zhǔn)化生產(chǎn)。");
  EXPECT_EQ(repaired.text, plain + "\n實現農業規模化種植、標準化生產。");
  // Where private-use characters may have been lost on the way, a wrong reading is not far: it stays, and is listed.
  repaired = Repair(glossed + "\n各項任務(wù)由當(dāng)?shù)卣撠?zé)。");
  EXPECT_TRUE(repaired.text == plain + "\n各項任務由當地政府負責。" || !repaired.damage.empty()) << repaired.text;
}

// What is around a line changes from visit to visit; what is made of it must not.
// Where a lost byte stands before a mark: what ends a quotation, what no author writes, and pairs that the reader's code page lacks.
TEST(Glosses, ASplitIsReadByWhatItStandsIn) {
  const std::string glossed(kGlossed);
  const struct {
    const char *shown, *meant;
  } cases[] = {{"他笑著說(shuō)：“我們村今年的收成比去年好多了?！贝迕駛兌歼@樣說(shuō)。", "他笑著說：“我們村今年的收成比去年好多了。”村民們都這樣說。"},
               {"生活仍要繼續(xù)?？v(zòng)然有困難,也要堅持。", "生活仍要繼續。縱然有困難,也要堅持。"},
               {"我縣(xiàn)實行規(guī)?；\uE1EC?仗峁┓绞健?", "我縣實行規模化服務提供方式。"}};
  for (const auto& one : cases) {
    const std::string text = glossed + "\n" + one.shown;
    EXPECT_EQ(Repair(text).text, std::string(kWithoutGlosses) + "\n" + one.meant);
  }
}

TEST(Glosses, ALineIsRestoredAlikeWhateverStandsOnThePage) {
  const std::string line = "大家的幹勁更足了?！眻猿謫栴}導(dǎo)向，建立整改臺賬。";
  const RepairedText alone = Repair(std::string(kGlossed) + "\n" + line);
  const RepairedText beside = Repair(std::string(kGlossed) + "\n" + line + "\n實現(xiàn)農(nóng)業(yè)規(guī)?;\uE1ECN植、標(biāo)準(zhǔn)化生產(chǎn)。");
  EXPECT_EQ(beside.text.substr(0, alone.text.size()), alone.text);
}

TEST(Glosses, WhatCannotBeRestoredIsListed) {
  const std::string page = std::string(kGlossed) + "\n\uE1EC\uE1ED";
  const RepairedText repaired = Repair(page);
  EXPECT_NE(repaired.text.find("\uE1EC\uE1ED"), std::string::npos);
  EXPECT_FALSE(repaired.damage.empty());
}

// --- damage to single characters ---

constexpr std::string_view kSentences[] = {
    "县人民政府办公室关于印发工作方案的通知。", "各乡镇要落实责任，加强监督检查！", "这项工作什么时候完成？", "全县农业生产形势良好；", "会议听取了有关部门的汇报，研究了下一步工作。",
    "第三条本办法所称规划是指城市总体规划。", "他说：“我们一定按时完成任务。”", "联系人张建国，电话见附件", "项目总投资约三千万元（不含设备）", "审计机关依法进行审计监督。",
};

std::string WithoutLast(std::string_view text, char32_t& last) {
  const std::u32string characters = text::ToUtf32(text);
  last = characters.back();
  return text::ToUtf8(std::u32string_view(characters).substr(0, characters.size() - 1));
}

// "。</p>" became "、/p>": "<" was taken for a second byte, and the byte before it fell by one. Restored, or listed; never lost in silence.
TEST(UncheckedTrail, IsRestoredOrListed) {
  size_t restored = 0, all = 0;
  for (const std::string_view sentence : kSentences) {
    for (const std::string_view tag : {"/p>", "/span>", "/td>", "br />", "br>", "/b>", "/h3>"}) {
      char32_t last = 0;
      std::string damaged = WithoutLast(sentence, last);
      text::AppendUtf8(damaged, last - 1);
      const std::string input = "<p>前文。</p>\n" + damaged + std::string(tag) + "\n<p>后文。</p>";
      const std::string wanted = "<p>前文。</p>\n" + std::string(sentence) + "<" + std::string(tag) + "\n<p>后文。</p>";
      const RepairedText repaired = Repair(input);
      ++all;
      restored += repaired.text == wanted ? 1 : 0;
      // Where the next character is as likely as the one shown, nothing is touched; an end tag without its head has no other explanation.
      if (repaired.text == wanted) continue;
      EXPECT_EQ(repaired.text, input);
      EXPECT_TRUE(tag[0] != '/' || !repaired.damage.empty()) << input;
    }
  }
  EXPECT_GE(restored * 10, all * 6) << restored << " of " << all;
}

TEST(UncheckedTrail, WhatComparesStays) {
  for (const char* text : {"设备数量、b>a时<br>", "当、a>0<br>", "注册资本、x>10的企业", "箭头、abc>下一步", "路径、usr/bin>", "（一）、i>", "表达式、q/>", "列表、foo />"}) {
    const RepairedText repaired = Repair(text);
    EXPECT_EQ(repaired.text, text);
    EXPECT_TRUE(repaired.damage.empty()) << text;
  }
}

// --- glosses at random ---

// The text with glosses behind some characters, doubled now and then, with signs wedged in before, between and behind them.
std::string Strewn(std::string_view text, bool toned, std::mt19937& random) {
  static const std::pair<char32_t, std::pair<const char*, const char*>> kGlosses[] = {
      {U'国', {"guó", "guo"}}, {U'院', {"yuàn", "yuan"}}, {U'会', {"huì", "hui"}}, {U'议', {"yì", "yi"}}, {U'主', {"zhǔ", "zhu"}}, {U'工', {"gōng", "gong"}},
      {U'作', {"zuò", "zuo"}}, {U'人', {"rén", "ren"}}, {U'民', {"mín", "min"}}, {U'政', {"zhèng", "zheng"}}, {U'府', {"fǔ", "fu"}}, {U'第', {"dì", "di"}}, {U'一', {"yī", "yi"}}};
  static const char* const kWedges[] = {"", "", "", "⛦", "😀", "✅", "☀", "🌟🌟"};
  std::string out;
  std::map<char32_t, int> met;
  for (const char32_t c : text::ToUtf32(text)) {
    text::AppendUtf8(out, c);
    const auto found = std::find_if(std::begin(kGlosses), std::end(kGlosses), [c](const auto& gloss) { return gloss.first == c; });
    if (found == std::end(kGlosses) || (met[c]++ == 0 && random() % 2 == 0) || random() % 3 == 0) continue;
    const std::string gloss = std::string("(") + (toned ? found->second.first : found->second.second) + ")";
    out += std::string(kWedges[random() % 8]) + gloss;
    if (random() % 2 == 0) out += std::string(kWedges[random() % 8]) + gloss;
  }
  return out;
}

constexpr std::string_view kReport =
    "国务院召开第一次全体会议。会议宣布国务院领导同志分工和国务院机构设置，讨论通过国务院工作规则。会议指出，各级人民政府要做好工作，"
    "第一时间回应人民关切。会议强调，政府工作人员要牢记为人民服务的宗旨，主动作为，把会议精神落实到各项工作中去。";

TEST(Glosses, AtRandomWithSignsBesideThem) {
  for (unsigned seed = 0; seed < 100; ++seed) {
    std::mt19937 random(seed);
    const std::string strewn = Strewn(kReport, seed % 2 == 0, random);
    const RepairedText repaired = Repair(strewn);
    EXPECT_EQ(repaired.text, kReport) << strewn;
    for (const Step& step : repaired.steps) EXPECT_EQ(step.family, "random_gloss");
  }
}

TEST(Glosses, SignsThatStandInTextStay) {
  for (const char* text : {"会议通知😀请查收✅", "今天天气好☀(sunny)，明天下雨☔。", "你好😀(nǐ hǎo)，再见👋(zài jiàn)", "评分★★★★☆（共一千人）"}) EXPECT_EQ(Repair(text).text, text);
}

TEST(Pinyin, InThePlaceOfAWordIsListed) {
  const RepairedText repaired = Repair("因为zhègè年代内地才刚刚接触开放文化");
  EXPECT_FALSE(repaired.changed);
  ASSERT_EQ(repaired.damage.size(), 1u);
  EXPECT_EQ(repaired.damage[0].text, "zhègè");
  for (const char* text : {"该字读作guó字的音", "拼音为zhōng的字", "念zhè的时候", "他写成guò了的字"}) EXPECT_TRUE(Repair(text).damage.empty()) << text;
}

// --- large texts ---

std::string Streamed(const std::string& text, size_t piece) {
  std::string out;
  size_t at = 0;
  RepairStream(
      [&](char* to, size_t room) {
        const size_t count = std::min({room, piece, text.size() - at});
        std::copy_n(text.data() + at, count, to);
        at += count;
        return count;
      },
      [&](std::string_view part) { out += part; });
  return out;
}

TEST(Streams, GiveWhatTheWholeGives) {
  const std::string garbled = Misread(kNotice, "GBK", "windows-1252");
  std::string lines, one_line, bytes;
  while (lines.size() < 2'500'000) {
    lines += std::string(kNotice) + "\n" + garbled + "\n";
    one_line += std::string(kNotice) + (one_line.size() % 7 == 0 ? garbled : "");
  }
  for (size_t i = 0; i < 1'200'000; ++i) bytes.push_back(static_cast<char>(0x80 + i % 61));
  for (const std::string& text : {lines, one_line, std::string(), std::string("a"), garbled}) {
    const RepairedText whole = Repair(text);
    EXPECT_TRUE(Streamed(text, 1 << 20) == whole.text);
    EXPECT_TRUE(Streamed(text, 4093) == whole.text);
    for (size_t i = 1; i < whole.steps.size(); ++i) EXPECT_LE(whole.steps[i - 1].end, whole.steps[i].begin);
  }
  EXPECT_EQ(Repair(lines).text.find(garbled), std::string::npos);
  // What is ill-formed becomes U+FFFD, wherever a part was cut.
  EXPECT_TRUE(Streamed(bytes, 4093) == Repair(text::ScrubUtf8(bytes)).text || text::IsValidUtf8(Streamed(bytes, 4093)));
}

// Nothing in a line says where a part of it may end, but what its bytes were.
TEST(Streams, OneGarbledLineIsCutBetweenCharacters) {
  std::string sound;
  while (sound.size() < 1'700'000) sound += kNotice;
  for (const auto& [written_in, read_as] : {std::pair("GBK", "windows-1252"), std::pair("GBK", "EUC-KR"), std::pair("UTF-8", "windows-1252")}) {
    const std::string garbled = Misread(sound, written_in, read_as);
    const RepairedText whole = Repair(garbled);
    EXPECT_TRUE(whole.text == sound) << written_in << " as " << read_as;
    EXPECT_TRUE(whole.damage.empty());
    EXPECT_TRUE(Streamed(garbled, 100'003) == sound) << written_in << " as " << read_as;
  }
}

// Where bytes are lost a long line is searched in pieces: none of them begins or ends within a character.
TEST(Streams, PiecesOfALossyLineMeet) {
  std::string sound;
  while (sound.size() < 40'000) sound += kNotice;
  const RepairedText repaired = Repair(Utf8AsGbkWithQuestionMarks(sound));
  EXPECT_EQ(text::CountCodePoints(repaired.text), text::CountCodePoints(sound));
  EXPECT_GT(repaired.steps.size(), 10u);
}

// The places of steps count the whole text, also behind its first part.
TEST(Streams, StepsOfLaterPartsHaveTheirPlace) {
  std::string text;
  while (text.size() < 1'500'000) text += std::string(kNotice) + "\n";
  const size_t before = text::CountCodePoints(text);
  const RepairedText repaired = Repair(text + Misread(kNotice, "GBK", "windows-1252"));
  ASSERT_EQ(repaired.steps.size(), 1u);
  EXPECT_EQ(repaired.steps[0].begin, before);
  EXPECT_EQ(repaired.text, text + std::string(kNotice));
}

TEST(Conjectures, AreAsSureAsTheySay) {
  // What is below the stated confidence stands as U+FFFD, and is listed.
  const RepairedText repaired = Repair("<td>" + Utf8AsGbkWithQuestionMarks("各县（市、区）人民政府要加强组织领导，确保完成任务，按期交付使用。") + "</td>");
  for (const Step& step : repaired.steps) {
    if (step.lossless) continue;
    EXPECT_TRUE(step.confidence >= 0.7 || step.after.find("\uFFFD") != std::string::npos) << step.after << " " << step.confidence;
  }
}

TEST(LostBytes, BetweenParenthesesOfAGarbledLine) {
  const RepairedText repaired = Repair("(" + Utf8AsGbkWithQuestionMarks("四") + ")" + Utf8AsGbkWithQuestionMarks("资助研究，培养人才，推广应用先进技术。"));
  EXPECT_EQ(repaired.text.substr(0, 5), "(四)");
}

TEST(Losses, MisreadInPiecesAreListed) {
  for (const char* text : {"业锟斤拷委员锟结、住宅", "锟轿客凤拷拥前锟斤拷", "住锟斤拷锟酵筹拷锟界建锟借、"}) EXPECT_FALSE(Repair(text).damage.empty()) << text;
  for (const char* text : {"所谓“锟斤拷”是一种乱码。", "拷贝文件，严刑拷打，拷问", "锟铻剑"}) EXPECT_TRUE(Repair(text).damage.empty()) << text;
}

// What a database wrote for every character that it could not hold.
TEST(Losses, LinesOfQuestionMarksAreListed) {
  for (const auto& [text, lost] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"<p>各乡镇要落实责任。</p><p>?\??\??\??\??\??\??\??\??\??\?</p><p>各乡镇要落实责任。</p>", {"?\??\??\??\??\??\??\??\??\??\?"}},
           {"?\??\??2021?11?29?\??\??\??\??\??\??\?", {"?\??\??2021?11?29?\??\??\??\??\??\??\?"}},
           {"<td>?\??\?:</td><td>来源：?\??\??\??\?</td><td>?\??\??\?CPU?\??\??\??\?</td>", {"?\??\?:", "?\??\??\??\?", "?\??\??\?CPU?\??\??\??\?"}},
           {"各乡镇要落实责任，?\??\??\??\??\??\??\??\??\??\??\??\??\??\??\??\?。", {"?\??\??\??\??\??\??\??\??\??\??\??\??\??\??\??\?"}},
           {"<h1>?\??\??\??\??\??\?</h1><td>?\?\?</td><td>12</td>", {"?\??\??\??\??\??\?", "?\??"}},
           {"□□□□□□□□□□□□□□□□□□□□□□□□□□", {"□□□□□□□□□□□□□□□□□□□□□□□□□□"}}}) {
    const RepairedText repaired = Repair(text);
    EXPECT_EQ(repaired.text, text);
    ASSERT_EQ(repaired.damage.size(), lost.size()) << text;
    for (size_t i = 0; i < lost.size(); ++i) {
      EXPECT_EQ(repaired.damage[i].family, "question_marks");
      EXPECT_EQ(repaired.damage[i].text.substr(0, 4), lost[i].substr(0, 4)) << text;
    }
  }
}

TEST(Losses, QuestionMarksOfAuthorsAreNone) {
  for (const char* text : {"真的吗?\??", "真的吗？？？？？？？？？？？？", "真的吗?\??\??\??\?", "填空：?\??\?", "What the hell?\??\??\?", "?\??", "1?2?3?4?5?6?7?8?", "<a href=\"/x?\??\??\??\??\??\??\??\??\??\??\">各乡镇</a>", "a ?\? b ?\?? c ?\? d", "证件号码：□□□□□□□□□□□□□□□□□□",
                           "□是 □否", "为什么?\??\??\??\??\??\??\? 请回答", "（？？？？？？？？？？？？？？？？？？？？）"}) {
    EXPECT_TRUE(Repair(text).damage.empty()) << text;
  }
}

TEST(Glosses, QuestionMarksAloneSayNothing) {
  EXPECT_EQ(Repair("已启动 ?？： 天 涯:??， ").text, "已启动 ?？： 天 涯:??， ");
}

TEST(Readings, OfTheTable) {
  EXPECT_TRUE(HasReading(U'來', "lái"));
  EXPECT_TRUE(HasReading(U'長', "zhǎng"));
  EXPECT_TRUE(HasReading(U'長', "cháng"));
  EXPECT_FALSE(HasReading(U'來', "lai"));
  EXPECT_TRUE(HasReadingWithoutTone(U'來', "lai"));
  EXPECT_TRUE(HasOneReading(U'農'));
  EXPECT_FALSE(HasOneReading(U'長'));
}

TEST(Repair, HostileTextsAreBounded) {
  std::string glossed(kGlossed);
  for (int line = 0; line < 100; ++line) glossed += "\n" + std::string(60, '?') + "一" + std::string(20, '?');
  std::string latin;
  std::string references;
  std::string glosses;
  for (int i = 0; i < 20000; ++i) {
    latin += "\u00E9 a";
    references += i % 2 == 0 ? "&" : "&#214;";
    glosses += "一(yī)";
  }
  const fangzhi::testing::CpuTime time;
  for (const std::string& text : {glossed, latin, references, glosses}) Repair(text);
  EXPECT_LT(time.Seconds(), 20);
}

TEST(Repair, IllFormedBytesAreKept) {
  std::mt19937 random(9);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text.push_back(static_cast<char>(0x80 + random() % 128));
    const RepairedText repaired = Repair(text);
    EXPECT_TRUE(repaired.changed || repaired.text == text);
  }
  EXPECT_EQ(Repair("\xE4").text, "\xE4");
  EXPECT_EQ(Repair("").text, "");
}

}  // namespace
}  // namespace fangzhi::repair
