#include "extract/info_line.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/strings.h"
#include "extract/end_lines.h"
#include "extract/line_words.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

bool IsBracket(char32_t c) {
  return std::u32string_view(U"[](){}【】〖〗「」『』《》<>|丨│/・·●■◆★▶>").find(c) !=
         std::u32string_view::npos;
}
bool IsOpening(char32_t c) {
  return std::u32string_view(U"[({【〖「《").find(c) != std::u32string_view::npos;
}

// May a weak label begin here? At the start, after a space, a bracket, a digit, punctuation or an element's
// edge.
bool IsEdge(const FoldedText& text, size_t at) {
  if (at == 0) return true;
  const char32_t before = text.characters[at - 1];
  return IsBlank(before) || IsBracket(before) || IsDigit(before) || before == U':' || before == U'次' ||
         before == U'日' || IsSentenceMark(before) || before == U'-' || before == U'_' || before == U'*';
}

std::optional<FoundDate> SplitDate(std::string_view first, std::string_view second, bool roc_years) {
  for (const std::string& joined :
       {std::string(first) + " " + std::string(second), std::string(second) + "-" + std::string(first)}) {
    const FoldedText text = Fold(joined);
    if (auto date = DateAt(text, 0, {roc_years, false}); date && date->end >= text.size()) return date;
  }
  return std::nullopt;
}

// All labels of a line and the divisions of the line in code points.
struct LineScan {
  FoldedText text;
  std::vector<LabelMatch> labels;
  std::vector<std::pair<size_t, bool>> divisions;  // code point, gap

  bool GapAt(size_t place) const {
    for (const auto& division : divisions) {
      if (division.first == place) return division.second;
    }
    return false;
  }
  bool DivisionAt(size_t place) const {
    for (const auto& division : divisions) {
      if (division.first == place) return true;
    }
    return false;
  }
};

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

// "997 次浏览", "2251 浏览", "1.2万人围观": the number that ends right before `end`.
std::optional<int64_t> CountBefore(const FoldedText& text, size_t end, size_t* begin) {
  const std::u32string& c = text.characters;
  size_t at = end;
  while (at > 0 && (IsBlank(c[at - 1]) || c[at - 1] == U'次' || c[at - 1] == U'人' || c[at - 1] == U'个' ||
                    c[at - 1] == U'被' || c[at - 1] == U'已'))
    --at;
  size_t first = at;
  while (first > 0 && at - first < 16 &&
         (IsDigit(c[first - 1]) || c[first - 1] == U',' || c[first - 1] == U'.' || c[first - 1] == U'万'))
    --first;
  while (first < at && !IsDigit(c[first])) ++first;
  if (first == at) return std::nullopt;
  if (first > 0 && (c[first - 1] == U':' || c[first - 1] == U'-' || c[first - 1] == U'/' ||
                    c[first - 1] == U'年' || c[first - 1] == U'月'))
    return std::nullopt;
  size_t stop = 0;
  const auto value = CountAt(text, first, &stop);
  if (!value || stop < at) return std::nullopt;
  *begin = first;
  return value;
}

