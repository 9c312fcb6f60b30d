#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iconv.h>
#include <zlib.h>

#include <chrono>
#include <ctime>
#include <deque>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "civil_time.h"
#include "files.h"
#include "grammar.h"
#include "portal_process.h"
#include "support/places.h"
#include "text.h"
#include "world.h"

namespace fangzhi::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kProgram = test::BuildDirectory() + "/fangzhi-portal";

// One row of the truth by its key; enough for the flat lines that the portal writes.
std::string Value(const std::string& line, const std::string& key) {
  const std::string mark = "\"" + key + "\":";
  size_t at = line.find(mark);
  if (at == std::string::npos) return {};
  at += mark.size();
  if (line[at] != '"') return line.substr(at, line.find_first_of(",}]", at) - at);
  std::string value;
  for (++at; at < line.size() && line[at] != '"'; ++at) {
    if (line[at] == '\\') {
      ++at;
      value += line[at] == 'n' ? '\n' : line[at];
    } else {
      value += line[at];
    }
  }
  return value;
}

std::vector<std::string> Truth(const PortalProcess& portal, const std::string& type) {
  const Answer answer = portal.Get("/__truth.jsonl");
  EXPECT_TRUE(answer.complete);
  std::vector<std::string> rows;
  for (size_t from = 0; from < answer.body.size();) {
    const size_t end = answer.body.find('\n', from);
    const std::string line = answer.body.substr(from, end - from);
    if (line.rfind("{\"type\":\"" + type + "\"", 0) == 0) rows.push_back(line);
    from = end + 1;
  }
  return rows;
}

std::string PathOf(const PortalProcess& portal, const std::string& url) {
  return url.substr(portal.base().size());
}

// What the system's iconv makes of it; empty when it does not decode.
std::string Decode(const std::string& bytes, const std::string& charset) {
  if (charset == "UTF-8") return bytes;
  const iconv_t converter = iconv_open("UTF-8", charset.c_str());
  std::string out(bytes.size() * 3 + 16, '\0');
  char* in = const_cast<char*>(bytes.data());
  char* to = out.data();
  size_t in_left = bytes.size();
  size_t out_left = out.size();
  const size_t result = iconv(converter, &in, &in_left, &to, &out_left);
  iconv_close(converter);
  if (result == static_cast<size_t>(-1)) return {};
  out.resize(out.size() - out_left);
  return out;
}

// The visible text with references undone: enough to look for a paragraph in it.
std::string Plain(const std::string& html) {
  std::string out;
  bool tag = false;
  for (size_t i = 0; i < html.size(); ++i) {
    if (html[i] == '<') tag = true;
    if (!tag && html.compare(i, 2, "&#") == 0) {
      const int code = std::atoi(html.c_str() + i + 2);
      out += static_cast<char>(0xE0 | code >> 12);
      out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (code & 0x3F));
      i = html.find(';', i);
    } else if (!tag) {
      out += html[i];
    }
    if (html[i] == '>') tag = false;
  }
  return out;
}

std::string Gunzip(const std::string& data) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(data.size() * 300 + 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int result = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return result == Z_STREAM_END ? out : "(broken)";
}

TEST(PortalTime, AgreesWithTheSystem) {
  for (int64_t time = -400000000; time < 4000000000; time += 86399 * 37) {
    const time_t china = time + kChinaOffset;
    tm expected{};
    gmtime_r(&china, &expected);
    const CivilTime civil = ToChina(time);
    ASSERT_EQ(civil.year, expected.tm_year + 1900);
    ASSERT_EQ(civil.month, expected.tm_mon + 1);
    ASSERT_EQ(civil.day, expected.tm_mday);
    ASSERT_EQ(civil.weekday, expected.tm_wday);
    int64_t back = 0;
    ASSERT_TRUE(ParseIso(IsoTime(time), &back));
    ASSERT_EQ(back, time);
    if (time >= 0) {
      ASSERT_EQ(ParseHttpDate(HttpDate(time)), time);
    }
  }
  int64_t time = 0;
  EXPECT_FALSE(ParseIso("2024-13-01", &time));
  EXPECT_FALSE(ParseIso("tomorrow", &time));
}

