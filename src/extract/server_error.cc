#include "extract/server_error.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "extract/characters.h"
#include "extract/word_cover.h"
#include "text/text.h"

namespace fangzhi::extract {
namespace {

constexpr size_t kLongest = 16 * 1024;
// A message is short; what is longer is one by the lines of its stack alone.
constexpr size_t kShort = 1500;
// The sign stands at the beginning: what comes first is the name of the page or of the program.
constexpr size_t kBeginning = 80;
constexpr size_t kMostHan = 60;

// By which servers, programs and databases are known, whatever the case of the letters.
constexpr std::string_view kSigns[] = {
    "HTTP Status 5", "HTTP Error 5", "500 Internal Server Error", "502 Bad Gateway", "503 Service ", "504 Gateway", "Error 503 ", "upstream connect error", "upstream request timeout", "no healthy upstream", "Whitelabel Error Page",
    "Server Error in '", "应用程序中的服务器错误", "Traceback (most recent call last)", "[Microsoft][", "ADODB.", "Microsoft OLE DB", "Microsoft VBScript", "Microsoft JET Database", "ODBC Drivers", "SQLSTATE[",
    "MySQL server has gone away", "Can't connect to MySQL", "Can't connect to local MySQL", "Lost connection to MySQL", "Access denied for user '", "Too many connections", "Could not open JDBC", "Communications link failure", "TNS:", "Uncaught ", "Redis server went away",
};
// And by which PHP is, where it names its file too.
constexpr std::string_view kOfPhp[] = {"Warning: ", "Fatal error: ", "Parse error: ", "Notice: ", "Deprecated: "};

// What is out of order, and what is to be done or by which number it was noted.
constexpr std::u32string_view kTroubles[] = {
    U"系统繁忙", U"服务器繁忙", U"服务繁忙", U"系统忙", U"服务器忙", U"网络繁忙", U"系统异常", U"服务异常", U"服务器异常", U"网络异常", U"数据异常", U"接口异常", U"程序异常", U"系统错误", U"服务器错误", U"系统内部错误", U"服务器内部错误", U"内部错误", U"程序错误", U"网络错误",
    U"未知错误", U"系统出错", U"程序出错", U"服务器出错", U"系统故障", U"服务器故障", U"服务器开小差", U"开小差", U"请求超时", U"响应超时", U"连接超时", U"加载超时", U"访问超时", U"数据库连接失败", U"数据库连接超时", U"连接数据库失败", U"数据库错误", U"数据库异常", U"连接失败", U"加载失败", U"获取数据失败", U"数据获取失败", U"数据加载失败",
    U"请求失败", U"服务不可用", U"服务暂不可用", U"服务暂时不可用", U"操作失败", U"系統繁忙", U"伺服器忙碌", U"系統錯誤", U"系統異常", U"連線逾時",
};
constexpr std::u32string_view kAdvice[] = {
    U"请稍后", U"请稍候", U"稍后再试", U"稍后重试", U"稍候再试", U"稍候重试", U"请您稍后", U"请重试", U"刷新重试", U"请刷新", U"重新加载", U"联系管理员", U"联系系统管理员", U"联系网站管理员", U"请求编号", U"请求号", U"错误编号", U"错误代码", U"错误码", U"流水号", U"事件编号", U"追踪编号", U"日志编号", U"請稍後", U"稍後再試",
    U"请求标识", U"状态码",
};
constexpr std::u32string_view kRest[] = {
    U"抱歉", U"对不起", U"很", U"非常", U"当前", U"访问", U"人数", U"过多", U"您", U"你", U"的", U"了", U"请", U"再", U"试", U"重试", U"系统", U"服务器", U"服务", U"网络", U"页面", U"网页", U"内容", U"数据", U"数据库", U"稍后", U"稍候", U"联系", U"刷新", U"后", U"或", U"再试", U"提示", U"温馨", U"错误", U"异常", U"出错", U"亲", U"哦", U"啦", U"吧", U"出现", U"发生", U"遇到", U"正在",
    U"处理", U"暂时", U"无法", U"完成", U"请求", U"操作", U"失败", U"给", U"带来", U"不便", U"敬请", U"谅解", U"返回", U"首页", U"上一页", U"管理员", U"现在", U"由于", U"因", U"信息", U"编号", U"一下", U"稍等", U"片刻", U"再来", U"过", U"量", U"太大", U"过大", U"較", U"原因",
    // What databases and programs say in Chinese.
    U"到", U"主机", U"连接", U"超时", U"通信", U"不存在", U"拒绝", U"行", U"未", U"找到", U"未找到", U"提供", U"程序", U"该", U"可能", U"正确", U"安装", U"运行时", U"缺少", U"对象", U"将", U"引用", U"设置", U"实例", U"说明", U"执行", U"期间", U"未经", U"应用", U"应用程序", U"中", U"详细", U"用户", U"登录", U"不", U"能", U"打开", U"列名", U"无效", U"语法", U"附近", U"类型", U"不匹配", U"在",
    U"检查", U"堆栈", U"跟踪", U"以", U"有关", U"代码", U"导致", U"源", U"文件", U"版本", U"查询", U"表达式", U"指定", U"驱动", U"名", U"字段", U"表", U"已", U"到达", U"之前", U"时间", U"响应", U"或者", U"为", U"空", U"空指针", U"监听", U"尝试", U"建立", U"关闭", U"被", U"池", U"等待", U"行号", U"被零除", U"除", U"零",
};

enum Role : uint8_t { kTrouble = 1, kAdviceOrNumber = 2 };

const WordCover& Words() {
  static const WordCover words = [] {
    WordCover cover;
    cover.Add(kTroubles, kTrouble);
    cover.Add(kAdvice, kAdviceOrNumber);
    cover.Add(kRest, 0);
    cover.Sort();
    return cover;
  }();
  return words;
}

bool IsNameByte(char c) { return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '.' || c == '_' || c == '$'; }

// A class of errors with its package (java.lang.NullPointerException, System.Data.SqlClient.SqlException), a number of Oracle's (ORA-12541); where it begins.
size_t FindClassOrNumber(std::string_view text, std::string_view& found) {
  for (size_t at = 0; at < text.size();) {
    if (!IsNameByte(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() && IsNameByte(text[end])) ++end;
    std::string_view name = text.substr(at, end - at);
    while (name.ends_with('.')) name.remove_suffix(1);
    const bool is_class = (name.ends_with("Exception") || name.ends_with("Error")) && name.find('.') != std::string_view::npos;
    bool is_number = name == "ORA" && end + 6 <= text.size() && text[end] == '-';
    for (size_t i = end + 1; is_number && i < end + 6; ++i) is_number = IsAsciiDigit(text[i]);
    if (is_class || is_number) {
      found = is_number ? text.substr(at, 9) : name;
      return at;
    }
    at = end;
  }
  return std::string_view::npos;
}

// The part of the text that lines of a stack make up: "at x.y(Z.java:12)", whether or not each has a line of its own.
size_t StackBytes(std::string_view text) {
  size_t bytes = 0;
  for (size_t at = text.find("at "); at != std::string_view::npos; at = text.find("at ", at)) {
    size_t end = at + 3;
    while (end < text.size() && (IsNameByte(text[end]) || text[end] == '<' || text[end] == '>')) ++end;
    if (end < text.size() && text[end] == '(' && end > at + 3) {
      const size_t close = text.find(')', end);
      if (close != std::string_view::npos && close < end + 200) end = close + 1;
      bytes += end - at;
    }
    at = end;
  }
  return bytes;
}

}  // namespace

std::string ServerErrorIn(std::string_view message) {
  if (message.size() > kLongest) return "";
  const std::string trimmed = TrimSeparators(message);
  const std::string_view text = trimmed;
  if (text.empty()) return "";
  std::u32string han;
  for (const char32_t c : ComparisonKey(text)) {
    if (text::IsHan(c)) han.push_back(c);
  }
  std::string_view sign;
  const std::string_view beginning = text.substr(0, kBeginning);
  const size_t first = FindClassOrNumber(text.substr(0, kBeginning * 2), sign);
  if (first > kBeginning) sign = {};
  for (const std::string_view known : kSigns) {
    if (sign.empty() && FindIgnoreAsciiCase(text.substr(0, kBeginning + known.size()), known) != std::string_view::npos) sign = known;
  }
  for (const std::string_view known : kOfPhp) {
    if (sign.empty() && beginning.starts_with(known) && text.find(" on line ") != std::string_view::npos) sign = known;
  }
  if (!sign.empty()) {
    if (text.size() > kShort && StackBytes(text) * 2 < text.size()) return "";
    const WordCover::Covers covers = Words().Of(han);
    return han.empty() || IsCovered(*std::max_element(covers.begin(), covers.end()), han.size()) ? std::string(TrimSeparators(sign)) : "";
  }
  // 如遇系统繁忙，请稍后再试 is advice.
  if (han.size() > kMostHan || han.find(U'如') != std::u32string::npos || han.find(U'若') != std::u32string::npos) return "";
  if (!IsCovered(Words().Of(han)[kTrouble | kAdviceOrNumber], han.size())) return "";
  for (const std::u32string_view trouble : kTroubles) {
    if (han.find(trouble) != std::u32string::npos) return text::ToUtf8(trouble);
  }
  return "";
}

}  // namespace fangzhi::extract
