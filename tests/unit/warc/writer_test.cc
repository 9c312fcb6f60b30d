#include <gtest/gtest.h>

#include <filesystem>

#include "base/digest.h"
#include "base/strings.h"
#include "support/fault_file_system.h"
#include "warc/record_text.h"
#include "warc/warc.h"

namespace fangzhi::warc {
namespace {

namespace fs = std::filesystem;
using testing::FaultFileSystem;

class FixedClock final : public Clock {
 public:
  UtcTime Now() const override { return *ParseIso8601("2026-11-24T03:47:22.123Z"); }
};

class WarcWriter : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::path(::testing::TempDir()) / (std::string("fangzhi-") + info->name() + "-" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
    options_.directory = (root_ / "warc").string();
    options_.clock = &clock_;
    options_.warcinfo = "software: fangzhi\r\nformat: WARC File Format 1.1\r\n";
  }
  void TearDown() override { fs::remove_all(root_); }

  std::unique_ptr<Writer> MakeWriter(uint32_t serial = 1) {
    auto writer = Writer::Create(options_, serial);
    EXPECT_TRUE(writer) << writer.error().ToString();
    return std::move(*writer);
  }

  static Record Response(std::string_view body) {
    Record record;
    record.type = "response";
    record.id = NewUuidUrn();
    record.date = *ParseIso8601("2026-11-24T03:40:00.007Z");
    record.fields = {{"WARC-Target-URI", "http://www.example.gov.cn/"}, {"Content-Type", "application/http;msgtype=response"}};
    record.block = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + std::string(body);
    return record;
  }

  std::vector<WarcFile> Files() {
    auto files = ListFiles(options_.directory, PosixFileSystem());
    EXPECT_TRUE(files) << files.error().ToString();
    return files.value_or(std::vector<WarcFile>());
  }

  std::vector<Reader::Item> ReadAll(const std::string& path, std::vector<DamageReport>* damage = nullptr, uint64_t* end = nullptr) {
    std::vector<Reader::Item> items;
    ReadOptions options;
    options.check_digests = true;
    options.on_damage = [&](const DamageReport& report) {
      if (damage != nullptr) damage->push_back(report);
      else ADD_FAILURE() << path << ": " << report.reason;
    };
    auto reader = Reader::Open(path, options);
    EXPECT_TRUE(reader);
    for (auto item = (*reader)->Next(); item && *item; item = (*reader)->Next()) items.push_back(std::move(**item));
    if (end != nullptr) *end = (*reader)->end_of_whole_records();
    return items;
  }

  FixedClock clock_;
  fs::path root_;
  WriterOptions options_;
};

TEST_F(WarcWriter, NamesFilesAndStartsThemWithWarcinfo) {
  auto writer = MakeWriter(7);
  EXPECT_TRUE(Files().empty());  // nothing before the first record
  EXPECT_EQ(writer->position(), (Location{7, 0, 0}));
  const auto place = writer->Append(Response("text"));
  ASSERT_TRUE(place);
  EXPECT_EQ(place->file, 7u);
  EXPECT_GT(place->offset, 0u);
  EXPECT_EQ(writer->position(), (Location{7, place->offset + place->length, 0}));
  ASSERT_EQ(Files().size(), 1u);
  EXPECT_TRUE(Files()[0].open);
  EXPECT_EQ(Files()[0].path, options_.directory + "/2026/11/fangzhi-20261124034722-00007.warc.gz.open");
  ASSERT_TRUE(writer->Finish());
  ASSERT_EQ(Files().size(), 1u);
  EXPECT_FALSE(Files()[0].open);
  EXPECT_EQ(Files()[0].serial, 7u);

  const auto items = ReadAll(Files()[0].path);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].record.type, "warcinfo");
  EXPECT_EQ(items[0].record.Field("warc-filename"), "fangzhi-20261124034722-00007.warc.gz");
  EXPECT_EQ(items[0].record.block, options_.warcinfo);
  EXPECT_EQ(items[1].offset, place->offset);
  EXPECT_EQ(items[1].length, place->length);
}

