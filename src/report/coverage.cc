#include "report/coverage.h"

#include <algorithm>

#include "base/strings.h"
#include "url/url.h"

namespace fangzhi::report {
namespace {

using model::Member;

constexpr size_t kMostHosts = 2000;
constexpr size_t kMostLists = 1000;
constexpr size_t kMostNames = 200;   // of reasons, charsets, obstacles
constexpr size_t kMostMissed = 100;
constexpr size_t kMostPagesOfList = 5000;
constexpr size_t kMostCounters = 10;  // of examples

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

// What a parameter says of the page: nothing, that it is one of its numbers (how many rows, how many pages), or which page or row it is.
enum class PageWord : uint8_t { kNone, kAbout, kNumber };
PageWord ReadParameter(std::string_view parameter, uint64_t& number) {
  const size_t equals = parameter.find('=');
  if (equals == std::string_view::npos) return PageWord::kNone;
  const std::string name = ToAsciiLower(parameter.substr(0, equals));
  const std::string_view text = parameter.substr(equals + 1);
  if (name == "paramjson") {  // jpaas: {"pageNo":2,"pageSize":15}
    const std::string json = url::PercentDecode(text);
    const size_t at = json.find("\"pageNo\":");
    const size_t digits = at == std::string::npos ? at : at + 9;
    if (digits == std::string::npos) return PageWord::kNone;
    number = ParseUint(std::string_view(json).substr(digits, json.find_first_not_of("0123456789", digits) - digits)).value_or(number);
    return PageWord::kNumber;
  }
  // A request is the same whether it is made by GET or by POST.
  if (name == "__wb_method") return PageWord::kAbout;
  const auto value = ParseUint(text);
  if (!value) return PageWord::kNone;
  if (name == "endrecord") return PageWord::kAbout;
  if (name.find("page") != std::string::npos) {
    for (const std::string_view about : {"size", "total", "per", "count", "rows"}) {
      if (name.find(about) != std::string::npos) return PageWord::kAbout;
    }
  } else if (name != "p" && name != "pn" && name != "start" && name != "offset" && name != "startrecord") {
    return PageWord::kNone;
  }
  number = *value;
  return PageWord::kNumber;
}

// A page that was read at two addresses, one without a number: ?page=1 beside none, a proxy's rows from the first beside those in the page itself.
// Where nothing says that the list counts from 1, its first page is not 1 (index_1.html is the second).
bool FirstIsNumbered(const ListCoverage& list) {
  if (!list.by_number.contains(kFirstPage) || list.from_zero) return false;
  if (list.by_number.contains(0)) return true;
  const auto first = list.by_number.find(1);
  if (first == list.by_number.end()) return false;
  if (list.pages == 0) return first->second == list.by_number.at(kFirstPage);
  uint64_t highest = list.absent.empty() ? 0 : *list.absent.rbegin();
  for (const auto& [number, items] : list.by_number) {
    if (number != kFirstPage) highest = std::max(highest, number);
  }
  return highest >= list.pages;
}

void SumPages(ListCoverage& list) {
  if (list.by_number.empty()) return;
  const bool twice = FirstIsNumbered(list);
  list.read = list.items = 0;
  for (const auto& [number, items] : list.by_number) {
    if (number == kFirstPage && twice) continue;
    ++list.read;
    list.items += items == 0 ? 0 : items - 1;
  }
}

void AddPage(ListCoverage& list, uint64_t number, uint64_t items) {
  if (list.by_number.size() >= kMostPagesOfList && !list.by_number.contains(number)) return;
  uint64_t& known = list.by_number[number];
  known = std::max(known, items);
  list.absent.erase(number);
}

void AddList(ListCoverage& to, const ListCoverage& list) {
  to.pages = std::max(to.pages, list.pages);
  to.total = std::max(to.total, list.total);
  to.from_zero = to.from_zero || list.from_zero;
  if (to.part_of.empty()) to.part_of = list.part_of;
  for (const uint64_t number : list.absent) {
    if (!to.by_number.contains(number) && to.absent.size() < kMostMissed) to.absent.insert(number);
  }
  if (list.by_number.empty()) {  // of a report that did not tell pages apart
    to.read += list.read;
    to.items += list.items;
    return;
  }
  for (const auto& [number, items] : list.by_number) AddPage(to, number, items);
  SumPages(to);
}

constexpr std::string_view kFirstRow = "startrecord=";

// [[first, last, articles]], the pages that have the same number of articles together.
Json NumbersToJson(const std::map<uint64_t, uint64_t>& by_number) {
  Json runs = Json::array();
  for (const auto& [number, items] : by_number) {
    const Json shown = number == kFirstPage ? Json("first") : Json(number), count = items == 0 ? Json(nullptr) : Json(items - 1);
    if (!runs.empty() && number != kFirstPage && runs.back()[1].is_number() && runs.back()[1].get<uint64_t>() + 1 == number && runs.back()[2] == count) {
      runs.back()[1] = number;
    } else {
      runs.push_back(Json::array({shown, shown, count}));
    }
  }
  return runs;
}

void NumbersFromJson(const Json& runs, std::map<uint64_t, uint64_t>& by_number) {
  for (const Json& run : runs) {
    if (!run.is_array() || run.size() != 3) continue;
    const uint64_t items = run[2].is_number_unsigned() ? run[2].get<uint64_t>() + 1 : 0;
    if (run[0] == "first") {
      by_number[kFirstPage] = items;
    } else if (run[0].is_number_unsigned() && run[1].is_number_unsigned()) {
      const uint64_t first = run[0].get<uint64_t>(), last = run[1].get<uint64_t>();
      for (uint64_t number = first; number <= last && by_number.size() < kMostPagesOfList; ++number) by_number[number] = items;
    }
  }
}

}  // namespace

ListPage ListPageOf(std::string_view url) {
  ListPage page;
  const size_t query_at = url.find('?');
  std::string path(url.substr(0, query_at));
  std::string query;
  if (query_at != std::string_view::npos) {
    for (std::string_view parameter : Split(url.substr(query_at + 1), '&')) {
      if (ReadParameter(parameter, page.number) == PageWord::kNone) query += (query.empty() ? "?" : "&") + std::string(parameter);
    }
  }
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) {
    page.family = path + query;
    return page;
  }
  const size_t dot = path.find('.', slash);
  std::string name = path.substr(slash + 1, dot == std::string::npos ? std::string::npos : dot - slash - 1);
  const std::string suffix = dot == std::string::npos ? std::string() : path.substr(dot);
  const size_t digits = name.find_last_not_of("0123456789");
  if (!name.empty() && (digits == std::string::npos || digits + 1 < name.size())) {
    const size_t begin = digits == std::string::npos ? 0 : digits + 1;
    if (page.number == kFirstPage) page.number = ParseUint(std::string_view(name).substr(begin)).value_or(kFirstPage);
    name.resize(begin);
    while (!name.empty() && (name.back() == '_' || name.back() == '-')) name.pop_back();
  }
  // VSB: tzgg.htm is followed by tzgg/12.htm.
  if (name.empty() && slash > 0 && dot != std::string::npos) {
    page.family = path.substr(0, slash) + suffix + query;
  } else if (ToAsciiLower(name) == "index" || ToAsciiLower(name) == "default") {
    page.family = path.substr(0, slash + 1) + query;
  } else {
    page.family = path.substr(0, slash + 1) + name + suffix + query;
  }
  return page;
}

