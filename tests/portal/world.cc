#include "world.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "civil_time.h"
#include "grammar.h"
#include "random.h"

namespace fangzhi::portal {
namespace {

struct ColumnTemplate {
  const char* slug;
  const char* name;
  ColumnKind kind;
};
constexpr ColumnTemplate kColumns[] = {
    {"yw", "要闻动态", ColumnKind::kTrs},        {"tzgg", "通知公告", ColumnKind::kVsb},
    {"zwgk", "政务公开", ColumnKind::kZoom},     {"zcwj", "政策文件", ColumnKind::kPolicy},
    {"jjxx", "经济信息", ColumnKind::kEmpire},   {"ftzl", "繁体专栏", ColumnKind::kTraditional},
    {"xzdt", "乡镇动态", ColumnKind::kLabelled}, {"zzjl", "转载交流", ColumnKind::kReprint},
    {"nync", "农业农村", ColumnKind::kTrs},      {"jyws", "教育卫生", ColumnKind::kVsb},
    {"czsj", "财政审计", ColumnKind::kZoom},     {"fggw", "发展改革", ColumnKind::kEmpire},
    {"sthj", "生态环境", ColumnKind::kTrs},      {"wlgd", "文化旅游", ColumnKind::kVsb},
    {"yjgl", "应急管理", ColumnKind::kZoom},     {"tjsj", "统计数据", ColumnKind::kEmpire},
};
constexpr size_t kOrdinaryColumns = 8;
constexpr uint32_t kArticlesOfAnotherColumn = 8000;

template <typename Number>
bool TakeNumber(std::string_view* text, Number* value) {
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *value);
  if (error != std::errc{}) return false;
  text->remove_prefix(static_cast<size_t>(end - text->data()));
  return true;
}

bool IsMeta(ColumnKind kind) {
  return kind == ColumnKind::kTrs || kind == ColumnKind::kPolicy;
}

Genre GenreOf(ColumnKind kind) {
  if (kind == ColumnKind::kPolicy) return Genre::kPolicy;
  return kind == ColumnKind::kVsb || kind == ColumnKind::kZoom ? Genre::kNotice : Genre::kNews;
}

uint8_t FieldsOfEdit(uint64_t hash) {
  constexpr uint8_t kChoices[] = {kBody,          kBody,   kBody,      kTitle,
                                  kTitle | kBody, kSource, kPublished, kBody | kPublished};
  return kChoices[hash % std::size(kChoices)];
}

State WayOfWithdrawal(const std::vector<State>& ways, uint64_t hash) {
  return ways.empty() ? State::kNotFound : ways[hash % ways.size()];
}

// How many of a rate fall on this day: whole numbers whose sum follows the rate.
int CountOn(double rate, int64_t day) {
  return static_cast<int>(std::floor(rate * static_cast<double>(day + 1)) -
                          std::floor(rate * static_cast<double>(day)));
}

}  // namespace

std::string_view StateName(State state) {
  constexpr std::string_view kNames[] = {"live",   "404",    "410",      "soft404", "redirect",
                                         "notice", "tonotice", "tolist", "homepage", "empty"};
  return kNames[static_cast<size_t>(state)];
}

std::string_view EventName(EventKind kind) {
  constexpr std::string_view kNames[] = {"new", "edited", "gone", "restored", "moved", "unlisted"};
  return kNames[static_cast<size_t>(kind)];
}

World::World(const WorldOptions& options) : options_(options), now_(options.clock) {
  const size_t count =
      std::min(std::size(kColumns), kOrdinaryColumns + options.articles / kArticlesOfAnotherColumn);
  for (size_t i = 0; i < count; ++i) {
    columns_.push_back({kColumns[i].slug, kColumns[i].name, kColumns[i].kind, {}});
    column_by_slug_.emplace(kColumns[i].slug, static_cast<uint32_t>(i));
  }
  articles_.reserve(options.articles);
  // The past: evenly spread, each in its own slot so that numbers follow dates.
  const int64_t span = std::clamp<int64_t>(options.articles / 4, 30, 1460) * kDay;
  for (uint32_t i = 0; i < options.articles; ++i) {
    const int64_t slot = span / options.articles;
    const int64_t jitter =
        static_cast<int64_t>(HashOf(i, kForTime) % static_cast<uint64_t>(std::max<int64_t>(slot, 1)));
    Add(options.clock - span + span * i / options.articles + jitter);
  }
}

