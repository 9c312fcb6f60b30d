// WARC appends that tear, syncs that are refused, a full disk; and tails that were torn when the program was started again.
#include <chrono>
#include <filesystem>
#include <thread>

#include "fault/index_dump.h"
#include "maintain/maintain.h"
#include "support/fault_file_system.h"

namespace fangzhi::testing {
namespace {

using store::Archive;
using store::ArchiveOptions;

uint64_t Damaged(const Archive& archive) {
  uint64_t damaged = 0;
  const auto summary = maintain::Verify(archive, [&damaged](const model::Json& finding) {
    ++damaged;
    ADD_FAILURE() << finding;
  });
  EXPECT_TRUE(summary) << summary.error().ToString();
  return damaged;
}

class WarcFault : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.directory = directory_.path();
    options_.files = &files_;
    archive_ = test::OpenArchive(options_);
    ASSERT_TRUE(TryCommit(*archive_, {NumberedFetch(1), NumberedFetch(2)}, {{"state", "before"}}));
  }
  // The group failed: nothing of it is there, what was before is, and the archive takes more.
  void ExpectGroupGoneAndArchiveWell(const std::vector<test::Fetch>& failed) {
    for (const test::Fetch& fetch : failed) EXPECT_FALSE(Knows(*archive_, fetch));
    for (int number : {1, 2}) EXPECT_TRUE(Knows(*archive_, NumberedFetch(number)));
    EXPECT_EQ(archive_->GetState("state").value(), "before");
    const auto more = TryCommit(*archive_, failed, {{"state", "after"}});
    ASSERT_TRUE(more) << more.error().ToString();
    for (const test::Fetch& fetch : failed) EXPECT_TRUE(Knows(*archive_, fetch));
    EXPECT_EQ(archive_->GetState("state").value(), "after");
    EXPECT_EQ(Damaged(*archive_), 0u);
    ASSERT_TRUE(archive_->Close());
    const auto before = DumpIndex(options_.directory);
    ASSERT_TRUE(Archive::Rebuild(options_));
    auto after = DumpIndex(options_.directory);
    after["xstate"] = "after";  // not of the captures
    EXPECT_EQ(before, after);
    archive_ = test::OpenArchive(options_);
    EXPECT_TRUE(archive_->open_report().clean);
    EXPECT_EQ(Damaged(*archive_), 0u);
  }

  test::TempDirectory directory_;
  FaultFileSystem files_;
  ArchiveOptions options_;
  std::unique_ptr<Archive> archive_;
};

TEST_F(WarcFault, ATornAppendTakesTheWholeGroupBack) {
  // Within the first record, between two, within the second capture's.
  for (const uint64_t written : {0, 40, 500, 1000, 1500, 2000}) {
    SCOPED_TRACE(written);
    const std::vector<test::Fetch> group = {NumberedFetch(10 + static_cast<int>(written) * 2),
                                            NumberedFetch(11 + static_cast<int>(written) * 2)};
    files_.FailAppend(0, written);
    const auto torn = TryCommit(*archive_, group);
    ASSERT_FALSE(torn);
    EXPECT_NE(torn.error().message.find("injected fault"), std::string::npos) << torn.error().ToString();
    ExpectGroupGoneAndArchiveWell(group);
    ASSERT_TRUE(TryCommit(*archive_, {}, {{"state", "before"}}));
  }
}

TEST_F(WarcFault, ARefusedSyncTakesTheWholeGroupBack) {
  files_.FailSync(0);
  const auto refused = TryCommit(*archive_, {NumberedFetch(3), NumberedFetch(4)});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("injected fault"), std::string::npos);
  ExpectGroupGoneAndArchiveWell({NumberedFetch(3), NumberedFetch(4)});
}

TEST_F(WarcFault, AFullDiskStopsAtOnceAndLosesNothing) {
  for (const uint64_t free_bytes : {0, 100, 1500, 3000}) {
    SCOPED_TRACE(free_bytes);
    const int number = 100 + static_cast<int>(free_bytes);
    const std::vector<test::Fetch> group = {NumberedFetch(number), NumberedFetch(number + 1), NumberedFetch(number + 2)};
    files_.SetFreeBytes(free_bytes);
    const auto full = TryCommit(*archive_, group);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().kind, ErrorKind::kNoSpace) << full.error().ToString();
    // As long as it is full it goes on saying so, and reading goes on.
    EXPECT_EQ(TryCommit(*archive_, group).error().kind, ErrorKind::kNoSpace);
    EXPECT_TRUE(Knows(*archive_, NumberedFetch(1)));
    files_.SetFreeBytes(std::nullopt);
    ExpectGroupGoneAndArchiveWell(group);
    ASSERT_TRUE(TryCommit(*archive_, {}, {{"state", "before"}}));
  }
}

