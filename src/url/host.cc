// WHATWG URL, section 3: hosts. IDNA is ICU's; ASCII domains, which is nearly all of them, never reach it.
#include "url/host.h"

#include <unicode/uidna.h>

#include <array>
#include <optional>
#include <vector>

#include "base/strings.h"
#include "text/text.h"
#include "url/percent.h"
#include "url/url.h"

namespace fangzhi::url {
namespace internal {
namespace {

// DEPARTURE: the standard has no length limit here (VerifyDnsLength is false). Punycode is quadratic in the
// length of a label, so a domain that is not ASCII and more than four times as long as DNS allows is refused
// as "domain-to-ASCII".
constexpr size_t kMaxUnicodeDomainBytes = 1024;

enum HostByte : uint8_t { kForbiddenHost = 1, kForbiddenDomain = 2, kNeedsWork = 4 };

// 3.1: forbidden host code points, forbidden domain code points; and the bytes that keep a domain off the
// fast path.
constexpr std::array<uint8_t, 256> MakeHostTable() {
  std::array<uint8_t, 256> table{};
  auto mark = [&table](size_t byte, uint8_t flags) {
    table[byte] = static_cast<uint8_t>(table[byte] | flags);
  };
  for (char c : std::string_view("\0\t\n\r #/:<>?@[\\]^|", 17)) mark(static_cast<uint8_t>(c), 7);
  for (size_t byte = 0; byte < 0x20; ++byte) mark(byte, kForbiddenDomain | kNeedsWork);
  mark('%', kForbiddenDomain | kNeedsWork);
  mark(0x7F, kForbiddenDomain | kNeedsWork);
  for (size_t byte = 'A'; byte <= 'Z'; ++byte) mark(byte, kNeedsWork);
  for (size_t byte = 0x80; byte < 256; ++byte) mark(byte, kNeedsWork);
  return table;
}
constexpr std::array<uint8_t, 256> kHostTable = MakeHostTable();

bool HasHostByte(std::string_view text, uint8_t flags) {
  for (char c : text) {
    if (kHostTable[static_cast<uint8_t>(c)] & flags) return true;
  }
  return false;
}

auto Failure(std::string_view name) {
  return Fail(ErrorKind::kInvalidInput, std::string(name));
}

// 3.5 "IPv4 number parser". Values past 2^32 are held at 2^32: out of range wherever they stand.
std::optional<uint64_t> ParseIpv4Number(std::string_view input) {
  if (input.empty()) return std::nullopt;
  unsigned radix = 10;
  if (input.size() >= 2 && input[0] == '0' && (input[1] == 'x' || input[1] == 'X')) {
    input.remove_prefix(2);
    radix = 16;
  } else if (input.size() >= 2 && input[0] == '0') {
    input.remove_prefix(1);
    radix = 8;
  }
  constexpr uint64_t kTooLarge = uint64_t{1} << 32;
  uint64_t value = 0;
  for (char c : input) {
    const int digit = HexValue(c);
    if (digit < 0 || static_cast<unsigned>(digit) >= radix) return std::nullopt;
    value = value * radix + static_cast<unsigned>(digit);
    if (value > kTooLarge) value = kTooLarge;
  }
  return value;
}

bool IsAllDigits(std::string_view text) {
  for (char c : text) {
    if (!IsAsciiDigit(c)) return false;
  }
  return !text.empty();
}

// 3.5 "ends in a number checker".
bool EndsInANumber(std::string_view domain) {
  if (!domain.empty() && domain.back() == '.') domain.remove_suffix(1);
  if (domain.empty()) return false;
  const size_t dot = domain.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? domain : domain.substr(dot + 1);
  if (last.empty() || !IsAsciiDigit(last[0])) return false;
  return IsAllDigits(last) || ParseIpv4Number(last).has_value();
}

// 3.5 "IPv4 parser" and 3.6 "IPv4 serializer".
Result<std::string> ParseIpv4(std::string_view input) {
  std::vector<std::string_view> parts;
  for (size_t start = 0;;) {
    const size_t dot = input.find('.', start);
    parts.push_back(input.substr(start, dot == std::string_view::npos ? dot : dot - start));
    if (dot == std::string_view::npos) break;
    if (parts.size() > 5) return Failure("IPv4-too-many-parts");
    start = dot + 1;
  }
  if (parts.size() > 1 && parts.back().empty()) parts.pop_back();
  if (parts.size() > 4) return Failure("IPv4-too-many-parts");
  std::array<uint64_t, 4> numbers{};
  for (size_t i = 0; i < parts.size(); ++i) {
    const std::optional<uint64_t> number = ParseIpv4Number(parts[i]);
    if (!number) return Failure("IPv4-non-numeric-part");
    numbers[i] = *number;
  }
  const size_t last = parts.size() - 1;
  uint64_t address = numbers[last];
  if (address >= (uint64_t{1} << (8 * (4 - last)))) return Failure("IPv4-out-of-range-part");
  for (size_t i = 0; i < last; ++i) {
    if (numbers[i] > 255) return Failure("IPv4-out-of-range-part");
    address += numbers[i] << (8 * (3 - i));
  }
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    if (!out.empty()) out.push_back('.');
    out += std::to_string((address >> shift) & 255);
  }
  return out;
}

// 3.6 "IPv6 serializer", with its brackets.
std::string SerializeIpv6(const std::array<uint16_t, 8>& pieces) {
  // The first longest run of zeros, if longer than one piece.
  size_t compress = 8, compress_length = 1;
  for (size_t i = 0; i < 8;) {
    size_t end = i;
    while (end < 8 && pieces[end] == 0) ++end;
    if (end - i > compress_length) {
      compress = i;
      compress_length = end - i;
    }
    i = end == i ? i + 1 : end;
  }
  constexpr char kHex[] = "0123456789abcdef";
  std::string out = "[";
  for (size_t i = 0; i < 8;) {
    if (i == compress) {
      out += i == 0 ? "::" : ":";
      i += compress_length;
      continue;
    }
    bool started = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const unsigned digit = (pieces[i] >> shift) & 15u;
      started = started || digit != 0 || shift == 0;
      if (started) out.push_back(kHex[digit]);
    }
    if (i != 7) out.push_back(':');
    ++i;
  }
  out.push_back(']');
  return out;
}

// 3.5 "IPv6 parser".
Result<std::string> ParseIpv6(std::string_view input) {
  std::array<uint16_t, 8> address{};
  size_t piece_index = 0;
  std::optional<size_t> compress;
  size_t pointer = 0;
  auto at = [&input](size_t i) { return i < input.size() ? input[i] : '\0'; };
  if (at(0) == ':') {
    if (at(1) != ':') return Failure("IPv6-invalid-compression");
    pointer = 2;
    compress = ++piece_index;
  }
  while (pointer < input.size()) {
    if (piece_index == 8) return Failure("IPv6-too-many-pieces");
    if (input[pointer] == ':') {
      if (compress) return Failure("IPv6-multiple-compression");
      ++pointer;
      compress = ++piece_index;
      continue;
    }
    unsigned value = 0;
    size_t length = 0;
    while (length < 4 && pointer < input.size() && HexValue(input[pointer]) >= 0) {
      value = value * 16 + static_cast<unsigned>(HexValue(input[pointer]));
      ++pointer;
      ++length;
    }
    if (at(pointer) == '.' && pointer < input.size()) {
      if (length == 0) return Failure("IPv4-in-IPv6-invalid-code-point");
      pointer -= length;
      if (piece_index > 6) return Failure("IPv4-in-IPv6-too-many-pieces");
      int numbers_seen = 0;
      while (pointer < input.size()) {
        int ipv4_piece = -1;
        if (numbers_seen > 0) {
          if (input[pointer] != '.' || numbers_seen >= 4) return Failure("IPv4-in-IPv6-invalid-code-point");
          ++pointer;
        }
        if (!IsAsciiDigit(at(pointer))) return Failure("IPv4-in-IPv6-invalid-code-point");
        while (IsAsciiDigit(at(pointer))) {
          const int number = input[pointer] - '0';
          if (ipv4_piece == -1) {
            ipv4_piece = number;
          } else if (ipv4_piece == 0) {
            return Failure("IPv4-in-IPv6-invalid-code-point");
          } else {
            ipv4_piece = ipv4_piece * 10 + number;
          }
          if (ipv4_piece > 255) return Failure("IPv4-in-IPv6-out-of-range-part");
          ++pointer;
        }
        address[piece_index] = static_cast<uint16_t>(address[piece_index] * 256 + ipv4_piece);
        ++numbers_seen;
        if (numbers_seen == 2 || numbers_seen == 4) ++piece_index;
      }
      if (numbers_seen != 4) return Failure("IPv4-in-IPv6-too-few-parts");
      break;
    }
    if (pointer < input.size()) {
      if (input[pointer] != ':') return Failure("IPv6-invalid-code-point");
      ++pointer;
      if (pointer == input.size()) return Failure("IPv6-invalid-code-point");
    }
    address[piece_index++] = static_cast<uint16_t>(value);
  }
  if (compress) {
    size_t swaps = piece_index - *compress;
    piece_index = 7;
    while (piece_index != 0 && swaps > 0) {
      std::swap(address[piece_index], address[*compress + swaps - 1]);
      --piece_index;
      --swaps;
    }
  } else if (piece_index != 8) {
    return Failure("IPv6-too-few-pieces");
  }
  return SerializeIpv6(address);
}

// ICU's UTS #46 of one version of Unicode behind the standard's: the two mappings that changed since
// (Unicode 15.1 maps U+1E9E to U+00DF, Unicode 16 U+2183 to U+2184) are made before it. Both are no-ops for
// an ICU that knows them.
std::string WithNewerMappings(std::string_view domain) {
  std::string out = ReplaceAll(domain, "\xE1\xBA\x9E", "\xC3\x9F");
  return ReplaceAll(out, "\xE2\x86\x83", "\xE2\x86\x84");
}

// 3.3 "domain to ASCII" with beStrict false, for a domain with bytes past ASCII.
Result<std::string> UnicodeDomainToAscii(std::string_view domain) {
  if (domain.size() > kMaxUnicodeDomainBytes || !text::IsValidUtf8(domain)) return Failure("domain-to-ASCII");
  // Lives as long as the program; const use is thread-safe.
  static const UIDNA* const idna = [] {
    UErrorCode status = U_ZERO_ERROR;
    const UIDNA* made = uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                            UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                                        &status);
    return U_SUCCESS(status) ? made : nullptr;
  }();
  if (idna == nullptr) return Fail(ErrorKind::kInternal, "ICU has no UTS #46 data");
  const std::string mapped = WithNewerMappings(domain);
  std::string out(4 * mapped.size() + 64, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    const int32_t length =
        uidna_nameToASCII_UTF8(idna, mapped.data(), static_cast<int32_t>(mapped.size()), out.data(),
                               static_cast<int32_t>(out.size()), &info, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR && attempt == 0) {
      out.resize(static_cast<size_t>(length));
      continue;
    }
    // CheckHyphens and VerifyDnsLength are false.
    constexpr uint32_t kIgnored = UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN |
                                  UIDNA_ERROR_HYPHEN_3_4 | UIDNA_ERROR_EMPTY_LABEL |
                                  UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG;
    if (U_FAILURE(status) || (info.errors & ~kIgnored) != 0 || length <= 0) return Failure("domain-to-ASCII");
    out.resize(static_cast<size_t>(length));
    return out;
  }
  return Failure("domain-to-ASCII");
}

}  // namespace

