// What a page's scripts print of literals: <script>var s = "青石日报"; if (s != "") document.write("来源：" + s);</script>, and what they
// put into elements: $(function () { $("#hits").html("913"); }).
// No script is run: assignments of literals, sums of them, a few functions of strings and conditions on them are read, and a
// call of which any part is not known prints nothing. Loops and functions are passed over. Internal to extract/.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace fangzhi::extract {

// The variables of a page's scripts whose values are literals, and the elements that are filled with such. Values and their number are bounded.
class Literals {
 public:
  static constexpr size_t kLongestScript = 4'000;

  // Whether a script has a call that Read takes a filling from; a look for words, which is cheap.
  static bool Fills(std::string_view script);

  // Reads one script, in the page's order; the answer is what its document.write calls print, markup included, 2,000 bytes
  // at most. Linear in the script; a longer one is a program and is not read. `earlier` is called for a name
  // that no script so far has given a value, eight times at most, and may read the scripts before this one that assign it; `field` for what stands in
  // the page's field with that id, document.getElementById("date").value, as often at most.
  using Field = std::function<std::optional<std::string>(std::string_view id)>;
  std::string Read(std::string_view script, const std::function<void(std::string_view name)>& earlier = {}, const Field& field = {});
  // The value of the variable; null where none is known.
  const std::string* Find(std::string_view name) const;
  // The text that the scripts so far put into the element with this id when the page is loaded; null where none does. Short texts without markup.
  const std::string* FilledInto(std::string_view id) const;
  bool fills_any() const { return !fillings_.empty(); }

 private:
  friend class LiteralReader;
  std::map<std::string, std::string, std::less<>> values_, fillings_;
};

}  // namespace fangzhi::extract
