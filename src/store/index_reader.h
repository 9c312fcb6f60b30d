// Reading the entries from one moment of the database.
#pragma once

#include <memory>

#include "store/database.h"
#include "store/index.h"

namespace fangzhi::store {

std::shared_ptr<const IndexReader> NewIndexReader(std::shared_ptr<Database> database);

}  // namespace fangzhi::store
