#include <gmock/gmock.h>

#include "unit/store/archive_fixture.h"

namespace fangzhi::store {
namespace {

using model::FetchOutcome;
using test::Article;
using test::At;
using test::CommitAll;
using test::CommitOne;
using test::Fetch;
using test::OpenArchive;
using test::UrlOf;
using testing::ElementsAre;
using testing::IsEmpty;

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() : archive_(OpenArchive(directory_.path())) {}

  // A visit on day `day` of January.
  Fetch Visit(int day, const std::string& payload, std::optional<model::PageRecord> record) {
    Fetch fetch;
    fetch.time = At("2026-01-01T00:00:00Z") + std::chrono::hours(24 * (day - 1));
    fetch.payload = payload;
    fetch.record = std::move(record);
    return fetch;
  }
  Fetch Absent(int day) {
    Fetch fetch = Visit(day, "not found", std::nullopt);
    fetch.status = 404;
    fetch.absence = "http_404";
    return fetch;
  }
  Fetch Timeout(int day) {
    Fetch fetch = Visit(day, "", std::nullopt);
    fetch.outcome = FetchOutcome::kTimeout;
    return fetch;
  }
  UrlEntry Entry() { return UrlOf(*archive_, Fetch{}.url); }
  std::vector<VersionEntry> Versions() { return archive_->Snapshot()->Versions(Entry().id).value(); }
  std::vector<EventEntry> Events(std::optional<UtcTime> since = std::nullopt) {
    std::vector<EventEntry> events;
    EXPECT_TRUE(archive_->Snapshot()->Events(since, [&events](const EventEntry& event) {
      events.push_back(event);
      return true;
    }));
    return events;
  }
  std::vector<std::string> EventKinds() {
    std::vector<std::string> kinds;
    for (const EventEntry& event : Events()) kinds.push_back(event.kind);
    return kinds;
  }

  test::TempDirectory directory_;
  std::unique_ptr<Archive> archive_;
};

TEST_F(ArchiveTest, FirstSightIsVersionOneAndEventNew) {
  const CommitOutcome outcome = CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  EXPECT_EQ(outcome.verdict, "new");
  EXPECT_EQ(outcome.version, 1u);
  const std::vector<VersionEntry> versions = Versions();
  ASSERT_EQ(versions.size(), 1u);
  EXPECT_EQ(versions[0].title, "标题");
  EXPECT_EQ(versions[0].body_chars, 2u);
  EXPECT_EQ(versions[0].not_before, versions[0].time);
  EXPECT_THAT(versions[0].changed, IsEmpty());
  EXPECT_THAT(EventKinds(), ElementsAre("new"));
  EXPECT_EQ(Entry().state, "present");
  const auto record = archive_->ReadRecord(versions[0]);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->title, "标题");
  EXPECT_EQ(record->kind_reason, "title and body");
  const auto payload = archive_->ReadPayload(versions[0].response);
  ASSERT_TRUE(payload);
  EXPECT_EQ(payload->payload, "<p>a");
  EXPECT_TRUE(payload->head.starts_with("HTTP/1.1 200 X\r\n"));
  EXPECT_TRUE(payload->head.ends_with("\r\n\r\n"));
}

TEST_F(ArchiveTest, NoiseIsNoChange) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "一\n二")));
  model::PageRecord noisy = Article(" 标题 ", "一 \n\n 二");
  noisy.clicks = 7;
  noisy.editor = "someone";
  EXPECT_EQ(CommitOne(*archive_, Visit(2, "<p>b", noisy)).verdict, "unchanged");
  EXPECT_EQ(Versions().size(), 1u);
  EXPECT_THAT(EventKinds(), ElementsAre("new"));
}

TEST_F(ArchiveTest, AVersionSaysWhichFieldsChanged) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  model::PageRecord edited = Article("标题", "正文改");
  edited.attachments.push_back({"http://www.example.gov.cn/a.pdf", "附件"});
  EXPECT_EQ(CommitOne(*archive_, Visit(3, "<p>b", edited)).verdict, "changed");
  edited.title = "新标题";
  edited.published = "2026-01-02";
  edited.source.reset();
  EXPECT_EQ(CommitOne(*archive_, Visit(5, "<p>c", edited)).version, 3u);
  const std::vector<VersionEntry> versions = Versions();
  ASSERT_EQ(versions.size(), 3u);
  EXPECT_THAT(versions[1].changed, ElementsAre("body", "attachments"));
  EXPECT_THAT(versions[2].changed, ElementsAre("title", "source", "published"));
  EXPECT_EQ(versions[1].not_before, At("2026-01-01"));
  EXPECT_EQ(versions[1].time, At("2026-01-03"));
  EXPECT_THAT(EventKinds(), ElementsAre("edited", "edited", "new"));
}

