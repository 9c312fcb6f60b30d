// Logging: one named logger a component, to stderr and (when the archive is open) to archive/logs. The only header behind
// which spdlog is found. A message is a fixed event name and key=value pairs; text from outside is passed as Escaped{}.
//
//   Log(LogLevel::kWarn, "fetch", "retry", {{"url", Escaped(url)}, {"attempt", Number(2)}});
//
// Levels: error someone must act; warn someone should look today; info rare (start, stop, site done) and not to be triggered at
// will by a site; debug one a page; trace one a byte. Thread-safe.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace fangzhi {

enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError, kOff };

// A value in a log line. Made only by the functions below, so that nothing unescaped gets in.
class LogValue {
 public:
  const std::string& text() const { return text_; }
  friend LogValue Escaped(std::string_view from_outside);
  friend LogValue Number(int64_t number);

 private:
  explicit LogValue(std::string text) : text_(std::move(text)) {}
  std::string text_;
};
LogValue Escaped(std::string_view from_outside);  // control, bidi and quote characters escaped, at most 300 bytes
LogValue Number(int64_t number);

struct LogField {
  std::string_view key;
  LogValue value;
};

void Log(LogLevel level, std::string_view component, std::string_view event,
         std::initializer_list<LogField> fields = {});
void SetLogLevel(LogLevel level);
bool ParseLogLevel(std::string_view name, LogLevel* level);  // trace, debug, info, warn, error, off
// Adds a rotating file sink (JSON Lines). Failure to open is logged, not fatal.
void LogToFile(const std::string& path);
// Called around each line on stderr so that a progress line can get out of the way. One hook, set once by cli/.
void SetLogLineHook(void (*before)(), void (*after)());

}  // namespace fangzhi
