#include "store/likeness.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "text/text.h"

namespace fangzhi::store {
namespace {

// The share of pairs of neighbouring characters that two titles have in common (Dice).
double TitleLikeness(const std::string& a, const std::string& b) {
  const auto pairs_of = [](const std::string& text) {
    const std::u32string characters = text::ToUtf32(text);
    std::vector<std::pair<char32_t, char32_t>> pairs;
    for (size_t i = 0; i + 1 < characters.size(); ++i) pairs.emplace_back(characters[i], characters[i + 1]);
    std::sort(pairs.begin(), pairs.end());
    return pairs;
  };
  const auto mine = pairs_of(a), theirs = pairs_of(b);
  if (mine.empty() || theirs.empty()) return 0;
  std::vector<std::pair<char32_t, char32_t>> common;
  std::set_intersection(mine.begin(), mine.end(), theirs.begin(), theirs.end(), std::back_inserter(common));
  return 2.0 * static_cast<double>(common.size()) / static_cast<double>(mine.size() + theirs.size());
}

}  // namespace

bool IsControl(model::PageKind kind) { return kind == model::PageKind::kList || kind == model::PageKind::kHome; }

bool Alike(uint64_t a, uint64_t b, int most) { return a != 0 && b != 0 && text::SketchDistance(a, b) <= most; }

std::string_view Day(std::string_view published) { return published.substr(0, 10); }

bool IsNoticeInstead(const VersionEntry& before, const VersionEntry& now, bool own_date) {
  if (before.kind != model::PageKind::kArticle || own_date || !now.document_number.empty() || !now.source.empty()) return false;
  if (before.published.empty() && now.kind == model::PageKind::kArticle) return false;
  if (before.field_digests.size() < 2 || now.field_digests.size() < 2 || before.field_digests[0] == now.field_digests[0]) return false;
  return now.body_chars < kShortNotice && !Alike(before.sketch, now.sketch, kKin);
}

bool IsSameBehindRedirect(const VersionEntry& a, const VersionEntry& b, bool shared) {
  if (a.digest == b.digest) return true;
  // That it alone leads to an article is one of them.
  int marks = !shared && a.kind == model::PageKind::kArticle && b.kind == model::PageKind::kArticle ? 1 : 0;
  marks += !a.title.empty() && a.title == b.title ? 1 : 0;
  marks += !a.document_number.empty() && a.document_number == b.document_number ? 1 : 0;
  marks += !a.published.empty() && Day(a.published) == Day(b.published) ? 1 : 0;
  marks += Alike(a.sketch, b.sketch, kKin) ? 1 : 0;
  return marks >= 2 || (a.field_digests.size() > 1 && b.field_digests.size() > 1 && a.body_chars >= kShortBody &&
                        a.field_digests[1] == b.field_digests[1]);
}

bool IsSameArticle(const VersionEntry& a, const VersionEntry& b) {
  if (a.digest == b.digest) return true;  // of a document it is all there is to compare
  if (!a.document_number.empty() && !b.document_number.empty()) return a.document_number == b.document_number;
  if (!a.published.empty() && !b.published.empty() && Day(a.published) != Day(b.published)) return false;
  if (a.field_digests.size() > 1 && b.field_digests.size() > 1 && a.field_digests[1] == b.field_digests[1]) return true;
  const bool title_and_day = !a.title.empty() && a.title == b.title && !a.published.empty() && Day(a.published) == Day(b.published);
  return Alike(a.sketch, b.sketch, title_and_day ? kRelated : kKin);
}

bool IsEditedCopy(const VersionEntry& a, const VersionEntry& b) {
  constexpr double kMuch = 0.6;
  if (a.kind != model::PageKind::kArticle || b.kind != model::PageKind::kArticle || a.published.empty()) return false;
  if (Day(a.published) != Day(b.published) || TitleLikeness(a.title, b.title) < kMuch) return false;
  if (!a.document_number.empty() && !b.document_number.empty() && a.document_number != b.document_number) return false;
  return Alike(a.sketch, b.sketch, kRelated) || (!a.source.empty() && a.source == b.source && TitleLikeness(a.title, b.title) > 0.75);
}

bool IsHomeElsewhere(const HostEntry& host, const VersionEntry* before, const VersionEntry& shown, bool promised) {
  if (shown.kind == model::PageKind::kHome || shown.feed) return false;
  if (before != nullptr && before->feed) return Alike(shown.sketch, host.home, kKin) || (!host.home_title.empty() && shown.title == host.home_title);
  // A list of the latest news says nearly what the home page says, every day: the home page is in its place when it is like that and unlike itself.
  if (before != nullptr && IsControl(before->kind)) {
    const bool took_title = !host.home_title.empty() && shown.title == host.home_title && before->title != host.home_title;
    return took_title ? Alike(shown.sketch, host.home, kKin) : Alike(shown.sketch, host.home, kAlike) && !Alike(shown.sketch, before->sketch, kKin);
  }
  if (Alike(shown.sketch, host.home, kSame)) return true;
  if (before == nullptr ? !promised : before->kind != model::PageKind::kArticle) return false;
  return shown.kind != model::PageKind::kArticle && !host.home_title.empty() && shown.title == host.home_title && Alike(shown.sketch, host.home, kRelated);
}

}  // namespace fangzhi::store
