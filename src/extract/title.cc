#include "extract/title.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "base/strings.h"
#include "extract/headline_lines.h"
#include "extract/headline_words.h"
#include "extract/line_words.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

// What the page says of its title elsewhere than in its headline.
struct Witness {
  std::u32string key;
  std::string_view text;
  const char* provenance;
  int weight;  // of a line that equals it
};

constexpr size_t kShortestHeld = 10;  // characters of what a longer line may hold
constexpr size_t kMostCandidates = 16;
double CandidateConfidence(int score) {
  return std::clamp(score / 120.0, 0.05, 0.98);
}

size_t CommonPrefix(std::u32string_view a, std::u32string_view b) {
  const size_t most = std::min(a.size(), b.size());
  size_t length = 0;
  while (length < most && a[length] == b[length]) ++length;
  return length;
}

// 主办单位：某某局 in the page's last lines: the name is the site's.
bool IsNamedInFooter(const PageView& view, const std::u32string& key) {
  if (key.size() < 3) return false;
  for (size_t i = view.lines.size(), seen = 0; i-- > 0 && seen < 16; ++seen) {
    if (view.lines[i].characters > 200) continue;
    const std::u32string line = ComparisonKey(view.LineText(i));
    const size_t at = line.find(key);
    if (at == std::u32string::npos) continue;
    for (const std::u32string_view word : {U"主办", U"版权", U"承办", U"copyright", U"Copyright", U"COPYRIGHT", U"版權", U"©"}) {
      if (line.find(word) < at) return true;
    }
  }
  return false;
}

// A few characters that a link of the page's frame or its crumbs have as well: <title> names the column.
bool IsColumnLinked(const PageView& view, std::u32string_view key) {
  if (IsBoxHeading(key)) return true;
  if (key.size() < 2 || key.size() > 6) return false;
  for (size_t i = 0; i < std::min<size_t>(view.lines.size(), 200); ++i) {
    const Line& line = view.lines[i];
    if (line.characters > 60 || line.characters < key.size() + 4) continue;
    const std::string_view text = view.LineText(i);
    if ((line.zones & kZoneCrumbs) == 0 && text.find("位置") == std::string_view::npos && !text.starts_with("首页") && !text.starts_with("首頁")) continue;
    if (ComparisonKey(text).find(key) != std::u32string::npos) return true;
  }
  for (const Anchor& anchor : view.anchors) {
    if (anchor.end - anchor.begin > 30 || anchor.end - anchor.begin < key.size()) continue;
    if (ComparisonKey(std::string_view(view.text).substr(anchor.begin, anchor.end - anchor.begin)) == key) return true;
  }
  return false;
}

// The lines with a row of a document's table, and the lines right below such a row.
std::vector<uint8_t> LinesBelowDocumentRows(const PageView& view, const InfoLines& info) {
  constexpr size_t kNear = 16;
  std::vector<uint8_t> rows(view.lines.size(), 0), below(view.lines.size(), 0);
  for (const InfoValue& value : info.values) {
    if (value.labelled && (value.label == Label::kIndexNumber || value.label == Label::kDocumentNumber || value.label == Label::kIssuer || value.label == Label::kValidity))
      rows[value.line] = 1;
  }
  for (size_t i = 0, since = kNear + 1; i < rows.size(); ++i, ++since) {
    below[i] = since <= kNear;
    if (rows[i] != 0) since = 0;
  }
  return below;
}

// Where the strips are, seen from each line.
struct StripDistances {
  static constexpr int kFar = 1000;
  std::vector<int> after, before;    // lines to the next and from the last strip; of `after` one more, for the end
  std::vector<uint8_t> dated;        // 1: a strip, 2: with a label
  std::vector<uint8_t> holds_date;   // a day without a label in a line that has room for a headline

  StripDistances(const PageView& view, const InfoLines& info);
};

