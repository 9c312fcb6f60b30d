// decode, repair, extract, links, sitemap, feed, url, robots: the stations as tools.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "base/files.h"
#include "base/strings.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "config/config.h"
#include "decode/decode.h"
#include "discovery/discovery.h"
#include "process/process.h"
#include "repair/repair.h"
#include "robots/robots.h"
#include "text/text.h"
#include "url/url.h"

namespace fangzhi::cli {
namespace {

using model::Json;

Json DecodeAnswer(std::string_view bytes, std::string_view content_type) {
  decode::DecodeOptions options;
  options.content_type = content_type;
  decode::DecodedText decoded = decode::Decode(bytes, options);
  Json segments = Json::array();
  for (const decode::Segment& segment : decoded.segments) {
    segments.push_back(Json{{"begin", segment.begin}, {"end", segment.end}, {"charset", segment.charset}});
  }
  return Json{{"charset", decoded.charset},       {"declared", model::OrNull(decoded.declared)},
              {"detected", model::OrNull(decoded.detected)}, {"confidence", decoded.confidence},
              {"errors", decoded.errors},         {"basis", decoded.basis},
              {"segments", std::move(segments)},  {"text", std::move(decoded.text)}};
}

// A file that is decoded without being held in memory.
class FileSource : public decode::Source {
 public:
  explicit FileSource(const std::string& path) : path_(path) {}
  size_t Read(char* to, size_t room) override {
    if (!failure_.has_value()) return 0;
    auto bytes = PosixFileSystem().ReadAt(path_, offset_, room);
    if (!bytes) {
      failure_ = Fail(bytes.error());
      return 0;
    }
    std::copy(bytes->begin(), bytes->end(), to);
    offset_ += bytes->size();
    return bytes->size();
  }
  void Rewind() override { offset_ = 0; }
  const Result<void>& failure() const { return failure_; }

