#include "decode/likelihood.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/strings.h"
#include "decode/encodings.h"
#include "decode/models.h"
#include "text/text.h"

namespace fangzhi::decode {
namespace {

constexpr double kError = -11;     // an undecodable sequence
constexpr double kPassOver = -13;  // a byte that is left out, so that the rest is in step again
constexpr double kBesideWord = -5;     // a character right beside a word in small ASCII letters
constexpr double kBesideCapital = -2;  // … or a capital: A股, IT企业
constexpr double kAlone = -2.5;        // a character without another one beside it
constexpr double kHopelesslyBehind = 40;   // a way of reading this much worse than another one is not followed


// ln(probability) of a byte that is read as ASCII. An encoding that makes it a part of a character saves this.
double PlainValue(unsigned byte) {
  if ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') return -3.2;
  if (byte == ' ' || byte == '\n') return -1.7;
  if (byte == 0) return -12;
  if (byte < 0x20 && byte != '\r' && byte != '\t') return -10;
  return -3.2;
}

// --- encodings of many bytes ---

struct Character {
  char32_t code_point = text::kReplacement;
  size_t length = 0;
  bool good = false;
};

// The sequence at `at`, by the encoding's own decoder.
Character SequenceAt(Decoder& decoder, std::string_view bytes, size_t at) {
  const auto* const in = reinterpret_cast<const unsigned char*>(bytes.data()) + at;
  char out[4 * 3 + kSlack];
  Character character;
  // The shortest piece that makes a character: decoders leave what is unfinished.
  for (size_t length = 1; length <= 4 && at + length <= bytes.size(); ++length) {
    const size_t errors_before = decoder.errors;
    Cursor cursor{in, in + length, out, at + length == bytes.size()};
    decoder.Run(cursor);
    if (cursor.to == out) continue;
    const std::string_view text(out, static_cast<size_t>(cursor.to - out));
    size_t used = 0;
    character.code_point = text::DecodeUtf8(text, used);
    character.good = decoder.errors == errors_before;
    // Of a bad sequence only its first byte is passed: what follows may be the start of a good one.
    character.length = character.good ? static_cast<size_t>(cursor.in - in) : 1;
    return character;
  }
  character.length = 1;
  return character;
}

// Characters by lead and trail, so that reading costs one look.
class PairCodes {
 public:
  explicit PairCodes(std::string_view encoding) : codes_(size_t{128} << 8, 0) {
    const std::unique_ptr<Decoder> decoder = MakeDecoder(encoding);
    for (unsigned lead = 0x80; lead <= 0xFF; ++lead) {
      for (unsigned trail = 0x30; trail <= 0xFF; ++trail) {
        const char pair[] = {static_cast<char>(lead), static_cast<char>(trail)};
        const Character c = SequenceAt(*decoder, {pair, 2}, 0);
        if (c.good && c.length == 2) codes_[((lead & 0x7F) << 8) | trail] = c.code_point;
      }
    }
  }
  char32_t Find(unsigned lead, unsigned trail) const { return codes_[((lead & 0x7F) << 8) | trail]; }

 private:
  std::vector<char32_t> codes_;
};

// A character beside a byte of ASCII.
double BesideValue(unsigned byte) { return byte >= 'a' && byte <= 'z' ? kBesideWord : byte >= 'A' && byte <= 'Z' ? kBesideCapital : 0; }

// Reads bytes in an encoding of pairs as its language.
class PairReader {
 public:
  // Made at first use, and never destroyed: most documents need two of them.
  static const PairReader& Of(std::string_view encoding);
  Reading Read(std::string_view bytes, double floor) const;

 private:
  struct Kind {
    std::string_view encoding, language;
    const CharacterModel& (*model)();
  };
  static constexpr std::array<Kind, 6> kKinds = {{{"GBK", "zh", &ChineseModel},
                                                  {"Big5", "zh", &ChineseModel},
                                                  {"EUC-TW", "zh", &ChineseModel},
                                                  {"EUC-JP", "ja", &JapaneseModel},
                                                  {"Shift_JIS", "ja", &JapaneseModel},
                                                  {"EUC-KR", "ko", &KoreanModel}}};
  struct Line {
    double score = 0;
    uint32_t errors = 0;
    uint32_t characters = 0;
  };

