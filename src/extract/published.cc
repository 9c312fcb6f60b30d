// When an article was published, and when it was changed: labelled strips, the site's metas, structured data, the URL, the
// list that led here, the signature below the text.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "base/strings.h"
#include "extract/body_lines.h"
#include "extract/characters.h"
#include "extract/dates.h"
#include "extract/extraction.h"
#include "extract/line_words.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

struct MetaName {
  const char* name;
  const char* basis;
};
constexpr MetaName kPublishedMetas[] = {{"pubdate", "meta:PubDate"},
                                        {"publishdate", "meta:publishdate"},
                                        {"firstpublishedtime", "meta:firstpublishedtime"},
                                        {"article:published_time", "meta:article:published_time"},
                                        {"og:article:published_time", "meta:og:article:published_time"},
                                        {"og:published_time", "meta:og:published_time"},
                                        {"publish_date", "meta:publish_date"},
                                        {"publish-date", "meta:publish-date"},
                                        {"publishtime", "meta:publishtime"},
                                        {"publish_time", "meta:publish_time"},
                                        {"apub:time", "meta:apub:time"},
                                        {"_pubtime", "meta:_pubtime"},
                                        {"datepublished", "meta:datePublished"},
                                        {"og:release_date", "meta:og:release_date"},
                                        {"bytedance:published_time", "meta:bytedance:published_time"},
                                        {"weibo:article:create_at", "meta:weibo:article:create_at"},
                                        {"dc.date", "meta:DC.date"},
                                        {"dc.date.issued", "meta:DC.date.issued"},
                                        {"dcterms.created", "meta:dcterms.created"},
                                        {"dcterms.issued", "meta:dcterms.issued"}};
constexpr MetaName kModifiedMetas[] = {{"lastmodifiedtime", "meta:lastmodifiedtime"},
                                       {"article:modified_time", "meta:article:modified_time"},
                                       {"og:updated_time", "meta:og:updated_time"},
                                       {"bytedance:updated_time", "meta:bytedance:updated_time"},
                                       {"dcterms.modified", "meta:dcterms.modified"}};

// Noon, midnight or the day's last second comes from a program that had only a day.
void DropInventedTime(FoundDate& date) {
  if ((date.hour == 0 || date.hour == 12) && date.minute == 0 && date.second <= 0) date.hour = -1;
  if (date.hour == 23 && date.minute == 59 && date.second == 59) date.hour = -1;
}

// Days from a fixed day; months as in the civil calendar.
int DayNumber(const FoundDate& date) {
  const int y = date.month <= 2 ? date.year - 1 : date.year;
  const int m = date.month <= 2 ? date.month + 9 : date.month - 3;
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + date.day;
}

// The clock of a host: China's, except where the country that its name ends in has one clock of its own all year round.
int ClockOfHost(std::string_view host) {
  static constexpr std::pair<std::string_view, int> kClocks[] = {{".ru", 180}, {".jp", 540}, {".kr", 540}, {".vn", 420}, {".th", 420}, {".la", 420},
                                                                 {".kh", 420}, {".mm", 390}, {".in", 330}, {".np", 345}, {".pk", 300}, {".kz", 300}};
  for (const auto& [ending, minutes] : kClocks) {
    if (host.ends_with(ending)) return minutes;
  }
  return 8 * 60;
}

// How two dates of one field disagree; empty where they do not.
std::string Disagreement(const FoundDate& chosen, const FoundDate& other, const std::string& basis) {
  if (std::abs(DayNumber(chosen) - DayNumber(other)) > 1) return basis + " says " + other.Iso();
  if (DayNumber(chosen) == DayNumber(other) && chosen.hour >= 0 && other.hour >= 0 && chosen.minute == other.minute &&
      std::abs(chosen.hour - other.hour) == 12) {
    return basis + " says " + other.Iso() + ": twelve hours apart";
  }
  return "";
}

// Of a date whose month and day may be the other way round, where nothing else says which.
constexpr double kEitherWay = 0.5;

}  // namespace

