#include "extract/printed.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/strings.h"
#include "html/script_reader.h"
#include "text/text.h"

namespace fangzhi::extract {

namespace {

constexpr size_t kMostOfValue = 1'000, kMostPrinted = 2'000, kMostNames = 200;
constexpr size_t kMostOfFilling = 120, kMostFillings = 50;
constexpr int kMostDepth = 12, kMostAsked = 8;

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
  LiteralReader(Literals& literals, std::string_view script, const std::function<void(std::string_view)>& earlier, const Literals::Field& field)
      : literals_(literals), in_{script}, earlier_(earlier), field_(field) {}

  std::string Run();

 private:
  enum class Live : uint8_t { kYes, kNo, kUnknown };

  Value Expression(int depth);
  Value Comparison(int depth);
  Value Sum(int depth);
  Value Term(int depth);
  Value Method(Value value, int depth);
  Value FieldValue();
  void Assign(std::string_view name, bool add);
  void Print();
  void Query();
  void ElementOf(std::string_view id);
  void Fill(std::string_view id, const Value& value);
  bool TakeCallback();
  bool printing() const { return live() && loaded_from_ == SIZE_MAX; }
  bool live() const { return dead_ == 0 && pending_ == Live::kYes; }

  Literals& literals_;
  html::ScriptReader in_;
  const std::function<void(std::string_view)>& earlier_;
  const Literals::Field& field_;
  int asked_ = 0, asked_fields_ = 0;
  size_t dead_ = 0;           // blocks around that may not be run
  std::vector<bool> blocks_;  // whether each is one of those
  std::vector<Live> answers_;  // of the if before each block, for its else
  Live pending_ = Live::kYes;  // whether the statement here is run, by the if before it
  Live last_if_ = Live::kUnknown;
  size_t loaded_from_ = SIZE_MAX;  // the blocks around what runs once the page is loaded: nothing is printed then
  bool declared_ = false;  // var, let or const begins the statement
  std::string printed_;
};

// .substring(0, 10), .length, .split(" ")[0]: what is known of strings.
Value LiteralReader::Method(Value value, int depth) {
  in_.SkipBlanks();
  const std::string_view name = in_.Name();
  if (name == "length") {
    if (value.kind != Value::Kind::kString) return {};
    return Value::Number(static_cast<int64_t>(text::CountCodePoints(value.text)));
  }
  if (!in_.Take("(")) return {};
  std::vector<Value> arguments;
  while (!in_.done() && arguments.size() < 4) {
    if (in_.Take(")")) break;
    const size_t before = in_.at;
    arguments.push_back(Expression(depth + 1));
    if (!in_.Take(",") && in_.at == before) break;
  }
  if (in_.script[in_.at - 1] != ')') in_.Take(")");
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
  if (name == "split" && arguments.size() == 1 && in_.Take("[")) {
    const Value index = Expression(depth + 1);
    if (!in_.Take("]") || index.kind != Value::Kind::kNumber) return {};
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

// Behind document: .getElementById("date").value
Value LiteralReader::FieldValue() {
  if (!in_.Take(".")) return {};
  in_.SkipBlanks();
  if (in_.Name() != "getElementById" || !in_.Take("(")) return {};
  in_.SkipBlanks();
  const std::optional<std::string> id = in_.at_string() ? in_.String(80) : std::nullopt;
  if (!id || !in_.Take(")") || !in_.Take(".")) return {};
  in_.SkipBlanks();
  if (in_.Name() != "value" || !field_ || !live() || ++asked_fields_ > kMostAsked) return {};
  std::optional<std::string> text = field_(*id);
  return text && text->size() <= kMostOfValue ? Value::Text(std::move(*text)) : Value{};
}

Value LiteralReader::Term(int depth) {
  in_.SkipBlanks();
  if (in_.done() || depth > kMostDepth) return {};
  Value value;
  const char c = in_.peek();
  if (c == '"' || c == '\'') {
    std::optional<std::string> text = in_.String(kMostOfValue);
    if (!text) return {};
    value = Value::Text(std::move(*text));
  } else if (IsAsciiDigit(c) || c == '-') {
    const std::string_view digits = in_.Number();
    const auto number = digits.size() <= 12 ? ParseInt(digits) : std::nullopt;
    return number ? Value::Number(*number) : Value{};
  } else if (c == '!') {
    ++in_.at;
    const Value inner = Term(depth + 1);
    return inner.known() ? Value::Truth(!inner.truth()) : Value{};
  } else if (c == '(') {
    ++in_.at;
    value = Expression(depth + 1);
    if (!in_.Take(")")) return {};
  } else if (html::IsScriptNameStart(c)) {
    std::string_view name = in_.Name();
    if (name == "window" && in_.Take(".")) name = in_.Name();
    if (name == "typeof" || name == "new" || name == "function") {
      Term(depth + 1);
      return {};
    }
    in_.SkipBlanks();
    if (name == "true" || name == "false") return Value::Truth(name == "true");
    if (name == "null" || name == "undefined") return Value::Truth(false);
    const std::string* known = literals_.Find(name);
    if (known == nullptr && name == "document") {
      value = FieldValue();
    } else if (known == nullptr && earlier_ && live() && asked_ < kMostAsked) {
      ++asked_;
      earlier_(name);
      known = literals_.Find(name);
    }
    if (known != nullptr) value = Value::Text(*known);
    // $.trim(s), String(s)
    if (known == nullptr && (name == "String" || ((name == "$" || name == "jQuery") && in_.Take(".") && in_.Name() == "trim"))) {
      if (!in_.Take("(")) return {};
      value = Expression(depth + 1);
      if (!in_.Take(")")) return {};
      if (value.known()) value = Value::Text(text::Trim(value.AsText()));
    }
  } else {
    return {};
  }
  for (int calls = 0; calls < 8; ++calls) {
    in_.SkipBlanks();
    if (in_.done()) break;
    if (in_.peek() == '.') {
      ++in_.at;
      value = Method(std::move(value), depth);
    } else if (in_.peek() == '(' || in_.peek() == '[') {
      in_.SkipBalanced();
      value = {};
    } else {
      break;
    }
  }
  return value;
}

Value LiteralReader::Sum(int depth) {
  Value value = Term(depth);
  while (!in_.done()) {
    in_.SkipBlanks();
    if (in_.at + 1 >= in_.script.size() || in_.peek() != '+' || in_.script[in_.at + 1] == '+' || in_.script[in_.at + 1] == '=') break;
    ++in_.at;
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
    if (!in_.Take(sign)) continue;
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
    if (in_.Take("&&")) {
      const Value right = Comparison(depth);
      if (value.known() && !value.truth()) continue;
      value = value.known() ? right : right.known() && !right.truth() ? right : Value{};
    } else if (in_.Take("||")) {
      const Value right = Comparison(depth);
      if (value.known() && value.truth()) continue;
      value = value.known() ? right : Value{};
    } else {
      break;
    }
  }
  if (!in_.Take("?")) return value;
  const Value yes = Expression(depth + 1);
  if (!in_.Take(":")) return {};
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
  if (!in_.Take("(")) return;
  const Value value = Expression(0);
  in_.SkipBlanks();
  const bool whole = in_.peek() == ')';
  if (printing() && whole && value.known() && printed_.size() + value.text.size() <= kMostPrinted) printed_ += value.AsText();
}

// function () or () => where the page runs it once it is loaded: its block is read as if it stood here.
bool LiteralReader::TakeCallback() {
  const size_t before = in_.at;
  in_.SkipBlanks();
  const bool function = in_.script.substr(in_.at).starts_with("function");
  if (function) {
    in_.Name();
    in_.SkipBlanks();
    in_.Name();
    in_.SkipBlanks();
  }
  if (in_.peek() == '(') {
    in_.SkipBalanced();
    if (function || in_.Take("=>")) {
      loaded_from_ = std::min(loaded_from_, blocks_.size());
      return true;
    }
  }
  in_.at = before;
  return false;
}

void LiteralReader::Fill(std::string_view id, const Value& value) {
  if (!live() || id.empty() || id.size() > 60) return;
  auto known = literals_.fillings_.find(id);
  std::string text = value.known() ? text::Trim(value.AsText()) : std::string();
  if (text.empty() || text.size() > kMostOfFilling || text.find_first_of("<&") != std::string::npos) {
    if (known != literals_.fillings_.end()) literals_.fillings_.erase(known);
  } else if (known != literals_.fillings_.end() || literals_.fillings_.size() < kMostFillings) {
    literals_.fillings_.insert_or_assign(std::string(id), std::move(text));
  }
}

// Behind what finds an element by its id: .html("913"), .text("913"), .innerHTML = "913".
void LiteralReader::ElementOf(std::string_view id) {
  if (!in_.Take(".")) return;
  in_.SkipBlanks();
  const std::string_view member = in_.Name();
  if (member == "html" || member == "text") {
    if (!in_.Take("(")) return;
    const Value value = Expression(0);
    in_.SkipBlanks();
    if (in_.peek() == ')') Fill(id, value);
  } else if ((member == "innerHTML" || member == "innerText" || member == "textContent") && in_.Take("=") && in_.peek() != '=') {
    Fill(id, Expression(0));
  }
}

// Behind $: ("#hits").html(…), (function () {…}), (document).ready(function () {…}).
void LiteralReader::Query() {
  if (!in_.Take("(") || TakeCallback()) return;
  in_.SkipBlanks();
  if (in_.at_string()) {
    const std::optional<std::string> selector = in_.String(80);
    if (!selector || !in_.Take(")") || !selector->starts_with('#')) return;
    const std::string_view id = std::string_view(*selector).substr(1);
    if (id.find_first_of(" .>:[,#") == std::string_view::npos) ElementOf(id);
  } else if (in_.Name() == "document" && in_.Take(")") && in_.Take(".") && in_.Name() == "ready" && in_.Take("(")) {
    TakeCallback();
  }
}

std::string LiteralReader::Run() {
  while (true) {
    in_.SkipBlanks();
    if (in_.done()) break;
    const char c = in_.peek();
    if (in_.at_string()) {
      in_.String();
      continue;
    }
    if (!html::IsScriptNameStart(c)) {
      ++in_.at;
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
          if (loaded_from_ != SIZE_MAX && blocks_.size() <= loaded_from_) loaded_from_ = SIZE_MAX;
        }
        pending_ = Live::kYes;
      } else if (c == ';') {
        pending_ = Live::kYes;
        declared_ = false;
      } else if (c == '=' && in_.script.compare(in_.at, 1, ">") == 0) {
        pending_ = Live::kUnknown;  // an arrow's body
      } else if (c == '.') {
        // A member's name is no variable's.
        in_.SkipBlanks();
        in_.Name();
      }
      continue;
    }
    const std::string_view name = in_.Name();
    if (name == "var" || name == "let" || name == "const") {
      declared_ = true;
    } else if (name == "if") {
      const Live outer = pending_;
      Value condition;
      if (in_.Take("(")) {
        condition = Expression(0);
        if (!in_.Take(")")) condition = {};
      }
      last_if_ = !condition.known() ? Live::kUnknown : condition.truth() ? Live::kYes : Live::kNo;
      pending_ = outer == Live::kYes ? last_if_ : outer;
      // else if, behind one that was run: what else follows is not.
      if (outer != Live::kYes) last_if_ = outer == Live::kNo ? Live::kYes : Live::kUnknown;
    } else if (name == "else") {
      pending_ = last_if_ == Live::kUnknown ? Live::kUnknown : last_if_ == Live::kYes ? Live::kNo : Live::kYes;
    } else if (name == "function" || name == "for" || name == "while" || name == "switch" || name == "catch" || name == "do" || name == "class") {
      pending_ = Live::kUnknown;
      in_.SkipBlanks();
      in_.Name();
      in_.SkipBlanks();
      if (in_.peek() == '(') in_.SkipBalanced();
    } else if (name == "document" || name == "window") {
      if (!in_.Take(".")) continue;
      in_.SkipBlanks();
      const std::string_view member = in_.Name();
      if (name == "document" && (member == "write" || member == "writeln")) {
        Print();
      } else if (name == "document" && (member == "getElementById" || member == "querySelector")) {
        if (!in_.Take("(")) continue;
        in_.SkipBlanks();
        const std::optional<std::string> found = in_.at_string() ? in_.String(80) : std::nullopt;
        const bool selector = member == "querySelector";
        if (found && in_.Take(")") && (!selector || (found->starts_with('#') && found->find_first_of(" .>:[,") == std::string::npos))) {
          ElementOf(std::string_view(*found).substr(selector ? 1 : 0));
        }
      } else if (name == "window" && member == "onload" && in_.Take("=")) {
        TakeCallback();
      } else if (name == "window" && !member.empty() && in_.Take("=")) {
        if (in_.peek() != '=') Assign(member, false);
      }
    } else if (name == "$" || name == "jQuery") {
      Query();
    } else {
      in_.SkipBlanks();
      const bool add = in_.script.compare(in_.at, 2, "+=") == 0;
      if (add) in_.at += 2;
      if (add || (in_.peek() == '=' && in_.script.compare(in_.at, 2, "==") != 0 && in_.script.compare(in_.at, 2, "=>") != 0)) {
        if (!add) ++in_.at;
        Assign(name, add);
      }
    }
  }
  return std::move(printed_);
}

std::string Literals::Read(std::string_view script, const std::function<void(std::string_view)>& earlier, const Field& field) {
  if (script.size() > kLongestScript) return "";
  return LiteralReader(*this, script, earlier, field).Run();
}

bool Literals::Fills(std::string_view script) {
  for (const std::string_view call : {".html(", ".text(", ".innerHTML", ".innerText", ".textContent"}) {
    if (script.find(call) != std::string_view::npos) return true;
  }
  return false;
}

const std::string* Literals::Find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

const std::string* Literals::FilledInto(std::string_view id) const {
  const auto found = fillings_.find(id);
  return found == fillings_.end() ? nullptr : &found->second;
}

}  // namespace fangzhi::extract
