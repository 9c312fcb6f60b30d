#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "maintain/maintain.h"
#include "unit/store/archive_fixture.h"

namespace fangzhi::maintain {
namespace {

using test::Article;
using test::At;
using test::Fetch;

std::vector<std::string> NamesIn(const std::string& directory) {
  auto names = PosixFileSystem().List(directory);
  return names ? *names : std::vector<std::string>();
}

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
  static void CommitMore(store::Archive& archive) {
    Fetch more;
    more.url += "?more";
    more.time = At("2026-01-03");
    test::CommitOne(archive, more);
  }
  void RemoveLossNotes() {
    for (const std::string& name : NamesIn(directory_.path() + "/quarantine")) {
      if (!name.ends_with(".lost.txt")) continue;
      ASSERT_TRUE(PosixFileSystem().RemoveAll(directory_.path() + "/quarantine/" + name));
    }
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

// The index knows more than the file holds: that is told with the place, once, and the archive goes on with what there is.
TEST_F(VerifyTest, AFinishedFileThatWasCutIsToldAndTheArchiveGoesOn) {
  const uint64_t size = std::filesystem::file_size(file_);
  std::filesystem::resize_file(file_, size - 10);
  const VerifySummary summary = VerifyAll();
  ASSERT_EQ(summary.damaged, 1u);
  EXPECT_EQ(summary.captures, 4u);
  EXPECT_EQ(findings_[0]["file"], file_);
  const uint64_t end = std::filesystem::file_size(file_);
  EXPECT_EQ(findings_[0]["offset"], end);
  EXPECT_EQ(findings_[0]["length"], size - end);
  EXPECT_THAT(findings_[0]["problem"].get<std::string>(), testing::HasSubstr("1 captures are lost"));
  std::string note;
  bool tail = false;
  for (const std::string& name : NamesIn(directory_.path() + "/quarantine")) {
    if (name.ends_with(".lost.txt")) note = ReadFile(directory_.path() + "/quarantine/" + name).value();
    tail |= name.ends_with(".tail");
  }
  EXPECT_THAT(note, testing::HasSubstr("a/1.htm?3"));
  EXPECT_TRUE(tail);
  // Whoever opened the archive first since then: it is told until somebody has seen to it.
  const std::vector<model::Json> first = findings_;
  EXPECT_EQ(VerifyAll().damaged, 1u);
  EXPECT_EQ(findings_, first);
  RemoveLossNotes();
  EXPECT_EQ(VerifyAll().damaged, 0u);
}

TEST_F(VerifyTest, ALossIsToldUntilItsFileIsBack) {
  const std::string whole = ReadFile(file_).value();
  std::filesystem::resize_file(file_, whole.size() - 10);
  EXPECT_EQ(VerifyAll().damaged, 1u);
  ASSERT_TRUE(WriteFileAtomically(file_, whole));
  EXPECT_EQ(VerifyAll().captures, 5u);
  EXPECT_TRUE(findings_.empty()) << findings_[0];
}

// A crash may leave the beginning of a note, or only its name.
TEST_F(VerifyTest, ANoteThatWasCutOffIsToldToo) {
  const std::string note = directory_.path() + "/quarantine/" + file_.substr(file_.rfind('/') + 1) + "-77.lost.txt";
  for (const std::string& text : {std::string(), std::string("x ends at offset 77; the in"), std::string("x ends at offset 77; the index knew it up to 99999999. Cap")}) {
    ASSERT_TRUE(WriteFileAtomically(note, text));
    ASSERT_EQ(VerifyAll().damaged, 1u) << text;
    EXPECT_EQ(findings_[0]["file"], file_);
    EXPECT_EQ(findings_[0]["offset"], 77u);
    EXPECT_THAT(findings_[0]["problem"].get<std::string>(), testing::HasSubstr(note));
  }
  ASSERT_TRUE(PosixFileSystem().RemoveAll(note));
  ASSERT_TRUE(WriteFileAtomically(directory_.path() + "/quarantine/.lost.txt", "no name of ours"));
  EXPECT_EQ(VerifyAll().damaged, 1u);
}

// Reading is no reason to give up on what may be brought back: nothing is moved, and what is missing is told each time.
TEST_F(VerifyTest, WhatIsLostIsLeftAsItIsByThoseWhoOnlyRead) {
  const std::string whole = ReadFile(file_).value();
  std::filesystem::resize_file(file_, whole.size() - 10);
  store::ArchiveOptions options;
  options.directory = directory_.path();
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto archive = store::Archive::OpenToRead(options);
    ASSERT_TRUE(archive) << archive.error().ToString();
    ASSERT_EQ((*archive)->open_report().damaged_files.size(), 1u);
    EXPECT_EQ((*archive)->open_report().damaged_files[0].path, file_);
    EXPECT_EQ((*archive)->open_report().damaged_files[0].known_to, whole.size());
    EXPECT_EQ((*archive)->open_report().damaged_files[0].size, whole.size() - 10);
    const auto summary = Verify(**archive, [](const model::Json&) {});
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->damaged, 1u);
  }
  EXPECT_TRUE(NamesIn(directory_.path() + "/quarantine").empty());
  std::filesystem::remove(file_);
  const auto archive = store::Archive::OpenToRead(options);
  ASSERT_TRUE(archive) << archive.error().ToString();
  ASSERT_EQ((*archive)->open_report().damaged_files.size(), 1u);
  EXPECT_EQ((*archive)->open_report().damaged_files[0].size, std::nullopt);
  ASSERT_TRUE(WriteFileAtomically(file_, whole));
  EXPECT_EQ(VerifyAll().damaged, 0u);
}

TEST_F(VerifyTest, WhatIsAppendedToAFinishedFileIsSetAside) {
  const std::string whole = ReadFile(file_).value();
  for (const std::string& rubbish : {std::string(300, 'x'), whole.substr(0, 300)}) {
    ASSERT_TRUE(WriteFileAtomically(file_, whole + rubbish));
    EXPECT_EQ(test::OpenArchive(directory_.path())->open_report().torn_bytes, rubbish.size());
    EXPECT_EQ(ReadFile(file_).value(), whole);
    EXPECT_EQ(VerifyAll().damaged, 0u);
    ASSERT_TRUE(WriteFileAtomically(file_, whole + rubbish));
    store::ArchiveOptions options;
    options.directory = directory_.path();
    const auto report = store::Archive::Rebuild(options);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->torn_bytes, rubbish.size());
    EXPECT_EQ(report->damaged, 0u);
    EXPECT_EQ(VerifyAll().damaged, 0u);
  }
}

