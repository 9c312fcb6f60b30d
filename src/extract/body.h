// The article's text: which part of the page holds it, and which of its lines belong to it. Internal to
// extract/.
#pragma once

#include <string>
#include <vector>

#include "extract/info_line.h"
#include "extract/page_view.h"
#include "extract/title.h"

namespace fangzhi::extract {

struct BodyChoice {
  html::NodeIndex node_begin = 0, node_end = 0;
  size_t line_begin = 0, line_end = 0;  // the container's lines
  std::vector<uint32_t> lines;          // those that belong to the text
  std::string provenance;
  uint32_t characters = 0;  // of `lines`, links left out
  uint32_t sentence_marks = 0;
  double weight = 0;

  size_t first_line() const { return lines.empty() ? line_begin : lines.front(); }
  size_t last_line() const { return lines.empty() ? line_end : lines.back(); }
};

BodyChoice ChooseBody(const PageView& view, const InfoLines& info, const TitleChoice& title);
// The same for a container that a selector named.
BodyChoice BodyOfNode(const PageView& view, const InfoLines& info, const TitleChoice& title,
                      html::NodeIndex node, std::string provenance);
// A line that is set as headlines are, though nothing else says that it is one, among those right above the text or
// first in it; kNoLine where there is none.
size_t SetAsHeadline(const PageView& view, const InfoLines& info, const BodyChoice& body);
std::string BodyText(const PageView& view, const BodyChoice& body);

// The items of a list page, "date title" or the title, in order.
struct ListItem {
  uint32_t line = 0;
  std::string title;
  std::string date;
};
// A run of dated links of equal structure: a list's rows, or a box of related articles.
struct ListRun {
  uint32_t first = 0, last = 0;  // lines
  std::vector<uint32_t> rows;    // the lines with the links
};
struct ListChoice {
  std::vector<ListItem> items;
  std::vector<ListRun> runs;  // in order
  size_t dated = 0;  // with a day or a time of day
  size_t dated_texts = 0;  // lines that end or begin with a date and lead nowhere: rows whose links a script makes
  uint32_t link_characters = 0;
  size_t all_items = 0;  // of the page, chosen or not
  uint32_t all_characters = 0;
};
ListChoice FindListItems(const PageView& view, const InfoLines& info, bool roc_years, bool whole_page);
// Tells the lines of `runs` so, and takes from `info` what is said in them: it is of the items, not of the page.
void MarkRows(const std::vector<ListRun>& runs, PageView& view, InfoLines& info);
std::string ListText(const ListChoice& list);

}  // namespace fangzhi::extract
