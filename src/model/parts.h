// Articles in several parts, as their addresses and their pagers tell: show_7.html and show_7_2.html, ?id=7 and ?id=7&page=2, a/7.html and
// a/7/p/2.html. The links of a page and the fields of its record are read by the same rules. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "url/url.h"

namespace fangzhi::model {

// A key of a query that names a page's number, whatever its case: page, pageNo, curpage.
bool IsPageKey(std::string_view key);

// Two addresses of one text's parts, with the numbers that they bear. An address without a number is the first part's; numbers begin
// with 1 or, of the part after the first, with 2.
struct PartNumbers {
  std::optional<uint64_t> from, to;
};
// nullopt where no form of address makes `to` another part of the text of which `from` is one; also where both are the same.
std::optional<PartNumbers> PartsOfOne(const url::Url& from, const url::Url& to);
// The address without the number of a part, as PartsOfOne reads the two: the first part's, where it bears none.
url::Url WithoutPartNumber(const url::Url& part, const url::Url& other);

// What a pager's link says: 下一页, 上页, [3], 第3页, 末页. A headline says nothing of this kind.
enum class PagerWord { kNone, kNumber, kNext, kPrevious, kOther };
// `number`: of kNumber. Brackets, arrows and blanks around the word do not count.
PagerWord ReadPagerWord(std::string_view text, uint64_t* number);

}  // namespace fangzhi::model
