// Where this tree and its build lie. Compiled once, so that no other test depends on the folder it is built in: the compiler cache then serves every
// copy of the tree.
#pragma once

#include <string>

namespace fangzhi::test {

std::string SourceDirectory();
std::string BuildDirectory();

}  // namespace fangzhi::test
