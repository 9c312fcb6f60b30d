// Copies of pages that were turned into traditional characters, one by one, and strewn with pinyin: 來(lái)源 for 來源. The glosses
// were put in by a byte-wise search over GBK text, character after character, so that a match across a character
// boundary threw what follows out of step; a second mechanism lost a byte before full-width marks. docs/text.md describes both.
//
// A page is taken for one of these only when glosses stand all over it (PageTest). Then its glosses go, and its runs out of step are
// restored (runs.cc). Other copies are strewn with glosses at random, with and without tones, in either script (RandomTest).
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "repair/glosses.h"
#include "repair/readings.h"
#include "text/language.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

constexpr size_t kMaxPinyinBytes = 12;

bool IsTraditional(char32_t c) { return text::SimplifiedForm(c) != c; }

struct Token {
  size_t begin = 0;  // of the parenthesis
  size_t end = 0;
  char32_t character = 0;
  bool inside_word = false;  // an ideograph follows, and not a mark before and behind
};

std::vector<Token> FindTokens(std::string_view text) {
  std::vector<Token> tokens;
  for (size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
    if (at < 3 || static_cast<unsigned char>(text[at - 1]) < 0x80) continue;
    std::string_view pinyin;
    const size_t length = GlossLength(text, at, '(', pinyin);
    if (length == 0) continue;
    size_t start = at - 3;
    const char32_t c = text::DecodeUtf8(text, start);
    if (start != at || !text::IsHan(c) || !HasReading(c, pinyin)) continue;
    Token token{at, at + length, c, false};
    size_t next = token.end;
    const bool han_behind = next < text.size() && text::IsHan(text::DecodeUtf8(text, next));
    size_t before = at >= 6 ? at - 6 : at;
    const bool han_before = before < at && text::IsHan(text::DecodeUtf8(text, before)) && before == at - 3;
    token.inside_word = han_behind || han_before;
    tokens.push_back(token);
  }
  return tokens;
}

// The numbers are those of docs/text.md: every page of the kind passes, no dictionary, textbook or place name does.
bool PageTest(std::string_view text, const std::vector<Token>& tokens) {
  if (tokens.size() < 2) return false;
  std::map<char32_t, std::pair<size_t, size_t>> seen;  // glossed character: glossed, occurrences
  size_t traditional = 0;
  size_t inside = 0;
  size_t needless = 0;  // common characters with one reading
  for (const Token& token : tokens) {
    if (token.inside_word) ++inside;
    if (!IsTraditional(token.character)) continue;
    ++traditional;
    ++seen[token.character].first;
    if (HasOneReading(token.character) && text::LogProbability(0, token.character) > -10) ++needless;
  }
  if (traditional * 10 < tokens.size() * 9 || inside * 10 < tokens.size() * 7) return false;
  for (size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const auto found = seen.find(text::DecodeUtf8(text, at));
    if (found != seen.end()) ++found->second.second;
  }
  size_t thorough = 0;
  for (const auto& [character, counts] : seen) {
    if (counts.first * 5 >= counts.second * 4) ++thorough;
  }
  if (thorough >= 5 && traditional >= 8) return true;
  // A short piece of such a page: no gloss is missing, and they are many, or such as nobody needs.
  if (thorough != seen.size()) return false;
  return thorough >= 3 || (thorough >= 2 && needless >= 2 && needless * 3 >= traditional * 2);
}

// "?" before a full-width mark: a byte was lost there, or the author wrote both.
bool HasSplit(std::string_view line) {
  for (size_t at = line.find('?'); at != std::string_view::npos; at = line.find('?', at + 1)) {
    size_t next = at + 1;
    if (next >= line.size()) return false;
    const char32_t c = text::DecodeUtf8(line, next);
    if (c == U'，' || c == U'；' || c == U'？' || c == U'！') return true;
    std::string_view pinyin;
    if (GlossLength(line, at, '?', pinyin) != 0) return true;
  }
  return false;
}

// --- glosses at random ---

// A syllable in parentheses behind a character that is read so, with the tone or without.
struct RandomToken {
  size_t begin = 0;      // of what goes: the parenthesis, and a symbol wedged in before it
  size_t end = 0;
  char32_t character = 0;
  bool toned = false;
  bool doubled = false;  // behind another gloss of the same character
};

// Emoji and dingbats, as such copies wedge between a gloss and the text.
bool IsWedge(char32_t c) { return (c >= 0x2600 && c < 0x27C0) || (c >= 0x1F300 && c < 0x1FB00) || c == 0xFE0F || c == 0x200D; }

