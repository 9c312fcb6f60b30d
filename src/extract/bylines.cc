// What the text itself says of who wrote it and where it is from: bylines, datelines, credits at its end.
#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "extract/people.h"
#include "extract/roles.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

// 。（张三）, （李四 王五）on a line of its own: persons' names, and at most their office before and the day behind them, in the bracket that ends the line.
std::string NamesAtEnd(std::string_view line) {
  const FoldedText folded = Fold(line.size() > 160 ? line.substr(line.size() - 160) : line);
  std::u32string_view c = folded.characters;
  while (!c.empty() && (text::IsSpace(c.back()) || c.back() == U'。')) c.remove_suffix(1);
  if (c.empty() || c.back() != U')') return "";
  const size_t open = c.rfind(U'(');
  if (open == std::u32string_view::npos || c.size() - open < 4 || c.size() - open > 32) return "";
  size_t before = open;
  while (before > 0 && text::IsSpace(c[before - 1])) --before;
  if (before > 0 && std::u32string_view(U"。！？!?”").find(c[before - 1]) == std::u32string_view::npos) return "";
  std::string names;
  std::u32string name;
  bool office = false;
  for (const char32_t each : std::u32string(c.substr(open + 1, c.size() - open - 2)) + U" ") {
    if (!IsNameSeparator(each)) {
      name.push_back(each);
      continue;
    }
    if (name.empty()) continue;
    const std::string one = text::ToUtf8(name);
    if (names.empty() && !office && EndsLikeOffice(name)) {  // （某某局 张三）
      office = true;
      name.clear();
      continue;
    }
    if (!names.empty() && IsDigit(name.front())) {
      const FoldedText day = Fold(one);
      const auto date = FindDate(day, 0, {});
      if (!date || date->begin != 0 || date->end < day.size()) return "";
      break;
    }
    if (!HasFamilyName(one) || !LooksLikePerson(one) || IsPlainWord(name)) return "";
    if (!names.empty()) names += "、";
    names += one;
    name.clear();
  }
  return names;
}

// 记者 张三 李四 从某某局获悉, □记者 张三 昨日…: the names behind the role that opens a text, where spaces part them from it and from the text.
std::string NamesBehindRole(std::string_view line) {
  const FoldedText folded = Fold(text::PrefixCodePoints(line, 40));
  const std::u32string& c = folded.characters;
  size_t at = 0;
  while (at < c.size() && (IsBlank(c[at]) || std::u32string_view(U"□■◎●○◆▢").find(c[at]) != std::u32string_view::npos)) ++at;
  const size_t role = c.find(U"记者", at);
  if (role == std::u32string::npos || role - at > 6) return "";
  for (size_t i = at; i < role; ++i) {
    if (!text::IsHan(c[i])) return "";
  }
  std::string names;
  for (at = role + 2; at < c.size() && IsBlank(c[at]);) {
    const size_t begin = ++at;
    while (at < c.size() && text::IsHan(c[at])) ++at;
    const std::string name = text::ToUtf8(std::u32string_view(c).substr(begin, at - begin));
    if (at >= c.size() || !IsBlank(c[at]) || !HasFamilyName(name) || !LooksLikePerson(name)) break;
    names += (names.empty() ? "" : "、") + name;
  }
  return names;
}

}  // namespace

std::string AuthorOfText(const PageView& view, const BodyChoice& body, std::string* where) {
  const size_t lines = body.lines.size();
  for (size_t k = 0; k < std::min<size_t>(lines, 3); ++k) {
    std::string_view text = view.LineText(body.lines[k]);
    if (view.lines[body.lines[k]].characters > 120) text = text::PrefixCodePoints(text, 120);
    if (std::string names = NamesInBrackets(text); !names.empty()) {
      *where = "dateline";
      return names;
    }
  }
  for (size_t k = 0; k < std::min<size_t>(lines, 3); ++k) {
    std::string_view text = view.LineText(body.lines[lines - 1 - k]);
    const size_t count = view.lines[body.lines[lines - 1 - k]].characters;
    size_t skipped = 0;  // the end of the last lines
    for (size_t i = 0; count > 120 && i + 100 < count && skipped < text.size(); ++i) text::DecodeUtf8(text, skipped);
    text.remove_prefix(skipped);
    if (std::string names = NamesInBrackets(text); !names.empty()) {
      *where = "signature";
      return names;
    }
  }
  for (size_t k = 0; k < std::min<size_t>(lines, 2); ++k) {
    if (std::string names = NamesAtEnd(view.LineText(body.lines[lines - 1 - k])); !names.empty()) {
      *where = "signature";
      return names;
    }
  }
  for (size_t k = 0; k < std::min<size_t>(lines, 2); ++k) {
    if (std::string names = NamesBehindRole(view.LineText(body.lines[k])); !names.empty()) {
      *where = "dateline";
      return names;
    }
  }
  return "";
}

