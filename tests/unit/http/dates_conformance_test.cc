// The cases of corpus/conformance/dates/http_dates.jsonl: HTTP's three forms are read, and no other text is read wrongly.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/time.h"
#include "http/http.h"
#include "support/corpus.h"

namespace fangzhi::http {
namespace {

TEST(HttpDates, Conformance) {
  std::ifstream file(test::Corpus() + "/conformance/dates/http_dates.jsonl");
  FANGZHI_NEEDS_CASES(file ? 1 : 0, "conformance/dates/http_dates.jsonl");
  int cases = 0, read = 0;
  for (std::string line; std::getline(file, line);) {
    const auto c = nlohmann::json::parse(line);
    ++cases;
    const auto time = ParseHttpDate(c["input"].get<std::string>());
    if (c["kind"] == "HTTP-date") {
      EXPECT_TRUE(time) << line;
    }
    if (!time) continue;
    ++read;
    ASSERT_TRUE(c["utc"].is_string()) << "read although it is no date: " << line;
    EXPECT_EQ(ReplaceAll(FormatIso8601(*time), "+00:00", "Z"), c["utc"].get<std::string>());
    // As Retry-After: never negative.
    const auto wait = ParseRetryAfter(c["input"].get<std::string>(), *ParseIso8601("1990-01-01T00:00:00Z"));
    ASSERT_TRUE(wait) << line;
    EXPECT_GE(wait->count(), 0);
  }
  std::cout << read << " of " << cases << " are HTTP-dates\n";
  EXPECT_EQ(cases, 77);
}

}  // namespace
}  // namespace fangzhi::http
