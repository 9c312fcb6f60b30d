// Whether two sights are one page: of one text, of one article, of the host's home page. By a 64-bit sketch of title and text that does not see
// digits (text::Sketch) and by what the record says of itself. Internal to store/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/page.h"
#include "store/index.h"
#include "store/ledger.h"

namespace fangzhi::store {

// Two texts are one when their sketches differ in no more bits: the first for the same page shown twice, the second for what a server says
// with the address or the time put in, the third for one article in two templates.
constexpr int kSame = 3, kAlike = 6, kKin = 10;
// Unrelated texts differ in 32 of 64 bits, give or take 4. Where title and day agree, so much likeness is enough.
constexpr int kRelated = 20;
constexpr uint64_t kShortBody = 200, kShortNotice = 300, kFewWords = 100;  // characters

bool Alike(uint64_t a, uint64_t b, int most);
// Lists and home pages: whether they answer tells how the host is.
bool IsControl(model::PageKind kind);
// "2024-05-06" of a date with or without a time.
std::string_view Day(std::string_view published);

// An article that lost its headline, its date and its text at once, for a few words: no editor does that, a server does.
bool IsNoticeInstead(const VersionEntry& before, const VersionEntry& now, bool own_date);
// A text that became a few words. An editor does that seldom; a site does it that keeps the frame of what it took down.
bool IsCollapsed(const VersionEntry& before, const VersionEntry& now);
// A text that lost a fifth or more.
bool IsShorter(const VersionEntry& before, const VersionEntry& now);
// An edit that a server's failure may have made, on many pages at once (docs/ledger.md, Alike): of an article's headline, source or date, or of most of its text.
bool IsEditToWeigh(const VersionEntry& before, const VersionEntry& now);
// Whether there is more to it than its text.
bool HasFilesOrImages(const VersionEntry& version);
// Whether two addresses show one thing: the same page, or the same few words, and nothing else, under whatever headline.
bool SayTheSame(const VersionEntry& a, const VersionEntry& b);
// A page behind a redirect is the same article when two of its marks are.
bool IsSameBehindRedirect(const VersionEntry& a, const VersionEntry& b, bool shared);
// Fills clauses, numbers and files of an article's version: the clauses of its text (the first four digits of each one's hash, in hexadecimal, ascending; of a long
// text those with the lowest hashes), the sum of its numbers' hashes, and the sum of the hashes of the names of its files and images.
void MarkText(const model::PageRecord& record, VersionEntry* version);
// Whether two titles each have a number, or a letter of a lot, that the other has not: （第1标段） and （第2标段）.
bool DifferInNumbers(const std::string& a, const std::string& b);
// Whether it is proved, by the digits and names too, that two pages have one text; edited in a few places if `edited`, and then long. What has little text is
// known by the names of its files and images.
bool HaveOneText(const VersionEntry& a, const VersionEntry& b, bool edited);
// Whether two pages of one title, or of one text, are one article.
bool IsSameArticle(const VersionEntry& a, const VersionEntry& b);
// An article that was edited on its way: of the same day and source, by a title much like it.
bool IsEditedCopy(const VersionEntry& a, const VersionEntry& b);
// Whether all that differs between two sights of a page lies where one of them is damaged: the one has replacement characters, or what repair guessed,
// for a few characters of the other.
bool DiffersOnlyInDamage(const model::PageRecord& before, const model::PageRecord& now);
// Whether it is the host's home page that another address shows. It may have changed since it was last seen at its own: in the place of an
// article (`before`, nullptr: nothing is known of it but what was promised) its title and some likeness are enough. Lists and feeds name the same news as the home page, often under
// its title: these are held against what they were, and a feed is never a page.
// `promised`: a link led there by an article's headline, which what is shown has not.
bool IsHomeElsewhere(const HostEntry& host, const VersionEntry* before, const VersionEntry& shown, bool promised);

}  // namespace fangzhi::store
