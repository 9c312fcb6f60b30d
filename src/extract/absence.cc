#include "extract/absence.h"

#include <algorithm>
#include <iterator>

#include "extract/characters.h"
#include "extract/word_cover.h"
#include "html/script_reader.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

// The longest notice that was seen says whom to ask by name; it has some sixty characters.
constexpr size_t kLongest = 100;

// What was asked for.
constexpr std::u32string_view kThings[] = {
    U"信息", U"文章", U"稿件", U"新闻", U"内容", U"页面", U"网页", U"链接", U"资讯", U"帖子", U"网址", U"专题", U"图文",
    U"消息", U"动态", U"报道", U"视频", U"图片", U"作品", U"本文", U"该文", U"此文", U"原文", U"全文", U"詳情", U"详情", U"正文", U"話題", U"话题", U"主题", U"此稿", U"词条",
    U"資訊", U"資料", U"稿", U"頁面", U"網頁", U"連結", U"鏈接", U"新聞", U"內容", U"訊息", U"報導", U"網址", U"專題", U"影片", U"圖片", U"文檔", U"本頁", U"本页", U"该页", U"此页", U"該頁", U"此頁",
    U"栏目",
    U"page", U"article", U"content", U"document", U"news", U"story", U"item", U"post", U"file", U"information", U"record", U"link",
};

// What became of it. 失效, 过期 and the like are also what is said of a regulation: there they stand beside its name, which is no word of a notice.
constexpr std::u32string_view kFates[] = {
    U"删除", U"删掉", U"撤下", U"撤稿", U"撤除", U"撤掉", U"下线", U"下架", U"过期", U"不存在", U"不在", U"未审核", U"未通过审核", U"审核未通过", U"未经审核",
    U"未找到", U"没有找到", U"找不到", U"无法找到", U"未能找到", U"没找到", U"不再公开", U"不再提供", U"不再展示", U"不再显示", U"停止公开", U"停止展示", U"归档", U"移除", U"移走", U"屏蔽", U"隐藏",
    U"未发布", U"尚未发布", U"取消发布", U"停止发布", U"取消公开", U"无法显示", U"无法查看", U"无法浏览", U"不可见", U"不可用", U"不能访问", U"无法访问", U"无法打开", U"丢失", U"走丢", U"消失", U"清理",
    U"不予显示", U"不予公开", U"不予展示", U"暂停访问", U"停止访问", U"移动", U"转移", U"迁移", U"已撤", U"失联", U"不公开", U"不可访问", U"不可查看", U"禁止查看", U"无法阅读", U"关停", U"暂无法", U"不展示", U"不显示", U"查不到", U"查无", U"没有查询到", U"未查询到", U"没有查到", U"未查到", U"查询不到", U"未上线", U"已下", U"未公开", U"过有效期", U"期已满", U"不见了", U"没有您要", U"没有你要", U"不对外公开", U"审核中", U"待审核", U"暂未找到", U"已关闭", U"超出公示期", U"超过公示期", U"过公示期", U"过展示期", U"仅内部可见",
    U"查無", U"移動", U"轉移", U"不公開", U"撤除", U"停止刊登", U"無法訪問", U"無法開啟",
    U"刪除", U"下線", U"過期", U"未審核", U"未通過審核", U"沒有找到", U"無法找到", U"不再公開", U"不再顯示", U"歸檔", U"隱藏", U"尚未發布", U"無法顯示", U"無法瀏覽", U"找不著", U"不見", U"失聯", U"已不提供",
    U"removed", U"deleted", U"nolongeravailable", U"nolongerexists", U"doesnotexist", U"doesn'texist", U"doesntexist", U"notfound", U"couldnotbefound", U"cannotbefound", U"can'tbefound", U"notavailable",
    U"unavailable", U"withdrawn", U"expired", U"unpublished", U"takendown", U"archived", U"cannotfind", U"can'tfind", U"couldn'tfind", U"notexist",
};

