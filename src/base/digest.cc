#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <memory>

#include "base/strings.h"

namespace fangzhi {
namespace {

// Fetched once: a fetch per digest costs more than the digest of a small page.
const EVP_MD* Algorithm(const char* name) { return EVP_MD_fetch(nullptr, name, nullptr); }
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm = Algorithm("SHA256");
  return algorithm;
}
const EVP_MD* Sha1Algorithm() {
  static const EVP_MD* const algorithm = Algorithm("SHA1");
  return algorithm;
}
const EVP_MD* Md5Algorithm() {
  static const EVP_MD* const algorithm = Algorithm("MD5");
  return algorithm;
}

std::string Digest(const EVP_MD* algorithm, std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  // A context a thread: making one costs as much as the digest of a short page.
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), algorithm, nullptr);
  EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
  EVP_DigestFinal_ex(context.get(), out, &length);
  return std::string(reinterpret_cast<char*>(out), length);
}

std::string Base32(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  uint32_t group = 0;
  int bits = 0;
  for (char c : bytes) {
    group = group << 8 | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += kDigits[group >> bits & 31];
    }
  }
  if (bits > 0) out += kDigits[group << (5 - bits) & 31];
  return out;
}

}  // namespace

std::string Sha256(std::string_view bytes) { return Digest(Sha256Algorithm(), bytes); }
std::string Sha256Hex(std::string_view bytes) { return HexLower(Sha256(bytes)); }
std::string Sha256Label(std::string_view bytes) { return "sha256:" + Sha256Hex(bytes); }
std::string Sha1Base32(std::string_view bytes) { return Base32(Digest(Sha1Algorithm(), bytes)); }

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), Sha256Algorithm(), nullptr);
}
Sha256Stream::~Sha256Stream() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }
void Sha256Stream::Update(std::string_view bytes) {
  EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size());
}
std::string Sha256Stream::FinishLabel() {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), out, &length);
  return "sha256:" + HexLower(std::string_view(reinterpret_cast<char*>(out), length));
}

bool DigestMatches(std::string_view label, std::string_view bytes, bool* known) {
  *known = true;
  const size_t colon = label.find(':');
  if (colon == std::string_view::npos) {
    *known = false;
    return false;
  }
  const std::string algorithm = ToAsciiLower(label.substr(0, colon));
  std::string_view value = label.substr(colon + 1);
  while (!value.empty() && value.back() == '=') value.remove_suffix(1);
  const EVP_MD* md = algorithm == "sha256" || algorithm == "sha-256" ? Sha256Algorithm()
                     : algorithm == "sha1" || algorithm == "sha-1"   ? Sha1Algorithm()
                     : algorithm == "md5"                            ? Md5Algorithm()
                                                                     : nullptr;
  if (md == nullptr) {
    *known = false;
    return false;
  }
  const std::string digest = Digest(md, bytes);
  return EqualsIgnoreAsciiCase(value, HexLower(digest)) || EqualsIgnoreAsciiCase(value, Base32(digest));
}

std::string NewUuidUrn() {
  // Drawn for many at once: a call of the generator costs as much as the digest of a page. A thread's own, so that no two get the same.
  constexpr size_t kIdBytes = 16;
  thread_local std::array<unsigned char, 64 * kIdBytes> drawn;
  thread_local size_t used = drawn.size();
  if (used == drawn.size()) {
    // The kernel's generator does not fail after boot; OpenSSL reports it if it does, and a zero id would be visible.
    if (RAND_bytes(drawn.data(), static_cast<int>(drawn.size())) != 1) drawn.fill(0);
    used = 0;
  }
  unsigned char* const b = drawn.data() + used;
  used += kIdBytes;
  b[6] = static_cast<unsigned char>((b[6] & 0x0F) | 0x40);
  b[8] = static_cast<unsigned char>((b[8] & 0x3F) | 0x80);
  const std::string hex = HexLower(std::string_view(reinterpret_cast<char*>(b), kIdBytes));
  return "urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) +
         "-" + hex.substr(20);
}

}  // namespace fangzhi
