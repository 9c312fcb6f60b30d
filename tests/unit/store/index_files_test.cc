#include "store/index_files.h"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "unit/store/archive_fixture.h"

namespace fangzhi::store {
namespace {

using test::Fetch;

class IndexFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    {
      const auto archive = test::OpenArchive(directory_.path());
      Commit(*archive, 0, 60);
      ASSERT_TRUE(archive->Close());
    }
    // What the first one logged is a table when the second one is open; what that commits is in a log.
    const auto archive = test::OpenArchive(directory_.path());
    Commit(*archive, 60, 64);
    ASSERT_TRUE(archive->Close());
  }
  static void Commit(Archive& archive, int from, int to) {
    for (int i = from; i < to; ++i) {
      Fetch fetch;
      fetch.url += "?" + std::to_string(i);
      fetch.payload = "page " + std::to_string(i);
      test::CommitOne(archive, fetch);
    }
  }
  std::string Index() const { return directory_.path() + "/index"; }
  std::vector<IndexDamage> Check() const {
    std::vector<IndexDamage> damage;
    const auto checked = CheckIndexFiles(Index(), [&damage](const IndexDamage& found) { damage.push_back(found); }, {});
    EXPECT_TRUE(checked) << checked.error().ToString();
    return damage;
  }
  std::string FileNamed(std::string_view beginning, std::string_view end) const {
    std::string largest;
    uint64_t most = 0;
    for (const auto& entry : std::filesystem::directory_iterator(Index())) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with(beginning) || !name.ends_with(end) || entry.file_size() < most) continue;
      most = entry.file_size();
      largest = entry.path().string();
    }
    EXPECT_FALSE(largest.empty());
    return largest;
  }
  // Flips one bit at each of the places; where the damage is told not to be, or elsewhere, the test fails.
  void FlipEach(const std::string& path, size_t from, size_t to, size_t step) {
    const std::string whole = ReadFile(path).value();
    for (size_t at = from; at < std::min(to, whole.size()); at += step) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
      ASSERT_TRUE(WriteFileAtomically(path, damaged));
      const std::vector<IndexDamage> told = Check();
      ASSERT_FALSE(told.empty()) << path << " " << at;
      EXPECT_EQ(told[0].file, path);
      if (told[0].offset) {
        EXPECT_LE(*told[0].offset, at);
        EXPECT_GT(*told[0].offset + *told[0].length, at);
      }
    }
    ASSERT_TRUE(WriteFileAtomically(path, whole));
  }
  test::TempDirectory directory_;
};

TEST_F(IndexFilesTest, AWholeIndexHasNoDamage) { EXPECT_THAT(Check(), testing::IsEmpty()); }

TEST_F(IndexFilesTest, EveryFlippedBitOfATableIsToldWithItsPlace) {
  const std::string table = FileNamed("", ".ldb");
  const size_t size = std::filesystem::file_size(table);
  ASSERT_GT(size, 16'000u);  // several blocks
  constexpr size_t kFooter = 48;
  FlipEach(table, 0, size - kFooter, 61);
  FlipEach(table, size - 8, size, 1);  // its magic number
}

TEST_F(IndexFilesTest, EveryFlippedBitOfTheLogAndTheManifestIsTold) {
  const std::string log = FileNamed("", ".log");
  const size_t size = std::filesystem::file_size(log);
  ASSERT_GT(size, 1'000u);
  FlipEach(log, 0, size / 2, 5);
  const std::string manifest = FileNamed("MANIFEST", "");
  // (The length of the last record is not told from one that is being written.)
  FlipEach(manifest, 0, 4, 1);
  FlipEach(manifest, std::filesystem::file_size(manifest) - 10, std::filesystem::file_size(manifest), 1);
}

TEST_F(IndexFilesTest, WhatIsBehindADamageIsReadToo) {
  const std::string table = FileNamed("", ".ldb");
  std::string bytes = ReadFile(table).value();
  bytes[100] = static_cast<char>(bytes[100] ^ 1);
  bytes[12'000] = static_cast<char>(bytes[12'000] ^ 1);
  ASSERT_TRUE(WriteFileAtomically(table, bytes));
  EXPECT_EQ(Check().size(), 2u);
  // A table that is not there, one that is cut, one that cannot be read.
  std::filesystem::remove(table);
  EXPECT_EQ(Check().size(), 1u);
  ASSERT_TRUE(WriteFileAtomically(table, bytes.substr(0, bytes.size() / 2)));
  EXPECT_GE(Check().size(), 1u);
  std::filesystem::remove(table);
  std::filesystem::create_directory(table);
  EXPECT_GE(Check().size(), 1u);
  ASSERT_TRUE(WriteFileAtomically(Index() + "/CURRENT", "MANIFEST-999999\n"));
  EXPECT_GE(Check().size(), 1u);
  ASSERT_TRUE(WriteFileAtomically(Index() + "/CURRENT", "../elsewhere\n"));
  EXPECT_GE(Check().size(), 1u);
}

// A daemon writes on: what it compacts away, or has begun, is no damage.
TEST_F(IndexFilesTest, AnIndexInUseIsWhole) {
  ArchiveOptions options;
  options.directory = directory_.path();
  const auto archive = test::OpenArchive(options);
  std::atomic<bool> done{false};
  std::jthread writer([&] {
    // Large values, so that tables are written and compacted.
    std::string value(size_t{1} << 20, 'v');
    for (int i = 0; i < 120; ++i) {
      value[static_cast<size_t>(i)] = 'w';
      const std::vector<StateWrite> writes{{"state/" + std::to_string(i % 7), value}};
      EXPECT_TRUE(archive->Commit({}, writes));
    }
    done = true;
  });
  while (!done) {
    for (const IndexDamage& damage : Check()) ADD_FAILURE() << damage.file << " " << damage.offset.value_or(0) << " " << damage.problem;
  }
}

}  // namespace
}  // namespace fangzhi::store
