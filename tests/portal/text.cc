#include "text.h"

#include <iconv.h>

#include <array>
#include <cstring>
#include <iterator>
#include <vector>

namespace fangzhi::portal {
namespace {

#include "script_tables.inc"

// Code point of the BMP to two bytes (0: none), and GBK pair to code point (0: none).
struct Tables {
  std::array<uint16_t, 65536> to_gbk{};
  std::array<uint16_t, 65536> to_big5{};
  std::array<uint16_t, 65536> from_gbk{};
  std::array<uint16_t, 65536> traditional{};
  std::vector<std::string> gloss_needles;       // GBK bytes of the character
  std::vector<std::string> gloss_replacements;  // and with its gloss
  std::string gloss_characters;
};

Tables& SharedTables() {
  static Tables tables;
  return tables;
}

void AppendUtf8(uint32_t code, std::string* out) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
  } else if (code < 0x800) {
    *out += static_cast<char>(0xC0 | (code >> 6));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *out += static_cast<char>(0xE0 | (code >> 12));
    *out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// The portal's own texts only: valid UTF-8 of the BMP.
uint32_t NextCode(std::string_view text, size_t* at) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
  const uint8_t lead = byte(*at);
  if (lead < 0x80) {
    ++*at;
    return lead;
  }
  if (lead < 0xE0) {
    const uint32_t code = (lead & 0x1FU) << 6 | (byte(*at + 1) & 0x3FU);
    *at += 2;
    return code;
  }
  const uint32_t code = (lead & 0x0FU) << 12 | (byte(*at + 1) & 0x3FU) << 6 | (byte(*at + 2) & 0x3FU);
  *at += 3;
  return code & 0xFFFF;
}

void AppendPair(uint16_t pair, std::string* out) {
  *out += static_cast<char>(pair >> 8);
  *out += static_cast<char>(pair & 0xFF);
}

bool LoadPlane(const char* name, std::array<uint16_t, 65536>* to, std::array<uint16_t, 65536>* from) {
  const iconv_t converter = iconv_open("UTF-16LE", name);
  if (converter == reinterpret_cast<iconv_t>(-1)) return false;
  for (int lead = 0x81; lead <= 0xFE; ++lead) {
    for (int trail = 0x40; trail <= 0xFE; ++trail) {
      char input[2] = {static_cast<char>(lead), static_cast<char>(trail)};
      unsigned char output[8];
      char* in = input;
      char* out = reinterpret_cast<char*>(output);
      size_t in_left = 2;
      size_t out_left = sizeof output;
      iconv(converter, nullptr, nullptr, nullptr, nullptr);
      if (iconv(converter, &in, &in_left, &out, &out_left) != 0 || out_left != sizeof output - 2) continue;
      const auto code = static_cast<uint16_t>(output[0] | output[1] << 8);
      const auto pair = static_cast<uint16_t>(lead << 8 | trail);
      if ((*to)[code] == 0) (*to)[code] = pair;
      if (from != nullptr) (*from)[pair] = code;
    }
  }
  iconv_close(converter);
  return true;
}

// PHP's str_replace on bytes: no regard for where a character begins.
void ReplaceBytes(std::string_view needle, std::string_view replacement, std::string* text) {
  size_t at = text->find(needle);
  if (at == std::string::npos) return;
  std::string result;
  result.reserve(text->size() + 256);
  size_t from = 0;
  while (at != std::string::npos) {
    result.append(*text, from, at - from).append(replacement);
    from = at + needle.size();
    at = text->find(needle, from);
  }
  result.append(*text, from, std::string::npos);
  text->swap(result);
}

// A byte that is gone in the shown page; where it fell between the halves of a character it takes the lead
// byte along.
constexpr char kVanishing = '\x01';
uint32_t UserDefined(uint8_t lead, uint8_t trail) {
  if (lead >= 0xAA && lead <= 0xAF && trail >= 0xA1) return 0xE000U + (lead - 0xAAU) * 94 + (trail - 0xA1U);
  if (lead >= 0xF8 && trail >= 0xA1) return 0xE234U + (lead - 0xF8U) * 94 + (trail - 0xA1U);
  if (lead >= 0xA1 && lead <= 0xA7 && trail <= 0xA0) {
    return 0xE4C6U + (lead - 0xA1U) * 96 + (trail - 0x40U) - (trail > 0x7F ? 1U : 0U);
  }
  return 0;
}

// The copier's lax decoder: a lead byte with an impossible trail byte becomes one '?' and swallows both.
std::string DecodeLax(std::string_view bytes) {
  const Tables& tables = SharedTables();
  std::string out;
  out.reserve(bytes.size() * 3 / 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto lead = static_cast<uint8_t>(bytes[i]);
    if (lead == static_cast<uint8_t>(kVanishing)) continue;
    if (lead < 0x80) {
      out += bytes[i];
      continue;
    }
    if (lead == 0x80) {
      out += "€";
      continue;
    }
    const uint8_t trail = i + 1 < bytes.size() ? static_cast<uint8_t>(bytes[i + 1]) : uint8_t{0};
    ++i;
    if (lead == 0xFF || trail < 0x40 || trail == 0x7F || trail == 0xFF) {
      out += '?';
      continue;
    }
    uint32_t code = tables.from_gbk[static_cast<size_t>(lead << 8 | trail)];
    if (code == 0) code = UserDefined(lead, trail);
    if (code == 0) {
      out += '?';
    } else {
      AppendUtf8(code, &out);
    }
  }
  return out;
}

struct Fold {
  std::string_view wide;
  char narrow;
};
constexpr Fold kFolds[] = {{"，", ','}, {"；", ';'}, {"：", ':'}, {"！", '!'},
                           {"？", '?'}, {"（", '('}, {"）", ')'}};

}  // namespace

