// The facts of a live commit and those read back from the WARC are the same, field by field; so a rebuilt index is the same index.
#include <gmock/gmock.h>

#include <limits>

#include "store/capture_records.h"
#include "store/fold.h"
#include "store/keys.h"
#include "text/text.h"
#include "unit/store/archive_fixture.h"

namespace fangzhi::store {
namespace {

using test::Fetch;

void ExpectEqual(const model::PageRecord& a, const model::PageRecord& b) {
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.kind_reason, b.kind_reason);
  // The JSON of the interface holds every other field; the test below fills all of them.
  EXPECT_EQ(model::Dump(model::ToJson(a)), model::Dump(model::ToJson(b)));
  ASSERT_EQ(a.repairs.size(), b.repairs.size());
  for (size_t i = 0; i < a.repairs.size(); ++i) EXPECT_EQ(a.repairs[i].confidence, b.repairs[i].confidence);
  ASSERT_EQ(a.counter.has_value(), b.counter.has_value());
  if (a.counter) {
    EXPECT_EQ(a.counter->method, b.counter->method);
    EXPECT_EQ(a.counter->side_effect, b.counter->side_effect);
  }
}

void ExpectEqual(const CaptureFacts& a, const CaptureFacts& b) {
  EXPECT_EQ(a.url, b.url);
  EXPECT_EQ(a.time, b.time);
  EXPECT_EQ(a.outcome, b.outcome);
  EXPECT_EQ(a.error, b.error);
  EXPECT_EQ(a.duration, b.duration);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.payload_digest, b.payload_digest);
  EXPECT_EQ(a.payload_bytes, b.payload_bytes);
  EXPECT_EQ(a.not_modified, b.not_modified);
  EXPECT_EQ(a.identical, b.identical);
  EXPECT_EQ(a.content_type, b.content_type);
  EXPECT_EQ(a.etag, b.etag);
  EXPECT_EQ(a.last_modified, b.last_modified);
  EXPECT_EQ(a.location_field, b.location_field);
  EXPECT_EQ(a.purpose, b.purpose);
  EXPECT_EQ(a.site, b.site);
  EXPECT_EQ(a.round, b.round);
  EXPECT_EQ(a.depth, b.depth);
  EXPECT_EQ(a.via, b.via);
  EXPECT_EQ(a.absence, b.absence);
  EXPECT_EQ(a.gone_after_visits, b.gone_after_visits);
  EXPECT_EQ(a.gone_after, b.gone_after);
  EXPECT_EQ(a.counted_page, b.counted_page);
  EXPECT_EQ(a.clicks, b.clicks);
  EXPECT_EQ(a.clicks_basis, b.clicks_basis);
  EXPECT_EQ(a.target, b.target);
  ASSERT_EQ(a.counted.size(), b.counted.size());
  for (size_t i = 0; i < a.counted.size(); ++i) {
    EXPECT_EQ(a.counted[i].page, b.counted[i].page);
    EXPECT_EQ(a.counted[i].clicks, b.counted[i].clicks);
  }
  EXPECT_EQ(a.response, b.response);
  EXPECT_EQ(a.response_id, b.response_id);
  EXPECT_EQ(a.metadata, b.metadata);
  ASSERT_EQ(a.discovered.size(), b.discovered.size());
  for (size_t i = 0; i < a.discovered.size(); ++i) {
    EXPECT_EQ(a.discovered[i].url, b.discovered[i].url);
    EXPECT_EQ(a.discovered[i].kind, b.discovered[i].kind);
    EXPECT_EQ(a.discovered[i].depth, b.discovered[i].depth);
    EXPECT_EQ(a.discovered[i].text, b.discovered[i].text);
    EXPECT_EQ(a.discovered[i].date, b.discovered[i].date);
    EXPECT_EQ(a.discovered[i].counts, b.discovered[i].counts);
    EXPECT_EQ(a.discovered[i].post, b.discovered[i].post);
  }
  ASSERT_EQ(a.record.has_value(), b.record.has_value());
  if (a.record) ExpectEqual(*a.record, *b.record);
}