uint64_t World::HashOf(uint32_t id, uint64_t purpose, uint64_t detail) const {
  return Hash(options_.seed, id, purpose, detail);
}

void World::Add(int64_t time) {
  const auto id = static_cast<uint32_t>(articles_.size());
  Article article;
  article.created = time;
  article.changed = time;
  article.born_design = design_;
  articles_.push_back(article);
  ShowInList(id, true);
}

void World::ShowInList(uint32_t id, bool show) {
  std::vector<uint32_t>& live = columns_[ColumnOf(id)].live;
  const auto at = std::lower_bound(live.begin(), live.end(), id);
  if (show) {
    if (at == live.end() || *at != id) live.insert(at, id);
  } else if (at != live.end() && *at == id) {
    live.erase(at);
  }
}

// A day's events are laid down when it begins, from the state of that moment: however the clock is moved, the
// same happens.
void World::PlanDay() {
  const int64_t day = planned_days_++;
  Random random(Hash(options_.seed, static_cast<uint64_t>(day), kForDay));
  plan_.clear();
  plan_at_ = 0;
  const auto moment = [&] { return options_.clock + day * kDay + 1 + random.Below(kDay - 1); };
  std::unordered_set<uint32_t> taken;
  // Half of all changes hit what is new, as on real sites.
  const auto pick_live = [&]() -> int64_t {
    const auto count = static_cast<uint32_t>(articles_.size());
    for (int attempt = 0; attempt < 64 && count > 0; ++attempt) {
      const uint32_t window = random.Below(2) == 0 ? std::min<uint32_t>(count, 100) : count;
      const uint32_t id = count - 1 - random.Below(window);
      if (articles_[id].state == State::kLive && taken.insert(id).second) return id;
    }
    return -1;
  };
  for (int i = CountOn(options_.publish_per_day, day); i > 0; --i) {
    plan_.push_back({moment(), EventKind::kNew, 0, 0, State::kLive});
  }
  for (int i = CountOn(options_.edit_per_day, day); i > 0; --i) {
    const int64_t id = pick_live();
    const uint8_t fields = FieldsOfEdit(random.Next());
    const int64_t time = moment();
    if (id >= 0) plan_.push_back({time, EventKind::kEdited, static_cast<uint32_t>(id), fields, State::kLive});
  }
  for (int i = CountOn(options_.withdraw_per_day, day); i > 0; --i) {
    const int64_t id = pick_live();
    const State how = WayOfWithdrawal(options_.withdraw_ways, random.Next());
    const int64_t time = moment();
    if (id >= 0) plan_.push_back({time, EventKind::kGone, static_cast<uint32_t>(id), 0, how});
  }
  for (int i = CountOn(options_.restore_per_day, day); i > 0; --i) {
    const int64_t time = moment();
    if (withdrawn_.empty()) continue;
    const uint32_t id = withdrawn_[random.Below(withdrawn_.size())];
    if (taken.insert(id).second) plan_.push_back({time, EventKind::kRestored, id, 0, State::kLive});
  }
  for (int i = CountOn(options_.unlist_per_day, day); i > 0; --i) {
    const int64_t id = pick_live();
    const int64_t time = moment();
    if (id >= 0) plan_.push_back({time, EventKind::kUnlisted, static_cast<uint32_t>(id), 0, State::kLive});
  }
  for (int i = CountOn(options_.backdate_per_day, day); i > 0; --i) {
    plan_.push_back({moment(), EventKind::kNew, 0, 1, State::kLive});
  }
  std::stable_sort(plan_.begin(), plan_.end(), [](const Plan& a, const Plan& b) { return a.time < b.time; });
}

void World::Apply(const Plan& plan) {
  now_ = plan.time;
  switch (plan.kind) {
    case EventKind::kNew:
      Publish(static_cast<uint32_t>(articles_.size() % columns_.size()));
      if (plan.fields != 0) articles_.back().created -= 200 * kDay;
      break;
    case EventKind::kUnlisted:
      Unlist(plan.article);
      break;
    case EventKind::kMoved:
      break;  // only by hand
    case EventKind::kEdited:
      Edit(plan.article, plan.fields);
      break;
    case EventKind::kGone:
      Withdraw(plan.article, plan.how);
      break;
    case EventKind::kRestored:
      Restore(plan.article);
      break;
  }
}

