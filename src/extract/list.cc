// The items of list pages and home pages.
#include <algorithm>
#include <unordered_map>

#include "base/strings.h"
#include "extract/body.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

// A dated link: its line, and the line of its date where that has one of its own.
struct Row {
  uint32_t line, date_line;
  bool dated = true;
};

// Lines that end with a date and lead nowhere, below the heading of a box: its rows, whose links a script makes.
void AddTextRows(const PageView& view, const InfoLines& info, std::vector<Row>& rows) {
  constexpr size_t kFewest = 5;
  std::vector<Row> found, run;
  const auto take = [&] {
    if (run.size() >= kFewest && run.front().line > 0) {
      const Line& above = view.lines[run.front().line - 1];
      if (above.characters <= 8 && above.links == 0 && above.sentence_marks == 0) found.insert(found.end(), run.begin(), run.end());
    }
    run.clear();
  };
  // A headline and a day, each on a line of its own, again and again: cards whose links a script makes.
  static const uint16_t cell = html::Tag("td"), head = html::Tag("th");
  for (const InfoValue& value : info.values) {
    if (value.labelled || !value.date || !value.text.empty() || value.line == 0 || info.info_score[value.line] < 60) continue;
    const Line& line = view.lines[value.line];
    const Line& above = view.lines[value.line - 1];
    const uint16_t tag = view.document.node(line.block).tag;
    if (line.characters > 16 || line.links != 0 || above.links != 0 || above.characters < 6 || above.characters > 50 || above.sentence_marks > 3 ||
        info.info_score[value.line - 1] >= 40 || tag == cell || tag == head || view.LineText(value.line - 1).ends_with("。"))
      continue;
    if (!run.empty() && value.line != run.back().date_line + 2) {
      if (run.size() >= kFewest - 1) found.insert(found.end(), run.begin(), run.end());
      run.clear();
    }
    run.push_back({value.line - 1, value.line});
  }
  if (run.size() >= kFewest - 1) found.insert(found.end(), run.begin(), run.end());
  run.clear();
  for (const InfoValue& value : info.values) {
    const Line& line = view.lines[value.line];
    if (value.labelled || !value.date || line.links != 0 || line.characters < 14 || line.characters > 60 || line.sentence_marks > 2) continue;
    const std::string_view text = view.LineText(value.line);
    if (value.text.size() < 12 || text.find('\t') != std::string_view::npos) continue;
    if (!run.empty() && value.line == run.back().line) continue;
    if (!run.empty() && (value.line > run.back().line + 2 || view.document.node(line.block).tag != view.document.node(view.lines[run.back().line].block).tag)) take();
    run.push_back({value.line, value.line});
  }
  take();
  if (found.empty()) return;
  rows.insert(rows.end(), found.begin(), found.end());
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.line < b.line; });
}

