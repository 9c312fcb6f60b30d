#include "extract/extract.h"

#include <algorithm>
#include <unordered_set>

#include "base/limits.h"
#include "base/strings.h"
#include "extract/body.h"
#include "extract/characters.h"
#include "extract/counters.h"
#include "extract/dates.h"
#include "extract/info_line.h"
#include "extract/kind.h"
#include "extract/page_view.h"
#include "extract/people.h"
#include "extract/title.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

using html::kNone;
using html::NodeIndex;

// One extraction: the evidence, and a step for each field.
class Extraction {
 public:
  explicit Extraction(const ExtractInput& input)
      : input_(input),
        document_(input.document),
        view_(input.document),
        base_(input.page_url),
        roc_years_(HasRepublicYears()) {}

  model::PageRecord Run();

 private:
  bool HasRepublicYears() const;
  void FindBase();
  std::optional<NodeIndex> Selected(const std::string& selector) const;
  std::string SelectedText(const std::string& selector) const;
  void Set(std::optional<std::string>& field, const char* name, std::string value, std::string provenance);

  // How well an info value's place fits an info strip of this article; below 0 it belongs to something else.
  int PlaceScore(const InfoValue& value) const;
  // Whether the chosen date stands in a strip with a labelled value below the headline, and no other line of the
  // page looks like it: the items of lists repeat theirs.
  bool HasStrip() const;
  void Title();
  void Body();
  void Published();
  void SourceAndPeople();
  void Clicks();
  void Numbers();
  void Column();
  void Files();
  void Language();

  const ExtractInput& input_;
  const html::Document& document_;
  const PageView view_;
  url::Url base_;
  const bool roc_years_;
  InfoLines info_;
  TitleChoice title_;
  BodyChoice body_;
  bool selected_body_ = false;
  bool visible_date_ = false;
  uint32_t strip_line_ = UINT32_MAX;  // of the chosen date
  model::PageRecord record_;
};

