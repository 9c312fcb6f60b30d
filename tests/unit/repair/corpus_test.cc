// Rates over the development corpus, where it is at hand: what must be repaired, and what must come out unchanged.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "decode/decode.h"
#include "repair/repair.h"
#include "support/corpus.h"
#include "text/text.h"

namespace fangzhi::repair {
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

class RepairCorpus : public ::testing::Test {
 protected:
  void SetUp() override {
    FANGZHI_NEEDS_CASES(std::filesystem::exists(Corpus() / "encoding") ? 1 : 0, "encoding/");
  }
};

bool IsRight(const json& row, const std::string& text) {
  return text == row["expected"].get<std::string>() ||
         (row.contains("expected_trad") && text == row["expected_trad"].get<std::string>());
}

TEST_F(RepairCorpus, Mojibake) {
  struct Tally {
    int rows = 0, right = 0, changed_wrongly = 0, flagged = 0;
  };
  std::map<std::string, Tally> families;
  Tally all;
  const bool verbose = std::getenv("FANGZHI_VERBOSE") != nullptr;
  for (const json& row : Lines("encoding/mojibake.jsonl")) {
    const std::string input = row["input"];
    const RepairedText repaired = Repair(input);
    Tally& tally = families[row["family"].get<std::string>()];
    const bool right = IsRight(row, repaired.text);
    const bool whole = row["action"] == "repair" || row["action"] == "repair-if-sure";
    for (Tally* t : {&tally, &all}) {
      ++t->rows;
      t->right += right ? 1 : 0;
      t->changed_wrongly += repaired.changed && !right && whole ? 1 : 0;
      t->flagged += repaired.damage.empty() ? 0 : 1;
    }
    if (verbose && !right && (repaired.changed || std::string(std::getenv("FANGZHI_VERBOSE")) == row["family"])) {
      std::cout << row["id"] << " " << row["family"] << "\n  in:  " << input.substr(0, 400) << "\n  got: " << repaired.text.substr(0, 400)
                << "\n  exp: " << row["expected"].get<std::string>().substr(0, 400) << "\n";
      for (const Step& step : repaired.steps) {
        std::cout << "    " << step.family << " " << step.before << " -> " << step.after << " " << step.confidence << "\n";
      }
    }
  }
  for (const auto& [family, tally] : families) {
    std::cout << family << ": " << tally.right << "/" << tally.rows << ", changed otherwise " << tally.changed_wrongly << ", flagged "
              << tally.flagged << "\n";
  }
  std::cout << "all: " << all.right << "/" << all.rows << ", changed otherwise " << all.changed_wrongly << "\n";
  EXPECT_GE(all.right, 100);
}

TEST_F(RepairCorpus, NegativesComeOutUnchanged) {
  for (const json& row : Lines("encoding/negatives.jsonl")) {
    const std::string input = row["input"];
    const RepairedText repaired = Repair(input);
    EXPECT_EQ(repaired.text, input) << row["id"];
    EXPECT_FALSE(repaired.changed);
  }
}

TEST_F(RepairCorpus, CleanTextsComeOutUnchanged) {
  for (const char* file : {"mojibake", "charset", "seed_family_pages"}) {
    for (const json& row : Lines(std::string("encoding/") + file + ".jsonl")) {
      for (const char* key : {"expected", "expected_trad"}) {
        if (!row.contains(key) || (row.contains("lossless") && !row["lossless"].get<bool>())) continue;
        const std::string clean = row[key];
        EXPECT_EQ(Repair(clean).text, clean) << row["id"];
      }
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(Corpus() / "pages")) {
    if (!std::filesystem::exists(entry.path() / "page.html")) continue;
    const std::string page = decode::Decode(ReadAll(entry.path() / "page.html")).text;
    const RepairedText repaired = Repair(page);
    EXPECT_TRUE(repaired.text == page) << entry.path().filename();
    for (const Step& step : repaired.steps) std::cout << step.family << ": " << step.before << " -> " << step.after << "\n";
  }
}

TEST_F(RepairCorpus, GlossedPages) {
  size_t pages = 0;
  size_t whole = 0;
  size_t characters = 0;
  size_t wrong = 0;
  for (const json& row : Lines("encoding/seed_family_pages.jsonl")) {
    const std::string input = row["input"];
    const RepairedText repaired = Repair(input);
    ++pages;
    if (IsRight(row, repaired.text)) ++whole;
    const std::string expected = row.value("expected_trad", row["expected"].get<std::string>());
    characters += text::CountCodePoints(expected);
    size_t here = 0;
    for (const text::DiffPart& part : text::Diff(expected, repaired.text)) {
      if (part.kind == text::DiffKind::kDelete) here += text::CountCodePoints(part.text);
      if (std::getenv("FANGZHI_VERBOSE") != nullptr && part.kind != text::DiffKind::kEqual) {
        std::cout << "  " << (part.kind == text::DiffKind::kDelete ? "expected " : "got      ") << part.text << "\n";
      }
    }
    wrong += here;
    if (here != 0) {
      std::cout << row["id"] << ": " << here << " characters missing, runs " << row["runs"] << ", damage listed " << repaired.damage.size() << "\n";
    }
  }
  std::cout << whole << " of " << pages << " pages whole, " << wrong << " of " << characters << " characters missing\n";
  EXPECT_GE(whole * 10, pages * 5);
  EXPECT_LE(wrong * 100, characters);
}

}  // namespace
}  // namespace fangzhi::repair
