// Database: LevelDB behind a handle that can be closed and opened again under its readers. A failed write leaves LevelDB in a state in
// which later, acknowledged writes can be lost; Reopen gets out of it. The only header that stands before <leveldb/>.
//
// Thread-safety: Get, Scan and NewView from any thread; Write, Reopen and Close from one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"

namespace leveldb {
class Cache;
class DB;
class Env;
class FilterPolicy;
class Snapshot;
class Status;
}  // namespace leveldb

namespace fangzhi::store {

class PictureEnv;

// The one that the index's tables are written with; the caller's to delete.
const leveldb::FilterPolicy* NewFilterPolicy();

// Changes that are written in one piece.
class Batch {
 public:
  void Put(std::string key, std::string value) {
    bytes_ += key.size() + value.size();
    changes_.emplace_back(std::move(key), std::move(value));
  }
  void Delete(std::string key) {
    bytes_ += key.size();
    changes_.emplace_back(std::move(key), std::nullopt);
  }
  const std::vector<std::pair<std::string, std::optional<std::string>>>& changes() const { return changes_; }
  size_t bytes() const { return bytes_; }
  void Clear() {
    changes_.clear();
    bytes_ = 0;
  }

 private:
  std::vector<std::pair<std::string, std::optional<std::string>>> changes_;
  size_t bytes_ = 0;
};

enum class Durability { kSynced, kBuffered };
enum class Direction { kForward, kBackward };

class Database : public std::enable_shared_from_this<Database> {
 public:
  struct Options {
    std::string directory;
    leveldb::Env* env = nullptr;
    bool create = false;
    // A picture of the index as it is now, whoever may be writing it: nothing is written, and Write fails. `env` is not used.
    bool read_only = false;
  };
  static Result<std::shared_ptr<Database>> Open(Options options);
  ~Database();

  // A moment of the database. Reading through it fails with kConflict after Reopen or Close.
  class View {
   public:
    ~View();
    View(const View&) = delete;
    View& operator=(const View&) = delete;

   private:
    friend class Database;
    View(std::shared_ptr<Database> database, const leveldb::Snapshot* snapshot, uint64_t generation)
        : database_(std::move(database)), snapshot_(snapshot), generation_(generation) {}
    std::shared_ptr<Database> database_;
    const leveldb::Snapshot* snapshot_;
    uint64_t generation_;
  };
  Result<std::shared_ptr<const View>> NewView();

  Result<std::optional<std::string>> Get(std::string_view key, const View* view = nullptr);
  // The keys that begin with `prefix`, forward from `from` (or from the first), backward down to `from`. `visit` returns false to
  // stop; it may write too, but sees the keys as they were when the scan began.
  Result<void> Scan(Direction direction, std::string_view prefix, std::string_view from, const View* view,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit);
  // Backward from the last of them that is less than `below`.
  Result<void> ScanBelow(std::string_view prefix, std::string_view below, const View* view,
                         const std::function<bool(std::string_view key, std::string_view value)>& visit);
  Result<void> Write(const Batch& batch, Durability durability);

  // Waits until nobody reads, closes and opens again. When it fails, everything fails from then on.
  Result<void> Reopen();
  // Idempotent.
  void Close();

  const std::string& directory() const { return options_.directory; }
  // The error for a value that is not what its key promises.
  Error Unreadable(std::string_view key) const;

 private:
  class Pin;
  explicit Database(Options options);
  Result<void> OpenHandle();
  Result<void> Scan(Direction direction, std::string_view prefix, std::string_view from, std::string_view below, const View* view,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit);
  void CloseHandle();
  Result<void> Allowed(const View* view) FZ_REQUIRES(mutex_);
  Error ErrorOf(const leveldb::Status& status, std::string_view what) const;

  const Options options_;
  std::unique_ptr<leveldb::Env> env_;
  PictureEnv* picture_ = nullptr;  // env_, where read_only
  std::unique_ptr<const leveldb::FilterPolicy> filter_;
  std::unique_ptr<leveldb::Cache> cache_;

  Mutex mutex_;
  std::condition_variable_any changed_;
  std::unique_ptr<leveldb::DB> handle_ FZ_GUARDED_BY(mutex_);
  std::set<const leveldb::Snapshot*> snapshots_ FZ_GUARDED_BY(mutex_);
  size_t pins_ FZ_GUARDED_BY(mutex_) = 0;
  uint64_t generation_ FZ_GUARDED_BY(mutex_) = 0;
  bool draining_ FZ_GUARDED_BY(mutex_) = false;  // Reopen or Close waits for readers
  bool closed_ FZ_GUARDED_BY(mutex_) = false;
  std::optional<Error> failed_ FZ_GUARDED_BY(mutex_);
};

}  // namespace fangzhi::store
