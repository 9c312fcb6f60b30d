// The decision. Labels are priors; what the bytes are decides:
//
//   1. a byte order mark;
//   2. seven-bit documents: escapes of HZ and ISO-2022, else the label;
//   3. UTF-8 that is well-formed, or nearly, in more than a few sequences: other encodings do not look like it by chance;
//   4. else every encoding reads a sample from all over the document, and the likeliest reading is taken, where a label counts as so much
//      likelihood, and uchardet's opinion as a little.
//
// Pages put together from files in two encodings are decoded text node by text node where the node itself proves the other one (segments.h).
#include "decode/decode.h"

#include <uchardet/uchardet.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/strings.h"
#include "decode/encodings.h"
#include "decode/evidence.h"
#include "decode/likelihood.h"
#include "decode/segments.h"
#include "text/prose.h"
#include "text/text.h"

namespace fangzhi::decode {
namespace {

constexpr size_t kPiece = size_t{64} << 10;   // for gathering evidence: how finely the sample is spread
constexpr size_t kBlock = size_t{256} << 10;  // for decoding a stream

// What a label is worth (ln). Servers that say windows-1252 or ISO-8859-1 mostly never asked.
constexpr double kTransport = 8;
constexpr double kMeta = 9;
constexpr double kLatinTransport = 4;
constexpr double kLatinMeta = 6;
constexpr double kLabelledPrior = -5;
constexpr double kVoter = 1;
constexpr double kVoterOfAlphabets = 4;
// Values of neighbouring characters depend on each other: a margin means less than its number says.
constexpr double kTemperature = 1.8;
// Reading as Chinese that is good enough to stop, a margin that is proof, and where nothing is readable.
constexpr double kReadsWell = -7.5;
constexpr double kProof = 80;
// A reading so far behind another one is proved wrong, and is nobody's rival whatever labels say: it need not be read to its end.
constexpr double kNoRival = 100;
constexpr double kUnreadable = -12.5;
constexpr double kUnreadableLong = -10.3;  // of more than a line

bool IsGb(std::string_view encoding) { return encoding == "GBK" || encoding == "gb18030"; }
std::string_view WithGb(std::string_view encoding) { return IsGb(encoding) ? "GBK" : encoding; }

// --- UTF-16 without a byte order mark ---

// Whether the head could be UTF-16 at all: most documents that are something else show at once that they are not.
bool MayBeUtf16(std::string_view head, bool big_endian, bool has_nul) {
  if (head.size() < 4) return false;
  size_t likely = 0;
  size_t units = 0;
  for (size_t at = 0; at + 1 < head.size() && units < 64; at += 2, ++units) {
    const unsigned high = static_cast<unsigned char>(head[at + (big_endian ? 0 : 1)]);
    const unsigned low = static_cast<unsigned char>(head[at + (big_endian ? 1 : 0)]);
    // Ideographs, CJK punctuation, full-width forms, and the rows of the alphabets.
    if ((high >= 0x4E && high <= 0x9F) || high == 0x30 || high == 0xFF || high == 0x20 || high == 0x04 || high == 0x1E ||
        (has_nul && high >= 0xAC && high <= 0xD7) || (high <= 0x03 && low >= 0x09)) {
      ++likely;
    }
  }
  return likely * 10 >= units * 9;
}

// --- seven-bit documents ---

constexpr size_t kHzSample = 16000;

std::string_view SevenBitEncoding(std::string_view bytes) {
  const size_t escape = bytes.find('\x1B');
  if (escape != std::string_view::npos) {
    if (bytes.find("\x1B$)A") != std::string_view::npos && bytes.find('\x0E') != std::string_view::npos) return "ISO-2022-CN";
    if (bytes.find("\x1B$B") != std::string_view::npos || bytes.find("\x1B$@") != std::string_view::npos) return "ISO-2022-JP";
  }
  const size_t begin = bytes.find("~{");
  if (begin == std::string_view::npos || bytes.find("~}", begin) == std::string_view::npos) return {};
  // As plain text the bytes between the escapes would be a jumble of signs and letters, and the escapes themselves an oddity.
  const StrictResult read = DecodeAs(bytes.substr(begin, kHzSample), "HZ-GB-2312");
  const text::ProseScore score = text::ScoreProse(read.text);
  const double as_plain = -8 * static_cast<double>(score.characters) - 12;
  if (read.errors <= 1 && score.ideographs >= 1 && score.sum > as_plain) return "HZ-GB-2312";
  return {};
}

// A few Chinese characters in UTF-16 can have seven bits in all their bytes. As plain text these are worth 0, so the values need
// no rival; text of words reads as the rarest ideographs.
std::string_view SevenBitUtf16(std::string_view head) {
  head = head.substr(0, 2048);
  const bool controls = std::any_of(head.begin(), head.end(), [](char c) { return c >= 0 && c < 0x20 && (c < 0x09 || c > 0x0D) && c != 0x1B && c != 0x0E && c != 0x0F; });
  for (const std::string_view encoding : {"UTF-16LE", "UTF-16BE"}) {
    if (head.size() < 6 || !MayBeUtf16(head, encoding == "UTF-16BE", false)) continue;
    const Reading reading = ReadAs(head, encoding);
    if (reading.errors == 0 && reading.characters >= 3 && reading.score + Prior(encoding) > (controls ? 0 : 8)) return encoding;
  }
  return {};
}

// --- uchardet: one voter ---

std::optional<std::string_view> AskUchardet(std::string_view bytes) {
  uchardet_t detector = uchardet_new();
  if (detector == nullptr) return std::nullopt;
  std::optional<std::string_view> answer;
  if (uchardet_handle_data(detector, bytes.data(), bytes.size()) == 0) {
    uchardet_data_end(detector);
    const std::string_view name = uchardet_get_charset(detector);
    if (name == "EUC-TW") {
      answer = "EUC-TW";
    } else if (name == "UHC") {
      answer = "EUC-KR";
    } else if (name != "ASCII") {
      answer = EncodingForLabel(name);
    }
  }
  uchardet_delete(detector);
  return answer;
}

// Windows' relative of an ISO encoding, which is the more usual name where the document is the same text in both.
std::string_view WithWindows(std::string_view encoding) {
  if (encoding == "ISO-8859-2") return "windows-1250";
  if (encoding == "ISO-8859-7") return "windows-1253";
  if (encoding == "ISO-8859-8") return "windows-1255";
  if (encoding == "ISO-8859-13") return "windows-1257";
  return encoding;
}

// What uchardet's opinion is worth. It is good at telling alphabets apart and bad at short Chinese; windows-1252 is what it says when it
// knows nothing.
double VoterValue(std::string_view vote, std::string_view encoding) {
  if (WithGb(vote) != encoding && WithWindows(vote) != encoding) return 0;
  if (SingleByteTable(encoding) == nullptr || encoding == "windows-1252") return kVoter;
  return vote == encoding ? kVoterOfAlphabets : kVoterOfAlphabets - 0.5;
}

// A beginning of the sample with some six hundred characters outside ASCII, not cut within one.
constexpr size_t kEnough = 1200;
std::string_view Beginning(std::string_view sample) {
  size_t high = 0;
  for (size_t at = 0; at < sample.size(); ++at) {
    const auto byte = static_cast<unsigned char>(sample[at]);
    high += byte >= 0x80 ? 1 : 0;
    if (high >= kEnough && byte < 0x30) return sample.substr(0, at);  // no second byte is so small
  }
  return sample;
}

// What was decided; the text is still to be made.
struct Verdict {
  std::string_view encoding;
  size_t skip = 0;        // the byte order mark
  bool segments = false;  // parts in another encoding are looked for
  bool gb_label = false;  // a label says gb18030 rather than GBK
};

class Decision {
 public:
  Decision(Evidence& evidence, const DecodeOptions& options) : evidence_(evidence), options_(options) {}