TEST(PortalText, VocabularyIsInGbk) {
  ASSERT_TRUE(LoadEncodings());
  std::string gbk;
  AppendEncoded(WholeVocabulary(), Encoding::kGbk, &gbk);
  EXPECT_THAT(gbk, Not(HasSubstr("&#")));
  EXPECT_EQ(Decode(gbk, "GBK"), WholeVocabulary());
}

TEST(PortalText, GlossesBreakCharacterPairs) {
  ASSERT_TRUE(LoadEncodings());
  EXPECT_EQ(AddGlosses("当地农户", GlossCount()), "當(dāng)?shù)剞r(nóng)戶");
  EXPECT_EQ(AddGlosses("规模化种植", GlossCount()), "規(guī)?；\xEE\x87\xACN植");
  EXPECT_EQ(AddGlosses("长期", GlossCount()), "長期");
}

TEST(PortalText, Latin1GarbleIsTheBytes) {
  ASSERT_TRUE(LoadEncodings());
  EXPECT_EQ(GarbleAsLatin1("中国政府网"), "ÖÐ¹úÕþ¸®Íø");
}

TEST(PortalFiles, GzipIsRead) {
  std::string text = "<html>";
  for (int i = 0; i < 3000; ++i)
    text += "<li><a href=\"/x/" + std::to_string(i * 7919 % 1000) + "\">政务公开</a></li>\n";
  EXPECT_EQ(Gunzip(Gzip(text)), text);
  EXPECT_LT(Gzip(text).size(), text.size() / 3);
  EXPECT_EQ(Gunzip(Gzip("")), "");
  EXPECT_EQ(Gunzip(Gzip("abc")), "abc");
}

TEST(PortalWorld, StepsOfTheClockDoNotMatter) {
  ASSERT_TRUE(LoadEncodings());
  WorldOptions options;
  options.clock = 1717372800;
  World at_once(options);
  World by_steps(options);
  at_once.AdvanceTo(options.clock + 40 * kDay);
  for (int64_t time = options.clock; time <= options.clock + 40 * kDay; time += 4711)
    by_steps.AdvanceTo(time);
  by_steps.AdvanceTo(options.clock + 40 * kDay);
  ASSERT_EQ(at_once.events().size(), by_steps.events().size());
  ASSERT_GT(at_once.events().size(), 300U);
  for (size_t i = 0; i < at_once.events().size(); ++i) {
    EXPECT_EQ(at_once.events()[i].time, by_steps.events()[i].time);
    EXPECT_EQ(at_once.events()[i].article, by_steps.events()[i].article);
  }
}

TEST(PortalWorld, EveryEditShows) {
  ASSERT_TRUE(LoadEncodings());
  WorldOptions options;
  options.clock = 1717372800;
  World world(options);
  for (uint32_t id = 0; id < 64; ++id) {
    for (int round = 0; round < 15; ++round) {
      const ArticleText before = world.TextOf(id);
      ASSERT_TRUE(world.Edit(id, kTitle | kBody | kSource | kPublished));
      const ArticleText after = world.TextOf(id);
      ASSERT_NE(before.title, after.title);
      ASSERT_NE(before.body, after.body);
      ASSERT_NE(before.source, after.source);
      ASSERT_NE(before.published, after.published);
    }
  }
}

TEST(PortalServer, SameSeedSameBytes) {
  const std::vector<std::string> arguments = {"--articles", "120", "--seed", "11"};
  PortalProcess first(kProgram, arguments);
  PortalProcess second(kProgram, arguments);
  PortalProcess other(kProgram, {"--articles", "120", "--seed", "12"});
  ASSERT_FALSE(first.base().empty());
  ASSERT_FALSE(second.base().empty());
  const std::string host = "www.hexi.example";
  // The second gets there in other steps.
  first.Get("/__control/advance?hours=120");
  for (int i = 0; i < 40; ++i) second.Get("/__control/advance?hours=3");
  for (const std::string& row : Truth(first, "article")) {
    const std::string path = PathOf(first, Value(row, "url"));
    const Answer a = first.Get(path, "Accept-Encoding: gzip\r\n", host);
    const Answer b = second.Get(path, "Accept-Encoding: gzip\r\n", host);
    ASSERT_EQ(a.status, b.status) << path;
    ASSERT_EQ(a.body, b.body) << path;
    ASSERT_EQ(a.headers, b.headers) << path;
  }
  for (const char* path :
       {"/", "/yw/index.html", "/tzgg.htm", "/sitemap.xml", "/robots.txt", "/__truth.json"}) {
    EXPECT_EQ(first.Get(path, "", host).body, second.Get(path, "", host).body) << path;
  }
  EXPECT_NE(first.Get("/yw/index.html").body, other.Get("/yw/index.html").body);
}

