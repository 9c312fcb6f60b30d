// Runs of a glossed page that were thrown out of step (glosses.cc): its lines are read as the GBK bytes that their characters stand for.
// Glosses drop out, "?shù)" gives back the byte that the gloss hid, a lone "?" is one unknown byte, perhaps with the ASCII character
// behind it swallowed, and where the copy lost its private-use characters a pair of them may be missing. The most probable
// reading of those bytes wins, by the language; where no other reading comes near it the run is restored.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "repair/byte_search.h"
#include "repair/edits.h"
#include "repair/glosses.h"
#include "repair/readings.h"
#include "text/language.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

constexpr size_t kBeam = 300;  // more than the values of one unknown byte, which nothing tells apart at first
constexpr size_t kMaxSymbols = 6000;
// Natural logarithms. The damage is certain once the text is given, so the language alone weighs the bytes; these only say how often
// it happens.
constexpr float kAsciiCost = -3;
constexpr float kQuestionMarkCost = -5;
constexpr float kQuestionBeforeMarkCost = -16;  // on a page of the kind
constexpr float kUnknownByteCost = -1.5F;
constexpr float kSwallowedCost = -2;
constexpr float kSwallowedBeforeMarkCost = -7;
constexpr float kNotSwallowedCost = -4;
constexpr float kLostPairCost = -2;
constexpr float kLostEuroCost = -3;
constexpr float kSimplifiedCost = -2;
constexpr size_t kUnknownTrials = 60;
constexpr size_t kLostEuroTrials = 60;
constexpr size_t kLostPairTrials = 6;
constexpr size_t kLostPairLeads = 5;
constexpr size_t kTwoPairTrials = 3;
constexpr size_t kTwoPairLeads = 12;
constexpr float kSureMargin = 4;
constexpr size_t kWorthIt = 2;  // certain ideographs of a run that holds one that is not
// Outside pages that glosses give away, how far the line as it stands must be behind.
constexpr float kAloneMargin = 8;

enum class SymbolKind {
  kBytes,        // the GBK bytes of a character
  kLiteral,      // stands for itself: ASCII that no pair can take, and what GBK lacks
  kAscii,        // itself, or the second byte of a pair
  kMark,         // an ASCII mark behind "?": itself, or its full-width form
  kQuestion,     // "?": itself, an unknown byte, or a full-width mark
  kGloss,        // an inserted gloss: no bytes, but the two before it are its character's
  kHiddenByte,   // "?shù)": the second byte of the glossed character, then the gloss
};

struct Symbol {
  SymbolKind kind = SymbolKind::kLiteral;
  size_t begin = 0, end = 0;  // bytes of the text
  char32_t character = 0;
  uint16_t code = 0;          // of kBytes; below 256 for one byte
  std::string_view pinyin;
  bool after_question = false;
  bool took_bracket = false;  // the rest of a tag stands behind this "?"
};

char32_t FullWidth(char32_t ascii) { return ascii - 0x21 + 0xFF01; }

std::vector<Symbol> MakeSymbols(std::string_view text, Node node) {
  const BytePairs& pairs = BytePairs::Gbk();
  std::vector<Symbol> symbols;
  bool after_question = false;
  for (size_t at = node.begin; at < node.end;) {
    Symbol symbol;
    symbol.begin = at;
    symbol.after_question = after_question;
    after_question = false;
    const std::string_view rest = text.substr(0, node.end);
    std::string_view pinyin;
    size_t length = GlossLength(rest, at, '(', pinyin);
    if (length != 0) {
      symbol.kind = SymbolKind::kGloss;
    } else {
      // The parenthesis was taken with the byte before it: "?" stands where "(" would.
      length = GlossLength(rest, at, '?', pinyin);
      symbol.kind = SymbolKind::kHiddenByte;
    }
    if (length != 0) {
      symbol.pinyin = pinyin;
      at += length;
      symbol.end = at;
      symbols.push_back(symbol);
      continue;
    }
    symbol.character = text::DecodeUtf8(text, at);
    symbol.end = at;
    const char32_t c = symbol.character;
    if (c == U'?') {
      symbol.kind = SymbolKind::kQuestion;
      symbol.took_bracket = IsRestOfTag(text, at);
      after_question = true;
    } else if (c < 0x80) {
      const bool mark = c == U',' || c == U';' || c == U'!' || c == U':';
      symbol.kind = mark && symbol.after_question ? SymbolKind::kMark : c >= 0x40 && c < 0x7F ? SymbolKind::kAscii : SymbolKind::kLiteral;
    } else {
      symbol.code = c == 0x20AC ? 0x80 : pairs.Code(c);
      symbol.kind = symbol.code != 0 ? SymbolKind::kBytes : SymbolKind::kLiteral;
    }
    symbols.push_back(symbol);
  }
  return symbols;
}

