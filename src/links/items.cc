#include "links/items.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "links/days.h"
#include "text/text.h"

namespace fangzhi::links {
namespace {

using html::kNone;
using html::Node;
using html::NodeIndex;
using html::NodeType;

// An item is small. What is larger is the list, or the page.
constexpr NodeIndex kMaxItemNodes = 160;
constexpr int kMaxItemLevels = 12;
constexpr int kMaxListLevels = 24;
// So many links make the element around them a list rather than an item with two or three links.
constexpr size_t kListLinks = 4;
// Nodes of an anchor that are read for its text: a block that was made a link is small, and nested ones stay linear.
constexpr NodeIndex kMaxAnchorNodes = 300;
constexpr size_t kMaxTextBytes = 1000;
constexpr NodeIndex kMaxGapNodes = 60;
constexpr uint64_t kMixer = 0x9E3779B97F4A7C15u;  // spreads a hash's bits
constexpr uint8_t kInNavigation = 1, kInFooter = 2, kZoneUnknown = 0xFF;

struct Tags {
  uint16_t a = html::Tag("a"), area = html::Tag("area"), li = html::Tag("li"), tr = html::Tag("tr"), dd = html::Tag("dd"),
           dt = html::Tag("dt"), dl = html::Tag("dl"), p = html::Tag("p"), ul = html::Tag("ul"), ol = html::Tag("ol"),
           table = html::Tag("table"), tbody = html::Tag("tbody"), body = html::Tag("body"), html_tag = html::Tag("html"),
           script = html::Tag("script"), style = html::Tag("style"), img = html::Tag("img"), nav = html::Tag("nav"),
           header = html::Tag("header"), footer = html::Tag("footer"), h1 = html::Tag("h1"), h2 = html::Tag("h2"),
           h3 = html::Tag("h3"), h4 = html::Tag("h4"), h5 = html::Tag("h5"), h6 = html::Tag("h6");
};

const Tags& T() {
  static const Tags tags;
  return tags;
}

bool IsHeading(uint16_t tag) {
  const Tags& t = T();
  return tag == t.h1 || tag == t.h2 || tag == t.h3 || tag == t.h4 || tag == t.h5 || tag == t.h6;
}

// An element that is an item of its own: with several links they are parts of one item.
bool IsRow(uint16_t tag) {
  const Tags& t = T();
  return tag == t.li || tag == t.tr || tag == t.dl || tag == t.p;
}

bool LeadsNowhere(std::string_view href) {
  href = TrimAscii(href);
  return href.empty() || href[0] == '#' || EqualsIgnoreAsciiCase(href.substr(0, 7), "mailto:") ||
         EqualsIgnoreAsciiCase(href.substr(0, 4), "tel:");
}

// So much of a text, to a character's border.
std::string_view Cut(std::string_view text, size_t most = kMaxTextBytes) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

// Room in what is collected for a title: white space that will collapse may go beyond it.
constexpr size_t kMostCollected = 4 * kMaxTextBytes;
void AppendCut(std::string_view text, std::string& collected) {
  if (collected.size() < kMostCollected) collected += Cut(text, kMostCollected - collected.size());
}

// Bullets and arrows that sites type before a title.
std::string WithoutBullet(std::string text) {
  static constexpr std::array<std::string_view, 15> kBullets = {"·", "•", "■", "▪", "●", "◆", "►", "▶", "»", "※", "○", "□", "◇", "・", "★"};
  const char lead = text.empty() ? '\0' : text[0];
  if (lead != '\xC2' && lead != '\xE2' && lead != '\xE3') return text;  // the first bytes of all bullets
  std::string_view rest = text;
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view bullet : kBullets) {
      if (rest.starts_with(bullet)) {
        rest.remove_prefix(bullet.size());
        rest = TrimAscii(rest);
        more = true;
      }
    }
  }
  return rest.size() == text.size() || rest.empty() ? std::move(text) : text::Trim(rest);
}

// The visible text without the dots of a cut, and without the half character before them where the cut was made in bytes.
std::string_view Uncut(std::string_view text, bool* cut) {
  static constexpr std::array<std::string_view, 4> kDots = {"...", "…", "．．．", ".."};
  static constexpr std::string_view kHalf = "\xEF\xBF\xBD";
  *cut = false;
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view dots : kDots) {
      if (text.empty() || text.back() != dots.back() || !text.ends_with(dots)) continue;
      text.remove_suffix(dots.size());
      *cut = more = true;
    }
  }
  while (*cut && text.ends_with(kHalf)) text.remove_suffix(kHalf.size());
  return text;
}

