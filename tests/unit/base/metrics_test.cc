#include "base/metrics.h"

#include <gtest/gtest.h>

namespace fangzhi {
namespace {

TEST(Metrics, TheExpositionFormat) {
  MetricsWriter metrics;
  metrics.Family("a_total", "counter", "What\nis \\ counted");
  metrics.Sample({{"site", "x\"y\\z\n"}, {"kind", "k"}}, 3);
  metrics.Sample(12345678901.0);
  metrics.Family("b", "gauge", "B");
  metrics.Sample(0.25);
  EXPECT_EQ(metrics.text(),
            "# HELP a_total What\\nis \\\\ counted\n"
            "# TYPE a_total counter\n"
            "a_total{site=\"x\\\"y\\\\z\\n\",kind=\"k\"} 3\n"
            "a_total 12345678901\n"
            "# HELP b B\n"
            "# TYPE b gauge\n"
            "b 0.25\n");
}

TEST(Metrics, AProcessKnowsWhatItUses) {
  const ProcessUse use = GetProcessUse();
  EXPECT_GT(use.resident_bytes, 100'000u);
  EXPECT_GE(use.open_descriptors, 3u);
}

}  // namespace
}  // namespace fangzhi
