// What exists on the portal and what happens to it over virtual time. Nothing here knows of HTML or HTTP.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "text.h"

namespace fangzhi::portal {

// How a withdrawn article is answered: as missing (404, 410), by a notice with status 200 in words that many sites use or in words of its own,
// by a redirect to the home page, to its column's list or to a notice that has an address, by the home page itself, by nothing.
enum class State : uint8_t {
  kLive,
  kNotFound,
  kGone,
  kSoftNotFound,
  kToHome,
  kOddNotice,
  kToNotice,
  kToList,
  kHomePage,
  kEmpty,
};
inline constexpr int kStates = 10;
std::string_view StateName(State state);

struct WorldOptions {
  uint64_t seed = 1;
  uint32_t articles = 200;
  int64_t clock = 0;  // virtual time at the start
  double publish_per_day = 6;
  double edit_per_day = 3;
  double withdraw_per_day = 1;
  double restore_per_day = 0.5;
  // Ways of withdrawal, each as likely.
  std::vector<State> withdraw_ways = {State::kNotFound, State::kGone, State::kSoftNotFound, State::kToHome};
  double restore_elsewhere = 0;  // share of the restored that come back under another address
  double stale_lists = 0;       // share of withdrawn articles that their lists go on naming
  double unlist_per_day = 0;    // taken off their list, but alive
  double backdate_per_day = 0;  // published with a date of long before
  bool hostile_noise = false;   // every page changes with every minute, near its text too
  bool only_utf8 = false;
  bool list_counters = false;  // VSB lists show their articles' click counts, by one request for all
  bool posted_lists = false;   // rows of the columns of kind kLabelled come by POST
  int page_kb = 35;
  uint32_t list_size = 20;
};

// The template of a column: list dialect, address form, markup, encoding.
enum class ColumnKind : uint8_t { kTrs, kVsb, kZoom, kPolicy, kEmpire, kTraditional, kLabelled, kReprint };

struct Column {
  std::string slug;
  std::string name;
  ColumnKind kind = ColumnKind::kTrs;
  std::vector<uint32_t> live;  // articles shown in the list, oldest first
};

enum Field : uint8_t { kTitle = 1, kBody = 2, kSource = 4, kPublished = 8 };

enum class EventKind : uint8_t { kNew, kEdited, kGone, kRestored, kMoved, kUnlisted };
// What becomes of the old addresses when all articles get new ones; kSame: they keep theirs, and only look different.
enum class OldAddresses : uint8_t { kRedirect, kNotFound, kToHome, kMixed, kSame };
std::string_view EventName(EventKind kind);

struct Event {
  int64_t time = 0;
  uint32_t article = 0;
  EventKind kind = EventKind::kNew;
  uint8_t fields = 0;          // of kEdited
  State state = State::kLive;  // of kGone: how
  uint8_t design = 0;          // the addresses that were good then; of kMoved: the old ones
  uint8_t place = 0;           // Article::place as it was then; of kRestored, after it
};

struct Article {
  int64_t created = 0;
  int64_t changed = 0;
  uint16_t title_revision = 0;
  uint16_t body_revision = 0;
  uint16_t source_revision = 0;
  uint16_t date_revision = 0;
  State state = State::kLive;
  uint8_t born_design = 0;
  bool unlisted = false;
  uint8_t place = 0;  // how often it came back under another address
};

enum class Label : uint8_t { kUtf8, kGb2312, kGbk, kBig5, kNone, kWronglyUtf8 };

// How an article is served, fixed for its life.
struct Look {
  Voice voice;
  Label label = Label::kUtf8;
  bool validators = false;  // ETag and Last-Modified
  bool gzip = false;
  bool chunked = false;
  int attachments = 0;
  bool image = false;
};

struct ArticleText {
  std::string title;
  std::string body;  // one paragraph a line
  std::string source;
  std::string author;  // empty: the page names none
  std::string editor;
  std::string document_number;
  std::string index_number;
  std::string published;  // as in the archive's record: date, or date and minute with +08:00
  int64_t published_time = 0;
};

class World {
 public:
  explicit World(const WorldOptions& options);

  const WorldOptions& options() const { return options_; }
  int64_t now() const { return now_; }
  const std::vector<Column>& columns() const { return columns_; }
  size_t article_count() const { return articles_.size(); }
  const Article& article(uint32_t id) const { return articles_[id]; }
  const std::vector<Event>& events() const { return events_; }
  uint32_t ColumnOf(uint32_t id) const { return id % static_cast<uint32_t>(columns_.size()); }

  // Lets everything happen up to then; a time in the past is no change.
  void AdvanceTo(int64_t time);
  // One event by hand, at the present time. False: it does not fit (withdrawing what is gone).
  bool Publish(uint32_t column);
  bool Edit(uint32_t id, uint8_t fields);
  bool Withdraw(uint32_t id, State how);
  bool Restore(uint32_t id);
  bool Unlist(uint32_t id);
  // Every article and list gets a new address, or another frame. False: it was done before.
  bool Redesign(OldAddresses old);
  int design() const { return design_; }  // of addresses
  int frame() const { return frame_; }    // of pages
  // What an old address answers now.
  OldAddresses OldAddressOf(uint32_t id) const;

  Look LookOf(uint32_t id) const;
  // `body` false leaves the costly part out.
  ArticleText TextOf(uint32_t id, bool body = true) const;
  std::string TitleOf(uint32_t id) const;
  int64_t PublishedOf(uint32_t id) const;
  bool ShowsMinutes(uint32_t id) const;
  // The stored number; false: the page shows none.
  bool HasClicks(uint32_t id) const;
  int64_t ClicksOf(uint32_t id) const;
  void CountClick(uint32_t id) { ++extra_clicks_[id]; }

  std::string PathOf(uint32_t id) const { return PathOf(id, design_); }
  std::string PathOf(uint32_t id, int design) const { return PathOf(id, design, articles_[id].place); }
  std::string PathOf(uint32_t id, int design, int place) const;
  // The article at this path (without query), published or withdrawn; -1: none.
  int64_t FindArticle(std::string_view path) const { return FindArticle(path, design_); }
  int64_t FindArticle(std::string_view path, int design) const;

 private:
  struct Plan {
    int64_t time;
    EventKind kind;
    uint32_t article;
    uint8_t fields;
    State how;
  };

  uint64_t HashOf(uint32_t id, uint64_t purpose, uint64_t detail = 0) const;
  void Add(int64_t time);
  void PlanDay();
  void Apply(const Plan& plan);
  void ShowInList(uint32_t id, bool show);

  WorldOptions options_;
  int64_t now_;
  int64_t planned_days_ = 0;
  uint8_t design_ = 0;
  uint8_t frame_ = 0;
  OldAddresses old_addresses_ = OldAddresses::kRedirect;
  std::vector<Plan> plan_;
  size_t plan_at_ = 0;
  std::vector<Column> columns_;
  std::unordered_map<std::string, uint32_t> column_by_slug_;
  std::vector<Article> articles_;
  std::vector<uint32_t> withdrawn_;
  std::vector<Event> events_;
  std::unordered_map<uint32_t, int64_t> extra_clicks_;
};

// Numbers in addresses: the first article is 1000.
inline constexpr uint32_t kFirstNumber = 1000;
// What comes back under another address has a number so much higher.
inline constexpr uint32_t kNextPlace = 1'000'000;
inline constexpr uint32_t kFirstTree = 1001;
inline constexpr std::string_view kOwner = "1412614994";

}  // namespace fangzhi::portal
