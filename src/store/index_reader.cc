#include "store/index_reader.h"

#include <algorithm>
#include <deque>

#include "base/strings.h"
#include "store/entry_json.h"
#include "store/keys.h"

namespace fangzhi::store {
namespace {

using View = Database::View;

class DatabaseReader final : public IndexReader {
 public:
  explicit DatabaseReader(std::shared_ptr<Database> database) : database_(std::move(database)) {
    Result<std::shared_ptr<const View>> view = database_->NewView();
    if (view) {
      view_ = std::move(*view);
    } else {
      error_ = std::move(view.error());
    }
  }

  Result<warc::Location> Position() const override {
    FZ_ASSIGN(const std::optional<warc::Location> position, Find<warc::Location>(keys::Meta("position")));
    return position.value_or(warc::Location{});
  }

  Result<std::optional<UrlEntry>> FindUrl(std::string_view url) const override {
    const std::string key = keys::UrlId(url);
    FZ_ASSIGN(const std::optional<std::string> text, Get(key));
    if (!text) return std::optional<UrlEntry>();
    const std::optional<uint64_t> id = ParseUint(*text);
    if (!id) return Fail(database_->Unreadable(key));
    FZ_ASSIGN(std::optional<UrlEntry> entry, ById(*id));
    if (!entry) return Fail(database_->Unreadable(key));
    return entry;
  }

  Result<std::vector<VersionEntry>> Versions(uint64_t url_id) const override {
    std::vector<VersionEntry> versions;
    FZ_TRY(ScanEntries<VersionEntry>(keys::Versions(url_id), [&versions](VersionEntry& version) {
      version.number = static_cast<uint32_t>(versions.size() + 1);
      versions.push_back(std::move(version));
      return true;
    }));
    return versions;
  }

  Result<std::optional<VersionEntry>> Version(uint64_t url_id, uint32_t number) const override {
    FZ_ASSIGN(std::optional<VersionEntry> version, Find<VersionEntry>(keys::Version(url_id, number)));
    if (version) version->number = number;
    return version;
  }

  Result<std::vector<VisitEntry>> Visits(uint64_t url_id) const override {
    std::vector<VisitEntry> visits;
    FZ_TRY(ScanEntries<VisitEntry>(keys::Visits(url_id), [&visits](VisitEntry& visit) {
      visits.push_back(std::move(visit));
      return true;
    }));
    return visits;
  }

  Result<void> ForEachVisit(uint64_t url_id, const std::function<bool(const VisitEntry&)>& visit) const override {
    return ScanEntries<VisitEntry>(keys::Visits(url_id), [&visit](VisitEntry& entry) { return visit(entry); });
  }

  Result<std::optional<VisitEntry>> FindVisit(uint64_t url_id, UtcTime time,
                                              const warc::Location& metadata) const override {
    return Find<VisitEntry>(keys::Visit(url_id, time, metadata));
  }

  Result<std::vector<ClickObservation>> Clicks(uint64_t url_id) const override {
    std::vector<ClickObservation> clicks;
    FZ_TRY(ScanEntries<ClickObservation>(keys::Clicks(url_id), [&clicks](ClickObservation& observation) {
      clicks.push_back(std::move(observation));
      return true;
    }));
    return clicks;
  }

  Result<std::optional<ClickObservation>> LastClicks(uint64_t url_id) const override {
    std::optional<ClickObservation> last;
    FZ_TRY(ScanEntries<ClickObservation>(
        keys::Clicks(url_id),
        [&last](ClickObservation& observation) {
          last = std::move(observation);
          return false;
        },
        Direction::kBackward));
    return last;
  }

