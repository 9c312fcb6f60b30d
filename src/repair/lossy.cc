// Text read by the wrong code page where bytes were lost on the way, or where only a part of a line was: what families.cc cannot convert as
// a whole. Each character shown stands for the bytes that the wrong code page reads so; "?" and U+FFFD stand for a byte that it could not read,
// and only bytes that it really cannot read in that place are tried; bytes that a copy dropped are tried where a character lacks one. The
// search (byte_search.h) finds the most probable mixture of repaired and untouched stretches. What it writes gives the line back when the
// damage is done again, because every character comes from bytes that are shown, or from a byte that vanishes where it was put.
#include <algorithm>
#include <cmath>

#include "repair/byte_search.h"
#include "repair/edits.h"
#include "repair/glosses.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

// Natural logarithms.
constexpr float kEnterCost = -6;      // from untouched into repaired text
constexpr float kLeaveCost = -2;
constexpr float kLostByteCost = -9;   // a byte was lost and all behind it is out of step
constexpr float kDroppedCost = -1.5F;
constexpr float kLiteralMarkCost = -5;  // a "?" that the author wrote
constexpr float kCutCost = -6;        // a character of which only the beginning is there
constexpr float kOtherScriptCost = -4;  // a page keeps to one script
constexpr float kOdd = -12.5F;
// How far untouched text must be behind, and the other readings of one character.
constexpr float kSureSegment = 8;
// Natural logarithms a character: see text/prose.h for what prose and misreadings have.
constexpr double kReadsWell = -8.5;
constexpr double kShortReadsWell = -7.5;  // fewer than five ideographs
constexpr double kUtf8ReadsWell = -9.5;   // bytes that happen to be UTF-8 are seldom by themselves
constexpr double kNamesRead = -10;
constexpr double kFarFromText = 16;
constexpr size_t kLeastOfLetters = 3;
constexpr double kWorst = -11;            // a stretch beside others that read well
constexpr double kWorstOfUtf8 = -15;
constexpr size_t kCertainIdeographs = 8;
constexpr float kSureCharacter = 4;
constexpr float kSureBesideOthers = 1.5F;
constexpr size_t kBeam = 150;  // more than the values of one unknown byte
constexpr size_t kGuessTrials = 16;
constexpr size_t kSecondGuessTrials = 130;
constexpr size_t kDroppedTrials = 12;
// Bytes that are searched at a time: what a search remembers is hundreds of times as much.
constexpr size_t kLongestLine = size_t{1} << 12;
// Of these at the end of a piece the next one reads again: what follows decides as well.
constexpr size_t kReadAgain = 240;

struct Hypothesis {
  const char* name;
  const char* read_as;
  Target target;
  bool single_byte;   // `read_as` has one byte a character
  bool shift;         // a byte of a pair was lost
  bool in_step = false;  // pairs were read as pairs
};
constexpr Hypothesis kHypotheses[] = {
    {"utf8_as_gbk", "GBK", Target::kUtf8, false, false},
    {"gbk_byte_lost", "GBK", Target::kGbk, false, true},
    {"utf8_as_cp1252", "windows-1252", Target::kUtf8, true, false},
    {"gbk_as_cp1252", "windows-1252", Target::kGbk, true, false},
    {"gbk_as_sjis", "Shift_JIS", Target::kGbk, false, false},
    {"utf8_as_sjis", "Shift_JIS", Target::kUtf8, false, false},
    {"utf8_as_euckr", "EUC-KR", Target::kUtf8, false, false},
    {"gbk_as_euckr", "EUC-KR", Target::kGbk, false, false},
    {"utf8_as_big5", "Big5", Target::kUtf8, false, false},
    {"gbk_as_big5", "Big5", Target::kGbk, false, false, true},
    {"big5_as_gbk", "GBK", Target::kBig5, false, false, true},
    {"gbk_as_eucjp", "EUC-JP", Target::kGbk, false, false, true},
};

enum class Kind : uint8_t { kAscii, kCoded, kUncoded, kQuestion, kReplacement, kEnd };

struct Symbol {
  size_t begin = 0, end = 0;  // bytes of the text
  char32_t shown = 0;
  float value = 0;            // ln(probability) of what is shown, after what is shown before it
  Kind kind = Kind::kEnd;
  bool near_odd = false;
  bool before_shift = false;  // what follows reads better one byte later
  BytePairs::Codes codes{nullptr, nullptr};
};

