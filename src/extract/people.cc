#include "extract/people.h"

#include <algorithm>
#include <vector>

#include "base/strings.h"
#include "extract/label_values.h"
#include "extract/line_words.h"
#include "extract/printed.h"
#include "extract/roles.h"
#include "text/text.h"

namespace fangzhi::extract {
bool HasOfficeWord(std::u32string_view key) {
  static constexpr std::u32string_view kWords[] = {
      U"局",   U"厅",   U"部",   U"委",   U"办",   U"处",   U"科",   U"院",   U"校",
      U"网",   U"报",   U"社",   U"台",   U"司",   U"中心", U"政府", U"会",   U"站",
      U"室",   U"组",   U"馆",   U"所",   U"队",   U"署", U"股", U"系", U"课", U"課", U"大学", U"公司", U"集团", U"日报",
      U"晚报", U"在线", U"频道", U"杂志", U"消息", U"时报", U"周刊", U"观察", U"传媒", U"发布", U"融媒"};
  for (const auto& word : kWords) {
    if (key.find(word) != std::u32string_view::npos) return true;
  }
  return false;
}

bool IsPlainWord(std::u32string_view key) {
  static constexpr std::u32string_view kOnlyNames = U"刘李王陈杨赵吴徐孙胡郭郑谢韩冯邓曹彭曾萧蒋蔡潘魏吕卢崔谭汪廖贾韦邹秦邱薛闫阎龚邵覃汤郝";
  return key.size() == 2 && kOnlyNames.find(key[0]) == std::u32string_view::npos && std::u32string_view(U"生目业化明学全排案融校园区市县镇乡村事务员会政法文体育游广告示知讯闻报道稿图片料影").find(key[1]) != std::u32string_view::npos;
}

// "来自一线的报告" only holds such a word.
bool EndsLikeOffice(std::u32string_view key) {
  static constexpr std::u32string_view kEnds[] = {
      U"局",   U"厅",   U"部",   U"委",   U"办",   U"处",   U"科",   U"院",   U"校",   U"网",   U"报",
      U"社",   U"台",   U"司",   U"中心", U"政府", U"会",   U"站",   U"室",   U"组",   U"馆",   U"所",
      U"队",   U"署",   U"股",   U"课",   U"大学", U"公司", U"集团", U"在线", U"频道", U"杂志", U"时报", U"周刊", U"观察", U"传媒",
      U"融媒", U"发布", U"客户端", U"团", U"厂",   U"行",   U"系",   U"学会", U"新闻", U"消息", U"快讯", U"广电", U"广電", U"卫视",
      U"中学", U"小学", U"基地", U"支队", U"园",   U"库",   U"媒体",
      // the federations, in either script; 聯 is folded
      U"侨联", U"残联", U"文联", U"妇联", U"工商联", U"社科联", U"科协", U"作协", U"僑联", U"殘联", U"婦联", U"科協"};
  for (const auto& end : kEnds) {
    if (key.size() > end.size() && key.ends_with(end)) return true;
  }
  return false;
}

bool IsMediaName(std::u32string_view key) {
  for (const std::u32string_view end : {U"报", U"報", U"网", U"網", U"社", U"台", U"臺", U"在线", U"频道", U"杂志", U"周刊", U"新闻", U"客户端", U"传媒", U"媒体", U"融媒体中心", U"融媒", U"发布", U"观察"}) {
    if (key.ends_with(end)) return true;
  }
  return false;
}

bool IsNoValue(std::string_view value) {
  static constexpr std::u32string_view kNothing[] = {U"未知", U"无",   U"不详", U"null", U"undefined", U"none",
                                                     U"n/a",  U"暂无", U"-",    U"--",   U"来源",      U"作者"};
  const std::u32string key = ComparisonKey(value);
  if (key.empty()) return true;
  for (const auto& nothing : kNothing) {
    if (key == nothing) return true;
  }
  return false;
}

bool IsNobody(std::string_view value) {
  static constexpr std::u32string_view kAccounts[] = {U"admin", U"administrator", U"test", U"system", U"管理员", U"系统管理员", U"超级管理员", U"网站管理员", U"author"};
  const std::u32string key = ComparisonKey(value);
  return std::find(std::begin(kAccounts), std::end(kAccounts), key) != std::end(kAccounts);
}

bool IsAccount(std::string_view value) {
  const std::u32string key = ComparisonKey(value);
  return key.size() >= 2 && key.size() <= 12 && std::all_of(key.begin(), key.end(), [](char32_t c) { return (c >= U'a' && c <= U'z') || IsDigit(c) || c == U'_'; });
}

bool IsPlaceholderName(std::string_view value) {
  static constexpr std::u32string_view kNobody[] = {
      U"佚名", U"匿名", U"本站", U"本网", U"网络", U"原创"};
  if (IsNoValue(value) || IsNobody(value)) return true;
  const std::u32string key = ComparisonKey(value);
  for (const auto& nobody : kNobody) {
    if (key == nobody) return true;
  }
  return false;
}

bool LooksLikePerson(std::string_view value) {
  const std::u32string key = ComparisonKey(value);
  if (key.size() < 2 || key.size() > 4) return false;
  for (char32_t c : key) {
    if (!text::IsHan(c)) return false;
  }
  return !HasOfficeWord(key);
}

bool HasFamilyName(std::string_view value) {
  // Ordinary family names, the commonest some three hundred; those of two characters lead with one of them or are named.
  static constexpr std::u32string_view kNames =
      U"常赖逄邸揭亓郜王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾"
      U"毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞浦颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟"
      U"艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查苑迟邝官封谈匡鞠惠荆乐冀郁胥班储原栗燕楚鄢罡禹岩杭蒿元"
      U"陳張劉楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭葉蘇魏呂盧鍾譚陸賈韋鄒閻龍賀顧龔萬錢嚴湯溫莊聶魯歐關蘭紀畢單駱藍饒連簡賴齊喬龐顏寧蔣潘閔鄔邊衛";
  const std::u32string key = ComparisonKey(value);
  if (key.empty()) return false;
  for (const std::u32string_view name : {U"欧阳", U"司马", U"诸葛", U"上官", U"皇甫", U"夏侯", U"令狐", U"端木", U"东方", U"尉迟", U"公孙", U"慕容", U"歐陽", U"司馬", U"諸葛"}) {
    if (key.starts_with(name)) return key.size() >= 3 && key.size() <= 4;
  }
  return key.size() >= 2 && key.size() <= 3 && kNames.find(key[0]) != std::u32string_view::npos;
}

std::string ValueOfSelected(std::string_view text, Label label) {
  const FoldedText folded = Fold(text);
  for (size_t at = 0; at < folded.size(); ++at) {
    const LabelMatch match = LabelAt(folded, at);
    if (match.label == Label::kNone || !match.colon) continue;
    if (match.label != label) {
      if (at > 0) return TrimSeparators(text.substr(0, folded.offsets[at]));
      at = match.end - 1;
      continue;
    }
    size_t end = match.end;
    for (; end < folded.size(); ++end) {
      const LabelMatch next = LabelAt(folded, end);
      if (next.label != Label::kNone && next.colon) break;
    }
    return TrimSeparators(
        text.substr(folded.offsets[match.end], folded.offsets[end] - folded.offsets[match.end]));
  }
  return TrimSeparators(text);
}

namespace {

// A column of a paper: 国内新闻, 本地消息.
bool IsColumnName(std::u32string_view key) {
  static constexpr std::u32string_view kColumns[] = {U"国内", U"国际", U"社会", U"时政", U"政务", U"本地", U"图片", U"财经", U"要闻", U"综合", U"港澳", U"台湾", U"军事", U"体育", U"娱乐", U"科技", U"教育", U"视频", U"最新", U"工作", U"部门", U"校园", U"学院", U"行业", U"公司", U"民生", U"法治", U"热点", U"滚动", U"地方", U"城市"};
  for (const auto& column : kColumns) {
    if (key.size() == column.size() + 2 && key.starts_with(column) && (key.ends_with(U"新闻") || key.ends_with(U"消息") || key.ends_with(U"快讯") || key.ends_with(U"频道"))) return true;
  }
  return false;
}

// Words that strips hold and that name nobody.
bool IsStripWord(std::u32string_view key) {
  static constexpr std::u32string_view kWords[] = {U"原创", U"转载", U"正文", U"首页", U"评论", U"分享", U"收藏", U"点赞", U"打印", U"举报", U"关注", U"订阅", U"朗读", U"听新闻", U"收听", U"播报",
                                                   U"语音", U"字号", U"字体", U"大小", U"小中大", U"大中小", U"返回", U"下载", U"关闭", U"视频", U"图片", U"图文", U"推荐", U"置顶", U"最新", U"独家",
                                                   U"公开", U"有效", U"星期", U"繁体", U"简体", U"无障碍", U"阅读", U"浏览", U"点击", U"人气", U"发布", U"更新", U"已编辑", U"编辑", U"来源", U"作者",
                                                   U"责编", U"扫一扫", U"手机看", U"客户端", U"参与", U"纠错", U"投稿", U"版权", U"声明", U"刚刚", U"昨天", U"今天", U"发布于", U"转发", U"查看", U"全文", U"展开"};
  for (const std::u32string_view word : {U"评论", U"参与", U"点赞", U"报道", U"报导", U"摄影", U"供稿", U"有关", U"跟贴", U"热度", U"时间", U"日期", U"电话", U"嘉宾"}) {
    if (key.find(word) != std::u32string_view::npos) return true;
  }
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::u32string_view word) { return key == word || key.starts_with(word) || (key.size() <= word.size() + 2 && key.ends_with(word)); });
}