std::vector<Extraction::MachineDate> Extraction::MachineDates() const {
  std::vector<MachineDate> dates;
  const auto add = [&](std::string_view value, std::string basis) {
    if (value.empty()) return;
    auto date = ParseDateValue(value, {roc_years_, false});
    if (!date) return;
    DropInventedTime(*date);
    dates.push_back({*date, std::move(basis)});
  };
  for (const MetaName& meta : kPublishedMetas) add(view_.MetaContent(meta.name), meta.basis);
  add(structured_.published, structured_.basis);
  if (view_.comments.size() < 5000) {
    // <!--enpproperty … <date>2021-11-29 00:00:00.0</date> …: newspapers' digital editions.
    for (const html::NodeIndex index : view_.comments) {
      const std::string_view text = document_.node(index).text;
      if (text.size() > 4000 || text.find("enpproperty") == std::string_view::npos) continue;
      const size_t at = text.find("<date>");
      if (at != std::string_view::npos) add(text.substr(at + 6, 25), "comment:enpproperty");
      break;
    }
  }
  add(structured_.time_value, "time-element");
  return dates;
}

std::optional<Extraction::MachineDate> Extraction::DateInScripts() const {
  constexpr size_t kMostBytes = size_t{256} << 10, kMostOfOne = size_t{32} << 10;
  static constexpr std::string_view kNames[] = {"publishTime", "publish_time", "publishDate", "publish_date", "pubTime", "pub_time", "pubtime", "pubDate", "pub_date", "pubdate", "releaseTime", "release_time",
                                                "releaseDate", "ptime", "datePublished"};
  size_t read = 0;
  for (const html::NodeIndex index : view_.scripts) {
    const html::Node& node = document_.node(index);
    if (node.end <= index + 1 || read > kMostBytes) continue;
    const std::string_view script = std::string_view(document_.node(index + 1).text).substr(0, kMostOfOne);
    read += script.size();
    for (const std::string_view name : kNames) {
      for (size_t at = script.find(name), tries = 0; at != std::string_view::npos && tries < 4; at = script.find(name, at + name.size()), ++tries) {
        // "publishTime":"2021-03-12 08:30", publishTime = 1615509000000
        if (at > 0 && (IsAsciiAlpha(script[at - 1]) || script[at - 1] == '_' || script[at - 1] == '.')) continue;
        size_t place = at + name.size();
        const auto skip = [&](std::string_view any) {
          while (place < script.size() && any.find(script[place]) != std::string_view::npos) ++place;
        };
        skip("\"' \t");
        if (place >= script.size() || (script[place] != ':' && script[place] != '=')) continue;
        ++place;
        skip("\"' \t");
        size_t end = place;
        while (end < script.size() && end - place < 40 && script[end] != '"' && script[end] != '\'' && script[end] != ',' && script[end] != '}' && script[end] != ';' && script[end] != '\n') ++end;
        const std::string_view value = TrimAscii(script.substr(place, end - place));
        std::optional<FoundDate> date = DateOfEpoch(value);
        if (!date) date = ParseDateValue(value, {false, false});
        if (!date) continue;
        DropInventedTime(*date);
        return MachineDate{*date, "script:" + std::string(name)};
      }
    }
  }
  return std::nullopt;
}

std::optional<FoundDate> Extraction::DateInNamedElement() const {
  constexpr size_t kMostElements = 60;
  if (title_.first_line == kNoLine) return std::nullopt;
  for (size_t k = 0; k < std::min(view_.time_elements.size(), kMostElements); ++k) {
    const html::NodeIndex element = view_.time_elements[k], end = document_.node(element).end;
    if (end - element > 12) continue;
    const size_t line = view_.LineAt(element);
    if (line + 3 < title_.first_line || line > title_.last_line + 5) continue;
    const std::string text = text::CollapseSpace(RawText(document_, element));
    if (text.empty() || text.size() > 80) continue;
    const FoldedText folded = Fold(text);
    const auto date = FindDate(folded, 0, {roc_years_, true});
    if (date && date->begin <= 6 && folded.size() - date->end <= 4) return date;
  }
  return std::nullopt;
}

std::optional<FoundDate> Extraction::TimeElementOf(uint32_t line, const FoundDate& day) const {
  constexpr size_t kMostElements = 60;
  for (size_t k = 0; k < std::min(view_.times.size(), kMostElements); ++k) {
    const html::NodeIndex node = view_.times[k];
    if (node < view_.lines[line].block || (line + 1 < view_.lines.size() && node >= view_.lines[line + 1].first)) continue;
    const auto value = document_.attribute(node, "datetime");
    if (!value || value->size() > 200) continue;
    auto date = ParseDateValue(*value, {roc_years_, false});
    if (!date) continue;
    DropInventedTime(*date);
    if (date->hour >= 0 && date->Day() == day.Day()) return date;
  }
  return std::nullopt;
}

