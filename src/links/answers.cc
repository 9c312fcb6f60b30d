// Lists that are asked for as data: JSON, XML.
#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/strings.h"
#include "links/collector.h"
#include "links/data_rows.h"
#include "model/json.h"

namespace fangzhi::links {
namespace {

using model::Json;

constexpr size_t kMaxEntries = 20'000;
constexpr size_t kMaxMarkupBytes = size_t{4} << 20;
// A list that announces no total is followed so far.
constexpr uint64_t kMostUnannouncedPages = 500;

constexpr std::array<std::string_view, 9> kTotalKeys = {"total", "totalcount", "totalrecord", "totalrecords", "totalnum", "recordcount", "total_count", "totalelements", "counttotal"};
constexpr std::array<std::string_view, 7> kPagesKeys = {"totalpage", "totalpages", "pagecount", "page_count", "pagetotal", "total_page", "pages"};

std::string Shown(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return std::to_string(value.get<int64_t>());
  return {};
}

class DataReader {
 public:
  explicit DataReader(Collector& collector) : collector_(collector) {}
  void Value(const Json& value);  // depth is bounded by ParseJson
  bool Xml(std::string_view text);
  uint64_t entries() const { return entries_; }
  bool any_list() const { return any_list_; }

 private:
  bool Entry(const Json& object);
  void Facts(const Json& object);

