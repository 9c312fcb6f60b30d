// Lists of every layout and address form that the sites have, made here: whatever the layout, the rows are articles with their
// titles and days, and what stands around them is not.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>
#include <set>

#include "links/links.h"

namespace fangzhi::links {
namespace {

using model::Link;
using model::LinkKind;

struct Row {
  std::string href, url, title, date;  // date: 2021-11-29
  std::string month_day() const { return date.substr(5); }
  std::string year_month() const { return date.substr(0, 7); }
  std::string day() const { return date.substr(8); }
};

struct Address {
  std::string name, page;  // of the list
  std::function<std::string(int, const std::string&)> href;  // of row n with its date
  std::function<std::string(int, const std::string&)> url;   // what it resolves to
};

std::string Digits(const std::string& date) { return date.substr(0, 4) + date.substr(5, 2) + date.substr(8, 2); }
std::string N(int n) { return std::to_string(n); }

const std::vector<Address>& Addresses() {
  using S = const std::string&;
  static const std::vector<Address> kAddresses = {
      {"trs", "http://www.city.gov.cn/xw/zwyw/", [](int n, S d) { return "./" + Digits(d).substr(0, 6) + "/t" + Digits(d) + "_" + N(412000 + n) + ".html"; },
       [](int n, S d) { return "http://www.city.gov.cn/xw/zwyw/" + Digits(d).substr(0, 6) + "/t" + Digits(d) + "_" + N(412000 + n) + ".html"; }},
      {"vsb", "http://www.city.gov.cn/xwzx/tzgg.htm", [](int n, S) { return "../info/1043/" + N(800 + n) + ".htm"; },
       [](int n, S) { return "http://www.city.gov.cn/info/1043/" + N(800 + n) + ".htm"; }},
      {"hanweb", "http://www.city.gov.cn/col/col14/index.html", [](int n, S d) { return "/art/" + N(std::stoi(d.substr(0, 4))) + "/" + N(std::stoi(d.substr(5, 2))) + "/" + N(std::stoi(d.substr(8))) + "/art_14_" + N(n + 3) + ".html"; },
       [](int n, S d) { return "http://www.city.gov.cn/art/" + d.substr(0, 4) + "/" + N(std::stoi(d.substr(5, 2))) + "/" + N(std::stoi(d.substr(8))) + "/art_14_" + N(n + 3) + ".html"; }},
      {"sudy", "http://www.city.gov.cn/tzgg/list.htm", [](int n, S d) { return "/" + d.substr(0, 4) + "/" + d.substr(5, 2) + d.substr(8) + "/c295a" + N(9000 + n) + "/page.htm"; },
       [](int n, S d) { return "http://www.city.gov.cn/" + d.substr(0, 4) + "/" + d.substr(5, 2) + d.substr(8) + "/c295a" + N(9000 + n) + "/page.htm"; }},
      {"asp", "http://www.city.gov.cn/news/list.asp?classid=3", [](int n, S) { return "shownews.asp?id=" + N(n + 7); },
       [](int n, S) { return "http://www.city.gov.cn/news/shownews.asp?id=" + N(n + 7); }},
      {"asp with class", "http://www.city.gov.cn/news.asp?bigclassid=3", [](int n, S) { return "ReadNews.asp?NewsID=" + N(n + 1) + "&BigClassID=3"; },
       [](int n, S) { return "http://www.city.gov.cn/ReadNews.asp?NewsID=" + N(n + 1) + "&BigClassID=3"; }},
      {"phpcms", "http://www.city.gov.cn/index.php?m=content&c=index&a=lists&catid=12", [](int n, S) { return "/index.php?m=content&c=index&a=show&catid=12&id=" + N(n + 1); },
       [](int n, S) { return "http://www.city.gov.cn/index.php?m=content&c=index&a=show&catid=12&id=" + N(n + 1); }},
      {"phpcms static", "http://www.city.gov.cn/list-8-1.html", [](int n, S) { return "show-8-" + N(n + 1) + "-1.html"; },
       [](int n, S) { return "http://www.city.gov.cn/show-8-" + N(n + 1) + "-1.html"; }},
      {"dedecms", "http://www.city.gov.cn/a/xinwen/", [](int n, S d) { return "//www.city.gov.cn/a/xinwen/" + d.substr(0, 4) + "/" + d.substr(5, 2) + d.substr(8) + "/" + N(n + 1) + ".html"; },
       [](int n, S d) { return "http://www.city.gov.cn/a/xinwen/" + d.substr(0, 4) + "/" + d.substr(5, 2) + d.substr(8) + "/" + N(n + 1) + ".html"; }},
      {"empire", "http://www.city.gov.cn/zwdt/", [](int n, S d) { return "http://www.city.gov.cn/zwdt/" + d + "/" + N(n + 1) + ".html"; },
       [](int n, S d) { return "http://www.city.gov.cn/zwdt/" + d + "/" + N(n + 1) + ".html"; }},
      {"siteserver", "http://www.city.gov.cn/channels/34.html", [](int n, S) { return "../contents/34/" + N(n + 5) + ".html"; },
       [](int n, S) { return "http://www.city.gov.cn/contents/34/" + N(n + 5) + ".html"; }},
      {"jeecms", "http://www.city.gov.cn/zwdt/index.jhtml", [](int n, S) { return "/zwdt/" + N(570 + n) + ".jhtml"; },
       [](int n, S) { return "http://www.city.gov.cn/zwdt/" + N(570 + n) + ".jhtml"; }},
      {"sasac", "http://www.city.gov.cn/n2588025/n2588119/index.html", [](int n, S) { return "../../n2588025/n2588119/c" + N(18816213 + n) + "/content.html"; },
       [](int n, S) { return "http://www.city.gov.cn/n2588025/n2588119/c" + N(18816213 + n) + "/content.html"; }},
      {"uuid", "http://www.city.gov.cn/csrc/c100028/common_list.shtml", [](int n, S) { return "/csrc/c100028/c7b1c" + N(100 + n) + "e05a4b21/content.shtml"; },
       [](int n, S) { return "http://www.city.gov.cn/csrc/c100028/c7b1c" + N(100 + n) + "e05a4b21/content.shtml"; }},
      {"epoint", "http://www.city.gov.cn/jyxx/001001/list.html", [](int n, S) { return "/TPFront/InfoDetail/?InfoID=273ce4eb-11aa-4b2e-9d31-0123456789" + N(10 + n) + "&CategoryNum=001001"; },
       [](int n, S) { return "http://www.city.gov.cn/TPFront/InfoDetail/?InfoID=273ce4eb-11aa-4b2e-9d31-0123456789" + N(10 + n) + "&CategoryNum=001001"; }},
      {"wordpress", "http://www.city.gov.cn/?cat=2", [](int n, S) { return "?p=" + N(n + 20); }, [](int n, S) { return "http://www.city.gov.cn/?p=" + N(n + 20); }},
      {"gkmlpt", "http://www.city.gov.cn/gkmlpt/index", [](int n, S) { return "/gkmlpt/content/3/3671/post_" + N(3671000 + n) + ".html"; },
       [](int n, S) { return "http://www.city.gov.cn/gkmlpt/content/3/3671/post_" + N(3671000 + n) + ".html"; }},
      {"says nothing", "http://www.city.gov.cn/dt/", [](int n, S) { return "wz" + std::string(1, static_cast<char>('a' + n)) + ".html"; },
       [](int n, S) { return "http://www.city.gov.cn/dt/wz" + std::string(1, static_cast<char>('a' + n)) + ".html"; }},
      {"old query", "http://www.city.gov.cn/news/html/", [](int n, S) { return "/news/html/?" + N(n + 100) + ".html"; },
       [](int n, S) { return "http://www.city.gov.cn/news/html/?" + N(n + 100) + ".html"; }},
      {"routes", "http://www.city.gov.cn/home/article/index/cid/3.html", [](int n, S) { return "/home/article/detail/id/" + N(n + 19) + ".html"; },
       [](int n, S) { return "http://www.city.gov.cn/home/article/detail/id/" + N(n + 19) + ".html"; }},
  };
  return kAddresses;
}

struct Layout {
  std::string name;
  bool dated;
  std::string open, close;
  std::function<std::string(const Row&, int)> row;
};

std::string A(const Row& row, const std::string& more = "", const std::string& text = "") {
  return "<a href=\"" + row.href + "\"" + more + ">" + (text.empty() ? row.title : text) + "</a>";
}

const std::vector<Layout>& Layouts() {
  static const std::vector<Layout> kLayouts = {
      {"day after", true, "<ul class=list>", "</ul>", [](const Row& r, int) { return "<li>" + A(r) + "<span>" + r.date + "</span></li>"; }},
      {"day before", true, "<ul class=list>", "</ul>", [](const Row& r, int) { return "<li><span>[" + r.date + "]</span>" + A(r, " target=_blank") + "</li>"; }},
      {"day in the link", true, "<ul>", "</ul>", [](const Row& r, int) { return "<li>" + A(r, "", r.title + "[ " + r.date + " ]") + "</li>"; }},
      {"day in the link's own element", true, "<ul>", "</ul>", [](const Row& r, int) { return "<li>" + A(r, "", "<span>" + r.date + "</span><p>" + r.title + "</p>") + "</li>"; }},
      {"table", true, "<table width=98% border=0>", "</table>",
       [](const Row& r, int) { return "<tr><td width=20><img src=dot.gif></td><td>" + A(r) + "</td><td align=right>" + r.date.substr(0, 4) + "年" + r.date.substr(5, 2) + "月" + r.day() + "日</td></tr>"; }},
      {"a table for each", true, "<td class=main>", "</td>",
       [](const Row& r, int) { return "<table><tbody><tr><td>·</td><td>" + A(r) + "</td><td><font color=gray>" + r.date + "</font></td></tr></tbody></table>"; }},
      {"lines with breaks", true, "<div>", "</div>", [](const Row& r, int) { return "·" + A(r) + "&nbsp;&nbsp;(" + r.date + ")<br>"; }},
      {"lines with breaks, day first", true, "<p>", "</p>", [](const Row& r, int) { return r.date + " " + A(r) + "<br />"; }},
      {"definitions", true, "<dl>", "</dl>", [](const Row& r, int) { return "<dt>" + A(r) + "</dt><dd>" + r.date + "</dd>"; }},
      {"a definition list for each", true, "<div class=news>", "</div>",
       [](const Row& r, int) { return "<dl><dt>" + A(r) + "</dt><dd class=time>发布时间：" + r.date + " 08:30</dd></dl>"; }},
      {"cards", true, "<div class=cards>", "</div>",
       [](const Row& r, int n) {
         return "<div class=card><a href=\"" + r.href + "\"><img src=/p" + N(n) + ".jpg></a><div><h3>" + A(r) + "</h3><p>摘要：会议强调，要坚持问题导向，抓好各项任务的落实，切实提升群众的获得感。" +
                A(r, "", "[详细]") + "</p><span class=t>" + r.date + "</span></div></div>";
       }},
      {"cards that are links", true, "<div>", "</div>",
       [](const Row& r, int n) {
         return "<div class=item><a href=\"" + r.href + "\"><img src=/p" + N(n) + ".jpg><h4>" + r.title + "</h4><p>各有关部门要认真贯彻落实会议精神，结合实际抓好工作，确保完成全年目标任务。</p><i>" + r.date + "</i></a></div>";
       }},
      {"calendar leaves", true, "<ul>", "</ul>",
       [](const Row& r, int) { return "<li><div class=rq><b>" + r.day() + "</b><i>" + r.year_month() + "</i></div><div>" + A(r) + "</div></li>"; }},
      {"calendar leaves with the year apart", true, "<ul>", "</ul>",
       [](const Row& r, int) { return "<li><div class=rq><strong>" + r.month_day() + "</strong><em>" + r.date.substr(0, 4) + "</em></div>" + A(r) + "</li>"; }},
      {"cut titles", true, "<ul>", "</ul>",
       [](const Row& r, int) { return "<li>" + A(r, " title=\"" + r.title + "\"", r.title.substr(0, 30) + "...") + "<span>" + r.date + "</span></li>"; }},
      {"column before the title", true, "<ul>", "</ul>",
       [](const Row& r, int n) { return "<li><a href=\"/lm" + N(n % 2) + "/index.html\">[要闻]</a> " + A(r) + " <span>" + r.date + "</span></li>"; }},
      {"divs in divs", true, "<div id=nav_content>", "</div>",
       [](const Row& r, int) { return "<div class=row><div class=l><p>" + A(r) + "</p></div><div class=r><p>" + r.date.substr(0, 4) + "/" + N(std::stoi(r.date.substr(5, 2))) + "/" + N(std::stoi(r.day())) + "</p></div></div>"; }},
      {"red and bold", true, "<ul>", "</ul>",
       [](const Row& r, int n) { return "<li>" + (n % 3 == 0 ? A(r, "", "<font color=red><b>" + r.title + "</b></font>") : A(r)) + "<span>" + r.date + "</span></li>"; }},
      {"data in a store", true, "<script type=\"text/xml\"><datastore><nextgroup></nextgroup><recordset>", "</recordset></datastore></script>",
       [](const Row& r, int) { return "<record><![CDATA[<li>" + A(r) + "<span>" + r.date + "</span></li>]]></record>"; }},
      {"a word as the link", true, "<table>", "</table>",
       [](const Row& r, int n) { return "<tr><td>" + N(n + 1) + "</td><td>" + r.title + "</td><td>" + r.date + "</td><td>" + A(r, "", "[查看]") + "</td></tr>"; }},
      {"onclick rows", true, "<ul>", "</ul>",
       [](const Row& r, int) { return "<li onclick=\"window.open('" + r.href + "')\"><p>" + r.title + "</p><span>" + r.date + "</span></li>"; }},
      {"undated", false, "<ul>", "</ul>", [](const Row& r, int) { return "<li>" + A(r) + "</li>"; }},
  };
  return kLayouts;
}

const std::vector<std::string>& Titles() {
  static const std::vector<std::string> kTitles = {
      "市政府召开常务会议研究部署安全生产工作", "关于印发城市更新行动实施方案的通知", "我市第三季度经济运行情况新闻发布会召开",
      "全市防汛抗旱工作电视电话会议在市政务中心举行", "关于公开征求《养老服务条例（草案）》意见的公告", "市领导赴基层调研乡村振兴重点工作",
      "2021年度事业单位公开招聘工作人员面试公告", "省委宣讲团到我市宣讲党的重要会议精神", "重要水源地保护区划定方案通过专家评审",
      "文化惠民演出走进社区 群众家门口享好戏", "关于开展食品安全专项整治行动的实施意见", "我市新增两处国家级文物保护单位",
      "市教育局部署秋季开学疫情防控工作", "高标准农田建设项目通过省级验收", "公共资源交易中心更新招标公告"};
  return kTitles;
}

std::string Frame(const std::string& main) {
  std::string html =
      "<html><head><meta charset=utf-8><title>新闻动态</title></head><body>"
      "<div class=\"header\"><a href=\"/\">首页</a><a href=\"/wza/\">无障碍</a><a href=\"http://big5.city.gov.cn/\">繁體</a></div>"
      "<div id=\"mainNav\"><ul>";
  for (const char* name : {"首页", "走进我市", "政务公开", "新闻动态", "政务服务", "互动交流", "数据发布", "专题专栏"})
    html += std::string("<li><a href=\"/lm/") + std::to_string(html.size()) + "/index.html\">" + name + "</a></li>";
  html += "</ul></div><div class=\"crumbs\">当前位置：<a href=\"/\">首页</a> &gt; <a href=\"/xw/\">新闻</a></div><div class=left><ul>";
  // Columns with numbers in their addresses, as VSB and Hanweb give them.
  for (const char* name : {"今日要闻", "部门动态", "区县动态", "通知公告", "媒体关注"})
    html += std::string("<li><a href=\"/col/col") + std::to_string(html.size()) + "/index.html\">" + name + "</a></li>";
  html += "</ul></div><div class=right>" + main + "</div><div class=\"footer\">";
  for (const char* name : {"发展和改革委员会", "教育局", "工业和信息化局", "人力资源和社会保障局", "自然资源和规划局"})
    html += std::string("<a href=\"http://bm") + std::to_string(html.size()) + ".city.gov.cn/\">" + name + "</a>";
  html +=
      "<a href=\"/art/2020/1/1/art_1_1.html\">关于我们</a><a href=\"/zdt/index.html\">网站地图</a>"
      "<a href=\"https://beian.miit.gov.cn/\">某ICP备05000001号-1</a><a href=\"http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=11010102000001\">公安备案11010102000001号</a>"
      "<a href=\"http://bszs.conac.cn/sitename?method=show&id=0DB3C1A2B3C4D5E6F708192A3B4C5D6E\"><img src=\"/red.png\"></a></div></body></html>";
  return html;
}

std::string Squeeze(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ') out += c;
  }
  return out;
}

TEST(Lists, EveryLayoutWithEveryAddressForm) {
  std::mt19937 random(7);
  size_t wanted = 0, hits = 0, claimed = 0, dates = 0, dated = 0;
  for (const Layout& layout : Layouts()) {
    for (const Address& address : Addresses()) {
      const int count = 5 + static_cast<int>(random() % 10);
      std::vector<Row> rows;
      std::string main = layout.open;
      for (int n = 0; n < count; ++n) {
        Row row;
        const int month = 1 + static_cast<int>(random() % 12), day = 1 + static_cast<int>(random() % 28);
        row.date = "2021-" + std::string(month < 10 ? "0" : "") + N(month) + (day < 10 ? "-0" : "-") + N(day);
        row.href = address.href(n, row.date);
        row.url = address.url(n, row.date);
        row.title = Titles()[(static_cast<size_t>(n) + random() % 2) % Titles().size()];
        main += layout.row(row, n);
        rows.push_back(row);
      }
      main += layout.close;
      const html::Document document = html::Document::Parse(Frame(main));
      const url::Url page = *url::Parse(address.page);
      std::map<std::string, Link> found;
      for (const Link& link : FindLinks({document, page, {}})) found.emplace(link.url, link);
      std::set<std::string> expected;
      for (const Row& row : rows) {
        expected.insert(row.url);
        const auto link = found.find(row.url);
        ASSERT_NE(link, found.end()) << layout.name << " / " << address.name << ": " << row.url;
        EXPECT_EQ(model::LinkKindName(link->second.kind), "article") << layout.name << " / " << address.name << ": " << row.url;
        EXPECT_EQ(Squeeze(link->second.text), Squeeze(row.title)) << layout.name << " / " << address.name;
        if (layout.dated) {
          EXPECT_EQ(link->second.date, row.date) << layout.name << " / " << address.name << ": " << row.title;
          ++dated;
          dates += link->second.date == row.date;
        }
        hits += link->second.kind == LinkKind::kArticle;
      }
      wanted += expected.size();
      for (const auto& [url, link] : found) {
        if (link.kind != LinkKind::kArticle) continue;
        ++claimed;
        EXPECT_TRUE(expected.count(url)) << layout.name << " / " << address.name << ": " << url << " " << link.text;
      }
    }
  }
  RecordProperty("recall", std::to_string(static_cast<double>(hits) / static_cast<double>(wanted)));
  RecordProperty("precision", std::to_string(static_cast<double>(hits) / static_cast<double>(claimed)));
  RecordProperty("dates", std::to_string(static_cast<double>(dates) / static_cast<double>(dated)));
}

// Home pages: boxes of news with short days or none, cut titles, headings that are links, banners, departments, services.
TEST(Lists, HomePagesOfPortals) {
  std::mt19937 random(11);
  size_t wanted = 0, hits = 0, claimed = 0;
  for (const Address& address : Addresses()) {
    for (int variant = 0; variant < 3; ++variant) {
      std::set<std::string> expected;
      std::string main;
      int n = 0;
      for (int box = 0; box < 3 && n < 24; ++box) {
        main += "<div class=\"box\"><div class=\"tit\"><a href=\"/lanmu" + N(box) + "/index.html\">政务动态</a><a class=more href=\"/lanmu" + N(box) + "/index.html\">更多&gt;&gt;</a></div><ul>";
        for (int row = 0; row < 8; ++row, ++n) {
          const std::string date = "2021-" + std::string(n % 12 < 9 ? "0" : "") + N(n % 12 + 1) + "-1" + N(n % 9);
          const std::string& title = Titles()[random() % Titles().size()];
          expected.insert(address.url(n, date));
          main += "<li><a href=\"" + address.href(n, date) + "\" title=\"" + title + "\">" + (variant == 1 ? title.substr(0, 36) + "…" : title) + "</a>" +
                  (variant == 2 ? "" : "<span>" + date.substr(5) + "</span>") + "</li>";
        }
        main += "</ul></div>";
      }
      main += "<div class=banner><a href=\"/zt/dsxx/\"><img src=/b1.jpg alt=\"学习宣传贯彻党的重要会议精神专题专栏\"></a><a href=\"http://zwfw.city.gov.cn/\"><img src=/b2.jpg></a></div><div class=fw><ul>";
      for (const char* name : {"户籍办理", "企业开办一件事", "不动产登记", "公积金查询提取", "医保经办服务", "办事大厅"})
        main += std::string("<li><a href=\"/fw/") + N(static_cast<int>(main.size())) + ".html\"><i></i>" + name + "</a></li>";
      main += "</ul></div><div class=bm>";
      for (const char* name : {"市政府办公室", "市发展和改革委员会", "市教育体育局", "市科学技术局", "市工业和信息化局", "市公安局"})
        main += std::string("<a href=\"/bmdw/bm") + N(static_cast<int>(main.size() % 97)) + "x.htm\">" + name + "</a>";
      main += "</div>";
      const html::Document document = html::Document::Parse(Frame(main));
      const url::Url page = *url::Parse(address.page);
      for (const Link& link : FindLinks({document, page, {}})) {
        const bool article = link.kind == LinkKind::kArticle;
        claimed += article;
        hits += article && expected.count(link.url) != 0;
        if (article && expected.count(link.url) == 0) ADD_FAILURE() << address.name << " " << variant << ": " << link.url << " " << link.text;
        if (!article && expected.count(link.url) != 0) ADD_FAILURE() << address.name << " " << variant << ": missed " << link.url << " " << link.text << " " << model::LinkKindName(link.kind);
      }
      wanted += expected.size();
    }
  }
  EXPECT_GE(static_cast<double>(hits), 0.99 * static_cast<double>(wanted));
  EXPECT_GE(static_cast<double>(hits), 0.98 * static_cast<double>(claimed));
}

std::map<std::string, Link> FindByUrl(std::string markup, std::string_view page) {
  const html::Document document = html::Document::Parse(std::move(markup));
  const url::Url page_url = *url::Parse(page);
  std::map<std::string, Link> found;
  for (const Link& link : FindLinks({document, page_url, {}})) found.emplace(link.url, link);
  return found;
}

TEST(Lists, DayWithoutItsYearIsCompletedByTheAddress) {
  const auto found = FindByUrl(
      "<ul><li><a href=/xw/202111/t20211129_1.html>市政府召开常务会议</a><span>11-29</span></li>"
      "<li><a href=/xw/202112/t20211202_2.html>市领导赴基层调研</a><span>12-02</span></li>"
      "<li><a href=/xw/202101/t20210102_3.html>重点项目集中开工</a><span>06-02</span></li></ul>",
      "http://www.city.gov.cn/xw/");
  EXPECT_EQ(found.at("http://www.city.gov.cn/xw/202111/t20211129_1.html").date, "2021-11-29");
  EXPECT_EQ(found.at("http://www.city.gov.cn/xw/202112/t20211202_2.html").date, "2021-12-02");
  EXPECT_EQ(found.at("http://www.city.gov.cn/xw/202101/t20210102_3.html").date, "");  // the address says another month
}

TEST(Lists, DaysOfTheRepublic) {
  const auto rows = [](std::string_view first, std::string_view second, std::string_view third) {
    std::string markup = "<table><tr><th>標題</th><th>發布日期</th></tr>";
    int number = 40;
    for (const std::string_view day : {first, second, third}) {
      const std::string name = std::to_string(++number);
      markup += "<tr><td><a href=news_view.asp?sn=" + name + ">縣府公布績優志工名單" + name + "</a></td><td>" + std::string(day) + "</td></tr>";
    }
    return markup + "</table>";
  };
  auto found = FindByUrl(rows("112-11-20", "民國112年11月18日", "[112.1.7]"), "https://www.county.gov.tw/news.asp");
  EXPECT_EQ(found.at("https://www.county.gov.tw/news_view.asp?sn=41").date, "2023-11-20");
  EXPECT_EQ(found.at("https://www.county.gov.tw/news_view.asp?sn=42").date, "2023-11-18");
  EXPECT_EQ(found.at("https://www.county.gov.tw/news_view.asp?sn=43").date, "2023-01-07");
  for (const auto& [url, link] : found) EXPECT_EQ(link.kind, model::LinkKind::kArticle) << url;
  // Two digits are such a year on Taiwan's pages alone; a number of three is none without its month.
  found = FindByUrl(rows("94/11/26", "99/12/01", "94/2/30"), "http://www.county.gov.tw/news.asp");
  EXPECT_EQ(found.at("http://www.county.gov.tw/news_view.asp?sn=41").date, "2005-11-26");
  EXPECT_EQ(found.at("http://www.county.gov.tw/news_view.asp?sn=42").date, "2010-12-01");
  EXPECT_EQ(found.at("http://www.county.gov.tw/news_view.asp?sn=43").date, "");
  found = FindByUrl(rows("94/11/26", "112", "112-13"), "http://www.city.gov.cn/news.asp");
  for (const auto& [url, link] : found) EXPECT_EQ(link.date, "") << url;
}

TEST(Lists, LinksThatDoSomethingAreNotFollowed) {
  const std::vector<std::pair<std::string_view, std::string_view>> acts = {
      {"/zan.do?id=7", "点赞"}, {"/vote.php?id=7&opt=1", "投票"}, {"/digg.asp?id=7", "顶一下"}, {"/a/del.do?id=7", "删除"}, {"/admin/delete?id=7", "删除"},
      {"/logout", "退出"}, {"/user/Logout.aspx", "退出登录"}, {"/fav/add.jsp?id=7", "收藏"}, {"/mail/send?to=a&id=7", "推荐给好友"}, {"/subscribe?email=x", "订阅"}, {"/cart/add/7", "加入"},
      {"/api/like/7", "赞(12)"}, {"/a/7.html?action=like", "喜欢"}, {"/survey/submit?id=7&a=1", "提交"}, {"/e/public/digg/?classid=1&id=7&dotop=1", "顶"},
      {"/zxdc/tp.do?opt=7", "投票"}, {"/good/?id=7", "支持"}, {"/click.do?up=1&id=7", "支持 [3]"}, {"/plus/mark.php?aid=7", "收藏本文"}, {"/pj/set?id=7&v=2", "不满意"}};
  const std::vector<std::pair<std::string_view, std::string_view>> shows = {
      {"/vote.php?id=7", "关于地铁线路的网上投票"}, {"/vote/", "投票"}, {"/show.asp?id=7", "收藏"}, {"/list.asp?classid=7", "收藏"}, {"/sc/index.html", "收藏"},
      {"/article/delete-old-rules.html", "清理旧规定"}, {"/news.php?id=7", "市领导慰问环卫工人"}, {"/send/7.html", "寄送办法的通知"}, {"/info.do?action=view&id=7", "通知"},
      {"/download.jsp?id=7", "附件"}, {"/zan/2021/1203.html", "赞"}};
  std::string markup;
  for (const auto& [address, text] : acts) markup += "<p><a href='" + std::string(address) + "'>" + std::string(text) + "</a></p>";
  for (const auto& [address, text] : shows) markup += "<p><a href='" + std::string(address) + "'>" + std::string(text) + "</a></p>";
  const auto found = FindByUrl(markup, "http://www.city.gov.cn/a/7.html");
  for (const auto& [address, text] : acts) EXPECT_EQ(found.count("http://www.city.gov.cn" + std::string(address)), 0U) << address;
  for (const auto& [address, text] : shows) EXPECT_EQ(found.count("http://www.city.gov.cn" + std::string(address)), 1U) << address;
}

TEST(Lists, ADayOfTheTitleIsNotTheRows) {
  const auto found = FindByUrl(
      "<ul><li><a href=/a/12345.html>关于2020年10月1日起施行新规的公告</a><span>2021-03-05</span></li>"
      "<li><a href=/a/12346.html>2020年10月1日起调整公交线路</a><span>2021-03-06</span></li></ul>",
      "http://www.city.gov.cn/");
  EXPECT_EQ(found.at("http://www.city.gov.cn/a/12345.html").date, "2021-03-05");
  EXPECT_EQ(found.at("http://www.city.gov.cn/a/12345.html").text, "关于2020年10月1日起施行新规的公告");
  EXPECT_EQ(found.at("http://www.city.gov.cn/a/12346.html").date, "2021-03-06");
}

TEST(Lists, NamesAreNoTitles) {
  // Departments, topics and services: addresses that say nothing, or names of columns with numbers.
  std::string page = "<div class=main><ul>";
  for (const char* name : {"市发展和改革委员会", "市工业和信息化局", "市人力资源和社会保障局", "市自然资源和规划局", "市住房和城乡建设局"})
    page += std::string("<li><a href=/bm/") + std::to_string(page.size()) + "x.html>" + name + "</a></li>";
  page += "</ul><ul>";
  for (const char* name : {"户籍办理", "企业开办", "社会保障", "住房公积金"})
    page += std::string("<li><a href=/channel/") + std::to_string(12340 + page.size()) + ".html>" + name + "</a></li>";
  page += "</ul></div>";
  for (const auto& [url, link] : FindByUrl(page, "http://www.city.gov.cn/")) EXPECT_NE(link.kind, LinkKind::kArticle) << url << " " << link.text;
}

TEST(Lists, AShortCaptionWhoseAddressNamesItsDayIsAText) {
  const auto cards = [](const std::string& address) {
    std::string page = "<div class=swiper>";
    for (const char* caption : {"减损节约", "机械化收割忙", "智慧粮库"}) page += "<div><a href='" + address + std::to_string(2100 + page.size()) + ".shtml'><img src=p.jpg><p>" + caption + "</p></a></div>";
    return FindByUrl(page + "</div>", "http://www.city.gov.cn/");
  };
  for (const auto& [url, link] : cards("/xw/tpxw/202209/t20220907_")) EXPECT_TRUE(link.kind == LinkKind::kArticle || link.kind == LinkKind::kRequisite) << url;
  for (const auto& [url, link] : cards("/art/2022/9/7/art_14_")) EXPECT_TRUE(link.kind == LinkKind::kArticle || link.kind == LinkKind::kRequisite) << url;
  const auto found = FindByUrl("<div><a href=/xw/202209/t20220907_1.html>简介</a><a href=/xw/202209/t20220907_2.html>张三</a><a href=/xw/202209/t20220907_3.html>李小四</a></div>", "http://www.city.gov.cn/");
  for (const auto& [url, link] : found) EXPECT_NE(link.kind, LinkKind::kArticle) << url;
  for (const auto& [url, link] : cards("/channel/1234")) EXPECT_NE(link.kind, LinkKind::kArticle) << url;
}

TEST(Lists, PicturesWithoutAWordAreNoTitlesWhereNoneOfTheirKindHasOne) {
  const std::string pictures = "<table><tr><td><a href='pic.asp?id=1'><img src=1.jpg></a><br>古寨门<td><a href='pic.asp?id=2'><img src=2.jpg></a><br>瀑布<td><a href='pic.asp?id=3'><img src=3.jpg></a><br>花鼓</table>";
  for (const auto& [url, link] : FindByUrl(pictures, "http://www.city.gov.cn/")) EXPECT_NE(link.kind, LinkKind::kArticle) << url;
  const std::string other = "<p><a href='show.asp?id=4'>第七届长江三峡国际红叶节开幕</a></p>";
  for (const auto& [url, link] : FindByUrl(pictures + other, "http://www.city.gov.cn/")) EXPECT_EQ(link.kind == LinkKind::kArticle, url.ends_with("show.asp?id=4")) << url;
  // Two among titles, as the slides above a home page's news.
  const std::string slides = "<div><a href='show.asp?id=1'><img src=1.jpg></a><a href='show.asp?id=2'><img src=2.jpg></a></div>";
  EXPECT_EQ(FindByUrl(slides + other + slides, "http://www.city.gov.cn/").at("http://www.city.gov.cn/show.asp?id=1").kind, LinkKind::kArticle);
}

TEST(Lists, PagerWordsWithSigns) {
  for (const char* text : {"下一页", "下一页>", "« 上一页", "[下页]", "尾 页", "第2页", "2", "[3]", "...", ">", "»", "更多>>", "MORE+", "【更多】"}) {
    const auto found = FindByUrl(std::string("<a href='/xw/zc.html'>") + text + "</a>", "http://www.city.gov.cn/xw/");
    EXPECT_EQ(found.begin()->second.kind, LinkKind::kList) << text;
  }
}

}  // namespace
}  // namespace fangzhi::links
