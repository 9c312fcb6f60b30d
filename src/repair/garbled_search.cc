#include "repair/garbled_search.h"

#include <algorithm>
#include <string>

#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

using Kind = LineSymbol::Kind;

// Natural logarithms.
constexpr float kEnterCost = -6;      // from untouched into repaired text
constexpr float kLeaveCost = -2;
constexpr float kLostByteCost = -9;   // a byte was lost and all behind it is out of step
constexpr float kDroppedCost = -1.5F;
constexpr float kLiteralMarkCost = -5;  // a "?" that the author wrote
constexpr float kCutCost = -6;        // a character of which only the beginning is there
constexpr float kOtherScriptCost = -4;  // a page keeps to one script
constexpr float kOdd = -12.5F, kOddBeforeLoss = -11;
constexpr size_t kKeptReadings = 150;  // more than the values of one unknown byte
constexpr size_t kGuessTrials = 16;
constexpr size_t kSecondGuessTrials = 130;
constexpr size_t kDroppedTrials = 12;

// The bytes that Windows-1252 does not define: converters drop them.
constexpr unsigned kUndefined1252[] = {0x81, 0x8D, 0x8F, 0x90, 0x9D};

bool IsUndefined1252(char32_t c) { return std::find(std::begin(kUndefined1252), std::end(kUndefined1252), c) != std::end(kUndefined1252); }

class GarbledSearch final : private ByteSearch {
 public:
  GarbledSearch(const Hypothesis& hypothesis, const std::vector<LineSymbol>& symbols, size_t& budget)
      : ByteSearch(hypothesis.target, kKeptReadings, budget, false),
        hypothesis_(hypothesis),
        read_as_(BytePairs::Of(hypothesis.read_as)),
        symbols_(symbols),
        dropped_(hypothesis.single_byte && hypothesis.target == Target::kUtf8 &&
                 std::none_of(symbols.begin(), symbols.end(), [](const LineSymbol& symbol) { return IsUndefined1252(symbol.shown); })) {}

  bool Run(std::vector<WrittenCharacter>& result) {
    // What is certain tells the script, and the script helps with what is not.
    if (hypothesis_.target == Target::kUtf8 && PreferScript(ScriptOfWholeCharacters())) return Search(symbols_.size(), result);
    if (!Search(symbols_.size(), result)) return false;
    text::ScriptCounts certain;
    bool guessed = false;
    for (const WrittenCharacter& c : result) {
      guessed = guessed || c.guessed;
      if (!c.guessed) Count(c.character, certain);
    }
    return !guessed || !PreferScript(certain) || Search(symbols_.size(), result);
  }

 private:
  static constexpr uint8_t kUntouched = 0;
  static constexpr uint8_t kBytes = 1;

  static void Count(char32_t c, text::ScriptCounts& counts) {
    const Script script = text::ScriptOf(c);
    counts.simplified += script == Script::kSimplified ? 1 : 0;
    counts.traditional += script == Script::kTraditional ? 1 : 0;
  }

  // False where the characters do not tell.
  bool PreferScript(const text::ScriptCounts& counts) {
    if (std::max(counts.simplified, counts.traditional) < 4 * std::min(counts.simplified, counts.traditional) + 2) return false;
    Prefer(counts.simplified > counts.traditional ? Script::kSimplified : Script::kTraditional, kOtherScriptCost);
    return true;
  }

  // Of the characters of which the line shows all three bytes of UTF-8.
  text::ScriptCounts ScriptOfWholeCharacters() const {
    text::ScriptCounts counts;
    std::string bytes;
    auto count_and_clear = [&] {
      for (size_t at = 0; at < bytes.size();) Count(text::DecodeUtf8(bytes, at), counts);
      bytes.clear();
    };
    for (const LineSymbol& symbol : symbols_) {
      if (symbol.kind != Kind::kCoded) {
        count_and_clear();
        continue;
      }
      const uint16_t code = *symbol.codes.begin();
      if (code >= 0x100) bytes.push_back(static_cast<char>(code >> 8));
      bytes.push_back(static_cast<char>(code & 0xFF));
    }
    count_and_clear();
    return counts;
  }

