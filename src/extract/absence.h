// What a site says in an article's place once the article is not there any more: 对不起，您访问的信息已被删除或下线。 Internal to extract/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "extract/page_view.h"

namespace fangzhi::extract {

// Whether a short text says nothing but that: a thing that was asked for (信息, 稿件, 页面…), what became of it (已删除, 撤回, 未审核, 不存在…), and
// between them only the words of courtesy, of blame and of the way back that such messages are made of. What the text is about may have any
// words; a text that speaks of deletion as its subject (关于删除违法信息的公告) has others beside them. Any text may be asked; a long one is none.
// `records`: the thing may be a record of a database as well (没有找到相关记录), as searches say it that find nothing.
bool IsAbsenceNotice(std::string_view text, bool records = false);

// Of words that IsAbsenceNotice takes: whether they may as well be what an article says of its subject (本公告作废，以新公告为准。), as below its own
// headline, date and source they then are.
bool MayBeOwnWords(std::string_view notice);

// A notice that a page without a text of its own shows in a box, alert('该信息已被删除'): its words.
std::optional<std::string> AbsenceInAlert(const PageView& view);

}  // namespace fangzhi::extract
