// What can go wrong on request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "http_server.h"

namespace fangzhi::portal {

struct Faults {
  int slow_ms = 0;        // before every answer
  double reset = 0;       // share of requests answered with a RST
  double cut = 0;         // share of answers cut in the middle with a RST
  double busy = 0;        // share of requests answered 429 or 503 with Retry-After
  int retry_after = 2;    // seconds
  bool length = false;    // pages whose Content-Length is too long, too short
  bool endless = false;   // a page that never ends, one that drips
  bool loop = false;      // redirects in a circle, and without end
  bool calendar = false;  // the trap with endless next links
  bool hostile = false;   // a gzip bomb, broken gzip, deep nesting, binary as HTML, a giant header
  // For everything: "503", "waf", "412", "reset", "silent", "404", "odd" (a block page in words of its own), "homepage" (the home page
  // for every address), "login" (a redirect to one), "captcha"; for articles alone: "articles404", "articles500"; for those of one
  // column: "column404", "columnodd" (200, in words of its own with a number that differs); "cutlists": lists and home page break off;
  // "emptylists": lists without their rows; "listerrors": a template's error in a list's place, 200 as well; empty: none.
  std::string outage;
  double outage_share = 1;  // of the requests that it hits

  // By its name in --faults and /__control/fault; false: no such name or a value out of range.
  bool Set(std::string_view name, std::string_view value);
  std::string Json() const;
  // What the home page links.
  std::vector<std::string> Links() const;
};

// The page under /faults/ or /calendar; false: it does not exist (its fault is not enabled).
bool AnswerFaultPage(const Faults& faults, const Request& request, Response* response);
// True: the outage answers this request.
bool AnswerOutage(const Faults& faults, Response* response);

// One value of a query string, with %XX and + undone; empty: absent.
std::string QueryValue(std::string_view query, std::string_view name);
bool ParseNumber(std::string_view text, double low, double high, double* value);

}  // namespace fangzhi::portal
