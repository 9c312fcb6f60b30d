// What changes where a page's links lead, or the page itself: <base>, meta refresh, a script that does nothing but assign to location.

#include <algorithm>
#include <array>
#include <vector>

#include "base/strings.h"
#include "html/script_reader.h"
#include "links/links.h"
#include "text/text.h"

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
// Only the first few elements of the page are looked at: a page has one <base>, and a head that has hundreds of elements before it has none of a noscript's.
bool BehindNoscript(const html::Document& document, html::NodeIndex index, uint16_t noscript) {
  constexpr size_t kMostSiblings = 500;
  const html::NodeIndex parent = document.node(index).parent;
  bool sibling = false;
  size_t seen = 0;
  for (html::NodeIndex at = parent + 1; at < index && !sibling && ++seen <= kMostSiblings; at = document.node(at).end) sibling = document.node(at).tag == noscript;
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
  constexpr int kMostBases = 16;
  int bases = 0;
  for (html::NodeIndex i = 0; i < document.nodes().size() && bases < kMostBases; ++i) {
    if (document.node(i).tag != base || document.node(i).type != html::NodeType::kElement) continue;
    const auto href = document.attribute(i, "href");
    if (href) ++bases;
    if (!href || Within(document, i, template_tag) || Within(document, i, noscript)) continue;
    if (BehindNoscript(document, i, noscript)) continue;
    // Only the first one with an href counts, also where it cannot be used (WHATWG HTML 4.2.3).
    Result<url::Url> parsed = url::Parse(*href, &page_url);
    if (!parsed || parsed->scheme == "data" || parsed->scheme == "javascript") return page_url;
    return std::move(*parsed);
  }
  return page_url;
}

namespace {

// The URL of a refresh's value, canonical; empty where it asks for nothing, for later, or for this page again.
std::string Refreshed(std::string_view value, const url::Url& base, const LinkInput& input, int max_seconds) {
  int seconds = 0;
  std::string target;
  if (!ParseRefresh(value, seconds, target) || target.empty() || seconds > max_seconds) return {};
  const Result<url::Url> parsed = url::Canonical(target, &base, input.query_encoder);
  if (!parsed || !parsed->IsHttp()) return {};
  std::string href = parsed->HrefWithoutFragment();
  return href == input.page_url.HrefWithoutFragment() ? std::string() : href;
}

// The value of the first meta refresh that is one: that is the one which browsers obey. nullopt where there is none.
std::optional<std::string_view> MetaRefresh(const html::Document& document) {
  const uint16_t meta = html::Tag("meta"), template_tag = html::Tag("template");
  for (html::NodeIndex i = 0; i < document.nodes().size(); ++i) {
    if (document.node(i).tag != meta || document.node(i).type != html::NodeType::kElement) continue;
    const auto name = document.attribute(i, "http-equiv");
    const auto content = document.attribute(i, "content");
    if (!name || !content || !EqualsIgnoreAsciiCase(TrimAscii(*name), "refresh") || Within(document, i, template_tag)) continue;
    int seconds = 0;
    std::string target;
    if (ParseRefresh(*content, seconds, target)) return *content;
  }
  return std::nullopt;
}

// Whether a reader finds nothing on the page but a few words that ask him to wait, and the link for those who need it.
bool SaysNothing(const html::Document& document) {
  constexpr size_t kMostNodes = 300, kMostCharacters = 80, kMostLinks = 3;
  static const std::array<uint16_t, 6> kParts = {html::Tag("frame"), html::Tag("iframe"), html::Tag("form"), html::Tag("input"), html::Tag("object"), html::Tag("video")};
  if (document.nodes().size() > kMostNodes) return false;
  size_t links = 0;
  for (html::NodeIndex i = 0; i < document.nodes().size(); ++i) {
    const html::Node& node = document.node(i);
    if (node.type != html::NodeType::kElement) continue;
    if (std::find(kParts.begin(), kParts.end(), node.tag) != kParts.end()) return false;
    links += node.tag == html::Tag("a") && document.attribute(i, "href").has_value();
  }
  return links <= kMostLinks && text::CountCodePoints(text::RemoveSpace(html::TextContent(document, 0))) <= kMostCharacters;
}

// Reads the scripts of a page for the one thing that some have: location = "/index/main.html". No script is run; what stands under a
// condition is not known to happen, and a function only where a call of it is found.
class LocationReader {
 public:
  explicit LocationReader(std::string_view script) : script_(script) {}