StripDistances::StripDistances(const PageView& view, const InfoLines& info) {
  const size_t count = view.lines.size();
  after.assign(count + 1, kFar);
  before.assign(count + 1, kFar);
  dated.assign(count, 0);
  holds_date.assign(count, 0);
  for (const InfoValue& value : info.values) {
    const Line& line = view.lines[value.line];
    holds_date[value.line] = value.date && !value.labelled && line.characters >= 12 && line.links == 0;
    if (line.link_characters * 2 > line.characters && line.characters > 20) continue;
    if ((line.zones & (kZoneFooter | kZoneAside | kZoneNavigation)) != 0) continue;
    const bool strip = info.info_score[value.line] >= 50 || value.labelled;
    if (!strip) continue;
    if (value.date || value.label == Label::kSource || value.label == Label::kClicks)
      dated[value.line] = std::max<uint8_t>(dated[value.line], value.labelled ? 2 : 1);
  }
  // Days in the rows of a table, nothing linked between them: no strips.
  for (size_t i = 0, rows = 0, previous = 0; i < count; ++i) {
    if (view.lines[i].links != 0) rows = 0;
    if (dated[i] == 0) continue;
    if (dated[i] == 2 || i - previous > 12) rows = 0;
    previous = i;
    if (dated[i] == 1 && ++rows > 2) dated[i] = 0;
  }
  for (size_t i = count; i-- > 0;) after[i] = dated[i] ? 0 : std::min(kFar, after[i + 1] + 1);
  for (size_t i = 0; i < count; ++i)
    before[i] = dated[i] ? 0 : std::min(kFar, (i > 0 ? before[i - 1] : kFar) + 1);
}

// The heading with a labelled, dated strip right below it, the only one of the page; empty where none stands, or several do.
std::u32string HeadingOnStrip(const PageView& view, const InfoLines& info, const StripDistances& strips) {
  std::vector<uint8_t> has_day(view.lines.size(), 0);
  for (const InfoValue& value : info.values) {
    if (value.labelled && value.date && value.label == Label::kPublished && info.info_score[value.line] >= 50) has_day[value.line] = 1;
  }
  std::u32string heading;
  for (size_t i = 0; i + 1 < view.lines.size(); ++i) {
    const Line& line = view.lines[i];
    if (line.heading == 0 || line.heading > 3 || line.links != 0 || (line.zones & (kZoneFooter | kZoneAside | kZoneNavigation)) != 0) continue;
    // 青政发〔2021〕47号 may stand between.
    const size_t strip = i + 2 < view.lines.size() && view.lines[i + 1].characters <= 30 && view.lines[i + 1].heading == 0 && has_day[i + 1] == 0 && !DocumentNumberIn(view.LineText(i + 1)).empty() ? i + 2 : i + 1;
    if (has_day[strip] == 0 || strips.dated[strip] != 2 || view.lines[strip].heading != 0) continue;
    if (!heading.empty()) return {};
    heading = ComparisonKey(view.LineText(i));
  }
  return heading;
}

// Characters that a set of words is made of, told without a miss: another may look like one of them.
class CharacterSet {
 public:
  void Add(std::u32string_view word) {
    for (const char32_t c : word) bits_[(c >> 6) & 63] |= uint64_t{1} << (c & 63);
  }
  bool MayHave(char32_t c) const { return (bits_[(c >> 6) & 63] >> (c & 63) & 1) != 0; }

 private:
  std::array<uint64_t, 64> bits_{};
};

class HeadlineSearch {
 public:
  HeadlineSearch(const PageView& view, const InfoLines& info, std::string_view list_title);
  TitleChoice Run();

 private:
  // A line that may be the headline, with those below it that it is set over.
  struct Candidate {
    size_t first, last;
    std::u32string key;
    std::string_view own;  // without a date or badges at its ends, which elements of their own hold
    bool undated = false;  // a date was at its end
    bool row = false;      // the row of a document's table that names it
    int agreement = 0;
    const char* provenance = nullptr;
    std::string_view longer;  // a witness has all of what the line breaks off
  };

  void AddWitness(std::string_view text, const char* provenance, int weight);
  void TakeDocumentRow();
  void JudgeTitleElement();
  bool IsMasthead() const;
  // A headline may end with an institution as a site's name does.
  bool NamesSite(const std::u32string& key) const { return LooksLikeSiteName(key) && !TellsWhatWasDone(key) && (strip_heading_.empty() || key != strip_heading_); }

  bool MayBeHeadline(size_t line) const;
  bool IsSplitByWitness(size_t line) const;
  bool TitleEndsWithLine(size_t line) const;
  bool MayAgree(size_t line) const;
  // False where the line is no candidate.
  bool Delimit(Candidate& candidate);
  void Hear(Candidate& candidate, const std::u32string& key, int weight, const char* name, std::string_view text) const;
  void HearAll(Candidate& candidate) const;
  // How the line is set, what it is called and where it stands.
  int ScoreOfPlace(const Candidate& candidate) const;
  bool IsAboveText(size_t line) const;
  // What speaks against it, of its words and its neighbours.
  int ScoreOfWords(const Candidate& candidate, int score) const;
  TitleChoice WithoutLine(TitleChoice choice) const;

