#include "text/prose.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <span>
#include <vector>

#include "text/language.h"
#include "text/text.h"

// The file stands in the program's read-only data, from where the system loads pages of it when they are first read.
asm(".section .rodata\n"
    ".balign 64\n"
    ".globl fangzhi_language_model\n"
    ".type fangzhi_language_model, @object\n"
    "fangzhi_language_model:\n"
    ".incbin \"" FANGZHI_LANGUAGE_MODEL "\"\n"
    ".globl fangzhi_language_model_end\n"
    "fangzhi_language_model_end:\n"
    ".byte 0\n"
    ".size fangzhi_language_model, fangzhi_language_model_end - fangzhi_language_model\n"
    ".previous\n");
extern "C" const unsigned char fangzhi_language_model[];

namespace fangzhi::text {
namespace {

constexpr float kStep = 0.25F;
constexpr uint64_t kNoFirst = 0xFFFF;
constexpr uint64_t kBackOff = 0xFFFE;
constexpr char32_t kStart = 0xFFFD;
// Levels: steps below zero. Of characters that the model's sources do not have, by how likely an author is to have them.
constexpr int kUnseenCommonIdeograph = 68;
constexpr int kUnseenIdeograph = 76;
constexpr int kUnseenSymbol = 60;
constexpr int kForeignLetter = 64;
constexpr int kWideMark = 44;  // ＂ ＋ ／ and the like, which the sources have in ASCII
constexpr int kAlien = 96;
// Back-off levels count from one nat above zero.
constexpr int kBackOffOrigin = 4;
// One of the letters or digits that the model takes together, in full width.
constexpr double kWideLetter = -3;

uint32_t ReadU32(const unsigned char* at) {
  return at[0] | (static_cast<uint32_t>(at[1]) << 8) | (static_cast<uint32_t>(at[2]) << 16) | (static_cast<uint32_t>(at[3]) << 24);
}

int Unseen(char32_t c) {
  if (c == 0 || IsPrivateUse(c) || c == kReplacement || c < 0xA0) return kAlien;
  if (c >= 0x4E00 && c <= 0x9FA5) return kUnseenCommonIdeograph;
  if (IsHan(c)) return kUnseenIdeograph;
  if (c >= 0xFF01 && c <= 0xFF5E) return kWideMark;
  if (IsCjkPunctuation(c) || (c >= 0x2000 && c < 0x2E80) || (c >= 0xA0 && c < 0xC0)) return kUnseenSymbol;
  return kForeignLetter;
}

char32_t MakeSymbol(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) {
    const char32_t narrow = MakeSymbol(c - 0xFF01 + 0x21);
    return narrow != 0 ? narrow : c;
  }
  if (c < 0x80) {
    if (c >= U'0' && c <= U'9') return U'0';
    if ((c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z')) return U'a';
    switch (c) {
      case U',': case U';': case U':': case U'!': case U'?': case U'(': case U')': case U'%': return c - 0x21 + 0xFF01;
      default: return 0;
    }
  }
  if (c < 0xA0 || IsPrivateUse(c) || c == kReplacement) return 0;
  return SimplifiedForm(c);
}

class Model {
 public:
  Model() : single_(0x10000), symbol_(0x10000) {
    const unsigned char* at = fangzhi_language_model + 8;
    const uint32_t characters = ReadU32(at);
    buckets_ = ReadU32(at + 8);
    at += 12;
    for (char32_t c = 0; c < 0x10000; ++c) {
      single_[c] = {static_cast<uint8_t>(Unseen(c)), kBackOffOrigin, false};
      symbol_[c] = static_cast<uint16_t>(MakeSymbol(c));
      if (symbol_[c] == c) own_symbol_[c / 64] |= uint64_t{1} << (c % 64);
    }
    for (uint32_t i = 0; i < characters; ++i, at += 4) single_[static_cast<size_t>(at[0] | (at[1] << 8))] = {at[2], at[3], true};
    single_[kStart].known = true;
    const auto read = static_cast<size_t>(at - fangzhi_language_model);
    table_ = fangzhi_language_model + (read + 31) / 32 * 32;
  }

  char32_t Symbol(char32_t c) const {
    if (c >= 0x10000) return MakeSymbol(c);
    return (own_symbol_[c / 64] >> (c % 64) & 1U) != 0 ? c : symbol_[c];
  }

  // So many questions on: the table is nine tenths full, so that to see that it lacks a key takes a look at seven buckets, and most keys that
  // searches ask for it lacks. What asks little would wait longer for the marks to be noted than for its answers.
  void CountQuestions(size_t questions) const {
    constexpr size_t kMany = 50'000;
    thread_local size_t asked = 0;
    if (asked >= kMany || (asked += questions) < kMany) return;
    std::call_once(noted_marks_, [this] {
      marks_.resize(size_t{1} << kWordBits);
      for (size_t i = 0; i < size_t{buckets_} * 8; ++i) {
        if (const uint32_t mark = ReadU32(table_ + i * 4) >> 6U; mark != 0) marks_[WordOf(mark)] |= BitsOf(mark);
      }
      held_.store(marks_.data(), std::memory_order_release);
    });
  }

  // Triple will be asked soon: the table is larger than most caches, and its places can be fetched beside each other.
  void WillAsk(char32_t before, char32_t previous, char32_t c) const {
    const uint64_t context = Context(before, previous);
    Prefetch(Mix(context | kBackOff));
    Prefetch(Mix(context | c));
    Prefetch(Mix(PairKey(previous == 0 ? kStart : previous, c)));  // where no triple is known
  }

  // The value of `c` after the two, in steps: 0 or less, or more where a back-off is.
  int Triple(char32_t before, char32_t previous, char32_t c) const {
    if (c >= 0x10000 || previous >= 0x10000) return Single(c);
    if (c == 0) return -kAlien;
    if (previous == 0) previous = kStart;
    const uint64_t context = Context(before, previous);
    const Hashes hashes = {Mix(context | c), Mix(PairKey(previous, c))};
    // The one waits for memory while the other is looked for.
    if (const uint64_t* const held = held_.load(std::memory_order_acquire); held != nullptr) {
      __builtin_prefetch(held + WordOf(MarkOf(hashes.triple)));
      __builtin_prefetch(held + WordOf(MarkOf(hashes.pair)));
    }
    return AfterContext(BackOff(context), previous, c, hashes);
  }

  // Triple of each of `symbols`, in nats: where several are asked for, they wait for the table together.
  void Triples(char32_t before, char32_t previous, std::span<const char32_t> symbols, float* values) const {
    constexpr size_t kTogether = 32;
    CountQuestions(symbols.size());
    if (previous == 0) previous = kStart;
    if (previous >= 0x10000) {
      for (const char32_t c : symbols) *values++ = kStep * static_cast<float>(Single(c));
      return;
    }
    const uint64_t context = Context(before, previous);
    const int weight = BackOff(context);
    std::array<Hashes, kTogether> hashes;
    for (size_t begin = 0; begin < symbols.size(); begin += kTogether) {
      const std::span<const char32_t> some = symbols.subspan(begin, std::min(kTogether, symbols.size() - begin));
      for (size_t i = 0; i < some.size(); ++i) {
        const char32_t c = some[i];
        if (c >= 0x10000 || !single_[c].known) continue;
        if (weight >= 0) Prefetch(hashes[i].triple = Mix(context | c));
        if (single_[previous].known) Prefetch(hashes[i].pair = Mix(PairKey(previous, c)));
      }
      for (size_t i = 0; i < some.size(); ++i) {
        const char32_t c = some[i];
        const int steps = c >= 0x10000 ? Single(c) : c == 0 ? -kAlien : AfterContext(weight, previous, c, hashes[i]);
        *values++ = kStep * static_cast<float>(steps);
      }
    }
  }

 private:
  struct Hashes {
    uint64_t triple, pair;
  };

  int Single(char32_t c) const { return -(c < 0x10000 ? single_[c].level : Unseen(c)); }

  void Prefetch(uint64_t hash) const {
    if (const uint64_t* const held = held_.load(std::memory_order_acquire); held != nullptr) __builtin_prefetch(held + WordOf(MarkOf(hash)));
    __builtin_prefetch(table_ + Bucket(hash) * 32);
  }

  // What of its key a slot holds; 0 is an empty one's.
  static uint32_t MarkOf(uint64_t hash) {
    const auto mark = static_cast<uint32_t>(hash & 0x3FFFFFF);
    return mark == 0 ? 1 : mark;
  }

  // A megabyte with bits for the marks that the table has somewhere, of which a mark that it has not mostly lacks one.
  static constexpr unsigned kWordBits = 17;
  static size_t WordOf(uint32_t mark) { return mark >> (26 - kWordBits); }
  static uint64_t BitsOf(uint32_t mark) {
    const uint32_t mixed = mark * 0x9E3779B1U;
    return uint64_t{1} << (mixed >> 26) | uint64_t{1} << (mixed >> 20 & 63U) | uint64_t{1} << (mixed >> 14 & 63U);
  }

  static uint64_t PairKey(char32_t previous, char32_t c) { return (kNoFirst << 32) | (static_cast<uint64_t>(previous) << 16) | c; }

  // `weight`: of the context's back-off, below 0 where no triple begins so. A hash is needed only where the model may hold its key.
  int AfterContext(int weight, char32_t previous, char32_t c, const Hashes& hashes) const {
    const Character& character = single_[c];
    if (weight >= 0 && character.known) {
      if (const int level = Find(hashes.triple); level >= 0) return -level;
    }
    const int back_off = weight < 0 ? 0 : kBackOffOrigin - weight;
    if (character.known && single_[previous].known) {
      if (const int level = Find(hashes.pair); level >= 0) return back_off - level;
    }
    return back_off + kBackOffOrigin - single_[previous].back_off - character.level;
  }

  static uint64_t Context(char32_t before, char32_t previous) {
    if (previous == 0) previous = kStart;
    if (before == 0 || before >= 0x10000) before = kStart;
    return (static_cast<uint64_t>(before) << 32) | (static_cast<uint64_t>(previous) << 16);
  }

  static uint64_t Mix(uint64_t key) {
    key = (key ^ (key >> 33)) * 0xFF51AFD7ED558CCDULL;
    key = (key ^ (key >> 33)) * 0xC4CEB9FE1A85EC53ULL;
    return key ^ (key >> 33);
  }

  size_t Bucket(uint64_t hash) const { return static_cast<size_t>(((hash >> 32) * buckets_) >> 32); }

  // Searches try many characters after the same two: what begins with those is looked for once.
  int BackOff(uint64_t context) const {
    struct Known {
      uint64_t context = UINT64_MAX;
      int weight = 0;
    };
    constexpr unsigned kBits = 10;
    thread_local std::array<Known, size_t{1} << kBits> known;
    Known& entry = known[(context * 0x9E3779B97F4A7C15u) >> (64 - kBits)];
    if (entry.context != context) entry = {context, Find(Mix(context | kBackOff))};
    return entry.weight;
  }

  // The level of the entry whose key has this hash, -1 where there is none.
  int Find(uint64_t hash) const {
    const uint32_t mark = MarkOf(hash);
    if (const uint64_t* const held = held_.load(std::memory_order_acquire); held != nullptr) {
      const uint64_t bits = BitsOf(mark);
      if ((held[WordOf(mark)] & bits) != bits) return -1;
    }
    size_t bucket = Bucket(hash);
    const uint32_t key_bits = mark << 6U;
    // Two halves of a bucket at a time. Its slots are filled in order, so that an empty one stands behind all that are not.
    const Slots wanted = Slots{} + key_bits;
    for (;;) {
      const unsigned char* const slots = table_ + bucket * 32;
      const Slots first = ReadSlots(slots);
      const Slots second = ReadSlots(slots + 16);
      const Slots found = Slots((first & ~63U) == wanted) | Slots((second & ~63U) == wanted);
      if ((found[0] | found[1] | found[2] | found[3]) != 0) {
        for (unsigned i = 0;; ++i) {
          const uint32_t slot = ReadU32(slots + size_t{4} * i);
          if ((slot ^ key_bits) < 64) return static_cast<int>(slot & 63U);
        }
      }
      if (second[3] == 0) return -1;
      if (++bucket == buckets_) bucket = 0;
    }
  }

  typedef uint32_t Slots __attribute__((vector_size(16)));  // of the compilers; any processor has it
  static Slots ReadSlots(const unsigned char* at) {
    static_assert(std::endian::native == std::endian::little);
    Slots slots;
    std::memcpy(&slots, at, sizeof slots);
    return slots;
  }

  // All of these are small, for they share the cache with the page.
  struct Character {
    uint8_t level;
    uint8_t back_off : 7;
    bool known : 1;  // n-grams may hold it
  };
  std::vector<Character> single_;
  std::array<uint64_t, 0x10000 / 64> own_symbol_{};  // one bit a character: whether it stands for itself, as most do
  std::vector<uint16_t> symbol_;
  const unsigned char* table_ = nullptr;  // a bucket never lies across two lines of the cache
  uint32_t buckets_ = 0;
  mutable std::once_flag noted_marks_;
  mutable std::vector<uint64_t> marks_;
  mutable std::atomic<const uint64_t*> held_ = nullptr;  // `marks_`, once they are noted
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

char32_t ProseSymbol(char32_t c) { return TheModel().Symbol(c); }

namespace {

// Searches ask for the same few characters again and again, while the table is larger than most caches of processors: answers are kept by what was
// asked, in few bytes, for this is to stay in a cache.
class Asked {
 public:
  static bool Keeps(char32_t before, char32_t previous, char32_t c) { return before < 0x10000 && previous < 0x10000 && c < 0x10000; }
  static uint64_t Key(char32_t before, char32_t previous, char32_t c) { return (static_cast<uint64_t>(before) << 32) | (static_cast<uint64_t>(previous) << 16) | c; }
  // What was asked in the upper 48 bits, the answer in steps below them.
  uint64_t& At(uint64_t key) { return lines_[LineOf(key)][key % kEntries]; }
  // `key` will be asked for soon; so will what stands beside it.
  void Prefetch(uint64_t key) const { __builtin_prefetch(&lines_[LineOf(key)]); }

 private:
  // What was asked after the same two stands in one line of the cache: that one can be fetched before the next character is known. Any character
  // may be the first, so that these have lines of their own.
  static constexpr size_t kEntries = 8;
  static constexpr unsigned kLineBits = 12;
  struct alignas(64) Line : std::array<uint64_t, kEntries> {
    Line() { fill(UINT64_MAX); }
  };
  static size_t LineOf(uint64_t key) {
    const uint64_t context = key >> 16;
    return ((context == 0 ? key : context) * 0x9E3779B97F4A7C15u) >> (64 - kLineBits);
  }
  std::vector<Line> lines_ = std::vector<Line>(size_t{1} << kLineBits);
};

Asked& AskedHere() {
  thread_local Asked asked;
  return asked;
}

}  // namespace

void WillAskProse(std::span<const ProseTriple> triples) {
  const Model& model = TheModel();
  Asked& asked = AskedHere();
  const auto kept = [](const ProseTriple& place) { return Asked::Keeps(place.before, place.previous, place.symbol); };
  for (const ProseTriple& place : triples) {
    if (kept(place)) asked.Prefetch(Asked::Key(place.before, place.previous, place.symbol));
  }
  for (const ProseTriple& place : triples) {
    if (!kept(place)) continue;
    const uint64_t key = Asked::Key(place.before, place.previous, place.symbol);
    if (asked.At(key) >> 16 != key) model.WillAsk(place.before, place.previous, place.symbol);
  }
}

double ProseLogProbability(char32_t before, char32_t previous, char32_t c) {
  const Model& model = TheModel();
  if (!Asked::Keeps(before, previous, c)) return static_cast<double>(kStep) * model.Triple(before, previous, c);
  Asked& asked = AskedHere();
  const uint64_t key = Asked::Key(before, previous, c);
  uint64_t& entry = asked.At(key);
  asked.Prefetch(Asked::Key(previous, c, 0));
  if (entry >> 16 != key) {
    model.CountQuestions(1);
    entry = key << 16 | static_cast<uint16_t>(model.Triple(before, previous, c));
  }
  return static_cast<double>(kStep) * static_cast<int16_t>(entry & 0xFFFF);
}

void ProseLogProbabilities(char32_t before, char32_t previous, std::span<const char32_t> symbols, float* values) {
  TheModel().Triples(before, previous, symbols, values);
}

ProseScore ScoreProse(std::string_view utf8) {
  const Model& model = TheModel();
  ProseScore score;
  std::array<ProseTriple, 64> places;  // to be asked for, together
  size_t count = 0;
  const auto ask = [&] {
    WillAskProse(std::span(places).first(count));
    for (size_t i = 0; i < count; ++i) {
      const auto [before, previous, symbol] = places[i];
      score.sum += ProseLogProbability(before, previous, symbol);
      if (symbol == U'0' || symbol == U'a') score.sum += kWideLetter;
    }
    count = 0;
  };
  char32_t before = 0;
  char32_t previous = 0;
  for (size_t at = 0; at < utf8.size();) {
    const char32_t c = DecodeUtf8(utf8, at);
    if (IsSpace(c)) continue;  // layout
    const char32_t symbol = model.Symbol(c);
    if (c < 0x80 && symbol == 0) {
      before = previous = 0;
      continue;
    }
    if ((symbol == U'0' || symbol == U'a') && symbol == previous) continue;  // a number and a word count once
    if (c >= 0x80) {
      ++score.characters;
      if (IsHan(c)) ++score.ideographs;
      places[count++] = {before, previous, symbol};
      if (count == places.size()) ask();
    }
    before = previous;
    previous = symbol;
  }
  ask();
  return score;
}

}  // namespace fangzhi::text
