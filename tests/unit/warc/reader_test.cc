#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>
#include <filesystem>
#include <random>

#include "base/digest.h"
#include "base/strings.h"
#include "warc/record_text.h"
#include "warc/warc.h"
#include "support/cpu_time.h"

namespace fangzhi::warc {
namespace {

namespace fs = std::filesystem;

std::string Gzip(std::string_view content, int level = 6) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Header(std::string_view more_fields, size_t length, std::string_view type = "resource") {
  return "WARC/1.0\r\nWARC-Type: " + std::string(type) +
         "\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2020-02-03T04:05:06Z\r\nContent-Length: " + std::to_string(length) + "\r\n" +
         std::string(more_fields) + "\r\n";
}

std::string Plain(std::string_view block, std::string_view more_fields = {}, std::string_view type = "resource") {
  return Header(more_fields, block.size(), type) + std::string(block) + "\r\n\r\n";
}

struct Reading {
  std::vector<Reader::Item> items;
  std::vector<DamageReport> damage;
  uint64_t end = 0;
  std::vector<std::string> blocks() const {
    std::vector<std::string> out;
    for (const auto& item : items) out.push_back(item.record.block);
    return out;
  }
  std::vector<std::string> reasons() const {
    std::vector<std::string> out;
    for (const auto& report : damage) out.push_back(report.reason);
    return out;
  }
};

class WarcReader : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::path(::testing::TempDir()) / (std::string("fangzhi-") + info->name() + "-" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  Reading ReadFileAt(const std::string& path, uint64_t max_record_bytes = uint64_t{1} << 30, uint64_t offset = 0) {
    Reading reading;
    ReadOptions options;
    options.check_digests = true;
    options.max_record_bytes = max_record_bytes;
    options.on_damage = [&](const DamageReport& report) {
      EXPECT_EQ(report.file, path);
      reading.damage.push_back(report);
    };
    auto reader = Reader::Open(path, options, offset);
    EXPECT_TRUE(reader) << reader.error().ToString();
    while (true) {
      auto item = (*reader)->Next();
      EXPECT_TRUE(item) << item.error().ToString();
      if (!item || !*item) break;
      reading.items.push_back(std::move(**item));
    }
    reading.end = (*reader)->end_of_whole_records();
    return reading;
  }

  Reading Read(std::string_view bytes, uint64_t max_record_bytes = uint64_t{1} << 30) {
    const std::string path = (root_ / "test.warc").string();
    std::FILE* file = std::fopen(path.c_str(), "wb");
    EXPECT_EQ(std::fwrite(bytes.data(), 1, bytes.size(), file), bytes.size());
    std::fclose(file);
    return ReadFileAt(path, max_record_bytes);
  }

  // A file of the writer's with these records; their places are the items'.
  std::string Write(const std::vector<Record>& records, std::vector<Location>* places) {
    WriterOptions options;
    options.directory = (root_ / "warc").string();
    options.compression = level_;
    fs::remove_all(options.directory);
    auto writer = Writer::Create(options, 1);
    EXPECT_TRUE(writer);
    for (const Record& record : records) {
      auto place = (*writer)->Append(record);
      EXPECT_TRUE(place);
      places->push_back(*place);
    }
    EXPECT_TRUE((*writer)->Finish());
    auto files = ListFiles(options.directory, PosixFileSystem());
    EXPECT_TRUE(files && files->size() == 1);
    return *ReadFile((*files)[0].path);
  }

  static Record Response(std::string body) {
    Record record;
    record.type = "response";
    record.id = NewUuidUrn();
    record.date = *ParseIso8601("2026-11-24T03:40:00.007Z");
    record.fields = {{"WARC-Target-URI", "http://www.example.gov.cn/"}, {"Content-Type", "application/http;msgtype=response"}};
    record.block = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + std::move(body);
    record.fields.push_back({"WARC-Payload-Digest", Sha256Label(PayloadOf(record))});
    return record;
  }

  std::vector<Record> FourRecords() {
    return {Response("one"), Response(std::string(300, 'x')), Response("WARC/1.1\r\n\r\nWARC/1.0\r\n"), Response("four")};
  }

  fs::path root_;
  int level_ = 1;
};

TEST_F(WarcReader, GivesBackWhatWasWritten) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::vector<Record> records;
  for (int i = 0; i < 60; ++i) {
    Record record;
    record.type = random() % 2 == 0 ? "response" : "metadata";
    record.id = NewUuidUrn();
    record.date = UtcTime(std::chrono::milliseconds(random()));
    record.fields = {{"WARC-Target-URI", "http://e/" + std::to_string(random())}, {"X-Text", "\xE4\xB8\xAD\xE6\x96\x87: value"}};
    // Sizes around every buffer of the reader, now and then.
    const size_t sizes[] = {0, 1, 100, 4096, 65536, 40000, 1 << 20, 3 << 20};
    record.block.resize(sizes[random() % (i % 10 == 0 ? 8 : 6)] + random() % 3);
    const unsigned alphabet = random() % 2 == 0 ? 256 : 4;
    for (char& c : record.block) c = "\r\nW\x1F"[0] + static_cast<char>(random() % alphabet);
    records.push_back(std::move(record));
  }
  std::vector<Location> places;
  const std::string bytes = Write(records, &places);
  const Reading reading = Read(bytes);
  EXPECT_TRUE(reading.damage.empty()) << reading.damage[0].reason;
  EXPECT_EQ(reading.end, bytes.size());
  ASSERT_EQ(reading.items.size(), records.size() + 1);
  for (size_t i = 0; i < records.size(); ++i) {
    SCOPED_TRACE(i);
    const Reader::Item& item = reading.items[i + 1];
    EXPECT_EQ(item.offset, places[i].offset);
    EXPECT_EQ(item.length, places[i].length);
    EXPECT_EQ(item.record.type, records[i].type);
    EXPECT_EQ(item.record.id, records[i].id);
    EXPECT_EQ(item.record.date, records[i].date);
    EXPECT_TRUE(item.record.block == records[i].block);
    for (const NamedField& field : records[i].fields) EXPECT_EQ(item.record.Field(field.name), field.value);
    EXPECT_EQ(item.record.Field("content-length"), std::to_string(records[i].block.size()));
    // Written again it is the same record, without a field twice.
    std::string first, second;
    ASSERT_TRUE(AppendHeader(records[i], first));
    ASSERT_TRUE(AppendHeader(item.record, second));
    EXPECT_EQ(first, second);
  }
  // From an offset on, as recovery reads.
  const std::string path = (root_ / "test.warc").string();
  EXPECT_EQ(ReadFileAt(path, uint64_t{1} << 30, places[50].offset).items.size(), 10u);
}

TEST_F(WarcReader, TornAtEveryByteLosesNoWholeRecord) {
  std::vector<Location> places;
  const std::string bytes = Write(FourRecords(), &places);
  std::vector<uint64_t> ends = {places[0].offset};
  for (const Location& place : places) ends.push_back(place.offset + place.length);
  ASSERT_EQ(ends.back(), bytes.size());
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    SCOPED_TRACE(cut);
    const Reading reading = Read(bytes.substr(0, cut));
    const size_t whole = static_cast<size_t>(std::upper_bound(ends.begin(), ends.end(), cut) - ends.begin());
    ASSERT_EQ(reading.items.size(), whole);
    const uint64_t end = whole == 0 ? 0 : ends[whole - 1];
    ASSERT_EQ(reading.end, end);
    ASSERT_EQ(reading.damage.size(), end == cut ? 0u : 1u);
    if (end != cut) {
      EXPECT_EQ(reading.damage[0].offset, end);
      EXPECT_EQ(reading.damage[0].length, cut - end);
    }
  }
  // A writer that went on behind a torn record: the ones after it are found.
  for (size_t cut = places[1].offset + 1; cut < ends[2]; cut += 3) {
    const Reading reading = Read(bytes.substr(0, cut) + bytes.substr(ends[2]));
    ASSERT_EQ(reading.items.size(), 4u) << cut;
    ASSERT_FALSE(reading.damage.empty());
    EXPECT_EQ(reading.items[2].offset, cut);
  }
}

