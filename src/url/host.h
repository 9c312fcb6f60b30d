// The host parser of the WHATWG URL Standard, section 3 "Hosts".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fangzhi::url::internal {

// 3.5 host parser and 3.6 host serialiser in one: the serialised host.
Result<std::string> ParseHost(std::string_view input, bool is_opaque);

}  // namespace fangzhi::url::internal
