#include "extract/end_lines.h"

#include <algorithm>
#include <string>

#include "base/strings.h"
#include "extract/characters.h"
#include "extract/info_line.h"
#include "extract/label_values.h"
#include "extract/line_words.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

constexpr EndWord kEndWords[] = {
    {"上一篇", EndForm::kNeighbour},       {"下一篇", EndForm::kNeighbour},       {"上一条", EndForm::kNeighbour},     {"下一条", EndForm::kNeighbour},
    {"上一頁", EndForm::kNeighbour},       {"下一則", EndForm::kNeighbour},       {"上一則", EndForm::kNeighbour},     {"上篇", EndForm::kNeighbour},
    {"下篇", EndForm::kNeighbour},         {"相关阅读", EndForm::kFinalBox},      {"相关新闻", EndForm::kFinalBox},    {"相关文章", EndForm::kFinalBox},
    {"热门推荐", EndForm::kFinalBox},      {"为您推荐", EndForm::kFinalBox},      {"为你推荐", EndForm::kFinalBox},    {"相关推荐", EndForm::kFinalBox},
    {"精彩推荐", EndForm::kFinalBox},      {"更多推荐", EndForm::kFinalBox},      {"猜你喜欢", EndForm::kFinalBox},    {"网友评论", EndForm::kFinalBox},
    {"发表评论", EndForm::kFinalBox},      {"最新评论", EndForm::kFinalBox},      {"我来说两句", EndForm::kFinalBox},  {"用户评论", EndForm::kFinalBox},
    {"文明上网", EndForm::kFinalBox},      {"网友跟帖", EndForm::kFinalBox},      {"全部评论", EndForm::kFinalBox},    {"热门评论", EndForm::kFinalBox},
    {"精彩评论", EndForm::kFinalBox},      {"读者评论", EndForm::kFinalBox},      {"我要评论", EndForm::kBox},         {"相关链接", EndForm::kBox},
    {"相关报道", EndForm::kBox},           {"相关专题", EndForm::kBox},           {"延伸阅读", EndForm::kBox},         {"推荐阅读", EndForm::kBox},
    {"更多精彩", EndForm::kBox},           {"更多新闻", EndForm::kBox},           {"更多内容", EndForm::kBox},           {"更多详细", EndForm::kBox},         {"编辑推荐", EndForm::kBox},
    {"相关图片", EndForm::kBox},           {"相关附件下载", EndForm::kBox},       {"檔案下載", EndForm::kBox},         {"相關圖片", EndForm::kBox},
    {"附加檔案", EndForm::kBox},           {"附件檔案", EndForm::kBox},
    {"相關附件", EndForm::kBox},           {"相關檔案", EndForm::kBox},           {"相關新聞", EndForm::kBox},         {"相關連結", EndForm::kBox},
    {"相關閱讀", EndForm::kBox},           {"延伸閱讀", EndForm::kBox},           {"友情链接", EndForm::kBox},         {"分享到", EndForm::kControl},
    {"分享至", EndForm::kControl},         {"分享：", EndForm::kControl},         {"分享工具", EndForm::kControl},         {"分享让更多人", EndForm::kControl}, {"扫一扫", EndForm::kControl},
    {"扫描二维码", EndForm::kControl},     {"【打印", EndForm::kControl},         {"[打印", EndForm::kControl},        {"打印本页", EndForm::kControl},
    {"关闭窗口", EndForm::kControl},       {"【关闭", EndForm::kControl},         {"[关闭", EndForm::kControl},        {"返回列表", EndForm::kControl},
    {"返回顶部", EndForm::kControl},       {"返回首页", EndForm::kControl},       {"回上一頁", EndForm::kControl},     {"回上頁", EndForm::kControl},
    {"友善列印", EndForm::kControl},       {"【纠错", EndForm::kControl},         {"[纠错", EndForm::kControl},        {"我要纠错", EndForm::kControl},
    {"点击查看更多", EndForm::kControl},   {"您对本页", EndForm::kControl},       {"您对该页", EndForm::kControl},     {"您觉得该", EndForm::kControl},
    {"本页面内容对您", EndForm::kControl}, {"正文已结束", EndForm::kControl},     {"分隔线", EndForm::kControl},       {"办理评价", EndForm::kControl},
    {"满意度评价", EndForm::kControl},     {"滿意度調查", EndForm::kControl},     {"满意度", EndForm::kControl},       {"版权声明", EndForm::kNotice},
    {"版权与免责", EndForm::kNotice},      {"免责声明", EndForm::kNotice},        {"特别声明", EndForm::kNotice},      {"法律声明", EndForm::kNotice},
    {"责任编辑", EndForm::kEditor},        {"責任編輯", EndForm::kEditor},        {"责编", EndForm::kEditor},          {"编辑", EndForm::kRole},
    {"初审", EndForm::kRole},              {"一审", EndForm::kRole},              {"终审", EndForm::kRole},            {"审核", EndForm::kRole},
    {"校对", EndForm::kRole},              {"撰稿人", EndForm::kRole},            {"譯稿人", EndForm::kRole},          {"供稿", EndForm::kRole},
    {"撰稿", EndForm::kRole},              {"文字", EndForm::kRole},              {"摄影", EndForm::kRole},            {"文", EndForm::kRole},
    {"来源", EndForm::kSource},            {"來源", EndForm::kSource},            {"稿源", EndForm::kSource},          {"資料來源", EndForm::kSource},
    {"资料来源", EndForm::kSource},        {"資料提供", EndForm::kSource},        {"本文来源", EndForm::kSource},      {"关键词", EndForm::kKeywords},
    {"关键字", EndForm::kKeywords},        {"标签", EndForm::kKeywords},          {"文章关键词", EndForm::kKeywords},  {"相关热词", EndForm::kKeywords},
    {"相关热词搜索", EndForm::kKeywords},  {"热词搜索", EndForm::kKeywords},      {"原标题", EndForm::kKeywords},        {"本文网址", EndForm::kKeywords},    {"本文链接", EndForm::kKeywords},
    {"新闻热线", EndForm::kStamp},         {"打印时间", EndForm::kStamp},         {"最近修訂日期", EndForm::kStamp},   {"修訂日期", EndForm::kStamp},
    {"最后更新", EndForm::kStamp},         {"最後更新", EndForm::kStamp},         {"网站标识码", EndForm::kStamp},     {"ICP备", EndForm::kStamp},
    {"版权所有", EndForm::kFrame},         {"Copyright", EndForm::kFrame},        {"copyright", EndForm::kFrame},      {"©", EndForm::kFrame},
    {"技术支持", EndForm::kFrame}};

