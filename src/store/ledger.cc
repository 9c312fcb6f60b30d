// The part of Fold that needs more than one capture: what a run as a whole says of a host and its pages (docs/ledger.md).
#include "store/ledger.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "base/strings.h"
#include "store/entry_json.h"
#include "store/fold.h"
#include "store/keys.h"
#include "text/text.h"

namespace fangzhi::store {
namespace {

// Two texts are one when their sketches differ in no more bits: the first for the same page shown twice, the second for what a server says
// with the address or the time put in, the third for one article in two templates.
constexpr int kSame = 3, kAlike = 6, kKin = 10;
// Unrelated texts differ in 32 of 64 bits, give or take 4. Where title and day agree, so much likeness is enough.
constexpr int kRelated = 20;
// From so many pages on the same text under different addresses is no page of its own.
constexpr size_t kUniform = 3;
// A great part of a host or of a directory: 30 % of its pages that the run visited, and at least this many. Editors take down single pages; what takes
// a third of a column at once is a server, a deployment or a redesign, and where it was an editor after all the price is two visits more. Fewer than
// five are what an editor does on one day even on a site of ten pages.
constexpr uint64_t kMassLeast = 5;
bool IsGreatPart(uint64_t part, uint64_t whole) { return part >= kMassLeast && part * 10 >= whole * 3; }
// Directories are looked at down to so many levels, and so many of them; of one no more pages than this.
constexpr int kDirectoryLevels = 3;
constexpr size_t kMostDirectories = 10'000, kMostOfDirectory = 20'000, kMostMasses = 16;
// What turned absent with a great part of its host needs so many more visits; while lists still name it, so many more again.
constexpr int kMassVisits = 2, kMassListedVisits = 12;
constexpr size_t kMostPending = 200'000;  // judged at the end of one run; the rest waits for the next
constexpr size_t kMostTwins = 64;
constexpr size_t kMostBaselines = 16;
constexpr std::chrono::hours kBaselineAge{7 * 24};
constexpr uint32_t kMostProbes = 4;  // of a host in a run
constexpr uint64_t kShortBody = 200, kShortNotice = 300;  // characters

bool IsControl(model::PageKind kind) { return kind == model::PageKind::kList || kind == model::PageKind::kHome; }

bool Alike(uint64_t a, uint64_t b, int most) { return a != 0 && b != 0 && text::SketchDistance(a, b) <= most; }

std::string_view Day(std::string_view published) { return published.substr(0, 10); }

// An article that lost its headline, its date and its text at once, for a few words: no editor does that, a server does.
bool IsNoticeInstead(const VersionEntry& before, const VersionEntry& now, bool own_date) {
  if (before.kind != model::PageKind::kArticle || own_date || !now.document_number.empty() || !now.source.empty()) return false;
  if (before.published.empty() && now.kind == model::PageKind::kArticle) return false;
  if (before.field_digests.size() < 2 || now.field_digests.size() < 2 || before.field_digests[0] == now.field_digests[0]) return false;
  return now.body_chars < kShortNotice && !Alike(before.sketch, now.sketch, kKin);
}

// A page behind a redirect is the same article when two of its marks are.
bool IsSameBehindRedirect(const VersionEntry& a, const VersionEntry& b, bool shared) {
  if (a.digest == b.digest) return true;
  // That it alone leads to an article is one of them.
  int marks = !shared && a.kind == model::PageKind::kArticle && b.kind == model::PageKind::kArticle ? 1 : 0;
  marks += !a.title.empty() && a.title == b.title ? 1 : 0;
  marks += !a.document_number.empty() && a.document_number == b.document_number ? 1 : 0;
  marks += !a.published.empty() && Day(a.published) == Day(b.published) ? 1 : 0;
  marks += Alike(a.sketch, b.sketch, kKin) ? 1 : 0;
  return marks >= 2 || (a.field_digests.size() > 1 && b.field_digests.size() > 1 && a.body_chars >= kShortBody &&
                        a.field_digests[1] == b.field_digests[1]);
}

// Whether two pages of one title, or of one text, are one article.
bool IsSameArticle(const VersionEntry& a, const VersionEntry& b) {
  if (!a.document_number.empty() && !b.document_number.empty()) return a.document_number == b.document_number;
  if (!a.published.empty() && !b.published.empty() && Day(a.published) != Day(b.published)) return false;
  if (a.field_digests.size() > 1 && b.field_digests.size() > 1 && a.field_digests[1] == b.field_digests[1]) return true;
  const bool title_and_day = !a.title.empty() && a.title == b.title && !a.published.empty() && Day(a.published) == Day(b.published);
  return Alike(a.sketch, b.sketch, title_and_day ? kRelated : kKin);
}

// The share of pairs of neighbouring characters that two titles have in common (Dice).
double TitleLikeness(const std::string& a, const std::string& b) {
  const auto pairs_of = [](const std::string& text) {
    const std::u32string characters = text::ToUtf32(text);
    std::vector<std::pair<char32_t, char32_t>> pairs;
    for (size_t i = 0; i + 1 < characters.size(); ++i) pairs.emplace_back(characters[i], characters[i + 1]);
    std::sort(pairs.begin(), pairs.end());
    return pairs;
  };
  const auto mine = pairs_of(a), theirs = pairs_of(b);
  if (mine.empty() || theirs.empty()) return 0;
  std::vector<std::pair<char32_t, char32_t>> common;
  std::set_intersection(mine.begin(), mine.end(), theirs.begin(), theirs.end(), std::back_inserter(common));
  return 2.0 * static_cast<double>(common.size()) / static_cast<double>(mine.size() + theirs.size());
}

// An article that was edited on its way: of the same day and source, by a title much like it.
bool IsEditedCopy(const VersionEntry& a, const VersionEntry& b) {
  constexpr double kMuch = 0.6;
  if (a.kind != model::PageKind::kArticle || b.kind != model::PageKind::kArticle || a.published.empty()) return false;
  if (Day(a.published) != Day(b.published) || TitleLikeness(a.title, b.title) < kMuch) return false;
  if (!a.document_number.empty() && !b.document_number.empty() && a.document_number != b.document_number) return false;
  return Alike(a.sketch, b.sketch, kRelated) || (!a.source.empty() && a.source == b.source && TitleLikeness(a.title, b.title) > 0.75);
}

}  // namespace

bool IsHomeElsewhere(const HostEntry& host, const VersionEntry* before, const VersionEntry& shown) {
  if (shown.kind == model::PageKind::kHome) return false;
  if (Alike(shown.sketch, host.home, kSame)) return true;
  if (before == nullptr || before->kind != model::PageKind::kArticle) return false;
  return shown.kind != model::PageKind::kArticle && !host.home_title.empty() && shown.title == host.home_title && Alike(shown.sketch, host.home, kRelated);
}

std::string_view HostOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

std::string FamilyOf(std::string_view url) {
  const size_t query = url.find('?');
  std::string_view path = url.substr(0, query);
  const size_t scheme = path.find("://");
  const size_t slash = path.rfind('/');
  if (scheme == std::string_view::npos || slash == std::string_view::npos || slash <= scheme + 2) return std::string(url);
  // A script answers for all of its queries.
  if (query != std::string_view::npos) return std::string(path) + "?*";
  const std::string_view file = path.substr(slash + 1);
  const size_t dot = file.rfind('.');
  return std::string(path.substr(0, slash + 1)) + "*" + (dot == std::string_view::npos ? "" : std::string(file.substr(dot)));
}

Result<Fold::Host*> Fold::LoadHost(const std::string& site, std::string_view name) {
  const std::string key = keys::Host(site, name);
  if (const auto found = hosts_.find(key); found != hosts_.end()) return found->second.get();
  FZ_ASSIGN(const std::optional<std::string> value, database_.Get(key));
  auto host = std::make_unique<Host>();
  if (value && !Decode(*value, &host->entry)) return Fail(database_.Unreadable(key));
  return (hosts_[key] = std::move(host)).get();
}

// The host of a capture of a crawl, its counters those of the capture's run; nullptr for every other capture.
Result<Fold::Host*> Fold::EnterRun(const CaptureFacts& facts) {
  if (facts.round == 0 || (facts.purpose != Purpose::kPage && facts.purpose != Purpose::kProbe)) return nullptr;
  const std::string_view name = HostOf(facts.url);
  FZ_ASSIGN(Host * host, LoadHost(facts.site, name));
  HostEntry& entry = host->entry;
  if (entry.round < facts.round) {
    if (entry.visits > 0) {
      CommitOutcome outcome;  // of a run that set no mark: nobody waits for it
      FZ_TRY(JudgeHost(facts.site, std::string(name), *host, facts.time, outcome));
    }
    entry.round = facts.round;
  }
  if (entry.visits == 0) entry.began = facts.time;
  host->changed = true;
  return host;
}

void Fold::CountVisit(Host& host, const CaptureFacts& facts, const UrlEntry& entry, const Judgement& judgement,
                      bool had_versions, bool again) {
  using Seen = Judgement::Seen;
  HostEntry& h = host.entry;
  ++h.visits;
  if (had_versions && !again) ++h.known;
  if (judgement.Present()) {
    ++h.ok;
    h.reread += had_versions && !again && facts.record && facts.record->kind == model::PageKind::kArticle ? 1 : 0;
    h.other_frame += facts.other_frame ? 1 : 0;
    h.last_ok = facts.time;
    if (IsControl(entry.kind)) ++h.control_ok;
    if (h.ok_place.length == 0) {
      h.ok_url = entry.id;
      h.ok_time = facts.time;
      h.ok_place = facts.metadata;
    }
    if (entry.kind == model::PageKind::kHome && facts.record && !facts.record->charset.empty()) {
      h.home = text::Sketch(facts.record->title.value_or("") + "\n" + facts.record->body);
      h.home_title = facts.record->title.value_or("");
    }
    return;
  }
  const bool turned = judgement.seen == Seen::kAbsent && entry.first_absent_round == facts.round;
  if (had_versions && IsControl(entry.kind) && (judgement.seen == Seen::kNothing || turned)) ++h.control_bad;
  if (judgement.seen != Seen::kNothing) return;
  const bool unreachable = judgement.finding.starts_with("unreachable:") || judgement.finding == "site_down";
  ++(unreachable ? h.unreachable : h.blocked);
  h.last_bad = facts.time;
  if (h.bad.empty()) {
    h.bad = judgement.finding.empty() ? judgement.reason : judgement.finding;
    h.bad_url = entry.id;
    h.bad_time = facts.time;
    h.bad_place = facts.metadata;
  }
}

// Content that may be the host's answer for anything: a page that became another one, a first sight that looks like no page.
bool Fold::IsDoubtful(const Host& host, const CaptureFacts& facts, const VersionEntry* latest, const VersionEntry& version) {
  const bool page = facts.record && !facts.record->charset.empty();
  const bool like_home = IsHomeElsewhere(host.entry, latest, version);
  if (latest == nullptr) {
    if (!page || facts.depth == 0) return false;
    if (like_home) return true;
    if (version.kind == model::PageKind::kOther) return true;
    return version.kind == model::PageKind::kArticle && !HasOwnDate(facts) && version.body_chars < kShortBody;
  }
  if (latest->digest == version.digest) return false;
  if (like_home) return true;
  if (latest->field_digests.size() < 2 || version.field_digests.size() < 2) {
    return latest->field_digests.size() != version.field_digests.size();  // a document became a page
  }
  const bool title = latest->field_digests[0] != version.field_digests[0];
  const bool body = latest->field_digests[1] != version.field_digests[1];
  if (IsControl(latest->kind)) return title && (latest->kind != version.kind || !Alike(latest->sketch, version.sketch, kKin));
  if (latest->kind == model::PageKind::kArticle && version.kind != model::PageKind::kArticle) return title || body;
  return title && body && !Alike(latest->sketch, version.sketch, kKin);
}

bool Fold::WantsProbe(const Host& host, const CaptureFacts& facts, const Judgement& judgement, bool had_versions, bool like_home) {
  using Seen = Judgement::Seen;
  if (judgement.seen != Seen::kHeld && !(judgement.seen == Seen::kElsewhere && had_versions)) return false;
  if (host.entry.probes >= kMostProbes) return false;
  const std::string family = FamilyOf(facts.url);
  return std::none_of(host.entry.baselines.begin(), host.entry.baselines.end(), [&](const Baseline& baseline) {
    // Whether a host lies with its home page only now can be said.
    return baseline.of == family && (like_home ? baseline.time >= host.entry.began : facts.time - baseline.time < kBaselineAge);
  });
}

void Fold::LearnBaseline(Host& host, const CaptureFacts& facts) {
  HostEntry& h = host.entry;
  ++h.probes;
  if (!model::HasResponse(facts.outcome) || !facts.obstacle.empty() || facts.status == 429 || facts.status >= 500) return;
  Baseline baseline;
  baseline.of = FamilyOf(facts.url);
  baseline.time = facts.time;
  baseline.status = facts.status;
  baseline.target = facts.location_field;
  baseline.bytes = facts.payload_bytes;
  if (facts.record) {
    baseline.title = facts.record->title.value_or("");
    baseline.sketch = text::Sketch(baseline.title + "\n" + facts.record->body);
  }
  std::erase_if(h.baselines, [&](const Baseline& known) { return known.of == baseline.of; });
  if (h.baselines.size() >= kMostBaselines) h.baselines.erase(h.baselines.begin());
  h.baselines.push_back(std::move(baseline));
}

// What a list names now, against what it named when it was last read.
Result<void> Fold::UpdateListing(const CaptureFacts& facts, Page& list) {
  const std::string key = keys::Listing(list.entry.id);
  std::vector<uint64_t> before, now;
  FZ_ASSIGN(const std::optional<std::string> stored, Get(key));
  if (stored && !Decode(*stored, &before)) return Fail(database_.Unreadable(key));
  std::sort(before.begin(), before.end());
  for (const std::string& url : facts.listing) {
    FZ_ASSIGN(Page * page, LoadOrCreate(url, facts.site, Purpose::kPage));
    if (page == &list) continue;
    UrlEntry& entry = page->entry;
    now.push_back(entry.id);
    if (std::binary_search(before.begin(), before.end(), entry.id)) continue;
    page->changed = true;
    if (entry.visits == 0 && entry.state == "never") entry.state = "listed";
    const bool first_listed = entry.lists.empty() && !entry.listed_since;
    if (first_listed) entry.listed_since = facts.time;
    // The latest time before it was first listed at which one of the lists that name it did not.
    const std::optional<UtcTime>& silent = list.entry.seen_before;
    const bool this_round = facts.round != 0 && list.entry.round == facts.round;
    if (entry.versions == 0 && this_round && silent && *silent <= *entry.listed_since && (!entry.unlisted_before || *entry.unlisted_before < *silent)) {
      entry.unlisted_before = silent;
    }
    // Another page led to it before its list was read: this list says since when it may be there.
    const bool first_seen_now = entry.versions > 0 && entry.round == facts.round && !entry.seen_before;
    if (first_listed && first_seen_now && silent && this_round) FZ_TRY(BeginsAfter(*page, *silent));
    entry.unlisted_since.reset();
    if (entry.lists.size() < kMostLists && std::find(entry.lists.begin(), entry.lists.end(), list.entry.id) == entry.lists.end()) {
      entry.lists.push_back(list.entry.id);
    }
  }
  std::sort(now.begin(), now.end());
  now.erase(std::unique(now.begin(), now.end()), now.end());
  for (const uint64_t id : before) {
    if (std::binary_search(now.begin(), now.end(), id)) continue;
    FZ_ASSIGN(Page * page, LoadById(id));
    page->changed = true;
    std::erase(page->entry.lists, list.entry.id);
    if (page->entry.lists.empty()) page->entry.unlisted_since = facts.time;
  }
  if (now != before) Put(key, Encode(now));
  return {};
}

// A page of which nothing was known but its first sight was not there at `before`, or nobody named it.
Result<void> Fold::BeginsAfter(Page& page, UtcTime before) {
  FZ_ASSIGN(VersionEntry first, FirstVersion(page));
  if (first.not_before != first.time || before >= first.time) return {};
  first.not_before = before;
  Put(keys::Version(page.entry.id, 1), Encode(first));
  if (page.latest && page.latest->number == 1) page.latest = first;
  const std::string key = keys::Event(first.time, first.metadata, 0);
  FZ_ASSIGN(const std::optional<std::string> value, Get(key));
  if (!value) return {};  // it is where another page moved to
  StoredEvent stored;
  if (!Decode(*value, &stored)) return Fail(database_.Unreadable(key));
  stored.event.not_before = before;
  stored.event.evidence = BackDated(first, before);
  Put(key, Encode(stored));
  return {};
}

// Whether a list that was read since the page turned absent names it.
Result<bool> Fold::IsListed(const UrlEntry& entry) {
  for (const uint64_t id : entry.lists) {
    FZ_ASSIGN(const Page* list, LoadById(id));
    if (list->entry.state == "present" && list->entry.last_present && (!entry.first_absent || *list->entry.last_present >= *entry.first_absent)) {
      return true;
    }
  }
  return false;
}

Result<void> Fold::AlterVisit(uint64_t id, const Moment& moment, const std::function<void(VisitEntry&)>& change) {
  const std::string key = keys::Visit(id, moment.time, moment.metadata);
  FZ_ASSIGN(const std::optional<std::string> value, Get(key));
  VisitEntry visit;
  if (!value || !Decode(*value, &visit)) return Fail(database_.Unreadable(key));
  change(visit);
  Put(key, Encode(visit));
  return {};
}

// The judgement of one host's run: sees all that waits, step by step.
struct Fold::RunJudge {
  struct Case {
    Page* page = nullptr;
    PendingEntry pending;
    VersionEntry version;  // of what is held
    std::string verdict;   // of what is held: "" (a page after all), "baseline", "uniform", "home", "notice"
    bool turned = false;   // absent for the first time in this run
    bool settled = false;
  };