// Runs of at least three rows of equal structure at equal distances. A strip with a link and a date in it is none: what
// stands beside it differs.
std::vector<ListRun> FindRuns(const PageView& view, const InfoLines& info, const std::vector<Row>& rows) {
  constexpr uint32_t kFarthest = 5;
  constexpr size_t kFewest = 3;
  std::vector<ListRun> runs;
  std::vector<uint8_t> labelled(view.lines.size(), 0);
  for (const InfoValue& value : info.values)
    labelled[value.line] = labelled[value.line] || (value.labelled && (value.label == Label::kSource || value.label == Label::kPublished));
  const auto alike = [&](const Row& a, const Row& b) {
    const Line& one = view.lines[a.line];
    const Line& other = view.lines[b.line];
    return b.line > a.line && b.line - a.line <= kFarthest && view.document.node(one.block).tag == view.document.node(other.block).tag &&
           one.heading == other.heading && labelled[a.line] == labelled[b.line] && a.dated == b.dated && (a.dated || b.line - a.line >= 2);
  };
  const auto take = [&](size_t begin, size_t end) {  // rows of one run
    if (end - begin < kFewest) return;
    ListRun run;
    run.first = std::min(rows[begin].line, rows[begin].date_line);
    run.last = std::max(rows[end - 1].line, rows[end - 1].date_line);
    // The last row's other lines, by the pattern of the row before it.
    const uint32_t before = rows[end - 2].line, last = rows[end - 1].line;
    for (uint32_t k = 1; k < last - before && last + k < view.lines.size(); ++k) {
      const Line& pattern = view.lines[before + k];
      const Line& line = view.lines[last + k];
      if (line.heading != pattern.heading || view.document.node(line.block).tag != view.document.node(pattern.block).tag) break;
      run.last = std::max(run.last, last + k);
    }
    for (size_t i = begin; i < end; ++i) run.rows.push_back(rows[i].line);
    runs.push_back(std::move(run));
  };
  std::vector<uint32_t> gaps;
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin + 1;
    gaps.clear();
    while (end < rows.size() && alike(rows[end - 1], rows[end])) {
      gaps.push_back(rows[end].line - rows[end - 1].line);
      ++end;
    }
    uint32_t usual = 1;
    if (!gaps.empty()) {
      std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2), gaps.end());
      usual = gaps[gaps.size() / 2];
    }
    // What stands between two rows that are farther apart than the others belongs to neither list.
    size_t from = begin;
    for (size_t i = begin + 1; i < end; ++i) {
      if (rows[i].line - rows[i - 1].line <= usual + 1) continue;
      take(from, i);
      from = i;
    }
    take(from, end);
    begin = end;
  }
  return runs;
}

bool IsTimeOfDay(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == 0 || colon > 2 || text.size() != colon + 3) return false;
  const auto hour = ParseUint(text.substr(0, colon)), minute = ParseUint(text.substr(colon + 1));
  return hour && minute && *hour < 24 && *minute < 60;
}

}  // namespace

