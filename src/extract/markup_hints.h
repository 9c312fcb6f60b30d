// What an element says of its part in the page by its id, its class and its style: names that templates use in English and pinyin, hidden elements,
// and large or centred text. Hints, of which page_view makes zones of lines. Internal to extract/.
#pragma once

#include <cstdint>
#include <string_view>

namespace fangzhi::extract {

// ZoneFlags of an id or a class attribute; 0 for what says nothing, and for more than 200 bytes. Linear in the name for each of some hundred words.
uint16_t ZonesOfName(std::string_view name);

struct StyleFacts {
  bool undisplayed = false;  // display:none
  bool invisible = false;    // visibility:hidden, which keeps the element's place: what is long is shown by a script at once
  uint8_t emphasis = 0;  // EmphasisFlag
};

// What the declarations of a style attribute say that matters here. Linear.
StyleFacts ReadStyle(std::string_view style);

}  // namespace fangzhi::extract
