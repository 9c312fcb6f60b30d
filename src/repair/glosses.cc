// Copies of pages that were turned into traditional characters, one by one, and strewn with pinyin: 來(lái)源 for 來源. The glosses
// were put in by a byte-wise search over GBK text, character after character, so that a match across a character
// boundary threw what follows out of step; a second mechanism lost a byte before full-width marks. docs/text.md describes both.
//
// A page is taken for one of these only when glosses stand all over it (PageTest). Then each line is read as the GBK bytes that its
// characters stand for: glosses drop out, "?shù)" gives back the byte that the gloss hid, a lone "?" is one unknown byte. The most
// probable reading of those bytes wins, by the language model; where no other reading comes near it the run is restored.
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "decode/decode.h"
#include "repair/edits.h"
#include "repair/readings.h"
#include "text/language.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

constexpr size_t kMaxPinyinBytes = 12;

// "(lái)" at `at`: its bytes, without a look at the character before. 0 when it is no syllable in parentheses.
size_t GlossLength(std::string_view text, size_t at, std::string_view& pinyin) {
  if (at + 2 >= text.size() || text[at] != '(') return 0;
  const size_t end = text.substr(at, kMaxPinyinBytes + 2).find(')');
  if (end == std::string_view::npos || end < 2) return 0;
  pinyin = text.substr(at + 1, end - 1);
  return CharactersWithReading(pinyin).empty() ? 0 : end + 1;
}

bool IsTraditional(char32_t c) { return text::SimplifiedForm(c) != c; }

struct Token {
  size_t begin = 0;  // of the parenthesis
  size_t end = 0;
  char32_t character = 0;
  bool inside_word = false;  // an ideograph follows, and not a mark before and behind
};

std::vector<Token> FindTokens(std::string_view text) {
  std::vector<Token> tokens;
  for (size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
    if (at < 3 || static_cast<unsigned char>(text[at - 1]) < 0x80) continue;
    std::string_view pinyin;
    const size_t length = GlossLength(text, at, pinyin);
    if (length == 0) continue;
    size_t start = at - 3;
    const char32_t c = text::DecodeUtf8(text, start);
    if (start != at || !text::IsHan(c) || !HasReading(c, pinyin)) continue;
    Token token{at, at + length, c, false};
    size_t next = token.end;
    const bool han_behind = next < text.size() && text::IsHan(text::DecodeUtf8(text, next));
    size_t before = at >= 6 ? at - 6 : at;
    const bool han_before = before < at && text::IsHan(text::DecodeUtf8(text, before)) && before == at - 3;
    token.inside_word = han_behind || han_before;
    tokens.push_back(token);
  }
  return tokens;
}

// The numbers are those of docs/text.md: every page of the kind passes, no dictionary, textbook or place name does.
bool PageTest(std::string_view text, const std::vector<Token>& tokens) {
  if (tokens.size() < 2) return false;
  std::map<char32_t, std::pair<size_t, size_t>> seen;  // glossed character: glossed, occurrences
  size_t traditional = 0;
  size_t inside = 0;
  size_t needless = 0;  // common characters with one reading
  for (const Token& token : tokens) {
    if (token.inside_word) ++inside;
    if (!IsTraditional(token.character)) continue;
    ++traditional;
    ++seen[token.character].first;
    if (HasOneReading(token.character) && text::LogProbability(0, token.character) > -10) ++needless;
  }
  if (traditional * 10 < tokens.size() * 9 || inside * 10 < tokens.size() * 7) return false;
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const auto found = seen.find(text::DecodeUtf8(text, at));
    if (found != seen.end()) ++found->second.second;
  }
  size_t thorough = 0;
  for (const auto& [character, counts] : seen) {
    if (counts.first * 5 >= counts.second * 4) ++thorough;
  }
  if (thorough >= 5 && traditional >= 8) return true;
  // A short piece of such a page: every gloss is one that nobody needs, and none is missing.
  return thorough == seen.size() && thorough >= 2 && needless >= 2 && needless * 3 >= traditional * 2;
}

