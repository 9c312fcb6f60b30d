// Which labels a line has, and where elements and gaps divide it. Internal to extract/.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "extract/characters.h"
#include "extract/info_line.h"
#include "extract/page_view.h"

namespace fangzhi::extract {

// All labels of a line and the divisions of the line in code points.
struct LineScan {
  FoldedText text;
  std::vector<LabelMatch> labels;  // in order
  std::vector<std::pair<size_t, bool>> divisions;  // code point, gap

  bool GapAt(size_t place) const {
    for (const auto& division : divisions) {
      if (division.first == place) return division.second;
    }
    return false;
  }
  bool DivisionAt(size_t place) const {
    for (const auto& division : divisions) {
      if (division.first == place) return true;
    }
    return false;
  }
};

// Reads `content`, the text of `line`, into `scan`, whose memory is used again. `joined`: two lines in one, whose divisions say nothing.
// `short_line`: short enough that words without a colon may be labels. `next_division` walks with the lines.
void ScanLine(const PageView& view, const Line& line, std::string_view content, bool joined, bool short_line, size_t& next_division, LineScan& scan);
// Where what `label` says begins: 6.3万阅读 with its number, which stands behind `from`.
size_t BeginOfLabelled(const FoldedText& text, const LabelMatch& label, size_t from);

}  // namespace fangzhi::extract
