#include "profiles/profiles.h"

#include <gtest/gtest.h>

namespace fangzhi::profiles {
namespace {

class Contains final : public model::UrlPattern {
 public:
  explicit Contains(std::string text) : text_(std::move(text)) {}
  bool Matches(std::string_view url) const override { return url.find(text_) != std::string_view::npos; }
  const std::string& text() const override { return text_; }

 private:
  std::string text_;
};

model::Profiles Families() {
  auto one = std::make_shared<model::Profile>();
  one->id = "one";
  one->generators = {"One CMS"};
  one->calls = {"_oneClicks("};
  one->elements = {".one_content", "#one-list", "onetitle"};
  one->paths = {std::make_shared<Contains>("/info/")};
  auto two = std::make_shared<model::Profile>();
  two->id = "two";
  two->scripts = {"/two/js/"};
  two->comments = {"two:begin"};
  two->metas = {"TwoId"};
  return {one, two};
}

Match Best(std::string markup, std::string_view page = "http://a.gov.cn/") {
  const Matcher matcher(Families());
  return matcher.Best(html::Document::Parse(std::move(markup)), *url::Parse(page));
}

std::string IdOf(const Match& match) { return match.profile ? match.profile->id : ""; }

TEST(Profiles, EachKindOfEvidence) {
  EXPECT_EQ(IdOf(Best("<meta name=Generator content='ONE cms 3.1'>")), "one");
  EXPECT_EQ(IdOf(Best("<script>_oneClicks(1,2)</script>")), "one");
  EXPECT_EQ(IdOf(Best("<!-- two:begin -->")), "two");
  EXPECT_EQ(IdOf(Best("<script src='/two/js/a.js'></script>")), "two");
  EXPECT_EQ(IdOf(Best("<link rel=stylesheet href='/two/js/a.css'>")), "two");
  // Weak kinds alone are not enough, two of them are.
  EXPECT_EQ(IdOf(Best("<div class='x one_content'>")), "");
  EXPECT_EQ(IdOf(Best("<div class='x one_content'>", "http://a.gov.cn/info/1.htm")), "one");
  EXPECT_EQ(IdOf(Best("<onetitle>x</onetitle><div id=one-list>")), "one");
  EXPECT_EQ(IdOf(Best("<meta name=twoid content=1>")), "");
  EXPECT_EQ(IdOf(Best("<div class=one_content_x><p>_oneClicks(</p><div id=One-List>")), "");
}

TEST(Profiles, TheReasonNamesWhatWasFound) {
  const Match match = Best("<script>_oneClicks(1)</script><div class=one_content><div class=one_content>", "http://a.gov.cn/info/1.htm");
  EXPECT_EQ(match.Reason(), "call _oneClicks(, class one_content, address of the page /info/");
  EXPECT_EQ(match.weight, 7);
}

TEST(Profiles, TheBestIsTheOneWithTheMostEvidence) {
  const Matcher matcher(Families());
  const auto matches = matcher.Find(html::Document::Parse("<!-- two:begin --><meta name=twoid><script>_oneClicks(1)</script>"), *url::Parse("http://a.gov.cn/"));
  ASSERT_EQ(matches.size(), 2u);
  EXPECT_EQ(matches[0].profile->id, "two");
  EXPECT_EQ(Matcher({}).Best(html::Document::Parse("<p>"), *url::Parse("http://a.gov.cn/")).profile, nullptr);
}

TEST(Profiles, HostilePagesAreBounded) {
  std::string page;
  for (int i = 0; i < 20000; ++i) page += "<div class='one_content " + std::string(100, 'x') + "'><script>_oneClicks(</script><!-- two:begin -->";
  EXPECT_LE(Best(page).evidence.size(), 12u);
}

}  // namespace
}  // namespace fangzhi::profiles
