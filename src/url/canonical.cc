// The normal form under which a page is known. Each rule is a function with a name; none decodes or encodes
// anything, so the bytes that stay are the bytes that were there.
#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/strings.h"
#include "url/percent.h"
#include "url/url.h"

namespace fangzhi::url {
namespace {

bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && EqualsIgnoreAsciiCase(text.substr(0, prefix.size()), prefix);
}

bool IsAlnum(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c);
}

// Rule "session-parameter": the session ids that servlet containers, PHP, ASP, ASP.NET and ColdFusion put
// into a query. Only names that nothing else uses: "sid" and "token" are identifiers of content on many
// sites.
bool IsSessionParameter(std::string_view name, std::string_view value) {
  if (name.size() < 4) return false;
  static constexpr std::array<std::string_view, 4> kNames = {"jsessionid", "phpsessid", "asp.net_sessionid",
                                                             "cftoken"};
  for (std::string_view known : kNames) {
    if (EqualsIgnoreAsciiCase(name, known)) return true;
  }
  if (EqualsIgnoreAsciiCase(name, "cfid")) return ParseUint(value).has_value();
  constexpr std::string_view kAsp = "aspsessionid";  // followed by letters that IIS makes up for each process
  return StartsWithIgnoreCase(name, kAsp) && std::all_of(name.begin() + kAsp.size(), name.end(), IsAlnum);
}

// Rule "tracking-parameter": what campaigns and sharing buttons add; the page is the same without it.
bool IsTrackingParameter(std::string_view name, std::string_view value) {
  if (name.size() < 3) return false;
  if (StartsWithIgnoreCase(name, "utm_")) return true;
  static constexpr std::array<std::string_view, 15> kNames = {
      "spm",  // Alibaba
      "hmsr",
      "hmpl",
      "hmcu",
      "hmkw",
      "hmci",  // Baidu Tongji
      "bd_vid",
      "gclid",
      "dclid",
      "gbraid",  // click ids of advertisements
      "wbraid",
      "fbclid",
      "msclkid",
      "yclid",           //
      "isappinstalled",  // WeChat
  };
  for (std::string_view known : kNames) {
    if (EqualsIgnoreAsciiCase(name, known)) return true;
  }
  // "from" is a name that pages use; only WeChat's own values of it are tracking.
  return EqualsIgnoreAsciiCase(name, "from") &&
         (value == "timeline" || value == "singlemessage" || value == "groupmessage");
}

void RemoveQueryParameters(Url* url) {
  if (!url->query || url->query->empty()) return;
  const std::string_view query = *url->query;
  std::string kept;
  bool removed = false, first = true;
  for (size_t start = 0; start <= query.size();) {
    const size_t end = std::min(query.find('&', start), query.size());
    const std::string_view parameter = query.substr(start, end - start);
    const size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view name = parameter.substr(0, equals);
    const std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
    if (IsSessionParameter(name, value) || IsTrackingParameter(name, value)) {
      removed = true;
    } else {
      if (!first) kept.push_back('&');
      kept += parameter;
      first = false;
    }
    start = end + 1;
  }
  if (!removed) return;
  if (first || kept.empty()) {
    url->query.reset();  // nothing is left: the '?' goes too
  } else {
    url->query = std::move(kept);
  }
}

// ";jsessionid=…", ";WSID=…", ";sid=…": a parameter of a segment that holds a session's id.
bool IsPathSession(std::string_view parameter) {
  static constexpr std::array<std::string_view, 6> kNames = {"jsessionid", "wsid", "sessionid", "session_id", "phpsessid", "sid"};
  const size_t equals = parameter.find('=');
  if (parameter.empty() || equals == std::string_view::npos) return false;
  const std::string_view name = parameter.substr(1, equals - 1);
  // An id is long; a short value may be a number of something.
  constexpr size_t kShortest = 8;
  const bool known = std::any_of(kNames.begin(), kNames.end(), [&](std::string_view each) { return EqualsIgnoreAsciiCase(name, each); });
  return known && (EqualsIgnoreAsciiCase(name, kNames[0]) || parameter.size() - equals > kShortest);
}

// "(S(lit3py55t21z5v55vlm25s55))", "(A(…)S(…)F(…))": a segment that ASP.NET adds for clients without cookies. Its session ids have 24 characters.
bool IsSessionSegment(std::string_view segment) {
  constexpr size_t kSessionId = 24;
  if (segment.size() < 6 || segment.front() != '(' || segment.back() != ')') return false;
  segment = segment.substr(1, segment.size() - 2);
  bool session = false;
  while (!segment.empty()) {
    const size_t close = segment.find(')');
    if (close == std::string_view::npos || segment.size() < 4 || segment[1] != '(') return false;
    const std::string_view value = segment.substr(2, close - 2);
    if (segment[0] != 'A' && segment[0] != 'S' && segment[0] != 'F') return false;
    if (!std::all_of(value.begin(), value.end(), [](char c) { return IsAlnum(c) || c == '-' || c == '_'; })) return false;
    if (segment[0] == 'S' && value.size() != kSessionId) return false;
    session = session || segment[0] == 'S' || value.size() > kSessionId;
    segment.remove_prefix(close + 1);
  }
  return session;
}

// Rule "session-path": session ids in the path, which servers add to links for clients without cookies.
void RemovePathSession(Url* url) {
  if (url->path.find(';') == std::string::npos && url->path.find("/(") == std::string::npos) return;
  const std::string_view path = url->path;
  std::string out;
  for (size_t start = 0; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    if (IsSessionSegment(segment) && end < path.size()) {
      start = end + 1;
      continue;
    }
    std::string kept;
    for (size_t part = 0; part < segment.size();) {
      const size_t next = std::min(segment.find(';', part + 1), segment.size());
      const std::string_view text = segment.substr(part, next - part);
      if (!IsPathSession(text)) kept += text;
      part = next;
    }
    if (start > 0) out.push_back('/');
    // Left alone where a dot segment would stay: it would lead elsewhere at the next parse.
    out += internal::DotSegment(kept) != 0 ? segment : std::string_view(kept);
    start = end + 1;
  }
  url->path = std::move(out);
}

void Normalise(Url* url) {
  url->fragment.reset();  // rule "no-fragment"
  if (!url->opaque_path) RemovePathSession(url);
  RemoveQueryParameters(url);
}

}  // namespace

Url Canonical(Url url) {
  Normalise(&url);
  return url;
}

Result<Url> Canonical(std::string_view input, const Url* base, const QueryEncoder& query_encoder) {
  Result<Url> parsed = Parse(input, base, query_encoder);
  if (!parsed) return parsed;
  Url& url = *parsed;
  if (!url.IsHttp()) return Fail(ErrorKind::kUnsupported, "not an http or https URL", url.scheme + ":");
  Normalise(&url);
  // The length is counted out only where it may matter; delimiters and port are a few bytes.
  const size_t parts = url.username.size() + url.password.size() + url.host->size() + url.path.size() +
                       (url.query ? url.query->size() : 0);
  if (parts > limits::kMaxUrlBytes / 2 && url.Href().size() > limits::kMaxUrlBytes) {
    return Fail(ErrorKind::kLimit, "longer than " + std::to_string(limits::kMaxUrlBytes) + " bytes");
  }
  return parsed;
}

}  // namespace fangzhi::url