bool IsOneOf(char32_t c, std::u32string_view any) { return any.find(c) != std::u32string_view::npos; }

// Decorations and opening brackets before the word; an editor's line may be set in brackets.
std::string_view WithoutDecorations(std::string_view line, bool* bracket) {
  *bracket = false;
  while (!line.empty()) {
    size_t offset = 0;
    const char32_t c = text::DecodeUtf8(line, offset);
    const bool opens = IsOneOf(c, U"（([【");
    if (!opens && !IsOneOf(c, U" \t■●▲>·*-—|★◆")) break;
    *bracket = *bracket || opens;
    line.remove_prefix(offset);
  }
  return line;
}

// Of a folded text from `at` on: signs, digits and blanks alone.
bool IsSigns(std::u32string_view c) {
  return std::none_of(c.begin(), c.end(), [](char32_t each) { return text::IsHan(each) || IsLetter(each); });
}
bool IsColon(std::u32string_view rest) { return !rest.empty() && rest[0] == U':'; }
// What divides a label from its value without a colon.
bool IsSign(char32_t c) { return IsOneOf(c, U" \t:|/∕丨│>)]】〗»·"); }

// One part of a credit: a person, a role, an office, an account, a day.
bool IsCreditPart(std::u32string_view part) {
  static constexpr std::u32string_view kRoles[] = {U"本报", U"本网", U"本台", U"实习", U"见习", U"特约", U"记者", U"通讯员", U"编辑", U"责任", U"审核", U"校对", U"初审", U"复审", U"终审", U"一审", U"二审", U"三审", U"监制", U"策划", U"摄影", U"图片", U"供图", U"文字", U"来源", U"作者", U"签发", U"值班", U"主任", U"编委", U"总编", U"学生"};
  for (bool cut = true; cut;) {
    cut = false;
    for (const std::u32string_view role : kRoles) {
      if (!part.starts_with(role)) continue;
      part.remove_prefix(role.size());
      cut = true;
    }
  }
  for (const std::u32string_view greeting : {U"您好", U"你好", U"请问", U"您", U"请"}) {
    if (part.starts_with(greeting)) return false;
  }
  const bool han = std::any_of(part.begin(), part.end(), text::IsHan);
  if (!han || (!part.empty() && IsDigit(part[0]))) return part.size() <= 24;  // an account, a day
  return part.size() <= 4 || (part.size() <= 6 && part.find(U'·') != std::u32string_view::npos) || (part.size() <= 24 && (EndsLikeOffice(part) || IsMediaName(part)));
}

