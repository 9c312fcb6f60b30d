#include "extract/page_data.h"

#include <algorithm>
#include <span>

#include "base/strings.h"
#include "model/json.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

using model::Json;

constexpr size_t kLongestScript = 1 << 20;
constexpr size_t kShortestContent = 60;  // bytes
constexpr size_t kFewestRows = 3;
constexpr int kDeepest = 40;

using Names = std::span<const std::string_view>;
constexpr std::string_view kTitles[] = {"title", "headline", "articletitle", "newstitle", "doctitle", "subject", "infotitle"};
constexpr std::string_view kContents[] = {"content", "body", "articlebody", "contenthtml", "articlecontent", "newscontent", "doccontent", "infocontent", "html", "text", "txt", "detail"};
constexpr std::string_view kDates[] = {"publishtime", "publish_time", "pubtime", "pub_time", "publishdate", "publish_date", "pubdate", "pub_date", "datepublished", "releasetime", "release_time",
                          "publishedat", "docreltime", "issuetime", "createtime", "create_time", "showtime", "date", "time"};
constexpr std::string_view kSources[] = {"source", "sourcename", "source_name", "origin", "medianame", "docsource", "laiyuan", "copyfrom"};
constexpr std::string_view kAuthors[] = {"author", "authorname", "writer"};
constexpr std::string_view kEditors[] = {"editor", "editorname", "responsibleeditor"};
constexpr std::string_view kClicks[] = {"readcount", "read_count", "viewcount", "view_count", "clickcount", "click_count", "visitcount", "browsecount", "readnum", "clicknum", "viewnum", "hits", "clicks", "views"};
constexpr std::string_view kAddresses[] = {"url", "href", "link", "linkurl", "path", "puburl", "docpuburl"};

bool IsFieldOf(std::string_view key, Names names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return EqualsIgnoreAsciiCase(key, name); });
}

// The first of the object's fields, in the order of the names, that holds a string, or a number where days or counts are asked for.
std::string FieldOf(const Json& object, Names names, bool numbers = false) {
  for (const std::string_view name : names) {
    for (auto field = object.begin(); field != object.end(); ++field) {
      if (!EqualsIgnoreAsciiCase(field.key(), name)) continue;
      if (field->is_string() && !field->get_ref<const std::string&>().empty()) return field->get<std::string>();
      if (field->is_object()) {
        if (std::string inner = model::GetString(*field, "name"); !inner.empty()) return inner;
      }
      if (numbers && field->is_number_integer()) return std::to_string(field->get<int64_t>());
    }
  }
  return "";
}

class Search {
 public:
  explicit Search(PageData& data) : data_(data) {}

  void Walk(const Json& json, int depth) {
    if (depth > kDeepest || values_ == 0) return;
    --values_;
    if (json.is_object()) {
      Object(json);
      for (const Json& value : json) {
        if (value.is_structured()) Walk(value, depth + 1);
      }
    } else if (json.is_array()) {
      Array(json);
      for (const Json& value : json) {
        if (value.is_structured()) Walk(value, depth + 1);
      }
    }
  }

 private:
  void Object(const Json& json) {
    const std::string* content = nullptr;
    for (auto field = json.begin(); field != json.end(); ++field) {
      if (!field->is_string() || !IsFieldOf(field.key(), kContents)) continue;
      const std::string& text = field->get_ref<const std::string&>();
      if (text.size() >= kShortestContent && (content == nullptr || text.size() > content->size())) content = &text;
    }
    if (content == nullptr || content->size() <= data_.content.size()) return;
    std::string title = FieldOf(json, kTitles);
    if (text::CountCodePoints(title) < 4) return;
    data_.title = std::move(title);
    data_.content = *content;
    data_.published = FieldOf(json, kDates, true);
    data_.source = FieldOf(json, kSources);
    data_.author = FieldOf(json, kAuthors);
    data_.editor = FieldOf(json, kEditors);
    data_.clicks = FieldOf(json, kClicks, true);
  }

  void Array(const Json& json) {
    if (json.size() <= data_.rows.size() || json.size() < kFewestRows || json.size() > 2000) return;
    std::vector<PageData::Row> rows;
    for (const Json& item : json) {
      if (!item.is_object()) return;
      std::string title = FieldOf(item, kTitles);
      if (text::CountCodePoints(title) < 6 || FieldOf(item, kAddresses).empty()) continue;
      rows.push_back({std::move(title), FieldOf(item, kDates, true)});
    }
    if (rows.size() >= kFewestRows && rows.size() * 2 > json.size() && rows.size() > data_.rows.size()) data_.rows = std::move(rows);
  }

