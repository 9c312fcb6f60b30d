// The decoders against the Encoding Standard's vectors and real pages, where the development corpus is at hand.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/strings.h"
#include "decode/decode.h"
#include "support/corpus.h"
#include "text/text.h"

namespace fangzhi::decode {
namespace {

using nlohmann::json;

std::filesystem::path Corpus() { return test::Corpus(); }

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<json> Lines(const std::string& name) {
  std::vector<json> rows;
  std::ifstream file(Corpus() / name);
  for (std::string line; std::getline(file, line);) rows.push_back(json::parse(line));
  EXPECT_FALSE(rows.empty()) << "no case in " << name;
  return rows;
}

class DecodeCorpus : public ::testing::Test {
 protected:
  void SetUp() override {
    FANGZHI_NEEDS_CASES(std::filesystem::exists(Corpus() / "encoding") ? 1 : 0, "encoding/");
  }
};

bool SameFamily(std::string_view got, std::string_view expected) {
  auto family = [](std::string name) {
    if (name == "GBK" || name == "gb18030" || name == "gb2312" || name == "GB2312") return std::string("gb");
    return ToAsciiLower(name);
  };
  return family(std::string(got)) == family(std::string(expected));
}

TEST_F(DecodeCorpus, EveryVectorOfTheStandard) {
  size_t count = 0;
  for (const char* file : {"gb18030_two_byte_rows", "gb18030_four_byte", "big5_rows", "errors_and_specials"}) {
    for (const json& row : Lines(std::string("encoding/whatwg/") + file + ".jsonl")) {
      const auto encoding = EncodingForLabel(row["encoding"].get<std::string>());
      ASSERT_TRUE(encoding.has_value());
      EXPECT_EQ(DecodeAs(*FromHex(row["input_hex"].get<std::string>()), *encoding).text, row["expected"].get<std::string>())
          << row["id"];
      ++count;
    }
  }
  EXPECT_EQ(count, 862u);
}

TEST_F(DecodeCorpus, EveryLabelOfTheStandard) {
  const auto rows = Lines("encoding/whatwg/labels.jsonl");
  EXPECT_EQ(rows.size(), 228u);
  for (const json& row : rows) {
    EXPECT_EQ(EncodingForLabel(row["label"].get<std::string>()), row["name"].get<std::string>()) << row["label"];
  }
}

TEST_F(DecodeCorpus, PrescanAndSniffingOrder) {
  size_t count = 0;
  for (const char* file : {"html_prescan", "html_sniffing_order"}) {
    for (const json& row : Lines(std::string("conformance/encoding/") + file + ".jsonl")) {
      const std::string bytes = *FromBase64(row["html_b64"].get<std::string>());
      DecodeOptions options;
      std::string content_type;
      if (row.contains("transport") && row["transport"].is_string()) {
        content_type = "text/html; charset=" + row["transport"].get<std::string>();
      }
      options.content_type = content_type;
      const DecodedText decoded = Decode(bytes, options);
      const auto expected = EncodingForLabel(row["encoding"].get<std::string>());
      ++count;
      if (row.contains("default") && row["default"].is_string() && row["default"] == row["encoding"]) {
        EXPECT_EQ(decoded.declared, std::nullopt);  // what remains for a default is not part of the prescan
        continue;
      }
      EXPECT_EQ(decoded.charset, *expected) << row["source"] << " " << row.value("name", "") << "\n" << bytes.substr(0, 300);
    }
  }
  EXPECT_EQ(count, 65u);
}

TEST_F(DecodeCorpus, CharsetAndTextOfSamples) {
  std::map<std::string, std::pair<int, int>> by_family;
  int wrong = 0;
  int total = 0;
  for (const json& row : Lines("encoding/charset.jsonl")) {
    const std::string bytes = *FromHex(row["input_hex"].get<std::string>());
    DecodeOptions options;
    std::string content_type;
    if (row.contains("http_charset") && row["http_charset"].is_string()) {
      content_type = "text/html; charset=" + row["http_charset"].get<std::string>();
    }
    options.content_type = content_type;
    const DecodedText decoded = Decode(bytes, options);
    const std::string encoding = row["encoding"];
    const bool text_right = decoded.text == row["expected"].get<std::string>();
    const bool right = SameFamily(decoded.charset, encoding.substr(0, encoding.find('+'))) &&
                       (text_right || !row["lossless"].get<bool>());
    ++total;
    auto& tally = by_family[row["family"].get<std::string>() + " " + encoding];
    ++tally.second;
    if (right) {
      ++tally.first;
    } else {
      ++wrong;
      std::cout << row["id"] << " " << row["note"] << ": " << decoded.charset << " by " << decoded.basis << ", text "
                << (text_right ? "right" : "wrong") << "\n";
    }
  }
  for (const auto& [family, tally] : by_family) {
    if (tally.first != tally.second) std::cout << family << ": " << tally.first << "/" << tally.second << "\n";
  }
  std::cout << total - wrong << " of " << total << " right\n";
  EXPECT_EQ(total, 151);
  EXPECT_EQ(wrong, 0);
}

TEST_F(DecodeCorpus, RealPages) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(Corpus() / "pages")) {
    if (!std::filesystem::exists(entry.path() / "page.html")) continue;
    const json expected = json::parse(ReadAll(entry.path() / "expected.json"));
    const DecodedText decoded = Decode(ReadAll(entry.path() / "page.html"));
    EXPECT_TRUE(SameFamily(decoded.charset, expected["charset"].get<std::string>()))
        << entry.path().filename() << ": " << decoded.charset << " by " << decoded.basis;
    EXPECT_EQ(decoded.errors, 0u) << entry.path().filename();
    ++count;
  }
  EXPECT_GT(count, 30u);
}

}  // namespace
}  // namespace fangzhi::decode
