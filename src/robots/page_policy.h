// What a page itself asks of robots: <meta name="robots"> and X-Robots-Tag, as the large search engines document them (there is no standard). Names
// and directives without case; several unite, so the most restrictive wins. Pure, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fangzhi::robots {

struct PagePolicy {
  bool noindex = false, nofollow = false, noarchive = false;
  // "noindex, nofollow" in that order; empty where nothing is asked.
  std::string Text() const;
};

// `metas`: name and content of the page's meta elements, of whatever name: those called "robots" or like `agent` count. `headers`: the values of each
// X-Robots-Tag field; one that begins with "<agent>:" is for that agent alone. Directives that are not known ("max-snippet:-1") ask nothing here.
PagePolicy ReadPagePolicy(std::string_view agent, const std::vector<std::pair<std::string, std::string>>& metas,
                          const std::vector<std::string>& headers);

}  // namespace fangzhi::robots
