#include "extract/line_words.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/strings.h"
#include "extract/characters.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

// Words by which a line is told to be frame, address, disclaimer or editors' line, looked for in one scan.
enum class WordClass : uint8_t { kSite, kFrame, kContact, kDisclaimer, kDisclaimed, kSelf, kEditor };
struct ClassWords {
  WordClass kind;
  std::u32string_view words;  // a '|' between
};
constexpr ClassWords kClassWords[] = {
    // Page frames: what only a site says of itself, and what announcements say as well.
    {WordClass::kSite,
     U"版权所有|版權所有|ICP备|ICP证|公网安备|Copyright|COPYRIGHT|copyright|最佳瀏覽|最佳浏览|位訪客|位访客|位访问者|网站标识码|"
     U"All Rights Reserved|网站地图|联系我们|ICP備|公網安備|網站標識碼|網站地圖|聯繫我們|聯絡我們"},
    {WordClass::kFrame, U"主办单位|承办单位|主办：|承办：|主辦單位|承辦單位|主辦：|承辦：|技術支援|技術支持|技术支持|许可证|邮编：|邮政编码|建议使用|浏览器"},
    // An office's address block: two of its words.
    {WordClass::kContact,
     U"地址|电话|電話|传真|傳真|邮编|邮箱|郵遞區號|服務時間|服务时间|辦公時間|办公时间|E-mail|Email|Tel"},
    // What a site says of all its articles; what courts and exchanges say as well; and the site.
    {WordClass::kDisclaimer,
     U"不得转载|禁止转载|谢绝转载|請勿轉載|凡本网|凡本站|凡注明|本网站所有|转载使用|转载请|版权属于|版权归|不代表本|自负法律责任|本網站之文字|"
     U"非經授權|隐私权规范|隱私權規範|请勿发表|网友评论仅供|仅提供信息存储|仅提供信息发布|用户上传|版权均归|版权均属"},
    {WordClass::kDisclaimed, U"侵权|仅供参考|不构成|风险自担|操作风险|违法和不良信息"},
    {WordClass::kSelf, U"本网|本站|本平台|本公众号|本号|本文|此文|以上内容|文中|据此投资|投资建议|投资者|投资有风险|删除"},
    {WordClass::kEditor, U"责任编辑：|责任编辑:|责编：|责编:|責任編輯：|責任編輯:"},
};

class WordTable {
 public:
  WordTable() {
    for (const ClassWords& group : kClassWords) {
      for (size_t begin = 0; begin < group.words.size();) {
        const size_t end = std::min(group.words.find(U'|', begin), group.words.size());
        const std::u32string_view word = group.words.substr(begin, end - begin);
        first_[word[0] >> 6] |= uint64_t{1} << (word[0] & 63);
        words_.push_back({word[0], text::ToUtf8(word), group.kind});
        begin = end + 1;
      }
    }
    std::stable_sort(words_.begin(), words_.end(),
                     [](const Word& a, const Word& b) { return a.first < b.first; });
  }

  LineWords Find(std::string_view line) const {
    LineWords found;
    uint8_t disclaimed = 0, self = 0;
    for (size_t offset = 0; offset < line.size();) {
      const size_t begin = offset;
      const char32_t c = text::DecodeUtf8(line, offset);
      if (c > 0xFFFF || (first_[c >> 6] >> (c & 63) & 1) == 0) continue;
      auto word = std::lower_bound(words_.begin(), words_.end(), c,
                                   [](const Word& w, char32_t wanted) { return w.first < wanted; });
      for (; word != words_.end() && word->first == c; ++word) {
        if (!line.substr(begin).starts_with(word->text)) continue;
        uint8_t& count = word->kind == WordClass::kSite || word->kind == WordClass::kFrame ? found.frame
                         : word->kind == WordClass::kContact                               ? found.contact
                         : word->kind == WordClass::kDisclaimer                            ? found.disclaimer
                         : word->kind == WordClass::kDisclaimed                            ? disclaimed
                         : word->kind == WordClass::kSelf                                  ? self
                                                                                           : found.editor;
        if (word->kind == WordClass::kSite && found.site < 200) ++found.site;
        if (count < 200) ++count;
      }
    }
    // 被告的行为不构成侵权: nobody's disclaimer.
    if (found.disclaimer > 0 || self > 0) found.disclaimer = static_cast<uint8_t>(std::min(found.disclaimer + disclaimed, 200));
    return found;
  }