  explicit PairReader(size_t kind) : kind_(kind), pairs_(kKinds[kind].encoding), model_(kKinds[kind].model()) {}
  Line ReadLine(std::string_view bytes, double floor) const;

  size_t kind_;
  PairCodes pairs_;
  const CharacterModel& model_;
};

const PairReader& PairReader::Of(std::string_view encoding) {
  static std::array<std::once_flag, kKinds.size()> made;
  static std::array<const PairReader*, kKinds.size()> readers;
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& one) { return one.encoding == encoding; });
  const auto i = static_cast<size_t>(kind - kKinds.begin());
  std::call_once(made.at(i), [&] { readers[i] = new PairReader(i); });
  return *readers[i];
}

// Line by line: no character goes past a line's end, and none is read by what stands before it. What is short comes again on other pages of the
// site, in its menus, and is not read again.
Reading PairReader::Read(std::string_view bytes, double floor) const {
  constexpr size_t kShort = 64;
  thread_local std::array<std::unique_ptr<RecentAnswers<Line, 2048>>, kKinds.size()> recent;
  auto& known = recent[kind_];
  if (known == nullptr) known = std::make_unique<RecentAnswers<Line, 2048>>();
  Reading reading;
  reading.encoding = kKinds[kind_].encoding;
  reading.language = kKinds[kind_].language;
  for (size_t at = 0; at < bytes.size() && reading.score >= floor;) {
    const size_t end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
    const std::string_view text = bytes.substr(at, end - at);
    const Line line = text.size() > kShort ? ReadLine(text, floor - reading.score)
                                           : known->Get(text, [this](std::string_view same) { return ReadLine(same, -std::numeric_limits<double>::infinity()); });
    reading.score += line.score;
    reading.errors += line.errors;
    reading.characters += line.characters;
    at = end;
  }
  return reading;
}

// The best way to read the bytes, each character after the one before it. Every byte may be passed over at a price: that is how a lost
// byte is survived.
PairReader::Line PairReader::ReadLine(std::string_view bytes, double floor) const {
  struct Way {
    double score = -std::numeric_limits<double>::infinity();
    Context context;
    uint32_t errors = 0;
    uint32_t characters = 0;
  };
  std::unique_ptr<Decoder> decoder;
  // Ways that end at the next positions; no character is longer than four bytes.
  std::array<Way, 8> ways;
  ways[0].score = 0;
  auto arrive = [&](size_t at, const Way& way) {
    Way& there = ways[at % ways.size()];
    if (way.score > there.score) there = way;
  };
  for (size_t at = 0; at < bytes.size(); ++at) {
    const Way here = ways[at % ways.size()];
    ways[at % ways.size()].score = -std::numeric_limits<double>::infinity();
    double best_ahead = here.score;
    for (size_t ahead = 1; ahead < 4; ++ahead) best_ahead = std::max(best_ahead, ways[(at + ahead) % ways.size()].score);
    if (here.score < best_ahead - kHopelesslyBehind) continue;
    if (best_ahead < floor) return {best_ahead, 0, 0};
    const unsigned byte = Byte(bytes, at);
    Way next = here;
    if (byte < 0x80) {
      if (next.context.previous != 0) next.score += BesideValue(byte) + (next.context.before == 0 ? kAlone : 0);
      next.context = {};
      arrive(at + 1, next);
      continue;
    }
    size_t length = 2;
    char32_t c = at + 1 < bytes.size() ? pairs_.Find(byte, Byte(bytes, at + 1)) : 0;
    if (c == 0) {
      if (decoder == nullptr) decoder = MakeDecoder(kKinds[kind_].encoding);
      const Character sequence = SequenceAt(*decoder, bytes, at);
      length = sequence.length;
      c = sequence.good ? sequence.code_point : 0;
    }
    ++next.characters;
    if (c == 0) {
      next.score += kError;
      next.context = {};
      ++next.errors;
      arrive(at + length, next);
      continue;
    }
    if (next.context.previous == 0 && at > 0) next.score += BesideValue(Byte(bytes, at - 1));
    next.score += model_.Next(next.context, c);
    for (size_t i = 1; i < length; ++i) {
      if (Byte(bytes, at + i) < 0x80) next.score -= PlainValue(Byte(bytes, at + i));
    }
    arrive(at + length, next);
    Way& beside = ways[(at + 1) % ways.size()];
    if (here.score + kPassOver > beside.score) beside = {here.score + kPassOver, {}, here.errors + 1, here.characters + 1};
  }
  const Way& end = ways[bytes.size() % ways.size()];
  return {end.score, end.errors, end.characters};
}

