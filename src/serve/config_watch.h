// Notices that the configuration's files changed: by names, sizes and times, looked at by the caller now and then. A change is reported once it
// has held still between two looks, so that an editor is not read in the middle of its work. Not thread-safe.
#pragma once

#include <string>

namespace fangzhi::serve {

class ConfigWatch {
 public:
  explicit ConfigWatch(std::string directory);
  // True once for each change.
  bool Changed();

 private:
  std::string Look() const;
  std::string directory_, known_, last_;
};

}  // namespace fangzhi::serve
