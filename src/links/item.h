// What stands around a link: the date in its list item, and whether it stands in a navigation bar.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "html/html.h"

namespace fangzhi::links {

// "2021-11-29" from "发布时间：2021年11月29日", "[2021/11/29]", "2021.11.29"…; empty where there is none.
std::string DateIn(std::string_view text);

class ItemReader {
 public:
  explicit ItemReader(const html::Document& document) : document_(document) {}
  // The date of the list item that holds the node: the nearest li, tr, dd or small block that has one.
  const std::string& DateAround(html::NodeIndex node);
  bool InNavigation(html::NodeIndex node);

 private:
  std::string ReadDate(html::NodeIndex item) const;

  const html::Document& document_;
  std::unordered_map<html::NodeIndex, std::string> dates_;
  std::unordered_map<html::NodeIndex, bool> navigation_;
  std::string none_;
};

}  // namespace fangzhi::links
