// What a run as a whole says: absence, uniform answers, moves, blocks (docs/ledger.md).
#include <gmock/gmock.h>

#include "base/strings.h"
#include "store/entry_json.h"
#include "store/likeness.h"
#include "unit/store/ledger_fixture.h"

namespace fangzhi::store {
namespace {

using test::Article;
using test::At;
using test::Fetch;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST_F(LedgerTest, GoneIsSaidWhenTheSecondRunEndsThatMissedIt) {
  FirstRun(3);
  Commit(Get("/", Home()));
  Commit(NotFound(Path(1)));
  EXPECT_EQ(Entry(Path(1)).state, "suspect");
  EXPECT_EQ(End().ended_gone, 0u);
  Commit(Get("/", Home()));
  Commit(NotFound(Path(1)));
  EXPECT_EQ(Entry(Path(1)).state, "suspect");
  EXPECT_EQ(End().ended_gone, 1u);
  EXPECT_EQ(Entry(Path(1)).state, "gone");
  const auto gone = Events("gone");
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].not_before, At("2026-01-01T00:01:00Z"));
  EXPECT_EQ(gone[0].time, At("2026-01-02T00:01:00Z"));
  EXPECT_EQ(gone[0].recorded, At("2026-01-03T12:00:00Z"));
}

TEST_F(LedgerTest, AbsenceWhileTheHomePageFailsProvesNothing) {
  FirstRun(4);
  for (int run = 0; run < 5; ++run) {
    Fetch down = Get("/");
    down.status = 503;
    Commit(down);
    Commit(NotFound(Path(1)));
    End();
  }
  EXPECT_EQ(Entry(Path(1)).state, "suspect");
  EXPECT_THAT(Events("gone"), IsEmpty());
}

// What is missing of an answer may be the page.
TEST_F(LedgerTest, AnAnswerThatIsNotWholeIsNoAbsence) {
  FirstRun(4);
  model::PageRecord empty = Notice("", "");
  empty.kind = model::PageKind::kError;
  empty.kind_reason = "empty: no text";
  empty.title.reset();
  model::PageRecord soft = Notice("页面不存在", "您访问的页面不存在");
  soft.kind = model::PageKind::kError;
  soft.kind_reason = "soft_404: title";
  const auto cut = [&](const std::string& path, const std::optional<model::PageRecord>& record, const std::string& absence, const std::string& payload) {
    Fetch fetch = Get(path, record);
    fetch.outcome = model::FetchOutcome::kTruncated;
    fetch.absence = absence;
    fetch.payload = payload;
    CaptureToCommit item = test::ToCommit(fetch);
    item.facts.depth = 1;
    item.facts.unlike_link = true;
    return archive_->Commit({&item, 1}, {}).value().front().verdict;
  };
  for (int run = 0; run < 3; ++run) {
    Commit(Get("/", Home()));
    EXPECT_EQ(cut(Path(1), empty, "", "<html>"), "failed");
    EXPECT_EQ(cut(Path(2), soft, "soft_404", "<html><title>页面不存在"), "failed");
    EXPECT_EQ(cut(Path(3), std::nullopt, "", ""), "failed");
    // Of what was never seen as well; but a status came whole.
    EXPECT_EQ(cut(Path(5), soft, "soft_404", "<html><title>页面不存在"), "failed");
    EXPECT_EQ(cut(Path(6), Notice("", "……"), "", "<html>……"), "held");
    Fetch missing = NotFound(Path(4));
    missing.outcome = model::FetchOutcome::kTruncated;
    Commit(missing);
    End();
  }
  for (const int number : {1, 2, 3}) {
    EXPECT_EQ(Entry(Path(number)).state, "present") << number;
    EXPECT_THAT(Findings(Path(number)), ElementsAre("ok", "unreachable:truncated", "unreachable:truncated", "unreachable:truncated")) << number;
  }
  EXPECT_EQ(Entry(Path(4)).state, "gone");
  for (const int number : {5, 6}) {
    EXPECT_EQ(Entry(Path(number)).state, "failing") << number;
    EXPECT_EQ(Entry(Path(number)).absent_visits, 0) << number;
  }
}

TEST_F(LedgerTest, AnArticleWhoseNextPartWasNeverSeenHasAnOpenEnd) {
  const auto part = [](int number, const std::string& next) {
    model::PageRecord record = Numbered(number);
    if (!next.empty()) record.next_page = Url(next);
    return record;
  };
  const auto open_ends = [this] {
    std::vector<std::string> ends;
    EXPECT_TRUE(archive_->Snapshot()->ForEachOpenEnd("example", [&ends](const UrlEntry& article, const std::string& next) {
      ends.push_back(article.url + " " + next);
      return true;
    }));
    return ends;
  };
  Commit(Get("/", Home()));
  Commit(Get(Path(1), part(1, "/a/1_2.htm")));
  EXPECT_THAT(open_ends(), ElementsAre(Url("/a/1.htm") + " " + Url("/a/1_2.htm")));
  Commit(NotFound("/a/1_2.htm"));
  Commit(Get(Path(2), part(2, "/a/2_2.htm")));
  Commit(Get("/a/2_2.htm", part(22, "/a/2_3.htm")));
  Commit(Get(Path(3), part(3, "/a/3_2.htm")));
  Commit(Get("/a/3_2.htm", part(32, "")));
  End();
  EXPECT_THAT(open_ends(), ElementsAre(Url("/a/1.htm") + " " + Url("/a/1_2.htm"), Url("/a/2_2.htm") + " " + Url("/a/2_3.htm")));
  // It comes; the other article ends a part earlier now.
  Commit(Get("/", Home()));
  Commit(Get(Path(1), part(1, "/a/1_2.htm")));
  Commit(Get("/a/1_2.htm", part(12, "")));
  Commit(Get(Path(2), part(2, "/a/2_2.htm")));
  Commit(Get("/a/2_2.htm", part(22, "")));
  End();
  EXPECT_THAT(open_ends(), IsEmpty());
}

TEST_F(LedgerTest, TheSameAnswerForEverythingIsNoEdit) {
  FirstRun(6);
  const model::PageRecord block = Notice("系统通知", "根据统一部署，本次请求未予受理，请记录编号并联系技术人员。");
  Commit(Get("/", block));
  for (int i = 1; i <= 6; ++i) EXPECT_EQ(Commit(Get(Path(i), block)).verdict, "held");
  End();
  Commit(Get("/", Home()));
  for (int i = 1; i <= 6; ++i) Commit(Get(Path(i), Numbered(i)));
  End();
  EXPECT_THAT(Events("edited"), IsEmpty());
  EXPECT_THAT(Events("gone"), IsEmpty());
  EXPECT_EQ(Entry(Path(1)).versions, 1u);
  EXPECT_THAT(Findings(Path(1)), ElementsAre("ok", "blocked:unknown", "ok"));
  EXPECT_EQ(Events("blocked").size(), 1u);
  EXPECT_EQ(Events("reachable").size(), 1u);
}

TEST_F(LedgerTest, AnArticleThatIsRewrittenIsAnEditWithItsOwnVisit) {
  FirstRun(6);
  Commit(Get("/", Home()));
  model::PageRecord shown = Numbered(77);
  shown.clicks = 222;
  const Fetch rewritten = Get(Path(1), shown);
  EXPECT_EQ(Commit(rewritten).verdict, "held");
  EXPECT_THAT(Events("edited"), IsEmpty());
  EXPECT_EQ(End().ended_changed, 1u);
  const auto clicks = archive_->Snapshot()->Clicks(Entry(Path(1)).id).value();
  ASSERT_FALSE(clicks.empty());
  EXPECT_EQ(clicks.back().clicks, 222);
  EXPECT_EQ(clicks.back().time, rewritten.time);
  const auto edited = Events("edited");
  ASSERT_EQ(edited.size(), 1u);
  EXPECT_EQ(edited[0].time, rewritten.time);
  EXPECT_EQ(edited[0].not_before, At("2026-01-01T00:01:00Z"));
  EXPECT_EQ(Entry(Path(1)).state, "present");
  const auto second = archive_->Snapshot()->Version(Entry(Path(1)).id, 2);
  ASSERT_TRUE(second && *second);
  const auto record = archive_->ReadRecord(**second);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->title, Numbered(77).title);
}

TEST_F(LedgerTest, ANoticeInTheArticlesPlaceIsASoft404) {
  FirstRun(20);
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    Commit(Get(Path(1), Notice("消息提示", "您所查阅的资料正在整理。")));
    for (int i = 2; i <= 20; ++i) Commit(Get(Path(i), Numbered(i)));
    End();
  }
  const auto gone = Events("gone");
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].url, Url(Path(1)));
  EXPECT_THAT(gone[0].evidence, HasSubstr("notice_instead"));
  EXPECT_EQ(Entry(Path(1)).versions, 1u);
}