// Where what `label` says begins: 6.3万阅读 with its number, which stands behind `from`.
size_t BeginOfLabelled(const FoldedText& text, const LabelMatch& label, size_t from) {
  size_t begin = 0;
  if (label.label != Label::kClicks || label.colon || NumberNear(text, label) || !CountBefore(text, label.begin, &begin)) return label.begin;
  return begin >= from ? begin : label.begin;
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
  if (match.colon || match.begin == 0 || match.end >= c.size() || !(match.strong || day || match.label == Label::kClicks)) return;
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

void FindLabels(LineScan& scan, bool short_line) {
  scan.labels.clear();
  const FoldedText& text = scan.text;
  for (size_t at = NextLabelStart(text, 0); at < text.size(); at = NextLabelStart(text, at)) {
    const char32_t c = Lower(text.characters[at]);
    LabelMatch match = LabelAt(text, at);
    if (match.label == Label::kNone) {
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
          accepted = edge && short_line && text.size() <= 70 &&
                     (divided || (spaced && (match.strong || match.label == Label::kAuthor ||
                                             match.label == Label::kDocumentNumber)));
          if (match.label == Label::kAuthor && !spaced && !divided) accepted = false;
          // 编辑 张三: a person and nothing else.
          if (match.label == Label::kEditor && !accepted && edge && (spaced || divided) && match.end < text.size()) {
            std::u32string name;
            for (size_t k = match.end; k < text.size() && name.size() < 6 && text.characters[k] != U'|'; ++k) {
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

// A person's name that begins at `at` and that a space, a sign or the end of the value closes: its end, or `at`.
size_t PersonEnd(const std::u32string& c, size_t at, size_t limit) {
  size_t end = at;
  while (end < limit && end - at < 5 && text::IsHan(c[end])) ++end;
  if (end - at < 2 || end - at > 4 || (end < limit && !IsBlank(c[end]) && c[end] != U'、' && c[end] != U',' && c[end] != U')')) return at;
  return HasFamilyName(text::ToUtf8(c.substr(at, end - at))) ? end : at;
}

// 作者：张三　李四: whether a gap at `at` stands between two persons' names.
bool GoesOnWithPerson(const std::u32string& c, size_t begin, size_t at, size_t limit) {
  size_t last = at;
  while (last > begin && IsBlank(c[last - 1])) --last;
  size_t first = last;
  while (first > begin && text::IsHan(c[first - 1])) --first;
  return PersonEnd(c, first, last) == last && last > first && PersonEnd(c, at, limit) > at;
}

// Where the value that begins at `begin` and must end before `limit` really ends.
size_t NameEnd(const LineScan& scan, size_t begin, size_t limit, Label of) {
  const bool source = of == Label::kSource || of == Label::kPublisher || of == Label::kContributor || of == Label::kPoster || of == Label::kIssuer;
  // 青政发[2022]149号, 〔…〕 and 【…】 alike.
  const bool number = of == Label::kDocumentNumber || of == Label::kIndexNumber;
  const FoldedText& text = scan.text;
  const std::u32string& c = text.characters;
  size_t content = begin;
  while (content < limit && IsBlank(c[content])) ++content;
  if (of == Label::kTitle) {  // a headline may hold anything
    const size_t tab = c.find(U'\t', content == begin ? begin : content);
    return std::min(tab == std::u32string::npos ? limit : tab, limit);
  }
  // 来源：[某某局]
  if (!number && content < limit && IsOpening(c[content]) && c[content] != U'(' && c[content] != U'《') ++content;
  size_t next_division = 0;
  while (next_division < scan.divisions.size() && scan.divisions[next_division].first <= content)
    ++next_division;
  int round = 0, quotes = 0;
  for (size_t at = content; at < limit; ++at) {
    if (c[at] == U'|' || c[at] == U'｜' || c[at] == U'│' || c[at] == U'丨' || c[at] == U'\t') return at;
    if (!number && (c[at] == U'【' || c[at] == U'〖' || c[at] == U'】' || c[at] == U'〗' || c[at] == U']' ||
                    c[at] == U'['))
      return at;
    if (c[at] == U'(') {
      // 青石日报（记者张三）
      size_t inside = at + 1;
      for (const std::u32string_view own : {U"本报", U"本网", U"本台", U"实习", U"见习", U"特约"}) inside += c.compare(inside, own.size(), own) == 0 ? own.size() : 0;
      if (source && at > content && inside < c.size() && (inside > at + 1 || MayBeginLabel(c[inside]))) {
        const LabelMatch role = LabelAt(text, std::min(inside, c.size() - 1));
        if (role.label == Label::kAuthor || role.label == Label::kEditor) return at;
      }
      ++round;
    }
    if (c[at] == U')' && --round < 0) return at;
    if (c[at] == U'《') ++quotes;
    if (c[at] == U'》') --quotes;
    while (next_division < scan.divisions.size() && scan.divisions[next_division].first < at) ++next_division;
    if (next_division < scan.divisions.size() && scan.divisions[next_division].first == at && at > content) {
      const char32_t here = c[at], before = c[at - 1];
      const bool goes_on = ((of == Label::kAuthor || of == Label::kEditor) && GoesOnWithPerson(c, content, at, limit)) || (of == Label::kContributor && PersonEnd(c, at, limit) > at) || here == U'-' || here == U'·' || before == U'-' || before == U'·' ||
                           here == U'、' || before == U'、' || quotes > 0 || round > 0 || (before == U'《');
      if (!goes_on && (scan.divisions[next_division].second || source || IsBlank(before))) return at;
      if ((of == Label::kAuthor || of == Label::kEditor) && IsDigit(here)) return at;  // 编辑：张三|104条评论
    }
    if (!number && (IsDigit(c[at]) || c[at] == U'二')) {
      if (DateAt(text, at, {false, false}) && quotes == 0) return at;
    }
    if (at > content && IsBlank(c[at - 1]) && !IsBlank(c[at])) {
      // After a space, a role or a clause ends the name: "新华社 记者 张三", "省政府办公厅 打印".
      const LabelMatch label = LabelAt(text, at);
      if (c.compare(at, 4, U"http") == 0 || c.compare(at, 4, U"www.") == 0) return at;
      // 某某局 张三
      if (source && of != Label::kContributor && PersonEnd(c, at, limit) > at && EndsLikeOffice(ComparisonKey(text::ToUtf8(c.substr(content, at - content))))) return at;
      if (c[at] == U'赞' || c[at] == U'顶' || c[at] == U'踩') return at;
      if (label.label != Label::kNone && (label.strong || label.end >= limit || IsBlank(c[label.end])))
        return at;
    }
    if (source && c[at] == U'/' && at > content && PersonEnd(c, at + 1, limit) > at + 1 && EndsLikeOffice(ComparisonKey(text::ToUtf8(c.substr(content, at - content))))) return at;
    if (c[at] == U'。' || c[at] == U'；' || c[at] == U';') return at;
  }
  return limit;
}

std::string Slice(std::string_view line, const FoldedText& text, size_t begin, size_t end) {
  if (begin >= end) return "";
  return text::CollapseSpace(line.substr(text.offsets[begin], text.offsets[end] - text.offsets[begin]));
}

// Whether the value of a label that ends its line may be what the next line says: inside one element, in
// elements side by side in a row, a list or a strip; not the first line of the text below an empty 来源：.
bool MayHoldValue(const PageView& view, const Line& label, const Line& value, Label of) {
  if (label.block == value.block) return true;
  const auto parent = [&](html::NodeIndex node) {
    const html::NodeIndex up = view.document.node(node).parent;
    return up == html::kNone ? node : up;
  };
  const html::NodeIndex a = parent(label.block), b = parent(value.block);
  if (a != b && parent(a) != parent(b) && a != value.block && b != label.block) return false;
  if ((label.zones & kZoneInfo) != 0 && (value.zones & kZoneInfo) != 0) return true;
  static const uint16_t definition = html::Tag("dd"), cell = html::Tag("td"), item = html::Tag("li");
  const uint16_t tag = view.document.node(value.block).tag;
  if (tag == definition || tag == cell || tag == item) return true;
  // Two paragraphs, one below the other: a name, or the text's first line.
  const std::string_view text = std::string_view(view.text).substr(value.begin, value.end - value.begin);
  if (of == Label::kAuthor || of == Label::kEditor) return LooksLikePerson(text);
  return EndsLikeOffice(ComparisonKey(text));
}

// 作者/来源：张三/某某局, 来源（作者）：…: two labels before one value. `value` keeps its own part and the other is the answer;
// a value of one part belongs to the role that it looks like.
std::string TakeSecondRole(const FoldedText& text, const LabelMatch& label, InfoValue& value) {
  if ((label.label != Label::kSource && label.label != Label::kAuthor) || label.begin < 3 || value.text.empty()) return "";
  const char32_t joint = text.characters[label.begin - 1];
  if (joint != U'/' && joint != U'、' && joint != U'|') return "";
  const LabelMatch before = LabelAt(text, label.begin - 3);
  const Label other = label.label == Label::kSource ? Label::kAuthor : Label::kSource;
  if (before.label != other || before.end + 1 != label.begin) return "";
  const size_t cut = value.text.find('/');
  if (cut == std::string::npos) {
    if (LooksLikePerson(value.text) == (label.label == Label::kAuthor)) return "";
    value.label = other;
    return "";
  }
  std::string first = TrimSeparators(std::string_view(value.text).substr(0, cut));
  value.text = TrimSeparators(std::string_view(value.text).substr(cut + 1));
  return first;
}

bool IsName(std::string_view value) {
  const size_t length = text::CountCodePoints(value);
  if (length == 0 || length > 60) return false;
  // Half a quotation is half a sentence.
  if ((value.find("”") == std::string_view::npos) != (value.find("“") == std::string_view::npos))
    return false;
  if (value.find("://") != std::string_view::npos && length > 40) return false;
  return true;
}

// What stands between `begin` and `end` is a clause, and no names.
bool IsClause(const FoldedText& text, size_t begin, size_t end) {
  std::u32string_view value = std::u32string_view(text.characters).substr(begin, end - begin);
  while (!value.empty() && IsBlank(value[0])) value.remove_prefix(1);
  return (value.find_first_of(U"。,!?;") != std::u32string_view::npos || value.starts_with(U"请") || value.starts_with(U"您")) && !IsCredit(value);
}

// A row of labels above one row of their values, as some systems set a document's table: "索引号：…\t发布机构：…". Empty where line `i` is no such row.
std::string JoinedRows(const PageView& view, size_t i) {
  if (i + 1 >= view.lines.size() || view.lines[i].characters > 80 || view.lines[i + 1].characters > 200) return "";
  const std::string_view names = view.LineText(i);
  if (names.find('\t') == std::string_view::npos) return "";
  const std::vector<std::string_view> labels = Split(names, '\t'), values = Split(view.LineText(i + 1), '\t');
  if (labels.size() < 2 || labels.size() > 8 || values.size() != labels.size()) return "";
  // More rows make it a table of many things.
  if (i + 2 < view.lines.size() && Split(view.LineText(i + 2), '\t').size() == labels.size()) return "";
  std::string joined;
  size_t strong = 0;
  for (size_t k = 0; k < labels.size(); ++k) {
    const FoldedText folded = Fold(labels[k]);
    if (folded.size() == 0) return "";
    const LabelMatch label = LabelAt(folded, 0);
    if (label.label == Label::kNone || label.end < folded.size()) return "";
    strong += label.strong ? 1 : 0;
    if (const FoldedText value = Fold(values[k]); value.size() > 0 && LabelAt(value, 0).label != Label::kNone) return "";
    joined += (k > 0 ? "\t" : "") + std::string(labels[k]) + (label.colon ? "" : "：") + std::string(values[k]);
  }
  return strong >= 2 ? joined : "";
}

// A day on line `line` that no label names; the caller gives the day.
InfoValue UnlabelledDate(size_t line) {
  InfoValue value;
  value.label = Label::kPublished;
  value.line = static_cast<uint32_t>(line);
  value.labelled = false;
  return value;
}

}  // namespace

std::optional<int64_t> CountAt(const FoldedText& text, size_t at, size_t* end) {
  const std::u32string& c = text.characters;
  while (at < c.size() && IsBlank(c[at])) ++at;
  size_t cursor = at;
  int64_t value = 0;
  int digits = 0;
  while (cursor < c.size()) {
    if (IsDigit(c[cursor])) {
      if (++digits > 10) return std::nullopt;
      value = value * 10 + static_cast<int64_t>(c[cursor] - U'0');
      ++cursor;
    } else if (c[cursor] == U',' && digits > 0 && digits <= 7 && cursor + 3 < c.size() &&
               IsDigit(c[cursor + 1]) && IsDigit(c[cursor + 2]) && IsDigit(c[cursor + 3])) {
      ++cursor;
    } else {
      break;
    }
  }
  if (digits == 0) return std::nullopt;
  int64_t fraction = 0, scale = 1;
  size_t after = cursor;
  if (after + 1 < c.size() && c[after] == U'.' && IsDigit(c[after + 1])) {
    ++after;
    while (after < c.size() && IsDigit(c[after]) && scale < 10'000) {
      fraction = fraction * 10 + static_cast<int64_t>(c[after] - U'0');
      scale *= 10;
      ++after;
    }
  }
  const char32_t unit = after < c.size() ? c[after] : U'\0';
  int64_t factor = 1;
  if (unit == U'万' || unit == U'萬' || unit == U'w' || unit == U'W') factor = 10'000;
  if (unit == U'k' || unit == U'K') factor = 1'000;
  if (unit == U'亿' || unit == U'億') factor = 100'000'000;
  if (factor > 1) {
    if (value > 1'000'000) return std::nullopt;
    value = value * factor + fraction * factor / scale;
    cursor = after + 1;
  } else if (scale > 1) {
    return std::nullopt;  // 3.5 is no count
  }
  // Part of a date, a time, a percentage, a duration: no count. But 时间： and 日期： may be glued to one.
  const bool next_label = cursor + 1 < c.size() && ((c[cursor] == U'时' && c[cursor + 1] == U'间') || (c[cursor] == U'日' && c[cursor + 1] == U'期'));
  if (cursor < c.size() && !next_label &&
      std::u32string_view(U"%:-/年月日时分秒").find(c[cursor]) != std::u32string_view::npos &&
      !(c[cursor] == U'-' && (cursor + 1 >= c.size() || !IsDigit(c[cursor + 1]))) &&
      !(c[cursor] == U'/' && (cursor + 1 >= c.size() || !IsDigit(c[cursor + 1]))))
    return std::nullopt;
  *end = cursor;
  return value;
}

InfoLines FindInfoLines(const PageView& view, bool roc_years) {
  InfoLines found;
  found.info_score.assign(view.lines.size(), 0);
  LineScan scan;
  size_t next_division = 0;
  // A label whose value was not on its line: the next line may be it.
  size_t open_value = SIZE_MAX;
  bool open_colon = false;
  std::string joined;
  // （本文已被阅读 107 次） behind the text's last sentence.
  const auto take_tail = [&](size_t i) {
    const auto counter = CounterAtEnd(view.LineText(i));
    if (!counter) return;
    InfoValue value;
    value.label = Label::kClicks;
    value.line = static_cast<uint32_t>(i);
    value.number = counter->number;
    value.strong = true;
    found.values.push_back(std::move(value));
  };
  for (size_t i = 0; i < view.lines.size(); ++i) {
    const Line& line = view.lines[i];
    if (!joined.empty()) {
      // The values of the labels above.
      found.info_score[i] = found.info_score[i - 1];
      joined.clear();
      continue;
    }
    const bool pending = open_value != SIZE_MAX;
    const size_t waiting = open_value;
    open_value = SIZE_MAX;
    // A word without a colon was a label only if its value follows; else it heads a table's column.
    const auto settle = [&] {
      if (!pending || open_colon) return;
      const InfoValue& value = found.values[waiting];
      if (value.text.empty() && !value.date && !value.number) found.info_score[value.line] = std::min<uint8_t>(found.info_score[value.line], 40);
    };
    if (line.characters > 260) {
      settle();
      take_tail(i);
      continue;
    }
    joined = JoinedRows(view, i);
    const std::string_view content = joined.empty() ? view.LineText(i) : joined;
    FoldInto(content, scan.text);
    MapDivisions(view, line, next_division, scan);
    if (!joined.empty()) scan.divisions.clear();
    if (!scan.divisions.empty() && line.characters <= 120) SplitGluedPieces(scan);
    const bool short_line = line.characters <= 120 && line.sentence_marks <= 14;
    FindLabels(scan, short_line);
    DropBeginnings(content, scan);
    const size_t values_at_line_start = found.values.size();
    const FoldedText& text = scan.text;
    size_t covered = 0;
    bool taken = false;  // by the label of the line above

    if (pending && line.characters <= 60 && (scan.labels.empty() || scan.labels[0].begin > 2)) {
      InfoValue& value = found.values[waiting];
      const size_t limit = scan.labels.empty() ? text.size() : scan.labels[0].begin;
      switch (value.label) {
        case Label::kPublished:
        case Label::kUpdated:
        case Label::kWritten:
          value.date = FindDate(text, 0, {roc_years, true});
          if (value.date && value.date->begin > 3) value.date.reset();
          if (value.date) covered += value.date->end;
          taken = value.date.has_value();
          break;
        case Label::kClicks: {
          size_t end = 0;
          value.number = CountAt(text, 0, &end);
          if (value.number && text.size() - end > 4) value.number.reset();
          if (value.number) covered += text.size();
          break;
        }
        case Label::kNone:
        case Label::kOther:
        case Label::kEvent:
        case Label::kContact:
          break;
        default:
          if (line.characters <= 40 && line.sentence_marks <= 1 && text.size() > 0 && text.characters.back() != U':' &&
              MayHoldValue(view, view.lines[value.line], line, value.label)) {
            value.text = TrimSeparators(Slice(content, text, 0, NameEnd(scan, 0, limit, value.label)));
            if (!IsName(value.text)) value.text.clear();
            if (!value.text.empty()) covered += limit;
          }
          break;
      }
    }

    settle();

    // A day in one element, year and month in another: "21" / "2024年02月", "02-21" / "2024".
    if (line.characters <= 8 && i + 1 < view.lines.size() && view.lines[i + 1].characters <= 8 &&
        scan.labels.empty() && IsDigit(text.characters.empty() ? U' ' : text.characters[0])) {
      if (auto date = SplitDate(content, view.LineText(i + 1), roc_years)) {
        InfoValue value = UnlabelledDate(i);
        value.date = date;
        found.values.push_back(value);
        found.info_score[i] = found.info_score[i + 1] = 100;
        continue;
      }
    }
    // The same on one line: <strong>13</strong><span>2011-02</span>.
    if (line.characters <= 10 && scan.labels.empty() && scan.divisions.size() == 1 && IsDigit(text.characters[0])) {
      const size_t cut = text.offsets[scan.divisions[0].first];
      if (auto date = SplitDate(text::Trim(content.substr(0, cut)), text::Trim(content.substr(cut)), roc_years)) {
        InfoValue value = UnlabelledDate(i);
        value.date = date;
        found.values.push_back(value);
        found.info_score[i] = 100;
        continue;
      }
    }
    // A number whose label stands alone on the next line: "2251" / "浏览".
    if (line.characters <= 12 && i + 1 < view.lines.size() && view.lines[i + 1].characters <= 8 &&
        scan.labels.empty()) {
      size_t end = 0;
      const auto number = CountAt(text, 0, &end);
      if (number && end == text.size()) {
        const FoldedText next = Fold(view.LineText(i + 1));
        const LabelMatch label = LabelAt(next, 0);
        if (label.label == Label::kClicks && !label.colon && label.end == next.size()) {
          InfoValue value;
          value.label = Label::kClicks;
          value.line = static_cast<uint32_t>(i);
          value.number = number;
          found.values.push_back(value);
          found.info_score[i] = found.info_score[i + 1] = 100;
          continue;
        }
      }
    }

    // What stands before the first label, or in a line without any: a date without a label.
    const size_t first_label = scan.labels.empty() ? text.size() : scan.labels[0].begin;
    const bool candidate = line.characters <= 80 || !scan.labels.empty();
    if (candidate && first_label > 0 && !taken) {
      if (const auto date = FindDate(text, 0, {roc_years, false}); date && date->begin < first_label) {
        const size_t rest = first_label - std::min(first_label, date->end - date->begin);
        if (rest <= 40 && line.sentence_marks <= (content.starts_with("http") ? 10 : 6)) {
          InfoValue value = UnlabelledDate(i);
          value.date = date;
          value.text = Slice(content, text, 0, date->begin);
          value.foreign = date->begin > 0 && value.text.size() < 60 && (value.text.ends_with("：") || value.text.ends_with(":")) && !value.text.starts_with("http");
          if (date->hour < 0 && date->end >= text.size() && i + 1 < view.lines.size() &&
              view.lines[i + 1].characters <= 16) {
            // The time on a line of its own below the date.
            const FoldedText below = Fold(std::string(content) + " " + std::string(view.LineText(i + 1)));
            if (const auto whole = DateAt(below, date->begin, {roc_years, false});
                whole && whole->hour >= 0 && whole->end >= below.size()) {
              value.date = whole;
              found.info_score[i + 1] = 100;
            }
          }
          found.values.push_back(value);
          covered += date->end - date->begin;
          // http://www.…  2012年01月09日07:21: the site's own address before its date.
          if (const std::string& before = found.values.back().text; before.size() < 60 && (before.starts_with("http") || before.starts_with("www.")))
            covered += before.size();
        }
      }
    }
    const auto dated_so_far = [&] {
      return std::any_of(found.values.begin() + static_cast<std::ptrdiff_t>(values_at_line_start), found.values.end(), [](const InfoValue& v) { return v.date.has_value(); });
    };
    // 07-04 08:10: day and time of day; what year it is the address or a meta says.
    if (line.characters <= 60 && line.sentence_marks <= 5 && line.link_characters * 2 <= line.characters) {
      if (const auto yearless = FindYearlessDate(text, true); yearless && !dated_so_far()) {
        InfoValue value = UnlabelledDate(i);
        value.yearless = yearless;
        found.values.push_back(value);
        covered += yearless->end - yearless->begin;
      }
    }

    for (size_t k = 0; k < scan.labels.size(); ++k) {
      const LabelMatch& label = scan.labels[k];
      const size_t limit = k + 1 < scan.labels.size() ? BeginOfLabelled(text, scan.labels[k + 1], label.end) : text.size();
      const bool last = k + 1 == scan.labels.size();
      InfoValue value;
      value.label = label.label;
      value.line = static_cast<uint32_t>(i);
      value.strong = label.strong;
      value.entered = label.label == Label::kPublished && std::u32string_view(U"创录添建来写提咨留").find(text.characters[label.begin]) != std::u32string_view::npos;
      value.own_page = label.label == Label::kClicks && text.characters[label.begin] == U'本' && (text.characters.compare(label.begin, 2, U"本页") == 0 || text.characters.compare(label.begin, 2, U"本文") == 0);
      covered += label.end - label.begin;
      size_t end = limit;
      bool empty = true;
      for (size_t at = label.end; at < limit && empty; ++at) empty = IsBlank(text.characters[at]);
      // A date without a label right behind a value that ends at `from`.
      const auto take_date = [&](size_t from, size_t most) {
        const auto date = short_line && !dated_so_far() ? FindDate(text, from, {roc_years, false}) : std::nullopt;
        if (!date || date->begin >= limit || date->begin - from > most) return;
        InfoValue extra;
        extra.label = Label::kPublished;
        extra.line = static_cast<uint32_t>(i);
        extra.labelled = false;
        extra.date = date;
        covered += date->end - date->begin;
        found.values.push_back(extra);
      };
      switch (label.label) {
        case Label::kPublished:
        case Label::kUpdated:
        case Label::kWritten: {
          const auto date = FindDate(text, label.end, {roc_years, true});
          // 发布：某某局 2011-11-30: who, and then when.
          if (label.label == Label::kPublished && !label.strong && label.colon && text.characters[label.begin] == U'发' && !empty) {
            const size_t stop = NameEnd(scan, label.end, limit, Label::kPublisher);
            std::string name = TrimSeparators(Slice(content, text, label.end, stop));
            if (EndsLikeOffice(ComparisonKey(name)) && IsName(name)) {
              value.label = Label::kPublisher;
              value.strong = true;
              value.text = std::move(name);
              covered += stop - label.end;
              take_date(stop, 4);
              break;
            }
          }
          if (date && date->begin < limit && date->begin - label.end <= 8) {
            value.date = date;
            covered += date->end - label.end;
          } else if (const auto yearless = label.colon && !(date && date->begin < limit) ? YearlessDateAt(text, label.end) : std::nullopt; yearless && yearless->begin < limit) {
            value.yearless = yearless;
            covered += yearless->end - label.end;
          } else if (label.strong && !date && last && empty) {
            open_value = found.values.size(), open_colon = label.colon;
          } else if (last && empty) {
            open_value = found.values.size(), open_colon = label.colon;
          }
          break;
        }
        case Label::kClicks: {
          size_t stop = 0;
          size_t at = label.end;
          while (at < limit && (IsBlank(text.characters[at]) || IsOpening(text.characters[at]))) ++at;
          size_t begin = 0;
          if (at < limit) value.number = CountAt(text, at, &stop);
          if (value.number && stop <= limit) {
            covered += stop - label.end;
            // 阅读 3 分钟
            if (stop + 1 < text.size() && text.characters[stop] == U'分') value.number.reset();
            // 热度：8695℃
            if (stop < text.size() && (text.characters[stop] == U'℃' || text.characters[stop] == U'°' || text.characters[stop] == U'度')) value.number.reset();
            take_date(stop, 4);  // 阅读(318) 2023.04.26
          } else {
            value.number.reset();
            const size_t from = k > 0 ? scan.labels[k - 1].end : 0;
            if (!label.colon) value.number = CountBefore(text, label.begin, &begin);
            if (value.number && begin >= from) {
              covered += label.begin - begin;
              take_date(label.end, 4);
            } else {
              value.number.reset();
            }
            if (!value.number && last && empty && (label.colon || label.begin == 0)) open_value = found.values.size(), open_colon = label.colon;
          }
          break;
        }
        case Label::kContact:
          // Part of a strip only where one begins with something else.
          if (scan.labels[0].label == Label::kContact && !(dated_so_far() && found.values[values_at_line_start].date->begin <= 2)) {
            covered -= label.end - label.begin;
          } else {
            covered += limit - label.end;
          }
          break;
        case Label::kEvent:
          covered -= label.end - label.begin;
          break;
        case Label::kNone:
        case Label::kOther: {
          // 审核：资料是否齐全，…: a clause that begins with the word.
          if (k == 0 && !dated_so_far() && label.colon && text.characters.find_first_of(U"。!?;", label.end) < limit) {
            covered -= label.end - label.begin;
            break;
          }
          covered += std::min<size_t>(limit - label.end, 24);
          // 【字体：大 中 小】 2010年01月13日 10:42: behind what is no date's label by its brackets or a gap.
          const auto date = short_line && !dated_so_far() ? FindDate(text, label.end, {roc_years, false}) : std::nullopt;
          if (date && date->begin < limit && date->begin - label.end >= 3 && date->begin - label.end <= 16 &&
              (text.characters.find_first_of(U"】])〕", label.end) < date->begin ||
               LooksLikePerson(Slice(content, text, label.end, date->begin)) || (scan.GapAt(date->begin) && text.characters.find_first_not_of(U" \t", label.end) < date->begin))) {
            value.date = date;
            value.label = Label::kPublished;
            value.labelled = false;
            value.text = Slice(content, text, label.end, date->begin);
            covered += date->end - date->begin;
          }
          break;
        }
        default: {
          end = NameEnd(scan, label.end, limit, label.label);
          value.text = TrimSeparators(Slice(content, text, label.end, end));
          // 来源：某某日报 听新闻
          for (size_t space = value.text.rfind(' '); label.label == Label::kSource && space != std::string::npos && IsControlLine(std::string_view(value.text).substr(space + 1)); space = value.text.rfind(' '))
            value.text.resize(space);
          if (label.label == Label::kTitle ? value.text.size() > 600 : !IsName(value.text)) value.text.clear();
          // 记者：请介绍一下这次改革的背景。: who speaks, and no name behind it.
          const bool person = label.label == Label::kAuthor || label.label == Label::kEditor;
          const size_t behind = std::min(limit, end + 1);  // with the sign that ends the value
          if (label.label != Label::kTitle && label.begin == 0 && IsClause(text, label.end, behind) && (person || text.characters.find(U'。', label.end) < behind)) {
            value.text.clear();
            covered -= label.end - label.begin;
            break;
          }
          if (!value.text.empty()) covered += end - label.end;
          if (std::string second = TakeSecondRole(text, label, value); !second.empty()) {
            InfoValue other = value;
            other.label = value.label == Label::kSource ? Label::kAuthor : Label::kSource;
            other.text = std::move(second);
            found.values.push_back(std::move(other));
          }
          if (empty && last) open_value = found.values.size(), open_colon = label.colon;
          // A date in the slot of a name, or after it.
          if (const auto date = FindDate(text, end, {roc_years, false});
              date && date->begin < limit && date->begin - end <= 3) {
            InfoValue extra;
            extra.label = Label::kPublished;
            extra.line = static_cast<uint32_t>(i);
            extra.labelled = false;
            extra.date = date;
            covered += date->end - date->begin;
            if (open_value == found.values.size()) open_value = SIZE_MAX;
            found.values.push_back(extra);
          }
          // 来源：[大 中 小]
          if (label.label == Label::kSource && !value.text.empty() && (text.characters[std::min(label.end, text.size() - 1)] == U'[' || text.characters[std::min(label.end, text.size() - 1)] == U'【') && IsControlLine(value.text)) value.text.clear();
          // 单位：万元 stands above tables, 部门：全市 in them.
          if (label.label == Label::kPublisher && (text.characters[label.begin] == U'单' || text.characters[label.begin] == U'部') && !value.text.empty() && !EndsLikeOffice(ComparisonKey(value.text))) {
            value.text.clear();
            covered -= end - label.begin;
          }
          // 来源：本站 says something, 作者：佚名 does not.
          if ((label.label == Label::kSource && IsNoValue(value.text)) ||
              ((label.label == Label::kAuthor || label.label == Label::kEditor ||
                label.label == Label::kPublisher || label.label == Label::kContributor || label.label == Label::kPoster) &&
               IsPlaceholderName(value.text))) {
            value.text.clear();
          }
          break;
        }
      }
      found.values.push_back(std::move(value));
    }
    if (line.characters > 40 && std::none_of(found.values.begin() + static_cast<std::ptrdiff_t>(values_at_line_start), found.values.end(), [](const InfoValue& v) { return v.number.has_value(); })) take_tail(i);
    if (found.info_score[i] == 100) continue;
    bool dated = false, named = false;
    for (size_t k = values_at_line_start; k < found.values.size(); ++k) {
      const InfoValue& value = found.values[k];
      dated = dated || value.date.has_value();
      named = named || (value.labelled && (!value.text.empty() || value.number));
    }
    size_t solid = 0;
    for (char32_t c : text.characters) solid += !IsBlank(c);
    if (solid > 0 && covered > 0)
      found.info_score[i] = static_cast<uint8_t>(std::min<size_t>(100, covered * 100 / solid));
    // Day and time, and a few words in elements of their own: a source, an author, a column.
    if (dated && found.values.back().date && found.values.back().date->hour >= 0 && !scan.divisions.empty() && line.link_characters * 2 <= line.characters &&
        line.sentence_marks <= 3 && solid - std::min(solid, covered) <= 24)
      found.info_score[i] = std::max<uint8_t>(found.info_score[i], 62);
    // 青石交通 6小时前, 青石环保 +关注
    if (line.characters <= 40 && found.info_score[i] < 70 && (content.find("前") != std::string_view::npos || content.ends_with("关注")) && HasRelativeTime(view, i))
      found.info_score[i] = 70;
    // A date and a labelled name are a strip, whatever the site adds to them (its own name, its host).
    if (dated && named && line.characters <= 90 && line.sentence_marks <= 5 &&
        solid - std::min(solid, covered) <= 32)
      found.info_score[i] = std::max<uint8_t>(found.info_score[i], 75);
  }
  return found;
}

}  // namespace fangzhi::extract