 private:
  struct Word {
    char32_t first;
    std::string text;
    WordClass kind;
  };
  std::array<uint64_t, 1024> first_{};
  std::vector<Word> words_;
};

}  // namespace

LineWords WordsOf(std::string_view line) {
  static const WordTable table;
  return table.Find(line.substr(0, 1500));
}

bool IsFrameLine(const LineWords& words, std::string_view line) {
  if (words.frame == 0) return false;
  return !line.ends_with("。") || (words.site > 0 && words.frame >= 2);
}
bool IsHostLine(std::string_view line) {
  if (line.size() > 120) return false;
  const std::u32string key = ComparisonKey(line);
  std::u32string_view name = key;
  for (const std::u32string_view end : {U"主办", U"承办", U"主辦", U"承辦"}) {
    if (!name.ends_with(end)) continue;
    name.remove_suffix(end.size());
    if (name.ends_with(U')')) name = name.substr(0, name.find(U'('));
    return name.size() >= 4 && EndsLikeOffice(name) && name.find(U'由') == std::u32string_view::npos && std::none_of(name.begin(), name.end(), [](char32_t c) { return IsSentenceMark(c); });
  }
  return false;
}
bool IsDisclaimer(const LineWords& words, std::string_view line) {
  return words.disclaimer >= 2 || (words.disclaimer == 1 && line.size() < 240 &&
                                   (line.starts_with("凡本") || line.starts_with("本網站之")));
}

bool IsNotice(std::string_view line) {
  if (line.starts_with("“")) line.remove_prefix(std::string_view("“").size());
  for (const std::string_view word : {"凡本网", "凡本站", "凡本报", "凡注明", "注：本", "本網站", "本网站", "版权归", "版权属", "版权均", "版权所有", "版权声明", "版权与", "版权说明", "免责"}) {
    if (line.starts_with(word)) return true;
  }
  // 声明：…, 特别声明 alone; no 声明书须…
  for (const std::string_view word : {"声明", "版权", "特别说明", "特别声明", "郑重声明"}) {
    if (!line.starts_with(word)) continue;
    const std::string_view rest = line.substr(word.size());
    if (rest.empty() || rest.starts_with("：") || rest.starts_with(":") || rest.starts_with(" ") || rest.starts_with("】")) return true;
  }
  return false;
}

