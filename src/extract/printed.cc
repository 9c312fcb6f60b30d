#include "extract/printed.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/strings.h"
#include "text/text.h"

namespace fangzhi::extract {

namespace {

constexpr size_t kMostOfValue = 1'000, kMostPrinted = 2'000, kMostNames = 200;
constexpr int kMostDepth = 12, kMostAsked = 8;

bool IsNameStart(char c) {
  return IsAsciiAlpha(c) || c == '_' || c == '$';
}
bool IsNamePart(char c) {
  return IsNameStart(c) || IsAsciiDigit(c);
}

// A value of an expression: what is known of it.
struct Value {
  enum class Kind : uint8_t { kUnknown, kString, kNumber, kTruth } kind = Kind::kUnknown;
  std::string text;
  int64_t number = 0;

  static Value Text(std::string text) { return {Kind::kString, std::move(text), 0}; }
  static Value Number(int64_t number) { return {Kind::kNumber, "", number}; }
  static Value Truth(bool truth) { return {Kind::kTruth, "", truth ? 1 : 0}; }
  bool known() const { return kind != Kind::kUnknown; }
  bool truth() const { return kind == Kind::kString ? !text.empty() : number != 0; }
  std::string AsText() const {
    if (kind == Kind::kString) return text;
    return kind == Kind::kTruth ? (number != 0 ? "true" : "false") : std::to_string(number);
  }
};

}  // namespace

class LiteralReader {
 public:
  LiteralReader(Literals& literals, std::string_view script, const std::function<void(std::string_view)>& earlier)
      : literals_(literals), script_(script), earlier_(earlier) {}

  std::string Run();

 private:
  enum class Live : uint8_t { kYes, kNo, kUnknown };

  void Skip();  // white space and comments
  bool Take(std::string_view sign);
  std::string_view Name();
  std::string String();
  Value Expression(int depth);
  Value Comparison(int depth);
  Value Sum(int depth);
  Value Term(int depth);
  Value Method(Value value, int depth);
  void SkipBalanced();  // from an opening bracket to behind its partner
  void Assign(std::string_view name, bool add);
  void Print();
  bool live() const { return dead_ == 0 && pending_ == Live::kYes; }

  Literals& literals_;
  std::string_view script_;
  const std::function<void(std::string_view)>& earlier_;
  int asked_ = 0;
  size_t at_ = 0;
  size_t dead_ = 0;           // blocks around that may not be run
  std::vector<bool> blocks_;  // whether each is one of those
  std::vector<Live> answers_;  // of the if before each block, for its else
  Live pending_ = Live::kYes;  // whether the statement here is run, by the if before it
  Live last_if_ = Live::kUnknown;
  bool declared_ = false;  // var, let or const begins the statement
  std::string printed_;
};

void LiteralReader::Skip() {
  while (at_ < script_.size()) {
    if (IsAsciiSpace(script_[at_])) {
      ++at_;
    } else if (script_.compare(at_, 2, "//") == 0) {
      at_ = std::min(script_.find('\n', at_), script_.size());
    } else if (script_.compare(at_, 2, "/*") == 0) {
      const size_t end = script_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? script_.size() : end + 2;
    } else {
      return;
    }
  }
}

bool LiteralReader::Take(std::string_view sign) {
  Skip();
  if (script_.compare(at_, sign.size(), sign) != 0) return false;
  at_ += sign.size();
  return true;
}

std::string_view LiteralReader::Name() {
  const size_t begin = at_;
  while (at_ < script_.size() && IsNamePart(script_[at_])) ++at_;
  return script_.substr(begin, at_ - begin);
}

std::string LiteralReader::String() {
  const char quote = script_[at_++];
  std::string text;
  while (at_ < script_.size() && script_[at_] != quote && script_[at_] != '\n') {
    char c = script_[at_++];
    if (c != '\\' || at_ >= script_.size()) {
      text.push_back(c);
      continue;
    }
    c = script_[at_++];
    if (c == 'n' || c == 't' || c == 'r') {
      text.push_back(' ');
    } else if ((c == 'u' && at_ + 4 <= script_.size()) || (c == 'x' && at_ + 2 <= script_.size())) {
      const size_t digits = c == 'u' ? 4 : 2;
      uint32_t code = 0;
      for (size_t i = 0; i < digits; ++i) {
        const char digit = ToAsciiLower(script_[at_ + i]);
        code = code * 16 + (IsAsciiDigit(digit) ? static_cast<uint32_t>(digit - '0') : digit >= 'a' && digit <= 'f' ? static_cast<uint32_t>(digit - 'a') + 10 : 0);
      }
      at_ += digits;
      text::AppendUtf8(text, code >= 0xD800 && code < 0xE000 ? text::kReplacement : static_cast<char32_t>(code));
    } else {
      text.push_back(c);
    }
  }
  if (at_ < script_.size()) ++at_;
  return text;
}

void LiteralReader::SkipBalanced() {
  int depth = 0;
  while (at_ < script_.size()) {
    Skip();
    if (at_ >= script_.size()) return;
    const char c = script_[at_];
    if (c == '"' || c == '\'' || c == '`') {
      String();
      continue;
    }
    ++at_;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ')' || c == ']' || c == '}') && --depth <= 0) return;
  }
}

