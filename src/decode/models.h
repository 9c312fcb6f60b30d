// How the languages of the world use their characters: what a reading of bytes in an encoding is judged by. Inside the station only.
// Values are natural logarithms of probabilities. Models are made at first use and live as long as the program; thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fangzhi::decode {

// A language with an alphabet: how likely a letter is after another one. Letters are folded to lower case.
class LetterModel {
 public:
  static constexpr unsigned kNoLetter = 0;  // blanks, punctuation, digits, signs
  static constexpr unsigned kForeign = 1;   // a letter that the language does not have

  std::string_view language() const { return language_; }
  unsigned SymbolOf(char32_t c) const;
  float After(unsigned previous, unsigned symbol) const { return values_[previous * size_ + symbol]; }

 private:
  friend const std::vector<LetterModel>& LetterModels();
  std::string_view language_;
  std::unordered_map<char32_t, unsigned> symbols_;
  unsigned size_ = 0;
  std::vector<float> values_;
};
const std::vector<LetterModel>& LetterModels();
// nullptr for a language without one.
const LetterModel* LetterModelOf(std::string_view language);

// What comes before a character; zeros at the start of a run.
struct Context {
  char32_t before = 0;
  char32_t previous = 0;
};
// A language that writes thousands of characters: "zh", "ja" or "ko". Gives the value of `c` and moves the context on.
class CharacterModel {
 public:
  virtual ~CharacterModel() = default;
  virtual float Next(Context& context, char32_t c) const = 0;
};
const CharacterModel& ChineseModel();
const CharacterModel& JapaneseModel();
const CharacterModel& KoreanModel();

// A character that no author writes: private use, a control, U+FFFD, what Unicode has not assigned.
inline constexpr float kAlienValue = -20;

// Of a sign (no letter) how likely it is among signs, in any language.
float SignValue(char32_t c);
// Lower case by the simple rules of the alphabets that legacy encodings have. `upper` says whether `c` was a capital.
char32_t FoldCase(char32_t c, bool* upper = nullptr);
// Letters and marks of the alphabets that legacy encodings have; not ideographs, kana or hangul.
bool IsAlphabetic(char32_t c);

}  // namespace fangzhi::decode
