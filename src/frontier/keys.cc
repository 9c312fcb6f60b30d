#include "frontier/keys.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>

#include "base/digest.h"
#include "url/url.h"

namespace fangzhi::frontier {
namespace {

constexpr std::string_view kLaneLetters[kLanes] = {"t", "q", "q", "v", "q", "q", "q", "q", "v"};
constexpr char kLaneDigits[kLanes] = {0, '0', '1', '0', '2', '3', '4', '5', '1'};

void AppendBigEndian(std::string& out, uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift & 0xFF));
}

// Times before 1970 have no place in a schedule.
uint64_t Milliseconds(UtcTime time) { return static_cast<uint64_t>(std::max<int64_t>(0, time.time_since_epoch().count())); }

std::string Prefix(char letter, std::string_view site) { return std::string(1, letter).append("/").append(site).append("/"); }

std::string SiteAndHost(std::string_view letter, std::string_view site, std::string_view host) {
  std::string key;
  key.reserve(letter.size() + site.size() + host.size() + 24);
  return key.append(letter).append("/").append(site).append("/").append(host).append("/");
}

// Values: numbers as LEB128, texts with their length before them.
class Encoder {
 public:
  Encoder& Byte(uint8_t byte) {
    out_.push_back(static_cast<char>(byte));
    return *this;
  }
  Encoder& Number(uint64_t number) {
    while (number >= 0x80) {
      out_.push_back(static_cast<char>(number | 0x80));
      number >>= 7;
    }
    out_.push_back(static_cast<char>(number));
    return *this;
  }
  Encoder& Text(std::string_view text) {
    Number(text.size());
    out_.append(text);
    return *this;
  }
  Encoder& Float(float value) {
    const auto bits = std::bit_cast<uint32_t>(value);
    for (int shift = 24; shift >= 0; shift -= 8) out_.push_back(static_cast<char>(bits >> shift & 0xFF));
    return *this;
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

// Reading never fails in the middle: a value that ends early gives zeros, and ok() says so.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : bytes_(bytes) {}
  uint8_t Byte() {
    if (bytes_.empty()) return Bad();
    const auto byte = static_cast<uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return byte;
  }
  uint64_t Number() {
    uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = Byte();
      number |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return number;
    }
    return Bad();
  }
  std::string Text() {
    const uint64_t size = Number();
    if (size > bytes_.size()) {
      Bad();
      return {};
    }
    std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return text;
  }
  float Float() {
    uint32_t bits = 0;
    for (int i = 0; i < 4; ++i) bits = bits << 8 | Byte();
    return std::bit_cast<float>(bits);
  }
  bool ok() const { return ok_; }

 private:
  uint8_t Bad() {
    ok_ = false;
    bytes_ = {};
    return 0;
  }
  std::string_view bytes_;
  bool ok_ = true;
};

uint64_t Seconds(UtcTime time) { return Milliseconds(time) / 1000; }
UtcTime FromSeconds(uint64_t seconds) { return UtcTime(std::chrono::seconds(static_cast<int64_t>(std::min<uint64_t>(seconds, uint64_t{1} << 40)))); }

}  // namespace

Lane LaneOf(model::LinkKind kind) {
  switch (kind) {
    case model::LinkKind::kCounter: return Lane::kCounters;
    case model::LinkKind::kList:
    case model::LinkKind::kFeed: return Lane::kLists;
    case model::LinkKind::kArticle: return Lane::kArticles;
    case model::LinkKind::kPage: return Lane::kPages;
    case model::LinkKind::kAttachment: return Lane::kAttachments;
    case model::LinkKind::kRequisite: return Lane::kRequisites;
  }
  return Lane::kPages;
}

Lane DueLaneOf(model::LinkKind kind) { return LaneOf(kind) == Lane::kLists ? Lane::kDueLists : Lane::kDueOthers; }

schedule::PageClass ClassOf(model::LinkKind kind) {
  switch (LaneOf(kind)) {
    case Lane::kLists: return schedule::PageClass::kList;
    case Lane::kAttachments:
    case Lane::kRequisites: return schedule::PageClass::kDocument;
    default: return schedule::PageClass::kArticle;
  }
}

