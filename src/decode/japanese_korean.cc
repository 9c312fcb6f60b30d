// EUC-JP, Shift_JIS, ISO-2022-JP and EUC-KR as the Encoding Standard has them (13.1–13.3, 14.1). The indexes are made at first use from
// the C library's converters, which agree with the standard's: jis0208 is code page 932 without its private use area, jis0212 is
// EUC-JP's, EUC-KR is code page 949.
#include "decode/encodings.h"

namespace fangzhi::decode {
namespace {

constexpr size_t kEucRow = 94;
constexpr size_t kSjisRow = 188;
constexpr size_t kJis0208Size = 60 * kSjisRow;
constexpr size_t kPrivateBegin = 8836, kPrivateEnd = 10716;  // Shift_JIS pointers that are U+E000 and on

bool InEucRow(unsigned byte) { return byte >= 0xA1 && byte <= 0xFE; }
bool IsShiftJisLead(unsigned byte) { return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC); }

struct JapaneseTables {
  std::vector<char16_t> jis0208;     // by pointer, 0 where there is none
  std::vector<uint16_t> pointer_of;        // code point → pointer in jis0208 + 1: the first one
  std::vector<uint16_t> sjis_pointer_of;   // … without the rows that Shift_JIS does not write (NEC's selection of IBM's)
  PairTable euc_pairs;
  PairTable sjis_pairs;

  JapaneseTables() : jis0208(kJis0208Size, 0), pointer_of(0x10000, 0), sjis_pointer_of(0x10000, 0) {
    IconvCharacters windows("CP932");
    for (size_t pointer = 0; pointer < kJis0208Size; ++pointer) {
      const unsigned row = static_cast<unsigned>(pointer / kSjisRow);
      const unsigned cell = static_cast<unsigned>(pointer % kSjisRow);
      const unsigned lead = row + (row < 0x1F ? 0x81 : 0xC1);
      const unsigned trail = cell + (cell < 0x3F ? 0x40 : 0x41);
      const bool is_private = pointer >= kPrivateBegin && pointer < kPrivateEnd;
      const char bytes[] = {static_cast<char>(lead), static_cast<char>(trail)};
      const char32_t c = is_private ? static_cast<char32_t>(0xE000 + pointer - kPrivateBegin) : windows.Decode({bytes, 2});
      if (c == 0 || c > 0xFFFF) continue;
      sjis_pairs.Set(lead, trail, c);
      if (is_private) continue;
      jis0208[pointer] = static_cast<char16_t>(c);
      if (pointer < kEucRow * kEucRow) {
        euc_pairs.Set(static_cast<unsigned>(0xA1 + pointer / kEucRow), static_cast<unsigned>(0xA1 + pointer % kEucRow), c);
      }
      const auto entry = static_cast<uint16_t>(pointer + 1);
      if (pointer_of[c] == 0) pointer_of[c] = entry;
      if (sjis_pointer_of[c] == 0 && (pointer < 8272 || pointer > 8835)) sjis_pointer_of[c] = entry;
    }
    for (unsigned trail = 0xA1; trail <= 0xDF; ++trail) euc_pairs.Set(0x8E, trail, 0xFF61 - 0xA1 + trail);
  }
};

const JapaneseTables& Japanese() {
  static const JapaneseTables* const tables = new JapaneseTables;  // never destroyed: worker threads may outlive main's statics
  return *tables;
}

// By pointer, 0 where there is none. Only EUC-JP has these, and hardly a document of it.
const std::vector<char16_t>& Jis0212() {
  static const auto* const characters = [] {
    auto* made = new std::vector<char16_t>(kEucRow * kEucRow, 0);
    IconvCharacters euc("EUC-JP");
    for (size_t pointer = 0; pointer < made->size(); ++pointer) {
      const char bytes[] = {'\x8F', static_cast<char>(0xA1 + pointer / kEucRow), static_cast<char>(0xA1 + pointer % kEucRow)};
      const char32_t c = euc.Decode({bytes, 3});
      if (c <= 0xFFFF) (*made)[pointer] = static_cast<char16_t>(c);
    }
    return made;
  }();
  return *characters;
}

struct KoreanTables {
  PairTable pairs;
  std::vector<uint16_t> pair_of;  // by code point, 0 where there is none

