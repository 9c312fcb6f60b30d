#include "html/arena.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <new>

#include "base/strings.h"

namespace fangzhi::html {

size_t Arena::ClassOf(size_t size) {
  if (size <= kStep * kSmallClasses) return size == 0 ? 1 : (size + kStep - 1) / kStep;
  return kSmallClasses + static_cast<size_t>(std::bit_width(size - 1)) - 10;
}

size_t Arena::SizeOf(size_t size_class) {
  if (size_class <= kSmallClasses) return size_class * kStep;
  return size_t{1} << (size_class - kSmallClasses + 10);
}

namespace {

// A thread parses page after page: fresh chunks from the system would be zeroed and mapped again for each. This many bytes are kept.
constexpr size_t kKeptChunks = 4;

// A document that outlives its thread's storage (a static one) finds nothing to keep chunks in.
thread_local bool kept_is_gone = false;

struct KeptChunks {
  std::vector<void*> chunks;
  ~KeptChunks() {
    kept_is_gone = true;
    for (void* chunk : chunks) std::free(chunk);
  }
};
thread_local KeptChunks kept;

}  // namespace

void* Arena::NewChunk(size_t size) {
  used_ += size;
  void* chunk = nullptr;
  if (used_ <= budget_) {
    if (size == kChunkBytes && !kept_is_gone && !kept.chunks.empty()) {
      chunk = kept.chunks.back();
      kept.chunks.pop_back();
    } else {
      chunk = std::malloc(size);
    }
  }
  if (chunk == nullptr) {
    if (bail_out != nullptr) std::longjmp(*bail_out, 1);
    throw std::bad_alloc();
  }
  chunks_.push_back({chunk, size});
  return chunk;
}

void* Arena::AllocateLarge(size_t size) {
  const size_t size_class = ClassOf(size);
  if (FreePiece* piece = free_[size_class]; piece != nullptr) {
    free_[size_class] = piece->next;
    return piece;
  }
  const size_t total = SizeOf(size_class) + sizeof(Header);
  char* at;
  if (total > size_t{32} << 10) {
    at = static_cast<char*>(NewChunk(total));
  } else {
    if (static_cast<size_t>(limit_ - position_) < total) {
      // A page in a few chunks that are kept from the one before; a huge one in larger and larger chunks.
      const size_t chunk = std::clamp(used_ / 2, kChunkBytes, size_t{4} << 20);
      position_ = static_cast<char*>(NewChunk(chunk));
      limit_ = position_ + chunk;
    }
    at = position_;
    position_ += total;
  }
  reinterpret_cast<Header*>(at)->size_class = size_class;
  return at + sizeof(Header);
}

void Arena::Release(void* memory) {
  if (memory == nullptr) return;
  const size_t size_class = reinterpret_cast<Header*>(static_cast<char*>(memory) - sizeof(Header))->size_class;
  auto* piece = static_cast<FreePiece*>(memory);
  piece->next = free_[size_class];
  free_[size_class] = piece;
}

std::string_view Arena::Copy(std::string_view text) {
  char* copy = static_cast<char*>(Allocate(text.size()));
  std::copy(text.begin(), text.end(), copy);
  return {copy, text.size()};
}

std::string_view Arena::LowerCopy(std::string_view text) {
  char* copy = static_cast<char*>(Allocate(text.size()));
  std::transform(text.begin(), text.end(), copy, [](char c) { return ToAsciiLower(c); });
  return {copy, text.size()};
}

void Arena::Clear() {
  for (const Chunk& chunk : chunks_) {
    if (chunk.size == kChunkBytes && !kept_is_gone && kept.chunks.size() < kKeptChunks) {
      kept.chunks.push_back(chunk.memory);
    } else {
      std::free(chunk.memory);
    }
  }
  chunks_.clear();
  free_.fill(nullptr);
  position_ = limit_ = nullptr;
  used_ = 0;
}

}  // namespace fangzhi::html
