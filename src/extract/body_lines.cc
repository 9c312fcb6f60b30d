#include "extract/body_lines.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/strings.h"
#include "extract/end_lines.h"
#include "extract/line_words.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

using html::kNone;
using html::NodeIndex;

// 青石林业 3小时前, 青石林业 03-04 08:10 阅读 441: a day or a count and a name right below the headline, which no label makes a strip.
bool IsLooseStrip(const PageView& view, const InfoLines& info, size_t line) {
  if (view.lines[line].characters > 40 || view.lines[line].sentence_marks > 2) return false;
  const std::string_view text = view.LineText(line);
  // （2020年3月4日第三次会议通过）, 2020年3月4日印发的…
  if (text.ends_with("。") || text.ends_with("：") || text.ends_with("，") || text.starts_with("（") || text.starts_with("(") || text.starts_with("《") || Cells(text) >= 3) return false;
  for (const std::string_view word : {"天前", "小时前", "分钟前", "小時前", "分鐘前"}) {
    const size_t at = text.find(word);
    if (at != std::string_view::npos && at > 0 && IsAsciiDigit(text[at - 1]) && view.lines[line].characters <= 24) return true;
  }
  auto value = std::lower_bound(info.values.begin(), info.values.end(), line, [](const InfoValue& v, size_t wanted) { return v.line < wanted; });
  bool date = false, number = false;
  for (; value != info.values.end() && value->line == line; ++value) {
    date = date || value->date;
    number = number || value->number;
  }
  return (date || number) && info.info_score[line] >= 25;
}

// A line with a date and no time, without a label.
bool IsSignatureDate(const PageView& view, const InfoLines& info, size_t line) {
  if (view.lines[line].characters > 40) return false;
  const auto value = std::lower_bound(info.values.begin(), info.values.end(), line,
                                      [](const InfoValue& v, size_t wanted) { return v.line < wanted; });
  if (value == info.values.end() || value->line != line || value->labelled || !value->date ||
      value->date->hour >= 0)
    return false;
  const auto next = value + 1;
  return next == info.values.end() || next->line != line;
}

// （来源：某某局 作者：某某 2020年10月24日）: a strip in brackets.
bool HasStripDate(const InfoLines& info, size_t line) {
  if (info.info_score[line] < 80) return false;
  auto value = std::lower_bound(info.values.begin(), info.values.end(), line, [](const InfoValue& v, size_t wanted) { return v.line < wanted; });
  bool date = false, named = false;
  for (; value != info.values.end() && value->line == line; ++value) {
    date = date || value->date;
    named = named || (value->labelled && !value->text.empty());
  }
  return date && named;
}

// What `line` says of the page, in order.
std::span<const InfoValue> ValuesOf(const InfoLines& info, size_t line) {
  const auto begin = std::lower_bound(info.values.begin(), info.values.end(), line, [](const InfoValue& v, size_t wanted) { return v.line < wanted; });
  auto end = begin;
  while (end != info.values.end() && end->line == line) ++end;
  return {begin, end};
}

// 来源：…, 浏览：12, 发布时间：…: what only a strip says. Not 时间：…, which announcements have, nor the words that end a value alone.
bool HasStripLabel(const InfoLines& info, size_t line) {
  for (const InfoValue& value : ValuesOf(info, line)) {
    if (!value.labelled || value.label == Label::kOther || value.label == Label::kEvent || value.label == Label::kContact || value.label == Label::kNone) continue;
    const bool dated = value.label == Label::kPublished || value.label == Label::kUpdated || value.label == Label::kWritten;
    if (dated ? value.strong && (value.date || value.yearless) : !value.text.empty() || value.number) return true;
  }
  return false;
}

// Names and ways to reach them, and nothing that only strips have: no day, no count, no source.
bool IsContactLine(const InfoLines& info, size_t line) {
  bool contact = false;
  for (const InfoValue& value : ValuesOf(info, line)) {
    contact = contact || value.label == Label::kContact;
    if (value.date || value.number || value.label == Label::kSource || value.label == Label::kEditor || value.label == Label::kAuthor || value.label == Label::kContributor || value.label == Label::kPublisher) return false;
  }
  return contact;
}

