// warc/ only: a record's header as text, both ways, and the checks that reading one file and reading one record share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "warc/warc.h"

namespace fangzhi::warc {

// A header larger than this is damage. The largest honest ones carry a JSON document in a field.
inline constexpr size_t kMaxHeaderBytes = size_t{1} << 20;

// Byte offset just past the blank line that ends the header which `text` starts with; npos where it is not there (yet).
size_t HeaderLength(std::string_view text);

struct ParsedHeader {
  Record record;  // without its block
  uint64_t content_length = 0;
  // What the standard forbids but does not keep us from reading.
  std::vector<std::string> faults;
};
// `header` up to and including its blank line. kCorrupt when it is none, or lacks one of the four mandatory fields.
Result<ParsedHeader> ParseHeader(std::string_view header);

// True for "WARC/" and a digit. Small letters are read too.
bool StartsLikeRecord(std::string_view text);

// What is wrong with the digests that a record states; empty when they are right, absent or of an unknown algorithm.
std::vector<std::string> DigestFaults(const Record& record);

// Appends the header of `record` to `out`, blank line included. kInvalidInput when a field's name is none.
Result<void> AppendHeader(const Record& record, std::string& out);

}  // namespace fangzhi::warc
