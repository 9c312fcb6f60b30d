// What the lines of a page say of each other. Two or three ideographs alone decide little, but a page was garbled as a whole: where its longer lines
// proved a family, a short one beside them that the same family takes back follows it, unless it reads better as it stands.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "repair/edits.h"
#include "repair/families.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

// Ideographs that were restored in lines of their own before others follow them.
constexpr size_t kProof = 8;
constexpr size_t kFamiliesOfPage = 3;
// Lines on each side that say how likely a line is garbled, and the share of them that must be: a dictionary has words that look so, far from each other.
constexpr size_t kNeighbours = 16;
constexpr size_t kFarthest = 200;  // lines, with those that say nothing
constexpr double kShare = 0.12, kShareOfLetters = 0.06;
// Natural logarithms.
constexpr double kNeeded = 3, kNeededOfLetters = 0, kNeededOfUtf8 = -4;
constexpr double kReadsAsItStands = -6;
constexpr float kNever = -1e9F;
constexpr size_t kLongestPiece = 2048;  // bytes; what is longer was judged by itself
constexpr size_t kSaysSomething = 3;    // characters outside ASCII of a piece that the family cannot have made

struct PageFamily {
  NamedFamilies families;
  std::string name;
  size_t ideographs = 0;
};

std::vector<std::string> UndoBoth(std::string_view run, const NamedFamilies& families) {
  if (IsUtf8Instead(run, *families.outer)) return {};
  std::vector<std::string> results = UndoEveryWay(run, *families.outer);
  if (families.inner == nullptr) return results;
  std::vector<std::string> inner;
  for (const std::string& result : results) {
    for (std::string& text : UndoEveryWay(result, *families.inner)) inner.push_back(std::move(text));
  }
  return inner;
}

// Two or three ideographs that were read from as many.
constexpr size_t kWord = 3;
bool IsWord(const Edit& edit, const NamedFamilies& families) {
  const bool pairs = families.outer != nullptr && !families.outer->single_byte && std::string_view(families.outer->written_in) != "UTF-8";
  return pairs && edit.lossless && text::ScoreProse(edit.after).ideographs <= kWord;
}

// The families of which there is proof, the best proved first.
std::vector<PageFamily> FamiliesOf(const std::vector<Edit>& edits) {
  std::vector<PageFamily> found;
  std::set<std::string_view> seen;  // what stands all over a page says nothing a second time
  for (const Edit& edit : edits) {
    const NamedFamilies families = FamiliesNamed(edit.family);
    if (families.outer == nullptr || IsWord(edit, families) || !seen.insert(edit.after).second) continue;
    auto same = [&](const PageFamily& one) { return one.families.outer == families.outer && one.families.inner == families.inner; };
    auto at = std::find_if(found.begin(), found.end(), same);
    if (at == found.end()) {
      at = found.insert(at, {families, families.inner == nullptr ? families.outer->name : edit.family, 0});
    }
    at->ideographs += text::ScoreProse(edit.after).ideographs;
  }
  found.erase(std::remove_if(found.begin(), found.end(), [](const PageFamily& one) { return one.ideographs < kProof; }), found.end());
  std::stable_sort(found.begin(), found.end(), [](const PageFamily& a, const PageFamily& b) { return a.ideographs > b.ideographs; });
  if (found.size() > kFamiliesOfPage) found.resize(kFamiliesOfPage);
  // Latin-1 and Windows-1252 differ in 32 characters, which the lines that proved the one may lack.
  constexpr struct { std::string_view proved, as_well; } kAlike[] = {{"gbk_as_latin1", "gbk_as_cp1252"}, {"utf8_as_latin1", "utf8_as_cp1252"}};
  for (const auto& alike : kAlike) {
    auto named = [&](std::string_view name) { return std::find_if(found.begin(), found.end(), [&](const PageFamily& one) { return one.name == name; }); };
    const auto proved = named(alike.proved);
    if (proved != found.end() && named(alike.as_well) == found.end()) found.push_back({FamiliesNamed(alike.as_well), std::string(alike.as_well), proved->ideographs});
  }
  return found;
}

// What an author of Chinese may have written, be it one character, a bullet, or a name in kana.
bool MayBeChinese(std::string_view utf8) {
  size_t chinese = 0;
  size_t signs = 0;
  size_t others = 0;
  for (size_t at = 0; at < utf8.size();) {
    const char32_t c = text::DecodeUtf8(utf8, at);
    if (c < 0x80) {
      if (c < 0x20 && c != '\t') return false;
      continue;
    }
    if (c < 0xA0 || text::IsPrivateUse(c) || c == text::kReplacement) return false;
    if (text::IsHan(c) || text::IsKana(c) || c == 0x30FC || text::IsCjkPunctuation(c) || text::IsSpace(c) || (c >= 0xFF01 && c <= 0xFF5E)) ++chinese;
    else if (c == U'©' || c == U'®' || c == U'°' || c == U'×' || c == U'·' || (c >= 0x2010 && c < 0x2800)) ++signs;
    else ++others;
  }
  return chinese + signs > 0 && chinese >= 2 * others;
}

