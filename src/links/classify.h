// What an anchor most likely leads to: from its address, its title, its row, and the links that are its like. Internal to links/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "links/shape.h"
#include "model/page.h"
#include "url/url.h"

namespace fangzhi::links {

// Links that have one form of address, or stand in one form of row.
struct LikeFacts {
  uint32_t members = 0, length = 0, dated = 0, articles = 0, lists = 0;
  void Add(size_t title_length, bool is_dated, Shape shape);
  uint32_t mean() const { return members == 0 ? 0 : length / members; }
  bool MostlyDated() const { return dated * 2 >= members && dated > 0; }
};

struct AnchorFacts {
  const url::Url& url;
  std::string_view text;
  Shape shape = Shape::kUnknown;
  bool same_site = true;
  bool dated = false, navigation = false, footer = false;
  const LikeFacts& form;   // links with the same form of address
  const LikeFacts& block;  // links in the same place
};

// What the form of an address alone decides; nullopt where it does not.
std::optional<model::LinkKind> ShapeKind(Shape shape);
model::LinkKind AnchorKind(const AnchorFacts& anchor);

// Links of one template have one form of address: the host, the folders without their numbers, and the extension.
std::string FormOf(const url::Url& url);

// Words of a pager or of a "more" link. Digits alone are the number of a page, unless the address names a text.
bool IsPagerText(std::string_view text, Shape shape);
// Words that lead to another view of the site or the page: 打印, 无障碍浏览, 长者版.
bool IsOtherViewText(std::string_view text);

// A link that does something instead of showing it: 点赞, 投票, 删除, 收藏, 退出, /digg.php?id=7, ?action=like. A reader does that once, on purpose; a crawler
// would do it for every article in every run, and falsify what the site counts. Told by the name of the program or of its action, or by a word of few
// characters on a link to a program about one thing; a page about votes is none.
bool IsAction(const url::Url& url, std::string_view text, Shape shape);

}  // namespace fangzhi::links
