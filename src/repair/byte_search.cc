#include "repair/byte_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

// A rival is written out no further than this.
constexpr size_t kLongestRival = 40;
constexpr float kBlankCost = -9;
constexpr float kWideLetterCost = -5;
constexpr float kNotedGap = 12;  // no threshold lies above
constexpr uint32_t kNotesOfState = 32;  // of readings that become one at a symbol; the best come first
// Characters written that a search may hold before it looks which of them readings still go back to.
constexpr size_t kHeld = size_t{1} << 15;
constexpr size_t kLongestWalk = 400;  // characters

// Marks in pairs: one is closed before the next begins, and a sentence ends once. That tells 。 from ” and 、 from 《, which differ in one
// byte; the language model's sources have few quotations, and its memory is two characters.
constexpr float kUnpairedCost = -4;
constexpr float kOpenedElsewhereCost = -2;     // in a line before this one
constexpr float kPairedGain = 3;
constexpr float kPairedAfterSentenceGain = 6;  // of three sentences that end in a quotation two end it
constexpr float kSentenceInTermCost = -3;      // a quotation of a few characters is a term
constexpr unsigned kTerm = 5;                  // characters
constexpr float kOpenAtEndCost = -4;
constexpr float kDoubledMarkCost = -6;
constexpr uint8_t kOpen = 1, kClosed = 2;
constexpr unsigned kTitleShift = 2;  // of 《》; “” have the lowest bits
constexpr unsigned kLengthShift = 4; // of the quotation so far, up to seven characters
constexpr unsigned kLongestLength = 7;

bool IsBetter(float a, float b) { return a > b; }

unsigned LengthOfQuotation(uint8_t paired) { return static_cast<unsigned>(paired) >> kLengthShift; }

bool EndsSentence(char32_t c) { return c == U'。' || c == U'！' || c == U'？'; }

// By code point, what searches ask of each character that they try: its text::Script, or that it is one of those for which more counts than the language
// and the script.
constexpr uint8_t kCountsMore = 0x80;
const uint8_t* Kinds() {
  static const std::vector<uint8_t>* const kinds = [] {
    auto* made = new std::vector<uint8_t>(0x10000, kCountsMore);
    for (char32_t c = 0x80; c < 0x10000; ++c) {
      if (text::IsSpace(c) || (c >= 0x3000 && c < 0x3010) || c == U'“' || c == U'”') continue;
      (*made)[c] = static_cast<uint8_t>(text::ScriptOf(c));
    }
    return made;
  }();
  return kinds->data();
}

}  // namespace

double SurenessOf(float margin) { return std::min(0.99, 1 / (1 + std::exp(0.95 - 0.85 * static_cast<double>(margin)))); }

ByteSearch::ByteSearch(Target target, size_t beam, size_t& budget, bool tracks_bytes)
    : target_(target),
      pairs_(target == Target::kBig5 ? BytePairs::Of("Big5") : BytePairs::Gbk()),
      kinds_(Kinds()),
      beam_(beam),
      budget_(budget),
      tracks_bytes_(tracks_bytes) {}

float EndsLine(char32_t last) {
  switch (last) {
    case U'。': return 0;
    case U'；': case U'：': case U'！': case U'？': case U'”': case U'）': case U'》': return -3;
    default: return text::IsCjkPunctuation(last) || last == U'（' ? -8.0F : -2.0F;
  }
}

float ByteSearch::EndOfLine(const State& state) {
  if (state.previous == U'。' && (state.paired & kOpen) != 0) return kOpenAtEndCost;
  if (state.previous == U'”' && (state.paired & kClosed) != 0) return 0;
  return EndsLine(state.previous);
}

// What `c` adds as one of a pair, or as a mark that stands twice.
void ByteSearch::FollowMarks(State& state, char32_t c) {
  if (c == state.previous && text::IsCjkPunctuation(c)) state.score += kDoubledMarkCost;
  if (EndsSentence(c) && (state.paired & kOpen) != 0 && LengthOfQuotation(state.paired) < kTerm) state.score += kSentenceInTermCost;
  unsigned shift = 0;
  switch (c) {
    case U'“': case U'”': break;
    case U'《': case U'》': shift = kTitleShift; break;
    default: return;
  }
  const bool opens = c == U'“' || c == U'《';
  const auto before = static_cast<unsigned>(state.paired) >> shift;
  const bool sentence = c == U'”' && EndsSentence(state.previous) && LengthOfQuotation(state.paired) > kTerm;
  if ((before & (opens ? kOpen : kClosed)) != 0) state.score += kUnpairedCost;
  if (!opens && (before & (kOpen | kClosed)) == 0) state.score += kOpenedElsewhereCost;
  if (!opens && (before & kOpen) != 0) state.score += sentence ? kPairedAfterSentenceGain : kPairedGain;
  if (shift == 0) state.paired = static_cast<uint8_t>(state.paired & ((1U << kLengthShift) - 1));
  state.paired = static_cast<uint8_t>((state.paired & ~((kOpen | kClosed) << shift)) | ((opens ? kOpen : kClosed) << shift));
}

