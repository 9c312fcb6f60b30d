// A frontier of N URLs on the disk: enqueueing them (each with the exact seen check), a restart, leasing. One whole run, each phase in a process of
// its own, printed as one JSON object; docs/benchmarks.md says what is asked of it.
//
//   fangzhi-frontier-scale URLS [HOSTS [DIRECTORY [PHASE]]]     by default 1000 hosts, a new directory under $TMPDIR that is removed afterwards,
//                                                                and all phases: enqueue, restart, lease
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>

#include "frontier/frontier.h"
#include "model/json.h"

namespace fangzhi {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

constexpr uint64_t kLinksOfAPage = 25, kKnownLinksOfAPage = 5, kPagesOfACommit = 40;
constexpr uint64_t kLeases = 200'000;

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::_Exit(1);
}
template <class T>
T Must(Result<T> result) {
  if (!result) Die(result.error().ToString());
  return std::move(*result);
}

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

uint64_t StatusBytes(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":")) return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10) * 1024;
  }
  return 0;
}

uint64_t BytesBelow(const std::string& directory) {
  uint64_t bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    std::error_code gone;
    if (entry.is_regular_file(gone)) bytes += entry.file_size(gone);
  }
  return bytes;
}

std::shared_ptr<const model::Site> MakeSite() {
  auto site = std::make_shared<model::Site>();
  site->id = "scale";
  site->seeds = {"http://www.scale.example/"};
  site->hosts = {"*.scale.example"};
  site->delay = std::chrono::milliseconds(0);
  site->connections_per_host = 16;
  site->max_pages = UINT64_MAX;
  return site;
}

struct Store {
  explicit Store(const std::string& directory) {
    store::ArchiveOptions options;
    options.directory = directory;
    options.create = true;
    options.clock = &clock;
    archive = Must(store::Archive::Open(std::move(options)));
    frontier = std::make_unique<frontier::Frontier>(*archive, clock, true);
  }
  void Begin(const std::shared_ptr<const model::Site>& site) {
    Must(frontier->BeginOrResume(site, frontier::RoundMode::kSweep, [this](std::span<const store::StateWrite> writes) -> Result<void> {
      auto committed = archive->Commit({}, writes);
      if (!committed) return Fail(committed.error());
      return {};
    }));
  }
  void Commit(std::vector<frontier::Finished>& group) {
    std::vector<store::StateWrite> writes;
    frontier->Finish(group, writes);
    Must(archive->Commit({}, writes));
    frontier->Committed(group);
    group.clear();
  }
  SystemClock clock;
  std::unique_ptr<store::Archive> archive;
  std::unique_ptr<frontier::Frontier> frontier;
};

std::string HostName(uint64_t number) { return "h" + std::to_string(number) + ".scale.example"; }

// Article n of a host as such sites name them: a column, a day, an id.
std::string ArticleUrl(uint64_t host, uint64_t n) {
  char path[96];
  std::snprintf(path, sizeof path, "/art/%d/%d/%d/art_%d_%llu.html", static_cast<int>(2000 + n / 3000 % 26), static_cast<int>(1 + n / 250 % 12),
                static_cast<int>(1 + n / 9 % 28), static_cast<int>(10 + n % 40), static_cast<unsigned long long>(100000 + n));
  return "http://" + HostName(host) + path;
}

// Lists are read host by host, page by page, in an order that jumps between hosts: every page names new articles and some that are known.
model::Json Enqueue(const std::string& directory, uint64_t urls, uint64_t hosts) {
  Store store(directory);
  const auto site = MakeSite();
  store.Begin(site);
  std::mt19937_64 random(1);
  std::vector<uint64_t> next_of_host(hosts, 0);
  std::vector<frontier::Finished> group;
  uint64_t queued = 0, checked = 0, peak = 0, reported = 0;
  const auto began = steady_clock::now();
  const double cpu_began = CpuSeconds();
  double slowest = 0;
  auto piece_began = began;
  while (queued < urls) {
    const uint64_t host = random() % hosts;
    uint64_t& next = next_of_host[host];
    frontier::Finished page;
    page.task.site = site;
    page.task.round = 1;
    page.task.host = HostName(host);
    page.task.url = "http://" + page.task.host + "/col/index_" + std::to_string(next / kLinksOfAPage) + ".html";
    page.task.kind = model::LinkKind::kList;
    page.task.depth = 1;
    page.verdict = "new";
    std::vector<model::Link> links;
    for (uint64_t i = 0; i < kKnownLinksOfAPage && next > 0; ++i) links.push_back({ArticleUrl(host, random() % next), model::LinkKind::kArticle, "", ""});
    for (uint64_t i = 0; i < kLinksOfAPage; ++i, ++next) {
      links.push_back({ArticleUrl(host, next), model::LinkKind::kArticle, "关于印发示例县" + std::to_string(next) + "号实施办法的通知",
                       "2021-11-" + std::to_string(10 + next % 20)});
    }
    checked += links.size();
    page.discovered = store.frontier->Select(page.task, model::PageKind::kList, links);
    queued += page.discovered.size();
    group.push_back(std::move(page));
    if (group.size() < kPagesOfACommit) continue;
    store.Commit(group);
    peak = std::max(peak, StatusBytes("VmRSS"));
    if (queued - reported >= 1'000'000) {
      const double rate = static_cast<double>(queued - reported) / duration<double>(steady_clock::now() - piece_began).count();
      slowest = slowest == 0 ? rate : std::min(slowest, rate);
      std::fprintf(stderr, "queued %llu, %.0f a second, %llu MB\n", static_cast<unsigned long long>(queued), rate,
                   static_cast<unsigned long long>(StatusBytes("VmRSS") >> 20));
      reported = queued;
      piece_began = steady_clock::now();
    }
  }
  store.Commit(group);
  const double wall = duration<double>(steady_clock::now() - began).count(), cpu = CpuSeconds() - cpu_began;
  return {{"urls", queued},
          {"seen_checks", checked},
          {"enqueue_per_second", static_cast<uint64_t>(static_cast<double>(queued) / wall)},
          {"enqueue_per_cpu_second", static_cast<uint64_t>(static_cast<double>(queued) / cpu)},
          {"enqueue_per_second_slowest_million", static_cast<uint64_t>(slowest)},
          {"enqueue_peak_rss_mb", peak >> 20}};
}

