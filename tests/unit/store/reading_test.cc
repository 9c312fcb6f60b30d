// An archive that is read while, or although, somebody else writes it; WARC files that are missing; the lists by site.
#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "store/database.h"
#include "store/keys.h"
#include "unit/store/archive_fixture.h"

namespace fangzhi::store {
namespace {

using test::Article;
using test::At;
using test::CommitAll;
using test::CommitOne;
using test::Fetch;
using test::OpenArchive;
using test::UrlOf;
using testing::ElementsAre;
using testing::IsEmpty;

std::unique_ptr<Archive> OpenToRead(const std::string& directory) {
  ArchiveOptions options;
  options.directory = directory;
  auto archive = Archive::OpenToRead(std::move(options));
  EXPECT_TRUE(archive) << (archive ? "" : archive.error().ToString());
  return archive ? std::move(*archive) : nullptr;
}

Fetch Page(int number) {
  Fetch fetch;
  fetch.url = "http://www.example.gov.cn/a/" + std::to_string(number) + ".htm";
  fetch.time = At("2026-01-01T00:00:00Z") + std::chrono::seconds(number);
  fetch.payload = "<p>" + std::to_string(number);
  fetch.record = Article("第" + std::to_string(number) + "号通知", "正文");
  return fetch;
}

size_t CountListed(const Archive& archive) {
  size_t count = 0;
  const Result<void> listed = archive.Snapshot()->List({}, {}, {}, [&count](const UrlEntry&, const VersionEntry&) {
    ++count;
    return true;
  });
  EXPECT_TRUE(listed) << listed.error().ToString();
  return count;
}

// Every file below the directory with its bytes.
std::map<std::string, std::string> FilesBelow(const std::string& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().string()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return files;
}

TEST(ReadingBesideAWriter, ShowsWhatWasAcknowledgedAndWritesNothing) {
  const test::TempDirectory directory;
  const auto writer = OpenArchive(directory.path());
  CommitAll(*writer, {Page(1), Page(2)});
  const auto before = FilesBelow(directory.path());
  {
    const auto reader = OpenToRead(directory.path());
    ASSERT_TRUE(reader);
    EXPECT_EQ(CountListed(*reader), 2u);
    const UrlEntry entry = UrlOf(*reader, Page(1).url);
    EXPECT_EQ(reader->ReadRecord(*reader->Snapshot()->Version(entry.id, 1).value())->title, "第1号通知");
    EXPECT_EQ(reader->ReadPayload(entry.payload)->payload, "<p>1");
    CaptureToCommit item = test::ToCommit(Page(3));
    EXPECT_EQ(reader->Commit({&item, 1}, {}).error().kind, ErrorKind::kUnsupported);
    EXPECT_EQ(reader->Commit({}, std::vector<StateWrite>{{"a", "b"}}).error().kind, ErrorKind::kUnsupported);
    CommitOne(*writer, Page(3));
    EXPECT_EQ(CountListed(*reader), 2u);  // a picture does not move
    EXPECT_EQ(CountListed(*OpenToRead(directory.path())), 3u);
  }
  auto after = FilesBelow(directory.path());
  EXPECT_EQ(before.size(), after.size());
  ASSERT_TRUE(writer->Close());
  const auto closed = FilesBelow(directory.path());
  EXPECT_EQ(CountListed(*OpenToRead(directory.path())), 3u);
  EXPECT_EQ(FilesBelow(directory.path()), closed);
}

// Tables are made, merged and deleted under the readers.
TEST(ReadingBesideAWriter, EveryPictureIsWhole) {
  const test::TempDirectory directory;
  const auto writer = OpenArchive(directory.path());
  CommitOne(*writer, Page(1));
  constexpr int kGroups = 60, kInAGroup = 5;
  std::atomic<bool> ended{false};
  std::atomic<size_t> acknowledged{1};
  std::thread writing([&] {
    // State that does not compress fills the write buffer every few groups.
    std::string noise(1 << 20, '\0');
    uint32_t random = 1;
    for (int group = 0; group < kGroups; ++group) {
      for (char& byte : noise) byte = static_cast<char>((random = random * 1664525u + 1013904223u) >> 24);
      std::vector<Fetch> pages;
      for (int i = 0; i < kInAGroup; ++i) pages.push_back(Page(2 + group * kInAGroup + i));
      CommitAll(*writer, pages, {{"noise/" + std::to_string(group % 7), noise}});
      acknowledged += kInAGroup;
    }
    ended = true;
  });
  int pictures = 0;
  do {
    const size_t at_least = acknowledged;
    const auto reader = OpenToRead(directory.path());
    if (!reader) break;
    const size_t listed = CountListed(*reader);
    EXPECT_GE(listed, at_least);
    EXPECT_EQ(listed % kInAGroup, 1u) << "a group is one batch";
    const UrlEntry last = UrlOf(*reader, Page(static_cast<int>(listed)).url);
    EXPECT_TRUE(reader->ReadPayload(last.payload));
    ++pictures;
  } while (!ended);
  writing.join();
  EXPECT_GT(pictures, 1);
  EXPECT_EQ(CountListed(*OpenToRead(directory.path())), size_t{1} + kGroups * kInAGroup);
}

TEST(ReadingAfterACrash, PutsRightFirstWhereThatCanBeDone) {
  const test::TempDirectory directory, left;
  const std::string copy = left.path() + "/archive";
  {
    const auto writer = OpenArchive(directory.path());
    CommitAll(*writer, {Page(1), Page(2)});
    // As a kill leaves it: the file is open, the index says that it was not closed.
    std::filesystem::copy(directory.path(), copy, std::filesystem::copy_options::recursive);
  }
  const auto reader = OpenToRead(copy);
  ASSERT_TRUE(reader);
  EXPECT_EQ(CountListed(*reader), 2u);
  EXPECT_FALSE(reader->open_report().clean);
  EXPECT_TRUE(OpenToRead(copy)->open_report().clean);
  // Put right once; that a crawl was killed is the next crawl's to know, for its hosts' clocks were not stored.
  EXPECT_FALSE(OpenArchive(copy)->open_report().clean);
}

TEST(ReadingAfterACrash, WithoutAnIndexItIsMade) {
  const test::TempDirectory directory;
  CommitAll(*OpenArchive(directory.path()), {Page(1), Page(2)});
  std::filesystem::remove_all(directory.path() + "/index");
  EXPECT_EQ(CountListed(*OpenToRead(directory.path())), 2u);
}

TEST(ReadingNothing, NamesWhatIsMissing) {
  const test::TempDirectory directory;
  ArchiveOptions options;
  options.directory = directory.path() + "/none";
  const auto none = Archive::OpenToRead(options);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(none.error().subject, options.directory);
  EXPECT_FALSE(std::filesystem::exists(options.directory));
}

class MissingFile : public testing::Test {
 protected:
  ArchiveOptions Small() {
    ArchiveOptions options;
    options.directory = directory_.path();
    options.warc_max_bytes = 1;  // a file a capture
    return options;
  }
  std::string PathOf(uint32_t serial) {
    const auto files = warc::ListFiles(directory_.path() + "/warc", PosixFileSystem());
    EXPECT_TRUE(files);
    for (const warc::WarcFile& file : *files) {
      if (file.serial == serial) return file.path;
    }
    ADD_FAILURE() << "no file " << serial;
    return {};
  }
  test::TempDirectory directory_;
};

TEST_F(MissingFile, IsNamedAndNothingMoreIsLost) {
  {
    const auto archive = OpenArchive(Small());
    CommitAll(*archive, {Page(1)});
    CommitAll(*archive, {Page(2), Page(3)});
  }
  const std::string path = PathOf(2), aside = directory_.path() + "/aside";
  const uint64_t size = std::filesystem::file_size(path);
  std::filesystem::rename(path, aside);
  {
    const auto reader = OpenToRead(directory_.path());
    ASSERT_EQ(reader->open_report().damaged_files.size(), 1u);
    EXPECT_EQ(reader->open_report().damaged_files[0].serial, 2u);
    EXPECT_EQ(reader->open_report().damaged_files[0].known_to, size);
    EXPECT_FALSE(reader->open_report().damaged_files[0].size);
    EXPECT_THAT(reader->open_report().damaged_files[0].ToString(), testing::HasSubstr("-00002.warc.gz: missing"));
  }
  {
    const auto archive = OpenArchive(Small());
    EXPECT_EQ(archive->open_report().damaged_files.size(), 1u);
    EXPECT_FALSE(archive->HasFile(2));
    EXPECT_TRUE(archive->HasFile(1));
    // The same bytes as before: of page 1 a revisit, of page 2, whose bytes are not there, all of it, and its record.
    Fetch one = Page(1), two = Page(2);
    one.time = two.time = At("2026-01-05");
    EXPECT_EQ(CommitOne(*archive, one).verdict, "unchanged");
    EXPECT_EQ(CommitOne(*archive, two).verdict, "unchanged");
    EXPECT_EQ(UrlOf(*archive, one.url).payload.file, 1u);
    const UrlEntry entry = UrlOf(*archive, two.url);
    EXPECT_GT(entry.payload.file, 3u);
    EXPECT_EQ(archive->ReadPayload(entry.payload)->payload, two.payload);
  }
  std::filesystem::rename(aside, path);
  const auto whole = OpenToRead(directory_.path());
  EXPECT_THAT(whole->open_report().damaged_files, IsEmpty());
  EXPECT_TRUE(whole->ReadRecord(*whole->Snapshot()->Version(UrlOf(*whole, Page(2).url).id, 1).value()));
}

TEST_F(MissingFile, OneThatIsCutIsNamedToo) {
  {
    const auto archive = OpenArchive(Small());
    CommitAll(*archive, {Page(1), Page(2), Page(3)});
  }
  const std::string path = PathOf(1);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  const auto archive = OpenArchive(Small());
  ASSERT_EQ(archive->open_report().damaged_files.size(), 1u);
  EXPECT_EQ(archive->open_report().damaged_files[0].path, path);
  EXPECT_EQ(*archive->open_report().damaged_files[0].size + 1, archive->open_report().damaged_files[0].known_to);
}

class ListBySite : public testing::Test {
 protected:
  void Commit(Archive& archive, const std::string& site, int number, const std::string& published) {
    Fetch fetch = Page(number);
    fetch.record->published = published;
    if (published.empty()) fetch.record->published.reset();
    fetch.payload += published;
    CaptureToCommit item = test::ToCommit(fetch);
    item.facts.site = site;
    ASSERT_TRUE(archive.Commit({&item, 1}, {}));
  }
  static std::string List(const Archive& archive, const std::vector<std::string>& sites, std::string_view from = {}, std::string_view to = {},
                          size_t most = 1000) {
    std::string numbers;
    const auto listed = archive.Snapshot()->List(sites, from, to, [&](const UrlEntry& page, const VersionEntry&) {
      numbers += page.url.substr(page.url.rfind('/') + 1, 1);
      return --most > 0;
    });
    EXPECT_TRUE(listed) << listed.error().ToString();
    return numbers;
  }
  void CommitPages(Archive& archive) {
    Commit(archive, "a", 1, "2026-01-01");
    Commit(archive, "b", 2, "2026-01-02");
    Commit(archive, "a", 3, "2026-01-03T08:00:00+08:00");
    Commit(archive, "ab", 4, "2026-01-04");
    Commit(archive, "b", 5, "");
    Commit(archive, "a", 6, "");
  }
  test::TempDirectory directory_;
};

TEST_F(ListBySite, SitesAreMergedInTheOrderOfAll) {
  const auto archive = OpenArchive(directory_.path());
  CommitPages(*archive);
  EXPECT_EQ(List(*archive, {}), "432165");
  EXPECT_EQ(List(*archive, {"a"}), "316");
  EXPECT_EQ(List(*archive, {"b"}), "25");
  EXPECT_EQ(List(*archive, {"a", "b"}), "32165");
  EXPECT_EQ(List(*archive, {"a", "b", "ab"}), "432165");
  EXPECT_EQ(List(*archive, {"a", "b"}, {}, {}, 2), "32");
  EXPECT_EQ(List(*archive, {"a", "b"}, "2026-01-02", "2026-01-02"), "2");
  EXPECT_EQ(List(*archive, {"a", "b"}, "2026-01", ""), "321");
  EXPECT_EQ(List(*archive, {"c"}), "");
}

TEST_F(ListBySite, APageFollowsItsSite) {
  const auto archive = OpenArchive(directory_.path());
  CommitPages(*archive);
  Commit(*archive, "b", 1, "2026-01-01");
  EXPECT_EQ(List(*archive, {"a"}), "36");
  EXPECT_EQ(List(*archive, {"b"}), "215");
  Commit(*archive, "b", 1, "2026-02-01");
  EXPECT_EQ(List(*archive, {"b"}), "125");
}

TEST_F(ListBySite, ManyPagesOfASiteAreReadInPieces) {
  const auto archive = OpenArchive(directory_.path());
  std::vector<CaptureToCommit> items;
  for (int i = 0; i < 700; ++i) {
    Fetch fetch = Page(i);
    fetch.record->published = i % 2 == 0 ? "2026-01-01" : "2025-01-01";
    items.push_back(test::ToCommit(fetch));
    items.back().facts.site = i % 3 == 0 ? "a" : "b";
  }
  ASSERT_TRUE(archive->Commit(items, {}));
  const auto all = List(*archive, {});
  EXPECT_EQ(all.size(), 700u);
  EXPECT_EQ(List(*archive, {"a", "b"}), all);
  EXPECT_EQ(List(*archive, {"a"}).size() + List(*archive, {"b"}).size(), 700u);
  EXPECT_EQ(List(*archive, {"a", "b"}, "", "2025").size(), 350u);
}

TEST_F(ListBySite, AnIndexOfTheSchemaBeforeIsBroughtLevel) {
  {
    const auto archive = OpenArchive(directory_.path());
    CommitPages(*archive);
  }
  {
    Database::Options options;
    options.directory = directory_.path() + "/index";
    const auto database = Database::Open(options);
    ASSERT_TRUE(database);
    Batch batch;
    for (const char* gone : {"g", "f"}) {
      ASSERT_TRUE((*database)->Scan(Direction::kForward, gone, {}, nullptr, [&](std::string_view key, std::string_view) {
        batch.Delete(std::string(key));
        return true;
      }));
    }
    batch.Put(keys::Meta("schema"), "3");
    ASSERT_TRUE((*database)->Write(batch, Durability::kSynced));
  }
  const auto archive = OpenToRead(directory_.path());
  ASSERT_TRUE(archive);
  EXPECT_EQ(List(*archive, {"a", "b"}), "32165");
}

// Pages whose last visit could not tell whether they are there, "url round obstacle reason".
std::vector<std::string> MissedOf(const Archive& archive, const std::string& site) {
  std::vector<std::string> found;
  const auto read = archive.Snapshot()->ForEachMissed(site, [&](const UrlEntry& page, const MissedEntry& missed) {
    found.push_back(page.url.substr(page.url.rfind('/') + 1) + " " + std::to_string(missed.round) + " " + missed.obstacle + " " + missed.reason);
    return true;
  });
  EXPECT_TRUE(read) << read.error().ToString();
  return found;
}

TEST(Missed, APageIsMissedUntilAVisitTellsWhetherItIsThere) {
  const test::TempDirectory directory;
  auto archive = OpenArchive(directory.path());
  const auto visit = [&](int number, int status, const std::string& obstacle = "", const std::string& site = "a") {
    Fetch fetch = Page(number);
    fetch.status = status;
    fetch.round = 3;
    if (status != 200) fetch.record.reset();
    if (status == 404) fetch.absence = "http_404";
    if (status == 0) fetch.outcome = model::FetchOutcome::kTimeout;
    CaptureToCommit item = test::ToCommit(fetch);
    item.facts.site = site;
    item.facts.obstacle = obstacle;
    item.facts.depth = 0;
    ASSERT_TRUE(archive->Commit({&item, 1}, {}));
  };
  visit(1, 200);
  visit(2, 500);
  visit(3, 405, "waf:aliyun");
  visit(4, 0);
  visit(5, 404);
  const std::vector<std::string> expected = {"2.htm 3  http_500", "3.htm 3 waf:aliyun http_405", "4.htm 3  timeout: no answer"};
  EXPECT_EQ(MissedOf(*archive, "a"), expected);
  EXPECT_TRUE(MissedOf(*archive, "b").empty());
  // Made again, and of an index that had none of this yet.
  ASSERT_TRUE(archive->Close());
  archive.reset();
  ArchiveOptions options;
  options.directory = directory.path();
  ASSERT_TRUE(Archive::Rebuild(options));
  archive = OpenArchive(directory.path());
  EXPECT_EQ(MissedOf(*archive, "a"), expected);
  ASSERT_TRUE(archive->Close());
  archive.reset();
  {
    Database::Options of_index;
    of_index.directory = directory.path() + "/index";
    const auto database = Database::Open(of_index);
    ASSERT_TRUE(database);
    Batch batch;
    ASSERT_TRUE((*database)->Scan(Direction::kForward, "n", {}, nullptr, [&](std::string_view key, std::string_view) {
      batch.Delete(std::string(key));
      return true;
    }));
    batch.Put(keys::Meta("schema"), "4");
    ASSERT_TRUE((*database)->Write(batch, Durability::kSynced));
  }
  archive = OpenArchive(directory.path());
  ASSERT_TRUE(archive);
  EXPECT_EQ(MissedOf(*archive, "a"), (std::vector<std::string>{"2.htm 3  http_500", "3.htm 3 waf:aliyun http_405", "4.htm 3  timeout: no answer"}));

  visit(2, 200);
  visit(4, 404);
  EXPECT_EQ(MissedOf(*archive, "a"), std::vector<std::string>{"3.htm 3 waf:aliyun http_405"});
  visit(3, 500, "", "b");
  EXPECT_TRUE(MissedOf(*archive, "a").empty());
  EXPECT_EQ(MissedOf(*archive, "b"), std::vector<std::string>{"3.htm 3  http_500"});
}

TEST(RepeatedClicks, TheSameBytesShowTheSameNumber) {
  const test::TempDirectory directory;
  const auto archive = OpenArchive(directory.path());
  Fetch fetch = Page(1);
  fetch.record->clicks = 7;
  fetch.record->provenance["clicks"] = "infobar";
  CommitOne(*archive, fetch);
  Fetch again = fetch;  // the crawl does not read it again
  again.record.reset();
  for (const char* day : {"2026-01-02", "2026-01-03"}) {
    again.time = At(day);
    EXPECT_EQ(CommitOne(*archive, again).verdict, "unchanged");
  }
  // Another number is another page; the number that counts from then on is that one.
  Fetch more = fetch;
  more.time = At("2026-01-04");
  more.payload += " 9";
  more.record->clicks = 9;
  EXPECT_EQ(CommitOne(*archive, more).verdict, "unchanged");
  Fetch last = more;
  last.record.reset();
  last.time = At("2026-01-05");
  CommitOne(*archive, last);
  const UrlEntry entry = UrlOf(*archive, fetch.url);
  EXPECT_EQ(entry.versions, 1u);
  std::vector<int64_t> numbers;
  std::vector<std::string> basis;
  const auto observations = archive->Snapshot()->Clicks(entry.id);
  ASSERT_TRUE(observations);
  for (const ClickObservation& seen : *observations) {
    numbers.push_back(seen.clicks);
    basis.push_back(seen.basis);
  }
  EXPECT_THAT(numbers, ElementsAre(7, 7, 7, 9, 9));
  EXPECT_THAT(basis, testing::Each("infobar"));
}

TEST(RepeatedClicks, ACountersAnswerIsNotThePages) {
  const test::TempDirectory directory;
  const auto archive = OpenArchive(directory.path());
  Fetch fetch = Page(1);
  CommitOne(*archive, fetch);
  Fetch counter = Page(2);
  counter.purpose = Purpose::kCounter;
  counter.time = fetch.time;  // at the same millisecond
  counter.record.reset();
  CaptureToCommit item = test::ToCommit(counter);
  item.facts.counted_page = fetch.url;
  item.facts.clicks = 5;
  item.facts.clicks_basis = "counter:vsb";
  ASSERT_TRUE(archive->Commit({&item, 1}, {}));
  fetch.record.reset();
  fetch.time = At("2026-01-02");
  CommitOne(*archive, fetch);
  EXPECT_EQ(archive->Snapshot()->Clicks(UrlOf(*archive, fetch.url).id)->size(), 1u);
}

}  // namespace
}  // namespace fangzhi::store
