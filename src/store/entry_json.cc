#include "store/entry_json.h"

#include <algorithm>

#include "model/json_text.h"

namespace fangzhi::store {
namespace {

using model::AppendJsonString;
using model::Json;
using model::JsonObjectText;

std::string BitsText(uint64_t bits) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text.push_back(kHex[bits >> shift & 15]);
  return text;
}

uint64_t BitsOf(std::string_view text) {
  uint64_t bits = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return 0;
    bits = bits << 4 | static_cast<uint64_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return bits;
}

// Adds facts to an object, leaving out what is absent.
class Writer {
 public:
  Writer& Text(std::string_view key, std::string_view value) {
    if (!value.empty()) json_.Text(key, value);
    return *this;
  }
  template <class Integer>
  Writer& Number(std::string_view key, Integer value) {
    if (value != 0) json_.Number(key, value);
    return *this;
  }
  Writer& Time(std::string_view key, UtcTime value) {
    if (value != UtcTime{}) json_.Text(key, FormatWarcDate(value));
    return *this;
  }
  Writer& Time(std::string_view key, const std::optional<UtcTime>& value) {
    if (value) json_.Text(key, FormatWarcDate(*value));
    return *this;
  }
  Writer& Flag(std::string_view key, bool value) {
    if (value) json_.Flag(key, true);
    return *this;
  }
  Writer& Texts(std::string_view key, const std::vector<std::string>& value) {
    if (value.empty()) return *this;
    std::string& out = json_.Key(key);
    for (size_t i = 0; i < value.size(); ++i) {
      out.push_back(i == 0 ? '[' : ',');
      AppendJsonString(out, value[i]);
    }
    out.push_back(']');
    return *this;
  }
  Writer& Numbers(std::string_view key, const std::vector<uint64_t>& value) {
    if (value.empty()) return *this;
    std::string& out = json_.Key(key);
    for (size_t i = 0; i < value.size(); ++i) {
      out.push_back(i == 0 ? '[' : ',');
      out += std::to_string(value[i]);
    }
    out.push_back(']');
    return *this;
  }
  // 64 bits in hexadecimal: not every JSON reader keeps that many.
  Writer& Bits(std::string_view key, uint64_t value) {
    if (value != 0) json_.Text(key, BitsText(value));
    return *this;
  }
  // Each already an object's text.
  Writer& Objects(std::string_view key, const std::vector<std::string>& value) {
    if (value.empty()) return *this;
    std::string& out = json_.Key(key);
    for (size_t i = 0; i < value.size(); ++i) out.append(i == 0 ? "[" : ",").append(value[i]);
    out.push_back(']');
    return *this;
  }
  Writer& Place(std::string_view key, const warc::Location& value) {
    if (value.length != 0) json_.Key(key) += Encode(value);
    return *this;
  }
  Writer& Optional(std::string_view key, const std::optional<int64_t>& value) {
    if (value) json_.Number(key, *value);
    return *this;
  }
  std::string Finish() { return std::move(json_).Finish(); }

 private:
  JsonObjectText json_;
};

// Reads facts from an object; an absent key leaves the default.
class EntryReader {
 public:
  explicit EntryReader(std::string_view value) : json_(model::ParseJson(value)) {}
  explicit EntryReader(Json json) : json_(std::move(json)) {}
  bool ok() const { return json_ && json_->is_object(); }

