#include "extract/roles.h"

#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "extract/characters.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

enum Did : uint8_t { kWrote = 1, kPictured = 2 };

// What somebody is called who did something for an article, or what was done. `word` is folded.
struct Role {
  std::u32string_view word;
  uint8_t did;
  bool office = true;  // stands before a name without a sign between: 记者张三. The others have one on either side: 文/张三, 张三/文
};

constexpr Role kRoles[] = {
    {U"本报记者", kWrote},
    {U"本网记者", kWrote},
    {U"本站记者", kWrote},
    {U"特约记者", kWrote},
    {U"见习记者", kWrote},
    {U"实习记者", kWrote},
    {U"记者", kWrote},
    {U"实习生", kWrote},
    {U"特约通讯员", kWrote},
    {U"通讯员", kWrote},
    {U"作者", kWrote},
    {U"供稿人", kWrote},
    {U"撰稿", kWrote},
    {U"摄影", kPictured},
    {U"摄像", kPictured, false},
    {U"摄", kPictured, false},
    {U"图", kPictured, false},
    {U"文", kWrote, false},
    {U"文字", kWrote, false},
    {U"文/图", kWrote | kPictured, false},
    {U"图/文", kWrote | kPictured, false},
    {U"文图", kWrote | kPictured, false},
    {U"图文", kWrote | kPictured, false},
};

// The longest that begins at `at`.
const Role* RoleAt(std::u32string_view text, size_t at) {
  const Role* longest = nullptr;
  for (const Role& role : kRoles) {
    if (text.substr(at).starts_with(role.word) && (longest == nullptr || role.word.size() > longest->word.size())) longest = &role;
  }
  return longest;
}

const Role* RoleNamed(std::u32string_view word) {
  const Role* role = word.empty() ? nullptr : RoleAt(word, 0);
  return role != nullptr && role->word.size() == word.size() ? role : nullptr;
}

// 江苏, 温州: what may be a name, and is where somebody reports from.
bool IsPlace(std::u32string_view name) {
  static constexpr std::u32string_view kPlaces[] = {U"江苏", U"江西", U"云南", U"宁夏", U"安徽", U"金华"};
  return std::find(std::begin(kPlaces), std::end(kPlaces), name) != std::end(kPlaces) || std::u32string_view(U"州阳县市省区镇乡村江海山城").find(name.back()) != std::u32string_view::npos;
}

// （张三 李四 记者王五）: those before the first role, where they are persons and nothing else.
std::string NamesBefore(std::u32string_view text) {
  std::string names;
  std::u32string name;
  for (const char32_t c : std::u32string(text) + U" ") {
    if (!IsNameSeparator(c)) {
      name.push_back(c);
      continue;
    }
    if (name.empty()) continue;
    const std::string one = text::ToUtf8(name);
    if (!HasFamilyName(one) || !LooksLikePerson(one) || IsPlainWord(name) || IsPlace(name)) return "";
    names += (names.empty() ? "" : "、") + one;
    name.clear();
  }
  return names;
}

}  // namespace

bool IsNameSeparator(char32_t c) {
  return c == U'、' || c == U' ' || c == U',' || c == U'，' || c == U'/' || c == U';' || c == U'\t';
}

