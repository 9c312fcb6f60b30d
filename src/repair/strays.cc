// Damage to single characters in text that is otherwise whole: the marks of two bytes in UTF-8 that were read as GBK (25掳 for 25°), a last
// byte that fell by one when the "<" behind it was swallowed (、br /> for 。<br />), and words that were replaced by their pinyin.
#include <algorithm>
#include <iterator>
#include <vector>

#include "repair/byte_search.h"
#include "repair/edits.h"
#include "repair/glosses.h"
#include "repair/readings.h"
#include "text/language.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

constexpr double kUnlikely = -9;  // natural logarithm, of a character where it stands

// The character before byte `at`; 0 at the start.
char32_t Before(std::string_view text, size_t at) {
  if (at == 0) return 0;
  size_t start = at - 1;
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  return text::DecodeUtf8(text, start);
}

char32_t At(std::string_view text, size_t at) { return at < text.size() ? text::DecodeUtf8(text, at) : 0; }

bool IsDigit(char32_t c) { return (c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９'); }

// Characters by which foreign names are written: those of Xinhua's tables that names in news are full of.
bool WritesForeignNames(char32_t c) {
  static constexpr std::u32string_view kCharacters =
      U"阿埃艾安奥巴班邦保贝本比彼宾波伯博布查达戴丹道德登狄迪蒂丁杜顿多厄恩尔法菲费芬弗福盖冈戈格葛根贡古圭哈汉豪赫黑亨胡霍基吉加贾简杰卡凯坎康考科克肯库奎昆"
      U"拉莱兰朗劳勒雷里利莉丽列林卢鲁伦罗洛马玛迈麦曼梅门蒙米密莫墨姆穆纳南内尼涅纽努诺帕潘佩彭皮匹珀普齐奇乔切琼丘热荣瑞若萨塞桑森沙尚舍申圣施什史士舒斯苏索"
      U"塔泰坦汤特提图托瓦万威维魏温沃乌伍西希锡夏谢辛休雅亚扬耶伊易因英尤约扎詹珍朱兹佐依买孜吐吾肉孜热江奴";
  return kCharacters.find(c) != std::u32string_view::npos;
}

// 安东尼奥路古特雷斯: a name on both sides that nobody would call a road by.
bool IsDotInName(std::string_view text, size_t at, size_t end) {
  size_t before = 0;
  char32_t previous[2] = {0, 0};
  for (size_t back = at; back > 0 && before < 3;) {
    size_t start = back - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    size_t next = start;
    const char32_t c = text::DecodeUtf8(text, next);
    if (before < 2) previous[before] = c;
    if (!WritesForeignNames(text::SimplifiedForm(c)) && !(before == 2 && text::IsHan(c))) return false;
    ++before;
    back = start;
  }
  if (before < 3) return false;
  size_t next = end;
  const char32_t first = next < text.size() ? text::DecodeUtf8(text, next) : 0;
  const char32_t second = next < text.size() ? text::DecodeUtf8(text, next) : 0;
  if (!WritesForeignNames(text::SimplifiedForm(first)) || !WritesForeignNames(text::SimplifiedForm(second))) return false;
  // An address goes on.
  for (size_t i = 0; i < 6 && next < text.size(); ++i) {
    const char32_t c = text::DecodeUtf8(text, next);
    if (c == U'路' || c == U'号' || c == U'號' || c == U'街' || c == U'口' || c == U'段' || c == U'站') return false;
  }
  const char32_t one = text::ProseSymbol(previous[1]);
  const char32_t two = text::ProseSymbol(previous[0]);
  return text::ProseLogProbability(one, two, U'路') < kUnlikely && text::ProseLogProbability(two, U'路', text::ProseSymbol(first)) < kUnlikely;
}

// 25掳, 120脳80, 卤2, 5km虏.
bool IsMark(std::string_view text, size_t at, size_t end, char32_t c) {
  const char32_t before = Before(text, at);
  const char32_t behind = At(text, end);
  switch (c) {
    case U'掳': return IsDigit(before);
    case U'脳': return IsDigit(before) && IsDigit(behind);
    case U'卤':
      return before != 0 && IsDigit(behind) && (!text::IsHan(before) || text::ProseLogProbability(0, text::ProseSymbol(before), c) < kUnlikely);
    case U'虏': case U'鲁': return before == U'm' && at >= 2 && (text[at - 2] < 'a' || text[at - 2] > 'z' || std::string_view("kcdm").find(text[at - 2]) != std::string_view::npos);
    case U'路': return IsDotInName(text, at, end);
    default: return false;
  }
}

// What GBK makes of the two bytes of a mark.
std::string_view MeantBy(char32_t shown) {
  switch (shown) {
    case U'路': return "·";
    case U'掳': return "°";
    case U'卤': return "±";
    case U'脳': return "×";
    case U'虏': return "²";
    case U'鲁': return "³";
    default: return {};
  }
}

void RepairMarks(std::string_view text, Node node, Findings& findings) {
  for (size_t at = node.begin; at < node.end;) {
    if (!MayBeMisreadMark(text, at)) {
      ++at;
      continue;
    }
    const size_t begin = at;
    const char32_t c = text::DecodeUtf8(text, at);
    const std::string_view meant = MeantBy(c);
    if (meant.empty() || !IsMark(text, begin, at, c)) continue;
    findings.edits.push_back({begin, at, std::string(meant), "utf8_latin_punct_as_gbk", true, c == U'路' ? 0.9 : 0.97});
  }
}

// No-break spaces as 聽聽, in text whose other characters are simplified: in traditional text it is a word.
void RepairNoBreakSpaces(std::string_view text, Node node, Findings& findings) {
  constexpr std::string_view kShown = "聽";
  const std::string_view line = text.substr(0, node.end);
  if (line.find(kShown, node.begin) == std::string_view::npos) return;
  size_t simplified = 0;
  for (size_t at = node.begin; at < node.end;) {
    const char32_t c = text::DecodeUtf8(line, at);
    if (c == U'聽') continue;
    if (text::SimplifiedForm(c) != c) return;
    simplified += text::IsSimplifiedOnly(c) ? 1 : 0;
  }
  if (simplified == 0) return;
  for (size_t at = line.find(kShown, node.begin); at != std::string_view::npos;) {
    size_t end = at;
    std::string blanks;
    while (line.substr(end, kShown.size()) == kShown) {
      end += kShown.size();
      blanks += "\u00A0";
    }
    const char32_t before = at == node.begin ? 0 : Before(text, at);
    // One alone stands at the line's start, or beside a blank or a mark.
    if (end - at > kShown.size() || before == 0 || text::IsSpace(before) || text::IsCjkPunctuation(before)) {
      findings.edits.push_back({at, end, std::move(blanks), "utf8_latin_punct_as_gbk", true, 0.95});
    }
    at = line.find(kShown, end);
  }
}

}  // namespace

// The node ends with the rest of a tag whose "<" was taken for the second byte of the pair before it.
void RepairUncheckedTrail(std::string_view text, Node node, Findings& findings) {
  if (node.end >= text.size() || text[node.end] != '>' || (node.begin > 0 && text[node.begin - 1] == '<')) return;
  size_t at = node.end;
  while (at > node.begin && static_cast<unsigned char>(text[at - 1]) < 0x80) --at;
  if (at < node.begin + 3 || !IsRestOfTag(text, at)) return;
  const size_t start = at - 3;
  size_t next = start;
  const char32_t shown = text::DecodeUtf8(text, next);
  if (next != at || (shown & 0x3F) == 0x3F) return;
  const char32_t meant = shown + 1;
  const char32_t previous = start == node.begin ? 0 : text::ProseSymbol(Before(text, start));
  const char32_t before = start < node.begin + 6 ? 0 : text::ProseSymbol(Before(text, start - 3));
  // A paragraph, or a piece of one, ends here.
  auto value = [&](char32_t c) { return text::ProseLogProbability(before, previous, text::ProseSymbol(c)) + static_cast<double>(EndsLine(text::ProseSymbol(c))); };
  const double better = value(meant) - value(shown);
  if (better < 3) {
    // The rest of an end tag has no other explanation; "x>" has many.
    if (text[at] == '/') findings.spots.push_back({start, at, "unchecked_trail"});
    return;
  }
  std::string after;
  text::AppendUtf8(after, meant);
  findings.edits.push_back({start, at, after + "<", "unchecked_trail", true, std::min(0.99, 0.9 + better / 100)});
}

namespace {

bool IsPinyinLetter(char32_t c) {
  static constexpr std::u32string_view kMarked = U"āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü";
  if (c < 0x80) return c >= U'a' && c <= U'z';
  return c >= 0xE0 && c <= 0x1DC && kMarked.find(c) != std::u32string_view::npos;
}

// Whether letters can be split into syllables of which one has its tone.
bool IsPinyin(std::string_view letters) {
  constexpr size_t kLongest = 8;  // bytes of a syllable
  // By place: 1 where syllables may end there, 2 where one of them had its tone.
  std::vector<unsigned> ends(letters.size() + 1, 0);
  ends[0] = 1;
  for (size_t from = 0; from < letters.size(); ++from) {
    if (ends[from] == 0) continue;
    for (size_t length = 1; length <= std::min(kLongest, letters.size() - from); ++length) {
      const std::string_view syllable = letters.substr(from, length);
      if (CharactersWithReading(syllable).empty()) continue;
      const bool marked = std::any_of(syllable.begin(), syllable.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
      ends[from + length] |= marked ? 2 : ends[from];
    }
  }
  return (ends[letters.size()] & 2) != 0;
}

// Text about pronunciation says so before it: 读, 念, 音; 读作, 拼音为, 写成. 因为 and 是 alone say nothing.
bool Introduces(char32_t before, char32_t previous) {
  static constexpr std::u32string_view kSpeaks = U"读讀音念";
  static constexpr std::u32string_view kJoins = U"作為为是成";
  static constexpr std::u32string_view kSpeaksBefore = U"读讀音念拼写寫称稱注标標";
  if (kSpeaks.find(previous) != std::u32string_view::npos) return true;
  return kJoins.find(previous) != std::u32string_view::npos && kSpeaksBefore.find(before) != std::u32string_view::npos;
}

}  // namespace

bool IsElement(std::string_view name) {
  // In alphabetical order.
  static constexpr std::string_view kElements[] = {
      "a",     "abbr",  "article", "aside",   "b",      "big",     "blockquote", "body",  "br",    "button", "caption", "center", "cite",   "code",
      "col",   "dd",    "div",     "dl",      "dt",     "em",      "embed",      "figure", "font", "footer", "form",    "frame",  "h1",     "h2",
      "h3",    "h4",    "h5",      "h6",      "head",   "header",  "hr",         "html",  "i",     "iframe", "img",     "input",  "ins",    "label",
      "li",    "link",  "main",    "map",     "meta",   "nav",     "noscript",   "object", "ol",   "option", "p",       "pre",    "q",      "s",
      "script", "section", "select", "small", "span",   "strong",  "style",      "sub",   "sup",   "table",  "tbody",   "td",     "textarea", "tfoot",
      "th",    "thead", "title",   "tr",      "tt",     "u",       "ul",         "var",   "video"};
  static_assert(std::is_sorted(std::begin(kElements), std::end(kElements)));
  return std::binary_search(std::begin(kElements), std::end(kElements), name);
}

void RepairMisreadMarks(std::string_view text, Node node, Findings& findings) {
  RepairMarks(text, node, findings);
  RepairNoBreakSpaces(text, node, findings);
}

// zhègè年代: what was replaced cannot be known for certain, so it is listed.
void FindPinyinWords(std::string_view text, Node node, Findings& findings) {
  constexpr size_t kLongest = 40;
  char32_t before = 0;
  char32_t previous = 0;
  for (size_t at = node.begin; at < node.end;) {
    const size_t start = at;
    const char32_t c = text::DecodeUtf8(text, at);
    if (!IsPinyinLetter(c)) {
      before = previous;
      previous = c;
      continue;
    }
    size_t end = start;
    char32_t behind = 0;
    for (size_t next = start; next < node.end;) {
      behind = text::DecodeUtf8(text, next);
      if (!IsPinyinLetter(behind)) break;
      end = next;
      behind = 0;
    }
    const bool between = text::IsHan(previous) && text::IsHan(behind) && !Introduces(before, previous);
    if (between && end - start <= kLongest && IsPinyin(text.substr(start, end - start))) findings.spots.push_back({start, end, "pinyin_substitution"});
    previous = U'a';
    at = end;
  }
}

}  // namespace fangzhi::repair
