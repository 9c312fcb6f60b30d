// What a few pages of a new site say, and the site entry that is made of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/output.h"
#include "config/config.h"
#include "crawl/crawl.h"

namespace fangzhi::cli {

// The pages that were looked at: where the URL led, a few of its lists, ten texts of them.
struct SiteSurvey {
  std::string asked, final_url, origin;
  std::string name;  // of the site, by its own pages
  std::string charset, declared;
  std::string robots;
  std::optional<double> crawl_delay;
  std::vector<std::string> sitemaps;
  uint64_t requests = 0, bytes = 0;
  double mean_milliseconds = 0;
  uint64_t list_links = 0;  // columns that the entry page names

  struct List {
    std::string url, text;
    model::ListFacts facts;
  };
  std::vector<List> lists;
  struct Sample {
    std::string url, via;
    model::PageRecord record;
    int status = 0;
  };
  std::vector<Sample> samples;
  // Families by the pages that they were recognised on, the commonest first.
  struct Family {
    profiles::Match match;
    uint64_t pages = 0;
  };
  std::vector<Family> families;
  uint64_t pages = 0;
  struct Failure {
    std::string url, reason;
  };
  std::vector<Failure> failures;
  std::vector<std::string> problems;     // why the entry that is proposed may find little or nothing
  std::vector<std::string> other_hosts;  // of the same organisation, that texts lie on
};

// Looks at the pages, politely. An error where not even the first could be had, or it is what a firewall, a challenge or a login shows in its place.
Result<void> Survey(crawl::Prober& prober, const std::string& url, const std::function<void(const std::string&)>& talk, SiteSurvey& survey);

struct SiteProposal {
  std::string id, toml;
  // What a whole crawl takes, as far as the lists announce it.
  std::optional<uint64_t> texts;
  std::optional<double> hours;
};

SiteProposal Propose(const SiteSurvey& survey, const model::Site& defaults, const config::Config& known);
model::Json ToJson(const SiteSurvey& survey, const SiteProposal& proposal);
void Show(const SiteSurvey& survey, const SiteProposal& proposal, Output& output);

}  // namespace fangzhi::cli