  const PageView& view_;
  const InfoLines& info_;
  const size_t count_;
  const std::u32string site_key_, other_site_key_, column_key_, title_key_;
  const StripDistances strips_;
  const std::u32string strip_heading_;
  const std::vector<uint8_t> below_document_;
  std::vector<Witness> witnesses_;
  size_t whole_only_ = 0;  // of those, the first that must equal a line: a description that is the headline and nothing more
  size_t title_row_ = kNoLine;
  std::string_view title_value_;
  bool title_is_site_ = false;
  CharacterSet told_;           // all characters of witnesses and <title>
  size_t shortest_held_ = SIZE_MAX;  // characters of the shortest that a line may hold with other things
  size_t joined_end_ = 0;       // past the lines of the headline that was joined last
  size_t running_ = 0;          // lines of running text above
};

HeadlineSearch::HeadlineSearch(const PageView& view, const InfoLines& info, std::string_view list_title)
    : view_(view),
      info_(info),
      count_(view.lines.size()),
      site_key_(ComparisonKey(view.MetaContent("sitename"))),
      other_site_key_(ComparisonKey(view.MetaContent("og:site_name"))),
      column_key_(ComparisonKey(view.MetaContent("columnname"))),
      title_key_(ComparisonKey(view.title)),
      strips_(view, info),
      strip_heading_(HeadingOnStrip(view, info, strips_)),
      below_document_(LinesBelowDocumentRows(view, info)) {
  AddWitness(view.MetaContent("articletitle"), "meta:ArticleTitle", 70);
  TakeDocumentRow();
  AddWitness(view.MetaContent("og:title"), "meta:og:title", 45);
  AddWitness(view.MetaContent("name"), "meta:name", 45);  // itemprop, of share pages
  AddWitness(view.MetaContent("title"), "meta:title", 30);
  AddWitness(view.MetaContent("twitter:title"), "meta:twitter:title", 30);
  AddWitness(view.MetaContent("dc.title"), "meta:DC.title", 40);
  // What a list page calls it; "详细>>" or a bare address is no title.
  if (text::CountCodePoints(list_title) >= 6 && list_title.find('/') == std::string_view::npos && list_title.find('>') == std::string_view::npos) AddWitness(list_title, "list", 30);
  whole_only_ = witnesses_.size();
  AddWitness(view.MetaContent("og:description"), "meta:og:description", 35);
  AddWitness(view.MetaContent("description"), "meta:description", 35);
  JudgeTitleElement();
  const auto told = [&](const std::u32string& key) {
    if (key.empty()) return;
    told_.Add(key);
    if (key.size() >= kShortestHeld) shortest_held_ = std::min(shortest_held_, key.size());
  };
  for (const Witness& witness : witnesses_) told(witness.key);
  told(title_key_);
}

void HeadlineSearch::AddWitness(std::string_view text, const char* provenance, int weight) {
  text = text::PrefixCodePoints(text, 400);
  std::u32string key = ComparisonKey(text);
  if (key.size() < 2 || key == site_key_ || key == other_site_key_) return;
  if (key.size() < 16 && key != strip_heading_ && (NamesSite(key) || LooksLikePlacedOffice(key) || LooksLikeOrganisation(key))) weight /= 4;
  witnesses_.push_back({std::move(key), text, provenance, weight});
}

// The row of a document's own table that names it, beside rows with its number or its issuer.
void HeadlineSearch::TakeDocumentRow() {
  for (const InfoValue& value : info_.values) {
    if (value.label != Label::kTitle || text::CountCodePoints(value.text) < 5) continue;
    const bool document = std::any_of(info_.values.begin(), info_.values.end(), [&](const InfoValue& other) {
      return (other.label == Label::kIndexNumber || other.label == Label::kDocumentNumber || other.label == Label::kIssuer ||
              other.label == Label::kWritten || other.label == Label::kPublished) &&
             other.labelled && other.line + 12 >= value.line && other.line <= value.line + 12;
    });
    if (document) {
      AddWitness(value.text, "infobar:title", 60);
      title_row_ = value.line;
      title_value_ = value.text;
    }
    return;
  }
}

// Whether all of <title> is a line above the page's menus, and the only heading on a strip is another: a gazette's or a paper's own name.
bool HeadlineSearch::IsMasthead() const {
  constexpr size_t kFewestLinks = 8, kShortestHeadline = 12;
  if (strip_heading_.size() < kShortestHeadline || title_key_.size() < 2 || title_key_.size() > 20 || title_key_.find(strip_heading_.substr(0, 4)) != std::u32string::npos || strip_heading_.find(title_key_) != std::u32string::npos)
    return false;
  for (size_t i = 0, links = SIZE_MAX; i < count_; ++i) {
    const Line& line = view_.lines[i];
    if (links == SIZE_MAX && line.characters == title_key_.size() && line.links == 0 && ComparisonKey(view_.LineText(i)) == title_key_) links = 0;
    if (links == SIZE_MAX) continue;
    links += line.links;
    if (line.heading != 0 && line.characters == strip_heading_.size() && ComparisonKey(view_.LineText(i)) == strip_heading_) return links >= kFewestLinks;
  }
  return false;
}

