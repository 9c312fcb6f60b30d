// What a server, its program or its database says of itself where a page's text should stand: 系统繁忙，请稍后再试。请求编号：8f3a…, the lines of a
// stack trace, ORA-12541: TNS:no listener. Internal to extract/.
#pragma once

#include <string>
#include <string_view>

namespace fangzhi::extract {

// The sign by which a text that is nothing but such a message is known; empty for any other text. A text that tells of such a message (网友反映系统
// 总是提示“系统繁忙”) has other words than the message has. Any text may be asked; the time is linear in its length, of which no more than 16 kB is read.
std::string ServerErrorIn(std::string_view text);

}  // namespace fangzhi::extract
