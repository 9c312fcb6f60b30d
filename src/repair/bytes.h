// Sixteen bytes of text at a time: most of a page is passed over by what its bytes are, and few pieces of it are read. Inside the station only.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fangzhi::repair {

typedef uint8_t Bytes __attribute__((vector_size(16)));  // of the compilers; any processor has it
typedef uint32_t Blocks __attribute__((vector_size(16)));
typedef uint64_t Halves __attribute__((vector_size(16)));

inline Bytes BytesAt(const char* at) {
  Bytes bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

template <typename Vector>
bool IsNone(Vector vector) {
  const auto halves = Halves(vector);
  return (halves[0] | halves[1]) == 0;
}

// Of what a comparison gave, the first byte that is set; one is.
template <typename Vector>
size_t FirstOf(Vector vector) {
  static_assert(std::endian::native == std::endian::little);
  const auto halves = Halves(vector);
  return static_cast<size_t>(halves[0] != 0 ? std::countr_zero(halves[0]) : 64 + std::countr_zero(halves[1])) / 8;
}

// Where the first byte from `at` on is of which `is` holds, asked of Bytes and of a byte; the text's size where there is none.
template <typename Is>
size_t FindByte(std::string_view text, size_t at, Is is) {
  for (; at + sizeof(Bytes) <= text.size(); at += sizeof(Bytes)) {
    const auto found = is(BytesAt(text.data() + at));
    if (!IsNone(found)) return at + FirstOf(found);
  }
  while (at < text.size() && !is(static_cast<uint8_t>(text[at]))) ++at;
  return at;
}

}  // namespace fangzhi::repair
