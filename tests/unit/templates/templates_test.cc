#include "templates/templates.h"

#include <gtest/gtest.h>

namespace fangzhi::templates {
namespace {

// Page n of a site whose frame has 20 texts that begin with `frame`.
Outline Page(const std::string& frame, int n) {
  std::string html = "<body>";
  for (int i = 0; i < 20; ++i) html += "<li><a href=/>" + frame + "栏目" + std::to_string(i) + "</a></li>";
  for (int i = 0; i < 15; ++i) html += "<p>第" + std::to_string(n) + "篇的第" + std::to_string(i) + "段</p>";
  return OutlineOf(html::Document::Parse(html));
}

TEST(Template, WhatIsCommonIsFrameAndWhatDiffersIsContent) {
  SiteTemplate site;
  for (int n = 0; n < 40; ++n) site.Observe(Page("市", n), false, "");
  ASSERT_TRUE(site.Learned());
  EXPECT_TRUE(site.IsFrame(TextHash("市栏目7")));
  EXPECT_TRUE(site.IsFrame(TextHash(" 市 栏目7\n")));  // white space aside
  EXPECT_FALSE(site.IsFrame(TextHash("第39篇的第3段")));
  EXPECT_EQ(site.FrameTexts(Page("市", 99)), 20u);
  EXPECT_EQ(site.FrameTexts(Page("县", 99)), 0u);
  EXPECT_FALSE(site.LostFrame(Page("市", 99)));
  EXPECT_TRUE(site.LostFrame(Page("县", 99)));
  EXPECT_FALSE(SiteTemplate().LostFrame(Page("县", 99)));  // nothing is known yet
  EXPECT_EQ(site.Facts()["frame_texts"], 20);
  EXPECT_FALSE(site.redesign_suspected());
}

TEST(Template, NothingIsSaidOfAFewPages) {
  SiteTemplate site;
  for (int n = 0; n < 8; ++n) site.Observe(Page("市", n), false, "");
  EXPECT_FALSE(site.Learned());
  for (int n = 0; n < 8; ++n) site.Observe(Page("新", n), true, "2026-01-01");
  EXPECT_FALSE(site.redesign_suspected());
}

TEST(Template, ARedesignIsNoticedOnPagesThatComeBackWithoutTheirFrame) {
  SiteTemplate site;
  for (int n = 0; n < 40; ++n) site.Observe(Page("市", n), false, "");
  for (int n = 0; n < 10; ++n) site.Observe(Page("市", n), true, "2026-01-01");  // changed, in the old frame
  EXPECT_FALSE(site.redesign_suspected());
  for (int n = 0; n < 4; ++n) site.Observe(Page("新", n), true, "2026-02-0" + std::to_string(n + 1));
  EXPECT_FALSE(site.redesign_suspected());
  site.Observe(Page("新", 4), true, "2026-02-05");
  EXPECT_TRUE(site.redesign_suspected());
  EXPECT_EQ(site.Facts()["redesigned"], "2026-02-05");
  // The new frame is learned, and the suspicion ends; that it happened is remembered.
  for (int n = 5; n < 30; ++n) site.Observe(Page("新", n), true, "2026-02-06");
  EXPECT_FALSE(site.redesign_suspected());
  EXPECT_TRUE(site.IsFrame(TextHash("新栏目3")));
  EXPECT_FALSE(site.IsFrame(TextHash("市栏目3")));
  EXPECT_EQ(site.Facts()["redesigned"], "2026-02-05");
}

TEST(Template, NewPagesOfTheNewDesignDoNotHideIt) {
  SiteTemplate site;
  for (int n = 0; n < 100; ++n) site.Observe(Page("市", n), false, "");
  for (int n = 100; n < 130; ++n) site.Observe(Page("新", n), false, "");  // what was published since
  for (int n = 0; n < 5; ++n) site.Observe(Page("新", n), true, "2026-02-05");
  EXPECT_TRUE(site.redesign_suspected());
}

TEST(Template, AColumnThatIsNewToUsIsNoRedesign) {
  SiteTemplate site;
  for (int n = 0; n < 40; ++n) site.Observe(Page("市", n), false, "");
  for (int n = 0; n < 40; ++n) site.Observe(Page("局", n), false, "");
  EXPECT_FALSE(site.redesign_suspected());
  EXPECT_TRUE(site.IsFrame(TextHash("局栏目3")));
  EXPECT_TRUE(site.IsFrame(TextHash("市栏目3")));
  // One page in another frame is none either.
  site.Observe(Page("别", 1), true, "2026-01-01");
  site.Observe(Page("市", 1), true, "2026-01-01");
  EXPECT_EQ(site.Facts()["misfits"], 0);
}

TEST(Template, ConfirmsWhatIsNotOfTheFrame) {
  SiteTemplate site;
  model::PageRecord record;
  record.kind = model::PageKind::kArticle;
  record.title = "青石市春季造林工作推进会召开";
  record.body = "会议要求倒排工期。\n与会人员查看了现场。";
  record.confidence["title"] = 0.6;
  site.Confirm(record);
  EXPECT_EQ(record.confidence["title"], 0.6);  // nothing learned yet
  for (int n = 0; n < 60; ++n) site.Observe(OutlineOf(html::Document::Parse("<body><p>版权所有青石市林业局</p><p>栏目导航</p><p>正文" + std::to_string(n) + "</p>")), false, "");
  site.Confirm(record);
  EXPECT_EQ(record.confidence["title"], 0.8);
  EXPECT_EQ(record.confidence["body"], 0.9);
  EXPECT_TRUE(record.conflicts.empty());
  record.title = "栏目导航";
  record.body = "版权所有青石市林业局";
  site.Confirm(record);
  EXPECT_EQ(record.confidence["title"], 0.4);
  EXPECT_LT(record.confidence["body"], 0.5);
  EXPECT_EQ(record.conflicts.count("title"), 1u);
  EXPECT_EQ(record.conflicts.count("body"), 1u);
}

TEST(Template, SurvivesBeingWritten) {
  SiteTemplate site;
  for (int n = 0; n < 60; ++n) site.Observe(Page("市", n), false, "");
  site.Observe(Page("新", 1), true, "2026-01-01");
  const std::string line = site.Serialise();
  EXPECT_LT(line.size(), 20000u);
  auto again = SiteTemplate::Parse(line);
  ASSERT_TRUE(again);
  EXPECT_EQ(model::Dump(again->Facts()), model::Dump(site.Facts()));
  EXPECT_EQ(again->FrameTexts(Page("市", 99)), 20u);
  for (int n = 2; n < 6; ++n) again->Observe(Page("新", n), true, "2026-01-02");
  EXPECT_TRUE(again->redesign_suspected());
  // Half learned is kept too.
  SiteTemplate young;
  for (int n = 0; n < 6; ++n) young.Observe(Page("市", n), false, "");
  auto older = SiteTemplate::Parse(young.Serialise());
  ASSERT_TRUE(older);
  for (int n = 6; n < 14; ++n) older->Observe(Page("市", n), false, "");
  EXPECT_EQ(older->FrameTexts(Page("市", 99)), 20u);
  for (const char* bad : {"", "{", "[]", "{\"texts\":7}", "{\"texts\":[[1,2],[\"x\",3,1],[\"5\",-1,0],null]}"}) {
    const auto parsed = SiteTemplate::Parse(bad);
    EXPECT_FALSE(parsed && parsed->Learned()) << bad;
  }
}

TEST(Template, IsBounded) {
  SiteTemplate site;
  std::string huge = "<body>";
  for (int i = 0; i < 100000; ++i) huge += "<p>段落" + std::to_string(i);
  EXPECT_EQ(OutlineOf(html::Document::Parse(huge)).size(), kMostTexts);
  for (int n = 0; n < 3000; ++n) site.Observe(Page("市", n), false, "");
  EXPECT_EQ(site.FrameTexts(Page("市", 99999)), 20u);
  EXPECT_LT(site.Serialise().size(), 20000u);
}

}  // namespace
}  // namespace fangzhi::templates
