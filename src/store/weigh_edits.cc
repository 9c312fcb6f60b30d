// The part of the judgement of a run that weighs its edits against each other: what a great part of a host's articles did alike, at once, was done by its
// server or by a template, and not by their editors (docs/ledger.md, Alike).
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/digest.h"
#include "store/entry_json.h"
#include "store/keys.h"
#include "store/ledger.h"
#include "store/likeness.h"
#include "store/run_judge.h"

namespace fangzhi::store {
namespace {

// In the run in a row that sees it so for so many times it is what the pages say now.
constexpr uint64_t kBelievedRuns = 5;
// In the visit in a row that shows an article of another address for so many times it is the article of this one too.
constexpr uint32_t kBelievedVisits = 3;
constexpr std::string_view kOthersText = "another_articles_text";
constexpr size_t kMostTwins = 64;  // that are looked at
constexpr size_t kMostAlike = 16;  // remembered of a host
// Nearly all of the articles that came back, and at least so many, were edited: worth telling.
constexpr uint64_t kAllLeast = 10;
bool AreNearlyAll(uint64_t part, uint64_t whole) { return part >= kAllLeast && part * 5 >= whole * 4; }

std::string_view NameOf(std::string_view what) {
  if (what == "title") return "headline";
  return what == "published" ? "date" : what;
}

bool IsOfNothing(const std::string& value) { return Sha256Hex("").starts_with(value); }

}  // namespace

// What articles have in common that changed: each lost a part of its text, or all have the same text, headline, source or date now.
struct Fold::RunJudge::Likewise {
  struct Member {
    Case* c;
    std::string before;  // digest of its latest version
    bool telling;        // shows that it is so: nothing else tells of an edit
    bool bare;           // neither files nor images, and not taken for the answer for everything
  };
  std::string what, value;  // AlikeEntry
  std::vector<Member> members;

