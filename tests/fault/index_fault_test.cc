// LevelDB under failing writes, and an index that was damaged.
#include <leveldb/db.h>

#include <filesystem>
#include <fstream>
#include <new>
#include <span>

#include "fault/fault_env.h"
#include "fault/index_dump.h"
#include "store/database.h"

namespace fangzhi::testing {
namespace {

using store::Archive;
using store::ArchiveOptions;

// Why the archive opens the index again after every failed write. If LevelDB gets over this by itself one day, this test says so.
TEST(LevelDbFault, AfterATornAppendASyncedAcknowledgedPutIsLost) {
  test::TempDirectory directory;
  FaultEnv env;
  leveldb::Options options;
  options.create_if_missing = true;
  options.env = &env;
  leveldb::WriteOptions synced;
  synced.sync = true;
  leveldb::DB* database = nullptr;
  ASSERT_TRUE(leveldb::DB::Open(options, directory.path() + "/db", &database).ok());
  ASSERT_TRUE(database->Put(synced, "before", "1").ok());
  env.TearAppend(1, 0);  // the header goes out, the payload does not
  EXPECT_FALSE(database->Put(synced, "torn", "1").ok());
  EXPECT_EQ(env.faults(), 1);
  EXPECT_TRUE(database->Put(synced, "after", "1").ok());
  delete database;
  ASSERT_TRUE(leveldb::DB::Open(options, directory.path() + "/db", &database).ok());
  std::string value;
  EXPECT_TRUE(database->Get(leveldb::ReadOptions(), "before", &value).ok());
  EXPECT_TRUE(database->Get(leveldb::ReadOptions(), "after", &value).IsNotFound());
  delete database;
}

// Killed while LevelDB makes a new database, before it writes CURRENT.
TEST(IndexFault, AnIndexWhoseMakingWasCutOffIsMade) {
  for (const char* last : {"LOG", "MANIFEST-000001", "000001.dbtmp"}) {
    SCOPED_TRACE(last);
    test::TempDirectory directory;
    ArchiveOptions options;
    options.directory = directory.path();
    test::OpenArchive(options).reset();
    std::filesystem::remove_all(options.directory + "/index");
    std::filesystem::create_directories(options.directory + "/index");
    for (const char* name : {"LOCK", "LOG", "MANIFEST-000001", "000001.dbtmp"}) {
      std::ofstream(options.directory + "/index/" + name, std::ios::binary) << (std::string_view(name) == "LOCK" ? "" : "half of it");
      if (std::string_view(name) == last) break;
    }
    const auto archive = test::OpenArchive(options);
    ASSERT_TRUE(archive);
    EXPECT_TRUE(TryCommit(*archive, {NumberedFetch(1)}, {{"state", "1"}}));
  }
}

// A log record may be torn in its header, between header and payload, and in its payload; each time, what the archive acknowledges before, at
// and after the fault is there when it is opened again.
TEST(IndexFault, WhatIsAcknowledgedAroundATornAppendIsNotLost) {
  struct Tear {
    int append;
    size_t written_bytes;
  };
  for (const Tear& tear : {Tear{0, 0}, Tear{0, 3}, Tear{1, 0}, Tear{1, 1}, Tear{1, 700}}) {
    SCOPED_TRACE(std::to_string(tear.append) + "/" + std::to_string(tear.written_bytes));
    test::TempDirectory directory;
    FaultEnv env;
    ArchiveOptions options;
    options.directory = directory.path();
    options.env = &env;
    {
      const auto archive = test::OpenArchive(options);
      ASSERT_TRUE(archive);
      const auto old_snapshot = archive->Snapshot();
      ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(1)}, {{"state", "1"}}));
      env.TearAppend(tear.append, tear.written_bytes);
      const auto torn = TryCommit(*archive, {NumberedFetch(2), NumberedFetch(3)}, {{"state", "2"}, {"more", "x"}});
      ASSERT_EQ(env.faults(), 1);
      ASSERT_TRUE(torn) << torn.error().ToString();
      EXPECT_EQ((*torn)[1].verdict, "new");
      EXPECT_EQ(old_snapshot->FindUrl("x").error().kind, ErrorKind::kConflict);
      ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(4)}));
      for (int number = 1; number <= 4; ++number) EXPECT_TRUE(Knows(*archive, NumberedFetch(number)));
      // Abandoned without Close, as kill -9 does: nothing but what is on the disk may matter. The destructor would tidy up, so the
      // directory is copied first.
      std::filesystem::copy(directory.path(), directory.path() + ".copy", std::filesystem::copy_options::recursive);
    }
    options.directory += ".copy";
    options.env = nullptr;
    {
      const auto archive = test::OpenArchive(options);
      ASSERT_TRUE(archive);
      EXPECT_FALSE(archive->open_report().clean);
      EXPECT_EQ(archive->open_report().captures_applied, 0u);
      for (int number = 1; number <= 4; ++number) EXPECT_TRUE(Knows(*archive, NumberedFetch(number))) << number;
      EXPECT_EQ(archive->GetState("state").value(), "2");
      EXPECT_EQ(archive->GetState("more").value(), "x");
    }
    std::filesystem::remove_all(options.directory);
  }
}

