// The part of Fold that needs more than one capture: what a run as a whole says of a host (docs/ledger.md). Of its pages: run_judge.cc.
#include "store/ledger.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "store/entry_json.h"
#include "store/fold.h"
#include "store/keys.h"
#include "store/likeness.h"
#include "store/run_judge.h"
#include "text/text.h"

namespace fangzhi::store {
namespace {

constexpr size_t kMostBaselines = 16;
constexpr std::chrono::hours kBaselineAge{7 * 24};
constexpr uint32_t kMostProbes = 4;  // of a host in a run

// "application/pdf" of a Content-Type.
std::string_view MediaType(std::string_view content_type) { return TrimAscii(content_type.substr(0, content_type.find(';'))); }

}  // namespace

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
                      bool had_versions, bool again, bool weighed) {
  using Seen = Judgement::Seen;
  HostEntry& h = host.entry;
  ++h.visits;
  if (had_versions && !again) ++h.known;
  const bool page = judgement.Present() || weighed;
  if (had_versions && !again && entry.kind == model::PageKind::kArticle && (page || judgement.seen == Seen::kHeld)) {
    ++h.articles;
    h.edited += judgement.verdict == "changed" && facts.only_damage == 0 ? 1 : 0;
  }
  if (page) {
    ++h.ok;
    h.reread += had_versions && !again && facts.record && facts.record->kind == model::PageKind::kArticle ? 1 : 0;
    h.other_frame += facts.other_frame ? 1 : 0;
    h.last_ok = std::max(h.last_ok.value_or(facts.time), facts.time);  // captures are not committed in the order of their times
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
  // Of a list that is known to stand elsewhere nothing is expected here.
  const bool turned = judgement.seen == Seen::kAbsent && entry.first_absent_round == facts.round && entry.state != "moved";
  if (had_versions && IsControl(entry.kind) && (judgement.seen == Seen::kNothing || turned)) ++h.control_bad;
  if (judgement.seen != Seen::kNothing) return;
  const bool unreachable = judgement.finding.starts_with("unreachable:") || judgement.finding == "site_down" || judgement.finding == "error_page";
  ++(unreachable ? h.unreachable : h.blocked);
  h.last_bad = std::max(h.last_bad.value_or(facts.time), facts.time);
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
  const bool like_home = IsHomeElsewhere(host.entry, latest, version, facts.unlike_link);
  if (latest == nullptr) {
    if (!page || facts.depth == 0) return false;
    if (like_home) return true;
    // The home page may have changed since it was last seen: when the run ends it was seen again.
    if (facts.unlike_link && !version.title.empty() && version.title == host.entry.home_title) return true;
    if (version.kind == model::PageKind::kOther) return true;
    return version.kind == model::PageKind::kArticle && !HasOwnDate(facts) && version.body_chars < kShortBody;
  }
  if (latest->digest == version.digest) return false;
  if (like_home) return true;
  if (latest->field_digests.size() < 2 || version.field_digests.size() < 2) {
    // A document became a page, or a text what was a PDF: that is how a server says something else.
    return latest->field_digests.size() != version.field_digests.size() || !EqualsIgnoreAsciiCase(MediaType(latest->content_type), MediaType(version.content_type));
  }
  if (latest->feed && !version.feed) return true;
  const bool title = latest->field_digests[0] != version.field_digests[0];
  const bool body = latest->field_digests[1] != version.field_digests[1];
  // A column whose articles the home page is full of is like it: that it has the home page's title now is enough to wait.
  if (IsControl(latest->kind) && title && !version.title.empty() && version.title == host.entry.home_title) return true;
  if (IsControl(latest->kind)) return title && (latest->kind != version.kind || !Alike(latest->sketch, version.sketch, kKin));
  if (latest->kind == model::PageKind::kArticle && version.kind != model::PageKind::kArticle) return title || body;
  if (title && body && !Alike(latest->sketch, version.sketch, kKin)) return true;
  // Under its old headline too: when the run ends it is known whether others say the same.
  return body && latest->kind == model::PageKind::kArticle && IsCollapsed(*latest, version) && facts.record && facts.record->attachments.empty() && facts.record->images.empty();
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
  if (facts.record) {
    baseline.title = facts.record->title.value_or("");
    baseline.sketch = text::Sketch(baseline.title + "\n" + facts.record->body);
  }
  std::erase_if(h.baselines, [&](const Baseline& known) { return known.of == baseline.of; });
  if (h.baselines.size() >= kMostBaselines) h.baselines.erase(h.baselines.begin());
  h.baselines.push_back(std::move(baseline));
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
  RunJudge judge{*this, site, h, recorded, outcome, {}, {}, false, {}, 0};
  FZ_TRY(judge.Collect(host_name));
  FZ_TRY(judge.ClassifyHeld());
  // The host is well when its lists and its home page are; where the run saw none of them, when most of what it saw is. A single page alone
  // has only its own word.
  uint64_t absent = 0, absent_from_here = 0, soft = 0;
  for (const RunJudge::Case& c : judge.cases) {
    absent += c.pending.what == "absent" ? 1 : 0;
    absent_from_here += c.pending.what == "absent" && !c.had_moved ? 1 : 0;
    soft += c.pending.what == "absent" && !c.pending.reason.starts_with("http_") ? 1 : 0;
  }
  if (h.control_ok + h.control_bad > 0) {
    judge.host_is_well = h.control_ok > 0 && h.control_ok >= h.control_bad;
  } else if (h.ok > 0) {
    judge.host_is_well = h.ok >= absent_from_here;
  } else {
    judge.host_is_well = absent <= 1 && soft == 0 && h.blocked + h.unreachable == 0;
  }
  FZ_TRY(judge.FindOthersTexts(host_name));
  FZ_TRY(judge.WeighEdits());
  FZ_TRY(judge.SettleHeld());
  FZ_TRY(judge.SettleRedirects());
  FZ_TRY(judge.SettleAbsent());
  FZ_TRY(judge.JudgeLists());
  judge.TellAllEdited(host_name);
  FZ_TRY(HostEvents(host, recorded));
  if (h.last_ok) h.ok_before = h.last_ok;
  h.visits = h.known = h.ok = h.control_ok = h.control_bad = h.blocked = h.unreachable = h.reread = h.other_frame = h.articles = h.edited = 0;
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
