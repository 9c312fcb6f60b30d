#include "extract/structured.h"

#include "base/strings.h"
#include "model/json.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

using model::Json;

constexpr size_t kLongestStructuredScript = 128 * 1024;
constexpr size_t kMostScripts = 8;

std::string NameOf(const Json& json, std::string_view key) {
  if (!json.is_object()) return "";
  const auto found = json.find(key);
  if (found == json.end()) return "";
  const Json* value = &*found;
  if (value->is_array()) {
    if (value->empty()) return "";
    value = &value->front();
  }
  if (value->is_string()) return value->get<std::string>();
  return model::GetString(*value, "name");
}

bool IsArticleType(const Json& json) {
  const auto named = [](std::string_view type) { return type.ends_with("Article") || type == "BlogPosting" || type == "Report"; };
  const auto found = json.find("@type");
  if (found == json.end()) return false;
  if (found->is_string()) return named(found->get<std::string>());
  if (found->is_array()) {
    for (const Json& type : *found) {
      if (type.is_string() && named(type.get<std::string>())) return true;
    }
  }
  return false;
}

void TakeObject(const Json& json, Structured& found) {
  if (!json.is_object()) return;
  const bool article = IsArticleType(json);
  const auto published = model::GetString(json, "datePublished");
  // Baidu's own form names a page's date in other words.
  const auto baidu = model::GetString(json, "pubDate");
  if (!article && published.empty() && baidu.empty()) return;
  if (found.article && !article) return;
  found.article = found.article || article;
  const auto take = [](std::string& slot, std::string value) {
    if (slot.empty() && value.size() < 2000) slot = std::move(value);
  };
  if (found.published.empty()) found.basis = "json-ld";
  take(found.published, published.empty() ? baidu : published);
  take(found.modified, model::GetString(json, published.empty() ? "upDate" : "dateModified"));
  take(found.headline, model::GetString(json, article ? "headline" : "title"));
  take(found.author, NameOf(json, "author"));
  take(found.publisher, NameOf(json, "publisher"));
}

void TakeScript(std::string_view script, Structured& found) {
  // The library wants JSON; pages write line ends into strings.
  std::string clean;
  clean.reserve(script.size());
  for (const char c : script) clean.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  const auto json = model::ParseJson(TrimAscii(clean));
  if (!json) return;
  if (json->is_array()) {
    for (size_t i = 0; i < json->size() && i < 20; ++i) TakeObject((*json)[i], found);
    return;
  }
  TakeObject(*json, found);
  if (!json->is_object()) return;
  if (const auto graph = json->find("@graph"); graph != json->end() && graph->is_array()) {
    for (size_t i = 0; i < graph->size() && i < 50; ++i) TakeObject((*graph)[i], found);
  }
}

}  // namespace

Structured FindStructured(const PageView& view) {
  Structured found;
  size_t scripts = 0;
  for (const html::NodeIndex index : view.scripts) {
    const auto type = view.document.attribute(index, "type");
    if (!type || FindIgnoreAsciiCase(*type, "ld+json") == std::string_view::npos) continue;
    const html::Node& node = view.document.node(index);
    if (node.end <= index + 1) continue;
    const std::string_view script = view.document.node(index + 1).text;
    if (script.size() <= kLongestStructuredScript) TakeScript(script, found);
    if (++scripts >= kMostScripts) break;
  }
  for (const html::NodeIndex index : view.properties) {
    const auto name = view.document.attribute(index, "itemprop");
    if (!name) continue;
    if (EqualsIgnoreAsciiCase(*name, "author") && found.author.empty() && view.document.node(index).end <= index + 8) {
      found.author = std::string(TrimAscii(RawText(view.document, index).substr(0, 200)));
      continue;
    }
    const bool published = EqualsIgnoreAsciiCase(*name, "datePublished"), modified = EqualsIgnoreAsciiCase(*name, "dateModified");
    if (!published && !modified) continue;
    std::string value;
    for (const char* attribute : {"datetime", "content"}) {
      if (const auto text = view.document.attribute(index, attribute); text && value.empty()) value = std::string(TrimAscii(*text));
    }
    if (value.empty() && view.document.node(index).end <= index + 4) value = RawText(view.document, index);
    if (value.empty() || value.size() > 200) continue;
    std::string& slot = published ? found.published : found.modified;
    if (!slot.empty()) continue;
    if (published) found.basis = "microdata";
    slot = std::move(value);
  }
  for (const html::NodeIndex index : view.times) {
    const auto value = view.document.attribute(index, "datetime");
    if (!value || TrimAscii(*value).empty() || value->size() > 200) continue;
    if (found.time_value.empty()) {
      found.time_value = std::string(TrimAscii(*value));
    } else if (found.time_value != TrimAscii(*value)) {
      // The items of lists have theirs; the first of many says nothing of the page, unless the headline says where it is.
      const auto name = view.document.attribute(index, "class");
      if (!name || FindIgnoreAsciiCase(*name, "updated") == std::string_view::npos) {
        if (view.times.size() > 3) found.time_value.clear();
        break;
      }
    }
  }
  return found;
}

}  // namespace fangzhi::extract
