// Single-byte encodings, UTF-8, UTF-16, the seven-bit Chinese ones, and the C library's converters, which the tables are made from.
#include <iconv.h>

#include <algorithm>
#include <map>

#include "decode/encodings.h"

namespace fangzhi::decode {
namespace {



// The value of iconv_open's failure.
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

struct SingleByteTables {
  UpperHalf decode;
  std::array<std::pair<char32_t, unsigned char>, 128> encode;  // by character

  explicit SingleByteTables(const UpperHalf& upper_half) : decode(upper_half) {
    for (unsigned i = 0; i < 128; ++i) encode[i] = {upper_half[i], static_cast<unsigned char>(0x80 + i)};
    std::sort(encode.begin(), encode.end());
  }
};

// Null for another encoding.
const SingleByteTables* FindSingleByteTables(std::string_view name) {
  static const auto* const all = [] {
    auto* made = new std::map<std::string_view, SingleByteTables>;
    for (const SingleByteSource& source : kSingleByte) made->emplace(source.name, MakeUpperHalf(source));
    UpperHalf user_defined;
    for (unsigned i = 0; i < 128; ++i) user_defined[i] = 0xF780 + i;
    made->emplace("x-user-defined", user_defined);
    return made;
  }();
  const auto found = all->find(name);
  return found == all->end() ? nullptr : &found->second;
}

class SingleByteDecoder : public Decoder {
 public:
  explicit SingleByteDecoder(const char32_t* upper_half) : upper_half_(upper_half) {}
  void Run(Cursor& cursor) override {
    while (true) {
      CopyAscii(cursor);
      while (cursor.in < cursor.end && *cursor.in >= 0x80) {
        const char32_t c = upper_half_[*cursor.in++ - 0x80];
        if (c == kBad) ++errors;
        cursor.Put(c);
      }
      if (cursor.in >= cursor.end) return;
    }
  }

 private:
  const char32_t* upper_half_;
};

class Utf8Decoder : public Decoder {
 public:
  void Run(Cursor& cursor) override {
    while (cursor.in < cursor.end) {
      const std::string_view rest(reinterpret_cast<const char*>(cursor.in), cursor.left());
      const size_t valid = ValidUtf8Length(rest, 0);
      std::memcpy(cursor.to, cursor.in, valid);
      cursor.to += valid;
      cursor.in += valid;
      if (valid == rest.size()) return;
      size_t taken = valid;
      (void)text::DecodeUtf8(rest, taken);  // the bad sequence's length
      // It may be a good one that goes on in the next piece.
      if (taken == rest.size() && !cursor.last && Unfinished(rest.substr(valid))) return;
      cursor.Put(kBad);
      ++errors;
      cursor.in += taken - valid;
    }
  }

 private:
  static bool Unfinished(std::string_view sequence) {
    const unsigned lead = Byte(sequence, 0);
    return lead >= 0xC2 && lead <= 0xF4 && sequence.size() < (lead < 0xE0 ? 2u : lead < 0xF0 ? 3u : 4u);
  }
};

class Utf16Decoder : public Decoder {
 public:
  explicit Utf16Decoder(bool big_endian) : high_(big_endian ? 0 : 1) {}
  void Run(Cursor& cursor) override {
    while (cursor.left() >= 2) {
      const char32_t c = Unit(cursor.in);
      if (c < 0xD800 || c > 0xDFFF) {
        cursor.Put(c);
        cursor.in += 2;
        continue;
      }
      if (c > 0xDBFF) {
        Bad(cursor, 2);
      } else if (cursor.left() >= 4) {
        const char32_t next = Unit(cursor.in + 2);
        if (next >= 0xDC00 && next <= 0xDFFF) {
          cursor.Put(0x10000 + ((c - 0xD800) << 10) + (next - 0xDC00));
          cursor.in += 4;
        } else {
          Bad(cursor, 2);
        }
      } else if (cursor.last) {
        Bad(cursor, cursor.left());  // at the end of the input: one, with the odd byte if there is one
      } else {
        return;
      }
    }
    if (cursor.last && cursor.left() > 0) Bad(cursor, 1);
  }

 private:
  char32_t Unit(const unsigned char* at) const {
    return (static_cast<char32_t>(at[high_]) << 8) | at[1 - high_];
  }
  void Bad(Cursor& cursor, size_t taken) {
    cursor.Put(kBad);
    ++errors;
    cursor.in += taken;
  }
  size_t high_;
};

// The seven-bit Chinese encodings are GB 2312 behind escapes: these are taken away, what is between them becomes GBK.
class EscapedDecoder : public Decoder {
 public:
  void Run(Cursor& cursor) override {
    while (cursor.in < cursor.end) {
      const size_t taken = Step(cursor);
      if (taken == 0) break;
      cursor.in += taken;
    }
    Cursor inner{reinterpret_cast<const unsigned char*>(raw_.data()), reinterpret_cast<const unsigned char*>(raw_.data()) + raw_.size(),
                 cursor.to, cursor.last};
    gb_->Run(inner);
    cursor.to = inner.to;
    errors = gb_->errors;
    raw_.erase(0, raw_.size() - inner.left());
  }