// --- runs out of step ---

constexpr size_t kBeam = 160;
constexpr double kPruneBelowBest = 25;
constexpr size_t kMaxSymbols = 6000;
constexpr double kAsciiCost = -3;
constexpr double kQuestionMarkCost = -5;
// The damage is certain once the text is given, so the language model alone weighs the bytes; these only say how often it happens.
constexpr double kUnknownByteCost = -1.5;
constexpr double kSimplifiedCost = -2;
constexpr double kLostPairCost = -2;
constexpr size_t kLostPairTrials = 6;
constexpr double kSureMargin = 4;
// Where bytes were guessed and no private-use character shows that the copy kept them, a lost one would shift what is read.
constexpr double kSureGuessMargin = 6;
// States that the search may make in one document: a quarter of a second.
constexpr size_t kStateBudget = 1'500'000;
// More runs than this in one line are no runs.
constexpr size_t kMaxRunsInLine = 60;

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
  SymbolKind kind;
  size_t begin = 0, end = 0;  // bytes of the text
  char32_t character = 0;
  unsigned char bytes[2] = {0, 0};
  size_t byte_count = 0;
  std::string_view pinyin;
  bool after_question = false;
};

// A reading of the symbols so far, as a chain of characters written.
struct Step {
  int parent = -1;
  char32_t character = 0;
  int first_symbol = 0, last_symbol = 0;
  bool same = false;  // what the text shows anyway
};

struct State {
  double score = 0;
  int step = -1;
  char32_t previous = 0;        // last character written, 0 after ASCII
  unsigned char pending = 0;    // a lead byte that waits
  int pending_symbol = 0;
  int lost = -1;                // the symbol before which a lost pair was put in last
  unsigned char last_two[2] = {0, 0};
};

// Pairs of GBK in both directions, so that the search needs no conversion of strings.
struct Pairs {
  std::vector<char32_t> character;  // by pair
  std::vector<uint16_t> pair;       // by code point, 0 where there is none

  Pairs() : character(0x10000, 0), pair(0x10000, 0) {
    for (unsigned lead = 0x81; lead <= 0xFE; ++lead) {
      for (unsigned trail = 0x40; trail <= 0xFE; ++trail) {
        const char bytes[] = {static_cast<char>(lead), static_cast<char>(trail)};
        if (trail == 0x7F) continue;
        const decode::StrictResult result = decode::DecodeAs({bytes, 2}, "GBK");
        size_t at = 0;
        const char32_t c = text::DecodeUtf8(result.text, at);
        if (result.errors != 0 || at != result.text.size() || c >= 0x10000) continue;
        const unsigned index = (lead << 8) | trail;
        character[index] = c;
        if (pair[c] == 0) pair[c] = static_cast<uint16_t>(index);
      }
    }
  }
};

const Pairs& ThePairs() {
  static const Pairs* const pairs = new Pairs;
  return *pairs;
}

char32_t FullWidth(char32_t ascii) { return ascii - 0x21 + 0xFF01; }

