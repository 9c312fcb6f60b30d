#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/report.h"

namespace fangzhi::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string_view Advice(std::string_view obstacle) { return obstacle == "waf:aliyun" ? "ask the site to let us in" : ""; }

// A round of a healthy site: lists, 100 articles, all fields.
RunFacts Healthy(uint64_t round) {
  RunFacts facts;
  facts.site = "demo";
  facts.name = "示例";
  facts.round = round;
  facts.started = *ParseIso8601("2026-01-01T00:00:00Z") + std::chrono::hours(24 * round);
  facts.ended = facts.started + std::chrono::minutes(10);
  facts.trigger = "schedule";
  facts.fetched = 130;
  facts.summary = Json{{"fetched", 130}, {"new", 100}};
  Coverage& coverage = facts.coverage;
  coverage.seeds = 1;
  coverage.seeds_reached = {"http://a.example/"};
  coverage.lists_read = coverage.lists_parsed = 10;
  coverage.list_items = 150;
  coverage.articles = 100;
  coverage.pages = 110;
  coverage.charsets = {{"UTF-8", 110}};
  coverage.fields = {{"title", 100}, {"published", 98}, {"source", 90}, {"body", 99}, {"clicks", 60}};
  coverage.lists["http://a.example/news/"] = {10, 150, 10, 150};
  HostImpact& host = coverage.hosts["a.example"];
  host.requests = 131;
  host.bytes = 4'000'000;
  host.delay_ms = 2000;
  host.shortest_gap_ms = 2003;
  host.most_at_once = 1;
  host.robots = "obeyed";
  return facts;
}

std::vector<RunRecord> History(uint64_t runs) {
  std::vector<RunRecord> before;
  for (uint64_t round = 1; round <= runs; ++round) before.insert(before.begin(), GradeRun(Healthy(round), before, Advice));
  return before;
}

std::vector<std::string> Kinds(const RunRecord& record) {
  std::vector<std::string> kinds;
  for (const Finding& finding : record.findings) kinds.push_back(finding.kind);
  return kinds;
}

TEST(Grade, AHealthyRunIsComplete) {
  EXPECT_EQ(GradeRun(Healthy(1), {}, Advice).grade, Grade::kComplete);
  EXPECT_EQ(GradeRun(Healthy(5), History(4), Advice).grade, Grade::kComplete);
}

TEST(Grade, WhatWasNotGotMakesItPartial) {
  struct Case {
    const char* kind;
    void (*spoil)(RunFacts&);
  };
  const Case cases[] = {
      {"stopped", [](RunFacts& f) { f.stopped = true, f.still_queued = 7; }},
      {"budget", [](RunFacts& f) { f.budget_used = true, f.still_queued = 7; }},
      {"left", [](RunFacts& f) { f.still_queued = 7; }},
      {"seed_missed", [](RunFacts& f) { f.coverage.seeds_reached.clear(), f.coverage.seeds_missed["http://a.example/"] = "timeout"; }},
      {"lists_missed", [](RunFacts& f) { f.coverage.lists_missed["http://a.example/news/2.html"] = "http_500"; }},
      {"host_given_up", [](RunFacts& f) { f.coverage.hosts["a.example"].given_up = true, f.still_queued = 9; }},
      {"robots_unreachable", [](RunFacts& f) { f.coverage.hosts["a.example"].robots = "unreachable", f.still_queued = 9; }},
      {"blocked", [](RunFacts& f) { f.coverage.obstacles["waf:aliyun"] = 3; }},
  };
  for (const Case& one : cases) {
    RunFacts facts = Healthy(5);
    one.spoil(facts);
    const RunRecord record = GradeRun(facts, History(4), Advice);
    EXPECT_EQ(record.grade, Grade::kPartial) << one.kind;
    EXPECT_THAT(Kinds(record), ElementsAre(one.kind));
  }
}

TEST(Grade, ARedesignIsDriftAndSurvivesTheJournal) {
  RunFacts facts = Healthy(5);
  facts.coverage.redesigned.insert("a.example: 90 of 100 pages absent at once, 80 of 100 pages found at other addresses");
  const RunRecord record = GradeRun(facts, History(4), Advice);
  EXPECT_EQ(record.grade, Grade::kDegraded);
  ASSERT_THAT(Kinds(record), ElementsAre("redesign"));
  EXPECT_TRUE(record.findings[0].drift);
  EXPECT_THAT(record.findings[0].text, HasSubstr("a.example: 90 of 100 pages absent at once"));
  const auto again = RecordFromJson(ToJson(record));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->facts.coverage.redesigned, record.facts.coverage.redesigned);
}