bool LoadEncodings() {
  Tables& tables = SharedTables();
  if (!LoadPlane("GBK", &tables.to_gbk, &tables.from_gbk) || !LoadPlane("BIG5", &tables.to_big5, nullptr))
    return false;
  for (size_t i = 0; i < tables.traditional.size(); ++i) tables.traditional[i] = static_cast<uint16_t>(i);
  for (size_t at = 0; at < kTraditionalPairs.size();) {
    const uint32_t simplified = NextCode(kTraditionalPairs, &at);
    tables.traditional[simplified] = static_cast<uint16_t>(NextCode(kTraditionalPairs, &at));
  }
  tables.gloss_needles.clear();
  tables.gloss_replacements.clear();
  tables.gloss_characters.clear();
  for (const Gloss& gloss : kGlosses) {
    std::string needle;
    AppendEncoded(gloss.character, Encoding::kGbk, &needle);
    std::string replacement = needle + "(";
    AppendEncoded(gloss.reading, Encoding::kGbk, &replacement);
    tables.gloss_needles.push_back(needle);
    tables.gloss_replacements.push_back(replacement + ")");
    tables.gloss_characters.append(gloss.character);
  }
  return true;
}

std::string ToTraditional(std::string_view simplified) {
  const Tables& tables = SharedTables();
  std::string out;
  out.reserve(simplified.size());
  for (size_t at = 0; at < simplified.size();)
    AppendUtf8(tables.traditional[NextCode(simplified, &at)], &out);
  return out;
}

std::string FoldPunctuation(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    bool folded = false;
    if (static_cast<uint8_t>(text[at]) == 0xEF) {
      for (const Fold& fold : kFolds) {
        if (text.substr(at, 3) == fold.wide) {
          out += fold.narrow;
          at += 3;
          folded = true;
          break;
        }
      }
    }
    if (!folded) out += text[at++];
  }
  return out;
}

void AppendEncoded(std::string_view utf8, Encoding encoding, std::string* out) {
  if (encoding == Encoding::kUtf8) {
    out->append(utf8);
    return;
  }
  const auto& table = encoding == Encoding::kGbk ? SharedTables().to_gbk : SharedTables().to_big5;
  for (size_t at = 0; at < utf8.size();) {
    const uint32_t code = NextCode(utf8, &at);
    if (code < 0x80) {
      *out += static_cast<char>(code);
    } else if (table[code] != 0) {
      AppendPair(table[code], out);
    } else {
      out->append("&#").append(std::to_string(code)).append(";");
    }
  }
}

std::string GarbleAsLatin1(std::string_view utf8) {
  std::string bytes;
  AppendEncoded(utf8, Encoding::kGbk, &bytes);
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char byte : bytes) AppendUtf8(static_cast<uint8_t>(byte), &out);
  return out;
}

std::string AddGlosses(std::string_view simplified, size_t glosses) {
  const Tables& tables = SharedTables();
  std::string bytes;
  AppendEncoded(ToTraditional(simplified), Encoding::kGbk, &bytes);
  for (size_t i = 0; i < glosses && i < tables.gloss_needles.size(); ++i) {
    ReplaceBytes(tables.gloss_needles[i], tables.gloss_replacements[i], &bytes);
  }
  // ， ； ？ ！ in GBK, wherever these bytes stand.
  for (const std::string_view mark : {"\xA3\xAC", "\xA3\xBB", "\xA3\xBF", "\xA3\xA1"}) {
    const char split[3] = {kVanishing, mark[0], mark[1]};
    ReplaceBytes(mark, std::string_view(split, 3), &bytes);
  }
  return DecodeLax(bytes);
}

size_t GlossCount() {
  return std::size(kGlosses);
}

std::string_view GlossCharacters() {
  return SharedTables().gloss_characters;
}

void PageWriter::Append(std::string_view utf8, bool is_field) {
  if (voice_.damage == Damage::kGloss) {
    const std::string glossed = AddGlosses(utf8, voice_.glosses);
    out_->append(voice_.folded ? FoldPunctuation(glossed) : glossed);
  } else if (voice_.damage == Damage::kLatin1 && is_field) {
    out_->append(GarbleAsLatin1(utf8));
  } else if (voice_.traditional) {
    AppendEncoded(ToTraditional(utf8), voice_.encoding, out_);
  } else {
    AppendEncoded(utf8, voice_.encoding, out_);
  }
}

void PageWriter::Mixed(std::string_view utf8) {
  size_t from = 0;
  while (from < utf8.size()) {
    size_t end = from;
    const bool ascii = static_cast<uint8_t>(utf8[from]) < 0x80;
    while (end < utf8.size() && (static_cast<uint8_t>(utf8[end]) < 0x80) == ascii) ++end;
    const std::string_view run = utf8.substr(from, end - from);
    if (ascii) {
      Raw(run);
    } else {
      Label(run);
    }
    from = end;
  }
}

}  // namespace fangzhi::portal