// Without captures the position says nothing of whether the batch was written.
TEST(IndexFault, StateWithoutCapturesIsThereOnceItIsAcknowledged) {
  for (const size_t written_bytes : {size_t{0}, size_t{3}}) {
    SCOPED_TRACE(written_bytes);
    test::TempDirectory directory;
    FaultEnv env;
    ArchiveOptions options;
    options.directory = directory.path();
    options.env = &env;
    const auto archive = test::OpenArchive(options);
    ASSERT_TRUE(archive);
    ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(1)}, {{"state", "1"}}));
    env.TearAppend(0, written_bytes);
    ASSERT_TRUE(TryCommit(*archive, {}, {{"state", "2"}, {"more", "x"}}));
    ASSERT_EQ(env.faults(), 1);
    EXPECT_EQ(archive->GetState("state").value(), "2");
    EXPECT_EQ(archive->GetState("more").value(), "x");
    ASSERT_TRUE(archive->Close());
    const auto again = test::OpenArchive(directory.path());
    EXPECT_EQ(again->GetState("state").value(), "2");
    EXPECT_TRUE(Knows(*again, NumberedFetch(1)));
  }
}

TEST(IndexFault, ARefusedSyncOfTheIndexIsOvercome) {
  test::TempDirectory directory;
  FaultEnv env;
  ArchiveOptions options;
  options.directory = directory.path();
  options.env = &env;
  const auto archive = test::OpenArchive(options);
  ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(1)}));
  env.FailSync(0);
  ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(2)}));
  EXPECT_EQ(env.faults(), 1);
  ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(3)}));
  ASSERT_TRUE(archive->Close());
  const auto again = test::OpenArchive(directory.path());
  for (int number = 1; number <= 3; ++number) EXPECT_TRUE(Knows(*again, NumberedFetch(number)));
}

TEST(IndexFault, AnIndexThatStaysBrokenStopsTheArchiveAndLosesNothing) {
  test::TempDirectory directory;
  FaultEnv env;
  ArchiveOptions options;
  options.directory = directory.path();
  options.env = &env;
  {
    const auto archive = test::OpenArchive(options);
    ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(1)}));
    env.SetBroken(true);
    EXPECT_FALSE(TryCommit(*archive, {NumberedFetch(2)}));
    EXPECT_GE(env.faults(), 1);
    const auto refused = TryCommit(*archive, {NumberedFetch(3)});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("until it is opened again"), std::string::npos) << refused.error().message;
    EXPECT_FALSE(archive->Close());
  }
  env.SetBroken(false);
  int replayed = 0;
  options.replay_state = [&replayed](const store::CaptureFacts& facts, const store::CommitOutcome&, const auto& get) {
    ++replayed;
    EXPECT_EQ(get("seen " + facts.url), std::nullopt);
    return std::vector<store::StateWrite>{{"seen " + facts.url, "1"}};
  };
  const auto archive = test::OpenArchive(options);
  // The second was written and synced in the WARC: it is there now, though it was never acknowledged.
  EXPECT_TRUE(Knows(*archive, NumberedFetch(1)));
  EXPECT_TRUE(Knows(*archive, NumberedFetch(2)));
  EXPECT_FALSE(Knows(*archive, NumberedFetch(3)));
  EXPECT_EQ(archive->open_report().captures_applied, 1u);
  EXPECT_EQ(replayed, 1);
  EXPECT_EQ(archive->GetState("seen " + NumberedFetch(2).url).value(), "1");
}

