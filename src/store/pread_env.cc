#include "store/pread_env.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace fangzhi::store {
namespace {

leveldb::Status ErrorOf(const std::string& name) {
  const int error = errno;
  return error == ENOENT ? leveldb::Status::NotFound(name, std::strerror(error)) : leveldb::Status::IOError(name, std::strerror(error));
}

class PreadFile final : public leveldb::RandomAccessFile {
 public:
  PreadFile(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}
  ~PreadFile() override { ::close(descriptor_); }
  PreadFile(const PreadFile&) = delete;
  PreadFile& operator=(const PreadFile&) = delete;

  leveldb::Status Read(uint64_t offset, size_t size, leveldb::Slice* result, char* scratch) const override {
    size_t done = 0;
    while (done < size) {
      const ssize_t got = ::pread(descriptor_, scratch + done, size - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        *result = leveldb::Slice();
        return ErrorOf(name_);
      }
      if (got == 0) break;  // the end of the file: LevelDB finds that too little came
      done += static_cast<size_t>(got);
    }
    *result = leveldb::Slice(scratch, done);
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
  if (descriptor < 0) return ErrorOf(name);
  *file = new PreadFile(name, descriptor);
  return leveldb::Status::OK();
}

}  // namespace fangzhi::store
