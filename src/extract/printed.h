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
  // Reads one script, in the page's order; the answer is what its document.write calls print, markup included, 2,000 bytes
  // at most. Linear in the script, of which the first 20,000 bytes are looked at. `earlier` is called once, when a name is
  // asked for that no script so far has given a value, and may read the scripts before this one.
  std::string Read(std::string_view script, const std::function<void()>& earlier = {});
  // The value of the variable; null where none is known.
  const std::string* Find(std::string_view name) const;

 private:
  friend class LiteralReader;
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace fangzhi::extract
