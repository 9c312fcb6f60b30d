#include "extract/info_line.h"

#include <algorithm>
#include <array>

#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

struct LabelWord {
  std::u32string_view word;  // folded, lower case
  Label label;
  // Strong: says what it is wherever it stands (发布时间). Weak: only after an edge (时间 is no label in
  // 会议时间).
  bool strong;
};

constexpr LabelWord kWords[] = {
    {U"发布时间", Label::kPublished, true},
    {U"发布日期", Label::kPublished, true},
    {U"发稿时间", Label::kPublished, true},
    {U"发稿日期", Label::kPublished, true},
    {U"发表时间", Label::kPublished, true},
    {U"发表日期", Label::kPublished, true},
    {U"发表于", Label::kPublished, true},
    {U"发布于", Label::kPublished, true},
    {U"信息时间", Label::kPublished, true},
    {U"信息日期", Label::kPublished, true},
    {U"上载日期", Label::kPublished, true},
    {U"上传时间", Label::kPublished, true},
    {U"上传日期", Label::kPublished, true},
    {U"录入时间", Label::kPublished, true},
    {U"录入日期", Label::kPublished, true},
    {U"添加时间", Label::kPublished, true},
    {U"添加日期", Label::kPublished, true},
    {U"公开时间", Label::kPublished, true},
    {U"公开日期", Label::kPublished, true},
    {U"公布时间", Label::kPublished, true},
    {U"公布日期", Label::kPublished, true},
    {U"公告日期", Label::kPublished, true},
    {U"公告时间", Label::kPublished, true},
    {U"创建时间", Label::kPublished, true},
    {U"文章时间", Label::kPublished, true},
    {U"新闻时间", Label::kPublished, true},
    {U"新闻日期", Label::kPublished, true},
    {U"刊登日期", Label::kPublished, true},
    {U"张贴日期", Label::kPublished, true},
    {U"張貼日期", Label::kPublished, true},
    {U"上版日期", Label::kPublished, true},
    {U"上架日期", Label::kPublished, true},
    {U"发文时间", Label::kPublished, true},
    {U"发布", Label::kPublished, false},
    {U"时间", Label::kPublished, false},
    {U"日期", Label::kPublished, false},
    {U"publishdate", Label::kPublished, true},
    {U"published", Label::kPublished, true},
    {U"postdate", Label::kPublished, true},
    {U"date", Label::kPublished, false},
    {U"posted", Label::kPublished, false},
    {U"time", Label::kPublished, false},
    {U"更新时间", Label::kUpdated, true},
    {U"更新日期", Label::kUpdated, true},
    {U"修改时间", Label::kUpdated, true},
    {U"最后更新", Label::kUpdated, true},
    {U"最後更新", Label::kUpdated, true},
    {U"修订日期", Label::kUpdated, true},
    {U"编辑时间", Label::kUpdated, true},
    {U"更新", Label::kUpdated, false},
    {U"updated", Label::kUpdated, false},
    {U"成文日期", Label::kWritten, true},
    {U"成文时间", Label::kWritten, true},
    {U"生成日期", Label::kWritten, true},
    {U"生成时间", Label::kWritten, true},
    {U"发文日期", Label::kWritten, true},
    {U"制发日期", Label::kWritten, true},
    {U"印发日期", Label::kWritten, true},
    {U"签发日期", Label::kWritten, true},
    {U"形成日期", Label::kWritten, true},
    {U"信息来源", Label::kSource, true},
    {U"文章来源", Label::kSource, true},
    {U"稿件来源", Label::kSource, true},
    {U"稿源", Label::kSource, true},
    {U"内容来源", Label::kSource, true},
    {U"消息来源", Label::kSource, true},
    {U"新闻来源", Label::kSource, true},
    {U"资料来源", Label::kSource, true},
    {U"数据来源", Label::kSource, true},
    {U"图文来源", Label::kSource, true},
    {U"原文来源", Label::kSource, true},
    {U"转载来源", Label::kSource, true},
    {U"本文来源", Label::kSource, true},
    {U"资讯来源", Label::kSource, true},
    {U"供稿单位", Label::kSource, true},
    {U"来稿单位", Label::kSource, true},
    {U"撰稿单位", Label::kSource, true},
    {U"来源单位", Label::kSource, true},
    {U"来源部门", Label::kSource, true},
    {U"信息提供", Label::kSource, true},
    {U"供稿部门", Label::kSource, true},
    {U"来源自", Label::kSource, true},
    {U"来源", Label::kSource, true},
    {U"来自", Label::kSource, false},
    {U"出处", Label::kSource, false},
    {U"转自", Label::kSource, false},
    {U"datasource", Label::kSource, true},
    {U"source", Label::kSource, false},
    {U"发布单位", Label::kPublisher, true},
    {U"发布机构", Label::kPublisher, true},
    {U"发布部门", Label::kPublisher, true},
    {U"发布机关", Label::kPublisher, true},
    {U"发文机关", Label::kPublisher, true},
    {U"发文单位", Label::kPublisher, true},
    {U"发文机构", Label::kPublisher, true},
    {U"公开单位", Label::kPublisher, true},
    {U"公开机构", Label::kPublisher, true},
    {U"制发机关", Label::kPublisher, true},
    {U"发布者", Label::kPublisher, true},
    {U"发布人", Label::kPublisher, true},
    {U"提供单位", Label::kPublisher, true},
    {U"发布处室", Label::kPublisher, true},
    {U"单位名称", Label::kPublisher, true},
    {U"供稿", Label::kPublisher, false},
    {U"点击次数", Label::kClicks, true},
    {U"点击数", Label::kClicks, true},
    {U"点击量", Label::kClicks, true},
    {U"点击率", Label::kClicks, true},
    {U"点击人数", Label::kClicks, true},
    {U"点击", Label::kClicks, true},
    {U"浏览次数", Label::kClicks, true},
    {U"浏览量", Label::kClicks, true},
    {U"浏览数", Label::kClicks, true},
    {U"浏览人次", Label::kClicks, true},
    {U"浏览人数", Label::kClicks, true},
    {U"文章浏览量", Label::kClicks, true},
    {U"浏览", Label::kClicks, true},
    {U"阅读次数", Label::kClicks, true},
    {U"阅读量", Label::kClicks, true},
    {U"阅读数", Label::kClicks, true},
    {U"阅读人次", Label::kClicks, true},
    {U"阅读", Label::kClicks, false},
    {U"阅览次数", Label::kClicks, true},
    {U"被阅览数", Label::kClicks, true},
    {U"阅览数", Label::kClicks, true},
    {U"阅览", Label::kClicks, false},
    {U"访问次数", Label::kClicks, true},
    {U"访问量", Label::kClicks, false},
    {U"访问人次", Label::kClicks, false},
    {U"访问", Label::kClicks, false},
    {U"查看次数", Label::kClicks, true},
    {U"查看数", Label::kClicks, true},
    {U"查看", Label::kClicks, false},
    {U"人气", Label::kClicks, false},
    {U"人气指数", Label::kClicks, true},
    {U"关注次数", Label::kClicks, true},
    {U"关注度", Label::kClicks, true},
    {U"人围观", Label::kClicks, true},
    {U"围观", Label::kClicks, false},
    {U"人浏览", Label::kClicks, true},
    {U"人阅读", Label::kClicks, true},
    {U"次阅读", Label::kClicks, true},
    {U"次浏览", Label::kClicks, true},
    {U"次点击", Label::kClicks, true},
    {U"热度", Label::kClicks, false},
    {U"点阅数", Label::kClicks, true},
    {U"点阅", Label::kClicks, false},
    {U"点閱", Label::kClicks, false},
    {U"点阅次数", Label::kClicks, true},
    {U"阅读率", Label::kClicks, true},
    {U"已阅", Label::kClicks, false},
    {U"hits", Label::kClicks, false},
    {U"views", Label::kClicks, false},
    {U"view", Label::kClicks, false},
    {U"clicks", Label::kClicks, false},
    {U"作者", Label::kAuthor, true},
    {U"文章作者", Label::kAuthor, true},
    {U"记者", Label::kAuthor, false},
    {U"撰稿", Label::kAuthor, false},
    {U"撰稿人", Label::kAuthor, true},
    {U"撰文", Label::kAuthor, false},
    {U"供稿人", Label::kAuthor, true},
    {U"通讯员", Label::kAuthor, false},
    {U"作者姓名", Label::kAuthor, true},
    {U"文", Label::kAuthor, false},
    {U"author", Label::kAuthor, false},
    {U"特约记者", Label::kAuthor, false},
    {U"本报记者", Label::kAuthor, false},
    {U"文字", Label::kAuthor, false},
    {U"文图", Label::kAuthor, false},
    {U"责任编辑", Label::kEditor, true},
    {U"编辑", Label::kEditor, false},
    {U"责编", Label::kEditor, true},
    {U"责任编缉", Label::kEditor, true},
    {U"编辑人", Label::kEditor, true},
    {U"网络编辑", Label::kEditor, true},
    {U"本文编辑", Label::kEditor, true},
    {U"本期编辑", Label::kEditor, true},
    {U"执行编辑", Label::kEditor, true},
    {U"值班编辑", Label::kEditor, true},
    {U"新闻编辑", Label::kEditor, true},
    {U"editor", Label::kEditor, false},
    {U"录入", Label::kEditor, false},
    {U"录入者", Label::kEditor, true},
    {U"录入员", Label::kEditor, true},
    {U"栏目", Label::kColumn, false},
    {U"所属栏目", Label::kColumn, true},
    {U"信息类别", Label::kOther, true},
    {U"文号", Label::kDocumentNumber, false},
    {U"发文字号", Label::kDocumentNumber, true},
    {U"文件编号", Label::kDocumentNumber, true},
    {U"文件号", Label::kDocumentNumber, false},
    {U"公文文号", Label::kDocumentNumber, true},
    {U"发文文号", Label::kDocumentNumber, true},
    {U"文件文号", Label::kDocumentNumber, true},
    {U"文书号", Label::kDocumentNumber, true},
    {U"索引号", Label::kIndexNumber, true},
    {U"索引编号", Label::kIndexNumber, true},
    {U"索取号", Label::kIndexNumber, true},
    {U"信息索引", Label::kIndexNumber, true},
    {U"字体", Label::kOther, true},
    {U"字号", Label::kOther, true},
    {U"字体大小", Label::kOther, true},
    {U"字体显示", Label::kOther, true},
    {U"视力保护色", Label::kOther, true},
    {U"保护视力色", Label::kOther, true},
    {U"背景色", Label::kOther, true},
    {U"主题分类", Label::kOther, true},
    {U"主题词", Label::kOther, true},
    {U"关键词", Label::kOther, true},
    {U"关键字", Label::kOther, true},
    {U"标签", Label::kOther, false},
    {U"分类", Label::kOther, false},
    {U"有效性", Label::kOther, true},
    {U"时效性", Label::kOther, true},
    {U"公开方式", Label::kOther, true},
    {U"公开范围", Label::kOther, true},
    {U"公开形式", Label::kOther, true},
    {U"公开程序", Label::kOther, true},
    {U"公开类别", Label::kOther, true},
    {U"责任部门", Label::kOther, true},
    {U"公文种类", Label::kOther, true},
    {U"体裁分类", Label::kOther, true},
    {U"服务对象", Label::kOther, true},
    {U"信息分类", Label::kOther, true},
    {U"信息名称", Label::kOther, true},
    {U"文件名称", Label::kOther, true},
    {U"名称", Label::kOther, false},
    {U"标题", Label::kOther, false},
    {U"内容概述", Label::kOther, true},
    {U"生效日期", Label::kOther, true},
    {U"实施日期", Label::kOther, true},
    {U"施行日期", Label::kOther, true},
    {U"废止日期", Label::kOther, true},
    {U"失效日期", Label::kOther, true},
    {U"截止日期", Label::kOther, true},
    {U"截止时间", Label::kOther, true},
    {U"会议时间", Label::kOther, true},
    {U"报名时间", Label::kOther, true},
    {U"初审", Label::kOther, false},
    {U"复审", Label::kOther, false},
    {U"终审", Label::kOther, false},
    {U"一审", Label::kOther, false},
    {U"二审", Label::kOther, false},
    {U"三审", Label::kOther, false},
    {U"审核", Label::kOther, false},
    {U"审核人", Label::kOther, true},
    {U"审稿", Label::kOther, false},
    {U"审签", Label::kOther, false},
    {U"审校", Label::kOther, false},
    {U"校对", Label::kOther, false},
    {U"校审", Label::kOther, false},
    {U"监制", Label::kOther, false},
    {U"签发", Label::kOther, false},
    {U"签发人", Label::kOther, true},
    {U"摄影", Label::kOther, false},
    {U"图片", Label::kOther, false},
    {U"供图", Label::kOther, false},
    {U"评论", Label::kOther, false},
    {U"评论数", Label::kOther, true},
    {U"点赞", Label::kOther, true},
    {U"点赞数", Label::kOther, true},
    {U"分享到", Label::kOther, true},
    {U"分享", Label::kOther, false},
    {U"转发", Label::kOther, false},
    {U"收藏", Label::kOther, false},
    {U"回复", Label::kOther, false},
    {U"下载次数", Label::kOther, true},
    {U"下载量", Label::kOther, true},
    {U"总访问量", Label::kOther, true},
    {U"今日访问", Label::kOther, true},
    {U"今日访问量", Label::kOther, true},
    {U"本站访问量", Label::kOther, true},
    {U"网站访问量", Label::kOther, true},
    {U"总浏览量", Label::kOther, true},
    {U"访问总量", Label::kOther, true},
    {U"累计访问", Label::kOther, true},
    {U"累计访问量", Label::kOther, true},
    {U"总访问次数", Label::kOther, true},
    {U"总点击", Label::kOther, true},
    {U"总浏览", Label::kOther, true},
    {U"上一篇", Label::kOther, true},
    {U"下一篇", Label::kOther, true},
    {U"打印", Label::kOther, false},
    {U"地区", Label::kOther, false},
    {U"我要评论", Label::kOther, true},
    {U"联系电话", Label::kOther, true},
    {U"发布级别", Label::kOther, true},
    {U"信息类型", Label::kOther, true},
    {U"所属分类", Label::kOther, true},
    {U"归档时间", Label::kOther, true},
    {U"文章编号", Label::kOther, true},
    {U"文种", Label::kOther, false},
    {U"专题", Label::kOther, false},
    {U"责任校对", Label::kOther, true},
    {U"翻译", Label::kOther, false},
};