// 地点：…, 报告人：…: a few ideographs and a colon, and no label of a strip.
bool BeginsWithForeignLabel(std::string_view line) {
  const FoldedText text = Fold(text::PrefixCodePoints(line, 12));
  size_t end = 0;
  while (end < text.size() && (text::IsHan(text.characters[end]) || IsBlank(text.characters[end]))) ++end;
  if (end < 2 || end >= text.size() || text.characters[end] != U':') return false;
  const Label label = LabelAt(text, 0).label;
  return label == Label::kNone || label == Label::kContact || label == Label::kEvent;
}

// Whether a strip with a day stands between the headline and line `index`.
class StripAbove {
 public:
  StripAbove(const PageView& view, const InfoLines& info, const TitleChoice& title, size_t begin) : headline_end_(title.last_line == kNoLine ? 0 : title.last_line + size_t{1}) {
    const size_t from = title.first_line == kNoLine ? begin : title.first_line - std::min<size_t>(title.first_line, 6);
    for (size_t i = from; i < view.lines.size() && i < from + 40 && first_ == SIZE_MAX; ++i) {
      if (info.info_score[i] < 60 || view.lines[i].row != RowFlag::kNone) continue;
      const bool below = title.first_line == kNoLine || i > title.last_line;
      for (const InfoValue& value : ValuesOf(info, i)) {
        if ((!value.date && !value.yearless) || value.foreign) continue;
        if (HasStripLabel(info, i) || (below && !value.labelled)) first_ = i;
      }
    }
  }
  bool Of(size_t index) const { return first_ < index; }
  // 监察院：…, right above: what has a colon there is no label.
  bool IsBelowHeadline(size_t index) const { return index == headline_end_; }

 private:
  size_t headline_end_, first_ = SIZE_MAX;
};

// 联络人 | 林小姐 | 联络电话 | 03-1234567: a row of as many cells right below 发布单位 | 教育处 | 发布日期 | …, in the same table.
bool GoesOnWithStrip(const PageView& view, const InfoLines& info, size_t index) {
  static const uint16_t row_tag = html::Tag("tr");
  if (index == 0 || view.lines[index].characters > 60 || info.info_score[index - 1] < 60 || !HasStripLabel(info, index - 1)) return false;
  const std::ptrdiff_t cells = Cells(view.LineText(index));
  if (cells < 4 || cells % 2 != 0 || cells != Cells(view.LineText(index - 1))) return false;
  const auto row = [&](size_t line) {
    NodeIndex node = view.lines[line].block;
    for (int level = 0; level < 3 && node != kNone && view.document.node(node).tag != row_tag; ++level) node = view.document.node(node).parent;
    return node != kNone && view.document.node(node).tag == row_tag ? node : kNone;
  };
  const NodeIndex one = row(index - 1), other = row(index);
  return one != kNone && other != kNone && one != other && view.document.node(one).parent == view.document.node(other).parent;
}

// 时间：2021年12月3日14:30, 停水时间：…, 审核：李四: what a strip may say and a text too. It is the text's where a strip with a day stands above already, and
// where 地点：… or its like stands beside it.
bool IsOfText(const PageView& view, const InfoLines& info, size_t index, const StripAbove& strip) {
  // 采购人：…　地址：…　联系方式：…
  if (strip.Of(index) && IsContactLine(info, index)) return true;
  if (HasStripLabel(info, index)) return false;
  bool told = false;
  const std::string_view head = text::PrefixCodePoints(view.LineText(index), 12);
  const bool colon = head.find("：") != std::string_view::npos || head.find(':') != std::string_view::npos;  // not 日期 2013.07.08
  size_t labels = 0;
  for (const InfoValue& value : ValuesOf(info, index)) labels += value.labelled && value.label != Label::kEvent;
  if (labels > 1) return false;  // 日期 2013.07.08 关键词 台湾
  for (const InfoValue& value : ValuesOf(info, index)) told = told || value.foreign || value.label == Label::kEvent || (colon && value.labelled && (value.date || value.yearless));
  if (!told) return false;
  if (strip.Of(index)) return true;
  return (index > 0 && !strip.IsBelowHeadline(index) && BeginsWithForeignLabel(view.LineText(index - 1))) || (index + 1 < view.lines.size() && BeginsWithForeignLabel(view.LineText(index + 1)));
}

// 相关新闻, 延伸阅读, 最近更新: the heading of a box of links.
bool IsBoxName(std::string_view text, const Line& line) {
  if (line.characters > 8 || line.links > 0) return false;
  for (const std::string_view word : {"相关", "推荐", "最新", "热点", "热门", "更多", "往期", "近期", "猜你", "延伸", "排行", "動態", "最近", "其他", "相關"}) {
    if (text.starts_with(word)) return true;
  }
  return false;
}

