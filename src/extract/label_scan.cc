#include "extract/label_scan.h"

#include <algorithm>
#include <cstddef>

#include "extract/dates.h"
#include "extract/label_values.h"
#include "extract/line_words.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

bool IsBracket(char32_t c) {
  return std::u32string_view(U"[](){}【】〖〗「」『』《》<>|丨│/・·●■◆★▶>").find(c) !=
         std::u32string_view::npos;
}
// May a weak label begin here? At the start, after a space, a bracket, a digit, punctuation or an element's
// edge.
bool IsEdge(const FoldedText& text, size_t at) {
  if (at == 0) return true;
  const char32_t before = text.characters[at - 1];
  return IsBlank(before) || IsBracket(before) || IsDigit(before) || before == U':' || before == U'次' ||
         before == U'日' || IsSentenceMark(before) || before == U'-' || before == U'_' || before == U'*';
}

void MapDivisions(const PageView& view, const Line& line, size_t& next, LineScan& scan) {
  scan.divisions.clear();
  while (next < view.divisions.size() && view.divisions[next].offset <= line.begin) ++next;
  size_t place = 0;
  for (; next < view.divisions.size() && view.divisions[next].offset < line.end; ++next) {
    const uint32_t offset = view.divisions[next].offset - line.begin;
    while (place < scan.text.size() && scan.text.offsets[place] < offset) ++place;
    scan.divisions.emplace_back(place, view.divisions[next].gap);
  }
}

// 2023-02, 2023年2: four digits of these centuries, and what follows a year.
bool BeginsWithYear(const std::u32string& c, size_t at) {
  if (at + 5 >= c.size() || !((c[at] == U'1' && c[at + 1] == U'9') || (c[at] == U'2' && c[at + 1] == U'0'))) return false;
  const char32_t sign = c[at + 4];
  return IsDigit(c[at + 2]) && IsDigit(c[at + 3]) && (sign == U'-' || sign == U'/' || sign == U'.' || sign == U'年') && IsDigit(c[at + 5]);
}

// 21:33 and 702人看过 in elements of their own are glued where nothing stands between: the edge becomes a space where the
// digits before it already end a minute, a second or a day, and digits follow.
void SplitGluedPieces(LineScan& scan) {
  FoldedText& text = scan.text;
  size_t shift = 0;
  for (auto& division : scan.divisions) {
    division.first += shift;
    const size_t at = division.first;
    const std::u32string& c = text.characters;
    // 浏览次数：842|2023-02-26, Commerce|Views: 261, 2023|Source
    const bool word = at > 0 && at + 2 < c.size() && c[at] >= U'A' && c[at] <= U'Z' && IsLetter(c[at + 1]) && ((c[at - 1] >= U'a' && c[at - 1] <= U'z') || IsDigit(c[at - 1]));
    if (!division.second && at > 0 && (word || (IsDigit(c[at - 1]) && BeginsWithYear(c, at)))) {
      text.characters.insert(at, 1, U' ');
      text.offsets.insert(text.offsets.begin() + static_cast<std::ptrdiff_t>(at), text.offsets[at]);
      ++division.first;
      ++shift;
      continue;
    }
    if (division.second || at < 3 || at >= c.size() || !IsDigit(c[at]) || !IsDigit(c[at - 1]) || !IsDigit(c[at - 2])) continue;
    // 28 10 月, 2022|30 11 月, 2022
    const bool year = at >= 6 && IsDigit(c[at - 3]) && IsDigit(c[at - 4]) && c[at - 5] == U' ' && c[at - 6] == U',';
    if (!year && c[at - 3] != U':' && c[at - 3] != U'-' && c[at - 3] != U'/' && c[at - 3] != U'.') continue;
    size_t run = at;
    while (run < c.size() && IsDigit(c[run])) ++run;
    if (run < c.size() && run - at <= 2 && c[run] == U'/') continue;  // a date in an element for each digit
    const bool clock = at >= 5 && c[at - 3] == U':' && IsDigit(c[at - 4]);
    const bool day = at >= 8 && c[at - 3] != U':' && !clock && (c[at - 6] == c[at - 3] || c[at - 5] == c[at - 3]);
    const bool yearless = c[at - 3] != U':' && at >= 5 && IsDigit(c[at - 4]) && (at == 5 || !IsDigit(c[at - 6])) && run - at <= 2 && run < c.size() && c[run] == U':';
    if (!clock && !day && !yearless && !year) continue;
    text.characters.insert(at, 1, U' ');
    text.offsets.insert(text.offsets.begin() + static_cast<std::ptrdiff_t>(at), text.offsets[at]);
    ++division.first;
    ++shift;
  }
}

