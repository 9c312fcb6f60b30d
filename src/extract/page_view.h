// The page as evidence: one pass over the node array that collects everything the fields are chosen from.
// Internal to extract/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "html/html.h"

namespace fangzhi::extract {

// What the element around a line says of it by its tag, id or class. Hints, not verdicts: an element that
// holds most of the page's text loses them (templates call anything anything).
enum ZoneFlag : uint16_t {
  kZoneNavigation = 1 << 0,  // menus, breadcrumbs, pagers
  kZoneFooter = 1 << 1,
  kZoneAside = 1 << 2,     // related articles, rankings, comments, adverts
  kZoneHeader = 1 << 3,    // the page's header, not the article's
  kZoneControls = 1 << 4,  // share bars, font size, print
  kZoneContent = 1 << 5,   // content, article, detail…
  kZoneInfo = 1 << 6,      // info strip: source, time, …
  kZoneTitle = 1 << 7,
  kZoneList = 1 << 8,
  kZoneCrumbs = 1 << 9,
  kZoneSubtitle = 1 << 11,  // the line that goes on with the headline
  // Of the element itself; its subtree does not inherit them.
  kZoneCounter = 1 << 10,
  kZoneSourceName = 1 << 12,
  kZoneAuthorName = 1 << 13,
  kZoneTimeName = 1 << 14,
  kZoneText = 1 << 15,  // is called content and nothing else
};

// How a line stands out where no heading element says so: as its first character is shown.
enum EmphasisFlag : uint8_t { kBold = 1, kLarge = 2, kCentered = 4 };

// A line's part in a run of dated links, one below the other: the rows of a list or of a box of related articles.
enum class RowFlag : uint8_t { kNone, kRow, kBetween };

// A line as a reader sees it: block elements and <br> end one.
struct Line {
  uint32_t begin = 0, end = 0;  // bytes of PageView::text
  html::NodeIndex first = 0;    // first text node
  html::NodeIndex block = 0;    // nearest block element
  uint32_t characters = 0;      // without white space
  uint32_t link_characters = 0;
  uint32_t links = 0;
  uint32_t sentence_marks = 0;
  uint16_t zones = 0;
  uint8_t heading = 0;   // 1…6, 0 for none
  uint8_t emphasis = 0;  // EmphasisFlag
  bool file = false;    // a link of it leads to a document
  bool item = false;    // inside <li>, <dt>, <dd> or <tr>
  RowFlag row = RowFlag::kNone;  // set once the items of lists are known
};

// Where inline elements or wide gaps (two spaces that do not collapse, a full-width space) divide a line, as
// a byte offset of the text after the division. Info lines are often divided by nothing else.
struct Division {
  uint32_t offset = 0;
  bool gap = false;  // a gap, else an element's boundary
};

struct Meta {
  std::string name;  // name or property or itemprop, lower case
  std::string_view content;
};

struct Anchor {
  html::NodeIndex node = 0;
  uint32_t line = 0;            // index of the line it begins in (or the next one, for anchors without text)
  uint32_t begin = 0, end = 0;  // bytes of PageView::text
};

struct PageView {
  explicit PageView(const html::Document& page);

  const html::Document& document;
  std::string text;  // every visible line, '\n' between
  std::vector<Line> lines;
  std::vector<uint32_t> first_line_from;  // for LineAt: by node, and for the end
  std::vector<Division> divisions;  // ascending
  std::vector<Anchor> anchors;
  std::vector<Meta> metas;
  std::vector<html::NodeIndex> images;
  std::vector<html::NodeIndex> scripts;
  std::vector<html::NodeIndex> counters;  // elements that look like a counter's place
  std::vector<html::NodeIndex> source_elements, author_elements, time_elements;  // elements whose name says whose name they hold
  std::vector<html::NodeIndex> frame_elements;  // <iframe>, <frame>
  std::vector<html::NodeIndex> beacons;         // pictures that nobody sees
  std::vector<html::NodeIndex> comments;
  std::vector<html::NodeIndex> properties;  // elements with itemprop, metas apart
  std::vector<html::NodeIndex> times;       // <time>
  // Subtrees that no reader sees, hidden or silent, in document order.
  std::vector<std::pair<html::NodeIndex, html::NodeIndex>> unseen;
  std::string title;  // <title>, white space collapsed
  uint32_t characters = 0, link_characters = 0;
  bool password_field = false;
  uint32_t text_fields = 0;  // one-line inputs that readers fill in; each <textarea> counts three
  bool frames = false;

  std::string_view LineText(size_t line) const {
    return std::string_view(text).substr(lines[line].begin, lines[line].end - lines[line].begin);
  }
  // Index of the first line whose text begins at or after node `node`.
  size_t LineAt(html::NodeIndex node) const { return first_line_from[node]; }
  // The first non-empty content of the meta of that (lower-case) name.
  std::string_view MetaContent(std::string_view name) const;
};

// The text of all text nodes below `node` (script and style included), for short elements such as <title> and
// <script>.
std::string RawText(const html::Document& document, html::NodeIndex node);

}  // namespace fangzhi::extract