// .substring(0, 10), .length, .split(" ")[0]: what is known of strings.
Value LiteralReader::Method(Value value, int depth) {
  Skip();
  const std::string_view name = Name();
  if (name == "length") {
    if (value.kind != Value::Kind::kString) return {};
    return Value::Number(static_cast<int64_t>(text::CountCodePoints(value.text)));
  }
  if (!Take("(")) return {};
  std::vector<Value> arguments;
  while (at_ < script_.size() && arguments.size() < 4) {
    if (Take(")")) break;
    const size_t before = at_;
    arguments.push_back(Expression(depth + 1));
    if (!Take(",") && at_ == before) break;
  }
  if (script_.substr(0, at_).back() != ')') Take(")");
  if (value.kind != Value::Kind::kString) return {};
  for (const Value& argument : arguments) {
    if (!argument.known()) return {};
  }
  std::u32string characters;
  for (size_t offset = 0; offset < value.text.size();) characters.push_back(text::DecodeUtf8(value.text, offset));
  const auto size = static_cast<int64_t>(characters.size());
  const auto cut = [&](int64_t begin, int64_t end) {
    begin = std::clamp<int64_t>(begin, 0, size), end = std::clamp<int64_t>(end, 0, size);
    return Value::Text(begin < end ? text::ToUtf8(characters.substr(static_cast<size_t>(begin), static_cast<size_t>(end - begin))) : "");
  };
  const bool numbers = !arguments.empty() && arguments[0].kind == Value::Kind::kNumber && (arguments.size() < 2 || arguments[1].kind == Value::Kind::kNumber);
  if (numbers && (name == "substring" || name == "slice")) {
    const auto from_end = [&](int64_t place) { return place < 0 && name == "slice" ? place + size : place; };
    return cut(from_end(arguments[0].number), arguments.size() > 1 ? from_end(arguments[1].number) : size);
  }
  if (numbers && name == "substr") return cut(arguments[0].number, arguments.size() > 1 ? arguments[0].number + std::min(arguments[1].number, size) : size);
  if (arguments.empty() && (name == "trim" || name == "toString" || name == "valueOf")) return Value::Text(name == "trim" ? text::Trim(value.text) : value.text);
  if (name == "indexOf" && arguments.size() == 1) {
    const size_t found = value.text.find(arguments[0].AsText());
    return Value::Number(found == std::string::npos ? -1 : static_cast<int64_t>(text::CountCodePoints(std::string_view(value.text).substr(0, found))));
  }
  if (name == "replace" && arguments.size() == 2) {
    const std::string from = arguments[0].AsText();
    const size_t found = value.text.find(from);
    if (found != std::string::npos) value.text.replace(found, from.size(), arguments[1].AsText());
    return value;
  }
  if (name == "split" && arguments.size() == 1 && Take("[")) {
    const Value index = Expression(depth + 1);
    if (!Take("]") || index.kind != Value::Kind::kNumber) return {};
    const std::string sign = arguments[0].AsText();
    if (sign.empty()) return {};
    size_t begin = 0;
    for (int64_t part = 0; part < index.number; ++part) {
      const size_t found = value.text.find(sign, begin);
      if (found == std::string::npos) return {};
      begin = found + sign.size();
    }
    return Value::Text(value.text.substr(begin, value.text.find(sign, begin) - begin));
  }
  return {};
}