  Result<void> Events(std::optional<UtcTime> since,
                      const std::function<bool(const EventEntry&)>& visit) const override {
    if (!view_) return Fail(error_);
    Result<void> inner;
    bool stopped = false;
    const auto hand_over = [&](std::string_view key, std::string_view value) {
      Result<bool> more = VisitEvent(key, value, visit);
      if (!more) inner = Fail(std::move(more.error()));
      stopped = !more || !*more;
      return !stopped;
    };
    FZ_TRY(database_->Scan(Direction::kBackward, keys::Events(), since ? keys::EventsFrom(*since) : std::string(),
                           view_.get(), hand_over));
    if (!inner || stopped || !since) return inner;
    // Proved since then, but older: these come after all others, so the order by time holds.
    std::vector<std::string> late;
    FZ_TRY(database_->Scan(Direction::kBackward, keys::LateEvents(), keys::LateEventsFrom(*since), view_.get(),
                           [&](std::string_view key, std::string_view) {
                             const std::string_view event = keys::EventOf(key);
                             if (keys::TimeOfEvent(event) < *since) late.emplace_back(event);
                             return true;
                           }));
    std::sort(late.rbegin(), late.rend());
    for (const std::string& key : late) {
      FZ_ASSIGN(const std::optional<std::string> value, Get(key));
      if (!value) return Fail(database_->Unreadable(key));
      if (!hand_over(key, *value)) break;
    }
    return inner;
  }

  Result<void> List(std::span<const std::string> sites, std::string_view from, std::string_view to,
                    const std::function<bool(const UrlEntry&, const VersionEntry& latest)>& visit) const override {
    if (!view_) return Fail(error_);
    if (!sites.empty()) return ListOfSites(sites, from, to, visit);
    Result<void> inner;
    FZ_TRY(database_->Scan(Direction::kBackward, keys::Dates(), {}, view_.get(), [&](std::string_view key, std::string_view) {
      const Within within = IsWithin(keys::PublishedOfDate(key), from, to);
      if (within != Within::kYes) return within == Within::kLater;
      Result<bool> more = VisitLatest(keys::IdAtEnd(key), visit);
      if (!more) inner = Fail(std::move(more.error()));
      return more && *more;
    }));
    return inner;
  }

  Result<void> ForEachMissed(std::string_view site, const std::function<bool(const UrlEntry&, const MissedEntry&)>& visit) const override {
    if (!view_) return Fail(error_);
    Result<void> inner;
    FZ_TRY(database_->Scan(Direction::kForward, keys::MissedOf(site), {}, view_.get(), [&](std::string_view key, std::string_view value) {
      MissedEntry missed;
      const Result<std::optional<UrlEntry>> page = ById(keys::IdAtEnd(key));
      if (!page) inner = Fail(page.error());
      else if (!*page || !Decode(value, &missed)) inner = Fail(database_->Unreadable(key));
      return inner.has_value() && visit(**page, missed);
    }));
    return inner;
  }

  Result<std::optional<MissedEntry>> FindMissed(const UrlEntry& page) const override {
    return Find<MissedEntry>(keys::Missed(page.site, page.id));
  }

  Result<void> ForEachOpenEnd(std::string_view site, const std::function<bool(const UrlEntry& article, const std::string& part)>& visit) const override {
    if (!view_) return Fail(error_);
    // What was noted may hold no longer: the article is another now, or the site's no more.
    const auto is_open = [&](std::string_view key, const std::string& part, std::optional<UrlEntry>& article, std::string_view value) -> Result<bool> {
      const std::optional<uint64_t> id = ParseUint(value);
      if (!id) return Fail(database_->Unreadable(key));
      FZ_ASSIGN(article, ById(*id));
      if (!article) return Fail(database_->Unreadable(key));
      if (article->site != site || article->state != "present") return false;
      FZ_ASSIGN(const std::optional<VersionEntry> latest, Version(article->id, article->versions));
      if (!latest || latest->next_page != part) return false;
      FZ_ASSIGN(const std::optional<UrlEntry> known, FindUrl(part));
      return !known || known->versions == 0;
    };
    Result<void> inner;
    FZ_TRY(database_->Scan(Direction::kForward, keys::OpenEnds(site), {}, view_.get(), [&](std::string_view key, std::string_view value) {
      const std::string part(keys::UrlOfOpenEnd(key, site));
      std::optional<UrlEntry> article;
      const Result<bool> open = is_open(key, part, article, value);
      if (!open) inner = Fail(open.error());
      return inner.has_value() && (!*open || visit(*article, part));
    }));
    return inner;
  }

