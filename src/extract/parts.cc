// An article in several parts: which one this is, and which comes next. And other views of one page, as it says itself.
#include "model/parts.h"

#include "base/limits.h"
#include "base/strings.h"
#include "extract/characters.h"
#include "extract/extraction.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

using html::NodeIndex;
using model::PagerWord;

// What a reader sees of a link that has no text: its picture's words, or its title.
std::string WordsOfPicture(const html::Document& document, NodeIndex anchor) {
  constexpr size_t kMostNodes = 8, kMostBytes = 60;
  static const uint16_t img = html::Tag("img");
  for (NodeIndex i = anchor; i < document.node(anchor).end && i - anchor < kMostNodes; ++i) {
    if (i != anchor && document.node(i).tag != img) continue;
    for (const std::string_view name : {std::string_view("alt"), std::string_view("title")}) {
      if (const auto value = document.attribute(i, name); value && !value->empty()) return std::string(value->substr(0, kMostBytes));
    }
  }
  return {};
}

// 第2页 共3页, 第2/3页, 2/3: the number of this page, where the line says no more than that beside the pager's own words.
std::optional<uint64_t> PageOfLine(std::string_view line) {
  constexpr size_t kLongest = 120;
  if (line.size() > kLongest) return std::nullopt;
  const std::string bare = text::RemoveSpace(line);
  for (const std::string_view head : {"第", "当前页:", "页次:", "页次：", "當前第"}) {
    const size_t at = bare.find(head);
    if (at == std::string::npos) continue;
    size_t end = at + head.size();
    while (end < bare.size() && IsAsciiDigit(bare[end])) ++end;
    const auto number = ParseUint(std::string_view(bare).substr(at + head.size(), end - at - head.size()));
    const std::string_view rest = std::string_view(bare).substr(end);
    const bool whole = rest.starts_with("/") || ((rest.starts_with("页") || rest.starts_with("頁")) && bare.find("共") != std::string::npos);
    if (number && whole) return number;
  }
  return std::nullopt;
}

// What the pager below (or above) a text leads to.
class PartReader {
 public:
  explicit PartReader(const url::Url& page_url) : page_(page_url) {}

  // `shown`: the number of `word`, where it is one.
  void Take(const url::Url& target, PagerWord word, uint64_t shown, const char* basis) {
    if (word == PagerWord::kNone || target.host != page_.host) return;
    const auto numbers = model::PartsOfOne(page_, target);
    if (!numbers) return;
    if (numbers->from && (!numbers->to || *numbers->to < *numbers->from)) {
      // Back to the first part, or to one before. A pager that names the first tells that; one that goes back may lead to the part before.
      const bool back = word == PagerWord::kPrevious || word == PagerWord::kNumber || (word == PagerWord::kOther && !numbers->to);
      if (!back) return;
      leads_back_ = true;
      if (!lowest_ || numbers->to < *lowest_) {
        lowest_ = numbers->to;
        first_ = target;
      }
      own_ = numbers->from;
      return;
    }
    if (!numbers->to) return;
    const bool follows = numbers->from ? *numbers->to == *numbers->from + 1 : *numbers->to <= 2;
    const bool says_next = word == PagerWord::kNext || (word == PagerWord::kNumber && (numbers->from ? shown == *numbers->to || shown == *numbers->to + 1 : shown == 2));
    if (!follows || !says_next || (next_ && basis_ == std::string_view("link"))) return;
    next_ = target;
    basis_ = basis;
    if (numbers->from) own_ = numbers->from;
    numbered_ = numbers->from.has_value();
  }
  // The line of a pager says which page this is.
  void Says(uint64_t page) { said_ = page; }
  // The page that led here is a part of the same text, by a pager's link.
  void ReachedFrom(const url::Url& via) {
    const auto numbers = model::PartsOfOne(page_, via);
    if (!numbers || !numbers->from || (numbers->to && *numbers->to >= *numbers->from)) return;
    reached_ = true;
    own_ = numbers->from;
    via_ = via;
    if (!numbers->to && !first_) first_ = via;
  }

