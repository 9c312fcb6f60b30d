// Labels in the document: byte order mark, Content-Type, <meta>, <?xml?> (HTML Standard, 13.2.3.2 and 4.2.5.5).
#include <algorithm>

#include "base/strings.h"
#include "decode/encodings.h"

namespace fangzhi::decode {
namespace {

// The standard's 1024 bytes are for streams; here the page is whole, and real pages have their <meta> after long scripts. Past 1024
// bytes the search ends where the body begins.
constexpr size_t kStandardPrescan = 1024;
constexpr size_t kMaxPrescan = size_t{256} << 10;

class Prescanner {
 public:
  explicit Prescanner(std::string_view bytes) : bytes_(bytes.substr(0, kMaxPrescan)) {}

  Prescan Run() {
    while (at_ < bytes_.size()) {
      at_ = bytes_.find('<', at_);
      if (at_ == std::string_view::npos) break;
      const std::string_view rest = bytes_.substr(at_);
      if (rest.substr(0, 4) == "<!--") {
        const size_t end = bytes_.find("-->", at_ + 2);
        if (end == std::string_view::npos) break;
        at_ = end + 3;
      } else if (StartsTag(rest, "meta")) {
        at_ += 5;
        if (Meta()) return found_;
      } else if (rest.size() > 1 && (IsAsciiAlpha(rest[1]) || (rest[1] == '/' && rest.size() > 2 && IsAsciiAlpha(rest[2])))) {
        if (at_ > kStandardPrescan && StartsTag(rest, "body")) break;
        while (at_ < bytes_.size() && !IsAsciiSpace(bytes_[at_]) && bytes_[at_] != '>') ++at_;
        std::string name;
        std::string value;
        while (Attribute(name, value)) {
        }
      } else if (rest.size() > 1 && (rest[1] == '!' || rest[1] == '/' || rest[1] == '?')) {
        at_ = bytes_.find('>', at_);
        if (at_ == std::string_view::npos) break;
      } else {
        ++at_;
      }
    }
    if (!found_.encoding.has_value()) XmlDeclaration();
    return found_;
  }

 private:
  static bool StartsTag(std::string_view rest, std::string_view name) {
    if (rest.size() < name.size() + 2 || !EqualsIgnoreAsciiCase(rest.substr(1, name.size()), name)) return false;
    const char next = rest[name.size() + 1];
    return IsAsciiSpace(next) || next == '/' || (next == '>' && name == "body");
  }

  // "Get an attribute". False at the end of the tag; the end of the bytes ends the whole scan (at_ is then past them).
  bool Attribute(std::string& name, std::string& value) {
    name.clear();
    value.clear();
    while (at_ < bytes_.size() && (IsAsciiSpace(bytes_[at_]) || bytes_[at_] == '/')) ++at_;
    if (at_ >= bytes_.size() || bytes_[at_] == '>') return false;
    for (;; ++at_) {
      if (at_ >= bytes_.size()) return false;
      const char c = bytes_[at_];
      if (c == '=' && !name.empty()) break;
      if (IsAsciiSpace(c)) {
        while (at_ < bytes_.size() && IsAsciiSpace(bytes_[at_])) ++at_;
        if (at_ >= bytes_.size()) return false;
        if (bytes_[at_] != '=') return true;
        break;
      }
      if (c == '/' || c == '>') return true;
      name.push_back(ToAsciiLower(c));
    }
    ++at_;  // past '='
    while (at_ < bytes_.size() && IsAsciiSpace(bytes_[at_])) ++at_;
    if (at_ >= bytes_.size()) return false;
    const char quote = bytes_[at_];
    if (quote == '"' || quote == '\'') {
      const size_t end = bytes_.find(quote, at_ + 1);
      if (end == std::string_view::npos) {
        at_ = bytes_.size();
        return false;
      }
      value = ToAsciiLower(bytes_.substr(at_ + 1, end - at_ - 1));
      at_ = end + 1;
      return true;
    }
    while (at_ < bytes_.size() && !IsAsciiSpace(bytes_[at_]) && bytes_[at_] != '>') {
      value.push_back(ToAsciiLower(bytes_[at_]));
      ++at_;
    }
    return at_ < bytes_.size();
  }

