// PageRecord: what was extracted from one page, each fact with how it was found. UTF-8 throughout.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::model {

enum class PageKind { kArticle, kList, kHome, kError, kOther };
std::string_view PageKindName(PageKind kind);
bool ParsePageKind(std::string_view name, PageKind* kind);

// article, list: what the link most likely leads to; page: some other page; attachment: a document to keep; requisite: image, style
// sheet, script, frame content that the page is made of; feed; counter: a request that answers a click count.
enum class LinkKind { kArticle, kList, kPage, kAttachment, kRequisite, kFeed, kCounter };
std::string_view LinkKindName(LinkKind kind);
bool ParseLinkKind(std::string_view name, LinkKind* kind);

struct Link {
  std::string url;  // absolute, canonical, without fragment
  LinkKind kind = LinkKind::kPage;
  std::string text;  // what the reader sees, else the title attribute
  std::string date;  // of a list item, "2021-11-29", empty where there is none
  bool redirect = false;  // no link that a reader follows: the answer or a meta refresh leads there by itself
  // Of a list whose further rows come by POST, and only of one that is known to do nothing but answer: the request's body. `url` is then the
  // key of the request (url::PostKey), not its address.
  std::string post = {};
};

struct Attachment {
  std::string url;
  std::string text;
};

// A number that is loaded by a second request (DOMAIN.md, counters).
struct Counter {
  std::string url;
  std::string kind;  // "vsb", "sudy", "empirecms", …, "generic"
  std::string method = "GET";
  // Does reading it count as a reading? read_only_proven (the provider's source says no), read_only_inferred (the provider counts by
  // another request), increments (it does), unknown (treated as increments).
  std::string side_effect = "unknown";
  // What the number in the answer is: total, before (the count without this reading), after (with it), stored_plus_one (one more than
  // is stored, whoever asks), unknown. The program's own value is what is stored: it subtracts the one.
  std::string semantics = "unknown";
};
// True where asking the counter is known not to count as a reading.
bool IsReadOnly(const Counter& counter);

// One request for the numbers of the articles of a list: a number for each of `ids`, which the request names in this order.
struct CounterBatch {
  Counter counter;
  std::vector<std::string> ids;    // the content system's numbers of the articles
  std::vector<std::string> pages;  // the articles' URLs, one for each id; empty where the page links to none with that number
};

// A value that a field might have had, how it was found, and how sure that is (0 … 1).
struct Candidate {
  std::string value;
  std::string basis;
  double confidence = 0;
};

// What a list page says of its list: how it is paged and how much it announces. The announced total against what was found is a
// column's completeness.
struct ListFacts {
  std::string dialect;  // "trs", "vsb", "jpage", "jpaas", "kaipu", "gkmlpt", "sudy", "numbered", "query", "json"; empty: not recognised
  std::optional<uint64_t> total;     // items that the list announces
  std::optional<uint64_t> pages;     // pages that it announces
  std::optional<uint64_t> page;      // which of them this is, from 1
  std::optional<uint64_t> per_page;
  uint64_t items = 0;                // articles and documents that this page links to
  bool past_end = false;             // a page behind the last one: nothing on it, and nothing is followed from it
  std::string needs;                 // what the other pages take beyond a GET: "POST http://… with channelId=…"; empty: nothing
};

// A reversal that is proved by round trip. Offsets count code points of the text that repair was given.
struct RepairStep {
  std::string family;  // "gbk_as_latin1", "utf8_as_latin1", "gloss", …
  size_t begin = 0, end = 0;
  std::string before, after;  // at most a few hundred characters each; the whole is in the archive's bytes
  bool lossless = true;
  double confidence = 1.0;
};

// What is recognised as damaged and could not be restored.
struct Damage {
  size_t begin = 0, end = 0;
  std::string family;
  std::string text;
};

struct PageRecord {
  std::string url;
  PageKind kind = PageKind::kOther;
  std::string kind_reason;  // in words: "soft 404: 您访问的页面不存在", "list of 20 dated links"
  std::optional<std::string> title;
  std::optional<std::string> published;  // "2021-11-29" or "2021-11-29T08:30:00+08:00": the precision that the page has
  std::optional<std::string> source;
  std::optional<int64_t> clicks;
  std::optional<std::string> author;
  std::optional<std::string> editor;
  std::optional<std::string> column;           // "首页 > 新闻 > 要闻" as "新闻 > 要闻"
  std::optional<std::string> document_number;  // 文号
  std::optional<std::string> index_number;     // 索引号
  std::optional<std::string> subtitle;         // the line below the headline that goes on with it
  std::optional<std::string> modified;         // as `published`: 更新时间, lastmodifiedtime
  std::optional<std::string> issuer;           // 发文机关, 发布机构
  std::optional<std::string> written;          // 成文日期, as `published`
  std::optional<std::string> topic;            // 主题分类
  std::optional<std::string> validity;         // 有效性, as the page says it: 有效, 废止, 全文失效
  std::optional<std::string> site_id_code;     // 网站标识码
  std::optional<std::string> next_page;        // the URL of the article's next part, where it has parts
  std::optional<std::string> part_of;          // of a further part of an article: the URL of the first
  std::optional<std::string> copy_of;          // the page's own word (rel=canonical) that it is another view of the page there, on the same site
  std::string body;                            // one paragraph a line
  std::vector<Attachment> attachments;
  std::vector<std::string> images;
  std::optional<Counter> counter;
  std::optional<CounterBatch> counter_batch;  // of a list or home page; how to ask and no fact of the page, so not in its JSON
  std::optional<ListFacts> list;          // of pages that are no article
  std::string charset;                    // WHATWG name of what was really used
  std::optional<std::string> language;    // "zh-Hans", "zh-Hant", "en", …
  std::vector<RepairStep> repairs;
  std::vector<Damage> damage;
  std::map<std::string, std::string> provenance;  // field → how it was found ("meta:ArticleTitle", "infobar", …)
  std::map<std::string, double> confidence;       // field → how sure its value is, 0 … 1
  std::map<std::string, std::string> conflicts;   // field → what else the page says of it, where that differs
  // Only where they were asked for: every candidate of a field, the surest first; the body as HTML that is safe to show.
  std::map<std::string, std::vector<Candidate>> candidates;
  std::string html;
};

}  // namespace fangzhi::model
