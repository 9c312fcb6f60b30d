#include "cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>

#include "base/limits.h"
#include "base/terminal.h"
#include "cli/cli.h"

namespace fangzhi::cli {

namespace {

void SayWhyNotWritten(int error_number) {
  if (error_number != EPIPE) StandardOutput().Talk(std::string("standard output: cannot write: ") + std::strerror(error_number));
}

}  // namespace

void StandardOutput::Data(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return;
  SayWhyNotWritten(errno);
  std::_Exit(kFailed);
}

void StandardOutput::Text(std::string_view text) {
  static const bool terminal = IsTerminal(STDOUT_FILENO);
  if (terminal) {
    Data(WithoutControls(text));
  } else {
    Data(text);
  }
}

std::string HarmlessJson(std::string json) {
  const auto is_unsafe = [&json](size_t at) {
    if (json[at] == '\x7F') return true;
    return json[at] == '\xC2' && at + 1 < json.size() && static_cast<unsigned char>(json[at + 1]) < 0xA0;
  };
  size_t at = 0;
  while (at < json.size() && !is_unsafe(at)) ++at;
  if (at == json.size()) return json;
  std::string harmless = json.substr(0, at);
  for (; at < json.size(); ++at) {
    if (!is_unsafe(at)) {
      harmless += json[at];
      continue;
    }
    char escape[8];
    const unsigned char code = json[at] == '\x7F' ? 0x7F : static_cast<unsigned char>(json[++at]);
    std::snprintf(escape, sizeof escape, "\\u00%02x", code);
    harmless += escape;
  }
  return harmless;
}

bool FlushStandardOutput() {
  if (std::fflush(stdout) == 0) return true;
  SayWhyNotWritten(errno);
  return false;
}

void StandardOutput::Talk(std::string_view line) {
  const std::string text = "fangzhi: " + PrintableLine(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

int Report(const Error& error, Output& output) {
  output.Talk(error.ToString());
  return error.kind == ErrorKind::kInvalidConfig ? kWrongUsage : kFailed;
}

int StatusOf(uint64_t failed, uint64_t all) { return failed == 0 ? kDone : failed < all ? kDoneInPart : kFailed; }

namespace {

// One bad line must not end the batch, whatever goes wrong with it.
Result<model::Json> AnswerLine(const std::string& line, model::Json& id, const std::function<Result<model::Json>(const model::Json& line)>& answer) {
  if (line.size() > limits::kMaxJsonLineBytes) return Fail(ErrorKind::kLimit, "line longer than " + std::to_string(limits::kMaxJsonLineBytes) + " bytes");
  if (line.find_first_not_of(" \t\r") == std::string::npos) return Fail(ErrorKind::kInvalidInput, "empty line");
  const auto json = model::ParseJson(line);
  if (!json || !json->is_object()) return Fail(ErrorKind::kInvalidInput, "not a JSON object");
  if (const auto found = json->find("id"); found != json->end()) id = *found;
  try {
    return answer(*json);
  } catch (const std::exception& problem) {
    return Fail(ErrorKind::kInternal, std::string("internal: ") + problem.what());
  }
}

}  // namespace

int RunBatch(const std::string& file, Output& output, const std::function<Result<model::Json>(const model::Json& line)>& answer) {
  std::ifstream opened;
  if (file != "-") {
    opened.open(file, std::ios::binary);
    if (!opened) {
      output.Talk(file + ": cannot open");
      return kFailed;
    }
  }
  std::istream& input = file == "-" ? std::cin : opened;
  std::string line;
  uint64_t lines = 0, bad = 0, first_bad = 0;
  std::string why;
  while (std::getline(input, line)) {
    ++lines;
    model::Json numbered{{"id", nullptr}};
    Result<model::Json> reply = AnswerLine(line, numbered["id"], answer);
    if (reply) {
      numbered.update(*reply);
    } else {
      numbered["error"] = reply.error().ToString();
      if (bad++ == 0) {
        first_bad = lines;
        why = reply.error().ToString();
      }
    }
    output.Json(numbered);
  }
  if (input.bad() || (file == "-" && std::ferror(stdin) != 0)) {
    output.Talk(file + ": cannot be read to its end");
    return kFailed;
  }
  if (bad > 0) {
    output.Talk(file + ":" + std::to_string(first_bad) + ": " + why +
                (bad == 1 ? "" : "; " + std::to_string(bad) + " of " + std::to_string(lines) + " lines have no answer"));
  }
  return StatusOf(bad, lines);
}

std::string Table::Text() const {
  std::vector<size_t> widths;
  std::vector<std::vector<std::string>> cells = rows_;
  for (auto& row : cells) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (size_t i = 0; i < row.size(); ++i) {
      row[i] = PrintableLine(row[i]);
      // The last column (an address, mostly) may be as long as it is: it is there to be copied.
      if (i + 1 < row.size()) row[i] = CutToWidth(row[i], widest_);
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  std::string text;
  for (const auto& row : cells) {
    for (size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size()) text.append(widths[i] - DisplayWidth(row[i]) + 2, ' ');
    }
    text += '\n';
  }
  return text;
}

std::string Cell(const model::Json& object, std::string_view key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return "-";
  if (found->is_string()) return found->get<std::string>();
  if (found->is_array()) {
    std::string text;
    for (const auto& item : *found) {
      if (!text.empty()) text += ",";
      text += item.is_string() ? item.get<std::string>() : model::Dump(item);
    }
    return text.empty() ? "-" : text;
  }
  return model::Dump(*found);
}

}  // namespace fangzhi::cli