// The search over GBK text found its character in the second byte of one and an ASCII character behind it: 比A(huà)14, for 比 is B1C8 and 華 C841.
bool IsOfHalves(const std::vector<Symbol>& symbols, size_t gloss) {
  if (gloss < 2 || symbols[gloss - 2].code < 0x100 || symbols[gloss - 1].character >= 0x80) return false;
  const char32_t c = BytePairs::Gbk().Character(symbols[gloss - 2].code & 0xFFU, symbols[gloss - 1].character);
  return c != 0 && HasReading(c, symbols[gloss].pinyin);
}

// The copy has folded the marks of its text.
bool HoldsAsciiCommas(const std::vector<Symbol>& symbols) {
  for (size_t i = 1; i < symbols.size(); ++i) {
    if (symbols[i].character == U',' && (symbols[i - 1].character >= 0x80 || symbols[i - 1].kind == SymbolKind::kGloss)) return true;
  }
  return false;
}

class RunSearch final : private ByteSearch {
 public:
  // `kept_private_use`: the document shows such characters, so none were lost on its way.
  RunSearch(const std::vector<Symbol>& symbols, bool page, bool kept_private_use, size_t& budget)
      : ByteSearch(Target::kGbk, kBeam, budget, true), symbols_(symbols), page_(page), kept_private_use_(kept_private_use), ascii_commas_(HoldsAsciiCommas(symbols)) {
    Prefer(Script::kTraditional, kSimplifiedCost);
  }

  bool Run(std::vector<WrittenCharacter>& result) { return Search(symbols_.size(), result); }

 private:
  float AtEnd(const State& state) const override { return EndOfLine(state); }

  // Pairs that readers do not see, by first byte: second bytes that can begin a character themselves.
  struct HiddenPairs {
    std::vector<std::vector<unsigned>> trails;
    std::vector<unsigned> leads;
  };
  template <typename Predicate>
  static HiddenPairs* Make(Predicate hidden) {
    auto* made = new HiddenPairs;
    made->trails.resize(0x100);
    for (unsigned lead = 0x81; lead <= 0xFE; ++lead) {
      for (unsigned trail = 0x81; trail <= 0xFE; ++trail) {
        if (hidden(lead, trail)) made->trails[lead].push_back(trail);
      }
      if (!made->trails[lead].empty()) made->leads.push_back(lead);
    }
    return made;
  }
  // The user-defined ones, and those that code page 936 lacks: decoders of it leave them out or show one "?".
  static const HiddenPairs& UserDefined() {
    static const HiddenPairs* const pairs = Make([](unsigned lead, unsigned trail) { return text::IsPrivateUse(BytePairs::Gbk().Character(lead, trail)) || IsUnassigned(lead, trail); });
    return *pairs;
  }
  static const HiddenPairs& Unassigned() {
    static const HiddenPairs* const pairs = Make(IsUnassigned);
    return *pairs;
  }
  static bool IsUnassigned(unsigned lead, unsigned trail) {
    constexpr char32_t kFirst = 0xE766, kLast = 0xE864;  // private use that GBK has outside its user-defined areas
    const char32_t c = BytePairs::Gbk().Character(lead, trail);
    if (c >= kFirst && c <= kLast) return true;
    switch (lead) {
      case 0xA2: return (trail >= 0xAB && trail <= 0xB0) || trail == 0xE3;
      case 0xA6: return (trail >= 0xD9 && trail <= 0xDF) || trail == 0xEC || trail == 0xED || trail == 0xF3;
      case 0xA8: return trail == 0xBC || trail == 0xBF;
      case 0xA9: return trail >= 0x89 && trail <= 0x95;
      case 0xFE: return trail <= 0xA0;
      default: return false;
    }
  }
  const HiddenPairs& Hidden() const { return kept_private_use_ ? Unassigned() : UserDefined(); }

