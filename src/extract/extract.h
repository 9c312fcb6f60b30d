// extract/: HTML → facts. One parsed page in, one PageRecord out: kind, title, date, source, clicks, author,
// column, body…, each with its provenance. Evidence in this order: the site entry's selectors, the government
// meta standard (国办发〔2017〕47号), CMS markers, the labelled info line near the title, the DOM's structure
// and density. Rules for one site have no place here. Pure, thread-safe; time linear in the number of nodes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "html/html.h"
#include "model/page.h"
#include "model/site.h"
#include "url/url.h"

namespace fangzhi::extract {

struct ExtractInput {
  const html::Document& document;
  const url::Url& page_url;
  int http_status = 200;  // evidence for kind; 200 for the text tools
  const model::SiteSelectors* selectors = nullptr;
  std::string_view list_title = {};  // what a list page said of this URL; may be empty
  std::string_view list_date = {};
  bool explain = false;     // fills record.candidates
  bool clean_html = false;  // fills record.html
};

// Fills everything but url, charset, repairs and damage, which process/ knows.
model::PageRecord Extract(const ExtractInput& input);

// Parses a counter's answer without running any script: JSON number, array or object, document.write('N'),
// html('N'), bare number. nullopt when none of these.
std::optional<int64_t> ParseCounterAnswer(std::string_view body, std::string_view counter_kind);
// The answer to a batch request for `count` articles, in their order; empty where it holds another number of numbers.
std::vector<std::optional<int64_t>> ParseCounterBatch(std::string_view body, size_t count);

}  // namespace fangzhi::extract
