#include "base/files.h"

#include <gtest/gtest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "base/bounded_queue.h"

namespace fangzhi {
namespace {

class Files : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/fangzhi-files-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string Path(const std::string& name) const { return directory_ + "/" + name; }
  std::string directory_;
};

TEST_F(Files, AppendGoesOnAtTheEnd) {
  {
    auto file = PosixFileSystem().OpenAppend(Path("a"));
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->Append("one"));
    ASSERT_TRUE((*file)->Sync());
  }
  auto again = PosixFileSystem().OpenAppend(Path("a"));
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->size_bytes(), 3u);
  ASSERT_TRUE((*again)->Append("two"));
  EXPECT_EQ((*again)->size_bytes(), 6u);
  EXPECT_EQ(*PosixFileSystem().ReadAt(Path("a"), 2, 100), "etwo");
  EXPECT_EQ(*PosixFileSystem().ReadAt(Path("a"), 60, 100), "");
  ASSERT_TRUE(PosixFileSystem().Truncate(Path("a"), 4));
  EXPECT_EQ(*ReadFile(Path("a")), "onet");
}

TEST_F(Files, ErrorsNameTheirPath) {
  const auto missing = ReadFile(Path("none"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(missing.error().subject, Path("none"));
  EXPECT_NE(missing.error().ToString().find("none"), std::string::npos);
  const auto listed = PosixFileSystem().List(Path("none"));
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().kind, ErrorKind::kNotFound);
}

TEST_F(Files, ReadFileHasALimit) {
  ASSERT_TRUE(WriteFileAtomically(Path("big"), std::string(100'000, 'x')));
  EXPECT_EQ(ReadFile(Path("big"))->size(), 100'000u);
  const auto refused = ReadFile(Path("big"), 99'999);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kLimit);
}

TEST_F(Files, WriteAtomicallyReplaces) {
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "old"));
  ASSERT_TRUE(WriteFileAtomically(Path("f"), "new"));
  EXPECT_EQ(*ReadFile(Path("f")), "new");
  EXPECT_EQ(PosixFileSystem().List(directory_)->size(), 1u);
}

TEST_F(Files, LockIsHeldAgainstAnotherProcess) {
  auto lock = FileLock::Acquire(Path("LOCK"));
  ASSERT_TRUE(lock);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto second = FileLock::Acquire(Path("LOCK"));
    const bool refused = !second && second.error().kind == ErrorKind::kConflict &&
                         second.error().message.find(std::to_string(::getppid())) != std::string::npos;
    ::_exit(refused ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(Files, ALockIsHeldAsLongAsItsOwnerLives) {
  EXPECT_FALSE(FileLock::IsHeld(Path("LOCK")));
  {
    auto lock = FileLock::Acquire(Path("LOCK"));
    ASSERT_TRUE(lock);
    EXPECT_TRUE(FileLock::IsHeld(Path("LOCK")));
  }
  EXPECT_FALSE(FileLock::IsHeld(Path("LOCK")));
}

TEST_F(Files, WhoAsksWhetherALockIsHeldKeepsNobodyFromIt) {
  ASSERT_TRUE(FileLock::Acquire(Path("LOCK")));
  const int asking = ::open(Path("LOCK").c_str(), O_RDONLY);
  ASSERT_GE(asking, 0);
  ASSERT_EQ(::flock(asking, LOCK_SH | LOCK_NB), 0);
  std::thread done([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    ::close(asking);
  });
  EXPECT_TRUE(FileLock::Acquire(Path("LOCK")));
  done.join();
}

TEST(BoundedQueue, HandsOnInOrderAndPushesBack) {
  BoundedQueue<int> queue(2);
  std::thread producer([&] {
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(queue.Push(i));
    queue.Close();
  });
  int expected = 0;
  while (auto item = queue.Pop()) {
    EXPECT_LE(queue.size(), 2u);
    EXPECT_EQ(*item, expected++);
  }
  producer.join();
  EXPECT_EQ(expected, 1000);
  EXPECT_FALSE(queue.Push(1));
}

TEST(BoundedQueue, PopGivesUpAtItsDeadline) {
  BoundedQueue<int> queue(1);
  EXPECT_FALSE(queue.PopUntil(std::chrono::steady_clock::now()));
  ASSERT_TRUE(queue.Push(7));
  EXPECT_EQ(queue.PopUntil(std::chrono::steady_clock::now()), 7);
}

}  // namespace
}  // namespace fangzhi
