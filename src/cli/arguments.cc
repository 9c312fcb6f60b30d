#include "cli/arguments.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>

#include "base/strings.h"
#include "base/terminal.h"
#include "base/time.h"
#include "cli/cli.h"
#include "cli/help.h"

namespace fangzhi::cli {
namespace {

void AddJson(CLI::App& app, Arguments& a) { app.add_flag("--json", a.json, "Print JSON instead of text"); }
void AddArchive(CLI::App& app, Arguments& a) {
  app.add_option("--archive", a.archive, "The archive's directory")->capture_default_str();
}
void AddConfig(CLI::App& app, Arguments& a) {
  app.add_option("--config", a.config, "Directory of fangzhi.toml and sites/")->capture_default_str();
}
// One value an option, given as often as there are values: what follows the value is the command's own word again.
CLI::Option* AddSeveral(CLI::App& app, const std::string& name, std::vector<std::string>& values, const std::string& help) {
  return app.add_option(name, values, help)->allow_extra_args(false);
}

// CLI11 takes "-1" for a very large number, "010" for eight and "nan" for a number within any range. Digits only, here.
CLI::Validator WholeNumber(uint64_t most = std::numeric_limits<uint64_t>::max()) {
  return {[most](std::string& text) {
            const auto number = ParseUint(text);
            if (!number || *number > most) return "\"" + text + "\" is no whole number from 0 to " + std::to_string(most);
            text = std::to_string(*number);
            return std::string();
          },
          ""};
}
CLI::Validator Decimal(double least, double most) {
  return {[least, most](std::string& text) {
            double value = 0;
            const char* const end = text.data() + text.size();
            const auto [stopped, error] = std::from_chars(text.data(), end, value);
            if (error == std::errc() && stopped == end && std::isfinite(value) && value >= least && value <= most) return std::string();
            std::ostringstream wanted;
            wanted << '"' << text << "\" is no number from " << least << " to " << most;
            return wanted.str();
          },
          ""};
}
// The help of an option that takes one of a few words names them itself.
CLI::Validator OneOf(std::vector<std::string> words) { return CLI::IsMember(std::move(words)).description(""); }
CLI::Validator Day() {
  return {[](std::string& text) {
            return text.empty() || ParseIso8601(text) ? std::string() : "\"" + text + "\" is no day (2026, 2026-01 or 2026-01-31)";
          },
          ""};
}
// As serve/ reads it; wrong usage is found before an archive is opened.
CLI::Validator HostAndPort() {
  return {[](std::string& text) {
            const size_t colon = text.rfind(':');
            const std::string host = text.substr(0, colon == std::string::npos ? 0 : colon);
            const auto port = colon == std::string::npos ? std::nullopt : ParseUint(std::string_view(text).substr(colon + 1));
            const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
            const bool good = !host.empty() && (bracketed || host.find(':') == std::string::npos) && port && *port <= 65535;
            return text == "none" || good ? std::string() : "\"" + text + "\" is no HOST:PORT; an IPv6 address stands in brackets";
          },
          ""};
}

// The names of all options that take a value, of `app` and of what is under it.
void CollectValued(const CLI::App& app, std::set<std::string>& names) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_items_expected_min() == 0) continue;
    for (const std::string& name : option->get_lnames()) names.insert("--" + name);
  }
  for (const CLI::App* under : app.get_subcommands([](const CLI::App*) { return true; })) CollectValued(*under, names);
}

