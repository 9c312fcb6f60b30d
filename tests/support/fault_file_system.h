// A FileSystem for tests that fails as disks and processes do: a write torn in its middle, a refused sync, a full disk, a process that
// ends between two operations, and a power cut that forgets what was not synced. It works on real files through the real one, so
// that what a test leaves behind can be opened by the program under test.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace fangzhi::testing {

class FaultFileSystem final : public FileSystem {
 public:
  explicit FaultFileSystem(FileSystem& real = PosixFileSystem()) : real_(real) {}

  // The n-th append from now (0: the next) writes `written_bytes` of its bytes and fails with `kind`.
  void FailAppend(uint64_t n, size_t written_bytes, ErrorKind kind = ErrorKind::kIo) {
    const std::lock_guard lock(mutex_);
    append_fault_ = AppendFault{n, written_bytes, kind};
  }
  // The n-th sync of a file from now (0: the next) is refused.
  void FailSync(uint64_t n) {
    const std::lock_guard lock(mutex_);
    sync_fault_ = n;
  }
  // The next rename is refused.
  void FailRename() {
    const std::lock_guard lock(mutex_);
    rename_fault_ = true;
  }
  // So many bytes can be appended from now on; then the disk is full. nullopt: no limit.
  void SetFreeBytes(std::optional<uint64_t> bytes) {
    const std::lock_guard lock(mutex_);
    free_bytes_ = bytes;
  }
  // After `operations` more changing operations (append, sync, rename, create, truncate, remove) everything fails, as if the process had ended
  // there. An append that it falls on writes half of its bytes.
  void StopAfter(uint64_t operations) {
    const std::lock_guard lock(mutex_);
    operations_left_ = operations;
    stopped_ = false;
  }
  // No more faults; open files keep working.
  void Heal() {
    const std::lock_guard lock(mutex_);
    append_fault_.reset();
    sync_fault_.reset();
    rename_fault_ = false;
    free_bytes_.reset();
    operations_left_.reset();
    stopped_ = false;
  }
  // Changing operations so far: how many crash points a run has.
  uint64_t operations() const {
    const std::lock_guard lock(mutex_);
    return operations_;
  }
  // True once something failed because of StopAfter.
  bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

  // A power cut: every file that was appended to goes back to its size when it was last synced, and a new file whose directory was not
  // synced is gone. Close what is open before; the counters start anew.
  void DropUnsynced() {
    const std::lock_guard lock(mutex_);
    for (const auto& [path, synced] : synced_size_) {
      const auto size = real_.FileSize(path);
      if (!size) continue;
      if (unsynced_entries_.count(path) != 0) {
        (void)real_.RemoveAll(path);
      } else if (*size > synced) {
        (void)real_.Truncate(path, synced);
      }
    }
    synced_size_.clear();
    unsynced_entries_.clear();
  }

  Result<std::unique_ptr<AppendFile>> OpenAppend(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    FZ_TRY(Step(path));
    const bool fresh = !real_.Exists(path);
    auto file = real_.OpenAppend(path);
    if (!file) return file;
    if (fresh) unsynced_entries_.insert(path);
    // What was there before is taken for durable.
    if (synced_size_.count(path) == 0) synced_size_[path] = (*file)->size_bytes();
    return std::unique_ptr<AppendFile>(std::make_unique<File>(*this, path, std::move(*file)));
  }
  Result<std::string> ReadAt(const std::string& path, uint64_t offset, uint64_t length) override {
    return real_.ReadAt(path, offset, length);
  }
  Result<uint64_t> FileSize(const std::string& path) override { return real_.FileSize(path); }
  Result<void> Truncate(const std::string& path, uint64_t size_bytes) override {
    const std::lock_guard lock(mutex_);
    FZ_TRY(Step(path));
    FZ_TRY(real_.Truncate(path, size_bytes));
    if (const auto known = synced_size_.find(path); known != synced_size_.end()) known->second = size_bytes;
    return {};
  }
  Result<void> Rename(const std::string& from, const std::string& to) override {
    const std::lock_guard lock(mutex_);
    FZ_TRY(Step(from));
    if (rename_fault_) {
      rename_fault_ = false;
      return Fail(ErrorKind::kIo, "cannot rename: injected fault", from);
    }
    FZ_TRY(real_.Rename(from, to));
    if (const auto known = synced_size_.find(from); known != synced_size_.end()) {
      synced_size_[to] = known->second;
      synced_size_.erase(from);
    }
    unsynced_entries_.erase(from);
    return {};
  }
  Result<void> CreateDirectories(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    FZ_TRY(Step(path));
    return real_.CreateDirectories(path);
  }
  Result<std::vector<std::string>> List(const std::string& path) override { return real_.List(path); }
  bool Exists(const std::string& path) override { return real_.Exists(path); }
  Result<void> SyncDirectory(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    FZ_TRY(Step(path));
    FZ_TRY(real_.SyncDirectory(path));
    for (auto entry = unsynced_entries_.begin(); entry != unsynced_entries_.end();) {
      const bool inside = entry->size() > path.size() && entry->compare(0, path.size(), path) == 0 &&
                          entry->rfind('/') == path.size();
      entry = inside ? unsynced_entries_.erase(entry) : std::next(entry);
    }
    return {};
  }
  Result<void> RemoveAll(const std::string& path) override {
    const std::lock_guard lock(mutex_);
    FZ_TRY(Step(path));
    return real_.RemoveAll(path);
  }