std::string SiteKey(std::string_view site) { return std::string("s/").append(site); }
std::string HostKey(std::string_view host) { return std::string("h/").append(host); }
std::string AddressKey(std::string_view address) { return std::string("a/").append(address); }
std::string QueueHeadPrefix(std::string_view site) { return Prefix('c', site); }
std::string QueueHeadKey(std::string_view site, std::string_view host) { return Prefix('c', site).append(host); }
std::string KnownPrefix(std::string_view site) { return Prefix('u', site); }

std::string RestOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const size_t authority = scheme + 3;
  const size_t path = std::min(url.find_first_of("/?#", authority), url.size());
  std::string rest;
  rest.reserve(url.size() - authority + 1);
  rest.push_back(url.substr(0, scheme) == "https" ? 's' : 'h');
  const size_t at = url.substr(authority, path - authority).rfind('@');
  if (at != std::string_view::npos) rest.append(url.substr(authority, at + 1));
  return rest.append(url.substr(path));
}

std::string UrlOf(std::string_view host, std::string_view rest) {
  if (rest.empty()) return {};
  std::string url(rest.front() == 's' ? "https://" : "http://");
  rest.remove_prefix(1);
  const size_t path = std::min(rest.find_first_of("/?#"), rest.size());
  return url.append(rest.substr(0, path)).append(host).append(rest.substr(path));
}

std::string UrlKey(std::string_view site, std::string_view url) { return SiteAndHost("u", site, HostOf(url)).append(RestOf(url)); }

std::string MissedPrefix(std::string_view site) { return Prefix('f', site); }
std::string MissedKey(std::string_view site, std::string_view url) { return SiteAndHost("f", site, HostOf(url)).append(RestOf(url)); }

std::string UrlOfKey(std::string_view site, std::string_view key) {
  key.remove_prefix(std::min(key.size(), site.size() + 3));
  const size_t slash = key.find('/');
  return slash == std::string_view::npos ? std::string() : UrlOf(key.substr(0, slash), key.substr(slash + 1));
}

std::string LanePrefix(std::string_view site, std::string_view host, Lane lane) {
  const auto index = static_cast<size_t>(lane);
  std::string prefix = SiteAndHost(kLaneLetters[index], site, host);
  if (kLaneDigits[index] != 0) prefix.push_back(kLaneDigits[index]);
  return prefix;
}

std::string NewPlace(std::string_view site, std::string_view host, model::LinkKind kind) {
  std::string key = LanePrefix(site, host, LaneOf(kind));
  AppendBigEndian(key, NextSequence());
  return key;
}

std::string CounterPlace(std::string_view site, std::string_view host, std::string_view counter_url) {
  return LanePrefix(site, host, Lane::kCounters).append(Sha256Hex(counter_url).substr(0, 32));
}

std::string DelayedPlace(std::string_view site, std::string_view host, UtcTime not_before) {
  std::string key = LanePrefix(site, host, Lane::kDelayed);
  AppendBigEndian(key, Milliseconds(not_before));
  AppendBigEndian(key, NextSequence());
  return key;
}

std::string DuePlace(std::string_view site, std::string_view host, model::LinkKind kind, UtcTime due, std::string_view url) {
  return DueFrom(site, host, DueLaneOf(kind), due).append(RestOf(url));
}

std::string DueFrom(std::string_view site, std::string_view host, Lane lane, UtcTime due) {
  std::string key = LanePrefix(site, host, lane);
  AppendBigEndian(key, Milliseconds(due));
  return key;
}

UtcTime TimeOfPlace(std::string_view rest_of_key) {
  uint64_t number = 0;
  for (size_t i = 0; i < 8 && i < rest_of_key.size(); ++i) number = number << 8 | static_cast<unsigned char>(rest_of_key[i]);
  return UtcTime(std::chrono::milliseconds(static_cast<int64_t>(number & ~(uint64_t{1} << 63))));
}

