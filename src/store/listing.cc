// The part of Fold that takes in what lists name: since when a page is listed, and since when no list names it (docs/ledger.md).
#include <algorithm>

#include "base/strings.h"
#include "store/entry_json.h"
#include "store/fold.h"
#include "store/keys.h"

namespace fangzhi::store {

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

}  // namespace fangzhi::store
