#include "text/prose.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "text/text.h"

namespace fangzhi::text {
namespace {

// Symbols as searches ask for them: most of them read as nothing that anybody writes.
std::vector<char32_t> SymbolsAt(size_t step) {
  std::vector<char32_t> symbols = {0, U'，', U'。', U'”', U'0', U'a', U'的', kReplacement, 0xE000, 0x20000};
  for (char32_t c = 0x4E00 + static_cast<char32_t>(step); c < 0x9FA5; c += 331) symbols.push_back(ProseSymbol(c));
  return symbols;
}

// Asked one by one or together, before the model has noted what it holds and after: the answer is the same.
TEST(Prose, SaysOfSeveralCharactersWhatItSaysOfEach) {
  constexpr char32_t kContexts[][2] = {{0, 0}, {U'人', U'民'}, {0, U'发'}, {U'工', U'作'}, {U'，', U'为'}, {U'龘', U'靐'}, {0x20000, U'一'}, {U'一', 0x20000}};
  std::vector<std::vector<float>> first;
  for (size_t round = 0; round < 60; ++round) {
    size_t at = 0;
    for (size_t step = 0; step < 4; ++step) {
      const std::vector<char32_t> symbols = SymbolsAt(step * 7);
      for (const auto& [before, previous] : kContexts) {
        std::vector<float> together(symbols.size());
        ProseLogProbabilities(before, previous, symbols, together.data());
        if (round == 0) {
          first.push_back(together);
          for (size_t i = 0; i < symbols.size(); ++i) {
            EXPECT_EQ(static_cast<double>(together[i]), ProseLogProbability(before, previous, symbols[i])) << static_cast<uint32_t>(symbols[i]);
          }
        }
        EXPECT_EQ(together, first[at++]);
      }
    }
  }
  EXPECT_GT(first[1][6], first[1][0]);  // what an author writes, and what none does
}

TEST(Prose, TellsProseFromMisreadBytes) {
  EXPECT_GT(ScoreProse("各乡镇人民政府要高度重视，抓好组织实施，重大事项及时向县政府报告。").mean(), -6);
  EXPECT_LT(ScoreProse("鍚勪埂闀囦汉姘戞斂搴滆楂樺害閲嶈").mean(), -9);
}

}  // namespace
}  // namespace fangzhi::text
