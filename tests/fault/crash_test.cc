// The process ends at every point at which it changes something: before, within and after each WARC append, sync and rename, and each
// append to the index's log. What was acknowledged is there afterwards, nothing is damaged, and a rebuilt index is the same.
#include <filesystem>

#include "fault/fault_env.h"
#include "fault/index_dump.h"
#include "maintain/maintain.h"
#include "support/fault_file_system.h"

namespace fangzhi::testing {
namespace {

using store::Archive;
using store::ArchiveOptions;

// Groups of several sizes, with pages that come again; small files, so that the crash also falls on the change from one to the next.
std::vector<std::vector<test::Fetch>> Groups() {
  std::vector<std::vector<test::Fetch>> groups;
  int number = 0;
  for (const int size : {1, 3, 2}) {
    std::vector<test::Fetch> group;
    for (int i = 0; i < size; ++i) group.push_back(NumberedFetch(++number));
    test::Fetch again = NumberedFetch(1);
    again.time = NumberedFetch(1000 + number).time;
    group.push_back(again);
    groups.push_back(std::move(group));
  }
  return groups;
}

struct Crash {
  std::string copy;           // the directory as the dead process left it
  size_t acknowledged = 0;    // groups
  bool finished = false;      // it got to its end
};

// Runs until something fails, and copies what is on the disk then, before any destructor tidies up.
Crash RunAndCrash(const std::string& directory, FaultFileSystem& files, FaultEnv& env, bool power_cut) {
  Crash crash;
  crash.copy = directory + ".crashed";
  ArchiveOptions options;
  options.directory = directory;
  options.create = true;
  options.warc_max_bytes = 6000;
  options.files = &files;
  options.env = &env;
  {
    auto archive = Archive::Open(options);
    bool going = archive.has_value();
    for (const auto& group : Groups()) {
      if (!going) break;
      going = TryCommit(**archive, group, {{"groups", std::to_string(crash.acknowledged + 1)}}).has_value();
      if (going) ++crash.acknowledged;
    }
    if (going) going = (*archive)->Close().has_value();
    crash.finished = going;
    std::filesystem::remove_all(crash.copy);
    std::filesystem::create_directories(directory);  // it may have ended before that
    if (!power_cut) std::filesystem::copy(directory, crash.copy, std::filesystem::copy_options::recursive);
  }
  if (power_cut) {
    files.Heal();
    files.DropUnsynced();
    std::filesystem::copy(directory, crash.copy, std::filesystem::copy_options::recursive);
  }
  return crash;
}

void ExpectLevel(const Crash& crash) {
  ArchiveOptions options;
  options.directory = crash.copy;
  {
    const auto archive = test::OpenArchive(options);
    ASSERT_TRUE(archive);
    const auto groups = Groups();
    for (size_t i = 0; i < crash.acknowledged; ++i) {
      for (const test::Fetch& fetch : groups[i]) EXPECT_TRUE(Knows(*archive, fetch)) << i;
    }
    if (crash.acknowledged > 0) {
      const auto state = archive->GetState("groups").value();
      ASSERT_TRUE(state);
      EXPECT_GE(static_cast<size_t>(std::stoi(*state)), crash.acknowledged);
    }
    const auto summary =
        maintain::Verify(*archive, [](const model::Json& finding) { ADD_FAILURE() << finding; });
    EXPECT_TRUE(summary);
    // And it goes on.
    EXPECT_TRUE(TryCommit(*archive, {NumberedFetch(500)}));
    EXPECT_TRUE(archive->Close());
  }
  auto before = DumpIndex(crash.copy);
  ASSERT_TRUE(Archive::Rebuild(options));
  before.erase("xgroups");
  EXPECT_EQ(before, DumpIndex(crash.copy));
}

void CrashAtEveryFileOperation(bool power_cut) {
  test::TempDirectory work;
  uint64_t crashes = 0;
  // A step of more than one keeps the test short; the offset differs between the two runs.
  for (uint64_t point = power_cut ? 1 : 0;; point += 2) {
    SCOPED_TRACE(point);
    FaultFileSystem files;
    FaultEnv env;
    files.StopAfter(point);
    const std::string directory = work.path() + "/archive";
    std::filesystem::remove_all(directory);
    const Crash crash = RunAndCrash(directory, files, env, power_cut);
    if (crash.finished) break;
    ++crashes;
    if (std::filesystem::exists(crash.copy + "/FORMAT")) ExpectLevel(crash);
    if (::testing::Test::HasFailure()) break;
    ASSERT_LT(point, 500u);
  }
  EXPECT_GT(crashes, 15u);
}

TEST(CrashPoints, KilledAtAFileOperation) { CrashAtEveryFileOperation(false); }
TEST(CrashPoints, PowerCutAtAFileOperation) { CrashAtEveryFileOperation(true); }

TEST(CrashPoints, KilledAtAnIndexAppend) {
  test::TempDirectory work;
  int crashes = 0;
  for (int point = 0;; ++point) {
    SCOPED_TRACE(point);
    FaultFileSystem files;
    FaultEnv env;
    env.StopAfter(point);
    const std::string directory = work.path() + "/archive";
    std::filesystem::remove_all(directory);
    const Crash crash = RunAndCrash(directory, files, env, false);
    if (crash.finished) break;
    ++crashes;
    EXPECT_GE(env.faults(), 1);
    ExpectLevel(crash);
    if (::testing::Test::HasFailure()) break;
    ASSERT_LT(point, 200);
  }
  EXPECT_GE(crashes, 8);
}

}  // namespace
}  // namespace fangzhi::testing