void ByteSearch::Write(State& state, char32_t c, size_t first, size_t last, bool shown, bool guessed, bool scored) {
  Append(state, c, first, last, shown, guessed);
  const char32_t symbol = text::IsSpace(c) ? 0 : text::ProseSymbol(c);
  const bool asked = scored && c >= 0x80 && !text::IsSpace(c);
  Weigh(state, c, symbol, shown, asked, asked ? static_cast<float>(text::ProseLogProbability(BeforePrevious(state), state.previous, symbol)) : 0);
}

void ByteSearch::Append(State& state, char32_t c, size_t first, size_t last, bool shown, bool guessed) {
  Written& written = written_.emplace_back();
  written.parent = state.written;
  written.character = c;
  written.first = static_cast<uint32_t>(first);
  written.last = static_cast<uint32_t>(last);
  written.shown = shown;
  written.guessed = guessed;
  state.written = static_cast<int32_t>(written_.size()) - 1;
}

// What a quotation ended with says nothing of what comes behind it, and the model has met few.
char32_t ByteSearch::BeforePrevious(const State& state) { return state.previous == U'”' ? 0 : state.before; }

// The score with `c`, and what the next character comes behind. `probability`: the language's, where `scored`.
void ByteSearch::Weigh(State& state, char32_t c, char32_t symbol, bool shown, bool scored, float probability) const {
  if (text::IsSpace(c)) {
    // Layout, but no likely meaning of bytes.
    if (!shown && c >= 0x80) state.score += kBlankCost;
    return;
  }
  if ((c >= 0x3000 && c < 0x3010) || c == U'“' || c == U'”') FollowMarks(state, c);
  else if ((state.paired & kOpen) != 0 && LengthOfQuotation(state.paired) < kLongestLength) state.paired = static_cast<uint8_t>(state.paired + (1U << kLengthShift));
  if (scored) {
    state.score += probability;
    // The model has one symbol for all letters, and the full-width ones are seldom.
    if (symbol == U'a' || symbol == U'0') state.score += kWideLetterCost;
    if (!shown && script_ != Script::kUnknown) {
      const Script script = c < 0x10000 && kinds_[c] != kCountsMore ? static_cast<Script>(kinds_[c]) : text::ScriptOf(c);
      if (script != Script::kUnknown && script != script_) state.score += other_script_cost_;
    }
  }
  if (c < 0x80 && symbol == 0) {
    state.before = state.previous = 0;
  } else if (symbol != state.previous || (symbol != U'0' && symbol != U'a')) {
    state.before = state.previous;
    state.previous = symbol;
  }
}

std::span<const float> ByteSearch::ScoresWith(const State& state, std::span<const char32_t> characters) {
  symbols_asked_.clear();
  for (const char32_t c : characters) symbols_asked_.push_back(text::ProseSymbol(c));
  scores_.resize(characters.size());
  text::ProseLogProbabilities(BeforePrevious(state), state.previous, symbols_asked_, scores_.data());
  for (size_t i = 0; i < characters.size(); ++i) {
    const uint8_t kind = characters[i] < 0x10000 ? kinds_[characters[i]] : kCountsMore;
    if (kind != kCountsMore && symbols_asked_[i] != U'a' && symbols_asked_[i] != U'0') {
      // As Weigh would have it.
      scores_[i] = state.score + scores_[i];
      const auto script = static_cast<Script>(kind);
      if (script_ != Script::kUnknown && script != Script::kUnknown && script != script_) scores_[i] += other_script_cost_;
      continue;
    }
    State with = state;
    Weigh(with, characters[i], symbols_asked_[i], false, characters[i] >= 0x80, scores_[i]);
    scores_[i] = with.score;
  }
  return scores_;
}

