// The order of work: one look at each text node decides whether anything in it is suspicious; page-wide families first (their evidence
// is the page), then node by node code pages and references; what stays is listed as damage.
#include "repair/repair.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include "repair/bytes.h"
#include "repair/edits.h"
#include "text/language.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

constexpr size_t kMaxShown = 200;  // code points of a run in a step
constexpr size_t kMaxSpots = 1000;
constexpr size_t kPartBytes = size_t{1} << 20;
constexpr double kNodeReadsWell = -7.5;  // see text/language.h

// A few characters on end that read as no author writes. Names, rare words and quotation marks make most pages look as if bytes could
// have been misread somewhere, and the searches for what is lost are dear.
constexpr double kBad = -9.5;
constexpr double kShortReadsBadly = -9;
constexpr size_t kBadCharacters = 4;
// Seldom characters among eight in a row that make a cluster.
constexpr size_t kCluster = 3;
// Characters of three and more bytes: of fewer one that is seldom says something.
constexpr size_t kShortNode = 8;
// Readings that the searches of one document may make: less than a second, and little more than a microsecond for each of its bytes. Text whose
// every third byte is lost needs some thirty a byte, and less than that where it is what a page is made of.
constexpr size_t kSearchBudget = 3'000'000;
constexpr size_t kSearchBudgetOfByte = 20;

Look LookAt(std::string_view node) {
  Look look;
  size_t foreign = 0;  // every character of two bytes, and symbols: what single-byte code pages make
  const auto byte_at = [node](size_t at) { return static_cast<unsigned char>(node[at]); };
  for (size_t at = 0; at < node.size();) {
    const unsigned char byte = byte_at(at);
    if (byte < 0x80) {
      look.references = look.references || byte == '&';
      ++at;
      continue;
    }
    if (byte >= 0xE3 && byte <= 0xE9 && at + 2 < node.size() && (byte_at(at + 1) & byte_at(at + 2) & 0xC0) == 0x80 && ((byte_at(at + 1) | byte_at(at + 2)) & 0x40) == 0) {
      // Nearly all Chinese text.
      if (byte >= 0xE5 && MayBeMisreadMark(node, at)) look.marks = true;
      else if (byte == 0xE9 && node.compare(at, 3, "锟") == 0) look.losses = true;
      at += 3;
      continue;
    }
    if ((byte >= 0xC0 && byte < 0xE0) || byte == 0xE2) {
      ++foreign;
      look.toned = look.toned || byte == 0xC3 || byte == 0xC4 || byte == 0xC5 || byte == 0xC7;
    } else if (byte == 0xEF && node.compare(at, 3, "\uFFFD") == 0) {
      look.losses = true;
    } else if (byte == 0xEE) {
      look.private_use = true;
    }
    ++at;
  }
  look.code_pages = foreign >= (node.size() <= kShortLine ? 3 : 4);
  const text::RareCount count = text::CountRare(node);
  look.clusters = count.cluster >= kCluster;
  const bool seldom = count.wide >= 2 && (count.wide < kShortNode ? count.rare > 0 : count.rare * 5 >= count.wide);
  if (!look.code_pages && seldom) look.code_pages = text::ScoreChinese(node).mean() < kNodeReadsWell;
  // Of two characters with their last bytes lost none need be rare.
  if (!look.code_pages && count.wide >= 2 && node.size() <= kShortLine && node.find('?') != std::string_view::npos) {
    look.code_pages = text::ScoreProse(node).mean() < kShortReadsBadly;
  }
  if (!look.code_pages && !look.clusters && !look.losses) return look;
  for (size_t at = 0; at < node.size();) {
    const char32_t c = text::DecodeUtf8(node, at);
    if (c < 0x80) continue;
    ++look.wide;
    if (c < 0x250) ++look.latin;
    else if (text::IsHan(c)) ++look.han;
    else if (text::IsHangul(c)) ++look.hangul;
    else if (c >= 0xFF61 && c <= 0xFF9F) ++look.half_width_kana;
    else if (text::IsKana(c) || c == 0x30FC) ++look.kana;
    else if (c == text::kReplacement) ++look.replacements;
  }
  return look;
}

// The first byte from `at` on that makes a node worth a look: one outside ASCII, or a reference's.
size_t NextInteresting(std::string_view text, size_t at) {
  return FindByte(text, at, [](auto byte) { return (byte >= 0x80) | (byte == '&'); });
}

bool EndsNode(char c) { return c == '<' || c == '>' || c == '\n'; }