Value LiteralReader::Term(int depth) {
  Skip();
  if (at_ >= script_.size() || depth > kMostDepth) return {};
  Value value;
  const char c = script_[at_];
  if (c == '"' || c == '\'') {
    std::string text = String();
    if (text.size() <= kMostOfValue) value = Value::Text(std::move(text));
  } else if (IsAsciiDigit(c) || (c == '-' && at_ + 1 < script_.size() && IsAsciiDigit(script_[at_ + 1]))) {
    size_t end = at_ + 1;
    while (end < script_.size() && end - at_ < 12 && IsAsciiDigit(script_[end])) ++end;
    int64_t number = 0;
    for (size_t i = at_ + (c == '-' ? 1 : 0); i < end; ++i) number = number * 10 + (script_[i] - '0');
    const bool whole = end >= script_.size() || (script_[end] != '.' && !IsNamePart(script_[end]));
    at_ = end;
    while (at_ < script_.size() && (IsNamePart(script_[at_]) || script_[at_] == '.')) ++at_;
    if (whole) value = Value::Number(c == '-' ? -number : number);
    return value;
  } else if (c == '!') {
    ++at_;
    const Value inner = Term(depth + 1);
    return inner.known() ? Value::Truth(!inner.truth()) : Value{};
  } else if (c == '(') {
    ++at_;
    value = Expression(depth + 1);
    if (!Take(")")) return {};
  } else if (IsNameStart(c)) {
    std::string_view name = Name();
    if (name == "window" && Take(".")) name = Name();
    if (name == "typeof" || name == "new" || name == "function") {
      Term(depth + 1);
      return {};
    }
    Skip();
    if (name == "true" || name == "false") return Value::Truth(name == "true");
    if (name == "null" || name == "undefined") return Value::Truth(false);
    const std::string* known = literals_.Find(name);
    if (known == nullptr && earlier_ && live() && asked_ < kMostAsked) {
      ++asked_;
      earlier_(name);
      known = literals_.Find(name);
    }
    if (known != nullptr) value = Value::Text(*known);
    // $.trim(s), String(s)
    if (known == nullptr && (name == "String" || ((name == "$" || name == "jQuery") && Take(".") && Name() == "trim"))) {
      if (!Take("(")) return {};
      value = Expression(depth + 1);
      if (!Take(")")) return {};
      if (value.known()) value = Value::Text(text::Trim(value.AsText()));
    }
  } else {
    return {};
  }
  for (int calls = 0; calls < 8; ++calls) {
    Skip();
    if (at_ >= script_.size()) break;
    if (script_[at_] == '.') {
      ++at_;
      value = Method(std::move(value), depth);
    } else if (script_[at_] == '(' || script_[at_] == '[') {
      SkipBalanced();
      value = {};
    } else {
      break;
    }
  }
  return value;
}

Value LiteralReader::Sum(int depth) {
  Value value = Term(depth);
  while (at_ < script_.size()) {
    Skip();
    if (at_ + 1 >= script_.size() || script_[at_] != '+' || script_[at_ + 1] == '+' || script_[at_ + 1] == '=') break;
    ++at_;
    const Value next = Term(depth);
    if (!value.known() || !next.known() || value.text.size() + next.text.size() > kMostPrinted) {
      value = {};
    } else if (value.kind == Value::Kind::kNumber && next.kind == Value::Kind::kNumber) {
      value.number += next.number;
    } else {
      value = Value::Text(value.AsText() + next.AsText());
    }
  }
  return value;
}

Value LiteralReader::Comparison(int depth) {
  Value left = Sum(depth);
  for (const std::string_view sign : {"===", "!==", "==", "!=", ">=", "<=", ">", "<"}) {
    if (!Take(sign)) continue;
    const Value right = Sum(depth);
    if (!left.known() || !right.known()) return {};
    if (sign[0] == '=' || sign[0] == '!') {
      const bool nothing = left.kind == Value::Kind::kTruth || right.kind == Value::Kind::kTruth;  // s != null
      const bool equal = nothing ? left.kind == right.kind && left.number == right.number : left.AsText() == right.AsText();
      return Value::Truth(equal == (sign[0] == '='));
    }
    if (left.kind != Value::Kind::kNumber || right.kind != Value::Kind::kNumber) return {};
    const bool equal = left.number == right.number, less = left.number < right.number;
    return Value::Truth((equal && sign.size() == 2) || (!equal && less == (sign[0] == '<')));
  }
  return left;
}

Value LiteralReader::Expression(int depth) {
  if (depth > kMostDepth) return {};
  Value value = Comparison(depth);
  while (true) {
    if (Take("&&")) {
      const Value right = Comparison(depth);
      if (value.known() && !value.truth()) continue;
      value = value.known() ? right : right.known() && !right.truth() ? right : Value{};
    } else if (Take("||")) {
      const Value right = Comparison(depth);
      if (value.known() && value.truth()) continue;
      value = value.known() ? right : Value{};
    } else {
      break;
    }
  }
  if (!Take("?")) return value;
  const Value yes = Expression(depth + 1);
  if (!Take(":")) return {};
  const Value no = Expression(depth + 1);
  return !value.known() ? Value{} : value.truth() ? yes : no;
}

