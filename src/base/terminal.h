// What a person's terminal sees. Text from outside goes through Printable: control characters, escape sequences and
// bidirectional overrides come out as visible escapes.
#pragma once

#include <string>
#include <string_view>

namespace fangzhi {

// Safe to print: C0 (but tab and newline), C1, DEL, bidi controls and invalid UTF-8 become \xNN or \uNNNN.
std::string Printable(std::string_view text);
// The same on one line: newline and tab escaped too.
std::string PrintableLine(std::string_view text);
// For what goes to a terminal as it is: what Printable would escape is left out. A lone carriage return, which overwrites its line, becomes a line end.
std::string WithoutControls(std::string_view text);
// Columns that a terminal gives to the text: two for wide characters (East Asian Width W and F), none for combining marks.
size_t DisplayWidth(std::string_view utf8);
// Cut to `columns`, with an ellipsis where something was cut.
std::string CutToWidth(std::string_view utf8, size_t columns);

bool IsTerminal(int descriptor);
size_t TerminalColumns(int descriptor);  // 80 where unknown

}  // namespace fangzhi