bool Extraction::HasMetasOfAnother() const {
  const std::u32string meta = ComparisonKey(view_.MetaContent("articletitle")), title = ComparisonKey(title_.title), element = ComparisonKey(view_.title);
  if (meta.size() < 8 || title.size() < 8 || title_.first_line == kNoLine || title_.agreement < 20 || !element.starts_with(title)) return false;
  size_t shared = 0;
  for (size_t i = 0; i + 1 < title.size(); ++i) shared += meta.find(title.substr(i, 2)) != std::u32string::npos;
  return shared * 5 < title.size();
}

void Extraction::Published() {
  if (input_.selectors != nullptr) {
    const std::string chosen = SelectedText(input_.selectors->published);
    if (!chosen.empty()) {
      if (const auto date = ParseDateValue(chosen, {roc_years_, true})) {
        Set(record_.published, "published", date->Iso(), "selector", 0.99);
        visible_date_ = true;
        return;
      }
    }
  }
  // Where a strip has no other date, 更新时间 is what the site calls the day of publication.
  bool published_label = false;
  // 发布时间, 答复时间 beside 创建时间, 来信时间.
  const bool released = std::any_of(info_.values.begin(), info_.values.end(), [&](const InfoValue& value) {
    return value.label == Label::kPublished && value.labelled && value.strong && value.date && !value.entered && PlaceScore(value) > -25;
  });
  for (const InfoValue& value : info_.values)
    published_label = published_label || (value.label == Label::kPublished && value.labelled && value.date && PlaceScore(value) > 0);
  const InfoValue* best = nullptr;
  int best_score = 49;
  for (const InfoValue& value : info_.values) {
    if (!value.date) continue;
    // 时间：2021年12月3日14:30 in the text is when something takes place.
    const bool weak_label = value.label == Label::kPublished && value.labelled && !value.strong;
    if ((weak_label || value.foreign) && std::binary_search(body_.lines.begin(), body_.lines.end(), value.line)) continue;
    int score = 0;
    const char* basis = value.labelled ? "infobar" : "infobar:unlabelled";
    switch (value.label) {
      case Label::kPublished:
        score = value.labelled ? (value.strong ? 92 : 82) : 62;
        if (value.entered && released) score -= 45;
        break;
      case Label::kUpdated:
        score = published_label ? 52 : 78;
        basis = "infobar:updated";
        break;
      case Label::kWritten:
        score = published_label ? 45 : 58;
        basis = "infobar:written";
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
      if (title_.dated && value.line == title_.first_line)
        score += 10;
      else if (covered < 25)
        score -= 40;
      else if (covered < 45)
        score -= 12;
      // Below the text, among other words: a comment's day, a related page's.
      if (covered < 70 && !body_.lines.empty() && value.line > body_.lines.back()) score -= 20;
    }
    score += PlaceScore(value);
    if (value.date->hour >= 0) score += 3;
    if (score > 20) Suggest("published", value.date->Iso(), basis, ConfidenceOf(score));
    if (score > best_score) {
      best_score = score;
      best = &value;
    }
  }
  std::vector<MachineDate> machine = MachineDates();
  // The metas of another article are no evidence for this one.
  if (HasMetasOfAnother()) std::erase_if(machine, [](const MachineDate& each) { return each.basis.starts_with("meta:"); });
  // What only a program reads, where no strip and no meta says it.
  if (machine.empty() && best_score < 70) {
    if (auto scripted = DateInScripts()) machine.push_back(std::move(*scripted));
  }
  const std::optional<FoundDate> url_date = DateOfUrl(input_.page_url.path);
  std::optional<FoundDate> list_date;
  if (!input_.list_date.empty()) list_date = ParseDateValue(input_.list_date, {roc_years_, false});
  for (const MachineDate& each : machine) Suggest("published", each.date.Iso(), each.basis, 0.85);
  if (url_date) Suggest("published", url_date->Iso(), "url", 0.6);
  if (list_date) Suggest("published", list_date->Iso(), "list", 0.6);

  // 发布时间：11-29. The year is that of the address, of what a machine or the list says of the same day.
  std::optional<FoundDate> completed;
  const InfoValue* yearless = nullptr;
  for (const InfoValue& value : info_.values) {
    // Without a label only in a strip beside the headline, and where no strip has a whole date.
    // A masthead's day, and the same day with its time below the headline.
    const bool same_day = value.yearless && best != nullptr && !best->labelled && best->date->hour < 0 && value.yearless->hour >= 0 && best->date->month == value.yearless->month && best->date->day == value.yearless->day;
    if (value.yearless && !value.labelled && ((best_score >= 70 && !same_day) || PlaceScore(value) < 8 || title_.first_line == kNoLine || info_.info_score[value.line] < 40)) continue;
    if (!value.yearless || (value.label != Label::kPublished && (value.label != Label::kUpdated || published_label)) || (best != nullptr && best->labelled && best_score >= 80) || PlaceScore(value) <= 0) continue;
    completed = WithYearOfUrl(*value.yearless, input_.page_url.path);
    const auto take_year = [&](const std::optional<FoundDate>& other) {
      if (completed || !other || other->month != value.yearless->month || other->day != value.yearless->day) return;
      completed = *value.yearless;
      completed->year = other->year;
    };
    take_year(list_date);
    for (const MachineDate& each : machine) take_year(each.date);
    if (same_day) take_year(best->date);
    if (completed && IsPossibleDay(completed->year, completed->month, completed->day)) {
      yearless = &value;
      break;
    }
    completed.reset();
  }

  // What the other witnesses say of the choice.
  const auto choose = [&](const FoundDate& date, std::string basis, double confidence) {
    std::string conflict;
    const auto hear = [&](const FoundDate& other, const std::string& witness) {
      const std::string words = Disagreement(date, other, witness);
      if (words.empty()) return;
      if (!conflict.empty()) conflict += "; ";
      conflict += words;
    };
    for (const MachineDate& each : machine) {
      if (each.basis != "time-element") hear(each.date, each.basis);
    }
    if (url_date) hear(*url_date, "url");
    if (list_date) hear(*list_date, "list");
    if (!conflict.empty()) {
      record_.conflicts["published"] = std::move(conflict);
      confidence *= 0.85;
    }
    FoundDate here = date;
    if (here.either_way) {
      const std::string as_read = here.Day(), other = here.OtherWay().Day();
      const auto says = [&](const std::string& day) {
        return (url_date && url_date->Day() == day) || (list_date && list_date->Day() == day) ||
               std::any_of(machine.begin(), machine.end(), [&day](const MachineDate& each) { return !each.date.either_way && each.date.Day() == day; });
      };
      if (says(other) && !says(as_read)) {
        here = here.OtherWay();
        record_.conflicts.erase("published");
      } else if (!says(as_read)) {
        confidence = std::min(confidence, kEitherWay);
        std::string& words = record_.conflicts["published"];
        words += (words.empty() ? "" : "; ") + ("may also be read as " + other);
      }
    }
    if (!here.has_offset) here.offset_minutes = ClockOfHost(input_.page_url.host.value_or(""));
    Set(record_.published, "published", here.Iso(), std::move(basis), confidence);
  };

  // The signature: a line of its own at the end of the text, or right below it (and below its 完).
  const auto signature = [&]() -> std::optional<FoundDate> {
    const size_t count = body_.lines.size(), looked = std::min<size_t>(count, 6);
    for (size_t k = 0; k <= looked && count > 0; ++k) {
      uint32_t line = k < looked ? body_.lines[count - 1 - k] : body_.lines.back() + 1;
      if (k == looked && line + 1 < view_.lines.size() && view_.lines[line].characters <= 4) ++line;
      if (line >= view_.lines.size() || view_.lines[line].characters > 40) continue;
      const FoldedText folded = Fold(view_.LineText(line));
      const auto date = FindDate(folded, 0, {roc_years_, false});
      if (!date) continue;
      // Below the text: an office and the day, or the day alone, and no other article's.
      if (k == looked) {
        const Line& below = view_.lines[line];
        const std::string before = TrimSeparators(view_.LineText(line).substr(0, folded.offsets[date->begin]));
        if (below.row != RowFlag::kNone || below.links > 0 || (below.zones & kNotBody) != 0 || (!before.empty() && !EndsLikeOffice(ComparisonKey(before)))) continue;
        if (line > 0 && before.empty() && view_.lines[line - 1].links > 0) continue;
      }
      size_t outside = 0;
      for (size_t i = 0; i < folded.size(); ++i)
        outside += (i < date->begin || i >= date->end) && !text::IsSpace(folded.characters[i]);
      if (outside <= 20) return date;
    }
    return std::nullopt;
  };

  if (yearless != nullptr) {
    visible_date_ = true;
    strip_line_ = yearless->line;
    return choose(*completed, "infobar:yearless", 0.75);
  }
  // The page was changed on the day in its foot; the text is of the day that it is signed with.
  if (best != nullptr && best->label == Label::kUpdated && machine.empty() && !body_.lines.empty() && best->line > body_.lines.back() &&
      (view_.lines[best->line].links > 0 || WordsOf(view_.LineText(best->line)).frame > 0)) {
    if (const auto date = signature()) return choose(*date, "signature", 0.5);
  }
  if (best != nullptr) {
    visible_date_ = best_score >= 70;
    strip_line_ = best->line;
    FoundDate date = *best->date;
    std::string basis = best->labelled ? "infobar" : "infobar:unlabelled";
    if (best->label == Label::kUpdated) basis = "infobar:updated";
    if (best->label == Label::kWritten) basis = "infobar:written";
    double confidence = ConfidenceOf(best_score);
    const MachineDate* first = machine.empty() ? nullptr : &machine.front();
    if (date.hour < 0) {
      if (const auto timed = TimeElementOf(best->line, date)) {
        date = *timed;
        basis += "+time-element";
      }
    }
    if (date.hour < 0) {
      for (const MachineDate& each : machine) {
        // Metas give the time of what is shown; other machine values are often the time of typing.
        if (!each.basis.starts_with("meta:") || each.date.hour < 0 || each.date.Day() != date.Day()) continue;
        date = each.date;
        basis += "+" + each.basis;
        break;
      }
    }
    // A weak find gives way to what the page says by machine.
    const bool weak = best_score < 70 || best->label == Label::kUpdated || best->label == Label::kWritten;
    if (weak && first != nullptr && (first->date.Day() != date.Day() || date.hour < 0)) {
      date = first->date;
      basis = first->basis;
      confidence = 0.85;
    } else if (best_score < 62 && url_date && url_date->Day() != date.Day()) {
      date = *url_date;
      basis = "url";
      confidence = 0.6;
    }
    return choose(date, std::move(basis), confidence);
  }
  if (!machine.empty()) return choose(machine.front().date, machine.front().basis, 0.85);
  if (const auto named = DateInNamedElement()) {
    visible_date_ = true;
    return choose(*named, "class", 0.75);
  }
  if (url_date) return choose(*url_date, "url", 0.6);
  if (list_date) return choose(*list_date, "list", 0.6);
  if (const auto date = signature()) Set(record_.published, "published", date->Iso(), "signature", 0.5);
}

