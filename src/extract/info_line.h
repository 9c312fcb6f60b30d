// The info strip: "发布时间：2021-11-29  来源：…  浏览：997". Finds labels in lines, cuts their values out,
// and chooses among them by their distance from title and body. Internal to extract/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract/dates.h"
#include "extract/page_view.h"

namespace fangzhi::extract {

enum class Label : uint8_t {
  kNone,
  kPublished,
  kUpdated,
  kWritten,  // 成文日期, 生成日期
  kSource,
  kPublisher,  // 发布单位, 科室: a source only where no 来源 is
  kContributor,  // 供稿: an office as kPublisher, a person as kAuthor
  kPoster,     // 发布者, 发布人: who put it on the site, which is no source
  kIssuer,     // 发文机关, 发布机构: as kPublisher, of a document
  kClicks,
  kAuthor,
  kEditor,
  kColumn,
  kDocumentNumber,
  kIndexNumber,
  kTitle,     // 标题, 信息名称: of a document's own table
  kTopic,     // 主题分类
  kValidity,  // 有效性
  kContact,  // 联系人, 电话: ends the value before it, but may stand in the text as well
  kEvent,    // 会议时间, 报名时间, 施行日期: ends the value before it, and tells what the text tells
  kOther,    // ends the value before it, and nothing more
};

struct LabelMatch {
  Label label = Label::kNone;
  size_t begin = 0, end = 0;  // code points; `end` past the colon
  bool colon = false;
  bool strong = false;  // two words or more: 发布时间, not 时间
};

// The label that begins at `at`, the longest one; kNone where none does. White space inside a label is passed
// over.
LabelMatch LabelAt(const FoldedText& text, size_t at);
// All words of the table, folded.
std::vector<std::string> LabelWords();
// False for most characters: no label begins with `c`.
bool MayBeginLabel(char32_t c);
// The first place at or behind `at` with a character that labels begin with; text.size() where there is none.
size_t NextLabelStart(const FoldedText& text, size_t at);

// One labelled value, or an unlabelled date of an info line.
struct InfoValue {
  Label label = Label::kNone;
  uint32_t line = 0;
  std::string text;               // the value, trimmed
  std::optional<FoundDate> date;  // of date labels
  std::optional<FoundDate> yearless;  // of date labels whose value has month and day alone
  std::optional<int64_t> number;  // of click labels
  bool labelled = true;
  bool strong = false;
  bool own_page = false;  // 本页访问次数: of this page, wherever it stands
  bool foreign = false;  // 停水时间：2021-12-03: a date without a label of ours, behind a colon
  bool reporter = false;  // 信息员：某某局 张三: who reports from an office; what is told is the site's
  bool entered = false;  // 创建时间, 录入时间: when it was typed, where another date says when it was published
};

struct InfoLines {
  std::vector<InfoValue> values;    // in order
  std::vector<InfoValue> pictured;  // 摄影：张三, who took the pictures: not among `values`, for it says nothing of the text
  std::vector<uint8_t> info_score;  // per line: how much of it is info strip, 0 (not) … 100 (nothing else)
};

// Looks at every short line once.
InfoLines FindInfoLines(const PageView& view, bool roc_years);

}  // namespace fangzhi::extract