TEST_F(ArchiveTest, WithoutARecordThePayloadIsTheContent) {
  CommitOne(*archive_, Visit(1, "%PDF-1", std::nullopt));
  EXPECT_EQ(CommitOne(*archive_, Visit(2, "%PDF-2", std::nullopt)).verdict, "changed");
  const std::vector<VersionEntry> versions = Versions();
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_THAT(versions[1].changed, ElementsAre("payload"));
  const auto record = archive_->ReadRecord(versions[1]);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->url, Fetch{}.url);
}

TEST_F(ArchiveTest, AnIdenticalPayloadIsARevisitThatRefersToTheOriginal) {
  model::PageRecord record = Article("标题", "正文");
  record.clicks = 10;
  record.provenance["clicks"] = "infobar";
  CommitOne(*archive_, Visit(1, "<p>a", record));
  EXPECT_EQ(CommitOne(*archive_, Visit(2, "<p>a", record)).verdict, "unchanged");
  EXPECT_EQ(CommitOne(*archive_, Visit(3, "<p>a", record)).verdict, "unchanged");
  const auto visits = archive_->Snapshot()->Visits(Entry().id).value();
  ASSERT_EQ(visits.size(), 3u);
  const auto original = warc::ReadRecord(archive_->WarcPath(visits[0].response.file).value(),
                                         visits[0].response.offset, visits[0].response.length);
  ASSERT_TRUE(original);
  for (size_t i = 1; i < 3; ++i) {
    const warc::Location& place = visits[i].response;
    const auto revisit = warc::ReadRecord(archive_->WarcPath(place.file).value(), place.offset, place.length);
    ASSERT_TRUE(revisit);
    EXPECT_EQ(revisit->type, "revisit");
    EXPECT_EQ(revisit->Field("WARC-Profile"), warc::kRevisitIdentical);
    EXPECT_EQ(revisit->Field("WARC-Refers-To"), "<" + original->id + ">");
    EXPECT_EQ(revisit->Field("WARC-Refers-To-Target-URI"), Fetch{}.url);
    EXPECT_EQ(revisit->Field("WARC-Refers-To-Date"), "2026-01-01T00:00:00.000Z");
    EXPECT_EQ(revisit->Field("WARC-Payload-Digest"), original->Field("WARC-Payload-Digest"));
    EXPECT_EQ(revisit->Field("WARC-Truncated"), "length");
    EXPECT_EQ(archive_->ReadPayload(place)->payload, "<p>a");
  }
  // Every visit that saw the number is an observation, also where the record was not written again.
  const auto clicks = archive_->Snapshot()->Clicks(Entry().id).value();
  ASSERT_EQ(clicks.size(), 3u);
  EXPECT_EQ(clicks[2].clicks, 10);
  EXPECT_EQ(clicks[2].basis, "infobar");
}

TEST_F(ArchiveTest, NotModifiedIsPresent) {
  Fetch first = Visit(1, "<p>a", Article("标题", "正文"));
  first.more_fields = "ETag: \"x\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n";
  CommitOne(*archive_, first);
  EXPECT_EQ(Entry().etag, "\"x\"");
  Fetch second = Visit(2, "", std::nullopt);
  second.status = 304;
  second.conditional = true;
  EXPECT_EQ(CommitOne(*archive_, second).verdict, "not_modified");
  EXPECT_EQ(Entry().last_present, At("2026-01-02"));
  EXPECT_EQ(Entry().etag, "\"x\"");
  const auto visits = archive_->Snapshot()->Visits(Entry().id).value();
  const warc::Location& place = visits[1].response;
  const auto revisit = warc::ReadRecord(archive_->WarcPath(place.file).value(), place.offset, place.length);
  ASSERT_TRUE(revisit);
  EXPECT_EQ(revisit->Field("WARC-Profile"), warc::kRevisitNotModified);
  EXPECT_EQ(revisit->Field("WARC-Refers-To-Date"), "2026-01-01T00:00:00.000Z");
  EXPECT_FALSE(revisit->Field("WARC-Truncated"));
}