TEST(PortalServer, EveryLinkAnswersAsTheTruthSays) {
  PortalProcess portal(kProgram, {"--articles", "330", "--seed", "5", "--withdraw-per-day", "4"});
  ASSERT_FALSE(portal.base().empty());
  portal.Get("/__control/advance?days=10");
  std::map<std::string, std::string> state_of;
  std::set<std::string> known;
  for (const std::string& row : Truth(portal, "article"))
    state_of[PathOf(portal, Value(row, "url"))] = Value(row, "state");
  for (const std::string& row : Truth(portal, "url")) known.insert(PathOf(portal, Value(row, "url")));
  std::deque<std::string> queue = {"/", "/sitemap.xml", "/rss.xml"};
  std::set<std::string> seen(queue.begin(), queue.end());
  const std::regex link("(?:href|src)=\"([^\"]*)\"");
  const std::regex pager("createPageHTML\\((\\d+), (\\d+),");
  const std::regex location("<(?:loc|link)>([^<]*)</");
  size_t withdrawn = 0;
  while (!queue.empty()) {
    const std::string path = queue.front();
    queue.pop_front();
    const Answer answer = portal.Get(path);
    ASSERT_TRUE(answer.complete) << path;
    const auto article = state_of.find(path);
    const std::string state = article == state_of.end() ? "live" : article->second;
    if (state != "live") ++withdrawn;
    const int expected = state == "404" ? 404 : state == "410" ? 410 : state == "redirect" ? 302 : 200;
    ASSERT_EQ(answer.status, expected) << path;
    if (state == "soft404") {
      EXPECT_THAT(answer.body, testing::AnyOf(HasSubstr("不存在"), HasSubstr("删除")));
    }
    const auto add = [&](std::string target) {
      if (target.rfind(portal.base(), 0) == 0) target = target.substr(portal.base().size());
      if (target.rfind("./", 0) == 0) target = path.substr(0, path.rfind('/')) + target.substr(1);
      if (target.empty() || target[0] != '/' || !seen.insert(target).second) return;
      EXPECT_THAT(target, Not(HasSubstr("/__")));
      queue.push_back(target);
    };
    for (std::sregex_iterator it(answer.body.begin(), answer.body.end(), link), end; it != end; ++it)
      add((*it)[1]);
    for (std::sregex_iterator it(answer.body.begin(), answer.body.end(), location), end; it != end; ++it)
      add((*it)[1]);
    std::smatch match;
    if (std::regex_search(answer.body, match, pager)) {
      for (int i = 1; i < std::stoi(match[1]); ++i) {
        add(path.substr(0, path.rfind('/')) + "/index_" + std::to_string(i) + ".html");
      }
    }
  }
  for (const auto& [path, state] : state_of) {
    if (state == "live") {
      EXPECT_TRUE(seen.count(path) == 1) << path;
    }
  }
  for (const std::string& path : known) EXPECT_TRUE(seen.count(path) == 1) << path;
  EXPECT_GT(withdrawn, 5U);
  EXPECT_EQ(portal.Get("/yw/202406/t20240601_99999999.html").status, 404);
  EXPECT_EQ(portal.Get("/tzgg/999.htm").status, 404);
  EXPECT_EQ(portal.Get("/zwgk/list_1.html").status, 404);
}

