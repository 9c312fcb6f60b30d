// robots/: RFC 9309, the Robots Exclusion Protocol. Parses a robots.txt and decides URLs; explains which rule
// decided. What to do when robots.txt answers 4xx, 5xx or not at all (2.3.1) is Access. Pure, thread-safe,
// linear in file and URL.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::robots {

// A Crawl-delay above this is taken as this: some files ask for a day, which would be a refusal that nobody
// would notice.
inline constexpr double kMaxCrawlDelaySeconds = 300;

struct Decision {
  bool allowed = true;
  std::string rule;  // "Disallow: /private" as written, empty where no rule matched
  size_t line = 0;   // 1-based line of that rule, 0 where none
  std::optional<double>
      crawl_delay_seconds;  // of the group that applies; not in the RFC, honoured as politeness
};

class RobotsTxt {
 public:
  // Never fails: what cannot be read is skipped (2.2.4, 2.3.1.5). At most limits::kMaxRobotsBytes are looked
  // at, to the end of the last whole line. UTF-8, with or without BOM; UTF-16 is understood too. A body that
  // is HTML (an error page served as 200) has no rules. Beyond the RFC, as the large crawlers do: misspelt
  // names of lines ("dissallow"), a missing colon, digits in tokens.
  static RobotsTxt Parse(std::string_view bytes);

  // `product_token` is the crawler's name ("fangzhi"), matched whole and without case (2.2.1); groups for the
  // same token are merged; else the groups for '*'. `url` is an absolute URL or a path with query. Longest
  // match wins, allow on ties (2.2.2); /robots.txt is always allowed.
  Decision Decide(std::string_view product_token, std::string_view url) const;

  // The values of the Sitemap lines wherever they stand, as written, each once.
  const std::vector<std::string>& sitemaps() const { return sitemaps_; }

  struct Rule {
    bool allow;
    std::string pattern;  // normalised percent-encoding; '*' and a '$' at the end are special
    std::string written;  // for the explanation
    size_t line;
  };
  struct Group {
    std::vector<std::string> tokens;  // lower case; "*" for all
    std::vector<Rule> rules;
    // Parallel to `tokens`: a Crawl-delay line is no rule, so "user-agent: a, crawl-delay: 1, user-agent: b,
    // crawl-delay: 2, disallow: /x" is one group (2.2.4) in which each token has its own.
    std::vector<std::optional<double>> crawl_delay_seconds;
  };
  const std::vector<Group>& groups() const { return groups_; }

 private:
  std::vector<Group> groups_;
  std::vector<std::string> sitemaps_;
};

// 2.3.1: what the answer to the robots.txt request means.
enum class Access {
  kParse,        // 2xx: obey the rules
  kAllowAll,     // 4xx: unavailable; also a redirect that led nowhere (2.3.1.2)
  kDisallowAll,  // 5xx, 429 or no answer: unreachable
};
Access AccessForStatus(int status);  // 0 = no response

}  // namespace fangzhi::robots
