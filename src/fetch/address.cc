// Which addresses no public site lives at: the IANA special-purpose registries (RFC 6890 and its updates),
// read 2026.
#include "fetch/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

#include "fetch/fetch.h"

namespace fangzhi::fetch {
namespace {

struct Ipv4Block {
  uint32_t network;
  int bits;
};

constexpr uint32_t Ipv4(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr Ipv4Block kSpecialIpv4[] = {
    {Ipv4(0, 0, 0, 0), 8},        // this network
    {Ipv4(10, 0, 0, 0), 8},       // private
    {Ipv4(100, 64, 0, 0), 10},    // shared by carriers' NAT
    {Ipv4(127, 0, 0, 0), 8},      // loopback
    {Ipv4(169, 254, 0, 0), 16},   // link-local; cloud metadata lives here
    {Ipv4(172, 16, 0, 0), 12},    // private
    {Ipv4(192, 0, 0, 0), 24},     // IETF protocol assignments
    {Ipv4(192, 0, 2, 0), 24},     // documentation
    {Ipv4(192, 88, 99, 0), 24},   // 6to4 relay anycast, deprecated
    {Ipv4(192, 168, 0, 0), 16},   // private
    {Ipv4(198, 18, 0, 0), 15},    // benchmarking
    {Ipv4(198, 51, 100, 0), 24},  // documentation
    {Ipv4(203, 0, 113, 0), 24},   // documentation
    {Ipv4(224, 0, 0, 0), 4},      // multicast
    {Ipv4(240, 0, 0, 0), 4},      // reserved, and broadcast
};

bool IsPrivateIpv4(uint32_t address) {
  for (const Ipv4Block& block : kSpecialIpv4) {
    if ((address ^ block.network) >> (32 - block.bits) == 0) return true;
  }
  return false;
}

uint32_t ReadIpv4(const unsigned char* bytes) {
  return Ipv4(bytes[0], bytes[1], bytes[2], bytes[3]);
}

bool HasPrefix(const unsigned char* address, std::initializer_list<unsigned char> prefix, int last_bits = 8) {
  size_t i = 0;
  for (unsigned char byte : prefix) {
    const bool last = i + 1 == prefix.size();
    const unsigned char mask = last ? static_cast<unsigned char>(0xff << (8 - last_bits)) : 0xff;
    if ((address[i] & mask) != (byte & mask)) return false;
    ++i;
  }
  return true;
}

bool IsPrivateIpv6(const unsigned char* address) {
  // IPv4 in another dress: mapped, through NAT64, through 6to4. What counts is the address that is reached in
  // the end.
  if (HasPrefix(address, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}))
    return IsPrivateIpv4(ReadIpv4(address + 12));
  if (HasPrefix(address, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}))
    return IsPrivateIpv4(ReadIpv4(address + 12));
  if (HasPrefix(address, {0x20, 0x02})) return IsPrivateIpv4(ReadIpv4(address + 2));
  // Public sites live in global unicast space, 2000::/3, alone: outside it are ::1, unique-local, link-local,
  // multicast, …
  if ((address[0] & 0xe0) != 0x20) return true;
  return HasPrefix(address, {0x20, 0x01, 0x00}, 7) ||     // 2001::/23: protocol assignments, Teredo, ORCHID
         HasPrefix(address, {0x20, 0x01, 0x0d, 0xb8}) ||  // 2001:db8::/32: documentation
         HasPrefix(address, {0x3f, 0xff, 0x00}, 4);       // 3fff::/20: documentation
}

}  // namespace

bool IsPrivateSocketAddress(const sockaddr* address, size_t length) {
  if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in ipv4;
    std::memcpy(&ipv4, address, sizeof(ipv4));
    return IsPrivateIpv4(ntohl(ipv4.sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 ipv6;
    std::memcpy(&ipv6, address, sizeof(ipv6));
    return IsPrivateIpv6(ipv6.sin6_addr.s6_addr);
  }
  return true;  // a Unix socket or something newer: not a public site
}

std::string SocketAddressText(const sockaddr* address, size_t length) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
    sockaddr_in ipv4;
    std::memcpy(&ipv4, address, sizeof(ipv4));
    inet_ntop(AF_INET, &ipv4.sin_addr, text, sizeof(text));
  } else if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    sockaddr_in6 ipv6;
    std::memcpy(&ipv6, address, sizeof(ipv6));
    inet_ntop(AF_INET6, &ipv6.sin6_addr, text, sizeof(text));
  }
  return text;
}

bool IsPrivateAddress(std::string_view address) {
  if (address.size() >= 2 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  address = address.substr(0, address.find('%'));  // the zone of a link-local address
  const std::string text(address);
  in_addr ipv4;
  if (inet_pton(AF_INET, text.c_str(), &ipv4) == 1) return IsPrivateIpv4(ntohl(ipv4.s_addr));
  in6_addr ipv6;
  if (inet_pton(AF_INET6, text.c_str(), &ipv6) == 1) return IsPrivateIpv6(ipv6.s6_addr);
  return true;
}

}  // namespace fangzhi::fetch
