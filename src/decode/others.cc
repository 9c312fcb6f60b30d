// Single-byte encodings, UTF-16, the seven-bit Chinese ones, and those that the C library converts for us.
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>

#include "decode/encodings.h"
#include "text/text.h"

namespace fangzhi::decode {
namespace {

constexpr char32_t kBad = text::kReplacement;

inline unsigned Byte(std::string_view bytes, size_t at) { return static_cast<unsigned char>(bytes[at]); }

const iconv_t kNoDescriptor = reinterpret_cast<iconv_t>(static_cast<intptr_t>(-1));

// --- single-byte ---

struct SingleByteSource {
  std::string_view name;
  const char* iconv_name;
};
constexpr SingleByteSource kSingleByte[] = {
    {"IBM866", "CP866"},           {"ISO-8859-2", "ISO-8859-2"},   {"ISO-8859-3", "ISO-8859-3"},
    {"ISO-8859-4", "ISO-8859-4"},  {"ISO-8859-5", "ISO-8859-5"},   {"ISO-8859-6", "ISO-8859-6"},
    {"ISO-8859-7", "ISO-8859-7"},  {"ISO-8859-8", "ISO-8859-8"},   {"ISO-8859-8-I", "ISO-8859-8"},
    {"ISO-8859-10", "ISO-8859-10"}, {"ISO-8859-13", "ISO-8859-13"}, {"ISO-8859-14", "ISO-8859-14"},
    {"ISO-8859-15", "ISO-8859-15"}, {"ISO-8859-16", "ISO-8859-16"}, {"KOI8-R", "KOI8-R"},
    {"KOI8-U", "KOI8-U"},          {"macintosh", "MACINTOSH"},     {"windows-874", "CP874"},
    {"windows-1250", "CP1250"},    {"windows-1251", "CP1251"},     {"windows-1252", "CP1252"},
    {"windows-1253", "CP1253"},    {"windows-1254", "CP1254"},     {"windows-1255", "CP1255"},
    {"windows-1256", "CP1256"},    {"windows-1257", "CP1257"},     {"windows-1258", "CP1258"},
    {"x-mac-cyrillic", "MAC-UK"},
    // Not in the standard, but damage passes through them (repair/).
    {"ISO-8859-1", "ISO-8859-1"},  {"IBM437", "CP437"},
};

struct ByteCode {
  std::string_view name;
  unsigned byte;
  char32_t code_point;
};
// Where the standard's index differs from the C library's table.
constexpr ByteCode kSingleByteDifferences[] = {
    {"macintosh", 0xDB, 0x20AC},    {"macintosh", 0xF0, 0xF8FF},  {"macintosh", 0xBD, 0x03A9}, {"macintosh", 0xC6, 0x2206},
    {"KOI8-U", 0xAE, 0x045E},       {"KOI8-U", 0xBE, 0x040E},     {"windows-1255", 0xCA, 0x05BA},
    {"x-mac-cyrillic", 0xFF, 0x20AC}, {"x-mac-cyrillic", 0xA2, 0x0490}, {"x-mac-cyrillic", 0xB6, 0x0491},
};

using UpperHalf = std::array<char32_t, 128>;

UpperHalf MakeUpperHalf(const SingleByteSource& source) {
  UpperHalf table;
  IconvCharacters library(source.iconv_name);
  for (unsigned byte = 0x80; byte <= 0xFF; ++byte) {
    const char c = static_cast<char>(byte);
    char32_t code_point = library.Decode({&c, 1});
    if (code_point == 0) code_point = byte < 0xA0 ? byte : kBad;
    table[byte - 0x80] = code_point;
  }
  for (const ByteCode& entry : kSingleByteDifferences) {
    if (entry.name == source.name) table[entry.byte - 0x80] = entry.code_point;
  }
  return table;
}

const std::map<std::string_view, UpperHalf>& SingleByteTables() {
  static const auto* const tables = [] {
    auto* made = new std::map<std::string_view, UpperHalf>;
    for (const SingleByteSource& source : kSingleByte) made->emplace(source.name, MakeUpperHalf(source));
    UpperHalf user_defined;
    for (unsigned i = 0; i < 128; ++i) user_defined[i] = 0xF780 + i;
    made->emplace("x-user-defined", user_defined);
    return made;
  }();
  return *tables;
}

// --- by the C library ---

struct IconvSource {
  std::string_view name;
  const char* iconv_name;
};
// The standard's EUC-KR is Windows' code page 949, its Shift_JIS code page 932, its EUC-JP the same characters.
constexpr IconvSource kIconv[] = {
    {"EUC-JP", "EUC-JP-MS"}, {"Shift_JIS", "CP932"}, {"EUC-KR", "CP949"}, {"ISO-2022-JP", "ISO-2022-JP"}, {"EUC-TW", "EUC-TW"}};

class Converter {
 public:
  Converter(const char* to, const char* from) : descriptor_(iconv_open(to, from)) {}
  ~Converter() {
    if (descriptor_ != kNoDescriptor) iconv_close(descriptor_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  bool usable() const { return descriptor_ != kNoDescriptor; }

  // Converts as far as it can; gives the number of input bytes taken.
  size_t Run(std::string_view input, std::string& out) {
    char* in = const_cast<char*>(input.data());  // iconv does not write to it; its prototype is older than const
    size_t left = input.size();
    std::array<char, 4096> buffer;
    while (left > 0) {
      char* to = buffer.data();
      size_t room = buffer.size();
      const size_t before = left;
      const size_t result = iconv(descriptor_, &in, &left, &to, &room);
      const int error = errno;
      out.append(buffer.data(), buffer.size() - room);
      if (result == static_cast<size_t>(-1) && error != E2BIG) break;
      if (left == before && room == buffer.size()) break;  // no progress: never loop
    }
    return input.size() - left;
  }
  // The bytes that a stateful encoding needs at its end, and what was held back.
  void Finish(std::string& out) {
    std::array<char, 64> buffer;
    char* to = buffer.data();
    size_t room = buffer.size();
    iconv(descriptor_, nullptr, nullptr, &to, &room);
    out.append(buffer.data(), buffer.size() - room);
  }

 private:
  iconv_t descriptor_;
};

}  // namespace

void Utf8Writer::AsciiRun(const char* bytes, size_t count) {
  if (out_.size() - used_ < count + 16) out_.resize(out_.size() + out_.size() / 2 + count + 64);
  std::memcpy(out_.data() + used_, bytes, count);
  used_ += count;
}

void Utf8Writer::Put(char32_t c) {
  char* to = out_.data() + used_;
  if (c < 0x80) {
    to[0] = static_cast<char>(c);
    used_ += 1;
  } else if (c < 0x800) {
    to[0] = static_cast<char>(0xC0 | (c >> 6));
    to[1] = static_cast<char>(0x80 | (c & 0x3F));
    used_ += 2;
  } else if (c < 0x10000) {
    to[0] = static_cast<char>(0xE0 | (c >> 12));
    to[1] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    to[2] = static_cast<char>(0x80 | (c & 0x3F));
    used_ += 3;
  } else {
    to[0] = static_cast<char>(0xF0 | (c >> 18));
    to[1] = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    to[2] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    to[3] = static_cast<char>(0x80 | (c & 0x3F));
    used_ += 4;
  }
}

size_t AsciiRunLength(std::string_view bytes, size_t at) {
  const size_t begin = at;
  while (at + 8 <= bytes.size()) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + at, 8);
    if ((word & 0x8080808080808080ULL) != 0) break;
    at += 8;
  }
  while (at < bytes.size() && Byte(bytes, at) < 0x80) ++at;
  return at - begin;
}

IconvCharacters::IconvCharacters(const char* encoding) : descriptor_(iconv_open("UTF-32LE", encoding)) {}

IconvCharacters::~IconvCharacters() {
  if (descriptor_ != kNoDescriptor) iconv_close(descriptor_);
}

char32_t IconvCharacters::Decode(std::string_view bytes) {
  if (descriptor_ == kNoDescriptor) return 0;
  iconv(descriptor_, nullptr, nullptr, nullptr, nullptr);
  char* in = const_cast<char*>(bytes.data());
  size_t left = bytes.size();
  std::array<char, 16> buffer;
  char* to = buffer.data();
  size_t room = buffer.size();
  const size_t result = iconv(descriptor_, &in, &left, &to, &room);
  if (result == static_cast<size_t>(-1) || left != 0) return 0;
  // Some converters hold a character back until they know that no combining mark follows.
  iconv(descriptor_, nullptr, nullptr, &to, &room);
  if (buffer.size() - room != 4) return 0;
  const auto* four = reinterpret_cast<const unsigned char*>(buffer.data());
  return static_cast<char32_t>(four[0] | (four[1] << 8) | (four[2] << 16) | (four[3] << 24));
}

const char32_t* SingleByteTable(std::string_view name) {
  const auto& tables = SingleByteTables();
  const auto found = tables.find(name);
  return found == tables.end() ? nullptr : found->second.data();
}

StrictResult DecodeSingleByte(std::string_view bytes, const char32_t* upper_half) {
  StrictResult result;
  Utf8Writer out(bytes.size() + bytes.size() / 2);
  for (size_t at = 0; at < bytes.size();) {
    const unsigned byte = Byte(bytes, at);
    if (byte < 0x80) {
      const size_t run = AsciiRunLength(bytes, at);
      out.AsciiRun(bytes.data() + at, run);
      at += run;
      continue;
    }
    out.Reserve();
    const char32_t c = upper_half[byte - 0x80];
    if (c == kBad) ++result.errors;
    out.Put(c);
    ++at;
  }
  result.text = out.Take();
  return result;
}

std::optional<std::string> EncodeSingleByte(std::string_view utf8, const char32_t* upper_half, Unmappable unmappable) {
  std::array<std::pair<char32_t, unsigned char>, 128> sorted;
  for (unsigned i = 0; i < 128; ++i) sorted[i] = {upper_half[i], static_cast<unsigned char>(0x80 + i)};
  std::sort(sorted.begin(), sorted.end());
  std::string out;
  out.reserve(utf8.size());
  for (size_t at = 0; at < utf8.size();) {
    const char32_t c = text::DecodeUtf8(utf8, at);
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
      continue;
    }
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), std::pair<char32_t, unsigned char>(c, 0));
    const unsigned byte = c != kBad && found != sorted.end() && found->first == c ? found->second : 0;
    if (byte != 0) {
      out.push_back(static_cast<char>(byte));
    } else if (unmappable == nullptr) {
      return std::nullopt;
    } else {
      out += unmappable(c);
    }
  }
  return out;
}