void Extraction::Modified() {
  const InfoValue* best = nullptr;
  int best_score = -20;
  for (const InfoValue& value : info_.values) {
    if (value.label != Label::kUpdated || !value.date) continue;
    const int score = PlaceScore(value);
    if (score > -40) Suggest("modified", value.date->Iso(), "infobar", ConfidenceOf(60 + score));
    if (score > best_score) {
      best_score = score;
      best = &value;
    }
  }
  // The only date of a page says when it was published, whatever its label.
  const auto published = record_.provenance.find("published");
  if (best != nullptr && (published == record_.provenance.end() || !published->second.starts_with("infobar:updated"))) {
    Set(record_.modified, "modified", best->date->Iso(), "infobar", ConfidenceOf(60 + best_score));
  }
  const auto take = [&](std::string_view value, const char* basis) {
    if (value.empty()) return;
    const auto date = ParseDateValue(value, {roc_years_, false});
    if (!date) return;
    Suggest("modified", date->Iso(), basis, 0.8);
    if (!record_.modified) Set(record_.modified, "modified", date->Iso(), basis, 0.8);
  };
  for (const MetaName& meta : kModifiedMetas) take(view_.MetaContent(meta.name), meta.basis);
  take(structured_.modified, "json-ld");
}

}  // namespace fangzhi::extract
