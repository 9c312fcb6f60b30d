#include <array>

#include "base/strings.h"
#include "html/html.h"
#include "text/text.h"

namespace fangzhi::html {
namespace {

enum TagFlag : uint8_t {
  kBlockFlag = 1,    // starts and ends a line
  kSilentFlag = 2,   // has no text for a reader
  kCellFlag = 4,     // separated from its neighbours by a tab
  kBreakFlag = 8,    // <br>
  kPreFlag = 16,     // line ends count
  kImageFlag = 32,
  kScriptlessFlag = 64,  // shown only where scripts do not run
};

constexpr size_t kTagTableSize = 512;  // Gumbo knows about 150 names
using TagTable = std::array<uint8_t, kTagTableSize>;

const TagTable& Tags() {
  static const TagTable table = [] {
    TagTable flags{};
    const auto set = [&flags](std::initializer_list<std::string_view> names, uint8_t flag) {
      for (const std::string_view name : names) {
        if (const uint16_t tag = Tag(name); tag < kTagTableSize) flags[tag] |= flag;
      }
    };
    set({"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl",
         "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6",
         "header", "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol", "optgroup", "option",
         "p", "plaintext", "pre", "section", "select", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "xmp"},
        kBlockFlag);
    set({"head", "script", "style", "template", "iframe", "noembed", "noframes", "object", "applet", "audio", "video",
         "canvas", "textarea", "datalist"},
        kSilentFlag);
    set({"td", "th"}, kCellFlag);
    set({"br"}, kBreakFlag);
    set({"pre", "listing", "xmp", "plaintext"}, kPreFlag);
    set({"img", "area"}, kImageFlag);
    set({"noscript"}, kScriptlessFlag);
    return flags;
  }();
  return table;
}

uint8_t FlagsOf(const Node& node) {
  if (node.type != NodeType::kElement || node.tag >= kTagTableSize) return 0;
  return Tags()[node.tag];
}

// Whether a style attribute says that the element is not shown.
bool StyleHides(std::string_view style) {
  for (const std::string_view property : {std::string_view("display"), std::string_view("visibility")}) {
    size_t at = 0;
    while ((at = FindIgnoreAsciiCase(style, property, at)) != std::string_view::npos) {
      // "-webkit-box-display" is another property.
      const bool whole = at == 0 || style[at - 1] == ';' || IsAsciiSpace(style[at - 1]);
      at += property.size();
      if (!whole) continue;
      while (at < style.size() && IsAsciiSpace(style[at])) ++at;
      if (at == style.size() || style[at] != ':') continue;
      ++at;
      while (at < style.size() && IsAsciiSpace(style[at])) ++at;
      const std::string_view wanted = property == "display" ? "none" : "hidden";
      if (EqualsIgnoreAsciiCase(style.substr(at, wanted.size()), wanted)) return true;
    }
  }
  return false;
}

bool IsHidden(const Document& document, const Node& node) {
  for (const Attribute& attribute : document.attributes(node)) {
    if (attribute.name == "hidden") return true;
    if (attribute.name == "style" && StyleHides(attribute.value)) return true;
  }
  return false;
}

// Collects lines: white space collapses, empty lines vanish, a line's ends are trimmed.
class LineWriter {
 public:
  void Text(std::string_view text, bool keep_lines) {
    size_t i = 0;
    while (i < text.size()) {
      if (IsAsciiSpace(text[i])) {
        if (keep_lines && text[i] == '\n') {
          EndLine();
        } else {
          pending_space_ = true;
        }
        ++i;
        continue;
      }
      size_t end = i + 1;
      while (end < text.size() && !IsAsciiSpace(text[end])) ++end;
      Separate();
      out_.append(text.substr(i, end - i));
      i = end;
    }
  }
  void Tab() { pending_tab_ = true; }
  void EndLine() {
    pending_space_ = pending_tab_ = false;
    if (out_.size() == line_begin_) return;
    const std::string_view line = std::string_view(out_).substr(line_begin_);
    // Most lines have nothing to trim: only lines whose ends may be white space are looked at in full.
    if (MayBeSpace(line)) {
      const std::string trimmed = text::Trim(line);
      out_.resize(line_begin_);
      out_ += trimmed;
      if (trimmed.empty()) return;
    }
    out_ += '\n';
    line_begin_ = out_.size();
  }
  std::string Finish() {
    EndLine();
    if (!out_.empty()) out_.pop_back();
    return std::move(out_);
  }

