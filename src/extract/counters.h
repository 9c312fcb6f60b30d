// Click counters that are loaded by a second request: which URL answers the number, and what asking it does
// (DOMAIN: counters). Internal to extract/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "extract/page_view.h"
#include "model/page.h"
#include "url/url.h"

namespace fangzhi::extract {

// `wanted`: the page has a place for a number and no number, so that the ids in its address are worth a request.
// `place` becomes the element that loads the number.
std::optional<model::Counter> FindCounter(const PageView& view, const url::Url& page_url, const url::Url& base_url, bool wanted,
                                          html::NodeIndex* place = nullptr);

// One request for the articles of a whole page (VSB, Sudy). `pages` is left empty: links/ knows the articles.
std::optional<model::CounterBatch> FindCounterBatch(const PageView& view, const url::Url& page_url);

}  // namespace fangzhi::extract