model::Json Restart(const std::string& directory) {
  const auto began = steady_clock::now();
  Store store(directory);
  const double opened = duration<double>(steady_clock::now() - began).count();
  store.Begin(MakeSite());
  const auto task = store.frontier->Lease([](const frontier::FetchTask&) { return true; });
  if (!task) Die("nothing to lease after the restart");
  const double first = duration<double>(steady_clock::now() - began).count();
  return {{"restart_open_seconds", opened}, {"restart_to_first_lease_seconds", first}, {"restart_rss_mb", StatusBytes("VmRSS") >> 20}};
}

model::Json Lease(const std::string& directory, uint64_t urls) {
  Store store(directory);
  const auto site = MakeSite();
  store.Begin(site);
  std::vector<frontier::Finished> group;
  uint64_t leased = 0, peak = 0;
  duration<double> leasing{};
  const uint64_t wanted = std::min(urls, kLeases);
  const auto began = steady_clock::now();
  const double cpu_began = CpuSeconds();
  while (leased < wanted) {
    const auto at = steady_clock::now();
    auto task = store.frontier->Lease([](const frontier::FetchTask&) { return true; });
    leasing += steady_clock::now() - at;
    if (!task) break;
    ++leased;
    store.frontier->TransferEnded(*task, {});
    frontier::Finished done;
    done.task = std::move(*task);
    done.verdict = "new";
    group.push_back(std::move(done));
    if (group.size() < 1000) continue;
    store.Commit(group);
    peak = std::max(peak, StatusBytes("VmRSS"));
  }
  store.Commit(group);
  const double wall = duration<double>(steady_clock::now() - began).count(), cpu = CpuSeconds() - cpu_began;
  return {{"leased", leased},
          {"lease_per_second", static_cast<uint64_t>(static_cast<double>(leased) / leasing.count())},
          {"lease_and_finish_per_second", static_cast<uint64_t>(static_cast<double>(leased) / wall)},
          {"lease_and_finish_per_cpu_second", static_cast<uint64_t>(static_cast<double>(leased) / cpu)},
          {"lease_peak_rss_mb", peak >> 20}};
}

// In a process of its own, so that each phase begins with empty memory.
void InChild(model::Json& all, const std::function<model::Json()>& phase) {
  int ends[2];
  if (::pipe(ends) != 0) Die("pipe");
  const pid_t child = ::fork();
  if (child < 0) Die("fork");
  if (child == 0) {
    ::close(ends[0]);
    const std::string text = model::Dump(phase());
    if (::write(ends[1], text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::_Exit(1);
    std::_Exit(0);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  const auto json = model::ParseJson(text);
  if (status != 0 || !json) Die("a phase failed");
  for (const auto& [key, value] : json->items()) all[key] = value;
}

int Run(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s URLS [HOSTS [DIRECTORY [PHASE]]]\n", argv[0]);
    return 2;
  }
  const uint64_t urls = std::strtoull(argv[1], nullptr, 10);
  const uint64_t hosts = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1000;
  std::string made = (std::filesystem::temp_directory_path() / "fangzhi-scale-XXXXXX").string();
  const bool own = argc < 4;
  if (own && ::mkdtemp(made.data()) == nullptr) Die("mkdtemp");
  const std::string directory = own ? made : argv[3];
  model::Json all{{"hosts", hosts}};
  const std::string only = argc > 4 ? argv[4] : "";
  const auto wanted = [&only](std::string_view phase) { return only.empty() || only == phase; };
  if (wanted("enqueue")) InChild(all, [&] { return Enqueue(directory, urls, hosts); });
  const uint64_t bytes = BytesBelow(directory + "/index");
  all["index_bytes"] = bytes;
  all["bytes_per_url"] = bytes / std::max<uint64_t>(1, urls);
  if (wanted("restart")) InChild(all, [&] { return Restart(directory); });
  if (wanted("lease")) InChild(all, [&] { return Lease(directory, urls); });
  std::printf("%s\n", model::Dump(all).c_str());
  std::error_code ignored;
  if (own) std::filesystem::remove_all(directory, ignored);
  return 0;
}

}  // namespace
}  // namespace fangzhi

int main(int argc, char** argv) { return fangzhi::Run(argc, argv); }
