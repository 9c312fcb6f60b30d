#include "base/metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <cstdio>

namespace fangzhi {
namespace {

void AppendEscaped(std::string& out, std::string_view text, bool quoted) {
  for (const char c : text) {
    if (c == '\\') out += "\\\\";
    else if (c == '\n') out += "\\n";
    else if (c == '"' && quoted) out += "\\\"";
    else out += c;
  }
}

}  // namespace

void MetricsWriter::Family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ");
  AppendEscaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void MetricsWriter::Sample(std::initializer_list<std::pair<std::string_view, std::string_view>> labels, double value) {
  text_ += name_;
  char separator = '{';
  for (const auto& [label, of] : labels) {
    text_ += separator;
    text_.append(label).append("=\"");
    AppendEscaped(text_, of, true);
    text_ += '"';
    separator = ',';
  }
  if (separator == ',') text_ += '}';
  text_ += ' ';
  char number[64];
  if (std::isnan(value)) {
    text_ += "NaN";
  } else {
    const auto end = std::to_chars(number, number + sizeof number, value);
    text_.append(number, end.ptr);
  }
  text_ += '\n';
}

ProcessUse GetProcessUse() {
  ProcessUse use;
  if (std::FILE* file = std::fopen("/proc/self/statm", "re")) {
    unsigned long size = 0, resident = 0;
    if (std::fscanf(file, "%lu %lu", &size, &resident) == 2) use.resident_bytes = uint64_t{resident} * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
    std::fclose(file);
  }
  if (DIR* directory = ::opendir("/proc/self/fd")) {
    while (const dirent* entry = ::readdir(directory)) use.open_descriptors += entry->d_name[0] != '.' ? 1 : 0;
    ::closedir(directory);
    if (use.open_descriptors > 0) --use.open_descriptors;  // the one just opened
  }
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    use.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  return use;
}

}  // namespace fangzhi