 protected:
  // Reads what stands at the cursor into `raw_`; gives its length, 0 when it is unfinished.
  virtual size_t Step(const Cursor& cursor) = 0;
  bool Unfinished(const Cursor& cursor, size_t needed) const { return cursor.left() < needed && !cursor.last; }
  static unsigned char Next(const Cursor& cursor, size_t at) { return at < cursor.left() ? cursor.in[at] : 0; }
  size_t Plain(const Cursor& cursor) {
    if (cursor.in[0] == '\n') chinese_ = false;
    raw_.push_back(static_cast<char>(cursor.in[0]));
    return 1;
  }
  size_t Pair(const Cursor& cursor) {
    raw_.push_back(static_cast<char>(cursor.in[0] | 0x80));
    raw_.push_back(static_cast<char>(cursor.in[1] | 0x80));
    return 2;
  }
  static bool InPair(unsigned char byte) { return byte > 0x20 && byte < 0x7F; }

  std::string raw_;
  bool chinese_ = false;

 private:
  std::unique_ptr<Decoder> gb_ = MakeGb18030Decoder();
};

// RFC 1843. The escapes end with the line, as deployed readers have it, so that one lost escape does not garble the rest.
class HzDecoder : public EscapedDecoder {
  size_t Step(const Cursor& cursor) override {
    const unsigned char c = cursor.in[0];
    if ((c == '~' || (chinese_ && InPair(c))) && Unfinished(cursor, 2)) return 0;
    const unsigned char next = Next(cursor, 1);
    if (c == '~' && next == (chinese_ ? '}' : '{')) {
      chinese_ = !chinese_;
      return 2;
    }
    if (c == '~' && !chinese_ && next == '~') {
      raw_.push_back('~');
      return 2;
    }
    if (c == '~' && !chinese_ && next == '\n') return 2;
    return chinese_ && InPair(c) && InPair(next) ? Pair(cursor) : Plain(cursor);
  }
};

// RFC 1922, the part that is found: SO with GB 2312 (ESC $ ) A); SI back to ASCII; the line's end resets.
class Iso2022CnDecoder : public EscapedDecoder {
  size_t Step(const Cursor& cursor) override {
    const unsigned char c = cursor.in[0];
    if (c == 0x1B) {
      if (Unfinished(cursor, 4)) return 0;
      if (Next(cursor, 1) == '$' && Next(cursor, 2) == ')' && cursor.left() >= 4) return 4;
    }
    if (c == 0x0E || c == 0x0F) {
      chinese_ = c == 0x0E;
      return 1;
    }
    if (chinese_ && InPair(c)) {
      if (Unfinished(cursor, 2)) return 0;
      if (InPair(Next(cursor, 1))) return Pair(cursor);
    }
    return Plain(cursor);
  }
};

// The standard's: nothing of such a document is shown.
class ReplacementDecoder : public Decoder {
 public:
  void Run(Cursor& cursor) override {
    if (cursor.in < cursor.end && errors == 0) {
      cursor.Put(kBad);
      errors = 1;
    }
    cursor.in = cursor.end;
  }
};

}  // namespace

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

size_t ValidUtf8Length(std::string_view bytes, size_t at) {
  const size_t begin = at;
  const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
  const size_t size = bytes.size();
  while (true) {
    at += AsciiRunLength(bytes, at);
    // Sequences of three bytes with a lead other than E0 and ED need no second look: nearly all Chinese text.
    while (at + 3 <= size && data[at] > 0xE0 && data[at] < 0xF0 && data[at] != 0xED && (data[at + 1] & 0xC0) == 0x80 &&
           (data[at + 2] & 0xC0) == 0x80) {
      at += 3;
    }
    if (at >= size) return at - begin;
    if (data[at] < 0x80) continue;
    const size_t start = at;
    const char32_t c = text::DecodeUtf8(bytes, at);
    if (c == kBad && bytes.substr(start, at - start) != "\xEF\xBF\xBD") return start - begin;
  }
}

IconvCharacters::IconvCharacters(const char* encoding) : descriptor_(iconv_open("UTF-32LE", encoding)) {}

IconvCharacters::~IconvCharacters() {
  if (descriptor_ != kNoDescriptor) iconv_close(descriptor_);
}

char32_t IconvCharacters::Decode(std::string_view bytes) {
  if (descriptor_ == kNoDescriptor) return 0;
  char* in = const_cast<char*>(bytes.data());
  size_t left = bytes.size();
  std::array<char, 16> buffer;
  char* to = buffer.data();
  size_t room = buffer.size();
  const size_t result = iconv(descriptor_, &in, &left, &to, &room);
  // Some converters hold a character back until they know that no combining mark follows. This also makes them forget a bad sequence. What came out is
  // not held back; tables of tens of thousands of characters are made so when a crawl begins.
  const bool came_out = result != static_cast<size_t>(-1) && left == 0 && buffer.size() - room == 4;
  if (!came_out) iconv(descriptor_, nullptr, nullptr, &to, &room);
  if (result == static_cast<size_t>(-1) || left != 0) return 0;
  if (buffer.size() - room != 4) return 0;
  const auto* four = reinterpret_cast<const unsigned char*>(buffer.data());
  return static_cast<char32_t>(four[0] | (four[1] << 8) | (four[2] << 16) | (four[3] << 24));
}

const char32_t* SingleByteTable(std::string_view name) {
  const SingleByteTables* const tables = FindSingleByteTables(name);
  return tables == nullptr ? nullptr : tables->decode.data();
}

std::unique_ptr<Decoder> MakeHzDecoder() { return std::make_unique<HzDecoder>(); }
std::unique_ptr<Decoder> MakeIso2022CnDecoder() { return std::make_unique<Iso2022CnDecoder>(); }

std::unique_ptr<Decoder> MakeDecoder(std::string_view name) {
  if (name == "UTF-8") return std::make_unique<Utf8Decoder>();
  if (name == "GBK" || name == "gb18030") return MakeGb18030Decoder();
  if (name == "Big5" || name == "Big5-HKSCS") return MakeBig5Decoder();
  if (name == "UTF-16LE" || name == "UTF-16BE") return std::make_unique<Utf16Decoder>(name == "UTF-16BE");
  if (name == "EUC-JP") return MakeEucJpDecoder();
  if (name == "Shift_JIS") return MakeShiftJisDecoder();
  if (name == "ISO-2022-JP") return MakeIso2022JpDecoder();
  if (name == "EUC-KR") return MakeEucKrDecoder();
  if (name == "EUC-TW") return MakeEucTwDecoder();
  if (name == "HZ-GB-2312") return MakeHzDecoder();
  if (name == "ISO-2022-CN") return MakeIso2022CnDecoder();
  if (name == "replacement") return std::make_unique<ReplacementDecoder>();
  if (const char32_t* table = SingleByteTable(name)) return std::make_unique<SingleByteDecoder>(table);
  return nullptr;
}

size_t DecodePiece(Decoder& decoder, std::string_view bytes, bool last, std::string& out) {
  // By way of a small buffer: room for the worst case in `out` itself would have to be cleared each time.
  constexpr size_t kStep = size_t{8} << 10;
  std::array<char, 3 * kStep + kSlack> buffer;
  size_t taken = 0;
  while (true) {
    const size_t length = std::min(kStep, bytes.size() - taken);
    const bool at_end = taken + length == bytes.size();
    const auto* const in = reinterpret_cast<const unsigned char*>(bytes.data()) + taken;
    Cursor cursor{in, in + length, buffer.data(), last && at_end};
    decoder.Run(cursor);
    out.append(buffer.data(), static_cast<size_t>(cursor.to - buffer.data()));
    taken += static_cast<size_t>(cursor.in - in);
    if (at_end) return taken;
  }
}

StrictResult DecodeAs(std::string_view bytes, std::string_view name) {
  std::unique_ptr<Decoder> decoder = MakeDecoder(name);
  if (decoder == nullptr) decoder = MakeDecoder("windows-1252");
  StrictResult result;
  result.text.reserve(bytes.size() + bytes.size() / 2 + 64);
  DecodePiece(*decoder, bytes, true, result.text);
  result.errors = decoder->errors;
  return result;
}

namespace {

std::optional<std::string> EncodeSingleByte(std::string_view utf8, const SingleByteTables& tables, Unmappable unmappable) {
  const auto& sorted = tables.encode;
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

}  // namespace

std::optional<std::string> EncodeAs(std::string_view utf8, std::string_view name, std::string (*unmappable)(char32_t)) {
  // The standard's "get an output encoding": UTF-16 and replacement are written as UTF-8.
  if (name == "UTF-8" || name == "UTF-16LE" || name == "UTF-16BE" || name == "replacement") return text::ScrubUtf8(utf8);
  if (name == "GBK" || name == "gb18030") return EncodeGb18030(utf8, name == "GBK", unmappable);
  if (name == "Big5" || name == "Big5-HKSCS") return EncodeBig5(utf8, name == "Big5-HKSCS", unmappable);
  if (name == "EUC-JP") return EncodeEucJp(utf8, unmappable);
  if (name == "Shift_JIS") return EncodeShiftJis(utf8, unmappable);
  if (name == "ISO-2022-JP") return EncodeIso2022Jp(utf8, unmappable);
  if (name == "EUC-KR") return EncodeEucKr(utf8, unmappable);
  if (name == "EUC-TW") return EncodeEucTw(utf8, unmappable);
  const SingleByteTables* tables = FindSingleByteTables(name);
  if (tables == nullptr) tables = FindSingleByteTables("windows-1252");
  return EncodeSingleByte(utf8, *tables, unmappable);
}

}  // namespace fangzhi::decode