// Whether any of the lines reads like text: what stands below the editors' names may be headlines alone.
bool HasSentence(const PageView& view, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    const Line& line = view.lines[i];
    if (line.row != RowFlag::kNone || line.link_characters * 2 > line.characters) continue;
    if (line.sentence_marks >= 2 && line.characters >= 24) return true;
    if (line.sentence_marks >= 1 && line.characters >= 12 && view.LineText(i).ends_with("。")) return true;
    if (view.LineText(i).find('\t') != std::string_view::npos) return true;
  }
  return false;
}

// Whether line `index` names a box of links in the middle of a text: below its links stands a paragraph that is a
// neighbour of the text's last one.
bool GoesOnBelowBox(const PageView& view, const std::vector<uint32_t>& picked, size_t index, size_t end) {
  if (picked.empty()) return false;
  const auto linked = [&](size_t i) { return view.lines[i].links > 0 && view.lines[i].link_characters * 10 >= view.lines[i].characters * 7; };
  size_t next = index;
  if (!linked(index)) {
    if (!IsBoxName(view.LineText(index), view.lines[index])) return false;
    ++next;
  }
  const size_t first = next;
  while (next < end && linked(next)) ++next;
  if (next == first || next >= end || !HasSentence(view, next, next + 1)) return false;
  const html::Node& below = view.document.node(view.lines[next].block);
  const html::Node& last = view.document.node(view.lines[picked.back()].block);
  return below.tag == last.tag && below.parent == last.parent && below.parent != kNone;
}

// Paragraphs of one element, or lines of one paragraph.
bool AreNeighbours(const PageView& view, size_t a, size_t b) {
  const html::Node &one = view.document.node(view.lines[a].block), &other = view.document.node(view.lines[b].block);
  return view.lines[a].block == view.lines[b].block || (one.tag == other.tag && one.parent == other.parent);
}

// Whether the text goes on below line `index`: its next paragraph is a neighbour and no strip, control, signature or another end.
bool GoesOn(const PageView& view, const InfoLines& info, size_t index, size_t end, uint16_t excluded) {
  size_t next = index + 1;
  const auto contact = [&](size_t i) {  // 联系人：… below 供稿：…
    const FoldedText folded = Fold(text::PrefixCodePoints(view.LineText(i), 12));
    return folded.size() > 0 && LabelAt(folded, 0).label == Label::kContact;
  };
  while (next < end && next < index + 8 && ((view.lines[next].zones & excluded) != 0 || IsOrnament(view.LineText(next)) || contact(next))) ++next;
  if (next >= end) return false;
  const Line& line = view.lines[next];
  const std::string_view text = view.LineText(next);
  if (!AreNeighbours(view, index, next)) return false;
  if (line.links > 0 || line.row != RowFlag::kNone || info.info_score[next] >= 60 || line.characters < 6 || IsControlLine(text) || EndOf(text, line) != LineEnd::kNone) return false;
  const LineWords words = WordsOf(text);
  if (IsFrameLine(words, text) || IsDisclaimer(words, text) || IsNotice(text)) return false;
  return line.sentence_marks > 0 && !IsSignatureDate(view, info, next);
}

// A few words above a box of links, and no signature.
bool IsBoxHeadingLine(const PageView& view, const InfoLines& info, size_t index) {
  const Line& line = view.lines[index];
  if (line.characters > 12 || info.info_score[index] >= 60) return false;
  if (view.LineText(index).find('\t') != std::string_view::npos) return false;
  const std::u32string key = ComparisonKey(view.LineText(index));
  if (IsBoxName(view.LineText(index), line)) return true;
  return !key.empty() && key.back() != U'。' && key.back() != U'！' && key.back() != U'？' && key.back() != U')' && !EndsLikeOffice(key) &&
         (key.size() > 3 || line.heading != 0 || (line.emphasis & kBold) != 0);  // else a name
}