ListChoice FindListItems(const PageView& view, const InfoLines& info, bool roc_years, bool whole_page) {
  struct Candidate {
    ListItem item;
    html::NodeIndex group;
    uint32_t characters;
    bool timed = false;  // 21:00 stands behind it, of a day that the page tells above its rows
    bool dated() const { return timed || !item.date.empty(); }
  };
  std::vector<Candidate> candidates;
  constexpr uint16_t kNoItem = kZoneNavigation | kZoneFooter | kZoneCrumbs | kZoneControls;
  FoldedText folded;
  for (const Anchor& anchor : view.anchors) {
    if (anchor.end <= anchor.begin || anchor.line >= view.lines.size()) continue;
    const Line& line = view.lines[anchor.line];
    if ((line.zones & kNoItem) != 0) continue;
    std::string_view text = std::string_view(view.text).substr(anchor.begin, anchor.end - anchor.begin);
    if (text.size() > 600) text = text.substr(0, text.find('\n'));
    FoldInto(text, folded);
    // The date may stand inside the link, beside it, or on a line of the same item.
    const auto inside = FindDate(folded, 0, {roc_years, false});
    Candidate candidate;
    candidate.item.line = anchor.line;
    std::string title;
    if (inside) {
      candidate.item.date = inside->Day();
      // Only a date at an end of the text is the item's; one in the middle belongs to the title.
      const std::string_view head = text.substr(0, folded.offsets[inside->begin]);
      const std::string_view tail = text.substr(folded.offsets[inside->end]);
      const std::string head_text = TrimSeparators(head), tail_text = TrimSeparators(tail);
      if (tail_text.size() <= 3) {
        title = head_text;
      } else if (head_text.size() <= 3) {
        title = tail_text;
      } else {
        candidate.item.date.clear();
        title = text::CollapseSpace(text);
      }
      while (title.ends_with("[") || title.ends_with("(")) title.pop_back();
    } else {
      title = text::CollapseSpace(text);
    }
    const size_t length = ComparisonKey(title).size();
    if (length < 6) continue;
    if (candidate.item.date.empty()) {
      const std::string_view whole = view.LineText(anchor.line);
      if (whole.size() <= 600) {
        const size_t in_line = anchor.begin - line.begin;
        FoldInto(whole.substr(0, in_line), folded);
        auto date = FindDate(folded, 0, {roc_years, false});
        if (!date) {
          const size_t after = std::min<size_t>(anchor.end, line.end) - line.begin;
          FoldInto(whole.substr(after), folded);
          date = FindDate(folded, 0, {roc_years, false});
        }
        if (date) candidate.item.date = date->Day();
        const size_t behind = std::min<size_t>(anchor.end, line.end) - line.begin;
        candidate.timed = !date && IsTimeOfDay(TrimAscii(whole.substr(behind)));
      }
    }
    // The block of the line, or for one line an item the list around it.
    html::NodeIndex group = line.block;
    if (group != 0 && view.document.node(group).parent != html::kNone)
      group = view.document.node(group).parent;
    candidate.group = group;
    candidate.characters = static_cast<uint32_t>(length);
    candidate.item.title = std::move(title);
    candidates.push_back(std::move(candidate));
  }

  // PDF (212KB), 查看原文 in row after row: what readers may do with the items.
  std::unordered_map<std::string_view, size_t> named;
  for (const Candidate& candidate : candidates) ++named[candidate.item.title];
  const size_t often = std::max<size_t>(3, (candidates.size() + 3) / 4);
  std::vector<uint8_t> repeated(candidates.size(), 0);
  for (size_t i = 0; i < candidates.size(); ++i) repeated[i] = named[candidates[i].item.title] >= often;
  named.clear();
  size_t kept = 0;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (repeated[i]) continue;
    if (kept != i) candidates[kept] = std::move(candidates[i]);
    ++kept;
  }
  candidates.resize(kept);

  // Dates on lines of their own belong to the link above or below them, whichever fits more of the items.
  std::vector<std::string> alone(view.lines.size());
  for (const InfoValue& value : info.values) {
    // 青石日报 2020-03-01: the item's paper before its date.
    if (value.labelled || !value.date || value.text.size() > 24 || view.lines[value.line].characters > 24 || info.info_score[value.line] < 60) continue;
    alone[value.line] = value.date->Day();
  }
  constexpr uint32_t kNoNeighbour = UINT32_MAX;
  const auto neighbour = [&](size_t index, bool below) -> uint32_t {
    const uint32_t line = candidates[index].item.line;
    if (below) {
      uint32_t limit = std::min<uint32_t>(line + 5, static_cast<uint32_t>(view.lines.size()));
      for (size_t k = index + 1; k < candidates.size() && k < index + 4; ++k) {
        if (candidates[k].item.line > line) {
          limit = std::min(limit, candidates[k].item.line);
          break;
        }
      }
      for (uint32_t i = line + 1; i < limit; ++i) {
        if (!alone[i].empty()) return i;
      }
    } else {
      uint32_t limit = line >= 4 ? line - 4 : 0;
      for (size_t k = index; k-- > 0 && k + 4 > index;) {
        if (candidates[k].item.line < line) {
          limit = std::max(limit, candidates[k].item.line + 1);
          break;
        }
      }
      for (uint32_t i = line; i-- > limit;) {
        if (!alone[i].empty()) return i;
      }
    }
    return kNoNeighbour;
  };
  // How deep in the tree the smallest element is that holds both lines.
  const auto shared_depth = [&](uint32_t a, uint32_t b) {
    html::NodeIndex node = view.lines[a].block;
    const html::NodeIndex other = view.lines[b].first;
    while (node != 0 && node != html::kNone && (other < node || other >= view.document.node(node).end)) node = view.document.node(node).parent;
    return node == html::kNone ? 0 : static_cast<int>(view.document.node(node).depth);
  };
  size_t hits_below = 0, hits_above = 0, one_below = 0, one_above = 0;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i].item.date.empty()) continue;
    const uint32_t line = candidates[i].item.line, below = neighbour(i, true), above = neighbour(i, false);
    hits_below += below != kNoNeighbour;
    hits_above += above != kNoNeighbour;
    if (below == kNoNeighbour || above == kNoNeighbour) continue;
    // Between two rows a date is below one and above the other: it belongs to the one whose element holds it.
    const int with_below = shared_depth(line, below), with_above = shared_depth(line, above);
    one_below += with_below > with_above;
    one_above += with_above > with_below;
  }
  const bool as_many = std::max(hits_below, hits_above) - std::min(hits_below, hits_above) <= 1;
  const bool dates_below = as_many && one_below != one_above ? one_below > one_above : hits_below >= hits_above;
  const bool beside = std::max(hits_below, hits_above) >= 3;
  std::vector<Row> rows;
  for (size_t i = 0; i < candidates.size(); ++i) {
    ListItem& item = candidates[i].item;
    uint32_t date_line = item.line;
    if (item.date.empty() && beside) {
      if (const uint32_t line = neighbour(i, dates_below); line != kNoNeighbour) {
        item.date = alone[line];
        date_line = line;
      }
    }
    // Links alone on their lines, with something between them, are rows without dates.
    const Line& line = view.lines[item.line];
    const bool whole = line.links == 1 && line.link_characters * 10 >= line.characters * 8 && !line.file;
    const bool has_day = !item.date.empty() || candidates[i].timed;
    if ((has_day || whole) && (rows.empty() || rows.back().line != item.line)) rows.push_back({item.line, date_line, has_day});
  }
  AddTextRows(view, info, rows);

  ListChoice list;
  list.runs = FindRuns(view, info, rows);
  for (const InfoValue& value : info.values) {
    const Line& line = view.lines[value.line];
    list.dated_texts += !value.labelled && value.date && value.date->hour < 0 && line.links == 0 && line.characters >= 14 && line.characters <= 80 &&
                        line.sentence_marks <= 3 && (line.zones & kNoItem) == 0 && view.LineText(value.line).find('\t') == std::string_view::npos;
  }
  size_t dated = 0;
  for (const Candidate& candidate : candidates) {
    dated += candidate.dated();
    list.all_characters += candidate.characters;
  }
  list.all_items = candidates.size();
  // Dated items alone where there are enough of them: they are what a list is; else the group of siblings
  // with the most text.
  html::NodeIndex best_group = html::kNone;
  const bool by_date = dated >= 5;
  if (!whole_page && !by_date) {
    std::unordered_map<html::NodeIndex, uint32_t> weight;
    uint32_t most = 0;
    for (const Candidate& candidate : candidates) {
      uint32_t& sum = weight[candidate.group];
      sum += candidate.characters;
      if (sum > most) {
        most = sum;
        best_group = candidate.group;
      }
    }
    // No group stands out where every item has a table or a box of its own.
    if (most * 5 < list.all_characters * 2) whole_page = true;
  }
  for (Candidate& candidate : candidates) {
    if (!whole_page && by_date && !candidate.dated()) continue;
    if (!whole_page && !by_date && candidate.group != best_group) continue;
    if (!list.items.empty() && candidate.item.title == list.items.back().title)
      continue;  // a picture's link and a headline's, side by side
    list.dated += candidate.dated();
    list.link_characters += candidate.characters;
    list.items.push_back(std::move(candidate.item));
  }
  return list;
}

void MarkRows(const std::vector<ListRun>& runs, PageView& view, InfoLines& info) {
  if (runs.empty()) return;
  for (const ListRun& run : runs) {
    for (uint32_t line = run.first; line <= run.last; ++line) view.lines[line].row = RowFlag::kBetween;
    for (const uint32_t line : run.rows) view.lines[line].row = RowFlag::kRow;
  }
  std::erase_if(info.values, [&](const InfoValue& value) { return view.lines[value.line].row != RowFlag::kNone; });
}

std::string ListText(const ListChoice& list) {
  std::string text;
  for (const ListItem& item : list.items) {
    if (!text.empty()) text.push_back('\n');
    if (!item.date.empty()) text.append(item.date).push_back(' ');
    text.append(item.title);
  }
  return text;
}

}  // namespace fangzhi::extract