  PageData& data_;
  size_t values_ = 50'000;
};

// Where the object or array that begins at `begin` ends; npos where it does not.
size_t EndOfValue(std::string_view script, size_t begin) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = begin; i < script.size(); ++i) {
    const char c = script[i];
    if (quoted) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        quoted = false;
      }
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

void ReadScript(std::string_view script, bool whole, Search& search) {
  const auto read = [&](std::string_view value) {
    std::string clean(value);
    for (char& c : clean) {
      if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    if (const auto json = model::ParseJson(clean)) search.Walk(*json, 0);
  };
  if (whole) return read(TrimAscii(script));
  // window.name = {…}; a few of them, and each character is looked at once.
  int tries = 0;
  for (size_t at = script.find('='); at != std::string_view::npos && tries < 20; at = script.find('=', at)) {
    ++at;
    while (at < script.size() && IsAsciiSpace(script[at])) ++at;
    if (at + 1 >= script.size() || (script[at] != '{' && script[at] != '[')) continue;
    ++tries;
    const size_t end = EndOfValue(script, at);
    if (end == std::string_view::npos) return;
    if (end - at >= 60) read(script.substr(at, end - at));
    at = end;
  }
}

}  // namespace

PageData FindPageData(const PageView& view) {
  PageData data;
  Search search(data);
  for (const html::NodeIndex index : view.scripts) {
    const html::Node& node = view.document.node(index);
    if (node.end <= index + 1) continue;
    const std::string_view script = view.document.node(index + 1).text;
    if (script.size() < 100 || script.size() > kLongestScript) continue;
    const auto type = view.document.attribute(index, "type");
    const bool whole = type && FindIgnoreAsciiCase(*type, "json") != std::string_view::npos;
    ReadScript(script, whole, search);
  }
  return data;
}

std::string FindHiddenMarkup(const PageView& view, std::string* where) {
  static const uint16_t textarea_tag = html::Tag("textarea"), input_tag = html::Tag("input");
  std::string longest;
  const auto take = [&](std::string_view markup, const char* basis) {
    if (markup.size() < kShortestContent || markup.size() > kLongestScript || markup.size() <= longest.size()) return;
    if (FindIgnoreAsciiCase(markup, "<p") == std::string_view::npos && FindIgnoreAsciiCase(markup, "<br") == std::string_view::npos) return;  // 请输入您的意见
    longest = markup;
    *where = basis;
  };
  const auto nodes = view.document.nodes();
  for (html::NodeIndex i = 1; i < nodes.size(); ++i) {
    if (nodes[i].type != html::NodeType::kElement) continue;
    if (nodes[i].tag == textarea_tag) {
      take(RawText(view.document, i), "textarea");
    } else if (nodes[i].tag == input_tag && EqualsIgnoreAsciiCase(view.document.attribute(i, "type").value_or(""), "hidden")) {
      take(view.document.attribute(i, "value").value_or(""), "hidden-input");
    }
  }
  for (const html::NodeIndex index : view.scripts) {
    if (nodes[index].end <= index + 1) continue;
    const std::string_view script = nodes[index + 1].text;
    if (script.size() > kLongestScript) continue;
    for (size_t at = script.find('"'); at != std::string_view::npos;) {
      size_t end = at + 1;
      while (end < script.size() && script[end] != '"' && script[end] != '\n') end += script[end] == '\\' ? 2 : 1;
      if (end >= script.size()) break;
      if (script[end] == '"' && end - at > std::max(kShortestContent, longest.size())) {
        // A string is written alike in JSON.
        if (const auto literal = model::ParseJson(script.substr(at, end + 1 - at)); literal && literal->is_string()) take(literal->get_ref<const std::string&>(), "script-data");
      }
      at = script.find('"', end + 1);
    }
  }
  return longest;
}

std::string TextOfMarkup(const std::string& markup) {
  const html::Document document = html::Document::Parse(markup);
  const PageView view(document);
  std::string text;
  for (size_t i = 0; i < view.lines.size(); ++i) {
    if (i > 0) text.push_back('\n');
    text.append(view.LineText(i));
  }
  return text;
}

}  // namespace fangzhi::extract
