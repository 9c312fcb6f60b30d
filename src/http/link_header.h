// The Link field (RFC 8288, section 3), read as its appendix B.3 tells: whatever can be understood is.
#pragma once

#include <cstddef>
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

// What is kept: honest fields have a handful of each. A link whose target is longer than limits::kMaxUrlBytes is left out.
inline constexpr size_t kMostLinkValues = 512, kMostRelations = 16, kMostParameters = 16, kLongestParameter = 1024;

// All links of a field value (several fields joined with ", "), as far as the limits above go. Linear, in memory too.
std::vector<LinkValue> ParseLinkField(std::string_view value);

}  // namespace fangzhi::http
