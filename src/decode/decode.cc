// The decision. Labels are priors; what the bytes are decides:
//
//   1. a byte order mark;
//   2. seven-bit documents: escapes of HZ and ISO-2022, else the label;
//   3. UTF-16 without a mark, by the classes of its units;
//   4. UTF-8: other encodings do not look like it by chance. A few bad sequences do not unmake it;
//   5. gb18030 against Big5, by how much a sample reads like Chinese, the label worth a fixed bonus;
//   6. where neither reads like Chinese: the label, then uchardet's guess, then the default.
//
// Pages put together from files in two encodings are decoded text node by text node where the node itself proves the other one.
#include "decode/decode.h"

#include <uchardet/uchardet.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/strings.h"
#include "decode/encodings.h"
#include "text/language.h"
#include "text/text.h"

namespace fangzhi::decode {
namespace {

using text::LanguageScore;
using text::ScoreChinese;

// Means of logarithms a character. Chinese prose in the right encoding has -4.5 to -7, lists of names down to -8.
constexpr double kReadsWell = -8.3;
constexpr double kReadsBadly = -10;
// What a label is worth, in nats a character: less than any wrong reading loses over a sentence.
constexpr double kLabelBonus = 0.7;
constexpr size_t kFirstSample = 1200;
constexpr size_t kLargerSample = 12000;
constexpr size_t kUchardetBytes = size_t{64} << 10;

inline unsigned Byte(std::string_view bytes, size_t at) { return static_cast<unsigned char>(bytes[at]); }

struct Utf8Evidence {
  size_t two_byte = 0;    // well-formed sequences of two bytes
  size_t longer = 0;      // … of three and four
  size_t bad = 0;
  size_t longest_run = 0; // of `longer` sequences without anything but ASCII between
  size_t good() const { return two_byte + longer; }
};

// Once this many bad sequences stand against few good ones the counting ends: only inserted parts are still looked for.
constexpr size_t kHopeless = 300;

// Whether three sequences of three bytes stand in a row somewhere from `at` on. Running text in GBK has hardly any.
bool HasUtf8Part(std::string_view bytes, size_t at) {
  auto sequence = [&](size_t i) {
    return (Byte(bytes, i) & 0xF0) == 0xE0 && (Byte(bytes, i + 1) & 0xC0) == 0x80 && (Byte(bytes, i + 2) & 0xC0) == 0x80;
  };
  for (; at + 9 <= bytes.size(); ++at) {
    if ((Byte(bytes, at) & 0xF0) == 0xE0 && sequence(at) && sequence(at + 3) && sequence(at + 6)) return true;
  }
  return false;
}

Utf8Evidence WeighUtf8(std::string_view bytes) {
  Utf8Evidence evidence;
  size_t run = 0;
  for (size_t at = 0; at < bytes.size();) {
    if (Byte(bytes, at) < 0x80) {
      at += AsciiRunLength(bytes, at);
      continue;
    }
    const size_t begin = at;
    const char32_t c = text::DecodeUtf8(bytes, at);
    // U+FFFD that stands in the text is three bytes long and well-formed.
    if (c == text::kReplacement && bytes.substr(begin, at - begin) != "\xEF\xBF\xBD") {
      ++evidence.bad;
      run = 0;
      if (evidence.bad >= kHopeless && evidence.bad > 8 * evidence.good()) {
        if (HasUtf8Part(bytes, at)) evidence.longest_run = 3;
        break;
      }
    } else if (at - begin == 2) {
      ++evidence.two_byte;
      run = 0;
    } else {
      ++evidence.longer;
      evidence.longest_run = std::max(evidence.longest_run, ++run);
    }
  }
  return evidence;
}

// For well-formed text: counts no further than a decision needs.
Utf8Evidence WeighValidUtf8(std::string_view bytes) {
  Utf8Evidence evidence;
  constexpr size_t kEnough = 40;
  for (size_t at = 0; at < bytes.size() && evidence.longer < kEnough;) {
    at += AsciiRunLength(bytes, at);
    if (at >= bytes.size()) break;
    const unsigned lead = Byte(bytes, at);
    ++(lead < 0xE0 ? evidence.two_byte : evidence.longer);
    at += lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }
  return evidence;
}

// Stretches that hold bytes outside ASCII, each up to the next tag or line end: half from the start, half from the middle on.
std::string Sample(std::string_view bytes, size_t limit) {
  std::string sample;
  auto collect = [&](size_t from, size_t until_size) {
    size_t at = from;
    while (sample.size() < until_size) {
      at += AsciiRunLength(bytes, at);
      if (at >= bytes.size()) return;
      size_t end = at;
      while (end < bytes.size() && bytes[end] != '<' && bytes[end] != '\n' && end - at < 2 * limit) ++end;
      sample.append(bytes, at, end - at);
      sample.push_back('\n');
      at = end;
    }
  };
  if (bytes.size() <= limit) {
    collect(0, limit);
    return sample;
  }
  collect(0, limit / 2);
  // The middle must be a place where a character can begin: after a line end or a tag.
  const size_t middle = bytes.find_first_of("\n>", bytes.size() / 2);
  if (middle != std::string_view::npos && sample.size() < limit) collect(middle, limit);
  return sample;
}

// Letters with accents among plain ones: bytes outside ASCII stand alone and are few. A reader of pairs would make ideographs of them,
// some even common ones.
bool LooksLikeLatin(std::string_view sample) {
  size_t high = 0;
  size_t letters = 0;
  size_t runs = 0;
  size_t single = 0;
  for (size_t at = 0; at < sample.size();) {
    if (Byte(sample, at) < 0x80) {
      if (IsAsciiAlpha(sample[at])) ++letters;
      ++at;
      continue;
    }
    const size_t begin = at;
    while (at < sample.size() && Byte(sample, at) >= 0x80) ++at;
    ++runs;
    high += at - begin;
    if (at - begin == 1) ++single;
  }
  return high * 3 < letters && single * 10 >= runs * 9;
}

// Windows' relative of an ISO encoding, which has characters where the ISO one has controls.
std::string_view WithC1Characters(std::string_view encoding) {
  if (encoding == "ISO-8859-2") return "windows-1250";
  if (encoding == "ISO-8859-5") return "windows-1251";
  if (encoding == "ISO-8859-7") return "windows-1253";
  if (encoding == "ISO-8859-8") return "windows-1255";
  if (encoding == "ISO-8859-13") return "windows-1257";
  return encoding;
}

bool HasC1Bytes(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 && byte < 0xA0;
  });
}

