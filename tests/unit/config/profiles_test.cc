// Families as files: what is compiled in, what is reported, what takes the place of what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "config/config.h"
#include "model/counter_addresses.h"
#include "support/places.h"

namespace fangzhi::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> ProfileMistakes(const std::string& toml, const std::string& file = "config/profiles/vsb.toml") {
  std::vector<Problem> problems;
  ReadProfile(toml, file, &problems);
  std::vector<std::string> lines;
  for (const Problem& problem : problems) lines.push_back(problem.ToString());
  return lines;
}

TEST(Profiles, EveryFileOfTheSourceIsCompiledInWithoutAProblem) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::SourceDirectory() + "/config/profiles")) {
    if (entry.path().extension() != ".toml") continue;
    ++files;
    std::ifstream file(entry.path());
    const std::string toml((std::istreambuf_iterator<char>(file)), {});
    EXPECT_THAT(ProfileMistakes(toml, entry.path().string()), testing::IsEmpty());
  }
  EXPECT_EQ(BuiltInProfiles().size(), files);
  EXPECT_GE(files, 15u);
  for (const auto& profile : BuiltInProfiles()) EXPECT_EQ(profile->origin, "built in");
}

// Nobody asks the shipped files of a page of another family: the program's table of beacons has what they name.
TEST(Profiles, WhatOnlyCountsIsInTheTableOfBeacons) {
  const char* kBeacons[] = {"http://a.gov.cn/system/resource/code/news/click/addclicktimes.jsp?wburlid=5", "http://a.gov.cn/system/resource/code/datainput.jsp?owner=1",
                            "http://a.gov.cn/SS.Hits/hits/1/2/3", "http://a.gov.cn/_visitcount?siteId=1", "http://a.gov.cn/wp-admin/admin-ajax.php?action=postviews&id=1",
                            "http://a.gov.cn/module/visitcount/visit.jsp?type=1", "http://a.gov.cn/vc/vc/interface/visit.jsp?type=3",
                            "http://a.gov.cn/channel_view.jspx?id=1", "http://a.gov.cn/flow_statistic.jspx?p=1", "http://a.gov.cn/images/webdig.js?z=1"};
  std::set<std::string> named;
  for (const auto& profile : BuiltInProfiles()) {
    for (const auto& pattern : profile->never) {
      // "(?:one)|(?:two)": every one of them is met by an example.
      for (std::string_view rest = pattern->text(); !rest.empty();) {
        const size_t end = std::min(rest.find("|(?:"), rest.size());
        const auto one = CompilePattern(std::string(rest.substr(0, end)), nullptr);
        ASSERT_TRUE(one) << pattern->text();
        bool met = false;
        for (const char* beacon : kBeacons) {
          if (!one->Matches(beacon)) continue;
          met = true;
          named.insert(beacon);
        }
        EXPECT_TRUE(met) << profile->id << ": " << rest.substr(0, end);
        rest.remove_prefix(std::min(rest.size(), end + 1));
      }
    }
  }
  EXPECT_EQ(named.size(), std::size(kBeacons));
  for (const char* beacon : kBeacons) EXPECT_TRUE(model::IsBeacon(beacon)) << beacon;
}

TEST(Profiles, MistakesHaveTheirPlaceAndTheNearestKey) {
  EXPECT_THAT(ProfileMistakes("[fingerprints]\ncals = ['x']\n"),
              ElementsAre(HasSubstr("config/profiles/vsb.toml:2:1: fingerprints.cals: unknown key; did you mean fingerprints.calls?")));
  EXPECT_THAT(ProfileMistakes("[fingerprints]\npaths = ['(']\n"), ElementsAre(HasSubstr("vsb.toml:2:10: fingerprints.paths: \"(\" is no regular expression")));
  EXPECT_THAT(ProfileMistakes("[fingerprints]\ncalls = ['']\n"), ElementsAre(HasSubstr("1 to 200 bytes")));
  EXPECT_THAT(ProfileMistakes("name = 'x'\n"), ElementsAre(HasSubstr("something to be known by")));
  EXPECT_THAT(ProfileMistakes("[fingerprints]\ncalls = ['x']\n[selectors]\nbody = '.a >'\n"), ElementsAre(HasSubstr("4:1: selectors.body: \".a >\" is no selector")));
  EXPECT_THAT(ProfileMistakes("[fingerprints]\ncalls = ['x']\n[counter]\nside_effect = 'increment'\n"), ElementsAre(HasSubstr("did you mean increments?")));
  EXPECT_THAT(ProfileMistakes("[fingerprints]\ncalls = ['x']\n", "config/profiles/My CMS.toml"), ElementsAre(HasSubstr("\"My CMS\" must be")));
}

TEST(Profiles, ADirectorysFilesStandOverThoseCompiledIn) {
  char directory[] = "/tmp/fangzhi-profiles-XXXXXX";
  ASSERT_NE(mkdtemp(directory), nullptr);
  const std::string base = directory;
  std::filesystem::create_directory(base + "/profiles");
  std::ofstream(base + "/profiles/vsb.toml") << "name = 'mine'\n[fingerprints]\ncalls = ['x']\n";
  std::ofstream(base + "/profiles/town.toml") << "[fingerprints]\ncalls = ['town(']\n[selectors]\nbody = '#text'\n";
  std::ofstream(base + "/profiles/.vsb.toml.swp") << "nonsense";
  const LoadResult loaded = Load(base);
  std::filesystem::remove_all(base);
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.config.profiles.size(), BuiltInProfiles().size() + 1);
  for (const auto& profile : loaded.config.profiles) {
    if (profile->id == "vsb") {
      EXPECT_EQ(profile->name, "mine");
    } else if (profile->id == "town") {
      EXPECT_EQ(profile->selectors.body, "#text");
    }
  }
}

TEST(Sites, SelectorsAreChecked) {
  const LoadResult loaded = LoadText("", {{"config/sites/a.toml", "seeds = ['http://a.cn/']\n[selectors]\ntitle = 'h1..x'\n"}});
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_THAT(loaded.problems[0].ToString(), HasSubstr("a.toml:3:1: selectors.title: \"h1..x\" is no selector"));
}

}  // namespace
}  // namespace fangzhi::config
