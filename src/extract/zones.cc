#include "extract/zones.h"

#include <algorithm>

#include "base/strings.h"
#include "extract/line_words.h"

namespace fangzhi::extract {
namespace {

using html::NodeIndex;

bool NamesComments(const html::Document& document, NodeIndex element) {
  for (const html::Attribute& attribute : document.attributes(document.node(element))) {
    if (attribute.name != "class" && attribute.name != "id") continue;
    for (const std::string_view word : {"comment", "pinglun", "reply", "gentie"}) {
      if (FindIgnoreAsciiCase(attribute.value, word) != std::string_view::npos) return true;
    }
  }
  return false;
}

// bottom_cont, below a headline called top_cont: no foot of a page has two paragraphs that name neither its owner nor its address.
bool HoldsText(const PageView& view, const Zone& zone) {
  size_t paragraphs = 0;
  for (size_t i = view.LineAt(zone.begin); i < view.lines.size() && view.lines[i].first < zone.end && paragraphs < 2; ++i) {
    const Line& line = view.lines[i];
    if (line.characters < 30 || line.sentence_marks < 2 || line.link_characters > 0) continue;
    const std::string_view text = view.LineText(i);
    const LineWords words = WordsOf(text);
    paragraphs += words.frame == 0 && words.contact == 0 && words.disclaimer == 0 && text.ends_with("。");
  }
  return paragraphs >= 2;
}

}  // namespace

void PlaceZones(std::vector<Zone> zones, PageView& view) {
  // Characters before each line, for the weight of a zone.
  std::vector<uint32_t> before(view.lines.size() + 1, 0), running(view.lines.size() + 1, 0), headlines(view.lines.size() + 1, 0);
  for (size_t i = 0; i < view.lines.size(); ++i) {
    const Line& line = view.lines[i];
    before[i + 1] = before[i] + line.characters - std::min(line.characters, line.link_characters);
    running[i + 1] = running[i] + (line.characters >= 30 && line.sentence_marks >= 2 && line.link_characters * 2 < line.characters);
    headlines[i + 1] = headlines[i] + (line.heading >= 1 && line.heading <= 3 && line.characters >= (line.heading == 1 ? 6 : 8) && line.link_characters == 0);
  }
  const uint32_t all = before.back();
  constexpr uint16_t kNegative =
      kZoneNavigation | kZoneFooter | kZoneAside | kZoneHeader | kZoneControls | kZoneCrumbs;
  // Zones nest and are sorted by their begin, so a stack walks beside the lines.
  std::vector<Zone> stack;
  size_t next = 0;
  NodeIndex first_heading = UINT32_MAX;
  for (const Line& line : view.lines) {
    if ((line.heading != 0 && line.heading <= 3) || (line.emphasis & (kLarge | kCentered)) == (kLarge | kCentered)) {
      first_heading = line.first;
      break;
    }
  }
  for (Zone& zone : zones) {
    const uint32_t held = before[view.LineAt(zone.end)] - before[view.LineAt(zone.begin)];
    // A footer has nothing much after it.
    const uint32_t after = all - before[view.LineAt(zone.end)];
    if (after * 10 > all * 3 || held * 10 > all * 9 || ((zone.flags & kZoneFooter) != 0 && HoldsText(view, zone))) zone.flags &= static_cast<uint16_t>(~kZoneFooter);
    // A line or two right below the headline are its strip, whatever they are called.
    if ((zone.flags & kZoneAside) != 0 && held <= 60 && first_heading < zone.begin) {
      const size_t first = view.LineAt(zone.begin), last = view.LineAt(zone.end);
      if (first > 0 && last - first <= 3 && view.lines[first - 1].heading != 0 && view.lines[first - 1].first >= first_heading && view.lines[first - 1].heading <= 3) zone.flags &= static_cast<uint16_t>(~kZoneAside);
    }
    // What readers say may be longer than the article, but stands below a headline.
    if ((zone.flags & kZoneAside) != 0 && first_heading < zone.begin && NamesComments(view.document, zone.begin)) continue;
    // No menu holds sentences, or a headline that is no link.
    if ((zone.flags & (kZoneNavigation | kZoneCrumbs)) != 0) {
      const size_t first = view.LineAt(zone.begin), last = view.LineAt(zone.end);
      uint32_t linked = 0;
      for (size_t i = first; i < last && headlines[last] > headlines[first]; ++i) linked += view.lines[i].link_characters;
      if (running[last] - running[first] >= 2 || (headlines[last] > headlines[first] && held > linked)) zone.flags &= static_cast<uint16_t>(~(kZoneNavigation | kZoneCrumbs));
    }
    if (held * 2 > all) zone.flags &= static_cast<uint16_t>(~(kNegative & ~kZoneFooter));
    if (held * 4 > all * 3)
      zone.flags &= static_cast<uint16_t>(~((kNegative & ~kZoneFooter) | kZoneInfo | kZoneTitle | kZoneSubtitle));
  }
  for (Line& line : view.lines) {
    while (next < zones.size() && zones[next].begin <= line.first) {
      while (!stack.empty() && stack.back().end <= zones[next].begin) stack.pop_back();
      Zone zone = zones[next++];
      if (!stack.empty()) zone.flags |= stack.back().flags;
      stack.push_back(zone);
    }
    while (!stack.empty() && stack.back().end <= line.first) stack.pop_back();
    if (!stack.empty()) line.zones = stack.back().flags;
  }
}

}  // namespace fangzhi::extract