struct Reading {
  std::string_view encoding;
  LanguageScore score;
  size_t errors = 0;
  double value = 0;  // mean, with the label's bonus
};

Reading Read(std::string_view sample, std::string_view encoding, std::string_view label) {
  Reading reading;
  reading.encoding = encoding;
  const StrictResult result = DecodeAs(sample, encoding);
  reading.errors = result.errors;
  reading.score = ScoreChinese(result.text);
  reading.value = reading.score.mean() + (encoding == label ? kLabelBonus : 0);
  return reading;
}

bool IsGb(std::string_view encoding) { return encoding == "GBK" || encoding == "gb18030"; }
bool IsChinese(std::string_view encoding) { return IsGb(encoding) || encoding == "Big5" || encoding == "EUC-TW"; }

// --- UTF-16 without a byte order mark ---

bool LooksLikeUtf16(std::string_view bytes, bool big_endian) {
  const std::string_view sample = bytes.substr(0, 4096 & ~size_t{1});
  if (sample.size() < 4 || bytes.size() % 2 != 0) return false;
  size_t likely = 0;
  size_t ideographs = 0;
  size_t units = 0;
  for (size_t at = 0; at + 1 < sample.size(); at += 2) {
    const unsigned high = Byte(sample, at + (big_endian ? 0 : 1));
    const unsigned low = Byte(sample, at + (big_endian ? 1 : 0));
    const char32_t c = (high << 8) | low;
    // Most documents that are something else show it at once.
    if (++units == 64 && likely + ideographs < 56) return false;
    if (c >= 0x4E00 && c <= 0x9FFF) {
      ++ideographs;
    } else if ((c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t' || (c >= 0xA0 && c < 0x100) ||
               (c >= 0x2010 && c <= 0x203F) || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFFEF)) {
      ++likely;
    }
  }
  if (likely + ideographs < units - units / 50) return false;
  if (ideographs < units / 3) return likely > units / 2;
  const StrictResult read = DecodeAs(sample, big_endian ? "UTF-16BE" : "UTF-16LE");
  return ScoreChinese(read.text).mean() > kReadsBadly;
}