  // Fills all of `result` but the text, its errors and segments.
  Verdict Run(DecodedText& result) {
    result_ = &result;
    std::string_view head = evidence_.head();
    FindLabels(head);
    const ByteOrderMark mark = FindByteOrderMark(head);
    if (mark.length > 0) {
      result.detected = std::string(mark.encoding);
      verdict_.skip = mark.length;
      verdict_.segments = mark.encoding == "UTF-8" && evidence_.bad() > 0;
      Take(mark.encoding, "bom", 1);
    } else if (evidence_.seven_bit()) {
      SevenBit();
    } else if (!ClearUtf8()) {
      Weigh();
    }
    verdict_.gb_label = transport_ == "gb18030" || meta_ == "gb18030";
    return verdict_;
  }

 private:
  void FindLabels(std::string_view head) {
    const std::string transport = CharsetParameter(options_.content_type);
    if (!transport.empty()) {
      result_->declared = transport;
      if (const auto encoding = EncodingForLabel(transport)) {
        result_->declared = std::string(*encoding);
        transport_ = *encoding;
      }
    }
    if (!options_.html) return;
    const Prescan prescan = PrescanMeta(head);
    if (prescan.encoding.has_value()) {
      meta_ = *prescan.encoding;
      if (!result_->declared.has_value()) result_->declared = std::string(meta_);
    } else if (!result_->declared.has_value() && !prescan.label.empty()) {
      result_->declared = prescan.label;
    }
  }

