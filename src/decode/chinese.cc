// gb18030 (with GBK and GB2312) and Big5 as the Encoding Standard has them (10.2, 12.1), and EUC-TW. The index tables are made at first
// use from the C library's converters, which know the same two-byte plane; where they differ from the standard, the differences stand here.
#include "decode/encodings.h"

namespace fangzhi::decode {
namespace {

constexpr size_t kGbTrails = 190;      // 40–7E, 80–FE
constexpr size_t kBig5Trails = 157;    // 40–7E, A1–FE
constexpr size_t kLeads = 126;         // 81–FE
constexpr uint32_t kBmpPointers = 39420;  // four-byte pointers below this are in the basic plane
constexpr uint32_t kAstralPointer = 189000;
constexpr uint32_t kLastPointer = 1237575;

// --- gb18030 ---

struct PairCode {
  uint16_t pair;
  uint16_t code_point;
};

// A3A0 follows deployed content; the six others are in the private use area in the standard, while the C library follows GB 18030-2022.
constexpr PairCode kGbDifferences[] = {{0xA3A0, 0x3000}, {0xFE51, 0xE816}, {0xFE52, 0xE817}, {0xFE53, 0xE818},
                                       {0xFE6C, 0xE831}, {0xFE76, 0xE83B}, {0xFE91, 0xE855}};
// Code points that these pairs had before GB 18030-2022; they still encode to them.
constexpr PairCode kGbOldCodes[] = {
    {0xA6D9, 0xE78D}, {0xA6DA, 0xE78E}, {0xA6DB, 0xE78F}, {0xA6DC, 0xE790}, {0xA6DD, 0xE791}, {0xA6DE, 0xE792},
    {0xA6DF, 0xE793}, {0xA6EC, 0xE794}, {0xA6ED, 0xE795}, {0xA6F3, 0xE796}, {0xFE59, 0xE81E}, {0xFE61, 0xE826},
    {0xFE66, 0xE82B}, {0xFE67, 0xE82C}, {0xFE6D, 0xE832}, {0xFE7E, 0xE843}, {0xFE90, 0xE854}, {0xFEA0, 0xE864}};

// The pointer of a pair, or -1 when the second byte cannot be one.
inline int GbPointer(unsigned lead, unsigned trail) {
  if (trail < 0x40 || trail == 0x7F || trail > 0xFE) return -1;
  return static_cast<int>((lead - 0x81) * kGbTrails + trail - (trail < 0x7F ? 0x40 : 0x41));
}

struct Gb18030Tables {
  PairTable pairs;
  std::vector<uint16_t> two_byte;         // by pointer
  std::vector<uint16_t> pair_of;          // by code point, 0 where there is none

  Gb18030Tables() : two_byte(kLeads * kGbTrails, 0xFFFD), pair_of(0x10000, 0) {
    IconvCharacters library("GB18030");
    for (unsigned lead = 0x81; lead <= 0xFE; ++lead) {
      for (unsigned trail = 0x40; trail <= 0xFE; ++trail) {
        const int pointer = GbPointer(lead, trail);
        if (pointer < 0) continue;
        const char pair[] = {static_cast<char>(lead), static_cast<char>(trail)};
        const char32_t c = library.Decode({pair, 2});
        if (c != 0 && c < 0x10000) two_byte[static_cast<size_t>(pointer)] = static_cast<uint16_t>(c);
      }
    }
    for (const PairCode& entry : kGbDifferences) {
      two_byte[static_cast<size_t>(GbPointer(entry.pair >> 8, entry.pair & 0xFF))] = entry.code_point;
    }
    for (unsigned lead = 0x81; lead <= 0xFE; ++lead) {
      for (unsigned trail = 0x40; trail <= 0xFE; ++trail) {
        const int pointer = GbPointer(lead, trail);
        if (pointer >= 0 && two_byte[static_cast<size_t>(pointer)] != kBad) {
          pairs.Set(lead, trail, two_byte[static_cast<size_t>(pointer)]);
        }
      }
    }
    for (size_t pointer = 0; pointer < two_byte.size(); ++pointer) {
      uint16_t& pair = pair_of[two_byte[pointer]];
      const size_t offset = pointer % kGbTrails;
      if (pair == 0) {
        pair = static_cast<uint16_t>(((0x81 + pointer / kGbTrails) << 8) | (offset + (offset < 0x3F ? 0x40 : 0x41)));
      }
    }
    for (const PairCode& entry : kGbOldCodes) pair_of[entry.code_point] = entry.pair;
    pair_of[0xFFFD] = 0;
    pair_of[0xE5E5] = 0;  // the standard refuses it: its bytes decode to U+3000
  }
};

const Gb18030Tables& GbTables() {
  static const Gb18030Tables* const tables = new Gb18030Tables;  // never destroyed: worker threads may outlive main's statics
  return *tables;
}

// Apart from the pairs, because hardly any document needs them and they are twice as many.
struct FourByteTables {
  std::vector<uint16_t> code_points;  // by pointer, basic plane
  std::vector<uint16_t> pointer_of;   // by code point; 0xFFFF where there is none

