// The tree and the stack of open elements of TreeAhead, as the markup's pieces (tree_ahead.cc) build them.
#include <algorithm>

#include "base/strings.h"
#include "html/arena.h"
#include "html/references.h"
#include "html/tree_ahead.h"

namespace fangzhi::html {

TreeAhead::TreeAhead(std::string_view source, Arena& arena)
    : source_(source), arena_(arena), table_(Table()), has_carriage_returns_(source.find('\r') != std::string_view::npos) {}

void TreeAhead::Clear() {
  state_ = State::kHead;
  in_noscript_ = form_is_open_ = false;
  BeginPiece();
  known_from_ = 0;
  stack_.clear();
  formats_.clear();
  open_count_.fill(0);
  unknown_open_ = 0;
  nodes_.clear();
  attributes_.clear();
  // As much as honest pages need; they may grow.
  nodes_.reserve(source_.size() / 24);
  attributes_.reserve(source_.size() / 48);
}

std::optional<std::string_view> TreeAhead::Normalised(std::string_view text) {
  if (!has_carriage_returns_) return text;
  const size_t first = text.find('\r');
  if (first == std::string_view::npos) return text;
  // A line's end before what is else one line, as between two tags: its second half is enough.
  if (first == 0 && text.substr(1, 1) == "\n" && text.find('\r', 1) == std::string_view::npos) return text.substr(1);
  scratch_.clear();
  AppendNormalised(text, scratch_);
  return arena_.Copy(scratch_);
}

std::optional<std::string_view> TreeAhead::Resolve(std::string_view text, bool in_attribute) {
  if (text.find('&') == std::string_view::npos) return Normalised(text);
  if (HasForbidden(text)) return std::nullopt;
  const std::optional<std::string> resolved = ResolveReferences(text, in_attribute);
  return resolved ? std::optional(arena_.Copy(*resolved)) : std::nullopt;
}

NodeIndex TreeAhead::AddNode(const Node& node) {
  const auto index = static_cast<NodeIndex>(nodes_.size());
  Node& added = nodes_.emplace_back(node);
  added.depth = static_cast<uint16_t>(stack_.size());
  added.parent = kNone;
  added.next_sibling = kNone;
  added.end = index + 1;
  if (TopIsKnown()) {
    Open& parent = stack_.back();
    added.parent = parent.node;
    if (parent.last_child != kNone) nodes_[parent.last_child].next_sibling = index;
    parent.last_child = index;
  }
  return index;
}

std::string_view TreeAhead::NameOf(const SeenTag& tag) {
  if (tag.tag < kTags) return TagName(static_cast<uint16_t>(tag.tag));
  return arena_.LowerCopy(tag.name);
}

bool TreeAhead::AddAttributes(const SeenTag& tag, Node& node) {
  const size_t first = attributes_.size();
  node.first_attribute = static_cast<uint32_t>(first);
  node.attribute_count = 0;
  if (tag.attributes.empty()) return true;
  const AttributeSpan &front = tag.attributes.front(), &back = tag.attributes.back();
  const std::string_view all = source_.substr(front.name_begin, back.end - front.name_begin);
  static const uint16_t input = Tag("input");
  const bool through_gumbo = StandIns::IsShort(all) || KindOf(tag.tag) == TagKind::kFormatting || tag.tag == input;
  if (through_gumbo && HasForbidden(all)) return false;
  for (const AttributeSpan& attribute : tag.attributes) {
    std::string_view name = attribute.Name(source_);
    std::string_view value = attribute.Value(source_);
    if (has_carriage_returns_ && value.find('\r') != std::string_view::npos) return false;
    if (value.find('&') != std::string_view::npos) {
      if (HasForbidden(all)) return false;
      const std::optional<std::string_view> resolved = Resolve(value, true);
      if (!resolved) return false;
      value = *resolved;
    }
    // Of two with one name the first counts.
    const auto same = [name](const Attribute& other) { return EqualsIgnoreAsciiCase(other.name, name); };
    if (std::any_of(attributes_.begin() + static_cast<ptrdiff_t>(first), attributes_.end(), same)) continue;
    if (std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) name = arena_.LowerCopy(name);
    attributes_.push_back({name, value});
  }
  node.attribute_count = static_cast<uint32_t>(attributes_.size() - first);
  return true;
}

void TreeAhead::Insert(const SeenTag& tag, const Place& place, bool implied) {
  Node node{};
  node.type = NodeType::kElement;
  node.tag = tag.tag < kTags ? static_cast<uint16_t>(tag.tag) : kUnknownTag;
  const bool known = AddAttributes(tag, node);
  Open open{tag.tag, tag.tag < kTags ? table_.flags[tag.tag] : 0, implied, kNone, kNone, place, tag.name};
  if (known) {
    node.text = NameOf(tag);
    open.node = AddNode(node);
  }
  stack_.push_back(open);
  if (tag.tag < kTags) {
    ++open_count_[tag.tag];
  } else {
    ++unknown_open_;
  }
  if (!known) LeaveOpen();
}

void TreeAhead::InsertImplied(uint32_t tag) { Insert({tag, {}, {}}, {}, true); }

void TreeAhead::InsertVoid(const SeenTag& tag) {
  if (!TopIsKnown()) return;
  Node node{};
  node.type = NodeType::kElement;
  node.tag = static_cast<uint16_t>(tag.tag);
  if (!AddAttributes(tag, node)) return LeaveOpen();
  node.text = NameOf(tag);
  AddNode(node);
}

NodeIndex TreeAhead::InsertText(NodeType type, std::string_view text) {
  Node node{};
  node.type = type;
  node.tag = kUnknownTag;
  node.text = text;
  // Where attributes would begin: the attributes of a subtree are a range too.
  node.first_attribute = static_cast<uint32_t>(attributes_.size());
  return AddNode(node);
}

size_t TreeAhead::Find(uint32_t tag, uint32_t barriers, uint32_t barrier_tag, uint32_t barrier_tag2) const {
  if (CountOf(tag) == 0) return kNowhere;
  for (size_t i = stack_.size(); i-- > 0;) {
    const Open& open = stack_[i];
    if (open.tag == tag) return i;
    if ((open.flags & barriers) != 0 || open.tag == barrier_tag || open.tag == barrier_tag2) return kNowhere;
  }
  return kNowhere;
}

size_t TreeAhead::InnermostTablePart() const {
  if (open_count_[table_.table] == 0) return kNowhere;
  for (size_t i = stack_.size(); i-- > 0;) {
    if ((stack_[i].flags & kTablePart) != 0 || stack_[i].tag == table_.table) return i;
  }
  return kNowhere;
}

// Between the parts of a table, where text has no place.
bool TreeAhead::InTableStructure() const {
  if (stack_.empty()) return false;
  const Open& top = stack_.back();
  return top.tag == table_.table || ((top.flags & kTablePart) != 0 && (top.flags & kCell) == 0 && top.tag != table_.caption);
}

void TreeAhead::PopTop() {
  const Open& open = stack_.back();
  if (TopIsKnown()) nodes_[open.node].end = static_cast<NodeIndex>(nodes_.size());
  if (open.tag < kTags) {
    --open_count_[open.tag];
  } else {
    --unknown_open_;
  }
  stack_.pop_back();
  known_from_ = std::min(known_from_, stack_.size());
}

void TreeAhead::CloseTo(size_t size) {
  bool leave = false;
  while (stack_.size() > size) {
    const TagKind kind = KindOf(stack_.back().tag);
    if (kind == TagKind::kFrameOfFormats) return Stop();
    if (kind == TagKind::kForm) leave = true;  // for Gumbo it is still open
    PopTop();
    if (kind != TagKind::kFormatting && kind != TagKind::kAnchor) continue;
    for (size_t i = formats_.size(); i-- > 0 && formats_[i].tag != kMarkerTag;) {
      if (formats_[i].stack != stack_.size()) continue;
      formats_[i].stack = kNotOpen;
      leave = true;  // it is reopened in what follows
    }
  }
  if (leave) LeaveOpen();
}

std::optional<TreeAhead::Whole> TreeAhead::CloseAt(size_t position) {
  CloseTo(position + 1);
  if (state_ == State::kStopped) return std::nullopt;
  const bool known = TopIsKnown();
  const Open open = stack_.back();
  PopTop();
  if (!known || open.implied || nodes_.size() == open.node + size_t{1}) return std::nullopt;
  return Whole{open.place, open.name, open.node};
}

void TreeAhead::ForgetFormatsToMarker() {
  while (!formats_.empty() && formats_.back().tag != kMarkerTag) formats_.pop_back();
  if (!formats_.empty()) formats_.pop_back();
}

// What is in a cell (or caption) is closed; it stays open itself.
void TreeAhead::CloseCell(size_t position) {
  bool form = false;
  while (stack_.size() > position + 1) {
    const TagKind kind = KindOf(stack_.back().tag);
    if (kind == TagKind::kFrameOfFormats) return Stop();
    form = form || kind == TagKind::kForm;
    PopTop();
  }
  if (form) LeaveOpen();
  ForgetFormatsToMarker();
}

void TreeAhead::Reopen() {
  if (!WaitToReopen()) return;
  size_t first = formats_.size();
  while (first > 0 && formats_[first - 1].tag != kMarkerTag && formats_[first - 1].stack == kNotOpen) --first;
  for (size_t i = first; i < formats_.size(); ++i) {
    formats_[i].stack = static_cast<uint32_t>(stack_.size());
    stack_.push_back({formats_[i].tag, table_.flags[formats_[i].tag], true, kNone, kNone, {}, {}});
    ++open_count_[formats_[i].tag];
  }
  LeaveOpen();
}

void TreeAhead::CloseParagraph() {
  if (open_count_[table_.p] == 0) return;
  if (const size_t found = Find(table_.p, kScope, table_.button); found != kNowhere) CloseTo(found);
}

void TreeAhead::CloseListItem(bool li) {
  static const uint16_t address = Tag("address"), div = Tag("div");
  for (size_t i = stack_.size(); i-- > 0;) {
    const uint32_t tag = stack_[i].tag;
    if (li ? tag == table_.li : tag == table_.dd || tag == table_.dt) {
      CloseTo(i);
      break;
    }
    if (IsSpecial(tag) && tag != address && tag != div && tag != table_.p) break;
  }
  CloseParagraph();
}

}  // namespace fangzhi::html
