// The robots.txt files of the hosts, by origin: which are known, which are being fetched, what they say. Kept in the state area, so that a file is
// asked for at most once in 24 hours (RFC 9309, 2.4). One that cannot be had forbids everything (2.3.1.4); after thirty days of that the last rules
// that were had apply again, or none where there never were any. Fetch loop only; what an answer says is read here for every asker.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/capture.h"
#include "robots/robots.h"
#include "store/store.h"

namespace fangzhi::crawl {

// What an answer to a request for robots.txt says (RFC 9309, 2.3.1).
struct RobotsAnswer {
  int status = 0;        // 0: no answer, or not the whole of it: half a file may allow what the whole forbids. Of a redirect 404, "unavailable"
  std::string body;      // decoded; of a longer one, as much as is read (2.5)
  std::string leads_to;  // of a redirect: where to ask next; empty where it leads nowhere
};
RobotsAnswer ReadRobotsAnswer(const model::Capture& capture);

class RobotsCache {
 public:
  RobotsCache(const store::Archive& archive, const Clock& clock) : archive_(archive), clock_(clock) {}

  enum class State { kUnknown, kPending, kReady, kUnreachable };
  // `origin` is "http://host[:port]". What is older than a day is unknown again, an unreachable file after five minutes.
  State StateOf(const std::string& origin);
  void SetPending(const std::string& origin);
  // It cannot be asked for now, through no fault of its own: nothing is remembered of that.
  void SetUnreachable(const std::string& origin, const std::string& problem);
  // The request was given up: unknown again.
  void Forget(const std::string& origin) { entries_.erase(origin); }
  // The rules of a ready origin.
  robots::Decision Decide(const std::string& origin, std::string_view url) const;
  // What a ready origin's robots.txt is, as report::HostImpact::robots says it.
  std::string Form(const std::string& origin) const;
  // The Sitemap lines of a ready origin.
  std::vector<std::string> Sitemaps(const std::string& origin) const;
  // The answer came (status 0: none, or not whole). Returns the change of the state area that remembers it.
  std::vector<store::StateWrite> Answered(const std::string& origin, int status, std::string_view body, const std::string& problem);
  // Why an origin is unreachable; of a ready one, that it has been so for a month.
  std::string Problem(const std::string& origin) const;

 private:
  // As it is stored.
  struct Stored {
    int status = 0;  // 0: never had
    std::string body;
    UtcTime fetched{};
    std::optional<UtcTime> unreachable_since;
  };
  struct Entry {
    State state = State::kUnknown;
    UtcTime asked{};
    bool allow_all = false;
    bool web_page = false, cut = false;
    robots::RobotsTxt rules;
    std::string problem;
  };
  Stored Load(const std::string& origin) const;
  static void Use(const Stored& stored, Entry& entry);

  const store::Archive& archive_;
  const Clock& clock_;
  std::map<std::string, Entry> entries_;
};

// "http://host[:port]" of a canonical URL.
std::string OriginOf(std::string_view url);

}  // namespace fangzhi::crawl