  Fold& fold;
  const std::string& site;
  HostEntry& host;
  UtcTime recorded;
  CommitOutcome& outcome;
  std::vector<Case> cases;
  // Of the host (the first) and of directories: what turned absent in this run, or is missing since an earlier one.
  struct Part {
    std::string under;
    uint64_t turned = 0, missing = 0, known = 0;  // missing: and not said to be gone
    uint64_t round = 0;       // of its MassEntry, 0: it has none
    bool mass = false;        // a great part turned absent in this run
    bool goes_on = false;     // as great a part is missing as at the end of the last run
    bool was_outage = false;  // most of it came back
    bool Ill() const { return mass || goes_on; }
  };
  std::vector<Part> parts;
  bool host_is_well = false;
  uint64_t moved = 0;  // found at other addresses by this run

  Moment MomentOf(const Case& c) const { return {c.pending.time, c.pending.metadata, recorded}; }

  const Baseline* BaselineOf(std::string_view url) const {
    const std::string family = FamilyOf(url);
    for (const Baseline& baseline : host.baselines) {
      if (baseline.of == family) return &baseline;
    }
    return nullptr;
  }

  Result<void> Collect(const std::string& host_name);
  Result<void> ClassifyHeld();
  Result<void> SettleHeld();
  Result<void> SettleRedirects();
  Result<void> SettleAbsent();
  Result<void> JudgeRedesign();
  Result<void> FindParts();
  Result<Part> PartUnder(const std::string& under);
  Result<void> TellRedesign(Page& of, const Moment& moment, std::string what);
  Result<void> TurnAbsent(Case& c, std::string reason, std::string_view finding);
  Result<bool> FindNewPlace(Case& c, bool anywhen);
  Result<bool> FindLeftPlace(Case& c);
  Result<void> DeclareMoved(Case& c, Page& target, const VersionEntry& first);
};

Result<void> Fold::RunJudge::Collect(const std::string& host_name) {
  FZ_ASSIGN(const auto stored, fold.Scan(keys::PendingOf(site, host_name), kMostPending));
  for (const auto& [key, value] : stored) {
    Case c;
    if (!Decode(value, &c.pending)) return Fail(fold.database_.Unreadable(key));
    FZ_ASSIGN(c.page, fold.LoadById(keys::IdAtEnd(key)));
    if (c.pending.what == "held" && !Decode(c.pending.version, &c.version)) return Fail(fold.database_.Unreadable(key));
    c.turned = c.pending.what == "absent" && c.page->entry.first_absent_round == host.round;
    c.page->changed = true;
    fold.Delete(key);
    cases.push_back(std::move(c));
  }
  return {};
}

Result<void> Fold::RunJudge::ClassifyHeld() {
  std::vector<Case*> held;
  for (Case& c : cases) {
    if (c.pending.what == "held") held.push_back(&c);
  }
  // By the first of each group of like texts; the groups are few, since what is held is rare or all the same.
  std::vector<std::vector<Case*>> groups;
  constexpr size_t kMostGroups = 256;
  for (Case* c : held) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const std::vector<Case*>& g) {
      return Alike(g.front()->version.sketch, c->version.sketch, kSame) || g.front()->version.digest == c->version.digest;
    });
    if (group != groups.end()) group->push_back(c);
    else if (groups.size() < kMostGroups) groups.push_back({c});
  }
  for (const std::vector<Case*>& group : groups) {
    const VersionEntry& shown = group.front()->version;
    const bool page_of_its_own = shown.kind == model::PageKind::kArticle && group.front()->pending.own_date;
    if (group.size() >= kUniform || (group.size() == 2 && !page_of_its_own)) {
      for (Case* c : group) c->verdict = "uniform";
    }
  }
  for (Case* c : held) {
    FZ_ASSIGN(const VersionEntry* latest, fold.Latest(*c->page));
    if (c->verdict.empty() && latest != nullptr && IsNoticeInstead(*latest, c->version, c->pending.own_date)) c->verdict = "notice";
    // A link promised an article, and what came has neither its headline nor a date nor a text.
    const bool promised = c->pending.unlike_link && !c->pending.own_date && c->version.body_chars < kShortNotice;
    if (c->verdict.empty() && latest == nullptr && promised) c->verdict = "notice";
    if (IsHomeElsewhere(host, latest, c->version)) c->verdict = "home";
    const Baseline* baseline = BaselineOf(c->page->entry.url);
    if (baseline != nullptr && baseline->status == 200 &&
        (Alike(baseline->sketch, c->version.sketch, kAlike) || (!baseline->title.empty() && baseline->title == c->version.title))) {
      c->verdict = "baseline";
    }
    // What an article's address shows says nothing of the lists, whatever it is.
    if (!IsControl(latest == nullptr ? c->version.kind : c->page->entry.kind)) continue;
    ++(c->verdict.empty() ? host.control_ok : host.control_bad);
  }
  return {};
}

