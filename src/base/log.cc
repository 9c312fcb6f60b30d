#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>

#include "base/strings.h"
#include "base/terminal.h"

namespace fangzhi {
namespace {

std::atomic<void (*)()> g_before{nullptr};
std::atomic<void (*)()> g_after{nullptr};
std::atomic<bool> g_json{false};
constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})";

// stderr, getting out of a progress line's way.
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (auto* before = g_before.load()) before();
    std::fwrite(line.data(), 1, line.size(), stderr);
    if (auto* after = g_after.load()) after();
  }
  void flush_() override { std::fflush(stderr); }
};

const std::shared_ptr<spdlog::logger>& SharedLogger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("fangzhi", std::make_shared<StderrSink>());
    made->set_pattern(kTextPattern);
    made->set_level(spdlog::level::warn);
    made->flush_on(spdlog::level::warn);
    made->set_error_handler([](const std::string&) {});
    return made;
  }();
  return logger;
}
spdlog::logger& Logger() { return *SharedLogger(); }

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kTrace: return spdlog::level::trace;
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarn: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
    case LogLevel::kOff: return spdlog::level::off;
  }
  return spdlog::level::warn;
}

}  // namespace

LogValue Escaped(std::string_view from_outside) {
  constexpr size_t kLongest = 300;
  std::string text = PrintableLine(from_outside.substr(0, kLongest));
  if (from_outside.size() > kLongest) text += "…";
  // What is printable holds no control characters and is well-formed: only two characters are special, in both forms.
  const std::string quoted = "\"" + ReplaceAll(ReplaceAll(text, "\\", "\\\\"), "\"", "\\\"") + "\"";
  return LogValue(quoted, quoted);
}
LogValue Number(int64_t number) { return LogValue(std::to_string(number), std::to_string(number)); }

void Log(LogLevel level, std::string_view component, std::string_view event, std::initializer_list<LogField> fields) {
  spdlog::logger& logger = Logger();
  if (!logger.should_log(ToSpdlog(level))) return;
  std::string line;
  if (g_json) {
    line.append("\"component\":\"").append(component).append("\",\"event\":\"").append(event).append("\"");
    for (const LogField& field : fields) line.append(",\"").append(field.key).append("\":").append(field.value.json());
  } else {
    line.append(component).append(": ").append(event);
    for (const LogField& field : fields) line.append(" ").append(field.key).append("=").append(field.value.text());
  }
  logger.log(ToSpdlog(level), line);
}

void LogAsJson(bool json) {
  g_json = json;
  Logger().set_pattern(json ? kJsonPattern : kTextPattern);
}

void SetLogLevel(LogLevel level) { Logger().set_level(ToSpdlog(level)); }

bool ParseLogLevel(std::string_view name, LogLevel* level) {
  static constexpr std::pair<std::string_view, LogLevel> kNames[] = {
      {"trace", LogLevel::kTrace}, {"debug", LogLevel::kDebug}, {"info", LogLevel::kInfo},
      {"warn", LogLevel::kWarn},   {"error", LogLevel::kError}, {"off", LogLevel::kOff}};
  for (const auto& [known, value] : kNames) {
    if (name == known) {
      *level = value;
      return true;
    }
  }
  return false;
}

void LogToFile(const std::string& path, uint64_t max_bytes, int files) {
  try {
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path, max_bytes, static_cast<size_t>(files));
    sink->set_pattern(g_json ? kJsonPattern : kTextPattern);
    Logger().sinks().push_back(std::move(sink));
    // What is less than a warning is written within a second: a line for each page would be a call for each.
    if (!spdlog::get(Logger().name())) spdlog::register_logger(SharedLogger());
    spdlog::flush_every(std::chrono::seconds(1));
  } catch (const std::exception& problem) {  // spdlog throws when a file cannot be opened
    Log(LogLevel::kWarn, "log", "no_file", {{"path", Escaped(path)}, {"error", Escaped(problem.what())}});
  }
}

void SetLogLineHook(void (*before)(), void (*after)()) {
  g_before = before;
  g_after = after;
}

}  // namespace fangzhi
