// One extraction: the evidence, and a step for each field. The steps are in extract.cc (order, title, body, kind, clicks),
// published.cc (dates), names.cc (source and people), facts.cc (what documents say of themselves) and files.cc
// (attachments, images, the next part). Internal to extract/.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "extract/body.h"
#include "extract/extract.h"
#include "extract/info_line.h"
#include "extract/page_view.h"
#include "extract/structured.h"
#include "extract/title.h"

namespace fangzhi::extract {

class Extraction {
 public:
  explicit Extraction(const ExtractInput& input);

  model::PageRecord Run();

 private:
  bool HasRepublicYears() const;
  void FindBase();
  std::optional<html::NodeIndex> Selected(const std::string& selector) const;
  std::string SelectedText(const std::string& selector) const;
  // Takes a value as the field's; `confidence` 0 … 1.
  void Set(std::optional<std::string>& field, const char* name, std::string value, std::string basis, double confidence);
  // Tells of a value that the field might have, where candidates are asked for.
  void Suggest(const char* name, std::string_view value, std::string_view basis, double confidence);
  void Forget(const char* name);

  // How well an info value's place fits an info strip of this article; below 0 it belongs to something else.
  int PlaceScore(const InfoValue& value) const;
  // Whether the line holds a labelled date of publication beside another labelled value.
  bool DatedStrip(uint32_t line) const;
  // Whether rows of what a document says of itself (number, issuer, …) surround the headline.
  bool HasDocumentTable() const;
  // Whether the chosen date stands in a strip with a labelled value below the headline, and no other line of the
  // page looks like it: the items of lists repeat theirs.
  bool HasStrip() const;
  void Title();
  void Subtitle();
  void Body();
  bool IsBelowText() const;
  bool TakePlainHeadline();
  void Published();
  // The date that an element beside the headline holds which is named time or date and holds nothing else.
  std::optional<FoundDate> DateInNamedElement() const;
  // The day of `line` with the time of day that the machine-readable part of a <time> in it gives.
  std::optional<FoundDate> TimeElementOf(uint32_t line, const FoundDate& day) const;
  // Whether the standard's metas name another headline than the page and its <title> do: a template's leftovers.
  bool HasMetasOfAnother() const;
  void Modified();
  void SourceAndPeople();
  void Clicks();
  void Numbers();
  void Document();
  void SiteCode();
  void Column();
  void Files();
  void Parts();
  void CopyOf();
  void TellMore(const char* field, size_t told);
  bool InFrame(html::NodeIndex index) const;
  void EmbeddedFiles(std::unordered_set<std::string>& seen);
  void Language();
  void CleanUp();
  bool ReadPageData();
  void HiddenBody();

  // The date that a site gives to machines: the first of its metas, structured data or time elements that holds one.
  struct MachineDate {
    FoundDate date;
    std::string basis;
  };
  std::vector<MachineDate> MachineDates() const;
  // The date that a script of the page gives the article: publishTime and its kin, as text or as seconds since 1970.
  std::optional<MachineDate> DateInScripts() const;

  const ExtractInput& input_;
  const html::Document& document_;
  PageView view_;  // complete but for its rows
  const Structured structured_;
  url::Url base_;
  const bool roc_years_;
  InfoLines info_;
  TitleChoice title_;
  BodyChoice body_;
  ListChoice list_;
  bool selected_body_ = false;
  bool visible_date_ = false;
  uint32_t strip_line_ = UINT32_MAX;  // of the chosen date
  model::PageRecord record_;
};

// How sure a score of the info strip's choice is.
double ConfidenceOf(int score);

}  // namespace fangzhi::extract
