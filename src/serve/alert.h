// Tells somebody when a site breaks: a command of the administrator's and a webhook, both with the run's report as JSON. Sending is done on a
// thread of its own and may fail; that is logged, and stops nothing.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "config/config.h"
#include "report/report.h"

namespace fangzhi::serve {

// True when a run is worth an alert: its pattern drifts, it went worse than the one before (null: there is none), or as badly, and something is wrong that
// was not then: another kind of finding, another host, seed or obstacle.
bool IsWorthAnAlert(const report::RunRecord& record, const report::RunRecord* before);
// {"kind":"run","site","name","grade","grade_before","findings":[…],"started","ended","fetched","failed"}
std::string AlertText(const report::RunRecord& record, const report::RunRecord* before);

// Runs the hook with `text` on its standard input, without a shell, its output to our log. kTimeout when it was killed. A stop ends it too.
Result<void> RunHook(const std::vector<std::string>& command, const std::string& text, std::chrono::milliseconds timeout,
                     const std::stop_token& stop = {});
Result<void> PostWebhook(const std::string& url, const std::string& text, std::chrono::milliseconds timeout, const std::string& user_agent,
                         const std::stop_token& stop = {});
// Both, as far as the settings name them; failures are logged.
void SendAlert(const config::Settings& settings, const std::string& text, const std::stop_token& stop = {});

// A thread that sends what is handed to it. What does not fit into its queue is dropped, and logged.
class Alerter {
 public:
  Alerter();
  ~Alerter();  // what waits is dropped
  void Send(std::shared_ptr<const config::Config> config, std::string text);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fangzhi::serve
