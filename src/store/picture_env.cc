#include "store/picture_env.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "store/pread_env.h"

namespace fangzhi::store {
namespace {

using leveldb::Slice;
using leveldb::Status;

Status Frozen(const std::string& name) { return Status::IOError(name, "opened for reading only"); }

std::string BaseName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  const int number_;
};

Status ReadWhole(const std::string& path, std::string* bytes) {
  const Descriptor file(path);
  if (!file.open()) return ErrnoStatus(path);
  constexpr size_t kPiece = size_t{256} << 10;
  bytes->clear();
  while (true) {
    const size_t before = bytes->size();
    bytes->resize(before + kPiece);
    const ssize_t got = PreadFully(file.number(), before, bytes->data() + before, kPiece);
    if (got < 0) return ErrnoStatus(path);
    bytes->resize(before + static_cast<size_t>(got));
    if (static_cast<size_t>(got) < kPiece) return Status::OK();
  }
}

// What tells whether a file is still the one that was read.
struct Mark {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  bool operator==(const Mark&) const = default;
};

Status MarkOf(const std::string& path, Mark* mark) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return ErrnoStatus(path);
  *mark = {status.st_dev, status.st_ino, status.st_size};
  return Status::OK();
}

bool EndsWith(const std::string& text, std::string_view end) { return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0; }

class NoLock final : public leveldb::FileLock {};

}  // namespace

// One of the two. Bytes are written while LevelDB opens, by one thread, and only read afterwards.
struct PictureEnv::File {
  std::unique_ptr<const Descriptor> table;
  uint64_t table_size = 0;
  std::string bytes;
  uint64_t size() const { return table ? table_size : bytes.size(); }

  Status Read(uint64_t offset, size_t length, Slice* result, char* scratch, const std::string& name) const {
    if (!table) {
      const uint64_t begin = std::min<uint64_t>(offset, bytes.size());
      const size_t there = std::min<size_t>(length, bytes.size() - begin);
      std::memcpy(scratch, bytes.data() + begin, there);
      *result = Slice(scratch, there);
      return Status::OK();
    }
    const ssize_t got = PreadFully(table->number(), offset, scratch, length);
    *result = Slice(scratch, got < 0 ? 0 : static_cast<size_t>(got));
    return got < 0 ? ErrnoStatus(name) : Status::OK();
  }
};

namespace {

class InOrder final : public leveldb::SequentialFile {
 public:
  InOrder(std::string name, std::shared_ptr<PictureEnv::File> file) : name_(std::move(name)), file_(std::move(file)) {}
  Status Read(size_t length, Slice* result, char* scratch) override {
    const Status status = file_->Read(at_, length, result, scratch, name_);
    at_ += result->size();
    return status;
  }
  Status Skip(uint64_t length) override {
    at_ += length;
    return Status::OK();
  }

 private:
  const std::string name_;
  const std::shared_ptr<PictureEnv::File> file_;
  uint64_t at_ = 0;
};

class Anywhere final : public leveldb::RandomAccessFile {
 public:
  Anywhere(std::string name, std::shared_ptr<PictureEnv::File> file) : name_(std::move(name)), file_(std::move(file)) {}
  Status Read(uint64_t offset, size_t length, Slice* result, char* scratch) const override { return file_->Read(offset, length, result, scratch, name_); }

 private:
  const std::string name_;
  const std::shared_ptr<PictureEnv::File> file_;
};

class InMemory final : public leveldb::WritableFile {
 public:
  InMemory(std::string name, std::shared_ptr<PictureEnv::File> file, std::shared_ptr<std::atomic<bool>> frozen)
      : name_(std::move(name)), file_(std::move(file)), frozen_(std::move(frozen)) {}
  Status Append(const Slice& data) override {
    if (*frozen_) return Frozen(name_);
    file_->bytes.append(data.data(), data.size());
    return Status::OK();
  }
  Status Close() override { return Status::OK(); }
  Status Flush() override { return Status::OK(); }
  Status Sync() override { return Status::OK(); }

 private:
  const std::string name_;
  const std::shared_ptr<PictureEnv::File> file_;
  const std::shared_ptr<std::atomic<bool>> frozen_;
};

}  // namespace

PictureEnv::PictureEnv(std::string directory)
    : EnvWrapper(leveldb::Env::Default()), directory_(std::move(directory)), frozen_(std::make_shared<std::atomic<bool>>(false)) {}
PictureEnv::~PictureEnv() = default;

Status PictureEnv::Take() {
  constexpr int kAttempts = 100;
  constexpr int kPauseMicros = 20000;
  for (int attempt = 1;; ++attempt) {
    bool whole = false;
    const Status status = TakeOnce(&whole);
    // What is not there may have been replaced a moment ago: by a compaction, a restart, a rebuild.
    if (whole || (!status.ok() && !status.IsNotFound())) return status;
    if (attempt == kAttempts) return status.ok() ? Status::IOError(directory_, "the index changed each time it was looked at") : status;
    // A file that is missing altogether is no such case for long.
    if (!status.ok() && attempt >= kAttempts / 10) return status;
    SleepForMicroseconds(kPauseMicros);
  }
}

