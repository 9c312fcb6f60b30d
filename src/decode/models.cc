#include "decode/models.h"

#include <algorithm>

#include "decode/models_data.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::decode {
namespace {

constexpr float kStep = 0.25F;

float LevelValue(char mark) { return -kStep * static_cast<float>(mark - '!'); }

// Chinese prose, of which text/ has a model. What prose lacks costs no more than a few errors would.
class Chinese : public CharacterModel {
 public:
  float Next(Context& context, char32_t c) const override {
    const char32_t symbol = text::ProseSymbol(c);
    if (symbol == 0) {
      context = {};
      return c == 0xA0 || c == 0x3000 ? -4.0F : kAlienValue;
    }
    // Dashes and ellipses are written twice.
    const bool twin = c == 0x2014 || c == 0x2026 || c == 0x2500;
    const auto value = twin && context.previous == symbol ? -0.7F
                                                          : std::max(twin ? -8.0F : kAlienValue, static_cast<float>(text::ProseLogProbability(context.before, context.previous, symbol)));
    context = {context.previous, symbol};
    return value;
  }
};

// Single characters and pairs from a table made by scripts/generate-charset-models.
class Counted : public CharacterModel {
 public:
  Counted(std::string_view characters, const char* const* pairs, size_t pair_lines, char32_t script_begin, char32_t script_end)
      : single_(0x10000, kUnseen), script_begin_(script_begin), script_end_(script_end) {
    char mark = '!';
    for (size_t at = 0; at < characters.size();) {
      const char32_t c = text::DecodeUtf8(characters, at);
      if (c < 0x80) {
        mark = static_cast<char>(c);
      } else if (c < 0x10000) {
        single_[c] = LevelValue(mark);
      }
    }
    for (size_t line = 0; line < pair_lines; ++line) {
      const std::string_view row(pairs[line]);
      size_t at = 0;
      const char32_t first = text::DecodeUtf8(row, at);
      while (at < row.size()) {
        const char32_t c = text::DecodeUtf8(row, at);
        if (c < 0x80) {
          mark = static_cast<char>(c);
        } else {
          pairs_.emplace((static_cast<uint32_t>(first) << 16) | static_cast<uint32_t>(c), LevelValue(mark));
        }
      }
    }
  }

  float Next(Context& context, char32_t c) const override {
    const char32_t previous = context.previous;
    context = {previous, c};
    if (previous != 0 && previous < 0x10000 && c < 0x10000) {
      const auto found = pairs_.find((static_cast<uint32_t>(previous) << 16) | static_cast<uint32_t>(c));
      if (found != pairs_.end()) return found->second;
    }
    if (c < 0x10000 && single_[c] > kUnseen) return single_[c] - 0.4F;  // the listed pairs have taken a part
    if (c >= script_begin_ && c <= script_end_) return -12.5F;
    if (text::IsHan(c)) return c >= 0x4E00 && c <= 0x9FA5 ? -13.5F : -16.0F;
    if (c < 0xA0 || c >= 0x10000 || text::IsPrivateUse(c) || c == text::kReplacement) return kAlienValue;
    return IsAlphabetic(c) ? -13.0F : -12.0F;
  }

 private:
  static constexpr float kUnseen = -100;
  std::vector<float> single_;
  std::unordered_map<uint32_t, float> pairs_;
  char32_t script_begin_, script_end_;
};

}  // namespace

const CharacterModel& ChineseModel() {
  static const Chinese* const model = new Chinese;  // none of these is destroyed: worker threads may outlive main's statics
  return *model;
}

const CharacterModel& JapaneseModel() {
  static const Counted* const model = new Counted(kJaCharacters, kJaPairs, kJaPairsCount, 0x3040, 0x30FF);
  return *model;
}

const CharacterModel& KoreanModel() {
  static const Counted* const model = new Counted(kKoCharacters, kKoPairs, kKoPairsCount, 0xAC00, 0xD7A3);
  return *model;
}

unsigned LetterModel::SymbolOf(char32_t c) const {
  const auto found = symbols_.find(FoldCase(c));
  if (found != symbols_.end()) return found->second;
  return IsAlphabetic(c) || c >= 0x2E80 ? kForeign : kNoLetter;
}

