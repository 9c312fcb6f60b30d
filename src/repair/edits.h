// What the parts of the station hand to each other. Inside the station only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::repair {

// A replacement of bytes [begin, end) of the input. Edits do not overlap.
struct Edit {
  size_t begin = 0, end = 0;
  std::string after;
  std::string family;
  bool lossless = true;
  double confidence = 1.0;
  std::vector<std::string> alternatives = {};  // of a conjecture: other readings that come near
};

// Bytes [begin, end) that are damaged and stay as they are.
struct Spot {
  size_t begin = 0, end = 0;
  std::string family;
};

struct Findings {
  std::vector<Edit> edits;
  std::vector<Spot> spots;
};

// A piece of the document that damage does not cross: text between tags, or a tag, up to the line's end.
struct Node {
  size_t begin = 0, end = 0;
  bool goes_on = false;  // the line does, behind a cut at `end` that may lie within a character of the author's
};

// What a node holds that wants a closer look.
struct Look {
  bool references = false;   // "&"
  bool losses = false;       // U+FFFD, 锟
  bool private_use = false;  // such as user-defined pairs are
  bool marks = false;        // 路 and others that marks were misread as
  bool code_pages = false;   // foreign letters in number, or ideographs that do not make prose
  bool toned = false;        // letters with tone marks
  bool clusters = false;     // seldom characters close together
  // Characters by kind, counted where any of the above is set.
  size_t wide = 0;  // outside ASCII
  size_t latin = 0, han = 0, hangul = 0, kana = 0, half_width_kana = 0, replacements = 0;
};

// Bytes of a line that is looked at for three letters: two ideographs of Big5 are three letters and one of ASCII.
inline constexpr size_t kShortLine = 24;

// A word or two as people write them: letters of one alphabet, small or with a capital at their head, syllables of Hangul, kana with their
// ideographs. Misread bytes have capitals and marks anywhere. What looks so must be longer and read better before it is taken for Chinese.
bool LooksNatural(std::string_view run);
inline constexpr size_t kNaturalIdeographs = 5;
inline constexpr double kNaturalReadsLikeChinese = -7.0;  // natural logarithm a character

// Whether `characters` (at most eight) on end have a mean of less than `bad`, as text/prose.h gives it; of shorter text, all of it.
bool HoldsBadStretch(std::string_view text, size_t characters, double bad);

// How many different ideographs there are, up to three. A character that comes again says nothing a second time.
size_t DistinctIdeographs(std::string_view text);

// How much more probable a text is than what is shown, each in the language in which it is likeliest. Natural logarithm.
double Advantage(std::string_view shown, std::string_view result);

// The name of an HTML element, in small letters.
bool IsElement(std::string_view name);

// Text read by the wrong code page, by families.cc's table. True where nothing was found and the node as it stands reads badly: its stretches may
// be such text.
bool RepairCodePages(std::string_view text, Node node, Findings& findings);
// The same for stretches of a line that ASCII separates; tried last.
void RepairStretches(std::string_view text, Node node, Findings& findings);
// Beside what was repaired, from `first_edit` on, stretches of a character or two that ASCII keeps apart: in one line they have one damage.
void RepairBeside(std::string_view text, Node node, size_t first_edit, Findings& findings);
// The short lines of a page whose others proved a family: last of all, where the findings are in order. Nodes up to `end`.
void FollowPage(std::string_view text, const std::vector<Node>& nodes, size_t end, Findings& findings);
// Character references that stand for the bytes of such text. `proved`: the family of a page's other references, where there is proof of one: then
// one character is enough.
void RepairReferences(std::string_view text, Node node, std::string_view proved, Findings& findings);
// The same with bytes lost, or in a part of a line; `budget` as for byte_search.h. How far the node was read: where it goes on, to its last
// character that is whole.
size_t RepairLosses(std::string_view text, Node node, const Look& look, size_t& budget, Findings& findings);
// Chinese in seven bits, over the whole document: its text may hold '<' and '>'.
void RepairSevenBit(std::string_view text, Findings& findings);
// Damage to single characters in text that is otherwise whole: marks of two bytes in UTF-8 that were read as GBK (路 for ·) …
void RepairMisreadMarks(std::string_view text, Node node, Findings& findings);
// … and a last byte that fell by one when the "<" behind it was swallowed.
void RepairUncheckedTrail(std::string_view text, Node node, Findings& findings);
// Whether one of the characters that RepairMisreadMarks knows stands at `at`: 路 掳 卤 脳 虏 鲁 聽.
inline bool MayBeMisreadMark(std::string_view text, size_t at) {
  if (at + 2 >= text.size()) return false;
  auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[at + i])); };
  // Asked of nearly every ideograph: few have such a second byte.
  constexpr uint64_t kSeconds = 1ULL << 0x37 | 1ULL << 0x0E | 1ULL << 0x0D | 1ULL << 0x04 | 1ULL << 0x19 | 1ULL << 0x32 | 1ULL << 0x01;
  if ((kSeconds >> (byte(1) & 0x3F) & 1) == 0) return false;
  switch (byte(0) << 16 | byte(1) << 8 | byte(2)) {
    case 0xE8B7AF: case 0xE68EB3: case 0xE58DA4: case 0xE884B3: case 0xE8998F: case 0xE9B281: case 0xE881BD: return true;
    default: return false;
  }
}
// Words replaced by their pinyin, which nobody can take back.
void FindPinyinWords(std::string_view text, Node node, Findings& findings);
// U+FFFD and its misreadings, and private-use characters that were pairs. The edits from `first_edit` on are the node's, in order.
void FindLosses(std::string_view text, Node node, const Look& look, size_t first_edit, Findings& findings);

// Lines, and stretches of lines, of which question marks are all that is left.
void FindQuestionMarks(std::string_view text, Findings& findings);

// Pinyin glosses put behind characters all over a page, and the runs that they threw out of step. True when the page is of that kind.
bool RepairGlosses(std::string_view text, const std::vector<Node>& nodes, size_t& budget, Findings& findings);

}  // namespace fangzhi::repair
