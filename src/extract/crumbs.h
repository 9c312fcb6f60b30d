// 首页 > 新闻中心 > 要闻: the line that says where on its site a page stands. Internal to extract/.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "extract/page_view.h"

namespace fangzhi::extract {

// The path that the page's breadcrumb names as "新闻中心 > 要闻", without the home page and the article itself; empty where none is found. A line that says
// so (您现在的位置：…) or whose element is called so is taken wherever it stands; one that is only built so, above line `end`: short names behind the home
// page's, or links, with arrows between them. `title`: of an article; empty for a list, whose own name is the last crumb.
std::string ColumnOfCrumbs(const PageView& view, std::string_view title, size_t end);

}  // namespace fangzhi::extract