// Whether crumbs or the column's meta have the name: the strip repeats the column.
bool NamesColumn(const PageView& view, std::u32string_view key) {
  if (ComparisonKey(view.MetaContent("columnname")).find(key) != std::u32string::npos) return true;
  for (size_t i = 0; i < std::min<size_t>(view.lines.size(), 400); ++i) {
    const Line& line = view.lines[i];
    if (line.characters > 80) continue;
    const std::string_view text = view.LineText(i);
    const bool menu = (line.zones & (kZoneCrumbs | kZoneNavigation)) != 0 || text.find("位置") != std::string_view::npos || text.starts_with("首页") || text.starts_with("首頁");
    if ((menu || (line.link_characters == line.characters && line.characters == key.size())) && ComparisonKey(text).find(key) != std::u32string::npos) return true;
  }
  return ComparisonKey(view.title).find(key) != std::u32string::npos && ComparisonKey(view.title).size() > key.size() + 6 && key.size() <= 4;
}

// A name that reads like no office: what else stands in the date's strip as an element of its own, and is no person.
bool IsAccountName(const PageView& view, std::string_view piece, const TitleChoice& title) {
  const std::string name = TrimSeparators(piece);
  const std::u32string key = ComparisonKey(name);
  if (key.size() < 3 || key.size() > 14 || IsControlLine(name) || IsStripWord(key) || IsColumnName(key) || IsPlaceholderName(name) || HasFamilyName(name)) return false;
  size_t ideographs = 0;
  for (const char32_t c : key) {
    if (IsSentenceMark(c) || IsDigit(c) || c == U':' || c == U'/' || c == U'【' || c == U'】' || c == U'(' || c == U'@') return false;
    ideographs += text::IsHan(c);
  }
  if (ideographs < 2 || piece.starts_with("—") || piece.starts_with("-") || ComparisonKey(title.title).find(key) != std::u32string::npos) return false;
  const FoldedText folded = Fold(name);
  if (LabelAt(folded, 0).label != Label::kNone || key.find(U"记者") != std::u32string::npos) return false;
  return !NamesColumn(view, key);
}

}  // namespace

