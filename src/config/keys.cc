#include "config/keys.h"

#include <algorithm>

#include "base/limits.h"
#include "base/strings.h"

namespace fangzhi::config {
namespace {

using model::Site;

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kKiB = 1024;
constexpr int64_t kMiB = 1024 * kKiB;
constexpr int64_t kGiB = 1024 * kMiB;

KeySpec Text(std::string_view name, std::string_view fallback, std::string_view meaning) {
  return {name, KeyType::kText, fallback, 0, 0, "", meaning};
}
KeySpec Choice(std::string_view name, std::string_view fallback, std::string_view choices,
               std::string_view meaning) {
  return {name, KeyType::kText, fallback, 0, 0, choices, meaning};
}
KeySpec List(std::string_view name, std::string_view fallback, std::string_view choices,
             std::string_view meaning) {
  return {name, KeyType::kTextList, fallback, 0, 0, choices, meaning};
}
KeySpec Flag(std::string_view name, std::string_view fallback, std::string_view meaning) {
  return {name, KeyType::kFlag, fallback, 0, 0, "", meaning};
}
KeySpec Integer(std::string_view name, std::string_view fallback, int64_t least, int64_t most,
                std::string_view meaning) {
  return {name, KeyType::kInteger, fallback, least, most, "", meaning};
}
KeySpec Duration(std::string_view name, std::string_view fallback, int64_t least, int64_t most,
                 std::string_view meaning) {
  return {name, KeyType::kDuration, fallback, least, most, "", meaning};
}
KeySpec Size(std::string_view name, std::string_view fallback, int64_t least, int64_t most,
             std::string_view meaning) {
  return {name, KeyType::kSize, fallback, least, most, "", meaning};
}

bool Has(const Value& value, std::string_view item) {
  return std::any_of(value.list.begin(), value.list.end(),
                     [item](const Value::Item& i) { return i.text == item; });
}

model::CounterMode CounterModeOf(std::string_view name) {
  if (name == "off") return model::CounterMode::kOff;
  return name == "allow_increment" ? model::CounterMode::kAllowIncrement : model::CounterMode::kReadOnly;
}

// Lists that need more than copying (seeds, hosts, rules) are taken by the site's checks.
void CheckedLater(Site& /*site*/, const Value& /*value*/) {}

std::string TypeName(const KeySpec& spec) {
  switch (spec.type) {
    case KeyType::kText:
      return spec.choices.empty() ? "text" : "one of";
    case KeyType::kTextList:
      return spec.choices.empty() ? "list of texts" : "list of";
    case KeyType::kFlag:
      return "true or false";
    case KeyType::kInteger:
      return "whole number";
    case KeyType::kDuration:
      return "duration";
    case KeyType::kSize:
      return "size";
  }
  return "";
}

std::string RangeText(const KeySpec& spec) {
  switch (spec.type) {
    case KeyType::kInteger:
      return std::to_string(spec.least) + " to " + std::to_string(spec.most);
    case KeyType::kDuration:
      return DurationText(spec.least) + " to " + DurationText(spec.most);
    case KeyType::kSize:
      return SizeText(spec.least) + " to " + SizeText(spec.most);
    default:
      break;
  }
  std::string text;
  for (std::string_view choice :
       spec.choices.empty() ? std::vector<std::string_view>{} : Split(spec.choices, '|')) {
    text += (text.empty() ? "`" : ", `") + std::string(choice) + "`";
  }
  return text;
}

void AppendRow(const KeySpec& spec, std::string_view name, std::string* out) {
  *out += "| `" + std::string(name) + "` | " + TypeName(spec) + " | ";
  if (!spec.fallback.empty()) *out += "`" + std::string(spec.fallback) + "`";
  *out += " | " + RangeText(spec) + " | " + std::string(spec.meaning) + " |\n";
}

constexpr std::string_view kTableHead =
    "| Key | Type | Default | Range | Meaning |\n| --- | --- | --- | --- | --- |\n";

template <class Target>
void AppendTable(const std::vector<Key<Target>>& keys, std::string_view section, std::string* out) {
  *out += kTableHead;
  for (const Key<Target>& key : keys) {
    const size_t dot = key.spec.name.find('.');
    const std::string_view of = dot == std::string_view::npos ? "" : key.spec.name.substr(0, dot);
    if (of == section)
      AppendRow(key.spec, dot == std::string_view::npos ? key.spec.name : key.spec.name.substr(dot + 1), out);
  }
}

}  // namespace

std::string DurationText(int64_t milliseconds) {
  if (milliseconds == 0) return "0 s";
  if (milliseconds % kDay == 0) return std::to_string(milliseconds / kDay) + " d";
  if (milliseconds % kHour == 0) return std::to_string(milliseconds / kHour) + " h";
  if (milliseconds % kMinute == 0) return std::to_string(milliseconds / kMinute) + " min";
  if (milliseconds % kSecond == 0) return std::to_string(milliseconds / kSecond) + " s";
  return std::to_string(milliseconds) + " ms";
}

std::string SizeText(int64_t bytes) {
  if (bytes != 0 && bytes % kGiB == 0) return std::to_string(bytes / kGiB) + " GiB";
  if (bytes != 0 && bytes % kMiB == 0) return std::to_string(bytes / kMiB) + " MiB";
  if (bytes != 0 && bytes % kKiB == 0) return std::to_string(bytes / kKiB) + " KiB";
  return std::to_string(bytes) + " B";
}

const std::vector<Key<Settings>>& SettingsKeys() {
  static const std::vector<Key<Settings>> keys = {
      {Text("user_agent_contact", R"("")",
            "An e-mail address or URL at which a site's operator reaches you; goes into User-Agent. Please "
            "give one."),
       [](Settings& s, const Value& v) { s.user_agent_contact = v.text; }},
      {Text("operator_name", R"("")",
            "Who runs this crawler; goes into the warcinfo record of every WARC file."),
       [](Settings& s, const Value& v) { s.operator_name = v.text; }},
      {Integer("max_transfers", "256", 1, 4096, "Fetches under way at once, over all sites."),
       [](Settings& s, const Value& v) { s.max_transfers = static_cast<int>(v.number); }},
      {Integer("page_workers", "0", 0, 256, "Threads that decode and extract pages; 0 is one for each core."),
       [](Settings& s, const Value& v) { s.page_workers = static_cast<int>(v.number); }},
      {Size("warc_max_bytes", R"("1GiB")", kMiB, 1024 * kGiB,
            "A WARC file that has grown to this is closed and the next one begun."),
       [](Settings& s, const Value& v) { s.warc_max_bytes = static_cast<uint64_t>(v.number); }},
      {Integer("warc_compression", "1", 1, 12, "Level of gzip: 1 is fastest, 12 smallest. Real pages are 8 % smaller with 6, which takes a tenth of a millisecond more."),
       [](Settings& s, const Value& v) { s.warc_compression = static_cast<int>(v.number); }},
      {Text("warc_prefix", R"("fangzhi")",
            "Begins the name of every WARC file: letters, digits, '-' and '_', 64 at most."),
       [](Settings& s, const Value& v) { s.warc_prefix = v.text; }},
      {Integer("commit_captures", "64", 1, 100'000, "Captures are made durable together: at most so many …"),
       [](Settings& s, const Value& v) { s.commit_captures = static_cast<uint64_t>(v.number); }},
      {Integer("commit_milliseconds", "200", 1, 60'000,
               "… or those of so many milliseconds, whichever comes first."),
       [](Settings& s, const Value& v) { s.commit_milliseconds = static_cast<int>(v.number); }},
      {Size("max_queued_bytes", R"("4MiB")", kMiB, 64 * kGiB,
            "Bodies that may wait between fetching and writing; a slow disk then slows the fetching."),
       [](Settings& s, const Value& v) { s.max_queued_bytes = static_cast<uint64_t>(v.number); }},
      {Size("min_free_bytes", R"("512MiB")", 0, 1024 * 1024 * kGiB,
            "When the archive's disk has less than this free, `crawl` stops, and `serve` waits until there is a "
            "tenth more again."),
       [](Settings& s, const Value& v) { s.min_free_bytes = static_cast<uint64_t>(v.number); }},
      {Choice("log_format", R"("text")", "text|json",
              "Of the log in `archive/logs/` and on standard error: a line of text or a JSON object an event."),
       [](Settings& s, const Value& v) { s.log_json = v.text == "json"; }},
      {Size("log_max_bytes", R"("16MiB")", 64 * kKiB, 4 * kGiB,
            "A log file that has grown to this is closed and the next one begun."),
       [](Settings& s, const Value& v) { s.log_max_bytes = static_cast<uint64_t>(v.number); }},
      {Integer("log_files", "8", 1, 1000, "Log files kept beside the one that is written."),
       [](Settings& s, const Value& v) { s.log_files = static_cast<int>(v.number); }},
      {List("alert_hook", "[]", "",
            "A command and its arguments, run without a shell when a site's run went worse than the one before, or "
            "its pattern drifts; gets the run's report as JSON on standard input."),
       [](Settings& s, const Value& v) {
         for (const Value::Item& item : v.list) s.alert_hook.push_back(item.text);
       }},
      {Text("alert_webhook", R"("")", "An http or https URL to which the same JSON is sent by POST."),
       [](Settings& s, const Value& v) { s.alert_webhook = v.text; }},
      {Duration("alert_timeout", R"("30s")", 100, 10 * kMinute, "How long either may take."),
       [](Settings& s, const Value& v) { s.alert_timeout = std::chrono::milliseconds(v.number); }},
  };
  return keys;
}

const std::vector<Key<Site>>& SiteKeys() {
  static const std::vector<Key<Site>> keys = {
      {Text("id", "",
            "Short name for commands and files: a-z, 0-9, '-' and '_', 64 at most. Default: the file's name "
            "without `.toml`."),
       [](Site& s, const Value& v) { s.id = v.text; }},
      {Text("name", "", "Name for people. Default: the id."),
       [](Site& s, const Value& v) { s.name = v.text; }},
      {Flag("enabled", "true", "`false` keeps the entry, and what is archived of it, but crawls no more."),
       [](Site& s, const Value& v) { s.enabled = v.flag; }},
      {List("seeds", "", "",
            "URLs at which the crawl begins. Must be given; each must lie on one of the hosts."),
       CheckedLater},
      {List("hosts", "", "",
            "What belongs to the site: `www.example.gov.cn`; `*.example.gov.cn` is that domain and all below "
            "it; with `:8080` on that "
            "port, without a port on the usual one. Default: the seeds' hosts."),
       CheckedLater},
      {List("include", "[]", "",
            "Regular expressions (RE2, found anywhere in the URL; `^` and `$` bind). Where there are any, "
            "only URLs that one of them finds "
            "are fetched, and the seeds."),
       CheckedLater},
      {List("exclude", "[]", "",
            "Regular expressions as above; what one of them finds is never fetched. Wins over `include`."),
       CheckedLater},
      {Integer("max_depth", "16", 0, 100'000, "Links followed from a seed at most; the files of a page are had with it."),
       [](Site& s, const Value& v) { s.max_depth = static_cast<int>(v.number); }},
      {Integer("max_pages", "1000000", 1, 1'000'000'000, "Fetches in one run at most."),
       [](Site& s, const Value& v) { s.max_pages = static_cast<uint64_t>(v.number); }},
      {Integer("max_pages_a_day", "0", 0, 1'000'000'000,
               "Fetches of the daemon in one day of the site's time zone at most; 0 is no limit."),
       [](Site& s, const Value& v) { s.max_pages_a_day = static_cast<uint64_t>(v.number); }},
      {Size("max_bytes_a_day", "0", 0, 1024 * 1024 * kGiB,
            "Bytes that the daemon receives in one day at most; 0 is no limit."),
       [](Site& s, const Value& v) { s.max_bytes_a_day = static_cast<uint64_t>(v.number); }},
      {Text("schedule", R"("every 24h")",
            "When to visit: `every 30m` (s, m, h, d, w), `@hourly`, `@daily`, `@weekly`, `@monthly`, or "
            "cron's five fields: minute, hour, "
            "day of month, month, day of week."),
       [](Site& s, const Value& v) { s.schedule = v.text; }},
      {Text(
           "time_zone", R"("Asia/Shanghai")",
           "Of the schedule, of the time window and of the dates on the pages; a name of the IANA database."),
       [](Site& s, const Value& v) { s.time_zone = v.text; }},
      {Text("time_window", R"("")",
            "Times of day at which the site may be fetched, `22:00-06:00`; several with commas between. "
            "Empty: always."),
       [](Site& s, const Value& v) { s.time_window = v.text; }},
      {Duration("delay", "2", 0, kHour,
                "Pause between the end of one request to a host and the start of the next. robots.txt may "
                "ask for more."),
       [](Site& s, const Value& v) { s.delay = std::chrono::milliseconds(v.number); }},
      {Integer("connections_per_host", "1", 1, 16, "Requests to one host at the same time."),
       [](Site& s, const Value& v) { s.connections_per_host = static_cast<int>(v.number); }},
      {Integer("requests_per_day", "0", 0, 10'000'000, "Requests to one host in 24 hours. 0: as many as the delay lets through."),
       [](Site& s, const Value& v) { s.requests_per_day = static_cast<uint64_t>(v.number); }},
      {Flag("share_address_clock", "true",
            "Whether hosts that answer from one address keep the delay between them, as if they were one host."),
       [](Site& s, const Value& v) { s.share_address_clock = v.flag; }},
      {Flag("fold_duplicates", "true",
            "Whether addresses that were learned to show the same page are fetched once (docs/scheduling.md). When turned off, all of them are visited again."),
       [](Site& s, const Value& v) { s.fold_duplicates = v.flag; }},
      {Duration("revisit_least", R"("10m")", 0, 366 * kDay,
                "A page is not visited again sooner, however often it changes (docs/scheduling.md)."),
       [](Site& s, const Value& v) {
         s.revisit_least = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::milliseconds(v.number));
       }},
      {Duration("sweep_every", R"("30d")", kHour, 3660 * kDay,
                "Every page is visited again at least this often, so that silent edits are found."),
       [](Site& s, const Value& v) {
         s.sweep_every = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::milliseconds(v.number));
       }},
      {List("capture", R"(["pages", "attachments"])", "pages|attachments|requisites",
            "What is fetched: pages, files they link to or show (PDF, Word, archives …), and what a page needs to be "
            "shown (images also of `srcset`, style "
            "sheets and what they name, fonts, scripts), as far as it is on the site's hosts and counts no reading."),
       [](Site& s, const Value& v) {
         s.capture_pages = Has(v, "pages");
         s.capture_attachments = Has(v, "attachments");
         s.capture_requisites = Has(v, "requisites");
       }},
      {Flag("obey_robots", "true", "Whether robots.txt (RFC 9309) is obeyed."),
       [](Site& s, const Value& v) { s.obey_robots = v.flag; }},
      {Flag("obey_nofollow", "true",
            "Whether the links of a page are left alone where its meta element or X-Robots-Tag says nofollow. noindex and noarchive are "
            "recorded with the page and change nothing."),
       [](Site& s, const Value& v) { s.obey_nofollow = v.flag; }},
      {Flag("tls_legacy", "false",
            "Where the strict TLS handshake fails: a second one with old protocols, short keys, unsafe renegotiation and an unverified "
            "certificate. What was used, and why, is recorded with each capture."),
       [](Site& s, const Value& v) { s.tls_legacy = v.flag; }},
      {Flag("allow_private", "false",
            "Whether the site may live at a loopback, private or link-local address."),
       [](Site& s, const Value& v) { s.allow_private = v.flag; }},
      {Choice("counters", R"("read_only")", "off|read_only|allow_increment",
              "Which click counters are asked: none, those that only tell, or also those that count the "
              "asking."),
       [](Site& s, const Value& v) { s.counters = CounterModeOf(v.text); }},
      {Integer("gone_after_visits", "2", 1, 100,
               "A page counts as gone when so many visits in a row found it absent …"),
       [](Site& s, const Value& v) { s.gone_after_visits = static_cast<int>(v.number); }},
      {Duration("gone_after", "0", 0, 366 * kDay,
                "… and at least this long has passed since the first of them."),
       [](Site& s, const Value& v) {
         s.gone_after = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::milliseconds(v.number));
       }},
      {Size("max_body", "0", 0, static_cast<int64_t>(limits::kMaxBodyBytes),
            "A larger answer is cut, and marked as cut. 0 is the most that the program takes, 256 MiB."),
       [](Site& s, const Value& v) { s.max_body_bytes = static_cast<uint64_t>(v.number); }},
      {Duration("timeout", R"("60s")", 100, kHour, "A whole exchange, from connecting to the last byte."),
       [](Site& s, const Value& v) { s.timeout = std::chrono::milliseconds(v.number); }},
      {Integer("retries", "3", 0, 20, "Further attempts after a failure that may pass."),
       [](Site& s, const Value& v) { s.retries = static_cast<int>(v.number); }},
      {Text("selectors.title", R"("")", "The title."),
       [](Site& s, const Value& v) { s.selectors.title = v.text; }},
      {Text("selectors.published", R"("")", "The date of publication."),
       [](Site& s, const Value& v) { s.selectors.published = v.text; }},
      {Text("selectors.source", R"("")", "The source (来源)."),
       [](Site& s, const Value& v) { s.selectors.source = v.text; }},
      {Text("selectors.author", R"("")", "The author."),
       [](Site& s, const Value& v) { s.selectors.author = v.text; }},
      {Text("selectors.body", R"("")", "The element that holds the text."),
       [](Site& s, const Value& v) { s.selectors.body = v.text; }},
      {Text("selectors.clicks", R"("")", "The number of clicks, where it stands in the page itself."),
       [](Site& s, const Value& v) { s.selectors.clicks = v.text; }},
  };
  return keys;
}

namespace {

std::vector<std::string> Texts(const Value& value) {
  std::vector<std::string> texts;
  for (const Value::Item& item : value.list) texts.push_back(item.text);
  return texts;
}

// Patterns are compiled, and their mistakes reported, by the profile's checks.
void PatternsLater(model::Profile& /*profile*/, const Value& /*value*/) {}

}  // namespace

const std::vector<Key<model::Profile>>& ProfileKeys() {
  using model::Profile;
  static const std::vector<Key<Profile>> keys = {
      {Text("name", "", "Name of the family for people. Default: the file's name."), [](Profile& p, const Value& v) { p.name = v.text; }},
      {Text("notes", R"("")", "What an admin should know of the family; `site add` shows it."),
       [](Profile& p, const Value& v) { p.notes = v.text; }},
      {List("fingerprints.generators", "[]", "", "Found anywhere in `<meta name=generator>`, whatever the case. Weighs 5; 3 make a match."),
       [](Profile& p, const Value& v) { p.generators = Texts(v); }},
      {List("fingerprints.calls", "[]", "", "Found anywhere in an inline script: `_showDynClicks(`. Weighs 3."),
       [](Profile& p, const Value& v) { p.calls = Texts(v); }},
      {List("fingerprints.comments", "[]", "", "Found anywhere in a comment. Weighs 3."),
       [](Profile& p, const Value& v) { p.comments = Texts(v); }},
      {List("fingerprints.scripts", "[]", "", "Found anywhere in the address of a script, style sheet, frame or image. Weighs 3."),
       [](Profile& p, const Value& v) { p.scripts = Texts(v); }},
      {List("fingerprints.elements", "[]", "", "`.class`, `#id` or the name of an element of the family's own, exactly. Weighs 2."),
       [](Profile& p, const Value& v) { p.elements = Texts(v); }},
      {List("fingerprints.metas", "[]", "", "The name of a `<meta>`, exactly but for the case. Weighs 2."),
       [](Profile& p, const Value& v) { p.metas = Texts(v); }},
      {List("fingerprints.paths", "[]", "", "Regular expressions, found anywhere in the page's own address. Weighs 2."), PatternsLater},
      {List("addresses.articles", "[]", "", "Regular expressions of addresses that name one text."), PatternsLater},
      {List("addresses.lists", "[]", "", "Regular expressions of addresses that name a list or a page of one."), PatternsLater},
      {List("addresses.traps", "[]", "", "Regular expressions of addresses that lead nowhere new: searches, print views, log-ins."),
       PatternsLater},
      {List("addresses.never", "[]", "", "Regular expressions of requests that only count: they are never made."), PatternsLater},
      {Text("lists.dialect", R"("")", "How the family's lists are paged, for people."), [](Profile& p, const Value& v) { p.list_dialect = v.text; }},
      {List("lists.post", "[]", "",
            "Regular expressions of interfaces that answer a list's rows to a POST and do nothing else. A page's own call of one is made, with the "
            "parameters that the page states; no other address is ever asked by POST for a list."),
       PatternsLater},
      {Text("counter.kind", R"("")", "Provider of the click counter."), [](Profile& p, const Value& v) { p.counter_kind = v.text; }},
      {Choice("counter.side_effect", R"("unknown")", "read_only|increments|unknown", "What asking the counter does."),
       [](Profile& p, const Value& v) { p.counter_effect = v.text; }},
      {Text("selectors.title", R"("")", "The title, where the site entry has no selector for it."),
       [](Profile& p, const Value& v) { p.selectors.title = v.text; }},
      {Text("selectors.published", R"("")", "The date of publication."), [](Profile& p, const Value& v) { p.selectors.published = v.text; }},
      {Text("selectors.source", R"("")", "The source (来源)."), [](Profile& p, const Value& v) { p.selectors.source = v.text; }},
      {Text("selectors.author", R"("")", "The author."), [](Profile& p, const Value& v) { p.selectors.author = v.text; }},
      {Text("selectors.body", R"("")", "The element that holds the text."), [](Profile& p, const Value& v) { p.selectors.body = v.text; }},
      {Text("selectors.clicks", R"("")", "The number of clicks, where it stands in the page itself."),
       [](Profile& p, const Value& v) { p.selectors.clicks = v.text; }},
  };
  return keys;
}

std::string DocumentKeys() {
  std::string out =
      "# Configuration\n\n"
      "Made from the table of keys in `src/config/keys.cc`, which also reads the files; a test keeps the two "
      "the same.\n\n"
      "`config/fangzhi.toml` holds the program's settings and may be absent; `config/sites/*.toml` hold one "
      "site each. All are TOML.\n"
      "Every mistake is reported with file, line and column, all of them at once, and nothing is crawled "
      "until there is none.\n\n"
      "- A *duration* is a number of seconds (`2`, `0.5`) or text with a unit: `\"500ms\"`, `\"2s\"`, "
      "`\"5m\"`, `\"6h\"`, `\"2d\"`.\n"
      "- A *size* is a number of bytes or text with a unit: `\"64KiB\"`, `\"256MiB\"`, `\"1GiB\"`; `KB`, "
      "`MB` and `GB` are powers of 1000.\n\n"
      "## `fangzhi.toml`\n\n";
  AppendTable(SettingsKeys(), "", &out);
  out += "\n## `sites/*.toml`\n\n";
  AppendTable(SiteKeys(), "", &out);
  out +=
      "\n### `[selectors]`\n\n"
      "CSS selectors for a site whose pages are not read rightly by themselves. Empty: found automatically. "
      "In TOML, everything after "
      "the line\n`[selectors]` belongs to it, so it comes last.\n\n";
  AppendTable(SiteKeys(), "selectors", &out);
  out +=
      "\n## `profiles/*.toml`\n\n"
      "A family of content management systems each; the file's name without `.toml` is its id. The families that the program knows are "
      "compiled in\nfrom these files; one of the same name in `config/profiles/` takes the place of one that is compiled in. "
      "[profiles.md](profiles.md) tells how to add one.\n\n";
  AppendTable(ProfileKeys(), "", &out);
  for (const std::string_view section : {std::string_view("fingerprints"), std::string_view("addresses"), std::string_view("lists"),
                                         std::string_view("counter"), std::string_view("selectors")}) {
    out += "\n### `[" + std::string(section) + "]`\n\n";
    AppendTable(ProfileKeys(), section, &out);
  }
  return out;
}

}  // namespace fangzhi::config