// Headlines of others below the text, whose links a script makes: short lines without a full stop, in elements that are no
// neighbours of the text's paragraphs. Names and items that a text lists stand beside it, or below a colon.
void TrimHeadlines(const PageView& view, const InfoLines& info, std::vector<uint32_t>& picked) {
  constexpr size_t kFewest = 4;
  static constexpr std::string_view kSpoken[] = {"。”", "！”", "？”", "…”"};
  static const uint16_t cell = html::Tag("td"), head = html::Tag("th");
  const auto ends_sentence = [](std::string_view text) {
    for (const std::string_view mark : {"。", "！", "？", "；", "）", "…", ".", "：", ":"}) {
      if (text.ends_with(mark)) return true;
    }
    // What somebody says ends before its quotation mark; 启动政务服务“一窗通办” is a headline's.
    return text.ends_with("”") && std::any_of(std::begin(kSpoken), std::end(kSpoken), [text](std::string_view mark) { return text.ends_with(mark); });
  };
  size_t last = picked.size();
  size_t headlines = 0;
  while (last > 0) {
    const uint32_t index = picked[last - 1];
    const Line& line = view.lines[index];
    const std::string_view text = view.LineText(index);
    const uint16_t tag = view.document.node(line.block).tag;
    if (line.characters > 45 || (ends_sentence(text) && info.info_score[index] < 60 && line.characters > 12)) break;
    if (line.file || IsAttachmentLine(text) || Cells(text) >= 2 || tag == cell || tag == head) return;
    headlines += line.characters >= 6 && info.info_score[index] < 60;
    --last;
  }
  if (headlines < kFewest || last == 0 || view.LineText(picked[last - 1]).ends_with("：") || view.LineText(picked[last - 1]).ends_with(":")) return;
  // A signature, and what else stands beside the last paragraph.
  const NodeIndex beside = view.document.node(view.lines[picked[last - 1]].block).parent;
  while (last < picked.size() && view.document.node(view.lines[picked[last]].block).parent == beside) ++last;
  if (picked.size() - last >= kFewest) picked.resize(last);
}

// The text's own beginning, cut off by dots, above the text: what a list shows of it.
bool IsTeaser(const PageView& view, const std::vector<uint32_t>& picked) {
  std::string_view text = view.LineText(picked[0]);
  size_t dots = 0;
  for (const std::string_view dot : {"…", "…", "...", "。。。"}) {
    if (text.ends_with(dot)) text.remove_suffix(dot.size()), ++dots;
  }
  if (dots == 0 || text.size() > 1500) return false;
  const std::u32string teaser = ComparisonKey(text);
  if (teaser.size() < 12) return false;
  std::u32string below;
  for (size_t k = 1; k < picked.size() && below.size() < teaser.size(); ++k) below += ComparisonKey(view.LineText(picked[k]).substr(0, 1500));
  return below.starts_with(teaser);
}

// Whether the element of a line, or the one around it, is named after what sums the text up, and does not hold the text itself: what a list shows of it.
bool IsSummary(const PageView& view, uint32_t line, uint32_t last) {
  html::NodeIndex node = view.lines[line].block;
  for (int level = 0; level < 2 && node != kNone && node != 0; ++level, node = view.document.node(node).parent) {
    if (view.document.node(node).end > view.lines[last].first) return false;
    for (const html::Attribute& attribute : view.document.attributes(view.document.node(node))) {
      if (attribute.name != "class" && attribute.name != "id") continue;
      for (const std::string_view word : {"summary", "zhaiyao", "abstract", "intro", "digest"}) {
        if (FindIgnoreAsciiCase(attribute.value, word) != std::string_view::npos) return true;
      }
    }
  }
  return false;
}

// 一、, （一）: where a text that is divided begins.
bool BeginsPart(std::string_view text) {
  const FoldedText folded = Fold(text::PrefixCodePoints(text, 6));
  const std::u32string& c = folded.characters;
  const bool bracket = !c.empty() && c[0] == U'(';
  size_t at = bracket ? 1 : 0;
  const size_t begin = at;
  while (at < c.size() && std::u32string_view(U"一二三四五六七八九十").find(c[at]) != std::u32string_view::npos) ++at;
  return at > begin && at < c.size() && c[at] == (bracket ? U')' : U'、');
}