  // The next part and how it was found. show_8.html is no part that follows on show_7.html, unless something else says that they are parts.
  std::optional<std::pair<url::Url, const char*>> Next() const {
    if (!next_ || (numbered_ && !IsPart())) return std::nullopt;
    return std::pair(*next_, basis_);
  }
  // The first part, where this is a further one.
  std::optional<url::Url> First() const {
    if (!IsPart()) return std::nullopt;
    if (first_ && (!lowest_ || !*lowest_ || **lowest_ <= 1)) return first_;
    const std::optional<url::Url>& other = next_ ? next_ : via_ ? via_ : first_;
    if (!other) return std::nullopt;
    url::Url first = model::WithoutPartNumber(page_, *other);
    return first.path == page_.path && first.query == page_.query ? std::nullopt : std::optional(std::move(first));
  }

 private:
  bool IsPart() const {
    const bool said = said_ && *said_ >= 2 && own_ && (*said_ == *own_ || *said_ == *own_ + 1);
    return leads_back_ || reached_ || said;
  }

  const url::Url& page_;
  std::optional<url::Url> next_, first_, via_;
  std::optional<std::optional<uint64_t>> lowest_;  // the number of `first_`
  std::optional<uint64_t> own_, said_;
  const char* basis_ = "";
  bool leads_back_ = false, reached_ = false, numbered_ = false;
};

}  // namespace

void Extraction::Parts() {
  const size_t from = body_.line_begin, to = body_.line_end + 12;
  PartReader parts(input_.page_url);
  const auto parse = [&](std::string_view href) -> std::optional<url::Url> {
    href = TrimAscii(href);
    if (href.empty() || href.size() > limits::kMaxUrlBytes || href.front() == '#') return std::nullopt;
    auto target = url::Parse(href, &base_);
    if (!target || !target->IsHttp()) return std::nullopt;
    return url::Canonical(std::move(*target));
  };
  const auto take = [&](std::string_view href, std::string_view words, const char* basis) {
    uint64_t shown = 0;
    const PagerWord word = model::ReadPagerWord(words, &shown);
    if (word == PagerWord::kNone) return;
    if (const auto target = parse(href)) parts.Take(*target, word, shown, basis);
  };

  // What brought the crawler here.
  uint64_t shown = 0;
  const PagerWord brought = model::ReadPagerWord(input_.list_title, &shown);
  if (input_.list_title.empty() || brought == PagerWord::kNext || brought == PagerWord::kNumber) {
    if (const auto via = parse(input_.via)) parts.ReachedFrom(*via);
  }
  for (size_t i = from; i < view_.lines.size() && i <= to; ++i) {
    if (const auto page = view_.lines[i].characters <= 60 ? PageOfLine(view_.LineText(i)) : std::nullopt) parts.Says(*page);
  }
  for (const Anchor& anchor : view_.anchors) {
    if (anchor.line < from) continue;
    if (anchor.line > to) break;
    const auto href = document_.attribute(anchor.node, "href");
    if (!href) continue;
    const std::string_view text = TrimAscii(std::string_view(view_.text).substr(anchor.begin, std::min<size_t>(anchor.end - anchor.begin, 60)));
    take(*href, text.empty() ? WordsOfPicture(document_, anchor.node) : std::string(text), "link");
  }
  // <select onchange="location=this.value"><option value="7_2.html">第2页, and <link rel=next>.
  constexpr NodeIndex kMostNodes = 4000;
  constexpr size_t kMostOptions = 200;
  static const uint16_t option = html::Tag("option"), link = html::Tag("link"), body = html::Tag("body");
  size_t options = 0;
  for (NodeIndex i = body_.node_begin; i < document_.nodes().size() && i - body_.node_begin < kMostNodes && options < kMostOptions; ++i) {
    if (document_.node(i).tag != option || document_.node(i).type != html::NodeType::kElement) continue;
    ++options;
    if (const auto value = document_.attribute(i, "value")) take(*value, html::TextContent(document_, i).substr(0, 60), "option");
  }
  for (NodeIndex i = 0; i < document_.nodes().size() && i < kMostNodes && document_.node(i).tag != body; ++i) {
    if (document_.node(i).tag != link || document_.node(i).type != html::NodeType::kElement) continue;
    const std::string rel = ToAsciiLower(document_.attribute(i, "rel").value_or(""));
    if (const auto href = document_.attribute(i, "href"); href && (rel == "next" || rel == "prev")) take(*href, rel, "link rel");
  }
  // TRS: createPageHTML(5, 0, "t20220417_974894", "html") below the text of the first of five parts.
  for (const NodeIndex index : view_.scripts) {
    if (index < body_.node_begin || document_.node(index).end <= index + 1) continue;
    const std::string_view script = document_.node(index + 1).text.substr(0, 20'000);
    const size_t at = script.find("createPageHTML(");
    if (at == std::string_view::npos || (at >= 9 && script.substr(at - 9, 9) == "function ")) continue;
    const size_t close = script.find(')', at);
    if (close == std::string_view::npos) continue;
    const auto arguments = Split(script.substr(at + 15, close - at - 15), ',');
    if (arguments.size() < 4) continue;
    const auto count = ParseUint(TrimAscii(arguments[0])), current = ParseUint(TrimAscii(arguments[1]));
    std::string_view name = TrimAscii(arguments[2]), extension = TrimAscii(arguments[3]);
    const auto unquote = [](std::string_view& text) {
      if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front()) text = text.substr(1, text.size() - 2);
    };
    unquote(name), unquote(extension);
    if (!count || !current || *current >= *count || *count > 1000 || name.empty() || extension.empty()) continue;
    // The script names the first part.
    const std::string first = std::string(name) + "." + std::string(extension);
    if (*current > 0) take(first, "1", "script");
    if (*current + 1 < *count) take(std::string(name) + "_" + std::to_string(*current + 1) + "." + std::string(extension), "下一页", "script");
  }
  if (const auto next = parts.Next()) Set(record_.next_page, "next_page", next->first.HrefWithoutFragment(), next->second, 0.9);
  if (const auto first = parts.First()) Set(record_.part_of, "part_of", first->HrefWithoutFragment(), "pager", 0.9);
}