// A visit that seemed to show something turns out to be one that did not find the page.
Result<void> Fold::RunJudge::TurnAbsent(Case& c, std::string reason, std::string_view finding) {
  UrlEntry& entry = c.page->entry;
  c.pending.what = "absent";
  c.pending.reason = std::move(reason);
  fold.SeeAbsence(*c.page, MomentOf(c), host.round, c.pending.reason);
  c.turned = entry.first_absent_round == host.round;
  return fold.AlterVisit(entry.id, MomentOf(c), [&](VisitEntry& visit) {
    visit.verdict = "absent";
    visit.reason = c.pending.reason;
    visit.finding = finding;
    visit.state = entry.state;
  });
}

Result<void> Fold::RunJudge::SettleHeld() {
  uint64_t like_home = 0;
  for (const Case& c : cases) like_home += c.verdict == "home" ? 1 : 0;
  for (Case& c : cases) {
    if (c.pending.what != "held") continue;
    UrlEntry& entry = c.page->entry;
    const Moment moment = MomentOf(c);
    if (c.verdict.empty()) {
      // A page after all. Its visit takes its place in time; nothing of this page was seen since.
      c.version.not_before = entry.versions == 0 ? c.version.not_before : entry.last_present.value_or(c.version.not_before);
      const VersionEntry version = c.version;
      FZ_ASSIGN(const std::string verdict, fold.TakeVersion(*c.page, version, moment));
      FZ_ASSIGN(const bool restored, fold.SeeContent(*c.page, moment));
      if (!c.pending.clicks.empty()) fold.Put(keys::Click(entry.id, moment.time, moment.metadata), c.pending.clicks);
      outcome.ended_new += verdict == "new" ? 1 : 0;
      outcome.ended_changed += verdict == "changed" ? 1 : 0;
      outcome.ended_restored += restored ? 1 : 0;
      entry.payload = version.response;
      entry.payload_digest = version.payload_digest;
      entry.payload_time = version.time;
      entry.payload_record_id = c.pending.response_id;
      entry.payload_version = entry.versions;
      entry.etag.clear();
      entry.last_modified.clear();
      FZ_TRY(fold.AlterVisit(entry.id, moment, [&](VisitEntry& visit) {
        visit.verdict = verdict;
        visit.finding = verdict == "changed" ? "changed" : "ok";
        visit.state = entry.state;
        visit.version = entry.versions;
      }));
      c.settled = true;
      continue;
    }
    // The home page in the place of an article is what a busy host lies with; what it says later in the run tells.
    const bool other_answer = std::any_of(host.baselines.begin(), host.baselines.end(), [&](const Baseline& baseline) {
      return baseline.time > c.pending.time && !Alike(baseline.sketch, host.home, kAlike);
    });
    const bool calm_after = ((host.last_ok && *host.last_ok > c.pending.time) || other_answer) &&
                            like_home * 10 < std::max<uint64_t>(host.known, 20);
    if (!host_is_well || (c.verdict == "home" && !calm_after)) {
      const std::string finding = !host_is_well ? "blocked:unknown" : "throttled";
      ++host.blocked;
      host.last_bad = std::max(host.last_bad.value_or(c.pending.time), c.pending.time);
      if (host.bad.empty()) {
        host.bad = finding;
        host.bad_url = entry.id;
        host.bad_time = c.pending.time;
        host.bad_place = c.pending.metadata;
      }
      ++entry.failed_visits;
      auto& [pages, example] = outcome.ended_blocked[host_is_well ? "throttled" : "unknown"];
      if (pages++ == 0) example = entry.url;
      FZ_TRY(fold.AlterVisit(entry.id, moment, [&](VisitEntry& visit) {
        visit.verdict = "failed";
        visit.reason = "the host shows the same for other addresses";
        visit.finding = finding;
        visit.state = entry.state;
      }));
      c.settled = true;
      continue;
    }
    FZ_TRY(TurnAbsent(c, c.verdict == "home" ? "home_page" : c.verdict == "notice" ? "notice_instead" : "soft_404", "soft_404"));
  }
  return {};
}

