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
  std::string_view via = {};  // the page whose link, list_title is its text, led here; may be empty
  bool explain = false;     // fills record.candidates
  bool clean_html = false;  // fills record.html
};

// Fills everything but url, charset, repairs and damage, which process/ knows.
model::PageRecord Extract(const ExtractInput& input);

// Parses a counter's answer without running any script: JSON number, array or object, document.write('N'),
// html('N'), bare number. nullopt when none of these.
std::optional<int64_t> ParseCounterAnswer(std::string_view body, std::string_view counter_kind);
// The answer to a batch request: a number, or none, for each of `ids`. Empty where it is no such answer, or one of which it is not sure
// which number is whose.
std::vector<std::optional<int64_t>> ParseCounterBatch(std::string_view body, std::string_view counter_kind, const std::vector<std::string>& ids);
// The ids that a batch request asks for, of its URL: 3201,3194 of dynclicksbatch.jsp?clickids=3201,3194.
std::vector<std::string> CounterBatchIds(std::string_view request_url);
// The number by which a content system's counters know the article at this address (64481 of /info/1074/64481.htm, 290690 of
// /2019/0326/c295a290690/page.htm); empty where the address has none.
std::string CounterIdOf(std::string_view counter_kind, const url::Url& url);

}  // namespace fangzhi::extract
