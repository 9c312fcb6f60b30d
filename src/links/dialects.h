// How lists are paged: every system has a dialect of its own, and most of them say in a script or an attribute how many pages there
// are and how the next one is asked for. No script is run; calls, assignments and objects are read as literals. Internal to links/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "html/html.h"
#include "model/page.h"
#include "model/profile.h"
#include "url/url.h"

namespace fangzhi::links {

// Collects what a page says of its list while its elements are walked, and turns it into addresses at the end.
class ListReader {
 public:
  // `families`, may be null: which say what may be asked by POST.
  explicit ListReader(const url::Url& page_url, const model::Profiles* families = nullptr) : page_url_(page_url), families_(families) {}

  void Script(std::string_view script);                                 // an inline script
  void Element(const html::Document& document, html::NodeIndex index);  // attributes that carry a pager
  void Text(const html::Document& document, html::NodeIndex index);     // 共257条 1/11
  void Handler(std::string_view script, std::string_view text);         // javascript:goPage(2), __doPostBack('Pager','2')
  void RowsInScript() {                                                 // a script holds rows of the list
    if (facts_.dialect.empty()) facts_.dialect = "json";
  }
  void PagerLink(const url::Url& url, std::string_view text);           // an anchor with a pager's words

  // Addresses of further pages, relative to the page. `items`: articles that the page itself lists; `is_list`: its address or its
  // content says that it is a list.
  std::vector<std::string> Targets(uint64_t items, bool is_list);
  // Requests for rows that the page's script makes by POST and that a family allows; after Targets.
  const std::vector<model::Link>& posts() const { return posts_; }
  model::ListFacts& facts() { return facts_; }

  static constexpr size_t kMaxPages = 500;  // named at once: those around the page itself, so that each of them names more
  static constexpr uint64_t kLastPage = 100'000;  // none behind it is named, whatever is announced

 private:
  // A pager that a script writes: the file's name before the number, and how many there are, which may stand in another script.
  struct Written {
    std::string stem, extension;
    bool from_one = false;
  };
  static std::optional<Written> ReadWritten(std::string_view script);
  void Trs(std::string_view script);
  void CountPage(std::string_view script);
  void NamePages(uint64_t total, const std::string& stem, const std::string& extension);
  std::pair<uint64_t, uint64_t> PagesAround(uint64_t begin, uint64_t end);
  void Jpage(std::string_view script);
  void Kaipu(std::string_view script);
  void Gkmlpt(std::string_view script);
  void Posts(std::string_view script);
  void ScriptedPage(std::string_view arguments, std::string_view text);
  void ScriptedPages();
  void PagerForm(const html::Document& document, html::NodeIndex index);
  void PageByScript(std::string_view script);
  void Announced(std::string_view text, bool pager);

  const url::Url& page_url_;
  const model::Profiles* families_;
  std::vector<model::Link> posts_;
  model::ListFacts facts_;
  std::vector<std::string> targets_;
  // Hanweb jpage: the rows of a unit that the page has, and how the proxy is asked for the others. A page may show several units.
  struct Jpages {
    bool stored = false, asked = false;  // its rows were seen, its script was
    bool next = false;    // they name the next request themselves
    uint64_t records = 0;
    std::optional<uint64_t> total, per_page;
    std::string proxy;
    std::vector<std::pair<std::string, std::string>> parameters;
  };
  std::vector<Jpages> jpages_;
  Jpages* JpageUnit(bool Jpages::*has);  // the first that has it not
  void JpageCall(std::string_view script);
  std::string channel_;  // Kaipu: the 32 hexadecimal digits of <meta name=channelId>
  bool needs_script_ = false;
  std::string page_request_;  // the address that a form or a script makes of a page's number: /news/?page=
  bool bare_pages_ = false;   // the pages are announced as 1/6, without a word
  uint64_t highest_page_ = 0;  // of the pager's anchors
  // A pager's link whose number is the one that a reader sees on it; or, of 下一页, the number that the page must precede.
  std::optional<url::Url> numbered_link_;
  uint64_t next_of_numbered_ = 0;  // 0: the reader sees the number
  std::vector<uint64_t> scripted_pages_;  // numbers whose links call a script with them
  std::optional<Written> written_;
  std::optional<uint64_t> written_pages_;
};

// The fields of an object literal, {'webId':'9', rows: 15}; nested ones are left out. `at` is at its '{'.
std::vector<std::pair<std::string, std::string>> ReadFields(std::string_view script, size_t at);
// A field with how its value is written. Of an expression that goes on (`whole` is false) this is the first word.
struct ObjectField {
  std::string name, value;
  bool quoted = false, whole = false;
};
std::vector<ObjectField> ReadObject(std::string_view script, size_t at);
// Without '?', empty where there is none; lives as long as the URL.
std::string_view QueryOf(const url::Url& url);
std::string PercentEncode(std::string_view value);

// The number of the page by its address: ?page=3, index_2.html (2), list3.htm.
std::optional<uint64_t> PageNumber(const url::Url& url);
// The same request for the next page or the next rows, nullopt where the address has no number of a page.
std::optional<std::string> NextRequest(const url::Url& url);
// The same for a POST: `key` is its key, the next one's is the link's.
std::optional<model::Link> NextPost(const url::Url& key, std::string_view body);

}  // namespace fangzhi::links
