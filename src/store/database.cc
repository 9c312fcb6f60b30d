#include "store/database.h"

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/env.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

#include <filesystem>

#include "store/keys.h"
#include "store/picture_env.h"
#include "store/pread_env.h"

namespace fangzhi::store {
namespace {

// Reached early in an archive's life, so that a large one takes no more memory than a small one.
constexpr size_t kCacheBytes = size_t{4} << 20;
constexpr size_t kWriteBufferBytes = size_t{8} << 20;
// An open table costs a descriptor and, for its index and filter, about 2 % of its size. Large ones, so that the index of a frontier of fifty
// million URLs has so few that all stay open: a table that is opened anew for every look is read through each time.
constexpr size_t kTableBytes = size_t{32} << 20;
constexpr size_t kBlockBytes = size_t{8} << 10;
constexpr int kFilterBits = 8;
constexpr int kMostOpenFiles = 320;

leveldb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view ToView(const leveldb::Slice& slice) { return {slice.data(), slice.size()}; }

}  // namespace

const leveldb::FilterPolicy* NewFilterPolicy() { return leveldb::NewBloomFilterPolicy(kFilterBits); }

// Keeps the handle open while it lives.
class Database::Pin {
 public:
  Pin(Database& database, const View* view) : database_(database) {
    MutexLock lock(database.mutex_);
    // A reader of a view fails at once while the handle is being changed; others wait until that is over. While readers are only waited
    // for, reading goes on, so that one who reads from within a scan cannot hang.
    while (view == nullptr && !database.handle_ && !database.closed_ && !database.failed_) {
      database.changed_.wait(database.mutex_);
    }
    Result<void> allowed = database.Allowed(view);
    if (!allowed) {
      error_ = std::move(allowed.error());
      return;
    }
    ++database.pins_;
    handle_ = database.handle_.get();
  }
  ~Pin() {
    if (handle_ == nullptr) return;
    {
      MutexLock lock(database_.mutex_);
      --database_.pins_;
    }
    database_.changed_.notify_all();
  }
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;

  leveldb::DB* handle() const { return handle_; }
  const Error& error() const { return error_; }

