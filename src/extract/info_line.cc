#include "extract/info_line.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/strings.h"
#include "extract/end_lines.h"
#include "extract/label_scan.h"
#include "extract/label_values.h"
#include "extract/line_words.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

std::optional<FoundDate> SplitDate(std::string_view first, std::string_view second, bool roc_years) {
  for (const std::string& joined :
       {std::string(first) + " " + std::string(second), std::string(second) + "-" + std::string(first)}) {
    const FoldedText text = Fold(joined);
    if (auto date = DateAt(text, 0, {roc_years, false}); date && date->end >= text.size()) return date;
  }
  return std::nullopt;
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
  // <li><b>索引号</b><p>000014349/2021-00035</p></li>
  const uint16_t around = view.document.node(label.block).tag;
  if (b == label.block && (around == definition || around == cell || around == item)) return true;
  const uint16_t tag = view.document.node(value.block).tag;
  if (tag == definition || tag == cell || tag == item) return true;
  // Two paragraphs, one below the other: a name, or the text's first line.
  const std::string_view text = std::string_view(view.text).substr(value.begin, value.end - value.begin);
  if (of == Label::kAuthor || of == Label::kEditor) return LooksLikePerson(text);
  return EndsLikeOffice(ComparisonKey(text));
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

// Reads the page's lines, one after another.
class StripReader {
 public:
  StripReader(const PageView& view, bool roc_years) : view_(view), roc_years_(roc_years) { found_.info_score.assign(view.lines.size(), 0); }

  InfoLines Run() {
    for (index_ = 0; index_ < view_.lines.size(); ++index_) ReadLine();
    return std::move(found_);
  }

 private:
  static constexpr size_t kNothing = SIZE_MAX;

  void ReadLine();
  void ReadContent(size_t waiting);
  bool IsDivided();
  bool SaysNothing() const;
  void TakeValueBelow(size_t waiting);
  void Settle(size_t waiting);
  bool TakeSplit();
  void TakeUnlabelledDate();
  void TakeYearlessDate();
  void TakeLabel(size_t k);
  void TakeDay(const LabelMatch& label, size_t limit, bool alone, InfoValue& value);
  void TakeCount(const LabelMatch& label, size_t from, size_t limit, bool alone, InfoValue& value);
  void TakeOther(const LabelMatch& label, size_t limit, InfoValue& value);
  void TakeName(const LabelMatch& label, size_t limit, bool alone, InfoValue& value);
  std::string OfficeBefore(const LabelMatch& label);
  void TakeDateBehind(size_t from, size_t limit, size_t most);
  void TakeTail();
  void Score();

  const Line& line() const { return view_.lines[index_]; }
  const FoldedText& text() const { return scan_.text; }
  std::optional<FoundDate> DateFrom(size_t place, bool short_years = false) const { return FindDate(scan_.text, place, {roc_years_, short_years}); }
  std::string Words(size_t begin, size_t end) const { return Slice(content_, scan_.text, begin, end); }
  // Whether a value of this line has a date already.
  bool Dated() const {
    return std::any_of(found_.values.begin() + static_cast<std::ptrdiff_t>(first_value_), found_.values.end(), [](const InfoValue& v) { return v.date.has_value(); });
  }
  InfoValue UnlabelledDay(const FoundDate& date) const {
    InfoValue value;
    value.label = Label::kPublished;
    value.line = static_cast<uint32_t>(index_);
    value.labelled = false;
    value.date = date;
    return value;
  }
  // The value, not yet among the others, is what the next line may say.
  void WaitForValue(const LabelMatch& label) { open_value_ = found_.values.size(), open_colon_ = label.colon; }

  const PageView& view_;
  const bool roc_years_;
  InfoLines found_;
  LineScan scan_;
  size_t next_division_ = 0;
  size_t open_value_ = kNothing;  // a label whose value was not on its line: the next line may be it
  bool open_colon_ = false;
  std::string joined_;
  // Of the line at hand.
  size_t index_ = 0;
  std::string_view content_;
  bool short_line_ = false;
  size_t first_value_ = 0;  // of found_.values
  size_t covered_ = 0;      // code points that are strip
  bool taken_ = false;      // by the label of the line above
};

// （本文已被阅读 107 次） behind the text's last sentence.
void StripReader::TakeTail() {
  const auto counter = CounterAtEnd(view_.LineText(index_));
  if (!counter) return;
  InfoValue value;
  value.label = Label::kClicks;
  value.line = static_cast<uint32_t>(index_);
  value.number = counter->number;
  value.strong = true;
  found_.values.push_back(std::move(value));
}

// A word without a colon was a label only if its value follows; else it heads a table's column.
void StripReader::Settle(size_t waiting) {
  if (waiting == kNothing || open_colon_) return;
  const InfoValue& value = found_.values[waiting];
  if (value.text.empty() && !value.date && !value.number) found_.info_score[value.line] = std::min<uint8_t>(found_.info_score[value.line], 40);
}

// Whether elements divide the line.
bool StripReader::IsDivided() {
  while (next_division_ < view_.divisions.size() && view_.divisions[next_division_].offset <= line().begin) ++next_division_;
  return next_division_ < view_.divisions.size() && view_.divisions[next_division_].offset < line().end;
}

// Nothing was found in the line, and nothing would be beside other lines: those ask for its digits, or for a time told as so long ago.
bool StripReader::SaysNothing() const {
  const std::u32string& c = scan_.text.characters;
  return scan_.labels.empty() && found_.values.size() == first_value_ && covered_ == 0 && std::none_of(c.begin(), c.end(), IsDigit) &&
         content_.find("前") == std::string_view::npos && !content_.ends_with("关注");
}

void StripReader::ReadLine() {
  if (!joined_.empty()) {
    // The values of the labels above.
    found_.info_score[index_] = found_.info_score[index_ - 1];
    joined_.clear();
    return;
  }
  const size_t waiting = std::exchange(open_value_, kNothing);
  if (line().characters > 260) {
    Settle(waiting);
    TakeTail();
    return;
  }
  joined_ = JoinedRows(view_, index_);
  content_ = joined_.empty() ? view_.LineText(index_) : std::string_view(joined_);
  if (!joined_.empty() || waiting != kNothing || IsDivided()) return ReadContent(waiting);
  // Most lines of a page are its site's menus and footers, which say nothing of it and come with every page.
  thread_local std::array<RecentAnswers<bool, 1024>, 2> silent;
  bool read = false;
  const bool says_nothing = silent[roc_years_ ? 1 : 0].Get(content_, [&](std::string_view) {
    ReadContent(kNothing);
    read = true;
    return SaysNothing();
  });
  if (!says_nothing && !read) ReadContent(kNothing);
}

// `waiting`: the label whose value this line may be.
void StripReader::ReadContent(size_t waiting) {
  short_line_ = line().characters <= 120 && line().sentence_marks <= 14;
  ScanLine(view_, line(), content_, !joined_.empty(), short_line_, next_division_, scan_);
  first_value_ = found_.values.size();
  covered_ = 0;
  taken_ = false;
  if (waiting != kNothing && line().characters <= 60 && (scan_.labels.empty() || scan_.labels[0].begin > 2)) TakeValueBelow(waiting);
  Settle(waiting);
  if (TakeSplit()) return;
  TakeUnlabelledDate();
  TakeYearlessDate();
  for (size_t k = 0; k < scan_.labels.size(); ++k) TakeLabel(k);
  if (line().characters > 40 && std::none_of(found_.values.begin() + static_cast<std::ptrdiff_t>(first_value_), found_.values.end(), [](const InfoValue& v) { return v.number.has_value(); })) TakeTail();
  if (found_.info_score[index_] != 100) Score();
}

void StripReader::TakeValueBelow(size_t waiting) {
  InfoValue& value = found_.values[waiting];
  if (line().heading != 0 && value.label != Label::kTitle) return;  // 责任编辑： and then a box's heading
  // 发布机构 | 某某局 | 文号 | and nothing: the next row has labels and values of its own.
  if (content_.find('\t') != std::string_view::npos && view_.LineText(value.line).find('\t') != std::string_view::npos) return;
  const size_t limit = scan_.labels.empty() ? text().size() : scan_.labels[0].begin;
  switch (value.label) {
    case Label::kPublished:
    case Label::kUpdated:
    case Label::kWritten:
      value.date = DateFrom(0, true);
      if (value.date && value.date->begin > 3) value.date.reset();
      if (value.date) covered_ += value.date->end;
      taken_ = value.date.has_value();
      break;
    case Label::kClicks: {
      size_t end = 0;
      value.number = CountAt(text(), 0, &end);
      if (value.number && text().size() - end > 4) value.number.reset();
      if (value.number) covered_ += text().size();
      break;
    }
    case Label::kNone:
    case Label::kOther:
    case Label::kEvent:
    case Label::kContact:
      break;
    default:
      if (line().characters <= 40 && line().sentence_marks <= 1 && text().size() > 0 && text().characters.back() != U':' &&
          MayHoldValue(view_, view_.lines[value.line], line(), value.label)) {
        value.text = TrimSeparators(Words(0, NameEnd(scan_, 0, limit, value.label)));
        if (!IsName(value.text)) value.text.clear();
        if (!value.text.empty()) covered_ += limit;
      }
      break;
  }
}

// What two elements or two lines hold together; true where the line says no more than that.
bool StripReader::TakeSplit() {
  if (!scan_.labels.empty()) return false;
  const bool next = index_ + 1 < view_.lines.size() && view_.lines[index_ + 1].characters <= 8;
  // A day in one element, year and month in another: "21" / "2024年02月", "02-21" / "2024".
  if (line().characters <= 8 && next && IsDigit(text().characters.empty() ? U' ' : text().characters[0])) {
    if (const auto date = SplitDate(content_, view_.LineText(index_ + 1), roc_years_)) {
      found_.values.push_back(UnlabelledDay(*date));
      found_.info_score[index_] = found_.info_score[index_ + 1] = 100;
      return true;
    }
  }
  // The same on one line: <strong>13</strong><span>2011-02</span>.
  if (line().characters <= 10 && scan_.divisions.size() == 1 && IsDigit(text().characters[0])) {
    const size_t cut = text().offsets[scan_.divisions[0].first];
    if (const auto date = SplitDate(text::Trim(content_.substr(0, cut)), text::Trim(content_.substr(cut)), roc_years_)) {
      found_.values.push_back(UnlabelledDay(*date));
      found_.info_score[index_] = 100;
      return true;
    }
  }
  // A number whose label stands alone on the next line: "2251" / "浏览".
  if (line().characters > 12 || !next) return false;
  size_t end = 0;
  const auto number = CountAt(text(), 0, &end);
  if (!number || end != text().size()) return false;
  const FoldedText below = Fold(view_.LineText(index_ + 1));
  const LabelMatch label = LabelAt(below, 0);
  if (label.label != Label::kClicks || label.colon || label.end != below.size()) return false;
  InfoValue value;
  value.label = Label::kClicks;
  value.line = static_cast<uint32_t>(index_);
  value.number = number;
  found_.values.push_back(value);
  found_.info_score[index_] = found_.info_score[index_ + 1] = 100;
  return true;
}

// What stands before the first label, or in a line without any: a date without a label.
void StripReader::TakeUnlabelledDate() {
  const size_t first_label = scan_.labels.empty() ? text().size() : scan_.labels[0].begin;
  if ((line().characters > 80 && scan_.labels.empty()) || first_label == 0 || taken_) return;
  const auto date = DateFrom(0);
  if (!date || date->begin >= first_label) return;
  const size_t rest = first_label - std::min(first_label, date->end - date->begin);
  if (rest > 40 || line().sentence_marks > (content_.starts_with("http") ? 10 : 6)) return;
  InfoValue value = UnlabelledDay(*date);
  value.text = Words(0, date->begin);
  value.foreign = date->begin > 0 && value.text.size() < 60 && (value.text.ends_with("：") || value.text.ends_with(":")) && !value.text.starts_with("http");
  if (date->hour < 0 && date->end >= text().size() && index_ + 1 < view_.lines.size() && view_.lines[index_ + 1].characters <= 16) {
    // The time on a line of its own below the date.
    const FoldedText below = Fold(std::string(content_) + " " + std::string(view_.LineText(index_ + 1)));
    if (const auto whole = DateAt(below, date->begin, {roc_years_, false}); whole && whole->hour >= 0 && whole->end >= below.size()) {
      value.date = whole;
      found_.info_score[index_ + 1] = 100;
    }
  }
  covered_ += date->end - date->begin;
  // http://www.…  2012年01月09日07:21: the site's own address before its date.
  if (value.text.size() < 60 && (value.text.starts_with("http") || value.text.starts_with("www."))) covered_ += value.text.size();
  found_.values.push_back(std::move(value));
}

// 07-04 08:10: day and time of day; what year it is the address or a meta says.
void StripReader::TakeYearlessDate() {
  if (line().characters > 60 || line().sentence_marks > 5 || line().link_characters * 2 > line().characters) return;
  const auto yearless = FindYearlessDate(text(), true);
  if (!yearless || Dated()) return;
  InfoValue value = UnlabelledDay({});
  value.date.reset();
  value.yearless = yearless;
  found_.values.push_back(value);
  covered_ += yearless->end - yearless->begin;
}

// A date without a label, at most `most` code points behind a value that ends at `from`.
void StripReader::TakeDateBehind(size_t from, size_t limit, size_t most) {
  const auto date = short_line_ && !Dated() ? DateFrom(from) : std::nullopt;
  if (!date || date->begin >= limit || date->begin - from > most) return;
  covered_ += date->end - date->begin;
  found_.values.push_back(UnlabelledDay(*date));
}

void StripReader::TakeLabel(size_t k) {
  const LabelMatch& label = scan_.labels[k];
  const std::u32string& c = text().characters;
  const bool last = k + 1 == scan_.labels.size();
  const size_t limit = last ? text().size() : BeginOfLabelled(text(), scan_.labels[k + 1], label.end);
  InfoValue value;
  value.label = label.label;
  value.line = static_cast<uint32_t>(index_);
  value.strong = label.strong;
  value.entered = label.label == Label::kPublished && std::u32string_view(U"创录添建来写提咨留").find(c[label.begin]) != std::u32string_view::npos;
  value.own_page = label.label == Label::kClicks && c[label.begin] == U'本' && (c.compare(label.begin, 2, U"本页") == 0 || c.compare(label.begin, 2, U"本文") == 0);
  covered_ += label.end - label.begin;
  bool empty = true;
  for (size_t at = label.end; at < limit && empty; ++at) empty = IsBlank(c[at]);
  const bool alone = last && empty;
  switch (label.label) {
    case Label::kPublished:
    case Label::kUpdated:
    case Label::kWritten:
      TakeDay(label, limit, alone, value);
      break;
    case Label::kClicks:
      TakeCount(label, k > 0 ? scan_.labels[k - 1].end : 0, limit, alone, value);
      break;
    case Label::kContact:
      // Part of a strip only where one begins with something else.
      if (scan_.labels[0].label == Label::kContact && !(Dated() && found_.values[first_value_].date->begin <= 2)) {
        covered_ -= label.end - label.begin;
      } else {
        covered_ += limit - label.end;
      }
      break;
    case Label::kEvent:
      covered_ -= label.end - label.begin;
      break;
    case Label::kNone:
    case Label::kOther:
      // 审核：资料是否齐全，…: a clause that begins with the word.
      if (k == 0 && !Dated() && label.colon && c.find_first_of(U"。!?;", label.end) < limit) {
        covered_ -= label.end - label.begin;
      } else {
        TakeOther(label, limit, value);
      }
      break;
    default:
      TakeName(label, limit, alone, value);
      break;
  }
  found_.values.push_back(std::move(value));
}

void StripReader::TakeDay(const LabelMatch& label, size_t limit, bool alone, InfoValue& value) {
  const auto date = DateFrom(label.end, true);
  const bool empty = text().characters.find_first_not_of(U" \t", label.end) >= limit;
  // 发布：某某局 2011-11-30: who, and then when.
  if (label.label == Label::kPublished && !label.strong && label.colon && text().characters[label.begin] == U'发' && !empty) {
    const size_t stop = NameEnd(scan_, label.end, limit, Label::kPublisher);
    std::string name = TrimSeparators(Words(label.end, stop));
    if (EndsLikeOffice(ComparisonKey(name)) && IsName(name)) {
      value.label = Label::kPublisher;
      value.strong = true;
      value.text = std::move(name);
      covered_ += stop - label.end;
      return TakeDateBehind(stop, limit, 4);
    }
  }
  if (date && date->begin < limit && date->begin - label.end <= 8) {
    value.date = date;
    covered_ += date->end - label.end;
    return;
  }
  const auto yearless = label.colon && !(date && date->begin < limit) ? YearlessDateAt(text(), label.end) : std::nullopt;
  if (yearless && yearless->begin < limit) {
    value.yearless = yearless;
    covered_ += yearless->end - label.end;
  } else if (alone) {
    WaitForValue(label);
  }
}

// `from`: where the label before this one ends.
void StripReader::TakeCount(const LabelMatch& label, size_t from, size_t limit, bool alone, InfoValue& value) {
  const std::u32string& c = text().characters;
  size_t at = label.end, stop = 0, begin = 0;
  while (at < limit && (IsBlank(c[at]) || IsOpening(c[at]))) ++at;
  if (at < limit) value.number = CountAt(text(), at, &stop);
  if (value.number && stop <= limit) {
    covered_ += stop - label.end;
    // 阅读 3 分钟
    if (stop + 1 < c.size() && c[stop] == U'分') value.number.reset();
    // 热度：8695℃
    if (stop < c.size() && (c[stop] == U'℃' || c[stop] == U'°' || c[stop] == U'度')) value.number.reset();
    return TakeDateBehind(stop, limit, 4);  // 阅读(318) 2023.04.26
  }
  value.number.reset();
  if (!label.colon) value.number = CountBefore(text(), label.begin, &begin);
  if (value.number && begin >= from) {
    covered_ += label.begin - begin;
    TakeDateBehind(label.end, limit, 4);
  } else {
    value.number.reset();
  }
  if (!value.number && alone && (label.colon || label.begin == 0)) WaitForValue(label);
}

void StripReader::TakeOther(const LabelMatch& label, size_t limit, InfoValue& value) {
  covered_ += std::min<size_t>(limit - label.end, 24);
  if (label.colon && text().characters.compare(label.begin, 2, U"摄影") == 0) {
    InfoValue pictures = value;
    pictures.text = TrimSeparators(Words(label.end, NameEnd(scan_, label.end, limit, Label::kAuthor)));
    if (HasFamilyName(pictures.text) && LooksLikePerson(pictures.text)) found_.pictured.push_back(std::move(pictures));
  }
  // 【字体：大 中 小】 2010年01月13日 10:42: behind what is no date's label by its brackets or a gap.
  const auto date = short_line_ && !Dated() ? DateFrom(label.end) : std::nullopt;
  if (!date || date->begin >= limit || date->begin - label.end < 3 || date->begin - label.end > 16) return;
  if (text().characters.find_first_of(U"】])〕", label.end) >= date->begin && !LooksLikePerson(Words(label.end, date->begin)) &&
      !(scan_.GapAt(date->begin) && text().characters.find_first_not_of(U" \t", label.end) < date->begin))
    return;
  value.date = date;
  value.label = Label::kPublished;
  value.labelled = false;
  value.text = Words(label.end, date->begin);
  covered_ += date->end - date->begin;
}

void StripReader::TakeName(const LabelMatch& label, size_t limit, bool alone, InfoValue& value) {
  const std::u32string& c = text().characters;
  const size_t end = NameEnd(scan_, label.end, limit, label.label);
  value.text = TrimSeparators(Words(label.end, end));
  // 来源：某某日报 听新闻
  for (size_t space = value.text.rfind(' '); label.label == Label::kSource && space != std::string::npos && IsControlLine(std::string_view(value.text).substr(space + 1)); space = value.text.rfind(' '))
    value.text.resize(space);
  if (label.label == Label::kTitle ? value.text.size() > 600 : !IsName(value.text)) value.text.clear();
  // 记者：请介绍一下这次改革的背景。: who speaks, and no name behind it.
  const bool person = label.label == Label::kAuthor || label.label == Label::kEditor;
  const size_t behind = std::min(limit, end + 1);  // with the sign that ends the value
  if (label.label != Label::kTitle && label.begin == 0 && IsClause(text(), label.end, behind) && (person || c.find(U'。', label.end) < behind)) {
    value.text.clear();
    covered_ -= label.end - label.begin;
    return;
  }
  value.reporter = label.label == Label::kAuthor && c.compare(label.begin, 3, U"信息员") == 0;
  if (label.label == Label::kContributor && !label.colon && value.text.empty()) value.text = OfficeBefore(label);
  if (!value.text.empty()) covered_ += end - label.end;
  // 《青石日报》2022年9月20日第3版: without its day the paper needs no marks.
  if (label.label == Label::kSource && value.text.starts_with("《") && value.text.ends_with("》") && value.text.rfind("《") == 0 && DateAt(text(), end, {}))
    value.text = value.text.substr(3, value.text.size() - 6);
  if (std::string second = TakeSecondRole(text(), label, value); !second.empty()) {
    InfoValue other = value;
    other.label = value.label == Label::kSource ? Label::kAuthor : Label::kSource;
    other.text = std::move(second);
    found_.values.push_back(std::move(other));
  }
  if (alone) WaitForValue(label);
  // A date in the slot of a name, or after it.
  if (const auto date = DateFrom(end); date && date->begin < limit && date->begin - end <= 3) {
    covered_ += date->end - date->begin;
    if (open_value_ == found_.values.size()) open_value_ = kNothing;
    found_.values.push_back(UnlabelledDay(*date));
  }
  // 来源：[大 中 小]
  const char32_t opening = c[std::min(label.end, c.size() - 1)];
  if (label.label == Label::kSource && !value.text.empty() && (opening == U'[' || opening == U'【') && IsControlLine(value.text)) value.text.clear();
  // 单位：万元 stands above tables, 部门：全市 in them.
  if (label.label == Label::kPublisher && (c[label.begin] == U'单' || c[label.begin] == U'部') && !value.text.empty() && !EndsLikeOffice(ComparisonKey(value.text))) {
    value.text.clear();
    covered_ -= end - label.begin;
  }
  // 来源：本站 says something, 作者：佚名 does not.
  if (label.label == Label::kSource ? IsNoValue(value.text)
                                    : (person || label.label == Label::kPublisher || label.label == Label::kContributor || label.label == Label::kPoster) && IsPlaceholderName(value.text))
    value.text.clear();
}

// 宣教部 供稿　|　浏览量 204: the office before the word, up to the sign or the gap that stands before it.
std::string StripReader::OfficeBefore(const LabelMatch& label) {
  const std::u32string& c = text().characters;
  size_t end = label.begin;
  while (end > 0 && IsBlank(c[end - 1])) --end;
  size_t begin = end;
  while (begin > 0 && text::IsHan(c[begin - 1]) && !scan_.DivisionAt(begin)) --begin;
  if (begin == end || end - begin < 3 || end - begin > 16) return "";
  std::string office = Words(begin, end);
  if (!EndsLikeOffice(ComparisonKey(office)) || LabelAt(text(), begin).label != Label::kNone) return "";
  covered_ += end - begin;
  return office;
}

void StripReader::Score() {
  bool dated = false, named = false;
  for (size_t k = first_value_; k < found_.values.size(); ++k) {
    const InfoValue& value = found_.values[k];
    dated = dated || value.date.has_value();
    named = named || (value.labelled && (!value.text.empty() || value.number));
  }
  uint8_t& score = found_.info_score[index_];
  size_t solid = 0;
  for (const char32_t c : text().characters) solid += !IsBlank(c);
  const size_t words = solid - std::min(solid, covered_);
  if (solid > 0 && covered_ > 0) score = static_cast<uint8_t>(std::min<size_t>(100, covered_ * 100 / solid));
  // Day and time, and a few words in elements of their own: a source, an author, a column.
  if (dated && found_.values.back().date && found_.values.back().date->hour >= 0 && !scan_.divisions.empty() && line().link_characters * 2 <= line().characters &&
      line().sentence_marks <= 3 && words <= 24)
    score = std::max<uint8_t>(score, 62);
  // 青石交通 6小时前, 青石环保 +关注
  if (line().characters <= 40 && score < 70 && (content_.find("前") != std::string_view::npos || content_.ends_with("关注")) && HasRelativeTime(view_, index_)) score = 70;
  // A date and a labelled name are a strip, whatever the site adds to them (its own name, its host).
  if (dated && named && line().characters <= 90 && line().sentence_marks <= 5 && words <= 32) score = std::max<uint8_t>(score, 75);
}

}  // namespace

InfoLines FindInfoLines(const PageView& view, bool roc_years) {
  return StripReader(view, roc_years).Run();
}

}  // namespace fangzhi::extract
