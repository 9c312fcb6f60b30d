// The words of info strips. One table for both scripts: texts are folded before they are compared.
#include <algorithm>
#include <array>
#include <vector>

#include "extract/info_line.h"
#include "extract/people.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

struct LabelGroup {
  Label label;
  // Strong: says what it is wherever it stands (发布时间). Weak: only after an edge (时间 is no label in
  // 会议时间).
  bool strong;
  std::u32string_view words;  // folded, lower case, a space between
};

constexpr LabelGroup kGroups[] = {
    {Label::kContact, false, U"联系人 联络人 联系方式 联系电话 电话 传真 地址 邮箱 电子邮箱 电子信箱 邮编 邮政编码"},
    {Label::kPublished, true,
     U"资料更新时间 发布时间 发布日期 发稿时间 发稿日期 发表时间 发表日期 发表于 发布于 "
     U"信息时间 信息日期 上载日期 上传时间 上传日期 录入时间 录入日期 添加时间 添加日期 建档日期 建立日期 "
     U"公开时间 公开日期 公布时间 公布日期 公告日期 公告时间 创建时间 文章时间 新闻时间 信息发布时间 信息发布日期 文章发布时间 文章发布日期 刊发时间 刊发日期 刊载日期 登载时间 登载日期 挂网时间 挂网日期 上网时间 上网日期 上线时间 上稿时间 上稿日期 推送时间 首发时间 "
     U"新闻日期 来信时间 来信日期 写信时间 写信日期 提交时间 提交日期 提问时间 提问日期 咨询时间 咨询日期 留言时间 留言日期 回复时间 回复日期 答复时间 答复日期 刊登日期 张贴日期 張貼日期 上版日期 上架日期 发文时间 publishdate "
     U"published postdate postedon publishedon"},
    {Label::kSource, true,
     U"来源于 信息来源 文章来源 稿件来源 稿源 内容来源 消息来源 新闻来源 资料来源 数据来源 "
     U"图文来源 原文来源 转载来源 本文来源 资讯来源 供稿单位 来稿单位 撰稿单位 来源单位 "
     U"来源部门 来源科室 来源处室 信息提供 供稿部门 供稿科室 供稿处室 来稿部门 投稿单位 报送单位 文章出处 信息出处 稿件出处 原文出处 媒体来源 发布来源 来源自 来源 datasource"},
    {Label::kEditor, true,
     U"实习编辑 见习编辑 内容编辑 本网编辑 责任编辑 责编 编校 责任编缉 编辑人 网络编辑 本文编辑 "
     U"本期编辑 执行编辑 值班编辑 新闻编辑 文字编辑 责任编辑人 责编人 网编 录入者 录入员 录入人 信息录入"},
    {Label::kPublished, false, U"发布 时间 日期 date posted time"},
    {Label::kUpdated, true, U"更新时间 更新日期 修改时间 最后更新 最後更新 修订日期 编辑时间"},
    {Label::kUpdated, false, U"更新 updated"},
    {Label::kWritten, true,
     U"成文日期 成文时间 产生日期 产生时间 生成日期 生成时间 发文日期 制发日期 印发日期 签发日期 形成日期"},
    {Label::kSource, false, U"来自 出处 转自 转载自 转贴自 转摘自 摘自 选自 source"},
    {Label::kPublisher, true,
     U"发布单位 发布部门 发布科室 公告单位 张贴单位 刊登单位 发稿单位 回复单位 答复单位 回复部门 答复部门 办理单位 提供单位 发布处室 公开单位 所属处室 所在处室"},
    {Label::kPoster, true, U"发布者 发布人 发布人员"},
    {Label::kIssuer, true,
     U"发文机关 发布机构 发布机关 发文单位 发文机构 公开机构 公开机关 制发机关 制发单位 制定机关 颁布机关 颁布单位 发文部门"},
    {Label::kTitle, true, U"主旨 来信主题 信件主题 留言标题 留言主题 咨询标题 咨询主题 诉求标题 公告主题 公告标题 信息名称 文件名称 公文名称 信息标题 文件标题 来信标题 信件标题"},
    {Label::kTitle, false, U"标题 名称 主题"},
    {Label::kTopic, true, U"主题分类 信息分类 所属主题 主题类别 分类主题"},
    {Label::kValidity, true, U"有效性 时效性 效力状态 有效状态 是否有效 文件状态 时效状态"},
    {Label::kContributor, false, U"供稿 来稿"},
    {Label::kPublisher, false, U"科室 处室 单位 部门"},
    {Label::kClicks, true,
     U"点击次数 点击数 点击量 点击率 点击人数 点击 浏览次数 浏览量 浏览数 浏览人次 "
     U"浏览人数 文章浏览量 浏览 阅读次数 阅读量 阅读数 阅读人次 阅览次数 被阅览数 阅览数 "
     U"访问次数 查看次数 查看数 人气指数 关注次数 关注度 人围观 人浏览 人阅读 次阅读 "
     U"次浏览 次点击 点阅数 点阅次数 点阅率 点阅人次 点阅人数 阅读率 阅读人数 访问人数 查看人数 播放次数 播放量 播放数 观看次数 观看人数 收听次数 人看过 人观看 次播放 次观看 位读者 "
     U"本文浏览 本文点击 本页点击 本页面访问次数 本页面浏览次数 文章点击 点击人次 浏览热度 "
     U"本页访问次数 本页访问量 本页浏览次数 本页浏览量 本文访问次数 本文浏览次数 本文浏览量 本文阅读量 本文点击数"},
    {Label::kClicks, false,
     U"阅读 阅览 访问量 访问人次 访问 查看 人气 围观 热度 点阅 点閱 已阅 播放 观看 看过 hits "
     U"views view clicks"},
    {Label::kAuthor, true, U"作者 文章作者 撰稿人 供稿人 投稿人 来稿人 信息员 作者姓名"},
    {Label::kAuthor, false, U"记者 撰稿 撰文 采写 通讯员 文 author writer reporter 特约记者 本报记者 文字 文图 文/图 图/文 文、图 图、文 撰稿/摄影 文字/摄影 文/摄影 撰稿、摄影"},
    {Label::kEditor, false, U"编辑 编 editor 录入"},
    {Label::kColumn, false, U"栏目"},
    {Label::kColumn, true, U"所属栏目"},
    {Label::kOther, true,
     U"您是第 您是本文第 公告人 张贴人 下版日期 下架日期 来信人 写信人 提问人 留言人 咨询人 信件编号 信件类别 信件类型 来信内容 信件内容 答复内容 回复内容 信息类别 字体 字号 字体大小 字体显示 视力保护色 保护视力色 背景色 主题词 "
     U"关键词 关键字 公开方式 公开范围 公开形式 公开程序 公开类别 责任部门 "
     U"今日浏览 今日点击 今日阅读 公文种类 体裁分类 服务对象 内容概述 审核人 签发人 评论数 "
     U"点赞 点赞数 分享到 下载次数 下载量 总访问量 今日访问 今日访问量 本站访问量 "
     U"网站访问量 总浏览量 访问总量 累计访问 累计访问量 总访问次数 总点击 总浏览 上一篇 "
     U"下一篇 我要评论 发布级别 信息类型 所属分类 归档时间 文章编号 责任校对"},
    {Label::kEvent, true, U"生效日期 实施日期 施行日期 废止日期 失效日期 截止日期 截止时间 会议时间 报名时间"},
    {Label::kDocumentNumber, false, U"文号 文件号"},
    {Label::kDocumentNumber, true, U"发文字号 文件编号 公文文号 发文文号 文件文号 文书号"},
    {Label::kIndexNumber, true, U"索引号 索引编号 索取号 信息索引"},
    {Label::kOther, false,
     U"类别 标签 分类 初审 复审 终审 一审 二审 三审 审核 审稿 审签 审校 校对 "
     U"校审 监制 签发 摄影 摄像 图片 图 供图 制图 主编 值班主编 总编 策划 评论 分享 转发 收藏 回复 打印 地区 文种 专题 "
     U"翻译"},
};