TEST_F(WarcReader, TornLargeRecordIsNoRecord) {
  std::mt19937 random(1);
  std::string body(4 << 20, '\0');
  for (char& c : body) c = static_cast<char>(random());
  std::vector<Location> places;
  const std::string bytes = Write({Response("small"), Response(body)}, &places);
  for (const size_t missing : {size_t{1}, size_t{8}, size_t{9}, size_t{100}, size_t{3} << 20}) {
    const Reading reading = Read(bytes.substr(0, bytes.size() - missing));
    EXPECT_EQ(reading.items.size(), 2u);
    EXPECT_EQ(reading.end, places[1].offset);
    EXPECT_EQ(reading.reasons(), std::vector<std::string>{"truncated gzip member"});
  }
  EXPECT_EQ(Read(bytes).items.size(), 3u);
}

// A damaged member whose content lies open in it, as small blocks do where they are stored, not compressed: a line of it that looks like a
// record's first has no header's end, unless one in a record that follows is taken for it.
TEST_F(WarcReader, AHeaderWithoutAnEndDoesNotReachIntoTheNextRecord) {
  const std::string member = Gzip(Plain("whole"), 0);
  const Reading reading = Read("WARC/1.0\r\nWARC-Type: x\r\n" + member + member);
  EXPECT_EQ(reading.blocks(), (std::vector<std::string>{"whole", "whole"}));
  ASSERT_EQ(reading.damage.size(), 1);
  EXPECT_EQ(reading.damage[0].offset, 0);
  EXPECT_EQ(reading.damage[0].length, 24);
}

