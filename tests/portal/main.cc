// fangzhi-portal: a sample government news portal whose whole truth is known.
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "civil_time.h"
#include "http_server.h"
#include "portal.h"

namespace fangzhi::portal {
namespace {

constexpr const char* kHelp = R"(Usage: fangzhi-portal [OPTION]...
A sample Chinese government news portal on one port, for trying and testing a crawler. The same seed and the same
control requests give the same bytes; GET /__truth.json says what is true of it.

  --port N               port (default 0: a free one, printed as "listening on http://127.0.0.1:PORT/")
  --listen ADDRESS       IPv4 address (default 127.0.0.1)
  --articles N           articles at the start, 1 to 2000000 (default 200)
  --seed N               everything follows from it (default 1)
  --page-kb N            size of a typical page, 5 to 1024 (default 35)
  --list-size N          articles a list page, 5 to 500 (default 20)
  --only-utf8            no other encodings, no spoilt text
  --list-counters        lists of VSB columns show click counts, by one request for all their articles
  --posted-lists         one kind of columns has its rows by POST
  --no-sitemap           no sitemap.xml
  --crawl-delay SECONDS  write Crawl-delay into robots.txt
Virtual time
  --clock TIME           where it starts (default 2024-06-03T08:00:00+08:00); it stands still until a control request
  --clock-rate X         or runs: virtual seconds a second
  --publish-per-day X    --edit-per-day X   --withdraw-per-day X   --restore-per-day X
                         what happens in a day of virtual time (defaults 6, 3, 1, 0.5)
  --unlist-per-day X     --backdate-per-day X
                         taken off the lists but alive; published with a date of long before (defaults 0)
  --restore-elsewhere SHARE  of what is restored, under another address (default 0)
  --withdraw-ways LIST   404,410,soft404,redirect (these by default), notice,tonotice,tolist,homepage,empty
  --stale-lists SHARE    of what is withdrawn, still in its list (default 0)
  --hostile-noise        weather, banners, tokens, rankings, comments: every page changes with every minute
Faults
  --slow-ms N            the same as --faults slow=N
  --faults LIST          name=value, separated by commas: slow=MS reset=SHARE cut=SHARE busy=SHARE retry-after=SECONDS
                         length endless loop calendar hostile outage-share=SHARE
                         outage=503|waf|412|reset|silent|404|odd|homepage|login|captcha|articles404|articles500|column404|columnodd|cutlists|emptylists|listerrors

Examples
  fangzhi-portal --articles 200 --seed 7
  fangzhi-portal --port 8080 --articles 100000 --only-utf8 --page-kb 35
  fangzhi-portal --faults busy=0.05,reset=0.01,calendar,loop
  curl -s 'http://127.0.0.1:8080/__control/advance?hours=24'
)";

bool ParseFaults(std::string_view list, Faults* faults) {
  while (!list.empty()) {
    const size_t end = std::min(list.find(','), list.size());
    const std::string_view item = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    const size_t equals = item.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1);
    if (!faults->Set(item.substr(0, equals), value)) {
      std::fprintf(stderr, "fangzhi-portal: --faults: cannot use \"%s\"\n", std::string(item).c_str());
      return false;
    }
  }
  return true;
}

bool ParseWays(std::string_view list, std::vector<State>* ways) {
  ways->clear();
  while (!list.empty()) {
    const size_t end = std::min(list.find(','), list.size());
    const std::string_view name = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    bool known = false;
    for (int i = 1; i < kStates; ++i) {
      if (StateName(static_cast<State>(i)) != name) continue;
      ways->push_back(static_cast<State>(i));
      known = true;
    }
    if (!known) return false;
  }
  return !ways->empty();
}