  FourByteTables() : code_points(kBmpPointers, 0xFFFD), pointer_of(0x10000, 0xFFFF) {
    IconvCharacters library("GB18030");
    for (uint32_t pointer = 0; pointer < kBmpPointers; ++pointer) {
      const char bytes[] = {static_cast<char>(0x81 + pointer / 12600), static_cast<char>(0x30 + pointer / 1260 % 10),
                            static_cast<char>(0x81 + pointer / 10 % 126), static_cast<char>(0x30 + pointer % 10)};
      const char32_t c = library.Decode({bytes, 4});
      if (c != 0 && c < 0x10000) {
        code_points[pointer] = static_cast<uint16_t>(c);
      } else if (pointer > 0) {
        // The library gives up the four-byte form of characters that have a two-byte one since 2022; the ranges run on.
        code_points[pointer] = static_cast<uint16_t>(code_points[pointer - 1] + 1);
      }
    }
    code_points[7457] = 0xE7C7;  // 8135F437, the standard's only exception to its ranges
    for (uint32_t pointer = 0; pointer < kBmpPointers; ++pointer) {
      uint16_t& known = pointer_of[code_points[pointer]];
      if (known == 0xFFFF) known = static_cast<uint16_t>(pointer);
    }
  }
};

const FourByteTables& GbFourByteTables() {
  static const FourByteTables* const tables = new FourByteTables;
  return *tables;
}

// --- Big5 ---

struct Big5Difference {
  uint16_t pair;
  uint16_t code_point;
};
// Where the C library's BIG5-HKSCS is not the standard's index.
constexpr Big5Difference kBig5Differences[] = {
    {0x8E69, 0x7BB8}, {0x8E6F, 0x7C06}, {0x8E7E, 0x7CCE}, {0x8EAB, 0x7DD2}, {0x8EB4, 0x7E1D}, {0x8ECD, 0x8005},
    {0x8ED0, 0x8028}, {0x8F57, 0x83C1}, {0x8F69, 0x84A8}, {0x8F6E, 0x840F}, {0x8FCB, 0x89A6}, {0x8FCC, 0x89A9},
    {0x8FFE, 0x8D77}, {0x906D, 0x90FD}, {0x907A, 0x92B9}, {0x90DC, 0x975C}, {0x90F1, 0x97FF}, {0x91BF, 0x9F16},
    {0x9244, 0x8503}, {0x92AF, 0x5159}, {0x92B0, 0x515B}, {0x92B1, 0x515D}, {0x92B2, 0x515E}, {0x92C8, 0x936E},
    {0x92D1, 0x7479}, {0x9447, 0x6D67}, {0x94CA, 0x799B}, {0x95D9, 0x9097}, {0x9644, 0x975D}, {0x96ED, 0x701E},
    {0x96FC, 0x5B28}, {0x9B76, 0x7201}, {0x9B78, 0x77D7}, {0x9B7B, 0x7E87}, {0x9BC6, 0x99D6}, {0x9BDE, 0x91D4},
    {0x9BEC, 0x60DE}, {0x9BF6, 0x6FB6}, {0x9C42, 0x8F36}, {0x9C53, 0x4FBB}, {0x9C62, 0x71DF}, {0x9C68, 0x9104},
    {0x9C6B, 0x9DF0}, {0x9C77, 0x83CF}, {0x9CBC, 0x5C10}, {0x9CBD, 0x79E3}, {0x9CD0, 0x5A67}, {0x9D57, 0x8F0B},
    {0x9D5A, 0x7B51}, {0x9DC4, 0x62D0}, {0x9EA9, 0x6062}, {0x9EEF, 0x75F9}, {0x9EFD, 0x6C4A}, {0x9F60, 0x9B2E},
    {0x9F66, 0x9F17}, {0x9FCB, 0x50ED}, {0x9FD8, 0x5F0C}, {0xA063, 0x880F}, {0xA077, 0x62CE}, {0xA0D5, 0x7468},
    {0xA0DF, 0x7162}, {0xA0E4, 0x7250}, {0xA145, 0x2027}, {0xA14E, 0xFE51}, {0xA15A, 0x2574}, {0xA1C2, 0x00AF},
    {0xA1C3, 0xFFE3}, {0xA1C5, 0x02CD}, {0xA1E3, 0xFF5E}, {0xA1F2, 0x2295}, {0xA1F3, 0x2299}, {0xA1FE, 0xFF0F},
    {0xA240, 0xFF3C}, {0xA241, 0x2215}, {0xA242, 0xFE68}, {0xA244, 0xFFE5}, {0xA246, 0xFFE0}, {0xA247, 0xFFE1},
    {0xA2CC, 0x5341}, {0xA2CE, 0x5345}, {0xA3C0, 0x2400}, {0xA3C1, 0x2401}, {0xA3C2, 0x2402}, {0xA3C3, 0x2403},
    {0xA3C4, 0x2404}, {0xA3C5, 0x2405}, {0xA3C6, 0x2406}, {0xA3C7, 0x2407}, {0xA3C8, 0x2408}, {0xA3C9, 0x2409},
    {0xA3CA, 0x240A}, {0xA3CB, 0x240B}, {0xA3CC, 0x240C}, {0xA3CD, 0x240D}, {0xA3CE, 0x240E}, {0xA3CF, 0x240F},
    {0xA3D0, 0x2410}, {0xA3D1, 0x2411}, {0xA3D2, 0x2412}, {0xA3D3, 0x2413}, {0xA3D4, 0x2414}, {0xA3D5, 0x2415},
    {0xA3D6, 0x2416}, {0xA3D7, 0x2417}, {0xA3D8, 0x2418}, {0xA3D9, 0x2419}, {0xA3DA, 0x241A}, {0xA3DB, 0x241B},
    {0xA3DC, 0x241C}, {0xA3DD, 0x241D}, {0xA3DE, 0x241E}, {0xA3DF, 0x241F}, {0xA3E0, 0x2421}, {0xA3E1, 0x20AC},
    {0xC6CF, 0x5EF4}, {0xC6D3, 0x65E0}, {0xC6D5, 0x7676}, {0xC6D7, 0x96B6}, {0xC6DE, 0x3003}, {0xC6DF, 0x4EDD},
    {0xFA5F, 0x5029}, {0xFA66, 0x507D}, {0xFABD, 0x5305}, {0xFAC5, 0x5344}, {0xFAD5, 0x537F}, {0xFB48, 0x5605},
    {0xFBB8, 0x5A77}, {0xFBF3, 0x5E75}, {0xFBF9, 0x5ED0}, {0xFC4F, 0x5F58}, {0xFC6C, 0x60A4}, {0xFCB9, 0x6490},
    {0xFCE2, 0x6674}, {0xFCF1, 0x675E}, {0xFDB7, 0x6C9C}, {0xFDB8, 0x6E1D}, {0xFDBB, 0x6E2F}, {0xFDF1, 0x716E},
    {0xFE52, 0x732A}, {0xFE6F, 0x745C}, {0xFEAA, 0x74E9}, {0xFEDD, 0x7809},
};

inline int Big5Pointer(unsigned lead, unsigned trail) {
  if (trail < 0x40 || (trail > 0x7E && trail < 0xA1) || trail > 0xFE) return -1;
  return static_cast<int>((lead - 0x81) * kBig5Trails + trail - (trail < 0x7F ? 0x40 : 0x62));
}

// Four pairs stand for a letter and a combining mark.
struct Big5Composed {
  int pointer;
  char32_t letter, mark;
};
constexpr Big5Composed kBig5Composed[] = {{1133, 0xCA, 0x304}, {1135, 0xCA, 0x30C}, {1164, 0xEA, 0x304}, {1166, 0xEA, 0x30C}};

struct Big5Tables {
  PairTable pairs;
  std::vector<char32_t> code_points;  // by pointer, 0 where there is none
  // By code point below U+30000: the pair, 0 where there is none.
  std::vector<uint16_t> pair_of;
  std::vector<uint16_t> wide_pair_of;