TEST(Grade, ListsThatShowFarLessAreDriftAndBelievedOnesAreTold) {
  RunFacts facts = Healthy(5);
  facts.coverage.short_lists.insert("http://a.example/tzgg/: shows 0 articles, 20 before");
  facts.coverage.believed_lists.insert("http://a.example/zwdt/: shows 2 articles, 20 before, in 5 runs");
  const RunRecord record = GradeRun(facts, History(4), Advice);
  EXPECT_EQ(record.grade, Grade::kDegraded);
  ASSERT_THAT(Kinds(record), ElementsAre("lists_short", "lists_believed"));
  EXPECT_TRUE(record.findings[0].drift);
  EXPECT_FALSE(record.findings[1].drift);
  EXPECT_THAT(record.findings[0].text, HasSubstr("http://a.example/tzgg/: shows 0 articles, 20 before"));
  const auto again = RecordFromJson(ToJson(record));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->facts.coverage.short_lists, record.facts.coverage.short_lists);
  EXPECT_EQ(again->facts.coverage.believed_lists, record.facts.coverage.believed_lists);
}

// The second day of an outage of articles alone: nothing more turned absent, and the run is not complete for that.
TEST(Grade, WhatIsStillMissingIsToldOnEveryDay) {
  RunFacts facts = Healthy(5);
  facts.coverage.missing.insert("a.example: 30 of 38 pages under http://a.example/zwyw/ are still missing");
  const RunRecord record = GradeRun(facts, History(4), Advice);
  EXPECT_EQ(record.grade, Grade::kDegraded);
  ASSERT_THAT(Kinds(record), ElementsAre("still_missing"));
  EXPECT_FALSE(record.findings[0].drift) << "it was told when it began";
  const auto again = RecordFromJson(ToJson(record));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->facts.coverage.missing, record.facts.coverage.missing);
  // The round goes on, and they are back.
  EXPECT_EQ(GradeRun(Healthy(5), {record}, Advice).grade, Grade::kComplete);
}

TEST(Grade, AFewPagesThatListsNameAndThatAreNotThereAreTold) {
  RunFacts facts = Healthy(5);
  facts.coverage.absent_listed.insert("a.example: 3 pages under http://a.example/zwyw/ are not there, though lists name them");
  const RunRecord record = GradeRun(facts, History(4), Advice);
  EXPECT_EQ(record.grade, Grade::kDegraded);
  ASSERT_THAT(Kinds(record), ElementsAre("absent_listed"));
  EXPECT_THAT(record.findings[0].text, HasSubstr("3 pages under http://a.example/zwyw/"));
  EXPECT_THAT(record.findings[0].advice, HasSubstr("fangzhi lost --kind suspect"));
  const auto again = RecordFromJson(ToJson(record));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->facts.coverage.absent_listed, record.facts.coverage.absent_listed);
}

TEST(Grade, WhatManyArticlesDidAlikeIsTold) {
  RunFacts facts = Healthy(5);
  facts.coverage.changed_alike.insert("a.example: 59 of 60 articles show one and the same text at once");
  facts.coverage.believed_alike.insert("b.example: 60 of 60 articles show one and the same source at once");
  facts.coverage.all_edited.insert("b.example: 60 of 60 articles that came back were edited");
  const RunRecord record = GradeRun(facts, History(4), Advice);
  EXPECT_EQ(record.grade, Grade::kDegraded);
  ASSERT_THAT(Kinds(record), ElementsAre("changed_alike", "believed_alike", "all_edited"));
  EXPECT_TRUE(record.findings[0].drift);
  EXPECT_FALSE(record.findings[2].drift);
  EXPECT_THAT(record.findings[0].text, HasSubstr("none of it is taken for an edit yet"));
  EXPECT_THAT(record.findings[2].advice, HasSubstr("fangzhi changes --kind edited"));
  const auto again = RecordFromJson(ToJson(record));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->facts.coverage.changed_alike, record.facts.coverage.changed_alike);
  EXPECT_EQ(again->facts.coverage.believed_alike, record.facts.coverage.believed_alike);
  EXPECT_EQ(again->facts.coverage.all_edited, record.facts.coverage.all_edited);
}

