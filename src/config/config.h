// config/: the TOML files → an immutable, checked Config. fangzhi.toml holds the program's settings, sites/*.toml one site each.
// Every mistake (unknown key, wrong type, out of range, bad regular expression, duplicate id, unknown time zone) is reported with file,
// line, column and the nearest valid key, all of them at once. docs/configuration.md is made from the same table of keys.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/profile.h"
#include "model/site.h"

namespace fangzhi::config {

struct Settings {
  std::string user_agent_contact;  // an e-mail address or URL of the operator, goes into User-Agent
  std::string operator_name;       // goes into warcinfo
  int max_transfers = 256;         // under way at once
  int page_workers = 0;            // 0: one a core
  uint64_t warc_max_bytes = uint64_t{1} << 30;  // rotate above
  int warc_compression = 1;                     // libdeflate level 1…12
  std::string warc_prefix = "fangzhi";
  uint64_t commit_captures = 64;                // group commit: at most so many captures …
  int commit_milliseconds = 200;                // … or so long
  uint64_t max_queued_bytes = uint64_t{4} << 20;  // payload bytes between fetcher and writer
  uint64_t min_free_bytes = uint64_t{512} << 20;    // stop crawling when the disk has less
  bool log_json = false;
  uint64_t log_max_bytes = uint64_t{16} << 20;  // of one file of archive/logs
  int log_files = 8;                            // kept
  std::vector<std::string> alert_hook;          // a command and its arguments; empty: none
  std::string alert_webhook;                    // http or https URL; empty: none
  std::chrono::milliseconds alert_timeout{30000};
};

// One mistake: "config/sites/gsei.toml:12:5: max_dept: unknown key; did you mean max_depth?"
struct Problem {
  std::string file;
  size_t line = 0, column = 0;
  std::string key;
  std::string message;
  std::string ToString() const;
};

struct Config {
  Settings settings;
  std::vector<std::shared_ptr<const model::Site>> sites;  // in order of id
  model::Profiles profiles;  // those that are compiled in, and the directory's own over them; in order of id
  std::shared_ptr<const model::Site> FindSite(std::string_view id) const;
};

struct LoadResult {
  Config config;                  // usable only when there are no problems
  std::vector<Problem> problems;  // in order of file, line
};

// Reads `directory`/fangzhi.toml (may be absent: defaults), `directory`/sites/*.toml and `directory`/profiles/*.toml. An absent
// directory is a problem.
LoadResult Load(const std::string& directory);
// The families that are compiled in, from config/profiles/ of the source. Read once.
const model::Profiles& BuiltInProfiles();
// The same with `directory`/profiles/*.toml over them, for tools that need no site list; an absent directory adds nothing.
model::Profiles LoadProfiles(const std::string& directory, std::vector<Problem>* problems);
// One profile; `file` names it. nullptr where there are problems.
std::shared_ptr<const model::Profile> ReadProfile(std::string_view toml, const std::string& file, std::vector<Problem>* problems);
// The same for one text, for tests and `site add`.
LoadResult LoadText(std::string_view settings_toml, std::vector<std::pair<std::string, std::string>> site_files);

// A site made of seeds from the command line, bounded to the seeds' hosts. kInvalidInput when a seed is no http(s) URL.
Result<std::shared_ptr<const model::Site>> SiteFromSeeds(const std::vector<std::string>& seeds);

// RE2 behind the model's interface. nullptr and a message when the expression is wrong.
std::shared_ptr<const model::UrlPattern> CompilePattern(const std::string& text, std::string* problem);

// True when the site's hosts and rules take this URL; `reason` (may be null) gets what decided ("host not listed", "exclude: /search").
bool InScope(const model::Site& site, std::string_view url, std::string* reason = nullptr);

// True when the URL is on one of the site's hosts, whatever its rules say of it.
bool OnHostsOf(const model::Site& site, std::string_view url);

// Every key with type, unit, default and meaning, as Markdown: docs/configuration.md.
std::string DocumentKeys();

}  // namespace fangzhi::config
