#include "frontier/keys.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>

#include "base/digest.h"
#include "url/url.h"

namespace fangzhi::frontier {
namespace {

using model::Json;

int ClassOf(model::LinkKind kind) {
  switch (kind) {
    case model::LinkKind::kCounter: return 0;
    case model::LinkKind::kList: return 1;
    case model::LinkKind::kFeed: return 1;
    case model::LinkKind::kArticle: return 2;
    case model::LinkKind::kPage: return 3;
    case model::LinkKind::kAttachment: return 4;
    case model::LinkKind::kRequisite: return 5;
  }
  return 9;
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

std::string Place(std::string_view site, std::string_view host, uint32_t depth, int url_class, std::string_view order) {
  char head[16];
  std::snprintf(head, sizeof head, "%04x%d", std::min(depth, 0xFFFFu), url_class);
  return QueuePrefix(site, host).append(head).append(order);
}

}  // namespace

std::string SiteKey(std::string_view site) { return std::string("s/").append(site); }
std::string UrlKey(std::string_view site, std::string_view url) {
  return std::string("u/").append(site).append("/").append(url);
}
std::string HostKey(std::string_view host) { return std::string("h/").append(host); }
std::string QueuePrefix(std::string_view site) { return std::string("q/").append(site).append("/"); }
std::string QueuePrefix(std::string_view site, std::string_view host) {
  return QueuePrefix(site).append(host).append("/");
}

std::string QueueKey(std::string_view site, std::string_view host, uint32_t depth, model::LinkKind kind) {
  char order[24];
  std::snprintf(order, sizeof order, "%016llx", static_cast<unsigned long long>(NextSequence()));
  return Place(site, host, depth, ClassOf(kind), order);
}

std::string CounterQueueKey(std::string_view site, std::string_view host, uint32_t depth, std::string_view counter_url) {
  return Place(site, host, depth, ClassOf(model::LinkKind::kCounter), Sha256Hex(counter_url).substr(0, 32));
}

std::string HostOf(std::string_view url) {
  // Canonical URLs only, so the authority is what stands between "//" and the next '/', '?' or '#', without user information.
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  const size_t at = rest.rfind('@');
  return std::string(at == std::string_view::npos ? rest : rest.substr(at + 1));
}

std::string ToValue(const KnownUrl& known) {
  Json json{{"r", known.round}, {"d", known.depth}, {"k", model::LinkKindName(known.kind)}};
  if (!known.queue_key.empty()) json["q"] = known.queue_key;
  if (!known.via.empty()) json["v"] = known.via;
  if (!known.text.empty()) json["t"] = known.text;
  if (!known.date.empty()) json["D"] = known.date;
  if (known.counter) {
    json["c"] = {{"u", known.counter->url},
                 {"k", known.counter->kind},
                 {"m", known.counter->method},
                 {"s", known.counter->side_effect}};
  }
  return model::Dump(json);
}

std::optional<KnownUrl> KnownUrlFromValue(std::string_view value) {
  const auto json = model::ParseJson(value);
  if (!json || !json->is_object()) return std::nullopt;
  KnownUrl known;
  known.round = static_cast<uint64_t>(model::GetInt(*json, "r"));
  known.depth = static_cast<uint32_t>(model::GetInt(*json, "d"));
  model::ParseLinkKind(model::GetString(*json, "k"), &known.kind);
  known.queue_key = model::GetString(*json, "q");
  known.via = model::GetString(*json, "v");
  known.text = model::GetString(*json, "t");
  known.date = model::GetString(*json, "D");
  if (const auto counter = json->find("c"); counter != json->end()) {
    known.counter = model::Counter{model::GetString(*counter, "u"), model::GetString(*counter, "k"),
                                   model::GetString(*counter, "m", "GET"), model::GetString(*counter, "s", "unknown")};
  }
  return known;
}

std::string ToValue(const FetchTask& task) {
  Json json{{"u", task.url}, {"r", task.round}, {"d", task.depth}, {"k", model::LinkKindName(task.kind)}};
  if (!task.via.empty()) json["v"] = task.via;
  if (!task.text.empty()) json["t"] = task.text;
  if (!task.date.empty()) json["D"] = task.date;
  if (task.attempt > 0) json["a"] = task.attempt;
  if (task.not_before != UtcTime{}) json["n"] = FormatWarcDate(task.not_before);
  if (task.counter) {
    json["p"] = task.counted_page;
    json["ck"] = task.counter_kind;
    json["m"] = task.method;
  }
  return model::Dump(json);
}

std::optional<FetchTask> TaskFromValue(std::string_view key, std::string_view value) {
  const auto json = model::ParseJson(value);
  if (!json || !json->is_object()) return std::nullopt;
  FetchTask task;
  task.queue_key = std::string(key);
  task.url = model::GetString(*json, "u");
  task.host = HostOf(task.url);
  if (task.host.empty()) return std::nullopt;
  task.round = static_cast<uint64_t>(model::GetInt(*json, "r"));
  task.depth = static_cast<uint32_t>(model::GetInt(*json, "d"));
  model::ParseLinkKind(model::GetString(*json, "k"), &task.kind);
  task.via = model::GetString(*json, "v");
  task.text = model::GetString(*json, "t");
  task.date = model::GetString(*json, "D");
  task.attempt = static_cast<int>(model::GetInt(*json, "a"));
  if (const auto time = ParseIso8601(model::GetString(*json, "n"))) task.not_before = *time;
  if (json->contains("p")) {
    task.counter = true;
    task.counted_page = model::GetString(*json, "p");
    task.counter_kind = model::GetString(*json, "ck");
    task.method = model::GetString(*json, "m", "GET");
  }
  return task;
}

}  // namespace fangzhi::frontier