  bool Meta() {
    bool seen_pragma = false;
    bool seen_content = false;
    bool seen_charset = false;
    bool got_pragma = false;
    std::optional<bool> need_pragma;
    std::string label;
    std::string name;
    std::string value;
    while (Attribute(name, value)) {
      if (name == "http-equiv" && !seen_pragma) {
        seen_pragma = true;
        got_pragma = value == "content-type";
      } else if (name == "content" && !seen_content) {
        seen_content = true;
        const std::string charset = CharsetInContent(value);
        if (!charset.empty() && label.empty()) {
          label = charset;
          need_pragma = true;
        }
      } else if (name == "charset" && !seen_charset) {
        seen_charset = true;
        label = value;
        need_pragma = false;
      }
    }
    if (at_ >= bytes_.size()) return false;
    if (!need_pragma.has_value() || (*need_pragma && !got_pragma)) return false;
    return Settle(label);
  }

  bool Settle(std::string_view label) {
    if (found_.label.empty()) found_.label = std::string(TrimAscii(label));
    std::optional<std::string_view> encoding = EncodingForLabel(label);
    if (!encoding.has_value()) return false;
    // A document that could be scanned as ASCII is not in UTF-16; x-user-defined is for scripts.
    if (*encoding == "UTF-16LE" || *encoding == "UTF-16BE") encoding = "UTF-8";
    if (*encoding == "x-user-defined") encoding = "windows-1252";
    found_.label = std::string(TrimAscii(label));
    found_.encoding = encoding;
    return true;
  }

  // "Extracting a character encoding from a meta element"; the text is in lower case.
  static std::string CharsetInContent(std::string_view content) {
    for (size_t at = 0;;) {
      at = content.find("charset", at);
      if (at == std::string_view::npos) return {};
      at += 7;
      while (at < content.size() && IsAsciiSpace(content[at])) ++at;
      if (at >= content.size() || content[at] != '=') continue;
      ++at;
      while (at < content.size() && IsAsciiSpace(content[at])) ++at;
      if (at >= content.size()) return {};
      const char quote = content[at];
      if (quote == '"' || quote == '\'') {
        const size_t end = content.find(quote, at + 1);
        return end == std::string_view::npos ? std::string() : std::string(content.substr(at + 1, end - at - 1));
      }
      size_t end = at;
      while (end < content.size() && !IsAsciiSpace(content[end]) && content[end] != ';') ++end;
      return std::string(content.substr(at, end - at));
    }
  }

  // "Get an XML encoding".
  void XmlDeclaration() {
    if (bytes_.substr(0, 5) != "<?xml") return;
    const std::string_view declaration = bytes_.substr(0, bytes_.find('>'));
    size_t at = declaration.find("encoding");
    if (at == std::string_view::npos) return;
    at += 8;
    auto skip = [&] {
      while (at < declaration.size() && static_cast<unsigned char>(declaration[at]) <= 0x20) ++at;
    };
    skip();
    if (at >= declaration.size() || declaration[at] != '=') return;
    ++at;
    skip();
    if (at >= declaration.size() || (declaration[at] != '"' && declaration[at] != '\'')) return;
    const size_t end = declaration.find(declaration[at], at + 1);
    if (end == std::string_view::npos) return;
    Settle(declaration.substr(at + 1, end - at - 1));
  }

  std::string_view bytes_;
  size_t at_ = 0;
  Prescan found_;
};

}  // namespace

ByteOrderMark FindByteOrderMark(std::string_view bytes) {
  if (bytes.substr(0, 3) == "\xEF\xBB\xBF") return {"UTF-8", 3};
  if (bytes.substr(0, 2) == "\xFE\xFF") return {"UTF-16BE", 2};
  if (bytes.substr(0, 2) == "\xFF\xFE") return {"UTF-16LE", 2};
  if (bytes.substr(0, 4) == "\x84\x31\x95\x33") return {"gb18030", 4};  // not in the standard, but nothing else starts so
  return {};
}

std::string CharsetParameter(std::string_view content_type) {
  size_t at = 0;
  while ((at = FindIgnoreAsciiCase(content_type, "charset", at)) != std::string_view::npos) {
    const bool starts = at > 0 && (content_type[at - 1] == ';' || content_type[at - 1] == ',' || IsAsciiSpace(content_type[at - 1]));
    at += 7;
    if (!starts) continue;
    while (at < content_type.size() && IsAsciiSpace(content_type[at])) ++at;
    if (at >= content_type.size() || content_type[at] != '=') continue;
    std::string_view value = TrimAscii(content_type.substr(at + 1));
    if (!value.empty() && (value[0] == '"' || value[0] == '\'')) {
      const size_t end = value.find(value[0], 1);
      return std::string(TrimAscii(value.substr(1, end == std::string_view::npos ? end : end - 1)));
    }
    return std::string(TrimAscii(value.substr(0, value.find_first_of(";, \t"))));
  }
  return {};
}

Prescan PrescanMeta(std::string_view bytes) { return Prescanner(bytes).Run(); }

}  // namespace fangzhi::decode
