#include "config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "base/limits.h"
#include "config/keys.h"
#include "support/places.h"

namespace fangzhi::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kSeeds = "seeds = [\"http://www.example.gov.cn/\"]\n";

std::vector<std::string> Lines(const LoadResult& result) {
  std::vector<std::string> lines;
  for (const Problem& problem : result.problems) lines.push_back(problem.ToString());
  return lines;
}

LoadResult Site(const std::string& toml) {
  return LoadText("", {{"sites/a.toml", toml}});
}
std::vector<std::string> Mistakes(const std::string& toml) {
  return Lines(Site(toml));
}

model::Site Good(const std::string& toml) {
  const LoadResult result = Site(toml);
  EXPECT_THAT(Lines(result), IsEmpty()) << toml;
  return result.config.sites.size() == 1 ? *result.config.sites[0] : model::Site();
}

TEST(Config, DefaultsOfTheTableAreThoseOfTheProgram) {
  const model::Site bare = Good(kSeeds);
  EXPECT_EQ(bare.id, "a");
  EXPECT_EQ(bare.name, "a");
  EXPECT_EQ(bare.origin, "sites/a.toml");
  EXPECT_THAT(bare.hosts, ElementsAre("www.example.gov.cn"));
  std::string all = kSeeds;
  std::string selectors = "[selectors]\n";
  for (const auto& key : SiteKeys()) {
    if (key.spec.fallback.empty()) continue;
    const std::string line = std::string(key.spec.name) + " = " + std::string(key.spec.fallback) + "\n";
    const std::string_view prefix = "selectors.";
    if (line.compare(0, prefix.size(), prefix) == 0) {
      selectors += line.substr(prefix.size());
    } else {
      all += line;
    }
  }
  const model::Site full = Good(all + selectors);
  const model::Site fresh;
  for (const model::Site* site : {&bare, &full}) {
    EXPECT_EQ(site->enabled, fresh.enabled);
    EXPECT_TRUE(site->include.empty());
    EXPECT_TRUE(site->exclude.empty());
    EXPECT_EQ(site->max_depth, fresh.max_depth);
    EXPECT_EQ(site->max_pages, fresh.max_pages);
    EXPECT_EQ(site->schedule, fresh.schedule);
    EXPECT_EQ(site->time_zone, fresh.time_zone);
    EXPECT_EQ(site->time_window, fresh.time_window);
    EXPECT_EQ(site->delay, fresh.delay);
    EXPECT_EQ(site->connections_per_host, fresh.connections_per_host);
    EXPECT_EQ(site->capture_pages, fresh.capture_pages);
    EXPECT_EQ(site->capture_attachments, fresh.capture_attachments);
    EXPECT_EQ(site->capture_requisites, fresh.capture_requisites);
    EXPECT_EQ(site->obey_robots, fresh.obey_robots);
    EXPECT_EQ(site->allow_private, fresh.allow_private);
    EXPECT_EQ(site->counters, fresh.counters);
    EXPECT_EQ(site->gone_after_visits, fresh.gone_after_visits);
    EXPECT_EQ(site->gone_after, fresh.gone_after);
    EXPECT_EQ(site->max_body_bytes, fresh.max_body_bytes);
    EXPECT_EQ(site->timeout, fresh.timeout);
    EXPECT_EQ(site->retries, fresh.retries);
    EXPECT_EQ(site->selectors.title, "");
  }
  std::string settings_toml;
  for (const auto& key : SettingsKeys()) {
    settings_toml += std::string(key.spec.name) + " = " + std::string(key.spec.fallback) + "\n";
  }
  const LoadResult loaded = LoadText(settings_toml, {});
  EXPECT_THAT(Lines(loaded), IsEmpty());
  const Settings settings;
  EXPECT_EQ(loaded.config.settings.user_agent_contact, settings.user_agent_contact);
  EXPECT_EQ(loaded.config.settings.operator_name, settings.operator_name);
  EXPECT_EQ(loaded.config.settings.max_transfers, settings.max_transfers);
  EXPECT_EQ(loaded.config.settings.page_workers, settings.page_workers);
  EXPECT_EQ(loaded.config.settings.warc_max_bytes, settings.warc_max_bytes);
  EXPECT_EQ(loaded.config.settings.warc_compression, settings.warc_compression);
  EXPECT_EQ(loaded.config.settings.warc_prefix, settings.warc_prefix);
  EXPECT_EQ(loaded.config.settings.commit_captures, settings.commit_captures);
  EXPECT_EQ(loaded.config.settings.commit_milliseconds, settings.commit_milliseconds);
  EXPECT_EQ(loaded.config.settings.max_queued_bytes, settings.max_queued_bytes);
  EXPECT_EQ(loaded.config.settings.min_free_bytes, settings.min_free_bytes);
}

