#include "base/tls.h"

#include <openssl/ssl.h>

namespace fangzhi {

TlsFacts DescribeTls(const void* ssl) {
  if (ssl == nullptr) return {};
  const auto* connection = static_cast<const SSL*>(ssl);
  TlsFacts facts;
  if (const char* version = SSL_get_version(connection)) facts.version = version;
  if (const SSL_CIPHER* cipher = SSL_get_current_cipher(connection)) facts.cipher = SSL_CIPHER_get_name(cipher);
  return facts;
}

void AllowLegacyTls(void* ssl_context) {
  auto* context = static_cast<SSL_CTX*>(ssl_context);
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_security_level(context, 0);
}

}  // namespace fangzhi