  std::string Text(const char* key) const { return model::GetString(*json_, key); }
  std::string Text(const char* key, std::string_view otherwise) const {
    return model::GetString(*json_, key, otherwise);
  }
  template <class Integer>
  Integer Number(const char* key) const {
    return static_cast<Integer>(model::GetInt(*json_, key));
  }
  std::optional<int64_t> Optional(const char* key) const {
    const auto found = json_->find(key);
    if (found == json_->end() || !found->is_number_integer()) return std::nullopt;
    return found->get<int64_t>();
  }
  std::optional<UtcTime> OptionalTime(const char* key) const { return ParseIso8601(Text(key)); }
  UtcTime Time(const char* key) const { return OptionalTime(key).value_or(UtcTime{}); }
  bool Flag(const char* key) const { return model::GetBool(*json_, key); }
  std::vector<std::string> Texts(const char* key) const {
    std::vector<std::string> texts;
    const auto found = json_->find(key);
    if (found == json_->end() || !found->is_array()) return texts;
    for (const Json& item : *found) {
      if (item.is_string()) texts.push_back(item.get<std::string>());
    }
    return texts;
  }
  std::vector<uint64_t> Numbers(const char* key) const {
    std::vector<uint64_t> numbers;
    const auto found = json_->find(key);
    if (found == json_->end() || !found->is_array()) return numbers;
    for (const Json& item : *found) {
      if (item.is_number_unsigned()) numbers.push_back(item.get<uint64_t>());
    }
    return numbers;
  }
  std::vector<EntryReader> Objects(const char* key) const {
    std::vector<EntryReader> objects;
    const auto found = json_->find(key);
    if (found == json_->end() || !found->is_array()) return objects;
    for (const Json& item : *found) {
      if (item.is_object()) objects.emplace_back(item);
    }
    return objects;
  }
  uint64_t Bits(const char* key) const { return BitsOf(Text(key)); }
  warc::Location Place(const char* key) const {
    const auto found = json_->find(key);
    return found == json_->end() ? warc::Location{} : PlaceFrom(*found);
  }
  static warc::Location PlaceFrom(const Json& json) {
    if (!json.is_array() || json.size() != 3) return {};
    for (const Json& number : json) {
      if (!number.is_number_unsigned()) return {};
    }
    return {json[0].get<uint32_t>(), json[1].get<uint64_t>(), json[2].get<uint64_t>()};
  }
  model::PageKind Kind(const char* key) const {
    model::PageKind kind = model::PageKind::kOther;
    model::ParsePageKind(Text(key), &kind);
    return kind;
  }

 private:
  std::optional<Json> json_;
};

}  // namespace

std::string Encode(const UrlEntry& entry) {
  return Writer()
      .Text("url", entry.url)
      .Text("site", entry.site)
      .Text("purpose", entry.purpose)
      .Text("state", entry.state)
      .Text("kind", model::PageKindName(entry.kind))
      .Number("versions", entry.versions)
      .Number("visits", entry.visits)
      .Time("first_visit", entry.first_visit)
      .Time("last_visit", entry.last_visit)
      .Time("last_present", entry.last_present)
      .Time("first_absent", entry.first_absent)
      .Time("last_absent", entry.last_absent)
      .Number("absent_visits", entry.absent_visits)
      .Text("absence", entry.absence)
      .Number("absent_proved", entry.absent_proved)
      .Time("absent_proved_at", entry.absent_proved_at)
      .Place("first_absent_place", entry.first_absent_place)
      .Number("first_absent_round", entry.first_absent_round)
      .Number("mass_round", entry.mass_round)
      .Number("round", entry.round)
      .Time("seen_before", entry.seen_before)
      .Text("redirect", entry.redirect)
      .Text("moved_to", entry.moved_to)
      .Text("moved_from", entry.moved_from)
      .Numbers("lists", entry.lists)
      .Time("listed_since", entry.listed_since)
      .Time("unlisted_since", entry.unlisted_since)
      .Time("unlisted_before", entry.unlisted_before)
      .Time("named_until", entry.named_until)
      .Time("back_since", entry.back_since)
      .Number("listed_round", entry.listed_round)
      .Number("failed_visits", entry.failed_visits)
      .Number("last_status", entry.last_status)
      .Text("etag", entry.etag)
      .Text("last_modified", entry.last_modified)
      .Text("payload_digest", entry.payload_digest)
      .Place("payload", entry.payload)
      .Time("payload_time", entry.payload_time)
      .Text("payload_record_id", entry.payload_record_id)
      .Number("payload_version", entry.payload_version)
      .Finish();
}

