// Rows of a list that are data: an object with a title and an address, in the answer to a request or in a script of the page. Internal to links/.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fangzhi::links {

struct DataRow {
  std::string title, address;
  std::string date;  // "2021-11-29", empty where none is given
};

// Reads one object, field by field: of the names that systems give a title, an address and a day the surest counts.
class RowFields {
 public:
  void Take(std::string_view name, std::string_view value);
  // nullopt where title or address is missing.
  std::optional<DataRow> Row() const;

 private:
  std::string title_, address_, date_;
  size_t title_rank_ = SIZE_MAX, address_rank_ = SIZE_MAX, date_rank_ = SIZE_MAX;
};

// The rows that an inline script holds as literals, var list = [{title: '…', url: '…'}, …], {"data": [{…}]}, [["…", "/a/1.html"], …], list.push({…}), group by group, as far as a
// group looks like a list of news: a menu is written the same way. No script is run. Linear in the script's length.
void FindScriptRows(std::string_view script, const std::function<void(std::vector<DataRow>&)>& found);

}  // namespace fangzhi::links
