#include "cli/site_proposal.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <cstdio>
#include <set>

#include "base/strings.h"
#include "base/terminal.h"
#include "extract/obstacle.h"
#include "text/text.h"
#include "url/url.h"

namespace fangzhi::cli {
namespace {

std::string SecondsText(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", seconds);
  return text;
}

using model::Json;
using model::Link;
using model::LinkKind;

constexpr size_t kLists = 4;
constexpr size_t kSamples = 10;
constexpr size_t kFurtherRequests = 4;  // pages of lists that are filled by requests

// Columns that are read for news come first; a list of leaders' names says little of a site.
int Interest(const Link& link) {
  static constexpr std::string_view kWords[] = {"要闻", "新闻", "动态", "公告", "通知", "公示", "政策", "文件", "资讯", "信息", "时政", "news"};
  for (const std::string_view word : kWords) {
    if (ToAsciiLower(link.text).find(word) != std::string::npos) return 0;
  }
  return link.text.empty() ? 2 : 1;
}

std::string HostOf(std::string_view address) {
  const auto url = url::Parse(address);
  return url ? url->HostPort() : std::string();
}

// A basic string of TOML.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string CommentLine(std::string_view text) { return "# " + ReplaceAll(ReplaceAll(PrintableLine(std::string(text)), "\n", " "), "\r", " ") + "\n"; }

std::string IdFor(const std::string& origin, const config::Config& known) {
  const auto url = url::Parse(origin);
  std::string host = url && url->host ? *url->host : "site";
  if (host.starts_with("www.")) host.erase(0, 4);
  std::vector<std::string_view> labels = Split(host, '.');
  static constexpr std::string_view kEndings[] = {"cn", "gov", "com", "org", "net", "edu", "ac", "hk", "tw", "mo"};
  const bool number = std::all_of(labels.back().begin(), labels.back().end(), [](char c) { return IsAsciiDigit(c); });
  while (!number && labels.size() > 1 && std::find(std::begin(kEndings), std::end(kEndings), labels.back()) != std::end(kEndings)) labels.pop_back();
  std::string id;
  for (const std::string_view label : labels) {
    if (!id.empty()) id += '-';
    for (const char c : ToAsciiLower(label)) id += (c >= 'a' && c <= 'z') || IsAsciiDigit(c) || c == '-' ? c : '-';
  }
  id = id.substr(0, 56);
  while (!id.empty() && (id.front() == '-' || id.front() == '_')) id.erase(0, 1);
  if (id.empty()) id = "site";
  std::string free = id;
  for (int n = 2; known.FindSite(free) != nullptr; ++n) free = id + "-" + std::to_string(n);
  return free;
}

// "首页-某市人民政府" → 某市人民政府.
std::string NameOf(const model::PageRecord& record) {
  std::string name = text::CollapseSpace(record.title.value_or(""));
  for (const std::string_view word : {std::string_view("欢迎访问"), std::string_view("首页"), std::string_view("网站"), std::string_view("官网")}) {
    if (name.starts_with(word) && name.size() > word.size() + 6) name = name.substr(word.size());
  }
  static constexpr std::string_view kTrim[] = {"-", "_", "|", " ", "—", "·", "："};
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view sign : kTrim) {
      if (name.size() > sign.size() && name.starts_with(sign)) {
        name.erase(0, sign.size());
        more = true;
      }
      if (name.size() > sign.size() && name.ends_with(sign)) {
        name.resize(name.size() - sign.size());
        more = true;
      }
    }
  }
  return std::string(text::PrefixCodePoints(name, 40));
}

class Surveyor {
 public:
  Surveyor(crawl::Prober& prober, const std::function<void(const std::string&)>& talk, SiteSurvey& survey)
      : prober_(prober), talk_(talk), survey_(survey) {}

  Result<void> Run(const std::string& url);

 private:
  std::optional<crawl::Probe> Get(const std::string& url, const Link* link);
  void Note(const crawl::Probe& probe);
  void TakeArticles(const std::vector<Link>& links, const std::string& via);

  crawl::Prober& prober_;
  const std::function<void(const std::string&)>& talk_;
  SiteSurvey& survey_;
  struct Article {
    Link link;
    std::string via;
  };
  std::vector<std::vector<Article>> articles_;  // by the page that names them
  std::set<std::string> seen_;
  std::map<std::string, SiteSurvey::Family> families_;
  double milliseconds_ = 0;
};