bool Decode(std::string_view value, UrlEntry* entry) {
  const EntryReader reader(value);
  if (!reader.ok()) return false;
  entry->url = reader.Text("url");
  entry->site = reader.Text("site");
  entry->purpose = reader.Text("purpose", "page");
  entry->state = reader.Text("state", "never");
  entry->kind = reader.Kind("kind");
  entry->versions = reader.Number<uint32_t>("versions");
  entry->visits = reader.Number<uint64_t>("visits");
  entry->first_visit = reader.Time("first_visit");
  entry->last_visit = reader.Time("last_visit");
  entry->last_present = reader.OptionalTime("last_present");
  entry->first_absent = reader.OptionalTime("first_absent");
  entry->last_absent = reader.OptionalTime("last_absent");
  entry->absent_visits = reader.Number<int>("absent_visits");
  entry->absence = reader.Text("absence");
  entry->absent_proved = reader.Number<int>("absent_proved");
  entry->absent_proved_at = reader.OptionalTime("absent_proved_at");
  entry->first_absent_place = reader.Place("first_absent_place");
  entry->first_absent_round = reader.Number<uint64_t>("first_absent_round");
  entry->mass_round = reader.Number<uint64_t>("mass_round");
  entry->round = reader.Number<uint64_t>("round");
  entry->seen_before = reader.OptionalTime("seen_before");
  entry->redirect = reader.Text("redirect");
  entry->moved_to = reader.Text("moved_to");
  entry->moved_from = reader.Text("moved_from");
  entry->lists = reader.Numbers("lists");
  entry->listed_since = reader.OptionalTime("listed_since");
  entry->unlisted_since = reader.OptionalTime("unlisted_since");
  entry->unlisted_before = reader.OptionalTime("unlisted_before");
  entry->named_until = reader.OptionalTime("named_until");
  entry->back_since = reader.OptionalTime("back_since");
  entry->listed_round = reader.Number<uint64_t>("listed_round");
  entry->failed_visits = reader.Number<int>("failed_visits");
  entry->last_status = reader.Number<int>("last_status");
  entry->etag = reader.Text("etag");
  entry->last_modified = reader.Text("last_modified");
  entry->payload_digest = reader.Text("payload_digest");
  entry->payload = reader.Place("payload");
  entry->payload_time = reader.Time("payload_time");
  entry->payload_record_id = reader.Text("payload_record_id");
  entry->payload_version = reader.Number<uint32_t>("payload_version");
  return !entry->url.empty();
}

std::string Encode(const VersionEntry& entry) {
  return Writer()
      .Time("time", entry.time)
      .Time("not_before", entry.not_before)
      .Number("status", entry.status)
      .Texts("changed", entry.changed)
      .Text("digest", entry.digest)
      .Text("payload_digest", entry.payload_digest)
      .Text("content_type", entry.content_type)
      .Text("title", entry.title)
      .Text("published", entry.published)
      .Text("source", entry.source)
      .Text("document_number", entry.document_number)
      .Text("part_of", entry.part_of)
      .Text("copy_of", entry.copy_of)
      .Text("next_page", entry.next_page)
      .Bits("sketch", entry.sketch)
      .Text("clauses", entry.clauses)
      .Bits("numbers", entry.numbers)
      .Bits("files", entry.files)
      .Text("kind", model::PageKindName(entry.kind))
      .Text("charset", entry.charset)
      .Optional("clicks", entry.clicks)
      .Texts("repair_families", entry.repair_families)
      .Texts("field_digests", entry.field_digests)
      .Texts("fields_present", entry.fields_present)
      .Number("body_chars", entry.body_chars)
      .Number("damaged", entry.damaged)
      .Flag("truncated", entry.truncated)
      .Flag("feed", entry.feed)
      .Text("tls_unverified", entry.tls_unverified)
      .Place("response", entry.response)
      .Place("metadata", entry.metadata)
      .Finish();
}