// Words by their first character.
struct LabelTable {
  std::array<uint64_t, 1024> first{};
  std::vector<std::pair<char32_t, const LabelWord*>> words;

  LabelTable() {
    for (const LabelWord& word : kWords) {
      first[word.word[0] >> 6] |= uint64_t{1} << (word.word[0] & 63);
      words.emplace_back(word.word[0], &word);
    }
    std::stable_sort(words.begin(), words.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  bool MayBegin(char32_t c) const { return c < 0x10000 && (first[c >> 6] >> (c & 63) & 1) != 0; }
};

const LabelTable& Labels() {
  static const LabelTable table;
  return table;
}

char32_t Lower(char32_t c) {
  return c >= U'A' && c <= U'Z' ? c + 32 : c;
}
bool IsBlank(char32_t c) {
  return c == U' ' || c == U'\t';
}
bool IsBracket(char32_t c) {
  return std::u32string_view(U"[](){}【】〖〗「」『』《》<>|丨│/・·●■◆★▶>").find(c) !=
         std::u32string_view::npos;
}
bool IsOpening(char32_t c) {
  return std::u32string_view(U"[({【〖「《").find(c) != std::u32string_view::npos;
}

// May a weak label begin here? At the start, after a space, a bracket, a digit, punctuation or an element's
// edge.
bool IsEdge(const FoldedText& text, size_t at) {
  if (at == 0) return true;
  const char32_t before = text.characters[at - 1];
  return IsBlank(before) || IsBracket(before) || IsDigit(before) || before == U':' || before == U'次' ||
         before == U'日' || IsSentenceMark(before) || before == U'-' || before == U'_' || before == U'*';
}

// All labels of a line and the divisions of the line in code points.
struct LineScan {
  FoldedText text;
  std::vector<LabelMatch> labels;
  std::vector<std::pair<size_t, bool>> divisions;  // code point, gap

  bool DivisionAt(size_t place) const {
    for (const auto& division : divisions) {
      if (division.first == place) return true;
    }
    return false;
  }
};

void MapDivisions(const PageView& view, const Line& line, size_t& next, LineScan& scan) {
  scan.divisions.clear();
  while (next < view.divisions.size() && view.divisions[next].offset <= line.begin) ++next;
  size_t place = 0;
  for (; next < view.divisions.size() && view.divisions[next].offset < line.end; ++next) {
    const uint32_t offset = view.divisions[next].offset - line.begin;
    while (place < scan.text.size() && scan.text.offsets[place] < offset) ++place;
    scan.divisions.emplace_back(place, view.divisions[next].gap);
  }
}

bool NumberNear(const FoldedText& text, const LabelMatch& match) {
  size_t end = 0;
  size_t at = match.end;
  if (CountAt(text, at, &end)) return true;
  while (at < text.size() && (IsBlank(text.characters[at]) || IsOpening(text.characters[at]))) ++at;
  return at > match.end && CountAt(text, at, &end).has_value();
}

// "997 次浏览", "2251 浏览", "1.2万人围观": the number that ends right before `end`.
std::optional<int64_t> CountBefore(const FoldedText& text, size_t end, size_t* begin) {
  const std::u32string& c = text.characters;
  size_t at = end;
  while (at > 0 && (IsBlank(c[at - 1]) || c[at - 1] == U'次' || c[at - 1] == U'人' || c[at - 1] == U'个' ||
                    c[at - 1] == U'被' || c[at - 1] == U'已'))
    --at;
  size_t first = at;
  while (first > 0 && at - first < 16 &&
         (IsDigit(c[first - 1]) || c[first - 1] == U',' || c[first - 1] == U'.' || c[first - 1] == U'万'))
    --first;
  while (first < at && !IsDigit(c[first])) ++first;
  if (first == at) return std::nullopt;
  if (first > 0 && (c[first - 1] == U':' || c[first - 1] == U'-' || c[first - 1] == U'/' ||
                    c[first - 1] == U'年' || c[first - 1] == U'月'))
    return std::nullopt;
  size_t stop = 0;
  const auto value = CountAt(text, first, &stop);
  if (!value || stop < at) return std::nullopt;
  *begin = first;
  return value;
}

void FindLabels(LineScan& scan, bool short_line) {
  scan.labels.clear();
  const FoldedText& text = scan.text;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = Lower(text.characters[at]);
    if (!Labels().MayBegin(c)) {
      ++at;
      continue;
    }
    LabelMatch match = LabelAt(text, at);
    if (match.label == Label::kNone) {
      ++at;
      continue;
    }
    const bool edge = IsEdge(text, at) || scan.DivisionAt(at);
    bool accepted = match.colon && (match.strong || edge);
    if (!match.colon) {
      const bool divided =
          match.end >= text.size() || scan.DivisionAt(match.end) || text.characters[match.end] == U'\t';
      size_t begin = 0;
      switch (match.label) {
        case Label::kClicks:
          accepted =
              short_line && (NumberNear(text, match) || CountBefore(text, match.begin, &begin).has_value());
          break;
        case Label::kPublished:
        case Label::kUpdated:
        case Label::kWritten: {
          size_t place = match.end;
          while (place < text.size() &&
                 (IsBlank(text.characters[place]) || IsOpening(text.characters[place])))
            ++place;
          accepted =
              edge && DateAt(text, place, {true, match.strong}).has_value() && (match.strong || short_line);
          break;
        }
        case Label::kOther:
          accepted = edge && short_line;
          break;
        default: {
          // "来源 新华社" at an edge, or a label alone in its cell.
          const bool spaced = match.end < text.size() && IsBlank(text.characters[match.end]);
          accepted =
              edge && short_line && (divided || (spaced && (match.strong || match.label == Label::kAuthor)));
          if (match.label == Label::kAuthor && !spaced && !divided) accepted = false;
          break;
        }
      }
    }
    if (accepted) {
      scan.labels.push_back(match);
      at = match.end > at ? match.end : at + 1;
    } else {
      ++at;
    }
  }
}

// Where the value that begins at `begin` and must end before `limit` really ends.
size_t NameEnd(const LineScan& scan, size_t begin, size_t limit, bool source) {
  const FoldedText& text = scan.text;
  const std::u32string& c = text.characters;
  size_t content = begin;
  while (content < limit && IsBlank(c[content])) ++content;
  size_t next_division = 0;
  while (next_division < scan.divisions.size() && scan.divisions[next_division].first <= content)
    ++next_division;
  int round = 0, quotes = 0;
  for (size_t at = content; at < limit; ++at) {
    if (c[at] == U'|' || c[at] == U'｜' || c[at] == U'│' || c[at] == U'丨' || c[at] == U'\t' ||
        c[at] == U'【' || c[at] == U'〖' || c[at] == U'】' || c[at] == U'〗' || c[at] == U']')
      return at;
    if (c[at] == U'[') return at;
    if (c[at] == U'(') ++round;
    if (c[at] == U')' && --round < 0) return at;
    if (c[at] == U'《') ++quotes;
    if (c[at] == U'》') --quotes;
    while (next_division < scan.divisions.size() && scan.divisions[next_division].first < at) ++next_division;
    if (next_division < scan.divisions.size() && scan.divisions[next_division].first == at && at > content) {
      const char32_t here = c[at], before = c[at - 1];
      const bool goes_on = here == U'-' || here == U'·' || before == U'-' || before == U'·' ||
                           here == U'、' || before == U'、' || quotes > 0 || round > 0 || (before == U'《');
      if (!goes_on && (scan.divisions[next_division].second || source || IsBlank(before))) return at;
    }
    if (IsDigit(c[at]) || c[at] == U'二') {
      if (DateAt(text, at, {false, false}) && quotes == 0) return at;
    }
    if (at > content && IsBlank(c[at - 1]) && !IsBlank(c[at])) {
      // After a space, a role or a clause ends the name: "新华社 记者 张三", "省政府办公厅 打印".
      const LabelMatch label = LabelAt(text, at);
      if (label.label != Label::kNone && (label.strong || label.end >= limit || IsBlank(c[label.end])))
        return at;
    }
    if (c[at] == U'。' || c[at] == U'；' || c[at] == U';') return at;
  }
  return limit;
}

std::string Slice(std::string_view line, const FoldedText& text, size_t begin, size_t end) {
  if (begin >= end) return "";
  return text::CollapseSpace(line.substr(text.offsets[begin], text.offsets[end] - text.offsets[begin]));
}

bool IsName(std::string_view value) {
  const size_t length = text::CountCodePoints(value);
  if (length == 0 || length > 60) return false;
  if (value.find("://") != std::string_view::npos && length > 40) return false;
  return true;
}

}  // namespace

