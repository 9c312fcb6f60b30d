#include "decode/segments.h"

#include <algorithm>

#include "decode/likelihood.h"
#include "text/text.h"

namespace fangzhi::decode {
namespace {

constexpr size_t kMaxSegments = 4096;
// How much likelier the other encoding must make a part (ln), and how bad its characters may be on average.
constexpr double kMargin = 9;
constexpr double kReadable = -9.5;
constexpr double kReadableForErrors = -15;  // where the main encoding fails
// Longer parts are judged by their beginning.
constexpr size_t kJudged = 600;

// find_first_of asks for each byte whether it is in the set; this loop is five times as fast.
size_t NodeEnd(std::string_view bytes, size_t at) {
  while (at < bytes.size() && bytes[at] != '<' && bytes[at] != '>' && bytes[at] != '\n') ++at;
  return at;
}

// Bytes that are judged without a part being found, and what each found part adds to that.
constexpr size_t kBudget = size_t{2} << 20;
constexpr size_t kBudgetPerPart = 1000;
constexpr size_t kBudgetPerCall = 100;

}  // namespace

SegmentDecoder::SegmentDecoder(std::string_view main) : main_(main), decoder_(MakeDecoder(main)), budget_(kBudget) {}

void SegmentDecoder::Count(const std::string& out) {
  characters_ += text::CountCodePoints(std::string_view(out).substr(counted_));
  counted_ = out.size();
}

void SegmentDecoder::Flush(std::string_view bytes, size_t end, std::string& out) {
  if (end > pending_) DecodePiece(*decoder_, bytes.substr(pending_, end - pending_), true, out);
  pending_ = end;
}

// The other encoding that `part` is in, empty where it is not.
std::string_view SegmentDecoder::Elsewhere(std::string_view part) {
  const bool valid_utf8 = ValidUtf8Length(part, 0) == part.size();
  // In a UTF-8 page only what is no UTF-8 can be something else, in others only what is.
  if (valid_utf8 == (main_ == "UTF-8")) return {};
  std::string_view judged = part;
  if (judged.size() > kJudged) {
    size_t cut = kJudged;
    while (cut < part.size() && cut < kJudged + 8 && static_cast<unsigned char>(part[cut]) >= 0x80) ++cut;
    judged = part.substr(0, cut);
  }
  const size_t cost = judged.size() + kBudgetPerCall;
  if (cost > budget_) return {};
  budget_ -= cost;
  Reading best;
  const Reading here = ReadAs(judged, main_);
  const double readable = here.errors > 0 ? kReadableForErrors : kReadable;
  best.score = here.score + kMargin;
  auto attempt = [&](std::string_view encoding) {
    const Reading there = ReadAs(judged, encoding);
    if (there.errors == 0 && there.characters >= 2 && there.mean() > readable && there.score > best.score) best = there;
  };
  if (valid_utf8) {
    attempt("UTF-8");
  } else {
    attempt("GBK");
    attempt("Big5");
  }
  if (!best.encoding.empty()) budget_ += kBudgetPerPart;
  return best.encoding;
}

void SegmentDecoder::Convert(std::string_view part, std::string_view encoding, std::string& out) {
  Count(out);
  const size_t begin = characters_;
  const std::unique_ptr<Decoder> other = MakeDecoder(encoding);
  DecodePiece(*other, part, true, out);
  other_errors_ += other->errors;
  Count(out);
  if (!segments_.empty() && segments_.back().end == begin && segments_.back().charset == encoding) {
    segments_.back().end = characters_;
  } else if (segments_.size() < kMaxSegments) {
    segments_.push_back({begin, characters_, std::string(encoding)});
  }
}

void SegmentDecoder::Node(std::string_view bytes, size_t at, size_t end, std::string& out) {
  const std::string_view node = bytes.substr(at, end - at);
  const size_t first = AsciiRunLength(node, 0);
  if (first == node.size()) return;
  const bool utf8_main = main_ == "UTF-8";
  if (utf8_main && ValidUtf8Length(node, first) == node.size() - first) return;
  if (const std::string_view other = Elsewhere(node); !other.empty()) {
    Flush(bytes, at, out);
    Convert(node, other, out);
    pending_ = end;
    return;
  }
  // A word put into a sentence: each run between ASCII by itself.
  for (size_t run = at + first; run < end;) {
    size_t run_end = run;
    while (run_end < end && static_cast<unsigned char>(bytes[run_end]) >= 0x80) ++run_end;
    // The trail of the last character may be an ASCII letter.
    for (const size_t stop : {run_end, run_end + 1}) {
      if (stop > end || (run == at && stop == end)) continue;
      const std::string_view other = Elsewhere(bytes.substr(run, stop - run));
      if (other.empty()) continue;
      Flush(bytes, run, out);
      Convert(bytes.substr(run, stop - run), other, out);
      pending_ = run_end = stop;
      break;
    }
    run = run_end;
    while (run < end && static_cast<unsigned char>(bytes[run]) < 0x80) ++run;
  }
}

size_t SegmentDecoder::Piece(std::string_view bytes, bool last, std::string& out) {
  counted_ = out.size();
  size_t until = bytes.size();
  if (!last) {
    while (until > 0 && bytes[until - 1] != '<' && bytes[until - 1] != '>' && bytes[until - 1] != '\n') --until;
  }
  if (until == 0 && !last) {
    const size_t taken = DecodePiece(*decoder_, bytes, false, out);
    Count(out);
    return taken;
  }
  const std::string_view taken = bytes.substr(0, until);
  pending_ = 0;
  for (size_t at = 0; at < taken.size();) {
    const size_t end = NodeEnd(taken, at);
    if (end > at) Node(taken, at, end, out);
    at = end + 1;
  }
  Flush(taken, taken.size(), out);
  Count(out);
  return until;
}

}  // namespace fangzhi::decode