class DamagedIndex : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.directory = directory_.path();
    const auto archive = test::OpenArchive(options_);
    // Two pages, one of them edited, gone and restored; clicks and a counter; a failure; state.
    std::vector<test::Fetch> fetches;
    for (int number = 0; number < 50; ++number) fetches.push_back(NumberedFetch(number));
    test::Fetch edited = NumberedFetch(60);
    edited.url = NumberedFetch(1).url;
    edited.record->clicks = 5;
    fetches.push_back(edited);
    for (int number = 61; number <= 63; ++number) {
      test::Fetch absent = NumberedFetch(number);
      absent.url = edited.url;
      absent.record.reset();
      absent.status = 404;
      absent.absence = "http_404";
      fetches.push_back(absent);
    }
    test::Fetch back = edited;
    back.time = NumberedFetch(64).time;
    fetches.push_back(back);
    test::Fetch timeout = NumberedFetch(65);
    timeout.outcome = model::FetchOutcome::kTimeout;
    fetches.push_back(timeout);
    ASSERT_TRUE(TryCommit(*archive, fetches));
    ASSERT_TRUE(archive->Close());
    captures_ = fetches.size();
    index_ = options_.directory + "/index";
  }
  std::vector<std::string> FilesOfIndex(const std::string& beginning, const std::string& ending) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(index_)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(beginning) && name.ends_with(ending)) found.push_back(entry.path().string());
    }
    return found;
  }
  void ExpectRefusedThenRebuilt(const std::string& named) {
    const auto refused = Archive::Open(options_);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().ToString().find(named), std::string::npos) << refused.error().ToString();
    EXPECT_NE(refused.error().ToString().find("fangzhi rebuild"), std::string::npos) << refused.error().ToString();
    EXPECT_EQ(Archive::Rebuild(options_).value().captures, captures_);
    const auto archive = test::OpenArchive(options_);
    ASSERT_TRUE(archive);
    EXPECT_TRUE(Knows(*archive, NumberedFetch(49)));
  }

  test::TempDirectory directory_;
  ArchiveOptions options_;
  std::string index_;
  uint64_t captures_ = 0;
};

TEST_F(DamagedIndex, ARebuiltIndexIsTheSameByteForByte) {
  const auto before = DumpIndex(options_.directory);
  ASSERT_GT(before.size(), 200u);
  EXPECT_EQ(Archive::Rebuild(options_).value().captures, captures_);
  const auto after = DumpIndex(options_.directory);
  for (const auto& [key, value] : before) {
    const auto found = after.find(key);
    ASSERT_NE(found, after.end()) << key;
    EXPECT_EQ(found->second, value) << key;
  }
  EXPECT_EQ(before.size(), after.size());
  EXPECT_FALSE(std::filesystem::exists(index_ + ".rebuild"));
  EXPECT_FALSE(std::filesystem::exists(index_ + ".old"));
}

