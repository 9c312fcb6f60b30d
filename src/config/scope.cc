// What belongs to a site: hosts and URL patterns.
#include "config/scope.h"

#include <re2/re2.h>

#include <algorithm>

#include "base/limits.h"
#include "base/strings.h"
#include "config/config.h"
#include "url/url.h"

namespace fangzhi::config {
namespace {

class Re2Pattern final : public model::UrlPattern {
 public:
  Re2Pattern(const std::string& text, const RE2::Options& options) : text_(text), regex_(text, options) {}
  bool Matches(std::string_view url) const override {
    return RE2::PartialMatch(re2::StringPiece(url.data(), url.size()), regex_);
  }
  const std::string& text() const override { return text_; }
  const RE2& regex() const { return regex_; }

 private:
  std::string text_;
  RE2 regex_;
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
