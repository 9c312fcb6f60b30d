// repair/: garbled text → what its author wrote, or a mark that it is damaged.
//
// A repair is applied only when it is proved (the damage, done again to the result, gives the input back) and the result reads like
// Chinese by a language model while the input does not; else the text stays as it is. Private-use characters carry bytes and are
// looked at before anything else. Works on whole documents with markup: a run never crosses '<' or '>'.
// Pure, thread-safe, linear time; clean text costs little more than one look at each byte. A document of more than a megabyte is taken as several, each cut
// behind a line (behind a tag, a blank or a character where a line is longer): what the whole of a page says about it, its parts say as well.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::repair {

struct Step {
  std::string family;  // docs/text.md names them
  size_t begin = 0, end = 0;  // code points of the input
  std::string before, after;  // the run, cut at 200 code points
  bool lossless = true;
  double confidence = 1.0;
  std::vector<std::string> alternatives;  // of a conjecture (not lossless): other readings that come near, best first
};

struct Damage {
  size_t begin = 0, end = 0;
  std::string family;
  std::string text;
};

struct RepairedText {
  std::string text;
  bool changed = false;
  std::vector<Step> steps;    // in order of `begin`; at most kMaxSteps are listed, the last one then sums up
  std::vector<Damage> damage;
};

inline constexpr size_t kMaxSteps = 1000;

// `text` is UTF-8 (ill-formed bytes are kept as they are).
RepairedText Repair(std::string text);

// The same text as Repair gives, in pieces, of what `read` gives (it puts up to so many bytes there and gives their number, 0 at the end),
// with U+FFFD for what is ill-formed: for documents larger than memory should hold. Memory is some megabytes. What Repair says beside the text
// comes back when all of it is written.
RepairedText RepairStream(const std::function<size_t(char*, size_t)>& read, const std::function<void(std::string_view)>& sink);

}  // namespace fangzhi::repair
