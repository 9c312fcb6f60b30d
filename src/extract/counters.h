// Click counters that are loaded by a second request: which URL answers the number, and what asking it does
// (DOMAIN: counters). Internal to extract/.
#pragma once

#include <optional>

#include "extract/page_view.h"
#include "model/page.h"
#include "url/url.h"

namespace fangzhi::extract {

std::optional<model::Counter> FindCounter(const PageView& view, const url::Url& page_url,
                                          const url::Url& base_url);

}  // namespace fangzhi::extract
