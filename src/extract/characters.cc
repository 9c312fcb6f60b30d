#include "extract/characters.h"

#include <algorithm>
#include <array>

namespace fangzhi::extract {
namespace {

// Traditional, Simplified. Only what labels, weekdays, dates and page texts of our tables are made of.
constexpr std::u32string_view kLabelPairs =
    U"發发時时間间來来點点擊击瀏浏覽览閱阅讀读訪访問问數数責责編编輯辑記记單单機机構构聞闻錄录審审題题關关閉"
    U"闭總总號号體体報报"
    U"聲声權权頁页條条處处訊讯資资載载變变簽签網网種种類类類类撰撰攝摄標标籤签鏈链擴扩佈布稱称動动態态現现實"
    U"实據据園园"
    U"曆历歷历過过氣气會会議议評评論论轉转國国華华門门務务見见導导驗验證证碼码錯错誤误無无術术開开關关員员訂"
    U"订閱阅應应"
    U"該该請请繼继續续聯联繫系係系對对沒没訪访統统計计報报譯译圖图師师將将為为產产業业專专屬属適适當当於于個"
    U"个從从"
    U"發发領领檔档書书長长區区廳厅縣县鄉乡鎮镇號号語语說说讓让話话連连絡络線线郵邮傳传電电腦脑"
    U"別别內内創创貼贴執执後后頒颁狀状觀观視视鍵键範范贊赞讚赞監监縮缩週周衞卫參参調调灣湾畫画劃划醫医藥药萬万億亿價价閲阅説说結结註注"
    U"簡简庫库試试館馆級级聽听還还復复複复採采舉举圍围熱热終终選选歸归寫写護护廢废細细樣样";
static_assert(kLabelPairs.size() % 2 == 0 && kLabelPairs.size() / 2 <= 384);

struct LabelFold {
  std::array<char32_t, 384> from{};
  std::array<char32_t, 384> to{};
  size_t count = 0;
};

LabelFold MakeLabelFold() {
  std::vector<std::pair<char32_t, char32_t>> pairs;
  for (size_t i = 0; i + 1 < kLabelPairs.size(); i += 2)
    pairs.emplace_back(kLabelPairs[i], kLabelPairs[i + 1]);
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  LabelFold fold;
  for (const auto& [from, to] : pairs) {
    if (fold.count == fold.from.size()) break;
    fold.from[fold.count] = from;
    fold.to[fold.count++] = to;
  }
  return fold;
}

// One bit for each character of the Basic Multilingual Plane that the fold changes: most text passes with one
// look.
struct FoldTable {
  LabelFold fold = MakeLabelFold();
  std::array<uint64_t, 1024> bits{};

  FoldTable() {
    for (size_t i = 0; i < fold.count; ++i) bits[fold.from[i] >> 6] |= uint64_t{1} << (fold.from[i] & 63);
  }
  char32_t Apply(char32_t c) const {
    if ((bits[c >> 6] >> (c & 63) & 1) == 0) return c;
    const auto* end = fold.from.data() + fold.count;
    const auto* place = std::lower_bound(fold.from.data(), end, c);
    return fold.to[static_cast<size_t>(place - fold.from.data())];
  }
};

const FoldTable& Table() {
  static const FoldTable table;
  return table;
}

// Characters that only one of the two scripts has, among the few hundred most frequent ones. Characters that
// Traditional also uses for themselves (后 里 台 系 干 面 只) are left out on purpose.
constexpr std::u32string_view kOnlySimplified =
    U"们这个为国来时会学对发经过进动还产现实与从开问间长应关点业无门员两东车总义办头马书见电达员队决计设认议"
    U"报场战"
    U"条节种类质选术极际边运转务农团项统处华组织导济难线级较规则据权县乡镇区厅网显众会陈张刘杨赵黄吴孙兴财贵"
    U"费资购"
    U"热烧灾环责编辑记闻阅读访广题号图师专属适当将语说让话连络邮传脑严丰举乐习卫厂历压听启园围图圆坏坚块声备"
    U"复够奖"
    U"妇宝审宽宾层岁岛师带帮广庆应废异归录彻径忆态总恶惊惯惩护担择换损摆断无旧显晓机杀杂权条标树样档桥检欢毕"
    U"气汉";
constexpr std::u32string_view kOnlyTraditional =
    U"們這個為國來時會學對發經過進動還產現實與從開問間長應關點業無門員兩東車總義辦頭馬書見電達員隊決計設認議"
    U"報場戰"
    U"條節種類質選術極際邊運轉務農團項統處華組織導濟難線級較規則據權縣鄉鎮區廳網顯眾會陳張劉楊趙黃吳孫興財貴"
    U"費資購"
    U"熱燒災環責編輯記聞閱讀訪廣題號圖師專屬適當將語說讓話連絡郵傳腦嚴豐舉樂習衛廠歷壓聽啟園圍圖圓壞堅塊聲備"
    U"復夠獎"
    U"婦寶審寬賓層歲島師帶幫廣慶應廢異歸錄徹徑憶態總惡驚慣懲護擔擇換損擺斷無舊顯曉機殺雜權條標樹樣檔橋檢歡畢"
    U"氣漢";

struct ScriptBits {
  std::array<uint64_t, 1024> simplified{}, traditional{};

