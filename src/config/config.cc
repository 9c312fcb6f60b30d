#include "config/config.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>
#include <utility>

#include "base/files.h"
#include "base/limits.h"
#include "base/strings.h"
#include "config/keys.h"
#include "config/profiles.h"
#include "config/reader.h"
#include "config/scope.h"
#include "schedule/schedule.h"
#include "url/url.h"

namespace fangzhi::config {
namespace {

using model::Site;

// A seed from the command line is meant to be followed wherever it leads on its host: lists that are linked
// page by page are long.
constexpr int kSeedDepth = 1000;

template <class Target>
std::vector<const KeySpec*> Specs(const std::vector<Key<Target>>& keys) {
  std::vector<const KeySpec*> specs;
  for (const Key<Target>& key : keys) specs.push_back(&key.spec);
  return specs;
}

template <class Target>
void SetAll(const std::vector<Key<Target>>& keys, const Values& values, Target* target) {
  for (const Key<Target>& key : keys) {
    const auto found = values.find(key.spec.name);
    if (found != values.end()) key.set(*target, found->second);
  }
}

bool IsFilePrefix(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '_'; });
}

// What may stand inside the comment of a User-Agent (RFC 9110, 5.6.5), kept to what servers do not trip over.
bool IsContact(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= 0x20 && c < 0x7f && c != '(' && c != ')' && c != '\\'; });
}

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string FileStem(const std::string& file) {
  const std::string_view name =
      std::string_view(file).substr(file.rfind('/') == std::string::npos ? 0 : file.rfind('/') + 1);
  return std::string(name.substr(0, name.rfind('.')));
}

Settings ReadSettings(std::string_view toml, const std::string& file, std::vector<Problem>* problems) {
  const Values values = ReadValues(toml, file, Specs(SettingsKeys()), problems);
  Settings settings;
  SetAll(SettingsKeys(), values, &settings);
  const auto check = [&](std::string_view key, bool good, std::string message) {
    const auto found = values.find(key);
    if (found == values.end() || good) return;
    problems->push_back(
        {file, found->second.at.line, found->second.at.column, std::string(key), std::move(message)});
  };
  check("user_agent_contact", IsContact(settings.user_agent_contact),
        "goes into an HTTP head: ASCII without brackets, backslash and line breaks only");
  check("operator_name", !HasControlCharacter(settings.operator_name), "must be one line");
  const auto webhook = url::Canonical(settings.alert_webhook);
  check("alert_webhook", settings.alert_webhook.empty() || (webhook && webhook->IsHttp()), "must be an http or https URL");
  check("alert_hook", settings.alert_hook.empty() || !settings.alert_hook.front().empty(), "must begin with a command");
  check("warc_prefix", IsFilePrefix(settings.warc_prefix), "must be 1 to 64 letters, digits, '-' and '_'");
  return settings;
}

// One site file: its values on their way to a checked Site.
class SiteReader {
 public:
  SiteReader(std::string_view toml, const std::string& file, std::vector<Problem>* problems)
      : file_(file), problems_(problems), values_(ReadValues(toml, file, Specs(SiteKeys()), problems)) {}

  std::shared_ptr<Site> Read();
  Position id_position() const { return PositionOf("id"); }

 private:
  const Value* Find(std::string_view key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
  }
  Position PositionOf(std::string_view key) const {
    const Value* value = Find(key);
    return value == nullptr ? Position{1, 1} : value->at;
  }
  void Report(std::string_view key, Position at, std::string message) {
    problems_->push_back({file_, at.line, at.column, std::string(key), std::move(message)});
  }
  void CheckId();
  void CheckSeedsAndHosts();
  void CheckPatterns(std::string_view key, std::vector<std::shared_ptr<const model::UrlPattern>>* patterns);
  void CheckSeedsAgainstRules();
  void CheckTimes();

  const std::string& file_;
  std::vector<Problem>* problems_;
  Values values_;
  std::shared_ptr<Site> site_ = std::make_shared<Site>();
};

std::shared_ptr<Site> SiteReader::Read() {
  SetAll(SiteKeys(), values_, site_.get());
  site_->origin = file_;
  CheckId();
  CheckSeedsAndHosts();
  CheckPatterns("include", &site_->include);
  CheckPatterns("exclude", &site_->exclude);
  CheckSeedsAgainstRules();
  CheckTimes();
  CheckSelectors(values_, file_, problems_);
  const Value* capture = Find("capture");
  if (capture != nullptr && capture->list.empty())
    Report("capture", capture->at, "must name something to capture");
  return site_;
}

