// The difference of two texts. Paragraphs that occur once in both texts anchor the comparison (patience diff); what lies between
// anchors is paired by likeness, and only paired paragraphs are compared character by character (Myers, "An O(ND) Difference
// Algorithm", 1986). One budget of steps covers the whole call, so that hostile texts cost no more than long ones.
#include <algorithm>
#include <string>
#include <unordered_map>

#include "text/text.h"

namespace fangzhi::text {
namespace {

// Edits that one pair of paragraphs may take before it counts as "another text". Above it the script is of no use to a reader.
constexpr size_t kMaxEdits = 1500;
// Steps of the inner loop in one call, about 0.2 s.
constexpr size_t kStepBudget = 60'000'000;
// Paragraph pairs that one block may compare by likeness.
constexpr size_t kMaxPairs = 40'000;
// Hashes that stand for a paragraph when likeness is estimated (bottom-k sketch of its character pairs).
constexpr size_t kSketchSize = 64;
constexpr double kAlike = 0.25;

struct Paragraph {
  std::u32string text;  // with its line feed
  int id = 0;           // equal for equal texts
};

std::vector<Paragraph> SplitParagraphs(std::string_view text, std::unordered_map<std::string_view, int>& ids) {
  std::vector<Paragraph> paragraphs;
  for (size_t begin = 0; begin < text.size();) {
    const size_t feed = text.find('\n', begin);
    const size_t end = feed == std::string_view::npos ? text.size() : feed + 1;
    const std::string_view line = text.substr(begin, end - begin);
    const int id = ids.emplace(line, static_cast<int>(ids.size())).first->second;
    paragraphs.push_back({ToUtf32(line), id});
    begin = end;
  }
  return paragraphs;
}

// Edits in reading order. Neighbouring edits become one deletion and one insertion, in this order: that is how people read them. So do edits
// that only a chance likeness keeps apart: a common piece no longer than the edits on both sides of it (202|0年 against 202|1年底, amid a rewritten
// sentence) is part of what was rewritten.
class EditScript {
 public:
  void Add(DiffKind kind, std::u32string_view text) {
    if (text.empty()) return;
    if (kind == DiffKind::kEqual) {
      if (!hunks_.back().Unedited()) hunks_.emplace_back();
      hunks_.back().common.append(text);
    } else {
      (kind == DiffKind::kDelete ? hunks_.back().deleted : hunks_.back().inserted).append(text);
    }
  }
  std::vector<DiffPart> Finish() {
    std::vector<DiffPart> parts;
    const auto add = [&parts](DiffKind kind, const std::u32string& text) {
      if (!text.empty()) parts.push_back({kind, ToUtf8(text)});
    };
    for (const Hunk& hunk : Joined()) {
      add(DiffKind::kEqual, hunk.common);
      add(DiffKind::kDelete, hunk.deleted);
      add(DiffKind::kInsert, hunk.inserted);
    }
    return parts;
  }