  // Every byte that `read_as` cannot read before what the next symbol begins with.
  const std::vector<uint8_t>& Unreadable(size_t i) {
    unsigned next = 0x20;
    if (i + 1 < symbols_.size()) {
      const LineSymbol& symbol = symbols_[i + 1];
      if (symbol.kind == Kind::kCoded) {
        const uint16_t code = *symbol.codes.begin();
        next = code < 0x100 ? code : code >> 8;
      } else if (symbol.kind == Kind::kAscii) {
        next = static_cast<unsigned>(symbol.shown);
      } else if (symbol.kind == Kind::kQuestion || symbol.kind == Kind::kReplacement) {
        next = 0;  // not known
      }
    }
    if (unreadable_.empty()) unreadable_.resize(0x100);
    std::vector<uint8_t>& bytes = unreadable_[next];
    if (bytes.empty()) {
      for (unsigned byte = 0x80; byte <= 0xFF; ++byte) {
        // A lone euro sign is how some readers show 80, and others cannot.
        if (byte != 0x80 && read_as_.Single(byte) != 0) continue;
        const char32_t there = next == 0 || next < 0x40 ? 0 : read_as_.Character(byte, next);
        if (there == 0 || text::IsPrivateUse(there)) bytes.push_back(static_cast<uint8_t>(byte));
      }
    }
    return bytes;
  }

  float AtEnd(const State& state) const override { return EndOfLine(state); }

  void Untouched(const State& state, size_t i, Readings& next) {
    const LineSymbol& symbol = symbols_[i];
    State after = state;
    if (after.mode == kBytes && symbol.kind != Kind::kAscii) {
      after.mode = kUntouched;
      after.score += kLeaveCost;
    }
    const bool only_one = alone() && state.mode == kUntouched && !symbol.near_odd;
    Write(after, symbol.shown, i, i, true, false, !only_one);
    next.Add(after);
  }

  // The bytes of a character shown, in every code that it has.
  void Coded(const State& state, size_t i, Readings& next) {
    for (const uint16_t code : symbols_[i].codes) {
      State after = state;
      if (code >= 0x100 && !PutByte(after, code >> 8, i, false)) continue;
      if (PutByte(after, code & 0xFF, i, false)) next.Add(after);
    }
  }

  void Guess(const State& state, size_t i, Readings& next) {
    // Where the byte before is not known either, the readings say nothing yet of which of them is good.
    if (!TryAgain(i, guesses_, state.pending_guessed ? kSecondGuessTrials : kGuessTrials)) return;
    for (const uint8_t byte : Unreadable(i)) {
      State after = state;
      if (PutByte(after, byte, i, true)) next.Add(after);
    }
  }

  void Advance(const State& state, size_t i, Readings& next) override {
    if (hypothesis_.shift) {
      AdvanceShifted(state, i, next);
      return;
    }
    const LineSymbol& symbol = symbols_[i];
    const bool waits = state.pending_count != 0;
    if (waits && dropped_ && (i == dropped_at_ || TryAgain(i, drops_, kDroppedTrials)) && symbol.kind != Kind::kUncoded) Dropped(state, i, next);
    switch (symbol.kind) {
      case Kind::kEnd:
        if (!waits) next.Add(state);
        else Cut(state, i, next);
        return;
      case Kind::kAscii: {
        if (!waits) {
          Untouched(state, i, next);
          return;
        }
        State after = state;
        // A no-break space became a plain one.
        const bool blank = symbol.shown == U' ';
        if (PutByte(after, blank ? 0xA0 : static_cast<unsigned>(symbol.shown), i, blank)) next.Add(after);
        return;
      }
      case Kind::kUncoded:
        if (!waits) Untouched(state, i, next);
        else Cut(state, i, next);
        return;
      case Kind::kQuestion:
      case Kind::kReplacement: {
        if (!waits) {
          State after = state;
          if (state.mode == kBytes && symbol.kind == Kind::kQuestion) after.score += kLiteralMarkCost;
          Untouched(after, i, next);
          if (state.mode == kBytes || symbol.near_odd) {
            after = Entered(state);
            Guess(after, i, next);
          }
          return;
        }
        Guess(state, i, next);
        return;
      }
      case Kind::kCoded:
        if (waits) {
          Coded(state, i, next);
          return;
        }
        if (state.mode == kUntouched) {
          Untouched(state, i, next);
          if (symbol.near_odd) Coded(Entered(state), i, next);
          return;
        }
        Untouched(state, i, next);
        Coded(state, i, next);
        return;
    }
  }

  State Entered(const State& state) const {
    State after = state;
    if (after.mode == kUntouched) {
      after.mode = kBytes;
      after.score += kEnterCost;
    }
    return after;
  }

  // Bytes that are missing before symbol `i`.
  void Dropped(const State& state, size_t i, Readings& next) {
    const size_t outer = dropped_at_;
    dropped_at_ = i;
    for (const unsigned byte : kUndefined1252) {
      State after = state;
      after.score += kDroppedCost;
      if (PutByte(after, byte, i == 0 ? 0 : i - 1, true)) Advance(after, i, next);
    }
    dropped_at_ = outer;
  }