void World::AdvanceTo(int64_t time) {
  while (true) {
    while (plan_at_ < plan_.size() && plan_[plan_at_].time <= time) {
      const Plan next = plan_[plan_at_++];
      Apply(next);
    }
    if (plan_at_ < plan_.size() || options_.clock + planned_days_ * kDay > time) break;
    PlanDay();
  }
  now_ = std::max(now_, time);
}

bool World::Publish(uint32_t column) {
  // A column belongs to a number by remainder, so publishing elsewhere than in turn fills the turns between.
  if (column >= columns_.size()) return false;
  do {
    Add(now_);
    events_.push_back({now_, static_cast<uint32_t>(articles_.size() - 1), EventKind::kNew, 0, State::kLive, design_, 0});
  } while (ColumnOf(static_cast<uint32_t>(articles_.size() - 1)) != column);
  return true;
}

bool World::Edit(uint32_t id, uint8_t fields) {
  if (id >= articles_.size() || articles_[id].state != State::kLive || fields == 0) return false;
  Article& article = articles_[id];
  if (fields & kTitle) ++article.title_revision;
  if (fields & kBody) ++article.body_revision;
  if (fields & kSource) ++article.source_revision;
  if (fields & kPublished) ++article.date_revision;
  article.changed = now_;
  events_.push_back({now_, id, EventKind::kEdited, fields, State::kLive, design_, article.place});
  return true;
}

bool World::Withdraw(uint32_t id, State how) {
  if (id >= articles_.size() || articles_[id].state != State::kLive || how == State::kLive) return false;
  articles_[id].state = how;
  const bool stale = options_.stale_lists > 0 &&
                     static_cast<double>(HashOf(id, kForEvent, 7) >> 11) * 0x1p-53 < options_.stale_lists;
  if (!stale) ShowInList(id, false);
  withdrawn_.push_back(id);
  events_.push_back({now_, id, EventKind::kGone, 0, how, design_, articles_[id].place});
  return true;
}

bool World::Restore(uint32_t id) {
  if (id >= articles_.size() || articles_[id].state == State::kLive) return false;
  articles_[id].state = State::kLive;
  const uint64_t chance = HashOf(id, kForEvent, 11 + events_.size());
  if (options_.restore_elsewhere > 0 && static_cast<double>(chance >> 11) * 0x1p-53 < options_.restore_elsewhere) ++articles_[id].place;
  if (!articles_[id].unlisted) ShowInList(id, true);
  withdrawn_.erase(std::find(withdrawn_.begin(), withdrawn_.end(), id));
  events_.push_back({now_, id, EventKind::kRestored, 0, State::kLive, design_, articles_[id].place});
  return true;
}

bool World::Unlist(uint32_t id) {
  if (id >= articles_.size() || articles_[id].state != State::kLive || articles_[id].unlisted) return false;
  articles_[id].unlisted = true;
  ShowInList(id, false);
  events_.push_back({now_, id, EventKind::kUnlisted, 0, State::kLive, design_, articles_[id].place});
  return true;
}

bool World::Redesign(OldAddresses old) {
  if (old == OldAddresses::kSame) {
    if (frame_ != 0) return false;
    frame_ = 1;
    return true;
  }
  if (design_ != 0) return false;
  old_addresses_ = old;
  for (uint32_t id = 0; id < articles_.size(); ++id) {
    if (articles_[id].state == State::kLive) events_.push_back({now_, id, EventKind::kMoved, 0, State::kLive, 0, articles_[id].place});
  }
  design_ = 1;
  return true;
}

OldAddresses World::OldAddressOf(uint32_t id) const {
  if (old_addresses_ != OldAddresses::kMixed) return old_addresses_;
  constexpr OldAddresses kWays[] = {OldAddresses::kRedirect, OldAddresses::kNotFound, OldAddresses::kToHome};
  return kWays[HashOf(id, kForEvent, 8) % std::size(kWays)];
}