void SiteReader::CheckId() {
  const bool given = Find("id") != nullptr;
  if (!given) site_->id = FileStem(file_);
  if (!IsId(site_->id)) {
    Report("id", PositionOf("id"),
           (given ? "" : "missing, and the file's name is none: ") + std::string("\"") + site_->id +
               "\" must be 1 to 64 of a-z, 0-9, '-' and '_', beginning with a letter or digit");
  } else if (site_->id == "all") {
    Report("id", PositionOf("id"), "\"all\" is every site, in pause and resume: a site needs another id");
  }
  if (HasControlCharacter(site_->name)) Report("name", PositionOf("name"), "must be one line");
  if (site_->name.empty()) site_->name = site_->id;
}

void SiteReader::CheckSeedsAndHosts() {
  bool hosts_usable = true;
  if (const Value* hosts = Find("hosts")) {
    for (const Value::Item& item : hosts->list) {
      Result<std::string> host = NormaliseHost(item.text);
      if (host) {
        site_->hosts.push_back(std::move(*host));
      } else {
        hosts_usable = false;
        Report("hosts", item.at, host.error().message);
      }
    }
    if (hosts->list.empty())
      Report("hosts", hosts->at, "must name at least one host; leave the key out for the seeds' hosts");
    hosts_usable = hosts_usable && !hosts->list.empty();
  }
  const bool hosts_from_seeds = Find("hosts") == nullptr;
  const Value* seeds = Find("seeds");
  if (seeds == nullptr || seeds->list.empty()) {
    // A mistaken list has been reported where it stands.
    const bool reported = std::any_of(problems_->begin(), problems_->end(), [this](const Problem& problem) {
      return problem.file == file_ && (problem.key == "seeds" || problem.key.empty());
    });
    if (!reported)
      Report("seeds", PositionOf("seeds"), "missing: a site needs at least one URL to begin with");
    return;
  }
  for (const Value::Item& item : seeds->list) {
    const Result<url::Url> seed = url::Canonical(item.text);
    if (!seed) {
      Report("seeds", item.at,
             "\"" + item.text + "\" is no usable http or https URL: " + seed.error().message);
      continue;
    }
    if (hosts_from_seeds) {
      if (std::find(site_->hosts.begin(), site_->hosts.end(), seed->HostPort()) == site_->hosts.end()) {
        site_->hosts.push_back(seed->HostPort());
      }
    } else if (hosts_usable && !OnHosts(site_->hosts, *seed)) {
      Report("seeds", item.at,
             "\"" + item.text + "\" lies on none of the hosts; add " + seed->HostPort() + " to hosts");
    }
    site_->seeds.push_back(seed->Href());
  }
}

void SiteReader::CheckPatterns(std::string_view key,
                               std::vector<std::shared_ptr<const model::UrlPattern>>* patterns) {
  const Value* list = Find(key);
  if (list == nullptr) return;
  for (const Value::Item& item : list->list) {
    std::string problem;
    if (item.text.empty()) {
      Report(key, item.at, "an empty expression is found in every address");
    } else if (auto pattern = CompilePattern(item.text, &problem)) {
      patterns->push_back(std::move(pattern));
    } else {
      Report(key, item.at, "\"" + item.text + "\" is no regular expression: " + problem);
    }
  }
}

// A site that leaves out what it begins with fetches nothing.
void SiteReader::CheckSeedsAgainstRules() {
  const Value* seeds = Find("seeds");
  if (seeds == nullptr) return;
  for (const Value::Item& item : seeds->list) {
    const Result<url::Url> seed = url::Canonical(item.text);
    if (!seed) continue;  // reported
    for (const auto& pattern : site_->exclude) {
      if (!pattern->Matches(seed->Href())) continue;
      Report("seeds", item.at, "\"" + item.text + "\" is left out by exclude \"" + pattern->text() + "\"");
      break;
    }
  }
}

void SiteReader::CheckTimes() {
  if (site_->sweep_every < site_->revisit_least) {
    Report("sweep_every", Find("sweep_every") != nullptr ? PositionOf("sweep_every") : PositionOf("revisit_least"),
           "every page is visited at least so often, but revisit_least forbids it: it must not be shorter than that");
  }
  std::string zone = site_->time_zone;
  if (!schedule::IsTimeZone(zone)) {
    Report("time_zone", PositionOf("time_zone"),
           "\"" + zone + "\" is no time zone that this system knows; did you mean " +
               schedule::NearestTimeZone(zone) + "?");
    zone = "UTC";  // for the other two checks
  }
  if (const auto parsed = schedule::Schedule::Parse(site_->schedule, zone); !parsed) {
    Report("schedule", PositionOf("schedule"), parsed.error().message);
  }
  if (const auto parsed = schedule::TimeWindow::Parse(site_->time_window, zone); !parsed) {
    Report("time_window", PositionOf("time_window"), parsed.error().message);
  }
}

}  // namespace

std::string Problem::ToString() const {
  std::string text = file;
  if (line > 0) text += ":" + std::to_string(line) + ":" + std::to_string(column);
  if (!text.empty()) text += ": ";
  if (!key.empty()) text += key + ": ";
  return text + message;
}

