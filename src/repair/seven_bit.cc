// Chinese in seven bits that nobody decoded: HZ (RFC 1843), ISO-2022-CN (RFC 1922), what remains of it when its control characters
// were stripped, and GB 2312 whose bytes lost their highest bit. The first two say themselves what they are; the others are found by
// reading pairs of ASCII characters as Chinese wherever that is far more probable than the ASCII itself.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "repair/byte_pairs.h"
#include "repair/edits.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

constexpr double kReadsLikeChinese = -11.0;  // between escapes, which leave little doubt
// Natural logarithms. ASCII that is neither words nor numbers has between three nats a character and the four and a half of noise.
constexpr double kAsciiCost = -3.6;
constexpr double kAsciiCostBehindMark = -5.0;  // where Chinese is announced
constexpr double kSwitchCost = -9.0;
// An unmarked stretch must read well and be long: it may be a password, a key or a program.
constexpr size_t kUnmarkedCharacters = 7;
constexpr double kUnmarkedMean = -6.2;
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

  void Add(size_t begin, size_t end, std::string after, const char* family) {
    joined += after;
    edits.push_back({begin, end, std::move(after), family, true, 0.99});
  }
  void Settle(Findings& findings) {
    const text::ProseScore score = text::ScoreProse(joined);
    if (score.ideographs >= 1 && score.mean() >= kReadsLikeChinese) {
      for (Edit& edit : edits) findings.edits.push_back(std::move(edit));
    }
    edits.clear();
    joined.clear();
  }
};

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
      stretches.Add(at, closed ? end + 2 : end, std::move(after), "hz_raw");
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

// The most probable reading of ASCII text as a mixture of ASCII and Chinese pairs.
class MixedReading {
 public:
  MixedReading(std::string_view text, double ascii_cost) : text_(text), ascii_cost_(ascii_cost), cells_(text.size() + 1) {}

  struct Part {
    size_t begin = 0, end = 0;  // of the text
    std::string chinese;
  };
  std::vector<Part> Read(bool begins_chinese) {
    cells_[0].ascii = begins_chinese ? kSwitchCost : 0;
    cells_[0].chinese = begins_chinese ? 0 : kSwitchCost;
    for (size_t at = 0; at < text_.size(); ++at) {
      const Cell& cell = cells_[at];
      // One character in ASCII.
      OfferAscii(cells_[at + 1], cell.ascii + ascii_cost_);
      if (at + 1 >= text_.size()) break;
      const char32_t c = SevenBitCharacter(Byte(text_, at), Byte(text_, at + 1));
      if (c == 0) continue;
      const char32_t symbol = text::ProseSymbol(c);
      // The two characters before are known wherever the best way here came through them.
      const char32_t previous = cell.length >= 1 ? SymbolBefore(at) : 0;
      const char32_t before = cell.length >= 2 ? SymbolBefore(at - 2) : 0;
      Cell& next = cells_[at + 2];
      const double score = cell.chinese + text::ProseLogProbability(before, previous, symbol);
      if (score > next.chinese) {
        next.chinese = score;
        next.chinese_from_ascii = false;
        next.length = cell.length + 1;
      }
      // Out of Chinese into ASCII behind this character, and back.
      if (next.chinese + kSwitchCost > next.ascii) {
        next.ascii = next.chinese + kSwitchCost;
        next.ascii_from_chinese = true;
      }
    }
    return Trace();
  }

 private:
  static constexpr double kNever = -1e18;
  struct Cell {
    double ascii = kNever;
    double chinese = kNever;
    bool ascii_from_chinese = false;   // the shift stands here
    bool chinese_from_ascii = false;
    unsigned length = 0;               // characters of Chinese that end here
  };

  char32_t SymbolBefore(size_t at) const {
    return text::ProseSymbol(SevenBitCharacter(Byte(text_, at - 2), Byte(text_, at - 1)));
  }

  static void OfferAscii(Cell& next, double ascii) {
    if (ascii > next.ascii) {
      next.ascii = ascii;
      next.ascii_from_chinese = false;
    }
    if (next.ascii + kSwitchCost > next.chinese) {
      next.chinese = next.ascii + kSwitchCost;
      next.chinese_from_ascii = true;
      next.length = 0;
    }
  }

