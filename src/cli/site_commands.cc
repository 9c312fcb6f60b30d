// site list, check: the site list for its admin.
#include <map>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/terminal.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "config/config.h"
#include "crawl/crawl.h"

namespace fangzhi::cli {
namespace {

using model::Json;

Json SiteJson(const model::Site& site) {
  Json json{{"id", site.id},           {"name", site.name},           {"enabled", site.enabled},
            {"seeds", site.seeds},     {"hosts", site.hosts},         {"max_depth", site.max_depth},
            {"max_pages", site.max_pages}, {"schedule", site.schedule}, {"time_zone", site.time_zone},
            {"time_window", site.time_window.empty() ? Json(nullptr) : Json(site.time_window)},
            {"delay_seconds", static_cast<double>(site.delay.count()) / 1000.0},
            {"connections_per_host", site.connections_per_host}, {"obey_robots", site.obey_robots},
            {"allow_private", site.allow_private}, {"origin", site.origin}};
  json["include"] = Json::array();
  for (const auto& pattern : site.include) json["include"].push_back(pattern->text());
  json["exclude"] = Json::array();
  for (const auto& pattern : site.exclude) json["exclude"].push_back(pattern->text());
  json["capture"] = Json::array();
  if (site.capture_pages) json["capture"].push_back("pages");
  if (site.capture_attachments) json["capture"].push_back("attachments");
  if (site.capture_requisites) json["capture"].push_back("requisites");
  return json;
}

Json ProblemJson(const config::Problem& problem) {
  // A problem of a whole file, or of what is not there, has no line.
  const auto place = [](int number) { return number == 0 ? Json(nullptr) : Json(number); };
  return Json{{"file", problem.file}, {"line", place(problem.line)}, {"column", place(problem.column)},
              {"key", problem.key.empty() ? Json(nullptr) : Json(problem.key)}, {"message", problem.message}};
}

// Seeds that several enabled entries begin at: each of them is crawled. It may be meant so, and is no mistake of the file.
std::vector<std::string> SharedSeeds(const config::Config& config) {
  std::map<std::string, const model::Site*> first;
  std::vector<std::string> notes;
  for (const auto& site : config.sites) {
    if (!site->enabled) continue;
    for (const std::string& seed : site->seeds) {
      const auto [at, is_first] = first.emplace(seed, site.get());
      if (!is_first && at->second != site.get()) {
        notes.push_back(at->second->id + " (" + at->second->origin + ") and " + site->id + " (" + site->origin + ") both begin at " + seed + ", and both are crawled");
      }
    }
  }
  return notes;
}

}  // namespace

int SiteListCommand(const Arguments& arguments, Output& output) {
  const config::LoadResult loaded = config::Load(arguments.config);
  for (const config::Problem& problem : loaded.problems) output.Talk(problem.ToString());
  if (!loaded.problems.empty()) return kWrongUsage;
  Table table({"id", "name", "enabled", "schedule", "delay", "seeds"});
  for (const auto& site : loaded.config.sites) {
    if (arguments.json) {
      output.Json(SiteJson(*site));
      continue;
    }
    const Json json = SiteJson(*site);
    table.Add({site->id, site->name, site->enabled ? "yes" : "no", site->schedule, Cell(json, "delay_seconds") + " s", Cell(json, "seeds")});
  }
  if (!arguments.json) output.Data(table.Text());
  return kDone;
}

int SiteCheckCommand(const Arguments& arguments, Output& output) {
  const config::LoadResult loaded = config::Load(arguments.config);
  const std::vector<std::string> notes = SharedSeeds(loaded.config);
  if (arguments.json) {
    Json problems = Json::array();
    for (const config::Problem& problem : loaded.problems) problems.push_back(ProblemJson(problem));
    output.Json(Json{{"ok", loaded.problems.empty()}, {"sites", loaded.config.sites.size()}, {"problems", std::move(problems)}, {"notes", notes}});
  } else {
    for (const std::string& note : notes) output.Talk(PrintableLine(note));
    for (const config::Problem& problem : loaded.problems) output.Talk(problem.ToString());
    if (loaded.problems.empty()) output.Line(arguments.config + ": " + std::to_string(loaded.config.sites.size()) + " sites, no problem");
    else output.Talk(std::to_string(loaded.problems.size()) + (loaded.problems.size() == 1 ? " problem" : " problems"));
  }
  return loaded.problems.empty() ? kDone : kWrongUsage;
}

}  // namespace fangzhi::cli