bool NumberNear(const FoldedText& text, const LabelMatch& match) {
  size_t end = 0;
  size_t at = match.end;
  if (CountAt(text, at, &end)) return true;
  while (at < text.size() && (IsBlank(text.characters[at]) || IsOpening(text.characters[at]))) ++at;
  return at > match.end && CountAt(text, at, &end).has_value();
}

// 發布日期 Date, 來源 Source：: a label and its translation, and then a colon or the line's end.
void TakeGloss(const FoldedText& text, LabelMatch& match) {
  const std::u32string& c = text.characters;
  if (match.colon || c[match.begin] < 0x80 || match.end >= c.size() || c[match.end] >= 0x80) return;
  size_t end = match.end, letters = 0;
  while (end < c.size() && end - match.end < 24 && (IsLetter(c[end]) || IsBlank(c[end]) || c[end] == U'(' || c[end] == U')')) letters += IsLetter(c[end++]);
  if (letters < 3) return;
  const bool colon = end < c.size() && c[end] == U':';
  if (!colon && end < c.size()) return;
  match.colon = colon;
  match.end = colon ? end + 1 : end;
}

// [ 发布机构 ] 某某局, 【点击量】9216: brackets around a label do what a colon does, where something follows that they do not hold.
void TakeBrackets(const FoldedText& text, LabelMatch& match) {
  static constexpr std::u32string_view kOpen = U"[【〖「", kClose = U"]】〗」";
  const std::u32string& c = text.characters;
  const bool day = match.label == Label::kPublished || match.label == Label::kUpdated;
  if (match.colon || match.begin == 0 || match.end >= c.size() || !(match.strong || day || match.label == Label::kClicks || match.label == Label::kDocumentNumber)) return;
  size_t before = match.begin - 1, after = match.end;
  while (before > 0 && IsBlank(c[before])) --before;
  while (after < c.size() && IsBlank(c[after])) ++after;
  const size_t kind = kOpen.find(c[before]);
  if (kind == std::u32string_view::npos || after >= c.size() || c[after] != kClose[kind]) return;
  ++after;
  while (after < c.size() && IsBlank(c[after])) ++after;
  if (after < c.size() && c[after] == U':') ++after;
  if (after >= c.size() || kOpen.find(c[after]) != std::u32string_view::npos) return;
  size_t end = 0;
  if (match.label == Label::kClicks && !CountAt(text, after, &end)) return;
  if (day && !match.strong && !DateAt(text, after, {true, true})) return;  // 【日期】2021.06.17
  match.colon = true;
  match.end = after;
}

// A label in an element of its own; its value may be on the next line.
bool IsWholeLine(const FoldedText& text, const LabelMatch& match) {
  return match.begin == 0 && match.end >= text.size();
}

// 本站已有 1630022 人次访问, 网站浏览次数：88991: the visits of a site or a day, not of a page. 来源：本站 访问量：15 has a source before the count.
void TakeForTheSites(const LineScan& scan, LabelMatch& match) {
  static constexpr std::u32string_view kWhole[] = {U"本站", U"网站", U"本网", U"站点", U"全站", U"累计", U"今日", U"昨日", U"本月", U"日均"};
  const std::u32string& c = scan.text.characters;
  size_t end = match.begin;
  const bool counted = CountBefore(scan.text, match.begin, &end).has_value();
  if (!counted && !match.colon && !NumberNear(scan.text, match)) return;  // 门户网站今日访问受限
  if (counted) {
    // 已有, 共有, 总共 before the number
    while (end > 0 && std::u32string_view(U" 已有共总被第约").find(c[end - 1]) != std::u32string_view::npos) --end;
  }
  if (!scan.labels.empty() && scan.labels.back().label == Label::kSource && scan.labels.back().colon && end - scan.labels.back().end <= 3) return;
  for (const std::u32string_view whole : kWhole) {
    if (end < whole.size() || c.compare(end - whole.size(), whole.size(), whole) != 0) continue;
    match.label = Label::kOther;
    match.begin = end - whole.size();
    return;
  }
}

