// The commands, each a function of what was asked for and where the answer goes. The result is the exit status.
#pragma once

#include "cli/arguments.h"
#include "cli/output.h"
#include "store/store.h"

namespace fangzhi::cli {

int DecodeCommand(const Arguments& arguments, Output& output);
int RepairCommand(const Arguments& arguments, Output& output);
int ExtractCommand(const Arguments& arguments, Output& output);
int LinksCommand(const Arguments& arguments, Output& output);
int UrlCommand(const Arguments& arguments, Output& output);
int DiscoveryCommand(const Arguments& arguments, Output& output);
int RobotsCommand(const Arguments& arguments, Output& output);

int CrawlCommand(const Arguments& arguments, Output& output);
int RebuildCommand(const Arguments& arguments, Output& output);

int ServeCommand(const Arguments& arguments, Output& output);
// run, pause, resume, reload, status: asked of the daemon that holds the archive; pause, resume and status also work without one.
int DaemonCommand(const Arguments& arguments, const std::vector<std::string>& words, Output& output);

int SiteListCommand(const Arguments& arguments, Output& output);
int SiteCheckCommand(const Arguments& arguments, Output& output);
int SiteTestCommand(const Arguments& arguments, Output& output);
int SiteAddCommand(const Arguments& arguments, Output& output);

// Says which WARC files are missing or too short, so far as a look at their sizes tells.
void TellDamagedFiles(const store::Archive& archive, Output& output);
// show, history, diff, clicks, list, changes, stats, verify.
int ReportCommand(const Arguments& arguments, const store::Archive& archive, Output& output);
// `archive`: an error where it cannot be opened.
int VerifyCommand(const Arguments& arguments, const Result<const store::Archive*>& archive, Output& output);
// The ledger's answers for people: a row of `changes` and of the states of `history`, an entry of `lost`.
std::vector<std::string> RowOfChange(const model::Json& event);
std::vector<std::string> RowOfState(const model::Json& segment);
std::string TextOfLost(const model::Json& row);
int ReadCommand(const Arguments& arguments, const store::Archive& archive, Output& output);

}  // namespace fangzhi::cli
