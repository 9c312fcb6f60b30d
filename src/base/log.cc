#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>

#include "base/strings.h"
#include "base/terminal.h"

namespace fangzhi {
namespace {

std::atomic<void (*)()> g_before{nullptr};
std::atomic<void (*)()> g_after{nullptr};

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

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>("fangzhi", std::make_shared<StderrSink>());
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    made->set_level(spdlog::level::warn);
    made->flush_on(spdlog::level::warn);
    made->set_error_handler([](const std::string&) {});
    return made;
  }();
  return *logger;
}

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
  const bool cut = from_outside.size() > kLongest;
  std::string text = PrintableLine(from_outside.substr(0, kLongest));
  return LogValue("\"" + ReplaceAll(text, "\"", "\\\"") + (cut ? "…\"" : "\""));
}
LogValue Number(int64_t number) { return LogValue(std::to_string(number)); }

void Log(LogLevel level, std::string_view component, std::string_view event, std::initializer_list<LogField> fields) {
  spdlog::logger& logger = Logger();
  if (!logger.should_log(ToSpdlog(level))) return;
  std::string line;
  line.append(component).append(": ").append(event);
  for (const LogField& field : fields) line.append(" ").append(field.key).append("=").append(field.value.text());
  logger.log(ToSpdlog(level), line);
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

void LogToFile(const std::string& path) {
  try {
    constexpr size_t kFileBytes = size_t{16} << 20, kFiles = 8;
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path, kFileBytes, kFiles);
    sink->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    Logger().sinks().push_back(std::move(sink));
  } catch (const std::exception& problem) {  // spdlog throws when a file cannot be opened
    Log(LogLevel::kWarn, "log", "no_file", {{"path", Escaped(path)}, {"error", Escaped(problem.what())}});
  }
}

void SetLogLineHook(void (*before)(), void (*after)()) {
  g_before = before;
  g_after = after;
}

}  // namespace fangzhi