void FindCredit(std::string_view line, std::string* source, std::string* author) {
  const FoldedText folded = Fold(text::PrefixCodePoints(line, 200));
  const std::u32string& c = folded.characters;
  static constexpr std::u32string_view kEnds[] = {U"供稿", U"来稿", U"投稿"};
  for (size_t at = c.find(U'稿'); at != std::u32string::npos; at = c.find(U'稿', at + 1)) {
    for (const std::u32string_view end : kEnds) {
      const size_t stop = at + 1;
      if (stop < end.size() || c.compare(stop - end.size(), end.size(), end) != 0) continue;
      // The bracket that it ends, or a line of its own.
      size_t close = stop, begin = stop - end.size();
      while (close < c.size() && text::IsSpace(c[close])) ++close;
      const bool bracket = close < c.size() && (c[close] == U')' || c[close] == U']' || c[close] == U'】');
      const size_t last = begin;
      while (begin > 0 && last - begin < 30 && c[begin - 1] != U'(' && c[begin - 1] != U'[' && c[begin - 1] != U'【') --begin;
      const bool opened = begin > 0 && (c[begin - 1] == U'(' || c[begin - 1] == U'[' || c[begin - 1] == U'【');
      if (bracket != opened || (!bracket && (begin != 0 || close < c.size() || c.size() > 24))) continue;
      std::u32string_view what = std::u32string_view(c).substr(begin, last - begin);
      for (const std::u32string_view word : {U"本文由", U"稿件由", U"由"}) {
        if (what.starts_with(word)) what.remove_prefix(word.size());
      }
      if (what.find(U'图') != std::u32string_view::npos || what.find(U':') != std::u32string_view::npos) continue;
      std::u32string word;
      for (const char32_t each : std::u32string(what) + U" ") {
        if (!IsNameSeparator(each)) {
          if (IsSentenceMark(each)) return;
          word.push_back(each);
          continue;
        }
        if (word.empty()) continue;
        // 某某局张三: the office is what the name leaves.
        size_t person = 0;
        for (const size_t length : {size_t{3}, size_t{2}}) {
          if (person == 0 && word.size() > length + 1 && !EndsLikeOffice(word) && HasFamilyName(text::ToUtf8(word.substr(word.size() - length))) && EndsLikeOffice(word.substr(0, word.size() - length))) person = length;
        }
        const auto add_author = [&](const std::u32string& name) { *author += (author->empty() ? "" : "、") + text::ToUtf8(name); };
        if (person > 0) {
          add_author(word.substr(word.size() - person));
          word.resize(word.size() - person);
        }
        const std::string name = text::ToUtf8(word);
        if (EndsLikeOffice(word)) {
          if (source->empty()) *source = name;
        } else if (HasFamilyName(name) && LooksLikePerson(name)) {
          add_author(word);
        }
        word.clear();
      }
      if (!source->empty() || !author->empty()) return;
    }
  }
}

bool OfficeAndPersons(std::string_view line, std::string* source, std::string* author) {
  const FoldedText folded = Fold(line);
  std::u32string_view c = folded.characters;
  while (!c.empty() && (std::u32string_view(U"□■◎●○◆▢").find(c.front()) != std::u32string_view::npos || text::IsSpace(c.front()))) c.remove_prefix(1);
  std::u32string word, office;
  std::string names;
  for (const char32_t each : std::u32string(c) + U" ") {
    if (!IsNameSeparator(each)) {
      if (!text::IsHan(each)) return false;
      word.push_back(each);
      continue;
    }
    if (word.empty()) continue;
    const std::string one = text::ToUtf8(word);
    if (office.empty()) {
      if (word.size() < 3 || word.size() > 16 || (!EndsLikeOffice(word) && !IsMediaName(word))) return false;
      office = word;
    } else {
      if (!HasFamilyName(one) || !LooksLikePerson(one) || IsPlainWord(word)) return false;
      names += (names.empty() ? "" : "、") + one;
    }
    word.clear();
  }
  if (names.empty()) return false;
  *source = text::ToUtf8(office);
  *author = std::move(names);
  return true;
}

