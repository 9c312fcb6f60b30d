// SURT keys, de facto form: what surt.py (the reference), jwarc and Heritrix make with their default options,
// step by step. The form decodes and lower-cases, so two URLs may share a key: keys are for ordering and
// lookup, never for identity.
#include <algorithm>
#include <array>
#include <vector>

#include "base/strings.h"
#include "url/host.h"
#include "url/percent.h"
#include "url/url.h"

namespace fangzhi::url {
namespace {

// "unescapeRepeatedly": %XX is decoded until nothing is left to decode. Done in one pass with the output as a
// stack: escapes cannot overlap, so the order of decoding does not matter, and "%252525…" stays linear.
std::string UnescapeRepeatedly(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    out.push_back(c);
    while (out.size() >= 3) {
      const int byte = internal::PercentByteAt(out, out.size() - 3);
      if (byte < 0) break;
      out.resize(out.size() - 3);
      out.push_back(static_cast<char>(byte));
    }
  }
  return out;
}

// "escapeOnce": controls, space, '#', '%' and bytes past ASCII.
std::string EscapeOnce(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '#' || c == '%') {
      internal::AppendPercentByte(c, &out);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// "normalizePath": dot segments resolved, empty segments dropped, a trailing slash kept (it goes later).
std::string NormalizePath(std::string_view path) {
  std::vector<std::string_view> kept;
  for (size_t start = 1; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (segment != ".") {
      kept.push_back(segment);
    }
    start = end + 1;
  }
  std::string out = "/";
  for (size_t i = 0; i < kept.size(); ++i) {
    out += kept[i];
    if (i + 1 < kept.size() && !kept[i].empty()) out.push_back('/');
  }
  return out;
}

// "attemptIPFormats": short, octal and single-number forms of IPv4 become four parts.
std::string NormalizeIpv4(const std::string& host) {
  if (host.empty() || host.find_first_not_of("0123456789.") != std::string::npos) return host;
  uint64_t value = 0;
  if (host.find('.') == std::string::npos) {
    for (char c : host)
      value =
          (value * 10 + static_cast<uint64_t>(c - '0')) & 0xFFFFFFFFu;  // modulo 2^32, as the reference does
    const Result<std::string> dotted = internal::ParseHost(std::to_string(value), false);
    return dotted ? *dotted : host;
  }
  const Result<std::string> dotted = internal::ParseHost(host, false);
  return dotted ? *dotted : host;
}

std::string NormalizeHost(std::string_view raw) {
  std::string host = UnescapeRepeatedly(raw);
  if (!internal::IsAscii(host)) {
    if (Result<std::string> ascii = HostToAscii(host)) host = std::move(*ascii);
  }
  host = ToAsciiLower(ReplaceAll(host, "..", "."));
  const size_t first = host.find_first_not_of('.');
  host =
      first == std::string::npos ? std::string() : host.substr(first, host.find_last_not_of('.') - first + 1);
  host = EscapeOnce(NormalizeIpv4(host));
  // "massageHost": a leading www, www2, www34…
  if (host.compare(0, 3, "www") == 0) {
    size_t dot = 3;
    while (dot < host.size() && IsAsciiDigit(host[dot])) ++dot;
    if (dot < host.size() && host[dot] == '.') host.erase(0, dot + 1);
  }
  return host;
}

// "hostToSURT": labels (or the four parts of an address) in reverse; an IPv6 address stays, without its
// brackets.
std::string ReverseHost(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    return std::string(host.substr(1, host.size() - 2));
  std::string out;
  out.reserve(host.size());
  for (size_t end = host.size();;) {
    const size_t dot = end == 0 ? std::string_view::npos : host.rfind('.', end - 1);
    const size_t start = dot == std::string_view::npos ? 0 : dot + 1;
    out += host.substr(start, end - start);
    if (start == 0) break;
    out.push_back(',');
    end = start - 1;
  }
  return out;
}

bool AllOf(std::string_view text, bool digits) {
  return std::all_of(text.begin(), text.end(),
                     [digits](char c) { return IsAsciiAlpha(c) || (digits && IsAsciiDigit(c)); });
}

// One pattern of "stripQuerySessionID": NAME (and `suffix_letters` letters) '=' and `length` characters, then
// '&' or the end. The last occurrence goes, with the '&' after it.
void StripParameter(std::string_view name, size_t suffix_letters, size_t length, bool digits,
                    std::string* query) {
  const std::string lower = ToAsciiLower(*query);
  const size_t whole = name.size() + suffix_letters + 1 + length;
  for (size_t at = lower.rfind(name); at != std::string::npos;
       at = at == 0 ? at - 1 : lower.rfind(name, at - 1)) {
    if (lower.size() - at < whole) continue;
    const std::string_view match = std::string_view(lower).substr(at, whole);
    const size_t equals = name.size() + suffix_letters;
    if (match[equals] != '=' || !AllOf(match.substr(name.size(), suffix_letters), false) ||
        !AllOf(match.substr(equals + 1), digits)) {
      continue;
    }
    const size_t end = at + whole;
    if (end < lower.size() && lower[end] != '&') continue;
    query->erase(at, std::min(end + 1, lower.size()) - at);
    return;
  }
}

// The ColdFusion pair "cfid=…&cftoken=…".
void StripColdFusion(std::string* query) {
  const std::string lower = ToAsciiLower(*query);
  constexpr std::string_view kSecond = "&cftoken=";
  for (size_t token = lower.rfind(kSecond); token != std::string::npos && token > 0;
       token = lower.rfind(kSecond, token - 1)) {
    const size_t ampersand = lower.rfind('&', token - 1);
    const size_t start = ampersand == std::string::npos ? 0 : ampersand + 1;
    const size_t value = token + kSecond.size();
    const size_t end = std::min(lower.find('&', value), lower.size());
    const size_t found = std::string_view(lower).substr(start, token - start).rfind("cfid=");
    if (end == value || found == std::string_view::npos || start + found + 5 == token) continue;
    const size_t at = start + found;
    query->erase(at, std::min(end + 1, lower.size()) - at);
    return;
  }
}

std::string NormalizeQuery(std::string_view raw) {
  std::string query = EscapeOnce(UnescapeRepeatedly(raw));
  StripParameter("jsessionid", 0, 32, true, &query);
  StripParameter("phpsessid", 0, 32, true, &query);
  StripParameter("sid", 0, 32, true, &query);
  StripParameter("aspsessionid", 8, 24, false, &query);
  StripColdFusion(&query);
  query = ToAsciiLower(query);
  // "alphaReorderQuery": by name, then value; a name without '=' before the same name with one.
  std::vector<std::string_view> parameters = Split(query, '&');
  std::stable_sort(parameters.begin(), parameters.end(), [](std::string_view a, std::string_view b) {
    const size_t a_equals = std::min(a.find('='), a.size());
    const size_t b_equals = std::min(b.find('='), b.size());
    const int order = a.substr(0, a_equals).compare(b.substr(0, b_equals));
    return order != 0 ? order < 0 : a.substr(a_equals) < b.substr(b_equals);
  });
  std::string out;
  out.reserve(query.size());
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (i > 0) out.push_back('&');
    out += parameters[i];
  }
  return out;
}

// "stripPathSessionID": ASP.NET's "/(S(24 characters))/" and "/(24 characters)/" before an .aspx page. `path`
// is lower case.
std::string StripPathSession(std::string path) {
  const size_t page = path.rfind(".aspx");
  if (page == std::string::npos) return path;
  for (size_t open = path.rfind("/(", page); open != std::string::npos && open < page;
       open = open == 0 ? std::string::npos : path.rfind("/(", open - 1)) {
    const size_t slash = path.find('/', open + 2);  // segments do not overlap: linear
    if (slash == std::string::npos || slash + 1 >= page || path[slash - 1] != ')') continue;
    std::string_view id = std::string_view(path).substr(open + 2, slash - 1 - (open + 2));
    bool matches = id.size() == 24 && AllOf(id, true);
    while (!matches && id.size() >= 27 && IsAsciiAlpha(id[0]) && id[1] == '(' && id[26] == ')' &&
           AllOf(id.substr(2, 24), true)) {
      id.remove_prefix(27);
      matches = id.empty();
    }
    if (matches) return path.substr(0, open + 1) + path.substr(slash + 1);
  }
  return path;
}

// Schemes whose names are no hosts: the key is the URL itself.
bool IsOpaque(std::string_view url) {
  for (std::string_view scheme : {"dns:", "filedesc:", "warcinfo:", "mailto:", "urn:", "screenshot:", "data:",
                                  "about:", "javascript:"}) {
    if (EqualsIgnoreAsciiCase(url.substr(0, scheme.size()), scheme)) return true;
  }
  return false;
}

}  // namespace