std::vector<Symbol> MakeSymbols(std::string_view text, Node node) {
  const Pairs& pairs = ThePairs();
  std::vector<Symbol> symbols;
  bool after_question = false;
  for (size_t at = node.begin; at < node.end;) {
    Symbol symbol;
    symbol.begin = at;
    symbol.after_question = after_question;
    after_question = false;
    std::string_view pinyin;
    const std::string_view rest = text.substr(0, node.end);
    if (text[at] == '(') {
      if (const size_t length = GlossLength(rest, at, pinyin); length != 0) {
        symbol.kind = SymbolKind::kGloss;
        symbol.pinyin = pinyin;
        symbol.end = at + length;
        at = symbol.end;
        symbols.push_back(symbol);
        continue;
      }
    }
    if (text[at] == '?') {
      // The parenthesis was taken with the byte before it: "?" stands where "(" would.
      const size_t close = rest.substr(at, kMaxPinyinBytes + 2).find(')');
      if (close != std::string_view::npos && close >= 2 && !CharactersWithReading(rest.substr(at + 1, close - 1)).empty()) {
        symbol.kind = SymbolKind::kHiddenByte;
        symbol.pinyin = rest.substr(at + 1, close - 1);
        symbol.end = at + close + 1;
        at = symbol.end;
        symbols.push_back(symbol);
        continue;
      }
    }
    symbol.character = text::DecodeUtf8(text, at);
    symbol.end = at;
    const char32_t c = symbol.character;
    if (c == U'?') {
      symbol.kind = SymbolKind::kQuestion;
      after_question = true;
    } else if (c < 0x80) {
      const bool mark = c == U',' || c == U';' || c == U'!' || c == U':';
      symbol.kind = mark && symbol.after_question ? SymbolKind::kMark : c >= 0x40 && c < 0x7F ? SymbolKind::kAscii : SymbolKind::kLiteral;
    } else if (c == 0x20AC) {
      symbol.kind = SymbolKind::kBytes;
      symbol.bytes[0] = 0x80;
      symbol.byte_count = 1;
    } else if (c < 0x10000 && pairs.pair[c] != 0) {
      symbol.kind = SymbolKind::kBytes;
      symbol.bytes[0] = static_cast<unsigned char>(pairs.pair[c] >> 8);
      symbol.bytes[1] = static_cast<unsigned char>(pairs.pair[c] & 0xFF);
      symbol.byte_count = 2;
    } else {
      symbol.kind = SymbolKind::kLiteral;
    }
    symbols.push_back(symbol);
  }
  return symbols;
}

class Search {
 public:
  // `kept_private_use`: the document shows such characters, so none were lost on its way.
  Search(std::string_view text, const std::vector<Symbol>& symbols, bool kept_private_use, size_t& budget)
      : text_(text), symbols_(symbols), kept_private_use_(kept_private_use), budget_(budget) {}

  // Findings for the line; false when no reading reaches its end, or none can be afforded.
  bool Run(Findings& findings) {
    std::vector<State> states(1);
    for (size_t i = 0; i < symbols_.size(); ++i) {
      if (!kept_private_use_ && i > 0) AddLostPairs(static_cast<int>(i), states);
      std::vector<State> next;
      for (const State& state : states) Advance(state, static_cast<int>(i), next);
      if (next.empty() || next.size() > budget_) return false;
      budget_ -= next.size();
      Prune(next);
      states = std::move(next);
    }
    states.erase(std::remove_if(states.begin(), states.end(), [](const State& s) { return s.pending != 0; }), states.end());
    if (states.empty()) return false;
    // A line ends with a full stop more often than with a comma: of marks that differ in one lost byte this one is meant.
    for (State& state : states) state.score += EndOfLine(state.previous);
    std::sort(states.begin(), states.end(), [](const State& a, const State& b) { return a.score > b.score; });
    Collect(states, findings);
    return true;
  }

 private:
  // Copies that passed through a reader of text have lost their private-use characters, which are invisible: in a run out of step a pair of
  // the user-defined areas may be missing before this symbol.
  void AddLostPairs(int i, std::vector<State>& states) {
    const SymbolKind kind = symbols_[static_cast<size_t>(i)].kind;
    if (kind == SymbolKind::kLiteral || kind == SymbolKind::kGloss) return;
    std::vector<State> added;
    size_t tried = 0;
    for (const State& state : states) {
      if (state.pending == 0 || state.lost == i) continue;
      if (++tried > kLostPairTrials) break;
      for (const uint16_t pair : UserDefinedPairs()) {
        State after = state;
        after.score += kLostPairCost;
        after.lost = i;
        if (Byte(after, static_cast<unsigned char>(pair >> 8), i, false) &&
            Byte(after, static_cast<unsigned char>(pair & 0xFF), i, false)) {
          added.push_back(after);
        }
      }
    }
    if (added.empty() || added.size() > budget_) return;
    budget_ -= added.size();
    states.insert(states.end(), added.begin(), added.end());
    Prune(states);
  }