const std::vector<LetterModel>& LetterModels() {
  static const auto* const models = [] {
    auto* made = new std::vector<LetterModel>;
    for (size_t i = 0; i < kLetterModelsCount; ++i) {
      const LetterModelData& data = kLetterModels[i];
      LetterModel& model = made->emplace_back();
      model.language_ = data.language;
      const std::string_view alphabet(data.alphabet);
      unsigned next = 2;
      for (size_t at = 0; at < alphabet.size();) model.symbols_.emplace(text::DecodeUtf8(alphabet, at), next++);
      model.size_ = next;
      const std::string_view levels(data.levels);
      for (const char mark : levels) model.values_.push_back(LevelValue(mark));
    }
    return made;
  }();
  return *models;
}

const LetterModel* LetterModelOf(std::string_view language) {
  for (const LetterModel& model : LetterModels()) {
    if (model.language() == language) return &model;
  }
  return nullptr;
}

float SignValue(char32_t c) {
  if (c < 0x80) return 0;
  switch (c) {
    case 0xA0: return -2.5F;
    case 0xAB: case 0xBB: case 0x201C: case 0x201D: case 0x201E: case 0x2019: case 0x2013: return -3.0F;
    case 0x2018: case 0x2014: case 0x2026: case 0x2022: case 0xB7: case 0xA9: return -4.0F;
    case 0xB0: case 0xAE: case 0xA7: case 0x20AC: case 0xA3: case 0x2122: case 0xBF: case 0xA1: case 0x2116: return -5.5F;
    case 0xBA: case 0xAA: case 0xB2: case 0xB3: case 0xBD: case 0xB1: case 0xB4: case 0xD7: case 0x2039: case 0x203A: case 0x201A: case 0xB6: case 0x2020:
      return -7.0F;
    default: break;
  }
  if (c < 0xA0 || c == text::kReplacement || text::IsPrivateUse(c)) return -14.0F;
  return -9.0F;
}

bool IsAlphabetic(char32_t c) {
  if (c < 0x80) return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
  return (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x300 && c <= 0x36F) || (c >= 0x370 && c <= 0x52F && c != 0x37E && c != 0x387) ||
         (c >= 0x531 && c <= 0x587) || (c >= 0x591 && c <= 0x5F4 && c != 0x5BE && c != 0x5C0 && c != 0x5C3) || (c >= 0x620 && c <= 0x6D3 && (c < 0x660 || c > 0x66D)) ||
         (c >= 0xE01 && c <= 0xE4E && c != 0xE3F) || (c >= 0x1E00 && c <= 0x1FFF);
}

char32_t FoldCase(char32_t c, bool* upper) {
  char32_t lower = c;
  if (c < 0x80) {
    if (c >= U'A' && c <= U'Z') lower = c + 32;
  } else if ((c >= 0xC0 && c <= 0xDE && c != 0xD7)) {
    lower = c + 32;
  } else if (c == 0x130) {
    lower = U'i';
  } else if (c >= 0x100 && c <= 0x177 && c != 0x131 && c != 0x138 && c != 0x149) {
    // Pairs of capital and small letter; between U+0139 and U+0148 the capitals are odd.
    const bool odd = c >= 0x139 && c <= 0x148;
    if ((c % 2 == 1) == odd) lower = c + 1;
  } else if (c == 0x178) {
    lower = 0xFF;
  } else if (c == 0x179 || c == 0x17B || c == 0x17D || c == 0x1AF || (c >= 0x1CD && c <= 0x1DC && c % 2 == 1)) {
    lower = c + 1;
  } else if (c == 0x1A0 || (c >= 0x218 && c <= 0x21B && c % 2 == 0) || (c >= 0x1E00 && c <= 0x1EF9 && c % 2 == 0 && (c < 0x1E96 || c > 0x1E9F))) {
    lower = c + 1;
  } else if (c >= 0x391 && c <= 0x3AB && c != 0x3A2) {
    lower = c + 32;
  } else if (c == 0x386) {
    lower = 0x3AC;
  } else if (c >= 0x388 && c <= 0x38A) {
    lower = c + 37;
  } else if (c == 0x38C) {
    lower = 0x3CC;
  } else if (c == 0x38E || c == 0x38F) {
    lower = c + 63;
  } else if (c >= 0x400 && c <= 0x40F) {
    lower = c + 80;
  } else if (c >= 0x410 && c <= 0x42F) {
    lower = c + 32;
  } else if (c >= 0x490 && c <= 0x4BF && c % 2 == 0) {
    lower = c + 1;
  }
  if (upper != nullptr) *upper = lower != c;
  return lower;
}

}  // namespace fangzhi::decode
