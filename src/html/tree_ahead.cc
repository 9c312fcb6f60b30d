#include "html/tree_ahead.h"

#include <algorithm>

#include "base/strings.h"
#include "html/arena.h"
#include "html/references.h"

namespace fangzhi::html {
namespace {

// An unknown element's name of which Gumbo keeps every character.
bool IsPlainName(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '_' || c == ':' || c == '.'; });
}

bool IsPartOfTable(TagKind kind) {
  switch (kind) {
    case TagKind::kCaption:
    case TagKind::kColumnGroup:
    case TagKind::kColumn:
    case TagKind::kRowGroup:
    case TagKind::kRow:
    case TagKind::kCell:
      return true;
    default:
      return false;
  }
}

std::string_view WithoutLeadingSpace(std::string_view text) {
  size_t begin = 0;
  while (begin < text.size() && IsAsciiSpace(text[begin])) ++begin;
  return text.substr(begin);
}

}  // namespace

void TreeAhead::HeadStartTag(const SeenTag& tag) {
  static const uint16_t body = Tag("body"), frame = Tag("frame"), noscript = Tag("noscript"), iframe = Tag("iframe"), title = Tag("title");
  switch (KindOf(tag.tag)) {
    case TagKind::kIgnored:
      if (tag.tag == body) {
        state_ = in_noscript_ ? State::kStopped : State::kBody;
      } else if (tag.tag == frame) {
        Stop();
      }
      return;
    case TagKind::kVoid:
    case TagKind::kSilentVoid:
      return;
    case TagKind::kRawText:
      if (tag.tag == iframe) Stop();
      return;
    case TagKind::kEscapedText:
      if (tag.tag != title) Stop();
      return;
    default:
      if (tag.tag != noscript || in_noscript_) return Stop();
      in_noscript_ = true;
  }
}

void TreeAhead::HeadEndTag(const SeenTag& tag) {
  static const uint16_t head = Tag("head"), noscript = Tag("noscript"), title = Tag("title"), br = Tag("br");
  const TagKind kind = KindOf(tag.tag);
  if (tag.tag == noscript && in_noscript_) {
    in_noscript_ = false;
  } else if (tag.tag == br || (tag.tag != head && tag.tag != title && kind != TagKind::kRawText && kind != TagKind::kVoid && kind != TagKind::kSilentVoid)) {
    Stop();
  }
}

void TreeAhead::StartTag(const SeenTag& tag, const Place& place) {
  if (state_ == State::kStopped) return;
  BeginPiece();
  if (state_ == State::kHead) return HeadStartTag(tag);
  if (tag.tag >= kTags && !IsPlainName(tag.name)) return Stop();
  if (open_count_[table_.select] != 0) return StartInSelect(tag, place);
  if (IsPartOfTable(KindOf(tag.tag))) return StartInTable(tag, place);
  StartInBody(tag, place);
}

void TreeAhead::StartInSelect(const SeenTag& tag, const Place& place) {
  const TagKind kind = KindOf(tag.tag);
  if (kind != TagKind::kOption && kind != TagKind::kOptionGroup) return Stop();
  if (KindOf(stack_.back().tag) == TagKind::kOption) CloseTo(stack_.size() - 1);
  if (kind == TagKind::kOptionGroup && KindOf(stack_.back().tag) == TagKind::kOptionGroup) CloseTo(stack_.size() - 1);
  Insert(tag, place);
}

// A part of a table: closes what it cannot stand in, and opens what it must stand in.
void TreeAhead::StartInTable(const SeenTag& tag, const Place& place) {
  size_t part = InnermostTablePart();
  if (part == kNowhere) return LeaveOpen();  // there is no table: ignored
  const TagKind kind = KindOf(tag.tag);
  if ((stack_[part].flags & kCell) != 0 || stack_[part].tag == table_.caption) {
    CloseCell(part);
    if (state_ == State::kStopped) return;
    PopTop();
  } else if (part + 1 != stack_.size()) {
    return Stop();
  }
  if (stack_.back().tag == table_.colgroup) {
    if (kind == TagKind::kColumn) return InsertVoid(tag);
    PopTop();
  }
  if (kind == TagKind::kColumn) return Stop();
  if (kind != TagKind::kCell && stack_.back().tag == table_.tr) PopTop();
  if (kind != TagKind::kCell && kind != TagKind::kRow && KindOf(stack_.back().tag) == TagKind::kRowGroup) PopTop();
  if (kind == TagKind::kCell || kind == TagKind::kRow) {
    if (stack_.back().tag == table_.table) InsertImplied(table_.tbody);
    if (kind == TagKind::kCell && stack_.back().tag != table_.tr) InsertImplied(table_.tr);
  }
  Insert(tag, place);
  if (kind == TagKind::kCell || kind == TagKind::kCaption) formats_.push_back({kMarkerTag, kNotOpen});
}

