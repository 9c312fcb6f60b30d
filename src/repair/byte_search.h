// The most probable text behind bytes of which some are unknown. What a damaged line shows stands for bytes, often for one of several, or
// for a byte that was lost; the search keeps the best readings while it goes through the line, weighs them by the language
// (text/prose.h), and says for every character that it writes how far the best other reading is behind. Inside the station only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "repair/byte_pairs.h"
#include "text/script.h"

namespace fangzhi::repair {

using text::Script;

enum class Target { kUtf8, kGbk, kBig5 };  // what the bytes were written in

// Natural logarithms: readings further behind than this are given up, so no margin is larger.
inline constexpr float kLargestMargin = 18;

// A character of the best reading, and the symbols of the line that it took.
struct WrittenCharacter {
  char32_t character = 0;
  size_t first = 0, last = 0;  // symbols
  bool shown = false;          // the line shows it as it is
  bool guessed = false;        // one of its bytes is not in the line
  float margin = kLargestMargin;
  std::string rival;           // the best other reading of the stretch that this character is part of; empty when none is near
};

// How often a reading that is the best by `margin` is right, measured by tests/evaluate/repair.py on text that the model has not seen.
double SurenessOf(float margin);
// A line ends with a full stop more often than with a comma: of marks that differ in one lost byte this one is meant. Natural logarithm.
float EndsLine(char32_t last);
// Conjectures that are less sure are not made: 0.7.
inline constexpr float kGuessMargin = 2.1F;

class ByteSearch {
 public:
  ByteSearch(const ByteSearch&) = delete;
  ByteSearch& operator=(const ByteSearch&) = delete;

 protected:
  // A reading of the symbols so far.
  struct State {
    float score = 0;
    int32_t written = -1;                // the last character, in `written_`
    char32_t before = 0, previous = 0;   // symbols of text/prose.h
    uint8_t pending[3] = {0, 0, 0};      // bytes that wait for the rest of their character
    uint8_t pending_count = 0;
    uint8_t mode = 0;                    // the user's; readings of different modes are kept apart
    uint8_t paired = 0;                  // which of “” and 《》 are open, and which were closed last; bits of byte_search.cc
    bool pending_guessed = false;
    uint8_t last_bytes[2] = {0, 0};      // kept up to date where `tracks_bytes`
    uint32_t pending_symbol = 0;
  };

  // What is dear is tried for the best readings at a symbol only: they come first. False once `most` of them were.
  struct Trials {
    size_t symbol = SIZE_MAX;
    size_t count = 0;
  };
  static bool TryAgain(size_t symbol, Trials& trials, size_t most) {
    if (trials.symbol != symbol) trials = {symbol, 0};
    return ++trials.count <= most;
  }

  // `beam`: readings kept at a time. `budget`: readings that may be made; shared by the searches of a document, so that no document costs
  // more than a bound.
  ByteSearch(Target target, size_t beam, size_t& budget, bool tracks_bytes);
  ~ByteSearch() = default;

  // The readings of a symbol, as they come. What is too far behind the best of them is not taken in.
  class Readings {
   public:
    void Add(const State& state);
    // False where nothing that goes on from `state` at this cost would be taken in any more, after no more than so many characters.
    bool MayTake(const State& state, float cost, size_t characters) const;
    // Whether no reading would be taken in whose score is this or less, `whole` without bytes pending. Then so many of them were counted, and need
    // not be made.
    bool PassOver(float score, bool whole, size_t readings);

   private:
    friend class ByteSearch;
    void Clear();

    std::vector<State> states_;
    float best_ = 0, best_whole_ = 0;  // without bytes pending
    size_t count_ = 0;                 // those that were not taken in count as well
  };

  // The readings of symbol `i` that go on from `state`, added to `next`.
  virtual void Advance(const State& state, size_t i, Readings& next) = 0;
  // What the end of the line adds; may veto with -infinity. Never called with bytes pending.
  virtual float AtEnd(const State&) const { return 0; }