// A stretch that nothing was found in, without the ASCII at its ends.
struct Piece {
  size_t begin = 0, end = 0;
  size_t node = 0;
  double doubtful = 0;  // how much better another family reads it, which it was taken for
};

size_t WideCharacters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC0; }));
}

// How well a stretch follows a family.
struct Reading {
  std::string text;
  size_t end = 0;         // of the stretch: the second byte of its last pair may be ASCII
  double advantage = 0;   // over what is shown
};

class Page {
 public:
  Page(std::string_view text, const std::vector<Node>& nodes, size_t end, Findings& findings) : text_(text), nodes_(nodes), end_(end), findings_(findings) {}

  void Repair() {
    if (findings_.edits.empty()) return;
    FollowReferences();
    WithdrawLone();
    const std::vector<PageFamily> families = FamiliesOf(findings_.edits);
    if (families.empty()) return;
    const std::vector<Edit> doubtful = TakeDoubtful(families[0]);
    FindPieces(doubtful);
    if (pieces_.empty()) return;
    best_.assign(pieces_.size(), Choice());
    for (const PageFamily& family : families) Try(family);
    std::vector<Edit> edits;
    size_t next_doubtful = 0;
    for (size_t i = 0; i < pieces_.size(); ++i) {
      const Piece& piece = pieces_[i];
      if (best_[i].family == nullptr) {
        for (; next_doubtful < doubtful.size() && doubtful[next_doubtful].begin < piece.end; ++next_doubtful) {
          if (doubtful[next_doubtful].begin >= piece.begin) edits.push_back(doubtful[next_doubtful]);
        }
        continue;
      }
      std::optional<Reading> reading = Read(piece, best_[i].family->families);
      edits.push_back({piece.begin, reading->end, std::move(reading->text), best_[i].family->name, true, std::min(0.97, 1 / (1 + std::exp(-best_[i].value / 2)))});
    }
    Take(std::move(edits));
  }

 private:
  struct Choice {
    const PageFamily* family = nullptr;
    double value = 0;
  };

  // The references of a page have one form.
  void FollowReferences() {
    std::map<std::string_view, size_t> ideographs;
    for (const Edit& edit : findings_.edits) {
      if (edit.family.rfind("entity_", 0) == 0) ideographs[edit.family] += text::ScoreProse(edit.after).ideographs;
    }
    const auto most = std::max_element(ideographs.begin(), ideographs.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most == ideographs.end() || most->second < kProof) return;
    Findings found;
    ForEachGap([&](size_t begin, size_t end, size_t) { RepairReferences(text_, {begin, end}, most->first, found); });
    Take(std::move(found.edits));
  }

  // Short lines that were taken for another family than the page's own: they are looked at again.
  std::vector<Edit> TakeDoubtful(const PageFamily& own) {
    constexpr size_t kShort = 4;
    std::vector<Edit> doubtful, kept;
    for (Edit& edit : findings_.edits) {
      const NamedFamilies families = FamiliesNamed(edit.family);
      const bool other = families.outer != nullptr && edit.lossless && (families.outer != own.families.outer || families.inner != own.families.inner);
      const bool again = other && text::ScoreProse(edit.after).ideographs <= kShort && !UndoBoth(text_.substr(edit.begin, edit.end - edit.begin), own.families).empty();
      (again ? doubtful : kept).push_back(std::move(edit));
    }
    findings_.edits = std::move(kept);
    return doubtful;
  }

  // What no edit covers of each node.
  template <typename Function>
  void ForEachGap(Function function) const {
    size_t edit = 0;
    for (size_t n = 0; n < nodes_.size() && nodes_[n].end <= end_; ++n) {
      size_t begin = nodes_[n].begin;
      while (edit < findings_.edits.size() && findings_.edits[edit].end <= begin) ++edit;
      for (; edit < findings_.edits.size() && findings_.edits[edit].begin < nodes_[n].end; ++edit) {
        if (findings_.edits[edit].begin > begin) function(begin, findings_.edits[edit].begin, n);
        begin = std::max(begin, findings_.edits[edit].end);
      }
      if (begin < nodes_[n].end) function(begin, nodes_[n].end, n);
    }
  }

