// What a page needs to be shown, where no attribute holds just an address: style sheets and sets of pictures for screens of several sizes. Linear, bounded.
// Internal to links/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::links {

// The addresses in a style sheet or a style attribute, as they are written: url(…) and @import "…" (CSS Syntax 3, 4.3). Comments and data: are passed over.
std::vector<std::string> StyleTargets(std::string_view css);

// The addresses in a srcset attribute (HTML 4.8.4.2.1).
std::vector<std::string_view> PictureSet(std::string_view srcset);

}  // namespace fangzhi::links