// Whether <title> names the site or a column and no article.
void HeadlineSearch::JudgeTitleElement() {
  // The whole of <title>: "关于…的通知-某市人民政府" ends like a site's name and is none.
  const std::u32string part = ComparisonKey(CleanTitleElement(view_.title, view_.MetaContent("sitename")));
  // A few characters where a meta has a headline that they are no part of: an application's name.
  const bool meta_differs = part.size() <= 6 && std::any_of(witnesses_.begin(), witnesses_.begin() + static_cast<std::ptrdiff_t>(whole_only_), [&](const Witness& witness) {
                              return witness.weight >= 45 && witness.key.size() >= 8 && witness.key.find(part) == std::u32string::npos;
                            });
  title_is_site_ = meta_differs || title_key_ == site_key_ || IsColumnLinked(view_, part) || (part.size() <= 20 && (NamesSite(part) || IsNamedInFooter(view_, part))) ||
                   (part == title_key_ && part != strip_heading_ && LooksLikeOrganisation(part)) || IsMasthead();
}

bool HeadlineSearch::MayBeHeadline(size_t i) const {
  const Line& line = view_.lines[i];
  if (line.characters < 2 || line.characters > 150) return false;
  if ((line.zones & kZoneFooter) != 0 || (info_.info_score[i] >= 70 && i != title_row_)) return false;
  // Running text below the first paragraphs, which nothing sets apart, is no headline.
  return !(line.heading == 0 && line.emphasis == 0 && (line.zones & kZoneTitle) == 0 && line.sentence_marks >= 2 && (running_ >= 2 || line.characters > 90) && strips_.after[i + 1] > 8);
}

// Whether the page's own words for its title are one of the two first lines alone: the other is no part of it.
bool HeadlineSearch::IsSplitByWitness(size_t i) const {
  const std::u32string first = ComparisonKey(view_.LineText(i)), second = ComparisonKey(view_.LineText(i + 1));
  const std::u32string both = first + second;
  const auto splits = [&](const std::u32string& key) {
    if (key.find(both) != std::u32string::npos) return false;
    return key.find(first) != std::u32string::npos || (second.size() >= 6 && key.find(second) != std::u32string::npos);
  };
  return (!title_is_site_ && splits(title_key_)) || std::any_of(witnesses_.begin(), witnesses_.begin() + static_cast<std::ptrdiff_t>(whole_only_), [&](const Witness& w) { return splits(w.key); });
}

// <title> ends, or goes on with the site's name, where the heading's first line does: the second is a subtitle.
bool HeadlineSearch::TitleEndsWithLine(size_t i) const {
  const std::u32string first = ComparisonKey(view_.LineText(i));
  if (title_is_site_ || first.size() < 8 || !title_key_.starts_with(first)) return false;
  return title_key_.size() == first.size() || IsTitleSeparator(title_key_[first.size()]) || title_key_.compare(first.size(), 2, U"——") == 0;
}

// Most lines are menus: far from any strip, with nothing that sets them apart and no character that a witness begins or holds them with.
bool HeadlineSearch::MayAgree(size_t i) const {
  const Line& line = view_.lines[i];
  if (line.characters >= shortest_held_) return true;
  const std::string_view text = view_.LineText(i);
  size_t offset = 0;
  while (offset < text.size()) {
    const char32_t c = FoldCharacter(text::DecodeUtf8(text, offset));
    if (text::IsSpace(c) || IsZeroWidth(c)) continue;
    return told_.MayHave(Lower(c));
  }
  return false;
}

