// Lines by which a reader knows that what stands here is not the text any more (or not yet). A word alone tells nothing: running
// text and announcements begin with the same ones (一审宣判后，…, 版权所有人：…, 审核：资料是否完整，…). What tells is the form of the whole line: the word
// alone, or the word and behind it what such a label has (a name, a link, a control, a number). Internal to extract/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "extract/page_view.h"

namespace fangzhi::extract {

enum class LineEnd : uint8_t {
  kNone,    // text
  kCredit,  // 审核：李四, 来源：国家统计局: no text at an edge of it, and text in the middle
  kEnd,     // 责任编辑：李四, 相关链接, 分享到：微信
  kFinal,   // 网友评论, 下一篇：…: ends the text however much of it there is before and behind
};
// Linear in the line, of which it looks at 160 characters at most.
LineEnd EndOf(std::string_view text, const Line& line);

// Names and roles and signs between, as behind 编辑：; no clause. `value` is folded.
bool IsCredit(std::u32string_view value);

// （本文已被阅读 107 次）, 浏览：107: a count of readers that ends a line, or is all of it. It is no part of the text.
struct CounterTail {
  size_t offset = 0;  // where it begins in the line, blanks before it and its bracket included
  int64_t number = 0;
};
std::optional<CounterTail> CounterAtEnd(std::string_view line);

// What must follow a word for it to be no text.
enum class EndForm : uint8_t {
  kBox,       // 相关阅读: nothing, or a colon and links; names what stands below it
  kFinalBox,  // 网友评论: the same, or how many
  kNeighbour, // 上一篇: a sign, or the link itself
  kControl,   // 打印本页: nothing, or other controls
  kEditor,    // 责任编辑: a sign and names
  kRole,      // 审核: a colon and persons or offices
  kSource,    // 来源：: a colon and a name
  kKeywords,  // 关键词：: a colon and no sentence
  kStamp,     // 打印时间: a number
  kNotice,    // 版权声明: nothing, or what sites say of themselves
  kFrame,     // 版权所有: ©, another word of frames, a name
};
struct EndWord {
  std::string_view word;
  EndForm form;
};
// All of them, decorations before them left out.
std::span<const EndWord> EndWords();

}  // namespace fangzhi::extract