  Collector& collector_;
  uint64_t entries_ = 0;
  size_t markup_ = 0;
  bool any_list_ = false;
};

// {"title": …, "url": …}
bool DataReader::Entry(const Json& object) {
  RowFields fields;
  for (const auto& [key, value] : object.items()) fields.Take(key, Shown(value));
  auto row = entries_ < kMaxEntries ? fields.Row() : std::nullopt;
  if (!row) return false;
  collector_.AddItem(row->address, std::move(row->title), std::move(row->date));
  ++entries_;
  return true;
}

void DataReader::Facts(const Json& object) {
  model::ListFacts& facts = collector_.list().facts();
  for (const auto& [key, value] : object.items()) {
    const std::string name = ToAsciiLower(key);
    const auto number = value.is_number_integer() && value.get<int64_t>() >= 0 ? std::optional<uint64_t>(static_cast<uint64_t>(value.get<int64_t>()))
                                                                                : ParseUint(Shown(value));
    if (!number) continue;
    if (!facts.total && IsOneOf(name, kTotalKeys)) facts.total = number;
    if (!facts.pages && IsOneOf(name, kPagesKeys)) facts.pages = number;
  }
}

void DataReader::Value(const Json& value) {
  if (value.is_object()) {
    const bool entry = Entry(value);
    if (!entry) Facts(value);
    for (const auto& [key, member] : value.items()) {
      (void)key;
      // What hangs below an entry (attachments, images) is the entry's own.
      if (!entry && (member.is_structured() || member.is_string())) Value(member);
    }
    return;
  }
  if (value.is_array()) {
    any_list_ = true;
    for (const Json& member : value) Value(member);
    return;
  }
  if (!value.is_string()) return;
  const std::string& text = value.get_ref<const std::string&>();
  if (text.size() < 20 || text.size() > kMaxMarkupBytes || (markup_ += text.size()) > kMaxMarkupBytes) return;
  if (FindIgnoreAsciiCase(text, "<a ") == std::string::npos && FindIgnoreAsciiCase(text, "<li") == std::string::npos) return;
  any_list_ = true;
  collector_.Walk(html::Document::Parse(text), false);
}

// The answer of a Hanweb data proxy. Feeds and sitemaps are discovery's.
bool DataReader::Xml(std::string_view text) {
  if (text.find("<datastore") == std::string_view::npos && text.find("<recordset") == std::string_view::npos) return false;
  collector_.list().Script(text);
  collector_.EmbeddedRecords(text);
  any_list_ = true;
  return true;
}

// JSON as it is, or as a script's call around it (JSONP).
std::optional<Json> ReadJson(std::string_view text) {
  if (text.starts_with("{") || text.starts_with("[")) return model::ParseJson(text);
  const size_t open = text.find('(');
  if (open == std::string_view::npos || open == 0 || open > 100) return std::nullopt;
  for (const char c : text.substr(0, open)) {
    if (!IsAsciiAlpha(c) && !IsAsciiDigit(c) && c != '_' && c != '$' && c != '.' && !IsAsciiSpace(c)) return std::nullopt;
  }
  const size_t close = text.rfind(')');
  if (close == std::string_view::npos || close < open) return std::nullopt;
  return model::ParseJson(TrimAscii(text.substr(open + 1, close - open - 1)));
}

}  // namespace

std::optional<std::vector<model::Link>> FindLinksInData(std::string_view text, const url::Url& page_url, model::ListFacts* list, std::string_view post) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = TrimAscii(text);
  if (text.empty() || text.size() > limits::kMaxHtmlBytes) return std::nullopt;
  static const url::QueryEncoder kUtf8;
  Collector collector(page_url, page_url, kUtf8, nullptr);
  DataReader reader(collector);
  model::ListFacts& facts = collector.list().facts();
  if (text[0] == '<') {
    if (!reader.Xml(text)) return std::nullopt;
  } else {
    const auto json = ReadJson(text);
    if (!json || !json->is_structured()) return std::nullopt;
    if (page_url.path.find("/gkmlpt/api/") != std::string::npos) {
      facts.dialect = "gkmlpt";
    } else if (page_url.query && page_url.query->find("_isJson") != std::string::npos) {
      facts.dialect = "kaipu";
    } else if (page_url.path.ends_with("/page/build/unit")) {
      facts.dialect = "jpaas";
    }
    reader.Value(*json);
    if (!reader.any_list()) return std::nullopt;
    if (facts.dialect.empty()) facts.dialect = "json";
  }
  facts.page = facts.page ? facts.page : PageNumber(page_url);
  std::vector<model::Link> links = collector.Finish(&facts);
  const uint64_t items = std::max(collector.items(), reader.entries());
  facts.items = items;
  // The next request: while this one had entries, and less than was announced.
  const bool more_there = std::any_of(links.begin(), links.end(), [&page_url](const model::Link& link) {
    return link.kind == model::LinkKind::kList && link.url.find(page_url.path) != std::string::npos;  // the answer names it itself
  });
  const auto next_post = post.empty() ? std::nullopt : NextPost(page_url, post);
  auto next = post.empty() ? NextRequest(page_url) : std::nullopt;
  if (post.empty() && !next && facts.dialect == "jpaas" && facts.per_page && page_url.query) {  // the first page is asked for without a number
    next = page_url.Href() + "&paramJson=" + PercentEncode("{\"pageNo\":2,\"pageSize\":" + std::to_string(*facts.per_page) + "}");
  }
  if (items > 0 && (next || next_post) && !more_there) {
    const uint64_t page = facts.page.value_or(1);
    bool more = page < kMostUnannouncedPages;
    std::optional<uint64_t> last_row;  // asked for by rows: the address says which
    for (const std::string_view pair : Split(QueryOf(page_url), '&')) {
      if (pair.starts_with("endrecord=")) last_row = ParseUint(pair.substr(10));
    }
    if (last_row) {
      more = facts.total ? *last_row < *facts.total : more;
    } else if (facts.pages) {
      more = page < *facts.pages;
    } else if (facts.total) {
      more = page < 1'000'000 && page * std::max(facts.per_page.value_or(items), items) < *facts.total;
    }
    if (more && next_post) links.push_back(*next_post);
    if (more && next) {
      if (auto url = url::Canonical(*next, &page_url)) links.push_back({url->HrefWithoutFragment(), model::LinkKind::kList, "", ""});
    }
  }
  facts.past_end = items == 0 && facts.page.value_or(1) > 1;
  if (list != nullptr) *list = facts;
  return links;
}

}  // namespace fangzhi::links
