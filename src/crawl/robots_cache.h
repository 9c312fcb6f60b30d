// The robots.txt files of a run, by origin: which are known, which are being fetched, what they say. Kept in the state area, so that a file is
// asked for at most once in 24 hours (RFC 9309, 2.4). Fetch loop only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "robots/robots.h"
#include "store/store.h"

namespace fangzhi::crawl {

class RobotsCache {
 public:
  RobotsCache(const store::Archive& archive, const Clock& clock) : archive_(archive), clock_(clock) {}

  enum class State { kUnknown, kPending, kReady, kUnreachable };
  // `origin` is "http://host[:port]".
  State StateOf(const std::string& origin);
  void SetPending(const std::string& origin);
  // The rules of a ready origin.
  robots::Decision Decide(const std::string& origin, std::string_view url) const;
  // Whether a ready origin has a robots.txt (false: 4xx).
  bool HasRules(const std::string& origin) const;
  // The answer came (status 0: none). Returns the change of the state area that remembers it.
  std::vector<store::StateWrite> Answered(const std::string& origin, int status, std::string_view body, const std::string& problem);
  // Why an origin is unreachable.
  std::string Problem(const std::string& origin) const;

 private:
  struct Entry {
    State state = State::kUnknown;
    UtcTime since{};  // of ready and unreachable
    bool allow_all = false;
    robots::RobotsTxt rules;
    std::string problem;
  };
  bool Load(const std::string& origin, Entry& entry) const;

  const store::Archive& archive_;
  const Clock& clock_;
  std::map<std::string, Entry> entries_;
};

// "http://host[:port]" of a canonical URL.
std::string OriginOf(std::string_view url);

}  // namespace fangzhi::crawl
