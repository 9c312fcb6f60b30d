// report: how the runs went, as text, JSON or a page.
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/report.h"

namespace fangzhi::cli {

using model::Json;

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
      output.Json(json);
    }
  } else if (one) {
    output.Data(report::TextOfSite(sites.front()));
  } else {
    std::vector<report::RunRecord> last;
    for (std::vector<report::RunRecord>& runs : sites) last.push_back(std::move(runs.front()));
    if (last.empty()) output.Line("no run is recorded yet");
    else output.Data(report::TextOfSites(last));
  }
  return kDone;
}

}  // namespace fangzhi::cli