struct LabelWord {
  std::u32string_view word;
  Label label;
  bool strong;
};

// Words by their first character.
struct LabelTable {
  std::array<uint64_t, 1024> first{};
  std::vector<LabelWord> words;
  std::vector<char32_t> initials;  // of `words`, beside each other: they are searched more often than any other table

  LabelTable() {
    for (const LabelGroup& group : kGroups) {
      for (size_t begin = 0; begin < group.words.size();) {
        const size_t end = std::min(group.words.find(U' ', begin), group.words.size());
        const std::u32string_view word = group.words.substr(begin, end - begin);
        begin = end + 1;
        if (word.empty()) continue;
        first[word[0] >> 6] |= uint64_t{1} << (word[0] & 63);
        words.push_back({word, group.label, group.strong});
      }
    }
    std::stable_sort(words.begin(), words.end(),
                     [](const LabelWord& a, const LabelWord& b) { return a.word[0] < b.word[0]; });
    for (const LabelWord& word : words) initials.push_back(word.word[0]);
  }
};

const LabelTable& Labels() {
  static const LabelTable table;
  return table;
}


bool BeginsLabel(const LabelTable& labels, char32_t c) {
  c = Lower(c);
  return c < 0x10000 && (labels.first[c >> 6] >> (c & 63) & 1) != 0;
}

