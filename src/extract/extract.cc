#include "extract/extract.h"

#include <algorithm>
#include <cstdlib>
#include <cmath>

#include "base/strings.h"
#include "extract/characters.h"
#include "extract/clean_html.h"
#include "extract/counters.h"
#include "extract/extraction.h"
#include "extract/headline_words.h"
#include "extract/kind.h"
#include "extract/label_values.h"
#include "extract/line_words.h"
#include "extract/page_data.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {

using html::kNone;
using html::NodeIndex;

Extraction::Extraction(const ExtractInput& input)
    : input_(input),
      document_(input.document),
      view_(input.document),
      structured_(FindStructured(view_)),
      base_(input.page_url),
      roc_years_(HasRepublicYears()) {}

bool Extraction::HasRepublicYears() const {
  const std::string_view host =
      input_.page_url.host ? std::string_view(*input_.page_url.host) : std::string_view();
  return host.ends_with(".tw") || IsTraditional(std::string_view(view_.text).substr(0, 4'000));
}

void Extraction::FindBase() {
  static const uint16_t base_tag = html::Tag("base");
  const auto nodes = document_.nodes();
  const NodeIndex head = document_.head();
  const NodeIndex end =
      head == kNone ? std::min<NodeIndex>(static_cast<NodeIndex>(nodes.size()), 200) : nodes[head].end;
  for (NodeIndex i = head == kNone ? 0 : head; i < end; ++i) {
    if (nodes[i].type != html::NodeType::kElement || nodes[i].tag != base_tag ||
        base_tag == html::kUnknownTag)
      continue;
    const auto href = document_.attribute(i, "href");
    if (!href) continue;
    if (auto parsed = url::Parse(*href, &input_.page_url); parsed && parsed->IsHttp()) base_ = *parsed;
    return;
  }
}

std::optional<NodeIndex> Extraction::Selected(const std::string& selector) const {
  if (selector.empty()) return std::nullopt;
  std::string problem;
  const auto compiled = html::Selector::Compile(selector, &problem);
  if (!compiled) return std::nullopt;  // config/ has told of it
  const auto found = compiled->Select(document_);
  if (found.empty()) return std::nullopt;
  return found.front();
}

std::string Extraction::SelectedText(const std::string& selector) const {
  const auto node = Selected(selector);
  if (!node) return "";
  return text::CollapseSpace(
      html::TextContent(document_, *node, {.skip_hidden = false, .image_alt = false, .skip = {}}));
}

namespace {

// 1.2万, 12k: of the number's own digits only the first stand on the page.
bool IsRounded(std::string_view line, int64_t number) {
  if (number < 1000 || number % 100 != 0) return false;
  for (const std::string_view unit : {"万", "萬", "亿", "億", "w", "W", "k", "K"}) {
    for (size_t at = line.find(unit); at != std::string_view::npos; at = line.find(unit, at + 1)) {
      if (at > 0 && IsAsciiDigit(line[at - 1])) return true;
    }
  }
  return false;
}

}  // namespace

double ConfidenceOf(int score) {
  return std::clamp(score / 125.0, 0.05, 0.98);
}

void Extraction::Set(std::optional<std::string>& field, const char* name, std::string value, std::string basis,
                     double confidence) {
  if (value.empty()) return;
  Suggest(name, value, basis, confidence);
  field = std::move(value);
  record_.provenance[name] = std::move(basis);
  // Two digits: more would claim what a score does not know.
  record_.confidence[name] = std::round(confidence * 100) / 100;
}

void Extraction::Suggest(const char* name, std::string_view value, std::string_view basis, double confidence) {
  constexpr size_t kMostCandidates = 24;
  if (!input_.explain || value.empty()) return;
  std::vector<model::Candidate>& list = record_.candidates[name];
  for (model::Candidate& known : list) {
    if (known.value != value || known.basis != basis) continue;
    known.confidence = std::max(known.confidence, std::round(confidence * 100) / 100);
    return;
  }
  if (list.size() < kMostCandidates) list.push_back({std::string(value), std::string(basis), std::round(confidence * 100) / 100});
}

void Extraction::Forget(const char* name) {
  for (auto* map : {&record_.provenance, &record_.conflicts}) map->erase(name);
  record_.confidence.erase(name);
}

int Extraction::PlaceScore(const InfoValue& value) const {
  const Line& line = view_.lines[value.line];
  int score = 0;
  // A whole strip below the text may be called foot of something; a page's footer has no date of publication.
  const bool strip = value.labelled && info_.info_score[value.line] >= 80 && (line.zones & kZoneNavigation) == 0 &&
                     (value.label == Label::kPublished || value.label == Label::kSource || value.label == Label::kClicks) && DatedStrip(value.line);
  // The editor's name stands at the foot of the text, which may be called so.
  const bool foot = value.label == Label::kEditor && (value.strong || info_.info_score[value.line] >= 80) && (line.zones & kZoneNavigation) == 0 && !body_.lines.empty() && value.line > body_.lines.back() &&
                    value.line <= body_.lines.back() + 4;
  if ((line.zones & (kZoneNavigation | kZoneFooter)) != 0 && !strip && !foot) score -= 60;
  if ((line.zones & kZoneAside) != 0 && value.label != Label::kEditor) score -= 45;
  if ((line.zones & kZoneHeader) != 0) score -= 15;
  if ((line.zones & kZoneInfo) != 0) score += 5;
  if (line.link_characters * 2 > line.characters && line.characters > 16 && value.label != Label::kEditor &&
      !(value.labelled && value.strong))
    score -= 50;
  const auto place = static_cast<int>(value.line);
  const int body_first = body_.lines.empty() ? -1 : static_cast<int>(body_.lines.front());
  const int body_last = body_.lines.empty() ? -1 : static_cast<int>(body_.lines.back());
  if (title_.first_line != kNoLine) {
    const int first = static_cast<int>(title_.first_line), last = static_cast<int>(title_.last_line);
    // A strip right below the headline, though the text's element holds it.
    const bool heads_body = place == last + 1 && place <= body_first + 1 && (value.labelled || info_.info_score[value.line] >= 60);
    if (place > last && (body_first < 0 || place < body_first || body_first <= last || heads_body) && place <= last + 12)
      return score + 32 - std::min(place - last, 12);
    if (place > last && place < body_first) return score + 15;
    if (place >= first && place <= last) return score + 5;
    if (place < first && place >= first - 8) return score + 12 - (first - place);
  } else if (body_first >= 0 && place < body_first && place >= body_first - 10) {
    return score + 20 - (body_first - place);
  }
  if (body_first >= 0 && place >= body_first && place <= body_last) {
    if (place <= body_first + 2 || place >= body_last - 2) return score - 5;
    return score - 60;
  }
  if (body_last >= 0 && place > body_last && place <= body_last + 12)
    return score + 4 - (place - body_last) / 2;
  return score - (value.labelled && value.strong ? 25 : 60);
}

bool Extraction::DatedStrip(uint32_t line) const {
  auto value = std::lower_bound(info_.values.begin(), info_.values.end(), line, [](const InfoValue& v, uint32_t wanted) { return v.line < wanted; });
  bool date = false;
  size_t others = 0;
  for (; value != info_.values.end() && value->line == line; ++value) {
    date = date || (value->label == Label::kPublished && value->labelled && value->strong && value->date);
    others += value->label == Label::kSource || value->label == Label::kClicks || value->label == Label::kAuthor;
  }
  return date && others > 0;
}

bool Extraction::HasDocumentTable() const {
  if (title_.first_line == kNoLine || title_.score < 40) return false;
  uint32_t seen = 0;
  size_t numbers = 0;
  for (const InfoValue& value : info_.values) {
    if (!value.labelled || (value.text.empty() && !value.date)) continue;
    numbers += value.label == Label::kIndexNumber;
    if (value.line + 14 < title_.first_line || value.line > title_.last_line + 14) continue;
    switch (value.label) {
      case Label::kIndexNumber:
      case Label::kDocumentNumber:
      case Label::kIssuer:
      case Label::kTopic:
      case Label::kWritten:
      case Label::kValidity:
      case Label::kPublished:
        seen |= 1u << static_cast<uint32_t>(value.label);
        break;
      default:
        break;
    }
  }
  return numbers <= 1 && __builtin_popcount(seen) >= 3;
}

bool Extraction::HasStrip() const {
  if (HasDocumentTable()) return true;
  if (!visible_date_ || strip_line_ == UINT32_MAX || title_.first_line == kNoLine || title_.score < 40) return false;
  // Below the text, in one line with another labelled value.
  if (!body_.lines.empty() && strip_line_ > body_.lines.back() && strip_line_ <= body_.lines.back() + 4 && body_.lines.front() > title_.last_line && DatedStrip(strip_line_))
    return true;
  if (strip_line_ + 1 < title_.first_line || strip_line_ > title_.last_line + 10) return false;
  // Day and time of day right below a proven headline, and little else in the line.
  const size_t line = strip_line_;
  const bool timed = std::any_of(info_.values.begin(), info_.values.end(), [&](const InfoValue& value) {
    return value.line == line && value.date && value.date->hour >= 0 && value.text.size() <= 60;
  });
  if (timed && title_.score >= 70 && line > title_.last_line && line <= title_.last_line + 2 && view_.lines[line].characters <= 60 &&
      view_.lines[line].sentence_marks <= 4 && view_.lines[title_.first_line].link_characters == 0)
    return true;
  // The day in the headline's own line.
  const bool proven = title_.score >= 70 || title_.agreement >= 40;
  if (title_.dated && proven && view_.lines[title_.first_line].link_characters == 0) return true;
  // A bare date right beside a headline that <title> or a heading element proves.
  const size_t first = title_.first_line, last = title_.last_line, strip = strip_line_;
  if (proven && info_.info_score[strip] >= (view_.lines[strip].characters <= 30 ? 60 : 80) && strip + 2 >= first && strip <= last + 2 &&
      view_.lines[first].link_characters == 0)
    return true;
  bool labelled = false;
  size_t elsewhere = 0;  // labelled dates beyond the strip; a hidden or mobile copy is one
  // No label, but an element that is named after what it holds: only the one date on the page.
  if (title_.score >= 60 && (view_.lines[strip].zones & kZoneInfo) != 0 && info_.info_score[strip] >= 40 && strip > last) {
    const auto dates = std::count_if(info_.values.begin(), info_.values.end(), [&](const InfoValue& value) { return value.date && value.line != strip; });
    if (dates <= 2) return true;
  }
  for (const InfoValue& value : info_.values) {
    if (!value.labelled) continue;
    const bool near = value.line + 4 >= strip_line_ && value.line <= strip_line_ + 4;
    switch (value.label) {
      case Label::kPublished:
        labelled = labelled || near;
        elsewhere += !near && value.date;
        break;
      case Label::kSource:
      case Label::kClicks:
      case Label::kAuthor:
      case Label::kPublisher:
        labelled = labelled || near;
        break;
      default:
        break;
    }
  }
  return labelled && elsewhere <= 2;
}

void Extraction::Title() {
  title_ = ChooseTitle(view_, info_, input_.list_title);
  if (input_.selectors != nullptr) {
    if (std::string chosen = SelectedText(input_.selectors->title); !chosen.empty()) {
      const auto node = Selected(input_.selectors->title);
      title_.title = std::move(chosen);
      title_.provenance = "selector";
      title_.score = 100;
      title_.first_line = title_.last_line = kNoLine;
      const size_t line = view_.LineAt(*node);
      const size_t end = view_.LineAt(document_.node(*node).end);
      if (end > line) {
        title_.first_line = line;
        title_.last_line = end - 1;
      }
    }
  }
  // What a reader does not see: characters of no width inside the headline.
  std::string clean;
  for (size_t offset = 0; offset < title_.title.size();) {
    const char32_t c = text::DecodeUtf8(title_.title, offset);
    if (!IsZeroWidth(c)) text::AppendUtf8(clean, c);
  }
  title_.title = std::move(clean);
}

void Extraction::Body() {
  if (input_.selectors != nullptr) {
    if (const auto node = Selected(input_.selectors->body)) {
      body_ = BodyOfNode(view_, info_, title_, *node, "selector");
      selected_body_ = !body_.lines.empty();
      if (selected_body_) return;
    }
  }
  if (IsBelowText()) {
    // The heading of a box of other articles, and nothing better was found.
    title_ = TitleChoice{.title = title_.candidates.empty() ? std::string() : title_.candidates.front().value,
                         .provenance = title_.candidates.empty() ? std::string() : title_.candidates.front().basis,
                         .score = 15,
                         .candidates = std::move(title_.candidates)};
  }
  body_ = ChooseBody(view_, info_, title_);
  // <title> and the metas name the site, and no line stands out: what stands right above the strip or the text.
  if (title_.first_line != kNoLine || title_.score > 25 || title_.provenance == "meta:ArticleTitle" || title_.provenance == "meta:og:title" || body_.lines.empty()) return;
  if (const size_t set = SetAsHeadline(view_, info_, body_); set != kNoLine && body_.sentence_marks >= 2 && !view_.LineText(set).ends_with("。")) {
    SetHeadline(view_, info_, set, "emphasis", 35, title_);
    std::erase_if(body_.lines, [&](uint32_t line) { return line <= title_.last_line; });
    return;
  }
  if (TakePlainHeadline()) return;
  if (body_.characters < 50 || body_.sentence_marks < 2) return;
  const uint32_t first = body_.lines.front();
  for (const InfoValue& value : info_.values) {
    if (value.line >= first || value.line + 8 < first || !value.date || info_.info_score[value.line] < 60) continue;
    TakeHeadlineAbove(view_, info_, value.line, title_);
    if (title_.first_line != kNoLine) return;
  }
  // The headline may be among the first of the lines that were taken for text: the last short one above running text, crumbs before it.
  const auto is_short = [&](uint32_t line) { return view_.lines[line].characters <= 50 && view_.lines[line].sentence_marks <= 3; };
  size_t shorts = 0;
  while (shorts < 4 && shorts + 1 < body_.lines.size() && is_short(body_.lines[shorts])) ++shorts;
  const bool leads = shorts > 0 && shorts < 4 && view_.lines[body_.lines[shorts]].characters >= 40 && view_.lines[body_.lines[shorts]].sentence_marks >= 2;
  if (leads) TakeHeadlineAbove(view_, info_, size_t{body_.lines[shorts - 1]} + 1, title_);
  if (title_.first_line != kNoLine) {
    body_.lines.erase(body_.lines.begin(), body_.lines.begin() + static_cast<std::ptrdiff_t>(shorts));
  } else {
    TakeHeadlineAbove(view_, info_, first, title_);
  }
}

// Whether the headline, which neither <title> nor a meta agrees with, has the page's text above it and none below.
bool Extraction::IsBelowText() const {
  if (title_.first_line == kNoLine || title_.score >= 50 || title_.agreement > 0) return false;
  size_t above = 0, below = 0;
  for (size_t i = 0; i < view_.lines.size(); ++i) {
    const Line& line = view_.lines[i];
    const bool text = line.row == RowFlag::kNone && line.sentence_marks >= 2 && line.characters >= 24 && line.link_characters * 2 < line.characters &&
                      info_.info_score[i] < 60 && (line.zones & (kZoneFooter | kZoneAside | kZoneNavigation)) == 0;
    if (text) ++(i < title_.first_line ? above : below);
  }
  return above >= 2 && below == 0;
}

// Nothing sets the headline apart: of the short lines right above the text, or first in what was taken for it, the one
// closest to the first sentence that reads like a headline.
bool Extraction::TakePlainHeadline() {
  if (body_.characters < 30 || body_.sentence_marks < 2) return false;
  constexpr size_t kMostLines = 6;
  static constexpr std::string_view kNotices[] = {"通知", "公告", "通告", "公示", "启事", "讣告", "声明", "公報"};
  size_t sentence = 0;  // of body_.lines
  const auto is_sentence = [&](uint32_t index) {
    const Line& line = view_.lines[index];
    return line.characters >= 20 && line.sentence_marks >= 1 && (line.characters >= 40 || view_.LineText(index).ends_with("。") || line.sentence_marks >= 3);
  };
  while (sentence < body_.lines.size() && sentence < kMostLines && !is_sentence(body_.lines[sentence])) ++sentence;
  if (sentence >= body_.lines.size() || sentence >= kMostLines) return false;
  const uint32_t first = body_.lines[sentence];
  const uint32_t from = first >= kMostLines ? first - static_cast<uint32_t>(kMostLines) : 0;
  for (uint32_t i = first; i-- > from;) {
    const Line& line = view_.lines[i];
    const std::string_view text = view_.LineText(i);
    if ((line.zones & (kZoneFooter | kZoneAside | kZoneNavigation | kZoneHeader)) != 0) return false;
    // The strip, a salutation, what the site offers to do; and the links above all of it.
    if (info_.info_score[i] >= 30 || IsControlLine(text) || (line.zones & kZoneInfo) != 0 || text.ends_with("：") || text.ends_with(":") || IsBylineLine(text)) continue;
    if (line.links > 0 || line.characters < 4 || line.characters > 60 || line.sentence_marks > 4 || text.ends_with("。") || (line.zones & kZoneCrumbs) != 0 ||
        text.find('>') != std::string_view::npos || text.find(" / ") != std::string_view::npos || text.find('\t') != std::string_view::npos ||
        text.starts_with("（") || text.starts_with("("))
      return false;
    const bool notice = std::any_of(std::begin(kNotices), std::end(kNotices), [&](std::string_view word) { return text.ends_with(word); });
    if (line.characters < 6 && !notice && body_.lines.front() != i && i + 1 != first) return false;
    TakeHeadlineAbove(view_, info_, size_t{i} + 1, title_);  // which knows kickers and subtitles
    if (title_.first_line == kNoLine) SetHeadline(view_, info_, i, "above", 35, title_);
    std::erase_if(body_.lines, [&](uint32_t index) { return index <= std::max<size_t>(i, title_.last_line) || (index < first && (info_.info_score[index] >= 60 || (view_.lines[index].zones & kZoneInfo) != 0)); });
    return true;
  }
  return false;
}

void Extraction::Clicks() {
  const auto take = [&](int64_t number, const char* basis, double confidence) {
    Suggest("clicks", std::to_string(number), basis, confidence);
    if (record_.clicks) return;
    record_.clicks = number;
    record_.provenance["clicks"] = basis;
    record_.confidence["clicks"] = std::round(confidence * 100) / 100;
  };
  if (input_.selectors != nullptr && !input_.selectors->clicks.empty()) {
    const std::string chosen = SelectedText(input_.selectors->clicks);
    const FoldedText folded = Fold(chosen);
    for (size_t at = 0; at < folded.size(); ++at) {
      size_t end = 0;
      if (!IsDigit(folded.characters[at])) continue;
      if (const auto value = CountAt(folded, at, &end)) take(*value, "selector", 0.99);
      break;
    }
  }
  bool wanted = false;
  NodeIndex counter_place = kNone;
  for (const InfoValue& value : info_.values) wanted = wanted || (value.label == Label::kClicks && !value.number && PlaceScore(value) > -12);
  record_.counter = FindCounter(view_, input_.page_url, base_, wanted, &counter_place);
  if (record_.counter) record_.provenance["counter"] = "script:" + record_.counter->kind;
  // 阅读 <script src=…></script>539: the number in the line of the counter's own script, wherever the line stands.
  size_t counter_line = SIZE_MAX;
  if (counter_place != kNone) {
    const auto after = std::upper_bound(view_.lines.begin(), view_.lines.end(), counter_place,
                                        [](NodeIndex node, const Line& line) { return node < line.first; });
    if (after != view_.lines.begin()) counter_line = static_cast<size_t>(after - view_.lines.begin()) - 1;
  }
  // 播放：3461 below the text, again and again: what others were read.
  const size_t counts_below = body_.lines.empty() ? 0 : static_cast<size_t>(std::count_if(info_.values.begin(), info_.values.end(), [&](const InfoValue& value) {
    return value.label == Label::kClicks && value.number && value.line > body_.lines.back() + 2;
  }));
  const InfoValue* best = nullptr;
  int best_score = -12;
  for (const InfoValue& value : info_.values) {
    if (value.label != Label::kClicks || !value.number) continue;
    if (counts_below >= 3 && value.line > body_.lines.back() + 2 && value.line != counter_line && !value.own_page) continue;
    int score = PlaceScore(value) + (value.strong ? 4 : 0) + (value.line == counter_line ? 80 : 0);
    // 本页访问次数 is the page's, though the page's foot says it; behind what the strip says.
    if (value.own_page) score = std::max(score, -5);
    // Close to the date of the strip it is the article's.
    if (strip_line_ != UINT32_MAX) {
      const int distance = std::abs(static_cast<int>(value.line) - static_cast<int>(strip_line_));
      if (distance <= 6)
        score += 20 - 3 * distance + ((view_.lines[value.line].zones & kZoneAside) != 0 ? 45 : 0);
    }
    if (score > -45) Suggest("clicks", std::to_string(*value.number), "infobar", ConfidenceOf(70 + score));
    if (score > best_score) {
      best_score = score;
      best = &value;
    }
  }
  if (best != nullptr) {
    // 1.2万 is what is left of a count that the page does not show.
    const bool rounded = IsRounded(view_.LineText(best->line), *best->number);
    const double confidence = ConfidenceOf(70 + best_score);
    if (rounded && !record_.clicks) record_.conflicts["clicks"] = "the page shows a rounded number";
    take(*best->number, "infobar", rounded ? std::min(confidence, 0.6) : confidence);
  }
  if (const auto number = NumberInCounterElement(view_, strip_line_, title_)) take(*number, "counter-element", 0.7);
  // A nought beside a counter's script keeps its place until the number comes.
  if (record_.counter && record_.clicks == 0 && record_.provenance["clicks"] != "selector") {
    record_.clicks.reset();
    Forget("clicks");
  }
}

void Extraction::Language() {
  std::string language = DetectLanguage(record_.body.size() > 120 ? std::string_view(record_.body)
                                                                  : std::string_view(view_.text));
  if (!language.empty()) Set(record_.language, "language", std::move(language), "characters", 0.9);
}

void Extraction::Subtitle() {
  if (title_.last_line == kNoLine || title_.last_line + 1 >= view_.lines.size()) return;
  const size_t index = title_.last_line + 1;
  const Line& line = view_.lines[index];
  const std::string_view text = view_.LineText(index);
  if (line.characters < 4 || line.characters > 80 || info_.info_score[index] >= 30 || line.link_characters * 2 > line.characters) return;
  if ((line.zones & (kZoneNavigation | kZoneFooter | kZoneControls)) != 0 || IsControlLine(text)) return;
  const bool dash = text.starts_with("——") || text.starts_with("--") || text.starts_with("─") || text.starts_with("—");
  // A heading right below the headline and above the strip.
  bool strip_below = false;
  for (size_t i = index + 1; i < std::min(index + 3, view_.lines.size()); ++i) strip_below = strip_below || info_.info_score[i] >= 60;
  const bool heading = line.heading > 1 && strip_below && line.heading >= view_.lines[title_.last_line].heading;
  const bool named = (line.zones & kZoneSubtitle) != 0 && (view_.lines[title_.last_line].zones & kZoneSubtitle) == 0;
  if (!dash && !heading && !named) return;
  if (ComparisonKey(text) == ComparisonKey(title_.title)) return;
  title_.subtitle_line = index;
  Set(record_.subtitle, "subtitle", text::CollapseSpace(text), named ? "class" : heading ? "heading" : "dash", 0.8);
}

// A page that shows nothing without its scripts may hold all of it as their data.
bool Extraction::ReadPageData() {
  PageData data = FindPageData(view_);
  const auto day = [](const std::string& value) -> std::optional<FoundDate> {
    if (auto date = DateOfEpoch(value)) return date;
    return ParseDateValue(value, {});
  };
  if (!data.content.empty()) record_.body = TextOfMarkup(data.content);
  if (text::CountCodePoints(record_.body) >= 20) {
    record_.kind = model::PageKind::kArticle;
    record_.kind_reason = "article: its text stands in a script's data";
    record_.provenance["body"] = "script-data";
    Set(record_.title, "title", text::CollapseSpace(data.title), "script-data", 0.8);
    if (const auto date = day(data.published)) Set(record_.published, "published", date->Iso(), "script-data", 0.8);
    if (!IsNoValue(data.source) && data.source.size() < 150) Set(record_.source, "source", TrimSeparators(data.source), "script-data", 0.7);
    if (!IsPlaceholderName(data.author) && data.author.size() < 150) Set(record_.author, "author", TrimSeparators(data.author), "script-data", 0.6);
    if (!IsPlaceholderName(data.editor) && data.editor.size() < 150) Set(record_.editor, "editor", TrimSeparators(data.editor), "script-data", 0.6);
    const FoldedText count = Fold(data.clicks);
    size_t end = 0;
    if (const auto clicks = CountAt(count, 0, &end); clicks && end == count.size()) {
      record_.clicks = *clicks;
      record_.provenance["clicks"] = "script-data";
      record_.confidence["clicks"] = 0.6;
    }
  } else if (!data.rows.empty()) {
    record_.body.clear();
    for (const PageData::Row& row : data.rows) {
      if (!record_.body.empty()) record_.body.push_back('\n');
      if (const auto date = day(row.date)) record_.body.append(date->Day()).push_back(' ');
      record_.body.append(text::CollapseSpace(row.title));
    }
    record_.kind = model::PageKind::kList;
    record_.kind_reason = "list: " + std::to_string(data.rows.size()) + " rows in a script's data";
    record_.provenance["body"] = "script-data";
    Set(record_.title, "title", CleanTitleElement(view_.title, view_.MetaContent("sitename")), "title", 0.6);
  } else {
    record_.body.clear();
    return false;
  }
  record_.provenance["kind"] = record_.kind_reason;
  Clicks();
  Language();
  CleanUp();
  return true;
}

// A text that a script moves to its place below a headline that is there: out of data that name the same headline, or of a field that nobody sees.
void Extraction::HiddenBody() {
  constexpr size_t kShortest = 20;
  std::string where = "script-data", text;
  if (const PageData data = FindPageData(view_); !data.content.empty() && record_.title && ComparisonKey(data.title) == ComparisonKey(*record_.title)) text = TextOfMarkup(data.content);
  if (text::CountCodePoints(text) < kShortest) text = TextOfMarkup(FindHiddenMarkup(view_, &where));
  if (text::CountCodePoints(text) < kShortest) return;
  record_.body = std::move(text);
  record_.provenance["body"] = std::move(where);
}

// The candidates in the order of their confidence; of a kind that has no such field, nothing.
void Extraction::CleanUp() {
  for (auto& [field, list] : record_.candidates) {
    std::stable_sort(list.begin(), list.end(), [](const model::Candidate& a, const model::Candidate& b) { return a.confidence > b.confidence; });
  }
}

model::PageRecord Extraction::Run() {
  FindBase();
  info_ = FindInfoLines(view_, roc_years_);
  list_ = FindListItems(view_, info_, roc_years_, false);
  MarkRows(list_.runs, view_, info_);
  Title();
  Subtitle();
  Body();
  Published();
  Files();

  const bool article_meta = !view_.MetaContent("articletitle").empty() || view_.MetaContent("og:type") == "article" ||
                            !view_.MetaContent("article:published_time").empty() || !view_.MetaContent("pubdate").empty() ||
                            structured_.article;
  const KindEvidence evidence{.view = view_,
                              .page_url = input_.page_url,
                              .http_status = input_.http_status,
                              .info = info_,
                              .title = title_,
                              .body = body_,
                              .list = list_,
                              .visible_date = visible_date_,
                              .strip = HasStrip(),
                              .article_meta = article_meta,
                              .named_article = !view_.MetaContent("articletitle").empty() || structured_.article,
                              .attachments = !record_.attachments.empty(),
                              .selected = selected_body_};
  const KindChoice kind = ChooseKind(evidence);
  if (kind.kind == model::PageKind::kError && kind.reason.starts_with("empty") && ReadPageData()) return std::move(record_);
  record_.kind = kind.kind;
  record_.kind_reason = kind.reason;
  record_.provenance["kind"] = kind.reason;

  if (record_.kind == model::PageKind::kList || record_.kind == model::PageKind::kHome || record_.kind == model::PageKind::kError) {
    // What was found as if the page were an article.
    record_.published.reset();
    record_.subtitle.reset();
    record_.attachments.clear();
    record_.images.clear();
    record_.candidates.clear();
    for (const char* name : {"published", "subtitle", "attachments", "images"}) Forget(name);
  }
  switch (record_.kind) {
    case model::PageKind::kList:
    case model::PageKind::kHome: {
      if (record_.kind == model::PageKind::kHome) list_ = FindListItems(view_, info_, roc_years_, true);
      record_.body = ListText(list_);
      if (!record_.body.empty()) record_.provenance["body"] = "list";
      std::string basis;
      std::string title = ListTitle(view_, title_, record_.kind == model::PageKind::kHome, &basis);
      Set(record_.title, "title", std::move(title), basis, 0.8);
      Column();
      break;
    }
    case model::PageKind::kError:
      Set(record_.title, "title", view_.title, "title", 0.5);
      record_.body = BodyText(view_, body_);
      break;
    case model::PageKind::kArticle:
    case model::PageKind::kOther:
      for (const model::Candidate& candidate : title_.candidates) Suggest("title", candidate.value, candidate.basis, candidate.confidence);
      Set(record_.title, "title", title_.title, title_.provenance, ConfidenceOf(title_.score + 20));
      if (!kind.links_only) record_.body = BodyText(view_, body_);
      if (!record_.body.empty()) record_.provenance["body"] = body_.provenance;
      if (record_.body.empty() && record_.kind == model::PageKind::kArticle) HiddenBody();
      SourceAndPeople();
      Modified();
      Clicks();
      Numbers();
      Document();
      Column();
      Parts();
      CopyOf();
      if (input_.clean_html && !kind.links_only) record_.html = CleanHtml(view_, body_, base_);
      break;
  }
  if (record_.kind != model::PageKind::kArticle && record_.kind != model::PageKind::kError) {
    record_.counter_batch = FindCounterBatch(view_, input_.page_url);
  }
  SiteCode();
  Language();
  CleanUp();
  return std::move(record_);
}

model::PageRecord Extract(const ExtractInput& input) {
  return Extraction(input).Run();
}

}  // namespace fangzhi::extract
