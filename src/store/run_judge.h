// The judgement of one host when a run of its site ends: what was held back and what was absent is settled with all that the run saw. The rules are in
// docs/ledger.md. Part of Fold; internal to store/.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "store/fold.h"
#include "store/ledger.h"

namespace fangzhi::store {

// From so many pages on the same text under different addresses is no page of its own.
constexpr size_t kUniform = 3;
// A great part of a host or of a directory: 30 % of its pages that the run visited, and at least this many. Editors take down single pages; what takes
// a third of a column at once is a server, a deployment or a redesign, and where it was an editor after all the price is two visits more. Fewer than
// five are what an editor does on one day even on a site of ten pages.
constexpr uint64_t kMassLeast = 5;
constexpr bool IsGreatPart(uint64_t part, uint64_t whole, uint64_t least = kMassLeast) { return part >= least && part * 10 >= whole * 3; }
constexpr size_t kMostDirectories = 10'000;  // that are looked at

// The judgement of one host's run: sees all that waits, step by step.
struct Fold::RunJudge {
  struct Case {
    Page* page = nullptr;
    PendingEntry pending;
    VersionEntry version;  // of what is held
    std::string verdict;   // of what is held: "" (a page after all), "baseline", "uniform", "home", "notice", "alike"
    std::string alike;     // how it changed with others, believed or not; empty: alone
    bool had_moved = false;  // known to stand at another address before this run
    bool turned = false;     // absent for the first time in this run
    bool settled = false;

    // A page that was there and is not, of which nothing better was found.
    bool IsMissing() const { return !settled && !had_moved && pending.what == "absent" && page->entry.versions > 0; }
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
  std::map<std::string, std::vector<uint64_t>> of_day;  // ids of the site's latest pages of a day that this run saw
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
  // Those that show, to the letter, the article that stands at another address of the site (weigh_edits.cc).
  Result<void> FindOthersTexts(const std::string& host_name);
  Result<uint32_t> VisitsToOthersText(const Case& c);  // in a row before this one, that told nothing else of the page
  Result<std::string> WhoseTextIs(const Case& c, const VersionEntry& before);  // that address; empty: nobody's
  // Edits that a great part of the host or of a directory had alike (weigh_edits.cc).
  struct Likewise;
  Result<void> WeighEdits();
  Result<void> Weigh(const Likewise& likewise);
  // Whether those of them that are under a directory, or all, are such a part; then they are held back or, in the fifth run, believed.
  bool SettleLikewise(const Likewise& likewise, const std::string& under, uint64_t part, uint64_t whole, bool always);
  static std::vector<std::string> DirectoriesOf(std::string_view url);  // the widest first
  Result<uint64_t> SeenUnder(const std::string& under, uint64_t enough, bool articles);
  // The visits before this one, oldest first, that showed the same in a row and were not believed: the first of them is the first sight of it.
  Result<std::vector<VisitEntry>> SightsBefore(const Case& c);
  void TellAllEdited(const std::string& host_name);
  Result<void> SettleHeld();
  Result<void> TakeHeldListing(const Case& c);
  Result<void> SettleRedirects();
  Result<void> SettleAbsent();
  Result<void> JudgeRedesign();
  Result<void> JudgeLists();
  Result<uint64_t> Unexplained(const ListingEntry& listing);
  Result<void> FindParts();
  Result<void> FindFew(std::vector<std::string> directories);
  Result<void> TellAbsentListed();
  // Those that turned absent with this page, nullptr: too few, or too many.
  const FewEntry* FewOf(const UrlEntry& entry) const;
  void BeginAgain(Case& c);
  Result<bool> IsNamedNow(const UrlEntry& entry);
  Result<Part> PartUnder(const std::string& under);
  Result<void> TellRedesign(Page& of, const Moment& moment, std::string what);
  Result<void> TurnAbsent(Case& c, std::string reason, std::string_view finding);
  Result<const std::vector<uint64_t>*> LatestOfDay(std::string_view day);
  Result<bool> FindNewPlace(Case& c, bool anywhen);
  Result<bool> FindLeftPlace(Case& c);
  Result<void> DeclareMoved(Case& c, Page& target, const VersionEntry& first);
};

}  // namespace fangzhi::store