// Some servers answer 304 to everybody: nothing was compared, and nothing was seen.
TEST_F(ArchiveTest, A304ThatNobodyAskedForSawNothing) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  Fetch second = Visit(2, "", std::nullopt);
  second.status = 304;
  EXPECT_EQ(CommitOne(*archive_, second).verdict, "failed");
  EXPECT_EQ(Entry().last_present, At("2026-01-01"));
  const auto visits = archive_->Snapshot()->Visits(Entry().id).value();
  ASSERT_EQ(visits.size(), 2u);
  const warc::Location& place = visits[1].response;
  const auto record = warc::ReadRecord(archive_->WarcPath(place.file).value(), place.offset, place.length);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->type, "response");
}

TEST_F(ArchiveTest, GoneOnlyAfterSeveralAbsentVisits) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  EXPECT_FALSE(CommitOne(*archive_, Absent(2)).gone);
  EXPECT_EQ(Entry().state, "suspect");
  CommitOne(*archive_, Timeout(3));
  EXPECT_EQ(Entry().state, "suspect");
  EXPECT_TRUE(CommitOne(*archive_, Absent(4)).gone);
  EXPECT_FALSE(CommitOne(*archive_, Absent(5)).gone);
  EXPECT_EQ(Entry().state, "gone");
  const std::vector<EventEntry> events = Events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].kind, "gone");
  EXPECT_EQ(events[0].not_before, At("2026-01-01"));
  EXPECT_EQ(events[0].time, At("2026-01-02"));
  EXPECT_EQ(events[0].recorded, At("2026-01-04"));
  EXPECT_EQ(events[0].title, "标题");
  EXPECT_EQ(events[0].evidence, "http_404, 2 visits since 2026-01-02T00:00:00+00:00");
  // Who asked on the third day has not heard of it.
  EXPECT_EQ(Events(At("2026-01-03")).size(), 1u);
  EXPECT_EQ(Events(At("2026-01-05")).size(), 0u);
}

TEST_F(ArchiveTest, GoneWaitsForItsTime) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  for (int day = 2; day <= 6; ++day) {
    test::Fetch fetch = Absent(day);
    CaptureToCommit item = test::ToCommit(fetch);
    item.facts.gone_after = std::chrono::hours(72);
    const auto outcome = archive_->Commit({&item, 1}, {});
    ASSERT_TRUE(outcome);
    EXPECT_EQ((*outcome)[0].gone, day == 5) << day;
  }
}

TEST_F(ArchiveTest, RestoredAfterGoneWithItsEdit) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  CommitAll(*archive_, {Absent(2), Absent(3)});
  const CommitOutcome back = CommitOne(*archive_, Visit(4, "<p>b", Article("标题", "正文改")));
  EXPECT_TRUE(back.restored);
  EXPECT_EQ(back.verdict, "changed");
  const std::vector<EventEntry> events = Events();
  EXPECT_THAT(EventKinds(), ElementsAre("restored", "edited", "gone", "new"));
  EXPECT_EQ(events[0].not_before, At("2026-01-03"));
  EXPECT_EQ(events[1].not_before, At("2026-01-01"));
  EXPECT_EQ(Entry().state, "present");
}

TEST_F(ArchiveTest, TheSameBytesAfterA404AreARevisitAndRestored) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  CommitAll(*archive_, {Absent(2), Absent(3)});
  const CommitOutcome back = CommitOne(*archive_, Visit(4, "<p>a", Article("标题", "正文")));
  EXPECT_TRUE(back.restored);
  EXPECT_EQ(back.verdict, "unchanged");
  EXPECT_THAT(EventKinds(), ElementsAre("restored", "gone", "new"));
}

TEST_F(ArchiveTest, BackAfterSuspectIsNoEvent) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  CommitOne(*archive_, Absent(2));
  CommitOne(*archive_, Visit(3, "<p>a", Article("标题", "正文")));
  EXPECT_EQ(Entry().state, "present");
  CommitOne(*archive_, Absent(4));
  EXPECT_EQ(Entry().state, "suspect");
  EXPECT_THAT(EventKinds(), ElementsAre("new"));
}