std::string ListFamily(std::string_view url) { return ListPageOf(url).family; }

std::map<std::string, ListCoverage> Columns(const Coverage& coverage) {
  std::map<std::string, ListCoverage> columns;
  const auto head_of = [&coverage](const ListCoverage& list) {
    const auto head = list.part_of.empty() ? coverage.lists.end() : coverage.lists.find(list.part_of);
    return head != coverage.lists.end() && head->second.part_of.empty() ? head : coverage.lists.end();
  };
  for (const auto& [family, list] : coverage.lists) {
    if (head_of(list) == coverage.lists.end()) columns.emplace(family, list);
  }
  for (const auto& [family, list] : coverage.lists) {
    const auto head = head_of(list);
    if (head == coverage.lists.end()) continue;
    ListCoverage& column = columns.at(head->first);
    const auto own = column.by_number.extract(kFirstPage);
    AddList(column, list);
    // A proxy that was asked from its first row gave those again that the page itself holds; where its first answer is the second group of rows, it did not.
    // That is told by the number of rows there are, where it is known.
    const bool again = list.by_number.contains(0) || list.by_number.contains(1);
    const uint64_t rows = own.empty() || own.mapped() == 0 ? 0 : own.mapped() - 1;
    SumPages(column);
    if (!own.empty() && (!again || (column.total > 0 && column.items + rows <= column.total))) {
      column.by_number.emplace(kFirstPage, own.mapped());
      column.read += 1;
      column.items += rows;
    }
  }
  return columns;
}

