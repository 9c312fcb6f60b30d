// Logging: one named logger a component, to stderr and (when the archive is open) to archive/logs. The only header behind
// which spdlog is found. A message is a fixed event name and key=value pairs; text from outside is passed as Escaped{}.
//
//   Log(LogLevel::kWarn, "fetch", "retry", {{"url", Escaped(url)}, {"attempt", Number(2)}});
//
// Levels: error someone must act; warn someone should look today; info rare (start, stop, site done) and not to be triggered at
// will by a site; debug one a page; trace one a byte. Thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace fangzhi {

enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError, kOff };

// A value in a log line. Made only by the functions below, so that nothing unescaped gets in.
class LogValue {
 public:
  const std::string& text() const { return text_; }
  const std::string& json() const { return json_; }
  friend LogValue Escaped(std::string_view from_outside);
  friend LogValue Number(int64_t number);

 private:
  LogValue(std::string text, std::string json) : text_(std::move(text)), json_(std::move(json)) {}
  std::string text_, json_;
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
// From now on each event is a JSON object on a line of its own: time, level, component, event, and its fields.
void LogAsJson(bool json);
// Writes to a file too; one that has grown to `max_bytes` is renamed (fangzhi.1.log …) and the next begun, `files` of them are kept. Failure to
// open is logged, not fatal.
void LogToFile(const std::string& path, uint64_t max_bytes, int files);
// Called around each line on stderr so that a progress line can get out of the way. One hook, set once by cli/.
void SetLogLineHook(void (*before)(), void (*after)());

}  // namespace fangzhi
