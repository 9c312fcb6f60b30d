#include <gtest/gtest.h>

#include "text/text.h"

namespace fangzhi::text {
namespace {

std::string Notice(const std::string& number) {
  return "系统通知\n根据平台统一部署，本次请求未予受理。如需协助，请记录下列编号并联系技术支持人员。\n编号：" + number;
}

// What a firewall or an application server puts into every answer of its own.
TEST(Sketch, DoesNotSeeTheNamesOfRequests) {
  const auto page = [](const std::string& name) {
    return Sketch("系统通知\n根据平台统一部署，本次请求未予受理。如需协助，请记录下列编号并联系技术支持人员。编号：" + name);
  };
  const uint64_t one = page("7f3a09e166c24b0d9a51");
  for (const char* other : {"0b77aa12ffe9c3d1e84a", "2c4d6e80-11fb-4a9c-b7de-90ac33f1e207", "Qx81_aF20ZZk-9", "1234567890", "98-76"}) {
    EXPECT_EQ(SketchDistance(one, page(other)), 0) << other;
  }
  EXPECT_GT(SketchDistance(one, page("PolarBear")), 0) << "words are text";
}

TEST(Sketch, IsBlindToNumbersAndSpace) {
  EXPECT_EQ(Sketch(Notice("4711")), Sketch(Notice("0815 9000")));
  EXPECT_EQ(Sketch("a b\n c d e"), Sketch("ABCDE"));
}

TEST(Sketch, LikeTextsAreNearAndOthersFar) {
  std::string article;
  for (int i = 0; i < 40; ++i) article += "第" + std::string(static_cast<size_t>(i % 5 + 1), 'x') + "段：县委副书记主持召开会议并讲话。";
  EXPECT_LE(SketchDistance(Sketch(article), Sketch(article + "会议还研究了其他事项。")), 6);
  EXPECT_GT(SketchDistance(Sketch(article), Sketch(Notice("1"))), 15);
}

TEST(Sketch, NothingIsZeroAndFarFromSomething) {
  EXPECT_EQ(Sketch(""), 0u);
  EXPECT_EQ(Sketch(" 12:30 "), 0u);
  EXPECT_NE(Sketch("短"), 0u);
  EXPECT_EQ(SketchDistance(0, 0), 0);
  EXPECT_EQ(SketchDistance(0, 1), 64);
  EXPECT_NE(Sketch("\xff\xfe\xfd\xfc\xfb"), 0u);  // ill-formed bytes count as what they are shown as
}

}  // namespace
}  // namespace fangzhi::text