// A member that lost its end is read on into the next one, which must be found all the same, also when a record was handed on before.
TEST_F(WarcReader, AMemberWithoutAnEndDoesNotReachIntoTheNext) {
  const std::string content = Plain("one") + "garbage\r\nWARC/1.0\r\nWARC-Type: x\r\n";
  z_stream stream{};
  ASSERT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string torn(1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(torn.data());
  stream.avail_out = static_cast<uInt>(torn.size());
  ASSERT_EQ(deflate(&stream, Z_SYNC_FLUSH), Z_OK);
  torn.resize(stream.total_out);
  deflateEnd(&stream);
  const Reading reading = Read(torn + Gzip(Plain("two")));
  EXPECT_EQ(reading.blocks(), (std::vector<std::string>{"one", "two"}));
  EXPECT_FALSE(reading.damage.empty());
}

class WarcReaderAtLevel : public WarcReader, public ::testing::WithParamInterface<int> {
 protected:
  WarcReaderAtLevel() { level_ = GetParam(); }
};
INSTANTIATE_TEST_SUITE_P(Levels, WarcReaderAtLevel, ::testing::Values(1, 6));

TEST_P(WarcReaderAtLevel, ReportsAFlippedByteAnywhere) {
  std::vector<Location> places;
  const std::string bytes = Write(FourRecords(), &places);
  const Reading original = Read(bytes);
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const char mask : {'\x01', '\xFF'}) {
      SCOPED_TRACE(at);
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ mask);
      const Reading reading = Read(flipped);
      // The time, the system and the hint of a gzip header mean nothing to the record; all else must be noticed.
      if (reading.damage.empty()) {
        ASSERT_EQ(reading.blocks(), original.blocks());
        continue;
      }
      // And it costs the record that it hit, no other.
      size_t same = 0;
      for (const auto& item : reading.items) {
        for (const auto& known : original.items) {
          same += known.offset == item.offset && known.record.id == item.record.id && known.record.block == item.record.block;
        }
      }
      ASSERT_GE(same, original.items.size() - 1);
    }
  }
}