void FillFromBefore(Coverage& coverage, const Coverage& before) {
  for (auto& [family, list] : coverage.lists) {
    const auto known = before.lists.find(family);
    // What was not read now may be there no more, with its columns: a redesign leaves the old addresses. lists_missed tells of what should be there.
    if (known == before.lists.end() || list.read == 0) continue;
    if (list.pages == 0) list.pages = known->second.pages;
    if (list.total == 0) list.total = known->second.total;
    if (list.part_of.empty()) list.part_of = known->second.part_of;
    list.from_zero = list.from_zero || known->second.from_zero;
    for (auto& [number, items] : list.by_number) {
      const auto then = known->second.by_number.find(number);
      if (items == 0 && then != known->second.by_number.end()) items = then->second;
    }
    // The rows of a unit that its page holds, where the page is as it was; the answers of a proxy have numbers all.
    const auto in_page = known->second.by_number.find(kFirstPage);
    if (in_page != known->second.by_number.end() && family.find("dataproxy") != std::string::npos) list.by_number.insert(*in_page);
    SumPages(list);
  }
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

void CountShownObstacle(Coverage& coverage, std::string_view obstacle, std::string_view url) {
  CountObstacle(coverage, obstacle, url);
  const std::string name(obstacle);
  if (coverage.obstacles.contains(name)) ++coverage.obstacles_shown[name];
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

void AddOnOtherHost(Coverage& coverage, const std::string& url, const std::string& page, bool attachment) {
  const auto parsed = url::Parse(url);
  if (!parsed || !parsed->host) return;
  const std::string host = parsed->HostPort();
  if (coverage.other_hosts.size() >= kMostOtherHosts && !coverage.other_hosts.contains(host)) return;
  OnOtherHost& there = coverage.other_hosts[host];
  std::map<std::string, std::string>& named = attachment ? there.attachments : there.articles;
  if (named.size() < kMostOnOtherHost) named.emplace(url, page);
}

void AddLeftOut(Coverage& coverage, const std::string& url, LeftOut how) {
  if (coverage.left_out.size() >= kMostLeftOut) {
    // What nobody misses makes room for what somebody does.
    const auto other = !how.wanted ? coverage.left_out.end() : std::find_if(coverage.left_out.begin(), coverage.left_out.end(), [](const auto& link) { return !link.second.wanted; });
    if (other == coverage.left_out.end() || coverage.left_out.contains(url)) return;
    coverage.left_out.erase(other);
  }
  coverage.left_out.emplace(url, std::move(how));
}

void AddReason(std::map<std::string, std::string>& reasons, const std::string& url, const std::string& reason) {
  if (reasons.size() < kMostLeftOut) reasons.emplace(url, reason);
}

void CountRowsInPage(Coverage& coverage, std::string_view rows) {
  const size_t query = rows.find('?');
  uint64_t first = 0;
  for (const std::string_view parameter : Split(query == std::string_view::npos ? std::string_view() : rows.substr(query + 1), '&')) {
    if (parameter.starts_with(kFirstRow)) first = ParseUint(parameter.substr(kFirstRow.size())).value_or(0);
  }
  const std::string family = ListFamily(rows);
  if (first < 2 || (coverage.lists.size() >= kMostLists && !coverage.lists.contains(family))) return;
  ListCoverage& list = coverage.lists[family];
  AddPage(list, kFirstPage, first);
  SumPages(list);
}

void CountListPage(Coverage& coverage, std::string_view url) {
  const ListPage page = ListPageOf(url);
  if (coverage.lists.size() >= kMostLists && !coverage.lists.contains(page.family)) return;
  ListCoverage& list = coverage.lists[page.family];
  AddPage(list, page.number, 0);
  SumPages(list);
}

void CountAbsentListPage(Coverage& coverage, std::string_view url) {
  const ListPage page = ListPageOf(url);
  if (coverage.lists.size() >= kMostLists && !coverage.lists.contains(page.family)) return;
  ListCoverage& list = coverage.lists[page.family];
  if (page.number != kFirstPage && !list.by_number.contains(page.number) && list.absent.size() < kMostMissed) list.absent.insert(page.number);
}

void CountRecord(Coverage& coverage, const model::PageRecord& record, std::string_view url, bool column, std::string_view rows) {
  ++coverage.pages;
  if (!record.charset.empty() && (coverage.charsets.size() < kMostNames || coverage.charsets.contains(record.charset))) ++coverage.charsets[record.charset];
  if (!record.damage.empty()) ++coverage.damaged;
  std::set<std::string> families;
  for (const model::RepairStep& step : record.repairs) families.insert(step.family);
  for (const std::string& family : families) {
    if (coverage.repairs.size() < kMostNames || coverage.repairs.contains(family)) ++coverage.repairs[family];
  }
  if (record.kind == model::PageKind::kArticle && !record.part_of) {
    ++coverage.articles;
    if (record.title && !record.title->empty()) ++coverage.fields["title"];
    if (record.published) ++coverage.fields["published"];
    if (record.source && !record.source->empty()) ++coverage.fields["source"];
    if (!record.body.empty() || !record.attachments.empty()) ++coverage.fields["body"];
    if (record.clicks) ++coverage.fields["clicks"];
  }
  if (record.kind != model::PageKind::kList || !record.list || record.list->past_end) return;
  ++coverage.lists_parsed;
  coverage.list_items += record.list->items;
  if (!record.list->needs.empty()) ++coverage.lists_need_more;
  const ListPage page = ListPageOf(url);
  if (coverage.lists.size() >= kMostLists && !coverage.lists.contains(page.family)) return;
  ListCoverage& list = coverage.lists[page.family];
  AddPage(list, page.number, record.list->items + 1);
  SumPages(list);
  if (!column) return;
  list.from_zero = list.from_zero || record.list->dialect == "trs";
  // Hanweb's proxy answers for several pages at once: its column is held against the rows that it announces, not against pages.
  if (record.list->dialect != "jpage") list.pages = std::max(list.pages, record.list->pages.value_or(0));
  list.total = std::max(list.total, record.list->total.value_or(0));
  std::string part = rows.empty() ? std::string() : ListFamily(rows);
  if (part.empty() || part == page.family || (coverage.lists.size() >= kMostLists && !coverage.lists.contains(part))) return;
  std::string& part_of = coverage.lists[part].part_of;
  if (part_of.empty()) part_of = page.family;
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
    AddList(sum.lists[family], list);
  }
  sum.articles += more.articles;
  sum.pages += more.pages;
  sum.damaged += more.damaged;
  AddCounts(sum.fields, more.fields);
  AddCounts(sum.charsets, more.charsets);
  AddCounts(sum.repairs, more.repairs);
  AddCounts(sum.obstacles, more.obstacles);
  AddCounts(sum.obstacles_shown, more.obstacles_shown);
  AddTexts(sum.obstacle_examples, more.obstacle_examples);
  sum.duplicates_left_out += more.duplicates_left_out;
  if (!more.duplicate_rules.empty()) sum.duplicate_rules = more.duplicate_rules;
  AddNames(sum.absent_listed, more.absent_listed);
  AddNames(sum.changed_alike, more.changed_alike);
  AddNames(sum.believed_alike, more.believed_alike);
  AddNames(sum.all_edited, more.all_edited);
  sum.visits += more.visits;
  sum.bytes += more.bytes;
  sum.known += more.known;
  AddCounts(sum.elsewhere, more.elsewhere);
  sum.known_elsewhere += more.known_elsewhere;
  AddNames(sum.redirected_lists, more.redirected_lists);
  sum.failed += more.failed;
  sum.never_got += more.never_got;
  AddTexts(sum.never_got_examples, more.never_got_examples);
  for (const auto& [url, how] : more.left_out) AddLeftOut(sum, url, how);
  for (const auto& [host, there] : more.other_hosts) {
    for (const auto& [url, page] : there.articles) AddOnOtherHost(sum, url, page, false);
    for (const auto& [url, page] : there.attachments) AddOnOtherHost(sum, url, page, true);
  }
  for (const auto& [url, reason] : more.attachments_missed) AddReason(sum.attachments_missed, url, reason);
  for (const auto& [url, reason] : more.attachments_cut) AddReason(sum.attachments_cut, url, reason);
  for (const auto& [url, reason] : more.feeds_unread) AddReason(sum.feeds_unread, url, reason);
  for (const auto& [url, reason] : more.pages_cut) AddReason(sum.pages_cut, url, reason);
  for (const auto& [url, part] : more.parts_missed) {
    if (sum.parts_missed.size() < kMostLeftOut) sum.parts_missed.emplace(url, part);
  }
  sum.counters_asked += more.counters_asked;
  sum.counters_answered += more.counters_answered;
  sum.counters_not_asked += more.counters_not_asked;
  for (const auto& [url, reason] : more.counters_unread) {
    if (sum.counters_unread.size() < kMostCounters) sum.counters_unread.emplace(url, reason);
  }
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
    if (!impact.tls_unverified.empty()) to.tls_unverified = impact.tls_unverified;
  }
}

