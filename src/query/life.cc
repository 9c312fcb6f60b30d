// A page's life, and what a site lost.
#include <algorithm>
#include <array>

#include "query/common.h"
#include "query/query.h"

namespace fangzhi::query {
namespace {

using store::IndexReader;
using store::UrlEntry;
using store::VersionEntry;
using store::VisitEntry;

// What a visit says of the page, as the name of a state.
std::string StateOf(const VisitEntry& visit) {
  if (SawContent(visit)) return "present";
  if (visit.verdict == "absent") return "suspect";
  if (visit.verdict == "redirect") return visit.state == "moved" ? "moved" : "redirect";
  if (visit.verdict == "held") return "suspect";
  if (visit.verdict == "failed") return visit.finding.empty() ? "failed" : visit.finding;
  return {};
}

Json ToJson(const UrlEntry& page, const Stretch& stretch) {
  Json json = Json::object();
  json["url"] = page.url;
  json["state"] = stretch.state;
  json["not_before"] = TimeOrNull(stretch.not_before);
  json["from"] = FormatIso8601(stretch.from);
  json["until"] = FormatIso8601(stretch.until);
  json["visits"] = stretch.visits;
  json["version"] = NumberOrNull(stretch.version);
  json["evidence"] = TextOrNull(stretch.evidence);
  json["tls_unverified"] = TextOrNull(stretch.tls_unverified);
  return json;
}

}  // namespace

Result<void> ForEachStretch(const IndexReader& index, const UrlEntry& page, const std::function<bool(const Stretch&)>& tell) {
  std::optional<Stretch> current;
  bool was_gone = false, more = true;
  if (page.listed_since && (page.visits == 0 || *page.listed_since < page.first_visit)) {
    current = Stretch{"listed", "a list names it", "", std::nullopt, *page.listed_since, *page.listed_since, 0, 0};
  }
  FZ_TRY(index.ForEachVisit(page.id, [&](const VisitEntry& visit) {
    std::string state = StateOf(visit);
    if (state.empty()) return true;
    if (visit.state == "gone" || visit.state == "moved") {
      if (state == "suspect" || state == "redirect") state = visit.state;
    }
    const bool same_kind = current && (current->state == state || (current->state == "restored" && state == "present") ||
                                       (current->state == "suspect" && (state == "gone" || state == "moved")));
    if (same_kind && current->version == visit.version) {
      // Suspected from the first absent visit on; the last of them proved it.
      if (current->state == "suspect") current->state = state;
      if (!visit.reason.empty()) current->evidence = visit.reason;
      current->until = visit.time;
      ++current->visits;
    } else {
      std::optional<UtcTime> before;
      if (current) {
        before = current->until;
        more = tell(*current);
      }
      if (state == "present" && was_gone) state = "restored";
      current = Stretch{state, visit.reason, "", before, visit.time, visit.time, 1, visit.version};
    }
    if (!visit.tls_unverified.empty()) current->tls_unverified = visit.tls_unverified;
    if (current->state == "gone" || current->state == "moved") was_gone = true;
    if (state == "restored") was_gone = false;
    return more;
  }));
  if (!more || !current) return {};
  if (current->state == "moved") current->evidence = page.moved_to;
  tell(*current);
  return {};
}

Result<void> Life(const store::Archive& archive, std::string_view url, const Sink& sink) {
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  FZ_ASSIGN(const UrlEntry page, FindPage(*index, url));
  return ForEachStretch(*index, page, [&](const Stretch& stretch) { return sink(ToJson(page, stretch)); });
}

Result<void> Lost(const store::Archive& archive, const LostOptions& options, const Sink& sink) {
  constexpr std::array<std::string_view, 4> kWhat = {"", "gone", "suspect", "unlisted"};
  if (std::find(kWhat.begin(), kWhat.end(), options.what) == kWhat.end()) {
    return Fail(ErrorKind::kInvalidInput, "expected gone, suspect or unlisted", options.what);
  }
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  uint64_t left = options.limit.value_or(UINT64_MAX);
  if (left == 0) return {};
  const auto within = [&](UtcTime begin, UtcTime end) {
    return (!options.from || end >= *options.from) && (!options.to || begin <= *options.to);
  };
  Result<void> inner;
  const auto tell = [&](const UrlEntry& page, std::string_view what, UtcTime begin, UtcTime end, const std::optional<UtcTime>& recorded,
                        const std::string& evidence, uint32_t number, bool listed) {
    Result<std::optional<VersionEntry>> version = index->Version(page.id, number);
    if (!version) {
      inner = Fail(std::move(version.error()));
      return false;
    }
    const bool part = *version && !(*version)->part_of.empty();
    if (part) {
      const Result<bool> with_article = IsLostWithArticle(archive, *index, page, **version, begin, end);
      if (!with_article) {
        inner = Fail(with_article.error());
        return false;
      }
      if (*with_article) return true;
    }
    Json json = Json::object();
    json["url"] = page.url;
    json["site"] = TextOrNull(page.site);
    json["title"] = *version ? TextOrNull((*version)->title) : Json(nullptr);
    json["published"] = *version ? TextOrNull((*version)->published) : Json(nullptr);
    json["what"] = what;
    json["not_before"] = FormatIso8601(begin);
    json["time"] = FormatIso8601(end);
    json["recorded"] = TimeOrNull(recorded);
    json["evidence"] = TextOrNull(evidence);
    json["version"] = number;
    json["last_seen"] = TimeOrNull(what == "gone" ? std::optional<UtcTime>(begin) : page.last_present);
    json["state"] = page.state;
    json["listed"] = listed;
    json["unlisted_since"] = TimeOrNull(page.unlisted_since);
    const bool back = what == "gone" && page.state == "present";
    json["restored"] = back;
    json["part_of"] = part ? Json((*version)->part_of) : Json(nullptr);
    return sink(json) && --left > 0;
  };
  if (options.what.empty() || options.what == "gone") {
    FZ_TRY(index->Events(options.from, [&](const store::EventEntry& event) {
      if (event.kind != "gone" || !IsContent(event.page_kind) || !within(event.not_before, event.time)) return true;
      if (!IsAmong(options.sites, event.site)) return true;
      Result<std::optional<UrlEntry>> page = index->FindUrl(event.url);
      if (!page) {
        inner = Fail(std::move(page.error()));
        return false;
      }
      if (!*page) return true;
      return tell(**page, "gone", event.not_before, event.time, event.recorded, event.evidence, event.version, event.listed);
    }));
    return inner;
  }
  const bool suspect = options.what == "suspect";
  FZ_TRY(index->ForEachUrl([&](const UrlEntry& page) {
    if (page.versions == 0 || !IsContent(page.kind) || !IsAmong(options.sites, page.site)) return true;
    if (suspect) {
      if (page.state != "suspect" || !page.first_absent || !page.last_present || !within(*page.last_present, *page.first_absent)) return true;
      const std::string evidence = page.absence + ", " + std::to_string(page.absent_visits) + (page.absent_visits == 1 ? " visit" : " visits") + ", not proved yet";
      return tell(page, "suspect", *page.last_present, *page.first_absent, std::nullopt, evidence, page.versions, !page.lists.empty());
    }
    if (page.state != "present" || !page.lists.empty() || !page.unlisted_since) return true;
    // Between the last visit of a list that named it and the first of one that did not. An index of an earlier program does not know the former.
    const UtcTime listed = page.listed_since.value_or(page.first_visit);
    const UtcTime named = std::min(std::max(listed, page.named_until.value_or(listed)), *page.unlisted_since);
    if (!within(named, *page.unlisted_since)) return true;
    return tell(page, "unlisted", named, *page.unlisted_since, std::nullopt,
                "alive, and named by no list", page.versions, false);
  }));
  return inner;
}

}  // namespace fangzhi::query