 private:
  static bool MayBeSpace(std::string_view line) {
    const auto lead = [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte == ' ' || byte == '\t' || byte == 0xC2 || byte == 0xE1 || byte == 0xE2 || byte == 0xE3 || byte == 0xEF;
    };
    if (lead(line.front()) || line.back() == ' ' || line.back() == '\t') return true;
    if (line.size() >= 2 && lead(line[line.size() - 2])) return true;
    return line.size() >= 3 && lead(line[line.size() - 3]);
  }
  void Separate() {
    if (out_.size() != line_begin_) {
      if (pending_tab_) {
        out_ += '\t';
      } else if (pending_space_) {
        out_ += ' ';
      }
    }
    pending_space_ = pending_tab_ = false;
  }

  std::string out_;
  size_t line_begin_ = 0;
  bool pending_space_ = false, pending_tab_ = false;
};

std::string Collect(const Document& document, NodeIndex root, const TextOptions& options, bool scriptless) {
  const std::span<const Node> nodes = document.nodes();
  LineWriter writer;
  struct Close {
    NodeIndex end;
    uint8_t flags;
  };
  std::vector<Close> closing;  // open blocks and cells, innermost last
  size_t pre_depth = 0;
  const auto close_until = [&](NodeIndex index) {
    while (!closing.empty() && closing.back().end <= index) {
      const uint8_t flags = closing.back().flags;
      if ((flags & kBlockFlag) != 0) writer.EndLine();
      if ((flags & kCellFlag) != 0) writer.Tab();
      if ((flags & kPreFlag) != 0) --pre_depth;
      closing.pop_back();
    }
  };
  NodeIndex index = root;
  const NodeIndex end = nodes[root].end;
  while (index < end) {
    close_until(index);
    const Node& node = nodes[index];
    if (options.skip && options.skip(index)) {
      index = node.end;
      continue;
    }
    if (node.type == NodeType::kText) {
      writer.Text(node.text, pre_depth > 0);
    } else if (node.type == NodeType::kElement) {
      const uint8_t flags = FlagsOf(node);
      const bool silent = (flags & kSilentFlag) != 0 || ((flags & kScriptlessFlag) != 0 && !scriptless);
      if ((silent && index != root) || (options.skip_hidden && node.attribute_count != 0 && IsHidden(document, node))) {
        index = node.end;
        continue;
      }
      if ((flags & (kBlockFlag | kBreakFlag)) != 0) writer.EndLine();
      if ((flags & kImageFlag) != 0 && options.image_alt) {
        if (const auto alt = document.attribute(index, "alt")) writer.Text(*alt, false);
      }
      if ((flags & (kBlockFlag | kCellFlag)) != 0 && node.end > index + 1) {
        closing.push_back({node.end, flags});
        if ((flags & kPreFlag) != 0) ++pre_depth;
      } else if ((flags & kCellFlag) != 0) {
        writer.Tab();
      }
    }
    ++index;
  }
  close_until(end);
  return writer.Finish();
}

}  // namespace

bool IsBlock(const Node& node) { return (FlagsOf(node) & kBlockFlag) != 0; }

std::string TextContent(const Document& document, NodeIndex root, const TextOptions& options) {
  std::string text = Collect(document, root, options, false);
  // A page whose whole text stands in <noscript> is still to be read.
  if (text.empty()) text = Collect(document, root, options, true);
  return text;
}

std::string Escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace fangzhi::html
