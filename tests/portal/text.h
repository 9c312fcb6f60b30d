// Encodings and the ways in which a page's text is spoilt on its way: the portal's own half of the truth,
// made with iconv's tables and not with the code under test.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fangzhi::portal {

enum class Encoding : uint8_t { kUtf8, kGbk, kBig5 };
enum class Damage : uint8_t {
  kNone,
  kLatin1,  // fields are GBK bytes that were read as Latin-1 and stored as UTF-8
  kGloss,   // the whole page went through a copier: traditional script, pinyin glosses put in byte by byte
};

// How a page says its text.
struct Voice {
  Encoding encoding = Encoding::kUtf8;
  Damage damage = Damage::kNone;
  bool traditional = false;
  bool folded = false;   // full-width punctuation became ASCII
  uint16_t glosses = 0;  // how many entries of the gloss table the copier uses

  bool operator==(const Voice&) const = default;
};

// Builds the tables once; false when the system's iconv lacks GBK or Big5.
bool LoadEncodings();

std::string ToTraditional(std::string_view simplified);
// Full-width ，；：！？（） as ASCII.
std::string FoldPunctuation(std::string_view text);
// A character that the encoding lacks becomes a numeric character reference.
void AppendEncoded(std::string_view utf8, Encoding encoding, std::string* out);
std::string GarbleAsLatin1(std::string_view utf8);
std::string AddGlosses(std::string_view simplified, size_t glosses);
size_t GlossCount();
std::string_view GlossCharacters();

// A page under way.
class PageWriter {
 public:
  PageWriter(const Voice& voice, std::string* out) : voice_(voice), out_(out) {}
  // ASCII: markup, numbers, addresses.
  void Raw(std::string_view ascii) { out_->append(ascii); }
  // Words of the template.
  void Label(std::string_view utf8) { Append(utf8, false); }
  // What an editor typed: spoilt where the voice is.
  void Field(std::string_view utf8) { Append(utf8, true); }
  // Template text with markup inside: the runs of non-ASCII go through Label one by one.
  void Mixed(std::string_view utf8);

 private:
  void Append(std::string_view utf8, bool is_field);

  Voice voice_;
  std::string* out_;
};

}  // namespace fangzhi::portal