void ByteSearch::Track(State& state, unsigned byte) const {
  if (!tracks_bytes_) return;
  state.last_bytes[0] = state.last_bytes[1];
  state.last_bytes[1] = static_cast<uint8_t>(byte);
}

bool ByteSearch::PutByte(State& state, unsigned byte, size_t symbol, bool guessed, bool shown) {
  Track(state, byte);
  if (state.pending_count == 0) {
    state.pending_symbol = static_cast<uint32_t>(symbol);
    state.pending_guessed = guessed;
    if (byte < 0x80) {
      Write(state, byte, symbol, symbol, shown, guessed, false);
      return true;
    }
  } else {
    state.pending_guessed = state.pending_guessed || guessed;
  }
  return target_ == Target::kUtf8 ? PutUtf8(state, byte, symbol) : PutPair(state, byte, symbol, shown);
}

bool ByteSearch::PutUtf8(State& state, unsigned byte, size_t symbol) {
  if (state.pending_count == 0) {
    if (byte < 0xC2 || byte > 0xF4) return false;
    state.pending[0] = static_cast<uint8_t>(byte);
    state.pending_count = 1;
    return true;
  }
  if (byte < 0x80 || byte > 0xBF) return false;
  const unsigned lead = state.pending[0];
  if (state.pending_count == 1) {
    if ((lead == 0xE0 && byte < 0xA0) || (lead == 0xED && byte > 0x9F) || (lead == 0xF0 && byte < 0x90) || (lead == 0xF4 && byte > 0x8F)) {
      return false;
    }
  }
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (state.pending_count + 1U < length) {
    state.pending[state.pending_count++] = static_cast<uint8_t>(byte);
    return true;
  }
  char32_t c = lead & (0xFFU >> (length + 1));
  for (size_t i = 1; i < state.pending_count; ++i) c = (c << 6) | (state.pending[i] & 0x3FU);
  c = (c << 6) | (byte & 0x3FU);
  if (c < 0xA0 || text::IsPrivateUse(c) || c == text::kReplacement || c == 0xFFFE || c == 0xFFFF) return false;
  state.pending_count = 0;
  Write(state, c, state.pending_symbol, symbol, false, state.pending_guessed);
  return true;
}

char32_t ByteSearch::HiddenCharacter(unsigned lead, unsigned trail) const {
  const char32_t c = trail < 0x40 ? 0 : pairs_.Character(lead, trail);
  return text::IsPrivateUse(c) ? 0 : c;
}

bool ByteSearch::PutPair(State& state, unsigned byte, size_t symbol, bool shown) {
  if (state.pending_count == 0) {
    if (byte == 0x80 || byte == 0xFF) return false;
    state.pending[0] = static_cast<uint8_t>(byte);
    state.pending_count = 1;
    return true;
  }
  const bool whole = shown && state.pending_symbol == symbol;
  const char32_t c = whole ? byte < 0x40 ? 0 : pairs_.Character(state.pending[0], byte) : HiddenCharacter(state.pending[0], byte);
  if (c == 0) return false;
  state.pending_count = 0;
  Write(state, c, state.pending_symbol, symbol, whole, state.pending_guessed);
  return true;
}

void ByteSearch::PutLast(State& state, unsigned byte, char32_t c, size_t symbol, bool guessed, float score) {
  Track(state, byte);
  state.pending_count = 0;
  Append(state, c, state.pending_symbol, symbol, false, state.pending_guessed || guessed);
  state.pending_guessed = state.pending_guessed || guessed;
  Weigh(state, c, text::IsSpace(c) ? 0 : text::ProseSymbol(c), false, false, 0);
  state.score = score;
}

uint64_t ByteSearch::KeyOf(const State& state) {
  uint64_t key = state.previous;
  key = key * 0x110000 + state.before;
  key = key * 0x9E3779B97F4A7C15ULL ^ (key >> 29);
  key ^= (static_cast<uint64_t>(state.pending[0]) << 8 | state.pending[1]) << 8 | state.pending[2];
  key = (key ^ state.pending_count) * 0x9E3779B97F4A7C15ULL;
  key ^= static_cast<uint64_t>(state.paired) << 24 | static_cast<uint64_t>(state.mode) << 16 | static_cast<uint64_t>(state.last_bytes[0]) << 8 | state.last_bytes[1];
  key *= 0xFF51AFD7ED558CCDULL;
  return key ^ (key >> 32);
}

