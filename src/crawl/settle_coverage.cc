// What the index says of a round when one of its runs ends. It is asked of the index, not counted on the way: what an earlier run of the round missed counts
// until it was got, whatever became of that run, and what was got after all counts no longer.
#include <algorithm>
#include <map>
#include <set>

#include "base/limits.h"
#include "config/config.h"
#include "crawl/pipeline.h"
#include "frontier/frontier.h"
#include "report/report.h"
#include "url/url.h"

namespace fangzhi::crawl {
namespace {

constexpr size_t kMostMissed = 100;       // named in a report
constexpr size_t kMostFailing = 200'000;  // looked at

// Why a page was not read by its last visit; "": it was, or another that it leads to.
Result<std::string> WhyNotRead(const store::IndexReader& index, const model::Site& site, store::UrlEntry page) {
  std::string path;
  for (uint32_t hop = 0; hop < limits::kMaxPageRedirects; ++hop) {
    if (page.last_present && *page.last_present == page.last_visit) return std::string();
    if (page.failed_visits > 0) {
      FZ_ASSIGN(const std::optional<store::MissedEntry> missed, index.FindMissed(page));
      return path + (!missed ? "failed" : missed->obstacle.empty() ? missed->reason : missed->obstacle);
    }
    const bool absent = page.last_absent && *page.last_absent == page.last_visit;
    if (page.redirect.empty() || (absent && !page.absence.starts_with("redirect"))) return path + (absent ? page.absence : "nothing of it was understood");
    const Result<url::Url> to = url::Canonical(page.redirect);
    const std::string target = to ? to->HrefWithoutFragment() : page.redirect;
    path = "redirects to " + target + ": ";
    if (!config::OnHostsOf(site, target)) return "redirects to " + target + ", which is not among the site's hosts";
    FZ_ASSIGN(std::optional<store::UrlEntry> next, index.FindUrl(target));
    if (!next || next->visits == 0) return "redirects to " + target + ", which was not asked for";
    page = std::move(*next);
  }
  return std::string("redirects: without end");
}

// Why nothing of a page's host was asked for in this run; "": no such reason.
std::string WhyNotAsked(const report::Coverage& coverage, const std::string& url) {
  const Result<url::Url> parsed = url::Parse(url);
  if (!parsed) return {};
  for (const std::string& name : {parsed->HostPort(), parsed->Origin()}) {
    const auto host = coverage.hosts.find(name);
    if (host == coverage.hosts.end()) continue;
    if (host->second.robots == "unreachable") return "robots.txt could not be had";
    if (host->second.given_up) return "its host gave no answer";
  }
  return {};
}

}  // namespace

namespace {

// The attachments that an earlier version of a page had and its latest has no more.
Result<std::set<std::string>> DroppedBy(const store::Archive& archive, const store::IndexReader& index, const std::string& url) {
  constexpr size_t kMostVersions = 5;
  std::set<std::string> dropped;
  FZ_ASSIGN(const std::optional<store::UrlEntry> page, index.FindUrl(url));
  if (!page || page->versions < 2 || page->state != "present") return dropped;
  FZ_ASSIGN(const std::vector<store::VersionEntry> versions, index.Versions(page->id));
  std::set<std::string> has;
  for (size_t i = 0; i < versions.size() && i < kMostVersions; ++i) {
    // A record that cannot be read says nothing; verify tells of it.
    const Result<model::PageRecord> record = archive.ReadRecord(versions[versions.size() - 1 - i]);
    if (!record) return i == 0 ? std::set<std::string>() : dropped;
    for (const model::Attachment& attachment : record->attachments) {
      if (i == 0) {
        has.insert(attachment.url);
      } else if (!has.contains(attachment.url)) {
        dropped.insert(attachment.url);
      }
    }
  }
  return dropped;
}

// What was left out in this round, and what the pages that did not change since the report before had left out then: as far as nothing has led to it since.
Result<void> SettleLeftOut(const store::Archive& archive, const store::IndexReader& index, const model::Site& site, const std::vector<report::RunRecord>& before, UtcTime began, report::Coverage& coverage) {
  // Whether a page was not looked at in this run: its bytes are those of before.
  const auto is_as_before = [&](const std::string& url) -> Result<bool> {
    FZ_ASSIGN(const std::optional<store::UrlEntry> page, index.FindUrl(url));
    return page && page->state == "present" && page->payload_time < began;
  };
  const auto is_visited = [&](const std::string& url) -> Result<bool> {
    FZ_ASSIGN(const std::optional<store::UrlEntry> page, index.FindUrl(url));
    return !page || page->last_visit >= began;
  };
  if (!before.empty()) {
    const report::Coverage& then = before.front().facts.coverage;
    for (const auto& [url, how] : then.left_out) {
      FZ_ASSIGN(const bool same, is_as_before(how.page));
      if (same && config::InScope(site, url)) report::AddLeftOut(coverage, url, how);
    }
    for (const auto& [host, there] : then.other_hosts) {
      for (const auto* named : {&there.articles, &there.attachments}) {
        for (const auto& [url, page] : *named) {
          FZ_ASSIGN(const bool same, is_as_before(page));
          if (same && IsOnOtherHost(site, url)) report::AddOnOtherHost(coverage, url, page, named == &there.attachments);
        }
      }
    }
    for (const auto& [from, to] : {std::pair(&then.attachments_missed, &coverage.attachments_missed), std::pair(&then.attachments_cut, &coverage.attachments_cut),
                                   std::pair(&then.feeds_unread, &coverage.feeds_unread)}) {
      for (const auto& [url, reason] : *from) {
        FZ_ASSIGN(const bool visited, is_visited(url));
        FZ_ASSIGN(const bool same, is_as_before(url));
        if ((!visited || same) && config::InScope(site, url)) report::AddReason(*to, url, reason);
      }
    }
    for (const auto& [url, reason] : then.pages_cut) {
      FZ_ASSIGN(const bool visited, is_visited(url));
      if (!visited && config::InScope(site, url)) report::AddReason(coverage.pages_cut, url, reason);
    }
  }
  for (auto* reasons : {&coverage.attachments_missed, &coverage.attachments_cut}) {
    std::map<std::string, std::set<std::string>> dropped;  // by page: attachments that it had and has no more
    for (auto it = reasons->begin(); it != reasons->end();) {
      FZ_ASSIGN(const auto found, frontier::Frontier::FoundBy(archive, site.id, it->first));
      if (!found || found->via.empty()) {
        ++it;
        continue;
      }
      if (!dropped.contains(found->via)) {
        FZ_ASSIGN(dropped[found->via], DroppedBy(archive, index, found->via));
      }
      it = dropped[found->via].contains(it->first) ? reasons->erase(it) : std::next(it);
    }
  }
  for (auto it = coverage.left_out.begin(); it != coverage.left_out.end();) {
    FZ_ASSIGN(const bool known, frontier::Frontier::IsKnown(archive, site.id, it->first));
    it = known ? coverage.left_out.erase(it) : std::next(it);
  }
  // A sitemap that was read has a version which is a list; what a firewall showed in its place took none.
  for (auto it = coverage.feeds_unread.begin(); it != coverage.feeds_unread.end();) {
    FZ_ASSIGN(const std::optional<store::UrlEntry> page, index.FindUrl(it->first));
    const bool in_part = it->second.starts_with(report::kReadInPart);
    it = page && page->state == "present" && page->kind == model::PageKind::kList && !in_part ? coverage.feeds_unread.erase(it) : std::next(it);
  }
  return {};
}

}  // namespace

Result<void> SettleCoverage(const store::Archive& archive, const model::Site& site, uint64_t round, UtcTime began, report::Coverage& coverage) {
  const auto index = archive.Snapshot();
  for (const std::string& seed : site.seeds) {
    FZ_ASSIGN(const std::optional<store::UrlEntry> page, index->FindUrl(seed));
    if (!page || page->visits == 0 || page->round != round) {
      // One that was not asked for because its host gave no answer has no visit to tell of that.
      const std::string why = WhyNotAsked(coverage, seed);
      if (!why.empty() && !coverage.seeds_reached.contains(seed) && coverage.seeds_missed.size() < kMostMissed) coverage.seeds_missed.emplace(seed, why);
      continue;
    }
    FZ_ASSIGN(const std::string why, WhyNotRead(*index, site, *page));
    coverage.seeds_missed.erase(seed);
    coverage.seeds_reached.erase(seed);
    if (why.empty()) {
      coverage.seeds_reached.insert(seed);
    } else if (coverage.seeds_missed.size() < kMostMissed) {
      coverage.seeds_missed[seed] = why;
    }
  }

  const auto is_seed = [&site](const std::string& url) { return std::find(site.seeds.begin(), site.seeds.end(), url) != site.seeds.end(); };
  const auto miss_list = [&](const std::string& url, std::string why) {
    if (coverage.lists_missed.size() < kMostMissed) coverage.lists_missed[url] = std::move(why);
  };
  FZ_ASSIGN(const std::vector<std::string> lists, frontier::Frontier::MissedLists(archive, site, round));
  for (const std::string& url : lists) {
    if (is_seed(url)) continue;
    FZ_ASSIGN(const std::optional<store::UrlEntry> page, index->FindUrl(url));
    if (!page || page->failed_visits == 0) continue;  // what was held back until the end of the run is a list after all, or not there
    FZ_ASSIGN(std::string why, WhyNotRead(*index, site, *page));
    miss_list(url, std::move(why));
  }
  // A list that was read here and leads now to what was not got. What never was one of the site's lists is a link to elsewhere; what was taken down
  // is no list that was missed.
  for (const std::string& url : coverage.redirected_lists) {
    if (is_seed(url)) continue;
    FZ_ASSIGN(const std::optional<store::UrlEntry> page, index->FindUrl(url));
    if (!page || page->versions == 0 || (page->last_absent && *page->last_absent == page->last_visit)) continue;
    FZ_ASSIGN(std::string why, WhyNotRead(*index, site, *page));
    if (!why.empty()) miss_list(url, std::move(why));
  }

  // A report before that is damaged costs the run nothing (report::Report says so).
  const Result<std::vector<report::RunRecord>> before = report::LoadRuns(archive, site.id, 1);
  FZ_TRY(SettleLeftOut(archive, *index, site, before ? *before : std::vector<report::RunRecord>(), began, coverage));

  Result<void> of_part;
  FZ_TRY(index->ForEachOpenEnd(site.id, [&](const store::UrlEntry& article, const std::string& part) {
    if (!config::InScope(site, part)) return true;
    const auto missed = [&]() -> Result<report::PartMissed> {
      FZ_ASSIGN(const std::optional<store::UrlEntry> page, index->FindUrl(part));
      FZ_ASSIGN(const std::optional<store::VersionEntry> latest, index->Version(article.id, article.versions));
      report::PartMissed told{"never asked for", latest && !latest->part_of.empty() ? latest->part_of : article.url};
      if (page && page->visits > 0) {
        FZ_ASSIGN(told.reason, WhyNotRead(*index, site, *page));
      }
      return told;
    }();
    if (!missed) of_part = Fail(missed.error());
    else coverage.parts_missed[part] = *missed;
    return of_part.has_value() && coverage.parts_missed.size() < report::kMostLeftOut;
  }));
  FZ_TRY(std::move(of_part));

  size_t looked_at = 0;
  return index->ForEachMissed(site.id, [&](const store::UrlEntry& page, const store::MissedEntry& missed) {
    // What is none of the site's any more is counted too: the walk ends.
    if (++looked_at > kMostFailing) return false;
    const std::string posted = url::PostTarget(page.url);
    if (page.purpose != store::PurposeName(store::Purpose::kPage) || !config::InScope(site, posted.empty() ? page.url : posted)) return true;
    if (coverage.attachments_cut.contains(page.url)) return true;  // told as that
    const bool now = missed.round == round, blocked = !missed.obstacle.empty();
    if (now && blocked) report::CountObstacle(coverage, missed.obstacle, page.url);
    if (now && !blocked) ++coverage.failed;
    if (page.versions == 0 && page.listed_since && !(now && blocked)) report::CountNeverGot(coverage, page.url, blocked ? missed.obstacle : missed.reason);
    return true;
  });
}

}  // namespace fangzhi::crawl
