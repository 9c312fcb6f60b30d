// Where the development corpus lies, for the tests that are measured on it: FANGZHI_CORPUS, or beside the source tree. Where it is absent those tests
// are skipped and say so. Where it is there, or was asked for, a test without a case fails: it would prove nothing and look as if it had.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "support/places.h"

namespace fangzhi::test {

inline std::string Corpus() {
  const char* named = std::getenv("FANGZHI_CORPUS");
  return named != nullptr ? named : SourceDirectory() + "/../shared/corpus";
}

inline bool HasCorpus() {
  std::error_code ignored;
  return std::getenv("FANGZHI_CORPUS") != nullptr || std::filesystem::is_directory(Corpus(), ignored);
}

}  // namespace fangzhi::test

// Ends the test when there is nothing to measure. `cases`: how many were found in `path`.
#define FANGZHI_NEEDS_CASES(cases, path)                                                                                       \
  if ((cases) == 0) {                                                                                                          \
    if (fangzhi::test::HasCorpus()) FAIL() << "the corpus is at " << fangzhi::test::Corpus() << ", and no case in its " << (path); \
    GTEST_SKIP() << "no development corpus at " << fangzhi::test::Corpus();                                                   \
  }                                                                                                                            \
  static_assert(true)