TEST_F(VerifyTest, AWrongDigestIsToldWithTheRecordsLength) {
  warc::WriterOptions options;
  options.directory = directory_.path() + "/warc";
  const auto writer = warc::Writer::Create(options, 2);
  ASSERT_TRUE(writer);
  warc::Record record;
  record.type = "resource";
  record.id = "urn:uuid:00000000-0000-4000-8000-000000000001";
  record.date = At("2026-01-03");
  record.fields = {{"WARC-Target-URI", "http://www.example.gov.cn/"}, {"WARC-Payload-Digest", "sha256:" + std::string(64, '0')}};
  record.block = "bytes";
  const auto place = (*writer)->Append(record);
  ASSERT_TRUE(place);
  ASSERT_TRUE((*writer)->Finish());
  ASSERT_EQ(VerifyAll().damaged, 1u);
  EXPECT_EQ(findings_[0]["offset"], place->offset);
  EXPECT_EQ(findings_[0]["length"], place->length);
}

TEST_F(VerifyTest, FilesThatAreNotTheArchivesAreNamed) {
  const std::string warc = directory_.path() + "/warc";
  ASSERT_TRUE(WriteFileAtomically(warc + "/zz-garbage.warc.gz", "x"));
  ASSERT_TRUE(WriteFileAtomically(warc + "/2026/x.warc", "WARC/1.1\r\n"));
  {
    const auto archive = test::OpenArchive(directory_.path());
    std::vector<model::Json> findings;
    const auto summary = Verify(*archive, [&findings](const model::Json& finding) { findings.push_back(finding); });
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->damaged, 0u);
    EXPECT_EQ(summary->unknown_files, 2u);
    ASSERT_EQ(findings.size(), 2u);
    for (const model::Json& finding : findings) EXPECT_EQ(finding["unknown"], true);
  }
  std::filesystem::remove(warc + "/zz-garbage.warc.gz");
  std::filesystem::remove(warc + "/2026/x.warc");
  // A name of ours is a claim.
  std::filesystem::create_directory(warc + "/odd");
  ASSERT_TRUE(WriteFileAtomically(warc + "/odd/fangzhi-20260101000000-00009.warc.gz", "x"));
  EXPECT_EQ(VerifyAll().damaged, 1u);
}