// What such messages say around it: courtesy, whose doing it was, why, what to do now.
constexpr std::u32string_view kAround[] = {
    U"对不起", U"抱歉", U"很", U"非常", U"十分", U"遗憾", U"提示", U"温馨", U"系统", U"尊敬的", U"亲爱的", U"用户", U"网友", U"读者", U"访客", U"您好", U"你好", U"敬请", U"谅解", U"见谅", U"原谅", U"不便", U"带来", U"给",
    U"您", U"你", U"所", U"要", U"想", U"访问", U"查看", U"浏览", U"查找", U"寻找", U"请求", U"点击", U"打开", U"阅读", U"查询", U"正在", U"当前", U"现在", U"目前", U"刚才", U"该", U"此", U"本", U"这", U"那", U"篇", U"条", U"个", U"则", U"份", U"张", U"的", U"了", U"已经", U"已", U"被", U"可能", U"或许", U"也许", U"或者", U"或", U"且",
    U"暂时", U"暂", U"现", U"由于", U"由", U"因为", U"因", U"为", U"根据", U"按照", U"应", U"经", U"作者", U"编辑", U"发布者", U"发布人", U"发布单位", U"发布部门", U"上传者", U"管理员", U"管理人员", U"后台", U"网站", U"本站", U"我们", U"站点", U"服务器", U"单位", U"部门", U"媒体", U"来源", U"方",
    U"要求", U"原因", U"版权", U"时效", U"到期", U"相关", U"有关", U"规定", U"政策", U"法律法规", U"内部", U"自行", U"主动", U"永久", U"不", U"再", U"是", U"有", U"无", U"未", U"尚", U"在", U"从", U"中", U"里", U"上", U"下", U"其", U"它", U"并", U"而", U"及", U"和", U"与", U"以及", U"等", U"可以", U"可", U"能", U"将", U"会", U"即将", U"请", U"先", U"稍后", U"稍候", U"重试",
    U"检查", U"确认", U"核对", U"输入", U"是否", U"正确", U"错误", U"地址", U"网站地址", U"更改", U"改变", U"变更", U"修改", U"更新", U"名称", U"返回", U"首页", U"上一页", U"上页", U"主页", U"列表", U"跳转", U"自动", U"秒", U"后", U"前", U"去", U"到", U"回", U"回到", U"关闭", U"窗口", U"点这里", U"这里", U"此处", U"继续", U"其他", U"其它", U"别的", U"看看", U"逛逛",
    U"联系", U"咨询", U"电话", U"客服", U"如有", U"如需", U"疑问", U"问题", U"帮助", U"谢谢", U"感谢", U"支持", U"理解", U"配合", U"出错", U"出错了", U"信息提示", U"错误提示", U"友情提示", U"系统提示", U"停止", U"生效", U"公开", U"显示", U"展示", U"发布", U"处理", U"审核", U"权限", U"某些", U"部分", U"一些", U"啦", U"哦", U"呢", U"吧", U"啊", U"您的", U"未知", U"失败", U"至", U"对应", U"任何", U"该项",
    U"违规", U"违反", U"有效期", U"期限", U"超过", U"过了", U"已过", U"期", U"满", U"届满", U"公示期", U"调整", U"改版", U"升级", U"指定", U"参数", U"故", U"更名", U"改名", U"互联网", U"海洋", U"人工", U"时间", U"较", U"久", U"太", U"早", U"老", U"转载", U"授权", U"原", U"源", U"平台", U"投诉", U"举报", U"侵权", U"涉嫌", U"涉及", U"个人", U"隐私", U"保护", U"工作", U"需要", U"设置", U"设为", U"仅", U"内网", U"状态", U"非", U"正常", U"通过", U"进行", U"以", U"于", U"年", U"月", U"日", U"亲", U"来", U"晚", U"迟", U"见", U"超出", U"超", U"结束", U"可见", U"检测", U"历史", U"库", U"转入", U"转为", U"作", U"没有", U"没", U"无权", U"查阅", U"依申请", U"申请", U"档案室", U"档案馆", U"向", U"条件", U"相符", U"符合", U"匹配", U"再来", U"一", U"自", U"起", U"撤换", U"系",
    U"對不起", U"抱歉", U"訪問", U"瀏覽", U"查閱", U"尋找", U"請求", U"點擊", U"閱讀", U"這", U"個", U"則", U"條", U"已經", U"暫時", U"由於", U"因為", U"作者", U"編輯", U"管理員", U"網站", U"請", U"返回", U"首頁", U"上一頁", U"檢查", U"輸入", U"確認", U"聯絡", U"謝謝", U"您所", U"錯誤", U"連絡", U"自動", U"回首頁", U"系統", U"無", U"權限", U"資料庫", U"單位", U"查詢", U"主題", U"參數", U"版權", U"過", U"應", U"為", U"該", U"來源", U"不便", U"造成", U"敬請", U"見諒", U"請您", U"刊登", U"期限",
    U"sorry", U"we", U"are", U"the", U"this", U"that", U"a", U"an", U"you", U"your", U"i", U"for", U"has", U"have", U"been", U"is", U"was", U"were", U"it", U"may", U"might", U"be", U"or", U"and", U"to", U"by", U"of", U"on", U"in", U"lookingfor", U"requested", U"request", U"tryingto", U"reach", U"access", U"view", U"back", U"home", U"homepage", U"return", U"go", U"please", U"check", U"url", U"address", U"moved", U"its", U"name", U"changed", U"temporarily",
    U"permanently", U"author", U"publisher", U"administrator", U"error", U"oops", U"requestedby", U"which", U"click", U"here", U"previous", U"site", U"our", U"from", U"no", U"longer", U"now", U"currently", U"can", U"not", U"find", U"want", U"wanted", U"try", U"again", U"later", U"contact", U"us", U"either",
};