  // What stands between two pairs of these on end, by the first one's first byte: a common character of its second byte and the second one's first.
  struct Middle {
    uint8_t trail, lead;
  };
  static const std::vector<Middle>& Middles(unsigned first) {
    constexpr double kCommon = -11.5;
    static const auto* const middles = [] {
      auto* made = new std::vector<std::vector<Middle>>(0x100);
      for (unsigned trail = 0x81; trail <= 0xFE; ++trail) {
        for (const unsigned lead : UserDefined().leads) {
          const char32_t c = BytePairs::Gbk().Character(trail, lead);
          if (c == 0 || text::LogProbability(0, text::SimplifiedForm(c)) <= kCommon) continue;
          for (const unsigned before : UserDefined().leads) {
            const std::vector<unsigned>& trails = UserDefined().trails[before];
            if (std::binary_search(trails.begin(), trails.end(), trail)) (*made)[before].push_back({static_cast<uint8_t>(trail), static_cast<uint8_t>(lead)});
          }
        }
      }
      return made;
    }();
    return (*middles)[first];
  }

  // No author writes one sign of this kind in ASCII and the next in full width.
  bool IsBeforeMark(size_t i) const {
    const char32_t next = i + 1 < symbols_.size() ? symbols_[i + 1].character : 0;
    return next == U'，' || next == U'；' || next == U'？' || next == U'！';
  }

  void Literal(const State& state, size_t i, Readings& next) {
    if (state.pending_count != 0) return;
    State after = state;
    const char32_t c = symbols_[i].character;
    if (c < 0x80) after.score += c != U'?' ? kAsciiCost : page_ && IsBeforeMark(i) ? kQuestionBeforeMarkCost : kQuestionMarkCost;
    Write(after, c, i, i, true, false);
    after.last_bytes[0] = after.last_bytes[1] = 0;
    next.Add(after);
  }

  void TwoBytes(State state, uint16_t pair, size_t i, bool shown, Readings& next) {
    if (PutByte(state, pair >> 8, i, false, shown) && PutByte(state, pair & 0xFF, i, false, shown)) next.Add(state);
  }

  struct Begun {
    State state;    // the pair's first byte is in
    unsigned lead;
  };

  // In a run out of step one or two pairs of the user-defined areas may be missing before this symbol, which readers do not see.
  void LostPairs(const State& state, size_t i, Readings& next) {
    const SymbolKind kind = symbols_[i].kind;
    const bool readable = kind == SymbolKind::kBytes || kind == SymbolKind::kAscii || kind == SymbolKind::kHiddenByte;
    if (i == 0 || state.pending_count == 0 || state.mode == kLost || !readable) return;
    if (!TryAgain(i, lost_pairs_, kLostPairTrials) || !next.MayTake(state, kLostPairCost, 2)) return;
    // The best characters that the waiting byte makes with such a pair's first.
    State lost = state;
    lost.score += kLostPairCost;
    lost.mode = kLost;
    bytes_tried_.clear();
    characters_tried_.clear();
    for (const unsigned lead : Hidden().leads) {
      if (const char32_t c = HiddenCharacter(state.pending[0], lead); c != 0) Try({static_cast<uint8_t>(lead), 0}, c);
    }
    std::vector<Begun> begun;
    for (const size_t best : BestOf(ScoresWith(lost, characters_tried_), kLostPairLeads)) {
      const unsigned lead = bytes_tried_[best][0];
      begun.push_back({lost, lead});
      PutByte(begun.back().state, lead, i - 1, true);
    }
    for (const Begun& one : begun) End(one, i, next);
    if (kept_private_use_ || lost_pairs_.count > kTwoPairTrials) return;
    if (begun.size() > kTwoPairTrials) begun.resize(kTwoPairTrials);
    std::vector<Begun> two;
    for (const Begun& one : begun) {
      if (!next.MayTake(one.state, kLostPairCost, 2)) break;  // the others are further behind
      State again = one.state;
      again.score += kLostPairCost;
      TakeBestTwo(again, one.lead, i, two);
    }
    for (const Begun& one : two) End(one, i, next);
  }

