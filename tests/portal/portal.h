// The portal behind the server: which address answers what, control requests, the record of what was asked.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "faults.h"
#include "http_server.h"
#include "pages.h"
#include "world.h"

namespace fangzhi::portal {

struct PortalOptions {
  WorldOptions world;
  Faults faults;
  double clock_rate = 0;      // virtual seconds a real second
  double crawl_delay = -1;    // in robots.txt; below 0: not written
  bool site_map_file = true;  // sitemap.xml
};

class Portal {
 public:
  explicit Portal(const PortalOptions& options);

  Response Handle(const Request& request);
  void ConnectionClosed(uint64_t connection) { crawler_connections_.erase(connection); }

 private:
  enum class Kind : uint8_t {
    kHome,
    kList,
    kArticle,
    kWithdrawn,
    kAttachment,
    kImage,
    kAsset,
    kCounterRead,
    kCounterIncrement,
    kRobots,
    kSiteMap,
    kFeed,
    kDisallowed,
    kFault,
    kOutage,
    kNotFound,
    kCount,
  };

  struct Stats {
    uint64_t requests = 0;
    uint64_t not_modified = 0;
    uint64_t busy = 0;
    uint64_t resets = 0;
    std::array<uint64_t, static_cast<size_t>(Kind::kCount)> by_kind{};
    size_t max_connections = 0;
    int64_t first_at = -1;
    int64_t last_at = -1;
    int64_t min_gap = -1;  // microseconds
    std::array<uint64_t, 7> gaps{};
    std::map<std::string, uint64_t> agents;
  };

  Response Route(const Request& request, Kind* kind);
  Response AnswerArticle(const Request& request, uint32_t id, Kind* kind);
  bool AnswerOutageOfPages(const Request& request, Response* response);
  Response AnswerOld(const Request& request, uint32_t id);
  Response AnswerCounter(const Request& request, Kind* kind);
  bool AnswerFile(const Request& request, Response* response, Kind* kind);
  Response FromPage(const Request& request, Page page);
  Response Robots(const Request& request);
  bool AnswerSiteMapFile(const Request& request, Response* response);
  Response Feed(const Request& request);
  Response Control(const Request& request);
  Response Truth(const Request& request, bool lines);
  std::string StatsJson() const;
  std::string RequestsJson() const;
  std::string ClockJson() const;
  void TickClock();
  void Count(const Request& request, int64_t at);
  // A share of the requests, the same ones in every run.
  bool Falls(double share, uint64_t salt) const;

  PortalOptions options_;
  World world_;
  Pages pages_;
  Stats stats_;
  int64_t clock_base_real_;
  int64_t clock_base_virtual_;
  uint64_t request_number_ = 0;
  std::unordered_set<uint64_t> crawler_connections_;
  struct Logged {
    int64_t at;
    std::string line;
    int status;
    bool outage;
  };
  std::deque<Logged> log_;
};

}  // namespace fangzhi::portal