void LiteralReader::Assign(std::string_view name, bool add) {
  const Value value = Expression(0);
  if (name.size() > 60) return;
  auto known = literals_.values_.find(name);
  // In a block that may not be run, or from parts that are not known: nothing is known any more, unless the name is the block's own.
  if (!live() || !value.known() || (add && known == literals_.values_.end())) {
    if (known != literals_.values_.end() && pending_ != Live::kNo && !(declared_ && dead_ > 0)) literals_.values_.erase(known);
    return;
  }
  std::string text = (add ? known->second : std::string()) + value.AsText();
  if (text.size() > kMostOfValue || (known == literals_.values_.end() && literals_.values_.size() >= kMostNames)) return;
  literals_.values_.insert_or_assign(std::string(name), std::move(text));
}

void LiteralReader::Print() {
  if (!Take("(")) return;
  const Value value = Expression(0);
  Skip();
  const bool whole = at_ < script_.size() && script_[at_] == ')';
  if (live() && whole && value.known() && printed_.size() + value.text.size() <= kMostPrinted) printed_ += value.AsText();
}

std::string LiteralReader::Run() {
  while (true) {
    Skip();
    if (at_ >= script_.size()) break;
    const char c = script_[at_];
    if (c == '"' || c == '\'' || c == '`') {
      String();
      continue;
    }
    if (!IsNameStart(c)) {
      ++at_;
      if (c == '{') {
        const bool run = pending_ == Live::kYes;
        blocks_.push_back(!run);
        answers_.push_back(last_if_);
        dead_ += run ? 0 : 1;
        pending_ = Live::kYes;
      } else if (c == '}') {
        if (!blocks_.empty()) {
          dead_ -= blocks_.back() ? 1 : 0;
          last_if_ = answers_.back();
          blocks_.pop_back();
          answers_.pop_back();
        }
        pending_ = Live::kYes;
      } else if (c == ';') {
        pending_ = Live::kYes;
        declared_ = false;
      } else if (c == '=' && script_.compare(at_, 1, ">") == 0) {
        pending_ = Live::kUnknown;  // an arrow's body
      } else if (c == '.') {
        // A member's name is no variable's.
        Skip();
        Name();
      }
      continue;
    }
    const std::string_view name = Name();
    if (name == "var" || name == "let" || name == "const") {
      declared_ = true;
    } else if (name == "if") {
      const Live outer = pending_;
      Value condition;
      if (Take("(")) {
        condition = Expression(0);
        if (!Take(")")) condition = {};
      }
      last_if_ = !condition.known() ? Live::kUnknown : condition.truth() ? Live::kYes : Live::kNo;
      pending_ = outer == Live::kYes ? last_if_ : outer;
      // else if, behind one that was run: what else follows is not.
      if (outer != Live::kYes) last_if_ = outer == Live::kNo ? Live::kYes : Live::kUnknown;
    } else if (name == "else") {
      pending_ = last_if_ == Live::kUnknown ? Live::kUnknown : last_if_ == Live::kYes ? Live::kNo : Live::kYes;
    } else if (name == "function" || name == "for" || name == "while" || name == "switch" || name == "catch" || name == "do" || name == "class") {
      pending_ = Live::kUnknown;
      Skip();
      Name();
      Skip();
      if (at_ < script_.size() && script_[at_] == '(') SkipBalanced();
    } else if (name == "document" || name == "window") {
      if (!Take(".")) continue;
      Skip();
      const std::string_view member = Name();
      if (name == "document" && (member == "write" || member == "writeln")) {
        Print();
      } else if (name == "window" && !member.empty() && Take("=")) {
        if (at_ < script_.size() && script_[at_] != '=') Assign(member, false);
      }
    } else {
      Skip();
      const bool add = script_.compare(at_, 2, "+=") == 0;
      if (add) at_ += 2;
      if (add || (at_ < script_.size() && script_[at_] == '=' && script_.compare(at_, 2, "==") != 0 && script_.compare(at_, 2, "=>") != 0)) {
        if (!add) ++at_;
        Assign(name, add);
      }
    }
  }
  return std::move(printed_);
}

std::string Literals::Read(std::string_view script, const std::function<void(std::string_view)>& earlier) {
  if (script.size() > kLongestScript) return "";
  return LiteralReader(*this, script, earlier).Run();
}

const std::string* Literals::Find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

}  // namespace fangzhi::extract
