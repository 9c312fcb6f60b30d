// html/: Gumbo, made safe. Parse turns UTF-8 into a flat, read-only tree: nodes in document order in one array, so that
// a subtree is an index range and every walk is a loop (never recursion). The rest of the program sees only this header.
//
// Gumbo is quadratic in nesting depth and its clean-up recurses; so nesting is counted before parsing and cut at
// limits::kMaxHtmlDepth, errors are not collected, memory comes from one arena freed at once, and the input is cut at
// limits::kMaxHtmlBytes (html/guard.h). Each of these cuts is reported in `cuts`. What is in order is read ahead of Gumbo (html/tree_ahead.h). A Document is immutable and may be read from several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::html {

enum class NodeType : uint8_t { kDocument, kElement, kText, kComment };

struct Attribute {
  std::string_view name;   // lower case
  std::string_view value;  // character references resolved
};

using NodeIndex = uint32_t;
inline constexpr NodeIndex kNone = UINT32_MAX;

struct Node {
  NodeType type;
  uint16_t depth;
  // Elements: a small integer equal for equal names (see Tag()); unknown elements have kUnknownTag and their name in `text`.
  uint16_t tag;
  NodeIndex parent;
  NodeIndex end;  // one past the last node of the subtree: [index, end) is the subtree
  NodeIndex next_sibling;
  uint32_t first_attribute, attribute_count;
  std::string_view text;  // kText, kComment: the characters; kElement: the lower-case name
  // The depth of a node may exceed limits::kMaxHtmlDepth somewhat: mis-nested formatting is reopened below the cut.
};

// The tags that the stations ask for by name, e.g. Tag("div"). Unknown names give kUnknownTag.
inline constexpr uint16_t kUnknownTag = 0xFFFF;
uint16_t Tag(std::string_view name);

class Document {
 public:
  // Never fails: HTML has no errors, only limits, and those show in cuts(). `text` is UTF-8 (ill-formed bytes were
  // replaced by decode/). Views into the document live as long as it does.
  static Document Parse(std::string text);

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  // Node 0 is the document. Document order.
  std::span<const Node> nodes() const { return nodes_; }
  const Node& node(NodeIndex index) const { return nodes_[index]; }
  std::span<const Attribute> attributes(const Node& node) const { return attributes_.subspan(node.first_attribute, node.attribute_count); }
  // The value of an attribute, nullopt where absent.
  std::optional<std::string_view> attribute(NodeIndex index, std::string_view name) const;
  bool HasClass(NodeIndex index, std::string_view class_name) const;
  NodeIndex body() const;  // kNone when there is none
  NodeIndex head() const;
  const std::string& source() const;  // the text that was parsed

  // What was cut: "depth", "bytes", "nodes", "attributes". Empty for honest pages.
  const std::vector<std::string>& cuts() const;

  // First element of `root`'s subtree (document order, root included) that matches, kNone where none does.
  NodeIndex FindFirst(NodeIndex root, const std::function<bool(NodeIndex)>& matches) const;

 private:
  struct Impl;
  explicit Document(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
  std::span<const Node> nodes_;            // of impl_: here, because nothing is asked for as often
  std::span<const Attribute> attributes_;  // of all nodes
};

// The selector language of site entries and profiles: a comma list of compound selectors joined by descendant (space) or child (>)
// combinators; a compound is tag, *, #id, .class, [attr], [attr=value], [attr^=value], [attr*=value], :first (the first element, in
// document order, that the selector matches up to there). One pass over the tree, whatever the selector. Compile once.
class Selector {
 public:
  // nullopt and a message that names the position when the text is not a selector.
  static std::optional<Selector> Compile(std::string_view text, std::string* problem);
  // Matching elements below `root`, document order.
  std::vector<NodeIndex> Select(const Document& document, NodeIndex root = 0) const;

  struct Impl;

 private:
  std::shared_ptr<const Impl> impl_;
};

struct TextOptions {
  bool skip_hidden = true;    // display:none, visibility:hidden, the hidden attribute
  bool image_alt = false;     // alt texts as text
  // Nodes (with their subtrees) to leave out; may be empty.
  std::function<bool(NodeIndex)> skip;
};
// The text of a subtree as a reader sees it: block elements and <br> end a line, inline white space collapses, script, style, template,
// head and comments give nothing, noscript only where there is no other text; cells of a table row are separated by a tab.
// Lines are trimmed; empty lines dropped.
std::string TextContent(const Document& document, NodeIndex root, const TextOptions& options = {});

// True for elements that start a new line in a reader's eyes (p, div, li, tr, h1…).
bool IsBlock(const Node& node);

// Text for HTML: & < > " ' escaped. The only way in which text from outside reaches markup.
std::string Escape(std::string_view text);

}  // namespace fangzhi::html