TEST_F(VerifyTest, BehindAFileThatCannotBeReadTheOthersAreRead) {
  store::ArchiveOptions options;
  options.directory = directory_.path();
  CommitMore(*test::OpenArchive(options));
  const auto archive = test::OpenArchive(options);
  // Reading it fails as it does on a bad sector.
  std::filesystem::remove(file_);
  std::filesystem::create_directory(file_);
  std::vector<model::Json> findings;
  const auto summary = Verify(*archive, [&](const model::Json& finding) { findings.push_back(finding); });
  ASSERT_TRUE(summary) << summary.error().ToString();
  EXPECT_EQ(summary->files, 2u);
  EXPECT_EQ(summary->captures, 1u);  // of the file behind it
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0]["file"], file_);
  EXPECT_THAT(findings[0]["problem"].get<std::string>(), testing::HasSubstr("cannot be read"));
  EXPECT_TRUE(findings[0].contains("offset"));
}

// Wherever the index is damaged, also where nothing of it is compared with the files: it is told, by file and offset, and the files are read.
TEST_F(VerifyTest, DamageOfTheIndexIsNamedAndReadingGoesOn) {
  store::ArchiveOptions options;
  options.directory = directory_.path();
  {
    const auto archive = test::OpenArchive(options);
    for (int i = 0; i < 40; ++i) {
      Fetch fetch;
      fetch.url += "?more" + std::to_string(i);
      fetch.payload = std::to_string(i);
      test::CommitOne(*archive, fetch);
      const std::vector<store::StateWrite> writes{{"j/site/" + std::to_string(i), std::string(1000, static_cast<char>('a' + i % 26))}};
      ASSERT_TRUE(archive->Commit({}, writes));
    }
    ASSERT_TRUE(archive->Close());
  }
  ASSERT_TRUE(test::OpenArchive(options)->Close());  // from the log into a table
  std::string table;
  uint64_t size = 0;
  for (const std::string& name : NamesIn(directory_.path() + "/index")) {
    const std::string path = directory_.path() + "/index/" + name;
    if (name.ends_with(".ldb") && std::filesystem::file_size(path) > size) {
      table = path;
      size = std::filesystem::file_size(path);
    }
  }
  ASSERT_GT(size, 10'000u);
  const std::string whole = ReadFile(table).value();
  int opened = 0;
  constexpr size_t kPlaces = 24;
  for (size_t at = 50; at + 48 < whole.size(); at += whole.size() / kPlaces) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    ASSERT_TRUE(WriteFileAtomically(table, damaged));
    auto archive = store::Archive::OpenToRead(options);
    if (!archive) continue;
    ++opened;
    std::vector<model::Json> findings;
    const auto summary = Verify(**archive, [&](const model::Json& finding) { findings.push_back(finding); });
    ASSERT_TRUE(summary) << at << " " << summary.error().ToString();
    ASSERT_GE(summary->damaged, 1u) << at;
    EXPECT_EQ(findings[0]["file"], table);
    EXPECT_LE(findings[0]["offset"], at);
    EXPECT_EQ(summary->captures, 45u) << at;
    EXPECT_LE(findings.size(), 2u) << at << findings[1];  // one damage is not told a hundred times
  }
  EXPECT_GT(opened, 15);
}

TEST_F(VerifyTest, AFileThatIsMissingIsNamedByItsSerial) {
  {
    store::ArchiveOptions options;
    options.directory = directory_.path();
    CommitMore(*test::OpenArchive(options));
  }
  std::filesystem::remove(file_);
  ASSERT_EQ(VerifyAll().damaged, 1u) << "once, not for every visit";
  EXPECT_EQ(findings_[0]["file"], directory_.path() + "/warc/*-00001.warc.gz");
  EXPECT_THAT(findings_[0]["problem"].get<std::string>(), testing::HasSubstr("the captures of 5 visits from "));
}

