#include "http/link_header.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "support/corpus.h"

namespace fangzhi::http {
namespace {

TEST(LinkField, TargetsRelationsParameters) {
  const auto links = ParseLinkField("</a;b,c>; REL=\"Next prefetch\"; title=\"x, \\\"y\\\"; z\", junk, <b>;rel=prev ; TYPE=text/html,, <c>");
  ASSERT_EQ(links.size(), 4u);
  EXPECT_EQ(links[0].target, "/a;b,c");
  EXPECT_EQ(links[0].rel, "next");
  EXPECT_EQ(links[0].Parameter("title"), "x, \"y\"; z");
  EXPECT_EQ(links[1].rel, "prefetch");
  EXPECT_EQ(links[2].Parameter("type"), "text/html");
  EXPECT_EQ(links[3].rel, "");
}

TEST(LinkField, NoEndsAndNonsense) {
  EXPECT_TRUE(ParseLinkField("").empty());
  EXPECT_TRUE(ParseLinkField("<unclosed").empty());
  EXPECT_EQ(ParseLinkField("<a>; rel=\"next").size(), 1u);
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "<a>;rel=x,;;=\"";
  EXPECT_LE(ParseLinkField(many).size(), 20'000u);
}

TEST(LinkField, ManyRelationsAndParametersAreBounded) {
  std::string relations, parameters;
  while (relations.size() < 100'000) relations += "a ";
  while (parameters.size() < 100'000) parameters += ";x";
  const auto links = ParseLinkField("</x>; rel=\"" + relations + "\"" + parameters + ";y=1;y=2");
  EXPECT_EQ(links.size(), kMostRelations);
  for (const LinkValue& link : links) EXPECT_LE(link.parameters.size(), kMostParameters);
  EXPECT_EQ(ParseLinkField("</x>; rel=a; x; x; x; y=1; y=2").at(0).parameters, (std::vector<std::pair<std::string, std::string>>{{"x", ""}, {"y", "1"}}));
  std::string many;
  while (many.size() < 200'000) many += "</x>;rel=next,";
  EXPECT_EQ(ParseLinkField(many).size(), kMostLinkValues);
  EXPECT_TRUE(ParseLinkField("<" + std::string(100'000, 'x') + ">; rel=next").empty());
}

TEST(LinkField, Conformance) {
  std::ifstream file(test::Corpus() + "/conformance/http/link_header.jsonl");
  FANGZHI_NEEDS_CASES(file ? 1 : 0, "conformance/http/link_header.jsonl");
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    const auto c = nlohmann::json::parse(line);
    if (!c.contains("links") || !c["links"].is_array()) continue;
    // Its second link is not in the header: it comes from another file of that test.
    if (c["source"].get<std::string>().find("Equivalence") != std::string::npos) continue;
    ++cases;
    const auto links = ParseLinkField(c["header"].get<std::string>());
    EXPECT_EQ(links.size(), c["links"].size()) << line;
    for (size_t i = 0; i < links.size() && i < c["links"].size(); ++i) {
      const auto& expected = c["links"][i];
      EXPECT_EQ(links[i].target, expected["uri"].get<std::string>()) << line;
      if (expected.contains("rel") && expected["rel"].is_string()) {
        EXPECT_TRUE(EqualsIgnoreAsciiCase(links[i].rel, expected["rel"].get<std::string>())) << line;
      }
      if (expected.contains("title*")) {
        EXPECT_EQ(links[i].Parameter("title*"), expected["title*"]["value"].get<std::string>()) << line;
      }
      for (const char* name : {"title", "type", "anchor", "hreflang", "media"}) {
        if (expected.contains(name) && expected[name].is_string()) {
          EXPECT_EQ(links[i].Parameter(name), expected[name].get<std::string>()) << line;
        }
      }
    }
  }
  EXPECT_EQ(cases, 16);
}

}  // namespace
}  // namespace fangzhi::http
