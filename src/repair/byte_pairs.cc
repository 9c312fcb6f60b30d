#include "repair/byte_pairs.h"

#include <map>
#include <string>

#include "base/mutex.h"
#include "decode/decode.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

// What Windows' code page 932 has beside the standard's Shift_JIS: text garbled by Windows holds these.
struct SingleByte {
  unsigned byte;
  char32_t character;
};
constexpr SingleByte kWindows932[] = {{0x80, 0x80}, {0xA0, 0xF8F0}, {0xFD, 0xF8F1}, {0xFE, 0xF8F2}, {0xFF, 0xF8F3}};

// Private-use characters that stood for GBK pairs before GB 18030-2005 and -2022 gave these others: older readers show them still.
struct OldPair {
  char32_t character;
  uint16_t code;
  unsigned count;  // in order
};
constexpr OldPair kOldGbk[] = {{0xE7C7, 0xA8BC, 1}, {0xE78D, 0xA6D9, 7}, {0xE794, 0xA6EC, 2}, {0xE796, 0xA6F3, 1}, {0xE81E, 0xFE59, 1}, {0xE826, 0xFE61, 1},
                               {0xE82B, 0xFE66, 2}, {0xE832, 0xFE6D, 1}, {0xE843, 0xFE7E, 1}, {0xE854, 0xFE90, 1}, {0xE864, 0xFEA0, 1}};

}  // namespace

BytePairs::BytePairs(const char* encoding) : character_(0x10000, 0), first_(0x10000, 0), has_several_(0x10000, false) {
  // One conversion of all of them, each on a line.
  std::string lines;
  for (unsigned lead = 0x80; lead <= 0xFF; ++lead) {
    lines.push_back(static_cast<char>(lead));
    lines.push_back('\n');
  }
  for (unsigned lead = 0x81; lead <= 0xFE; ++lead) {
    for (unsigned trail = 0x40; trail <= 0xFE; ++trail) {
      lines.push_back(static_cast<char>(lead));
      lines.push_back(static_cast<char>(trail));
      lines.push_back('\n');
    }
  }
  const std::string text = decode::DecodeAs(lines, encoding).text;
  size_t at = 0;
  auto take = [&](unsigned index) {
    const size_t end = text.find('\n', at);
    const std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    size_t used = 0;
    const char32_t c = line.empty() ? 0 : text::DecodeUtf8(line, used);
    // A pair of two characters (a single byte and an ASCII character, or two single bytes) is no pair.
    if (used == line.size() && c >= 0x80 && c < 0x10000 && c != text::kReplacement) character_[index] = static_cast<uint16_t>(c);
  };
  for (unsigned lead = 0x80; lead <= 0xFF; ++lead) take(lead);
  for (unsigned lead = 0x81; lead <= 0xFE; ++lead) {
    for (unsigned trail = 0x40; trail <= 0xFE; ++trail) take((lead << 8) | trail);
  }
  if (std::string_view(encoding) == "Shift_JIS") {
    for (const SingleByte& entry : kWindows932) character_[entry.byte] = static_cast<uint16_t>(entry.character);
    // The user-defined rows, F040 to F9FC, in order.
    uint16_t next = 0xE000;
    for (unsigned lead = 0xF0; lead <= 0xF9; ++lead) {
      for (unsigned trail = 0x40; trail <= 0xFC; ++trail) {
        if (trail != 0x7F) character_[(lead << 8) | trail] = next++;
      }
    }
  }
  if (std::string_view(encoding) == "GBK") {
    for (const OldPair& old : kOldGbk) {
      for (unsigned i = 0; i < old.count; ++i) first_[old.character + i] = static_cast<uint16_t>(old.code + i);
    }
  }
  const bool windows = std::string_view(encoding).substr(0, 8) == "windows-";
  // C1 controls pass for the bytes that a Windows page gives to others: text is found with both.
  for (unsigned c1 = 0x80; windows && c1 < 0xA0; ++c1) first_[c1] = static_cast<uint16_t>(c1);
  for (unsigned index = 0x80; index < 0x10000; ++index) {
    const char32_t c = character_[index];
    if (c == 0) continue;
    if (first_[c] == 0 || first_[c] == index) {
      first_[c] = static_cast<uint16_t>(index);
    } else {
      std::vector<uint16_t>& codes = several_[c];
      if (codes.empty()) codes.push_back(first_[c]);
      has_several_[c] = true;
      codes.push_back(static_cast<uint16_t>(index));
    }
  }
}

BytePairs::Codes BytePairs::SeveralCodesOf(char32_t c) const {
  const std::vector<uint16_t>& codes = several_.at(c);
  return {codes.data(), codes.data() + codes.size()};
}

const BytePairs& BytePairs::Of(std::string_view encoding) {
  // Never destroyed: worker threads may outlive main's statics.
  static Mutex* const mutex = new Mutex;
  static auto* const tables = new std::map<std::string, const BytePairs*, std::less<>>;
  const MutexLock lock(*mutex);
  const auto found = tables->find(encoding);
  if (found != tables->end()) return *found->second;
  const std::string name(encoding);
  return *tables->emplace(name, new BytePairs(name.c_str())).first->second;
}

const BytePairs& BytePairs::Gbk() {
  static const BytePairs& pairs = Of("GBK");
  return pairs;
}

}  // namespace fangzhi::repair