TEST_F(ArchiveTest, AnOutageIsNoDeletion) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  for (int day = 2; day < 8; ++day) {
    Fetch fetch = Visit(day, "busy", std::nullopt);
    fetch.status = day % 2 == 0 ? 503 : 403;
    EXPECT_EQ(CommitOne(*archive_, fetch).verdict, "failed");
  }
  model::PageRecord blocked = Article("请完成验证", "请完成验证");
  blocked.kind = model::PageKind::kError;
  EXPECT_EQ(CommitOne(*archive_, Visit(8, "<p>block", blocked)).verdict, "failed");
  EXPECT_EQ(Entry().state, "present");
  EXPECT_EQ(Entry().failed_visits, 7);
  EXPECT_EQ(Versions().size(), 1u);
  EXPECT_THAT(EventKinds(), ElementsAre("new"));
}

TEST_F(ArchiveTest, FailingOnlyWhenThereIsNothingElse) {
  EXPECT_EQ(CommitOne(*archive_, Timeout(1)).verdict, "failed");
  EXPECT_EQ(Entry().state, "failing");
  CommitOne(*archive_, Absent(2));
  CommitOne(*archive_, Absent(3));
  EXPECT_EQ(Entry().state, "never");
  EXPECT_THAT(EventKinds(), IsEmpty());
  EXPECT_EQ(CommitOne(*archive_, Visit(4, "<p>a", Article("标题", "正文"))).verdict, "new");
}

TEST_F(ArchiveTest, ATruncatedResponseNeverReplacesAWholeOne) {
  Fetch cut = Visit(1, "<p>a", Article("标题", "正"));
  cut.outcome = FetchOutcome::kTruncated;
  EXPECT_EQ(CommitOne(*archive_, cut).verdict, "new");
  EXPECT_EQ(CommitOne(*archive_, Visit(2, "<p>ab", Article("标题", "正文"))).verdict, "changed");
  cut.time = At("2026-01-03");
  EXPECT_EQ(CommitOne(*archive_, cut).verdict, "failed");
  const std::vector<VersionEntry> versions = Versions();
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_TRUE(versions[0].truncated);
  EXPECT_FALSE(versions[1].truncated);
  EXPECT_THAT(EventKinds(), ElementsAre("new"));  // what the cut one lacked was perhaps there before
}

TEST_F(ArchiveTest, RedirectsAreNoVersions) {
  Fetch fetch = Visit(1, "", std::nullopt);
  fetch.status = 302;
  fetch.more_fields = "Location: ../b/2.htm\r\n";
  EXPECT_EQ(CommitOne(*archive_, fetch).verdict, "redirect");
  EXPECT_EQ(archive_->Snapshot()->Visits(Entry().id).value()[0].reason, "http://www.example.gov.cn/b/2.htm");
  CommitOne(*archive_, Visit(2, "<p>a", Article("标题", "正文")));
  fetch.absence = "redirect_home";
  fetch.time = At("2026-01-03");
  EXPECT_EQ(CommitOne(*archive_, fetch).verdict, "absent");
  EXPECT_EQ(Entry().state, "suspect");
}

TEST_F(ArchiveTest, TheSameUrlTwiceInOneGroup) {
  const auto outcomes = CommitAll(*archive_, {Visit(1, "<p>a", Article("标题", "正文")),
                                              Visit(1, "<p>a", Article("标题", "正文")),
                                              Visit(1, "<p>b", Article("标题", "正文改"))});
  ASSERT_EQ(outcomes.size(), 3u);
  EXPECT_EQ(outcomes[0].verdict, "new");
  EXPECT_EQ(outcomes[1].verdict, "unchanged");
  EXPECT_EQ(outcomes[2].verdict, "changed");
  EXPECT_EQ(Entry().visits, 3u);
  EXPECT_EQ(archive_->Snapshot()->Visits(Entry().id).value().size(), 3u);
}

TEST_F(ArchiveTest, CountersAreObservationsOfTheirPage) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  Fetch fetch;
  fetch.url = "http://www.example.gov.cn/count?id=1";
  fetch.purpose = Purpose::kCounter;
  fetch.payload = "42";
  CaptureToCommit item = test::ToCommit(fetch);
  item.facts.counted_page = Fetch{}.url;
  item.facts.clicks = 42;
  item.facts.clicks_basis = "counter:vsb";
  const auto outcome = archive_->Commit({&item, 1}, {});
  ASSERT_TRUE(outcome);
  EXPECT_EQ((*outcome)[0].verdict, "counter");
  const auto clicks = archive_->Snapshot()->Clicks(Entry().id).value();
  ASSERT_EQ(clicks.size(), 1u);
  EXPECT_EQ(clicks[0].clicks, 42);
  EXPECT_EQ(clicks[0].basis, "counter:vsb");
  EXPECT_EQ(UrlOf(*archive_, fetch.url).purpose, "counter");
  EXPECT_EQ(UrlOf(*archive_, fetch.url).versions, 0u);
}