// --- seven-bit documents ---

std::string_view SevenBitEncoding(std::string_view bytes) {
  const size_t escape = bytes.find('\x1B');
  if (escape != std::string_view::npos) {
    if (bytes.find("\x1B$)A") != std::string_view::npos && bytes.find('\x0E') != std::string_view::npos) return "ISO-2022-CN";
    if (bytes.find("\x1B$B") != std::string_view::npos || bytes.find("\x1B$@") != std::string_view::npos) return "ISO-2022-JP";
  }
  if (bytes.find("~{") == std::string_view::npos || bytes.find("~}") == std::string_view::npos) return {};
  const StrictResult read = DecodeAs(bytes, "HZ-GB-2312");
  const LanguageScore score = ScoreChinese(read.text, 4000);
  if (read.errors == 0 && score.ideographs >= 2 && score.mean() > kReadsWell) return "HZ-GB-2312";
  return {};
}

// --- mixed pages ---

// End of the text node or line at `at`. find_first_of asks for each byte whether it is in the set; this loop is five times as fast.
size_t NodeEnd(std::string_view bytes, size_t at) {
  while (at < bytes.size() && bytes[at] != '<' && bytes[at] != '>' && bytes[at] != '\n') ++at;
  return at;
}

// Decodes `bytes` in `main`, but a text node that is ill-formed or improbable in it and well-formed and better Chinese in `other` in that.
StrictResult DecodeMixed(std::string_view bytes, std::string_view main, std::string_view other) {
  StrictResult result;
  result.text.reserve(bytes.size() * 3 / 2);
  size_t pending = 0;  // start of what is still to be decoded in `main`
  auto flush = [&](size_t end) {
    if (end == pending) return;
    const StrictResult part = DecodeAs(bytes.substr(pending, end - pending), main);
    result.text += part.text;
    result.errors += part.errors;
    pending = end;
  };
  for (size_t at = 0; at < bytes.size();) {
    const size_t end = NodeEnd(bytes, at);
    const std::string_view node = bytes.substr(at, end - at);
    if (AsciiRunLength(node, 0) < node.size()) {
      const bool other_is_utf8 = other == "UTF-8";
      const bool valid_utf8 = text::IsValidUtf8(node);
      if (valid_utf8 == other_is_utf8) {
        const StrictResult here = DecodeAs(node, main);
        const StrictResult there = DecodeAs(node, other);
        const LanguageScore score = ScoreChinese(there.text);
        const bool better = there.errors == 0 && score.ideographs >= 2 && score.alien == 0 && score.mean() > -9.5 &&
                            score.mean() > ScoreChinese(here.text).mean() + 2;
        if (better) {
          flush(at);
          result.text += there.text;
          pending = end;
        }
      }
    }
    at = end + 1;
  }
  flush(bytes.size());
  return result;
}

// --- uchardet: one voter ---

std::optional<std::string_view> AskUchardet(std::string_view bytes) {
  uchardet_t detector = uchardet_new();
  if (detector == nullptr) return std::nullopt;
  std::optional<std::string_view> answer;
  if (uchardet_handle_data(detector, bytes.data(), std::min(bytes.size(), kUchardetBytes)) == 0) {
    uchardet_data_end(detector);
    const std::string_view name = uchardet_get_charset(detector);
    answer = name == "EUC-TW" ? std::optional<std::string_view>("EUC-TW") : EncodingForLabel(name);
    if (name == "UHC") answer = "EUC-KR";
    if (name == "ASCII") answer.reset();
  }
  uchardet_delete(detector);
  return answer;
}

