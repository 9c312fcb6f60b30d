#include "extract/absence.h"

#include <gtest/gtest.h>

#include <string_view>

#include "page.h"

namespace fangzhi::extract {
namespace {

TEST(Absence, WhatSitesSayInAnArticlesPlace) {
  for (const std::string_view notice : {
           "该文章已被删除。",
           "该信息已被删除",
           "此稿件已撤销",
           "该信息已下线",
           "本文已被撤回。",
           "该内容已被发布者删除",
           "抱歉，该内容已下架",
           "信息已归档，不再公开",
           "您要查看的信息未审核或已被删除",
           "对不起，您所访问的信息已过期或已删除",
           "您所访问的页面已不存在，请返回首页。",
           "抱歉，您访问的文章被作者删除了",
           "此内容因违规无法查看",
           "该信息因时效原因已被撤下",
           "对不起！您要查看的新闻已经被管理员删除。",
           "本条信息已过有效期",
           "该信息已超过公示期，不再公开显示",
           "公示期已满，内容不再展示",
           "原文已被删除，无法查看",
           "本网页因内容调整已下线",
           "您请求的文章可能已被移动或删除",
           "抱歉，指定的主题不存在或已被删除或正在被审核",
           "ID错误或信息已经删除",
           "参数错误，信息不存在",
           "没有该条信息或信息已删除",
           "此信息不存在！",
           "此新闻已隐藏或删除",
           "文章已设为不公开，无法浏览",
           "此文章已暂停访问",
           "网页已过期",
           "该信息正在审核中，暂时无法查看",
           "您访问的信息已转移或删除",
           "该稿件已被撤稿",
           "您查看的内容已被撤回或不存在",
           "根据相关规定，该内容不予显示",
           "根据相关法律法规和政策，该内容无法显示",
           "应来源单位要求，此稿已撤。",
           "信息已被屏蔽",
           "非常抱歉，您访问的内容已被移除，5秒后自动返回首页。",
           "提示：该条信息已停止公开。如有疑问，请联系网站管理员。",
           "尊敬的用户，您浏览的文章已被编辑撤下，给您带来不便，敬请谅解！",
           "您要找的页面可能已删除、更名或暂时不可用，请检查网址是否正确。",
           "本页面已失效",
           "该链接已失效，请返回上一页",
           "应版权方要求，本文已删除",
           "因版权到期，该视频已下线",
           "本文因故撤下。",
           "页面已被撤除，返回列表",
           "該新聞已過期或已刪除",
           "您所瀏覽的網頁不存在或已移除，回首頁",
           "很抱歉，您所查詢的資料已下架",
           "The page you requested has been removed.",
           "Sorry, this article is no longer available.",
           "We can't find the page you're looking for.",
           "The content has expired or been deleted.",
           "This item was withdrawn by the publisher.",
           "该网页因网站改版已不存在",
           "您访问的信息不存在或已被管理员隐藏",
           "文章已过期，无法显示！",
           "亲，您要访问的页面不见了",
           "你来晚了，内容已经被删除了",
           "本文因作者原因暂不展示",
           "该文已被原发布单位撤回",
           "此条新闻已作删除处理",
           "此信息已于2023年5月1日下线",
           "对不起，没有您要查看的信息！",
           "该信息不予公开",
           "您所查看的公示信息已超出公示期限",
           "该公示已结束，信息已下线",
           "本篇文章已被设置为仅内部可见",
           "您无权查看该文章或文章已被删除",
           "此信息已被用户自行删除",
           "该作品已被作者删除或隐藏",
           "系统检测到该信息已删除，即将跳转到首页",
           "Error: article not found",
           "This news story has been taken down.",
           "Content unavailable",
           "此文件已被移除。",
           "本頁內容已下架，如有需要請洽本府新聞處。",
           "您欲瀏覽的頁面已被刪除或不存在",
           "该资讯已被撤换",
           "当前页面已被关停",
           "本信息发布已满一年，现已自动下架",
           "信息已转入历史库，不再提供浏览",
           "您浏览的信息可能已经被删除，或者您没有浏览权限",
           "你所访问的文章还没有发布或者已经下线",
           "本文档已被所有者删除",
           "该文章处于未发布状态",
           "此页面内容暂不对外公开",
           "文章被投诉，已下架处理",
           "该网页无法访问，可能已被删除或者改名",
           "您访问的数据不存在或新闻已被撤下，3秒后将返回",
           "该信息因内容敏感已被撤除",
           "公告已过期，系统自动隐藏",
           "因工作需要，本条信息已撤回。",
           "此信息已作废，不再展示。",
           "Sorry, the article you are trying to view has been deleted.",
           "抱歉，这篇稿件已经找不到了",
           "本新聞已逾刊登期限，不再提供瀏覽。",
           "该栏目已停用",
           "文章正在审核中，请稍后访问",
           "此信息已归档，如需查阅请依申请公开。",
           "未查询到相关信息",
           "该信息待审核，请稍后再来",
           "栏目不存在或已关闭",
           "暂未找到您要的文章",
           "此文已归档，可向档案室申请查阅。",
       }) {
    EXPECT_TRUE(IsAbsenceNotice(notice)) << notice;
  }
  for (const std::string_view notice : {"抱歉，没有找到与您查询条件相符的结果", "没有找到相关记录", "没有找到符合条件的数据", "您查询的记录不存在！"}) {
    EXPECT_TRUE(IsAbsenceNotice(notice, true)) << notice;
  }
}

// Short texts that are their page's own, also such as speak of what was taken away.
TEST(Absence, WhatIsAText) {
  for (const std::string_view text : {
           "",
           "详见附件。",
           "请点击下载附件",
           "点击查看原文",
           "点击此处查看文章全文内容",
           "暂无内容",
           "正文内容更新中",
           "图片新闻",
           "该信息已更新",
           "本文已更新，请以最新内容为准。",
           "勘误：文中数字有误，已更正。",
           "删除",
           "关于删除部分违法信息的公告",
           "关于撤销张某某行政处罚决定的公告",
           "关于公布失效文件目录的通知",
           "关于下架不合格食品的通告",
           "网信办：已删除违法违规信息三万余条",
           "经核实，该信息为不实信息，我局已要求平台删除。",
           "我局已将该产品下架。",
           "原招标公告作废，特此公告。",
           "更正：原文件第三条作废。",
           "《临水县户外广告管理办法》已失效，由《临水县城市容貌管理办法》代替。",
           "经县政府研究，决定撤销县招商局，其职责由县商务局承担。",
           "因天气原因，原定于5月8日举行的招聘会取消。",
           "根据有关规定，删除该办法第五条第二款。",
           "临水县的网页已经不再是一张张公告，而是一个办事大厅。",
           "会议讨论了信息公开的有关问题。",
           "本网站将于今晚停机维护。",
           "截至目前，全县没有发现病例。",
           "特此公告。",
           "此复。",
           "请各单位认真贯彻执行。",
           "公示期为五个工作日，公示期内如有异议，请向县委组织部反映。",
           "该路段因施工暂时封闭，请绕行。",
           "他走了以后，村里人再也没有找到那本书。",
           "警方通报：失踪人员已找到",
           "视频：临水县春耕一线见闻",
           "Page 3",
           "Home page of the County Government",
           "The county removed 300 illegal billboards in May.",
           "All documents are available for download.",
           "该项目环评文件已通过审核，现予公示。",
           "文件下载：会议通知",
           "信息来源：县政府办公室",
           "视频无法播放时请下载播放器。",
           "附件无法打开的，请使用阅读软件查看。",
           "如链接无法打开，请复制网址到浏览器访问。",
           "请在有效期内领取，过期不候。",
           "本通知有效期一年。",
           "本次公示已结束，无异议。",
           "发布以上信息，请社会各界监督。",
           "公告内容详见图片。",
           "今起，网上办事大厅页面改版上线。",
           "报名网址：临水县人事考试网",
           "欢迎访问我们的网站！",
           "未经授权不得转载本站内容。",
           "该批次产品已下架并召回，请消费者停止食用。",
           "信用修复后，行政处罚信息停止公示。",
           "请大家不要转发该不实信息。",
           "该公告内容由县住建局负责解释。",
           "系统将于今日起暂停办理相关业务。",
           "请以正式文件为准。",
           "目前系统已恢复正常。",
           "本信息仅供参考。",
           "有关情况正在进一步核实中。",
           "该办法自2024年起停止执行。",
           "现将有关文件予以废止。",
           "经审核，以下信息予以公开。",
           "以上内容来源于网络。",
           "请返回原单位办理。",
           "您提交的申请正在审核中。",
           "该栏目由县政府办负责。",
           "查询结果以窗口为准。",
           "请依申请公开的规定办理。",
           "本次检查没有发现问题，记录归档。",
           "考试成绩查询条件及结果说明",
       }) {
    EXPECT_FALSE(IsAbsenceNotice(text, true)) << text;
  }
}

// What an article may say of what it is about, in words that notices have as well: below its own headline, date and source they are its own.
TEST(Absence, WhatMayBeAnArticlesOwn) {
  for (const std::string_view text : {
           "本公告作废，以新公告为准。",
           "此公告已撤销，请见更正公告。",
           "你举报的视频已被删除。",
           "您反映的帖子已删除。",
           "您投诉的信息已被平台下架。",
           "该公告已失效。",
           "本通知已作废。",
           "原公示作废，以本公示为准。",
           "该文件已失效，请按新文件执行。",
           "此通知已撤回，另行通知。",
           "本公告内容有误，现予撤回，重新发布。",
           "此前发布的公告作废。",
           "该通知已被新通知代替，现已失效。",
           "经核实，您举报的网页已被屏蔽。",
           "你好，你要查询的文件已失效。",
           "您好，您咨询的公告已过期，请关注新公告。",
           "该公示已撤销，详见更正公示。",
           "原公告撤销，请以本公告为准。",
           "本公告有错误，已撤消，请以更正公告为准。",
           "我局已删除该信息。",
           "网友反映的链接已失效，现已修改。",
           "您好，您反映的链接失效问题已处理。",
           "您好！您反映的网页无法打开的问题已修改。",
           "经查，未找到您反映的信息。",
           "经查询，没有找到违规记录。",
           "该资料已不再提供，请至县档案馆查询。",
           "该栏目已停用，请到新栏目查看。",
           "因系统升级，该服务已下线，请到政务服务大厅办理。",
           "此公告撤销。",
           "该文件停止执行，现予作废。",
           "经调查，该视频已删除，发布者已被处理。",
           "本公告期满失效。",
           "上述文件自本通知发布之日起失效。",
           "原通知作废，以此通知为准。",
           "以上公告作废。",
           "本期公告因内容错误收回，请见重新发布的公告。",
           "你单位发布的信息已过期，请及时更新。",
           "您的文件已被退回。",
           "该公告已被撤销，请投标人关注后续公告。",
           "公示已结束，公示期内未收到异议，原公示撤下。",
       }) {
    EXPECT_TRUE(!IsAbsenceNotice(text, true) || MayBeOwnWords(text)) << text;
  }
  for (const std::string_view notice : {
           "该文章已被删除。", "此稿件已撤回，不再公开。", "信息已归档，不再公开", "当前信息已失效", "您要查看的信息未审核或已被删除", "此信息已归档，如需查阅请依申请公开。",
           "根据工作需要，本信息已撤下。", "没有找到相关记录", "对不起，您所访问的信息已过期或已删除", "此稿件已撤销", "该内容已被发布者删除", "抱歉，该内容已下架", "您访问的页面不存在",
           "文章正在审核中，请稍后访问", "您浏览的公告已被删除。", "该公告已下线", "公告已过期，系统自动隐藏", "此信息已作废，不再展示。", "该公示已结束，信息已下线", "本信息发布已满一年，现已自动下架",
           "你来晚了，内容已经被删除了", "您无权查看该文章或文章已被删除", "文章被投诉，已下架处理", "此视频已被删除",
       }) {
    EXPECT_TRUE(IsAbsenceNotice(notice, true) && !MayBeOwnWords(notice)) << notice;
  }
}

TEST(Absence, UnderTheArticlesOwnHeadlineToo) {
  const auto page = [](const std::string& text) {
    return "<html><head><meta charset=utf-8><title>全市春季造林工作推进会召开-青石市林业局</title></head><body><div class=nav><a href=/>首页</a> <a href=/xw/>要闻</a></div>"
           "<h1>全市春季造林工作推进会召开</h1><div class=info>发布时间：2024-03-08 来源：青石市林业局</div><div id=zoom>" + text +
           "</div><div>上一篇：<a href=2.htm>我市开展森林防火宣传</a></div><div class=footer>版权所有：青石市林业局 地址：青石市人民路1号</div></body></html>";
  };
  const model::PageRecord gone = ExtractPage(page("<p>此稿件已撤回，不再公开。</p>"));
  EXPECT_EQ(gone.kind, model::PageKind::kError);
  EXPECT_EQ(gone.kind_reason, "soft_404: 此稿件已撤回，不再公开。");
  EXPECT_EQ(ExtractPage(page("<p>会议时间另行通知。</p>")).kind, model::PageKind::kArticle);
  // Its own words of its own subject.
  for (const char* own : {"本公告作废，以新公告为准。", "此公告已撤销，请见更正公告。", "你举报的视频已被删除。"}) EXPECT_EQ(ExtractPage(page("<p>" + std::string(own) + "</p>")).kind, model::PageKind::kArticle) << own;
  EXPECT_EQ(ExtractPage(page("<p>此信息已归档，如需查阅请依申请公开。</p>")).kind, model::PageKind::kError);
  // What the site keeps beside the words is still there.
  EXPECT_EQ(ExtractPage(page("<video src=/v/1.mp4>没有找到可播放的视频文件</video><p>没有找到可播放的视频文件</p>")).kind, model::PageKind::kArticle);
  EXPECT_EQ(ExtractPage(page("<p>正文已删除，请看附件。</p><p><a href=/f/1.pdf>造林实施方案.pdf</a></p>")).kind, model::PageKind::kArticle);
}

TEST(Absence, UnderAnErrorsName) {
  const auto page = [](const std::string& title, const std::string& text) {
    return "<html><head><meta charset=utf-8><title>" + title + "-青石市林业局</title></head><body><div class=nav><a href=/>首页</a> <a href=/xw/>要闻</a></div><div class=main>" + text +
           "</div><div class=footer>版权所有：青石市林业局 地址：青石市人民路1号</div></body></html>";
  };
  EXPECT_EQ(ExtractPage(page("出错啦", "<p>参数错误！</p>")).kind_reason, "soft_404: 出错啦");
  EXPECT_EQ(ExtractPage(page("提示信息", "<p>该栏目已停用</p>")).kind, model::PageKind::kError);
  EXPECT_EQ(ExtractPage(page("提示信息", "<p>文章正在审核中，请稍后访问</p>")).kind, model::PageKind::kError);
  EXPECT_NE(ExtractPage(page("温馨提示", "<h1>温馨提示</h1><p>近期气温骤降，请广大市民注意防寒保暖，出行注意交通安全，并照看好家中的老人和孩子。</p>")).kind, model::PageKind::kError);
  EXPECT_NE(ExtractPage(page("参数说明", "<p>参数错误！</p>")).kind_reason, "soft_404: 参数说明");
}

TEST(Absence, InABox) {
  const auto page = [](const std::string& script, const std::string& text) { return "<html><head><title></title><script>" + script + "</script></head><body>" + text + "</body></html>"; };
  EXPECT_EQ(ExtractPage(page("alert('该信息不存在或已被删除！');history.back();", "")).kind_reason, "soft_404: 该信息不存在或已被删除！");
  EXPECT_FALSE(ExtractPage(page("alert('请先登录');history.back();", "")).kind_reason.starts_with("soft_404"));
  EXPECT_FALSE(ExtractPage(page("function f(){alert('该信息不存在');}", std::string(kFirst))).kind_reason.starts_with("soft_404"));
}

TEST(Absence, IsLinearAndShort) {
  EXPECT_FALSE(IsAbsenceNotice(std::string(1 << 20, 'a')));
  std::string many;
  for (int i = 0; i < 40; ++i) many += "该信息已被删除。";
  EXPECT_FALSE(IsAbsenceNotice(many));
}

}  // namespace
}  // namespace fangzhi::extract