bool HeadlineSearch::Delimit(Candidate& candidate) {
  const size_t i = candidate.first;
  const Line& line = view_.lines[i];
  size_t& last = candidate.last;
  if (line.heading != 0) {
    while (last + 1 < count_ && view_.lines[last + 1].block == line.block &&
           view_.lines[last + 1].heading != 0 && last - i < 4 && info_.info_score[last + 1] < 60 && !IsTranslation(view_, i, last + 1) &&
           !((view_.lines[last + 1].zones & ~line.zones & kZoneSubtitle) != 0 || (last == i && TitleEndsWithLine(i))))
      ++last;
    if (i > 0 && view_.lines[i - 1].block == line.block && view_.lines[i - 1].heading != 0) return false;  // its middle
  }
  candidate.own = strips_.holds_date[i] && last == i ? WithoutDate(view_, i) : view_.LineText(i);
  candidate.undated = candidate.own.size() < view_.LineText(i).size();
  if (!candidate.undated && line.heading == 0) {
    if (i < joined_end_) return false;
    last = LastLineOfHeadline(view_, info_, i);
    if (last > i && IsSplitByWitness(i)) last = i;
    if (last > i) joined_end_ = last + 1;
  }
  const bool plain = !candidate.undated && last == i && i != title_row_ && line.heading == 0 && (line.zones & kZoneTitle) == 0 && (line.emphasis == 0 || line.link_characters > 0) && strips_.after[i + 1] + 1 > 8;
  if (plain && !MayAgree(i)) return false;
  if (!candidate.undated && last == i) candidate.own = WithoutBadges(view_, i);
  // The table's row for it: label and headline.
  candidate.row = i == title_row_ && last == i && title_value_.size() < candidate.own.size();
  if (candidate.row) candidate.own = title_value_;
  for (size_t k = i; k <= last; ++k) candidate.key += ComparisonKey(k == i ? candidate.own : view_.LineText(k));
  return candidate.key.size() >= 2 && candidate.key.size() <= 160;
}

constexpr const char* kHeadingName[] = {"", "h1", "h2", "h3", "h4", "h5", "h6"};

// What one witness says of the candidate.
void HeadlineSearch::Hear(Candidate& candidate, const std::u32string& told, int weight, const char* name, std::string_view text) const {
  if (told.empty()) return;
  const Line& line = view_.lines[candidate.first];
  std::u32string_view whole = candidate.key;
  std::u32string several;
  size_t end = candidate.last;
  // A headline over several lines: go on while the witness does.
  if (told.size() > whole.size() && told.starts_with(whole) && whole.size() >= 4 && line.heading == 0) {
    while (end + 1 < count_ && end - candidate.first < 4) {
      const std::u32string next = ComparisonKey(view_.LineText(end + 1));
      if (next.size() < 2 || told.compare(whole.size(), next.size(), next) != 0) break;
      if (several.empty()) several = candidate.key;
      several += next;
      whole = several;
      ++end;
    }
  }
  const size_t common = CommonPrefix(told, whole);
  int gain = 0;
  if (whole == told) {
    gain = weight;
  } else if (common == whole.size() && (IsTitleSeparator(told[common]) || whole.size() >= 10)) {
    gain = whole.size() >= 6 ? weight * 8 / 10 : weight * 4 / 10;
  } else if (IsAfterSiteName(told, whole, site_key_)) {
    gain = weight * 8 / 10;
  } else if (common >= 10 && common * 10 >= whole.size() * 7) {
    gain = weight * 6 / 10;
  } else if (common == told.size() && common >= 8) {
    gain = weight * 6 / 10;
  } else if (whole.size() >= 8 && told.find(whole) != std::u32string::npos && !EndsLikeOffice(whole) && !LooksLikeSiteName(whole)) {
    gain = weight * 5 / 10;
  } else if (told.size() >= kShortestHeld && whole.size() < 150 && whole.find(told) != std::u32string::npos) {
    gain = weight * 4 / 10;
  }
  if (gain <= 0) return;
  if (end > candidate.last) candidate.last = end;
  if (gain > candidate.agreement) candidate.provenance = name;
  if (common + 1 >= whole.size() && whole.size() < told.size() && (view_.LineText(candidate.last).ends_with("...") || view_.LineText(candidate.last).ends_with("…"))) candidate.longer = text;
  // The standard's own tag has the whole title where the page breaks it: 某某表(某罚决字〔2024〕36号).
  if (common == whole.size() && told.size() > whole.size() + 3 && told.size() < 120 && name == std::string_view("meta:ArticleTitle") &&
      (!IsTitleSeparator(told[common]) || told[common] == U'('))
    candidate.longer = text;
  candidate.agreement = std::max(candidate.agreement, gain) + (candidate.agreement > 0 ? 10 : 0);
}

void HeadlineSearch::HearAll(Candidate& candidate) const {
  const uint8_t heading = view_.lines[candidate.first].heading;
  if (heading != 0) candidate.provenance = kHeadingName[heading];
  for (size_t k = 0; k < witnesses_.size(); ++k) {
    const Witness& witness = witnesses_[k];
    if (k >= whole_only_ && witness.key != candidate.key) continue;
    Hear(candidate, witness.key, witness.weight, witness.provenance, witness.text);
  }
  if (!title_is_site_) Hear(candidate, title_key_, 55, heading == 0 ? "title" : kHeadingName[heading], {});
  if (heading != 0 && candidate.agreement == 0) candidate.provenance = kHeadingName[heading];
}

