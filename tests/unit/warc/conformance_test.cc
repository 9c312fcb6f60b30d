// The Reader against WARC files written by other tools, good and bad, with what other readers found in them.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

#include "base/strings.h"
#include "support/corpus.h"
#include "warc/warc.h"

namespace fangzhi::warc {
namespace {

std::string CorpusDirectory() { return test::Corpus(); }

std::vector<nlohmann::json> Cases(const std::string& folder) {
  std::vector<nlohmann::json> cases;
  std::ifstream file(CorpusDirectory() + "/conformance/" + folder + "/expected.jsonl");
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) cases.push_back(nlohmann::json::parse(line));
  }
  return cases;
}

struct WholeReading {
  std::vector<Reader::Item> items;
  std::vector<DamageReport> damage;
  uint64_t end = 0;

  size_t CountDamage(std::string_view part) const {
    size_t count = 0;
    for (const DamageReport& report : damage) count += report.reason.find(part) != std::string::npos ? 1 : 0;
    return count;
  }
};

WholeReading ReadAll(const std::string& path) {
  WholeReading reading;
  ReadOptions options;
  options.check_digests = true;
  options.on_damage = [&](const DamageReport& report) { reading.damage.push_back(report); };
  auto reader = Reader::Open(path, options);
  EXPECT_TRUE(reader) << reader.error().ToString();
  if (!reader) return reading;
  while (true) {
    auto item = (*reader)->Next();
    EXPECT_TRUE(item) << item.error().ToString();
    if (!item || !*item) break;
    reading.items.push_back(std::move(**item));
  }
  reading.end = (*reader)->end_of_whole_records();
  return reading;
}

std::string Describe(const WholeReading& reading) {
  std::string text = std::to_string(reading.items.size()) + " records";
  for (const DamageReport& report : reading.damage) {
    text += "\n  at " + std::to_string(report.offset) + " (" + std::to_string(report.length) + " bytes): " + report.reason;
  }
  return text;
}

TEST(WarcConformance, FilesOfOtherWriters) {
  const auto cases = Cases("warc");
  FANGZHI_NEEDS_CASES(cases.size(), "conformance/warc");
  size_t records = 0;
  for (const auto& expected : cases) {
    const std::string name = expected["file"];
    SCOPED_TRACE(name);
    const std::string path = CorpusDirectory() + "/conformance/warc/" + name;
    const WholeReading reading = ReadAll(path);
    SCOPED_TRACE(Describe(reading));
    records += reading.items.size();
    const std::string verdict = expected["verdict"];
    if (verdict == "valid") {
      EXPECT_TRUE(reading.damage.empty());
      EXPECT_EQ(reading.end, expected["bytes"].get<uint64_t>());
    }
    if (verdict == "digest-mismatch") {
      // One file's only fault is a payload digest over the chunked bytes: one of the two readings in use, so not reported.
      const bool chunked = name.find("chunked") != std::string::npos && reading.damage.empty();
      EXPECT_TRUE(chunked || reading.CountDamage("digest") > 0);
    }
    if (verdict == "invalid") {
      EXPECT_FALSE(reading.damage.empty());
    }
    if (verdict == "invalid" || expected["records"].is_null()) continue;

    EXPECT_EQ(reading.items.size(), expected["records"].get<size_t>());
    std::map<std::string, size_t> types, expected_types;
    for (const auto& item : reading.items) ++types[item.record.type];
    for (const auto& [type, count] : expected["types"].items()) {
      expected_types[ToAsciiLower(TrimAscii(type))] += count.get<size_t>();
    }
    EXPECT_EQ(types, expected_types);
    const auto& index = expected["index"];
    for (size_t i = 0; i < index.size() && i < reading.items.size(); ++i) {
      SCOPED_TRACE("record " + std::to_string(i));
      const Reader::Item& item = reading.items[i];
      EXPECT_EQ(item.offset, index[i]["offset"].get<uint64_t>());
      if (index[i]["id"].is_string()) {
        EXPECT_EQ("<" + item.record.id + ">", TrimAscii(index[i]["id"].get<std::string>()));
      }
      if (index[i]["uri"].is_string()) {
        // The reference escapes spaces, also that of a folded line.
        const std::string uri = ReplaceAll(index[i]["uri"].get<std::string>(), "%20", " ");
        EXPECT_EQ(item.record.Field("WARC-Target-URI").value_or(""), TrimAscii(uri));
      }
      // The reference leaves the line breaks after a plain record out, except where it does not.
      const uint64_t length = index[i]["length"];
      EXPECT_TRUE(item.length >= length && item.length <= length + 8) << item.length << " " << length;
    }
  }
  EXPECT_GT(records, 100u);
}

// Members that hold no record are passed over whole, and torn ones are named.
TEST(WarcConformance, GzipFiles) {
  const auto cases = Cases("gzip");
  FANGZHI_NEEDS_CASES(cases.size(), "conformance/gzip");
  for (const auto& expected : cases) {
    const std::string name = expected["file"];
    SCOPED_TRACE(name);
    const WholeReading reading = ReadAll(CorpusDirectory() + "/conformance/gzip/" + name);
    SCOPED_TRACE(Describe(reading));
    EXPECT_TRUE(reading.items.empty());
    EXPECT_EQ(reading.CountDamage("no WARC record"), expected["whole_members_readable_by_zlib"].get<size_t>());
    EXPECT_EQ(reading.damage.size() == reading.CountDamage("no WARC record"), expected["zlib_ok"].get<bool>());
  }
}

}  // namespace
}  // namespace fangzhi::warc