Result<void> Fold::RunJudge::DeclareMoved(Case& c, Page& target, const VersionEntry& first) {
  UrlEntry& entry = c.page->entry;
  const Moment moment = MomentOf(c);
  const bool was_absent = entry.first_absent.has_value();
  EventEntry event;
  event.kind = "moved";
  event.time = was_absent ? *entry.first_absent : c.pending.time;
  event.not_before = entry.last_present.value_or(event.time);
  if (entry.state == "gone") {  // then it was nowhere for a while
    event.time = first.time;
    event.not_before = std::min(first.not_before, first.time);
    // Nobody named the new address before; the old one still answered for a page that is not there.
    const bool unknown = event.not_before == event.time;
    if (unknown && c.pending.what == "redirect" && entry.last_absent && *entry.last_absent < event.time) event.not_before = *entry.last_absent;
  }
  event.to = target.entry.url;
  event.evidence = c.pending.what == "redirect" ? "redirect" : c.pending.reason + ", the same article is at another address";
  const Moment first_seen{event.time, was_absent && entry.state != "gone" ? entry.first_absent_place : c.pending.metadata, recorded};
  FZ_TRY(fold.Event(*c.page, first_seen, std::move(event)));
  entry.state = "moved";
  entry.moved_to = target.entry.url;
  if (!was_absent) {
    entry.last_absent = c.pending.time;
  }
  target.changed = true;
  if (target.entry.moved_from.empty()) {
    target.entry.moved_from = entry.url;
    // It is not new: this run found it where it went.
    if (first.time >= host.began) {
      const std::string key = keys::Event(first.time, first.metadata, 0);
      fold.Delete(key);
      fold.Delete(keys::LateEvent(recorded, key));
    }
  }
  ++outcome.ended_moved;
  ++moved;
  c.settled = true;
  return fold.AlterVisit(entry.id, moment, [&](VisitEntry& visit) {
    visit.finding = "moved";
    visit.state = entry.state;
  });
}

