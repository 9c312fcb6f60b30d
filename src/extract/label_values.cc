#include "extract/label_values.h"

#include <algorithm>

#include "extract/end_lines.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {

bool IsOpening(char32_t c) {
  return std::u32string_view(U"[({【〖「《").find(c) != std::u32string_view::npos;
}


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
  // 800×600浏览: how large a screen should be.
  if (first > 1 && IsDigit(c[first - 2]) && std::u32string_view(U"×*xX").find(c[first - 1]) != std::u32string_view::npos) return std::nullopt;
  size_t stop = 0;
  const auto value = CountAt(text, first, &stop);
  if (!value || stop < at) return std::nullopt;
  *begin = first;
  return value;
}

namespace {

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

// 作者：某某局　张三: whether a gap at `at` stands between an office and a person of it.
bool IsOfficeBeforePerson(const std::u32string& c, size_t begin, size_t at, size_t limit) {
  return PersonEnd(c, at, limit) > at && EndsLikeOffice(ComparisonKey(text::ToUtf8(c.substr(begin, at - begin))));
}

}  // namespace

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
      const bool goes_on = ((of == Label::kAuthor || of == Label::kEditor) && GoesOnWithPerson(c, content, at, limit)) || (of == Label::kAuthor && IsOfficeBeforePerson(c, content, at, limit)) || (of == Label::kContributor && PersonEnd(c, at, limit) > at) || here == U'-' || here == U'·' || before == U'-' || before == U'·' ||
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

}  // namespace fangzhi::extract
