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
// Whether a stretch of that state is one in which the page was seen.
inline bool IsPresence(std::string_view state) { return state == "present" || state == "restored"; }
// Oldest first; `tell` returns false to stop.
Result<void> ForEachStretch(const store::IndexReader& index, const store::UrlEntry& page, const std::function<bool(const Stretch&)>& tell);

// The state of a page at a time, or now; and where it was not there, the stretch of its life that says so.
struct StateThen {
  std::string state;
  std::optional<Stretch> absent;
  // Of a time between the last visit that saw the page so and the first that saw it otherwise: that visit's stretch, with the former as `not_before`. At the time
  // asked for it may have been either.
  std::optional<Stretch> otherwise;
};
Result<StateThen> StateAt(const store::IndexReader& index, const store::UrlEntry& page, const std::optional<UtcTime>& at);

struct Part {
  std::string url;
  store::VersionEntry version;
  model::PageRecord record;
  StateThen state;  // of its page, as asked for
};
struct Parts {
  std::vector<Part> found;             // without the first, which the reader has
  std::optional<std::string> missing;  // the part that the chain leads to and the archive has not
  std::string why_missing;             // "http_500", "never asked for"
};
// Follows `next`, the record's next_page, from the first part on, at most a hundred.
Result<Parts> PartsOf(const store::Archive& archive, const store::IndexReader& index, const store::UrlEntry& page, const store::VersionEntry& version,
                      std::optional<std::string> next, const std::optional<UtcTime>& at);
// Of a further part that disappeared between the two times: whether its article went with it, or its text stands in the article as it is now.
Result<bool> IsLostWithArticle(const store::Archive& archive, const store::IndexReader& index, const store::UrlEntry& part, const store::VersionEntry& version, UtcTime begin,
                               UtcTime end);

// ChooseVersion and GetVersion: the version that a question is about; kNotFound says what is there.
Result<store::VersionEntry> GetVersion(const store::IndexReader& index, const store::UrlEntry& page, uint32_t number);
Result<store::VersionEntry> ChooseVersion(const store::IndexReader& index, const store::UrlEntry& page, const ShowOptions& options);

// Pages that only lead to others are left out unless asked for.
inline bool IsContent(model::PageKind kind) { return kind == model::PageKind::kArticle || kind == model::PageKind::kOther; }

}  // namespace fangzhi::query
