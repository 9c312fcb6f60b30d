#include "text/language.h"

#include <gtest/gtest.h>

namespace fangzhi::text {
namespace {

TEST(Language, SimplifiedForms) {
  EXPECT_EQ(SimplifiedForm(U'來'), U'来');
  EXPECT_EQ(SimplifiedForm(U'體'), U'体');
  EXPECT_EQ(SimplifiedForm(U'臺'), U'台');
  EXPECT_EQ(SimplifiedForm(U'的'), U'的');
  EXPECT_EQ(SimplifiedForm(U'a'), U'a');
}

TEST(Language, ChineseScoresAboveMisreadings) {
  const double simplified = ScoreChinese("县人民政府办公室关于做好防汛工作的通知").mean();
  const double traditional = ScoreChinese("縣人民政府辦公室關於做好防汛工作的通知").mean();
  EXPECT_GT(simplified, -6.5);
  EXPECT_NEAR(simplified, traditional, 0.3);
  EXPECT_LT(ScoreChinese("浣犲ソ涓栫晫").mean(), -9);       // UTF-8 read as GBK
  EXPECT_LT(ScoreChinese("笢弊淉葬厙").mean(), -9);         // GBK read as Big5
  EXPECT_LT(ScoreChinese("ÖÐ¹úÕþ¸®Íø").mean(), -12);        // GBK read as Latin-1
  EXPECT_EQ(ScoreChinese("abc").characters, 0u);
  EXPECT_EQ(ScoreChinese("中\uE1EC\uFFFD").alien, 2u);
}

TEST(Language, PairsRaiseTheProbability) {
  EXPECT_GT(LogProbability(U'政', U'府'), LogProbability(U'的', U'府'));
}

}  // namespace
}  // namespace fangzhi::text
