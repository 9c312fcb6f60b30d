#include "serve/config_watch.h"

#include <sys/stat.h>

#include "base/files.h"

namespace fangzhi::serve {

ConfigWatch::ConfigWatch(std::string directory) : directory_(std::move(directory)), known_(Look()), last_(known_) {}

std::string ConfigWatch::Look() const {
  std::string seen;
  const auto add = [&seen](const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return;
    seen += path + '\0' + std::to_string(status.st_ino) + ' ' + std::to_string(status.st_size) + ' ' +
            std::to_string(status.st_mtim.tv_sec) + '.' + std::to_string(status.st_mtim.tv_nsec) + '\n';
  };
  add(directory_ + "/fangzhi.toml");
  const auto names = PosixFileSystem().List(directory_ + "/sites");
  if (!names) return seen;
  for (const std::string& name : *names) {
    if (name.ends_with(".toml") && name.front() != '.') add(directory_ + "/sites/" + name);
  }
  return seen;
}

bool ConfigWatch::Changed() {
  std::string now = Look();
  const bool still = now == last_;
  last_ = std::move(now);
  if (!still || last_ == known_) return false;
  known_ = last_;
  return true;
}

}  // namespace fangzhi::serve