StrictResult DecodeUtf16(std::string_view bytes, bool big_endian) {
  StrictResult result;
  Utf8Writer out(bytes.size() * 3 / 2);
  auto unit = [&](size_t at) -> char32_t {
    const unsigned first = Byte(bytes, at);
    const unsigned second = Byte(bytes, at + 1);
    return big_endian ? (first << 8) | second : (second << 8) | first;
  };
  auto bad = [&] {
    out.Put(kBad);
    ++result.errors;
  };
  size_t at = 0;
  while (at + 1 < bytes.size()) {
    out.Reserve();
    const char32_t c = unit(at);
    at += 2;
    if (c < 0xD800 || c > 0xDFFF) {
      out.Put(c);
    } else if (c > 0xDBFF) {
      bad();
    } else if (at + 1 < bytes.size() && unit(at) >= 0xDC00 && unit(at) <= 0xDFFF) {
      out.Put(0x10000 + ((c - 0xD800) << 10) + (unit(at) - 0xDC00));
      at += 2;
    } else if (at + 1 < bytes.size()) {
      bad();
    } else {
      bad();  // at the end of the input: one, with the odd byte if there is one
      at = bytes.size();
    }
  }
  if (at < bytes.size()) {
    out.Reserve();
    bad();
  }
  result.text = out.Take();
  return result;
}

