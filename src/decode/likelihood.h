// How likely bytes are in an encoding, by the language that its characters would be. The unit of the decision: every candidate is
// given the same bytes, and what it makes of them has a probability. For decode/ and repair/; thread-safe.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

namespace fangzhi::decode {

struct Reading {
  std::string_view encoding;
  std::string_view language;  // of the best reading
  // ln(probability) of what stands outside ASCII, ASCII bytes being free for every encoding that reads them as ASCII.
  double score = 0;
  size_t errors = 0;      // sequences that are none, and bytes passed over to come back into step
  size_t characters = 0;  // outside ASCII
  double mean() const { return characters == 0 ? 0 : score / static_cast<double>(characters); }
};

// Encodings of many bytes a character: "GBK", "Big5", "EUC-TW" (read as Chinese), "EUC-JP", "Shift_JIS" (Japanese), "EUC-KR" (Korean),
// "UTF-8" (any language), "UTF-16LE", "UTF-16BE" (likewise; `bytes` begin at a unit). A lost or extra byte costs no more than a few rare characters.
// A reading that falls below `floor` is given up there: its score, below `floor` too, then says that and no more.
Reading ReadAs(std::string_view bytes, std::string_view encoding, double floor = -std::numeric_limits<double>::infinity());

// Every single-byte encoding in the languages that are written in it. `plain` is text of the document in ASCII letters: where it
// reads like one language more than like another, that language's encodings gain. `label` may name one more encoding, which is then
// read in every language.
std::vector<Reading> ReadAsSingleByte(std::string_view bytes, std::string_view plain, std::string_view label);

// How common an encoding is among pages, where nothing else is known: ln(probability), roughly, for an archive of Chinese pages.
double Prior(std::string_view encoding);

}  // namespace fangzhi::decode
