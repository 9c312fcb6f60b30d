// What was asked for on the command line. Parsing is apart from running, so that a running crawl can answer a read command that
// another process forwards to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace fangzhi::cli {

struct Arguments {
  std::string command;  // "crawl", "site list", …

  std::string archive = "archive";
  std::string config = "config";
  std::string log_level = "warn";
  bool json = false;
  bool jsonl = false;  // batch
  bool explain = false, clean_html = false;

  std::string file = "-";
  std::string offline_file;  // site test: instead of a fetch
  bool write = false;        // site add: write the entry
  std::string content_type;
  std::string url, base;
  std::vector<std::string> urls;
  std::string agent;

  std::vector<std::string> sites, seeds;
  uint64_t max_pages = 0;
  std::optional<double> delay;
  bool allow_private = false;

  std::optional<uint32_t> version, version_a, version_b;
  std::string at, format = "record";
  std::string from, to, since, kind;
  std::optional<uint64_t> limit;
  bool all_pages = false;
  bool states = false;

  // The daemon.
  std::string listen;
  double clock_rate = 1;
  std::string site;  // of run, pause, resume, report
  bool sweep = false, watch = false;
  std::string impact_host, report_format = "text";
};

struct Parsed {
  Arguments arguments;
  std::optional<int> exit;  // set: print `message` (help, version, or what was wrong) and end with this status
  std::string message;
};
Parsed ParseArguments(const std::vector<std::string>& words);

// True for commands that only read an archive.
bool IsReadCommand(const std::string& command);
// True for commands that ask something of the daemon: run, pause, resume, reload, status.
bool IsDaemonCommand(const std::string& command);

}  // namespace fangzhi::cli
