// What a document says of itself: numbers, issuer, dates, topic, validity, the site's code.
#include <algorithm>

#include "base/strings.h"
#include "extract/characters.h"
#include "extract/crumbs.h"
#include "extract/extraction.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {

void Extraction::Numbers() {
  int best_document = -70, best_index = -70;
  for (const InfoValue& value : info_.values) {
    if (value.text.empty()) continue;
    const int score = PlaceScore(value);
    if (value.label == Label::kIndexNumber && value.text.size() <= 80) {
      Suggest("index_number", value.text, "infobar", ConfidenceOf(80 + score));
      if (score > best_index) {
        best_index = score;
        Set(record_.index_number, "index_number", value.text, "infobar", ConfidenceOf(80 + score));
      }
    }
    if (value.label == Label::kDocumentNumber && value.text.size() <= 100 && !IsNoValue(value.text)) {
      Suggest("document_number", value.text, "infobar", ConfidenceOf(80 + score));
      if (score > best_document) {
        best_document = score;
        Set(record_.document_number, "document_number", value.text, "infobar", ConfidenceOf(80 + score));
      }
    }
  }
  const std::string in_title = DocumentNumberIn(record_.title ? *record_.title : std::string());
  Suggest("document_number", in_title, "title", 0.8);
  if (record_.document_number) return;
  if (!in_title.empty()) return Set(record_.document_number, "document_number", in_title, "title", 0.8);
  // Right below the headline: alone, in brackets, or first in its line and set off by a gap.
  constexpr size_t kMostBelow = 4;
  for (size_t i = title_.last_line + 1; title_.last_line != kNoLine && i < view_.lines.size() && i <= title_.last_line + kMostBelow; ++i) {
    if (view_.lines[i].characters > 45 || view_.lines[i].links > 0) continue;
    std::string_view text = view_.LineText(i);
    for (const std::string_view open : {"（", "("}) text.remove_prefix(text.starts_with(open) ? open.size() : 0);
    std::string number = DocumentNumberIn(text);
    if (number.empty() || !text.starts_with(number)) continue;
    text.remove_prefix(number.size());
    if (text.empty() || text == "）" || text == ")" || text.starts_with(" ") || text.starts_with("\t") || text.starts_with("　") || text.starts_with("\u00a0"))
      return Set(record_.document_number, "document_number", std::move(number), "below title", 0.8);
  }
  // A line of its own at the head of the text.
  for (size_t k = 0; k < std::min<size_t>(body_.lines.size(), 4); ++k) {
    const uint32_t line = body_.lines[k];
    if (view_.lines[line].characters > 30) continue;
    const std::string_view text = view_.LineText(line);
    std::string number = DocumentNumberIn(text);
    if (!number.empty() && text.size() <= number.size() + 12)
      return Set(record_.document_number, "document_number", std::move(number), "body", 0.8);
  }
}

void Extraction::Document() {
  struct Slot {
    Label label;
    std::optional<std::string>* field;
    const char* name;
    int best;
  };
  Slot slots[] = {{Label::kIssuer, &record_.issuer, "issuer", -70},
                  {Label::kTopic, &record_.topic, "topic", -70},
                  {Label::kValidity, &record_.validity, "validity", -70},
                  {Label::kWritten, &record_.written, "written", -70}};
  for (const InfoValue& value : info_.values) {
    for (Slot& slot : slots) {
      if (slot.label != value.label) continue;
      const std::string text = value.label == Label::kWritten ? (value.date ? value.date->Iso() : std::string()) : value.text;
      if (text.empty() || IsNoValue(text)) continue;
      const int score = PlaceScore(value);
      Suggest(slot.name, text, "infobar", ConfidenceOf(80 + score));
      if (score <= slot.best) continue;
      slot.best = score;
      Set(*slot.field, slot.name, text, "infobar", ConfidenceOf(80 + score));
    }
  }
}

void Extraction::SiteCode() {
  const auto plausible = [](std::string_view code) {
    if (code.size() < 8 || code.size() > 14) return false;
    for (const char c : code) {
      if (!IsAsciiDigit(c) && !IsAsciiAlpha(c)) return false;
    }
    return true;
  };
  if (const std::string_view meta = view_.MetaContent("siteidcode"); plausible(meta)) {
    return Set(record_.site_id_code, "site_id_code", std::string(meta), "meta:SiteIDCode", 0.95);
  }
  // The footer's 网站标识码：3203000040 stands among a page's last lines.
  for (size_t i = view_.lines.size(), seen = 0; i-- > 0 && seen < 60; ++seen) {
    const std::string_view text = view_.LineText(i);
    size_t at = text.find("标识码");
    if (at == std::string_view::npos) continue;
    at += std::string_view("标识码").size();
    while (at < text.size() && !IsAsciiDigit(text[at]) && !IsAsciiAlpha(text[at]) && static_cast<unsigned char>(text[at]) != 0xE3) {
      size_t next = at;
      const char32_t c = text::DecodeUtf8(text, next);
      if (text::IsHan(c)) break;
      at = next;
    }
    size_t end = at;
    while (end < text.size() && (IsAsciiDigit(text[end]) || IsAsciiAlpha(text[end]))) ++end;
    if (plausible(text.substr(at, end - at))) return Set(record_.site_id_code, "site_id_code", std::string(text.substr(at, end - at)), "footer", 0.9);
  }
}

void Extraction::Column() {
  std::string_view title = record_.title ? std::string_view(*record_.title) : std::string_view(title_.title);
  size_t end = title_.first_line != kNoLine ? title_.first_line : !body_.lines.empty() ? body_.lines.front() : view_.lines.size();
  if (record_.kind == model::PageKind::kHome) end = 0;
  if (record_.kind == model::PageKind::kList) {
    title = {};
    const auto longest = std::max_element(list_.runs.begin(), list_.runs.end(), [](const ListRun& a, const ListRun& b) { return a.rows.size() < b.rows.size(); });
    end = longest == list_.runs.end() ? view_.lines.size() : longest->first;
  }
  const std::string crumbs = ColumnOfCrumbs(view_, title, end);
  const std::string_view meta = view_.MetaContent("columnname");
  Suggest("column", crumbs, "breadcrumb", 0.9);
  if (meta.size() < 200) Suggest("column", text::CollapseSpace(meta), "meta:ColumnName", 0.8);
  if (!crumbs.empty()) return Set(record_.column, "column", crumbs, "breadcrumb", 0.9);
  if (!meta.empty() && meta.size() < 200)
    return Set(record_.column, "column", text::CollapseSpace(meta), "meta:ColumnName", 0.8);
  for (const InfoValue& value : info_.values) {
    if (value.label == Label::kColumn && !value.text.empty() && PlaceScore(value) > 0)
      return Set(record_.column, "column", value.text, "infobar", 0.7);
  }
}

}  // namespace fangzhi::extract
