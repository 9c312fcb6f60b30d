#include "base/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

namespace fangzhi {
namespace {

namespace fs = std::filesystem;

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> WriteAll(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return Fail(ErrnoError("cannot write", path, errno));
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

class PosixAppendFile final : public AppendFile {
 public:
  PosixAppendFile(int descriptor, std::string path, uint64_t size)
      : descriptor_(descriptor), path_(std::move(path)), size_(size) {}
  ~PosixAppendFile() override { ::close(descriptor_); }

  Result<void> Append(std::string_view bytes) override {
    FZ_TRY(WriteAll(descriptor_, bytes, path_));
    size_ += bytes.size();
    return {};
  }
  Result<void> Sync() override {
    if (::fdatasync(descriptor_) != 0) return Fail(ErrnoError("cannot sync", path_, errno));
    return {};
  }
  uint64_t size_bytes() const override { return size_; }

 private:
  int descriptor_;
  std::string path_;
  uint64_t size_;
};

class RealFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path) override {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor < 0) return Fail(ErrnoError("cannot open for appending", path, errno));
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) {
      const int error_number = errno;
      ::close(descriptor);
      return Fail(ErrnoError("cannot stat", path, error_number));
    }
    return std::unique_ptr<AppendFile>(
        std::make_unique<PosixAppendFile>(descriptor, path, static_cast<uint64_t>(status.st_size)));
  }

  Result<std::string> ReadAt(const std::string& path, uint64_t offset, uint64_t length) override {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return Fail(ErrnoError("cannot open", path, errno));
    std::string bytes;
    struct stat status {};
    if (::fstat(descriptor, &status) == 0) {
      const uint64_t size = static_cast<uint64_t>(status.st_size);
      length = offset >= size ? 0 : std::min(length, size - offset);
    }
    bytes.resize(length);
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t got =
          ::pread(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        const int error_number = errno;
        ::close(descriptor);
        return Fail(ErrnoError("cannot read", path, error_number));
      }
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    ::close(descriptor);
    bytes.resize(done);
    return bytes;
  }

  Result<uint64_t> FileSize(const std::string& path) override {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return Fail(ErrnoError("cannot stat", path, errno));
    return static_cast<uint64_t>(status.st_size);
  }

  Result<void> Truncate(const std::string& path, uint64_t size_bytes) override {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return Fail(ErrnoError("cannot open", path, errno));
    const bool done = ::ftruncate(descriptor, static_cast<off_t>(size_bytes)) == 0 && ::fsync(descriptor) == 0;
    const int error_number = errno;
    ::close(descriptor);
    if (!done) return Fail(ErrnoError("cannot truncate", path, error_number));
    return {};
  }

  Result<void> Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return Fail(ErrnoError("cannot rename to " + to, from, errno));
    FZ_TRY(SyncDirectory(DirectoryOf(to)));
    if (DirectoryOf(from) != DirectoryOf(to)) FZ_TRY(SyncDirectory(DirectoryOf(from)));
    return {};
  }

  Result<void> CreateDirectories(const std::string& path) override {
    // Level by level from the first that is missing: each one's entry is made durable in the directory above.
    std::vector<std::string> missing;
    std::string level = path;
    while (level.size() > 1 && level.back() == '/') level.pop_back();
    missing.push_back(level);
    std::error_code code;
    for (std::string above = DirectoryOf(level); !fs::exists(above, code) && above != DirectoryOf(above); above = DirectoryOf(above)) missing.push_back(above);
    for (auto each = missing.rbegin(); each != missing.rend(); ++each) {
      fs::create_directory(*each, code);
      if (code) return Fail(ErrnoError("cannot create directory", *each, code.value()));
      FZ_TRY(SyncDirectory(DirectoryOf(*each)));
    }
    return {};
  }

  Result<std::vector<std::string>> List(const std::string& path) override {
    std::error_code code;
    std::vector<std::string> names;
    for (fs::directory_iterator it(path, code), end; !code && it != end; it.increment(code)) {
      names.push_back(it->path().filename().string());
    }
    if (code) return Fail(ErrnoError("cannot list", path, code.value()));
    std::sort(names.begin(), names.end());
    return names;
  }

  bool Exists(const std::string& path) override {
    std::error_code code;
    return fs::exists(path, code);
  }

  Result<void> SyncDirectory(const std::string& path) override {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return Fail(ErrnoError("cannot open directory", path, errno));
    const bool done = ::fsync(descriptor) == 0;
    const int error_number = errno;
    ::close(descriptor);
    if (!done) return Fail(ErrnoError("cannot sync directory", path, error_number));
    return {};
  }

  Result<void> RemoveAll(const std::string& path) override {
    std::error_code code;
    fs::remove_all(path, code);
    if (code) return Fail(ErrnoError("cannot remove", path, code.value()));
    return {};
  }
};

}  // namespace

