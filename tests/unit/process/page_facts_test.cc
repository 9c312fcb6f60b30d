// What pages ask of robots, and whether they were sent whole, through the whole composition; and the cases of corpus/conformance/html/meta_robots.jsonl.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "process/process.h"
#include "robots/page_policy.h"
#include "support/corpus.h"

namespace fangzhi::process {
namespace {

ProcessedPage Read(std::string_view html) {
  PageInput input;
  input.url = "http://www.example.gov.cn/a/1.htm";
  input.content_type = "text/html; charset=utf-8";
  input.payload = html;
  return ProcessPage(input);
}

TEST(MetaRobots, OfThePageAndOfOurName) {
  EXPECT_EQ(Read("<html><head><META NAME=\"Robots\" CONTENT=\"NoFollow, NOARCHIVE\"><meta name=fangzhi content=noindex></head><body>x</body></html>").policy.Text(),
            "noindex, nofollow, noarchive");
  EXPECT_EQ(Read("<html><head><meta name=\"otherbot\" content=\"none\"><!-- <meta name=robots content=none> --></head><body>x</body></html>").policy.Text(), "");
  EXPECT_EQ(Read("<html><head><meta name=\"robots\"></head><body>x</body></html>").policy.Text(), "");
}

// What tells a list that was cut off. A page with few links may be called a list by those that lead to it alone.
TEST(PageEnd, IsSeenOnEveryPageThatMayBeAList) {
  EXPECT_TRUE(Read("<html><body><ul><li><a href=\"/a/2.htm\">x</a></li></ul></body></html>").ended);
  EXPECT_TRUE(Read("<html><body><ul><li><a href=\"/a/2.htm\">x</a></li></ul></BODY >\n<script>var a = '</div>';</script>").ended);
  EXPECT_FALSE(Read("<html><body><ul><li><a href=\"/a/2.htm\">x</a></li></ul></div>").ended);
  EXPECT_FALSE(Read("<html><body><ul><li><a href=\"/a/2.htm\">x</a></li></ul></bod").ended);
}

TEST(MetaRobots, Conformance) {
  std::ifstream file(test::Corpus() + "/conformance/html/meta_robots.jsonl");
  FANGZHI_NEEDS_CASES(file ? 1 : 0, "conformance/html/meta_robots.jsonl");
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    const auto c = nlohmann::json::parse(line);
    ++cases;
    const std::string agent = c.value("agent", std::string("fangzhi"));
    std::vector<std::string> headers;
    for (const auto& header : c["headers"]) headers.push_back(header[1].get<std::string>());
    // The agent of these cases is another than ours: it stands in for it in the page.
    std::string html = c["html"].get<std::string>();
    if (const size_t at = html.find("name=\"" + agent + "\""); at != std::string::npos) html.replace(at + 6, agent.size(), "fangzhi");
    robots::PagePolicy policy = robots::ReadPagePolicy(agent, {}, headers);
    const robots::PagePolicy of_page = Read(html).policy;
    EXPECT_EQ(policy.noindex || of_page.noindex, c["noindex"].get<bool>()) << line;
    EXPECT_EQ(policy.nofollow || of_page.nofollow, c["nofollow"].get<bool>()) << line;
    if (c.contains("noarchive")) {
      EXPECT_EQ(policy.noarchive || of_page.noarchive, c["noarchive"].get<bool>()) << line;
    }
  }
  EXPECT_EQ(cases, 13);
}

TEST(Discovery, FeedsAreListsOfArticles) {
  PageInput input;
  input.url = "http://www.example.gov.cn/rss.xml";
  input.content_type = "text/xml";
  input.payload = "<rss><channel><title>要闻</title><item><title>通知</title><link>/1.htm</link><pubDate>Mon, 29 Nov 2021 08:30:00 +0800</pubDate></item></channel></rss>";
  const ProcessedPage page = ProcessPage(input);
  EXPECT_EQ(page.record.kind, model::PageKind::kList);
  ASSERT_EQ(page.links.size(), 1u);
  EXPECT_EQ(page.links[0].url, "http://www.example.gov.cn/1.htm");
  EXPECT_EQ(page.links[0].kind, model::LinkKind::kArticle);
  EXPECT_EQ(page.links[0].date, "2021-11-29");
  EXPECT_EQ(page.record.title, "要闻");
}

}  // namespace
}  // namespace fangzhi::process