 private:
  std::string path_;
  uint64_t offset_ = 0;
  Result<void> failure_;
};

Json RepairAnswer(repair::RepairedText repaired) {
  Json steps = Json::array(), damage = Json::array();
  for (const repair::Step& step : repaired.steps) {
    steps.push_back(model::ToJson(model::RepairStep{step.family, step.begin, step.end, step.before, step.after, step.lossless, step.confidence}));
    if (!step.alternatives.empty()) steps.back()["alternatives"] = step.alternatives;
  }
  for (const repair::Damage& d : repaired.damage) damage.push_back(model::ToJson(model::Damage{d.begin, d.end, d.family, d.text}));
  return Json{{"text", std::move(repaired.text)}, {"changed", repaired.changed}, {"steps", std::move(steps)}, {"damage", std::move(damage)}};
}

// The families that are compiled in, with those of the configuration over them. A mistake there is told, and does not stop a tool.
model::Profiles Families(const Arguments& arguments, Output& output) {
  std::vector<config::Problem> problems;
  model::Profiles families = config::LoadProfiles(arguments.config, &problems);
  for (const config::Problem& problem : problems) output.Talk(problem.ToString());
  return families;
}

process::ProcessedPage Page(std::string_view bytes, const std::string& url, const std::string& content_type, const profiles::Matcher& families,
                            bool explain = false, bool clean_html = false) {
  process::PageInput input;
  input.explain = explain;
  input.clean_html = clean_html;
  input.url = url;
  // A file on a disk has no type; the tool is for pages.
  input.content_type = content_type.empty() ? "text/html" : std::string_view(content_type);
  input.payload = bytes;
  input.profiles = &families;
  return process::ProcessPage(input);
}

Json RecordAnswer(std::string_view bytes, const std::string& url, const std::string& content_type, const profiles::Matcher& families,
                  const Arguments& arguments) {
  const process::ProcessedPage page = Page(bytes, url, content_type, families, arguments.explain, arguments.clean_html);
  Json json = model::ToJson(page.record);
  // A record that tells less than the page does says so.
  if (!page.problems.empty()) json["problems"] = page.problems;
  return json;
}

// The string at `key` of a batch line; nothing where it is absent or null, an error where it is of another type.
Result<std::optional<std::string>> TextOf(const Json& line, const char* key) {
  const auto found = line.find(key);
  if (found == line.end() || found->is_null()) return std::optional<std::string>();
  if (!found->is_string()) return Fail(ErrorKind::kInvalidInput, std::string("\"") + key + "\" is no string");
  return std::optional<std::string>(found->get<std::string>());
}

Result<std::string> RequiredText(const Json& line, const char* key) {
  FZ_ASSIGN(std::optional<std::string> text, TextOf(line, key));
  if (!text) return Fail(ErrorKind::kInvalidInput, std::string("no \"") + key + "\"");
  return std::move(*text);
}

// The input of a batch line: "hex" or "path".
Result<std::string> BytesOf(const Json& line) {
  FZ_ASSIGN(const std::optional<std::string> hex, TextOf(line, "hex"));
  FZ_ASSIGN(const std::optional<std::string> path, TextOf(line, "path"));
  if (hex) {
    auto bytes = FromHex(*hex);
    if (!bytes) return Fail(ErrorKind::kInvalidInput, "\"hex\" is not hexadecimal");
    return std::move(*bytes);
  }
  if (!path || path->empty()) return Fail(ErrorKind::kInvalidInput, "neither \"hex\" nor \"path\"");
  // Standard input is the batch itself.
  if (*path == "-") return Fail(ErrorKind::kInvalidInput, "\"path\" of a batch line names a file");
  return ReadFile(*path);
}

Json UrlAnswer(const std::string& input, const std::string& base_text) {
  Json json{{"url", nullptr}, {"surt", nullptr}, {"error", nullptr}};
  std::optional<url::Url> base;
  if (!base_text.empty()) {
    auto parsed = url::Parse(base_text);
    if (!parsed) {
      json["error"] = "base: " + parsed.error().message;
      return json;
    }
    base = std::move(*parsed);
  }
  auto parsed = url::Parse(input, base ? &*base : nullptr);
  if (!parsed) {
    json["error"] = parsed.error().message;
    return json;
  }
  json["url"] = parsed->Href();
  json["surt"] = url::Surt(parsed->Href());
  // The name under which the archive would know it (session ids and tracking removed); null for what it would not fetch.
  json["canonical"] = nullptr;
  if (parsed->IsHttp()) json["canonical"] = url::Canonical(*parsed).HrefWithoutFragment();
  return json;
}

// `url` is an absolute URL, or a path of the host whose robots.txt this is.
Result<Json> RobotsAnswer(const robots::RobotsTxt& rules, const std::string& agent, const std::string& url) {
  if (!url.starts_with('/')) {
    if (const auto parsed = url::Parse(url); !parsed) return Fail(ErrorKind::kInvalidInput, parsed.error().message, url);
  }
  const robots::Decision decision = rules.Decide(agent, url);
  return Json{{"url", url},
              {"allowed", decision.allowed},
              {"rule", decision.rule.empty() ? Json(nullptr) : Json(decision.rule)},
              {"line", decision.line == 0 ? Json(nullptr) : Json(decision.line)},
              {"crawl_delay", model::OrNull(decision.crawl_delay_seconds)}};
}

Json DiscoveryAnswer(const discovery::Item& item, bool sitemap) {
  const auto time = [](const std::optional<UtcTime>& at) { return at ? Json(FormatIso8601(*at)) : Json(nullptr); };
  const auto text = [](const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); };
  Json json{{"url", text(item.url)}, {"title", text(item.title)}, {"published", time(item.published)}, {"updated", time(item.updated)}};
  if (sitemap) {
    json["change_frequency"] = text(item.change_frequency);
    json["outside"] = item.outside;
  } else {
    json["id"] = text(item.id);
    json["author"] = text(item.author);
    json["summary"] = text(item.summary);
    json["content"] = text(item.content);
    json["enclosures"] = item.enclosures;
  }
  return json;
}

}  // namespace

int DiscoveryCommand(const Arguments& arguments, Output& output) {
  const auto bytes = ReadFile(arguments.file);
  if (!bytes) return Report(bytes.error(), output);
  const discovery::Document document = discovery::Parse({arguments.url, arguments.content_type, *bytes});
  if (document.kind == discovery::Kind::kNone) {
    output.Talk(arguments.file + ": neither sitemap nor feed");
    return kFailed;
  }
  const bool sitemap = document.kind != discovery::Kind::kRss && document.kind != discovery::Kind::kAtom;
  for (const discovery::Item& item : document.items) {
    const Json answer = DiscoveryAnswer(item, sitemap);
    if (arguments.json) {
      output.Json(answer);
    } else {
      output.Text(Cell(answer, "url") + "\t" + Cell(answer, sitemap ? "updated" : "published") + "\t" + Cell(answer, "title") + "\n");
    }
  }
  if (!arguments.json) {
    output.Talk(std::string(discovery::KindName(document.kind)) + ", " + std::to_string(document.items.size()) + " entries, " + document.charset +
                (document.well_formed ? "" : ", not well-formed") + (document.cut ? ", cut at a limit" : ""));
  }
  return kDone;
}