  Big5Tables() : code_points(kLeads * kBig5Trails, 0), pair_of(0x30000, 0) {
    IconvCharacters library("BIG5-HKSCS");
    for (unsigned lead = 0x81; lead <= 0xFE; ++lead) {
      for (unsigned trail = 0x40; trail <= 0xFE; ++trail) {
        const int pointer = Big5Pointer(lead, trail);
        if (pointer < 0) continue;
        const char pair[] = {static_cast<char>(lead), static_cast<char>(trail)};
        code_points[static_cast<size_t>(pointer)] = library.Decode({pair, 2});
      }
    }
    for (const Big5Difference& entry : kBig5Differences) {
      code_points[static_cast<size_t>(Big5Pointer(entry.pair >> 8, entry.pair & 0xFF))] = entry.code_point;
    }
    for (const Big5Composed& entry : kBig5Composed) code_points[static_cast<size_t>(entry.pointer)] = 0;
    for (unsigned lead = 0x81; lead <= 0xFE; ++lead) {
      for (unsigned trail = 0x40; trail <= 0xFE; ++trail) {
        const int pointer = Big5Pointer(lead, trail);
        const char32_t c = pointer < 0 ? 0 : code_points[static_cast<size_t>(pointer)];
        if (c != 0) pairs.Set(lead, trail, c);
      }
    }

    constexpr size_t kFirstEncoded = (0xA1 - 0x81) * kBig5Trails;
    auto enter = [&](std::vector<uint16_t>& table, size_t pointer, bool replace) {
      const char32_t c = code_points[pointer];
      if (c == 0 || c >= 0x30000 || (table[c] != 0 && !replace)) return;
      const size_t offset = pointer % kBig5Trails;
      table[c] = static_cast<uint16_t>(((0x81 + pointer / kBig5Trails) << 8) | (offset + (offset < 0x3F ? 0x40 : 0x62)));
    };
    for (size_t pointer = kFirstEncoded; pointer < code_points.size(); ++pointer) {
      const char32_t c = code_points[pointer];
      // For these six the last pointer counts, for all others the first (12.1, "index Big5 pointer").
      const bool last = c == 0x2550 || c == 0x255E || c == 0x2561 || c == 0x256A || c == 0x5341 || c == 0x5345;
      enter(pair_of, pointer, last);
    }
    wide_pair_of = pair_of;
    for (size_t pointer = 0; pointer < kFirstEncoded; ++pointer) enter(wide_pair_of, pointer, false);
  }
};

const Big5Tables& TheBig5Tables() {
  static const Big5Tables* const tables = new Big5Tables;
  return *tables;
}

// --- EUC-TW: CNS 11643, plane 1 as pairs, planes 1 to 7 and 15 behind 8E A1 to 8E AF. Not in the standard. ---

constexpr unsigned kPlanes = 16;

// The pairs apart from the planes, which are fifteen times as many and hardly ever asked for.
constexpr size_t kRowCells = 94;

const PairTable& EucTwPairs() {
  static const auto* const pairs = [] {
    auto* made = new PairTable;
    IconvCharacters library("EUC-TW");
    for (unsigned row = 0; row < kRowCells; ++row) {
      for (unsigned cell = 0; cell < kRowCells; ++cell) {
        const char bytes[] = {static_cast<char>(0xA1 + row), static_cast<char>(0xA1 + cell)};
        if (const char32_t c = library.Decode({bytes, 2}); c != 0) made->Set(0xA1 + row, 0xA1 + cell, c);
      }
    }
    return made;
  }();
  return *pairs;
}

struct EucTwTables {
  std::vector<char32_t> planes;              // by plane, row and cell
  std::vector<uint32_t> pointer_of;          // by code point below U+30000: pointer + 1, 0 where there is none