TEST(Grade, AnObstacleCarriesItsNameAnExampleAndAdvice) {
  RunFacts facts = Healthy(5);
  CountObstacle(facts.coverage, "waf:aliyun", "http://a.example/1.htm");
  CountObstacle(facts.coverage, "waf:aliyun", "http://a.example/2.htm");
  const RunRecord record = GradeRun(facts, {}, Advice);
  EXPECT_THAT(record.findings.front().text, HasSubstr("waf:aliyun on 2 pages, as http://a.example/1.htm"));
  EXPECT_EQ(record.findings.front().advice, "ask the site to let us in");
}

TEST(Grade, AnnouncedPagesCountInAFirstRoundAndInASweepOnly) {
  RunFacts facts = Healthy(1);
  facts.coverage.lists["http://a.example/news/"] = {40, 600, 10, 150};
  EXPECT_THAT(Kinds(GradeRun(facts, {}, Advice)), ElementsAre("announced"));
  facts.round = 5;
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), IsEmpty());
  facts.sweep = true;
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), ElementsAre("announced"));
  facts.coverage.lists["http://a.example/news/"].read = 39;
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), IsEmpty()) << "one page off is what lists are";
}

TEST(Grade, AListThatARedesignLeftAnnouncesNothing) {
  std::vector<RunRecord> before = History(4);
  before[0].facts.coverage.lists["http://a.example/old/"] = {1, 6, 1, 6};
  RunFacts facts = Healthy(5);
  facts.sweep = true;
  facts.coverage.lists["http://a.example/old/"] = {};
  EXPECT_THAT(Kinds(GradeRun(facts, before, Advice)), IsEmpty());
}

TEST(Grade, AFieldThatIsNoLongerFoundIsDrift) {
  RunFacts facts = Healthy(5);
  facts.coverage.fields["source"] = 30;
  const RunRecord record = GradeRun(facts, History(4), Advice);
  EXPECT_EQ(record.grade, Grade::kDegraded);
  ASSERT_THAT(Kinds(record), ElementsAre("field_dropped"));
  EXPECT_TRUE(record.findings[0].drift);
  EXPECT_EQ(record.findings[0].text, "source was found on 30 % of the 100 articles that are new or changed, 90 % before");
  // Few articles prove nothing.
  facts.coverage.articles = 8;
  facts.coverage.fields = {};
  EXPECT_EQ(GradeRun(facts, History(4), Advice).grade, Grade::kComplete);
}

// After an outage all articles are looked at, also those that never had it and come back unchanged on other days.
TEST(Grade, AFieldThatIsFoundAsOftenAsEverIsNotLost) {
  RunFacts facts = Healthy(5);
  facts.coverage.articles = 180;
  facts.coverage.fields = {{"title", 180}, {"published", 178}, {"source", 88}, {"body", 179}, {"clicks", 58}};
  EXPECT_EQ(GradeRun(facts, History(4), Advice).grade, Grade::kComplete);
  facts.coverage.fields["source"] = 20;
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), ElementsAre("field_dropped"));
}

TEST(Grade, ASiteThatNeverHadASourceDoesNotLoseIt) {
  std::vector<RunRecord> before;
  for (uint64_t round = 1; round <= 3; ++round) {
    RunFacts facts = Healthy(round);
    facts.coverage.fields.erase("source");
    before.insert(before.begin(), GradeRun(facts, before, Advice));
    EXPECT_EQ(before.front().grade, Grade::kComplete);
  }
}

TEST(Grade, EmptyListsAreDrift) {
  RunFacts facts = Healthy(5);
  facts.coverage.list_items = 20;
  const RunRecord record = GradeRun(facts, History(4), Advice);
  EXPECT_EQ(record.grade, Grade::kDegraded);
  ASSERT_THAT(Kinds(record), ElementsAre("fewer_articles"));
  EXPECT_EQ(record.findings[0].text, "list pages show 2.0 articles each, 15.0 before");
}

TEST(Grade, FailuresDamageAndCharset) {
  RunFacts facts = Healthy(5);
  facts.coverage.failed = 12;
  facts.coverage.visits = 140;
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), ElementsAre("failures"));
  facts.coverage.visits = 1400;
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), IsEmpty()) << "what a large site loses on any day";
  facts = Healthy(5);
  facts.coverage.damaged = 20;
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), ElementsAre("damaged_text"));
  // A day on which a small site showed three such pages among the few that changed.
  facts.coverage.pages = 35;
  facts.coverage.damaged = 3;
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), testing::IsEmpty());
  EXPECT_THAT(Kinds(GradeRun(facts, {}, Advice)), ElementsAre("damaged_text"));
  facts = Healthy(5);
  facts.coverage.charsets = {{"gb18030", 110}};
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), ElementsAre("charset_changed"));
  // A batch of new pages beside many that came back as they were.
  facts.coverage.visits = 300;
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), IsEmpty());
}

