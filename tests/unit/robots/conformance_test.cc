// The vectors of corpus/conformance/robots. Skipped where the corpus is not there.
#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/strings.h"
#include "robots/robots.h"
#include "support/corpus.h"

namespace fangzhi::robots {
namespace {

using nlohmann::json;

std::vector<json> ReadCases(const std::string& name) {
  std::ifstream file(test::Corpus() + "/conformance/robots/" + name);
  std::vector<json> cases;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) cases.push_back(json::parse(line));
  }
  return cases;
}

TEST(RobotsConformance, Cases) {
  const std::vector<json> cases = ReadCases("robots_cases.jsonl");
  FANGZHI_NEEDS_CASES(cases.size(), "conformance/robots/robots_cases.jsonl");
  struct Count {
    int total = 0, equal = 0;
  };
  std::map<std::string, Count> counts;
  for (const json& c : cases) {
    const std::string body = c.contains("robots_b64") ? FromBase64(c["robots_b64"].get<std::string>()).value()
                                                      : c["robots"].get<std::string>();
    const Decision decision =
        RobotsTxt::Parse(body).Decide(c["ua"].get<std::string>(), c["url"].get<std::string>());
    const std::string profile = c["profile"];
    Count& count = counts[profile];
    ++count.total;
    if (decision.allowed == c["allow"].get<bool>()) {
      ++count.equal;
    } else if (profile == "consensus" || profile == "rfc-text") {
      ADD_FAILURE() << "rule '" << decision.rule << "' for " << c.dump();
    } else {
      std::cout << profile << " differs: " << c["id"] << " " << c["ua"] << " "
                << c["url"].get<std::string>().substr(0, 80) << " expected " << c["allow"] << "\n";
    }
  }
  for (const auto& [profile, count] : counts)
    std::cout << profile << ": " << count.equal << " of " << count.total << "\n";
  for (const char* profile : {"consensus", "rfc-text", "majority"}) EXPECT_GT(counts[profile].total, 0u) << profile;
  EXPECT_GE(counts["majority"].equal * 100, counts["majority"].total * 95);
}

TEST(RobotsConformance, FetchOutcomes) {
  const std::vector<json> cases = ReadCases("robots_fetch_outcomes.jsonl");
  FANGZHI_NEEDS_CASES(cases.size(), "conformance/robots/robots_fetch_outcomes.jsonl");
  size_t checked = 0;
  for (const json& c : cases) {
    const json& last = c["responses"].back();
    const std::string expected = c["expect"]["rules"];
    const int status = last.value("status", 0);
    if (expected.rfind("parsed", 0) == 0) {
      EXPECT_EQ(AccessForStatus(status), Access::kParse) << c.dump();
      EXPECT_FALSE(RobotsTxt::Parse(last["body"].get<std::string>()).Decide("fangzhi", "/private/x").allowed)
          << c.dump();
    } else if (expected == "allow all") {
      const bool allowed =
          AccessForStatus(status) == Access::kAllowAll || last["body"].get<std::string>().empty();
      EXPECT_TRUE(allowed) << c.dump();
    } else if (expected == "disallow all") {
      EXPECT_EQ(AccessForStatus(status), Access::kDisallowAll) << c.dump();
    } else if (expected.rfind("allow all (no parseable", 0) == 0) {
      EXPECT_TRUE(RobotsTxt::Parse(last["body"].get<std::string>()).groups().empty());
    } else {
      continue;  // what the caller does: redirects, caching, a size
    }
    ++checked;
  }
  EXPECT_GE(checked, 14u);
}

}  // namespace
}  // namespace fangzhi::robots
