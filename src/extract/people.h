// Names and numbers around the text: people, sources without a label, document numbers, the column's path.
// Internal to extract/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "extract/body.h"
#include "extract/info_line.h"
#include "extract/page_view.h"
#include "extract/title.h"

namespace fangzhi::extract {

// 无, 未知, null: nothing was filled in.
bool IsNoValue(std::string_view value);
// These, and 佚名, 本站, admin: the name of nobody.
bool IsPlaceholderName(std::string_view value);
// 管理员, admin: an account and no office.
bool IsNobody(std::string_view value);
// xcb, gsl01: small letters and digits, and so an account that published something, no office.
bool IsAccount(std::string_view value);
// Has a word of an office, a paper or a station anywhere. `key` is a ComparisonKey.
bool HasOfficeWord(std::u32string_view key);
// Ends as offices, papers and stations do: 财政局, 日报, 融媒体中心. `key` is a ComparisonKey.
bool EndsLikeOffice(std::u32string_view key);
// Ends as papers, sites and stations do, and no office.
bool IsMediaName(std::u32string_view key);
// Two to four ideographs without anything of an office in them.
bool LooksLikePerson(std::string_view value);
// 卫生, 项目: two characters that begin with what may be a family name, and are a word. `key` is a ComparisonKey.
bool IsPlainWord(std::u32string_view key);
// Two or three characters that begin with an ordinary family name (and four behind one of two).
bool HasFamilyName(std::string_view value);
// A person's name in the strip of the date that no label stands before: "2021-03-12 张三 校报编辑部", "□ 张三".
std::string UnlabelledAuthor(const PageView& view, const InfoLines& info, uint32_t date_line, const TitleChoice& title);
// Whether a strip says how long ago it was (6小时前, 3天前), or offers to follow who published it (+关注).
bool HasRelativeTime(const PageView& view, size_t line);
// □ 青石日报 张三 李四, 某某局 张三: an office or a paper, and persons, and nothing else in the line.
bool OfficeAndPersons(std::string_view line, std::string* source, std::string* author);
// Such a line, or 【记者张三/青石报导】.
bool IsBylineLine(std::string_view line);
// The value of an element that a selector chose: its label, where it has one, cut off.
std::string ValueOfSelected(std::string_view text, Label label);
// The name beside an unlabelled date: "<span>中新网</span> <span>2019-09-09</span>".
// `timed`: the strip has a time of day or of asking (6小时前), so that a single name beside it may be any account's.
// `below`: the strip stands right below the text, however far that is from the headline.
std::string UnlabelledSource(const PageView& view, const InfoLines& info, uint32_t date_line,
                             const TitleChoice& title, bool timed, bool below = false);
// What stands in the first of `elements` (source or author by their names) between headline and text, or beside the
// strip: a name and nothing else, a label before it cut off. Empty where there is none. Of authors persons, or `offices`.
std::string NameInElement(const PageView& view, const std::vector<html::NodeIndex>& elements, Label label, uint32_t strip_line,
                          const TitleChoice& title, bool offices = false);
// Such names in the first or last lines of the text, or names alone in the bracket that ends it; `where` says which.
std::string AuthorOfText(const PageView& view, const BodyChoice& body, std::string* where);
// 【聯合報╱記者某某／台北報導】, "半月谈记者 某某" on a line of its own between headline and text.
void FindByline(const PageView& view, const TitleChoice& title, const BodyChoice& body, std::string* source,
                std::string* author);
// （某某局 张三 供稿）, 【新闻部供稿】, a line that says no more: an office for the source, persons for the author.
void FindCredit(std::string_view line, std::string* source, std::string* author);
// 新华社 of "新华社北京1月4日电".
std::string AgencyOfDateline(std::string_view line);
// 国办发〔2017〕47号 in any of its brackets.
std::string DocumentNumberIn(std::string_view text);
// A number in an element that a counter fills and that stands near the strip.
std::optional<int64_t> NumberInCounterElement(const PageView& view, uint32_t strip_line,
                                              const TitleChoice& title);
// The name of a list page or of a home page.
std::string ListTitle(const PageView& view, const TitleChoice& title, bool home, std::string* provenance);

}  // namespace fangzhi::extract