  // A doubtful edit is a piece as it is.
  void FindPieces(const std::vector<Edit>& doubtful) {
    size_t next = 0;
    ForEachGap([&](size_t begin, size_t end, size_t node) {
      for (; next < doubtful.size() && doubtful[next].begin < end; ++next) {
        if (doubtful[next].begin < begin) continue;
        AddPiece(begin, doubtful[next].begin, node);
        pieces_.push_back({doubtful[next].begin, doubtful[next].end, node, Advantage(text_.substr(doubtful[next].begin, doubtful[next].end - doubtful[next].begin), doubtful[next].after)});
        begin = doubtful[next].end;
      }
      AddPiece(begin, end, node);
    });
  }

  void AddPiece(size_t begin, size_t end, size_t node) {
    while (begin < end && static_cast<unsigned char>(text_[begin]) < 0x80) ++begin;
    while (end > begin && static_cast<unsigned char>(text_[end - 1]) < 0x80) --end;
    if (begin < end && end - begin <= kLongestPiece) pieces_.push_back({begin, end, node, 0});
  }

  std::optional<Reading> Read(const Piece& piece, const NamedFamilies& families) const {
    std::optional<Reading> best;
    for (size_t end = piece.end; !best.has_value() && end <= piece.end + 1; ++end) {
      if (end > piece.end && (end > nodes_[piece.node].end || text_[piece.end] < 0x40 || text_[piece.end] == 0x7F)) break;
      const std::string_view run = text_.substr(piece.begin, end - piece.begin);
      for (std::string& result : UndoBoth(run, families)) {
        if (!MayBeChinese(result)) continue;
        const double advantage = Advantage(run, result);
        if (!best.has_value() || advantage > best->advantage) best = Reading{std::move(result), end, advantage};
      }
    }
    return best;
  }

  // By node: garbled, as it should be, or not known. `advantage`, by piece: how much better the family's reading is.
  std::vector<int8_t> StatesOf(const PageFamily& family, std::vector<float>& advantage) const {
    const Family& outer = *family.families.outer;
    std::vector<int8_t> state(nodes_.size(), 0);
    MarkRepaired(family, state);
    advantage.assign(pieces_.size(), kNever);
    for (size_t i = 0; i < pieces_.size(); ++i) {
      const Piece& piece = pieces_[i];
      const std::optional<Reading> reading = Read(piece, family.families);
      if (reading.has_value()) advantage[i] = static_cast<float>(reading->advantage);
      // Readings of pairs as pairs are ideographs as often as not, whatever else they make.
      const std::string_view run = text_.substr(piece.begin, piece.end - piece.begin);
      const Signs signs = SignsOf(run);
      if (!signs.has(outer.sign) && (outer.single_byte || !signs.has(Sign::kHan))) continue;
      const bool sound = reading.has_value() ? reading->advantage <= kReadsAsItStands : WideCharacters(run) >= kSaysSomething;
      if (sound && state[piece.node] == 0) state[piece.node] = -1;
    }
    return state;
  }

  void Try(const PageFamily& family) {
    const Family& outer = *family.families.outer;
    const bool utf8 = std::string_view(outer.written_in) == "UTF-8";
    const double needed = utf8 ? kNeededOfUtf8 : outer.single_byte ? kNeededOfLetters : kNeeded;
    std::vector<float> advantage;
    const std::vector<int8_t> state = StatesOf(family, advantage);
    const double share = outer.single_byte || utf8 ? kShareOfLetters : kShare;
    size_t node = SIZE_MAX;  // whose odds are known: pieces of one stand together
    float odds = 0;
    for (size_t i = 0; i < pieces_.size(); ++i) {
      if (advantage[i] == kNever) continue;
      if (node != pieces_[i].node) odds = OddsOf(state, pieces_[i].node, share);
      node = pieces_[i].node;
      const double value = static_cast<double>(advantage[i]) + static_cast<double>(odds) - pieces_[i].doubtful;
      if (value >= (pieces_[i].doubtful != 0 ? 0 : needed) && (best_[i].family == nullptr || value > best_[i].value)) best_[i] = {&family, value};
    }
  }

  void MarkRepaired(const PageFamily& family, std::vector<int8_t>& state) const {
    size_t node = 0;
    for (const Edit& edit : findings_.edits) {
      while (node < nodes_.size() && nodes_[node].end <= edit.begin) ++node;
      if (node == nodes_.size()) return;
      const NamedFamilies families = FamiliesNamed(edit.family);
      if (families.outer != family.families.outer || families.inner != family.families.inner || edit.begin < nodes_[node].begin) continue;
      state[node] = 1;
    }
  }