TEST(Grade, ARoundThatWasCutOffIsGradedAsAWhole) {
  std::vector<RunRecord> before = History(4);
  RunFacts first = Healthy(5);
  first.stopped = true;
  first.still_queued = 100;
  first.coverage.seeds_reached.clear();
  first.coverage.seeds_missed["http://a.example/"] = "timeout";
  first.coverage.lists_missed["http://a.example/news/2.html"] = "timeout";
  before.insert(before.begin(), GradeRun(first, before, Advice));
  EXPECT_EQ(before.front().grade, Grade::kPartial);
  RunFacts rest = Healthy(5);
  rest.coverage.articles = 20;
  rest.coverage.fields = {{"title", 20}, {"published", 20}, {"source", 18}, {"body", 20}, {"clicks", 10}};
  const RunRecord record = GradeRun(rest, before, Advice);
  EXPECT_EQ(record.grade, Grade::kComplete);
  EXPECT_EQ(record.facts.coverage.articles, 120u);
  EXPECT_EQ(record.run_coverage.articles, 20u);
  // What the rest did not try stays missed.
  RunFacts nothing = Healthy(5);
  nothing.coverage.seeds_reached.clear();
  EXPECT_THAT(Kinds(GradeRun(nothing, before, Advice)), ElementsAre("seed_missed"));
}

// Of what a page showed that was read all the same the index knows nothing: that stays counted.
TEST(Grade, WhatWasShownInAnEarlierPartOfARoundStaysCounted) {
  Coverage first;
  CountShownObstacle(first, "refresh:loop", "http://a.example/1.htm");
  CountObstacle(first, "waf:aliyun", "http://a.example/2.htm", 9);
  Coverage rest;
  CountObstacle(rest, "waf:aliyun", "http://a.example/2.htm", 2);
  const Coverage round = GoOn(CoverageFromJson(ToJson(first)), rest);
  EXPECT_EQ(round.obstacles, (std::map<std::string, uint64_t>{{"refresh:loop", 1}, {"waf:aliyun", 2}}));
  EXPECT_EQ(round.obstacle_examples.at("refresh:loop"), "http://a.example/1.htm");
  // In a third part too.
  EXPECT_EQ(GoOn(round, rest).obstacles.at("refresh:loop"), 1u);
}

// What the index says of the whole round when a run ends is the latest's to say: what is not in the way any more was got.
TEST(Grade, WhatAnEarlierPartOfARoundMissedCountsUntilItWasGot) {
  std::vector<RunRecord> before = History(4);
  RunFacts first = Healthy(5);
  first.budget_used = true;
  CountObstacle(first.coverage, "waf:aliyun", "http://a.example/1.htm", 9);
  first.coverage.failed = 8;
  before.insert(before.begin(), GradeRun(first, before, Advice));
  RunFacts stopped = Healthy(0);  // of an earlier program: it was stopped before it asked for anything
  stopped.coverage = {};
  stopped.stopped = true;
  before.insert(before.begin(), GradeRun(stopped, before, Advice));
  EXPECT_THAT(Kinds(before.front()), ElementsAre("stopped"));
  RunFacts rest = Healthy(5);
  rest.coverage.lists.clear();
  CountObstacle(rest.coverage, "waf:aliyun", "http://a.example/1.htm", 7);
  const RunRecord record = GradeRun(rest, before, Advice);
  ASSERT_THAT(Kinds(record), ElementsAre("blocked"));
  EXPECT_THAT(record.findings[0].text, HasSubstr("on 7 pages"));
  EXPECT_EQ(record.facts.coverage.failed, 0u);
  EXPECT_EQ(record.facts.coverage.articles, 200u) << "the round's, though a run of it asked for nothing";
  EXPECT_EQ(record.facts.coverage.lists.at("http://a.example/news/").read, 10u);
  // A seed that was read in the first part and not in the second is missed, and the other way round.
  rest = Healthy(5);
  rest.coverage.seeds_reached.clear();
  rest.coverage.seeds_missed["http://a.example/"] = "http_500";
  before.insert(before.begin(), GradeRun(rest, before, Advice));
  EXPECT_THAT(Kinds(before.front()), ElementsAre("seed_missed"));
  EXPECT_EQ(GradeRun(Healthy(5), before, Advice).grade, Grade::kComplete);
}