// Letters of two alphabets in one word.
constexpr float kMixedWord = -13;
// A letter that the language does not have.
constexpr float kForeignLetter = -10;

double CaseValue(unsigned previous, unsigned now) {
  if (now == 2) return previous == 1 ? -5 : previous == 2 ? -1 : -1.5;
  return 0;
}

// The letters outside ASCII of a text in Unicode, in the language in which they are likeliest.
double ReadLetters(std::u32string_view text) {
  // Thousands of letters say no more than a thousand.
  constexpr size_t kRead = 3000;
  text = text.substr(0, kRead);
  const auto is_letter = [](char32_t c) { return c >= 0x80 && IsAlphabetic(c); };
  // What the models are asked of: letters and what follows them, each with what stands before it. The rest of the text, ideographs
  // above all, is passed over once and not for each language.
  struct Asked {
    char32_t character;
    uint8_t letter_case;  // 0: not alphabetic
    bool counts;
  };
  std::vector<Asked> asked;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool counts = is_letter(text[i]) || (i > 0 && is_letter(text[i - 1]));
    if (!counts && !(i + 1 < text.size() && is_letter(text[i + 1]))) continue;
    bool upper = false;
    const bool alphabetic = IsAlphabetic(text[i]);
    if (alphabetic) (void)FoldCase(text[i], &upper);
    asked.push_back({text[i], static_cast<uint8_t>(alphabetic ? upper ? 2 : 1 : 0), counts});
  }
  if (asked.empty()) return 0;
  double best = -std::numeric_limits<double>::infinity();
  for (const LetterModel& model : LetterModels()) {
    double sum = 0;
    unsigned before = LetterModel::kNoLetter, previous_case = 0;
    for (const auto& [c, letter_case, counts] : asked) {
      const unsigned symbol = letter_case != 0 ? model.SymbolOf(c) : LetterModel::kNoLetter;
      if (counts) {
        const bool mixed = (before == LetterModel::kForeign && symbol > LetterModel::kForeign) ||
                           (before > LetterModel::kForeign && symbol == LetterModel::kForeign);
        sum += (mixed ? kMixedWord : model.After(before, symbol)) + CaseValue(previous_case, letter_case);
        if (is_letter(c) && symbol == LetterModel::kForeign) sum += kForeignLetter;
        if (c < 0x80) sum -= PlainValue(static_cast<unsigned>(c));
      }
      before = symbol;
      previous_case = letter_case;
    }
    best = std::max(best, sum);
  }
  return best - 2;  // any of three dozen languages
}

// Characters of Unicode in whatever language but letters: ideographs, kana and hangul by their languages' models, signs.
class AnyLanguage {
 public:
  double Next(char32_t c) {
    if (text::IsHangul(c)) return korean_.Next(korean_context_, c);
    if (text::IsHan(c) || text::IsKana(c) || (c >= 0x2000 && c < 0x2E80) || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFFEF)) {
      // Signs belong to all languages alike.
      const float least = c < 0x2E80 ? -9.0F : -12.5F;
      const float chinese = std::max(least, chinese_.Next(chinese_context_, c));
      const float japanese = std::max(least, japanese_.Next(japanese_context_, c));
      chinese_sum_ += chinese;
      japanese_sum_ += japanese;
      return 0;  // in Sum()
    }
    if (c < 0xA0 || c == text::kReplacement || text::IsPrivateUse(c)) return kAlienValue;
    return IsAlphabetic(c) ? 0 : SignValue(c) - 2;  // letters: ReadLetters
  }
  void Break() {
    chinese_context_ = japanese_context_ = korean_context_ = {};
  }
  double Sum() const { return std::max(chinese_sum_, japanese_sum_ - 1); }
  std::string_view Language() const { return japanese_sum_ > chinese_sum_ ? "ja" : "zh"; }

 private:
  const CharacterModel& chinese_ = ChineseModel();
  const CharacterModel& japanese_ = JapaneseModel();
  const CharacterModel& korean_ = KoreanModel();
  Context chinese_context_, japanese_context_, korean_context_;
  double chinese_sum_ = 0, japanese_sum_ = 0;
};