// "查看", "[详情]": the link of a row whose title stands beside it.
bool IsEmptyName(std::string_view title) {
  static constexpr std::array<std::string_view, 18> kWords = {"查看", "详情", "详细", "查看详情", "详细内容", "查看全文", "阅读全文", "点击查看", "查看详细",
                                                              "全文", "浏览", "打开", "进入", "more", "detail", "view", "点击进入", "查看内容"};
  static constexpr std::array<std::string_view, 8> kSigns = {"[", "]", "【", "】", ">", "»", "…", "."};
  constexpr std::string_view kFirstBytes = "[]>.\xC2\xE2\xE3";  // of kSigns
  const std::string spaceless = ToAsciiLower(text::RemoveSpace(title));
  std::string bare;
  for (std::string_view rest = spaceless; !rest.empty();) {
    if (kFirstBytes.find(rest[0]) == std::string_view::npos) {
      bare += rest[0];
      rest.remove_prefix(1);
      continue;
    }
    const auto sign = std::find_if(kSigns.begin(), kSigns.end(), [rest](std::string_view mark) { return rest.starts_with(mark); });
    if (sign == kSigns.end()) bare += rest[0];
    rest.remove_prefix(sign == kSigns.end() ? 1 : sign->size());
  }
  return std::find(kWords.begin(), kWords.end(), bare) != kWords.end();
}

bool NamesNothing(std::string_view title) {
  if (title.empty() || title.size() > 30) return false;
  thread_local RecentAnswers<bool> known;
  return known.Get(title, IsEmptyName);
}

}  // namespace

size_t TitleLength(std::string_view title) {
  size_t length = 0, word = 0;
  for (size_t at = 0; at < title.size();) {
    if (static_cast<unsigned char>(title[at]) < 0x80) {
      if (IsAsciiAlpha(title[at])) {
        ++word;
        if (word == 1 || word == 4) ++length;
      } else if (title[at] != '\'' && title[at] != '-') {
        word = 0;
      }
      ++at;
      continue;
    }
    word = 0;
    const char32_t c = text::DecodeUtf8(title, at);
    if (text::IsHan(c) || text::IsKana(c) || text::IsHangul(c) || c == text::kReplacement || text::IsPrivateUse(c)) ++length;
  }
  return length;
}

namespace {

// The zone that a class or an id names.
uint8_t ZoneOfName(std::string_view name) {
  const std::string_view value = name.substr(0, 200);
  const auto has = [value](std::string_view mark) { return FindIgnoreAsciiCase(value, mark) != std::string_view::npos; };
  uint8_t zone = 0;
  if (has("nav") || has("menu") || has("crumb") || has("topbar") || has("weizhi") || has("location")) zone |= kInNavigation;
  if (has("foot") || has("bottom") || has("copyright") || has("friendlink") || has("yqlj")) zone |= kInNavigation | kInFooter;
  return zone;
}

}  // namespace

ItemReader::ItemReader(const html::Document& document, uint32_t first_block, bool republic_years)
    : document_(document), first_block_(first_block), republic_years_(republic_years) {
  FindHolders();
  zones_.assign(document.nodes().size(), kZoneUnknown);
  by_form_.Reserve(64);
  for (Holder& holder : holders_) {
    Place(holder);
    holder.facts.block = first_block_ + BlockOf(static_cast<uint32_t>(&holder - holders_.data()));
    ReadZone(holder);
    ReadTitle(holder);
  }
  ReadDays();
}

const Item* ItemReader::Find(NodeIndex anchor) const {
  const size_t at = FirstHolderFrom(anchor);
  return at < holders_.size() && holders_[at].node == anchor ? &holders_[at].facts : nullptr;
}

void ItemReader::FindHolders() {
  const std::span<const Node> nodes = document_.nodes();
  std::string_view last;
  uint32_t target = 0;
  first_from_.reserve(nodes.size() + 1);
  holders_.reserve(nodes.size() / 6);
  for (NodeIndex i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    first_from_.push_back(static_cast<uint32_t>(holders_.size()));
    if (node.type != NodeType::kElement || node.attribute_count == 0) continue;
    std::string_view address;
    bool holds = false;
    for (const html::Attribute& attribute : document_.attributes(node)) {
      const bool href = attribute.name == "href" && (node.tag == T().a || node.tag == T().area) && !LeadsNowhere(attribute.value);
      const bool data = attribute.name == "data-href" || attribute.name == "data-url" || attribute.name == "data-link";
      if (href) address = attribute.value;
      if (href || attribute.name == "onclick" || data) holds = true;
      if (address.empty() && holds) address = attribute.value;
    }
    if (!holds) continue;
    if (holders_.empty() || address != last) ++target;
    last = address;
    Holder holder;
    holder.node = i;
    holder.target = target;
    holders_.push_back(std::move(holder));
  }
  first_from_.push_back(static_cast<uint32_t>(holders_.size()));
}