// The same article under another address: by title, date and document number, and by what it says. `anywhen`: also where it stood already
// while this one was still here.
Result<bool> Fold::RunJudge::FindNewPlace(Case& c, bool anywhen) {
  UrlEntry& entry = c.page->entry;
  FZ_ASSIGN(const VersionEntry* latest, fold.Latest(*c.page));
  if (latest == nullptr || latest->title.empty() || IsControl(latest->kind)) return false;
  const VersionEntry mine = *latest;
  FZ_ASSIGN(auto twins, fold.Scan(keys::Titled(site, mine.title), kMostTwins));
  if (const std::string text = TextKey(mine); !text.empty()) {
    FZ_ASSIGN(const auto of_text, fold.Scan(keys::Titled(site, text), kMostTwins));
    twins.insert(twins.end(), of_text.begin(), of_text.end());
  }
  std::set<uint64_t> of_day;
  if (!mine.published.empty()) {
    std::set<uint64_t> known;
    for (const auto& [key, value] : twins) known.insert(keys::IdAtEnd(key));
    FZ_ASSIGN(const auto same_day, fold.Scan(keys::Dates().append(Day(mine.published)), kMostTwins));
    for (const auto& [key, value] : same_day) {
      if (known.contains(keys::IdAtEnd(key))) continue;
      of_day.insert(keys::IdAtEnd(key));
      twins.emplace_back(key, value);
    }
  }
  for (const auto& [key, value] : twins) {
    const uint64_t id = keys::IdAtEnd(key);
    if (id == entry.id) continue;
    FZ_ASSIGN(Page * other, fold.LoadById(id));
    if (other->entry.state != "present" || (!other->entry.moved_from.empty() && other->entry.moved_from != entry.url)) continue;
    FZ_ASSIGN(const VersionEntry* theirs, fold.Latest(*other));
    if (theirs == nullptr || !(of_day.contains(id) ? IsEditedCopy(mine, *theirs) : IsSameArticle(mine, *theirs))) continue;
    FZ_ASSIGN(const VersionEntry first, fold.FirstVersion(*other));
    if (!anywhen && entry.last_present && first.time <= *entry.last_present) continue;
    // Likeness alone is a reason only for a page that nobody knew before.
    if (of_day.contains(id) && (first.time < host.began || (entry.last_present && first.time <= *entry.last_present))) continue;
    FZ_TRY(DeclareMoved(c, *other, first));
    return true;
  }
  return false;
}