std::string UnlabelledSource(const PageView& view, const InfoLines& info, uint32_t date_line,
                             const TitleChoice& title, bool timed, bool below) {
  // Only what shares its line with the date, or stands on the line before or after inside the same strip.
  const auto acceptable = [&](std::string_view text) -> std::string {
    for (const std::string_view mark : {"□", "■", "○", "●", "◎"}) {
      if (text.starts_with(mark)) text.remove_prefix(mark.size());
    }
    std::string name = TrimSeparators(text);
    // 《云泽瞭望》 2024-04-03, (海港日報) 10月22日
    const bool paper = name.starts_with("《") && name.ends_with("》") && name.rfind("《") == 0;
    if (paper) name = name.substr(3, name.size() - 6);
    if ((name.starts_with("(") && name.ends_with(")")) || (name.starts_with("（") && name.ends_with("）"))) name = TrimSeparators(name.substr(name[0] == '(' ? 1 : 3, name.size() - (name[0] == '(' ? 2 : 6)));
    // 某某局 张三
    if (const size_t space = name.rfind(' '); space != std::string::npos && HasFamilyName(name.substr(space + 1)) && LooksLikePerson(name.substr(space + 1)) && EndsLikeOffice(ComparisonKey(name.substr(0, space)))) name.resize(space);
    const std::u32string key = ComparisonKey(name);
    if (key.size() < 2 || key.size() > 16 || IsControlLine(name)) return "";
    if (text.starts_with("—") || text.starts_with("-")) return "";  // a subtitle
    if (key.find(U'/') != std::u32string::npos || key.find(U':') != std::u32string::npos) return "";
    // 青石日报记者 张三, 【青石日报专讯】
    for (const std::string_view word : {"记者", "記者", "專訊", "专讯", "訊", "讯"}) {
      const size_t at = name.find(word);
      if (at == std::string::npos) continue;
      const std::u32string before = ComparisonKey(std::string_view(name).substr(0, at));
      const bool whole = at + word.size() == name.size() || word == "记者" || word == "記者";
      return whole && before.size() >= 3 && text::IsHan(before[0]) && before.find(U'本') == std::u32string::npos && IsMediaName(before) ? TrimSeparators(std::string_view(name).substr(0, at)) : "";
    }
    if (key == U"本站" || key == U"本网") return name;
    if (key == U"听新闻" || key == U"看新闻" || key == U"发布") return "";  // what readers may do
    for (char32_t c : key) {
      if (IsSentenceMark(c) || IsDigit(c)) return "";
    }
    const FoldedText folded = Fold(name);
    const LabelMatch label = LabelAt(folded, 0);
    if (label.label != Label::kNone && (label.colon || label.end + 1 >= folded.size())) return "";
    if (key == ComparisonKey(title.title) || IsPlaceholderName(name)) return "";
    if (paper ? ComparisonKey(title.title).find(key) != std::u32string::npos : !EndsLikeOffice(key)) return "";
    if (IsColumnName(key)) return "";
    return name;
  };
  if (title.first_line == kNoLine) return "";
  const Line& line = view.lines[date_line];
  const auto last = static_cast<uint32_t>(title.last_line);
  if (date_line + 6 < title.first_line || (date_line > last + 8 && !below)) return "";
  // The pieces of the date's own line, by its divisions.
  std::vector<std::string_view> pieces;
  uint32_t begin = line.begin;
  const auto division =
      std::upper_bound(view.divisions.begin(), view.divisions.end(), line.begin,
                       [](uint32_t offset, const Division& d) { return offset < d.offset; });
  for (auto it = division; it != view.divisions.end() && it->offset < line.end; ++it) {
    pieces.push_back(std::string_view(view.text).substr(begin, it->offset - begin));
    begin = it->offset;
  }
  pieces.push_back(std::string_view(view.text).substr(begin, line.end - begin));
  for (const std::string_view piece : pieces) {
    if (std::string name = acceptable(piece); !name.empty()) return name;
    const FoldedText folded = Fold(piece);
    auto date = FindDate(folded, 0, {});
    if (!date && folded.size() <= 40) date = FindYearlessDate(folded, false);  // 江城网 4月12日
    if (date) {
      if (std::string name = acceptable(piece.substr(0, folded.offsets[date->begin])); !name.empty())
        return name;
      if (std::string name = acceptable(piece.substr(folded.offsets[date->end])); !name.empty()) return name;
    }
  }
  const auto parent = [&](html::NodeIndex node) {
    return view.document.node(node).parent == html::kNone ? node : view.document.node(node).parent;
  };
  const auto strip = [&](uint32_t index) {
    return (view.lines[index].zones & kZoneInfo) != 0 || view.lines[index].block == line.block ||
           parent(view.lines[index].block) == parent(line.block) ||
           parent(parent(view.lines[index].block)) == parent(parent(line.block));
  };
  for (const uint32_t neighbour : {date_line + 1, date_line - 1}) {
    if (neighbour >= view.lines.size() || neighbour == last || info.info_score[neighbour] >= 60 ||
        !strip(neighbour))
      continue;
    if (neighbour <= last && neighbour >= title.first_line) continue;
    if (std::string name = acceptable(view.LineText(neighbour)); !name.empty()) return name;
  }
  // "[2021-03-12] 张三 校报编辑部 已阅45次": words of a strip that single spaces divide.
  if (line.characters <= 60 && info.info_score[date_line] >= 25) {
    for (const std::string_view piece : pieces) {
      for (const std::string_view word : Split(piece, ' ')) {
        if (word.size() == piece.size() || text::CountCodePoints(word) < 3) continue;
        if (std::string name = acceptable(word); !name.empty()) return name;
      }
    }
  }
  // 2012-04-05 江安交警 阅611: the one word between day and count, and nothing else in the line.
  if (line.characters <= 40 && line.links == 0) {
    const FoldedText folded = Fold(view.LineText(date_line));
    const auto date = FindDate(folded, 0, {});
    const auto count = std::find_if(info.values.begin(), info.values.end(), [&](const InfoValue& value) { return value.line == date_line && value.label == Label::kClicks && value.number; });
    const auto others = std::count_if(info.values.begin(), info.values.end(), [&](const InfoValue& value) { return value.line == date_line && value.labelled; });
    if (date && date->begin == 0 && count != info.values.end() && others == 1) {
      const std::string behind = text::Trim(view.LineText(date_line).substr(folded.offsets[date->end]));
      const std::vector<std::string_view> words = Split(behind, ' ');
      const std::u32string key = words.size() == 2 ? ComparisonKey(words[0]) : std::u32string();
      if (!key.empty() && std::all_of(key.begin(), key.end(), text::IsHan) && words[0].find("·") == std::string_view::npos && IsAccountName(view, words[0], title)) return TrimSeparators(words[0]);
    }
  }
  // The account that published it, on pages of media: the one name beside day and time, or a link's.
  if (!timed) return "";
  std::vector<std::string_view> names;
  const auto consider = [&](std::string_view piece) {
    if (IsAccountName(view, piece, title)) names.push_back(piece);
  };
  for (const std::string_view piece : pieces) {
    if (pieces.size() > 1) consider(piece);
  }
  for (const uint32_t neighbour : {date_line + 1, date_line - 1}) {
    if (neighbour >= view.lines.size() || !strip(neighbour) || info.info_score[neighbour] >= 60) continue;
    if (neighbour > date_line && (view.lines[neighbour].zones & kZoneInfo) == 0 && view.lines[neighbour].block != line.block) continue;  // the text may begin there
    if ((neighbour <= last && neighbour >= title.first_line) || view.lines[neighbour].characters > 24 || neighbour < title.first_line) continue;
    uint32_t from = view.lines[neighbour].begin;
    for (auto it = std::upper_bound(view.divisions.begin(), view.divisions.end(), from, [](uint32_t offset, const Division& d) { return offset < d.offset; });
         it != view.divisions.end() && it->offset < view.lines[neighbour].end; ++it) {
      consider(std::string_view(view.text).substr(from, it->offset - from));
      from = it->offset;
    }
    consider(std::string_view(view.text).substr(from, view.lines[neighbour].end - from));
  }
  return names.size() == 1 ? TrimSeparators(names[0]) : "";
}