LabelMatch LabelAt(const FoldedText& text, size_t at) {
  LabelMatch match;
  const char32_t c = Lower(text.characters[at]);
  const auto& words = Labels().words;
  auto place = std::lower_bound(words.begin(), words.end(), c,
                                [](const auto& word, char32_t wanted) { return word.first < wanted; });
  for (; place != words.end() && place->first == c; ++place) {
    const LabelWord& word = *place->second;
    size_t cursor = at + 1, matched = 1;
    int spaces = 0;
    const bool latin = c < 0x80;
    while (matched < word.word.size() && cursor < text.size() && spaces < 12) {
      if (Lower(text.characters[cursor]) == word.word[matched]) {
        ++matched;
        ++cursor;
      } else if (IsBlank(text.characters[cursor])) {
        ++cursor;
        ++spaces;
      } else {
        break;
      }
    }
    if (matched != word.word.size()) continue;
    if (latin && ((at > 0 && IsLetter(text.characters[at - 1])) ||
                  (cursor < text.size() && IsLetter(text.characters[cursor]))))
      continue;
    if (match.label != Label::kNone && word.word.size() <= 1) continue;
    size_t colon = cursor;
    int gap = 0;
    while (colon < text.size() && IsBlank(text.characters[colon]) && gap < 4) ++colon, ++gap;
    const bool has_colon = colon < text.size() && text.characters[colon] == U':';
    // A one-character label ("文") must have its colon.
    if (word.word.size() == 1 && !has_colon) continue;
    // 点击数(次)： is told by its colon after a bracket.
    const size_t end = has_colon ? colon + 1 : cursor;
    if (match.label == Label::kNone || end > match.end || (has_colon && !match.colon)) {
      match = {word.label, at, end, has_colon, word.strong};
    }
  }
  return match;
}

