#include "model/parts.h"

#include <gtest/gtest.h>

#include <string>

namespace fangzhi::model {
namespace {

// "from>to" of two addresses of one host; "" where they are no parts of one text.
std::string Parts(const std::string& from, const std::string& to) {
  const auto parts = PartsOfOne(*url::Parse("http://a.gov.cn" + from), *url::Parse("http://a.gov.cn" + to));
  if (!parts) return "";
  const auto text = [](const std::optional<uint64_t>& number) { return number ? std::to_string(*number) : "-"; };
  return text(parts->from) + ">" + text(parts->to);
}

TEST(Parts, AreToldByTheirAddresses) {
  EXPECT_EQ(Parts("/xw/show_7.html", "/xw/show_7_2.html"), "->2");
  EXPECT_EQ(Parts("/xw/show_7_2.html", "/xw/show_7_3.html"), "2>3");
  EXPECT_EQ(Parts("/xw/show_7_2.html", "/xw/show_7.html"), "2>-");
  EXPECT_EQ(Parts("/xw/t20211129_1000.html", "/xw/t20211129_1000_1.html"), "->1");
  EXPECT_EQ(Parts("/a/6.html", "/a/6-2.html"), "->2");
  EXPECT_EQ(Parts("/a/2.html", "/a/2.html?page=2"), "->2");
  EXPECT_EQ(Parts("/show.php?id=5", "/show.php?page=3&id=5"), "->3");
  EXPECT_EQ(Parts("/show.php?id=5&page=2", "/show.php?id=5&page=3"), "2>3");
  EXPECT_EQ(Parts("/a/9.html", "/a/9/p/2.html"), "->2");
  EXPECT_EQ(Parts("/a/9/p/2.html", "/a/9/p/3.html"), "2>3");
  EXPECT_EQ(Parts("/a/9.html", "/a/9/2.html"), "->2");
  EXPECT_EQ(Parts("/n1/2021/1129/", "/n1/2021/1129/index_2.html"), "->2");
}

TEST(Parts, OthersAreNone) {
  for (const auto& [from, to] : {std::pair("/xw/1000.html", "/xw/1001.html"), std::pair("/xw/show_7.html", "/gk/show_7_2.html"), std::pair("/show.php?id=5", "/show.php?id=6&page=2"),
                                 std::pair("/xw/show_7.html", "/xw/show_7.html"), std::pair("/xw/show_7.html", "/xw/show_7_2021.html"), std::pair("/xw/5/1.html", "/xw/5/2.html"),
                                 std::pair("/xw/show_7.html", "/xw/show_7_2.pdf")}) {
    EXPECT_EQ(Parts(from, to), "") << from << " " << to;
  }
}

TEST(Parts, TheFirstIsTheAddressWithoutTheNumber) {
  const auto first = [](const std::string& part, const std::string& other) { return WithoutPartNumber(*url::Parse("http://a.gov.cn" + part), *url::Parse("http://a.gov.cn" + other)).PathAndQuery(); };
  EXPECT_EQ(first("/xw/show_7_2.html", "/xw/show_7_3.html"), "/xw/show_7.html");
  EXPECT_EQ(first("/show.php?id=5&page=2", "/show.php?id=5&page=3"), "/show.php?id=5");
  EXPECT_EQ(first("/a/9/p/2.html", "/a/9/p/3.html"), "/a/9.html");
}

TEST(PagerWords, AreNoHeadlines) {
  uint64_t number = 0;
  for (const char* text : {"下一页", "下页", "下一页>>", "[下一页]", "【 下一页 】", "»", ">", "Next"}) EXPECT_EQ(ReadPagerWord(text, nullptr), PagerWord::kNext) << text;
  for (const char* text : {"上一页", "<上页", "prev", "<<"}) EXPECT_EQ(ReadPagerWord(text, nullptr), PagerWord::kPrevious) << text;
  for (const char* text : {"3", "[3]", "第3页", "第 3 页", "(3)"}) {
    EXPECT_EQ(ReadPagerWord(text, &number), PagerWord::kNumber) << text;
    EXPECT_EQ(number, 3u);
  }
  EXPECT_EQ(ReadPagerWord("末页", nullptr), PagerWord::kOther);
  for (const char* text : {"", "下一篇", "下一页的故事", "2021", "第3页第2行有误", "<>", "市政府召开会议"}) EXPECT_EQ(ReadPagerWord(text, nullptr), PagerWord::kNone) << text;
}

}  // namespace
}  // namespace fangzhi::model
