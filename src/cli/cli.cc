#include "cli/cli.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/live_reader.h"
#include "crawl/crawl.h"

namespace fangzhi::cli {
namespace {

// A crawl or the daemon that holds the archive answers for it; where none does, or it is somebody else's, the archive is read as it was last acknowledged.
int ReadArchive(const Arguments& arguments, const std::vector<std::string>& words, Output& output) {
  if (const auto status = ForwardToLiveReader(arguments.archive, words, output)) return *status;
  const auto archive = crawl::OpenArchiveToRead(arguments.archive);
  const bool damaged = !archive && (archive.error().kind == ErrorKind::kCorrupt || archive.error().kind == ErrorKind::kIo);
  if (damaged && arguments.command == "verify") return VerifyCommand(arguments, Fail(archive.error()), output);
  if (!archive) return Report(archive.error(), output);
  return ReadCommand(arguments, **archive, output);
}

int Run(const Arguments& arguments, const std::vector<std::string>& words, Output& output) {
  const std::string& command = arguments.command;
  if (command == "decode") return DecodeCommand(arguments, output);
  if (command == "repair") return RepairCommand(arguments, output);
  if (command == "extract") return ExtractCommand(arguments, output);
  if (command == "links") return LinksCommand(arguments, output);
  if (command == "url") return UrlCommand(arguments, output);
  if (command == "sitemap" || command == "feed") return DiscoveryCommand(arguments, output);
  if (command == "robots") return RobotsCommand(arguments, output);
  if (command == "crawl") return CrawlCommand(arguments, output);
  if (command == "serve") return ServeCommand(arguments, output);
  if (IsDaemonCommand(command)) return DaemonCommand(arguments, words, output);
  if (command == "rebuild") return RebuildCommand(arguments, output);
  if (command == "site list") return SiteListCommand(arguments, output);
  if (command == "site check") return SiteCheckCommand(arguments, output);
  if (command == "site test") return SiteTestCommand(arguments, output);
  if (command == "site add") return SiteAddCommand(arguments, output);
  return ReadArchive(arguments, words, output);
}

// A standard stream that was closed before the start would give its number to the next file that is opened: an archive's, and answers would be
// written into it. It is opened so that reading, or writing, fails.
void HoldStandardStreams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
      [[maybe_unused]] const int opened = ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

// A reading command holds every table of the index, a crawl its connections beside them: what systems allow at first (1,024) is the index of an
// archive of 30 GB. Where it cannot be raised, what fails for want of a descriptor says so itself.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int Main(int argc, char** argv) {
  StandardOutput output;
  try {
    // A reader that goes away (`fangzhi list | head`) ends the program by a failed write, not by a signal in the middle of a commit.
    std::signal(SIGPIPE, SIG_IGN);
    // So does a limit on the size of files (ulimit -f): the write fails, as on a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    HoldStandardStreams();
    RaiseDescriptorLimit();
    const std::vector<std::string> words(argv + 1, argv + argc);
    const Parsed parsed = ParseArguments(words);
    if (parsed.exit) {
      if (*parsed.exit != kDone) {
        std::fputs(parsed.message.c_str(), stderr);
        return *parsed.exit;
      }
      output.Data(parsed.message);
      return FlushStandardOutput() ? kDone : kFailed;
    }
    LogLevel level = LogLevel::kWarn;
    if (!ParseLogLevel(parsed.arguments.log_level, &level)) {
      output.Talk("--log-level " + parsed.arguments.log_level + ": not one of trace, debug, info, warn, error, off");
      return kWrongUsage;
    }
    SetLogLevel(level);
    const int status = Run(parsed.arguments, words, output);
    return FlushStandardOutput() ? status : kFailed;
  } catch (const std::exception& problem) {
    output.Talk(std::string("internal error: ") + problem.what());
    return kFailed;
  }
}

}  // namespace fangzhi::cli
