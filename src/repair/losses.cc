// What is lost for good, listed and never changed: U+FFFD and what it became when it was saved and misread, with the characters beside it that
// were read out of the same loss, and private-use characters among ideographs, which are pairs out of step.
#include <algorithm>

#include "repair/byte_pairs.h"
#include "repair/edits.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

// Natural logarithms a character. Prose has -5, characters out of step -12: a loss reaches as far as what is worse than this outweighs
// what is better.
constexpr double kFair = -9;
constexpr size_t kLongestReach = 200;  // characters that are looked at on each side
constexpr size_t kReach = 12, kReachOfMisread = 24;  // bytes between two losses of a run
constexpr size_t kDestroyed = 4, kDestroyedLetters = 2;  // losses of a line
constexpr size_t kMisread = 3;  // fewer are a word that speaks of it
// Private-use characters alone are signs of somebody's font.
constexpr double kOutOfStep = 12;
constexpr size_t kOutOfStepCharacters = 3;

enum class Loss : uint8_t { kNone, kReplacement, kSavedAndMisread };

struct Shown {
  size_t begin = 0, end = 0;  // bytes of the text
  char32_t character = 0;
  float value = 0;            // ln(probability), of characters outside ASCII
  Loss loss = Loss::kNone;
  bool took_previous = false; // the character before it holds its first byte
  bool repaired = false;
};

bool IsWide(const Shown& shown) { return shown.character >= 0x80; }
// Of the user-defined rows of GBK, or what old readers made of other pairs.
bool IsPair(char32_t c) { return c >= 0xE000 && c < 0xE865; }

// `edits` from `first_edit` on are the node's.
std::vector<Shown> Read(std::string_view text, Node node, const std::vector<Edit>& edits, size_t first_edit) {
  std::vector<Shown> line;
  char32_t before = 0, previous = 0;
  size_t edit = first_edit;
  for (size_t at = node.begin; at < node.end;) {
    Shown shown;
    shown.begin = at;
    shown.character = text::DecodeUtf8(text, at);
    shown.end = at;
    const char32_t symbol = text::ProseSymbol(shown.character);
    if (IsWide(shown)) shown.value = static_cast<float>(text::ProseLogProbability(before, previous, symbol));
    before = previous;
    previous = symbol;
    while (edit < edits.size() && edits[edit].end <= shown.begin) ++edit;
    shown.repaired = edit < edits.size() && edits[edit].begin <= shown.begin;
    if (shown.character == text::kReplacement) shown.loss = Loss::kReplacement;
    line.push_back(shown);
  }
  return line;
}

// 锟斤拷 where two U+FFFD stood together, 锟 or 拷 with a neighbour's byte where one did: the last byte of a character and the first of U+FFFD made another one.
void MarkMisread(std::vector<Shown>& line) {
  auto took_first = [](char32_t c) { return (BytePairs::Gbk().Code(c) & 0xFF) == 0xEF; };
  bool head = false;  // 锟: no word has it
  for (size_t i = 0; i < line.size(); ++i) {
    const char32_t c = line[i].character;
    if (c != U'锟' && c != U'拷') continue;
    const bool took = c == U'拷' && i > 0 && took_first(line[i - 1].character);
    if (c == U'拷' && !head && !took) continue;
    head = true;
    line[i].loss = Loss::kSavedAndMisread;
    line[i].took_previous = took;
  }
}

// How far from `from`, in steps of `step`, what reads badly outweighs what reads well; one behind the last character of it.
size_t ReachOf(const std::vector<Shown>& line, size_t from, bool forwards, double& sum) {
  double best = 0, here = 0;
  size_t reach = from;
  for (size_t i = from, steps = 0; steps < kLongestReach; ++steps) {
    if (forwards ? i == line.size() : i == 0) break;
    const Shown& shown = line[forwards ? i : i - 1];
    if (!IsWide(shown) || shown.repaired) break;
    here += kFair - static_cast<double>(shown.value);
    i = forwards ? i + 1 : i - 1;
    if (here > best) {
      best = here;
      reach = i;
    }
  }
  sum += best;
  return reach;
}

