// The order of work: one look at each text node decides whether anything in it is suspicious; page-wide families first (their evidence
// is the page), then node by node code pages and references; what stays is listed as damage.
#include "repair/repair.h"

#include <algorithm>

#include "repair/edits.h"
#include "text/language.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

constexpr size_t kMaxShown = 200;  // code points of a run in a step
constexpr size_t kMaxSpots = 1000;
constexpr double kReadsWell = -7.5;  // see text/language.h

// What a node holds that wants a closer look.
struct Look {
  bool references = false;  // "&"
  bool losses = false;      // U+FFFD, 锟
  bool code_pages = false;  // foreign letters in number, or ideographs that do not make prose
};

Look LookAt(std::string_view node) {
  Look look;
  size_t foreign = 0;  // every character of two bytes, and symbols: what single-byte code pages make
  for (size_t at = 0; at < node.size(); ++at) {
    const auto byte = static_cast<unsigned char>(node[at]);
    if (byte == '&') look.references = true;
    if (byte < 0xC0) continue;
    if (byte < 0xE0 || byte == 0xE2) {
      ++foreign;
    } else if (byte == 0xEF && node.compare(at, 3, "\uFFFD") == 0) {
      look.losses = true;
    } else if (byte == 0xE9 && node.compare(at, 3, "锟") == 0) {
      look.losses = true;
    }
  }
  if (foreign >= 4) {
    look.code_pages = true;
    return look;
  }
  const text::RareCount count = text::CountRare(node);
  look.code_pages = count.wide >= 4 && count.rare * 5 >= count.wide && text::ScoreChinese(node).mean() < kReadsWell;
  return look;
}

// Text between tags, tags, and both up to the line's end; only nodes with something outside ASCII or a reference are kept.
std::vector<Node> SplitNodes(std::string_view text) {
  std::vector<Node> nodes;
  size_t begin = 0;
  bool interesting = false;
  for (size_t at = 0; at <= text.size(); ++at) {
    const char c = at < text.size() ? text[at] : '\n';
    if (c == '<' || c == '>' || c == '\n') {
      if (interesting) nodes.push_back({begin, at});
      begin = at + 1;
      interesting = false;
    } else if (static_cast<unsigned char>(c) >= 0x80 || c == '&') {
      interesting = true;
    }
  }
  return nodes;
}

// Code points of byte offsets that come in rising order.
class Offsets {
 public:
  explicit Offsets(std::string_view text) : text_(text) {}
  size_t At(size_t byte) {
    if (byte < byte_) {
      byte_ = 0;
      code_points_ = 0;
    }
    code_points_ += text::CountCodePoints(text_.substr(byte_, byte - byte_));
    byte_ = byte;
    return code_points_;
  }

 private:
  std::string_view text_;
  size_t byte_ = 0;
  size_t code_points_ = 0;
};

std::string Shown(std::string_view text) { return std::string(text::PrefixCodePoints(text, kMaxShown)); }

void List(std::string_view text, Findings& findings, RepairedText& result) {
  Offsets offsets(text);
  size_t copied = 0;
  std::string repaired;
  repaired.reserve(text.size());
  for (const Edit& edit : findings.edits) {
    if (edit.begin < copied) continue;  // overlaps the one before: that one stands
    repaired.append(text, copied, edit.begin - copied);
    repaired += edit.after;
    copied = edit.end;
    if (result.steps.size() < kMaxSteps) {
      Step step;
      step.family = edit.family;
      step.begin = offsets.At(edit.begin);
      step.end = offsets.At(edit.end);
      step.before = Shown(text.substr(edit.begin, edit.end - edit.begin));
      step.after = Shown(edit.after);
      step.lossless = edit.lossless;
      step.confidence = edit.confidence;
      result.steps.push_back(std::move(step));
    } else {
      // The last listed step sums up: it reaches to the end of the last change.
      Step& last = result.steps.back();
      last.end = offsets.At(edit.end);
      last.lossless = last.lossless && edit.lossless;
      last.confidence = std::min(last.confidence, edit.confidence);
    }
  }
  repaired.append(text, copied);
  result.changed = !result.steps.empty();
  result.text = std::move(repaired);
  Offsets spots_offsets(text);
  for (const Spot& spot : findings.spots) {
    if (result.damage.size() >= kMaxSpots) break;
    Damage damage;
    damage.begin = spots_offsets.At(spot.begin);
    damage.end = spots_offsets.At(spot.end);
    damage.family = spot.family;
    damage.text = Shown(text.substr(spot.begin, spot.end - spot.begin));
    result.damage.push_back(std::move(damage));
  }
}

}  // namespace

RepairedText Repair(std::string text) {
  RepairedText result;
  Findings findings;
  const std::vector<Node> nodes = SplitNodes(text);
  const bool glossed = RepairGlosses(text, nodes, findings);
  RepairSevenBit(text, findings);
  for (const Node node : nodes) {
    const Look look = LookAt(std::string_view(text).substr(node.begin, node.end - node.begin));
    if (look.code_pages && !glossed) RepairCodePages(text, node, findings);
    if (look.references) RepairReferences(text, node, findings);
    if (look.losses) FindLosses(text, node, findings);
  }
  if (findings.edits.empty() && findings.spots.empty()) {
    result.text = std::move(text);
    return result;
  }
  std::stable_sort(findings.edits.begin(), findings.edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::stable_sort(findings.spots.begin(), findings.spots.end(), [](const Spot& a, const Spot& b) { return a.begin < b.begin; });
  List(text, findings, result);
  return result;
}

}  // namespace fangzhi::repair
