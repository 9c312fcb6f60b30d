#include "robots/robots.h"

#include <algorithm>
#include <cstdint>
#include <unordered_set>

#include "base/limits.h"
#include "base/strings.h"
#include "robots/pattern.h"
#include "url/url.h"

namespace fangzhi::robots {
namespace {

void AppendUtf8(uint32_t c, std::string* out) {
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (c >> 6)));
    out->push_back(static_cast<char>(0x80 | (c & 63)));
  } else if (c < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | (c >> 12)));
    out->push_back(static_cast<char>(0x80 | ((c >> 6) & 63)));
    out->push_back(static_cast<char>(0x80 | (c & 63)));
  } else {
    out->push_back(static_cast<char>(0xF0 | (c >> 18)));
    out->push_back(static_cast<char>(0x80 | ((c >> 12) & 63)));
    out->push_back(static_cast<char>(0x80 | ((c >> 6) & 63)));
    out->push_back(static_cast<char>(0x80 | (c & 63)));
  }
}

std::string FromUtf16(std::string_view bytes, bool big_endian) {
  std::string out;
  out.reserve(bytes.size() / 2);
  auto unit_at = [&](size_t i) {
    const uint32_t first = static_cast<uint8_t>(bytes[i]), second = static_cast<uint8_t>(bytes[i + 1]);
    return big_endian ? first << 8 | second : second << 8 | first;
  };
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    uint32_t c = unit_at(i);
    if (c >= 0xD800 && c < 0xDC00 && i + 3 < bytes.size() && (unit_at(i + 2) & 0xFC00) == 0xDC00) {
      c = 0x10000 + ((c - 0xD800) << 10) + (unit_at(i + 2) - 0xDC00);
      i += 2;
    } else if (c >= 0xD800 && c < 0xE000) {
      c = 0xFFFD;
    }
    AppendUtf8(c, &out);
  }
  return out;
}

// The encoding of the file by its first bytes. The RFC knows UTF-8 only; editors that add a BOM or save as
// UTF-16 exist, and so do files with a UTF-16 BOM before plain bytes.
enum class Encoding { kUtf8, kUtf16Little, kUtf16Big };
Encoding DetectEncoding(std::string_view* bytes) {
  if (bytes->substr(0, 3) == "\xEF\xBB\xBF") {
    bytes->remove_prefix(3);
    return Encoding::kUtf8;
  }
  const std::string_view mark = bytes->substr(0, 2);
  if (mark == "\xFF\xFE" || mark == "\xFE\xFF") bytes->remove_prefix(2);
  // The first character is ASCII in every file that says something, so one of its two bytes is zero.
  if (bytes->size() >= 2 && ((*bytes)[0] == '\0') != ((*bytes)[1] == '\0')) {
    return (*bytes)[0] == '\0' ? Encoding::kUtf16Big : Encoding::kUtf16Little;
  }
  return Encoding::kUtf8;
}

bool LooksLikeHtml(std::string_view text) {
  text = TrimAscii(text.substr(0, 4096));
  return text.size() >= 2 && text[0] == '<' && (IsAsciiAlpha(text[1]) || text[1] == '!' || text[1] == '?');
}

bool IsTokenChar(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '_';
}

// 2.2.1: the product token, cut at the first character that cannot be in one ("Foo/1.2" is Foo). Digits are
// not in the RFC's grammar, but in the names of crawlers. Empty when the line names nobody.
std::string ProductToken(std::string_view value) {
  if (!value.empty() && value[0] == '*' && (value.size() == 1 || IsAsciiSpace(value[1]))) return "*";
  size_t end = 0;
  while (end < value.size() && IsTokenChar(value[end])) ++end;
  return ToAsciiLower(value.substr(0, end));
}

// The number of a Crawl-delay line, "5", "0.5" or ".5"; what follows a space is ignored.
std::optional<double> ParseDelay(std::string_view value) {
  double whole = 0, fraction = 0, scale = 1;
  size_t i = 0, digits = 0;
  for (; i < value.size() && IsAsciiDigit(value[i]); ++i, ++digits) {
    whole = std::min(whole * 10 + (value[i] - '0'), kMaxCrawlDelaySeconds);
  }
  if (i < value.size() && value[i] == '.') {
    for (++i; i < value.size() && IsAsciiDigit(value[i]); ++i, ++digits) {
      if (scale < 1e9) {
        scale *= 10;
        fraction = fraction * 10 + (value[i] - '0');
      }
    }
  }
  if (digits == 0 || (i < value.size() && !IsAsciiSpace(value[i]))) return std::nullopt;
  return std::min(whole + fraction / scale, kMaxCrawlDelaySeconds);
}