// The words as CLI11 understands them. `--name=` is an empty value (CLI11 would take the next word for it), and options that stand before the command
// (`fangzhi --archive DIR list`) move behind it, for they are the command's. Sets `command` to the place of the command's word, or to the end.
std::vector<std::string> InOrder(const std::vector<std::string>& words, const CLI::App& app, size_t* command) {
  static const std::set<std::string> kEverywhere = {"--archive", "--config", "--log-level", "--json"};
  std::set<std::string> valued;
  CollectValued(app, valued);
  valued.erase("--version");  // before a command it asks for the program's
  std::vector<std::string> before, moved, after;
  bool found = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      // What follows are names, whatever they look like.
      after.insert(after.end(), words.begin() + static_cast<ptrdiff_t>(i), words.end());
      break;
    }
    const bool option = word.size() > 1 && word.front() == '-';
    const size_t equals = option ? word.find('=') : std::string::npos;
    const std::string name = word.substr(0, equals);
    std::vector<std::string> group{word};
    if (option && (valued.count(name) > 0 || name == "--version")) {
      if (equals + 1 == word.size()) group = {name, ""};
      else if (equals == std::string::npos && valued.count(name) > 0 && i + 1 < words.size()) group.push_back(words[++i]);
    }
    if (!found && !option && !word.empty()) found = true;
    std::vector<std::string>& to = found ? after : kEverywhere.count(name) > 0 ? moved : before;
    to.insert(to.end(), group.begin(), group.end());
  }
  // `site list` is two words.
  const size_t length = !found ? 0 : after.front() == "site" && after.size() > 1 && !after[1].starts_with('-') ? 2 : 1;
  after.insert(after.begin() + static_cast<ptrdiff_t>(length), moved.begin(), moved.end());
  *command = found ? before.size() : before.size() + after.size();
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

// Who reaches for a command: the headings of `fangzhi help`.
constexpr const char* kKeep = "Keep pages (archivists)";
constexpr const char* kRead = "Read what was kept (researchers)";
constexpr const char* kRun = "Look after sites for years (admins)";
constexpr const char* kTools = "Text and page tools, which need no archive";

void AddBatch(CLI::App& app, Arguments& a, const std::string& form) {
  app.add_flag("--jsonl", a.jsonl, "Batch: reads JSON Lines " + form + ", answers one line a line, in order");
}

}  // namespace