// The most that the languages of letters give for one: ReadLetters frees the ASCII on both sides of it.
constexpr double kMostOfLetter = 24;

Reading ReadUtf8(std::string_view bytes, double floor) {
  Reading reading;
  reading.encoding = "UTF-8";
  AnyLanguage any;
  std::u32string text;
  size_t long_sequences = 0;
  for (size_t at = 0; at < bytes.size();) {
    if (Byte(bytes, at) < 0x80) {
      any.Break();
      text.push_back(Byte(bytes, at));
      ++at;
      continue;
    }
    const size_t begin = at;
    const char32_t c = text::DecodeUtf8(bytes, at);
    ++reading.characters;
    if (c == text::kReplacement && bytes.substr(begin, at - begin) != "\xEF\xBF\xBD") {
      reading.score += kError;
      ++reading.errors;
      any.Break();
      text.push_back('\n');
    } else {
      reading.score += any.Next(c);
      text.push_back(c);
      if (at - begin > 2) ++long_sequences;
    }
  }
  reading.score += any.Sum();
  reading.language = any.Language();
  if (reading.score + kMostOfLetter * static_cast<double>(reading.characters - reading.errors) < floor) return reading;
  reading.score += ReadLetters(text);
  // Bytes that are something else are seldom well-formed UTF-8 throughout; pairs are, more often.
  if (reading.errors == 0 && (long_sequences >= 2 || reading.characters >= 6)) reading.score += 3;
  return reading;
}

Reading ReadUtf16(std::string_view bytes, bool big_endian) {
  Reading reading;
  reading.encoding = big_endian ? "UTF-16BE" : "UTF-16LE";
  AnyLanguage any;
  std::u32string text;
  for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const unsigned high = Byte(bytes, at + (big_endian ? 0 : 1));
    const unsigned low = Byte(bytes, at + (big_endian ? 1 : 0));
    for (const unsigned byte : {high, low}) {
      if (byte < 0x80) reading.score -= PlainValue(byte);
    }
    const char32_t c = (high << 8) | low;
    text.push_back(c);
    if (c < 0x80) {
      reading.score += PlainValue(c) - 0.2;
      any.Break();
      continue;
    }
    ++reading.characters;
    if (c >= 0xD800 && c <= 0xDFFF) {
      reading.score += -14;
      ++reading.errors;
      any.Break();
    } else {
      reading.score += any.Next(c);
    }
  }
  if (bytes.size() % 2 != 0) {
    reading.score += kError;
    ++reading.errors;
  }
  reading.score += any.Sum() + ReadLetters(text);
  reading.language = any.Language();
  return reading;
}

// --- single bytes ---

struct SingleByteEncoding {
  std::string_view name;
  std::string_view languages;  // separated by blanks, the likelier first
};
// The standard's relatives with the same letters at the same places are left out: windows' ones have more characters.
constexpr SingleByteEncoding kSingleByteEncodings[] = {
    {"windows-1252", "en de fr es it pt nl sv da nb fi is ca"},
    {"windows-1250", "pl cs sk hu hr sl ro de"},
    {"ISO-8859-2", "pl cs sk hu hr sl ro de"},
    {"windows-1251", "ru uk bg sr mk be"},
    {"KOI8-R", "ru"},
    {"KOI8-U", "uk"},
    {"ISO-8859-5", "ru bg sr mk be uk"},
    {"IBM866", "ru uk be"},
    {"x-mac-cyrillic", "ru uk bg"},
    {"windows-1253", "el"},
    {"ISO-8859-7", "el"},
    {"windows-1254", "tr"},
    {"windows-1255", "he"},
    {"windows-1256", "ar fa"},
    {"ISO-8859-6", "ar"},
    {"windows-1257", "lt lv et"},
    {"ISO-8859-13", "lt lv et"},
    {"ISO-8859-4", "lt lv et"},
    {"windows-1258", "vi"},
    {"windows-874", "th"},
    {"ISO-8859-15", "fr fi et de nl"},
    {"macintosh", "en fr de es it pt"},
    {"ISO-8859-16", "ro"},
};

