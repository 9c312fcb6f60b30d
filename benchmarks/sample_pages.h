// Pages of the sample portal for the benchmarks, made in the process: no server, no network.
#pragma once

#include <string>
#include <vector>

namespace fangzhi::bench {

struct SamplePage {
  std::string url, content_type, body, head;
};

// A few hundred articles and lists in the portal's mixture of encodings, templates and spoilt text; the same in every run.
const std::vector<SamplePage>& SamplePages();
size_t BytesOf(const std::vector<SamplePage>& pages);

}  // namespace fangzhi::bench
