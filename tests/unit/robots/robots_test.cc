#include "robots/robots.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/limits.h"
#include "robots/pattern.h"

#include "support/cpu_time.h"

namespace fangzhi::robots {
namespace {

bool Allowed(std::string_view body, std::string_view url, std::string_view agent = "fangzhi") {
  return RobotsTxt::Parse(body).Decide(agent, url).allowed;
}

TEST(Decide, ExplainsItself) {
  const RobotsTxt robots = RobotsTxt::Parse(
      "# hello\r\nUser-agent: *\r\nDisallow: /private  # not here\r\nALLOW : /private/open\r\n");
  Decision decision = robots.Decide("fangzhi", "http://a.gov.cn/private/x.html");
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.rule, "Disallow: /private");
  EXPECT_EQ(decision.line, 3u);
  decision = robots.Decide("fangzhi", "/private/open/1");
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.rule, "ALLOW: /private/open");
  EXPECT_EQ(decision.line, 4u);
  decision = robots.Decide("fangzhi", "http://a.gov.cn");
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.rule, "");
  EXPECT_EQ(decision.line, 0u);
  EXPECT_FALSE(decision.crawl_delay_seconds.has_value());
}

TEST(Decide, GroupsOfTheSameTokenMerge) {
  constexpr std::string_view kBody =
      "User-agent: other\nUser-agent: FangZhi\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nuser-agent: "
      "fangzhi/2.0\nDisallow: /b\n";
  EXPECT_FALSE(Allowed(kBody, "/a"));
  EXPECT_FALSE(Allowed(kBody, "/b"));
  EXPECT_TRUE(Allowed(kBody, "/c"));
  EXPECT_FALSE(Allowed(kBody, "/a", "FANGZHI/1.0 (+https://example.org)"));
  EXPECT_TRUE(Allowed(kBody, "/b", "other"));
  EXPECT_FALSE(Allowed(kBody, "/c", "unknown"));
  EXPECT_FALSE(Allowed(kBody, "/c", "fang"));  // tokens match whole
  EXPECT_FALSE(Allowed(kBody, "/c", "fangzhi-news"));
  EXPECT_FALSE(Allowed(kBody, "/c", ""));
}

TEST(Decide, AGroupWithoutRulesAllowsAll) {
  EXPECT_TRUE(Allowed("User-agent: *\nDisallow: /\n\nUser-agent: fangzhi\n", "/x"));
  EXPECT_TRUE(Allowed("User-agent: *\nDisallow: /\n\nUser-agent: fangzhi\nDisallow:\n", "/x"));
  EXPECT_TRUE(Allowed("Disallow: /\nUser-agent: *\n", "/x"));  // a rule before every group is nobody's
  EXPECT_TRUE(Allowed("", "/x"));
}

TEST(Decide, OtherLinesDoNotEndAGroup) {
  constexpr std::string_view kBody =
      "User-agent: a\nSitemap: http://a.cn/s.xml\nHost: a.cn\n\nUser-agent: fangzhi\nCrawl-delay: "
      "2\nDisallow: /x\n";
  EXPECT_FALSE(Allowed(kBody, "/x", "a"));
  EXPECT_FALSE(Allowed(kBody, "/x"));
}

TEST(Decide, LongestMatchAndAllowOnTies) {
  constexpr std::string_view kBody =
      "User-agent: *\nDisallow: /x\nAllow: /x/open\nDisallow: /x/open/closed\nDisallow: /t\nAllow: "
      "/t\nAllow: *.pdf$\n";
  EXPECT_FALSE(Allowed(kBody, "/x/1"));
  EXPECT_TRUE(Allowed(kBody, "/x/open"));
  EXPECT_FALSE(Allowed(kBody, "/x/open/closed"));
  EXPECT_TRUE(Allowed(kBody, "/t/1"));
  EXPECT_TRUE(Allowed(kBody, "/x/1.pdf"));
  EXPECT_FALSE(Allowed(kBody, "/x/1.pdf?v=1"));
  EXPECT_TRUE(Allowed(kBody, "/X/1"));  // case counts
}