std::string NamesInBrackets(std::string_view text) {
  const FoldedText folded = Fold(text);
  const std::u32string& c = folded.characters;
  for (size_t at = 0; at < c.size(); ++at) {
    if (c[at] != U'(' && c[at] != U'[' && c[at] != U'【') continue;
    size_t close = at + 1;
    while (close < c.size() && close - at < 40 && c[close] != U')' && c[close] != U']' && c[close] != U'】') ++close;
    if (close >= c.size() || close - at >= 40) continue;
    const std::u32string_view inside = std::u32string_view(c).substr(at + 1, close - at - 1);
    const auto sign = [&](size_t place) { return place < inside.size() && (IsNameSeparator(inside[place]) || inside[place] == U':'); };
    // （记者 张三 摄）: who took the picture.
    if (inside.ends_with(U"摄") && inside.find(U"文") == std::u32string_view::npos && inside.find(U"采") == std::u32string_view::npos) continue;
    // The role that stands first leads: （记者 张三 通讯员 李四）.
    for (size_t found = 0; found < inside.size(); ++found) {
      const Role* role = RoleAt(inside, found);
      if (role == nullptr || (role->did & kWrote) == 0) continue;
      size_t begin = found + role->word.size();
      // 文 and its kin open the bracket, and a sign follows.
      if (!role->office && (found != 0 || !sign(begin))) continue;
      const std::u32string_view before = inside.substr(0, found);
      if (found > 6 && !IsNameSeparator(before.back()) && !(found <= 16 && IsMediaName(before))) continue;  // 新华每日电讯记者张三
      while (sign(begin)) ++begin;
      // Names: ideographs, with separators between; the next role ends them.
      std::string names = role->office ? NamesBefore(before) : std::string();
      const size_t others = names.size();
      std::u32string name;
      const auto flush = [&] {
        static constexpr std::u32string_view kNoNames[] = {U"采访", U"整合", U"报道", U"综合", U"编译", U"采写", U"摄影报道", U"文并摄"};
        bool proper_name = std::find(std::begin(kNoNames), std::end(kNoNames), name) == std::end(kNoNames);
        proper_name = proper_name && !(name.size() >= 3 && name.back() == U'摄');  // took the picture
        if (proper_name && name.size() >= 2 && name.size() <= 5) {
          if (!names.empty()) names += "、";
          names += text::ToUtf8(name);
        }
        name.clear();
      };
      bool proper = true;
      for (size_t i = begin; i < inside.size() && proper; ++i) {
        const Role* next = RoleAt(inside, i);
        // （记者 张三、实习生 李四）: the sign between names joins them.
        if (next != nullptr && next->office && (next->did & kWrote) != 0 && name.empty() && !names.empty() && inside[i - 1] == U'、') {
          i += next->word.size() - 1;
          continue;
        }
        if (next != nullptr && (next->word.size() > 1 || (name.empty() && sign(i + 1)))) break;
        if (IsNameSeparator(inside[i])) {
          flush();
        } else if (text::IsHan(inside[i]) || inside[i] == U'·') {
          name.push_back(inside[i]);
        } else {
          proper = false;
        }
      }
      flush();
      if (proper && names.size() > others) return names;
    }
  }
  return "";
}

bool SplitPersons(std::string_view value, std::string* source, std::string* author) {
  const bool wide = value.ends_with("）");
  if (!wide && !value.ends_with(")")) return false;
  const size_t open = wide ? value.rfind("（") : value.rfind('(');
  if (open == std::string_view::npos || open == 0) return false;
  const size_t mark = wide ? std::string_view("（").size() : 1;
  std::string inside(value.substr(open + mark, value.size() - open - 2 * mark));
  if (inside.size() > 100) return false;
  for (const std::string_view between : {"，", "、", "；", ",", ";", "　"}) inside = ReplaceAll(inside, between, " ");
  std::string all, writers;
  const Role* before_name = nullptr;  // it stands by itself, its names behind it: 记者 张三
  for (const std::string_view piece : Split(inside, ' ')) {
    const FoldedText folded = Fold(piece);
    const std::u32string_view c = folded.characters;
    size_t begin = 0, end = c.size();
    bool writes = before_name != nullptr && (before_name->did & kWrote) != 0;
    for (size_t slash = c.find(U'/'); slash != std::u32string_view::npos; slash = c.find(U'/', slash + 1)) {
      const Role* role = RoleNamed(c.substr(slash + 1));
      if (role == nullptr || role->office) continue;
      writes = (role->did & kWrote) != 0;
      end = slash;
      break;
    }
    const Role* role = end > 0 ? RoleAt(c.substr(0, end), 0) : nullptr;
    if (role != nullptr && (role->office || (role->word.size() < end && c[role->word.size()] == U'/'))) {
      writes = (role->did & kWrote) != 0;
      begin = role->word.size() + (role->office ? 0 : 1);
    }
    const std::string_view name = TrimAscii(piece.substr(folded.offsets[begin], folded.offsets[end] - folded.offsets[begin]));
    if (name.empty()) {
      before_name = role;
      continue;
    }
    if (!HasFamilyName(name) || !LooksLikePerson(name)) return false;
    const auto add = [name](std::string& names) { names += (names.empty() ? "" : "、") + std::string(name); };
    add(all);
    if (writes) add(writers);
  }
  std::string before = TrimSeparators(value.substr(0, open));
  if (all.empty() || ComparisonKey(before).size() < 3) return false;
  *source = std::move(before);
  *author = writers.empty() ? std::move(all) : std::move(writers);
  return true;
}

