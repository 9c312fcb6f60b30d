// Chinese in seven bits that nobody decoded: HZ (RFC 1843), ISO-2022-CN (RFC 1922), what remains of it when its control characters
// were stripped, and GB 2312 whose bytes lost their highest bit. The first two say themselves what they are; the others are found by
// reading pairs of ASCII characters as Chinese wherever that is far more probable than the ASCII itself.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "repair/byte_pairs.h"
#include "repair/bytes.h"
#include "repair/edits.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

constexpr double kReadsLikeChinese = -11.0;  // between escapes, which leave little doubt
constexpr double kOpenReadsLikeChinese = -7.5;  // behind an escape that nothing ends
// Natural logarithms. ASCII that is neither words nor numbers has four nats a character, noise four and a half.
constexpr double kPlainCost = -4.1;
constexpr double kPlainCostBehindMark = -5.0;  // where Chinese is announced
constexpr double kSwitchCost = -9.0;
// An unmarked stretch must read well and be long: it may be a password, a key or a program.
constexpr size_t kUnmarkedCharacters = 7;
constexpr double kUnmarkedMean = -6.2;
constexpr double kUnmarkedGain = 8;
constexpr double kUnmarkedLeast = -7.6;
constexpr size_t kUnmarkedDistinct = 4;  // of its characters
constexpr size_t kMarkedCharacters = 2;
constexpr double kMarkedMean = -9.5;
constexpr size_t kShortestUnmarked = 14;  // bytes
constexpr size_t kLongestStretch = 20000;

inline unsigned Byte(std::string_view text, size_t at) { return static_cast<unsigned char>(text[at]); }

// The GB 2312 character of two seven-bit bytes, 0 where there is none.
char32_t SevenBitCharacter(unsigned first, unsigned second) {
  if (first < 0x21 || first > 0x77 || second < 0x21 || second > 0x7E) return 0;
  const char32_t c = BytePairs::Gbk().Character(first | 0x80, second | 0x80);
  return text::IsPrivateUse(c) ? 0 : c;
}

// ProseSymbol of the character of each pair, 0 where there is none: every page has runs of ASCII that are looked through for it.
const char32_t* SevenBitSymbols() {
  static const std::vector<char32_t>* const symbols = [] {
    auto* all = new std::vector<char32_t>(0x8000, 0);
    for (unsigned first = 0x21; first <= 0x77; ++first) {
      for (unsigned second = 0x21; second <= 0x7E; ++second) {
        const char32_t c = SevenBitCharacter(first, second);
        if (c != 0) (*all)[first << 8 | second] = text::ProseSymbol(c);
      }
    }
    return all;
  }();
  return symbols->data();
}

// Pairs from `at` to `end`; nullopt when one is no character.
bool ReadPairs(std::string_view text, size_t at, size_t end, std::string& out) {
  if ((end - at) % 2 != 0) return false;
  for (; at < end; at += 2) {
    const char32_t c = SevenBitCharacter(Byte(text, at), Byte(text, at + 1));
    if (c == 0) return false;
    text::AppendUtf8(out, c);
  }
  return true;
}

size_t LineEnd(std::string_view text, size_t at) { return std::min(text.find('\n', at), text.size()); }

// A line's stretches are judged together, for one may be a single character.
struct Stretches {
  std::vector<Edit> edits;
  std::string joined;
  bool ended = false;  // one of them is, by its own escape
  bool certain = false;  // whatever it says

  void Add(size_t begin, size_t end, std::string after, const char* family, bool has_end = true) {
    joined += after;
    ended = ended || has_end;
    edits.push_back({begin, end, std::move(after), family, true, 0.99});
  }
  void Settle(Findings& findings) {
    if (edits.empty()) return;
    const text::ProseScore score = text::ScoreProse(joined);
    if (score.ideographs >= 1 && (certain || score.mean() >= (ended ? kReadsLikeChinese : kOpenReadsLikeChinese))) {
      for (Edit& edit : edits) findings.edits.push_back(std::move(edit));
    }
    edits.clear();
    joined.clear();
    ended = certain = false;
  }
};