// The characters outside ASCII around [begin, end) when so many of them are lost that the others were made by chance.
bool IsDestroyed(const std::vector<Shown>& line, Loss loss, size_t& begin, size_t& end) {
  size_t first = begin, last = end;
  while (first > 0 && begin - first < kLongestReach && IsWide(line[first - 1]) && !line[first - 1].repaired) --first;
  while (last < line.size() && last - end < kLongestReach && IsWide(line[last]) && !line[last].repaired) ++last;
  size_t lost = 0, wide = 0;
  for (size_t i = first; i < last; ++i) {
    lost += line[i].loss == loss || (loss == Loss::kSavedAndMisread && line[i].character == U'斤') ? 1 : 0;
    wide += IsWide(line[i]) ? 1 : 0;
  }
  if (lost * (loss == Loss::kSavedAndMisread ? 3 : 2) < wide) return false;
  begin = first;
  end = last;
  return true;
}

// A line of which most is gone: what else it shows was made by chance.
bool ListDestroyedLine(const std::vector<Shown>& line, Findings& findings) {
  size_t lost = 0, wide = 0, first = line.size(), last = 0;
  bool letters = true;  // all that is left of it: what two bytes of UTF-8 are
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i].repaired) return false;
    if (!IsWide(line[i])) continue;
    letters = letters && (line[i].character < 0x800 || line[i].loss == Loss::kReplacement);
    first = std::min(first, i);
    last = i;
    ++wide;
    lost += line[i].loss == Loss::kReplacement ? 1 : 0;
  }
  if (lost * 5 < wide * 2 || lost < (letters ? kDestroyedLetters : kDestroyed)) return false;
  findings.spots.push_back({line[first].begin, line[last].end, "undecodable"});
  return true;
}

void ListLosses(const std::vector<Shown>& line, Loss loss, Findings& findings) {
  const bool misread = loss == Loss::kSavedAndMisread;
  const char* const family = misread ? "kunjinkao" : "undecodable";
  size_t listed = 0;  // what is before it
  for (size_t i = 0; i < line.size();) {
    if (line[i].loss != loss) {
      ++i;
      continue;
    }
    size_t begin = i, end = i, count = 0;
    for (; i < line.size() && (count == 0 || line[i].begin - line[end - 1].end <= (misread ? kReachOfMisread : kReach)); ++i) {
      if (line[i].loss != loss) continue;
      if (line[i].took_previous && count == 0) --begin;
      ++count;
      end = i + 1;
    }
    i = end;
    if (count < (misread ? kMisread : 1)) continue;
    // What stands behind 锟 took its last byte.
    if (misread && end < line.size() && line[end - 1].character == U'锟' && IsWide(line[end])) ++end;
    if (!IsDestroyed(line, loss, begin, end)) {
      double sum = 0;
      end = ReachOf(line, end, true, sum);
      const size_t from = begin;
      begin = ReachOf(line, begin, false, sum);
      // Pairs that a lost byte threw out of step go on to the next ASCII character, where half of one is left: it had a character before it at least.
      const bool ends_run = count == 1 && (end == line.size() || !IsWide(line[end]));
      if (begin == from && ends_run && from > 0 && IsWide(line[from - 1]) && !line[from - 1].repaired) --begin;
    }
    begin = std::max(begin, listed);
    if (begin < end) findings.spots.push_back({line[begin].begin, line[end - 1].end, family});
    listed = end;
    i = std::max(i, end);
  }
}

// Private-use characters in a stretch that reads as nothing.
void ListOutOfStep(const std::vector<Shown>& line, Findings& findings) {
  size_t covered = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (i < covered || !IsPair(line[i].character) || line[i].repaired) continue;
    double sum = 0;
    const size_t begin = std::max(covered, ReachOf(line, i, false, sum));
    const size_t end = ReachOf(line, i + 1, true, sum);
    covered = end;
    if (end - begin < kOutOfStepCharacters || sum < kOutOfStep) continue;
    const bool han = std::any_of(line.begin() + static_cast<ptrdiff_t>(begin), line.begin() + static_cast<ptrdiff_t>(end), [](const Shown& shown) { return text::IsHan(shown.character); });
    if (han) findings.spots.push_back({line[begin].begin, line[end - 1].end, "gbk_byte_lost"});
  }
}

// Question marks for every character that a database or a font did not have. One run of them may be an author's emphasis (真的吗？？？ as ASCII), a
// blank to be filled in or a puzzle; what is lost stands alone in its line, with nothing but the digits, signs and few letters that were kept.
constexpr size_t kLostAlone = 10, kLostInPieces = 6, kLostBehindColon = 6, kLostAnywhere = 16, kPiece = 4;
constexpr size_t kLostBesideOthers = 2, kPieceBesideOthers = 8;  // in a text of which other lines are lost so
constexpr size_t kLostBoxes = 24;  // □: forms have a row of them for each digit of a number

