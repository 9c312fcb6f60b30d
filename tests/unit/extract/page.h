// Sample pages of the tests, written for them.
#pragma once

#include <string>
#include <string_view>

#include "extract/extract.h"

namespace fangzhi::extract {

inline model::PageRecord ExtractPage(const std::string& html,
                                     const std::string& address = "http://www.example.gov.cn/xw/show.htm",
                                     int status = 200) {
  const html::Document document = html::Document::Parse(html);
  const auto url = url::Parse(address);
  return Extract({.document = document,
                  .page_url = *url,
                  .http_status = status,
                  .selectors = nullptr,
                  .list_title = {},
                  .list_date = {}});
}

inline constexpr std::string_view kTitle = "全市春季造林工作推进会在青石镇召开";
inline constexpr std::string_view kFirst =
    "昨日上午，全市春季造林工作推进会在青石镇召开，各乡镇分管负责人、林场场长共八十余人参加会议，会议由市林业"
    "局主持。";
inline constexpr std::string_view kSecond =
    "会议要求，各单位要抓住当前墒情较好的有利时机，倒排工期、落实责任，确保四月底前完成栽植任务，并做好后期管"
    "护工作。";
inline constexpr std::string_view kThird =
    "与会人员还实地查看了青石镇北坡造林现场，听取了苗木调运、整地质量和成活率保障措施的汇报。";

// A news page with menu, headline, `strip`, three paragraphs, related links and footer.
inline std::string NewsPage(const std::string& strip, const std::string& after_body = "",
                            const std::string& head = "") {
  std::string page = "<!DOCTYPE html><html><head><meta charset=utf-8><title>" + std::string(kTitle) +
                     "-青石市林业局</title>" + head + "</head><body>";
  page +=
      "<div class=header><ul class=nav><li><a href=/>首页</a></li><li><a href=/zw/>政务公开</a></li><li><a "
      "href=/xw/>新闻动态</a></li><li><a href=/hd/>互动交流</a></li></ul></div>";
  page += "<div class=main><h1>" + std::string(kTitle) + "</h1>" + strip;
  page += "<div class=con><p>　　" + std::string(kFirst) + "</p><p>　　" + std::string(kSecond) +
          "</p><p>　　" + std::string(kThird) + "</p></div>" + after_body + "</div>";
  page +=
      "<div class=side><h3>热点新闻</h3><ul><li><a "
      "href=/xw/7.htm>青石市启动古树名木普查登记工作</a><span>2020-03-02</span></li><li><a "
      "href=/xw/8.htm>我市三家苗圃通过省级标准化验收</a><span>2020-03-01</span></li></ul></div>";
  page +=
      "<div "
      "class=footer>版权所有：青石市林业局　地址：青石市河东路18号　电话：0000-1234567<br>"
      "本站总访问量：88991234</div></body></html>";
  return page;
}

inline std::string NewsBody() {
  return std::string(kFirst) + "\n" + std::string(kSecond) + "\n" + std::string(kThird);
}

}  // namespace fangzhi::extract