bool Extraction::HasRepublicYears() const {
  const std::string_view host =
      input_.page_url.host ? std::string_view(*input_.page_url.host) : std::string_view();
  return host.ends_with(".tw") || IsTraditional(std::string_view(view_.text).substr(0, 12'000));
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

void Extraction::Set(std::optional<std::string>& field, const char* name, std::string value,
                     std::string provenance) {
  if (value.empty()) return;
  field = std::move(value);
  record_.provenance[name] = std::move(provenance);
}

int Extraction::PlaceScore(const InfoValue& value) const {
  const Line& line = view_.lines[value.line];
  int score = 0;
  if ((line.zones & (kZoneNavigation | kZoneFooter)) != 0) score -= 60;
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
    if (place > last && (body_first < 0 || place < body_first || body_first <= last) && place <= last + 12)
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

bool Extraction::HasStrip() const {
  if (!visible_date_ || strip_line_ == UINT32_MAX || title_.first_line == kNoLine || title_.score < 40) return false;
  if (strip_line_ + 1 < title_.first_line || strip_line_ > title_.last_line + 10) return false;
  bool labelled = false;
  size_t elsewhere = 0;  // labelled dates beyond the strip; a hidden or mobile copy is one
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
  body_ = ChooseBody(view_, info_, title_);
}

void Extraction::Published() {
  if (input_.selectors != nullptr) {
    const std::string chosen = SelectedText(input_.selectors->published);
    if (!chosen.empty()) {
      if (const auto date = ParseDateValue(chosen, {roc_years_, true})) {
        Set(record_.published, "published", date->Iso(), "selector");
        visible_date_ = true;
        return;
      }
    }
  }
  const InfoValue* best = nullptr;
  int best_score = 49;
  for (const InfoValue& value : info_.values) {
    if (!value.date) continue;
    int score = 0;
    switch (value.label) {
      case Label::kPublished:
        score = value.labelled ? (value.strong ? 92 : 82) : 62;
        break;
      case Label::kUpdated:
        score = 52;
        break;
      case Label::kWritten:
        score = 45;
        break;
      default:
        continue;
    }
    if (!value.labelled) {
      // "今天是…", "2012年01月12日 星期四" in the page's header: a clock.
      const std::u32string key = ComparisonKey(value.text);
      if (key.find(U"今天") != std::u32string::npos || key.find(U"今日") != std::u32string::npos ||
          key.find(U"现在") != std::u32string::npos)
        score -= 60;
      // Words around an unlabelled date make it a clause, not a strip.
      const uint8_t covered = info_.info_score[value.line];
      if (covered < 25)
        score -= 40;
      else if (covered < 45)
        score -= 12;
    }
    score += PlaceScore(value);
    if (value.date->hour >= 0) score += 3;
    if (score > best_score) {
      best_score = score;
      best = &value;
    }
  }
  struct MetaDate {
    const char* name;
    const char* provenance;
  };
  static constexpr MetaDate kMetas[] = {{"pubdate", "meta:PubDate"},
                                        {"publishdate", "meta:publishdate"},
                                        {"firstpublishedtime", "meta:firstpublishedtime"},
                                        {"article:published_time", "meta:article:published_time"},
                                        {"og:article:published_time", "meta:og:article:published_time"},
                                        {"og:published_time", "meta:og:published_time"},
                                        {"publish_date", "meta:publish_date"},
                                        {"publish-date", "meta:publish-date"},
                                        {"publishtime", "meta:publishtime"},
                                        {"datepublished", "meta:datePublished"},
                                        {"og:release_date", "meta:og:release_date"},
                                        {"weibo:article:create_at", "meta:weibo:article:create_at"},
                                        {"dc.date", "meta:DC.date"},
                                        {"dcterms.created", "meta:dcterms.created"}};
  std::optional<FoundDate> meta_date;
  std::string meta_name;
  for (const MetaDate& meta : kMetas) {
    const std::string_view value = view_.MetaContent(meta.name);
    if (value.empty()) continue;
    meta_date = ParseDateValue(value, {roc_years_, false});
    if (!meta_date) continue;
    meta_name = meta.provenance;
    // Noon, midnight or the day's last second comes from a program that had only a day.
    if ((meta_date->hour == 0 || meta_date->hour == 12) && meta_date->minute == 0 && meta_date->second <= 0)
      meta_date->hour = -1;
    if (meta_date->hour == 23 && meta_date->minute == 59 && meta_date->second == 59) meta_date->hour = -1;
    break;
  }
  const std::optional<FoundDate> url_date = DateOfUrl(input_.page_url.path);
  if (best != nullptr) {
    visible_date_ = best_score >= 70;
    strip_line_ = best->line;
    FoundDate date = *best->date;
    std::string provenance = best->labelled ? "infobar" : "infobar:unlabelled";
    if (best->label == Label::kUpdated) provenance = "infobar:updated";
    if (best->label == Label::kWritten) provenance = "infobar:written";
    if (date.hour < 0 && meta_date && meta_date->hour >= 0 && meta_date->Day() == date.Day()) {
      date = *meta_date;
      provenance += "+" + meta_name;
    }
    // A weak find gives way to what the page says by machine.
    const bool weak = best_score < 70 || best->label == Label::kUpdated || best->label == Label::kWritten;
    if (weak && meta_date && (meta_date->Day() != date.Day() || date.hour < 0)) {
      date = *meta_date;
      provenance = meta_name;
    } else if (best_score < 62 && url_date && url_date->Day() != date.Day()) {
      date = *url_date;
      provenance = "url";
    }
    Set(record_.published, "published", date.Iso(), provenance);
    return;
  }
  if (meta_date) return Set(record_.published, "published", meta_date->Iso(), meta_name);
  if (url_date) return Set(record_.published, "published", url_date->Iso(), "url");
  if (!input_.list_date.empty()) {
    if (const auto date = ParseDateValue(input_.list_date, {roc_years_, false}))
      return Set(record_.published, "published", date->Iso(), "list");
  }
  // The signature: a line of its own at the end of the text.
  const size_t count = body_.lines.size();
  for (size_t k = 0; k < std::min<size_t>(count, 6); ++k) {
    const uint32_t line = body_.lines[count - 1 - k];
    if (view_.lines[line].characters > 40) continue;
    const FoldedText folded = Fold(view_.LineText(line));
    const auto date = FindDate(folded, 0, {roc_years_, false});
    if (!date) continue;
    size_t outside = 0;
    for (size_t i = 0; i < folded.size(); ++i)
      outside += (i < date->begin || i >= date->end) && !text::IsSpace(folded.characters[i]);
    if (outside <= 20) return Set(record_.published, "published", date->Iso(), "signature");
  }
}

void Extraction::SourceAndPeople() {
  const InfoValue *source = nullptr, *publisher = nullptr, *author = nullptr, *editor = nullptr;
  int source_score = -20, publisher_score = -15, author_score = -25, editor_score = -40;
  for (const InfoValue& value : info_.values) {
    if (value.text.empty()) continue;
    const int score = PlaceScore(value) + (value.strong ? 2 : 0);
    const auto take = [&](const InfoValue*& slot, int& best) {
      if (score > best) {
        best = score;
        slot = &value;
      }
    };
    switch (value.label) {
      case Label::kSource:
        take(source, source_score);
        break;
      case Label::kPublisher:
        take(publisher, publisher_score);
        break;
      case Label::kAuthor:
        take(author, author_score);
        break;
      case Label::kEditor:
        take(editor, editor_score);
        break;
      default:
        break;
    }
  }
  const model::SiteSelectors* selectors = input_.selectors;
  if (selectors != nullptr && !selectors->source.empty()) {
    if (std::string chosen = SelectedText(selectors->source); !chosen.empty())
      Set(record_.source, "source", ValueOfSelected(chosen, Label::kSource), "selector");
  }
  if (!record_.source && source != nullptr) Set(record_.source, "source", source->text, "infobar");
  if (!record_.source) {
    for (const char* name :
         {"contentsource", "", "source", "og:article:source", "article:source", "dc.source"}) {
      if (*name == 0) {  // visible, though without a label: before the metas that no standard asks for
        if (strip_line_ == UINT32_MAX || !visible_date_ || record_.source) continue;
        std::string found = UnlabelledSource(view_, info_, strip_line_, title_);
        Set(record_.source, "source", std::move(found), "infobar:unlabelled");
        if (record_.source) break;
        continue;
      }
      const std::string_view value = view_.MetaContent(name);
      if (value.empty() || value.size() > 150 || value.find("://") != std::string_view::npos) continue;
      std::string clean = TrimSeparators(ValueOfSelected(value, Label::kSource));
      if (clean.empty() || IsPlaceholderName(clean)) continue;
      Set(record_.source, "source", std::move(clean),
          std::string("meta:") + (std::string_view(name) == "contentsource" ? "ContentSource" : name));
      break;
    }
  }
  if (!record_.source && publisher != nullptr && !LooksLikePerson(publisher->text))
    Set(record_.source, "source", publisher->text, "infobar:publisher");
  std::string byline_source, byline_author;
  FindByline(view_, title_, body_, &byline_source, &byline_author);
  if (!record_.source) Set(record_.source, "source", byline_source, "byline");
  if (!record_.source && !body_.lines.empty())
    Set(record_.source, "source", AgencyOfDateline(view_.LineText(body_.lines.front())), "dateline");

  if (selectors != nullptr && !selectors->author.empty()) {
    if (std::string chosen = SelectedText(selectors->author); !chosen.empty())
      Set(record_.author, "author", ValueOfSelected(chosen, Label::kAuthor), "selector");
  }
  if (!record_.author && author != nullptr) Set(record_.author, "author", TidyNames(author->text), "infobar");
  if (!record_.author) Set(record_.author, "author", byline_author, "byline");
  if (!record_.author) {
    std::string where;
    std::string name = AuthorOfText(view_, body_, &where);
    Set(record_.author, "author", std::move(name), where);
  }
  if (editor != nullptr) Set(record_.editor, "editor", TidyNames(editor->text), "infobar");
}

void Extraction::Clicks() {
  if (input_.selectors != nullptr && !input_.selectors->clicks.empty()) {
    const std::string chosen = SelectedText(input_.selectors->clicks);
    const FoldedText folded = Fold(chosen);
    for (size_t at = 0; at < folded.size(); ++at) {
      size_t end = 0;
      if (!IsDigit(folded.characters[at])) continue;
      if (const auto value = CountAt(folded, at, &end)) {
        record_.clicks = *value;
        record_.provenance["clicks"] = "selector";
      }
      break;
    }
  }
  const InfoValue* best = nullptr;
  int best_score = -12;
  for (const InfoValue& value : info_.values) {
    if (value.label != Label::kClicks || !value.number) continue;
    int score = PlaceScore(value) + (value.strong ? 4 : 0);
    // Close to the date of the strip it is the article's.
    if (strip_line_ != UINT32_MAX) {
      const int distance = std::abs(static_cast<int>(value.line) - static_cast<int>(strip_line_));
      if (distance <= 6)
        score += 20 - 3 * distance + ((view_.lines[value.line].zones & kZoneAside) != 0 ? 45 : 0);
    }
    if (score > best_score) {
      best_score = score;
      best = &value;
    }
  }
  record_.counter = FindCounter(view_, input_.page_url, base_);
  if (record_.counter) record_.provenance["counter"] = "script:" + record_.counter->kind;
  if (record_.clicks) return;
  if (best != nullptr) {
    record_.clicks = best->number;
    record_.provenance["clicks"] = "infobar";
    return;
  }
  if (const auto number = NumberInCounterElement(view_, strip_line_, title_)) {
    record_.clicks = *number;
    record_.provenance["clicks"] = "counter-element";
  }
}

void Extraction::Numbers() {
  int best_document = -70, best_index = -70;
  for (const InfoValue& value : info_.values) {
    if (value.text.empty()) continue;
    const int score = PlaceScore(value);
    if (value.label == Label::kIndexNumber && score > best_index && value.text.size() <= 80) {
      best_index = score;
      Set(record_.index_number, "index_number", value.text, "infobar");
    }
    if (value.label == Label::kDocumentNumber && score > best_document && value.text.size() <= 100) {
      best_document = score;
      Set(record_.document_number, "document_number", value.text, "infobar");
    }
  }
  if (record_.document_number) return;
  if (std::string number = DocumentNumberIn(record_.title ? *record_.title : std::string());
      !number.empty()) {
    return Set(record_.document_number, "document_number", std::move(number), "title");
  }
  // A line of its own at the head of the text.
  for (size_t k = 0; k < std::min<size_t>(body_.lines.size(), 4); ++k) {
    const uint32_t line = body_.lines[k];
    if (view_.lines[line].characters > 30) continue;
    const std::string_view text = view_.LineText(line);
    std::string number = DocumentNumberIn(text);
    if (!number.empty() && text.size() <= number.size() + 12)
      return Set(record_.document_number, "document_number", std::move(number), "body");
  }
}

void Extraction::Column() {
  const std::string& title = record_.title ? *record_.title : title_.title;
  if (std::string column = ColumnOfCrumbs(view_, title); !column.empty())
    return Set(record_.column, "column", std::move(column), "breadcrumb");
  const std::string_view meta = view_.MetaContent("columnname");
  if (!meta.empty() && meta.size() < 200)
    return Set(record_.column, "column", text::CollapseSpace(meta), "meta:ColumnName");
  for (const InfoValue& value : info_.values) {
    if (value.label == Label::kColumn && !value.text.empty() && PlaceScore(value) > 0)
      return Set(record_.column, "column", value.text, "infobar");
  }
}

void Extraction::Files() {
  static constexpr std::string_view kExtensions[] = {
      ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".wps", ".et",
      ".dps", ".ofd", ".zip",  ".rar", ".7z",   ".gz",  ".tar",  ".rtf", ".txt",
      ".csv", ".ceb", ".mp3",  ".mp4", ".odt",  ".ods", ".odp",  ".tif", ".xml"};
  const auto is_file = [&](const url::Url& target) {
    std::string path = ToAsciiLower(target.path);
    std::string query = target.query ? ToAsciiLower(*target.query) : std::string();
    for (const std::string_view extension : kExtensions) {
      if (path.ends_with(extension)) return true;
      if (!query.empty() &&
          (query.ends_with(extension) || query.find(std::string(extension) + "&") != std::string::npos))
        return true;
    }
    return path.ends_with("/download.jsp") || path.ends_with("/downfile.jsp") ||
           path.ends_with("/download.ashx") || path.ends_with("/download.do") ||
           path.find("/attachment/") != std::string::npos || (path.ends_with("/attachment.jspx")) ||
           path.ends_with("/downloadattach") || path.ends_with("/download.aspx");
  };
  // Documents hang in the text or below it, up to where the page's frame begins.
  size_t from =
      body_.lines.empty() ? (title_.last_line == kNoLine ? 0 : title_.last_line) : body_.lines.front();
  size_t to = body_.lines.empty() ? from + 40 : std::max<size_t>(body_.lines.back(), body_.line_end) + 15;
  if (title_.last_line != kNoLine && title_.last_line < from) from = title_.last_line;
  std::unordered_set<std::string> seen;
  for (const Anchor& anchor : view_.anchors) {
    if (anchor.line < from) continue;
    if (anchor.line > to) break;
    if (anchor.line < view_.lines.size() &&
        (view_.lines[anchor.line].zones & (kZoneFooter | kZoneNavigation)) != 0)
      continue;
    const auto href = document_.attribute(anchor.node, "href");
    if (!href || href->empty() || href->size() > limits::kMaxUrlBytes || href->front() == '#') continue;
    auto target = url::Parse(*href, &base_);
    if (!target || !target->IsHttp() || !is_file(*target)) continue;
    std::string address = url::Canonical(std::move(*target)).HrefWithoutFragment();
    if (!seen.insert(address).second) continue;
    std::string text =
        text::CollapseSpace(std::string_view(view_.text).substr(anchor.begin, anchor.end - anchor.begin));
    if (text.empty()) {
      if (const auto name = document_.attribute(anchor.node, "title")) text = text::CollapseSpace(*name);
    }
    record_.attachments.push_back({std::move(address), std::move(text)});
    if (record_.attachments.size() >= 500) break;
  }
  if (!record_.attachments.empty()) record_.provenance["attachments"] = "links";

  seen.clear();
  const NodeIndex begin = body_.node_begin;
  const NodeIndex end = body_.node_end;
  for (NodeIndex image : view_.images) {
    if (image < begin || image >= end) continue;
    std::string_view source;
    for (const char* name : {"src", "data-src", "data-original", "orisrc"}) {
      const auto value = document_.attribute(image, name);
      if (value && !TrimAscii(*value).empty() && !value->starts_with("data:")) {
        source = TrimAscii(*value);
        break;
      }
    }
    if (source.empty() || source.size() > limits::kMaxUrlBytes) continue;
    const auto tiny = [&](const char* name) {
      const auto value = document_.attribute(image, name);
      const auto number = value ? ParseUint(TrimAscii(*value)) : std::nullopt;
      return number && *number > 0 && *number <= 24;
    };
    if (tiny("width") || tiny("height")) continue;
    const std::string lower = ToAsciiLower(source);
    if (lower.find("icon") != std::string::npos || lower.find("filetypeimages") != std::string::npos ||
        lower.find("spacer") != std::string::npos || lower.find("blank.gif") != std::string::npos ||
        lower.find("qrcode") != std::string::npos || lower.find("loading.gif") != std::string::npos)
      continue;
    auto target = url::Parse(source, &base_);
    if (!target || !target->IsHttp()) continue;
    std::string address = url::Canonical(std::move(*target)).HrefWithoutFragment();
    if (!seen.insert(address).second) continue;
    record_.images.push_back(std::move(address));
    if (record_.images.size() >= 500) break;
  }
  if (!record_.images.empty()) record_.provenance["images"] = body_.provenance;
}

void Extraction::Language() {
  std::string language = DetectLanguage(record_.body.size() > 120 ? std::string_view(record_.body)
                                                                  : std::string_view(view_.text));
  if (!language.empty()) Set(record_.language, "language", std::move(language), "characters");
}

model::PageRecord Extraction::Run() {
  FindBase();
  info_ = FindInfoLines(view_, roc_years_);
  Title();
  Body();
  Published();
  Files();

  const bool article_meta =
      !view_.MetaContent("articletitle").empty() || view_.MetaContent("og:type") == "article" ||
      !view_.MetaContent("article:published_time").empty() || !view_.MetaContent("pubdate").empty();
  ListChoice list = FindListItems(view_, info_, roc_years_, false);
  const KindEvidence evidence{
      view_,         input_.page_url, input_.http_status,           info_,         title_, body_, list,
      visible_date_, HasStrip(),      article_meta, !record_.attachments.empty(), selected_body_};
  const KindChoice kind = ChooseKind(evidence);
  record_.kind = kind.kind;
  record_.kind_reason = kind.reason;
  record_.provenance["kind"] = kind.reason;

  switch (record_.kind) {
    case model::PageKind::kList:
    case model::PageKind::kHome: {
      record_.published.reset();
      record_.attachments.clear();
      record_.images.clear();
      record_.provenance.erase("published");
      record_.provenance.erase("attachments");
      record_.provenance.erase("images");
      if (record_.kind == model::PageKind::kHome) list = FindListItems(view_, info_, roc_years_, true);
      record_.body = ListText(list);
      if (!record_.body.empty()) record_.provenance["body"] = "list";
      std::string provenance;
      std::string title = ListTitle(view_, title_, record_.kind == model::PageKind::kHome, &provenance);
      Set(record_.title, "title", std::move(title), provenance);
      Column();
      break;
    }
    case model::PageKind::kError:
      record_.published.reset();
      record_.provenance.erase("published");
      record_.attachments.clear();
      record_.images.clear();
      record_.provenance.erase("attachments");
      record_.provenance.erase("images");
      Set(record_.title, "title", view_.title, "title");
      record_.body = BodyText(view_, body_);
      break;
    case model::PageKind::kArticle:
    case model::PageKind::kOther:
      Set(record_.title, "title", title_.title, title_.provenance);
      record_.body = BodyText(view_, body_);
      if (!record_.body.empty()) record_.provenance["body"] = body_.provenance;
      SourceAndPeople();
      Clicks();
      Numbers();
      Column();
      break;
  }
  Language();
  return std::move(record_);
}

}  // namespace

model::PageRecord Extract(const ExtractInput& input) {
  return Extraction(input).Run();
}

}  // namespace fangzhi::extract