// Two characters at least, all of the common ones or marks: names say little in other ways.
bool IsCommon(std::string_view pairs) {
  if (pairs.size() < 4) return false;
  for (size_t at = 0; at < pairs.size(); at += 2) {
    const unsigned first = Byte(pairs, at);
    if (first > 0x21 && (first < 0x30 || first > 0x57)) return false;
  }
  return true;
}

void RepairHz(std::string_view text, Findings& findings) {
  Stretches stretches;
  size_t line_end = 0;
  for (size_t at = text.find("~{"); at != std::string_view::npos; at = text.find("~{", at)) {
    if (at >= line_end) {
      stretches.Settle(findings);
      line_end = LineEnd(text, at);
    }
    // Neither escape can stand inside the pairs, whose first bytes end at 77: the next one of either kind ends them.
    size_t end = at + 2;
    while (end < line_end && (text[end] != '~' || end + 1 >= line_end || (text[end + 1] != '}' && text[end + 1] != '{'))) ++end;
    const bool closed = end < line_end && text[end + 1] == '}';
    std::string after;
    if (end > at + 2 && (closed || end == line_end) && ReadPairs(text, at + 2, end, after)) {
      stretches.certain = stretches.certain || (closed && IsCommon(text.substr(at + 2, end - at - 2)));
      stretches.Add(at, closed ? end + 2 : end, std::move(after), "hz_raw", closed);
      at = closed ? end + 2 : end;
    } else {
      at = end;
    }
  }
  stretches.Settle(findings);
}

constexpr std::string_view kDesignation = "\x1B$)A";

void RepairIso2022Cn(std::string_view text, Findings& findings) {
  constexpr char kShiftOut = '\x0E';
  constexpr char kShiftIn = '\x0F';
  Stretches stretches;
  size_t line_end = 0;
  size_t done = 0;  // where the search for a designation begins
  for (size_t at = text.find(kShiftOut); at != std::string_view::npos; at = text.find(kShiftOut, at)) {
    if (at >= line_end) {
      stretches.Settle(findings);
      done = at == 0 ? 0 : text.rfind('\n', at) + 1;  // npos + 1 is 0
      line_end = LineEnd(text, at);
    }
    size_t end = at + 1;
    while (end < line_end && Byte(text, end) > 0x20 && Byte(text, end) < 0x7F) ++end;
    std::string after;
    if (end == at + 1 || (end < line_end && text[end] != kShiftIn) || !ReadPairs(text, at + 1, end, after)) {
      at = end;
      continue;
    }
    // The designation stands once in a line, before the first shift, mostly right there.
    size_t begin = at;
    const size_t designation = text.substr(done, at - done).find(kDesignation);
    if (designation != std::string_view::npos) {
      const size_t from = done + designation;
      if (from + kDesignation.size() == at) {
        begin = from;
        // Four controls in their places: nothing else has them.
        stretches.certain = stretches.certain || end < line_end;
      } else {
        stretches.Add(from, from + kDesignation.size(), "", "iso2022cn_raw");
      }
    }
    done = end < line_end ? end + 1 : end;
    stretches.Add(begin, done, std::move(after), "iso2022cn_raw");
    at = done;
  }
  stretches.Settle(findings);
}

// The most probable reading of ASCII text as a mixture of ASCII and Chinese pairs. Several ways are kept at each place, because the first
// character of a word is seldom what makes it worth reading.
class MixedReading {
 public:
  MixedReading(std::string_view text, double ascii_cost) : text_(text), ascii_cost_(ascii_cost), cells_(text.size() + 1) {}

