// LevelDB maps its tables into memory: a process's resident memory then grows with the index, up to 2 GB. Here tables are read
// with pread, so that what is kept of them is what the block cache holds.
#pragma once

#include <leveldb/env.h>
#include <sys/types.h>

#include <cstdint>
#include <string>

namespace fangzhi::store {

// What errno says of `name`.
leveldb::Status ErrnoStatus(const std::string& name);
// Reads until `size` bytes are there or the file ends; the number of bytes, or -1 and errno.
ssize_t PreadFully(int descriptor, uint64_t offset, char* to, size_t size);

// `target` does all else.
class PreadEnv : public leveldb::EnvWrapper {
 public:
  explicit PreadEnv(leveldb::Env* target) : EnvWrapper(target) {}
  leveldb::Status NewRandomAccessFile(const std::string& name, leveldb::RandomAccessFile** file) override;
};

}  // namespace fangzhi::store