std::optional<int64_t> CountAt(const FoldedText& text, size_t at, size_t* end) {
  const std::u32string& c = text.characters;
  while (at < c.size() && IsBlank(c[at])) ++at;
  size_t cursor = at;
  int64_t value = 0;
  int digits = 0;
  while (cursor < c.size()) {
    if (IsDigit(c[cursor])) {
      if (++digits > 10) return std::nullopt;
      value = value * 10 + static_cast<int64_t>(c[cursor] - U'0');
      ++cursor;
    } else if (c[cursor] == U',' && digits > 0 && digits <= 7 && cursor + 3 < c.size() &&
               IsDigit(c[cursor + 1]) && IsDigit(c[cursor + 2]) && IsDigit(c[cursor + 3])) {
      ++cursor;
    } else {
      break;
    }
  }
  if (digits == 0) return std::nullopt;
  int64_t fraction = 0, scale = 1;
  size_t after = cursor;
  if (after + 1 < c.size() && c[after] == U'.' && IsDigit(c[after + 1])) {
    ++after;
    while (after < c.size() && IsDigit(c[after]) && scale < 10'000) {
      fraction = fraction * 10 + static_cast<int64_t>(c[after] - U'0');
      scale *= 10;
      ++after;
    }
  }
  const char32_t unit = after < c.size() ? c[after] : U'\0';
  int64_t factor = 1;
  if (unit == U'万' || unit == U'萬' || unit == U'w' || unit == U'W') factor = 10'000;
  if (unit == U'k' || unit == U'K') factor = 1'000;
  if (unit == U'亿' || unit == U'億') factor = 100'000'000;
  if (factor > 1) {
    if (value > 1'000'000) return std::nullopt;
    value = value * factor + fraction * factor / scale;
    cursor = after + 1;
  } else if (scale > 1) {
    return std::nullopt;  // 3.5 is no count
  }
  // Part of a date, a time, a percentage, a duration: no count.
  if (cursor < c.size() &&
      std::u32string_view(U"%:-/年月日时分秒").find(c[cursor]) != std::u32string_view::npos &&
      !(c[cursor] == U'-' && (cursor + 1 >= c.size() || !IsDigit(c[cursor + 1]))) &&
      !(c[cursor] == U'/' && (cursor + 1 >= c.size() || !IsDigit(c[cursor + 1]))))
    return std::nullopt;
  *end = cursor;
  return value;
}