bool Decode(std::string_view value, VersionEntry* entry) {
  const EntryReader reader(value);
  if (!reader.ok()) return false;
  entry->time = reader.Time("time");
  entry->not_before = reader.Time("not_before");
  entry->status = reader.Number<int>("status");
  entry->changed = reader.Texts("changed");
  entry->digest = reader.Text("digest");
  entry->payload_digest = reader.Text("payload_digest");
  entry->content_type = reader.Text("content_type");
  entry->title = reader.Text("title");
  entry->published = reader.Text("published");
  entry->source = reader.Text("source");
  entry->document_number = reader.Text("document_number");
  entry->part_of = reader.Text("part_of");
  entry->copy_of = reader.Text("copy_of");
  entry->next_page = reader.Text("next_page");
  entry->sketch = reader.Bits("sketch");
  entry->clauses = reader.Text("clauses");
  entry->numbers = reader.Bits("numbers");
  entry->files = reader.Bits("files");
  entry->kind = reader.Kind("kind");
  entry->charset = reader.Text("charset");
  entry->clicks = reader.Optional("clicks");
  entry->repair_families = reader.Texts("repair_families");
  entry->field_digests = reader.Texts("field_digests");
  entry->fields_present = reader.Texts("fields_present");
  entry->body_chars = reader.Number<uint64_t>("body_chars");
  entry->damaged = reader.Number<uint64_t>("damaged");
  entry->truncated = reader.Flag("truncated");
  entry->feed = reader.Flag("feed");
  entry->tls_unverified = reader.Text("tls_unverified");
  entry->response = reader.Place("response");
  entry->metadata = reader.Place("metadata");
  // Earlier programs took the digest of a document of the name that its link gave it.
  const bool document = entry->kind == model::PageKind::kOther && entry->charset.empty() && entry->body_chars == 0;
  if (document && !entry->field_digests.empty() && !entry->payload_digest.empty()) {
    entry->digest = entry->payload_digest;
    entry->field_digests.clear();
  }
  return !entry->digest.empty();
}

std::string Encode(const VisitEntry& entry) {
  return Writer()
      .Time("time", entry.time)
      .Text("outcome", entry.outcome)
      .Number("status", entry.status)
      .Text("verdict", entry.verdict)
      .Text("reason", entry.reason)
      .Text("finding", entry.finding)
      .Text("state", entry.state)
      .Number("version", entry.version)
      .Text("tls_unverified", entry.tls_unverified)
      .Place("response", entry.response)
      .Place("metadata", entry.metadata)
      .Text("shown", entry.shown)
      .Finish();
}

bool Decode(std::string_view value, VisitEntry* entry) {
  const EntryReader reader(value);
  if (!reader.ok()) return false;
  entry->time = reader.Time("time");
  entry->outcome = reader.Text("outcome");
  entry->status = reader.Number<int>("status");
  entry->verdict = reader.Text("verdict");
  entry->reason = reader.Text("reason");
  entry->finding = reader.Text("finding");
  entry->state = reader.Text("state");
  entry->version = reader.Number<uint32_t>("version");
  entry->tls_unverified = reader.Text("tls_unverified");
  entry->response = reader.Place("response");
  entry->metadata = reader.Place("metadata");
  entry->shown = reader.Text("shown");
  return !entry->verdict.empty();
}

std::string Encode(const ClickObservation& entry) {
  return Writer()
      .Time("time", entry.time)
      .Optional("clicks", entry.clicks)
      .Text("basis", entry.basis)
      .Finish();
}

bool Decode(std::string_view value, ClickObservation* entry) {
  const EntryReader reader(value);
  if (!reader.ok()) return false;
  entry->time = reader.Time("time");
  entry->clicks = reader.Number<int64_t>("clicks");
  entry->basis = reader.Text("basis");
  return true;
}

