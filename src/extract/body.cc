#include "extract/body.h"

#include <algorithm>

#include "base/strings.h"
#include "extract/body_lines.h"
#include "extract/end_lines.h"
#include "extract/line_words.h"

namespace fangzhi::extract {
namespace {

using html::kNone;
using html::NodeIndex;
using html::NodeType;

// Names by which content systems mark the text. An entry is an id, a class or an element's name, lower case;
// prefix where it ends in *.
constexpr std::string_view kMarkers[] = {
    "trs_editor",        "trs_ueditor",    "trs_editor_view",   "ucapcontent",    "ucap-content",
    "vsb_content*",      "v_news_content", "wp_articlecontent", "zoom",           "fontzoom",
    "ivs_content",       "pages_content",  "article-content",   "articlecontent", "article_content",
    "artibody",          "article-body",   "article_body",      "articlebody",    "news_content",
    "newscontent",       "news-content",   "contenttext",       "content_text",   "detail-content",
    "detail_content",    "detailcontent",  "view_content",      "text_content",   "main_content",
    "maincontent",       "main-content",   "endtext",           "con_text",       "conttext",
    "infocontent",       "info_content",   "entry-content",     "post-content",   "rich_media_content",
    "custom_unionstyle", "myzoom",         "bt_content",        "xxgk_content",   "art_con",
    "arti-content",      "article",        "js_content",        "contentdiv",     "newstext",
    "textcontent"};

// The name among those of a class or an id; empty where none is a marker.
std::string MarkerAmong(std::string_view names) {
  // A class attribute holds several names.
  for (size_t at = 0; at < names.size();) {
    while (at < names.size() && IsAsciiSpace(names[at])) ++at;
    size_t end = at;
    while (end < names.size() && !IsAsciiSpace(names[end])) ++end;
    const std::string_view name = names.substr(at, end - at);
    at = end;
    if (name.size() < 4 || name.size() > 40) continue;
    for (std::string_view marker : kMarkers) {
      const bool prefix = marker.back() == '*';
      if (prefix) marker.remove_suffix(1);
      if (name.size() < marker.size() || (!prefix && name.size() != marker.size())) continue;
      if (EqualsIgnoreAsciiCase(name.substr(0, marker.size()), marker)) {
        return std::string(name);
      }
    }
  }
  return {};
}

bool IsMarkerName(std::string_view names, std::string* which) {
  thread_local RecentAnswers<std::string> known;
  std::string name = known.Get(names, MarkerAmong);
  if (name.empty()) return false;
  *which = std::move(name);
  return true;
}

double LineWeight(const PageView& view, const InfoLines& info, const TitleChoice& title, size_t index) {
  const Line& line = view.lines[index];
  const double text = line.characters - std::min(line.characters, line.link_characters);
  const bool before_title = title.first_line != kNoLine && title.score >= 50 &&
                            (index <= title.last_line || index == title.subtitle_line);
  if ((line.zones & kNotBody) != 0) return -0.5 * line.characters - 3;
  const bool linked = line.link_characters * 2 > line.characters || IsDatedLink(line, info.info_score[index]) || line.row == RowFlag::kRow;
  if (linked && line.sentence_marks < (line.row == RowFlag::kRow ? 8u : 4u)) {
    if (line.file || IsAttachmentLine(view.LineText(index))) return 0;
    return -1.0 * line.link_characters - 4;
  }
  if (before_title) return 0;
  if (info.info_score[index] >= 60) return 0;
  if (line.sentence_marks == 0 || text < 8) {
    // The rows of a table are text, though without sentences.
    const bool row = text >= 8 && view.LineText(index).find('\t') != std::string_view::npos;
    return row ? std::min(text, 60.0) * 0.6 : std::min(text, 20.0) * 0.3;
  }
  const std::string_view content = view.LineText(index);
  const LineWords words = WordsOf(content);
  if (text < 120 && (IsFrameLine(words, content) || words.contact >= 2)) return -10;
  if (text < 60 && words.contact > 0 && line.sentence_marks <= 3) return 0;
  if (line.sentence_marks >= 2 && IsDisclaimer(words, content)) return -30;
  double weight = text + 4.0 * std::min<uint32_t>(line.sentence_marks, 20) - 1.0 * line.link_characters;
  if ((line.zones & kZoneContent) != 0 && weight > 0) weight *= 1.2;
  return weight;
}

struct CommentMark {
  NodeIndex begin = kNone, end = kNone;
};

// <!--ZJEG_RSS.content.begin--> … <!--ZJEG_RSS.content.end-->, <!--正文开始-->, <!--enpcontent-->: the
// outermost pair.
CommentMark FindCommentMarks(const PageView& view) {
  CommentMark mark;
  for (NodeIndex index : view.comments) {
    const std::string_view text = view.document.node(index).text;
    if (text.size() > 100) continue;
    const std::string lower = ToAsciiLower(TrimAscii(text));
    const bool names_text = lower.find("content") != std::string::npos ||
                            lower.find("正文") != std::string::npos ||
                            lower.find("内容") != std::string::npos;
    if (!names_text) continue;
    const bool ends = lower.find("end") != std::string::npos || lower.find("结束") != std::string::npos ||
                      lower.starts_with("/");
    const bool begins = lower.find("begin") != std::string::npos ||
                        lower.find("start") != std::string::npos || lower.find("开始") != std::string::npos ||
                        lower == "enpcontent";
    if (begins && !ends && mark.begin == kNone) mark.begin = index;
    if (ends && mark.begin != kNone) mark.end = index;
  }
  return mark;
}

// Where an element holds both the text and a box of links, its sum may be less than that of one paragraph: the text's
// other paragraphs stand beside it. Where the best element is no more than a paragraph or a table, takes the neighbours on both sides up to the first that weighs against it.
template <class Weigh>
void Grow(const PageView& view, const TitleChoice& title, const Weigh& weigh, BodyChoice& body) {
  const auto nodes = view.document.nodes();
  const NodeIndex limit = title.last_line == kNoLine || title.last_line + 1 >= view.lines.size() ? 0 : view.lines[title.last_line + 1].first;
  NodeIndex inner = body.node_begin;
  for (int level = 0; level < 3; ++level) {
    const NodeIndex parent = nodes[inner].parent;
    if (parent == kNone || parent == 0) return;
    bool grown = false;
    for (NodeIndex next = nodes[inner].next_sibling; next != kNone; next = nodes[next].next_sibling) {
      if (nodes[next].type == NodeType::kComment || nodes[next].end <= body.node_end) continue;
      const double weight = weigh(next, nodes[next].end);
      if (weight < 0) break;
      if (weight == 0) continue;
      body.node_end = nodes[next].end;
      grown = true;
    }
    // Siblings before it, in order: those after the last that weighs against it.
    NodeIndex begin = body.node_begin;
    for (NodeIndex child = parent + 1; child < inner && child != kNone; child = nodes[child].next_sibling) {
      if (nodes[child].type == NodeType::kComment) continue;
      const double weight = child < limit ? -1 : weigh(child, nodes[child].end);
      if (weight < 0) begin = body.node_begin;
      if (weight > 0 && begin == body.node_begin) begin = child;
    }
    grown = grown || begin != body.node_begin;
    body.node_begin = begin;
    if (grown) break;
    inner = parent;
    if (weigh(parent, nodes[parent].end) < 0) return;
  }
  body.line_begin = view.LineAt(body.node_begin);
  body.line_end = view.LineAt(body.node_end);
}

// Whether elements of the same name and class beside the best one hold text as well: the text is divided over them.
template <class Weigh>
bool HasEqualSiblings(const PageView& view, const BodyChoice& body, const Weigh& weigh) {
  const auto nodes = view.document.nodes();
  const html::Node& node = nodes[body.node_begin];
  if (node.type != NodeType::kElement || node.parent == kNone) return false;
  const auto name = [&](NodeIndex index) { return view.document.attribute(index, "class").value_or(""); };
  int tries = 0;
  for (NodeIndex next = node.parent + 1; next != kNone && next < nodes[node.parent].end && tries < 400; next = nodes[next].next_sibling, ++tries) {
    if (next == body.node_begin || nodes[next].tag != node.tag || nodes[next].type != NodeType::kElement || name(next) != name(body.node_begin)) continue;
    if (weigh(next, nodes[next].end) > body.weight * 0.2) return true;
  }
  return false;
}

}  // namespace

BodyChoice BodyOfNode(const PageView& view, const InfoLines& info, const TitleChoice& title, NodeIndex node,
                      std::string provenance) {
  BodyChoice body;
  body.node_begin = node;
  body.node_end = view.document.node(node).end;
  body.line_begin = view.LineAt(body.node_begin);
  body.line_end = view.LineAt(body.node_end);
  body.provenance = std::move(provenance);
  PickLines(view, info, title, body);
  return body;
}

BodyChoice ChooseBody(const PageView& view, const InfoLines& info, const TitleChoice& title) {
  const auto nodes = view.document.nodes();
  const size_t count = view.lines.size();
  std::vector<double> sums(count + 1, 0), weights(count, 0);
  double own = 0, between = 0;
  for (size_t i = 0; i < count; ++i) {
    weights[i] = LineWeight(view, info, title, i);
    if (weights[i] > 0 && view.lines[i].sentence_marks > 0) (view.lines[i].row == RowFlag::kNone ? own : between) += weights[i];
  }
  // The summaries of other articles do not outweigh a text of its own.
  const bool boxed = own >= 24 && (own * 5 >= between || LeadsText(view, info, title));
  for (size_t i = 0; i < count; ++i) sums[i + 1] = sums[i] + (boxed && view.lines[i].row != RowFlag::kNone ? std::min(weights[i], 0.0) : weights[i]);
  const auto net = [&](NodeIndex begin, NodeIndex end, size_t* first, size_t* last) {
    *first = view.LineAt(begin);
    *last = view.LineAt(end);
    return sums[*last] - sums[*first];
  };

  BodyChoice best;
  best.weight = 0;
  BodyChoice marked;
  marked.weight = 0;
  std::string marker_name;
  static const uint16_t article_tag = html::Tag("article");
  for (NodeIndex i = 1; i < nodes.size(); ++i) {
    const html::Node& node = nodes[i];
    if (node.type != NodeType::kElement || node.end <= i + 1) continue;
    std::string name;
    bool marker = node.tag == article_tag;
    if (marker) name = "article";
    for (const html::Attribute& attribute : view.document.attributes(node)) {
      if (attribute.name == "id" || attribute.name == "class") {
        marker = IsMarkerName(attribute.value, &name) || marker;
      } else if (attribute.name == "itemprop" && EqualsIgnoreAsciiCase(attribute.value, "articleBody")) {
        marker = true;
        name = "articleBody";
      }
    }
    if (!marker && node.tag == html::kUnknownTag && EqualsIgnoreAsciiCase(node.text, "ucapcontent")) {
      marker = true;
      name = "UCAPCONTENT";
    }
    if (!marker && !html::IsBlock(node)) continue;
    size_t first, last;
    const double weight = net(i, node.end, &first, &last);
    if (last <= first) continue;
    const bool same = first == best.line_begin && last == best.line_end;
    // The deepest of equals, so that what else the wrapper holds (images, links) stays outside.
    if (weight > best.weight + 1e-9 || (same && weight > 0 && weight > best.weight - 1e-9)) {
      best.weight = weight;
      best.node_begin = i;
      best.node_end = node.end;
      best.line_begin = first;
      best.line_end = last;
    }
    if (marker && weight > marked.weight + 1e-9) {
      marked.weight = weight;
      marked.node_begin = i;
      marked.node_end = node.end;
      marked.line_begin = first;
      marked.line_end = last;
      marker_name = name;
    }
  }
  best.provenance = "density";
  if (marked.weight > 0 && marked.weight >= best.weight * 0.6) {
    marked.provenance = "marker:" + marker_name;
    best = marked;
  }
  if (const CommentMark mark = FindCommentMarks(view); mark.begin != kNone && mark.end != kNone) {
    size_t first, last;
    const double weight = net(mark.begin, mark.end, &first, &last);
    // Narrower than what was found, or better: comments may also surround half the page.
    const bool inside = first >= best.line_begin && last <= best.line_end;
    if (last > first && weight > 0 && (weight >= best.weight || (inside && weight >= best.weight * 0.6))) {
      best.weight = weight;
      best.node_begin = mark.begin;
      best.node_end = mark.end;
      best.line_begin = first;
      best.line_end = last;
      best.provenance = "marker:comment";
    }
  }
  if (best.line_end > best.line_begin) {
    static const uint16_t table_tag = html::Tag("table"), tbody_tag = html::Tag("tbody"), list_tag = html::Tag("ul");
    const uint16_t tag = nodes[best.node_begin].tag;
    const bool part = best.line_end - best.line_begin <= 2 || tag == table_tag || tag == tbody_tag || tag == list_tag;
    const auto weigh = [&](NodeIndex begin, NodeIndex end) {
      size_t first, last;
      return net(begin, end, &first, &last);
    };
    const bool divided = best.provenance != "marker:comment" && HasEqualSiblings(view, best, weigh);
    if (divided || (best.provenance == "density" && part)) Grow(view, title, weigh, best);
    PickLines(view, info, title, best);
    if (best.provenance == "density") TakeLead(view, info, title, best);
  }

  // Too little text to weigh (an image, an attachment, one sentence): what follows the headline and its
  // strip.
  // A sentence right below the strip, in an element of its own, is such a text and found already.
  bool touches = !best.lines.empty() && title.last_line != kNoLine && best.first_line() > title.last_line &&
                 best.first_line() <= title.last_line + 10;
  for (size_t i = title.last_line + 1; touches && i < best.first_line(); ++i) {
    touches = info.info_score[i] >= 60 || IsControlLine(view.LineText(i)) || i == title.subtitle_line;
  }
  const bool adjacent = touches && best.sentence_marks > 0;
  if (best.characters < 20 && !adjacent && title.last_line != kNoLine) {
    BodyChoice after;
    after.line_begin = title.last_line + 1;
    size_t end = after.line_begin;
    while (end < count && end < after.line_begin + 60) {
      const Line& line = view.lines[end];
      const std::string_view text = view.LineText(end);
      const bool linked = line.link_characters * 2 >= line.characters && line.links > 0 && !line.file && !IsAttachmentLine(text);
      if ((line.zones & (kNotBody & ~kZoneControls)) != 0 || IsFrameLine(WordsOf(text), text) ||
          (linked && info.info_score[end] < 60))
        break;
      if (const LineEnd kind = EndOf(text, line); (kind == LineEnd::kFinal || kind == LineEnd::kEnd) && info.info_score[end] < 60) break;
      // The heading of a box of links.
      if (line.characters <= 8 && line.sentence_marks == 0 && line.links == 0 && end + 1 < count && info.info_score[end] < 60 &&
          view.lines[end + 1].links > 0 && !view.lines[end + 1].file && view.lines[end + 1].link_characters * 2 > view.lines[end + 1].characters &&
          !IsAttachmentLine(view.LineText(end + 1)))
        break;
      ++end;
    }
    after.line_end = end;
    if (end > after.line_begin) {
      after.node_begin = view.lines[after.line_begin].first;
      after.node_end = end < count ? view.lines[end].first : static_cast<NodeIndex>(nodes.size());
      after.provenance = "after-title";
      PickLines(view, info, title, after);
      if (after.characters > best.characters || best.lines.empty()) best = std::move(after);
    }
    // 热点新闻 is no text, though nothing else on the page is one: pictures alone.
    if (best.provenance == "density" && best.characters < 12 && best.sentence_marks == 0 && !touches && best.line_end < count &&
        view.lines[best.lines.empty() ? 0 : best.lines.back()].links == 0) {
      best.lines.clear();
      best.characters = 0;
    }
  }
  return best;
}

size_t SetAsHeadline(const PageView& view, const InfoLines& info, const BodyChoice& body) {
  if (body.lines.empty()) return kNoLine;
  const size_t first = body.lines.front();
  for (size_t i = first + 1; i-- > 0 && i + 4 > first;) {
    const Line& line = view.lines[i];
    if (line.links > 0 || line.row != RowFlag::kNone) break;
    if (line.characters < 6 || line.characters > 50 || line.sentence_marks > 3 || (line.zones & (kZoneNavigation | kZoneHeader | kZoneFooter)) != 0) continue;
    // 各县人民政府，市直有关单位：
    if (view.LineText(i).ends_with("：") || view.LineText(i).ends_with(":")) continue;
    if (info.info_score[i] < 40 && (line.heading != 0 || (line.emphasis & (kBold | kLarge)) != 0 || (line.zones & kZoneTitle) != 0)) return i;
  }
  return kNoLine;
}

std::string BodyText(const PageView& view, const BodyChoice& body) {
  std::string text;
  for (uint32_t line : body.lines) {
    if (!text.empty()) text.push_back('\n');
    std::string_view content = view.LineText(line);
    if (line == body.lines.back()) {
      if (const auto counter = CounterAtEnd(content); counter && counter->offset > 0) content = content.substr(0, counter->offset);
    }
    text.append(content);
  }
  return text;
}

}  // namespace fangzhi::extract
