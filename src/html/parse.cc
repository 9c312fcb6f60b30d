#include <gumbo.h>

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/strings.h"
#include "html/arena.h"
#include "html/guard.h"
#include "html/html.h"
#include "html/stand_ins.h"
#include "html/tag_table.h"
#include "html/tree_ahead.h"

namespace fangzhi::html {
namespace {

// Honest pages need 10 to 20 bytes of tree for a byte of HTML, list pages of short tags up to 60.
constexpr size_t kTreeBytesBase = size_t{64} << 20;
constexpr size_t kTreeBytesFactor = 60;
constexpr size_t kMaxTreeBytes = size_t{1} << 30;

void* AllocateFrom(void* arena, size_t size) { return static_cast<Arena*>(arena)->Allocate(size); }
void ReleaseTo(void* arena, void* memory) { static_cast<Arena*>(arena)->Release(memory); }

// Null when the arena's budget was spent. Nothing in this frame has a destructor: see Arena.
GumboOutput* RunGumbo(Arena* arena, const char* text, size_t size) {
  std::jmp_buf bail_out;
  if (setjmp(bail_out) != 0) {
    arena->bail_out = nullptr;
    return nullptr;
  }
  arena->bail_out = &bail_out;
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = AllocateFrom;
  options.deallocator = ReleaseTo;
  options.userdata = arena;
  options.max_errors = 0;
  GumboOutput* output = gumbo_parse_with_options(&options, text, size);
  arena->bail_out = nullptr;
  return output;
}

// The longest prefix of at most `size` bytes that does not end inside a UTF-8 sequence.
size_t Utf8Boundary(std::string_view text, size_t size) {
  if (size >= text.size()) return text.size();
  size_t end = size;
  while (end > 0 && size - end < 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

bool HasUpperCase(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

struct Document::Impl {
  std::string source;
  std::optional<StandIns> stand_ins;  // of `source`
  Arena arena;
  std::optional<TreeAhead> ahead;     // of `source`
  std::vector<Node> nodes;
  std::vector<Attribute> attributes;
  std::vector<std::string> cuts;
  NodeIndex head = kNone, body = kNone;

  explicit Impl(size_t budget) : arena(budget) {}

  void AddCut(std::string_view name) {
    if (std::find(cuts.begin(), cuts.end(), name) == cuts.end()) cuts.emplace_back(name);
  }
  std::string_view ElementName(const GumboElement& element);
  void AddAttributes(const GumboElement& element, Node& node);
  bool AddNode(const GumboNode& gumbo, NodeIndex parent, uint16_t depth);
  std::optional<NodeIndex> KnownTree(const GumboNode& gumbo) const;
  bool AddTree(NodeIndex first, NodeIndex parent, uint16_t depth);
  void Flatten(const GumboNode& root);
  void FindHeadAndBody();
};

std::string_view Document::Impl::ElementName(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  if (piece.data == nullptr) return {};
  gumbo_tag_from_original_text(&piece);
  // A copy, since the text that Gumbo saw may be a guarded version that does not outlive the parse.
  return piece.data == nullptr ? std::string_view() : arena.LowerCopy({piece.data, piece.length});
}

void Document::Impl::AddAttributes(const GumboElement& element, Node& node) {
  const size_t first = attributes.size();
  const auto add = [&](std::string_view name, std::string_view value) {
    if (attributes.size() - first == limits::kMaxAttributes) return AddCut("attributes");
    attributes.push_back({HasUpperCase(name) ? arena.LowerCopy(name) : name, value});
  };
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
    const bool several = stand_ins->ForEachAttribute(attribute->name, [&](std::string_view name, std::string_view value) {
      // Of two with one name the first counts.
      const auto same = [name](const Attribute& other) { return EqualsIgnoreAsciiCase(other.name, name); };
      if (std::none_of(attributes.begin() + static_cast<ptrdiff_t>(first), attributes.end(), same)) add(name, value);
    });
    if (several) continue;
    // Foreign attributes lose their prefix in Gumbo ("xlink:href" → "href") and get capitals ("viewBox").
    if (attribute->attr_namespace != GUMBO_ATTR_NAMESPACE_NONE && attribute->original_name.length != 0) {
      add(arena.LowerCopy({attribute->original_name.data, attribute->original_name.length}), stand_ins->Restore(attribute->value));
    } else {
      add(attribute->name, stand_ins->Restore(attribute->value));
    }
  }
  node.first_attribute = static_cast<uint32_t>(first);
  node.attribute_count = static_cast<uint32_t>(attributes.size() - first);
}

bool Document::Impl::AddNode(const GumboNode& gumbo, NodeIndex parent, uint16_t depth) {
  if (nodes.size() >= limits::kMaxHtmlNodes) {
    AddCut("nodes");
    return false;
  }
  Node node{};
  node.depth = depth;
  node.tag = kUnknownTag;
  node.parent = parent;
  node.next_sibling = kNone;
  switch (gumbo.type) {
    case GUMBO_NODE_DOCUMENT:
      node.type = NodeType::kDocument;
      break;
    case GUMBO_NODE_ELEMENT:
    case GUMBO_NODE_TEMPLATE:
      node.type = NodeType::kElement;
      node.tag = gumbo.v.element.tag == GUMBO_TAG_UNKNOWN ? kUnknownTag : static_cast<uint16_t>(gumbo.v.element.tag);
      node.text = ElementName(gumbo.v.element);
      AddAttributes(gumbo.v.element, node);
      break;
    case GUMBO_NODE_COMMENT:
      node.type = NodeType::kComment;
      node.text = stand_ins->Restore(gumbo.v.text.text);
      break;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_CDATA:
      node.type = NodeType::kText;
      node.text = stand_ins->Restore(gumbo.v.text.text);
      break;
    case GUMBO_NODE_WHITESPACE:
      node.type = NodeType::kText;
      node.text = gumbo.v.text.text;
      break;
  }
  nodes.push_back(node);
  return true;
}

std::optional<NodeIndex> Document::Impl::KnownTree(const GumboNode& gumbo) const {
  if (gumbo.type != GUMBO_NODE_ELEMENT || gumbo.v.element.attributes.length != 1) return std::nullopt;
  return stand_ins->WholeOf(static_cast<const GumboAttribute*>(gumbo.v.element.attributes.data[0])->name);
}

// A tree that was known ahead. False where there is no room for all of it.
bool Document::Impl::AddTree(NodeIndex first, NodeIndex parent, uint16_t depth) {
  const std::span<const Node> known = ahead->nodes();
  const Node& root = known[first];
  const size_t room = limits::kMaxHtmlNodes - std::min(nodes.size(), limits::kMaxHtmlNodes);
  const size_t count = std::min<size_t>(root.end - first, room);
  const auto base = static_cast<NodeIndex>(nodes.size());
  const auto limit = static_cast<NodeIndex>(base + count);
  const size_t first_attribute = root.first_attribute, last_attribute = count == 0 ? first_attribute : known[first + count - 1].first_attribute + known[first + count - 1].attribute_count;
  for (size_t i = first; i < first + count; ++i) {
    Node node = known[i];
    node.depth = static_cast<uint16_t>(std::min(UINT16_MAX, depth + (node.depth - root.depth)));
    node.parent = i == first ? parent : node.parent - first + base;
    node.end = std::min(node.end - first + base, limit);
    node.next_sibling = i == first || node.next_sibling == kNone || node.next_sibling - first + base >= limit ? kNone : node.next_sibling - first + base;
    node.first_attribute = static_cast<uint32_t>(node.first_attribute - first_attribute + attributes.size());
    nodes.push_back(node);
  }
  if (count == 0) return AddCut("nodes"), false;
  const auto from = ahead->attributes().begin();
  attributes.insert(attributes.end(), from + static_cast<ptrdiff_t>(first_attribute), from + static_cast<ptrdiff_t>(last_attribute));
  if (count < root.end - first) AddCut("nodes");
  return count == root.end - first;
}

void Document::Impl::Flatten(const GumboNode& root) {
  struct Open {
    const GumboVector* children;
    unsigned next;
    NodeIndex index, last_child;
  };
  const auto children_of = [](const GumboNode& node) -> const GumboVector* {
    if (node.type == GUMBO_NODE_DOCUMENT) return &node.v.document.children;
    if (node.type == GUMBO_NODE_ELEMENT || node.type == GUMBO_NODE_TEMPLATE) return &node.v.element.children;
    return nullptr;
  };
  AddNode(root, kNone, 0);
  std::vector<Open> open;
  open.push_back({children_of(root), 0, 0, kNone});
  bool room = true;
  while (!open.empty()) {
    Open& top = open.back();
    if (!room || top.next == top.children->length) {
      nodes[top.index].end = static_cast<NodeIndex>(nodes.size());
      open.pop_back();
      continue;
    }
    const auto& child = *static_cast<const GumboNode*>(top.children->data[top.next++]);
    const auto index = static_cast<NodeIndex>(nodes.size());
    const auto depth = static_cast<uint16_t>(std::min<size_t>(open.size(), UINT16_MAX));
    const std::optional<NodeIndex> known = KnownTree(child);
    room = known ? AddTree(*known, top.index, depth) : AddNode(child, top.index, depth);
    if (nodes.size() == index) continue;
    if (!known) nodes[index].end = index + 1;
    if (top.last_child != kNone) nodes[top.last_child].next_sibling = index;
    top.last_child = index;
    if (const GumboVector* children = known ? nullptr : children_of(child); children != nullptr && children->length != 0) {
      open.push_back({children, 0, index, kNone});
    }
  }
}

void Document::Impl::FindHeadAndBody() {
  const uint16_t html_tag = Tag("html"), head_tag = Tag("head"), body_tag = Tag("body");
  for (NodeIndex i = 1; i < nodes.size(); i = nodes[i].end) {
    if (nodes[i].tag != html_tag || nodes[i].type != NodeType::kElement) continue;
    for (NodeIndex child = i + 1; child < nodes[i].end; child = nodes[child].end) {
      if (nodes[child].type != NodeType::kElement) continue;
      if (nodes[child].tag == head_tag && head == kNone) head = child;
      if (nodes[child].tag == body_tag && body == kNone) body = child;
    }
  }
}

uint16_t Tag(std::string_view name) {
  const GumboTag tag = gumbo_tagn_enum(name.data(), static_cast<unsigned>(name.size()));
  return tag == GUMBO_TAG_UNKNOWN ? kUnknownTag : static_cast<uint16_t>(tag);
}

std::string_view TagName(uint16_t tag) { return gumbo_normalized_tagname(static_cast<GumboTag>(tag)); }

Document::Document(std::unique_ptr<Impl> impl) : impl_(std::move(impl)), nodes_(impl_->nodes), attributes_(impl_->attributes) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::Parse(std::string text) {
  const size_t size = Utf8Boundary(text, limits::kMaxHtmlBytes);
  auto impl = std::make_unique<Impl>(std::min(kTreeBytesBase + size * kTreeBytesFactor, kMaxTreeBytes));
  if (size < text.size()) {
    impl->AddCut("bytes");
    text.resize(size);
  }
  impl->source = std::move(text);
  const std::string_view source = impl->source;
  impl->stand_ins.emplace(source);
  impl->ahead.emplace(source, impl->arena);

  // The guard keeps what Gumbo is given within what Gumbo can bear. Should its estimate fail, the arena's budget ends the
  // parse, and it is tried again with tight limits, then with ever less of the page: the last tries always fit.
  GuardLevel level = GuardLevel::kNormal;
  size_t length = source.size();
  while (true) {
    impl->stand_ins->Clear();
    impl->ahead->Clear();
    Guarded guarded = GuardMarkup(source.substr(0, length), level, &*impl->stand_ins, &*impl->ahead);
    const std::string_view markup = guarded.changed ? std::string_view(guarded.text) : source.substr(0, length);
    GumboOutput* output = RunGumbo(&impl->arena, markup.data(), markup.size());
    if (output != nullptr) {
      for (const std::string& cut : guarded.cuts) impl->AddCut(cut);
      // Elements and their characters: one node for about 16 bytes of honest HTML.
      impl->nodes.reserve(std::min(length / 16 + 16, limits::kMaxHtmlNodes));
      impl->Flatten(*output->document);
      impl->ahead.reset();
      break;
    }
    impl->arena.Clear();
    impl->AddCut("nodes");
    if (level == GuardLevel::kNormal) {
      level = GuardLevel::kTight;
    } else {
      length = Utf8Boundary(source, length / 4);
    }
  }
  impl->FindHeadAndBody();
  return Document(std::move(impl));
}

std::optional<std::string_view> Document::attribute(NodeIndex index, std::string_view name) const {
  for (const Attribute& attribute : attributes(nodes_[index])) {
    if (attribute.name == name) return attribute.value;
  }
  return std::nullopt;
}

bool Document::HasClass(NodeIndex index, std::string_view class_name) const {
  const std::optional<std::string_view> classes = attribute(index, "class");
  if (!classes || class_name.empty()) return false;
  size_t at = 0;
  while ((at = classes->find(class_name, at)) != std::string_view::npos) {
    const size_t end = at + class_name.size();
    if ((at == 0 || IsAsciiSpace((*classes)[at - 1])) && (end == classes->size() || IsAsciiSpace((*classes)[end]))) {
      return true;
    }
    at = end;
  }
  return false;
}

NodeIndex Document::body() const { return impl_->body; }
NodeIndex Document::head() const { return impl_->head; }
const std::string& Document::source() const { return impl_->source; }
const std::vector<std::string>& Document::cuts() const { return impl_->cuts; }

NodeIndex Document::FindFirst(NodeIndex root, const std::function<bool(NodeIndex)>& matches) const {
  for (NodeIndex i = root; i < impl_->nodes[root].end; ++i) {
    if (impl_->nodes[i].type == NodeType::kElement && matches(i)) return i;
  }
  return kNone;
}

}  // namespace fangzhi::html