TEST_F(LedgerTest, TheSameFewWordsUnderSeveralHeadlinesAreNoEdit) {
  const auto article = [](int number, const std::string& text) {
    model::PageRecord record = Numbered(number);
    record.body = text.empty() ? Words(number) + Words(number + 100) + Words(number + 200) + Words(number + 300) : text;
    return record;
  };
  Commit(Get("/", Home()));
  for (int i = 1; i <= 30; ++i) Commit(Get(Path(i), article(i, "")));
  End();
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    for (int i = 1; i <= 30; ++i) {
      const std::string text = i <= 3 ? "内容依要求整理中。" : i == 4 ? "会议改期。" : "";
      const std::string verdict = Commit(Get(Path(i), article(i, text))).verdict;
      EXPECT_EQ(verdict == "held", i <= 3 || (i == 4 && run == 0)) << i;
    }
    End();
  }
  EXPECT_EQ(Events("gone").size(), 3u);
  EXPECT_EQ(Entry(Path(1)).versions, 1u);
  // One alone is what its editor made of it, and a picture or a file in the text's place is a text.
  const auto edited = Events("edited");
  ASSERT_EQ(edited.size(), 1u);
  EXPECT_EQ(edited[0].url, Url(Path(4)));
  model::PageRecord poster = article(5, "一图读懂");
  poster.images = {"http://www.example.gov.cn/a/5.jpg"};
  Commit(Get(Path(5), poster));
  // Of what is seen for the first time nothing is known but what it says: three that have only their files.
  for (int i = 41; i <= 43; ++i) {
    model::PageRecord file = article(i, "见附件");
    file.published.reset();
    file.attachments.push_back({Url("/a/" + std::to_string(i) + ".pdf"), "附件.pdf"});
    Commit(Get(Path(i), file));
  }
  const CommitOutcome ended = End();
  EXPECT_EQ(ended.ended_changed, 1u);
  EXPECT_EQ(ended.ended_new, 3u);
}

TEST_F(LedgerTest, AProbeTellsWhatMissingPagesLookLike) {
  FirstRun(20);
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    const model::PageRecord missing = Article("河西县便民服务热线", "请拨打下列热线，或通过政务大厅窗口办理各类事项，工作日九点到十七点。", "2020-01-01");
    const CommitOutcome outcome = Commit(Get(Path(1), missing));
    EXPECT_EQ(outcome.verdict, "held");
    EXPECT_EQ(outcome.wants_probe, run == 0);
    if (outcome.wants_probe) {
      Fetch probe = Get("/a/900000001.htm", missing);
      probe.purpose = Purpose::kProbe;
      Commit(probe);
    }
    End();
  }
  ASSERT_EQ(Events("gone").size(), 1u);
  EXPECT_THAT(Events("edited"), IsEmpty());
}

TEST_F(LedgerTest, AThirdOfTheHostAtOnceIsNoWithdrawalYet) {
  FirstRun(12);
  for (int run = 0; run < 3; ++run) {
    Commit(Get("/", Home()));
    for (int i = 1; i <= 6; ++i) Commit(NotFound(Path(i)));
    for (int i = 7; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
    End();
  }
  EXPECT_THAT(Events("gone"), IsEmpty());
  EXPECT_EQ(Events("redesign_suspected").size(), 1u);
  // It was an outage: they come back, but for one, whose absence begins only now.
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    Commit(NotFound(Path(1)));
    for (int i = 2; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
    End();
  }
  const auto gone = Events("gone");
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].url, Url(Path(1)));
  EXPECT_EQ(gone[0].not_before, At("2026-01-01T00:01:00Z"));
  EXPECT_EQ(gone[0].time, At("2026-01-05T00:01:00Z"));
}

TEST_F(LedgerTest, AMassThatStaysAwayIsGoneAfterMoreVisits) {
  FirstRun(12);
  for (int run = 1; run <= 6; ++run) {
    Commit(Get("/", Home()));
    for (int i = 1; i <= 6; ++i) Commit(NotFound(Path(i)));
    for (int i = 7; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
    End();
    EXPECT_EQ(Events("gone").size(), run < 5 ? 0u : 6u) << run;
  }
}

// A column's application is down for two days, its pages answer 404, and the rest of the host is well: no withdrawal, though of the host it is a small part.
TEST_F(LedgerTest, ADirectoryThatIsMissingForAWhileIsNoWithdrawal) {
  const auto path = [](const std::string& column, int i) { return "/" + column + "/" + std::to_string(i) + ".htm"; };
  const auto visit = [&](bool down, int missing_elsewhere) {
    Commit(Get("/", Home()));
    for (int i = 0; i < 40; ++i) Commit(i < missing_elsewhere ? NotFound(path("tzgg", i)) : Get(path("tzgg", i), Numbered(100 + i)));
    // One of the column was taken down for good when it was down.
    for (int i = 0; i < 8; ++i) Commit(down || (i == 0 && round_ > 2) ? NotFound(path("zwyw", i)) : Get(path("zwyw", i), Numbered(i)));
    return End();
  };
  visit(false, 0);
  visit(true, 1);
  const CommitOutcome ill = visit(true, 1);
  ASSERT_EQ(ill.missing.size(), 1u);
  EXPECT_EQ(ill.missing[0], "www.example.gov.cn: 8 of 8 pages under http://www.example.gov.cn/zwyw/ are still missing");
  EXPECT_EQ(ill.ended_gone, 1u) << "what is missing in another directory is none of the outage";
  EXPECT_EQ(Events("gone").front().url, Url(path("tzgg", 0)));
  const auto told = Events("redesign_suspected");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_THAT(told[0].evidence, HasSubstr("8 of 8 pages under http://www.example.gov.cn/zwyw/ absent at once"));
  visit(false, 1);
  EXPECT_EQ(visit(false, 1).ended_gone, 1u);
  const auto gone = Events("gone");
  ASSERT_EQ(gone.size(), 2u);
  EXPECT_EQ(gone[0].url, Url(path("zwyw", 0)));
  EXPECT_EQ(gone[0].not_before, At("2026-01-01T00:41:00Z")) << "the outage says nothing of it";
  EXPECT_EQ(gone[0].time, At("2026-01-04T00:41:00Z"));
  EXPECT_THAT(Events("restored"), IsEmpty());
}

// A few pages of a large directory are not a great part of it, however many were taken down before.
TEST_F(LedgerTest, SixOfFortyInOneDirectoryAreWithdrawn) {
  const auto visit = [&](int missing) {
    Commit(Get("/", Home()));
    for (int i = 0; i < 40; ++i) Commit(i < missing ? NotFound(Path(i)) : Get(Path(i), Numbered(i)));
    return End().ended_gone;
  };
  visit(0);
  visit(6);
  EXPECT_EQ(visit(12), 6u);
  EXPECT_EQ(visit(12), 6u);
  EXPECT_THAT(Events("redesign_suspected"), IsEmpty());
}

// What is left of it looks like an article: its rows are gone, its title stands.
// Four of a column's pages answer 404 for a day: too few for a great part of it. Three come back; the fourth may have been withdrawn at any time until then.
TEST_F(LedgerTest, WhatWentWithAFewThatCameBackBeginsWhenTheyAreBack) {
  const auto visit = [&](const std::vector<int>& missing, const std::vector<int>& listed) {
    Commit(Get("/", Home()));
    model::PageRecord record = Article("通知公告", "列表" + std::to_string(listed.size()), "");
    record.kind = model::PageKind::kList;
    CaptureToCommit item = test::ToCommit(Get("/list.htm", record));
    item.facts.lists = true;
    for (const int number : listed) item.facts.listing.push_back(Url(Path(number)));
    EXPECT_TRUE(archive_->Commit({&item, 1}, {}));
    for (int i = 1; i <= 8; ++i) {
      const bool absent = std::find(missing.begin(), missing.end(), i) != missing.end();
      Commit(absent ? NotFound(Path(i)) : Get(Path(i), Numbered(i)));
    }
    for (int i = 0; i < 20; ++i) Commit(Get("/b/" + std::to_string(i) + ".htm", Numbered(100 + i)));
    return End();
  };
  visit({}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_THAT(visit({1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 7, 8}).absent_listed,
              ElementsAre("www.example.gov.cn: 4 pages under http://www.example.gov.cn/a/ are not there, though lists name them"));
  EXPECT_EQ(visit({1}, {2, 3, 4, 5, 6, 7, 8}).ended_gone, 0u);
  EXPECT_EQ(visit({1}, {2, 3, 4, 5, 6, 7, 8}).ended_gone, 1u);
  const auto gone = Events("gone");
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].not_before, At("2026-01-01T00:02:00Z"));
  EXPECT_EQ(gone[0].time, At("2026-01-03T00:02:00Z"));
}

// What a run proves to be gone it does not tell as not yet proved.
TEST_F(LedgerTest, WhatIsSaidToBeGoneIsNoLongerToldAsAbsentFromItsLists) {
  const auto visit = [&](bool absent) {
    Commit(Get("/", Home()));
    model::PageRecord record = Article("通知公告", "列表", "");
    record.kind = model::PageKind::kList;
    CaptureToCommit item = test::ToCommit(Get("/list.htm", record));
    item.facts.lists = true;
    for (int i = 1; i <= 8; ++i) item.facts.listing.push_back(Url(Path(i)));
    EXPECT_TRUE(archive_->Commit({&item, 1}, {}));
    for (int i = 1; i <= 8; ++i) Commit(absent && i <= 3 ? NotFound(Path(i)) : Get(Path(i), Numbered(i)));
    for (int i = 0; i < 20; ++i) Commit(Get("/b/" + std::to_string(i) + ".htm", Numbered(100 + i)));
    return End();
  };
  visit(false);
  bool proved = false;
  for (int run = 0; run < 6; ++run) {
    const CommitOutcome ended = visit(true);
    proved = proved || ended.ended_gone > 0;
    EXPECT_EQ(ended.absent_listed.empty(), proved) << run;
  }
  EXPECT_TRUE(proved);
}