Look World::LookOf(uint32_t id) const {
  const ColumnKind kind = columns_[ColumnOf(id)].kind;
  const uint64_t hash = HashOf(id, kForLook);
  const uint64_t variant = hash % 16;
  Look look;
  switch (kind) {
    case ColumnKind::kTrs:
      look.validators = variant < 12;
      break;
    case ColumnKind::kVsb:
      look.validators = variant < 4;
      look.chunked = variant >= 12;
      break;
    case ColumnKind::kZoom:
      look.voice.encoding = Encoding::kGbk;
      look.label = Label::kGb2312;
      break;
    case ColumnKind::kPolicy:
      look.validators = true;
      look.gzip = variant >= 8;
      break;
    case ColumnKind::kEmpire:
      look.voice.encoding = Encoding::kGbk;
      look.label = variant < 8 ? Label::kNone : Label::kGbk;
      break;
    case ColumnKind::kTraditional:
      look.voice.encoding = Encoding::kBig5;
      look.voice.traditional = true;
      look.label = Label::kBig5;
      break;
    case ColumnKind::kLabelled:
      look.voice.encoding = Encoding::kGbk;
      look.label = variant < 8 ? Label::kWronglyUtf8 : variant < 12 ? Label::kNone : Label::kGb2312;
      look.chunked = variant % 4 == 0;
      break;
    case ColumnKind::kReprint:
      if (variant < 8) {
        look.voice.damage = Damage::kGloss;
        look.voice.folded = variant < 4;
        // One site copies with one cut of the table.
        look.voice.glosses = static_cast<uint16_t>(15 + Hash(options_.seed, kForLook) % (GlossCount() - 14));
      } else if (variant < 12) {
        look.voice.damage = Damage::kLatin1;
      }
      break;
  }
  const uint64_t files = hash >> 8 & 15;
  look.attachments = kind == ColumnKind::kPolicy                    ? 1 + static_cast<int>(files % 2)
                     : GenreOf(kind) == Genre::kNotice && files < 5 ? 1
                                                                    : 0;
  look.image = look.attachments == 0 && (hash >> 12 & 15) < 5;
  if (options_.only_utf8) {
    look.voice.encoding = Encoding::kUtf8;
    look.voice.damage = Damage::kNone;
    look.voice.folded = false;
    look.voice.glosses = 0;
    look.label = Label::kUtf8;
  }
  return look;
}

std::string World::TitleOf(uint32_t id) const {
  const Column& column = columns_[ColumnOf(id)];
  const std::string title =
      MakeTitle(GenreOf(column.kind), HashOf(id, kForTitle), articles_[id].title_revision);
  return column.kind == ColumnKind::kTraditional ? ToTraditional(title) : title;
}

int64_t World::PublishedOf(uint32_t id) const {
  const Article& article = articles_[id];
  // A corrected date lies a day or more earlier each time: never in the future.
  return article.created -
         article.date_revision * (1 + static_cast<int64_t>(HashOf(id, kForTime, 1) % 3)) * kDay;
}

bool World::ShowsMinutes(uint32_t id) const {
  const ColumnKind kind = columns_[ColumnOf(id)].kind;
  return IsMeta(kind) || kind == ColumnKind::kVsb || kind == ColumnKind::kEmpire;
}

bool World::HasClicks(uint32_t id) const {
  return !IsMeta(columns_[ColumnOf(id)].kind);
}

int64_t World::ClicksOf(uint32_t id) const {
  const uint64_t hash = HashOf(id, kForClicks);
  const int64_t age = std::max<int64_t>(0, now_ - articles_[id].created);
  const int64_t seconds_a_click = 600 + static_cast<int64_t>(hash % 40000);
  const auto extra = extra_clicks_.find(id);
  return 3 + static_cast<int64_t>(hash >> 32) % 200 + age / seconds_a_click +
         (extra == extra_clicks_.end() ? 0 : extra->second);
}

