#include "discovery/discovery.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>

#include "support/cpu_time.h"

namespace fangzhi::discovery {
namespace {

constexpr std::string_view kUrl = "http://www.example.gov.cn/news/sitemap.xml";

Document Read(std::string_view payload, std::string_view content_type = "text/xml", std::string_view url = kUrl) {
  return Parse({url, content_type, payload});
}

std::string Gzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(Sitemap, EntriesWithNewsAndForeignElements) {
  const Document found = Read(R"(<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="i">
 <url><loc> http://www.example.gov.cn/news/1.htm#x </loc><lastmod>2021-11-29</lastmod>
  <n:news><n:publication><n:name>日报</n:name></n:publication><n:publication_date>2021-11-28T08:00:00+08:00</n:publication_date><n:title>标题</n:title></n:news>
  <image:image><image:loc>http://www.example.gov.cn/i.png</image:loc></image:image></url>
 <url><loc>/other/2.htm?a=1&amp;b=2</loc><changefreq>daily</changefreq></url>
 <url><lastmod>2021-11-29</lastmod></url>
</urlset>)");
  EXPECT_EQ(found.kind, Kind::kSitemap);
  EXPECT_TRUE(found.well_formed);
  ASSERT_EQ(found.items.size(), 2u);
  EXPECT_EQ(found.items[0].url, "http://www.example.gov.cn/news/1.htm");
  EXPECT_EQ(found.items[0].title, "标题");
  EXPECT_EQ(found.items[0].published, ParseDate("2021-11-28T00:00:00Z"));
  EXPECT_EQ(found.items[0].updated, ParseDate("2021-11-29"));
  EXPECT_FALSE(found.items[0].outside);
  EXPECT_EQ(found.items[1].url, "http://www.example.gov.cn/other/2.htm?a=1&b=2");
  EXPECT_TRUE(found.items[1].outside);
  EXPECT_EQ(found.items[1].change_frequency, "daily");
}

TEST(Sitemap, WhatBreaksOffIsTakenAndTold) {
  const std::string whole = "<?xml version=\"1.0\"?><urlset><url><loc>http://www.example.gov.cn/1.htm</loc></url><url><loc>http://www.example.gov.cn/2.htm</loc></url></urlset>";
  EXPECT_FALSE(Read(whole).breaks_off);
  const Document cut = Read(whole.substr(0, whole.size() - 20));
  EXPECT_EQ(cut.kind, Kind::kSitemap);
  EXPECT_GE(cut.items.size(), 1u);
  EXPECT_TRUE(cut.breaks_off);
  std::string wide = "\xFF\xFE";
  for (const char c : whole) (wide += c) += '\0';
  EXPECT_TRUE(LooksLikeOne("application/xml", wide));
  EXPECT_EQ(Read(wide).items.size(), 2u);
}

TEST(Sitemap, IndexTextAndGzip) {
  const std::string index = "<sitemapindex><sitemap><loc>http://www.example.gov.cn/a.xml.gz</loc></sitemap></sitemapindex>";
  EXPECT_EQ(Read(index).kind, Kind::kSitemapIndex);
  const Document packed = Read(Gzip(index), "application/octet-stream");
  EXPECT_EQ(packed.kind, Kind::kSitemapIndex);
  ASSERT_EQ(packed.items.size(), 1u);
  const Document lines = Read("\xEF\xBB\xBFhttp://www.example.gov.cn/1.htm\r\n\r\nhttp://www.example.gov.cn/2.htm", "text/plain");
  EXPECT_EQ(lines.kind, Kind::kTextSitemap);
  EXPECT_EQ(lines.items.size(), 2u);
  EXPECT_EQ(lines.bad_lines, 0u);
  EXPECT_EQ(Read("this is none\nand no more is this\nhttp://www.example.gov.cn/", "text/plain").kind, Kind::kNone);
  const Document mixed = Read("http://www.example.gov.cn/1.htm\n not a url\nhttp://www.example.gov.cn/2.htm\n", "text/plain");
  EXPECT_EQ(mixed.kind, Kind::kTextSitemap);
  EXPECT_EQ(mixed.items.size(), 2u);
  EXPECT_EQ(mixed.bad_lines, 1u);
  EXPECT_TRUE(LooksLikeOne("application/gzip", Gzip(index)));
}

TEST(Sitemap, WhatWasCutCountsAsFarAsItCame) {
  const Document found = Read("<urlset><url><loc>http://www.example.gov.cn/1.htm</loc></url><url><loc>http://www.example.gov.cn/2.htm</loc><last");
  EXPECT_FALSE(found.well_formed);
  ASSERT_EQ(found.items.size(), 2u);
  EXPECT_EQ(found.items[1].url, "http://www.example.gov.cn/2.htm");
}

TEST(Sitemap, NothingIsLoadedAndNothingExpanded) {
  const Document file = Read(R"(<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<urlset><url><loc>http://www.example.gov.cn/&x;</loc></url><url><loc>http://www.example.gov.cn/ok</loc></url></urlset>)");
  for (const Item& item : file.items) EXPECT_EQ(item.url.find("root"), std::string::npos) << item.url;
  std::string bomb = "<!DOCTYPE u [<!ENTITY a0 \"aaaaaaaaaa\">";
  for (int i = 1; i < 12; ++i) {
    bomb += "<!ENTITY a" + std::to_string(i) + " \"";
    for (int k = 0; k < 10; ++k) bomb += "&a" + std::to_string(i - 1) + ";";
    bomb += "\">";
  }
  bomb += "]><urlset><url><loc>http://www.example.gov.cn/&a11;</loc></url></urlset>";
  const auto began = std::chrono::steady_clock::now();
  const Document bombed = Read(bomb);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  for (const Item& item : bombed.items) EXPECT_LT(item.url.size(), 100u);
}

TEST(Sitemap, IsBounded) {
  std::string many = "<urlset>";
  for (size_t i = 0; i < kMostItems + 10; ++i) many += "<url><loc>http://www.example.gov.cn/" + std::to_string(i) + "</loc></url>";
  many += "</urlset>";
  const Document found = Read(many);
  EXPECT_EQ(found.items.size(), kMostItems);
  EXPECT_TRUE(found.cut);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_TRUE(Read("<urlset>" + deep).items.empty());
  // A gigabyte of nothing in a megabyte.
  const std::string zeros = Gzip("<urlset>" + std::string(size_t{80} << 20, ' '));
  EXPECT_TRUE(Read(zeros).cut);
}

TEST(Sitemap, ManyAttributesAndEmptyLinesCostLittle) {
  std::string tag = "<urlset";
  for (int i = 0; tag.size() < 4'000'000; ++i) tag += " a" + std::to_string(i) + "=\">\"";
  const fangzhi::testing::CpuTime time;
  const Document found = Read("<urlset><url><loc>http://www.example.gov.cn/1</loc></url>" + tag + "><url><loc>http://www.example.gov.cn/2</loc></url></urlset>");
  EXPECT_EQ(found.items.size(), 1u);
  EXPECT_TRUE(found.cut);
  const Document lines = Read("http://www.example.gov.cn/1\n" + std::string(4'000'000, '\n') + "http://www.example.gov.cn/2");
  EXPECT_EQ(lines.items.size(), 2u);
  EXPECT_LT(time.Seconds(), 5);
  // What only looks like a tag.
  const std::string formula = std::string("<description><![CDATA[<a ") + std::string(3000, '=') + ">]]></description>";
  EXPECT_EQ(Read("<rss><channel><item>" + formula + "<link>http://www.example.gov.cn/1</link></item></channel></rss>").items.size(), 1u);
}

TEST(Feed, Rss) {
  const Document found = Read(R"(

<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>示例县人民政府</title><link>http://www.example.gov.cn/</link><description>要闻</description><language>zh-cn</language>
<atom:link href="http://www.example.gov.cn/rss.xml" rel="self"/>
<item><title>关于&lt;b&gt;印发&lt;/b&gt;&amp;amp;通知</title><link>/a/1.htm</link><guid isPermaLink="false">id-1</guid>
<pubDate>Mon, 29 Nov 2021 08:30:00 +0800</pubDate><dc:creator>办公室</dc:creator><description>摘要</description>
<content:encoded><![CDATA[<p>正文</p>]]></content:encoded><enclosure url="/f/1.pdf" length="1" type="application/pdf"/></item>
<item><title>无链接</title><guid>http://www.example.gov.cn/a/2.htm</guid></item>
</channel></rss>)");
  EXPECT_EQ(found.kind, Kind::kRss);
  EXPECT_EQ(found.title, "示例县人民政府");
  EXPECT_EQ(found.link, "http://www.example.gov.cn/");
  EXPECT_EQ(found.language, "zh-cn");
  ASSERT_EQ(found.items.size(), 2u);
  const Item& item = found.items[0];
  EXPECT_EQ(item.url, "http://www.example.gov.cn/a/1.htm");
  EXPECT_EQ(item.title, "关于印发&通知");
  EXPECT_EQ(item.id, "id-1");
  EXPECT_EQ(item.author, "办公室");
  EXPECT_EQ(item.summary, "摘要");
  EXPECT_EQ(item.content, "<p>正文</p>");
  EXPECT_EQ(item.published, ParseDate("2021-11-29T00:30:00Z"));
  ASSERT_EQ(item.enclosures.size(), 1u);
  EXPECT_EQ(item.enclosures[0], "http://www.example.gov.cn/f/1.pdf");
  EXPECT_EQ(found.items[1].url, "http://www.example.gov.cn/a/2.htm");
}

TEST(Feed, AtomWithBases) {
  const Document found = Read(R"(<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://www.example.gov.cn/x/">
<title>T</title><link rel="self" href="feed.xml"/><link href="./"/><updated>2021-11-29T00:00:00Z</updated>
<entry xml:base="y/"><title type="html">a &amp;lt; b</title><link rel="edit" href="edit"/><link rel="alternate" href="1.htm"/><id>urn:1</id>
<author><name>李</name><email>x@example.cn</email></author><published>2021-11-28T08:00:00+08:00</published><updated>2021-11-29T08:00:00+08:00</updated>
<summary>s</summary></entry></feed>)");
  EXPECT_EQ(found.kind, Kind::kAtom);
  EXPECT_EQ(found.link, "http://www.example.gov.cn/x/");
  ASSERT_EQ(found.items.size(), 1u);
  EXPECT_EQ(found.items[0].url, "http://www.example.gov.cn/x/y/1.htm");
  EXPECT_EQ(found.items[0].title, "a < b");
  EXPECT_EQ(found.items[0].author, "李");
  EXPECT_EQ(found.items[0].published, ParseDate("2021-11-28T00:00:00Z"));
  EXPECT_EQ(found.items[0].updated, ParseDate("2021-11-29T00:00:00Z"));
}

TEST(Feed, ChineseEncodings) {
  const std::string gb = "<?xml version=\"1.0\" encoding=\"gb2312\"?><rss><channel><title>\xD6\xD0\xB9\xFA</title></channel></rss>";
  EXPECT_EQ(Read(gb, "text/xml").title, "中国");
  EXPECT_EQ(Read(gb, "text/xml; charset=utf-8").title, "中国") << "a label that the bytes contradict loses";
  EXPECT_EQ(Read("<rss><channel><title>\xD6\xD0\xB9\xFA\xC8\xCB\xC3\xF1\xD5\xFE\xB8\xAE</title></channel></rss>", "text/xml").title, "中国人民政府");
}

TEST(Feed, HtmlIsNone) {
  EXPECT_FALSE(LooksLikeOne("text/xml", "<!DOCTYPE html><html>"));
  EXPECT_FALSE(LooksLikeOne("text/html", "<html><body>"));
  EXPECT_TRUE(LooksLikeOne("text/html", "<?xml version=\"1.0\"?>\n<!-- made by x -->\n<rss version=\"2.0\">"));
  EXPECT_TRUE(LooksLikeOne("", "<!DOCTYPE a [ <!ENTITY b \"c\"> ]><x:urlset xmlns:x=\"y\">"));
  EXPECT_EQ(Read("<html><item><title>x</title></item></html>").kind, Kind::kNone);
}

TEST(Dates, AsTheyAreWritten) {
  EXPECT_EQ(ParseDate("Mon, 29 Nov 2021 08:30:00 +0800"), ParseDate("2021-11-29T00:30:00Z"));
  EXPECT_EQ(ParseDate("29 Nov 21 08:30 GMT"), ParseDate("2021-11-29T08:30Z"));
  EXPECT_EQ(ParseDate("2021-11-29 08:30:00"), ParseDate("2021-11-29T08:30:00Z"));
  EXPECT_EQ(ParseDate("Mon Nov 29 08:30:00 2021"), ParseDate("2021-11-29T08:30:00Z"));
  for (std::string_view bad : {"", "yesterday", "2021-13-01", "2021-02-30", "29 Nov", "Mon, 29 Nov 2021 25:00:00 GMT", "99999999999999999999"}) {
    EXPECT_FALSE(ParseDate(bad)) << bad;
  }
}

TEST(Dates, TheDayIsTheAuthors) {
  EXPECT_EQ(DayOf("Tue, 21 Jun 2022 00:00:00 +0800"), "2022-06-21");
  EXPECT_EQ(DayOf("Mon, 20 Jun 2022 22:00:00 GMT"), "2022-06-21");
  EXPECT_EQ(DayOf("2022-06-20T22:00:00Z"), "2022-06-21");
  EXPECT_EQ(DayOf("2022-06-21T00:30:00+08:00"), "2022-06-21");
  EXPECT_EQ(DayOf("Tue Jun 21 18:00:00 CST 2022"), "2022-06-21");
  EXPECT_EQ(DayOf("2022-06-21"), "2022-06-21");
  EXPECT_EQ(DayOf("21 Jun 2022"), "2022-06-21");
  EXPECT_EQ(DayOf("2022-06-21 23:30"), "2022-06-21");
  EXPECT_EQ(DayOf("yesterday"), "");
}

TEST(Discovery, RubbishNeverFails) {
  std::string bytes;
  uint32_t state = 7;
  for (int round = 0; round < 300; ++round) {
    bytes = round % 2 == 0 ? "<rss><channel><item><title>a</title><link>http://www.example.gov.cn/</link></item></channel></rss>"
                           : "<urlset><url><loc>http://www.example.gov.cn/</loc></url></urlset>";
    for (int change = 0; change < 8; ++change) {
      state = state * 1664525 + 1013904223;
      bytes[state / 7 % bytes.size()] = static_cast<char>(state >> 24);
    }
    const Document found = Read(bytes);
    EXPECT_LE(found.items.size(), 8u);
  }
}

}  // namespace
}  // namespace fangzhi::discovery
