// Layouts of info strips: what stands beside a headline on the pages of many content systems.
#include <gtest/gtest.h>

#include "page.h"

namespace fangzhi::extract {
namespace {

struct Layout {
  const char* name;
  const char* strip;
  const char* published;
  const char* source;
  int64_t clicks;  // -1: none
  const char* author;
  const char* editor;
};

const Layout kLayouts[] = {
    {"empty source before a bar",
     "<p>来源:\n | 发布时间: 2018-05-17 | 浏览次数: <script>_showDynClicks(\"wbnews\", 14, 10)</script></p>",
     "2018-05-17", "", -1, "", ""},
    {"spans with comments",
     "<p><span>发布日期：2016-11-22</span><span>浏览次数： "
     "</span><span>信息来源：<!--<$[信息来源]>begin-->省林业厅<!--<$[信息来源]>end--></span></p>",
     "2016-11-22", "省林业厅", -1, "", ""},
    {"an office that wrote it", "<p>撰稿：种子管理中心 | 2021-11-08 10:05 | 阅读：204</p>", "2021-11-08T10:05:00+08:00", "种子管理中心", 204, "", ""},
    {"an office as the author", "<p>作者：种子管理中心 时间：2021-11-08 点击：204</p>", "2021-11-08", "", 204, "种子管理中心", ""},
    {"an office and its person", "<p>日期：2021/11/8<br>作者：北港市局　曲恩会<br>浏览：38</p>", "2021-11-08", "北港市局", 38, "曲恩会", ""},
    {"an office and its person, a space in the name", "<p>2021-11-08 | 撰稿：种子管理站 周 瑾　摄影：张 雪松 | 责编：钱名开</p>", "2021-11-08", "种子管理站", -1, "周瑾", "钱名开"},
    {"a department and its person", "<p>作者：文学院 周瑾 时间：2021-11-08</p>", "2021-11-08", "", -1, "文学院 周瑾", ""},
    {"an office and its person beside a source", "<p>来源：青石日报 作者：县农技中心 周瑾 时间：2021-11-08</p>", "2021-11-08", "青石日报", -1, "县农技中心 周瑾", ""},
    {"an office that put it there", "<p><span>发布者：动物科学学院</span><span>发布时间：2021-11-08</span></p>", "2021-11-08", "动物科学学院", -1, "", ""},
    {"a department that put it there", "<p><span>发布者：人事科</span><span>发布时间：2021-11-08</span></p>", "2021-11-08", "", -1, "", ""},
    {"a reporter and a trainee", "<p>2021-11-08 08:14　稿源：青石日报　　<span>记者 张小国 实习生 方哲</span></p>", "2021-11-08T08:14:00+08:00", "青石日报", -1, "张小国、方哲", ""},
    {"label in its own tag, stale attribute",
     "<div><span alt=\"时间：2017-01-08 20:26\"><i>时间：</i>2019-09-18 06:23</span><span "
     "alt=\"来源：市府办\"><i>来源：</i>\n 青石日报 \n</span></div>",
     "2019-09-18T06:23:00+08:00", "青石日报", -1, "", ""},
    {"placeholder source, nbsp between",
     "<p>来源：本站原创&nbsp;&nbsp;作者：造林科党支部<br>时间：2019年10月31日 23:00&nbsp;&nbsp;浏览：</p>",
     "2019-10-31T23:00:00+08:00", "本站原创", -1, "造林科党支部", ""},
    {"date without label", "<p class=xx><span>2022-04-17</span><span>来源：青石市生态局</span></p>",
     "2022-04-17", "青石市生态局", -1, "", ""},
    {"strip in black brackets",
     "<p>【信息时间：2017/11/10&nbsp;&nbsp;阅读次数：<script src=\"/x/count.js\"></script>】</p>",
     "2017-11-10", "", -1, "", ""},
    {"label and span",
     "<div class=\"pubDate\">发布日期: <span>2012-06-24</span></div><div>字号:<span> [大]</span> "
     "<span>[中]</span></div>",
     "2012-06-24", "", -1, "", ""},
    {"wide spaces", "<p>作者:造林管理科    时间：2026-06-23    点击数：77</p>", "2026-06-23", "", 77,
     "造林管理科", ""},
    {"reviewer between", "<p>作者：李一凡审核：王二平时间：2020-01-02    点击数：5</p>", "2020-01-02", "", 5,
     "李一凡", ""},
    {"time glued to the date, source a link",
     "<p>2019年06月15日08:18&nbsp;&nbsp;来源：<a href=http://x.cn>青石网-文化频道</a></p>",
     "2019-06-15T08:18:00+08:00", "青石网-文化频道", -1, "", ""},
    {"font controls after the source", "<p>2016年09月27日 07:02 来源：省政府办公厅 【字体：大 中 小】</p>",
     "2016-09-27T07:02:00+08:00", "省政府办公厅", -1, "", ""},
    {"the paper's day behind its name", "<p>来源：<span>《青石日报》2021年11月20日第3版</span> 发布时间：2021-11-29</p>", "2021-11-29", "青石日报", -1, "", ""},
    {"everything glued", "<p>发布时间：2024-04-23 19:45:20被阅览数：290 次信息来源：《青石档案》</p>",
     "2024-04-23T19:45:20+08:00", "《青石档案》", 290, "", ""},
    {"a year inside the source",
     "<p>发布日期：2020-09-27 作者：周一颂 来源：《青石林业学报》2019年第02期 文章浏览量：</p>", "2020-09-27",
     "《青石林业学报》2019年第02期", -1, "周一颂", ""},
    {"strip as a heading",
     "<h3 "
     "class=\"time\">发布时间：2021-06-11&nbsp;&nbsp;&nbsp;&nbsp;阅读次数：148&nbsp;<span>【打印】</span></"
     "h3>",
     "2021-06-11", "", 148, "", ""},
    {"three spans side by side",
     "<p><span>发布者：颜三越</span><span>发布时间：2026-03-26</span><span>浏览次数：10</span></p>",
     "2026-03-26", "", 10, "", ""},
    {"nobody's name",
     "<p>文章来源：青石林业网 作者：佚名 发布时间：2020年07月16日 点击数：<script src=/n.js></script> 次</p>",
     "2020-07-16", "青石林业网", -1, "", ""},
    {"comments beside",
     "<p>2012年03月10日 来源：互联网 作者：佚名 点击：48 【字体：大 中 小】 我要评论(9)</p>", "2012-03-10",
     "互联网", 48, "", ""},
    {"number after the script",
     "<p><span>时间：2019年06月03日 10:32</span><span>   点击：<script "
     "src=\"/plus/count.php?view=yes&aid=3161&mid=1\"></script>370</span></p>",
     "2019-06-03T10:32:00+08:00", "", 370, "", ""},
    {"weekday glued to the next label", "<p>发布时间：2022-01-03 14:10 <br />星期一来源：法治日报</p>",
     "2022-01-03T14:10:00+08:00", "法治日报", -1, "", ""},
    {"date in the source's place", "<p>来源：  2016-05-04|  查看：31</p>", "2016-05-04", "", 31, "", ""},
    {"agency list", "<ul><li>時間:2021-11-29</li><li>點擊:997</li><li>來源:酒城市農業農村局</li></ul>",
     "2021-11-29", "酒城市農業農村局", 997, "", ""},
    {"site's name first", "<p>青石市政府门户网站 www.example.gov.cn   2009年04月30日   来源:新华社</p>",
     "2009-04-30", "新华社", -1, "", ""},
    {"spaces inside labels", "<p>发　布　时　间：2020-02-03　　来　　源：青石日报　　点 击 数：1,234</p>",
     "2020-02-03", "青石日报", 1234, "", ""},
    {"full width", "<p>时间：２０２１年１１月２９日　点击：１２３次　来源：青石日报</p>", "2021-11-29",
     "青石日报", 123, "", ""},
    {"ten thousands", "<p>2021-11-29 10:00 来源：青石日报 阅读：1.2万</p>", "2021-11-29T10:00:00+08:00",
     "青石日报", 12000, "", ""},
    {"number before its label", "<p>2021-11-29 | 997 次浏览 | 来源：青石日报 | 点赞 55 | 评论 12</p>",
     "2021-11-29", "青石日报", 997, "", ""},
    {"round brackets", "<p>来源：青石日报 2021-11-29 浏览（83）</p>", "2021-11-29", "青石日报", 83, "", ""},
    {"table cells",
     "<table><tr><td>来源：</td><td>青石日报</td><td>发布时间：</td><td>2021-11-29</td></tr></table>",
     "2021-11-29", "青石日报", -1, "", ""},
    {"label and value on lines of their own",
     "<dl><dt>发布时间：</dt><dd>2021-11-29 "
     "08:00</dd><dt>来源：</dt><dd>青石日报</dd><dt>点击：</dt><dd>41</dd></dl>",
     "2021-11-29T08:00:00+08:00", "青石日报", 41, "", ""},
    {"source and author glued", "<p>2021-11-29 12:11 来源：青石时报网作者：李在山</p>",
     "2021-11-29T12:11:00+08:00", "青石时报网", -1, "李在山", ""},
    {"editor kept apart", "<p>2021-11-29 来源：青石日报 作者：王小五 责任编辑：赵六</p>", "2021-11-29",
     "青石日报", -1, "王小五", "赵六"},
    {"square brackets", "<p>[ 2021年11月29日] [来源：青石日报] [浏览：7次]</p>", "2021-11-29", "青石日报", 7,
     "", ""},
    {"day first, in two elements", "<div><div>21</div><div>2024年02月</div></div>", "2024-02-21", "", -1, "",
     ""},
    {"slashes and seconds", "<p>2014/5/14 9:05:55 来源：青石日报</p>", "2014-05-14T09:05:55+08:00",
     "青石日报", -1, "", ""},
    {"afternoon", "<p>发表时间：2021年11月29日 下午3:05</p>", "2021-11-29T15:05:00+08:00", "", -1, "", ""},
    {"hours and minutes in words", "<p>发布时间：2021年11月29日 9时05分</p>", "2021-11-29T09:05:00+08:00", "",
     -1, "", ""},
    {"Chinese numerals", "<p>发布日期：二〇二一年十一月二十九日</p>", "2021-11-29", "", -1, "", ""},
    {"updated is not published", "<p>发布时间：2021-11-29　更新时间：2021-12-05</p>", "2021-11-29", "", -1,
     "", ""},
    {"publisher where no source is", "<p>发布机构：青石市林业局 发布日期：2021-11-29</p>", "2021-11-29",
     "青石市林业局", -1, "", ""},
    {"minute and count in elements of their own, glued", "<div>2021/11/29 21:33<i></i><i>702人看过</i></div>", "2021-11-29T21:33:00+08:00", "", 702, "", ""},
    {"day and reads glued", "<div><span>2021-11-29</span><span>1204次浏览</span></div>", "2021-11-29", "", 1204, "", ""},
    {"reads and day glued", "<div><span>来源：青石日报</span><span>浏览次数：842</span><span>2021-11-29</span></div>", "2021-11-29", "青石日报", 842, "", ""},
    {"visits of the site", "<p>2021-11-29 来源：青石日报</p><p>本站已有 1630022 人次访问</p>", "2021-11-29", "青石日报", -1, "", ""},
    {"visits of the site with a colon", "<p>2021-11-29 来源：青石日报</p><p>网站浏览次数：88991</p>", "2021-11-29", "青石日报", -1, "", ""},
    {"source in one word with the count", "<p>2021-11-29 来源：本站　浏览次数：88</p>", "2021-11-29", "本站", 88, "", ""},
    {"date behind the font control, before the reads", "<p>【字体：<a>大</a> <a>中</a> <a>小</a>】　2021年11月29日 10:42　　浏览：75 次　来源：青石日报</p>",
     "2021-11-29T10:42:00+08:00", "青石日报", 75, "", ""},
    {"date behind the reads", "<p><span>阅读(318)</span> <span>评论(0)</span> <span>2021.11.29</span> <span>作者：王小五</span></p>", "2021-11-29", "", 318, "王小五", ""},
    {"two roles before one value", "<p>作者/来源：王小五/青石市林业站 录入时间：2021/11/29 点击数：9</p>", "2021-11-29", "青石市林业站", 9, "王小五", ""},
    {"reposted from", "<p>[ 作者：王小五 | 转贴自：青石农情 | 点击数：1188 | 时间：2021-11-29 ]</p>", "2021-11-29", "青石农情", 1188, "王小五", ""},
    {"plays of a film", "<p>2021-11-29 19:30　播放：742次　来源：青石电视台</p>", "2021-11-29T19:30:00+08:00", "青石电视台", 742, "", ""},
    {"labels with their translation", "<dl><dt>發布日期 Date</dt><dd>2021-11-29</dd><dt>來源 Source</dt><dd>青石日報</dd></dl>", "2021-11-29", "青石日報", -1, "", ""},
    {"day first, month as a number and 月", "<p>发布于 <time datetime=\"2021-11-29T15:41:07+08:00\">29 11 月, 2021</time><time>30 12 月, 2021</time></p>",
     "2021-11-29T15:41:07+08:00", "", -1, "", ""},
    {"typed and published", "<dl><dt>创建时间</dt><dd>2021-11-25 15:53</dd><dt>发布时间</dt><dd>2021-11-29 15:53</dd><dt>信息来源</dt><dd>枫林林场</dd><dt>录入</dt><dd>谢小新</dd></dl>", "2021-11-29T15:53:00+08:00", "枫林林场", -1, "", "谢小新"},
    {"day first with points", "<p>日期： 29.11.2021　來源：青石日報</p>", "2021-11-29", "青石日報", -1, "", ""},
    {"the date, then whom to ask", "<p>中華民國110年11月29日　　聯絡人：楊小傑　　電話：(08)700-8124</p>", "2021-11-29", "", -1, "", ""},
    {"heat is no count", "<p><span>2021-11-29 17:15:44</span><span>来源：青石新闻网</span><span>热度：8695℃</span></p>", "2021-11-29T17:15:44+08:00", "青石新闻网", -1, "", ""},
    {"a slash for a colon", "<p>2021.11.29　文章来源<i>/</i>陈列展览部</p>", "2021-11-29", "陈列展览部", -1, "", ""},
    {"an office beside the author", "<span>作者：<a href=#>李秋杰</a></span><span>处室：<a href=#>教导处</a></span><span>点击数：<a href=#>99</a></span><span>发布时间：2021-11-29 09:49:37.0</span>",
     "2021-11-29T09:49:37+08:00", "教导处", 99, "李秋杰", ""},
    {"bars for colons", "<p>2021-11-29 来源：青石日报 记者丨王小五 责任编辑丨赵六 监制丨钱七</p>", "2021-11-29", "青石日报", -1, "王小五", "赵六"},
    {"who typed it is no source", "<p>2021-11-29 发布人：<span>xcb</span> 来源：<span></span> 浏览人数：<span>395</span></p>", "2021-11-29", "", 395, "", ""},
    {"the article's readers", "<p>来自：青石供电 您是第 <font color=red>97</font> 位读者 2021-11-29</p>", "2021-11-29", "青石供电", 97, "", ""},
    {"the post code is no editor", "<p>2021-11-29 来源：青石日报 邮编：210000</p>", "2021-11-29", "青石日报", -1, "", ""},
    {"brackets for colons", "<p>[ 来源 ] 青石日报 [ 发布时间 ] 2021-11-29 [ 点击数 ] 216</p>", "2021-11-29", "青石日报", 216, "", ""},
    {"black brackets for colons, elements of their own", "<div><span>【信息来源】青石市林业局</span><span>【发布日期】2021-11-29</span><span>【浏览次数】1,216</span></div>", "2021-11-29", "青石市林业局", 1216, "", ""},
    {"brackets and a colon", "<p>【来源】：青石日报　【作者】：王小五　【发布时间】：2021-11-29 08:30</p>", "2021-11-29T08:30:00+08:00", "青石日报", -1, "王小五", ""},
    {"brackets around all are none for colons", "<p>[来源：青石日报] [作者：王小五] [2021-11-29] [打印] [关闭]</p>", "2021-11-29", "青石日报", -1, "王小五", ""},
    {"reporter in brackets behind the source", "<p>2021-11-29　稿源：青石日报（记者 王小五 摄影报道）</p>", "2021-11-29", "青石日报", -1, "王小五", ""},
    {"reporters in brackets, nothing between", "<p>2021-11-29 来源：青石日报（本报记者王小五 通讯员李六）</p>", "2021-11-29", "青石日报", -1, "王小五", ""},
    {"a bracket that is the source's own", "<p>来源：青石市林业局（青石市绿化委员会办公室） 2021-11-29</p>", "2021-11-29", "青石市林业局（青石市绿化委员会办公室）", -1, "", ""},
    {"the number belongs to the reads", "<p><span>2021-11-29 06:55</span><span>稿源：青石日报</span><span>编辑：王小五</span><span>6.3万阅读</span></p>", "2021-11-29T06:55:00+08:00", "青石日报", 63000, "", "王小五"},
    {"the number belongs to the reads, the source before it", "<p><span>2021-11-29</span> <span>来源：青石日报</span> <span>1204人浏览</span></p>", "2021-11-29", "青石日报", 1204, "", ""},
    {"the author before the reads", "<p>2021-11-29 来源：青石日报 作者：王小五 88次浏览</p>", "2021-11-29", "青石日报", 88, "王小五", ""},
    {"two authors with a wide space", "<p>时间:2021-11-29&nbsp;&nbsp;来源:青石日报&nbsp;&nbsp;作者:王小五　李六&nbsp; 点击：7</p>", "2021-11-29", "青石日报", 7, "王小五、李六", ""},
    {"three authors with wide spaces, then another role", "<p>作者：王小五　李六　赵一鸣　　发布时间：2021-11-29　　编辑：钱七　孙八</p>", "2021-11-29", "", -1, "王小五、李六、赵一鸣", "钱七、孙八"},
    {"an author, a wide space and an office", "<p>作者：王小五　青石市林业站　　发布时间：2021-11-29</p>", "2021-11-29", "青石市林业站", -1, "王小五", ""},
    {"where it came out", "<p>文章出处：青石红十字会　作者：韩小梅　人气：731　日期：2021-11-29</p>", "2021-11-29", "青石红十字会", 731, "韩小梅", ""},
    {"a department", "<p>发布：2021-11-29 11:03:25 | 部门：教务处 | 撰稿：罗小欣 | 审核：彭大平 | 点击：268</p>", "2021-11-29T11:03:25+08:00", "教务处", 268, "罗小欣", ""},
    {"a department that is none", "<p>2021-11-29 部门：全市 点击：268</p>", "2021-11-29", "", 268, "", ""},
    {"values in brackets", "<p>日期：[2021-11-29 09:30]　稿件来源：[市政府研究室]　[<a onclick=p()>打印</a>]</p>", "2021-11-29T09:30:00+08:00", "市政府研究室", -1, "", ""},
    {"controls in the source's place", "<p>日期：2021-11-29　来源：[大 中 小]</p>", "2021-11-29", "", -1, "", ""},
    {"text and picture by one, an office that contributed", "<p align=center>发布日期：2021年11月29日 文/图：何小敏 【新闻部供稿】 点击：337</p>", "2021-11-29", "新闻部", 337, "何小敏", ""},
    {"slashes for colons", "<p>文字/张小国　图片/李红梅　编辑/王丽娟　2021-11-29</p>", "2021-11-29", "", -1, "张小国", "王丽娟"},
    {"text by one, picture by another", "<p>2021-11-29 来源：青石日报 文/张小国 图/李红梅</p>", "2021-11-29", "青石日报", -1, "张小国", ""},
    {"text and photographs by one", "<p>撰稿/摄影：张小国　2021-11-29　来源：宣传部</p>", "2021-11-29", "宣传部", -1, "张小国", ""},
    {"bars before a name that begins as a label does", "<p>文 | 张小国　2021-11-29　来源 | 青石日报</p>", "2021-11-29", "青石日报", -1, "张小国", ""},
    {"an editor between bars", "<p>2021-11-29 | 来源：青石日报 | 作者 张小国 | 编辑 王丽娟 | 阅读 5</p>", "2021-11-29", "青石日报", 5, "张小国", "王丽娟"},
    {"whoever typed it in", "<p>2021-11-29 来源：青石日报 信息录入：王丽娟 审核人：赵志强</p>", "2021-11-29", "青石日报", -1, "", "王丽娟"},
    {"the author's office in brackets", "<p>作者：张小国（青石市林业局）　时间：2021-11-29</p>", "2021-11-29", "", -1, "张小国", ""},
    {"a person behind the office", "<p>时间：2021-11-29　来源：青石市林业局造林科/张小国</p>", "2021-11-29", "青石市林业局造林科", -1, "", ""},
    {"two offices", "<p>来源：青石市人民政府办公室 青石市林业局　2021-11-29</p>", "2021-11-29", "青石市人民政府办公室 青石市林业局", -1, "", ""},
    {"the source's address", "<p>2021-11-29 文章来源：青石日报 http://www.example.cn/1.html</p>", "2021-11-29", "青石日报", -1, "", ""},
    {"what readers may do behind the source", "<p>2021-11-29 来源：青石日报 扫一扫 手机看</p>", "2021-11-29", "青石日报", -1, "", ""},
    {"hearing it", "<p>2021-11-29 来源：青石日报 听新闻</p>", "2021-11-29", "青石日报", -1, "", ""},
    {"sizes of letters", "<p>2021-11-29 来源：青石日报 A- A A+</p>", "2021-11-29", "青石日报", -1, "", ""},
    {"a section of a Taiwan office", "<ul><li>發布單位：推廣課</li><li>上版日期：2021-11-29</li><li>瀏覽人次：655</li></ul>", "2021-11-29", "推廣課", 655, "", ""},
    {"who posted it is no source", "<p>发布者：宣传部　发布时间：2021-11-29　浏览次数：12</p>", "2021-11-29", "", 12, "", ""},
    {"who contributed it, with the office", "<p>2021-11-29 供稿：工程管理科 汤小伟 浏览：7</p>", "2021-11-29", "", 7, "工程管理科 汤小伟", ""},
    {"an office behind the label of the day", "<p>发布：青石乡农业服务中心 2021-11-29 浏览：152</p>", "2021-11-29", "青石乡农业服务中心", 152, "", ""},
    {"a unit whose name reads like a person's", "<table><tr><td>發布單位</td><td>斗南分場</td><td>發布日期</td><td>2021-11-29</td></tr></table>", "2021-11-29", "斗南分場", -1, "", ""},
    {"names in English", "<p>Source: Qingshi Daily &nbsp; Writer: Shen Jialin &nbsp; Editor: Qian Rui &nbsp; Updated: 2021-11-29 15:02</p>", "2021-11-29T15:02:00+08:00", "Qingshi Daily", -1,
     "Shen Jialin", "Qian Rui"},
    {"text and pictures by one, in brackets", "<p>来源：青石市政协 作者：吴小斌（文/图） 日期：2021-11-29 点击：87</p>", "2021-11-29", "青石市政协", 87, "吴小斌", ""},
    {"an eye for a label", "<p><span>来源：青石日报</span> <span>2021-11-29 21:14</span> <span><i class=el-icon-view></i> 6021</span></p>", "2021-11-29T21:14:00+08:00", "青石日报", 6021, "", ""},
    {"labels in one row, values in the next",
     "<table><tr><th>发布时间</th><th>信息来源</th><th>作者</th><th>点击数</th></tr><tr><td>2021-11-29</td><td>青石日报</td><td>王小明</td><td>345</td></tr></table>", "2021-11-29", "青石日报", 345, "王小明", ""},
    {"slashes for colons, a count", "<ul><li>2021.11.29</li><li>文章来源<i>/</i>社会活动部</li><li>浏览量<i>/</i>129</li></ul>", "2021-11-29", "社会活动部", 129, "", ""},
    {"likes are no clicks", "<p>2021-11-29 来源：青石日报 赞(15) 收藏(3)</p>", "2021-11-29", "青石日报", -1,
     "", ""},
};

// Names without a label, which only the place beside the headline tells.
const Layout kUnlabelled[] = {
    {"words of a strip that single spaces divide", "<p>[2021-11-29] &nbsp; 王小五 &nbsp; 校报编辑部 &nbsp; 已阅读478次</p>", "2021-11-29", "校报编辑部", 478, "王小五", ""},
    {"an account beside the time", "<div><span>2021-11-29 10:29</span><span>·</span><span><a href=/u/1>健康青石</a></span></div>", "2021-11-29T10:29:00+08:00", "健康青石", -1, "", ""},
    {"account and person above the time", "<div><div><span>青石发布厅</span> <span>魏小宇</span></div><div>2021-11-29 17:31</div></div>", "2021-11-29T17:31:00+08:00", "青石发布厅", -1, "魏小宇", ""},
    {"what readers may do is no account", "<div><span>2021-11-29 10:29</span><span><a href=#c>26人参与评论</a></span><span><a>听新闻</a></span></div>", "2021-11-29T10:29:00+08:00", "", -1, "", ""},
    {"spaced bars for colons", "<p>稿件来源 | 青石镇党政办 &nbsp; 撰稿 | 哈小森 &nbsp; 审核 | 满都拉 &nbsp; 2021.11.29</p>", "2021-11-29", "青石镇党政办", -1, "哈小森", ""},
    {"who reviewed it is no author", "<div><span>2021-11-29 15:37</span>　阅读（<span>95</span>）　审核：<span>冉茂小</span></div>", "2021-11-29T15:37:00+08:00", "", 95, "", ""},
    {"a word is no person", "<div><span>2021-11-29 15:37</span> <span><a href=/ws/>卫生</a></span></div>", "2021-11-29T15:37:00+08:00", "", -1, "", ""},
    {"how long ago", "<div><span>青石交通</span><span>6小时前</span></div>", "", "青石交通", -1, "", ""},
    {"an account to follow", "<div><img class=av><span>青石环保</span><button>+关注</button></div>", "", "青石环保", -1, "", ""},
    {"a paper's reporter", "<p>2021-11-29　青石日报记者 张小国</p>", "2021-11-29", "青石日报", -1, "张小国", ""},
    {"our reporter", "<p>○ 本报记者 张小国　2021-11-29</p>", "2021-11-29", "", -1, "张小国", ""},
    {"a paper's dispatch", "<p>【青石日報專訊】2021-11-29</p>", "2021-11-29", "青石日報", -1, "", ""},
    {"an office where the template has its author", "<p><span>发表于 2021-11-29</span> <span class=byline>由 <span class=\"author vcard\"><a>秘书处</a></span></span> <span>浏览 388 次</span></p>", "2021-11-29", "", 388, "秘书处", ""},
    {"a paper where the template has its author", "<p><span class=time>2021-11-29</span> <span class=author>青石日报</span></p>", "2021-11-29", "青石日报", -1, "", ""},
    {"a paper between book marks", "<p>《青石瞭望》2021-11-29</p>", "2021-11-29", "青石瞭望", -1, "", ""},
    {"an office and who wrote it, below the day", "<center>（2021年11月29日）</center><center>青石市司法局 樊小刚</center>", "2021-11-29", "青石市司法局", -1, "樊小刚", ""},
    {"a paper and who wrote it", "<p>2021-11-29</p><p>□ 青石矿工报 聂小成</p>", "2021-11-29", "青石矿工报", -1, "聂小成", ""},
    {"an aside that is the strip", "<div class=asideBox><span class=source><a href=/d>青石市政署</a></span><br><time>2021-11-29 18:05</time></div>", "2021-11-29T18:05:00+08:00", "青石市政署", -1, "", ""},
    {"a mobile page's account, and a brief count", "<p>2021-11-29 青石交警 阅611</p>", "2021-11-29", "青石交警", 611, "", ""},
    {"a mobile page's paper, and a brief count", "<p>2021-11-29 青石日报 点93</p>", "2021-11-29", "青石日报", 93, "", ""},
    {"a person and a count", "<p>2021-11-29 张小国 阅93</p>", "2021-11-29", "", 93, "张小国", ""},
    {"a person and a word of the count", "<p>2021-11-29 张小国·阅读 93</p>", "2021-11-29", "", 93, "", ""},
    {"a time of day and no count", "<p>2021-11-29 8 点30</p>", "2021-11-29T08:30:00+08:00", "", -1, "", ""},
    {"a contributing office", "<div>宣传教育部 供稿　|　2021-11-29　|　浏览量 <em>204</em></div>", "2021-11-29", "宣传教育部", 204, "", ""},
    {"a contributing department below the day", "<div class=dd><b>10</b><span>2021/08</span></div><div class=mm>宣教部 供稿　|　浏览量 <em>204</em>　|　<a>分享</a></div>", "2021-08-10", "宣教部", 204, "", ""},
    {"a paper's reporter beside his picture", "<div><img class=av src=/u.png><span class=nm>晚报记者 张小国</span><span class=tm>2021-11-29 07:30</span></div>", "2021-11-29T07:30:00+08:00", "", -1, "张小国", ""},
    {"the site's own", "<div>2021-11-29 9:08:15　　本站　　阅读<font>93</font>次</div>", "2021-11-29T09:08:15+08:00", "本站", 93, "", ""},
};

TEST(InfoLine, NamesWithoutALabel) {
  for (const Layout& layout : kUnlabelled) {
    SCOPED_TRACE(layout.name);
    const model::PageRecord record = ExtractPage(NewsPage(layout.strip));
    EXPECT_EQ(record.published.value_or(""), layout.published);
    EXPECT_EQ(record.source.value_or(""), layout.source);
    EXPECT_EQ(record.clicks.value_or(-1), layout.clicks);
    EXPECT_EQ(record.author.value_or(""), layout.author);
    EXPECT_EQ(record.body, NewsBody());
  }
}

TEST(InfoLine, LayoutsBetweenHeadlineAndText) {
  for (const Layout& layout : kLayouts) {
    SCOPED_TRACE(layout.name);
    const model::PageRecord record = ExtractPage(NewsPage(layout.strip));
    EXPECT_EQ(record.kind, model::PageKind::kArticle) << record.kind_reason;
    EXPECT_EQ(record.title.value_or(""), kTitle);
    EXPECT_EQ(record.published.value_or(""), layout.published);
    EXPECT_EQ(record.source.value_or(""), layout.source);
    EXPECT_EQ(record.clicks.value_or(-1), layout.clicks);
    EXPECT_EQ(record.author.value_or(""), layout.author);
    EXPECT_EQ(record.editor.value_or(""), layout.editor);
    EXPECT_EQ(record.body, NewsBody());
  }
}

TEST(InfoLine, WordsOfACountWithoutOneAreText) {
  const model::PageRecord record = ExtractPage(NewsPage("<p>2021-11-29 来源：青石日报</p>", "<p>门户网站今日访问受限的问题已经解决。</p>"));
  EXPECT_EQ(record.clicks, std::nullopt);
  const std::string title = "门户网站今日访问受限，现已恢复";
  EXPECT_EQ(ExtractPage("<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1><p>2021-11-29 来源：青石日报</p><div><p>" + std::string(kFirst) + "</p><p>" +
                        std::string(kSecond) + "</p></div></body></html>").title,
            title);
}

TEST(InfoLine, LayoutsBelowTheText) {
  for (const Layout& layout : kLayouts) {
    if (std::string_view(layout.name) == "three spans side by side" ||
        std::string_view(layout.name) == "day first, in two elements" || std::string_view(layout.name) == "slashes for colons, a count")
      continue;
    SCOPED_TRACE(layout.name);
    const model::PageRecord record =
        ExtractPage(NewsPage("", "<div>" + std::string(layout.strip) + "</div>"));
    EXPECT_EQ(record.title.value_or(""), kTitle);
    EXPECT_EQ(record.published.value_or(""), layout.published);
    EXPECT_EQ(record.source.value_or(""), layout.source);
    EXPECT_EQ(record.clicks.value_or(-1), layout.clicks);
    EXPECT_EQ(record.body, NewsBody());
  }
}

TEST(InfoLine, BelowTheTextWithoutLabels) {
  // A name beside the day in a strip that counts readers is whose it is; beside a day alone it is a signature.
  const model::PageRecord strip = ExtractPage(NewsPage("", "<p align=right>青石日报　2021-11-29　阅读：123</p>"));
  EXPECT_EQ(strip.published.value_or(""), "2021-11-29");
  EXPECT_EQ(strip.source.value_or(""), "青石日报");
  const model::PageRecord signature = ExtractPage(NewsPage("", "<div><span>青石市应急管理局</span> <span>2021-11-29</span></div>"));
  EXPECT_EQ(signature.published.value_or(""), "2021-11-29");
  EXPECT_EQ(signature.source.value_or(""), "");
  // What the text's own foot says, whatever the foot is called.
  const model::PageRecord foot = ExtractPage(NewsPage("<p>2021-11-29</p>", "<div class=detail_bottom><div>来源：青石法制报</div><div>责任编辑：傅小强</div></div>"));
  EXPECT_EQ(foot.source.value_or(""), "青石法制报");
  // A label without a value, and then a box.
  EXPECT_EQ(ExtractPage(NewsPage("<p>2021-11-29</p>", "<div>责任编辑：</div><div class=xgwz><h4>相关文章</h4><ul><li><a href=/xw/3.htm>青石市启动古树名木普查</a></li></ul></div>")).editor.value_or(""), "");
  // Without colons, others behind; in brackets.
  for (const char* line : {"编辑 傅小强　校对 毕方", "(编辑 傅小强)", "责编 傅小强 | 审核 王忠", "编辑 傅小强"}) {
    EXPECT_EQ(ExtractPage(NewsPage("<p>2021-11-29</p>", "<div class=ed>" + std::string(line) + "</div>")).editor.value_or(""), "傅小强") << line;
  }
  for (const char* line : {"编辑 分享 打印", "编辑 部电话 123", "编辑 校对"}) {
    EXPECT_EQ(ExtractPage(NewsPage("<p>2021-11-29</p>", "<div class=ed>" + std::string(line) + "</div>")).editor.value_or(""), "") << line;
  }
  for (const char* name : {"con-foot", "arti-foot", "art_footer", "text-foot", "contFoot", "nr_bottom", "news-foot"}) {
    const model::PageRecord named = ExtractPage(NewsPage("<p>2021-11-29</p>", "<div class=" + std::string(name) + ">（编辑：傅小强　审核：王忠）</div>"));
    EXPECT_EQ(named.editor.value_or(""), "傅小强") << name;
    EXPECT_EQ(named.body, NewsBody()) << name;
  }
  EXPECT_EQ(foot.editor.value_or(""), "傅小强");
}

TEST(InfoLine, ADayWithItsTimeBesideTheMastheadsDay) {
  std::string page = NewsPage("<p>(青石日報) 11月29日 05:05</p>");
  page.replace(page.find("<div class=header>"), 18, "<div class=header>2021年11月29日 星期一");
  const model::PageRecord record = ExtractPage(page);
  EXPECT_EQ(record.published.value_or(""), "2021-11-29T05:05:00+08:00");
  EXPECT_EQ(record.source.value_or(""), "青石日報");
}

TEST(InfoLine, CountsOfOthersBelowTheText) {
  std::string films;
  for (int i = 1; i <= 4; ++i) films += "<dl><dt><img src=" + std::to_string(i) + ".jpg></dt><dd>林场第" + std::to_string(i) + "护林站巡查</dd><dd>播放：" + std::to_string(3460 + i) + "</dd></dl>";
  EXPECT_EQ(ExtractPage(NewsPage("<p>2021-11-29 来源：青石日报</p>", "<div class=tj><div>正在直播</div>" + films + "</div>")).clicks, std::nullopt);
}

TEST(InfoLine, AReportersPlaceAndThenThePaper) {
  const model::PageRecord record =
      ExtractPage(NewsPage("<div><time datetime=\"2021-11-29T14:32:00+08:00\">2021-11-29 14:32</time><div>記者林小伶／青石報導 寶石新聞網</div></div>"));
  EXPECT_EQ(record.source.value_or(""), "寶石新聞網");
  EXPECT_EQ(record.author.value_or(""), "林小伶");
}

TEST(InfoLine, WhoTookThePictureIsNoAuthor) {
  const model::PageRecord record = ExtractPage(NewsPage("<p>2021-11-29 来源：青石日报</p>", "<p>造林现场。本报记者 黄小哲 摄</p>"));
  EXPECT_EQ(record.author.value_or(""), "");
}

TEST(InfoLine, NumbersAndDatesOfOtherThings) {
  // A clock in the header, an index number that looks like a date, a site counter, dates of related links.
  const std::string page = NewsPage(
      "<table><tr><td>索 引 "
      "号：</td><td>2026-02-00018</td><td>发文字号：</td><td>青林发〔2021〕15号</td></tr></"
      "table><p>来源：青石日报</p>",
      "", "<meta name=PubDate content=\"2021-11-29 08:30\">");
  std::string with_clock = page;
  with_clock.replace(with_clock.find("<div class=header>"), 18,
                     "<div class=header>今天是2024年11月12日 星期二");
  const model::PageRecord record = ExtractPage(with_clock);
  EXPECT_EQ(record.published.value_or(""), "2021-11-29T08:30:00+08:00");
  EXPECT_EQ(record.provenance.at("published"), "meta:PubDate");
  EXPECT_EQ(record.index_number.value_or(""), "2026-02-00018");
  EXPECT_EQ(record.document_number.value_or(""), "青林发〔2021〕15号");
  EXPECT_FALSE(record.clicks.has_value());
  EXPECT_EQ(record.source.value_or(""), "青石日报");
}

TEST(InfoLine, NumbersOfDocuments) {
  const auto number = [](const std::string& strip) { return ExtractPage(NewsPage(strip)).document_number.value_or(""); };
  const std::string day = "<p>发布时间：2021-03-12 来源：青石日报</p>";
  // A line of its own below the headline, in brackets, or first in its line.
  EXPECT_EQ(number("<p>青林发〔2021〕15号</p>" + day), "青林发〔2021〕15号");
  EXPECT_EQ(number("<h3>（青林发〔2021〕15号）</h3>" + day), "青林发〔2021〕15号");
  EXPECT_EQ(number(day + "<p>青林发〔2021〕15号　　办理结果：B类　　是否公开：是</p>"), "青林发〔2021〕15号");
  EXPECT_EQ(number(day + "<p>青林发〔2021〕15号文件已于昨日印发各有关单位</p>"), "");
  // Labels in brackets; a value in the label's own item.
  EXPECT_EQ(number("<table><tr><td>【文　　号】青林发〔2021〕15号</td><td>【发文机关】青石市林业局</td></tr></table>" + day), "青林发〔2021〕15号");
  const model::PageRecord items = ExtractPage(NewsPage("<ul><li><b>索引号</b><p>000014349/2021-00035</p></li><li><b>发文字号</b><p>青林发〔2021〕15号</p></li></ul>" + day));
  EXPECT_EQ(items.document_number.value_or(""), "青林发〔2021〕15号");
  EXPECT_EQ(items.index_number.value_or(""), "000014349/2021-00035");
  // Empty, and another row below.
  const model::PageRecord empty = ExtractPage(NewsPage("<table><tr><td>发布机构</td><td>市林业局</td><td>文号</td><td>&nbsp;</td></tr><tr><td>存放地点</td><td>青石镇</td><td>发布日期</td><td>2021-03-12</td></tr></table>"));
  EXPECT_EQ(empty.document_number.value_or(""), "");
  EXPECT_EQ(empty.published.value_or(""), "2021-03-12");
  EXPECT_EQ(ExtractPage(NewsPage("<table><tr><td>产生日期</td><td>2021-03-10</td><td>发布日期</td><td>2021-03-12</td></tr></table>")).written.value_or(""), "2021-03-10");
}

TEST(InfoLine, TheEditorAtTheFootOfTheText) {
  const std::string strip = "<p>发布时间：2021-03-12 来源：青石日报</p>";
  for (const std::string label : {"编辑", "责任编辑"}) EXPECT_EQ(ExtractPage(NewsPage(strip, "<div class=panel-footer>" + label + "：<em>高菲</em></div>")).editor.value_or(""), "高菲") << label;
  // A name far below is the site's.
  EXPECT_EQ(ExtractPage(NewsPage(strip, "<p>相关阅读</p><p>甲</p><p>乙</p><p>丙</p><p>丁</p><div class=footer>编辑：高菲</div>")).editor.value_or(""), "");
}

TEST(InfoLine, TheSizeOfAScreenIsNoCount) {
  EXPECT_FALSE(ExtractPage(NewsPage("<p>发布时间：2021-03-12 建议使用IE5.0以上、800×600浏览</p>")).clicks.has_value());
  EXPECT_FALSE(ExtractPage(NewsPage("<p>发布时间：2021-03-12 建议1024*768 浏览</p>")).clicks.has_value());
  EXPECT_EQ(ExtractPage(NewsPage("<p>发布时间：2021-03-12 600次浏览</p>")).clicks.value_or(0), 600);
}

// Which of the two is the month another witness may say; where none does, the record says that it is not known.
TEST(InfoLine, ADateThatCanBeReadBothWaysIsNotSure) {
  const std::string strip = "<p>发布时间：05/06/2024 来源：青石日报</p>";
  const model::PageRecord alone = ExtractPage(NewsPage(strip));
  EXPECT_EQ(alone.published.value_or(""), "2024-06-05");
  EXPECT_LE(alone.confidence.at("published"), 0.5);
  EXPECT_EQ(alone.conflicts.at("published"), "may also be read as 2024-05-06");
  const model::PageRecord swapped = ExtractPage(NewsPage(strip), "http://www.example.gov.cn/art/2024/5/6/art_1_2.html");
  EXPECT_EQ(swapped.published.value_or(""), "2024-05-06");
  EXPECT_GT(swapped.confidence.at("published"), 0.5);
  EXPECT_FALSE(swapped.conflicts.contains("published"));
  const model::PageRecord as_read = ExtractPage(NewsPage(strip), "http://www.example.gov.cn/art/2024/6/5/art_1_2.html");
  EXPECT_EQ(as_read.published.value_or(""), "2024-06-05");
  EXPECT_GT(as_read.confidence.at("published"), 0.5);
  EXPECT_FALSE(as_read.conflicts.contains("published"));
  EXPECT_GT(ExtractPage(NewsPage("<p>发布时间：25/06/2024 来源：青石日报</p>")).confidence.at("published"), 0.5);
}

TEST(InfoLine, ARoundedCountSaysSo) {
  const model::PageRecord rounded = ExtractPage(NewsPage("<p>发布时间：2024-06-05 浏览：1.2万</p>"));
  EXPECT_EQ(rounded.clicks.value_or(-1), 12000);
  EXPECT_LE(rounded.confidence.at("clicks"), 0.6);
  EXPECT_EQ(rounded.conflicts.at("clicks"), "the page shows a rounded number");
  const model::PageRecord exact = ExtractPage(NewsPage("<p>发布时间：2024-06-05 浏览：12000 来源：万州日报</p>"));
  EXPECT_EQ(exact.clicks.value_or(-1), 12000);
  EXPECT_GT(exact.confidence.at("clicks"), 0.6);
}

TEST(InfoLine, TraditionalPageOfTheAgencyKind) {
  const std::string page =
      "<html><head><title>嘉裕市多措并舉推動農民合作社高質量發展-河西經濟信息網</title></"
      "head><body><p>歡迎訪問河西經濟信息網!</p><h1>嘉裕市多措并舉推動農民合作社高質量發展</h1>"
      "<ul><li>時間:2021-11-29</li><li>點擊:997</li><li>來源:嘉裕市農業農村局</li></ul>"
      "<div><p>　　近年來,嘉裕市農業農村部門以促進農民合作社規范提升為目標,"
      "進一步完善運行機制、創新經營模式、強化指導服務,示范帶動明顯增強。</p>"
      "<p>　　加強組織領導,制定工作方案。各縣(市、區)都相繼出臺了實施方案,以規范壯大提升農民合作社為目標,"
      "優化農民合作社結構,拓寬服務領域。</p></div></body></html>";
  const model::PageRecord record = ExtractPage(page, "http://www.example.cn/news/1.html");
  EXPECT_EQ(record.kind, model::PageKind::kArticle);
  EXPECT_EQ(record.title.value_or(""), "嘉裕市多措并舉推動農民合作社高質量發展");
  EXPECT_EQ(record.published.value_or(""), "2021-11-29");
  EXPECT_EQ(record.clicks.value_or(-1), 997);
  EXPECT_EQ(record.source.value_or(""), "嘉裕市農業農村局");
  EXPECT_EQ(record.language.value_or(""), "zh-Hant");
  EXPECT_TRUE(record.body.starts_with("近年來,嘉裕市")) << record.body;
  EXPECT_TRUE(record.body.ends_with("拓寬服務領域。")) << record.body;
}

}  // namespace
}  // namespace fangzhi::extract
