// The one table of keys: it drives reading, the search for unknown keys, range checks, defaults and
// docs/configuration.md. Only for config/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace fangzhi::config {

enum class KeyType {
  kText,
  kTextList,
  kFlag,
  kInteger,
  kDuration,  // a number of seconds, or text with a unit; Value::number is in milliseconds
  kSize,      // a number of bytes, or text with a unit; Value::number is in bytes
};

struct Position {
  size_t line = 0, column = 0;
};

struct Value {
  Position at;  // of the key
  std::string text;
  struct Item {
    std::string text;
    Position at;
  };
  std::vector<Item> list;
  bool flag = false;
  int64_t number = 0;
};

struct KeySpec {
  std::string_view name;  // "selectors.title" is the key title of the table [selectors]
  KeyType type;
  std::string_view
      fallback;  // as TOML writes it; "" for a key that must be given or whose default is told in `meaning`
  int64_t least = 0, most = 0;
  std::string_view choices;  // of a text or of a list's items: "off|read_only|allow_increment"
  std::string_view meaning;
};

template <class Target>
struct Key {
  KeySpec spec;
  void (*set)(Target& target, const Value& value);
};

const std::vector<Key<Settings>>& SettingsKeys();
const std::vector<Key<model::Site>>& SiteKeys();
const std::vector<Key<model::Profile>>& ProfileKeys();

// "2 s", "500 ms", "1 h"; "64 MiB".
std::string DurationText(int64_t milliseconds);
std::string SizeText(int64_t bytes);

}  // namespace fangzhi::config