size_t ItemReader::FirstHolderFrom(NodeIndex node) const { return first_from_[node]; }

// Different links below an element.
size_t ItemReader::Links(NodeIndex node) const {
  const size_t first = FirstHolderFrom(node), end = FirstHolderFrom(document_.node(node).end);
  return first == end ? 0 : holders_[end - 1].target - holders_[first].target + 1;
}

void ItemReader::Place(Holder& holder) {
  const std::span<const Node> nodes = document_.nodes();
  const Tags& t = T();
  holder.item = holder.node;
  for (int level = 0; level < kMaxItemLevels; ++level) {
    const NodeIndex up = nodes[holder.item].parent;
    if (up == kNone || nodes[up].type != NodeType::kElement) break;
    const uint16_t tag = nodes[up].tag;
    if (tag == t.body || tag == t.ul || tag == t.ol || tag == t.table || tag == t.tbody) break;
    if (nodes[up].end - up > kMaxItemNodes || Links(up) != 1) break;
    holder.item = up;
    if (IsRow(tag) && tag != t.p) break;
  }
  // From there to the list: the first element with links enough.
  NodeIndex small = holder.item, list = nodes[holder.item].parent;
  for (int level = 0; level < kMaxListLevels && list != kNone && nodes[list].parent != kNone; ++level) {
    if (Links(list) >= kListLinks) break;
    small = list;
    list = nodes[list].parent;
  }
  if (list == kNone) list = 0;
  const bool row = IsRow(nodes[small].tag) && small != list;
  holder.list = list;
  // "[column] title": the first links of the rows are one block, the second ones another.
  holder.ordinal = row ? holder.target - holders_[FirstHolderFrom(small)].target + 1 : 0;
  holder.room = row ? small : list;
  // The day of another <li> is another item's. Rows of a table may go in pairs, and a <dd> follows its <dt>.
  for (NodeIndex at = holder.item; at != list && at != kNone; at = nodes[at].parent) {
    if (nodes[at].tag == t.li) {
      holder.room = at;
      break;
    }
  }
}

// The block of a holder by the form of its place: the list, the block elements on the way there, and which of its row's links it is.
uint32_t ItemReader::BlockOf(uint32_t number) {
  constexpr size_t kMostLetters = 160;  // of a form: the elements behind them are not looked at
  const std::span<const Node> nodes = document_.nodes();
  const NodeIndex list = holders_[number].list;
  size_t own_letters = 2;
  for (NodeIndex rest = list; rest >= 10; rest /= 10) ++own_letters;
  // The next block element on the way up, the list's own index at the end of it.
  const auto next = [&](NodeIndex& at, size_t& letters) -> const Node* {
    if (letters > kMostLetters) return nullptr;
    while (at != list && at != kNone && !html::IsBlock(nodes[at])) at = nodes[at].parent;
    if (at == list || at == kNone) return nullptr;
    const Node& element = nodes[at];
    letters += element.text.size() + 1;
    at = element.parent;
    return &element;
  };
  uint64_t hash = (uint64_t{list} << 32 | holders_[number].ordinal) * kMixer;
  NodeIndex at = holders_[number].node;
  size_t letters = own_letters;
  while (const Node* element = next(at, letters)) hash = (hash ^ hash >> 29 ^ element->tag) * kMixer;
  const auto same_form = [&](uint32_t block) {
    const Holder& other = holders_[blocks_[block]];
    if (other.list != list || other.ordinal != holders_[number].ordinal) return false;
    NodeIndex one = holders_[number].node, two = other.node;
    size_t one_letters = own_letters, two_letters = own_letters;
    while (true) {
      const Node* first = next(one, one_letters);
      const Node* second = next(two, two_letters);
      if (first == nullptr || second == nullptr) return first == second;
      if (first->tag != second->tag) return false;
    }
  };
  const auto block = by_form_.FindOrAdd(hash ^ hash >> 32, static_cast<uint32_t>(blocks_.size()), same_form);
  if (block == blocks_.size()) blocks_.push_back(number);
  return block;
}