std::string UnlabelledAuthor(const PageView& view, const InfoLines& info, uint32_t date_line, const TitleChoice& title) {
  if (title.first_line == kNoLine || date_line + 4 < title.first_line || date_line > title.last_line + 6) return "";
  const auto name_of = [](std::string_view piece) -> std::string {
    std::string name = TrimSeparators(piece);
    for (const std::string_view mark : {"由 ", "由", "□", "■", "文/", "文｜"}) {
      if (name.starts_with(mark) && !HasFamilyName(name)) name = TrimSeparators(std::string_view(name).substr(mark.size()));
    }
    for (const std::string_view mark : {" 报道", " 報導", " 摄"}) {
      if (name.ends_with(mark)) name.resize(name.size() - mark.size());
    }
    const FoldedText folded = Fold(name);
    if (folded.size() == 0 || LabelAt(folded, 0).label != Label::kNone || IsStripWord(folded.characters)) return "";
    if (IsPlainWord(ComparisonKey(name))) return "";
    return HasFamilyName(name) && LooksLikePerson(name) ? name : "";
  };
  // 审核：<span>张三</span>: the value of the label before it.
  const auto is_value = [&](size_t offset, size_t begin) {
    while (offset > begin && (view.text[offset - 1] == ' ' || view.text[offset - 1] == '\t')) --offset;
    const std::string_view before = std::string_view(view.text).substr(begin, offset - begin);
    return before.ends_with("：") || before.ends_with(":") || before.ends_with("丨") || before.ends_with("｜") || before.ends_with("|") || before.ends_with("审核") || before.ends_with("校对");
  };
  const auto among = [&](uint32_t index, bool whole) -> std::string {
    const Line& line = view.lines[index];
    uint32_t from = line.begin;
    const auto pieces = [&](uint32_t end) -> std::string {
      const std::string_view piece = std::string_view(view.text).substr(from, end - from);
      if ((whole || end - from < line.end - line.begin) && !is_value(from, line.begin)) {
        if (std::string name = name_of(piece); !name.empty()) return name;
      }
      std::string names;  // 张三 李四
      for (const std::string_view word : Split(piece, ' ')) {
        if (word.size() == piece.size() || is_value(static_cast<size_t>(word.data() - view.text.data()), line.begin)) continue;
        const std::string name = name_of(word);
        if (name.empty() && !names.empty()) break;
        if (!name.empty()) names += (names.empty() ? "" : "、") + name;
      }
      return names;
    };
    for (auto it = std::upper_bound(view.divisions.begin(), view.divisions.end(), line.begin, [](uint32_t offset, const Division& d) { return offset < d.offset; });
         it != view.divisions.end() && it->offset < line.end; ++it) {
      if (std::string name = pieces(it->offset); !name.empty()) return name;
      from = it->offset;
    }
    return pieces(line.end);
  };
  if (view.lines[date_line].characters <= 60 && info.info_score[date_line] >= 25) {
    if (std::string name = among(date_line, false); !name.empty()) return name;
  }
  // The line between headline and date, or the one behind the date, a name and nothing else.
  for (const uint32_t neighbour : {date_line - 1, date_line + 1}) {
    if (neighbour >= view.lines.size() || neighbour <= title.last_line || view.lines[neighbour].characters > 16 || info.info_score[neighbour] >= 60) continue;
    if (view.lines[neighbour].block != view.lines[date_line].block && (view.lines[neighbour].zones & kZoneInfo) == 0 && neighbour > date_line &&
        !view.LineText(neighbour).starts_with("□") && !view.LineText(neighbour).starts_with("■"))
      continue;
    if (std::string name = among(neighbour, true); !name.empty()) return name;
  }
  return "";
}