void Surveyor::Note(const crawl::Probe& probe) {
  ++survey_.pages;
  survey_.bytes += probe.capture.payload.size();
  milliseconds_ += static_cast<double>(probe.capture.duration.count());
  if (!probe.page.profile.profile) return;
  SiteSurvey::Family& family = families_[probe.page.profile.profile->id];
  ++family.pages;
  if (probe.page.profile.weight > family.match.weight) family.match = probe.page.profile;
}

std::optional<crawl::Probe> Surveyor::Get(const std::string& url, const Link* link) {
  talk_("looking at " + PrintableLine(url));
  auto probe = prober_.Get(url, link == nullptr ? std::string_view() : link->text, link == nullptr ? std::string_view() : link->date);
  if (!probe) {
    survey_.failures.push_back({url, probe.error().message});
    return std::nullopt;
  }
  if (!probe->robots.allowed) {
    survey_.failures.push_back({url, "robots.txt does not allow it: " + probe->robots.rule});
    return std::nullopt;
  }
  Note(*probe);
  return std::move(*probe);
}

void Surveyor::TakeArticles(const std::vector<Link>& links, const std::string& via) {
  std::vector<Article> found;
  const std::string host = HostOf(survey_.final_url);
  for (const Link& link : links) {
    if (link.kind != LinkKind::kArticle) continue;
    const std::string other = HostOf(link.url);
    if (other != host) {
      // Told, not fetched: what belongs to the site is the admin's to say.
      if (survey_.other_hosts.size() < 12 && std::find(survey_.other_hosts.begin(), survey_.other_hosts.end(), other) == survey_.other_hosts.end()) {
        survey_.other_hosts.push_back(other);
      }
      continue;
    }
    if (seen_.insert(link.url).second) found.push_back({link, via});
  }
  if (!found.empty()) articles_.push_back(std::move(found));
}