  // What the end of a line adds: it ends with a full stop more often than with a comma, and seldom in a quotation. Of marks that differ in one
  // lost byte this one is meant.
  static float EndOfLine(const State& state);

  // Reads `count` symbols; false when no reading comes to the end or the budget is spent. Then `result` is the best reading.
  bool Search(size_t count, std::vector<WrittenCharacter>& result);

  // One byte more. False when it cannot stand there.
  bool PutByte(State& state, unsigned byte, size_t symbol, bool guessed, bool shown = false);
  // A character; `cost` beside the language's. `scored` false: no cost of its own (what stands there in every reading).
  void Write(State& state, char32_t c, size_t first, size_t last, bool shown, bool guessed, bool scored = true);

  // The score of `state` with each of `characters`, of which the line shows none, written behind it: the language is asked for all of them together.
  // Valid until the next call.
  std::span<const float> ScoresWith(const State& state, std::span<const char32_t> characters);
  // As PutByte, of the byte that ends a pair: `c`, which the line does not show, and with which ScoresWith gave `score`.
  void PutLast(State& state, unsigned byte, char32_t c, size_t symbol, bool guessed, float score);
  // The character that a pair of bytes must be where the line does not show it; 0 where it is none that an author writes.
  char32_t HiddenCharacter(unsigned lead, unsigned trail) const;

  // Characters of the other script cost more from now on.
  void Prefer(Script script, float other_cost) {
    script_ = script;
    other_script_cost_ = other_cost;
  }

  const BytePairs& pairs() const { return pairs_; }
  // Only one reading has come so far: what it costs weighs against none.
  bool alone() const { return alone_; }

 private:
  struct Written {
    int32_t parent = -1;
    char32_t character = 0;
    uint32_t first = 0, last = 0;
    uint32_t place = 0;  // in the best reading, once it is known
    bool shown = false, guessed = false;
    int32_t note = -1;   // the last of this character's, in `notes_`
  };
  // A reading that became like a better one.
  struct RivalNote {
    int32_t next = -1;
    int32_t loser = -1;  // its last character
    float gap = 0;
  };

  void Append(State& state, char32_t c, size_t first, size_t last, bool shown, bool guessed);
  void Track(State& state, unsigned byte) const;
  static char32_t BeforePrevious(const State& state);
  void Weigh(State& state, char32_t c, char32_t symbol, bool shown, bool scored, float probability) const;
  static void FollowMarks(State& state, char32_t c);
  bool PutUtf8(State& state, unsigned byte, size_t symbol);
  bool PutPair(State& state, unsigned byte, size_t symbol, bool shown);
  void MergeAndPrune(const std::vector<State>& states, std::vector<State>& kept);
  void DropUnused(size_t first_written, size_t first_note, std::vector<State>& states);
  void DropForsaken(std::vector<State>& states);
  void Note(const State& winner, const State& loser);
  void Compare(int32_t best, int32_t other, float gap, std::vector<WrittenCharacter>& result) const;
  static uint64_t KeyOf(const State& state);

  const Target target_;
  const BytePairs& pairs_;
  const uint8_t* const kinds_;  // of byte_search.cc
  const size_t beam_;
  size_t& budget_;
  Script script_ = Script::kUnknown;
  float other_script_cost_ = 0;
  const bool tracks_bytes_;
  bool alone_ = true;
  std::vector<Written> written_;
  std::vector<RivalNote> notes_;
  std::vector<std::pair<float, uint32_t>> order_;  // in MergeAndPrune: the states by score
  std::vector<uint32_t> slots_;  // of the hash table in MergeAndPrune
  std::vector<uint32_t> notes_of_;  // the states kept, in MergeAndPrune
  std::vector<int32_t> places_, note_places_;  // in DropUnused and DropForsaken
  std::vector<char32_t> symbols_asked_;  // in ScoresWith
  std::vector<float> scores_;
};

}  // namespace fangzhi::repair