  struct Part {
    size_t begin = 0, end = 0;  // of the text
    std::string chinese;
    double gain = 0;  // how much better than ASCII, before the costs of switching
  };
  std::vector<Part> Read(bool begins_chinese) {
    Arrive(0, {begins_chinese ? kSwitchCost : 0, 0, 0, 0, -1, false});
    if (begins_chinese) Arrive(0, {0, 0, 0, 0, -1, true});
    for (size_t at = 0; at <= text_.size(); ++at) {
      Cell& cell = cells_[at];
      Switch(at, cell);
      if (at == text_.size()) break;
      // One character in ASCII.
      if (cell.ascii >= 0) {
        Way next = ways_[static_cast<size_t>(cell.ascii)];
        next.score += ascii_cost_;
        next.parent = cell.ascii;
        next.at = static_cast<uint32_t>(at + 1);
        Arrive(at + 1, next);
      }
      const char32_t c = at + 1 < text_.size() ? SevenBitCharacter(Byte(text_, at), Byte(text_, at + 1)) : 0;
      if (c == 0) continue;
      const char32_t symbol = text::ProseSymbol(c);
      for (size_t i = 0; i < cell.count; ++i) {
        const Way& way = ways_[static_cast<size_t>(cell.chinese[i])];
        const double score = way.score + text::ProseLogProbability(way.before, way.previous, symbol);
        Arrive(at + 2, {score, way.previous, symbol, static_cast<uint32_t>(at + 2), cell.chinese[i], true});
      }
    }
    return Trace();
  }

 private:
  static constexpr size_t kWays = 6;  // of Chinese, at one place
  struct Way {
    double score = 0;
    char32_t before = 0, previous = 0;  // symbols
    uint32_t at = 0;
    int32_t parent = -1;  // in ways_; at the same place where the way switches
    bool chinese = false;
  };
  struct Cell {
    int32_t ascii = -1;
    std::array<int32_t, kWays> chinese{};
    size_t count = 0;
  };

  void Arrive(size_t at, const Way& way) {
    Cell& cell = cells_[at];
    auto score = [&](int32_t there) { return ways_[static_cast<size_t>(there)].score; };
    if (!way.chinese) {
      if (cell.ascii >= 0 && score(cell.ascii) >= way.score) return;
      ways_.push_back(way);
      cell.ascii = static_cast<int32_t>(ways_.size()) - 1;
      return;
    }
    size_t place = cell.count;
    if (cell.count == kWays) {
      place = 0;
      for (size_t i = 1; i < kWays; ++i) {
        if (score(cell.chinese[i]) < score(cell.chinese[place])) place = i;
      }
      if (score(cell.chinese[place]) >= way.score) return;
    } else {
      ++cell.count;
    }
    ways_.push_back(way);
    cell.chinese[place] = static_cast<int32_t>(ways_.size()) - 1;
  }

  // From ASCII into Chinese and back; a shift never follows a shift.
  void Switch(size_t at, const Cell& before) {
    const Cell cell = before;
    int32_t best = -1;
    for (size_t i = 0; i < cell.count; ++i) {
      if (best < 0 || ways_[static_cast<size_t>(cell.chinese[i])].score > ways_[static_cast<size_t>(best)].score) best = cell.chinese[i];
    }
    const auto place = static_cast<uint32_t>(at);
    if (cell.ascii >= 0 && at > 0) Arrive(at, {ways_[static_cast<size_t>(cell.ascii)].score + kSwitchCost, 0, 0, place, cell.ascii, true});
    if (cell.ascii >= 0 && at == 0 && cell.count == 0) Arrive(at, {kSwitchCost, 0, 0, place, cell.ascii, true});
    if (best >= 0) Arrive(at, {ways_[static_cast<size_t>(best)].score + kSwitchCost, 0, 0, place, best, false});
  }

  std::vector<Part> Trace() const {
    const Cell& last = cells_[text_.size()];
    int32_t best = last.ascii;
    for (size_t i = 0; i < last.count; ++i) {
      if (best < 0 || ways_[static_cast<size_t>(last.chinese[i])].score > ways_[static_cast<size_t>(best)].score) best = last.chinese[i];
    }
    std::vector<Part> parts;
    while (best >= 0) {
      if (!ways_[static_cast<size_t>(best)].chinese) {
        best = ways_[static_cast<size_t>(best)].parent;
        continue;
      }
      Part part;
      part.end = ways_[static_cast<size_t>(best)].at;
      const double score = ways_[static_cast<size_t>(best)].score;
      int32_t first = best;
      while (ways_[static_cast<size_t>(first)].parent >= 0 && ways_[static_cast<size_t>(ways_[static_cast<size_t>(first)].parent)].chinese) {
        first = ways_[static_cast<size_t>(first)].parent;
      }
      const Way& start = ways_[static_cast<size_t>(first)];
      part.begin = start.at;
      part.gain = score - start.score - ascii_cost_ * static_cast<double>(part.end - part.begin);
      if (part.begin < part.end) {
        ReadPairs(text_, part.begin, part.end, part.chinese);
        parts.push_back(std::move(part));
      }
      best = start.parent;
    }
    std::reverse(parts.begin(), parts.end());
    return parts;
  }

