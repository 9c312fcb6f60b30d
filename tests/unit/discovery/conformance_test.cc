// The cases of corpus/conformance/{sitemap,feed,dates}. Skipped where the corpus is not there.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/strings.h"
#include "discovery/discovery.h"
#include "support/corpus.h"
#include "url/url.h"

namespace fangzhi::discovery {
namespace {

using nlohmann::json;

std::string Folder() {
  return test::Corpus() + "/conformance/";
}
std::vector<json> ReadCases(const std::string& name) {
  std::ifstream file(Folder() + name);
  std::vector<json> cases;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) cases.push_back(json::parse(line));
  }
  return cases;
}
std::string Text(const json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

TEST(SitemapConformance, ItemsAndRefusals) {
  const auto cases = ReadCases("sitemap/expected.jsonl");
  FANGZHI_NEEDS_CASES(cases.size(), "conformance/sitemap");
  int equal = 0;
  for (const json& c : cases) {
    std::ifstream file(Folder() + "sitemap/" + Text(c["file"]), std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    const std::string payload = bytes.str();
    const Document found = Parse({Text(c["fetched_from"]), Text(c["content_type"]), payload});
    std::string problem;
    if (c["reject"].get<bool>()) {
      if (found.kind != Kind::kNone) problem = "should be refused";
    } else {
      if (c["is_index"].get<bool>() != (found.kind == Kind::kSitemapIndex)) problem = "kind " + std::string(KindName(found.kind));
      std::vector<std::pair<std::string, std::string>> expected, got;
      for (const json& item : c["items"]) expected.emplace_back(Text(item["loc"]), Text(item["lastmod"]));
      for (const Item& item : found.items) {
        const auto& time = item.updated ? item.updated : found.kind == Kind::kRss || found.kind == Kind::kAtom ? item.published : item.updated;
        got.emplace_back(item.url, time ? ReplaceAll(FormatIso8601(*time), "+00:00", "Z") : "");
      }
      if (expected != got) {
        problem = "items:";
        for (const auto& [loc, time] : got) problem += " " + loc + "@" + time;
      }
      // A cut document is read as far as it came, whatever the mode.
      for (size_t i = 0; problem.empty() && i < found.items.size() && found.kind == Kind::kSitemap; ++i) {
        if (c["items"][i].contains("valid") && c["items"][i]["valid"].get<bool>() == found.items[i].outside) problem = "place of " + found.items[i].url;
      }
    }
    if (problem.empty()) {
      ++equal;
    } else {
      ADD_FAILURE() << problem << "\n" << c.dump().substr(0, 1500);
    }
  }
  EXPECT_EQ(equal, static_cast<int>(cases.size()));
  EXPECT_EQ(cases.size(), 28u);
}

// feedparser's names of what we read; nullopt for what this station does not (it wants URLs, titles, dates; not every element of every module).
std::optional<std::string> Value(const Document& found, const json& path) {
  const auto time = [](const std::optional<UtcTime>& at) { return at ? FormatIso8601(*at) : std::string(); };
  std::vector<std::string> names;
  for (const json& part : path) names.push_back(part.is_string() ? part.get<std::string>() : std::to_string(part.get<int>()));
  if (names.empty()) return std::nullopt;
  if (names[0] == "encoding") return found.charset;
  if (names[0] == "feed" && names.size() == 2) {
    if (names[1] == "title") return found.title;
    if (names[1] == "link") return found.link;
    if (names[1] == "description" || names[1] == "subtitle") return found.description;
    if (names[1] == "language") return found.language;
    if (names[1] == "updated_parsed") return time(found.updated);
  }
  if (names[0] == "entries" && names.size() >= 3) {
    const size_t index = static_cast<size_t>(std::atoi(names[1].c_str()));
    static const Item kNoSuchEntry = [] {
      Item none;
      none.title = none.url = none.id = none.summary = "(no such entry)";
      return none;
    }();
    const Item& item = index < found.items.size() ? found.items[index] : kNoSuchEntry;
    if (names.size() == 3) {
      if (names[2] == "title") return item.title;
      if (names[2] == "link") return item.url;
      if (names[2] == "id" || names[2] == "guid") return item.id;
      if (names[2] == "summary") return item.summary;
      // feedparser's name for the summary or, where there is none, the content.
      if (names[2] == "description") return item.summary.empty() ? item.content : item.summary;
      if (names[2] == "published_parsed") return time(item.published);
      if (names[2] == "updated_parsed") return time(item.updated);
    }
    if (names.size() == 5 && names[2] == "enclosures" && (names[4] == "href" || names[4] == "url")) {
      const size_t which = static_cast<size_t>(std::atoi(names[3].c_str()));
      return which < item.enclosures.size() ? item.enclosures[which] : std::string();
    }
  }
  return std::nullopt;
}

// What a reader sees of a text with markup: feedparser keeps some elements, drops others and resolves the addresses in them; none of that is this
// station's work.
std::string Shown(const std::string& markup) {
  std::string text;
  bool tag = false;
  for (const char c : markup) {
    if (c == '<') tag = true;
    if (!tag) text.push_back(c);
    if (c == '>') tag = false;
  }
  for (const auto& [from, to] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) text = ReplaceAll(text, from, to);
  return std::string(TrimAscii(text));
}

// What feedparser would have given, in our form.
std::string Expected(const json& check) {
  const json& value = check["equals"];
  if (value.is_array() && value.size() >= 6) {
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d+00:00", value[0].get<int>(), value[1].get<int>(), value[2].get<int>(),
                  value[3].get<int>(), value[4].get<int>(), value[5].get<int>());
    return text;
  }
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// Where feedparser and the standards part, and this station is with the standards; the reason stands beside each.
bool IsDisputed(std::string_view id) {
  static constexpr std::string_view kDisputed[] = {
      "rss/item_image_link_conflict.xml",             // keeps a host's capitals, which every URL parser folds (WHATWG URL 3.5)
      "base/http_entry_id_base_content_location.xml",  // resolves atom:id, which is compared as characters and never relative (RFC 4287, 4.2.6)
      "base/http_entry_id_base_docuri.xml",
      "encoding/http_text_xml_bogus_charset.xml",  // text/xml without a charset is US-ASCII by RFC 3023, which RFC 7303 made obsolete
      "encoding/http_text_xml_qs.xml",
      "encoding/demoronize-3.xml",   // rewrites references inside escaped HTML, which is the reader's to show, not the text's to hold
      "encoding/bozo_linenoise.xml"  // UTF-8 with a markup fault is read as windows-1252 because of the fault
  };
  return std::any_of(std::begin(kDisputed), std::end(kDisputed), [id](std::string_view end) { return id.ends_with(end); });
}

TEST(FeedConformance, WhatThisStationReads) {
  const auto cases = ReadCases("feed/feed_cases.jsonl");
  FANGZHI_NEEDS_CASES(cases.size(), "conformance/feed");
  std::map<std::string, std::pair<int, int>> counts;  // by field: equal, all
  int outside = 0, disputed = 0, equal = 0, all = 0;
  for (const json& c : cases) {
    const std::string content =
        c.contains("content") ? c["content"].get<std::string>() : FromBase64(c["content_b64"].get<std::string>()).value_or("");
    std::string content_type, location = "http://127.0.0.1:8097/" + Text(c["id"]);
    for (const auto& [name, value] : c["headers"].items()) {
      if (EqualsIgnoreAsciiCase(name, "content-type")) content_type = Text(value);
      if (EqualsIgnoreAsciiCase(name, "content-location")) {
        if (const auto base = url::Parse(location)) {
          if (const auto moved = url::Parse(Text(value), &*base); moved && moved->IsHttp()) location = moved->Href();
        }
      }
    }
    const Document found = Parse({location, content_type, content});
    for (const json& check : c["checks"]) {
      if (!check.contains("equals")) continue;
      const auto got = Value(found, check["path"]);
      if (!got) {
        ++outside;
        continue;
      }
      const json& path = check["path"];
      const std::string field = (path[0].is_string() ? path[0].get<std::string>() : "") + "." + (path.back().is_string() ? path.back().get<std::string>() : "");
      std::string expected = Expected(check), have = *got;
      if (field.starts_with("encoding")) {
        const auto fold = [](std::string name) {
          name = ToAsciiLower(name);
          if (name == "gb2312" || name == "gbk") name = "gb18030";
          if (name == "iso-8859-1" || name == "us-ascii") name = "windows-1252";
          return name;
        };
        expected = fold(expected);
        have = fold(have);
      }
      if (field.ends_with("title") || field.ends_with("summary") || field.ends_with("description") || field.ends_with("subtitle")) {
        expected = Shown(expected);
        if (!field.ends_with(".title")) have = Shown(have);
      }
      if (IsDisputed(Text(c["id"]))) {
        ++disputed;
        continue;
      }
      ++counts[field].second;
      ++all;
      if (expected == have) {
        ++counts[field].first;
        ++equal;
      } else {
        std::cout << Text(c["id"]) << " " << path.dump() << ": expected '" << expected.substr(0, 100) << "', got '" << have.substr(0, 100) << "'\n";
      }
    }
  }
  for (const auto& [field, count] : counts) std::cout << field << ": " << count.first << " of " << count.second << "\n";
  std::cout << "all: " << equal << " of " << all << "; disputed: " << disputed << "; of elements that are not read: " << outside << "\n";
  EXPECT_GE(all, 100);
  EXPECT_EQ(equal, all);
  EXPECT_LE(disputed, 7);
}

TEST(DateConformance, FeedsAndSitemaps) {
  const auto cases = ReadCases("dates/feed_and_sitemap_dates.jsonl");
  FANGZHI_NEEDS_CASES(cases.size(), "conformance/dates");
  int equal = 0;
  for (const json& c : cases) {
    const auto got = ParseDate(Text(c["input"]));
    const auto seconds = got ? std::optional(std::chrono::floor<std::chrono::seconds>(*got)) : std::nullopt;
    const std::string have = seconds ? ReplaceAll(FormatIso8601(UtcTime(*seconds)), "+00:00", "Z") : "";
    if (have == Text(c["utc"])) {
      ++equal;
    } else {
      std::cout << c["format"] << " '" << Text(c["input"]) << "': expected '" << Text(c["utc"]) << "', got '" << have << "'\n";
    }
  }
  std::cout << equal << " of " << cases.size() << "\n";
  EXPECT_GE(equal, static_cast<int>(cases.size()) - 1) << "\"-03-12\" names no year: nobody could know it";
}

}  // namespace
}  // namespace fangzhi::discovery