double Confidence(double margin, size_t characters) {
  const double weight = static_cast<double>(std::min<size_t>(characters, 60)) / 5.0;
  return std::clamp(1.0 / (1.0 + std::exp(-margin * weight)), 0.05, 0.999);
}

class Decision {
 public:
  Decision(std::string_view bytes, const DecodeOptions& options) : bytes_(bytes), options_(options) {}

  DecodedText Run() {
    FindLabels();
    const ByteOrderMark mark = FindByteOrderMark(bytes_);
    if (mark.length > 0) {
      bytes_.remove_prefix(mark.length);
      result_.detected = std::string(mark.encoding);
      if (mark.encoding == "UTF-8") {
        FinishUtf8(WeighUtf8(bytes_), "bom", 1.0);
      } else {
        Finish(mark.encoding, "bom", 1.0);
      }
      return std::move(result_);
    }
    if (AsciiRunLength(bytes_, 0) == bytes_.size() && bytes_.find('\0') == std::string_view::npos) {
      SevenBit();
    } else if (!Utf16() && !Utf8()) {
      Legacy();
    }
    return std::move(result_);
  }

 private:
  void FindLabels() {
    const std::string transport = CharsetParameter(options_.content_type);
    if (!transport.empty()) {
      result_.declared = transport;
      if (const auto encoding = EncodingForLabel(transport)) {
        result_.declared = std::string(*encoding);
        transport_ = *encoding;
      }
    }
    if (!options_.html) return;
    const Prescan prescan = PrescanMeta(bytes_);
    if (prescan.encoding.has_value()) {
      meta_ = *prescan.encoding;
      if (!result_.declared.has_value()) result_.declared = std::string(meta_);
    } else if (!result_.declared.has_value() && !prescan.label.empty()) {
      result_.declared = prescan.label;
    }
  }

  // The label that comes first in the standard's order and that can be decoded at all.
  std::string_view Label() const {
    if (!transport_.empty() && transport_ != "replacement") return transport_;
    if (!meta_.empty() && meta_ != "replacement") return meta_;
    return {};
  }
  const char* LabelBasis() const { return !transport_.empty() && transport_ != "replacement" ? "transport" : "meta"; }
  // A label that the encoding agrees with names the basis.
  const char* BasisFor(std::string_view encoding, const char* otherwise) const {
    auto agrees = [&](std::string_view label) { return label == encoding || (IsGb(label) && IsGb(encoding)); };
    if (!transport_.empty()) return agrees(transport_) ? "transport" : agrees(meta_) ? "meta" : otherwise;
    return agrees(meta_) ? "meta" : otherwise;
  }

  void Finish(std::string_view encoding, const char* basis, double confidence) {
    StrictResult decoded = DecodeAs(bytes_, encoding);
    Take(encoding, std::move(decoded), basis, confidence);
  }
  void Take(std::string_view encoding, StrictResult decoded, const char* basis, double confidence) {
    result_.text = std::move(decoded.text);
    result_.errors = decoded.errors;
    result_.charset = std::string(encoding);
    result_.basis = basis;
    result_.confidence = confidence;
  }

  void SevenBit() {
    if (const std::string_view escaped = SevenBitEncoding(bytes_); !escaped.empty()) {
      result_.detected = std::string(escaped);
      Finish(escaped, BasisFor(escaped, "statistics"), 0.95);
      return;
    }
    std::string_view label = Label();
    if (label == "UTF-16LE" || label == "UTF-16BE") label = "UTF-8";  // no unit of it is seven-bit text
    // Seven-bit text is the same in all of them; the standard's default where nothing says more.
    const bool labelled = !label.empty() && label != "ISO-2022-JP";
    Take(labelled ? label : "windows-1252", {std::string(bytes_), 0}, labelled ? LabelBasis() : "default", 1.0);
  }