  Result<std::string> CopyOf(const UrlEntry& page, const VersionEntry& latest) const override {
    constexpr size_t kMostTwins = 32;
    constexpr uint64_t kLong = 60;  // characters: shorter texts are alike without being one
    if (latest.kind != model::PageKind::kArticle || latest.title.empty()) return std::string();
    const auto is_article = [&](const UrlEntry& other, VersionEntry& version) -> Result<bool> {
      if (other.id == page.id || other.versions == 0) return false;
      FZ_ASSIGN(std::optional<VersionEntry> found, Version(other.id, other.versions));
      if (!found || found->kind != model::PageKind::kArticle || found->title != latest.title) return false;
      version = std::move(*found);
      return true;
    };
    VersionEntry version;
    if (!latest.copy_of.empty()) {
      FZ_ASSIGN(const std::optional<UrlEntry> other, FindUrl(latest.copy_of));
      FZ_ASSIGN(const bool found, other ? is_article(*other, version) : Result<bool>(false));
      // Two that name each other: neither is the copy by its word.
      if (found && version.copy_of.empty()) return other->url;
    }
    if (latest.body_chars < kLong) return std::string();
    std::vector<uint64_t> twins;
    FZ_TRY(database_->Scan(Direction::kForward, keys::Titled(page.site, latest.title), {}, view_.get(), [&](std::string_view key, std::string_view) {
      if (const uint64_t id = keys::IdAtEnd(key); id < page.id) twins.push_back(id);
      return twins.size() < kMostTwins;
    }));
    for (const uint64_t id : twins) {
      FZ_ASSIGN(const std::optional<UrlEntry> other, ById(id));
      FZ_ASSIGN(const bool found, other ? is_article(*other, version) : Result<bool>(false));
      if (found && version.digest == latest.digest && version.part_of.empty()) return other->url;
    }
    return std::string();
  }

  Result<void> ForEachUrl(const std::function<bool(const UrlEntry&)>& visit) const override {
    return ScanEntries<UrlEntry>(keys::Urls(), [&visit](UrlEntry& entry) { return visit(entry); });
  }

 private:
  Result<std::optional<std::string>> Get(std::string_view key) const {
    if (!view_) return Fail(error_);
    return database_->Get(key, view_.get());
  }

  template <class Entry>
  Result<std::optional<Entry>> Find(const std::string& key) const {
    FZ_ASSIGN(const std::optional<std::string> value, Get(key));
    if (!value) return std::optional<Entry>();
    Entry entry;
    if (!Decode(*value, &entry)) return Fail(database_->Unreadable(key));
    return std::optional<Entry>(std::move(entry));
  }

  static void SetId(UrlEntry& entry, std::string_view key) { entry.id = keys::IdOf(key); }
  template <class Entry>
  static void SetId(Entry&, std::string_view) {}

  template <class Entry, class Visit>
  Result<void> ScanEntries(const std::string& prefix, Visit&& visit, Direction direction = Direction::kForward) const {
    if (!view_) return Fail(error_);
    Result<void> inner;
    FZ_TRY(database_->Scan(direction, prefix, {}, view_.get(),
                           [&](std::string_view key, std::string_view value) {
                             Entry entry;
                             if (!Decode(value, &entry)) {
                               inner = Fail(database_->Unreadable(key));
                               return false;
                             }
                             SetId(entry, key);
                             return visit(entry);
                           }));
    return inner;
  }

  Result<std::optional<UrlEntry>> ById(uint64_t id) const {
    FZ_ASSIGN(std::optional<UrlEntry> entry, Find<UrlEntry>(keys::Url(id)));
    if (entry) entry->id = id;
    return entry;
  }