  KoreanTables() : pair_of(0x10000, 0) {
    IconvCharacters library("CP949");
    for (unsigned lead = 0x81; lead <= 0xFE; ++lead) {
      for (unsigned trail = 0x41; trail <= 0xFE; ++trail) {
        const char bytes[] = {static_cast<char>(lead), static_cast<char>(trail)};
        const char32_t c = library.Decode({bytes, 2});
        if (c == 0 || c > 0xFFFF) continue;
        pairs.Set(lead, trail, c);
        if (pair_of[c] == 0) pair_of[c] = static_cast<uint16_t>((lead << 8) | trail);
      }
    }
  }
};

const KoreanTables& Korean() {
  static const KoreanTables* const tables = new KoreanTables;
  return *tables;
}

class EucJpDecoder : public Decoder {
 public:
  void Run(Cursor& cursor) override {
    RunPairs(cursor, tables_.euc_pairs, [&] { return Other(cursor); });
  }

 private:
  bool Other(Cursor& cursor) {
    const unsigned lead = cursor.in[0];
    size_t taken = 1;
    if (lead == 0x8E || lead == 0x8F || InEucRow(lead)) {
      if (cursor.left() < 2 && !cursor.last) return false;
      if (cursor.left() >= 2) {
        const unsigned second = cursor.in[1];
        taken = second < 0x80 ? 1 : 2;
        if (lead == 0x8F && InEucRow(second)) {
          if (cursor.left() < 3 && !cursor.last) return false;
          if (cursor.left() >= 3) {
            const unsigned third = cursor.in[2];
            taken = third < 0x80 ? 2 : 3;
            const char16_t c = InEucRow(third) ? Jis0212()[(second - 0xA1) * kEucRow + third - 0xA1] : char16_t{0};
            if (c != 0) {
              cursor.Put(c);
              cursor.in += 3;
              return true;
            }
          }
        }
      }
    }
    cursor.Put(kBad);
    ++errors;
    cursor.in += taken;
    return true;
  }
  const JapaneseTables& tables_ = Japanese();
};

class ShiftJisDecoder : public Decoder {
 public:
  void Run(Cursor& cursor) override {
    RunPairs(cursor, tables_.sjis_pairs, [&] { return Other(cursor); });
  }

 private:
  bool Other(Cursor& cursor) {
    const unsigned lead = cursor.in[0];
    size_t taken = 1;
    if (lead == 0x80) {
      cursor.Put(0x80);
    } else if (lead >= 0xA1 && lead <= 0xDF) {
      cursor.Put(0xFF61 - 0xA1 + lead);
    } else {
      if (IsShiftJisLead(lead)) {
        if (cursor.left() < 2 && !cursor.last) return false;
        if (cursor.left() >= 2 && cursor.in[1] >= 0x80) taken = 2;
      }
      cursor.Put(kBad);
      ++errors;
    }
    cursor.in += taken;
    return true;
  }
  const JapaneseTables& tables_ = Japanese();
};

// The states of 13.2.1; the lead of a pair and of an escape stay in the input until the whole is there.
class Iso2022JpDecoder : public Decoder {
 public:
  void Run(Cursor& cursor) override {
    while (cursor.in < cursor.end) {
      const unsigned byte = cursor.in[0];
      if (byte == 0x1B) {
        if (!Escape(cursor)) return;
        continue;
      }
      if (mode_ == Mode::kPairs) {
        if (!Pair(cursor)) return;
        continue;
      }
      ++cursor.in;
      output_ = false;
      if (mode_ == Mode::kKatakana) {
        if (byte >= 0x21 && byte <= 0x5F) {
          cursor.Put(0xFF61 - 0x21 + byte);
        } else {
          Bad(cursor);
        }
      } else if (byte >= 0x80 || byte == 0x0E || byte == 0x0F) {
        Bad(cursor);
      } else if (mode_ == Mode::kRoman && (byte == 0x5C || byte == 0x7E)) {
        cursor.Put(byte == 0x5C ? 0xA5 : 0x203E);
      } else {
        *cursor.to++ = static_cast<char>(byte);
      }
    }
  }

