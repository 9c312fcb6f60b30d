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

TEST(ScriptReader, CallsAndTheirArguments) {
  const std::string_view script =
      "function show(a, b) {}\nfunction  show (c){}\nreshow('no', 1); show('one', 2, [3, 'four)'], five + 6, /* not */ -7); x = show ( \"two\" ) ; show('open";
  size_t at = 0;
  auto call = NextCall(script, "show", at);
  ASSERT_TRUE(call.has_value());
  ASSERT_EQ(call->size(), 5u);
  EXPECT_EQ((*call)[0].kind, ScriptArgument::kText);
  EXPECT_EQ((*call)[0].text, "one");
  EXPECT_EQ((*call)[1].kind, ScriptArgument::kNumber);
  EXPECT_EQ((*call)[2].array(), "3, 'four)'");
  EXPECT_FALSE((*call)[3].literal() || (*call)[3].array());
  EXPECT_EQ((*call)[3].text, "five + 6");
  call = NextCall(script, "show", at);
  ASSERT_TRUE(call.has_value());
  ASSERT_EQ(call->size(), 1u);
  EXPECT_EQ((*call)[0].text, "two");
  call = NextCall(script, "show", at);
  ASSERT_TRUE(call.has_value());
  EXPECT_TRUE(call->empty());
  EXPECT_FALSE(NextCall(script, "show", at));
  EXPECT_EQ(at, script.size());
}

TEST(ScriptReader, ManyCallsAreReadOnce) {
  std::string script;
  for (int i = 0; i < 200'000; ++i) script += "f((";
  size_t calls = 0;
  for (size_t at = 0; NextCall(script, "f", at);) ++calls;
  EXPECT_GE(calls, 1u);
  EXPECT_LT(calls, 1000u);
}

TEST(ScriptReader, WhatAVariableIsGiven) {
  const std::string_view script = "if (id == 3) go(); var id2 = 4, x.id = 5; id = \"12\"; n = {size: 7}; late = other;";
  const auto text = [&](std::string_view name, bool member = false) {
    const auto given = FindAssigned(script, name, member);
    return given ? given->text + (given->quoted ? " quoted" : "") : std::string("none");
  };
  EXPECT_EQ(text("id"), "12 quoted");
  EXPECT_EQ(text("id2"), "4");
  EXPECT_EQ(text("size"), "none");
  EXPECT_EQ(text("size", true), "7");
  EXPECT_EQ(text("late"), "none");
  EXPECT_EQ(text("a b"), "none");
}

TEST(ScriptReader, CommentsAreLeftOut) {
  EXPECT_EQ(WithoutComments("a('//x') // call()\nb() /* c() */ d"), "a('//x') \nb()   d");
  EXPECT_EQ(WithoutComments("http://x /* open"), "http://x ");
}

}  // namespace
}  // namespace fangzhi::html