namespace {

// □ 张三 李四: a paper's mark, persons, and nothing else.
std::string MarkedPersons(std::string_view line) {
  const FoldedText folded = Fold(line);
  std::u32string_view c = folded.characters;
  if (c.empty() || std::u32string_view(U"□■◎●○◆▢").find(c.front()) == std::u32string_view::npos) return "";
  std::string names;
  std::u32string name;
  for (const char32_t each : std::u32string(c.substr(1)) + U" ") {
    if (!IsNameSeparator(each)) {
      name.push_back(each);
      continue;
    }
    if (name.empty()) continue;
    const std::string one = text::ToUtf8(name);
    if (!HasFamilyName(one) || !LooksLikePerson(one) || IsPlainWord(name)) return "";
    names += (names.empty() ? "" : "、") + one;
    name.clear();
  }
  return names;
}

}  // namespace

bool IsBylineLine(std::string_view text) {
  if (text.size() > 120) return false;
  std::string source, author;
  if (OfficeAndPersons(text, &source, &author)) return true;
  const bool bracket = (text.starts_with("【") && text.ends_with("】")) || (text.starts_with("（") && text.ends_with("）")) || (text.starts_with("〔") && text.ends_with("〕"));
  return bracket && (text.find("記者") != std::string_view::npos || text.find("记者") != std::string_view::npos);
}

namespace {

// By Lin Xiaohui: the name, where it is all that stands there or a bar ends it; "By China Daily" is one in form as well.
std::string EnglishByline(std::string_view text) {
  text = TrimAscii(text);
  if (text.size() < 8 || !EqualsIgnoreAsciiCase(text.substr(0, 3), "by ") || text[0] != 'B') return "";
  const size_t bar = text.find('|');
  std::string name = TrimSeparators(text.substr(3, bar == std::string_view::npos ? bar : bar - 3));
  if (name.size() > 40) return "";
  const std::vector<std::string_view> words = Split(name, ' ');
  if (words.size() < 2 || words.size() > 4) return "";
  for (const std::string_view word : words) {
    if (word.size() < 2 || word[0] < 'A' || word[0] > 'Z') return "";
    for (const char c : word) {
      if (!IsAsciiAlpha(c) && c != '-' && c != '\'' && c != '.') return "";
    }
  }
  return name;
}

// 张三、李四: persons and nothing else.
bool AreNames(std::string_view names) {
  for (size_t at = 0; at <= names.size();) {
    const size_t end = std::min(names.find("、", at), names.size());
    const std::string_view name = names.substr(at, end - at);
    if (!HasFamilyName(name) || !LooksLikePerson(name)) return false;
    at = end + std::string_view("、").size();
  }
  return true;
}

// The names, and the paper before them, of `text`; whether there are any. `piece`: it shares its line with other things.
bool ReadByline(std::string_view text, bool piece, std::string* source, std::string* author) {
  if (std::string name = EnglishByline(text); !name.empty()) {
    *author = std::move(name);
    return true;
  }
  const FoldedText folded = Fold(text);
  const std::u32string& c = folded.characters;
  const size_t role = c.find(U"记者");
  if (role == std::u32string::npos || role > 16) return false;
  size_t begin = role + 2, stop = begin;
  while (begin < c.size() && c[begin] == U' ') ++begin;
  stop = begin;
  while (stop < c.size() && (text::IsHan(c[stop]) || c[stop] == U'、' || c[stop] == U' ' || c[stop] == U'·')) ++stop;
  const bool bracket = c[0] == U'[' || c[0] == U'【' || c[0] == U'〔' || c[0] == U'(';
  const bool closed = stop >= c.size() || c[stop] == U'/' || c[stop] == U'╱' || c[stop] == U'】' || c[stop] == U']' || c[stop] == U')' || c[stop] == U'〕';
  // 聯合報 記者某某／台北報導
  bool reported = stop < c.size() && (c[stop] == U'/' || c[stop] == U'╱') && c.size() - stop <= 12 && (c.ends_with(U"导") || c.ends_with(U"導") || c.ends_with(U"道"));
  // 记者某某/花莲报导 宝岛新闻网
  if (const size_t report = c.find(U"报导 "); !reported && report != std::u32string::npos && report > stop && report - stop <= 8 && stop < c.size() && (c[stop] == U'/' || c[stop] == U'╱') &&
      c.size() - report <= 16 && IsMediaName(std::u32string_view(c).substr(report + 3))) {
    *source = TrimSeparators(text.substr(folded.offsets[report + 3]));
    reported = true;
  }
  if (!closed || (!bracket && stop < c.size() && !reported)) return false;
  std::string names = TidyNames(TrimSeparators(text.substr(folded.offsets[begin], folded.offsets[stop] - folded.offsets[begin])));
  if (names.empty() || ComparisonKey(names).size() > 20) return false;
  // 晚报记者 张三, in an element of its own beside the date.
  if (piece && !reported && (bracket || !AreNames(names) || !std::all_of(c.begin(), c.begin() + static_cast<std::ptrdiff_t>(role), text::IsHan))) return false;
  *author = std::move(names);
  if (bracket || reported) {
    const size_t from = bracket ? 1 : 0;
    size_t to = role;
    while (to > from && (c[to - 1] == U'/' || c[to - 1] == U'╱' || c[to - 1] == U' ')) --to;
    if (to > from + 1 && to < role) *source = text::CollapseSpace(text.substr(folded.offsets[from], folded.offsets[to] - folded.offsets[from]));
  }
  return true;
}

}  // namespace

