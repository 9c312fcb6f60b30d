// fetch/: HTTP over libcurl, nothing else includes curl. One loop (curl multi) for hundreds of transfers; keep-alive; HTTP/1.1 only
// (a WARC of HTTP/2 is unsettled); redirects are not followed (each hop is a capture of its own); content codings are asked for
// but not removed. Addresses are checked after name resolution. Not thread-safe: one thread owns a Fetcher; only Wake may be called
// from others.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/http.h"
#include "model/capture.h"

namespace fangzhi::fetch {

struct FetchRequest {
  uint64_t id = 0;  // the caller's; comes back with the capture
  std::string url;
  std::string method = "GET";
  std::string body;                    // of a POST
  // Added to User-Agent, Accept, Accept-Language, Accept-Encoding: If-None-Match, Referer, …; one of the same name takes the
  // place of ours. A field that no head can hold (a line break, a name that is no token) is left out.
  std::vector<http::Field> fields;
  bool allow_private = false;
  // Not empty: the legacy TLS profile (old protocols, short keys, unsafe renegotiation, no verification), and why: the strict attempt's error.
  // It comes back as Capture::tls_problem.
  std::string tls_legacy_because;
  uint64_t max_body_bytes = limits::kMaxBodyBytes;
  std::chrono::milliseconds timeout{60000};          // whole exchange → Truncation::kTime or kTimeout
  std::chrono::milliseconds connect_timeout{15000};
  // Slower than this for so long ends the transfer as the timeout does. 0 = no limit.
  uint64_t min_bytes_per_second = 32;
  std::chrono::seconds slow_for{30};
};

struct FetchResult {
  uint64_t id = 0;
  model::Capture capture;
};

struct FetcherOptions {
  std::string user_agent;        // "Mozilla/5.0 (compatible; fangzhi/0.1; +contact)"
  int max_connections = 512;         // what is submitted beyond waits inside, its clock not yet running
  int max_connections_per_host = 0;  // 0: the caller's business
  // Bodies above small_body_bytes may have this many bytes together, what the caller still has of earlier ones (`held`, called by the thread that
  // polls) included. A transfer that would go beyond is paused, for a few minutes longer than its own timeout at most; the one that has been large for
  // the longest goes on as long as `held` is below. So memory is bounded by this, one body of the largest size, and small_body_bytes a connection,
  // however many servers send without end.
  uint64_t max_large_body_bytes = uint64_t{64} << 20;
  uint64_t small_body_bytes = uint64_t{1} << 20;
  std::function<uint64_t()> held = {};
};

class Fetcher {
 public:
  static Result<std::unique_ptr<Fetcher>> Create(FetcherOptions options, const Clock& clock);
  ~Fetcher();  // transfers under way are dropped

  // Starts a transfer. Never blocks. A URL that curl cannot take gives a result with kBadResponse at the next Poll.
  void Submit(FetchRequest request);
  // Runs transfers until one ends, Wake is called, or `wait` is over; returns all that ended.
  std::vector<FetchResult> Poll(std::chrono::milliseconds wait);
  // Ends everything under way with kCancelled (with what came so far).
  std::vector<FetchResult> CancelAll();
  size_t in_flight() const;
  void Wake();  // thread-safe

 private:
  struct Impl;
  explicit Fetcher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// True for loopback, private, link-local, multicast, documentation and other addresses that no public site lives at (IANA
// special-purpose registries), IPv4 or IPv6, IPv4 inside IPv6 included. True also for what is no address at all.
bool IsPrivateAddress(std::string_view address);

}  // namespace fangzhi::fetch
