// Character references, where they can be read without the whole of HTML's list: what every page has of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fangzhi::html {

// The text with its references resolved and its line ends normalised, as Gumbo has it. nullopt where a reference is not known here: one without a semicolon,
// a rare name, a number for which HTML has another character.
std::optional<std::string> ResolveReferences(std::string_view text, bool in_attribute);

// Whether there is a character in the text, unescaped, in whose place Gumbo puts U+FFFD: a control character, a noncharacter. True for some neighbours of theirs too.
bool HasForbidden(std::string_view text);

}  // namespace fangzhi::html
