// LevelDB maps its tables into memory: a process's resident memory then grows with the index, up to 2 GB. Here tables are read
// with pread, so that what is kept of them is what the block cache holds.
#pragma once

#include <leveldb/env.h>

namespace fangzhi::store {

// `target` does all else.
class PreadEnv : public leveldb::EnvWrapper {
 public:
  explicit PreadEnv(leveldb::Env* target) : EnvWrapper(target) {}
  leveldb::Status NewRandomAccessFile(const std::string& name, leveldb::RandomAccessFile** file) override;
};

}  // namespace fangzhi::store
