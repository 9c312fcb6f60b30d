// Reports for people: text for a terminal, a page for a browser.
#include <algorithm>
#include <cmath>

#include "base/strings.h"
#include "base/terminal.h"
#include "report/report.h"

namespace fangzhi::report {
namespace {

std::string Minute(UtcTime time) { return report::Minute(FormatIso8601(time)); }

// What a grade says, for those who do not know the words.
std::string_view MeaningOf(Grade grade) {
  switch (grade) {
    case Grade::kComplete: return "all was got, as ever";
    case Grade::kDegraded: return "all was asked for, but what came is not as it was";
    case Grade::kPartial: return "something that should have been got was not";
  }
  return "";
}

std::string Duration(UtcTime from, UtcTime to) {
  const int64_t seconds = std::max<int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(to - from).count());
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min";
  return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
}

std::string Percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return "-";
  return std::to_string(static_cast<int>(std::lround(100.0 * static_cast<double>(part) / static_cast<double>(whole)))) + " %";
}

uint64_t FieldCount(const Coverage& coverage, const char* field) {
  const auto found = coverage.fields.find(field);
  return found == coverage.fields.end() ? 0 : found->second;
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string Counts(const RunFacts& facts) {
  std::string text = std::to_string(facts.fetched) + " fetched";
  for (const char* key : {"new", "changed", "gone", "restored", "moved"}) {
    const int64_t count = facts.summary.is_object() ? model::GetInt(facts.summary, key) : 0;
    if (count > 0) text += ", " + std::to_string(count) + " " + key;
  }
  if (facts.failed > 0) text += ", " + std::to_string(facts.failed) + " failed";
  if (facts.robots_denied > 0) text += ", " + std::to_string(facts.robots_denied) + " denied by robots.txt";
  return text;
}

template <class Each>
void Reasons(const std::map<std::string, std::string>& reasons, const char* name, const Each& row) {
  if (reasons.empty()) return;
  std::string text = std::to_string(reasons.size()) + (reasons.size() >= kMostLeftOut ? " or more" : "");
  size_t shown = 0;
  for (const auto& [url, reason] : reasons) {
    if (++shown > 10) {
      text += " …";
      break;
    }
    text += (shown == 1 ? ": " : "; ") + url + " (" + reason + ")";
  }
  row(name, text);
}

std::string Impact(const HostImpact& impact) {
  return std::to_string(impact.requests) + " requests, " + HumanBytes(impact.bytes) + ", delay " + std::to_string(impact.delay_ms) + " ms, robots.txt " +
         (impact.robots.empty() ? "not asked for" : impact.robots) + (impact.robots_denied == 0 ? "" : " (" + std::to_string(impact.robots_denied) + " denied)") +
         (impact.tls_unverified.empty() ? "" : ", TLS NOT VERIFIED: " + impact.tls_unverified) + (impact.given_up ? ", given up" : "");
}

template <class Each>
void ForCoverage(const Coverage& c, const Each& row) {
  row("seeds read", std::to_string(c.seeds_reached.size()) + " of " + std::to_string(c.seeds));
  row("list pages read", std::to_string(c.lists_read) + (c.lists_missed.empty() ? "" : ", " + std::to_string(c.lists_missed.size()) + " not"));
  uint64_t announced = 0, read = 0, rows = 0, named = 0;
  for (const auto& [family, list] : Columns(c)) {
    if (list.total > 0) {
      rows += list.total;
      named += std::min(list.items, list.total);
    }
    if (list.pages == 0) continue;
    announced += list.pages;
    read += std::min(list.read, list.pages);
  }
  if (announced > 0) row("announced list pages", std::to_string(read) + " of " + std::to_string(announced) + " read");
  if (rows > 0) row("announced articles", std::to_string(named) + " of " + std::to_string(rows) + " named by the list pages looked at");
  if (c.failed > 0) row("failed", std::to_string(c.failed) + " of " + std::to_string(c.visits) + " pages visited");
  if (c.never_got > 0) {
    std::string examples;
    for (const auto& [url, reason] : c.never_got_examples) examples += (examples.empty() ? ": " : "; ") + url + " (" + reason + ")";
    row("never got", std::to_string(c.never_got) + (c.never_got == 1 ? " page" : " pages") + " that lists name" + examples);
  }
  std::map<std::string, size_t> left_out;
  for (const auto& [url, how] : c.left_out) ++left_out[how.reason];
  for (const auto& [reason, links] : left_out) {
    row("not followed", std::to_string(links) + (c.left_out.size() >= kMostLeftOut ? " or more" : "") + (links == 1 ? " link" : " links") + " (" + reason + ")");
  }
  Reasons(c.attachments_missed, "attachments missing", row);
  Reasons(c.attachments_cut, "attachments cut", row);
  Reasons(c.feeds_unread, "feeds not read", row);
  Reasons(c.pages_cut, "pages cut", row);
  std::map<std::string, std::string> parts;
  for (const auto& [url, part] : c.parts_missed) parts[url] = part.reason + ", a part of " + part.article;
  Reasons(parts, "parts missing", row);
  std::string elsewhere;
  for (const auto& [host, pages] : c.elsewhere) elsewhere += (elsewhere.empty() ? "" : ", ") + host + " (" + std::to_string(pages) + ")";
  if (!elsewhere.empty()) row("lead to other hosts", elsewhere);
  for (const auto& [host, there] : c.other_hosts) {
    const auto number = [](size_t count, const char* what) {
      return std::to_string(count) + (count >= kMostOnOtherHost ? " or more " : " ") + what + (count == 1 ? "" : "s");
    };
    std::string there_are;
    if (!there.articles.empty()) there_are = number(there.articles.size(), "article") + " of lists, as " + there.articles.begin()->first;
    if (!there.attachments.empty()) there_are += (there_are.empty() ? "" : "; ") + number(there.attachments.size(), "attachment") + ", as " + there.attachments.begin()->first;
    row("on " + host, there_are + "; none of the site's hosts, not asked");
  }
  row("articles looked at", std::to_string(c.articles));
  for (const char* field : kFields) {
    if (c.articles > 0) row((std::string("  with ") + field).c_str(), Percent(FieldCount(c, field), c.articles));
  }
  if (c.counters_asked > 0) row("counters", std::to_string(c.counters_answered) + " of " + std::to_string(c.counters_asked) + " requests gave a number");
  if (c.counters_not_asked > 0) {
    row("counters not asked", "of " + std::to_string(c.counters_not_asked) + (c.counters_not_asked == 1 ? " page" : " pages") + ": the site entry's counters does not allow it");
  }
  std::string charsets;
  for (const auto& [name, pages] : c.charsets) charsets += (charsets.empty() ? "" : ", ") + name + " " + std::to_string(pages);
  if (!charsets.empty()) row("charsets", charsets);
  std::string repairs;
  for (const auto& [name, pages] : c.repairs) repairs += (repairs.empty() ? "" : ", ") + name + " " + std::to_string(pages);
  if (!repairs.empty()) row("repaired pages", repairs);
  if (c.damaged > 0) row("damaged pages", std::to_string(c.damaged));
  if (c.duplicates_left_out > 0) row("duplicates left out", std::to_string(c.duplicates_left_out) + (c.duplicates_left_out == 1 ? " address" : " addresses"));
  for (const Json& rule : c.duplicate_rules) {
    if (!rule.is_object()) continue;
    row(model::GetBool(rule, "holds") ? "same page" : "same page, taken back",
        model::GetString(rule, "rule") + " (" + std::to_string(model::GetInt(rule, "contents")) + " pages, since " + model::GetString(rule, "since") + ")");
  }
}

}  // namespace

