// What stands within an element whose markup is in order needs no Gumbo, which takes a thousand instructions for a tag: its tree is read from the markup
// here, and Gumbo is given the element empty, with a stand-in that says where its tree is. Most pages are in order nearly everywhere.
//
// The stack of open elements and the list of formatting elements are kept as Gumbo 0.10.1 keeps them, from <body> on. Three things can happen to markup:
// it is known here what it does to the tree (then it is in the tree of every open element), it is known only what it does to the stack (the open elements
// are then left to Gumbo, later ones within them are not), or it is not known (Gumbo has the rest of the page). So that no case can be forgotten, what is
// not named here is not known.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "html/html.h"
#include "html/stand_ins.h"
#include "html/tag_table.h"

namespace fangzhi::html {

class Arena;

class TreeAhead {
 public:
  // Views of `source`, which must be one that stand-ins are usable for, and memory of `arena` are in the tree.
  TreeAhead(std::string_view source, Arena& arena);
  TreeAhead(const TreeAhead&) = delete;
  TreeAhead& operator=(const TreeAhead&) = delete;
  // Forgets all: the markup is read again.
  void Clear();

  // Where a start tag is: in the source, and among the pieces that are put off.
  struct Place {
    size_t begin = 0;
    size_t pieces = 0;
  };
  struct SeenTag {
    uint32_t tag = kUnknownTag;  // kTags and above: not known
    std::string_view name;
    std::span<const AttributeSpan> attributes;
  };
  // An element that is closed and whose tree is known: nodes()[node] is the element.
  struct Whole {
    Place place;
    std::string_view name;
    NodeIndex node = 0;
  };

  // The markup, piece after piece as the tokenizer divides it. `begin` and `end` are offsets in the source.
  void StartTag(const SeenTag& tag, const Place& place);
  std::optional<Whole> EndTag(const SeenTag& tag);
  void Text(size_t begin, size_t end);
  void RawText(size_t begin, size_t end);  // the content of a script, a style sheet…
  void Comment(size_t begin, size_t end);  // with its signs
  void OddMarkup();                        // a '<' that begins no tag, a declaration
  void Stop() { state_ = State::kStopped; }  // Gumbo is not given what the source has here

  // Whether the innermost open element is one whose tree is known as far as it goes.
  bool InKnownTree() const { return state_ == State::kBody && TopIsKnown(); }

  // In document order; a subtree is a range. Depths count from an element that may not be here.
  std::span<const Node> nodes() const { return nodes_; }
  std::span<const Attribute> attributes() const { return attributes_; }

 private:
  enum class State { kHead, kBody, kStopped };
  struct Open {
    uint32_t tag;
    uint32_t flags;  // TagBehaviour
    bool implied;    // has no start tag
    NodeIndex node, last_child;
    Place place;
    std::string_view name;
  };
  struct Format {
    uint32_t tag;    // kMarkerTag where a cell begins
    uint32_t stack;  // where it is open, kNotOpen while it waits to be reopened
  };
  static constexpr uint32_t kMarkerTag = UINT32_MAX, kNotOpen = UINT32_MAX;
  static constexpr size_t kNowhere = SIZE_MAX;

  void HeadStartTag(const SeenTag& tag);
  void HeadEndTag(const SeenTag& tag);
  void StartInSelect(const SeenTag& tag, const Place& place);
  void StartInTable(const SeenTag& tag, const Place& place);
  void StartInBody(const SeenTag& tag, const Place& place);
  std::optional<Whole> EndInSelect(const SeenTag& tag);
  std::optional<Whole> EndOfTablePart(const SeenTag& tag);
  std::optional<Whole> EndInBody(const SeenTag& tag);
  std::optional<Whole> EndOfFormat(uint32_t tag);
  std::optional<Whole> EndOfForm();

  void BeginPiece() {
    after_pre_ = false;
    form_tail_ = kNone;
  }
  // The open elements are Gumbo's.
  void LeaveOpen() { known_from_ = stack_.size(); }
  bool TopIsKnown() const { return stack_.size() > known_from_; }
  bool InTableStructure() const;
  // The innermost open element of that tag above which none has one of the barriers.
  size_t Find(uint32_t tag, uint32_t barriers, uint32_t barrier_tag = kMarkerTag, uint32_t barrier_tag2 = kMarkerTag) const;
  size_t InnermostTablePart() const;
  uint32_t CountOf(uint32_t tag) const { return tag < kTags ? open_count_[tag] : unknown_open_; }
  bool WaitToReopen() const { return !formats_.empty() && formats_.back().tag != kMarkerTag && formats_.back().stack == kNotOpen; }
  void Reopen();
  void CloseParagraph();
  void CloseListItem(bool li);
  void CloseTo(size_t size);                     // without end tags
  std::optional<Whole> CloseAt(size_t position);  // by its end tag
  void CloseCell(size_t position);
  void ForgetFormatsToMarker();
  void PopTop();

  NodeIndex AddNode(const Node& node);
  void Insert(const SeenTag& tag, const Place& place, bool implied = false);
  void InsertImplied(uint32_t tag);
  void InsertVoid(const SeenTag& tag);
  NodeIndex InsertText(NodeType type, std::string_view text);
  bool AddAttributes(const SeenTag& tag, Node& node);
  std::string_view NameOf(const SeenTag& tag);
  // As Gumbo would have it in the tree; nullopt where that is not known.
  std::optional<std::string_view> Resolve(std::string_view text, bool in_attribute);
  std::optional<std::string_view> Normalised(std::string_view text);

  const std::string_view source_;
  Arena& arena_;
  const TagTable& table_;
  const bool has_carriage_returns_;
  State state_ = State::kHead;
  bool in_noscript_ = false;  // in the head
  bool form_is_open_ = false;  // for Gumbo, whether it stands on the stack or not
  // What the last piece of markup was, where that matters for a text that follows.
  bool after_pre_ = false;       // <pre>: a line end means nothing
  NodeIndex form_tail_ = kNone;  // </form>: the text to which it belongs
  size_t known_from_ = 0;      // the elements of the stack from here on are known with all that is in them
  std::vector<Open> stack_;    // without html and body
  std::vector<Format> formats_;
  std::array<uint32_t, kTags> open_count_{};
  uint32_t unknown_open_ = 0;
  std::vector<Node> nodes_;
  std::vector<Attribute> attributes_;
  std::string scratch_;
};

}  // namespace fangzhi::html