bool IsAttachmentLine(std::string_view line) {
  if (line.starts_with("附件") || line.starts_with("附：") || line.starts_with("附表") ||
      line.find("下载") != std::string_view::npos)
    return true;
  if (line.find('.') == std::string_view::npos) return false;
  const std::string lower = ToAsciiLower(line);
  for (const char* end :
       {".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".ofd", ".zip", ".rar", ".et", ".ppt", ".pptx"}) {
    if (lower.find(end) != std::string::npos) return true;
  }
  return false;
}

bool IsOrnament(std::string_view line) {
  if (line.size() > 24) {
    // A letter or an ideograph in front is the usual case, and the answer.
    size_t offset = 0;
    const char32_t c = text::DecodeUtf8(line, offset);
    if (text::IsHan(c) || IsLetter(c) || IsDigit(c)) return false;
  }
  const std::u32string key = ComparisonKey(line.substr(0, 400));
  // A paragraph of which question marks or boxes are all that is left was text.
  if (std::count(key.begin(), key.end(), U'?') >= 6 || std::count(key.begin(), key.end(), U'□') >= 8) return false;
  if (key == U"完" || key == U"(完)" || key == U"图集" || key == U"+1" || key == U"调整字体" || key == U"核心提示:" || key == U"[摘要]" || key == U"摘要:" ||
      key == U"内容提要:" || key == U"导读:")
    return true;
  for (char32_t c : key) {
    if (text::IsHan(c) || IsLetter(c) || IsDigit(c) || c == text::kReplacement || text::IsKana(c) ||
        text::IsHangul(c) || (c >= 0xC0 && c < 0x2000))
      return false;
  }
  return true;
}

bool IsEditorsLine(std::string_view line) {
  for (const std::string_view word : {"编辑", "责编", "责任编辑", "校对", "审核", "監製", "监制", "責任編輯"}) {
    if (!line.starts_with(word)) continue;
    const std::string_view rest = line.substr(word.size());
    return rest.starts_with(" ") || rest.starts_with("|") || rest.starts_with("/") || rest.starts_with("丨") || rest.starts_with("｜");
  }
  return false;
}

bool IsLastWord(std::string_view line) {
  if (line.size() > 24) return false;
  std::u32string word;
  for (const char32_t c : ComparisonKey(line)) {
    if (text::IsHan(c) || IsLetter(c) || IsDigit(c)) word.push_back(c);
  }
  return word == U"完";
}

std::ptrdiff_t Cells(std::string_view line) {
  return std::count(line.begin(), line.end(), '\t') + 1;
}

bool IsCountAlone(std::string_view line) {
  return !line.empty() && std::all_of(line.begin(), line.end(), [](char c) { return IsAsciiDigit(c) || c == ',' || c == '+' || c == '(' || c == ')' || c == '%' || c == '.'; });
}

bool IsControlLine(std::string_view line) {
  if (line.size() > 240) return false;
  // Only words of controls, and separators, make up the whole line.
  static constexpr std::u32string_view kWords[] = {U"字体大小",   U"字体",       U"字号",
                                                   U"打印本页",   U"打印此页",   U"打印",       U"我要打印",
                                                   U"关闭窗口",   U"关闭本页",   U"关闭",
                                                   U"分享到",     U"分享至",     U"分享",
                                                   U"收藏",       U"默认",       U"超大",
                                                   U"特大",       U"大",         U"中",
                                                   U"小",         U"微信",       U"微博",
                                                   U"新浪微博",   U"腾讯微博",   U"qq空间",
                                                   U"qq好友",     U"qq",         U"朋友圈",
                                                   U"人人网",     U"我要纠错",   U"纠错",
                                                   U"无障碍浏览", U"返回顶部",   U"返回",
                                                   U"顶部",       U"top",        U"a+",
                                                   U"a-",         U"a",          U"扫一扫在手机打开当前页",
                                                   U"扫一扫",     U"手机",       U"在手机打开当前页",
                                                   U"保护视力色", U"视力保护色", U"背景色",
                                                   U"更多",       U"下载",       U"推荐给好友",
                                                   U"列印",       U"友善列印",   U"转寄",
                                                   U"字级",       U"放大",       U"缩小",
                                                   U"还原",       U"我要评论",   U"评论",
                                                   U"点赞",       U"赞",         U"回上页",
                                                   U"上一页",     U"facebook",   U"twitter",
                                                   U"line",       U"plurk",      U"email",
                                                   U"阅读全文",   U"收听",       U"朗读",
                                                   U"语音播报",   U"复制链接",   U"适老化",
                                                   U"到",         U"0",          U"举报",
                                                   U"回首页",     U"首页",       U"t",
                                                   U"+",          U"print",    U"内容", U"正文", U"官方微信", U"官方微博", U"官方抖音", U"我为政府网站找错", U"听新闻", U"手机看新闻", U"手机看", U"播报",
                                                   U"人参与",     U"人看过",   U"条评论", U"点赞",
                                                   U"在看",       U"转发",     U"跟帖",   U"喜欢",
                                                   U"阅读原文",   U"阅读",     U"播放",   U"浏览",
                                                   U"次",         U"顶",       U"踩",     U"加关注", U"顶一下", U"踩一下", U"访问次数", U"加载中...", U"加载中",
                                                   U"关注",       U"👍",       U"❤"};
  // Words that stand beside a number.
  static constexpr std::u32string_view kCounted[] = {U"人参与", U"人看过", U"条评论", U"评论", U"我要评论", U"点赞", U"在看", U"转发", U"跟帖", U"喜欢", U"阅读", U"播放",
                                                     U"浏览",   U"次",     U"顶",     U"踩",   U"顶一下", U"踩一下", U"赞",   U"收藏", U"分享", U"👍",   U"❤",    U"听新闻", U"播报"};
  const std::u32string key = ComparisonKey(line);
  if (key.empty() || key.size() > 60) return false;
  size_t at = 0;
  bool word_seen = false, digits = false, counted = false;
  while (at < key.size()) {
    if (std::u32string_view(U"[]()【】〖〗「」|:,;.、/><-_·*＋").find(key[at]) != std::u32string_view::npos ||
        key[at] == 0xFE0F || key[at] == U'%') {
      ++at;
      continue;
    }
    if (IsDigit(key[at])) {
      digits = true;
      ++at;
      continue;
    }
    bool matched = false;
    size_t longest = 0;
    for (const auto& word : kWords) {
      if (word.size() > longest && key.compare(at, word.size(), word) == 0) longest = word.size();
    }
    matched = longest > 0;
    if (!matched && key[at] >= 0xE000) {  // icons
      ++at;
      continue;
    }
    if (!matched) return false;
    word_seen = true;
    counted = counted || std::find(std::begin(kCounted), std::end(kCounted), std::u32string_view(key).substr(at, longest)) != std::end(kCounted);
    at += longest;
  }
  return word_seen && (counted || !digits);
}

std::vector<uint64_t> PagerNumbers(std::string_view line) {
  constexpr size_t kLongest = 400, kMostDigits = 3;
  std::vector<uint64_t> numbers;
  if (line.size() > kLongest) return numbers;
  size_t digits = 0;
  const std::u32string key = Fold(line).characters;
  for (size_t at = 0; at < key.size(); ++at) {
    if (IsDigit(key[at])) {
      if (digits == 0) numbers.push_back(0);
      if (++digits > kMostDigits) return {};
      numbers.back() = numbers.back() * 10 + static_cast<uint64_t>(key[at] - U'0');
      continue;
    }
    digits = 0;
    if (!IsBlank(key[at]) && std::u32string_view(U"[]()【】|<>«»‹›…·").find(key[at]) == std::u32string_view::npos) return {};
  }
  return numbers;
}

bool ArePages(const std::vector<uint64_t>& numbers, size_t links) {
  if (numbers.size() < 2 || links + 1 < numbers.size() || links > numbers.size()) return false;
  // 1 2 3 … 9; in the midst of many: 4 5 6.
  size_t gaps = 0;
  for (size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] <= numbers[i - 1]) return false;
    gaps += numbers[i] > numbers[i - 1] + 1;
  }
  return gaps <= 2 && gaps * 2 < numbers.size() && (numbers[0] == 1 || (numbers.size() >= 3 && numbers[0] > 1));
}