Result<void> Surveyor::Run(const std::string& url) {
  survey_.asked = url;
  talk_("looking at " + PrintableLine(url));
  FZ_ASSIGN(crawl::Probe first, prober_.Get(url));
  if (!first.robots.allowed) {
    return Fail(ErrorKind::kNetwork, "robots.txt does not allow it (" + first.robots.rule + ")", first.capture.url);
  }
  const std::string obstacle = first.obstacle.empty() ? std::string() : first.obstacle + ": " + std::string(extract::AdviceFor(first.obstacle));
  const bool may_be_read = first.obstacle.empty() || first.obstacle == "needs_js";
  if (first.capture.status >= 400 || !may_be_read) {
    return Fail(ErrorKind::kNetwork, "HTTP " + std::to_string(first.capture.status) + (obstacle.empty() ? "" : ", " + obstacle), first.capture.url);
  }
  Note(first);
  survey_.final_url = first.capture.url;
  const auto entry = url::Parse(survey_.final_url);
  survey_.origin = entry ? entry->Origin() : "";
  const model::PageKind kind = first.page.record.kind;
  // The headline of one text is no name of a site.
  if (kind != model::PageKind::kArticle) survey_.name = NameOf(first.page.record);
  survey_.charset = first.page.decoded.charset;
  survey_.declared = first.page.decoded.declared.value_or("");
  seen_.insert(survey_.final_url);
  const std::string host = HostOf(survey_.final_url);

  // Lists: the entry page itself where it is one, and the columns that it names.
  std::vector<Link> columns;
  for (const Link& link : first.page.links) {
    if (link.kind == LinkKind::kList && HostOf(link.url) == host && seen_.insert(link.url).second) columns.push_back(link);
  }
  survey_.list_links = columns.size();
  if (first.page.record.list) survey_.lists.push_back({survey_.final_url, survey_.name, *first.page.record.list});
  std::stable_sort(columns.begin(), columns.end(), [](const Link& a, const Link& b) { return Interest(a) < Interest(b); });
  size_t further = 0;
  for (size_t i = 0; i < columns.size() && survey_.lists.size() < kLists && i < 2 * kLists; ++i) {
    const auto probe = Get(columns[i].url, &columns[i]);
    if (!probe) continue;
    SiteSurvey::List list{probe->capture.url, columns[i].text, probe->page.record.list.value_or(model::ListFacts{})};
    TakeArticles(probe->page.links, probe->capture.url);
    // A list whose rows are asked for as data: the first of these requests.
    if (list.facts.items == 0 && !list.facts.dialect.empty() && further < kFurtherRequests) {
      for (const Link& link : probe->page.links) {
        if (link.kind != LinkKind::kList || !link.text.empty() || HostOf(link.url) != host || !seen_.insert(link.url).second) continue;
        ++further;
        const auto data = Get(link.url, nullptr);
        if (data && data->page.record.list && data->page.record.list->items > 0) {
          list.facts = *data->page.record.list;
          TakeArticles(data->page.links, data->capture.url);
        }
        break;
      }
    }
    const bool says = list.facts.items > 0 || list.facts.total || !articles_.empty();
    if (says && probe->page.record.kind != model::PageKind::kArticle) survey_.lists.push_back(std::move(list));
  }
  TakeArticles(first.page.links, survey_.final_url);

  // Ten texts, from every list in turn.
  for (size_t round = 0; survey_.samples.size() < kSamples; ++round) {
    bool any = false;
    for (const auto& list : articles_) {
      if (round >= list.size() || survey_.samples.size() >= kSamples) continue;
      any = true;
      auto probe = Get(list[round].link.url, &list[round].link);
      if (!probe) continue;
      survey_.samples.push_back({probe->capture.url, list[round].via, std::move(probe->page.record), probe->capture.status});
    }
    if (!any || survey_.failures.size() > kSamples) break;
  }
  const bool leads_on = !survey_.lists.empty() || !articles_.empty();
  if (kind == model::PageKind::kArticle) {
    survey_.problems.push_back("the address is that of one text: take the site's home page" + (survey_.origin.empty() ? "" : ", such as " + survey_.origin + "/,") +
                               " or its columns as seeds; what this text does not lead to is not found");
  } else if (!leads_on && !obstacle.empty()) {
    survey_.problems.push_back("the entry page: " + obstacle);
  } else if (!leads_on && kind == model::PageKind::kError) {
    survey_.problems.push_back("the entry page is none (" + first.page.record.kind_reason + "): look at it in a browser, and take another address as the seed");
  } else if (!leads_on) {
    survey_.problems.emplace_back("no list and no text was found from the entry page: take a column or a site map as the seed");
  }
  survey_.robots = prober_.RobotsState(survey_.origin);
  survey_.crawl_delay = prober_.CrawlDelay(survey_.origin);
  survey_.sitemaps = prober_.Sitemaps(survey_.origin);
  survey_.requests = prober_.requests();
  survey_.mean_milliseconds = survey_.pages == 0 ? 0 : milliseconds_ / static_cast<double>(survey_.pages);
  for (auto& [id, family] : families_) survey_.families.push_back(std::move(family));
  std::stable_sort(survey_.families.begin(), survey_.families.end(), [](const auto& a, const auto& b) {
    return a.pages != b.pages ? a.pages > b.pages : a.match.weight > b.match.weight;
  });
  return {};
}

// "3 minutes", "12 hours", "4 days".
std::string TimeText(double hours) {
  const double minutes = std::ceil(hours * 60);
  const auto number = [](double value, const char* unit) {
    const auto whole = static_cast<uint64_t>(std::ceil(value));
    return std::to_string(whole) + " " + unit + (whole == 1 ? "" : "s");
  };
  if (minutes < 120) return number(minutes, "minute");
  return hours < 72 ? number(hours, "hour") : number(hours / 24, "day");
}

double DelaySeconds(const SiteSurvey& survey) {
  const double usual = static_cast<double>(model::Site{}.delay.count()) / 1000.0;
  return std::max(usual, survey.crawl_delay.value_or(0));
}

}  // namespace

Result<void> Survey(crawl::Prober& prober, const std::string& url, const std::function<void(const std::string&)>& talk, SiteSurvey& survey) {
  return Surveyor(prober, talk, survey).Run(url);
}