bool HasRelativeTime(const PageView& view, size_t index) {
  const Line& line = view.lines[index];
  if (line.characters > 40 || line.sentence_marks > 2) return false;
  const FoldedText folded = Fold(view.LineText(index));
  const std::u32string& c = folded.characters;
  if (c.ends_with(U"+关注") || c.ends_with(U"+ 关注")) return true;
  const auto edge = [&](size_t end) { return end >= c.size() || !text::IsHan(c[end]) || c.substr(end, 2) == U"发布" || c.substr(end, 2) == U"更新" || c.substr(end, 2) == U"来自"; };
  for (size_t at = 0; at < c.size(); ++at) {
    if (!IsDigit(c[at])) continue;
    size_t end = at;
    while (end < c.size() && IsDigit(c[end])) ++end;
    if (end - at <= 3 && end < c.size() && c[end] == U' ') ++end;
    for (const std::u32string_view unit : {U"秒前", U"分钟前", U"小时前", U"天前", U"周前", U"个月前", U"年前"}) {
      if (end - at <= 4 && c.compare(end, unit.size(), unit) == 0 && (at > 0 || c.size() <= unit.size() + 4 || edge(end + unit.size()) || !view.divisions.empty())) {
        // Its own words, not those of a sentence: 三年前的今天.
        const auto next = std::lower_bound(view.divisions.begin(), view.divisions.end(), line.begin + folded.offsets[end + unit.size()], [](const Division& d, uint32_t wanted) { return d.offset < wanted; });
        if (edge(end + unit.size()) || (next != view.divisions.end() && next->offset == line.begin + folded.offsets[end + unit.size()])) return true;
      }
    }
    at = end;
  }
  return false;
}

