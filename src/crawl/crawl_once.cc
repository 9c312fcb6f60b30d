// One crawl from beginning to end, the opening of archives for it, and the summary's forms.
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>

#include "crawl/crawl.h"
#include "crawl/pipeline.h"
#include "frontier/frontier.h"

namespace fangzhi::crawl {

std::string UserAgent(const config::Settings& settings) {
  std::string agent = "Mozilla/5.0 (compatible; fangzhi/0.1";
  if (!settings.user_agent_contact.empty()) agent += "; +" + settings.user_agent_contact;
  return agent + ")";
}

Result<Summary> Crawl(store::Archive& archive, const CrawlOptions& options, std::stop_token stop) {
  const auto began = std::chrono::steady_clock::now();
  Summary sum;
  Crawler* running = nullptr;
  CrawlerOptions crawler_options;
  crawler_options.settings = options.settings;
  crawler_options.profiles = options.profiles;
  crawler_options.max_pages = options.max_pages;
  crawler_options.on_run_end = [&](const RunResult& result) {
    Add(sum, result.summary);
    if (options.on_run_end) options.on_run_end(result);
  };
  const auto progress = [&] {
    Summary so_far = sum;
    Status status{&so_far, 0, 0, {}};
    for (const RunStatus& run : running->Runs()) {
      Add(so_far, run.so_far);
      status.in_flight += run.in_flight;
      status.queued += run.queued;
      status.hosts.insert(status.hosts.end(), run.hosts.begin(), run.hosts.end());
    }
    options.on_progress(status);
  };
  if (options.on_progress) crawler_options.on_tick = progress;
  FZ_ASSIGN(auto crawler, Crawler::Create(archive, std::move(crawler_options)));
  running = crawler.get();
  for (const auto& site : options.sites) {
    if (site->enabled) FZ_TRY(crawler->Begin(site, options.mode));
  }
  FZ_TRY(crawler->Loop(stop, true));
  sum.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (options.on_progress) progress();
  return sum;
}

void Add(Summary& sum, const Summary& run) {
  for (uint64_t Summary::*count :
       {&Summary::fetched, &Summary::created, &Summary::changed, &Summary::unchanged, &Summary::gone, &Summary::restored, &Summary::moved, &Summary::absent,
        &Summary::redirects, &Summary::held, &Summary::failed, &Summary::robots_denied, &Summary::counters, &Summary::bytes, &Summary::warc_bytes,
        &Summary::still_queued}) {
    sum.*count += run.*count;
  }
  sum.seconds = std::max(sum.seconds, run.seconds);
  sum.stopped = sum.stopped || run.stopped;
  sum.budget_used = sum.budget_used || run.budget_used;
  for (const auto& [kind, count] : run.errors) sum.errors[kind] += count;
  for (const Summary::Failure& failure : run.failures) {
    if (sum.failures.size() < kListedFailures) sum.failures.push_back(failure);
  }
  sum.notes.insert(sum.notes.end(), run.notes.begin(), run.notes.end());
}

std::optional<uint64_t> FreeBytes(const std::string& directory) {
  struct statvfs status {};
  if (::statvfs(directory.c_str(), &status) != 0) return std::nullopt;
  return static_cast<uint64_t>(status.f_bavail) * status.f_frsize;
}

namespace {

store::ArchiveOptions OptionsFor(const std::string& directory, const config::Settings& settings, bool create, const Clock* clock) {
  static const SystemClock system_clock;
  store::ArchiveOptions options;
  options.directory = directory;
  options.create = create;
  options.warc_prefix = settings.warc_prefix;
  options.warc_max_bytes = settings.warc_max_bytes;
  options.warc_compression = settings.warc_compression;
  options.operator_name = settings.operator_name;
  options.user_agent = UserAgent(settings);
  options.robots_policy = "obey";
  options.clock = clock == nullptr ? &system_clock : clock;
  options.replay_state = frontier::Frontier::Replay;
  options.kept_state = {"d/", "j/", "o/"};  // the daemon's memory (serve/), the reports of past runs and of the one under way (report/)
  return options;
}

}  // namespace

Result<std::unique_ptr<store::Archive>> OpenArchive(const std::string& directory, const config::Settings& settings,
                                                    bool create, const Clock* clock) {
  return store::Archive::Open(OptionsFor(directory, settings, create, clock));
}

Result<std::unique_ptr<store::Archive>> OpenArchiveToRead(const std::string& directory) {
  return store::Archive::OpenToRead(OptionsFor(directory, {}, false, nullptr));
}

Result<store::RebuildReport> RebuildArchive(const std::string& directory, const config::Settings& settings) {
  return store::Archive::Rebuild(OptionsFor(directory, settings, false, nullptr));
}

model::Json ToJson(const Summary& summary) {
  model::Json json{{"fetched", summary.fetched},     {"new", summary.created},
                   {"changed", summary.changed},     {"unchanged", summary.unchanged},
                   {"gone", summary.gone},           {"restored", summary.restored}, {"moved", summary.moved},
                   {"absent", summary.absent},       {"redirects", summary.redirects},
                   {"held", summary.held},           {"failed", summary.failed},       {"robots_denied", summary.robots_denied},
                   {"counters", summary.counters},   {"bytes", summary.bytes},
                   {"warc_bytes", summary.warc_bytes}, {"still_queued", summary.still_queued},
                   {"seconds", summary.seconds},     {"stopped", summary.stopped},
                   {"budget_used", summary.budget_used}};
  json["errors"] = model::Json::object();
  for (const auto& [kind, count] : summary.errors) json["errors"][kind] = count;
  json["failures"] = model::Json::array();
  for (const auto& failure : summary.failures) json["failures"].push_back({{"url", failure.url}, {"reason", failure.reason}});
  json["notes"] = model::Json::array();
  for (const std::string& note : summary.notes) json["notes"].push_back(note);
  return json;
}

}  // namespace fangzhi::crawl
