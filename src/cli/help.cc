#include "cli/help.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/strings.h"

namespace fangzhi::cli {

HelpFormatter::HelpFormatter() {
  column_width(24);
  label("Positionals", "Arguments");
}

std::string HelpFormatter::make_description(const CLI::App* app) const { return app->get_description() + "\n\n"; }

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = "Usage: " + name;
  for (const CLI::Option* option : app->get_options()) {
    if (!option->get_positional()) continue;
    const std::string word = option->get_name(true) + (option->get_items_expected_max() > 1 ? "…" : "");
    usage += option->get_required() ? " " + word : " [" + word + "]";
  }
  if (!CommandsOf(*app).empty()) usage += " COMMAND";
  return usage + " [OPTIONS]\n";
}

std::string HelpFormatter::make_footer(const CLI::App* app) const { return app->get_footer().empty() ? "" : app->get_footer() + "\n"; }

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const std::string wants = option->get_type_name();
  return wants.empty() ? "" : " " + wants;
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  const std::string otherwise = option->get_default_str();
  return option->get_description() + (otherwise.empty() ? "" : " (default: " + otherwise + ")");
}

void NameValues(CLI::App& app) {
  static const std::map<std::string_view, const char*> kNames = {
      {"archive", "DIR"},  {"config", "DIR"},  {"log-level", "LEVEL"}, {"content-type", "VALUE"}, {"url", "URL"},       {"base", "URL"},
      {"agent", "NAME"},   {"site", "ID"},     {"seed", "URL"},        {"max-pages", "N"},        {"delay", "SECONDS"}, {"listen", "HOST:PORT"},
      {"file", "FILE"},    {"version", "N"},   {"at", "TIME"},         {"format", "FORMAT"},      {"from", "TIME"},     {"to", "TIME"},
      {"since", "TIME"},   {"limit", "N"},     {"kind", "KIND"},       {"impact", "HOST"}};
  for (CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      option->type_name("");
      continue;
    }
    if (option->get_lnames().empty() || option->get_items_expected_min() == 0) continue;
    if (const auto found = kNames.find(option->get_lnames().front()); found != kNames.end()) option->type_name(found->second);
  }
  for (CLI::App* under : app.get_subcommands([](CLI::App*) { return true; })) NameValues(*under);
}

std::vector<std::string> WithoutHelpCommand(const std::vector<std::string>& words) {
  if (words.empty() || words.front() != "help") return words;
  std::vector<std::string> asked(words.begin() + 1, words.end());
  asked.emplace_back("--help");
  return asked;
}

std::vector<std::string> CommandsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> OptionsOf(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* app = &command; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      if (option->get_group().empty()) continue;  // hidden
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string DidYouMean(const std::string& word, const std::vector<std::string>& names) {
  constexpr size_t kFar = 4, kFewestLetters = 3;
  std::string nearest;
  size_t distance = std::min<size_t>(kFar, 1 + word.size() / 2);
  for (const std::string& name : names) {
    // What was cut short is near however much is missing.
    const bool begins = word.size() >= kFewestLetters + (word.starts_with("--") ? 2 : 0) && name.starts_with(word);
    if (const size_t d = begins ? 0 : EditDistance(word, name); d < distance) {
      distance = d;
      nearest = name;
    }
  }
  return nearest.empty() ? "" : "; did you mean " + nearest + "?";
}

}  // namespace fangzhi::cli
