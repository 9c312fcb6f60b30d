#include "html/script_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace fangzhi::html {
namespace {

std::optional<std::string> Read(std::string_view script, size_t longest = SIZE_MAX) {
  ScriptReader reader{script};
  return reader.String(longest);
}

TEST(ScriptReader, BlanksAndCommentsArePassedOver) {
  ScriptReader reader{" \t// one = 1\n/* two\n = 2 */three/* never closed"};
  reader.SkipBlanks();
  EXPECT_EQ(reader.Name(), "three");
  reader.SkipBlanks();
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.peek(), '\0');
  EXPECT_EQ(reader.Name(), "");
  EXPECT_EQ(reader.Number(), "");
  EXPECT_FALSE(reader.Take("x"));
  EXPECT_EQ(reader.String(), std::nullopt);
}

TEST(ScriptReader, NamesAndNumbers) {
  ScriptReader reader{"$el_2 = -3.5px"};
  EXPECT_EQ(reader.Number(), "");
  EXPECT_EQ(reader.Name(), "$el_2");
  EXPECT_FALSE(reader.Take("=="));
  EXPECT_TRUE(reader.Take("="));
  reader.SkipBlanks();
  EXPECT_EQ(reader.Name(), "");
  EXPECT_EQ(reader.Number(), "-3.5px");
  EXPECT_TRUE(reader.done());
}

TEST(ScriptReader, StringsOfEveryKind) {
  EXPECT_EQ(Read("\"青石日报\""), "青石日报");
  EXPECT_EQ(Read(R"('it\'s "so"')"), "it's \"so\"");
  EXPECT_EQ(Read(R"("<\/script>\n\u9752\u77f3\x21")"), "</script> 青石!");
  EXPECT_EQ(Read("'one \\\ntwo'"), "one two");
  EXPECT_EQ(Read("`one\n${two}`"), "one\n${two}");
  EXPECT_EQ(Read(R"("\ud840\udc00 \ud840 \udc00")"), "\xF0\xA0\x80\x80 \xEF\xBF\xBD \xEF\xBF\xBD");
  EXPECT_EQ(Read("''"), "");
}

TEST(ScriptReader, BrokenStringsAreNone) {
  EXPECT_EQ(Read("'never closed"), std::nullopt);
  EXPECT_EQ(Read("'closed in\nthe next line'"), std::nullopt);
  EXPECT_EQ(Read("'\\"), std::nullopt);
  EXPECT_EQ(Read("name"), std::nullopt);
  EXPECT_EQ(Read("'12345'", 5), "12345");
  EXPECT_EQ(Read("'123456'", 5), std::nullopt);
  // The reader stands behind a string that it could not read, not inside it.
  ScriptReader broken{R"('\uzz "' + next)"};
  EXPECT_EQ(broken.String(), std::nullopt);
  EXPECT_TRUE(broken.Take("+"));
}

TEST(ScriptReader, BracketsInStringsDoNotCount) {
  ScriptReader reader{"(a, [')', {b: \"]\"}] /* ) */) + c"};
  reader.SkipBalanced();
  EXPECT_TRUE(reader.Take("+"));
  ScriptReader open{"(((("};
  open.SkipBalanced();
  EXPECT_TRUE(open.done());
}

}  // namespace
}  // namespace fangzhi::html