TEST(Config, EveryKeyIsRead) {
  const model::Site site = Good(R"(
id = "gs-2_x"
name = "甘肃"
enabled = false
seeds = ["HTTP://WWW.Example.gov.cn:80/a/../b.htm#top", "http://10.0.0.1:8080/"]
hosts = ["WWW.example.gov.cn", "*.Gansu.gov.cn", "10.0.0.1:8080", "[::1]:8080"]
include = ['/art/\d+', "^http://10"]
exclude = ["search"]
max_depth = 3
max_pages = 50
schedule = "30 2 * * mon-fri"
time_zone = "Asia/Urumqi"
time_window = "22:00-06:00"
delay = 0.25
connections_per_host = 2
capture = ["pages", "requisites"]
obey_robots = false
allow_private = true
counters = "allow_increment"
gone_after_visits = 5
gone_after = "2d"
max_body = "10 MiB"
timeout = "1.5m"
retries = 0
[selectors]
title = "h1"
published = ".date"
source = ".from"
author = ".by"
body = "#zoom"
clicks = "#hits"
)");
  EXPECT_EQ(site.id, "gs-2_x");
  EXPECT_EQ(site.name, "甘肃");
  EXPECT_FALSE(site.enabled);
  EXPECT_THAT(site.seeds, ElementsAre("http://www.example.gov.cn/b.htm", "http://10.0.0.1:8080/"));
  EXPECT_THAT(site.hosts, ElementsAre("www.example.gov.cn", "*.gansu.gov.cn", "10.0.0.1:8080", "[::1]:8080"));
  ASSERT_EQ(site.include.size(), 2u);
  EXPECT_EQ(site.include[0]->text(), "/art/\\d+");
  ASSERT_EQ(site.exclude.size(), 1u);
  EXPECT_EQ(site.max_depth, 3);
  EXPECT_EQ(site.max_pages, 50u);
  EXPECT_EQ(site.schedule, "30 2 * * mon-fri");
  EXPECT_EQ(site.time_zone, "Asia/Urumqi");
  EXPECT_EQ(site.time_window, "22:00-06:00");
  EXPECT_EQ(site.delay.count(), 250);
  EXPECT_EQ(site.connections_per_host, 2);
  EXPECT_TRUE(site.capture_pages);
  EXPECT_FALSE(site.capture_attachments);
  EXPECT_TRUE(site.capture_requisites);
  EXPECT_FALSE(site.obey_robots);
  EXPECT_TRUE(site.allow_private);
  EXPECT_EQ(site.counters, model::CounterMode::kAllowIncrement);
  EXPECT_EQ(site.gone_after_visits, 5);
  EXPECT_EQ(site.gone_after, std::chrono::hours(48));
  EXPECT_EQ(site.max_body_bytes, 10u << 20);
  EXPECT_EQ(site.timeout, std::chrono::seconds(90));
  EXPECT_EQ(site.retries, 0);
  EXPECT_EQ(site.selectors.title, "h1");
  EXPECT_EQ(site.selectors.published, ".date");
  EXPECT_EQ(site.selectors.source, ".from");
  EXPECT_EQ(site.selectors.author, ".by");
  EXPECT_EQ(site.selectors.body, "#zoom");
  EXPECT_EQ(site.selectors.clicks, "#hits");

  const LoadResult result = LoadText(
      "user_agent_contact = \"https://example.org/bot\"\noperator_name = \"档案馆\"\nmax_transfers = "
      "9\npage_workers = 3\n"
      "warc_max_bytes = 5000000\nwarc_compression = 12\nwarc_prefix = \"GS-a\"\ncommit_captures = "
      "7\ncommit_milliseconds = 8\n"
      "max_queued_bytes = \"2MB\"\nmin_free_bytes = 0\n",
      {});
  EXPECT_THAT(Lines(result), IsEmpty());
  const Settings& settings = result.config.settings;
  EXPECT_EQ(settings.user_agent_contact, "https://example.org/bot");
  EXPECT_EQ(settings.operator_name, "档案馆");
  EXPECT_EQ(settings.max_transfers, 9);
  EXPECT_EQ(settings.page_workers, 3);
  EXPECT_EQ(settings.warc_max_bytes, 5'000'000u);
  EXPECT_EQ(settings.warc_compression, 12);
  EXPECT_EQ(settings.warc_prefix, "GS-a");
  EXPECT_EQ(settings.commit_captures, 7u);
  EXPECT_EQ(settings.commit_milliseconds, 8);
  EXPECT_EQ(settings.max_queued_bytes, 2'000'000u);
  EXPECT_EQ(settings.min_free_bytes, 0u);
}

