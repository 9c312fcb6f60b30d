// The vectors of corpus/conformance/{url,surt}. Skipped where the corpus is not there.
#include <gtest/gtest.h>
#include <iconv.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/corpus.h"
#include "url/url.h"

namespace fangzhi::url {
namespace {

using nlohmann::json;

std::string CorpusFile(const std::string& name) {
  return test::Corpus() + "/conformance/" + name;
}

// Lone surrogates in a "\uXXXX" are what JavaScript strings may hold; as UTF-8 they are U+FFFD.
std::string ReplaceLoneSurrogates(std::string line) {
  auto unit_at = [&line](size_t i) -> unsigned {
    if (i + 6 > line.size() || line[i] != '\\' || line[i + 1] != 'u') return 0;
    return static_cast<unsigned>(std::stoul(line.substr(i + 2, 4), nullptr, 16));
  };
  for (size_t i = 0; i < line.size();) {
    if (line[i] != '\\') {
      ++i;
      continue;
    }
    if (line[i + 1] != 'u') {
      i += 2;
      continue;
    }
    const unsigned unit = unit_at(i), next = unit_at(i + 6);
    if (unit >= 0xD800 && unit < 0xDC00 && next >= 0xDC00 && next < 0xE000) {
      i += 12;
      continue;
    }
    if (unit >= 0xD800 && unit < 0xE000) line.replace(i + 2, 4, "fffd");
    i += 6;
  }
  return line;
}

std::vector<json> ReadCases(const std::string& name) {
  std::vector<json> cases;
  std::ifstream file(CorpusFile(name));
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) cases.push_back(json::parse(ReplaceLoneSurrogates(line)));
  }
  return cases;
}

#define READ_OR_SKIP(cases, name)                  \
  const std::vector<json> cases = ReadCases(name); \
  FANGZHI_NEEDS_CASES(cases.size(), std::string("conformance/") + (name))

TEST(UrlConformance, WebPlatformTests) {
  READ_OR_SKIP(cases, "url/wpt_urltestdata_http.jsonl");
  for (const json& c : cases) {
    SCOPED_TRACE(c.dump());
    std::optional<Url> base;
    if (c["base"].is_string()) {
      Result<Url> parsed = Parse(c["base"].get<std::string>());
      ASSERT_TRUE(parsed.has_value());
      base = *parsed;
    }
    const Result<Url> url = Parse(c["input"].get<std::string>(), base ? &*base : nullptr);
    if (c.value("failure", false)) {
      EXPECT_FALSE(url.has_value()) << url->Href();
      continue;
    }
    ASSERT_TRUE(url.has_value()) << url.error().ToString();
    EXPECT_EQ(url->Href(), c["href"]);
    EXPECT_EQ(url->scheme + ":", c["protocol"]);
    EXPECT_EQ(url->username, c["username"]);
    EXPECT_EQ(url->password, c["password"]);
    EXPECT_EQ(url->HostPort(), c["host"]);
    EXPECT_EQ(url->host.value_or(""), c["hostname"]);
    EXPECT_EQ(url->port ? std::to_string(*url->port) : "", c["port"]);
    EXPECT_EQ(url->path, c["pathname"]);
    EXPECT_EQ(url->query && !url->query->empty() ? "?" + *url->query : "", c["search"]);
    EXPECT_EQ(url->fragment && !url->fragment->empty() ? "#" + *url->fragment : "", c["hash"]);
    if (c.contains("origin")) {
      EXPECT_EQ(url->Origin(), c["origin"]);
    }
  }
}

TEST(UrlConformance, DomainToAscii) {
  READ_OR_SKIP(cases, "url/wpt_toascii.jsonl");
  for (const json& c : cases) {
    SCOPED_TRACE(c.dump());
    const Result<std::string> ascii = HostToAscii(c["input"].get<std::string>());
    if (c["ascii"].is_null()) {
      EXPECT_FALSE(ascii.has_value()) << *ascii;
    } else {
      ASSERT_TRUE(ascii.has_value()) << ascii.error().ToString();
      EXPECT_EQ(*ascii, c["ascii"]);
    }
  }
}