TEST_F(WarcReader, RandomBytesNeverHarm) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::vector<Location> places;
  const std::string gzipped = Write(FourRecords(), &places);
  const std::string plain = Plain("one") + Plain("two\r\n\r\nWARC/1.0\r\n", "WARC-Target-URI: <http://e/>\r\n") + Plain("three");
  for (int round = 0; round < 600; ++round) {
    std::string bytes;
    for (unsigned pieces = random() % 6 + 1; pieces > 0; --pieces) {
      const std::string& source = random() % 2 == 0 ? gzipped : plain;
      const size_t from = random() % source.size();
      switch (random() % 4) {
        case 0:
          for (unsigned i = random() % 50; i > 0; --i) bytes += static_cast<char>(random());
          break;
        case 1:
          bytes += Gzip(source.substr(from, random() % 400));
          break;
        default:
          bytes += source.substr(from, random() % 400);
      }
    }
    for (unsigned flips = random() % 4; flips > 0 && !bytes.empty(); --flips) bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
    const Reading reading = Read(bytes, random() % 2 == 0 ? 50 : 1 << 20);
    EXPECT_LE(reading.end, bytes.size());
    for (const auto& report : reading.damage) EXPECT_LE(report.offset + report.length, bytes.size());
  }
}

TEST_F(WarcReader, PlainFiles) {
  const std::string bytes = Plain("one", "WARC-Target-URI: <http://e/1>\r\n") + Plain("", "X-Folded: a\r\n  b\r\n\tc\r\n") + Plain("three", "", "novelty");
  const Reading reading = Read(bytes);
  EXPECT_TRUE(reading.damage.empty());
  ASSERT_EQ(reading.blocks(), (std::vector<std::string>{"one", "", "three"}));
  EXPECT_EQ(reading.items[0].record.Field("WARC-Target-URI"), "http://e/1");
  EXPECT_EQ(reading.items[0].record.id, "urn:uuid:1");
  EXPECT_EQ(reading.items[1].record.Field("x-folded"), "a b c");
  EXPECT_EQ(reading.items[2].record.type, "novelty");
  EXPECT_EQ(reading.end, bytes.size());
  EXPECT_EQ(reading.items[1].offset, reading.items[0].length);
}

TEST_F(WarcReader, SegmentsAreHandedOn) {
  const std::string digest = "WARC-Payload-Digest: " + Sha256Label("whole payload") + "\r\n";
  const Reading reading = Read(Plain("whole ", digest + "WARC-Segment-Number: 1\r\n") +
                               Plain("payload", "WARC-Segment-Number: 2\r\nWARC-Segment-Origin-ID: <urn:uuid:1>\r\n", "continuation"));
  EXPECT_TRUE(reading.damage.empty());
  EXPECT_EQ(reading.items.size(), 2u);
}

TEST_F(WarcReader, SeveralRecordsInAMember) {
  const std::string three = Plain("one") + Plain("two") + Plain("three");
  const std::string bytes = Gzip(three) + Gzip(Plain("four"));
  Reading reading = Read(bytes);
  EXPECT_EQ(reading.blocks(), (std::vector<std::string>{"one", "two", "three", "four"}));
  EXPECT_EQ(reading.reasons(), std::vector<std::string>{"gzip member holds more than one record"});
  // Such a record cannot be read by its place.
  EXPECT_EQ(reading.items[1].length, 0u);
  EXPECT_EQ(reading.items[3].offset, Gzip(three).size());
  EXPECT_EQ(reading.items[3].length, Gzip(Plain("four")).size());
  EXPECT_EQ(reading.end, bytes.size());
  // Damage in the content costs one record, damage in the member what comes after it.
  reading = Read(Gzip(Plain("one") + "garbage\r\n" + Plain("two")) + Gzip(Plain("three")));
  EXPECT_EQ(reading.blocks(), (std::vector<std::string>{"one", "two", "three"}));
  EXPECT_EQ(reading.reasons(), (std::vector<std::string>{"gzip member holds more than one record",
                                                         "gzip member holds what is no WARC record"}));
  std::string large = Plain(std::string(100, 'a'));
  std::mt19937 random(1);
  for (int i = 0; i < 200; ++i) {
    std::string block(20000, '\0');
    for (char& c : block) c = static_cast<char>(random());
    large += Plain(block);
  }
  std::string damaged = Gzip(large);
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  reading = Read(damaged + Gzip(Plain("last")));
  EXPECT_GT(reading.items.size(), 90u);
  EXPECT_EQ(reading.items.back().record.block, "last");
  EXPECT_GE(reading.damage.size(), 2u);
}