namespace {

// www.example.gov.cn and m.example.gov.cn: hosts of one site, by their own names.
std::string_view WithoutView(std::string_view host) {
  for (const std::string_view view : {"www.", "m.", "wap.", "3g.", "mobile.", "mp."}) {
    if (host.starts_with(view)) return host.substr(view.size());
  }
  return host;
}

}  // namespace

void Extraction::CopyOf() {
  constexpr NodeIndex kMostNodes = 4000;
  static const uint16_t link = html::Tag("link"), body = html::Tag("body");
  for (NodeIndex i = 0; i < document_.nodes().size() && i < kMostNodes && document_.node(i).tag != body; ++i) {
    if (document_.node(i).tag != link || document_.node(i).type != html::NodeType::kElement) continue;
    const auto rel = document_.attribute(i, "rel"), href = document_.attribute(i, "href");
    if (!rel || !href || !EqualsIgnoreAsciiCase(TrimAscii(*rel), "canonical") || href->size() > limits::kMaxUrlBytes) continue;
    auto target = url::Parse(TrimAscii(*href), &base_);
    if (!target || !target->IsHttp()) return;
    const url::Url other = url::Canonical(std::move(*target)), own = url::Canonical(input_.page_url);
    // Templates name the front page, or the page's own address in another spelling of the scheme.
    if (!other.host || !own.host || WithoutView(*other.host) != WithoutView(*own.host)) return;
    if ((other.host == own.host && other.path == own.path && other.query == own.query) || other.path == "/" || model::PartsOfOne(own, other)) return;
    Set(record_.copy_of, "copy_of", other.HrefWithoutFragment(), "link rel=canonical", 0.8);
    return;
  }
}

}  // namespace fangzhi::extract
