#include "http/link_header.h"

#include <algorithm>

#include "base/limits.h"
#include "base/strings.h"

namespace fangzhi::http {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  void SkipSpace() {
    while (!AtEnd() && IsSpace(text_[at_])) ++at_;
  }
  bool Take(char c) {
    if (AtEnd() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // Up to one of `ends`, which is not taken.
  std::string_view Until(std::string_view ends) {
    const size_t end = std::min(text_.find_first_of(ends, at_), text_.size());
    const std::string_view found = text_.substr(at_, end - at_);
    at_ = end;
    return found;
  }
  // After the opening quote.
  std::string Quoted() {
    std::string value;
    while (!AtEnd()) {
      char c = text_[at_++];
      if (c == '"') break;
      if (c == '\\' && !AtEnd()) c = text_[at_++];
      value.push_back(c);
    }
    return value;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

// RFC 8187: charset'language'percent-encoded. UTF-8 only; anything else stays as it was written.
std::string ExtendedValue(const std::string& value) {
  const size_t first = value.find('\''), second = first == std::string::npos ? first : value.find('\'', first + 1);
  if (second == std::string::npos || !EqualsIgnoreAsciiCase(value.substr(0, first), "utf-8")) return value;
  std::string out;
  for (size_t i = second + 1; i < value.size(); ++i) {
    if (value[i] == '%' && i + 2 < value.size()) {
      if (const auto byte = FromHex(ToAsciiLower(value.substr(i + 1, 2))); byte && byte->size() == 1) {
        out += *byte;
        i += 2;
        continue;
      }
    }
    out.push_back(value[i]);
  }
  return out;
}

}  // namespace

std::string_view LinkValue::Parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return {};
}

std::vector<LinkValue> ParseLinkField(std::string_view field) {
  std::vector<LinkValue> links;
  // Lines that were folded inside a URL or a word: nothing stands for the break.
  std::string unfolded;
  for (size_t at = 0; at < field.size();) {
    const size_t fold = std::min(field.find("\r\n", at), field.size());
    unfolded += field.substr(at, fold - at);
    at = fold + (fold < field.size() ? 2 : 0);
    while (fold < field.size() && at < field.size() && (field[at] == ' ' || field[at] == '\t')) ++at;
  }
  Cursor cursor(unfolded);
  while (links.size() < kMostLinkValues) {
    while (cursor.SkipSpace(), cursor.Take(',')) {
    }
    if (cursor.AtEnd()) break;
    if (!cursor.Take('<')) {  // not a link: on to the next
      cursor.Until(",");
      continue;
    }
    LinkValue link;
    link.target = TrimAscii(cursor.Until(">"));
    if (!cursor.Take('>')) break;
    std::string relations;
    bool has_relation = false;
    while (cursor.SkipSpace(), cursor.Take(';')) {
      cursor.SkipSpace();
      const std::string name = ToAsciiLower(TrimAscii(cursor.Until("=;,")));
      std::string value;
      if (cursor.Take('=')) {
        cursor.SkipSpace();
        value = cursor.Take('"') ? cursor.Quoted() : std::string(TrimAscii(cursor.Until(";,")));
      }
      if (name.empty()) continue;
      if (name == "rel") {
        if (!has_relation) relations = value;  // the first counts (3.3)
        has_relation = true;
        continue;
      }
      if (name.back() == '*') value = ExtendedValue(value);
      const bool known = std::any_of(link.parameters.begin(), link.parameters.end(), [&name](const auto& each) { return each.first == name; });
      if (known || link.parameters.size() >= kMostParameters || name.size() + value.size() > kLongestParameter) continue;
      link.parameters.emplace_back(name, std::move(value));
    }
    // Whatever stands between here and the next comma belongs to nothing.
    cursor.Until(",");
    if (link.target.size() > limits::kMaxUrlBytes) continue;
    bool any = false;
    size_t taken = 0;
    const std::string_view all(relations);
    for (size_t at = 0; at < all.size() && taken < kMostRelations && links.size() < kMostLinkValues;) {
      const size_t end = std::min(all.find(' ', at), all.size());
      const std::string_view relation = TrimAscii(all.substr(at, end - at));
      at = end + 1;
      if (relation.empty() || relation.size() > kLongestParameter) continue;
      ++taken;
      link.rel = relation.find(':') == std::string_view::npos ? ToAsciiLower(relation) : std::string(relation);
      links.push_back(link);
      any = true;
    }
    if (!any) links.push_back(link);
  }
  return links;
}

}  // namespace fangzhi::http