// For what a redesign left over when everything else had found its place: a page of the same title and source that nobody claims, whose day and
// text were edited on the way. Only there: of two bulletins of one title the older is not the newer's old address.
Result<bool> Fold::RunJudge::FindLeftPlace(Case& c) {
  constexpr std::chrono::hours kMonth{31 * 24};
  UrlEntry& entry = c.page->entry;
  FZ_ASSIGN(const VersionEntry* latest, fold.Latest(*c.page));
  if (latest == nullptr || latest->title.empty() || latest->kind != model::PageKind::kArticle) return false;
  const VersionEntry mine = *latest;
  const std::optional<UtcTime> my_day = ParseIso8601(mine.published);
  FZ_ASSIGN(const auto twins, fold.Scan(keys::Titled(site, mine.title), kMostTwins));
  Page* found = nullptr;
  VersionEntry first;
  for (const auto& [key, value] : twins) {
    const uint64_t id = keys::IdAtEnd(key);
    if (id == entry.id) continue;
    FZ_ASSIGN(Page * other, fold.LoadById(id));
    if (other->entry.state != "present" || !other->entry.moved_from.empty()) continue;
    FZ_ASSIGN(const VersionEntry* theirs, fold.Latest(*other));
    if (theirs == nullptr || theirs->kind != model::PageKind::kArticle || theirs->source != mine.source) continue;
    if (!mine.document_number.empty() && mine.document_number != theirs->document_number) continue;
    const std::optional<UtcTime> their_day = ParseIso8601(theirs->published);
    if (my_day && their_day && (*their_day - *my_day > kMonth || *my_day - *their_day > kMonth)) continue;
    if (!Alike(mine.sketch, theirs->sketch, kRelated)) continue;
    FZ_ASSIGN(const VersionEntry its_first, fold.FirstVersion(*other));
    if (entry.last_present && its_first.time <= *entry.last_present) continue;
    if (found != nullptr) return false;  // two would do: neither is sure
    found = other;
    first = its_first;
  }
  if (found == nullptr) return false;
  FZ_TRY(DeclareMoved(c, *found, first));
  return true;
}

Result<void> Fold::RunJudge::SettleRedirects() {
  std::map<std::string, size_t> targets;
  for (const Case& c : cases) {
    if (c.pending.what == "redirect") ++targets[c.pending.target];
  }
  for (Case& c : cases) {
    if (c.pending.what != "redirect") continue;
    UrlEntry& entry = c.page->entry;
    const Baseline* baseline = BaselineOf(entry.url);
    if (baseline != nullptr && baseline->status >= 300 && baseline->status < 400 && baseline->target == c.pending.target) {
      FZ_TRY(TurnAbsent(c, "redirect_as_any_missing_page", "soft_404"));
      continue;
    }
    FZ_ASSIGN(Page * target, fold.Load(c.pending.target));
    for (int hop = 0; hop < 3 && target != nullptr && target->entry.versions == 0 && !target->entry.redirect.empty(); ++hop) {
      FZ_ASSIGN(target, fold.Load(target->entry.redirect));
    }
    c.settled = true;
    if (target == nullptr || target == c.page) continue;  // out of scope, or not seen: nothing can be said
    FZ_ASSIGN(const VersionEntry* mine, fold.Latest(*c.page));
    FZ_ASSIGN(const VersionEntry* theirs, fold.Latest(*target));
    if (theirs == nullptr) {
      if (target->entry.visits == 0 || target->entry.absent_visits == 0) continue;
      c.settled = false;
      FZ_TRY(TurnAbsent(c, "redirect_to_error_page", "soft_404"));
      continue;
    }
    const bool shared = targets[c.pending.target] > 1;
    const bool same = mine != nullptr && IsSameBehindRedirect(*mine, *theirs, shared);
    // A list stays a list, whatever it names today.
    const bool same_control = mine != nullptr && IsControl(mine->kind) && mine->kind == theirs->kind;
    if (same || same_control) {
      if (entry.state == "moved" && entry.moved_to == target->entry.url) continue;
      FZ_ASSIGN(const VersionEntry first, fold.FirstVersion(*target));
      FZ_TRY(DeclareMoved(c, *target, first));
      continue;
    }
    c.settled = false;
    FZ_TRY(TurnAbsent(c, theirs->kind == model::PageKind::kHome   ? "redirect_home"
                         : theirs->kind == model::PageKind::kList ? "redirect_list"
                         : shared                                 ? "redirect_shared"
                                                                  : "redirect_elsewhere",
                      "soft_404"));
  }
  return {};
}

// Of the host: once for a run, with how much of it was found again.
Result<void> Fold::RunJudge::TellRedesign(Page& of, const Moment& moment, std::string what) {
  const bool mass = std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.mass; });
  if (moved > 0 || mass) what += (what.empty() ? "" : ", ") + std::to_string(moved) + " of " + std::to_string(host.known) + " pages found at other addresses";
  EventEntry event;
  event.kind = "redesign_suspected";
  event.host = true;
  event.time = moment.time;
  event.not_before = host.ok_before.value_or(moment.time);
  event.evidence = what;
  outcome.redesigned.push_back(std::string(HostOf(of.entry.url)) + ": " + what);
  return fold.Event(of, moment, std::move(event));
}

