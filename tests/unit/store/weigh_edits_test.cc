// What a great part of a host's articles did alike is no edit of theirs (docs/ledger.md, Alike).
#include <gmock/gmock.h>

#include <functional>

#include "unit/store/ledger_fixture.h"

namespace fangzhi::store {
namespace {

using test::At;
using test::Fetch;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class WeighTest : public LedgerTest {
 protected:
  using Change = std::function<void(int number, model::PageRecord& record)>;

  static std::string Text(int number) { return Words(number) + "\n" + Words(number + 1000) + "\n" + Words(number + 2000) + "\n" + Words(number + 3000); }
  static model::PageRecord Long(int number) {
    model::PageRecord record = Numbered(number);
    record.source = "示例市水务局";
    record.body = Text(number);
    return record;
  }
  // A run that sees the home page and the articles `first` to `last`, changed so.
  CommitOutcome Run(const Change& change = nullptr, int first = 1, int last = 30) {
    Commit(Get("/", Home()));
    for (int i = first; i <= last; ++i) {
      model::PageRecord record = Long(i);
      if (change) change(i, record);
      Commit(Get(PathOf(i), record));
    }
    return End();
  }
  virtual std::string PathOf(int number) const { return Path(number); }
};

TEST_F(WeighTest, AFailureOfTheTextAreaIsNoEdit) {
  Run();
  const std::vector<std::pair<std::string, Change>> failures = {
      {"show one and the same text", [](int, model::PageRecord& record) { record.body = "内容加载中，请稍候……"; }},
      {"show one and the same text", [](int, model::PageRecord& record) { record.body = "java.sql.SQLException: ORA-12541: TNS:no listener at com.example.Db.get(Db.java:31), and so on for more than a hundred characters"; }},
      {"show one and the same text", [](int, model::PageRecord& record) { record.body = Text(1); }},
      {"lost their text", [](int, model::PageRecord& record) { record.body.clear(); }},
      {"lost a part of their text", [](int, model::PageRecord& record) { record.body.resize(record.body.find('\n', record.body.find('\n') + 1)); }},
      {"show one and the same date", [](int, model::PageRecord& record) { record.published = "2026-01-09"; }},
      {"lost their date", [](int, model::PageRecord& record) { record.published.reset(); }},
      {"show one and the same source", [](int, model::PageRecord& record) { record.source = "示例市人民政府"; }},
      {"lost their headline", [](int, model::PageRecord& record) { record.title.reset(); }},
  };
  for (const auto& [what, failure] : failures) {
    SCOPED_TRACE(what);
    const CommitOutcome ill = Run(failure);
    ASSERT_THAT(ill.changed_alike, testing::Contains(HasSubstr("of 30 articles " + what)));
    EXPECT_EQ(ill.ended_changed, 0u);
    EXPECT_EQ(ill.ended_absent, 0u);
    EXPECT_THAT(ill.redesigned, IsEmpty());
    EXPECT_EQ(Findings(Path(2)).back(), "error_page");
    EXPECT_EQ(Entry(Path(2)).state, "present");
    const CommitOutcome well = Run();
    EXPECT_THAT(well.changed_alike, IsEmpty());
    EXPECT_THAT(well.all_edited, IsEmpty());
    EXPECT_EQ(well.ended_changed, 0u);
  }
  EXPECT_THAT(Events("edited"), IsEmpty());
  EXPECT_THAT(Events("gone"), IsEmpty());
  for (int i = 1; i <= 30; ++i) EXPECT_EQ(Entry(Path(i)).versions, 1u);
}

TEST_F(WeighTest, ATrueEditAmongThemIsFoundWhenTheyAreWell) {
  Run();
  const Change edited = [](int number, model::PageRecord& record) {
    if (number == 7 || number == 8) record.body += "\n另行通知。";
  };
  Run([&](int number, model::PageRecord& record) {
    edited(number, record);
    if (number != 8) record.published = "2026-01-09";
    // Its own text, which no other has.
    if (number == 9) record.body = Text(90);
    if (number == 9) record.published = "2026-01-02";
  });
  // What is not alike is an edit at once.
  EXPECT_EQ(Entry(Path(7)).versions, 1u);
  EXPECT_EQ(Entry(Path(8)).versions, 2u);
  EXPECT_EQ(Entry(Path(9)).versions, 2u);
  Run([&](int number, model::PageRecord& record) {
    edited(number, record);
    if (number == 9) record.body = Text(90);
    if (number == 9) record.published = "2026-01-02";
  });
  EXPECT_THAT(Events("edited"), SizeIs(3));
  EXPECT_EQ(Entry(Path(7)).versions, 2u);
  for (const EventEntry& event : Events("edited")) {
    if (event.url != Url(Path(7))) continue;
    EXPECT_THAT(event.changed, ElementsAre("body"));
    EXPECT_LT(event.not_before, At("2026-01-02T00:00:00Z")) << "the visit before the failure";
    EXPECT_GE(event.time, At("2026-01-03T00:00:00Z"));
  }
}

TEST_F(WeighTest, WhatStaysAlikeIsBelievedInTheFifthRun) {
  Run();
  const Change renamed = [](int, model::PageRecord& record) { record.source = "示例市水利和湖泊局"; };
  for (int run = 1; run <= 4; ++run) {
    const CommitOutcome outcome = Run(renamed, 1, 25);
    EXPECT_THAT(outcome.changed_alike, ElementsAre("www.example.gov.cn: 25 of 25 articles show one and the same source at once")) << run;
    EXPECT_THAT(outcome.believed_alike, IsEmpty());
  }
  EXPECT_THAT(Events("edited"), IsEmpty());
  const CommitOutcome fifth = Run(renamed, 1, 25);
  EXPECT_THAT(fifth.changed_alike, IsEmpty());
  EXPECT_THAT(fifth.believed_alike, SizeIs(1));
  EXPECT_THAT(fifth.all_edited, ElementsAre("www.example.gov.cn: 25 of 25 articles that came back were edited"));
  ASSERT_THAT(Events("edited"), SizeIs(25));
  // They were seen so in the second run already: the edit happened between the first and that.
  for (const EventEntry& event : Events("edited")) {
    EXPECT_GE(event.not_before, At("2026-01-01T00:00:00Z"));
    EXPECT_LT(event.not_before, At("2026-01-02T00:00:00Z"));
    EXPECT_GE(event.time, At("2026-01-02T00:00:00Z"));
    EXPECT_LT(event.time, At("2026-01-03T00:00:00Z")) << event.url;
    EXPECT_GT(event.recorded, At("2026-01-06T00:00:00Z"));
  }
  const auto snapshot = archive_->Snapshot();
  const VersionEntry second = snapshot->Version(Entry(Path(3)).id, 2).value().value();
  EXPECT_LT(second.time, At("2026-01-03T00:00:00Z"));
  EXPECT_EQ(archive_->ReadRecord(second)->source, "示例市水利和湖泊局");
  EXPECT_EQ(*Entry(Path(3)).last_present, At("2026-01-06T00:03:00Z"));
  EXPECT_THAT(Findings(Path(3)), ElementsAre("ok", "changed", "ok", "ok", "ok", "ok"));
  // Those that are visited later say the same, and are believed too.
  Run(renamed, 1, 20);
  const CommitOutcome later = Run(renamed, 20, 30);
  EXPECT_THAT(later.changed_alike, IsEmpty());
  EXPECT_THAT(Events("edited"), SizeIs(30));
}

TEST_F(WeighTest, AFailureGoesOnForTheFewThatTheNextRunVisits) {
  Run();
  const Change failure = [](int, model::PageRecord& record) { record.body.resize(record.body.find('\n')); };
  Run(failure);
  EXPECT_THAT(Run(failure, 1, 2).changed_alike, SizeIs(1));
  Run();
  EXPECT_THAT(Events("edited"), IsEmpty());
  // Two by themselves are edits.
  EXPECT_EQ(Run(failure, 1, 2).ended_changed, 2u);
}

TEST_F(WeighTest, OneTextOnSeveralPagesIsNotTheirs) {
  Run();
  const CommitOutcome ill = Run([](int number, model::PageRecord& record) {
    if (number <= 3) record.body = Text(50);
  });
  EXPECT_THAT(ill.changed_alike, ElementsAre("www.example.gov.cn: 3 of 30 articles show one and the same text at once"));
  EXPECT_EQ(ill.ended_changed + ill.ended_absent, 0u);
  const CommitOutcome two = Run([](int number, model::PageRecord& record) {
    if (number <= 2) record.body = Text(60);
  });
  EXPECT_EQ(two.ended_changed, 2u);
}

TEST_F(WeighTest, AnotherArticlesTextIsNotThePages) {
  Run();
  // A cache that mixes its keys up: each of four shows its neighbour's article.
  const Change mixed = [](int number, model::PageRecord& record) {
    if (number <= 4) record = Long(number + 1);
  };
  const CommitOutcome ill = Run(mixed);
  EXPECT_THAT(ill.changed_alike, ElementsAre("www.example.gov.cn: 4 of 30 articles show the whole text of another article of the site"));
  EXPECT_EQ(ill.ended_changed, 0u);
  EXPECT_EQ(Findings(Path(2)).back(), "error_page");
  EXPECT_THAT(Run().changed_alike, IsEmpty());
  EXPECT_THAT(Events("edited"), IsEmpty());
  // Two visits in a row, and then a third: it stays so.
  for (int i = 0; i < 2; ++i) EXPECT_THAT(Run(mixed).changed_alike, SizeIs(1));
  const CommitOutcome third = Run(mixed);
  EXPECT_THAT(third.changed_alike, IsEmpty());
  EXPECT_EQ(third.ended_changed, 4u);
  EXPECT_THAT(Events("edited"), SizeIs(4));
}

TEST_F(WeighTest, AnArticleThatTookAnothersPlaceIsTold) {
  Run();
  // 30 left its address for that of 1.
  Run([](int number, model::PageRecord& record) { if (number == 1) record = Long(30); }, 1, 29);
  EXPECT_EQ(Findings(Path(1)).back(), "error_page") << "30 was not visited and is there, as far as is known";
  Commit(Get("/", Home()));
  for (int i = 1; i <= 29; ++i) Commit(Get(Path(i), Long(i == 1 ? 30 : i)));
  Commit(NotFound(Path(30)));
  EXPECT_EQ(End().ended_changed, 1u);
  EXPECT_EQ(Entry(Path(1)).versions, 2u);
}

TEST_F(WeighTest, APageThatRepeatsOthersIsEdited) {
  // The latest article stands at an address of its own, and at that of the latest.
  const Change latest = [](int number, model::PageRecord& record) { if (number == 30) record = Long(3); };
  Run(latest);
  const CommitOutcome next = Run([](int number, model::PageRecord& record) { if (number == 30) record = Long(4); });
  EXPECT_THAT(next.changed_alike, IsEmpty());
  EXPECT_EQ(next.ended_changed, 1u);
  EXPECT_EQ(Entry(Path(30)).versions, 2u);
}

TEST_F(WeighTest, AnArticleAtSeveralAddressesIsEditedAtAll) {
  const Change copies = [](int number, model::PageRecord& record) {
    if (number <= 4) record = Long(1);
  };
  Run(copies);
  const CommitOutcome edited = Run([&](int number, model::PageRecord& record) {
    copies(number, record);
    if (number <= 4) record.body = Text(50);
  });
  EXPECT_THAT(edited.changed_alike, IsEmpty());
  EXPECT_EQ(edited.ended_changed, 4u);
  const CommitOutcome another = Run([&](int number, model::PageRecord& record) {
    copies(number, record);
    if (number <= 4) record = Long(70);
  });
  EXPECT_EQ(another.ended_changed, 4u);
  EXPECT_EQ(another.ended_absent, 0u);
}

TEST_F(WeighTest, TextsThatWereEditedOnOneDayHaveItsDate) {
  Run(nullptr, 1, 15);
  const CommitOutcome outcome = Run(
      [](int number, model::PageRecord& record) {
        if (number > 8) return;
        record.published = "2026-01-02";
        record.body = Words(number) + "\n" + Text(number + 100);
      },
      1, 15);
  EXPECT_THAT(outcome.changed_alike, IsEmpty());
  EXPECT_THAT(Events("edited"), SizeIs(8));
}

TEST_F(WeighTest, ALineThatAllTextsHaveNowIsAnEditAndTold) {
  Run();
  const Change banner = [](int, model::PageRecord& record) { record.body += "\n欢迎关注示例市微信公众号。"; };
  const CommitOutcome outcome = Run(banner);
  EXPECT_THAT(outcome.changed_alike, IsEmpty());
  EXPECT_THAT(Events("edited"), SizeIs(30));
  EXPECT_THAT(outcome.all_edited, ElementsAre("www.example.gov.cn: 30 of 30 articles that came back were edited"));
  EXPECT_THAT(Run(banner).all_edited, IsEmpty());
}

TEST_F(WeighTest, AnEditThatIsWeighedKeepsItsVisit) {
  Run();
  const CommitOutcome outcome = Run([](int number, model::PageRecord& record) {
    if (number == 4) record.title = "关于修订的通知";
    if (number == 5) record.published = "2025-12-01";
    if (number == 6) record.body = Words(6);
  });
  EXPECT_EQ(outcome.ended_changed, 3u);
  EXPECT_THAT(outcome.changed_alike, IsEmpty());
  for (const EventEntry& event : Events("edited")) {
    EXPECT_LT(event.not_before, At("2026-01-02T00:00:00Z"));
    EXPECT_GE(event.time, At("2026-01-02T00:00:00Z"));
    EXPECT_LT(event.time, At("2026-01-02T01:00:00Z"));
  }
}

class ColumnWeighTest : public WeighTest {
 protected:
  std::string PathOf(int number) const override { return (number > 40 ? "/b/" : "/a/") + std::to_string(number) + ".htm"; }
};

TEST_F(ColumnWeighTest, OneColumnsFailureIsNoEditOfItsPages) {
  Run(nullptr, 1, 46);
  const CommitOutcome ill = Run(
      [](int number, model::PageRecord& record) {
        if (number > 40) record.body.resize(record.body.find('\n'));
        if (number == 1) record.body.resize(record.body.find('\n'));
      },
      1, 46);
  EXPECT_THAT(ill.changed_alike, ElementsAre("www.example.gov.cn: 6 of 6 articles under http://www.example.gov.cn/b/ lost a part of their text at once"));
  EXPECT_EQ(ill.ended_changed, 1u) << "the other column's is its editor's";
  Run(nullptr, 2, 46);
  EXPECT_THAT(Events("edited"), SizeIs(1));
}

}  // namespace
}  // namespace fangzhi::store
