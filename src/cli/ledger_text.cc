// What the ledger answers, in the words of those who read it: what is known, by which two visits, and on what evidence (docs/ledger.md).
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "base/terminal.h"
#include "cli/commands.h"

namespace fangzhi::cli {

using model::Json;

namespace {

struct Words {
  std::string_view code, text;
};

// What was answered in the page's place.
constexpr std::array<Words, 13> kAbsences{{
    {"http_404", "404 Not Found"},
    {"http_410", "410 Gone"},
    {"soft_404", "a page that says it is not there"},
    {"emptied", "an empty answer"},
    {"home_page", "the home page in its place"},
    {"notice_instead", "a notice in its place"},
    {"redirect_home", "a redirect to the home page"},
    {"redirect_list", "a redirect to a list"},
    {"redirect_shared", "a redirect to where other pages lead too"},
    {"redirect_elsewhere", "a redirect to another page"},
    {"redirect_to_error_page", "a redirect to an error page"},
    {"redirect_as_any_missing_page", "a redirect as of any missing page"},
    {"redirect", "a redirect"},
}};

// "2026-01-03 08:15:00" of a time in UTC.
std::string Second(const std::string& time) {
  if (time.size() < 19) return time;
  std::string text = time.substr(0, 19);
  text[10] = ' ';
  return text;
}

// The evidence in words, each part by itself: "http_404, 2 visits since …, still listed".
std::vector<std::string> Evidence(const Json& row) {
  std::vector<std::string> parts;
  const std::string evidence = model::GetString(row, "evidence");
  for (std::string_view rest = evidence; !rest.empty();) {
    const size_t comma = rest.find(", ");
    std::string part(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 2);
    for (const Words& words : kAbsences) {
      if (part == words.code) part = words.text;
    }
    // That the visits are since the first that missed it, the interval says.
    const size_t since = part.find(" since 2");
    const size_t visits = part.find(" visit");
    if (since != std::string::npos && visits != std::string::npos && visits < since) part.resize(since);
    parts.push_back(std::move(part));
  }
  return parts;
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

// The earlier end of an interval; "not known" where nothing was seen before.
std::string After(const std::string& not_before, const std::string& time) {
  return not_before.empty() || not_before == time ? "not known" : Second(not_before);
}

bool IsOfHost(std::string_view kind) { return kind == "blocked" || kind == "unreachable" || kind == "reachable" || kind == "redesign_suspected"; }

}  // namespace

std::vector<std::string> RowOfChange(const Json& event) {
  const std::string kind = model::GetString(event, "kind"), url = model::GetString(event, "url");
  const std::string not_before = model::GetString(event, "not_before"), time = model::GetString(event, "time");
  std::vector<std::string> known = Evidence(event);
  if (const auto changed = event.find("changed"); changed != event.end() && changed->is_array() && !changed->empty()) known.insert(known.begin(), Cell(event, "changed"));
  if (const std::string to = model::GetString(event, "to"); !to.empty()) known.push_back("now at " + to);
  // An event of the host carries the page by which it was noticed.
  const std::string title = IsOfHost(kind) ? "(host) " + std::string(store::HostOf(url)) : Cell(event, "title");
  return {After(not_before, time), Second(time), kind, title, known.empty() ? "-" : Joined(known), url};
}

std::vector<std::string> RowOfState(const Json& segment) {
  const std::string not_before = model::GetString(segment, "not_before");
  std::vector<std::string> known = Evidence(segment);
  if (const std::string reason = model::GetString(segment, "tls_unverified"); !reason.empty()) known.push_back("SERVER NOT PROVED: " + reason);
  return {model::GetString(segment, "state"),  not_before.empty() ? "-" : Second(not_before), Second(model::GetString(segment, "from")),
          Second(model::GetString(segment, "until")), Cell(segment, "visits"),               Cell(segment, "version"),
          known.empty() ? "-" : Joined(known)};
}

std::string TextOfLost(const Json& row) {
  const std::string what = model::GetString(row, "what"), state = model::GetString(row, "state");
  const std::string not_before = model::GetString(row, "not_before"), time = model::GetString(row, "time");
  const std::string title = model::GetString(row, "title"), published = model::GetString(row, "published");
  std::string text = (title.empty() ? std::string("(no title)") : PrintableLine(title)) + (published.empty() ? "" : "  (" + PrintableLine(published.substr(0, 10)) + ")") + "\n";
  text += "    " + PrintableLine(model::GetString(row, "url")) + "\n";
  if (const std::string article = model::GetString(row, "part_of"); !article.empty()) text += "    a further part of " + PrintableLine(article) + "\n";
  std::vector<std::string> evidence = Evidence(row);
  if (what == "unlisted") {
    text += "    alive, and on no list: last named " + Second(not_before) + ", by " + Second(time) + " UTC no list named it any more\n";
  } else {
    std::erase_if(evidence, [](const std::string& part) { return part == "still listed" || part == "not proved yet"; });
    text += "    not available since some time between " + Second(not_before) + " and " + Second(time) + " UTC: " + PrintableLine(Joined(evidence)) + "\n";
    if (what == "suspect") text += "    not proved yet: another visit on which its host is well decides\n";
    const std::string unlisted = model::GetString(row, "unlisted_since");
    text += model::GetBool(row, "listed") ? "    a list still named it\n" : unlisted.empty() ? "" : "    on no list since " + Second(unlisted) + " UTC\n";
  }
  if (model::GetBool(row, "restored")) text += "    since then it came back\n";
  if (state == "moved") text += "    since then found at another address: fangzhi history shows where\n";
  if (const int64_t version = model::GetInt(row, "version"); version > 0) {
    text += "    kept: version " + std::to_string(version) + " (fangzhi show --version " + std::to_string(version) + " URL)\n";
  }
  return text;
}

}  // namespace fangzhi::cli
