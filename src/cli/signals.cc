#include "cli/signals.h"

#include <ctime>

#include <pthread.h>
#include <unistd.h>

#include "cli/cli.h"

namespace fangzhi::cli {

SignalStop::SignalStop(std::function<void()> on_hangup) {
  sigemptyset(&set_);
  sigaddset(&set_, SIGINT);
  sigaddset(&set_, SIGTERM);
  if (on_hangup) sigaddset(&set_, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &set_, &before_);
  thread_ = std::jthread([this, on_hangup = std::move(on_hangup)](std::stop_token ended) {
    int count = 0;
    while (!ended.stop_requested()) {
      const timespec wait{0, 100'000'000};
      const int signal = sigtimedwait(&set_, nullptr, &wait);
      if (signal < 0) continue;
      if (signal == SIGHUP) {
        on_hangup();
        continue;
      }
      if (++count > 1) ::_exit(kFailed);
      source_.request_stop();
    }
  });
}

SignalStop::~SignalStop() {
  thread_.request_stop();
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace fangzhi::cli