  bool Utf16() {
    const bool labelled = Label() == "UTF-16LE" || Label() == "UTF-16BE";
    const bool possible = labelled || std::memchr(bytes_.data(), 0, std::min<size_t>(bytes_.size(), 4096)) != nullptr ||
                          !text::IsValidUtf8(bytes_.substr(0, 4096 < bytes_.size() ? 4096 : bytes_.size()));
    if (!possible) return false;
    for (const bool big_endian : {Label() == "UTF-16BE", Label() != "UTF-16BE"}) {
      if (!LooksLikeUtf16(bytes_, big_endian)) continue;
      const std::string_view encoding = big_endian ? "UTF-16BE" : "UTF-16LE";
      result_.detected = std::string(encoding);
      Finish(encoding, BasisFor(encoding, "statistics"), 0.95);
      return true;
    }
    return false;
  }

  bool Utf8() {
    utf8_ = text::IsValidUtf8(bytes_) ? WeighValidUtf8(bytes_) : WeighUtf8(bytes_);
    if (utf8_.good() == 0) return false;
    const bool labelled = Label() == "UTF-8";
    const bool clean = utf8_.bad == 0;
    bool certain = utf8_.longer >= 6 && utf8_.good() >= 50 * utf8_.bad;
    if (clean && (labelled || utf8_.longer >= 12)) certain = true;
    if (!certain) {
      if (utf8_.good() < 2 * utf8_.bad && !(labelled && utf8_.good() >= utf8_.bad)) return false;
      // Few sequences, or many bad ones: what they say in each reading decides.
      const std::string sample = Sample(bytes_, kLargerSample);
      const Reading as_utf8 = Read(sample, "UTF-8", Label());
      const Reading as_gb = Read(sample, "GBK", IsGb(Label()) ? "GBK" : "");
      const Reading as_big5 = Read(sample, "Big5", Label());
      const double rival = std::max(as_gb.value, as_big5.value);
      // Accented letters and Cyrillic are two bytes long and do not score as Chinese: then only a rival that reads well wins.
      const bool foreign = utf8_.two_byte > utf8_.longer;
      if (rival > as_utf8.value && (!foreign || rival > kReadsWell)) return false;
      if (!clean && as_utf8.value < kReadsBadly && !labelled) return false;
    }
    result_.detected = "UTF-8";
    const double share = static_cast<double>(utf8_.good()) / static_cast<double>(utf8_.good() + utf8_.bad);
    const double confidence = std::min(0.999, share * (1.0 - 0.3 / static_cast<double>(1 + utf8_.good())));
    FinishUtf8(utf8_, BasisFor("UTF-8", "validity"), confidence);
    return true;
  }

  void FinishUtf8(const Utf8Evidence& evidence, const char* basis, double confidence) {
    if (evidence.bad == 0) {
      Take("UTF-8", {std::string(bytes_), 0}, basis, confidence);
    } else {
      Take("UTF-8", DecodeMixed(bytes_, "UTF-8", "GBK"), basis, confidence);
    }
  }

  void Legacy() {
    const std::string_view label = Label();
    const std::string_view label_or_gb = IsGb(label) ? "GBK" : label;
    Reading best;
    Reading second;
    for (const size_t limit : {kFirstSample, kLargerSample}) {
      const std::string sample = Sample(bytes_, limit);
      best = Read(sample, "GBK", label_or_gb);
      second = Read(sample, "Big5", label_or_gb);
      if (second.value > best.value) std::swap(best, second);
      if (best.score.mean() > kReadsWell && best.value - second.value > 1.5) break;
    }
    const double margin = best.value - second.value;
    // Where there is much text the score alone is proof; a few accented letters can score by chance.
    const bool enough = best.score.characters >= 200 || !LooksLikeLatin(Sample(bytes_, kLargerSample));
    if (best.score.mean() > kReadsWell && enough) {
      FinishChinese(best.encoding, label, Confidence(margin, best.score.characters));
      return;
    }
    if (!enough) best.score.sum = -20.0 * static_cast<double>(best.score.characters);
    Uncertain(best, label, label_or_gb);
  }