std::map<std::string, HostImpact> ImpactSince(const std::map<std::string, HostImpact>& now, std::map<std::string, HostImpact>& stored) {
  std::map<std::string, HostImpact> since;
  for (const auto& [host, impact] : now) {
    HostImpact& before = stored[host];
    if (impact.requests == before.requests && impact.bytes == before.bytes && impact.errors == before.errors && impact.robots_denied == before.robots_denied) continue;
    HostImpact more = impact;
    more.requests -= std::min(more.requests, before.requests);
    more.bytes -= std::min(more.bytes, before.bytes);
    more.errors -= std::min(more.errors, before.errors);
    more.refusals -= std::min(more.refusals, before.refusals);
    more.robots_denied -= std::min(more.robots_denied, before.robots_denied);
    more.total_ms -= std::min(more.total_ms, before.total_ms);
    before = impact;
    since.emplace(host, std::move(more));
  }
  return since;
}

Coverage GoOn(Coverage round, const Coverage& run) {
  for (const auto& [seed, reason] : run.seeds_missed) {
    round.seeds_reached.erase(seed);
    round.seeds_missed.erase(seed);
  }
  round.lists_missed.clear();
  round.missing.clear();
  round.obstacles = round.obstacles_shown;
  std::erase_if(round.obstacle_examples, [&round](const auto& example) { return !round.obstacles.contains(example.first); });
  round.failed = round.never_got = 0;
  round.never_got_examples.clear();
  round.left_out.clear();
  round.other_hosts.clear();
  round.attachments_missed.clear();
  round.attachments_cut.clear();
  round.feeds_unread.clear();
  round.pages_cut.clear();
  round.parts_missed.clear();
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
              {"robots", impact.robots.empty() ? Json(nullptr) : Json(impact.robots)},
              {"tls_unverified", impact.tls_unverified.empty() ? Json(nullptr) : Json(impact.tls_unverified)}};
}

