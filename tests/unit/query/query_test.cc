#include "query/query.h"

#include <gmock/gmock.h>

#include "unit/store/archive_fixture.h"

namespace fangzhi::query {
namespace {

using test::Article;
using test::At;
using test::CommitAll;
using test::Fetch;

class QueryTest : public testing::Test {
 protected:
  QueryTest() : archive_(test::OpenArchive(directory_.path())) {}

  Fetch Page(const std::string& name, const std::string& time, std::optional<model::PageRecord> record) {
    Fetch fetch;
    fetch.url = "http://www.example.gov.cn/a/" + name;
    fetch.time = At(time);
    fetch.payload = name + time;
    fetch.record = std::move(record);
    return fetch;
  }
  void CountClicks(const std::string& page, const std::string& time, int64_t clicks) {
    Fetch fetch = Page("counter", time, std::nullopt);
    fetch.purpose = store::Purpose::kCounter;
    store::CaptureToCommit item = test::ToCommit(fetch);
    item.facts.counted_page = page;
    item.facts.clicks = clicks;
    item.facts.clicks_basis = "counter:vsb";
    ASSERT_TRUE(archive_->Commit({&item, 1}, {}));
  }
  // An article that is edited on day 3, seen again on day 4, gone from day 5.
  void CommitStory() {
    CommitAll(*archive_, {Page("1.htm", "2026-01-01", Article("标题", "第一段。\n第二段。"))});
    CountClicks(url_, "2026-01-01T00:00:05Z", 10);
    CommitAll(*archive_, {Page("1.htm", "2026-01-02", Article("标题", "第一段。\n第二段。"))});
    CountClicks(url_, "2026-01-02T00:00:05Z", 20);
    model::PageRecord edited = Article("新标题", "第一段。\n第三段。");
    edited.source.reset();
    CommitAll(*archive_, {Page("1.htm", "2026-01-03", edited), Page("1.htm", "2026-01-04", edited)});
    Fetch absent = Page("1.htm", "2026-01-05", std::nullopt);
    absent.status = 404;
    absent.absence = "http_404";
    Fetch still = absent;
    still.time = At("2026-01-06");
    CommitAll(*archive_, {absent, still});
  }
  template <class Query>
  std::vector<Json> All(Query query) {
    std::vector<Json> answers;
    const Result<void> result = query([&answers](const Json& json) {
      answers.push_back(json);
      return true;
    });
    EXPECT_TRUE(result) << result.error().ToString();
    return answers;
  }

