// Gathers the links of a page, or of an answer in JSON or XML, and tells their kinds when all are known. Internal to links/.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "links/classify.h"
#include "links/dialects.h"
#include "links/hash_index.h"
#include "links/items.h"
#include "links/links.h"
#include "links/targets.h"

namespace fangzhi::links {

// How a link was written. An anchor's kind is decided when all of the page is known.
enum class Source { kAnchor, kItem, kFrame, kRequisite, kEmbedded, kFeed, kCounter, kPager, kPage };

struct Found {
  std::string text;
  std::string date;
  std::shared_ptr<Target> target;
  Source source;
  Shape shape;  // the target's, unless the page tells it better
  int month = 0, day = 0;  // of a row's day that is given without its year
  bool dated = false;
  bool navigation = true, footer = true;  // wherever it stands
  bool anchored = false;
  uint32_t form = 0, block = 0;
};

class Collector {
 public:
  Collector(const url::Url& page_url, url::Url base, const url::QueryEncoder& query_encoder, const model::Profile* profile,
            const model::Profiles* families = nullptr);

  // All elements of a document; an outer one is the page itself, others are markup within it.
  void Walk(const html::Document& document, bool outer);
  // Rows of a Hanweb list: markup in <record><![CDATA[…]]>.
  void EmbeddedRecords(std::string_view xml);
  Found* Add(std::string_view href, Source source);
  // An entry of an answer that is data: title and address are named there.
  void AddItem(std::string_view href, std::string title, std::string date);
  ListReader& list() { return list_; }
  // Kinds, and what the page says of its list.
  std::vector<model::Link> Finish(model::ListFacts* list);
  // Articles and documents that were found; after Finish.
  uint64_t items() const { return items_; }

 private:
  void Element(const html::Document& document, html::NodeIndex index, ItemReader& items);
  void ElementLink(const html::Document& document, html::NodeIndex index);
  void ScriptRows(std::string_view script);
  void ElementScript(const html::Document& document, html::NodeIndex index);
  void AddAnchor(const html::Document& document, html::NodeIndex index, std::string_view href, ItemReader& items);
  void AddChoices(const html::Document& document, html::NodeIndex select, std::string_view script, ItemReader& items);
  uint32_t FindNew(std::string_view href, size_t hash, Source source);
  void AddLoaded(std::string_view src, Source source);
  void AddEmbedded(std::string_view src, Source source);
  void AddStyle(std::string_view css);
  model::LinkKind KindOf(const Found& found) const;
  void Group();

  static constexpr uint32_t kNoLink = UINT32_MAX;
  struct Seen {
    std::string_view href;  // of a found link's target, or of hrefs_
    uint32_t found = kNoLink;
  };

  const url::Url& page_url_;
  const std::string_view page_site_;
  const TargetReader targets_;
  ListReader list_;
  std::vector<Found> found_;
  std::vector<Seen> seen_;  // every href once
  std::deque<std::string> hrefs_;  // those that are no link, or lead where another does
  HashIndex by_href_, by_address_;
  uint32_t next_block_ = 0;  // documents within the document have blocks of their own
  std::vector<LikeFacts> forms_, blocks_;
  uint64_t items_ = 0;
  bool in_written_ = false;
};

}  // namespace fangzhi::links