// A few that stay away: withdrawn, at once where no list names them any more, with more patience where lists do.
TEST_F(LedgerTest, AFewThatStayAwayAreGoneSoonerWhereNoListNamesThem) {
  for (const bool listed : {false, true}) {
    const std::string column = listed ? "/named" : "/taken";
    const auto path = [&](int i) { return column + "/" + std::to_string(i) + ".htm"; };
    const auto visit = [&](bool absent) {
      Commit(Get("/", Home()));
      model::PageRecord record = Article("通知公告" + column, "列表" + std::to_string(absent && !listed), "");
      record.kind = model::PageKind::kList;
      CaptureToCommit item = test::ToCommit(Get(column + "/list.htm", record));
      item.facts.lists = true;
      for (int i = absent && !listed ? 3 : 1; i <= 8; ++i) item.facts.listing.push_back(Url(path(i)));
      EXPECT_TRUE(archive_->Commit({&item, 1}, {}));
      for (int i = 1; i <= 8; ++i) Commit(absent && i <= 2 ? NotFound(path(i)) : Get(path(i), Numbered(i + (listed ? 50 : 0))));
      const CommitOutcome outcome = End();
      EXPECT_THAT(outcome.absent_listed, IsEmpty()) << "two are an editor's work";
      return outcome.ended_gone;
    };
    visit(false);
    std::vector<uint64_t> gone;
    for (int run = 0; run < 4; ++run) gone.push_back(visit(true));
    EXPECT_THAT(gone, listed ? ElementsAre(0, 0, 0, 2) : ElementsAre(0, 2, 0, 0)) << column;
  }
}

TEST_F(LedgerTest, AListThatBreaksOffIsStillThatList) {
  model::PageRecord list = Article("通知公告", "关于甲的通知 关于乙的通知 关于丙的通知", "");
  list.kind = model::PageKind::kList;
  Commit(Get("/list.htm", list));
  End();
  model::PageRecord rest = Article("通知公告", "关于甲的", "2026-01-02");
  Commit(Get("/list.htm", rest));
  End();
  EXPECT_EQ(Entry("/list.htm").kind, model::PageKind::kList);
  EXPECT_EQ(Events("edited").front().page_kind, model::PageKind::kList);
}

// Taken down, told as gone, and back at another address.
TEST_F(LedgerTest, WhatComesBackElsewhereAfterItWasGoneIsMovedThere) {
  const auto visit = [&](bool there, bool elsewhere) {
    Commit(Get("/", Home()));
    for (int i = 2; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
    Commit(there ? Get(Path(1), Numbered(1)) : NotFound(Path(1)));
    if (elsewhere) Commit(Get("/b/77.htm", Numbered(1)));
    End();
  };
  visit(true, false);
  visit(false, false);
  visit(false, false);
  ASSERT_EQ(Events("gone").size(), 1u);
  visit(false, true);
  const auto moved = Events("moved");
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].to, Url("/b/77.htm"));
  EXPECT_EQ(moved[0].not_before, At("2026-01-02T00:12:00Z")) << "nobody named the new address before: since when it was nowhere";
  EXPECT_EQ(moved[0].time, At("2026-01-04T00:13:00Z"));
  EXPECT_EQ(Entry(Path(1)).state, "moved");
  for (const EventEntry& event : Events("new")) EXPECT_NE(event.url, Url("/b/77.htm"));
}

// Absent in one run, elsewhere in the next: it may have been withdrawn and put back, so it is not said to have been elsewhere when it was absent.
TEST_F(LedgerTest, AMoveEndsWhenItsNewPlaceIsSeen) {
  const auto visit = [&](bool there, bool elsewhere) {
    Commit(Get("/", Home()));
    for (int i = 2; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
    Commit(there ? Get(Path(1), Numbered(1)) : NotFound(Path(1)));
    if (elsewhere) Commit(Get("/b/77.htm", Numbered(1)));
    End();
  };
  visit(true, false);
  visit(false, false);
  visit(false, true);
  const auto moved = Events("moved");
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].not_before, At("2026-01-01T00:12:00Z"));
  EXPECT_EQ(moved[0].time, At("2026-01-03T00:13:00Z"));
  EXPECT_THAT(Events("gone"), IsEmpty());
}

TEST_F(LedgerTest, AnArticleThatWentBackToWhereItWasIsNotLost) {
  FirstRun(10);
  const std::string elsewhere = "/new/1.htm", redirected = "/new/2.htm";
  const auto run = [&](bool moved) {
    Commit(Get("/", Home()));
    Commit(moved ? NotFound(Path(1)) : Get(Path(1), Numbered(1)));
    Commit(moved ? Redirect(Path(2), Url(redirected)) : Get(Path(2), Numbered(2)));
    for (int i = 3; i <= 10; ++i) Commit(Get(Path(i), Numbered(i)));
    Commit(moved ? Get(elsewhere, Numbered(1)) : NotFound(elsewhere));
    Commit(moved ? Get(redirected, Numbered(2)) : NotFound(redirected));
    End();
  };
  for (int i = 0; i < 3; ++i) run(true);
  EXPECT_EQ(Events("moved").size(), 2u);
  for (int i = 0; i < 3; ++i) run(false);
  EXPECT_THAT(Events("gone"), IsEmpty());
  EXPECT_EQ(Events("moved").size(), 4u);
  EXPECT_EQ(Entry(elsewhere).state, "moved");
  EXPECT_EQ(Entry(elsewhere).moved_to, Url(Path(1)));
  EXPECT_EQ(Entry(redirected).moved_to, Url(Path(2)));
  EXPECT_EQ(Entry(Path(1)).state, "present");
  // They were elsewhere until the last visit that saw them there, by a redirect too.
  const auto restored = Events("restored");
  ASSERT_EQ(restored.size(), 2u);
  for (const EventEntry& event : restored) {
    EXPECT_GE(event.not_before, At("2026-01-04T00:00:00Z")) << event.url;
    EXPECT_LT(event.not_before, At("2026-01-05T00:00:00Z")) << event.url;
    EXPECT_GE(event.time, At("2026-01-05T00:00:00Z"));
  }
}

TEST_F(LedgerTest, ARedesignMovesItsArticles) {
  FirstRun(8);
  Commit(Get("/", Home("新版")));
  for (int i = 1; i <= 8; ++i) {
    // Half of them are captured at their new address before the old one is seen to fail.
    const std::string path = "/new/" + std::to_string(i) + ".html";
    if (i % 2 == 0) Commit(Get(path, Numbered(i)));
    Commit(i % 4 == 0 ? Redirect(Path(i), path) : NotFound(Path(i)));
    if (i % 2 == 1) Commit(Get(path, Numbered(i)));
  }
  const CommitOutcome end = End();
  EXPECT_EQ(end.ended_moved, 8u);
  EXPECT_THAT(Events("gone"), IsEmpty());
  EXPECT_EQ(Events("new").size(), 9u);  // of the first run
  const auto moved = Events("moved");
  ASSERT_EQ(moved.size(), 8u);
  for (const EventEntry& event : moved) EXPECT_THAT(event.to, HasSubstr("/new/"));
  EXPECT_EQ(Entry(Path(3)).state, "moved");
  EXPECT_EQ(Entry(Path(3)).moved_to, Url("/new/3.html"));
  EXPECT_EQ(Entry("/new/3.html").moved_from, Url(Path(3)));
}

// What has moved is known to stand elsewhere: when the old address stops redirecting, nothing of the site has turned absent. With a host that shows nothing at
// all the mark of the run could not be written.
TEST_F(LedgerTest, OldAddressesThatStopRedirectingAreNoPartThatIsMissing) {
  constexpr int kPages = 8;
  const auto new_path = [](int i) { return "http://new.example.gov.cn/b/" + std::to_string(i) + ".htm"; };
  const auto elsewhere = [&](int i) {
    Fetch fetch = Get(Path(i), Numbered(i));
    fetch.url = new_path(i);
    return fetch;
  };
  const auto new_home = [&] {
    Fetch fetch = Get("/", Home());
    fetch.url = "http://new.example.gov.cn/";
    return fetch;
  };
  FirstRun(kPages);
  Commit(new_home());
  Commit(Redirect("/", "http://new.example.gov.cn/"));
  for (int i = 1; i <= kPages; ++i) {
    Commit(Redirect(Path(i), new_path(i)));
    Commit(elsewhere(i));
  }
  EXPECT_EQ(End().ended_moved, static_cast<uint64_t>(kPages) + 1);
  const size_t told = Events("redesign_suspected").size();
  // The old host, the home page too.
  for (int run = 0; run < 2; ++run) {
    Commit(new_home());
    Commit(NotFound("/"));
    for (int i = 1; i <= kPages; ++i) {
      Commit(NotFound(Path(i)));
      Commit(elsewhere(i));
    }
    const CommitOutcome ended = End();
    EXPECT_THAT(ended.redesigned, IsEmpty());
    EXPECT_THAT(ended.missing, IsEmpty());
    EXPECT_THAT(ended.absent_listed, IsEmpty());
  }
  EXPECT_EQ(Events("redesign_suspected").size(), told);
  for (int i = 1; i <= kPages; ++i) EXPECT_EQ(Entry(Path(i)).state, "moved");
}

// The same on one host that is well, and a real absence beside it is not taken for a part of it.
TEST_F(LedgerTest, OldAddressesOfOneHostThatStopRedirectingAreNoRedesign) {
  constexpr int kPages = 8;
  FirstRun(kPages);
  const auto visit = [&](bool redirects, int missing) {
    Commit(Get("/", Home()));
    for (int i = 1; i <= kPages; ++i) {
      const std::string now = "/b/" + std::to_string(i) + ".htm";
      Commit(redirects ? Redirect(Path(i), Url(now)) : NotFound(Path(i)));
      Commit(i <= missing ? NotFound(now) : Get(now, Numbered(i)));
    }
    return End();
  };
  EXPECT_EQ(visit(true, 0).ended_moved, static_cast<uint64_t>(kPages));
  const size_t told = Events("redesign_suspected").size();
  EXPECT_THAT(visit(false, 0).redesigned, IsEmpty());
  EXPECT_THAT(visit(false, 1).redesigned, IsEmpty());
  EXPECT_EQ(visit(false, 1).ended_gone, 1u);
  EXPECT_EQ(Events("redesign_suspected").size(), told);
  // And what is a great part of the pages that are still there is one, however many there were at the old addresses.
  EXPECT_THAT(visit(false, 6).redesigned, testing::SizeIs(1));
}

