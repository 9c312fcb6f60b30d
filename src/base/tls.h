// What of OpenSSL the fetcher needs beyond its library: to look at a connection that is made, and to let old servers in where a site entry
// says so. The pointers are OpenSSL's own (SSL*, SSL_CTX*), as libcurl hands them out.
#pragma once

#include <string>

namespace fangzhi {

struct TlsFacts {
  std::string version;  // "TLSv1.2"; empty when there is no connection
  std::string cipher;   // "ECDHE-RSA-AES128-GCM-SHA256"
};
TlsFacts DescribeTls(const void* ssl);

// Accepts servers that know only the renegotiation of before RFC 5746, and keys and protocols that today's defaults refuse.
void AllowLegacyTls(void* ssl_context);

}  // namespace fangzhi