void ItemReader::ReadZone(Holder& holder) {
  uint8_t zone = 0;
  const Tags& t = T();
  NodeIndex at = holder.node;
  for (; at != kNone; at = document_.node(at).parent) {
    if (zones_[at] != kZoneUnknown) {
      zone = zones_[at];
      break;
    }
    const Node& element = document_.node(at);
    if (element.type != NodeType::kElement || element.tag == t.body) continue;
    if (element.tag == t.nav || element.tag == t.header) zone |= kInNavigation;
    if (element.tag == t.footer) zone |= kInNavigation | kInFooter;
    for (const html::Attribute& attribute : document_.attributes(element)) {
      if (zone != 0 || (attribute.name != "class" && attribute.name != "id")) continue;
      thread_local RecentAnswers<uint8_t> known;
      zone |= known.Get(attribute.value, ZoneOfName);
    }
    if (zone != 0) break;
  }
  for (NodeIndex index = holder.node; index != at && index != kNone; index = document_.node(index).parent) zones_[index] = zone;
  if (at != kNone) zones_[at] = zone;
  holder.facts.navigation = (zone & kInNavigation) != 0;
  holder.facts.footer = (zone & kInFooter) != 0;
}

void ItemReader::ReadTitle(Holder& holder) {
  const std::span<const Node> nodes = document_.nodes();
  const Tags& t = T();
  const NodeIndex begin = holder.node, end = std::min(nodes[begin].end, begin + kMaxAnchorNodes);
  std::string all, heading;
  size_t block = 0;            // where in `all` the last block begins
  std::vector<size_t> blocks;  // where the earlier ones do
  std::string_view alt;
  NodeIndex heading_end = 0;
  // Most links have a text and nothing else.
  const bool plain = end == begin + 2 && nodes[begin + 1].type == NodeType::kText && nodes[begin].tag != t.script && nodes[begin].tag != t.style;
  for (NodeIndex i = plain ? end : begin; i < end && all.size() < kMaxTextBytes;) {
    const Node& node = nodes[i];
    if (node.type == NodeType::kText) {
      // A day in an element of its own is no part of the title, unless there is nothing else.
      if (!(i > begin + 1 && DayScan::IsDayOnly(node.text, republic_years_))) {
        // Elements with a handler may be nested, each of them around the same text.
        AppendCut(node.text, all);
        if (i < heading_end) AppendCut(node.text, heading);
      }
    } else if (node.type == NodeType::kElement) {
      if (node.tag == t.script || node.tag == t.style) {
        i = node.end;
        continue;
      }
      if (html::IsBlock(node) && i != begin) {
        if (!all.empty()) all += ' ';
        if (!text::Trim(std::string_view(all).substr(block)).empty()) {
          blocks.push_back(block);
          block = all.size();
        }
      }
      if (IsHeading(node.tag) && heading_end == 0) heading_end = node.end;
      if (node.tag == t.img && alt.empty()) alt = TrimAscii(document_.attribute(i, "alt").value_or(""));
    }
    ++i;
  }
  std::string title;
  if (plain) title = text::CollapseSpace(Cut(nodes[begin + 1].text, kMostCollected));
  if (!heading.empty()) title = text::CollapseSpace(heading);
  if (title.empty() && !blocks.empty()) {
    // A card: picture, title, summary. The first block that can be a title is it.
    blocks.push_back(block);
    for (size_t k = 0; k < blocks.size(); ++k) {
      const size_t block_end = k + 1 < blocks.size() ? blocks[k + 1] : all.size();
      const std::string_view first = std::string_view(all).substr(blocks[k], block_end - blocks[k]);
      const size_t length = TitleLength(first);
      if (length < 6) continue;
      if (TitleLength(all) > length + 20) title = text::CollapseSpace(first);
      break;
    }
  }
  if (title.empty() && !all.empty()) title = text::CollapseSpace(all);
  bool cut = false;
  const std::string_view bare = Uncut(title, &cut);  // of the title as it is now
  std::string told;
  if (title.empty() || cut || !blocks.empty()) told = text::CollapseSpace(Cut(document_.attribute(begin, "title").value_or(""), kMostCollected));
  if (title.empty()) {
    title = told.empty() ? text::CollapseSpace(Cut(alt, kMostCollected)) : told;
  } else if (told.size() > bare.size() && (cut || !blocks.empty()) && told.starts_with(WithoutBullet(text::Trim(bare)))) {
    title = told;
  } else if (!blocks.empty() && !told.empty() && TitleLength(told) >= 6 && title.find(told) != std::string::npos) {
    title = told;
  }
  if (holder.item != begin && FirstHolderFrom(nodes[holder.item].end) - FirstHolderFrom(holder.item) == 1 && NamesNothing(title)) {
    // The row's only link: the longest text of its row, where that is long enough to be a title.
    std::string longest;
    for (NodeIndex i = holder.item; i < nodes[holder.item].end; ++i) {
      const Node& node = nodes[i];
      if (i == begin || (node.type == NodeType::kElement && (node.tag == t.script || node.tag == t.style))) {
        i = node.end - 1;
      } else if (node.type == NodeType::kText && node.text.size() <= kMaxTextBytes && TitleLength(node.text) > TitleLength(longest) &&
                 !DayScan::IsDayOnly(node.text, republic_years_)) {
        longest = text::CollapseSpace(node.text);
      }
    }
    if (TitleLength(longest) >= 6) title = std::move(longest);
  }
  std::string date;
  title.resize(Cut(title).size());
  title = WithoutDay(WithoutBullet(std::move(title)), &date);
  holder.facts.title = std::move(title);
  if (!date.empty()) {
    holder.facts.date = std::move(date);
    holder.facts.dated = true;
  }
}