std::string NameInElement(const PageView& view, const std::vector<html::NodeIndex>& elements, Label label, uint32_t strip_line,
                          const TitleChoice& title, bool offices) {
  constexpr size_t kMostElements = 40;
  if (title.first_line == kNoLine) return "";
  for (size_t k = 0; k < std::min(elements.size(), kMostElements); ++k) {
    const html::NodeIndex element = elements[k], end = view.document.node(element).end;
    if (end - element > 12) continue;
    const size_t line = view.LineAt(end);
    if (line == 0) continue;
    const auto near = [&](size_t from, size_t to) { return line - 1 + 4 >= from && line - 1 <= to + 6; };
    if (!near(title.first_line, title.last_line) && (strip_line == UINT32_MAX || !near(strip_line, strip_line))) continue;
    if ((view.lines[line - 1].zones & (kZoneAside | kZoneFooter | kZoneNavigation)) != 0) continue;
    const std::string text = text::CollapseSpace(html::TextContent(view.document, element, {.skip_hidden = true, .image_alt = false, .skip = {}}));
    if (text.empty() || text.size() > 120 || text.find("://") != std::string::npos) continue;
    std::string name = ValueOfSelected(text, label);
    for (const std::string_view word : {"文/", "文／", "由 ", "由", "By ", "by ", "BY "}) {
      if (label == Label::kAuthor && name.starts_with(word)) name = TrimSeparators(std::string_view(name).substr(word.size()));
    }
    // 楚天日报 我要评论(128)
    for (size_t space = name.rfind(' '); space != std::string::npos && IsControlLine(std::string_view(name).substr(space + 1)); space = name.rfind(' ')) {
      name = TrimSeparators(std::string_view(name).substr(0, space));
    }
    if (label == Label::kAuthor) name = TidyNames(name);  // 张三 某大学教授
    const std::u32string key = ComparisonKey(name);
    if (key.size() < 2 || key.size() > 24 || IsNoValue(name) || IsControlLine(name)) continue;
    const FoldedText folded = Fold(name);
    bool plain = !FindDate(folded, 0, {}) && LabelAt(folded, 0).label == Label::kNone;
    for (char32_t c : folded.characters) plain = plain && !IsSentenceMark(c) && c != U':' && c != U'|' && c != U'/';
    if (!plain || key == ComparisonKey(title.title)) continue;
    if (label == Label::kAuthor && (IsPlaceholderName(name) || !(offices ? EndsLikeOffice(key) : LooksLikePerson(name)))) continue;
    return name;
  }
  return "";
}

