// The records of runs in the state area.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <set>

#include "base/strings.h"
#include "report/report.h"

namespace fangzhi::report {
namespace {

constexpr std::chrono::hours kKept{400 * 24};
constexpr size_t kDroppedAtOnce = 100;
constexpr size_t kRunsBefore = 20;  // that one is compared with

// j/<site>/<13 digits>: milliseconds counted down, so that the latest comes first.
std::string KeyOf(std::string_view site, UtcTime time) {
  constexpr int64_t kEnd = 9'999'999'999'999;  // the year 2286
  std::string digits = std::to_string(std::clamp<int64_t>(kEnd - time.time_since_epoch().count(), 0, kEnd));
  digits.insert(0, 13 - digits.size(), '0');
  return "j/" + std::string(site) + "/" + digits;
}


constexpr std::string_view kRobotsOverridden = "obey_robots = false", kNofollowOverridden = "obey_nofollow = false";

bool Overrides(const RunFacts& facts, std::string_view rule) {
  return std::find(facts.overrides.begin(), facts.overrides.end(), rule) != facts.overrides.end();
}

std::optional<Grade> GradeOf(std::string_view name) {
  for (const Grade grade : {Grade::kComplete, Grade::kDegraded, Grade::kPartial}) {
    if (GradeName(grade) == name) return grade;
  }
  return std::nullopt;
}

// The keys of all pieces of a site, with their rounds.
Result<void> ForEachPiece(const store::Archive& archive, std::string_view site, const std::function<void(std::string_view key, uint64_t round)>& visit) {
  const std::string prefix = "o/" + std::string(site) + "/";
  return archive.ScanState(prefix, prefix, [&](std::string_view key, std::string_view) {
    const std::string_view rest = key.substr(prefix.size());
    visit(key, ParseUint(rest.substr(0, rest.find('/'))).value_or(0));
    return true;
  });
}

}  // namespace

std::vector<std::string> OverridesOf(const model::Site& site) {
  const model::Site usual;
  std::vector<std::string> overrides;
  if (!site.obey_robots) overrides.emplace_back(kRobotsOverridden);
  if (!site.obey_nofollow) overrides.emplace_back(kNofollowOverridden);
  if (site.delay < usual.delay) {
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%g", static_cast<double>(site.delay.count()) / 1000);
    overrides.push_back("delay = " + std::string(seconds));
  }
  if (site.connections_per_host > usual.connections_per_host) overrides.push_back("connections_per_host = " + std::to_string(site.connections_per_host));
  if (!site.share_address_clock) overrides.emplace_back("share_address_clock = false");
  if (site.counters == model::CounterMode::kAllowIncrement) overrides.emplace_back("counters = \"allow_increment\"");
  if (site.tls_legacy) overrides.emplace_back("tls_legacy = true");
  if (site.allow_private) overrides.emplace_back("allow_private = true");
  return overrides;
}

Json ToJson(const RunRecord& record) {
  const RunFacts& facts = record.facts;
  Json findings = Json::array();
  for (const Finding& finding : record.findings) {
    findings.push_back({{"grade", GradeName(finding.grade)}, {"kind", finding.kind}, {"text", finding.text},
                        {"advice", finding.advice.empty() ? Json(nullptr) : Json(finding.advice)}, {"drift", finding.drift}});
  }
  // What the run did to its hosts is stored for itself; the rest of the coverage is the round's.
  Json hosts = Json::object();
  for (const auto& [host, impact] : record.run_coverage.hosts) hosts[host] = ToJson(impact);
  return Json{{"site", facts.site},
              {"name", facts.name},
              {"started", FormatIso8601(facts.started)},
              {"ended", FormatIso8601(facts.ended)},
              {"trigger", facts.trigger},
              {"sweep", facts.sweep},
              {"round", facts.round},
              {"grade", GradeName(record.grade)},
              {"findings", std::move(findings)},
              {"overrides", facts.overrides},
              {"robots_overridden", Overrides(facts, kRobotsOverridden)},
              {"nofollow_overridden", Overrides(facts, kNofollowOverridden)},
              {"depth_chosen", facts.depth_chosen},
              {"stopped", facts.stopped},
              {"budget_used", facts.budget_used},
              {"still_queued", facts.still_queued},
              {"fetched", facts.fetched},
              {"failed", facts.failed},
              {"robots_denied", facts.robots_denied},
              {"notes", facts.notes},
              {"summary", facts.summary},
              {"coverage", ToJson(facts.coverage)},
              {"hosts", std::move(hosts)}};
}

std::optional<RunRecord> RecordFromJson(const Json& json) {
  RunRecord record;
  RunFacts& facts = record.facts;
  const auto started = ParseIso8601(model::GetString(json, "started"));
  const auto ended = ParseIso8601(model::GetString(json, "ended"));
  const auto grade = GradeOf(model::GetString(json, "grade"));
  if (!started || !ended || !grade) return std::nullopt;
  record.grade = *grade;
  facts.started = *started;
  facts.ended = *ended;
  facts.site = model::GetString(json, "site");
  facts.name = model::GetString(json, "name");
  facts.trigger = model::GetString(json, "trigger");
  facts.sweep = model::GetBool(json, "sweep");
  facts.round = model::GetCount(json, "round");
  if (const auto overrides = json.find("overrides"); overrides != json.end() && overrides->is_array()) {
    for (const Json& override : *overrides) {
      if (override.is_string()) facts.overrides.push_back(override.get<std::string>());
    }
  } else {  // by an earlier program
    if (model::GetBool(json, "robots_overridden")) facts.overrides.emplace_back(kRobotsOverridden);
    if (model::GetBool(json, "nofollow_overridden")) facts.overrides.emplace_back(kNofollowOverridden);
  }
  facts.depth_chosen = model::GetBool(json, "depth_chosen");
  facts.stopped = model::GetBool(json, "stopped");
  facts.budget_used = model::GetBool(json, "budget_used");
  facts.still_queued = model::GetCount(json, "still_queued");
  facts.fetched = model::GetCount(json, "fetched");
  facts.failed = model::GetCount(json, "failed");
  facts.robots_denied = model::GetCount(json, "robots_denied");
  if (const auto notes = json.find("notes"); notes != json.end() && notes->is_array()) {
    for (const Json& note : *notes) {
      if (note.is_string()) facts.notes.push_back(note.get<std::string>());
    }
  }
  if (const auto summary = json.find("summary"); summary != json.end()) facts.summary = *summary;
  if (const auto coverage = json.find("coverage"); coverage != json.end()) facts.coverage = CoverageFromJson(*coverage);
  if (const auto hosts = json.find("hosts"); hosts != json.end()) record.run_coverage = CoverageFromJson(Json{{"hosts", *hosts}});
  if (const auto findings = json.find("findings"); findings != json.end() && findings->is_array()) {
    for (const Json& finding : *findings) {
      record.findings.push_back({GradeOf(model::GetString(finding, "grade")).value_or(Grade::kDegraded), model::GetString(finding, "kind"),
                                 model::GetString(finding, "text"), model::GetString(finding, "advice"), model::GetBool(finding, "drift")});
    }
  }
  return record;
}

Result<std::vector<RunRecord>> LoadRuns(const store::Archive& archive, std::string_view site, size_t most) {
  std::vector<RunRecord> runs;
  FZ_TRY(ForEachRun(archive, site, [&](RunRecord record) {
    runs.push_back(std::move(record));
    return runs.size() < most;
  }));
  return runs;
}

Result<void> ForEachRun(const store::Archive& archive, std::string_view site, const std::function<bool(RunRecord record)>& visit) {
  const std::string prefix = "j/" + std::string(site) + "/";
  return archive.ScanState(prefix, prefix, [&](std::string_view, std::string_view value) {
    const auto json = model::ParseJson(value);
    auto record = json ? RecordFromJson(*json) : std::nullopt;
    return !record || visit(std::move(*record));
  });
}

Result<std::vector<std::string>> LoadSites(const store::Archive& archive) {
  std::vector<std::string> sites;
  std::string from = "j/";
  while (true) {
    std::string found;
    FZ_TRY(archive.ScanState("j/", from, [&](std::string_view key, std::string_view) {
      const std::string_view rest = key.substr(2);
      found = std::string(rest.substr(0, rest.rfind('/')));
      return false;
    }));
    if (found.empty()) return sites;
    sites.push_back(found);
    from = "j/" + found + "0";  // '0' follows '/': past every key of this site
  }
}

std::string PieceKey(std::string_view site, uint64_t round, uint64_t number) {
  const auto digits = [](uint64_t value) {
    std::string text = std::to_string(value);
    return text.insert(0, text.size() < 10 ? 10 - text.size() : 0, '0');
  };
  return "o/" + std::string(site) + "/" + digits(round) + "/" + digits(number);
}

Result<Pieces> LoadPieces(const store::Archive& archive, std::string_view site, uint64_t round) {
  Pieces pieces;
  std::string prefix = PieceKey(site, round, 0);
  prefix.resize(prefix.rfind('/') + 1);
  FZ_TRY(archive.ScanState(prefix, prefix, [&](std::string_view key, std::string_view value) {
    pieces.keys.emplace_back(key);
    if (const auto json = model::ParseJson(value)) Add(pieces.sum, CoverageFromJson(*json));
    return true;
  }));
  return pieces;
}
Result<std::vector<uint64_t>> RoundsOfPieces(const store::Archive& archive, std::string_view site) {
  std::vector<uint64_t> rounds;
  FZ_TRY(ForEachPiece(archive, site, [&](std::string_view, uint64_t round) {
    if (rounds.empty() || rounds.back() != round) rounds.push_back(round);
  }));
  return rounds;
}

Reported Report(const store::Archive& archive, RunFacts facts, std::string_view (*advice)(std::string_view obstacle)) {
  Reported reported;
  std::vector<store::StateWrite>& writes = reported.writes;
  const std::string site = facts.site;
  const UtcTime ended = facts.ended;
  const auto tell = [&facts](std::string_view what, const Error& error) { facts.notes.push_back(std::string(what) + " cannot be read: " + error.ToString()); };
  auto before = LoadRuns(archive, site, kRunsBefore);
  if (!before) tell("the reports of earlier runs", before.error());
  const auto dropped = ForEachPiece(archive, site, [&, upto = facts.round](std::string_view key, uint64_t round) {
    if (round <= upto) writes.push_back({std::string(key), std::nullopt});
  });
  if (!dropped) tell("what was stored of this run on the way", dropped.error());
  const size_t others = writes.size();
  const std::string prefix = "j/" + site + "/";
  const auto old = archive.ScanState(prefix, KeyOf(site, ended - kKept), [&](std::string_view key, std::string_view) {
    writes.push_back({std::string(key), std::nullopt});
    return writes.size() < others + kDroppedAtOnce;
  });
  if (!old) tell("reports that are too old to be kept", old.error());
  reported.record = GradeRun(std::move(facts), before ? *before : std::vector<RunRecord>(), advice);
  if (before && !before->empty()) reported.before = std::move(before->front());
  // A run may end in the millisecond in which the one before it did; its report takes nobody's place.
  UtcTime free = ended;
  for (int taken = 0; taken < 1000; ++taken, free += std::chrono::milliseconds(1)) {
    const auto there = archive.GetState(KeyOf(site, free));
    if (!there || !there->has_value()) break;
  }
  writes.push_back({KeyOf(site, free), model::Dump(ToJson(reported.record))});
  return reported;
}

Result<Json> Impact(const store::Archive& archive, std::string_view host, std::optional<UtcTime> from) {
  FZ_ASSIGN(const std::vector<std::string> sites, LoadSites(archive));
  Json runs = Json::array();
  Coverage total;
  std::set<std::string> robots;
  std::optional<UtcTime> first, last;
  double seconds = 0;
  for (const std::string& site : sites) {
    FZ_TRY(ForEachRun(archive, site, [&](const RunRecord& record) {
      if (from && record.facts.ended < *from) return false;  // the latest come first
      const auto found = record.run_coverage.hosts.find(std::string(host));
      if (found == record.run_coverage.hosts.end()) return true;
      Coverage one;
      one.hosts[std::string(host)] = found->second;
      Add(total, one);
      if (!found->second.robots.empty()) robots.insert(found->second.robots);
      const double lasted = std::chrono::duration<double>(record.facts.ended - record.facts.started).count();
      seconds += lasted;
      first = first ? std::min(*first, record.facts.started) : record.facts.started;
      last = last ? std::max(*last, record.facts.ended) : record.facts.ended;
      Json run = ToJson(found->second);
      run["site"] = site;
      run["overrides"] = record.facts.overrides;
      run["started"] = FormatIso8601(record.facts.started);
      run["ended"] = FormatIso8601(record.facts.ended);
      run["requests_per_minute"] = lasted > 0 ? Json(std::round(static_cast<double>(found->second.requests) * 6000 / lasted) / 100) : Json(nullptr);
      runs.push_back(std::move(run));
      return true;
    }));
  }
  if (runs.empty()) return Fail(ErrorKind::kNotFound, "no run has asked this host for anything", std::string(host));
  const HostImpact& sum = total.hosts[std::string(host)];
  Json total_json = ToJson(sum);
  total_json.erase("given_up");
  total_json["robots"] = robots;
  total_json["mean_ms"] = sum.requests > 0 ? Json(sum.total_ms / sum.requests) : Json(nullptr);
  total_json["requests_per_minute"] = seconds > 0 ? Json(std::round(static_cast<double>(sum.requests) * 6000 / seconds) / 100) : Json(nullptr);
  return Json{{"host", host}, {"from", FormatIso8601(*first)}, {"to", FormatIso8601(*last)}, {"total", std::move(total_json)}, {"runs", std::move(runs)}};
}

}  // namespace fangzhi::report
