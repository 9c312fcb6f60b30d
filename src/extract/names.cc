// Source, author, editor: three roles that are never taken for one another.
#include <algorithm>

#include "base/strings.h"
#include "extract/characters.h"
#include "extract/extraction.h"
#include "extract/people.h"
#include "extract/roles.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

struct Best {
  const InfoValue* value = nullptr;
  int score;

  void Take(const InfoValue& candidate, int candidate_score) {
    if (candidate_score <= score) return;
    score = candidate_score;
    value = &candidate;
  }
};

// The source that a script of the page gives the article: source = "青石日报", "laiyuan":"青石日报". Empty where two differ: they are
// those of a list's rows.
std::string SourceInScripts(const PageView& view) {
  constexpr size_t kMostBytes = size_t{128} << 10, kMostOfOne = size_t{32} << 10;
  static constexpr std::string_view kNames[] = {"source", "Source", "laiyuan", "comefrom", "copyfrom", "xxly", "wzly"};
  std::string found;
  size_t read = 0;
  for (const html::NodeIndex index : view.scripts) {
    const html::Node& node = view.document.node(index);
    if (node.end <= index + 1 || read > kMostBytes) continue;
    const std::string_view script = view.document.node(index + 1).text.substr(0, kMostOfOne);
    read += script.size();
    for (const std::string_view name : kNames) {
      for (size_t at = script.find(name), tries = 0; at != std::string_view::npos && tries < 16; at = script.find(name, at + name.size()), ++tries) {
        size_t place = at + name.size();
        const auto skip = [&](std::string_view any) {
          while (place < script.size() && any.find(script[place]) != std::string_view::npos) ++place;
        };
        if (place < script.size() && (script[place] == '"' || script[place] == '\'')) ++place;
        skip(" \t");
        if (place >= script.size() || (script[place] != ':' && script[place] != '=')) continue;
        ++place;
        skip(" \t");
        if (place >= script.size() || (script[place] != '"' && script[place] != '\'')) continue;
        const size_t end = script.find(script[place], place + 1);
        if (end == std::string_view::npos || end - place > 90) continue;
        const std::string value = TrimSeparators(ValueOfSelected(script.substr(place + 1, end - place - 1), Label::kSource));
        const std::u32string key = ComparisonKey(value);
        if (key.size() < 2 || key.size() > 20 || value.find('<') != std::string::npos || IsPlaceholderName(value) || !EndsLikeOffice(key)) continue;
        if (!found.empty() && found != value) return "";
        found = value;
      }
    }
  }
  return found;
}

// 动物科技学院: an office by a name of its own. 人事科 and 办公室 are some house's, and nobody's name outside it.
bool IsNamedOffice(std::string_view text) {
  const std::u32string key = ComparisonKey(text);
  return key.size() >= 5 && key.size() <= 20 && EndsLikeOffice(key) && std::all_of(key.begin(), key.end(), text::IsHan);
}

// 青石日报 | 2018年10月25日 星期四 | 第04版：综合新闻: the paper whose page a digital edition shows.
std::string PaperOfEdition(const PageView& view) {
  for (size_t i = 0; i < std::min<size_t>(view.lines.size(), 200); ++i) {
    const std::string_view text = view.LineText(i);
    if (view.lines[i].characters > 80 || text.find("版") == std::string_view::npos) continue;
    const FoldedText folded = Fold(text);
    const std::u32string& c = folded.characters;
    const auto date = FindDate(folded, 0, {});
    const size_t page = c.find(U'第');
    if (!date || date->begin < 3 || page == std::u32string::npos || page < date->end || page + 2 >= c.size() || !IsDigit(c[page + 1])) continue;
    size_t digits = page + 1;
    while (digits < c.size() && IsDigit(c[digits])) ++digits;
    if (digits >= c.size() || c[digits] != U'版') continue;
    const std::string name = TrimSeparators(text.substr(0, folded.offsets[date->begin]));
    const std::u32string key = ComparisonKey(name);
    if (key.size() >= 3 && key.size() <= 12 && (key.back() == U'报' || key.back() == U'報') && std::all_of(key.begin(), key.end(), text::IsHan)) return name;
  }
  return "";
}

// 张三 李四: persons and nothing else.
bool ArePersons(std::string_view text) {
  const std::vector<std::string_view> names = Split(text, ' ');
  return std::all_of(names.begin(), names.end(), [](std::string_view name) { return HasFamilyName(name) && LooksLikePerson(name); });
}

