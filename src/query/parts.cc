// The parts of an article as one: which belong to a version of it, which are not there, and what that means for what a site lost.
#include <algorithm>
#include <set>
#include <unordered_set>

#include "base/strings.h"
#include "query/common.h"
#include "text/text.h"

namespace fangzhi::query {
namespace {

using store::IndexReader;
using store::UrlEntry;
using store::VersionEntry;

constexpr size_t kMostParts = 100;

// When a version was current, and the moment that is asked for.
struct VersionTime {
  UtcTime from{};
  std::optional<UtcTime> until;       // the next version's first sight
  std::optional<UtcTime> next_visit;  // the first of the page after `from`
  std::optional<UtcTime> at;
};

Result<VersionTime> TimeOf(const IndexReader& index, const UrlEntry& page, const VersionEntry& version, const std::optional<UtcTime>& at) {
  VersionTime time;
  time.from = version.time;
  time.at = at;
  if (version.number < page.versions) {
    FZ_ASSIGN(const VersionEntry following, GetVersion(index, page, version.number + 1));
    time.until = following.time;
  }
  if (!at) return time;
  FZ_TRY(index.ForEachVisit(page.id, [&time](const store::VisitEntry& visit) {
    if (visit.time > time.from) time.next_visit = visit.time;
    return !time.next_visit;
  }));
  return time;
}

// The version of a part that goes with a version of its article; nullopt where it was not in the archive then.
Result<std::optional<VersionEntry>> PartThen(const IndexReader& index, const UrlEntry& part, const VersionTime& time) {
  ShowOptions options;
  options.at = time.at ? time.at : time.until;
  if (time.at) {
    // Parts are captured after the page that names them: up to then the visit that saw this version tells.
    std::optional<UtcTime> same_visit;
    FZ_TRY(index.ForEachVisit(part.id, [&](const store::VisitEntry& visit) {
      if (visit.time >= time.from && SawContent(visit)) same_visit = visit.time;
      return !same_visit;
    }));
    if (same_visit && *same_visit > *time.at && (!time.next_visit || *same_visit < *time.next_visit)) options.at = same_visit;
    FZ_ASSIGN(VersionEntry first, GetVersion(index, part, 1));
    const bool later = first.time > *options.at;
    if (later) return time.until && first.time >= *time.until ? std::optional<VersionEntry>() : std::optional<VersionEntry>(std::move(first));
  }
  Result<VersionEntry> version = ChooseVersion(index, part, options);
  if (version) return std::optional<VersionEntry>(std::move(*version));
  if (version.error().kind != ErrorKind::kNotFound) return Fail(std::move(version.error()));
  return std::optional<VersionEntry>();
}

// Why a part that the one before leads to has no version.
Result<std::string> WhyNeverGot(const IndexReader& index, const std::optional<UrlEntry>& part) {
  if (!part || part->visits == 0) return std::string("never asked for");
  std::string why;
  FZ_TRY(index.ForEachVisit(part->id, [&why](const store::VisitEntry& visit) {
    why = !visit.reason.empty() ? visit.reason : !visit.finding.empty() ? visit.finding : visit.outcome;
    return true;
  }));
  return why;
}

bool IsAbsence(std::string_view state) { return state == "suspect" || state == "gone" || state == "moved"; }

}  // namespace

Result<StateThen> StateAt(const IndexReader& index, const UrlEntry& page, const std::optional<UtcTime>& at) {
  StateThen then;
  then.state = page.state;
  if (!at && !IsAbsence(page.state)) return then;
  std::optional<Stretch> last;  // that could tell
  FZ_TRY(ForEachStretch(index, page, [&](const Stretch& stretch) {
    const bool present = IsPresence(stretch.state);
    if (!present && !IsAbsence(stretch.state)) return true;
    if (at && stretch.from > *at) {
      const bool differs = last && (present == then.absent.has_value() || (present && stretch.version != last->version));
      if (differs && last->until < *at) {
        then.otherwise = stretch;
        then.otherwise->not_before = last->until;
      }
      return false;
    }
    if (present) {
      if (at) then.state = "present";
      then.absent.reset();
    } else {
      if (at) then.state = stretch.state;
      then.absent = stretch;
    }
    last = stretch;
    return true;
  }));
  return then;
}

Result<Parts> PartsOf(const store::Archive& archive, const IndexReader& index, const UrlEntry& page, const VersionEntry& version, std::optional<std::string> next,
                      const std::optional<UtcTime>& at) {
  Parts parts;
  if (!next) return parts;
  FZ_ASSIGN(const VersionTime time, TimeOf(index, page, version, at));
  const auto miss = [&parts, &next](std::string why) {
    parts.missing = next;
    parts.why_missing = std::move(why);
  };
  std::set<std::string> seen = {page.url};
  while (next && seen.insert(*next).second) {
    if (parts.found.size() == kMostParts) {
      miss("more than " + std::to_string(kMostParts) + " parts are not put together");
      break;
    }
    FZ_ASSIGN(const std::optional<UrlEntry> entry, index.FindUrl(*next));
    if (!entry || entry->versions == 0) {
      FZ_ASSIGN(std::string why, WhyNeverGot(index, entry));
      miss(std::move(why));
      break;
    }
    FZ_ASSIGN(std::optional<VersionEntry> part, PartThen(index, *entry, time));
    if (!part) {
      miss("not in the archive then");
      break;
    }
    FZ_ASSIGN(model::PageRecord record, archive.ReadRecord(*part));
    if (record.kind != model::PageKind::kArticle && record.kind != model::PageKind::kOther) {
      miss("no text of an article is there");
      break;
    }
    FZ_ASSIGN(StateThen state, StateAt(index, *entry, at));
    next = record.next_page;
    parts.found.push_back({entry->url, std::move(*part), std::move(record), std::move(state)});
  }
  return parts;
}

Result<bool> IsLostWithArticle(const store::Archive& archive, const IndexReader& index, const UrlEntry& part, const VersionEntry& version, UtcTime begin, UtcTime end) {
  FZ_ASSIGN(const std::optional<UrlEntry> article, index.FindUrl(version.part_of));
  if (!article || article->versions == 0) return false;
  bool went = article->state == "suspect";
  FZ_TRY(ForEachStretch(index, *article, [&](const Stretch& stretch) {
    const bool absent = stretch.state == "gone" || stretch.state == "moved";
    went = went || (absent && stretch.until >= begin && stretch.not_before.value_or(stretch.from) <= end);
    return !went;
  }));
  if (went || article->state != "present") return went;
  // The pages were put together anew: each paragraph stands in what the article is now.
  FZ_ASSIGN(const std::optional<VersionEntry> latest, index.Version(article->id, article->versions));
  if (!latest) return false;
  FZ_ASSIGN(const model::PageRecord first, archive.ReadRecord(*latest));
  FZ_ASSIGN(const Parts parts, PartsOf(archive, index, *article, *latest, first.next_page, std::nullopt));
  std::unordered_set<std::string> there;
  const auto take = [&there](const std::string& body) {
    for (const std::string_view line : Split(body, '\n')) there.insert(text::RemoveSpace(line));
  };
  take(first.body);
  for (const Part& other : parts.found) {
    if (other.url != part.url && !other.state.absent) take(other.record.body);
  }
  FZ_ASSIGN(const model::PageRecord lost, archive.ReadRecord(version));
  size_t whole = 0, found = 0;  // bytes
  for (const std::string_view line : Split(lost.body, '\n')) {
    const std::string squeezed = text::RemoveSpace(line);
    whole += squeezed.size();
    if (there.contains(squeezed)) found += squeezed.size();
  }
  return whole > 0 && found * 10 >= whole * 9;  // a paragraph may have been divided between two pages
}

}  // namespace fangzhi::query