  // A word that was taken for garbled where nothing around it is: names and rare words of Chinese, Japanese and Korean look so.
  void WithdrawLone() {
    constexpr size_t kSoundLines = 4;
    std::vector<NamedFamilies> lone(findings_.edits.size());
    std::vector<const Family*> proof(nodes_.size(), nullptr);  // of nodes with more than a word repaired
    size_t node = 0;
    bool any = false;
    for (size_t i = 0; i < lone.size(); ++i) {
      const Edit& edit = findings_.edits[i];
      const NamedFamilies families = FamiliesNamed(edit.family);
      while (node < nodes_.size() && nodes_[node].end <= edit.begin) ++node;
      if (node == nodes_.size()) break;
      if (IsWord(edit, families)) {
        lone[i] = families;
        any = true;
      } else {
        proof[node] = families.outer;
      }
    }
    if (!any) return;
    FindPieces({});
    std::map<const Family*, std::vector<int8_t>> states;
    std::vector<Edit> kept;
    node = 0;
    for (size_t i = 0; i < lone.size(); ++i) {
      const Edit& edit = findings_.edits[i];
      while (node < nodes_.size() && nodes_[node].end <= edit.begin) ++node;
      if (const Family* const outer = lone[i].outer; outer != nullptr) {
        std::vector<int8_t>& state = states[outer];
        if (state.empty()) {
          std::vector<float> advantage;
          state = StatesOf({lone[i], outer->name, 0}, advantage);
          for (size_t n = 0; n < state.size(); ++n) state[n] = proof[n] == outer ? 1 : std::min<int8_t>(state[n], 0);
        }
        const auto [garbled, sound] = Around(state, node);
        if (garbled == 0 && sound >= kSoundLines && !HasCompany(lone, i)) continue;
      }
      kept.push_back(edit);
    }
    findings_.edits = std::move(kept);
    pieces_.clear();
  }

  // Two more words that the same family made stand near: no chance puts them there.
  bool HasCompany(const std::vector<NamedFamilies>& words, size_t word) const {
    constexpr size_t kNear = 400;  // bytes on each side
    std::set<std::string_view> others;
    auto look = [&](size_t i) {
      const Edit& edit = findings_.edits[i];
      if (words[i].outer == words[word].outer && edit.after != findings_.edits[word].after) others.insert(edit.after);
    };
    const Edit& own = findings_.edits[word];
    for (size_t i = word; i-- > 0 && own.begin - findings_.edits[i].end <= kNear && others.size() < 2;) look(i);
    for (size_t i = word + 1; i < words.size() && findings_.edits[i].begin - own.end <= kNear && others.size() < 2; ++i) look(i);
    return others.size() >= 2;
  }

  // Garbled and sound nodes among those around a node that are decided.
  static std::pair<size_t, size_t> Around(const std::vector<int8_t>& state, size_t node) {
    std::pair<size_t, size_t> counts;
    auto count = [&](size_t n) {
      if (state[n] != 0) ++(state[n] > 0 ? counts.first : counts.second);
      return state[n] != 0;
    };
    size_t seen = 0;
    for (size_t n = node; n-- > 0 && seen < kNeighbours && node - n <= kFarthest;) seen += count(n) ? 1 : 0;
    seen = 0;
    for (size_t n = node; n < state.size() && seen < kNeighbours && n - node <= kFarthest; ++n) seen += count(n) ? 1 : 0;
    return counts;
  }

  // How likely a node is garbled, by those around it that are decided: logarithm of garbled to sound; kNever where fewer than `share` are.
  static float OddsOf(const std::vector<int8_t>& state, size_t node, double share) {
    const auto [garbled, sound] = Around(state, node);
    const auto yes = static_cast<double>(garbled);
    const auto no = static_cast<double>(sound);
    return yes < share * (yes + no) || garbled == 0 ? kNever : static_cast<float>(std::log((yes + 0.5) / (no + 0.5)));
  }

  // What was listed as damage there is restored.
  void Take(std::vector<Edit> edits) {
    if (edits.empty()) return;
    size_t edit = 0;
    auto restored = [&](const Spot& spot) {
      while (edit < edits.size() && edits[edit].end <= spot.begin) ++edit;
      return edit < edits.size() && edits[edit].begin <= spot.begin && spot.end <= edits[edit].end;
    };
    findings_.spots.erase(std::remove_if(findings_.spots.begin(), findings_.spots.end(), restored), findings_.spots.end());
    const size_t old = findings_.edits.size();
    findings_.edits.insert(findings_.edits.end(), std::make_move_iterator(edits.begin()), std::make_move_iterator(edits.end()));
    std::inplace_merge(findings_.edits.begin(), findings_.edits.begin() + static_cast<ptrdiff_t>(old), findings_.edits.end(),
                       [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  }

  const std::string_view text_;
  const std::vector<Node>& nodes_;
  const size_t end_;
  Findings& findings_;
  std::vector<Piece> pieces_;
  std::vector<Choice> best_;
};

}  // namespace

void FollowPage(std::string_view text, const std::vector<Node>& nodes, size_t end, Findings& findings) { Page(text, nodes, end, findings).Repair(); }

}  // namespace fangzhi::repair
