// Text of measurements in Prometheus' exposition format, version 0.0.4. Not thread-safe: one object a scrape.
//
//   MetricsWriter metrics;
//   metrics.Family("fangzhi_fetched_total", "counter", "Pages fetched");
//   metrics.Sample({{"site", id}}, fetched);
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace fangzhi {

class MetricsWriter {
 public:
  // Begins a family; its samples follow. `type` is "counter" or "gauge".
  void Family(std::string_view name, std::string_view type, std::string_view help);
  void Sample(std::initializer_list<std::pair<std::string_view, std::string_view>> labels, double value);
  void Sample(double value) { Sample({}, value); }
  const std::string& text() const { return text_; }

 private:
  std::string name_, text_;
};

// Of this process: resident bytes, open descriptors, CPU seconds; 0 where /proc does not tell.
struct ProcessUse {
  uint64_t resident_bytes = 0, open_descriptors = 0;
  double cpu_seconds = 0;
};
ProcessUse GetProcessUse();

}  // namespace fangzhi
