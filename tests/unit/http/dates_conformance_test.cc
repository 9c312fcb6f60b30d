// The cases of corpus/conformance/dates/http_dates.jsonl: HTTP's three forms are read, and no other text is read wrongly.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/time.h"
#include "http/http.h"

namespace fangzhi::http {
namespace {

TEST(HttpDates, Conformance) {
  const char* corpus = std::getenv("FANGZHI_CORPUS");
  std::ifstream file((corpus != nullptr ? std::string(corpus) : std::string(FANGZHI_SOURCE_DIR) + "/../shared/corpus") +
                     "/conformance/dates/http_dates.jsonl");
  if (!file) GTEST_SKIP() << "no corpus/conformance/dates/http_dates.jsonl";
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
