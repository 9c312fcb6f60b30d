#include "model/json.h"

#include <gtest/gtest.h>

#include "model/json_text.h"

namespace fangzhi::model {
namespace {

PageRecord Full() {
  PageRecord record;
  record.url = "http://www.example.gov.cn/a/1.htm";
  record.kind = PageKind::kArticle;
  record.kind_reason = "title, date and body";
  record.title = "关于公布名单的通知";
  record.published = "2021-11-29T08:30:00+08:00";
  record.source = "办公室";
  record.clicks = 997;
  record.author = "张三";
  record.editor = "李四";
  record.column = "政务 > 通知";
  record.document_number = "〔2021〕47号";
  record.index_number = "000014349/2021-00110";
  record.body = "第一段\n第二段";
  record.attachments = {{"http://www.example.gov.cn/a.pdf", "附件"}};
  record.images = {"http://www.example.gov.cn/a.jpg"};
  record.counter = Counter{"http://www.example.gov.cn/c?id=1", "vsb", "GET", "read_only"};
  record.charset = "GBK";
  record.language = "zh-Hans";
  record.repairs = {{"gbk_as_latin1", 3, 9, "ÖÐ", "中", true, 0.99}};
  record.damage = {{10, 12, "replacement", "��"}};
  record.provenance = {{"title", "meta:ArticleTitle"}};
  return record;
}

TEST(RecordJson, RoundTripsWhole) {
  const Json json = ToJson(Full());
  EXPECT_EQ(ToJson(PageRecordFromJson(json)), json);
  EXPECT_EQ(Dump(ToJson(PageRecordFromJson(*ParseJson(Dump(json))))), Dump(json));
}

TEST(RecordJson, AbsentFactsAreNull) {
  const Json json = ToJson(PageRecord{});
  for (const char* key : {"title", "published", "source", "clicks", "author", "editor", "column", "document_number", "index_number",
                          "counter", "charset", "language"}) {
    EXPECT_TRUE(json.at(key).is_null()) << key;
  }
  EXPECT_EQ(json.at("kind"), "other");
  EXPECT_TRUE(json.at("attachments").is_array());
  EXPECT_EQ(ToJson(PageRecordFromJson(json)), json);
}

TEST(RecordJson, ReadsWhatDoesNotFitAsAbsent) {
  const auto json = ParseJson(R"({"title": 7, "clicks": "many", "kind": "novel", "attachments": {"a": 1}, "repairs": "x", "counter": []})");
  ASSERT_TRUE(json);
  const PageRecord record = PageRecordFromJson(*json);
  EXPECT_FALSE(record.title);
  EXPECT_FALSE(record.clicks);
  EXPECT_EQ(record.kind, PageKind::kOther);
  EXPECT_FALSE(record.counter);
}

TEST(Json, NeverThrowsOnWhatComesFromOutside) {
  EXPECT_FALSE(ParseJson("{"));
  EXPECT_FALSE(ParseJson(std::string(100'000, '[')));
  EXPECT_TRUE(ParseJson(R"({"text": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})"));
  EXPECT_EQ(Dump(Json{{"k", "\xFF"}}), "{\"k\":\"\xEF\xBF\xBD\"}");
  EXPECT_EQ(GetString(Json(7), "k", "none"), "none");
  EXPECT_EQ(GetInt(Json{{"k", 1.5}}, "k", 3), 3);
}

TEST(Names, EveryOutcomeHasOne) {
  for (int i = 0; i <= static_cast<int>(FetchOutcome::kCancelled); ++i) {
    const auto outcome = static_cast<FetchOutcome>(i);
    FetchOutcome back = FetchOutcome::kResponse;
    ASSERT_FALSE(FetchOutcomeName(outcome).empty()) << i;
    ASSERT_TRUE(ParseFetchOutcome(FetchOutcomeName(outcome), &back));
    EXPECT_EQ(back, outcome);
  }
}

// Members are said once, but written in two ways.
TEST(JsonTextTest, TheTextOfARecordIsWhatTheLibraryWrites) {
  std::string every;
  for (int c = 0; c < 0x80; ++c) every.push_back(static_cast<char>(c));
  every += "中文\xF0\x9F\x98\x80";
  PageRecord record = Full();
  record.title = every;
  record.clicks = -1;
  record.list = ListFacts{"trs", 18446744073709551615u, std::nullopt, 1, 20, 3, true, ""};
  record.repairs.push_back({"gloss", 0, 1, every, "", false, 1.0 / 3});
  record.confidence = {{"title", 1.0}, {every, 0.05}};
  record.conflicts = {{"published", "2021-11-28"}};
  record.candidates = {{"source", {{"办公室", "infobar", 0.9}, {"", "", 0}}}, {"title", {}}};
  record.html = "<p>";
  for (const PageRecord& each : {record, Full(), PageRecord{}}) {
    std::string text = "[";
    AppendJson(text, each);
    EXPECT_EQ(text, "[" + Dump(ToJson(each)));
  }
  EXPECT_EQ(JsonObjectText().Finish(), "{}");
}

TEST(JsonTextTest, NumbersAreReadBackAsTheSame) {
  for (const double number : {0.0, 1.0, -1.0, 0.99, 1.0 / 3, 1e-7, 1e300, 123456789.125}) {
    std::string text;
    AppendJsonNumber(text, number);
    const auto read = ParseJson(text);
    ASSERT_TRUE(read && read->is_number_float()) << text;
    EXPECT_EQ(read->get<double>(), number) << text;
  }
}

// Texts are looked through by their words of eight bytes: what must be escaped is found in each place of one.
TEST(JsonTextTest, EscapesWhereverItStands) {
  for (const std::string& special : {std::string("\""), std::string("\\"), std::string("\n"), std::string("\x1f"), std::string(1, '\0')}) {
    for (size_t before = 0; before < 20; ++before) {
      for (size_t behind = 0; behind < 10; ++behind) {
        const std::string text = std::string(before, '!') + special + std::string(behind, '~') + "江苏\x7F";
        std::string written;
        AppendJsonString(written, text);
        EXPECT_EQ(written, Dump(Json(text)));
      }
    }
  }
}

}  // namespace
}  // namespace fangzhi::model