 private:
  struct AppendFault {
    uint64_t n = 0;
    size_t written_bytes = 0;
    ErrorKind kind = ErrorKind::kIo;
  };

  class File final : public AppendFile {
   public:
    File(FaultFileSystem& owner, std::string path, std::unique_ptr<AppendFile> real)
        : owner_(owner), path_(std::move(path)), real_(std::move(real)) {}
    Result<void> Append(std::string_view bytes) override { return owner_.Append(path_, *real_, bytes); }
    Result<void> Sync() override { return owner_.Sync(path_, *real_); }
    uint64_t size_bytes() const override { return real_->size_bytes(); }

   private:
    FaultFileSystem& owner_;
    std::string path_;
    std::unique_ptr<AppendFile> real_;
  };

  // Counts a changing operation; fails from the stop on.
  Result<void> Step(const std::string& path) {
    if (operations_left_) {
      if (*operations_left_ == 0) {
        stopped_ = true;
        return Fail(ErrorKind::kIo, "stopped: injected fault", path);
      }
      --*operations_left_;
    }
    ++operations_;
    return {};
  }

  static Result<void> Torn(AppendFile& file, std::string_view part, ErrorKind kind, const std::string& path) {
    FZ_TRY(file.Append(part));
    return Fail(kind, kind == ErrorKind::kNoSpace ? "cannot write: no space left: injected fault" : "cannot write: injected fault",
                path);
  }

  Result<void> Append(const std::string& path, AppendFile& file, std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    const bool was_stopped = stopped_;
    if (auto step = Step(path); !step) {
      if (was_stopped) return step;
      return Torn(file, bytes.substr(0, bytes.size() / 2), ErrorKind::kIo, path);
    }
    if (append_fault_ && append_fault_->n-- == 0) {
      const AppendFault fault = *append_fault_;
      append_fault_.reset();
      return Torn(file, bytes.substr(0, std::min(fault.written_bytes, bytes.size())), fault.kind, path);
    }
    if (free_bytes_ && *free_bytes_ < bytes.size()) {
      const size_t fits = static_cast<size_t>(*free_bytes_);
      free_bytes_ = 0;
      return Torn(file, bytes.substr(0, fits), ErrorKind::kNoSpace, path);
    }
    if (free_bytes_) *free_bytes_ -= bytes.size();
    return file.Append(bytes);
  }

  Result<void> Sync(const std::string& path, AppendFile& file) {
    const std::lock_guard lock(mutex_);
    FZ_TRY(Step(path));
    if (sync_fault_ && (*sync_fault_)-- == 0) {
      sync_fault_.reset();
      return Fail(ErrorKind::kIo, "cannot sync: injected fault", path);
    }
    FZ_TRY(file.Sync());
    // After a rename of the open file its bytes belong to the new name; nobody here does that.
    synced_size_[path] = file.size_bytes();
    return {};
  }

  FileSystem& real_;
  mutable std::mutex mutex_;
  std::optional<AppendFault> append_fault_;
  std::optional<uint64_t> sync_fault_;
  bool rename_fault_ = false;
  bool stopped_ = false;  // something failed because of the stop
  std::optional<uint64_t> free_bytes_;
  std::optional<uint64_t> operations_left_;
  uint64_t operations_ = 0;
  std::map<std::string, uint64_t> synced_size_;
  std::set<std::string> unsynced_entries_;
};

}  // namespace fangzhi::testing