  static const std::vector<uint16_t>& UserDefinedPairs() {
    static const std::vector<uint16_t>* const pairs = [] {
      auto* made = new std::vector<uint16_t>;
      for (unsigned pair = 0x8140; pair <= 0xFEFE; ++pair) {
        if (text::IsPrivateUse(ThePairs().character[pair])) made->push_back(static_cast<uint16_t>(pair));
      }
      return made;
    }();
    return *pairs;
  }

  static double EndOfLine(char32_t last) {
    if (last == U'。') return 0;
    if (last == U'；' || last == U'：' || last == U'！' || last == U'？' || last == U'”' || last == U'）' || last == U'》') return -3;
    return text::IsCjkPunctuation(last) ? -8 : -2;
  }

  static void Prune(std::vector<State>& states) {
    const auto better = [](const State& a, const State& b) { return a.score > b.score; };
    if (states.size() > kBeam) {
      std::nth_element(states.begin(), states.begin() + kBeam, states.end(), better);
      states.resize(kBeam);
    }
    std::sort(states.begin(), states.end(), better);
    const double floor = states[0].score - kPruneBelowBest;
    while (states.back().score < floor) states.pop_back();
  }

  State Write(State state, char32_t c, int first, int last, bool same) {
    steps_.push_back({state.step, c, first, last, same});
    state.step = static_cast<int>(steps_.size()) - 1;
    if (c < 0x80) {
      state.score += c == U'?' ? kQuestionMarkCost : kAsciiCost;
      state.previous = 0;
    } else {
      state.score += text::LogProbability(state.previous, c);
      if (!same && text::IsSimplifiedOnly(c)) state.score += kSimplifiedCost;
      state.previous = c;
    }
    return state;
  }

  // One byte of a pair. False when no character can begin or end with it here.
  bool Byte(State& state, unsigned char byte, int symbol, bool whole_pair) {
    state.last_two[0] = state.last_two[1];
    state.last_two[1] = byte;
    if (state.pending == 0) {
      if (byte == 0x80) {
        state = Write(state, 0x20AC, symbol, symbol, true);
        return true;
      }
      if (byte < 0x81 || byte == 0xFF) return false;
      state.pending = byte;
      state.pending_symbol = symbol;
      return true;
    }
    const char32_t c = ThePairs().character[static_cast<size_t>((state.pending << 8) | byte)];
    if (c == 0) return false;
    const int first = state.pending_symbol;
    state.pending = 0;
    state = Write(state, c, first, symbol, whole_pair && first == symbol);
    return true;
  }

  void Literal(const State& state, int i, std::vector<State>& next) {
    if (state.pending != 0) return;
    State after = Write(state, symbols_[static_cast<size_t>(i)].character, i, i, true);
    after.last_two[0] = after.last_two[1] = 0;
    next.push_back(after);
  }

  void TwoBytes(State state, uint16_t pair, int i, bool shown, std::vector<State>& next) {
    const bool aligned = state.pending == 0 && shown;
    if (!Byte(state, static_cast<unsigned char>(pair >> 8), i, false)) return;
    if (!Byte(state, static_cast<unsigned char>(pair & 0xFF), i, aligned)) return;
    next.push_back(state);
  }