// The State Council's notice stands on every site of the archive: another site's copy is not where this site's page went.
TEST_F(LedgerTest, AnotherSitesCopyIsNoNewPlace) {
  FirstRun(10);
  const auto other_site = [&](int i) {
    Fetch fetch = Get(Path(i), Numbered(i));
    fetch.url = "http://www.other.gov.cn/zw/" + std::to_string(i) + ".htm";
    fetch.record->body += "本网编者按：转载。";
    CaptureToCommit item = test::ToCommit(fetch);
    item.facts.site = "other";
    item.facts.depth = 1;
    EXPECT_TRUE(archive_->Commit({&item, 1}, {}));
    return fetch.url;
  };
  std::string copy;
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    if (run == 0) copy = other_site(1);
    Commit(NotFound(Path(1)));
    for (int i = 2; i <= 10; ++i) Commit(Get(Path(i), Numbered(i)));
    End();
  }
  EXPECT_THAT(Events("moved"), IsEmpty());
  EXPECT_EQ(Events("gone").size(), 1u);
  size_t told = 0;
  for (const EventEntry& event : Events("new")) told += event.url == copy ? 1 : 0;
  EXPECT_EQ(told, 1u);
  EXPECT_EQ(test::UrlOf(*archive_, copy).moved_from, "");
}

// However many articles of the same day there are, before it in the archive, of this site and of others.
TEST_F(LedgerTest, TheNewPlaceIsFoundAmongManyOfItsDay) {
  constexpr int kPages = 100;
  const auto of_one_day = [](int i) {
    model::PageRecord record = Numbered(i);
    record.published = "2025-12-20";
    return record;
  };
  const auto others = [&] {
    for (int i = 2; i <= kPages; ++i) Commit(Get(Path(i), of_one_day(i)));
  };
  Commit(Get("/", Home()));
  Commit(Get(Path(1), of_one_day(1)));
  others();
  End();
  Commit(Get("/", Home()));
  Commit(NotFound(Path(1)));
  others();
  model::PageRecord edited = of_one_day(1);
  edited.title = "关于做好" + *edited.title;
  edited.body += "\n有关事项另行通知，请各有关单位认真贯彻执行。";
  Commit(Get("/b/1.htm", edited));
  EXPECT_EQ(End().ended_moved, 1u);
  EXPECT_EQ(Entry(Path(1)).moved_to, Url("/b/1.htm"));
}

TEST_F(LedgerTest, AnotherArticleOfTheSameNameIsNoMove) {
  FirstRun(12);
  model::PageRecord namesake = Numbered(1);
  namesake.body = Words(500);
  namesake.source = "别处";
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    Commit(NotFound(Path(1)));
    Commit(Get("/b/1.htm", namesake));
    End();
  }
  EXPECT_THAT(Events("moved"), IsEmpty());
  EXPECT_EQ(Events("gone").size(), 1u);
}

// Taken down on the day on which the next of its kind comes, which has the same form and day, and says another thing.
TEST_F(LedgerTest, TheNextNoticeOfAFormIsNoNewPlaceOfTheLast) {
  struct Pair {
    const char* what;
    model::PageRecord before, after;
    bool moved;
  };
  const auto bid = [](const std::string& title, int i) {
    const std::string n = std::to_string(i);
    return test::Article(title, "一、项目编号：LS2024-" + n + "\n二、项目名称：农村道路建设第" + n + "标段\n三、中标供应商：第" + n + "建筑有限公司\n四、中标金额：" + n +
                                    "万元\n五、公告期限：自本公告发布之日起1个工作日。\n六、其他补充事宜：无。联系人：采购中心。");
  };
  const auto with_file = [](const std::string& file, const std::string& image) {
    model::PageRecord record = test::Article("公示", image.empty() ? "详见附件。" : "");
    if (!file.empty()) record.attachments.push_back({Url(file), "附件.pdf"});
    if (!image.empty()) record.images.push_back(Url(image));
    return record;
  };
  const std::string boilerplate = Words(1) + "。" + Words(2) + "，" + Words(3) + "。" + Words(4) + "；" + Words(5) + "。" + Words(6) + "，" + Words(7) + "。" + Words(8) + "。" + Words(9) + "。";
  const auto numbered = [&](const std::string& number, const std::string& text) {
    model::PageRecord record = test::Article("关于印发实施方案的通知", boilerplate + text);
    if (!number.empty()) record.document_number = number;
    return record;
  };
  const std::string appointment = "经研究，决定任命";
  const std::vector<Pair> pairs = {
      {"other numbers", bid("中标公告", 8), bid("中标公告", 15), false},
      {"other numbers in the title too", bid("中标公告（LS2024-001号）", 8), bid("中标公告（LS2024-008号）", 15), false},
      {"the same text, another lot", bid("中标公告（第一标段）", 8), bid("中标公告（第二标段）", 8), false},
      {"the same text, another full-width number", bid("公告（第１号）", 8), bid("公告（第２号）", 8), false},
      {"another file", with_file("/f/1.pdf", ""), with_file("/f/2.pdf", ""), false},
      {"another picture", with_file("", "/i/1.jpg"), with_file("", "/i/2.jpg"), false},
      {"other hours", test::Article("天气预报", "08时发布：今天多云，最高气温25℃，偏南风3级。请注意防暑降温。"),
       test::Article("天气预报", "11时发布：今天多云，最高气温26℃，偏南风2级。请注意防暑降温。"), false},
      {"other names", test::Article("任免通知", appointment + "张三同志为县教育局副局长。"), test::Article("任免通知", appointment + "李四同志为县水利局副局长。"), false},
      {"long, one number differs, nothing else proves it", numbered("", "共5人。"), numbered("", "共6人。"), false},
      {"long, other document numbers", numbered("临政发〔2024〕5号", ""), numbered("临政发〔2024〕6号", ""), false},
      {"the same text", bid("中标公告（第1标段）", 8), bid("中标公告（第1标段）", 8), true},
      {"the same file elsewhere", with_file("/f/1.pdf", ""), with_file("/new/1.pdf", ""), true},
      {"the same picture elsewhere", with_file("", "/i/1.jpg"), with_file("", "/new/1.jpg"), true},
      {"one number corrected of a document", numbered("临政发〔2024〕5号", "共5人。"), numbered("临政发〔2024〕5号", "共6人。"), true},
      {"grown on its way", numbered("", ""), numbered("", "责任编辑：王五。"), true},
      {"a word is another", numbered("", "请认真贯彻执行。"), numbered("", "请遵照贯彻执行。"), true},
  };
  Commit(Get("/", Home()));
  for (int i = 1; i <= 40; ++i) Commit(Get(Path(i), Numbered(i)));
  for (size_t i = 0; i < pairs.size(); ++i) {
    model::PageRecord record = pairs[i].before;
    record.published = "2025-11-" + std::to_string(10 + i);
    Commit(Get("/" + std::to_string(i) + "/old.htm", record));
  }
  End();
  for (size_t run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    for (int i = 1; i <= 40; ++i) Commit(Get(Path(i), Numbered(i)));
    for (size_t i = 0; i < pairs.size(); ++i) {
      const std::string directory = "/" + std::to_string(i);
      model::PageRecord record = pairs[i].after;
      record.published = "2025-11-" + std::to_string(10 + i);
      Commit(NotFound(directory + "/old.htm"));
      Commit(Get(directory + "/new.htm", record));
    }
    End();
  }
  for (size_t i = 0; i < pairs.size(); ++i) {
    EXPECT_EQ(Entry("/" + std::to_string(i) + "/old.htm").state, pairs[i].moved ? "moved" : "gone") << pairs[i].what;
  }
}

TEST_F(LedgerTest, RedirectsToOneNoticeAreAbsences) {
  FirstRun(20);
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    Commit(Redirect(Path(1), "/tip.html"));
    Commit(Redirect(Path(2), "/tip.html"));
    Commit(Get("/tip.html", Notice("提示", "本栏目内容调整，请从导航栏进入。")));
    End();
  }
  std::vector<std::string> urls;
  for (const EventEntry& event : Events("gone")) urls.push_back(event.url);
  EXPECT_THAT(urls, UnorderedElementsAre(Url(Path(1)), Url(Path(2))));
}

TEST_F(LedgerTest, WithoutAMarkTheNextRunJudges) {
  FirstRun(3);
  for (int run = 0; run < 3; ++run) {
    Commit(Get("/", Home()));
    Commit(NotFound(Path(1)));
    ++round_;  // killed before the mark
    minute_ = 0;
  }
  EXPECT_EQ(Entry(Path(1)).state, "gone");
}