TEST(Config, AllMistakesAtOnceInOrder) {
  const LoadResult result =
      LoadText("max_transfer = 3\nwarc_compression = 13\n",
               {{"sites/b.toml", kSeeds + "\n  max_dept = 3\ndelay = \"soon\"\n[selectors]\ntitel = 1\n"},
                {"sites/a.toml", "id = \"B C\"\nmax_depth = \"3\"\nseeds = [\"ftp://x/\", 4]\n"}});
  EXPECT_THAT(
      Lines(result),
      ElementsAre(
          "fangzhi.toml:1:1: max_transfer: unknown key; did you mean max_transfers?",
          "fangzhi.toml:2:1: warc_compression: out of range; allowed is 1 to 12",
          HasSubstr("sites/a.toml:1:1: id: \"B C\" must be"),
          "sites/a.toml:2:1: max_depth: must be a whole number, not text",
          "sites/a.toml:3:22: seeds: the list must hold texts only, not a whole number",
          "sites/b.toml:3:3: max_dept: unknown key; did you mean max_depth?",
          HasSubstr("sites/b.toml:4:1: delay: \"soon\" is not understood; expected a number of seconds"),
          "sites/b.toml:6:1: selectors.titel: unknown key; did you mean selectors.title?"));
}

TEST(Config, UnknownKeys) {
  EXPECT_THAT(Mistakes(kSeeds + "zzzzzzzzzz = 1\n"), ElementsAre(HasSubstr("docs/configuration.md")));
  EXPECT_THAT(Mistakes(kSeeds + "Delay = 1\n"), ElementsAre(HasSubstr("did you mean delay?")));
  EXPECT_THAT(Mistakes(kSeeds + "published = \"h1\"\n"),
              ElementsAre(HasSubstr("did you mean selectors.published?")));
  EXPECT_THAT(
      Mistakes(kSeeds + "[selectors]\ndelay = 1\n"),
      ElementsAre(
          "sites/a.toml:3:1: selectors.delay: unknown key; delay must stand above the line [selectors]"));
  EXPECT_THAT(Mistakes(kSeeds + "[selector]\ntitle = \"h1\"\n"),
              ElementsAre(HasSubstr("did you mean selectors?")));
  EXPECT_THAT(Mistakes(kSeeds + "selectors = \"h1\"\n"), ElementsAre(HasSubstr("must be a table")));
  EXPECT_THAT(Mistakes(kSeeds + "[selectors.title]\nx = 1\n"),
              ElementsAre(HasSubstr("must be text in quotation marks, not a table")));
}