  // The label that comes first in the standard's order and that can be decoded at all.
  std::string_view Label() const {
    if (!transport_.empty() && transport_ != "replacement") return transport_;
    if (!meta_.empty() && meta_ != "replacement") return meta_;
    return {};
  }
  // A label that the encoding agrees with names the basis.
  const char* BasisFor(std::string_view encoding, const char* otherwise) const {
    auto agrees = [&](std::string_view label) { return !label.empty() && WithGb(label) == WithGb(encoding); };
    return agrees(transport_) ? "transport" : agrees(meta_) ? "meta" : otherwise;
  }

  void Take(std::string_view encoding, const char* basis, double confidence) {
    verdict_.encoding = encoding;
    result_->charset = std::string(encoding);
    result_->basis = basis;
    result_->confidence = confidence;
  }

  void SevenBit() {
    if (evidence_.escapes()) {
      if (const std::string_view escaped = SevenBitEncoding(evidence_.head()); !escaped.empty()) {
        result_->detected = std::string(escaped);
        Take(escaped, BasisFor(escaped, "statistics"), 0.97);
        return;
      }
    }
    if (const std::string_view utf16 = SevenBitUtf16(evidence_.head()); !utf16.empty() && evidence_.size() % 2 == 0) {
      result_->detected = std::string(utf16);
      Take(utf16, BasisFor(utf16, "statistics"), 0.9);
      return;
    }
    std::string_view label = Label();
    if (label == "UTF-16LE" || label == "UTF-16BE") label = "UTF-8";  // no unit of it is seven-bit text
    // Seven-bit text is the same in all of them; the standard's default where nothing says more.
    const bool labelled = !label.empty() && label != "ISO-2022-JP";
    Take(labelled ? label : "windows-1252", labelled ? BasisFor(label, "meta") : "default", 1);
  }

  bool ClearUtf8() {
    if (!evidence_.reads_as_utf8()) return false;
    result_->detected = "UTF-8";
    verdict_.segments = evidence_.bad() > 0;
    Take("UTF-8", BasisFor("UTF-8", "validity"), evidence_.clean_utf8() ? 0.999 : 0.99);
    return true;
  }

  double LabelValue(std::string_view encoding) const {
    double value = 0;
    if (WithGb(transport_) == encoding) value = encoding == "windows-1252" ? kLatinTransport : kTransport;
    if (WithGb(meta_) == encoding) value = std::max(value, encoding == "windows-1252" ? kLatinMeta : kMeta);
    // An encoding that is rare among all is not rare where a label names it.
    return value > 0 ? value + std::max(0.0, kLabelledPrior - Prior(encoding)) : 0;
  }

  // The two readings of nearly all documents that come here. True when one of them is so much likelier that no other can win.
  bool WeighChinese(std::string_view sample, std::vector<Reading>& readings) const {
    readings.clear();
    double floor = -std::numeric_limits<double>::infinity();
    for (const std::string_view encoding : {"GBK", "Big5", "UTF-8"}) {
      if (encoding == "UTF-8" && evidence_.good() == 0) continue;
      readings.push_back(ReadAs(sample, encoding, floor));
      readings.back().score += Prior(encoding);
      floor = std::max(floor, readings.back().score - kNoRival);
    }
    const Reading &gb = readings[0], &big5 = readings[1];
    const Reading& chinese = gb.score > big5.score ? gb : big5;
    return chinese.characters >= 150 && chinese.mean() > kReadsWell && std::abs(gb.score - big5.score) > kProof &&
           chinese.errors * 20 < chinese.characters;
  }

