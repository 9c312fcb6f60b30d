// stdout is data, stderr is talk. Commands write to an Output, so that a running crawl can answer for another process.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/json.h"

namespace fangzhi::cli {

// The same JSON with DEL and the C1 controls, which JSON does not escape and terminals obey, as \u009b.
std::string HarmlessJson(std::string json);

class Output {
 public:
  virtual ~Output() = default;
  virtual void Data(std::string_view bytes) = 0;  // stdout
  // Text from outside, to stdout: byte for byte but to a terminal, which gets it without what would control it. Whole characters at a time.
  virtual void Text(std::string_view text) { Data(text); }
  virtual void Talk(std::string_view line) = 0;   // stderr, one line, "fangzhi: " is put before it
  // False once nobody waits for the answer any more: long work may end then.
  virtual bool Wanted() { return true; }
  void Line(std::string_view text) {
    Data(text);
    Data("\n");
  }
  void Json(const model::Json& json) { Line(HarmlessJson(model::Dump(json))); }
};

// The real ones. What cannot be written ends the program with status 1, saying why; a reader that went away (EPIPE), quietly.
class StandardOutput final : public Output {
 public:
  void Data(std::string_view bytes) override;
  void Text(std::string_view text) override;
  void Talk(std::string_view line) override;
};
// What is still in stdout's buffer is written now; false, having said why, when it cannot be.
bool FlushStandardOutput();

// Says what failed and returns the exit status that fits its kind.
int Report(const Error& error, Output& output);

// The end of a command that was asked for several things and says of each whether it could be done.
int StatusOf(uint64_t failed, uint64_t all);

// Runs a JSON Lines batch: each line of FILE goes to `answer`, whose object is printed with the line's "id"; a line that is no object (an
// empty one too), or for which there is no answer, is answered with "error", and the batch goes on. 0; 3 when some lines, 1 when all lines had
// no answer, or when the input cannot be read.
int RunBatch(const std::string& file, Output& output, const std::function<Result<model::Json>(const model::Json& line)>& answer);

// A table for people: columns are as wide as their widest cell, at most `widest` (but the last); text from outside is made printable.
class Table {
 public:
  explicit Table(std::vector<std::string> header, size_t widest = 60) : rows_{std::move(header)}, widest_(widest) {}
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.size() <= 1; }
  std::string Text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  size_t widest_;
};

// A JSON value as a cell: strings bare, null as "-", lists joined by commas.
std::string Cell(const model::Json& object, std::string_view key);

}  // namespace fangzhi::cli
