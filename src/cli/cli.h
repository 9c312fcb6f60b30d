// cli/: the commands of INTERFACE. One function parses the arguments, one runs each command; no logic that a station could have.
//
//   arguments.h         what was asked for
//   help.h              help, and what was probably meant
//   output.h            stdout is data, stderr is talk; JSON Lines batches; tables
//   text_commands.cc    decode, repair, extract, links, url, robots: need no archive
//   archive_commands.cc show, history, diff, clicks, list, changes, stats, verify: read an archive
//   crawl_command.cc    crawl with its progress line and summary; rebuild
//   site_commands.cc    site list, check
//   site_probe.cc       site test, add
//   site_proposal.h     what a few pages of a new site say, and the entry that is made of it
//   live_reader.h       read commands beside a running crawl, over its local socket
//
// Exit status: 0 done; 1 the work failed; 2 wrong usage or configuration; 3 done in part.
#pragma once

namespace fangzhi::cli {

inline constexpr int kDone = 0, kFailed = 1, kWrongUsage = 2, kDoneInPart = 3;

// The whole program. Never throws.
int Main(int argc, char** argv);

}  // namespace fangzhi::cli