  std::vector<Part> Trace() const {
    std::vector<Part> parts;
    size_t at = text_.size();
    bool chinese = cells_[at].chinese >= cells_[at].ascii;
    size_t end = at;
    auto close = [&](size_t begin) {
      if (begin == end) return;
      Part part{begin, end, {}};
      ReadPairs(text_, begin, end, part.chinese);
      parts.push_back(std::move(part));
    };
    while (at > 0) {
      const Cell& cell = cells_[at];
      if (chinese) {
        if (cell.chinese_from_ascii) {
          close(at);
          chinese = false;
        } else {
          at -= 2;
        }
      } else if (cell.ascii_from_chinese) {
        chinese = true;
        end = at;
        at -= 2;  // a shift never follows a shift
      } else {
        --at;
      }
    }
    if (chinese) close(0);
    std::reverse(parts.begin(), parts.end());
    return parts;
  }

  std::string_view text_;
  double ascii_cost_;
  std::vector<Cell> cells_;
};

// A name at the start of a stretch is less probable than the ASCII that it looks like: what is left over beside a certain part is taken with
// it, where it is short and reads as characters that are in use.
constexpr size_t kShortRest = 8;
constexpr double kInUse = -12.5;

void TakeRests(std::string_view stretch, std::vector<MixedReading::Part>& parts) {
  auto readable = [&](size_t begin, size_t end, std::string& out) {
    return begin < end && end - begin <= kShortRest && ReadPairs(stretch, begin, end, out) && text::ScoreProse(out).mean() >= kInUse;
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

void AddParts(std::string_view text, size_t begin, size_t end, bool marked, Findings& findings) {
  if (end - begin > kLongestStretch) return;
  std::vector<MixedReading::Part> parts = MixedReading(text.substr(begin, end - begin), marked ? kAsciiCostBehindMark : kAsciiCost).Read(marked);
  // One part that is beyond doubt vouches for the others of its line.
  bool certain = marked;
  for (const MixedReading::Part& part : parts) {
    const text::ProseScore score = text::ScoreProse(part.chinese);
    certain = certain || (score.characters >= kUnmarkedCharacters && score.mean() >= kUnmarkedMean);
  }
  if (!certain) return;
  TakeRests(text.substr(begin, end - begin), parts);
  for (MixedReading::Part& part : parts) {
    const text::ProseScore score = text::ScoreProse(part.chinese);
    const bool first = marked && part.begin == 0;
    if (score.characters < kMarkedCharacters || score.mean() < kMarkedMean) continue;
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
    if (end - at >= 2 * kMarkedCharacters) AddParts(text, at, end, true, findings);
    at = end;
  }
}

// True for the mixture of digits, capitals and marks that GB 2312 without its highest bits is: its lead bytes are 0 to 9, : to @, A to W
// for common characters, its trail bytes anything. Words, addresses and keys have more small letters, numbers no marks.
bool MayBeStripped(std::string_view run) {
  size_t small = 0;
  size_t lead = 0;
  size_t marks = 0;
  for (const char c : run) {
    if (c >= 'a' && c <= 'z') ++small;
    else if (c >= '0' && c <= 'W') ++lead;
    if (c < '0' || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') || c > 'z') ++marks;
  }
  return small * 3 <= run.size() && lead * 10 >= run.size() * 4 && marks >= 1 && marks * 2 < run.size();
}

bool IsVisible(char c) { return static_cast<unsigned char>(c - 0x21) < 0x7F - 0x21; }

void RepairStripped(std::string_view text, Findings& findings) {
  const char* const bytes = text.data();
  for (size_t at = 0; at < text.size();) {
    // Runs of visible ASCII, found by their blanks and their other characters.
    while (at < text.size() && !IsVisible(bytes[at])) ++at;
    const size_t begin = at;
    while (at < text.size() && IsVisible(bytes[at])) ++at;
    // Markup beside it has no blanks either.
    const std::string_view run = text.substr(0, at);
    for (size_t piece = begin; piece < at;) {
      const size_t tag = std::min({run.find("</", piece), run.find("\">", piece), at});
      if (tag - piece >= kShortestUnmarked && MayBeStripped(text.substr(piece, tag - piece))) AddParts(text, piece, tag, false, findings);
      piece = tag + 2;
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