TEST_F(LedgerTest, ListsNameAndDropAndStartTheIntervalOfNews) {
  const auto list = [&](const std::vector<std::string>& names) {
    model::PageRecord record = Article("通知公告", "列表" + std::to_string(names.size()), "");
    record.kind = model::PageKind::kList;
    CaptureToCommit item = test::ToCommit(Get("/list.htm", record));
    item.facts.lists = true;
    for (const std::string& name : names) item.facts.listing.push_back(Url(name));
    EXPECT_TRUE(archive_->Commit({&item, 1}, {}));
  };
  Commit(Get("/", Home()));
  list({Path(1)});
  Commit(Get(Path(1), Numbered(1)), "/list.htm");
  End();
  Commit(Get("/", Home()));
  list({Path(1), Path(2), Path(3)});
  EXPECT_EQ(Entry(Path(3)).state, "listed");
  Commit(Get(Path(2), Numbered(2)), "/list.htm");
  End();
  const EventEntry news = Events("new").front();
  EXPECT_EQ(news.url, Url(Path(2)));
  EXPECT_EQ(news.not_before, At("2026-01-01T00:01:00Z"));  // the list's visit that did not name it
  EXPECT_THAT(news.evidence, HasSubstr("back-dated: published 2025-12-12"));
  EXPECT_EQ(Entry(Path(1)).lists.size(), 1u);
  Commit(Get("/", Home()));
  list({Path(2)});
  End();
  EXPECT_THAT(Entry(Path(1)).lists, IsEmpty());
  EXPECT_EQ(Entry(Path(1)).unlisted_since, At("2026-01-03T00:01:00Z"));
  EXPECT_EQ(Entry(Path(1)).named_until, At("2026-01-02T00:01:00Z")) << "not when it was first listed";
  EXPECT_EQ(Entry(Path(1)).state, "present");
}

class ShortListTest : public LedgerTest {
 protected:
  // A list page of `pages` pages that names these articles. `ended`: its text has an end.
  void List(const std::vector<int>& numbers, bool ended = true, const std::string& path = "/list.htm", uint64_t pages = 0) {
    model::PageRecord record = Article("通知公告", "列表" + std::to_string(round_) + (numbers.empty() ? "" : Words(numbers.front())), "");
    record.kind = model::PageKind::kList;
    record.list.emplace();
    record.list->dialect = "trs";
    record.list->items = numbers.size();
    if (pages > 0) record.list->pages = pages;
    CaptureToCommit item = test::ToCommit(Get(path, record));
    item.facts.lists = true;
    item.facts.ended = ended;
    for (const int number : numbers) item.facts.listing.push_back(Url(Path(number)));
    EXPECT_TRUE(archive_->Commit({&item, 1}, {}));
  }
  static std::vector<int> Numbers(int from, int to) {
    std::vector<int> numbers;
    for (int i = from; i <= to; ++i) numbers.push_back(i);
    return numbers;
  }
  // A first run of a list of `count` articles, all read.
  void ListedRun(int count, uint64_t pages = 0) {
    Commit(Get("/", Home()));
    List(Numbers(1, count), true, "/list.htm", pages);
    for (int i = 1; i <= count; ++i) Commit(Get(Path(i), Numbered(i)), "/list.htm");
    EXPECT_THAT(End().short_lists, IsEmpty());
  }
  // A run that reads the home page and the list.
  CommitOutcome Run(const std::vector<int>& numbers, bool ended = true, uint64_t pages = 0) {
    Commit(Get("/", Home(std::to_string(round_))));
    List(numbers, ended, "/list.htm", pages);
    return End();
  }
  bool IsUnlisted(int number) { return Entry(Path(number)).unlisted_since.has_value(); }
};

TEST_F(ShortListTest, AListWithoutItsRowsIsToldAndNothingIsUnlisted) {
  ListedRun(10);
  EXPECT_THAT(Run({}).short_lists, ElementsAre("http://www.example.gov.cn/list.htm: shows 0 articles, 10 before"));
  EXPECT_FALSE(IsUnlisted(1));
  EXPECT_THAT(Run({1, 2, 3}).short_lists, ElementsAre(HasSubstr("shows 3 articles, 10 before")));
  EXPECT_FALSE(IsUnlisted(9));
  // The next whole list tells what was taken off meanwhile.
  EXPECT_THAT(Run(Numbers(2, 10)).short_lists, IsEmpty());
  EXPECT_TRUE(IsUnlisted(1));
  EXPECT_FALSE(IsUnlisted(9));
}

TEST_F(ShortListTest, WhatIsNewAfterAShortListMayBeAsOldAsItsLastWholeVisit) {
  ListedRun(10);
  Run({});
  Run({});
  Commit(Get("/", Home("neu")));
  List(Numbers(1, 11));
  Commit(Get(Path(11), Numbered(11)), "/list.htm");
  End();
  EXPECT_EQ(Events("new").front().url, Url(Path(11)));
  EXPECT_EQ(Events("new").front().not_before, At("2026-01-01T00:01:00Z"));
}

TEST_F(ShortListTest, AColumnThatStaysEmptyIsBelievedInTheFifthRun) {
  ListedRun(10);
  for (int run = 1; run <= 4; ++run) {
    const CommitOutcome outcome = Run({});
    EXPECT_THAT(outcome.short_lists, testing::SizeIs(1)) << run;
    EXPECT_THAT(outcome.believed_lists, IsEmpty()) << run;
  }
  const CommitOutcome fifth = Run({});
  EXPECT_THAT(fifth.short_lists, IsEmpty());
  EXPECT_THAT(fifth.believed_lists, ElementsAre(HasSubstr("shows 0 articles, 10 before, in 5 runs")));
  EXPECT_EQ(Entry(Path(1)).unlisted_since, At("2026-01-02T00:01:00Z")) << "when it was first seen";
  EXPECT_EQ(Entry(Path(1)).named_until, At("2026-01-01T00:01:00Z"));
  const CommitOutcome sixth = Run({});
  EXPECT_THAT(sixth.short_lists, IsEmpty());
  EXPECT_THAT(sixth.believed_lists, IsEmpty());
  // A list that shows the articles of the day alone is full and empty by turns: known of it now.
  Run(Numbers(11, 20));
  EXPECT_THAT(Run({21, 22}).short_lists, IsEmpty());
}

// Of a column that lists the articles of the day a day with few is told once, and again only where there are fewer still.
TEST_F(ShortListTest, AColumnOfTheDaysArticlesIsToldOnce) {
  ListedRun(9);
  EXPECT_THAT(Run({11, 12}).short_lists, testing::SizeIs(1));
  EXPECT_THAT(Run(Numbers(21, 27)).short_lists, IsEmpty());
  EXPECT_THAT(Run({31, 32}).short_lists, IsEmpty());
  EXPECT_THAT(Run(Numbers(41, 49)).short_lists, IsEmpty());
  EXPECT_THAT(Run({51, 52, 53}).short_lists, IsEmpty());
  Run(Numbers(61, 68));
  EXPECT_THAT(Run({}).short_lists, testing::SizeIs(1));
}

// A failure that passes is told whenever it comes.
TEST_F(ShortListTest, WhatComesBackWithItsRowsWasAFailureEachTime) {
  ListedRun(10);
  for (int time = 0; time < 3; ++time) {
    EXPECT_THAT(Run({1, 2, 3}).short_lists, testing::SizeIs(1)) << time;
    EXPECT_THAT(Run(Numbers(1, 10)).short_lists, IsEmpty());
  }
}

TEST_F(ShortListTest, ASeenAgainCountBeginsAnew) {
  ListedRun(10);
  for (int run = 1; run <= 4; ++run) Run({});
  Run(Numbers(1, 10));
  for (int run = 1; run <= 4; ++run) EXPECT_THAT(Run({}).believed_lists, IsEmpty()) << run;
}

TEST_F(ShortListTest, RowsThatWentOnToTheNextPageAreNotMissing) {
  ListedRun(20);
  Commit(Get("/", Home("x")));
  List({21});
  List(Numbers(1, 20), true, "/list_2.htm");
  Commit(Get(Path(21), Numbered(21)), "/list.htm");
  EXPECT_THAT(End().short_lists, IsEmpty());
  EXPECT_FALSE(IsUnlisted(1));
}

TEST_F(ShortListTest, RowsOfWithdrawnArticlesAreNotMissing) {
  ListedRun(8);
  for (int i = 10; i < 30; ++i) Commit(Get(Path(i), Numbered(i)));
  End();
  Commit(Get("/", Home("x")));
  List({1, 2, 3, 4});
  for (int i = 5; i <= 8; ++i) Commit(NotFound(Path(i)));
  for (int i = 10; i < 30; ++i) Commit(Get(Path(i), Numbered(i)));
  EXPECT_THAT(End().short_lists, IsEmpty());
  EXPECT_TRUE(IsUnlisted(5));
}

TEST_F(ShortListTest, ATextWithoutItsEndIsTold) {
  ListedRun(10);
  EXPECT_THAT(Run(Numbers(1, 7), false).short_lists, ElementsAre(HasSubstr("breaks off, without the end that it had, with 7 articles of 10")));
  EXPECT_FALSE(IsUnlisted(9));
  EXPECT_THAT(Run(Numbers(1, 10)).short_lists, IsEmpty());
}

TEST_F(ShortListTest, AListThatNeverHadAnEndIsAsEver) {
  Commit(Get("/", Home()));
  List(Numbers(1, 10), false);
  End();
  EXPECT_THAT(Run(Numbers(2, 11), false).short_lists, IsEmpty());
}

TEST_F(ShortListTest, PagingThatVanishedIsTold) {
  ListedRun(10, 7);
  EXPECT_THAT(Run(Numbers(1, 10), true, 0).short_lists, ElementsAre(HasSubstr("names none of its other pages any more, 7 before")));
  EXPECT_THAT(Run(Numbers(1, 10), true, 7).short_lists, IsEmpty());
}

