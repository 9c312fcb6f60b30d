// The stations that are pure functions of bytes: decode, repair, html, extract, links, process, url, robots, diff, digest. One iteration
// is one page of SamplePages, or what the name says.
#include <benchmark/benchmark.h>
#include <gumbo.h>

#include "base/digest.h"
#include "decode/decode.h"
#include "extract/extract.h"
#include "html/html.h"
#include "links/links.h"
#include "process/process.h"
#include "repair/repair.h"
#include "robots/robots.h"
#include "sample_pages.h"
#include "text/text.h"
#include "url/url.h"

namespace fangzhi::bench {
namespace {

// Goes through all pages, as often as needed: their costs differ too much for a part of them to stand for all.
template <class F>
void EachPage(benchmark::State& state, const F& run) {
  const std::vector<SamplePage>& pages = SamplePages();
  if (pages.empty()) return state.SkipWithError("there are no pages");
  uint64_t bytes = 0;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(pages.size()))) {
    for (size_t i = 0; i < pages.size(); ++i) run(i);
    bytes += BytesOf(pages);
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}

const std::vector<std::string>& Decoded() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> made;
    for (const SamplePage& page : SamplePages()) made.push_back(decode::Decode(page.body, {page.content_type}).text);
    return made;
  }();
  return texts;
}

const std::vector<html::Document>& Documents() {
  static const std::vector<html::Document> documents = [] {
    std::vector<html::Document> made;
    for (const std::string& text : Decoded()) made.push_back(html::Document::Parse(repair::Repair(text).text));
    return made;
  }();
  return documents;
}

const std::vector<url::Url>& Urls() {
  static const std::vector<url::Url> urls = [] {
    std::vector<url::Url> made;
    for (const SamplePage& page : SamplePages()) made.push_back(url::Parse(page.url).value_or(url::Url()));
    return made;
  }();
  return urls;
}

void Decode(benchmark::State& state) {
  const auto& pages = SamplePages();
  EachPage(state, [&](size_t i) { benchmark::DoNotOptimize(decode::Decode(pages[i].body, {pages[i].content_type})); });
}
BENCHMARK(Decode);

void Repair(benchmark::State& state) {
  const auto& texts = Decoded();
  EachPage(state, [&](size_t i) { benchmark::DoNotOptimize(repair::Repair(texts[i])); });
}
BENCHMARK(Repair);

// Text in which nothing is to be repaired: most of what comes.
void RepairOfSoundText(benchmark::State& state) {
  std::string sound;
  for (const std::string& text : Decoded()) {
    if (!repair::Repair(text).changed && text.size() > sound.size()) sound = text;
  }
  for (auto _ : state) benchmark::DoNotOptimize(repair::Repair(sound));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * sound.size()));
}
BENCHMARK(RepairOfSoundText);

// The bare library's parse of the same text, errors not collected: what the stations after it are measured by.
void GumboParse(benchmark::State& state) {
  const auto& texts = Decoded();
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  EachPage(state, [&](size_t i) { gumbo_destroy_output(&options, gumbo_parse_with_options(&options, texts[i].data(), texts[i].size())); });
}
BENCHMARK(GumboParse);

void HtmlParse(benchmark::State& state) {
  const auto& texts = Decoded();
  EachPage(state, [&](size_t i) { benchmark::DoNotOptimize(html::Document::Parse(texts[i])); });
}
BENCHMARK(HtmlParse);

void Extract(benchmark::State& state) {
  const auto& documents = Documents();
  const auto& urls = Urls();
  EachPage(state, [&](size_t i) { benchmark::DoNotOptimize(extract::Extract({documents[i], urls[i]})); });
}
BENCHMARK(Extract);

void Links(benchmark::State& state) {
  const auto& documents = Documents();
  const auto& urls = Urls();
  EachPage(state, [&](size_t i) { benchmark::DoNotOptimize(links::FindLinks({documents[i], urls[i]})); });
}
BENCHMARK(Links);

// All of the above as the crawl does it.
void ProcessPage(benchmark::State& state) {
  const auto& pages = SamplePages();
  EachPage(state, [&](size_t i) {
    process::PageInput input;
    input.url = pages[i].url;
    input.content_type = pages[i].content_type;
    input.payload = pages[i].body;
    benchmark::DoNotOptimize(process::ProcessPage(input));
  });
}
BENCHMARK(ProcessPage);

// One relative link.
void UrlCanonical(benchmark::State& state) {
  const url::Url base = *url::Parse("http://www.example.gov.cn/zwgk/202406/index_2.html");
  for (auto _ : state) benchmark::DoNotOptimize(url::Canonical("../../info/1002/t20240603_1017.htm?spm=1.2&id=3#top", &base));
}
BENCHMARK(UrlCanonical);

void UrlSurt(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(url::Surt("http://www.example.gov.cn/zwgk/202406/t20240603_1017.html?a=1"));
}
BENCHMARK(UrlSurt);

std::string RobotsFile() {
  std::string file = "User-agent: *\nCrawl-delay: 2\n";
  for (int i = 0; i < 60; ++i) file += "Disallow: /nbzl/" + std::to_string(i) + "/*.doc$\n";
  return file;
}

void RobotsParse(benchmark::State& state) {
  const std::string file = RobotsFile();
  for (auto _ : state) benchmark::DoNotOptimize(robots::RobotsTxt::Parse(file));
}
BENCHMARK(RobotsParse);

void RobotsDecide(benchmark::State& state) {
  const robots::RobotsTxt rules = robots::RobotsTxt::Parse(RobotsFile());
  for (auto _ : state) benchmark::DoNotOptimize(rules.Decide("fangzhi", "http://www.example.gov.cn/zwgk/202406/t20240603_1017.html"));
}
BENCHMARK(RobotsDecide);

void Digest(benchmark::State& state) {
  const auto& pages = SamplePages();
  EachPage(state, [&](size_t i) { benchmark::DoNotOptimize(Sha256Label(pages[i].body)); });
}
BENCHMARK(Digest);

// Two articles' bodies, the second with a sentence changed in its middle.
void Diff(benchmark::State& state) {
  std::string before;
  for (size_t i = 0; i < Documents().size(); ++i) {
    std::string body = extract::Extract({Documents()[i], Urls()[i]}).body;
    if (body.size() > before.size()) before = std::move(body);
  }
  std::string after = before;
  const size_t middle = after.find("。", after.size() / 2);
  after.insert(middle == std::string::npos ? after.size() : middle, "，并于六月三十日前向社会公布办理结果");
  for (auto _ : state) benchmark::DoNotOptimize(text::Diff(before, after));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * (before.size() + after.size())));
}
BENCHMARK(Diff);

}  // namespace
}  // namespace fangzhi::bench
