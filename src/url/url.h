// url/: the WHATWG URL Standard (https://url.spec.whatwg.org/), the normal form under which a page is known,
// and SURT keys.
//
// Parse follows the standard step by step; our normal form (Canonical) is on top of it, each rule with a
// name. Nothing is ever percent-decoded and encoded again: GBK bytes in a path or query stay as they are.
// Pure and thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fangzhi::url {

// A URL record (WHATWG 4.1), special schemes and others. Value type.
struct Url {
  std::string scheme;  // lower case, without ':'
  std::string username, password;
  std::optional<std::string>
      host;                      // serialised: ASCII domain, dotted IPv4, [IPv6]; nullopt: the URL has none
  std::optional<uint16_t> port;  // nullopt when it is the scheme's default
  std::string path;              // serialised, with its leading '/' for hierarchical URLs
  bool opaque_path = false;
  std::optional<std::string> query;     // without '?'
  std::optional<std::string> fragment;  // without '#'

  std::string Href() const;                 // the serialised URL
  std::string HrefWithoutFragment() const;  // what is requested and archived
  std::string Origin() const;               // "http://host:port", lower case; "null" for opaque ones
  std::string HostPort() const;             // "host" or "host:port"
  std::string PathAndQuery() const;         // request target
  bool IsHttp() const { return scheme == "http" || scheme == "https"; }
};

// Encodes a query for a page that is not in UTF-8: takes UTF-8, returns the bytes of the page's encoding,
// with characters that it lacks as "&#NNNN;" (WHATWG 'percent-encode after encoding' uses "%26%23NNNN%3B";
// the parser does that percent-encoding). Called only for queries of http(s), ftp and file URLs that have
// characters past ASCII and are valid UTF-8.
using QueryEncoder = std::function<std::string(std::string_view utf8)>;

// The basic URL parser. `input` is UTF-8 (or raw bytes from an attribute). kInvalidInput with the standard's
// name of the failure ("domain-to-ASCII", "port-invalid"…) when the URL cannot be parsed: such a link is
// skipped, never guessed at. Bytes that are not UTF-8 (a Location header in GBK) are escaped as they are
// where the standard would have lost them. Linear in the input, whatever its length; the result is always
// printable ASCII.
Result<Url> Parse(std::string_view input, const Url* base = nullptr, const QueryEncoder& query_encoder = {});

// The name under which a page is known and archived: http(s) only, parsed as above, without fragment. Session
// ids (;jsessionid=…, ;WSID=…, /(S(…))/ in the path; jsessionid/phpsessid/aspsessionid/asp.net_sessionid/cfid/cftoken in the query) and
// tracking parameters (utm_*, spm, hmsr…, gclid…, isappinstalled and WeChat's from=timeline) are removed;
// nothing else. Idempotent. kUnsupported for other schemes, kLimit past limits::kMaxUrlBytes.
Result<Url> Canonical(std::string_view input, const Url* base = nullptr,
                      const QueryEncoder& query_encoder = {});
Url Canonical(Url url);

// The SURT key of an http(s) URL as surt.py, jwarc and Heritrix make it ("cn,gov,gansu)/a/1.htm"): for
// ordering and CDXJ, not identity.
std::string Surt(std::string_view url);

// The key of a POST: the URL with `__wb_method=POST` and the body appended to its query, as replay tools index it (IIPC, "CDX for non-GET
// requests"; pywb, warcio). A body that begins as JSON is flattened as there; any other is taken for an encoded form and stands as it is.
// `target` is absolute and without fragment.
std::string PostKey(std::string_view target, std::string_view body);
// The target of such a key; empty where the URL is none.
std::string PostTarget(std::string_view key);

// Host to ASCII (UTS #46, non-transitional, through ICU), IPv4 and IPv6 normalised: WHATWG host parser for
// special schemes.
Result<std::string> HostToAscii(std::string_view host);

// Percent-decodes bytes ("%D5%FE" → D5 FE); malformed sequences stay.
std::string PercentDecode(std::string_view text);
// For showing to people: escapes of characters past ASCII are decoded where the bytes are UTF-8 and the
// character is visible; all else stays, so that what is shown still parses to the same URL
// (but for the case of hexadecimal digits).
std::string Display(std::string_view url);

}  // namespace fangzhi::url