TEST_F(WarcFault, AGroupThatFailsAcrossTwoFilesIsTakenBackFromBoth) {
  archive_.reset();
  options_.warc_max_bytes = 1;  // every capture begins a new file
  archive_ = test::OpenArchive(options_);
  ASSERT_TRUE(TryCommit(*archive_, {NumberedFetch(3)}));
  files_.FailAppend(1, 700);  // the first file's records, then the second's: warcinfo and a part of a response
  const std::vector<test::Fetch> group = {NumberedFetch(4), NumberedFetch(5)};
  const auto torn = TryCommit(*archive_, group);
  ASSERT_FALSE(torn);
  EXPECT_NE(torn.error().message.find("injected fault"), std::string::npos);
  ExpectGroupGoneAndArchiveWell(group);
  EXPECT_FALSE(std::filesystem::is_empty(directory_.path() + "/quarantine"));
}

TEST_F(WarcFault, WhenEvenTheCutIsRefusedTheArchiveStopsAndTheNextOpenRecovers) {
  files_.FailAppend(0, 1200);
  files_.FailRename();
  ASSERT_FALSE(TryCommit(*archive_, {NumberedFetch(3), NumberedFetch(4)}));
  const auto refused = TryCommit(*archive_, {NumberedFetch(5)});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("until it is opened again"), std::string::npos);
  EXPECT_TRUE(Knows(*archive_, NumberedFetch(1)));
  EXPECT_FALSE(archive_->Close());
  archive_ = test::OpenArchive(options_);
  ASSERT_TRUE(archive_);
  ExpectGroupGoneAndArchiveWell({NumberedFetch(3), NumberedFetch(4)});
}

// The file as it is after a crash, cut at many places.
TEST(TornTail, IsSetAsideAndEverythingWholeIsKept) {
  test::TempDirectory work;
  const std::string base = work.path() + "/base";
  std::string whole;
  uint64_t synced = 0;
  std::vector<warc::Location> captures;  // of the group whose index batch was never written: metadata records
  std::string open_path;
  {
    const auto archive = test::OpenArchive(base);
    ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(1)}));
    const auto file = warc::ListFiles(base + "/warc", PosixFileSystem()).value().at(0);
    ASSERT_TRUE(file.open);
    open_path = file.path.substr(base.size());
    synced = PosixFileSystem().FileSize(file.path).value();
    std::filesystem::copy(base, work.path() + "/crashed", std::filesystem::copy_options::recursive);
    ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(2), NumberedFetch(3)}));
    whole = ReadFile(file.path).value();
    for (int number : {2, 3}) {
      const auto visits = archive->Snapshot()->Visits(test::UrlOf(*archive, NumberedFetch(number).url).id);
      captures.push_back(visits.value().at(0).metadata);
    }
  }
  std::vector<uint64_t> ends;  // of whole records
  {
    ASSERT_TRUE(WriteFileAtomically(work.path() + "/whole.warc.gz", whole));
    const auto reader = warc::Reader::Open(work.path() + "/whole.warc.gz");
    ASSERT_TRUE(reader);
    while (true) {
      const auto item = (*reader)->Next();
      ASSERT_TRUE(item);
      if (!*item) break;
      ends.push_back((*item)->offset + (*item)->length);
    }
  }
  ASSERT_EQ(ends.size(), 10u);
  std::vector<uint64_t> cuts;
  for (uint64_t cut = synced; cut < whole.size(); cut += 97) cuts.push_back(cut);
  for (const uint64_t end : ends) {
    for (const uint64_t cut : {end - 1, end, end + 1, end + 9}) {
      if (cut >= synced && cut <= whole.size()) cuts.push_back(cut);
    }
  }
  ASSERT_GT(cuts.size(), 40u);
  const std::string crashed = work.path() + "/one";
  for (const uint64_t cut : cuts) {
    for (const bool zeros : {false, true}) {
      SCOPED_TRACE(std::to_string(cut) + (zeros ? " zeros" : ""));
      std::filesystem::remove_all(crashed);
      std::filesystem::copy(work.path() + "/crashed", crashed, std::filesystem::copy_options::recursive);
      // After a power cut the rest of a block may read as zeros.
      const std::string bytes = whole.substr(0, cut) + std::string(zeros ? 300 : 0, '\0');
      ASSERT_TRUE(WriteFileAtomically(crashed + open_path, bytes));
      // A record may end in zeros itself.
      const auto is_whole = [&](uint64_t end) { return bytes.compare(0, end, whole, 0, end) == 0; };
      uint64_t last_whole = 0;
      for (const uint64_t end : ends) last_whole = is_whole(end) ? end : last_whole;
      uint64_t whole_captures = 0;
      for (const warc::Location& capture : captures) whole_captures += is_whole(capture.offset + capture.length) ? 1 : 0;

      const auto archive = test::OpenArchive(crashed);
      ASSERT_TRUE(archive);
      EXPECT_EQ(archive->open_report().torn_bytes, bytes.size() - last_whole);
      EXPECT_EQ(archive->open_report().captures_applied, whole_captures);
      EXPECT_TRUE(Knows(*archive, NumberedFetch(1)));
      EXPECT_EQ(Knows(*archive, NumberedFetch(2)), whole_captures >= 1);
      EXPECT_EQ(Knows(*archive, NumberedFetch(3)), whole_captures >= 2);
      std::string aside;
      bool note = false;
      for (const auto& entry : std::filesystem::directory_iterator(crashed + "/quarantine")) {
        if (entry.path().extension() == ".tail") aside += ReadFile(entry.path().string()).value();
        note |= entry.path().extension() == ".txt";
      }
      EXPECT_EQ(aside, bytes.substr(last_whole));
      EXPECT_EQ(note, !aside.empty());
      if (cut % 5 == 0) {
        EXPECT_EQ(Damaged(*archive), 0u);
        ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(4)}));
      }
    }
  }
}

