// libFuzzer target for robots/: any file with any URL gives a decision that explains itself.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "robots/robots.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

// The input up to the first 0xFE byte is the URL, the rest the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fangzhi::robots;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t split = std::min(input.find('\xFE'), input.size());
  const std::string_view url = input.substr(0, split);
  const std::string_view file = input.substr(std::min(split + 1, input.size()));

  const RobotsTxt robots = RobotsTxt::Parse(file);
  for (std::string_view agent : {"fangzhi", "*", ""}) {
    const Decision decision = robots.Decide(agent, url);
    Require(decision.allowed || !decision.rule.empty());
    Require(decision.rule.empty() == (decision.line == 0));
    Require(decision.line <= file.size() + 1);
    if (decision.crawl_delay_seconds) {
      Require(*decision.crawl_delay_seconds >= 0 && *decision.crawl_delay_seconds <= kMaxCrawlDelaySeconds);
    }
    Require(robots.Decide(agent, "/robots.txt").allowed);
  }
  for (const RobotsTxt::Group& group : robots.groups())
    Require(group.tokens.size() == group.crawl_delay_seconds.size());
  return 0;
}