TEST(Decide, RobotsTxtIsAlwaysAllowed) {
  EXPECT_TRUE(Allowed("User-agent: *\nDisallow: /\n", "http://a.cn/robots.txt"));
  EXPECT_FALSE(Allowed("User-agent: *\nDisallow: /\n", "http://a.cn/robots.txt/x"));
}

TEST(Decide, FrontPageOfAllowedIndex) {
  constexpr std::string_view kBody = "User-agent: *\nDisallow: /\nAllow: /news/index.html\n";
  EXPECT_TRUE(Allowed(kBody, "/news/"));
  EXPECT_TRUE(Allowed(kBody, "/news/index.html"));
  EXPECT_FALSE(Allowed(kBody, "/news/1.html"));
  EXPECT_TRUE(Allowed("User-agent: *\nDisallow: /news/index.html\n", "/news/"));
}

TEST(Decide, AnyFormOfUrl) {
  constexpr std::string_view kBody = "User-agent: *\nDisallow: /a/b?c\n";
  for (std::string_view url :
       {"http://x.cn/a/b?c=1", "/a/b?c=1#f", "HTTP://X.CN\\a\\.\\b?c", "https://u:p@x.cn:1/z/../a/b?c"})
    EXPECT_FALSE(Allowed(kBody, url)) << url;
  for (std::string_view url : {"http://x.cn/a/b#?c", "http://x.cn", "", "http://[", "/a/b", "x"})
    EXPECT_TRUE(Allowed(kBody, url)) << url;
  EXPECT_FALSE(Allowed("User-agent: *\nDisallow: /\n", "http://[/x"));
}

TEST(Pattern, PercentEncoding) {
  auto matches = [](std::string_view pattern, std::string_view path) {
    return internal::Matches(internal::NormalizePath(pattern, true), internal::NormalizePath(path, false));
  };
  EXPECT_TRUE(matches("/政务", "/%e6%94%bf%E5%8A%A1/x"));
  EXPECT_TRUE(matches("/%E6%94%BF", "/政"));
  EXPECT_TRUE(matches("/%d5%fe", "/%D5%FE"));  // GBK
  EXPECT_TRUE(matches("/%62%61%7A~", "/baz%7e"));
  EXPECT_FALSE(matches("/a%2Fb", "/a/b"));
  EXPECT_FALSE(matches("/a/b", "/a%2Fb"));
  EXPECT_TRUE(matches("/a<b|", "/a%3Cb%7C"));
  EXPECT_TRUE(matches("/?u=http://b.cn/", "/?u=http%3A%2F%2Fb.cn%2Fx"));
  EXPECT_TRUE(matches("/*u=http://b.cn/", "/?u=http%3A%2F%2Fb.cn%2Fx"));
  EXPECT_FALSE(matches("/?a=1&b", "/?a=1%26b"));
  EXPECT_TRUE(matches("/100%", "/100%25"));
  EXPECT_TRUE(matches("/%2A", "/*"));
  EXPECT_TRUE(matches("/%2A", "/%2a"));
  EXPECT_FALSE(matches("/%2A", "/x"));
  EXPECT_TRUE(matches("/a%24", "/a$"));
  EXPECT_TRUE(matches("/a%24", "/a$b"));
}