  EucTwTables() : planes(kPlanes * kRowCells * kRowCells, 0), pointer_of(0x30000, 0) {
    IconvCharacters library("EUC-TW");
    for (unsigned plane = 1; plane < kPlanes; ++plane) {
      for (unsigned row = 0; row < kRowCells; ++row) {
        for (unsigned cell = 0; cell < kRowCells; ++cell) {
          const char bytes[] = {'\x8E', static_cast<char>(0xA0 + plane), static_cast<char>(0xA1 + row), static_cast<char>(0xA1 + cell)};
          const char32_t c = library.Decode(plane == 1 ? std::string_view(bytes + 2, 2) : std::string_view(bytes, 4));
          if (c == 0) continue;
          const size_t pointer = Pointer(plane, row, cell);
          planes[pointer] = c;
          if (c < pointer_of.size() && pointer_of[c] == 0) pointer_of[c] = static_cast<uint32_t>(pointer) + 1;
        }
      }
    }
  }
  static size_t Pointer(unsigned plane, unsigned row, unsigned cell) { return (plane * kRowCells + row) * kRowCells + cell; }
};

const EucTwTables& TheEucTwTables() {
  static const EucTwTables* const tables = new EucTwTables;
  return *tables;
}

// --- decoders ---

class Gb18030Decoder : public Decoder {
 public:
  void Run(Cursor& cursor) override {
    RunPairs(cursor, tables_.pairs, [&] { return Other(cursor); });
  }

