// The rows that links stand in: what a reader takes for an item of a list, its title, its day, and the items that are its like.
// Internal to links/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "html/html.h"
#include "links/hash_index.h"

namespace fangzhi::links {

// Characters of a title: Han and the like one each, a word of another script two, or one when it is short. Digits and signs are none.
size_t TitleLength(std::string_view title);

// The place of one link on the page.
struct Item {
  std::string title;   // what a reader takes for the title, without the day
  std::string date;    // "2021-11-29", empty where no whole day stands with it
  int month = 0, day = 0;  // of a day without its year
  bool dated = false;  // a day stands with it, if only as 11-29
  bool navigation = false;  // in a navigation bar, a head or a foot
  bool footer = false;
  uint32_t block = 0;  // items of one form in one place have one number
};

// Reads the rows of a document, all at once: whether a day stands before or after its link shows only from many of them.
// Linear in the number of nodes, but for bounded climbs.
class ItemReader {
 public:
  // Blocks are numbered from `first_block`. `republic_years`: see DayScan.
  ItemReader(const html::Document& document, uint32_t first_block, bool republic_years);
  // nullptr where the node is no link.
  const Item* Find(html::NodeIndex anchor) const;
  uint32_t blocks() const { return static_cast<uint32_t>(blocks_.size()); }
  size_t links() const { return holders_.size(); }

 private:
  struct Holder {
    html::NodeIndex node;
    uint32_t target;          // equal for neighbours with one address
    html::NodeIndex item = 0; // the largest element around it without another link
    html::NodeIndex room = 0; // where its day may stand
    html::NodeIndex list = 0; // the first element around it with links enough
    uint32_t ordinal = 0;     // of its link in the row, from 1; 0: it is in none
    Item facts;
  };

  void FindHolders();
  size_t FirstHolderFrom(html::NodeIndex node) const;
  size_t Links(html::NodeIndex node) const;
  void Place(Holder& holder);
  uint32_t BlockOf(uint32_t number);
  void ReadDays();
  void ReadZone(Holder& holder);
  void ReadTitle(Holder& holder);

  const html::Document& document_;
  const uint32_t first_block_;
  const bool republic_years_;
  std::vector<Holder> holders_;
  std::vector<uint32_t> first_from_;  // for each node and the end the first holder at or behind it
  HashIndex by_form_;
  std::vector<uint32_t> blocks_;  // a holder of each
  std::vector<uint8_t> zones_;  // of each node, where it is known
};

}  // namespace fangzhi::links
