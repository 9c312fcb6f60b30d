// The frontier's keys and values in the state area, built and read in one place (docs/storage.md documents them).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "frontier/frontier.h"

namespace fangzhi::frontier {

std::string SiteKey(std::string_view site);
std::string UrlKey(std::string_view site, std::string_view url);
std::string HostKey(std::string_view host);
std::string QueuePrefix(std::string_view site);
std::string QueuePrefix(std::string_view site, std::string_view host);
// The place of a page's fetch: by depth, then by class (lists before articles before attachments), then in order of discovery.
std::string QueueKey(std::string_view site, std::string_view host, uint32_t depth, model::LinkKind kind);
// The place of a counter's request: computable from its URL, so that a replay finds it.
std::string CounterQueueKey(std::string_view site, std::string_view host, uint32_t depth, std::string_view counter_url);

// host[:port] of an absolute URL; empty when it has none.
std::string HostOf(std::string_view url);

// u/…: what is remembered of a known URL.
struct KnownUrl {
  uint64_t round = 0;     // the last round in which it was queued
  uint32_t depth = 0;
  model::LinkKind kind = model::LinkKind::kPage;
  std::string queue_key;  // where it waits now, empty when it does not
  std::string via, text, date;
  std::optional<model::Counter> counter;
};
std::string ToValue(const KnownUrl& known);
std::optional<KnownUrl> KnownUrlFromValue(std::string_view value);

// q/…
std::string ToValue(const FetchTask& task);
std::optional<FetchTask> TaskFromValue(std::string_view key, std::string_view value);

}  // namespace fangzhi::frontier
