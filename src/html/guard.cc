#include "html/guard.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "base/limits.h"
#include "base/strings.h"
#include "html/html.h"
#include "html/stand_ins.h"
#include "html/tag_table.h"
#include "html/tree_ahead.h"
#include "text/text.h"

namespace fangzhi::html {
namespace {

struct Limits {
  size_t depth, formats, attributes;
  uint64_t work;
};

// A unit of work is one step of one of Gumbo's walks, a few nanoseconds. Honest pages spend about one a byte.
Limits LimitsOf(GuardLevel level, size_t bytes) {
  if (level == GuardLevel::kTight) return {64, 4, 16, UINT64_MAX};
  return {limits::kMaxHtmlDepth, 32, limits::kMaxAttributes, 10'000'000 + 12 * static_cast<uint64_t>(bytes)};
}

class Guard {
 public:
  Guard(std::string_view markup, GuardLevel level, StandIns* stand_ins, TreeAhead* ahead)
      : markup_(markup), limits_(LimitsOf(level, markup.size())), table_(Table()),
        stand_ins_(stand_ins != nullptr && stand_ins->usable() ? stand_ins : nullptr), ahead_(stand_ins_ != nullptr ? ahead : nullptr) {}

  // False when the work would be too much: try again with tight limits.
  bool Run(Guarded& result);

 private:
  struct Open {
    uint32_t name;  // the tag, or a hash above 16 bits for unknown names
    uint32_t flags;
  };
  struct Format {
    uint32_t name;  // kMarkerName between the contents of two cells
    uint32_t stack;  // where it is open, kNotOpen while it waits to be reopened
  };
  struct TagToken {
    std::string_view written;  // the name
    uint32_t name = 0;
    uint32_t flags = 0;
    bool self_closing = false;
    bool complete = false;
    size_t attributes = 0;
    size_t attribute_cut = 0;  // where the first attribute too many begins, 0 for none
  };
  // Markup for which something may stand in.
  struct Piece {
    enum Kind { kText, kTag, kRaw, kComment, kTree } kind;
    size_t begin, end;
    uint32_t name = 0;            // kRaw: of its element
    NodeIndex node = 0;           // kTree
    std::string_view written{};   // kTree: the element's name
  };
  static constexpr uint32_t kMarkerName = 0xFFFFFFFF, kNotOpen = 0xFFFFFFFF;
  static constexpr size_t kMaxMergedTags = 16;
  static constexpr size_t kNowhere = SIZE_MAX;

  uint16_t ShortTag(std::string_view name, uint64_t letters);
  TagToken ReadTag(size_t& at);
  void SkipMarkupDeclaration(size_t& at);
  void SkipRaw(size_t& at, std::string_view name, bool script);
  bool StartTag(size_t begin, size_t& end, const TagToken& tag);
  bool EndTag(const TagToken& tag);
  void Text();
  void StandInFor(size_t begin, size_t end, std::span<const AttributeSpan> attributes = {});
  void StandInForText(size_t begin, size_t end, bool references);
  void StandInForAttributes(const TagToken& tag);
  void StandInForRaw(uint32_t name, size_t begin, size_t end);
  void StandInForComment(size_t begin, size_t end);
  TreeAhead::SeenTag Seen(const TagToken& tag) const { return {tag.name, tag.written, attributes_}; }
  void StandInForTree(const Piece& piece);
  void Put(const Piece& piece);
  void StandInForPiece(const Piece& piece, const TagToken* tag);
  void PutTag(const Piece& piece, const TagToken& tag);
  void PutAll();
  void LeaveToGumbo();

  bool TopIsForeign() const { return !stack_.empty() && (stack_.back().flags & kForeign) != 0; }
  bool TopTakesHtml() const { return !TopIsForeign() || (stack_.back().flags & kIntegration) != 0; }
  size_t CountOf(uint32_t name) const { return name < kTags ? open_count_[name] : 1; }
  size_t Find(uint32_t name, uint32_t barriers, uint32_t extra_barrier = 0);
  void Push(uint32_t name, uint32_t flags);
  void PopTo(size_t size);
  void Erase(size_t position);
  void CloseP();
  void CloseFormat(uint32_t name);
  void Reopen();
  void CloseTableParts(const TagToken& tag);
  void Drop(size_t begin, size_t end);
  void DropTornTag(size_t begin, const TagToken& tag);
  void Cut(std::string_view name);

