#include "frontier/duplicates.h"

#include <gtest/gtest.h>

namespace fangzhi::frontier {
namespace {

constexpr UtcTime kNoon{std::chrono::hours(24 * 365 * 50)};

std::string Article(int number, const std::string& query = "", const std::string& origin = "http://www.demo.example") {
  return origin + "/info/100" + std::to_string(number % 10) + "/" + std::to_string(number) + ".htm" + query;
}

// The first address of the kind that is folded at all.
std::string NoCheck(int from, const std::string& query, const std::string& origin = "http://www.demo.example") {
  while (Duplicates::IsCheck(Article(from, query, origin))) ++from;
  return Article(from, query, origin);
}

TEST(Duplicates, AParameterOfManyValuesIsLearnedFromFivePages) {
  Duplicates known;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(known.any_rule());
    known.Observe(Article(i), 1000 + i, kNoon);
    const bool turned = known.Observe(Article(i, "?t=" + std::to_string(777 + i)), 1000 + i, kNoon);
    EXPECT_EQ(turned, i == 4);
  }
  EXPECT_EQ(known.Fold(Article(99, "?t=31337")), Article(99));
  EXPECT_EQ(known.Fold(Article(99, "?id=4&t=31337")), std::nullopt) << "another shape";
  EXPECT_EQ(known.Fold(Article(99, "?u=1")), std::nullopt);
  EXPECT_EQ(known.Fold(Article(99)), std::nullopt);
  EXPECT_EQ(known.Fold("http://www.demo.example/col/1.htm?t=5"), std::nullopt) << "another shape";
  EXPECT_EQ(known.Fold("http://other.demo.example/info/1001/1.htm?t=5"), std::nullopt) << "another host";
}

TEST(Duplicates, WithoutThePlainAddressTwoValuesSpeakForEachOther) {
  Duplicates known;
  for (int i = 0; i < 5; ++i) {
    known.Observe(Article(i, "?id=3&v=" + std::to_string(i)), 1000 + i, kNoon);
    known.Observe(Article(i, "?id=3&v=" + std::to_string(100 + i)), 1000 + i, kNoon);
  }
  EXPECT_EQ(known.Fold(Article(99, "?id=3&v=8")), Article(99, "?id=3"));
}

TEST(Duplicates, TheFirstPageIsNoReasonToLeaveOutTheSecond) {
  Duplicates known;
  for (int i = 0; i < 20; ++i) {
    known.Observe(Article(i), 1000 + i, kNoon);
    known.Observe(Article(i, "?page=1"), 1000 + i, kNoon);
  }
  EXPECT_EQ(known.Fold(Article(99, "?page=1")), Article(99));
  EXPECT_EQ(known.Fold(Article(99, "?page=2")), std::nullopt);
  // Nor do second pages that differ say anything against the first.
  known.Observe(Article(3, "?page=2"), 5, kNoon);
  EXPECT_EQ(known.Fold(Article(99, "?page=2")), std::nullopt);
}

TEST(Duplicates, UpperAndLowerCaseAreLearnedOfAServerThatTakesBoth) {
  const auto address = [](const std::string& folder, int number, const std::string& extension) { return "http://www.demo.example/" + folder + "/" + std::to_string(number) + extension; };
  Duplicates known;
  for (int i = 0; i < 5; ++i) {
    known.Observe(address("info", i, ".asp"), 1000 + i, kNoon);
    known.Observe(address("Info", i, ".ASP"), 1000 + i, kNoon);
  }
  int number = 99;
  while (Duplicates::IsCheck(address("INFO", number, ".asp"))) ++number;
  EXPECT_EQ(known.Fold(address("INFO", number, ".asp")), address("info", number, ".asp"));
  EXPECT_EQ(known.Fold(address("info", number, ".asp")), std::nullopt);
  EXPECT_EQ(known.Fold(address("Other", number, ".asp")), std::nullopt) << "another shape";
  Duplicates again = Duplicates::Parse(known.Serialise());
  EXPECT_EQ(again.Fold(address("INFO", number, ".asp")), address("info", number, ".asp"));
  ASSERT_EQ(known.Facts().size(), 1u);
  EXPECT_EQ(known.Facts()[0]["rule"], "www.demo.example/info/#.asp: upper and lower case make no difference");
  // A server that tells them apart.
  EXPECT_TRUE(known.Observe(address("Info", 3, ".asp"), 5, kNoon));
  EXPECT_EQ(known.Fold(address("INFO", number, ".asp")), std::nullopt);
}

TEST(Duplicates, OnePageThatStandsEverywhereProvesNothing) {
  Duplicates known;
  for (int i = 0; i < 50; ++i) {
    known.Observe(Article(i), 7, kNoon);
    known.Observe(Article(i, "?t=" + std::to_string(i)), 7, kNoon);
    known.Observe(Article(i, "", "https://www.demo.example"), 7, kNoon);
  }
  EXPECT_FALSE(known.any_rule());
}

TEST(Duplicates, AContradictionTakesARuleBackAndMakesItHarderToBelieve) {
  Duplicates known;
  int next = 0;
  const auto agree = [&](int times) {
    for (int i = 0; i < times; ++i, ++next) {
      known.Observe(Article(next), 1000 + next, kNoon);
      known.Observe(Article(next, "?t=" + std::to_string(next)), 1000 + next, kNoon);
    }
  };
  const auto differ = [&] {
    known.Observe(Article(next), 1000 + next, kNoon);
    known.Observe(Article(next, "?t=x"), 99'000 + next, kNoon);
    ++next;
  };
  agree(5);
  EXPECT_TRUE(known.any_rule());
  differ();
  EXPECT_FALSE(known.any_rule());
  ASSERT_EQ(known.Facts().size(), 1u);
  EXPECT_FALSE(known.Facts()[0]["holds"].get<bool>());
  agree(19);
  EXPECT_FALSE(known.any_rule());
  agree(1);
  EXPECT_TRUE(known.any_rule());
  differ();
  differ();
  agree(500);
  EXPECT_FALSE(known.any_rule()) << "three times is enough";
}

TEST(Duplicates, AnEditBetweenTwoVisitsIsNoContradiction) {
  Duplicates known;
  for (int i = 0; i < 5; ++i) {
    known.Observe(Article(i), 1000 + i, kNoon);
    known.Observe(Article(i, "?t=" + std::to_string(i)), 1000 + i, kNoon);
  }
  known.Observe(Article(2, "?t=9"), 55, kNoon + std::chrono::hours(24 * 9));
  EXPECT_TRUE(known.any_rule());
}

TEST(Duplicates, SchemesAndHostsThatShowTheSame) {
  for (const std::string mirror : {"https://www.demo.example", "http://demo.example"}) {
    Duplicates known;
    for (int i = 0; i < 8; ++i) {
      EXPECT_FALSE(known.any_rule());
      known.Observe(Article(i), 1000 + i, kNoon);
      known.Observe(Article(i, "", mirror), 1000 + i, kNoon);
    }
    EXPECT_TRUE(known.any_rule());
    const bool first = known.Fold(Article(99)).has_value();
    EXPECT_NE(first, known.Fold(Article(99, "", mirror)).has_value()) << "one of the two stays";
    EXPECT_EQ(known.Fold(first ? Article(99) : Article(99, "", mirror)), first ? Article(99, "", mirror) : Article(99));
    EXPECT_EQ(known.Fold(mirror + "/"), std::nullopt) << "the home page is of another shape";
  }
}

TEST(Duplicates, WhatMoreOfTheSiteHasStays) {
  Duplicates known;
  for (int i = 0; i < 40; ++i) known.Observe(Article(i, "", "https://demo.example"), 1000 + i, kNoon);
  for (int i = 0; i < 8; ++i) known.Observe(Article(i), 1000 + i, kNoon);
  EXPECT_EQ(known.Fold(Article(99)), Article(99, "", "https://demo.example"));
}

TEST(Duplicates, SerialisedAndBack) {
  Duplicates known;
  for (int i = 0; i < 9; ++i) {
    known.Observe(Article(i), 1000 + i, kNoon);
    known.Observe(Article(i, "?t=" + std::to_string(i)), 1000 + i, kNoon);
    known.Observe(Article(i, "?from=home"), 1000 + i, kNoon);
    known.Observe(Article(i, "", "https://demo.example"), 1000 + i, kNoon);
  }
  EXPECT_TRUE(known.changed());
  const std::string text = known.Serialise();
  EXPECT_FALSE(known.changed());
  Duplicates read = Duplicates::Parse(text);
  EXPECT_EQ(read.Facts(), known.Facts());
  EXPECT_EQ(read.Facts().size(), 3u);
  EXPECT_EQ(read.Fingerprint(), known.Fingerprint());
  EXPECT_EQ(read.Serialise(), text);
  EXPECT_EQ(read.Fold(NoCheck(50, "?from=home")), known.Fold(NoCheck(50, "?from=home")));
  for (const std::string_view bad : {"", "[]", "{\"evidence\":7}", "{\"evidence\":[{\"key\":\"x\",\"all\":{\"contents\":[\"a\",-1]}}]}", "{\"evidence\":[7,{}]}"}) {
    EXPECT_FALSE(Duplicates::Parse(bad).any_rule()) << bad;
  }
}

TEST(Duplicates, BoundedWhateverAServerMakesUp) {
  Duplicates known;
  for (int i = 0; i < 30'000; ++i) {
    const std::string n = std::to_string(i);
    known.Observe("http://h" + n + ".example/p" + std::string(1, static_cast<char>('a' + i % 26)) + n + "x" + n + ".htm?a" + n + "=1&b=" + n, i + 1, kNoon);
    known.Observe("https://h" + n + ".example/p" + std::string(1, static_cast<char>('a' + i % 26)) + n + "x" + n + ".htm?a" + n + "=2&b=" + n, i + 1, kNoon);
  }
  EXPECT_LT(known.Serialise().size(), 400'000u);
}

TEST(Duplicates, AThirtySecondIsNeverFolded) {
  int checks = 0;
  for (int i = 0; i < 3200; ++i) checks += Duplicates::IsCheck(Article(i)) ? 1 : 0;
  EXPECT_GT(checks, 50);
  EXPECT_LT(checks, 200);
}

}  // namespace
}  // namespace fangzhi::frontier