  ScriptBits() {
    for (char32_t c : kOnlySimplified) simplified[c >> 6] |= uint64_t{1} << (c & 63);
    for (char32_t c : kOnlyTraditional) traditional[c >> 6] |= uint64_t{1} << (c & 63);
    for (size_t i = 0; i < simplified.size(); ++i) {  // what stands in both tables tells nothing
      const uint64_t both = simplified[i] & traditional[i];
      simplified[i] &= ~both;
      traditional[i] &= ~both;
    }
  }
  static bool Has(const std::array<uint64_t, 1024>& bits, char32_t c) {
    return c < 0x10000 && (bits[c >> 6] >> (c & 63) & 1) != 0;
  }
};

const ScriptBits& Scripts() {
  static const ScriptBits bits;
  return bits;
}

struct ScriptCounts {
  size_t han = 0, simplified = 0, traditional = 0, latin = 0, kana = 0, hangul = 0, cyrillic = 0, arabic = 0,
         tibetan = 0, mongolian = 0;
};

ScriptCounts CountScripts(std::string_view text) {
  ScriptCounts counts;
  const ScriptBits& scripts = Scripts();
  size_t seen = 0;
  for (size_t offset = 0; offset < text.size() && seen < 6'000; ++seen) {
    const char32_t c = text::DecodeUtf8(text, offset);
    if (c < 0x80) {
      counts.latin += IsLetter(c);
    } else if (text::IsHan(c)) {
      ++counts.han;
      counts.simplified += ScriptBits::Has(scripts.simplified, c);
      counts.traditional += ScriptBits::Has(scripts.traditional, c);
    } else if (c < 0x250) {
      counts.latin += c >= 0xC0;
    } else if (c >= 0x400 && c < 0x530) {
      ++counts.cyrillic;
    } else if (c >= 0x600 && c < 0x780) {
      ++counts.arabic;
    } else if (c >= 0xF00 && c < 0x1000) {
      ++counts.tibetan;
    } else if (c >= 0x1800 && c < 0x18B0) {
      ++counts.mongolian;
    } else if (text::IsKana(c)) {
      ++counts.kana;
    } else if (text::IsHangul(c)) {
      ++counts.hangul;
    }
  }
  return counts;
}

}  // namespace

namespace {

inline char32_t FoldWith(const FoldTable& table, char32_t c) {
  if (c < 0x80) return c;
  if (c >= 0x3400 && c < 0xA000) return table.Apply(c);  // nearly all
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
  if (c == 0x3000 || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F) return U' ';
  if (c == U'²' || c == U'³') return c - U'²' + U'2';
  if (c == U'¹') return U'1';
  if (c == 0x2070 || (c >= 0x2074 && c <= 0x2079)) return c - 0x2070 + U'0';
  switch (c) {
    case U'﹕':
    case U'∶':
    case U'︰':
      return U':';
    case U'–':
    case U'—':
    case U'‐':
    case U'‑':
    case U'−':
      return U'-';
    case U'∕':
    case U'⁄':
      return U'/';
    default:
      return c;
  }
}

}  // namespace

char32_t FoldCharacter(char32_t c) {
  return FoldWith(Table(), c);
}

void FoldInto(std::string_view text, FoldedText& out) {
  const FoldTable& table = Table();
  out.characters.resize(text.size());
  out.offsets.resize(text.size() + 1);
  size_t count = 0;
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const char32_t c = text::DecodeUtf8(text, offset);
    if (c >= 0x80 && IsZeroWidth(c)) continue;
    out.characters[count] = FoldWith(table, c);
    out.offsets[count++] = static_cast<uint32_t>(begin);
  }
  out.characters.resize(count);
  out.offsets[count] = static_cast<uint32_t>(text.size());
  out.offsets.resize(count + 1);
}