TEST(Grade, PagesThatWereNeverGotAreToldByEveryReport) {
  RunFacts facts = Healthy(5);
  for (int i = 0; i < 3; ++i) CountNeverGot(facts.coverage, "http://a.example/" + std::to_string(i) + ".htm", "http_500");
  RunRecord record = GradeRun(facts, History(4), Advice);
  EXPECT_THAT(Kinds(record), IsEmpty()) << "three are what a site loses without being ill";
  EXPECT_THAT(TextOfSite({record}), HasSubstr("3 pages that lists name: http://a.example/0.htm (http_500)"));
  CountNeverGot(facts.coverage, "http://a.example/3.htm", "http_500");
  record = GradeRun(facts, History(4), Advice);
  EXPECT_EQ(record.grade, Grade::kDegraded);
  ASSERT_THAT(Kinds(record), ElementsAre("never_got"));
  EXPECT_FALSE(record.findings[0].drift);
  // In the round in which they failed that is said once.
  facts.coverage.failed = 12;
  facts.coverage.visits = 140;
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), ElementsAre("failures"));
  const auto again = RecordFromJson(ToJson(record));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->facts.coverage.never_got_examples, record.facts.coverage.never_got_examples);
}

TEST(Grade, ASiteThatWentElsewhereIsDrift) {
  RunFacts facts = Healthy(5);
  facts.coverage.visits = 140;
  facts.coverage.known = 40;
  for (int i = 0; i < 11; ++i) CountElsewhere(facts.coverage, "b.example", true);
  EXPECT_THAT(Kinds(GradeRun(facts, History(4), Advice)), IsEmpty()) << "columns that lead to another host come and go";
  CountElsewhere(facts.coverage, "c.example", true);
  const RunRecord record = GradeRun(facts, History(4), Advice);
  EXPECT_EQ(record.grade, Grade::kDegraded);
  ASSERT_THAT(Kinds(record), ElementsAre("elsewhere"));
  EXPECT_TRUE(record.findings[0].drift);
  EXPECT_EQ(record.findings[0].text, "12 of 40 pages that were here before redirect to hosts that are none of the site's: b.example (11), c.example (1)");
  // Of a first round half.
  facts = Healthy(1);
  facts.coverage.visits = 20;
  for (int i = 0; i < 9; ++i) CountElsewhere(facts.coverage, "b.example", false);
  EXPECT_EQ(GradeRun(facts, {}, Advice).grade, Grade::kComplete);
  CountElsewhere(facts.coverage, "b.example", false);
  EXPECT_THAT(Kinds(GradeRun(facts, {}, Advice)), ElementsAre("elsewhere"));
}

TEST(Grade, ARecordComesBackAsItWas) {
  RunFacts facts = Healthy(5);
  facts.overrides = {"obey_robots = false", "delay = 0.5"};
  facts.notes = {"a note"};
  CountObstacle(facts.coverage, "captcha", "http://a.example/<script>");
  const RunRecord record = GradeRun(facts, History(3), Advice);
  const Json json = ToJson(record);
  const auto back = RecordFromJson(json);
  ASSERT_TRUE(back);
  EXPECT_EQ(ToJson(*back), json);
  EXPECT_TRUE(json["robots_overridden"].get<bool>());
  EXPECT_FALSE(json["nofollow_overridden"].get<bool>());
  Json earlier = json;
  earlier.erase("overrides");
  EXPECT_THAT(RecordFromJson(earlier)->facts.overrides, ElementsAre("obey_robots = false"));
  EXPECT_FALSE(RecordFromJson(Json::object()));
  EXPECT_FALSE(RecordFromJson(Json::array()));
}