  void Cut(const State& state, size_t i, Readings& next) {
    State after = state;
    after.pending_count = 0;
    after.score += kCutCost;
    Write(after, text::kReplacement, state.pending_symbol, i == 0 ? 0 : i - 1, false, true, false);
    Advance(after, i, next);
  }

  // A byte of a pair was lost; the readers' pairs are out of step from there to the next ASCII character.
  void AdvanceShifted(const State& state, size_t i, Readings& next) {
    const LineSymbol& symbol = symbols_[i];
    if (state.pending_count == 0) {
      if (symbol.kind == Kind::kEnd) {
        next.Add(state);
        return;
      }
      State after = state;
      after.mode = kUntouched;
      Write(after, symbol.shown, i, i, true, false, !alone() || symbol.before_shift);
      next.Add(after);
      if (symbol.kind != Kind::kCoded || !symbol.before_shift || state.mode != kUntouched) return;
      const uint16_t code = *symbol.codes.begin();
      if (code < 0x100) return;
      for (unsigned byte = 0x81; byte <= 0xFE; ++byte) {
        // Before its first byte, or between its two.
        State lead = state;
        lead.mode = kBytes;
        lead.score += kLostByteCost;
        if (PutByte(lead, byte, i, true) && PutByte(lead, code >> 8, i, false) && PutByte(lead, code & 0xFF, i, false)) next.Add(lead);
        State trail = state;
        trail.mode = kBytes;
        trail.score += kLostByteCost;
        if (PutByte(trail, code >> 8, i, false) && PutByte(trail, byte, i, true) && PutByte(trail, code & 0xFF, i, false)) next.Add(trail);
      }
      return;
    }
    switch (symbol.kind) {
      case Kind::kCoded:
        Coded(state, i, next);
        return;
      case Kind::kAscii:
      case Kind::kQuestion: {
        State after = state;
        if (symbol.kind == Kind::kAscii && PutByte(after, static_cast<unsigned>(symbol.shown), i, false)) next.Add(after);
        return;
      }
      case Kind::kReplacement:
        for (unsigned byte = 0x81; byte <= 0xFE; ++byte) {
          State after = state;
          if (PutByte(after, byte, i, true)) next.Add(after);
        }
        return;
      case Kind::kUncoded:
      case Kind::kEnd:
        Cut(state, i, next);
        return;
    }
  }

  const Hypothesis& hypothesis_;
  const BytePairs& read_as_;
  const std::vector<LineSymbol>& symbols_;
  const bool dropped_;  // bytes may be missing: the line shows none of those that converters drop
  Trials guesses_, drops_;
  size_t dropped_at_ = SIZE_MAX;  // the symbol before which bytes are being put in
  std::vector<std::vector<uint8_t>> unreadable_;
};

// Japanese has its kana in runs; where bytes were misread they stand alone.
bool IsRunOfKana(char32_t previous, char32_t c, char32_t next) {
  return text::IsKana(c) && c < 0xFF00 && (text::IsKana(previous) || text::IsKana(next) || next == 0x30FC || previous == 0x30FC);
}

uint8_t Oddness(char32_t c, double log_probability) {
  if (c < 0x80) return 0;
  if (text::IsPrivateUse(c) || c == text::kReplacement || c < 0xA0) return 2;
  return log_probability < static_cast<double>(kOdd) && !text::IsSpace(c) ? 1 : 0;
}

}  // namespace

std::vector<LineSymbol> ReadLine(std::string_view text, Node node) {
  std::vector<LineSymbol> symbols;
  std::vector<uint8_t> odd;  // 0, 1, or 2 for what no author writes
  const size_t ideographs = (node.end - node.begin) / 3;  // most of a line; room for what is not comes with it
  symbols.reserve(ideographs + ideographs / 4 + 2);
  odd.reserve(ideographs + ideographs / 4 + 2);
  char32_t before = 0;
  char32_t previous = 0;
  for (size_t at = node.begin; at < node.end;) {
    LineSymbol& symbol = symbols.emplace_back();
    symbol.begin = at;
    symbol.shown = text::DecodeUtf8(text, at);
    symbol.end = at;
    const char32_t c = symbol.shown;
    const char32_t s = text::ProseSymbol(c);
    if (c >= 0x80) symbol.value = static_cast<float>(text::ProseLogProbability(before, previous, s));
    odd.push_back(Oddness(c, static_cast<double>(symbol.value)));
    before = previous;
    previous = s;
  }
  // A character that lost its last byte is seldom what stands before "?".
  for (size_t i = 0; i + 1 < symbols.size(); ++i) {
    if (symbols[i].shown >= 0x80 && symbols[i + 1].shown == U'?' && symbols[i].value < kOddBeforeLoss) odd[i] = std::max<uint8_t>(odd[i], 1);
  }
  for (size_t i = 0; i < symbols.size(); ++i) {
    const char32_t last = i == 0 ? 0 : symbols[i - 1].shown;
    const char32_t next = i + 1 < symbols.size() ? symbols[i + 1].shown : 0;
    if (IsRunOfKana(last, symbols[i].shown, next)) odd[i] = 0;
  }
  for (size_t i = 0; i < symbols.size(); ++i) {
    if (odd[i] == 0) continue;
    for (size_t j = i < 3 ? 0 : i - 3; j < std::min(i + 2, symbols.size()); ++j) symbols[j].near_odd = true;
  }
  LineSymbol last;
  last.begin = last.end = node.end;
  symbols.push_back(last);
  return symbols;
}

