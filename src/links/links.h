// links/: HTML → where it leads. Every http(s) link of a page, absolute and canonical, once each, with its kind and the text a
// reader sees. <base>, meta refresh, frames, literal onclick/location targets, <link rel>, and counters by script are understood;
// no script is run. Pure, thread-safe, linear.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "html/html.h"
#include "model/page.h"
#include "model/profile.h"
#include "url/url.h"

namespace fangzhi::links {

struct LinkInput {
  const html::Document& document;
  const url::Url& page_url;
  url::QueryEncoder query_encoder = {};  // of the page's encoding; empty for UTF-8
  const model::Profile* profile = nullptr;  // the page's family: forms of addresses that it has
  const model::Profiles* families = nullptr;  // all that are known: which interfaces may be asked by POST for a list (Profile::list_posts)
};

// In document order of first appearance; at most limits::kMaxLinks. Links to another view of the same (for printers, accessible, a calendar's days) are
// left out, but on a page of that view. Further pages of a list that only a script or an attribute tells of
// are among them, of kind list; further pages of a text are of kind page. Where `list` is given, it gets what the page says of its list:
// dialect of paging, announced totals.
std::vector<model::Link> FindLinks(const LinkInput& input, model::ListFacts* list = nullptr);

// The same for an answer that is data: JSON with titles and addresses, or with markup in strings (Kaipu, gkmlpt, jpaas …), XML of a
// Hanweb data proxy. `text` is UTF-8. nullopt where it is no such answer. The request for the next page is among
// the links as long as this one has entries and the announced total is not reached.
// `post`: the body of the request that gave the answer, if it was a POST; `page_url` is its key then, and the next request is one too.
std::optional<std::vector<model::Link>> FindLinksInData(std::string_view text, const url::Url& page_url, model::ListFacts* list,
                                                        std::string_view post = {});

// What a style sheet needs: pictures, fonts, other sheets; in its order, at most 500.
std::vector<model::Link> FindLinksInStyleSheet(std::string_view css, const url::Url& sheet_url);

// The same request as a POST, where the interface is one that is known to answer a list by GET or POST and to do nothing else (Hanweb's data
// proxy: the rows' numbers stay in the address, the rest is the body).
std::optional<model::Link> AsPost(std::string_view address);

// The document's base URL (WHATWG HTML 4.2.3): the first <base href>, resolved against the page's URL.
url::Url BaseUrl(const html::Document& document, const url::Url& page_url);

// Where a page leads by itself, which for a crawler is a redirect.
struct Onward {
  std::string target;    // canonical, without a fragment; empty where the page leads nowhere
  std::string_view how;  // "meta refresh", "Refresh field", "script"
  bool alone = false;    // the page has nothing else to say: a few words and links at most
};
// A meta refresh to another URL within `max_seconds` (WHATWG HTML 4.2.5.3), also in a noscript; else the answer's Refresh field, which
// is read alike; else, of a page that has nothing else, the literal that its scripts assign to location without a condition. Never the
// page itself.
Onward LeadsOn(const LinkInput& input, int max_seconds, std::string_view refresh_field = {});

}  // namespace fangzhi::links
