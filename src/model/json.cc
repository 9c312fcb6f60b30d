#include "model/json.h"

#include "model/json_text.h"

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

// An object that is written into a tree, member by member.
class TreeObject {
 public:
  template <class T>
  void Value(const char* key, const T& value) { json_[key] = value; }
  template <class T>
  void Value(const char* key, const std::optional<T>& value) { json_[key] = OrNull(value); }
  void Null(const char* key) { json_[key] = nullptr; }
  void TextOrNull(const char* key, const std::string& text) {
    if (text.empty()) Null(key);
    else Value(key, text);
  }
  // `fill(object)` writes its members.
  template <class Fill>
  void Object(const char* key, const Fill& fill) { json_[key] = Filled(fill); }
  // An object an item: `fill(object, item)`.
  template <class Items, class Fill>
  void List(const char* key, const Items& items, const Fill& fill) {
    Json& array = json_[key] = Json::array();
    for (const auto& item : items) array.push_back(Filled([&](TreeObject& object) { fill(object, item); }));
  }
  Json Take() && { return std::move(json_); }

 private:
  template <class Fill>
  static Json Filled(const Fill& fill) {
    TreeObject object;
    fill(object);
    return std::move(object).Take();
  }

  Json json_ = Json::object();
};

// The same as text, with nothing built. Keys are such as need no escape, or texts of the record.
class TextObject {
 public:
  explicit TextObject(std::string& out) : out_(out) { out_.push_back('{'); }
  void End() { out_.push_back('}'); }

  template <class T>
  void Value(std::string_view key, const T& value) {
    Key(key);
    Append(value);
  }
  template <class T>
  void Value(std::string_view key, const std::optional<T>& value) {
    if (value) Value(key, *value);
    else Null(key);
  }
  void Null(std::string_view key) {
    Key(key);
    out_ += "null";
  }
  void TextOrNull(std::string_view key, const std::string& text) {
    if (text.empty()) Null(key);
    else Value(key, text);
  }
  template <class Fill>
  void Object(std::string_view key, const Fill& fill) {
    Key(key);
    Filled(fill);
  }
  template <class Items, class Fill>
  void List(std::string_view key, const Items& items, const Fill& fill) {
    Key(key);
    out_.push_back('[');
    for (const auto& item : items) {
      if (out_.back() != '[') out_.push_back(',');
      Filled([&](TextObject& object) { fill(object, item); });
    }
    out_.push_back(']');
  }

 private:
  void Key(std::string_view key) {
    if (out_.back() != '{') out_.push_back(',');
    AppendJsonString(out_, key);
    out_.push_back(':');
  }
  template <class Fill>
  void Filled(const Fill& fill) {
    TextObject object(out_);
    fill(object);
    object.End();
  }
  void Append(std::string_view text) { AppendJsonString(out_, text); }
  void Append(const std::vector<std::string>& texts) {
    out_.push_back('[');
    for (size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) out_.push_back(',');
      AppendJsonString(out_, texts[i]);
    }
    out_.push_back(']');
  }
  void Append(bool flag) { out_ += flag ? "true" : "false"; }
  void Append(double number) { AppendJsonNumber(out_, number); }
  template <class Integer, class = std::enable_if_t<std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>>>
  void Append(Integer number) { out_ += std::to_string(number); }

  std::string& out_;
};

// What each type consists of, said once for both.

template <class Object>
void Write(Object& object, const RepairStep& step) {
  object.Value("family", step.family);
  object.Value("begin", step.begin);
  object.Value("end", step.end);
  object.Value("before", step.before);
  object.Value("after", step.after);
  object.Value("lossless", step.lossless);
  object.Value("confidence", step.confidence);
}

template <class Object>
void Write(Object& object, const Damage& damage) {
  object.Value("begin", damage.begin);
  object.Value("end", damage.end);
  object.Value("family", damage.family);
  object.Value("text", damage.text);
}

template <class Object>
void Write(Object& object, const Link& link) {
  object.Value("url", link.url);
  object.Value("kind", LinkKindName(link.kind));
  object.TextOrNull("text", link.text);
  if (!link.date.empty()) object.Value("date", link.date);
}

template <class Object>
void Write(Object& object, const ListFacts& list) {
  object.TextOrNull("dialect", list.dialect);
  object.Value("total", list.total);
  object.Value("pages", list.pages);
  object.Value("page", list.page);
  object.Value("per_page", list.per_page);
  object.Value("items", list.items);
  object.Value("past_end", list.past_end);
  object.TextOrNull("needs", list.needs);
}

template <class Object>
void Write(Object& object, const Attachment& attachment) {
  object.Value("url", attachment.url);
  object.TextOrNull("text", attachment.text);
}

template <class Object>
void Write(Object& object, const Counter& counter) {
  object.Value("url", counter.url);
  object.Value("kind", counter.kind);
  object.Value("method", counter.method);
  object.Value("side_effect", counter.side_effect);
  object.Value("semantics", counter.semantics);
}

template <class Object>
void Write(Object& object, const Candidate& candidate) {
  object.Value("value", candidate.value);
  object.Value("basis", candidate.basis);
  object.Value("confidence", candidate.confidence);
}

template <class Object>
void Write(Object& object, const PageRecord& record) {
  const auto all = [](auto& into, const auto& item) { Write(into, item); };
  const auto entries = [&object](const char* key, const auto& map) {
    object.Object(key, [&map](auto& into) {
      for (const auto& [field, value] : map) into.Value(field.c_str(), value);
    });
  };
  object.Value("url", record.url);
  object.Value("title", record.title);
  object.Value("published", record.published);
  object.Value("source", record.source);
  object.Value("clicks", record.clicks);
  object.Value("author", record.author);
  object.Value("editor", record.editor);
  object.Value("column", record.column);
  object.Value("document_number", record.document_number);
  object.Value("index_number", record.index_number);
  for (const auto& [name, field] : kMoreFields) object.Value(name, record.*field);
  object.TextOrNull("body", record.body);
  object.List("attachments", record.attachments, all);
  object.Value("images", record.images);
  if (record.counter) object.Object("counter", [&record](auto& into) { Write(into, *record.counter); });
  else object.Null("counter");
  if (record.list) object.Object("list", [&record](auto& into) { Write(into, *record.list); });
  else object.Null("list");
  object.TextOrNull("charset", record.charset);
  object.Value("language", record.language);
  object.List("repairs", record.repairs, all);
  object.List("damage", record.damage, all);
  entries("provenance", record.provenance);
  entries("confidence", record.confidence);
  entries("conflicts", record.conflicts);
  if (!record.candidates.empty()) {
    object.Object("candidates", [&](auto& into) {
      for (const auto& [field, list] : record.candidates) into.List(field.c_str(), list, all);
    });
  }
  if (!record.html.empty()) object.Value("html", record.html);
  object.Value("kind", PageKindName(record.kind));
  object.Value("kind_reason", record.kind_reason);
}

template <class T>
Json Tree(const T& value) {
  TreeObject object;
  Write(object, value);
  return std::move(object).Take();
}

}  // namespace

Json ToJson(const RepairStep& step) { return Tree(step); }
Json ToJson(const Damage& damage) { return Tree(damage); }
Json ToJson(const Link& link) { return Tree(link); }
Json ToJson(const PageRecord& record) { return Tree(record); }

void AppendJson(std::string& out, const PageRecord& record) {
  TextObject object(out);
  Write(object, record);
  object.End();
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
