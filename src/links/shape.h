// What the address of a page says about it: the URL forms of the common content management systems, and the forms that
// articles and lists have in general (a number or a date that names one text; an index, a column, a page of a column).
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "url/url.h"

namespace fangzhi::links {

enum class Shape {
  kArticle,     // names one text
  kList,        // names a column or a page of it
  kHome,        // the root of a host
  kUnknown,     // the anchor's text must tell
  kAttachment,  // a document
  kMedia,       // an image, a style sheet, a script
  kFeed,
  kTrap,        // a mirror, print view, calendar, search, share or log-in page
};

// Whether `text` is one of some words.
template <size_t n>
bool IsOneOf(std::string_view text, const std::array<std::string_view, n>& words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) {
    return word.size() == text.size() && word[0] == text[0] && word == text;  // most differ in one of the first two
  });
}

Shape ShapeOf(const url::Url& url);

// Whether the address is of another view of what the site shows elsewhere: for printers, for readers who need larger letters, a calendar's day.
bool IsOtherView(const url::Url& url);

// Whether the address has a whole day, as those of texts have and those of columns have not: /2022/9/7/, /2022-09/07/, /20220907/, t20220907_2205.html.
bool NamesDay(const url::Url& url);

// A name that is a number; an empty one is none.
bool AllDigits(std::string_view text);

// A gateway that shows a page in the other script, /gate/big5/www.example.gov.cn/a.htm: the page itself.
std::optional<url::Url> BehindGate(const url::Url& url);

// The part of a host that all hosts of one organisation have: its registrable domain, as far as it can be told without a list.
std::string_view SiteOf(std::string_view host);

}  // namespace fangzhi::links