  // The literal that is assigned first; nullopt where none is, or something else than a literal.
  std::optional<std::string> Read(std::string_view part, int depth = 0) {
    constexpr int kDeepest = 4;
    if (depth > kDeepest || ++looked_ > kMostParts) return std::nullopt;
    html::ScriptReader in{part};
    bool conditional = false;
    while (in.SkipBlanks(), !in.done()) {
      const char c = in.peek();
      if (in.at_string()) {
        if (!in.String()) return std::nullopt;
      } else if (html::IsScriptNameStart(c)) {
        auto found = Word(in, conditional, depth);
        if (unknown_) return std::nullopt;
        if (found) return found;
      } else if (c == '(' || c == '[' || c == '{') {
        const size_t open = in.at;
        in.SkipBalanced();
        if (c == '{') conditional = false;
        // (function () { … })()
        html::ScriptReader inside{part.substr(open, in.at - open), 1};
        inside.SkipBlanks();
        if (c != '(' || conditional || inside.Name() != "function") continue;
        if (auto found = Body(inside, depth)) return found;
      } else {
        if (c == ';') conditional = false;
        if (c == '?' || c == '&' || c == '|') conditional = true;
        ++in.at;
      }
    }
    return std::nullopt;
  }

 private:
  static constexpr int kMostMilliseconds = 5000;
  static constexpr int kMostParts = 64;  // functions that are looked for or into: they may call each other without end

  // What stands in the braces of the function whose parameters come next.
  std::optional<std::string> Body(html::ScriptReader& in, int depth) {
    in.SkipBlanks();
    in.Name();
    in.SkipBlanks();
    if (in.peek() != '(') return std::nullopt;
    in.SkipBalanced();
    in.SkipBlanks();
    if (in.peek() != '{') return std::nullopt;
    const size_t open = in.at;
    in.SkipBalanced();
    return in.at > open + 2 ? Read(in.script.substr(open + 1, in.at - open - 2), depth + 1) : std::nullopt;
  }

  // A function of the page by its name.
  std::optional<std::string> Call(std::string_view name, int depth) {
    if (++looked_ > kMostParts) return std::nullopt;
    for (size_t at = 0; (at = script_.find("function", at)) != std::string_view::npos;) {
      at += 8;
      html::ScriptReader in{script_, at};
      in.SkipBlanks();
      const size_t begin = in.at;
      if (begin == at || in.Name() != name) continue;
      in.at = begin;
      return Body(in, depth);
    }
    return std::nullopt;
  }

  // The name, a dotted one, that begins here and what is done with it.
  std::optional<std::string> Word(html::ScriptReader& in, bool& conditional, int depth) {
    std::string name(in.Name());
    while (in.Take(".")) {
      in.SkipBlanks();
      const std::string_view part = in.Name();
      if (part.empty()) break;
      name += '.';
      name += part;
    }
    in.SkipBlanks();
    if (name == "function") {
      Body(in, 99);
      return std::nullopt;
    }
    if (name == "if" || name == "for" || name == "while" || name == "switch" || name == "catch" || name == "else" || name == "do" || name == "try") {
      if (in.peek() == '(') in.SkipBalanced();
      in.SkipBlanks();
      conditional = in.peek() != '{';
      if (!conditional) in.SkipBalanced();
      return std::nullopt;
    }
    for (const std::string_view owner : {"window.", "self.", "top.", "parent.", "document.", "this."}) {
      while (name.starts_with(owner)) name.erase(0, owner.size());
    }
    const bool assigned = in.peek() == '=' && in.script.substr(in.at, 2) != "==";
    if (assigned && (name == "location" || name == "location.href")) {
      ++in.at;
      return Literal(in, conditional);
    }
    const bool called = in.peek() == '(';
    if (called && (name == "location.replace" || name == "location.assign" || name == "navigate")) {
      ++in.at;
      return Literal(in, conditional);
    }
    if (assigned && (name == "onload" || name == "body.onload")) {
      ++in.at;
      in.SkipBlanks();
      const std::string_view handler = in.Name();
      if (handler == "function") return conditional ? std::nullopt : Body(in, depth);
      return conditional || handler.empty() ? std::nullopt : Call(handler, depth + 1);
    }
    if (called && name == "setTimeout") return Timeout(in, conditional, depth);
    if (called && !conditional && name.find('.') == std::string::npos) {
      in.SkipBalanced();
      return Call(name, depth + 1);
    }
    return std::nullopt;
  }