// Its record is not stored again then; what it announced is known.
TEST_F(ShortListTest, AListThatComesBackByteForByteIsAsItWas) {
  const auto visit = [&](bool there) {
    Commit(Get("/", Home()));
    if (!there) Commit(NotFound("/list.htm"));
    model::PageRecord record = Article("通知公告", "列表", "");
    record.kind = model::PageKind::kList;
    record.list.emplace();
    record.list->pages = 7;
    Fetch fetch = Get("/list.htm", record);
    fetch.payload = "<html>the same list</html>";
    CaptureToCommit item = test::ToCommit(fetch);
    item.facts.lists = true;
    item.facts.ended = true;
    for (const int number : Numbers(1, 10)) item.facts.listing.push_back(Url(Path(number)));
    if (there) {
      EXPECT_TRUE(archive_->Commit({&item, 1}, {}));
    }
    return End().short_lists;
  };
  EXPECT_THAT(visit(true), IsEmpty());
  EXPECT_THAT(visit(false), ElementsAre(HasSubstr("is not there")));
  EXPECT_THAT(visit(true), IsEmpty());
  EXPECT_THAT(visit(true), IsEmpty());
  EXPECT_EQ(archive_->Snapshot()->Visits(Entry("/list.htm").id).value().back().verdict, "unchanged");
}

TEST_F(ShortListTest, FromTwoPagesToOneIsADaysWork) {
  ListedRun(10, 2);
  EXPECT_THAT(Run(Numbers(1, 10), true, 0).short_lists, IsEmpty());
}

TEST_F(ShortListTest, ASmallListMayLoseTwo) {
  ListedRun(3);
  EXPECT_THAT(Run({1}).short_lists, IsEmpty());
  EXPECT_TRUE(IsUnlisted(2));
}

// A feed has its site's title and names the news of the home page: no likeness makes it the home page, and no title.
TEST_F(ShortListTest, AFeedThatSaysWhatTheHomePageSaysIsAFeed) {
  const auto home = [](int day) {
    model::PageRecord record = Home();
    for (int i = 0; i < 12; ++i) record.body += Words(day + i).substr(0, 90) + "\n";
    return record;
  };
  const auto feed = [&](int day) {
    model::PageRecord record = home(day);
    record.kind = model::PageKind::kList;
    record.provenance["kind"] = "feed";
    return record;
  };
  const auto read = [&](const model::PageRecord& record, const std::vector<int>& numbers) {
    CaptureToCommit item = test::ToCommit(Get("/rss.xml", record));
    item.facts.depth = 1;
    item.facts.lists = true;
    for (const int number : numbers) item.facts.listing.push_back(Url(Path(number)));
    const auto outcomes = archive_->Commit({&item, 1}, {});
    EXPECT_TRUE(outcomes);
    return outcomes ? outcomes->front() : CommitOutcome{};
  };
  ListedRun(10);
  for (int day = 0; day < 3; ++day) {
    Commit(Get("/", home(day)));
    List(Numbers(1, 10));
    EXPECT_NE(read(feed(day), Numbers(1, 10)).verdict, "held") << day;
    EXPECT_THAT(End().short_lists, IsEmpty()) << day;
  }
  const uint32_t versions = Entry("/rss.xml").versions;
  // A busy host shows the home page for everything, and for what cannot exist: the feed is not there then, and has no rows of the home page's afterwards.
  for (int day = 3; day < 5; ++day) {
    model::PageRecord shown = home(day);
    shown.kind = model::PageKind::kList;
    const CommitOutcome outcome = read(shown, Numbers(1, 40));
    EXPECT_EQ(outcome.verdict, "held");
    Fetch probe = Get("/fz0000000.xml", shown);
    probe.purpose = Purpose::kProbe;
    Commit(probe);
    End();
  }
  for (int day = 5; day < 8; ++day) {
    Commit(Get("/", home(day)));
    List(Numbers(1, 10));
    read(feed(day), Numbers(2, 10));
    EXPECT_THAT(End().short_lists, IsEmpty()) << day;
  }
  EXPECT_EQ(Entry("/rss.xml").versions, versions + 3);
  EXPECT_EQ(Entry("/rss.xml").state, "present");
}

// So it is with a list of the latest news that is a page: like the home page every day, and like itself.
TEST_F(ShortListTest, AListOfTheLatestNewsIsNotTheHomePage) {
  const auto home = [](int day) {
    model::PageRecord record = Home();
    for (int i = 0; i < 12; ++i) record.body += Words(day + i).substr(0, 90) + "\n";
    return record;
  };
  ListedRun(10);
  for (int day = 0; day < 4; ++day) {
    Commit(Get("/", home(day)));
    model::PageRecord latest = home(day);
    latest.kind = model::PageKind::kList;
    if (day == 3) latest.body = "首页";
    CaptureToCommit item = test::ToCommit(Get("/new.htm", latest));
    item.facts.lists = true;
    for (const int number : Numbers(1, 10)) item.facts.listing.push_back(Url(Path(number)));
    const auto outcomes = archive_->Commit({&item, 1}, {});
    ASSERT_TRUE(outcomes);
    EXPECT_EQ(outcomes->front().verdict, day == 0 ? "new" : "changed") << day;
    EXPECT_THAT(End().short_lists, IsEmpty()) << day;
  }
}

// The home page is full of a column's articles, so that its list is like it: in the list's place it is told by its title.
TEST_F(ShortListTest, TheHomePageInThePlaceOfAListThatIsLikeIt) {
  const auto news = [](model::PageRecord record) {
    for (int i = 0; i < 12; ++i) record.body += Words(i).substr(0, 90) + "\n";
    return record;
  };
  const auto column = [&](const std::string& title, const std::vector<int>& numbers) {
    model::PageRecord record = news(Home());
    record.kind = model::PageKind::kList;
    record.title = title;
    if (numbers.size() == 10) record.body += Words(300).substr(0, 150) + "\n" + Words(301).substr(0, 120);
    CaptureToCommit item = test::ToCommit(Get("/column.htm", record));
    item.facts.depth = 1;
    item.facts.lists = true;
    for (const int number : numbers) item.facts.listing.push_back(Url(Path(number)));
    const auto outcomes = archive_->Commit({&item, 1}, {});
    EXPECT_TRUE(outcomes);
    return outcomes ? outcomes->front().verdict : "";
  };
  ListedRun(10);
  for (int run = 0; run < 4; ++run) {
    if (run != 1) Commit(Get("/", news(Home())));
    const std::string verdict = run == 1 ? column("示例市人民政府", Numbers(1, 40)) : column("政策文件", Numbers(1, 10));
    EXPECT_EQ(verdict == "held", run == 1) << run << verdict;
    List(Numbers(1, 10));
    EXPECT_EQ(End().short_lists.empty(), run != 1) << run;
  }
  EXPECT_EQ(Entry("/column.htm").versions, 1u);
}

TEST_F(ShortListTest, AListThatIsNotThereIsTold) {
  ListedRun(10);
  for (int i = 30; i < 40; ++i) Commit(Get(Path(i), Numbered(i)));
  End();
  Commit(Get("/", Home("x")));
  Commit(NotFound("/list.htm"));
  for (int i = 30; i < 40; ++i) Commit(Get(Path(i), Numbered(i)));
  EXPECT_THAT(End().short_lists, ElementsAre(HasSubstr("/list.htm: is not there (http_404), and named 10 articles")));
  EXPECT_FALSE(IsUnlisted(1));
}

TEST_F(ShortListTest, AnErrorUnderAnotherTitleInTheListsPlaceIsTold) {
  ListedRun(10);
  Commit(Get("/", Home("x")));
  EXPECT_EQ(Commit(Get("/list.htm", Notice("系统提示", "模板解析出错，请联系管理员检查栏目的模板设置是否正确。"))).verdict, "held");
  EXPECT_THAT(End().short_lists, ElementsAre(HasSubstr("shows 0 articles, 10 before")));
  EXPECT_FALSE(IsUnlisted(1));
}

// It stood on the list for days before it could be read: it appeared before it was listed, not since the list's last visit.
TEST_F(LedgerTest, NewsThatCouldNotBeReadAtFirstBeganBeforeItWasListed) {
  Commit(Get("/", Home()));
  ReadList(1);
  Commit(Get(Path(1), Numbered(1)), "/list.htm");
  for (int i = 30; i < 42; ++i) Commit(Get(Path(i), Numbered(i)));
  End();
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    ReadList(2);
    Commit(NotFound(Path(2)), "/list.htm");
    for (int i = 30; i < 42; ++i) Commit(NotFound(Path(i)));  // an outage of all articles
    End();
  }
  Commit(Get("/", Home()));
  ReadList(2);
  Commit(Get(Path(2), Numbered(2)), "/list.htm");
  End();
  const EventEntry news = Events("new").front();
  EXPECT_EQ(news.url, Url(Path(2)));
  EXPECT_EQ(news.not_before, At("2026-01-01T00:01:00Z"));
}

// Another article leads to it before its list is read: the list says all the same since when it may be there.
TEST_F(LedgerTest, NewsThatWasSeenBeforeItsListBeganAfterTheListsLastVisit) {
  Commit(Get("/", Home()));
  ReadList(1);
  Commit(Get(Path(1), Numbered(1)), "/list.htm");
  End();
  Commit(Get("/", Home()));
  Commit(Get(Path(2), Numbered(2)), "/");  // named by the home page
  Commit(Get(Path(3), Numbered(3)), Path(2));  // "next article", by a page that is as new
  EXPECT_EQ(Events("new").front().not_before, Events("new").front().time);
  ReadList(3);
  End();
  const auto news = Events("new");
  EXPECT_EQ(news[0].url, Url(Path(3)));
  EXPECT_EQ(news[0].not_before, At("2026-01-01T00:01:00Z"));
  EXPECT_EQ((*archive_->Snapshot()->Version(Entry(Path(3)).id, 1))->not_before, At("2026-01-01T00:01:00Z"));
  EXPECT_EQ(news[1].not_before, At("2026-01-01T00:00:00Z")) << "what was known already stays";
  // What was there all along without being listed is no news when a list comes to name it.
  Commit(Get("/", Home()));
  ReadList(3);
  Commit(Get(Path(4), Numbered(4)));
  End();
  Commit(Get("/", Home()));
  ReadList(4);
  End();
  const EventEntry unlisted = Events("new").front();
  EXPECT_EQ(unlisted.url, Url(Path(4)));
  EXPECT_EQ(unlisted.not_before, unlisted.time);
}