// （文/… 图/… 编辑/…）: the whole line is one bracket. Not （一）编辑出版…
bool IsEditorsBracket(std::string_view text, const Line& line) {
  if (line.characters > 60) return false;
  static constexpr std::pair<std::string_view, std::string_view> kBrackets[] = {{"（", "）"}, {"(", ")"}, {"[", "]"}, {"【", "】"}};
  for (const auto& [open, close] : kBrackets) {
    const size_t closed = text.starts_with(open) ? text.find(close) : std::string_view::npos;
    if (closed == std::string_view::npos || text.find_first_not_of("0123456789 ", closed + close.size()) != std::string_view::npos) continue;
    if (text.find("。") != std::string_view::npos) continue;
    for (const std::string_view word : {"编辑", "編輯", "责编", "审核"}) {
      if (text.find(word) != std::string_view::npos) return true;
    }
  }
  return false;
}

bool IsByline(const Line& line, std::string_view text) {
  std::string source, author;
  return line.characters <= 30 && line.links == 0 && OfficeAndPersons(text, &source, &author);
}

// The items of a pager, each a line of its own, above or below the text.
void TrimPages(const PageView& view, std::vector<uint32_t>& picked) {
  constexpr size_t kMost = 60;
  for (const bool below : {true, false}) {
    std::vector<uint64_t> numbers;
    size_t lines = 0, links = 0;
    for (; lines < std::min(picked.size(), kMost); ++lines) {
      const uint32_t i = below ? picked[picked.size() - 1 - lines] : picked[lines];
      const std::vector<uint64_t> here = PagerNumbers(view.LineText(i));
      if (here.size() != 1) break;
      numbers.push_back(here[0]);
      links += view.lines[i].links;
    }
    if (below) std::reverse(numbers.begin(), numbers.end());
    if (lines == picked.size() || !ArePages(numbers, links)) continue;
    const auto begin = below ? picked.end() - static_cast<std::ptrdiff_t>(lines) : picked.begin();
    picked.erase(begin, begin + static_cast<std::ptrdiff_t>(lines));
  }
}

// 来信内容: names the text and is no part of it.
bool IsContentLabel(std::string_view text) {
  static constexpr std::string_view kLabels[] = {"来信内容", "信件内容", "留言内容", "咨询内容", "提问内容", "问题内容", "信件正文", "來信內容", "公告內容", "公告内容", "内容"};
  for (const std::string_view end : {"：", ":"}) {
    if (text.ends_with(end)) text.remove_suffix(end.size());
  }
  return std::find(std::begin(kLabels), std::end(kLabels), text::Trim(text)) != std::end(kLabels);
}

}  // namespace

bool IsDatedLink(const Line& line, uint8_t info_score) {
  return line.links == 1 && info_score > 0 && line.link_characters >= 6 && line.characters - std::min(line.characters, line.link_characters) <= 12 &&
         line.sentence_marks <= 3;
}

bool LeadsText(const PageView& view, const InfoLines& info, const TitleChoice& title) {
  if (title.first_line == kNoLine || title.score < 40) return false;
  for (size_t i = title.last_line + 1; i < view.lines.size() && i <= title.last_line + 4; ++i) {
    const Line& line = view.lines[i];
    if (line.row != RowFlag::kNone || line.links > 0) return false;
    if (info.info_score[i] < 60 && line.sentence_marks >= 2 && line.characters >= 24) return true;
  }
  return false;
}

