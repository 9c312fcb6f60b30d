// Digests by OpenSSL's EVP. Labels are WARC's ("sha256:" and lower-case hex; ISO 28500:2017, 5.8): of the labelled forms that
// independent readers verify, this one is collision-resistant. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace fangzhi {

std::string Sha256(std::string_view bytes);       // 32 raw bytes
std::string Sha256Hex(std::string_view bytes);    // 64 characters
std::string Sha256Label(std::string_view bytes);  // "sha256:<hex>"
std::string Sha1Base32(std::string_view bytes);   // 32 characters, upper case: what most other tools write

// 64-bit FNV-1a, of one piece or, begun with the hash of what goes before, of several. For what is stored and is no proof: unlike std::hash it
// does not depend on the library.
inline constexpr uint64_t kFnv1aBegin = 14695981039346656037u;
constexpr uint64_t Fnv1a(std::string_view bytes, uint64_t hash = kFnv1aBegin) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

// The digest of bytes that arrive in pieces.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void Update(std::string_view bytes);
  std::string FinishLabel();  // once

 private:
  void* context_;
};

// True when `bytes` has the digest that `label` states: sha256 (hex), sha1 (base32 or hex), md5 (hex or base32). `known` is
// set to false for an algorithm that is not one of these, and the answer is then false.
bool DigestMatches(std::string_view label, std::string_view bytes, bool* known);

// A random (version 4) UUID, "urn:uuid:…", from the operating system's generator.
std::string NewUuidUrn();

}  // namespace fangzhi
