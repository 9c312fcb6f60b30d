#include "links/requisites.h"

#include <array>

#include "base/limits.h"
#include "base/strings.h"
#include "links/links.h"

namespace fangzhi::links {
namespace {

constexpr size_t kMostTargets = 500;  // of a sheet: one with icons has some hundred
constexpr size_t kMostPictures = 20;  // of a set: a width each
constexpr size_t kLongestSheet = size_t{4} << 20;

// From behind the opening quote or bracket to its end; escapes are read as what they stand for, a line's end breaks a string off. `at` moves behind it.
std::string Address(std::string_view css, size_t& at, char end) {
  std::string address;
  for (; at < css.size() && css[at] != end && css[at] != '\n'; ++at) {
    if (css[at] == '\\' && at + 1 < css.size() && css[at + 1] != '\n') ++at;
    if (address.size() <= limits::kMaxUrlBytes) address.push_back(css[at]);
  }
  const bool closed = at < css.size() && css[at] == end;
  if (closed) ++at;
  return closed && address.size() <= limits::kMaxUrlBytes ? std::string(TrimAscii(address)) : std::string();
}

}  // namespace

std::vector<std::string> StyleTargets(std::string_view css) {
  css = css.substr(0, kLongestSheet);
  std::vector<std::string> targets;
  // Few of the styles that stand in pages name anything: they have a bracket behind the word, or a rule of that name.
  bool any = css.find('@') != std::string_view::npos;
  for (size_t bracket = css.find('('); !any && bracket != std::string_view::npos; bracket = css.find('(', bracket + 1)) {
    any = bracket >= 3 && EqualsIgnoreAsciiCase(css.substr(bracket - 3, 3), "url");
  }
  if (!any) return targets;
  const auto skip = [&css](size_t at) {
    while (at < css.size() && IsAsciiSpace(css[at])) ++at;
    return at;
  };
  const auto take = [&targets](std::string address) {
    if (!address.empty() && address[0] != '#' && !EqualsIgnoreAsciiCase(std::string_view(address).substr(0, 5), "data:")) targets.push_back(std::move(address));
  };
  // What nothing of it begins with is passed over at once: that is nearly all of a sheet.
  static constexpr std::array<bool, 256> kBegins = [] {
    std::array<bool, 256> begins{};
    for (const char c : {'/', '"', '\'', '@', 'u', 'U'}) begins[static_cast<unsigned char>(c)] = true;
    return begins;
  }();
  for (size_t at = 0; at < css.size() && targets.size() < kMostTargets;) {
    const char c = css[at];
    if (!kBegins[static_cast<unsigned char>(c)]) {
      ++at;
      continue;
    }
    if (c == '/' && at + 1 < css.size() && css[at + 1] == '*') {
      const size_t close = css.find("*/", at + 2);
      if (close == std::string_view::npos) break;
      at = close + 2;
    } else if (c == '"' || c == '\'') {
      ++at;
      Address(css, at, c);
    } else if (c == '@' && EqualsIgnoreAsciiCase(css.substr(at, 7), "@import")) {
      at = skip(at + 7);
      if (at < css.size() && (css[at] == '"' || css[at] == '\'')) {
        const char quote = css[at++];
        take(Address(css, at, quote));
      }
    } else if ((c == 'u' || c == 'U') && EqualsIgnoreAsciiCase(css.substr(at, 4), "url(")) {
      at = skip(at + 4);
      if (at < css.size() && (css[at] == '"' || css[at] == '\'')) {
        const char quote = css[at++];
        take(Address(css, at, quote));
      } else {
        take(Address(css, at, ')'));
      }
    } else {
      ++at;
    }
  }
  return targets;
}

std::vector<std::string_view> PictureSet(std::string_view srcset) {
  std::vector<std::string_view> pictures;
  const auto is_gap = [](char c) { return c == ',' || IsAsciiSpace(c); };
  for (size_t at = 0; pictures.size() < kMostPictures;) {
    while (at < srcset.size() && is_gap(srcset[at])) ++at;
    if (at >= srcset.size()) break;
    size_t end = at;
    while (end < srcset.size() && !IsAsciiSpace(srcset[end])) ++end;
    std::string_view address = srcset.substr(at, end - at);
    const bool alone = address.ends_with(',');  // without a width
    while (address.ends_with(',')) address.remove_suffix(1);
    if (!address.empty() && !EqualsIgnoreAsciiCase(address.substr(0, 5), "data:")) pictures.push_back(address);
    at = alone ? end : std::min(srcset.find(',', end), srcset.size());
  }
  return pictures;
}

std::vector<model::Link> FindLinksInStyleSheet(std::string_view css, const url::Url& sheet_url) {
  std::vector<model::Link> links;
  for (const std::string& target : StyleTargets(css)) {
    const auto address = url::Canonical(target, &sheet_url);
    if (address && address->IsHttp()) links.push_back({address->HrefWithoutFragment(), model::LinkKind::kRequisite, "", ""});
  }
  return links;
}

}  // namespace fangzhi::links