// Things and fates that articles have as their subject as well: an announcement that is no longer valid.
constexpr std::u32string_view kPapers[] = {U"公告", U"通知", U"公示", U"通告", U"文件", U"资料", U"资源", U"文档", U"檔案"};
constexpr std::u32string_view kLapses[] = {U"作废", U"撤销", U"撤消", U"失效", U"撤回", U"收回", U"停用", U"撤銷", U"期满", U"撤", U"撤换"};

// Words that speak to somebody who asked, of what an office did or found, or of another text that is valid instead. A notice has none of them.
constexpr std::u32string_view kOwn[] = {
    U"为准", U"更正", U"新公告", U"新通知", U"重新", U"另行", U"详见", U"请见", U"特此", U"举报的", U"反映的", U"投诉的", U"咨询的", U"提交的", U"发布的公告", U"你单位", U"我局", U"我委", U"我县", U"我市", U"我单位", U"我中心",
    U"经查", U"经核", U"经调查", U"请到", U"请至", U"请前往", U"请关注", U"请按", U"现予", U"上述", U"以上", U"為準", U"詳見", U"舉報的",
};

enum Role : uint8_t { kThing = 1, kFate = 2, kPageThing = 4, kPageFate = 8 };

// What a database has: a thing that was asked for where an article should stand, and what any search finds none of.
constexpr std::u32string_view kRecords[] = {U"记录", U"数据", U"结果", U"数據"};

const WordCover& Words(bool records) {
  const auto make = [](uint8_t of_records) {
    WordCover cover;
    cover.Add(kThings, kThing | kPageThing);
    cover.Add(kRecords, of_records);
    cover.Add(kPapers, kThing);
    cover.Add(kFates, kFate | kPageFate);
    cover.Add(kLapses, kFate);
    cover.Add(kAround, 0);
    cover.Sort();
    return cover;
  };
  static const WordCover plain = make(0), with_records = make(kThing | kPageThing);
  return records ? with_records : plain;
}

// A thing and its fate; `of_page`: of which the one or the other is said of pages alone.
bool HasThingAndFate(const std::u32string& letters, bool records, bool of_page) {
  const WordCover::Covers covers = Words(records).Of(letters);
  for (uint8_t roles = 0; roles < WordCover::kRoles; ++roles) {
    if ((roles & (kThing | kFate)) != (kThing | kFate) || (of_page && (roles & (kPageThing | kPageFate)) == 0)) continue;
    if (IsCovered(covers[roles], letters.size())) return true;
  }
  return false;
}

std::u32string LettersOf(std::string_view text) {
  std::u32string letters;
  for (const char32_t c : ComparisonKey(text)) {
    if (text::IsHan(c) || (c >= U'a' && c <= U'z') || c == U'\'') letters.push_back(c);
  }
  return letters;
}

}  // namespace

bool IsAbsenceNotice(std::string_view text, bool records) {
  if (text.empty() || text.size() > kLongest * 4) return false;
  const std::u32string letters = LettersOf(text);
  if (letters.size() < 5 || letters.size() > kLongest) return false;
  // 如链接无法打开，请…: that is advice. 如有疑问 is what a notice ends with.
  for (size_t at = letters.find(U'如'); at != std::u32string::npos; at = letters.find(U'如', at + 1)) {
    const char32_t next = at + 1 < letters.size() ? letters[at + 1] : 0;
    if (next != U'有' && next != U'需') return false;
  }
  // What an inspection did not find is its result.
  if (letters.find(U'若') != std::u32string::npos || letters.find(U"发现") != std::u32string::npos) return false;
  return HasThingAndFate(letters, records, false);
}

bool MayBeOwnWords(std::string_view notice) {
  const std::u32string letters = LettersOf(notice.substr(0, kLongest * 4));
  if (std::any_of(std::begin(kOwn), std::end(kOwn), [&](std::u32string_view word) { return letters.find(word) != std::u32string::npos; })) return true;
  return !HasThingAndFate(letters, true, true);
}

std::optional<std::string> AbsenceInAlert(const PageView& view) {
  for (const html::NodeIndex index : view.scripts) {
    const html::Node& node = view.document.node(index);
    if (node.end <= index + 1) continue;
    const std::string_view script = view.document.node(index + 1).text.substr(0, 4000);
    for (size_t at = script.find("alert"); at != std::string_view::npos; at = script.find("alert", at + 1)) {
      html::ScriptReader reader{script, at + 5};
      if (!reader.Take("(")) continue;
      reader.SkipBlanks();
      if (!reader.at_string()) continue;
      if (auto words = reader.String(kLongest * 4); words && IsAbsenceNotice(*words)) return words;
    }
  }
  return std::nullopt;
}

}  // namespace fangzhi::extract
