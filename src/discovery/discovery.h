// discovery/: sitemaps (sitemaps.org 0.9: urlset, index, text, gzip; news extension) and feeds (RSS 0.9x, 1.0, 2.0; Atom 0.3, 1.0; RFC 4287) → the URLs
// that they name, with what they say of them. As lenient as readers are: what a broken document says before and after its fault is taken, element
// names count whatever their namespace, a date that cannot be read is absent.
//
// Safe with anything: entities are never expanded, nothing is ever loaded, depth, text and number of items are bounded, time is linear.
// Pure, thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace fangzhi::discovery {

enum class Kind { kNone, kSitemap, kSitemapIndex, kTextSitemap, kRss, kAtom };
std::string_view KindName(Kind kind);  // "none", "sitemap", "sitemap_index", "text_sitemap", "rss", "atom"

struct Item {
  std::string url;      // absolute, canonical; empty only in a feed
  std::string title;    // plain text
  std::string summary;  // as the document has it, after XML's own escapes
  std::string content;
  std::string id;
  std::string author;
  std::optional<UtcTime> published, updated;  // of a sitemap: publication_date of the news extension, lastmod. A hint: sites lie
  std::string published_day, updated_day;  // YYYY-MM-DD of these, see DayOf
  std::vector<std::string> enclosures;
  std::string change_frequency;  // of a sitemap, as written
  bool outside = false;          // of a sitemap: not below the folder at which it lies
};

struct Document {
  Kind kind = Kind::kNone;  // kNone: neither sitemap nor feed
  std::string title, link, description, language;
  std::optional<UtcTime> updated;
  std::vector<Item> items;   // in the document's order
  std::string charset;       // WHATWG name of what it was read in
  bool well_formed = true;   // false: it was mended
  bool cut = false;          // it has more than a limit lets through
  bool breaks_off = false;   // elements that it opened never end
  size_t bad_lines = 0;      // of a text sitemap: lines that are no URL, which are passed over
};

struct Input {
  std::string_view url;           // where it was got: base of relative links
  std::string_view content_type;  // of the response; may be empty
  std::string_view payload;       // without content coding; a gzip file is told by its first bytes
};

// Sitemaps may have 50,000 entries and 50 MB (52,428,800 bytes) uncompressed. Somewhat more is taken before cutting.
inline constexpr size_t kMostItems = 60'000;
inline constexpr size_t kMostBytes = size_t{64} << 20;

Document Parse(const Input& input);

// Whether a body may be one of these, by its type and first bytes: cheap, for those who have to choose a parser. HTML never is.
bool LooksLikeOne(std::string_view content_type, std::string_view payload);

// The dates of feeds and sitemaps: W3C date-time with any precision, RFC 822 with all that is written in its place (two-digit years, full or missing names
// of days, American zones, other orders), asctime.
std::optional<UtcTime> ParseDate(std::string_view text);

// The day that the author of such a date means: as it is written, but for a time that is said to be UTC, whose day in UTC+8 counts, where the sites
// are. "Tue, 21 Jun 2022 00:00:00 +0800" is the 21st, and so is "Mon, 20 Jun 2022 22:00:00 GMT". Empty where ParseDate is nullopt.
std::string DayOf(std::string_view text);

}  // namespace fangzhi::discovery