TEST_F(WarcWriter, HeaderHasTheMandatoryFieldsFirst) {
  auto writer = MakeWriter();
  Record record = Response("x");
  record.fields.push_back({"WARC-Protocol", "http/1.1"});
  record.fields.push_back({"WARC-Protocol", "tls/1.3"});
  record.fields.push_back({"Content-Type", "again"});
  std::string header;
  ASSERT_TRUE(AppendHeader(record, header));
  EXPECT_EQ(header, "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <" + record.id +
                        ">\r\nWARC-Date: 2026-11-24T03:40:00.007Z\r\nContent-Length: " + std::to_string(record.block.size()) +
                        "\r\nWARC-Block-Digest: " + Sha256Label(record.block) +
                        "\r\nWARC-Target-URI: http://www.example.gov.cn/\r\nContent-Type: application/http;msgtype=response"
                        "\r\nWARC-Protocol: http/1.1\r\nWARC-Protocol: tls/1.3\r\n\r\n");
}

TEST_F(WarcWriter, NoValueCanEndItsField) {
  auto writer = MakeWriter();
  Record record = Response("x");
  record.fields[0].value = "http://e/\r\nWARC-Type: forged\r\n\r\nx\n\t\x01\xFF\xE4\xB8\xAD\xE4\xB8";
  ASSERT_TRUE(writer->Append(record));
  ASSERT_TRUE(writer->Finish());
  const auto items = ReadAll(Files()[0].path);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[1].record.type, "response");
  EXPECT_EQ(items[1].record.Field("WARC-Target-URI"),
            "http://e/  WARC-Type: forged    x   \xEF\xBF\xBD\xE4\xB8\xAD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_F(WarcWriter, RefusesWhatIsNoFieldName) {
  Record record = Response("x");
  record.fields.push_back({"bad name", "x"});
  EXPECT_EQ(MakeWriter()->Append(record).error().kind, ErrorKind::kInvalidInput);
  options_.prefix = "../up";
  EXPECT_EQ(Writer::Create(options_, 1).error().kind, ErrorKind::kInvalidInput);
}

TEST_F(WarcWriter, RotatesBetweenGroupsOnly) {
  options_.max_bytes = 2000;
  auto writer = MakeWriter();
  std::string noise;
  for (int i = 0; i < 100; ++i) noise += Sha256(std::to_string(i));
  std::vector<uint32_t> files;
  for (int group = 0; group < 3; ++group) {
    ASSERT_TRUE(writer->BeginGroup());
    for (int i = 0; i < 2; ++i) {
      const auto place = writer->Append(Response(noise));
      ASSERT_TRUE(place);
      files.push_back(place->file);
    }
  }
  EXPECT_EQ(files, (std::vector<uint32_t>{1, 1, 2, 2, 3, 3}));
  ASSERT_TRUE(writer->Finish());
  ASSERT_TRUE(writer->Finish());  // nothing to do
  ASSERT_EQ(Files().size(), 3u);
  uint64_t bytes = 0;
  for (const WarcFile& file : Files()) {
    EXPECT_EQ(ReadAll(file.path).size(), 3u);
    bytes += fs::file_size(file.path);
  }
  EXPECT_EQ(writer->bytes_written(), bytes);
}