void ItemReader::ReadDays() {
  const std::span<const Node> nodes = document_.nodes();
  const Tags& t = T();
  const auto read = [&](DayScan& scan, NodeIndex begin, NodeIndex end, NodeIndex skip) {
    for (NodeIndex i = begin; i < end;) {
      const Node& node = nodes[i];
      if (i == skip || (node.type == NodeType::kElement && (node.tag == t.script || node.tag == t.style))) {
        i = node.end;
        continue;
      }
      if (node.type == NodeType::kText) scan.Piece(TrimAscii(node.text));
      ++i;
    }
  };
  const auto take = [](Item& item, const DayScan& scan) {
    item.dated = true;
    item.date = scan.Full();
    item.month = scan.month();
    item.day = scan.day();
  };
  struct Votes {
    size_t open = 0, after = 0, before = 0;
  };
  std::vector<Votes> votes(blocks_.size());
  std::vector<std::pair<DayScan, DayScan>> gaps(holders_.size(), {DayScan(republic_years_), DayScan(republic_years_)});  // after, before
  for (size_t i = 0; i < holders_.size(); ++i) {
    Holder& holder = holders_[i];
    Item& item = holder.facts;
    if (item.dated && !item.date.empty()) continue;
    DayScan inside(republic_years_);
    if (holder.item != holder.node) read(inside, holder.item, nodes[holder.item].end, holder.node);
    if (!inside.any()) {
      // Parts of a card's own link: the day in an element of its own.
      for (NodeIndex k = holder.node + 1; k < std::min(nodes[holder.node].end, holder.node + kMaxAnchorNodes); ++k) {
        if (nodes[k].type == NodeType::kText && nodes[k].parent != holder.node && DayScan::IsDayOnly(nodes[k].text, republic_years_)) {
          inside.Piece(TrimAscii(nodes[k].text));
        }
      }
    }
    if (inside.any()) {
      take(item, inside);
      continue;
    }
    // What stands between this item and its neighbours, within the row or the list.
    const NodeIndex room_end = nodes[holder.room].end;
    size_t next = i + 1;
    while (next < holders_.size() && holders_[next].item == holder.item) ++next;
    const NodeIndex end = nodes[holder.item].end;
    NodeIndex limit = std::min(room_end, end + kMaxGapNodes);
    if (next < holders_.size() && holders_[next].item >= end) limit = std::min(limit, holders_[next].item);
    read(gaps[i].first, end, limit, kNone);
    NodeIndex from = std::max<NodeIndex>(holder.room + 1, holder.item > kMaxGapNodes ? holder.item - kMaxGapNodes : 0);
    for (size_t k = i; k-- > 0;) {
      if (holders_[k].item == holder.item) continue;
      const NodeIndex previous_end = nodes[holders_[k].item].end;
      if (previous_end <= holder.item) from = std::max(from, previous_end);
      break;
    }
    // A window of nodes may begin inside an element that is skipped as a whole; that costs a text, never a wrong one.
    read(gaps[i].second, from, holder.item, kNone);
    Votes& vote = votes[item.block - first_block_];
    ++vote.open;
    vote.after += gaps[i].first.any();
    vote.before += gaps[i].second.any();
  }
  for (size_t i = 0; i < holders_.size(); ++i) {
    Item& item = holders_[i].facts;
    if (item.dated) continue;
    const Votes& vote = votes[item.block - first_block_];
    const bool before = vote.before > vote.after;
    if (std::max(vote.before, vote.after) * 2 < vote.open) continue;
    const DayScan& scan = before ? gaps[i].second : gaps[i].first;
    if (scan.any()) take(item, scan);
  }
}

}  // namespace fangzhi::links