void PickLines(const PageView& view, const InfoLines& info, const TitleChoice& title, BodyChoice& body) {
  size_t begin = body.line_begin, end = body.line_end;
  if (title.first_line != kNoLine && title.last_line >= begin && title.last_line < end)
    begin = title.last_line + 1;
  if (title.subtitle_line != kNoLine && title.subtitle_line >= begin && title.subtitle_line < end) begin = title.subtitle_line + 1;
  const std::u32string title_key = ComparisonKey(title.title);

  // A zone that covers most of the container says nothing about a line in it.
  std::array<uint32_t, 16> covered{};
  uint32_t all = 0;
  for (size_t i = begin; i < end; ++i) {
    const uint32_t text = view.lines[i].characters;
    all += text;
    for (size_t bit = 0; bit < covered.size(); ++bit) {
      if ((view.lines[i].zones >> bit & 1) != 0) covered[bit] += text;
    }
  }
  uint16_t excluded = kNotBody;
  for (size_t bit = 0; bit < covered.size(); ++bit) {
    if (covered[bit] * 2 > all) excluded &= static_cast<uint16_t>(~(1u << bit));
  }

  // The strip at the head: everything up to the last info or control line among the first lines, as long as
  // what lies between is short.
  // A text shorter than what would be skipped is not behind it.
  uint32_t behind = 0, skipped = 0;
  for (size_t i = begin; i < end; ++i) {
    if (info.info_score[i] < 60 && (view.lines[i].zones & excluded) == 0)
      behind += view.lines[i].characters - std::min(view.lines[i].characters, view.lines[i].link_characters);
  }
  const StripAbove strip(view, info, title, begin);
  size_t head = begin;
  bool skipped_file = false;  // a document is text, though its line is all link
  for (size_t i = begin; i < end && i < begin + 24; ++i) {
    const Line& line = view.lines[i];
    const std::string_view text = view.LineText(i);
    // 省政府2020年3月2日决定：
    const bool sentence = (text.ends_with("：") || text.ends_with("。")) && info.info_score[i] < 90;
    // A table's own head, though it names columns as strips are named.
    const bool row = Cells(text) >= 3 && i + 1 < end && Cells(view.LineText(i + 1)) == Cells(text) && info.info_score[i + 1] < 60 && !GoesOnWithStrip(view, info, i + 1);
    // What goes on with the strip; behind words of the text only a strip with a day is one.
    const bool of_text = IsOfText(view, info, i, strip);
    const bool value_between = i == head + 1 && head > begin && (view.LineText(head - 1).ends_with("：") || view.LineText(head - 1).ends_with(":"));
    const bool of_strip = !of_text && (head == i || value_between || !strip.Of(head) || HasStripDate(info, i));
    const bool drop = (head == i && i > begin && GoesOnWithStrip(view, info, i)) || (!sentence && !row && of_strip && info.info_score[i] >= (body.provenance == "after-title" && i < begin + 4 ? 40 : 60)) || IsControlLine(text) || (line.zones & excluded) != 0 ||
                      (i < begin + 3 && !of_text && (IsLooseStrip(view, info, i) || IsByline(line, text))) || ComparisonKey(text) == title_key ||
                      (line.link_characters * 10 >= line.characters * 8 && line.characters < 40 &&
                       !line.file && !IsAttachmentLine(text) && line.sentence_marks == 0 && i < begin + 6);
    if (info.info_score[i] < 60 && (line.zones & excluded) == 0) {
      const uint32_t plain = line.characters - std::min(line.characters, line.link_characters);
      behind -= std::min(behind, plain);
      if (!drop) skipped += plain;
      skipped_file = skipped_file || (!drop && line.file);
    }
    if (drop) {
      if (skipped > behind || skipped_file) break;
      head = i + 1;
    } else if (line.characters > 45 || (line.sentence_marks > 1 && line.characters > 24) || (line.links == 0 && BeginsPart(text))) {
      break;
    }
  }

  // Rows of dated links beside a text of its own are a box of other articles, with their summaries; where there is
  // little else they are what the page has to say.
  uint32_t own = 0, in_rows = 0;
  for (size_t i = head; i < end; ++i) {
    const Line& line = view.lines[i];
    if ((line.zones & excluded) != 0 || info.info_score[i] >= 60) continue;
    (line.row == RowFlag::kNone ? own : in_rows) += line.characters - std::min(line.characters, line.link_characters);
  }
  const bool boxed = own >= 20 && (own * 5 >= in_rows || LeadsText(view, info, title));

  // Text that stands after each line, to tell an end from a heading in the middle.
  uint32_t rest = 0;
  for (size_t i = head; i < end; ++i) {
    if ((view.lines[i].zones & excluded) == 0 && !(boxed && view.lines[i].row != RowFlag::kNone))
      rest += view.lines[i].characters - std::min(view.lines[i].characters, view.lines[i].link_characters);
  }
  uint32_t taken = 0;
  const bool marked = body.provenance.starts_with("marker:");
  bool ended = false, in_box = false;
  std::vector<uint32_t> picked;
  for (size_t i = head; i < end && !ended; ++i) {
    const Line& line = view.lines[i];
    const std::string_view text = view.LineText(i);
    const uint32_t plain = line.characters - std::min(line.characters, line.link_characters);
    if ((line.zones & excluded) != 0) continue;
    if (boxed && line.row != RowFlag::kNone) {
      // 近期公告, the heading of the box.
      if (!picked.empty() && picked.back() + 1 == i && IsBoxHeadingLine(view, info, picked.back())) picked.pop_back();
      continue;
    }
    rest -= std::min(rest, plain);
    const LineWords words = line.characters <= 60 || rest < taken ? WordsOf(text) : LineWords{};
    // （作者单位：…）, （资料来源：…）: a credit in round brackets is part of the article, an editor's is
    // not.
    const bool credit =
        (text.starts_with("（") || text.starts_with("(")) && (text.ends_with("）") || text.ends_with(")")) &&
        text.find("编") == std::string_view::npos && text.find("編") == std::string_view::npos &&
        text.find("审") == std::string_view::npos && text.find("原标题") == std::string_view::npos &&
        text.find("本文来源") == std::string_view::npos && !HasStripDate(info, i);
    // 编辑 某某 校对 某某: without colons.
    const bool editors = line.characters <= 30 && rest < 60 && taken > 0 && IsEditorsLine(text);
    LineEnd kind = editors || IsEditorsBracket(text, line) || (line.characters <= 60 && words.editor > 0 && !text.ends_with("。")) ? LineEnd::kEnd : LineEnd::kNone;
    kind = credit ? LineEnd::kNone : std::max(kind, EndOf(text, line));
    const bool goes_on = (kind != LineEnd::kNone || info.info_score[i] >= 60) && taken > 0 && GoesOn(view, info, i, end, excluded);
    if (kind == LineEnd::kCredit && goes_on) kind = LineEnd::kNone;  // 来源：国家统计局, below a table
    if (kind != LineEnd::kNone) {
      // What readers say, and the way to the next article, end the text however much of it there is.
      // Before the first words of a short text it only introduces them.
      if (GoesOnBelowBox(view, picked, i, end)) {
        in_box = true;
        continue;
      }
      const bool introduces = taken == 0 && rest >= 8 && kind != LineEnd::kFinal;
      // Where the text's own element is known, it is the text's end that its end tells.
      if (marked && goes_on && kind != LineEnd::kFinal) continue;
      if (!introduces && (rest < taken || rest < 60 || (taken > 0 && (kind == LineEnd::kFinal || !HasSentence(view, i + 1, end))))) ended = true;
      continue;
    }
    if (rest < taken ? IsDisclaimer(words, text) : line.characters <= 120 && IsNotice(text) && IsDisclaimer(WordsOf(text), text)) continue;
    if (taken > 0 && rest < taken && IsNotice(text) && WordsOf(text).disclaimer > 0) continue;
    if (taken > 60 && rest < taken && IsLastWord(text)) {
      ended = true;
      continue;
    }
    if (IsControlLine(text) || IsOrnament(text) || IsPagerLine(text, line.links)) continue;
    if (const auto counter = line.characters <= 40 ? CounterAtEnd(text) : std::nullopt; counter && counter->offset == 0) continue;
    if (line.characters <= 6 && !line.item && taken > 20 && IsCountAlone(text) && (rest < 20 || (rest < taken && text.find_first_of("(%") != std::string_view::npos && Cells(text) == 1))) continue;
    // 延伸阅读 and its links in the middle of a text.
    const bool linked = line.links > 0 && line.link_characters * 10 >= line.characters * 8 && !line.file && !IsAttachmentLine(text);
    if (linked && in_box) continue;
    in_box = linked && !picked.empty() && picked.back() + 1 == i && IsBoxName(view.LineText(picked.back()), view.lines[picked.back()]);
    if (in_box) {
      picked.pop_back();
      continue;
    }
    // Strips inside the container: at the head, and at the tail unless it is a signature's date.
    const bool begun = !picked.empty() && BeginsPart(view.LineText(picked[0]));
    if (!credit && info.info_score[i] >= 70 && !IsOfText(view, info, i, strip) && (!goes_on || FindDate(Fold(text), 0, {})) &&
        ((i < head + 3 && !begun && (taken < 20 || !IsSignatureDate(view, info, i))) || (rest < 60 && !IsSignatureDate(view, info, i))))
      continue;
    picked.push_back(static_cast<uint32_t>(i));
    taken += plain;
  }
  TrimPages(view, picked);
  // Links at the tail lead elsewhere, attachments excepted. Where the text's own element is known, no frame
  // is in it.
  const bool framed =
      body.provenance == "density" || body.provenance == "after-title" || body.provenance == "marker:comment";
  size_t trimmed_links = 0;
  while (!picked.empty()) {
    const Line& line = view.lines[picked.back()];
    const std::string_view text = view.LineText(picked.back());
    const bool stands_out = line.heading != 0 || (line.emphasis & kBold) != 0;
    if (trimmed_links > 0 && picked.size() > 1 && stands_out &&
        ((line.characters <= 12 && line.sentence_marks <= 1) || (trimmed_links >= 3 && line.characters <= 16 && !text.ends_with("。")))) {
      picked.pop_back();  // 最新公告, 相关链接：
      continue;
    }
    const bool linked = line.links > 0 && (line.link_characters * 10 >= line.characters * 8 || IsDatedLink(line, info.info_score[picked.back()]));
    if ((linked && !line.file && !IsAttachmentLine(text) && picked.size() > 1) ||
        (framed && picked.size() > 1 && line.characters < 120 && IsFrameLine(WordsOf(text), text) && !(WordsOf(text).frame == 1 && AreNeighbours(view, picked[picked.size() - 2], picked.back()))) ||
        (framed && picked.size() > 1 && IsHostLine(text) && !AreNeighbours(view, picked[picked.size() - 2], picked.back()))) {
      trimmed_links += linked;
      picked.pop_back();
      continue;
    }
    break;
  }
  if (!picked.empty() && picked.back() + 1 < view.lines.size()) {  // the box itself stands outside
    const Line& next = view.lines[picked.back() + 1];
    const bool box = next.links > 0 && next.link_characters * 2 > next.characters && IsBoxName(view.LineText(picked.back()), view.lines[picked.back()]);
    if (box || (next.row == RowFlag::kRow && IsBoxHeadingLine(view, info, picked.back()))) picked.pop_back();
  }
  if (framed) TrimHeadlines(view, info, picked);
  // 文件下载：, and no file.
  while (picked.size() > 1) {
    const Line& line = view.lines[picked.back()];
    const std::string_view text = view.LineText(picked.back());
    if (line.characters > 8 || line.links > 0 || !(text.ends_with("：") || text.ends_with(":"))) break;
    picked.pop_back();
  }
  while (picked.size() > 1 && IsSummary(view, picked[0], picked.back()) && view.lines[picked[0]].characters * 4 <= taken) picked.erase(picked.begin());
  if (picked.size() > 1 && (IsTeaser(view, picked) || IsContentLabel(view.LineText(picked[0])))) picked.erase(picked.begin());
  body.lines = std::move(picked);
  body.characters = body.sentence_marks = 0;
  for (uint32_t i : body.lines) {
    const Line& line = view.lines[i];
    body.characters += line.characters - std::min(line.characters, line.link_characters);
    body.sentence_marks += line.sentence_marks;
  }
}