// Whatever a site can put into its report, a page for a browser holds it as text.
TEST(Render, NothingOfASiteIsMarkup) {
  const std::string evil = "\"'><img src=x onerror=alert(1)>\x1b[2J\xe2\x80\xae\xff&amp;";
  RunFacts facts = Healthy(5);
  facts.site = facts.name = facts.trigger = evil;
  facts.notes = {evil};
  Coverage& coverage = facts.coverage;
  coverage.seeds_missed["http://a.example/" + evil] = evil;
  coverage.lists_missed["http://b.example/" + evil] = evil;
  coverage.lists["http://c.example/" + evil] = {100, 0, 1, 1};
  coverage.charsets = {{evil, 110}};
  coverage.repairs = {{evil, 2}};
  coverage.redesigned = {evil};
  coverage.missing = {evil};
  coverage.duplicate_rules = Json::array({Json{{"rule", evil}, {"holds", true}, {"contents", 9}, {"since", evil}}});
  coverage.hosts[evil].robots = evil;
  CountObstacle(coverage, evil, evil);
  const RunRecord record = GradeRun(facts, {}, Advice);
  for (const RunRecord& shown : {record, *RecordFromJson(ToJson(record))}) {
    const std::string html = HtmlOfSites({{shown, shown}}, facts.ended);
    EXPECT_THAT(html, Not(HasSubstr("<img")));
    EXPECT_THAT(html, Not(HasSubstr("'>")));
    EXPECT_THAT(html, Not(HasSubstr("\x1b")));
    EXPECT_THAT(html, Not(HasSubstr("\xe2\x80\xae"))) << "no turning round of the text's direction";
    EXPECT_THAT(html, Not(HasSubstr("\xff")));
    EXPECT_THAT(html, HasSubstr("&lt;img src=x onerror=alert(1)&gt;"));
    EXPECT_THAT(html, HasSubstr("&amp;amp;"));
  }
  for (const std::string& text : {TextOfSite({record, record}), TextOfSites({record})}) {
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
  }
}

TEST(Render, WhatSitesSayIsEscapedAndAnOverrideIsShown) {
  RunFacts facts = Healthy(5);
  model::Site site;
  EXPECT_THAT(OverridesOf(site), ElementsAre());
  site.obey_robots = site.obey_nofollow = site.share_address_clock = false;
  site.tls_legacy = site.allow_private = true;
  site.delay = std::chrono::milliseconds(250);
  site.connections_per_host = 4;
  site.counters = model::CounterMode::kAllowIncrement;
  facts.overrides = OverridesOf(site);
  facts.name = "<b>\x1b[31m示例";
  CountObstacle(facts.coverage, "captcha", "http://a.example/<script>alert(1)</script>\x1b[2J");
  const RunRecord record = GradeRun(facts, {}, Advice);
  const std::string html = HtmlOfSites({{record}}, facts.ended);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
  const std::vector<std::string> overrides = {"obey_robots = false", "obey_nofollow = false", "delay = 0.25", "connections_per_host = 4", "share_address_clock = false",
                                              "tls_legacy = true", "allow_private = true"};
  for (const std::string& override : overrides) EXPECT_THAT(html, HasSubstr(override));
  EXPECT_THAT(html, HasSubstr("counters = &quot;allow_increment&quot;"));
  for (const std::string& text : {TextOfSite({record, record}), TextOfSites({record})}) {
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, HasSubstr("OVERRIDDEN"));
    EXPECT_THAT(text, HasSubstr("counters = \"allow_increment\""));
    for (const std::string& override : overrides) EXPECT_THAT(text, HasSubstr(override));
    EXPECT_THAT(text, HasSubstr("partial"));
  }
}

TEST(Grade, PagesOfAListThatCameBackUnchangedCountAsRead) {
  RunFacts facts = Healthy(5);
  facts.sweep = true;
  facts.coverage.lists.clear();
  model::PageRecord first;
  first.kind = model::PageKind::kList;
  first.list = model::ListFacts{};
  first.list->pages = 12;
  CountRecord(facts.coverage, first, "http://a.example/yw/index.html");
  CountListPage(facts.coverage, "http://a.example/yw/index.html");
  for (int i = 1; i < 12; ++i) CountListPage(facts.coverage, "http://a.example/yw/index_" + std::to_string(i) + ".html");
  CountListPage(facts.coverage, "http://a.example/about.html");
  const RunRecord record = GradeRun(facts, History(4), Advice);
  EXPECT_THAT(Kinds(record), IsEmpty());
  ASSERT_EQ(record.facts.coverage.lists.size(), 1u) << "what announces nothing is left out";
  EXPECT_EQ(record.facts.coverage.lists.begin()->second.read, 12u);
}

model::PageRecord ListRecord(uint64_t items, std::optional<uint64_t> total, std::optional<uint64_t> pages, std::string dialect = {}) {
  model::PageRecord record;
  record.kind = model::PageKind::kList;
  record.list = model::ListFacts{};
  record.list->dialect = std::move(dialect);
  record.list->items = items;
  record.list->total = total;
  record.list->pages = pages;
  return record;
}