TEST(PortalServer, PagesDecodeToTheTruth) {
  PortalProcess portal(kProgram, {"--articles", "400", "--seed", "3"});
  ASSERT_FALSE(portal.base().empty());
  std::map<std::string, int> troubles;
  for (const std::string& row : Truth(portal, "article")) {
    const std::string trouble = Value(row, "encoding_trouble");
    ++troubles[trouble];
    const std::string path = PathOf(portal, Value(row, "url"));
    const Answer answer = portal.Get(path);
    ASSERT_TRUE(answer.complete);
    const std::string text = Decode(answer.body, Value(row, "charset"));
    ASSERT_FALSE(text.empty()) << path;
    const std::string plain = Plain(text);
    if (trouble == "gloss" || trouble == "latin1") {
      EXPECT_THAT(plain, Not(HasSubstr(Value(row, "title")))) << path;
      continue;
    }
    EXPECT_THAT(plain, HasSubstr(Value(row, "title"))) << path;
    EXPECT_THAT(plain, HasSubstr(Value(row, "source"))) << path;
    const std::string body = Value(row, "body");
    for (size_t from = 0; from < body.size();) {
      const size_t end = std::min(body.find('\n', from), body.size());
      ASSERT_THAT(plain, HasSubstr(body.substr(from, end - from))) << path;
      from = end + 1;
    }
    if (Value(row, "counter") == "inline") {
      EXPECT_THAT(plain, HasSubstr(Value(row, "clicks"))) << path;
    }
    if (trouble == "mislabelled") {
      EXPECT_THAT(answer.headers.at("content-type"), HasSubstr("UTF-8"));
    }
    if (trouble == "unlabelled") {
      EXPECT_THAT(answer.body, Not(HasSubstr("charset=")));
    }
  }
  for (const char* trouble : {"null", "gb2312_label", "unlabelled", "mislabelled", "latin1", "gloss"}) {
    EXPECT_GT(troubles[trouble], 0) << trouble;
  }
  PortalProcess plain(kProgram, {"--articles", "100", "--only-utf8"});
  for (const std::string& row : Truth(plain, "article")) {
    EXPECT_EQ(Value(row, "charset"), "UTF-8");
    EXPECT_EQ(Value(row, "encoding_trouble"), "null");
  }
}

TEST(PortalServer, ClockMovesWhatPagesSay) {
  PortalProcess portal(kProgram, {"--articles", "80", "--edit-per-day", "10", "--seed", "2"});
  ASSERT_FALSE(portal.base().empty());
  const auto before = Truth(portal, "article");
  EXPECT_TRUE(Truth(portal, "event").empty());
  portal.Get("/__control/advance?days=3");
  const auto after = Truth(portal, "article");
  const auto events = Truth(portal, "event");
  EXPECT_EQ(after.size(), before.size() + 18);
  std::map<std::string, std::string> edited;
  for (const std::string& event : events) {
    if (Value(event, "kind") == "edited")
      edited[Value(event, "id")] += event.substr(event.find("\"fields\""));
  }
  EXPECT_GT(edited.size(), 15U);
  for (size_t id = 0; id < before.size(); ++id) {
    const std::string fields = edited.count(std::to_string(id)) != 0 ? edited[std::to_string(id)] : "";
    for (const char* field : {"title", "body", "source", "published"}) {
      EXPECT_EQ(Value(before[id], field) != Value(after[id], field), fields.find(field) != std::string::npos)
          << id << field;
    }
    if (Value(before[id], "clicks") != "null") {
      EXPECT_LE(std::stoll(Value(before[id], "clicks")), std::stoll(Value(after[id], "clicks")));
    }
  }
}

TEST(PortalServer, EventsByHand) {
  PortalProcess portal(kProgram, {"--articles", "40"});
  ASSERT_FALSE(portal.base().empty());
  const auto rows = Truth(portal, "article");
  const std::string path = PathOf(portal, Value(rows[39], "url"));
  const std::string list = "/zzjl/list.html";
  ASSERT_THAT(portal.Get(list).body, HasSubstr(path));
  EXPECT_EQ(portal.Get("/__control/withdraw?id=39&how=410").status, 200);
  EXPECT_EQ(portal.Get("/__control/withdraw?id=39").status, 400);
  EXPECT_EQ(portal.Get(path).status, 410);
  EXPECT_THAT(portal.Get(list).body, Not(HasSubstr(path)));
  EXPECT_EQ(portal.Get("/__control/restore?id=39").status, 200);
  EXPECT_EQ(portal.Get(path).status, 200);
  EXPECT_EQ(portal.Get("/__control/edit?id=39&fields=title,source").status, 200);
  EXPECT_EQ(portal.Get("/__control/publish?column=2").status, 200);
  EXPECT_EQ(Truth(portal, "event").size(), 3U + 3U);
  EXPECT_EQ(portal.Get("/__control/clock?set=2020-01-01").status, 400);
  EXPECT_EQ(portal.Get("/__control/nonsense").status, 400);
}

