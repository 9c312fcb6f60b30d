#include "base/strings.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/terminal.h"

namespace fangzhi {
namespace {

TEST(Strings, NumbersAreWholeAndChecked) {
  EXPECT_EQ(ParseUint("18446744073709551615"), UINT64_MAX);
  EXPECT_FALSE(ParseUint("18446744073709551616"));
  EXPECT_FALSE(ParseUint(""));
  EXPECT_FALSE(ParseUint("+1"));
  EXPECT_FALSE(ParseUint("1 "));
  EXPECT_EQ(ParseInt("-42"), -42);
  EXPECT_FALSE(ParseInt("-"));
}

TEST(Strings, FindIgnoresAsciiCaseOnly) {
  EXPECT_EQ(FindIgnoreAsciiCase("Content-TYPE: x", "type"), 8u);
  EXPECT_EQ(FindIgnoreAsciiCase("abc", "d"), std::string_view::npos);
  EXPECT_EQ(FindIgnoreAsciiCase("abab", "AB", 1), 2u);
  EXPECT_FALSE(EqualsIgnoreAsciiCase("\xC3\x84", "\xC3\xA4"));
}

TEST(Strings, SplitKeepsEmptyParts) {
  EXPECT_EQ(Split("a,,b,", ',').size(), 4u);
  EXPECT_EQ(Split("", ',').size(), 1u);
}

TEST(Strings, HexAndBase64RoundTrip) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (size_t length : {size_t{0}, size_t{1}, size_t{2}, size_t{3}, size_t{255}, size_t{256}}) {
    const std::string part = bytes.substr(0, length);
    EXPECT_EQ(FromHex(HexLower(part)), part);
    EXPECT_EQ(FromBase64(Base64(part)), part);
  }
  EXPECT_FALSE(FromHex("abc"));
  EXPECT_FALSE(FromHex("zz"));
  EXPECT_FALSE(FromBase64("a"));
  EXPECT_FALSE(FromBase64("ab=c"));
  EXPECT_EQ(Base64("Man"), "TWFu");
}

TEST(Strings, EditDistanceFindsTheNearestKey) {
  EXPECT_EQ(EditDistance("max_dept", "max_depth"), 1u);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
}

TEST(Digest, KnownValues) {
  EXPECT_EQ(Sha256Label("abc"), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha1Base32("abc"), "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
  Sha256Stream stream;
  stream.Update("a");
  stream.Update("bc");
  EXPECT_EQ(stream.FinishLabel(), Sha256Label("abc"));
}

TEST(Digest, MatchesAnyLabelOtherToolsWrite) {
  bool known = false;
  EXPECT_TRUE(DigestMatches("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", "abc", &known));
  EXPECT_TRUE(DigestMatches("sha1:a9993e364706816aba3e25717850c26c9cd0d89d", "abc", &known));
  EXPECT_TRUE(DigestMatches("SHA-256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", "abc", &known));
  EXPECT_TRUE(DigestMatches("md5:900150983cd24fb0d6963f7d28e17f72", "abc", &known));
  EXPECT_FALSE(DigestMatches("sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", "abd", &known));
  EXPECT_TRUE(known);
  EXPECT_FALSE(DigestMatches("crc32:352441c2", "abc", &known));
  EXPECT_FALSE(known);
}

TEST(Digest, UuidsDifferAndHaveTheirForm) {
  const std::string first = NewUuidUrn(), second = NewUuidUrn();
  EXPECT_NE(first, second);
  EXPECT_EQ(first.size(), 45u);
  EXPECT_EQ(first.substr(0, 9), "urn:uuid:");
  EXPECT_EQ(first[23], '4');
}

// Whatever a page sends must not move the cursor, colour the screen or reverse the line.
TEST(Terminal, TextFromOutsideCannotControlTheTerminal) {
  EXPECT_EQ(Printable("\x1b[31mred\x07"), "\\x1B[31mred\\x07");
  EXPECT_EQ(Printable("a\nb\tc"), "a\nb\tc");
  EXPECT_EQ(PrintableLine("a\nb"), "a\\nb");
  EXPECT_EQ(Printable("\xE2\x80\xAE"), "\\u202E");
  EXPECT_EQ(Printable("\xC2\x9B"), "\\u009B");
  EXPECT_EQ(Printable("\xFF\xC0\x80"), "\\xFF\\xC0\\x80");
  EXPECT_EQ(Printable("方志 é"), "方志 é");
  EXPECT_EQ(Escaped("x\"\n").text(), "\"x\\\"\\\\n\"");
  EXPECT_EQ(Escaped("a\\\" level=x").text(), "\"a\\\\\\\" level=x\"");
}

TEST(Terminal, WidthCountsWideCharactersTwice) {
  EXPECT_EQ(DisplayWidth("方志"), 4u);
  EXPECT_EQ(DisplayWidth("ab"), 2u);
  EXPECT_EQ(CutToWidth("方志方志", 5), "方志…");
  EXPECT_EQ(CutToWidth("方志", 4), "方志");
}

TEST(RecentAnswersTest, AnswersAsTheFunctionDoesHoweverManyTextsThereAre) {
  RecentAnswers<size_t, 8> known;
  size_t asked = 0;
  const auto length = [&asked](std::string_view text) {
    ++asked;
    return text.size();
  };
  for (size_t round = 0; round < 3; ++round) {
    for (size_t size = 0; size < 200; ++size) EXPECT_EQ(known.Get(std::string(size, 'x'), length), size);
  }
  asked = 0;
  for (size_t round = 0; round < 3; ++round) EXPECT_EQ(known.Get("menu", length), 4U);
  EXPECT_EQ(asked, 1U);
}

}  // namespace
}  // namespace fangzhi
