// Paths and patterns of RFC 9309, 2.2.2 and 2.2.3.
#pragma once

#include <string>
#include <string_view>

namespace fangzhi::robots::internal {

// The form in which paths are compared (2.2.2). `is_pattern`: '*' and a '$' at the end keep their meaning,
// elsewhere '$' is a literal; in a path both are literals and come out as %2A and %24.
std::string NormalizePath(std::string_view path, bool is_pattern);

// Whether the normalised pattern matches the normalised path from its start. Linear in both: each piece
// between stars is looked for once, leftmost.
bool Matches(std::string_view pattern, std::string_view path);

}  // namespace fangzhi::robots::internal