  void FinishChinese(std::string_view encoding, std::string_view label, double confidence) {
    if (encoding == "Big5") {
      result_.detected = "Big5";
      Finish("Big5", BasisFor("Big5", "statistics"), confidence);
      return;
    }
    const std::unique_ptr<Decoder> decoder = MakeGb18030Decoder();
    StrictResult decoded;
    decoded.text.reserve(bytes_.size() + bytes_.size() / 2 + 64);
    DecodePiece(*decoder, bytes_, true, decoded.text);
    decoded.errors = decoder->errors;
    // Runs of three-byte sequences are rare in GBK: perhaps a part in UTF-8 was put in.
    if (utf8_.longest_run >= 3) decoded = DecodeMixed(bytes_, "GBK", "UTF-8");
    const std::string_view name = label == "gb18030" || decoder->four_byte ? "gb18030" : "GBK";
    result_.detected = std::string(name);
    Take(name, std::move(decoded), BasisFor(name, "statistics"), confidence);
  }

  // Nothing reads like Chinese prose: foreign text, names only, a table, or damage.
  void Uncertain(const Reading& best, std::string_view label, std::string_view label_or_gb) {
    const std::string sample = Sample(bytes_, kLargerSample);
    const Reading taiwan = Read(sample, "EUC-TW", label);
    if (taiwan.errors == 0 && taiwan.score.mean() > kReadsWell) {
      result_.detected = "EUC-TW";
      Finish("EUC-TW", "statistics", Confidence(taiwan.score.mean() - best.score.mean(), taiwan.score.characters));
      return;
    }
    std::optional<std::string_view> guess = AskUchardet(bytes_);
    if (guess.has_value() && HasC1Bytes(sample)) guess = WithC1Characters(*guess);
    if (guess.has_value()) result_.detected = std::string(*guess);
    const size_t tolerated = 1 + best.score.characters / 50;
    // The label stands when the bytes fit it. A single-byte label fits everything, so it must not contradict better evidence.
    if (!label.empty()) {
      const Reading labelled = Read(sample, label_or_gb, label_or_gb);
      const bool fits = labelled.errors <= tolerated;
      const bool chinese_label = IsChinese(label_or_gb);
      const bool beaten = !chinese_label && best.score.mean() > kReadsBadly && best.errors <= tolerated &&
                          best.score.ideographs >= 6 && (!guess.has_value() || IsChinese(*guess));
      const bool foreign = chinese_label && labelled.score.mean() < kReadsBadly && guess.has_value() && !IsChinese(*guess) &&
                           labelled.errors > 0 && DecodeAs(sample, *guess).errors < labelled.errors;
      if (fits && !beaten && !foreign) {
        if (chinese_label) {
          FinishChinese(label_or_gb, label, 0.6);
        } else {
          Finish(label, LabelBasis(), 0.6);
        }
        return;
      }
    }
    if (best.score.mean() > kReadsBadly && best.errors <= tolerated) {
      FinishChinese(best.encoding, label, 0.6);
      return;
    }
    if (guess.has_value() && *guess != "UTF-8" && *guess != "replacement" &&
        DecodeAs(sample, *guess).errors <= tolerated) {
      if (IsGb(*guess) || *guess == "Big5") {
        FinishChinese(IsGb(*guess) ? "GBK" : "Big5", label, 0.5);
      } else {
        Finish(*guess, BasisFor(*guess, "statistics"), 0.5);
      }
      return;
    }
    if (!label.empty()) {
      Finish(label, LabelBasis(), 0.3);
      return;
    }
    const std::optional<std::string_view> fallback = EncodingForLabel(options_.default_encoding);
    Finish(fallback.value_or("GBK"), "default", 0.2);
  }

  std::string_view bytes_;
  const DecodeOptions& options_;
  std::string_view transport_;
  std::string_view meta_;
  Utf8Evidence utf8_;
  DecodedText result_;
};

}  // namespace

DecodedText Decode(std::string_view bytes, const DecodeOptions& options) { return Decision(bytes, options).Run(); }

}  // namespace fangzhi::decode
