// The families of text that was read by the wrong code page: how each is taken back. Inside the station only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::repair {

// What must stand in a run before a family is tried: keeps the costly ones away from text that they cannot have made.
enum class Sign { kLatin, kCyrillic, kBoxes, kHan, kHangul, kHalfWidthKana };

struct Family {
  const char* name;
  const char* read_as;     // the wrong encoding
  const char* written_in;  // the right one
  Sign sign;
  bool single_byte;        // `read_as` has one byte a character
};

// What a run holds.
struct Signs {
  std::array<bool, 6> present{};
  bool has(Sign sign) const { return present[static_cast<size_t>(sign)]; }
};
Signs SignsOf(std::string_view run);

// The damage that a step's name tells: one family, or the second beneath the first for text that was read twice. `outer` is null where the name is
// of no such family.
struct NamedFamilies {
  const Family* outer = nullptr;
  const Family* inner = nullptr;
};
NamedFamilies FamiliesNamed(std::string_view step);

// The text of which `run` is what the family makes. Nothing where its bytes are no text to the last one, where the damage done again does not give
// `run`, and where a character shown has several codes.
std::optional<std::string> Undo(std::string_view run, const Family& family);
// Whether the bytes of a run that `family` would take for another encoding's are UTF-8 to the last one: no other text is that by chance.
bool IsUtf8Instead(std::string_view run, const Family& family);
// As Undo by each code of the characters shown, for a short run: several texts, or none.
std::vector<std::string> UndoEveryWay(std::string_view run, const Family& family);

}  // namespace fangzhi::repair
