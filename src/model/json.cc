#include "model/json.h"

namespace fangzhi::model {
const Json& Member(const Json& json, std::string_view key) {
  static const Json null;
  if (!json.is_object()) return null;
  const auto found = json.find(key);
  return found == json.end() ? null : *found;
}

namespace {

std::optional<int64_t> GetOptionalInt(const Json& json, std::string_view key) {
  const Json& member = Member(json, key);
  if (!member.is_number_integer()) return std::nullopt;
  return member.get<int64_t>();
}

// Optional texts of a record beyond those that INTERFACE names first.
constexpr std::pair<const char*, std::optional<std::string> PageRecord::*> kMoreFields[] = {
    {"subtitle", &PageRecord::subtitle}, {"modified", &PageRecord::modified}, {"issuer", &PageRecord::issuer},
    {"written", &PageRecord::written},   {"topic", &PageRecord::topic},       {"validity", &PageRecord::validity},
    {"site_id_code", &PageRecord::site_id_code}, {"next_page", &PageRecord::next_page},
    {"part_of", &PageRecord::part_of},   {"copy_of", &PageRecord::copy_of}};

Json TextOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json Strings(const std::vector<std::string>& list) {
  Json array = Json::array();
  for (const std::string& text : list) array.push_back(text);
  return array;
}

}  // namespace

Json ToJson(const RepairStep& step) {
  return Json{{"family", step.family}, {"begin", step.begin},       {"end", step.end},
              {"before", step.before}, {"after", step.after},       {"lossless", step.lossless},
              {"confidence", step.confidence}};
}

Json ToJson(const Damage& damage) {
  return Json{{"begin", damage.begin}, {"end", damage.end}, {"family", damage.family}, {"text", damage.text}};
}

Json ToJson(const Link& link) {
  Json json{{"url", link.url}, {"kind", LinkKindName(link.kind)}, {"text", TextOrNull(link.text)}};
  if (!link.date.empty()) json["date"] = link.date;
  return json;
}

Json ToJson(const ListFacts& list) {
  return Json{{"dialect", TextOrNull(list.dialect)},
              {"total", OrNull(list.total)},
              {"pages", OrNull(list.pages)},
              {"page", OrNull(list.page)},
              {"per_page", OrNull(list.per_page)},
              {"items", list.items},
              {"past_end", list.past_end},
              {"needs", TextOrNull(list.needs)}};
}

Json ToJson(const PageRecord& record) {
  Json json;
  json["url"] = record.url;
  json["title"] = OrNull(record.title);
  json["published"] = OrNull(record.published);
  json["source"] = OrNull(record.source);
  json["clicks"] = OrNull(record.clicks);
  json["author"] = OrNull(record.author);
  json["editor"] = OrNull(record.editor);
  json["column"] = OrNull(record.column);
  json["document_number"] = OrNull(record.document_number);
  json["index_number"] = OrNull(record.index_number);
  for (const auto& [name, field] : kMoreFields) json[name] = OrNull(record.*field);
  json["body"] = TextOrNull(record.body);
  json["attachments"] = Json::array();
  for (const Attachment& attachment : record.attachments) {
    json["attachments"].push_back({{"url", attachment.url}, {"text", TextOrNull(attachment.text)}});
  }
  json["images"] = Strings(record.images);
  json["counter"] = nullptr;
  if (record.counter) {
    json["counter"] = {{"url", record.counter->url},
                       {"kind", record.counter->kind},
                       {"method", record.counter->method},
                       {"side_effect", record.counter->side_effect},
                       {"semantics", record.counter->semantics}};
  }
  json["list"] = nullptr;
  if (record.list) json["list"] = ToJson(*record.list);
  json["charset"] = TextOrNull(record.charset);
  json["language"] = OrNull(record.language);
  json["repairs"] = Json::array();
  for (const RepairStep& step : record.repairs) json["repairs"].push_back(ToJson(step));
  json["damage"] = Json::array();
  for (const Damage& damage : record.damage) json["damage"].push_back(ToJson(damage));
  json["provenance"] = Json::object();
  for (const auto& [field, basis] : record.provenance) json["provenance"][field] = basis;
  json["confidence"] = Json::object();
  for (const auto& [field, value] : record.confidence) json["confidence"][field] = value;
  json["conflicts"] = Json::object();
  for (const auto& [field, words] : record.conflicts) json["conflicts"][field] = words;
  if (!record.candidates.empty()) {
    Json& candidates = json["candidates"] = Json::object();
    for (const auto& [field, list] : record.candidates) {
      Json& values = candidates[field] = Json::array();
      for (const Candidate& candidate : list) {
        values.push_back({{"value", candidate.value}, {"basis", candidate.basis}, {"confidence", candidate.confidence}});
      }
    }
  }
  if (!record.html.empty()) json["html"] = record.html;
  json["kind"] = PageKindName(record.kind);
  json["kind_reason"] = record.kind_reason;
  return json;
}

PageRecord PageRecordFromJson(const Json& json) {
  PageRecord record;
  record.url = GetString(json, "url");
  record.title = GetOptionalString(json, "title");
  record.published = GetOptionalString(json, "published");
  record.source = GetOptionalString(json, "source");
  record.clicks = GetOptionalInt(json, "clicks");
  record.author = GetOptionalString(json, "author");
  record.editor = GetOptionalString(json, "editor");
  record.column = GetOptionalString(json, "column");
  record.document_number = GetOptionalString(json, "document_number");
  record.index_number = GetOptionalString(json, "index_number");
  for (const auto& [name, field] : kMoreFields) record.*field = GetOptionalString(json, name);
  record.body = GetString(json, "body");
  for (const Json& item : Member(json, "attachments")) {
    record.attachments.push_back({GetString(item, "url"), GetString(item, "text")});
  }
  for (const Json& item : Member(json, "images")) {
    if (item.is_string()) record.images.push_back(item.get<std::string>());
  }
  if (const Json& counter = Member(json, "counter"); counter.is_object()) {
    record.counter = Counter{GetString(counter, "url"), GetString(counter, "kind"), GetString(counter, "method", "GET"),
                             GetString(counter, "side_effect", "unknown"), GetString(counter, "semantics", "unknown")};
  }
  if (const Json& list = Member(json, "list"); list.is_object()) {
    const auto number = [&list](std::string_view key) -> std::optional<uint64_t> {
      const auto value = GetOptionalInt(list, key);
      return value && *value >= 0 ? std::optional<uint64_t>(static_cast<uint64_t>(*value)) : std::nullopt;
    };
    record.list = ListFacts{GetString(list, "dialect"), number("total"), number("pages"), number("page"), number("per_page"),
                            number("items").value_or(0), GetBool(list, "past_end", false), GetString(list, "needs")};
  }
  record.charset = GetString(json, "charset");
  record.language = GetOptionalString(json, "language");
  for (const Json& item : Member(json, "repairs")) {
    RepairStep step;
    step.family = GetString(item, "family");
    step.begin = GetCount(item, "begin");
    step.end = GetCount(item, "end");
    step.before = GetString(item, "before");
    step.after = GetString(item, "after");
    step.lossless = GetBool(item, "lossless", true);
    const Json& confidence = Member(item, "confidence");
    step.confidence = confidence.is_number() ? confidence.get<double>() : 0;
    record.repairs.push_back(std::move(step));
  }
  for (const Json& item : Member(json, "damage")) {
    record.damage.push_back(
        {GetCount(item, "begin"), GetCount(item, "end"), GetString(item, "family"), GetString(item, "text")});
  }
  if (const Json& provenance = Member(json, "provenance"); provenance.is_object()) {
    for (const auto& [field, basis] : provenance.items()) {
      if (basis.is_string()) record.provenance[field] = basis.get<std::string>();
    }
  }
  if (const Json& confidence = Member(json, "confidence"); confidence.is_object()) {
    for (const auto& [field, value] : confidence.items()) {
      if (value.is_number()) record.confidence[field] = value.get<double>();
    }
  }
  if (const Json& conflicts = Member(json, "conflicts"); conflicts.is_object()) {
    for (const auto& [field, words] : conflicts.items()) {
      if (words.is_string()) record.conflicts[field] = words.get<std::string>();
    }
  }
  ParsePageKind(GetString(json, "kind"), &record.kind);
  record.kind_reason = GetString(json, "kind_reason");
  return record;
}

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::optional<Json> ParseJson(std::string_view text) {
  // The library's parser is iterative but its values are freed recursively in places, so nesting is bounded before it starts.
  constexpr int kDeepest = 64;
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      else if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepest) return std::nullopt;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  Json json = Json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

std::string GetString(const Json& json, std::string_view key, std::string_view otherwise) {
  const Json& member = Member(json, key);
  return member.is_string() ? member.get<std::string>() : std::string(otherwise);
}

uint64_t GetCount(const Json& json, std::string_view key) {
  return static_cast<uint64_t>(std::max<int64_t>(0, GetInt(json, key)));
}
int64_t GetInt(const Json& json, std::string_view key, int64_t otherwise) {
  return GetOptionalInt(json, key).value_or(otherwise);
}

std::optional<std::string> GetOptionalString(const Json& json, std::string_view key) {
  const Json& member = Member(json, key);
  if (!member.is_string()) return std::nullopt;
  return member.get<std::string>();
}

bool GetBool(const Json& json, std::string_view key, bool otherwise) {
  const Json& member = Member(json, key);
  return member.is_boolean() ? member.get<bool>() : otherwise;
}

}  // namespace fangzhi::model