  const std::string_view markup_;
  const Limits limits_;
  const TagTable& table_;
  StandIns* const stand_ins_;
  TreeAhead* const ahead_;  // null without stand-ins
  std::vector<Piece> put_off_;  // of elements whose trees are known as far as they go: most will not be given to Gumbo
  struct Known {
    uint64_t letters = 0;  // none: a name has one
    uint16_t tag = 0;
  };
  static constexpr unsigned kKnownBits = 6;
  std::array<Known, size_t{1} << kKnownBits> known_{};
  bool frames_ = false;       // after <frameset> only the white space of a text may stay
  std::vector<AttributeSpan> attributes_;  // of the tag that was read last, where there are stand-ins
  std::vector<Open> stack_;
  std::vector<Format> formats_;
  std::array<uint32_t, kTags> open_count_{};
  std::vector<uint32_t> dropped_;           // names of the elements left out for depth, innermost last
  std::array<uint32_t, kTags> dropped_formats_{};
  uint64_t work_ = 0;
  size_t nodes_ = 0;
  size_t merged_tags_ = 0;
  bool stop_ = false;  // nothing after this needs a look: <plaintext>
  size_t copied_ = 0;
  Guarded* result_ = nullptr;
};

// Tag(name), remembered: a page has a dozen names, a thousand times.
uint16_t Guard::ShortTag(std::string_view name, uint64_t letters) {
  Known& known = known_[(letters * 0x9E3779B97F4A7C15u) >> (64 - kKnownBits)];
  if (known.letters != letters) known = {letters, Tag(name)};
  return known.tag;
}

// Reads the tag whose name begins at `at`, and leaves `at` after its '>'.
Guard::TagToken Guard::ReadTag(size_t& at) {
  TagToken tag;
  const size_t name_begin = at;
  uint64_t letters = 0;  // of a name that fits
  for (; at < markup_.size() && !IsTagNameEnd(markup_[at]); ++at) letters = letters << 8 | static_cast<unsigned char>(markup_[at]);
  const std::string_view name = tag.written = markup_.substr(name_begin, at - name_begin);
  tag.name = name.size() <= sizeof letters ? ShortTag(name, letters) : name.size() <= 32 ? Tag(name) : kUnknownTag;
  if (tag.name < kTags) {
    tag.flags = table_.flags[tag.name];
  } else {
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(ToAsciiLower(c))) * 0x100000001b3u;
    tag.name = static_cast<uint32_t>(hash >> 32) | 0x10000u;
    if (tag.name == kMarkerName) --tag.name;
  }
  attributes_.clear();
  AttributeSpan attribute;
  while (NextAttribute(markup_, at, attribute)) {
    ++tag.attributes;
    if (tag.attributes > limits_.attributes) {
      if (tag.attribute_cut == 0) tag.attribute_cut = attribute.name_begin;
    } else if (stand_ins_ != nullptr) {
      attributes_.push_back(attribute);
    }
  }
  if (at < markup_.size()) {
    tag.self_closing = markup_[at - 1] == '/' && attribute.end != at;  // href=/ has a value
    tag.complete = true;
    ++at;
  }
  return tag;  // incomplete, the end of the page within a tag: Gumbo drops it
}

// `at` is at "<!", "<?" or "</" and something that is no name.
void Guard::SkipMarkupDeclaration(size_t& at) {
  const std::string_view rest = markup_.substr(at);
  if (rest.substr(0, 4) == "<!--") {
    if (rest.substr(4, 1) == ">" || rest.substr(4, 2) == "->") {
      at += rest[4] == '>' ? 5 : 6;
      return;
    }
    size_t dashes = at + 4;
    while (true) {
      dashes = markup_.find("--", dashes);
      if (dashes == std::string_view::npos) {
        at = markup_.size();
        return;
      }
      const std::string_view after = markup_.substr(dashes + 2, 2);
      if (after.substr(0, 1) == ">" || after == "!>") {
        at = dashes + (after[0] == '>' ? 3 : 4);
        return;
      }
      ++dashes;
    }
  }
  const bool character_data = TopIsForeign() && rest.substr(0, 9) == "<![CDATA[";
  const size_t close = character_data ? markup_.find("]]>", at + 9) : markup_.find('>', at);
  at = close == std::string_view::npos ? markup_.size() : close + (character_data ? 3 : 1);
}

// `at` is after the start tag; it is left at the "</" of the element's end tag.
void Guard::SkipRaw(size_t& at, std::string_view name, bool script) {
  const auto is_tag = [&](size_t name_at) {
    return EqualsIgnoreAsciiCase(markup_.substr(name_at, name.size()), name) && name_at + name.size() < markup_.size() &&
           IsTagNameEnd(markup_[name_at + name.size()]);
  };
  // In <!-- … --> within a script a whole <script>…</script> is text (WHATWG HTML 13.2.5.20 and on).
  bool escaped = false, twice = false;
  while (at < markup_.size()) {
    const size_t next = escaped ? markup_.find_first_of("<-", at) : markup_.find('<', at);
    if (next == std::string_view::npos) break;
    at = next;
    if (markup_[at] == '-') {
      if (markup_.substr(at, 3) == "-->") escaped = twice = false;
      ++at;
    } else if (markup_.substr(at, 2) == "</" && is_tag(at + 2)) {
      if (!twice) return;
      twice = false;
      at += 2;
    } else if (script && !escaped && markup_.substr(at, 4) == "<!--") {
      escaped = true;
      at += 2;
    } else {
      if (escaped && is_tag(at + 1)) twice = true;
      ++at;
    }
  }
  at = markup_.size();
}

// The innermost open element of that name, if no element with one of the barriers stands above it.
size_t Guard::Find(uint32_t name, uint32_t barriers, uint32_t extra_barrier) {
  if (CountOf(name) == 0) return kNowhere;
  for (size_t i = stack_.size(); i-- > 0;) {
    ++work_;
    if (stack_[i].name == name) return i;
    if ((stack_[i].flags & barriers) != 0 || (extra_barrier != 0 && stack_[i].name == extra_barrier)) return kNowhere;
  }
  return kNowhere;
}

void Guard::Push(uint32_t name, uint32_t flags) {
  stack_.push_back({name, flags});
  if (name < kTags) ++open_count_[name];
  if ((flags & kMarker) != 0) formats_.push_back({kMarkerName, kNotOpen});
}

void Guard::PopTo(size_t size) {
  while (stack_.size() > size) {
    const Open open = stack_.back();
    stack_.pop_back();
    if (open.name < kTags) --open_count_[open.name];
    if ((open.flags & kMarker) != 0) {
      while (!formats_.empty() && formats_.back().name != kMarkerName) formats_.pop_back();
      if (!formats_.empty()) formats_.pop_back();
    } else if ((open.flags & kFormatting) != 0) {
      for (size_t i = formats_.size(); i-- > 0 && formats_[i].name != kMarkerName;) {
        if (formats_[i].stack == stack_.size()) formats_[i].stack = kNotOpen;
      }
    }
  }
}

// Takes out one element and leaves those above it open.
void Guard::Erase(size_t position) {
  work_ += stack_.size() - position;
  if (stack_[position].name < kTags) --open_count_[stack_[position].name];
  stack_.erase(stack_.begin() + static_cast<ptrdiff_t>(position));
  for (Format& format : formats_) {
    if (format.stack == kNotOpen) continue;
    if (format.stack == position) {
      format.stack = kNotOpen;
    } else if (format.stack > position) {
      --format.stack;
    }
  }
}

void Guard::CloseP() {
  if (open_count_[table_.p] == 0) return;
  const size_t found = Find(table_.p, kScope, table_.button);
  if (found != kNowhere) PopTo(found);
}

// The adoption agency: the formatting element goes, blocks opened within it stay.
void Guard::CloseFormat(uint32_t name) {
  size_t entry = formats_.size();
  while (entry-- > 0 && formats_[entry].name != kMarkerName) {
    if (formats_[entry].name != name) continue;
    const uint32_t position = formats_[entry].stack;
    if (position == kNotOpen) {
      formats_.erase(formats_.begin() + static_cast<ptrdiff_t>(entry));
      return;
    }
    work_ += stack_.size() - position;
    bool blocks_within = false;
    for (size_t i = position + 1; i < stack_.size(); ++i) {
      if ((stack_[i].flags & kScope) != 0) return;  // not in scope: the end tag is ignored
      blocks_within = blocks_within || (stack_[i].flags & kSpecial) != 0;
    }
    formats_.erase(formats_.begin() + static_cast<ptrdiff_t>(entry));
    if (blocks_within) {
      nodes_ += 2;
      Erase(position);
    } else {
      PopTo(position);
    }
    return;
  }
  // Not in the list: an ordinary end tag.
  const size_t found = Find(name, kSpecial);
  if (found != kNowhere) PopTo(found);
}

void Guard::Reopen() {
  if (formats_.empty() || formats_.back().name == kMarkerName || formats_.back().stack != kNotOpen) return;
  size_t first = formats_.size();
  while (first > 0 && formats_[first - 1].name != kMarkerName && formats_[first - 1].stack == kNotOpen) --first;
  for (size_t i = first; i < formats_.size(); ++i) {
    formats_[i].stack = static_cast<uint32_t>(stack_.size());
    stack_.push_back({formats_[i].name, formats_[i].name < kTags ? table_.flags[formats_[i].name] : 0});
    if (formats_[i].name < kTags) ++open_count_[formats_[i].name];
    ++nodes_;
    work_ += 20;
  }
}

void Guard::Text() {
  ++nodes_;
  if (TopTakesHtml()) Reopen();
}

void Guard::Drop(size_t begin, size_t end) {
  result_->changed = true;
  result_->text.append(markup_.substr(copied_, begin - copied_));
  copied_ = end;
}

// The page ends within a tag. Gumbo drops such a tag, but reads all its attributes first.
void Guard::DropTornTag(size_t begin, const TagToken& tag) {
  if (tag.attribute_cut == 0) return;
  LeaveToGumbo();
  Drop(begin, markup_.size());
  Cut("attributes");
}

void Guard::Cut(std::string_view name) {
  if (std::find(result_->cuts.begin(), result_->cuts.end(), name) == result_->cuts.end()) {
    result_->cuts.emplace_back(name);
  }
}

void Guard::StandInFor(size_t begin, size_t end, std::span<const AttributeSpan> attributes) {
  const char32_t stand_in = stand_ins_->Take(begin, end, attributes);
  if (stand_in == 0) return;
  result_->changed = true;
  result_->text.append(markup_.substr(copied_, begin - copied_));
  text::AppendUtf8(result_->text, stand_in);
  copied_ = end;
}

// A run begins after white space, whose place in the tree is decided by itself, and ends where a character reference may begin.
void Guard::StandInForText(size_t begin, size_t end, bool references) {
  if (stand_ins_ == nullptr || frames_) return;
  while (begin < end) {
    while (begin < end && IsAsciiSpace(markup_[begin])) ++begin;
    size_t run_end = end;
    if (references) run_end = begin + std::min(end - begin, markup_.substr(begin, end - begin).find('&'));
    if (begin < run_end) StandInFor(begin, run_end);
    begin = run_end;
    if (begin == end) break;
    ++begin;
    while (begin < end && (IsAsciiAlpha(markup_[begin]) || IsAsciiDigit(markup_[begin]) || markup_[begin] == '#' || markup_[begin] == ';')) {
      ++begin;
    }
  }
}

void Guard::StandInForAttributes(const TagToken& tag) {
  const bool compared = (tag.flags & kFormatting) != 0 && tag.name != table_.a;  // of <a> there is never more than one
  if (attributes_.empty() || compared || TopIsForeign() || (tag.flags & kForeignRoot) != 0) return;
  static const uint16_t input = Tag("input"), isindex = Tag("isindex");
  const auto plain = [&](const AttributeSpan& attribute) {
    const std::string_view value = attribute.Value(markup_);
    return value.find('&') == std::string_view::npos && value.find('\r') == std::string_view::npos;
  };
  if (tag.attribute_cut == 0 && tag.name != input && tag.name != isindex && (tag.flags & kSingle) == 0 &&
      std::all_of(attributes_.begin(), attributes_.end(), plain)) {
    StandInFor(attributes_.front().name_begin, attributes_.back().end, attributes_);
    return;
  }
  for (const AttributeSpan& attribute : attributes_) {
    if (attribute.quoted && plain(attribute) && !EqualsIgnoreAsciiCase(attribute.Name(markup_), "type")) {
      StandInFor(attribute.value_begin, attribute.value_end);
    }
  }
}

// The content of a raw text element.
void Guard::StandInForRaw(uint32_t name, size_t begin, size_t end) {
  if (stand_ins_ == nullptr) return;
  const std::string_view content = markup_.substr(begin, end - begin);
  static const uint16_t title = Tag("title"), textarea = Tag("textarea");
  if (name == table_.script && content.find("<!--") != std::string_view::npos) return;
  if ((name == title || name == textarea) && content.find('&') != std::string_view::npos) return;
  StandInForText(begin, end, false);
}

void Guard::StandInForComment(size_t begin, size_t end) {
  if (stand_ins_ == nullptr) return;
  if (IsOrderlyComment(markup_.substr(begin, end - begin))) StandInFor(begin + 4, end - 3);
}

// The element is given empty.
void Guard::StandInForTree(const Piece& piece) {
  const char32_t stand_in = stand_ins_->TakeWhole(piece.node);
  if (stand_in == 0) return;
  std::string& text = result_->text;
  result_->changed = true;
  text.append(markup_.substr(copied_, piece.begin - copied_));
  text.append("<").append(piece.written).append(" ");
  text::AppendUtf8(text, stand_in);
  text.append("></").append(piece.written).append(">");
  copied_ = piece.end;
}

void Guard::StandInForPiece(const Piece& piece, const TagToken* tag) {
  switch (piece.kind) {
    case Piece::kText:
      return StandInForText(piece.begin, piece.end, true);
    case Piece::kTag:
      return StandInForAttributes(*tag);
    case Piece::kRaw:
      return StandInForRaw(piece.name, piece.begin, piece.end);
    case Piece::kComment:
      return StandInForComment(piece.begin, piece.end);
    case Piece::kTree:
      return StandInForTree(piece);
  }
}

void Guard::Put(const Piece& piece) {
  if (ahead_ != nullptr && ahead_->InKnownTree()) {
    put_off_.push_back(piece);
    return;
  }
  PutAll();
  StandInForPiece(piece, nullptr);
}

void Guard::PutTag(const Piece& piece, const TagToken& tag) {
  if (ahead_ != nullptr && ahead_->InKnownTree()) {
    put_off_.push_back(piece);
    return;
  }
  PutAll();
  StandInForPiece(piece, &tag);
}

void Guard::PutAll() {
  if (put_off_.empty()) return;
  std::vector<AttributeSpan> attributes;  // of the tag that was read last
  attributes.swap(attributes_);
  for (const Piece& piece : put_off_) {
    TagToken tag;
    if (piece.kind == Piece::kTag) {
      size_t at = piece.begin + 1;
      tag = ReadTag(at);
    }
    StandInForPiece(piece, &tag);
  }
  put_off_.clear();
  attributes_.swap(attributes);
}

// From here on Gumbo sees something else than the markup has.
void Guard::LeaveToGumbo() {
  if (ahead_ == nullptr) return;
  ahead_->Stop();
  PutAll();
}

// Before a part of a table: closes the parts that it ends, and opens the row group and row that it implies.
void Guard::CloseTableParts(const TagToken& tag) {
  const bool cell = (tag.flags & kCell) != 0;
  size_t keep = stack_.size();  // what stays open; below it stands the table, the row group or the row for this part
  bool in_group = false, in_row = false;
  for (size_t i = stack_.size(); i-- > 0;) {
    ++work_;
    const Open& open = stack_[i];
    const bool group = (open.flags & kRowGroup) != 0 && open.name != table_.caption && open.name != table_.colgroup;
    in_row = cell && open.name == table_.tr;
    in_group = !in_row && (cell || tag.name == table_.tr) && group;
    keep = i + 1;
    if (in_row || in_group || (open.flags & kTableScope) != 0) break;
  }
  PopTo(keep);
  if (in_row || (tag.flags & kRowGroup) != 0) return;
  if (!in_group) Push(table_.tbody, table_.flags[table_.tbody]);
  if (cell) Push(table_.tr, table_.flags[table_.tr]);
  nodes_ += 2;
}

// False: the tag must be left out. Moves `end` past the content of raw text elements.
bool Guard::StartTag(size_t begin, size_t& end, const TagToken& tag) {
  ++nodes_;
  const size_t attributes = std::min(tag.attributes, limits_.attributes);
  work_ += stack_.size() + 2 * attributes * attributes;
  if (!TopTakesHtml() && (tag.flags & kBreakout) != 0) {
    while (!stack_.empty() && !TopTakesHtml()) PopTo(stack_.size() - 1);
  }
  if (!TopTakesHtml()) {
    if (tag.self_closing) return true;
    if (stack_.size() >= limits_.depth) {
      Cut("depth");
      dropped_.push_back(tag.name);
      return false;
    }
    uint32_t flags = kForeign;
    if ((tag.flags & kIntegration) != 0) flags |= kIntegration | kSpecial | kScope;
    Push(tag.name, flags);
    return true;
  }
  if ((tag.flags & kSingle) != 0) {
    // A second <body> gives its attributes to the first, which compares them with all that are there.
    if (tag.attributes == 0 || ++merged_tags_ <= kMaxMergedTags) return true;
    Cut("attributes");
    return false;
  }

  if (open_count_[table_.select] != 0 && open_count_[table_.template_] == 0) {
    const size_t select = Find(table_.select, 0);
    const bool leaves = (tag.flags & kTablePart) != 0 || tag.name == table_.table;
    if ((tag.flags & kSelectEnd) != 0 || (leaves && open_count_[table_.table] != 0)) {
      PopTo(select);
      if (tag.name == table_.select) return true;
    } else if ((tag.flags & kSelectPart) == 0) {
      return true;
    }
  }
  if ((tag.flags & kRaw) != 0) {
    if ((tag.flags & kClosesP) != 0) CloseP();
    // Gumbo walks no stack within; the element is closed again at its own end tag.
    const size_t name_begin = begin + 1;
    size_t name_end = name_begin;
    while (!IsTagNameEnd(markup_[name_end])) ++name_end;
    SkipRaw(end, markup_.substr(name_begin, name_end - name_begin), tag.name == table_.script);
    return true;
  }
  if (tag.name == table_.plaintext) {
    stop_ = true;
    return true;
  }
  if ((tag.flags & kClosesP) != 0) {
    CloseP();
  } else if ((tag.flags & kTablePart) == 0 && tag.name != table_.option) {
    Reopen();
  }
  if ((tag.flags & kVoid) != 0) {
    static const uint16_t isindex = Tag("isindex");
    if (tag.name == isindex) nodes_ += 7;  // Gumbo makes a form of it
    return true;
  }
  if ((tag.flags & kHeading) != 0 && !stack_.empty() && (stack_.back().flags & kHeading) != 0) PopTo(stack_.size() - 1);
  if (tag.name == table_.li || tag.name == table_.dd || tag.name == table_.dt) {
    for (size_t i = stack_.size(); i-- > 0;) {
      ++work_;
      const Open& open = stack_[i];
      if (open.name == tag.name || (tag.name != table_.li && (open.name == table_.dd || open.name == table_.dt))) {
        PopTo(i);
        break;
      }
      static const uint16_t address = Tag("address"), div = Tag("div");
      if ((open.flags & kSpecial) != 0 && open.name != address && open.name != div && open.name != table_.p) break;
    }
  } else if (tag.name == table_.option) {
    if (!stack_.empty() && stack_.back().name == table_.option) PopTo(stack_.size() - 1);
  } else if (tag.name == table_.button) {
    if (const size_t found = Find(table_.button, kScope); found != kNowhere) PopTo(found);
  } else if (tag.name == table_.form) {
    if (open_count_[table_.form] != 0 && open_count_[table_.template_] == 0) return true;
  } else if ((tag.flags & kTablePart) != 0) {
    if (open_count_[table_.table] == 0 && open_count_[table_.template_] == 0) return true;
    CloseTableParts(tag);
  } else if (tag.name == table_.table) {
    // A table directly within a table closes it; within a cell it nests.
    const size_t outer = Find(table_.table, kCell | kTableScope, table_.caption);
    if (outer != kNowhere) PopTo(outer);
  } else if (tag.name == table_.a) {
    for (size_t i = formats_.size(); i-- > 0 && formats_[i].name != kMarkerName;) {
      if (formats_[i].name != table_.a) continue;
      CloseFormat(table_.a);
      break;
    }
  }
  if ((tag.flags & kFormatting) != 0) {
    size_t same = 0;
    for (size_t i = formats_.size(); i-- > 0 && formats_[i].name != kMarkerName;) ++same;
    work_ += same * (1 + 4 * attributes * attributes);
    if (same >= limits_.formats && tag.name != table_.a) {
      ++dropped_formats_[tag.name];
      Cut("depth");
      return false;
    }
  }
  if (stack_.size() >= limits_.depth) {
    Cut("depth");
    dropped_.push_back(tag.name);
    return false;
  }
  if ((tag.flags & kFormatting) != 0) formats_.push_back({tag.name, static_cast<uint32_t>(stack_.size())});
  // <svg/> opens nothing; of the others the slash means nothing.
  if ((tag.flags & kForeignRoot) != 0) {
    if (!tag.self_closing) Push(tag.name, kForeign | kForeignRoot);
    return true;
  }
  Push(tag.name, tag.flags & ~(kIntegration | kForeign));
  return true;
}

// False: the tag must be left out.
bool Guard::EndTag(const TagToken& tag) {
  ++work_;
  if (!dropped_.empty()) {
    // The end of an element that was left out: only the last few can be meant, if the markup is in order.
    for (size_t i = dropped_.size(), tries = 8; i-- > 0 && tries-- > 0;) {
      if (dropped_[i] != tag.name) continue;
      dropped_.resize(i);
      return false;
    }
  }
  if (tag.name < kTags && dropped_formats_[tag.name] != 0) {
    --dropped_formats_[tag.name];
    return false;
  }
  if ((tag.flags & (kSingle | kVoid)) != 0) {
    ++nodes_;  // </br>
    return true;
  }
  if (TopIsForeign()) {
    // Up through foreign elements; an HTML element's end tag is then taken as HTML.
    for (size_t i = stack_.size(); i-- > 0 && (stack_[i].flags & kForeign) != 0;) {
      ++work_;
      if (stack_[i].name == tag.name) {
        PopTo(i);
        return true;
      }
    }
  }
  if (open_count_[table_.select] != 0 && open_count_[table_.template_] == 0 && tag.name != table_.select) {
    if ((tag.flags & (kTablePart)) != 0 || tag.name == table_.table) {
      if (open_count_[table_.table] == 0) return true;
      PopTo(Find(table_.select, 0));
    } else if ((tag.flags & kSelectPart) == 0) {
      return true;
    }
  }
  if ((tag.flags & kFormatting) != 0) {
    CloseFormat(tag.name);
    return true;
  }
  size_t found;
  if ((tag.flags & kHeading) != 0) {
    found = kNowhere;
    for (size_t i = stack_.size(); i-- > 0 && (stack_[i].flags & kScope) == 0;) {
      ++work_;
      if ((stack_[i].flags & kHeading) == 0) continue;
      found = i;
      break;
    }
  } else if (tag.name == table_.p) {
    found = Find(table_.p, kScope, table_.button);
    if (found == kNowhere) ++nodes_;
  } else if (tag.name == table_.select || tag.name == table_.template_) {
    found = Find(tag.name, 0);
  } else if ((tag.flags & kTablePart) != 0 || tag.name == table_.table) {
    found = Find(tag.name, kTableScope);
  } else if ((tag.flags & kSpecial) != 0) {
    found = Find(tag.name, kScope);
  } else {
    found = Find(tag.name, kSpecial);
  }
  if (found == kNowhere) return true;
  if (tag.name == table_.form && open_count_[table_.template_] == 0) {
    Erase(found);
  } else {
    PopTo(found);
  }
  return true;
}

bool Guard::Run(Guarded& result) {
  result_ = &result;
  size_t at = 0;
  while (at < markup_.size() && !stop_) {
    const size_t open = markup_.find('<', at);
    if (open != at) {
      const size_t end = std::min(open, markup_.size());
      Text();
      if (ahead_ != nullptr) ahead_->Text(at, end);
      Put({Piece::kText, at, end});
    }
    if (open == std::string_view::npos) break;
    at = open;
    const char next = open + 1 < markup_.size() ? markup_[open + 1] : '\0';
    const char third = open + 2 < markup_.size() ? markup_[open + 2] : '\0';
    if (IsAsciiAlpha(next)) {
      at = open + 1;
      const TagToken tag = ReadTag(at);
      if (!tag.complete) {
        DropTornTag(open, tag);
        break;
      }
      const size_t tag_end = at;
      static const uint16_t frameset = Tag("frameset");
      frames_ = frames_ || tag.name == frameset;
      const bool stays = StartTag(open, at, tag);
      if (!stays || tag.attribute_cut != 0) {
        LeaveToGumbo();
      } else if (ahead_ != nullptr) {
        ahead_->StartTag(Seen(tag), {open, put_off_.size()});
        if (at != tag_end) ahead_->RawText(tag_end, at);
      }
      if (!stays) {
        Drop(open, at);
      } else {
        PutTag({Piece::kTag, open, tag_end}, tag);
        if (tag.attribute_cut != 0) {
          Drop(tag.attribute_cut, tag_end - 1);
          Cut("attributes");
        }
        if (at != tag_end) Put({Piece::kRaw, tag_end, at, tag.name});
      }
    } else if (next == '/' && IsAsciiAlpha(third)) {
      at = open + 2;
      const TagToken tag = ReadTag(at);
      if (!tag.complete) {
        DropTornTag(open, tag);
        break;
      }
      const size_t attributes = std::min(tag.attributes, limits_.attributes);
      work_ += 2 * attributes * attributes;
      const bool stays = EndTag(tag);
      if (!stays || tag.attribute_cut != 0) {
        LeaveToGumbo();
        if (stays) {
          Drop(tag.attribute_cut, at - 1);
        } else {
          Drop(open, at);
        }
      } else if (ahead_ != nullptr) {
        if (const auto whole = ahead_->EndTag(Seen(tag))) {
          put_off_.resize(whole->place.pieces);
          Put({Piece::kTree, whole->place.begin, at, 0, whole->node, whole->name});
        } else if (!ahead_->InKnownTree()) {
          PutAll();
        }
      }
    } else if (next == '!' || next == '?' || next == '/') {
      ++nodes_;
      SkipMarkupDeclaration(at);
      const bool comment = markup_.substr(open, 4) == "<!--";
      if (ahead_ != nullptr) comment ? ahead_->Comment(open, at) : ahead_->OddMarkup();
      Put({Piece::kComment, open, at});
    } else {
      at = open + 1;  // a bare '<' is text
      if (ahead_ != nullptr) ahead_->OddMarkup();
    }
    if (nodes_ >= limits::kMaxHtmlNodes) {
      LeaveToGumbo();
      Drop(std::max(at, copied_), markup_.size());
      Cut("nodes");
      break;
    }
    if (work_ > limits_.work) return false;
  }
  PutAll();
  if (result.changed) result.text.append(markup_.substr(copied_));
  return true;
}

}  // namespace

Guarded GuardMarkup(std::string_view markup, GuardLevel level, StandIns* stand_ins, TreeAhead* ahead) {
  Guarded result;
  if (Guard(markup, level, stand_ins, ahead).Run(result)) return result;
  if (stand_ins != nullptr) stand_ins->Clear();
  if (ahead != nullptr) ahead->Clear();
  Guarded tight;
  (void)Guard(markup, GuardLevel::kTight, stand_ins, ahead).Run(tight);
  return tight;
}

}  // namespace fangzhi::html