TEST(Pattern, Wildcards) {
  EXPECT_TRUE(internal::Matches("/a*", "/a"));
  EXPECT_TRUE(internal::Matches("/a*/b*c$", "/a/b/b/cc"));
  EXPECT_FALSE(internal::Matches("/a*/b*c$", "/a/c"));
  EXPECT_TRUE(internal::Matches("/***a", "/xa"));
  EXPECT_TRUE(internal::Matches("*", "/"));
  EXPECT_TRUE(internal::Matches("$", ""));
  EXPECT_FALSE(internal::Matches("$", "/"));
  EXPECT_TRUE(internal::Matches("*$", "/x"));
  EXPECT_FALSE(internal::Matches("/ab*ba$", "/aba"));  // the pieces must not share octets
  EXPECT_TRUE(internal::Matches("/ab*ba$", "/abba"));
  EXPECT_FALSE(internal::Matches("a", "/a"));
}

// The same answer as the plain definition, for random patterns.
bool MatchesSlowly(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return true;
  if (pattern == "$") return path.empty();
  if (pattern[0] == '*') {
    for (size_t i = 0; i <= path.size(); ++i) {
      if (MatchesSlowly(pattern.substr(1), path.substr(i))) return true;
    }
    return false;
  }
  return !path.empty() && pattern[0] == path[0] && MatchesSlowly(pattern.substr(1), path.substr(1));
}

TEST(Pattern, AgreesWithTheDefinition) {
  std::mt19937 random(9309);
  for (int i = 0; i < 50'000; ++i) {
    std::string pattern, path;
    for (size_t n = random() % 8; n > 0; --n) pattern += "ab*"[random() % 3];
    if (random() % 3 == 0) pattern += '$';
    for (size_t n = random() % 10; n > 0; --n) path += "ab"[random() % 2];
    ASSERT_EQ(internal::Matches(pattern, path), MatchesSlowly(pattern, path)) << pattern << " " << path;
  }
}

TEST(Parse, LineEndsBomAndNul) {
  for (std::string_view body :
       {"User-agent: *\nDisallow: /x", "User-agent: *\rDisallow: /x\r",
        "User-agent: *\r\n\r\nDisallow: /x\r\n", "\xEF\xBB\xBFUser-agent: *\nDisallow: /x",
        "\xFF\xFEUser-agent: *\nDisallow: /x", " \tuser-AGENT\t:\t* \n disallow : /x "}) {
    EXPECT_FALSE(Allowed(body, "/x/1")) << body;
    EXPECT_TRUE(Allowed(body, "/y")) << body;
  }
  const std::string with_nul("User-agent: *\nDisallow: /x\0y\nDisallow: /z\n", 42);
  EXPECT_FALSE(Allowed(with_nul, "/z"));
  EXPECT_TRUE(Allowed(with_nul, "/x"));
  EXPECT_FALSE(Allowed(with_nul, "/x%00y"));
  EXPECT_EQ(RobotsTxt::Parse("User-agent: *\r\n\rDisallow: /x").Decide("a", "/x").line, 3u);
}

TEST(Parse, Utf16) {
  const std::string plain = "User-agent: *\nDisallow: /x\n";
  for (const bool big_endian : {false, true}) {
    for (const bool mark : {false, true}) {
      std::string body = !mark ? "" : big_endian ? "\xFE\xFF" : "\xFF\xFE";
      for (char c : plain) {
        if (big_endian) body.push_back('\0');
        body.push_back(c);
        if (!big_endian) body.push_back('\0');
      }
      EXPECT_FALSE(Allowed(body, "/x"));
      EXPECT_TRUE(Allowed(body, "/y"));
    }
  }
}

TEST(Parse, MisspeltNames) {
  for (std::string_view key : {"Dissallow", "disalow", "Diasllow", "disallaw", "DISALLOWED"}) {
    EXPECT_FALSE(Allowed("User-agent: *\n" + std::string(key) + ": /x", "/x")) << key;
  }
  EXPECT_FALSE(Allowed("useragent: *\nDisallow /x", "/x"));
  EXPECT_TRUE(Allowed("User-agent: *\nDisallow /x for everybody", "/x"));
  EXPECT_TRUE(Allowed("User-agent: *\nDescription: /x\nNoindex: /x", "/x"));
  EXPECT_FALSE(Allowed("User-agent: *\nDisallow: /x\nAlow: /x/y", "/x/y"));
}