void ReadCodes(const char* read_as, std::vector<LineSymbol>& symbols) {
  const BytePairs& pairs = BytePairs::Of(read_as);
  for (size_t i = 0; i + 1 < symbols.size(); ++i) {
    LineSymbol& symbol = symbols[i];
    symbol.codes = {nullptr, nullptr};
    const char32_t c = symbol.shown;
    if (c == U'?') {
      symbol.kind = Kind::kQuestion;
    } else if (c < 0x80) {
      symbol.kind = Kind::kAscii;
    } else if (c == text::kReplacement) {
      symbol.kind = Kind::kReplacement;
    } else {
      symbol.codes = pairs.CodesOf(c);
      symbol.kind = symbol.codes.empty() ? Kind::kUncoded : Kind::kCoded;
    }
  }
}

bool MarkShifts(const char* read_as, std::vector<LineSymbol>& symbols) {
  constexpr size_t kAhead = 6;
  constexpr double kBetter = 8;
  constexpr double kNoCharacter = -20;
  constexpr double kEndsUnread = 6;  // a run out of step ends with a byte that reads as nothing
  const BytePairs& pairs = BytePairs::Of(read_as);
  const size_t size = symbols.size() - 1;  // without the line's end
  // By symbol: how much better the character of its second byte and the next one's first is than the next one.
  std::vector<double> gain(size, 0);
  std::vector<bool> end(size, true);
  std::vector<text::ProseTriple> triples;  // to be asked for, and of which symbols
  std::vector<size_t> of;
  triples.reserve(size);
  of.reserve(size);
  char32_t before = 0, previous = 0;
  for (size_t i = 0; i + 1 < size; ++i) {
    const LineSymbol& next = symbols[i + 1];
    const uint16_t first = symbols[i].codes.empty() ? 0 : *symbols[i].codes.begin();
    const uint16_t second = next.codes.empty() ? 0 : *next.codes.begin();
    if (first >= 0x100 && second >= 0x100) {
      const char32_t c = pairs.Character(first & 0xFF, second >> 8);
      const char32_t symbol = c == 0 ? 0 : text::ProseSymbol(c);
      if (c == 0) {
        gain[i] = kNoCharacter - static_cast<double>(next.value);
      } else {
        triples.push_back({before, previous, symbol});
        of.push_back(i);
      }
      end[i] = false;
      before = previous;
      previous = symbol;
    } else {
      if (first >= 0x100 && next.kind == Kind::kReplacement) {
        gain[i] = kEndsUnread;
        end[i] = false;
      }
      before = previous = 0;
    }
  }
  constexpr size_t kTogether = 48;
  for (size_t i = 0; i < triples.size(); ++i) {
    if (i % kTogether == 0) text::WillAskProse(std::span(triples).subspan(i, std::min(kTogether, triples.size() - i)));
    const auto [first, second, third] = triples[i];
    gain[of[i]] = text::ProseLogProbability(first, second, third) - static_cast<double>(symbols[of[i] + 1].value);
  }
  bool any = false;
  for (size_t i = 0; i < size; ++i) {
    double sum = 0;
    for (size_t j = i; j < std::min(i + kAhead, size) && !end[j]; ++j) sum += gain[j];
    symbols[i].before_shift = sum >= kBetter;
    any = any || symbols[i].before_shift;
  }
  return any;
}

bool SearchGarbled(const Hypothesis& hypothesis, const std::vector<LineSymbol>& symbols, size_t& budget, std::vector<WrittenCharacter>& result) {
  return GarbledSearch(hypothesis, symbols, budget).Run(result);
}

}  // namespace fangzhi::repair
