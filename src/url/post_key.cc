#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "url/url.h"

namespace fangzhi::url {
namespace {

constexpr std::string_view kMethod = "__wb_method=POST";
// Bodies are the crawler's own; a deeper one is cut short and keeps its other members.
constexpr int kDeepest = 16;

void AppendEncoded(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out.push_back(c);
    } else if (c == ' ') {
      out.push_back('+');
    } else {
      out.append({'%', kHex[static_cast<unsigned char>(c) >> 4], kHex[static_cast<unsigned char>(c) & 15]});
    }
  }
}

// JSON as name=value pairs in document order. Numbers stand as they are written, so no library that reads values will do.
class JsonPairs {
 public:
  explicit JsonPairs(std::string_view text) : text_(text) {}

  std::string Read() {
    Value("", 0);
    return std::move(out_);
  }

 private:
  void Space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  bool Take(char c) {
    Space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // The characters of the literal whose opening quote is next.
  std::string Literal() {
    std::string out;
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] != '\\' || at_ + 1 >= text_.size()) {
        out.push_back(text_[at_++]);
        continue;
      }
      const char c = text_[at_ + 1];
      at_ += 2;
      switch (c) {
        case 'n': out.push_back('\n'); break;
        case 't': out.push_back('\t'); break;
        case 'r': out.push_back('\r'); break;
        case 'b': out.push_back('\b'); break;
        case 'f': out.push_back('\f'); break;
        case 'u': Escape(out); break;
        default: out.push_back(c);
      }
    }
    if (at_ < text_.size()) ++at_;
    return out;
  }
  uint32_t Unit() {
    uint32_t unit = 0;
    for (int i = 0; i < 4 && at_ < text_.size(); ++i, ++at_) {
      const char c = text_[at_];
      const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 0;
      unit = unit * 16 + static_cast<uint32_t>(digit);
    }
    return unit;
  }
  void Escape(std::string& out) {
    uint32_t point = Unit();
    if (point >= 0xD800 && point < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      point = 0x10000 + ((point - 0xD800) << 10) + (Unit() & 0x3FF);
    }
    if (point < 0x80) {
      out.push_back(static_cast<char>(point));
    } else if (point < 0x800) {
      out.append({static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 63))});
    } else if (point < 0x10000) {
      out.append({static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 63)), static_cast<char>(0x80 | (point & 63))});
    } else {
      out.append({static_cast<char>(0xF0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 63)), static_cast<char>(0x80 | (point >> 6 & 63)),
                  static_cast<char>(0x80 | (point & 63))});
    }
  }
  void Pair(const std::string& name, std::string_view value, bool text) {
    std::string shown = name;
    if (const int count = ++seen_[name]; count > 1) shown += "." + std::to_string(count) + "_";
    if (!out_.empty()) out_.push_back('&');
    AppendEncoded(out_, shown);
    out_.push_back('=');
    if (text) {
      AppendEncoded(out_, value);
    } else {
      out_.append(value == "true" ? "True" : value == "false" ? "False" : value == "null" ? "None" : value);
    }
  }
  void Value(const std::string& name, int depth) {
    Space();
    if (at_ >= text_.size() || depth > kDeepest) {
      at_ = text_.size();
      return;
    }
    if (text_[at_] == '"') return Pair(name, Literal(), true);
    if (Take('{')) {
      while (!Take('}')) {
        Space();
        if (at_ >= text_.size() || text_[at_] != '"') break;
        const std::string member = Literal();
        if (!Take(':')) break;
        Value(member, depth + 1);
        Take(',');
      }
      return;
    }
    if (Take('[')) {
      while (!Take(']') && at_ < text_.size()) {
        Value(name, depth + 1);
        Take(',');
      }
      return;
    }
    const size_t begin = at_;
    at_ = std::min(text_.size(), text_.find_first_of(",]} \t\r\n", at_));
    if (at_ == begin) ++at_;  // no JSON: passed over
    Pair(name, text_.substr(begin, at_ - begin), false);
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string out_;
  std::map<std::string, int> seen_;
};

}  // namespace

std::string PostKey(std::string_view target, std::string_view body) {
  std::string key(target);
  key.push_back(target.find('?') == std::string_view::npos ? '?' : '&');
  key.append(kMethod);
  const bool json = body.starts_with("{") || body.starts_with("[");
  const std::string query = json ? JsonPairs(body).Read() : std::string(body);
  if (!query.empty()) key.append("&").append(query);
  return key;
}

std::string PostTarget(std::string_view key) {
  if (key.find('?') == std::string_view::npos) return {};  // most have no query at all
  const size_t at = key.find(kMethod);
  if (at == std::string_view::npos || at == 0 || (key[at - 1] != '?' && key[at - 1] != '&')) return {};
  const size_t end = at + kMethod.size();
  if (end < key.size() && key[end] != '&') return {};
  return std::string(key.substr(0, at - 1));
}

}  // namespace fangzhi::url
