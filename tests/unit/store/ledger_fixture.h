// An archive that runs of a crawler write to, for the tests of the ledger. Every test ends with a rebuild that must answer the same.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "unit/store/archive_fixture.h"

namespace fangzhi::store {

inline constexpr const char* kHost = "http://www.example.gov.cn";

class LedgerTest : public testing::Test {
 protected:
  LedgerTest() : archive_(test::OpenArchive(directory_.path())) {}
  ~LedgerTest() override {
    const std::vector<std::string> before = Answers();
    EXPECT_TRUE(archive_->Close());
    archive_.reset();
    ArchiveOptions options;
    options.directory = directory_.path();
    EXPECT_TRUE(Archive::Rebuild(options));
    archive_ = test::OpenArchive(directory_.path());
    EXPECT_EQ(Answers(), before) << "the index made again answers differently";
  }

  static std::string Url(const std::string& path) { return kHost + path; }
  // Run `round` happens on that day of January, a capture a minute.
  test::Fetch Get(const std::string& path, std::optional<model::PageRecord> record = std::nullopt) {
    test::Fetch fetch;
    fetch.url = Url(path);
    fetch.round = round_;
    fetch.time = test::At("2026-01-01T00:00:00Z") + std::chrono::hours(24 * (static_cast<int>(round_) - 1)) + std::chrono::minutes(minute_++);
    fetch.payload = path + std::to_string(round_) + "<p>" + (record ? record->body : "");
    fetch.record = std::move(record);
    return fetch;
  }
  test::Fetch NotFound(const std::string& path) {
    test::Fetch fetch = Get(path);
    fetch.status = 404;
    fetch.absence = "http_404";
    return fetch;
  }
  test::Fetch Redirect(const std::string& path, const std::string& to) {
    test::Fetch fetch = Get(path);
    fetch.status = 301;
    fetch.more_fields = "Location: " + to + "\r\n";
    return fetch;
  }
  static model::PageRecord Home(const std::string& news = "") {
    model::PageRecord record = test::Article("示例市人民政府", "首页" + news, "");
    record.kind = model::PageKind::kHome;
    record.source.reset();
    return record;
  }
  static model::PageRecord Numbered(int number) {
    return test::Article("关于第" + std::to_string(number) + "号水库除险加固的通知" + std::string(static_cast<size_t>(number % 7), 'x'),
                   Words(number), "2025-12-" + std::to_string(10 + number % 20));
  }
  // Text that no other number has.
  static std::string Words(int number) {
    std::string text;
    for (int i = 0; i < 60; ++i) {
      const int place = (number * 7919 + i * 104729) % 20000;
      const char32_t c = U'一' + static_cast<char32_t>(place);
      const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
      text += {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 63)), byte(0x80 | (c & 63))};
    }
    return text;
  }
  static model::PageRecord Notice(const std::string& title, const std::string& body) {
    model::PageRecord record = test::Article(title, body, "");
    record.kind = model::PageKind::kOther;
    record.source.reset();
    record.provenance.clear();
    return record;
  }
  // Ends the run that is under way.
  CommitOutcome End() {
    CaptureToCommit mark;
    mark.capture.url = RunUri("example");
    mark.capture.began = test::At("2026-01-01T12:00:00Z") + std::chrono::hours(24 * (static_cast<int>(round_) - 1));
    mark.capture.outcome = model::FetchOutcome::kCancelled;
    mark.facts.purpose = Purpose::kRun;
    mark.facts.site = "example";
    mark.facts.round = round_++;
    minute_ = 0;
    const auto outcomes = archive_->Commit({&mark, 1}, {});
    EXPECT_TRUE(outcomes);
    return outcomes ? outcomes->front() : CommitOutcome{};
  }
  CommitOutcome Commit(test::Fetch fetch, const std::string& via = "", const std::string& obstacle = "") {
    CaptureToCommit item = test::ToCommit(fetch);
    item.facts.depth = 1;
    item.facts.via = via.empty() ? "" : Url(via);
    item.facts.obstacle = obstacle;
    const auto outcomes = archive_->Commit({&item, 1}, {});
    EXPECT_TRUE(outcomes) << (outcomes ? "" : outcomes.error().ToString());
    return outcomes ? outcomes->front() : CommitOutcome{};
  }
  // A first run that sees the home page and `count` articles, /a/1.htm and so on.
  void FirstRun(int count) {
    Commit(Get("/", Home()));
    for (int i = 1; i <= count; ++i) Commit(Get(Path(i), Numbered(i)));
    End();
  }
  // A list that names the first `count` articles.
  void ReadList(int count) {
    model::PageRecord record = test::Article("通知公告", "列表" + std::to_string(count), "");
    record.kind = model::PageKind::kList;
    CaptureToCommit item = test::ToCommit(Get("/list.htm", record));
    item.facts.lists = true;
    for (int i = 1; i <= count; ++i) item.facts.listing.push_back(Url(Path(i)));
    EXPECT_TRUE(archive_->Commit({&item, 1}, {}));
  }
  static std::string Path(int number) { return "/a/" + std::to_string(number) + ".htm"; }
  UrlEntry Entry(const std::string& path) { return test::UrlOf(*archive_, Url(path)); }
  std::vector<EventEntry> Events(const std::string& kind) {
    std::vector<EventEntry> events;
    EXPECT_TRUE(archive_->Snapshot()->Events(std::nullopt, [&](const EventEntry& event) {
      if (event.kind == kind) events.push_back(event);
      return true;
    }));
    return events;
  }
  std::vector<std::string> Findings(const std::string& path) {
    std::vector<std::string> findings;
    const std::vector<VisitEntry> visits = archive_->Snapshot()->Visits(Entry(path).id).value_or(std::vector<VisitEntry>());
    for (const VisitEntry& visit : visits) findings.push_back(visit.finding);
    return findings;
  }
  std::vector<std::string> Answers() {
    std::vector<std::string> answers;
    const auto index = archive_->Snapshot();
    EXPECT_TRUE(index->Events(std::nullopt, [&](const EventEntry& event) {
      answers.push_back(event.kind + " " + event.url + " " + FormatIso8601(event.not_before) + " " + FormatIso8601(event.time) + " " + event.evidence + event.to);
      return true;
    }));
    EXPECT_TRUE(index->ForEachUrl([&](const UrlEntry& entry) {
      answers.push_back(entry.url + " " + entry.state + " " + std::to_string(entry.versions) + entry.moved_to);
      const std::vector<VisitEntry> visits = index->Visits(entry.id).value_or(std::vector<VisitEntry>());
      for (const VisitEntry& visit : visits) answers.push_back(visit.verdict + visit.finding + visit.state);
      const auto missed = index->FindMissed(entry);
      EXPECT_TRUE(missed);
      EXPECT_EQ(*missed && !visits.empty(), entry.failed_visits > 0) << entry.url;
      if (*missed) answers.push_back("missed in " + std::to_string((*missed)->round) + ": " + (*missed)->obstacle + " " + (*missed)->reason);
      return true;
    }));
    return answers;
  }

  test::TempDirectory directory_;
  std::unique_ptr<Archive> archive_;
  uint64_t round_ = 1;
  int minute_ = 0;
};

}  // namespace fangzhi::store