// What the run as a whole shows: a great part absent, or elsewhere, or in another frame than that which the site's pages had in common.
Result<void> Fold::RunJudge::JudgeRedesign() {
  std::string what;
  for (const Part& part : parts) {
    if (!part.mass) continue;
    what += (what.empty() ? "" : ", ") + std::to_string(part.turned) + " of " + std::to_string(part.known) + " pages ";
    if (!part.under.empty()) what += "under " + part.under + " ";
    what += "absent at once";
  }
  const bool mass = !what.empty();
  for (const Part& part : parts) {
    if (part.mass || !part.goes_on || cases.empty()) continue;
    const std::string where = part.under.empty() ? std::string() : " under " + part.under;
    outcome.missing.push_back(std::string(HostOf(cases.front().page->entry.url)) + ": " + std::to_string(part.missing) + " of " + std::to_string(part.known) + " pages" +
                              where + " are still missing");
  }
  const bool elsewhere = moved >= kMassLeast && moved * 10 >= host.known * 3;
  // Of one page the template may be wrong: a small site has columns of which few articles are known. A new design shows on most of them.
  const bool other_frame = host.other_frame >= kMassLeast && host.other_frame * 2 >= host.reread;
  const bool frame_is_news = other_frame && host.frame_round + 1 < host.round;
  if (other_frame) host.frame_round = host.round;
  if (!mass && !elsewhere && !frame_is_news) return {};
  if (frame_is_news) what += (what.empty() ? "" : ", ") + std::to_string(host.other_frame) + " pages came back without the texts that the site's pages shared";
  for (const Case& c : cases) {
    if ((mass && c.page->entry.mass_round == host.round) || (c.settled && c.page->entry.state == "moved")) return TellRedesign(*c.page, MomentOf(c), std::move(what));
  }
  FZ_ASSIGN(Page * seen, fold.LoadById(host.ok_url));
  return TellRedesign(*seen, {host.ok_time, host.ok_place, recorded}, std::move(what));
}

// How much of the host (`under` is empty) or of a directory turned absent and is missing.
Result<Fold::RunJudge::Part> Fold::RunJudge::PartUnder(const std::string& under) {
  Part part;
  part.under = under;
  uint64_t absent = 0;
  for (const Case& c : cases) {
    if (c.settled || c.pending.what != "absent" || c.page->entry.versions == 0 || !c.page->entry.url.starts_with(under)) continue;
    ++absent;
    part.turned += c.turned ? 1 : 0;
    part.missing += c.page->entry.state == "suspect" ? 1 : 0;
  }
  part.known = host.known;
  if (!under.empty()) {
    // Of those that are there only as many are looked for as decide.
    part.known = absent;
    const uint64_t enough = std::max(part.turned, part.missing) * 10 / 3 + 1;
    FZ_ASSIGN(const auto urls, fold.Scan(keys::UrlId(under), kMostOfDirectory));
    for (const auto& [key, id] : urls) {
      if (part.known >= enough) break;
      const std::optional<uint64_t> number = ParseUint(id);
      if (!number) return Fail(fold.database_.Unreadable(key));
      FZ_ASSIGN(const Page* page, fold.LoadById(*number));
      const UrlEntry& entry = page->entry;
      part.known += entry.state == "present" && entry.round == host.round && entry.seen_before ? 1 : 0;
    }
  }
  part.mass = IsGreatPart(part.turned, part.known);
  for (const MassEntry& mass : host.masses) {
    if (mass.under != under) continue;
    part.round = mass.round;
    part.goes_on = mass.open && IsGreatPart(part.missing, part.known);
    part.was_outage = !part.mass && mass.back * 2 >= mass.flipped;
  }
  return part;
}

Result<void> Fold::RunJudge::FindParts() {
  std::map<std::string, uint64_t> turned;
  for (const Case& c : cases) {
    if (c.settled || c.pending.what != "absent" || c.page->entry.versions == 0 || !c.turned) continue;
    const std::string& url = c.page->entry.url;
    size_t slash = url.find('/', std::min(url.size(), url.find("://") + 3));
    for (int level = 0; level < kDirectoryLevels && slash != std::string::npos; ++level) {
      slash = url.find_first_of("/?#", slash + 1);
      if (slash == std::string::npos || url[slash] != '/') break;
      std::string under = url.substr(0, slash + 1);
      if (turned.size() < kMostDirectories || turned.contains(under)) ++turned[std::move(under)];
    }
  }
  std::vector<std::string> candidates{""};
  for (const auto& [under, count] : turned) {
    if (count >= kMassLeast) candidates.push_back(under);
  }
  for (const MassEntry& mass : host.masses) candidates.push_back(mass.under);
  std::sort(candidates.begin(), candidates.end(), [](const std::string& a, const std::string& b) { return std::pair(a.size(), a) < std::pair(b.size(), b); });
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  for (const std::string& under : candidates) {
    FZ_ASSIGN(Part part, PartUnder(under));
    // A directory of what is ill as a whole is not told apart from it.
    if (std::any_of(parts.begin(), parts.end(), [&](const Part& wider) { return wider.Ill() && under.starts_with(wider.under); })) part.mass = part.goes_on = false;
    auto mass = std::find_if(host.masses.begin(), host.masses.end(), [&](const MassEntry& m) { return m.under == under; });
    if (part.mass) {
      if (mass == host.masses.end()) mass = host.masses.insert(host.masses.end(), MassEntry{under, 0, 0, 0, false});
      if (!part.goes_on) mass->back = mass->flipped = 0;
      mass->round = part.round = host.round;
      mass->flipped += part.turned;
    }
    if (mass != host.masses.end()) mass->open = part.Ill();
    if (part.Ill() || part.was_outage) parts.push_back(std::move(part));
  }
  while (host.masses.size() > kMostMasses) {
    host.masses.erase(std::min_element(host.masses.begin(), host.masses.end(), [](const MassEntry& a, const MassEntry& b) { return a.round < b.round; }));
  }
  return {};
}

