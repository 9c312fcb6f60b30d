// Capture: one exchange with a server — a request and what came back, or why nothing did. Bytes are as received, but for the transfer
// coding (chunked), which is removed; content codings are kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace fangzhi::model {

// Every way a fetch can end. An HTTP status of any kind is kResponse: what it means is decided later.
enum class FetchOutcome {
  kResponse,           // a response head and a whole body
  kTruncated,          // a response, but the body is not whole: see Capture::truncation
  kDnsFailure,         // the name did not resolve
  kConnectFailure,     // refused or unreachable
  kTlsFailure,         // handshake or certificate
  kTimeout,            // nothing, or not enough, within the time allowed
  kReset,              // the connection broke before a response head was complete
  kBadResponse,        // something came that is not HTTP
  kAddressRefused,     // the name resolves to a private, loopback or link-local address and the site entry does not allow it
  kRobotsDenied,       // robots.txt disallows it: nothing was sent
  kRobotsUnreachable,  // robots.txt could not be had (RFC 9309, 2.3.1.4): nothing was sent
  kCancelled,          // stopped by the user while under way
};
std::string_view FetchOutcomeName(FetchOutcome outcome);  // "response", "dns_failure", …
bool ParseFetchOutcome(std::string_view name, FetchOutcome* outcome);
inline bool HasResponse(FetchOutcome o) { return o == FetchOutcome::kResponse || o == FetchOutcome::kTruncated; }

// WARC-Truncated (ISO 28500:2017, 5.15).
enum class Truncation { kNone, kLength, kTime, kDisconnect, kUnspecified };
std::string_view TruncationName(Truncation truncation);  // "length", …; "" for kNone

struct Capture {
  std::string url;          // target URI as requested, without fragment; of a POST that asks for a list, its key (url::PostKey)
  std::string target = {};  // the target URI where `url` is a key, else empty
  std::string method = "GET";
  UtcTime began{};          // when the request began: WARC-Date of all its records
  std::chrono::milliseconds duration{0};
  FetchOutcome outcome = FetchOutcome::kResponse;
  std::string error;        // in words, when there was no (whole) response; from libcurl or ours, one line
  Truncation truncation = Truncation::kNone;
  // Of an encrypted connection that was made. tls_problem: why the server's identity or its strength was not insisted on (the strict attempt's
  // error); empty: it was verified.
  std::string tls_version, tls_cipher, tls_problem;
  std::string remote_address;  // "203.0.113.7" or "2001:db8::1", empty when not connected
  std::string request_head;    // as sent, through its blank line
  std::string request_body;    // counters of some suites are POSTed
  std::string response_head;   // as received, through its blank line; only the final response (1xx are dropped)
  std::string payload;         // as received, without transfer coding, with content coding
  int status = 0;              // 0 without a response
};

}  // namespace fangzhi::model
