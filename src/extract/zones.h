// Which lines stand in which zones of the page, once all lines are there: what names of elements promise is held against what they hold. Internal to
// extract/.
#pragma once

#include <vector>

#include "extract/page_view.h"

namespace fangzhi::extract {

// An element whose tag or names say something of what it holds.
struct Zone {
  html::NodeIndex begin, end;
  uint16_t flags;  // ZoneFlag
};

// Gives each line of `view` the flags of the zones around it. `zones` in document order. A zone that holds most of the text, a footer with more below
// it, a menu with sentences are none.
void PlaceZones(std::vector<Zone> zones, PageView& view);

}  // namespace fangzhi::extract
