#include "extract/clean_html.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/limits.h"
#include "base/strings.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

using html::NodeIndex;
using html::NodeType;

// What an element becomes. kPlain: its content goes on without it.
enum class Keep : uint8_t { kPlain, kElement, kParagraph, kVoid, kImage, kAnchor, kCell };

struct Rule {
  Keep keep = Keep::kPlain;
  const char* name = "";
};

const std::vector<Rule>& Rules() {
  static const std::vector<Rule> rules = [] {
    std::vector<Rule> table;
    const auto set = [&table](std::string_view tag, Keep keep, const char* name) {
      const uint16_t number = html::Tag(tag);
      if (number == html::kUnknownTag) return;
      if (table.size() <= number) table.resize(number + size_t{1});
      table[number] = {keep, name};
    };
    for (const char* name : {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot",
                             "tr", "caption", "blockquote", "pre", "code", "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "figure",
                             "figcaption", "ruby", "rt", "rp"})
      set(name, Keep::kElement, name);
    // Layout's boxes become paragraphs: what matters of them is that a line ends.
    for (const char* name : {"p", "div", "section", "article", "center", "address", "main", "header", "footer", "aside", "form", "fieldset"})
      set(name, Keep::kParagraph, "p");
    set("br", Keep::kVoid, "br");
    set("hr", Keep::kVoid, "hr");
    set("img", Keep::kImage, "img");
    set("a", Keep::kAnchor, "a");
    set("td", Keep::kCell, "td");
    set("th", Keep::kCell, "th");
    return table;
  }();
  return rules;
}

Rule RuleOf(const html::Node& node) { return node.tag < Rules().size() ? Rules()[node.tag] : Rule{}; }

class Writer {
 public:
  Writer(const PageView& view, const BodyChoice& body, const url::Url& base, size_t most)
      : view_(view), document_(view.document), body_(body), base_(base), most_(most) {}

  std::string Run();

 private:
  struct Open {
    NodeIndex end;
    Keep keep;
    const char* name;
    std::string start;  // its start tag
    bool line = false;  // a line ends after it
    bool written = false;
  };

  void CloseUntil(NodeIndex index);
  void Begin(Open open) { open_.push_back(std::move(open)); }
  // Writes the start tags that were waiting for something to hold.
  void Flush();
  void Text(NodeIndex index);
  void Element(NodeIndex index);
  std::string CellStart(NodeIndex index, const char* name) const;

  const PageView& view_;
  const html::Document& document_;
  const BodyChoice& body_;
  const url::Url& base_;
  const size_t most_;
  std::string out_;
  std::vector<Open> open_;
  bool space_ = false;  // white space was seen and not yet written
};

void Writer::CloseUntil(NodeIndex index) {
  while (!open_.empty() && open_.back().end <= index) {
    if (open_.back().written) {
      out_ += "</";
      out_ += open_.back().name;
      out_ += open_.back().line ? ">\n" : ">";
      space_ = false;
    }
    open_.pop_back();
  }
}

void Writer::Flush() {
  // A paragraph inside a paragraph is no HTML: the outer one ends where the inner begins.
  size_t inner = open_.size();
  for (size_t i = open_.size(); i-- > 0;) {
    if (open_[i].keep == Keep::kParagraph || open_[i].name[0] == 'h' || std::string_view(open_[i].name) == "li" || open_[i].keep == Keep::kCell) {
      inner = i;
      break;
    }
  }
  for (size_t i = 0; i < open_.size(); ++i) {
    Open& open = open_[i];
    if (open.written) continue;
    if (open.keep == Keep::kParagraph && i != inner) continue;  // only the innermost box of a line is its paragraph
    out_ += open.start;
    open.written = true;
    space_ = false;
  }
}

void Writer::Text(NodeIndex index) {
  const std::string_view text = document_.node(index).text;
  const bool blank = std::all_of(text.begin(), text.end(), [](char c) { return IsAsciiSpace(c); });
  if (blank) {
    space_ = true;
    return;
  }
  const auto line = std::upper_bound(view_.lines.begin(), view_.lines.end(), index, [](NodeIndex n, const Line& l) { return n < l.first; });
  if (line == view_.lines.begin()) return;
  const auto number = static_cast<uint32_t>(line - view_.lines.begin() - 1);
  if (!std::binary_search(body_.lines.begin(), body_.lines.end(), number)) return;
  const std::string clean = text::CollapseSpace(text);
  if (clean.empty()) return;
  const bool lead = IsAsciiSpace(text.front());
  Flush();
  if ((space_ || lead) && !out_.empty() && out_.back() != '>' && out_.back() != '\n') out_ += ' ';
  out_ += html::Escape(clean);
  space_ = IsAsciiSpace(text.back());
}

std::string Writer::CellStart(NodeIndex index, const char* name) const {
  std::string start = std::string("<") + name;
  for (const char* span : {"colspan", "rowspan"}) {
    const auto value = document_.attribute(index, span);
    const auto number = value ? ParseUint(TrimAscii(*value)) : std::nullopt;
    if (number && *number > 1 && *number <= 1000) start += std::string(" ") + span + "=\"" + std::to_string(*number) + "\"";
  }
  return start + ">";
}

