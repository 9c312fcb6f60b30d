// CaptureFacts: everything that the index derives its entries from, for one capture. Made by a live commit and, byte for byte the same,
// from the WARC's records: the metadata record states all but the URL and the time, which are its own WARC-Target-URI and WARC-Date, and
// the places of the records, which are where they were read.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/capture.h"
#include "model/json.h"
#include "model/page.h"
#include "warc/warc.h"

namespace fangzhi::store {

// kRun is no exchange: the mark that a run of the crawler sets when it ends, at which the ledger judges what the run saw. Its URL is RunUri's.
enum class Purpose { kPage, kCounter, kRobots, kProbe, kRun };
std::string_view PurposeName(Purpose purpose);
std::string RunUri(std::string_view site);

// A URL first seen on this page: the frontier's memory, kept in the WARC too, so that a crash or a rebuild loses no discovery.
struct Discovery {
  std::string url;
  model::LinkKind kind = model::LinkKind::kPage;
  uint32_t depth = 0;
  std::string text, date;
  uint32_t redirects = 0;  // in a row, by which it was reached
  // Of a counter that answers for several articles: these, in the order of its request; empty where one is not known.
  std::vector<std::string> counts = {};
  std::string post = {};  // the body of a POST, without which it is a GET: model::Link::post
};

// What a counter's answer said of one of several articles.
struct Counted {
  std::string page;
  std::optional<int64_t> clicks;
};

inline constexpr size_t kMostListed = 400;

struct CaptureFacts {
  // From the capture.
  std::string url;
  std::string target;  // WARC-Target-URI, where `url` is the key of a POST; else empty
  UtcTime time{};
  model::FetchOutcome outcome = model::FetchOutcome::kResponse;
  std::string error;
  std::chrono::milliseconds duration{0};  // of the exchange
  int status = 0;
  std::string content_problem;  // why the content coding of a body that came whole ends early or cannot be undone; empty: it can
  std::string payload_digest;  // label; empty without a response; of a revisit, the original's. Given to a commit: of the payload, if it is known
  uint64_t payload_bytes = 0;
  bool not_modified = false;   // 304 to a conditional request
  bool identical = false;      // revisit: same payload as this URL's last response
  std::string content_type, etag, last_modified;  // response fields, as received
  std::string location_field;  // Location of a redirect, resolved; where a page of status 2xx leads that does nothing else; empty where none

  // From the crawl (metadata record).
  Purpose purpose = Purpose::kPage;
  std::string site;
  uint64_t round = 0;  // which crawl of the site
  uint32_t depth = 0;
  std::string via;     // URL that led here, empty for seeds
  // Why the page counts as absent: "" (present or unknown), "http_404", "http_410", "soft_404", "redirect_home".
  std::string absence;
  int gone_after_visits = 2;
  std::chrono::seconds gone_after{0};
  // Of a page with content. Commit drops it from a revisit of the payload that the current version was made from: it says nothing new.
  std::optional<model::PageRecord> record;
  std::string counted_page;                 // kCounter: the article whose number this is
  std::optional<int64_t> clicks;            // kCounter: the number; Commit also sets it where it drops a record that has one
  std::string clicks_basis;                 // kCounter: "counter:vsb"; "counter" when empty
  std::vector<Counted> counted;             // kCounter: of an answer for several articles; counted_page and clicks are empty then
  std::vector<Discovery> discovered;
  // What stood in the way of the page (docs/ledger.md): "ruishu", "captcha", "waf:aliyun", "login", "needs_js", …; empty: nothing that is known.
  std::string obstacle;
  // The page's headline has nothing of the headline by which a link led to it.
  bool unlike_link = false;
  // An article that was held before came back without the frame of its site, or in the new one of a site that is being redesigned (templates/).
  bool other_frame = false;
  // The version of the page from which this sight of it differs only where one of the two is damaged, as Commit found it; 0: none.
  uint32_t only_damage = 0;
  // Of a list or home page that was read: the articles that it lists, in its order, at most kMostListed.
  bool lists = false;
  std::vector<std::string> listing;
  bool ended = false;  // and its text has the end tag that a whole page has
  // How the connection was made, where it was encrypted and there is something to tell.
  std::string tls_version, tls_cipher, tls_problem;  // tls_problem: why the server was not verified; empty: it was

  // Where the records lie.
  warc::Location response;  // response or revisit; length 0 where there was none
  std::string response_id;  // that record's id
  warc::Location metadata;
};

// The metadata record's block (application/json, docs/storage.md) and back. Facts with ill-formed UTF-8 do not come back the same: see
// MakeWellFormed.
std::string MetadataBlock(const CaptureFacts& facts);
Result<CaptureFacts> FactsFromMetadata(std::string_view block);

// Replaces ill-formed UTF-8 in every text, so that a live commit and a reading back see the same facts.
void MakeWellFormed(CaptureFacts& facts);

}  // namespace fangzhi::store