// Whether running text begins right below, ornaments apart.
bool HeadlineSearch::IsAboveText(size_t i) const {
  while (i + 1 < count_ && IsOrnament(view_.LineText(i + 1))) ++i;
  return i + 1 < count_ && view_.lines[i + 1].characters >= 40 && view_.lines[i + 1].sentence_marks >= 2 && view_.lines[i + 1].links == 0;
}

int HeadlineSearch::ScoreOfPlace(const Candidate& candidate) const {
  static constexpr int kHeading[] = {0, 40, 30, 24, 14, 8, 6};
  const size_t i = candidate.first, last = candidate.last;
  const Line& line = view_.lines[i];
  int score = kHeading[line.heading] + candidate.agreement;
  if ((line.zones & kZoneTitle) != 0) score += 16;
  if ((line.zones & kZoneSubtitle) != 0) score -= 30;
  if (line.heading == 0 && line.link_characters == 0) {
    // What a page without heading elements sets its headline in.
    if ((line.emphasis & kLarge) != 0) score += 10;
    if ((line.emphasis & kBold) != 0) score += 5;
    if ((line.emphasis & kCentered) != 0) score += 5;
  }
  if ((line.zones & (kZoneNavigation | kZoneCrumbs | kZoneAside)) != 0) score -= 45;
  if ((line.zones & (kZoneHeader | kZoneControls)) != 0) score -= 20;
  if ((line.zones & kZoneContent) != 0) score += 6;
  // <title> names the site, no strip follows, and the text begins right below: a line in large and bold letters is set as headlines are.
  if (title_is_site_ && line.heading == 0 && line.links == 0 && (line.emphasis & (kLarge | kBold)) == (kLarge | kBold) && running_ == 0 && candidate.key.size() >= 6 && IsAboveText(last)) score += 20;
  const int next_info = strips_.after[last + 1 <= count_ ? last + 1 : count_] + 1;
  if (next_info <= 8) {
    score += 26 - 3 * next_info;
    // <title> names only the site: what stands right before the strip is all that can be the headline.
    if ((title_is_site_ || title_key_.empty()) && next_info <= 2 && line.link_characters == 0 && candidate.key.size() >= 6 && HasWords(view_.LineText(i)))
      score += next_info == 1 && strips_.dated[last + 1] == 2 && info_.info_score[last + 1] >= 60 ? 20 : 8;
  } else if (strips_.before[i] <= 3 && i > 0) {
    score += 8;
  }
  // A row of a table is no headline; a heading of some length is one where <title> names only the site.
  if (!candidate.row && candidate.agreement == 0 && line.heading == 0 && view_.LineText(i).find('\t') != std::string_view::npos) score -= 30;
  if (title_is_site_ && line.heading >= 1 && line.heading <= 3 && line.links == 0 && candidate.key.size() >= 8) score += 10;
  // A headline stands above its text; below it a signature repeats the office's name.
  if (running_ >= 2 && line.heading == 0) score -= running_ >= 4 ? 35 : 20;
  return score;
}

