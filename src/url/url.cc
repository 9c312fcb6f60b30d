// The URL record: serialising (WHATWG URL, 4.5) and what is made from it.
#include "url/url.h"

#include "text/text.h"
#include "url/percent.h"

namespace fangzhi::url {
namespace internal {

bool IsAscii(std::string_view text) {
  for (char c : text) {
    if (static_cast<uint8_t>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace internal

std::string Url::HrefWithoutFragment() const {
  std::string out;
  out.reserve(scheme.size() + path.size() + (host ? host->size() : 0) + (query ? query->size() : 0) +
              username.size() + password.size() + 16);
  out += scheme;
  out += ':';
  if (host) {
    out += "//";
    if (!username.empty() || !password.empty()) {
      out += username;
      if (!password.empty()) {
        out += ':';
        out += password;
      }
      out += '@';
    }
    out += *host;
    if (port) {
      out += ':';
      out += std::to_string(*port);
    }
  } else if (!opaque_path && path.size() >= 2 && path[0] == '/' && path[1] == '/') {
    out += "/.";  // else the path would be read as a host
  }
  out += path;
  if (query) {
    out += '?';
    out += *query;
  }
  return out;
}

std::string Url::Href() const {
  std::string out = HrefWithoutFragment();
  if (fragment) {
    out += '#';
    out += *fragment;
  }
  return out;
}

std::string Url::Origin() const {
  if (scheme == "blob") {
    // 4.7: the origin of the URL inside, when that is an http(s) one. Not recursive: a blob inside a blob has
    // none.
    if (path.substr(0, 4) != "http") return "null";
    const Result<Url> inner = Parse(path);
    return inner && inner->IsHttp() ? inner->Origin() : "null";
  }
  if (!IsHttp() && scheme != "ws" && scheme != "wss" && scheme != "ftp") return "null";
  return scheme + "://" + HostPort();
}

std::string Url::HostPort() const {
  std::string out = host.value_or(std::string());
  if (port) {
    out += ':';
    out += std::to_string(*port);
  }
  return out;
}

std::string Url::PathAndQuery() const {
  std::string out = path.empty() ? "/" : path;
  if (query) {
    out += '?';
    out += *query;
  }
  return out;
}

std::string PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const int byte = text[i] == '%' ? internal::PercentByteAt(text, i) : -1;
    out.push_back(byte < 0 ? text[i] : static_cast<char>(byte));
    i += byte < 0 ? 1 : 3;
  }
  return out;
}

namespace {

// Not shown plainly: U+FFFD, which is what bytes that are not UTF-8 decode to, and what would deceive a
// reader or a terminal: controls, spaces of all kinds, invisible characters and bidirectional controls.
bool IsShowable(char32_t c) {
  if (c < 0x80) return false;  // ASCII stays as written: '%2F' and '/' are different URLs
  if (c <= 0xA0 || c == 0xAD || c == 0x34F || c == 0x61C || c == 0x1680 || c == 0x180E || c == 0x3000)
    return false;
  if (c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0) return false;  // Hangul fillers
  if ((c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F))
    return false;
  if ((c >= 0xE000 && c <= 0xF8FF) || (c >= 0xFFF0 && c <= 0xFFFF) || c == 0xFEFF) return false;
  return c < 0xE0000;  // tags, variation selectors, private planes
}

}  // namespace

std::string Display(std::string_view url) {
  std::string out;
  out.reserve(url.size());
  for (size_t i = 0; i < url.size();) {
    if (url[i] != '%') {
      out.push_back(url[i++]);
      continue;
    }
    // One character: up to four escaped bytes.
    char bytes[4];
    size_t count = 0;
    for (size_t k = i; count < 4 && k < url.size(); k += 3) {
      const int byte = internal::PercentByteAt(url, k);
      if (byte < 0) break;
      bytes[count++] = static_cast<char>(byte);
    }
    size_t length = 0;
    if (count == 0 || !IsShowable(text::DecodeUtf8(std::string_view(bytes, count), length))) {
      out.push_back(url[i++]);
      continue;
    }
    out.append(bytes, length);
    i += 3 * length;
  }
  return out;
}

}  // namespace fangzhi::url
