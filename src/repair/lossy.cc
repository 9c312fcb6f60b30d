// Text read by the wrong code page where bytes were lost on the way, or where only a part of a line was: what families.cc cannot convert as
// a whole. Every hypothesis that the line may fit is searched (garbled_search.h), and what the search found is judged: by how it reads, and by
// how unlike any text is what stands there. What it writes gives the line back when the damage is done again, because every character comes from
// bytes that are shown, or from a byte that vanishes where it was put.
#include <algorithm>
#include <iterator>
#include <string>

#include "repair/edits.h"
#include "repair/garbled_search.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

using Kind = LineSymbol::Kind;

// How far untouched text must be behind, and the other readings of one character.
constexpr float kSureSegment = 8;
// Natural logarithms a character: see text/prose.h for what prose and misreadings have.
constexpr double kReadsWell = -8.5;
constexpr double kShortReadsWell = -7.5;  // fewer than five ideographs
constexpr double kUtf8ReadsWell = -9.5;   // bytes that happen to be UTF-8 are seldom by themselves
constexpr double kNamesRead = -10, kNamesOfUtf8Read = -12;
constexpr double kFarFromText = 16;
constexpr size_t kLeastOfLetters = 3;
constexpr double kWorst = -11;            // a stretch beside others that read well
constexpr double kWorstOfUtf8 = -15;
constexpr size_t kCertainIdeographs = 8;
constexpr float kSureCharacter = 4;
constexpr float kSureBeforeShift = 9;
constexpr float kSureBesideOthers = 1.5F;
// Bytes that are searched at a time: what a search remembers is hundreds of times as much.
constexpr size_t kLongestLine = size_t{1} << 12;
// Of these at the end of a piece the next one reads again: what follows decides as well.
constexpr size_t kReadAgain = 240;

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

// What the loss was, by what the line shows in its place.
std::string NameOf(const Hypothesis& hypothesis, const std::vector<LineSymbol>& symbols, const std::vector<WrittenCharacter>& written, size_t from, size_t to) {
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

std::vector<Segment> Segments(const std::vector<LineSymbol>& symbols, const std::vector<WrittenCharacter>& written) {
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
void AddSteps(const Segment& segment, const std::string& family, const std::vector<LineSymbol>& symbols, const std::vector<WrittenCharacter>& written,
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
void AddDoubtful(const Hypothesis& hypothesis, const std::vector<LineSymbol>& symbols, const std::vector<WrittenCharacter>& written, Findings& findings) {
  // Before pairs that are out of step the byte that was lost may have been one of the last characters' before them.
  auto in_doubt = [&](size_t i) {
    if (i >= written.size() || !written[i].shown) return false;
    const bool before_shift = hypothesis.shift && ((i + 1 < written.size() && !written[i + 1].shown) || (i + 2 < written.size() && !written[i + 2].shown));
    return written[i].margin < (before_shift ? kSureBeforeShift : kSureCharacter);
  };
  for (size_t i = 0; i < written.size(); ++i) {
    if (!in_doubt(i)) continue;
    const size_t first = i;
    while (in_doubt(i + 1)) ++i;
    const bool damaged = (first > 0 && !written[first - 1].shown) || (i + 1 < written.size() && !written[i + 1].shown);
    if (damaged) findings.spots.push_back({symbols[written[first].first].begin, symbols[written[i].last].end, hypothesis.name});
  }
}

void Collect(std::string_view text, Node node, const Hypothesis& hypothesis, const std::vector<LineSymbol>& symbols,
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
  const bool lost = utf8 && all_shown.find('?') != std::string::npos;  // in the middle of characters: no kana stands so
  const bool natural = !lost && (good.ideographs < kNaturalIdeographs || good.mean() < kNaturalReadsLikeChinese) && LooksNatural(all_shown);
  // Names read no better than chance; then what is shown is no text of any language.
  bool reads_well = good.mean() >= needed;
  const bool kana = std::string_view(hypothesis.read_as) == "Shift_JIS";
  if (reads_well ? kana : good.ideographs >= 4 && good.mean() >= (utf8 ? kNamesOfUtf8Read : kNamesRead)) reads_well = Advantage(all_shown, all) >= kFarFromText;
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
bool HoldsUtf8(const std::vector<LineSymbol>& symbols, bool dropped) {
  size_t waiting = 0;   // bytes that the character begun still needs
  size_t shown = 0;     // bytes of it, after the first, that the line shows: blanks stand in any text
  size_t complete = 0;  // characters on end
  for (const LineSymbol& symbol : symbols) {
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
    // Brackets and marks of ASCII keep characters apart of which each was one.
    if (complete == 0 || waiting > 0 || dropped || symbol.kind != Kind::kAscii) complete = 0;
    waiting = 0;
  }
  return false;
}

// Whether somewhere in the line the pairs of the characters shown read better in the encoding that they would have been written in. Readings
// of ideographs as others stay in step, so this costs little, and most lines of sound text have no such place.
bool ReadsBetterSomewhere(const Hypothesis& hypothesis, const std::vector<LineSymbol>& symbols) {
  constexpr double kBetter = 10;
  constexpr double kNoCharacter = -20;
  const BytePairs& target = hypothesis.target == Target::kBig5 ? BytePairs::Of("Big5") : BytePairs::Gbk();
  double gain = 0;
  char32_t before = 0, previous = 0;
  for (const LineSymbol& symbol : symbols) {
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
  if (read_as == "GBK" && hypothesis.target == Target::kUtf8) return look.han + look.kana >= 2 && look.han > 0;
  if (hypothesis.shift) return look.han >= 2;
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
size_t LeaveRest(Node node, const std::vector<LineSymbol>& symbols, std::vector<WrittenCharacter>& written) {
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
  std::vector<LineSymbol> symbols = ReadLine(text, node);
  const bool odd = std::any_of(symbols.begin(), symbols.end(), [](const LineSymbol& symbol) { return symbol.near_odd; });
  std::string_view read_as;  // of which the symbols have the codes
  for (const Hypothesis& hypothesis : kHypotheses) {
    // The search begins where something is odd.
    if (!MayBe(hypothesis, look) || (!hypothesis.shift && !odd)) continue;
    if (read_as != hypothesis.read_as) ReadCodes(hypothesis.read_as, symbols);
    read_as = hypothesis.read_as;
    if (hypothesis.shift && !MarkShifts(hypothesis.read_as, symbols)) continue;
    if (hypothesis.target == Target::kUtf8 && !HoldsUtf8(symbols, hypothesis.single_byte)) continue;
    if (budget == 0 && hypothesis.target == Target::kUtf8 && !findings.edits.empty()) {
      // The rest of a document that was repaired so far.
      findings.spots.push_back({node.begin, node.end, hypothesis.name});
      return node.end;
    }
    if (hypothesis.in_step && !ReadsBetterSomewhere(hypothesis, symbols)) continue;
    std::vector<WrittenCharacter> written;
    if (!SearchGarbled(hypothesis, symbols, budget, written)) continue;
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
  const bool japanese = look.kana * 4 > look.wide && !(look.kana == 1 && look.han > 0 && node.end - node.begin <= kShortLine);
  if (look.replacements * 2 > look.wide || japanese) return node.end;
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
