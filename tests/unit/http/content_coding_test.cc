#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>
#include <random>

#include "base/strings.h"
#include "http/http.h"
#include "support/cpu_time.h"

namespace fangzhi::http {
namespace {

enum Window { kGzip = 15 + 16, kZlib = 15, kRaw = -15 };

std::string Deflate(std::string_view content, Window window, int level = 6) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
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

// Text that does not shrink to nothing.
std::string Page(size_t size) {
  std::mt19937 random(1);
  std::string page = "<html><body>";
  while (page.size() < size) page += "<p>" + std::to_string(random()) + "</p>\n";
  page.resize(size);
  return page;
}

// Brotli without a compressor: uncompressed meta-blocks of up to 64 KiB (RFC 7932, 9.2), then an empty last one.
std::string StoredBrotli(std::string_view content) {
  std::string out;
  bool first = true;
  while (!content.empty()) {
    const std::string_view piece = content.substr(0, 65536);
    content.remove_prefix(piece.size());
    const uint32_t length = static_cast<uint32_t>(piece.size() - 1);
    // [WBITS 0: window of 16 bits] ISLAST 0, MNIBBLES 00 (4), MLEN-1 in 16 bits, ISUNCOMPRESSED 1, padded to a byte.
    uint64_t bits = 0;
    int count = first ? 1 : 0;
    count += 3;
    bits |= static_cast<uint64_t>(length) << count;
    count += 16;
    bits |= uint64_t{1} << count;
    ++count;
    for (int i = 0; i < count; i += 8) out += static_cast<char>(bits >> i & 255);
    out += piece;
    first = false;
  }
  out += first ? '\x06' : '\x03';
  return out;
}

void ExpectWhole(const DecodedContent& content, const std::string& page) {
  EXPECT_EQ(content.problem, "");
  EXPECT_TRUE(content.bytes == page) << content.bytes.size() << " bytes instead of " << page.size();
}

TEST(ContentCoding, EachCoding) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{100}, size_t{40000}, size_t{3} << 20}) {
    SCOPED_TRACE(size);
    const std::string page = size < 13 ? std::string(size, 'a') : Page(size);
    ExpectWhole(DecodeContent(Deflate(page, kGzip, 1), "gzip"), page);
    ExpectWhole(DecodeContent(Deflate(page, kGzip, 1), " X-GZip "), page);
    ExpectWhole(DecodeContent(Deflate(page, kZlib, 1), "deflate"), page);
    ExpectWhole(DecodeContent(Deflate(page, kRaw, 1), "deflate"), page);
    ExpectWhole(DecodeContent(StoredBrotli(page), "br"), page);
    ExpectWhole(DecodeContent(page, "identity"), page);
    ExpectWhole(DecodeContent(page, ""), page);
  }
}

TEST(ContentCoding, LargerThanWhatIsDecodedAtOnce) {
  const std::string page(size_t{17} << 20, 'x');
  ExpectWhole(DecodeContent(Deflate(page, kGzip, 1), "gzip"), page);
}

TEST(ContentCoding, CompressedBrotli) {
  std::string page = "<html><body>";
  for (int i = 0; i < 20; ++i) page += "<p>\u5173\u4e8e\u5370\u53d1\u901a\u77e5\u7684\u51fd</p>";
  page += "</body></html>";
  const auto brotli = FromHex(
      "1b8502e09d07768c0c75d189d1b5a2bc78ce1de3c0e59aeed6850639e17c5e60030e5c4a6cc14126866103ce20"
      "ae75bf67b025ac6d694ee29f60c10bdb3d00");
  ASSERT_TRUE(brotli);
  ExpectWhole(DecodeContent(*brotli, "br"), page);
  for (size_t part = 3; part < brotli->size(); ++part) {  // two bytes could be text
    const DecodedContent content = DecodeContent(std::string_view(*brotli).substr(0, part), "br");
    EXPECT_EQ(content.bytes, page.substr(0, content.bytes.size()));
    EXPECT_NE(content.problem, "") << part;
  }
}

