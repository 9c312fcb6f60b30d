// report: how the runs went, as text, JSON or a page.
#include <cstdio>

#include "cli/cli.h"
#include "cli/commands.h"
#include "frontier/frontier.h"
#include "report/report.h"

namespace fangzhi::cli {

using model::Json;

namespace {

// How up to date the copies of a site are expected to be (docs/scheduling.md).
Result<Json> FreshnessOf(const store::Archive& archive, const std::string& site) {
  FZ_ASSIGN(const frontier::Freshness found, frontier::Frontier::GetFreshness(archive, site, SystemClock().Now()));
  Json json{{"pages", found.pages}, {"expected", found.expected}, {"lists", found.lists}, {"expected_lists", found.expected_lists}, {"overdue", found.overdue}};
  json["oldest_visit"] = found.oldest_visit ? Json(FormatIso8601(*found.oldest_visit)) : Json(nullptr);
  return json;
}

std::string TextOfFreshness(const Json& freshness) {
  if (freshness["pages"].get<uint64_t>() == 0) return "expected freshness: no page was visited yet\n";
  char text[200];
  std::snprintf(text, sizeof text, "expected freshness: %.1f %% of %llu pages, %.1f %% of %llu lists; %llu overdue\n",
                100 * freshness["expected"].get<double>(), static_cast<unsigned long long>(freshness["pages"].get<uint64_t>()),
                100 * freshness["expected_lists"].get<double>(), static_cast<unsigned long long>(freshness["lists"].get<uint64_t>()),
                static_cast<unsigned long long>(freshness["overdue"].get<uint64_t>()));
  return text;
}

}  // namespace

int ReportCommand(const Arguments& arguments, const store::Archive& archive, Output& output) {
  if (!arguments.impact_host.empty()) {
    std::optional<UtcTime> from;
    if (!arguments.from.empty()) {
      from = ParseIso8601(arguments.from);
      if (!from) {
        output.Talk("--from: \"" + arguments.from + "\" is no ISO 8601 time");
        return kWrongUsage;
      }
    }
    const auto impact = report::Impact(archive, arguments.impact_host, from);
    if (!impact) return Report(impact.error(), output);
    if (arguments.json) output.Json(*impact);
    else output.Data(report::TextOfImpact(*impact));
    return kDone;
  }

  constexpr uint64_t kUsualRuns = 10;
  const bool one = !arguments.site.empty();
  std::vector<std::string> ids{arguments.site};
  if (!one) {
    auto sites = report::LoadSites(archive);
    if (!sites) return Report(sites.error(), output);
    ids = std::move(*sites);
  }
  std::vector<std::vector<report::RunRecord>> sites;
  for (const std::string& id : ids) {
    auto runs = report::LoadRuns(archive, id, arguments.limit.value_or(kUsualRuns));
    if (!runs) return Report(runs.error(), output);
    if (runs->empty()) {
      if (!one) continue;
      output.Talk(id + ": no run of this site is recorded");
      return kFailed;
    }
    sites.push_back(std::move(*runs));
  }
  if (arguments.report_format == "html") {
    output.Data(report::HtmlOfSites(sites, SystemClock().Now()));
  } else if (arguments.json) {
    // One object a site: its last run, and those before in short.
    for (const std::vector<report::RunRecord>& runs : sites) {
      Json json = report::ToJson(runs.front());
      json["earlier"] = Json::array();
      for (size_t i = 1; i < runs.size(); ++i) {
        const Json earlier = report::ToJson(runs[i]);
        Json in_short;
        for (const char* key : {"started", "ended", "trigger", "grade", "findings", "fetched", "failed", "still_queued"}) in_short[key] = earlier[key];
        json["earlier"].push_back(std::move(in_short));
      }
      auto freshness = FreshnessOf(archive, runs.front().facts.site);
      if (!freshness) return Report(freshness.error(), output);
      json["freshness"] = std::move(*freshness);
      output.Json(json);
    }
  } else if (one) {
    const auto freshness = FreshnessOf(archive, arguments.site);
    if (!freshness) return Report(freshness.error(), output);
    output.Data(report::TextOfSite(sites.front()) + TextOfFreshness(*freshness));
  } else {
    std::vector<report::RunRecord> last;
    for (std::vector<report::RunRecord>& runs : sites) last.push_back(std::move(runs.front()));
    if (last.empty()) output.Line("no run is recorded yet");
    else output.Data(report::TextOfSites(last));
  }
  return kDone;
}

}  // namespace fangzhi::cli