TEST_F(DamagedIndex, ADeletedIndexIsMadeAgainOnOpen) {
  const auto before = DumpIndex(options_.directory);
  std::filesystem::remove_all(index_);
  {
    const auto archive = test::OpenArchive(options_);
    EXPECT_EQ(archive->open_report().captures_applied, captures_);
    EXPECT_FALSE(archive->open_report().clean);
  }
  auto after = DumpIndex(options_.directory);
  after["mclean"] = before.at("mclean");
  EXPECT_EQ(before, after);
}

TEST_F(DamagedIndex, AMissingCurrentFileIsNotAnEmptyIndex) {
  std::filesystem::remove(index_ + "/CURRENT");
  ExpectRefusedThenRebuilt(index_ + "/CURRENT");
}

TEST_F(DamagedIndex, AScribbledManifestIsNamed) {
  for (const std::string& manifest : FilesOfIndex("MANIFEST", "")) {
    std::ofstream(manifest, std::ios::binary) << std::string(200, 'x');
  }
  ExpectRefusedThenRebuilt(index_);
}

TEST_F(DamagedIndex, AScribbledLogIsNamed) {
  const std::vector<std::string> logs = FilesOfIndex("", ".log");
  ASSERT_FALSE(logs.empty());
  bool scribbled = false;
  for (const std::string& log : logs) {
    if (std::filesystem::file_size(log) < 2000) continue;
    std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(1000);
    file << std::string(100, 'x');
    scribbled = true;
  }
  ASSERT_TRUE(scribbled);
  ExpectRefusedThenRebuilt(index_);
}

TEST_F(DamagedIndex, AMissingTableIsNamed) {
  // Opened once more, LevelDB makes a table of its log.
  { ASSERT_TRUE(test::OpenArchive(options_)); }
  const std::vector<std::string> tables = FilesOfIndex("", ".ldb");
  ASSERT_FALSE(tables.empty());
  for (const std::string& table : tables) std::filesystem::remove(table);
  ExpectRefusedThenRebuilt(std::filesystem::path(tables[0]).filename().string());
}

TEST_F(DamagedIndex, AScribbledTableIsAnErrorAndNotANotFound) {
  { ASSERT_TRUE(test::OpenArchive(options_)); }
  const std::vector<std::string> tables = FilesOfIndex("", ".ldb");
  ASSERT_FALSE(tables.empty());
  for (const std::string& table : tables) {
    std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(0);
    file << std::string(3000, 'x');
  }
  const auto archive = Archive::Open(options_);
  Error error;
  if (!archive) {
    error = archive.error();
  } else {
    const auto snapshot = (*archive)->Snapshot();
    int events = 0;
    const auto read = snapshot->Events(std::nullopt, [&events](const store::EventEntry&) { return ++events > 0; });
    EXPECT_TRUE(!read || events == 53) << "events were lost silently";
    if (!read) error = read.error();
    for (int number = 0; number < 50 && error.message.empty(); ++number) {
      const auto entry = snapshot->FindUrl(NumberedFetch(number).url);
      if (!entry) {
        error = entry.error();
      } else {
        EXPECT_TRUE(*entry) << "a page was lost silently";
      }
    }
  }
  EXPECT_EQ(error.kind, ErrorKind::kCorrupt) << error.ToString();
  EXPECT_NE(error.message.find("fangzhi rebuild"), std::string::npos);
  EXPECT_NE(error.subject.find("index"), std::string::npos);
}

TEST_F(DamagedIndex, AValueThatCannotBeReadNamesItsKey) {
  leveldb::DB* opened = nullptr;
  ASSERT_TRUE(leveldb::DB::Open(leveldb::Options(), index_, &opened).ok());
  std::string id;
  ASSERT_TRUE(opened->Get(leveldb::ReadOptions(), "k" + NumberedFetch(7).url, &id).ok());
  ASSERT_TRUE(opened->Put(leveldb::WriteOptions(), std::string("u\0\0\0\0\0\0\0", 8) + static_cast<char>(std::stoi(id)), "{").ok());
  delete opened;
  const auto archive = test::OpenArchive(options_);
  const auto entry = archive->Snapshot()->FindUrl(NumberedFetch(7).url);
  ASSERT_FALSE(entry);
  EXPECT_EQ(entry.error().kind, ErrorKind::kCorrupt);
  EXPECT_NE(entry.error().message.find("key "), std::string::npos);
  // A page whose entry is damaged cannot be committed to; the group fails whole and the archive goes on.
  test::Fetch again = NumberedFetch(7);
  again.payload += "!";
  EXPECT_FALSE(TryCommit(*archive, {NumberedFetch(70), again}));
  EXPECT_FALSE(Knows(*archive, NumberedFetch(70)));
  EXPECT_TRUE(TryCommit(*archive, {NumberedFetch(71)}));
}