  // The best of `two` and of those that come from `state`, which has put in a pair whose first byte is `lead`, with the first byte of another.
  void TakeBestTwo(const State& state, unsigned lead, size_t i, std::vector<Begun>& two) {
    bytes_tried_.clear();
    characters_tried_.clear();
    for (const Middle middle : Middles(lead)) {
      if (const char32_t c = HiddenCharacter(middle.trail, middle.lead); c != 0) Try({middle.trail, middle.lead}, c);
    }
    const size_t old = two.size();
    scores_tried_.clear();
    for (const Begun& one : two) scores_tried_.push_back(one.state.score);
    const std::span<const float> scores = ScoresWith(state, characters_tried_);
    scores_tried_.insert(scores_tried_.end(), scores.begin(), scores.end());
    std::vector<Begun> best;
    for (const size_t at : BestOf(scores_tried_, kTwoPairLeads)) {
      if (at < old) {
        best.push_back(two[at]);
        continue;
      }
      const auto [trail, second] = bytes_tried_[at - old];
      best.push_back({state, second});
      PutByte(best.back().state, trail, i - 1, true);
      PutByte(best.back().state, second, i - 1, true);
    }
    two = std::move(best);
  }

  void Try(std::array<uint8_t, 2> bytes, char32_t character) {
    bytes_tried_.push_back(bytes);
    characters_tried_.push_back(character);
  }

  // One "?" for a pair that the reader's code page lacks.
  void UnassignedPair(const State& state, size_t i, Readings& next) {
    if (state.pending_count == 0 || !TryAgain(i, unassigned_, kLostPairTrials) || !next.MayTake(state, kLostPairCost, 2)) return;
    for (const unsigned lead : Unassigned().leads) {
      State begun = state;
      begun.score += kLostPairCost;
      if (!PutByte(begun, lead, i, true)) continue;
      for (const unsigned trail : Unassigned().trails[lead]) {
        State after = begun;
        if (PutByte(after, trail, i, true)) next.Add(after);
      }
    }
  }

  // The best `count` places of `scores`, the best one first. Valid until the next call.
  std::span<const size_t> BestOf(std::span<const float> scores, size_t count) {
    best_.resize(scores.size());
    for (size_t i = 0; i < best_.size(); ++i) best_[i] = i;
    std::sort(best_.begin(), best_.end(), [&](size_t a, size_t b) { return scores[a] > scores[b]; });
    return std::span<const size_t>(best_).first(std::min(count, best_.size()));
  }

  void End(const Begun& begun, size_t i, Readings& next) {
    if (!next.MayTake(begun.state, 0, 1)) return;
    const Symbol& symbol = symbols_[i];
    const std::vector<unsigned>& trails = Hidden().trails[begun.lead];
    const unsigned second = symbol.code & 0xFFU;
    const bool pair = symbol.kind == SymbolKind::kBytes && symbol.code >= 0x100 && second >= 0x81 && second != 0xFF;
    if (!pair && symbol.kind != SymbolKind::kAscii) {
      for (const unsigned trail : trails) {
        State after = begun.state;
        if (PutByte(after, trail, i - 1, true)) Step(after, i, next);
      }
      return;
    }
    // What the pair's second byte makes with the symbol's first says already which of the readings come near the best one: few do.
    const unsigned first = pair ? symbol.code >> 8U : static_cast<unsigned>(symbol.character);
    bytes_tried_.clear();
    characters_tried_.clear();
    for (const unsigned trail : trails) {
      if (const char32_t c = HiddenCharacter(trail, first); c != 0) Try({static_cast<uint8_t>(trail), 0}, c);
    }
    const std::span<const float> scores = ScoresWith(begun.state, characters_tried_);
    for (size_t k = 0; k < scores.size(); ++k) {
      if (next.PassOver(scores[k], !pair, 1)) continue;
      State after = begun.state;
      if (!PutByte(after, bytes_tried_[k][0], i - 1, true)) continue;
      PutLast(after, first, characters_tried_[k], i, false, scores[k]);
      if (!pair || PutByte(after, second, i, false, true)) next.Add(after);
    }
  }

  void Advance(const State& state, size_t i, Readings& next) override {
    Step(state, i, next);
    if (state.pending_count != 0 && TryAgain(i, euros_, kLostEuroTrials)) {
      // Some copies lost the byte 80, which others show as a euro sign.
      State after = state;
      after.score += kLostEuroCost;
      if (PutByte(after, 0x80, i == 0 ? 0 : i - 1, true)) Step(after, i, next);
    }
    LostPairs(state, i, next);
  }