 private:
  // U+FFFD for `taken` bytes.
  bool Bad(Cursor& cursor, size_t taken) {
    cursor.Put(kBad);
    ++errors;
    cursor.in += taken;
    return true;
  }
  bool Other(Cursor& cursor) {
    const unsigned lead = cursor.in[0];
    if (lead == 0x80) {
      cursor.Put(0x20AC);
      ++cursor.in;
      return true;
    }
    if (lead == 0xFF) return Bad(cursor, 1);
    // The end of the input takes what is pending with it.
    if (cursor.left() < 2) return cursor.last && Bad(cursor, 1);
    const unsigned second = cursor.in[1];
    if (second < 0x30 || second > 0x39) return Bad(cursor, second < 0x80 ? 1 : 2);  // an ASCII byte is read again: markup survives
    if (cursor.left() < 3) return cursor.last && Bad(cursor, 2);
    const unsigned third = cursor.in[2];
    if (third < 0x81 || third > 0xFE) return Bad(cursor, 1);
    if (cursor.left() < 4) return cursor.last && Bad(cursor, 3);
    const unsigned fourth = cursor.in[3];
    if (fourth < 0x30 || fourth > 0x39) return Bad(cursor, 1);
    const uint32_t pointer = (((lead - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + fourth - 0x30;
    four_byte = true;
    if (pointer < kBmpPointers) {
      cursor.Put(GbFourByteTables().code_points[pointer]);
    } else if (pointer >= kAstralPointer && pointer <= kLastPointer) {
      cursor.Put(0x10000 + pointer - kAstralPointer);
    } else {
      return Bad(cursor, 4);
    }
    cursor.in += 4;
    return true;
  }
  const Gb18030Tables& tables_ = GbTables();
};

class Big5Decoder : public Decoder {
 public:
  void Run(Cursor& cursor) override {
    RunPairs(cursor, tables_.pairs, [&] { return Other(cursor); });
  }

 private:
  bool Other(Cursor& cursor) {
    const unsigned lead = cursor.in[0];
    const bool starts = lead != 0x80 && lead != 0xFF;
    if (starts && cursor.left() < 2 && !cursor.last) return false;
    const unsigned trail = cursor.left() < 2 ? 0 : cursor.in[1];
    const int pointer = starts ? Big5Pointer(lead, trail) : -1;
    for (const Big5Composed& entry : kBig5Composed) {
      if (pointer != entry.pointer) continue;
      cursor.Put(entry.letter);
      cursor.Put(entry.mark);
      cursor.in += 2;
      return true;
    }
    cursor.Put(kBad);
    ++errors;
    cursor.in += starts && trail >= 0x80 ? 2 : 1;
    return true;
  }
  const Big5Tables& tables_ = TheBig5Tables();
};

class EucTwDecoder : public Decoder {
 public:
  void Run(Cursor& cursor) override {
    RunPairs(cursor, pairs_, [&] { return Other(cursor); });
  }

 private:
  bool Other(Cursor& cursor) {
    const auto in_row = [](unsigned byte) { return byte >= 0xA1 && byte <= 0xFE; };
    size_t taken = 1;
    if (cursor.in[0] == 0x8E) {
      for (taken = 1; taken < 4; ++taken) {
        if (taken >= cursor.left()) {
          if (!cursor.last) return false;
          break;
        }
        if (!in_row(cursor.in[taken])) break;
      }
      const unsigned plane = taken > 1 ? cursor.in[1] - 0xA0u : 0;
      if (taken == 4 && plane < kPlanes) {
        const char32_t c = TheEucTwTables().planes[EucTwTables::Pointer(plane, cursor.in[2] - 0xA1u, cursor.in[3] - 0xA1u)];
        if (c != 0) {
          cursor.Put(c);
          cursor.in += 4;
          return true;
        }
      }
    } else if (in_row(cursor.in[0])) {
      if (cursor.left() < 2 && !cursor.last) return false;
      if (cursor.left() >= 2 && cursor.in[1] >= 0x80) taken = 2;
    }
    cursor.Put(kBad);
    ++errors;
    cursor.in += taken;
    return true;
  }
  const PairTable& pairs_ = EucTwPairs();
};

}  // namespace

std::unique_ptr<Decoder> MakeGb18030Decoder() { return std::make_unique<Gb18030Decoder>(); }
std::unique_ptr<Decoder> MakeBig5Decoder() { return std::make_unique<Big5Decoder>(); }
std::unique_ptr<Decoder> MakeEucTwDecoder() { return std::make_unique<EucTwDecoder>(); }

std::optional<std::string> EncodeGb18030(std::string_view utf8, bool gbk, Unmappable unmappable) {
  const Gb18030Tables& tables = GbTables();
  return EncodeEach(utf8, unmappable, [&](char32_t c, std::string& out) {
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
      return true;
    }
    if (gbk && c == 0x20AC) {
      out.push_back('\x80');
      return true;
    }
    if (c < 0x10000 && tables.pair_of[c] != 0) {
      AppendPair(out, tables.pair_of[c]);
      return true;
    }
    if (gbk) return false;
    const std::vector<uint16_t>& pointer_of = GbFourByteTables().pointer_of;
    const bool mapped = c >= 0x10000 || (pointer_of[c] != 0xFFFF && c != 0xE5E5);
    if (!mapped) return false;
    const uint32_t pointer = c >= 0x10000 ? static_cast<uint32_t>(c) - 0x10000 + kAstralPointer : pointer_of[c];
    out.push_back(static_cast<char>(0x81 + pointer / 12600));
    out.push_back(static_cast<char>(0x30 + pointer / 1260 % 10));
    out.push_back(static_cast<char>(0x81 + pointer / 10 % 126));
    out.push_back(static_cast<char>(0x30 + pointer % 10));
    return true;
  });
}

std::optional<std::string> EncodeBig5(std::string_view utf8, bool wide, Unmappable unmappable) {
  const Big5Tables& tables = TheBig5Tables();
  const std::vector<uint16_t>& pair_of = wide ? tables.wide_pair_of : tables.pair_of;
  return EncodeEach(utf8, unmappable, [&](char32_t c, std::string& out) {
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
    } else if (c < 0x30000 && pair_of[c] != 0) {
      AppendPair(out, pair_of[c]);
    } else {
      return false;
    }
    return true;
  });
}

std::optional<std::string> EncodeEucTw(std::string_view utf8, Unmappable unmappable) {
  const EucTwTables& tables = TheEucTwTables();
  return EncodeEach(utf8, unmappable, [&](char32_t c, std::string& out) {
    if (c < 0x80) {
      out.push_back(static_cast<char>(c));
      return true;
    }
    if (c >= 0x30000 || tables.pointer_of[c] == 0) return false;
    const uint32_t pointer = tables.pointer_of[c] - 1;
    const auto cell = static_cast<unsigned>(pointer % kRowCells);
    const auto row = static_cast<unsigned>(pointer / kRowCells % kRowCells);
    const auto plane = static_cast<unsigned>(pointer / kRowCells / kRowCells);
    if (plane > 1) AppendPair(out, static_cast<uint16_t>(0x8EA0 + plane));
    AppendPair(out, static_cast<uint16_t>(((0xA1 + row) << 8) | (0xA1 + cell)));
    return true;
  });
}

}  // namespace fangzhi::decode
