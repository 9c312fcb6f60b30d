// Host entries of a site. Only for config/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "url/url.h"

namespace fangzhi::config {

// "WWW.Example.gov.cn:8080" → "www.example.gov.cn:8080"; kInvalidConfig for what is no host.
Result<std::string> NormaliseHost(std::string_view entry);
bool OnHosts(const std::vector<std::string>& hosts, const url::Url& url);

}  // namespace fangzhi::config
