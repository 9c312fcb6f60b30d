// What belongs to a site: hosts and URL patterns.
#include "config/scope.h"

#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/strings.h"
#include "config/config.h"
#include "url/url.h"

namespace fangzhi::config {
namespace {

// Where the piece of an expression that begins at `at` ends: an escape, a class, a group, or one letter.
size_t PieceEnd(std::string_view expression, size_t at) {
  size_t end = at + 1;
  if (expression[at] == '\\') ++end;
  if (expression[at] == '[') {
    // To its ']', which may stand first, or be that of a class by name.
    if (expression.substr(end, 1) == "^") ++end;
    for (const size_t first = end; end < expression.size() && (expression[end] != ']' || end == first); ++end) {
      if (expression[end] == '\\') ++end;
      if (expression.substr(end, 2) == "[:") end = std::min(expression.find(":]", end), expression.size()) + 1;
    }
    ++end;
  }
  if (expression[at] == '(') {
    while (end < expression.size() && expression[end] != ')') end = PieceEnd(expression, end);
    ++end;
  }
  return std::min(end, expression.size());
}

// What stands between the bars of an expression that is no group.
std::vector<std::string_view> Alternatives(std::string_view expression) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  for (size_t at = 0; at < expression.size(); at = PieceEnd(expression, at)) {
    if (expression[at] != '|') continue;
    parts.push_back(expression.substr(begin, at - begin));
    begin = at + 1;
  }
  parts.push_back(expression.substr(begin));
  return parts;
}

struct Literals {
  std::vector<std::string> any;  // one of them is in every match; empty where none is known for certain
  bool whole = true;             // and what has one of them is a match
};

Literals LiteralsOf(std::string_view expression) {
  // Flags change what the letters behind them mean, and escapes of some kinds take letters with them.
  constexpr std::string_view kAlone = "dDwWsSbBAz";
  for (size_t at = 0; at + 1 < expression.size(); ++at) {
    const std::string_view rest = expression.substr(at);
    if (rest.starts_with("(?") && !rest.starts_with("(?:") && !rest.starts_with("(?P<")) return {{}, false};
    if (rest[0] != '\\') continue;
    ++at;
    if ((IsAsciiAlpha(rest[1]) || IsAsciiDigit(rest[1])) && kAlone.find(rest[1]) == std::string_view::npos) return {{}, false};
  }
  Literals found;
  const std::vector<std::string_view> alternatives = Alternatives(expression);
  if (alternatives.size() > 1) {
    for (const std::string_view alternative : alternatives) {
      const Literals one = LiteralsOf(alternative);
      if (one.any.empty()) return {{}, false};
      found.any.insert(found.any.end(), one.any.begin(), one.any.end());
      found.whole = found.whole && one.whole;
    }
    return found;
  }
  if (expression.starts_with("(?:") && PieceEnd(expression, 0) == expression.size()) return LiteralsOf(expression.substr(3, expression.size() - 4));
  // The longest run of letters that are neither repeated nor may be missing.
  std::string longest, run;
  const auto end_run = [&] {
    if (run.size() > longest.size()) longest = run;
    run.clear();
  };
  for (size_t at = 0; at < expression.size();) {
    const size_t end = PieceEnd(expression, at);
    const char first = expression[at], last = expression[end - 1], next = end < expression.size() ? expression[end] : '\0';
    const bool escaped = first == '\\' && end == at + 2 && last > ' ' && last < 0x7F && !IsAsciiAlpha(last) && !IsAsciiDigit(last);
    const bool plain = end == at + 1 && first > ' ' && first < 0x7F && std::string_view(".^$*+?{}()[]|\\").find(first) == std::string_view::npos;
    const bool repeated = next == '*' || next == '?' || next == '+' || next == '{';
    if ((escaped || plain) && !repeated) {
      run += last;
    } else {
      end_run();
      found.whole = false;
    }
    at = next == '{' ? std::min(expression.find('}', end), expression.size() - 1) + 1 : end + (repeated ? 1 : 0);
  }
  end_run();
  if (longest.empty()) return {{}, false};
  found.any.push_back(std::move(longest));
  return found;
}

class Re2Pattern final : public model::UrlPattern {
 public:
  Re2Pattern(const std::string& text, const RE2::Options& options) : text_(text), regex_(text, options) {
    if (regex_.ok()) literals_ = LiteralsOf(text_);
  }
  bool Matches(std::string_view url) const override {
    // Most addresses lack the letters that a match would have.
    if (!literals_.any.empty()) {
      const bool there = std::any_of(literals_.any.begin(), literals_.any.end(), [url](const std::string& literal) { return url.find(literal) != std::string_view::npos; });
      if (!there || literals_.whole) return there;
    }
    return RE2::PartialMatch(re2::StringPiece(url.data(), url.size()), regex_);
  }
  const std::string& text() const override { return text_; }
  const RE2& regex() const { return regex_; }