 private:
  struct Hunk {
    std::u32string common, deleted, inserted;
    bool Unedited() const { return deleted.empty() && inserted.empty(); }
    size_t Size() const { return std::max(deleted.size(), inserted.size()); }
  };
  // A paragraph's end is never a chance likeness, so a run of joined hunks is no longer than one comparison of two paragraphs.
  std::vector<Hunk> Joined() {
    std::vector<Hunk> joined;
    for (Hunk& hunk : hunks_) {
      joined.push_back(std::move(hunk));
      while (joined.size() >= 2) {
        Hunk& last = joined.back();
        Hunk& before = joined[joined.size() - 2];
        if (last.common.size() > std::min(before.Size(), last.Size()) || last.common.find(U'\n') != std::u32string::npos) break;
        before.deleted += last.common + last.deleted;
        before.inserted += last.common + last.inserted;
        joined.pop_back();
      }
    }
    return joined;
  }
  std::vector<Hunk> hunks_{1};
};

// Myers' greedy forward search with its trace kept: at most kMaxEdits² / 2 integers. False when more edits or steps are needed.
bool DiffCharacters(std::u32string_view a, std::u32string_view b, size_t& budget, EditScript& script) {
  size_t prefix = 0;
  while (prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
  size_t suffix = 0;
  while (suffix < a.size() - prefix && suffix < b.size() - prefix &&
         a[a.size() - 1 - suffix] == b[b.size() - 1 - suffix]) {
    ++suffix;
  }
  const std::u32string_view x = a.substr(prefix, a.size() - prefix - suffix);
  const std::u32string_view y = b.substr(prefix, b.size() - prefix - suffix);

  struct Edit {
    size_t x, y;     // where the edit starts
    bool insertion;  // of y[y], else deletion of x[x]
  };
  std::vector<Edit> edits;
  if (x.empty() || y.empty()) {
    script.Add(DiffKind::kEqual, a.substr(0, prefix));
    script.Add(DiffKind::kDelete, x);
    script.Add(DiffKind::kInsert, y);
    script.Add(DiffKind::kEqual, a.substr(a.size() - suffix));
    return true;
  }

  const auto n = static_cast<ptrdiff_t>(x.size());
  const auto m = static_cast<ptrdiff_t>(y.size());
  const auto limit = static_cast<ptrdiff_t>(std::min(kMaxEdits, x.size() + y.size()));
  std::vector<std::vector<int>> trace;  // trace[d][k + d]: furthest x on diagonal k after d edits
  std::vector<int> furthest(static_cast<size_t>(2 * limit + 3), 0);
  const ptrdiff_t middle = limit + 1;
  auto at = [&](ptrdiff_t k) -> int& { return furthest[static_cast<size_t>(middle + k)]; };
  ptrdiff_t found = -1;
  for (ptrdiff_t d = 0; d <= limit && found < 0; ++d) {
    size_t steps = 0;
    for (ptrdiff_t k = -d; k <= d; k += 2) {
      ptrdiff_t i = (k == -d || (k != d && at(k - 1) < at(k + 1))) ? at(k + 1) : at(k - 1) + 1;
      if (d == 0) i = 0;
      const ptrdiff_t snake = i;
      while (i < n && i - k < m && i - k >= 0 && x[static_cast<size_t>(i)] == y[static_cast<size_t>(i - k)]) ++i;
      at(k) = static_cast<int>(i);
      steps += 1 + static_cast<size_t>(i - snake);
      if (i >= n && i - k >= m) {
        found = d;
        break;
      }
    }
    trace.emplace_back(furthest.begin() + (middle - d), furthest.begin() + (middle + d + 1));
    if (steps > budget) {
      budget = 0;
      return false;
    }
    budget -= steps;
  }
  if (found < 0) return false;

  // Walk back through the trace.
  ptrdiff_t i = n;
  ptrdiff_t j = m;
  for (ptrdiff_t d = found; d > 0; --d) {
    const std::vector<int>& before = trace[static_cast<size_t>(d - 1)];
    const ptrdiff_t k = i - j;
    auto reached = [&](ptrdiff_t diagonal) -> int {
      const ptrdiff_t index = diagonal + (d - 1);
      return index < 0 || index >= static_cast<ptrdiff_t>(before.size()) ? -1 : before[static_cast<size_t>(index)];
    };
    const bool down = k == -d || (k != d && reached(k - 1) < reached(k + 1));
    const ptrdiff_t previous_k = down ? k + 1 : k - 1;
    const ptrdiff_t previous_i = reached(previous_k);
    const ptrdiff_t previous_j = previous_i - previous_k;
    edits.push_back({static_cast<size_t>(previous_i), static_cast<size_t>(previous_j), down});
    i = previous_i;
    j = previous_j;
  }
  script.Add(DiffKind::kEqual, a.substr(0, prefix));
  size_t done = 0;  // of x
  for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit) {
    script.Add(DiffKind::kEqual, x.substr(done, edit->x - done));
    done = edit->x;
    if (edit->insertion) {
      script.Add(DiffKind::kInsert, y.substr(edit->y, 1));
    } else {
      script.Add(DiffKind::kDelete, x.substr(edit->x, 1));
      done = edit->x + 1;
    }
  }
  script.Add(DiffKind::kEqual, x.substr(done));
  script.Add(DiffKind::kEqual, a.substr(a.size() - suffix));
  return true;
}

using Sketch = std::vector<uint32_t>;

Sketch MakeSketch(std::u32string_view text) {
  Sketch hashes;
  hashes.reserve(text.size());
  char32_t previous = 0;
  for (const char32_t c : text) {
    uint32_t hash = (static_cast<uint32_t>(previous) * 0x9E3779B1u) ^ (static_cast<uint32_t>(c) * 0x85EBCA6Bu);
    hash ^= hash >> 15;
    hash *= 0xC2B2AE35u;
    hashes.push_back(hash ^ (hash >> 13));
    previous = c;
  }
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  if (hashes.size() > kSketchSize) hashes.resize(kSketchSize);
  return hashes;
}

double Likeness(const Sketch& a, const Sketch& b) {
  size_t i = 0;
  size_t j = 0;
  size_t both = 0;
  size_t seen = 0;
  while (i < a.size() && j < b.size() && seen < kSketchSize) {
    ++seen;
    if (a[i] == b[j]) {
      ++both;
      ++i;
      ++j;
    } else if (a[i] < b[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  seen += std::min(kSketchSize - seen, (a.size() - i) + (b.size() - j));
  return seen == 0 ? 0 : static_cast<double>(both) / static_cast<double>(seen);
}

struct Range {
  size_t begin, end;
  size_t size() const { return end - begin; }
};

class Differ {
 public:
  Differ(const std::vector<Paragraph>& a, const std::vector<Paragraph>& b) : a_(a), b_(b) {}

  std::vector<DiffPart> Run() {
    size_t a_at = 0;
    size_t b_at = 0;
    for (const auto& [a_anchor, b_anchor] : Anchors()) {
      if (a_anchor < a_at || b_anchor < b_at) continue;  // already taken by the extension of the anchor before
      size_t a_begin = a_anchor;
      size_t b_begin = b_anchor;
      while (a_begin > a_at && b_begin > b_at && a_[a_begin - 1].id == b_[b_begin - 1].id) {
        --a_begin;
        --b_begin;
      }
      DiffBlock({a_at, a_begin}, {b_at, b_begin});
      a_at = a_begin;
      b_at = b_begin;
      while (a_at < a_.size() && b_at < b_.size() && a_[a_at].id == b_[b_at].id) {
        script_.Add(DiffKind::kEqual, a_[a_at].text);
        ++a_at;
        ++b_at;
      }
    }
    DiffBlock({a_at, a_.size()}, {b_at, b_.size()});
    return script_.Finish();
  }

 private:
  // Pairs of paragraphs that occur exactly once in each text, in the longest order common to both, after the equal head.
  std::vector<std::pair<size_t, size_t>> Anchors() const {
    std::vector<std::pair<size_t, size_t>> anchors;
    size_t head = 0;
    while (head < a_.size() && head < b_.size() && a_[head].id == b_[head].id) ++head;
    if (head > 0) anchors.emplace_back(0, 0);

    int largest = -1;
    for (const Paragraph& p : a_) largest = std::max(largest, p.id);
    for (const Paragraph& p : b_) largest = std::max(largest, p.id);
    struct Seen {
      int in_a = 0, in_b = 0;
      size_t at_a = 0;
    };
    std::vector<Seen> seen(static_cast<size_t>(largest + 1));
    for (size_t i = head; i < a_.size(); ++i) {
      Seen& s = seen[static_cast<size_t>(a_[i].id)];
      ++s.in_a;
      s.at_a = i;
    }
    for (size_t j = head; j < b_.size(); ++j) ++seen[static_cast<size_t>(b_[j].id)].in_b;

    // Longest increasing subsequence of positions in a, walking b (patience sorting).
    std::vector<std::pair<size_t, size_t>> unique;
    for (size_t j = head; j < b_.size(); ++j) {
      const Seen& s = seen[static_cast<size_t>(b_[j].id)];
      if (s.in_a == 1 && s.in_b == 1) unique.emplace_back(s.at_a, j);
    }
    std::vector<size_t> pile_tops;  // indexes into unique
    std::vector<size_t> previous(unique.size(), SIZE_MAX);
    for (size_t u = 0; u < unique.size(); ++u) {
      const auto place = std::lower_bound(pile_tops.begin(), pile_tops.end(), unique[u].first,
                                          [&](size_t top, size_t value) { return unique[top].first < value; });
      if (place != pile_tops.begin()) previous[u] = *(place - 1);
      if (place == pile_tops.end()) {
        pile_tops.push_back(u);
      } else {
        *place = u;
      }
    }
    std::vector<std::pair<size_t, size_t>> chain;
    for (size_t u = pile_tops.empty() ? SIZE_MAX : pile_tops.back(); u != SIZE_MAX; u = previous[u]) {
      chain.push_back(unique[u]);
    }
    anchors.insert(anchors.end(), chain.rbegin(), chain.rend());
    return anchors;
  }

  // A block between anchors. Equal tails first, then pairs by likeness.
  void DiffBlock(Range a, Range b) {
    size_t tail = 0;
    while (tail < a.size() && tail < b.size() && a_[a.end - 1 - tail].id == b_[b.end - 1 - tail].id) ++tail;
    a.end -= tail;
    b.end -= tail;
    const size_t pairs = a.size() * b.size();
    if (pairs > 0 && pairs <= kMaxPairs && pairs * kSketchSize <= budget_) {
      if (pairs > 1) budget_ -= pairs * kSketchSize;
      DiffByLikeness(a, b);
    } else if (a.size() == b.size()) {
      for (size_t i = 0; i < a.size(); ++i) DiffPair(a.begin + i, b.begin + i);
    } else {
      Replace(a, b);
    }
    for (size_t i = 0; i < tail; ++i) script_.Add(DiffKind::kEqual, a_[a.end + i].text);
  }

  void DiffByLikeness(Range a, Range b) {
    std::vector<Sketch> sketches_a;
    std::vector<Sketch> sketches_b;
    for (size_t i = a.begin; i < a.end; ++i) sketches_a.push_back(MakeSketch(a_[i].text));
    for (size_t j = b.begin; j < b.end; ++j) sketches_b.push_back(MakeSketch(b_[j].text));
    const size_t rows = a.size() + 1;
    const size_t columns = b.size() + 1;
    const bool single = a.size() == 1 && b.size() == 1;
    std::vector<double> likeness(a.size() * b.size());
    std::vector<double> best(rows * columns, 0);  // best[i, j]: sum of likeness over the tails from i and j
    for (size_t i = a.size(); i-- > 0;) {
      for (size_t j = b.size(); j-- > 0;) {
        double value = single ? 1 : Likeness(sketches_a[i], sketches_b[j]);
        if (value < kAlike) value = 0;
        likeness[i * b.size() + j] = value;
        best[i * columns + j] = std::max({best[(i + 1) * columns + j], best[i * columns + j + 1],
                                          value + best[(i + 1) * columns + j + 1]});
      }
    }
    size_t i = 0;
    size_t j = 0;
    while (i < a.size() && j < b.size()) {
      const double value = likeness[i * b.size() + j];
      if (value > 0 && best[i * columns + j] == value + best[(i + 1) * columns + j + 1]) {
        DiffPair(a.begin + i, b.begin + j);
        ++i;
        ++j;
      } else if (best[i * columns + j] == best[(i + 1) * columns + j]) {
        script_.Add(DiffKind::kDelete, a_[a.begin + i].text);
        ++i;
      } else {
        script_.Add(DiffKind::kInsert, b_[b.begin + j].text);
        ++j;
      }
    }
    Replace({a.begin + i, a.end}, {b.begin + j, b.end});
  }

  void DiffPair(size_t i, size_t j) {
    if (a_[i].id == b_[j].id) {
      script_.Add(DiffKind::kEqual, a_[i].text);
    } else if (!DiffCharacters(a_[i].text, b_[j].text, budget_, script_)) {
      Replace({i, i + 1}, {j, j + 1});
    }
  }

  void Replace(Range a, Range b) {
    for (size_t i = a.begin; i < a.end; ++i) script_.Add(DiffKind::kDelete, a_[i].text);
    for (size_t j = b.begin; j < b.end; ++j) script_.Add(DiffKind::kInsert, b_[j].text);
  }

  const std::vector<Paragraph>& a_;
  const std::vector<Paragraph>& b_;
  EditScript script_;
  size_t budget_ = kStepBudget;
};

}  // namespace

std::vector<DiffPart> Diff(std::string_view a, std::string_view b) {
  const std::string clean_a = ScrubUtf8(a);
  const std::string clean_b = ScrubUtf8(b);
  std::unordered_map<std::string_view, int> ids;
  const std::vector<Paragraph> paragraphs_a = SplitParagraphs(clean_a, ids);
  const std::vector<Paragraph> paragraphs_b = SplitParagraphs(clean_b, ids);
  return Differ(paragraphs_a, paragraphs_b).Run();
}

}  // namespace fangzhi::text
