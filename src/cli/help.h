// How the program tells of itself: `help`, `--help`, and what was probably meant by a word that is none.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace fangzhi::cli {

// CLI11's help with our usage line, and an empty line before the examples.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_description(const CLI::App* app) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_footer(const CLI::App* app) const override;
  // What an option wants stands beside its name, what holds without it at the end of its line.
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
};

// Names what each option wants: DIR, URL, N, … in the place of CLI11's TEXT and UINT.
void NameValues(CLI::App& app);

// `help` and `help COMMAND` are `--help` and `COMMAND --help`.
std::vector<std::string> WithoutHelpCommand(const std::vector<std::string>& words);

// The commands of `app`, and the options of a command with those that it has from above.
std::vector<std::string> CommandsOf(const CLI::App& app);
std::vector<std::string> OptionsOf(const CLI::App& command);
// "; did you mean NAME?" of the one of `names` that `word` was probably meant to be; empty where none is near.
std::string DidYouMean(const std::string& word, const std::vector<std::string>& names);

}  // namespace fangzhi::cli
