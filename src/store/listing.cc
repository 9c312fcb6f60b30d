// The part of Fold that takes in what lists name: since when a page is listed, and since when no list names it (docs/ledger.md).
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/strings.h"
#include "store/entry_json.h"
#include "store/fold.h"
#include "store/keys.h"
#include "store/likeness.h"
#include "store/run_judge.h"

namespace fangzhi::store {

namespace {

// Of a list that named so many articles, half and at least so many must be missing before it is told: below that, it is what editors do on a day.
constexpr uint64_t kLeastLost = 3;
// From a list of so many pages to one page: nobody withdraws that at once. From two to one, one article less is enough.
constexpr uint64_t kPagesAtOnce = 3;
constexpr size_t kMostShortLists = 1000;

// What is wrong with a list that names `now`, empty: nothing.
std::string ShortnessOf(const ListingEntry& before, uint64_t now, uint64_t dropped, bool ended, bool paged) {
  const bool known_so = before.least != 0 && now >= before.least - 1;
  if (!known_so && now * 2 <= before.rows && dropped >= kLeastLost) {
    return "shows " + std::to_string(now) + " articles, " + std::to_string(before.rows) + " before";
  }
  if (before.ended && !ended) return "breaks off, without the end that it had, with " + std::to_string(now) + " articles of " + std::to_string(before.rows);
  if (!known_so && before.pages >= kPagesAtOnce && !paged && dropped == 0) {
    return "names none of its other pages any more, " + std::to_string(before.pages) + " before";
  }
  return {};
}

}  // namespace

Result<ListingEntry> Fold::LoadListing(uint64_t list) {
  ListingEntry listing;
  const std::string key = keys::Listing(list);
  FZ_ASSIGN(const std::optional<std::string> stored, Get(key));
  if (stored && !Decode(*stored, &listing)) return Fail(database_.Unreadable(key));
  return listing;
}

// What a list names now, against what it named when it was last read.
Result<void> Fold::UpdateListing(const Listed& seen, Page& list, HostEntry* host) {
  FZ_ASSIGN(ListingEntry listing, LoadListing(list.entry.id));
  const ListingEntry before = listing;
  // The last visit at which it could have named what is new on it. While it was short it could not.
  const std::optional<UtcTime> silent = before.short_why.empty() ? list.entry.seen_before : before.whole;
  std::vector<uint64_t> now;
  for (const std::string& url : seen.urls) {
    FZ_ASSIGN(Page * page, LoadOrCreate(url, seen.site, Purpose::kPage));
    if (page == &list) continue;
    UrlEntry& entry = page->entry;
    now.push_back(entry.id);
    if (std::binary_search(before.ids.begin(), before.ids.end(), entry.id)) continue;
    page->changed = true;
    entry.listed_round = seen.round;
    if (entry.visits == 0 && entry.state == "never") entry.state = "listed";
    const bool first_listed = entry.lists.empty() && !entry.listed_since;
    if (first_listed) entry.listed_since = seen.time;
    // The latest time before it was first listed at which one of the lists that name it did not.
    const bool this_round = seen.round != 0 && list.entry.round == seen.round;
    if (entry.versions == 0 && this_round && silent && *silent <= *entry.listed_since && (!entry.unlisted_before || *entry.unlisted_before < *silent)) {
      entry.unlisted_before = silent;
    }
    // Another page led to it before its list was read: this list says since when it may be there.
    const bool first_seen_now = entry.versions > 0 && entry.round == seen.round && !entry.seen_before;
    if (first_listed && first_seen_now && silent && this_round) FZ_TRY(BeginsAfter(*page, *silent));
    entry.unlisted_since.reset();
    if (entry.lists.size() < kMostLists && std::find(entry.lists.begin(), entry.lists.end(), list.entry.id) == entry.lists.end()) {
      entry.lists.push_back(list.entry.id);
    }
  }
  std::sort(now.begin(), now.end());
  now.erase(std::unique(now.begin(), now.end()), now.end());
  std::vector<uint64_t> dropped;
  std::set_difference(before.ids.begin(), before.ids.end(), now.begin(), now.end(), std::back_inserter(dropped));
  std::string why;
  if (host != nullptr && host->short_lists.size() < kMostShortLists) why = ShortnessOf(before, now.size(), dropped.size(), seen.ended, seen.pages > 1 || seen.past_end);
  if (!why.empty()) {
    // Nothing is concluded from it before the end of its run, which sees where its rows went.
    if (before.short_why.empty()) {
      listing.short_since = seen.time;
      listing.whole = list.entry.seen_before;
      host->short_lists.push_back(list.entry.id);
    }
    listing.short_why = std::move(why);
    listing.ids.clear();
    std::set_union(before.ids.begin(), before.ids.end(), now.begin(), now.end(), std::back_inserter(listing.ids));
    listing.short_ids = std::move(now);
    Put(keys::Listing(list.entry.id), Encode(listing));
    return {};
  }
  if (!before.short_why.empty()) {
    if (host != nullptr) std::erase(host->short_lists, list.entry.id);
    // Whole again, and nothing of what it had dropped came back: a column of the day's articles, and that was a day with few.
    const bool turned_over = std::none_of(now.begin(), now.end(), [&before](uint64_t id) {
      return std::binary_search(before.ids.begin(), before.ids.end(), id) && !std::binary_search(before.short_ids.begin(), before.short_ids.end(), id);
    });
    const uint64_t few = before.short_ids.size() + 1;
    if (turned_over && few > 1 && (before.least == 0 || few < before.least)) listing.least = few;
  }
  listing.pages = seen.pages;
  listing.ended = seen.ended;
  const bool same = now == before.ids && before.short_why.empty() && listing.pages == before.pages && listing.ended == before.ended && before.rows == now.size();
  return same ? Result<void>() : SetListing(list, listing, std::move(now), seen.time, silent);
}

Result<void> Fold::SetListing(Page& list, ListingEntry& listing, std::vector<uint64_t> now, UtcTime time, const std::optional<UtcTime>& named) {
  for (const uint64_t id : listing.ids) {
    if (std::binary_search(now.begin(), now.end(), id)) continue;
    FZ_ASSIGN(Page * page, LoadById(id));
    page->changed = true;
    std::erase(page->entry.lists, list.entry.id);
    if (named && *named < time && (!page->entry.named_until || *page->entry.named_until < *named)) page->entry.named_until = named;
    if (page->entry.lists.empty()) page->entry.unlisted_since = time;
  }
  listing.ids = std::move(now);
  listing.rows = listing.ids.size();
  listing.short_runs = 0;
  listing.short_since = {};
  listing.whole.reset();
  listing.short_ids.clear();
  listing.short_why.clear();
  Put(keys::Listing(list.entry.id), Encode(listing));
  return {};
}

// How many of the articles that a list named are no longer named for no reason that the run saw: they were not withdrawn, and did not go on to another
// list or another page of this one.
Result<uint64_t> Fold::RunJudge::Unexplained(const ListingEntry& listing) {
  uint64_t unexplained = 0;
  for (const uint64_t id : listing.ids) {
    if (std::binary_search(listing.short_ids.begin(), listing.short_ids.end(), id)) continue;
    FZ_ASSIGN(const UrlEntry* entry, fold.Look(id));
    const bool withdrawn = entry->state == "gone" || entry->state == "moved" || (entry->state == "suspect" && entry->mass_round == 0);
    unexplained += withdrawn || entry->listed_round == host.round ? 0 : 1;
  }
  return unexplained;
}

// A list that shows far less than it did may be a server's failure, a template's, or a column that was emptied. What it no longer names is not called
// unlisted before the same was seen in kBelievedAfter runs.
Result<void> Fold::RunJudge::JudgeLists() {
  constexpr uint64_t kBelievedAfter = 5;
  constexpr size_t kMostTold = 100;
  const auto tell = [&](std::vector<std::string>& to, std::string text) {
    if (to.size() < kMostTold) to.push_back(std::move(text));
  };
  std::vector<uint64_t> still;
  for (const uint64_t id : host.short_lists) {
    FZ_ASSIGN(Page * list, fold.LoadById(id));
    FZ_ASSIGN(ListingEntry listing, fold.LoadListing(id));
    const bool seen = list->entry.round == host.round && list->entry.state == "present" && list->entry.last_present && *list->entry.last_present >= host.began;
    if (!seen || !host_is_well) {
      still.push_back(id);
      if (seen) tell(outcome.short_lists, list->entry.url + ": " + listing.short_why);
      continue;
    }
    const bool rows_alone = listing.short_why.starts_with("shows ");
    FZ_ASSIGN(const uint64_t unexplained, Unexplained(listing));
    if (listing.short_runs == 0 && rows_alone && (unexplained < kLeastLost || unexplained * 2 < listing.rows)) {
      FZ_TRY(fold.SetListing(*list, listing, listing.short_ids, listing.short_since, std::optional<UtcTime>(listing.whole)));
      continue;
    }
    if (++listing.short_runs < kBelievedAfter) {
      still.push_back(id);
      fold.Put(keys::Listing(id), Encode(listing));
      tell(outcome.short_lists, list->entry.url + ": " + listing.short_why);
      continue;
    }
    tell(outcome.believed_lists, list->entry.url + ": " + listing.short_why + ", in " + std::to_string(listing.short_runs) + " runs");
    listing.least = listing.short_ids.size() + 1;
    listing.pages = 0;
    listing.ended = false;
    FZ_TRY(fold.SetListing(*list, listing, listing.short_ids, listing.short_since, std::optional<UtcTime>(listing.whole)));
  }
  host.short_lists = std::move(still);
  // A list that is not there at all names nothing either.
  for (const Case& c : cases) {
    if (c.settled || c.pending.what != "absent" || !IsControl(c.page->entry.kind) || c.page->entry.state != "suspect") continue;
    FZ_ASSIGN(const ListingEntry listing, fold.LoadListing(c.page->entry.id));
    if (listing.ids.size() < kLeastLost) continue;
    FZ_ASSIGN(const uint64_t unexplained, Unexplained(listing));
    if (unexplained < kLeastLost || unexplained * 2 < listing.rows) continue;
    tell(outcome.short_lists, c.page->entry.url + ": is not there (" + c.pending.reason + "), and named " + std::to_string(listing.rows) + " articles");
  }
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

}  // namespace fangzhi::store
