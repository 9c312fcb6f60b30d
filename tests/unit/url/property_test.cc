// What holds for every input, tried on random ones; and that hostile ones cost no more than their length.
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "base/limits.h"
#include "text/text.h"
#include "url/url.h"
#include "support/cpu_time.h"

namespace fangzhi::url {
namespace {

// Random strings of pieces that mean something to one of the parsers.
std::string RandomInput(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {"http:",
                                                   "https://",
                                                   "//",
                                                   "/",
                                                   "\\",
                                                   "?",
                                                   "#",
                                                   ":",
                                                   "@",
                                                   "[",
                                                   "]",
                                                   "::",
                                                   ".",
                                                   "..",
                                                   "%2e",
                                                   "%2E%2e",
                                                   "%",
                                                   "%25",
                                                   "%41",
                                                   "%D5%FE",
                                                   "%E6%94%BF",
                                                   "政",
                                                   "a",
                                                   "B",
                                                   "x1",
                                                   "0x7f",
                                                   "256",
                                                   "1",
                                                   "file:",
                                                   "C|",
                                                   "C:",
                                                   "ftp://",
                                                   "data:",
                                                   "ws:",
                                                   ";jsessionid=",
                                                   "jsessionid=",
                                                   "utm_a=1",
                                                   "spm=",
                                                   "&",
                                                   "=",
                                                   " ",
                                                   "\t",
                                                   "\n",
                                                   "'",
                                                   "\"",
                                                   "<",
                                                   "^",
                                                   "|",
                                                   "{",
                                                   "~",
                                                   "\xFF",
                                                   "\xD5\xFE",
                                                   std::string(1, '\0'),
                                                   "\u200D",
                                                   "。",
                                                   "ß",
                                                   "www.",
                                                   "xn--",
                                                   "localhost",
                                                   "sid=",
                                                   "CFID=1&CFTOKEN=2",
                                                   "(",
                                                   ")",
                                                   ".aspx"};
  std::string out;
  if (random() % 2 == 0) out = "http://a.cn/";
  const size_t count = random() % 12;
  for (size_t i = 0; i < count; ++i)
    out += random() % 8 == 0 ? std::string(1, static_cast<char>(random() % 256))
                             : kPieces[random() % kPieces.size()];
  return out;
}

bool IsPlainAscii(std::string_view text) {
  for (char c : text) {
    if (c < 0x20 || c > 0x7E) return false;
  }
  return true;
}

TEST(Property, ParseOfSerialisedIsStable) {
  std::mt19937 random(20261124);
  const Url base = Parse("http://a.gov.cn/b/c.html?d").value();
  size_t parsed = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::string input = RandomInput(random);
    const Result<Url> url = Parse(input, i % 2 == 0 ? &base : nullptr);
    const std::string surt = Surt(input);
    if (!url) {
      ASSERT_EQ(url.error().kind, ErrorKind::kInvalidInput) << input;
      ASSERT_FALSE(url.error().message.empty());
      continue;
    }
    ++parsed;
    const std::string href = url->Href();
    ASSERT_TRUE(IsPlainAscii(href)) << href;
    const Result<Url> again = Parse(href);
    ASSERT_TRUE(again.has_value()) << input << " -> " << href << ": " << again.error().message;
    ASSERT_EQ(again->Href(), href) << input;
    ASSERT_EQ(again->path, url->path) << input;
    ASSERT_EQ(again->host, url->host) << input;
    ASSERT_TRUE(text::IsValidUtf8(Display(href))) << href;
  }
  EXPECT_GT(parsed, 50'000u);
}

TEST(Property, CanonicalIsIdempotentAndReparses) {
  std::mt19937 random(7);
  size_t made = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::string input = RandomInput(random);
    const Result<Url> url = Canonical(input);
    if (!url) continue;
    ++made;
    const std::string href = url->Href();
    const Result<Url> again = Canonical(href);
    ASSERT_TRUE(again.has_value()) << href;
    ASSERT_EQ(again->Href(), href) << input;
    ASSERT_EQ(Canonical(*url).Href(), href) << input;
    ASSERT_FALSE(url->fragment.has_value());
  }
  EXPECT_GT(made, 20'000u);
}

// A quarter of a megabyte of anything. Quadratic work would take minutes in sum; the limit leaves room for
// sanitizers and a busy machine.
TEST(Property, HostileInputsAreLinear) {
  constexpr size_t kSize = 1 << 18;
  std::vector<std::string> inputs;
  for (std::string_view piece : {"%",
                                 "%25",
                                 "%2525",
                                 "@",
                                 "[",
                                 "]",
                                 ":",
                                 "/",
                                 "\\",
                                 "?",
                                 "#",
                                 ".",
                                 "../",
                                 "a/../",
                                 "./",
                                 "&",
                                 "=",
                                 ";",
                                 "a.",
                                 "1.",
                                 "::",
                                 "政",
                                 "\xFF",
                                 " ",
                                 "\t",
                                 ";jsessionid=1",
                                 ";jsessionid=",
                                 "jsessionid=1&",
                                 "utm_a&",
                                 "sid=",
                                 "&cftoken=1",
                                 "cfid=1&cftoken=",
                                 "cfid=",
                                 "/(",
                                 "/(a(",
                                 ")/.aspx",
                                 "aspsessionid",
                                 "www.",
                                 "a@",
                                 "%41",
                                 "&#1;",
                                 "&#",
                                 "x/"}) {
    std::string repeated;
    while (repeated.size() < kSize) repeated += piece;
    for (std::string_view prefix :
         {"", "http://", "http://a.cn/", "http://a.cn/?", "http://a.cn/#", "data:", "file:"}) {
      inputs.push_back(std::string(prefix) + repeated);
    }
  }
  std::mt19937 random(1);
  std::string noise(kSize, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  inputs.push_back(noise);
  const Url base = Parse("http://a.cn/b/c").value();
  const QueryEncoder encoder = [](std::string_view utf8) { return std::string(utf8); };
  for (const std::string& input : inputs) {
    const fangzhi::testing::CpuTime time;
    (void)Canonical(input, &base, encoder);
    if (const Result<Url> url = Parse(input, &base)) {
      (void)Canonical(*url);
      (void)Display(url->Href());
    }
    (void)Surt(input);
    (void)PercentDecode(input);
    ASSERT_LT(time.Seconds(), 5.0) << input.substr(0, 40);
  }
}

}  // namespace
}  // namespace fangzhi::url
