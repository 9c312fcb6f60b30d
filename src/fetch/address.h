// The address guard on socket addresses: what the fetcher asks before it connects. Only for fetch/.
#pragma once

#include <sys/socket.h>

#include <string>

namespace fangzhi::fetch {

bool IsPrivateSocketAddress(const sockaddr* address, size_t length);
// "203.0.113.7", "2001:db8::1"; empty for other families.
std::string SocketAddressText(const sockaddr* address, size_t length);

}  // namespace fangzhi::fetch
