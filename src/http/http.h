// http/: HTTP/1.1 messages as bytes (RFC 9110, 9112): heads, fields, content codings, Retry-After. No network. Used by the
// fetcher (what came), the WARC reader (what was kept) and the pages' processing (what it means). Pure, thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"

namespace fangzhi::http {

struct Field {
  std::string name;   // as written
  std::string value;  // trimmed of optional white space; bytes, not necessarily UTF-8
};

// Fields in their order. Names compare without case.
class Fields {
 public:
  // The first value, nullopt where the field is absent.
  std::optional<std::string_view> Get(std::string_view name) const;
  // All values joined with ", " (RFC 9110, 5.3).
  std::string GetAll(std::string_view name) const;
  void Add(std::string name, std::string value) { list_.push_back({std::move(name), std::move(value)}); }
  const std::vector<Field>& list() const { return list_; }

 private:
  std::vector<Field> list_;
};

struct ResponseHead {
  std::string version;  // "HTTP/1.1"
  int status = 0;
  std::string reason;
  Fields fields;
};

// Reads a response head: status line, fields, blank line. Tolerant as browsers are: bare LF, obsolete folding, spaces before the
// colon. kInvalidInput when there is no status line.
Result<ResponseHead> ParseResponseHead(std::string_view head);

// Byte offset just past the blank line that ends a head, npos when there is none.
size_t HeadLength(std::string_view message);

// The head of an archived response whose transfer coding was removed: Transfer-Encoding is renamed X-Crawler-Transfer-Encoding and
// Content-Length states `payload_bytes`, all else verbatim (shared practice of StormCrawler and Common Crawl; the only form that
// passes every independent WARC reader). A head without Transfer-Encoding comes back as it is.
std::string RewriteHeadForArchive(std::string_view head, uint64_t payload_bytes);

// Removes the chunked transfer coding (RFC 9112, 7.1), bare LF tolerated; trailer fields are dropped. nullopt when the bytes are
// not whole, well-formed chunks.
std::optional<std::string> RemoveChunkedCoding(std::string_view body);

struct DecodedContent {
  std::string bytes;
  // Empty when all went well; else what was wrong ("gzip: data error at byte 4711", "br: larger than 256 MiB"). `bytes` then holds
  // what could be decoded before.
  std::string problem;
};
// Removes the content codings named by a Content-Encoding value (gzip, x-gzip, deflate in both its forms, br, identity; several in
// order), never expanding past `limit_bytes`. A body that is not coded although the header says so comes back as it is when it
// does not start like that coding. An unknown coding is a problem.
DecodedContent DecodeContent(std::string_view payload, std::string_view content_encoding,
                             uint64_t limit_bytes = limits::kMaxDecodedBytes);

// Retry-After (RFC 9110, 10.2.3): seconds or an HTTP-date, relative to `now`; never negative. nullopt when unreadable.
std::optional<std::chrono::seconds> ParseRetryAfter(std::string_view value, UtcTime now);

struct ContentType {
  std::string essence;  // "text/html", lower case; empty when unreadable
  std::string charset;  // as written, unquoted; empty when absent
};
// WHATWG MIME Sniffing, "parse a MIME type", as far as we need it.
ContentType ParseContentType(std::string_view value);

}  // namespace fangzhi::http