// One encoding in one language: for each byte its symbol and what its sign or case costs.
struct ByteReader {
  std::string_view encoding;
  const LetterModel* model = nullptr;
  bool latin = false;  // ASCII letters belong to the language's words
  std::array<uint8_t, 256> symbol{};
  std::array<float, 256> extra{};
  std::array<uint8_t, 256> letter_case{};  // 1 small, 2 capital, 3 without case, 0 no letter
  std::array<bool, 256> sign{};            // outside ASCII, and no letter
  std::array<bool, 256> sign_ends_word{};  // a sign outside ASCII that does not stand inside words
};

ByteReader MakeByteReader(std::string_view encoding, const LetterModel& model) {
  const char32_t* const upper_half = SingleByteTable(encoding);
  ByteReader reader;
  reader.encoding = encoding;
  reader.model = &model;
  reader.latin = model.SymbolOf(U'e') != LetterModel::kForeign;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char32_t c = byte < 0x80 ? byte : upper_half[byte - 0x80];
    const unsigned symbol = model.SymbolOf(c);
    reader.symbol[byte] = static_cast<uint8_t>(symbol);
    bool upper = false;
    (void)FoldCase(c, &upper);
    if (symbol != LetterModel::kNoLetter && IsAlphabetic(c)) {
      reader.letter_case[byte] = upper ? 2 : c >= 0x590 && c < 0x1E00 ? 3 : 1;
    }
    reader.sign[byte] = byte >= 0x80 && symbol == LetterModel::kNoLetter;
    reader.sign_ends_word[byte] = reader.sign[byte] && c != 0x2019 && c != 0xAD && c != 0xB7 && c != 0x200C && c != 0x200D;
    if (byte >= 0x80) reader.extra[byte] = symbol == LetterModel::kNoLetter ? SignValue(c) : symbol == LetterModel::kForeign ? kForeignLetter : 0.0F;
  }
  return reader;
}

const std::vector<ByteReader>& ByteReaders() {
  static const auto* const readers = [] {
    auto* made = new std::vector<ByteReader>;
    for (const SingleByteEncoding& encoding : kSingleByteEncodings) {
      for (const std::string_view language : Split(encoding.languages, ' ')) {
        if (const LetterModel* const model = LetterModelOf(language)) made->push_back(MakeByteReader(encoding.name, *model));
      }
    }
    return made;
  }();
  return *readers;
}

// A sign inside a word, if it is not one of those that words have.
constexpr float kSignInWord = -4;
constexpr double kSign = -1.8;  // that a sign, of whatever kind, comes next

Reading ReadBytes(std::string_view bytes, const ByteReader& reader) {
  Reading reading;
  reading.encoding = reader.encoding;
  reading.language = reader.model->language();
  unsigned before_previous = '\n';
  unsigned previous = '\n';
  for (const char c : bytes) {
    const unsigned byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || previous >= 0x80) {
      const unsigned before = reader.symbol[previous];
      const unsigned symbol = reader.symbol[byte];
      const bool mixed = (before == LetterModel::kForeign && symbol > LetterModel::kForeign) ||
                         (before > LetterModel::kForeign && symbol == LetterModel::kForeign);
      // Between a sign and ASCII there is nothing that would tell languages apart.
      const bool neutral = (byte < 0x80 || previous < 0x80) && reader.sign[byte >= 0x80 ? byte : previous];
      const double step = mixed ? kMixedWord : neutral ? (byte >= 0x80 ? kSign : PlainValue(byte)) : reader.model->After(before, symbol);
      reading.score += step + reader.extra[byte] +
                       CaseValue(reader.letter_case[previous], reader.letter_case[byte]);
      if (reader.sign_ends_word[previous] && reader.letter_case[before_previous] != 0 && reader.letter_case[byte] != 0) reading.score += kSignInWord;
      if (byte < 0x80) {
        reading.score -= PlainValue(byte);
      } else {
        ++reading.characters;
        if (reader.extra[byte] <= -14) ++reading.errors;
      }
    }
    before_previous = previous;
    previous = byte;
  }
  return reading;
}