// 0 go on, otherwise leave with that status minus one.
int ParseArguments(int argc, char** argv, PortalOptions* options, std::string* address, uint16_t* port) {
  ParseIso("2024-06-03T08:00:00+08:00", &options->world.clock);
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i];
    if (name == "--help" || name == "-h") {
      std::fputs(kHelp, stdout);
      return 1;
    }
    if (name == "--only-utf8") {
      options->world.only_utf8 = true;
      continue;
    }
    if (name == "--list-counters") {
      options->world.list_counters = true;
      continue;
    }
    if (name == "--posted-lists") {
      options->world.posted_lists = true;
      continue;
    }
    if (name == "--hostile-noise") {
      options->world.hostile_noise = true;
      continue;
    }
    if (name == "--no-sitemap") {
      options->site_map_file = false;
      continue;
    }
    std::string value;
    const size_t equals = name.find('=');
    if (equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (i + 1 < argc) {
      value = argv[++i];
    }
    double number = 0;
    bool good = true;
    const auto take = [&](double low, double high) { return good = ParseNumber(value, low, high, &number); };
    WorldOptions& world = options->world;
    if (name == "--port") {
      if (take(0, 65535)) *port = static_cast<uint16_t>(number);
    } else if (name == "--listen") {
      *address = value;
    } else if (name == "--articles") {
      if (take(1, 2000000)) world.articles = static_cast<uint32_t>(number);
    } else if (name == "--seed") {
      if (take(0, 9e15)) world.seed = static_cast<uint64_t>(number);
    } else if (name == "--page-kb") {
      if (take(5, 1024)) world.page_kb = static_cast<int>(number);
    } else if (name == "--list-size") {
      if (take(5, 500)) world.list_size = static_cast<uint32_t>(number);
    } else if (name == "--crawl-delay") {
      if (take(0, 3600)) options->crawl_delay = number;
    } else if (name == "--clock") {
      good = ParseIso(value, &world.clock);
    } else if (name == "--clock-rate") {
      if (take(0, 1e7)) options->clock_rate = number;
    } else if (name == "--publish-per-day") {
      if (take(0, 100000)) world.publish_per_day = number;
    } else if (name == "--edit-per-day") {
      if (take(0, 100000)) world.edit_per_day = number;
    } else if (name == "--withdraw-per-day") {
      if (take(0, 100000)) world.withdraw_per_day = number;
    } else if (name == "--restore-per-day") {
      if (take(0, 100000)) world.restore_per_day = number;
    } else if (name == "--restore-elsewhere") {
      if (take(0, 1)) world.restore_elsewhere = number;
    } else if (name == "--unlist-per-day") {
      if (take(0, 100000)) world.unlist_per_day = number;
    } else if (name == "--backdate-per-day") {
      if (take(0, 100000)) world.backdate_per_day = number;
    } else if (name == "--stale-lists") {
      if (take(0, 1)) world.stale_lists = number;
    } else if (name == "--withdraw-ways") {
      good = ParseWays(value, &world.withdraw_ways);
    } else if (name == "--slow-ms") {
      good = options->faults.Set("slow", value);
    } else if (name == "--faults") {
      if (!ParseFaults(value, &options->faults)) return 3;
    } else {
      std::fprintf(stderr, "fangzhi-portal: no such option: %s (see --help)\n", name.c_str());
      return 3;
    }
    if (!good) {
      std::fprintf(stderr, "fangzhi-portal: %s: cannot use \"%s\"\n", name.c_str(), value.c_str());
      return 3;
    }
  }
  return 0;
}

int Main(int argc, char** argv) {
  PortalOptions options;
  std::string address = "127.0.0.1";
  uint16_t port = 0;
  if (const int leave = ParseArguments(argc, argv, &options, &address, &port); leave != 0) return leave - 1;
  if (!LoadEncodings()) {
    std::fputs("fangzhi-portal: the system's iconv has no GBK or no BIG5\n", stderr);
    return 1;
  }
  // A connection is a descriptor; the usual soft limit of 1,024 is a crawler's, not a portal's.
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const int stop = signalfd(-1, &signals, SFD_CLOEXEC);
  if (stop < 0) {
    std::fprintf(stderr, "fangzhi-portal: signalfd: %s\n", std::strerror(errno));
    return 1;
  }
  Portal portal(options);
  HttpServer server([&](const Request& request) { return portal.Handle(request); },
                    [&](uint64_t connection) { portal.ConnectionClosed(connection); });
  if (!server.Listen(address, port)) {
    std::fprintf(stderr, "fangzhi-portal: %s port %u: %s\n", address.c_str(), port, std::strerror(errno));
    return 1;
  }
  std::printf("listening on http://%s:%u/\n", address.c_str(), server.port());
  std::fflush(stdout);
  server.Run(stop);
  close(stop);
  return 0;
}

}  // namespace
}  // namespace fangzhi::portal

int main(int argc, char** argv) {
  return fangzhi::portal::Main(argc, argv);
}
