#include "store/likeness.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/digest.h"
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

// --- proof that two texts are one ---
constexpr size_t kShortestClause = 6;    // bytes
constexpr size_t kMostClauses = 48;      // kept of a text
constexpr size_t kClauseDigits = 4;
constexpr size_t kProvingClauses = 3;    // of a short text that is part of another,
constexpr uint64_t kFewProvingWords = 40;  // or so many characters
constexpr size_t kNearlyAll = 8;         // clauses that are common, for each that is not

bool EndsClause(char32_t c) {
  switch (c) {
    case U'，': case U'。': case U'；': case U'！': case U'？': case U',': case U';': case U'!': case U'?': case U'\n': return true;
    default: return false;
  }
}

// The bits of an FNV hash are spread unevenly for short strings.
uint64_t Mixed(uint64_t hash) {
  hash = (hash ^ hash >> 33) * 0xFF51AFD7ED558CCDu;
  hash = (hash ^ hash >> 33) * 0xC4CEB9FE1A85EC53u;
  return hash ^ hash >> 33;
}

std::string HexOf(uint16_t bits) {
  std::string digits;
  for (int shift = 12; shift >= 0; shift -= 4) digits += "0123456789abcdef"[bits >> shift & 15];
  return digits;
}

std::string_view FileName(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::string_view path = url.substr(0, url.find('?'));
  // Of a script it is the query that names the file.
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? url : url.substr(slash + 1);
}

struct Shared {
  size_t both = 0, only_a = 0, only_b = 0;
};

// Of two texts of which only the lowest hashes were kept, what lies below both ends is compared.
Shared Compare(std::string_view a, std::string_view b) {
  const auto end_of = [](std::string_view clauses) {
    return clauses.size() < kMostClauses * kClauseDigits ? std::string_view("g") : clauses.substr(clauses.size() - kClauseDigits);
  };
  const std::string_view end = std::min(end_of(a), end_of(b));
  Shared shared;
  size_t i = 0, j = 0;
  const auto at = [&](std::string_view clauses, size_t place) {
    const std::string_view one = clauses.substr(place, kClauseDigits);
    return one.size() < kClauseDigits || one > end ? std::string_view("h") : one;
  };
  while (true) {
    const std::string_view mine = at(a, i), theirs = at(b, j);
    if (mine == "h" && theirs == "h") return shared;
    (mine == theirs ? shared.both : mine < theirs ? shared.only_a : shared.only_b) += 1;
    i += mine <= theirs ? kClauseDigits : 0;
    j += theirs <= mine ? kClauseDigits : 0;
  }
}

// Sorted: its runs of ASCII letters and digits that tell a number or a lot (LS2024, 12, B), and Chinese numerals where they count something (第三, 二标段).
std::vector<std::u32string> NumbersOf(const std::string& title) {
  constexpr std::u32string_view kNumerals = U"〇零一二三四五六七八九十百千两";
  constexpr std::u32string_view kCounted = U"标期号批包次季届轮月日时";
  const std::u32string characters = text::ToUtf32(title);
  std::vector<std::u32string> numbers;
  const auto plain = [](char32_t c) {
    if (c >= U'！' && c <= U'～') c -= U'！' - U'!';  // full width
    return c >= U'a' && c <= U'z' ? c - 32 : c;
  };
  const auto is_plain = [&](char32_t c) { return (plain(c) >= U'0' && plain(c) <= U'9') || (plain(c) >= U'A' && plain(c) <= U'Z'); };
  for (size_t i = 0; i < characters.size();) {
    std::u32string number;
    const size_t begin = i;
    for (; i < characters.size() && is_plain(characters[i]); ++i) number += plain(characters[i]);
    if (number.empty()) {
      for (; i < characters.size() && kNumerals.find(characters[i]) != std::u32string_view::npos; ++i) number += characters[i];
      const bool counts = (begin > 0 && characters[begin - 1] == U'第') || (i < characters.size() && kCounted.find(characters[i]) != std::u32string_view::npos);
      if (!counts) number.clear();
    }
    if (!number.empty()) numbers.push_back(std::move(number));
    if (i == begin) ++i;
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

constexpr char32_t kReplacement = 0xFFFD;
constexpr size_t kLostEach = 3;     // characters that one mark of damage may stand for
constexpr size_t kLongest = 400;    // characters of a difference that is looked into
constexpr size_t kMostCompared = 250'000;  // pairs of characters, in all differences of two records
constexpr size_t kLongestGuess = 8, kMostGuesses = 200;

// What repair put in the place of what was lost, without being able to prove it.
std::vector<std::u32string> Guesses(const model::PageRecord& record) {
  std::vector<std::u32string> guesses;
  for (const model::RepairStep& step : record.repairs) {
    if (step.lossless) continue;
    std::u32string guess = text::ToUtf32(text::RemoveSpace(step.after));
    if (!guess.empty() && guess.size() <= kLongestGuess && guesses.size() < kMostGuesses) guesses.push_back(std::move(guess));
  }
  std::sort(guesses.begin(), guesses.end());
  guesses.erase(std::unique(guesses.begin(), guesses.end()), guesses.end());
  return guesses;
}

// Whether two texts are one but for what is lost in either: a replacement character, or a guess, stands for no more than kLostEach characters of the other.
bool AreOneButForDamage(const std::u32string& a, const std::u32string& b, const std::vector<std::u32string>& guessed_in_a, const std::vector<std::u32string>& guessed_in_b) {
  if (a.size() > kLongest || b.size() > kLongest) return false;
  // reached[i][j]: the first i characters of `a` and the first j of `b` are one.
  std::vector<std::vector<char>> reached(a.size() + 1, std::vector<char>(b.size() + 1, 0));
  reached[0][0] = 1;
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (reached[i][j] == 0) continue;
      if (i < a.size() && j < b.size() && a[i] == b[j]) reached[i + 1][j + 1] = 1;
      const auto lost_in_a = [&](size_t length) {
        for (size_t lost = 0; lost <= kLostEach && j + lost <= b.size(); ++lost) reached[i + length][j + lost] = 1;
      };
      const auto lost_in_b = [&](size_t length) {
        for (size_t lost = 0; lost <= kLostEach && i + lost <= a.size(); ++lost) reached[i + lost][j + length] = 1;
      };
      if (i < a.size() && a[i] == kReplacement) lost_in_a(1);
      if (j < b.size() && b[j] == kReplacement) lost_in_b(1);
      for (const std::u32string& guess : guessed_in_a) {
        if (a.compare(i, guess.size(), guess) == 0) lost_in_a(guess.size());
      }
      for (const std::u32string& guess : guessed_in_b) {
        if (b.compare(j, guess.size(), guess) == 0) lost_in_b(guess.size());
      }
    }
  }
  return reached[a.size()][b.size()] != 0;
}

