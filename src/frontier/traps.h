// URLs that lead in circles, or that do harm when they are asked, by their shape alone.
#pragma once

#include <string_view>

#include "model/page.h"

namespace fangzhi::frontier {

// A path in which one run of segments repeats three times or more (/a/b/a/b/a/b), or of more than 32 segments: relative links that
// were resolved against themselves.
bool IsTrap(std::string_view url);

// Whether asking for it would be counted: a beacon, whatever leads to it; a counter, which is asked with its page, by the site's consent, and never as a
// link; a part of a page that looks like either, for it would be loaded at every visit.
bool WouldCount(std::string_view url, model::LinkKind kind);

// Whether `next` is a following page of the list at `list`: same folder (TRS, Hanweb, plain), the folder named like the list's file (VSB:
// zbgg.htm → zbgg/10.htm), or the same path with another query.
bool IsNextPageOf(std::string_view list, std::string_view next);

}  // namespace fangzhi::frontier
