// Text that was read by the wrong code page. A family says how to take the damage back: encode what stands there with one encoding,
// decode the bytes with another. A candidate is taken when the bytes are valid to the last one, when doing the damage again
// gives the input back, and when the result reads like Chinese while the input does not (text/prose.h).
#include <algorithm>
#include <array>
#include <optional>

#include "base/strings.h"
#include "decode/decode.h"
#include "decode/likelihood.h"
#include "repair/byte_pairs.h"
#include "repair/edits.h"
#include "repair/families.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::repair {
namespace {

using text::ProseScore;
using text::ScoreProse;

// In order of preference where two give the same result.
constexpr Family kFamilies[] = {
    {"gbk_as_latin1", "ISO-8859-1", "GBK", Sign::kLatin, true},
    {"utf8_as_latin1", "ISO-8859-1", "UTF-8", Sign::kLatin, true},
    {"gbk_as_cp1252", "windows-1252", "GBK", Sign::kLatin, true},
    {"utf8_as_cp1252", "windows-1252", "UTF-8", Sign::kLatin, true},
    {"gbk_as_cp1250", "windows-1250", "GBK", Sign::kLatin, true},
    {"big5_as_cp1252", "windows-1252", "Big5", Sign::kLatin, true},
    {"gbk_as_cp1251", "windows-1251", "GBK", Sign::kCyrillic, true},
    {"utf8_as_cp1251", "windows-1251", "UTF-8", Sign::kCyrillic, true},
    {"gbk_as_koi8r", "KOI8-R", "GBK", Sign::kCyrillic, true},
    {"gbk_as_cp437", "IBM437", "GBK", Sign::kBoxes, true},
    {"utf8_as_gbk", "GBK", "UTF-8", Sign::kHan, false},
    {"big5_as_gbk", "GBK", "Big5", Sign::kHan, false},
    {"gbk_as_big5", "Big5-HKSCS", "GBK", Sign::kHan, false},
    {"utf8_as_big5", "Big5-HKSCS", "UTF-8", Sign::kHan, false},
    {"gbk_as_eucjp", "EUC-JP", "GBK", Sign::kHan, false},
    {"gbk_as_euckr", "EUC-KR", "GBK", Sign::kHangul, false},
    {"utf8_as_euckr", "EUC-KR", "UTF-8", Sign::kHangul, false},
    {"gbk_as_sjis", "Shift_JIS", "GBK", Sign::kHalfWidthKana, false},
    {"utf8_as_sjis", "Shift_JIS", "UTF-8", Sign::kHalfWidthKana, false},
};

// Two damages on top of each other have names of their own where they are known.
struct Doubled {
  const char* outer;
  const char* inner;
  const char* name;
};
constexpr Doubled kDoubled[] = {{"utf8_as_cp1252", "utf8_as_cp1252", "double_utf8_cp1252"},
                                {"utf8_as_latin1", "utf8_as_latin1", "double_utf8_latin1"},
                                {"utf8_as_latin1", "gbk_as_latin1", "double_gbk_latin1_utf8_latin1"},
                                {"utf8_as_gbk", "utf8_as_gbk", "double_utf8_gbk"}};

// Natural logarithms a character. See text/prose.h for what prose and misreadings score.
constexpr double kReadsLikeChinese = -10.0;       // six ideographs and more, which no chance puts together
constexpr double kMiddleReadsLikeChinese = -9.2;  // four or five
constexpr double kShortReadsLikeChinese = -7.8;   // two or three
constexpr double kUtf8ReadsLikeChinese = -11.5;
constexpr double kMargin = 3.0;
constexpr double kSecondRoundCost = 0.25;
// A run this well written is left alone without a trial.
constexpr double kRunReadsWell = -8.0;
// Longer runs are judged by their first part before all of it is converted.
constexpr size_t kMaxRunBytes = size_t{1} << 20;

struct Candidate {
  std::string text;
  std::string family;
  double mean = -100;
};

// The share of characters outside ASCII that a Chinese author writes.
bool LooksChinese(std::string_view utf8) {
  size_t chinese = 0;
  size_t others = 0;
  size_t ideographs = 0;
  for (size_t at = 0; at < utf8.size();) {
    const char32_t c = text::DecodeUtf8(utf8, at);
    if (c < 0x20 && c != '\t' && c != '\r' && c != '\n') return false;
    if (c < 0x80) continue;
    if (c < 0xA0 || text::IsPrivateUse(c) || c == text::kReplacement) return false;
    if (text::IsHan(c)) ++ideographs;
    if (text::IsHan(c) || text::IsCjkPunctuation(c) || text::IsSpace(c) || (c >= 0xFF01 && c <= 0xFF5E)) {
      ++chinese;
    } else {
      ++others;
    }
  }
  return ideographs >= 2 && chinese >= 4 * others;
}

// Long runs show in their first part whether it is worth converting all of them.
constexpr size_t kLongRun = 4096;
constexpr size_t kTrialCharacters = 500;

bool PassesTrial(std::string_view run, const Family& family) {
  const std::optional<std::string> bytes = decode::EncodeAs(text::PrefixCodePoints(run, kTrialCharacters), family.read_as);
  // The cut may fall into a character.
  return bytes.has_value() && decode::DecodeAs(*bytes, family.written_in).errors <= 2;
}

// Code page 932 has characters twice and private ones, so that what an encoder chooses may not be what stood there: garbled_search.h tries all of them.
bool IsAmbiguous(std::string_view run, const Family& family) {
  if (std::string_view(family.read_as) != "Shift_JIS") return false;
  const BytePairs& pairs = BytePairs::Of("Shift_JIS");
  for (size_t at = 0; at < run.size();) {
    const char32_t c = text::DecodeUtf8(run, at);
    if (c < 0x80) continue;
    const BytePairs::Codes codes = pairs.CodesOf(c);
    if (codes.end() - codes.begin() != 1 || text::IsPrivateUse(c)) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> Undo(std::string_view run, const Family& family) {
  if (run.size() > kLongRun && !PassesTrial(run, family)) return std::nullopt;
  const std::optional<std::string> bytes = decode::EncodeAs(run, family.read_as);
  if (!bytes.has_value()) return std::nullopt;
  decode::StrictResult result = decode::DecodeAs(*bytes, family.written_in);
  if (result.errors != 0 || result.text == run) return std::nullopt;
  // The proof: the same damage again.
  const std::optional<std::string> again = decode::EncodeAs(result.text, family.written_in);
  if (!again.has_value() || *again != *bytes) return std::nullopt;
  if (IsAmbiguous(run, family)) return std::nullopt;
  return std::move(result.text);
}

bool IsUtf8Instead(std::string_view run, const Family& family) {
  constexpr size_t kLongSequences = 2;  // of three bytes
  if (std::string_view(family.written_in) == "UTF-8" || (run.size() > kLongRun && !PassesTrial(run, family))) return false;
  const std::optional<std::string> bytes = decode::EncodeAs(run, family.read_as);
  if (!bytes.has_value() || !text::IsValidUtf8(*bytes)) return false;
  return std::count_if(bytes->begin(), bytes->end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE0; }) >= static_cast<ptrdiff_t>(kLongSequences);
}

std::vector<std::string> UndoEveryWay(std::string_view run, const Family& family) {
  constexpr size_t kWays = 64;
  std::vector<std::string> texts;
  if (!IsAmbiguous(run, family)) {
    if (std::optional<std::string> text = Undo(run, family); text.has_value()) texts.push_back(std::move(*text));
    return texts;
  }
  const BytePairs& pairs = BytePairs::Of(family.read_as);
  std::vector<std::string> ways{std::string()};
  for (size_t at = 0; at < run.size();) {
    const char32_t c = text::DecodeUtf8(run, at);
    if (c < 0x80) {
      for (std::string& way : ways) way.push_back(static_cast<char>(c));
      continue;
    }
    const BytePairs::Codes codes = pairs.CodesOf(c);
    if (codes.empty() || ways.size() * static_cast<size_t>(codes.end() - codes.begin()) > kWays) return texts;
    std::vector<std::string> longer;
    for (const std::string& way : ways) {
      for (const uint16_t code : codes) {
        longer.push_back(way);
        if (code >= 0x100) longer.back().push_back(static_cast<char>(code >> 8));
        longer.back().push_back(static_cast<char>(code & 0xFF));
      }
    }
    ways = std::move(longer);
  }
  for (const std::string& bytes : ways) {
    decode::StrictResult result = decode::DecodeAs(bytes, family.written_in);
    if (result.errors != 0 || result.text == run) continue;
    if (decode::EncodeAs(result.text, family.written_in) == bytes) texts.push_back(std::move(result.text));
  }
  return texts;
}

namespace {

// Bytes of which most are characters of three in UTF-8: it was that, and some were lost.
bool IsNearlyUtf8(std::string_view run, const Family& family) {
  const std::optional<std::string> bytes = decode::EncodeAs(run, family.read_as);
  if (!bytes.has_value()) return false;
  auto byte = [&](size_t at) { return static_cast<unsigned char>((*bytes)[at]); };
  auto follows = [&](size_t at) { return (byte(at) & 0xC0) == 0x80; };
  size_t in_characters = 0;
  for (size_t at = 0; at + 2 < bytes->size(); ++at) {
    if (byte(at) < 0xE2 || byte(at) > 0xEF || !follows(at + 1) || !follows(at + 2)) continue;
    in_characters += 3;
    at += 2;
  }
  return in_characters * 2 > bytes->size();
}

// Box drawing as tables are made of it: no corners of single with double lines.
bool IsTable(std::string_view run) {
  static constexpr std::u32string_view kLines = U"─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬";
  for (size_t at = 0; at < run.size();) {
    const char32_t c = text::DecodeUtf8(run, at);
    if (c >= 0x80 && kLines.find(c) == std::u32string_view::npos) return false;
  }
  return true;
}

// What is shown is no text of any language, and the result is Chinese, though a name or rare words: how far each is from text shows in few
// characters. Letters between the ideographs are a word of a language with marks on its vowels. The thresholds lie above
// what ninety million characters of two dozen languages and a million words of dictionaries reach (docs/text.md).
bool IsFarFromLetters(std::string_view run, std::string_view result, const Family& family, const ProseScore& after) {
  constexpr double kLeast = -12.5;
  const size_t n = after.ideographs;
  const Sign sign = family.sign;
  if (after.mean() < kLeast || IsNearlyUtf8(run, family)) return false;
  const auto letters = static_cast<size_t>(std::count_if(result.begin(), result.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }));
  if (letters * 2 > n || DistinctIdeographs(result) < std::min<size_t>(n, 3)) return false;
  const double far = Advantage(run, result);
  if (sign == Sign::kLatin) return after.mean() + 0.2 * far >= (n == 2 ? -8 : -9);
  if (sign == Sign::kBoxes) return !IsTable(run) && after.mean() + 0.2 * far >= -7;
  return n == 2 ? after.mean() + 0.6 * far >= 0.5 : n == 3 ? after.mean() + 0.4 * far >= -5.5 : !LooksNatural(run) && after.mean() + 0.3 * far >= -8;
}

// Names and rare words read no better than chance puts together. What is shown then decides: misread bytes are no text of any language,
// and how far they are from it shows in few characters. What Korean, Japanese and Chinese authors write comes nearer to misread bytes
// than what is written in letters, where capitals and marks stand in their places.
bool IsFarFromText(std::string_view run, std::string_view result, const Family& family, const ProseScore& after) {
  const Sign sign = family.sign;
  constexpr double kLeast = -11.5;
  if (after.ideographs < 2) return false;
  const bool letters = sign == Sign::kLatin || sign == Sign::kCyrillic || sign == Sign::kBoxes;
  if (letters && after.ideographs < 6 && IsFarFromLetters(run, result, family, after)) return true;
  if (after.mean() < kLeast || HoldsBadStretch(result, 8, kLeast)) return false;
  switch (sign) {
    case Sign::kHalfWidthKana: return Advantage(run, result) >= 12;
    case Sign::kHangul: return after.ideographs >= 3 && Advantage(run, result) >= (after.ideographs == 3 ? 9 : 5);
    case Sign::kHan: return Advantage(run, result) >= (after.ideographs < 6 ? 14 : 10);
    default: return after.ideographs >= 3 && !LooksNatural(run) && Advantage(run, result) >= 16;
  }
}

// Bytes that are UTF-8 by chance are seldom: among ninety million characters of clean text one run of two ideographs.
bool IsMisreadUtf8(std::string_view run, std::string_view result, const ProseScore& after, bool single_byte) {
  constexpr double kLeast = -13;
  if (after.ideographs < 2 || after.mean() < kLeast) return false;
  return Advantage(run, result) >= (single_byte ? 16 : 8);
}

// Two or three ideographs between Big5 and GBK: weighed against what is shown.
bool IsWellAboveShown(std::string_view run, std::string_view result, const ProseScore& before, const ProseScore& after) {
  const double least = after.ideographs == 2 ? 2.4 : 0.5;
  return after.ideographs < 4 && after.mean() - before.mean() / 2 + 0.1 * Advantage(run, result) >= least;
}

void Consider(std::string_view run, std::string result, std::string family, const Family& outer, double cost, Candidate& best) {
  if (!LooksChinese(result)) return;
  const ProseScore after = ScoreProse(result);
  const ProseScore before = ScoreProse(run);
  const double mean = after.mean() - cost;
  const Sign sign = outer.sign;
  const size_t distinct = DistinctIdeographs(result);
  if (distinct < 2 || mean <= best.mean + 1e-9) return;
  const bool utf8 = family.find("utf8") != std::string::npos;
  // A character that comes again is as likely as not; it says nothing a second time. The same is misread as the same.
  if (!utf8 && (sign == Sign::kHan || sign == Sign::kHangul) && distinct < std::min<size_t>(after.ideographs, 3)) return;
  const double needed = utf8 ? kUtf8ReadsLikeChinese : after.ideographs < 4 ? kShortReadsLikeChinese : after.ideographs < 6 ? kMiddleReadsLikeChinese : kReadsLikeChinese;
  const bool natural = (after.ideographs < kNaturalIdeographs || mean < kNaturalReadsLikeChinese) && LooksNatural(run);
  const bool reads_well = !natural && mean >= needed && mean >= before.mean() + kMargin;
  // Two or three ideographs can be made of a name as well, and all half-width katakana are ideographs to GBK.
  const bool few = sign == Sign::kHan && !utf8 && after.ideographs < 4;
  const bool doubtful = few || sign == Sign::kHalfWidthKana;
  bool taken = reads_well && (!doubtful || Advantage(run, result) >= (few ? 11 : 9));
  taken = taken || IsFarFromText(run, result, outer, after) || (utf8 && IsMisreadUtf8(run, result, after, outer.single_byte));
  taken = taken || (few && family.find("big5") != std::string::npos && IsWellAboveShown(run, result, before, after));
  if (taken) best = {std::move(result), std::move(family), mean};
}

std::string DoubledName(const char* outer, const char* inner) {
  for (const Doubled& entry : kDoubled) {
    if (std::string_view(entry.outer) == outer && std::string_view(entry.inner) == inner) return entry.name;
  }
  return std::string(outer) + "+" + inner;
}

}  // namespace

NamedFamilies FamiliesNamed(std::string_view step) {
  for (const std::string_view loss : {"_lossy", "_fffd", "_dropped", "_nbsp"}) {
    if (step.size() > loss.size() && step.substr(step.size() - loss.size()) == loss) step.remove_suffix(loss.size());
  }
  auto named = [](std::string_view name) {
    const auto is_named = [&](const Family& family) { return name.front() == *family.name && name == family.name; };
    const Family* const found = name.empty() ? std::end(kFamilies) : std::find_if(std::begin(kFamilies), std::end(kFamilies), is_named);
    return found == std::end(kFamilies) ? nullptr : found;
  };
  for (const Doubled& doubled : kDoubled) {
    if (step == doubled.name) return {named(doubled.outer), named(doubled.inner)};
  }
  const size_t plus = step.find('+');
  if (plus == std::string_view::npos) return {named(step), nullptr};
  const NamedFamilies both{named(step.substr(0, plus)), named(step.substr(plus + 1))};
  return both.outer != nullptr && both.inner != nullptr ? both : NamedFamilies{};
}

Signs SignsOf(std::string_view run) {
  Signs signs;
  for (size_t at = 0; at < run.size();) {
    const char32_t c = text::DecodeUtf8(run, at);
    auto set = [&](Sign sign) { signs.present[static_cast<size_t>(sign)] = true; };
    if (c < 0x80) continue;
    if (c < 0x250) set(Sign::kLatin);
    if (c >= 0x400 && c < 0x460) set(Sign::kCyrillic);
    if ((c >= 0x2550 && c < 0x25A0) || (c >= 0x2264 && c <= 0x2265) || c == 0x2320) set(Sign::kBoxes);
    if (text::IsHan(c)) set(Sign::kHan);
    if (text::IsHangul(c)) set(Sign::kHangul);
    if (c >= 0xFF61 && c <= 0xFF9F) set(Sign::kHalfWidthKana);
  }
  // Box drawing stands in KOI8-R as well, and a CP437 string may have more letters than boxes.
  if (signs.has(Sign::kBoxes)) signs.present[static_cast<size_t>(Sign::kCyrillic)] = true;
  return signs;
}

namespace {

// Whether what UTF-8 gave are bytes of an ideograph again.
bool HoldsIdeographBeneath(std::string_view letters) {
  return std::any_of(std::begin(kFamilies), std::end(kFamilies), [&](const Family& inner) {
    if (!inner.single_byte || inner.sign != Sign::kLatin) return false;
    const std::optional<std::string> text = Undo(letters, inner);
    return text.has_value() && DistinctIdeographs(*text) > 0;
  });
}

// Three katakana on end: misread bytes show hiragana, one or two together.
bool HoldsKatakanaWord(std::string_view utf8) {
  size_t run = 0;
  for (size_t at = 0; at < utf8.size() && run < 3;) {
    const char32_t c = text::DecodeUtf8(utf8, at);
    run = c >= 0x30A1 && c <= 0x30FC ? run + 1 : 0;
  }
  return run >= 3;
}

Candidate BestCandidate(std::string_view run) {
  Candidate best;
  bool twice_utf8 = false;
  const Signs signs = SignsOf(run);
  for (const Family& family : kFamilies) {
    if (!signs.has(family.sign)) continue;
    const std::optional<std::string> result = Undo(run, family);
    if (!result.has_value()) continue;
    Consider(run, *result, family.name, family, 0, best);
    // Only UTF-8 comes twice: its result is text of some kind, whatever it says.
    if (std::string_view(family.written_in) != "UTF-8") continue;
    twice_utf8 = twice_utf8 || (family.single_byte && HoldsIdeographBeneath(*result));
    if (text::CountCodePoints(*result) < 4 || HoldsKatakanaWord(*result)) continue;
    const Signs inner_signs = SignsOf(*result);
    for (const Family& inner : kFamilies) {
      if (!inner_signs.has(inner.sign) || (inner.sign != Sign::kLatin && inner.sign != Sign::kHan)) continue;
      const std::optional<std::string> twice = Undo(*result, inner);
      if (twice.has_value()) Consider(run, *twice, DoubledName(family.name, inner.name), family, kSecondRoundCost, best);
    }
  }
  if (best.text.empty() || best.mean >= kRunReadsWell || best.family.find("utf8") != std::string::npos) return best;
  // Bytes that are UTF-8, or that twice over, are nothing else, though what they say is not restored alone.
  const NamedFamilies families = FamiliesNamed(best.family);
  if (twice_utf8 || (families.outer != nullptr && IsUtf8Instead(run, *families.outer))) return {};
  return best;
}

// Letters and symbols that single-byte code pages hold and Chinese prose does not.
bool IsForeign(char32_t c) {
  if (c < 0x80) return false;
  return c < 0x250 || (c >= 0x2C0 && c < 0x2E0) || (c >= 0x370 && c < 0x530) || (c >= 0x2010 && c < 0x2E80);
}
// Never inside a run of a single-byte family.
bool EndsForeignRun(char32_t c) { return c >= 0x80 && !IsForeign(c); }

double Sureness(double mean, double margin) { return std::clamp(0.7 + 0.05 * margin + 0.02 * (mean + 8), 0.5, 0.99); }

bool TryRun(std::string_view text, size_t begin, size_t end, Findings& findings) {
  if (end - begin < 4 || end - begin > kMaxRunBytes) return false;
  const std::string_view run = text.substr(begin, end - begin);
  Candidate best = BestCandidate(run);
  if (best.text.empty()) return false;
  const double margin = best.mean - ScoreProse(run).mean();
  findings.edits.push_back({begin, end, std::move(best.text), std::move(best.family), true, Sureness(best.mean, margin)});
  return true;
}

// Characters shown that the author's last one may have to do with, where a run was cut anywhere.
constexpr size_t kLongestRest = 12;

// A run that is cut at `end` ends with the author's last whole character.
bool TryCutRun(std::string_view text, size_t begin, size_t end, Findings& findings) {
  for (size_t tried = 0; tried < kLongestRest && end > begin; ++tried) {
    if (TryRun(text, begin, end, findings)) return true;
    do --end; while (end > begin && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
  }
  return false;
}

// Runs of foreign characters with ASCII between them. A run may end in the middle of a pair whose second byte is an ASCII letter.
void TryForeignRuns(std::string_view text, Node node, Findings& findings) {
  size_t at = node.begin;
  while (at < node.end) {
    size_t begin = std::string_view::npos;
    size_t end = at;
    size_t foreign = 0;
    while (at < node.end) {
      const size_t start = at;
      const char32_t c = text::DecodeUtf8(text, at);
      if (EndsForeignRun(c)) break;
      if (!IsForeign(c)) continue;
      if (begin == std::string_view::npos) begin = start;
      end = at;
      ++foreign;
    }
    if (foreign < (node.end - node.begin <= kShortLine ? 3 : 4)) continue;
    if (node.goes_on && end == node.end ? TryCutRun(text, begin, end, findings) : TryRun(text, begin, end, findings)) continue;
    if (end < node.end && text[end] >= 0x40 && text[end] < 0x7F) TryRun(text, begin, end + 1, findings);
  }
}

// The whole node, or its stretches without ASCII, for families that make ideographs.
void TryHanRuns(std::string_view text, Node node, bool stretches, Findings& findings) {
  size_t begin = node.begin;
  size_t end = node.end;
  auto ascii = [&](size_t at) { return static_cast<unsigned char>(text[at]) < 0x80; };
  while (begin < end && ascii(begin)) ++begin;
  while (end > begin && ascii(end - 1)) --end;
  if (!stretches) {
    if (node.goes_on && end == node.end) {
      TryCutRun(text, begin, end, findings);
      return;
    }
    if (!TryRun(text, begin, end, findings) && end < node.end && text[end] >= 0x40) TryRun(text, begin, end + 1, findings);
    return;
  }
  for (size_t at = begin; at < end;) {
    while (at < end && ascii(at)) ++at;
    const size_t run = at;
    while (at < end && !ascii(at)) ++at;
    // Four characters at least: shorter stretches decide nothing.
    if ((run != begin || at != end) && at - run >= 12 && SignsOf(text.substr(run, at - run)).has(Sign::kHan) &&
        ScoreProse(text.substr(run, at - run)).mean() < kRunReadsWell) {
      TryRun(text, run, at, findings);
    }
  }
}

// Names of U+00A0 to U+00FF in order, and of the Windows characters that have one.
constexpr std::string_view kLatinNames =
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot "
    "cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml "
    "Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig "
    "agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute "
    "ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";
struct WindowsName {
  std::string_view name;
  char32_t c;
};
constexpr WindowsName kWindowsNames[] = {
    {"euro", 0x20AC},   {"sbquo", 0x201A},  {"fnof", 0x192},    {"bdquo", 0x201E},  {"hellip", 0x2026}, {"dagger", 0x2020},
    {"Dagger", 0x2021}, {"circ", 0x2C6},    {"permil", 0x2030}, {"Scaron", 0x160},  {"lsaquo", 0x2039}, {"OElig", 0x152},
    {"lsquo", 0x2018},  {"rsquo", 0x2019},  {"ldquo", 0x201C},  {"rdquo", 0x201D},  {"bull", 0x2022},   {"ndash", 0x2013},
    {"mdash", 0x2014},  {"tilde", 0x2DC},   {"trade", 0x2122},  {"scaron", 0x161},  {"rsaquo", 0x203A}, {"oelig", 0x153},
    {"Yuml", 0x178}};

// The character of the reference at `at` ("&#214;", "&Ouml;"), with its length; 0 where there is none.
char32_t ReadReference(std::string_view text, size_t at, size_t& length) {
  const size_t end = text.substr(at, 11).find(';', 1);
  if (end == std::string_view::npos || end < 3) return 0;
  const std::string_view name = text.substr(at + 1, end - 1);
  length = end + 1;
  if (name[0] == '#') {
    const auto number = ParseUint(name.substr(1));
    return number.has_value() && *number > 0 && *number < 0x110000 ? static_cast<char32_t>(*number) : 0;
  }
  static const std::vector<std::string_view>* const names = new std::vector<std::string_view>(Split(kLatinNames, ' '));
  const auto found = std::find(names->begin(), names->end(), name);
  if (found != names->end()) return 0xA0 + static_cast<char32_t>(found - names->begin());
  for (const WindowsName& entry : kWindowsNames) {
    if (entry.name == name) return entry.c;
  }
  return 0;
}

}  // namespace

// Half-width katakana as they are written otherwise: the models of languages know them so.
std::string Widened(std::string_view shown) {
  static constexpr std::u32string_view kWide = U"。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";
  std::string wide;
  char32_t previous = 0;
  for (size_t at = 0; at < shown.size();) {
    char32_t c = text::DecodeUtf8(shown, at);
    if (c >= 0xFF61 && c <= 0xFF9F) c = kWide[c - 0xFF61];
    const bool row_of_ha = previous >= U'ハ' && previous <= U'ホ';
    const bool voiced = c == U'゛' && ((previous >= U'カ' && previous <= U'ト') || row_of_ha);
    if (voiced || (c == U'゜' && row_of_ha)) {
      wide.resize(wide.size() - 3);
      c = previous + (voiced ? 1 : 2);
    }
    text::AppendUtf8(wide, c);
    previous = c;
  }
  return wide;
}

double Advantage(std::string_view shown, std::string_view result) {
  return decode::ReadAs(result, "UTF-8").score - decode::ReadAs(Widened(shown), "UTF-8").score;
}

size_t DistinctIdeographs(std::string_view text) {
  std::vector<char32_t> seen;
  for (size_t at = 0; at < text.size() && seen.size() < 3;) {
    const char32_t c = text::DecodeUtf8(text, at);
    if (text::IsHan(c) && std::find(seen.begin(), seen.end(), c) == seen.end()) seen.push_back(c);
  }
  return seen.size();
}

bool LooksNatural(std::string_view run) {
  size_t letters = 0;     // of the word so far
  bool capitals = false;  // it has begun with two of them
  bool first_capital = false;
  size_t kana = 0;
  size_t han = 0;
  for (size_t at = 0; at < run.size();) {
    const char32_t c = text::DecodeUtf8(run, at);
    if (c < 0x80 ? !((c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z')) : (c >= 0x2010 && c < 0x2070) || text::IsSpace(c)) {
      letters = 0;
      continue;
    }
    if (text::IsHangul(c)) continue;
    if ((text::IsKana(c) && c < 0xFF00) || c == 0x30FC || c == U'。' || c == U'、' || c == U'「' || c == U'」') {
      ++kana;
      continue;
    }
    if (text::IsHan(c)) {
      ++han;
      continue;
    }
    const bool latin = (c >= 0xC0 && c < 0x250 && c != 0xD7 && c != 0xF7) || c < 0x80;
    const bool cyrillic = c >= 0x400 && c < 0x460;
    if (!latin && !cyrillic) return false;
    // Above U+0100 capitals and small letters stand in pairs.
    const bool capital = c < 0x80 ? c <= U'Z' : c < 0x100 ? c < 0xDF : cyrillic ? c < 0x430 : c % 2 == 0;
    if (letters == 0) first_capital = capital;
    if (letters == 1) capitals = capital;
    if ((letters == 1 && capital && !first_capital) || (letters > 1 && capital != capitals)) return false;
    ++letters;
  }
  // Japanese has more kana than ideographs; a few ideographs among letters or Hangul are no writing.
  return han == 0 || kana * 2 >= han;
}

bool RepairCodePages(std::string_view text, Node node, Findings& findings) {
  const size_t edits_before = findings.edits.size();
  TryForeignRuns(text, node, findings);
  if (findings.edits.size() != edits_before) return false;
  if (ScoreProse(text.substr(node.begin, node.end - node.begin)).mean() >= kRunReadsWell) return false;
  TryHanRuns(text, node, false, findings);
  return findings.edits.size() == edits_before;
}

void RepairStretches(std::string_view text, Node node, Findings& findings) { TryHanRuns(text, node, true, findings); }

void RepairBeside(std::string_view text, Node node, size_t first_edit, Findings& findings) {
  constexpr size_t kReach = 8;   // bytes of ASCII between them
  constexpr double kBetter = 3;  // natural logarithms
  std::sort(findings.edits.begin() + static_cast<ptrdiff_t>(first_edit), findings.edits.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  const size_t edits = findings.edits.size();
  auto ascii = [&](size_t at) { return static_cast<unsigned char>(text[at]) < 0x80; };
  size_t floor = node.begin;  // what is before it is repaired, or was looked at
  for (size_t i = first_edit; i < edits; ++i) {
    const size_t edit_begin = findings.edits[i].begin, edit_end = findings.edits[i].end;
    const size_t ceiling = i + 1 < edits ? findings.edits[i + 1].begin : node.end;
    const Family* const family = std::find_if(std::begin(kFamilies), std::end(kFamilies), [&](const Family& one) { return findings.edits[i].family == one.name; });
    if (family == std::end(kFamilies)) {
      floor = std::max(floor, edit_end);
      continue;
    }
    auto take = [&](size_t begin, size_t end) {
      const std::string_view run = text.substr(begin, end - begin);
      std::optional<std::string> result = Undo(run, *family);
      if (!result.has_value()) return false;
      const ProseScore after = ScoreProse(*result);
      if (after.sum < ScoreProse(run).sum + kBetter || after.mean() < kUtf8ReadsLikeChinese) return false;
      findings.edits.push_back({begin, end, std::move(*result), family->name, true, 0.9});
      return true;
    };
    for (size_t end = edit_begin; end > floor;) {
      const size_t from = end;
      while (end > floor && from - end < kReach && ascii(end - 1)) --end;
      size_t begin = end;
      while (begin > floor && !ascii(begin - 1)) --begin;
      if (begin == end || end == from || !take(begin, end)) break;
      end = begin;
    }
    floor = std::max(floor, edit_end);
    for (size_t begin = edit_end; begin < ceiling;) {
      const size_t from = begin;
      while (begin < ceiling && begin - from < kReach && ascii(begin)) ++begin;
      size_t end = begin;
      while (end < ceiling && !ascii(end)) ++end;
      if (begin == end || begin == from || !take(begin, end)) break;
      floor = begin = end;
    }
  }
}

namespace {

// Character references on end, with plain ASCII and blanks between them.
struct ReferenceRun {
  size_t begin = 0, end = 0;
  size_t references = 0;
  bool escaped_twice = true;
  bool alike = true;       // all of them stand for one character
  std::string unescaped;
};

// The run at `at`, an "&", and where to look for the next one. `words`: it ends with a blank.
ReferenceRun ReadReferences(std::string_view text, Node node, bool words, size_t& at) {
  ReferenceRun run;
  run.begin = run.end = at;
  const size_t start = at;
  size_t unescaped_end = 0;
  char32_t first = 0;
  while (at < node.end && static_cast<unsigned char>(text[at]) < 0x80) {
    size_t length = 0;
    if (text[at] != '&') {
      // A trail byte or a blank; a longer stretch of plain text ends the run.
      if (at - run.end >= 24 || (words && text[at] == ' ')) break;
      run.unescaped.push_back(text[at]);
      ++at;
      continue;
    }
    // "&amp;#20013;": read as if the reference began at the first ';'.
    const bool twice = text.substr(at, 6) == "&amp;#";
    const size_t reference = twice ? at + 4 : at;
    const char32_t c = ReadReference(text, reference, length);
    // What is escaped twice may be ASCII as well.
    if (c < 0x20 || (c < 0x80 && !twice)) {
      if (length == 0 || run.references == 0) ++at;
      break;
    }
    // Indents of no-break spaces: no character begins so.
    if (c == 0xA0 && run.references == 0) {
      at = reference + length;
      run.begin = run.end = at;
      run.unescaped.clear();
      continue;
    }
    run.escaped_twice = run.escaped_twice && twice;
    if (run.references == 0) first = c;
    run.alike = run.alike && c == first;
    text::AppendUtf8(run.unescaped, c);
    at = reference + length;
    run.end = at;
    unescaped_end = run.unescaped.size();
    ++run.references;
  }
  run.unescaped.resize(unescaped_end);
  if (at == start) ++at;
  return run;
}

bool HoldsChinese(std::string_view utf8) {
  for (size_t at = 0; at < utf8.size();) {
    const char32_t c = text::DecodeUtf8(utf8, at);
    if (text::IsHan(c) || text::IsCjkPunctuation(c)) return true;
  }
  return false;
}

// What the references of one run stand for; `proved` as for RepairReferences.
Candidate ReadAsBytes(std::string_view unescaped, const ReferenceRun& run, std::string_view form, std::string_view proved) {
  Candidate best = BestCandidate(unescaped);
  if (!best.text.empty()) {
    best.family = std::string(form) + (best.family.rfind("utf8", 0) == 0 ? "_utf8" : "_gbk");
    return best;
  }
  if (proved.empty() || run.alike) return best;
  for (const Family& family : kFamilies) {
    const std::string name = std::string(form) + (std::string_view(family.written_in) == "UTF-8" ? "_utf8" : "_gbk");
    const bool windows = std::string_view(family.read_as) == "ISO-8859-1" || std::string_view(family.read_as) == "windows-1252";
    if (!windows || name != proved || std::string_view(family.written_in) == "Big5") continue;
    std::optional<std::string> result = Undo(unescaped, family);
    if (result.has_value() && HoldsChinese(*result)) return {std::move(*result), name, 0};
  }
  return best;
}

}  // namespace

void RepairReferences(std::string_view text, Node node, std::string_view proved, Findings& findings) {
  for (size_t at = node.begin; at < node.end;) {
    at = text.find('&', at);
    if (at == std::string_view::npos || at >= node.end) return;
    ReferenceRun run = ReadReferences(text, node, !proved.empty(), at);
    if (run.references < (!proved.empty() ? 1 : run.escaped_twice ? 2 : 4)) continue;
    size_t end = run.end;
    Candidate best;
    if (run.escaped_twice) {
      // The form says what it is.
      constexpr std::string_view kName = "entity_double_escaped";
      if (LooksChinese(run.unescaped) || (proved == kName && HoldsChinese(run.unescaped))) best = {std::move(run.unescaped), std::string(kName), 0};
    } else {
      const std::string_view form = text[run.begin + 1] == '#' ? "entity_decimal" : "entity_named";
      best = ReadAsBytes(run.unescaped, run, form, proved);
      // The last pair may end with a letter.
      if (best.text.empty() && end < node.end && text[end] >= 0x40 && text[end] < 0x7F) best = ReadAsBytes(run.unescaped + text[end++], run, form, proved);
    }
    if (best.text.empty()) continue;
    findings.edits.push_back({run.begin, end, std::move(best.text), std::move(best.family), true, 0.95});
    at = std::max(at, end);
  }
}

}  // namespace fangzhi::repair