  std::string_view text_;
  double ascii_cost_;
  std::vector<Cell> cells_;
  std::vector<Way> ways_;
};

// A name at the start of a stretch is less probable than the ASCII that it looks like: what is left over beside a certain part is taken with
// it, where it is short and reads as characters that are in use.
constexpr size_t kShortRest = 16;
constexpr double kInUse = -12.5;
constexpr size_t kLongRest = 60;
constexpr double kLongRestBehind = 12;  // the ASCII that it looks like

void TakeRests(std::string_view stretch, std::vector<MixedReading::Part>& parts) {
  auto readable = [&](size_t begin, size_t end, std::string& out) {
    if (begin >= end || end - begin > kLongRest || !ReadPairs(stretch, begin, end, out)) return false;
    const text::ProseScore score = text::ScoreProse(out);
    if (end - begin <= kShortRest) return score.mean() >= kInUse;
    return score.sum >= kPlainCost * static_cast<double>(end - begin) - kLongRestBehind;
  };
  for (size_t i = 0; i < parts.size(); ++i) {
    const size_t before = i == 0 ? 0 : parts[i - 1].end;
    std::string rest;
    if (readable(before, parts[i].begin, rest)) {
      parts[i].begin = before;
      parts[i].chinese.insert(0, rest);
    }
  }
  std::string rest;
  if (!parts.empty() && readable(parts.back().end, stretch.size(), rest)) {
    parts.back().end = stretch.size();
    parts.back().chinese += rest;
  }
}

bool IsVisible(char c) { return static_cast<unsigned char>(c - 0x21) < 0x7F - 0x21; }

// Where the next piece of markup in a run without blanks begins; npos where there is none. Stripped bytes hold "<" and ">" as well, so only
// what is a tag to its end counts, or the end of one whose last attribute the run begins with.
size_t TagEnd(std::string_view run, size_t at) {
  if (at >= run.size()) return at;
  if (run[at] == '"') return at + 2;
  size_t end = at + 1;
  const bool closes = end < run.size() && run[end] == '/';
  if (closes) ++end;
  const size_t name = end;
  while (end < run.size() && ((run[end] >= 'a' && run[end] <= 'z') || (end > name && run[end] >= '1' && run[end] <= '6'))) ++end;
  const std::string_view element = run.substr(name, end - name);
  if (end < run.size() && run[end] == '/') ++end;
  // One letter alone is more often half a character, except where tags stand.
  if (element.empty() || end >= run.size() || run[end] != '>') return at;
  if (element.size() == 1 && !closes && at > 0 && IsVisible(run[at - 1])) return at;
  if (!IsElement(element)) return at;
  return end + 1;
}

size_t TagIn(std::string_view run, size_t from) {
  bool attribute = false;
  size_t bracket = std::min(run.find('<', from), run.size());
  size_t quote = std::min(run.find('"', from + 1), run.size());
  while (bracket < run.size() || quote < run.size()) {
    if (bracket < quote) {
      if (TagEnd(run, bracket) != bracket) return bracket;
      bracket = std::min(run.find('<', bracket + 1), run.size());
      continue;
    }
    if (run[quote - 1] == '=') attribute = true;
    else if (attribute && quote + 1 < run.size() && run[quote + 1] == '>') return quote;
    quote = std::min(run.find('"', quote + 1), run.size());
  }
  return std::string_view::npos;
}

size_t Distinct(std::string_view utf8) {
  std::vector<char32_t> seen;
  for (size_t at = 0; at < utf8.size() && seen.size() < kUnmarkedDistinct;) {
    const char32_t c = text::DecodeUtf8(utf8, at);
    if (std::find(seen.begin(), seen.end(), c) == seen.end()) seen.push_back(c);
  }
  return seen.size();
}

