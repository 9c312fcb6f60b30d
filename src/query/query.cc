#include "query/query.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "query/common.h"
#include "text/text.h"
#include "url/url.h"

namespace fangzhi::query {
namespace {

using store::IndexReader;
using store::UrlEntry;
using store::VersionEntry;

Error NoVersion(const UrlEntry& page, const std::string& which) {
  std::string message = which;
  if (page.versions == 0) {
    message += " (" + std::to_string(page.visits) + " visits, never seen with content";
    if (page.last_status != 0) message += ", last status " + std::to_string(page.last_status);
    message += ")";
  } else {
    message += " (versions 1 to " + std::to_string(page.versions) + ")";
  }
  return {ErrorKind::kNotFound, std::move(message), page.url};
}

// The last visit that saw each version, by number - 1.
Result<std::vector<UtcTime>> LastSeen(const IndexReader& index, const UrlEntry& page) {
  std::vector<UtcTime> last_seen(page.versions);
  FZ_TRY(index.ForEachVisit(page.id, [&last_seen](const store::VisitEntry& visit) {
    if (SawContent(visit) && visit.version >= 1 && visit.version <= last_seen.size()) {
      last_seen[visit.version - 1] = visit.time;
    }
    return true;
  }));
  return last_seen;
}

// The click count of a version: the last that was observed while it was current, for the count goes on while the page stays the same. A list's
// counter answers for its articles before they are first visited: that is the first version's.
Result<std::optional<store::ClickObservation>> ClicksOf(const IndexReader& index, const UrlEntry& page,
                                                        const VersionEntry& version) {
  std::optional<UtcTime> end;
  if (version.number < page.versions) {
    FZ_ASSIGN(const VersionEntry next, GetVersion(index, page, version.number + 1));
    end = next.time;
  }
  FZ_ASSIGN(const std::vector<store::ClickObservation> observations, index.Clicks(page.id));
  std::optional<store::ClickObservation> last;
  for (const store::ClickObservation& observation : observations) {
    if (version.number > 1 && observation.time < version.time) continue;
    if (end && observation.time >= *end) break;
    last = observation;
  }
  return last;
}

Json AbsenceToJson(const Stretch& absent) {
  return {{"state", absent.state},
          {"not_before", TimeOrNull(absent.not_before)},
          {"from", FormatIso8601(absent.from)},
          {"until", FormatIso8601(absent.until)},
          {"evidence", TextOrNull(absent.evidence)}};
}

// What a page was at the first visit after the time asked for that could tell, where it may have been that already.
Json UncertaintyToJson(const Stretch& otherwise) {
  return {{"not_before", TimeOrNull(otherwise.not_before)},
          {"time", FormatIso8601(otherwise.from)},
          {"state", otherwise.state},
          {"version", IsPresence(otherwise.state) ? NumberOrNull(otherwise.version) : Json(nullptr)}};
}

// What the other parts add to the first.
void Join(const Parts& parts, model::PageRecord& record) {
  for (const Part& part : parts.found) {
    if (!record.body.empty() && !part.record.body.empty()) record.body += '\n';
    record.body += part.record.body;
    for (const model::Attachment& attachment : part.record.attachments) {
      const bool known = std::any_of(record.attachments.begin(), record.attachments.end(), [&](const model::Attachment& one) { return one.url == attachment.url; });
      if (!known) record.attachments.push_back(attachment);
    }
    for (const std::string& image : part.record.images) {
      if (std::find(record.images.begin(), record.images.end(), image) == record.images.end()) record.images.push_back(image);
    }
  }
  if (!parts.found.empty()) record.next_page = parts.missing;
}

}  // namespace

Result<VersionEntry> GetVersion(const IndexReader& index, const UrlEntry& page, uint32_t number) {
  FZ_ASSIGN(std::optional<VersionEntry> version, index.Version(page.id, number));
  if (!version) return Fail(NoVersion(page, "no version " + std::to_string(number)));
  return std::move(*version);
}

Result<VersionEntry> ChooseVersion(const IndexReader& index, const UrlEntry& page, const ShowOptions& options) {
  if (page.versions == 0) return Fail(NoVersion(page, "no version"));
  if (options.version) return GetVersion(index, page, *options.version);
  if (!options.at) return GetVersion(index, page, page.versions);
  // Versions are in the order of time: the last one that is not later.
  std::optional<VersionEntry> current;
  uint32_t low = 1, high = page.versions;
  while (low <= high) {
    const uint32_t middle = low + (high - low) / 2;
    FZ_ASSIGN(VersionEntry version, GetVersion(index, page, middle));
    if (version.time <= *options.at) {
      current = std::move(version);
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  if (!current) {
    FZ_ASSIGN(const VersionEntry first, GetVersion(index, page, 1));
    return Fail(NoVersion(page, "no version at " + FormatIso8601(*options.at) + ", first seen at " + FormatIso8601(first.time)));
  }
  return std::move(*current);
}

Result<std::vector<VersionEntry>> FindParts(const store::Archive& archive, std::string_view url, const VersionEntry& version, const ShowOptions& options) {
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  FZ_ASSIGN(const UrlEntry page, FindPage(*index, url));
  FZ_ASSIGN(const model::PageRecord record, archive.ReadRecord(version));
  FZ_ASSIGN(Parts parts, PartsOf(archive, *index, page, version, record.next_page, options.at));
  std::vector<VersionEntry> versions;
  for (Part& part : parts.found) versions.push_back(std::move(part.version));
  return versions;
}

Result<UrlEntry> FindPage(const IndexReader& index, std::string_view url) {
  FZ_ASSIGN(std::optional<UrlEntry> entry, index.FindUrl(url));
  if (!entry) {
    const Result<url::Url> canonical = url::Canonical(url);
    if (canonical) {
      FZ_ASSIGN(entry, index.FindUrl(canonical->Href()));
    }
  }
  if (!entry) return Fail(ErrorKind::kNotFound, "not in the archive", std::string(url));
  return std::move(*entry);
}

bool SawContent(const store::VisitEntry& visit) {
  constexpr std::array<std::string_view, 4> kPresent = {"new", "changed", "unchanged", "not_modified"};
  return std::find(kPresent.begin(), kPresent.end(), visit.verdict) != kPresent.end();
}

Result<VersionEntry> FindVersion(const store::Archive& archive, std::string_view url, const ShowOptions& options) {
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  FZ_ASSIGN(const UrlEntry page, FindPage(*index, url));
  return ChooseVersion(*index, page, options);
}

// Why a record has no number of readings (DOMAIN 1.3): so that what was never asked does not look like what has no number.
Result<std::string> WhyNoClicks(const IndexReader& index, const model::PageRecord& record) {
  if (record.clicks) return std::string();
  if (!record.counter) return std::string(record.kind == model::PageKind::kArticle ? "not_published" : "");
  FZ_ASSIGN(const std::optional<UrlEntry> asked, index.FindUrl(record.counter->url));
  if (asked && asked->visits > 0 && asked->last_status == 200) return std::string("counter_gave_no_number");
  if (asked && asked->visits > 0) return "counter_failed" + (asked->last_status == 0 ? std::string() : ": http_" + std::to_string(asked->last_status));
  return std::string(model::IsReadOnly(*record.counter) ? "counter_not_asked" : "counter_would_increment");
}

Result<Json> Show(const store::Archive& archive, std::string_view url, const ShowOptions& options) {
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  FZ_ASSIGN(const UrlEntry page, FindPage(*index, url));
  FZ_ASSIGN(const VersionEntry version, ChooseVersion(*index, page, options));
  FZ_ASSIGN(model::PageRecord record, archive.ReadRecord(version));
  FZ_ASSIGN(const std::optional<store::ClickObservation> observation, ClicksOf(*index, page, version));
  if (observation) {
    record.clicks = observation->clicks;
    record.provenance["clicks"] = observation->basis;
  }
  std::optional<UtcTime> last_seen = page.last_present;
  // What is not there any more the state says; of a time, also since when.
  FZ_ASSIGN(const StateThen then, StateAt(*index, page, options.at));
  if (options.at) {
    last_seen.reset();
    FZ_TRY(index->ForEachVisit(page.id, [&](const store::VisitEntry& visit) {
      if (visit.time <= *options.at && SawContent(visit) && visit.version == version.number) last_seen = visit.time;
      return visit.time <= *options.at;
    }));
  } else if (version.number != page.versions) {
    FZ_ASSIGN(const std::vector<UtcTime> all, LastSeen(*index, page));
    last_seen = all[version.number - 1];
  }
  FZ_ASSIGN(const Parts parts, PartsOf(archive, *index, page, version, record.next_page, options.at));
  Join(parts, record);
  Json json = model::ToJson(record);
  if (!parts.found.empty()) {
    Json list = Json::array();
    for (const Part& part : parts.found) {
      Json told{{"url", part.url}, {"version", part.version.number}, {"captured", FormatIso8601(part.version.time)}};
      if (!part.version.tls_unverified.empty()) told["tls_unverified"] = part.version.tls_unverified;
      if (part.state.absent) told["absent"] = AbsenceToJson(*part.state.absent);
      // A part's version that came with the article's own is the one that is shown.
      const std::optional<Stretch>& otherwise = part.state.otherwise;
      if (otherwise && !(IsPresence(otherwise->state) && otherwise->version == part.version.number)) told["uncertain"] = UncertaintyToJson(*otherwise);
      list.push_back(std::move(told));
    }
    json["parts"] = std::move(list);
  }
  json["version"] = version.number;
  json["versions"] = page.versions;
  json["captured"] = FormatIso8601(version.time);
  json["clicks_seen"] = observation ? Json(FormatIso8601(observation->time)) : Json(nullptr);
  FZ_ASSIGN(const std::string why_no_clicks, WhyNoClicks(*index, record));
  json["clicks_reason"] = TextOrNull(why_no_clicks);
  json["last_seen"] = TimeOrNull(last_seen);
  json["state"] = then.state;
  if (options.at && then.absent) json["absent"] = AbsenceToJson(*then.absent);
  if (then.otherwise) json["uncertain"] = UncertaintyToJson(*then.otherwise);
  json["site"] = TextOrNull(page.site);
  json["status"] = NumberOrNull(version.status);
  json["content_type"] = TextOrNull(version.content_type);
  json["payload_digest"] = TextOrNull(version.payload_digest);
  json["truncated"] = version.truncated || parts.missing;
  if (parts.missing) json["missing_part"] = {{"url", *parts.missing}, {"reason", TextOrNull(parts.why_missing)}};
  json["tls_unverified"] = TextOrNull(version.tls_unverified);
  return json;
}

Result<void> History(const store::Archive& archive, std::string_view url, const Sink& sink) {
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  FZ_ASSIGN(const UrlEntry page, FindPage(*index, url));
  FZ_ASSIGN(const std::vector<UtcTime> last_seen, LastSeen(*index, page));
  for (uint32_t number = 1; number <= page.versions; ++number) {
    FZ_ASSIGN(const VersionEntry version, GetVersion(*index, page, number));
    Json json = Json::object();
    json["url"] = page.url;
    json["version"] = number;
    json["time"] = FormatIso8601(version.time);
    json["not_before"] = FormatIso8601(version.not_before);
    json["last_seen"] = TimeOrNull(last_seen[number - 1]);
    json["status"] = NumberOrNull(version.status);
    json["changed"] = version.changed;
    json["digest"] = version.digest;
    json["payload_digest"] = TextOrNull(version.payload_digest);
    json["title"] = TextOrNull(version.title);
    json["tls_unverified"] = TextOrNull(version.tls_unverified);
    if (!sink(json)) break;
  }
  return {};
}

Result<Json> Diff(const store::Archive& archive, std::string_view url, std::optional<uint32_t> a,
                  std::optional<uint32_t> b) {
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  FZ_ASSIGN(const UrlEntry page, FindPage(*index, url));
  if (page.versions == 0) return Fail(NoVersion(page, "no version"));
  const uint32_t second = b.value_or(page.versions);
  const uint32_t first = a.value_or(second > 1 ? second - 1 : second);
  FZ_ASSIGN(const VersionEntry before, GetVersion(*index, page, first));
  FZ_ASSIGN(const VersionEntry after, GetVersion(*index, page, second));
  FZ_ASSIGN(const model::PageRecord before_record, archive.ReadRecord(before));
  FZ_ASSIGN(const model::PageRecord after_record, archive.ReadRecord(after));
  const Json before_json = model::ToJson(before_record);
  const Json after_json = model::ToJson(after_record);

  Json json = Json::object();
  json["url"] = page.url;
  json["a"] = first;
  json["b"] = second;
  Json& fields = json["fields"] = Json::array();
  const auto add = [&fields](const char* name, const Json& old_value, const Json& new_value) {
    if (old_value == new_value) return;
    fields.push_back({{"field", name}, {"before", old_value}, {"after", new_value}});
  };
  for (const char* name : {"title", "published", "source", "author", "editor", "column", "document_number",
                           "index_number", "attachments", "images", "language", "kind", "next_page"}) {
    add(name, before_json[name], after_json[name]);
  }
  // Of a body that is no page, all that can be said is that its bytes are others.
  if (before.field_digests.empty() || after.field_digests.empty()) {
    add("payload_digest", TextOrNull(before.payload_digest), TextOrNull(after.payload_digest));
  }
  Json& body = json["body"] = Json::array();
  for (text::DiffPart& part : text::Diff(before_record.body, after_record.body)) {
    const char* kind = part.kind == text::DiffKind::kEqual    ? "equal"
                       : part.kind == text::DiffKind::kDelete ? "delete"
                                                              : "insert";
    body.push_back({{"kind", kind}, {"text", std::move(part.text)}});
  }
  return json;
}

Result<void> Clicks(const store::Archive& archive, std::string_view url, const Sink& sink) {
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  FZ_ASSIGN(const UrlEntry page, FindPage(*index, url));
  FZ_ASSIGN(const std::vector<store::ClickObservation> observations, index->Clicks(page.id));
  for (const store::ClickObservation& observation : observations) {
    Json json = Json::object();
    json["time"] = FormatIso8601(observation.time);
    json["clicks"] = observation.clicks;
    json["basis"] = TextOrNull(observation.basis);
    if (!sink(json)) break;
  }
  return {};
}

Result<void> List(const store::Archive& archive, const ListOptions& options, const Sink& sink) {
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  model::PageKind only = model::PageKind::kOther;
  if (!options.kind.empty() && options.kind != "all" && !model::ParsePageKind(options.kind, &only)) {
    return Fail(ErrorKind::kInvalidInput, "no such kind: expected article, list, home, error, other or all",
                options.kind);
  }
  uint64_t left = options.limit.value_or(UINT64_MAX);
  if (left == 0) return {};
  Result<void> inner;
  FZ_TRY(index->List(options.sites, options.from, options.to, [&](const UrlEntry& page, const VersionEntry& latest) {
    const bool wanted = options.kind.empty() || options.kind == "all" || latest.kind == only;
    if (!wanted) return true;
    // Its text is shown with the first part's.
    if (!latest.part_of.empty() && options.kind != "all") return true;
    const Result<std::string> copy_of = index->CopyOf(page, latest);
    if (!copy_of) {
      inner = Fail(copy_of.error());
      return false;
    }
    std::optional<int64_t> clicks = latest.clicks;
    Result<std::optional<store::ClickObservation>> observation = ClicksOf(*index, page, latest);
    if (!observation) {
      inner = Fail(std::move(observation.error()));
      return false;
    }
    if (*observation) clicks = (*observation)->clicks;
    Json json = Json::object();
    json["url"] = page.url;
    json["site"] = TextOrNull(page.site);
    json["title"] = TextOrNull(latest.title);
    json["published"] = TextOrNull(latest.published);
    json["source"] = TextOrNull(latest.source);
    json["clicks"] = model::OrNull(clicks);
    json["kind"] = model::PageKindName(latest.kind);
    json["part_of"] = TextOrNull(latest.part_of);
    json["copy_of"] = TextOrNull(*copy_of);
    json["versions"] = page.versions;
    json["state"] = page.state;
    json["first_seen"] = TimeOrNull(page.first_visit);
    json["last_seen"] = TimeOrNull(page.last_present);
    return sink(json) && --left > 0;
  }));
  return inner;
}

namespace {

// Of which article the page of an event is a part, as its version then said, and of which it is a copy.
struct Belongs {
  std::string part_of, copy_of;
};
Result<Belongs> BelongsOf(const IndexReader& index, const store::EventEntry& event) {
  Belongs belongs;
  if (event.host || event.version == 0 || event.page_kind != model::PageKind::kArticle) return belongs;
  FZ_ASSIGN(const std::optional<UrlEntry> page, index.FindUrl(event.url));
  if (!page) return belongs;
  FZ_ASSIGN(const std::optional<VersionEntry> version, index.Version(page->id, event.version));
  if (!version) return belongs;
  belongs.part_of = version->part_of;
  FZ_ASSIGN(const std::optional<VersionEntry> latest, index.Version(page->id, page->versions));
  if (!latest) return belongs;
  FZ_ASSIGN(belongs.copy_of, index.CopyOf(*page, *latest));
  return belongs;
}

}  // namespace

Result<void> Changes(const store::Archive& archive, const ChangesOptions& options, const Sink& sink) {
  constexpr std::array<std::string_view, 9> kKinds = {"new",     "edited",      "gone",      "restored",          "moved",
                                                      "blocked", "unreachable", "reachable", "redesign_suspected"};
  if (!options.kind.empty() && std::find(kKinds.begin(), kKinds.end(), options.kind) == kKinds.end()) {
    return Fail(ErrorKind::kInvalidInput,
                "no such kind: expected new, edited, gone, restored, moved, blocked, unreachable, reachable or redesign_suspected",
                options.kind);
  }
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  uint64_t left = options.limit.value_or(UINT64_MAX);
  if (left == 0) return {};
  Result<void> inner;
  FZ_TRY(index->Events(options.since, [&](const store::EventEntry& event) {
    if (!options.kind.empty() && event.kind != options.kind) return true;
    if (options.kind.empty() && event.host) return true;
    if (!IsAmong(options.sites, event.site)) return true;
    if (!options.all_pages && !event.host && !IsContent(event.page_kind)) return true;
    const Result<Belongs> belongs = BelongsOf(*index, event);
    if (!belongs) {
      inner = Fail(belongs.error());
      return false;
    }
    Json json = Json::object();
    json["kind"] = event.kind;
    json["time"] = FormatIso8601(event.time);
    json["not_before"] = FormatIso8601(event.not_before);
    json["recorded"] = FormatIso8601(event.recorded);
    json["url"] = event.url;
    json["site"] = TextOrNull(event.site);
    json["title"] = TextOrNull(event.title);
    json["page_kind"] = model::PageKindName(event.page_kind);
    json["version"] = event.version;
    json["changed"] = event.changed;
    json["evidence"] = TextOrNull(event.evidence);
    json["to"] = TextOrNull(event.to);
    json["part_of"] = TextOrNull(belongs->part_of);
    json["copy_of"] = TextOrNull(belongs->copy_of);
    return sink(json) && --left > 0;
  }));
  return inner;
}

Result<Json> Stats(const store::Archive& archive) {
  const std::shared_ptr<const IndexReader> index = archive.Snapshot();
  uint64_t urls = 0, pages = 0, versions = 0, visits = 0, articles = 0, parts = 0, copies = 0, body_chars = 0;
  std::map<std::string, uint64_t> by_site, by_kind, by_charset, by_state, repairs, tls_unverified;
  std::map<std::string, uint64_t> present;
  Result<void> inner;
  FZ_TRY(index->ForEachUrl([&](const UrlEntry& page) {
    ++urls;
    visits += page.visits;
    if (page.purpose != "page") return true;
    ++by_state[page.state];
    if (page.versions == 0) return true;
    ++pages;
    versions += page.versions;
    ++by_site[page.site];
    Result<VersionEntry> latest = GetVersion(*index, page, page.versions);
    if (!latest) {
      inner = Fail(std::move(latest.error()));
      return false;
    }
    ++by_kind[std::string(model::PageKindName(latest->kind))];
    if (!latest->charset.empty()) ++by_charset[latest->charset];
    for (const std::string& family : latest->repair_families) ++repairs[family];
    body_chars += latest->body_chars;
    if (!latest->tls_unverified.empty()) ++tls_unverified[latest->tls_unverified];
    if (latest->kind != model::PageKind::kArticle) return true;
    const Result<std::string> copy_of = index->CopyOf(page, *latest);
    if (!copy_of) {
      inner = Fail(copy_of.error());
      return false;
    }
    if (!latest->part_of.empty()) {
      ++parts;
    } else if (!copy_of->empty()) {
      ++copies;
    } else {
      ++articles;
      for (const std::string& field : latest->fields_present) present[field] += field == "clicks" ? 0 : 1;
      // A number of clicks is had by the page itself or by its counter.
      if (latest->clicks) {
        ++present["clicks"];
      } else {
        const Result<std::optional<store::ClickObservation>> observation = ClicksOf(*index, page, *latest);
        if (!observation) {
          inner = Fail(observation.error());
          return false;
        }
        present["clicks"] += observation->has_value() ? 1 : 0;
      }
    }
    return true;
  }));
  FZ_TRY(std::move(inner));
  Json json = Json::object();
  json["urls"] = urls;
  json["pages"] = pages;
  json["articles"] = articles;
  json["parts"] = parts;
  json["copies"] = copies;
  json["versions"] = versions;
  json["visits"] = visits;
  json["body_chars"] = body_chars;
  json["by_site"] = by_site;
  json["by_kind"] = by_kind;
  json["by_state"] = by_state;
  json["by_charset"] = by_charset;
  json["repairs"] = repairs;
  json["tls_unverified"] = tls_unverified;
  json["bytes"] = archive.warc_bytes();
  // Of the articles, how many have the field.
  Json& coverage = json["field_coverage"] = Json::object();
  for (const char* field : {"title", "published", "source", "clicks", "author", "editor", "column", "document_number",
                            "index_number", "body", "attachments", "images", "counter", "charset", "language"}) {
    const uint64_t count = present[field];
    coverage[field] = {{"count", count},
                       {"share", articles == 0 ? Json(nullptr) : Json(static_cast<double>(count) / static_cast<double>(articles))}};
  }
  return json;
}

}  // namespace fangzhi::query