// Order of discovery: microseconds since 1970, made strictly increasing.
uint64_t NextSequence() {
  static std::atomic<uint64_t> last{0};
  const auto now = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count());
  uint64_t previous = last.load();
  uint64_t next = 0;
  do {
    next = std::max(now, previous + 1);
  } while (!last.compare_exchange_weak(previous, next));
  return next;
}

namespace {

// Where the part after "<letter>/<site>/<host>/" begins.
size_t AfterHost(std::string_view place) {
  size_t rest = 0;
  for (int slashes = 0; slashes < 3 && rest < place.size(); ++rest) slashes += place[rest] == '/' ? 1 : 0;
  return rest;
}

}  // namespace

bool IsCounterPlace(std::string_view place) { return place.starts_with("q/") && place.substr(AfterHost(place)).starts_with('0'); }

std::optional<uint64_t> SequenceOfPlace(std::string_view place) {
  // "t/<site>/<host>/<time><number>", "q/<site>/<host>/<class><number>"; a counter's ends in the digest of its URL.
  const size_t size = place.size() - AfterHost(place);
  if (!(place.starts_with("t/") && size == 16) && !(place.starts_with("q/") && size == 9)) return std::nullopt;
  uint64_t number = 0;
  for (const char byte : place.substr(place.size() - 8)) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

bool IsDuePlace(std::string_view place) { return place.substr(0, 2) == "v/"; }

std::string HostOf(std::string_view url) {
  // Canonical URLs only, so the authority is what stands between "//" and the next '/', '?' or '#', without user information.
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  const size_t at = rest.rfind('@');
  return std::string(at == std::string_view::npos ? rest : rest.substr(at + 1));
}

namespace {

// Flags of a known URL's value.
constexpr uint8_t kHasHistory = 1, kHasCounter = 2, kHasVisit = 4, kIsMissed = 8, kHasCountedPages = 16, kHasWhole = 32;
// Flags of a task's value.
constexpr uint8_t kHasVia = 1, kHasText = 2, kHasDate = 4, kHasAttempt = 8, kIsCounter = 16, kIsRedirected = 32,
                  kIsBatch = 64, kIsPost = 128;
// Articles for which one counter answers, at most.
constexpr uint64_t kMostCounted = 400;

// URLs, most of them of the host that the key names.
void PutPages(Encoder& out, std::string_view host, const std::vector<std::string>& pages) {
  out.Number(pages.size());
  for (const std::string& page : pages) {
    const bool same_host = !page.empty() && HostOf(page) == host;
    out.Byte(same_host ? 1 : 0).Text(same_host ? RestOf(page) : page);
  }
}

std::vector<std::string> TakePages(Decoder& in, std::string_view host) {
  std::vector<std::string> pages;
  const uint64_t count = in.Number();
  for (uint64_t i = 0; i < std::min(count, kMostCounted) && in.ok(); ++i) {
    const bool same_host = in.Byte() == 1;
    std::string page = in.Text();
    pages.push_back(same_host ? UrlOf(host, page) : std::move(page));
  }
  return pages;
}

}  // namespace

std::string ToValue(const KnownUrl& known) {
  const schedule::ChangeHistory& history = known.history;
  Encoder out;
  out.Byte(static_cast<uint8_t>((history.visits > 0 ? kHasHistory : 0) | (known.counter ? kHasCounter : 0) | (known.last_visit ? kHasVisit : 0) |
                                (known.missed > 0 ? kIsMissed : 0) | (known.last_whole ? kHasWhole : 0) | (known.counted_pages.empty() ? 0 : kHasCountedPages)));
  out.Byte(static_cast<uint8_t>(known.kind)).Number(known.round).Number(Seconds(known.born));
  // Of the place, the letter and what follows the host: site and host are those of this key. The URL at the end of a due place is this one.
  std::string_view place = known.place;
  size_t slashes = 0, begin = 0;
  while (begin < place.size() && slashes < 3) slashes += place[begin++] == '/' ? 1 : 0;
  const size_t length = !IsDuePlace(place) ? std::string_view::npos : 9;
  out.Text(place.empty() ? std::string() : std::string(1, place.front()).append(place.substr(begin, length)));
  if (known.last_visit) out.Number(Seconds(*known.last_visit));
  if (known.missed > 0) out.Number(known.missed);
  if (known.last_whole) out.Number(Seconds(*known.last_whole));
  if (history.visits > 0) out.Float(history.visits).Float(history.changes).Float(history.days);
  if (known.counter) {
    out.Text(known.counter->url).Text(known.counter->kind).Text(known.counter->method).Text(known.counter->side_effect);
  }
  if (!known.counted_pages.empty()) PutPages(out, known.counter ? HostOf(known.counter->url) : std::string(), known.counted_pages);
  return out.Take();
}

std::optional<KnownUrl> KnownUrlFromValue(std::string_view site, std::string_view url, std::string_view value) {
  Decoder in(value);
  KnownUrl known;
  const uint8_t flags = in.Byte();
  const uint8_t kind = in.Byte();
  if (kind > static_cast<uint8_t>(model::LinkKind::kCounter)) return std::nullopt;
  known.kind = static_cast<model::LinkKind>(kind);
  known.round = in.Number();
  known.born = FromSeconds(in.Number());
  if (const std::string place = in.Text(); !place.empty()) {
    known.place = SiteAndHost(std::string_view(place).substr(0, 1), site, HostOf(url)).append(place, 1);
    if (place.front() == 'v') known.place.append(RestOf(url));
  }
  if ((flags & kHasVisit) != 0) known.last_visit = FromSeconds(in.Number());
  if ((flags & kIsMissed) != 0) known.missed = static_cast<uint32_t>(std::min<uint64_t>(in.Number(), 1'000'000));
  if ((flags & kHasWhole) != 0) known.last_whole = FromSeconds(in.Number());
  if ((flags & kHasHistory) != 0) {
    known.history.visits = in.Float();
    known.history.changes = in.Float();
    known.history.days = in.Float();
  }
  if ((flags & kHasCounter) != 0) {
    known.counter.emplace();
    known.counter->url = in.Text();
    known.counter->kind = in.Text();
    known.counter->method = in.Text();
    known.counter->side_effect = in.Text();
  }
  if ((flags & kHasCountedPages) != 0) known.counted_pages = TakePages(in, known.counter ? HostOf(known.counter->url) : std::string());
  if (!in.ok()) return std::nullopt;
  return known;
}

std::string ToValue(const FetchTask& task) {
  Encoder out;
  out.Byte(static_cast<uint8_t>((task.via.empty() ? 0 : kHasVia) | (task.text.empty() ? 0 : kHasText) | (task.date.empty() ? 0 : kHasDate) |
                                (task.attempt > 0 ? kHasAttempt : 0) | (task.counter ? kIsCounter : 0) |
                                (task.redirects > 0 ? kIsRedirected : 0) | (task.counted_pages.empty() ? 0 : kIsBatch) |
                                (task.post.empty() ? 0 : kIsPost)));
  out.Byte(static_cast<uint8_t>(task.kind)).Number(task.round).Number(task.depth);
  // At a due place the key says it.
  out.Text(IsDuePlace(task.queue_key) ? std::string() : RestOf(task.url));
  if (!task.via.empty()) {
    // Mostly a page of the same host.
    const bool same_host = HostOf(task.via) == task.host;
    out.Byte(same_host ? 1 : 0).Text(same_host ? RestOf(task.via) : task.via);
  }
  if (!task.text.empty()) out.Text(task.text);
  if (!task.date.empty()) out.Text(task.date);
  if (task.attempt > 0) out.Number(static_cast<uint64_t>(task.attempt));
  if (task.counter) out.Text(task.counted_page).Text(task.counter_kind).Text(task.method);
  if (task.redirects > 0) out.Number(task.redirects);
  if (!task.counted_pages.empty()) PutPages(out, task.host, task.counted_pages);
  if (!task.post.empty()) out.Text(task.post);
  return out.Take();
}

std::optional<FetchTask> TaskFromValue(std::string_view site, std::string_view host, std::string_view key, std::string_view value) {
  Decoder in(value);
  FetchTask task;
  task.queue_key = std::string(key);
  task.host = std::string(host);
  const uint8_t flags = in.Byte();
  const uint8_t kind = in.Byte();
  if (kind > static_cast<uint8_t>(model::LinkKind::kCounter)) return std::nullopt;
  task.kind = static_cast<model::LinkKind>(kind);
  task.round = in.Number();
  task.depth = static_cast<uint32_t>(in.Number());
  std::string rest = in.Text();
  const size_t before_url = 5 + site.size() + host.size() + 8;  // "v/<site>/<host>/", class, time
  if (rest.empty() && IsDuePlace(key) && key.size() > before_url) rest = key.substr(before_url);
  task.url = UrlOf(host, rest);
  if ((flags & kHasVia) != 0) {
    const bool same_host = in.Byte() == 1;
    const std::string via = in.Text();
    task.via = same_host ? UrlOf(host, via) : via;
  }
  if ((flags & kHasText) != 0) task.text = in.Text();
  if ((flags & kHasDate) != 0) task.date = in.Text();
  if ((flags & kHasAttempt) != 0) task.attempt = static_cast<int>(std::min<uint64_t>(in.Number(), 1000));
  if ((flags & kIsCounter) != 0) {
    task.counter = true;
    task.counted_page = in.Text();
    task.counter_kind = in.Text();
    task.method = in.Text();
  }
  if ((flags & kIsRedirected) != 0) task.redirects = static_cast<uint32_t>(std::min<uint64_t>(in.Number(), 1000));
  if ((flags & kIsBatch) != 0) task.counted_pages = TakePages(in, host);
  if ((flags & kIsPost) != 0) task.post = in.Text();
  if (!in.ok() || task.url.empty()) return std::nullopt;
  return task;
}

std::string ToValue(const SiteRound& round) {
  model::Json json{{"round", round.round},
                   {"phase", round.running ? "running" : "done"},
                   {"mode", round.mode == RoundMode::kSweep ? "sweep" : "due"},
                   {"started", FormatWarcDate(round.started)},
                   {"floor", FormatWarcDate(round.floor)},
                   {"scope", round.scope},
                   {"follows", round.follows},
                   {"follows_since", FormatWarcDate(round.follows_since)},
                   {"all_lists", round.all_lists}};
  return model::Dump(json);
}

std::optional<SiteRound> SiteRoundFromValue(std::string_view value) {
  const auto json = model::ParseJson(value);
  if (!json || !json->is_object()) return std::nullopt;
  SiteRound round;
  round.round = static_cast<uint64_t>(model::GetInt(*json, "round"));
  round.running = model::GetString(*json, "phase", "done") != "done";
  round.mode = model::GetString(*json, "mode", "sweep") == "due" ? RoundMode::kDue : RoundMode::kSweep;
  round.started = ParseIso8601(model::GetString(*json, "started")).value_or(UtcTime{});
  round.floor = ParseIso8601(model::GetString(*json, "floor")).value_or(UtcTime{});
  round.scope = model::GetString(*json, "scope");
  round.follows = model::GetString(*json, "follows");
  round.follows_since = ParseIso8601(model::GetString(*json, "follows_since")).value_or(UtcTime{});
  round.all_lists = model::GetBool(*json, "all_lists");
  return round;
}

std::string ToValue(const QueueHead& head) {
  Encoder out;
  out.Number(head.waiting).Number(head.known).Number(head.round);
  for (const std::string& from : head.from) out.Text(from);
  return out.Take();
}

std::optional<QueueHead> QueueHeadFromValue(std::string_view value) {
  Decoder in(value);
  QueueHead head;
  head.waiting = in.Number();
  head.known = in.Number();
  head.round = in.Number();
  for (std::string& from : head.from) from = in.Text();
  if (!in.ok()) return std::nullopt;
  return head;
}

}  // namespace fangzhi::frontier