Status PictureEnv::TakeOnce(bool* whole) {
  std::map<std::string, std::shared_ptr<File>> files;
  const auto copy = [&](const std::string& name) {
    auto file = std::make_shared<File>();
    const Status status = ReadWhole(directory_ + "/" + name, &file->bytes);
    if (status.ok()) files[name] = std::move(file);
    return status;
  };
  Mark current, manifest;
  Status status = MarkOf(directory_ + "/CURRENT", &current);
  if (status.ok()) status = copy("CURRENT");
  if (!status.ok()) return status;
  std::string named = files["CURRENT"]->bytes;
  while (!named.empty() && named.back() == '\n') named.pop_back();
  if (named.rfind("MANIFEST-", 0) != 0 || named.find('/') != std::string::npos) return Status::Corruption(directory_ + "/CURRENT", "names no manifest");
  const std::string manifest_path = directory_ + "/" + named;
  status = MarkOf(manifest_path, &manifest);
  if (status.ok()) status = copy(named);
  if (!status.ok()) return status;

  std::vector<std::string> names;
  {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(directory_.c_str()), ::closedir);
    if (!folder) return ErrnoStatus(directory_);
    while (const dirent* entry = ::readdir(folder.get())) names.emplace_back(entry->d_name);
  }
  for (const std::string& name : names) {
    const std::string path = directory_ + "/" + name;
    if (EndsWith(name, ".ldb") || EndsWith(name, ".sst")) {
      auto file = std::make_shared<File>();
      auto table = std::make_unique<const Descriptor>(path);
      if (!table->open() && errno == ENOENT) continue;  // deleted just now: no longer, or not yet, a part of the index
      struct stat size {};
      if (!table->open() || ::fstat(table->number(), &size) != 0) return ErrnoStatus(path);
      file->table_size = static_cast<uint64_t>(size.st_size);
      file->table = std::move(table);
      files[name] = std::move(file);
    } else if (EndsWith(name, ".log")) {
      status = copy(name);
      if (!status.ok() && !status.IsNotFound()) return status;
    }
  }
  Mark current_now, manifest_now;
  status = MarkOf(directory_ + "/CURRENT", &current_now);
  if (status.ok()) status = MarkOf(manifest_path, &manifest_now);
  if (!status.ok()) return status;
  *whole = current == current_now && manifest == manifest_now && files[named]->bytes.size() == static_cast<size_t>(manifest.size);
  if (*whole) {
    *frozen_ = false;
    MutexLock lock(mutex_);
    files_ = std::move(files);
  }
  return Status::OK();
}

void PictureEnv::Freeze() { *frozen_ = true; }

std::shared_ptr<PictureEnv::File> PictureEnv::Find(const std::string& name) {
  MutexLock lock(mutex_);
  const auto found = files_.find(BaseName(name));
  return found == files_.end() ? nullptr : found->second;
}

Status PictureEnv::NewSequentialFile(const std::string& name, leveldb::SequentialFile** file) {
  auto found = Find(name);
  *file = found ? new InOrder(name, std::move(found)) : nullptr;
  return *file != nullptr ? Status::OK() : Status::NotFound(name, "no such file");
}

Status PictureEnv::NewRandomAccessFile(const std::string& name, leveldb::RandomAccessFile** file) {
  auto found = Find(name);
  *file = found ? new Anywhere(name, std::move(found)) : nullptr;
  return *file != nullptr ? Status::OK() : Status::NotFound(name, "no such file");
}

Status PictureEnv::NewWritableFile(const std::string& name, leveldb::WritableFile** file) {
  *file = nullptr;
  if (*frozen_) return Frozen(name);
  auto made = std::make_shared<File>();
  *file = new InMemory(name, made, frozen_);
  MutexLock lock(mutex_);
  files_[BaseName(name)] = std::move(made);
  return Status::OK();
}

Status PictureEnv::NewAppendableFile(const std::string& name, leveldb::WritableFile** file) {
  *file = nullptr;
  return Frozen(name);
}

bool PictureEnv::FileExists(const std::string& name) { return Find(name) != nullptr; }

Status PictureEnv::GetChildren(const std::string& directory, std::vector<std::string>* names) {
  names->clear();
  if (directory != directory_) return Status::NotFound(directory, "not in the picture");
  MutexLock lock(mutex_);
  for (const auto& [name, file] : files_) names->push_back(name);
  return Status::OK();
}

Status PictureEnv::RemoveFile(const std::string& name) {
  MutexLock lock(mutex_);
  return files_.erase(BaseName(name)) > 0 ? Status::OK() : Status::NotFound(name, "no such file");
}

Status PictureEnv::CreateDir(const std::string&) { return Status::OK(); }

Status PictureEnv::GetFileSize(const std::string& name, uint64_t* size) {
  const auto found = Find(name);
  *size = found ? found->size() : 0;
  return found ? Status::OK() : Status::NotFound(name, "no such file");
}

Status PictureEnv::RenameFile(const std::string& from, const std::string& to) {
  MutexLock lock(mutex_);
  auto moved = files_.extract(BaseName(from));
  if (moved.empty()) return Status::NotFound(from, "no such file");
  files_[BaseName(to)] = std::move(moved.mapped());
  return Status::OK();
}

Status PictureEnv::LockFile(const std::string&, leveldb::FileLock** lock) {
  *lock = new NoLock;
  return Status::OK();
}

Status PictureEnv::UnlockFile(leveldb::FileLock* lock) {
  delete lock;
  return Status::OK();
}

// LevelDB then goes without a log of its own.
Status PictureEnv::NewLogger(const std::string& name, leveldb::Logger** logger) {
  *logger = nullptr;
  return Frozen(name);
}

// The only work that LevelDB schedules is compaction. Refused its first file it gives up for good, and goes on reading.
void PictureEnv::Schedule(void (*function)(void*), void* argument) {
  Freeze();
  EnvWrapper::Schedule(function, argument);
}

}  // namespace fangzhi::store