Result<void> Fold::RunJudge::SettleAbsent() {
  FZ_TRY(FindParts());
  for (Case& c : cases) {
    UrlEntry& entry = c.page->entry;
    if (c.settled || c.pending.what != "absent" || entry.state == "moved") continue;
    const Part* ill = nullptr;
    bool outage_is_over = false;
    for (const Part& part : parts) {
      if (!entry.url.starts_with(part.under)) continue;
      if (ill == nullptr && part.Ill()) ill = &part;
      outage_is_over = outage_is_over || part.was_outage;
    }
    const bool mass = ill != nullptr && ill->mass, mass_goes_on = ill != nullptr && ill->goes_on;
    if (entry.versions == 0) {
      // Never seen yet. When it is, it was not there before this visit, unless it was the outage that answered.
      if (host_is_well && ill == nullptr) entry.absent_proved_at = c.pending.time;
      continue;
    }
    if (ill != nullptr && (c.turned || (mass && entry.mass_round != 0))) entry.mass_round = ill->round;
    if (outage_is_over && ill == nullptr && entry.mass_round != 0 && entry.state == "suspect") {
      // The others came back, so what was seen then says nothing: this one's absence begins now.
      entry.first_absent = c.pending.time;
      entry.first_absent_place = c.pending.metadata;
      entry.first_absent_round = host.round;
      entry.absent_visits = 1;
      entry.absent_proved = 0;
      entry.mass_round = 0;
    }
    FZ_ASSIGN(const bool found, FindNewPlace(c, entry.mass_round != 0));
    if (found) continue;
    // While a great part is missing nothing is proved of what was absent before either: it may be the outage that answers.
    const bool others_answer = mass || (mass_goes_on && entry.mass_round == 0);
    if (!host_is_well || others_answer || (mass_goes_on && entry.state == "gone")) {
      if (mass && c.turned) {
        FZ_TRY(fold.AlterVisit(entry.id, MomentOf(c), [](VisitEntry& visit) { visit.finding += "+redesign_suspected"; }));
      }
      continue;
    }
    ++entry.absent_proved;
    entry.absent_proved_at = c.pending.time;
    int visits = c.pending.gone_after_visits;
    if (entry.mass_round != 0) {
      FZ_ASSIGN(const bool listed, fold.IsListed(entry));
      visits += kMassVisits + (listed ? kMassListedVisits : 0);
    }
    FZ_ASSIGN(const bool gone, fold.DeclareGone(*c.page, MomentOf(c), visits, c.pending.gone_after));
    if (!gone) continue;
    ++outcome.ended_gone;
    FZ_TRY(fold.AlterVisit(entry.id, MomentOf(c), [](VisitEntry& visit) { visit.state = "gone"; }));
  }
  for (Case& c : cases) {
    if (c.settled || c.pending.what != "absent" || c.page->entry.mass_round == 0 || c.page->entry.state != "suspect") continue;
    FZ_TRY(FindLeftPlace(c));
  }
  return JudgeRedesign();
}

// Told when a great part of a host's visits of one run got no page, and again when that is over.
Result<void> Fold::HostEvents(Host& host, UtcTime recorded) {
  HostEntry& h = host.entry;
  const uint64_t bad = h.blocked + h.unreachable;
  const bool stopped = bad > 0 && bad * 10 >= h.visits * 3;
  const bool was_stopped = !h.state.empty();
  if (stopped == was_stopped || (!stopped && h.ok == 0)) return {};
  EventEntry event;
  event.host = true;
  Moment moment{h.bad_time, h.bad_place, recorded};
  uint64_t id = h.bad_url;
  if (stopped) {
    event.kind = h.unreachable > h.blocked ? "unreachable" : "blocked";
    event.time = h.bad_time;
    event.not_before = h.ok_before.value_or(h.bad_time);
    event.evidence = h.bad + ", " + std::to_string(bad) + " of " + std::to_string(h.visits) + " visits";
    h.state = h.bad;
  } else {
    event.kind = "reachable";
    event.time = h.ok_time;
    event.not_before = h.last_bad.value_or(h.ok_time);
    event.evidence = "after " + h.state;
    moment = {h.ok_time, h.ok_place, recorded};
    id = h.ok_url;
    h.state.clear();
  }
  FZ_ASSIGN(Page * page, LoadById(id));
  return Event(*page, moment, std::move(event));
}

Result<void> Fold::JudgeHost(const std::string& site, const std::string& host_name, Host& host, UtcTime recorded,
                             CommitOutcome& outcome) {
  HostEntry& h = host.entry;
  host.changed = true;
  RunJudge judge{*this, site, h, recorded, outcome, {}, {}, false, 0};
  FZ_TRY(judge.Collect(host_name));
  FZ_TRY(judge.ClassifyHeld());
  // The host is well when its lists and its home page are; where the run saw none of them, when most of what it saw is. A single page alone
  // has only its own word.
  uint64_t absent = 0, soft = 0;
  for (const RunJudge::Case& c : judge.cases) {
    absent += c.pending.what == "absent" ? 1 : 0;
    soft += c.pending.what == "absent" && !c.pending.reason.starts_with("http_") ? 1 : 0;
  }
  if (h.control_ok + h.control_bad > 0) {
    judge.host_is_well = h.control_ok > 0 && h.control_ok >= h.control_bad;
  } else if (h.ok > 0) {
    judge.host_is_well = h.ok >= absent;
  } else {
    judge.host_is_well = absent <= 1 && soft == 0 && h.blocked + h.unreachable == 0;
  }
  FZ_TRY(judge.SettleHeld());
  FZ_TRY(judge.SettleRedirects());
  FZ_TRY(judge.SettleAbsent());
  FZ_TRY(HostEvents(host, recorded));
  if (h.last_ok) h.ok_before = h.last_ok;
  h.visits = h.known = h.ok = h.control_ok = h.control_bad = h.blocked = h.unreachable = h.reread = h.other_frame = 0;
  h.probes = 0;
  h.bad.clear();
  h.bad_url = h.ok_url = 0;
  h.bad_time = h.ok_time = {};
  h.bad_place = h.ok_place = {};
  return {};
}

Result<CommitOutcome> Fold::EndRun(const CaptureFacts& facts) {
  CommitOutcome outcome;
  outcome.verdict = PurposeName(Purpose::kRun);
  const std::string prefix = keys::Hosts(facts.site);
  std::vector<std::string> names;
  FZ_TRY(database_.Scan(Direction::kForward, prefix, {}, nullptr, [&](std::string_view key, std::string_view) {
    names.emplace_back(keys::HostOfKey(key, facts.site));
    return true;
  }));
  for (const auto& [key, host] : hosts_) {
    if (key.starts_with(prefix)) names.emplace_back(keys::HostOfKey(key, facts.site));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string& name : names) {
    FZ_ASSIGN(Host * host, LoadHost(facts.site, name));
    if (host->entry.visits > 0) FZ_TRY(JudgeHost(facts.site, name, *host, facts.time, outcome));
  }
  return outcome;
}

}  // namespace fangzhi::store