Json ToJson(const Coverage& coverage) {
  Json lists = Json::object();
  for (const auto& [family, list] : coverage.lists) {
    lists[family] = Json{{"pages", list.pages == 0 ? Json(nullptr) : Json(list.pages)},
                         {"total", list.total == 0 ? Json(nullptr) : Json(list.total)},
                         {"read", list.read},
                         {"items", list.items}};
    if (!list.by_number.empty()) lists[family]["numbers"] = NumbersToJson(list.by_number);
    if (!list.absent.empty()) lists[family]["absent"] = list.absent;
    if (list.from_zero) lists[family]["from_zero"] = true;
    if (!list.part_of.empty()) lists[family]["part_of"] = list.part_of;
  }
  Json left_out = Json::object();
  for (const auto& [url, how] : coverage.left_out) left_out[url] = Json{{"reason", how.reason}, {"page", how.page}, {"wanted", how.wanted}};
  Json parts_missed = Json::object();
  for (const auto& [url, part] : coverage.parts_missed) parts_missed[url] = Json{{"reason", part.reason}, {"article", part.article}};
  Json hosts = Json::object();
  for (const auto& [host, impact] : coverage.hosts) hosts[host] = ToJson(impact);
  Json other_hosts = Json::object();
  for (const auto& [host, there] : coverage.other_hosts) {
    other_hosts[host] = Json{{"articles", ToObject(there.articles)}, {"attachments", ToObject(there.attachments)}};
  }
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
              {"obstacles_shown", ToObject(coverage.obstacles_shown)},
              {"duplicates", {{"left_out", coverage.duplicates_left_out}, {"rules", coverage.duplicate_rules}}},
              {"visits", coverage.visits},
              {"bytes", coverage.bytes},
              {"known", coverage.known},
              {"elsewhere", ToObject(coverage.elsewhere)},
              {"known_elsewhere", coverage.known_elsewhere},
              {"redirected_lists", coverage.redirected_lists},
              {"failed", coverage.failed},
              {"never_got", {{"pages", coverage.never_got}, {"examples", ToObject(coverage.never_got_examples)}}},
              {"left_out", std::move(left_out)},
              {"other_hosts", std::move(other_hosts)},
              {"attachments_missed", ToObject(coverage.attachments_missed)},
              {"attachments_cut", ToObject(coverage.attachments_cut)},
              {"feeds_unread", ToObject(coverage.feeds_unread)},
              {"pages_cut", ToObject(coverage.pages_cut)},
              {"parts_missed", std::move(parts_missed)},
              {"counters",
               {{"asked", coverage.counters_asked},
                {"answered", coverage.counters_answered},
                {"not_asked", coverage.counters_not_asked},
                {"unread", ToObject(coverage.counters_unread)}}},
              {"redesigned", coverage.redesigned},
              {"absent_listed", coverage.absent_listed},
              {"changed_alike", coverage.changed_alike},
              {"believed_alike", coverage.believed_alike},
              {"all_edited", coverage.all_edited},
              {"missing", coverage.missing},
              {"short_lists", coverage.short_lists},
              {"believed_lists", coverage.believed_lists},
              {"hosts", std::move(hosts)}};
}