// The bytes that pairs begin with which MayHoldChinese looks at: the common ideographs', and the marks'.
constexpr unsigned kFirstIdeograph = 0x30, kLastIdeograph = 0x57, kFirstMark = 0x21, kLastMark = 0x23;
bool IsLead(unsigned byte) { return (byte >= kFirstIdeograph && byte <= kLastIdeograph) || (byte >= kFirstMark && byte <= kLastMark); }
constexpr size_t kStreak = 4;  // before it pairs only make the context

// Whether pairs somewhere in the run may be Chinese: a look at each pair, before the run is read by several ways. Common characters and
// marks on end are what Chinese has in any line, and what noise has now and then.
bool MayHoldChinese(std::string_view run) {
  constexpr double kEnough = kUnmarkedGain - 3;
  const char32_t* const symbols = SevenBitSymbols();
  auto symbol_at = [&](size_t at) { return symbols[Byte(run, at) << 8 | Byte(run, at + 1)]; };
  for (size_t phase = 0; phase < 2; ++phase) {
    double gain = 0;
    size_t streak = 0;
    char32_t before = 0, previous = 0;
    for (size_t at = phase; at + 1 < run.size(); at += 2) {
      if (!IsLead(Byte(run, at))) {
        streak = 0;
        gain = 0;
        continue;
      }
      if (++streak < kStreak) continue;
      if (streak == kStreak) {
        before = symbol_at(at - 4);
        previous = symbol_at(at - 2);
      }
      const char32_t symbol = symbol_at(at);
      gain = std::max(0.0, gain) + text::ProseLogProbability(before, previous, symbol) - 2 * kPlainCost;
      if (gain >= kEnough) return true;
      before = previous;
      previous = symbol;
    }
  }
  return false;
}

void AddParts(std::string_view text, size_t begin, size_t end, bool marked, Findings& findings) {
  if (end - begin > kLongestStretch) return;
  std::vector<MixedReading::Part> parts = MixedReading(text.substr(begin, end - begin), marked ? kPlainCostBehindMark : kPlainCost).Read(marked);
  // One part that is beyond doubt vouches for the others of its line.
  bool certain = marked;
  for (const MixedReading::Part& part : parts) {
    const text::ProseScore score = text::ScoreProse(part.chinese);
    certain = certain || (score.characters >= kUnmarkedCharacters && Distinct(part.chinese) >= kUnmarkedDistinct && (score.mean() >= kUnmarkedMean || (part.gain >= kUnmarkedGain && score.mean() >= kUnmarkedLeast)));
  }
  if (!certain) return;
  TakeRests(text.substr(begin, end - begin), parts);
  for (MixedReading::Part& part : parts) {
    const text::ProseScore score = text::ScoreProse(part.chinese);
    const bool first = marked && part.begin == 0;
    if (score.characters < kMarkedCharacters || score.mean() < kMarkedMean) {
      // The mark is there: what stands behind it was Chinese.
      if (first && score.characters >= kMarkedCharacters) findings.spots.push_back({begin - 3, begin + part.end, "iso2022cn_raw_ctl_lost"});
      continue;
    }
    const double sureness = std::min(0.99, 0.85 + 0.01 * static_cast<double>(score.characters));
    size_t from = begin + part.begin;
    if (first) from -= 3;  // "$)A"
    findings.edits.push_back({from, begin + part.end, std::move(part.chinese), marked ? "iso2022cn_raw_ctl_lost" : "highbit_stripped", !marked, sureness});
  }
}

void RepairLostControls(std::string_view text, Findings& findings) {
  for (size_t at = text.find("$)A"); at != std::string_view::npos; at = text.find("$)A", at)) {
    const bool whole = at > 0 && text[at - 1] == '\x1B';
    at += 3;
    if (whole) continue;
    size_t end = at;
    while (end < text.size() && text[end] != '\n' && Byte(text, end) < 0x80) ++end;
    end = std::min(end, TagIn(text.substr(0, end), at));
    if (end - at >= 2 * kMarkedCharacters) AddParts(text, at, end, true, findings);
    at = end;
  }
}