FoldedText Fold(std::string_view text) {
  FoldedText folded;
  FoldInto(text, folded);
  return folded;
}

std::u32string ComparisonKey(std::string_view text) {
  std::u32string key;
  key.reserve(text.size() / 3 + 1);
  const FoldTable& table = Table();
  for (size_t offset = 0; offset < text.size();) {
    const char32_t c = FoldWith(table, text::DecodeUtf8(text, offset));
    if (!text::IsSpace(c) && !IsZeroWidth(c)) key.push_back(c < 0x80 && c >= U'A' && c <= U'Z' ? c + 32 : c);
  }
  return key;
}

std::string TrimSeparators(std::string_view text) {
  const auto separator = [](char32_t c) {
    if (text::IsSpace(c) || IsZeroWidth(c)) return true;
    switch (c) {
      case U'|':
      case U'｜':
      case U'│':
      case U'丨':
      case U'┃':
      case U':':
      case U'：':
      case U'-':
      case U'—':
      case U'–':
      case U',':
      case U'，':
      case U';':
      case U'；':
      case U'/':
      case U'／':
      case U'>':
      case U'·':
      case U'•':
      case U'、':
      case U'\\':
      case U'_':
      case U'*':
        return true;
      default:
        return false;
    }
  };
  size_t begin = text.size(), end = 0;
  for (size_t offset = 0; offset < text.size();) {
    const size_t start = offset;
    if (separator(text::DecodeUtf8(text, offset))) continue;
    if (begin == text.size()) begin = start;
    end = offset;
  }
  if (begin >= end) return "";
  // A bracket around the whole, or one that lost its partner.
  std::string_view kept = text.substr(begin, end - begin);
  struct Pair {
    std::string_view open, close;
  };
  static constexpr Pair kPairs[] = {{"[", "]"},   {"【", "】"}, {"(", ")"},
                                    {"（", "）"}, {"〖", "〗"}, {"［", "］"}};
  for (const Pair& pair : kPairs) {
    const bool opens = kept.starts_with(pair.open), closes = kept.ends_with(pair.close);
    const bool has_close = kept.find(pair.close) != std::string_view::npos;
    const bool has_open = kept.find(pair.open) != std::string_view::npos;
    if (opens && (closes || !has_close)) {
      const bool whole = closes && kept.find(pair.close) == kept.size() - pair.close.size();
      if (whole || !has_close) {
        kept.remove_prefix(pair.open.size());
        if (whole) kept.remove_suffix(pair.close.size());
      }
    } else if (closes && !has_open) {
      kept.remove_suffix(pair.close.size());
    } else if (kept.ends_with(pair.open)) {
      kept.remove_suffix(pair.open.size());
    } else if (kept.starts_with(pair.close)) {
      kept.remove_prefix(pair.close.size());
    }
  }
  return text::Trim(kept);
}

std::string DetectLanguage(std::string_view text) {
  const ScriptCounts counts = CountScripts(text);
  if (counts.kana * 10 > counts.han && counts.kana >= 10) return "ja";
  if (counts.hangul * 2 > counts.han && counts.hangul >= 10) return "ko";
  // A Latin word takes about five letters where Chinese takes two characters.
  const size_t letters = counts.latin / 3;
  if (counts.han >= 10 && counts.han >= letters && counts.han >= counts.cyrillic / 3) {
    if (counts.traditional > counts.simplified) return "zh-Hant";
    if (counts.simplified > 0) return "zh-Hans";
    return counts.han >= 30 ? "zh-Hans" : "";
  }
  struct Other {
    size_t count;
    const char* name;
  };
  const Other others[] = {{counts.latin, "en"},
                          {counts.cyrillic, "ru"},
                          {counts.arabic, "ar"},
                          {counts.tibetan, "bo"},
                          {counts.mongolian, "mn"}};
  const Other* best = &others[0];
  for (const Other& other : others) {
    if (other.count > best->count) best = &other;
  }
  return best->count >= 40 ? best->name : "";
}

bool IsTraditional(std::string_view text) {
  const ScriptCounts counts = CountScripts(text);
  return counts.traditional > counts.simplified;
}

}  // namespace fangzhi::extract