Coverage CoverageFromJson(const Json& json) {
  Coverage coverage;
  coverage.seeds = model::GetCount(json, "seeds");
  for (const Json& seed : Member(json, "seeds_reached")) {
    if (seed.is_string()) coverage.seeds_reached.insert(seed.get<std::string>());
  }
  ReadTexts(Member(json, "seeds_missed"), coverage.seeds_missed);
  coverage.lists_read = model::GetCount(json, "lists_read");
  coverage.lists_parsed = model::GetCount(json, "lists_parsed");
  coverage.list_items = model::GetCount(json, "list_items");
  coverage.lists_need_more = model::GetCount(json, "lists_need_more");
  ReadTexts(Member(json, "lists_missed"), coverage.lists_missed);
  for (const auto& [family, list] : Member(json, "lists").items()) {
    ListCoverage& read = coverage.lists[family];
    read.pages = model::GetCount(list, "pages");
    read.total = model::GetCount(list, "total");
    read.read = model::GetCount(list, "read");
    read.items = model::GetCount(list, "items");
    NumbersFromJson(Member(list, "numbers"), read.by_number);
    for (const Json& number : Member(list, "absent")) {
      if (number.is_number_unsigned()) read.absent.insert(number.get<uint64_t>());
    }
    read.from_zero = Member(list, "from_zero") == true;
    read.part_of = model::GetString(list, "part_of");
  }
  coverage.articles = model::GetCount(json, "articles");
  ReadCounts(Member(json, "fields"), coverage.fields);
  coverage.pages = model::GetCount(json, "pages");
  ReadCounts(Member(json, "charsets"), coverage.charsets);
  coverage.damaged = model::GetCount(json, "damaged");
  ReadCounts(Member(json, "repairs"), coverage.repairs);
  ReadCounts(Member(json, "obstacles"), coverage.obstacles);
  ReadCounts(Member(json, "obstacles_shown"), coverage.obstacles_shown);
  ReadTexts(Member(json, "obstacle_examples"), coverage.obstacle_examples);
  const Json& duplicates = Member(json, "duplicates");
  coverage.duplicates_left_out = model::GetCount(duplicates, "left_out");
  if (Member(duplicates, "rules").is_array()) coverage.duplicate_rules = Member(duplicates, "rules");
  ReadNames(Member(json, "absent_listed"), coverage.absent_listed);
  ReadNames(Member(json, "changed_alike"), coverage.changed_alike);
  ReadNames(Member(json, "believed_alike"), coverage.believed_alike);
  ReadNames(Member(json, "all_edited"), coverage.all_edited);
  coverage.visits = model::GetCount(json, "visits");
  coverage.bytes = model::GetCount(json, "bytes");
  coverage.known = model::GetCount(json, "known");
  ReadCounts(Member(json, "elsewhere"), coverage.elsewhere);
  coverage.known_elsewhere = model::GetCount(json, "known_elsewhere");
  ReadNames(Member(json, "redirected_lists"), coverage.redirected_lists);
  coverage.failed = model::GetCount(json, "failed");
  const Json& never_got = Member(json, "never_got");
  coverage.never_got = model::GetCount(never_got, "pages");
  ReadTexts(Member(never_got, "examples"), coverage.never_got_examples);
  for (const auto& [url, how] : Member(json, "left_out").items()) {
    coverage.left_out[url] = {model::GetString(how, "reason"), model::GetString(how, "page"), model::GetBool(how, "wanted")};
  }
  for (const auto& [host, there] : Member(json, "other_hosts").items()) {
    ReadTexts(Member(there, "articles"), coverage.other_hosts[host].articles);
    ReadTexts(Member(there, "attachments"), coverage.other_hosts[host].attachments);
  }
  ReadTexts(Member(json, "attachments_missed"), coverage.attachments_missed);
  ReadTexts(Member(json, "attachments_cut"), coverage.attachments_cut);
  ReadTexts(Member(json, "feeds_unread"), coverage.feeds_unread);
  ReadTexts(Member(json, "pages_cut"), coverage.pages_cut);
  for (const auto& [url, part] : Member(json, "parts_missed").items()) {
    coverage.parts_missed[url] = {model::GetString(part, "reason"), model::GetString(part, "article")};
  }
  const Json& counters = Member(json, "counters");
  coverage.counters_asked = model::GetCount(counters, "asked");
  coverage.counters_answered = model::GetCount(counters, "answered");
  coverage.counters_not_asked = model::GetCount(counters, "not_asked");
  ReadTexts(Member(counters, "unread"), coverage.counters_unread);
  ReadNames(Member(json, "missing"), coverage.missing);
  ReadNames(Member(json, "redesigned"), coverage.redesigned);
  ReadNames(Member(json, "short_lists"), coverage.short_lists);
  ReadNames(Member(json, "believed_lists"), coverage.believed_lists);
  for (const auto& [host, value] : Member(json, "hosts").items()) {
    HostImpact impact;
    impact.requests = model::GetCount(value, "requests");
    impact.bytes = model::GetCount(value, "bytes");
    impact.errors = model::GetCount(value, "errors");
    impact.refusals = model::GetCount(value, "refusals");
    impact.robots_denied = model::GetCount(value, "robots_denied");
    impact.total_ms = model::GetCount(value, "total_ms");
    impact.slowest_ms = model::GetCount(value, "slowest_ms");
    if (Member(value, "shortest_gap_ms").is_number()) impact.shortest_gap_ms = model::GetCount(value, "shortest_gap_ms");
    impact.most_at_once = model::GetCount(value, "most_at_once");
    impact.delay_ms = model::GetCount(value, "delay_ms");
    impact.given_up = model::GetBool(value, "given_up");
    impact.robots = model::GetString(value, "robots");
    impact.tls_unverified = model::GetString(value, "tls_unverified");
    coverage.hosts[host] = std::move(impact);
  }
  return coverage;
}

}  // namespace fangzhi::report