// True for the mixture of digits, capitals and marks that GB 2312 without its highest bits is: its lead bytes are 0 to 9, : to @, A to W
// for common characters, its trail bytes anything. Words, addresses and keys have more small letters, numbers no marks.
bool MayBeStripped(std::string_view run) {
  // What a byte adds to the three counts, each of them in 21 bits.
  constexpr uint64_t kSmall = 1, kLead = uint64_t{1} << 21, kMark = uint64_t{1} << 42, kCount = kLead - 1;
  static constexpr auto kAdds = [] {
    std::array<uint64_t, 0x80> adds{};
    for (unsigned c = 0; c < adds.size(); ++c) {
      const bool small = c >= 'a' && c <= 'z', capital = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
      if (small) adds[c] += kSmall;
      else if (c >= '0' && c <= 'W') adds[c] += kLead;
      if (!small && !capital && !digit) adds[c] += kMark;
    }
    return adds;
  }();
  uint64_t counts = 0;
  for (const char c : run) counts += kAdds[static_cast<unsigned char>(c) & 0x7F];
  const uint64_t small = counts & kCount, lead = counts / kLead & kCount, marks = counts / kMark;
  return small * 3 <= run.size() && lead * 10 >= run.size() * 4 && marks >= 1 && marks * 2 < run.size();
}

// Those that are leads.
Bytes LeadsAt(const char* at) {
  const Bytes bytes = BytesAt(at);
  return Bytes(bytes - kFirstIdeograph <= kLastIdeograph - kFirstIdeograph) | Bytes(bytes - kFirstMark <= kLastMark - kFirstMark);
}

// From `at` on, where as many pairs on end as make a streak begin with leads; the text's size where there is none. Nearly all of a page is passed
// over here.
size_t FindStreak(std::string_view text, size_t at) {
  static_assert(kStreak == 4);
  const size_t from = at;
  for (; at + 32 <= text.size(); at += 16) {
    // Its seven bytes hold all of a block of four, of which two are leads.
    const auto leads = Blocks(LeadsAt(text.data() + at));
    if (IsNone(leads & leads >> 16U)) continue;
    const size_t first = std::max(from, std::max(at, size_t{3}) - 3);
    const char* const bytes = text.data() + first;
    const Bytes streaks = LeadsAt(bytes) & LeadsAt(bytes + 2) & LeadsAt(bytes + 4) & LeadsAt(bytes + 6);
    if (!IsNone(streaks)) return first + FirstOf(streaks);
  }
  for (at = std::max(from, std::max(at, size_t{3}) - 3); at + 2 * kStreak <= text.size(); ++at) {
    if (IsLead(Byte(text, at)) && IsLead(Byte(text, at + 2)) && IsLead(Byte(text, at + 4)) && IsLead(Byte(text, at + 6))) return at;
  }
  return text.size();
}

void RepairStripped(std::string_view text, Findings& findings) {
  size_t end = 0;  // of a run of visible ASCII
  for (size_t streak = FindStreak(text, 0); streak < text.size(); streak = FindStreak(text, std::max(end, streak + 1))) {
    size_t begin = streak;
    while (begin > end && IsVisible(text[begin - 1])) --begin;
    end = streak;
    while (end < text.size() && IsVisible(text[end])) ++end;
    // Markup beside it has no blanks either.
    const std::string_view run = text.substr(0, end);
    for (size_t piece = begin; piece < end;) {
      const size_t tag = std::min(TagIn(run, piece), end);
      if (tag - piece >= kShortestUnmarked && MayBeStripped(text.substr(piece, tag - piece)) && MayHoldChinese(text.substr(piece, tag - piece))) AddParts(text, piece, tag, false, findings);
      piece = std::max(piece + 1, TagEnd(run, tag));
    }
  }
}

}  // namespace

void RepairSevenBit(std::string_view text, Findings& findings) {
  RepairHz(text, findings);
  RepairIso2022Cn(text, findings);
  const size_t marked = findings.edits.size();
  RepairLostControls(text, findings);
  if (findings.edits.size() == marked) RepairStripped(text, findings);
}

}  // namespace fangzhi::repair
