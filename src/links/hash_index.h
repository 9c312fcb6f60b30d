// Numbers what a page has by its hash: two words an entry, in one array. The entries themselves are the caller's. Internal to links/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fangzhi::links {

class HashIndex {
 public:
  // Room for so many entries before it must grow.
  void Reserve(size_t entries) {
    if (entries * 2 > slots_.size()) Grow(entries * 2);
  }

  // The number of the entry with this hash that `is_it` says yes to; where there is none, `next` becomes its number.
  template <typename IsIt>
  uint32_t FindOrAdd(size_t hash, uint32_t next, const IsIt& is_it) {
    if ((used_ + 1) * 2 > slots_.size()) Grow((used_ + 1) * 2);
    const auto mark = static_cast<uint32_t>(hash ^ hash >> 32);
    for (size_t at = mark & mask();; at = (at + 1) & mask()) {
      Slot& slot = slots_[at];
      if (slot.number == kFree) {
        slot = {mark, next};
        ++used_;
        return next;
      }
      if (slot.mark == mark && is_it(slot.number)) return slot.number;
    }
  }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;
  struct Slot {
    uint32_t mark = 0, number = kFree;
  };
  size_t mask() const { return slots_.size() - 1; }
  void Grow(size_t least) {
    size_t size = 64;
    while (size < least) size *= 2;
    std::vector<Slot> old(size);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.number == kFree) continue;
      size_t at = slot.mark & mask();
      while (slots_[at].number != kFree) at = (at + 1) & mask();
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two of them, half of them free at least
  size_t used_ = 0;
};

}  // namespace fangzhi::links
