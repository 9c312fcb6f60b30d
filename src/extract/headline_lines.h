// The lines that a headline is set over, and what of them is its own. Internal to extract/.
#pragma once

#include <string>
#include <string_view>

#include "extract/info_line.h"
#include "extract/page_view.h"

namespace fangzhi::extract {

// Whether the line below `index` goes on with a headline there that no heading element holds.
bool ContinuesHeadline(const PageView& view, const InfoLines& info, size_t index);
// The last of the lines of one block, or of blocks of the same make, that are alike in emphasis; `index` where it stands alone.
size_t LastLineOfHeadline(const PageView& view, const InfoLines& info, size_t index);
// The lines as one headline.
std::string JoinLines(const PageView& view, size_t first, size_t last);
// The line without a date at its edge that an element of its own holds.
std::string_view WithoutDate(const PageView& view, size_t index);
// The line without the badges at its ends, each in an element of its own.
std::string_view WithoutBadges(const PageView& view, size_t index);
// An English line below a Chinese one in the same heading.
bool IsTranslation(const PageView& view, size_t first, size_t line);
// 云岭新闻 魏振宇: two or more pieces of a few characters, each in an element of its own.
bool IsRowOfNames(const PageView& view, size_t index);

}  // namespace fangzhi::extract