void TreeAhead::StartInBody(const SeenTag& tag, const Place& place) {
  const TagKind kind = KindOf(tag.tag);
  if (InTableStructure()) {
    static const uint16_t script = Tag("script"), style = Tag("style");
    if (kind == TagKind::kIgnored) return stack_.back().tag == table_.colgroup ? Stop() : LeaveOpen();
    if (stack_.back().tag == table_.colgroup || (tag.tag != script && tag.tag != style)) return Stop();
    return Insert(tag, place);
  }
  switch (kind) {
    case TagKind::kIgnored:
      return LeaveOpen();
    case TagKind::kBlock:
    case TagKind::kParagraph:
      CloseParagraph();
      break;
    case TagKind::kHeading:
      CloseParagraph();
      if (!stack_.empty() && KindOf(stack_.back().tag) == TagKind::kHeading) CloseTo(stack_.size() - 1);
      break;
    case TagKind::kPreformatted:
      CloseParagraph();
      after_pre_ = true;
      break;
    case TagKind::kListItem:
    case TagKind::kDefinition:
      CloseListItem(kind == TagKind::kListItem);
      break;
    case TagKind::kForm:
      if (form_is_open_) return LeaveOpen();
      CloseParagraph();
      form_is_open_ = true;
      break;
    case TagKind::kButton:
      if (Find(table_.button, kScope) != kNowhere) return Stop();
      Reopen();
      break;
    case TagKind::kAnchor:
    case TagKind::kFormatting: {
      size_t same = 0;
      for (size_t i = formats_.size(); i-- > 0 && formats_[i].tag != kMarkerTag;) same += formats_[i].tag == tag.tag ? 1 : 0;
      if (kind == TagKind::kAnchor && same != 0) {
        EndOfFormat(tag.tag);
        // One that is out of reach is taken from the list and from the stack.
        for (size_t i = formats_.size(); i-- > 0 && formats_[i].tag != kMarkerTag;) {
          if (formats_[i].tag == tag.tag) return Stop();
        }
        LeaveOpen();
      } else if (same >= 3) {
        return Stop();
      }
      if (state_ == State::kStopped) return;
      Reopen();
      formats_.push_back({tag.tag, static_cast<uint32_t>(stack_.size())});
      break;
    }
    case TagKind::kFrameOfFormats:
      Reopen();
      formats_.push_back({kMarkerTag, kNotOpen});
      break;
    case TagKind::kTable:
      if (Find(table_.p, kScope, table_.button) != kNowhere) return Stop();  // closed or not, as the document's type has it
      break;
    case TagKind::kVoid:
      Reopen();
      return InsertVoid(tag);
    case TagKind::kSilentVoid:
      return InsertVoid(tag);
    case TagKind::kRule:
      CloseParagraph();
      return InsertVoid(tag);
    case TagKind::kRawText:
      break;
    case TagKind::kEscapedText:
      Insert(tag, place);
      return LeaveOpen();
    case TagKind::kSelect:
    case TagKind::kOrdinary:
      Reopen();
      break;
    default:
      return Stop();
  }
  if (state_ == State::kStopped) return;
  Insert(tag, place);
}

std::optional<TreeAhead::Whole> TreeAhead::EndTag(const SeenTag& tag) {
  if (state_ == State::kStopped) return std::nullopt;
  BeginPiece();
  if (state_ == State::kHead) {
    HeadEndTag(tag);
    return std::nullopt;
  }
  if (open_count_[table_.select] != 0) return EndInSelect(tag);
  const TagKind kind = KindOf(tag.tag);
  return kind == TagKind::kTable || IsPartOfTable(kind) ? EndOfTablePart(tag) : EndInBody(tag);
}

std::optional<TreeAhead::Whole> TreeAhead::EndInSelect(const SeenTag& tag) {
  const TagKind kind = KindOf(tag.tag), top = KindOf(stack_.back().tag);
  if (kind == TagKind::kSelect) return CloseAt(Find(tag.tag, 0));
  if (kind == TagKind::kOption && top == TagKind::kOption) return CloseAt(stack_.size() - 1);
  if (kind == TagKind::kOptionGroup) {
    if (top == TagKind::kOptionGroup) return CloseAt(stack_.size() - 1);
    if (top == TagKind::kOption && KindOf(stack_[stack_.size() - 2].tag) == TagKind::kOptionGroup) return CloseAt(stack_.size() - 2);
  }
  if (tag.tag >= kTags || ((table_.flags[tag.tag] & kTablePart) == 0 && kind != TagKind::kTable && kind != TagKind::kUnknown)) {
    LeaveOpen();  // ignored
  } else {
    Stop();
  }
  return std::nullopt;
}

