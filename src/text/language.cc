#include "text/language.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "text/language_data.h"
#include "text/text.h"

namespace fangzhi::text {
namespace {

constexpr double kStep = 0.5;
// What a pair that the table lacks costs beside its second character's own probability: the mass that the listed pairs took.
constexpr double kBackOff = -0.6;
constexpr double kUnseenCommonIdeograph = -15.5;
constexpr double kUnseenIdeograph = -17;
constexpr double kUnseenSymbol = -15;
constexpr double kForeignLetter = -16;
constexpr double kAlien = -20;
constexpr double kRare = -10.5;

int LevelOf(char letter) { return letter >= 'a' ? letter - 'a' + 26 : letter - 'A'; }

// Characters of the basic plane, a bit each: so few bytes that those of a page stay in the cache.
class CharacterSet {
 public:
  void Add(char32_t c) { bits_[c / 64] |= uint64_t{1} << (c % 64); }
  bool Has(char32_t c) const { return (bits_[c / 64] >> (c % 64) & 1U) != 0; }  // of the basic plane

 private:
  std::array<uint64_t, 0x10000 / 64> bits_{};
};

class Model {
 public:
  Model() : single_(0x10000, 0), simplified_(0x10000, 0) {
    const std::string_view characters(kCharacterLevels);
    int level = 0;
    for (size_t at = 0; at < characters.size();) {
      const char32_t c = DecodeUtf8(characters, at);
      if (c < 0x80) {
        level = LevelOf(static_cast<char>(c));
      } else if (c < 0x10000) {
        single_[c] = static_cast<uint8_t>(level + 1);
      }
    }
    const std::string_view forms(kSimplifiedForms);
    for (size_t at = 0; at < forms.size();) {
      const char32_t from = DecodeUtf8(forms, at);
      const char32_t to = DecodeUtf8(forms, at);
      if (from < 0x10000) {
        simplified_[from] = static_cast<uint16_t>(to);
        traditional_.Add(from);
      }
      if (to < 0x10000) simplified_only_.Add(to);
    }
    for (char32_t c = 0; c < 0x10000; ++c) {
      if (Single(Simplify(c)) < kRare) rare_.Add(c);
    }
    keys_.assign(kSlots, 0);
    levels_.assign(kSlots, 0);
    for (size_t line = 0; line < kPairLevelsCount; ++line) {
      const std::string_view text(kPairLevels[line]);
      size_t at = 0;
      const char32_t first = DecodeUtf8(text, at);
      while (at < text.size()) {
        const char32_t c = DecodeUtf8(text, at);
        if (c < 0x80) {
          level = LevelOf(static_cast<char>(c));
        } else {
          const uint32_t key = Key(first, c);
          size_t slot = Slot(key);
          while (keys_[slot] != 0) slot = (slot + 1) % kSlots;
          keys_[slot] = key;
          levels_[slot] = static_cast<uint8_t>(level);
        }
      }
    }
  }

  char32_t Simplify(char32_t c) const { return c < 0x10000 && traditional_.Has(c) ? simplified_[c] : c; }

  bool IsSimplifiedOnly(char32_t c) const { return c < 0x10000 && simplified_only_.Has(c); }

  double Single(char32_t c) const {
    if (c < 0x10000 && single_[c] != 0) return -kStep * (single_[c] - 1);
    if (IsPrivateUse(c) || c == kReplacement || c < 0xA0) return kAlien;
    if (c >= 0x4E00 && c <= 0x9FA5) return kUnseenCommonIdeograph;
    if (IsHan(c)) return kUnseenIdeograph;
    if (IsCjkPunctuation(c) || (c >= 0x2000 && c < 0x2E80) || (c >= 0xA0 && c < 0xC0)) return kUnseenSymbol;
    return kForeignLetter;
  }

  bool Rare(char32_t c) const { return rare_.Has(c); }

  double After(char32_t previous, char32_t c) const {
    if (previous >= 0x80 && previous < 0x10000 && c < 0x10000) {
      const uint32_t key = Key(previous, c);
      for (size_t slot = Slot(key); keys_[slot] != 0; slot = (slot + 1) % kSlots) {
        if (keys_[slot] == key) return -kStep * levels_[slot];
      }
      return Single(c) + kBackOff;
    }
    return Single(c);
  }

 private:
  static constexpr size_t kSlots = 1 << 17;
  static uint32_t Key(char32_t first, char32_t second) {
    return (static_cast<uint32_t>(first) << 16) | static_cast<uint32_t>(second);
  }
  static size_t Slot(uint32_t key) { return (key * 0x9E3779B1u) >> 15; }

  std::vector<uint8_t> single_;        // level + 1, 0 where unseen
  std::vector<uint16_t> simplified_;   // of the `traditional_`
  CharacterSet traditional_, simplified_only_, rare_;
  std::vector<uint32_t> keys_;         // open addressing
  std::vector<uint8_t> levels_;
};

std::atomic<const Model*> the_model = nullptr;

[[gnu::noinline]] const Model& MakeModel() {
  static const Model* const model = new Model;  // never destroyed: threads may outlive main's statics
  the_model.store(model, std::memory_order_release);
  return *model;
}

// Asked for each character: a look, where a static of a function would be a call.
inline const Model& TheModel() {
  const Model* const model = the_model.load(std::memory_order_acquire);
  return model != nullptr ? *model : MakeModel();
}

}  // namespace

char32_t SimplifiedForm(char32_t c) { return c < 0x3400 ? c : TheModel().Simplify(c); }

bool IsSimplifiedOnly(char32_t c) { return TheModel().IsSimplifiedOnly(c); }

double LogProbability(char32_t previous, char32_t c) {
  const Model& model = TheModel();
  return model.After(model.Simplify(previous), model.Simplify(c));
}

LanguageScore ScoreChinese(std::string_view utf8, size_t limit) {
  const Model& model = TheModel();
  LanguageScore score;
  char32_t previous = 0;
  for (size_t at = 0; at < utf8.size() && score.characters < limit;) {
    if (static_cast<unsigned char>(utf8[at]) < 0x80) {
      previous = 0;
      ++at;
      continue;
    }
    const char32_t c = model.Simplify(DecodeUtf8(utf8, at));
    if (c == 0x3000 || c == 0xA0) continue;  // blanks say nothing
    ++score.characters;
    if (IsHan(c)) ++score.ideographs;
    if (IsPrivateUse(c) || c == kReplacement || c < 0xA0) ++score.alien;
    score.sum += model.After(previous, c);
    previous = c;
  }
  return score;
}

RareCount CountRare(std::string_view utf8) {
  const Model& model = TheModel();
  RareCount count;
  unsigned recent = 0;  // one bit a character
  auto add = [&](unsigned rare) {
    ++count.wide;
    recent = ((recent << 1) | rare) & 0xFF;
    if (rare == 0) return;
    ++count.rare;
    count.cluster = std::max(count.cluster, static_cast<size_t>(std::popcount(recent)));
  };
  const auto* bytes = reinterpret_cast<const unsigned char*>(utf8.data());
  for (size_t at = 0; at < utf8.size();) {
    const unsigned lead = bytes[at];
    if (lead < 0x80) {
      ++at;
    } else if (lead < 0xE0) {
      at += 2;
    } else if (lead < 0xF0 && at + 2 < utf8.size()) {
      add(model.Rare(((lead & 0x0F) << 12) | ((bytes[at + 1] & 0x3FU) << 6) | (bytes[at + 2] & 0x3FU)) ? 1 : 0);
      at += 3;
    } else {
      add(0);
      at += 4;
    }
  }
  return count;
}

}  // namespace fangzhi::text
