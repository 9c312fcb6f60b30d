// Signals as what they ask for. While one of these lives, SIGINT and SIGTERM ask for a clean stop, a second one ends at once (what was
// acknowledged is safe either way), and SIGHUP calls `on_hangup`, from a thread of its own.
#pragma once

#include <csignal>
#include <functional>
#include <stop_token>
#include <thread>

namespace fangzhi::cli {

class SignalStop {
 public:
  // Blocks the signals in the calling thread and those it makes later.
  explicit SignalStop(std::function<void()> on_hangup = nullptr);
  ~SignalStop();
  std::stop_token token() const { return source_.get_token(); }

 private:
  sigset_t set_{}, before_{};
  std::stop_source source_;
  std::jthread thread_;
};

}  // namespace fangzhi::cli
