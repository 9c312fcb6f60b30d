// Facts of the head that change where a page's links lead: <base> and meta refresh.

#include "base/strings.h"
#include "links/links.h"

namespace fangzhi::links {
namespace {

// Whether the node stands in an element of that name. Facts in a template are no facts.
bool Within(const html::Document& document, html::NodeIndex index, uint16_t tag) {
  for (html::NodeIndex at = document.node(index).parent; at != html::kNone; at = document.node(at).parent) {
    if (document.node(at).tag == tag && document.node(at).type == html::NodeType::kElement) return true;
  }
  return false;
}

// A <base> in the head's <noscript> ends that element for Gumbo, as for a browser without scripts, and then stands behind it.
// For a reader with scripts it is text: the markup tells.
bool BehindNoscript(const html::Document& document, html::NodeIndex index, uint16_t noscript) {
  bool sibling = false;
  const html::NodeIndex parent = document.node(index).parent;
  for (html::NodeIndex at = parent + 1; at < index; at = document.node(at).end) {
    sibling = sibling || document.node(at).tag == noscript;
  }
  if (!sibling) return false;
  const std::string_view source = document.source();
  const size_t open = FindIgnoreAsciiCase(source, "<noscript");
  if (open == std::string_view::npos) return false;
  const size_t close = FindIgnoreAsciiCase(source, "</noscript", open);
  return FindIgnoreAsciiCase(source.substr(0, close), "<base", open) != std::string_view::npos;
}

// WHATWG HTML 4.2.5.3, "shared declarative refresh steps". False where the value asks for nothing.
bool ParseRefresh(std::string_view input, int& seconds, std::string& target) {
  size_t at = 0;
  const auto skip_space = [&] {
    while (at < input.size() && IsAsciiSpace(input[at])) ++at;
  };
  skip_space();
  const size_t digits = at;
  int64_t time = 0;
  while (at < input.size() && IsAsciiDigit(input[at])) {
    if (time < 1'000'000) time = time * 10 + (input[at] - '0');
    ++at;
  }
  if (at == digits && (at == input.size() || input[at] != '.')) return false;
  while (at < input.size() && (IsAsciiDigit(input[at]) || input[at] == '.')) ++at;
  seconds = static_cast<int>(time);
  target.clear();
  if (at == input.size()) return true;
  if (input[at] != ';' && input[at] != ',' && !IsAsciiSpace(input[at])) return false;
  skip_space();
  if (at < input.size() && (input[at] == ';' || input[at] == ',')) ++at;
  skip_space();
  if (at == input.size()) return true;
  size_t begin = at;
  if (EqualsIgnoreAsciiCase(input.substr(at, 3), "url")) {
    size_t after = at + 3;
    while (after < input.size() && IsAsciiSpace(input[after])) ++after;
    if (after < input.size() && input[after] == '=') {
      ++after;
      while (after < input.size() && IsAsciiSpace(input[after])) ++after;
      begin = after;
    }
  }
  std::string_view rest = input.substr(begin);
  if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) {
    const size_t close = rest.find(rest[0], 1);
    rest = rest.substr(1, close == std::string_view::npos ? close : close - 1);
  }
  target = rest;
  return true;
}

}  // namespace

url::Url BaseUrl(const html::Document& document, const url::Url& page_url) {
  const uint16_t base = html::Tag("base"), template_tag = html::Tag("template"), noscript = html::Tag("noscript");
  for (html::NodeIndex i = 0; i < document.nodes().size(); ++i) {
    if (document.node(i).tag != base || document.node(i).type != html::NodeType::kElement) continue;
    const auto href = document.attribute(i, "href");
    if (!href || Within(document, i, template_tag) || Within(document, i, noscript)) continue;
    if (BehindNoscript(document, i, noscript)) continue;
    // Only the first one with an href counts, also where it cannot be used (WHATWG HTML 4.2.3).
    Result<url::Url> parsed = url::Parse(*href, &page_url);
    if (!parsed || parsed->scheme == "data" || parsed->scheme == "javascript") return page_url;
    return std::move(*parsed);
  }
  return page_url;
}

std::string MetaRefreshTarget(const LinkInput& input, int max_seconds) {
  const html::Document& document = input.document;
  const uint16_t meta = html::Tag("meta"), template_tag = html::Tag("template");
  std::optional<url::Url> base;
  for (html::NodeIndex i = 0; i < document.nodes().size(); ++i) {
    if (document.node(i).tag != meta || document.node(i).type != html::NodeType::kElement) continue;
    const auto name = document.attribute(i, "http-equiv");
    const auto content = document.attribute(i, "content");
    if (!name || !content || !EqualsIgnoreAsciiCase(TrimAscii(*name), "refresh") || Within(document, i, template_tag)) continue;
    int seconds = 0;
    std::string target;
    if (!ParseRefresh(*content, seconds, target)) continue;
    // A page that loads itself again is no redirect; the first valid refresh is the one that browsers obey.
    if (target.empty() || seconds > max_seconds) return {};
    if (!base) base = BaseUrl(document, input.page_url);
    const Result<url::Url> parsed = url::Canonical(target, &*base, input.query_encoder);
    if (!parsed) return {};
    const std::string href = parsed->HrefWithoutFragment();
    return href == input.page_url.HrefWithoutFragment() ? std::string() : href;
  }
  return {};
}

}  // namespace fangzhi::links
