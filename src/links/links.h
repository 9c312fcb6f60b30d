// links/: HTML → where it leads. Every http(s) link of a page, absolute and canonical, once each, with its kind and the text a
// reader sees. <base>, meta refresh, frames, literal onclick/location targets, <link rel>, and counters by script are understood;
// no script is run. Pure, thread-safe, linear.
#pragma once

#include <vector>

#include "html/html.h"
#include "model/page.h"
#include "url/url.h"

namespace fangzhi::links {

struct LinkInput {
  const html::Document& document;
  const url::Url& page_url;
  url::QueryEncoder query_encoder = {};  // of the page's encoding; empty for UTF-8
};

// In document order of first appearance; at most limits::kMaxLinks.
std::vector<model::Link> FindLinks(const LinkInput& input);

// The document's base URL (WHATWG HTML 4.2.3): the first <base href>, resolved against the page's URL.
url::Url BaseUrl(const html::Document& document, const url::Url& page_url);

// A meta refresh to another URL within `max_seconds` (WHATWG HTML 4.2.5.3), which for a crawler is a redirect; empty where none.
std::string MetaRefreshTarget(const LinkInput& input, int max_seconds);

}  // namespace fangzhi::links