TEST(Config, TypesAndRanges) {
  const std::pair<const char*, const char*> cases[] = {
      {"max_depth = 3.5", "must be a whole number, not a number with decimals"},
      {"max_depth = -1", "0 to 100000"},
      {"max_pages = 0", "1 to 1000000000"},
      {"enabled = \"yes\"", "must be true or false, not text"},
      {"name = 5", "must be text in quotation marks, not a whole number"},
      {"name = 2026-01-01", "not a date or time"},
      {"include = \"x\"", "must be a list of texts"},
      {"delay = true", "must be a number of seconds or text"},
      {"delay = -1", "0 s to 1 h"},
      {"delay = \"2h\"", "0 s to 1 h"},
      {"delay = nan", "0 s to 1 h"},
      {"delay = inf", "0 s to 1 h"},
      {"delay = \"1.s\"", "not understood"},
      {"delay = \"1.2.3s\"", "not understood"},
      {"delay = \"99999999999999999999s\"", "not understood"},
      {"delay = \"2\"", "not understood"},
      {"delay = \"\"", "not understood"},
      {"max_body = \"1TiB\"", "not understood"},
      {"max_body = \"1GiB\"", "0 B to 256 MiB"},
      {"max_body = 1.5", "not a number with decimals"},
      {"max_body = 9223372036854775807", "0 B to 256 MiB"},
      {"counters = \"readonly\"",
       "\"readonly\" is none of off, read_only, allow_increment; did you mean read_only?"},
      {"capture = [\"page\"]", "did you mean pages?"},
      {"capture = []", "something to capture"},
      {"hosts = []", "at least one host"},
      {"hosts = [\"http://www.example.gov.cn/\"]", "is no host"},
      {"hosts = [\"www.example.gov.cn:99999\"]", "is no host"},
      {"hosts = [\"www.example.gov.cn:\"]", "is no host"},
      {"hosts = [\"*\"]", "is no host"},
      {"hosts = [\"a.*.cn\"]", "is no host"},
      {"hosts = [\"\"]", "is no host"},
      {"time_zone = \"Asia/Shangai\"", "did you mean Asia/Shanghai?"},
      {"schedule = \"every blue moon\"", "every 6h"},
      {"schedule = \"0 25 * * *\"", "hour: '25'"},
      {"time_window = \"22-6\"", "22:00-06:00"},
      {"include = ['(']", "is no regular expression: missing"},
      {"exclude = [\"ok\", 'a**{']", "exclude"},
      {"exclude = ['(?=x)']", "invalid perl operator"},
      {"exclude = ['']", "an empty expression is found in every address"},
      {"include = ['']", "an empty expression is found in every address"},
      {"sweep_every = \"1d\"\nrevisit_least = \"60d\"", "revisit_least forbids it"},
      {"id = \"\"", "must be 1 to 64"},
      {"id = \"-x\"", "must be 1 to 64"},
      {"id = \"all\"", "a site needs another id"},
      {"name = \"a\\nb\"", "one line"},
  };
  for (const auto& [line, message] : cases) {
    const std::vector<std::string> mistakes = Mistakes(kSeeds + line + "\n");
    ASSERT_EQ(mistakes.size(), 1u) << line << " " << testing::PrintToString(mistakes);
    EXPECT_THAT(mistakes[0], HasSubstr(message)) << line;
    EXPECT_THAT(mistakes[0], HasSubstr("sites/a.toml:2:")) << line;
  }
  for (const char* line :
       {"user_agent_contact = \"a\\r\\nX: y\"", "user_agent_contact = \"(x)\"", "operator_name = \"a\\nb\"",
        "warc_prefix = \"../x\"", "warc_prefix = \"\"", "max_transfers = 0", "warc_max_bytes = 5"}) {
    EXPECT_EQ(LoadText(std::string(line) + "\n", {}).problems.size(), 1u) << line;
  }
}

TEST(Config, SeedsThatTheSiteLeavesOut) {
  EXPECT_THAT(Mistakes(kSeeds + "exclude = ['/old/', 'gov']\n"), ElementsAre(HasSubstr("sites/a.toml:1:10: seeds: \"http://www.example.gov.cn/\" is left out by exclude \"gov\"")));
}