// Running text: it ends as a sentence does, or goes on behind a full stop. Folding has made ， ； ！ ？ their ASCII forms.
bool IsSentence(std::u32string_view rest) {
  return rest.find(U'。') != std::u32string_view::npos || (!rest.empty() && IsOneOf(rest.back(), U"!?;,、"));
}

LineEnd FormOf(const EndWord& word, std::string_view whole, std::u32string_view rest, const Line& line, bool bracket) {
  const bool alone = IsSigns(rest);
  const bool linked = line.links > 0 && line.link_characters * 2 >= line.characters;
  std::u32string_view value = rest;
  while (!value.empty() && (IsSign(value[0]) || IsBlank(value[0]))) value.remove_prefix(1);
  switch (word.form) {
    case EndForm::kNeighbour:
      if (word.word.size() == 6 && !IsColon(rest)) return LineEnd::kNone;  // 上篇 heads a part of a book
      // 上一篇：没有了; 下一篇 and the headline, which is a link.
      return alone || linked || value == U"没有了" || (IsSign(rest[0]) && !IsSentence(value)) ? LineEnd::kFinal : LineEnd::kNone;
    case EndForm::kFinalBox:
    case EndForm::kBox: {
      const LineEnd end = word.form == EndForm::kFinalBox ? LineEnd::kFinal : LineEnd::kEnd;
      if (alone || linked) return end;
      if (IsSign(rest[0]) && !IsSentence(value)) return end;
      // 网友评论仅供其表达个人看法，…, 文明上网，理性发言, 更多内容请关注…
      if (WordsOf(whole).disclaimer > 0 || value.find(U"理性") != std::u32string_view::npos) return end;
      if (word.word == "更多详细" && value.find(U"请") != std::u32string_view::npos && line.characters <= 50 && !IsSentence(value)) return end;  // 更多详细新闻请浏览…
      const bool invites = value.starts_with(U"请") || value.starts_with(U"敬请") || value.starts_with(U"点击") || value.starts_with(U"更多") || value.starts_with(U",请") || value.starts_with(U",敬请");
      return invites && line.characters <= 30 ? end : LineEnd::kNone;
    }
    case EndForm::kControl: {
      if (alone || IsControlLine(whole)) return LineEnd::kEnd;
      // 您对本页内容是否满意？ 满意 不满意
      if (rest.find(U'?') != std::u32string_view::npos) return line.characters <= 40 && word.word.starts_with("您") ? LineEnd::kEnd : LineEnd::kNone;
      if (IsSentence(rest) || word.word == "分享：") return LineEnd::kNone;
      if (IsSign(rest[0])) return LineEnd::kEnd;
      // 扫一扫在手机打开当前页; 扫一扫，手机看: a comma only right behind the word.
      const bool goes_on = word.word.starts_with("扫") || word.word.starts_with("【") || word.word.starts_with("[") || word.word.starts_with("分享让") || word.word.starts_with("满意度") || word.word.starts_with("正文");
      const size_t comma = rest.find(U',', 1), colon = rest.find(U':');
      return goes_on && rest.size() <= 20 && comma == std::u32string_view::npos && (colon == std::u32string_view::npos || IsSigns(rest.substr(colon))) ? LineEnd::kEnd : LineEnd::kNone;
    }
    case EndForm::kEditor:
    case EndForm::kRole: {
      const bool strong = word.form == EndForm::kEditor;
      if (rest.starts_with(U"人:")) rest.remove_prefix(1), value.remove_prefix(2);
      // 编辑 alone may name a job among others.
      if (alone) return strong || bracket || IsColon(rest) ? LineEnd::kEnd : LineEnd::kNone;
      if (!IsSign(rest[0])) return LineEnd::kNone;
      const bool colon = IsColon(rest) || (rest.size() > 1 && IsBlank(rest[0]) && rest[1] == U':');
      if (word.word == "文" && !colon && rest[0] != U'/') return LineEnd::kNone;
      if (IsCredit(value)) return strong || bracket ? LineEnd::kEnd : LineEnd::kCredit;
      return strong && !IsSentence(value) && value.size() <= 40 ? LineEnd::kEnd : LineEnd::kNone;
    }
    case EndForm::kSource:
      if (!IsColon(rest)) return LineEnd::kNone;
      if (alone || linked || value.starts_with(U"http")) return LineEnd::kCredit;
      return !IsSentence(value) && value.size() <= 48 ? LineEnd::kCredit : LineEnd::kNone;
    case EndForm::kKeywords:
      if (!IsColon(rest)) return LineEnd::kNone;
      // A headline may be a question.
      return alone || linked || value.starts_with(U"http") || !IsSentence(value) || (word.word == "原标题" && value.find(U'。') == std::u32string_view::npos) ? (bracket ? LineEnd::kEnd : LineEnd::kCredit) : LineEnd::kNone;
    case EndForm::kStamp: {
      if (alone) return LineEnd::kEnd;
      const size_t digit = std::find_if(rest.begin(), rest.end(), IsDigit) - rest.begin();
      return digit <= 8 && !IsSentence(rest) ? LineEnd::kEnd : LineEnd::kNone;
    }
    case EndForm::kNotice:
      if (alone || WordsOf(whole).disclaimer > 0) return LineEnd::kEnd;
      return rest[0] == U':' && !IsSentence(value) && value.size() <= 20 ? LineEnd::kEnd : LineEnd::kNone;
    case EndForm::kFrame:
      if (alone || WordsOf(whole).frame >= 2) return LineEnd::kEnd;
      if (IsSentence(rest)) return LineEnd::kNone;
      if (word.word == "©") return IsSign(rest[0]) || IsDigit(rest[0]) ? LineEnd::kEnd : LineEnd::kNone;
      // 技术支持：某某公司 may be said of what is bought, too.
      if (rest[0] == U':' || IsBlank(rest[0]) || IsOneOf(rest[0], U"©("))
        return word.word != "技术支持" ? LineEnd::kEnd : value.find(U',') == std::u32string_view::npos ? LineEnd::kCredit : LineEnd::kNone;
      return EndsLikeOffice(value) ? LineEnd::kEnd : LineEnd::kNone;  // 版权所有青石市人民政府
  }
  return LineEnd::kNone;
}

}  // namespace

