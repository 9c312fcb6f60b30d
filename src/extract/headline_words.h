// What words are no headline's: names of sites, offices, editions, boxes and badges; and what of a <title> is its headline. `key` is a
// ComparisonKey everywhere. Internal to extract/.
#pragma once

#include <string>
#include <string_view>

namespace fangzhi::extract {

// What parts a headline from a site's name in a <title>.
bool IsTitleSeparator(char32_t c);
// Does it read like the name of a site or an office rather than like a headline?
bool LooksLikeSiteName(std::u32string_view key);
// 县委书记调研县人民医院: somebody did something, and the last words alone name an institution.
bool TellsWhatWasDone(std::u32string_view key);
// 青石市林业局: an office with the place it serves.
bool LooksLikePlacedOffice(std::u32string_view key);
// What the whole of a <title> may be that names who runs the site: 东岗街道办事处, 青石区图书馆.
bool LooksLikeOrganisation(std::u32string_view key);
// "某某网--标题": where <title> ends with `key` and what stands before it, a separator between, names the site.
bool IsAfterSiteName(std::u32string_view title, std::u32string_view key, std::u32string_view site);
// What stands behind a paper's name in the <title> of its pages on the web: 数字报.
bool IsEditionName(std::u32string_view key);
// 相关新闻, 友情链接, 新闻详情: the headings of boxes and of templates.
bool IsBoxHeading(std::u32string_view key);
// What a list of states, marks or counters puts beside a headline in an element of its own: 已回复, 原创, (1/6).
bool IsBadge(std::u32string_view key);
// Four characters that are neither digits nor signs.
bool HasWords(std::string_view text);
// "要闻 - 某某市政府" as "要闻": the site's and the column's names cut off a <title>.
std::string CleanTitleElement(std::string_view title, std::string_view site_name);

}  // namespace fangzhi::extract
