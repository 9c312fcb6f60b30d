// Pages that are none, whatever their status says: errors, notices in an article's place, blocks, challenges, logins. Internal to extract/.
#pragma once

#include <string>

#include "extract/kind.h"

namespace fangzhi::extract {

// What it is in one word, and by which sign: "soft_404: 页面不存在", "blocked: …", "login: …". Empty where it is none of them.
std::string ErrorReason(const KindEvidence& evidence);

}  // namespace fangzhi::extract