std::shared_ptr<const Site> Config::FindSite(std::string_view id) const {
  const auto found =
      std::find_if(sites.begin(), sites.end(), [id](const auto& site) { return site->id == id; });
  return found == sites.end() ? nullptr : *found;
}

namespace {

// Also of a link that leads nowhere, and of what may not be looked at: reading it then says why it cannot be read.
bool IsThere(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  return status.type() != std::filesystem::file_type::not_found;
}

LoadResult LoadTexts(const std::string& settings_file, std::string_view settings_toml,
                     const std::vector<std::pair<std::string, std::string>>& site_files,
                     std::vector<Problem> problems) {
  LoadResult result;
  result.config.profiles = BuiltInProfiles();
  result.problems = std::move(problems);
  result.config.settings = ReadSettings(settings_toml, settings_file, &result.problems);
  std::map<std::string, std::pair<std::string, Position>> places;  // of each id
  for (const auto& [file, toml] : site_files) {
    SiteReader reader(toml, file, &result.problems);
    const std::shared_ptr<Site> site = reader.Read();
    const Position at = reader.id_position();
    const auto [place, is_new] = places.try_emplace(site->id, file, at);
    if (!is_new) {
      const auto& [other_file, other] = place->second;
      result.problems.push_back({file, at.line, at.column, "id",
                                 "\"" + site->id + "\" is taken: " + other_file + ":" +
                                     std::to_string(other.line) + ":" + std::to_string(other.column) +
                                     " has the same id"});
    }
    result.config.sites.push_back(site);
  }
  std::stable_sort(result.config.sites.begin(), result.config.sites.end(),
                   [](const auto& a, const auto& b) { return a->id < b->id; });
  std::stable_sort(result.problems.begin(), result.problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  return result;
}

}  // namespace

LoadResult LoadText(std::string_view settings_toml,
                    std::vector<std::pair<std::string, std::string>> site_files) {
  return LoadTexts("fangzhi.toml", settings_toml, site_files, {});
}

LoadResult Load(const std::string& directory) {
  std::string base = directory;
  while (base.size() > 1 && base.back() == '/') base.pop_back();
  std::vector<Problem> problems;
  FileSystem& files = PosixFileSystem();
  if (const auto listed = files.List(base); !listed) {
    problems.push_back({base, 0, 0, "", listed.error().message});
    return LoadTexts("", "", {}, std::move(problems));
  }
  const auto read = [&problems](const std::string& path) -> std::string {
    Result<std::string> text = ReadFile(path, limits::kMaxConfigBytes);
    if (text) return std::move(*text);
    problems.push_back({path, 0, 0, "", text.error().message});
    return "";
  };
  const std::string settings_file = base + "/fangzhi.toml";
  // Left out, the defaults hold. A link to nowhere or a folder that may not be read is no file that is left out.
  const std::string settings = IsThere(settings_file) ? read(settings_file) : "";
  model::Profiles profiles = LoadProfiles(base, &problems);
  std::vector<std::pair<std::string, std::string>> sites;
  const std::string sites_directory = base + "/sites";
  if (IsThere(sites_directory)) {
    const auto names = TomlFiles(sites_directory);
    if (!names) problems.push_back({sites_directory, 0, 0, "", names.error().message});
    for (const std::string& name : names ? *names : std::vector<std::string>{}) {
      const std::string path = sites_directory + "/" + name;
      const size_t before = problems.size();
      std::string text = read(path);
      if (problems.size() == before) sites.emplace_back(path, std::move(text));
    }
  }
  LoadResult result = LoadTexts(settings_file, settings, sites, std::move(problems));
  result.config.profiles = std::move(profiles);
  return result;
}

Result<std::shared_ptr<const Site>> SiteFromSeeds(const std::vector<std::string>& seeds) {
  if (seeds.empty()) return Fail(ErrorKind::kInvalidInput, "no seed given");
  auto site = std::make_shared<Site>();
  for (const std::string& text : seeds) {
    const Result<url::Url> seed = url::Canonical(text);
    if (!seed)
      return Fail(ErrorKind::kInvalidInput, "no usable http or https URL: " + seed.error().message, text);
    if (std::find(site->hosts.begin(), site->hosts.end(), seed->HostPort()) == site->hosts.end()) {
      site->hosts.push_back(seed->HostPort());
    }
    if (std::find(site->seeds.begin(), site->seeds.end(), seed->Href()) == site->seeds.end())
      site->seeds.push_back(seed->Href());
  }
  site->id = site->hosts.front();
  site->name = site->id;
  site->max_depth = kSeedDepth;
  site->origin = "--seed";
  return std::shared_ptr<const Site>(std::move(site));
}

}  // namespace fangzhi::config