// Two readings have become alike: noted at the winner's last character, and looked at when the winner is part of the best reading.
void ByteSearch::Note(const State& winner, const State& loser) {
  const float gap = winner.score - loser.score;
  if (winner.written < 0 || winner.written == loser.written || gap >= kNotedGap) return;
  Written& last = written_[static_cast<size_t>(winner.written)];
  notes_.push_back({last.note, loser.written, gap});
  last.note = static_cast<int32_t>(notes_.size()) - 1;
}

// The other reading's last characters against the best one's, which is `result`. What both read alike is no matter of doubt.
void ByteSearch::Compare(int32_t best, int32_t other, float gap, std::vector<WrittenCharacter>& result) const {
  int32_t a = best;
  int32_t b = other;
  size_t ours = 0;  // characters since both were one reading
  std::u32string theirs;  // last character first
  for (size_t walked = 0; a != b && walked < kLongestWalk; ++walked) {
    if (a > b) {
      ++ours;
      a = written_[static_cast<size_t>(a)].parent;
    } else {
      theirs.push_back(written_[static_cast<size_t>(b)].character);
      b = written_[static_cast<size_t>(b)].parent;
    }
  }
  // Readings that have gone apart for so long never come near each other.
  if (a != b) return;
  const size_t end = written_[static_cast<size_t>(best)].place + 1;
  size_t tail = 0;
  while (tail < ours && tail < theirs.size() && result[end - 1 - tail].character == theirs[tail]) ++tail;
  size_t head = 0;
  while (tail + head < ours && tail + head < theirs.size() && result[end - ours + head].character == theirs[theirs.size() - 1 - head]) ++head;
  if (tail + head == ours && ours == theirs.size()) return;
  size_t from = end - ours + head;
  size_t to = end - tail;
  if (from == to) {
    // The other reading only has characters more: the doubt is about our neighbours.
    from = from == 0 ? 0 : from - 1;
    to = std::min(to + 1, end);
  }
  // Of as many characters those that differ are in doubt, not what stands between them.
  const bool side_by_side = ours == theirs.size();
  const std::u32string_view other_reading(theirs);  // last character first
  for (size_t i = from; i < to;) {
    auto alike = [&](size_t at) { return side_by_side && result[at].character == other_reading[end - 1 - at]; };
    if (alike(i)) {
      ++i;
      continue;
    }
    const size_t first = i;
    while (i < to && !alike(i)) ++i;
    std::string text;
    for (size_t k = first; k < i; ++k) {
      if (gap >= result[k].margin) continue;
      if (text.empty()) {
        const size_t skipped = side_by_side ? end - i : tail;
        const size_t length = side_by_side ? i - first : theirs.size() - tail - head;
        std::u32string rival(other_reading.substr(skipped, length));
        std::reverse(rival.begin(), rival.end());
        if (rival.size() > kLongestRival) rival.resize(kLongestRival);
        text = text::ToUtf8(rival);
      }
      result[k].margin = gap;
      result[k].rival = text;
    }
  }
}

void ByteSearch::Readings::Clear() {
  states_.clear();
  best_ = best_whole_ = -std::numeric_limits<float>::infinity();
  count_ = 0;
}

void ByteSearch::Readings::Add(const State& state) {
  ++count_;
  const bool whole = state.pending_count == 0;
  // As MergeAndPrune would have it, which sees all of them: the first without pending bytes stays however far it is behind.
  if (state.score < best_ - kLargestMargin && (!whole || best_whole_ >= state.score)) return;
  best_ = std::max(best_, state.score);
  if (whole) best_whole_ = std::max(best_whole_, state.score);
  states_.push_back(state);
}

bool ByteSearch::Readings::MayTake(const State& state, float cost, size_t characters) const {
  // A character costs something, but for a mark that closes a pair, which must have been opened.
  constexpr unsigned kAnyOpen = kOpen | kOpen << kTitleShift;
  const size_t closing = (state.paired & kAnyOpen) != 0 ? characters : characters - 1;
  const float most = state.score + cost + kPairedAfterSentenceGain * static_cast<float>(closing);
  return most >= best_ - kLargestMargin || best_whole_ < most;
}

bool ByteSearch::Readings::PassOver(float score, bool whole, size_t readings) {
  if (score >= best_ - kLargestMargin || (whole && best_whole_ < score)) return false;
  count_ += readings;
  return true;
}