TEST(PortalServer, ConditionalRequests) {
  PortalProcess portal(kProgram, {"--articles", "160"});
  ASSERT_FALSE(portal.base().empty());
  int with_validators = 0;
  for (const std::string& row : Truth(portal, "article")) {
    const std::string path = PathOf(portal, Value(row, "url"));
    const Answer answer = portal.Get(path);
    ASSERT_EQ(answer.headers.count("etag") == 1, Value(row, "validators") == "true") << path;
    if (answer.headers.count("etag") == 0) continue;
    ++with_validators;
    const std::string tag = "If-None-Match: " + answer.headers.at("etag") + "\r\n";
    const std::string since = "If-Modified-Since: " + answer.headers.at("last-modified") + "\r\n";
    EXPECT_EQ(portal.Get(path, tag).status, 304);
    EXPECT_EQ(portal.Get(path, since).status, 304);
    portal.Get("/__control/advance?minutes=1");
    portal.Get("/__control/edit?id=" + Value(row, "id"));
    EXPECT_EQ(portal.Get(path, tag).status, 200);
    EXPECT_EQ(portal.Get(path, since).status, 200);
  }
  EXPECT_GT(with_validators, 30);
}

TEST(PortalServer, UnchangedTagMeansUnchangedBytes) {
  PortalProcess portal(kProgram, {"--articles", "160", "--edit-per-day", "30"});
  ASSERT_FALSE(portal.base().empty());
  std::map<std::string, Answer> before;
  for (const std::string& row : Truth(portal, "article")) {
    if (Value(row, "validators") == "true") before[PathOf(portal, Value(row, "url"))];
  }
  for (auto& [path, answer] : before) answer = portal.Get(path);
  portal.Get("/__control/advance?hours=30");
  int same = 0;
  for (auto& [path, answer] : before) {
    const Answer now = portal.Get(path);
    if (now.status != 200 || now.headers.at("etag") != answer.headers.at("etag")) continue;
    ++same;
    EXPECT_EQ(now.body, answer.body) << path;
  }
  EXPECT_GT(same, 5);
}

TEST(PortalServer, CodingsAndCounters) {
  PortalProcess portal(kProgram, {"--articles", "200"});
  ASSERT_FALSE(portal.base().empty());
  int gzip = 0;
  int chunked = 0;
  for (const std::string& row : Truth(portal, "article")) {
    const std::string path = PathOf(portal, Value(row, "url"));
    const Answer plain = portal.Get(path);
    const Answer packed = portal.Get(path, "Accept-Encoding: gzip, br\r\n");
    EXPECT_EQ(plain.headers.count("content-encoding"), 0U);
    chunked += plain.headers.count("transfer-encoding") != 0 ? 1 : 0;
    if (packed.headers.count("content-encoding") != 0) {
      ++gzip;
      EXPECT_EQ(Gunzip(packed.body), plain.body);
    }
    const std::string counter = Value(row, "counter_url");
    if (counter == "null") continue;
    const long long clicks = std::stoll(Value(row, "clicks"));
    const std::string counter_path = PathOf(portal, counter);
    const std::string first = portal.Get(counter_path).body;
    EXPECT_EQ(first, portal.Get(counter_path).body);
    const bool empire = Value(row, "counter") == "empire";
    EXPECT_THAT(first, HasSubstr(std::to_string(empire ? clicks + 1 : clicks)));
    if (empire) {
      portal.Get(counter_path + "&addclick=1");
      EXPECT_THAT(portal.Get(counter_path).body, HasSubstr(std::to_string(clicks + 2)));
    }
  }
  EXPECT_GT(gzip, 5);
  EXPECT_GT(chunked, 5);
  const std::string stats = portal.Get("/__control/stats").body;
  EXPECT_THAT(stats, HasSubstr("\"counter_increment\":25"));
  EXPECT_THAT(stats, HasSubstr("\"disallowed\":0"));
}

