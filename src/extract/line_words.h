// What the words of one line say of it, wherever it stands: that the text ends here, that it is a frame's, a control's, an
// editors' line. Internal to extract/. Lines are UTF-8 as PageView has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fangzhi::extract {

// 上一篇, 相关阅读, 责任编辑：…: by this a reader knows that what stands here is not the text any more (or not yet).
bool IsEndLine(std::string_view line, size_t characters);
// 网友评论, 下一篇: it ends the text however much of it there is before and behind.
bool IsFinalLine(std::string_view line);

// How often the words of each kind stand in a line.
struct LineWords {
  uint8_t frame = 0;       // 版权所有, 邮编：
  uint8_t contact = 0;     // 地址, 电话
  uint8_t disclaimer = 0;  // 凡本网…, 不代表本…
  uint8_t editor = 0;      // 责任编辑：
};
LineWords WordsOf(std::string_view line);
bool IsFrameLine(std::string_view line);
bool IsDisclaimer(const LineWords& words, std::string_view line);
// 声明：本网…: what a site says of itself begins by saying so.
bool IsNotice(std::string_view line);

// 附件1：…, or the name of a document.
bool IsAttachmentLine(std::string_view line);
// A line that only offers something to press: 【打印】【关闭】, 字号：大 中 小, 分享到.
bool IsControlLine(std::string_view line);
// Nothing but signs: "＊＊＊＊", "————". Or the mark of the end, 完.
bool IsOrnament(std::string_view line);
// 编辑 某某 校对 某某: without colons.
bool IsEditorsLine(std::string_view line);
// 135: how many like it, below a text.
bool IsCountAlone(std::string_view line);
// －完－, （完）: the text ends here, and says so.
bool IsLastWord(std::string_view line);
// Cells of a table's row, which tabs part.
std::ptrdiff_t Cells(std::string_view line);

}  // namespace fangzhi::extract