// Text between tags, tags, and both up to the line's end; only nodes with something outside ASCII or a reference are kept.
std::vector<Node> SplitNodes(std::string_view text) {
  std::vector<Node> nodes;
  size_t done = 0;
  for (size_t at = NextInteresting(text, 0); at < text.size(); at = NextInteresting(text, done)) {
    size_t begin = at;
    while (begin > done && !EndsNode(text[begin - 1])) --begin;
    const size_t end = FindByte(text, at, [](auto byte) { return (byte == '<') | (byte == '>') | (byte == '\n'); });
    nodes.push_back({begin, end});
    done = std::min(end + 1, text.size());
  }
  return nodes;
}

// Code points of byte offsets that come in rising order.
class Offsets {
 public:
  explicit Offsets(std::string_view text) : text_(text) {}
  size_t At(size_t byte) {
    if (byte < byte_) {
      byte_ = 0;
      code_points_ = 0;
    }
    code_points_ += text::CountCodePoints(text_.substr(byte_, byte - byte_));
    byte_ = byte;
    return code_points_;
  }

 private:
  std::string_view text_;
  size_t byte_ = 0;
  size_t code_points_ = 0;
};

std::string Shown(std::string_view text) { return std::string(text::PrefixCodePoints(text, kMaxShown)); }

// Adds a part's findings to the result, whose code points come `before` it. The part as it is now, where it changed.
std::string List(std::string_view text, size_t before, const Findings& findings, RepairedText& result) {
  Offsets offsets(text);
  size_t copied = 0;
  std::string repaired;
  for (const Edit& edit : findings.edits) {
    if (edit.begin < copied) continue;  // overlaps the one before: that one stands
    repaired.append(text, copied, edit.begin - copied);
    repaired += edit.after;
    copied = edit.end;
    if (result.steps.size() < kMaxSteps) {
      Step step;
      step.family = edit.family;
      step.begin = before + offsets.At(edit.begin);
      step.end = before + offsets.At(edit.end);
      step.before = Shown(text.substr(edit.begin, edit.end - edit.begin));
      step.after = Shown(edit.after);
      step.lossless = edit.lossless;
      step.confidence = edit.confidence;
      step.alternatives = edit.alternatives;
      result.steps.push_back(std::move(step));
    } else {
      // The last listed step sums up: it reaches to the end of the last change.
      Step& last = result.steps.back();
      last.end = before + offsets.At(edit.end);
      last.lossless = last.lossless && edit.lossless;
      last.confidence = std::min(last.confidence, edit.confidence);
    }
  }
  if (!findings.edits.empty()) repaired.append(text, copied);
  Offsets spots_offsets(text);
  for (const Spot& spot : findings.spots) {
    if (result.damage.size() >= kMaxSpots) break;
    Damage damage;
    damage.begin = before + spots_offsets.At(spot.begin);
    damage.end = before + spots_offsets.At(spot.end);
    damage.family = spot.family;
    damage.text = Shown(text.substr(spot.begin, spot.end - spot.begin));
    result.damage.push_back(std::move(damage));
  }
  return repaired;
}

// The first part of a long text.
struct Part {
  size_t end = 0;
  bool cut = false;  // in the middle of a line, where bytes of one character may stand on both sides
};

