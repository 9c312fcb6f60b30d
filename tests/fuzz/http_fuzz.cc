// http/ on any bytes. The first byte chooses the content coding; the rest is head, field value and body at once.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/http.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fangzhi;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);

  static constexpr std::string_view kCodings[] = {"gzip", "deflate", "br", "gzip, br", "deflate, gzip", "identity", "x"};
  constexpr uint64_t kLimit = uint64_t{1} << 20;
  const auto content = http::DecodeContent(bytes, kCodings[data[0] % std::size(kCodings)], kLimit);
  // A body that is not coded comes back as it is.
  if (content.bytes.size() > kLimit && content.bytes.size() > bytes.size()) std::abort();

  const auto head = http::ParseResponseHead(bytes);
  if (head && (head->status < 100 || head->status > 999)) std::abort();
  const size_t length = http::HeadLength(bytes);
  if (length != std::string_view::npos && length > bytes.size()) std::abort();
  const std::string archived = http::RewriteHeadForArchive(bytes, 7);
  if (archived != bytes) {
    // Rewriting is done once: then there is no transfer coding left.
    if (http::RewriteHeadForArchive(archived, 7) != archived) std::abort();
  }
  const auto whole = http::RemoveChunkedCoding(bytes);
  if (whole && whole->size() > bytes.size()) std::abort();
  const auto wait = http::ParseRetryAfter(bytes, UtcTime{});
  if (wait && wait->count() < 0) std::abort();
  const auto type = http::ParseContentType(bytes);
  if (type.essence.empty() && !type.charset.empty()) std::abort();
  return 0;
}