Parsed ParseArguments(const std::vector<std::string>& typed) {
  const std::vector<std::string> words = WithoutHelpCommand(typed);
  Parsed parsed;
  Arguments& a = parsed.arguments;
  CLI::App app{"Fangzhi: crawler and versioned archive for government news sites", "fangzhi"};
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "This help; after a command, that command's");
  app.set_version_flag("--version", "fangzhi 0.1.0", "The program's version");
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--log-level", a.log_level, "What is told on standard error: trace, debug, info, warn, error or off")->capture_default_str();
  app.footer(
      "Answers go to standard output, all else to standard error. Exit status: 0 done, 1 failed, 2 wrong usage or\n"
      "configuration, 3 done in part.\n\n"
      "Examples:\n"
      "  fangzhi crawl --seed http://www.example.gov.cn/ --max-pages 200   crawl a site, politely\n"
      "  fangzhi list --limit 20                                           what was archived, newest first\n"
      "  fangzhi show http://www.example.gov.cn/a/1.htm                    one page, and how each field was found\n"
      "  fangzhi help show                                                 what a command can do, with examples");
  const auto with_help = [](CLI::App* sub, const std::string& group, const std::vector<std::string>& examples) {
    std::string footer = examples.size() > 1 ? "Examples:" : "Example:";
    for (const std::string& example : examples) footer += "\n  " + example;
    sub->group(group);
    sub->footer(footer);
    sub->fallthrough();
    sub->set_help_flag("-h,--help", "This help");
  };
  const char* group = kKeep;
  const auto command = [&](const std::string& name, const std::string& help, const std::vector<std::string>& examples) {
    CLI::App* sub = app.add_subcommand(name, help);
    with_help(sub, group, examples);
    sub->callback([&a, name] { a.command = name; });
    return sub;
  };
  const auto file = [&](CLI::App* sub) { sub->add_option("FILE", a.file, "Input; - is standard input")->capture_default_str(); };

  CLI::App* sub = nullptr;
  const auto read = [&](const std::string& name, const std::string& help, const std::vector<std::string>& examples) {
    CLI::App* s = command(name, help, examples);
    AddArchive(*s, a), AddJson(*s, a);
    return s;
  };

  // --- keep ---
  sub = command("crawl", "Crawls now: to the end, or to N pages; a later crawl goes on where it stopped", {"fangzhi crawl --site gsei --max-pages 500", "fangzhi crawl --seed http://www.example.gov.cn/ --max-pages 200 --archive archive/try"});
  AddArchive(*sub, a), AddConfig(*sub, a), AddJson(*sub, a);
  AddSeveral(*sub, "--site", a.sites, "A site of the site list (several allowed; default: all)");
  AddSeveral(*sub, "--seed", a.seeds, "A URL of an unlisted site, bounded to the seeds' hosts (several allowed; the first one's host is the site's id)");
  sub->add_option("--max-pages", a.max_pages, "Stop after so many fetches (0: no limit)")->check(WholeNumber());
  sub->add_option("--delay", a.delay, "Seconds between requests to a host, instead of the site's")->check(Decimal(0, 3600));
  sub->add_flag("--allow-private", a.allow_private, "Fetch loopback and private addresses too");
  read("verify", "Re-reads everything, re-computes every digest, names what is damaged", {"fangzhi verify", "fangzhi verify --archive /mnt/copy --json"});
  read("rebuild", "Makes the index again from the WARC files alone", {"fangzhi rebuild"});

  // --- read ---
  group = kRead;
  const auto url = [&](CLI::App* s) { s->add_option("URL", a.url, "The page's URL")->required(); };
  sub = read("show", "One version of a page", {"fangzhi show http://www.example.gov.cn/a/1.htm", "fangzhi show http://www.example.gov.cn/a/1.htm --at 2026-06-01 --json",
              "fangzhi show http://www.example.gov.cn/a/1.pdf --version 1 --format raw > 1.pdf"});
  url(sub);
  auto* number = sub->add_option("--version", a.version, "Its number (default: the latest)")->check(WholeNumber(std::numeric_limits<uint32_t>::max()));
  sub->add_option("--at", a.at, "The version that was current at this time (ISO 8601; a day alone: at its end, UTC)")->excludes(number);
  sub->add_option("--format", a.format, "record, text, html (the text as HTML, safe to show), page (decoded and repaired), raw (the payload byte for byte as received)")
      ->check(OneOf({"record", "text", "html", "page", "raw"}))->capture_default_str();
  sub = read("history", "A page's versions, oldest first, and its life", {"fangzhi history http://www.example.gov.cn/a/1.htm", "fangzhi history http://www.example.gov.cn/a/1.htm --states --json"});
  url(sub);
  sub->add_flag("--states", a.states, "Only its life: present, gone, restored, moved, blocked …, each from when to when, and why");
  sub = read("diff", "What changed between two versions (default: the last two)", {"fangzhi diff http://www.example.gov.cn/a/1.htm", "fangzhi diff http://www.example.gov.cn/a/1.htm 1 3"});
  url(sub);
  sub->add_option("A", a.version_a, "A version's number")->check(WholeNumber(std::numeric_limits<uint32_t>::max()));
  sub->add_option("B", a.version_b, "Another's")->check(WholeNumber(std::numeric_limits<uint32_t>::max()));
  sub = read("clicks", "A page's click count over time", {"fangzhi clicks http://www.example.gov.cn/a/1.htm", "fangzhi clicks http://www.example.gov.cn/a/1.htm --json"});
  url(sub);
  sub = read("list", "The archive's records, newest published first", {"fangzhi list --limit 20", "fangzhi list --site gsei --from 2026-01 --to 2026-03 --kind article --json"});
  AddSeveral(*sub, "--site", a.sites, "Of this site only (several allowed)");
  sub->add_option("--from", a.from, "Published on or after (2026, 2026-01 or 2026-01-31)")->check(Day());
  sub->add_option("--to", a.to, "Published on or before")->check(Day());
  sub->add_option("--limit", a.limit, "At most so many")->check(WholeNumber());
  sub->add_option("--kind", a.kind, "Only of this kind: article, list, home, error or other (default: all)")
      ->check(OneOf({"article", "list", "home", "error", "other", "all"}));
  sub = read("changes", "What happened, newest first", {"fangzhi changes --limit 20", "fangzhi changes --since 2026-11-01 --kind edited --json"});
  sub->add_option("--since", a.since, "At or after this time (ISO 8601)");
  sub->add_option("--kind", a.kind, "new, edited, gone, restored or moved; of hosts: blocked, unreachable, reachable or redesign_suspected")
      ->check(OneOf({"new", "edited", "gone", "restored", "moved", "blocked", "unreachable", "reachable", "redesign_suspected"}));
  AddSeveral(*sub, "--site", a.sites, "Of this site only (several allowed)");
  sub->add_option("--limit", a.limit, "At most so many")->check(WholeNumber());
  sub->add_flag("--all", a.all_pages, "List and home pages too");
  sub = read("lost", "What disappeared, with its last good version and the evidence", {"fangzhi lost", "fangzhi lost --site gsei --from 2026-11-01 --to 2026-12-01"});
  sub->add_option("--from", a.from, "Not before this time (ISO 8601; UTC where no offset is given)");
  sub->add_option("--to", a.to, "Not after this time; a day alone counts to its end");
  AddSeveral(*sub, "--site", a.sites, "Of this site only (several allowed)");
  sub->add_option("--kind", a.kind, "gone; suspect: absent, not yet proved; unlisted: alive, but no list names it any more")
      ->check(OneOf({"gone", "suspect", "unlisted"}));
  sub->add_option("--limit", a.limit, "At most so many")->check(WholeNumber());
  read("stats", "Counts by site, kind, charset and repair family; bytes; field coverage", {"fangzhi stats", "fangzhi stats --json"});

  // --- look after ---
  group = kRun;
  sub = command("serve", "The daemon: runs every site on its schedule, answers over HTTP", {"fangzhi serve", "fangzhi serve --listen 127.0.0.1:8417 --archive /srv/archive --config /etc/fangzhi"});
  AddArchive(*sub, a), AddConfig(*sub, a);
  sub->add_option("--listen", a.listen, "HOST:PORT for HTTP; none for no HTTP (default: 127.0.0.1:8417 where that is free)")->check(HostAndPort());
  sub->add_option("--clock-rate", a.clock_rate)->check(Decimal(1, 100000))->group("");  // tests: time goes so much faster
  sub = command("run", "Asks the daemon to run a site now", {"fangzhi run gsei", "fangzhi run gsei --sweep"});
  AddArchive(*sub, a), AddJson(*sub, a);
  sub->add_option("SITE", a.site, "Its id")->required();
  sub->add_flag("--sweep", a.sweep, "Visit every known page, not only those that are due");
  for (const auto& [name, help] : {std::pair{"pause", "Lets a site rest: its run ends, what waits stays queued"}, {"resume", "Ends a pause"}}) {
    sub = command(name, help, {std::string("fangzhi ") + name + " gsei", std::string("fangzhi ") + name + " all"});
    AddArchive(*sub, a), AddConfig(*sub, a), AddJson(*sub, a);
    sub->add_option("SITE", a.site, "Its id, or all")->required();
  }
  sub = command("reload", "Asks the daemon to read the configuration again now", {"fangzhi site check && fangzhi reload"});
  AddArchive(*sub, a), AddJson(*sub, a);
  sub = command("status", "Every site: what it does, when it runs next, how its last run ended", {"fangzhi status", "fangzhi status --watch"});
  AddArchive(*sub, a), AddConfig(*sub, a), AddJson(*sub, a);
  sub->add_flag("--watch", a.watch, "Again every two seconds, until interrupted");

  CLI::App* site = app.add_subcommand("site", "The site list: list, check, test, add");
  with_help(site, kRun, {"fangzhi site check", "fangzhi help site add"});
  site->require_subcommand(1);
  const auto site_command = [&](const std::string& name, const std::string& help, const std::vector<std::string>& examples) {
    CLI::App* s = site->add_subcommand(name, help);
    with_help(s, "Commands", examples);
    s->callback([&a, name] { a.command = "site " + name; });
    AddConfig(*s, a), AddJson(*s, a);
    return s;
  };
  site_command("list", "Shows every site with its schedule and rules", {"fangzhi site list", "fangzhi site list --json"});
  site_command("check", "Validates the configuration: every mistake with file, line and the nearest valid key", {"fangzhi site check", "fangzhi site check --config /etc/fangzhi"});
  sub = site_command("test", "Fetches one page and explains what would be archived of it", {"fangzhi site test http://www.gsei.com.cn/", "fangzhi site test http://www.gsei.com.cn/html/1.htm --file saved.html"});
  sub->add_option("URL", a.url, "The page")->required();
  AddSeveral(*sub, "--site", a.sites, "The site entry to use (default: the one whose hosts match)");
  AddArchive(*sub, a);
  sub->add_option("--file", a.offline_file, "Explain this file as the page at URL; nothing is fetched");
  sub->add_option("--content-type", a.content_type, "Of the file, as a server would have said it (default: text/html)");
  sub->add_flag("--allow-private", a.allow_private, "Fetch loopback and private addresses too");
  sub->add_option("--delay", a.delay, "Seconds between requests to a host, instead of the site's")->check(Decimal(0, 3600));
  sub = site_command("add", "Looks at a few pages of a new site, recognises its family, and proposes a site entry", {"fangzhi site add http://www.gsei.com.cn/", "fangzhi site add http://www.gsei.com.cn/ --write"});
  sub->add_option("URL", a.url, "Its entry page")->required();
  sub->add_flag("--write", a.write, "Write the entry to sites/ of the configuration directory instead of printing it");
  sub->add_flag("--allow-private", a.allow_private, "Fetch loopback and private addresses too");
  sub->add_option("--delay", a.delay, "Seconds between requests to a host (default: 2)")->check(Decimal(0, 3600));
  sub = read("report", "How the last runs went: complete, degraded or partial, and why", {"fangzhi report", "fangzhi report gsei", "fangzhi report --format html > report.html", "fangzhi report --impact www.example.gov.cn --from 2026-11-01"});
  sub->add_option("SITE", a.site, "Of this site, with its earlier runs (default: all sites)");
  sub->add_option("--format", a.report_format, "text or html (one page that needs nothing from elsewhere)")
      ->check(OneOf({"text", "html"}))->capture_default_str();
  sub->add_option("--impact", a.impact_host, "What we did to this host, for its webmaster");
  sub->add_option("--from", a.from, "With --impact: since this time (ISO 8601)");
  sub->add_option("--limit", a.limit, "At most so many runs of a site (default 10)")->check(WholeNumber());

  // --- text tools ---
  group = kTools;
  sub = command("decode", "Bytes to text: which encoding, and its characters", {"fangzhi decode page.html", "fangzhi decode page.html --json --content-type 'text/html; charset=gb2312'"});
  file(sub), AddJson(*sub, a), AddBatch(*sub, a, R"({"id","hex"|"path","content_type"})");
  sub->add_option("--content-type", a.content_type, "The response's Content-Type");

  sub = command("repair", "Garbled text to what its author wrote", {"fangzhi repair garbled.txt", "fangzhi repair --json < garbled.txt"});
  file(sub), AddJson(*sub, a), AddBatch(*sub, a, R"({"id","text"})");

  sub = command("extract", "A page's record: title, date, source, clicks, body", {"fangzhi extract page.html --url http://www.example.gov.cn/a/1.htm", "fangzhi extract --jsonl < pages.jsonl > records.jsonl"});
  file(sub), AddJson(*sub, a), AddBatch(*sub, a, R"({"id","path","url","content_type"})");
  sub->add_option("--url", a.url, "The page's URL");
  sub->add_option("--content-type", a.content_type, "The response's Content-Type");
  AddConfig(*sub, a);
  sub->add_flag("--explain", a.explain, "Also every candidate of each field, with its basis and confidence");
  sub->add_flag("--html", a.clean_html, "Also the body as HTML that is safe to show");

  sub = command("links", "Where a page leads", {"fangzhi links list.html --url http://www.example.gov.cn/news/"});
  file(sub), AddConfig(*sub, a), AddJson(*sub, a);
  sub->add_option("--url", a.url, "The page's URL")->required();
  sub->add_option("--content-type", a.content_type, "The response's Content-Type");

  for (const auto& [name, what] : {std::pair<const char*, const char*>{"sitemap", "What a sitemap or sitemap index names"},
                                   std::pair<const char*, const char*>{"feed", "What an RSS or Atom feed names"}}) {
    sub = command(name, what, {std::string("fangzhi ") + name + " " + name + ".xml --url http://www.example.gov.cn/" + name + ".xml"});
    file(sub), AddJson(*sub, a);
    sub->add_option("--url", a.url, "Where it was got")->required();
    sub->add_option("--content-type", a.content_type, "The response's Content-Type");
  }

  sub = command("url", "Normalises URLs, makes SURT keys", {"fangzhi url HTTP://WWW.Example.gov.cn:80/a/../b.htm", "fangzhi url --base http://www.example.gov.cn/a/ '../b.htm?q=1' --json"});
  AddJson(*sub, a), AddBatch(*sub, a, R"({"id","input","base"})");
  sub->add_option("--base", a.base, "Base URL of relative ones");
  sub->add_option("URL", a.urls, "URLs; with --jsonl, the batch's FILE");

  sub = command("robots", "What a robots.txt allows, and by which rule", {"fangzhi robots robots.txt --agent fangzhi http://www.example.gov.cn/a/"});
  AddJson(*sub, a), AddBatch(*sub, a, R"({"id","robots"|"robots_b64","agent","url"})");
  sub->add_option("--agent", a.agent, "Product token of the crawler");
  sub->add_option("FILE", a.file, "robots.txt; - is standard input");
  sub->add_option("URL", a.urls, "URLs");

  NameValues(app);
  size_t command_at = 0;
  const std::vector<std::string> in_order = InOrder(words, app, &command_at);
  const auto wrong = [&](const std::string& said) {
    parsed.exit = kWrongUsage;
    parsed.message = "fangzhi: " + PrintableLine(said) + "\n";
    return parsed;
  };
  // CLI11 only says that a subcommand is required, and lists words it did not expect; the reader wants to know which word was none, and what was meant.
  const CLI::App* chosen = &app;
  for (size_t at = command_at; at < in_order.size() && !in_order[at].starts_with('-'); ++at) {
    const std::vector<std::string> commands = CommandsOf(*chosen);
    if (commands.empty()) break;
    const std::string& word = in_order[at];
    const std::string path = chosen == &app ? "" : chosen->get_name() + " ";
    if (std::find(commands.begin(), commands.end(), word) == commands.end()) {
      return wrong(path + word + ": no such command" + DidYouMean(word, commands) + "; fangzhi help " + path + "lists them");
    }
    chosen = chosen->get_subcommand(word);
  }
  std::string chosen_name;
  for (const CLI::App* part = chosen; part != &app; part = part->get_parent()) chosen_name = part->get_name() + (chosen_name.empty() ? "" : " ") + chosen_name;

  // CLI11 takes the words in reverse order.
  std::vector<std::string> reversed(in_order.rbegin(), in_order.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& problem) {
    std::ostringstream out, err;
    if (app.exit(problem, out, err) != 0) {
      if (chosen == &app) return wrong(std::string(problem.what()) + "; fangzhi help lists the commands");
      const std::vector<std::string> names = OptionsOf(*chosen);
      for (const std::string& word : in_order) {
        if (word == "--") break;
        const std::string name = word.substr(0, word.find('='));
        if (problem.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError) || !name.starts_with("--") || std::find(names.begin(), names.end(), name) != names.end()) continue;
        return wrong(chosen_name + ": no such option: " + name + DidYouMean(name, names) + "; fangzhi help " + chosen_name + " lists them");
      }
      return wrong(chosen_name + ": " + problem.what() + "; fangzhi help " + chosen_name + " tells more");
    }
    parsed.exit = kDone;
    parsed.message = out.str();
  }
  return parsed;
}

bool IsDaemonCommand(const std::string& command) {
  return command == "run" || command == "pause" || command == "resume" || command == "reload" || command == "status";
}

bool IsReadCommand(const std::string& command) {
  static const std::vector<std::string> kCommands = {"show", "history", "diff", "clicks", "list", "changes", "lost", "stats", "report", "verify"};
  for (const std::string& known : kCommands) {
    if (command == known) return true;
  }
  return false;
}

}  // namespace fangzhi::cli
