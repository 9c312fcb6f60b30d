// An article or a list that a page holds as data only, for the script that shows it: __NEXT_DATA__, window.… = {…},
// JSON-LD's articleBody. Looked for where a reader without scripts sees nothing. Internal to extract/.
#pragma once

#include <string>
#include <vector>

#include "extract/page_view.h"

namespace fangzhi::extract {

struct PageData {
  // Of the object whose text is the longest. As written, empty where it has none.
  std::string title, content, published, source, author, editor, clicks;
  struct Row {
    std::string title, date;
  };
  std::vector<Row> rows;  // of the longest array of objects with a title and an address each
};

// Bounded: scripts of at most 1 MB, 40 levels, 50,000 values.
PageData FindPageData(const PageView& view);

// The longest markup of paragraphs that a page holds where nobody sees it: in a <textarea>, in a hidden input, in a string of a script. `where` becomes
// "textarea", "hidden-input" or "script-data". Empty where there is none. Bounded as FindPageData is.
std::string FindHiddenMarkup(const PageView& view, std::string* where);

// The text of a field that holds HTML, a line for each line that a reader would see.
std::string TextOfMarkup(const std::string& markup);

}  // namespace fangzhi::extract
