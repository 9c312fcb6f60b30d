#include "robots/page_policy.h"

#include <algorithm>

#include "base/strings.h"

namespace fangzhi::robots {
namespace {

// "unavailable_after: 25 Jun 2010 15:00:00 PST", "max-snippet:-1": directives whose value follows a colon, so that what stands before it is no agent.
bool IsDirectiveWithValue(std::string_view name) {
  for (std::string_view known : {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}) {
    if (EqualsIgnoreAsciiCase(name, known)) return true;
  }
  return false;
}

// A product token (RFC 9110, 10.1.5), as robots name themselves; no part of a date behind "unavailable_after".
bool IsAgent(std::string_view name) {
  return !name.empty() && !IsAsciiDigit(name[0]) && std::all_of(name.begin(), name.end(), [](char c) { return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '_' || c == '.' || c == '*'; });
}

void Apply(std::string_view directives, PagePolicy& policy) {
  for (std::string_view directive : Split(directives, ',')) {
    directive = TrimAscii(directive);
    const auto is = [&](std::string_view name) { return EqualsIgnoreAsciiCase(directive, name); };
    if (is("noindex") || is("none")) policy.noindex = true;
    if (is("nofollow") || is("none")) policy.nofollow = true;
    if (is("noarchive") || is("nocache")) policy.noarchive = true;
  }
}

}  // namespace

std::string PagePolicy::Text() const {
  std::string text;
  const auto add = [&text](bool asked, std::string_view name) {
    if (asked) text.append(text.empty() ? "" : ", ").append(name);
  };
  add(noindex, "noindex");
  add(nofollow, "nofollow");
  add(noarchive, "noarchive");
  return text;
}

PagePolicy ReadPagePolicy(std::string_view agent, const std::vector<std::pair<std::string, std::string>>& metas,
                          const std::vector<std::string>& headers) {
  PagePolicy policy;
  for (const auto& [name, content] : metas) {
    const std::string_view trimmed = TrimAscii(name);
    if (EqualsIgnoreAsciiCase(trimmed, "robots") || (!agent.empty() && EqualsIgnoreAsciiCase(trimmed, agent))) Apply(content, policy);
  }
  for (const std::string& header : headers) {
    // One field may hold directives for all, then such for an agent: "noindex, otherbot: nofollow". An agent's go on to the next agent.
    bool ours = true;
    for (std::string_view part : Split(header, ',')) {
      part = TrimAscii(part);
      const size_t colon = part.find(':');
      if (colon != std::string_view::npos && !IsDirectiveWithValue(TrimAscii(part.substr(0, colon))) && IsAgent(TrimAscii(part.substr(0, colon)))) {
        ours = !agent.empty() && EqualsIgnoreAsciiCase(TrimAscii(part.substr(0, colon)), agent);
        part = part.substr(colon + 1);
      }
      if (ours) Apply(part, policy);
    }
  }
  return policy;
}

}  // namespace fangzhi::robots
