// Every limit on what comes from outside, in one place, each with the reason for its number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fangzhi::limits {

// A body larger than this is cut and marked WARC-Truncated: length. Government PDFs of scanned gazettes reach 100 MB.
inline constexpr uint64_t kMaxBodyBytes = uint64_t{256} << 20;
// HTML above this is archived but not parsed in full: the largest honest list page seen is 4 MB.
inline constexpr size_t kMaxHtmlBytes = size_t{16} << 20;
// Response heads: browsers stop between 64 KiB and 256 KiB.
inline constexpr size_t kMaxHeadBytes = size_t{256} << 10;
// What a content coding may expand to where the body is read as text: four times the HTML that is parsed. Copies are made on the way to characters, so
// that a bomb of the body limit would cost a gigabyte.
inline constexpr uint64_t kMaxDecodedBytes = 4 * kMaxHtmlBytes;
// Open elements at once. Browsers cut at 512; Gumbo is quadratic in this number.
inline constexpr size_t kMaxHtmlDepth = 512;
// Nodes of one document: 40 times the largest page of the corpus.
inline constexpr size_t kMaxHtmlNodes = 2'000'000;
// Attributes of one element.
inline constexpr size_t kMaxAttributes = 512;
// A URL longer than this is not followed (IIS and most proxies refuse earlier).
inline constexpr size_t kMaxUrlBytes = 8192;
// Links of one page that are taken: a site map of the largest portals has about 10,000.
inline constexpr size_t kMaxLinks = 50'000;
// RFC 9309, 2.5 asks for at least 500 KiB.
inline constexpr size_t kMaxRobotsBytes = size_t{1} << 20;
// Redirects in a row of robots.txt (RFC 9309, 2.3.1.2: at least five) and of a probe.
inline constexpr int kMaxRedirects = 10;
// Those of a page, by its answer or by a meta refresh: what browsers follow (WHATWG Fetch, HTTP-redirect fetch, step 6).
inline constexpr uint32_t kMaxPageRedirects = 20;
// One line of a JSON Lines batch.
inline constexpr size_t kMaxJsonLineBytes = size_t{64} << 20;
// A configuration file.
inline constexpr uint64_t kMaxConfigBytes = uint64_t{4} << 20;

}  // namespace fangzhi::limits