// How much more the words in ASCII letters read like each Latin language: at most so far apart, the more the longer they are. Languages
// in other scripts lose a little by such words.
double PlainLimit(size_t letters) { return std::min(30.0, 9 + static_cast<double>(letters) / 20); }
double PlainStrange(size_t letters) { return std::min(9.0, 0.15 * static_cast<double>(letters)); }

}  // namespace

Reading ReadAs(std::string_view bytes, std::string_view encoding, double floor) {
  if (encoding == "UTF-8") return ReadUtf8(bytes, floor);
  if (encoding == "UTF-16LE" || encoding == "UTF-16BE") return ReadUtf16(bytes, encoding == "UTF-16BE");
  return PairReader::Of(encoding).Read(bytes, floor);
}

std::vector<Reading> ReadAsSingleByte(std::string_view bytes, std::string_view plain, std::string_view label) {
  const std::vector<ByteReader>& readers = ByteReaders();
  // The language of the words in ASCII, by the first encoding of each language: ASCII is the same in all.
  std::map<std::string_view, double> by_language;
  double best_plain = -std::numeric_limits<double>::infinity();
  for (const ByteReader& reader : readers) {
    if (!reader.latin || by_language.contains(reader.model->language())) continue;
    double sum = 0;
    unsigned previous = '\n';
    for (const char c : plain) {
      const unsigned byte = static_cast<unsigned char>(c);
      if (byte < 0x80 && previous < 0x80) sum += reader.model->After(reader.symbol[previous], reader.symbol[byte]);
      previous = byte;
    }
    by_language[reader.model->language()] = sum;
    best_plain = std::max(best_plain, sum);
  }
  const auto plain_letters = static_cast<size_t>(std::count_if(plain.begin(), plain.end(), [](char c) { return IsAsciiAlpha(c); }));
  std::vector<Reading> readings;
  readings.reserve(readers.size());
  auto read = [&](const ByteReader& reader) {
    Reading reading = ReadBytes(bytes, reader);
    if (const auto found = by_language.find(reading.language); found != by_language.end()) {
      reading.score += std::max(0.6 * (found->second - best_plain), -PlainLimit(plain_letters));
    } else {
      reading.score -= PlainStrange(plain_letters);
    }
    readings.push_back(reading);
  };
  for (const ByteReader& reader : readers) read(reader);
  const bool known = std::any_of(readers.begin(), readers.end(), [&](const ByteReader& reader) { return reader.encoding == label; });
  if (!known && SingleByteTable(label) != nullptr) {
    for (const LetterModel& model : LetterModels()) read(MakeByteReader(label, model));
  }
  return readings;
}

double Prior(std::string_view encoding) {
  struct Entry {
    std::string_view encoding;
    double value;
  };
  static constexpr Entry kEntries[] = {
      {"UTF-8", -0.5},       {"GBK", -1},          {"Big5", -3},         {"EUC-TW", -7},       {"EUC-JP", -5},        {"Shift_JIS", -5},  {"EUC-KR", -5},
      {"UTF-16LE", -5},      {"UTF-16BE", -6},     {"windows-1252", -3}, {"windows-1251", -5}, {"windows-1250", -6},  {"ISO-8859-2", -7}, {"KOI8-R", -6.5},
      {"KOI8-U", -8},        {"ISO-8859-5", -8},   {"IBM866", -8},       {"windows-1253", -6}, {"ISO-8859-7", -7},  {"windows-1254", -6}, {"windows-1255", -6},
      {"windows-1256", -6},  {"ISO-8859-6", -8},   {"windows-1257", -6.5}, {"ISO-8859-13", -8}, {"ISO-8859-4", -11},   {"windows-1258", -7}, {"windows-874", -6},
      {"ISO-8859-15", -7.5}, {"macintosh", -14},   {"x-mac-cyrillic", -14}, {"ISO-8859-16", -14}};
  for (const Entry& entry : kEntries) {
    if (entry.encoding == encoding) return entry.value;
  }
  return -12;
}

}  // namespace fangzhi::decode