TEST(ContentCoding, SeveralInOrder) {
  const std::string page = Page(5000);
  ExpectWhole(DecodeContent(Deflate(Deflate(page, kZlib), kGzip), "deflate, gzip"), page);
  ExpectWhole(DecodeContent(Deflate(StoredBrotli(page), kGzip), "br,,identity, gzip,"), page);
  EXPECT_NE(DecodeContent(page, "gzip,gzip,gzip,gzip,gzip,gzip,gzip").problem, "");
}

TEST(ContentCoding, SeveralMembersAndWhatFollows) {
  const std::string page = Page(3000);
  const std::string gzip = Deflate(page, kGzip);
  ExpectWhole(DecodeContent(gzip + gzip + gzip, "gzip"), page + page + page);
  ExpectWhole(DecodeContent(gzip + std::string(512, '\0'), "gzip"), page);
  const DecodedContent content = DecodeContent(gzip + "<!-- cached -->", "gzip");
  EXPECT_TRUE(content.bytes == page);
  EXPECT_EQ(content.problem, "gzip: 15 bytes after the end ignored");
  const DecodedContent second = DecodeContent(gzip + gzip.substr(0, 100), "gzip");
  EXPECT_TRUE(second.bytes.size() > page.size() && second.bytes.substr(0, page.size()) == page);
  EXPECT_NE(second.problem, "");
}

TEST(ContentCoding, KeepsWhatCameBeforeTheCut) {
  const std::string page = Page(60000);
  for (const Window window : {kGzip, kZlib, kRaw}) {
    SCOPED_TRACE(window);
    const std::string whole = Deflate(page, window);
    for (const size_t part : {whole.size() / 2, whole.size() - 1}) {
      const DecodedContent content = DecodeContent(whole.substr(0, part), window == kGzip ? "gzip" : "deflate");
      EXPECT_EQ(content.problem, std::string(window == kGzip ? "gzip" : "deflate") + ": cut off after " + std::to_string(part) + " bytes");
      EXPECT_GT(content.bytes.size(), page.size() / 3);
      EXPECT_EQ(content.bytes, page.substr(0, content.bytes.size()));
    }
  }
  const std::string brotli = StoredBrotli(page);
  const DecodedContent content = DecodeContent(brotli.substr(0, 30000), "br");
  EXPECT_EQ(content.problem, "br: cut off after 30000 bytes");
  EXPECT_GT(content.bytes.size(), 29000u);
  EXPECT_EQ(content.bytes, page.substr(0, content.bytes.size()));
}

TEST(ContentCoding, KeepsWhatCameBeforeTheDamage) {
  const std::string page = Page(60000);
  std::string gzip = Deflate(page, kGzip);
  gzip[gzip.size() / 2] = static_cast<char>(gzip[gzip.size() / 2] ^ 0xFF);
  DecodedContent content = DecodeContent(gzip, "gzip");
  EXPECT_NE(content.problem.find("gzip: "), std::string::npos);
  EXPECT_GT(content.bytes.size(), 20000u);
  EXPECT_EQ(content.bytes.substr(0, 20000), page.substr(0, 20000));
  // A wrong checksum: all is there, and the problem is named.
  gzip = Deflate(page, kGzip);
  gzip[gzip.size() - 6] = static_cast<char>(gzip[gzip.size() - 6] ^ 1);
  content = DecodeContent(gzip, "gzip");
  EXPECT_TRUE(content.bytes == page);
  EXPECT_EQ(content.problem.find("gzip: incorrect data check at byte"), 0u);
  // The second meta-block's header is broken; the first one's bytes stay.
  std::string brotli = StoredBrotli(Page(150000));
  brotli[3 + 65536] = '\xFF';
  brotli[3 + 65537] = '\xFF';
  brotli[3 + 65538] = '\xFF';
  content = DecodeContent(brotli, "br");
  EXPECT_EQ(content.problem.find("br: data error at byte 6553"), 0u) << content.problem;
  EXPECT_EQ(content.bytes, Page(150000).substr(0, 65536));
}

