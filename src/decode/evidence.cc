#include "decode/evidence.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/strings.h"
#include "decode/encodings.h"
#include "text/text.h"

namespace fangzhi::decode {
namespace {

// Bytes outside ASCII that the sample takes from the beginning, and from each later piece. Thousands of characters are proof many times over.
constexpr size_t kFirstSample = 4000;
constexpr size_t kLaterSample = 200;
constexpr size_t kLaterPieces = 24;
constexpr size_t kPlainBytes = 4000;
constexpr size_t kStretchBefore = 24;  // ASCII bytes before the first other byte of a stretch
constexpr size_t kStretchBytes = 2000;
// Once this many bad sequences stand against few good ones the counting ends.
constexpr size_t kHopeless = 300;
constexpr size_t kEnough = 64;

constexpr size_t kAll = static_cast<size_t>(-1);

constexpr size_t kStretchesKept = 4096;
constexpr int kRepetitions = 2;

constexpr uint8_t kEndsStretch = 1, kHigh = 2;
constexpr std::array<uint8_t, 256> kStretchKinds = [] {
  std::array<uint8_t, 256> kinds{};
  for (size_t byte = 0x80; byte < 0x100; ++byte) kinds[byte] = kHigh;
  kinds['<'] = kinds['>'] = kinds['\n'] = kEndsStretch;
  return kinds;
}();

// Of the letters of a stretch: not of digits, blanks and signs, in which rows of a list differ.
uint64_t LetterHash(std::string_view stretch) {
  uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : stretch) {
    if (static_cast<unsigned char>(c) >= 0x80 || IsAsciiAlpha(c)) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  return hash;
}


}  // namespace

bool HasUtf8Part(std::string_view bytes) {
  auto sequence = [&](size_t i) {
    return (Byte(bytes, i) & 0xF0) == 0xE0 && (Byte(bytes, i + 1) & 0xC0) == 0x80 && (Byte(bytes, i + 2) & 0xC0) == 0x80;
  };
  // From the last of the nine bytes: a lead may be the third's or what follows, what is no trail either rules them all out.
  for (size_t at = 0; at + 9 <= bytes.size();) {
    const unsigned last = Byte(bytes, at + 8);
    if ((last & 0xC0) == 0x80) {
      if (sequence(at) && sequence(at + 3) && sequence(at + 6)) return true;
      ++at;
    } else {
      at += (last & 0xF0) == 0xE0 ? 2 : 9;
    }
  }
  return false;
}

size_t Evidence::Add(std::string_view piece, bool last) {
  size_t length = piece.size();
  if (!last) {
    // An unfinished UTF-8 sequence waits for its rest.
    for (size_t back = 1; back <= 3 && back <= piece.size(); ++back) {
      const unsigned byte = Byte(piece, piece.size() - back);
      if (byte >= 0xC0) {
        if (back < (byte < 0xE0 ? 2u : byte < 0xF0 ? 3u : 4u)) length = piece.size() - back;
        break;
      }
      if (byte < 0x80) break;
    }
  }
  const std::string_view bytes = piece.substr(0, length);
  if (head_.size() < kHeadBytes) head_.append(bytes.substr(0, kHeadBytes - head_.size()));
  if (!high_) high_ = AsciiRunLength(bytes, 0) < bytes.size();
  if (!nul_ && size_ < kHeadBytes) nul_ = std::memchr(bytes.data(), 0, bytes.size()) != nullptr;
  if (!high_ && !escapes_) {
    escapes_ = std::memchr(bytes.data(), 0x1B, bytes.size()) != nullptr || bytes.find("~{") != std::string_view::npos ||
               (last_byte_ == '~' && bytes.substr(0, 1) == "{");
  }
  if (!bytes.empty()) last_byte_ = bytes.back();
  WeighUtf8(bytes);
  const bool whole = last && size_ == 0;
  if (in_memory_) {
    waiting_.push_back(bytes);
  } else if (!whole || !(reads_as_utf8() || seven_bit())) {
    Collect(bytes, 0, kAll);
  }
  size_ += bytes.size();
  return length;
}

void Evidence::WeighUtf8(std::string_view bytes) {
  size_t at = 0;
  while (at < bytes.size() && !hopeless_) {
    // In well-formed text the sequences are counted only until there are enough.
    if (longer_ >= kEnough && utf8_part_) {
      const size_t valid = ValidUtf8Length(bytes, at);
      skipped_ += valid;
      at += valid;
      if (at >= bytes.size()) break;
    }
    if (Byte(bytes, at) < 0x80) {
      at += AsciiRunLength(bytes, at);
      continue;
    }
    const size_t begin = at;
    const char32_t c = text::DecodeUtf8(bytes, at);
    // U+FFFD that stands in the text is three bytes long and well-formed.
    if (c == text::kReplacement && bytes.substr(begin, at - begin) != "\xEF\xBF\xBD") {
      ++bad_;
      run_ = 0;
      if (bad_ >= kHopeless && bad_ > 2 * good()) hopeless_ = true;
    } else if (at - begin == 2) {
      ++two_byte_;
      run_ = 0;
    } else {
      ++longer_;
      if (++run_ >= 3) utf8_part_ = true;
    }
  }
  if (hopeless_ && !utf8_part_) utf8_part_ = HasUtf8Part(bytes.substr(std::min(at, bytes.size())));
}

void Evidence::CollectUntil(size_t high) {
  while (next_ < waiting_.size() && first_high_ < high) {
    next_at_ = Collect(waiting_[next_], next_at_, high);
    if (first_.size() < kFirstSample && next_at_ < waiting_[next_].size()) return;  // so many are there
    ++next_;
    next_at_ = 0;
  }
}

// Markup is stepped over: its words are no language's. A stretch ends with its text node or line. Begins at `at`, ends where the first pieces' sample
// has so many bytes outside ASCII, and gives where that is.
size_t Evidence::Collect(std::string_view bytes, size_t at, size_t high) {
  std::string* sample = &first_;
  size_t limit = kFirstSample;
  std::string later;
  if (first_.size() >= kFirstSample) {
    if (pieces_++ % stride_ != 0) return bytes.size();
    sample = &later;
    limit = kLaterSample;
  }
  // A later piece begins anywhere: its first stretch begins after a line's end or a tag.
  if (sample == &later) {
    at = std::min(bytes.find_first_of("\n>"), bytes.size());
    in_tag_ = in_script_ = false;
    if (at == bytes.size()) at = std::min(bytes.find_first_of(" \t\r"), bytes.size());
    if (at == bytes.size()) at = 0;
  }
  while (at < bytes.size() && sample->size() < limit && (sample != &first_ || first_high_ < high)) {
    const char c = bytes[at];
    if (c == '<') {
      in_tag_ = html_;
      const std::string_view ahead = bytes.substr(at + 1, 6);
      if (EqualsIgnoreAsciiCase(ahead, "script") || EqualsIgnoreAsciiCase(ahead.substr(0, 5), "style")) in_script_ = html_;
      if (ahead.substr(0, 1) == "/") in_script_ = false;
      ++at;
      continue;
    }
    if (c == '>') in_tag_ = false;
    if (c == '>' || c == '\n') {
      ++at;
      continue;
    }
    size_t end = at;
    size_t first_high = std::string_view::npos;
    const size_t most = std::min(bytes.size(), at + kStretchBytes);
    while (end < most && kStretchKinds[Byte(bytes, end)] == 0) ++end;
    if (end < most && Byte(bytes, end) >= 0x80) {
      first_high = end;
      while (end < most && kStretchKinds[Byte(bytes, end)] != kEndsStretch) ++end;
    }
    const std::string_view stretch = bytes.substr(at, end - at);
    const bool prose = !in_tag_ && !in_script_;
    if (first_high != std::string_view::npos) {
      size_t begin = std::max(at, first_high < kStretchBefore ? 0 : first_high - kStretchBefore);
      // Long stretches in markup or scripts are cut behind the last other byte.
      size_t stop = end;
      if (!prose) {
        while (stop > first_high && Byte(bytes, stop - 1) < 0x80) --stop;
        stop = std::min(end, stop + 2);
      }
      if (stop - begin > 2 * limit) stop = begin + 2 * limit;
      if (seen_.size() < kStretchesKept && ++seen_[LetterHash(bytes.substr(first_high, stop - first_high))] > kRepetitions) {
        at = end;
        continue;
      }
      const std::string_view taken = bytes.substr(begin, stop - begin);
      sample->append(taken);
      sample->push_back('\n');
      if (sample == &first_) first_high_ += static_cast<size_t>(std::count_if(taken.begin(), taken.end(), [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; }));
    }
    if (prose && plain_.size() < kPlainBytes) {
      plain_.append(stretch.substr(0, kPlainBytes - plain_.size()));
      plain_.push_back('\n');
    }
    at = end;
  }
  if (sample == &later && !later.empty()) {
    later_.push_back(std::move(later));
    if (later_.size() >= kLaterPieces) {
      // Half of them are kept, and of the pieces to come half as many are taken: the whole document stays covered.
      std::vector<std::string> kept;
      for (size_t i = 0; i < later_.size(); i += 2) kept.push_back(std::move(later_[i]));
      later_ = std::move(kept);
      stride_ *= 2;
    }
  }
  return at;
}

const std::string& Evidence::SampleBeginning(size_t high) {
  CollectUntil(high);
  return first_;
}

const std::string& Evidence::plain() {
  CollectUntil(kAll);
  return plain_;
}

std::string Evidence::Sample() {
  CollectUntil(kAll);
  std::string sample = first_;
  for (const std::string& piece : later_) sample += piece;
  return sample;
}

}  // namespace fangzhi::decode