  Result<bool> VisitEvent(std::string_view key, std::string_view value,
                          const std::function<bool(const EventEntry&)>& visit) const {
    StoredEvent stored;
    if (!Decode(value, &stored)) return Fail(database_->Unreadable(key));
    FZ_ASSIGN(std::optional<UrlEntry> page, ById(stored.url_id));
    if (!page) return Fail(database_->Unreadable(key));
    stored.event.url = std::move(page->url);
    stored.event.site = std::move(page->site);
    return visit(stored.event);
  }

  // Where a published date stands to the bounds of a list, which goes from the latest to the earliest and to what has none.
  enum class Within { kLater, kYes, kEarlier };
  static Within IsWithin(std::string_view published, std::string_view from, std::string_view to) {
    const auto precision = [&published](std::string_view bound) { return std::min(bound.size(), published.size()); };
    if (published.empty()) return from.empty() && to.empty() ? Within::kYes : Within::kEarlier;
    if (published.substr(0, precision(to)) > to.substr(0, precision(to))) return Within::kLater;
    if (published.substr(0, precision(from)) < from.substr(0, precision(from))) return Within::kEarlier;
    return Within::kYes;
  }

  // The stretches of several sites, merged: each is read ahead a little.
  Result<void> ListOfSites(std::span<const std::string> sites, std::string_view from, std::string_view to,
                           const std::function<bool(const UrlEntry&, const VersionEntry& latest)>& visit) const {
    struct Stretch {
      const std::string* site = nullptr;
      std::string last;                                   // the key that was read last
      std::deque<std::pair<std::string, uint64_t>> ahead;  // published date and id, the latest first
      bool done = false;
    };
    constexpr size_t kAhead = 256;
    const auto fill = [&](Stretch& stretch) {
      return database_->ScanBelow(keys::SiteDates(*stretch.site), stretch.last, view_.get(), [&](std::string_view key, std::string_view) {
        const std::string_view published = keys::PublishedOfSiteDate(key, *stretch.site);
        const Within within = IsWithin(published, from, to);
        if (within == Within::kLater) return true;
        stretch.done = within == Within::kEarlier;
        if (stretch.done) return false;
        stretch.last = key;
        stretch.ahead.emplace_back(published, keys::IdAtEnd(key));
        return stretch.ahead.size() < kAhead;
      });
    };
    std::vector<Stretch> stretches;
    for (const std::string& site : sites) stretches.emplace_back().site = &site;
    while (true) {
      Stretch* latest = nullptr;
      for (Stretch& stretch : stretches) {
        if (stretch.ahead.empty() && !stretch.done) {
          FZ_TRY(fill(stretch));
          stretch.done = stretch.done || stretch.ahead.size() < kAhead;
        }
        if (!stretch.ahead.empty() && (latest == nullptr || stretch.ahead.front() > latest->ahead.front())) latest = &stretch;
      }
      if (latest == nullptr) return {};
      const uint64_t id = latest->ahead.front().second;
      latest->ahead.pop_front();
      FZ_ASSIGN(const bool more, VisitLatest(id, visit));
      if (!more) return {};
    }
  }

  Result<bool> VisitLatest(uint64_t id,
                           const std::function<bool(const UrlEntry&, const VersionEntry& latest)>& visit) const {
    FZ_ASSIGN(const std::optional<UrlEntry> page, ById(id));
    if (!page) return Fail(database_->Unreadable(keys::Url(id)));
    FZ_ASSIGN(const std::optional<VersionEntry> latest, Version(id, page->versions));
    if (!latest) return Fail(database_->Unreadable(keys::Version(id, page->versions)));
    return visit(*page, *latest);
  }

  const std::shared_ptr<Database> database_;
  std::shared_ptr<const View> view_;
  Error error_;  // why there is no view
};

}  // namespace

std::shared_ptr<const IndexReader> NewIndexReader(std::shared_ptr<Database> database) {
  return std::make_shared<DatabaseReader>(std::move(database));
}

}  // namespace fangzhi::store
