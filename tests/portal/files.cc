#include "files.h"

#include <algorithm>
#include <array>
#include <vector>

#include "random.h"

namespace fangzhi::portal {
namespace {

std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) ? 0xEDB88320U ^ (value >> 1) : value >> 1;
    table[i] = value;
  }
  return table;
}

uint32_t Crc32(std::string_view data) {
  static const std::array<uint32_t, 256> table = MakeCrcTable();
  uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : data) crc = table[(crc ^ static_cast<uint8_t>(byte)) & 0xFF] ^ (crc >> 8);
  return crc ^ 0xFFFFFFFFU;
}

void AppendLittle(uint32_t value, std::string* out) {
  for (int i = 0; i < 4; ++i) *out += static_cast<char>(value >> (8 * i) & 0xFF);
}

void AppendBig(uint32_t value, std::string* out) {
  for (int i = 3; i >= 0; --i) *out += static_cast<char>(value >> (8 * i) & 0xFF);
}

class BitWriter {
 public:
  explicit BitWriter(std::string* out) : out_(out) {}
  // Least significant bit first, as DEFLATE wants everything but Huffman codes.
  void Bits(uint32_t value, int count) {
    held_ |= static_cast<uint64_t>(value) << filled_;
    filled_ += count;
    while (filled_ >= 8) {
      *out_ += static_cast<char>(held_ & 0xFF);
      held_ >>= 8;
      filled_ -= 8;
    }
  }
  void Code(uint32_t code, int count) {
    uint32_t reversed = 0;
    for (int i = 0; i < count; ++i) reversed |= (code >> i & 1) << (count - 1 - i);
    Bits(reversed, count);
  }
  void LiteralOrLength(uint32_t symbol) {
    if (symbol < 144) {
      Code(0x30 + symbol, 8);
    } else if (symbol < 256) {
      Code(0x190 + symbol - 144, 9);
    } else if (symbol < 280) {
      Code(symbol - 256, 7);
    } else {
      Code(0xC0 + symbol - 280, 8);
    }
  }
  void Match(uint32_t length, uint32_t distance) {
    static constexpr uint16_t kLengths[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                            31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
    static constexpr uint16_t kDistances[] = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                              33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                              1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    const auto length_at = static_cast<uint32_t>(
        std::upper_bound(std::begin(kLengths), std::end(kLengths), length) - std::begin(kLengths) - 1);
    LiteralOrLength(257 + length_at);
    Bits(length - kLengths[length_at],
         length_at < 8 || length_at == 28 ? 0 : static_cast<int>(length_at / 4 - 1));
    const auto distance_at =
        static_cast<uint32_t>(std::upper_bound(std::begin(kDistances), std::end(kDistances), distance) -
                              std::begin(kDistances) - 1);
    Code(distance_at, 5);
    Bits(distance - kDistances[distance_at], distance_at < 4 ? 0 : static_cast<int>(distance_at / 2 - 1));
  }
  void Finish() { Bits(0, (8 - filled_) % 8); }

 private:
  std::string* out_;
  uint64_t held_ = 0;
  int filled_ = 0;
};

constexpr std::string_view kGzipHead("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);

}  // namespace

std::string Gzip(std::string_view data) {
  std::string out(kGzipHead);
  out.reserve(data.size() / 2 + 64);
  BitWriter bits(&out);
  bits.Bits(1, 1);
  bits.Bits(1, 2);
  std::vector<int32_t> last(1 << 14, -1);
  size_t at = 0;
  while (at < data.size()) {
    uint32_t length = 0;
    uint32_t distance = 0;
    if (at + 4 <= data.size()) {
      const uint32_t word = static_cast<uint8_t>(data[at]) |
                            static_cast<uint32_t>(static_cast<uint8_t>(data[at + 1])) << 8 |
                            static_cast<uint32_t>(static_cast<uint8_t>(data[at + 2])) << 16 |
                            static_cast<uint32_t>(static_cast<uint8_t>(data[at + 3])) << 24;
      int32_t& slot = last[word * 2654435761U >> 18];
      if (slot >= 0 && at - static_cast<size_t>(slot) <= 32768) {
        const auto from = static_cast<size_t>(slot);
        const size_t limit = std::min<size_t>(258, data.size() - at);
        while (length < limit && data[from + length] == data[at + length]) ++length;
        distance = static_cast<uint32_t>(at - from);
      }
      slot = static_cast<int32_t>(at);
    }
    if (length >= 4) {
      bits.Match(length, distance);
      at += length;
    } else {
      bits.LiteralOrLength(static_cast<uint8_t>(data[at++]));
    }
  }
  bits.LiteralOrLength(256);
  bits.Finish();
  AppendLittle(Crc32(data), &out);
  AppendLittle(static_cast<uint32_t>(data.size()), &out);
  return out;
}

std::string GzipBomb(uint64_t size) {
  std::string out(kGzipHead);
  BitWriter bits(&out);
  bits.Bits(1, 1);
  bits.Bits(1, 2);
  bits.LiteralOrLength(0);
  for (uint64_t made = 1; made + 258 <= size; made += 258) bits.Match(258, 1);
  bits.LiteralOrLength(256);
  bits.Finish();
  // The check sum is wrong on purpose: a reader that gets this far has read too much already.
  AppendLittle(0, &out);
  AppendLittle(static_cast<uint32_t>(size), &out);
  return out;
}

std::string MakePdf(uint64_t hash) {
  std::string pdf = "%PDF-1.4\n";
  std::vector<size_t> offsets;
  const auto object = [&](const std::string& content) {
    offsets.push_back(pdf.size());
    pdf += std::to_string(offsets.size()) + " 0 obj\n" + content + "\nendobj\n";
  };
  std::string stream = "BT /F1 12 Tf 72 720 Td (Attachment " + std::to_string(hash % 1000000) + ") Tj ET\n";
  Random random(hash);
  for (int i = random.Between(20, 200); i > 0; --i) stream += "% " + std::to_string(random.Next()) + "\n";
  object("<< /Type /Catalog /Pages 2 0 R >>");
  object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  object(
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R "
      ">> >> >>");
  object("<< /Length " + std::to_string(stream.size()) + " >>\nstream\n" + stream + "endstream");
  object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
  const size_t table = pdf.size();
  pdf += "xref\n0 6\n0000000000 65535 f \n";
  for (const size_t offset : offsets) {
    const std::string digits = std::to_string(offset);
    pdf += std::string(10 - digits.size(), '0') + digits + " 00000 n \n";
  }
  return pdf + "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
}

std::string MakeDoc(uint64_t hash) {
  std::string doc("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
  Random random(hash);
  for (int i = random.Between(500, 1500); i > 0; --i) {
    AppendLittle(static_cast<uint32_t>(random.Next()), &doc);
    AppendLittle(0, &doc);
  }
  return doc;
}

std::string MakePng(uint64_t hash) {
  constexpr int kSide = 32;
  Random random(hash);
  std::string pixels;
  for (int y = 0; y < kSide; ++y) {
    pixels += '\0';
    for (int x = 0; x < kSide; ++x) pixels += static_cast<char>(random.Below(4) * 60);
  }
  uint32_t a = 1, b = 0;
  for (const char byte : pixels) {
    a = (a + static_cast<uint8_t>(byte)) % 65521;
    b = (b + a) % 65521;
  }
  std::string data("\x78\x01\x01", 3);
  const auto size = static_cast<uint16_t>(pixels.size());
  for (const uint16_t part : {size, static_cast<uint16_t>(~size)}) {
    data += static_cast<char>(part & 0xFF);
    data += static_cast<char>(part >> 8);
  }
  data += pixels;
  AppendBig(b << 16 | a, &data);
  std::string png("\x89PNG\r\n\x1a\n", 8);
  const auto chunk = [&png](std::string_view type, std::string_view content) {
    AppendBig(static_cast<uint32_t>(content.size()), &png);
    std::string body(type);
    body += content;
    png += body;
    AppendBig(Crc32(body), &png);
  };
  std::string header;
  AppendBig(kSide, &header);
  AppendBig(kSide, &header);
  header += std::string("\x08\x00\x00\x00\x00", 5);
  chunk("IHDR", header);
  chunk("IDAT", data);
  chunk("IEND", "");
  return png;
}

}  // namespace fangzhi::portal