TEST_F(WarcWriter, ReadRecordFindsEachByItsPlace) {
  auto writer = MakeWriter();
  std::vector<std::pair<Location, Record>> written;
  for (const size_t size : {size_t{0}, size_t{1}, size_t{5000}, size_t{3} << 20, size_t{20} << 20}) {
    Record record = Response(std::string(size, 'a'));
    const auto place = writer->Append(record);
    ASSERT_TRUE(place);
    written.emplace_back(*place, record);
  }
  const std::string path = Files()[0].path;  // still open: readers read beside the writer
  for (const auto& [place, record] : written) {
    const auto read = ReadRecord(path, place.offset, place.length);
    ASSERT_TRUE(read) << read.error().ToString();
    EXPECT_EQ(read->id, record.id);
    EXPECT_EQ(read->date, record.date);
    EXPECT_TRUE(read->block == record.block);
    EXPECT_EQ(PayloadOf(*read).size(), PayloadOf(record).size());
    EXPECT_EQ(ReadRecord(path, place.offset + 1, place.length).error().kind, ErrorKind::kCorrupt);
    EXPECT_EQ(ReadRecord(path, place.offset, place.length - 1).error().kind, ErrorKind::kCorrupt);
    EXPECT_EQ(ReadRecord(path, place.offset, place.length + 1).error().kind, ErrorKind::kCorrupt);
  }
  EXPECT_EQ(ReadRecord(path, uint64_t{1} << 40, 100).error().kind, ErrorKind::kCorrupt);
  EXPECT_EQ(ReadRecord(path, 0, uint64_t{1} << 60).error().kind, ErrorKind::kCorrupt);
  EXPECT_EQ(ReadRecord(path + "x", 0, 100).error().kind, ErrorKind::kNotFound);
}

TEST_F(WarcWriter, ListFilesRefusesTwoFilesOfOneSerial) {
  EXPECT_TRUE(Files().empty());  // no directory: no files
  const fs::path month = fs::path(options_.directory) / "2026" / "11";
  fs::create_directories(month);
  const auto touch = [&](const std::string& name) { ASSERT_TRUE(WriteFileAtomically((month / name).string(), "")); };
  touch("fangzhi-20261124034722-00002.warc.gz");
  touch("fangzhi-20261124034722-00001.warc.gz.open");
  touch("fangzhi-20261124034722-4294967295.warc.gz");
  touch("fangzhi-20261124034722-4294967296.warc.gz");
  touch("fangzhi-20261124034722-00003.warc.gz.part");
  touch("notes.txt");
  touch("-00004.warc.gz");
  std::vector<uint32_t> serials;
  for (const WarcFile& file : Files()) serials.push_back(file.serial);
  EXPECT_EQ(serials, (std::vector<uint32_t>{1, 2, 4294967295}));
  EXPECT_TRUE(Files()[0].open);
  touch("fangzhi-20261231000000-00002.warc.gz.open");
  EXPECT_EQ(ListFiles(options_.directory, PosixFileSystem()).error().kind, ErrorKind::kCorrupt);
}

TEST_F(WarcWriter, IsBrokenAfterATornAppend) {
  FaultFileSystem files;
  options_.files = &files;
  auto writer = MakeWriter();
  const auto first = writer->Append(Response("first"));
  ASSERT_TRUE(first);
  ASSERT_TRUE(writer->Sync());
  files.FailAppend(0, 30);
  ASSERT_TRUE(writer->Append(Response("second")));
  EXPECT_EQ(writer->Sync().error().kind, ErrorKind::kIo);
  files.Heal();
  EXPECT_FALSE(writer->Append(Response("third")));
  EXPECT_FALSE(writer->Sync());
  EXPECT_FALSE(writer->Finish());
  EXPECT_FALSE(writer->BeginGroup());
  writer.reset();
  ASSERT_EQ(Files().size(), 1u);
  EXPECT_TRUE(Files()[0].open);
  std::vector<DamageReport> damage;
  uint64_t end = 0;
  EXPECT_EQ(ReadAll(Files()[0].path, &damage, &end).size(), 2u);
  ASSERT_EQ(damage.size(), 1u);
  EXPECT_EQ(end, first->offset + first->length);
  EXPECT_EQ(damage[0].offset, end);
  EXPECT_EQ(damage[0].length, 30u);
}

TEST_F(WarcWriter, SaysWhenTheDiskIsFull) {
  FaultFileSystem files;
  options_.files = &files;
  auto writer = MakeWriter();
  ASSERT_TRUE(writer->Append(Response("first")));
  ASSERT_TRUE(writer->Sync());
  files.SetFreeBytes(100);
  ASSERT_TRUE(writer->Append(Response("second")));
  EXPECT_EQ(writer->Sync().error().kind, ErrorKind::kNoSpace);
  EXPECT_EQ(writer->Append(Response("third")).error().kind, ErrorKind::kNoSpace);
}

