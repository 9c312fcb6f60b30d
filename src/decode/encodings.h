// The decoders and encoders, one pair an encoding; others.cc chooses between them. Inside the station only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decode.h"
#include "text/text.h"

namespace fangzhi::decode {

using Unmappable = std::string (*)(char32_t);

// --- decoding ---

// Where a decoder stands: bytes to read, and memory to write to. No encoding makes more than three bytes of UTF-8 from one byte, so a
// decoder writes without asking for room: the caller gives it three times the input and kSlack, which wide stores may touch.
struct Cursor {
  const unsigned char* in;
  const unsigned char* end;
  char* to;
  bool last;  // no bytes come after `end`: what is unfinished there is an error

  size_t left() const { return static_cast<size_t>(end - in); }
  void Put(char32_t c);
};
inline constexpr size_t kSlack = 64;

// What an undecodable sequence becomes.
inline constexpr char32_t kBad = text::kReplacement;

inline unsigned Byte(std::string_view bytes, size_t at) { return static_cast<unsigned char>(bytes[at]); }

// One document's decoder. It may be given the document in pieces of any size.
class Decoder {
 public:
  virtual ~Decoder() = default;
  // Reads on until the end of `cursor`. Without `last`, up to three bytes of an unfinished sequence may be left unread: the next piece
  // begins with them.
  virtual void Run(Cursor& cursor) = 0;
  size_t errors = 0;       // undecodable sequences so far
  bool four_byte = false;  // gb18030: a character of four bytes was met
};
// nullptr for a name that is not known.
std::unique_ptr<Decoder> MakeDecoder(std::string_view encoding);
// Decodes `bytes` and appends the text to `out`; gives the bytes that were taken.
size_t DecodePiece(Decoder& decoder, std::string_view bytes, bool last, std::string& out);

inline void Cursor::Put(char32_t c) {
  if (c < 0x80) {
    *to++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *to++ = static_cast<char>(0xC0 | (c >> 6));
    *to++ = static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *to++ = static_cast<char>(0xE0 | (c >> 12));
    *to++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    *to++ = static_cast<char>(0x80 | (c & 0x3F));
  } else {
    *to++ = static_cast<char>(0xF0 | (c >> 18));
    *to++ = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    *to++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    *to++ = static_cast<char>(0x80 | (c & 0x3F));
  }
}

// Copies the run of ASCII at `cursor`.
inline void CopyAscii(Cursor& cursor) {
  while (cursor.left() >= 8) {
    uint64_t word;
    std::memcpy(&word, cursor.in, 8);
    const uint64_t high = word & 0x8080808080808080ULL;
    std::memcpy(cursor.to, &word, 8);
    const size_t count = high == 0 ? 8 : static_cast<size_t>(__builtin_ctzll(high)) / 8;
    cursor.in += count;
    cursor.to += count;
    if (high != 0) return;
  }
  while (cursor.in < cursor.end && *cursor.in < 0x80) *cursor.to++ = static_cast<char>(*cursor.in++);
}

// Characters of two bytes, ready in UTF-8: what almost all text in the multi-byte encodings consists of.
class PairTable {
 public:
  PairTable() : packed_(size_t{128} << 8, 0) {}
  // `c` above U+07FF or of two bytes in UTF-8. Later entries replace earlier ones.
  void Set(unsigned lead, unsigned trail, char32_t c) {
    std::string utf8;
    text::AppendUtf8(utf8, c);
    uint32_t word = 0;
    std::memcpy(&word, utf8.data(), utf8.size());
    packed_[((lead & 0x7F) << 8) | trail] = word;
  }
  // Reads pairs as long as they follow each other.
  void Run(Cursor& cursor) const {
    const unsigned char* in = cursor.in;
    char* to = cursor.to;
    while (cursor.end - in >= 2 && *in >= 0x80) {
      const uint32_t word = packed_[(static_cast<size_t>(in[0] & 0x7F) << 8) | in[1]];
      if (word == 0) break;
      std::memcpy(to, &word, 4);
      to += 2 + (word > 0xFFFF ? 1 : 0) + (word > 0xFFFFFF ? 1 : 0);
      in += 2;
    }
    cursor.in = in;
    cursor.to = to;
  }

 private:
  std::vector<uint32_t> packed_;  // by lead and trail; the bytes of the character in memory order, 0 where there is none
};

// The loop of every encoding of pairs. `other` reads one sequence that is neither ASCII nor in the table, and says false when it is
// unfinished and more bytes will come.
template <typename Other>
void RunPairs(Cursor& cursor, const PairTable& table, Other other) {
  while (true) {
    CopyAscii(cursor);
    table.Run(cursor);
    if (cursor.in >= cursor.end) return;
    if (*cursor.in >= 0x80 && !other()) return;
  }
}

std::unique_ptr<Decoder> MakeGb18030Decoder();  // also GBK: the standard has one decoder for both
std::unique_ptr<Decoder> MakeBig5Decoder();
std::unique_ptr<Decoder> MakeEucTwDecoder();
std::unique_ptr<Decoder> MakeEucJpDecoder();
std::unique_ptr<Decoder> MakeShiftJisDecoder();
std::unique_ptr<Decoder> MakeIso2022JpDecoder();
std::unique_ptr<Decoder> MakeEucKrDecoder();
std::unique_ptr<Decoder> MakeHzDecoder();
std::unique_ptr<Decoder> MakeIso2022CnDecoder();

// The 128 characters of the upper half of a single-byte encoding; nullptr for another encoding. U+FFFD where there is none.
const char32_t* SingleByteTable(std::string_view name);

// Length of the ASCII run at `at`; of the well-formed UTF-8 at `at`.
size_t AsciiRunLength(std::string_view bytes, size_t at);
size_t ValidUtf8Length(std::string_view bytes, size_t at);

// --- encoding ---

// Encodes character by character: `encode(c)` appends the bytes of `c` or says that there are none.
template <typename EncodeOne>
std::optional<std::string> EncodeEach(std::string_view utf8, Unmappable unmappable, EncodeOne encode) {
  std::string out;
  out.reserve(utf8.size());
  for (size_t at = 0; at < utf8.size();) {
    const char32_t c = text::DecodeUtf8(utf8, at);
    if (encode(c, out)) continue;
    if (unmappable == nullptr) return std::nullopt;
    out += unmappable(c);
  }
  return out;
}
inline void AppendPair(std::string& out, uint16_t pair) {
  out.push_back(static_cast<char>(pair >> 8));
  out.push_back(static_cast<char>(pair & 0xFF));
}

std::optional<std::string> EncodeGb18030(std::string_view utf8, bool gbk, Unmappable unmappable);
// `wide` also uses the pairs below A140, which the standard's encoder avoids.
std::optional<std::string> EncodeBig5(std::string_view utf8, bool wide, Unmappable unmappable);
std::optional<std::string> EncodeEucTw(std::string_view utf8, Unmappable unmappable);
std::optional<std::string> EncodeEucJp(std::string_view utf8, Unmappable unmappable);
std::optional<std::string> EncodeShiftJis(std::string_view utf8, Unmappable unmappable);
std::optional<std::string> EncodeIso2022Jp(std::string_view utf8, Unmappable unmappable);
std::optional<std::string> EncodeEucKr(std::string_view utf8, Unmappable unmappable);

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
