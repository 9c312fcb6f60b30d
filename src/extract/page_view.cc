#include "extract/page_view.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "extract/characters.h"
#include "extract/line_words.h"
#include "extract/markup_hints.h"
#include "extract/printed.h"
#include "extract/tag_roles.h"
#include "extract/zones.h"
#include "model/documents.h"
#include "text/text.h"
#include "url/url.h"

namespace fangzhi::extract {
namespace {

using html::kNone;
using html::Node;
using html::NodeIndex;
using html::NodeType;

// Endings of pages, and of hosts.
bool IsPageEnding(std::string_view ending) {
  switch (ending.size()) {
    case 2:
      return ending == "do" || ending == "cn";
    case 3:
      return ending == "htm" || ending == "asp" || ending == "jsp" || ending == "php" || ending == "com";
    case 4:
      return ending == "html" || ending == "shtm" || ending == "aspx";
    default:
      return true;  // longer than those of documents
  }
}

// Whether an address leads to a document, as model::IsDocumentAddress tells. Most have nothing of one, which is seen without taking them apart.
bool LeadsToDocument(std::string_view href) {
  if (href.size() < 5 || href.size() > 2000) return false;
  const std::string_view path = href.substr(0, std::min(href.find('?'), href.find('#'))), query = href.substr(path.size());
  bool may = !IsPageEnding(path.substr(path.rfind('.') + 1));  // all of it where there is no dot
  // down: of its letters w is the rarest; attachment
  for (const char w : {'w', 'W'}) {
    for (size_t at = path.find(w); at != std::string_view::npos && at + 1 < path.size() && !may; at = path.find(w, at + 1)) may = at > 0 && (path[at - 1] | 0x20) == 'o' && (path[at + 1] | 0x20) == 'n';
  }
  may = may || path.find("hment") != std::string_view::npos || path.find("HMENT") != std::string_view::npos;
  may = may || (query.starts_with('?') && (query.find('.') != std::string_view::npos || FindIgnoreAsciiCase(query, "fileid") != std::string_view::npos));
  if (!may) return false;
  static const auto base = url::Parse("http://localhost/");
  const auto address = url::Parse(href, &*base);
  return address && model::IsDocumentAddress(*address);
}

// Whether a letter, an ideograph or a digit stands in the element: <s> and <ins> without are icons and places of advertisements.
bool HoldsWords(const html::Document& document, NodeIndex element) {
  constexpr NodeIndex kLooked = 32;
  const NodeIndex end = std::min(document.node(element).end, element + kLooked);
  for (NodeIndex i = element + 1; i < end; ++i) {
    const Node& node = document.node(i);
    if (node.type != NodeType::kText) continue;
    for (size_t at = 0; at < node.text.size();) {
      const char32_t c = text::DecodeUtf8(node.text, at);
      if (text::IsHan(c) || IsLetter(c) || IsDigit(c)) return true;
    }
  }
  return false;
}

// 10<sup>2</sup> as 10², where all of it has such a form; x<sup>ab</sup>, `behind` a letter or a digit, as x^ab. Notes and ordinals (注, [1], 5th) as they are.
std::string Raised(std::string_view source, bool behind) {
  static constexpr std::pair<char32_t, char32_t> kForms[] = {{U'0', U'⁰'}, {U'1', U'¹'}, {U'2', U'²'}, {U'3', U'³'}, {U'4', U'⁴'}, {U'5', U'⁵'}, {U'6', U'⁶'}, {U'7', U'⁷'}, {U'8', U'⁸'},
                                                             {U'9', U'⁹'}, {U'+', U'⁺'}, {U'-', U'⁻'}, {U'−', U'⁻'}, {U'－', U'⁻'}, {U'=', U'⁼'}, {U'(', U'⁽'}, {U')', U'⁾'}, {U'n', U'ⁿ'}, {U'i', U'ⁱ'}};
  if (source.size() > 200) return std::string(source);
  std::string raised;
  bool whole = true, plain = true;
  for (size_t at = 0; at < source.size();) {
    const char32_t c = text::DecodeUtf8(source, at);
    const auto form = std::find_if(std::begin(kForms), std::end(kForms), [c](const auto& each) { return each.first == c; });
    const bool formed = form != std::end(kForms), blank = text::IsSpace(c);
    whole = whole && (formed || blank);
    plain = plain && (formed || blank || IsLetter(c) || c == U'.' || c == U'/');
    text::AppendUtf8(raised, formed ? form->second : c);
  }
  if (whole) return raised;
  const std::string_view bare = TrimAscii(source);
  for (const std::string_view word : {"st", "nd", "rd", "th", "TM", "tm", "R", "SM"}) {
    if (bare == word) return std::string(source);
  }
  return behind && plain && !bare.empty() && bare.size() <= 12 ? "^" + std::string(source) : std::string(source);
}

// Collects lines; one object for one pass.
class Collector {
 public:
  explicit Collector(PageView& view) : view_(view), document_(view.document) {}

