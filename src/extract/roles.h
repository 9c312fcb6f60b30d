// Persons beside what they did: （记者 张三 通讯员 李四）, 北港海关（曲晓波/文，林海燕/图）, 记者 张三（文/图）. The words for that are one list in
// roles.cc. Internal to extract/.
#pragma once

#include <string>
#include <string_view>

namespace fangzhi::extract {

// What stands between two names: 张三、李四, 张三/李四. `c` is folded.
bool IsNameSeparator(char32_t c);
// （记者 张三 李四）, （文/图 王五）: the names behind the first role of a writer in a bracket of the text.
std::string NamesInBrackets(std::string_view text);
// 北港海关（曲晓波/文，林海燕/图）, 淮西日报（周瑾）: a source with its persons behind it. Who wrote it, or all where none is told from the
// others, is left in `author`; what is behind a name that no person has, as （文物局）, is the source's own: then nothing is changed.
bool SplitPersons(std::string_view value, std::string* source, std::string* author);
// 水资源处 周亚: an office, and behind it its persons and nothing else; a name may be written with a space in it.
bool SplitOffice(std::string_view value, std::string* office, std::string* persons);
// "张三 李四" as "张三、李四"; "记者 张三（文/图）" and "张三 某大学教授" as "张三". Empty where they only took pictures.
std::string TidyNames(std::string_view value);

}  // namespace fangzhi::extract
