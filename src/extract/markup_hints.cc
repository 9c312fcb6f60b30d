#include "extract/markup_hints.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <vector>

#include "base/strings.h"
#include "extract/page_view.h"

namespace fangzhi::extract {
namespace {

struct Hint {
  std::string_view word;
  uint16_t zone;
  bool whole;  // the word must stand alone between separators, else it may be part of a longer one
};
// What templates name their parts with, in English and pinyin.
constexpr Hint kHints[] = {
    {"nav", kZoneNavigation, false},
    {"menu", kZoneNavigation, false},
    {"crumb", kZoneCrumbs, false},
    {"position", kZoneCrumbs, true},
    {"location", kZoneCrumbs, true},
    {"dqwz", kZoneCrumbs, false},
    {"curpos", kZoneCrumbs, false},
    {"weizhi", kZoneCrumbs, false},
    {"foot", kZoneFooter, false},
    {"copyright", kZoneFooter, false},
    {"copyinfo", kZoneFooter, false},
    {"bottom", kZoneFooter, true},
    {"sidebar", kZoneAside, false},
    {"aside", kZoneAside, false},
    {"comment", kZoneAside, false},
    {"pinglun", kZoneAside, false},
    {"related", kZoneAside, false},
    {"relate", kZoneAside, false},
    {"relevant", kZoneAside, false},
    {"xgxw", kZoneAside, false},
    {"xgwz", kZoneAside, false},
    {"recommend", kZoneAside, false},
    {"tuijian", kZoneAside, false},
    {"rank", kZoneAside, true},
    {"hot", kZoneAside, true},
    {"hotnews", kZoneAside, false},
    {"advert", kZoneAside, false},
    {"ads", kZoneAside, true},
    {"ad", kZoneAside, true},
    {"banner", kZoneAside, false},
    {"share", kZoneControls, false},
    {"fenxiang", kZoneControls, false},
    {"fontsize", kZoneControls, false},
    {"toolbar", kZoneControls, false},
    {"print", kZoneControls, false},
    {"login", kZoneHeader, true},
    {"search", kZoneHeader, false},
    {"topbar", kZoneHeader, false},
    {"toolbox", kZoneControls, false},
    {"header", kZoneHeader, true},
    {"top", kZoneHeader, true},
    {"logo", kZoneHeader, true},
    {"page-prev", kZoneNavigation, false},
    {"pager", kZoneNavigation, true},
    {"pagination", kZoneNavigation, false},
    {"content", kZoneContent, false},
    {"article", kZoneContent, false},
    {"detail", kZoneContent, false},
    {"zoom", kZoneContent, false},
    {"editor", kZoneContent, false},
    {"maintext", kZoneContent, false},
    {"zhengwen", kZoneContent, false},
    {"neirong", kZoneContent, false},
    {"artibody", kZoneContent, false},
    {"source", kZoneInfo | kZoneSourceName, false},
    {"laiyuan", kZoneSourceName, false},
    {"comefrom", kZoneSourceName, false},
    {"copyfrom", kZoneSourceName, false},
    {"from", kZoneSourceName, true},
    {"src", kZoneSourceName, true},
    {"media_name", kZoneSourceName, false},
    {"js_name", kZoneSourceName, false},
    {"meta_nickname", kZoneSourceName, false},
    {"medianame", kZoneSourceName, false},
    {"author", kZoneAuthorName, true},
    {"authorstyle", kZoneAuthorName, false},
    {"byline", kZoneAuthorName, true},
    {"pubdate", kZoneInfo | kZoneTimeName, false},
    {"pubtime", kZoneInfo | kZoneTimeName, false},
    {"metas", kZoneInfo, false},
    {"info", kZoneInfo, true},
    {"time", kZoneInfo | kZoneTimeName, true},
    {"date", kZoneInfo | kZoneTimeName, true},
    {"title", kZoneTitle, false},
    {"headline", kZoneTitle, false},
    {"biaoti", kZoneTitle, false},
    {"subtitle", kZoneSubtitle, false},
    {"sub-title", kZoneSubtitle, false},
    {"subhead", kZoneSubtitle, false},
    {"sub_title", kZoneSubtitle, false},
    {"second-title", kZoneSubtitle, false},
    {"ftitle", kZoneSubtitle, false},
    {"futitle", kZoneSubtitle, false},
    {"fubiaoti", kZoneSubtitle, false},
    {"fbt", kZoneSubtitle, true},
    {"list", kZoneList, false},
    {"visitcount", kZoneCounter, false},
    {"viewcount", kZoneCounter, false},
    {"hits", kZoneCounter, true},
    {"click", kZoneCounter, true},
    {"hit", kZoneCounter, true},
    {"pv", kZoneCounter, true},
    {"readnum", kZoneCounter, false},
    {"read-num", kZoneCounter, false},
    {"read_num", kZoneCounter, false},
    {"readcount", kZoneCounter, false},
    {"read-count", kZoneCounter, false},
    {"viewnum", kZoneCounter, false},
    {"view-num", kZoneCounter, false},
    {"view-count", kZoneCounter, false},
    {"views", kZoneCounter, true},
    {"eye", kZoneCounter, true},
    {"browse", kZoneCounter, true},
    {"liulan", kZoneCounter, false},
    {"icon-view", kZoneCounter, false},
    {"icon-read", kZoneCounter, false},
    {"yuedu", kZoneCounter, false},
    {"chakan", kZoneCounter, false},
    {"djcs", kZoneCounter, false},
    {"llcs", kZoneCounter, false},
};

// The hints by the letter that they begin with.
class HintsByLetter {
 public:
  HintsByLetter() : hints_(std::begin(kHints), std::end(kHints)) {
    std::stable_sort(hints_.begin(), hints_.end(), [](const Hint& a, const Hint& b) { return a.word[0] < b.word[0]; });
    for (size_t i = hints_.size(); i-- > 0;) first_[static_cast<size_t>(hints_[i].word[0] - 'a')] = i, count_[static_cast<size_t>(hints_[i].word[0] - 'a')]++;
  }
  std::span<const Hint> Of(char c) const {
    if (c < 'a' || c > 'z') return {};
    const auto letter = static_cast<size_t>(c - 'a');
    return std::span(hints_).subspan(first_[letter], count_[letter]);
  }

