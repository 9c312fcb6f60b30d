// What each tag is to a reader: what ends a line, what nobody sees, what stands out. Internal to extract/.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "html/html.h"

namespace fangzhi::extract {

enum class Role : uint8_t {
  kInline,
  kBlock,
  kSkip,
  kBreak,
  kCell,
  kImage,
  kHeading,
  kAnchor,
  kMeta,
  kTitle,
  kScript,
  kItem,
  kFrame,
  kInput,
  kPre,
  kRaised,    // <sup>
  kStruck,    // <del>
  kInserted,  // <ins>
};

// By tag number: asked once for each element.
class Roles {
 public:
  Roles();
  Role Of(const html::Node& node) const {
    if (node.tag < by_tag_.size() && by_tag_[node.tag] != Role::kInline) return by_tag_[node.tag];
    return html::IsBlock(node) ? Role::kBlock : Role::kInline;
  }
  // ZoneFlag that the tag itself says: nav, footer, aside.
  uint16_t ZonesOf(uint16_t tag) const { return tag < zones_.size() ? zones_[tag] : uint16_t{0}; }
  // 1…6 of headings, else 0.
  uint8_t LevelOf(uint16_t tag) const { return tag < levels_.size() ? levels_[tag] : uint8_t{0}; }
  // EmphasisFlag.
  uint8_t EmphasisOf(uint16_t tag) const { return tag < emphasis_.size() ? emphasis_[tag] : uint8_t{0}; }

 private:
  void Set(std::string_view name, Role role, uint16_t zone = 0, uint8_t level = 0);

  std::vector<Role> by_tag_;
  std::vector<uint16_t> zones_;
  std::vector<uint8_t> levels_, emphasis_;
};

const Roles& TagRoles();

}  // namespace fangzhi::extract
