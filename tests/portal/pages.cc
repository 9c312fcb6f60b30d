#include "pages.h"

#include <algorithm>
#include <cstdio>

#include "civil_time.h"
#include "grammar.h"
#include "random.h"

namespace fangzhi::portal {
namespace {

constexpr std::string_view kMenuWords[] = {"领导之窗", "机关部门", "政务公开", "互动服务", "办事服务",
                                           "数据公开", "走进河西", "专题专栏", "农业农村", "医疗卫生",
                                           "教育信息", "社会保障", "交通运输", "生态环境", "财政预算",
                                           "招商引资", "应急管理", "审计公开"};
constexpr std::string_view kSoftTexts[] = {
    "您访问的页面不存在或已删除",
    "很抱歉，您要访问的页面不存在",
    "对不起，您要访问的页面不存在或已被删除！本页面10秒之后将带您回到网站首页",
    "该信息已被删除",
};

// Links to hosts that do not exist, as a portal's menus have by the hundred.
void FillMenu(size_t until, PageWriter* writer, const std::string& out, size_t start, bool other_frame) {
  for (uint64_t i = 0; out.size() - start < until; ++i) {
    const std::string host = "http://d" + std::to_string(i % 97) + ".hexi.example/";
    writer->Raw((other_frame ? "<dd><a class=\"lnk\" href=\"" : "<li class=\"sub_menu_item level_2\"><a href=\"") + host + "\" target=\"_blank\">");
    if (other_frame) writer->Label("专题");
    writer->Label(kMenuWords[i % std::size(kMenuWords)]);
    writer->Raw(other_frame ? "</a></dd>\n" : "</a></li>\n");
  }
}

}  // namespace

std::string_view LabelName(Label label) {
  constexpr std::string_view kNames[] = {"utf-8", "gb2312", "gbk", "big5", "", "utf-8"};
  return kNames[static_cast<size_t>(label)];
}

std::string HtmlType(Label label) {
  // Old sites of the gb2312 and Big5 kind leave the header bare and label in the page.
  if (label == Label::kUtf8 || label == Label::kWronglyUtf8) return "text/html; charset=UTF-8";
  return "text/html";
}

Pages::Pages(const World& world) : world_(world) {}

const Pages::Shell& Pages::ShellOf(int column, const Voice& voice, Label label) const {
  for (const Shell& shell : shells_) {
    if (shell.design == world_.design() && shell.frame == world_.frame() && shell.column == column && shell.voice == voice && shell.label == label) return shell;
  }
  const bool other_frame = world_.frame() != 0;
  Shell shell{world_.design(), world_.frame(), column, voice, label, {}, {}, {}};
  // What the article itself brings comes on top.
  const size_t filler = static_cast<size_t>(std::max(0, world_.options().page_kb * 1024 - 5000));
  {
    std::string* out = &shell.head;
    PageWriter writer(voice, out);
    writer.Raw(
        "<link rel=\"stylesheet\" href=\"/css/style.css\">\n<script src=\"/js/common.js\"></script>\n"
        "<script src=\"/system/resource/js/dynclicks.js\"></script>\n<style>\n");
    for (uint64_t i = 0; out->size() < filler * 3 / 20; ++i) {
      writer.Raw(".w_" + std::to_string(i) + " .item:hover{margin:0 " + std::to_string(i % 17) + "px;color:#" +
                 std::to_string(100 + i % 900) + ";line-height:" + std::to_string(18 + i % 20) + "px}\n");
    }
    writer.Raw("</style>\n<script>\nvar menuConfig = {};\n");
    for (uint64_t i = 0; out->size() < filler * 3 / 10; ++i) {
      writer.Raw("menuConfig[\"m" + std::to_string(i) + "\"] = {width: " + std::to_string(80 + i % 60) +
                 ", delay: 300, visible: true, effect: \"slide\"};\n");
    }
    writer.Raw("function openWindow(url) { window.open(url); }\n</script>\n");
  }
  {
    std::string* out = &shell.top;
    PageWriter writer(voice, out);
    if (other_frame) {
      writer.Mixed(
          "<div id=\"hd\"><h2>河西县政务平台</h2><a href=\"/\">返回首页</a><a href=\"/wzdt.html\">导航图</a></div>\n"
          "<div id=\"menu\"><ul>\n<li><a href=\"/\">主页</a></li>\n");
    } else {
      writer.Mixed(
        "<div class=\"header\"><a href=\"/\"><img src=\"/images/banner.png\" alt=\"河西县人民政府\"></a>"
        "<div class=\"tools\"><a href=\"/\">网站首页</a> | <a href=\"/wzdt.html\">网站地图</a></div></div>\n"
        "<div class=\"nav\"><ul>\n<li><a href=\"/\">首页</a></li>\n");
    }
    for (uint32_t i = 0; i < world_.columns().size(); ++i) {
      writer.Raw("<li><a href=\"" + ColumnHome(i) + "\">");
      if (other_frame) writer.Label("频道：");
      writer.Label(world_.columns()[i].name);
      writer.Raw("</a></li>\n");
    }
    writer.Raw("</ul></div>\n<div class=\"menu_all\"><ul>\n");
    FillMenu(filler * 8 / 20, &writer, *out, out->size(), other_frame);
    writer.Raw("</ul></div>\n");
  }
  {
    std::string* out = &shell.bottom;
    PageWriter writer(voice, out);
    writer.Mixed(other_frame ? "<div class=\"ft\"><h4>网站群</h4><ul>\n" : "<div class=\"links\"><h3>友情链接</h3><ul>\n");
    FillMenu(filler * 6 / 20, &writer, *out, 0, other_frame);
    if (other_frame) {
      writer.Mixed("</ul></div>\n<div id=\"copyright\">河西县人民政府主办　标识码：6209000099　技术支持：河西县大数据中心</div>\n</body>\n</html>\n");
    } else {
      writer.Mixed(
        "</ul></div>\n<div class=\"footer\"><p>主办：河西县人民政府办公室　承办：河西县融媒体中心</p>"
        "<p>网站标识码：6209000099　联系电话：0000-5500000</p><p>版权所有：河西县人民政府</p></div>\n"
        "</body>\n</html>\n");
    }
  }
  shells_.push_back(std::move(shell));
  return shells_.back();
}

void Pages::Open(const Shell& shell, std::string_view title, std::string_view metas,
                 PageWriter* writer) const {
  writer->Raw(shell.voice.encoding == Encoding::kUtf8
                  ? "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n"
                  : "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
                    "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
                    "<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n");
  const std::string_view name = LabelName(shell.label);
  if (shell.voice.encoding == Encoding::kUtf8) {
    writer->Raw("<meta charset=\"utf-8\">\n");
  } else if (!name.empty()) {
    writer->Raw("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=");
    writer->Raw(name);
    writer->Raw("\" />\n");
  }
  writer->Raw("<title>");
  writer->Field(title);
  if (!title.empty()) writer->Raw("_");
  writer->Label(kSiteName);
  writer->Raw("</title>\n");
  writer->Raw(metas);
  writer->Raw(shell.head);
  writer->Raw("</head>\n<body>\n");
}

bool Pages::IsNoisy(uint32_t id) const {
  switch (world_.columns()[world_.ColumnOf(id)].kind) {
    case ColumnKind::kZoom:
    case ColumnKind::kEmpire:
    case ColumnKind::kTraditional:
    case ColumnKind::kLabelled:
      return true;
    default:
      return false;
  }
}

// Changes with every minute and hour and means nothing.
void Pages::AddNoise(uint32_t id, PageWriter* writer) const {
  constexpr std::string_view kWeekdays[] = {"日", "一", "二", "三", "四", "五", "六"};
  const int64_t now = world_.now();
  writer->Raw("<div class=\"welcome\">");
  writer->Label("欢迎访问河西县人民政府网！今天是");
  writer->Label(ChineseDate(now) + " 星期");
  writer->Label(kWeekdays[ToChina(now).weekday]);
  writer->Label("，您是第");
  writer->Raw("<span id=\"visitors\">" +
              std::to_string(1000000 + static_cast<uint64_t>(now / 60) % 5000000 + Hash(id, kForNoise) % 50) +
              "</span>");
  writer->Label("位访客");
  writer->Raw("</div>\n");
}

// What sites put around an article and change all the time: the weather, a ticker, banners, tokens, what others read, comments.
void Pages::AddHostileNoise(uint32_t id, int place, PageWriter* writer) const {
  if (!world_.options().hostile_noise) return;
  constexpr std::string_view kWeather[] = {"晴", "多云", "阴", "小雨", "阵雨转多云", "雨夹雪"};
  constexpr std::string_view kBanners[] = {"热烈庆祝河西县建县七十周年", "扫黑除恶，人人有责", "防范电信网络诈骗，守住您的钱袋子",
                                           "2024年全国助残日", "欢迎关注“河西发布”微信公众号"};
  Random random(Hash(world_.options().seed, id, kForNoise, static_cast<uint64_t>(world_.now()) * 4 + static_cast<uint64_t>(place)));
  if (place == 0) {
    writer->Raw("<div class=\"top_tool\"><span id=\"weather\">");
    writer->Label("河西县 " + std::string(kWeather[random.Below(std::size(kWeather))]) + " ");
    writer->Raw(std::to_string(random.Below(20)) + "~" + std::to_string(20 + random.Below(15)) + "&#8451;</span> <span class=\"online\">");
    writer->Label("在线人数：");
    writer->Raw(std::to_string(random.Below(5000)) + "</span><input type=\"hidden\" name=\"token\" value=\"" + std::to_string(random.Next()) +
                "\"></div>\n<div class=\"gg_banner\"><a href=\"http://ad.hexi.example/?r=" + std::to_string(random.Next() % 100000) + "\">");
    writer->Label(kBanners[random.Below(std::size(kBanners))]);
    writer->Raw("</a></div>\n");
    return;
  }
  writer->Raw("<div class=\"hot\"><h3>");
  writer->Label("热点排行");
  writer->Raw("</h3><ul>\n");
  for (int i = 0; i < 5; ++i) {
    const uint32_t other = random.Below(world_.article_count());
    if (world_.article(other).state != State::kLive) continue;
    writer->Raw("<li><a href=\"" + world_.PathOf(other) + "\">");
    writer->Label(world_.TitleOf(other));
    writer->Raw("</a> <em>" + std::to_string(random.Below(9000)) + "</em></li>\n");
  }
  writer->Raw("</ul></div>\n<div class=\"comment_box\"><span>");
  writer->Label("共有" + std::to_string(random.Below(90)) + "条评论");
  writer->Raw("</span> <span>");
  writer->Label("点赞 " + std::to_string(random.Below(900)) + " 收藏 " + std::to_string(random.Below(90)));
  writer->Raw("</span></div>\n<div class=\"gen\"><!-- generated " + std::to_string(static_cast<uint64_t>(world_.now())) + " in 0.0" +
              std::to_string(random.Below(90)) + "s --></div>\n");
}

std::vector<uint32_t> Pages::Related(uint32_t id) const {
  std::vector<uint32_t> ids;
  const auto step = static_cast<uint32_t>(world_.columns().size());
  if (!IsNoisy(id)) {
    // Fixed at publication, so links to what was withdrawn since stay, as on static sites.
    for (uint32_t other = id; other >= step && ids.size() < 8;) ids.push_back(other -= step);
    return ids;
  }
  const std::vector<uint32_t>& live = world_.columns()[world_.ColumnOf(id)].live;
  Random random(Hash(world_.options().seed, id, kForNoise, static_cast<uint64_t>(world_.now() / 3600)));
  for (int i = 0; i < 8 && !live.empty(); ++i) {
    const uint32_t other = live[random.Below(live.size())];
    if (other != id && std::find(ids.begin(), ids.end(), other) == ids.end()) ids.push_back(other);
  }
  return ids;
}

void Pages::AddRelated(const std::vector<uint32_t>& related, PageWriter* writer) const {
  if (related.empty()) return;
  writer->Raw("<div class=\"related\"><h3>");
  writer->Label("相关链接");
  writer->Raw("</h3><ul>\n");
  for (const uint32_t other : related) {
    writer->Raw("<li><a href=\"" + world_.PathOf(other) + "\">");
    writer->Label(world_.TitleOf(other));
    writer->Raw("</a></li>\n");
  }
  writer->Raw("</ul></div>\n");
}

void Pages::AddNeighbours(uint32_t id, PageWriter* writer) const {
  const auto step = static_cast<uint32_t>(world_.columns().size());
  const auto neighbour = [&](std::string_view label, bool exists, uint32_t other) {
    writer->Raw("<p class=\"neighbour\">");
    writer->Label(label);
    if (exists) {
      writer->Raw("<a href=\"" + world_.PathOf(other) + "\">");
      writer->Label(world_.TitleOf(other));
      writer->Raw("</a>");
    } else {
      writer->Label("没有了");
    }
    writer->Raw("</p>\n");
  };
  neighbour("上一篇：", id >= step, id >= step ? id - step : 0);
  neighbour("下一篇：", id + step < world_.article_count(), id + step);
}

std::vector<AttachmentInfo> Pages::Attachments(uint32_t id, bool text) const {
  std::vector<AttachmentInfo> list;
  const int count = world_.LookOf(id).attachments;
  const bool vsb = world_.columns()[world_.ColumnOf(id)].kind == ColumnKind::kVsb;
  for (int i = 0; i < count; ++i) {
    AttachmentInfo info;
    const uint64_t number = (static_cast<uint64_t>(id) + kFirstNumber) * 10 + static_cast<uint64_t>(i);
    if (vsb) {
      info.path =
          "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=" + std::string(kOwner) +
          "&wbfileid=" + std::to_string(number);
    } else {
      info.path = "/attach/P0" + std::to_string(number) + (i == 0 ? ".pdf" : ".doc");
    }
    if (text)
      info.text =
          "附件" + std::to_string(static_cast<uint64_t>(i) + 1) + (i == 0 ? "：实施方案.pdf" : "：申报表.doc");
    list.push_back(std::move(info));
  }
  return list;
}

std::string Pages::ImagePath(uint32_t id) const {
  return "/images/W0" + std::to_string(id + kFirstNumber) + ".png";
}

void Pages::AddMetas(uint32_t id, const ArticleText& text, PageWriter* writer) const {
  const auto meta = [&](std::string_view name, std::string_view value) {
    writer->Raw("<meta name=\"");
    writer->Raw(name);
    writer->Raw("\" content=\"");
    writer->Field(value);
    writer->Raw("\">\n");
  };
  const Column& column = world_.columns()[world_.ColumnOf(id)];
  meta("SiteName", kSiteName);
  meta("SiteDomain", "www.hexi.example");
  meta("SiteIDCode", "6209000099");
  meta("ColumnName", column.name);
  meta("ColumnDescription", "河西县人民政府网站" + column.name + "栏目");
  meta("ColumnKeywords", column.name);
  meta("ColumnType", column.name);
  meta("ArticleTitle", text.title);
  meta("PubDate", IsoMinute(text.published_time));
  // Vendors differ in the case of this one.
  meta(id % 3 == 0 ? "contentSource" : "ContentSource", text.source);
  meta("Keywords", "");
  meta("Author", "");
  meta("Description", kSiteName);
}

void Pages::AddInfoLine(uint32_t id, const ArticleText& text, PageWriter* writer) const {
  const uint32_t column = world_.ColumnOf(id);
  const std::string number = std::to_string(id + kFirstNumber);
  const std::string clicks = std::to_string(static_cast<uint64_t>(world_.ClicksOf(id)));
  const auto labelled = [&](std::string_view open, std::string_view label, std::string_view value,
                            std::string_view close) {
    writer->Raw(open);
    writer->Label(label);
    writer->Field(value);
    writer->Mixed(close);
  };
  switch (world_.columns()[column].kind) {
    case ColumnKind::kTrs:
    case ColumnKind::kPolicy:
      labelled("<div class=\"info\"><span>", "时间：", IsoMinute(text.published_time), "</span> ");
      labelled("<span>", "来源：", text.source, "</span> ");
      writer->Mixed(
          "<span>字号：<a href=\"javascript:doZoom(16)\">大</a> <a href=\"javascript:doZoom(14)\">中</a> "
          "<a href=\"javascript:doZoom(12)\">小</a></span></div>\n");
      return;
    case ColumnKind::kVsb:
      labelled("<div class=\"content_t\">", "来源：", text.source, " | ");
      labelled("", "发布时间：", IsoMinute(text.published_time), " | ");
      writer->Label("浏览次数：");
      writer->Raw("<script>_showDynClicks(\"wbnews\", " + std::string(kOwner) + ", " + number +
                  ")</script></div>\n");
      return;
    case ColumnKind::kZoom:
      labelled("<tr><td align=center class=\"info\">", "发布日期：", ChineseDate(text.published_time),
               "&nbsp;&nbsp;");
      labelled("", "信息来源：", text.source, "&nbsp;&nbsp;");
      labelled("", "点击数：", clicks, "&nbsp;&nbsp;");
      writer->Mixed("【字体：大 中 小】【打印】【关闭】</td></tr>\n");
      return;
    case ColumnKind::kEmpire:
      labelled("<div class=\"info_text\">", "时间：", IsoMinute(text.published_time), "&nbsp; ");
      labelled("", "来源：", text.source, "&nbsp; ");
      labelled("", "作者：", text.author, "&nbsp; ");
      writer->Label("点击：");
      writer->Raw("<script src=\"/e/public/ViewClick/?classid=" + std::to_string(column + 1) + "&id=" + number +
                  "&addclick=1\"></script>");
      writer->Mixed("次</div>\n");
      return;
    case ColumnKind::kTraditional:
      labelled("<p class=\"info\">", "发布日期：", IsoDate(text.published_time), "　");
      labelled("", "来源：", text.source, "　");
      labelled("", "浏览次数：", clicks, "</p>\n");
      return;
    case ColumnKind::kLabelled:
      labelled("<div class=\"ly\"><span>[", "发布时间：", ChineseDate(text.published_time), "]</span>");
      labelled("<span>[", "信息来源：", text.source, "]</span>");
      labelled("<span>[", "阅读次数：", clicks, "]</span></div>\n");
      return;
    case ColumnKind::kReprint:
      labelled("<ul class=\"info\"><li>", "时间：", IsoDate(text.published_time), "</li>\n");
      labelled("<li>", "点击：", clicks, "</li>\n");
      labelled("<li>", "来源：", text.source, "</li></ul>\n");
      return;
  }
}

void Pages::AddPolicyTable(const ArticleText& text, PageWriter* writer) const {
  const auto cell = [&](std::string_view label, std::string_view value) {
    writer->Raw("<td><b>");
    writer->Label(label);
    writer->Raw("</b></td><td>");
    writer->Field(value);
    writer->Raw("</td>");
  };
  writer->Raw("<table class=\"bd1\"><tr>");
  cell("索 引 号：", text.index_number);
  cell("文　　号：", text.document_number);
  writer->Raw("</tr><tr>");
  cell("发布机构：", "河西县人民政府办公室");
  cell("成文日期：", ChineseDate(text.published_time - 2 * kDay));
  writer->Raw("</tr></table>\n");
}

void Pages::AddBody(uint32_t id, const ArticleText& text, const Look& look, PageWriter* writer) const {
  const ColumnKind kind = world_.columns()[world_.ColumnOf(id)].kind;
  std::string_view open, close;
  switch (kind) {
    case ColumnKind::kTrs:
      open =
          "<div class=\"article_con\"><div class=TRS_Editor><style type=\"text/css\">.TRS_Editor "
          "P{line-height:1.75;"
          "font-size:12pt}</style>\n";
      close = "</div></div>\n";
      break;
    case ColumnKind::kVsb:
      open = "<div id=\"vsb_content_2\"><div class=\"v_news_content\">\n";
      close = "</div></div><div id=\"div_vote_id\"></div>\n";
      break;
    case ColumnKind::kZoom:
      open = "<tr><td><div id=\"zoom\">\n";
      close = "</div></td></tr>\n";
      break;
    case ColumnKind::kPolicy:
      open = "<div id=\"zoom\" class=\"pages_content\">\n";
      close = "</div>\n";
      break;
    default:
      open = kind == ColumnKind::kLabelled ? "<div class=\"art_con\">\n" : "<div class=\"content\">\n";
      close = "</div>\n";
  }
  writer->Raw(open);
  const std::string_view body = text.body;
  bool first = true;
  for (size_t from = 0; from < body.size();) {
    const size_t end = std::min(body.find('\n', from), body.size());
    writer->Raw(kind == ColumnKind::kVsb ? "<p class=\"vsbcontent_start\" style=\"text-indent: 2em;\">"
                                         : "<p>");
    if (kind != ColumnKind::kVsb) writer->Label("　　");
    writer->Field(body.substr(from, end - from));
    writer->Raw("</p>\n");
    if (first && look.image)
      writer->Raw("<p align=\"center\"><img src=\"" + ImagePath(id) + "\" border=\"0\"></p>\n");
    first = false;
    from = end + 1;
  }
  writer->Raw(close);
  const std::vector<AttachmentInfo> attachments = Attachments(id);
  if (!attachments.empty()) {
    writer->Raw("<ul class=\"attachments\">\n");
    for (const AttachmentInfo& attachment : attachments) {
      writer->Raw("<li><a href=\"" + attachment.path + "\">");
      writer->Label(attachment.text);
      writer->Raw("</a></li>\n");
    }
    writer->Raw("</ul>\n");
  }
  if (!text.editor.empty()) {
    writer->Raw("<p class=\"editor\">");
    writer->Label("责任编辑：" + text.editor);
    writer->Raw("</p>\n");
  }
}

Page Pages::ArticleValidators(uint32_t id) const {
  Page page;
  const Look look = world_.LookOf(id);
  page.content_type = HtmlType(look.label);
  page.gzip = look.gzip;
  page.chunked = look.chunked;
  if (!look.validators) return page;
  const auto step = static_cast<uint32_t>(world_.columns().size());
  uint64_t digest = Hash(world_.options().seed, id, static_cast<uint64_t>(world_.frame()));
  const auto take = [&](uint32_t other) {
    const portal::Article& article = world_.article(other);
    page.last_modified = std::max(page.last_modified, article.changed);
    digest = Hash(digest, other, article.title_revision,
                  static_cast<uint64_t>(article.body_revision) << 32 |
                      static_cast<uint64_t>(article.source_revision) << 16 | article.date_revision);
  };
  take(id);
  for (const uint32_t other : Related(id)) take(other);
  if (id + step < world_.article_count()) take(id + step);
  page.etag = (look.gzip ? "W/\"" : "\"") + std::to_string(digest) + "\"";
  return page;
}

Page Pages::Article(uint32_t id) const {
  Page page = ArticleValidators(id);
  const Look look = world_.LookOf(id);
  const uint32_t column_index = world_.ColumnOf(id);
  const Column& column = world_.columns()[column_index];
  const ArticleText text = world_.TextOf(id);
  const Shell& shell = ShellOf(static_cast<int>(column_index), look.voice, look.label);
  page.body.reserve(shell.head.size() + shell.top.size() + shell.bottom.size() + 16384);
  PageWriter writer(look.voice, &page.body);
  std::string metas;
  if (column.kind == ColumnKind::kTrs || column.kind == ColumnKind::kPolicy) {
    PageWriter meta_writer(look.voice, &metas);
    AddMetas(id, text, &meta_writer);
  }
  Open(shell, text.title, metas, &writer);
  if (IsNoisy(id)) AddNoise(id, &writer);
  writer.Raw(shell.top);
  AddHostileNoise(id, 0, &writer);
  writer.Raw("<div class=\"position\">");
  writer.Label("当前位置：");
  writer.Raw("<a href=\"/\">");
  writer.Label("首页");
  writer.Raw("</a> &gt; <a href=\"" + ColumnHome(column_index) + "\">");
  writer.Label(column.name);
  writer.Raw("</a></div>\n");
  const bool table = column.kind == ColumnKind::kZoom;
  const bool vsb = column.kind == ColumnKind::kVsb;
  if (column.kind == ColumnKind::kPolicy) AddPolicyTable(text, &writer);
  writer.Raw(world_.frame() != 0 && !table && !vsb ? "<div class=\"detail\"><h1 class=\"tit\">"
             : table ? "<table width=\"90%\" align=center><tr><td align=center class=\"title\"><b>"
             : vsb ? "<form name=\"_newscontent_fromname\"><div class=\"article\"><h1>"
                   : "<div class=\"article\"><h1>");
  writer.Field(text.title);
  writer.Raw(table ? "</b></td></tr>\n" : "</h1>\n");
  AddInfoLine(id, text, &writer);
  AddBody(id, text, look, &writer);
  writer.Raw(table ? "</table>\n" : vsb ? "</div></form>\n" : "</div>\n");
  AddHostileNoise(id, 1, &writer);
  AddNeighbours(id, &writer);
  AddRelated(Related(id), &writer);
  writer.Raw(shell.bottom);
  return page;
}

Page Pages::Simple(std::string_view title, std::string_view html, std::string_view metas) const {
  const Shell& shell = ShellOf(-1, Voice{}, Label::kUtf8);
  Page page;
  page.content_type = HtmlType(Label::kUtf8);
  PageWriter writer(Voice{}, &page.body);
  Open(shell, title, metas, &writer);
  writer.Raw(shell.top);
  writer.Label(html);
  writer.Raw(shell.bottom);
  return page;
}

Page Pages::Home(const std::vector<std::string>& fault_links) const {
  std::string html = "<div class=\"home\">\n";
  for (uint32_t i = 0; i < world_.columns().size(); ++i) {
    const Column& column = world_.columns()[i];
    html += "<div class=\"block\"><h3><a href=\"" + ColumnHome(i) + "\">" + column.name + "</a></h3><ul>\n";
    for (size_t k = 0; k < std::min<size_t>(8, column.live.size()); ++k) {
      const uint32_t id = column.live[column.live.size() - 1 - k];
      html += "<li><a href=\"" + world_.PathOf(id) + "\">" + world_.TitleOf(id) + "</a></li>\n";
    }
    html += "</ul></div>\n";
  }
  html +=
      "<div class=\"block\"><a href=\"/nbzl/index.html\">内部资料</a> <a href=\"/wzdt.html\">网站地图</a>";
  for (const std::string& path : fault_links) html += " <a href=\"" + path + "\">其他</a>";
  return Simple("", html + "</div></div>\n",
                "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"RSS\" href=\"/rss.xml\">\n");
}

Page Pages::SiteMap() const {
  std::string html = "<div class=\"sitemap\"><h2>网站地图</h2><ul>\n";
  for (uint32_t i = 0; i < world_.columns().size(); ++i) {
    html += "<li><a href=\"" + ColumnHome(i) + "\">" + world_.columns()[i].name + "</a></li>\n";
  }
  return Simple("网站地图", html + "</ul></div>\n");
}

Page Pages::Internal(int number) const {
  std::string html = "<div class=\"article\"><h1>内部资料</h1><p>本目录不供自动程序访问。</p>\n";
  if (number == 0) {
    for (int i = 1; i <= 5; ++i) html += "<a href=\"/nbzl/" + std::to_string(i) + ".html\">资料</a>\n";
  }
  return Simple("内部资料", html + "</div>\n");
}

Page Pages::NotFound() const {
  Page page;
  page.content_type = "text/html";
  page.body =
      "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not "
      "Found</h1></center>\r\n"
      "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
  return page;
}

Page Pages::OddNotice(std::string_view path) const {
  return Simple("消息提示", "<div class=\"msg\"><h2>消息提示</h2><p>您所查阅的资料正在整理，暂时无法提供浏览，给您带来的不便敬请谅解。</p><p>（" +
                                std::string(path) + "）</p></div>\n");
}

Page Pages::Notice() const {
  return Simple("友情提示", "<div class=\"msg\"><h2>友情提示</h2><p>本栏目内容近期调整，请从网站导航栏重新进入。</p></div>\n");
}

// As servers name their requests.
static std::string HexName(uint64_t number) {
  char name[40];
  std::snprintf(name, sizeof name, "%08llx-%04llx-%012llx", static_cast<unsigned long long>(number >> 32), static_cast<unsigned long long>(number & 0xFFFF),
                static_cast<unsigned long long>(number * 0x9E3779B97F4A7C15ULL >> 16));
  return name;
}

Page Pages::OddBlock(uint64_t number) const {
  Page page;
  page.content_type = HtmlType(Label::kUtf8);
  page.body =
      "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>系统通知</title></head><body>\n<div class=\"box\"><h2>系统通知</h2>"
      "<p>根据平台统一部署，本次请求未予受理。如需协助，请记录下列编号并联系技术支持人员。</p><p>编号：" +
      std::to_string(number) + "</p><p>Request-Id: " + HexName(number) + "</p></div>\n</body></html>\n";
  return page;
}

Page Pages::ListError(uint32_t column) const {
  const std::string& name = world_.columns()[column].name;
  return Simple(name, "<div class=\"err\"><p>模板解析出错：栏目“" + name + "”的模板不存在或者没有权限读取，请联系网站管理员处理。</p></div>\n");
}

Page Pages::SoftNotFound(uint64_t hash) const {
  const std::string text(kSoftTexts[hash % std::size(kSoftTexts)]);
  // Half within the site's frame, half a bare notice.
  if ((hash >> 8) % 2 == 0)
    return Simple("温馨提示", "<div class=\"tips\"><p>温馨提示：" + text + "</p></div>\n");
  Page page;
  page.content_type = HtmlType(Label::kUtf8);
  page.body =
      "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>温馨提示</title></head><body>\n<div><p>" +
      text + "</p><p><a href=\"/\">返回首页</a></p></div>\n</body></html>\n";
  return page;
}

}  // namespace fangzhi::portal