 private:
  std::vector<Hint> hints_;
  std::array<size_t, 26> first_{}, count_{};
};

bool IsWordEdge(std::string_view text, size_t place) {
  return place == 0 || place >= text.size() || !(IsAsciiAlpha(text[place]) && IsAsciiAlpha(text[place - 1]));
}

// camelCase is a word edge as well: the text is not yet lower-cased.
bool IsHumpEdge(std::string_view original, size_t place) {
  return place > 0 && place < original.size() && original[place] >= 'A' && original[place] <= 'Z' &&
         original[place - 1] >= 'a';
}

// con-foot, nr_bottom: the same by the short names of a text's box. `name` is in small letters.
bool IsFootOfText(std::string_view name) {
  size_t end = name.find("foot");
  if (end == std::string_view::npos) end = name.find("bottom");
  if (end == std::string_view::npos) return false;
  while (end > 0 && (name[end - 1] == '-' || name[end - 1] == '_')) --end;
  size_t begin = end;
  while (begin > 0 && IsAsciiAlpha(name[begin - 1])) --begin;
  static constexpr std::string_view kTexts[] = {"con", "cont", "art", "arti", "text", "txt", "news", "nr", "wz", "zw", "xl"};
  return std::find(std::begin(kTexts), std::end(kTexts), name.substr(begin, end - begin)) != std::end(kTexts);
}

// 18px, 14pt, large: bigger than text is.
bool IsLargeSize(std::string_view value) {
  size_t digits = 0;
  int size = 0;
  while (digits < value.size() && digits < 4 && IsAsciiDigit(value[digits])) size = size * 10 + (value[digits++] - '0');
  if (digits == 0) return EqualsIgnoreAsciiCase(value.substr(0, 5), "large") || EqualsIgnoreAsciiCase(value.substr(0, 7), "x-large");
  if (digits < value.size() && value[digits] == '.') {
    ++digits;
    while (digits < value.size() && IsAsciiDigit(value[digits])) ++digits;
  }
  const std::string_view unit = value.substr(digits, 2);
  if (EqualsIgnoreAsciiCase(unit, "px")) return size >= 18;
  if (EqualsIgnoreAsciiCase(unit, "pt")) return size >= 14;
  return false;
}

}  // namespace

uint16_t ZonesOfName(std::string_view original) {
  if (original.empty() || original.size() > 200) return 0;
  char lower_buffer[200];
  for (size_t i = 0; i < original.size(); ++i) lower_buffer[i] = ToAsciiLower(original[i]);
  const std::string_view lower(lower_buffer, original.size());
  static const HintsByLetter hints;
  uint16_t zones = 0;
  for (size_t at = 0; at < lower.size(); ++at) {
    for (const Hint& hint : hints.Of(lower[at])) {
      if ((zones & hint.zone) == hint.zone || !lower.substr(at).starts_with(hint.word)) continue;
      const size_t end = at + hint.word.size();
      if (!hint.whole || ((IsWordEdge(lower, at) || IsHumpEdge(original, at)) && (IsWordEdge(lower, end) || IsHumpEdge(original, end)))) zones |= hint.zone;
    }
  }
  // nav-content, header-wrap: what lies below the menu, not the menu.
  if ((zones & (kZoneNavigation | kZoneHeader)) != 0) {
    for (const std::string_view end : {"content", "con", "main", "body", "wrap", "wrapper", "container"}) {
      if (lower.size() > end.size() && lower.ends_with(end)) zones &= static_cast<uint16_t>(~(kZoneNavigation | kZoneHeader));
    }
  }
  // hot-content, top_con: the text of a page whose names begin alike.
  if ((zones & kZoneAside) != 0 && (lower.starts_with("hot") || lower.starts_with("banner")) && (lower.ends_with("content") || lower.ends_with("con")))
    zones &= static_cast<uint16_t>(~kZoneAside);
  // detail_bottom, article-footer: the foot of the text, where its source and its editor stand.
  if ((zones & (kZoneContent | kZoneFooter)) == (kZoneContent | kZoneFooter)) zones &= static_cast<uint16_t>(~(kZoneContent | kZoneFooter));
  if ((zones & kZoneFooter) != 0 && IsFootOfText(lower)) zones &= static_cast<uint16_t>(~kZoneFooter);
  constexpr uint16_t kElsewhere = kZoneNavigation | kZoneFooter | kZoneAside | kZoneHeader | kZoneControls | kZoneCrumbs;
  if ((zones & kZoneContent) != 0 && (zones & kElsewhere) == 0 && (lower.ends_with("content") || lower.ends_with("article"))) zones |= kZoneText;
  return zones;
}

// Most declarations begin with other letters and cost no more than the search for their end.
StyleFacts ReadStyle(std::string_view style) {
  StyleFacts facts;
  while (!style.empty()) {
    const size_t end = std::min(style.find(';'), style.size());
    std::string_view declaration = style.substr(0, end);
    style.remove_prefix(std::min(end + 1, style.size()));
    while (!declaration.empty() && IsAsciiSpace(declaration[0])) declaration.remove_prefix(1);
    if (declaration.size() < 10) continue;
    const auto value_of = [&](std::string_view property) -> std::string_view {
      if (declaration.size() <= property.size() || !EqualsIgnoreAsciiCase(declaration.substr(0, property.size()), property)) return {};
      std::string_view value = declaration.substr(property.size());
      while (!value.empty() && IsAsciiSpace(value[0])) value.remove_prefix(1);
      if (value.empty() || value[0] != ':') return {};
      value.remove_prefix(1);
      while (!value.empty() && IsAsciiSpace(value[0])) value.remove_prefix(1);
      return value;
    };
    switch (ToAsciiLower(declaration[0])) {
      case 'd':
        if (EqualsIgnoreAsciiCase(value_of("display").substr(0, 4), "none")) facts.undisplayed = true;
        break;
      case 'v':
        if (EqualsIgnoreAsciiCase(value_of("visibility").substr(0, 6), "hidden")) facts.invisible = true;
        break;
      case 'f':
        if (IsLargeSize(value_of("font-size"))) facts.emphasis |= kLarge;
        break;
      case 'm':  // Microsoft's word processor
        if (IsLargeSize(value_of("mso-bidi-font-size")) || IsLargeSize(value_of("mso-ansi-font-size"))) facts.emphasis |= kLarge;
        break;
      case 't':
        if (EqualsIgnoreAsciiCase(value_of("text-align").substr(0, 6), "center")) facts.emphasis |= kCentered;
        break;
      default:
        break;
    }
  }
  return facts;
}

}  // namespace fangzhi::extract