int HeadlineSearch::ScoreOfWords(const Candidate& candidate, int score) const {
  const size_t i = candidate.first, last = candidate.last;
  const Line& line = view_.lines[i];
  const std::u32string& key = candidate.key;
  const int agreement = candidate.agreement;
  if (line.link_characters * 2 > line.characters) score -= line.heading == 1 ? 12 : 30;
  if (key.size() < 4) score -= 20;
  if (key == site_key_ || key == other_site_key_ || (title_is_site_ && key == title_key_)) score -= 70;
  if (key == column_key_ && !column_key_.empty()) score -= 40;
  // The heading of a box: a few words above links, or what boxes are always called.
  if (key.size() <= 8 && last + 1 < count_ && view_.lines[last + 1].link_characters * 2 > view_.lines[last + 1].characters && info_.info_score[last + 1] < 50) score -= 25;
  if (IsBoxHeading(key)) score -= 30 + agreement;  // <title> names the column as well
  if (key.size() <= 20 && title_key_.size() > key.size() + 4 && title_key_.ends_with(key) && !IsAfterSiteName(title_key_, key, site_key_))
    score -= 40;  // the site's name at the end of <title>
  if (LooksLikeSiteName(key) && key.size() <= 12 && agreement < 40) score -= 25;
  // A paper's masthead: <title> names the paper and its edition.
  if (key.size() <= 12 && title_key_.size() <= key.size() + 8 && title_key_.starts_with(key) && IsEditionName(std::u32string_view(title_key_).substr(key.size()))) score -= 70;
  if (key.back() == U'。' && line.sentence_marks >= 2) score -= 15;
  if (score >= 30 && view_.LineText(i).starts_with("首页") && key.size() > 4 && (key[2] == U'-' || key[2] == U'>' || key[2] == U'/' || key[2] == U'»')) score -= 60;
  if (score >= 30 && i > 0 && last == i && view_.lines[i - 1].block == line.block && IsTranslation(view_, i - 1, i)) score -= 60;
  // ——记某某: goes on with the headline above it.
  if (agreement < 40 && (view_.LineText(i).starts_with("—") || view_.LineText(i).starts_with("─"))) score -= 40;
  if (key.find(U"当前位置") != std::u32string::npos || key.find(U"的位置") != std::u32string::npos) score -= 60;
  if (line.sentence_marks > 8) score -= 20;
  // A smaller heading directly below a headline's own is its subtitle.
  if (line.heading > 1 && agreement == 0 && i > 0) {
    const Line& above = view_.lines[i - 1];
    const std::u32string above_key = ComparisonKey(view_.LineText(i - 1));
    if (above.heading != 0 && above.heading < line.heading && above.links == 0 && above_key.size() >= 8 && above_key != site_key_ && above_key != other_site_key_ &&
        !LooksLikeSiteName(above_key) && !LooksLikeOrganisation(above_key))
      score -= 40;
  }
  // A column's heading above the headline's own and its strip.
  if (line.heading != 0 && key.size() <= 6 && agreement == 0 && last + 1 < count_ && view_.lines[last + 1].heading != 0 && view_.lines[last + 1].characters >= 8 &&
      strips_.after[last + 2 <= count_ ? last + 2 : count_] <= 3)
    score -= line.heading == 1 ? 45 : 30;
  // Names side by side, each in an element of its own: part of a strip.
  if (line.heading == 0 && agreement == 0 && key.size() <= 16 && IsRowOfNames(view_, i)) score -= 40;
  // Between a document's table and its text.
  if (title_is_site_ && line.heading == 0 && line.links == 0 && key.size() >= 8 && strips_.before[i] <= 2 && last + 1 < count_ && view_.lines[last + 1].characters >= 20 &&
      running_ == 0 && below_document_[i] != 0)
    score += 25;
  return score + (candidate.undated && last == i ? 10 : candidate.row ? 0 : -info_.info_score[i] / 3);
}

TitleChoice HeadlineSearch::Run() {
  TitleChoice best;
  for (size_t k = 0; k < whole_only_ && k < witnesses_.size(); ++k) {
    best.candidates.push_back({text::CollapseSpace(witnesses_[k].text), witnesses_[k].provenance, CandidateConfidence(witnesses_[k].weight)});
  }
  if (!view_.title.empty()) best.candidates.push_back({CleanTitleElement(view_.title, view_.MetaContent("sitename")), "title", title_is_site_ ? 0.1 : 0.4});
  int best_score = 29;
  for (size_t i = 0; i < count_; ++i) {
    if (i > 0) {
      const Line& above = view_.lines[i - 1];
      running_ += above.characters >= 40 && above.sentence_marks >= 2 && above.link_characters * 2 < above.characters &&
                  (above.zones & (kZoneNavigation | kZoneHeader | kZoneAside)) == 0;
    }
    if (!MayBeHeadline(i)) continue;
    Candidate candidate{.first = i, .last = i, .key = {}, .own = {}, .longer = {}};
    if (!Delimit(candidate)) continue;
    HearAll(candidate);
    int score = ScoreOfPlace(candidate);
    if (score < 20) continue;
    score = ScoreOfWords(candidate, score);
    const char* provenance = candidate.provenance != nullptr ? candidate.provenance : "headline";
    if (score >= 30 && best.candidates.size() < kMostCandidates) best.candidates.push_back({JoinLines(view_, i, candidate.last), provenance, CandidateConfidence(score)});
    if (score > best_score) {
      best_score = score;
      best.first_line = i;
      best.last_line = candidate.last;
      best.score = score;
      best.agreement = candidate.agreement;
      best.provenance = provenance;
      best.dated = candidate.undated && candidate.last == i;
      const bool part = candidate.last == i && candidate.own.size() < view_.LineText(i).size();
      best.title = part ? text::CollapseSpace(candidate.own) : candidate.longer.empty() ? JoinLines(view_, i, candidate.last) : text::CollapseSpace(candidate.longer);
    }
  }
  return best.first_line != kNoLine ? best : WithoutLine(std::move(best));
}

