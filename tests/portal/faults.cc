#include "faults.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "files.h"
#include "random.h"

namespace fangzhi::portal {
namespace {

constexpr std::string_view kHead = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>";

std::string SmallPage(std::string_view title, std::string_view html) {
  return std::string(kHead)
      .append(title)
      .append("</title></head><body>\n")
      .append(html)
      .append("</body></html>\n");
}

bool ParseSwitch(std::string_view value, bool* on) {
  if (value == "1" || value == "on" || value.empty()) {
    *on = true;
  } else if (value == "0" || value == "off") {
    *on = false;
  } else {
    return false;
  }
  return true;
}

void Redirect(const std::string& to, Response* response) {
  response->status = 302;
  response->headers = "Location: " + to + "\r\n";
}

void AnswerCalendar(const Request& request, Response* response) {
  double year = 2024;
  double month = 6;
  ParseNumber(QueryValue(request.query, "y"), 1, 99999, &year);
  ParseNumber(QueryValue(request.query, "m"), 1, 12, &month);
  const int y = static_cast<int>(year);
  const int m = static_cast<int>(month);
  const auto link = [](int to_year, int to_month, std::string_view text) {
    return "<a href=\"/calendar?y=" + std::to_string(to_year) + "&amp;m=" + std::to_string(to_month) + "\">" +
           std::string(text) + "</a>\n";
  };
  std::string html = "<h1>" + std::to_string(y) + "年" + std::to_string(m) + "月</h1>\n";
  html += link(m == 1 ? y - 1 : y, m == 1 ? 12 : m - 1, "上月");
  html += link(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, "下月");
  for (int day = 1; day <= 28; ++day) {
    html += "<a href=\"/calendar?y=" + std::to_string(y) + "&amp;m=" + std::to_string(m) +
            "&amp;d=" + std::to_string(day) + "\">" + std::to_string(day) + "</a>\n";
  }
  response->body = SmallPage("工作日历", html);
}

bool AnswerHostile(std::string_view name, Response* response) {
  if (name == "bomb.html") {
    response->headers = "Content-Encoding: gzip\r\n";
    response->body = GzipBomb(256ULL << 20);
  } else if (name == "bad-gzip.html") {
    response->headers = "Content-Encoding: gzip\r\n";
    response->body = Gzip(SmallPage("坏压缩", "<p>正文</p>"));
    response->body.replace(20, 8, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
  } else if (name == "deep.html") {
    std::string html;
    for (int i = 0; i < 200000; ++i) html += "<div>";
    response->body = SmallPage("深层嵌套", html + "<p>底</p>");
  } else if (name == "binary.html") {
    Random random(7);
    for (int i = 0; i < 65536; ++i) response->body += static_cast<char>(random.Below(256));
  } else if (name == "header.html") {
    response->headers = "X-Filler: " + std::string(2 << 20, 'a') + "\r\n";
    response->body = SmallPage("大报头", "<p>正文</p>");
  } else if (name == "bare-lf.html") {
    const std::string body = SmallPage("裸换行", "<p>正文</p>");
    response->raw = true;
    response->body = "HTTP/1.0 200 OK\nContent-Type: text/html; charset=utf-8\n\n" + body;
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool ParseNumber(std::string_view text, double low, double high, double* value) {
  const std::string copy(text);
  char* end = nullptr;
  const double number = std::strtod(copy.c_str(), &end);
  if (copy.empty() || *end != '\0' || !std::isfinite(number) || number < low || number > high) return false;
  *value = number;
  return true;
}

std::string QueryValue(std::string_view query, std::string_view name) {
  for (size_t from = 0; from <= query.size();) {
    const size_t end = std::min(query.find('&', from), query.size());
    const std::string_view part = query.substr(from, end - from);
    from = end + 1;
    if (part.substr(0, name.size()) != name || part.size() <= name.size() || part[name.size()] != '=')
      continue;
    const std::string_view raw = part.substr(name.size() + 1);
    std::string value;
    for (size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '+') {
        value += ' ';
      } else if (raw[i] == '%' && i + 2 < raw.size()) {
        value += static_cast<char>(std::strtol(std::string(raw.substr(i + 1, 2)).c_str(), nullptr, 16));
        i += 2;
      } else {
        value += raw[i];
      }
    }
    return value;
  }
  return {};
}

bool Faults::Set(std::string_view name, std::string_view value) {
  double number = 0;
  if (name == "slow" || name == "retry-after") {
    if (!ParseNumber(value, 0, 3600000, &number)) return false;
    (name == "slow" ? slow_ms : retry_after) = static_cast<int>(number);
    return true;
  }
  if (name == "outage-share") {
    if (!ParseNumber(value, 0, 1, &number)) return false;
    outage_share = number;
    return true;
  }
  if (name == "reset" || name == "cut" || name == "busy") {
    if (!ParseNumber(value, 0, 1, &number)) return false;
    (name == "reset" ? reset : name == "cut" ? cut : busy) = number;
    return true;
  }
  if (name == "outage") {
    if (value == "off" || value == "0") value = {};
    constexpr std::string_view kOutages[] = {"503",  "waf", "412",      "reset", "silent",  "404",
                                             "odd", "homepage", "login", "captcha", "articles404", "articles500", "column404", "columnodd", "cutlists", "emptylists", "listerrors"};
    if (!value.empty() && std::find(std::begin(kOutages), std::end(kOutages), value) == std::end(kOutages)) return false;
    outage = value;
    return true;
  }
  if (name == "length") return ParseSwitch(value, &length);
  if (name == "endless") return ParseSwitch(value, &endless);
  if (name == "loop") return ParseSwitch(value, &loop);
  if (name == "calendar") return ParseSwitch(value, &calendar);
  if (name == "hostile") return ParseSwitch(value, &hostile);
  return false;
}

std::string Faults::Json() const {
  const auto share = [](double value) { return std::to_string(value); };
  const auto yes = [](bool value) { return std::string(value ? "true" : "false"); };
  return "{\"slow\":" + std::to_string(slow_ms) + ",\"reset\":" + share(reset) + ",\"cut\":" + share(cut) +
         ",\"busy\":" + share(busy) + ",\"retry_after\":" + std::to_string(retry_after) +
         ",\"length\":" + yes(length) + ",\"endless\":" + yes(endless) + ",\"loop\":" + yes(loop) +
         ",\"calendar\":" + yes(calendar) + ",\"hostile\":" + yes(hostile) +
         ",\"outage_share\":" + share(outage_share) + ",\"outage\":" + (outage.empty() ? "null" : "\"" + outage + "\"") + "}";
}

std::vector<std::string> Faults::Links() const {
  std::vector<std::string> links;
  const auto add = [&links](bool enabled, std::initializer_list<const char*> paths) {
    if (enabled) links.insert(links.end(), paths.begin(), paths.end());
  };
  add(length, {"/faults/length-long.html", "/faults/length-short.html"});
  add(endless, {"/faults/endless.html", "/faults/drip.html"});
  add(loop, {"/faults/loop-a.html", "/faults/chain/0"});
  add(hostile, {"/faults/bomb.html", "/faults/bad-gzip.html", "/faults/deep.html", "/faults/binary.html",
                "/faults/header.html", "/faults/bare-lf.html"});
  add(calendar, {"/calendar?y=2024&amp;m=6"});
  return links;
}

bool AnswerFaultPage(const Faults& faults, const Request& request, Response* response) {
  response->content_type = "text/html; charset=utf-8";
  if (request.path == "/calendar" && faults.calendar) {
    AnswerCalendar(request, response);
    return true;
  }
  if (request.path.rfind("/faults/", 0) != 0) return false;
  const std::string name = request.path.substr(8);
  if (faults.length && (name == "length-long.html" || name == "length-short.html")) {
    std::string html;
    for (int i = 0; i < 100; ++i) html += "<p>报头所说的长度与正文不符。</p>\n";
    response->body = SmallPage("长度不符", html);
    response->length_shift = name == "length-long.html" ? 5000 : -1000;
    return true;
  }
  if (faults.endless && name == "endless.html") {
    response->body = std::string(kHead) + "没有尽头</title></head><body>\n";
    response->more = [](std::string* out) {
      for (int i = 0; i < 1000; ++i) out->append("<p>这一页没有尽头，请勿等待。</p>\n");
      return true;
    };
    return true;
  }
  if (faults.endless && name == "drip.html") {
    response->body = std::string(kHead) + "滴漏</title></head><body>\n";
    response->more = [](std::string* out) {
      out->append(".");
      return true;
    };
    response->more_interval_ms = 1000;
    return true;
  }
  if (faults.loop && (name == "loop-a.html" || name == "loop-b.html")) {
    Redirect(name == "loop-a.html" ? "/faults/loop-b.html" : "/faults/loop-a.html", response);
    return true;
  }
  if (faults.loop && name.rfind("chain/", 0) == 0) {
    Redirect("/faults/chain/" + std::to_string(std::strtoul(name.c_str() + 6, nullptr, 10) + 1), response);
    return true;
  }
  return faults.hostile && AnswerHostile(name, response);
}

bool AnswerOutage(const Faults& faults, Response* response) {
  if (faults.outage.empty()) return false;
  response->content_type = "text/html; charset=utf-8";
  if (faults.outage == "503") {
    response->status = 503;
    response->headers = "Retry-After: " + std::to_string(faults.retry_after) + "\r\n";
    response->body = SmallPage("503 Service Temporarily Unavailable",
                               "<center><h1>503 Service Temporarily Unavailable</h1></center>");
  } else if (faults.outage == "waf") {
    response->body =
        SmallPage("访问被拦截",
                  "<div class=\"block\"><h1>您的访问可能对网站造成危险，已被云防护安全拦截</h1>"
                  "<p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p></div>");
  } else if (faults.outage == "412") {
    response->status = 412;
    response->body =
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta content=\"" + std::string(60, 'q') +
        "\" r=\"m\"><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=12345;$_ts.cd=\"qq\";</script>"
        "<script src=\"/4QbVtADbnLVIc/c.FxJzG50F.js\" r='m'></script></head><body></body></html>";
  } else if (faults.outage == "404") {
    response->status = 404;
    response->body = SmallPage("404 Not Found", "<h1>Not Found</h1><p>The requested URL was not found on this server.</p>");
  } else if (faults.outage == "login") {
    Redirect("/uc/login.jsp?from=portal", response);
  } else if (faults.outage == "captcha") {
    response->body = SmallPage("安全验证", "<div><h1>请完成安全验证</h1><p>请拖动滑块完成拼图</p><input name=\"captcha\"></div>");
  } else if (faults.outage == "reset") {
    response->reset = true;
  } else if (faults.outage == "silent") {
    response->silent = true;
  } else {
    return false;  // of the articles, or in the site's own words: the portal's
  }
  return true;
}

}  // namespace fangzhi::portal
