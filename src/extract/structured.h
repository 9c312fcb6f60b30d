// What a page says of itself for machines beside its metas: JSON-LD, microdata, <time>. Internal to extract/.
#pragma once

#include <string>

#include "extract/page_view.h"

namespace fangzhi::extract {

struct Structured {
  // As written; empty where the page has none. Of several articles the first.
  std::string headline, published, modified, author, publisher;
  std::string basis;       // "json-ld" or "microdata": of `published`
  std::string time_value;  // the datetime of the first <time> outside lists
  bool article = false;    // JSON-LD names an article type
};

Structured FindStructured(const PageView& view);

}  // namespace fangzhi::extract