  std::string Text(uint64_t part, uint64_t whole, const std::string& under) const {
    std::string text = std::to_string(part) + " of " + std::to_string(whole) + " articles" + (under.empty() ? "" : " under " + under);
    if (what == "shorter") return text + " lost a part of their text at once";
    const std::string name(NameOf(what));
    return text + (IsOfNothing(value) ? " lost their " + name + " at once" : " show one and the same " + name + " at once");
  }
};

Result<void> Fold::RunJudge::WeighEdits() {
  std::map<std::pair<std::string, std::string>, Likewise> groups;
  for (Case& c : cases) {
    if (c.pending.what != "held" || (!c.verdict.empty() && c.verdict != "uniform")) continue;
    FZ_ASSIGN(const VersionEntry* latest, fold.Latest(*c.page));
    if (latest == nullptr || latest->kind != model::PageKind::kArticle) continue;
    const std::vector<std::string>&before = latest->field_digests, &now = c.version.field_digests;
    if (before.size() < field::kCount || now.size() < field::kCount) continue;
    const auto changed = [&](size_t one) { return before[one] != now[one]; };
    const bool bare = c.verdict.empty() && !HasFilesOrImages(c.version);
    const auto add = [&](const char* what, const std::string& value, bool telling) {
      Likewise& likewise = groups[{what, value}];
      likewise.what = what;
      likewise.value = value;
      likewise.members.push_back({&c, latest->digest, telling, bare});
    };
    if (changed(field::kBody) && !changed(field::kTitle)) add("text", now[field::kBody], true);
    if (!c.verdict.empty()) continue;
    if (changed(field::kBody) && IsShorter(*latest, c.version)) add("shorter", "", !changed(field::kTitle) && !changed(field::kSource) && !changed(field::kPublished));
    // A text that was edited has a new date for that.
    if (changed(field::kTitle)) add("title", now[field::kTitle], !changed(field::kBody));
    if (changed(field::kSource)) add("source", now[field::kSource], !changed(field::kBody));
    if (changed(field::kPublished)) add("published", now[field::kPublished], !changed(field::kBody));
  }
  // What all texts are now says more than that they are shorter.
  for (const bool of_texts : {true, false}) {
    for (auto& [key, likewise] : groups) {
      if ((likewise.what == "text") != of_texts) continue;
      if (likewise.what == "shorter") std::erase_if(likewise.members, [](const Likewise::Member& member) { return !member.c->alike.empty(); });
      FZ_TRY(Weigh(likewise));
    }
  }
  while (host.alike.size() > kMostAlike) {
    host.alike.erase(std::min_element(host.alike.begin(), host.alike.end(), [](const AlikeEntry& a, const AlikeEntry& b) { return a.round < b.round; }));
  }
  return {};
}

// Of the host as a whole, or else of its directories, the widest first.
Result<void> Fold::RunJudge::Weigh(const Likewise& likewise) {
  // An article that stands at several addresses counts once.
  std::set<std::string> telling, bare;
  std::map<std::string, std::set<std::string>> under;
  for (const Likewise::Member& member : likewise.members) {
    if (!member.telling) continue;
    telling.insert(member.before);
    if (member.bare) bare.insert(member.before);
  }
  const bool always = likewise.what == "text" && bare.size() >= kUniform;
  if (SettleLikewise(likewise, "", telling.size(), host.articles, always)) return {};
  for (const Likewise::Member& member : likewise.members) {
    if (!member.telling) continue;
    for (std::string& directory : DirectoriesOf(member.c->page->entry.url)) {
      if (under.size() < kMostDirectories || under.contains(directory)) under[std::move(directory)].insert(member.before);
    }
  }
  std::vector<std::string> settled;
  for (const auto& [directory, texts] : under) {  // a directory comes before those that are in it
    const std::string& name = directory;
    if (std::any_of(settled.begin(), settled.end(), [&](const std::string& wider) { return name.starts_with(wider); })) continue;
    const bool goes_on = std::any_of(host.alike.begin(), host.alike.end(), [&](const AlikeEntry& entry) { return entry.under == name && entry.what == likewise.what; });
    if (texts.size() < kMassLeast && !goes_on) continue;
    FZ_ASSIGN(const uint64_t whole, SeenUnder(name, texts.size() * 4 + 1, true));
    if (SettleLikewise(likewise, name, texts.size(), whole, false)) settled.push_back(name);
  }
  return {};
}

bool Fold::RunJudge::SettleLikewise(const Likewise& likewise, const std::string& under, uint64_t part, uint64_t whole, bool always) {
  if (part == 0) return false;
  auto entry = std::find_if(host.alike.begin(), host.alike.end(), [&](const AlikeEntry& one) { return one.what == likewise.what && one.under == under; });
  const bool is_known = entry != host.alike.end();
  const bool in_a_row = is_known && entry->round + 1 >= host.round;
  // What was believed once is what a page says that is visited late, too.
  const bool is_believed = is_known && entry->believed && entry->value == likewise.value && (in_a_row || !likewise.value.empty());
  if (!always && !IsGreatPart(part, whole, in_a_row || is_believed ? 1 : kMassLeast)) return false;
  if (!is_known) entry = host.alike.insert(host.alike.end(), AlikeEntry{likewise.what, under, likewise.value, 0, 0, false});
  const bool same_round = entry->round == host.round;
  entry->round = host.round;
  entry->value = likewise.value;
  bool believed = is_believed;
  if (!is_believed) {
    if (!same_round && host_is_well) {
      entry->runs = in_a_row && !entry->believed ? entry->runs + 1 : 1;
      entry->believed = false;
    }
    const std::string name = cases.empty() ? std::string() : std::string(HostOf(cases.front().page->entry.url)) + ": ";
    believed = entry->believed = entry->runs >= kBelievedRuns;
    (believed ? outcome.believed_alike : outcome.changed_alike).push_back(name + likewise.Text(part, std::max(part, whole), under));
  }
  for (const Likewise::Member& member : likewise.members) {
    Case& c = *member.c;
    if (!c.page->entry.url.starts_with(under)) continue;
    c.alike = likewise.Text(part, std::max(part, whole), under);
    if (!believed) {
      c.verdict = "alike";
    } else if (c.verdict == "uniform") {
      c.verdict.clear();
    }
  }
  return true;
}

// A cache or a database that mixes its keys up shows at one address what stands at another. Where that other is gone or leads here, it is the article's
// new place; a page that only repeats others, or an article that always stood at both addresses, is edited so too.
Result<std::string> Fold::RunJudge::WhoseTextIs(const Case& c, const VersionEntry& before) {
  const auto is_same = [](const VersionEntry& a, const VersionEntry& b) {
    return a.field_digests.size() >= field::kCount && b.field_digests.size() >= field::kCount && a.field_digests[field::kTitle] == b.field_digests[field::kTitle] &&
           a.field_digests[field::kBody] == b.field_digests[field::kBody];
  };
  const auto others_of = [&](const VersionEntry& version) -> Result<std::vector<Page*>> {
    std::vector<Page*> others;
    const std::string text = TextKey(version);
    FZ_ASSIGN(const std::vector<uint64_t> ids, fold.LatestIds(keys::Titled(site, text.empty() ? version.title : text), kMostTwins));
    for (const uint64_t id : ids) {
      if (id == c.page->entry.id) continue;
      FZ_ASSIGN(const UrlEntry* seen, fold.Look(id));
      if (seen->state != "present") continue;
      FZ_ASSIGN(Page * other, fold.LoadById(id));
      FZ_ASSIGN(const VersionEntry* theirs, fold.Latest(*other));
      if (theirs != nullptr && theirs->kind == model::PageKind::kArticle && is_same(*theirs, version)) others.push_back(other);
    }
    return others;
  };
  FZ_ASSIGN(const std::vector<Page*> repeated, others_of(before));
  if (!repeated.empty()) return std::string();
  FZ_ASSIGN(const std::vector<Page*> others, others_of(c.version));
  std::string whose;
  for (Page* other : others) {
    const bool left = std::any_of(cases.begin(), cases.end(), [&](const Case& one) { return one.page == other && one.pending.what != "held"; });
    if (left) return std::string();
    FZ_ASSIGN(const auto versions, fold.Scan(keys::Versions(other->entry.id), kMostTwins));
    for (const auto& [key, value] : versions) {
      VersionEntry version;
      if (!Decode(value, &version)) return Fail(fold.database_.Unreadable(key));
      if (is_same(version, before)) return std::string();
    }
    whose = other->entry.url;
  }
  return whose;
}

Result<uint32_t> Fold::RunJudge::VisitsToOthersText(const Case& c) {
  constexpr size_t kMostVisits = 100'000;
  FZ_ASSIGN(const auto visits, fold.Scan(keys::Visits(c.page->entry.id), kMostVisits));
  uint32_t in_a_row = 0;
  for (const auto& [key, value] : visits) {
    VisitEntry visit;
    if (!Decode(value, &visit)) return Fail(fold.database_.Unreadable(key));
    if (visit.time >= c.pending.time) break;
    if (visit.reason.starts_with(kOthersText)) {
      ++in_a_row;
    } else if (visit.verdict != "failed") {
      in_a_row = 0;
    }
  }
  return in_a_row;
}

Result<void> Fold::RunJudge::FindOthersTexts(const std::string& host_name) {
  uint64_t mixed = 0;
  for (Case& c : cases) {
    if (c.pending.what != "held" || !c.verdict.empty() || c.version.kind != model::PageKind::kArticle) continue;
    FZ_ASSIGN(const VersionEntry* latest, fold.Latest(*c.page));
    if (latest == nullptr || latest->kind != model::PageKind::kArticle || latest->title == c.version.title) continue;
    const VersionEntry before = *latest;
    FZ_ASSIGN(const std::string whose, WhoseTextIs(c, before));
    if (whose.empty()) continue;
    FZ_ASSIGN(const uint32_t before_this, VisitsToOthersText(c));
    if (before_this + 1 >= kBelievedVisits) continue;
    c.verdict = "alike";
    c.alike = std::string(kOthersText) + ": " + whose;
    ++mixed;
  }
  if (mixed == 0) return {};
  outcome.changed_alike.push_back(host_name + ": " + std::to_string(mixed) + " of " + std::to_string(std::max(mixed, host.articles)) +
                                  (mixed == 1 ? " articles shows" : " articles show") + " the whole text of another article of the site");
  return {};
}

Result<std::vector<VisitEntry>> Fold::RunJudge::SightsBefore(const Case& c) {
  constexpr size_t kMostVisits = 10'000;
  const UrlEntry& entry = c.page->entry;
  std::vector<VisitEntry> sights;
  if (!entry.last_present) return sights;
  FZ_ASSIGN(const auto visits, fold.Scan(keys::Visits(entry.id), kMostVisits, keys::Visit(entry.id, *entry.last_present, {})));
  for (const auto& [key, value] : visits) {
    VisitEntry visit;
    if (!Decode(value, &visit)) return Fail(fold.database_.Unreadable(key));
    if (visit.time >= c.pending.time) break;
    if (visit.time == *entry.last_present) continue;
    if (visit.shown.empty()) {
      if (visit.verdict != "failed") sights.clear();  // what could not tell, tells nothing against it either
      continue;
    }
    VersionEntry shown;
    if (!Decode(visit.shown, &shown)) return Fail(fold.database_.Unreadable(key));
    if (shown.digest != c.version.digest || shown.next_page != c.version.next_page) {
      sights.clear();
    } else {
      sights.push_back(std::move(visit));
    }
  }
  return sights;
}

void Fold::RunJudge::TellAllEdited(const std::string& host_name) {
  if (!AreNearlyAll(host.edited, host.articles)) return;
  outcome.all_edited.push_back(host_name + ": " + std::to_string(host.edited) + " of " + std::to_string(host.articles) + " articles that came back were edited");
}

}  // namespace fangzhi::store