  void Advance(const State& state, int i, std::vector<State>& next) {
    const Symbol& symbol = symbols_[static_cast<size_t>(i)];
    const Pairs& pairs = ThePairs();
    switch (symbol.kind) {
      case SymbolKind::kBytes: {
        if (symbol.byte_count == 2) {
          TwoBytes(state, static_cast<uint16_t>((symbol.bytes[0] << 8) | symbol.bytes[1]), i, true, next);
        } else {
          State after = state;
          if (Byte(after, symbol.bytes[0], i, false)) next.push_back(after);
        }
        return;
      }
      case SymbolKind::kLiteral:
        Literal(state, i, next);
        return;
      case SymbolKind::kAscii: {
        if (state.pending == 0) {
          Literal(state, i, next);
          return;
        }
        State after = state;
        if (Byte(after, static_cast<unsigned char>(symbol.character), i, false)) next.push_back(after);
        return;
      }
      case SymbolKind::kMark:
        Literal(state, i, next);
        TwoBytes(state, pairs.pair[FullWidth(symbol.character)], i, false, next);
        return;
      case SymbolKind::kQuestion:
        Literal(state, i, next);
        if (symbol.after_question) TwoBytes(state, pairs.pair[FullWidth(U'?')], i, false, next);
        for (unsigned byte = 0x81; byte <= 0xFE; ++byte) {
          State after = state;
          after.score += kUnknownByteCost;
          if (Byte(after, static_cast<unsigned char>(byte), i, false)) next.push_back(after);
        }
        return;
      case SymbolKind::kGloss: {
        const char32_t before = pairs.character[static_cast<size_t>((state.last_two[0] << 8) | state.last_two[1])];
        if (before != 0 && HasReading(before, symbol.pinyin)) {
          next.push_back(state);
        } else if (state.pending == 0) {
          // Not a gloss of this kind: it stays.
          State after = state;
          after.score += 4 * kAsciiCost;
          after.previous = 0;
          next.push_back(after);
        }
        return;
      }
      case SymbolKind::kHiddenByte:
        for (const char32_t c : CharactersWithReading(symbol.pinyin)) {
          if (c >= 0x10000 || !IsTraditional(c) || (pairs.pair[c] >> 8) != state.last_two[1]) continue;
          State after = state;
          if (Byte(after, static_cast<unsigned char>(pairs.pair[c] & 0xFF), i, false)) next.push_back(after);
        }
        return;
    }
  }

  // The chain of steps of the best state, cut into runs of changed characters.
  void Collect(const std::vector<State>& states, Findings& findings) {
    std::vector<int> chain;
    for (int step = states[0].step; step >= 0; step = steps_[static_cast<size_t>(step)].parent) chain.push_back(step);
    std::reverse(chain.begin(), chain.end());
    size_t runs = 0;
    for (size_t i = 0; i < chain.size();) {
      if (steps_[static_cast<size_t>(chain[i])].same) {
        ++i;
        continue;
      }
      const size_t from = i;
      std::string restored;
      bool alien = false;
      bool guessed = false;
      while (i < chain.size() && !steps_[static_cast<size_t>(chain[i])].same) {
        const Step& step = steps_[static_cast<size_t>(chain[i])];
        text::AppendUtf8(restored, step.character);
        alien = alien || text::IsPrivateUse(step.character) || step.character == text::kReplacement;
        for (int s = step.first_symbol; s <= step.last_symbol; ++s) {
          const SymbolKind kind = symbols_[static_cast<size_t>(s)].kind;
          guessed = guessed || kind == SymbolKind::kQuestion || kind == SymbolKind::kMark;
        }
        ++i;
      }
      const Symbol& first = symbols_[static_cast<size_t>(steps_[static_cast<size_t>(chain[from])].first_symbol)];
      const Symbol& last = symbols_[static_cast<size_t>(steps_[static_cast<size_t>(chain[i - 1])].last_symbol)];
      const double margin = ++runs > kMaxRunsInLine ? 0 : Margin(states, chain[i - 1]);
      const char* family = guessed ? "parasite_split" : "parasite_gloss_run";
      if (alien || margin < (guessed && !kept_private_use_ ? kSureGuessMargin : kSureMargin)) {
        findings.spots.push_back({first.begin, last.end, family});
      } else {
        findings.edits.push_back({first.begin, last.end, std::move(restored), family, !guessed, std::min(0.99, 0.8 + margin / 60)});
      }
    }
    // The character before a gloss ends where the gloss begins, except inside the runs, which took theirs with them.
    const std::vector<Edit> restored_runs = findings.edits;
    for (const Symbol& symbol : symbols_) {
      if (symbol.kind != SymbolKind::kGloss) continue;
      auto holds = [&](const auto& part) { return symbol.begin >= part.begin && symbol.end <= part.end; };
      if (std::any_of(restored_runs.begin(), restored_runs.end(), holds)) continue;
      if (std::any_of(findings.spots.begin(), findings.spots.end(), holds)) continue;
      size_t start = symbol.begin >= 3 ? symbol.begin - 3 : symbol.begin;
      const char32_t before = start < symbol.begin ? text::DecodeUtf8(text_, start) : 0;
      const bool han = start == symbol.begin && text::IsHan(before) && HasReading(before, symbol.pinyin);
      const bool ends_run = std::any_of(restored_runs.begin(), restored_runs.end(),
                                        [&](const Edit& edit) { return edit.end == symbol.begin; });
      if (han || ends_run) findings.edits.push_back({symbol.begin, symbol.end, "", "parasite_gloss", true, 0.99});
    }
  }

