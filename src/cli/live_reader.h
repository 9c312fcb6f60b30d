// Read commands while a crawl or the daemon holds the archive: LevelDB belongs to one process, so that process answers for the others, over the local socket
// archive/run/fangzhi.sock. One request a connection: the command's words as a JSON array on one line; the answer is JSON Lines, each
// {"out": text} or {"err": text}, then {"status": n}. The socket is reachable only by the archive's owner.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "config/config.h"
#include "store/store.h"

namespace fangzhi::cli {

class LiveReaderServer {
 public:
  // Takes a command that is not the archive's to answer (run, pause, status …): nullopt when it is not this one's either.
  using Control = std::function<std::optional<int>(const Arguments& arguments, Output& output)>;
  // Answers from `archive`, on a few threads of its own, until destroyed. The archive, and what `control` uses, must live longer.
  static Result<std::unique_ptr<LiveReaderServer>> Start(const std::string& archive_directory, const store::Archive& archive,
                                                         Control control = nullptr);
  ~LiveReaderServer();

 private:
  struct Impl;
  explicit LiveReaderServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Opens the archive for a command. A read command of another process holds it for a moment only: that is waited for. kConflict at once when
// a crawl or the daemon holds it, and answers there.
Result<std::unique_ptr<store::Archive>> OpenWhenFree(const std::string& archive_directory, const config::Settings& settings, bool create,
                                                     const Clock* clock = nullptr);

// Forwards a command to the process that holds the archive. nullopt when no one listens there, or it ended before it had answered anything.
std::optional<int> ForwardToLiveReader(const std::string& archive_directory, const std::vector<std::string>& words, Output& output);

}  // namespace fangzhi::cli