  const std::string url_ = "http://www.example.gov.cn/a/1.htm";
  test::TempDirectory directory_;
  std::unique_ptr<store::Archive> archive_;
};

TEST_F(QueryTest, PartsOfAnArticleAreShownAsOne) {
  const auto part = [this](const std::string& name, const std::string& time, const std::string& body, const std::string& next) {
    model::PageRecord record = Article("标题", body);
    if (!next.empty()) record.next_page = "http://www.example.gov.cn/a/" + next;
    return Page(name, time, record);
  };
  CommitAll(*archive_, {part("7.htm", "2026-01-01T00:00:00Z", "第一页。", "7_2.htm"), part("7_2.htm", "2026-01-01T00:00:09Z", "第二页。", "7_3.htm")});
  auto shown = Show(*archive_, "http://www.example.gov.cn/a/7.htm", {});
  ASSERT_TRUE(shown) << shown.error().ToString();
  EXPECT_EQ((*shown)["body"], "第一页。\n第二页。");
  EXPECT_EQ((*shown)["parts"].size(), 1u);
  EXPECT_EQ((*shown)["next_page"], "http://www.example.gov.cn/a/7_3.htm");  // not captured yet
  // The last part leads back to the first; the second is edited with the first's second version.
  CommitAll(*archive_, {part("7_3.htm", "2026-01-01T00:00:19Z", "第三页。", "7.htm"), part("7.htm", "2026-01-05T00:00:00Z", "第一页，改。", "7_2.htm"),
                        part("7_2.htm", "2026-01-05T00:00:09Z", "第二页，改。", "7_3.htm")});
  shown = Show(*archive_, "http://www.example.gov.cn/a/7.htm", {});
  ASSERT_TRUE(shown);
  EXPECT_EQ((*shown)["body"], "第一页，改。\n第二页，改。\n第三页。");
  EXPECT_TRUE((*shown)["next_page"].is_null());
  ShowOptions first;
  first.version = 1;
  shown = Show(*archive_, "http://www.example.gov.cn/a/7.htm", first);
  ASSERT_TRUE(shown);
  EXPECT_EQ((*shown)["body"], "第一页。\n第二页。\n第三页。");
  EXPECT_EQ((*shown)["parts"][0]["version"], 1);
}

TEST_F(QueryTest, PartsAndCopiesAreNoArticlesOfTheirOwn) {
  const std::string text = "会议要求，各单位要抓住当前墒情较好的有利时机，倒排工期、落实责任，确保四月底前完成栽植任务，并做好后期管护工作，不得有误，此事由各单位负责。";
  model::PageRecord first = Article("一", text), second = Article("一", "第二页。"), mobile = Article("一", text + "手机版"), again = Article("一", text), wrong = Article("二", text + "又一篇");
  second.part_of = "http://www.example.gov.cn/a/7.htm";
  mobile.copy_of = wrong.copy_of = "http://www.example.gov.cn/a/7.htm";
  CommitAll(*archive_, {Page("7.htm", "2026-01-01T00:00:00Z", first), Page("7_2.htm", "2026-01-01T00:00:01Z", second), Page("m7.htm", "2026-01-01T00:00:02Z", mobile),
                        Page("8.htm", "2026-01-01T00:00:03Z", again), Page("9.htm", "2026-01-01T00:00:04Z", wrong)});
  const auto stats = Stats(*archive_);
  ASSERT_TRUE(stats);
  EXPECT_EQ((*stats)["articles"], 2);
  EXPECT_EQ((*stats)["parts"], 1);
  EXPECT_EQ((*stats)["copies"], 2);
  size_t copies = 0;
  const std::vector<Json> listed = All([&](const Sink& sink) { return List(*archive_, {}, sink); });
  for (const Json& row : listed) copies += row["copy_of"] == "http://www.example.gov.cn/a/7.htm";
  EXPECT_EQ(listed.size(), 4u);
  EXPECT_EQ(copies, 2u);
  ListOptions all;
  all.kind = "all";
  EXPECT_EQ(All([&](const Sink& sink) { return List(*archive_, all, sink); }).size(), 5u);
  const auto changes = [&] { return All([&](const Sink& sink) { return Changes(*archive_, {}, sink); }); };
  EXPECT_EQ(changes().size(), 4u);  // the part is new with its article
  std::map<std::string, Json> copy_of;
  for (const Json& event : changes()) copy_of[event["url"].get<std::string>().substr(28)] = event["copy_of"];
  EXPECT_EQ(copy_of, (std::map<std::string, Json>{{"7.htm", nullptr}, {"m7.htm", "http://www.example.gov.cn/a/7.htm"}, {"8.htm", "http://www.example.gov.cn/a/7.htm"}, {"9.htm", nullptr}}));
  // What is told at the part names its article.
  second.body = "第二页，改。";
  CommitAll(*archive_, {Page("7_2.htm", "2026-01-02T00:00:01Z", second)});
  const Json edited = changes().front();
  EXPECT_EQ(edited["kind"], "edited");
  EXPECT_EQ(edited["part_of"], "http://www.example.gov.cn/a/7.htm");
  EXPECT_EQ(edited["copy_of"], nullptr);
}

// Edits of a further page alone make no version of the first: at each time the text is what it was then.
TEST_F(QueryTest, PartsAreShownAsTheyWereAtTheTimeThatIsAskedFor) {
  const auto visit = [this](const std::string& day, const std::string& first, const std::string& second) {
    model::PageRecord record = Article("标题", first);
    record.next_page = "http://www.example.gov.cn/a/7_2.htm";
    CommitAll(*archive_, {Page("7.htm", "2026-01-" + day + "T00:00:00Z", record), Page("7_2.htm", "2026-01-" + day + "T00:00:09Z", Article("标题", second))});
  };
  visit("01", "第一页。", "第二页。");
  visit("03", "第一页。", "第二页，二。");
  visit("05", "第一页。", "第二页，三。");
  visit("07", "第一页，改。", "第二页，四。");
  const auto body_at = [this](const std::string& time) {
    ShowOptions options;
    options.at = At(time);
    const auto shown = Show(*archive_, "http://www.example.gov.cn/a/7.htm", options);
    EXPECT_TRUE(shown) << time;
    if (!shown) return std::string();
    const auto version = FindVersion(*archive_, "http://www.example.gov.cn/a/7.htm", options);
    const auto parts = FindParts(*archive_, "http://www.example.gov.cn/a/7.htm", version.value(), options);
    EXPECT_EQ(parts.value().size(), 1u);
    EXPECT_EQ(parts.value()[0].number, (*shown)["parts"][0]["version"].get<uint32_t>());
    return (*shown)["body"].get<std::string>();
  };
  EXPECT_EQ(body_at("2026-01-01T00:00:00Z"), "第一页。\n第二页。") << "its parts were captured just after";
  EXPECT_EQ(body_at("2026-01-02T00:00:00Z"), "第一页。\n第二页。");
  EXPECT_EQ(body_at("2026-01-03T00:00:09Z"), "第一页。\n第二页，二。");
  EXPECT_EQ(body_at("2026-01-06T00:00:00Z"), "第一页。\n第二页，三。");
  EXPECT_EQ(body_at("2026-01-07T00:00:00Z"), "第一页，改。\n第二页，四。") << "by the same visit";
  EXPECT_EQ(body_at("2026-02-01T00:00:00Z"), "第一页，改。\n第二页，四。");
}

TEST_F(QueryTest, ShowAtATimeAtWhichThePageWasNotThereSaysSo) {
  const auto visit = [this](const std::string& day, int status) {
    Fetch fetch = Page("9.htm", "2026-01-" + day + "T00:00:00Z", Article("标题", "正文。"));
    fetch.status = status;
    if (status == 404) {
      fetch.absence = "http_404";
      fetch.record.reset();
      fetch.payload = "not here";
    }
    if (status == 503) fetch.record.reset();
    CommitOne(*archive_, fetch);
  };
  visit("01", 200);
  visit("03", 404);
  visit("04", 404);
  visit("05", 503);
  visit("08", 200);
  const auto at = [this](const std::string& time) {
    ShowOptions options;
    options.at = At(time);
    return Show(*archive_, "http://www.example.gov.cn/a/9.htm", options).value();
  };
  Json then = at("2026-01-02T00:00:00Z");
  EXPECT_EQ(then["state"], "present");
  EXPECT_FALSE(then.contains("absent"));
  EXPECT_EQ(then["last_seen"], "2026-01-01T00:00:00+00:00");
  for (const char* time : {"2026-01-03T00:00:00Z", "2026-01-04T12:00:00Z", "2026-01-06T00:00:00Z"}) {
    then = at(time);
    EXPECT_EQ(then["state"], "gone") << time;
    EXPECT_EQ(then["last_seen"], "2026-01-01T00:00:00+00:00");
    ASSERT_TRUE(then.contains("absent")) << time;
    EXPECT_EQ(then["absent"]["not_before"], "2026-01-01T00:00:00+00:00");
    EXPECT_EQ(then["absent"]["from"], "2026-01-03T00:00:00+00:00");
    EXPECT_EQ(then["absent"]["until"], "2026-01-04T00:00:00+00:00");
    EXPECT_EQ(then["absent"]["evidence"], "http_404");
  }
  then = at("2026-01-09T00:00:00Z");
  EXPECT_EQ(then["state"], "present");
  EXPECT_FALSE(then.contains("absent"));
  EXPECT_EQ(then["last_seen"], "2026-01-08T00:00:00+00:00");
}

TEST_F(QueryTest, ShowIsTheRecordAndItsPlaceInTime) {
  CommitStory();
  const auto latest = Show(*archive_, url_, {});
  ASSERT_TRUE(latest) << latest.error().ToString();
  EXPECT_EQ((*latest)["url"], url_);
  EXPECT_EQ((*latest)["title"], "新标题");
  EXPECT_EQ((*latest)["body"], "第一段。\n第三段。");
  EXPECT_TRUE((*latest)["source"].is_null());
  EXPECT_EQ((*latest)["version"], 2);
  EXPECT_EQ((*latest)["versions"], 2);
  EXPECT_EQ((*latest)["captured"], "2026-01-03T00:00:00+00:00");
  EXPECT_EQ((*latest)["last_seen"], "2026-01-04T00:00:00+00:00");
  EXPECT_EQ((*latest)["state"], "gone");
  EXPECT_EQ((*latest)["status"], 200);
  EXPECT_TRUE((*latest)["clicks"].is_null());
  ShowOptions options;
  options.version = 1;
  const auto first = Show(*archive_, url_, options);
  ASSERT_TRUE(first);
  EXPECT_EQ((*first)["title"], "标题");
  EXPECT_EQ((*first)["last_seen"], "2026-01-02T00:00:00+00:00");
  EXPECT_EQ((*first)["clicks"], 20);
  EXPECT_EQ((*first)["provenance"]["clicks"], "counter:vsb");
}

TEST_F(QueryTest, ShowAtAMoment) {
  CommitStory();
  const auto at = [this](const char* time) {
    ShowOptions options;
    options.at = At(time);
    return FindVersion(*archive_, url_, options);
  };
  EXPECT_EQ(at("2026-01-02T23:59:59Z")->number, 1u);
  EXPECT_EQ(at("2026-01-03T00:00:00Z")->number, 2u);
  EXPECT_EQ(at("2030-01-01")->number, 2u);
  EXPECT_EQ(at("2025-01-01").error().kind, ErrorKind::kNotFound);
}

// Between the last sight of one state and the first of the next nobody knows which it was.
TEST_F(QueryTest, ShowAtAMomentBetweenTwoStatesSaysSo) {
  CommitStory();
  Fetch busy = Page("1.htm", "2026-01-07", std::nullopt), back = Page("1.htm", "2026-01-08", Article("新标题", "第一段。\n第四段。"));
  busy.status = 503;
  CommitAll(*archive_, {busy, back});
  const auto at = [this](const char* time) {
    ShowOptions options;
    options.at = At(time);
    return Show(*archive_, url_, options).value();
  };
  const auto uncertain = [](const char* not_before, const char* time, const char* state, const Json& version) {
    return Json{{"not_before", not_before}, {"time", time}, {"state", state}, {"version", version}};
  };
  // Seen at both ends of it, or never seen otherwise.
  for (const char* sure : {"2026-01-01T12:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-03T12:00:00Z", "2026-01-05T12:00:00Z", "2026-01-08T00:00:00Z", "2026-02-01"}) {
    EXPECT_FALSE(at(sure).contains("uncertain")) << sure;
  }
  EXPECT_EQ(at("2026-01-02T12:00:00Z")["version"], 1);
  EXPECT_EQ(at("2026-01-02T12:00:00Z")["uncertain"], uncertain("2026-01-02T00:00:00+00:00", "2026-01-03T00:00:00+00:00", "present", 2));
  EXPECT_EQ(at("2026-01-04T12:00:00Z")["uncertain"], uncertain("2026-01-04T00:00:00+00:00", "2026-01-05T00:00:00+00:00", "gone", nullptr));
  // A visit that could not tell is none of the two.
  for (const char* time : {"2026-01-06T12:00:00Z", "2026-01-07T12:00:00Z"}) {
    EXPECT_TRUE(at(time).contains("absent"));
    EXPECT_EQ(at(time)["uncertain"], uncertain("2026-01-06T00:00:00+00:00", "2026-01-08T00:00:00+00:00", "restored", 3)) << time;
  }
}

TEST_F(QueryTest, ShowAtAMomentBetweenTwoStatesOfAPartSaysSo) {
  model::PageRecord first = Article("标题", "第一页。");
  first.next_page = "http://www.example.gov.cn/a/7_2.htm";
  CommitAll(*archive_, {Page("7.htm", "2026-01-01T00:00:00Z", first), Page("7_2.htm", "2026-01-01T00:00:09Z", Article("标题", "第二页。")),
                        Page("7.htm", "2026-01-03T00:00:00Z", first), Page("7_2.htm", "2026-01-03T00:00:09Z", Article("标题", "第二页，改。"))});
  ShowOptions options;
  options.at = At("2026-01-02T00:00:00Z");
  const Json between = Show(*archive_, "http://www.example.gov.cn/a/7.htm", options).value();
  EXPECT_FALSE(between.contains("uncertain"));
  EXPECT_EQ(between["parts"][0]["uncertain"]["time"], "2026-01-03T00:00:09+00:00");
  // The part's version that came just after the article's, by the same visit, is the one that is shown.
  first.body = "第一页，改。";
  CommitAll(*archive_, {Page("7.htm", "2026-01-05T00:00:00Z", first), Page("7_2.htm", "2026-01-05T00:00:09Z", Article("标题", "第二页，又改。"))});
  options.at = At("2026-01-05T00:00:00Z");
  EXPECT_FALSE(Show(*archive_, "http://www.example.gov.cn/a/7.htm", options).value()["parts"][0].contains("uncertain"));
}

TEST_F(QueryTest, AnotherSpellingOfTheUrlFindsThePage) {
  CommitStory();
  EXPECT_TRUE(Show(*archive_, "HTTP://WWW.example.gov.cn:80/a/../a/1.htm#top", {}));
}

TEST_F(QueryTest, NotFoundNamesTheUrl) {
  CommitStory();
  const auto unknown = Show(*archive_, "http://www.example.gov.cn/none", {});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(unknown.error().subject, "http://www.example.gov.cn/none");
  ShowOptions options;
  options.version = 3;
  EXPECT_EQ(Show(*archive_, url_, options).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(Show(*archive_, "http://www.example.gov.cn/a/counter", {}).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(History(*archive_, "no url", [](const Json&) { return true; }).error().kind, ErrorKind::kNotFound);
}

TEST_F(QueryTest, History) {
  CommitStory();
  const auto versions = All([this](const Sink& sink) { return History(*archive_, url_, sink); });
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0]["version"], 1);
  EXPECT_EQ(versions[0]["time"], "2026-01-01T00:00:00+00:00");
  EXPECT_EQ(versions[0]["last_seen"], "2026-01-02T00:00:00+00:00");
  EXPECT_EQ(versions[0]["changed"], Json::array());
  EXPECT_EQ(versions[1]["not_before"], "2026-01-02T00:00:00+00:00");
  EXPECT_EQ(versions[1]["changed"], Json::array({"title", "body", "source"}));
  EXPECT_NE(versions[0]["digest"], versions[1]["digest"]);
}

TEST_F(QueryTest, DiffIsFieldByFieldAndInTheBodyByCharacter) {
  CommitStory();
  const auto diff = Diff(*archive_, url_, std::nullopt, std::nullopt);
  ASSERT_TRUE(diff);
  EXPECT_EQ((*diff)["a"], 1);
  EXPECT_EQ((*diff)["b"], 2);
  EXPECT_EQ((*diff)["fields"],
            Json::array({Json{{"field", "title"}, {"before", "标题"}, {"after", "新标题"}},
                         Json{{"field", "source"}, {"before", "示例市人民政府"}, {"after", nullptr}}}));
  std::string before, after;
  bool changed = false;
  for (const Json& part : (*diff)["body"]) {
    if (part["kind"] != "insert") before += part["text"].get<std::string>();
    if (part["kind"] != "delete") after += part["text"].get<std::string>();
    changed |= part["kind"] != "equal";
  }
  EXPECT_TRUE(changed);
  EXPECT_EQ(before, "第一段。\n第二段。");
  EXPECT_EQ(after, "第一段。\n第三段。");
  EXPECT_FALSE(Diff(*archive_, url_, 1, 5));
}

TEST_F(QueryTest, ClicksAreASeries) {
  CommitStory();
  const auto series = All([this](const Sink& sink) { return Clicks(*archive_, url_, sink); });
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[1]["clicks"], 20);
  EXPECT_EQ(series[1]["time"], "2026-01-02T00:00:05+00:00");
  EXPECT_EQ(series[1]["basis"], "counter:vsb");
}

TEST_F(QueryTest, ListShowsEveryRecordOrThoseOfAKind) {
  CommitStory();
  model::PageRecord list = Article("要闻", "…");
  list.kind = model::PageKind::kList;
  CommitAll(*archive_, {Page("index.htm", "2026-01-01", list), Page("a.pdf", "2026-01-01", std::nullopt)});
  ListOptions options;
  const auto answers = All([&](const Sink& sink) { return List(*archive_, options, sink); });
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(answers[0]["title"], "要闻");
  EXPECT_EQ(answers[0]["kind"], "list");
  EXPECT_EQ(answers[1]["title"], "新标题");
  EXPECT_EQ(answers[1]["versions"], 2);
  EXPECT_EQ(answers[1]["first_seen"], "2026-01-01T00:00:00+00:00");
  EXPECT_EQ(answers[1]["state"], "gone");
  EXPECT_TRUE(answers[2]["title"].is_null());
  EXPECT_EQ(answers[2]["kind"], "other");
  options.kind = "all";
  EXPECT_EQ(All([&](const Sink& sink) { return List(*archive_, options, sink); }).size(), 3u);
  options.kind = "list";
  EXPECT_EQ(All([&](const Sink& sink) { return List(*archive_, options, sink); }).size(), 1u);
  options.limit = 0;
  EXPECT_EQ(All([&](const Sink& sink) { return List(*archive_, options, sink); }).size(), 0u);
  options = {};
  options.sites = {"other"};
  EXPECT_EQ(All([&](const Sink& sink) { return List(*archive_, options, sink); }).size(), 0u);
  options.kind = "nonsense";
  EXPECT_EQ(List(*archive_, options, [](const Json&) { return true; }).error().kind, ErrorKind::kInvalidInput);
}

TEST_F(QueryTest, ChangesAreNewestFirst) {
  CommitStory();
  model::PageRecord list = Article("要闻", "…");
  list.kind = model::PageKind::kList;
  CommitAll(*archive_, {Page("index.htm", "2026-01-07", list)});
  ChangesOptions options;
  const auto kinds = [&] {
    std::string text;
    for (const Json& json : All([&](const Sink& sink) { return Changes(*archive_, options, sink); })) {
      text += json["kind"].get<std::string>() + " ";
    }
    return text;
  };
  EXPECT_EQ(kinds(), "gone edited new ");
  options.since = At("2026-01-03");
  EXPECT_EQ(kinds(), "gone edited ");
  options.since = At("2026-01-06");  // proved then, though it happened before
  EXPECT_EQ(kinds(), "gone ");
  options = {};
  options.all_pages = true;
  EXPECT_EQ(kinds(), "new gone edited new ");
  options.limit = 2;
  EXPECT_EQ(kinds(), "new gone ");
  options = {};
  options.kind = "gone";
  const auto gone = All([&](const Sink& sink) { return Changes(*archive_, options, sink); });
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0]["url"], url_);
  EXPECT_EQ(gone[0]["title"], "新标题");
  EXPECT_EQ(gone[0]["not_before"], "2026-01-04T00:00:00+00:00");
  EXPECT_EQ(gone[0]["time"], "2026-01-05T00:00:00+00:00");
  EXPECT_TRUE(gone[0]["evidence"].is_string());
}

TEST_F(QueryTest, Stats) {
  CommitStory();
  const auto stats = Stats(*archive_);
  ASSERT_TRUE(stats);
  EXPECT_EQ((*stats)["pages"], 1);
  EXPECT_EQ((*stats)["versions"], 2);
  EXPECT_EQ((*stats)["visits"], 8);
  EXPECT_EQ((*stats)["by_site"], (Json{{"example", 1}}));
  EXPECT_EQ((*stats)["by_kind"], (Json{{"article", 1}}));
  EXPECT_EQ((*stats)["by_charset"], (Json{{"GBK", 1}}));
  EXPECT_EQ((*stats)["by_state"], (Json{{"gone", 1}}));
  EXPECT_EQ((*stats)["field_coverage"]["title"]["count"], 1);
  EXPECT_EQ((*stats)["field_coverage"]["source"]["count"], 0);
  EXPECT_GT((*stats)["bytes"].get<uint64_t>(), 1000u);
}

}  // namespace
}  // namespace fangzhi::query
