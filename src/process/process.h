// process/: what a capture says. The pure composition decode → repair → parse → extract → links, used by the crawler, the text
// tools, re-parsing, fuzzers and benchmarks alike. No I/O, no clock, no globals; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decode.h"
#include "model/page.h"
#include "model/site.h"
#include "profiles/profiles.h"
#include "robots/page_policy.h"
#include "templates/templates.h"

namespace fangzhi::process {

struct PageInput {
  std::string_view url;            // absolute; a URL that cannot be parsed gives a record without links
  std::string_view content_type;   // of the response; may be empty
  std::string_view content_encoding;
  std::string_view refresh;        // the response's Refresh field; may be empty
  std::string_view payload;        // with content coding
  int status = 200;
  const model::Site* site = nullptr;
  const profiles::Matcher* profiles = nullptr;  // families to be recognised
  std::string_view link_text;  // of the link that led here; may be empty
  std::string_view link_date;
  std::string_view via;        // the page with that link
  std::string_view post;    // the body of the request, where it was a POST; `url` is its key then
  bool explain = false;     // fills record.candidates
  bool clean_html = false;  // fills record.html: the body, safe to show
};

struct ProcessedPage {
  model::PageRecord record;
  std::vector<model::Link> links;
  std::string leads_on;             // where it leads by itself within 5 seconds: a meta refresh, a Refresh field, a script that does nothing else; else empty
  bool only_leads_on = false;       // and it says nothing besides: for a reader it is no page, but a redirect
  profiles::Match profile;          // the family that the page is of; none where its `profile` is null
  templates::Outline outline;       // of an article: its texts, for the template of its site
  bool html = false;                // it was parsed as HTML
  bool ended = false;               // of what is no article: the text has the end tag of its body or document, so it was sent whole
  robots::PagePolicy policy;        // what its meta elements ask of robots
  std::string content_problem;        // why the content coding could not be undone to its end; empty: the content is whole
  std::vector<std::string> problems;  // that, and limits that cut: one line each
  decode::DecodedText decoded;      // `text` moved out; the rest says how it was decoded
};

ProcessedPage ProcessPage(const PageInput& input);

// The number in a counter's answer, nullopt when there is none (extract/ knows the providers' forms).
std::optional<int64_t> CounterAnswer(std::string_view content_encoding, std::string_view payload, std::string_view counter_kind);

// The numbers in the answer to a batch request, in the order of the articles that the request names; empty where it is no such answer.
std::vector<std::optional<int64_t>> CounterBatchAnswer(std::string_view content_encoding, std::string_view payload, std::string_view counter_kind,
                                                       std::string_view request_url);

// What kind of body it is: HTML by its type or, where that is missing or wrong, by its first bytes (WHATWG MIME Sniffing).
bool LooksLikeHtml(std::string_view content_type, std::string_view body);

}  // namespace fangzhi::process