SiteProposal Propose(const SiteSurvey& survey, const model::Site& defaults, const config::Config& known) {
  SiteProposal proposal;
  proposal.id = IdFor(survey.origin, known);
  uint64_t announced = 0, told = 0;
  for (const SiteSurvey::List& list : survey.lists) {
    std::optional<uint64_t> total = list.facts.total;
    if (!total && list.facts.pages) total = *list.facts.pages * std::max<uint64_t>(list.facts.items, 1);
    if (!total) continue;
    announced += *total;
    ++told;
  }
  const double delay = DelaySeconds(survey);
  if (told > 0) {
    // The columns that were not looked at are taken to be like those that were.
    proposal.texts = announced * std::max<uint64_t>(survey.list_links, told) / told;
    proposal.hours = static_cast<double>(*proposal.texts) * (delay + survey.mean_milliseconds / 1000) / 3600;
  }
  const std::string seed = survey.final_url;
  std::string& toml = proposal.toml;
  toml += CommentLine("Proposed from " + std::to_string(survey.pages) + " pages of " + survey.origin + "; check it before the first crawl.");
  for (const std::string& problem : survey.problems) toml += CommentLine("PROBLEM: " + problem + ".");
  if (!survey.families.empty()) {
    const SiteSurvey::Family& family = survey.families.front();
    toml += CommentLine("Family: " + family.match.profile->name + ", on " + std::to_string(family.pages) + " of them (" + family.match.Reason() + ").");
    if (!family.match.profile->notes.empty()) toml += CommentLine(family.match.profile->notes);
  }
  toml += CommentLine("robots.txt: " + survey.robots + ".");
  if (proposal.texts) {
    toml += CommentLine("About " + std::to_string(*proposal.texts) + " texts by the totals of " + std::to_string(told) + " lists: " +
                        TimeText(*proposal.hours) + " for the first crawl at this delay.");
  }
  toml += "id = " + Quoted(proposal.id) + "\n";
  toml += "name = " + Quoted(survey.name.empty() ? proposal.id : survey.name) + "\n";
  toml += "seeds = [" + Quoted(seed) + "]\n";
  toml += "hosts = [" + Quoted(HostOf(seed)) + "]";
  if (!survey.other_hosts.empty()) {
    toml += "  # texts lie also on";
    for (const std::string& host : survey.other_hosts) toml += " " + PrintableLine(host);
  }
  toml += "\nschedule = \"every 24h\"\n";
  toml += "delay = " + SecondsText(delay) + (survey.crawl_delay && *survey.crawl_delay >= delay ? "  # robots.txt asks for it\n" : "\n");
  for (const SiteSurvey::Sample& sample : survey.samples) {
    if (!sample.record.counter || model::IsReadOnly(*sample.record.counter)) continue;
    toml += CommentLine("Its click counter (" + sample.record.counter->kind + ") may count the asking; \"allow_increment\" would ask it all the same.");
    toml += "counters = \"read_only\"\n";
    break;
  }
  if (defaults.allow_private) toml += "allow_private = true\n";
  return proposal;
}

Json ToJson(const SiteSurvey& survey, const SiteProposal& proposal) {
  Json json{{"url", survey.asked},
            {"final_url", survey.final_url},
            {"name", survey.name.empty() ? Json(nullptr) : Json(survey.name)},
            {"charset", survey.charset},
            {"declared", survey.declared.empty() ? Json(nullptr) : Json(survey.declared)},
            {"robots", {{"state", survey.robots}, {"crawl_delay", model::OrNull(survey.crawl_delay)}, {"sitemaps", survey.sitemaps}}},
            {"requests", survey.requests},
            {"pages", survey.pages},
            {"bytes", survey.bytes}};
  json["family"] = nullptr;
  json["families"] = Json::array();
  for (const SiteSurvey::Family& family : survey.families) {
    Json entry{{"id", family.match.profile->id}, {"name", family.match.profile->name}, {"pages", family.pages},
               {"weight", family.match.weight},  {"evidence", family.match.evidence},  {"origin", family.match.profile->origin}};
    if (json["family"].is_null()) json["family"] = entry;
    json["families"].push_back(std::move(entry));
  }
  json["lists"] = Json::array();
  for (const SiteSurvey::List& list : survey.lists) {
    json["lists"].push_back({{"url", list.url},
                             {"text", list.text},
                             {"dialect", list.facts.dialect.empty() ? Json(nullptr) : Json(list.facts.dialect)},
                             {"total", model::OrNull(list.facts.total)},
                             {"pages", model::OrNull(list.facts.pages)},
                             {"items", list.facts.items},
                             {"needs", list.facts.needs.empty() ? Json(nullptr) : Json(list.facts.needs)}});
  }
  json["samples"] = Json::array();
  for (const SiteSurvey::Sample& sample : survey.samples) {
    const model::PageRecord& record = sample.record;
    Json entry{{"url", sample.url},         {"via", sample.via},
               {"status", sample.status},   {"kind", model::PageKindName(record.kind)},
               {"title", model::OrNull(record.title)}, {"published", model::OrNull(record.published)},
               {"source", model::OrNull(record.source)}, {"clicks", model::OrNull(record.clicks)},
               {"charset", record.charset}, {"body_characters", text::CountCodePoints(record.body)}};
    entry["counter"] = record.counter ? Json{{"kind", record.counter->kind}, {"side_effect", record.counter->side_effect}, {"url", record.counter->url}} : Json(nullptr);
    entry["provenance"] = Json::object();
    for (const auto& [field, basis] : record.provenance) entry["provenance"][field] = basis;
    json["samples"].push_back(std::move(entry));
  }
  json["failures"] = Json::array();
  for (const auto& failure : survey.failures) json["failures"].push_back({{"url", failure.url}, {"reason", failure.reason}});
  json["problems"] = survey.problems;
  json["other_hosts"] = survey.other_hosts;
  json["cost"] = {{"texts", model::OrNull(proposal.texts)},
                  {"hours", model::OrNull(proposal.hours)},
                  {"list_links", survey.list_links},
                  {"mean_milliseconds", survey.mean_milliseconds}};
  json["id"] = proposal.id;
  json["toml"] = proposal.toml;
  return json;
}

