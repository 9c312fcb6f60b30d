// What sort of page it is.
// Internal to extract/.
#pragma once

#include <string>

#include "extract/body.h"
#include "extract/info_line.h"
#include "extract/page_view.h"
#include "extract/title.h"
#include "model/page.h"
#include "url/url.h"

namespace fangzhi::extract {

struct KindChoice {
  model::PageKind kind = model::PageKind::kOther;
  std::string reason;
  bool links_only = false;  // neither an article nor a column, and no text of its own: it changes with what it names
};

struct KindEvidence {
  const PageView& view;
  const url::Url& page_url;
  int http_status = 200;
  const InfoLines& info;
  const TitleChoice& title;
  const BodyChoice& body;
  const ListChoice& list;
  bool visible_date = false;  // an info line near the title has a date
  bool strip = false;         // and names it, or its neighbours, as a list's items do not
  bool article_meta = false;  // ArticleTitle, og:type article, PubDate
  bool named_article = false;  // ArticleTitle or a JSON-LD article: said of articles only
  bool attachments = false;
  bool selected = false;  // a selector of the site entry found a body
};

// Whether an address is that of a host's first page: /, /index.html.
bool IsRootPath(const url::Url& url);
// Whether the rows of a list stand in a script, or a script fetches them: Hanweb's store, jpaas.
bool ScriptHoldsList(const PageView& view);
// Whether the page tells what a search found, by its <title> and its address.
bool IsSearch(const KindEvidence& evidence);
// Whether an address is formed as articles' are: /content_1234567.html, show.asp?id=3.
bool HasAddressOfArticle(const url::Url& url);
KindChoice ChooseKind(const KindEvidence& evidence);

}  // namespace fangzhi::extract