std::string DocumentNumberIn(std::string_view text) {
  if (text.size() > 2000) return "";
  const FoldedText folded = Fold(text);
  const std::u32string& c = folded.characters;
  const auto opening = [](char32_t x) {
    return x == U'〔' || x == U'[' || x == U'(' || x == U'【' || x == U'﹝';
  };
  const auto closing = [](char32_t x) {
    return x == U'〕' || x == U']' || x == U')' || x == U'】' || x == U'﹞';
  };
  for (size_t at = 1; at + 7 < c.size(); ++at) {
    if (!opening(c[at]) || !IsDigit(c[at + 1]) || !IsDigit(c[at + 2]) || !IsDigit(c[at + 3]) ||
        !IsDigit(c[at + 4]) || !closing(c[at + 5]))
      continue;
    size_t end = at + 6;
    while (end < c.size() && (c[end] == U' ' || c[end] == U'第')) ++end;
    size_t digits = 0;
    while (end < c.size() && IsDigit(c[end])) ++end, ++digits;
    if (digits == 0 || digits > 6 || end >= c.size() || c[end] != U'号') continue;
    size_t begin = at;
    while (begin > 0 && at - begin < 14 && text::IsHan(c[begin - 1])) --begin;
    if (at - begin < 2) continue;
    // 《…》 or a clause before it may be glued: the last characters before the bracket are the number's word.
    return std::string(text.substr(folded.offsets[begin], folded.offsets[end + 1] - folded.offsets[begin]));
  }
  return "";
}

