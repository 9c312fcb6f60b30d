#include <gmock/gmock.h>

#include <fstream>

#include "maintain/maintain.h"
#include "unit/store/archive_fixture.h"

namespace fangzhi::maintain {
namespace {

using test::Article;
using test::At;
using test::Fetch;

class VerifyTest : public testing::Test {
 protected:
  // Two articles, one of them edited, one seen again as it was; a timeout.
  void SetUp() override {
    std::unique_ptr<store::Archive> archive = test::OpenArchive(directory_.path());
    Fetch one;
    one.record = Article("一", "正文");
    Fetch two = one;
    two.url += "?2";
    Fetch again = one;
    again.time = At("2026-01-02");
    Fetch edited = again;
    edited.url = two.url;
    edited.payload = "<html>edited</html>";
    edited.record = Article("二", "正文改");
    Fetch timeout = again;
    timeout.url += "?3";
    timeout.outcome = model::FetchOutcome::kTimeout;
    test::CommitAll(*archive, {one, two, again, edited, timeout});
    visits_ = archive->Snapshot()->Visits(test::UrlOf(*archive, one.url).id).value();
    ASSERT_TRUE(archive->Close());
    file_ = warc::ListFiles(directory_.path() + "/warc", PosixFileSystem()).value().at(0).path;
  }
  VerifySummary VerifyAll() {
    findings_.clear();
    const auto archive = test::OpenArchive(directory_.path());
    const auto summary = Verify(*archive, [this](const model::Json& finding) { findings_.push_back(finding); });
    EXPECT_TRUE(summary) << summary.error().ToString();
    EXPECT_EQ(summary ? summary->damaged : 0, findings_.size());
    return summary ? *summary : VerifySummary{};
  }
  void Overwrite(uint64_t offset, const std::string& bytes) {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    ASSERT_TRUE(file.good());
  }

  test::TempDirectory directory_;
  std::string file_;
  std::vector<store::VisitEntry> visits_;
  std::vector<model::Json> findings_;
};

TEST_F(VerifyTest, AWholeArchiveHasNoFindings) {
  const VerifySummary summary = VerifyAll();
  EXPECT_EQ(summary.files, 1u);
  EXPECT_EQ(summary.captures, 5u);
  EXPECT_EQ(summary.records, 1u + 4 * 3 + 1);
  EXPECT_EQ(summary.bytes, std::filesystem::file_size(file_));
  EXPECT_EQ(summary.damaged, 0u) << findings_[0];
}

TEST_F(VerifyTest, ADamagedByteIsFoundByFileAndOffsetAndReadingGoesOn) {
  for (const warc::Location& place : {visits_[0].response, visits_[0].metadata, visits_[1].response}) {
    const uint64_t middle = place.offset + place.length / 2;
    std::ifstream file(file_, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(middle));
    const char before = static_cast<char>(file.get());
    Overwrite(middle, std::string(1, static_cast<char>(before ^ 0x55)));
    const VerifySummary summary = VerifyAll();
    ASSERT_GE(summary.damaged, 1u);
    EXPECT_LE(summary.damaged, 2u);
    EXPECT_EQ(findings_[0]["file"], file_);
    EXPECT_EQ(findings_[0]["offset"], place.offset);
    EXPECT_GE(summary.records, 12u);
    Overwrite(middle, std::string(1, before));
  }
  EXPECT_EQ(VerifyAll().damaged, 0u);
}

// All members are whole and all digests right, but the records are not where they were.
TEST_F(VerifyTest, RecordsThatMovedAreFound) {
  std::string bytes = ReadFile(file_).value();
  const warc::Location& place = visits_[0].response;
  bytes.insert(place.offset + place.length, bytes.substr(place.offset, place.length));
  ASSERT_TRUE(WriteFileAtomically(file_, bytes));
  EXPECT_GE(VerifyAll().damaged, 4u);
}

TEST_F(VerifyTest, ATornTailOfAFinishedFileIsFound) {
  const uint64_t size = std::filesystem::file_size(file_);
  std::filesystem::resize_file(file_, size - 10);
  store::ArchiveOptions options;
  options.directory = directory_.path();
  // The index knows more than the files hold: that is said, not passed over.
  const auto archive = store::Archive::Open(options);
  ASSERT_FALSE(archive);
  EXPECT_EQ(archive.error().kind, ErrorKind::kCorrupt);
  EXPECT_EQ(archive.error().subject, file_);
  EXPECT_THAT(archive.error().message, testing::HasSubstr("fangzhi rebuild"));
}

TEST_F(VerifyTest, CapturesThatTheIndexLacksAndPlacesThatTheFilesLack) {
  // An index of fewer captures: rebuilt while the file was shorter.
  const std::string whole = ReadFile(file_).value();
  std::filesystem::resize_file(file_, visits_[1].response.offset);
  store::ArchiveOptions options;
  options.directory = directory_.path();
  ASSERT_EQ(store::Archive::Rebuild(options).value(), 2u);
  std::string hidden = file_ + ".hidden";
  std::filesystem::rename(file_, hidden);
  const auto archive = store::Archive::Open(options);
  EXPECT_FALSE(archive) << "a whole file is missing";
  std::filesystem::rename(hidden, file_);
  {
    // What is appended to a finished file is applied like everything beyond the index's position.
    ASSERT_TRUE(WriteFileAtomically(file_, whole));
    const auto complete = test::OpenArchive(directory_.path());
    EXPECT_EQ(complete->open_report().captures_applied, 3u);
  }
  EXPECT_EQ(VerifyAll().damaged, 0u);
}

}  // namespace
}  // namespace fangzhi::maintain