// A group's records reach the file in a few writes, at the latest with its sync; where they lie is known before.
TEST_F(WarcWriter, GathersRecordsUntilTheyAreManyOrSynced) {
  auto writer = MakeWriter();
  const auto first = writer->Append(Response("first"));
  ASSERT_TRUE(first);
  const auto second = writer->Append(Response("second"));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->offset, first->offset + first->length);
  const std::string path = Files().at(0).path;
  EXPECT_EQ(fs::file_size(path), 0u);
  ASSERT_TRUE(writer->Sync());
  EXPECT_EQ(fs::file_size(path), writer->position().offset);
  const auto synced = ReadRecord(path, second->offset, second->length);
  ASSERT_TRUE(synced);
  EXPECT_EQ(warc::PayloadOf(*synced), "second");

  std::string noise;
  for (int i = 0; noise.size() < 200'000; ++i) noise += Sha256(std::to_string(i));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(writer->Append(Response(noise)));
  EXPECT_GT(fs::file_size(path), 200'000u);  // not all of a large group waits in memory
  ASSERT_TRUE(writer->Append(Response("last")));
  ASSERT_TRUE(writer->Finish());
  std::vector<DamageReport> damage;
  uint64_t end = 0;
  EXPECT_EQ(ReadAll(Files().at(0).path, &damage, &end).size(), 7u);
  EXPECT_TRUE(damage.empty());
}

TEST_F(WarcWriter, IsBrokenAfterARefusedSyncOrRename) {
  FaultFileSystem files;
  options_.files = &files;
  auto writer = MakeWriter(1);
  ASSERT_TRUE(writer->Append(Response("first")));
  files.FailSync(0);
  EXPECT_FALSE(writer->Sync());
  EXPECT_FALSE(writer->Append(Response("second")));
  writer = MakeWriter(2);
  ASSERT_TRUE(writer->Append(Response("first")));
  files.FailRename();
  EXPECT_FALSE(writer->Finish());
  EXPECT_FALSE(writer->Append(Response("second")));
}

// Whatever the process did last, everything up to the last Sync is there after a power cut, and reads.
TEST_F(WarcWriter, KeepsWhatWasSyncedAtEveryCrashPoint) {
  const fs::path directory = options_.directory;
  for (uint64_t stop = 0;; ++stop) {
    SCOPED_TRACE("stopped after " + std::to_string(stop) + " operations");
    fs::remove_all(directory);
    FaultFileSystem files;
    files.StopAfter(stop);
    options_.files = &files;
    options_.max_bytes = 1500;
    auto writer = MakeWriter();
    std::vector<std::string> synced, pending;
    bool ok = true;
    for (int group = 0; ok && group < 6; ++group) {
      ok = writer->BeginGroup().has_value();
      for (int i = 0; ok && i < 2; ++i) {
        const Record record = Response(Sha256Hex(std::to_string(group)) + std::to_string(i));
        pending.push_back(record.id);
        ok = writer->Append(record).has_value();
      }
      ok = ok && writer->Sync().has_value();
      if (ok) synced = pending;
    }
    ok = ok && writer->Finish().has_value();
    writer.reset();
    files.DropUnsynced();
    std::vector<std::string> found;
    for (const WarcFile& file : Files()) {
      std::vector<DamageReport> damage;
      uint64_t end = 0;
      for (const auto& item : ReadAll(file.path, &damage, &end)) {
        if (item.record.type == "response") found.push_back(item.record.id);
      }
      EXPECT_TRUE(file.open || damage.empty());
      EXPECT_LE(end, fs::file_size(file.path));
    }
    ASSERT_GE(found.size(), synced.size());
    EXPECT_TRUE(std::equal(synced.begin(), synced.end(), found.begin()));
    if (ok) {
      EXPECT_EQ(found.size(), 12u);
      EXPECT_GT(stop, 20u);
      break;
    }
  }
}

}  // namespace
}  // namespace fangzhi::warc