// RFC 1843. The escapes end with the line, as deployed readers have it, so that one lost escape does not garble the rest.
StrictResult DecodeHz(std::string_view bytes) {
  StrictResult result;
  std::string raw;  // the same text in GBK
  raw.reserve(bytes.size());
  bool chinese = false;
  for (size_t at = 0; at < bytes.size(); ++at) {
    const char c = bytes[at];
    const char next = at + 1 < bytes.size() ? bytes[at + 1] : '\0';
    if (c == '\n') chinese = false;
    if (c == '~' && next == '{' && !chinese) {
      chinese = true;
      ++at;
    } else if (c == '~' && next == '}' && chinese) {
      chinese = false;
      ++at;
    } else if (c == '~' && next == '~' && !chinese) {
      raw.push_back('~');
      ++at;
    } else if (c == '~' && next == '\n' && !chinese) {
      ++at;
    } else if (chinese && c > 0x20 && next > 0x20) {
      raw.push_back(static_cast<char>(static_cast<unsigned char>(c) | 0x80));
      raw.push_back(static_cast<char>(static_cast<unsigned char>(next) | 0x80));
      ++at;
    } else {
      raw.push_back(c);
    }
  }
  return DecodeGb18030(raw);
}

// RFC 1922, the part that is found: SO with GB 2312 (ESC $ ) A); SI back to ASCII; the line's end resets.
StrictResult DecodeIso2022Cn(std::string_view bytes) {
  std::string raw;
  raw.reserve(bytes.size());
  bool chinese = false;
  for (size_t at = 0; at < bytes.size(); ++at) {
    const char c = bytes[at];
    if (c == 0x1B && bytes.substr(at + 1, 2) == "$)" && at + 3 < bytes.size()) {
      at += 3;
    } else if (c == 0x0E) {
      chinese = true;
    } else if (c == 0x0F) {
      chinese = false;
    } else if (chinese && c > 0x20 && at + 1 < bytes.size() && bytes[at + 1] > 0x20) {
      raw.push_back(static_cast<char>(static_cast<unsigned char>(c) | 0x80));
      raw.push_back(static_cast<char>(static_cast<unsigned char>(bytes[at + 1]) | 0x80));
      ++at;
    } else {
      if (c == '\n') chinese = false;
      raw.push_back(c);
    }
  }
  return DecodeGb18030(raw);
}