bool TextDiffersOnlyInDamage(std::string_view before, std::string_view now, const std::vector<std::u32string>& guessed_before, const std::vector<std::u32string>& guessed_now,
                             size_t& compared) {
  const std::string a = text::RemoveSpace(before), b = text::RemoveSpace(now);
  if (a == b) return true;
  const std::vector<text::DiffPart> parts = text::Diff(a, b);
  for (size_t i = 0; i < parts.size(); ++i) {
    std::string gone, came;
    for (; i < parts.size() && parts[i].kind != text::DiffKind::kEqual; ++i) (parts[i].kind == text::DiffKind::kDelete ? gone : came) += parts[i].text;
    if (gone.empty() && came.empty()) continue;
    const std::u32string lost = text::ToUtf32(gone), found = text::ToUtf32(came);
    compared += (lost.size() + 1) * (found.size() + 1);
    if (compared > kMostCompared || !AreOneButForDamage(lost, found, guessed_before, guessed_now)) return false;
  }
  return true;
}

}  // namespace

bool DiffersOnlyInDamage(const model::PageRecord& before, const model::PageRecord& now) {
  if (before.damage.empty() && now.damage.empty()) return false;
  if (before.kind != now.kind || before.published != now.published || before.attachments.size() != now.attachments.size()) return false;
  const std::vector<std::u32string> guessed_before = Guesses(before), guessed_now = Guesses(now);
  size_t compared = 0;
  const auto same = [&](std::string_view a, std::string_view b) { return TextDiffersOnlyInDamage(a, b, guessed_before, guessed_now, compared); };
  for (size_t i = 0; i < before.attachments.size(); ++i) {
    if (before.attachments[i].url != now.attachments[i].url || !same(before.attachments[i].text, now.attachments[i].text)) return false;
  }
  return same(before.title.value_or(""), now.title.value_or("")) && same(before.source.value_or(""), now.source.value_or("")) && same(before.body, now.body);
}

bool IsControl(model::PageKind kind) { return kind == model::PageKind::kList || kind == model::PageKind::kHome; }

bool Alike(uint64_t a, uint64_t b, int most) { return a != 0 && b != 0 && text::SketchDistance(a, b) <= most; }

std::string_view Day(std::string_view published) { return published.substr(0, 10); }

bool IsNoticeInstead(const VersionEntry& before, const VersionEntry& now, bool own_date) {
  if (before.kind != model::PageKind::kArticle || own_date || !now.document_number.empty() || !now.source.empty()) return false;
  if (before.published.empty() && now.kind == model::PageKind::kArticle) return false;
  if (before.field_digests.size() < 2 || now.field_digests.size() < 2 || before.field_digests[0] == now.field_digests[0]) return false;
  return now.body_chars < kShortNotice && !Alike(before.sketch, now.sketch, kKin);
}

bool IsCollapsed(const VersionEntry& before, const VersionEntry& now) {
  return before.body_chars >= kShortBody && now.body_chars > 0 && now.body_chars < kFewWords && now.body_chars * 5 < before.body_chars;
}

bool IsShorter(const VersionEntry& before, const VersionEntry& now) { return now.body_chars * 5 <= before.body_chars * 4; }