enum class Key { kUserAgent, kAllow, kDisallow, kSitemap, kCrawlDelay, kOther };

// The names of lines, without case. A misspelt "disallow" or "user-agent" (two letters wrong, missing, added
// or swapped) is what its author meant: leaving it out would mean fetching what somebody asked us not to
// fetch. "allow" must be exact.
Key ReadKey(std::string_view key) {
  if (key.size() > 16) return Key::kOther;
  const std::string lower = ToAsciiLower(key);
  if (lower == "allow") return Key::kAllow;
  if (lower == "disallow") return Key::kDisallow;
  if (lower == "user-agent") return Key::kUserAgent;
  if (lower == "sitemap" || lower == "site-map") return Key::kSitemap;
  if (lower == "crawl-delay" || lower == "crawldelay") return Key::kCrawlDelay;
  if (lower.empty()) return Key::kOther;
  if (lower[0] == 'd' && EditDistance(lower, "disallow") <= 2) return Key::kDisallow;
  if (lower[0] == 'u' && EditDistance(lower, "user-agent") <= 2) return Key::kUserAgent;
  return Key::kOther;
}

struct Line {
  std::string_view key, value;
};

// "key: value"; where there is no colon, "key value" of exactly two words.
std::optional<Line> ReadLine(std::string_view text) {
  text = TrimAscii(text.substr(0, text.find('#')));
  size_t separator = text.find(':');
  if (separator == std::string_view::npos) {
    separator = text.find_first_of(" \t");
    if (separator == std::string_view::npos) return std::nullopt;
    if (TrimAscii(text.substr(separator)).find_first_of(" \t") != std::string_view::npos) return std::nullopt;
  }
  return Line{TrimAscii(text.substr(0, separator)), TrimAscii(text.substr(separator + 1))};
}

// Not in the RFC, but what the matchers in use agree on: allowing ".../index.html" allows the folder's own
// URL too, ".../" and nothing after it. Without it a file that opens its front page alone ("Allow:
// /index.html", "Disallow: /") would close it.
void AddRule(RobotsTxt::Rule rule, RobotsTxt::Group* group) {
  constexpr std::string_view kIndex = "/index.html";
  const std::string_view pattern = rule.pattern;
  if (rule.allow && pattern.size() >= kIndex.size() &&
      pattern.substr(pattern.size() - kIndex.size()) == kIndex) {
    RobotsTxt::Rule folder = rule;
    folder.pattern = pattern.substr(0, pattern.size() - kIndex.size() + 1);
    folder.pattern.push_back('$');
    group->rules.push_back(std::move(folder));
  }
  group->rules.push_back(std::move(rule));
}

// The path and query of what Decide was asked, in the form for comparing.
std::string PathOf(std::string_view url) {
  if (!url.empty() && url[0] == '/') return internal::NormalizePath(url.substr(0, url.find('#')), false);
  if (const Result<url::Url> parsed = url::Parse(url); parsed && !parsed->opaque_path) {
    return internal::NormalizePath(parsed->PathAndQuery(), false);
  }
  // Not a URL: what follows the authority, so that even then the rules are asked.
  const size_t scheme = url.find("://");
  const size_t authority = scheme == std::string_view::npos ? 0 : scheme + 3;
  const size_t start = url.find_first_of("/?", authority);
  std::string path(start == std::string_view::npos ? std::string_view()
                                                   : url.substr(start, url.find('#', start) - start));
  if (path.empty() || path[0] != '/') path.insert(0, 1, '/');
  return internal::NormalizePath(path, false);
}

}  // namespace

