// The portal's HTML.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "world.h"

namespace fangzhi::portal {

struct Page {
  std::string body;
  std::string content_type;
  std::string etag;           // with its quotes; empty: none
  int64_t last_modified = 0;  // 0: none
  bool gzip = false;
  bool chunked = false;
};

struct AttachmentInfo {
  std::string path;  // with query
  std::string text;
};

class Pages {
 public:
  explicit Pages(const World& world);

  // `fault_links`: paths under /faults/ and the calendar, linked from the home page while they are enabled.
  Page Home(const std::vector<std::string>& fault_links) const;
  Page SiteMap() const;
  Page Article(uint32_t id) const;
  // Only the validators of Article(id), for a conditional request.
  Page ArticleValidators(uint32_t id) const;
  bool IsPosted(uint32_t column) const;
  // The rows of a posted list's page as data; false where the request names no such column.
  bool PostedRows(std::string_view form, std::string* json) const;
  // Not `filled`: the page without its rows and its paging.
  Page List(uint32_t column, uint32_t page, bool filled = true) const;
  // What stands in a list's place when its template cannot be read.
  Page ListError(uint32_t column) const;
  // Pages of the directory that robots.txt forbids and the home page links.
  Page Internal(int number) const;
  Page NotFound() const;
  Page SoftNotFound(uint64_t hash) const;
  // The same in words that no list of such words has; with an address of its own, and without.
  Page OddNotice(std::string_view path) const;
  Page Notice() const;
  // What everyone gets while a firewall nobody has heard of stands before the site.
  Page OddBlock(uint64_t number) const;
  Page Simple(std::string_view title, std::string_view html, std::string_view metas = {}) const;
  // The list page at this path; false: none.
  bool FindList(std::string_view path, uint32_t* column, uint32_t* page) const;
  uint32_t ListPages(uint32_t column) const;
  std::string ListPath(uint32_t column, uint32_t page) const;
  std::vector<AttachmentInfo> Attachments(uint32_t id, bool text = true) const;
  std::string ImagePath(uint32_t id) const;

 private:
  // The encoded surroundings of a page, made once for each voice and column.
  struct Shell {
    int design;
    int frame;
    int column;
    Voice voice;
    Label label;
    std::string head, top, bottom;
  };

  const Shell& ShellOf(int column, const Voice& voice, Label label) const;
  void Open(const Shell& shell, std::string_view title, std::string_view metas, PageWriter* writer) const;
  void AddNoise(uint32_t id, PageWriter* writer) const;
  void AddHostileNoise(uint32_t id, int place, PageWriter* writer) const;
  void AddRelated(const std::vector<uint32_t>& related, PageWriter* writer) const;
  void AddNeighbours(uint32_t id, PageWriter* writer) const;
  void AddBody(uint32_t id, const ArticleText& text, const Look& look, PageWriter* writer) const;
  void AddMetas(uint32_t id, const ArticleText& text, PageWriter* writer) const;
  void AddInfoLine(uint32_t id, const ArticleText& text, PageWriter* writer) const;
  void AddPolicyTable(const ArticleText& text, PageWriter* writer) const;
  void AddPager(uint32_t column, uint32_t page, PageWriter* writer) const;
  std::vector<uint32_t> Related(uint32_t id) const;
  bool IsNoisy(uint32_t id) const;
  std::string ColumnHome(uint32_t column) const { return ListPath(column, 1); }

  const World& world_;
  mutable std::deque<Shell> shells_;  // a deque: references to a shell stay good
};

// "text/html; charset=..." as the label has it.
std::string HtmlType(Label label);
std::string_view LabelName(Label label);

}  // namespace fangzhi::portal
