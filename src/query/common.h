// What the questions share. Internal to query/.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/query.h"

namespace fangzhi::query {

inline Json TextOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
inline Json NumberOrNull(int64_t number) { return number == 0 ? Json(nullptr) : Json(number); }
inline Json TimeOrNull(const std::optional<UtcTime>& time) {
  return time && *time != UtcTime{} ? Json(FormatIso8601(*time)) : Json(nullptr);
}

// Whether a question about `sites` is about this one; none named means all.
inline bool IsAmong(const std::vector<std::string>& sites, const std::string& site) {
  return sites.empty() || std::find(sites.begin(), sites.end(), site) != sites.end();
}

// The page under the URL as it was typed, else under its canonical form. kNotFound names the URL.
Result<store::UrlEntry> FindPage(const store::IndexReader& index, std::string_view url);

bool SawContent(const store::VisitEntry& visit);

// A stretch of a page's life, as Life tells it.
struct Stretch {
  std::string state, evidence, tls_unverified;
  std::optional<UtcTime> not_before;
  UtcTime from{}, until{};
  uint64_t visits = 0;
  uint32_t version = 0;
};
// Oldest first; `tell` returns false to stop.
Result<void> ForEachStretch(const store::IndexReader& index, const store::UrlEntry& page, const std::function<bool(const Stretch&)>& tell);

// Pages that only lead to others are left out unless asked for.
inline bool IsContent(model::PageKind kind) { return kind == model::PageKind::kArticle || kind == model::PageKind::kOther; }

}  // namespace fangzhi::query