bool IsPagerLine(std::string_view line, size_t links) {
  if (ArePages(PagerNumbers(line), links)) return true;
  constexpr size_t kLongest = 200;  // bytes; the pager of a text of fifty parts is longer, and is all links
  if (line.empty() || line.size() > kLongest) return false;
  static constexpr std::u32string_view kWords[] = {U"上一页", U"下一页", U"上一頁", U"下一頁", U"前一页", U"后一页", U"上页", U"下页", U"首页", U"尾页", U"末页", U"分页", U"页次",
                                                   U"页码",   U"翻页",   U"当前",   U"跳转到", U"转到",   U"共",     U"第",   U"页",   U"頁"};
  const std::u32string key = ComparisonKey(line);
  size_t words = 0;
  bool page = false;
  for (size_t at = 0; at < key.size();) {
    if (IsDigit(key[at]) || std::u32string_view(U"[]()【】|:,.、/><«»‹›-_·…").find(key[at]) != std::u32string_view::npos) {
      ++at;
      continue;
    }
    size_t longest = 0;
    for (const auto& word : kWords) {
      if (word.size() > longest && key.compare(at, word.size(), word) == 0) longest = word.size();
    }
    if (longest == 0) return false;
    page = page || std::u32string_view(key).substr(at, longest).find_first_of(U"页頁") != std::u32string_view::npos;
    ++words;
    at += longest;
  }
  // 第3页 alone may be what a text says of another.
  return page && (links > 0 || words >= 4);
}

}  // namespace fangzhi::extract