TEST_F(DamagedIndex, ARebuildThatWasCutOffDoesNoHarm) {
  // As if it had ended between the two renames.
  std::filesystem::rename(index_, index_ + ".old");
  std::filesystem::create_directory(index_ + ".rebuild");
  std::ofstream(index_ + ".rebuild/000001.log") << "half";
  {
    const auto archive = test::OpenArchive(options_);
    EXPECT_EQ(archive->open_report().captures_applied, captures_);
  }
  EXPECT_EQ(Archive::Rebuild(options_).value().captures, captures_);
  EXPECT_TRUE(Knows(*test::OpenArchive(options_), NumberedFetch(3)));
}

// What the files do not tell, a pause or a report, is kept however often the making of the index is cut off.
TEST_F(DamagedIndex, StateOutlivesARebuildThatWasCutOffTwice) {
  options_.kept_state = {"kept/"};
  for (const bool begun : {false, true}) {
    for (const bool rebuild : {false, true}) {
      SCOPED_TRACE(std::string(begun ? "begun" : "not there") + (rebuild ? ", rebuild" : ", open"));
      {
        const auto archive = test::OpenArchive(options_);
        ASSERT_TRUE(TryCommit(*archive, {}, {{"kept/pause", "1"}}));
      }
      std::filesystem::rename(index_, index_ + ".old");
      if (begun) {
        // The Open that was to make it again was cut off.
        leveldb::Options create;
        create.create_if_missing = true;
        leveldb::DB* database = nullptr;
        ASSERT_TRUE(leveldb::DB::Open(create, index_, &database).ok());
        delete database;
      }
      if (rebuild) {
        EXPECT_TRUE(Archive::Rebuild(options_));
      }
      const auto archive = test::OpenArchive(options_);
      ASSERT_TRUE(archive);
      EXPECT_EQ(archive->GetState("kept/pause").value(), "1");
      EXPECT_TRUE(Knows(*archive, NumberedFetch(3)));
      EXPECT_FALSE(std::filesystem::exists(index_ + ".old"));
      EXPECT_FALSE(std::filesystem::exists(index_ + ".rebuild"));
    }
  }
}

// The captures are synced and in no index: a later commit would say that they are.
TEST(IndexFault, ACommitThatWasCutOffIsFollowedByNone) {
  test::TempDirectory directory;
  {
    const auto archive = test::OpenArchive(directory.path());
    ASSERT_TRUE(TryCommit(*archive, {NumberedFetch(1)}));
    store::CaptureToCommit item = test::ToCommit(NumberedFetch(2));
    EXPECT_THROW((void)archive->CommitWith({&item, 1}, [](std::span<const store::CommitOutcome>) -> std::vector<store::StateWrite> { throw std::bad_alloc(); }),
                 std::bad_alloc);
    const auto refused = TryCommit(*archive, {NumberedFetch(3)});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("until it is opened again"), std::string::npos);
  }
  const auto archive = test::OpenArchive(directory.path());
  EXPECT_EQ(archive->open_report().captures_applied, 1u);
  EXPECT_TRUE(Knows(*archive, NumberedFetch(2)));
  EXPECT_FALSE(Knows(*archive, NumberedFetch(3)));
}

}  // namespace
}  // namespace fangzhi::testing