TEST(ContentCoding, BodiesThatAreNotCodedComeBackAsTheyAre) {
  const std::string pdf = std::string("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n\x00\x01\x02", 19);
  for (const std::string& body : {std::string("<!DOCTYPE html><html>\xD6\xD0\xB9\xFA</html>"), std::string("{\"a\": 1}"), std::string("\r\n\r\n<html>"),
                                  std::string("  plain text"), std::string("\xEF\xBB\xBF<html>"), std::string(";"), std::string("x"), pdf}) {
    for (const char* coding : {"gzip", "deflate", "br"}) {
      SCOPED_TRACE(coding);
      ExpectWhole(DecodeContent(body, coding), body);
    }
  }
  // Labelled as another coding than it has.
  const std::string page = Page(1000);
  ExpectWhole(DecodeContent(Deflate(page, kGzip), "deflate"), page);
  ExpectWhole(DecodeContent(Deflate(page, kGzip), "br"), page);
}

TEST(ContentCoding, EmptyBodiesAndUnknownCodings) {
  for (const char* coding : {"gzip", "deflate", "br", "zstd", "gzip, br"}) ExpectWhole(DecodeContent("", coding), "");
  const DecodedContent content = DecodeContent("\x28\xB5\x2F\xFD", "zstd");
  EXPECT_EQ(content.bytes, "\x28\xB5\x2F\xFD");
  EXPECT_EQ(content.problem, "unknown content coding \"zstd\"");
}

TEST(ContentCoding, NeverExpandsPastTheLimit) {
  const std::string zeros(8 << 20, '\0');
  for (const Window window : {kGzip, kZlib, kRaw}) {
    const std::string bomb = Deflate(zeros, window, 9);
    for (const uint64_t limit : {uint64_t{0}, uint64_t{1}, uint64_t{1} << 20}) {
      const DecodedContent content = DecodeContent(bomb, window == kGzip ? "gzip" : "deflate", limit);
      EXPECT_EQ(content.bytes.size(), limit);
      EXPECT_NE(content.problem.find("larger than"), std::string::npos) << content.problem;
    }
    ExpectWhole(DecodeContent(bomb, window == kGzip ? "gzip" : "deflate", zeros.size()), zeros);
  }
  EXPECT_EQ(DecodeContent(StoredBrotli(zeros), "br", 1000).bytes.size(), 1000u);
  EXPECT_EQ(DecodeContent(StoredBrotli(zeros), "br", 1000).problem, "br: larger than 1000 B");
  EXPECT_EQ(DecodeContent("abc", "", 2).bytes, "ab");
  // Nor is more copied of what is not decoded at all.
  for (const char* coding : {"gzip", "br", "deflate", "zstd", "gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip"}) {
    EXPECT_EQ(DecodeContent("abc", coding, 2).bytes, "ab") << coding;
    EXPECT_FALSE(DecodeContent("abc", coding, 2).problem.empty()) << coding;
  }
  // Many members of nothing.
  std::string members;
  while (members.size() < 1 << 20) members += Deflate("", kGzip);
  ExpectWhole(DecodeContent(members, "gzip"), "");
  // The same, and the last bytes promise 16 MiB for each.
  const fangzhi::testing::CpuTime time;
  EXPECT_EQ(DecodeContent(members + std::string("\0\0\0\1", 4), "gzip").bytes, "");
  EXPECT_LT(time.Seconds(), 5);
  // A trailer that lies about the size.
  std::string liar = Deflate("abc", kGzip);
  liar.replace(liar.size() - 4, 4, "\xFF\xFF\xFF\xFF");
  EXPECT_EQ(DecodeContent(liar, "gzip").bytes, "abc");
}

TEST(ContentCoding, RandomBytesNeverHarm) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string sources[] = {Deflate(Page(2000), kGzip), Deflate(Page(2000), kZlib), Deflate(Page(2000), kRaw), StoredBrotli(Page(2000))};
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = sources[random() % 4];
    for (unsigned flips = random() % 5; flips > 0; --flips) bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes.resize(random() % (bytes.size() + 1));
    for (const char* coding : {"gzip", "deflate", "br", "br, gzip"}) {
      EXPECT_LE(DecodeContent(bytes, coding, 1 << 16).bytes.size(), uint64_t{1} << 16);
    }
  }
}

}  // namespace
}  // namespace fangzhi::http