 private:
  enum class Mode { kAscii, kRoman, kKatakana, kPairs };

  void Bad(Cursor& cursor) {
    cursor.Put(kBad);
    ++errors;
  }
  bool Escape(Cursor& cursor) {
    if (cursor.left() < 3 && !cursor.last) return false;
    const unsigned first = cursor.left() > 1 ? cursor.in[1] : 0;
    const unsigned second = cursor.left() > 2 ? cursor.in[2] : 0;
    std::optional<Mode> next;
    if (first == '(' && second == 'B') next = Mode::kAscii;
    if (first == '(' && second == 'J') next = Mode::kRoman;
    if (first == '(' && second == 'I') next = Mode::kKatakana;
    if (first == '$' && (second == '@' || second == 'B')) next = Mode::kPairs;
    if (!next.has_value()) {
      ++cursor.in;  // the bytes after the escape are read again
      output_ = false;
      Bad(cursor);
      return true;
    }
    cursor.in += 3;
    mode_ = *next;
    // An escape right after another one: text that a filter did not see may hide between them.
    if (output_) Bad(cursor);
    output_ = true;
    return true;
  }
  bool Pair(Cursor& cursor) {
    const unsigned lead = cursor.in[0];
    if (lead >= 0x21 && lead <= 0x7E) {
      if (cursor.left() < 2 && !cursor.last) return false;
      output_ = false;
      const unsigned trail = cursor.left() > 1 ? cursor.in[1] : 0x1B;
      if (trail == 0x1B) {
        ++cursor.in;  // the end of the input, or an escape, which is read next
        Bad(cursor);
        return true;
      }
      cursor.in += 2;
      const char16_t c = trail >= 0x21 && trail <= 0x7E ? tables_.jis0208[(lead - 0x21) * kEucRow + trail - 0x21] : char16_t{0};
      if (c != 0) {
        cursor.Put(c);
      } else {
        Bad(cursor);
      }
      return true;
    }
    ++cursor.in;
    output_ = false;
    Bad(cursor);
    return true;
  }

  Mode mode_ = Mode::kAscii;
  bool output_ = false;  // an escape was the last thing read
  const JapaneseTables& tables_ = Japanese();
};

class EucKrDecoder : public Decoder {
 public:
  void Run(Cursor& cursor) override {
    RunPairs(cursor, tables_.pairs, [&] {
      const bool starts = cursor.in[0] != 0x80 && cursor.in[0] != 0xFF;
      if (starts && cursor.left() < 2 && !cursor.last) return false;
      cursor.Put(kBad);
      ++errors;
      cursor.in += starts && cursor.left() >= 2 && cursor.in[1] >= 0x80 ? 2 : 1;
      return true;
    });
  }

 private:
  const KoreanTables& tables_ = Korean();
};

// What the Japanese encoders make one character of before they look it up.
char32_t JapaneseVariant(char32_t c) { return c == 0x2212 ? 0xFF0D : c; }

void AppendEucPair(std::string& out, size_t pointer, unsigned base) {
  out.push_back(static_cast<char>(base + pointer / kEucRow));
  out.push_back(static_cast<char>(base + pointer % kEucRow));
}

}  // namespace

std::unique_ptr<Decoder> MakeEucJpDecoder() { return std::make_unique<EucJpDecoder>(); }
std::unique_ptr<Decoder> MakeShiftJisDecoder() { return std::make_unique<ShiftJisDecoder>(); }
std::unique_ptr<Decoder> MakeIso2022JpDecoder() { return std::make_unique<Iso2022JpDecoder>(); }
std::unique_ptr<Decoder> MakeEucKrDecoder() { return std::make_unique<EucKrDecoder>(); }

