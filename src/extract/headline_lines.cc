#include "extract/headline_lines.h"

#include <algorithm>
#include <iterator>

#include "base/strings.h"
#include "extract/dates.h"
#include "extract/headline_words.h"
#include "text/text.h"

namespace fangzhi::extract {

// Whether the line below `index` goes on with a headline there that no heading element holds.
bool ContinuesHeadline(const PageView& view, const InfoLines& info, size_t index) {
  const Line& line = view.lines[index];
  const Line& next = view.lines[index + 1];
  if (line.heading != 0 || next.heading != 0 || line.emphasis != next.emphasis || (line.emphasis & (kLarge | kBold)) == 0) return false;
  if (line.block != next.block && (line.emphasis & (kLarge | kCentered)) != (kLarge | kCentered)) return false;
  if (line.links != 0 || next.links != 0 || line.characters < 4 || next.characters < 2 || line.characters > 50 || next.characters > 50) return false;
  if (line.sentence_marks > 3 || next.sentence_marks > 3 || info.info_score[index] >= 30 || info.info_score[index + 1] >= 30) return false;
  const std::string_view above = view.LineText(index), below = view.LineText(index + 1);
  for (const std::string_view end : {"。", "；", "：", ":", "！", "？"}) {
    if (above.ends_with(end) || below.ends_with("。")) return false;
  }
  for (const std::string_view mark : {"—", "－", "-", "─", "（", "(", "【", "[", "□", "■", "文/", "本报", "记者"}) {
    if (below.starts_with(mark)) return false;
  }
  return above.find('\t') == std::string_view::npos && below.find('\t') == std::string_view::npos;
}

// The line without a date at its edge that an element of its own holds: a day set to the right of the headline.
std::string_view WithoutDate(const PageView& view, size_t index) {
  const Line& line = view.lines[index];
  const std::string_view text = view.LineText(index);
  const FoldedText folded = Fold(text);
  const auto divided = [&](size_t place) {
    const uint32_t offset = line.begin + folded.offsets[place];
    const auto at = std::lower_bound(view.divisions.begin(), view.divisions.end(), offset, [](const Division& d, uint32_t wanted) { return d.offset < wanted; });
    return at != view.divisions.end() && at->offset == offset;
  };
  // 2020-11-28|2021年…: the day's own element ends in digits and the headline begins with some.
  const auto first = std::upper_bound(view.divisions.begin(), view.divisions.end(), line.begin, [](uint32_t wanted, const Division& d) { return wanted < d.offset; });
  if (first != view.divisions.end() && first->offset + 18 <= line.end) {
    const FoldedText piece = Fold(text.substr(0, first->offset - line.begin));
    if (const auto date = DateAt(piece, 0, {}); date && date->end >= piece.size()) return text.substr(first->offset - line.begin);
  }
  size_t from = 0;
  for (int tries = 0; tries < 4; ++tries) {
    const auto date = FindDate(folded, from, {});
    if (!date) break;
    size_t after = date->end;
    while (after < folded.size() && text::IsSpace(folded.characters[after])) ++after;
    if (date->begin == 0 && folded.size() - after >= 6 && divided(after)) return text.substr(folded.offsets[after]);
    if (after == folded.size() && date->begin >= 6 && divided(date->begin)) return TrimAscii(text.substr(0, folded.offsets[date->begin]));
    from = date->end;
  }
  return text;
}

// An English line below a Chinese one in the same heading.
bool IsTranslation(const PageView& view, size_t first, size_t line) {
  const std::u32string above = ComparisonKey(view.LineText(first)), below = ComparisonKey(view.LineText(line));
  const auto is_han = [](char32_t c) { return text::IsHan(c); };
  return below.size() >= 8 && std::none_of(below.begin(), below.end(), is_han) && std::count_if(above.begin(), above.end(), is_han) >= 4 &&
         std::count_if(below.begin(), below.end(), [](char32_t c) { return IsLetter(c); }) * 10 >= static_cast<std::ptrdiff_t>(below.size()) * 7;
}

// The line without the badges at its ends, each in an element of its own.
std::string_view WithoutBadges(const PageView& view, size_t index) {
  const Line& line = view.lines[index];
  std::string_view text = view.LineText(index);
  if (line.characters > 120) return text;
  const auto first = std::upper_bound(view.divisions.begin(), view.divisions.end(), line.begin, [](uint32_t wanted, const Division& d) { return wanted < d.offset; });
  auto last = first;
  while (last != view.divisions.end() && last->offset < line.end) ++last;
  if (first == last) return text;
  const auto piece = [&](uint32_t begin, uint32_t end) { return ComparisonKey(std::string_view(view.text).substr(begin, end - begin)); };
  uint32_t begin = line.begin, end = line.end;
  // （<em>1</em>/6）: a few pieces may make one badge.
  for (int badges = 0; badges < 3; ++badges) {
    auto cut = last;
    for (auto it = last; it != first && std::distance(it, last) < 5;) {
      --it;
      if (it->offset > begin && end - it->offset < 40 && IsBadge(piece(it->offset, end))) cut = it;
    }
    if (cut == last) break;
    end = cut->offset, last = cut;
  }
  if (first != last && first->offset - line.begin < 30 && IsBadge(piece(begin, first->offset))) begin = first->offset;
  if (begin == line.begin && end == line.end) return text;
  return TrimAscii(std::string_view(view.text).substr(begin, end - begin));
}

// 云岭新闻 魏振宇: two or more pieces of a few characters, each in an element of its own.
bool IsRowOfNames(const PageView& view, size_t index) {
  const Line& line = view.lines[index];
  auto division = std::upper_bound(view.divisions.begin(), view.divisions.end(), line.begin, [](uint32_t wanted, const Division& d) { return wanted < d.offset; });
  uint32_t begin = line.begin;
  size_t pieces = 0;
  const auto is_name = [&](uint32_t end) { return end - begin <= 24 && ComparisonKey(std::string_view(view.text).substr(begin, end - begin)).size() >= 2; };
  for (; division != view.divisions.end() && division->offset < line.end; ++division) {
    if (division->gap || !is_name(division->offset)) return false;
    begin = division->offset;
    ++pieces;
  }
  return pieces > 0 && is_name(line.end);
}

// A headline that a template sets over several lines without a heading element: in one block, or in blocks of the same make,
// alike in emphasis. The last of the lines; `index` where it stands alone.
size_t LastLineOfHeadline(const PageView& view, const InfoLines& info, size_t index) {
  constexpr size_t kMostLines = 4;
  size_t last = index;
  uint32_t characters = view.lines[index].characters;
  while (last + 1 < view.lines.size() && last + 1 - index < kMostLines && ContinuesHeadline(view, info, last)) {
    characters += view.lines[last + 1].characters;
    if (characters > 100) return index;
    ++last;
  }
  // More of the same below: running text.
  if (last + 1 < view.lines.size() && last + 1 - index == kMostLines && ContinuesHeadline(view, info, last)) return index;
  return last;
}

std::string JoinLines(const PageView& view, size_t first, size_t last) {
  std::string joined;
  for (size_t i = first; i <= last; ++i) {
    const std::string_view text = view.LineText(i);
    if (!joined.empty() && !text.empty()) {
      const bool latin = (static_cast<unsigned char>(joined.back()) < 0x80) &&
                         (static_cast<unsigned char>(text.front()) < 0x80);
      // A headline broken between two clauses keeps its break as a space; one broken inside a word does not.
      if (latin || view.lines[first].heading != 0) joined.push_back(' ');
    }
    joined.append(text);
  }
  return text::CollapseSpace(joined);
}

}  // namespace fangzhi::extract