void TakeLead(const PageView& view, const InfoLines& info, const TitleChoice& title, BodyChoice& body) {
  if (body.lines.empty() || title.last_line == kNoLine || title.score < 40 || body.lines.front() <= title.last_line + 1 || body.lines.front() > title.last_line + 8) return;
  std::vector<uint32_t> lead;
  for (size_t i = title.last_line + 1; i < body.lines.front(); ++i) {
    const Line& line = view.lines[i];
    const std::string_view text = view.LineText(i);
    if (i == title.subtitle_line || info.info_score[i] >= 60 || IsControlLine(text) || IsLooseStrip(view, info, i) || (IsSummary(view, static_cast<uint32_t>(i), body.lines.back()) && line.characters * 3 <= body.characters)) continue;
    const bool sentence = line.sentence_marks >= 2 && line.characters >= 24 && line.links == 0 && (line.zones & kNotBody) == 0 && line.row == RowFlag::kNone &&
                          WordsOf(text).frame == 0 && WordsOf(text).disclaimer == 0 && EndOf(text, line) == LineEnd::kNone;
    if (sentence) {
      lead.push_back(static_cast<uint32_t>(i));
    } else if (line.characters > 16) {
      return;
    }
  }
  if (lead.size() == 1) {
    std::vector<uint32_t> whole{lead[0]};
    whole.insert(whole.end(), body.lines.begin(), body.lines.end());
    if (IsTeaser(view, whole)) return;
  }
  for (const uint32_t i : lead) {
    body.characters += view.lines[i].characters;
    body.sentence_marks += view.lines[i].sentence_marks;
  }
  if (!lead.empty()) body.node_begin = std::min(body.node_begin, view.lines[lead.front()].first);
  body.lines.insert(body.lines.begin(), lead.begin(), lead.end());
}

}  // namespace fangzhi::extract
