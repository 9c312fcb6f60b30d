#include "config/reader.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/strings.h"

namespace fangzhi::config {
namespace {

Position PositionOf(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

std::string_view Described(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with decimals";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    default:
      return "something else";
  }
}

std::string_view Wanted(KeyType type) {
  switch (type) {
    case KeyType::kText:
      return "text in quotation marks";
    case KeyType::kTextList:
      return "a list of texts, as in [\"one\", \"two\"]";
    case KeyType::kFlag:
      return "true or false";
    case KeyType::kInteger:
      return "a whole number";
    case KeyType::kDuration:
      return "a number of seconds or text such as \"500ms\", \"2s\", \"5m\", \"6h\", \"2d\"";
    case KeyType::kSize:
      return "a number of bytes or text such as \"64KiB\", \"256MiB\", \"1GiB\"";
  }
  return "";
}

struct Unit {
  std::string_view name;
  double factor;
};
constexpr Unit kDurationUnits[] = {{"ms", 1},       {"s", 1000},      {"m", 60'000},
                                   {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr Unit kSizeUnits[] = {{"b", 1},     {"kib", 1024},     {"mib", 1048576.0}, {"gib", 1073741824.0},
                               {"kb", 1000}, {"mb", 1'000'000}, {"gb", 1e9}};

// "1.5h", "500 ms" → in the smallest unit.
template <size_t kCount>
std::optional<double> ParseWithUnit(std::string_view text, const Unit (&units)[kCount]) {
  text = TrimAscii(text);
  double number = 0;
  double place = 0;
  size_t i = 0;
  for (; i < text.size() && (IsAsciiDigit(text[i]) || (text[i] == '.' && place == 0 && i > 0)); ++i) {
    if (i > 15) return std::nullopt;
    if (text[i] == '.') {
      place = 1;
    } else {
      number = number * 10 + (text[i] - '0');
      place *= 10;
    }
  }
  if (i == 0 || text[i - 1] == '.') return std::nullopt;
  if (place > 0) number /= place;
  const std::string unit = ToAsciiLower(TrimAscii(text.substr(i)));
  for (const Unit& candidate : units) {
    if (unit == candidate.name) return number * candidate.factor;
  }
  return std::nullopt;
}

class Reader {
 public:
  Reader(const std::string& file, const std::vector<const KeySpec*>& keys, std::vector<Problem>* problems)
      : file_(file), keys_(keys), problems_(problems) {}

  void ReadTable(const toml::table& table, const std::string& prefix);
  Values TakeValues() { return std::move(values_); }

 private:
  void Report(Position at, std::string key, std::string message) {
    problems_->push_back({file_, at.line, at.column, std::move(key), std::move(message)});
  }
  const KeySpec* Find(std::string_view name) const;
  bool IsSection(std::string_view name) const;
  void ReportUnknown(const std::string& name, Position at);
  void Read(const KeySpec& spec, const toml::node& node, Position at);
  bool ReadNumber(const KeySpec& spec, const toml::node& node, Position at, int64_t* number);
  bool IsChoice(const KeySpec& spec, const std::string& text, Position at);

  const std::string& file_;
  const std::vector<const KeySpec*>& keys_;
  std::vector<Problem>* problems_;
  Values values_;
};

const KeySpec* Reader::Find(std::string_view name) const {
  for (const KeySpec* key : keys_) {
    if (key->name == name) return key;
  }
  return nullptr;
}

bool Reader::IsSection(std::string_view name) const {
  return std::any_of(keys_.begin(), keys_.end(), [name](const KeySpec* key) {
    return key->name.size() > name.size() && key->name.substr(0, name.size()) == name &&
           key->name[name.size()] == '.';
  });
}

void Reader::ReadTable(const toml::table& table, const std::string& prefix) {
  for (auto&& [toml_key, node] : table) {
    const std::string name = prefix + std::string(toml_key.str());
    // toml++ gives the table of a [header] the header's position, and a key its own.
    const Position at = PositionOf(toml_key.source());
    if (const KeySpec* spec = Find(name)) {
      Read(*spec, node, at);
    } else if (IsSection(name)) {
      // Tables are one level deep: what is read here never recurses further.
      if (const toml::table* section = node.as_table()) {
        ReadTable(*section, name + ".");
      } else {
        Report(at, name, "must be a table of its own, as in [" + name + "]");
      }
    } else {
      ReportUnknown(name, at);
    }
  }
}

void Reader::ReportUnknown(const std::string& name, Position at) {
  const size_t dot = name.rfind('.');
  const std::string_view last =
      dot == std::string::npos ? std::string_view(name) : std::string_view(name).substr(dot + 1);
  if (dot != std::string::npos && Find(last) != nullptr) {
    Report(at, name,
           "unknown key; " + std::string(last) + " must stand above the line [" + name.substr(0, dot) + "]");
    return;
  }
  std::vector<std::string_view> names;
  for (const KeySpec* key : keys_) {
    names.push_back(key->name);
    const size_t key_dot = key->name.find('.');
    if (key_dot == std::string_view::npos) continue;
    names.push_back(key->name.substr(0, key_dot));
    if (key->name.substr(key_dot + 1) == name) {  // a key of a table, without its table
      Report(at, name, "unknown key; did you mean " + std::string(key->name) + "?");
      return;
    }
  }
  const std::string nearest = Nearest(name, names);
  Report(at, name,
         nearest.empty() ? "unknown key; docs/configuration.md lists all keys"
                         : "unknown key; did you mean " + nearest + "?");
}

bool Reader::IsChoice(const KeySpec& spec, const std::string& text, Position at) {
  if (spec.choices.empty()) return true;
  const std::vector<std::string_view> choices = Split(spec.choices, '|');
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return true;
  const std::string nearest = Nearest(text, choices);
  std::string message = "\"" + text + "\" is none of " + ReplaceAll(spec.choices, "|", ", ");
  if (!nearest.empty()) message += "; did you mean " + nearest + "?";
  Report(at, std::string(spec.name), std::move(message));
  return false;
}

// A number in range, in milliseconds or bytes where the key is a duration or a size.
bool Reader::ReadNumber(const KeySpec& spec, const toml::node& node, Position at, int64_t* number) {
  std::optional<double> found;
  const double unit = spec.type == KeyType::kDuration ? 1000 : 1;
  if (const auto* integer = node.as_integer()) {
    found = static_cast<double>(integer->get()) * unit;
  } else if (const auto* decimal = node.as_floating_point();
             decimal != nullptr && spec.type == KeyType::kDuration) {
    found = decimal->get() * unit;
  } else if (const auto* text = node.as_string(); text != nullptr && spec.type != KeyType::kInteger) {
    found = spec.type == KeyType::kDuration ? ParseWithUnit(text->get(), kDurationUnits)
                                            : ParseWithUnit(text->get(), kSizeUnits);
    if (!found) {
      Report(at, std::string(spec.name),
             "\"" + text->get() + "\" is not understood; expected " + std::string(Wanted(spec.type)));
      return false;
    }
  }
  if (!found) {
    Report(at, std::string(spec.name),
           "must be " + std::string(Wanted(spec.type)) + ", not " + std::string(Described(node.type())));
    return false;
  }
  // Not a number fails this too. All limits are far below 2^53: doubles are exact there.
  if (!(*found >= static_cast<double>(spec.least) && *found <= static_cast<double>(spec.most))) {
    const auto shown = [&spec](int64_t value) {
      if (spec.type == KeyType::kDuration) return DurationText(value);
      return spec.type == KeyType::kSize ? SizeText(value) : std::to_string(value);
    };
    Report(at, std::string(spec.name),
           "out of range; allowed is " + shown(spec.least) + " to " + shown(spec.most));
    return false;
  }
  *number = static_cast<int64_t>(std::llround(*found));
  return true;
}

void Reader::Read(const KeySpec& spec, const toml::node& node, Position at) {
  const std::string name(spec.name);
  const auto wrong_type = [&] {
    Report(at, name,
           "must be " + std::string(Wanted(spec.type)) + ", not " + std::string(Described(node.type())));
  };
  Value value;
  value.at = at;
  switch (spec.type) {
    case KeyType::kText: {
      const auto* text = node.as_string();
      if (text == nullptr) return wrong_type();
      value.text = text->get();
      if (!IsChoice(spec, value.text, at)) return;
      break;
    }
    case KeyType::kFlag: {
      const auto* flag = node.as_boolean();
      if (flag == nullptr) return wrong_type();
      value.flag = flag->get();
      break;
    }
    case KeyType::kTextList: {
      const toml::array* array = node.as_array();
      if (array == nullptr) return wrong_type();
      bool usable = true;
      for (const toml::node& item : *array) {
        const Position item_at = PositionOf(item.source());
        const auto* text = item.as_string();
        if (text == nullptr) {
          Report(item_at, name, "the list must hold texts only, not " + std::string(Described(item.type())));
          usable = false;
        } else if (IsChoice(spec, text->get(), item_at)) {
          value.list.push_back({text->get(), item_at});
        } else {
          usable = false;
        }
      }
      if (!usable) return;
      break;
    }
    case KeyType::kInteger:
    case KeyType::kDuration:
    case KeyType::kSize:
      if (!ReadNumber(spec, node, at, &value.number)) return;
      break;
  }
  values_.emplace(name, std::move(value));
}

}  // namespace

bool IsId(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes || text.front() == '-' || text.front() == '_') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || IsAsciiDigit(c) || c == '-' || c == '_';
  });
}

std::string Nearest(std::string_view word, const std::vector<std::string_view>& words) {
  const std::string wanted = ToAsciiLower(word.substr(0, 64));
  size_t least = std::max<size_t>(2, wanted.size() / 3) + 1;
  std::string_view nearest;
  for (std::string_view candidate : words) {
    const size_t distance = EditDistance(wanted, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return std::string(nearest);
}

Values ReadValues(std::string_view toml, const std::string& file, const std::vector<const KeySpec*>& keys,
                  std::vector<Problem>* problems) {
  // Debian builds toml++ with exceptions; they end here.
  try {
    const toml::table table = toml::parse(toml, std::string_view(file));
    Reader reader(file, keys, problems);
    reader.ReadTable(table, "");
    return reader.TakeValues();
  } catch (const toml::parse_error& error) {
    const Position at = PositionOf(error.source());
    problems->push_back({file, at.line, at.column, "", "not TOML: " + std::string(error.description())});
  } catch (const std::exception& error) {
    problems->push_back({file, 0, 0, "", std::string("cannot be read: ") + error.what()});
  }
  return {};
}

}  // namespace fangzhi::config