// Behind its last line that ends in the part's second half, else behind a tag, a blank or a mark of ASCII between other characters; else it is cut.
Part FirstPart(std::string_view text) {
  if (text.size() <= kPartBytes) return {text.size(), false};
  const std::string_view half = text.substr(kPartBytes / 2, kPartBytes / 2);
  for (const char boundary : {'\n', '>', ' '}) {
    if (const size_t at = half.rfind(boundary); at != std::string_view::npos) return {kPartBytes / 2 + at + 1, false};
  }
  size_t end = kPartBytes;
  while (end + 3 > kPartBytes && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  // No character has such a byte but itself. "?" may be one that was lost, and beside ASCII it may be text of seven bits.
  for (size_t at = end; at > kPartBytes / 2 + 1; --at) {
    const char c = text[at - 1];
    const bool mark = c > ' ' && c < '@' && c != '?' && c != '&' && (c < '0' || c > '9');
    if (mark && static_cast<unsigned char>(text[at]) >= 0x80 && static_cast<unsigned char>(text[at - 2]) >= 0x80) return {at, false};
  }
  return {end, true};
}

// A script that a misreading makes, and that other pages are written in.
enum class Foreign { kNone, kLatin, kCyrillic, kHangul, kHalfWidthKana };

Foreign ForeignOf(char32_t c) {
  if (c < 0xC0) return Foreign::kNone;
  if (c < 0x250 || (c >= 0x1E00 && c < 0x1F00)) return Foreign::kLatin;
  if (c >= 0x400 && c < 0x530) return Foreign::kCyrillic;
  if (text::IsHangul(c)) return Foreign::kHangul;
  return c >= 0xFF66 && c <= 0xFF9F ? Foreign::kHalfWidthKana : Foreign::kNone;
}

constexpr size_t kForeignKinds = 5;
using ForeignCounts = std::array<size_t, kForeignKinds>;

void CountForeign(std::string_view text, ForeignCounts& counts) {
  // None has a lead of the ideographs'.
  const auto may_begin = [](auto byte) { return (byte >= 0xC3) & ((byte < 0xE4) | (byte > 0xE9)); };
  for (size_t at = FindByte(text, 0, may_begin); at < text.size(); at = FindByte(text, at, may_begin)) {
    ++counts[static_cast<size_t>(ForeignOf(text::DecodeUtf8(text, at)))];
  }
}

// A page that is written in another language has words that could be misread Chinese. Where repairs take up less than half of a script's
// letters on the page, the short ones among them are withdrawn.
constexpr size_t kShortRepair = 12;  // ideographs

void WithdrawWords(std::string_view text, Findings& findings) {
  std::vector<Foreign> kinds(findings.edits.size(), Foreign::kNone);
  ForeignCounts repaired{};
  for (size_t i = 0; i < findings.edits.size(); ++i) {
    const Edit& edit = findings.edits[i];
    ForeignCounts here{};
    CountForeign(text.substr(edit.begin, edit.end - edit.begin), here);
    here[0] = 0;
    const auto most = std::max_element(here.begin(), here.end());
    if (*most == 0) continue;
    kinds[i] = static_cast<Foreign>(most - here.begin());
    for (size_t k = 0; k < kForeignKinds; ++k) repaired[k] += here[k];
  }
  if (std::all_of(kinds.begin(), kinds.end(), [](Foreign kind) { return kind == Foreign::kNone; })) return;
  ForeignCounts all{};
  CountForeign(text, all);
  std::vector<Edit> kept;
  kept.reserve(findings.edits.size());
  for (size_t i = 0; i < findings.edits.size(); ++i) {
    const auto kind = static_cast<size_t>(kinds[i]);
    const bool doubtful = kind != 0 && repaired[kind] * 2 < all[kind];
    if (doubtful && text::CountCodePoints(findings.edits[i].after) < kShortRepair) continue;
    kept.push_back(std::move(findings.edits[i]));
  }
  findings.edits = std::move(kept);
}

// A run that ends so near to where its line was cut is what the line goes on with.
constexpr size_t kNearCut = 64;  // bytes

// Whole runs first; between them, or where there are none, what was lost and what is only a part of the line. How far the node was read: to
// its end, or where it was cut, to its last character that is whole.
size_t RepairNode(std::string_view text, Node node, const Look& look, size_t& budget, Findings& findings) {
  const size_t edits = findings.edits.size();
  const bool reads_badly = look.code_pages && RepairCodePages(text, node, findings);
  if (findings.edits.size() == edits) {
    // A line so short is all of it bytes, or none is.
    const std::string_view line = text.substr(node.begin, node.end - node.begin);
    const bool brief = line.size() <= kShortLine && (look.latin >= 2 || line.find('?') != std::string_view::npos);
    size_t end = node.end;
    if (look.losses || brief || HoldsBadStretch(line, kBadCharacters, kBad)) end = RepairLosses(text, node, look, budget, findings);
    if (reads_badly && findings.edits.size() == edits) RepairStretches(text, node, findings);
    return end;
  }
  if (const size_t last = findings.edits.back().end; node.goes_on && node.end - last < kNearCut) {
    node.end = last;
    node.goes_on = false;
  }
  std::vector<Node> gaps;
  size_t begin = node.begin;
  for (size_t i = edits; i < findings.edits.size(); ++i) {
    gaps.push_back({begin, findings.edits[i].begin});
    begin = findings.edits[i].end;
  }
  gaps.push_back({begin, node.end, node.goes_on});
  size_t end = node.end;
  for (const Node gap : gaps) {
    if (gap.begin + 4 >= gap.end) continue;
    const std::string_view here = text.substr(gap.begin, gap.end - gap.begin);
    const Look there = LookAt(here);
    if (there.losses || HoldsBadStretch(here, kBadCharacters, kBad)) end = RepairLosses(text, gap, there, budget, findings);
  }
  return end;
}

// Brings the findings into order. U+FFFD that a repair took up is no damage of its own.
void DropCovered(Findings& findings) {
  std::stable_sort(findings.edits.begin(), findings.edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::stable_sort(findings.spots.begin(), findings.spots.end(), [](const Spot& a, const Spot& b) { return a.begin < b.begin; });
  std::vector<Spot> kept;
  size_t edit = 0;
  size_t covered_to = 0;  // by a spot that says more
  for (Spot& spot : findings.spots) {
    while (edit < findings.edits.size() && findings.edits[edit].end <= spot.begin) ++edit;
    const bool by_edit = edit < findings.edits.size() && findings.edits[edit].begin <= spot.begin && spot.end <= findings.edits[edit].end;
    const bool weak = spot.family == "undecodable" || spot.family == "pinyin_substitution" || spot.family == "question_marks";
    if (weak && (by_edit || spot.end <= covered_to)) continue;
    covered_to = std::max(covered_to, spot.end);
    kept.push_back(std::move(spot));
  }
  findings.spots = std::move(kept);
}

}  // namespace

bool HoldsBadStretch(std::string_view text, size_t characters, double bad) {
  constexpr size_t kMost = 8;
  std::array<double, kMost> last{};
  double sum = 0;
  size_t count = 0;
  char32_t before = 0;
  char32_t previous = 0;
  std::array<text::ProseTriple, 48> triples;  // to be asked for, together
  for (size_t at = 0; at < text.size();) {
    size_t waiting = 0;
    while (at < text.size() && waiting < triples.size()) {
      const char32_t c = text::DecodeUtf8(text, at);
      if (text::IsSpace(c)) continue;
      const char32_t symbol = text::ProseSymbol(c);
      if (c >= 0x80) triples[waiting++] = {before, previous, symbol};
      before = previous;
      previous = symbol;
    }
    text::WillAskProse(std::span(triples).first(waiting));
    for (size_t i = 0; i < waiting; ++i) {
      double& oldest = last[count++ % characters];
      sum -= oldest;
      oldest = text::ProseLogProbability(triples[i].before, triples[i].previous, triples[i].symbol);
      sum += oldest;
      if (count >= characters && sum < bad * static_cast<double>(characters)) return true;
    }
  }
  return count < characters && sum < bad * static_cast<double>(count);
}

namespace {

// Bytes before a cut that are left to the next part where nothing says how far the last character reaches.
constexpr size_t kLeftToNext = 256;

// What is behind `end` is the next part's.
void LeaveToNext(size_t end, Findings& findings) {
  auto is_next = [end](const auto& found) { return found.end > end; };
  findings.edits.erase(std::remove_if(findings.edits.begin(), findings.edits.end(), is_next), findings.edits.end());
  findings.spots.erase(std::remove_if(findings.spots.begin(), findings.spots.end(), is_next), findings.spots.end());
}

// Lines that were worth a search in which nothing was found. Names, headings and links to other pages are such lines, and a site shows the same
// ones on page after page. What is found in a line depends on nothing but the line and what is left of the budget.
class SoundLines {
 public:
  // Takes what the search would cost from the budget where it is known to find nothing.
  bool IsSound(std::string_view line, size_t& budget) const {
    const Line& there = lines_[PlaceOf(line)];
    if (there.text != line || line.empty() || there.cost >= budget) return false;
    budget -= there.cost;
    return true;
  }
  void Keep(std::string_view line, size_t cost) {
    if (line.size() <= kLongest) lines_[PlaceOf(line)] = {std::string(line), cost};
  }

 private:
  static constexpr size_t kLines = 512;
  static constexpr size_t kLongest = 256;  // bytes: what is longer does not come again
  static size_t PlaceOf(std::string_view line) { return std::hash<std::string_view>()(line) % kLines; }

  struct Line {
    std::string text;
    size_t cost = 0;  // of the budget
  };
  std::array<Line, kLines> lines_;  // by their hashes: the last one of a place stays
};

// The findings of a part, and where it ends: earlier where it was cut.
Findings Examine(std::string_view text, Part& part) {
  thread_local SoundLines known;
  Findings findings;
  text = text.substr(0, part.end);
  std::vector<Node> nodes = SplitNodes(text);
  if (part.cut && !nodes.empty() && nodes.back().end == text.size()) nodes.back().goes_on = true;
  size_t budget = kSearchBudget + kSearchBudgetOfByte * text.size();
  const bool glossed = RepairGlosses(text, nodes, budget, findings);
  RepairSevenBit(text, findings);
  for (const Node node : nodes) {
    const Look look = LookAt(text.substr(node.begin, node.end - node.begin));
    if (look.marks) RepairMisreadMarks(text, node, findings);
    RepairUncheckedTrail(text, node, findings);
    const size_t edits = findings.edits.size();
    if ((look.code_pages || look.clusters || look.losses) && !glossed) {
      const std::string_view line = text.substr(node.begin, node.end - node.begin);
      const size_t spots = findings.spots.size(), left = budget;
      if (node.goes_on || !known.IsSound(line, budget)) {
        const size_t read_to = RepairNode(text, node, look, budget, findings);
        if (node.goes_on) part.end = read_to;
        if (findings.edits.size() > edits) RepairBeside(text, node, edits, findings);
        else if (findings.spots.size() == spots && budget > 0 && !node.goes_on) known.Keep(line, left - budget);
      }
    }
    if (look.losses || (look.private_use && !glossed)) {
      std::sort(findings.edits.begin() + static_cast<ptrdiff_t>(edits), findings.edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
      FindLosses(text, node, look, edits, findings);
    }
    if (look.toned) FindPinyinWords(text, node, findings);
    if (look.references) RepairReferences(text, node, {}, findings);
  }
  FindQuestionMarks(text, findings);
  if (part.cut && part.end == text.size() && text.size() > kLeftToNext) {
    part.end -= kLeftToNext;
    while (part.end < text.size() && (static_cast<unsigned char>(text[part.end]) & 0xC0) == 0x80) ++part.end;
    for (const Edit& edit : findings.edits) part.end = std::max(part.end, edit.end);
  }
  if (part.end < text.size()) LeaveToNext(part.end, findings);
  WithdrawWords(text, findings);
  DropCovered(findings);
  FollowPage(text, nodes, part.end, findings);
  return findings;
}

}  // namespace

RepairedText Repair(std::string text) {
  RepairedText result;
  std::string repaired;
  size_t begin = 0;
  size_t before = 0;  // code points
  while (begin < text.size()) {
    const std::string_view rest = std::string_view(text).substr(begin);
    Part first = FirstPart(rest);
    const Findings findings = Examine(rest, first);
    const std::string_view part = rest.substr(0, first.end);
    const bool changed = !findings.edits.empty();
    std::string now = findings.edits.empty() && findings.spots.empty() ? std::string() : List(part, before, findings, result);
    if (changed && !result.changed) {
      result.changed = true;
      repaired.reserve(text.size());
      repaired.assign(text, 0, begin);
    }
    if (result.changed) {
      if (changed) repaired += now;
      else repaired += part;
    }
    begin += part.size();
    if (begin < text.size()) before += text::CountCodePoints(part);
  }
  result.text = result.changed ? std::move(repaired) : std::move(text);
  return result;
}

RepairedText RepairStream(const std::function<size_t(char*, size_t)>& read, const std::function<void(std::string_view)>& sink) {
  RepairedText listed;
  std::string text;
  size_t begin = 0;   // of what is not repaired yet
  size_t before = 0;  // code points
  bool more = true;
  for (;;) {
    if (more && text.size() - begin <= kPartBytes) {
      text.erase(0, begin);
      begin = 0;
      const size_t held = text.size();
      text.resize(held + kPartBytes);
      const size_t got = read(text.data() + held, kPartBytes);
      text.resize(held + got);
      more = got != 0;
      continue;
    }
    const std::string_view rest = std::string_view(text).substr(begin);
    if (rest.empty()) return listed;
    Part first = FirstPart(rest);
    std::string part(rest.substr(0, first.end));
    Findings findings;
    if (text::IsValidUtf8(part)) {
      findings = Examine(part, first);
      part.resize(first.end);
    } else {
      part = text::ScrubUtf8(part);
      Part scrubbed{part.size(), false};
      findings = Examine(part, scrubbed);
    }
    begin += first.end;
    const bool changed = !findings.edits.empty();
    const std::string now = changed || !findings.spots.empty() ? List(part, before, findings, listed) : std::string();
    listed.changed = listed.changed || changed;
    before += text::CountCodePoints(part);
    sink(changed ? now : part);
  }
}

}  // namespace fangzhi::repair