std::string Encode(const StoredEvent& entry) {
  const EventEntry& event = entry.event;
  return Writer()
      .Number("url_id", entry.url_id)
      .Text("kind", event.kind)
      .Time("time", event.time)
      .Time("not_before", event.not_before)
      .Time("recorded", event.recorded)
      .Text("title", event.title)
      .Text("page_kind", model::PageKindName(event.page_kind))
      .Number("version", event.version)
      .Texts("changed", event.changed)
      .Text("evidence", event.evidence)
      .Text("to", event.to)
      .Flag("listed", event.listed)
      .Flag("host", event.host)
      .Finish();
}

bool Decode(std::string_view value, StoredEvent* entry) {
  const EntryReader reader(value);
  if (!reader.ok()) return false;
  EventEntry& event = entry->event;
  entry->url_id = reader.Number<uint64_t>("url_id");
  event.kind = reader.Text("kind");
  event.time = reader.Time("time");
  event.not_before = reader.Time("not_before");
  event.recorded = reader.Time("recorded");
  event.title = reader.Text("title");
  event.page_kind = reader.Kind("page_kind");
  event.version = reader.Number<uint32_t>("version");
  event.changed = reader.Texts("changed");
  event.evidence = reader.Text("evidence");
  event.to = reader.Text("to");
  event.listed = reader.Flag("listed");
  event.host = reader.Flag("host");
  return !event.kind.empty();
}

std::string Encode(const HostEntry& entry) {
  Writer writer;
  writer.Number("round", entry.round)
      .Time("began", entry.began)
      .Number("visits", entry.visits)
      .Number("known", entry.known)
      .Number("ok", entry.ok)
      .Time("last_ok", entry.last_ok)
      .Number("control_ok", entry.control_ok)
      .Number("control_bad", entry.control_bad)
      .Number("blocked", entry.blocked)
      .Number("unreachable", entry.unreachable)
      .Number("articles", entry.articles)
      .Number("edited", entry.edited)
      .Number("reread", entry.reread)
      .Number("other_frame", entry.other_frame)
      .Number("frame_round", entry.frame_round)
      .Number("probes", entry.probes)
      .Text("bad", entry.bad)
      .Number("bad_url", entry.bad_url)
      .Time("bad_time", entry.bad_time)
      .Place("bad_place", entry.bad_place)
      .Number("ok_url", entry.ok_url)
      .Time("ok_time", entry.ok_time)
      .Place("ok_place", entry.ok_place)
      .Time("last_bad", entry.last_bad)
      .Time("ok_before", entry.ok_before)
      .Text("state", entry.state)
      .Bits("home", entry.home)
      .Text("home_title", entry.home_title);
  std::vector<std::string> masses;
  for (const MassEntry& mass : entry.masses) {
    masses.push_back(Writer()
                         .Text("under", mass.under)
                         .Number("round", mass.round)
                         .Number("flipped", mass.flipped)
                         .Number("back", mass.back)
                         .Flag("open", mass.open)
                         .Finish());
  }
  std::vector<std::string> few;
  for (const FewEntry& one : entry.few) {
    few.push_back(Writer().Text("under", one.under).Number("round", one.round).Number("flipped", one.flipped).Number("back", one.back).Finish());
  }
  std::vector<std::string> alike;
  for (const AlikeEntry& one : entry.alike) {
    alike.push_back(Writer()
                        .Text("what", one.what)
                        .Text("under", one.under)
                        .Text("value", one.value)
                        .Number("round", one.round)
                        .Number("runs", one.runs)
                        .Flag("believed", one.believed)
                        .Finish());
  }
  std::vector<std::string> baselines;
  for (const Baseline& baseline : entry.baselines) {
    baselines.push_back(Writer()
                            .Text("of", baseline.of)
                            .Time("time", baseline.time)
                            .Number("status", baseline.status)
                            .Text("target", baseline.target)
                            .Bits("sketch", baseline.sketch)
                            .Text("title", baseline.title)
                            .Finish());
  }
  return writer.Objects("baselines", baselines).Objects("masses", masses).Objects("few", few).Objects("alike", alike).Numbers("short_lists", entry.short_lists).Finish();
}