struct Questions {
  size_t first = 0, last = 0;  // bytes
  size_t marks = 0, letters = 0, longest = 0, pieces = 0;
  bool wide = false;  // ideographs and other letters beside them
  std::vector<std::pair<size_t, size_t>> runs;  // of kPiece and more
  std::vector<bool> behind_colon;
};

Questions CountQuestions(std::string_view text, Node node) {
  Questions found;
  char32_t before = 0;  // the last that is no blank
  for (size_t at = node.begin; at < node.end;) {
    const size_t begin = at;
    const char32_t c = text::DecodeUtf8(text, at);
    if (c == U'?') {
      while (at < node.end && text[at] == '?') ++at;
      if (found.marks == 0) found.first = begin;
      found.last = at;
      found.marks += at - begin;
      found.longest = std::max(found.longest, at - begin);
      if (at - begin >= kPiece) {
        ++found.pieces;
        found.runs.emplace_back(begin, at);
        found.behind_colon.push_back(before == U'：' || before == U':');
      }
    } else if ((c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z')) {
      ++found.letters;
    } else if (c >= 0x80 && c != 0xA0 && c != 0x3000) {
      found.wide = true;
    }
    if (!text::IsSpace(c)) before = c;
  }
  return found;
}

}  // namespace

void FindQuestionMarks(std::string_view text, Findings& findings) {
  std::vector<std::pair<Node, Questions>> doubtful;
  bool sure = false;
  const auto tell = [&](size_t begin, size_t end) { findings.spots.push_back({begin, end, "question_marks"}); };
  constexpr size_t kMostDoubtful = 1000;
  for (size_t at = text.find("??"); at != std::string_view::npos;) {
    Node node{at, at};
    const auto ends = [](char c) { return c == '<' || c == '>' || c == '\n'; };
    while (node.begin > 0 && !ends(text[node.begin - 1])) --node.begin;
    while (node.end < text.size() && !ends(text[node.end])) ++node.end;
    const bool tag = node.begin > 0 && text[node.begin - 1] == '<';
    at = node.end < text.size() ? text.find("??", node.end) : std::string_view::npos;
    if (tag) continue;
    Questions found = CountQuestions(text, node);
    // Of half a line of letters the marks are its author's.
    const bool alone = !found.wide && found.letters * 2 < found.marks;
    if (alone && (found.marks >= kLostAlone || (found.pieces >= 2 && found.marks >= kLostInPieces))) {
      tell(found.first, found.last);
      sure = true;
      continue;
    }
    bool told = false;
    for (size_t i = 0; i < found.runs.size(); ++i) {
      const size_t length = found.runs[i].second - found.runs[i].first;
      if (length < kLostAnywhere && (length < kLostBehindColon || !found.behind_colon[i])) continue;
      tell(found.runs[i].first, found.runs[i].second);
      told = true;
    }
    sure = sure || told;
    if (!told && doubtful.size() < kMostDoubtful) doubtful.emplace_back(node, std::move(found));
  }
  for (size_t at = text.find("□□□□□□□□"); at != std::string_view::npos; at = text.find("□□□□□□□□", at)) {
    constexpr std::string_view kBox = "□";
    size_t end = at;
    while (text.substr(end).starts_with(kBox)) end += kBox.size();
    if ((end - at) / kBox.size() >= kLostBoxes) tell(at, end);
    at = end;
  }
  if (!sure) return;
  for (const auto& [node, found] : doubtful) {
    const bool alone = !found.wide && found.letters * 2 < found.marks;
    if (alone && found.longest >= kLostBesideOthers) tell(found.first, found.last);
    if (alone) continue;
    for (const auto& [begin, end] : found.runs) {
      if (end - begin >= kPieceBesideOthers) tell(begin, end);
    }
  }
}

void FindLosses(std::string_view text, Node node, const Look& look, size_t first_edit, Findings& findings) {
  std::vector<Shown> line = Read(text, node, findings.edits, first_edit);
  if (look.losses) {
    MarkMisread(line);
    if (ListDestroyedLine(line, findings)) return;
    ListLosses(line, Loss::kReplacement, findings);
    ListLosses(line, Loss::kSavedAndMisread, findings);
  }
  if (look.private_use) ListOutOfStep(line, findings);
}

}  // namespace fangzhi::repair
