// site test, site add: pages looked at before anything is crawled.
#include <algorithm>
#include <map>
#include <set>

#include "base/files.h"
#include "base/strings.h"
#include "base/terminal.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/site_proposal.h"
#include "config/config.h"
#include "crawl/crawl.h"
#include "extract/obstacle.h"
#include "frontier/duplicates.h"

namespace fangzhi::cli {
namespace {

using model::Json;

constexpr size_t kShownItems = 20;
constexpr const char* kFields[] = {"title", "published", "source", "clicks", "author", "editor", "column", "document_number", "index_number"};

const char* ConsentText(const model::Counter& counter, model::CounterMode mode) {
  const bool reads_only = model::IsReadOnly(counter);
  if (mode == model::CounterMode::kOff) return "not asked: counters = \"off\"";
  if (reads_only) return "asked once a capture: it only tells";
  if (mode == model::CounterMode::kAllowIncrement) return "asked once a capture: the asking counts as a reading, and the site entry allows it";
  return "not asked: the asking may count as a reading; counters = \"allow_increment\" would allow it";
}

Json MatchJson(const profiles::Match& match) {
  if (!match.profile) return nullptr;
  return Json{{"id", match.profile->id},       {"name", match.profile->name},         {"weight", match.weight},
              {"evidence", match.evidence},    {"origin", match.profile->origin},     {"list_dialect", match.profile->list_dialect},
              {"counter", match.profile->counter_kind}, {"notes", match.profile->notes}};
}

// What is said of one page, whether it was fetched or is a file.
Json PageJson(const process::ProcessedPage& page, const model::Site& site, const std::string& url) {
  std::map<std::string, uint64_t> kinds;
  Json items = Json::array(), lists = Json::array();
  for (const model::Link& link : page.links) {
    ++kinds[std::string(model::LinkKindName(link.kind))];
    if (link.kind == model::LinkKind::kArticle && items.size() < kShownItems) items.push_back(model::ToJson(link));
    if (link.kind == model::LinkKind::kList && lists.size() < kShownItems) lists.push_back(model::ToJson(link));
  }
  std::string reason;
  const bool taken = config::InScope(site, url, &reason);
  Json json{{"charset", page.decoded.charset},
            {"declared", model::OrNull(page.decoded.declared)},
            {"detected", model::OrNull(page.decoded.detected)},
            {"charset_basis", page.decoded.basis},
            {"charset_confidence", page.decoded.confidence},
            {"decode_errors", page.decoded.errors},
            {"site", site.id},
            {"in_scope", {{"taken", taken}, {"reason", reason}}},
            {"profile", MatchJson(page.profile)},
            {"record", model::ToJson(page.record)}};
  json["links"] = Json::object();
  for (const auto& [kind, count] : kinds) json["links"][kind] = count;
  json["items"] = std::move(items);
  json["lists"] = std::move(lists);
  json["counter"] = nullptr;
  if (page.record.counter) {
    json["counter"] = {{"url", page.record.counter->url},
                       {"kind", page.record.counter->kind},
                       {"method", page.record.counter->method},
                       {"side_effect", page.record.counter->side_effect},
                       {"consent", ConsentText(*page.record.counter, site.counters)}};
  }
  if (page.record.counter_batch) {
    const model::CounterBatch& batch = *page.record.counter_batch;
    json["list_counter"] = {{"url", batch.counter.url},
                            {"kind", batch.counter.kind},
                            {"method", batch.counter.method},
                            {"side_effect", batch.counter.side_effect},
                            {"consent", ConsentText(batch.counter, site.counters)},
                            {"articles", batch.pages.size() - static_cast<size_t>(std::count(batch.pages.begin(), batch.pages.end(), ""))}};
  }
  json["problems"] = Json::array();
  for (const std::string& problem : page.problems) json["problems"].push_back(problem);
  return json;
}

void Field(Output& output, std::string name, const std::string& value) {
  name.resize(std::max<size_t>(name.size() + 2, 12), ' ');
  output.Line(name + value);
}

void ShowPage(const Json& page, Output& output) {
  Field(output, "charset", Cell(page, "charset") + "  (declared " + Cell(page, "declared") + ", detected " + Cell(page, "detected") + ", by " +
                               Cell(page, "charset_basis") + ", errors " + Cell(page, "decode_errors") + ")");
  Field(output, "scope", (page["in_scope"]["taken"].get<bool>() ? "in: " : "out: ") + PrintableLine(Cell(page["in_scope"], "reason")) + "  (site " +
                             PrintableLine(Cell(page, "site")) + ")");
  const Json& profile = page["profile"];
  if (profile.is_object()) {
    Field(output, "family", PrintableLine(Cell(profile, "id") + "  " + Cell(profile, "name") + "  (weight " + Cell(profile, "weight") + ", " +
                                          Cell(profile, "origin") + ")"));
    for (const Json& item : profile["evidence"]) Field(output, "", "by " + PrintableLine(item.get<std::string>()));
  } else {
    Field(output, "family", "none recognised");
  }
  if (const Json& learned = page["template"]; learned.is_object()) {
    if (learned.contains("error")) {
      Field(output, "template", PrintableLine(Cell(learned, "error")));
    } else {
      Field(output, "template", "learned from " + Cell(learned, "pages") + " texts; the frame is " + Cell(learned, "frame_texts") + " texts" +
                                    (learned["redesign_suspected"].get<bool>() ? "; REDESIGN SUSPECTED" : "") +
                                    (learned["redesigned"].is_null() ? std::string() : "; redesigned " + PrintableLine(Cell(learned, "redesigned"))));
    }
    if (learned.contains("page")) {
      const Json& own = learned["page"];
      Field(output, "", "this page has " + Cell(own, "frame_texts") + " of them; " + Cell(own, "body_paragraphs_of_frame") + " of the body's " +
                            Cell(own, "body_paragraphs") + " paragraphs are frame");
    }
  }
  if (const Json& duplicates = page["duplicates"]; duplicates.is_object() && duplicates.contains("rules")) {
    for (const Json& rule : duplicates["rules"]) {
      Field(output, "same page", PrintableLine(Cell(rule, "rule")) + "  (" + Cell(rule, "contents") + " pages" +
                                     (!rule["holds"].get<bool>() ? "; taken back" : duplicates["used"].get<bool>() ? "" : "; not used: fold_duplicates = false") + ")");
    }
  }
  const Json& record = page["record"];
  Field(output, "kind", Cell(record, "kind") + "  (" + PrintableLine(Cell(record, "kind_reason")) + ")");
  const Json& provenance = record["provenance"];
  for (const char* field : kFields) {
    Field(output, field, PrintableLine(Cell(record, field)) + "  (" + PrintableLine(Cell(provenance, field)) + ")");
    // Every candidate, the surest first: why this one won.
    if (const auto found = record.find("candidates"); found != record.end() && found->contains(field)) {
      for (const Json& candidate : (*found)[field]) {
        Field(output, "", PrintableLine("· " + Cell(candidate, "value") + "  " + Cell(candidate, "basis") + "  " + Cell(candidate, "confidence")));
      }
    }
  }
  if (const Json& counter = page["counter"]; counter.is_object()) {
    Field(output, "counter", PrintableLine(Cell(counter, "method") + " " + Cell(counter, "url") + "  (" + Cell(counter, "kind") + ", " + Cell(counter, "side_effect") + ")"));
    Field(output, "", Cell(counter, "consent"));
  } else if (const auto list = page.find("list_counter"); list != page.end()) {
    Field(output, "counter", PrintableLine("for " + Cell(*list, "articles") + " articles of this list: " + Cell(*list, "method") + " " + Cell(*list, "url") + "  (" +
                                           Cell(*list, "kind") + ", " + Cell(*list, "side_effect") + ")"));
    Field(output, "", Cell(*list, "consent"));
  } else {
    Field(output, "counter", "none found");
  }
  if (const Json& list = record["list"]; list.is_object()) {
    Field(output, "list", PrintableLine("dialect " + Cell(list, "dialect") + ", announces " + Cell(list, "total") + " items on " + Cell(list, "pages") + " pages; this is page " +
                                        Cell(list, "page") + " with " + Cell(list, "items")));
    if (!list["needs"].is_null()) Field(output, "", PrintableLine("further pages take more than a GET: " + Cell(list, "needs")));
  }
  Field(output, "links", model::Dump(page["links"]));
  for (const Json& item : page["items"]) {
    Field(output, "", PrintableLine((item.contains("date") ? model::GetString(item, "date") : std::string("----------")) + "  " + Cell(item, "text") + "  " + Cell(item, "url")));
  }
  for (const Json& problem : page["problems"]) Field(output, "problem", PrintableLine(problem.get<std::string>()));
  output.Line("");
  output.Line(Printable(model::GetString(record, "body")));
}

bool LoadConfig(const Arguments& arguments, Output& output, config::LoadResult& loaded) {
  if (PosixFileSystem().Exists(arguments.config)) {
    loaded = config::Load(arguments.config);
  } else {
    loaded = config::LoadText("", {});
  }
  for (const config::Problem& problem : loaded.problems) output.Talk(problem.ToString());
  return loaded.problems.empty();
}

// The site entry that is meant, or one made of the URL. nullptr after saying what is wrong.
std::shared_ptr<const model::Site> SiteFor(const Arguments& arguments, const config::LoadResult& loaded, Output& output) {
  std::shared_ptr<const model::Site> site;
  if (arguments.sites.size() > 1) {
    output.Talk("--site: one page is tested with one site entry; " + std::to_string(arguments.sites.size()) + " are named");
    return nullptr;
  }
  if (!arguments.sites.empty()) {
    site = loaded.config.FindSite(arguments.sites.front());
    if (!site) output.Talk("--site " + arguments.sites.front() + ": no such site");
    if (!site) return nullptr;
  } else {
    const auto found = std::find_if(loaded.config.sites.begin(), loaded.config.sites.end(),
                                    [&](const auto& candidate) { return config::InScope(*candidate, arguments.url); });
    if (found != loaded.config.sites.end()) site = *found;
  }
  if (!site) {
    auto made = config::SiteFromSeeds({arguments.url});
    if (!made) output.Talk(made.error().ToString());
    if (!made) return nullptr;
    site = *made;
    output.Talk("no site entry takes this URL; tested with defaults");
  }
  auto changed = std::make_shared<model::Site>(*site);
  if (arguments.allow_private) changed->allow_private = true;
  if (arguments.delay) changed->delay = std::chrono::milliseconds(static_cast<int64_t>(*arguments.delay * 1000));
  return changed;
}

// What the archive has learned of the site's pages, and how this page fits.
Json TemplateJson(const store::Archive& archive, const model::Site& site, const process::ProcessedPage& page) {
  const auto stored = archive.GetState(templates::StateKey(site.id));
  if (!stored || !*stored) return nullptr;
  const auto learned = templates::SiteTemplate::Parse(**stored);
  if (!learned) return nullptr;
  Json json = learned->Facts();
  if (!learned->Learned() || page.outline.empty()) return json;
  uint64_t paragraphs = 0, frame = 0;
  for (const std::string_view line : Split(page.record.body, '\n')) {
    const uint64_t text = templates::TextHash(line);
    if (text == 0) continue;
    ++paragraphs;
    frame += learned->IsFrame(text) ? 1 : 0;
  }
  json["page"] = {{"texts", page.outline.size()}, {"frame_texts", learned->FrameTexts(page.outline)}, {"body_paragraphs", paragraphs}, {"body_paragraphs_of_frame", frame}};
  return json;
}

// What the archive has learned of addresses of the site that show the same.
Json DuplicatesJson(const store::Archive& archive, const model::Site& site) {
  const auto stored = archive.GetState(frontier::DuplicatesKey(site.id));
  if (!stored || !*stored) return Json{{"rules", Json::array()}, {"used", site.fold_duplicates}};
  return Json{{"rules", frontier::Duplicates::Parse(**stored).Facts()}, {"used", site.fold_duplicates}};
}

// "template" and "duplicates": null where there is no archive, a reason where it cannot be read.
void AddLearned(const Arguments& arguments, const model::Site& site, const process::ProcessedPage& page, Json& json) {
  json["template"] = json["duplicates"] = nullptr;
  if (!PosixFileSystem().Exists(arguments.archive + "/index")) return;
  const auto archive = crawl::OpenArchiveToRead(arguments.archive);
  if (!archive) {
    json["template"] = json["duplicates"] = Json{{"error", archive.error().message}};
    return;
  }
  json["template"] = TemplateJson(**archive, site, page);
  json["duplicates"] = DuplicatesJson(**archive, site);
}

Result<int> Test(const Arguments& arguments, Output& output) {
  config::LoadResult loaded;
  if (!LoadConfig(arguments, output, loaded)) return kWrongUsage;
  const auto site = SiteFor(arguments, loaded, output);
  if (!site) return kWrongUsage;
  const profiles::Matcher families(loaded.config.profiles);
  Json json;
  process::ProcessedPage page;
  std::string url = arguments.url;
  if (!arguments.offline_file.empty()) {
    const auto bytes = ReadFile(arguments.offline_file);
    if (!bytes) return Fail(bytes.error());
    process::PageInput input;
    input.url = arguments.url;
    input.content_type = arguments.content_type.empty() ? "text/html" : std::string_view(arguments.content_type);
    input.payload = *bytes;
    input.site = site.get();
    input.profiles = &families;
    input.explain = true;
    json = Json{{"url", arguments.url}, {"file", arguments.offline_file}, {"bytes", bytes->size()}};
    page = process::ProcessPage(input);
  } else {
    FZ_ASSIGN(auto prober, crawl::Prober::Create(*site, loaded.config.settings, families));
    FZ_ASSIGN(crawl::Probe probe, prober->Get(arguments.url));
    if (!probe.robots.allowed) {
      output.Talk(probe.capture.url + ": robots.txt does not allow it (" + probe.robots.rule + ")");
      return kFailed;
    }
    json = Json{{"url", arguments.url},
                {"final_url", probe.capture.url},
                {"status", probe.capture.status},
                {"bytes", probe.capture.payload.size()},
                {"milliseconds", probe.capture.duration.count()},
                {"content_type", probe.content_type.empty() ? Json(nullptr) : Json(probe.content_type)},
                {"redirects", probe.redirects},
                {"robots", {{"allowed", true}, {"rule", probe.robots.rule.empty() ? Json(nullptr) : Json(probe.robots.rule)}}}};
    json["obstacle"] = probe.obstacle.empty() ? Json(nullptr) : Json(probe.obstacle);
    json["advice"] = probe.obstacle.empty() ? Json(nullptr) : Json(std::string(extract::AdviceFor(probe.obstacle)));
    if (!probe.capture.tls_version.empty()) {
      const std::string& problem = probe.capture.tls_problem;
      json["tls"] = {{"version", probe.capture.tls_version},
                     {"cipher", probe.capture.tls_cipher},
                     {"verified", problem.empty()},
                     {"reason", problem.empty() ? Json(nullptr) : Json(problem)}};
    }
    url = probe.capture.url;
    page = std::move(probe.page);
  }
  json.update(PageJson(page, *site, url));
  AddLearned(arguments, *site, page, json);
  if (arguments.json) {
    output.Json(json);
    return kDone;
  }
  if (arguments.offline_file.empty()) {
    output.Line(PrintableLine(Cell(json, "final_url")) + "  HTTP " + Cell(json, "status") + "  " + Cell(json, "bytes") + " bytes  " + Cell(json, "milliseconds") + " ms");
    if (json["obstacle"].is_string()) Field(output, "obstacle", PrintableLine(Cell(json, "obstacle") + ": " + Cell(json, "advice")));
    if (const auto tls = json.find("tls"); tls != json.end()) {
      Field(output, "tls", PrintableLine(Cell(*tls, "version") + " " + Cell(*tls, "cipher")) +
                               ((*tls)["verified"].get<bool>() ? ", verified" : ", NOT verified: " + PrintableLine(Cell(*tls, "reason"))));
    }
    Field(output, "robots", "allowed" + (json["robots"]["rule"].is_null() ? std::string() : " by " + PrintableLine(Cell(json["robots"], "rule"))));
  } else {
    output.Line(PrintableLine(arguments.offline_file) + " as " + PrintableLine(arguments.url) + "  " + Cell(json, "bytes") + " bytes");
  }
  ShowPage(json, output);
  return kDone;
}

Result<int> AddSite(const Arguments& arguments, Output& output) {
  config::LoadResult loaded;
  if (!LoadConfig(arguments, output, loaded)) return kWrongUsage;
  auto made = config::SiteFromSeeds({arguments.url});
  if (!made) {
    output.Talk(made.error().ToString());
    return kWrongUsage;
  }
  auto site = std::make_shared<model::Site>(**made);
  site->allow_private = arguments.allow_private;
  if (arguments.delay) site->delay = std::chrono::milliseconds(static_cast<int64_t>(*arguments.delay * 1000));
  // Two entries of one host would both be crawled.
  const auto is_there = [&](const std::string& url, const std::vector<std::string>& hosts) {
    bool any = false;
    for (const auto& other : loaded.config.sites) {
      const bool same_host = std::find_first_of(hosts.begin(), hosts.end(), other->hosts.begin(), other->hosts.end()) != hosts.end();
      if (!same_host && !config::InScope(*other, url)) continue;
      output.Talk(PrintableLine("the site entry " + other->id + " (" + other->origin + ") has this host already") + (arguments.write ? "; nothing was written" : ""));
      any = true;
    }
    return any;
  };
  if (is_there(arguments.url, site->hosts) && arguments.write) return kFailed;
  const profiles::Matcher families(loaded.config.profiles);
  FZ_ASSIGN(auto prober, crawl::Prober::Create(*site, loaded.config.settings, families));
  SiteSurvey survey;
  FZ_TRY(Survey(*prober, arguments.url, [&](const std::string& line) { output.Talk(line); }, survey));
  const SiteProposal proposal = Propose(survey, *site, loaded.config);
  // What is proposed must be what the configuration takes.
  const config::LoadResult check = config::LoadText("", {{proposal.id + ".toml", proposal.toml}});
  for (const config::Problem& problem : check.problems) output.Talk("the proposal: " + problem.ToString());
  if (!check.problems.empty()) return kFailed;
  const bool led_elsewhere = !check.config.sites.empty() && check.config.sites.front()->hosts != site->hosts;
  if (led_elsewhere && is_there(survey.final_url, check.config.sites.front()->hosts) && arguments.write) return kFailed;
  std::string written;
  if (arguments.write) {
    const std::string path = arguments.config + "/sites/" + proposal.id + ".toml";
    if (PosixFileSystem().Exists(path) || loaded.config.FindSite(proposal.id)) {
      output.Talk(path + ": there is such a site already; nothing was written");
      return kFailed;
    }
    FZ_TRY(PosixFileSystem().CreateDirectories(arguments.config + "/sites"));
    FZ_TRY(WriteFileAtomically(path, proposal.toml));
    written = path;
  }
  if (arguments.json) {
    Json json = ToJson(survey, proposal);
    json["written"] = written.empty() ? Json(nullptr) : Json(written);
    output.Json(json);
  } else {
    Show(survey, proposal, output);
    output.Line("");
    if (written.empty()) {
      output.Data(proposal.toml);
    } else {
      output.Line("written: " + written);
    }
  }
  for (const std::string& problem : survey.problems) output.Talk(PrintableLine(survey.final_url) + ": " + PrintableLine(problem));
  return survey.failures.empty() && survey.problems.empty() ? kDone : kDoneInPart;
}

}  // namespace

int SiteTestCommand(const Arguments& arguments, Output& output) {
  const Result<int> status = Test(arguments, output);
  return status ? *status : Report(status.error(), output);
}

int SiteAddCommand(const Arguments& arguments, Output& output) {
  const Result<int> status = AddSite(arguments, output);
  return status ? *status : Report(status.error(), output);
}

}  // namespace fangzhi::cli
