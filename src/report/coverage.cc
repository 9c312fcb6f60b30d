#include "report/coverage.h"

#include <algorithm>

#include "base/strings.h"

namespace fangzhi::report {
namespace {

constexpr size_t kMostHosts = 2000;
constexpr size_t kMostLists = 1000;
constexpr size_t kMostNames = 200;   // of reasons, charsets, obstacles
constexpr size_t kMostMissed = 100;

template <class Map>
void AddCounts(Map& sum, const Map& more) {
  for (const auto& [name, count] : more) {
    if (sum.size() < kMostNames || sum.contains(name)) sum[name] += count;
  }
}

void AddTexts(std::map<std::string, std::string>& sum, const std::map<std::string, std::string>& more) {
  for (const auto& [name, text] : more) {
    if (sum.size() < kMostMissed) sum.emplace(name, text);
  }
}

void AddNames(std::set<std::string>& sum, const std::set<std::string>& more) {
  for (const std::string& name : more) {
    if (sum.size() < kMostNames) sum.insert(name);
  }
}


const Json& At(const Json& json, const char* key) {
  static const Json empty = Json::object();
  const auto found = json.find(key);
  return found == json.end() ? empty : *found;
}

void ReadCounts(const Json& json, std::map<std::string, uint64_t>& counts) {
  if (!json.is_object()) return;
  for (const auto& [name, count] : json.items()) {
    if (count.is_number_unsigned()) counts[name] = count.get<uint64_t>();
  }
}

void ReadTexts(const Json& json, std::map<std::string, std::string>& texts) {
  if (!json.is_object()) return;
  for (const auto& [name, text] : json.items()) {
    if (text.is_string()) texts[name] = text.get<std::string>();
  }
}

void ReadNames(const Json& json, std::set<std::string>& names) {
  for (const Json& name : json) {
    if (name.is_string()) names.insert(name.get<std::string>());
  }
}

template <class Map>
Json ToObject(const Map& map) {
  Json object = Json::object();
  for (const auto& [name, value] : map) object[name] = value;
  return object;
}

bool IsPageParameter(std::string_view parameter) {
  const size_t equals = parameter.find('=');
  if (equals == std::string_view::npos || !ParseUint(parameter.substr(equals + 1))) return false;
  const std::string name = ToAsciiLower(parameter.substr(0, equals));
  return name.find("page") != std::string::npos || name == "p" || name == "pn" || name == "start" || name == "offset";
}

}  // namespace

std::string ListFamily(std::string_view url) {
  const size_t query_at = url.find('?');
  std::string path(url.substr(0, query_at));
  std::string query;
  if (query_at != std::string_view::npos) {
    for (std::string_view parameter : Split(url.substr(query_at + 1), '&')) {
      if (!IsPageParameter(parameter)) query += (query.empty() ? "?" : "&") + std::string(parameter);
    }
  }
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return path + query;
  const size_t dot = path.find('.', slash);
  std::string name = path.substr(slash + 1, dot == std::string::npos ? std::string::npos : dot - slash - 1);
  const std::string suffix = dot == std::string::npos ? std::string() : path.substr(dot);
  const size_t digits = name.find_last_not_of("0123456789");
  if (!name.empty() && (digits == std::string::npos || digits + 1 < name.size())) {
    name.resize(digits == std::string::npos ? 0 : digits + 1);
    while (!name.empty() && (name.back() == '_' || name.back() == '-')) name.pop_back();
  }
  // VSB: tzgg.htm is followed by tzgg/12.htm.
  if (name.empty() && slash > 0 && dot != std::string::npos) return path.substr(0, slash) + suffix + query;
  if (ToAsciiLower(name) == "index" || ToAsciiLower(name) == "default") return path.substr(0, slash + 1) + query;
  return path.substr(0, slash + 1) + name + suffix + query;
}

HostImpact& HostOf(Coverage& coverage, const std::string& host) {
  const auto found = coverage.hosts.find(host);
  if (found != coverage.hosts.end()) return found->second;
  return coverage.hosts[coverage.hosts.size() < kMostHosts ? host : std::string("(others)")];
}

void CountObstacle(Coverage& coverage, std::string_view obstacle, std::string_view url, uint64_t pages) {
  const std::string name(obstacle);
  if (coverage.obstacles.size() >= kMostNames && !coverage.obstacles.contains(name)) return;
  coverage.obstacles[name] += pages;
  coverage.obstacle_examples.emplace(name, url);
}

void AddRedirectedList(Coverage& coverage, const std::string& url) {
  if (coverage.redirected_lists.size() < kMostNames) coverage.redirected_lists.insert(url);
}

void CountNeverGot(Coverage& coverage, std::string_view url, std::string_view reason) {
  constexpr size_t kMostExamples = 10;
  ++coverage.never_got;
  if (coverage.never_got_examples.size() < kMostExamples) coverage.never_got_examples.emplace(url, reason);
}

void CountElsewhere(Coverage& coverage, std::string_view host, bool known) {
  const std::string name(host);
  ++coverage.elsewhere[coverage.elsewhere.size() < kMostNames || coverage.elsewhere.contains(name) ? name : std::string("(others)")];
  if (known) ++coverage.known_elsewhere;
}

void CountListPage(Coverage& coverage, std::string_view url) {
  std::string family = ListFamily(url);
  if (coverage.lists.size() < kMostLists || coverage.lists.contains(family)) ++coverage.lists[family].read;
}

void CountRecord(Coverage& coverage, const model::PageRecord& record, std::string_view url) {
  ++coverage.pages;
  if (!record.charset.empty() && (coverage.charsets.size() < kMostNames || coverage.charsets.contains(record.charset))) ++coverage.charsets[record.charset];
  if (!record.damage.empty()) ++coverage.damaged;
  std::set<std::string> families;
  for (const model::RepairStep& step : record.repairs) families.insert(step.family);
  for (const std::string& family : families) {
    if (coverage.repairs.size() < kMostNames || coverage.repairs.contains(family)) ++coverage.repairs[family];
  }
  if (record.kind == model::PageKind::kArticle) {
    ++coverage.articles;
    if (record.title && !record.title->empty()) ++coverage.fields["title"];
    if (record.published) ++coverage.fields["published"];
    if (record.source && !record.source->empty()) ++coverage.fields["source"];
    if (!record.body.empty() || !record.attachments.empty()) ++coverage.fields["body"];
    if (record.clicks || record.counter) ++coverage.fields["clicks"];
  }
  if (record.kind != model::PageKind::kList || !record.list || record.list->past_end) return;
  ++coverage.lists_parsed;
  coverage.list_items += record.list->items;
  if (!record.list->needs.empty()) ++coverage.lists_need_more;
  std::string family = ListFamily(url);
  if (coverage.lists.size() >= kMostLists && !coverage.lists.contains(family)) return;
  ListCoverage& list = coverage.lists[family];
  list.items += record.list->items;
  list.pages = std::max(list.pages, record.list->pages.value_or(0));
  list.total = std::max(list.total, record.list->total.value_or(0));
}

void Add(Coverage& sum, const Coverage& more) {
  sum.seeds = std::max(sum.seeds, more.seeds);
  sum.seeds_reached.insert(more.seeds_reached.begin(), more.seeds_reached.end());
  AddTexts(sum.seeds_missed, more.seeds_missed);
  for (const std::string& seed : sum.seeds_reached) sum.seeds_missed.erase(seed);
  sum.lists_read += more.lists_read;
  sum.lists_parsed += more.lists_parsed;
  sum.list_items += more.list_items;
  sum.lists_need_more += more.lists_need_more;
  AddTexts(sum.lists_missed, more.lists_missed);
  for (const auto& [family, list] : more.lists) {
    if (sum.lists.size() >= kMostLists && !sum.lists.contains(family)) continue;
    ListCoverage& to = sum.lists[family];
    to.read += list.read;
    to.items += list.items;
    to.pages = std::max(to.pages, list.pages);
    to.total = std::max(to.total, list.total);
  }
  sum.articles += more.articles;
  sum.pages += more.pages;
  sum.damaged += more.damaged;
  AddCounts(sum.fields, more.fields);
  AddCounts(sum.charsets, more.charsets);
  AddCounts(sum.repairs, more.repairs);
  AddCounts(sum.obstacles, more.obstacles);
  AddTexts(sum.obstacle_examples, more.obstacle_examples);
  sum.duplicates_left_out += more.duplicates_left_out;
  if (!more.duplicate_rules.empty()) sum.duplicate_rules = more.duplicate_rules;
  AddNames(sum.absent_listed, more.absent_listed);
  sum.visits += more.visits;
  sum.bytes += more.bytes;
  sum.known += more.known;
  AddCounts(sum.elsewhere, more.elsewhere);
  sum.known_elsewhere += more.known_elsewhere;
  AddNames(sum.redirected_lists, more.redirected_lists);
  sum.failed += more.failed;
  sum.never_got += more.never_got;
  AddTexts(sum.never_got_examples, more.never_got_examples);
  AddNames(sum.missing, more.missing);
  AddNames(sum.redesigned, more.redesigned);
  AddNames(sum.short_lists, more.short_lists);
  AddNames(sum.believed_lists, more.believed_lists);
  for (const auto& [host, impact] : more.hosts) {
    HostImpact& to = HostOf(sum, host);
    to.requests += impact.requests;
    to.bytes += impact.bytes;
    to.errors += impact.errors;
    to.refusals += impact.refusals;
    to.robots_denied += impact.robots_denied;
    to.total_ms += impact.total_ms;
    to.slowest_ms = std::max(to.slowest_ms, impact.slowest_ms);
    to.shortest_gap_ms = std::min(to.shortest_gap_ms, impact.shortest_gap_ms);
    to.most_at_once = std::max(to.most_at_once, impact.most_at_once);
    to.delay_ms = std::max(to.delay_ms, impact.delay_ms);
    to.given_up = impact.given_up;
    if (!impact.robots.empty()) to.robots = impact.robots;
  }
}

Coverage GoOn(Coverage round, const Coverage& run) {
  for (const auto& [seed, reason] : run.seeds_missed) {
    round.seeds_reached.erase(seed);
    round.seeds_missed.erase(seed);
  }
  round.lists_missed.clear();
  round.missing.clear();
  round.obstacles.clear();
  round.obstacle_examples.clear();
  round.failed = round.never_got = 0;
  round.never_got_examples.clear();
  for (auto& [host, impact] : round.hosts) {
    impact.given_up = false;
    if (impact.robots == "unreachable") impact.robots.clear();
  }
  Add(round, run);
  return round;
}

Json ToJson(const HostImpact& impact) {
  return Json{{"requests", impact.requests},
              {"bytes", impact.bytes},
              {"errors", impact.errors},
              {"refusals", impact.refusals},
              {"robots_denied", impact.robots_denied},
              {"total_ms", impact.total_ms},
              {"slowest_ms", impact.slowest_ms},
              {"shortest_gap_ms", impact.shortest_gap_ms == UINT64_MAX ? Json(nullptr) : Json(impact.shortest_gap_ms)},
              {"most_at_once", impact.most_at_once},
              {"delay_ms", impact.delay_ms},
              {"given_up", impact.given_up},
              {"robots", impact.robots.empty() ? Json(nullptr) : Json(impact.robots)}};
}

Json ToJson(const Coverage& coverage) {
  Json lists = Json::object();
  for (const auto& [family, list] : coverage.lists) {
    lists[family] = Json{{"pages", list.pages == 0 ? Json(nullptr) : Json(list.pages)},
                         {"total", list.total == 0 ? Json(nullptr) : Json(list.total)},
                         {"read", list.read},
                         {"items", list.items}};
  }
  Json hosts = Json::object();
  for (const auto& [host, impact] : coverage.hosts) hosts[host] = ToJson(impact);
  return Json{{"seeds", coverage.seeds},
              {"seeds_reached", coverage.seeds_reached},
              {"seeds_missed", ToObject(coverage.seeds_missed)},
              {"lists_read", coverage.lists_read},
              {"lists_parsed", coverage.lists_parsed},
              {"list_items", coverage.list_items},
              {"lists_need_more", coverage.lists_need_more},
              {"lists_missed", ToObject(coverage.lists_missed)},
              {"lists", std::move(lists)},
              {"articles", coverage.articles},
              {"fields", ToObject(coverage.fields)},
              {"pages", coverage.pages},
              {"charsets", ToObject(coverage.charsets)},
              {"damaged", coverage.damaged},
              {"repairs", ToObject(coverage.repairs)},
              {"obstacles", ToObject(coverage.obstacles)},
              {"obstacle_examples", ToObject(coverage.obstacle_examples)},
              {"duplicates", {{"left_out", coverage.duplicates_left_out}, {"rules", coverage.duplicate_rules}}},
              {"visits", coverage.visits},
              {"bytes", coverage.bytes},
              {"known", coverage.known},
              {"elsewhere", ToObject(coverage.elsewhere)},
              {"known_elsewhere", coverage.known_elsewhere},
              {"redirected_lists", coverage.redirected_lists},
              {"failed", coverage.failed},
              {"never_got", {{"pages", coverage.never_got}, {"examples", ToObject(coverage.never_got_examples)}}},
              {"redesigned", coverage.redesigned},
              {"absent_listed", coverage.absent_listed},
              {"missing", coverage.missing},
              {"short_lists", coverage.short_lists},
              {"believed_lists", coverage.believed_lists},
              {"hosts", std::move(hosts)}};
}

Coverage CoverageFromJson(const Json& json) {
  Coverage coverage;
  coverage.seeds = model::GetCount(json, "seeds");
  for (const Json& seed : At(json, "seeds_reached")) {
    if (seed.is_string()) coverage.seeds_reached.insert(seed.get<std::string>());
  }
  ReadTexts(At(json, "seeds_missed"), coverage.seeds_missed);
  coverage.lists_read = model::GetCount(json, "lists_read");
  coverage.lists_parsed = model::GetCount(json, "lists_parsed");
  coverage.list_items = model::GetCount(json, "list_items");
  coverage.lists_need_more = model::GetCount(json, "lists_need_more");
  ReadTexts(At(json, "lists_missed"), coverage.lists_missed);
  for (const auto& [family, list] : At(json, "lists").items()) {
    coverage.lists[family] = {model::GetCount(list, "pages"), model::GetCount(list, "total"), model::GetCount(list, "read"), model::GetCount(list, "items")};
  }
  coverage.articles = model::GetCount(json, "articles");
  ReadCounts(At(json, "fields"), coverage.fields);
  coverage.pages = model::GetCount(json, "pages");
  ReadCounts(At(json, "charsets"), coverage.charsets);
  coverage.damaged = model::GetCount(json, "damaged");
  ReadCounts(At(json, "repairs"), coverage.repairs);
  ReadCounts(At(json, "obstacles"), coverage.obstacles);
  ReadTexts(At(json, "obstacle_examples"), coverage.obstacle_examples);
  const Json& duplicates = At(json, "duplicates");
  coverage.duplicates_left_out = model::GetCount(duplicates, "left_out");
  if (At(duplicates, "rules").is_array()) coverage.duplicate_rules = At(duplicates, "rules");
  ReadNames(At(json, "absent_listed"), coverage.absent_listed);
  coverage.visits = model::GetCount(json, "visits");
  coverage.bytes = model::GetCount(json, "bytes");
  coverage.known = model::GetCount(json, "known");
  ReadCounts(At(json, "elsewhere"), coverage.elsewhere);
  coverage.known_elsewhere = model::GetCount(json, "known_elsewhere");
  ReadNames(At(json, "redirected_lists"), coverage.redirected_lists);
  coverage.failed = model::GetCount(json, "failed");
  const Json& never_got = At(json, "never_got");
  coverage.never_got = model::GetCount(never_got, "pages");
  ReadTexts(At(never_got, "examples"), coverage.never_got_examples);
  ReadNames(At(json, "missing"), coverage.missing);
  ReadNames(At(json, "redesigned"), coverage.redesigned);
  ReadNames(At(json, "short_lists"), coverage.short_lists);
  ReadNames(At(json, "believed_lists"), coverage.believed_lists);
  for (const auto& [host, value] : At(json, "hosts").items()) {
    HostImpact impact;
    impact.requests = model::GetCount(value, "requests");
    impact.bytes = model::GetCount(value, "bytes");
    impact.errors = model::GetCount(value, "errors");
    impact.refusals = model::GetCount(value, "refusals");
    impact.robots_denied = model::GetCount(value, "robots_denied");
    impact.total_ms = model::GetCount(value, "total_ms");
    impact.slowest_ms = model::GetCount(value, "slowest_ms");
    if (At(value, "shortest_gap_ms").is_number()) impact.shortest_gap_ms = model::GetCount(value, "shortest_gap_ms");
    impact.most_at_once = model::GetCount(value, "most_at_once");
    impact.delay_ms = model::GetCount(value, "delay_ms");
    impact.given_up = model::GetBool(value, "given_up");
    impact.robots = model::GetString(value, "robots");
    coverage.hosts[host] = std::move(impact);
  }
  return coverage;
}

}  // namespace fangzhi::report
