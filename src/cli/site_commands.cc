// site list, check, test: the site list for its admin.
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
  return Json{{"file", problem.file}, {"line", problem.line}, {"column", problem.column},
              {"key", problem.key.empty() ? Json(nullptr) : Json(problem.key)}, {"message", problem.message}};
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
  if (arguments.json) {
    Json problems = Json::array();
    for (const config::Problem& problem : loaded.problems) problems.push_back(ProblemJson(problem));
    output.Json(Json{{"ok", loaded.problems.empty()}, {"sites", loaded.config.sites.size()}, {"problems", std::move(problems)}});
  } else {
    for (const config::Problem& problem : loaded.problems) output.Talk(problem.ToString());
    if (loaded.problems.empty()) output.Line(arguments.config + ": " + std::to_string(loaded.config.sites.size()) + " sites, no problem");
    else output.Talk(std::to_string(loaded.problems.size()) + (loaded.problems.size() == 1 ? " problem" : " problems"));
  }
  return loaded.problems.empty() ? kDone : kWrongUsage;
}

int SiteTestCommand(const Arguments& arguments, Output& output) {
  config::LoadResult loaded;
  if (PosixFileSystem().Exists(arguments.config)) loaded = config::Load(arguments.config);
  for (const config::Problem& problem : loaded.problems) output.Talk(problem.ToString());
  if (!loaded.problems.empty()) return kWrongUsage;
  std::shared_ptr<const model::Site> site;
  if (!arguments.sites.empty()) {
    site = loaded.config.FindSite(arguments.sites.front());
    if (!site) {
      output.Talk("--site " + arguments.sites.front() + ": no such site");
      return kWrongUsage;
    }
  } else {
    for (const auto& candidate : loaded.config.sites) {
      if (config::InScope(*candidate, arguments.url)) {
        site = candidate;
        break;
      }
    }
  }
  if (!site) {
    auto made = config::SiteFromSeeds({arguments.url});
    if (!made) {
      output.Talk(made.error().ToString());
      return kWrongUsage;
    }
    site = *made;
    output.Talk("no site entry takes this URL; tested with defaults");
  }
  if (arguments.allow_private) {
    auto changed = std::make_shared<model::Site>(*site);
    changed->allow_private = true;
    site = changed;
  }
  const auto probe = crawl::ProbePage(*site, loaded.config.settings, arguments.url);
  if (!probe) return Report(probe.error(), output);
  if (arguments.json) {
    output.Json(probe->page);
    return kDone;
  }
  const Json& page = probe->page;
  output.Line(PrintableLine(Cell(page, "final_url")) + "  HTTP " + Cell(page, "status") + "  " + Cell(page, "bytes") + " bytes  " +
              Cell(page, "milliseconds") + " ms");
  output.Line("charset   " + Cell(page, "charset") + "  (declared " + Cell(page, "declared") + ", detected " + Cell(page, "detected") +
              ", by " + Cell(page, "charset_basis") + ", errors " + Cell(page, "decode_errors") + ")");
  const Json& record = page["record"];
  output.Line("kind      " + Cell(record, "kind") + "  (" + PrintableLine(Cell(record, "kind_reason")) + ")");
  const Json& provenance = record["provenance"];
  for (const char* field : {"title", "published", "source", "clicks", "author", "editor", "column", "document_number", "index_number"}) {
    output.Line(std::string(field) + std::string(std::string_view(field).size() < 10 ? 10 - std::string_view(field).size() : 1, ' ') +
                PrintableLine(Cell(record, field)) + "  (" + PrintableLine(Cell(provenance, field)) + ")");
  }
  if (record["counter"].is_object()) {
    output.Line("counter   " + PrintableLine(Cell(record["counter"], "url")) + "  (" + Cell(record["counter"], "kind") + ", " +
                Cell(record["counter"], "side_effect") + ")");
  }
  output.Line("links     " + model::Dump(page["links"]));
  for (const auto& problem : page["problems"]) output.Line("problem   " + PrintableLine(problem.get<std::string>()));
  output.Line("");
  output.Line(Printable(model::GetString(record, "body")));
  return kDone;
}

}  // namespace fangzhi::cli