Result<std::string> ParseHost(std::string_view input, bool is_opaque) {
  if (!input.empty() && input.front() == '[') {
    if (input.back() != ']') return Failure("IPv6-unclosed");
    return ParseIpv6(input.substr(1, input.size() - 2));
  }
  if (is_opaque) {  // 3.5 "opaque-host parser"
    if (HasHostByte(input, kForbiddenHost)) return Failure("host-invalid-code-point");
    std::string out;
    AppendPercentEncoded(input, kC0Control, &out);
    return out;
  }
  // Fast path: nothing to decode, map or refuse.
  if (!input.empty() && !HasHostByte(input, kNeedsWork)) {
    if (EndsInANumber(input)) return ParseIpv4(input);
    return std::string(input);
  }
  const std::string domain = PercentDecode(input);
  std::string ascii;
  if (IsAscii(domain)) {
    // "domain to ASCII": for an ASCII domain this is ASCII lower-casing, also of labels that are not valid
    // Punycode.
    ascii = ToAsciiLower(domain);
  } else {
    FZ_ASSIGN(ascii, UnicodeDomainToAscii(domain));
  }
  if (ascii.empty()) return Failure("domain-to-ASCII");
  if (HasHostByte(ascii, kForbiddenDomain)) return Failure("domain-invalid-code-point");
  if (EndsInANumber(ascii)) return ParseIpv4(ascii);
  return ascii;
}

}  // namespace internal

Result<std::string> HostToAscii(std::string_view host) {
  return internal::ParseHost(host, false);
}

}  // namespace fangzhi::url