TEST_F(LedgerTest, NewsWhoseAddressAnsweredForItselfBeganAfterItsLastAbsence) {
  FirstRun(12);
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    for (int i = 1; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
    if (run == 0) Commit(NotFound(Path(20)));
    if (run == 1) Commit(Get(Path(20), Numbered(20)));
    End();
  }
  const EventEntry news = Events("new").front();
  EXPECT_EQ(news.url, Url(Path(20)));
  EXPECT_EQ(news.not_before, At("2026-01-02T00:13:00Z"));
}

// Its text changes every day, so what an article's address shows is not what was last seen at its own.
TEST_F(LedgerTest, TheHomePageOfAnotherDayInAnArticlesPlaceIsNoVersion) {
  const auto home = [](int day) {
    model::PageRecord record = Home();
    for (int i = 0; i < 12; ++i) record.body += Words(day + i).substr(0, 90) + "\n";
    return record;
  };
  Commit(Get("/", home(0)));
  for (int i = 1; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
  End();
  for (int run = 1; run <= 2; ++run) {
    // The first of these runs goes on with a round whose lists were read before: no control page is seen.
    if (run > 1) Commit(Get("/", home(run)));
    for (int i = 2; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
    model::PageRecord shown = home(run);
    shown.kind = model::PageKind::kList;
    EXPECT_EQ(Commit(Get(Path(1), shown)).verdict, "held");
    Commit(Get(Path(12), Numbered(12)));
    End();
  }
  EXPECT_EQ(Entry(Path(1)).versions, 1u);
  EXPECT_EQ(Entry(Path(1)).state, "gone");
  EXPECT_THAT(Events("edited"), testing::Each(testing::Field(&EventEntry::url, testing::Ne(Url(Path(1))))));
}

// Nor is it the first sight of an article whose headline led there, also where the run reads the home page later.
TEST_F(LedgerTest, TheHomePageOfAnotherDayBehindAHeadlineIsNoFirstVersion) {
  const auto home = [](int day) {
    model::PageRecord record = Home();
    for (int i = 0; i < 12; ++i) record.body += Words(day + i).substr(0, 90) + "\n";
    return record;
  };
  Commit(Get("/", home(0)));
  for (int i = 1; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
  End();
  const auto first_sight = [&](const std::string& path, model::PageRecord shown) {
    shown.kind = model::PageKind::kList;
    CaptureToCommit item = test::ToCommit(Get(path, shown));
    item.facts.depth = 2;
    item.facts.unlike_link = true;
    const auto outcomes = archive_->Commit({&item, 1}, {});
    EXPECT_TRUE(outcomes);
    return outcomes ? outcomes->front().verdict : "";
  };
  EXPECT_EQ(first_sight(Path(99), home(3)), "held");
  // A list under the site's title to which a headline led is one.
  EXPECT_EQ(first_sight("/topic.htm", Notice("示例市人民政府", Words(500) + Words(501) + Words(502))), "held");
  Commit(Get("/", home(3)));
  for (int i = 1; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
  End();
  EXPECT_EQ(Entry(Path(99)).versions, 0u);
  EXPECT_EQ(Entry("/topic.htm").versions, 1u);
}

// What was absent on the day before an outage is not proved by the outage's own answers.
// Captures are not committed in the order of their times: what the host said last is told by these.
TEST_F(LedgerTest, TheLastAnswerOfARunIsTheLatest) {
  const auto home = [](int day) {
    model::PageRecord record = Home();
    for (int i = 0; i < 12; ++i) record.body += Words(day + i).substr(0, 90) + "\n";
    return record;
  };
  Commit(Get("/", home(0)));
  for (int i = 1; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
  End();
  for (int run = 1; run <= 2; ++run) {
    Commit(Get("/", home(run)));
    for (int i = 3; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
    const Fetch early = Get(Path(2), Numbered(2));
    model::PageRecord shown = home(run);
    shown.kind = model::PageKind::kList;
    Commit(Get(Path(1), shown));
    Commit(Get(Path(12), Numbered(12)));
    Commit(early);  // the slowest to be read, and among the first to be asked for
    End();
  }
  EXPECT_EQ(Entry(Path(1)).state, "gone");
}

TEST_F(LedgerTest, AMassAbsenceProvesNothingOfWhatWasAbsentBefore) {
  FirstRun(12);
  Commit(Get("/", Home()));
  Commit(NotFound(Path(1)));
  for (int i = 2; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
  End();
  for (int run = 0; run < 3; ++run) {
    Commit(Get("/", Home()));
    for (int i = 1; i <= 12; ++i) Commit(NotFound(Path(i)));
    const CommitOutcome end = End();
    EXPECT_EQ(end.redesigned.size(), run == 0 ? 1u : 0u);
    if (run == 0) {
      EXPECT_THAT(end.redesigned[0], HasSubstr("11 of 13 pages absent at once"));
    }
  }
  EXPECT_THAT(Events("gone"), IsEmpty());
  Commit(Get("/", Home()));
  for (int i = 1; i <= 12; ++i) Commit(Get(Path(i), Numbered(i)));
  End();
  EXPECT_THAT(Events("gone"), IsEmpty());
  EXPECT_EQ(Entry(Path(1)).state, "present");
}

// Moved with its site, and edited on the way in its text and its day.
TEST_F(LedgerTest, ARedesignFindsWhatWasEditedOnTheWayByTitleAndSource) {
  FirstRun(12);
  Commit(Get("/", Home("新版")));
  for (int i = 1; i <= 12; ++i) {
    Commit(NotFound(Path(i)));
    model::PageRecord record = Numbered(i);
    if (i == 3) {
      record.published = "2025-12-02";
      record.body += "\n" + Words(900).substr(0, 60);
    }
    Commit(Get("/new/" + std::to_string(i) + ".html", record));
  }
  const CommitOutcome end = End();
  EXPECT_EQ(end.ended_moved, 12u);
  EXPECT_EQ(Entry(Path(3)).moved_to, Url("/new/3.html"));
  ASSERT_EQ(Events("redesign_suspected").size(), 1u);
  EXPECT_THAT(Events("redesign_suspected")[0].evidence, HasSubstr("12 of 13 pages found at other addresses"));
}

// Two layouts of one article: the list of its files within the text, and below it.
TEST_F(LedgerTest, WhereTheListOfFilesStandsIsNoEdit) {
  model::PageRecord record = Numbered(1);
  record.attachments.push_back({Url("/files/1.pdf"), "附件1：实施方案.pdf"});
  Commit(Get("/", Home()));
  Commit(Get(Path(1), record));
  End();
  record.body += "\n附件1：实施方案.pdf";
  EXPECT_EQ(Commit(Get(Path(1), record)).verdict, "unchanged");
  record.body += "\n附件2：说明.pdf";  // of which the page has no file
  EXPECT_EQ(Commit(Get(Path(1), record)).verdict, "weighed");
  EXPECT_EQ(End().ended_changed, 1u);
}

TEST_F(LedgerTest, PagesInAnotherFrameAreToldOfTheHost) {
  FirstRun(12);
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    for (int i = 1; i <= 12; ++i) {
      model::PageRecord record = Numbered(i);
      if (i == 1 && run == 0) record.source = "另一来源";
      CaptureToCommit item = test::ToCommit(Get(Path(i), record));
      item.facts.depth = 1;
      item.facts.other_frame = true;
      EXPECT_TRUE(archive_->Commit({&item, 1}, {}));
    }
    End();
  }
  ASSERT_EQ(Events("redesign_suspected").size(), 1u);
  EXPECT_THAT(Events("redesign_suspected")[0].evidence, HasSubstr("12 pages came back without the texts"));
  EXPECT_EQ(Events("edited").back().evidence, "in another frame than its site's pages had");
}

// A text that comes back garbled is the same text; what an editor changed at the same time is an edit, and the damage is told beside it.
TEST_F(LedgerTest, WhatDiffersOnlyWhereItIsDamagedIsNoEdit) {
  const std::string text = "会议强调，要压实责任，确保完成。全县安排资金1592万元，听取第56项工作的汇报。";
  const auto damaged = [](std::string body, int places) {
    model::PageRecord record = Article("关于召开会议的通知", std::move(body));
    for (int i = 0; i < places; ++i) record.damage.push_back({0, 1, "undecodable", "?"});
    return record;
  };
  const model::PageRecord sound = damaged(text, 0);
  model::PageRecord garbled = damaged("、会\uFFFD强调，要压实责任，确保完成。全县安排资金1592万元，听取\uFFFD56项工作的汇报。\uFFFD", 4);
  garbled.repairs.push_back({"utf8_as_gbk_fffd", 0, 1, "?", "、", false, 0.7});
  const auto visit = [&](const model::PageRecord& record) {
    Commit(Get("/", Home()));
    CaptureToCommit item = test::ToCommit(Get(Path(1), record));
    item.facts.depth = 1;
    item.facts.other_frame = true;  // its frame is as garbled as its text
    const auto outcomes = archive_->Commit({&item, 1}, {});
    EXPECT_TRUE(outcomes);
    End();
    return outcomes ? outcomes->front() : CommitOutcome{};
  };
  FirstRun(3);
  EXPECT_EQ(visit(sound).verdict, "held");  // another text than FirstRun's
  CommitOutcome outcome = visit(garbled);
  EXPECT_EQ(outcome.verdict, "unchanged");
  EXPECT_TRUE(outcome.more_damaged);
  EXPECT_EQ(Entry(Path(1)).versions, 2u);
  EXPECT_EQ(Entry(Path(1)).state, "present");
  EXPECT_EQ(archive_->Snapshot()->Visits(Entry(Path(1)).id).value().back().reason, "damaged in 4 places, nothing else differs");
  EXPECT_EQ(visit(sound).verdict, "unchanged");
  const size_t edits = Events("edited").size();
  // A number beside the damage.
  garbled.body = ReplaceAll(garbled.body, "1592", "1952");
  EXPECT_EQ(visit(garbled).verdict, "weighed");
  ASSERT_EQ(Events("edited").size(), edits + 1);
  EXPECT_EQ(Events("edited").front().evidence, "its text is damaged in 4 places");
  EXPECT_THAT(Events("redesign_suspected"), IsEmpty());
  // What is restored is the better version, and nobody edited it.
  const model::PageRecord restored = damaged(ReplaceAll(text, "1592", "1952"), 0);
  EXPECT_EQ(visit(restored).verdict, "changed");
  EXPECT_EQ(Entry(Path(1)).versions, 4u);
  EXPECT_EQ(Events("edited").size(), edits + 1);
  EXPECT_EQ(visit(damaged(ReplaceAll(restored.body, "56", "65"), 0)).verdict, "changed");
  ASSERT_EQ(Events("edited").size(), edits + 2);
  EXPECT_EQ(Events("edited").front().evidence, "in another frame than its site's pages had");
}

TEST(Damage, HidesNoEdit) {
  const auto record = [](const std::string& body, size_t places) {
    model::PageRecord page = Article("标题", body);
    page.damage.resize(places);
    return page;
  };
  EXPECT_TRUE(DiffersOnlyInDamage(record("甲乙丙丁", 0), record("甲\uFFFD丙丁", 1)));
  EXPECT_TRUE(DiffersOnlyInDamage(record("甲\uFFFD丙丁", 1), record("甲乙丙丁", 0)));
  EXPECT_FALSE(DiffersOnlyInDamage(record("甲乙丙丁", 0), record("甲戊丙丁", 0))) << "nothing is damaged";
  EXPECT_FALSE(DiffersOnlyInDamage(record("甲乙丙丁戊己", 0), record("甲\uFFFD丙丁戊庚", 1)));
  EXPECT_FALSE(DiffersOnlyInDamage(record("甲乙丙丁戊己", 0), record("甲\uFFFD丙丁戊", 1))) << "gone without a mark";
  EXPECT_FALSE(DiffersOnlyInDamage(record("甲乙丙丁戊己庚", 0), record("甲\uFFFD庚", 1))) << "more than a mark stands for";
  model::PageRecord other = record("甲\uFFFD丙丁", 1);
  other.published = "2025-12-30";
  EXPECT_FALSE(DiffersOnlyInDamage(record("甲乙丙丁", 0), other));
}

TEST_F(LedgerTest, AnEmptyAnswerIsAnAbsenceAndALoginIsNone) {
  FirstRun(20);
  for (int run = 0; run < 2; ++run) {
    Commit(Get("/", Home()));
    Fetch empty = Get(Path(1));
    empty.payload.clear();
    Commit(empty);
    Commit(Redirect(Path(2), "/uc/login.jsp"), "", "login");
    Fetch refused = Get(Path(3));
    refused.status = 412;
    Commit(refused, "", "ruishu");
    End();
  }
  ASSERT_EQ(Events("gone").size(), 1u);
  EXPECT_EQ(Events("gone")[0].url, Url(Path(1)));
  EXPECT_THAT(Findings(Path(1)), ElementsAre("ok", "emptied", "emptied"));
  EXPECT_THAT(Findings(Path(2)), ElementsAre("ok", "blocked:login", "blocked:login"));
  EXPECT_THAT(Findings(Path(3)), ElementsAre("ok", "blocked:ruishu", "blocked:ruishu"));
}

// A document's record has the name that its link gave it: what it says is its bytes.
TEST_F(LedgerTest, ADocumentOfOtherBytesIsEditedAndOneOfTheSameNameIsAnother) {
  const auto document = [&](const std::string& path, const std::string& bytes) {
    model::PageRecord record;
    record.kind = model::PageKind::kOther;
    record.kind_reason = "not HTML: application/pdf";
    record.title = "附件1";
    record.provenance["title"] = "link";
    Fetch fetch = Get(path, record);
    fetch.payload = bytes;
    return fetch;
  };
  FirstRun(3);
  const auto visit = [&](const std::string& bytes, bool there) {
    Commit(Get("/", Home()));
    const CommitOutcome outcome = Commit(document("/f/1.pdf", bytes));
    Commit(there ? document("/f/2.pdf", "%PDF second") : NotFound("/f/2.pdf"));
    if (!there) Commit(document("/f/4.pdf", "%PDF second"));
    Commit(there ? document("/f/3.xls", "third") : NotFound("/f/3.xls"));
    End();
    return outcome.verdict;
  };
  EXPECT_EQ(visit("%PDF one", true), "new");
  EXPECT_EQ(visit("%PDF one", true), "unchanged");
  EXPECT_EQ(visit("%PDF two", true), "changed");
  EXPECT_EQ(visit("%PDF two", true), "unchanged");
  EXPECT_EQ(visit("%PDF one", false), "changed");
  EXPECT_EQ(visit("%PDF one", false), "unchanged");
  const auto edited = Events("edited");
  ASSERT_EQ(edited.size(), 2u);
  EXPECT_THAT(edited[0].changed, ElementsAre("payload"));
  EXPECT_EQ(edited[0].title, "附件1");
  const auto versions = archive_->Snapshot()->Versions(Entry("/f/1.pdf").id).value();
  ASSERT_EQ(versions.size(), 3u);
  EXPECT_EQ(archive_->ReadPayload(versions[1].response).value().payload, "%PDF two");
  EXPECT_EQ(archive_->ReadRecord(versions[1]).value().title, "附件1");
  // By its bytes it is found where it went, by its name alone it is not.
  const auto moved = Events("moved");
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].url, Url("/f/2.pdf"));
  EXPECT_EQ(moved[0].to, Url("/f/4.pdf"));
  ASSERT_EQ(Events("gone").size(), 1u);
  EXPECT_EQ(Events("gone")[0].url, Url("/f/3.xls"));
}

// Another type of other bytes waits for the end of the run: where several documents show the same, it is the server that speaks.
TEST_F(LedgerTest, TheSameTextInThePlaceOfDocumentsIsNoEdit) {
  const auto document = [&](int i, const std::string& bytes, const std::string& type) {
    model::PageRecord record;
    record.kind = model::PageKind::kOther;
    record.title = "附件" + std::to_string(i);
    record.provenance["title"] = "link";
    CaptureToCommit item = test::ToCommit(Get("/f/" + std::to_string(i) + ".pdf", record));
    item.capture.payload = bytes;
    item.capture.response_head = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n\r\n";
    item.facts.depth = 1;
    const auto outcomes = archive_->Commit({&item, 1}, {});
    EXPECT_TRUE(outcomes);
    return outcomes ? outcomes->front().verdict : "";
  };
  FirstRun(3);
  const auto visit = [&](const std::string& verdict, bool denied) {
    Commit(Get("/", Home()));
    for (int i = 1; i <= 3; ++i) {
      EXPECT_EQ(document(i, denied ? "access denied" : "%PDF " + std::to_string(i), denied ? "text/plain" : "application/pdf"), verdict);
    }
    End();
  };
  visit("new", false);
  visit("held", true);
  visit("unchanged", false);
  EXPECT_THAT(Events("edited"), IsEmpty());
  EXPECT_EQ(Entry("/f/1.pdf").versions, 1u);
  // One that is a Word file now is edited.
  Commit(Get("/", Home()));
  EXPECT_EQ(document(1, "word", "application/msword"), "held");
  EXPECT_EQ(End().ended_changed, 1u);
  EXPECT_EQ(Events("edited").size(), 1u);
}

// As an earlier program wrote it: the digest of the name. The same bytes are no other version.
TEST(DocumentOfAnEarlierIndex, IsReadByItsBytes) {
  VersionEntry written;
  written.time = written.not_before = At("2026-01-01T00:00:00Z");
  written.digest = "sha256:of-the-name";
  written.payload_digest = "sha256:of-the-bytes";
  written.title = "附件1";
  written.field_digests = {"6bc0ac76ca64652c", "e3b0c44298fc1c14", "e3b0c44298fc1c14", "e3b0c44298fc1c14", "e3b0c44298fc1c14"};
  VersionEntry read;
  ASSERT_TRUE(Decode(Encode(written), &read));
  EXPECT_EQ(read.digest, "sha256:of-the-bytes");
  EXPECT_THAT(read.field_digests, IsEmpty());
  written.charset = "GBK";  // a page without a text
  ASSERT_TRUE(Decode(Encode(written), &read));
  EXPECT_EQ(read.digest, "sha256:of-the-name");
}

TEST(Family, IsDirectoryAndExtensionOrTheScript) {
  EXPECT_EQ(FamilyOf("http://h/yw/202406/t20240603_1.html"), "http://h/yw/202406/*.html");
  EXPECT_EQ(FamilyOf("http://h/show.aspx?id=7"), "http://h/show.aspx?*");
  EXPECT_EQ(FamilyOf("http://h"), "http://h");
  EXPECT_EQ(HostOf("http://h:81/a"), "h:81");
}

}  // namespace
}  // namespace fangzhi::store
