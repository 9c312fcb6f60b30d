// A scan of the markup before Gumbo sees it. Gumbo walks its stack of open elements at every tag, reopens every unclosed
// formatting element in every new block, and compares every attribute of a tag with all the others; all three are quadratic
// for a page made to be so. The scan keeps a rough model of that stack and leaves out the tags that would pass a limit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::html {

class StandIns;
class TreeAhead;

enum class GuardLevel { kNormal, kTight };

struct Guarded {
  bool changed = false;  // false: the markup may be parsed as it is, `text` is empty
  std::string text;
  std::vector<std::string> cuts;  // "depth", "nodes", "attributes"
};

// Linear in the markup's length (times the depth limit at worst). With `stand_ins`, made for this markup or for a text that begins with it,
// text and values are replaced on the way; with `ahead` too, which must be made for the same text, elements are emptied whose tree is known.
Guarded GuardMarkup(std::string_view markup, GuardLevel level, StandIns* stand_ins = nullptr, TreeAhead* ahead = nullptr);

}  // namespace fangzhi::html