// An encoder as decode/ makes one: character by character, "&#NNNN;" for what the encoding lacks.
QueryEncoder IconvEncoder(const std::string& encoding) {
  return [encoding](std::string_view utf8) {
    std::string out;
    iconv_t converter = iconv_open(encoding.c_str(), "UTF-8");
    EXPECT_NE(converter, reinterpret_cast<iconv_t>(-1)) << encoding;
    std::string input(utf8);
    char* from = input.data();
    size_t from_left = input.size();
    char buffer[256];
    while (from_left > 0) {
      char* to = buffer;
      size_t to_left = sizeof buffer;
      const size_t converted = iconv(converter, &from, &from_left, &to, &to_left);
      out.append(buffer, sizeof buffer - to_left);
      if (converted != static_cast<size_t>(-1)) break;
      // Only three-byte characters are in the vectors.
      const auto* bytes = reinterpret_cast<const unsigned char*>(from);
      const unsigned code_point = (bytes[0] & 15u) << 12 | (bytes[1] & 63u) << 6 | (bytes[2] & 63u);
      out += "&#" + std::to_string(code_point) + ";";
      from += 3;
      from_left -= 3;
    }
    char* to = buffer;
    size_t to_left = sizeof buffer;
    iconv(converter, nullptr, nullptr, &to, &to_left);
    out.append(buffer, sizeof buffer - to_left);
    iconv_close(converter);
    return out;
  };
}

TEST(UrlConformance, QueryInTheEncodingOfThePage) {
  READ_OR_SKIP(cases, "url/wpt_percent_encoding_by_charset.jsonl");
  for (const json& c : cases) {
    for (const auto& [label, expected] : c["output"].items()) {
      SCOPED_TRACE(label + " " + c.dump());
      const std::string encoding = label == "shift_jis" ? "SJIS" : label;
      const QueryEncoder encoder = encoding == "utf-8" ? QueryEncoder() : IconvEncoder(encoding);
      const Result<Url> url = Parse("http://a.example/?" + c["input"].get<std::string>(), nullptr, encoder);
      ASSERT_TRUE(url.has_value());
      EXPECT_EQ(*url->query, expected);
    }
  }
}

TEST(SurtConformance, ReferenceImplementations) {
  READ_OR_SKIP(cases, "surt/surt_reference_outputs.jsonl");
  size_t majority = 0, majority_equal = 0;
  for (const json& c : cases) {
    const std::string key = Surt(c["url"].get<std::string>());
    if (c["profile"] == "consensus") {
      EXPECT_EQ(key, c["expected"]) << c.dump();
    }
    if (c["profile"] == "majority") {
      ++majority;
      if (key == c["expected"]) {
        ++majority_equal;
      } else {
        std::cout << "majority: " << key << " for " << c.dump() << "\n";
      }
    }
  }
  RecordProperty("majority_equal", static_cast<int>(majority_equal));
  EXPECT_GE(majority_equal * 100, majority * 95);
}

TEST(SurtConformance, KeysInIndexesOfOthers) {
  READ_OR_SKIP(cases, "surt/cdx_urlkey_pairs.jsonl");
  for (const json& c : cases) {
    const std::string expected = c["urlkey"];
    if (expected.find("__wb_method") != std::string::npos) continue;  // the key of a POST has its body
    EXPECT_EQ(Surt(c["url"].get<std::string>()), expected) << c.dump();
  }
}

TEST(SurtConformance, WholeFunctionWithDefaultOptions) {
  READ_OR_SKIP(cases, "surt/surt_cases.jsonl");
  for (const json& c : cases) {
    if (c["kind"] != "surt" || !c["options"].empty()) continue;
    EXPECT_EQ(Surt(c["input"].get<std::string>()), c["expected"]) << c.dump();
  }
}

}  // namespace
}  // namespace fangzhi::url