std::string Surt(std::string_view input) {
  std::string url;
  url.reserve(input.size());
  for (char c : TrimAscii(input)) {
    if (c != '\t' && c != '\n' && c != '\r') url.push_back(c);
  }
  if (url.empty() || IsOpaque(url)) return url;

  // RFC 2396, appendix B; "http://" is what a URL without a scheme gets.
  std::string_view rest = url;
  rest = rest.substr(0, rest.find('#'));
  std::string scheme = "http";
  const size_t colon = rest.find(':');
  if (colon != std::string_view::npos && colon > 0 && rest.substr(colon + 1, 1) == "/") {
    scheme = ToAsciiLower(rest.substr(0, colon));
    rest.remove_prefix(colon + 1);
  }
  while (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);

  const size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, authority_end);
  rest.remove_prefix(authority_end);
  const size_t at = authority.rfind('@');
  if (at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::string_view port;
  const size_t port_colon = authority.rfind(':');
  if (port_colon != std::string_view::npos && authority.find(']', port_colon) == std::string_view::npos) {
    port = authority.substr(port_colon + 1);
    authority = authority.substr(0, port_colon);
  }
  const bool default_port =
      port.empty() || (scheme == "http" && port == "80") || (scheme == "https" && port == "443");

  const size_t query_start = rest.find('?');
  const std::string_view raw_path = rest.substr(0, query_start);
  std::string path = StripPathSession(ToAsciiLower(EscapeOnce(NormalizePath(UnescapeRepeatedly(raw_path)))));
  if (path.size() > 1 && path.back() == '/') path.pop_back();

  std::string key = ReverseHost(NormalizeHost(authority));
  if (!default_port) {
    key.push_back(':');
    key += port;
  }
  key.push_back(')');
  key += path;
  if (query_start != std::string_view::npos) {
    const std::string query = NormalizeQuery(rest.substr(query_start + 1));
    if (!query.empty()) {
      key.push_back('?');
      key += query;
    }
  }
  return key;
}

}  // namespace fangzhi::url