int DecodeCommand(const Arguments& arguments, Output& output) {
  if (arguments.jsonl) {
    return RunBatch(arguments.file, output, [](const Json& line) -> Result<Json> {
      FZ_ASSIGN(const std::string bytes, BytesOf(line));
      FZ_ASSIGN(const std::optional<std::string> content_type, TextOf(line, "content_type"));
      return DecodeAnswer(bytes, content_type.value_or(""));
    });
  }
  // What has no size beforehand (a pipe) can be read only once.
  const auto size = PosixFileSystem().FileSize(arguments.file);
  if (!arguments.json && size && *size > 0) {
    FileSource source(arguments.file);
    decode::DecodeOptions options;
    options.content_type = arguments.content_type;
    decode::DecodeStream(source, [&](std::string_view text) { output.Text(text); }, options);
    return source.failure() ? kDone : Report(source.failure().error(), output);
  }
  const auto bytes = ReadFile(arguments.file);
  if (!bytes) return Report(bytes.error(), output);
  if (arguments.json) {
    output.Json(DecodeAnswer(*bytes, arguments.content_type));
  } else {
    output.Text(DecodeAnswer(*bytes, arguments.content_type)["text"].get_ref<const std::string&>());
  }
  return kDone;
}

int RepairCommand(const Arguments& arguments, Output& output) {
  if (arguments.jsonl) {
    return RunBatch(arguments.file, output, [](const Json& line) -> Result<Json> {
      FZ_ASSIGN(std::string text, RequiredText(line, "text"));
      return RepairAnswer(repair::Repair(std::move(text)));
    });
  }
  // Read once and in pieces, so that pipes and large files do as well.
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(arguments.file == "-" ? nullptr : std::fopen(arguments.file.c_str(), "rb"), std::fclose);
  if (arguments.file != "-" && opened == nullptr) {
    return Report(Error{errno == ENOENT ? ErrorKind::kNotFound : ErrorKind::kIo, std::string("cannot open: ") + std::strerror(errno), arguments.file}, output);
  }
  std::FILE* const file = opened == nullptr ? stdin : opened.get();
  // What cannot be read at all (a folder) has no answer, not half of one.
  const int first = std::fgetc(file);
  if (first == EOF && std::ferror(file) != 0) return Report(Error{ErrorKind::kIo, std::string("cannot read: ") + std::strerror(errno), arguments.file}, output);
  if (first != EOF) std::ungetc(first, file);
  const auto read = [file](char* to, size_t room) { return std::fread(to, 1, room, file); };
  // The answer's first member is the text, which is written as it comes; the rest is that of an answer without a text.
  constexpr std::string_view kBeforeText = "{\"text\":\"";
  if (arguments.json) output.Data(kBeforeText);
  const repair::RepairedText repaired = repair::RepairStream(read, [&](std::string_view text) {
    if (!arguments.json) return output.Text(text);
    const std::string quoted = HarmlessJson(model::Dump(Json(text)));
    output.Data(std::string_view(quoted).substr(1, quoted.size() - 2));
  });
  if (arguments.json && std::ferror(file) == 0) {
    const std::string answer = HarmlessJson(model::Dump(RepairAnswer(repaired)));
    output.Line(std::string_view(answer).substr(kBeforeText.size()));
  }
  if (std::ferror(file) != 0) return Report(Error{ErrorKind::kIo, "cannot be read to its end", arguments.file}, output);
  return kDone;
}

int ExtractCommand(const Arguments& arguments, Output& output) {
  const profiles::Matcher families(Families(arguments, output));
  if (arguments.jsonl) {
    return RunBatch(arguments.file, output, [&](const Json& line) -> Result<Json> {
      FZ_ASSIGN(const std::string url, RequiredText(line, "url"));
      if (const auto parsed = url::Parse(url); !parsed) return Fail(ErrorKind::kInvalidInput, parsed.error().message, url);
      FZ_ASSIGN(const std::optional<std::string> content_type, TextOf(line, "content_type"));
      FZ_ASSIGN(const std::string bytes, BytesOf(line));
      return RecordAnswer(bytes, url, content_type.value_or(""), families, arguments);
    });
  }
  if (arguments.url.empty()) {
    output.Talk("extract: --url is required");
    return kWrongUsage;
  }
  if (const auto url = url::Parse(arguments.url); !url) {
    output.Talk(arguments.url + ": " + url.error().message);
    return kWrongUsage;
  }
  const auto bytes = ReadFile(arguments.file);
  if (!bytes) return Report(bytes.error(), output);
  output.Json(RecordAnswer(*bytes, arguments.url, arguments.content_type, families, arguments));
  return kDone;
}