// 宣传科 张三: a name behind an office's.
bool EndsWithPerson(std::string_view text) {
  const size_t space = text.rfind(' ');
  return space != std::string_view::npos && LooksLikePerson(text.substr(space + 1)) && EndsLikeOffice(ComparisonKey(text.substr(0, space)));
}

}  // namespace

void Extraction::SourceAndPeople() {
  const bool document = HasDocumentTable() || std::any_of(info_.values.begin(), info_.values.end(), [](const InfoValue& v) { return v.label == Label::kIndexNumber && v.labelled && !v.text.empty(); });
  Best contributor{nullptr, -25}, poster{nullptr, -15};
  Best source{nullptr, -20}, publisher{nullptr, -15}, author{nullptr, -25}, editor{nullptr, -40};
  for (const InfoValue& value : info_.values) {
    if (value.text.empty()) continue;
    const int score = PlaceScore(value) + (value.strong ? 2 : 0);
    const double confidence = ConfidenceOf(80 + score);
    switch (value.label) {
      case Label::kSource:
        source.Take(value, score);
        if (score > -45) Suggest("source", value.text, "infobar", confidence);
        break;
      case Label::kContributor:
        // 供稿：张三 wrote it, 供稿：宣传科 张三 too.
        if (LooksLikePerson(value.text) || ArePersons(value.text) || EndsWithPerson(value.text)) {
          contributor.Take(value, score);
          break;
        }
        [[fallthrough]];
      case Label::kIssuer:
      case Label::kPublisher:
        // The rows of a document's own table name who issued it: `issuer`, as no source stands there.
        if (value.label == Label::kIssuer && document) break;
        if (IsAccount(value.text) || (value.strong ? HasFamilyName(value.text) && LooksLikePerson(value.text) : LooksLikePerson(value.text))) break;
        publisher.Take(value, score);
        if (score > -45) Suggest("source", value.text, "infobar:publisher", confidence * 0.7);
        break;
      case Label::kPoster:
        if (score > -45 && !LooksLikePerson(value.text) && !IsAccount(value.text)) Suggest("source", value.text, "infobar:poster", confidence * 0.3);
        if (IsNamedOffice(value.text)) poster.Take(value, score);
        break;
      case Label::kAuthor:
        // 撰稿：某某中心, as 供稿：某某中心. 作者：某某中心 says that the office is the author.
        if (!value.strong && IsNamedOffice(value.text)) {
          publisher.Take(value, score);
          if (score > -45) Suggest("source", value.text, "infobar:publisher", confidence * 0.7);
          break;
        }
        author.Take(value, score);
        if (score > -45) Suggest("author", value.text, "infobar", confidence);
        break;
      case Label::kEditor:
        editor.Take(value, score);
        if (score > -45) Suggest("editor", value.text, "infobar", confidence);
        break;
      default:
        break;
    }
  }
  const model::SiteSelectors* selectors = input_.selectors;
  if (selectors != nullptr && !selectors->source.empty()) {
    if (std::string chosen = SelectedText(selectors->source); !chosen.empty())
      Set(record_.source, "source", ValueOfSelected(chosen, Label::kSource), "selector", 0.99);
  }
  std::string source_text = source.value != nullptr ? source.value->text : std::string(), source_author;
  SplitPersons(std::string(source_text), &source_text, &source_author);
  if (!record_.source && source.value != nullptr) Set(record_.source, "source", source_text, "infobar", ConfidenceOf(80 + source.score));
  bool timed = record_.published && record_.published->size() > 10;
  // Without a date of its own, a strip may say how long ago it was.
  uint32_t strip = visible_date_ ? strip_line_ : UINT32_MAX;
  // A strip right below the text says more than a day; a name and a day are a signature.
  const bool below_text = !body_.lines.empty() && strip_line_ > body_.lines.back() && strip_line_ <= body_.lines.back() + 2 &&
                          std::any_of(info_.values.begin(), info_.values.end(), [&](const InfoValue& v) { return v.line == strip_line_ && v.labelled && (v.number || !v.text.empty()); });
  if (below_text) strip = strip_line_;
  if (strip == UINT32_MAX && title_.last_line != kNoLine) {
    for (size_t line = title_.last_line + 1; line < std::min(title_.last_line + 4, view_.lines.size()) && strip == UINT32_MAX; ++line) {
      if (HasRelativeTime(view_, line)) strip = static_cast<uint32_t>(line), timed = true;
    }
  }
  // The site's own name says where the page is, not where it is from, if the page says that elsewhere.
  std::string site_meta;
  const std::u32string site_title = ComparisonKey(view_.title);
  for (const char* name : {"contentsource", "", "source", "og:article:source", "article:source", "dc.source"}) {
    if (*name == 0) {  // visible, though without a label: before the metas that no standard asks for
      if (!record_.source)
        Set(record_.source, "source", NameInElement(view_, view_.source_elements, Label::kSource, strip_line_, title_), "class", 0.75);
      if (strip != UINT32_MAX && !record_.source && !document) {
        std::string beside = UnlabelledSource(view_, info_, strip, title_, timed && !below_text, below_text);
        // The whole date stands below the text, 江城网 4月12日 below the headline.
        if (const size_t below = title_.last_line + 1; beside.empty() && title_.last_line != kNoLine && !body_.lines.empty() && strip > body_.lines.back() && below < body_.lines.front() &&
            view_.lines[below].characters <= 60 && FindYearlessDate(Fold(view_.LineText(below)), false))
          beside = UnlabelledSource(view_, info_, static_cast<uint32_t>(below), title_, false);
        // An office where the template has its author's name typed it in, as a paper's name does not.
        if (!beside.empty() && !IsMediaName(ComparisonKey(beside)) && ComparisonKey(NameInElement(view_, view_.author_elements, Label::kAuthor, strip_line_, title_, true)) == ComparisonKey(beside)) {
          Set(record_.author, "author", std::move(beside), "class", 0.5);
        } else {
          Set(record_.source, "source", std::move(beside), "infobar:unlabelled", 0.7);
        }
      }
      if (!record_.source && !site_meta.empty()) Set(record_.source, "source", site_meta, "meta:ContentSource", 0.6);
      continue;
    }
    const std::string_view value = view_.MetaContent(name);
    if (value.empty() || value.size() > 150 || value.find("://") != std::string_view::npos) continue;
    const bool standard = std::string_view(name) == "contentsource";
    std::string clean = TrimSeparators(ValueOfSelected(value, Label::kSource));
    if (clean.empty() || (standard ? IsNoValue(clean) || IsNobody(clean) : IsPlaceholderName(clean))) continue;
    if (HasMetasOfAnother()) continue;
    const std::string basis = std::string("meta:") + (standard ? "ContentSource" : name);
    Suggest("source", clean, basis, 0.85);
    if (const std::u32string key = ComparisonKey(clean); standard && !record_.source && key.size() >= 4 && (site_title.starts_with(key) || site_title.ends_with(key) || key == ComparisonKey(view_.MetaContent("sitename")))) {
      site_meta = std::move(clean);
    } else if (!record_.source) {
      Set(record_.source, "source", std::move(clean), basis, 0.85);
    } else if (standard && ComparisonKey(*record_.source) != ComparisonKey(clean)) {
      record_.conflicts["source"] = basis + " says " + clean;
    }
  }
  if (!record_.source && publisher.value != nullptr)
    Set(record_.source, "source", publisher.value->text, "infobar:publisher", 0.7 * ConfidenceOf(80 + publisher.score));
  // 作者：某某局 张三
  std::string author_office, author_persons;
  if (!record_.source && author.value != nullptr && !author.value->reporter && SplitOffice(author.value->text, &author_office, &author_persons)) {
    Suggest("source", author_office, "infobar:author", 0.6);
    Set(record_.source, "source", author_office, "infobar:author", 0.6);
  }
  if (!record_.source && poster.value != nullptr) Set(record_.source, "source", poster.value->text, "infobar:poster", 0.4);
  std::string byline_source, byline_author;
  FindByline(view_, title_, body_, &byline_source, &byline_author);
  Suggest("source", byline_source, "byline", 0.7);
  Suggest("author", byline_author, "byline", 0.8);
  // （某某局供稿）in the strip or at the text's end.
  std::string credit_source, credit_author;
  const auto credit = [&](size_t line) {
    if (line < view_.lines.size() && view_.lines[line].characters <= 160 && credit_source.empty() && credit_author.empty()) FindCredit(view_.LineText(line), &credit_source, &credit_author);
  };
  if (strip != UINT32_MAX) credit(strip);
  for (size_t k = 0; k < std::min<size_t>(body_.lines.size(), 3); ++k) credit(body_.lines[body_.lines.size() - 1 - k]);
  if (!body_.lines.empty()) credit(body_.lines.back() + size_t{1});
  Suggest("source", credit_source, "credit", 0.7);
  Suggest("author", credit_author, "credit", 0.7);
  if (!record_.source) Set(record_.source, "source", byline_source, "byline", 0.7);
  if (!record_.source) Set(record_.source, "source", credit_source, "credit", 0.7);
  if (!record_.source && !document) Set(record_.source, "source", SourceInScripts(view_), "script:source", 0.6);
  if (!body_.lines.empty()) {
    const std::string agency = AgencyOfDateline(view_.LineText(body_.lines.front()));
    Suggest("source", agency, "dateline", 0.5);
    if (!record_.source) Set(record_.source, "source", agency, "dateline", 0.5);
  }
  if (!record_.source) Set(record_.source, "source", PaperOfEdition(view_), "masthead", 0.6);

  if (selectors != nullptr && !selectors->author.empty()) {
    if (std::string chosen = SelectedText(selectors->author); !chosen.empty())
      Set(record_.author, "author", ValueOfSelected(chosen, Label::kAuthor), "selector", 0.99);
  }
  if (!record_.author && author.value != nullptr) {
    // （青石日报记者 张三 通讯员 李四）: the first of the bracket's roles, though only another is a label.
    std::string names = NamesInBrackets(view_.LineText(author.value->line));
    if (names.empty()) names = TidyNames(author_persons.empty() ? author.value->text : author_persons);
    Set(record_.author, "author", std::move(names), "infobar", ConfidenceOf(80 + author.score));
  }
  Suggest("author", source_author, "infobar", 0.8);
  if (!record_.author) Set(record_.author, "author", source_author, "infobar", 0.8);
  if (!record_.author && source.value != nullptr) Set(record_.author, "author", NamesInBrackets(view_.LineText(source.value->line)), "infobar", 0.8);
  if (!record_.author) Set(record_.author, "author", byline_author, "byline", 0.8);
  if (!record_.author) Set(record_.author, "author", credit_author, "credit", 0.7);
  if (!record_.author && contributor.value != nullptr)
    Set(record_.author, "author", TidyNames(contributor.value->text), "infobar", 0.8 * ConfidenceOf(80 + contributor.score));
  if (!record_.author) {
    Set(record_.author, "author", NameInElement(view_, view_.author_elements, Label::kAuthor, strip_line_, title_), "class", 0.6);
  }
  if (!record_.author && strip != UINT32_MAX) Set(record_.author, "author", UnlabelledAuthor(view_, info_, strip, title_), "infobar:unlabelled", 0.55);
  std::string where;
  std::string name = AuthorOfText(view_, body_, &where);
  if (!name.empty()) {
    Suggest("author", name, where, 0.7);
    if (!record_.author) Set(record_.author, "author", std::move(name), where, 0.7);
  }
  // Metas name whoever typed the page as often as who wrote it: told, not taken.
  for (const model::Candidate& meta : {model::Candidate{std::string(view_.MetaContent("author")), "meta:author", 0.3},
                                       model::Candidate{structured_.author, "json-ld", 0.5}}) {
    if (!meta.value.empty() && meta.value.size() < 100 && !IsPlaceholderName(meta.value)) Suggest("author", meta.value, meta.basis, meta.confidence);
  }
  if (!record_.author && LooksLikePerson(structured_.author)) Set(record_.author, "author", structured_.author, "json-ld", 0.5);
  // Where nobody wrote it: a story in pictures is theirs who took them.
  constexpr size_t kCaption = 300;  // characters to a picture, at most
  if (!record_.author && body_.characters <= kCaption * record_.images.size()) {
    for (const InfoValue& value : info_.pictured) {
      if (PlaceScore(value) < -25) continue;
      Set(record_.author, "author", value.text, "infobar:pictures", 0.4);
      break;
    }
  }
  // www.gov.cn's template names the editor in the meta "author".
  if (const std::string_view typed = view_.MetaContent("author");
      editor.value == nullptr && !view_.MetaContent("manuscriptid").empty() && LooksLikePerson(typed))
    Set(record_.editor, "editor", std::string(typed), "meta:author", 0.7);
  if (editor.value != nullptr) Set(record_.editor, "editor", TidyNames(editor.value->text), "infobar", ConfidenceOf(80 + editor.score));
}

}  // namespace fangzhi::extract