std::optional<TreeAhead::Whole> TreeAhead::EndOfTablePart(const SeenTag& tag) {
  const size_t part = InnermostTablePart();
  const TagKind kind = KindOf(tag.tag);
  if (part == kNowhere || kind == TagKind::kColumn) {
    LeaveOpen();
    return std::nullopt;
  }
  const bool in_cell = (stack_[part].flags & kCell) != 0, in_caption = stack_[part].tag == table_.caption;
  if (!in_cell && !in_caption && part + 1 != stack_.size()) {
    Stop();
    return std::nullopt;
  }
  if (stack_[part].tag == table_.colgroup) {
    if (kind == TagKind::kColumnGroup) return CloseAt(part);
    if (kind == TagKind::kTable) {
      CloseTo(part);
      return CloseAt(stack_.size() - 1);
    }
    Stop();
    return std::nullopt;
  }
  const size_t found = Find(tag.tag, kTableScope);
  const bool of_caption = in_caption && (found == part || kind == TagKind::kTable);
  if (found == kNowhere || kind == TagKind::kColumnGroup || (in_caption && !of_caption)) {
    LeaveOpen();  // ignored
    return std::nullopt;
  }
  if (in_cell || in_caption) {
    CloseCell(part);
    if (state_ == State::kStopped) return std::nullopt;
  }
  return CloseAt(found);
}

// The adoption agency, where it has nothing to give up for adoption.
std::optional<TreeAhead::Whole> TreeAhead::EndOfFormat(uint32_t tag) {
  size_t entry = formats_.size();
  while (entry-- > 0 && formats_[entry].tag != kMarkerTag) {
    if (formats_[entry].tag != tag) continue;
    const uint32_t position = formats_[entry].stack;
    if (position == kNotOpen) {
      formats_.erase(formats_.begin() + static_cast<ptrdiff_t>(entry));
      LeaveOpen();
      return std::nullopt;
    }
    bool block = false;
    for (size_t i = position + 1; i < stack_.size(); ++i) {
      if ((stack_[i].flags & kScope) != 0) {
        LeaveOpen();  // ignored
        return std::nullopt;
      }
      block = block || IsSpecial(stack_[i].tag);
    }
    if (block) {
      Stop();
      return std::nullopt;
    }
    CloseTo(position + 1);
    formats_.erase(formats_.begin() + static_cast<ptrdiff_t>(entry));
    return CloseAt(position);
  }
  if (CountOf(tag) != 0 && stack_.back().tag == tag) {
    Stop();
  } else {
    LeaveOpen();  // ignored
  }
  return std::nullopt;
}

std::optional<TreeAhead::Whole> TreeAhead::EndOfForm() {
  const bool was_open = form_is_open_;
  form_is_open_ = false;
  if (!was_open || open_count_[table_.form] == 0) {
    LeaveOpen();  // ignored
    return std::nullopt;
  }
  const size_t found = Find(table_.form, kScope);
  for (size_t i = found; i != kNowhere && ++i < stack_.size();) {
    if (!HasImpliedEnd(stack_[i].tag)) {
      Stop();
      return std::nullopt;
    }
  }
  if (found == kNowhere || open_count_[table_.form] != 1) {
    Stop();
    return std::nullopt;
  }
  const bool ends_in_text = found + 1 == stack_.size() && TopIsKnown() && stack_.back().last_child != kNone && nodes_[stack_.back().last_child].type == NodeType::kText;
  if (!ends_in_text) return CloseAt(found);
  // Gumbo takes the form from its stack without putting away the text that it has read: it goes to the parent, together with what follows.
  const Open form = stack_.back();
  const Node text = nodes_.back();
  nodes_.pop_back();
  for (NodeIndex child = form.node + 1; child < nodes_.size(); child = nodes_[child].end) {
    if (nodes_[child].next_sibling == form.last_child) nodes_[child].next_sibling = kNone;
  }
  if (found == known_from_) LeaveOpen();
  PopTop();
  if (TopIsKnown()) {
    form_tail_ = InsertText(NodeType::kText, text.text);
  }
  return std::nullopt;
}

