// What LevelDB sees of an index that this process must not touch: a picture of its files at one moment. LevelDB has no opening for reading only; it
// takes a lock, writes a log of its own, a new manifest and what its write-ahead log holds as a table, and deletes files. Here all of that
// goes to memory, and not a byte of the directory is written: it may belong to somebody else, lie on read-only media or on a full disk, and
// another process may be writing it.
//
// The tables, which never change, are held open, so that they can be read although the writer deletes them. CURRENT, the manifest and the logs
// (at most a few times the write buffer) are copied. A picture is whole when the manifest is the same after the last file was opened as before
// the first: every file that it names was there in between, and a log that was read short is what the log was a moment earlier.
#pragma once

#include <leveldb/env.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"

namespace fangzhi::store {

class PictureEnv final : public leveldb::EnvWrapper {
 public:
  explicit PictureEnv(std::string directory);
  ~PictureEnv() override;

  // Takes the picture, in the place of an earlier one. What LevelDB writes while it opens goes to memory; once it begins to compact, or after
  // Freeze, nothing more is taken.
  leveldb::Status Take();
  void Freeze();

  leveldb::Status NewSequentialFile(const std::string& name, leveldb::SequentialFile** file) override;
  leveldb::Status NewRandomAccessFile(const std::string& name, leveldb::RandomAccessFile** file) override;
  leveldb::Status NewWritableFile(const std::string& name, leveldb::WritableFile** file) override;
  leveldb::Status NewAppendableFile(const std::string& name, leveldb::WritableFile** file) override;
  bool FileExists(const std::string& name) override;
  leveldb::Status GetChildren(const std::string& directory, std::vector<std::string>* names) override;
  leveldb::Status RemoveFile(const std::string& name) override;
  leveldb::Status CreateDir(const std::string& name) override;
  leveldb::Status GetFileSize(const std::string& name, uint64_t* size) override;
  leveldb::Status RenameFile(const std::string& from, const std::string& to) override;
  leveldb::Status LockFile(const std::string& name, leveldb::FileLock** lock) override;
  leveldb::Status UnlockFile(leveldb::FileLock* lock) override;
  leveldb::Status NewLogger(const std::string& name, leveldb::Logger** logger) override;
  void Schedule(void (*function)(void*), void* argument) override;

  struct File;  // a table that is held open, or bytes in memory

 private:
  leveldb::Status TakeOnce(bool* whole);
  std::shared_ptr<File> Find(const std::string& name);

  const std::string directory_;
  const std::shared_ptr<std::atomic<bool>> frozen_;
  Mutex mutex_;
  std::map<std::string, std::shared_ptr<File>> files_ FZ_GUARDED_BY(mutex_);  // by name, without the directory
};

}  // namespace fangzhi::store