RobotsTxt RobotsTxt::Parse(std::string_view bytes) {
  // Who fetched it has cut it at the same limit: a file of exactly that size may go on.
  const bool cut = bytes.size() >= limits::kMaxRobotsBytes;
  bytes = bytes.substr(0, limits::kMaxRobotsBytes);
  const Encoding encoding = DetectEncoding(&bytes);
  std::string converted;
  std::string_view text = bytes;
  if (encoding != Encoding::kUtf8) {
    converted = FromUtf16(bytes, encoding == Encoding::kUtf16Big);
    text = converted;
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  }
  if (cut) {
    // Half of "Disallow: /tmp/" could be "Disallow: /".
    const size_t last = text.find_last_of("\r\n");
    text = text.substr(0, last == std::string_view::npos ? 0 : last);
  }

  RobotsTxt robots;
  if (LooksLikeHtml(text)) return robots;
  std::unordered_set<std::string_view> seen_sitemaps;
  bool in_agents = false;  // user-agent lines go on to the same group until its first rule
  size_t delay_from = 0;   // the tokens that the next Crawl-delay is for
  bool delay_seen = false;
  size_t number = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find_first_of("\r\n", start), text.size());
    const std::optional<Line> line = ReadLine(text.substr(start, end - start));
    ++number;
    start = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
    if (!line) continue;
    const Key key = ReadKey(line->key);
    switch (key) {
      case Key::kUserAgent: {
        if (!in_agents) {
          robots.groups_.emplace_back();
          in_agents = true;
          delay_from = 0;
        } else if (delay_seen) {
          delay_from = robots.groups_.back().tokens.size();
        }
        delay_seen = false;
        robots.groups_.back().tokens.push_back(ProductToken(line->value));
        robots.groups_.back().crawl_delay_seconds.emplace_back();
        break;
      }
      case Key::kAllow:
      case Key::kDisallow: {
        if (robots.groups_.empty()) break;  // rules before the first group are nobody's
        in_agents = false;
        if (line->value.empty()) break;  // matches nothing
        std::string written(line->key);
        written += ": ";
        written += line->value;
        AddRule({key == Key::kAllow, internal::NormalizePath(line->value, true), std::move(written), number},
                &robots.groups_.back());
        break;
      }
      case Key::kCrawlDelay: {
        const std::optional<double> delay = ParseDelay(line->value);
        if (robots.groups_.empty() || !delay) break;
        std::vector<std::optional<double>>& delays = robots.groups_.back().crawl_delay_seconds;
        for (size_t i = delay_from; i < delays.size(); ++i)
          delays[i] = std::max(delays[i].value_or(0), *delay);
        delay_seen = true;
        break;
      }
      case Key::kSitemap:
        if (!line->value.empty() && seen_sitemaps.insert(line->value).second)
          robots.sitemaps_.emplace_back(line->value);
        break;
      case Key::kOther:
        break;
    }
  }
  return robots;
}

Decision RobotsTxt::Decide(std::string_view product_token, std::string_view url) const {
  std::string token = ProductToken(TrimAscii(product_token));
  auto names = [](const Group& group, const std::string& wanted) {
    return std::find(group.tokens.begin(), group.tokens.end(), wanted) != group.tokens.end();
  };
  const bool own = !token.empty() && std::any_of(groups_.begin(), groups_.end(),
                                                 [&](const Group& g) { return names(g, token); });
  if (!own) token = "*";

  const std::string path = PathOf(url);
  const Rule* best = nullptr;
  Decision decision;
  for (const Group& group : groups_) {
    bool applies = false;
    for (size_t i = 0; i < group.tokens.size(); ++i) {
      if (group.tokens[i] != token) continue;
      applies = true;
      if (const std::optional<double> delay = group.crawl_delay_seconds[i]) {
        decision.crawl_delay_seconds = std::max(decision.crawl_delay_seconds.value_or(0), *delay);
      }
    }
    if (!applies) continue;
    for (const Rule& rule : group.rules) {
      // 2.2.2: the match with the most octets (of the pattern); allow where an allow and a disallow are
      // equally long; else the first.
      if (best != nullptr &&
          (rule.pattern.size() < best->pattern.size() ||
           (rule.pattern.size() == best->pattern.size() && (best->allow || !rule.allow)))) {
        continue;
      }
      if (internal::Matches(rule.pattern, path)) best = &rule;
    }
  }
  if (best == nullptr || path == "/robots.txt") return decision;
  decision.allowed = best->allow;
  decision.rule = best->written;
  decision.line = best->line;
  return decision;
}

Access AccessForStatus(int status) {
  if (status >= 200 && status < 300) return Access::kParse;
  // 429 asks us to wait, which "unavailable, so everything is allowed" is not.
  if (status == 429) return Access::kDisallowAll;
  if (status >= 300 && status < 500) return Access::kAllowAll;
  return Access::kDisallowAll;
}

}  // namespace fangzhi::robots