// 2012-04-05 江安交警 阅611: one character right before the digits that end the line, or a piece of it, behind its day.
LabelMatch BriefCountAt(const LineScan& scan, size_t at) {
  const FoldedText& text = scan.text;
  const std::u32string& c = text.characters;
  if ((c[at] != U'阅' && c[at] != U'点') || at + 1 >= c.size() || !IsDigit(c[at + 1]) || !(at > 0 && (IsBlank(c[at - 1]) || IsBracket(c[at - 1]) || scan.DivisionAt(at)))) return {};
  size_t end = 0;
  if (!CountAt(text, at + 1, &end) || (end < c.size() && !IsBlank(c[end]) && !IsBracket(c[end]) && !scan.DivisionAt(end))) return {};
  const auto date = FindDate(text, 0, {});
  if (!date || date->end > at) return {};
  // 2012-04-05 8 点30
  size_t before = at;
  while (before > date->end && IsBlank(c[before - 1])) --before;
  if (before > date->end && IsDigit(c[before - 1])) return {};
  LabelMatch match;
  match.label = Label::kClicks;
  match.begin = at;
  match.end = at + 1;
  return match;
}

void FindLabels(LineScan& scan, bool short_line) {
  scan.labels.clear();
  const FoldedText& text = scan.text;
  for (size_t at = NextLabelStart(text, 0); at < text.size(); at = NextLabelStart(text, at)) {
    const char32_t c = Lower(text.characters[at]);
    LabelMatch match = LabelAt(text, at);
    if (match.label == Label::kNone) {
      if (short_line) match = BriefCountAt(scan, at);
      if (match.label != Label::kNone) scan.labels.push_back(match);
      ++at;
      continue;
    }
    if (match.label == Label::kClicks) TakeForTheSites(scan, match);
    TakeGloss(text, match);
    if (match.label != Label::kOther) TakeBrackets(text, match);
    const bool edge = IsEdge(text, at) || scan.DivisionAt(at);
    // 某某发布 时间： is a name and a label, though 发布时间 is one label.
    if (!edge) {
      size_t blank = at;
      while (blank < match.end && !IsBlank(text.characters[blank])) ++blank;
      while (blank < match.end && IsBlank(text.characters[blank])) ++blank;
      if (blank > at && blank < match.end && LabelAt(text, blank).label != Label::kNone) {
        at = blank;
        continue;
      }
    }
    // 来源：本站　访问量：15 has no 本站访问量.
    if ((c == U'本' || c == U'网') && !scan.labels.empty() && scan.labels.back().label == Label::kSource) {
      size_t after = scan.labels.back().end;
      while (after < at && IsBlank(text.characters[after])) ++after;
      if (after == at) {
        ++at;
        continue;
      }
    }
    // 本站 in one element and 访问量：in the next are a source and a count, not the site's own total; 某某发布 and 时间：
    // a source and a time.
    if (!scan.divisions.empty() && (!edge || c == U'本' || c == U'网')) {
      bool cut = false;
      for (size_t k = at + 1; k < match.end && !cut; ++k) cut = scan.DivisionAt(k) && LabelAt(text, k).label != Label::kNone;
      if (cut) {
        ++at;
        continue;
      }
    }
    // （…。）预警信息来源： behind a sentence is a clause of it.
    bool accepted = match.colon && (edge || (match.strong && text.characters.find(U'。') >= at));
    if (match.colon && !accepted && short_line && !scan.labels.empty() && at - scan.labels.back().end <= 30) {
      // Glued to the value of the label before it: "作者：某某审核：某某时间：2020-01-02". A number or a date
      // behind the colon proves it; without one the name before it must be short.
      const bool near = at - scan.labels.back().end <= 12;
      accepted = near && text.characters[at + 1] != U':' && (match.label == Label::kOther || match.label == Label::kEditor ||
                          match.label == Label::kClicks);
      if (match.label == Label::kClicks) accepted = accepted || NumberNear(text, match);
      if (match.label == Label::kPublished) {
        size_t place = match.end;
        while (place < text.size() && (IsBlank(text.characters[place]) || IsOpening(text.characters[place]))) ++place;
        accepted = DateAt(text, place, {true, true}).has_value();
      }
      if (match.label == Label::kAuthor && !accepted) {
        // 来源：某某日报撰稿：某某: a person behind the colon.
        size_t end = match.end;
        while (end < text.size() && end - match.end < 5 && text::IsHan(text.characters[end]) && LabelAt(text, end).label == Label::kNone) ++end;
        accepted = end - match.end >= 2 && end - match.end <= 4 && (end == text.size() || !text::IsHan(text.characters[end]) || LabelAt(text, end).colon);
      }
    }
    if (!match.colon) {
      const bool divided =
          match.end >= text.size() || scan.DivisionAt(match.end) || text.characters[match.end] == U'\t';
      size_t begin = 0;
      switch (match.label) {
        case Label::kContact:
        case Label::kEvent:
          break;
        case Label::kClicks:
          accepted = short_line && (NumberNear(text, match) || CountBefore(text, match.begin, &begin).has_value() || IsWholeLine(text, match));
          break;
        case Label::kPublished:
        case Label::kUpdated:
        case Label::kWritten: {
          size_t place = match.end;
          while (place < text.size() &&
                 (IsBlank(text.characters[place]) || IsOpening(text.characters[place])))
            ++place;
          accepted = edge && DateAt(text, place, {true, match.strong}).has_value() && (match.strong || short_line);
          accepted = accepted || (match.strong && IsWholeLine(text, match));
          break;
        }
        case Label::kOther:
          accepted = edge && short_line;
          break;
        default: {
          // "来源 新华社" at an edge, or a label alone in its cell.
          const bool spaced = match.end < text.size() && IsBlank(text.characters[match.end]);
          // 宣教部 供稿　|　浏览量 204
          const size_t bar = spaced ? text.characters.find_first_not_of(U" \t　", match.end) : std::u32string::npos;
          const bool barred = bar != std::u32string::npos && match.label == Label::kContributor && at > 0 && std::u32string_view(U"|｜丨│").find(text.characters[bar]) != std::u32string_view::npos;
          accepted = edge && short_line && text.size() <= 70 &&
                     (divided || barred || (spaced && (match.strong || match.label == Label::kAuthor ||
                                             match.label == Label::kDocumentNumber)));
          if (match.label == Label::kAuthor && !spaced && !divided) accepted = false;
          // 编辑 张三: a person and nothing else.
          if (match.label == Label::kEditor && !accepted && edge && (spaced || divided) && match.end < text.size()) {
            std::u32string name;
            for (size_t k = match.end; k < text.size() && name.size() < 6 && text.characters[k] != U'|'; ++k) {
              if (text.characters[k] == U')') break;
              // 编辑 张三　校对 李四
              if (!name.empty() && IsBlank(text.characters[k - 1]) && MayBeginLabel(text.characters[k])) {
                const LabelMatch next = LabelAt(text, k);
                if (next.label != Label::kNone && (next.end >= text.size() || next.colon || IsBlank(text.characters[next.end]))) break;
              }
              if (!IsBlank(text.characters[k])) name.push_back(text.characters[k]);
            }
            accepted = LooksLikePerson(text::ToUtf8(name));
          }
          // 记者 as a link in running text.
          if (match.label == Label::kAuthor && text.size() - match.end > 24) accepted = false;
          break;
        }
      }
    }
    if (accepted) {
      scan.labels.push_back(match);
      at = match.end > at ? match.end : at + 1;
    } else {
      ++at;
    }
  }
}