void FindByline(const PageView& view, const TitleChoice& title, const BodyChoice& body, std::string* source,
                std::string* author) {
  if (title.last_line == kNoLine) return;
  size_t end = title.last_line + 7;
  if (!body.lines.empty()) end = std::min<size_t>(end, body.lines.front() + 2);
  for (size_t i = title.last_line + 1; i < std::min(end, view.lines.size()); ++i) {
    const Line& line = view.lines[i];
    if (line.characters > 90 || line.characters < 4) continue;
    const std::string_view text = view.LineText(i);
    if (line.characters <= 40) {
      if (line.links == 0 && (body.lines.empty() || i <= body.lines.front()) && OfficeAndPersons(text, source, author)) return;
      if (ReadByline(text, false, source, author)) return;
      if (std::string names = line.links == 0 && (body.lines.empty() || i <= body.lines.front()) ? MarkedPersons(text) : ""; !names.empty()) {
        *author = std::move(names);
        return;
      }
    }
    // 2024/07/06 14:05|記者某某／嘉義報導|47 分享
    uint32_t from = line.begin;
    for (auto it = std::upper_bound(view.divisions.begin(), view.divisions.end(), from, [](uint32_t offset, const Division& d) { return offset < d.offset; });
         it != view.divisions.end() && it->offset < line.end; ++it) {
      if (ReadByline(std::string_view(view.text).substr(from, it->offset - from), true, source, author)) return;
      from = it->offset;
    }
    if (from > line.begin && ReadByline(std::string_view(view.text).substr(from, line.end - from), true, source, author)) return;
  }
}

std::string AgencyOfDateline(std::string_view line) {
  static constexpr std::u32string_view kAgencies[] = {U"新华社", U"新華社", U"中新社", U"中央社", U"中新网",
                                                      U"新华网", U"人民网", U"央视网", U"法新社", U"路透社"};
  const FoldedText folded = Fold(text::PrefixCodePoints(line, 40));
  const std::u32string& c = folded.characters;
  size_t begin = 0;
  while (begin < c.size() && begin < 4 &&
         (c[begin] == U'(' || c[begin] == U'【' || c[begin] == U'[' || text::IsSpace(c[begin])))
    ++begin;
  for (const auto& agency : kAgencies) {
    if (c.compare(begin, agency.size(), agency) != 0) continue;
    const std::u32string_view rest = std::u32string_view(c).substr(begin + agency.size());
    const size_t day = rest.find(U'日');
    if (day == std::u32string_view::npos || day > 20) return "";
    const std::u32string_view after = rest.substr(day + 1, 12);
    // "电", "電", "讯", "綜合外電報導" right after the day.
    if (after.starts_with(U"电") || after.starts_with(U"電") || after.starts_with(U"讯") ||
        after.find(U"报导") != std::u32string_view::npos ||
        after.find(U"報導") != std::u32string_view::npos || after.find(U"电)") != std::u32string_view::npos) {
      return std::string(
          line.substr(folded.offsets[begin], folded.offsets[begin + agency.size()] - folded.offsets[begin]));
    }
    return "";
  }
  // （中聯社記者某某花蓮2日電）: a name before 记者, and a telegram.
  if (begin > 0 && begin < c.size()) {
    const std::u32string_view rest = std::u32string_view(c).substr(begin);
    const size_t role = rest.find(U"记者"), close = rest.find_first_of(U")】]");
    if (role == std::u32string_view::npos || close == std::u32string_view::npos || role > close || role < 3 || role > 8 || rest[0] == U'本') return "";
    const std::u32string_view name = rest.substr(0, role), behind = rest.substr(role, close - role);
    const bool telegram = behind.find(U"日电") != std::u32string_view::npos || behind.find(U"日讯") != std::u32string_view::npos || behind.ends_with(U"报导") || behind.ends_with(U"报道");
    if (!telegram || std::u32string_view(U"社报网台").find(name.back()) == std::u32string_view::npos) return "";
    for (const char32_t each : name) {
      if (!text::IsHan(each)) return "";
    }
    return std::string(line.substr(folded.offsets[begin], folded.offsets[begin + role] - folded.offsets[begin]));
  }
  return "";
}

}  // namespace fangzhi::extract
