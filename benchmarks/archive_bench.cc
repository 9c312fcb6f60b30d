// The stations that write: warc and store. One iteration is one page; disks differ, so CPU time is what compares.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "base/digest.h"
#include "process/process.h"
#include "sample_pages.h"
#include "store/store.h"
#include "warc/warc.h"

namespace fangzhi::bench {
namespace {

// A directory that ends with its scope.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "fangzhi-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

constexpr size_t kGroup = 64;  // captures a commit, as the crawl's default

warc::Record ResponseRecord(const SamplePage& page) {
  warc::Record record;
  record.type = "response";
  record.id = NewUuidUrn();
  record.date = SystemClock().Now();
  record.fields = {{"WARC-Target-URI", page.url},
                   {"WARC-Payload-Digest", Sha256Label(page.body)},
                   {"Content-Type", "application/http;msgtype=response"}};
  record.block = page.head + page.body;
  return record;
}

void WarcWrite(benchmark::State& state) {
  const Scratch scratch;
  const SystemClock clock;
  warc::WriterOptions options;
  options.directory = scratch.path();
  options.clock = &clock;
  auto writer = warc::Writer::Create(std::move(options), 1);
  if (!writer) return state.SkipWithError(writer.error().ToString().c_str());
  const auto& pages = SamplePages();
  size_t next = 0;
  uint64_t bytes = 0;
  for (auto _ : state) {
    const SamplePage& page = pages[next++ % pages.size()];
    if (!(*writer)->Append(ResponseRecord(page))) return state.SkipWithError("append failed");
    if (next % kGroup == 0 && !(*writer)->Sync()) return state.SkipWithError("sync failed");
    bytes += page.body.size();
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK(WarcWrite);

void WarcRead(benchmark::State& state) {
  const Scratch scratch;
  const SystemClock clock;
  warc::WriterOptions options;
  options.directory = scratch.path();
  options.clock = &clock;
  auto writer = warc::Writer::Create(std::move(options), 1);
  if (!writer) return state.SkipWithError(writer.error().ToString().c_str());
  for (const SamplePage& page : SamplePages()) {
    if (!(*writer)->Append(ResponseRecord(page))) return state.SkipWithError("append failed");
  }
  if (!(*writer)->Finish()) return state.SkipWithError("finish failed");
  const auto files = warc::ListFiles(scratch.path(), PosixFileSystem());
  if (!files || files->empty()) return state.SkipWithError("no file");
  std::unique_ptr<warc::Reader> reader;
  uint64_t bytes = 0;
  for (auto _ : state) {
    if (!reader) {
      auto opened = warc::Reader::Open(files->front().path);
      if (!opened) return state.SkipWithError("open failed");
      reader = std::move(*opened);
    }
    auto item = reader->Next();
    if (!item) return state.SkipWithError("read failed");
    if (*item) {
      bytes += (*item)->record.block.size();
    } else {
      reader.reset();
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}
BENCHMARK(WarcRead);

store::CaptureToCommit CaptureOf(const SamplePage& page, const model::PageRecord& record, uint64_t number, UtcTime now) {
  store::CaptureToCommit item;
  item.capture.url = page.url + "?n=" + std::to_string(number);
  item.capture.began = now;
  item.capture.remote_address = "127.0.0.1";
  item.capture.request_head = "GET / HTTP/1.1\r\nHost: portal.example\r\n\r\n";
  item.capture.response_head = page.head;
  item.capture.payload = page.body;
  item.capture.status = 200;
  item.facts.site = "portal";
  item.facts.round = 1;
  item.facts.record = record;
  item.facts.record->url = item.capture.url;
  return item;
}

// Commits groups of kGroup captures; `urls` different URLs, then the same again: so either every page is new or nearly all are unchanged.
void Commit(benchmark::State& state, uint64_t urls) {
  const Scratch scratch;
  const SystemClock clock;
  store::ArchiveOptions options;
  options.directory = scratch.path() + "/archive";
  options.create = true;
  options.clock = &clock;
  auto archive = store::Archive::Open(std::move(options));
  if (!archive) return state.SkipWithError(archive.error().ToString().c_str());
  const auto& pages = SamplePages();
  std::vector<model::PageRecord> records;
  for (const SamplePage& page : pages) {
    process::PageInput input;
    input.url = page.url;
    input.content_type = page.content_type;
    input.payload = page.body;
    records.push_back(process::ProcessPage(input).record);
  }
  uint64_t number = 0;
  while (state.KeepRunningBatch(kGroup)) {
    std::vector<store::CaptureToCommit> group;
    for (size_t i = 0; i < kGroup; ++i, ++number) {
      const uint64_t url = number % urls;
      group.push_back(CaptureOf(pages[url % pages.size()], records[url % pages.size()], url, clock.Now()));
    }
    if (!(*archive)->Commit(group, {})) return state.SkipWithError("commit failed");
  }
}
void StoreCommitNew(benchmark::State& state) { Commit(state, UINT64_MAX); }
void StoreCommitUnchanged(benchmark::State& state) { Commit(state, 256); }
// Bounded, for a disk is written to: the number of pages is the number of iterations.
BENCHMARK(StoreCommitNew)->Iterations(64 * 64);
BENCHMARK(StoreCommitUnchanged)->Iterations(64 * 64);

}  // namespace
}  // namespace fangzhi::bench