 private:
  std::string text_;
  RE2 regex_;
  Literals literals_;
};

// What a site's list of hosts is compared with.
struct Authority {
  std::string_view host;
  std::optional<uint16_t> port;  // as in url::Url: none where it is the scheme's
  uint16_t effective_port = 0;
};

Authority AuthorityOf(const url::Url& url) { return {*url.host, url.port, url.port.value_or(url.scheme == "https" ? 443 : 80)}; }

// That of a URL whose host is its own normal form, as those of links are: letters, digits, dots and hyphens, no number at the end, no port. None where
// only a parser can tell. Most links of a page lead elsewhere, to the same few dozen hosts on each.
std::optional<Authority> PlainAuthority(std::string_view url) {
  const bool https = url.substr(0, 8) == "https://";
  if (!https && url.substr(0, 7) != "http://") return std::nullopt;
  const std::string_view rest = url.substr(https ? 8 : 7);
  size_t end = 0, label = 0;  // where the last label begins
  for (; end < rest.size(); ++end) {
    const char c = rest[end];
    if (c == '.') label = end + 1;
    else if (!(c >= 'a' && c <= 'z') && !IsAsciiDigit(c) && c != '-') break;
  }
  if (end < rest.size() && rest[end] != '/' && rest[end] != '?' && rest[end] != '#') return std::nullopt;
  if (label >= end || IsAsciiDigit(rest[label])) return std::nullopt;
  return Authority{rest.substr(0, end), std::nullopt, static_cast<uint16_t>(https ? 443 : 80)};
}

// Whether what stands between scheme and path of an http or https URL is an entry of the list letter by letter: then it is on that host, for an entry is
// its own normal form. Asked before the rest, since a site's own links are so written.
bool NamesEntry(const std::vector<std::string>& hosts, std::string_view url) {
  const bool https = url.starts_with("https://");
  if (!https && !url.starts_with("http://")) return false;
  const std::string_view rest = url.substr(https ? 8 : 7);
  const std::string_view authority = rest.substr(0, std::min(rest.find('/'), rest.size()));
  return !authority.empty() && authority[0] != '*' && std::any_of(hosts.begin(), hosts.end(), [authority](const std::string& entry) { return entry == authority; });
}

// Splits "host:port"; the colons inside an IPv6 address in brackets belong to the host.
std::pair<std::string_view, std::string_view> SplitPort(std::string_view entry) {
  const size_t colon = entry.rfind(':');
  const size_t bracket = entry.rfind(']');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket))
    return {entry, {}};
  return {entry.substr(0, colon), entry.substr(colon + 1)};
}

