#include "model/counter_addresses.h"

#include <gtest/gtest.h>

#include <string>

namespace fangzhi::model {
namespace {

TEST(CounterAddresses, BeaconsAreKnownWhereverTheyStand) {
  for (const char* address :
       {"/system/resource/code/news/click/addclicktimes.jsp?wburlid=5&owner=1&type=wbnews", "http://www.example.gov.cn/system/resource/code/datainput.jsp?owner=1",
        "/module/visitcount/visit.jsp?type=1&i_webid=15", "/vc/vc/interface/visit.jsp?type=3&i_webid=59", "../_visitcount?siteId=68&type=1", "/SS.Hits/hits/1/2/3",
        "/channel_view.jspx?channelId=3", "/flow_statistic.jspx?page=x", "/wp-admin/admin-ajax.php?action=postviews&postviews_id=7", "/plus/count.php?aid=77",
        "/DATAINPUT.JSP?owner=1", "//hm.baidu.com/hm.js?abc", "https://s4.cnzz.com/z_stat.php?id=1"}) {
    EXPECT_TRUE(IsBeacon(address)) << address;
    EXPECT_FALSE(CounterAt(address).has_value()) << address;
    EXPECT_TRUE(CountsWhenLoaded(address)) << address;
  }
  // Articles whose addresses have something of it.
  for (const char* address : {"/zwdt/visitcount/2024/t20240501_1.html", "/info/1074/64481.htm", "/a/digging-wells.html", "/xw/cnzz.com.html", "/view.asp?id=3",
                              "/_visitcountdisplay?siteId=2&type=3&articleId=9", "/list.jsp?action=post", "/visit.jsp?id=3", ""}) {
    EXPECT_FALSE(IsBeacon(address)) << address;
  }
}

TEST(CounterAddresses, WhatCountsWhenItIsLoadedWithAPage) {
  for (const char* address : {"/hits.asp", "/hits.asp?id=9", "/api/hits/7", "/inc/count.php?x=1", "/e/public/ViewClick/?classid=3&id=12&down=5", "/zan.php?id=3",
                              "/online.asp", "/digg.php?id=4", "/plus/count.php?view=yes&aid=77", "/include/hits.php?type=news&id=10"}) {
    EXPECT_TRUE(CountsWhenLoaded(address)) << address;
  }
  for (const char* address : {"/images/click.gif", "/js/browse.js?id=3", "/img/digg.png", "/css/count.css", "/upload/202405/hits_1.jpg", "/js/jquery.hits.js", "/js/count.js",
                              "/pic/online.jpg", "/player.swf?id=3"}) {
    EXPECT_FALSE(CountsWhenLoaded(address)) << address;
  }
}

TEST(CounterAddresses, CallsAndAddressesAgree) {
  const auto clicks = AddressOfCall("_showDynClicks", {"wbnews", "15", "4494"});
  EXPECT_EQ(clicks, "/system/resource/code/news/click/dynclicks.jsp?clickid=4494&owner=15&clicktype=wbnews");
  const auto batch = AddressOfCall("_showDynClickBatch", {"", "3201, 3194", "wbnews", "9"});
  EXPECT_EQ(batch, "/system/resource/code/news/click/dynclicksbatch.jsp?clickids=3201,3194&owner=9&clicktype=wbnews");
  for (const auto& address : {clicks, batch, AddressOfCall("getClickTimes", {"1", "2", "wbnews"})}) {
    ASSERT_TRUE(address.has_value());
    const auto counter = CounterAt(*address);
    ASSERT_TRUE(counter.has_value()) << *address;
    EXPECT_EQ(counter->kind, "vsb");
    EXPECT_TRUE(IsReadOnly(*counter));
  }
  EXPECT_FALSE(AddressOfCall("_showDynClicks", {"type", "owner", "id"}));
  EXPECT_FALSE(AddressOfCall("_showDynClickBatch", {"ids", "x,y", "wbnews", "9"}));
  EXPECT_FALSE(AddressOfCall("getClickTimes", {"1", "2", "wbnewsfile", "nattach"}));
  EXPECT_FALSE(AddressOfCall("other", {"wbnews", "15", "4494"}));
}

TEST(CounterAddresses, LongAddressesAreNone) {
  const std::string address = "/hits.asp?id=" + std::string(100'000, '1');
  EXPECT_FALSE(IsBeacon(address) || CounterAt(address) || CountsWhenLoaded(address));
}

}  // namespace
}  // namespace fangzhi::model