TEST(Parse, HtmlInsteadOfRules) {
  for (std::string_view body : {"<!DOCTYPE html>\n<title>404</title>\nUser-agent: *\nDisallow: /\n",
                                "\n <html><body>\nUser-agent: *\nDisallow: /",
                                "\xEF\xBB\xBF<?xml version='1.0'?>\nUser-agent: *\nDisallow: /\n",
                                "<script>\nUser-agent: *\nDisallow: /\nSitemap: /x</script>"}) {
    const RobotsTxt robots = RobotsTxt::Parse(body);
    EXPECT_TRUE(robots.groups().empty());
    EXPECT_TRUE(robots.sitemaps().empty());
    EXPECT_TRUE(robots.Decide("fangzhi", "/x").allowed);
  }
}

TEST(Parse, Sitemaps) {
  const RobotsTxt robots = RobotsTxt::Parse(
      "Sitemap: http://a.cn/1.xml\nUser-agent: *\nSITEMAP:http://a.cn/2.xml # two\nDisallow: "
      "/\nSitemap:\nSitemap: http://a.cn/1.xml\nsite-map: /3.xml");
  EXPECT_EQ(robots.sitemaps(),
            (std::vector<std::string>{"http://a.cn/1.xml", "http://a.cn/2.xml", "/3.xml"}));
}

TEST(Parse, CrawlDelay) {
  auto delay = [](std::string_view lines, std::string_view agent = "fangzhi") {
    return RobotsTxt::Parse("User-agent: *\n" + std::string(lines)).Decide(agent, "/").crawl_delay_seconds;
  };
  EXPECT_EQ(delay("Crawl-delay: 5"), 5.0);
  EXPECT_EQ(delay("Crawl-Delay: 0.25\nDisallow: /x"), 0.25);
  EXPECT_EQ(delay("Disallow: /x\nCrawl-delay: .5 # half"), 0.5);
  EXPECT_EQ(delay("Crawl-delay: 86400"), kMaxCrawlDelaySeconds);
  EXPECT_EQ(delay("Crawl-delay: 99999999999999999999999999999999"), kMaxCrawlDelaySeconds);
  EXPECT_EQ(delay("Crawl-delay: 2\nCrawl-delay: 7\nCrawl-delay: 3"), 7.0);  // the more careful one
  for (std::string_view bad : {"pears", "-1", "1e9", ".", "", "1,5", "inf", "nan", "0x10", "5s"}) {
    EXPECT_FALSE(delay("Crawl-delay: " + std::string(bad)).has_value()) << bad;
  }
  // One group by the RFC, since Crawl-delay is no rule; yet each token keeps its own delay.
  constexpr std::string_view kShared =
      "Crawl-delay: 1\nUser-agent: fangzhi\nUser-agent: b\nCrawl-delay: 2\nUser-agent: c\nDisallow: /";
  EXPECT_EQ(delay(kShared, "a"), 1.0);
  EXPECT_EQ(delay(kShared), 2.0);
  EXPECT_EQ(delay(kShared, "b"), 2.0);
  EXPECT_FALSE(delay(kShared, "c").has_value());
  EXPECT_FALSE(delay("Crawl-delay: 9\nDisallow: /x\nUser-agent: fangzhi\nDisallow: /y")
                   .has_value());  // not inherited from '*'
}

TEST(Limits, LargeFile) {
  std::string body = "User-agent: *\nDisallow: /first\n";
  while (body.size() < limits::kMaxRobotsBytes - 4) body += "x\n";
  body += "Disallow: /cut-in-the-middle\n";
  body.resize(5'000'000, '\n');
  const RobotsTxt robots = RobotsTxt::Parse(body);
  EXPECT_FALSE(robots.Decide("a", "/first").allowed);
  EXPECT_TRUE(robots.Decide("a", "/other").allowed);  // the half line is not "Disallow: /"
  EXPECT_TRUE(RobotsTxt::Parse(std::string(5'000'000, 'x')).groups().empty());
}