TEST(Config, Seeds) {
  EXPECT_THAT(Mistakes(""),
              ElementsAre("sites/a.toml:1:1: seeds: missing: a site needs at least one URL to begin with"));
  EXPECT_THAT(
      Mistakes(kSeeds + "hosts = [\"www.other.gov.cn\"]\n"),
      ElementsAre("sites/a.toml:1:10: seeds: \"http://www.example.gov.cn/\" lies on none of the hosts; add "
                  "www.example.gov.cn to hosts"));
  EXPECT_THAT(Mistakes(kSeeds + "hosts = [\"www.example.gov.cn:8080\"]\n"),
              ElementsAre(HasSubstr("lies on none of the hosts")));
  EXPECT_THAT(Mistakes("seeds = []\n"), ElementsAre(HasSubstr("seeds: missing")));
  EXPECT_THAT(Mistakes("seeds = \"http://a.cn/\"\n"), ElementsAre(HasSubstr("must be a list of texts")));
  EXPECT_THAT(Mistakes("seeds = [\"mailto:x@y\", \"www.a.cn\", \"http://\"]\n").size(), 3u);
  EXPECT_THAT(
      Good("seeds = [\"http://b.cn/1\", \"https://b.cn/2\", \"http://b.cn:81/\", \"http://a.cn/\"]\n").hosts,
      ElementsAre("b.cn", "b.cn:81", "a.cn"));
}