TEST_F(WarcReader, ReportsLieInsideATornFileOfOneMember) {
  const std::string bytes = Gzip(Plain("one") + Plain("two") + Plain("three"));
  for (size_t cut = 1; cut < bytes.size(); ++cut) {
    SCOPED_TRACE(cut);
    const Reading reading = Read(bytes.substr(0, cut));
    EXPECT_FALSE(reading.damage.empty());
    EXPECT_LT(reading.items.size(), 3u);
    for (const auto& report : reading.damage) EXPECT_LE(report.offset + report.length, cut);
  }
}

TEST_F(WarcReader, WrongLengthsCostOneRecord) {
  // Too long: the block ends where the next record begins.
  Reading reading = Read(Header("", 100) + "one\r\n\r\n" + Plain(std::string(300, 'x')));
  EXPECT_EQ(reading.blocks(), (std::vector<std::string>{"one", std::string(300, 'x')}));
  EXPECT_EQ(reading.reasons(), std::vector<std::string>{"Content-Length 100, block has 3 bytes"});
  // Beyond the end of the file.
  reading = Read(Plain("zero") + Header("", 1000000000000) + "one\r\n\r\n" + Plain("two"));
  EXPECT_EQ(reading.blocks(), (std::vector<std::string>{"zero", "two"}));
  EXPECT_EQ(reading.damage.size(), 1u);
  // Too short.
  reading = Read(Header("", 1) + "one\r\n\r\n" + Plain("two"));
  EXPECT_EQ(reading.blocks(), (std::vector<std::string>{"o", "two"}));
  EXPECT_EQ(reading.damage.size(), 2u);
  // In a member there is nothing to guess.
  reading = Read(Gzip(Header("", 5) + "one\r\n\r\n") + Gzip(Header("", 20) + "one\r\n\r\n") + Gzip(Plain("two")));
  EXPECT_EQ(reading.items.size(), 2u);
  EXPECT_EQ(reading.reasons().back(), "Content-Length 20, block has 7 bytes");
}

TEST_F(WarcReader, HeadersWithoutTheMandatoryAreNoRecords) {
  for (const std::string header : {"WARC/1.0\r\n\r\n", "WARC/1.0\r\nWARC-Type: a\r\nWARC-Record-ID: <b>\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n\r\n",
                                   "WARC/1.0\r\nWARC-Type: a\r\nWARC-Record-ID: <b>\r\nWARC-Date: soon\r\nContent-Length: 0\r\n\r\n",
                                   "WARC/1.0\r\nWARC-Type: a\r\nWARC-Record-ID: <b>\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nContent-Length: -1\r\n\r\n",
                                   "WARC/9.0\r\nWARC-Type: a\r\nWARC-Record-ID: <b>\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nContent-Length: 0\r\n\r\n"}) {
    SCOPED_TRACE(header);
    Reading reading = Read(header + "\r\n\r\n" + Plain("next"));
    EXPECT_EQ(reading.blocks(), std::vector<std::string>{"next"});
    EXPECT_EQ(reading.damage.size(), 1u);
    reading = Read(Gzip(header + "\r\n\r\n") + Gzip(Plain("next")));
    EXPECT_EQ(reading.blocks(), std::vector<std::string>{"next"});
    EXPECT_EQ(reading.damage.size(), 1u);
  }
}