bool IsEditToWeigh(const VersionEntry& before, const VersionEntry& now) {
  const std::vector<std::string>&mine = before.field_digests, &theirs = now.field_digests;
  if (before.kind != model::PageKind::kArticle || before.truncated || mine.size() != theirs.size() || mine.size() < field::kCount) return false;
  for (const size_t one : {field::kTitle, field::kSource, field::kPublished}) {
    if (mine[one] != theirs[one]) return true;
  }
  return mine[field::kBody] != theirs[field::kBody] && (IsShorter(before, now) || !Alike(before.sketch, now.sketch, kKin));
}

bool HasFilesOrImages(const VersionEntry& version) {
  return std::any_of(version.fields_present.begin(), version.fields_present.end(), [](const std::string& name) { return name == "attachments" || name == "images"; });
}

bool SayTheSame(const VersionEntry& a, const VersionEntry& b) {
  if (a.digest == b.digest || Alike(a.sketch, b.sketch, kSame)) return true;
  if (HasFilesOrImages(a) || HasFilesOrImages(b)) return false;
  return a.body_chars > 0 && a.body_chars < kFewWords && a.field_digests.size() > 1 && b.field_digests.size() > 1 && a.field_digests[1] == b.field_digests[1];
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

void MarkText(const model::PageRecord& record, VersionEntry* version) {
  std::vector<uint64_t> hashes;
  uint64_t clause = kFnv1aBegin;
  size_t length = 0;  // bytes
  const auto end_clause = [&] {
    if (length >= kShortestClause) hashes.push_back(Mixed(clause));
    clause = kFnv1aBegin;
    length = 0;
  };
  const std::string_view body(record.body);
  for (size_t i = 0; i < body.size();) {
    const size_t begin = i;
    const char32_t c = text::DecodeUtf8(body, i);
    if (EndsClause(c)) {
      end_clause();
    } else if (!text::IsSpace(c)) {
      clause = Fnv1a(body.substr(begin, i - begin), clause);
      length += i - begin;
    }
  }
  end_clause();
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  if (hashes.size() > kMostClauses) hashes.resize(kMostClauses);
  version->clauses.clear();
  for (const uint64_t hash : hashes) version->clauses += HexOf(static_cast<uint16_t>(hash >> 48));
  version->numbers = 0;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (size_t i = 0; i < record.body.size(); ++i) {
    const size_t begin = i;
    while (i < record.body.size() && is_digit(record.body[i])) ++i;
    if (i > begin) version->numbers += Mixed(Fnv1a(std::string_view(record.body).substr(begin, i - begin)));
  }
  version->files = 0;
  for (const model::Attachment& attachment : record.attachments) version->files += Mixed(Fnv1a(FileName(attachment.url)));
  for (const std::string& image : record.images) version->files += Mixed(Fnv1a(FileName(image)));
}

bool DifferInNumbers(const std::string& a, const std::string& b) {
  if (a == b) return false;
  const std::vector<std::u32string> mine = NumbersOf(a), theirs = NumbersOf(b);
  return !std::includes(mine.begin(), mine.end(), theirs.begin(), theirs.end()) && !std::includes(theirs.begin(), theirs.end(), mine.begin(), mine.end());
}

bool HaveOneText(const VersionEntry& a, const VersionEntry& b, bool edited) {
  if (a.field_digests.size() < field::kCount || b.field_digests.size() < field::kCount) return a.digest == b.digest;
  const bool is_short = std::min(a.body_chars, b.body_chars) < kShortBody;
  if (is_short && a.files != b.files) return false;
  if (a.field_digests[field::kBody] == b.field_digests[field::kBody]) {
    return a.body_chars > 0 || (a.files != 0 && a.title == b.title);
  }
  if (a.clauses.empty() || b.clauses.empty()) return false;
  const Shared shared = Compare(a.clauses, b.clauses);
  if (shared.both == 0) return false;
  // In another frame, or grown on its way: all that the one says is said by the other too.
  if (shared.only_a == 0 || shared.only_b == 0) return shared.both >= kProvingClauses || !is_short || std::min(a.body_chars, b.body_chars) >= kFewProvingWords;
  if (is_short) return false;
  return (edited || a.numbers == b.numbers) && shared.both >= kNearlyAll * std::max(shared.only_a, shared.only_b);
}

bool IsSameArticle(const VersionEntry& a, const VersionEntry& b) {
  if (DifferInNumbers(a.title, b.title)) return false;
  const bool numbered = !a.document_number.empty() && !b.document_number.empty();
  if (numbered && a.document_number != b.document_number) return false;
  const bool dated = !a.published.empty() && !b.published.empty();
  if (dated && Day(a.published) != Day(b.published)) return false;
  return HaveOneText(a, b, numbered && dated && a.title == b.title);
}

bool IsEditedCopy(const VersionEntry& a, const VersionEntry& b) {
  constexpr double kMuch = 0.6;
  if (a.kind != model::PageKind::kArticle || b.kind != model::PageKind::kArticle || a.published.empty()) return false;
  return TitleLikeness(a.title, b.title) >= kMuch && Day(a.published) == Day(b.published) && IsSameArticle(a, b);
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
