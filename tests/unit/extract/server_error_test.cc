// What a server or its database says of itself where an article's text should stand.
#include "extract/server_error.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "page.h"

namespace fangzhi::extract {
namespace {

constexpr std::string_view kErrors[] = {
    "系统繁忙，请稍后再试。请求编号：8f3a91c27be04d11",
    "系统繁忙，请稍后重试！",
    "服务器繁忙，请稍候再试",
    "系统异常，请联系管理员。错误代码：500",
    "网络异常，请刷新重试（错误码：10021）",
    "服务异常，请稍后再试 traceId: 4bf92f3577b34da6a3ce929d0e0e4736",
    "抱歉，系统出错了，请稍后再试。错误编号 E-20394",
    "数据库连接失败，请稍后再试！",
    "内容加载失败，请刷新页面重试",
    "当前访问人数过多，系统繁忙，请您稍后再试！流水号：20240507123000123",
    "请求超时，请稍后重试。requestId=ab12cd34",
    "服务器开小差了，请稍后再试~",
    "操作失败：系统内部错误，错误编号：9981231",
    "获取数据失败，请稍后再试",
    "HTTP Status 500 - java.lang.NullPointerException at com.jsp.article.doc_7.jspService(doc_7_jsp.java:49) note The full stack trace is available in the server logs.",
    "HTTP Status 500 – Internal Server Error Type Exception Report Message An exception occurred processing JSP page [/show.jsp] at line [37] Description The server encountered an unexpected condition that prevented it from fulfilling the request.",
    "com.microsoft.sqlserver.jdbc.SQLServerException: 连接超时 at com.jsp.article.doc",
    "com.microsoft.sqlserver.jdbc.SQLServerException: 到主机 10.1.2.3 的 TCP/IP 连接失败。",
    "java.sql.SQLException: ORA-12541: TNS:no listener",
    "ORA-01034: ORACLE not available ORA-27101: shared memory realm does not exist",
    "java.lang.OutOfMemoryError: Java heap space",
    "org.springframework.dao.DataAccessResourceFailureException: Could not open JDBC Connection for transaction; nested exception is com.mysql.jdbc.exceptions.jdbc4.CommunicationsException: Communications link failure",
    "Microsoft OLE DB Provider for ODBC Drivers 错误 '80004005' [Microsoft][ODBC SQL Server Driver][DBNETLIB]SQL Server 不存在或拒绝访问。 /news/show.asp，行 12",
    "ADODB.Connection 错误 '800a0e7a' 未找到提供程序。该程序可能未正确安装。 /inc/conn.asp，行 8",
    "Microsoft VBScript 运行时错误 错误 '800a01a8' 缺少对象: 'rs' /show.asp，行 31",
    "Microsoft JET Database Engine error '80040e14' Syntax error in query expression 'id='. /view.asp, line 9",
    "Warning: mysql_connect(): Too many connections in /www/web/inc/db.php on line 23",
    "Fatal error: Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /data/www/lib/Db.php:45",
    "Parse error: syntax error, unexpected '}' in D:\\wwwroot\\show.php on line 118",
    "SQLSTATE[HY000] [1040] Too many connections",
    "MySQL server has gone away",
    "Can't connect to MySQL server on '10.0.0.7' (111)",
    "“/”应用程序中的服务器错误。未将对象引用设置到对象的实例。说明: 执行当前 Web 请求期间，出现未经处理的异常。异常详细信息: System.NullReferenceException: 未将对象引用设置到对象的实例。",
    "Server Error in '/' Application. Timeout expired. The timeout period elapsed prior to completion of the operation or the server is not responding. System.Data.SqlClient.SqlException",
    "System.Data.SqlClient.SqlException: 用户 'sa' 登录失败。",
    "502 Bad Gateway nginx/1.18.0",
    "504 Gateway Time-out",
    "503 Service Temporarily Unavailable",
    "upstream connect error or disconnect/reset before headers. reset reason: connection failure",
    "Whitelabel Error Page This application has no explicit mapping for /error, so you are seeing this as a fallback. There was an unexpected error (type=Internal Server Error, status=500).",
    "Traceback (most recent call last): File \"/srv/app/views.py\", line 88, in detail django.db.utils.OperationalError: could not connect to server: Connection refused",
    "[dm.jdbc.driver.DMException] 网络通信异常",
    "Error Code: 1045. Access denied for user 'cms'@'localhost' (using password: YES)",
    "{\"code\":500,\"msg\":\"系统繁忙，请稍后再试\",\"data\":null}",
};

constexpr std::string_view kTexts[] = {
    "",
    "特此公告。",
    "近日，有网友反映县政务服务网经常提示“系统繁忙，请稍后再试”。县大数据局回应，已增加服务器三台。",
    "因报名人数过多，报名系统繁忙，请考生错峰报名。",
    "由于社保系统升级，5月8日至10日暂停办理业务，请稍后再来窗口办理。",
    "12345热线系统繁忙时，请市民稍后再拨。",
    "县医院挂号系统5月7日出现异常，现已恢复正常。",
    "因数据库维护，本网站将于今晚22时至次日6时停机，请您谅解。",
    "您好，您反映的APP提示“网络异常”的问题，经核实系网络故障，现已修复，请重新登录后再试。",
    "网上缴费提示错误代码500的，请到窗口办理。",
    "不动产登记系统服务器故障，业务暂停办理，恢复时间另行通知。",
    "用户登录失败的，请核对身份证号码后重试。",
    "关于采购数据库服务器一台的公告",
    "采购内容：Oracle数据库软件一套，SQL Server数据库软件两套，服务器四台。",
    "国家信息安全漏洞库通报：Apache Log4j存在远程代码执行漏洞（CVE-2021-44228），攻击者可利用javax.naming.NamingException处理缺陷执行任意代码，请各单位尽快升级。",
    "漏洞预警：Spring Framework 存在远程代码执行漏洞，请各单位自查。",
    "5月7日上午，全县教育工作会议召开。",
    "At 9 am, the meeting began in the county hall.",
    "The county hospital's error in billing was corrected on Monday.",
    "An exception was made for farmers over 60.",
    "The service was temporarily unavailable on Monday, the county's data bureau said, because of a power failure at its centre.",
    "他说：“系统错误太多了，群众办事不方便。”",
    "热线电话：0938-5001234，传真：0938-5001235。",
    "第500号令：服务器管理办法。",
    "办理时限：请求编号由系统自动生成，请妥善保管。",
    "投诉受理后，系统将生成流水号，请稍后凭流水号查询办理结果。",
    "报名时如遇系统繁忙，请稍后再试。",
    "如遇网络异常请刷新页面重试，或拨打咨询电话：0938-1234567。",
    "市气象局：数据获取失败的原因是设备老化，已更换。",
    "本页面需要登录后查看。",
    "电脑显示“502 Bad Gateway”怎么办？县融媒体中心技术员为您解答。",
    "软件测试技能竞赛题目：请解释java.lang.NullPointerException产生的原因。",
    "PHP开发工程师招聘公告：熟悉MySQL数据库，年龄35岁以下。",
    "县公安局破获一起非法控制计算机信息系统案，嫌疑人利用SQL注入漏洞入侵网站。",
    "错误信息更正：原文第二段“500万元”应为“5000万元”。",
    "请稍后再试。",
    "服务器采购项目中标结果：中标单位为某某科技有限公司，中标金额500万元。",
    "会议强调，要及时处理异常数据，杜绝统计错误。",
    "网络服务中断通知：因光缆抢修，部分用户网络服务不可用，请谅解。",
    "Error correction: the date should read May 7.",
    "暂停服务公告：系统维护中，预计5月8日恢复。",
    "关于HTTP协议升级为HTTPS的说明：旧地址将于6月停用。",
    "政务APP更新说明：修复登录时服务器错误、页面加载失败等问题。",
};

TEST(ServerError, WhatServersSay) {
  for (const std::string_view text : kErrors) EXPECT_FALSE(ServerErrorIn(text).empty()) << text;
}

TEST(ServerError, WhatSpeaksOfThem) {
  for (const std::string_view text : kTexts) EXPECT_EQ(ServerErrorIn(text), "") << text;
}

TEST(ServerError, AStackTraceIsAsLongAsItIs) {
  std::string trace = "java.lang.IllegalStateException: getOutputStream() has already been called for this response\n";
  for (int i = 0; i < 60; ++i) trace += "at org.apache.catalina.connector.Response.getWriter(Response.java:" + std::to_string(600 + i) + ")\n";
  EXPECT_FALSE(ServerErrorIn(trace).empty());
  std::string about = trace;
  for (int i = 0; i < 10; ++i) about += "技术员说，这样的问题多因程序写错了顺序，县里的网站因此停了两天，群众很有意见。\n";
  EXPECT_EQ(ServerErrorIn(about), "");
  EXPECT_EQ(ServerErrorIn(std::string(1 << 20, 'x')), "");
}

TEST(ServerError, UnderTheArticlesOwnHeadline) {
  const auto page = [](const std::string& text) {
    return "<html><head><meta charset=utf-8><title>全市春季造林工作推进会召开-青石市林业局</title></head><body><div class=nav><a href=/>首页</a> <a href=/xw/>要闻</a></div>"
           "<h1>全市春季造林工作推进会召开</h1><div class=info>发布时间：2024-03-08 来源：青石市林业局</div><div id=zoom>" + text +
           "</div><div>上一篇：<a href=2.htm>我市开展森林防火宣传</a></div><div class=footer>版权所有：青石市林业局 地址：青石市人民路1号</div></body></html>";
  };
  for (const std::string_view text : kErrors) {
    const model::PageRecord record = ExtractPage(page("<p>" + std::string(text) + "</p>"));
    EXPECT_EQ(record.kind, model::PageKind::kError) << text;
    EXPECT_TRUE(record.kind_reason.starts_with("broken: ")) << record.kind_reason;
  }
  for (const std::string_view text : kTexts) EXPECT_NE(ExtractPage(page("<p>" + std::string(text) + "</p>")).kind, model::PageKind::kError) << text;
}

}  // namespace
}  // namespace fangzhi::extract
