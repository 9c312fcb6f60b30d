// How much a text reads like Chinese: the statistics by which decode/ chooses between encodings and repair/ judges a candidate, and
// the simplified forms of traditional characters. Tables are built at first use; everything is thread-safe after that.
#pragma once

#include <string_view>

namespace fangzhi::text {

// The simplified form of a traditional character (來 → 来, 裏 → 里), any other character as it is. One to one, without regard to
// context: for folding in search and for statistics, not for display.
char32_t SimplifiedForm(char32_t c);

// True for a character that is the simplified form of another (来, 后): a text in traditional characters has few of these.
bool IsSimplifiedOnly(char32_t c);

// Natural logarithm of the probability of `c` after `previous` (0 at the start of a run) in Chinese prose, both folded to their simplified
// forms. Characters that Chinese prose does not have get a value far below the rarest ideograph's.
double LogProbability(char32_t previous, char32_t c);

struct LanguageScore {
  double sum = 0;        // of the logarithms, over characters outside ASCII
  size_t characters = 0; // outside ASCII
  size_t ideographs = 0;
  size_t alien = 0;      // private use, U+FFFD, controls: what no author writes
  double mean() const { return characters == 0 ? 0 : sum / static_cast<double>(characters); }
};
// Reads at most `limit` characters outside ASCII. Chinese prose has a mean of about -5.5; bytes read by the wrong code
// page stay below -9.
LanguageScore ScoreChinese(std::string_view utf8, size_t limit = static_cast<size_t>(-1));

// A first look, several times as fast as ScoreChinese: how many characters of three and more bytes there are, and how many of
// these prose seldom or never has.
struct RareCount {
  size_t wide = 0;
  size_t rare = 0;
  size_t cluster = 0;  // the most rare ones among eight wide characters in a row
};
RareCount CountRare(std::string_view utf8);

}  // namespace fangzhi::text
