// What the words of one line say of it, wherever it stands: that the text ends here, that it is a frame's, a control's, an
// editors' line. Internal to extract/. Lines are UTF-8 as PageView has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace fangzhi::extract {

// How often the words of each kind stand in a line.
struct LineWords {
  uint8_t frame = 0;       // 版权所有, 邮编：
  uint8_t site = 0;        // of these: 版权所有, what only sites say of themselves
  uint8_t contact = 0;     // 地址, 电话
  uint8_t disclaimer = 0;  // 凡本网…, 不代表本…; 侵权 only beside what names a site or an article
  uint8_t editor = 0;      // 责任编辑：
};
LineWords WordsOf(std::string_view line);
// A line of a page's frame and no sentence that has such a word.
bool IsFrameLine(const LineWords& words, std::string_view line);
// 青石市总工会宣教部主办: who runs the site, and no sentence.
bool IsHostLine(std::string_view line);
bool IsDisclaimer(const LineWords& words, std::string_view line);
// 声明：本网…: what a site says of itself begins by saying so.
bool IsNotice(std::string_view line);

// 附件1：…, or the name of a document.
bool IsAttachmentLine(std::string_view line);
// A line that only offers something to press: 【打印】【关闭】, 字号：大 中 小, 分享到.
bool IsControlLine(std::string_view line);
// 第1页 共3页 下页, 分页：[1] [2] [3]: 1 2 3 that lead there: what leads through the parts of a text. `links`: of the line.
bool IsPagerLine(std::string_view line, size_t links);
// The numbers of a line that has no words beside them, as a pager's: 1 2 3, [1] [2] … [9]; empty of every other.
std::vector<uint64_t> PagerNumbers(std::string_view line);
// Whether numbers that stand in a row, so many of them as links, are the pages of a text: all but the one that is shown lead to the others.
bool ArePages(const std::vector<uint64_t>& numbers, size_t links);
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
