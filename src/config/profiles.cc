// Families of content management systems: TOML → model::Profile, and the files that are compiled in.
#include "config/profiles.h"

#include <algorithm>
#include <map>

#include "base/files.h"
#include "base/limits.h"
#include "base/strings.h"
#include "config/config.h"
#include "config/reader.h"
#include "html/html.h"

namespace fangzhi::config {
namespace {

using model::Profile;

constexpr size_t kMaxFingerprintBytes = 200;

std::string StemOf(std::string_view file) {
  const std::string_view name = file.substr(file.rfind('/') == std::string_view::npos ? 0 : file.rfind('/') + 1);
  return std::string(name.substr(0, name.rfind('.')));
}

}  // namespace

Result<std::vector<std::string>> TomlFiles(const std::string& directory) {
  auto names = PosixFileSystem().List(directory);
  if (!names) return names;
  constexpr std::string_view kSuffix = ".toml";
  // Hidden files are what editors leave behind.
  std::erase_if(*names, [&](const std::string& name) {
    return name.front() == '.' || name.size() <= kSuffix.size() || !name.ends_with(kSuffix);
  });
  return names;
}

void CheckSelectors(const Values& values, const std::string& file, std::vector<Problem>* problems) {
  for (const auto& [key, value] : values) {
    if (!key.starts_with("selectors.") || value.text.empty()) continue;
    std::string problem;
    if (!html::Selector::Compile(value.text, &problem)) {
      problems->push_back({file, value.at.line, value.at.column, key, "\"" + value.text + "\" is no selector: " + problem});
    }
  }
}

std::shared_ptr<const Profile> ReadProfile(std::string_view toml, const std::string& file, std::vector<Problem>* problems) {
  const size_t before = problems->size();
  std::vector<const KeySpec*> specs;
  for (const Key<Profile>& key : ProfileKeys()) specs.push_back(&key.spec);
  const Values values = ReadValues(toml, file, specs, problems);
  auto profile = std::make_shared<Profile>();
  profile->id = StemOf(file);
  profile->origin = file;
  for (const Key<Profile>& key : ProfileKeys()) {
    const auto found = values.find(key.spec.name);
    if (found != values.end()) key.set(*profile, found->second);
  }
  if (profile->name.empty()) profile->name = profile->id;
  if (!IsId(profile->id)) {
    problems->push_back({file, 1, 1, "", "the file's name \"" + profile->id + "\" must be 1 to 64 of a-z, 0-9, '-' and '_': it is the family's id"});
  }
  const auto patterns = [&](std::string_view key, std::vector<std::shared_ptr<const model::UrlPattern>>* into) {
    const auto found = values.find(key);
    if (found == values.end()) return;
    for (const Value::Item& item : found->second.list) {
      std::string problem;
      if (item.text.empty()) {
        problems->push_back({file, item.at.line, item.at.column, std::string(key), "an empty expression is found in every address"});
      } else if (auto pattern = CompilePattern(item.text, &problem)) {
        into->push_back(std::move(pattern));
      } else {
        problems->push_back({file, item.at.line, item.at.column, std::string(key), "\"" + item.text + "\" is no regular expression: " + problem});
      }
    }
  };
  // Every link of a page is asked whether any of them is found in it: one expression answers in one pass.
  const auto any_of_patterns = [&](std::string_view key, std::vector<std::shared_ptr<const model::UrlPattern>>* into) {
    patterns(key, into);
    if (into->size() < 2) return;
    std::string whole;
    for (const auto& pattern : *into) whole += (whole.empty() ? "(?:" : "|(?:") + pattern->text() + ")";
    if (auto pattern = CompilePattern(whole, nullptr)) *into = {std::move(pattern)};
  };
  patterns("fingerprints.paths", &profile->paths);
  any_of_patterns("addresses.articles", &profile->articles);
  any_of_patterns("addresses.lists", &profile->lists);
  any_of_patterns("addresses.traps", &profile->traps);
  any_of_patterns("addresses.never", &profile->never);
  patterns("lists.post", &profile->list_posts);
  bool any = !profile->paths.empty();
  for (const auto& [key, value] : values) {
    if (!key.starts_with("fingerprints.")) continue;
    for (const Value::Item& item : value.list) {
      any = true;
      // An empty text is found everywhere, and a page of text nowhere.
      if (item.text.empty() || item.text.size() > kMaxFingerprintBytes) {
        problems->push_back({file, item.at.line, item.at.column, key, "must have 1 to 200 bytes"});
      }
    }
  }
  if (!any && problems->size() == before) {
    problems->push_back({file, 1, 1, "fingerprints", "missing: a family needs something to be known by"});
  }
  CheckSelectors(values, file, problems);
  if (problems->size() != before) return nullptr;
  return profile;
}

const model::Profiles& BuiltInProfiles() {
  static const model::Profiles profiles = [] {
    model::Profiles read;
    std::vector<Problem> problems;
    for (size_t i = 0; i < kBuiltInProfileCount; ++i) {
      // A test keeps the compiled-in files without problems.
      if (auto profile = ReadProfile(kBuiltInProfiles[i].toml, kBuiltInProfiles[i].file, &problems)) {
        auto own = std::make_shared<Profile>(*profile);
        own->origin = "built in";
        read.push_back(std::move(own));
      }
    }
    return read;
  }();
  return profiles;
}

model::Profiles LoadProfiles(const std::string& directory, std::vector<Problem>* problems) {
  std::map<std::string, std::shared_ptr<const Profile>> by_id;
  for (const auto& profile : BuiltInProfiles()) by_id[profile->id] = profile;
  const std::string folder = directory + "/profiles";
  if (PosixFileSystem().Exists(folder)) {
    const auto names = TomlFiles(folder);
    if (!names) problems->push_back({folder, 0, 0, "", names.error().message});
    for (const std::string& name : names ? *names : std::vector<std::string>{}) {
      const std::string path = folder + "/" + name;
      const Result<std::string> text = ReadFile(path, limits::kMaxConfigBytes);
      if (!text) {
        problems->push_back({path, 0, 0, "", text.error().message});
      } else if (auto profile = ReadProfile(*text, path, problems)) {
        by_id[profile->id] = std::move(profile);
      }
    }
  }
  model::Profiles profiles;
  for (auto& [id, profile] : by_id) profiles.push_back(std::move(profile));
  return profiles;
}

}  // namespace fangzhi::config