const char* IconvName(std::string_view name) {
  for (const IconvSource& source : kIconv) {
    if (source.name == name) return source.iconv_name;
  }
  return nullptr;
}

StrictResult DecodeByIconv(std::string_view bytes, const char* iconv_name) {
  StrictResult result;
  Converter converter("UTF-8", iconv_name);
  if (!converter.usable()) return DecodeSingleByte(bytes, SingleByteTable("windows-1252"));
  result.text.reserve(bytes.size() * 3 / 2);
  for (size_t at = 0; at < bytes.size();) {
    at += converter.Run(bytes.substr(at), result.text);
    if (at >= bytes.size()) break;
    // As the standard's decoders: one U+FFFD, and an ASCII byte after a bad lead byte is read again.
    text::AppendUtf8(result.text, kBad);
    ++result.errors;
    const bool pair = Byte(bytes, at) >= 0x80 && at + 1 < bytes.size() && Byte(bytes, at + 1) >= 0x80;
    at += pair ? 2 : 1;
  }
  converter.Finish(result.text);
  return result;
}

std::optional<std::string> EncodeByIconv(std::string_view utf8, const char* iconv_name, Unmappable unmappable) {
  Converter converter(iconv_name, "UTF-8");
  if (!converter.usable()) return std::nullopt;
  const std::string clean = text::ScrubUtf8(utf8);
  std::string out;
  for (size_t at = 0; at < clean.size();) {
    at += converter.Run(std::string_view(clean).substr(at), out);
    if (at >= clean.size()) break;
    const char32_t c = text::DecodeUtf8(clean, at);
    if (unmappable == nullptr) return std::nullopt;
    out += unmappable(c);
  }
  converter.Finish(out);
  return out;
}

}  // namespace fangzhi::decode