  // How far the best reading that does not go through `step` is behind.
  double Margin(const std::vector<State>& states, int step) const {
    for (size_t i = 1; i < states.size(); ++i) {
      bool through = false;
      for (int s = states[i].step; s >= step; s = steps_[static_cast<size_t>(s)].parent) {
        if (s == step) through = true;
      }
      if (!through) return states[0].score - states[i].score;
    }
    return kPruneBelowBest;
  }

  std::string_view text_;
  const std::vector<Symbol>& symbols_;
  const bool kept_private_use_;
  size_t& budget_;
  std::vector<Step> steps_;
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

}  // namespace

bool RepairGlosses(std::string_view text, const std::vector<Node>& nodes, Findings& findings) {
  const std::vector<Token> tokens = FindTokens(text);
  if (!PageTest(text, tokens)) return false;
  size_t next_token = 0;
  size_t budget = kStateBudget;
  bool kept_private_use = false;
  for (size_t at = text.find('\xEE'); at != std::string_view::npos && !kept_private_use; at = text.find('\xEE', at + 1)) {
    size_t after = at;
    kept_private_use = text::IsPrivateUse(text::DecodeUtf8(text, after));
  }
  for (const Node node : nodes) {
    while (next_token < tokens.size() && tokens[next_token].begin < node.begin) ++next_token;
    size_t last_token = next_token;
    while (last_token < tokens.size() && tokens[last_token].end <= node.end) ++last_token;
    const std::string_view line = text.substr(node.begin, node.end - node.begin);
    if (next_token == last_token && line.find('?') == std::string_view::npos && line.find('\xEE') == std::string_view::npos) continue;
    const std::vector<Symbol> symbols = MakeSymbols(text, node);
    const bool out_of_step = LooksOutOfStep(symbols);
    Findings found;
    if (out_of_step && symbols.size() <= kMaxSymbols && Search(text, symbols, kept_private_use, budget).Run(found)) {
      // A private-use character that no run took up is damage of its own.
      for (const Symbol& symbol : symbols) {
        auto holds = [&](const auto& part) { return symbol.begin >= part.begin && symbol.end <= part.end; };
        if (!text::IsPrivateUse(symbol.character)) continue;
        if (std::any_of(found.edits.begin(), found.edits.end(), holds)) continue;
        if (std::any_of(found.spots.begin(), found.spots.end(), holds)) continue;
        findings.spots.push_back({symbol.begin, symbol.end, "parasite_gloss_run"});
      }
      findings.edits.insert(findings.edits.end(), found.edits.begin(), found.edits.end());
      findings.spots.insert(findings.spots.end(), found.spots.begin(), found.spots.end());
      next_token = last_token;
      continue;
    }
    for (; next_token < last_token; ++next_token) {
      findings.edits.push_back({tokens[next_token].begin, tokens[next_token].end, "", "parasite_gloss", true, 0.99});
    }
    if (!out_of_step) continue;
    for (const Symbol& symbol : symbols) {
      if (symbol.kind == SymbolKind::kHiddenByte || text::IsPrivateUse(symbol.character)) {
        findings.spots.push_back({symbol.begin, symbol.end, "parasite_gloss_run"});
      }
    }
  }
  return true;
}

}  // namespace fangzhi::repair
