// Breadcrumbs in all the forms that sites write them: with arrows, slashes and dashes, as links, as items of a list, as plain text.
#include <gtest/gtest.h>

#include "page.h"

namespace fangzhi::extract {
namespace {

constexpr const char* kStrip = "<p>发布时间：2020-03-05　来源：市林业局</p>";
constexpr const char* kHere = "<div class=main>";  // above it the crumbs stand

std::string ColumnOf(const std::string& crumbs) {
  std::string page = NewsPage(kStrip);
  page.insert(page.find(kHere), crumbs);
  const model::PageRecord record = ExtractPage(page);
  EXPECT_EQ(record.title.value_or(""), kTitle) << crumbs;
  EXPECT_EQ(record.body, NewsBody()) << crumbs;
  return record.column.value_or("");
}

const std::string kNews = "<a href=/xw>新闻中心</a>", kForest = "<a href=/xw/yw>林业要闻</a>", kHome = "<a href=/>首页</a>";

TEST(Crumbs, TheHomePageComesFirst) {
  for (const std::string sign : {"&gt;", "&gt;&gt;", "＞", "»", " → ", "›", " / ", " - ", "-", " : ", "::", "<span>&gt;</span>", "<i> &gt; </i>", "　/　"}) {
    EXPECT_EQ(ColumnOf("<div class=x1>" + kHome + sign + kNews + sign + kForest + "</div>"), "新闻中心 > 林业要闻") << sign;
    EXPECT_EQ(ColumnOf("<div class=x1>首页" + sign + kNews + sign + kForest + sign + "正文</div>"), "新闻中心 > 林业要闻") << sign;
    EXPECT_EQ(ColumnOf("<table><tr><td>" + kHome + sign + kForest + "</table>"), "林业要闻") << sign;
  }
  EXPECT_EQ(ColumnOf("<p>首页 » 新闻中心 » 林业要闻</p>"), "新闻中心 > 林业要闻");
  EXPECT_EQ(ColumnOf("<p>林业局首页 » 新闻中心 » 林业要闻</p>"), "新闻中心 > 林业要闻");
  EXPECT_EQ(ColumnOf("<p>◇ " + kHome + " :: " + kForest + "</p>"), "林业要闻");
  EXPECT_EQ(ColumnOf("<p>→ " + kHome + " → " + kNews + " → " + kForest + "</p>"), "新闻中心 > 林业要闻");
  EXPECT_EQ(ColumnOf("<p>" + kHome + " &gt; " + kForest + " &gt; " + std::string(kTitle) + "</p>"), "林业要闻");
}

TEST(Crumbs, WhatStandsBehindTheLastNameIsNoPartOfIt) {
  EXPECT_EQ(ColumnOf("<p>" + kHome + " &gt; " + kForest + " 正文</p>"), "林业要闻");
  EXPECT_EQ(ColumnOf("<p>当前位置：" + kHome + " &gt; " + kForest + " 字号：大 中 小</p>"), "林业要闻");
  EXPECT_EQ(ColumnOf("<p>" + kHome + " &gt; <a href=/x>Politics Hot Word 政治</a></p>"), "Politics Hot Word 政治");
}

TEST(Crumbs, LinksWithArrowsBetweenThem) {
  EXPECT_EQ(ColumnOf("<p>&gt;&gt; <a href=index.jsp>市林业局</a> &gt;&gt; " + kForest + "</p>"), "市林业局 > 林业要闻");
  EXPECT_EQ(ColumnOf("<p>青石林业网 &gt;&gt; " + kNews + " &gt;&gt; " + kForest + "</p>"), "青石林业网 > 新闻中心 > 林业要闻");
  EXPECT_EQ(ColumnOf("<p><a href=/>青石林业网</a> &gt; " + kNews + " &gt; " + kForest + "</p>"), "新闻中心 > 林业要闻");
}

TEST(Crumbs, MenusArePathsOfNothing) {
  EXPECT_EQ(ColumnOf("<p>" + kHome + " | " + kNews + " | " + kForest + "</p>"), "");
  EXPECT_EQ(ColumnOf("<p>" + kHome + " - " + kNews + " - " + kForest + " - <a href=/a>公告</a> - <a href=/b>服务</a></p>"), "");
  EXPECT_EQ(ColumnOf("<p>" + kHome + kNews + kForest + "</p>"), "");
  EXPECT_EQ(ColumnOf("<p><a href=/a>图片新闻</a> &gt;&gt; <a href=/b>更多</a></p>"), "");
  EXPECT_EQ(ColumnOf("<p>青石市 &gt; 市林业局</p>"), "");
  EXPECT_EQ(ColumnOf("<p>所在位置：河东路18号</p>"), "");
  EXPECT_EQ(ColumnOf("<ul><li><a class=weizhi href=/a>政 策</a></li><li><a class=weizhi href=/b>公开指南</a></li><li><a class=weizhi href=/c>公开制度</a></li></ul>"), "");
}

TEST(Crumbs, ALineThatSaysWhereThePageStands) {
  for (const std::string label : {"当前位置：", "您当前的位置：", "现在的位置：", "您现在的位置是：", "你的位置:", "您的位置", "您当前所在的位置：", "位置：", "目前位置: "}) {
    for (const std::string sign : {" &gt; ", "-", "", "|", "<em></em>"}) {
      EXPECT_EQ(ColumnOf("<div class=x2>" + label + kHome + sign + kNews + sign + kForest + "</div>"), "新闻中心 > 林业要闻") << label << sign;
    }
  }
  EXPECT_EQ(ColumnOf("<div><b>您的位置</b>" + kHome + kNews + kForest + "</div>"), "新闻中心 > 林业要闻");
  EXPECT_EQ(ColumnOf("<div>当前位置：林业要闻</div>"), "林业要闻");
}

TEST(Crumbs, ItemsOfAList) {
  EXPECT_EQ(ColumnOf("<ol class=breadcrumb><li>" + kHome + "</li><li>" + kNews + "</li><li class=active>" + kForest + "</li></ol>"), "新闻中心 > 林业要闻");
  EXPECT_EQ(ColumnOf("<ul><li>当前位置：</li><li>" + kHome + "</li><li>" + kNews + "</li><li>" + kForest + "</li></ul>"), "新闻中心 > 林业要闻");
}

TEST(Crumbs, OfAListTheLastIsItself) {
  std::string rows;
  for (int i = 0; i < 12; ++i) rows += "<li><a href=/xw/202003/t20200305_" + std::to_string(1000 + i) + ".html>市林业局召开第" + std::to_string(i) + "次造林会议</a><span>2020-03-05</span></li>";
  const auto column = [&rows](const std::string& crumbs) {
    const model::PageRecord record = ExtractPage("<title>林业要闻</title><body>" + crumbs + "<h3>林业要闻</h3><ul>" + rows + "</ul>", "http://www.example.gov.cn/xw/yw/");
    EXPECT_EQ(record.kind, model::PageKind::kList);
    return record.column.value_or("");
  };
  EXPECT_EQ(column("<p>当前位置：" + kHome + " &gt; " + kNews + " &gt; 林业要闻</p>"), "新闻中心 > 林业要闻");
  EXPECT_EQ(column("<p>" + kHome + " &gt; " + kForest + " &gt; 列表</p>"), "林业要闻");
  EXPECT_EQ(column("<p>Home &gt; News</p>"), "News");
}

}  // namespace
}  // namespace fangzhi::extract
