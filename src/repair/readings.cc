#include "repair/readings.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

#include "text/text.h"

namespace fangzhi::repair {
namespace {

// The letter under a tone mark; other characters as they are.
char32_t WithoutTone(char32_t c) {
  static constexpr std::u32string_view kMarked = U"āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿế ề";
  static constexpr std::u32string_view kPlain = U"aaaaeeeeiiiioooouuuuüüüünnnmê ê";
  const size_t at = kMarked.find(c);
  return at == std::u32string_view::npos ? c : kPlain[at];
}

class Readings {
 public:
  Readings() {
    for (size_t line = 0; line < kReadingLinesCount; ++line) {
      const std::string_view text(kReadingLines[line]);
      size_t at = 0;
      std::string pinyin;
      std::string plain;
      char32_t c = 0;
      while (at < text.size()) {
        c = text::DecodeUtf8(text, at);
        if (text::IsHan(c) || c == U'|') break;
        text::AppendUtf8(pinyin, c);
        text::AppendUtf8(plain, WithoutTone(c));
      }
      std::vector<char32_t>& characters = by_reading_[pinyin];
      std::vector<char32_t>& characters_plain = by_plain_[plain];
      bool usual = true;
      for (;; c = text::DecodeUtf8(text, at)) {
        if (c == U'|') {
          usual = false;
        } else {
          characters.push_back(c);
          characters_plain.push_back(c);
          if (usual) ++usual_readings_[c];
        }
        if (at >= text.size()) break;
      }
    }
    for (auto* table : {&by_reading_, &by_plain_}) {
      for (auto& [reading, characters] : *table) std::sort(characters.begin(), characters.end());
    }
  }

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Table = std::unordered_map<std::string, std::vector<char32_t>, Hash, std::equal_to<>>;
  static const std::vector<char32_t>& Find(const Table& table, std::string_view key) {
    static const std::vector<char32_t>* const none = new std::vector<char32_t>;
    const auto found = table.find(key);
    return found == table.end() ? *none : found->second;
  }
  Table by_reading_;
  Table by_plain_;
  std::unordered_map<char32_t, int> usual_readings_;
};

const Readings& TheReadings() {
  static const Readings* const readings = new Readings;  // never destroyed: worker threads may outlive main's statics
  return *readings;
}

bool Contains(const std::vector<char32_t>& sorted, char32_t c) {
  return std::binary_search(sorted.begin(), sorted.end(), c);
}

}  // namespace

bool HasReading(char32_t c, std::string_view pinyin) { return Contains(CharactersWithReading(pinyin), c); }

bool HasOneReading(char32_t c) {
  const auto& table = TheReadings().usual_readings_;
  const auto found = table.find(c);
  return found != table.end() && found->second == 1;
}

const std::vector<char32_t>& CharactersWithReading(std::string_view pinyin) {
  return Readings::Find(TheReadings().by_reading_, pinyin);
}

bool HasReadingWithoutTone(char32_t c, std::string_view plain) {
  return Contains(Readings::Find(TheReadings().by_plain_, plain), c);
}

}  // namespace fangzhi::repair