  void Step(const State& from, size_t i, Readings& next) {
    const Symbol& symbol = symbols_[i];
    State state = from;
    if (state.pending_count == 0) state.mode = 0;
    switch (symbol.kind) {
      case SymbolKind::kBytes: {
        if (symbol.code >= 0x100) {
          TwoBytes(state, symbol.code, i, true, next);
        } else if (state.pending_count == 0) {
          Literal(state, i, next);
        } else if (PutByte(state, symbol.code, i, false)) {
          next.Add(state);
        }
        return;
      }
      case SymbolKind::kLiteral:
        Literal(state, i, next);
        return;
      case SymbolKind::kAscii: {
        if (state.pending_count == 0) {
          Literal(state, i, next);
        } else if (PutByte(state, static_cast<unsigned>(symbol.character), i, false)) {
          next.Add(state);
        }
        return;
      }
      case SymbolKind::kMark:
        Literal(state, i, next);
        TwoBytes(state, pairs().Code(FullWidth(symbol.character)), i, false, next);
        return;
      case SymbolKind::kQuestion:
        Literal(state, i, next);
        if (symbol.after_question) TwoBytes(state, pairs().Code(FullWidth(U'?')), i, false, next);
        UnassignedPair(state, i, next);
        // The best readings come first.
        if (!TryAgain(i, unknown_, kUnknownTrials) || !next.MayTake(state, kUnknownByteCost, 1)) return;
        UnknownByte(state, i, next);
        return;
      case SymbolKind::kGloss: {
        const char32_t before = pairs().Character(state.last_bytes[0], state.last_bytes[1]);
        if (before != 0 && HasReading(before, symbol.pinyin)) {
          next.Add(state);
        } else if (state.pending_count == 0) {
          // Not a gloss of this kind: it stays.
          state.score += 4 * kAsciiCost;
          state.previous = state.before = 0;
          next.Add(state);
        }
        return;
      }
      case SymbolKind::kHiddenByte:
        for (const uint16_t code : HiddenCodes(i)) {
          if (code >> 8 != state.last_bytes[1]) continue;
          const unsigned byte = code & 0xFFU;
          if (state.pending_count == 0 && byte < 0x80) continue;  // it begins a character, or ends one
          State after = state;
          if (PutByte(after, byte, i, false)) next.Add(after);
        }
        return;
    }
  }

  // "?" as a byte that nobody knows.
  void UnknownByte(const State& from, size_t i, Readings& next) {
    State state = from;
    state.score += kUnknownByteCost;
    if (state.pending_count == 0) {
      for (unsigned byte = 0x81; byte <= 0xFE; ++byte) {
        State after = state;
        if (PutByte(after, byte, i, true)) next.Add(after);
      }
      return;
    }
    const bool alone = symbols_[i].took_bracket || i + 1 == symbols_.size();
    // What was lost before a mark was the byte alone.
    const bool before_mark = !alone && text::IsCjkPunctuation(symbols_[i + 1].character);
    const bool before_comma = !alone && ascii_commas_ && !before_mark;
    bytes_tried_.clear();
    characters_tried_.clear();
    for (unsigned byte = 0x81; byte <= 0xFE; ++byte) {
      if (const char32_t c = HiddenCharacter(state.pending[0], byte); c != 0) Try({static_cast<uint8_t>(byte), 0}, c);
    }
    const std::span<const float> scores = ScoresWith(state, characters_tried_);
    for (size_t k = 0; k < scores.size(); ++k) {
      // What comes behind the character only costs.
      if (next.PassOver(scores[k], true, alone ? 1 : before_comma ? 3 : 2)) continue;
      State after = state;
      PutLast(after, bytes_tried_[k][0], characters_tried_[k], i, true, scores[k]);
      if (alone) {
        if (symbols_[i].took_bracket) Write(after, U'<', i, i, false, true, false);
        next.Add(after);
        continue;
      }
      // The byte ended a character; the reader took it with the ASCII character behind it, which nobody can know, unless the copy has its
      // commas in ASCII.
      if (before_comma) {
        State comma = after;
        comma.score += static_cast<float>(text::ProseLogProbability(after.before, after.previous, text::ProseSymbol(U',')));
        Write(comma, U',', i, i, false, true, false);
        next.Add(comma);
      }
      const float swallowed_score = after.score + (before_mark ? kSwallowedBeforeMarkCost : kSwallowedCost);
      if (!next.PassOver(swallowed_score, true, 1)) {
        State swallowed = after;
        swallowed.score = swallowed_score;
        Write(swallowed, text::kReplacement, i, i, false, true, false);
        next.Add(swallowed);
      }
      if (!before_mark) after.score += kNotSwallowedCost;
      next.Add(after);
    }
  }