std::optional<int64_t> NumberInCounterElement(const PageView& view, uint32_t strip_line,
                                              const TitleChoice& title) {
  const auto nodes = view.document.nodes();
  for (html::NodeIndex index : view.counters) {
    html::NodeIndex holder = index;
    std::string text = RawText(view.document, holder);
    if (TrimAscii(text).empty()) {  // an icon beside the number
      holder = nodes[index].next_sibling;
      while (holder != html::kNone && nodes[holder].type == html::NodeType::kText &&
             TrimAscii(nodes[holder].text).empty())
        holder = nodes[holder].next_sibling;
      if (holder == html::kNone || nodes[holder].end - holder > 6) continue;
      text = nodes[holder].type == html::NodeType::kText ? std::string(nodes[holder].text)
                                                         : RawText(view.document, holder);
      static const uint16_t script_tag = html::Tag("script");
      if (nodes[holder].tag == script_tag) text = text.size() <= Literals::kLongestScript ? Literals().Read(text) : "";
    }
    if (text.size() > 200) continue;
    const FoldedText folded = Fold(text::Trim(text));
    size_t end = 0;
    const auto value = CountAt(folded, 0, &end);
    if (!value || *value == 0 || nodes[index].end - index > 6) continue;
    if (folded.size() - end > 4) continue;
    const size_t line = view.LineAt(index);
    const bool near_strip =
        strip_line != UINT32_MAX && line + 3 >= strip_line && line <= strip_line + size_t{3};
    const bool near_title =
        title.last_line != kNoLine && line > title.last_line && line <= title.last_line + 8;
    if (near_strip || near_title) return value;
  }
  return std::nullopt;
}

std::string ListTitle(const PageView& view, const TitleChoice& title, bool home, std::string* provenance) {
  const std::string_view column = view.MetaContent("columnname");
  if (!home && !column.empty() && column.size() < 150) {
    *provenance = "meta:ColumnName";
    return text::CollapseSpace(column);
  }
  if (home) {
    const std::string_view site = view.MetaContent("sitename");
    if (!site.empty() && view.title.empty()) {
      *provenance = "meta:SiteName";
      return text::CollapseSpace(site);
    }
  }
  if (!view.title.empty()) {
    *provenance = "title";
    // The column's name stands first: "要闻-某某大学".
    std::string_view whole = view.title;
    if (home) return std::string(whole);
    for (size_t offset = 0; offset < whole.size();) {
      const size_t at = offset;
      const char32_t c = text::DecodeUtf8(whole, offset);
      if (at > 3 && (c == U'_' || c == U'|' || c == U'-' || c == U'–' || c == U'—' || c == U'｜')) {
        std::string first = TrimSeparators(whole.substr(0, at));
        if (ComparisonKey(first).size() >= 2) return first;
      }
    }
    return std::string(whole);
  }
  *provenance = title.provenance;
  return title.title;
}

}  // namespace fangzhi::extract
