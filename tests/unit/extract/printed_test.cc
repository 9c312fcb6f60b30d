// What scripts print of literals.
#include <gtest/gtest.h>

#include "extract/printed.h"
#include "page.h"

namespace fangzhi::extract {
namespace {

std::string Printed(std::string_view script) {
  Literals literals;
  return literals.Read(script);
}

TEST(Printed, LiteralsAndSums) {
  const struct {
    const char* script;
    const char* printed;
  } kScripts[] = {
      {"document.write('来源：青石日报');", "来源：青石日报"},
      {"var s='青石日报';document.write(\"来源：\"+s)", "来源：青石日报"},
      {"var s='青石日报', t=\"2021-11-29 08:30:11\"; document.writeln('来源：' + s + '　' + t.substring(0, 16));", "来源：青石日报　2021-11-29 08:30"},
      {"var s = '\\u9752\\u77f3'; document.write(s)", "青石"},
      {"s = '青'; s += '石'; document.write(s);", "青石"},
      {"window.s = '青石'; document.write(window.s);", "青石"},
      {"document.write('2021-11-29T08:30'.replace('T', ' '))", "2021-11-29 08:30"},
      {"document.write('2021-11-29 08:30'.split(' ')[0])", "2021-11-29"},
      {"document.write('2021-11-29 08:30'.substr(0,10)); document.write(\" \"); document.write('x'.length + 1)", "2021-11-29 2"},
      {"document.write($.trim(' 青石 '))", "青石"},
      {"// document.write('注释')\n/* document.write('注释') */ document.write('青石')", "青石"},
      {"document.write('<b>' + '青石' + '<\\/b>')", "<b>青石</b>"},
  };
  for (const auto& each : kScripts) EXPECT_EQ(Printed(each.script), each.printed) << each.script;
}

TEST(Printed, FillingsOfElements) {
  const struct {
    const char* script;
    const char* filled;  // into #hits; null: nothing
  } kScripts[] = {
      {"$(function(){ $(\"#hits\").html(\"913\"); })", "913"},
      {"$(document).ready(function () { $('#hits').text(913) });", "913"},
      {"$(() => { $('#hits').text('913'); });", "913"},
      {"window.onload = function () { document.getElementById('hits').innerHTML = '913'; }", "913"},
      {"document.querySelector('#hits').textContent = '91' + '3';", "913"},
      {"var n = 913; jQuery('#hits').html(n + ' 次');", "913 次"},
      {"$('#hits').html('0'); $('#hits').html('913');", "913"},
      {"$('#hits').html('0'); $('#hits').html(data.hits);", nullptr},
      {"$.get('/hits', function (data) { $('#hits').html('913'); });", nullptr},
      {"$.ajax({url: '/hits', error: function () { $('#hits').html('0'); }});", nullptr},
      {"function show() { $('#hits').html('913'); }", nullptr},
      {"if (top.x) $('#hits').html('913');", nullptr},
      {"$('#list #hits').html('913'); $('.hits').html('913');", nullptr},
      {"$('#hits').html('<b>913</b>');", nullptr},
      {"$('#hits'", nullptr},
      {"$(function", nullptr},
      {"$(document).ready(", nullptr},
      {"document.getElementById('hits", nullptr},
  };
  for (const auto& each : kScripts) {
    Literals literals;
    literals.Read(each.script);
    const std::string* filled = literals.FilledInto("hits");
    EXPECT_EQ(filled == nullptr ? "" : *filled, each.filled == nullptr ? "" : each.filled) << each.script;
  }
}

TEST(Printed, AnElementThatWaitsIsFilled) {
  const std::string strip = "<div class=info>发布时间：2021-11-29 来源：青石日报 点击数：<span id=djs></span></div>";
  const auto filled = [&](const std::string& page_strip, const std::string& script) { return ExtractPage(NewsPage(page_strip, "<script>" + script + "</script>")).clicks; };
  EXPECT_EQ(filled(strip, "$(function(){ $('#djs').html('913'); })"), 913);
  EXPECT_EQ(filled("<div class=info>2021-11-29 来源：青石日报 点击：<span id=djs>0</span>次</div>", "document.getElementById('djs').innerHTML = 913;"), 913);
  EXPECT_EQ(filled(strip, "$('#other').html('913');"), std::nullopt);
}

TEST(Printed, Conditions) {
  const struct {
    const char* script;
    const char* printed;
  } kScripts[] = {
      {"var s='青石日报';if(s!='')document.write('来源：'+s);", "来源：青石日报"},
      {"var s='';if(s!='')document.write('来源：'+s);document.write('完')", "完"},
      {"var s='青石日报'; if (s != \"\" && s != null) { document.write('来源：' + s); } else { document.write('来源：本站'); }", "来源：青石日报"},
      {"var s=''; if (s) { document.write(s); } else { document.write('本站'); }", "本站"},
      {"var s='a'; if (s == 'b') document.write('1'); else if (s == 'a') document.write('2'); else document.write('3');", "2"},
      {"var s='b'; if (s == 'b') document.write('1'); else if (s == 'a') document.write('2'); else document.write('3');", "1"},
      {"var s='青石'; if (s.length > 0) document.write(s)", "青石"},
      {"var s=''; document.write(s == '' ? '本站' : s)", "本站"},
      {"var s='青石'; if (!s) { document.write('无'); }", ""},
      {"try { document.write('青石'); } catch (e) { document.write('错'); }", "青石"},
      {"var s=''; s = s || '本站'; document.write(s)", "本站"},
  };
  for (const auto& each : kScripts) EXPECT_EQ(Printed(each.script), each.printed) << each.script;
}

TEST(Printed, WhatIsNotKnownIsNotPrinted) {
  for (const char* script : {
           "document.write('今天是' + new Date().getFullYear() + '年')", "var d = new Date(); document.write(d.toLocaleString());", "document.write('来源：' + source)",
           "function f() { document.write('来源'); }", "for (var i = 0; i < 3; i++) { document.write('行'); }", "for (var i = 0; i < 3; i++) document.write('行');",
           "if (navigator.userAgent.indexOf('x') > 0) { document.write('手机'); }", "if (top != self) document.write('框'); else document.write('页');",
           "$(function () { document.write('来源'); });", "var s = '青石'; if (location.href.length > 5) { s = '红石'; } document.write(s);", "var s = f('青石'); document.write(s);",
           "document.write(s.substring(0, 3))", "x = () => { document.write('来源'); }", "document.write('来源：' +", "document.write(((((((((((((((((((((('x'", "document.write(a[0] + '次')", "myapp.document.write('x')"}) {
    EXPECT_EQ(Printed(script), "") << script;
  }
  // A function's own variable is not the page's.
  EXPECT_EQ(Printed("var s = '青石'; function f() { var s = g(); } document.write(s);"), "青石");
}

TEST(Printed, NamesOfEarlierScripts) {
  Literals literals;
  int asked = 0;
  const std::string printed = literals.Read("document.write(a); document.write(b + c);", [&](std::string_view name) {
    ++asked;
    EXPECT_EQ(name, "a");
    literals.Read("var a = '甲', b = '乙', c = '丙';");
  });
  EXPECT_EQ(printed, "甲乙丙");
  EXPECT_EQ(asked, 1);
}

TEST(Printed, HostileScriptsEnd) {
  std::string doubling = "var s='xxxxxxxxxx';";
  for (int i = 0; i < 400; ++i) doubling += "s=s+s;";
  EXPECT_EQ(Printed("document.write('x');" + std::string(4'000, ' ')), "");
  EXPECT_LE(Printed(doubling + "document.write(s);").size(), 2000u);
  for (const char* piece : {"(", "!", "'x'+(", "document.write(", "if(", "s?", "{", "\"", "a.b(", "[", "else if(s)", "/*"}) {
    std::string script = "s='x';";
    while (script.size() < 3'900) script += piece;
    EXPECT_EQ(Printed(script), "") << piece;
  }
}

TEST(Printed, WhatAFieldHolds) {
  const auto strip = [](const std::string& script, const std::string& field) { return ExtractPage(NewsPage(field + "<p>来源：青石日报 公开日期：<span><script>" + script + "</script></span></p>")).published.value_or(""); };
  const std::string write = "document.write(document.getElementById('h_date').value);";
  EXPECT_EQ(strip(write, "<input type=hidden id=h_date value='2020-04-23'>"), "2020-04-23");
  EXPECT_EQ(strip("var d = document.getElementById(\"h_date\").value; document.write(d.substring(0, 10))", "<input type=hidden id=h_date value='2020-04-23 08:30'>"), "2020-04-23");
  EXPECT_EQ(strip(write, "<input type=hidden id=h_other value='2020-04-23'>"), "");
  EXPECT_EQ(strip(write, ""), "");
  EXPECT_EQ(strip("document.write(document.getElementById('h_date').title);", "<input type=hidden id=h_date value='2020-04-23'>"), "");
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "document.write(document.getElementById('x').value);";
  EXPECT_EQ(strip(many.substr(0, 3900), "<input type=hidden id=h_date value='2020-04-23'>"), "");
}

TEST(Printed, SourceAndDateOfAStrip) {
  const struct {
    const char* strip;
    const char* published;
    const char* source;
  } kStrips[] = {
      {"<p>发布时间：2021-11-29<script>var source='青石日报';if(source!=''){document.write('&nbsp;&nbsp;来源：'+source);}</script> 【字体：<a>大</a>】</p>", "2021-11-29", "青石日报"},
      {"<p>日期：2021年11月29日　<script>var l=\"青石市铁路办\";if(l!=\"\")document.write(\"来源：\"+l);</script>　浏览次数：409</p>", "2021-11-29", "青石市铁路办"},
      {"<script>var tm = \"2021-11-29 17:24:11\"; var source = \"青石市商务局\";</script><div><script>document.write(\"信息来源：\"+source+\"　　\"+tm.substring(0,16)+\"　　文章类型：原创\");</script></div>",
       "2021-11-29T17:24:00+08:00", "青石市商务局"},
      {"<div><span>2021-11-29</span><span><script>document.write('来源：<a href=\"#\">青石日报<\\/a>')</script></span></div>", "2021-11-29", "青石日报"},
      {"<table><tr><td>来源：</td><td><script>document.write(\"青石日报\")</script></td><td>时间：</td><td><script>document.write('2021-11-29 08:30:00'.substr(0,10))</script></td></tr></table>", "2021-11-29",
       "青石日报"},
      {"<ul><li>时间：<script>var d='2021-11-29';document.write(d)</script></li><script>var ly='青石日报';if(ly!=''&&ly!=null)document.write('<li>来源：'+ly+'</li>');</script></ul>", "2021-11-29", "青石日报"},
      {"<p>2021-11-29 来源：<script>var s=\"\";if(s==\"\"){document.write(\"青石市林业局\")}else{document.write(s)}</script></p>", "2021-11-29", "青石市林业局"},
      // What is empty stays so.
      {"<p>2021-11-29<script>var source='';if(source!=''){document.write(' 来源：'+source);}</script></p>", "2021-11-29", ""},
  };
  for (const auto& each : kStrips) {
    const model::PageRecord record = ExtractPage(NewsPage(each.strip));
    EXPECT_EQ(record.published.value_or(""), each.published) << each.strip;
    EXPECT_EQ(record.source.value_or(""), each.source) << each.strip;
    EXPECT_EQ(record.body, NewsBody()) << each.strip;
  }
}

}  // namespace
}  // namespace fangzhi::extract
