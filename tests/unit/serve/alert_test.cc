#include "serve/alert.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "serve/config_watch.h"

namespace fangzhi::serve {
namespace {

using report::Finding;
using report::Grade;
using report::RunRecord;
using std::chrono::milliseconds;

RunRecord Record(Grade grade, bool drift = false, bool stopped = false) {
  RunRecord record;
  record.facts.site = "demo";
  record.facts.stopped = stopped;
  record.grade = grade;
  if (grade != Grade::kComplete) record.findings.push_back({grade, "kind", "text", "advice", drift});
  return record;
}

TEST(Alert, WhenASiteGetsWorseNotWhileItStaysSo) {
  const RunRecord good = Record(Grade::kComplete), bad = Record(Grade::kPartial), middling = Record(Grade::kDegraded);
  EXPECT_FALSE(IsWorthAnAlert(good, nullptr));
  EXPECT_TRUE(IsWorthAnAlert(bad, nullptr));
  EXPECT_TRUE(IsWorthAnAlert(bad, &good));
  EXPECT_TRUE(IsWorthAnAlert(bad, &middling));
  EXPECT_FALSE(IsWorthAnAlert(bad, &bad));
  EXPECT_FALSE(IsWorthAnAlert(good, &bad));
  const RunRecord drifting = Record(Grade::kDegraded, true);
  EXPECT_TRUE(IsWorthAnAlert(drifting, &bad)) << "a drift is news even after worse";
  EXPECT_FALSE(IsWorthAnAlert(drifting, &drifting));
  const RunRecord stopped = Record(Grade::kPartial, false, true);
  EXPECT_FALSE(IsWorthAnAlert(stopped, &good));
  EXPECT_TRUE(IsWorthAnAlert(bad, &stopped));
}

class Directory : public testing::Test {
 protected:
  Directory() {
    char name[] = "/tmp/fangzhi-serve-XXXXXX";
    directory_ = ::mkdtemp(name);
  }
  ~Directory() override { std::filesystem::remove_all(directory_); }
  void Write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(directory_ + "/sites");
    ASSERT_TRUE(WriteFileAtomically(directory_ + "/" + name, text));
  }
  std::string directory_;
};

using Hook = Directory;

TEST_F(Hook, GetsTheTextWithoutAShell) {
  // Longer than a pipe holds; the quote and the semicolon would mean something to a shell.
  const std::string text = std::string(300'000, 'x') + "'; rm -rf /\n";
  const std::string out = directory_ + "/a b;c";
  ASSERT_TRUE(RunHook({"dd", "status=none", "of=" + out}, text, milliseconds(20'000)));
  EXPECT_EQ(*ReadFile(out), text);
}

TEST_F(Hook, FailuresAreTold) {
  EXPECT_FALSE(RunHook({"/nowhere/to-be-found"}, "x", milliseconds(5000)));
  const auto failed = RunHook({"false"}, "x", milliseconds(5000));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "ended with status 1");
  const auto late = RunHook({"sleep", "30"}, "x", milliseconds(300));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::kTimeout);
  EXPECT_TRUE(RunHook({"true"}, std::string(1'000'000, 'x'), milliseconds(5000))) << "need not read what it gets";
}

using Watch = Directory;

TEST_F(Watch, AChangeIsReportedOnceAndWhenItHoldsStill) {
  Write("fangzhi.toml", "a");
  Write("sites/a.toml", "1");
  ConfigWatch watch(directory_);
  EXPECT_FALSE(watch.Changed());
  Write("sites/a.toml", "22");
  EXPECT_FALSE(watch.Changed()) << "not before it held still between two looks";
  EXPECT_TRUE(watch.Changed());
  EXPECT_FALSE(watch.Changed());
  Write("sites/b.toml", "3");
  EXPECT_FALSE(watch.Changed());
  Write("sites/b.toml", "333");
  EXPECT_FALSE(watch.Changed());
  EXPECT_TRUE(watch.Changed());
  std::filesystem::remove(directory_ + "/sites/a.toml");
  EXPECT_FALSE(watch.Changed());
  EXPECT_TRUE(watch.Changed());
  Write("sites/.b.toml.swp", "what editors leave");
  EXPECT_FALSE(watch.Changed());
  EXPECT_FALSE(watch.Changed());
}

}  // namespace
}  // namespace fangzhi::serve
