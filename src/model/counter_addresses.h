// Addresses of click counters, as they are known of the content management systems (DOMAIN 1.1): which answer a number and what asking does, and which
// only count. One table for all who look: what reads a page's counter, what tells the kinds of links, what decides whether an address is fetched at all.
// Addresses may be absolute or relative, as they are written in a page. Pure, thread-safe; time is linear in the address.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/page.h"

namespace fangzhi::model {

// Requests that only count: a site's statistics take a reading for each, and no number comes back. Never asked, whatever leads to them.
bool IsBeacon(std::string_view address);

// The counter that answers at `address`, which Counter::url takes over without the parameters that make it count. Of kind "generic" by the names that
// home-made programs have, and only where an article's number is in it. nullopt: none, or one of something else (downloads, votes, comments).
std::optional<Counter> CounterAt(std::string_view address);

// Whether fetching `address` as a part of a page, as a browser would, may count something: a beacon, a counter, or by its name one of something else than
// an article's readings (votes, readers online).
bool CountsWhenLoaded(std::string_view address);

// The calls by which pages of VSB name their counters, and the address that such a call asks: the arguments are literals, without their quotes; an
// array's is its content. nullopt where they are no counter's (a definition's names, downloads).
inline constexpr std::array<std::string_view, 3> kCounterCalls = {"_showDynClicks", "_showDynClickBatch", "getClickTimes"};
std::optional<std::string> AddressOfCall(std::string_view call, const std::vector<std::string>& arguments);

}  // namespace fangzhi::model
