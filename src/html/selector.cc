#include <algorithm>
#include <string>

#include "base/strings.h"
#include "html/html.h"

namespace fangzhi::html {
namespace {

enum class Operator { kExists, kEquals, kPrefix, kContains };

struct Condition {
  Operator op;
  std::string name, value;
};

struct Compound {
  bool child = false;  // combined with the compound before it by '>'
  bool first = false;  // :first
  std::string tag;     // empty for any
  std::string id;
  std::vector<std::string> classes;
  std::vector<Condition> conditions;
};

using Complex = std::vector<Compound>;

// A node's state is one bit a compound.
constexpr size_t kMaxCompounds = 32;

bool MatchesCompound(const Document& document, NodeIndex index, const Compound& compound) {
  const Node& node = document.node(index);
  if (!compound.tag.empty() && node.text != compound.tag) return false;
  if (!compound.id.empty() && document.attribute(index, "id") != compound.id) return false;
  for (const std::string& name : compound.classes) {
    if (!document.HasClass(index, name)) return false;
  }
  for (const Condition& condition : compound.conditions) {
    const std::optional<std::string_view> value = document.attribute(index, condition.name);
    if (!value) return false;
    switch (condition.op) {
      case Operator::kExists:
        break;
      case Operator::kEquals:
        if (*value != condition.value) return false;
        break;
      case Operator::kPrefix:
        if (condition.value.empty() || value->substr(0, condition.value.size()) != condition.value) return false;
        break;
      case Operator::kContains:
        if (condition.value.empty() || value->find(condition.value) == std::string_view::npos) return false;
        break;
    }
  }
  return true;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool Parse(std::vector<Complex>& out) {
    do {
      Complex complex;
      if (!ParseComplex(complex)) return false;
      out.push_back(std::move(complex));
    } while (Take(','));
    return at_ == text_.size() || Fail("unexpected character");
  }
  const std::string& problem() const { return problem_; }

 private:
  bool Fail(std::string_view what) {
    if (problem_.empty()) problem_ = "selector, position " + std::to_string(at_ + 1) + ": " + std::string(what);
    return false;
  }
  void SkipSpace() {
    while (at_ < text_.size() && IsAsciiSpace(text_[at_])) ++at_;
  }
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // Bytes above ASCII belong to names.
  static bool IsNameChar(char c) {
    return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  }
  std::string Name() {
    const size_t begin = at_;
    while (at_ < text_.size() && IsNameChar(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  bool ParseComplex(Complex& complex) {
    SkipSpace();
    bool child = false;
    while (true) {
      Compound compound;
      compound.child = child;
      if (!ParseCompound(compound)) return false;
      if (complex.size() == kMaxCompounds) return Fail("too many parts");
      complex.push_back(std::move(compound));
      SkipSpace();
      child = Take('>');
      if (child) SkipSpace();
      if (!child && (at_ == text_.size() || text_[at_] == ',')) return true;
    }
  }

  bool ParseCompound(Compound& compound) {
    const size_t begin = at_;
    if (!Take('*')) compound.tag = ToAsciiLower(Name());
    while (at_ < text_.size()) {
      if (Take('#')) {
        compound.id = Name();
        if (compound.id.empty()) return Fail("expected an id after '#'");
      } else if (Take('.')) {
        compound.classes.push_back(Name());
        if (compound.classes.back().empty()) return Fail("expected a class name after '.'");
      } else if (Take('[')) {
        if (!ParseCondition(compound)) return false;
      } else if (Take(':')) {
        if (Name() != "first") return Fail("only :first is known");
        compound.first = true;
      } else {
        break;
      }
    }
    return at_ != begin || Fail("expected a tag, '*', '#id', '.class' or '[attribute]'");
  }

  bool ParseCondition(Compound& compound) {
    SkipSpace();
    Condition condition{Operator::kExists, ToAsciiLower(Name()), {}};
    // Names such as xlink:href.
    if (Take(':')) condition.name += ":" + ToAsciiLower(Name());
    if (condition.name.empty()) return Fail("expected an attribute name");
    SkipSpace();
    if (Take('^')) {
      condition.op = Operator::kPrefix;
    } else if (Take('*')) {
      condition.op = Operator::kContains;
    } else if (at_ < text_.size() && text_[at_] == '=') {
      condition.op = Operator::kEquals;
    }
    if (condition.op != Operator::kExists) {
      if (!Take('=')) return Fail("expected '='");
      SkipSpace();
      if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
        const size_t close = text_.find(text_[at_], at_ + 1);
        if (close == std::string_view::npos) return Fail("the quote is not closed");
        condition.value = text_.substr(at_ + 1, close - at_ - 1);
        at_ = close + 1;
      } else {
        const size_t begin = at_;
        while (at_ < text_.size() && text_[at_] != ']' && !IsAsciiSpace(text_[at_])) ++at_;
        condition.value = text_.substr(begin, at_ - begin);
        if (condition.value.empty()) return Fail("expected a value");
      }
      SkipSpace();
    }
    if (!Take(']')) return Fail("expected ']'");
    compound.conditions.push_back(std::move(condition));
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string problem_;
};

// Walks one complex selector over the tree. For each open element two masks: which compounds it satisfies together with
// all before them, and which are satisfied by it or an element around it. One pass, no going back.
class Matcher {
 public:
  Matcher(const Document& document, const Complex& complex) : document_(document), complex_(complex) {}

  void Run(NodeIndex root, std::vector<bool>& selected) {
    const std::span<const Node> nodes = document_.nodes();
    std::vector<NodeIndex> around;
    for (NodeIndex i = root; i != kNone; i = nodes[i].parent) around.push_back(i);
    std::reverse(around.begin(), around.end());
    for (const NodeIndex i : around) Enter(i, false);
    for (NodeIndex i = root + 1; i < nodes[root].end; ++i) {
      if (nodes[i].type != NodeType::kElement) continue;
      while (open_.back().end <= i) open_.pop_back();
      if (Enter(i, true)) selected[i] = true;
    }
  }

 private:
  struct Open {
    NodeIndex end;
    uint32_t own, around;
  };

  bool Enter(NodeIndex index, bool below_root) {
    const Node& node = document_.node(index);
    uint32_t own = 0;
    if (node.type == NodeType::kElement) {
      for (size_t i = 0; i < complex_.size(); ++i) {
        const uint32_t bit = uint32_t{1} << i;
        if (i > 0) {
          const uint32_t before = open_.empty() ? 0 : (complex_[i].child ? open_.back().own : open_.back().around);
          if ((before & (bit >> 1)) == 0) continue;
        }
        if ((first_taken_ & bit) != 0 || !MatchesCompound(document_, index, complex_[i])) continue;
        own |= bit;
        if (complex_[i].first && below_root) first_taken_ |= bit;
      }
    }
    const uint32_t around = own | (open_.empty() ? 0 : open_.back().around);
    open_.push_back({node.end, own, around});
    return (own >> (complex_.size() - 1)) != 0;
  }

  const Document& document_;
  const Complex& complex_;
  std::vector<Open> open_;
  uint32_t first_taken_ = 0;
};

}  // namespace

struct Selector::Impl {
  std::vector<Complex> alternatives;
};

std::optional<Selector> Selector::Compile(std::string_view text, std::string* problem) {
  auto impl = std::make_shared<Impl>();
  Parser parser(text);
  if (!parser.Parse(impl->alternatives)) {
    if (problem != nullptr) *problem = parser.problem();
    return std::nullopt;
  }
  Selector selector;
  selector.impl_ = std::move(impl);
  return selector;
}

std::vector<NodeIndex> Selector::Select(const Document& document, NodeIndex root) const {
  std::vector<NodeIndex> result;
  if (impl_ == nullptr || root >= document.nodes().size()) return result;
  std::vector<bool> selected(document.nodes().size());
  for (const Complex& complex : impl_->alternatives) Matcher(document, complex).Run(root, selected);
  for (NodeIndex i = root + 1; i < document.node(root).end; ++i) {
    if (selected[i]) result.push_back(i);
  }
  return result;
}

}  // namespace fangzhi::html