TEST_F(ArchiveTest, OneAnswerIsAnObservationOfEachOfItsPages) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  Fetch fetch;
  fetch.url = "http://www.example.gov.cn/batch?ids=1,2,3";
  fetch.purpose = Purpose::kCounter;
  fetch.payload = "42,7,9";
  CaptureToCommit item = test::ToCommit(fetch);
  // The second has no number; the third the archive has never heard of.
  item.facts.counted = {{Fetch{}.url, 42}, {"http://www.example.gov.cn/2", std::nullopt}, {"http://www.example.gov.cn/3", 9}};
  item.facts.clicks_basis = "counter:vsb";
  ASSERT_TRUE(archive_->Commit({&item, 1}, {}));
  const auto clicks = archive_->Snapshot()->Clicks(Entry().id).value();
  ASSERT_EQ(clicks.size(), 1u);
  EXPECT_EQ(clicks[0].clicks, 42);
  EXPECT_EQ(clicks[0].basis, "counter:vsb");
  EXPECT_EQ(archive_->Snapshot()->LastClicks(Entry().id).value()->clicks, 42);
  EXPECT_FALSE(archive_->Snapshot()->FindUrl("http://www.example.gov.cn/3").value());
}

TEST_F(ArchiveTest, CapturesWithoutHeadOrAnything) {
  CaptureToCommit nothing;
  nothing.capture.url = "http://www.example.gov.cn/nothing";
  nothing.facts.site = "example";
  CaptureToCommit bare = nothing;
  bare.capture.url = "http://www.example.gov.cn/b are\r\n";
  bare.capture.payload = "bytes without a head";
  bare.capture.status = 200;
  std::vector<CaptureToCommit> items;
  items.push_back(std::move(nothing));
  items.push_back(std::move(bare));
  const auto outcomes = archive_->Commit(items, {});
  ASSERT_TRUE(outcomes) << outcomes.error().ToString();
  EXPECT_EQ((*outcomes)[0].verdict, "failed");
  EXPECT_EQ((*outcomes)[1].verdict, "new");
  const UrlEntry entry = UrlOf(*archive_, "http://www.example.gov.cn/b%20are%0D%0A");
  EXPECT_EQ(archive_->ReadPayload(entry.payload)->payload, "bytes without a head");
}

TEST_F(ArchiveTest, ListIsByPublishedDateAndFollowsTheLatestVersion) {
  Fetch one = Visit(1, "<p>1", Article("一", "1", "2021-11-29"));
  Fetch two = Visit(1, "<p>2", Article("二", "2", "2021-11-30T08:00:00+08:00"));
  two.url += "?2";
  Fetch three = Visit(1, "<p>3", Article("三", "3", ""));
  three.url += "?3";
  CommitAll(*archive_, {one, two, three});
  const auto list = [this](std::string_view from, std::string_view to) {
    std::string titles;
    EXPECT_TRUE(archive_->Snapshot()->List(std::vector<std::string>{"example"}, from, to, [&](const UrlEntry&, const VersionEntry& latest) {
      titles += latest.title;
      return true;
    }));
    return titles;
  };
  EXPECT_EQ(list("", ""), "二一三");
  EXPECT_EQ(list("2021-11", "2021-11"), "二一");
  EXPECT_EQ(list("2021-11-30", ""), "二");
  EXPECT_EQ(list("", "2021-11-29"), "一");
  EXPECT_EQ(list("2022", ""), "");
  CommitOne(*archive_, Visit(2, "<p>1b", Article("一", "1", "2022-01-01")));
  EXPECT_EQ(list("", ""), "一二三");
  EXPECT_EQ(list("2021", "2021"), "二");
}

TEST_F(ArchiveTest, StateIsWrittenReadAndScanned) {
  CommitAll(*archive_, {}, {{"a/1", "one"}, {"a/2", "two"}, {"b", ""}});
  EXPECT_EQ(archive_->GetState("a/1").value(), "one");
  EXPECT_EQ(archive_->GetState("b").value(), "");
  std::string seen;
  EXPECT_TRUE(archive_->ScanState("a/", "a/2", [&seen](std::string_view key, std::string_view value) {
    seen.append(key).append("=").append(value);
    return true;
  }));
  EXPECT_EQ(seen, "a/2=two");
  CommitAll(*archive_, {}, {{"a/1", std::nullopt}});
  EXPECT_EQ(archive_->GetState("a/1").value(), std::nullopt);
}