  // setTimeout("location.href='…'", 2000), setTimeout(function () { … }, 0), setTimeout(go, 0): within the time that a refresh may take.
  std::optional<std::string> Timeout(html::ScriptReader& in, bool conditional, int depth) {
    const size_t open = in.at;
    in.SkipBalanced();
    html::ScriptReader call{in.script.substr(open, in.at - open), 1};
    call.SkipBlanks();
    std::optional<std::string> found;
    if (call.at_string()) {
      const std::optional<std::string> code = call.String();
      if (code) found = Read(*code, depth + 1);
    } else {
      const std::string_view name = call.Name();
      found = name == "function" ? Body(call, depth) : Call(name, depth + 1);
    }
    if (!found || conditional) return std::nullopt;
    if (!call.Take(",")) return found;
    call.SkipBlanks();
    const auto wait = ParseUint(call.Number());
    return wait && *wait <= kMostMilliseconds ? found : std::nullopt;
  }

  // The string that comes next, if it is all that is assigned.
  std::optional<std::string> Literal(html::ScriptReader& in, bool conditional) {
    in.SkipBlanks();
    std::optional<std::string> text = in.at_string() && in.peek() != '`' ? in.String() : std::nullopt;
    const size_t end = in.at;
    in.SkipBlanks();
    const char next = in.peek();
    const bool whole = in.done() || next == ';' || next == ')' || next == '}' || in.script.substr(end, in.at - end).find('\n') != std::string_view::npos;
    if (text && whole && next != '+' && next != '.') return conditional ? std::nullopt : text;
    unknown_ = unknown_ || !conditional;
    return std::nullopt;
  }

  std::string_view script_;
  int looked_ = 0;
  bool unknown_ = false;  // location is set to something that no literal says
};

// The literal to which the page's scripts set location, as it is written; empty where none is, or where they do more: set cookies.
std::string ScriptTarget(const html::Document& document) {
  constexpr size_t kMostScript = 8192;
  const uint16_t script = html::Tag("script");
  std::string all;
  for (html::NodeIndex i = 0; i < document.nodes().size(); ++i) {
    const html::Node& node = document.node(i);
    if (node.tag != script || node.type != html::NodeType::kElement) continue;
    for (html::NodeIndex k = i + 1; k < node.end; ++k) {
      if (document.node(k).type != html::NodeType::kText) continue;
      if (all.size() + document.node(k).text.size() > kMostScript) return {};
      all += document.node(k).text;
      all += "\n;";
    }
  }
  const html::NodeIndex body = document.body();
  const std::string_view onload = body == html::kNone ? std::string_view() : document.attribute(body, "onload").value_or("").substr(0, kMostScript);
  const std::string_view scripts(all);
  if (scripts.find("document.cookie") != std::string_view::npos || onload.find("document.cookie") != std::string_view::npos) return {};
  LocationReader reader(scripts);
  if (auto target = reader.Read(scripts)) return std::move(*target);
  return reader.Read(onload).value_or("");
}

}  // namespace

Onward LeadsOn(const LinkInput& input, int max_seconds, std::string_view refresh_field) {
  const html::Document& document = input.document;
  Onward onward;
  if (const auto value = MetaRefresh(document)) {
    onward.target = Refreshed(*value, BaseUrl(document, input.page_url), input, max_seconds);
    onward.how = "meta refresh";
  }
  if (onward.target.empty() && !refresh_field.empty()) {
    onward.target = Refreshed(refresh_field, input.page_url, input, max_seconds);
    onward.how = "Refresh field";
  }
  if (!onward.target.empty()) {
    onward.alone = SaysNothing(document);
    return onward;
  }
  onward.how = {};
  if (!SaysNothing(document)) return onward;
  const std::string literal = ScriptTarget(document);
  if (literal.empty()) return onward;
  const url::Url base = BaseUrl(document, input.page_url);
  const Result<url::Url> parsed = url::Canonical(literal, &base, input.query_encoder);
  if (!parsed || !parsed->IsHttp()) return onward;
  std::string href = parsed->HrefWithoutFragment();
  if (href == input.page_url.HrefWithoutFragment()) return onward;
  onward = {std::move(href), "script", true};
  return onward;
}

}  // namespace fangzhi::links