TEST_F(VerifyTest, ARebuildTellsWhatItPassedOver) {
  store::ArchiveOptions options;
  options.directory = directory_.path();
  {
    CommitMore(*test::OpenArchive(options));
  }
  const std::string whole = ReadFile(file_).value();
  Overwrite(visits_[1].metadata.offset + visits_[1].metadata.length / 2, "xxxx");
  auto report = store::Archive::Rebuild(options);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->captures, 5u);
  EXPECT_EQ(report->damaged, 1u);
  EXPECT_TRUE(report->missing_files.empty());
  // The end of a file that is not the last.
  ASSERT_TRUE(WriteFileAtomically(file_, whole));
  ASSERT_EQ(store::Archive::Rebuild(options).value().captures, 6u);
  std::filesystem::resize_file(file_, visits_[1].response.offset);
  report = store::Archive::Rebuild(options);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->captures, 3u);
  ASSERT_EQ(report->lost.size(), 1u);
  EXPECT_EQ(report->lost[0].file, file_);
  EXPECT_EQ(report->lost[0].captures, 3u);
  // A whole file: known from the old index, and without one from the serials.
  for (const bool with_index : {true, false}) {
    ASSERT_TRUE(WriteFileAtomically(file_, whole));
    ASSERT_EQ(store::Archive::Rebuild(options).value().captures, 6u);
    std::filesystem::remove(file_);
    if (!with_index) std::filesystem::remove_all(directory_.path() + "/index");
    report = store::Archive::Rebuild(options);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->captures, 1u);
    EXPECT_THAT(report->missing_files, testing::ElementsAre(directory_.path() + "/warc/*-00001.warc.gz"));
    // What is lost stays told until the file is back, or whoever read the note has removed it.
    const auto told = [&] {
      std::vector<std::string> files;
      const auto archive = test::OpenArchive(options);
      const auto losses = archive->NotedLosses();
      EXPECT_TRUE(losses);
      for (const auto& lost : *losses) {
        if (lost.file.find('*') == std::string::npos) continue;  // of the cut above
        files.push_back(lost.file);
        EXPECT_EQ(lost.captures, with_index ? 5u : 0u);
      }
      uint64_t damages = 0;
      EXPECT_TRUE(maintain::Verify(*archive, [&](const model::Json&) { ++damages; }));
      EXPECT_GE(damages, files.size());
      return files;
    };
    EXPECT_THAT(told(), testing::ElementsAre(directory_.path() + "/warc/*-00001.warc.gz"));
    ASSERT_TRUE(WriteFileAtomically(file_, whole));
    EXPECT_THAT(told(), testing::IsEmpty());
    std::filesystem::remove_all(directory_.path() + "/quarantine");
  }
}

// What is written while verify reads is no damage, in files that begin and get their names meanwhile.
TEST(VerifyBesideCommits, WhatIsBeingWrittenIsNoDamage) {
  test::TempDirectory directory;
  store::ArchiveOptions options;
  options.directory = directory.path();
  options.warc_max_bytes = 6000;
  const auto archive = test::OpenArchive(options);
  std::atomic<bool> done{false};
  std::atomic<int> runs{0};
  std::thread reader([&] {
    while (!done) {
      const auto summary = Verify(*archive, [](const model::Json& finding) { ADD_FAILURE() << finding; });
      EXPECT_TRUE(summary) << summary.error().ToString();
      ++runs;
    }
  });
  for (int i = 0; i < 400 && (i < 100 || runs < 10); ++i) {
    Fetch fetch;
    fetch.url += "?" + std::to_string(i % 50);
    fetch.time = At("2026-01-01") + std::chrono::seconds{i};
    fetch.payload = std::to_string(i);
    test::CommitOne(*archive, fetch);
  }
  done = true;
  reader.join();
  EXPECT_GT(runs, 0);
  // Half of a record, as a commit under way leaves it.
  const auto files = warc::ListFiles(directory.path() + "/warc", PosixFileSystem());
  ASSERT_TRUE(files);
  const std::string open = files->back().path;
  std::ofstream(open, std::ios::app | std::ios::binary) << ReadFile(open)->substr(0, 100);
  const auto summary = Verify(*archive, [](const model::Json& finding) { ADD_FAILURE() << finding; });
  EXPECT_TRUE(summary && summary->damaged == 0);
  // Who asked may go away.
  const auto stopped = Verify(*archive, [](const model::Json&) {}, [](uint64_t) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::kCancelled);
}

TEST_F(VerifyTest, CapturesThatTheIndexLacksAndPlacesThatTheFilesLack) {
  // An index of fewer captures: rebuilt while the file was shorter.
  const std::string whole = ReadFile(file_).value();
  std::filesystem::resize_file(file_, visits_[1].response.offset);
  store::ArchiveOptions options;
  options.directory = directory_.path();
  ASSERT_EQ(store::Archive::Rebuild(options).value().captures, 2u);
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
