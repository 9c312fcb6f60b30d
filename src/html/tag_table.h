// What the guard knows of each tag.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fangzhi::html {

// What a tag does to the stack of open elements (WHATWG HTML 13.2.6, as Gumbo 0.10.1 follows it).
enum TagBehaviour : uint32_t {
  kVoid = 1u << 0,          // never open
  kFormatting = 1u << 1,    // reopened in later blocks while not closed
  kSpecial = 1u << 2,       // end tags of ordinary elements do not reach past it
  kScope = 1u << 3,         // end tags of blocks do not reach past it
  kTableScope = 1u << 4,    // those of table parts neither
  kMarker = 1u << 5,        // formatting elements from outside are not reopened within
  kClosesP = 1u << 6,       // a block: closes an open <p>
  kRaw = 1u << 7,           // its content is text up to its own end tag
  kHeading = 1u << 8,
  kCell = 1u << 9,          // td, th
  kTablePart = 1u << 10,    // exists only within a table
  kRowGroup = 1u << 11,     // tbody, thead, tfoot, caption, colgroup
  kSelectPart = 1u << 12,   // what a <select> may hold
  kSelectEnd = 1u << 13,    // what closes a <select>
  kBreakout = 1u << 14,     // closes <svg> and <math>
  kSingle = 1u << 15,       // html, head, body: there is one of each, whatever the tags say
  kIntegration = 1u << 16,  // within <svg> or <math>: its content is HTML again, and it is a scope
  kForeignRoot = 1u << 17,
  kForeign = 1u << 18,  // set on open elements, not on tags
};

inline constexpr size_t kTags = 256;

struct TagTable {
  std::array<uint32_t, kTags> flags{};
  uint16_t a, button, caption, colgroup, dd, dt, form, li, option, p, plaintext, script, select, table, tbody, template_, tr;
};

const TagTable& Table();

// The same by what Gumbo 0.10.1 does at a tag in a body, case by case.
enum class TagKind : uint8_t {
  kUnknown,       // not known here
  kOrdinary,      // "any other"
  kBlock,         // closes a <p>
  kParagraph,
  kHeading,
  kPreformatted,
  kListItem,
  kDefinition,
  kForm,
  kButton,
  kFormatting,
  kAnchor,
  kFrameOfFormats,  // formatting elements from outside are not reopened within
  kTable,
  kCaption,
  kColumnGroup,
  kColumn,
  kRowGroup,
  kRow,
  kCell,
  kVoid,
  kSilentVoid,  // reopens no formatting element
  kRule,
  kRawText,        // its content is text as it stands
  kEscapedText,    // its content is text, but not as it stands
  kSelect,
  kOption,
  kOptionGroup,
  kIgnored,
};

TagKind KindOf(uint32_t tag);
// Whether an ordinary end tag does not reach past it.
bool IsSpecial(uint32_t tag);
// Whether an end tag from further out closes it as a matter of course.
bool HasImpliedEnd(uint32_t tag);

// The name of a tag below kTags, which lives for ever.
std::string_view TagName(uint16_t tag);

}  // namespace fangzhi::html
