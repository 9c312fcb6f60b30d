#include "extract/body.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

using html::kNone;
using html::NodeIndex;
using html::NodeType;

constexpr uint16_t kNotBody =
    kZoneNavigation | kZoneFooter | kZoneAside | kZoneHeader | kZoneControls | kZoneCrumbs;

// Names by which content systems mark the text. An entry is an id, a class or an element's name, lower case;
// prefix where it ends in *.
constexpr std::string_view kMarkers[] = {
    "trs_editor",        "trs_ueditor",    "trs_editor_view",   "ucapcontent",    "ucap-content",
    "vsb_content*",      "v_news_content", "wp_articlecontent", "zoom",           "fontzoom",
    "ivs_content",       "pages_content",  "article-content",   "articlecontent", "article_content",
    "artibody",          "article-body",   "article_body",      "articlebody",    "news_content",
    "newscontent",       "news-content",   "contenttext",       "content_text",   "detail-content",
    "detail_content",    "detailcontent",  "view_content",      "text_content",   "main_content",
    "maincontent",       "main-content",   "endtext",           "con_text",       "conttext",
    "infocontent",       "info_content",   "entry-content",     "post-content",   "rich_media_content",
    "custom_unionstyle", "myzoom",         "bt_content",        "xxgk_content",   "art_con",
    "arti-content",      "article",        "js_content",        "contentdiv",     "newstext",
    "textcontent"};

// The name among those of a class or an id; empty where none is a marker.
std::string MarkerAmong(std::string_view names) {
  // A class attribute holds several names.
  for (size_t at = 0; at < names.size();) {
    while (at < names.size() && IsAsciiSpace(names[at])) ++at;
    size_t end = at;
    while (end < names.size() && !IsAsciiSpace(names[end])) ++end;
    const std::string_view name = names.substr(at, end - at);
    at = end;
    if (name.size() < 4 || name.size() > 40) continue;
    for (std::string_view marker : kMarkers) {
      const bool prefix = marker.back() == '*';
      if (prefix) marker.remove_suffix(1);
      if (name.size() < marker.size() || (!prefix && name.size() != marker.size())) continue;
      if (EqualsIgnoreAsciiCase(name.substr(0, marker.size()), marker)) {
        return std::string(name);
      }
    }
  }
  return {};
}

bool IsMarkerName(std::string_view names, std::string* which) {
  thread_local RecentAnswers<std::string> known;
  std::string name = known.Get(names, MarkerAmong);
  if (name.empty()) return false;
  *which = std::move(name);
  return true;
}

// The words by which a reader knows that what stands here is not the text any more (or not yet).
constexpr std::string_view kEndWords[] = {
    "上一篇",       "下一篇",       "上一条",    "下一条",   "上一頁",       "下一則",
    "上一則",       "上篇：",       "下篇：",    "相关阅读", "相关新闻",     "相关链接",
    "相关文章",     "相关报道",     "相关专题",  "延伸阅读", "推荐阅读",     "热门推荐",
    "为您推荐",     "为你推荐",     "相关推荐",  "精彩推荐", "更多推荐",     "猜你喜欢",     "更多精彩",  "更多新闻", "更多内容",     "编辑推荐",
    "网友评论",     "发表评论",     "我要评论",  "最新评论", "我来说两句",   "文明上网",
    "用户评论",     "分享到",       "分享至",    "扫一扫",   "扫描二维码",   "版权声明",
    "版权与免责",   "檔案下載",     "相關圖片",  "相关图片", "相關附件",     "相關檔案",
    "相关附件下载", "版权所有",     "免责声明",  "特别声明", "法律声明",     "【打印",
    "[打印",        "打印本页",     "关闭窗口",  "【关闭",   "[关闭",        "返回列表",
    "返回顶部",     "返回首页",     "相關新聞",  "相關連結", "相關閱讀",     "延伸閱讀",
    "回上一頁",     "回上頁",       "友善列印",  "分享：",   "責任編輯",     "责任编辑",
    "责编：",       "（责任编辑",   "(责任编辑", "（责编",   "(责编",        "【责任编辑",
    "[责任编辑",    "[责编",        "【责编",    "编辑：",   "编辑:",        "（编辑",
    "(编辑",        "[编辑",        "【编辑",    "关键词：", "关键字：",     "标签：",
    "标签:",        "文章关键词",   "新闻热线",  "【纠错",   "[纠错",        "我要纠错",
    "資料來源：",   "资料来源：",   "來源：",     "撰稿人",   "譯稿人",       "供稿：",
    "撰稿：",       "文字：",       "摄影：",     "文/",           "文：",
    "本文来源：",   "本文网址",     "本文链接",  "原标题：", "点击查看更多", "来源：",
    "稿源：",       "分享让更多人", "初审",      "一审",     "终审",         "审核：",
    "校对：",       "Copyright",    "copyright", "©",        "ICP备",        "网站标识码",
    "技术支持",     "友情链接",     "您对本页",  "您对该页", "本页面内容对您", "打印时间",   "最近修訂日期", "修訂日期",
    "最后更新",     "最後更新",     "資料提供：",   "正文已结束", "（原标题",
         "办理评价",   "满意度评价", "滿意度調查",   "满意度",     "您觉得该"};

bool IsEndLine(std::string_view line, size_t characters) {
  if (characters > (line.find("http") == std::string_view::npos ? 60u : 160u)) return false;
  while (!line.empty()) {  // decorations before the word
    size_t offset = 0;
    const char32_t c = text::DecodeUtf8(line, offset);
    if (c == U' ' || c == U'\t' || c == U'■' || c == U'●' || c == U'▲' || c == U'>' || c == U'·' ||
        c == U'*' || c == U'-' || c == U'—' || c == U'|' || c == U'★' || c == U'◆') {
      line.remove_prefix(offset);
    } else {
      break;
    }
  }
  for (const std::string_view word : kEndWords) {
    if (line.starts_with(word)) return true;
  }
  return false;
}