  // The pairs of the traditional characters that the gloss of symbol `i` may stand behind.
  const std::vector<uint16_t>& HiddenCodes(size_t i) {
    if (hidden_at_ == i) return hidden_codes_;
    hidden_at_ = i;
    hidden_codes_.clear();
    for (const char32_t c : CharactersWithReading(symbols_[i].pinyin)) {
      if (c < 0x10000 && text::SimplifiedForm(c) != c && pairs().Code(c) >= 0x100) hidden_codes_.push_back(pairs().Code(c));
    }
    return hidden_codes_;
  }

  static constexpr uint8_t kLost = 1;  // a lost pair was put in within this character

  const std::vector<Symbol>& symbols_;
  const bool page_;
  const bool kept_private_use_;
  const bool ascii_commas_;
  Trials unknown_, unassigned_, euros_, lost_pairs_;
  size_t hidden_at_ = SIZE_MAX;  // the symbol of `hidden_codes_`
  std::vector<uint16_t> hidden_codes_;
  std::vector<std::array<uint8_t, 2>> bytes_tried_;  // with the characters that they make
  std::vector<char32_t> characters_tried_;
  std::vector<float> scores_tried_;  // in TakeBestTwo
  std::vector<size_t> best_;         // in BestOf
};

bool LooksOutOfStep(const std::vector<Symbol>& symbols) {
  for (size_t i = 0; i < symbols.size(); ++i) {
    const Symbol& symbol = symbols[i];
    if (symbol.kind == SymbolKind::kHiddenByte || text::IsPrivateUse(symbol.character)) return true;
    const bool marked = symbol.kind == SymbolKind::kMark || (symbol.after_question && text::IsCjkPunctuation(symbol.character));
    if (marked || (symbol.kind == SymbolKind::kQuestion && symbol.after_question)) return true;
    if (symbol.kind == SymbolKind::kGloss && i > 0 && !HasReading(symbols[i - 1].character, symbol.pinyin)) return true;
  }
  return false;
}

// A run of characters that the line does not show, as symbols [first, last].
struct Run {
  size_t first = 0, last = 0;
  std::string restored;
  std::string partly;              // with U+FFFD for what other readings come near to
  size_t certain_ideographs = 0;   // in `partly`
  float margin = kLargestMargin;   // the smallest of its characters'
  float certain = 0;               // the largest
  bool guessed = false;
  bool lost = false;               // holds a character that nobody can know
  std::string rival;
};