bool Decode(std::string_view value, HostEntry* entry) {
  const EntryReader reader(value);
  if (!reader.ok()) return false;
  entry->round = reader.Number<uint64_t>("round");
  entry->began = reader.Time("began");
  entry->visits = reader.Number<uint64_t>("visits");
  entry->known = reader.Number<uint64_t>("known");
  entry->ok = reader.Number<uint64_t>("ok");
  entry->last_ok = reader.OptionalTime("last_ok");
  entry->control_ok = reader.Number<uint64_t>("control_ok");
  entry->control_bad = reader.Number<uint64_t>("control_bad");
  entry->blocked = reader.Number<uint64_t>("blocked");
  entry->unreachable = reader.Number<uint64_t>("unreachable");
  entry->articles = reader.Number<uint64_t>("articles");
  entry->edited = reader.Number<uint64_t>("edited");
  entry->reread = reader.Number<uint64_t>("reread");
  entry->other_frame = reader.Number<uint64_t>("other_frame");
  entry->frame_round = reader.Number<uint64_t>("frame_round");
  entry->probes = reader.Number<uint32_t>("probes");
  entry->bad = reader.Text("bad");
  entry->bad_url = reader.Number<uint64_t>("bad_url");
  entry->bad_time = reader.Time("bad_time");
  entry->bad_place = reader.Place("bad_place");
  entry->ok_url = reader.Number<uint64_t>("ok_url");
  entry->ok_time = reader.Time("ok_time");
  entry->ok_place = reader.Place("ok_place");
  entry->last_bad = reader.OptionalTime("last_bad");
  entry->ok_before = reader.OptionalTime("ok_before");
  entry->state = reader.Text("state");
  entry->home = reader.Bits("home");
  entry->home_title = reader.Text("home_title");
  for (const EntryReader& item : reader.Objects("masses")) {
    entry->masses.push_back({item.Text("under"), item.Number<uint64_t>("round"), item.Number<uint64_t>("flipped"), item.Number<uint64_t>("back"),
                             item.Flag("open")});
  }
  for (const EntryReader& item : reader.Objects("few")) {
    entry->few.push_back({item.Text("under"), item.Number<uint64_t>("round"), item.Number<uint64_t>("flipped"), item.Number<uint64_t>("back")});
  }
  for (const EntryReader& item : reader.Objects("alike")) {
    entry->alike.push_back({item.Text("what"), item.Text("under"), item.Text("value"), item.Number<uint64_t>("round"), item.Number<uint64_t>("runs"), item.Flag("believed")});
  }
  entry->short_lists = reader.Numbers("short_lists");
  for (const EntryReader& item : reader.Objects("baselines")) {
    Baseline baseline;
    baseline.of = item.Text("of");
    baseline.time = item.Time("time");
    baseline.status = item.Number<int>("status");
    baseline.target = item.Text("target");
    baseline.sketch = item.Bits("sketch");
    baseline.title = item.Text("title");
    entry->baselines.push_back(std::move(baseline));
  }
  return true;
}

std::string Encode(const PendingEntry& entry) {
  return Writer()
      .Text("what", entry.what)
      .Time("time", entry.time)
      .Place("metadata", entry.metadata)
      .Text("reason", entry.reason)
      .Text("target", entry.target)
      .Number("gone_after_visits", entry.gone_after_visits)
      .Number("gone_after_seconds", entry.gone_after.count())
      .Text("version", entry.version)
      .Text("response_id", entry.response_id)
      .Text("clicks", entry.clicks)
      .Flag("weighed", entry.weighed)
      .Flag("other_frame", entry.other_frame)
      .Flag("own_date", entry.own_date)
      .Flag("like_home", entry.like_home)
      .Flag("unlike_link", entry.unlike_link)
      .Flag("lists", entry.lists)
      .Flag("ended", entry.ended)
      .Texts("listing", entry.listing)
      .Number("pages", entry.pages)
      .Finish();
}

