// How well a sequence of characters reads as Chinese prose: probabilities of a character after the two before it, by which repair/ weighs
// readings of damaged bytes against each other. Finer than text/language.h and slower; that one tells prose from what is not.
// The model is compiled in (language_model.bin, made by scripts/generate-language-model, which describes the format); reading it needs no
// preparation. Thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace fangzhi::text {

// What the model counts. Traditional characters stand for their simplified forms, full-width and ASCII punctuation for the
// full-width form, a digit for any number (U'0'), a letter for any word in letters (U'a'). 0 for what ends a sequence: other ASCII (in
// full width it is a rare character), private use, U+FFFD, controls. Characters that are none of these come back as they are.
char32_t ProseSymbol(char32_t c);

// Natural logarithm of the probability of `c` after `before` and `previous`, all ProseSymbols; 0 stands for the start of a sequence.
// `c` 0 gives the value of a character that no author writes.
double ProseLogProbability(char32_t before, char32_t previous, char32_t c);

struct ProseTriple {
  char32_t before = 0, previous = 0, symbol = 0;
};
// These will be asked for next, some dozens of them. The model is larger than most caches: its places are fetched beside each other, and not one after the
// other. Changes no answer.
void WillAskProse(std::span<const ProseTriple> triples);

// The same for each of `symbols` after the same two, in single precision (every value is a multiple of a quarter, so none is rounded): `values`
// has room for as many. Faster than one after the other, where they were not asked for before.
void ProseLogProbabilities(char32_t before, char32_t previous, std::span<const char32_t> symbols, float* values);

struct ProseScore {
  double sum = 0;         // of the logarithms, over symbols outside ASCII
  size_t characters = 0;  // these symbols
  size_t ideographs = 0;
  double mean() const { return characters == 0 ? 0 : sum / static_cast<double>(characters); }
};
// Prose has a mean of about -5, headings and names about -6.5; bytes read by the wrong code page stay below -9.
ProseScore ScoreProse(std::string_view utf8);

}  // namespace fangzhi::text