TEST_F(ArchiveTest, ASnapshotDoesNotMove) {
  const auto before = archive_->Snapshot();
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  EXPECT_EQ(before->FindUrl(Fetch{}.url).value(), std::nullopt);
  EXPECT_TRUE(archive_->Snapshot()->FindUrl(Fetch{}.url).value());
}

TEST_F(ArchiveTest, OneProcessAtATimeAndAfterCloseEverythingIsThere) {
  CommitOne(*archive_, Visit(1, "<p>a", Article("标题", "正文")));
  ArchiveOptions options;
  options.directory = directory_.path();
  const auto second = Archive::Open(options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  ASSERT_TRUE(archive_->Close());
  const auto snapshot = archive_->Snapshot();
  EXPECT_EQ(snapshot->FindUrl(Fetch{}.url).error().kind, ErrorKind::kConflict);
  auto again = Archive::Open(options);
  ASSERT_TRUE(again);
  EXPECT_TRUE((*again)->open_report().clean);
  EXPECT_EQ((*again)->open_report().captures_applied, 0u);
  EXPECT_EQ(UrlOf(**again, Fetch{}.url).versions, 1u);
}

TEST(ArchiveOpenTest, NamesWhatIsWrong) {
  test::TempDirectory directory;
  ArchiveOptions options;
  options.directory = directory.path() + "/none";
  EXPECT_EQ(Archive::Open(options).error().kind, ErrorKind::kNotFound);
  options.create = true;
  ASSERT_TRUE(Archive::Open(options));
  ASSERT_TRUE(WriteFileAtomically(options.directory + "/FORMAT", "2\n"));
  const auto newer = Archive::Open(options);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().kind, ErrorKind::kUnsupported);
  EXPECT_EQ(newer.error().subject, options.directory + "/FORMAT");
}

TEST(ArchiveRobots, HasVersionsButNoEvents) {
  const test::TempDirectory directory;
  const auto archive = test::OpenArchive(directory.path() + "/archive");
  ASSERT_TRUE(archive);
  test::Fetch fetch;
  fetch.url = "http://www.example.gov.cn/robots.txt";
  fetch.purpose = store::Purpose::kRobots;
  fetch.round = 1;
  const std::string first = "User-agent: *\nDisallow: /a/\n", second = "User-agent: *\nDisallow: /b/\n";
  const auto answer = [&](int status, const std::string& body, model::FetchOutcome outcome = model::FetchOutcome::kResponse) {
    fetch.time += std::chrono::hours(25);
    fetch.status = status;
    fetch.payload = body;
    fetch.outcome = outcome;
    EXPECT_EQ(test::CommitOne(*archive, fetch).verdict, "robots");
  };
  answer(200, first);
  answer(200, first);
  answer(200, second);
  answer(503, "busy");
  answer(301, "moved");
  answer(200, "", model::FetchOutcome::kTimeout);
  answer(200, "User-agent", model::FetchOutcome::kTruncated);
  answer(404, "not here: 1");
  answer(404, "not here: 2");
  answer(200, second);
  const auto reader = archive->Snapshot();
  const store::UrlEntry entry = test::UrlOf(*archive, fetch.url);
  const auto versions = reader->Versions(entry.id);
  ASSERT_TRUE(versions);
  ASSERT_EQ(versions->size(), 4u);
  EXPECT_EQ((*versions)[0].status, 200);
  EXPECT_TRUE((*versions)[0].changed.empty());
  EXPECT_EQ((*versions)[1].changed, std::vector<std::string>{"payload"});
  EXPECT_EQ((*versions)[2].status, 404);
  EXPECT_EQ((*versions)[3].payload_digest, (*versions)[1].payload_digest);
  EXPECT_EQ((*versions)[1].not_before, fetch.time - 8 * std::chrono::hours(25)) << "the last visit that saw the first";
  EXPECT_EQ(entry.state, "present");
  ASSERT_TRUE(reader->Events(std::nullopt, [](const store::EventEntry& event) {
    ADD_FAILURE() << event.kind << " " << event.url;
    return true;
  }));
}

}  // namespace
}  // namespace fangzhi::store
