#include "store/pread_env.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace fangzhi::store {

leveldb::Status ErrnoStatus(const std::string& name) {
  const int error = errno;
  return error == ENOENT ? leveldb::Status::NotFound(name, std::strerror(error)) : leveldb::Status::IOError(name, std::strerror(error));
}

ssize_t PreadFully(int descriptor, uint64_t offset, char* to, size_t size) {
  size_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(descriptor, to + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return static_cast<ssize_t>(done);
}

namespace {

class PreadFile final : public leveldb::RandomAccessFile {
 public:
  PreadFile(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}
  ~PreadFile() override { ::close(descriptor_); }
  PreadFile(const PreadFile&) = delete;
  PreadFile& operator=(const PreadFile&) = delete;

  leveldb::Status Read(uint64_t offset, size_t size, leveldb::Slice* result, char* scratch) const override {
    const ssize_t got = PreadFully(descriptor_, offset, scratch, size);
    // At the end of the file LevelDB finds that too little came.
    *result = leveldb::Slice(scratch, got < 0 ? 0 : static_cast<size_t>(got));
    if (got < 0) return ErrnoStatus(name_);
    return leveldb::Status::OK();
  }

 private:
  const std::string name_;
  const int descriptor_;
};

}  // namespace

leveldb::Status PreadEnv::NewRandomAccessFile(const std::string& name, leveldb::RandomAccessFile** file) {
  *file = nullptr;
  const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return ErrnoStatus(name);
  *file = new PreadFile(name, descriptor);
  return leveldb::Status::OK();
}

}  // namespace fangzhi::store