bool HostTakes(std::string_view entry, const Authority& authority) {
  const auto [name, port] = SplitPort(entry);
  if (port.empty() ? authority.port.has_value() : ParseUint(port) != authority.effective_port) return false;
  const std::string_view host = authority.host;
  if (name.substr(0, 2) != "*.") return host == name;
  const std::string_view domain = name.substr(2);
  if (host == domain) return true;
  return host.size() > domain.size() + 1 && host.substr(host.size() - domain.size()) == domain &&
         host[host.size() - domain.size() - 1] == '.';
}

bool OnHosts(const std::vector<std::string>& hosts, const Authority& authority) {
  return std::any_of(hosts.begin(), hosts.end(), [&authority](const std::string& entry) { return HostTakes(entry, authority); });
}

}  // namespace

Result<std::string> NormaliseHost(std::string_view entry) {
  const auto fail = [&entry] {
    return Fail(ErrorKind::kInvalidConfig,
                "\"" + std::string(entry) +
                    "\" is no host; expected www.example.gov.cn, *.example.gov.cn or either with :port");
  };
  const std::string_view trimmed = TrimAscii(entry);
  if (trimmed.find_first_of("/@?#\\ ") != std::string_view::npos) return fail();
  const auto [name, port_text] = SplitPort(trimmed);
  const bool below = name.substr(0, 2) == "*.";
  const Result<std::string> host = url::HostToAscii(below ? name.substr(2) : name);
  if (!host || host->empty() || host->find('*') != std::string::npos) return fail();
  if (name.size() == trimmed.size()) return (below ? "*." : "") + *host;
  const std::optional<uint64_t> port = ParseUint(port_text);
  if (!port || *port == 0 || *port > 65535) return fail();
  return (below ? "*." : "") + *host + ":" + std::to_string(*port);
}

bool OnHosts(const std::vector<std::string>& hosts, const url::Url& url) {
  return url.host.has_value() && OnHosts(hosts, AuthorityOf(url));
}

std::shared_ptr<const model::UrlPattern> CompilePattern(const std::string& text, std::string* problem) {
  RE2::Options options;
  options.set_log_errors(false);
  auto pattern = std::make_shared<const Re2Pattern>(text, options);
  if (pattern->regex().ok()) return pattern;
  if (problem != nullptr) *problem = pattern->regex().error();
  return nullptr;
}

bool OnHostsOf(const model::Site& site, std::string_view url) {
  if (NamesEntry(site.hosts, url)) return true;
  if (const auto plain = PlainAuthority(url)) return OnHosts(site.hosts, *plain);
  const Result<url::Url> parsed = url::Parse(url);
  return parsed && parsed->IsHttp() && OnHosts(site.hosts, *parsed);
}

bool InScope(const model::Site& site, std::string_view url, std::string* reason) {
  const auto decide = [reason](bool taken, std::string why) {
    if (reason != nullptr) *reason = std::move(why);
    return taken;
  };
  if (url.size() > limits::kMaxUrlBytes) return decide(false, "URL too long");
  if (NamesEntry(site.hosts, url)) {
    // Nothing more is asked of its host.
  } else if (const auto plain = PlainAuthority(url)) {
    if (!OnHosts(site.hosts, *plain)) return decide(false, "host not listed");
  } else {
    const Result<url::Url> parsed = url::Parse(url);
    if (!parsed || !parsed->IsHttp() || !parsed->host) return decide(false, "not an http or https URL");
    if (!OnHosts(site.hosts, *parsed)) return decide(false, "host not listed");
  }
  for (const auto& pattern : site.exclude) {
    if (pattern->Matches(url)) return decide(false, "exclude: " + pattern->text());
  }
  if (site.include.empty()) return decide(true, "host listed");
  for (const auto& pattern : site.include) {
    if (pattern->Matches(url)) return decide(true, "include: " + pattern->text());
  }
  // Without its seeds a site could not be crawled at all.
  if (std::find(site.seeds.begin(), site.seeds.end(), url) != site.seeds.end()) return decide(true, "seed");
  return decide(false, "no include rule takes it");
}

}  // namespace fangzhi::config
