// How a run is graded. Every threshold stands here, with its reason.
#include <algorithm>
#include <cmath>

#include "base/strings.h"
#include "report/report.h"

namespace fangzhi::report {
namespace {

// Runs of the site that its baseline is the median of.
constexpr size_t kBaselineRuns = 10;
// A rate over fewer articles says nothing: at 20, a fall of 20 points is more than chance in a field that four in five have.
constexpr uint64_t kArticlesForRate = 20;
constexpr double kFall = 0.2;
// Of a list's announced pages so many may be missing before it counts: totals of real lists are often one page off.
constexpr double kAnnouncedMissing = 0.1;
// One column may miss two pages, or a tenth of them, whatever the site's others have: a column of forty pages that breaks off at ten is a loss on a site
// of a thousand list pages too.
constexpr uint64_t kPagesMissing = 2;
// Of the articles that a list announces and its pages do not name: totals lag behind, rows lead to other sites or are no articles. Where the rows are
// data their number is exact, of a page it is what we take for articles.
constexpr double kArticlesMissing = 0.25;
constexpr uint64_t kArticlesMissingLeast = 6;
// Pages that failed: what a large site loses on any day without being ill.
constexpr double kFailureShare = 0.05;
constexpr uint64_t kFailuresWithoutShare = 3;
// Pages that lead to hosts which are none of the site's: of those that were here before a third is no editor's doing. Of what was never here half: portals
// have whole columns of links to elsewhere that look like pages.
constexpr uint64_t kElsewhereLeast = 5;
constexpr double kElsewhereOfKnown = 0.3;
constexpr double kElsewhereOfAll = 0.5;
// Of counters that answer at all nearly every request is answered.
constexpr double kCountersAnswer = 0.5;
// Pages with characters that could not be restored: an old portal has some.
constexpr double kDamagedShare = 0.05;
// And, where there were runs before, so many more of them than usual: on a small site two or three such pages come together by chance.
constexpr double kDamagedMore = 4;
// Lists that show less than half of what they used to.
constexpr double kFewerArticles = 0.5;
constexpr uint64_t kListsForMean = 3;

std::string Percent(double share) { return std::to_string(static_cast<int>(std::lround(share * 100))) + " %"; }

double Share(uint64_t part, uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

std::optional<double> Median(std::vector<double> values, size_t least) {
  if (values.size() < least) return std::nullopt;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

uint64_t Count(const std::map<std::string, uint64_t>& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

class Grader {
 public:
  Grader(RunRecord& record, const std::vector<RunRecord>& before) : record_(record), facts_(record.facts), coverage_(record.facts.coverage) {
    for (const RunRecord& run : before) {
      // Earlier runs of this same round are part of what is graded.
      if (run.facts.round == facts_.round || run.facts.round == 0) continue;
      if (baseline_.size() < kBaselineRuns) baseline_.push_back(&run);
    }
  }

  void WhatWasNotGot(std::string_view (*advice)(std::string_view));
  void WhatCame();
  void AgainstHistory();

 private:
  void ColumnsAgainstWhatTheyAnnounce();
  void OnOtherHosts();
  static std::map<std::string, std::string> LinkedBy(const std::map<std::string, std::string>& pages) {
    std::map<std::string, std::string> reasons;
    for (const auto& [url, page] : pages) {
      if (reasons.size() < 4) reasons.emplace(url, "linked by " + page);
    }
    return reasons;
  }
  static std::string AtLeast(size_t count) { return std::to_string(count) + (count >= kMostLeftOut ? " or more" : ""); }
  // Articles, lists and feeds of which nobody knows more than that a page links to them.
  void NotFollowed(std::string_view reason, const std::string& why, std::string advice) {
    std::map<std::string, std::string> wanted;
    for (const auto& [url, how] : coverage_.left_out) {
      if (how.reason == reason && how.wanted) wanted[url] = "linked by " + how.page;
    }
    if (wanted.empty()) return;
    Found(Grade::kPartial, std::string(reason), AtLeast(wanted.size()) + " links to articles or lists were not followed, since " + why + ": " + Examples(wanted),
          std::move(advice));
  }
  bool SomeAreTooLong() const {
    return std::any_of(coverage_.pages_cut.begin(), coverage_.pages_cut.end(), [](const auto& page) { return page.second == kTooLong; });
  }
  void Found(Grade grade, std::string kind, std::string text, std::string advice = {}, bool drift = false) {
    record_.findings.push_back({grade, std::move(kind), std::move(text), std::move(advice), drift});
  }
  static std::string Examples(const std::map<std::string, std::string>& reasons) {
    std::string text;
    size_t shown = 0;
    for (const auto& [url, reason] : reasons) {
      if (++shown > 3) return text + " …";
      text += (text.empty() ? "" : "; ") + url + " (" + reason + ")";
    }
    return text;
  }

  RunRecord& record_;
  const RunFacts& facts_;
  const Coverage& coverage_;
  std::vector<const RunRecord*> baseline_;
};

void Grader::WhatWasNotGot(std::string_view (*advice)(std::string_view)) {
  if (facts_.stopped) Found(Grade::kPartial, "stopped", "stopped before its end; it goes on where it stopped");
  if (facts_.budget_used) {
    Found(Grade::kPartial, "budget", "ended with its budget of pages or bytes, " + std::to_string(facts_.still_queued) + " or more wait",
          "raise max_pages, max_pages_a_day or max_bytes_a_day of the site entry, whichever was reached, or run the site more often");
  }
  if (!coverage_.seeds_missed.empty()) {
    Found(Grade::kPartial, "seed_missed",
          std::to_string(coverage_.seeds_missed.size()) + " of " + std::to_string(coverage_.seeds) + " seeds not read: " + Examples(coverage_.seeds_missed),
          "open the seeds in a browser; fangzhi site test URL shows what we get");
  }
  if (!coverage_.lists_missed.empty()) {
    Found(Grade::kPartial, "lists_missed",
          std::to_string(coverage_.lists_missed.size()) + " list pages not read: " + Examples(coverage_.lists_missed),
          "the next run begins with them; if it stays so, open one in a browser, and see what fangzhi site test URL gets");
  }
  // A run of what is due does not visit a list's old pages; a first round and a sweep visit all.
  if ((facts_.sweep || baseline_.empty()) && !facts_.stopped && !facts_.budget_used) {
    ColumnsAgainstWhatTheyAnnounce();
  }
  for (const auto& [host, impact] : coverage_.hosts) {
    if (impact.robots == "unreachable") {
      Found(Grade::kPartial, "robots_unreachable", host + ": robots.txt could not be had, so nothing was fetched there (RFC 9309, 2.3.1.4)",
            "it is asked for again by the next run");
    } else if (impact.given_up) {
      Found(Grade::kPartial, "host_given_up", host + ": gave no answer and was left alone; what waits there stays queued",
            "a later run asks again; if it stays so, see whether the host answers a browser from this network");
    }
  }
  for (const auto& [obstacle, pages] : coverage_.obstacles) {
    const auto example = coverage_.obstacle_examples.find(obstacle);
    Found(Grade::kPartial, "blocked",
          "blocked: " + obstacle + " on " + std::to_string(pages) + (pages == 1 ? " page" : " pages") +
              (example == coverage_.obstacle_examples.end() ? "" : ", as " + example->second),
          std::string(advice(obstacle)));
  }
  NotFollowed("nofollow", "their pages ask robots not to follow them (nofollow)",
              "obey_nofollow = false in the site entry follows them; exclude leaves out what is not wanted");
  NotFollowed("too_many_queries", "so many addresses of one path differ in their query alone",
              "each run takes some hundreds more of them; exclude leaves out what is not wanted");
  if (!facts_.depth_chosen) {
    NotFollowed("max_depth", "they are more than max_depth links from the seeds",
                "a larger max_depth, or the pages that lead there as seeds; exclude leaves out what is not wanted");
  }
  if (!coverage_.attachments_cut.empty()) {
    Found(Grade::kPartial, "attachments_cut", AtLeast(coverage_.attachments_cut.size()) + " attachments were not got whole: " + Examples(coverage_.attachments_cut),
          "a larger max_body of the site entry, where that is the limit that cut them");
  }
  if (SomeAreTooLong()) {
    Found(Grade::kPartial, "pages_cut", AtLeast(coverage_.pages_cut.size()) + " pages were not got whole: " + Examples(coverage_.pages_cut),
          "a larger max_body of the site entry, where that is the limit that cut them");
  }
  const bool explained = facts_.stopped || facts_.budget_used ||
                         std::any_of(record_.findings.begin(), record_.findings.end(),
                                     [](const Finding& f) { return f.kind == "host_given_up" || f.kind == "robots_unreachable"; });
  if (facts_.still_queued > 0 && !explained) {
    Found(Grade::kPartial, "left", std::to_string(facts_.still_queued) + " or more pages wait for the next run",
          "the next run goes on with them; the notes say which host has to rest first, and until when");
  }
}

void Grader::ColumnsAgainstWhatTheyAnnounce() {
  struct Worst {
    uint64_t columns = 0, missing = 0, of = 0;
    double share = 0;
    std::string text;
    void Add(uint64_t missed, uint64_t announced, std::string words) {
      ++columns;
      missing += missed;
      of += announced;
      if (text.empty() || Share(missed, announced) > share) {
        share = Share(missed, announced);
        text = std::move(words);
      }
    }
  };
  Worst told, all, unnamed_with_pages, unnamed;
  std::string holes;
  uint64_t lost = 0;
  for (const auto& [family, list] : Columns(coverage_)) {
    // A page that is not there while later ones are: no total that lags behind, whatever its share.
    uint64_t highest = 0;
    for (const auto& [number, items] : list.by_number) {
      if (number != kFirstPage) highest = std::max(highest, number);
    }
    for (const uint64_t number : list.absent) {
      if (number >= highest || list.pages == 0 || list.read >= list.pages) continue;
      if (++lost <= 3) holes += (holes.empty() ? "" : "; ") + family + " page " + std::to_string(number);
    }
    const uint64_t missing = list.pages - std::min(list.read, list.pages);
    if (missing > 0) {
      const std::string words = family + " (" + std::to_string(list.read) + " of " + std::to_string(list.pages) + ")";
      all.Add(missing, list.pages, words);
      if (missing >= kPagesMissing && Share(missing, list.pages) > kAnnouncedMissing) {
        told.Add(missing, list.pages, words);
        continue;
      }
    }
    const bool known = !list.by_number.empty() && std::all_of(list.by_number.begin(), list.by_number.end(), [](const auto& page) { return page.second > 0; });
    const uint64_t short_of = list.total - std::min(list.items, list.total);
    if (!known || short_of < kArticlesMissingLeast || Share(short_of, list.total) <= kArticlesMissing) continue;
    (list.pages > 0 && missing == 0 ? unnamed_with_pages : unnamed).Add(short_of, list.total, family + " (" + std::to_string(list.items) + " of " + std::to_string(list.total) + ")");
  }
  uint64_t announced = 0;
  for (const auto& [family, list] : Columns(coverage_)) announced += list.read < list.pages ? list.pages : 0;
  const Worst& pages = told.columns > 0 ? told : all;
  if (told.columns > 0 || (all.missing > 0 && Share(all.missing, announced) > kAnnouncedMissing)) {
    Found(Grade::kPartial, "announced", std::to_string(pages.missing) + " of the pages that lists announce were not read, as of " + pages.text,
          "the list may be paged in a way that is not followed, or max_depth is too small");
  }
  if (lost > 0) {
    Found(Grade::kPartial, "announced", std::to_string(lost) + " list pages are not there though later ones of their list are: " + holes + (lost > 3 ? " …" : ""),
          "open the list in a browser; what only such a page names is not known");
  }
  if (unnamed.columns > 0) {
    Found(Grade::kPartial, "announced_total",
          std::to_string(unnamed.columns) + (unnamed.columns == 1 ? " list announces" : " lists announce") + " more articles than its pages name, as " + unnamed.text,
          "the list may be paged in a way that is not followed: fangzhi site test URL says what is read of it");
  }
  if (unnamed_with_pages.columns > 0) {
    Found(Grade::kDegraded, "announced_total",
          "all pages of " + std::to_string(unnamed_with_pages.columns) + (unnamed_with_pages.columns == 1 ? " list" : " lists") +
              " were read, and name fewer articles than it announces, as " + unnamed_with_pages.text,
          "the site may not list all that it counts, or rows of the list are not taken for articles: fangzhi site test URL shows them");
  }
}

// What the site names and keeps elsewhere. That lists repeat other sites' news is as it should be; where they name little else, the texts are not got.
void Grader::OnOtherHosts() {
  for (const auto& [host, there] : coverage_.other_hosts) {
    const bool whole = facts_.sweep || baseline_.empty();  // else fewer pages are visited than there are
    const bool most = whole && there.articles.size() > kFailuresWithoutShare && there.articles.size() * 2 > coverage_.visits;
    if (most) {
      Found(Grade::kDegraded, "articles_elsewhere",
            std::to_string(there.articles.size()) + (there.articles.size() >= kMostOnOtherHost ? " or more" : "") + " articles of the site's lists are on " + host +
                ", which is none of its hosts, and were not asked for: " + Examples(LinkedBy(there.articles)),
            "add \"" + host + "\" to hosts of the site entry, or exclude its addresses there");
    }
    if (there.attachments.size() > kFailuresWithoutShare) {
      Found(Grade::kDegraded, "attachments_elsewhere",
            std::to_string(there.attachments.size()) + (there.attachments.size() >= kMostOnOtherHost ? " or more" : "") + " attachments are on " + host +
                ", which is none of the site's hosts, and were not asked for: " + Examples(LinkedBy(there.attachments)),
            "add \"" + host + "\" to hosts of the site entry (include and exclude bound what else is taken there), or exclude their addresses");
    }
  }
}

void Grader::WhatCame() {
  const uint64_t failed = coverage_.failed;
  const bool many_failed = failed > kFailuresWithoutShare && Share(failed, std::max(coverage_.visits, failed)) > kFailureShare;
  if (many_failed) {
    Found(Grade::kDegraded, "failures", std::to_string(failed) + " of " + std::to_string(std::max(coverage_.visits, failed)) + " pages failed after every retry",
          "the next run asks for them again; fangzhi history URL of one of them says what was answered");
  }
  // What failed in this round is told already.
  if (coverage_.never_got > (many_failed ? failed : kFailuresWithoutShare)) {
    Found(Grade::kDegraded, "never_got",
          std::to_string(coverage_.never_got) + " pages that lists name were never got: " + Examples(coverage_.never_got_examples),
          "they are asked for again, each time after twice as long; fangzhi run SITE --sweep asks now; what is not wanted may be left out by exclude");
  }
  // In a run that was cut off they may still wait.
  if (coverage_.parts_missed.size() > kFailuresWithoutShare && !facts_.stopped && !facts_.budget_used) {
    std::map<std::string, std::string> parts;
    for (const auto& [url, part] : coverage_.parts_missed) parts[url] = part.reason + ", a part of " + part.article;
    Found(Grade::kDegraded, "parts_missed", AtLeast(parts.size()) + " parts of articles were never got: " + Examples(parts),
          "open one of them in a browser; fangzhi show URL of its article says what of its text is missing");
  }
  if (coverage_.attachments_missed.size() > kFailuresWithoutShare) {
    Found(Grade::kDegraded, "attachments_missed",
          AtLeast(coverage_.attachments_missed.size()) + " attachments that pages link to are not there: " + Examples(coverage_.attachments_missed),
          "open one of them in a browser: the site may have lost them");
  }
  if (coverage_.pages_cut.size() > kFailuresWithoutShare && !SomeAreTooLong()) {
    Found(Grade::kDegraded, "pages_cut", AtLeast(coverage_.pages_cut.size()) + " pages were not got whole: " + Examples(coverage_.pages_cut),
          "the next run asks for them again; if it stays so, the server breaks its answers off, or says a wrong length");
  }
  OnOtherHosts();
  // One that is not there may never have been: it is told, and is no loss that is known.
  std::map<std::string, std::string> unread;
  for (const auto& [url, reason] : coverage_.feeds_unread) {
    if (!reason.starts_with("http_")) unread[url] = reason;
  }
  if (!unread.empty()) {
    Found(Grade::kDegraded, "feeds_unread", AtLeast(unread.size()) + " sitemaps or feeds could not be read, or not whole: " + Examples(unread),
          "open them in a browser; what only they name is not known");
  }
  for (const auto& [host, impact] : record_.run_coverage.hosts) {
    if (impact.tls_unverified.empty()) continue;
    Found(Grade::kDegraded, "tls_unverified", host + ": the server was not proved to be the host (tls_legacy = true): " + impact.tls_unverified,
          "what was captured may be another's; without tls_legacy nothing would be fetched there");
  }
  if (coverage_.counters_asked > kFailuresWithoutShare && Share(coverage_.counters_answered, coverage_.counters_asked) < kCountersAnswer) {
    Found(Grade::kDegraded, "counters_unread",
          std::to_string(coverage_.counters_asked - coverage_.counters_answered) + " of " + std::to_string(coverage_.counters_asked) + " requests to counters gave no number: " + Examples(coverage_.counters_unread),
          "counters = \"off\" in the site entry asks them no more");
  }
  // A site that went to another name answers all the same, and nothing of it comes any more.
  uint64_t elsewhere = 0;
  std::string where;
  for (const auto& [host, pages] : coverage_.elsewhere) {
    elsewhere += pages;
    where += (where.empty() ? "" : ", ") + host + " (" + std::to_string(pages) + ")";
  }
  const auto left = [&](uint64_t pages, uint64_t of, double share, const char* kind) {
    if (pages < kElsewhereLeast || Share(pages, of) < share) return false;
    Found(Grade::kDegraded, "elsewhere",
          std::to_string(pages) + " of " + std::to_string(of) + kind + " redirect to hosts that are none of the site's: " + where,
          "the site may have moved: look at it in a browser, then add the hosts to hosts of its entry, and new seeds", true);
    return true;
  };
  if (!left(coverage_.known_elsewhere, coverage_.known, kElsewhereOfKnown, " pages that were here before")) left(elsewhere, coverage_.visits, kElsewhereOfAll, " pages");
  std::vector<double> damaged_before, damaged_counts;
  for (const RunRecord* run : baseline_) {
    const Coverage& then = run->facts.coverage;
    if (then.pages < kArticlesForRate) continue;
    damaged_before.push_back(Share(then.damaged, then.pages));
    damaged_counts.push_back(static_cast<double>(then.damaged));
  }
  // An old portal whose old pages were always damaged is as it was; what is worse than that is news.
  const double damaged_usually = Median(damaged_before, 1).value_or(0);
  const auto usual_count = Median(damaged_counts, 1);
  const bool more = !usual_count || static_cast<double>(coverage_.damaged) >= *usual_count + kDamagedMore;
  if (more && coverage_.pages >= kArticlesForRate && Share(coverage_.damaged, coverage_.pages) > damaged_usually + kDamagedShare) {
    Found(Grade::kDegraded, "damaged_text",
          std::to_string(coverage_.damaged) + " of " + std::to_string(coverage_.pages) + " pages hold characters that could not be restored",
          "fangzhi stats counts how pages were repaired; fangzhi show --json URL marks what is damaged");
  }
  if (coverage_.lists_need_more > 0) {
    Found(Grade::kDegraded, "list_needs_more",
          std::to_string(coverage_.lists_need_more) + " lists have pages that take more than a plain request, and are read in part",
          "fangzhi site test URL of such a list says what it takes");
  }
}

void Grader::AgainstHistory() {
  for (const std::string& what : coverage_.redesigned) {
    const bool missing = what.find("absent at once") != std::string::npos;
    Found(Grade::kDegraded, "redesign", what + (missing ? ": a redesign, or an outage; nothing of it is taken for a withdrawal yet" : ": a redesign"),
          "look at the site: fangzhi changes --kind moved shows what was found again, fangzhi lost --kind suspect what was not; fangzhi site test URL whether new pages are read well",
          true);
  }
  for (const std::string& what : coverage_.changed_alike) {
    Found(Grade::kDegraded, "changed_alike", what + ": a failure of the server or of a template; none of it is taken for an edit yet",
          "open one of them in a browser: what is well again comes back by itself; what stays so is believed in the fifth run, another article's text in the third", true);
  }
  for (const std::string& what : coverage_.believed_alike) {
    Found(Grade::kDegraded, "believed_alike", what + ": so it was in five runs, and is taken for edits now",
          "fangzhi changes --kind edited names them; fangzhi site test URL of one says whether it is read well");
  }
  for (const std::string& what : coverage_.all_edited) {
    Found(Grade::kDegraded, "all_edited", what + ", which editors seldom do in one run",
          "look at one of them: fangzhi changes --kind edited names them, fangzhi diff URL shows what was edited");
  }
  for (const std::string& what : coverage_.absent_listed) {
    Found(Grade::kDegraded, "absent_listed", what + ": a failure of a part of the site, or withdrawals that the lists do not know of; the next runs tell",
          "open one of them in a browser: fangzhi lost --kind suspect names them");
  }
  for (const std::string& what : coverage_.missing) {
    Found(Grade::kDegraded, "still_missing", what + " since they turned absent at once; none is taken for a withdrawal before more visits",
          "look at the site: fangzhi lost --kind suspect names them");
  }
  const auto examples = [](const std::set<std::string>& names) {
    std::string text;
    size_t shown = 0;
    for (const std::string& name : names) {
      if (++shown > 3) return text + " …";
      text += (text.empty() ? "" : "; ") + name;
    }
    return text;
  };
  if (!coverage_.short_lists.empty()) {
    Found(Grade::kDegraded, "lists_short",
          std::to_string(coverage_.short_lists.size()) + " list pages show far less than before: " + examples(coverage_.short_lists),
          "open them in a browser: a server's or template's failure, or a column that was emptied; what they no longer name is not called unlisted yet", true);
  }
  if (!coverage_.believed_lists.empty()) {
    Found(Grade::kDegraded, "lists_believed",
          std::to_string(coverage_.believed_lists.size()) + " list pages are taken for what they show now: " + examples(coverage_.believed_lists),
          "what they no longer name is told by fangzhi lost --kind unlisted from now on");
  }
  if (coverage_.articles >= kArticlesForRate) {
    for (const char* field : kFields) {
      std::vector<double> rates, counts;
      for (const RunRecord* run : baseline_) {
        const Coverage& then = run->facts.coverage;
        if (then.articles < kArticlesForRate) continue;
        rates.push_back(Share(Count(then.fields, field), then.articles));
        counts.push_back(static_cast<double>(Count(then.fields, field)));
      }
      const auto usual = Median(rates, 1), usual_count = Median(counts, 1);
      const double now = Share(Count(coverage_.fields, field), coverage_.articles);
      // What comes back as it was is not looked at; after an outage everything is, and has the field less often than what changes every day. Where it is
      // found on as many articles as ever, it was not lost.
      const bool fewer = usual_count && static_cast<double>(Count(coverage_.fields, field)) < *usual_count * (1 - kFall);
      if (usual && now < *usual - kFall && fewer) {
        Found(Grade::kDegraded, "field_dropped",
              std::string(field) + " was found on " + Percent(now) + " of the " + std::to_string(coverage_.articles) + " articles that are new or changed, " + Percent(*usual) +
                  " before",
              "these pages may have a new layout, or be of a column that does not say it: fangzhi site test URL on one of them, then [selectors]", true);
      }
    }
    // A site without history: a title and a body are what every article has.
    if (baseline_.empty()) {
      for (const char* field : {"title", "body"}) {
        const double now = Share(Count(coverage_.fields, field), coverage_.articles);
        if (now < 0.8) {
          Found(Grade::kDegraded, "field_dropped", std::string(field) + " was found on only " + Percent(now) + " of the articles",
                "fangzhi site test URL on one of them, then [selectors]");
        }
      }
    }
    std::string main_now, main_before;
    // What came back as it was has the charset that it had: a batch of new pages in another one is no change of the site's.
    const auto main_of = [](const Coverage& coverage, uint64_t of) {
      std::string name;
      uint64_t most = 0;
      for (const auto& [charset, pages] : coverage.charsets) {
        if (pages > most) {
          name = charset;
          most = pages;
        }
      }
      return Share(most, of) > 0.8 ? name : std::string();
    };
    main_now = main_of(coverage_, std::max(coverage_.pages, coverage_.visits));
    for (const RunRecord* run : baseline_) {
      if (run->facts.coverage.pages >= kArticlesForRate) {
        main_before = main_of(run->facts.coverage, run->facts.coverage.pages);
        break;
      }
    }
    if (!main_now.empty() && !main_before.empty() && main_now != main_before) {
      Found(Grade::kDegraded, "charset_changed", "nearly all pages are in " + main_now + " now, " + main_before + " before",
            "read a few pages with fangzhi show: where their text is right, the site changed its encoding, and nothing is to be done", true);
    }
  }
  if (coverage_.lists_parsed >= kListsForMean) {
    std::vector<double> means;
    for (const RunRecord* run : baseline_) {
      const Coverage& then = run->facts.coverage;
      if (then.lists_parsed >= kListsForMean) means.push_back(Share(then.list_items, then.lists_parsed));
    }
    const auto usual = Median(means, 2);
    const double now = Share(coverage_.list_items, coverage_.lists_parsed);
    if (usual && *usual >= 2 && now < *usual * kFewerArticles) {
      const auto one_place = [](double value) { return std::to_string(std::lround(value * 10) / 10) + "." + std::to_string(std::lround(value * 10) % 10); };
      Found(Grade::kDegraded, "fewer_articles", "list pages show " + one_place(now) + " articles each, " + one_place(*usual) + " before",
            "the lists may have a new layout, or be filled by a script now", true);
    }
  }
}

}  // namespace

std::string_view GradeName(Grade grade) {
  switch (grade) {
    case Grade::kComplete: return "complete";
    case Grade::kDegraded: return "degraded";
    case Grade::kPartial: return "partial";
  }
  return "";
}

RunRecord GradeRun(RunFacts facts, const std::vector<RunRecord>& before, std::string_view (*advice)(std::string_view obstacle)) {
  RunRecord record;
  record.run_coverage = facts.coverage;
  // A round that was cut off goes on: what is graded is the round. A run of round 0 asked for nothing.
  const auto latest = std::find_if(before.begin(), before.end(), [](const RunRecord& run) { return run.facts.round != 0; });
  if (facts.round != 0 && latest != before.end() && latest->facts.round == facts.round) facts.coverage = GoOn(latest->facts.coverage, record.run_coverage);
  if (facts.sweep) {
    for (const RunRecord& run : before) FillFromBefore(facts.coverage, run.facts.coverage);
  }
  // Addresses that announce nothing are no lists to be completed.
  std::erase_if(facts.coverage.lists, [](const auto& list) { return list.second.pages == 0 && list.second.total == 0 && list.second.part_of.empty(); });
  record.facts = std::move(facts);
  Grader grader(record, before);
  grader.WhatWasNotGot(advice);
  grader.WhatCame();
  grader.AgainstHistory();
  std::stable_sort(record.findings.begin(), record.findings.end(),
                   [](const Finding& a, const Finding& b) { return static_cast<int>(a.grade) > static_cast<int>(b.grade); });
  record.grade = record.findings.empty() ? Grade::kComplete : record.findings.front().grade;
  return record;
}

}  // namespace fangzhi::report