// The best of `states`, one of each kind, in order.
void ByteSearch::MergeAndPrune(const std::vector<State>& states, std::vector<State>& kept) {
  kept.clear();
  float best = -std::numeric_limits<float>::infinity(), best_whole = best;
  for (const State& state : states) {
    best = std::max(best, state.score);
    if (state.pending_count == 0) best_whole = std::max(best_whole, state.score);
  }
  const float floor = best - kLargestMargin;
  // Nothing below the floor is looked at, where a reading without pending bytes lies above it.
  const float least = best_whole >= floor ? floor : -std::numeric_limits<float>::infinity();
  order_.clear();
  for (uint32_t i = 0; i < states.size(); ++i) {
    if (states[i].score >= least) order_.emplace_back(states[i].score, i);
  }
  std::sort(order_.begin(), order_.end(), [](const auto& a, const auto& b) { return a.first != b.first ? IsBetter(a.first, b.first) : a.second < b.second; });
  size_t slots = 16;
  while (slots < 2 * order_.size()) slots *= 2;
  slots_.assign(slots, 0);
  notes_of_.clear();
  bool whole = false;  // a reading without pending bytes is among them
  for (const auto& [score, i] : order_) {
    if (score < floor && whole) break;
    const State& state = states[i];
    const uint64_t key = KeyOf(state);
    size_t slot = key & (slots - 1);
    bool merged = false;
    while (slots_[slot] != 0) {
      const uint32_t place = slots_[slot] - 1;
      const State& winner = kept[place];
      if (winner.previous == state.previous && winner.before == state.before && winner.pending_count == state.pending_count && winner.mode == state.mode &&
          KeyOf(winner) == key) {
        if (++notes_of_[place] <= kNotesOfState) Note(winner, state);
        merged = true;
        break;
      }
      slot = (slot + 1) & (slots - 1);
    }
    if (merged) continue;
    // The first reading without pending bytes is kept however far it is behind: so one always comes to the end.
    const bool rescue = !whole && state.pending_count == 0;
    if ((kept.size() >= beam_ || score < floor) && !rescue) continue;
    whole = whole || state.pending_count == 0;
    kept.push_back(state);
    notes_of_.push_back(0);
    slots_[slot] = static_cast<uint32_t>(kept.size());
  }
}

// Of the characters written since `first_written` those stay that a reading or a note goes back to: most readings of a symbol are given up at
// once, and what they wrote would be most of what a search holds.
void ByteSearch::DropUnused(size_t first_written, size_t first_note, std::vector<State>& states) {
  places_.assign(written_.size() - first_written, -1);
  auto keep = [&](int32_t last) {
    for (; last >= 0 && static_cast<size_t>(last) >= first_written; last = written_[static_cast<size_t>(last)].parent) {
      int32_t& place = places_[static_cast<size_t>(last) - first_written];
      if (place == 0) return;
      place = 0;
    }
  };
  for (const State& state : states) keep(state.written);
  for (size_t i = first_note; i < notes_.size(); ++i) keep(notes_[i].loser);
  auto placed = [&](int32_t last) { return last >= 0 && static_cast<size_t>(last) >= first_written ? places_[static_cast<size_t>(last) - first_written] : last; };
  size_t end = first_written;
  for (size_t i = first_written; i < written_.size(); ++i) {
    int32_t& place = places_[i - first_written];
    if (place < 0) continue;
    place = static_cast<int32_t>(end);
    written_[end] = written_[i];
    written_[end].parent = placed(written_[end].parent);  // comes before it
    ++end;
  }
  written_.resize(end);
  for (State& state : states) state.written = placed(state.written);
  for (size_t i = first_note; i < notes_.size(); ++i) notes_[i].loser = placed(notes_[i].loser);
}

