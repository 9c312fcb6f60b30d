#include "html/stand_ins.h"

#include <algorithm>

#include "base/strings.h"
#include "text/text.h"

namespace fangzhi::html {
namespace {

// U+F0000 … U+FFFFD and U+100000 … U+10FFFD.
constexpr uint32_t kPlaneSize = 0xFFFE;
constexpr uint32_t kFirst = 0xF0000, kSecond = 0x100000;
constexpr size_t kBytes = 4;

bool IsLead(char c) { return c == '\xF3' || c == '\xF4'; }

// The index that a stand-in holds; `at` is its first byte.
uint32_t IndexAt(std::string_view text, size_t at) {
  const auto bits = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(text[at + i]) & 0x3F); };
  const uint32_t character = ((static_cast<unsigned char>(text[at]) & 7u) << 18) | (bits(1) << 12) | (bits(2) << 6) | bits(3);
  return character >= kSecond ? character - kSecond + kPlaneSize : character - kFirst;
}

char32_t CharacterAt(uint32_t index) { return index < kPlaneSize ? kFirst + index : kSecond + (index - kPlaneSize); }

// Whether a numeric character reference names a character that could be taken for a stand-in.
bool RefersToPrivatePlanes(std::string_view text) {
  for (size_t at = text.find("&#"); at != std::string_view::npos; at = text.find("&#", at)) {
    at += 2;
    const bool hex = at < text.size() && (text[at] == 'x' || text[at] == 'X');
    if (hex) ++at;
    uint32_t value = 0;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      uint32_t digit = 0;
      if (IsAsciiDigit(c)) {
        digit = static_cast<uint32_t>(c - '0');
      } else if (hex && ToAsciiLower(c) >= 'a' && ToAsciiLower(c) <= 'f') {
        digit = static_cast<uint32_t>(ToAsciiLower(c) - 'a' + 10);
      } else {
        break;
      }
      // Gumbo lets a number wrap around: whatever is as large as this may name anything.
      value = std::min<uint32_t>(value * (hex ? 16 : 10) + digit, kFirst);
    }
    if (value >= kFirst) return true;
  }
  return false;
}

}  // namespace

void AppendNormalised(std::string_view text, std::string& out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out.push_back(text[i]);
    } else {
      out.push_back('\n');
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    }
  }
}

bool IsOrderlyComment(std::string_view comment) {
  if (comment.size() < 8 || !comment.starts_with("<!--") || !comment.ends_with("-->")) return false;
  const std::string_view content = comment.substr(4, comment.size() - 7);
  return content.front() != '>' && content.front() != '-' && content.back() != '-' && content.find("--") == std::string_view::npos;
}

bool NextAttribute(std::string_view markup, size_t& at, AttributeSpan& attribute) {
  const size_t size = markup.size();
  while (at < size && (IsAsciiSpace(markup[at]) || markup[at] == '/')) ++at;
  if (at >= size || markup[at] == '>') return false;
  attribute.name_begin = at;
  ++at;  // also where it is '=': an attribute's name may begin so
  while (at < size && !kNameEnds.attribute[static_cast<unsigned char>(markup[at])]) ++at;
  attribute.name_end = attribute.value_begin = attribute.value_end = attribute.end = at;
  attribute.quoted = false;
  while (at < size && IsAsciiSpace(markup[at])) ++at;
  if (at >= size || markup[at] != '=') return true;
  ++at;
  while (at < size && IsAsciiSpace(markup[at])) ++at;
  attribute.value_begin = attribute.value_end = attribute.end = at;
  if (at >= size) return true;
  if (const char quote = markup[at]; quote == '"' || quote == '\'') {
    const size_t close = markup.find(quote, at + 1);
    attribute.quoted = true;
    attribute.value_begin = at + 1;
    attribute.value_end = std::min(close, size);
    at = close == std::string_view::npos ? size : close + 1;
  } else {
    while (at < size && !IsAsciiSpace(markup[at]) && markup[at] != '>') ++at;
    attribute.value_end = at;
  }
  attribute.end = at;
  return true;
}

StandIns::StandIns(std::string_view source) : source_(source) {
  usable_ = source.size() < UINT32_MAX && source.find('\xF3') == std::string_view::npos && source.find('\xF4') == std::string_view::npos &&
            source.find('\0') == std::string_view::npos && text::IsValidUtf8(source) && !RefersToPrivatePlanes(source);
}

char32_t StandIns::Take(size_t begin, size_t end, std::span<const AttributeSpan> attributes) {
  if (!usable_ || end - begin < kShortestRun || runs_.size() >= 2 * kPlaneSize) return 0;
  const auto index = static_cast<uint32_t>(runs_.size());
  runs_.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end), static_cast<uint32_t>(attributes_.size()), static_cast<uint32_t>(attributes.size())});
  attributes_.insert(attributes_.end(), attributes.begin(), attributes.end());
  return CharacterAt(index);
}

char32_t StandIns::TakeWhole(uint32_t node) {
  if (runs_.size() >= 2 * kPlaneSize) return 0;
  const auto index = static_cast<uint32_t>(runs_.size());
  runs_.push_back({node, 0, 0, kWhole});
  return CharacterAt(index);
}

std::optional<uint32_t> StandIns::WholeOf(std::string_view name) const {
  if (runs_.empty() || name.size() != kBytes || !IsLead(name.front())) return std::nullopt;
  const Run& run = runs_[IndexAt(name, 0)];
  return run.attribute_count == kWhole ? std::optional(run.begin) : std::nullopt;
}

std::string_view StandIns::Restore(std::string_view text) {
  if (runs_.empty()) return text;
  const auto found = std::find_if(text.begin(), text.end(), IsLead);
  if (found == text.end()) return text;
  const auto first = static_cast<size_t>(found - text.begin());
  if (first + kBytes == text.size()) {
    // White space and one run, as in the source: nothing needs to be copied.
    const Run run = runs_[IndexAt(text, first)];
    if (run.begin >= first && source_.substr(run.begin - first, first) == text.substr(0, first)) {
      const std::string_view original = source_.substr(run.begin - first, first + run.end - run.begin);
      if (original.find('\r') == std::string_view::npos) return original;
    }
  }
  std::string& built = built_.emplace_back();
  for (size_t at = 0; at < text.size();) {
    if (!IsLead(text[at])) {
      built.push_back(text[at++]);
      continue;
    }
    const Run run = runs_[IndexAt(text, at)];
    AppendNormalised(source_.substr(run.begin, run.end - run.begin), built);
    at += kBytes;
  }
  return built;
}

std::span<const AttributeSpan> StandIns::AttributesOf(std::string_view name) const {
  if (runs_.empty() || name.size() != kBytes || !IsLead(name.front())) return {};
  const Run& run = runs_[IndexAt(name, 0)];
  if (run.attribute_count == kWhole) return {};
  return std::span(attributes_).subspan(run.first_attribute, run.attribute_count);
}

}  // namespace fangzhi::html
