// A temporary archive and captures to commit to it, for the tests of store/, query/ and maintain/.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "store/store.h"

namespace fangzhi::test {

// A directory that is gone with the object.
class TempDirectory {
 public:
  TempDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fangzhi-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data()) != nullptr ? pattern : std::string();
  }
  ~TempDirectory() {
    std::error_code code;
    if (!path_.empty()) std::filesystem::remove_all(path_, code);
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline UtcTime At(std::string_view text) { return ParseIso8601(text).value(); }

// What a crawl would hand over for one fetch; change what the test is about.
struct Fetch {
  std::string url = "http://www.example.gov.cn/a/1.htm";
  UtcTime time = At("2026-01-01T00:00:00Z");
  int status = 200;
  std::string payload = "<html>page</html>";
  std::string more_fields;  // "ETag: \"1\"\r\n"
  bool conditional = false; // the request
  std::optional<model::PageRecord> record;
  std::string absence;
  store::Purpose purpose = store::Purpose::kPage;
  model::FetchOutcome outcome = model::FetchOutcome::kResponse;
  uint64_t round = 0;  // 0: of no run, judged alone
};

inline model::PageRecord Article(const std::string& title, const std::string& body,
                                 const std::string& published = "2025-12-31") {
  model::PageRecord record;
  record.url = "http://www.example.gov.cn/a/1.htm";
  record.kind = model::PageKind::kArticle;
  record.kind_reason = "title and body";
  record.title = title;
  record.body = body;
  if (!published.empty()) record.published = published;
  record.source = "示例市人民政府";
  record.charset = "GBK";
  record.language = "zh-Hans";
  record.provenance = {{"title", "meta:ArticleTitle"}, {"published", "infobar"}};
  return record;
}

inline store::CaptureToCommit ToCommit(const Fetch& fetch) {
  store::CaptureToCommit item;
  model::Capture& capture = item.capture;
  capture.url = fetch.url;
  capture.began = fetch.time;
  capture.duration = std::chrono::milliseconds{123};
  capture.outcome = fetch.outcome;
  if (model::HasResponse(fetch.outcome)) {
    capture.status = fetch.status;
    capture.remote_address = "203.0.113.7";
    capture.request_head = "GET / HTTP/1.1\r\nHost: www.example.gov.cn\r\n" +
                           std::string(fetch.conditional ? "If-None-Match: \"1\"\r\n" : "") + "\r\n";
    capture.response_head = "HTTP/1.1 " + std::to_string(fetch.status) + " X\r\nContent-Type: text/html\r\n" +
                            fetch.more_fields + "\r\n";
    capture.payload = fetch.payload;
    if (fetch.outcome == model::FetchOutcome::kTruncated) capture.truncation = model::Truncation::kTime;
  } else {
    capture.error = "no answer";
  }
  store::CaptureFacts& facts = item.facts;
  facts.purpose = fetch.purpose;
  facts.site = "example";
  facts.round = fetch.round;
  facts.absence = fetch.absence;
  facts.record = fetch.record;
  if (facts.record) facts.record->url = fetch.url;
  return item;
}

inline std::unique_ptr<store::Archive> OpenArchive(store::ArchiveOptions options) {
  options.create = true;
  Result<std::unique_ptr<store::Archive>> archive = store::Archive::Open(std::move(options));
  EXPECT_TRUE(archive) << (archive ? "" : archive.error().ToString());
  return archive ? std::move(*archive) : nullptr;
}
inline std::unique_ptr<store::Archive> OpenArchive(const std::string& directory) {
  store::ArchiveOptions options;
  options.directory = directory;
  return OpenArchive(std::move(options));
}

inline std::vector<store::CommitOutcome> CommitAll(store::Archive& archive, const std::vector<Fetch>& fetches,
                                                   const std::vector<store::StateWrite>& state = {}) {
  std::vector<store::CaptureToCommit> items;
  for (const Fetch& fetch : fetches) items.push_back(ToCommit(fetch));
  Result<std::vector<store::CommitOutcome>> outcomes = archive.Commit(items, state);
  EXPECT_TRUE(outcomes) << (outcomes ? "" : outcomes.error().ToString());
  return outcomes ? std::move(*outcomes) : std::vector<store::CommitOutcome>();
}
inline store::CommitOutcome CommitOne(store::Archive& archive, const Fetch& fetch) {
  std::vector<store::CommitOutcome> outcomes = CommitAll(archive, {fetch});
  return outcomes.size() == 1 ? outcomes[0] : store::CommitOutcome{};
}

inline store::UrlEntry UrlOf(const store::Archive& archive, const std::string& url) {
  const auto entry = archive.Snapshot()->FindUrl(url);
  EXPECT_TRUE(entry) << (entry ? "" : entry.error().ToString());
  EXPECT_TRUE(entry && *entry) << url;
  return entry && *entry ? **entry : store::UrlEntry{};
}

}  // namespace fangzhi::test
