// The headline: which line of the page, or which meta value, is the article's title. Internal to extract/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extract/info_line.h"
#include "extract/page_view.h"
#include "model/page.h"

namespace fangzhi::extract {

inline constexpr size_t kNoLine = SIZE_MAX;

struct TitleChoice {
  std::string title;
  std::string provenance;
  size_t first_line = kNoLine, last_line = kNoLine;  // where it stands on the page
  size_t subtitle_line = kNoLine;  // below it, neither headline nor text
  bool dated = false;  // its line holds the date as well, in an element of its own
  int score = 0;
  int agreement = 0;  // of that, what <title> and the metas say as well
  std::vector<model::Candidate> candidates;  // the lines and metas that could have been it
};

TitleChoice ChooseTitle(const PageView& view, const InfoLines& info, std::string_view list_title);

// `line` is the headline, with the lines above and below it that it is set over.
void SetHeadline(const PageView& view, const InfoLines& info, size_t line, const char* provenance, int score, TitleChoice& title);
// Where nothing is marked as the headline: takes the line above `below` (the strip's or the text's first line) if it may be one.
void TakeHeadlineAbove(const PageView& view, const InfoLines& info, size_t below, TitleChoice& title);

}  // namespace fangzhi::extract
