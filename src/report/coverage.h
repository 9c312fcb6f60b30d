// What a run got, and what it did not: counted while it runs, added up over the runs of one round (a round that was cut off goes on in the
// next run), stored with the run. Bounded whatever a site does: only so many hosts, lists and names are told apart.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "model/json.h"
#include "model/model.h"

namespace fangzhi::report {

using model::Json;

// What we did to one host. For its webmaster, and as the evidence that the law asks for (DOMAIN, 5.3).
struct HostImpact {
  uint64_t requests = 0, bytes = 0;  // sent; received, heads and bodies
  uint64_t errors = 0;               // no answer
  uint64_t refusals = 0;             // 403, 429, 503
  uint64_t robots_denied = 0;        // not asked because robots.txt says so
  uint64_t total_ms = 0, slowest_ms = 0;
  uint64_t shortest_gap_ms = UINT64_MAX;  // between the end of one request and the beginning of the next; UINT64_MAX: unknown
  uint64_t most_at_once = 0;
  uint64_t delay_ms = 0;             // asked for: the larger of the site entry's delay and Crawl-delay
  bool given_up = false;
  // "obeyed"; "obeyed as far as it was read" (it is longer than the limit); "none" (there is no robots.txt); "none (a web page)" (what stands there is no
  // robots.txt); "unreachable"; "overridden". Empty: not asked for.
  std::string robots;
  std::string tls_unverified;        // why the server was not proved to be the host; empty: it was, or nothing was asked by https
};

// The page of a list whose address has no number: index.html, and the folder itself.
inline constexpr uint64_t kFirstPage = UINT64_MAX;

// A list that has pages, by the address that they have in common. Its pages are told apart by the numbers in their addresses, so that one which is
// read at two of them (/zwdt/ and /zwdt/index.html) makes up for no other.
struct ListCoverage {
  uint64_t pages = 0, total = 0;  // announced; 0: not
  uint64_t read = 0;              // pages of it that were read
  uint64_t items = 0;             // articles on those of them that were looked at, in this round or before
  std::map<uint64_t, uint64_t> by_number = {};  // of the pages read: their articles and one more; 0: came back unchanged
  std::set<uint64_t> absent = {};               // pages that are not there
  bool from_zero = false;         // its page of number 1 is the second: TRS's index.html, index_1.html
  std::string part_of = {};       // the list whose page asks this address for its further rows: they are of one column
};

// A link that nobody followed: to a page of the site that was never visited.
struct LeftOut {
  std::string reason;  // "nofollow" (the page that has it asks for that), "max_depth", "too_many_queries" (a run takes so many of one path), "repeats" (the next page of a list that shows what others show)
  std::string page;    // the page that has it
  bool wanted = false; // an article, a list or a feed, as far as the link tells
  bool operator==(const LeftOut&) const = default;
};

// What the site's pages name on a host that is none of the site's: by address, with the page that has the link. At most kMostOnOtherHost of each.
struct OnOtherHost {
  std::map<std::string, std::string> articles;     // of lists
  std::map<std::string, std::string> attachments;  // of any page
};

// A part of an article in several parts that was never got, so that the article is not whole.
struct PartMissed {
  std::string reason;   // "http_500", "never asked for"
  std::string article;  // its first page
};

struct Coverage {
  uint64_t seeds = 0;
  std::set<std::string> seeds_reached;
  std::map<std::string, std::string> seeds_missed;  // reason
  uint64_t lists_read = 0, lists_parsed = 0;        // parsed: had changed, so that it was looked at
  uint64_t list_items = 0;                          // articles on the parsed ones
  std::map<std::string, std::string> lists_missed;  // reason
  std::map<std::string, ListCoverage> lists;
  uint64_t lists_need_more = 0;                     // their other pages take more than a GET
  uint64_t articles = 0;                            // parsed in this round
  std::map<std::string, uint64_t> fields;           // of those: how many have it
  uint64_t pages = 0;                               // of any kind, that were looked at
  std::map<std::string, uint64_t> charsets;
  uint64_t damaged = 0;                             // with characters that could not be restored
  std::map<std::string, uint64_t> repairs;          // family → pages
  std::map<std::string, uint64_t> obstacles;        // what stood in the way → pages
  std::map<std::string, std::string> obstacle_examples;
  std::map<std::string, uint64_t> obstacles_shown;  // of those: by answers that are none of the pages which the index knows to be missed
  std::map<std::string, HostImpact> hosts;
  // Addresses that were not asked for because others show the same, and the rules that say so (frontier/duplicates.h).
  uint64_t duplicates_left_out = 0;
  Json duplicate_rules = Json::array();
  std::set<std::string> redesigned;                 // "host: what the ledger saw"
  // "URL: what is wrong": lists that show far less than they did; and those that did for so long that it is taken for what they are now.
  std::set<std::string> short_lists, believed_lists;
  // "host: how many articles changed alike": of which nothing is taken for an edit; which are believed now; and nearly all of them, by edits.
  std::set<std::string> changed_alike, believed_alike, all_edited;
  std::set<std::string> absent_listed;              // "host: a few pages that are absent while lists name them"
  uint64_t visits = 0, known = 0;                   // pages of any kind that were visited; of those, how many had content before
  uint64_t bytes = 0;                               // received for them: heads and bodies
  // Hosts that are none of the site's → pages that redirect there, and how many of those had content before.
  std::map<std::string, uint64_t> elsewhere;
  uint64_t known_elsewhere = 0;
  std::set<std::string> redirected_lists;           // lists that answered with a redirect
  // What the index says when the run ends of pages that no visit could tell of: in this round, nothing that is known standing in the way; and pages
  // that lists name and that were never got, in whatever round, but those that an obstacle of this round explains.
  uint64_t failed = 0, never_got = 0;
  std::map<std::string, std::string> never_got_examples;  // reason
  std::map<std::string, LeftOut> left_out;          // by address; at most kMostLeftOut
  std::map<std::string, OnOtherHost> other_hosts;   // by host, with a port that is not the usual one; at most kMostOtherHosts
  // Attachments that are not there, or not whole, and sitemaps and feeds that could not be read: reason. At most kMostLeftOut of each.
  std::map<std::string, std::string> attachments_missed, attachments_cut, feeds_unread;
  // Pages of which a part came, in whatever version: reason. At most kMostLeftOut.
  std::map<std::string, std::string> pages_cut;
  // What the index says when the run ends, in whatever round they were missed. At most kMostLeftOut.
  std::map<std::string, PartMissed> parts_missed;
  // Requests to counters, and those of them whose answer held a number; pages with a counter that the site entry's `counters` does not let us ask; examples
  // of requests that gave none: reason.
  uint64_t counters_asked = 0, counters_answered = 0, counters_not_asked = 0;
  std::map<std::string, std::string> counters_unread;
  std::set<std::string> missing;                    // "host: what turned absent at once before and still is"
};

// So many of each kind are told apart; where there are that many there may be more.
inline constexpr size_t kMostLeftOut = 200;
inline constexpr size_t kMostOtherHosts = 50, kMostOnOtherHost = 50;

// `fields` of these, over the articles that were looked at. "clicks": those that show a number or whose counter answered one.
inline constexpr const char* kFields[] = {"title", "published", "source", "body", "clicks"};

// The reason of what is longer than the site entry's max_body.
inline constexpr std::string_view kTooLong = "longer than max_body";
// How a reason of Coverage::feeds_unread begins, where what could be read was taken.
inline constexpr std::string_view kReadInPart = "read in part";

void AddLeftOut(Coverage& coverage, const std::string& url, LeftOut how);
void AddOnOtherHost(Coverage& coverage, const std::string& url, const std::string& page, bool attachment);
void AddReason(std::map<std::string, std::string>& reasons, const std::string& url, const std::string& reason);
// Counts one page that was looked at. `column`: links lead to it as to a list, so that what it announces is a column's. `rows`: the address that it asks for
// its further rows, "" where there is none.
void CountRecord(Coverage& coverage, const model::PageRecord& record, std::string_view url, bool column = true, std::string_view rows = {});
// Counts the rows that a page holds of one of the units whose further rows it asks for at `rows`, from the first that it has not: startrecord=16.
void CountRowsInPage(Coverage& coverage, std::string_view rows);
// Counts a page of a list that was read, changed or not; and one that is not there.
void CountListPage(Coverage& coverage, std::string_view url);
void CountAbsentListPage(Coverage& coverage, std::string_view url);
// Counts what stands in the way of a page; CountShownObstacle where the index will not tell of it when the run ends.
void CountObstacle(Coverage& coverage, std::string_view obstacle, std::string_view url, uint64_t pages = 1);
void CountShownObstacle(Coverage& coverage, std::string_view obstacle, std::string_view url);
void AddRedirectedList(Coverage& coverage, const std::string& url);
// Counts a page that lists name and that was never got.
void CountNeverGot(Coverage& coverage, std::string_view url, std::string_view reason);
// Counts a page that redirects to a host that is none of the site's.
void CountElsewhere(Coverage& coverage, std::string_view host, bool known);
// The impact of a host; beyond a few thousand hosts, of all others together.
HostImpact& HostOf(Coverage& coverage, const std::string& host);

void Add(Coverage& sum, const Coverage& more);
// What was done to hosts since `stored`, which is then as `now`: those that were asked.
std::map<std::string, HostImpact> ImpactSince(const std::map<std::string, HostImpact>& now, std::map<std::string, HostImpact>& stored);
// A round that goes on: `round` is of its runs so far, `run` of the one that ended last. What the index says of the whole round when a run ends (seeds, lists,
// obstacles, failures) is the latest's to say; the rest is added up.
Coverage GoOn(Coverage round, const Coverage& run);
Json ToJson(const Coverage& coverage);
Json ToJson(const HostImpact& impact);
Coverage CoverageFromJson(const Json& json);

// The lists with what their parts got, and without the parts.
std::map<std::string, ListCoverage> Columns(const Coverage& coverage);
// A sweep sees most pages of a list unchanged: what they announced and named is told by the rounds before, newest first.
void FillFromBefore(Coverage& coverage, const Coverage& before);

// The address that the pages of one list have in common (index.html and index_3.html, tzgg.htm and tzgg/12.htm, list.jsp?page=2), and the page's number in it.
struct ListPage {
  std::string family;
  uint64_t number = kFirstPage;
};
ListPage ListPageOf(std::string_view url);
std::string ListFamily(std::string_view url);

}  // namespace fangzhi::report