InfoLines FindInfoLines(const PageView& view, bool roc_years) {
  InfoLines found;
  found.info_score.assign(view.lines.size(), 0);
  LineScan scan;
  size_t next_division = 0;
  // A label whose value was not on its line: the next line may be it.
  size_t open_value = SIZE_MAX;
  for (size_t i = 0; i < view.lines.size(); ++i) {
    const Line& line = view.lines[i];
    const bool pending = open_value != SIZE_MAX;
    const size_t waiting = open_value;
    open_value = SIZE_MAX;
    if (line.characters > 260) continue;
    const std::string_view content = view.LineText(i);
    FoldInto(content, scan.text);
    MapDivisions(view, line, next_division, scan);
    const bool short_line = line.characters <= 120 && line.sentence_marks <= 14;
    FindLabels(scan, short_line);
    const FoldedText& text = scan.text;
    size_t covered = 0;

    if (pending && line.characters <= 60 && (scan.labels.empty() || scan.labels[0].begin > 2)) {
      InfoValue& value = found.values[waiting];
      const size_t limit = scan.labels.empty() ? text.size() : scan.labels[0].begin;
      switch (value.label) {
        case Label::kPublished:
        case Label::kUpdated:
        case Label::kWritten:
          value.date = FindDate(text, 0, {roc_years, true});
          if (value.date && value.date->begin > 3) value.date.reset();
          if (value.date) covered += value.date->end;
          break;
        case Label::kClicks: {
          size_t end = 0;
          value.number = CountAt(text, 0, &end);
          if (value.number && text.size() - end > 4) value.number.reset();
          if (value.number) covered += text.size();
          break;
        }
        case Label::kNone:
        case Label::kOther:
          break;
        default:
          if (line.characters <= 40 && line.sentence_marks <= 1) {
            value.text = TrimSeparators(Slice(content, text, 0, NameEnd(scan, 0, limit, true)));
            if (!IsName(value.text)) value.text.clear();
            if (!value.text.empty()) covered += limit;
          }
          break;
      }
    }

    // What stands before the first label, or in a line without any: a date without a label.
    const size_t first_label = scan.labels.empty() ? text.size() : scan.labels[0].begin;
    const bool candidate = line.characters <= 80 || !scan.labels.empty();
    if (candidate && first_label > 0) {
      if (const auto date = FindDate(text, 0, {roc_years, false}); date && date->begin < first_label) {
        const size_t rest = first_label - std::min(first_label, date->end - date->begin);
        if (rest <= 40 && line.sentence_marks <= 6) {
          InfoValue value;
          value.label = Label::kPublished;
          value.line = static_cast<uint32_t>(i);
          value.labelled = false;
          value.date = date;
          value.text = Slice(content, text, 0, date->begin);
          found.values.push_back(value);
          covered += date->end - date->begin;
        }
      }
    }

    for (size_t k = 0; k < scan.labels.size(); ++k) {
      const LabelMatch& label = scan.labels[k];
      const size_t limit = k + 1 < scan.labels.size() ? scan.labels[k + 1].begin : text.size();
      const bool last = k + 1 == scan.labels.size();
      InfoValue value;
      value.label = label.label;
      value.line = static_cast<uint32_t>(i);
      value.strong = label.strong;
      covered += label.end - label.begin;
      size_t end = limit;
      bool empty = true;
      for (size_t at = label.end; at < limit && empty; ++at) empty = IsBlank(text.characters[at]);
      switch (label.label) {
        case Label::kPublished:
        case Label::kUpdated:
        case Label::kWritten: {
          const auto date = FindDate(text, label.end, {roc_years, true});
          if (date && date->begin < limit && date->begin - label.end <= 8) {
            value.date = date;
            covered += date->end - label.end;
          } else if (label.strong && !date && last && empty) {
            open_value = found.values.size();
          } else if (last && empty) {
            open_value = found.values.size();
          }
          break;
        }
        case Label::kClicks: {
          size_t stop = 0;
          size_t at = label.end;
          while (at < limit && (IsBlank(text.characters[at]) || IsOpening(text.characters[at]))) ++at;
          size_t begin = 0;
          if (at < limit) value.number = CountAt(text, at, &stop);
          if (value.number && stop <= limit) {
            covered += stop - label.end;
            // 阅读 3 分钟
            if (stop + 1 < text.size() && text.characters[stop] == U'分') value.number.reset();
          } else {
            value.number.reset();
            const size_t from = k > 0 ? scan.labels[k - 1].end : 0;
            if (!label.colon) value.number = CountBefore(text, label.begin, &begin);
            if (value.number && begin >= from) {
              covered += label.begin - begin;
            } else {
              value.number.reset();
            }
            if (!value.number && last && empty && label.colon) open_value = found.values.size();
          }
          break;
        }
        case Label::kNone:
        case Label::kOther:
          covered += std::min<size_t>(limit - label.end, 24);
          break;
        default: {
          end = NameEnd(scan, label.end, limit,
                        label.label == Label::kSource || label.label == Label::kPublisher);
          value.text = TrimSeparators(Slice(content, text, label.end, end));
          if (!IsName(value.text)) value.text.clear();
          if (!value.text.empty()) covered += end - label.end;
          if (empty && last) open_value = found.values.size();
          // A date in the slot of a name, or after it.
          if (const auto date = FindDate(text, end, {roc_years, false});
              date && date->begin < limit && date->begin - end <= 3) {
            InfoValue extra;
            extra.label = Label::kPublished;
            extra.line = static_cast<uint32_t>(i);
            extra.labelled = false;
            extra.date = date;
            covered += date->end - date->begin;
            if (open_value == found.values.size()) open_value = SIZE_MAX;
            found.values.push_back(extra);
          }
          if ((label.label == Label::kAuthor || label.label == Label::kEditor ||
               label.label == Label::kSource || label.label == Label::kPublisher) &&
              !value.text.empty() && IsPlaceholderName(value.text)) {
            value.text.clear();
          }
          break;
        }
      }
      found.values.push_back(std::move(value));
    }
    size_t solid = 0;
    for (char32_t c : text.characters) solid += !IsBlank(c);
    if (solid > 0 && covered > 0)
      found.info_score[i] = static_cast<uint8_t>(std::min<size_t>(100, covered * 100 / solid));
  }
  return found;
}

}  // namespace fangzhi::extract