TEST(TornTail, AFileWithNothingWholeInItIsSetAside) {
  test::TempDirectory directory;
  { ASSERT_TRUE(TryCommit(*test::OpenArchive(directory.path()), {NumberedFetch(1)})); }
  const auto file = warc::ListFiles(directory.path() + "/warc", PosixFileSystem()).value().at(0);
  const std::string torn = file.path.substr(0, file.path.find("-00001")) + "-00002.warc.gz.open";
  ASSERT_TRUE(WriteFileAtomically(torn, ReadFile(file.path)->substr(0, 100)));
  const auto archive = test::OpenArchive(directory.path());
  EXPECT_EQ(archive->open_report().torn_bytes, 100u);
  EXPECT_FALSE(std::filesystem::exists(torn));
  EXPECT_EQ(Damaged(*archive), 0u);
  EXPECT_TRUE(TryCommit(*archive, {NumberedFetch(2)}));
}

// The index is ahead of the WARC: something cut the file, or the disk lost what it had called synced.
class IndexAhead : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.directory = directory_.path() + "/archive";
    options_.kept_state = {"kept/"};
    {
      // One file for each capture, the last left ".open" by a process that died.
      store::ArchiveOptions options = options_;
      options.warc_max_bytes = 1;
      const auto archive = test::OpenArchive(options);
      for (int number = 1; number <= 3; ++number) ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(number)}));
      ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(4)}, {{"kept/reports", "1"}}));
      std::filesystem::copy(options_.directory, directory_.path() + "/crashed", std::filesystem::copy_options::recursive);
    }
    std::filesystem::remove_all(options_.directory);
    std::filesystem::rename(directory_.path() + "/crashed", options_.directory);
    files_ = warc::ListFiles(options_.directory + "/warc", PosixFileSystem()).value();
    ASSERT_EQ(files_.size(), 4u);
    ASSERT_TRUE(files_[3].open);
    size_ = std::filesystem::file_size(files_[3].path);
  }
  std::string FinalPath() const { return files_[3].path.substr(0, files_[3].path.size() - 5); }
  // The last capture is lost, and nothing else.
  void ExpectMadeLevel() {
    {
      const auto archive = test::OpenArchive(options_);
      ASSERT_TRUE(archive);
      const auto lost = archive->NotedLosses();
      ASSERT_TRUE(lost);
      ASSERT_EQ(lost->size(), 1u);
      EXPECT_EQ(lost->at(0).captures, 1u);
      EXPECT_EQ(lost->at(0).known_to, size_);
      EXPECT_FALSE(archive->open_report().clean);
      for (int number : {1, 2, 3}) EXPECT_TRUE(Knows(*archive, NumberedFetch(number)));
      EXPECT_FALSE(Knows(*archive, NumberedFetch(4)));
      EXPECT_EQ(archive->GetState("kept/reports").value(), "1");
      uint64_t damaged = 0;
      ASSERT_TRUE(maintain::Verify(*archive, [&damaged](const model::Json&) { ++damaged; }));
      EXPECT_EQ(damaged, 1u);
      ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(4)}));
    }
    const auto archive = test::OpenArchive(options_);
    EXPECT_TRUE(archive->open_report().clean);
    for (int number : {1, 2, 3, 4}) EXPECT_TRUE(Knows(*archive, NumberedFetch(number)));
    const auto lost = archive->NotedLosses();
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->size(), 1u);
    for (const auto& loss : *lost) ASSERT_TRUE(PosixFileSystem().RemoveAll(loss.note));
    EXPECT_EQ(Damaged(*archive), 0u);
  }

  test::TempDirectory directory_;
  ArchiveOptions options_;
  std::vector<warc::WarcFile> files_;
  uint64_t size_ = 0;
};

