#include "crawl/robots_cache.h"

#include <gtest/gtest.h>

namespace fangzhi::crawl {
namespace {

model::Capture Answer(int status, const std::string& fields, const std::string& body) {
  model::Capture capture;
  capture.url = "http://a.example/robots.txt";
  capture.outcome = model::FetchOutcome::kResponse;
  capture.status = status;
  capture.response_head = "HTTP/1.1 " + std::to_string(status) + " X\r\n" + fields + "\r\n";
  capture.payload = body;
  return capture;
}

TEST(RobotsAnswer, SaysWhatCountsForRules) {
  EXPECT_EQ(ReadRobotsAnswer(Answer(200, "", "User-agent: *")).body, "User-agent: *");
  EXPECT_EQ(ReadRobotsAnswer(Answer(503, "", "busy")).status, 503);
  const RobotsAnswer moved = ReadRobotsAnswer(Answer(301, "Location: /x/robots.txt#a\r\n", ""));
  EXPECT_EQ(moved.leads_to, "http://a.example/x/robots.txt");
  EXPECT_EQ(moved.status, 404) << "where nobody follows it";
  EXPECT_EQ(ReadRobotsAnswer(Answer(302, "", "")).status, 404);
  EXPECT_EQ(ReadRobotsAnswer(Answer(302, "Location: javascript:x\r\n", "")).leads_to, "");
  EXPECT_EQ(ReadRobotsAnswer(Answer(304, "Location: /x\r\n", "")).status, 304) << "no redirect";

  model::Capture none = Answer(200, "", "User-agent: *");
  none.outcome = model::FetchOutcome::kTimeout;
  EXPECT_EQ(ReadRobotsAnswer(none).status, 0);
  model::Capture cut = Answer(200, "", "User-agent: *");
  cut.outcome = model::FetchOutcome::kTruncated;
  cut.truncation = model::Truncation::kDisconnect;
  EXPECT_EQ(ReadRobotsAnswer(cut).status, 0) << "half a file may allow what the whole forbids";
  cut.truncation = model::Truncation::kLength;
  EXPECT_EQ(ReadRobotsAnswer(cut).status, 200) << "longer than is read";
}

}  // namespace
}  // namespace fangzhi::crawl
