// Words that drop lines or end a text where they are labels begin sentences and the lines of announcements as well: there nothing
// may be lost. Goes through the tables themselves, so that a word added there is held to it.
#include <gtest/gtest.h>

#include "extract/end_lines.h"
#include "extract/info_line.h"
#include "page.h"

namespace fangzhi::extract {
namespace {

const std::vector<std::string> kArticle = {std::string(kFirst), std::string(kSecond), std::string(kThird), "会议还对下一阶段的重点任务作了安排，明确了各乡镇的完成时限和责任单位，并就苗木检疫提出要求。",
                                           "会后，市林业局将组织三个督查组分赴各乡镇，对整地质量和苗木调运情况进行检查，结果在全市通报。"};
const std::vector<std::string> kNotice = {"各供应商：", "现将有关事项公告如下：", "一、项目名称：青石镇造林工程", "二、项目地点：青石镇北坡", "三、采购方式：公开招标", "特此公告。", "青石市林业局", "2021年11月29日"};

std::string PageOf(const std::vector<std::string>& lines, bool marked, const std::string& strip = "<div class=xx>发布时间：2021-11-29　来源：青石市林业局</div>") {
  std::string page = "<html><head><title>" + std::string(kTitle) + "_青石市林业局</title></head><body><div class=top><a href=/>首页</a> <a href=/a>机构</a> <a href=/b>政务公开</a></div><div class=ww><h1>" +
                     std::string(kTitle) + "</h1>" + strip + (marked ? "<div id=zoom>" : "<div class=yy>");
  for (const std::string& line : lines) page += "<p>　　" + line + "</p>";
  return page + "</div><div class=zz>责任编辑：赵六</div></div><div class=foot><p>版权所有：青石市林业局　备案号：某ICP备00000000号</p></div></body></html>";
}

std::vector<std::string> With(std::vector<std::string> lines, size_t place, const std::string& line) {
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(place), line);
  return lines;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += (all.empty() ? "" : "\n") + line;
  return all;
}

// Holds `line` at every place of an article and of an announcement, in a marked body and in another.
void ExpectStays(const std::string& line, const std::string& strip = "<div class=xx>发布时间：2021-11-29　来源：青石市林业局</div>", bool last = true) {
  for (const auto* lines : {&kArticle, &kNotice}) {
    for (const bool marked : {true, false}) {
      for (const size_t place : {size_t{0}, size_t{1}, lines->size() / 2, lines->size()}) {
        if (place == lines->size() && !last) continue;
        const std::vector<std::string> whole = With(*lines, place, line);
        EXPECT_EQ(ExtractPage(PageOf(whole, marked, strip)).body, Joined(whole)) << line << " at " << place << (marked ? ", marked" : "") << (lines == &kArticle ? ", article" : ", announcement");
      }
    }
  }
}

std::vector<std::string> Words() {
  std::vector<std::string> words;
  for (const EndWord& word : EndWords()) words.emplace_back(word.word);
  for (std::string& word : LabelWords()) {
    if (word.size() >= 6 && static_cast<unsigned char>(word[0]) >= 0x80) words.push_back(std::move(word));
  }
  for (const char* word : {"版权", "声明", "凡本", "侵权", "浏览器", "主办单位", "承办单位", "许可证", "邮政编码", "网站地图", "联系我们", "建议使用", "公网安备", "仅供参考", "不构成", "投资者", "打印", "分享", "收藏", "关闭", "返回", "下载",
                           "评论", "转发", "字体", "首页", "推荐", "最新", "热点", "相关", "往期", "其他"})
    words.emplace_back(word);
  for (std::string& word : words) {
    for (const std::string_view end : {"：", ":", "/"}) {
      if (word.ends_with(end)) word.resize(word.size() - end.size());
    }
  }
  return words;
}

TEST(RunningText, SentencesThatBeginWithALabelsWordStay) {
  for (const std::string& word : Words()) ExpectStays(word + "的有关情况已经向各乡镇通报，请结合实际认真抓好落实。");
}

TEST(RunningText, LinesOfAnnouncementsThatBeginWithALabelsWordStay) {
  for (const std::string& word : Words()) ExpectStays(word + "工作安排：各乡镇于六月三日前报送名单");
}

TEST(RunningText, ClausesBehindALabelStay) {
  for (const char* role : {"审核", "初审", "编辑", "校对", "文字", "撰稿", "关键词", "技术支持", "满意度", "推荐阅读", "特别声明", "供稿", "来源"})
    ExpectStays(std::string(role) + "：由乡镇林业站负责，资料齐全的，三个工作日内办结。");
}

TEST(RunningText, SentencesOfRealLifeStay) {
  for (const char* line : {"一审宣判后，被告不服，提起上诉。", "终审判决后，双方均已履行。", "扫描二维码进入申报系统，按要求填写信息。", "网友评论认为此举很好。", "扫一扫在手机打开当前页，领取补贴100元", "上一篇报道称，已经完成。",
                           "版权所有人：李四", "责任编辑部：人民出版社", "打印机采购项目，打印30份。", "打印文件须加盖公章。", "相关新闻报道见附件。", "相关链接已公布。", "推荐阅读书目如下：", "编辑出版《青石县志》一部。",
                           "分享经验，共同提高。", "关闭煤矿3家。", "收藏文物120件。", "点击率达到98%。", "浏览量突破10万次。", "【返回乡镇】干部名单如下", "下一篇章已经开启。", "友情链接两地人民", "网站地图绘制完成。", "评论员文章指出，要坚持不懈。",
                           "满意度持续提升。今年以来群众来信减少三成。", "法院认为，被告的行为不构成侵权。", "版权工作取得进展，查处侵权案件30起。", "请使用谷歌浏览器登录申报系统。", "（一）编辑出版《青石县志》一部", "（二）审核申报材料（六月）"})
    ExpectStays(line);
}

TEST(RunningText, DaysOfWhatTakesPlaceStay) {
  for (const char* word : {"会议时间", "报名时间", "开标时间", "截止时间", "投诉时间", "公示时间", "公示期", "考试时间", "停水时间", "停电时间", "实施日期", "施行日期", "截止日期", "培训时间", "开庭时间", "时间", "日期", "面试时间"}) {
    for (const char* day : {"：2024年6月3日上午9:00", "：2024年6月3日至6月10日", "：2024-06-03 08:00-18:00"}) {
      ExpectStays(std::string(word) + day);
      const model::PageRecord record = ExtractPage(PageOf(With(kNotice, 1, std::string(word) + day), true, "<div class=xx>2021-11-29　点击：23</div>"));
      EXPECT_EQ(record.published.value_or(""), "2021-11-29") << word << day;
    }
  }
}

TEST(RunningText, NamesInTheMiddleStay) {
  for (const char* line : {"审核：李四", "来源：国家统计局", "记者：王五", "主办单位：县文旅局", "承办：县图书馆", "联系人：李四", "供稿：宣传科"}) {
    for (const bool marked : {true, false}) {
      for (const size_t place : {size_t{2}, kArticle.size() - 1}) {
        const std::vector<std::string> whole = With(kArticle, place, line);
        EXPECT_EQ(ExtractPage(PageOf(whole, marked)).body, Joined(whole)) << line << place;
      }
    }
  }
}

// A lecture's notice: what stands above its time is the notice, and the day is that of the strip.
TEST(RunningText, TheTimeOfALectureIsNoStrip) {
  const std::vector<std::string> lecture = {"报告题目：山地造林的水分条件", "报告人：周一（某大学）", "时间：2021年12月3日（周五）14:30", "地点：公管学院三楼报告厅", "内容简介：报告介绍近十年山地造林的试验结果，比较了三种整地方式。"};
  for (const char* strip : {"<div class=info>2021-11-29 点击：23</div>", "<div class=info>作者：张三 2021-11-29 10:20 来源：公管学院</div>", "<div class=info>发布时间：2021-11-29　来源：公管学院</div>"}) {
    const model::PageRecord record = ExtractPage(PageOf(lecture, true, strip));
    EXPECT_EQ(record.body, Joined(lecture)) << strip;
    EXPECT_EQ(record.published.value_or("").substr(0, 10), "2021-11-29") << strip;
  }
  std::vector<std::string> with_signature = lecture;
  with_signature.insert(with_signature.end(), {"公管学院", "2021年11月29日"});
  const model::PageRecord record = ExtractPage(PageOf(with_signature, true, ""));
  EXPECT_EQ(record.body, Joined(with_signature));
  EXPECT_EQ(record.published.value_or("").substr(0, 10), "2021-11-29");
}

TEST(RunningText, QuestionsOfAnInterviewAreNoAuthor) {
  const std::vector<std::string> talk = {"记者：请介绍一下这次改革的背景。", "答：近年来，全市企业数量增长较快，原有的登记办法已经不适应。", "记者：群众办事有哪些变化？", "答：登记时间由五天缩短为一天，材料减少了一半。", "编辑：您好。", "答：您好，很高兴来到演播室，和大家谈谈这次改革。"};
  for (const bool marked : {true, false}) {
    const model::PageRecord record = ExtractPage(PageOf(talk, marked));
    EXPECT_EQ(record.body, Joined(talk));
    EXPECT_FALSE(record.author.has_value()) << *record.author;
    EXPECT_EQ(record.editor.value_or(""), "赵六");
  }
}

TEST(RunningText, WaysToReachSomebodyStay) {
  ExpectStays("采购人信息 名称：青石镇政府 地址：青石镇北街2号 联系方式：蒋老师 0000-2661088");
  ExpectStays("联系人：李四 联系电话：0000-1234567");
}

TEST(RunningText, LinesOfNothingThatIsSeen) {
  for (const char* sign : {"&zwj;", "&zwnj;", "&shy;", "&#8288;"}) {
    EXPECT_EQ(ExtractPage(PageOf(kArticle, true, std::string("<p>发布时间：2021-11-29</p><p>来源：</p><p>") + sign + "</p>")).body, Joined(kArticle)) << sign;
  }
}

// What the words are there for.
TEST(RunningText, LabelsAtTheEdgeAreNoText) {
  for (const char* line : {"责任编辑：李四", "编辑：李四 审核：王五", "审核：李四", "来源：青石日报", "【打印】【关闭】", "扫一扫在手机打开当前页", "上一篇：<a href=1.htm>青石镇开展森林防火宣传</a>", "下一篇：没有了", "相关链接", "分享到：微信 微博", "版权所有 青石市林业局",
                           "（责任编辑：李四）", "您对本页内容是否满意？", "网友评论", "初审：李四 复审：王五 终审：赵六", "责编/李四"}) {
    for (const bool marked : {true, false}) EXPECT_EQ(ExtractPage(PageOf(With(kArticle, kArticle.size(), line), marked)).body, Joined(kArticle)) << line;
  }
}

}  // namespace
}  // namespace fangzhi::extract