std::vector<CaptureFacts> ReadBack(const Archive& archive) {
  std::vector<CaptureFacts> all;
  const auto files = warc::ListFiles(archive.directory() + "/warc", PosixFileSystem());
  EXPECT_TRUE(files);
  for (const warc::WarcFile& file : *files) {
    CaptureAssembler assembler;
    auto reader = warc::Reader::Open(file.path);
    EXPECT_TRUE(reader);
    while (true) {
      auto item = (*reader)->Next();
      EXPECT_TRUE(item);
      if (!*item) break;
      auto facts = assembler.Take(file.serial, **item);
      EXPECT_TRUE(facts) << facts.error().ToString();
      if (*facts) all.push_back(std::move(**facts));
    }
    EXPECT_EQ(assembler.incomplete(), 0u);
  }
  return all;
}

// Every field filled, with text that is hard to keep.
CaptureToCommit Everything() {
  Fetch fetch;
  fetch.more_fields = "ETag: W/\"\xE9t\xE9\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n";
  model::PageRecord record = test::Article("标\"题\\\n\x01", "正文\n\xFF\xFEill-formed");
  record.clicks = std::numeric_limits<int64_t>::max();
  record.author = "作者";
  record.editor = "编辑";
  record.column = "新闻 > 要闻";
  record.document_number = "示政发〔2026〕1号";
  record.index_number = "000/2026-1";
  record.attachments = {{"http://www.example.gov.cn/a.pdf", "附件\xFF"}};
  record.images = {"http://www.example.gov.cn/a.jpg"};
  record.counter = model::Counter{"http://www.example.gov.cn/c", "vsb", "POST", "read_only"};
  model::RepairStep step;
  step.family = "gbk_as_latin1";
  step.begin = 3;
  step.end = 9;
  step.before = "ÖÐ¹ú";
  step.after = "中国";
  step.lossless = false;
  step.confidence = 1.0 / 3;
  record.repairs = {step};
  record.damage = {{1, 2, "replacement", "\xEF\xBF\xBD"}};
  record.provenance["clicks"] = "infobar";
  record.provenance["b\xFF"] = "x";
  fetch.record = record;
  CaptureToCommit item = test::ToCommit(fetch);
  item.facts.round = uint64_t{1} << 40;
  item.facts.depth = 7;
  item.facts.via = "http://www.example.gov.cn/";
  item.facts.gone_after_visits = 3;
  item.facts.gone_after = std::chrono::hours(48);
  item.facts.discovered = {{"http://www.example.gov.cn/b", model::LinkKind::kArticle, 8, "链接\xC3", "2026-01-01"},
                           {"http://www.example.gov.cn/c", model::LinkKind::kRequisite, 8, "", ""}};
  item.facts.discovered.back().counts = {"http://www.example.gov.cn/1", "", "http://www.example.gov.cn/\xC3"};
  item.facts.discovered.front().post = "channelId=7&page=1";
  return item;
}