FileSystem& PosixFileSystem() {
  static RealFileSystem files;
  return files;
}

Result<std::string> ReadFile(const std::string& path, uint64_t limit_bytes) {
  const bool standard_input = path == "-";
  const int descriptor = standard_input ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return Fail(ErrnoError("cannot open", path, errno));
  std::string bytes;
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
      static_cast<uint64_t>(status.st_size) <= limit_bytes) {
    bytes.reserve(static_cast<size_t>(status.st_size) + 1);
  }
  Error error;
  bool failed = false;
  while (true) {
    constexpr size_t kPiece = size_t{256} << 10;
    const size_t before = bytes.size();
    bytes.resize(std::max(before + 4096, std::min(bytes.capacity(), before + kPiece)));
    const ssize_t got = ::read(descriptor, bytes.data() + before, bytes.size() - before);
    bytes.resize(before + (got > 0 ? static_cast<size_t>(got) : 0));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      error = ErrnoError("cannot read", standard_input ? "standard input" : path, errno);
      failed = true;
      break;
    }
    if (got == 0) break;
    if (bytes.size() > limit_bytes) {
      error = {ErrorKind::kLimit, "larger than " + std::to_string(limit_bytes) + " bytes",
               standard_input ? "standard input" : path};
      failed = true;
      break;
    }
  }
  if (!standard_input) ::close(descriptor);
  if (failed) return Fail(std::move(error));
  return bytes;
}

Result<void> WriteFileAtomically(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".new";
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return Fail(ErrnoError("cannot create", temporary, errno));
  auto written = WriteAll(descriptor, bytes, temporary);
  const bool synced = ::fsync(descriptor) == 0;
  const int error_number = errno;
  ::close(descriptor);
  FZ_TRY(std::move(written));
  if (!synced) return Fail(ErrnoError("cannot sync", temporary, error_number));
  return PosixFileSystem().Rename(temporary, path);
}

Result<FileLock> FileLock::Acquire(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return Fail(ErrnoError("cannot open lock file", path, errno));
  // Whoever only asks whether it is held has it for a moment.
  int locked = ::flock(descriptor, LOCK_EX | LOCK_NB);
  for (int again = 0; locked != 0 && errno == EWOULDBLOCK && again < 10; ++again) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    locked = ::flock(descriptor, LOCK_EX | LOCK_NB);
  }
  if (locked != 0) {
    const int error_number = errno;
    char holder[64] = {};
    const ssize_t got = ::pread(descriptor, holder, sizeof holder - 1, 0);
    ::close(descriptor);
    if (error_number != EWOULDBLOCK) return Fail(ErrnoError("cannot lock", path, error_number));
    std::string who(holder, got > 0 ? static_cast<size_t>(got) : 0);
    while (!who.empty() && who.back() == '\n') who.pop_back();
    return Fail(ErrorKind::kConflict, "in use by process " + (who.empty() ? "(unknown)" : who), path);
  }
  const std::string id = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, id.data(), id.size(), 0) < 0) {
    const int error_number = errno;
    ::close(descriptor);
    return Fail(ErrnoError("cannot write lock file", path, error_number));
  }
  return FileLock(descriptor);
}

bool FileLock::IsHeld(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return held;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}
FileLock::FileLock(FileLock&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
FileLock& FileLock::operator=(FileLock&& other) noexcept {
  if (this != &other) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = other.descriptor_;
    other.descriptor_ = -1;
  }
  return *this;
}

}  // namespace fangzhi
