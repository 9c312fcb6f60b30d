// show, history, diff, clicks, list, changes, stats: questions of query/, as JSON or for people. And verify, rebuild.
#include <algorithm>
#include <set>
#include <string>

#include "base/digest.h"
#include "base/strings.h"
#include "base/terminal.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "config/config.h"
#include "crawl/crawl.h"
#include "html/html.h"
#include "http/http.h"
#include "maintain/maintain.h"
#include "process/process.h"
#include "query/query.h"
#include "repair/repair.h"
#include "report/report.h"
#include "url/url.h"

namespace fangzhi::cli {
namespace {

using model::Json;

// The name under which the archive knows a URL that a person typed.
std::string CanonicalUrl(const std::string& typed) {
  const auto url = url::Canonical(typed);
  return url ? url->HrefWithoutFragment() : typed;
}

// `parse` says which instant of a day alone is meant.
Result<std::optional<UtcTime>> TimeArgument(const std::string& text, const char* option, std::optional<UtcTime> (*parse)(std::string_view) = ParseIso8601) {
  if (text.empty()) return std::optional<UtcTime>();
  const auto time = parse(text);
  if (!time) return Fail(ErrorKind::kInvalidConfig, "\"" + text + "\" is no ISO 8601 time (2026-11-24 or 2026-11-24T08:00:00+08:00)", option);
  return std::optional<UtcTime>(*time);
}

// True when a run of the site is recorded, or a page of it is held.
Result<bool> IsKnown(const store::Archive& archive, const std::string& site) {
  FZ_ASSIGN(const std::vector<std::string> with_runs, report::LoadSites(archive));
  if (std::find(with_runs.begin(), with_runs.end(), site) != with_runs.end()) return true;
  query::ListOptions options;
  options.sites = {site};
  options.kind = "all";
  options.limit = 1;
  bool known = false;
  FZ_TRY(query::List(archive, options, [&known](const Json&) { return !(known = true); }));
  return known;
}

// Asks a question of query/ about the sites that are named.
template <class Options, class Question>
Result<void> OfSites(const Arguments& arguments, const store::Archive& archive, Options options, const query::Sink& sink, const Question& question) {
  const std::set<std::string> sites(arguments.sites.begin(), arguments.sites.end());
  for (const std::string& site : sites) {
    FZ_ASSIGN(const bool known, IsKnown(archive, site));
    if (!known) return Fail(ErrorKind::kNotFound, "no such site is known in " + arguments.archive, "--site " + site);
  }
  options.sites.assign(sites.begin(), sites.end());
  options.limit = arguments.limit;
  return question(archive, options, sink);
}

// "seen last at …, not there from … to … (…)"
std::string TextOfAbsence(const Json& absent) {
  return "seen last at " + Cell(absent, "not_before") + ", not there from " + Cell(absent, "from") + " to " + Cell(absent, "until") + " (" + PrintableLine(Cell(absent, "evidence")) + ")";
}

// Of a time between two visits: what the page was by the second of them; empty where there is no doubt.
std::string NoteOnDoubt(const Json& record) {
  const auto found = record.find("uncertain");
  if (found == record.end()) return {};
  const std::string state = PrintableLine(model::GetString(*found, "state"));
  const bool there = !(*found)["version"].is_null();
  const bool was_there = !record.contains("absent");
  return std::string(was_there ? "this was seen last at " : "it was not there last at ") + Cell(*found, "not_before") + ", and at " + Cell(*found, "time") + " it was " +
         (there ? std::string(was_there ? "" : "there again, ") + "version " + Cell(*found, "version") : "not there any more (" + state + ")") +
         "; it became so at some moment between";
}

// What of an article's text is missing, and what is not there any more.
std::vector<std::string> NotesOnParts(const Json& record) {
  std::vector<std::string> notes;
  if (const auto missing = record.find("missing_part"); missing != record.end()) {
    notes.push_back("NOT WHOLE: the text goes on at " + PrintableLine(model::GetString(*missing, "url")) + ", which is not in the archive (" + PrintableLine(Cell(*missing, "reason")) + ")");
  }
  if (const auto parts = record.find("parts"); parts != record.end()) {
    for (const Json& part : *parts) {
      const std::string url = PrintableLine(model::GetString(part, "url"));
      if (const auto absent = part.find("absent"); absent != part.end()) {
        notes.push_back("A PART IS NOT THERE: " + url + ": " + TextOfAbsence(*absent) + "; its text here is what was seen before");
      }
      if (const std::string doubt = NoteOnDoubt(part); !doubt.empty()) notes.push_back("A PART IS NOT SURE at the time asked for: " + url + ": " + doubt);
    }
  }
  return notes;
}

// What is to be known of the page beside its text or its bytes, of which nothing else is printed.
void TellNotes(const std::string& url, const Json& record, bool of_parts, Output& output) {
  if (const auto absent = record.find("absent"); absent != record.end()) output.Talk(url + ": not there at the time asked for: " + TextOfAbsence(*absent));
  if (const std::string doubt = NoteOnDoubt(record); !doubt.empty()) output.Talk(url + ": not sure at the time asked for: " + doubt);
  if (!of_parts) return;
  for (const std::string& note : NotesOnParts(record)) output.Talk(url + ": " + note);
}

void PrintRecord(const Json& record, Output& output) {
  static constexpr std::pair<const char*, const char*> kFields[] = {
      {"title", "Title"},   {"published", "Published"}, {"source", "Source"},     {"clicks", "Clicks"},
      {"author", "Author"}, {"editor", "Editor"},       {"column", "Column"},     {"document_number", "Number"},
      {"index_number", "Index"}, {"kind", "Kind"},      {"charset", "Charset"},   {"state", "State"},
      {"version", "Version"}, {"versions", "Versions"}, {"captured", "Captured"}, {"last_seen", "Last seen"}};
  const Json empty = Json::object();
  const auto provenance_at = record.find("provenance");
  const Json& provenance = provenance_at == record.end() ? empty : *provenance_at;
  output.Line(PrintableLine(model::GetString(record, "url")));
  for (const auto& [key, label] : kFields) {
    const std::string value = Cell(record, key);
    if (value == "-") continue;
    std::string line = "  " + std::string(label) + std::string(11 - std::string(label).size(), ' ') + PrintableLine(value);
    if (const std::string basis = model::GetString(provenance, key); !basis.empty()) line += "  (" + PrintableLine(basis) + ")";
    output.Line(line);
  }
  if (const std::string reason = model::GetString(record, "tls_unverified"); !reason.empty()) {
    output.Line("  Server     NOT PROVED to be the host: " + PrintableLine(reason));
  }
  if (const auto absent = record.find("absent"); absent != record.end()) {
    output.Line("  Not there  at the time asked for: " + TextOfAbsence(*absent) + "; this is what was seen before");
  }
  if (const std::string doubt = NoteOnDoubt(record); !doubt.empty()) output.Line("  Not sure   at the time asked for: " + doubt);
  if (const auto parts = record.find("parts"); parts != record.end()) {
    for (const Json& part : *parts) {
      output.Line("  Part       " + PrintableLine(model::GetString(part, "url")) + "  version " + Cell(part, "version") + ", captured " + Cell(part, "captured") +
                  (part.contains("tls_unverified") ? ", server NOT PROVED: " + PrintableLine(model::GetString(part, "tls_unverified")) : ""));
    }
  }
  for (const std::string& note : NotesOnParts(record)) output.Line("  Text       " + note);
  for (const char* list : {"repairs", "damage"}) {
    const auto found = record.find(list);
    if (found != record.end() && found->is_array() && !found->empty()) {
      output.Line("  " + std::string(list) + ": " + std::to_string(found->size()) + ", first: " +
                  PrintableLine(model::GetString(found->front(), "family")));
    }
  }
  if (const auto attachments = record.find("attachments"); attachments != record.end()) {
    for (const Json& attachment : *attachments) {
      output.Line("  Attachment " + PrintableLine(model::GetString(attachment, "text")) + "  " + PrintableLine(model::GetString(attachment, "url")));
    }
  }
  output.Line("");
  output.Line(Printable(model::GetString(record, "body")));
}

// A stored page again as bytes without content coding, and their type.
struct StoredPage {
  std::string bytes, type;
};

Result<StoredPage> ReadPage(const store::Archive& archive, const store::VersionEntry& version) {
  FZ_ASSIGN(store::Archive::Payload payload, archive.ReadPayload(version.response));
  const auto head = http::ParseResponseHead(payload.head);
  if (!head) return StoredPage{std::move(payload.payload), ""};
  return StoredPage{http::DecodeContent(payload.payload, head->fields.GetAll("Content-Encoding")).bytes,
                    std::string(head->fields.Get("Content-Type").value_or(""))};
}

// Its text as HTML that is safe to show.
model::PageRecord CleanRecord(const std::string& url, const StoredPage& page) {
  process::PageInput input;
  input.url = url;
  input.content_type = page.type;
  input.payload = page.bytes;
  input.clean_html = true;
  return process::ProcessPage(input).record;
}

Result<int> ShowPayload(const Arguments& arguments, const store::Archive& archive, const query::ShowOptions& options, Output& output) {
  FZ_ASSIGN(const store::VersionEntry version, query::FindVersion(archive, CanonicalUrl(arguments.url), options));
  if (arguments.format == "html" || options.at) {
    FZ_ASSIGN(const Json whole, query::Show(archive, CanonicalUrl(arguments.url), options));
    TellNotes(arguments.url, whole, arguments.format == "html", output);
  }
  if (arguments.format == "raw") {
    FZ_ASSIGN(const store::Archive::Payload payload, archive.ReadPayload(version.response));
    output.Data(payload.payload);
    if (version.payload_digest.empty() || Sha256Label(payload.payload) == version.payload_digest) return kDone;
    output.Talk(arguments.url + ": the bytes are not those that were received: their digest is not " + version.payload_digest + "; fangzhi verify tells more");
    return kDoneInPart;
  }
  FZ_ASSIGN(const StoredPage page, ReadPage(archive, version));
  if (!process::LooksLikeHtml(page.type, page.bytes)) {
    output.Talk(arguments.url + ": not HTML (" + page.type + "); --format raw gives its bytes");
    return kFailed;
  }
  if (arguments.format == "html") {
    model::PageRecord record = CleanRecord(arguments.url, page);
    FZ_ASSIGN(const std::vector<store::VersionEntry> parts, query::FindParts(archive, CanonicalUrl(arguments.url), version, options));
    for (const store::VersionEntry& part : parts) {
      FZ_ASSIGN(const StoredPage more, ReadPage(archive, part));
      record.html += "\n" + CleanRecord(arguments.url, more).html;
    }
    const std::string title = html::Escape(record.title.value_or(""));
    output.Data(WithoutControls("<!DOCTYPE html>\n<html lang=\"" + html::Escape(record.language.value_or("zh")) + "\">\n<head><meta charset=\"utf-8\"><title>" + title +
                "</title></head>\n<body>\n<h1>" + title + "</h1>\n" + record.html + "\n</body>\n</html>\n"));
    return kDone;
  }
  // page: the whole of it, decoded and repaired as its record was.
  decode::DecodeOptions decode_options;
  decode_options.content_type = page.type;
  output.Data(WithoutControls(repair::Repair(decode::Decode(page.bytes, decode_options).text).text));
  return kDone;
}

int Show(const Arguments& arguments, const store::Archive& archive, Output& output) {
  if (arguments.json && arguments.format != "record" && arguments.format != "text") {
    output.Talk("show: --json goes with --format record or text; " + arguments.format + " is printed as it is");
    return kWrongUsage;
  }
  auto at = TimeArgument(arguments.at, "--at", ParseIso8601End);
  if (!at) return Report(at.error(), output);
  query::ShowOptions options;
  options.version = arguments.version;
  options.at = *at;
  if (arguments.format == "raw" || arguments.format == "html" || arguments.format == "page") {
    const Result<int> shown = ShowPayload(arguments, archive, options, output);
    return shown ? *shown : Report(shown.error(), output);
  }
  const auto record = query::Show(archive, CanonicalUrl(arguments.url), options);
  if (!record) return Report(record.error(), output);
  if (arguments.format == "text") {
    TellNotes(arguments.url, *record, true, output);
    output.Line(arguments.json ? model::Dump(Json{{"url", model::GetString(*record, "url")}, {"text", model::GetString(*record, "body")}, {"truncated", model::GetBool(*record, "truncated")}})
                               : Printable(model::GetString(*record, "body")));
  } else if (arguments.json) {
    output.Json(*record);
  } else {
    PrintRecord(*record, output);
  }
  return kDone;
}

// The paragraphs of an unchanged part that have no change in them, as a line that counts them; what shares a line with a change is kept.
std::string WithoutWholeParagraphs(std::string_view text, bool begins_line, bool ends_line) {
  const size_t first = begins_line ? 0 : text.find('\n') + 1;  // npos + 1: no line ends here
  if (first == 0 && !begins_line) return std::string(text);
  const size_t last = ends_line ? text.size() : text.rfind('\n') + 1;
  if (last <= first) return std::string(text);
  const std::string_view middle = text.substr(first, last - first);
  const auto paragraphs = std::count(middle.begin(), middle.end(), '\n') + (middle.back() == '\n' ? 0 : 1);
  return std::string(text.substr(0, first)) + "  … " + std::to_string(paragraphs) + " unchanged\n" + std::string(text.substr(last));
}

void PrintDiff(const Json& diff, Output& output) {
  output.Line("version " + Cell(diff, "a") + " -> " + Cell(diff, "b"));
  if (const auto fields = diff.find("fields"); fields != diff.end()) {
    for (const Json& field : *fields) {
      output.Line(PrintableLine(Cell(field, "field")) + ":");
      output.Line("  - " + PrintableLine(Cell(field, "before")));
      output.Line("  + " + PrintableLine(Cell(field, "after")));
    }
  }
  const auto body = diff.find("body");
  if (body == diff.end() || !body->is_array() || body->empty()) return;
  // Inline marks, as `git diff --word-diff` prints them: they survive copying.
  std::string text;
  bool differs = false;
  for (size_t i = 0; i < body->size(); ++i) {
    const Json& part = (*body)[i];
    const std::string kind = model::GetString(part, "kind");
    const std::string shown = Printable(model::GetString(part, "text"));
    if (kind == "delete") text += "[-" + shown + "-]";
    else if (kind == "insert") text += "{+" + shown + "+}";
    else text += WithoutWholeParagraphs(shown, text.empty() || text.back() == '\n', i + 1 == body->size());
    differs = differs || kind != "equal";
  }
  if (differs) {
    output.Line("body:");
    if (text.ends_with('\n')) text.pop_back();
    output.Line(text);
  }
}

// Prints what a question streams: JSON Lines, or a table of the given columns; `row_of`: of what it makes of each answer.
using RowOf = std::vector<std::string> (*)(const Json& answer);
template <class Question>
int Stream(const Arguments& arguments, Output& output, std::vector<std::string> columns, const Question& question, RowOf row_of = nullptr) {
  std::vector<std::string> header;
  for (const std::string& column : columns) header.push_back(column);
  constexpr size_t kCell = 60, kWords = 120;
  Table table(header, row_of != nullptr ? kWords : kCell);
  const auto answered = question([&](const Json& answer) {
    if (arguments.json) {
      output.Json(answer);
    } else if (row_of != nullptr) {
      table.Add(row_of(answer));
    } else {
      std::vector<std::string> row;
      for (const std::string& column : columns) row.push_back(Cell(answer, column));
      table.Add(std::move(row));
    }
    return true;
  });
  if (!answered) return Report(answered.error(), output);
  if (!arguments.json) output.Data(table.Text());
  return kDone;
}

void PrintStats(const Json& stats, Output& output, const std::string& indent) {
  for (const auto& [key, value] : stats.items()) {
    if (value.is_object()) {
      output.Line(indent + PrintableLine(key) + ":");
      PrintStats(value, output, indent + "  ");
    } else {
      output.Line(indent + PrintableLine(key) + ": " + (value.is_string() ? PrintableLine(value.get<std::string>()) : model::Dump(value)));
    }
  }
}

}  // namespace

void TellDamagedFiles(const store::Archive& archive, Output& output) {
  constexpr size_t kTold = 5;
  const std::vector<store::DamagedFile>& files = archive.open_report().damaged_files;
  for (size_t i = 0; i < files.size() && i < kTold; ++i) output.Talk(files[i].ToString());
  if (files.size() > kTold) output.Talk(std::to_string(files.size() - kTold) + " more WARC files are missing or too short; fangzhi verify names them");
}

int ReadCommand(const Arguments& arguments, const store::Archive& archive, Output& output) {
  const std::string& command = arguments.command;
  if (command != "verify") TellDamagedFiles(archive, output);  // which names them itself
  const std::string url = arguments.url.empty() ? std::string() : CanonicalUrl(arguments.url);
  if (command == "show") return Show(arguments, archive, output);
  if (command == "report") return ReportCommand(arguments, archive, output);
  if (command == "verify") return VerifyCommand(arguments, &archive, output);
  if (command == "history") {
    // JSON is one kind of line or the other; a reader sees both.
    if (!arguments.states) {
      const int status = Stream(arguments, output, {"version", "time", "last_seen", "status", "changed", "title", "digest"},
                                [&](const query::Sink& sink) { return query::History(archive, url, sink); });
      if (status != kDone || arguments.json) return status;
      output.Line("");
    }
    return Stream(arguments, output, {"state", "after (UTC)", "by", "last seen so", "visits", "version", "evidence"},
                  [&](const query::Sink& sink) { return query::Life(archive, url, sink); }, RowOfState);
  }
  if (command == "diff") {
    const auto diff = query::Diff(archive, url, arguments.version_a, arguments.version_b);
    if (!diff) return Report(diff.error(), output);
    if (arguments.json) output.Json(*diff);
    else PrintDiff(*diff, output);
    return kDone;
  }
  if (command == "clicks") {
    return Stream(arguments, output, {"time", "clicks", "basis"},
                  [&](const query::Sink& sink) { return query::Clicks(archive, url, sink); });
  }
  if (command == "list") {
    query::ListOptions options;
    options.from = arguments.from;
    options.to = arguments.to;
    options.kind = arguments.kind;
    return Stream(arguments, output, {"published", "title", "source", "clicks", "versions", "state", "url"},
                  [&](const query::Sink& sink) { return OfSites(arguments, archive, options, sink, query::List); });
  }
  if (command == "changes") {
    query::ChangesOptions options;
    auto since = TimeArgument(arguments.since, "--since");
    if (!since) return Report(since.error(), output);
    options.since = *since;
    options.kind = arguments.kind;
    options.all_pages = arguments.all_pages;
    return Stream(arguments, output, {"after (UTC)", "by", "what", "title", "known by", "url"},
                  [&](const query::Sink& sink) { return OfSites(arguments, archive, options, sink, query::Changes); }, RowOfChange);
  }
  if (command == "lost") {
    query::LostOptions options;
    auto from = TimeArgument(arguments.from, "--from");
    if (!from) return Report(from.error(), output);
    auto to = TimeArgument(arguments.to, "--to", ParseIso8601End);
    if (!to) return Report(to.error(), output);
    options.from = *from;
    options.to = *to;
    options.what = arguments.kind;
    const auto question = [&](const query::Sink& sink) { return OfSites(arguments, archive, options, sink, query::Lost); };
    if (arguments.json) return Stream(arguments, output, {}, question);
    uint64_t rows = 0;
    const auto answered = question([&](const Json& row) {
      output.Data((rows++ > 0 ? "\n" : "") + TextOfLost(row));
      return true;
    });
    if (!answered) return Report(answered.error(), output);
    if (rows == 0) output.Line("nothing" + std::string(arguments.from.empty() && arguments.to.empty() ? "" : " in that time"));
    return kDone;
  }
  if (command == "stats") {
    const auto stats = query::Stats(archive);
    if (!stats) return Report(stats.error(), output);
    if (arguments.json) output.Json(*stats);
    else PrintStats(*stats, output, "");
    return kDone;
  }
  output.Talk("unknown command " + command);
  return kWrongUsage;
}

int VerifyCommand(const Arguments& arguments, const Result<const store::Archive*>& archive, Output& output) {
  const auto tell = [&](const Json& finding) {
    if (arguments.json) {
      output.Json(finding);
      return;
    }
    const std::string place = finding["offset"].is_null() ? std::string() : " at " + Cell(finding, "offset");
    output.Line(PrintableLine(Cell(finding, "file") + place + ": " + Cell(finding, "problem")));
  };
  const auto wanted = [&output](uint64_t) { return output.Wanted(); };
  auto summary = archive ? maintain::Verify(**archive, tell, wanted) : maintain::VerifyFiles(arguments.archive, tell, wanted);
  if (!summary) return Report(summary.error(), output);
  if (!archive) {
    ++summary->damaged;
    tell(Json{{"file", archive.error().subject}, {"offset", nullptr}, {"length", nullptr}, {"problem", archive.error().message + "; the WARC files were read by themselves"}});
  }
  const Json json{{"files", summary->files},       {"records", summary->records}, {"captures", summary->captures},
                  {"bytes", summary->bytes},       {"damaged", summary->damaged}, {"ok", summary->damaged == 0},
                  {"unknown_files", summary->unknown_files},
                  {"recovered_captures", archive ? (*archive)->open_report().captures_applied : 0},
                  {"torn_bytes_set_aside", archive ? (*archive)->open_report().torn_bytes : 0}};
  const std::string read = std::to_string(summary->records) + " records of " + std::to_string(summary->captures) + " captures in " +
                           std::to_string(summary->files) + " files, " + HumanBytes(summary->bytes);
  if (arguments.json) output.Json(json);
  else output.Line(read + ": " + (summary->damaged == 0 ? "all whole" : std::to_string(summary->damaged) + " damaged"));
  if (summary->damaged == 0) return kDone;
  output.Talk(arguments.archive + ": damage in " + std::to_string(summary->damaged) + " places (" + read + ")");
  return kFailed;
}

int RebuildCommand(const Arguments& arguments, Output& output) {
  const auto report = crawl::RebuildArchive(arguments.archive, {});
  if (!report) return Report(report.error(), output);
  uint64_t lost = 0;
  for (const store::LostCaptures& cut : report->lost) lost += cut.captures;
  const auto is_missing = [&](const store::LostCaptures& cut) {
    return std::find(report->missing_files.begin(), report->missing_files.end(), cut.file) != report->missing_files.end();
  };
  if (arguments.json) {
    Json json{{"captures", report->captures}, {"damaged", report->damaged}, {"missing_files", report->missing_files},
              {"lost_captures", lost}, {"torn_bytes_set_aside", report->torn_bytes}};
    Json& cut_files = json["cut_files"] = Json::array();
    for (const store::LostCaptures& cut : report->lost) {
      if (is_missing(cut)) continue;
      cut_files.push_back(Json{{"file", cut.file}, {"offset", cut.offset}, {"known_to", cut.known_to}, {"captures", cut.captures}});
    }
    output.Json(json);
  } else {
    output.Line("index made again from " + std::to_string(report->captures) + " captures");
  }
  if (report->damaged == 0 && report->missing_files.empty() && report->lost.empty()) return kDone;
  for (const std::string& file : report->missing_files) {
    const auto held = std::find_if(report->lost.begin(), report->lost.end(), [&](const store::LostCaptures& cut) { return cut.file == file; });
    output.Talk(file + ": missing" + (held == report->lost.end() ? std::string() : ", " + std::to_string(held->captures) + " captures are lost"));
  }
  for (const store::LostCaptures& cut : report->lost) {
    if (is_missing(cut)) continue;
    output.Talk(cut.file + ": ends at " + std::to_string(cut.offset) + ", the index knew it up to " + std::to_string(cut.known_to) + ": " +
                std::to_string(cut.captures) + " captures are lost");
  }
  if (report->damaged > 0) {
    output.Talk(std::to_string(report->damaged) + " damaged places were passed over (`fangzhi verify` names them)");
  }
  return kDoneInPart;
}

}  // namespace fangzhi::cli
