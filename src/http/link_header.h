// The Link field (RFC 8288, section 3), read as its appendix B.3 tells: whatever can be understood is.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fangzhi::http {

struct LinkValue {
  std::string target;  // between < and >, as written; may be relative
  std::string rel;     // one relation type; a link with several gives a value for each. Lower case but for extension types (URLs)
  std::vector<std::pair<std::string, std::string>> parameters;  // the others, names in lower case, each once; title* decoded to UTF-8 under that name

  // Empty where there is none.
  std::string_view Parameter(std::string_view name) const;
};

// All links of a field value (several fields joined with ", "). Linear.
std::vector<LinkValue> ParseLinkField(std::string_view value);

}  // namespace fangzhi::http
