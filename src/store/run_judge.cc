#include "store/run_judge.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/strings.h"
#include "store/entry_json.h"
#include "store/keys.h"
#include "store/likeness.h"
#include "text/text.h"

namespace fangzhi::store {
namespace {

// Directories are looked at down to so many levels; of one no more pages than this.
constexpr int kDirectoryLevels = 3;
constexpr size_t kMostOfDirectory = 20'000, kMostMasses = 16;
// What turned absent with a great part of its host needs so many more visits; while lists still name it, so many more again.
constexpr int kMassVisits = 2, kMassListedVisits = 12;
// Fewer, in one directory: two at least, and a fifth of its pages that the run visited. A part of a server fails so as well; editors do not often.
constexpr uint64_t kFewLeast = 2;
bool AreFew(uint64_t few, uint64_t whole) { return few >= kFewLeast && few * 5 >= whole; }
// While lists name what turned absent with a few others it needs so many more visits.
constexpr int kFewListedVisits = 2;
// So many of one directory that a list names and that are not there are worth telling.
constexpr uint64_t kFewTold = 3;
constexpr size_t kMostFew = 32;
constexpr size_t kMostPending = 200'000;  // judged at the end of one run; the rest waits for the next
constexpr size_t kMostTwins = 64, kMostLookedAt = 256, kMostOfDay = 4096;

}  // namespace

std::vector<std::string> Fold::RunJudge::DirectoriesOf(std::string_view url) {
  std::vector<std::string> directories;
  size_t slash = url.find('/', std::min(url.size(), url.find("://") + 3));
  for (int level = 0; level < kDirectoryLevels && slash != std::string_view::npos; ++level) {
    slash = url.find_first_of("/?#", slash + 1);
    if (slash == std::string_view::npos || url[slash] != '/') break;
    directories.emplace_back(url.substr(0, slash + 1));
  }
  return directories;
}

Result<void> Fold::RunJudge::Collect(const std::string& host_name) {
  FZ_ASSIGN(const auto stored, fold.Scan(keys::PendingOf(site, host_name), kMostPending));
  for (const auto& [key, value] : stored) {
    Case c;
    if (!Decode(value, &c.pending)) return Fail(fold.database_.Unreadable(key));
    FZ_ASSIGN(c.page, fold.LoadById(keys::IdAtEnd(key)));
    if (c.pending.what == "held" && !Decode(c.pending.version, &c.version)) return Fail(fold.database_.Unreadable(key));
    c.had_moved = c.page->entry.state == "moved";
    c.turned = c.pending.what == "absent" && !c.had_moved && c.page->entry.first_absent_round == host.round;
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
    if (c->pending.weighed) continue;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const std::vector<Case*>& g) {
      return SayTheSame(g.front()->version, c->version);
    });
    if (group != groups.end()) group->push_back(c);
    else if (groups.size() < kMostGroups) groups.push_back({c});
  }
  for (const std::vector<Case*>& group : groups) {
    const VersionEntry& shown = group.front()->version;
    const bool page_of_its_own = shown.kind == model::PageKind::kArticle && group.front()->pending.own_date;
    // An article that stands at several addresses is edited at all of them.
    std::set<std::string> before;
    for (size_t i = 0; i < group.size(); ++i) {
      FZ_ASSIGN(const VersionEntry* latest, fold.Latest(*group[i]->page));
      before.insert(latest == nullptr ? std::to_string(i) : latest->digest);
    }
    if (before.size() >= kUniform || (before.size() == 2 && !page_of_its_own)) {
      for (Case* c : group) c->verdict = "uniform";
    }
  }
  for (Case* c : held) {
    if (c->pending.weighed) continue;
    FZ_ASSIGN(const VersionEntry* latest, fold.Latest(*c->page));
    if (c->verdict.empty() && latest != nullptr && IsNoticeInstead(*latest, c->version, c->pending.own_date)) c->verdict = "notice";
    // A link promised an article, and what came has neither its headline nor a date nor a text.
    const bool promised = c->pending.unlike_link && !c->pending.own_date && !IsControl(c->version.kind) && c->version.body_chars < kShortNotice;
    if (c->verdict.empty() && latest == nullptr && promised) c->verdict = "notice";
    if (IsHomeElsewhere(host, latest, c->version, c->pending.unlike_link)) c->verdict = "home";
    const bool control = IsControl(latest == nullptr ? c->version.kind : c->page->entry.kind);
    // A site that has one title for all of its lists says nothing by it.
    const Baseline* baseline = BaselineOf(c->page->entry.url);
    const bool titles_tell = baseline != nullptr && !baseline->title.empty() && !c->version.feed && !(control && baseline->title == host.home_title);
    if (baseline != nullptr && baseline->status == 200 &&
        (Alike(baseline->sketch, c->version.sketch, kAlike) || (titles_tell && baseline->title == c->version.title))) {
      c->verdict = "baseline";
    }
    // What an article's address shows says nothing of the lists, whatever it is.
    if (!control) continue;
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
  c.turned = !c.had_moved && entry.first_absent_round == host.round;
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
      // A page after all. Its visit takes its place in time, or the first that showed the same and was not believed; nothing else of this page was seen since.
      FZ_ASSIGN(const std::vector<VisitEntry> sights, SightsBefore(c));
      VersionEntry version = c.version;
      if (!sights.empty() && !Decode(sights.front().shown, &version)) return Fail(fold.database_.Unreadable(keys::Visit(entry.id, sights.front().time, sights.front().metadata)));
      version.not_before = entry.versions == 0 ? version.not_before : entry.last_present.value_or(version.not_before);
      const Moment first = sights.empty() ? moment : Moment{sights.front().time, sights.front().metadata, recorded};
      const bool was_control = entry.versions > 0 && IsControl(entry.kind);
      FZ_ASSIGN(const std::string verdict, fold.TakeVersion(*c.page, std::move(version), first, c.pending.other_frame));
      FZ_ASSIGN(const bool restored, fold.SeeContent(*c.page, first));
      entry.last_present = moment.time;
      if (!c.pending.clicks.empty()) fold.Put(keys::Click(entry.id, moment.time, moment.metadata), c.pending.clicks);
      outcome.ended_new += verdict == "new" ? 1 : 0;
      outcome.ended_changed += verdict == "changed" ? 1 : 0;
      host.edited += verdict == "changed" && entry.kind == model::PageKind::kArticle ? 1 : 0;
      outcome.ended_unchanged += verdict == "unchanged" ? 1 : 0;
      outcome.ended_restored += restored ? 1 : 0;
      if (was_control || c.pending.lists) FZ_TRY(TakeHeldListing(c));
      entry.payload = c.version.response;
      entry.payload_digest = c.version.payload_digest;
      entry.payload_time = c.version.time;
      entry.payload_record_id = c.pending.response_id;
      entry.payload_version = entry.versions;
      entry.etag.clear();
      entry.last_modified.clear();
      const auto saw = [&](const Moment& when, const std::string& as) {
        return fold.AlterVisit(entry.id, when, [&](VisitEntry& visit) {
          visit.verdict = as;
          visit.finding = as == "changed" ? "changed" : "ok";
          visit.state = entry.state;
          visit.version = entry.versions;
          visit.reason.clear();
          visit.shown.clear();
        });
      };
      FZ_TRY(saw(first, verdict));
      for (size_t i = 1; i < sights.size(); ++i) FZ_TRY(saw({sights[i].time, sights[i].metadata, recorded}, "unchanged"));
      if (!sights.empty()) FZ_TRY(saw(moment, "unchanged"));
      c.settled = true;
      continue;
    }
    if (c.verdict == "alike") {
      FZ_TRY(fold.AlterVisit(entry.id, moment, [&](VisitEntry& visit) {
        visit.verdict = "failed";
        visit.reason = c.alike;
        visit.finding = "error_page";
        visit.state = entry.state;
        visit.shown = c.pending.version;
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
      fold.Miss(*c.page, {host.round, host_is_well ? "throttled" : "unknown", "the host shows the same for other addresses"});
      FZ_TRY(fold.AlterVisit(entry.id, moment, [&](VisitEntry& visit) {
        visit.verdict = "failed";
        visit.reason = "the host shows the same for other addresses";
        visit.finding = finding;
        visit.state = entry.state;
      }));
      c.settled = true;
      continue;
    }
    // What it shows is what the whole page begins with, or not: nobody saw that.
    if (c.version.truncated) {
      fold.Miss(*c.page, {host.round, "", c.pending.reason});
      if (entry.versions == 0 && entry.absent_visits == 0) entry.state = "failing";
      FZ_TRY(fold.AlterVisit(entry.id, moment, [&](VisitEntry& visit) {
        visit.verdict = "failed";
        visit.reason = c.pending.reason;
        visit.finding = "unreachable:truncated";
        visit.state = entry.state;
      }));
      c.settled = true;
      continue;
    }
    ++outcome.ended_absent;
    FZ_TRY(TurnAbsent(c, c.verdict == "home" ? "home_page" : c.verdict == "notice" ? "notice_instead" : "soft_404", "soft_404"));
  }
  return {};
}

Result<void> Fold::RunJudge::TakeHeldListing(const Case& c) {
  const Listed listed{site, host.round, c.pending.time, c.pending.listing, c.pending.ended, c.pending.pages, false};
  return fold.UpdateListing(listed, *c.page, &host);
}

Result<void> Fold::RunJudge::DeclareMoved(Case& c, Page& target, const VersionEntry& first) {
  UrlEntry& entry = c.page->entry;
  const Moment moment = MomentOf(c);
  const bool was_absent = entry.first_absent.has_value();
  EventEntry event;
  event.kind = "moved";
  // What was absent in an earlier run and is first seen elsewhere in this one may have been withdrawn meanwhile: it was at its new place when that was seen.
  const bool later = was_absent && entry.first_absent_round < host.round && first.time >= host.began;
  event.time = later ? first.time : was_absent ? *entry.first_absent : c.pending.time;
  event.not_before = entry.last_present.value_or(event.time);
  if (entry.state == "gone") {  // then it was nowhere for a while
    event.time = first.time;
    event.not_before = std::min(first.not_before, first.time);
    // Nobody named the new address before; the old one still answered for a page that is not there.
    const bool unknown = event.not_before == event.time;
    if (unknown && c.pending.what == "redirect" && entry.last_absent && *entry.last_absent < event.time) {
      event.not_before = *entry.last_absent;
    } else if (unknown && entry.first_absent && *entry.first_absent < event.time) {
      event.not_before = *entry.first_absent;  // since when it was nowhere
    }
  }
  event.to = target.entry.url;
  event.evidence = c.pending.what == "redirect" ? "redirect" : c.pending.reason + ", the same article is at another address";
  const Moment first_seen{event.time, was_absent && !later && entry.state != "gone" ? entry.first_absent_place : c.pending.metadata, recorded};
  FZ_TRY(fold.Event(*c.page, first_seen, std::move(event)));
  entry.state = "moved";
  entry.moved_to = target.entry.url;
  if (!was_absent) entry.last_absent = c.pending.time;
  target.changed = true;
  if (target.entry.moved_from.empty()) {
    target.entry.moved_from = entry.url;
    // It is not new: this run found it where it went.
    if (first.time >= host.began && first.time != target.entry.back_since) {
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

// A page that has gone elsewhere is looked for by its day among the pages that are new to the archive, those that this run saw: in an outage there are none.
Result<const std::vector<uint64_t>*> Fold::RunJudge::LatestOfDay(std::string_view day) {
  const auto known = of_day.find(std::string(day));
  if (known != of_day.end()) return &known->second;
  // The keys of a day are in the order of its hours, then of the ids.
  FZ_ASSIGN(std::vector<uint64_t> ids, fold.LatestIds(keys::SiteDates(site).append(day), kMostOfDay));
  std::sort(ids.begin(), ids.end());
  if (ids.size() > kMostLookedAt) ids.erase(ids.begin(), ids.end() - kMostLookedAt);
  std::vector<uint64_t>& seen = of_day[std::string(day)];
  for (const uint64_t id : ids) {
    FZ_ASSIGN(const UrlEntry* entry, fold.Look(id));
    if (entry->state == "present" && entry->last_present && *entry->last_present >= host.began) seen.push_back(id);
  }
  if (seen.size() > kMostTwins) seen.erase(seen.begin(), seen.end() - kMostTwins);
  return &seen;
}

// The same article under another address: by title, date and document number, and by what it says. `anywhen`: also where it stood already
// while this one was still here.
Result<bool> Fold::RunJudge::FindNewPlace(Case& c, bool anywhen) {
  UrlEntry& entry = c.page->entry;
  FZ_ASSIGN(const VersionEntry* latest, fold.Latest(*c.page));
  if (latest == nullptr || latest->title.empty() || IsControl(latest->kind)) return false;
  const VersionEntry mine = *latest;
  FZ_ASSIGN(std::vector<uint64_t> twins, fold.LatestIds(keys::Titled(site, mine.title), kMostTwins));
  if (const std::string text = TextKey(mine); !text.empty()) {
    FZ_ASSIGN(const std::vector<uint64_t> of_text, fold.LatestIds(keys::Titled(site, text), kMostTwins));
    twins.insert(twins.end(), of_text.begin(), of_text.end());
  }
  std::set<uint64_t> by_day;
  if (!mine.published.empty()) {
    const std::set<uint64_t> known(twins.begin(), twins.end());
    FZ_ASSIGN(const std::vector<uint64_t>* same_day, LatestOfDay(Day(mine.published)));
    for (const uint64_t id : *same_day) {
      if (known.contains(id)) continue;
      by_day.insert(id);
      twins.push_back(id);
    }
  }
  for (const uint64_t id : twins) {
    if (id == entry.id) continue;
    FZ_ASSIGN(const UrlEntry* seen, fold.Look(id));
    if (seen->state != "present") continue;
    FZ_ASSIGN(Page * other, fold.LoadById(id));
    if (!other->entry.moved_from.empty() && other->entry.moved_from != entry.url) continue;
    FZ_ASSIGN(const VersionEntry* theirs, fold.Latest(*other));
    if (theirs == nullptr || !(by_day.contains(id) ? IsEditedCopy(mine, *theirs) : IsSameArticle(mine, *theirs))) continue;
    FZ_ASSIGN(VersionEntry first, fold.FirstVersion(*other));
    // What was gone or elsewhere meanwhile was not there either: an article may go back to where it was.
    if (other->entry.back_since && *other->entry.back_since > first.time) first.time = first.not_before = *other->entry.back_since;
    if (!anywhen && entry.last_present && first.time <= *entry.last_present) continue;
    // Likeness alone is a reason only for a page that nobody knew before.
    if (by_day.contains(id) && (first.time < host.began || (entry.last_present && first.time <= *entry.last_present))) continue;
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
  FZ_ASSIGN(const std::vector<uint64_t> twins, fold.LatestIds(keys::Titled(site, mine.title), kMostTwins));
  Page* found = nullptr;
  VersionEntry first;
  for (const uint64_t id : twins) {
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
      if (entry.state != "moved" || entry.moved_to != target->entry.url) {
        FZ_ASSIGN(const VersionEntry first, fold.FirstVersion(*target));
        FZ_TRY(DeclareMoved(c, *target, first));
      }
      entry.last_absent = entry.absent_proved_at = c.pending.time;  // until when it is known to be elsewhere
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
  if (host.ok_url != 0) {
    FZ_ASSIGN(Page * seen, fold.LoadById(host.ok_url));
    return TellRedesign(*seen, {host.ok_time, host.ok_place, recorded}, std::move(what));
  }
  // Nothing of the host was seen.
  return cases.empty() ? Result<void>() : TellRedesign(*cases.front().page, MomentOf(cases.front()), std::move(what));
}

// How many pages of a directory the run saw that had been seen before, up to `enough`.
Result<uint64_t> Fold::RunJudge::SeenUnder(const std::string& under, uint64_t enough, bool articles) {
  uint64_t seen = 0;
  FZ_ASSIGN(const auto urls, fold.Scan(keys::UrlId(under), kMostOfDirectory));
  for (const auto& [key, id] : urls) {
    if (seen >= enough) break;
    const std::optional<uint64_t> number = ParseUint(id);
    if (!number) return Fail(fold.database_.Unreadable(key));
    FZ_ASSIGN(const UrlEntry* entry, fold.Look(*number));
    if (articles && entry->kind != model::PageKind::kArticle) continue;
    seen += entry->state == "present" && entry->round == host.round && entry->seen_before ? 1 : 0;
  }
  return seen;
}

// How much of the host (`under` is empty) or of a directory turned absent and is missing.
Result<Fold::RunJudge::Part> Fold::RunJudge::PartUnder(const std::string& under) {
  Part part;
  part.under = under;
  uint64_t absent = 0;
  uint64_t had_moved = 0;
  for (const Case& c : cases) {
    had_moved += c.had_moved ? 1 : 0;
    if (!c.IsMissing() || !c.page->entry.url.starts_with(under)) continue;
    ++absent;
    part.turned += c.turned ? 1 : 0;
    part.missing += c.page->entry.state == "suspect" ? 1 : 0;
  }
  part.known = host.known - std::min(host.known, had_moved);  // old addresses are no pages that could be there
  if (!under.empty()) {
    // Of those that are there only as many are looked for as decide.
    part.known = absent;
    const uint64_t enough = std::max(part.turned, part.missing) * 5 + 1;
    FZ_ASSIGN(const uint64_t there, SeenUnder(under, enough - std::min(enough, absent), false));
    part.known += there;
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
    if (!c.IsMissing() || !c.turned) continue;
    for (std::string& under : DirectoriesOf(c.page->entry.url)) {
      if (turned.size() < kMostDirectories || turned.contains(under)) ++turned[std::move(under)];
    }
  }
  std::vector<std::string> candidates{""}, narrow;
  for (const auto& [under, count] : turned) {
    if (count >= kMassLeast) candidates.push_back(under);
    if (count >= kFewLeast) narrow.push_back(under);
  }
  for (const MassEntry& mass : host.masses) candidates.push_back(mass.under);
  std::sort(candidates.begin(), candidates.end(), [](const std::string& a, const std::string& b) { return std::pair(a.size(), a) < std::pair(b.size(), b); });
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  for (const std::string& under : candidates) {
    auto mass = std::find_if(host.masses.begin(), host.masses.end(), [&](const MassEntry& m) { return m.under == under; });
    // A directory of what is ill as a whole is not told apart from it, and not looked into: in an outage there are as many as the host has.
    if (std::any_of(parts.begin(), parts.end(), [&](const Part& wider) { return wider.Ill() && under.starts_with(wider.under); })) {
      if (mass != host.masses.end()) mass->open = false;
      continue;
    }
    FZ_ASSIGN(Part part, PartUnder(under));
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
  return FindFew(std::move(narrow));
}

// Too few for a great part, in the narrowest directory that has some of them.
Result<void> Fold::RunJudge::FindFew(std::vector<std::string> directories) {
  std::sort(directories.begin(), directories.end(), [](const std::string& a, const std::string& b) { return std::pair(b.size(), a) < std::pair(a.size(), b); });
  std::vector<std::string> chosen;
  for (const std::string& under : directories) {
    const bool ill = std::any_of(parts.begin(), parts.end(), [&](const Part& part) { return part.Ill() && (under.starts_with(part.under) || part.under.starts_with(under)); });
    if (ill || std::any_of(chosen.begin(), chosen.end(), [&](const std::string& narrower) { return narrower.starts_with(under); })) continue;
    FZ_ASSIGN(const Part part, PartUnder(under));
    if (!AreFew(part.turned, part.known)) continue;
    chosen.push_back(under);
    host.few.push_back({under, host.round, part.turned, 0});
  }
  if (host.few.size() > kMostFew) host.few.erase(host.few.begin(), host.few.end() - kMostFew);
  return {};
}

// Of each directory at the host's root: whether lists name several that are not there, and not yet said to be gone.
Result<void> Fold::RunJudge::TellAbsentListed() {
  std::map<std::string, uint64_t> named;
  for (const Case& c : cases) {
    const UrlEntry& entry = c.page->entry;
    if (!c.IsMissing() || entry.state != "suspect") continue;
    if (std::any_of(parts.begin(), parts.end(), [&](const Part& part) { return part.Ill() && entry.url.starts_with(part.under); })) continue;
    FZ_ASSIGN(const bool is_named, IsNamedNow(entry));
    if (!is_named) continue;
    const size_t root = entry.url.find('/', std::min(entry.url.size(), entry.url.find("://") + 3));
    const size_t end = root == std::string::npos ? root : entry.url.find_first_of("/?#", root + 1);
    const bool directory = end != std::string::npos && entry.url[end] == '/';
    std::string under = entry.url.substr(0, directory ? end + 1 : root == std::string::npos ? root : root + 1);
    if (named.size() < kMostDirectories || named.contains(under)) ++named[std::move(under)];
  }
  constexpr size_t kMostTold = 100;
  for (const auto& [under, pages] : named) {
    if (pages < kFewTold || outcome.absent_listed.size() >= kMostTold) continue;
    outcome.absent_listed.push_back(std::string(HostOf(under)) + ": " + std::to_string(pages) + " pages under " + under + " are not there, though lists name them");
  }
  return {};
}

const FewEntry* Fold::RunJudge::FewOf(const UrlEntry& entry) const {
  for (const FewEntry& few : host.few) {
    if (few.round == entry.first_absent_round && entry.url.starts_with(few.under)) return &few;
  }
  return nullptr;
}

// The others came back, so what was seen then says nothing: this one's absence begins now.
void Fold::RunJudge::BeginAgain(Case& c) {
  UrlEntry& entry = c.page->entry;
  entry.first_absent = c.pending.time;
  entry.first_absent_place = c.pending.metadata;
  entry.first_absent_round = host.round;
  entry.absent_visits = 1;
  entry.absent_proved = 0;
  entry.mass_round = 0;
}

// Whether a list that this run read names it.
Result<bool> Fold::RunJudge::IsNamedNow(const UrlEntry& entry) {
  for (const uint64_t id : entry.lists) {
    FZ_ASSIGN(const Page* list, fold.LoadById(id));
    if (list->entry.state == "present" && list->entry.last_present && *list->entry.last_present >= host.began) return true;
  }
  return false;
}

Result<void> Fold::RunJudge::SettleAbsent() {
  FZ_TRY(FindParts());
  for (Case& c : cases) {
    UrlEntry& entry = c.page->entry;
    if (c.settled || c.pending.what != "absent") continue;
    if (c.had_moved) {
      if (host_is_well) entry.absent_proved_at = c.pending.time;
      continue;
    }
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
    if (outage_is_over && ill == nullptr && entry.mass_round != 0 && entry.state == "suspect") BeginAgain(c);
    const FewEntry* few = ill == nullptr && entry.mass_round == 0 && entry.state == "suspect" ? FewOf(entry) : nullptr;
    if (few != nullptr && few->round < host.round && few->back * 2 >= few->flipped) {
      BeginAgain(c);
      few = nullptr;
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
    } else if (few != nullptr) {
      FZ_ASSIGN(const bool listed, fold.IsListed(entry));
      visits += listed ? kFewListedVisits : 0;
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
  FZ_TRY(TellAbsentListed());
  return JudgeRedesign();
}

}  // namespace fangzhi::store