TEST(PortalServer, ListsThatAskForMore) {
  PortalProcess portal(kProgram, {"--articles", "200", "--list-counters", "--posted-lists"});
  ASSERT_FALSE(portal.base().empty());
  // Numbers of a VSB list by one request, in its order.
  const std::string list = portal.Get("/tzgg.htm").body;
  const size_t call = list.find("_showDynClickBatch([");
  ASSERT_NE(call, std::string::npos);
  const size_t open = list.find("],[", call) + 3;
  const std::string ids = list.substr(open, list.find(']', open) - open);
  const std::string answer = portal.Get("/system/resource/code/news/click/dynclicksbatch.jsp?clickids=" + ids).body;
  EXPECT_EQ(std::count(answer.begin(), answer.end(), ','), std::count(ids.begin(), ids.end(), ','));
  for (const std::string& row : Truth(portal, "article")) {
    if (Value(row, "counter") == "vsb" && ids.starts_with(std::to_string(std::stoul(Value(row, "id")) + kFirstNumber) + ",")) {
      EXPECT_TRUE(answer.starts_with(Value(row, "clicks") + ",")) << answer;
    }
  }
  // Rows by POST only.
  const std::string column = portal.Get("/xzdt/list.html").body;
  EXPECT_THAT(column, HasSubstr("$.post(\"/getFileListByCodeId\""));
  EXPECT_THAT(column, Not(HasSubstr("/xzdt/art/")));
  EXPECT_EQ(portal.Get("/xzdt/list_2.html").status, 404);
  EXPECT_EQ(portal.Get("/getFileListByCodeId?page=1&size=20").status, 405);
  // Without the two, lists are as they always were.
  PortalProcess plain(kProgram, {"--articles", "200"});
  EXPECT_THAT(plain.Get("/tzgg.htm").body, Not(HasSubstr("_showDynClickBatch")));
  EXPECT_THAT(plain.Get("/xzdt/list.html").body, HasSubstr("/xzdt/art/"));
}

TEST(PortalServer, FaultsComeAndGo) {
  PortalProcess portal(kProgram, {"--articles", "40"});
  ASSERT_FALSE(portal.base().empty());
  EXPECT_EQ(portal.Get("/faults/loop-a.html").status, 404);
  EXPECT_EQ(portal.Get("/calendar?y=2024&m=1").status, 404);
  EXPECT_THAT(portal.Get("/").body, Not(HasSubstr("/faults/")));
  EXPECT_EQ(portal.Get("/__control/fault?loop=on&calendar=on&length=on&hostile=on&endless=on").status, 200);
  EXPECT_THAT(portal.Get("/").body, HasSubstr("/faults/loop-a.html"));
  EXPECT_EQ(portal.Get("/faults/loop-a.html").headers.at("location"), "/faults/loop-b.html");
  EXPECT_THAT(portal.Get("/calendar?y=2024&m=12").body, HasSubstr("y=2025&amp;m=1\""));
  EXPECT_FALSE(portal.Get("/faults/length-long.html").complete);
  EXPECT_FALSE(portal.Get("/faults/length-short.html").complete);
  EXPECT_GT(portal.Get("/faults/endless.html").body.size(), 30U << 20);
  EXPECT_EQ(portal.Get("/faults/bad-gzip.html").headers.at("content-encoding"), "gzip");
  EXPECT_LT(portal.Get("/faults/bomb.html").body.size(), 2U << 20);
  for (const char* kind : {"503", "waf", "412", "reset"}) {
    portal.Get(std::string("/__control/fault?outage=") + kind);
    const int expected = std::string(kind) == "waf" ? 200 : std::atoi(kind);
    EXPECT_EQ(portal.Get("/yw/index.html").status, expected) << kind;
    EXPECT_EQ(portal.Get("/").status, expected) << kind;
    EXPECT_EQ(portal.Get("/__truth.json?body=0").status, 200);
  }
  EXPECT_EQ(portal.Get("/__control/fault?outage=flood").status, 400);
  portal.Get("/__control/fault?clear=1&busy=1&retry-after=7");
  const Answer busy = portal.Get("/yw/index.html");
  EXPECT_THAT(busy.status, testing::AnyOf(429, 503));
  EXPECT_EQ(busy.headers.at("retry-after"), "7");
  portal.Get("/__control/fault?clear=1&cut=1");
  EXPECT_FALSE(portal.Get("/yw/index.html").complete);
  portal.Get("/__control/fault?clear=1&slow=200");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(portal.Get("/yw/index.html").status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(190));
  portal.Get("/__control/fault?clear=1");
  EXPECT_EQ(portal.Get("/yw/index.html").status, 200);
  EXPECT_EQ(portal.Stop(), 0);
}

}  // namespace
}  // namespace fangzhi::portal