  void Weigh() {
    // What is perhaps UTF-16 has no markup that could be told from text: all read the same raw bytes then.
    const std::string_view head = std::string_view(evidence_.head()).substr(0, 2048);
    const bool utf16 = MayBeUtf16(head, false, evidence_.nul()) || MayBeUtf16(head, true, evidence_.nul());
    std::string gathered;
    const auto sample = [&]() -> const std::string& {
      if (gathered.empty()) gathered = utf16 ? std::string(head) : evidence_.Sample();
      return gathered;
    };
    std::vector<Reading> readings;
    auto weigh = [&](std::string_view encoding) {
      Reading reading = ReadAs(sample(), encoding);
      reading.score += Prior(encoding);
      readings.push_back(reading);
      return reading;
    };
    // Mostly the beginning is enough, and reading costs more than anything else here.
    bool done = false;
    if (!utf16) {
      std::string_view whole = evidence_.SampleBeginning(kEnough);
      std::string_view beginning = Beginning(whole);
      if (beginning.size() == whole.size()) beginning = Beginning(whole = sample());
      done = beginning.size() < whole.size() && WeighChinese(beginning, readings);
    }
    if (!done) done = WeighChinese(sample(), readings) && !utf16;
    if (!done) {
      for (const std::string_view encoding : {"EUC-TW", "EUC-JP", "Shift_JIS", "EUC-KR"}) weigh(encoding);
      for (Reading& reading : ReadAsSingleByte(sample(), evidence_.plain(), Label())) {
        reading.score += Prior(reading.encoding);
        readings.push_back(reading);
      }
      for (const std::string_view encoding : {"UTF-16LE", "UTF-16BE"}) {
        if (utf16) weigh(encoding);
      }
    }
    if (!done) {
      if (const auto vote = AskUchardet(sample())) {
        for (Reading& reading : readings) reading.score += VoterValue(*vote, reading.encoding);
      }
    }
    const auto likeliest = std::max_element(readings.begin(), readings.end(), [](const Reading& a, const Reading& b) { return a.score < b.score; });
    result_->detected = std::string(likeliest->encoding);
    for (Reading& reading : readings) reading.score += LabelValue(reading.encoding);
    std::sort(readings.begin(), readings.end(), [](const Reading& a, const Reading& b) { return a.score > b.score; });

    const Reading& best = readings.front();
    // The chance of every other text. Encodings by which the document reads the same are no rivals.
    std::string text;
    std::vector<std::string_view> seen = {best.encoding};
    double rivals = 0;
    for (const Reading& reading : readings) {
      if (reading.score < best.score - 20) break;
      if (std::find(seen.begin(), seen.end(), reading.encoding) != seen.end()) continue;
      seen.push_back(reading.encoding);
      if (text.empty()) text = DecodeAs(sample(), best.encoding).text;
      if (DecodeAs(sample(), reading.encoding).text != text) rivals += std::exp((reading.score - best.score) / kTemperature);
    }
    const double confidence = std::min(0.999, 1 / (1 + rivals));
    const bool unreadable = best.mean() < (best.characters < 30 ? kUnreadable : kUnreadableLong) && LabelValue(best.encoding) == 0;
    if (unreadable) {
      const std::optional<std::string_view> fallback = EncodingForLabel(options_.default_encoding);
      const std::string_view label = Label();
      Take(label.empty() ? fallback.value_or("GBK") : label, label.empty() ? "default" : BasisFor(label, "meta"), std::min(confidence, 0.2));
    } else {
      Take(best.encoding, BasisFor(best.encoding, best.encoding == "UTF-8" ? "validity" : "statistics"), confidence);
    }
    verdict_.segments = verdict_.encoding == "UTF-8" ? evidence_.bad() > 0
                                                     : (IsGb(verdict_.encoding) || verdict_.encoding == "Big5") && evidence_.utf8_part();
  }

