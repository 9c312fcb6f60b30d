#include "support/places.h"

namespace fangzhi::test {

std::string SourceDirectory() { return FANGZHI_SOURCE_DIR; }
std::string BuildDirectory() { return FANGZHI_BINARY_DIR; }

}  // namespace fangzhi::test
