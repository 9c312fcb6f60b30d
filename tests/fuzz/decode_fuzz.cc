// decode/ on any bytes: text is well-formed and no longer than the input allows, every decoder reads pieces as it reads the whole, and
// what an encoder writes is read back. The first byte chooses the labels, the second the size of the pieces.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "decode/decode.h"
#include "decode/encodings.h"
#include "text/text.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

constexpr std::string_view kEncodings[] = {"UTF-8",    "GBK",      "gb18030",    "Big5",        "EUC-TW", "EUC-JP",      "Shift_JIS", "ISO-2022-JP", "EUC-KR",
                                           "UTF-16LE", "UTF-16BE", "HZ-GB-2312", "ISO-2022-CN", "KOI8-R", "windows-1252", "replacement"};
constexpr std::string_view kTypes[] = {"", "text/html; charset=gb2312", "text/html; charset=\"utf-8\"", "text/html; charset=big5", "text/plain; charset=utf-16",
                                       "text/html; charset=iso-8859-1", "charset=shift_jis", "text/html; charset=replacement"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace fangzhi::decode;
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const size_t piece = 1 + data[1] % 31;

  const DecodedText decoded = Decode(bytes, {.content_type = kTypes[data[0] % std::size(kTypes)], .html = data[0] < 128});
  Require(fangzhi::text::IsValidUtf8(decoded.text));
  Require(decoded.text.size() <= 3 * bytes.size());
  Require(decoded.confidence >= 0 && decoded.confidence <= 1);
  Require(!decoded.charset.empty() && !decoded.basis.empty());

  for (const std::string_view name : kEncodings) {
    const StrictResult whole = DecodeAs(bytes, name);
    Require(fangzhi::text::IsValidUtf8(whole.text));
    const std::unique_ptr<Decoder> decoder = MakeDecoder(name);
    std::string text;
    size_t taken = 0;
    for (size_t have = 0; have < bytes.size();) {
      have = std::min(bytes.size(), have + piece);
      taken += DecodePiece(*decoder, bytes.substr(taken, have - taken), have == bytes.size(), text);
      Require(have - taken <= 3);
    }
    Require(text == whole.text && decoder->errors == whole.errors);
    const auto again = EncodeAs(whole.text, name, [](char32_t) { return std::string("?"); });
    Require(again.has_value());
  }
  return 0;
}