TEST(Coverage, APageAtTwoAddressesMakesUpForNoOther) {
  Coverage coverage;
  for (const char* url : {"http://a.example/z/", "http://a.example/z/index.html", "http://a.example/z/index_1.html", "http://a.example/z/index_3.html"}) {
    CountListPage(coverage, url);
    CountRecord(coverage, ListRecord(10, std::nullopt, 4), url);
  }
  CountAbsentListPage(coverage, "http://a.example/z/index_2.html");
  const ListCoverage& list = coverage.lists.at("http://a.example/z/");
  EXPECT_EQ(list.read, 3u);
  EXPECT_EQ(list.items, 30u);
  EXPECT_THAT(list.absent, testing::ElementsAre(2));
  // ?page=1 is the page without a number where the list counts from 1, and index_1.html is not.
  for (const char* url : {"http://a.example/l?id=3", "http://a.example/l?id=3&page=1", "http://a.example/l?page=2&pagesize=10&id=3"}) {
    CountRecord(coverage, ListRecord(10, std::nullopt, 2), url);
  }
  EXPECT_EQ(coverage.lists.at("http://a.example/l?id=3").read, 2u);
  const Coverage again = CoverageFromJson(ToJson(coverage));
  EXPECT_EQ(again.lists.at("http://a.example/z/").by_number, list.by_number);
  EXPECT_EQ(again.lists.at("http://a.example/z/").absent, list.absent);
  Coverage sum = coverage;
  Add(sum, again);
  EXPECT_EQ(sum.lists.at("http://a.example/z/").read, 3u);
}

TEST(Coverage, RowsInAPageAreOfTheirUnit) {
  const std::string proxy = "http://a.example/module/web/jpage/dataproxy.jsp?";
  Coverage coverage;
  for (const std::string unit : {"&unitid=100", "&unitid=200"}) {
    CountRowsInPage(coverage, proxy + "startrecord=16&endrecord=30&perpage=5" + unit);
    CountRecord(coverage, ListRecord(15, 40, 8, "jpage"), proxy + "startrecord=16&endrecord=30&perpage=5" + unit);
    CountRecord(coverage, ListRecord(10, 40, 8, "jpage"), proxy + "startrecord=31&endrecord=45&perpage=5" + unit);
  }
  const auto columns = Columns(coverage);
  ASSERT_EQ(columns.size(), 2u);
  for (const auto& [family, list] : columns) EXPECT_EQ(list.items, 40u) << family;
  // The page and its rows are as they were.
  Coverage later;
  CountRecord(later, ListRecord(15, 40, 8, "jpage"), proxy + "startrecord=16&endrecord=30&perpage=5&unitid=100");
  CountListPage(later, proxy + "startrecord=31&endrecord=45&perpage=5&unitid=100");
  FillFromBefore(later, coverage);
  EXPECT_EQ(Columns(later).begin()->second.items, 40u);
}

TEST(Coverage, AProxysRowsAreOfTheColumnThatAsksForThem) {
  Coverage coverage;
  const std::string proxy = "http://a.example/module/web/jpage/dataproxy.jsp?";
  CountRecord(coverage, ListRecord(15, 50, std::nullopt, "jpage"), "http://a.example/col/col6/index.html", true, proxy + "startrecord=16&endrecord=30&perpage=5&columnid=6");
  for (const int row : {16, 31, 46}) {
    const std::string rows = "startrecord=" + std::to_string(row) + "&endrecord=" + std::to_string(row + 14) + "&perpage=5";
    CountRecord(coverage, ListRecord(row == 46 ? 5 : 15, 50, 10, "jpage"), row == 16 ? proxy + rows + "&__wb_method=POST&columnid=6" : proxy + rows + "&columnid=6");
  }
  const auto columns = Columns(coverage);
  ASSERT_EQ(columns.size(), 1u);
  EXPECT_EQ(columns.begin()->first, "http://a.example/col/col6/");
  EXPECT_EQ(columns.begin()->second.items, 50u);
  EXPECT_EQ(columns.begin()->second.total, 50u);
  EXPECT_EQ(columns.begin()->second.pages, 0u) << "its answers are no pages";
}

TEST(Coverage, AProxyThatGoesOnBehindThePagesOwnRowsCountsFromOneToo) {
  const std::string proxy = "http://a.example/module/web/jpage/dataproxy.jsp?";
  const auto items = [&](uint64_t own, uint64_t total, const std::vector<uint64_t>& answers) {
    Coverage coverage;
    CountRecord(coverage, ListRecord(own, total, std::nullopt, "jpage"), "http://a.example/col/col6/index.html", true, proxy + "page=1&columnid=6");
    for (size_t i = 0; i < answers.size(); ++i) CountRecord(coverage, ListRecord(answers[i], total, 10, "jpage"), proxy + "page=" + std::to_string(i + 1) + "&columnid=6");
    const auto columns = Columns(coverage);
    EXPECT_EQ(columns.size(), 1u);
    return columns.begin()->second.items;
  };
  EXPECT_EQ(items(45, 100, {45, 10}), 100u);  // <nextgroup>: page=1 is the second group
  EXPECT_EQ(items(20, 20, {0}), 20u);
  EXPECT_EQ(items(45, 100, {45, 45, 10}), 100u);  // asked from the first row
}