// What the page says of its title where no line is it.
TitleChoice HeadlineSearch::WithoutLine(TitleChoice best) const {
  for (size_t k = 0; k < std::min(whole_only_, witnesses_.size()); ++k) {
    const Witness& witness = witnesses_[k];
    if (witness.weight < 25) continue;
    const std::string_view basis = witness.provenance;
    const bool whole = basis == "meta:ArticleTitle" || basis == "infobar:title";
    best.title = whole ? text::CollapseSpace(witness.text) : CleanTitleElement(witness.text, view_.MetaContent("sitename"));
    best.provenance = witness.provenance;
    best.score = 25;
    if (basis == "infobar:title" && title_row_ != kNoLine) {
      // The row itself is where the headline stands.
      best.first_line = best.last_line = title_row_;
      if (title_row_ + 1 < count_ && ComparisonKey(view_.LineText(title_row_)).find(witness.key) == std::u32string::npos) best.last_line = title_row_ + 1;
      best.score = 60;
    }
    return best;
  }
  if (!view_.title.empty()) {
    best.title = CleanTitleElement(view_.title, view_.MetaContent("sitename"));
    best.provenance = "title";
    best.score = title_is_site_ ? 5 : 15;
  }
  return best;
}

}  // namespace

TitleChoice ChooseTitle(const PageView& view, const InfoLines& info, std::string_view list_title) {
  return HeadlineSearch(view, info, list_title).Run();
}

void SetHeadline(const PageView& view, const InfoLines& info, size_t line, const char* provenance, int score, TitleChoice& title) {
  const std::string_view text = view.LineText(line);
  // ——记某某: goes on with a headline, and is none.
  if (text.starts_with("——") && !title.title.empty()) return;
  if (!HasWords(text) || text.ends_with("，") || text.ends_with("、") || text.ends_with(",")) return;
  title.first_line = line;
  while (title.first_line > 0 && line - title.first_line < 3 && ContinuesHeadline(view, info, title.first_line - 1)) --title.first_line;
  title.last_line = std::max(line, LastLineOfHeadline(view, info, title.first_line));
  title.title = JoinLines(view, title.first_line, title.last_line);
  if (title.first_line == title.last_line) {
    const std::string_view whole = view.LineText(line), own = WithoutDate(view, line);
    title.dated = own.size() < whole.size();
    title.title = text::CollapseSpace(title.dated ? own : WithoutBadges(view, line));
  }
  title.provenance = provenance;
  title.score = score;
}

void TakeHeadlineAbove(const PageView& view, const InfoLines& info, size_t below, TitleChoice& title) {
  if (below == 0 || below > view.lines.size()) return;
  const auto is_headline = [&](size_t index) {
    const Line& line = view.lines[index];
    const std::string_view text = view.LineText(index);
    const bool labelled = std::any_of(info.values.begin(), info.values.end(), [&](const InfoValue& value) { return value.line == index && value.labelled; });
    return !labelled && line.characters >= 4 && line.characters <= 80 && line.links == 0 && info.info_score[index] < 30 && line.sentence_marks <= 6 && !text.ends_with("。") &&
           text.find('\t') == std::string_view::npos && (line.zones & (kZoneFooter | kZoneAside | kZoneNavigation | kZoneCrumbs)) == 0 && !IsControlLine(text) &&
           !IsBoxHeading(ComparisonKey(text)) && !text.ends_with("：") && !text.ends_with(":") && HasWords(text) &&
           !(line.characters <= 16 && (LooksLikeSiteName(ComparisonKey(text)) || LooksLikeOrganisation(ComparisonKey(text))));
  };
  size_t index = below - 1;
  // 尊敬的居民朋友： opens the text.
  if (index > 0 && view.lines[index].characters <= 40 && (view.LineText(index).ends_with("：") || view.LineText(index).ends_with(":"))) --index;
  if (index > 0 && (IsRowOfNames(view, index) || IsBylineLine(view.LineText(index)))) --index;
  if (!is_headline(index)) return;
  const auto goes_on = [&](size_t line) {
    const std::string_view text = view.LineText(line);
    for (const std::string_view mark : {"—", "--", "─", "－－"}) {
      if (text.starts_with(mark)) return true;
    }
    // （县招商局）: who wrote it
    return view.lines[line].characters <= 20 && ((text.starts_with("（") && text.ends_with("）")) || (text.starts_with("(") && text.ends_with(")")));
  };
  if (index > 0 && goes_on(index) && is_headline(index - 1)) {
    --index;
  } else if (index >= 2 && is_headline(index - 1) && is_headline(index - 2) && (index < 3 || !is_headline(index - 3)) && view.lines[index].emphasis == view.lines[index - 2].emphasis) {
    --index;  // a paper's kicker, headline and subtitle, all alike
  }
  if (view.lines[index].characters < 6 && index + 1 == below) return;
  SetHeadline(view, info, index, "above", 40, title);
}

}  // namespace fangzhi::extract
