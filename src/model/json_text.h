// Writing JSON without building it first. A commit writes some ten kilobytes of it a page; through the library's tree and its careful
// escaping that took half of the commit's own time. Reading stays with the library. Throughout, texts must be well-formed UTF-8
// (text::ScrubUtf8): anything else would make the whole unreadable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "model/page.h"

namespace fangzhi::model {

// Appends a string literal.
void AppendJsonString(std::string& out, std::string_view text);
// Appends a number that is read back as the same; finite.
void AppendJsonNumber(std::string& out, double number);
// Appends a record: what Dump(ToJson(record)) gives.
void AppendJson(std::string& out, const PageRecord& record);

// One object, member by member.
class JsonObjectText {
 public:
  JsonObjectText() : text_("{") {}

  JsonObjectText& Text(std::string_view key, std::string_view value) {
    AppendJsonString(Key(key), value);
    return *this;
  }
  template <class Integer, class = std::enable_if_t<std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>>>
  JsonObjectText& Number(std::string_view key, Integer value) {
    Key(key) += std::to_string(value);
    return *this;
  }
  JsonObjectText& Flag(std::string_view key, bool value) {
    Key(key) += value ? "true" : "false";
    return *this;
  }
  JsonObjectText& Null(std::string_view key) {
    Key(key) += "null";
    return *this;
  }
  JsonObjectText& TextOrNull(std::string_view key, std::string_view value) {
    return value.empty() ? Null(key) : Text(key, value);
  }
  // The member's key; the caller appends one whole value.
  std::string& Key(std::string_view key) {
    if (text_.size() > 1) text_.push_back(',');
    AppendJsonString(text_, key);
    text_.push_back(':');
    return text_;
  }
  std::string Finish() && {
    text_.push_back('}');
    return std::move(text_);
  }

 private:
  std::string text_;
};

}  // namespace fangzhi::model
