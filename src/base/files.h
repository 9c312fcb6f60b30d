// The file operations that durability depends on, behind an interface, so that tests can tear a write, refuse a sync or fill the disk
// (tests/fault). Paths are bytes in the platform's encoding. Every failure names its path. Not thread-safe per
// object; different objects may be used from different threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fangzhi {

// A file that only grows. Append may have written a part of its bytes when it fails: the caller must then treat the tail
// as torn (cut back or set aside) before it appends again.
class AppendFile {
 public:
  virtual ~AppendFile() = default;  // closes without syncing
  virtual Result<void> Append(std::string_view bytes) = 0;
  virtual Result<void> Sync() = 0;  // data and size are on the disk when it returns
  virtual uint64_t size_bytes() const = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  // Opens `path` for appending at its end, creating it when it is not there.
  virtual Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path) = 0;
  // Reads `length` bytes at `offset`; fewer at the end of the file.
  virtual Result<std::string> ReadAt(const std::string& path, uint64_t offset, uint64_t length) = 0;
  virtual Result<uint64_t> FileSize(const std::string& path) = 0;
  virtual Result<void> Truncate(const std::string& path, uint64_t size_bytes) = 0;  // synced
  virtual Result<void> Rename(const std::string& from, const std::string& to) = 0;  // both directories synced
  virtual Result<void> CreateDirectories(const std::string& path) = 0;
  // Names (not paths) of the entries of a directory, sorted by bytes; kNotFound when there is no such directory.
  virtual Result<std::vector<std::string>> List(const std::string& path) = 0;
  virtual bool Exists(const std::string& path) = 0;
  virtual Result<void> SyncDirectory(const std::string& path) = 0;
  virtual Result<void> RemoveAll(const std::string& path) = 0;
};

// The real one: POSIX. Lives for the whole program.
FileSystem& PosixFileSystem();

// Whole files, for configuration and tools. ReadFile refuses more than `limit_bytes` (kLimit). "-" is standard input.
Result<std::string> ReadFile(const std::string& path, uint64_t limit_bytes = uint64_t{4} << 30);
// Replaces a file atomically: writes beside it, syncs, renames.
Result<void> WriteFileAtomically(const std::string& path, std::string_view bytes);

// An advisory lock on a file, held until destruction or the end of the process. kConflict when another process holds it; the
// message then carries what that process wrote into the file (its process id).
class FileLock {
 public:
  static Result<FileLock> Acquire(const std::string& path);
  // Whether a process holds it; false where there is no such file. Needs no right to write.
  static bool IsHeld(const std::string& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace fangzhi