TEST(Limits, AFileThatItsFetcherCut) {
  std::string body = "User-agent: *\nDisallow: /first\n";
  while (body.size() < limits::kMaxRobotsBytes - 16) body += "#\n";
  body.resize(limits::kMaxRobotsBytes - 11, '#');
  body += "\nDisallow: /tmp/only\n";
  const RobotsTxt robots = RobotsTxt::Parse(std::string_view(body).substr(0, limits::kMaxRobotsBytes));
  EXPECT_FALSE(robots.Decide("a", "/first").allowed);
  EXPECT_TRUE(robots.Decide("a", "/other").allowed);
}

TEST(Limits, HundredThousandRules) {
  std::string body = "User-agent: *\n";
  for (int i = 0; body.size() < limits::kMaxRobotsBytes - 16; ++i) {
    body += i % 2 == 0 ? "Allow:/" : "Allow:*";
    body += {static_cast<char>('a' + i % 26), static_cast<char>('a' + i / 26 % 26), '\n'};
  }
  const RobotsTxt robots = RobotsTxt::Parse(body);
  ASSERT_GE(robots.groups().at(0).rules.size(), 100'000u);
  const fangzhi::testing::CpuTime time;
  EXPECT_TRUE(robots.Decide("a", "http://a.cn/zwgk/2021/8/3/index.html").allowed);
  EXPECT_LT(time.Seconds(), 5);
}

TEST(Limits, HostilePatternsAreLinear) {
  std::string pattern = "/";
  while (pattern.size() < 500'000) pattern += "a*aa*";
  const std::string path = "/" + std::string(limits::kMaxUrlBytes, 'a');
  for (const std::string& line :
       {pattern + "b", pattern + "$", std::string(500'000, '*'), "/" + std::string(8000, 'a') + "b"}) {
    std::string body = "User-agent: *\n";
    while (body.size() + line.size() < limits::kMaxRobotsBytes - 64) body += "Disallow: " + line + "\n";
    const fangzhi::testing::CpuTime time;
    (void)RobotsTxt::Parse(body).Decide("a", path);
    EXPECT_LT(time.Seconds(), 20);
  }
  // Pieces that almost match everywhere.
  std::string body = "User-agent: *\n";
  while (body.size() < limits::kMaxRobotsBytes - 64) body += "Disallow: *aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n";
  const fangzhi::testing::CpuTime time;
  (void)RobotsTxt::Parse(body).Decide("a", path);
  EXPECT_LT(time.Seconds(), 20);
}

TEST(Limits, RandomBytes) {
  std::mt19937 random(3);
  for (int i = 0; i < 300; ++i) {
    std::string body = i % 2 == 0 ? "User-agent:*\n" : "";
    for (size_t n = random() % 4000; n > 0; --n) body.push_back(static_cast<char>(random()));
    const RobotsTxt robots = RobotsTxt::Parse(body);
    (void)robots.Decide(body.substr(0, 20), body);
    EXPECT_TRUE(robots.Decide("fangzhi", "/robots.txt").allowed);
  }
}

TEST(Access, ByStatus) {
  EXPECT_EQ(AccessForStatus(0), Access::kDisallowAll);
  for (int status : {200, 206, 299}) EXPECT_EQ(AccessForStatus(status), Access::kParse) << status;
  for (int status : {301, 400, 401, 403, 404, 410, 412, 418, 451, 499})
    EXPECT_EQ(AccessForStatus(status), Access::kAllowAll) << status;
  for (int status : {100, 429, 500, 502, 503, 521, 599, 600, 999, -1})
    EXPECT_EQ(AccessForStatus(status), Access::kDisallowAll) << status;
}

}  // namespace
}  // namespace fangzhi::robots
