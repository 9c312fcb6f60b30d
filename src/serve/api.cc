#include "serve/api.h"

#include <algorithm>

#include "base/metrics.h"
#include "base/strings.h"
#include "base/terminal.h"
#include "report/report.h"

namespace fangzhi::serve {
namespace {

using model::Json;
using model::Member;

HttpAnswer AsJson(const Json& value) { return {200, "application/json; charset=utf-8", model::Dump(value) + "\n"}; }
HttpAnswer Problem(int status, const std::string& text) {
  return {status, "application/json; charset=utf-8", model::Dump(Json{{"error", text}}) + "\n"};
}

// Sites of the list, and those that were crawled into the archive.
bool IsKnown(const Json& status, const std::string& site) {
  const Json& sites = Member(status, "sites");
  return std::any_of(sites.begin(), sites.end(), [&site](const Json& entry) { return model::GetString(entry, "id") == site; });
}

double NumberAt(const Json& object, const char* key) {
  const Json& value = Member(object, key);
  return value.is_number() ? value.get<double>() : 0;
}

double UnixSeconds(const Json& object, const char* key) {
  const auto time = ParseIso8601(model::GetString(object, key));
  return time ? static_cast<double>(time->time_since_epoch().count()) / 1000 : 0;
}

int GradeNumber(std::string_view name) { return name == "complete" ? 0 : name == "degraded" ? 1 : name == "partial" ? 2 : -1; }

// The broken ones first: what an administrator came to see.
int Rank(const Json& site) {
  const Json& last = Member(site, "last_run");
  return last.is_object() ? -GradeNumber(model::GetString(last, "grade")) : -1;
}

}  // namespace

std::string MetricsText(const MetricsInput& input) {
  MetricsWriter metrics;
  struct Counter {
    const char* name;
    const char* help;
    uint64_t crawl::Summary::*count;
  };
  static constexpr Counter kCounters[] = {
      {"fangzhi_fetched_total", "Captures of pages and documents", &crawl::Summary::fetched},
      {"fangzhi_new_total", "First versions", &crawl::Summary::created},
      {"fangzhi_changed_total", "Later versions", &crawl::Summary::changed},
      {"fangzhi_unchanged_total", "Visits that found nothing new", &crawl::Summary::unchanged},
      {"fangzhi_gone_total", "Pages found gone", &crawl::Summary::gone},
      {"fangzhi_restored_total", "Pages found restored", &crawl::Summary::restored},
      {"fangzhi_absent_total", "Visits that found a page absent", &crawl::Summary::absent},
      {"fangzhi_held_total", "Visits that showed what may stand in the way of the page", &crawl::Summary::held},
      {"fangzhi_failed_total", "Fetches given up after every retry", &crawl::Summary::failed},
      {"fangzhi_robots_denied_total", "URLs not fetched because of robots.txt", &crawl::Summary::robots_denied},
      {"fangzhi_counters_total", "Click counts read by a second request", &crawl::Summary::counters},
      {"fangzhi_received_bytes_total", "Heads and bodies received", &crawl::Summary::bytes}};
  for (const Counter& counter : kCounters) {
    metrics.Family(counter.name, "counter", counter.help);
    for (const auto& [site, summary] : input.totals) metrics.Sample({{"site", site}}, static_cast<double>(summary.*counter.count));
  }
  metrics.Family("fangzhi_errors_total", "counter", "Attempts that failed, by kind");
  for (const auto& [site, summary] : input.totals) {
    for (const auto& [kind, count] : summary.errors) metrics.Sample({{"site", site}, {"kind", kind}}, static_cast<double>(count));
  }

  const Json& sites = Member(input.status, "sites");
  const auto gauge = [&](const char* name, const char* help, const auto& value) {
    metrics.Family(name, "gauge", help);
    for (const Json& site : sites) value(site, model::GetString(site, "id"));
  };
  gauge("fangzhi_site_running", "1 while a run is under way", [&](const Json& site, const std::string& id) {
    metrics.Sample({{"site", id}}, model::GetString(site, "state") == "running" ? 1 : 0);
  });
  gauge("fangzhi_site_paused", "1 while paused", [&](const Json& site, const std::string& id) {
    metrics.Sample({{"site", id}}, model::GetString(site, "state") == "paused" ? 1 : 0);
  });
  gauge("fangzhi_site_queued", "URLs in memory that wait, a lower bound", [&](const Json& site, const std::string& id) {
    metrics.Sample({{"site", id}}, NumberAt(Member(site, "run"), "queued"));
  });
  gauge("fangzhi_site_in_flight", "Requests under way", [&](const Json& site, const std::string& id) {
    metrics.Sample({{"site", id}}, NumberAt(Member(site, "run"), "in_flight"));
  });
  gauge("fangzhi_last_run_grade", "0 complete, 1 degraded, 2 partial", [&](const Json& site, const std::string& id) {
    const Json& last = Member(site, "last_run");
    if (last.is_object()) metrics.Sample({{"site", id}}, GradeNumber(model::GetString(last, "grade")));
  });
  gauge("fangzhi_last_run_end_seconds", "When the last run ended, Unix time", [&](const Json& site, const std::string& id) {
    const Json& last = Member(site, "last_run");
    if (last.is_object()) metrics.Sample({{"site", id}}, UnixSeconds(last, "ended"));
  });
  gauge("fangzhi_next_run_seconds", "When the next run is due, Unix time", [&](const Json& site, const std::string& id) {
    if (Member(site, "next_run").is_string()) metrics.Sample({{"site", id}}, UnixSeconds(site, "next_run"));
  });
  metrics.Family("fangzhi_held_back", "gauge", "1 while the disk guard holds everything back");
  metrics.Sample(Member(input.status, "held_back").is_string() ? 1 : 0);
  metrics.Family("fangzhi_disk_free_bytes", "gauge", "Free on the archive's disk");
  metrics.Sample(NumberAt(Member(input.status, "disk"), "free_bytes"));
  metrics.Family("fangzhi_config_ok", "gauge", "0 when the configuration on the disk was refused");
  const Json& problems = Member(Member(input.status, "daemon"), "config_problems");
  metrics.Sample(problems.is_array() && !problems.empty() ? 0 : 1);
  const ProcessUse use = GetProcessUse();
  metrics.Family("process_resident_memory_bytes", "gauge", "Resident memory");
  metrics.Sample(static_cast<double>(use.resident_bytes));
  metrics.Family("process_open_fds", "gauge", "Open file descriptors");
  metrics.Sample(static_cast<double>(use.open_descriptors));
  metrics.Family("process_cpu_seconds_total", "counter", "CPU time, user and system");
  metrics.Sample(use.cpu_seconds);
  return metrics.text();
}

std::string StatusPage(const Json& status) {
  const auto escaped = [](const Json& object, const char* key) { return report::EscapeHtml(model::GetString(object, key)); };
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
      "<meta http-equiv=\"refresh\" content=\"30\">\n<title>Fangzhi</title>\n"
      "<style>body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:76em;padding:0 1em;color:#222}"
      "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35em .9em .35em 0;vertical-align:top;border-top:1px solid #ddd}"
      ".complete{color:#176b2c}.degraded{color:#8a5a00}.partial,.bad{color:#a61b1b}.advice,.small{color:#555}ul{margin:0;padding-left:1.1em}</style>\n"
      "<h1>Fangzhi</h1>\n";
  html += "<p>" + report::Minute(model::GetString(status, "now")) + " UTC. <a href=\"/report\">Report</a></p>\n";
  const Json& daemon = Member(status, "daemon");
  if (const Json& problems = Member(daemon, "config_problems"); problems.is_array() && !problems.empty()) {
    html += "<p class=\"bad\">The configuration on the disk was refused; the one of " + report::Minute(model::GetString(daemon, "config_read")) + " UTC is in force.</p>\n<ul class=\"bad\">\n";
    for (const Json& problem : problems) html += "<li>" + report::EscapeHtml(problem.is_string() ? problem.get<std::string>() : "") + "</li>\n";
    html += "</ul>\n";
  }
  if (model::GetBool(status, "paused")) html += "<p class=\"bad\">Everything is paused.</p>\n";
  if (Member(status, "held_back").is_string()) html += "<p class=\"bad\">Held back: " + escaped(status, "held_back") + "</p>\n";
  std::vector<const Json*> sites;
  for (const Json& site : Member(status, "sites")) sites.push_back(&site);
  std::stable_sort(sites.begin(), sites.end(), [](const Json* a, const Json* b) { return Rank(*a) < Rank(*b); });
  html += "<table>\n<tr><th>site</th><th>last run</th><th>what is wrong</th><th>now</th><th>next (UTC)</th></tr>\n";
  for (const Json* site : sites) {
    const Json& last = Member(*site, "last_run");
    const std::string grade = model::GetString(last.is_object() ? last : Json::object(), "grade");
    html += "<tr><td>" + escaped(*site, "name") + "<br><span class=\"small\">" + escaped(*site, "id") + "</span></td>";
    if (last.is_object()) {
      html += "<td><span class=\"" + report::EscapeHtml(grade) + "\">" + report::EscapeHtml(grade) + "</span><br><span class=\"small\">" +
              report::EscapeHtml(report::Minute(model::GetString(last, "ended"))) + "<br>" + std::to_string(model::GetInt(last, "fetched")) + " fetched, " +
              std::to_string(model::GetInt(last, "new")) + " new, " + std::to_string(model::GetInt(last, "changed")) + " changed</span></td><td>";
      std::string overrides;
      for (const Json& override : Member(last, "overrides")) overrides += (overrides.empty() ? "" : ", ") + (override.is_string() ? override.get<std::string>() : "");
      if (!overrides.empty()) html += "<span class=\"partial\">overridden: " + report::EscapeHtml(overrides) + "</span>";
      if (const Json& findings = Member(last, "findings"); findings.is_array() && !findings.empty()) {
        html += "<ul>";
        for (const Json& finding : findings) {
          html += "<li class=\"" + escaped(finding, "grade") + "\">" + escaped(finding, "text");
          if (Member(finding, "advice").is_string()) html += "<br><span class=\"advice\">" + escaped(finding, "advice") + "</span>";
          html += "</li>";
        }
        html += "</ul>";
      }
      html += "</td>";
    } else {
      html += "<td>never ran</td><td></td>";
    }
    html += "<td>" + escaped(*site, "state");
    if (const Json& run = Member(*site, "run"); run.is_object()) {
      html += "<br><span class=\"small\">" + std::to_string(model::GetInt(run, "fetched")) + " fetched, " + std::to_string(model::GetInt(run, "queued")) + "+ queued</span>";
    }
    html += "</td><td>" + report::EscapeHtml(report::Minute(model::GetString(*site, "next_run"))) + "</td></tr>\n";
  }
  return html + "</table>\n</html>\n";
}

HttpAnswer AnswerApi(const HttpRequest& request, const store::Archive& archive, UtcTime now, const std::function<Json()>& status) {
  if (request.method != "GET" && request.method != "HEAD") {
    return Problem(405, "nothing is changed over HTTP: fangzhi run, pause, resume and reload ask the daemon over the archive's own socket");
  }
  const auto parameter = [&](const char* name) {
    const auto found = request.parameters.find(name);
    return found == request.parameters.end() ? std::string() : found->second;
  };
  if (request.path == "/") return {200, "text/html; charset=utf-8", StatusPage(status())};
  if (request.path == "/api/status") return AsJson(status());
  if (request.path == "/api/sites") return AsJson(status()["sites"]);
  if (request.path == "/api/impact") {
    if (parameter("host").empty()) return Problem(400, "host= names the host, with its port where that is not the usual one");
    const auto impact = report::Impact(archive, parameter("host"), std::nullopt);
    if (!impact) return Problem(404, impact.error().ToString());
    return AsJson(*impact);
  }
  const bool runs_wanted = request.path == "/api/runs";
  if (!runs_wanted && request.path != "/report") return Problem(404, "no such page");
  constexpr uint64_t kMostRuns = 200;
  constexpr size_t kMostText = size_t{32} << 20;
  constexpr uint64_t kRuns = 10;
  const std::string limit = parameter("limit");
  const std::optional<uint64_t> wanted = limit.empty() ? kRuns : ParseUint(limit);
  if (!wanted) return Problem(400, "limit= is a number of runs, 1 to " + std::to_string(kMostRuns));
  const uint64_t most = std::clamp<uint64_t>(*wanted, 1, kMostRuns);
  std::vector<std::string> sites{parameter("site")};
  if (sites.front().empty()) {
    auto all = report::LoadSites(archive);
    if (!all) return Problem(500, all.error().ToString());
    sites = std::move(*all);
  }
  // Whatever is asked for, no more than one whole record of a site is in memory at a time, and no more text than this.
  std::vector<std::vector<report::RunRecord>> loaded;
  std::string text = "[";
  for (const std::string& site : sites) {
    std::vector<report::RunRecord>& runs = loaded.emplace_back();
    size_t count = 0;
    const auto read = report::ForEachRun(archive, site, [&](report::RunRecord run) {
      if (runs_wanted) {
        text += (text.size() > 1 ? "," : "") + model::Dump(report::ToJson(run));
      } else {
        // Of all but the latest the page shows the counts.
        if (!runs.empty()) {
          run.facts.coverage = run.run_coverage = {};
          run.facts.summary = nullptr;
          run.facts.notes.clear();
          run.findings.clear();
        }
        runs.push_back(std::move(run));
      }
      return ++count < most && text.size() <= kMostText;
    });
    if (!read) return Problem(500, read.error().ToString());
    if (count == 0 && !IsKnown(status(), site)) return Problem(404, PrintableLine(site) + ": no such site");
    if (text.size() > kMostText) return Problem(413, "that is more than " + HumanBytes(kMostText) + " at once: ask for one site (site=) or fewer runs of each (limit=)");
  }
  if (!runs_wanted) return {200, "text/html; charset=utf-8", report::HtmlOfSites(loaded, now)};
  return {200, "application/json; charset=utf-8", text + "]\n"};
}

}  // namespace fangzhi::serve
