#include "store/entry_json.h"

#include "store/json_text.h"

namespace fangzhi::store {
namespace {

using model::Json;

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
class Reader {
 public:
  explicit Reader(std::string_view value) : json_(model::ParseJson(value)) {}
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
  const Reader reader(value);
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
      .Text("kind", model::PageKindName(entry.kind))
      .Text("charset", entry.charset)
      .Optional("clicks", entry.clicks)
      .Texts("repair_families", entry.repair_families)
      .Texts("field_digests", entry.field_digests)
      .Texts("fields_present", entry.fields_present)
      .Number("body_chars", entry.body_chars)
      .Flag("truncated", entry.truncated)
      .Place("response", entry.response)
      .Place("metadata", entry.metadata)
      .Finish();
}

bool Decode(std::string_view value, VersionEntry* entry) {
  const Reader reader(value);
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
  entry->kind = reader.Kind("kind");
  entry->charset = reader.Text("charset");
  entry->clicks = reader.Optional("clicks");
  entry->repair_families = reader.Texts("repair_families");
  entry->field_digests = reader.Texts("field_digests");
  entry->fields_present = reader.Texts("fields_present");
  entry->body_chars = reader.Number<uint64_t>("body_chars");
  entry->truncated = reader.Flag("truncated");
  entry->response = reader.Place("response");
  entry->metadata = reader.Place("metadata");
  return !entry->digest.empty();
}

std::string Encode(const VisitEntry& entry) {
  return Writer()
      .Time("time", entry.time)
      .Text("outcome", entry.outcome)
      .Number("status", entry.status)
      .Text("verdict", entry.verdict)
      .Text("reason", entry.reason)
      .Number("version", entry.version)
      .Place("response", entry.response)
      .Place("metadata", entry.metadata)
      .Finish();
}

bool Decode(std::string_view value, VisitEntry* entry) {
  const Reader reader(value);
  if (!reader.ok()) return false;
  entry->time = reader.Time("time");
  entry->outcome = reader.Text("outcome");
  entry->status = reader.Number<int>("status");
  entry->verdict = reader.Text("verdict");
  entry->reason = reader.Text("reason");
  entry->version = reader.Number<uint32_t>("version");
  entry->response = reader.Place("response");
  entry->metadata = reader.Place("metadata");
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
  const Reader reader(value);
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
      .Finish();
}

bool Decode(std::string_view value, StoredEvent* entry) {
  const Reader reader(value);
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
  return !event.kind.empty();
}

std::string Encode(const warc::Location& location) {
  return "[" + std::to_string(location.file) + "," + std::to_string(location.offset) + "," +
         std::to_string(location.length) + "]";
}

bool Decode(std::string_view value, warc::Location* location) {
  const std::optional<Json> json = model::ParseJson(value);
  if (!json || !json->is_array() || json->size() != 3) return false;
  *location = Reader::PlaceFrom(*json);
  return true;
}

}  // namespace fangzhi::store
