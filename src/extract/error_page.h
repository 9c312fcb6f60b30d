// Pages that are none, whatever their status says: errors, notices in an article's place, blocks, challenges, logins. Internal to extract/.
#pragma once

#include <string>

#include "extract/kind.h"

namespace fangzhi::extract {

// What it is in one word, and by which sign: "soft_404: 页面不存在", "blocked: …", "login: …". Empty where it is none of them.
std::string ErrorReason(const KindEvidence& evidence);
// Whether the page is there to ask for a password, and has no box for that beside what it is there for.
bool AsksForPassword(const KindEvidence& evidence);
// Whether an address is a login's own and says of no page that was asked for: /login.jsp, /cas/login?service=http://oa.example.gov.cn. Who comes
// there wanted to; a login at any other address stands in a page's place.
bool IsLoginAddress(const url::Url& url);

}  // namespace fangzhi::extract