TEST(Coverage, AColumnOfTrsMayShrink) {
  Coverage coverage;
  CountRecord(coverage, ListRecord(20, std::nullopt, 5, "trs"), "http://a.example/z/index.html");
  for (int i = 1; i <= 4; ++i) CountRecord(coverage, ListRecord(20, std::nullopt, 5, "trs"), "http://a.example/z/index_" + std::to_string(i) + ".html");
  CountAbsentListPage(coverage, "http://a.example/z/index_5.html");
  EXPECT_EQ(coverage.lists.at("http://a.example/z/").read, 5u);
  // Of pages that come back unchanged the report before knows how they count.
  Coverage next;
  for (const char* page : {"index.html", "index_1.html", "index_2.html", "index_3.html", "index_4.html"}) CountListPage(next, std::string("http://a.example/z/") + page);
  CountAbsentListPage(next, "http://a.example/z/index_5.html");
  FillFromBefore(next, CoverageFromJson(ToJson(coverage)));
  EXPECT_EQ(next.lists.at("http://a.example/z/").read, 5u);
}

TEST(Coverage, PagesOfOneListHaveOneFamily) {
  EXPECT_EQ(ListFamily("http://a.example/yw/index.html"), "http://a.example/yw/");
  EXPECT_EQ(ListFamily("http://a.example/yw/index_12.html"), "http://a.example/yw/");
  EXPECT_EQ(ListFamily("http://a.example/yw/"), "http://a.example/yw/");
  EXPECT_EQ(ListFamily("http://a.example/tzgg.htm"), "http://a.example/tzgg.htm");
  EXPECT_EQ(ListFamily("http://a.example/tzgg/12.htm"), "http://a.example/tzgg.htm");
  EXPECT_EQ(ListFamily("http://a.example/zwgk/list_2.html"), ListFamily("http://a.example/zwgk/list.html"));
  EXPECT_EQ(ListFamily("http://a.example/l.jsp?id=3&page=2"), ListFamily("http://a.example/l.jsp?id=3"));
  EXPECT_NE(ListFamily("http://a.example/l.jsp?id=3&page=2"), ListFamily("http://a.example/l.jsp?id=4&page=2"));
  EXPECT_EQ(ListFamily("nonsense"), "nonsense");
}

TEST(Coverage, IsBoundedWhateverASiteDoes) {
  Coverage coverage;
  for (int i = 0; i < 10'000; ++i) {
    ++HostOf(coverage, "h" + std::to_string(i) + ".example").requests;
    CountObstacle(coverage, "o" + std::to_string(i), "u");
    CountElsewhere(coverage, "e" + std::to_string(i) + ".example", false);
    CountNeverGot(coverage, "http://a.example/" + std::to_string(i), "http_500");
    AddRedirectedList(coverage, "http://a.example/" + std::to_string(i) + "/");
    model::PageRecord record;
    record.kind = model::PageKind::kList;
    record.charset = "c" + std::to_string(i);
    record.list = model::ListFacts{};
    CountListPage(coverage, "http://b.example/x" + std::string(1 + i % 50, 'y') + "/" + std::to_string(i) + "z.html");
    CountRecord(coverage, record, "http://a.example/" + std::string(1 + i % 40, 'x') + std::to_string(i) + "/l.html");
  }
  Coverage sum;
  Add(sum, coverage);
  Add(sum, coverage);
  EXPECT_LE(sum.hosts.size(), 2001u);
  EXPECT_LE(sum.obstacles.size(), 200u);
  EXPECT_LE(sum.charsets.size(), 200u);
  EXPECT_LE(sum.elsewhere.size(), 201u);
  EXPECT_LE(sum.redirected_lists.size(), 200u);
  EXPECT_LE(sum.never_got_examples.size(), 100u);
  EXPECT_LE(sum.lists.size(), 1000u);
  uint64_t requests = 0;
  for (const auto& [host, impact] : sum.hosts) requests += impact.requests;
  EXPECT_EQ(requests, 20'000u) << "what is not told apart is counted all the same";
}

}  // namespace
}  // namespace fangzhi::report