TEST_F(WarcReader, RecordsAboveTheLimitArePassedOver) {
  const std::string big(5000, 'b');
  for (const std::string& bytes : {Plain("one") + Plain(big) + Plain("two"), Gzip(Plain("one")) + Gzip(Plain(big)) + Gzip(Plain("two"))}) {
    const Reading reading = Read(bytes, 1000);
    EXPECT_EQ(reading.blocks(), (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(reading.reasons(), std::vector<std::string>{"record of 5000 bytes is larger than the limit"});
  }
}

TEST_F(WarcReader, ChecksDigests) {
  const std::string block = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const std::string type = "Content-Type: application/http;msgtype=response\r\n";
  const auto reasons = [&](const std::string& field, const std::string& label) {
    return Read(Plain(block, type + field + ": " + label + "\r\n", "response")).damage.size();
  };
  EXPECT_EQ(reasons("WARC-Block-Digest", Sha256Label(block)), 0u);
  EXPECT_EQ(reasons("WARC-Block-Digest", "sha1:" + Sha1Base32(block)), 0u);
  EXPECT_EQ(reasons("WARC-Block-Digest", "sha256:" + Base64(Sha256(block))), 0u);
  EXPECT_EQ(reasons("WARC-Block-Digest", Sha256Label("else")), 1u);
  EXPECT_EQ(reasons("WARC-Block-Digest", "whirlpool:abc"), 0u);
  EXPECT_EQ(reasons("WARC-Payload-Digest", Sha256Label("abc")), 0u);
  EXPECT_EQ(reasons("WARC-Payload-Digest", Sha256Label("3\r\nabc\r\n0\r\n\r\n")), 0u);
  EXPECT_EQ(reasons("WARC-Payload-Digest", Sha256Label("abcd")), 1u);
}

TEST_F(WarcReader, PayloadOfEachKind) {
  const auto payload = [](std::string type, std::string content_type, std::string block) {
    Record record;
    record.type = std::move(type);
    record.fields = {{"Content-Type", std::move(content_type)}};
    record.block = std::move(block);
    return std::string(PayloadOf(record));
  };
  EXPECT_EQ(payload("response", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody"), "body");
  EXPECT_EQ(payload("response", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\nA: b"), "");
  EXPECT_EQ(payload("response", "text/dns", "20200101\r\n\r\nx"), "20200101\r\n\r\nx");
  EXPECT_EQ(payload("resource", "text/html", "a\n\nb"), "a\n\nb");
  EXPECT_EQ(payload("revisit", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\n\r\nx"), "");
}

// What a hostile file can cost must stay in proportion to its size.
TEST_F(WarcReader, HostileFilesTakeLinearTime) {
  const fangzhi::testing::CpuTime time;
  std::string lines;
  while (lines.size() < 4 << 20) lines += "WARC/1.0\r\n";
  EXPECT_TRUE(Read(lines).items.empty());
  EXPECT_TRUE(Read(Gzip(lines)).items.empty());
  EXPECT_TRUE(Read(lines + "\r\n").items.empty());
  // Records that claim to reach far into the next ones.
  std::string claims;
  while (claims.size() < 2 << 20) claims += Header("", 1000000);
  Read(claims + std::string(1000001, 'x'));
  // Members in stored blocks inside one another, none of which ends.
  std::string nested;
  const std::string start = Gzip("WARC/1.0\r\n", 0).substr(0, 10) + std::string("\x00\xFF\xFF\x00\x00", 5) + "WARC/1.0\r\n";
  while (nested.size() < 4 << 20) nested += start;
  EXPECT_TRUE(Read(nested).items.empty());
  // Zeros, as a file system leaves behind after a power cut.
  const Reading zeros = Read(Plain("one") + std::string(8 << 20, '\0'));
  EXPECT_EQ(zeros.items.size(), 1u);
  EXPECT_EQ(zeros.end, Plain("one").size());
  EXPECT_LT(time.Seconds(), 60);
}

TEST_F(WarcReader, FailuresOfTheSystemAreErrors) {
  EXPECT_EQ(Reader::Open((root_ / "absent").string()).error().kind, ErrorKind::kNotFound);
  auto directory = Reader::Open(root_.string());
  EXPECT_TRUE(!directory || !(*directory)->Next());
}

}  // namespace
}  // namespace fangzhi::warc
