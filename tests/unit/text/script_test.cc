#include "text/script.h"

#include <gtest/gtest.h>

#include <thread>

#include "text/prose.h"

namespace fangzhi::text {
namespace {

TEST(Script, OfTexts) {
  EXPECT_EQ(CountScript("关于进一步加强农村公路养护工作的通知").script(), Script::kSimplified);
  EXPECT_EQ(CountScript("關於進一步加強農村公路養護工作的通知").script(), Script::kTraditional);
  EXPECT_EQ(CountScript("中山大学").script(), Script::kUnknown);
  EXPECT_EQ(CountScript("abc Größe").script(), Script::kUnknown);
  EXPECT_EQ(ScriptOf(U'農'), Script::kTraditional);
  EXPECT_EQ(ScriptOf(U'农'), Script::kSimplified);
  EXPECT_EQ(ScriptOf(U'中'), Script::kUnknown);
}

TEST(Script, FoldsByWords) {
  EXPECT_EQ(FoldScript("臺北市政府公告").value(), "台北市政府公告");
  EXPECT_EQ(FoldScript("乾隆年間,天氣乾燥").value(), "乾隆年间,天气干燥");
  EXPECT_EQ(FoldScript("已是简体，不变。").value(), "已是简体，不变。");
  EXPECT_EQ(FoldScript("").value(), "");
  EXPECT_EQ(FoldScript(std::string_view("國\0國", 7)).value(), std::string("国\0国", 7));
  EXPECT_EQ(FoldScript("國\xE4").value(), "国\uFFFD");
}

TEST(Script, FoldsInEveryThread) {
  std::thread other([] { EXPECT_EQ(FoldScript("縣").value(), "县"); });
  EXPECT_EQ(FoldScript("縣").value(), "县");
  other.join();
}

TEST(Prose, TellsProseFromMisreadings) {
  EXPECT_GT(ScoreProse("县人民政府办公室关于做好防汛工作的通知").mean(), -6);
  EXPECT_NEAR(ScoreProse("县人民政府").mean(), ScoreProse("縣人民政府").mean(), 1e-9);
  EXPECT_LT(ScoreProse("浣犲ソ涓栫晫").mean(), -11);
  EXPECT_LT(ScoreProse("笢弊淉葬厙").mean(), -11);
  EXPECT_EQ(ScoreProse("abc 123").characters, 0u);
  EXPECT_GT(ProseLogProbability(U'人', U'民', U'政'), ProseLogProbability(U'人', U'民', U'正'));
  EXPECT_LT(ProseLogProbability(0, 0, 0), -20);
  EXPECT_EQ(ProseSymbol(U'國'), U'国');
  EXPECT_EQ(ProseSymbol(U','), U'，');
  EXPECT_EQ(ProseSymbol(U'7'), U'0');
  EXPECT_EQ(ProseSymbol(0xE1EC), 0u);
}

}  // namespace
}  // namespace fangzhi::text