ArticleText World::TextOf(uint32_t id, bool body) const {
  const Article& article = articles_[id];
  const ColumnKind kind = columns_[ColumnOf(id)].kind;
  const uint64_t hash = HashOf(id, kForSource);
  ArticleText text;
  text.title = TitleOf(id);
  text.source = MakeSource(hash, article.source_revision);
  if (kind == ColumnKind::kEmpire) text.author = MakePerson(hash >> 16);
  if (kind == ColumnKind::kVsb || kind == ColumnKind::kTrs) text.editor = MakePerson(hash >> 24);
  text.published_time = PublishedOf(id);
  const std::string iso = IsoTime(text.published_time);
  text.published = ShowsMinutes(id) ? iso.substr(0, 16) + ":00+08:00" : iso.substr(0, 10);
  if (ShowsMinutes(id)) text.published_time -= text.published_time % 60;
  if (kind == ColumnKind::kPolicy) {
    const std::string year = iso.substr(0, 4);
    text.document_number = "河政办发〔" + year + "〕" + std::to_string(1 + hash % 180) + "号";
    text.index_number =
        "620900" + std::to_string(100 + hash % 900) + "/" + year + "-" + std::to_string(10000 + id % 90000);
  }
  if (body) {
    const Genre genre = GenreOf(kind);
    const uint64_t body_hash = HashOf(id, kForBody);
    const uint32_t first = 3 + static_cast<uint32_t>(body_hash % 8);
    // Each revision rewrites one paragraph; every third one adds one at the end.
    const uint32_t count = first + article.body_revision / 3U;
    std::vector<uint32_t> revision_of(count, 0);
    for (uint32_t r = 1; r <= article.body_revision; ++r) {
      revision_of[HashOf(id, kForBody, r) % first] = r;
    }
    text.body.reserve(8192);
    for (uint32_t i = 0; i < count; ++i) {
      if (i > 0) text.body += '\n';
      text.body += MakeParagraph(
          genre, HashOf(id, kForParagraph, i | static_cast<uint64_t>(revision_of[i]) << 16), i == 0);
    }
  }
  if (kind == ColumnKind::kTraditional) {
    text.source = ToTraditional(text.source);
    text.body = ToTraditional(text.body);
  }
  return text;
}

std::string World::PathOf(uint32_t id, int design, int place) const {
  const uint32_t column_index = ColumnOf(id);
  const Column& column = columns_[column_index];
  const std::string number = std::to_string(id + kFirstNumber + static_cast<uint32_t>(place) * kNextPlace);
  // Addresses keep the day of creation however the shown date is corrected.
  const CivilTime day = ToChina(articles_[id].created);
  const std::string iso = IsoDate(articles_[id].created);
  const std::string compact = iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2);
  if (design > 0) return "/c/" + column.slug + "/" + iso.substr(0, 7) + "/a" + number + ".html";
  switch (column.kind) {
    case ColumnKind::kTrs:
    case ColumnKind::kPolicy:
      return "/" + column.slug + "/" + compact.substr(0, 6) + "/t" + compact + "_" + number + ".html";
    case ColumnKind::kVsb:
      return "/info/" + std::to_string(kFirstTree + column_index) + "/" + number + ".htm";
    case ColumnKind::kZoom:
      return "/" + column.slug + "/content_" + number + ".html";
    case ColumnKind::kEmpire:
      return "/" + column.slug + "/" + iso + "/" + number + ".html";
    case ColumnKind::kTraditional:
      return "/" + column.slug + "/show-" + number + ".html";
    case ColumnKind::kLabelled:
      return "/" + column.slug + "/art/" + std::to_string(day.year) + "/" + std::to_string(day.month) + "/" +
             std::to_string(day.day) + "/art_" + std::to_string(column_index + 1) + "_" + number + ".html";
    case ColumnKind::kReprint:
      return "/" + column.slug + "/" + number + ".shtml";
  }
  return "/";
}

int64_t World::FindArticle(std::string_view path, int design) const {
  // The number is the last run of digits; the rest must then agree with the article's one true address.
  size_t end = path.size();
  while (end > 0 && (path[end - 1] < '0' || path[end - 1] > '9')) --end;
  size_t begin = end;
  while (begin > 0 && path[begin - 1] >= '0' && path[begin - 1] <= '9') --begin;
  std::string_view digits = path.substr(begin, end - begin);
  uint32_t number = 0;
  if (digits.size() > 9 || !TakeNumber(&digits, &number) || number < kFirstNumber) return -1;
  const uint32_t id = (number - kFirstNumber) % kNextPlace;
  if (id >= articles_.size() || PathOf(id, design) != path || articles_[id].born_design > design) return -1;
  return id;
}

}  // namespace fangzhi::portal