TEST(Config, SyntaxErrorHasItsPlace) {
  EXPECT_THAT(Mistakes(kSeeds + "delay = \n"), ElementsAre(HasSubstr("sites/a.toml:2:")));
  EXPECT_THAT(Mistakes(kSeeds + "delay = 1\ndelay = 2\n"), ElementsAre(HasSubstr("sites/a.toml:3:")));
  EXPECT_THAT(Mistakes("x = \"\xff\"\n"), ElementsAre(HasSubstr("sites/a.toml:1:")));
  EXPECT_THAT(Mistakes("x = " + std::string(100'000, '[')), ElementsAre(HasSubstr("not TOML")));
  EXPECT_THAT(Lines(LoadText("][", {})), ElementsAre(HasSubstr("fangzhi.toml:1:")));
}

TEST(Config, DuplicateIdsNameBothPlaces) {
  const LoadResult result =
      LoadText("", {{"sites/a.toml", kSeeds + "id = \"x\"\n"}, {"sites/x.toml", "\n" + kSeeds}});
  EXPECT_THAT(Lines(result),
              ElementsAre("sites/x.toml:1:1: id: \"x\" is taken: sites/a.toml:2:1 has the same id"));
}

TEST(Config, SitesComeInOrderAndAreFound) {
  const LoadResult result =
      LoadText("", {{"sites/a.toml", kSeeds + "id = \"z\"\n"}, {"sites/b.toml", kSeeds}});
  ASSERT_EQ(result.config.sites.size(), 2u);
  EXPECT_EQ(result.config.sites[0]->id, "b");
  EXPECT_EQ(result.config.FindSite("z"), result.config.sites[1]);
  EXPECT_EQ(result.config.FindSite("a"), nullptr);
}

TEST(Config, Directory) {
  std::string directory = std::filesystem::temp_directory_path() / "fangzhi-config-XXXXXX";
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  EXPECT_THAT(Lines(Load(directory)), IsEmpty());  // all defaults
  EXPECT_THAT(Lines(Load(directory + "/absent")), ElementsAre(HasSubstr("absent")));
  std::filesystem::create_symlink("/nowhere/fangzhi.toml", directory + "/fangzhi.toml");
  EXPECT_THAT(Lines(Load(directory)), ElementsAre(HasSubstr("fangzhi.toml")));  // no defaults behind a link that leads nowhere
  std::filesystem::remove(directory + "/fangzhi.toml");
  ASSERT_TRUE(PosixFileSystem().CreateDirectories(directory + "/sites"));
  ASSERT_TRUE(WriteFileAtomically(directory + "/fangzhi.toml", "max_transfers = 3\n"));
  ASSERT_TRUE(WriteFileAtomically(directory + "/sites/one.toml", kSeeds));
  ASSERT_TRUE(WriteFileAtomically(directory + "/sites/.one.toml", "left by an editor"));
  ASSERT_TRUE(WriteFileAtomically(directory + "/sites/two.toml.off", "off"));
  LoadResult result = Load(directory + "/");
  EXPECT_THAT(Lines(result), IsEmpty());
  EXPECT_EQ(result.config.settings.max_transfers, 3);
  ASSERT_EQ(result.config.sites.size(), 1u);
  EXPECT_EQ(result.config.sites[0]->origin, directory + "/sites/one.toml");
  ASSERT_TRUE(
      WriteFileAtomically(directory + "/sites/big.toml", std::string(limits::kMaxConfigBytes + 1, '\n')));
  result = Load(directory);
  ASSERT_EQ(result.problems.size(), 1u);
  EXPECT_EQ(result.problems[0].file, directory + "/sites/big.toml");
  std::filesystem::remove_all(directory);
}

TEST(Scope, Hosts) {
  const model::Site site = Good(
      "seeds = [\"http://www.a.gov.cn/\"]\n"
      "hosts = [\"www.a.gov.cn\", \"*.b.gov.cn\", \"c.cn:8080\", \"d.cn:443\", \"*.e.cn:81\", "
      "\"[2001:db8::1]\", \"10.0.0.1\"]\n");
  for (const char* url :
       {"http://www.a.gov.cn/x", "https://www.a.gov.cn/", "HTTP://WWW.A.GOV.CN:80/", "http://b.gov.cn/",
        "http://x.b.gov.cn/", "http://x.y.b.gov.cn/", "http://c.cn:8080/", "https://d.cn/", "http://e.cn:81/",
        "http://x.e.cn:81/", "http://[2001:DB8::1]/", "http://www.a.gov.cn", "http://www.a.gov.cn?x", "https://www.a.gov.cn#x",
        "http://www.a\t.gov.cn/", "http://%77ww.a.gov.cn/", "http://www.a.gov.cn\\x", "http://u:p@www.a.gov.cn/", "http://10.1/", "http://0xa.0x1"}) {
    EXPECT_TRUE(InScope(site, url)) << url;
  }
  std::string reason;
  for (const char* url :
       {"http://a.gov.cn/", "http://x.www.a.gov.cn/", "http://www.a.gov.cn:8080/", "http://xb.gov.cn/",
        "http://b.gov.cn.evil.cn/", "http://x.b.gov.cn:8080/", "http://c.cn/", "http://d.cn/", "http://e.cn/",
        "http://www.a.gov.cn@evil.cn/", "http://evil.cn/?http://www.a.gov.cn/", "http://evil.cn", "http://www.a.gov.cn./", "http://10.0.0.2/"}) {
    EXPECT_FALSE(InScope(site, url, &reason)) << url;
    EXPECT_EQ(reason, "host not listed") << url;
  }
  for (const char* url :
       {"", "ftp://www.a.gov.cn/", "mailto:x@www.a.gov.cn", "javascript:void(0)", "/relative"}) {
    EXPECT_FALSE(InScope(site, url, &reason)) << url;
    EXPECT_EQ(reason, "not an http or https URL") << url;
  }
  EXPECT_FALSE(InScope(site, "http://www.a.gov.cn/" + std::string(limits::kMaxUrlBytes, 'a'), &reason));
}

TEST(Scope, Rules) {
  const model::Site site =
      Good(kSeeds + "include = ['/art/', '\\.pdf$']\nexclude = ['/art/old', '[?&]print=']\n");
  std::string reason;
  EXPECT_TRUE(InScope(site, "http://www.example.gov.cn/art/1.htm", &reason));
  EXPECT_EQ(reason, "include: /art/");
  EXPECT_TRUE(InScope(site, "http://www.example.gov.cn/x.pdf", &reason));
  EXPECT_FALSE(InScope(site, "http://www.example.gov.cn/art/old/1.htm", &reason));
  EXPECT_EQ(reason, "exclude: /art/old");
  EXPECT_FALSE(InScope(site, "http://www.example.gov.cn/art/1.htm?print=1", &reason));
  EXPECT_FALSE(InScope(site, "http://www.example.gov.cn/col/", &reason));
  EXPECT_EQ(reason, "no include rule takes it");
  EXPECT_TRUE(InScope(site, "http://www.example.gov.cn/", &reason));
  EXPECT_EQ(reason, "seed");
}

TEST(Scope, Patterns) {
  std::string problem;
  EXPECT_EQ(CompilePattern("[", &problem), nullptr);
  EXPECT_THAT(problem, HasSubstr("missing ]"));
  EXPECT_EQ(CompilePattern("[", nullptr), nullptr);
  const auto pattern = CompilePattern("^http://a/(b|c)$", &problem);
  ASSERT_NE(pattern, nullptr);
  EXPECT_TRUE(pattern->Matches("http://a/c"));
  EXPECT_FALSE(pattern->Matches("http://a/cc"));
  EXPECT_EQ(CompilePattern("((a{100}){100}){100}", &problem),
            nullptr);  // too large is a mistake, not a crash
}

// Letters that every match must have are looked for first: they must be none that a match may lack.
TEST(Scope, PatternsAreFoundWhereTheirLettersAre) {
  const auto matches = [](const char* pattern, const char* url) { return CompilePattern(pattern, nullptr)->Matches(url); };
  EXPECT_TRUE(matches("/visit\\.jsp", "http://a/visit.jsp?id=3"));
  EXPECT_FALSE(matches("/visit\\.jsp", "http://a/visit-jsp"));
  EXPECT_TRUE(matches("news|list", "http://a/list/"));
  EXPECT_TRUE(matches("/index_\\d+\\.html$", "http://a/index_12.html"));
  EXPECT_FALSE(matches("/index_\\d+\\.html$", "http://a/index_12.htm"));
  EXPECT_TRUE(matches("htmls?$", "http://a/b.html"));
  EXPECT_TRUE(matches("htmls*$", "http://a/b.html"));
  EXPECT_TRUE(matches("htmls{0,3}$", "http://a/b.html"));
  EXPECT_TRUE(matches("no+de", "http://a/noooode"));
  EXPECT_TRUE(matches("(?i)NEWS", "http://a/news/"));
  EXPECT_TRUE(matches("a(?i:B)c", "http://x/abc"));
  EXPECT_TRUE(matches("/(abc)?de/", "http://x/de/"));
  EXPECT_TRUE(matches("/(?:abc|xyz)de/", "http://x/xyzde/"));
  EXPECT_TRUE(matches("[ab\\]c]xy", "http://a/]xy"));
  EXPECT_TRUE(matches("[]q]xy", "http://a/qxy"));
  EXPECT_TRUE(matches("[^]q]xy", "http://a/zxy"));
  EXPECT_TRUE(matches("[[:digit:]q]xy", "http://a/7xy"));
  EXPECT_TRUE(matches("\\Qa.b\\E", "http://x/a.b"));
  EXPECT_TRUE(matches("\\x41bc", "http://x/Abc"));
  EXPECT_TRUE(matches("\\pLbc", "http://x/Abc"));
  EXPECT_TRUE(matches("a\\b/", "http://a/"));
  EXPECT_TRUE(matches("x{y", "http://a/x{y"));
  EXPECT_TRUE(matches("(?:/view\\.php)|(?:/list\\.php)", "http://a/list.php"));
  EXPECT_TRUE(matches("(?:/view\\.php)|(?:/l[i|j]st-\\d+)", "http://a/list-7"));
  EXPECT_FALSE(matches("(?:/view\\.php)|(?:/list-\\d+)", "http://a/list-x"));
  EXPECT_TRUE(matches("(?:abc)|(?:\\d)", "http://x/7"));
  EXPECT_TRUE(matches("abc|", "http://x/"));
  EXPECT_TRUE(matches("|abc", "http://x/"));
  EXPECT_TRUE(matches("(?:abc)?", "http://x/"));
  EXPECT_TRUE(matches("(?:abc|)", "http://x/"));
  EXPECT_TRUE(matches("(?:ab)(?:cd)", "http://x/abcd"));
  EXPECT_TRUE(matches("(?:ab|(?:c|d)e)", "http://x/de"));
  EXPECT_TRUE(matches("\xC3\xA9?/a", "http://x/a"));
}

TEST(SiteFromSeeds, BoundedToTheirHosts) {
  const auto site =
      SiteFromSeeds({"http://127.0.0.1:8080/", "http://127.0.0.1:8080/#x", "https://www.a.cn/b"});
  ASSERT_TRUE(site) << site.error().ToString();
  EXPECT_EQ((*site)->id, "127.0.0.1:8080");
  EXPECT_EQ((*site)->origin, "--seed");
  EXPECT_THAT((*site)->seeds, ElementsAre("http://127.0.0.1:8080/", "https://www.a.cn/b"));
  EXPECT_THAT((*site)->hosts, ElementsAre("127.0.0.1:8080", "www.a.cn"));
  EXPECT_TRUE(InScope(**site, "http://127.0.0.1:8080/deep/page"));
  EXPECT_FALSE(InScope(**site, "http://127.0.0.1/"));
  EXPECT_FALSE(InScope(**site, "http://127.0.0.1:8081/"));
  EXPECT_GT((*site)->max_depth, model::Site().max_depth);
  EXPECT_FALSE((*site)->allow_private);
  for (const char* seed : {"", "127.0.0.1", "ftp://a/", "http://", "http://a b/"}) {
    const auto wrong = SiteFromSeeds({seed});
    ASSERT_FALSE(wrong) << seed;
    EXPECT_EQ(wrong.error().kind, ErrorKind::kInvalidInput);
  }
  EXPECT_FALSE(SiteFromSeeds({}));
}

TEST(Documentation, IsWhatTheTableSays) {
  const std::string path = test::SourceDirectory() + "/docs/configuration.md";
  if (std::getenv("FANGZHI_UPDATE_DOCS") != nullptr) {
    ASSERT_TRUE(WriteFileAtomically(path, DocumentKeys()));
  }
  const Result<std::string> text = ReadFile(path);
  ASSERT_TRUE(text) << text.error().ToString();
  EXPECT_EQ(*text, DocumentKeys())
      << "docs/configuration.md is behind the table; FANGZHI_UPDATE_DOCS=1 test_config writes it anew";
  for (const auto& key : SiteKeys()) {
    const size_t dot = key.spec.name.find('.');
    EXPECT_THAT(
        *text,
        HasSubstr("| `" + std::string(key.spec.name.substr(dot == std::string_view::npos ? 0 : dot + 1)) +
                  "` |"));
  }
  for (const auto& key : SettingsKeys())
    EXPECT_THAT(*text, HasSubstr("| `" + std::string(key.spec.name) + "` |"));
}

TEST(Shipped, ConfigurationIsWithoutMistakes) {
  const LoadResult result = Load(test::SourceDirectory() + "/config");
  EXPECT_THAT(Lines(result), IsEmpty());
  const auto gsei = result.config.FindSite("gsei");
  ASSERT_NE(gsei, nullptr);
  EXPECT_EQ(gsei->name, "甘肃经济信息网");
  EXPECT_GE(gsei->delay, std::chrono::seconds(2));
  EXPECT_TRUE(InScope(*gsei, "http://www.gsei.com.cn/html/1/2.html"));
}

TEST(Shipped, CommentedDefaultsAreTheDefaults) {
  const Result<std::string> text = ReadFile(test::SourceDirectory() + "/config/fangzhi.toml");
  ASSERT_TRUE(text);
  for (const auto& key : SettingsKeys()) {
    EXPECT_THAT(*text, HasSubstr("\n#" + std::string(key.spec.name) + " = " + std::string(key.spec.fallback)))
        << key.spec.name;
  }
}

}  // namespace
TEST(Scope, OwnHostsByLetters) {
  model::Site site;
  site.hosts = {"127.0.0.1:8080", "*.b.gov.cn", "[::1]"};
  for (const char* url : {"http://127.0.0.1:8080/", "https://127.0.0.1:8080/a?b", "http://[::1]/a", "http://x.b.gov.cn/", "http://b.gov.cn/"}) {
    EXPECT_TRUE(InScope(site, url)) << url;
    EXPECT_TRUE(OnHostsOf(site, url)) << url;
  }
  for (const char* url : {"http://127.0.0.1/", "http://127.0.0.1:8080.b.cn/", "ftp://127.0.0.1:8080/", "http://127.0.0.1:8080@c.cn/", "http://"}) {
    EXPECT_FALSE(InScope(site, url)) << url;
    EXPECT_FALSE(OnHostsOf(site, url)) << url;
  }
}

}  // namespace fangzhi::config