TEST(FactsTest, LiveFactsAndThoseOfTheWarcAreTheSame) {
  test::TempDirectory directory;
  const auto archive = test::OpenArchive(directory.path());
  std::vector<CaptureToCommit> items;
  items.push_back(Everything());
  items.push_back(Everything());  // identical: a revisit
  items[1].capture.began += std::chrono::milliseconds(1);
  items.push_back(Everything());
  items[2].capture.payload += "!";
  Fetch timeout;
  timeout.outcome = model::FetchOutcome::kTimeout;
  items.push_back(test::ToCommit(timeout));
  items.back().capture.error = "two\nlines \xFF";
  Fetch redirect;
  redirect.status = 301;
  redirect.more_fields = "Location: /\xD6\xD0?q=\xD6\r\n";
  items.push_back(test::ToCommit(redirect));
  Fetch counter;
  counter.url = "http://www.example.gov.cn/count";
  counter.purpose = Purpose::kCounter;
  items.push_back(test::ToCommit(counter));
  items.back().facts.counted_page = Fetch{}.url;
  items.back().facts.clicks = -1;
  items.back().facts.clicks_basis = "counter:vsb";
  Fetch batch;
  batch.url = "http://www.example.gov.cn/batch";
  batch.purpose = Purpose::kCounter;
  items.push_back(test::ToCommit(batch));
  items.back().facts.counted = {{Fetch{}.url, 42}, {"http://www.example.gov.cn/\xC3", std::nullopt}};
  items.back().facts.clicks_basis = "counter:vsb";
  Fetch posted;
  posted.url = "http://www.example.gov.cn/list?__wb_method=POST&page=1";
  items.push_back(test::ToCommit(posted));
  items.back().capture.target = "http://www.example.gov.cn/list";
  items.back().capture.method = "POST";
  items.back().capture.request_body = "page=1";
  Fetch cut;
  cut.outcome = model::FetchOutcome::kTruncated;
  cut.absence = "soft_404";
  items.push_back(test::ToCommit(cut));
  Fetch unmodified;
  unmodified.status = 304;
  unmodified.conditional = true;
  unmodified.payload = "";
  items.push_back(test::ToCommit(unmodified));
  const auto outcomes = archive->Commit(items, {});
  ASSERT_TRUE(outcomes) << outcomes.error().ToString();
  ASSERT_TRUE(items[1].facts.identical);
  ASSERT_FALSE(items[1].facts.record);
  ASSERT_TRUE(items.back().facts.not_modified);
  EXPECT_TRUE(archive->Snapshot()->FindUrl("http://www.example.gov.cn/list?__wb_method=POST&page=1").value());
  EXPECT_FALSE(archive->Snapshot()->FindUrl("http://www.example.gov.cn/list").value());
  const std::vector<CaptureFacts> read = ReadBack(*archive);
  ASSERT_EQ(read.size(), items.size());
  for (size_t i = 0; i < read.size(); ++i) {
    SCOPED_TRACE(i);
    ExpectEqual(items[i].facts, read[i]);
  }
}

TEST(FactsTest, WhatIsNotOursIsRefused) {
  for (const char* block : {"", "[]", "{}", "{\"format\":\"fangzhi-capture/2\"}",
                            "{\"format\":\"fangzhi-capture/1\",\"purpose\":\"no\"}",
                            "{\"format\":\"fangzhi-capture/1\",\"purpose\":\"page\",\"outcome\":1}"}) {
    EXPECT_FALSE(FactsFromMetadata(block)) << block;
  }
  EXPECT_TRUE(FactsFromMetadata(
      "{\"format\":\"fangzhi-capture/1\",\"purpose\":\"page\",\"outcome\":\"response\",\"record\":[],\"clicks\":\"x\","
      "\"discovered\":[1,{}],\"round\":1.5}"));
}

TEST(WithoutSpaceTest, IsRemoveSpaceForEveryCodePoint) {
  std::string every;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c < 0xD800 || c > 0xDFFF) text::AppendUtf8(every, c);
  }
  EXPECT_EQ(WithoutSpace(every), text::RemoveSpace(every));
  EXPECT_LT(WithoutSpace(every).size(), every.size());
  EXPECT_EQ(WithoutSpace(" \n正 文\u3000"), "正文");
}

TEST(KeysTest, OrderOfKeysIsOrderOfNumbersAndTimes) {
  const warc::Location place{1, 2, 3};
  EXPECT_LT(keys::Visit(1, UtcTime{std::chrono::milliseconds{-5}}, place), keys::Visit(1, UtcTime{}, place));
  EXPECT_LT(keys::Visit(1, test::At("2026-01-01"), place), keys::Visit(1, test::At("2026-01-01T00:00:00.001Z"), place));
  EXPECT_LT(keys::Version(255, 1), keys::Version(256, 1));
  EXPECT_LT(keys::Version(1, 255), keys::Version(1, 256));
  EXPECT_LT(keys::Date("2021-11-29", 9), keys::Date("2021-11-29T00:00:00+08:00", 1));
  const std::string event = keys::Event(test::At("2026-01-01"), place, 2);
  EXPECT_EQ(keys::TimeOfEvent(event), test::At("2026-01-01"));
  EXPECT_EQ(keys::EventOf(keys::LateEvent(test::At("2026-01-02"), event)), event);
  EXPECT_EQ(keys::PublishedOfDate(keys::Date("2021", 77)), "2021");
  EXPECT_EQ(keys::IdAtEnd(keys::Date("", 77)), 77u);
  EXPECT_EQ(keys::Describe(keys::UrlId("a\x01")), "ka\\x01");
}

}  // namespace
}  // namespace fangzhi::store
