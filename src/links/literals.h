// Addresses that stand as string literals in scripts. No script is run: a literal is taken only where the call or the
// assignment around it says that it is an address, and never where it is one part of a sum.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::links {

// An address by its looks: absolute, from the root, ./…, ../…, or a name with the extension of a page or a document.
bool LooksLikeUrl(std::string_view text);

// The targets of an event handler or a javascript: URL: location.href='…', window.open("…"), jumpToDetail('…').
std::vector<std::string> HandlerTargets(std::string_view script);

// What stands before and behind the chosen value in the address that a <select>'s handler goes to, location.href='/news.asp?page='+this.value+'&c=3';
// nullopt where it goes nowhere, or where something else is added than literals and the value.
struct AroundChoice {
  std::string before, after;
};
std::optional<AroundChoice> ReadAroundChoice(std::string_view script);

// The markup that a script writes into the page, document.write("<li><a href='…'>…"), as far as its parts are literals; empty where no link is in it.
std::string WrittenMarkup(std::string_view script);

// A TRS pager, createPageHTML(total, current, "index", "html") and its variants: index.html, index_1.html, …
struct Pager {
  uint64_t total = 0;  // pages
  std::optional<uint64_t> items;
  std::string stem, extension;
};
std::optional<Pager> ReadPager(std::string_view script);

// Click counters that a script asks for by numbers (VSB): root-relative addresses.
std::vector<std::string> CounterTargets(std::string_view script);

}  // namespace fangzhi::links