// The same for all that was written: readings soon go back to one, and what the others wrote before that is not asked for again, but for the
// notes at that one's characters. So what a search holds grows with the line by little more than the line's characters.
void ByteSearch::DropForsaken(std::vector<State>& states) {
  constexpr int32_t kForsaken = -1, kRival = 0, kReading = 1;
  places_.assign(written_.size(), kForsaken);
  note_places_.assign(notes_.size(), kForsaken);
  for (const State& state : states) {
    for (int32_t at = state.written; at >= 0 && places_[static_cast<size_t>(at)] != kReading; at = written_[static_cast<size_t>(at)].parent) {
      places_[static_cast<size_t>(at)] = kReading;
    }
  }
  for (size_t i = 0; i < written_.size(); ++i) {
    if (places_[i] != kReading) continue;
    for (int32_t note = written_[i].note; note >= 0; note = notes_[static_cast<size_t>(note)].next) {
      note_places_[static_cast<size_t>(note)] = kReading;
      for (int32_t at = notes_[static_cast<size_t>(note)].loser; at >= 0 && places_[static_cast<size_t>(at)] == kForsaken; at = written_[static_cast<size_t>(at)].parent) {
        places_[static_cast<size_t>(at)] = kRival;
      }
    }
  }
  // Parents come before their children, and a list's next note before the note.
  auto placed = [](const std::vector<int32_t>& places, int32_t at) { return at < 0 ? at : places[static_cast<size_t>(at)]; };
  size_t end = 0;
  for (size_t i = 0; i < written_.size(); ++i) {
    int32_t& place = places_[i];
    if (place == kForsaken) continue;
    Written& moved = written_[end] = written_[i];
    if (place == kRival) moved.note = -1;
    moved.parent = placed(places_, moved.parent);
    place = static_cast<int32_t>(end++);
  }
  written_.resize(end);
  end = 0;
  for (size_t i = 0; i < notes_.size(); ++i) {
    int32_t& place = note_places_[i];
    if (place == kForsaken) continue;
    RivalNote& moved = notes_[end] = notes_[i];
    moved.next = placed(note_places_, moved.next);
    moved.loser = placed(places_, moved.loser);
    place = static_cast<int32_t>(end++);
  }
  notes_.resize(end);
  for (Written& written : written_) written.note = placed(note_places_, written.note);
  for (State& state : states) state.written = placed(places_, state.written);
}

bool ByteSearch::Search(size_t count, std::vector<WrittenCharacter>& result) {
  written_.clear();
  notes_.clear();
  if (budget_ == 0) return false;
  size_t most = kHeld;
  std::vector<State> states(1);
  Readings next;
  for (size_t i = 0; i < count; ++i) {
    alone_ = states.size() == 1;
    next.Clear();
    const size_t first_written = written_.size();
    const size_t first_note = notes_.size();
    for (const State& state : states) Advance(state, i, next);
    if (next.count_ > budget_) {
      budget_ = 0;  // what is left would be spent on beginnings alone
      return false;
    }
    if (next.states_.empty()) return false;
    budget_ -= next.count_;
    if (next.count_ > 1) {
      MergeAndPrune(next.states_, states);
      DropUnused(first_written, first_note, states);
    } else {
      states.swap(next.states_);
    }
    if (written_.size() + notes_.size() > most) {
      DropForsaken(states);
      most = kHeld + 2 * (written_.size() + notes_.size());
    }
  }
  states.erase(std::remove_if(states.begin(), states.end(), [](const State& s) { return s.pending_count != 0; }), states.end());
  for (State& state : states) state.score += AtEnd(state);
  if (states.empty()) return false;
  std::sort(states.begin(), states.end(), [](const State& a, const State& b) { return IsBetter(a.score, b.score); });
  if (states[0].score == -std::numeric_limits<float>::infinity()) return false;
  result.clear();
  for (int32_t step = states[0].written; step >= 0; step = written_[static_cast<size_t>(step)].parent) {
    const Written& written = written_[static_cast<size_t>(step)];
    WrittenCharacter out;
    out.character = written.character;
    out.first = written.first;
    out.last = written.last;
    out.shown = written.shown;
    out.guessed = written.guessed;
    result.push_back(std::move(out));
  }
  std::reverse(result.begin(), result.end());
  size_t place = result.size();
  for (int32_t step = states[0].written; step >= 0; step = written_[static_cast<size_t>(step)].parent) {
    written_[static_cast<size_t>(step)].place = static_cast<uint32_t>(--place);
  }
  for (size_t i = 1; i < states.size() && states[0].written >= 0; ++i) {
    const float gap = states[0].score - states[i].score;
    if (gap < kLargestMargin) Compare(states[0].written, states[i].written, gap, result);
  }
  for (int32_t step = states[0].written; step >= 0; step = written_[static_cast<size_t>(step)].parent) {
    for (int32_t note = written_[static_cast<size_t>(step)].note; note >= 0; note = notes_[static_cast<size_t>(note)].next) {
      Compare(step, notes_[static_cast<size_t>(note)].loser, notes_[static_cast<size_t>(note)].gap, result);
    }
  }
  return true;
}

}  // namespace fangzhi::repair