std::optional<std::string> EncodeEucJp(std::string_view utf8, Unmappable unmappable) {
  const JapaneseTables& tables = Japanese();
  return EncodeEach(utf8, unmappable, [&](char32_t c, std::string& out) {
    c = JapaneseVariant(c);
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c == 0xA5 || c == 0x203E) {
      out.push_back(c == 0xA5 ? '\\' : '~');
    } else if (c >= 0xFF61 && c <= 0xFF9F) {
      AppendPair(out, static_cast<uint16_t>(0x8EA1 + c - 0xFF61));
    } else if (const size_t entry = c < 0x10000 ? tables.pointer_of[c] : 0; entry != 0 && entry <= kEucRow * kEucRow) {
      AppendEucPair(out, entry - 1, 0xA1);
    } else {
      return false;
    }
    return true;
  });
}

std::optional<std::string> EncodeShiftJis(std::string_view utf8, Unmappable unmappable) {
  const JapaneseTables& tables = Japanese();
  return EncodeEach(utf8, unmappable, [&](char32_t c, std::string& out) {
    c = JapaneseVariant(c);
    if (c <= 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c == 0xA5 || c == 0x203E) {
      out.push_back(c == 0xA5 ? '\\' : '~');
    } else if (c >= 0xFF61 && c <= 0xFF9F) {
      out.push_back(static_cast<char>(0xA1 + c - 0xFF61));
    } else if (const size_t entry = c < 0x10000 ? tables.sjis_pointer_of[c] : 0; entry != 0) {
      const size_t row = (entry - 1) / kSjisRow, cell = (entry - 1) % kSjisRow;
      out.push_back(static_cast<char>(row + (row < 0x1F ? 0x81 : 0xC1)));
      out.push_back(static_cast<char>(cell + (cell < 0x3F ? 0x40 : 0x41)));
    } else {
      return false;
    }
    return true;
  });
}

std::optional<std::string> EncodeIso2022Jp(std::string_view utf8, Unmappable unmappable) {
  const JapaneseTables& tables = Japanese();
  char mode = 'B';  // the last byte of the escape in force; '$' for pairs
  auto enter = [&](std::string& out, char wanted) {
    if (mode == wanted) return;
    out += wanted == '$' ? "\x1B$B" : wanted == 'J' ? "\x1B(J" : "\x1B(B";
    mode = wanted;
  };
  auto encoded = EncodeEach(utf8, nullptr, [&](char32_t c, std::string& out) {
    c = JapaneseVariant(c);
    const bool forbidden = c == 0x0E || c == 0x0F || c == 0x1B;
    // Half-width katakana are written as the full-width ones (index ISO-2022-JP katakana).
    static constexpr std::u32string_view kKatakana =
        U"。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";
    if (c >= 0xFF61 && c <= 0xFF9F) c = kKatakana[c - 0xFF61];
    const size_t entry = c < 0x10000 ? tables.pointer_of[c] : 0;
    if (!forbidden && c < 0x80 && !(mode == 'J' && (c == 0x5C || c == 0x7E))) {
      if (mode == '$') enter(out, 'B');
      out.push_back(static_cast<char>(c));
    } else if (!forbidden && c < 0x80) {
      enter(out, 'B');
      out.push_back(static_cast<char>(c));
    } else if (c == 0xA5 || c == 0x203E) {
      enter(out, 'J');
      out.push_back(c == 0xA5 ? '\\' : '~');
    } else if (entry != 0 && entry <= kEucRow * kEucRow) {
      enter(out, '$');
      AppendEucPair(out, entry - 1, 0x21);
    } else if (unmappable != nullptr) {
      enter(out, 'B');
      out += unmappable(c);
    } else {
      return false;
    }
    return true;
  });
  if (encoded.has_value()) enter(*encoded, 'B');
  return encoded;
}

std::optional<std::string> EncodeEucKr(std::string_view utf8, Unmappable unmappable) {
  const KoreanTables& tables = Korean();
  return EncodeEach(utf8, unmappable, [&](char32_t c, std::string& out) {
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c < 0x10000 && tables.pair_of[c] != 0) {
      AppendPair(out, tables.pair_of[c]);
    } else {
      return false;
    }
    return true;
  });
}

}  // namespace fangzhi::decode