bool Decode(std::string_view value, PendingEntry* entry) {
  const EntryReader reader(value);
  if (!reader.ok()) return false;
  entry->what = reader.Text("what");
  entry->time = reader.Time("time");
  entry->metadata = reader.Place("metadata");
  entry->reason = reader.Text("reason");
  entry->target = reader.Text("target");
  entry->gone_after_visits = reader.Number<int>("gone_after_visits");
  entry->gone_after = std::chrono::seconds{reader.Number<int64_t>("gone_after_seconds")};
  entry->version = reader.Text("version");
  entry->response_id = reader.Text("response_id");
  entry->clicks = reader.Text("clicks");
  entry->weighed = reader.Flag("weighed");
  entry->other_frame = reader.Flag("other_frame");
  entry->own_date = reader.Flag("own_date");
  entry->like_home = reader.Flag("like_home");
  entry->unlike_link = reader.Flag("unlike_link");
  entry->lists = reader.Flag("lists");
  entry->ended = reader.Flag("ended");
  entry->listing = reader.Texts("listing");
  entry->pages = reader.Number<uint64_t>("pages");
  return !entry->what.empty();
}

std::string Encode(const MissedEntry& entry) {
  return Writer().Number("round", entry.round).Text("obstacle", entry.obstacle).Text("reason", entry.reason).Finish();
}

bool Decode(std::string_view value, MissedEntry* entry) {
  const EntryReader reader(value);
  if (!reader.ok()) return false;
  entry->round = reader.Number<uint64_t>("round");
  entry->obstacle = reader.Text("obstacle");
  entry->reason = reader.Text("reason");
  return true;
}

std::string Encode(const ListingEntry& entry) {
  return Writer()
      .Numbers("ids", entry.ids)
      .Number("rows", entry.rows)
      .Number("pages", entry.pages)
      .Flag("ended", entry.ended)
      .Number("short_runs", entry.short_runs)
      .Time("short_since", entry.short_since)
      .Time("whole", entry.whole)
      .Numbers("short_ids", entry.short_ids)
      .Text("short_why", entry.short_why)
      .Number("least", entry.least)
      .Finish();
}

bool Decode(std::string_view value, ListingEntry* entry) {
  const std::optional<Json> json = model::ParseJson(value);
  if (json && json->is_array()) {  // by an earlier program: the ids alone
    for (const Json& item : *json) {
      if (!item.is_number_unsigned()) return false;
      entry->ids.push_back(item.get<uint64_t>());
    }
    std::sort(entry->ids.begin(), entry->ids.end());
    entry->rows = entry->ids.size();
    return true;
  }
  if (!json || !json->is_object()) return false;
  const EntryReader reader(*json);
  entry->ids = reader.Numbers("ids");
  entry->rows = reader.Number<uint64_t>("rows");
  entry->pages = reader.Number<uint64_t>("pages");
  entry->ended = reader.Flag("ended");
  entry->short_runs = reader.Number<uint64_t>("short_runs");
  entry->short_since = reader.Time("short_since");
  entry->whole = reader.OptionalTime("whole");
  entry->short_ids = reader.Numbers("short_ids");
  entry->short_why = reader.Text("short_why");
  entry->least = reader.Number<uint64_t>("least");
  return true;
}

std::string Encode(const warc::Location& location) {
  return "[" + std::to_string(location.file) + "," + std::to_string(location.offset) + "," +
         std::to_string(location.length) + "]";
}

bool Decode(std::string_view value, warc::Location* location) {
  const std::optional<Json> json = model::ParseJson(value);
  if (!json || !json->is_array() || json->size() != 3) return false;
  *location = EntryReader::PlaceFrom(*json);
  return true;
}

}  // namespace fangzhi::store