// The bytes that Windows-1252 does not define: converters drop them.
constexpr unsigned kUndefined1252[] = {0x81, 0x8D, 0x8F, 0x90, 0x9D};

bool IsUndefined1252(char32_t c) { return std::find(std::begin(kUndefined1252), std::end(kUndefined1252), c) != std::end(kUndefined1252); }

class GarbledSearch final : private ByteSearch {
 public:
  GarbledSearch(const Hypothesis& hypothesis, const std::vector<Symbol>& symbols, size_t& budget)
      : ByteSearch(hypothesis.target, kBeam, budget, false),
        hypothesis_(hypothesis),
        read_as_(BytePairs::Of(hypothesis.read_as)),
        symbols_(symbols),
        dropped_(hypothesis.single_byte && hypothesis.target == Target::kUtf8 &&
                 std::none_of(symbols.begin(), symbols.end(), [](const Symbol& symbol) { return IsUndefined1252(symbol.shown); })) {}

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
    for (const Symbol& symbol : symbols_) {
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
      const Symbol& symbol = symbols_[i + 1];
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
    const Symbol& symbol = symbols_[i];
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
    const Symbol& symbol = symbols_[i];
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
    const Symbol& symbol = symbols_[i];
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
  const std::vector<Symbol>& symbols_;
  const bool dropped_;  // bytes may be missing: the line shows none of those that converters drop
  Trials guesses_, drops_;
  size_t dropped_at_ = SIZE_MAX;  // the symbol before which bytes are being put in
  std::vector<std::vector<uint8_t>> unreadable_;
};

// Japanese has its kana in runs; where bytes were misread they stand alone.
bool IsRunOfKana(char32_t previous, char32_t c, char32_t next) {
  return text::IsKana(c) && c < 0xFF00 && (text::IsKana(previous) || text::IsKana(next) || next == 0x30FC || previous == 0x30FC);
}

unsigned Oddness(char32_t c, double log_probability) {
  if (c < 0x80) return 0;
  if (text::IsPrivateUse(c) || c == text::kReplacement || c < 0xA0) return 2;
  return log_probability < static_cast<double>(kOdd) && !text::IsSpace(c) ? 1 : 0;
}

// Where the next characters read better when their pairs begin a byte later: only there is a lost byte tried.
void MarkShifts(std::vector<Symbol>& symbols, const BytePairs& pairs) {
  constexpr size_t kAhead = 6;
  constexpr double kBetter = 8;
  constexpr double kNoCharacter = -20;
  constexpr double kEndsUnread = 6;  // a run out of step ends with a byte that reads as nothing
  // By symbol: how much better the character of its second byte and the next one's first is than the next one.
  std::vector<double> gain(symbols.size(), 0);
  std::vector<bool> end(symbols.size(), true);
  char32_t before = 0, previous = 0;
  for (size_t i = 0; i + 1 < symbols.size(); ++i) {
    const Symbol& next = symbols[i + 1];
    const uint16_t first = symbols[i].codes.empty() ? 0 : *symbols[i].codes.begin();
    const uint16_t second = next.codes.empty() ? 0 : *next.codes.begin();
    if (first >= 0x100 && second >= 0x100) {
      const char32_t c = pairs.Character(first & 0xFF, second >> 8);
      const char32_t symbol = c == 0 ? 0 : text::ProseSymbol(c);
      gain[i] = (c == 0 ? kNoCharacter : text::ProseLogProbability(before, previous, symbol)) - static_cast<double>(next.value);
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
  for (size_t i = 0; i < symbols.size(); ++i) {
    double sum = 0;
    for (size_t j = i; j < std::min(i + kAhead, symbols.size()) && !end[j]; ++j) sum += gain[j];
    symbols[i].before_shift = sum >= kBetter;
  }
}

// The characters of a line and where they are odd: the same under every hypothesis.
std::vector<Symbol> ReadLine(std::string_view text, Node node) {
  std::vector<Symbol> symbols;
  std::vector<unsigned> odd;  // 0, 1, or 2 for what no author writes
  char32_t before = 0;
  char32_t previous = 0;
  for (size_t at = node.begin; at < node.end;) {
    Symbol symbol;
    symbol.begin = at;
    symbol.shown = text::DecodeUtf8(text, at);
    symbol.end = at;
    const char32_t c = symbol.shown;
    const char32_t s = text::ProseSymbol(c);
    if (c >= 0x80) symbol.value = static_cast<float>(text::ProseLogProbability(before, previous, s));
    odd.push_back(Oddness(c, static_cast<double>(symbol.value)));
    before = previous;
    previous = s;
    symbols.push_back(symbol);
  }
  for (size_t i = 0; i < symbols.size(); ++i) {
    const char32_t last = i == 0 ? 0 : symbols[i - 1].shown;
    const char32_t next = i + 1 < symbols.size() ? symbols[i + 1].shown : 0;
    if (IsRunOfKana(last, symbols[i].shown, next)) odd[i] = 0;
  }
  for (size_t i = 0; i < symbols.size(); ++i) {
    for (size_t j = i == 0 ? 0 : i - 1; j < std::min(i + 4, symbols.size()) && !symbols[i].near_odd; ++j) symbols[i].near_odd = odd[j] != 0;
  }
  Symbol last;
  last.begin = last.end = node.end;
  symbols.push_back(last);
  return symbols;
}

// What the line's characters are under a hypothesis. False when the search could not begin anywhere.
bool Interpret(const Hypothesis& hypothesis, std::vector<Symbol>& symbols) {
  const BytePairs& read_as = BytePairs::Of(hypothesis.read_as);
  for (size_t i = 0; i + 1 < symbols.size(); ++i) {
    Symbol& symbol = symbols[i];
    symbol.codes = {nullptr, nullptr};
    const char32_t c = symbol.shown;
    if (c == U'?') {
      symbol.kind = Kind::kQuestion;
    } else if (c < 0x80) {
      symbol.kind = Kind::kAscii;
    } else if (c == text::kReplacement) {
      symbol.kind = Kind::kReplacement;
    } else {
      symbol.codes = read_as.CodesOf(c);
      symbol.kind = symbol.codes.empty() ? Kind::kUncoded : Kind::kCoded;
    }
  }
  if (!hypothesis.shift) {
    return std::any_of(symbols.begin(), symbols.end(), [](const Symbol& symbol) { return symbol.near_odd; });
  }
  const Symbol last = symbols.back();
  symbols.pop_back();
  MarkShifts(symbols, read_as);
  const bool any = std::any_of(symbols.begin(), symbols.end(), [](const Symbol& symbol) { return symbol.before_shift; });
  symbols.push_back(last);
  return any;
}

// What the loss was, by what the line shows in its place.
std::string NameOf(const Hypothesis& hypothesis, const std::vector<Symbol>& symbols, const std::vector<WrittenCharacter>& written, size_t from, size_t to) {
  if (hypothesis.shift) return hypothesis.name;
  std::string name = hypothesis.name;
  bool question = false, replacement = false, blank = false, dropped = false;
  for (size_t i = from; i < to; ++i) {
    if (!written[i].guessed) continue;
    bool marked = false;
    for (size_t s = written[i].first; s <= written[i].last; ++s) {
      question = question || symbols[s].kind == Kind::kQuestion;
      replacement = replacement || symbols[s].kind == Kind::kReplacement;
      blank = blank || symbols[s].shown == U' ';
      marked = marked || symbols[s].kind == Kind::kQuestion || symbols[s].kind == Kind::kReplacement || symbols[s].shown == U' ';
    }
    dropped = dropped || !marked;
  }
  if (question) return name + "_lossy";
  if (replacement) return name + "_fffd";
  if (dropped) return name + "_dropped";
  if (blank) return name + "_nbsp";
  return name;
}

struct Outcome {
  Findings findings;
  size_t end = 0;   // how far the text was read
  double gain = 0;  // how much the repaired stretches read better than what is shown, in nats
};

// A stretch of characters that the line does not show.
struct Segment {
  size_t from = 0, to = 0;     // in `written`
  size_t begin = 0, end = 0;   // bytes of the text
  float sure = 0;              // how far untouched text is behind, at least
  std::string after;
};

bool IsQuote(char32_t c) {
  switch (c) {
    case U'“': case U'”': case U'‘': case U'’': case U'「': case U'」': case U'『': case U'』': case U'"': case U'\'': case U'(': case U')':
    case U'（': case U'）': case U'`': case U'【': case U'】':
      return true;
    default: return false;
  }
}

// A text that speaks of garbled text quotes it; where the line around it is garbled as well, it does not.
bool IsQuoted(std::string_view text, Node node, const Segment& segment) {
  if (segment.begin <= node.begin || segment.end >= node.end) return false;
  size_t before = segment.begin - 1;
  while (before > node.begin && (static_cast<unsigned char>(text[before]) & 0xC0) == 0x80) --before;
  size_t after = segment.end;
  return IsQuote(text::DecodeUtf8(text, before)) && IsQuote(text::DecodeUtf8(text, after));
}

std::vector<Segment> Segments(const std::vector<Symbol>& symbols, const std::vector<WrittenCharacter>& written) {
  std::vector<Segment> segments;
  for (size_t i = 0; i < written.size();) {
    if (written[i].shown) {
      ++i;
      continue;
    }
    Segment segment;
    segment.from = i;
    for (; i < written.size() && (!written[i].shown || (i > segment.from && written[i].first <= written[i - 1].last)); ++i) {
      segment.sure = std::max(segment.sure, written[i].margin);
      text::AppendUtf8(segment.after, written[i].character);
    }
    segment.to = i;
    segment.begin = symbols[written[segment.from].first].begin;
    segment.end = symbols[written[i - 1].last].end;
    segments.push_back(std::move(segment));
  }
  return segments;
}

// Stretches that share no symbol are steps of their own, so that each conjecture stands beside what is certain.
void AddSteps(const Segment& segment, const std::string& family, const std::vector<Symbol>& symbols, const std::vector<WrittenCharacter>& written,
              Findings& findings) {
  for (size_t j = segment.from; j < segment.to;) {
    size_t k = j;
    std::string part;
    bool guessed = false;
    bool given_up = false;
    bool doubtful = false;
    float margin = kLargestMargin;
    double sureness = 1;  // of all guesses together
    const std::string* rival = nullptr;
    for (; k < segment.to; ++k) {
      const WrittenCharacter& c = written[k];
      if (k > j && c.first > written[k - 1].last && (guessed || c.guessed)) break;
      guessed = guessed || c.guessed;
      if (c.margin < margin) {
        margin = c.margin;
        rival = &c.rival;
      }
      const bool lost = c.guessed && c.margin < kGuessMargin;
      if (c.guessed) sureness *= SurenessOf(c.margin);
      given_up = given_up || lost || c.character == text::kReplacement;
      doubtful = doubtful || (c.guessed && c.margin < kSureCharacter);
      text::AppendUtf8(part, lost ? text::kReplacement : c.character);
    }
    const size_t begin = symbols[written[j].first].begin;
    const size_t end = symbols[written[k - 1].last].end;
    // Where every byte is there, the rivals are other codes of the characters shown, and other ends of the stretch.
    const double confidence = !guessed ? 1 - (1 - SurenessOf(margin)) / 3 : given_up ? 0.5 : std::min(SurenessOf(margin), sureness);
    Edit edit{begin, end, std::move(part), family, !guessed, std::min(0.99, confidence)};
    if (guessed && rival != nullptr && !rival->empty()) edit.alternatives.push_back(*rival);
    findings.edits.push_back(std::move(edit));
    if (given_up || doubtful) findings.spots.push_back({begin, end, family});
    j = k;
  }
}

// Characters that stand as they are shown, and in a reading that comes near do not: where the damage begins is not known to the character.
void AddDoubtful(const Hypothesis& hypothesis, const std::vector<Symbol>& symbols, const std::vector<WrittenCharacter>& written, Findings& findings) {
  for (size_t i = 0; i < written.size(); ++i) {
    if (!written[i].shown || written[i].margin >= kSureCharacter) continue;
    const size_t first = i;
    while (i + 1 < written.size() && written[i + 1].shown && written[i + 1].margin < kSureCharacter) ++i;
    const bool damaged = (first > 0 && !written[first - 1].shown) || (i + 1 < written.size() && !written[i + 1].shown);
    if (damaged) findings.spots.push_back({symbols[written[first].first].begin, symbols[written[i].last].end, hypothesis.name});
  }
}

void Collect(std::string_view text, Node node, const Hypothesis& hypothesis, const std::vector<Symbol>& symbols,
             const std::vector<WrittenCharacter>& written, Outcome& outcome) {
  const std::vector<Segment> segments = Segments(symbols, written);
  // The line's stretches are judged together: what is certain of one holds for its neighbours, which may be a single mark.
  std::string all;
  std::string all_shown;
  text::ProseScore before;
  float sure = 0;
  for (const Segment& segment : segments) {
    if (IsQuoted(text, node, segment)) continue;
    all += segment.after;
    all += ' ';
    all_shown += text.substr(segment.begin, segment.end - segment.begin);
    all_shown += ' ';
    before.sum += text::ScoreProse(text.substr(segment.begin, segment.end - segment.begin)).sum;
    sure = std::max(sure, segment.sure);
  }
  const text::ProseScore good = text::ScoreProse(all);
  const bool utf8 = hypothesis.target == Target::kUtf8;
  const double needed = utf8 ? kUtf8ReadsWell : good.ideographs < 5 ? kShortReadsWell : kReadsWell;
  size_t least = hypothesis.single_byte || hypothesis.shift ? 3 : 2;
  if ((hypothesis.shift || (hypothesis.single_byte && utf8)) && good.ideographs == 2 && Advantage(all_shown, all) >= kFarFromText) least = 2;
  const bool natural = (good.ideographs < kNaturalIdeographs || good.mean() < kNaturalReadsLikeChinese) && LooksNatural(all_shown);
  // Names read no better than chance; then what is shown is no text of any language.
  bool reads_well = good.mean() >= needed;
  const bool kana = std::string_view(hypothesis.read_as) == "Shift_JIS";
  if (reads_well ? kana : good.ideographs >= 4 && good.mean() >= kNamesRead) reads_well = Advantage(all_shown, all) >= kFarFromText;
  const bool better = good.sum >= before.sum + static_cast<double>(kSureSegment);
  const bool pairs = !utf8 && !hypothesis.single_byte && !hypothesis.shift;
  const bool says_enough = good.ideographs >= least && !(pairs && DistinctIdeographs(all) < std::min<size_t>(good.ideographs, 3));
  const bool accepted = !natural && sure >= (utf8 ? kSureCharacter : kSureSegment) && says_enough && reads_well && better;
  if (!accepted) {
    // Too little to restore, and yet no text of any language: it is listed. Bytes are not UTF-8 by chance.
    if (natural || good.ideographs == 0 || !better) return;
    if (!utf8 && (!hypothesis.shift || sure < kSureCharacter || Advantage(all_shown, all) < kFarFromText)) return;
    // A word with a few marks on its vowels has letters between them.
    const bool stretch = std::any_of(segments.begin(), segments.end(), [&](const Segment& segment) {
      return written[segment.to - 1].last - written[segment.from].first + 1 >= kLeastOfLetters;
    });
    if (hypothesis.single_byte && (!stretch || Advantage(all_shown, all) < kFarFromText / 2)) return;
    for (const Segment& segment : segments) {
      if (IsQuoted(text, node, segment)) continue;
      outcome.findings.spots.push_back({segment.begin, segment.end, NameOf(hypothesis, symbols, written, segment.from, segment.to)});
    }
    return;
  }
  // Beside what is certain little speaks for a stretch that it is whole.
  const bool certain = good.ideographs >= kCertainIdeographs;
  for (const Segment& segment : segments) {
    const std::string family = NameOf(hypothesis, symbols, written, segment.from, segment.to);
    const text::ProseScore here = text::ScoreProse(segment.after);
    if (here.mean() < (utf8 && certain ? kWorstOfUtf8 : kWorst) || segment.sure < (certain ? kSureBesideOthers : kSureCharacter)) {
      outcome.findings.spots.push_back({segment.begin, segment.end, family});
      continue;
    }
    outcome.gain += here.sum - text::ScoreProse(text.substr(segment.begin, segment.end - segment.begin)).sum;
    AddSteps(segment, family, symbols, written, outcome.findings);
  }
  if (!outcome.findings.edits.empty()) AddDoubtful(hypothesis, symbols, written, outcome.findings);
}

// Two characters of three UTF-8 bytes on end: what the bytes of other text seldom have. `dropped`: bytes of each may be missing.
bool HoldsUtf8(const std::vector<Symbol>& symbols, bool dropped) {
  size_t waiting = 0;   // bytes that the character begun still needs
  size_t shown = 0;     // bytes of it, after the first, that the line shows: blanks stand in any text
  size_t complete = 0;  // characters on end
  for (const Symbol& symbol : symbols) {
    unsigned bytes[2];
    size_t count = 0;
    if (symbol.kind == Kind::kCoded) {
      const uint16_t code = *symbol.codes.begin();
      if (code >= 0x100) bytes[count++] = code >> 8;
      bytes[count++] = code & 0xFF;
    } else if (symbol.kind == Kind::kQuestion || symbol.kind == Kind::kReplacement || symbol.shown == U' ') {
      // The byte that was lost.
      const bool counts = shown > 0 || (symbol.shown != U' ' && !dropped);
      if (waiting > 0 && --waiting == 0 && counts && ++complete >= 2) return true;
      continue;
    }
    for (size_t i = 0; i < count; ++i) {
      if (waiting > 0 && bytes[i] >= 0x80 && bytes[i] <= 0xBF) {
        ++shown;
        if (--waiting == 0 && ++complete >= 2) return true;
      } else if (bytes[i] >= 0xE3 && bytes[i] <= 0xEF) {
        if (waiting > 1 && !dropped) complete = 0;
        if (dropped && waiting == 1 && shown > 0 && ++complete >= 2) return true;
        waiting = 2;
        shown = 0;
      } else {
        waiting = complete = 0;
      }
    }
    if (count > 0) continue;
    if (dropped && waiting > 0 && complete > 0) return true;
    waiting = complete = 0;
  }
  return false;
}

// Whether somewhere in the line the pairs of the characters shown read better in the encoding that they would have been written in. Readings
// of ideographs as others stay in step, so this costs little, and most lines of sound text have no such place.
bool ReadsBetterSomewhere(const Hypothesis& hypothesis, const std::vector<Symbol>& symbols) {
  constexpr double kBetter = 10;
  constexpr double kNoCharacter = -20;
  const BytePairs& target = hypothesis.target == Target::kBig5 ? BytePairs::Of("Big5") : BytePairs::Gbk();
  double gain = 0;
  char32_t before = 0, previous = 0;
  for (const Symbol& symbol : symbols) {
    if (symbol.kind == Kind::kEnd) break;
    // The search begins where something is odd.
    if (gain <= 0 && !symbol.near_odd) {
      before = previous = 0;
      continue;
    }
    char32_t meant = symbol.kind == Kind::kAscii ? text::ProseSymbol(symbol.shown) : 0;
    if (symbol.kind != Kind::kAscii) {
      const uint16_t code = symbol.codes.empty() ? 0 : *symbol.codes.begin();
      const char32_t c = code < 0x100 ? 0 : target.Character(code >> 8, code & 0xFF);
      meant = c == 0 ? 0 : text::ProseSymbol(c);
      const double read = c == 0 ? kNoCharacter : text::ProseLogProbability(before, previous, meant);
      gain = std::max(0.0, gain) + read - static_cast<double>(symbol.value);
      if (gain >= kBetter) return true;
    }
    before = previous;
    previous = meant;
  }
  return false;
}

// What keeps a hypothesis away from text that it cannot have made.
bool MayBe(const Hypothesis& hypothesis, const Look& look) {
  const std::string_view read_as(hypothesis.read_as);
  if (hypothesis.single_byte) return look.latin >= (hypothesis.target == Target::kUtf8 ? 2 : 4);
  if (read_as == "Shift_JIS") return look.half_width_kana >= 2;
  if (read_as == "EUC-KR") return look.hangul >= 2;
  if (hypothesis.shift || (read_as == "GBK" && hypothesis.target == Target::kUtf8)) return look.han >= 2;
  return look.clusters && look.han >= 4;
}

// Where the first piece of a long line ends: behind ASCII, which no character lies across, "?" last, for it may be a byte.
size_t PieceEnd(std::string_view text, Node node) {
  if (node.end - node.begin <= kLongestLine) return node.end;
  size_t question = 0;
  for (size_t at = node.begin + kLongestLine; at > node.begin + kLongestLine / 2; --at) {
    const auto byte = static_cast<unsigned char>(text[at - 1]);
    if (byte < 0x40 && byte != '?') return at;
    if (byte == '?' && question == 0) question = at;
  }
  if (question != 0) return question;
  size_t end = node.begin + kLongestLine;
  while (end > node.begin + kLongestLine - 3 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return end;
}

// Where a line is read on that was cut somewhere: at a character of the reading that takes no byte of the one before it. What is written from
// there on goes.
size_t LeaveRest(Node node, const std::vector<Symbol>& symbols, std::vector<WrittenCharacter>& written) {
  for (size_t i = written.size(); i-- > 1;) {
    const size_t begin = symbols[written[i].first].begin;
    if (begin + kReadAgain > node.end || written[i].first <= written[i - 1].last) continue;
    if (begin <= node.begin + (node.end - node.begin) / 2) break;
    if (written[i].margin < kSureCharacter || written[i - 1].margin < kSureCharacter) continue;
    written.erase(written.begin() + static_cast<ptrdiff_t>(i), written.end());
    return begin;
  }
  return node.end;
}

// How far the piece was read.
size_t RepairPiece(std::string_view text, Node node, const Look& look, size_t& budget, Findings& findings) {
  if (std::none_of(std::begin(kHypotheses), std::end(kHypotheses), [&](const Hypothesis& hypothesis) { return MayBe(hypothesis, look); })) return node.end;
  Outcome best;
  best.end = node.end;
  std::vector<Symbol> symbols = ReadLine(text, node);
  for (const Hypothesis& hypothesis : kHypotheses) {
    if (!MayBe(hypothesis, look) || !Interpret(hypothesis, symbols)) continue;
    if (hypothesis.target == Target::kUtf8 && !HoldsUtf8(symbols, hypothesis.single_byte)) continue;
    if (budget == 0 && hypothesis.target == Target::kUtf8 && !findings.edits.empty()) {
      // The rest of a document that was repaired so far.
      findings.spots.push_back({node.begin, node.end, hypothesis.name});
      return node.end;
    }
    if (hypothesis.in_step && !ReadsBetterSomewhere(hypothesis, symbols)) continue;
    std::vector<WrittenCharacter> written;
    if (!GarbledSearch(hypothesis, symbols, budget).Run(written)) continue;
    Outcome outcome;
    outcome.end = node.goes_on ? LeaveRest(node, symbols, written) : node.end;
    const Node read{node.begin, outcome.end};
    Collect(text, read, hypothesis, symbols, written, outcome);
    // UTF-8 that reads well throughout is nothing else.
    size_t repaired = 0;
    for (const Edit& edit : outcome.findings.edits) repaired += edit.end - edit.begin;
    const bool throughout = hypothesis.target == Target::kUtf8 && repaired * 4 >= (read.end - read.begin) * 3;
    if (throughout) {
      best = std::move(outcome);
      break;
    }
    const bool found = !outcome.findings.edits.empty() || !outcome.findings.spots.empty();
    if (outcome.gain > best.gain || (found && best.findings.edits.empty() && best.findings.spots.empty())) best = std::move(outcome);
  }
  findings.edits.insert(findings.edits.end(), std::make_move_iterator(best.findings.edits.begin()), std::make_move_iterator(best.findings.edits.end()));
  findings.spots.insert(findings.spots.end(), best.findings.spots.begin(), best.findings.spots.end());
  return best.end;
}

}  // namespace

size_t RepairLosses(std::string_view text, Node node, const Look& look, size_t& budget, Findings& findings) {
  // Where every second character is lost no context is left to find the others by. Japanese is a quarter kana, misread bytes are not.
  if (look.replacements * 2 > look.wide || look.kana * 4 > look.wide) return node.end;
  while (node.begin < node.end) {
    const size_t end = PieceEnd(text, node);
    const bool last = end == node.end;
    const bool whole = static_cast<unsigned char>(text[end - 1]) < 0x40 && text[end - 1] != '?';
    node.begin = RepairPiece(text, {node.begin, end, last ? node.goes_on : !whole}, look, budget, findings);
    if (last) break;
  }
  return node.begin;
}

}  // namespace fangzhi::repair
