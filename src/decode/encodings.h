// The decoders and encoders, one function an encoding; decode.cc chooses between them. Inside the station only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decode.h"

namespace fangzhi::decode {

using Unmappable = std::string (*)(char32_t);

// UTF-8 text written into a string that grows ahead of the writer, so that the decoders' loops need one comparison a character.
class Utf8Writer {
 public:
  explicit Utf8Writer(size_t expected_bytes) { out_.resize(expected_bytes + 64); }
  // Room for one more character and for eight bytes of ASCII.
  void Reserve() {
    if (out_.size() - used_ < 16) out_.resize(out_.size() + out_.size() / 2 + 64);
  }
  void Ascii(char c) { out_[used_++] = c; }
  void AsciiRun(const char* bytes, size_t count);  // any length
  void Put(char32_t c);
  std::string Take() {
    out_.resize(used_);
    return std::move(out_);
  }

 private:
  std::string out_;
  size_t used_ = 0;
};

// Length of the ASCII run at `at`.
size_t AsciiRunLength(std::string_view bytes, size_t at);

// Also GBK: the standard has one decoder for both. `four_byte` is set when a character of four bytes was met.
StrictResult DecodeGb18030(std::string_view bytes, bool* four_byte = nullptr);
StrictResult DecodeBig5(std::string_view bytes);
StrictResult DecodeUtf16(std::string_view bytes, bool big_endian);
StrictResult DecodeHz(std::string_view bytes);
StrictResult DecodeIso2022Cn(std::string_view bytes);
std::optional<std::string> EncodeGb18030(std::string_view utf8, bool gbk, Unmappable unmappable);
// `wide` also uses the pairs below A140, which the standard's encoder avoids.
std::optional<std::string> EncodeBig5(std::string_view utf8, bool wide, Unmappable unmappable);

// The 128 characters of the upper half of a single-byte encoding; nullptr for another encoding. U+FFFD where there is none.
const char32_t* SingleByteTable(std::string_view name);
StrictResult DecodeSingleByte(std::string_view bytes, const char32_t* upper_half);
std::optional<std::string> EncodeSingleByte(std::string_view utf8, const char32_t* upper_half, Unmappable unmappable);

// Encodings that the C library converts: names of the standard (EUC-JP, EUC-KR, Shift_JIS, ISO-2022-JP), and EUC-TW. nullptr otherwise.
const char* IconvName(std::string_view name);
StrictResult DecodeByIconv(std::string_view bytes, const char* iconv_name);
std::optional<std::string> EncodeByIconv(std::string_view utf8, const char* iconv_name, Unmappable unmappable);

// One character by the C library: what a table is made from. 0 when the bytes are no character.
class IconvCharacters {
 public:
  explicit IconvCharacters(const char* encoding);
  ~IconvCharacters();
  IconvCharacters(const IconvCharacters&) = delete;
  IconvCharacters& operator=(const IconvCharacters&) = delete;
  char32_t Decode(std::string_view bytes);

 private:
  void* descriptor_;
};

// --- labels in the document (HTML Standard, 13.2.3.2) ---
struct ByteOrderMark {
  std::string_view encoding;  // empty where there is none
  size_t length = 0;
};
ByteOrderMark FindByteOrderMark(std::string_view bytes);
// The charset parameter of a Content-Type value, without quotes; empty where there is none.
std::string CharsetParameter(std::string_view content_type);
// "Prescan a byte stream to determine its encoding" over the first `limit` bytes, <?xml encoding?> included: the label as it is
// written, and the encoding that the algorithm settles on. Labels that name no encoding are passed over, as the standard has it.
struct Prescan {
  std::string label;
  std::optional<std::string_view> encoding;
};
Prescan PrescanMeta(std::string_view bytes);

}  // namespace fangzhi::decode
