// What a page's scripts print of literals: <script>var s = "青石日报"; if (s != "") document.write("来源：" + s);</script>.
// No script is run: assignments of literals, sums of them, a few functions of strings and conditions on them are read, and a
// call of which any part is not known prints nothing. Loops and functions are passed over. Internal to extract/.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace fangzhi::extract {

// The variables of a page's scripts whose values are literals. Values and their number are bounded.
class Literals {
 public:
  static constexpr size_t kLongestScript = 4'000;

  // Reads one script, in the page's order; the answer is what its document.write calls print, markup included, 2,000 bytes
  // at most. Linear in the script; a longer one is a program and is not read. `earlier` is called for a name
  // that no script so far has given a value, eight times at most, and may read the scripts before this one that assign it.
  std::string Read(std::string_view script, const std::function<void(std::string_view name)>& earlier = {});
  // The value of the variable; null where none is known.
  const std::string* Find(std::string_view name) const;

 private:
  friend class LiteralReader;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace fangzhi::extract