 private:
  Database& database_;
  leveldb::DB* handle_ = nullptr;
  Error error_;
};

Database::Database(Options options)
    : options_(std::move(options)),
      filter_(NewFilterPolicy()),
      cache_(leveldb::NewLRUCache(kCacheBytes)) {
  if (options_.read_only) {
    auto picture = std::make_unique<PictureEnv>(options_.directory);
    picture_ = picture.get();
    env_ = std::move(picture);
  } else {
    env_ = std::make_unique<PreadEnv>(options_.env != nullptr ? options_.env : leveldb::Env::Default());
  }
}

Database::~Database() { Close(); }

Error Database::ErrorOf(const leveldb::Status& status, std::string_view what) const {
  const std::string text = status.ToString();
  std::string message = std::string(what) + ": " + text;
  if (text.find("No space left") != std::string::npos || text.find("quota exceeded") != std::string::npos) {
    return {ErrorKind::kNoSpace, std::move(message), options_.directory};
  }
  if (status.IsCorruption()) {
    return {ErrorKind::kCorrupt, message + " (`fangzhi rebuild` makes the index again from the WARC files)",
            options_.directory};
  }
  if (text.find("lock") != std::string::npos && text.find("LOCK") != std::string::npos) {
    return {ErrorKind::kConflict, std::move(message), options_.directory};
  }
  return {ErrorKind::kIo, std::move(message), options_.directory};
}

Error Database::Unreadable(std::string_view key) const {
  return {ErrorKind::kCorrupt,
          "cannot understand the value of key " + keys::Describe(key) +
              " (`fangzhi rebuild` makes the index again from the WARC files)",
          options_.directory};
}

Result<void> Database::Allowed(const View* view) {
  if (failed_) return Fail(*failed_);
  if (closed_ || !handle_) return Fail(ErrorKind::kConflict, "the index is closed", options_.directory);
  if (view != nullptr && (draining_ || view->generation_ != generation_)) {
    return Fail(ErrorKind::kConflict, "the index was opened again while it was being read; ask again",
                options_.directory);
  }
  return {};
}

Result<std::shared_ptr<Database>> Database::Open(Options options) {
  std::shared_ptr<Database> database(new Database(std::move(options)));
  FZ_TRY(database->OpenHandle());
  return database;
}

Result<void> Database::OpenHandle() {
  // LevelDB makes an empty database where its CURRENT file is missing, and then deletes what it does not know: a damaged index
  // would become an empty one, and the state area with it.
  std::error_code code;
  bool anything = false;
  for (std::filesystem::directory_iterator it(options_.directory, code), end; !code && it != end; it.increment(code)) {
    const std::string name = it->path().filename().string();
    // What LevelDB writes of a new database before CURRENT: whoever was killed there had no index yet. One that holds anything has a log too.
    const bool begun = name == "MANIFEST-000001" || name == "000001.dbtmp";
    if (!begun && name != "LOCK" && name.rfind("LOG", 0) != 0) anything = true;
  }
  const bool current = std::filesystem::exists(options_.directory + "/CURRENT", code);
  if (anything && !current && picture_ == nullptr) {
    return Fail(ErrorKind::kCorrupt,
                "missing, but the index is not empty (`fangzhi rebuild` makes it again from the WARC files)",
                options_.directory + "/CURRENT");
  }
  leveldb::Options settings;
  settings.create_if_missing = options_.create && !options_.read_only;
  settings.paranoid_checks = true;
  settings.write_buffer_size = kWriteBufferBytes;
  settings.max_file_size = kTableBytes;
  settings.block_size = kBlockBytes;
  settings.max_open_files = kMostOpenFiles;
  settings.block_cache = cache_.get();
  settings.filter_policy = filter_.get();
  settings.env = env_.get();
  leveldb::DB* opened = nullptr;
  leveldb::Status status = picture_ != nullptr ? picture_->Take() : leveldb::Status::OK();
  if (status.ok()) status = leveldb::DB::Open(settings, options_.directory, &opened);
  if (picture_ != nullptr) picture_->Freeze();
  if (!status.ok()) {
    // A file that was scribbled over or is not there shows as InvalidArgument, IOError or NotFound too.
    Error error = ErrorOf(status, "cannot open the index");
    if (current && error.kind == ErrorKind::kIo) {
      error.message += " (if a file of the index is missing or damaged, `fangzhi rebuild` makes it again)";
    }
    return Fail(std::move(error));
  }
  MutexLock lock(mutex_);
  handle_.reset(opened);
  ++generation_;
  return {};
}

void Database::CloseHandle() {
  std::unique_ptr<leveldb::DB> handle;
  {
    MutexLock lock(mutex_);
    draining_ = true;
    while (pins_ != 0) changed_.wait(mutex_);
    draining_ = false;
    handle = std::move(handle_);
    for (const leveldb::Snapshot* snapshot : snapshots_) {
      if (handle) handle->ReleaseSnapshot(snapshot);
    }
    snapshots_.clear();
  }
  handle.reset();
}

Result<void> Database::Reopen() {
  CloseHandle();
  Result<void> opened = OpenHandle();
  if (!opened) {
    MutexLock lock(mutex_);
    failed_ = opened.error();
  }
  changed_.notify_all();
  return opened;
}

void Database::Close() {
  CloseHandle();
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

Database::View::~View() {
  MutexLock lock(database_->mutex_);
  if (database_->handle_ && database_->snapshots_.erase(snapshot_) != 0) {
    database_->handle_->ReleaseSnapshot(snapshot_);
  }
}

Result<std::shared_ptr<const Database::View>> Database::NewView() {
  const Pin pin(*this, nullptr);
  if (pin.handle() == nullptr) return Fail(pin.error());
  MutexLock lock(mutex_);
  const leveldb::Snapshot* snapshot = pin.handle()->GetSnapshot();
  snapshots_.insert(snapshot);
  return std::shared_ptr<const View>(new View(shared_from_this(), snapshot, generation_));
}

Result<std::optional<std::string>> Database::Get(std::string_view key, const View* view) {
  const Pin pin(*this, view);
  if (pin.handle() == nullptr) return Fail(pin.error());
  leveldb::ReadOptions options;
  options.verify_checksums = true;
  if (view != nullptr) options.snapshot = view->snapshot_;
  std::string value;
  const leveldb::Status status = pin.handle()->Get(options, ToSlice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return Fail(ErrorOf(status, "cannot read key " + keys::Describe(key)));
  return std::optional<std::string>(std::move(value));
}

Result<void> Database::Scan(Direction direction, std::string_view prefix, std::string_view from, const View* view,
                            const std::function<bool(std::string_view key, std::string_view value)>& visit) {
  return Scan(direction, prefix, from, {}, view, visit);
}

Result<void> Database::ScanBelow(std::string_view prefix, std::string_view below, const View* view,
                                 const std::function<bool(std::string_view key, std::string_view value)>& visit) {
  return Scan(Direction::kBackward, prefix, {}, below, view, visit);
}

Result<void> Database::Scan(Direction direction, std::string_view prefix, std::string_view from, std::string_view below, const View* view,
                            const std::function<bool(std::string_view key, std::string_view value)>& visit) {
  const Pin pin(*this, view);
  if (pin.handle() == nullptr) return Fail(pin.error());
  leveldb::ReadOptions options;
  options.verify_checksums = true;
  if (view != nullptr) options.snapshot = view->snapshot_;
  // Declared after the pin: the iterator must be gone before the handle may be.
  const std::unique_ptr<leveldb::Iterator> it(pin.handle()->NewIterator(options));
  if (direction == Direction::kForward) {
    it->Seek(ToSlice(from < prefix ? prefix : from));
  } else {
    // The first key after all that begin with the prefix, then one back.
    std::string after(below.empty() ? prefix : below);
    while (below.empty() && !after.empty() && static_cast<unsigned char>(after.back()) == 0xFF) after.pop_back();
    if (below.empty() && !after.empty()) after.back() = static_cast<char>(static_cast<unsigned char>(after.back()) + 1);
    if (after.empty()) {
      it->SeekToLast();
    } else {
      it->Seek(after);
      if (it->Valid()) {
        it->Prev();
      } else if (it->status().ok()) {
        it->SeekToLast();
      }
    }
  }
  for (; it->Valid(); direction == Direction::kForward ? it->Next() : it->Prev()) {
    const std::string_view key = ToView(it->key());
    if (key.substr(0, prefix.size()) != prefix) break;
    if (direction == Direction::kBackward && key < from) break;
    if (view != nullptr) {
      MutexLock lock(mutex_);
      FZ_TRY(Allowed(view));
    }
    if (!visit(key, ToView(it->value()))) return {};
  }
  if (!it->status().ok()) return Fail(ErrorOf(it->status(), "cannot read keys from " + keys::Describe(prefix)));
  return {};
}

Result<void> Database::Write(const Batch& batch, Durability durability) {
  if (options_.read_only) return Fail(ErrorKind::kUnsupported, "opened for reading only", options_.directory);
  const Pin pin(*this, nullptr);
  if (pin.handle() == nullptr) return Fail(pin.error());
  leveldb::WriteBatch writes;
  for (const auto& [key, value] : batch.changes()) {
    if (value) {
      writes.Put(ToSlice(key), ToSlice(*value));
    } else {
      writes.Delete(ToSlice(key));
    }
  }
  leveldb::WriteOptions options;
  options.sync = durability == Durability::kSynced;
  const leveldb::Status status = pin.handle()->Write(options, &writes);
  if (!status.ok()) return Fail(ErrorOf(status, "cannot write"));
  return {};
}

}  // namespace fangzhi::store