std::string Minute(std::string_view iso) {
  constexpr size_t kDate = 10, kTime = 5;
  if (iso.size() < kDate + 1 + kTime) return std::string(iso);
  return std::string(iso.substr(0, kDate)) + " " + std::string(iso.substr(kDate + 1, kTime));
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  // Control characters and broken UTF-8 become visible first.
  for (const char c : Printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string TextOfSites(const std::vector<RunRecord>& last_runs) {
  std::string text;
  for (const RunRecord& run : last_runs) {
    const RunFacts& facts = run.facts;
    text += PrintableLine(facts.site) + ": " + std::string(GradeName(run.grade)) + "  (" + Minute(facts.ended) + " UTC, " + Counts(facts) + ")" +
            (facts.overrides.empty() ? "" : "  OVERRIDDEN: " + PrintableLine(Joined(facts.overrides))) + "\n";
    for (const Finding& finding : run.findings) text += "    " + PrintableLine(finding.text) + "\n";
  }
  return text;
}

std::string TextOfSite(const std::vector<RunRecord>& runs) {
  const RunRecord& run = runs.front();
  const RunFacts& facts = run.facts;
  std::string text = PrintableLine(facts.site) + " " + PrintableLine(facts.name) + "\n";
  text += "last run: " + std::string(GradeName(run.grade)) + " (" + std::string(MeaningOf(run.grade)) + "), " + Minute(facts.started) + " UTC, " + Duration(facts.started, facts.ended) + ", " +
          PrintableLine(facts.trigger) + (facts.sweep ? ", sweep" : "") + "\n  " + Counts(facts) + "\n";
  if (!facts.overrides.empty()) text += "  OVERRIDDEN for this site: " + PrintableLine(Joined(facts.overrides)) + "\n";
  for (const Finding& finding : run.findings) {
    text += "  " + std::string(GradeName(finding.grade)) + ": " + PrintableLine(finding.text) + "\n";
    if (!finding.advice.empty()) text += "      " + PrintableLine(finding.advice) + "\n";
  }
  text += "coverage" + std::string(facts.round == 0 ? "" : " of round " + std::to_string(facts.round)) + "\n";
  ForCoverage(facts.coverage, [&](const std::string& name, const std::string& value) {
    text += "  " + name + std::string(name.size() < 22 ? 22 - name.size() : 1, ' ') + PrintableLine(value) + "\n";
  });
  text += "hosts\n";
  for (const auto& [host, impact] : run.run_coverage.hosts) {
    text += "  " + PrintableLine(host + ": " + Impact(impact)) + "\n";
  }
  for (const std::string& note : facts.notes) text += "note: " + PrintableLine(note) + "\n";
  if (runs.size() > 1) text += "earlier runs\n";
  for (size_t i = 1; i < runs.size(); ++i) {
    const RunRecord& earlier = runs[i];
    std::string kinds;
    for (const Finding& finding : earlier.findings) {
      if (kinds.find(finding.kind) == std::string::npos) kinds += (kinds.empty() ? "" : ", ") + finding.kind;
    }
    text += "  " + Minute(earlier.facts.ended) + "  " + std::string(GradeName(earlier.grade)) + "  " + Counts(earlier.facts) +
            (kinds.empty() ? "" : "  (" + kinds + ")") + "\n";
  }
  return text;
}

std::string TextOfImpact(const Json& impact) {
  const Json& total = impact["total"];
  const auto number = [](const Json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? std::string("unknown") : model::Dump(*found);
  };
  std::string text = "What this crawler did to " + PrintableLine(model::GetString(impact, "host")) + "\nfrom " + model::GetString(impact, "from") + " to " +
                     model::GetString(impact, "to") + "\n";
  text += "  requests              " + number(total, "requests") + " (" + number(total, "requests_per_minute") + " a minute while a run lasted)\n";
  text += "  received              " + HumanBytes(static_cast<uint64_t>(model::GetInt(total, "bytes"))) + "\n";
  text += "  at the same time      " + number(total, "most_at_once") + " at most\n";
  text += "  delay asked for       " + number(total, "delay_ms") + " ms; the shortest that happened " + number(total, "shortest_gap_ms") + " ms\n";
  text += "  answers took          " + number(total, "mean_ms") + " ms on average, " + number(total, "slowest_ms") + " ms at most\n";
  text += "  no answer             " + number(total, "errors") + "; refused (403, 429, 503) " + number(total, "refusals") + "\n";
  std::string robots;
  for (const Json& state : total["robots"]) robots += (robots.empty() ? "" : ", ") + state.get<std::string>();
  text += "  robots.txt            " + (robots.empty() ? "not needed" : robots) + "; not asked because of it: " + number(total, "robots_denied") + "\n";
  text += "runs\n";
  for (const Json& run : impact["runs"]) {
    text += "  " + model::GetString(run, "started").substr(0, 16) + "  " + PrintableLine(model::GetString(run, "site")) + "  " + number(run, "requests") +
            " requests, " + HumanBytes(static_cast<uint64_t>(model::GetInt(run, "bytes"))) + ", " + number(run, "requests_per_minute") + " a minute";
    std::string overrides;
    for (const Json& override : run["overrides"]) overrides += (overrides.empty() ? ", OVERRIDDEN: " : ", ") + override.get<std::string>();
    text += PrintableLine(overrides) + "\n";
  }
  return text;
}

std::string HtmlOfSites(const std::vector<std::vector<RunRecord>>& sites, UtcTime now) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n<title>Fangzhi: report</title>\n"
      "<style>body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:64em;padding:0 1em;color:#222}h2{margin:1.6em 0 .3em}"
      "table{border-collapse:collapse;margin:.4em 0}td,th{text-align:left;padding:.15em .9em .15em 0;vertical-align:top}"
      ".complete{color:#176b2c}.degraded{color:#8a5a00}.partial{color:#a61b1b}.advice{color:#555}li{margin:.2em 0}li,td{overflow-wrap:anywhere}</style>\n";
  html += "<h1>Report of " + Minute(now) + " UTC</h1>\n";
  for (const std::vector<RunRecord>& runs : sites) {
    if (runs.empty()) continue;
    const RunRecord& run = runs.front();
    const RunFacts& facts = run.facts;
    const std::string grade(GradeName(run.grade));
    html += "<h2>" + EscapeHtml(facts.name.empty() ? facts.site : facts.name) + " <small>" + EscapeHtml(facts.site) + "</small> <span class=\"" + grade + "\">" + grade +
            "</span></h2>\n<p>" + Minute(facts.started) + " UTC, " + Duration(facts.started, facts.ended) + ", " + EscapeHtml(facts.trigger) + ": " +
            EscapeHtml(Counts(facts)) + "</p>\n";
    if (!facts.overrides.empty()) html += "<p class=\"partial\">overridden for this site: " + EscapeHtml(Joined(facts.overrides)) + "</p>\n";
    if (!run.findings.empty()) html += "<ul>\n";
    for (const Finding& finding : run.findings) {
      html += "<li class=\"" + std::string(GradeName(finding.grade)) + "\">" + EscapeHtml(finding.text) +
              (finding.advice.empty() ? "" : "<br><span class=\"advice\">" + EscapeHtml(finding.advice) + "</span>") + "</li>\n";
    }
    if (!run.findings.empty()) html += "</ul>\n";
    html += "<table>\n";
    ForCoverage(facts.coverage, [&](const std::string& name, const std::string& value) {
      html += "<tr><td>" + EscapeHtml(name) + "</td><td>" + EscapeHtml(value) + "</td></tr>\n";
    });
    for (const auto& [host, impact] : run.run_coverage.hosts) {
      html += "<tr><td>" + EscapeHtml(host) + "</td><td>" + EscapeHtml(Impact(impact)) + "</td></tr>\n";
    }
    for (const std::string& note : facts.notes) html += "<tr><td>note</td><td>" + EscapeHtml(note) + "</td></tr>\n";
    html += "</table>\n<table><tr><th>run</th><th>grade</th><th>what</th></tr>\n";
    for (const RunRecord& earlier : runs) {
      const std::string its(GradeName(earlier.grade));
      html += "<tr><td>" + Minute(earlier.facts.ended) + "</td><td class=\"" + its + "\">" + its + "</td><td>" + EscapeHtml(Counts(earlier.facts)) + "</td></tr>\n";
    }
    html += "</table>\n";
  }
  return html + "</html>\n";
}

}  // namespace fangzhi::report
