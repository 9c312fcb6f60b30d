// Pages for the benchmarks: of the sample portal, made in the process, or of a folder. No server, no network.
#pragma once

#include <string>
#include <vector>

namespace fangzhi::bench {

struct SamplePage {
  std::string url, content_type, body, head;
};

// A few hundred articles and lists in the portal's mixture of encodings, templates and spoilt text; the same in every run. Where the
// environment names a folder in FANGZHI_BENCH_PAGES, the pages there instead: one folder each with page.html and expected.json (its "url").
const std::vector<SamplePage>& SamplePages();
size_t BytesOf(const std::vector<SamplePage>& pages);

}  // namespace fangzhi::bench