std::vector<Run> RunsOf(const std::vector<Symbol>& symbols, const std::vector<WrittenCharacter>& written) {
  std::vector<Run> runs;
  for (size_t i = 0; i < written.size();) {
    if (written[i].shown) {
      ++i;
      continue;
    }
    Run run;
    run.first = written[i].first;
    for (const size_t from = i; i < written.size() && (!written[i].shown || (i > from && written[i].first <= written[i - 1].last)); ++i) {
      const WrittenCharacter& c = written[i];
      text::AppendUtf8(run.restored, c.character);
      text::AppendUtf8(run.partly, c.margin < kGuessMargin ? text::kReplacement : c.character);
      if (c.margin >= kSureMargin && text::IsHan(c.character)) ++run.certain_ideographs;
      run.last = std::max(run.last, c.last);
      run.lost = run.lost || c.character == text::kReplacement;
      run.guessed = run.guessed || c.guessed;
      run.certain = std::max(run.certain, c.margin);
      if (c.margin < run.margin && c.character != text::kReplacement) {
        run.margin = c.margin;
        run.rival = c.rival;
      }
      for (size_t s = c.first; s <= c.last; ++s) run.guessed = run.guessed || symbols[s].kind == SymbolKind::kMark;
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

bool IsRestOfTag(std::string_view text, size_t at) {
  const bool closes = at < text.size() && text[at] == '/';
  if (closes) ++at;
  const size_t name = at;
  while (at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || (at > name && text[at] >= '1' && text[at] <= '6'))) ++at;
  const std::string_view element = text.substr(name, at - name);
  while (at < text.size() && (text[at] == ' ' || text[at] == '/')) ++at;
  if (at >= text.size() || text[at] != '>' || !IsElement(element)) return false;
  // "a>" and "s>" compare.
  return closes || element.size() > 1;
}

bool RepairRuns(std::string_view text, Node node, bool page, bool kept_private_use, size_t& budget, Findings& findings) {
  const std::vector<Symbol> symbols = MakeSymbols(text, node);
  if (symbols.size() > kMaxSymbols || !LooksOutOfStep(symbols)) return false;
  std::vector<WrittenCharacter> written;
  if (!RunSearch(symbols, page, kept_private_use, budget).Run(written)) {
    if (page) {
      for (const Symbol& symbol : symbols) {
        if (symbol.kind == SymbolKind::kHiddenByte || text::IsPrivateUse(symbol.character)) {
          findings.spots.push_back({symbol.begin, symbol.end, "parasite_gloss_run"});
        }
      }
    }
    return false;
  }
  std::vector<Edit> edits;
  std::vector<Spot> spots;
  bool alone_certain = false;
  for (const Run& run : RunsOf(symbols, written)) {
    const size_t begin = symbols[run.first].begin;
    const size_t end = symbols[run.last].end;
    const char* family = run.guessed ? "parasite_split" : "parasite_gloss_run";
    // Of what stands in question marks alone nothing is known.
    const bool shows_bytes = std::any_of(symbols.begin() + static_cast<ptrdiff_t>(run.first), symbols.begin() + static_cast<ptrdiff_t>(run.last) + 1,
                                         [](const Symbol& symbol) { return symbol.kind != SymbolKind::kQuestion && symbol.kind != SymbolKind::kMark; });
    if (run.margin < kGuessMargin || !shows_bytes) {
      // What is certain of a run that is not all known stands for itself.
      if (shows_bytes && run.certain_ideographs >= kWorthIt) edits.push_back({begin, end, run.partly, family, false, 0.5, {run.restored}});
      spots.push_back({begin, end, family});
      continue;
    }
    Edit edit{begin, end, run.restored, family, !run.guessed, run.lost ? 0.5 : SurenessOf(run.margin)};
    if (!run.rival.empty() && run.guessed) edit.alternatives.push_back(run.rival);
    edits.push_back(std::move(edit));
    if (run.margin < kSureMargin || run.lost) spots.push_back({begin, end, family});
    alone_certain = alone_certain || (run.certain >= kAloneMargin && text::ScoreProse(run.restored).ideographs > 0);
  }
  if (!page && !alone_certain) return false;
  const size_t runs = edits.size();
  auto holds = [](const Symbol& symbol) { return [&symbol](const auto& part) { return symbol.begin >= part.begin && symbol.end <= part.end; }; };
  for (size_t i = 0; i < symbols.size(); ++i) {
    const Symbol& symbol = symbols[i];
    const bool gloss = symbol.kind == SymbolKind::kGloss;
    const bool private_use = text::IsPrivateUse(symbol.character);
    const bool split = page && symbol.after_question && text::IsCjkPunctuation(symbol.character);
    if (!gloss && !private_use && !split) continue;
    const auto end_of_runs = edits.begin() + static_cast<ptrdiff_t>(runs);
    if (std::any_of(edits.begin(), end_of_runs, holds(symbol)) || std::any_of(spots.begin(), spots.end(), holds(symbol))) continue;
    if (split) {
      spots.push_back({symbols[i - 1].begin, symbol.end, "parasite_split"});
      continue;
    }
    if (private_use) {
      // A private-use character that no run took up is damage of its own.
      spots.push_back({symbol.begin, symbol.end, "parasite_gloss_run"});
      continue;
    }
    // The character before a gloss ends where the gloss begins, except inside the runs, which took theirs with them.
    const bool own = i > 0 && (HasReading(symbols[i - 1].character, symbol.pinyin) || (page && IsOfHalves(symbols, i)));
    const bool ends_run = std::any_of(edits.begin(), end_of_runs, [&](const Edit& edit) { return edit.end == symbol.begin; });
    if (own || ends_run) edits.push_back({symbol.begin, symbol.end, "", "parasite_gloss", true, 0.99});
  }
  findings.edits.insert(findings.edits.end(), edits.begin(), edits.end());
  findings.spots.insert(findings.spots.end(), spots.begin(), spots.end());
  return true;
}

}  // namespace fangzhi::repair
