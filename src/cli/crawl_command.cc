// crawl: options → sites, the progress line, the summary.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>

#include <unistd.h>

#include "base/log.h"
#include "base/strings.h"
#include "base/terminal.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/live_reader.h"
#include "cli/signals.h"
#include "config/config.h"
#include "crawl/crawl.h"
#include "extract/obstacle.h"
#include "report/report.h"
#include "serve/alert.h"

namespace fangzhi::cli {
namespace {

using model::Json;

// --- the progress line: one line of stderr, redrawn; log lines push it down ---
std::atomic<bool> g_line_shown{false};
void ClearLine() {
  if (g_line_shown.exchange(false)) std::fputs("\r\x1b[K", stderr);
}

void ShowProgress(const crawl::Status& status, std::chrono::steady_clock::time_point began, uint64_t max_pages) {
  const crawl::Summary& so_far = *status.so_far;
  const double seconds = std::max(0.001, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  uint64_t errors = 0;
  std::string kinds;
  for (const auto& [kind, count] : so_far.errors) {
    errors += count;
    kinds += (kinds.empty() ? " (" : ", ") + kind + " " + std::to_string(count);
  }
  if (!kinds.empty()) kinds += ")";
  char rate[32];
  std::snprintf(rate, sizeof rate, "%.1f", static_cast<double>(so_far.fetched) / seconds);
  std::string line;
  if (max_pages > 0) {
    constexpr uint64_t kBar = 20;
    const uint64_t full = std::min(kBar, so_far.fetched * kBar / max_pages);
    line += "[";
    for (uint64_t i = 0; i < kBar; ++i) line += i < full ? "#" : ".";
    line += "] ";
  }
  line += std::to_string(so_far.fetched) + " pages  " + rate + "/s  queue " + std::to_string(status.queued) + "+  " +
          HumanBytes(so_far.bytes) + "  new " + std::to_string(so_far.created) + "  changed " + std::to_string(so_far.changed) +
          "  errors " + std::to_string(errors) + kinds;
  for (const std::string& host : status.hosts) line += "  " + PrintableLine(host);
  line = CutToWidth(line, TerminalColumns(STDERR_FILENO) - 1);
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  g_line_shown = true;
}

std::string SummaryTable(const crawl::Summary& s) {
  char seconds[32], rate[32];
  std::snprintf(seconds, sizeof seconds, "%.1f", s.seconds);
  std::snprintf(rate, sizeof rate, "%.1f", s.seconds > 0 ? static_cast<double>(s.fetched) / s.seconds : 0.0);
  Table table({"crawl", s.stopped ? "stopped by the user" : s.still_queued > 0 ? "ended, something still waits" : "done"}, 100);
  const auto row = [&](const char* name, uint64_t value) { table.Add({name, std::to_string(value)}); };
  row("fetched", s.fetched);
  row("new", s.created);
  row("changed", s.changed);
  row("unchanged", s.unchanged);
  row("gone", s.gone);
  row("restored", s.restored);
  row("absent", s.absent);
  row("redirects", s.redirects);
  if (s.held > 0) row("something in the way", s.held);
  row("click counts asked", s.counters);
  row("denied by robots.txt", s.robots_denied);
  row("failed", s.failed);
  for (const auto& [kind, count] : s.errors) table.Add({"  " + kind, std::to_string(count) + (count == 1 ? " attempt" : " attempts")});
  table.Add({"received", HumanBytes(s.bytes)});
  table.Add({"seconds", std::string(seconds) + " (" + rate + " pages/s)"});
  return table.Text();
}

// Command-line overrides on a copy of a site entry.
std::shared_ptr<const model::Site> WithOverrides(std::shared_ptr<const model::Site> site, const Arguments& arguments) {
  if (!arguments.delay && !arguments.allow_private) return site;
  auto changed = std::make_shared<model::Site>(*site);
  if (arguments.allow_private) changed->allow_private = true;
  if (arguments.delay) {
    changed->delay = std::chrono::milliseconds(static_cast<int64_t>(*arguments.delay * 1000));
    // No delay is for one's own servers: then one connection would only measure the latency.
    if (changed->delay.count() == 0) changed->connections_per_host = std::max(changed->connections_per_host, 8);
  }
  return changed;
}

// What makes a run `partial`, but for a limit that the user set: the crawl was to go so far.
bool MissedSomething(const report::RunRecord& record) {
  return std::any_of(record.findings.begin(), record.findings.end(),
                     [](const report::Finding& finding) { return finding.grade == report::Grade::kPartial && finding.kind != "budget"; });
}

}  // namespace

int CrawlCommand(const Arguments& arguments, Output& output) {
  crawl::CrawlOptions options;
  options.max_pages = arguments.max_pages;
  config::LoadResult loaded;
  const bool seeds_only = !arguments.seeds.empty() && arguments.sites.empty();
  // With --seed alone a configuration is welcome (contact, limits) but not needed.
  if (!seeds_only || PosixFileSystem().Exists(arguments.config)) {
    loaded = config::Load(arguments.config);
    for (const config::Problem& problem : loaded.problems) output.Talk(problem.ToString());
    if (!loaded.problems.empty()) return kWrongUsage;
  }
  options.settings = loaded.config.settings;
  options.profiles = loaded.config.profiles;
  if (seeds_only) {
    auto site = config::SiteFromSeeds(arguments.seeds);
    if (!site) {
      output.Talk("--seed: " + site.error().ToString());
      return kWrongUsage;
    }
    for (const std::string& seed : (*site)->seeds) {
      for (const auto& listed : loaded.config.sites) {
        if (!config::OnHostsOf(*listed, seed)) continue;
        output.Talk("--seed " + seed + ": its host is the site " + listed->id + "'s of " + arguments.config + "/sites; what is read here belongs to \"" + (*site)->id +
                    "\" until that site visits it again. `crawl --site " + listed->id + " --seed URL` keeps it the site's");
        break;
      }
    }
    options.sites.push_back(WithOverrides(*site, arguments));
  } else if (!arguments.sites.empty()) {
    for (auto named = arguments.sites.begin(); named != arguments.sites.end(); ++named) {
      const std::string& id = *named;
      if (std::find(arguments.sites.begin(), named, id) != named) continue;  // named twice
      const auto site = loaded.config.FindSite(id);
      if (!site) {
        output.Talk("--site " + id + ": no such site in " + arguments.config + "/sites");
        return kWrongUsage;
      }
      auto copy = std::make_shared<model::Site>(*site);
      copy->enabled = true;  // asked for by name
      for (const std::string& seed : arguments.seeds) copy->seeds.push_back(seed);
      options.sites.push_back(WithOverrides(std::move(copy), arguments));
    }
  } else {
    for (const auto& site : loaded.config.sites) {
      if (site->enabled) options.sites.push_back(WithOverrides(site, arguments));
    }
    if (options.sites.empty()) {
      output.Talk(arguments.config + ": no enabled site");
      return kWrongUsage;
    }
  }

  SignalStop signals;
  auto archive = OpenWhenFree(arguments.archive, options.settings, true);
  if (!archive) return Report(archive.error(), output);
  LogAsJson(options.settings.log_json);
  LogToFile(arguments.archive + "/logs/fangzhi.log", options.settings.log_max_bytes, options.settings.log_files);
  const store::OpenReport& report = (*archive)->open_report();
  if (report.captures_applied > 0 || report.torn_bytes > 0) {
    output.Talk("recovered after an unclean end: " + std::to_string(report.captures_applied) + " captures brought into the index, " +
                std::to_string(report.torn_bytes) + " torn bytes set aside in quarantine/");
  }
  TellDamagedFiles(**archive, output);
  // Read commands of other processes are answered while the crawl runs.
  auto live = LiveReaderServer::Start(arguments.archive, **archive);
  if (!live) Log(LogLevel::kWarn, "cli", "no_live_reader", {{"error", Escaped(live.error().ToString())}});

  const auto began = std::chrono::steady_clock::now();
  if (IsTerminal(STDERR_FILENO) && arguments.log_level != "off") {
    SetLogLineHook(ClearLine, nullptr);
    options.on_progress = [&](const crawl::Status& status) { ShowProgress(status, began, arguments.max_pages); };
  }
  std::vector<report::RunRecord> records;
  std::vector<std::string> alerts;
  options.on_run_end = [&](const crawl::RunResult& run) {
    records.push_back(run.record);
    const report::RunRecord* before = run.before ? &*run.before : nullptr;
    if (serve::IsWorthAnAlert(run.record, before)) alerts.push_back(serve::AlertText(run.record, before));
  };
  const auto summary = crawl::Crawl(**archive, options, signals.token());
  ClearLine();
  if (live) live->reset();
  for (const std::string& alert : alerts) serve::SendAlert(options.settings, alert);
  const auto closed = (*archive)->Close();
  if (!summary) return Report(summary.error(), output);
  if (!closed) return Report(closed.error(), output);

  report::Grade grade = report::Grade::kComplete;
  for (const report::RunRecord& record : records) grade = std::max(grade, record.grade);
  if (arguments.json) {
    Json json = crawl::ToJson(*summary);
    json["grade"] = report::GradeName(grade);
    json["findings"] = Json::array();
    json["overrides"] = Json::object();
    for (const report::RunRecord& record : records) {
      json["overrides"][record.facts.site] = record.facts.overrides;
      Json told = report::ToJson(record);
      for (Json& finding : told["findings"]) {
        finding["site"] = record.facts.site;
        json["findings"].push_back(std::move(finding));
      }
    }
    output.Json(json);
  } else {
    output.Data(SummaryTable(*summary));
    output.Data(report::TextOfSites(records));
  }
  for (const std::string& note : summary->notes) output.Talk(note);
  constexpr size_t kShown = 10;
  for (size_t i = 0; i < summary->failures.size() && i < kShown && !arguments.json; ++i) {
    output.Talk(summary->failures[i].url + ": " + summary->failures[i].reason);
  }
  // Nothing at all came although something was asked for: the work failed, not a part of it.
  if (summary->failed > 0 && summary->fetched == 0) return kFailed;
  const bool in_part = std::any_of(records.begin(), records.end(), MissedSomething);
  return summary->failed > 0 || in_part ? kDoneInPart : kDone;
}

}  // namespace fangzhi::cli