bool IsFinalLine(std::string_view line) {
  for (const std::string_view word : {"网友评论", "最新评论", "发表评论", "用户评论", "我来说两句", "上一篇", "下一篇", "上一条", "下一条", "文明上网",
                                      "网友跟帖", "全部评论", "热门评论", "精彩评论", "读者评论", "相关新闻", "相关阅读", "相关文章", "为你推荐", "为您推荐", "猜你喜欢", "相关推荐",
                                      "热门推荐", "精彩推荐", "更多推荐"}) {
    if (line.starts_with(word)) return true;
  }
  return false;
}

// Words by which a line is told to be frame, address, disclaimer or editors' line, looked for in one scan.
enum class WordClass : uint8_t { kFrame, kContact, kDisclaimer, kEditor };
struct ClassWords {
  WordClass kind;
  std::u32string_view words;  // a '|' between
};
constexpr ClassWords kClassWords[] = {
    // Page frames: addresses, licences, hosts.
    {WordClass::kFrame,
     U"版权所有|版權所有|ICP备|ICP证|公网安备|Copyright|COPYRIGHT|copyright|主办单位|承办单位|主办：|承办：|"
     U"最佳瀏覽|最佳浏览|位訪客|位访客|位访问者|网站标识码|技术支持|许可证|All Rights Reserved|邮编：|邮政编码|网站地图|联系我们|建议使用|"
     U"浏览器"},
    // An office's address block: two of its words.
    {WordClass::kContact,
     U"地址|电话|電話|传真|傳真|邮编|邮箱|郵遞區號|服務時間|服务时间|辦公時間|办公时间|E-mail|Email|Tel"},
    // What a site says of all its articles.
    {WordClass::kDisclaimer,
     U"凡本网|凡本站|凡注明|本网站所有|转载使用|转载请|版权属于|版权归|不代表本|自负法律责任|本網站之文字|"
     U"非經授權|侵权|仅供参考|不构成|风险自担|操作风险|隐私权规范|隱私權規範|违法和不良信息|请勿发表|网友评论仅供|仅提供信息存储|仅提供信息发布|用户上传|版权均归|版权均属"},
    {WordClass::kEditor, U"责任编辑：|责任编辑:|责编：|责编:|責任編輯：|責任編輯:"},
};