// Two or three characters that begin with a family name, and nothing that goes on with them.
bool IsPersonAt(const std::u32string& c, size_t at) {
  size_t end = at;
  while (end < c.size() && end - at < 4 && text::IsHan(c[end])) ++end;
  return end - at <= 3 && HasFamilyName(text::ToUtf8(c.substr(at, end - at)));
}

}  // namespace

std::vector<std::string> LabelWords() {
  std::vector<std::string> words;
  for (const LabelWord& word : Labels().words) words.push_back(text::ToUtf8(word.word));
  return words;
}

bool MayBeginLabel(char32_t c) { return BeginsLabel(Labels(), c); }

size_t NextLabelStart(const FoldedText& text, size_t at) {
  const LabelTable& labels = Labels();
  while (at < text.size() && !BeginsLabel(labels, text.characters[at])) ++at;
  return at;
}

LabelMatch LabelAt(const FoldedText& text, size_t at) {
  LabelMatch match;
  const char32_t c = Lower(text.characters[at]);
  const LabelTable& labels = Labels();
  const auto place = std::lower_bound(labels.initials.begin(), labels.initials.end(), c);
  // The character that any longer word must go on with.
  size_t next = at + 1;
  while (next < text.size() && next <= at + 12 && IsBlank(text.characters[next])) ++next;
  const char32_t second = next < text.size() ? Lower(text.characters[next]) : U'\0';
  for (auto i = static_cast<size_t>(place - labels.initials.begin()); i < labels.words.size() && labels.initials[i] == c; ++i) {
    const LabelWord& word = labels.words[i];
    if (word.word.size() > 1 && word.word[1] != second) continue;
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
    bool has_colon = colon < text.size() && text.characters[colon] == U':';
    // 记者丨张三, 稿件来源 | 某某局: a bar between the word and a name that is no label itself.
    if (!has_colon && gap <= 1 && colon + 1 < text.size() && (word.label == Label::kAuthor || word.label == Label::kEditor || word.label == Label::kOther || word.label == Label::kSource || word.label == Label::kPublisher || word.label == Label::kContributor || word.label == Label::kPoster) &&
        (text.characters[colon] == U'丨' || text.characters[colon] == U'｜' || text.characters[colon] == U'|')) {
      const size_t name = colon + (IsBlank(text.characters[colon + 1]) ? 2 : 1);
      has_colon = name < text.size() && text::IsHan(text.characters[name]) && (!MayBeginLabel(text.characters[name]) || IsPersonAt(text.characters, name));
    }
    // 文章来源/陈列展览部: after a word that is nothing but a label.
    if (!has_colon && gap <= 1 && colon + 1 < text.size() && text.characters[colon] == U'/' && word.label == Label::kSource && word.strong && word.word.size() >= 4) {
      const size_t name = colon + (IsBlank(text.characters[colon + 1]) ? 2 : 1);
      has_colon = name < text.size() && text::IsHan(text.characters[name]);
    }
    // 浏览量/129, 浏览 / 1366
    if (!has_colon && gap <= 1 && colon + 2 < text.size() && text.characters[colon] == U'/' && word.label == Label::kClicks && word.strong)
      has_colon = IsDigit(text.characters[colon + (IsBlank(text.characters[colon + 1]) ? 2 : 1)]);
    // 责任编辑/张三
    if (!has_colon && gap == 0 && colon + 1 < text.size() && text.characters[colon] == U'/' && (word.label == Label::kAuthor || word.label == Label::kEditor || word.label == Label::kOther)) has_colon = IsPersonAt(text.characters, colon + 1);
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

}  // namespace fangzhi::extract