std::optional<TreeAhead::Whole> TreeAhead::EndInBody(const SeenTag& tag) {
  const TagKind kind = KindOf(tag.tag);
  size_t found = kNowhere;
  static const uint16_t br = Tag("br"), ul = Tag("ul"), ol = Tag("ol");
  if (InTableStructure()) {
    // Ignored, but for <p> and <br>, which an end tag makes where there is none.
    if (kind == TagKind::kParagraph || tag.tag == br || stack_.back().tag == table_.colgroup) {
      Stop();
      return std::nullopt;
    }
  }
  switch (kind) {
    case TagKind::kBlock:
    case TagKind::kPreformatted:
    case TagKind::kButton:
    case TagKind::kDefinition:
      found = Find(tag.tag, kScope);
      break;
    case TagKind::kParagraph:
      found = Find(tag.tag, kScope, table_.button);
      break;
    case TagKind::kListItem:
      found = Find(tag.tag, kScope, ul, ol);
      break;
    case TagKind::kHeading:
      for (size_t i = stack_.size(); i-- > 0 && (stack_[i].flags & kScope) == 0;) {
        if (KindOf(stack_[i].tag) != TagKind::kHeading) continue;
        found = i;
        break;
      }
      break;
    case TagKind::kForm:
      return EndOfForm();
    case TagKind::kAnchor:
    case TagKind::kFormatting:
      return EndOfFormat(tag.tag);
    case TagKind::kFrameOfFormats:
      if (CountOf(tag.tag) == 0) break;
      if (stack_.back().tag != tag.tag) {
        Stop();
        return std::nullopt;
      }
      ForgetFormatsToMarker();
      {
        const bool known = TopIsKnown();
        const Open open = stack_.back();
        PopTop();
        if (known && nodes_.size() != open.node + size_t{1}) return Whole{open.place, open.name, open.node};
      }
      return std::nullopt;
    case TagKind::kOrdinary:
      if (tag.tag >= kTags) {
        // All unknown elements are one to Gumbo.
        const bool own = !stack_.empty() && stack_.back().tag >= kTags && EqualsIgnoreAsciiCase(stack_.back().name, tag.name);
        if (own) {
          found = stack_.size() - 1;
        } else if (unknown_open_ != 0) {
          Stop();
          return std::nullopt;
        }
        break;
      }
      for (size_t i = CountOf(tag.tag) == 0 ? 0 : stack_.size(); i-- > 0;) {
        if (stack_[i].tag == tag.tag) {
          found = i;
          break;
        }
        if (IsSpecial(stack_[i].tag)) break;
      }
      break;
    case TagKind::kRawText:
    case TagKind::kEscapedText:
      if (CountOf(tag.tag) == 0) break;
      if (stack_.back().tag != tag.tag) {
        Stop();
        return std::nullopt;
      }
      found = stack_.size() - 1;
      break;
    default:
      if (tag.tag == br && WaitToReopen()) Stop();
      break;  // of those that are never open: ignored, but for </br>
  }
  if (found != kNowhere) return CloseAt(found);
  LeaveOpen();
  return std::nullopt;
}

void TreeAhead::Text(size_t begin, size_t end) {
  if (state_ != State::kBody) return;
  const std::string_view text = source_.substr(begin, end - begin);
  const std::string_view run = WithoutLeadingSpace(text);
  const bool after_pre = after_pre_;
  const NodeIndex form_tail = form_tail_;
  BeginPiece();
  if (open_count_[table_.select] != 0) {
    // Nothing is reopened in a list to choose from.
  } else if (InTableStructure()) {
    if (!run.empty()) return WaitToReopen() || stack_.back().tag == table_.colgroup ? Stop() : LeaveOpen();
  } else {
    Reopen();
  }
  if (!TopIsKnown()) return;
  if (after_pre && (text.front() == '\n' || text.front() == '\r' || text.front() == '&')) return LeaveOpen();
  if (StandIns::IsShort(run) && HasForbidden(run)) return LeaveOpen();
  const std::optional<std::string_view> resolved = Resolve(text, false);
  if (!resolved) return LeaveOpen();
  if (form_tail != kNone) {
    nodes_[form_tail].text = arena_.Copy(std::string(nodes_[form_tail].text).append(*resolved));
    return;
  }
  InsertText(NodeType::kText, *resolved);
}

void TreeAhead::RawText(size_t begin, size_t end) {
  if (state_ != State::kBody || !TopIsKnown()) return;
  const std::string_view text = source_.substr(begin, end - begin);
  const std::string_view run = WithoutLeadingSpace(text);
  if ((stack_.back().tag == table_.script && text.find("<!--") != std::string_view::npos) || (StandIns::IsShort(run) && HasForbidden(run))) return LeaveOpen();
  InsertText(NodeType::kText, *Normalised(text));
}

void TreeAhead::Comment(size_t begin, size_t end) {
  if (state_ != State::kBody) return;
  BeginPiece();
  if (!TopIsKnown()) return;
  const std::string_view comment = source_.substr(begin, end - begin);
  if (!IsOrderlyComment(comment)) return LeaveOpen();
  const std::string_view content = comment.substr(4, comment.size() - 7);
  if (StandIns::IsShort(content) && HasForbidden(content)) return LeaveOpen();
  InsertText(NodeType::kComment, *Normalised(content));
}

void TreeAhead::OddMarkup() {
  if (state_ != State::kBody) return;
  BeginPiece();
  if (WaitToReopen() || InTableStructure()) return Stop();
  LeaveOpen();
}

}  // namespace fangzhi::html
