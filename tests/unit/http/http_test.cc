#include "http/http.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "base/strings.h"
#include "support/corpus.h"
#include "support/cpu_time.h"

namespace fangzhi::http {
namespace {

using std::chrono::seconds;

TEST(ResponseHead, ReadsStatusLineAndFields) {
  const auto head = ParseResponseHead("HTTP/1.1 404 Not  Found\r\nServer: a\r\nset-cookie: x=1\r\nSet-Cookie:\ty=2 \r\nEmpty:\r\n\r\nServer: body\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->version, "HTTP/1.1");
  EXPECT_EQ(head->status, 404);
  EXPECT_EQ(head->reason, "Not  Found");
  EXPECT_EQ(head->fields.Get("SERVER"), "a");
  EXPECT_EQ(head->fields.GetAll("Set-Cookie"), "x=1, y=2");
  EXPECT_EQ(head->fields.Get("Empty"), "");
  EXPECT_EQ(head->fields.Get("Absent"), std::nullopt);
  EXPECT_EQ(head->fields.GetAll("Absent"), "");
  EXPECT_EQ(head->fields.list().size(), 4u);
}

TEST(ResponseHead, ToleratesWhatBrowsersTolerate) {
  const auto head = ParseResponseHead("\r\nhttp/1.0 200\nA : 1\nB: one\n two\r\n\tthree\nno field\n: no name\nC: a\rb\nD: \xB0\xA1\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->reason, "");
  EXPECT_EQ(head->fields.Get("A"), "1");
  EXPECT_EQ(head->fields.Get("B"), "one two three");
  EXPECT_EQ(head->fields.Get("C"), "a b");
  EXPECT_EQ(head->fields.Get("D"), "\xB0\xA1");
  EXPECT_EQ(head->fields.list().size(), 4u);
  EXPECT_EQ(ParseResponseHead("HTTP/2 204")->status, 204);
  // Folding before any field.
  EXPECT_EQ(ParseResponseHead("HTTP/1.1 200 OK\r\n folded\r\nA: 1\r\n\r\n")->fields.list().size(), 1u);
}

TEST(ResponseHead, RefusesWhatHasNoStatusLine) {
  for (const char* text : {"", "\r\n\r\n", "<html>", "HTTP/1.1\r\n", "HTTP/1.1 OK\r\n", "HTTP/1.1 20\r\n", "HTTP/1.1 2000 x\r\n", "HTTP/1.1 099\r\n",
                           "GET / HTTP/1.1\r\n"}) {
    const auto head = ParseResponseHead(text);
    ASSERT_FALSE(head) << text;
    EXPECT_EQ(head.error().kind, ErrorKind::kInvalidInput);
  }
}

TEST(ResponseHead, LengthEndsPastTheBlankLine) {
  EXPECT_EQ(HeadLength("A\r\n\r\nbody\r\n\r\n"), 5u);
  EXPECT_EQ(HeadLength("A\n\nbody"), 3u);
  EXPECT_EQ(HeadLength("A\r\n\nbody"), 4u);
  EXPECT_EQ(HeadLength("A\nB\n\r\n"), 6u);
  EXPECT_EQ(HeadLength("A\r\n\r"), std::string_view::npos);
  EXPECT_EQ(HeadLength("A\r\nB\r\n"), std::string_view::npos);
  EXPECT_EQ(HeadLength(""), std::string_view::npos);
}

TEST(ArchivedHead, WithoutTransferCodingIsVerbatim) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nX:y\r\n\r\n";
  EXPECT_EQ(RewriteHeadForArchive(head, 5), head);
  EXPECT_EQ(RewriteHeadForArchive("", 5), "");
}

TEST(ArchivedHead, NamesTheTransferCodingAndStatesTheLength) {
  EXPECT_EQ(RewriteHeadForArchive("HTTP/1.1 200 OK\r\nServer: a\r\ntransfer-encoding:chunked\r\nContent-Encoding: gzip\r\n\r\n", 12),
            "HTTP/1.1 200 OK\r\nServer: a\r\nX-Crawler-transfer-encoding:chunked\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n");
  // An existing length is replaced, further ones go, folded lines go with theirs.
  EXPECT_EQ(RewriteHeadForArchive("HTTP/1.1 200 OK\nContent-length : 7\nTransfer-Encoding: a,\n chunked\nContent-Length: 8\n 9\nB: c\n\n", 3),
            "HTTP/1.1 200 OK\nContent-Length: 3\nX-Crawler-Transfer-Encoding: a,\n chunked\nB: c\n\n");
  // A head that was cut off.
  EXPECT_EQ(RewriteHeadForArchive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", 3),
            "HTTP/1.1 200 OK\r\nX-Crawler-Transfer-Encoding: chunked\r\nContent-Length: 3\r\n");
  // The values of other fields are not looked at.
  const std::string other = "HTTP/1.1 200 OK\r\nVary: Transfer-Encoding: x\r\n\r\n";
  EXPECT_EQ(RewriteHeadForArchive(other, 3), other);
}

TEST(ChunkedCoding, IsRemoved) {
  EXPECT_EQ(RemoveChunkedCoding("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: a\r\n\r\n"), "abc0123456789");
  EXPECT_EQ(RemoveChunkedCoding("3 \nabc\n0\n\n"), "abc");
  EXPECT_EQ(RemoveChunkedCoding("0\r\n\r\n"), "");
  for (const char* body : {"", "3\r\nab", "3\r\nabcd\r\n0\r\n", "x\r\n", "-1\r\nabc", "3\r\nabc\r\n", "FFFFFFFFFFFFFFFFFF\r\na", "FFFFFFFFFFFFFFFF\r\na"}) {
    EXPECT_EQ(RemoveChunkedCoding(body), std::nullopt) << body;
  }
}

TEST(RetryAfter, SecondsAndDates) {
  const UtcTime now = *ParseIso8601("2026-11-24T03:47:22.500Z");
  EXPECT_EQ(ParseRetryAfter("120", now), seconds(120));
  EXPECT_EQ(ParseRetryAfter(" 0 ", now), seconds(0));
  EXPECT_EQ(ParseRetryAfter("Tue, 24 Nov 2026 03:48:22 GMT", now), seconds(60));
  EXPECT_EQ(ParseRetryAfter("Tuesday, 24-Nov-26 03:48:22 GMT", now), seconds(60));
  EXPECT_EQ(ParseRetryAfter("Tue Nov 24 03:48:22 2026", now), seconds(60));
  EXPECT_EQ(ParseRetryAfter("Tue, 24 Nov 2020 03:48:22 GMT", now), seconds(0));
  // Larger than any integer: long, but a time can be computed from it.
  EXPECT_GT(ParseRetryAfter("99999999999999999999999999", now), seconds(365 * 24 * 3600));
  EXPECT_LT(*ParseRetryAfter("99999999999999999999999999", now), seconds(int64_t{200} * 366 * 24 * 3600));
  for (const char* bad : {"", "-1", "1.5", "soon", "120 s"}) EXPECT_EQ(ParseRetryAfter(bad, now), std::nullopt) << bad;
}

TEST(ContentTypes, EssenceAndCharset) {
  const auto check = [](std::string_view value, std::string_view essence, std::string_view charset) {
    const ContentType type = ParseContentType(value);
    EXPECT_EQ(type.essence, essence) << value;
    EXPECT_EQ(type.charset, charset) << value;
  };
  check("Text/HTML", "text/html", "");
  check(" text/html ;CharSet=\"GB2312\" x", "text/html", "GB2312");
  check("text/html;charset=utf-8;charset=gbk", "text/html", "utf-8");
  check("text/html;charset=;charset=gbk", "text/html", "gbk");
  check("text/html;charset=\"\"", "text/html", "");
  check("text/html;a=\"x;charset=gbk\"", "text/html", "");
  check("text/html;charset=\"a\\\"b", "text/html", "a\"b");
  check("text/html;charset=\"a\\", "text/html", "a\\");
  check("text/html;charset", "text/html", "");
  check("text/html;charset=", "text/html", "");
  check("text /html;charset=gbk", "", "");
  check("/html", "", "");
  check("text/", "", "");
  check("text", "", "");
  check("", "", "");
}

// The values of WPT's MIME type tests: valid or not, and the charset as they serialise it.
TEST(ContentTypes, Conformance) {
  std::ifstream file(test::Corpus() + "/conformance/http/content_type.jsonl");
  FANGZHI_NEEDS_CASES(file ? 1 : 0, "conformance/http/content_type.jsonl");
  size_t cases = 0;
  for (std::string line; std::getline(file, line);) {
    const auto expected = nlohmann::json::parse(line);
    SCOPED_TRACE(line);
    const ContentType type = ParseContentType(expected["input"].get<std::string>());
    EXPECT_EQ(!type.essence.empty(), expected["valid"].get<bool>());
    if (expected["serialized"].is_string()) {
      const std::string serialized = expected["serialized"];
      EXPECT_EQ(type.essence, serialized.substr(0, serialized.find(';')));
      const size_t at = serialized.find("charset=");
      std::string charset = at == std::string::npos ? "" : serialized.substr(at + 8);
      if (!charset.empty() && charset.front() == '"') charset = ReplaceAll(charset.substr(1, charset.size() - 2), "\\", "");
      EXPECT_EQ(type.charset, charset);
    }
    ++cases;
  }
  EXPECT_GT(cases, 10u);
}

// Heads of any size in time that grows with it.
TEST(ResponseHead, HostileHeadsTakeLinearTime) {
  const fangzhi::testing::CpuTime time;
  std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\nA: b\r\n";
  while (head.size() < 4 << 20) head += " f\r\n";
  EXPECT_EQ(ParseResponseHead(head)->fields.list().size(), 2u);
  RewriteHeadForArchive(head, 1);
  EXPECT_EQ(HeadLength(head), std::string_view::npos);
  ParseContentType("a/b" + std::string(4 << 20, ';'));
  ParseContentType("a/b;c=\"" + std::string(4 << 20, '\\'));
  std::string chunks;
  while (chunks.size() < 4 << 20) chunks += "1\r\na\r\n";
  EXPECT_EQ(RemoveChunkedCoding(chunks), std::nullopt);
  EXPECT_LT(time.Seconds(), 20);
}

}  // namespace
}  // namespace fangzhi::http