struct LineWords {
  uint8_t frame = 0, contact = 0, disclaimer = 0, editor = 0;
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
    for (size_t offset = 0; offset < line.size();) {
      const size_t begin = offset;
      const char32_t c = NextCharacter(line, offset);
      if (c > 0xFFFF || (first_[c >> 6] >> (c & 63) & 1) == 0) continue;
      auto word = std::lower_bound(words_.begin(), words_.end(), c,
                                   [](const Word& w, char32_t wanted) { return w.first < wanted; });
      for (; word != words_.end() && word->first == c; ++word) {
        if (!line.substr(begin).starts_with(word->text)) continue;
        uint8_t& count = word->kind == WordClass::kFrame        ? found.frame
                         : word->kind == WordClass::kContact    ? found.contact
                         : word->kind == WordClass::kDisclaimer ? found.disclaimer
                                                                : found.editor;
        if (count < 200) ++count;
      }
    }
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

LineWords WordsOf(std::string_view line) {
  static const WordTable table;
  return table.Find(line.substr(0, 1500));
}

bool IsFrameLine(std::string_view line) {
  return WordsOf(line).frame > 0;
}
bool IsDisclaimer(const LineWords& words, std::string_view line) {
  return words.disclaimer >= 2 || (words.disclaimer == 1 && line.size() < 240 &&
                                   (line.starts_with("凡本") || line.starts_with("本網站之")));
}

// 声明：本网…: what a site says of itself begins by saying so.
bool IsNotice(std::string_view line) {
  if (line.starts_with("“")) line.remove_prefix(std::string_view("“").size());
  for (const std::string_view word : {"声明", "免责", "版权", "特别说明", "特别声明", "凡本", "凡注明", "注：本", "本網站", "本网站"}) {
    if (line.starts_with(word)) return true;
  }
  return false;
}

bool IsAttachmentLine(std::string_view line) {
  const std::string lower = ToAsciiLower(line);
  if (line.starts_with("附件") || line.starts_with("附：") || line.starts_with("附表") ||
      line.find("下载") != std::string_view::npos)
    return true;
  for (const char* end :
       {".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".ofd", ".zip", ".rar", ".et", ".ppt", ".pptx"}) {
    if (lower.find(end) != std::string::npos) return true;
  }
  return false;
}

// A link with its day beside it is no less a link.
bool IsDatedLink(const Line& line, uint8_t info_score) {
  return line.links == 1 && info_score > 0 && line.link_characters >= 6 && line.characters - std::min(line.characters, line.link_characters) <= 12 &&
         line.sentence_marks <= 3;
}

double LineWeight(const PageView& view, const InfoLines& info, const TitleChoice& title, size_t index) {
  const Line& line = view.lines[index];
  const double text = line.characters - std::min(line.characters, line.link_characters);
  const bool before_title = title.first_line != kNoLine && title.score >= 50 &&
                            (index <= title.last_line || index == title.subtitle_line);
  if ((line.zones & kNotBody) != 0) return -0.5 * line.characters - 3;
  const bool linked = line.link_characters * 2 > line.characters || IsDatedLink(line, info.info_score[index]) || line.row == RowFlag::kRow;
  if (linked && line.sentence_marks < (line.row == RowFlag::kRow ? 8u : 4u)) {
    if (line.file || IsAttachmentLine(view.LineText(index))) return 0;
    return -1.0 * line.link_characters - 4;
  }
  if (before_title) return 0;
  if (info.info_score[index] >= 60) return 0;
  if (line.sentence_marks == 0 || text < 8) {
    // The rows of a table are text, though without sentences.
    const bool row = text >= 8 && view.LineText(index).find('\t') != std::string_view::npos;
    return row ? std::min(text, 60.0) * 0.6 : std::min(text, 20.0) * 0.3;
  }
  const std::string_view content = view.LineText(index);
  const LineWords words = WordsOf(content);
  if (text < 120 && (words.frame > 0 || words.contact >= 2)) return -10;
  if (text < 60 && words.contact > 0 && line.sentence_marks <= 3) return 0;
  if (line.sentence_marks >= 2 && IsDisclaimer(words, content)) return -30;
  double weight = text + 4.0 * std::min<uint32_t>(line.sentence_marks, 20) - 1.0 * line.link_characters;
  if ((line.zones & kZoneContent) != 0 && weight > 0) weight *= 1.2;
  return weight;
}

// Nothing but signs: "＊＊＊＊", "————". Or the mark of the end, 完.
bool IsOrnament(std::string_view line) {
  if (line.size() > 24) {
    // A letter or an ideograph in front is the usual case, and the answer.
    size_t offset = 0;
    const char32_t c = text::DecodeUtf8(line, offset);
    if (text::IsHan(c) || IsLetter(c) || IsDigit(c)) return false;
  }
  const std::u32string key = ComparisonKey(line.substr(0, 400));
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

std::ptrdiff_t Cells(std::string_view line) {
  return std::count(line.begin(), line.end(), '\t') + 1;
}

// 青石林业 3小时前, 青石林业 03-04 08:10 阅读 441: a day or a count and a name right below the headline, which no label makes a strip.
bool IsLooseStrip(const PageView& view, const InfoLines& info, size_t line) {
  if (view.lines[line].characters > 40 || view.lines[line].sentence_marks > 2) return false;
  const std::string_view text = view.LineText(line);
  // （2020年3月4日第三次会议通过）, 2020年3月4日印发的…
  if (text.ends_with("。") || text.ends_with("：") || text.ends_with("，") || text.starts_with("（") || text.starts_with("(") || text.starts_with("《") || Cells(text) >= 3) return false;
  for (const std::string_view word : {"天前", "小时前", "分钟前", "小時前", "分鐘前"}) {
    const size_t at = text.find(word);
    if (at != std::string_view::npos && at > 0 && IsAsciiDigit(text[at - 1]) && view.lines[line].characters <= 24) return true;
  }
  auto value = std::lower_bound(info.values.begin(), info.values.end(), line, [](const InfoValue& v, size_t wanted) { return v.line < wanted; });
  bool date = false, number = false;
  for (; value != info.values.end() && value->line == line; ++value) {
    date = date || value->date;
    number = number || value->number;
  }
  return (date || number) && info.info_score[line] >= 25;
}

// 135: how many like it, below a text.
bool IsCountAlone(std::string_view line) {
  return !line.empty() && std::all_of(line.begin(), line.end(), [](char c) { return IsAsciiDigit(c) || c == ',' || c == '+' || c == '(' || c == ')' || c == '%'; });
}

// A line with a date and no time, without a label.
bool IsSignatureDate(const PageView& view, const InfoLines& info, size_t line) {
  if (view.lines[line].characters > 40) return false;
  const auto value = std::lower_bound(info.values.begin(), info.values.end(), line,
                                      [](const InfoValue& v, size_t wanted) { return v.line < wanted; });
  if (value == info.values.end() || value->line != line || value->labelled || !value->date ||
      value->date->hour >= 0)
    return false;
  const auto next = value + 1;
  return next == info.values.end() || next->line != line;
}

// （来源：某某局 作者：某某 2020年10月24日）: a strip in brackets.
bool HasStripDate(const InfoLines& info, size_t line) {
  if (info.info_score[line] < 80) return false;
  auto value = std::lower_bound(info.values.begin(), info.values.end(), line, [](const InfoValue& v, size_t wanted) { return v.line < wanted; });
  bool date = false, named = false;
  for (; value != info.values.end() && value->line == line; ++value) {
    date = date || value->date;
    named = named || (value->labelled && !value->text.empty());
  }
  return date && named;
}

// 相关新闻, 延伸阅读, 最近更新: the heading of a box of links.
bool IsBoxName(std::string_view text, const Line& line) {
  if (line.characters > 8 || line.links > 0) return false;
  for (const std::string_view word : {"相关", "推荐", "最新", "热点", "热门", "更多", "往期", "近期", "猜你", "延伸", "排行", "動態", "最近", "其他", "相關"}) {
    if (text.starts_with(word)) return true;
  }
  return false;
}

// Whether a sentence that is no row's stands right below the headline and its strip.
bool LeadsText(const PageView& view, const InfoLines& info, const TitleChoice& title) {
  if (title.first_line == kNoLine || title.score < 40) return false;
  for (size_t i = title.last_line + 1; i < view.lines.size() && i <= title.last_line + 4; ++i) {
    const Line& line = view.lines[i];
    if (line.row != RowFlag::kNone || line.links > 0) return false;
    if (info.info_score[i] < 60 && line.sentence_marks >= 2 && line.characters >= 24) return true;
  }
  return false;
}

// Whether any of the lines reads like text: what stands below the editors' names may be headlines alone.
bool HasSentence(const PageView& view, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    const Line& line = view.lines[i];
    if (line.row != RowFlag::kNone || line.link_characters * 2 > line.characters) continue;
    if (line.sentence_marks >= 2 && line.characters >= 24) return true;
    if (line.sentence_marks >= 1 && line.characters >= 12 && view.LineText(i).ends_with("。")) return true;
    if (view.LineText(i).find('\t') != std::string_view::npos) return true;
  }
  return false;
}

// Whether line `index` names a box of links in the middle of a text: below its links stands a paragraph that is a
// neighbour of the text's last one.
bool GoesOnBelowBox(const PageView& view, const std::vector<uint32_t>& picked, size_t index, size_t end) {
  if (picked.empty()) return false;
  const auto linked = [&](size_t i) { return view.lines[i].links > 0 && view.lines[i].link_characters * 10 >= view.lines[i].characters * 7; };
  size_t next = index;
  if (!linked(index)) {
    if (!IsBoxName(view.LineText(index), view.lines[index])) return false;
    ++next;
  }
  const size_t first = next;
  while (next < end && linked(next)) ++next;
  if (next == first || next >= end || !HasSentence(view, next, next + 1)) return false;
  const html::Node& below = view.document.node(view.lines[next].block);
  const html::Node& last = view.document.node(view.lines[picked.back()].block);
  return below.tag == last.tag && below.parent == last.parent && below.parent != kNone;
}

// A few words above a box of links, and no signature.
bool IsBoxHeadingLine(const PageView& view, const InfoLines& info, size_t index) {
  const Line& line = view.lines[index];
  if (line.characters > 12 || info.info_score[index] >= 60) return false;
  if (view.LineText(index).find('\t') != std::string_view::npos) return false;
  const std::u32string key = ComparisonKey(view.LineText(index));
  if (IsBoxName(view.LineText(index), line)) return true;
  return !key.empty() && key.back() != U'。' && key.back() != U'！' && key.back() != U'？' && key.back() != U')' && !EndsLikeOffice(key) &&
         (key.size() > 3 || line.heading != 0 || (line.emphasis & kBold) != 0);  // else a name
}

// Headlines of others below the text, whose links a script makes: short lines without a full stop, in elements that are no
// neighbours of the text's paragraphs. Names and items that a text lists stand beside it, or below a colon.
void TrimHeadlines(const PageView& view, const InfoLines& info, std::vector<uint32_t>& picked) {
  constexpr size_t kFewest = 4;
  static const uint16_t cell = html::Tag("td"), head = html::Tag("th");
  const auto ends_sentence = [](std::string_view text) {
    for (const std::string_view mark : {"。", "！", "？", "”", "；", "）", "…", ".", "：", ":"}) {
      if (text.ends_with(mark)) return true;
    }
    return false;
  };
  size_t last = picked.size();
  size_t headlines = 0;
  while (last > 0) {
    const uint32_t index = picked[last - 1];
    const Line& line = view.lines[index];
    const std::string_view text = view.LineText(index);
    const uint16_t tag = view.document.node(line.block).tag;
    if (line.characters > 45 || (ends_sentence(text) && info.info_score[index] < 60 && line.characters > 12)) break;
    if (line.file || IsAttachmentLine(text) || Cells(text) >= 2 || tag == cell || tag == head) return;
    headlines += line.characters >= 6 && info.info_score[index] < 60;
    --last;
  }
  if (headlines < kFewest || last == 0 || view.LineText(picked[last - 1]).ends_with("：") || view.LineText(picked[last - 1]).ends_with(":")) return;
  // A signature, and what else stands beside the last paragraph.
  const NodeIndex beside = view.document.node(view.lines[picked[last - 1]].block).parent;
  while (last < picked.size() && view.document.node(view.lines[picked[last]].block).parent == beside) ++last;
  if (picked.size() - last >= kFewest) picked.resize(last);
}

// Which lines of [begin, end) are the text.
void PickLines(const PageView& view, const InfoLines& info, const TitleChoice& title, BodyChoice& body) {
  size_t begin = body.line_begin, end = body.line_end;
  if (title.first_line != kNoLine && title.last_line >= begin && title.last_line < end)
    begin = title.last_line + 1;
  if (title.subtitle_line != kNoLine && title.subtitle_line >= begin && title.subtitle_line < end) begin = title.subtitle_line + 1;
  const std::u32string title_key = ComparisonKey(title.title);

  // A zone that covers most of the container says nothing about a line in it.
  std::array<uint32_t, 16> covered{};
  uint32_t all = 0;
  for (size_t i = begin; i < end; ++i) {
    const uint32_t text = view.lines[i].characters;
    all += text;
    for (size_t bit = 0; bit < covered.size(); ++bit) {
      if ((view.lines[i].zones >> bit & 1) != 0) covered[bit] += text;
    }
  }
  uint16_t excluded = kNotBody;
  for (size_t bit = 0; bit < covered.size(); ++bit) {
    if (covered[bit] * 2 > all) excluded &= static_cast<uint16_t>(~(1u << bit));
  }

  // The strip at the head: everything up to the last info or control line among the first lines, as long as
  // what lies between is short.
  // A text shorter than what would be skipped is not behind it.
  uint32_t behind = 0, skipped = 0;
  for (size_t i = begin; i < end; ++i) {
    if (info.info_score[i] < 60 && (view.lines[i].zones & excluded) == 0)
      behind += view.lines[i].characters - std::min(view.lines[i].characters, view.lines[i].link_characters);
  }
  size_t head = begin;
  bool skipped_file = false;  // a document is text, though its line is all link
  for (size_t i = begin; i < end && i < begin + 24; ++i) {
    const Line& line = view.lines[i];
    const std::string_view text = view.LineText(i);
    // 省政府2020年3月2日决定：
    const bool sentence = (text.ends_with("：") || text.ends_with("。")) && info.info_score[i] < 90;
    // A table's own head, though it names columns as strips are named.
    const bool row = Cells(text) >= 3 && i + 1 < end && Cells(view.LineText(i + 1)) == Cells(text) && info.info_score[i + 1] < 60;
    const bool drop = (!sentence && !row && info.info_score[i] >= (body.provenance == "after-title" && i < begin + 4 ? 40 : 60)) || IsControlLine(text) || (line.zones & excluded) != 0 ||
                      (i < begin + 3 && IsLooseStrip(view, info, i)) || ComparisonKey(text) == title_key ||
                      (line.link_characters * 10 >= line.characters * 8 && line.characters < 40 &&
                       !line.file && !IsAttachmentLine(text) && line.sentence_marks == 0 && i < begin + 6);
    if (info.info_score[i] < 60 && (line.zones & excluded) == 0) {
      const uint32_t plain = line.characters - std::min(line.characters, line.link_characters);
      behind -= std::min(behind, plain);
      if (!drop) skipped += plain;
      skipped_file = skipped_file || (!drop && line.file);
    }
    if (drop) {
      if (skipped > behind || skipped_file) break;
      head = i + 1;
    } else if (line.characters > 45 || (line.sentence_marks > 1 && line.characters > 24)) {
      break;
    }
  }

  // Rows of dated links beside a text of its own are a box of other articles, with their summaries; where there is
  // little else they are what the page has to say.
  uint32_t own = 0, in_rows = 0;
  for (size_t i = head; i < end; ++i) {
    const Line& line = view.lines[i];
    if ((line.zones & excluded) != 0 || info.info_score[i] >= 60) continue;
    (line.row == RowFlag::kNone ? own : in_rows) += line.characters - std::min(line.characters, line.link_characters);
  }
  const bool boxed = own >= 20 && (own * 5 >= in_rows || LeadsText(view, info, title));

  // Text that stands after each line, to tell an end from a heading in the middle.
  uint32_t rest = 0;
  for (size_t i = head; i < end; ++i) {
    if ((view.lines[i].zones & excluded) == 0 && !(boxed && view.lines[i].row != RowFlag::kNone))
      rest += view.lines[i].characters - std::min(view.lines[i].characters, view.lines[i].link_characters);
  }
  uint32_t taken = 0;
  bool ended = false, in_box = false;
  std::vector<uint32_t> picked;
  for (size_t i = head; i < end && !ended; ++i) {
    const Line& line = view.lines[i];
    const std::string_view text = view.LineText(i);
    const uint32_t plain = line.characters - std::min(line.characters, line.link_characters);
    if ((line.zones & excluded) != 0) continue;
    if (boxed && line.row != RowFlag::kNone) {
      // 近期公告, the heading of the box.
      if (!picked.empty() && picked.back() + 1 == i && IsBoxHeadingLine(view, info, picked.back())) picked.pop_back();
      continue;
    }
    rest -= std::min(rest, plain);
    const LineWords words = line.characters <= 60 || rest < taken ? WordsOf(text) : LineWords{};
    // （作者单位：…）, （资料来源：…）: a credit in round brackets is part of the article, an editor's is
    // not.
    const bool credit =
        (text.starts_with("（") || text.starts_with("(")) && (text.ends_with("）") || text.ends_with(")")) &&
        text.find("编") == std::string_view::npos && text.find("編") == std::string_view::npos &&
        text.find("审") == std::string_view::npos && text.find("原标题") == std::string_view::npos &&
        text.find("本文来源") == std::string_view::npos && !HasStripDate(info, i);
    // 编辑 某某 校对 某某: without colons.
    const bool editors = line.characters <= 30 && rest < 60 && taken > 0 && IsEditorsLine(text);
    // （文/… 图/… 编辑/…）
    const bool bracketed = line.characters <= 60 && (text.starts_with("（") || text.starts_with("(") || text.starts_with("[") || text.starts_with("【")) &&
                           (text.find("编辑") != std::string_view::npos || text.find("編輯") != std::string_view::npos ||
                            text.find("责编") != std::string_view::npos || text.find("审核") != std::string_view::npos);
    if (!credit && (bracketed || editors || IsEndLine(text, line.characters) || (line.characters <= 60 && words.editor > 0))) {
      // What readers say, and the way to the next article, end the text however much of it there is.
      // Before the first words of a short text it only introduces them.
      if (GoesOnBelowBox(view, picked, i, end)) {
        in_box = true;
        continue;
      }
      const bool introduces = taken == 0 && rest >= 8 && !IsFinalLine(text);
      if (!introduces && (rest < taken || rest < 60 || (taken > 0 && (IsFinalLine(text) || !HasSentence(view, i + 1, end))))) ended = true;
      continue;
    }
    if (rest < taken ? IsDisclaimer(words, text) : line.characters <= 120 && IsNotice(text) && IsDisclaimer(WordsOf(text), text)) continue;
    if (taken > 0 && rest < taken && IsNotice(text) && WordsOf(text).disclaimer > 0) continue;
    if (IsControlLine(text) || IsOrnament(text)) continue;
    if (line.characters <= 6 && !line.item && rest < 20 && taken > 20 && IsCountAlone(text)) continue;
    // 延伸阅读 and its links in the middle of a text.
    const bool linked = line.links > 0 && line.link_characters * 10 >= line.characters * 8 && !line.file && !IsAttachmentLine(text);
    if (linked && in_box) continue;
    in_box = linked && !picked.empty() && picked.back() + 1 == i && IsBoxName(view.LineText(picked.back()), view.lines[picked.back()]);
    if (in_box) {
      picked.pop_back();
      continue;
    }
    // Strips inside the container: at the head, and at the tail unless it is a signature's date.
    if (!credit && info.info_score[i] >= 70 &&
        ((i < head + 3 && (taken < 20 || !IsSignatureDate(view, info, i))) || (rest < 60 && !IsSignatureDate(view, info, i))))
      continue;
    picked.push_back(static_cast<uint32_t>(i));
    taken += plain;
  }
  // Links at the tail lead elsewhere, attachments excepted. Where the text's own element is known, no frame
  // is in it.
  const bool framed =
      body.provenance == "density" || body.provenance == "after-title" || body.provenance == "marker:comment";
  size_t trimmed_links = 0;
  while (!picked.empty()) {
    const Line& line = view.lines[picked.back()];
    const std::string_view text = view.LineText(picked.back());
    const bool stands_out = line.heading != 0 || (line.emphasis & kBold) != 0;
    if (trimmed_links > 0 && picked.size() > 1 && stands_out &&
        ((line.characters <= 12 && line.sentence_marks <= 1) || (trimmed_links >= 3 && line.characters <= 16 && !text.ends_with("。")))) {
      picked.pop_back();  // 最新公告, 相关链接：
      continue;
    }
    const bool linked = line.links > 0 && (line.link_characters * 10 >= line.characters * 8 || IsDatedLink(line, info.info_score[picked.back()]));
    if ((linked && !line.file && !IsAttachmentLine(text) && picked.size() > 1) ||
        (framed && picked.size() > 1 && line.characters < 120 && WordsOf(text).frame > 0)) {
      trimmed_links += linked;
      picked.pop_back();
      continue;
    }
    break;
  }
  if (!picked.empty() && picked.back() + 1 < view.lines.size()) {  // the box itself stands outside
    const Line& next = view.lines[picked.back() + 1];
    const bool box = next.links > 0 && next.link_characters * 2 > next.characters && IsBoxName(view.LineText(picked.back()), view.lines[picked.back()]);
    if (box || (next.row == RowFlag::kRow && IsBoxHeadingLine(view, info, picked.back()))) picked.pop_back();
  }
  if (framed) TrimHeadlines(view, info, picked);
  body.lines = std::move(picked);
  body.characters = body.sentence_marks = 0;
  for (uint32_t i : body.lines) {
    const Line& line = view.lines[i];
    body.characters += line.characters - std::min(line.characters, line.link_characters);
    body.sentence_marks += line.sentence_marks;
  }
}

// 核心提示：… between the strip and the element of the text: sentences that nothing but the strip separates from the headline.
void TakeLead(const PageView& view, const InfoLines& info, const TitleChoice& title, BodyChoice& body) {
  if (body.lines.empty() || title.last_line == kNoLine || title.score < 40 || body.lines.front() <= title.last_line + 1 || body.lines.front() > title.last_line + 8) return;
  std::vector<uint32_t> lead;
  for (size_t i = title.last_line + 1; i < body.lines.front(); ++i) {
    const Line& line = view.lines[i];
    const std::string_view text = view.LineText(i);
    if (i == title.subtitle_line || info.info_score[i] >= 60 || IsControlLine(text) || IsLooseStrip(view, info, i)) continue;
    const bool sentence = line.sentence_marks >= 2 && line.characters >= 24 && line.links == 0 && (line.zones & kNotBody) == 0 && line.row == RowFlag::kNone &&
                          WordsOf(text).frame == 0 && WordsOf(text).disclaimer == 0 && !IsEndLine(text, line.characters);
    if (sentence) {
      lead.push_back(static_cast<uint32_t>(i));
    } else if (line.characters > 16) {
      return;
    }
  }
  for (const uint32_t i : lead) {
    body.characters += view.lines[i].characters;
    body.sentence_marks += view.lines[i].sentence_marks;
  }
  if (!lead.empty()) body.node_begin = std::min(body.node_begin, view.lines[lead.front()].first);
  body.lines.insert(body.lines.begin(), lead.begin(), lead.end());
}

struct CommentMark {
  NodeIndex begin = kNone, end = kNone;
};

// <!--ZJEG_RSS.content.begin--> … <!--ZJEG_RSS.content.end-->, <!--正文开始-->, <!--enpcontent-->: the
// outermost pair.
CommentMark FindCommentMarks(const PageView& view) {
  CommentMark mark;
  for (NodeIndex index : view.comments) {
    const std::string_view text = view.document.node(index).text;
    if (text.size() > 100) continue;
    const std::string lower = ToAsciiLower(TrimAscii(text));
    const bool names_text = lower.find("content") != std::string::npos ||
                            lower.find("正文") != std::string::npos ||
                            lower.find("内容") != std::string::npos;
    if (!names_text) continue;
    const bool ends = lower.find("end") != std::string::npos || lower.find("结束") != std::string::npos ||
                      lower.starts_with("/");
    const bool begins = lower.find("begin") != std::string::npos ||
                        lower.find("start") != std::string::npos || lower.find("开始") != std::string::npos ||
                        lower == "enpcontent";
    if (begins && !ends && mark.begin == kNone) mark.begin = index;
    if (ends && mark.begin != kNone) mark.end = index;
  }
  return mark;
}

// Where an element holds both the text and a box of links, its sum may be less than that of one paragraph: the text's
// other paragraphs stand beside it. Where the best element is no more than a paragraph or a table, takes the neighbours on both sides up to the first that weighs against it.
template <class Weigh>
void Grow(const PageView& view, const TitleChoice& title, const Weigh& weigh, BodyChoice& body) {
  const auto nodes = view.document.nodes();
  const NodeIndex limit = title.last_line == kNoLine || title.last_line + 1 >= view.lines.size() ? 0 : view.lines[title.last_line + 1].first;
  NodeIndex inner = body.node_begin;
  for (int level = 0; level < 3; ++level) {
    const NodeIndex parent = nodes[inner].parent;
    if (parent == kNone || parent == 0) return;
    bool grown = false;
    for (NodeIndex next = nodes[inner].next_sibling; next != kNone; next = nodes[next].next_sibling) {
      if (nodes[next].type == NodeType::kComment || nodes[next].end <= body.node_end) continue;
      const double weight = weigh(next, nodes[next].end);
      if (weight < 0) break;
      if (weight == 0) continue;
      body.node_end = nodes[next].end;
      grown = true;
    }
    // Siblings before it, in order: those after the last that weighs against it.
    NodeIndex begin = body.node_begin;
    for (NodeIndex child = parent + 1; child < inner && child != kNone; child = nodes[child].next_sibling) {
      if (nodes[child].type == NodeType::kComment) continue;
      const double weight = child < limit ? -1 : weigh(child, nodes[child].end);
      if (weight < 0) begin = body.node_begin;
      if (weight > 0 && begin == body.node_begin) begin = child;
    }
    grown = grown || begin != body.node_begin;
    body.node_begin = begin;
    if (grown) break;
    inner = parent;
    if (weigh(parent, nodes[parent].end) < 0) return;
  }
  body.line_begin = view.LineAt(body.node_begin);
  body.line_end = view.LineAt(body.node_end);
}

// Whether elements of the same name and class beside the best one hold text as well: the text is divided over them.
template <class Weigh>
bool HasEqualSiblings(const PageView& view, const BodyChoice& body, const Weigh& weigh) {
  const auto nodes = view.document.nodes();
  const html::Node& node = nodes[body.node_begin];
  if (node.type != NodeType::kElement || node.parent == kNone) return false;
  const auto name = [&](NodeIndex index) { return view.document.attribute(index, "class").value_or(""); };
  int tries = 0;
  for (NodeIndex next = node.parent + 1; next != kNone && next < nodes[node.parent].end && tries < 400; next = nodes[next].next_sibling, ++tries) {
    if (next == body.node_begin || nodes[next].tag != node.tag || nodes[next].type != NodeType::kElement || name(next) != name(body.node_begin)) continue;
    if (weigh(next, nodes[next].end) > body.weight * 0.2) return true;
  }
  return false;
}

}  // namespace

bool IsControlLine(std::string_view line) {
  if (line.size() > 240) return false;
  // Only words of controls, and separators, make up the whole line.
  static constexpr std::u32string_view kWords[] = {U"字体大小",   U"字体",       U"字号",
                                                   U"打印本页",   U"打印此页",   U"打印",
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
                                                   U"+",          U"print",    U"内容", U"正文",
                                                   U"人参与",     U"人看过",   U"条评论", U"点赞",
                                                   U"在看",       U"转发",     U"跟帖",   U"喜欢",
                                                   U"阅读原文",   U"阅读",     U"播放",   U"浏览",
                                                   U"次",         U"顶",       U"踩",     U"加关注", U"顶一下", U"踩一下", U"访问次数", U"加载中...", U"加载中",
                                                   U"关注",       U"👍",       U"❤"};
  // Words that stand beside a number.
  static constexpr std::u32string_view kCounted[] = {U"人参与", U"人看过", U"条评论", U"评论", U"我要评论", U"点赞", U"在看", U"转发", U"跟帖", U"喜欢", U"阅读", U"播放",
                                                     U"浏览",   U"次",     U"顶",     U"踩",   U"顶一下", U"踩一下", U"赞",   U"收藏", U"分享", U"👍",   U"❤"};
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

BodyChoice BodyOfNode(const PageView& view, const InfoLines& info, const TitleChoice& title, NodeIndex node,
                      std::string provenance) {
  BodyChoice body;
  body.node_begin = node;
  body.node_end = view.document.node(node).end;
  body.line_begin = view.LineAt(body.node_begin);
  body.line_end = view.LineAt(body.node_end);
  body.provenance = std::move(provenance);
  PickLines(view, info, title, body);
  return body;
}

BodyChoice ChooseBody(const PageView& view, const InfoLines& info, const TitleChoice& title) {
  const auto nodes = view.document.nodes();
  const size_t count = view.lines.size();
  std::vector<double> sums(count + 1, 0), weights(count, 0);
  double own = 0, between = 0;
  for (size_t i = 0; i < count; ++i) {
    weights[i] = LineWeight(view, info, title, i);
    if (weights[i] > 0 && view.lines[i].sentence_marks > 0) (view.lines[i].row == RowFlag::kNone ? own : between) += weights[i];
  }
  // The summaries of other articles do not outweigh a text of its own.
  const bool boxed = own >= 24 && (own * 5 >= between || LeadsText(view, info, title));
  for (size_t i = 0; i < count; ++i) sums[i + 1] = sums[i] + (boxed && view.lines[i].row != RowFlag::kNone ? std::min(weights[i], 0.0) : weights[i]);
  const auto net = [&](NodeIndex begin, NodeIndex end, size_t* first, size_t* last) {
    *first = view.LineAt(begin);
    *last = view.LineAt(end);
    return sums[*last] - sums[*first];
  };

  BodyChoice best;
  best.weight = 0;
  BodyChoice marked;
  marked.weight = 0;
  std::string marker_name;
  static const uint16_t article_tag = html::Tag("article");
  for (NodeIndex i = 1; i < nodes.size(); ++i) {
    const html::Node& node = nodes[i];
    if (node.type != NodeType::kElement || node.end <= i + 1) continue;
    std::string name;
    bool marker = node.tag == article_tag;
    if (marker) name = "article";
    for (const html::Attribute& attribute : view.document.attributes(node)) {
      if (attribute.name == "id" || attribute.name == "class") {
        marker = IsMarkerName(attribute.value, &name) || marker;
      } else if (attribute.name == "itemprop" && EqualsIgnoreAsciiCase(attribute.value, "articleBody")) {
        marker = true;
        name = "articleBody";
      }
    }
    if (!marker && node.tag == html::kUnknownTag && EqualsIgnoreAsciiCase(node.text, "ucapcontent")) {
      marker = true;
      name = "UCAPCONTENT";
    }
    if (!marker && !html::IsBlock(node)) continue;
    size_t first, last;
    const double weight = net(i, node.end, &first, &last);
    if (last <= first) continue;
    const bool same = first == best.line_begin && last == best.line_end;
    // The deepest of equals, so that what else the wrapper holds (images, links) stays outside.
    if (weight > best.weight + 1e-9 || (same && weight > 0 && weight > best.weight - 1e-9)) {
      best.weight = weight;
      best.node_begin = i;
      best.node_end = node.end;
      best.line_begin = first;
      best.line_end = last;
    }
    if (marker && weight > marked.weight + 1e-9) {
      marked.weight = weight;
      marked.node_begin = i;
      marked.node_end = node.end;
      marked.line_begin = first;
      marked.line_end = last;
      marker_name = name;
    }
  }
  best.provenance = "density";
  if (marked.weight > 0 && marked.weight >= best.weight * 0.6) {
    marked.provenance = "marker:" + marker_name;
    best = marked;
  }
  if (const CommentMark mark = FindCommentMarks(view); mark.begin != kNone && mark.end != kNone) {
    size_t first, last;
    const double weight = net(mark.begin, mark.end, &first, &last);
    // Narrower than what was found, or better: comments may also surround half the page.
    const bool inside = first >= best.line_begin && last <= best.line_end;
    if (last > first && weight > 0 && (weight >= best.weight || (inside && weight >= best.weight * 0.6))) {
      best.weight = weight;
      best.node_begin = mark.begin;
      best.node_end = mark.end;
      best.line_begin = first;
      best.line_end = last;
      best.provenance = "marker:comment";
    }
  }
  if (best.line_end > best.line_begin) {
    static const uint16_t table_tag = html::Tag("table"), tbody_tag = html::Tag("tbody"), list_tag = html::Tag("ul");
    const uint16_t tag = nodes[best.node_begin].tag;
    const bool part = best.line_end - best.line_begin <= 2 || tag == table_tag || tag == tbody_tag || tag == list_tag;
    const auto weigh = [&](NodeIndex begin, NodeIndex end) {
      size_t first, last;
      return net(begin, end, &first, &last);
    };
    const bool divided = best.provenance != "marker:comment" && HasEqualSiblings(view, best, weigh);
    if (divided || (best.provenance == "density" && part)) Grow(view, title, weigh, best);
    PickLines(view, info, title, best);
    if (best.provenance == "density") TakeLead(view, info, title, best);
  }

  // Too little text to weigh (an image, an attachment, one sentence): what follows the headline and its
  // strip.
  // A sentence right below the strip, in an element of its own, is such a text and found already.
  bool touches = !best.lines.empty() && title.last_line != kNoLine && best.first_line() > title.last_line &&
                 best.first_line() <= title.last_line + 10;
  for (size_t i = title.last_line + 1; touches && i < best.first_line(); ++i) {
    touches = info.info_score[i] >= 60 || IsControlLine(view.LineText(i)) || i == title.subtitle_line;
  }
  const bool adjacent = touches && best.sentence_marks > 0;
  if (best.characters < 20 && !adjacent && title.last_line != kNoLine) {
    BodyChoice after;
    after.line_begin = title.last_line + 1;
    size_t end = after.line_begin;
    while (end < count && end < after.line_begin + 60) {
      const Line& line = view.lines[end];
      const std::string_view text = view.LineText(end);
      const bool linked = line.link_characters * 2 >= line.characters && line.links > 0 && !line.file && !IsAttachmentLine(text);
      if ((line.zones & (kNotBody & ~kZoneControls)) != 0 || IsFrameLine(text) ||
          (linked && info.info_score[end] < 60))
        break;
      if (IsEndLine(text, line.characters) && info.info_score[end] < 60) break;
      // The heading of a box of links.
      if (line.characters <= 8 && line.sentence_marks == 0 && line.links == 0 && end + 1 < count && info.info_score[end] < 60 &&
          view.lines[end + 1].links > 0 && !view.lines[end + 1].file && view.lines[end + 1].link_characters * 2 > view.lines[end + 1].characters &&
          !IsAttachmentLine(view.LineText(end + 1)))
        break;
      ++end;
    }
    after.line_end = end;
    if (end > after.line_begin) {
      after.node_begin = view.lines[after.line_begin].first;
      after.node_end = end < count ? view.lines[end].first : static_cast<NodeIndex>(nodes.size());
      after.provenance = "after-title";
      PickLines(view, info, title, after);
      if (after.characters > best.characters || best.lines.empty()) best = std::move(after);
    }
    // 热点新闻 is no text, though nothing else on the page is one: pictures alone.
    if (best.provenance == "density" && best.characters < 12 && best.sentence_marks == 0 && !touches && best.line_end < count &&
        view.lines[best.lines.empty() ? 0 : best.lines.back()].links == 0) {
      best.lines.clear();
      best.characters = 0;
    }
  }
  return best;
}

size_t SetAsHeadline(const PageView& view, const InfoLines& info, const BodyChoice& body) {
  if (body.lines.empty()) return kNoLine;
  const size_t first = body.lines.front();
  for (size_t i = first + 1; i-- > 0 && i + 4 > first;) {
    const Line& line = view.lines[i];
    if (line.links > 0 || line.row != RowFlag::kNone) break;
    if (line.characters < 6 || line.characters > 50 || line.sentence_marks > 3 || (line.zones & (kZoneNavigation | kZoneHeader | kZoneFooter)) != 0) continue;
    if (info.info_score[i] < 40 && (line.heading != 0 || (line.emphasis & (kBold | kLarge)) != 0 || (line.zones & kZoneTitle) != 0)) return i;
  }
  return kNoLine;
}

std::string BodyText(const PageView& view, const BodyChoice& body) {
  std::string text;
  for (uint32_t line : body.lines) {
    if (!text.empty()) text.push_back('\n');
    text.append(view.LineText(line));
  }
  return text;
}

}  // namespace fangzhi::extract
