#include "text/script.h"

#include <opencc/opencc.h>

#include <cstdint>
#include <memory>

#include "text/language.h"
#include "text/text.h"

namespace fangzhi::text {
namespace {

// OpenCC's own error value, whose name it does not export to C++.
const opencc_t kNone = reinterpret_cast<opencc_t>(static_cast<intptr_t>(-1));  // NOLINT: the library's convention

class Converter {
 public:
  Converter() : converter_(opencc_open("t2s.json")) {}
  ~Converter() {
    if (converter_ != kNone) opencc_close(converter_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool usable() const { return converter_ != kNone; }

  Result<std::string> Convert(const std::string& text) {
    const std::unique_ptr<char, void (*)(char*)> converted(opencc_convert_utf8(converter_, text.data(), text.size()), &opencc_convert_utf8_free);
    if (converted == nullptr) return Fail(ErrorKind::kInvalidInput, std::string("OpenCC: ") + opencc_error());
    return std::string(converted.get());
  }

 private:
  opencc_t converter_;
};

}  // namespace

Script ScriptOf(char32_t c) {
  if (SimplifiedForm(c) != c) return Script::kTraditional;
  return IsSimplifiedOnly(c) ? Script::kSimplified : Script::kUnknown;
}

Script ScriptCounts::script() const {
  if (simplified >= 2 && simplified >= 4 * traditional) return Script::kSimplified;
  if (traditional >= 2 && traditional >= 4 * simplified) return Script::kTraditional;
  return Script::kUnknown;
}

ScriptCounts CountScript(std::string_view utf8) {
  ScriptCounts counts;
  for (size_t at = 0; at < utf8.size();) {
    if (static_cast<unsigned char>(utf8[at]) < 0xE3) {
      ++at;
      continue;
    }
    const Script script = ScriptOf(DecodeUtf8(utf8, at));
    counts.simplified += script == Script::kSimplified ? 1 : 0;
    counts.traditional += script == Script::kTraditional ? 1 : 0;
  }
  return counts;
}

Result<std::string> FoldScript(std::string_view utf8) {
  thread_local Converter converter;
  if (!converter.usable()) return Fail(ErrorKind::kNotFound, "OpenCC: its data for t2s.json cannot be read (package libopencc-data)");
  std::string out;
  out.reserve(utf8.size());
  // OpenCC takes a text for ended at a zero byte.
  for (size_t at = 0; at <= utf8.size();) {
    const size_t end = std::min(utf8.find('\0', at), utf8.size());
    auto part = converter.Convert(ScrubUtf8(utf8.substr(at, end - at)));
    if (!part) return tl::unexpected(part.error());
    out += *part;
    if (end < utf8.size()) out.push_back('\0');
    at = end + 1;
  }
  return out;
}

}  // namespace fangzhi::text
