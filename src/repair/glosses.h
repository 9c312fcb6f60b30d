// What the parts of the gloss repair share (glosses.cc, runs.cc). Inside the station only.
#pragma once

#include <cstddef>
#include <string_view>

#include "repair/edits.h"

namespace fangzhi::repair {

// "(lái)" at `at`, with `opening` for its first character: its length in bytes, without a look at the character before. 0 when no
// syllable stands there.
size_t GlossLength(std::string_view text, size_t at, char opening, std::string_view& pinyin);

// The rest of a tag whose "<" is gone: "/p>", "br />". Only elements of HTML, and of one letter only ends: what else stands before ">" compares.
bool IsRestOfTag(std::string_view text, size_t at);

// Reads a line as bytes where it shows runs out of step: restores these, takes the glosses out, lists what stays. False when the line shows
// none, or no reading was found: its glosses are then still there. `page`: glosses gave the document away; without that only what is
// beyond doubt is touched. `kept_private_use`: the document has not lost its private-use characters.
bool RepairRuns(std::string_view text, Node node, bool page, bool kept_private_use, size_t& budget, Findings& findings);

}  // namespace fangzhi::repair