  void Run();

 private:
  struct Open {
    NodeIndex end;
    Role role;
    uint8_t heading_before, emphasis_before;
  };

  void Element(NodeIndex index, const Node& node);
  void Text(NodeIndex index, std::string_view source);
  void Script(NodeIndex index, const Node& node);
  void ReadFillings();
  const std::string* FillingOf(NodeIndex index, const Node& node, std::string_view id) const;
  void EndLine();
  void Divide(bool gap);
  void Close(NodeIndex index);
  void CloseMark();
  void NumberLines();
  void DropEndlessLinks();
  bool IsCellsOnlyBlock(NodeIndex index, const Node& node) const;

  PageView& view_;
  const html::Document& document_;
  std::vector<Open> open_;
  std::vector<Zone> zones_;
  std::vector<NodeIndex> blocks_;
  Line line_;
  bool in_line_ = false;
  size_t cell_line_ = 0;  // the lines that were ended when the last cell began
  bool pending_space_ = false, pending_gap_ = false, pending_tab_ = false, pending_element_ = false;
  uint8_t heading_ = 0;
  uint8_t emphasis_ = 0;
  int items_ = 0;
  int pre_ = 0;  // inside elements whose line ends count
  int anchors_ = 0;
  bool anchor_file_ = false;
  // The outermost element that is raised, struck out or inserted, and whether its sign stands in the line.
  Role mark_ = Role::kInline;
  NodeIndex mark_end_ = 0;
  bool mark_open_ = false;
  NodeIndex skip_to_ = 0;
  Literals literals_;
  Literals fillings_;  // of elements, wherever the script stands
  size_t printing_ = 0;  // scripts among the text that print
  size_t fields_asked_ = 0;  // of them all
  std::vector<std::pair<std::string, size_t>> searched_;  // for a name, how many of the page's scripts
};

void Collector::EndLine() {
  pending_space_ = pending_gap_ = pending_tab_ = pending_element_ = false;
  if (!in_line_) return;
  CloseMark();
  in_line_ = false;
  line_.end = static_cast<uint32_t>(view_.text.size());
  view_.text.push_back('\n');
  view_.characters += line_.characters;
  view_.link_characters += line_.link_characters;
  view_.lines.push_back(line_);
}

void Collector::CloseMark() {
  if (!mark_open_) return;
  mark_open_ = false;
  view_.text.append(mark_ == Role::kStruck ? "-]" : "+}");
  line_.characters += 2;
}

void Collector::Divide(bool gap) {
  if (!in_line_) return;
  if (gap) {
    pending_gap_ = true;
  } else {
    pending_element_ = true;
  }
}

void Collector::Close(NodeIndex index) {
  while (!open_.empty() && open_.back().end <= index) {
    const Open& open = open_.back();
    emphasis_ = open.emphasis_before;
    switch (open.role) {
      case Role::kBlock:
        blocks_.pop_back();
        EndLine();
        break;
      case Role::kItem:
        blocks_.pop_back();
        --items_;
        EndLine();
        break;
      case Role::kCell:
        blocks_.pop_back();
        pending_tab_ = true;
        break;
      case Role::kPre:
        blocks_.pop_back();
        --pre_;
        EndLine();
        break;
      case Role::kHeading:
        blocks_.pop_back();
        heading_ = open.heading_before;
        EndLine();
        break;
      case Role::kAnchor:
        --anchors_;
        Divide(false);
        break;
      case Role::kRaised:
      case Role::kStruck:
      case Role::kInserted:
        if (open.end == mark_end_) {
          CloseMark();
          mark_ = Role::kInline;
          mark_end_ = 0;
        }
        Divide(false);
        break;
      default:
        Divide(false);
        break;
    }
    open_.pop_back();
  }
}

// <td><p>268.33</p></td>: the paragraph of a short cell, as word processors write tables; the row stays one line.
bool Collector::IsCellsOnlyBlock(NodeIndex index, const Node& node) const {
  constexpr NodeIndex kShortCell = 9;
  if (node.parent == kNone || open_.empty() || open_.back().role != Role::kCell) return false;
  const Node& cell = document_.node(node.parent);
  if (cell.end > node.parent + kShortCell || TagRoles().Of(cell) != Role::kCell) return false;
  // Blank text apart nothing stands beside it.
  for (NodeIndex i = node.parent + 1; i < cell.end;) {
    const Node& other = document_.node(i);
    if (i != index && (other.type == NodeType::kElement || (other.type == NodeType::kText && !TrimAscii(other.text).empty()))) return false;
    i = i == index ? node.end : i + 1;
  }
  return true;
}

void Collector::Element(NodeIndex index, const Node& node) {
  static const Roles& roles = TagRoles();
  Role role = roles.Of(node);
  uint16_t zones = roles.ZonesOf(node.tag);
  bool hidden = false;
  static const uint16_t font_tag = html::Tag("font"), time_tag = html::Tag("time"), textarea_tag = html::Tag("textarea");
  uint8_t emphasis = roles.EmphasisOf(node.tag);
  switch (role) {
    case Role::kMeta: {
      std::string_view name, content;
      for (const html::Attribute& attribute : document_.attributes(node)) {
        if (attribute.name == "content") content = attribute.value;
        if (name.empty() &&
            (attribute.name == "name" || attribute.name == "property" || attribute.name == "itemprop"))
          name = attribute.value;
      }
      if (!name.empty()) view_.metas.push_back({ToAsciiLower(TrimAscii(name)), content});
      return;
    }
    case Role::kTitle:
      if (view_.title.empty()) {
        // No honest title is longer; what looks at it may then look twice.
        view_.title = text::CollapseSpace(text::PrefixCodePoints(RawText(document_, index), 400));
      }
      skip_to_ = node.end;
      return;
    case Role::kScript:
      skip_to_ = node.end;
      Divide(false);
      Script(index, node);
      view_.scripts.push_back(index);
      return;
    case Role::kSkip:
      view_.text_fields += node.tag == textarea_tag ? 3 : 0;
      skip_to_ = node.end;
      if (node.end > index + 1) view_.unseen.emplace_back(index, node.end);
      Divide(false);
      return;
    case Role::kFrame:
      view_.frames = true;
      view_.frame_elements.push_back(index);
      skip_to_ = node.tag == html::Tag("frameset") ? skip_to_ : node.end;
      return;
    case Role::kBreak:
      EndLine();
      return;
    case Role::kInput: {
      const auto type = document_.attribute(index, "type");
      if (type && EqualsIgnoreAsciiCase(*type, "password")) view_.password_field = true;
      view_.text_fields += !type || EqualsIgnoreAsciiCase(*type, "text") || EqualsIgnoreAsciiCase(*type, "tel") || EqualsIgnoreAsciiCase(*type, "email");
      return;
    }
    default:
      break;
  }
  const std::string* filling = nullptr;
  for (const html::Attribute& attribute : document_.attributes(node)) {
    if (attribute.name == "class" || attribute.name == "id") {
      if (fillings_.fills_any() && attribute.name == "id") filling = FillingOf(index, node, attribute.value);
      thread_local RecentAnswers<uint16_t> known;
      zones |= known.Get(attribute.value, ZonesOfName);
    } else if (attribute.name == "style") {
      constexpr NodeIndex kShort = 12;
      const StyleFacts style = ReadStyle(attribute.value);
      hidden = hidden || style.undisplayed || (style.invisible && node.end < index + kShort);
      emphasis |= style.emphasis;
    } else if (attribute.name == "align") {
      if (EqualsIgnoreAsciiCase(TrimAscii(attribute.value), "center")) emphasis |= kCentered;
    } else if (attribute.name == "size") {
      const std::string_view size = TrimAscii(attribute.value);
      // +1 is one more than 3.
      const char least = size.starts_with('+') ? '1' : '4';
      if (node.tag == font_tag && !size.empty() && size.size() <= 2 && !size.starts_with('-') && size.back() >= least && size.back() <= '7') emphasis |= kLarge;
    } else if (attribute.name == "itemprop") {
      view_.properties.push_back(index);
    } else if (attribute.name == "hidden") {
      hidden = true;
    }
  }
  if (node.tag == time_tag) view_.times.push_back(index);
  // One of its names says text: what another says of advertisements does not count.
  if ((zones & kZoneText) != 0) zones &= static_cast<uint16_t>(~(kZoneAside | kZoneControls | kZoneHeader | kZoneNavigation));
  constexpr uint16_t kOwn = kZoneCounter | kZoneSourceName | kZoneAuthorName | kZoneTimeName | kZoneText;
  if ((zones & kOwn) != 0) {
    if ((zones & kZoneCounter) != 0) view_.counters.push_back(index);
    if ((zones & kZoneSourceName) != 0) view_.source_elements.push_back(index);
    if ((zones & kZoneAuthorName) != 0) view_.author_elements.push_back(index);
    if ((zones & kZoneTimeName) != 0) view_.time_elements.push_back(index);
    zones &= static_cast<uint16_t>(~kOwn);
  }
  if (hidden) {
    if (role == Role::kImage) view_.beacons.push_back(index);
    skip_to_ = node.end;
    if (node.end > index + 1) view_.unseen.emplace_back(index, node.end);
    return;
  }
  if (role == Role::kImage) {
    view_.images.push_back(index);
    return;
  }
  if (zones != 0 && node.end > index + 1) zones_.push_back({index, node.end, zones});
  if (role == Role::kBlock && IsCellsOnlyBlock(index, node)) role = Role::kInline;
  const Open open{node.end, role, heading_, emphasis_};
  emphasis_ |= emphasis;
  switch (role) {
    case Role::kBlock:
      EndLine();
      blocks_.push_back(index);
      break;
    case Role::kItem:
      EndLine();
      blocks_.push_back(index);
      ++items_;
      break;
    case Role::kPre:
      EndLine();
      blocks_.push_back(index);
      ++pre_;
      break;
    case Role::kCell:
      // A cell goes on with its row's line as long as no block inside a cell ended it.
      // A column of links, each on a line of its own, stands beside the text and is no row of values.
      if (in_line_ && view_.lines.size() > cell_line_ && line_.links > 0 && line_.link_characters == line_.characters && !line_.file) EndLine();
      cell_line_ = view_.lines.size();
      blocks_.push_back(index);
      pending_tab_ = in_line_;
      break;
    case Role::kHeading:
      EndLine();
      blocks_.push_back(index);
      heading_ = roles.LevelOf(node.tag);
      break;
    case Role::kAnchor: {
      Divide(false);
      const auto place = static_cast<uint32_t>(view_.text.size());
      view_.anchors.push_back({index, static_cast<uint32_t>(view_.lines.size()), place, place});
      ++anchors_;
      const auto href = document_.attribute(index, "href");
      // A site's menus have the same addresses on every page.
      thread_local RecentAnswers<bool, 1024> leads;
      anchor_file_ = href && leads.Get(*href, LeadsToDocument);
      break;
    }
    case Role::kRaised:
    case Role::kStruck:
    case Role::kInserted:
      Divide(false);
      if (mark_ == Role::kInline && HoldsWords(document_, index)) {
        mark_ = role;
        mark_end_ = node.end;
      }
      break;
    default:
      Divide(false);
      break;
  }
  open_.push_back(open);
  if (filling != nullptr) {
    Text(index, *filling);
    skip_to_ = node.end;
  }
}

// The scripts that put literals into elements: most stand below the elements, so that they are read first.
void Collector::ReadFillings() {
  constexpr size_t kMostFilling = 40;
  static const uint16_t script_tag = html::Tag("script");
  size_t filling = 0;
  const auto nodes = document_.nodes();
  for (NodeIndex i = 1; i + 1 < nodes.size() && filling < kMostFilling; ++i) {
    if (nodes[i].type != NodeType::kElement || nodes[i].tag != script_tag || nodes[i].end <= i + 1 || nodes[i + 1].type != NodeType::kText) continue;
    const std::string_view script = nodes[i + 1].text;
    if (script.size() > Literals::kLongestScript || !Literals::Fills(script)) continue;
    fillings_.Read(script);
    ++filling;
  }
}

// What a script puts into an element that waits for it: one that is empty, or holds a nought or 加载中 until then.
const std::string* Collector::FillingOf(NodeIndex index, const Node& node, std::string_view id) const {
  constexpr size_t kPlaceholder = 20;  // bytes
  const bool empty = node.end == index + 1;
  const bool placeholder = node.end == index + 2 && document_.node(index + 1).type == NodeType::kText && TrimAscii(document_.node(index + 1).text).size() <= kPlaceholder;
  return empty || placeholder ? fillings_.FilledInto(id) : nullptr;
}

// What a script among the page's text prints of literals is text as well: 来源 and date on pages of older systems.
void Collector::Script(NodeIndex index, const Node& node) {
  constexpr size_t kMostScripts = 40;  // before it, whose variables it may print
  constexpr size_t kMostPrinting = 40, kMostNames = 12;
  if (node.end <= index + 1 || document_.node(index + 1).type != NodeType::kText) return;
  const std::string_view script = document_.node(index + 1).text;
  const NodeIndex head = document_.head();
  if (script.size() > Literals::kLongestScript || script.find("document.write") == std::string_view::npos || (head != kNone && index < document_.node(head).end)) return;
  if (++printing_ > kMostPrinting) return;
  const std::string printed = literals_.Read(script, [&](std::string_view name) {
    // Each script is searched for a name once.
    auto known = std::find_if(searched_.begin(), searched_.end(), [&](const auto& each) { return each.first == name; });
    if (known == searched_.end()) {
      if (searched_.size() >= kMostNames) return;
      known = searched_.insert(known, {std::string(name), 0});
    }
    const size_t from = known->second, to = std::min(view_.scripts.size(), kMostScripts);
    known->second = to;
    for (size_t k = from; k < to; ++k) {
      const NodeIndex earlier = view_.scripts[k];
      if (document_.node(earlier).end <= earlier + 1) continue;
      const std::string_view other = document_.node(earlier + 1).text;
      // One that assigns the name.
      for (size_t at = other.size() <= Literals::kLongestScript ? other.find(name) : std::string_view::npos; at != std::string_view::npos; at = other.find(name, at + 1)) {
        size_t end = at + name.size();
        while (end < other.size() && other[end] == ' ') ++end;
        if (end >= other.size() || other[end] != '=' || (at > 0 && (IsAsciiAlpha(other[at - 1]) || other[at - 1] == '_'))) continue;
        literals_.Read(other);
        break;
      }
    }
  }, [&](std::string_view id) -> std::optional<std::string> {
    // A hidden field above the script, which holds what the page's system knows: <input type=hidden id=date value="2020-04-23">.
    static const uint16_t input = html::Tag("input");
    if (++fields_asked_ > kMostNames) return std::nullopt;
    for (NodeIndex i = 0; i < index; ++i) {
      if (document_.node(i).tag != input || document_.attribute(i, "id") != id) continue;
      return text::Trim(document_.attribute(i, "value").value_or(""));
    }
    return std::nullopt;
  });
  // Its markup ends lines or divides them.
  std::string_view rest = printed;
  while (!rest.empty()) {
    const size_t tag = rest.find('<');
    std::string text(rest.substr(0, tag));
    for (const auto& [name, character] : {std::pair{"&nbsp;", "\u00A0"}, {"&ensp;", "\u2002"}, {"&emsp;", "\u3000"}, {"&#160;", "\u00A0"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}}) {
      for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) text.replace(at, std::string_view(name).size(), character);
    }
    Text(index, text);
    if (tag == std::string_view::npos) break;
    rest.remove_prefix(tag + 1);
    const bool closes = rest.starts_with('/');
    if (closes) rest.remove_prefix(1);
    size_t end = 0;
    while (end < rest.size() && IsAsciiAlpha(rest[end])) ++end;
    Node element{};
    element.type = NodeType::kElement;
    element.tag = html::Tag(ToAsciiLower(rest.substr(0, end)));
    rest.remove_prefix(std::min(rest.find('>'), rest.size()));
    if (!rest.empty()) rest.remove_prefix(1);
    switch (TagRoles().Of(element)) {
      case Role::kScript:
      case Role::kSkip:
        if (!closes) rest.remove_prefix(std::min(rest.find('<'), rest.size()));
        break;
      case Role::kBlock:
      case Role::kBreak:
      case Role::kItem:
      case Role::kHeading:
        EndLine();
        break;
      default:
        Divide(false);
        break;
    }
  }
  Divide(false);
}

void Collector::Text(NodeIndex index, std::string_view source) {
  std::string raised;
  if (mark_ == Role::kRaised) {
    const bool behind = in_line_ && !pending_space_ && !pending_tab_ && !view_.text.empty() && (IsLetter(static_cast<unsigned char>(view_.text.back())) || IsDigit(static_cast<unsigned char>(view_.text.back())) || view_.text.back() == ')');
    raised = Raised(source, behind);
    source = raised;
  }
  const auto ends_run = [](char32_t c) { return c <= 0x20 || (c >= 0x80 && text::IsSpace(c)); };
  size_t spaces = 0;
  for (size_t offset = 0; offset < source.size();) {
    const auto byte = static_cast<unsigned char>(source[offset]);
    if (byte <= 0x20) {
      if (byte == '\n' && pre_ > 0) EndLine();
      pending_space_ = true;
      ++offset;
      continue;
    }
    const size_t begin = offset;
    char32_t c = text::DecodeUtf8(source, offset);
    if (c >= 0x80 && IsZeroWidth(c)) continue;  // a line of nothing else is none
    if (ends_run(c)) {
      // Spaces that do not collapse: two of them, or one as wide as a character, divide what stands in an
      // info line.
      pending_space_ = true;
      spaces += c == 0x3000 || c == 0x2003 ? 2 : 1;
      if (spaces >= 2) pending_gap_ = true;
      continue;
    }
    spaces = 0;
    // All up to the next white space.
    uint32_t characters = 1;
    uint32_t marks = IsSentenceMark(c);
    while (offset < source.size()) {
      size_t next = offset;
      c = text::DecodeUtf8(source, next);
      if (ends_run(c)) break;
      ++characters;
      marks += IsSentenceMark(c);
      offset = next;
    }
    if (!in_line_) {
      in_line_ = true;
      line_ = Line{};
      line_.begin = static_cast<uint32_t>(view_.text.size());
      line_.first = index;
      line_.block = blocks_.empty() ? 0 : blocks_.back();
      line_.heading = heading_;
      line_.emphasis = emphasis_;
      line_.item = items_ > 0;
    } else if (pending_tab_) {
      view_.text.push_back('\t');
    } else if (pending_space_) {
      view_.text.push_back(' ');
    }
    const auto place = static_cast<uint32_t>(view_.text.size());
    if (place > line_.begin && (pending_gap_ || pending_element_ || pending_tab_)) {
      view_.divisions.push_back({place, pending_gap_ || pending_tab_});
    }
    pending_space_ = pending_gap_ = pending_tab_ = pending_element_ = false;
    if (!mark_open_ && (mark_ == Role::kStruck || mark_ == Role::kInserted)) {
      mark_open_ = true;
      view_.text.append(mark_ == Role::kStruck ? "[-" : "{+");
      line_.characters += 2;
    }
    if (anchors_ > 0) {
      Anchor& anchor = view_.anchors.back();
      if (anchor.end == anchor.begin) {
        anchor.begin = place;
        anchor.line = static_cast<uint32_t>(view_.lines.size());
        ++line_.links;
        line_.file = line_.file || anchor_file_;
      }
      anchor.end = place + static_cast<uint32_t>(offset - begin);
      line_.link_characters += characters;
    }
    line_.characters += characters;
    line_.sentence_marks += marks;
    view_.text.append(source.substr(begin, offset - begin));
  }
}

void Collector::Run() {
  const auto nodes = document_.nodes();
  view_.text.reserve(document_.source().size() / 3);
  ReadFillings();
  for (NodeIndex i = 1; i < nodes.size();) {
    Close(i);
    const Node& node = nodes[i];
    skip_to_ = 0;
    switch (node.type) {
      case NodeType::kElement:
        Element(i, node);
        break;
      case NodeType::kText:
        Text(i, node.text);
        break;
      case NodeType::kComment:
        view_.comments.push_back(i);
        break;
      case NodeType::kDocument:
        break;
    }
    i = std::max(i + 1, skip_to_);
  }
  Close(UINT32_MAX);
  EndLine();
  NumberLines();
  DropEndlessLinks();
  PlaceZones(std::move(zones_), view_);
}

void Collector::NumberLines() {
  view_.first_line_from.assign(document_.nodes().size() + 1, static_cast<uint32_t>(view_.lines.size()));
  NodeIndex node = 0;
  for (uint32_t line = 0; line < view_.lines.size(); ++line) {
    while (node <= view_.lines[line].first) view_.first_line_from[node++] = line;
  }
}

// A link that was never closed takes in whatever follows, as one element or as one in each block: what it holds is no
// link's text.
void Collector::DropEndlessLinks() {
  constexpr uint32_t kLongLink = 120;  // bytes
  std::vector<Anchor>& anchors = view_.anchors;
  for (size_t i = 0; i < anchors.size(); ++i) {
    if (anchors[i].end - anchors[i].begin < kLongLink) continue;
    const auto href = [&](size_t k) { return document_.attribute(anchors[k].node, "href").value_or(""); };
    const std::string_view same = href(i);
    size_t first = i, last = i;
    while (first > 0 && href(first - 1) == same) --first;
    while (last + 1 < anchors.size() && href(last + 1) == same) ++last;
    i = last;
    size_t end = anchors[first].line;
    size_t paragraphs = 0;  // a card's link has one at most
    for (; end < view_.lines.size() && view_.lines[end].begin < anchors[last].end; ++end) paragraphs += view_.lines[end].characters >= 30 && view_.lines[end].sentence_marks >= 2;
    if (end - anchors[first].line < 4 || paragraphs < 2) continue;
    for (size_t k = anchors[first].line; k < end; ++k) {
      Line& line = view_.lines[k];
      view_.link_characters -= line.link_characters;
      line.link_characters = 0;
      line.links = 0;
    }
  }
}

}  // namespace

PageView::PageView(const html::Document& page) : document(page) {
  Collector(*this).Run();
}

std::string_view PageView::MetaContent(std::string_view name) const {
  for (const Meta& meta : metas) {
    if (meta.name == name && !TrimAscii(meta.content).empty()) return TrimAscii(meta.content);
  }
  return {};
}

std::string RawText(const html::Document& document, NodeIndex node) {
  std::string text;
  const auto nodes = document.nodes();
  for (NodeIndex i = node; i < nodes[node].end; ++i) {
    if (nodes[i].type == NodeType::kText) text.append(nodes[i].text);
  }
  return text;
}

}  // namespace fangzhi::extract
