// The memory of one document. Gumbo allocates a tree of small pieces and gives it back by recursion, which a deep page turns
// into a stack overflow; here pieces come from chunks that are freed at once, and what Gumbo itself gives back during
// parsing (token buffers, grown vectors) is used again by size. Every allocation counts against a budget: past it the parse
// is left by longjmp, which is sound because only C frames and frames without destructors lie between.
#pragma once

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fangzhi::html {

class Arena {
 public:
  explicit Arena(size_t budget_bytes) : budget_(budget_bytes) {}
  ~Arena() { Clear(); }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Aligned for pointers. Leaves by longjmp when the budget is spent and `bail_out` is set; never returns null.
  void* Allocate(size_t size) {
    // Gumbo asks some thousand times for each page, nearly always for a few words.
    if (size - 1 < kStep * kSmallClasses) {
      const size_t size_class = (size + kStep - 1) / kStep;
      if (FreePiece* piece = free_[size_class]; piece != nullptr) {
        free_[size_class] = piece->next;
        return piece;
      }
      const size_t total = size_class * kStep + sizeof(Header);
      if (static_cast<size_t>(limit_ - position_) >= total) {
        char* at = position_;
        position_ += total;
        reinterpret_cast<Header*>(at)->size_class = size_class;
        return at + sizeof(Header);
      }
    }
    return AllocateLarge(size);
  }
  void Release(void* memory);
  // A copy, and a lower-case (ASCII) copy, that live as long as the arena.
  std::string_view Copy(std::string_view text);
  std::string_view LowerCopy(std::string_view text);
  void Clear();

  // Where Allocate goes when it must not go on. Valid only while the function that filled it is running.
  std::jmp_buf* bail_out = nullptr;

 private:
  struct Header {
    uint64_t size_class;
  };
  struct Chunk {
    void* memory;
    size_t size;
  };
  static constexpr size_t kChunkBytes = size_t{256} << 10;
  struct FreePiece {
    FreePiece* next;
  };
  static constexpr size_t kStep = 16;
  static constexpr size_t kSmallClasses = 64;                     // up to 1 KB in steps of 16 bytes
  static constexpr size_t kClasses = kSmallClasses + 1 + 40;      // then powers of two
  static size_t ClassOf(size_t size);
  static size_t SizeOf(size_t size_class);
  void* NewChunk(size_t size);
  void* AllocateLarge(size_t size);  // or where the chunk is used up

  size_t budget_;
  size_t used_ = 0;
  char* position_ = nullptr;
  char* limit_ = nullptr;
  std::vector<Chunk> chunks_;
  std::array<FreePiece*, kClasses> free_{};
};

}  // namespace fangzhi::html
