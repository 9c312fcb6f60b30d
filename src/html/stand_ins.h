// Gumbo takes 30 ns for every character of text and of attribute values, although their content means nothing to the tree that it builds.
// So a long run of them is given to Gumbo as one private-use character of planes 15 and 16, its stand-in, and put back where Gumbo
// has put the stand-in; all attributes of a tag together are given as the name of one, and an element that is in order with all that is in it is given
// empty (html/tree_ahead.h). The tree is the same.
//
// What decides something stays as it is: white space (at the beginning of a run; among frames anywhere), '<', '&' and what may follow it,
// U+0000, the names of attributes of <html> and <body> (they are merged) and of <input> (a hidden one stands elsewhere in a table) with
// its `type`, all attributes of formatting elements (Gumbo compares them: three equal ones are enough) and of foreign elements.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::html {

// An attribute in a tag, as offsets. Quotes do not belong to the value; `end` is after them.
struct AttributeSpan {
  size_t name_begin = 0, name_end = 0, value_begin = 0, value_end = 0, end = 0;
  bool quoted = false;
  std::string_view Name(std::string_view markup) const { return markup.substr(name_begin, name_end - name_begin); }
  std::string_view Value(std::string_view markup) const { return markup.substr(value_begin, value_end - value_begin); }
};

// What ends the name of a tag, and of an attribute: looked up, since every character of every name is asked for.
struct NameEnds {
  std::array<bool, 256> tag{}, attribute{};
  constexpr NameEnds() {
    for (const unsigned char c : {' ', '\t', '\n', '\f', '\r', '/', '>'}) tag[c] = attribute[c] = true;
    attribute['='] = true;
  }
};
inline constexpr NameEnds kNameEnds;
inline bool IsTagNameEnd(char c) { return kNameEnds.tag[static_cast<unsigned char>(c)]; }
// Reads the attribute at or after `at`, which is after a tag's name or an attribute. False at the '>', where it leaves `at`, and
// at the end of the text (WHATWG HTML 13.2.5.32 and on).
bool NextAttribute(std::string_view markup, size_t& at, AttributeSpan& attribute);

// A comment whose content is all between "<!--" and "-->", and nothing that tokenizers see differently.
bool IsOrderlyComment(std::string_view comment);
// Line ends as HTML's input stream has them (WHATWG HTML 13.2.3.5).
void AppendNormalised(std::string_view text, std::string& out);

class StandIns {
 public:
  // Views of `source` are kept. When it has characters of those planes itself, references to them, U+0000 or is not UTF-8,
  // nothing will stand in for anything.
  explicit StandIns(std::string_view source);
  StandIns(const StandIns&) = delete;
  StandIns& operator=(const StandIns&) = delete;

  // Forgets the runs, not what was restored: the markup is written again.
  void Clear() {
    runs_.clear();
    attributes_.clear();
  }
  bool usable() const { return usable_; }
  // The stand-in for source[begin, end); 0 where the run is too short to be worth it, or there are too many. `attributes` are those of the run, where it
  // is all attributes of a tag.
  char32_t Take(size_t begin, size_t end, std::span<const AttributeSpan> attributes = {});
  // The name of the one attribute of an element whose tree is known (html/tree_ahead.h); 0 where there are too many.
  char32_t TakeWhole(uint32_t node);
  // The node of that tree; nullopt where the name stands for none.
  std::optional<uint32_t> WholeOf(std::string_view name) const;
  // A shorter run costs Gumbo less than its stand-in costs us.
  static constexpr size_t kShortestRun = 6;
  static bool IsShort(std::string_view run) { return run.size() < kShortestRun; }
  // What Gumbo's string was in the source, with line ends as Gumbo would have made them. Lives as long as this and the source; a string
  // without stand-ins is itself.
  std::string_view Restore(std::string_view text);
  // Whether an attribute's name stands for several attributes; if so, `visit(name, value)` gets each, names as written.
  template <class F>
  bool ForEachAttribute(std::string_view name, const F& visit) const {
    const std::span<const AttributeSpan> attributes = AttributesOf(name);
    for (const AttributeSpan& attribute : attributes) visit(attribute.Name(source_), attribute.Value(source_));
    return !attributes.empty();
  }

 private:
  struct Run {
    uint32_t begin, end;
    uint32_t first_attribute, attribute_count;  // the count is kWhole where `begin` is a node
  };
  static constexpr uint32_t kWhole = UINT32_MAX;
  std::span<const AttributeSpan> AttributesOf(std::string_view name) const;

  std::string_view source_;
  bool usable_ = false;
  std::vector<Run> runs_;
  std::vector<AttributeSpan> attributes_;  // of the runs that are attributes, one after the other
  std::deque<std::string> built_;
};

}  // namespace fangzhi::html