// 图片新闻　2024年02月20日, 打印机采购项目: words of other things that begin as a label does. Not behind the strip's day, where they are controls.
void DropBeginnings(std::string_view content, LineScan& scan) {
  const FoldedText& text = scan.text;
  while (!scan.labels.empty()) {
    const LabelMatch first = scan.labels.front();
    if (first.label != Label::kOther || first.colon || first.end >= text.size() || !text::IsHan(text.characters[first.end]) || IsControlLine(content)) return;
    if (const auto date = FindDate(text, 0, {}); date && date->begin < first.begin) return;
    scan.labels.erase(scan.labels.begin());
  }
}

}  // namespace

void ScanLine(const PageView& view, const Line& line, std::string_view content, bool joined, bool short_line, size_t& next_division, LineScan& scan) {
  FoldInto(content, scan.text);
  MapDivisions(view, line, next_division, scan);
  if (joined) scan.divisions.clear();
  if (!scan.divisions.empty() && line.characters <= 120) SplitGluedPieces(scan);
  FindLabels(scan, short_line);
  DropBeginnings(content, scan);
}

size_t BeginOfLabelled(const FoldedText& text, const LabelMatch& label, size_t from) {
  size_t begin = 0;
  if (label.label != Label::kClicks || label.colon || NumberNear(text, label) || !CountBefore(text, label.begin, &begin)) return label.begin;
  return begin >= from ? begin : label.begin;
}

}  // namespace fangzhi::extract
