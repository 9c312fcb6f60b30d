#include "extract/dates.h"

#include <gtest/gtest.h>

namespace fangzhi::extract {
namespace {

std::string Iso(std::string_view text, DateOptions options = {}) {
  const auto date = ParseDateValue(text, options);
  return date ? date->Iso() : "";
}

TEST(Dates, EveryForm) {
  const struct {
    const char* text;
    const char* iso;
  } kCases[] = {
      {"2021-11-29", "2021-11-29"},
      {"2021/5/11", "2021-05-11"},
      {"2021.11.29", "2021-11-29"},
      {"2021年11月29日", "2021-11-29"},
      {"[ 2021年11月29日]", "2021-11-29"},
      {"（2021-11-29）", "2021-11-29"},
      {"2021-11-29 9:05:55", "2021-11-29T09:05:55+08:00"},
      {"2021年11月29日08:18", "2021-11-29T08:18:00+08:00"},
      {"2021-11-29 9时05分", "2021-11-29T09:05:00+08:00"},
      {"20211129", "2021-11-29"},
      {"２０２１年１１月２９日", "2021-11-29"},
      {"2021 年 11 月 29 日", "2021-11-29"},
      {"二〇二一年十一月二十九日", "2021-11-29"},
      {"二○二一年一月三日", "2021-01-03"},
      {"二Ｏ二一年元月卅日", "2021-01-30"},
      {"二零二一年十二月廿三日", "2021-12-23"},
      {"Mon Nov 29 08:00:00 CST 2021", "2021-11-29T08:00:00+08:00"},
      {"Nov 29, 2021", "2021-11-29"},
      {"29 November 2021", "2021-11-29"},
      {"2007-08-20-23:59:58", "2007-08-20T23:59:58+08:00"},
      {"2021-11-29T08:30:00+08:00", "2021-11-29T08:30:00+08:00"},
      {"2021-11-29T08:30:00-05:00", "2021-11-29T08:30:00-05:00"},
      {"2021-11-29 09:30-11:30", "2021-11-29T09:30:00+08:00"},  // hours of an event, no zone
      {"2021-11-29 09:00-10:00", "2021-11-29T09:00:00+08:00"},
      {"2021年11月29日09:00:00-11:30:00", "2021-11-29T09:00:00+08:00"},
      {"2021-11-29T18:30:00Z", "2021-11-30T02:30:00+08:00"},
      {"2021-12-31T18:30:00.000Z", "2022-01-01T02:30:00+08:00"},
      {"2012.01.12 02:09 pm", "2012-01-12T14:09:00+08:00"},
      {"2012年1月17日（星期二）17時06分", "2012-01-17T17:06:00+08:00"},
      {"民國106年3月10日", "2017-03-10"},
      {"中華民國一百零六年三月十日", "2017-03-10"},
      {"202109/02 12:52:43", "2021-09-02T12:52:43+08:00"},
      {"20211129083015", "2021-11-29T08:30:15+08:00"},
      {"2021年11月", ""},
      {"2021-13-01", ""},
      {"2021-02-29", ""},
      {"2020-02-29", "2020-02-29"},
      {"1994-01-01", ""},
      {"2045-01-01", ""},
      {"2026-02-00018", ""},
      {"000014349/2017-00110", ""},
      {"192.168.10.12", ""},
      {"0931-2021-11", ""},
      {"2021-11-29-001", ""},
      {"", ""},
  };
  for (const auto& each : kCases) EXPECT_EQ(Iso(each.text), each.iso) << each.text;
}

TEST(Dates, TimesBesideTheirDays) {
  EXPECT_EQ(Iso("2016年3月20日(日) 21时40分"), "2016-03-20T21:40:00+08:00");
  EXPECT_EQ(Iso("2015年04月08日10点05"), "2015-04-08T10:05:00+08:00");
  EXPECT_EQ(Iso("2016年9月14日晚8:00"), "2016-09-14T20:00:00+08:00");
  EXPECT_EQ(Iso("2016年9月14日9时30分"), "2016-09-14T09:30:00+08:00");
  EXPECT_EQ(Iso("Oct. 13, 2006"), "2006-10-13");
}

TEST(Dates, WhatCannotBeKnownIsNotPretended) {
  EXPECT_EQ(Iso("2024-05-01 24:00"), "2024-05-01") << "no time that stands nowhere";
  EXPECT_EQ(Iso("2024 年 5 月 1 日 10 时 5 分"), "2024-05-01T10:05:00+08:00");
  const auto either = [](std::string_view text) {
    const auto date = FindDate(Fold(text), 0, {});
    return date && date->either_way;
  };
  for (const char* text : {"05/06/2024", "05-01-2024"}) EXPECT_TRUE(either(text)) << text;
  for (const char* text : {"25/06/2024", "06/25/2024", "05/05/2024", "05.06.2024", "2024-05-06", "2024/05/06"}) EXPECT_FALSE(either(text)) << text;
}

TEST(Dates, RepublicYearsOnlyWhereTheyAreUsed) {
  EXPECT_EQ(Iso("106-03-10"), "");
  EXPECT_EQ(Iso("106-03-10", {.roc_years = true, .short_years = false}), "2017-03-10");
  EXPECT_EQ(Iso("112-08-22 13:50", {.roc_years = true, .short_years = false}), "2023-08-22T13:50:00+08:00");
  EXPECT_EQ(Iso("21-11-29"), "");
  EXPECT_EQ(Iso("21-11-29", {.roc_years = false, .short_years = true}), "2021-11-29");
}

TEST(Dates, Urls) {
  const struct {
    const char* path;
    const char* day;
  } kCases[] = {{"/ywdt/202204/t20220417_974894.shtml", "2022-04-17"},
                {"/art/2021/8/3/art_14_5693.html", "2021-08-03"},
                {"/2026-02/28/c_177.htm", "2026-02-28"},
                {"/2019/0326/c295a290690/page.htm", "2019-03-26"},
                {"/info/1057/8920.htm", ""},
                {"/info/2003/1112.htm", ""},
                {"/content_25340717.htm", ""}};
  for (const auto& each : kCases) {
    const auto date = DateOfUrl(each.path);
    EXPECT_EQ(date ? date->Day() : "", each.day) << each.path;
  }
}

}  // namespace
}  // namespace fangzhi::extract