bool IsCredit(std::u32string_view rest) {
  std::u32string part;
  size_t parts = 0;
  while (!rest.empty() && (rest.back() == U'。' || rest.back() == U'.' || IsBlank(rest.back()))) rest.remove_suffix(1);
  for (size_t i = 0; i <= rest.size(); ++i) {
    const char32_t c = i < rest.size() ? rest[i] : U' ';
    if (i < rest.size() && IsOneOf(c, U"。!?;“”《》")) return false;
    if (!IsOneOf(c, U" \t:|/∕丨│,、()[]【】+&")) {
      part.push_back(c);
      continue;
    }
    if (part.empty()) continue;
    if (!IsCreditPart(part)) return false;
    ++parts;
    part.clear();
  }
  return parts > 0;
}

std::optional<CounterTail> CounterAtEnd(std::string_view line) {
  constexpr size_t kLongest = 40;  // code points
  size_t begin = line.size();      // of the last code points of the line
  for (size_t count = 0; begin > 0 && count < kLongest + 4; ++count) {
    --begin;
    while (begin > 0 && (static_cast<unsigned char>(line[begin]) & 0xC0) == 0x80) --begin;
  }
  const FoldedText text = Fold(line.substr(begin));
  const std::u32string& c = text.characters;
  size_t end = c.size();
  while (end > 0 && (IsBlank(c[end - 1]) || c[end - 1] == U'。')) --end;
  if (end == 0 || !(IsDigit(c[end - 1]) || IsOneOf(c[end - 1], U")]】次人"))) return std::nullopt;
  const size_t kind = std::u32string_view(U")]】").find(c[end - 1]);
  size_t from = 0;
  if (kind != std::u32string_view::npos) {
    const size_t open = c.rfind(U"([【"[kind], end - 1);
    if (open == std::u32string::npos) return std::nullopt;
    from = open;
  } else if (const size_t stop = c.find_last_of(U"。!?”", end - 1); stop != std::u32string::npos) {
    from = stop + 1;
  }
  if (from == 0 && begin > 0) return std::nullopt;
  // A label, a number, and the few words that go with them.
  size_t labels = 0, numbers = 0;
  int64_t number = 0;
  for (size_t at = from; at < end;) {
    if (const LabelMatch label = MayBeginLabel(c[at]) ? LabelAt(text, at) : LabelMatch{}; label.label == Label::kClicks || (label.label == Label::kOther && c[at] == U'您')) {
      labels += label.label == Label::kClicks;
      at = label.end;
      continue;
    }
    size_t after = 0;
    if (IsDigit(c[at])) {
      const auto value = CountAt(text, at, &after);
      if (!value) return std::nullopt;
      number = *value;
      ++numbers;
      at = after;
      continue;
    }
    if (!IsOneOf(c[at], U"本文页此该章篇已被共有累计总约次人数:()[]【】 \t的")) return std::nullopt;
    ++at;
  }
  if (labels != 1 || numbers != 1) return std::nullopt;
  while (from > 0 && IsBlank(c[from - 1])) --from;
  return CounterTail{begin + text.offsets[from], number};
}

std::span<const EndWord> EndWords() { return kEndWords; }

LineEnd EndOf(std::string_view text, const Line& line) {
  if (line.characters > (text.find("http") == std::string_view::npos ? 60u : 160u)) return LineEnd::kNone;
  bool bracket = false;
  const std::string_view bare = WithoutDecorations(text, &bracket);
  LineEnd found = LineEnd::kNone;
  for (const EndWord& word : kEndWords) {
    // A word that brings its own bracket.
    bool opened = bracket;
    std::string_view rest;
    if (bare.starts_with(word.word)) {
      rest = bare.substr(word.word.size());
    } else if (word.word.starts_with("【") || word.word.starts_with("[")) {
      const std::string_view inner = word.word.substr(word.word.starts_with("[") ? 1 : 3);
      if (!bracket || !bare.starts_with(inner)) continue;
      rest = bare.substr(inner.size());
    } else {
      continue;
    }
    const FoldedText folded = Fold(rest);
    found = std::max(found, FormOf(word, text, folded.characters, line, opened));
  }
  return found;
}

}  // namespace fangzhi::extract
