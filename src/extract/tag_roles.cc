#include "extract/tag_roles.h"

#include <utility>

#include "extract/page_view.h"

namespace fangzhi::extract {

void Roles::Set(std::string_view name, Role role, uint16_t zone, uint8_t level) {
  const uint16_t tag = html::Tag(name);
  if (tag == html::kUnknownTag) return;
  if (by_tag_.size() <= tag) {
    by_tag_.resize(tag + size_t{1}, Role::kInline);
    zones_.resize(tag + size_t{1}, 0);
    levels_.resize(tag + size_t{1}, 0);
  }
  by_tag_[tag] = role;
  zones_[tag] = zone;
  levels_[tag] = level;
}

Roles::Roles() {
  for (const char* name : {"style", "noscript", "template", "select", "option", "object", "svg", "math",
                           "canvas", "audio", "video", "map"})
    Set(name, Role::kSkip);
  Set("textarea", Role::kSkip);
  for (const char* name : {"pre", "listing", "xmp", "plaintext"}) Set(name, Role::kPre);
  Set("sup", Role::kRaised);
  for (const char* name : {"del", "s", "strike"}) Set(name, Role::kStruck);
  Set("ins", Role::kInserted);
  Set("button", Role::kInline, kZoneControls);
  Set("br", Role::kBreak);
  Set("hr", Role::kBreak);
  Set("td", Role::kCell);
  Set("th", Role::kCell);
  Set("img", Role::kImage);
  Set("a", Role::kAnchor);
  Set("meta", Role::kMeta);
  Set("title", Role::kTitle);
  Set("script", Role::kScript);
  Set("iframe", Role::kFrame);
  Set("frame", Role::kFrame);
  Set("frameset", Role::kFrame);
  Set("input", Role::kInput);
  for (const char* name : {"li", "dt", "dd", "tr"}) Set(name, Role::kItem);
  Set("h1", Role::kHeading, 0, 1);
  Set("h2", Role::kHeading, 0, 2);
  Set("h3", Role::kHeading, 0, 3);
  Set("h4", Role::kHeading, 0, 4);
  Set("h5", Role::kHeading, 0, 5);
  Set("h6", Role::kHeading, 0, 6);
  Set("nav", Role::kBlock, kZoneNavigation);
  Set("footer", Role::kBlock, kZoneFooter);
  Set("aside", Role::kBlock, kZoneAside);
  Set("article", Role::kBlock, kZoneContent);
  Set("main", Role::kBlock, kZoneContent);
  for (const auto& [name, flag] : {std::pair{"b", kBold}, {"strong", kBold}, {"big", kLarge}, {"center", kCentered}}) {
    const uint16_t tag = html::Tag(name);
    if (tag == html::kUnknownTag) continue;
    if (emphasis_.size() <= tag) emphasis_.resize(tag + size_t{1}, 0);
    emphasis_[tag] = flag;
  }
}

const Roles& TagRoles() {
  static const Roles roles;
  return roles;
}

}  // namespace fangzhi::extract