void Writer::Element(NodeIndex index) {
  const html::Node& node = document_.node(index);
  const Rule rule = RuleOf(node);
  switch (rule.keep) {
    case Keep::kPlain:
      return;
    case Keep::kElement:
    case Keep::kParagraph:
      Begin({node.end, rule.keep, rule.name, std::string("<") + rule.name + ">", html::IsBlock(node)});
      return;
    case Keep::kCell:
      // An empty cell holds its place.
      Begin({node.end, rule.keep, rule.name, CellStart(index, rule.name), false});
      if (!out_.empty() && !open_.empty() && open_.size() >= 2 && std::string_view(open_[open_.size() - 2].name) == "tr") Flush();
      return;
    case Keep::kVoid:
      if (!out_.empty() && out_.back() != '\n' && !open_.empty() && open_.back().written) {
        out_ += std::string("<") + rule.name + ">";
        space_ = false;
      }
      return;
    case Keep::kAnchor: {
      const auto href = document_.attribute(index, "href");
      if (!href || TrimAscii(*href).empty() || href->size() > limits::kMaxUrlBytes || TrimAscii(*href).front() == '#') return;
      const auto target = url::Parse(TrimAscii(*href), &base_);
      if (!target || !target->IsHttp()) return;
      Begin({node.end, rule.keep, rule.name, "<a href=\"" + html::Escape(target->Href()) + "\" rel=\"nofollow noopener\">", false});
      return;
    }
    case Keep::kImage: {
      const std::string address = ImageAddress(document_, index, base_);
      if (address.empty()) return;
      Flush();
      const auto alt = document_.attribute(index, "alt");
      out_ += "<img src=\"" + html::Escape(address) + "\" alt=\"" + html::Escape(alt ? text::PrefixCodePoints(*alt, 200) : std::string_view()) + "\">";
      return;
    }
  }
}

std::string Writer::Run() {
  const auto nodes = document_.nodes();
  auto unseen = std::lower_bound(view_.unseen.begin(), view_.unseen.end(), body_.node_begin,
                                 [](const auto& range, NodeIndex node) { return range.first < node; });
  // Rows and items whose table or list was left outside get one.
  if (body_.node_begin < nodes.size() && nodes[body_.node_begin].type == NodeType::kElement) {
    const std::string_view first = nodes[body_.node_begin].text;
    for (const std::string_view row : {"tbody", "thead", "tfoot", "tr"}) {
      if (first == row) Begin({body_.node_end, Keep::kElement, "table", "<table>", true});
    }
    if (first == "li") Begin({body_.node_end, Keep::kElement, "ul", "<ul>", true});
  }
  for (NodeIndex i = body_.node_begin; i < body_.node_end && i < nodes.size();) {
    CloseUntil(i);
    if (out_.size() > most_) break;
    while (unseen != view_.unseen.end() && unseen->first < i) ++unseen;
    if (unseen != view_.unseen.end() && unseen->first == i) {
      i = unseen->second;
      continue;
    }
    if (nodes[i].type == NodeType::kText) {
      Text(i);
    } else if (nodes[i].type == NodeType::kElement) {
      static const uint16_t script = html::Tag("script"), iframe = html::Tag("iframe"), title = html::Tag("title");
      if (nodes[i].tag == script || nodes[i].tag == iframe || nodes[i].tag == title) {
        i = nodes[i].end;
        continue;
      }
      Element(i);
    }
    ++i;
  }
  CloseUntil(UINT32_MAX);
  return std::move(out_);
}

}  // namespace

std::string CleanHtml(const PageView& view, const BodyChoice& body, const url::Url& base, size_t most) {
  return Writer(view, body, base, most).Run();
}

std::string ImageAddress(const html::Document& document, NodeIndex image, const url::Url& base) {
  std::string_view source;
  // Lazy loaders keep the picture elsewhere and a placeholder in src.
  for (const char* name : {"data-src", "data-original", "data-actualsrc", "src", "orisrc"}) {
    const auto value = document.attribute(image, name);
    if (value && !TrimAscii(*value).empty() && !value->starts_with("data:")) {
      source = TrimAscii(*value);
      break;
    }
  }
  if (source.empty() || source.size() > limits::kMaxUrlBytes) return "";
  const auto tiny = [&](const char* name) {
    const auto value = document.attribute(image, name);
    const auto number = value ? ParseUint(TrimAscii(*value)) : std::nullopt;
    return number && *number > 0 && *number <= 24;
  };
  if (tiny("width") || tiny("height")) return "";
  const std::string lower = ToAsciiLower(source);
  for (const std::string_view word : {"icon", "filetypeimages", "spacer", "blank.gif", "qrcode", "loading.gif"}) {
    if (lower.find(word) != std::string::npos) return "";
  }
  auto target = url::Parse(source, &base);
  if (!target || !target->IsHttp()) return "";
  return url::Canonical(std::move(*target)).HrefWithoutFragment();
}

}  // namespace fangzhi::extract