int LinksCommand(const Arguments& arguments, Output& output) {
  if (const auto url = url::Parse(arguments.url); !url) {
    output.Talk(arguments.url + ": " + url.error().message);
    return kWrongUsage;
  }
  const auto bytes = ReadFile(arguments.file);
  if (!bytes) return Report(bytes.error(), output);
  const profiles::Matcher families(Families(arguments, output));
  for (const model::Link& link : Page(*bytes, arguments.url, arguments.content_type, families).links) output.Json(model::ToJson(link));
  return kDone;
}

int UrlCommand(const Arguments& arguments, Output& output) {
  if (arguments.jsonl) {
    if (arguments.urls.size() > 1) {
      output.Talk("url: --jsonl reads one FILE; " + std::to_string(arguments.urls.size()) + " are named");
      return kWrongUsage;
    }
    return RunBatch(arguments.urls.empty() ? "-" : arguments.urls.front(), output, [](const Json& line) -> Result<Json> {
      FZ_ASSIGN(const std::string input, RequiredText(line, "input"));
      FZ_ASSIGN(const std::optional<std::string> base, TextOf(line, "base"));
      return UrlAnswer(input, base.value_or(""));
    });
  }
  if (arguments.urls.empty()) {
    output.Talk("url: no URL given");
    return kWrongUsage;
  }
  size_t failures = 0;
  for (const std::string& input : arguments.urls) {
    const Json answer = UrlAnswer(input, arguments.base);
    const bool failed = !answer["error"].is_null();
    if (failed) {
      ++failures;
      output.Talk(input + ": " + model::GetString(answer, "error"));
    }
    if (arguments.json) {
      output.Json(answer);
    } else if (!failed) {
      output.Line(model::GetString(answer, "url") + "\t" + model::GetString(answer, "surt"));
    }
  }
  return StatusOf(failures, arguments.urls.size());
}

int RobotsCommand(const Arguments& arguments, Output& output) {
  if (arguments.jsonl) {
    return RunBatch(arguments.file, output, [](const Json& line) -> Result<Json> {
      FZ_ASSIGN(std::optional<std::string> bytes, TextOf(line, "robots"));
      FZ_ASSIGN(const std::optional<std::string> encoded, TextOf(line, "robots_b64"));
      if (encoded) bytes = FromBase64(*encoded);
      if (!bytes) return Fail(ErrorKind::kInvalidInput, encoded ? "\"robots_b64\" is not base64" : "neither \"robots\" nor \"robots_b64\"");
      FZ_ASSIGN(const std::string agent, RequiredText(line, "agent"));
      if (agent.empty()) return Fail(ErrorKind::kInvalidInput, "\"agent\" is empty");
      FZ_ASSIGN(const std::string url, RequiredText(line, "url"));
      return RobotsAnswer(robots::RobotsTxt::Parse(*bytes), agent, url);
    });
  }
  if (arguments.agent.empty() || arguments.urls.empty()) {
    output.Talk("robots: FILE, --agent and at least one URL are required");
    return kWrongUsage;
  }
  const auto bytes = ReadFile(arguments.file);
  if (!bytes) return Report(bytes.error(), output);
  const robots::RobotsTxt rules = robots::RobotsTxt::Parse(*bytes);
  size_t failures = 0;
  for (const std::string& url : arguments.urls) {
    const Result<Json> answer = RobotsAnswer(rules, arguments.agent, url);
    if (!answer) {
      ++failures;
      output.Talk(answer.error().ToString());
      if (arguments.json) output.Json(Json{{"url", url}, {"allowed", nullptr}, {"rule", nullptr}, {"crawl_delay", nullptr}, {"error", answer.error().message}});
    } else if (arguments.json) {
      output.Json(*answer);
    } else {
      output.Text(std::string((*answer)["allowed"].get<bool>() ? "allowed" : "denied") + "\t" + url + "\t" + Cell(*answer, "rule") + "\n");
    }
  }
  return StatusOf(failures, arguments.urls.size());
}

}  // namespace fangzhi::cli
