// Read commands while a crawl holds the archive: LevelDB belongs to one process, so that process answers for the others, over the local socket
// archive/run/fangzhi.sock. One request a connection: the command's words as a JSON array on one line; the answer is JSON Lines, each
// {"out": text} or {"err": text}, then {"status": n}. The socket is reachable only by the archive's owner.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/output.h"
#include "store/store.h"

namespace fangzhi::cli {

class LiveReaderServer {
 public:
  // Answers from `archive`, on a thread of its own, until destroyed. The archive must live longer.
  static Result<std::unique_ptr<LiveReaderServer>> Start(const std::string& archive_directory, const store::Archive& archive);
  ~LiveReaderServer();

 private:
  struct Impl;
  explicit LiveReaderServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Forwards a read command to the process that holds the archive. nullopt when no one listens there.
std::optional<int> ForwardToLiveReader(const std::string& archive_directory, const std::vector<std::string>& words, Output& output);

}  // namespace fangzhi::cli