void Show(const SiteSurvey& survey, const SiteProposal& proposal, Output& output) {
  output.Line(PrintableLine(survey.final_url) + "  " + PrintableLine(survey.name));
  output.Line("charset   " + survey.charset + "  (declared " + (survey.declared.empty() ? "-" : PrintableLine(survey.declared)) + ")");
  output.Line("robots    " + PrintableLine(survey.robots) + (survey.crawl_delay ? ", Crawl-delay " + SecondsText(*survey.crawl_delay) + " s" : ""));
  if (survey.families.empty()) output.Line("family    none recognised");
  for (const SiteSurvey::Family& family : survey.families) {
    output.Line("family    " + PrintableLine(family.match.profile->id + "  " + family.match.profile->name) + "  on " + std::to_string(family.pages) + " of " +
                std::to_string(survey.pages) + " pages: " + PrintableLine(family.match.Reason()));
  }
  if (!survey.lists.empty()) {
    output.Line("");
    Table lists({"list", "dialect", "announced", "pages", "rows here", "needs"});
    for (const SiteSurvey::List& list : survey.lists) {
      const auto number = [](const std::optional<uint64_t>& value) { return value ? std::to_string(*value) : std::string("-"); };
      lists.Add({list.text.empty() ? list.url : list.text, list.facts.dialect.empty() ? "-" : list.facts.dialect, number(list.facts.total),
                 number(list.facts.pages), std::to_string(list.facts.items), list.facts.needs.empty() ? "-" : list.facts.needs});
    }
    output.Data(lists.Text());
  }
  output.Line("");
  for (const SiteSurvey::Sample& sample : survey.samples) {
    const model::PageRecord& record = sample.record;
    const auto basis = [&record](const char* field) {
      const auto found = record.provenance.find(field);
      return found == record.provenance.end() ? std::string("-") : found->second;
    };
    output.Line(PrintableLine(sample.url));
    output.Line("  " + PrintableLine(record.title.value_or("no title")) + "  (" + PrintableLine(basis("title")) + ")");
    output.Line("  " + std::string(model::PageKindName(record.kind)) + ", published " + PrintableLine(record.published.value_or("-")) + " (" + PrintableLine(basis("published")) +
                "), source " + PrintableLine(record.source.value_or("-")) + " (" + PrintableLine(basis("source")) + "), " + std::to_string(text::CountCodePoints(record.body)) +
                " characters" + (record.counter ? ", counter " + record.counter->kind + " (" + record.counter->side_effect + ")" : ""));
  }
  for (const std::string& problem : survey.problems) output.Line("problem   " + PrintableLine(problem));
  for (const auto& failure : survey.failures) output.Line("failed    " + PrintableLine(failure.url) + "  " + PrintableLine(failure.reason));
  output.Line("");
  std::string cost = std::to_string(survey.requests) + " requests made, " + HumanBytes(survey.bytes);
  if (proposal.texts) {
    cost += "; a first crawl is about " + std::to_string(*proposal.texts) + " texts and " + TimeText(*proposal.hours);
  } else {
    cost += "; no list announces its total";
  }
  output.Line("cost      " + cost);
}

}  // namespace fangzhi::cli