TEST_F(IndexAhead, TheOpenFileWasCut) {
  std::filesystem::resize_file(files_[3].path, size_ - 30);
  ExpectMadeLevel();
}
TEST_F(IndexAhead, TheOpenFileIsEmpty) {
  std::filesystem::resize_file(files_[3].path, 0);
  // The file that takes its place must not get its name, which has the second: it would look as if it had been brought back.
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  ExpectMadeLevel();
}
TEST_F(IndexAhead, TheOpenFileReadsAsZeros) {
  std::filesystem::resize_file(files_[3].path, size_ - 500);
  std::filesystem::resize_file(files_[3].path, size_);
  ExpectMadeLevel();
}
TEST_F(IndexAhead, AFinishedFileWasCut) {
  ASSERT_TRUE(test::OpenArchive(options_)->Close());
  std::filesystem::resize_file(FinalPath(), size_ - 20);
  ExpectMadeLevel();
}
TEST_F(IndexAhead, AProcessThatEndsWhileItIsMadeLevelDoesNoHarm) {
  std::filesystem::resize_file(files_[3].path, 0);
  const std::string before = directory_.path() + "/before";
  std::filesystem::copy(options_.directory, before, std::filesystem::copy_options::recursive);
  for (uint64_t point = 0;; ++point) {
    SCOPED_TRACE(point);
    ASSERT_LT(point, 60u);
    std::filesystem::remove_all(options_.directory);
    std::filesystem::copy(before, options_.directory, std::filesystem::copy_options::recursive);
    FaultFileSystem files;
    files.StopAfter(point);
    options_.files = &files;
    const bool finished = Archive::Open(options_).has_value();
    options_.files = nullptr;
    if (finished) break;
    const auto archive = test::OpenArchive(options_);
    ASSERT_TRUE(archive);
    for (int number : {1, 2, 3}) EXPECT_TRUE(Knows(*archive, NumberedFetch(number)));
    EXPECT_FALSE(Knows(*archive, NumberedFetch(4)));
    EXPECT_EQ(archive->GetState("kept/reports").value(), "1");
    EXPECT_TRUE(TryCommit(*archive, {NumberedFetch(4)}));
  }
}
// A file that is missing may be brought back: that is not accepted in silence.
TEST_F(IndexAhead, AMissingFileIsRefused) {
  std::filesystem::resize_file(files_[3].path, size_ - 30);
  const std::string aside = directory_.path() + "/aside";
  std::filesystem::rename(files_[1].path, aside);
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto refused = Archive::Open(options_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kCorrupt);
    EXPECT_NE(refused.error().subject.find("*-00002.warc.gz"), std::string::npos) << refused.error().ToString();
    EXPECT_NE(refused.error().message.find("fangzhi rebuild"), std::string::npos);
  }
  std::filesystem::rename(aside, files_[1].path);
  ExpectMadeLevel();
}
TEST_F(IndexAhead, AMissingLastFileIsRefused) {
  std::filesystem::remove(files_[3].path);
  const auto refused = Archive::Open(options_);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("is missing"), std::string::npos);
  const auto report = Archive::Rebuild(options_);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->missing_files.size(), 1u);
  EXPECT_EQ(report->captures, 3u);
  EXPECT_EQ(report->lost.size(), 1u);
  // No new file takes its place, so that it does not look as if it had been brought back.
  const auto archive = test::OpenArchive(options_);
  ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(5)}));
  ASSERT_TRUE(archive->Close());
  EXPECT_EQ(warc::ListFiles(options_.directory + "/warc", PosixFileSystem()).value().back().serial, 5u);
  EXPECT_EQ(archive->NotedLosses().value().size(), 1u);
}

}  // namespace
}  // namespace fangzhi::testing
