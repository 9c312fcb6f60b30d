#include "extract/roles.h"

#include <gtest/gtest.h>

#include <string>

namespace fangzhi::extract {
namespace {

// source|author
std::string Split(std::string_view value) {
  std::string source, author;
  return SplitPersons(value, &source, &author) ? source + "|" + author : "";
}

TEST(Roles, NamesStandBehindTheFirstWhoWrote) {
  EXPECT_EQ(NamesInBrackets("（记者 张三 李四）"), "张三、李四");
  EXPECT_EQ(NamesInBrackets("（青石日报记者张三 通讯员李四）"), "张三");
  EXPECT_EQ(NamesInBrackets("【本站记者：张三】"), "张三");
  EXPECT_EQ(NamesInBrackets("（文/图 王五）"), "王五");
  EXPECT_EQ(NamesInBrackets("（文/张三 图/李四）"), "张三");
  EXPECT_EQ(NamesInBrackets("（记者 张三 摄影 李四）"), "张三");
  EXPECT_EQ(NamesInBrackets("（記者 張三）"), "張三");
  EXPECT_EQ(NamesInBrackets("（记者 李图 张文）"), "李图、张文");
  EXPECT_EQ(NamesInBrackets("（张三 记者李四）"), "张三、李四");
  EXPECT_EQ(NamesInBrackets("（张三、王五 通讯员 李四）"), "张三、王五、李四");
  EXPECT_EQ(NamesInBrackets("（新青石·青石日报记者张三）"), "张三");
  EXPECT_EQ(NamesInBrackets("（青石日报 记者 张三）"), "张三");
  EXPECT_EQ(NamesInBrackets("（市林业局组织记者采访）"), "");
  EXPECT_EQ(NamesInBrackets("（中央广播电视总台记者张三）"), "张三");
  EXPECT_EQ(NamesInBrackets("（李强同志会见中外记者张三）"), "");
  EXPECT_EQ(NamesInBrackets("（记者 张三 摄）"), "");
  EXPECT_EQ(NamesInBrackets("（摄影 张三）"), "");
  EXPECT_EQ(NamesInBrackets("（文件精神）"), "");
}

TEST(Roles, ASourcesPersonsArePartedFromIt) {
  EXPECT_EQ(Split("北港海关（曲晓波/文，林海燕/图）"), "北港海关|曲晓波");
  EXPECT_EQ(Split("北港海关(文/曲晓波 图/林海燕)"), "北港海关|曲晓波");
  EXPECT_EQ(Split("淮西日报（周瑾）"), "淮西日报|周瑾");
  EXPECT_EQ(Split("淮西日报（周瑾、吴敏）"), "淮西日报|周瑾、吴敏");
  EXPECT_EQ(Split("淮西日报（记者 周瑾 通讯员 吴敏）"), "淮西日报|周瑾、吴敏");
  EXPECT_EQ(Split("淮西日报（记者 周瑾 摄影 吴敏）"), "淮西日报|周瑾");
  EXPECT_EQ(Split("淮西日报（本报记者周瑾 李强/摄）"), "淮西日报|周瑾");
  EXPECT_EQ(Split("青石县政府办公室（文物局）"), "");
  EXPECT_EQ(Split("青石县（记者站）"), "");
  EXPECT_EQ(Split("（周瑾）"), "");
}

TEST(Roles, NamesThatASignJoinsAreAllToldWhateverTheirRoles) {
  EXPECT_EQ(NamesInBrackets("（记者 张三、实习生 李四）"), "张三、李四");
  EXPECT_EQ(NamesInBrackets("（记者张三、通讯员李四）"), "张三、李四");
  EXPECT_EQ(NamesInBrackets("（记者 张三、李四 通讯员 王五）"), "张三、李四");
  EXPECT_EQ(NamesInBrackets("（记者 张三、摄影 李四）"), "张三");
  EXPECT_EQ(TidyNames("张三 实习生 李四"), "张三、李四");
  EXPECT_EQ(TidyNames("张三 摄影 李四"), "张三");
}

// office|persons
std::string Office(std::string_view value) {
  std::string office, persons;
  return SplitOffice(value, &office, &persons) ? office + "|" + persons : "";
}

TEST(Roles, AnOfficesPersonsArePartedFromIt) {
  EXPECT_EQ(Office("河道管理处 周瑾"), "河道管理处|周瑾");
  EXPECT_EQ(Office("水文处 周瑾"), "");
  EXPECT_EQ(Office("北港市局　曲恩会"), "北港市局|曲恩会");
  EXPECT_EQ(Office("种子管理站 周 瑾"), "种子管理站|周瑾");
  EXPECT_EQ(Office("种子管理站 周瑾、吴敏"), "种子管理站|周瑾、吴敏");
  EXPECT_EQ(Office("种子管理站"), "");
  EXPECT_EQ(Office("市局 安委会"), "");
  EXPECT_EQ(Office("青石县农业局 安全科"), "");
  EXPECT_EQ(Office("青石县农业局 卫生"), "");
  EXPECT_EQ(Office("周瑾 青石县农业局"), "");
}

TEST(Roles, NamesAreTidied) {
  EXPECT_EQ(TidyNames("张三 李四"), "张三、李四");
  EXPECT_EQ(TidyNames("本报记者 张三"), "张三");
  EXPECT_EQ(TidyNames("特约通讯员 张三"), "张三");
  EXPECT_EQ(TidyNames("記者 張三"), "張三");
  EXPECT_EQ(TidyNames("张三 通讯员 李四 实习生 王五"), "张三");
  EXPECT_EQ(TidyNames("张三、李四 通讯员 王五"), "张三、李四");
  EXPECT_EQ(TidyNames("张三（文/图）"), "张三");
  EXPECT_EQ(TidyNames("张三(图文)"), "张三");
  EXPECT_EQ(TidyNames("记者 张三 摄"), "");
  EXPECT_EQ(TidyNames("张三 某大学教授"), "张三");
  EXPECT_EQ(TidyNames("张三（青石县文物局）"), "张三");
  EXPECT_EQ(TidyNames(""), "");
}

}  // namespace
}  // namespace fangzhi::extract