bool SplitOffice(std::string_view value, std::string* office, std::string* persons) {
  const FoldedText folded = Fold(value);
  std::vector<std::u32string> words(1);
  for (const char32_t c : folded.characters) {
    if (IsNameSeparator(c)) {
      if (!words.back().empty()) words.emplace_back();
    } else if (text::IsHan(c)) {
      words.back().push_back(c);
    } else {
      return false;
    }
  }
  if (words.back().empty()) words.pop_back();
  if (words.size() < 2 || words[0].size() < 4 || !EndsLikeOffice(words[0])) return false;  // 文学院 张三: of a house that the page does not name
  std::string names;
  for (size_t i = 1; i < words.size(); ++i) {
    std::u32string word = words[i];
    if (word.size() == 1 && i + 1 < words.size() && words[i + 1].size() == 1) word += words[++i];  // 周 亚
    // 会 ends given names, though societies and meetings as well: 王恩会, 党委会.
    std::u32string_view told = word;
    if (word.size() == 3 && word[2] == U'会' && std::u32string_view(U"委协学工商联社大总机晚年例全展博交董监理常研议农妇教友").find(word[1]) == std::u32string_view::npos) told.remove_suffix(1);
    if (!HasFamilyName(text::ToUtf8(word)) || !LooksLikePerson(text::ToUtf8(told)) || IsPlainWord(word)) return false;
    names += (names.empty() ? "" : "、") + text::ToUtf8(word);
  }
  *office = text::ToUtf8(words[0]);
  *persons = std::move(names);
  return true;
}

std::string TidyNames(std::string_view value) {
  FoldedText folded = Fold(value);
  // 记者 and the like say what somebody is, not who.
  if (const Role* role = folded.size() > 0 ? RoleAt(folded.characters, 0) : nullptr; role != nullptr && role->office && folded.size() >= role->word.size() + 2) {
    value.remove_prefix(folded.offsets[role->word.size()]);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    folded = Fold(value);
  }
  // 记者 张三 摄, below a picture: not who wrote the text.
  if (const std::u32string key = ComparisonKey(value); key.size() >= 3 && key.size() <= 5 && key.back() == U'摄') return "";
  // 张三（文/图）
  if (const size_t open = folded.characters.rfind(U'('); open != std::u32string::npos && folded.characters.back() == U')') {
    const Role* role = RoleNamed(std::u32string_view(folded.characters).substr(open + 1, folded.size() - open - 2));
    if (role != nullptr && !role->office && (role->did & kWrote) != 0) value = value.substr(0, folded.offsets[open]);
  }
  std::vector<std::string> tokens;
  std::string token;
  for (size_t offset = 0; offset < value.size();) {
    const size_t begin = offset;
    const char32_t c = FoldCharacter(text::DecodeUtf8(value, offset));
    if (IsNameSeparator(c)) {
      if (!token.empty()) tokens.push_back(std::move(token));
      token.clear();
    } else {
      token.append(value, begin, offset - begin);
    }
  }
  if (!token.empty()) tokens.push_back(std::move(token));
  // 张三（某某局）
  if (const size_t open = std::min(value.find("（"), value.find('(')); tokens.size() == 1 && open != std::string_view::npos && open > 0 && (value.ends_with("）") || value.ends_with(")")) &&
                                                                       LooksLikePerson(value.substr(0, open)) && HasOfficeWord(ComparisonKey(value.substr(open))))
    return text::Trim(value.substr(0, open));
  if (tokens.size() < 2 || !LooksLikePerson(tokens[0])) return std::string(value);
  static constexpr std::string_view kPlaces[] = {"镇", "乡", "村", "县", "市", "街道", "社区"};
  std::string names;
  for (const std::string& each : tokens) {
    // The first role leads: 张三 通讯员 李四. A trainee's is shared: 张三 实习生 李四.
    if (const FoldedText word = Fold(each); !names.empty()) {
      if (word.characters == U"实习生" || word.characters == U"实习记者" || word.characters == U"见习记者") continue;
      if (const Role* role = RoleAt(word.characters, 0); role != nullptr && role->office) return names;
    }
    if (!LooksLikePerson(each)) {
      // What follows a name and is none says who it is.
      return HasOfficeWord(ComparisonKey(each)) ? names : std::string(value);
    }
    // 张三 青石镇
    if (!names.empty() && !HasFamilyName(each) && std::any_of(std::begin(kPlaces), std::end(kPlaces), [&](std::string_view place) { return std::string_view(each).ends_with(place); })) return names;
    if (!names.empty()) names += "、";
    names += each;
  }
  return names;
}

}  // namespace fangzhi::extract