  Evidence& evidence_;
  const DecodeOptions& options_;
  DecodedText* result_ = nullptr;
  Verdict verdict_;
  std::string_view transport_;
  std::string_view meta_;
};

// Makes the text of a verdict, piece by piece.
class Conversion {
 public:
  explicit Conversion(const Verdict& verdict) : verdict_(verdict) {
    if (verdict.segments) {
      segments_ = std::make_unique<SegmentDecoder>(verdict.encoding);
    } else {
      decoder_ = MakeDecoder(verdict.encoding);
    }
  }
  size_t Piece(std::string_view bytes, bool last, std::string& out) {
    return segments_ != nullptr ? segments_->Piece(bytes, last, out) : DecodePiece(*decoder_, bytes, last, out);
  }
  void Finish(DecodedText& result) {
    result.errors = segments_ != nullptr ? segments_->errors() : decoder_->errors;
    const bool four_byte = segments_ != nullptr ? segments_->four_byte() : decoder_->four_byte;
    if (segments_ != nullptr) result.segments = segments_->TakeSegments();
    if (!IsGb(verdict_.encoding)) return;
    // One decoder, two names: what was said, unless there are characters that only the larger one has.
    result.charset = verdict_.gb_label || four_byte ? "gb18030" : "GBK";
    if (result.detected.has_value() && IsGb(*result.detected)) result.detected = four_byte ? "gb18030" : "GBK";
  }

 private:
  Verdict verdict_;
  std::unique_ptr<Decoder> decoder_;
  std::unique_ptr<SegmentDecoder> segments_;
};

// Hands the source out in blocks; `take` gives how much of a block it took and gets the rest again with the next one.
template <typename Take>
void ForEachBlock(Source& source, Take take) {
  std::string buffer(kBlock, '\0');
  size_t held = 0;
  while (true) {
    size_t read = 0;
    while (held < buffer.size() && (read = source.Read(buffer.data() + held, buffer.size() - held)) > 0) held += read;
    const bool last = held < buffer.size();
    const size_t taken = take(std::string_view(buffer).substr(0, held), last);
    if (last) return;
    std::memmove(buffer.data(), buffer.data() + taken, held - taken);
    held -= taken;
  }
}

// Gives a document to the evidence in small pieces; gives what was taken.
size_t Gather(Evidence& evidence, std::string_view bytes, bool last) {
  size_t taken = 0;
  while (taken < bytes.size()) {
    const std::string_view piece = bytes.substr(taken, kPiece);
    const bool end = taken + piece.size() == bytes.size();
    taken += evidence.Add(piece, last && end);
    if (end) break;
  }
  return taken;
}

}  // namespace

DecodedText Decode(std::string_view bytes, const DecodeOptions& options) {
  DecodedText result;
  Evidence evidence(options.html, true);
  Gather(evidence, bytes, true);
  const Verdict verdict = Decision(evidence, options).Run(result);
  bytes.remove_prefix(verdict.skip);
  if (verdict.encoding == "UTF-8" && evidence.bad() == 0) {
    result.text = std::string(bytes);
    return result;
  }
  Conversion conversion(verdict);
  result.text.reserve(bytes.size() + bytes.size() / 2 + kSlack);
  conversion.Piece(bytes, true, result.text);
  conversion.Finish(result);
  return result;
}

DecodedText DecodeStream(Source& source, const std::function<void(std::string_view)>& sink, const DecodeOptions& options) {
  DecodedText result;
  Evidence evidence(options.html);
  ForEachBlock(source, [&](std::string_view block, bool last) { return Gather(evidence, block, last); });
  const Verdict verdict = Decision(evidence, options).Run(result);
  Conversion conversion(verdict);
  size_t skip = verdict.skip;
  std::string text;
  source.Rewind();
  ForEachBlock(source, [&](std::string_view block, bool last) {
    text.clear();
    const size_t begin = std::min(skip, block.size());
    skip = 0;
    const size_t taken = begin + conversion.Piece(block.substr(begin), last, text);
    if (!text.empty()) sink(text);
    return taken;
  });
  conversion.Finish(result);
  return result;
}

}  // namespace fangzhi::decode
