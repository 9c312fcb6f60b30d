// What stands behind a label: counts, and where a name ends. Internal to extract/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "extract/label_scan.h"

namespace fangzhi::extract {

// [ ( { 【 〖 「 《
bool IsOpening(char32_t c);
// "997", "1,234", "1.2万", "１２３" at `at` (spaces passed over); `end` becomes the place after it. Up to 10 digits.
std::optional<int64_t> CountAt(const FoldedText& text, size_t at, size_t* end);
// "997 次浏览", "2251 浏览", "1.2万人围观": the number that ends right before `end`.
std::optional<int64_t> CountBefore(const FoldedText& text, size_t end, size_t* begin);
// Where the value that begins at `begin` and must end before `limit` really ends.
size_t NameEnd(const LineScan& scan, size_t begin, size_t limit, Label of);
// Those code points of `line`, whose folded form is `text`, white space collapsed.
std::string Slice(std::string_view line, const FoldedText& text, size_t begin, size_t end);
// 作者/来源：张三/某某局, 来源（作者）：…: two labels before one value. `value` keeps its own part and the other is the answer; a value of one part
// belongs to the role that it looks like.
std::string TakeSecondRole(const FoldedText& text, const LabelMatch& label, InfoValue& value);
// Neither nothing nor half a sentence.
bool IsName(std::string_view value);
// What stands between `begin` and `end` is a clause, and no names.
bool IsClause(const FoldedText& text, size_t begin, size_t end);

}  // namespace fangzhi::extract