std::vector<RandomToken> FindRandomTokens(std::string_view text) {
  std::vector<RandomToken> tokens;
  for (size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
    if (at < 3) continue;
    // Behind ASCII nothing is glossed, but for what a gloss stands behind.
    if (static_cast<unsigned char>(text[at - 1]) < 0x80 && (tokens.empty() || tokens.back().end < at)) continue;
    std::string_view pinyin;
    size_t length = GlossLength(text, at, '(', pinyin);
    if (length == 0) {
      const size_t close = text.substr(at, kMaxPinyinBytes + 2).find(')');
      if (close == std::string_view::npos || close < 2) continue;
      pinyin = text.substr(at + 1, close - 1);
      if (!std::all_of(pinyin.begin(), pinyin.end(), [](char c) { return c >= 'a' && c <= 'z'; })) continue;
      length = close + 1;
    }
    RandomToken token{at, at + length, 0, false, false};
    token.toned = std::any_of(pinyin.begin(), pinyin.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    auto fits = [&](char32_t c) { return token.toned ? HasReading(c, pinyin) : HasReading(c, pinyin) || HasReadingWithoutTone(c, pinyin); };
    // Back over symbols wedged in to the character, or to its gloss before this one.
    size_t back = at;
    char32_t c = 0;
    while (back > 0) {
      size_t start = back - 1;
      while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
      size_t after = start;
      c = text::DecodeUtf8(text, after);
      if (!IsWedge(c)) break;
      back = start;
    }
    // The gloss before may have taken the symbols with it.
    const size_t done = tokens.empty() ? 0 : tokens.back().end;
    token.begin = std::max(back, done);
    if (done != 0 && done >= back && fits(tokens.back().character)) {
      token.character = tokens.back().character;
      token.doubled = true;
    } else if (text::IsHan(c) && fits(c)) {
      token.character = c;
    } else {
      continue;
    }
    // A symbol behind it goes as well where another gloss or an ideograph follows at once.
    size_t end = token.end;
    for (size_t next = end; next < text.size();) {
      const char32_t behind = text::DecodeUtf8(text, next);
      if (!IsWedge(behind)) {
        if (end != token.end && (behind == U'(' || text::IsHan(behind))) token.end = end;
        break;
      }
      end = next;
    }
    tokens.push_back(token);
  }
  return tokens;
}

// Somebody who explains readings glosses a character where it is new, and a textbook glosses all of them. Glosses at random stand behind
// common characters that were bare before, are doubled, and leave most of the text alone.
bool RandomTest(std::string_view text, const std::vector<RandomToken>& tokens) {
  constexpr size_t kTokens = 5;
  if (tokens.size() < kTokens) return false;
  std::set<char32_t> bare;
  size_t ideographs = 0;
  size_t doubled = 0;
  size_t late = 0;     // glossed although the reader had met the character
  size_t common = 0;
  size_t inside = 0;
  size_t next_token = 0;
  char32_t last = 0;
  for (size_t at = 0; at < text.size();) {
    if (next_token < tokens.size() && at == tokens[next_token].begin) {
      const RandomToken& token = tokens[next_token++];
      doubled += token.doubled ? 1 : 0;
      late += bare.count(token.character);
      common += text::LogProbability(0, text::SimplifiedForm(token.character)) > -9.5 ? 1 : 0;
      size_t behind = token.end;
      const bool another = next_token < tokens.size() && tokens[next_token].begin == behind;
      if (another || (behind < text.size() && text::IsHan(text::DecodeUtf8(text, behind)))) ++inside;
      at = token.end;
      last = 0;
      continue;
    }
    const char32_t c = text::DecodeUtf8(text, at);
    if (text::IsHan(last)) bare.insert(last);
    if (text::IsHan(c)) ++ideographs;
    last = c;
  }
  // Nobody who explains says it twice.
  if (doubled >= 3 && doubled * 5 >= tokens.size()) return true;
  if (tokens.size() * 2 > ideographs || common * 10 < tokens.size() * 6 || inside * 10 < tokens.size() * 4) return false;
  return late + doubled >= 3 && (late + doubled) * 5 >= tokens.size();
}

// Private-use characters of the copy's own code page: U+E000 and up. One of them in a line says that this line lost none. Asked of each line,
// not of the page: a page's other lines change from visit to visit, and what is made of this one must not change with them.
bool HoldsPrivateUse(std::string_view line) {
  for (size_t at = line.find('\xEE'); at != std::string_view::npos; at = line.find('\xEE', at + 1)) {
    size_t after = at;
    if (text::IsPrivateUse(text::DecodeUtf8(line, after))) return true;
  }
  return false;
}

}  // namespace

size_t GlossLength(std::string_view text, size_t at, char opening, std::string_view& pinyin) {
  if (at + 2 >= text.size() || text[at] != opening) return 0;
  const size_t end = text.substr(at, kMaxPinyinBytes + 2).find(')');
  if (end == std::string_view::npos || end < 2) return 0;
  pinyin = text.substr(at + 1, end - 1);
  // Letters with marks and without: nearly all that stands in parentheses is something else.
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) >= 0x80 && static_cast<unsigned char>(c) < 0xE2); };
  if (!std::all_of(pinyin.begin(), pinyin.end(), is_letter)) return 0;
  return CharactersWithReading(pinyin).empty() ? 0 : end + 1;
}

bool RepairGlosses(std::string_view text, const std::vector<Node>& nodes, size_t& budget, Findings& findings) {
  const std::vector<Token> tokens = FindTokens(text);
  const bool page = PageTest(text, tokens);
  if (!page) {
    const std::vector<RandomToken> random = FindRandomTokens(text);
    if (RandomTest(text, random)) {
      for (const RandomToken& token : random) findings.edits.push_back({token.begin, token.end, "", "random_gloss", true, 0.97});
    }
  }
  size_t next_token = 0;
  for (const Node node : nodes) {
    while (next_token < tokens.size() && tokens[next_token].begin < node.begin) ++next_token;
    size_t last_token = next_token;
    while (last_token < tokens.size() && tokens[last_token].end <= node.end) ++last_token;
    const std::string_view line = text.substr(node.begin, node.end - node.begin);
    const bool question = line.find('?') != std::string_view::npos;
    if (page ? !question && next_token == last_token && line.find('\xEE') == std::string_view::npos : !question || !HasSplit(line)) continue;
    if (RepairRuns(text, node, page, HoldsPrivateUse(line), budget, findings)) {
      next_token = last_token;
    } else if (page) {
      for (; next_token < last_token; ++next_token) {
        findings.edits.push_back({tokens[next_token].begin, tokens[next_token].end, "", "parasite_gloss", true, 0.99});
      }
    }
  }
  return page;
}

}  // namespace fangzhi::repair
